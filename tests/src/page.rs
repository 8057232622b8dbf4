//! Reads the pages of the specification. In: Markdown. Out: `Test`s, each a heading with the programs under it.
//!
//! A heading with code under it is a test. Its blocks together are one program:
//!
//! - a `python` block is program text; `python helper.py` is another file of the same program;
//! - a `text` block after it is what the program prints, with the traceback where it ends in an exception;
//! - a `python` block of `>>>` lines is a Python session: an expression, and its `repr` on the lines after it.
//!   Each exception in it (a traceback, of which the last line counts) is a program of its own;
//! - `# error: [name] "part of message"` at the end of a line: compiling reports this there;
//!   `# warning: …` alike, and `# revealed: type` after a `reveal_type(…)`;
//! - an `error` block is the errors as they are rendered; `BLESS=1` writes it. Without comments in the program it says
//!   by itself what is reported.
//!
//! Comments above the blocks say what the oracle must know: `<!-- oracle: skip WHY -->` where Kukri differs from
//! CPython on purpose, `<!-- oracle: python WHY -->` where Numba's decorators are to be switched off.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Mutex;

/// What the oracle says about a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// Checked with CPython, NumPy and Numba.
    Full,
    /// Checked with the decorators switched off.
    Python,
    /// Not checked: Kukri differs on purpose.
    Skip,
}

/// A heading with the code under it.
#[derive(Clone, Debug)]
pub struct Test {
    /// The headings from the top, joined.
    pub name: String,
    /// Line of the first block, from 1.
    pub line: usize,
    /// Who checks it besides Kukri.
    pub oracle: Oracle,
    /// What is run.
    pub programs: Vec<Program>,
    /// Bytes in the page of the `error` block, and what stands there.
    pub rendered: Option<(Range<usize>, String)>,
}

/// A program with what it must do.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Texts by name; `main.py` is run.
    pub files: BTreeMap<String, String>,
    /// What it prints.
    pub stdout: String,
    /// The traceback, empty where it ends well. After `  ...` only the last line counts.
    pub traceback: String,
    /// Errors and warnings: line of `main.py`, name of the code, part of the message.
    pub reports: Vec<Report>,
    /// Line of `main.py` and type.
    pub reveals: Vec<(u32, String)>,
    /// An `error` block says that it is refused.
    pub refused: bool,
    /// How many values are checked.
    pub examples: usize,
}

/// A diagnostic that a page expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Line of `main.py`, from 1.
    pub line: u32,
    /// Whether it is an error; else a warning.
    pub error: bool,
    /// The name of its code.
    pub name: String,
    /// A part of its message.
    pub part: String,
}

impl Program {
    /// Whether it must be refused by the compiler.
    pub fn is_refused(&self) -> bool {
        self.refused || self.reports.iter().any(|report| report.error)
    }
}

/// A heading with its blocks of code.
#[derive(Clone, Debug)]
pub struct Section {
    /// The headings from the top, joined.
    pub name: String,
    /// What the comment `<!-- oracle: … -->` says.
    pub oracle: Option<String>,
    /// Fenced blocks, in order.
    pub blocks: Vec<Block>,
}

/// One block of code under a heading.
#[derive(Clone, Debug)]
pub struct Block {
    /// The words after the fence.
    pub info: String,
    /// What is between the fences.
    pub text: String,
    /// Line of the page, from 1.
    pub line: usize,
    /// The bytes of the page between the fences.
    pub range: Range<usize>,
}

/// The headings of a page that have code under them.
pub fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut headings: Vec<(usize, String)> = Vec::new();
    let mut heading: Option<(usize, String)> = None;
    let mut open: Option<Block> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level as usize, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                let (level, name) = heading.take().expect("a heading ends after it started");
                headings.retain(|(above, _)| *above < level);
                headings.push((level, name));
                let name = headings.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" / ");
                sections.push(Section { name, oracle: None, blocks: Vec::new() });
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let line = text[..range.start].lines().count() + 1;
                let start = range.start + "```".len() + info.len() + 1;
                open = Some(Block { info: info.to_string(), text: String::new(), line, range: start..start });
            }
            Event::End(TagEnd::CodeBlock) => {
                if let (Some(mut block), Some(section)) = (open.take(), sections.last_mut()) {
                    block.range.end = block.range.start + block.text.len();
                    section.blocks.push(block);
                }
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&part);
                } else if let Some((_, name)) = &mut heading {
                    name.push_str(&part);
                }
            }
            Event::Html(comment) | Event::InlineHtml(comment) => {
                let words = comment.trim().strip_prefix("<!-- oracle:").and_then(|words| words.strip_suffix("-->"));
                if let (Some(words), Some(section)) = (words, sections.last_mut()) {
                    section.oracle = Some(words.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    sections.retain(|section| !section.blocks.is_empty());
    sections
}

/// Reads a page.
///
/// # Errors
/// In words, where a block stands that means nothing.
pub fn parse(text: &str) -> Result<Vec<Test>, String> {
    sections(text).into_iter().map(test).collect()
}

/// Makes a test of the blocks under a heading.
fn test(section: Section) -> Result<Test, String> {
    let Section { name, oracle, blocks } = section;
    let oracle = match oracle.as_deref().map(|words| words.split_once(' ').unwrap_or((words, ""))) {
        None => Oracle::Full,
        Some(("skip", why)) if !why.is_empty() => Oracle::Skip,
        Some(("python", why)) if !why.is_empty() => Oracle::Python,
        Some(_) => return Err(format!("under `{name}`: the oracle takes `skip` or `python`, and why")),
    };
    let line = blocks[0].line;
    let mut session = Session::default();
    let mut rendered = None;
    for block in &blocks {
        let here = |what: &str| format!("line {}, under `{name}`: {what}", block.line);
        match block.info.split_whitespace().collect::<Vec<_>>()[..] {
            ["python"] if block.text.trim_start().starts_with(">>>") => {
                session.examples(&block.text).map_err(|error| here(&error))?;
            }
            ["python"] => session.script(&block.text),
            ["python", file] => {
                session.main.files.insert(file.to_owned(), block.text.clone());
            }
            ["text"] => session.output(&block.text).map_err(|error| here(&error))?,
            ["error"] => {
                rendered = Some((block.range.clone(), block.text.clone()));
                session.main.refused = true;
                session.main.examples += 1;
            }
            _ => return Err(here(&format!("a block of `{}` means nothing here", block.info))),
        }
    }
    let programs = session.finish();
    if programs.iter().map(|program| program.examples).sum::<usize>() == 0 {
        return Err(format!("line {line}, under `{name}`: nothing is checked"));
    }
    Ok(Test { name, line, oracle, programs, rendered })
}

/// What a page says now, and what it is to say.
pub struct Draft {
    path: PathBuf,
    text: String,
    /// New text of blocks, by their place in `text`.
    blocks: Mutex<BTreeMap<usize, (usize, String)>>,
}

impl Draft {
    /// A page as it stands.
    pub fn new(path: PathBuf, text: String) -> Self {
        Self { path, text, blocks: Mutex::default() }
    }

    /// Writes `found` into the block of the page at `range`.
    ///
    /// # Errors
    /// In words, where the page cannot be written.
    ///
    /// # Panics
    /// If another test panicked while it wrote the page.
    pub fn bless(&self, range: &Range<usize>, found: &str) -> Result<(), String> {
        let mut blocks = self.blocks.lock().expect("no test panics while it writes a page");
        blocks.insert(range.start, (range.end, format!("{}\n", found.trim_end())));
        let mut text = self.text.clone();
        for (start, (end, new)) in blocks.iter().rev() {
            text.replace_range(start..end, new);
        }
        std::fs::write(&self.path, text).map_err(|error| error.to_string())
    }
}

/// Puts the blocks of a heading together.
#[derive(Default)]
struct Session {
    /// The program with every value.
    main: Program,
    text: String,
    /// The same without the values: what a raising example starts from.
    setup: String,
    setup_stdout: String,
    raising: Vec<Program>,
}

impl Session {
    fn script(&mut self, text: &str) {
        self.text.push_str(text);
        self.setup.push_str(text);
    }

    fn output(&mut self, text: &str) -> Result<(), String> {
        if !self.main.traceback.is_empty() {
            return Err("nothing is printed after an exception".to_owned());
        }
        let at = text.find("Traceback (most recent call last):\n").unwrap_or(text.len());
        let (stdout, traceback) = text.split_at(at);
        self.main.stdout.push_str(stdout);
        self.setup_stdout.push_str(stdout);
        traceback.clone_into(&mut self.main.traceback);
        self.main.examples += stdout.lines().count() + usize::from(!traceback.is_empty());
        Ok(())
    }

    fn examples(&mut self, text: &str) -> Result<(), String> {
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if line.trim().is_empty() {
                continue;
            }
            let Some(first) = line.strip_prefix(">>> ") else { return Err(format!("`{line}` follows no `>>>`")) };
            let mut source = format!("{first}\n");
            while let Some(more) = lines.next_if(|line| line.starts_with("...")) {
                let more = more.strip_prefix("... ").unwrap_or_default();
                writeln!(source, "{more}").expect("strings take any text");
            }
            let mut expected = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with(">>>") && !line.trim().is_empty()) {
                let line = if line == "<BLANKLINE>" { "" } else { line };
                writeln!(expected, "{line}").expect("strings take any text");
            }
            self.example(&source, &expected);
        }
        Ok(())
    }

    fn example(&mut self, source: &str, expected: &str) {
        if expected.starts_with("Traceback") {
            let text = format!("{}{source}", self.setup);
            let mut program = Program { stdout: self.setup_stdout.clone(), examples: 1, ..Program::default() };
            program.files.insert("main.py".to_owned(), text);
            expected.clone_into(&mut program.traceback);
            self.raising.push(program);
            return;
        }
        self.main.stdout.push_str(expected);
        if !expected.is_empty() && is_value(source) {
            self.main.examples += 1;
            let value = source.trim_end();
            let (value, comment) = value.split_once("  # ").unwrap_or((value, ""));
            writeln!(self.text, "print(repr(({value})))  # {comment}").expect("strings take any text");
        } else {
            self.main.examples += expected.lines().count();
            self.text.push_str(source);
            self.setup.push_str(source);
            self.setup_stdout.push_str(expected);
        }
    }

    fn finish(self) -> Vec<Program> {
        let Self { mut main, text, raising, .. } = self;
        for (at, line) in text.lines().enumerate() {
            annotations(line, at as u32 + 1, &mut main);
        }
        main.examples += main.reports.len() + main.reveals.len();
        main.files.insert("main.py".to_owned(), text);
        let others: Vec<_> = main.files.iter().filter(|(name, _)| *name != "main.py").collect();
        let others: BTreeMap<_, _> = others.into_iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        let mut programs = Vec::new();
        for mut program in raising {
            program.files.extend(others.clone());
            programs.push(program);
        }
        // A heading that only raises has no program without its exceptions.
        if main.examples > 0 {
            programs.insert(0, main);
        }
        programs
    }
}

/// Whether an example with a result is an expression; else it prints.
fn is_value(source: &str) -> bool {
    let compound = ["for ", "while ", "if ", "with ", "def ", "match ", "try:", "@", "class "];
    !source.starts_with("print(") && !compound.iter().any(|word| source.starts_with(word))
}

/// Reads what the comment at the end of a line expects.
fn annotations(line: &str, number: u32, program: &mut Program) {
    for (mark, error) in [("# error: ", true), ("# warning: ", false)] {
        for words in line.split(mark).skip(1) {
            let Some((name, rest)) = words.strip_prefix('[').and_then(|words| words.split_once(']')) else { continue };
            let part = rest.split('"').nth(1).unwrap_or_default().to_owned();
            program.reports.push(Report { line: number, error, name: name.to_owned(), part });
        }
    }
    if let Some((_, ty)) = line.split_once("# revealed: ") {
        program.reveals.push((number, ty.trim().to_owned()));
    }
}

/// A traceback without the lines of carets and of source, and without everything but its last line where the page
/// leaves out frames by `...`.
pub fn comparable(traceback: &str, like: &str) -> String {
    let last = traceback.trim_end().lines().last().unwrap_or_default();
    if like.lines().nth(1).is_some_and(|line| line.trim() == "...") {
        return last.to_owned();
    }
    let kept = traceback.lines().filter(|line| !line.starts_with("    "));
    kept.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Oracle, comparable, parse};

    #[test]
    fn a_session_becomes_one_program_and_one_for_each_exception() {
        let page = "# Page\n## Ints\nwords\n```python\nx = 1\n```\n```python\n>>> x + 1\n2\n>>> y = 3\n>>> 1 // 0\nTraceback (most recent call last):\n  ...\nZeroDivisionError: z\n>>> print(y)\n3\n```\n";
        let tests = parse(page).expect("the page is in order");
        assert_eq!(tests.len(), 1);
        assert_eq!(tests[0].name, "Page / Ints");
        assert_eq!(tests[0].oracle, Oracle::Full);
        let [main, raising] = &tests[0].programs[..] else { panic!("two programs") };
        assert_eq!(main.files["main.py"], "x = 1\nprint(repr((x + 1)))  # \ny = 3\nprint(y)\n");
        assert_eq!(main.stdout, "2\n3\n");
        assert_eq!(raising.files["main.py"], "x = 1\ny = 3\n1 // 0\n");
        assert_eq!(raising.traceback, "Traceback (most recent call last):\n  ...\nZeroDivisionError: z\n");
    }

    #[test]
    fn expectations_stand_in_comments() {
        let page =
            "# P\n```python\nx = 1 + 's'  # error: [type-mismatch] \"`str`\"\nreveal_type(x)  # revealed: int\n```\n";
        let tests = parse(page).expect("the page is in order");
        let program = &tests[0].programs[0];
        assert!(program.is_refused());
        assert_eq!((program.reports[0].line, program.reports[0].part.as_str()), (1, "`str`"));
        assert_eq!(program.reveals, [(2, "int".to_owned())]);
    }

    #[test]
    fn a_heading_that_checks_nothing_is_an_error() {
        assert!(parse("# P\n```python\nx = 1\n```\n").is_err());
    }

    #[test]
    fn tracebacks_are_compared_by_frames_or_by_their_end() {
        let full = "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    1 // 0\n    ~~^^~~\nZ: z\n";
        assert_eq!(comparable(full, "Traceback (most recent call last):\n  ...\nZ: z\n"), "Z: z");
        assert!(comparable(full, full).contains("line 1, in <module>\nZ: z"));
    }
}
