//! The compiler as the page sees it. In: `Question`. Out: `Answer`, bytes. It keeps the last program that it checked, so
//! that what an editor asks next need not check it again.

use crate::protocol::{
    Answer, Argument, Callable, Completion, Facts, Hover, Line, Making, Param, Problem, Program, Purpose, Question,
    Report, Target, Value, View,
};
use kukri_compiler::abi::Manifest;
use kukri_compiler::diagnostic::{Code, Diagnostic, render_json_without_text};
use kukri_compiler::infer::{Request, signature};
use kukri_compiler::source::{Sources, Span};
use kukri_compiler::types::{ErrorModel, Rules};
use kukri_compiler::{Checked, Compiler, Failure, Input, Options, emit, infer, opt, package, query, ssa};
use serde::Deserialize;
use std::fmt::Write as _;

/// Name of the function that makes a call; a program cannot mean it.
const CALL: &str = "kukri_call";

/// A conversation.
#[derive(Default)]
pub struct Session {
    compiler: Compiler,
    /// The last program that was right.
    good: Option<(Program, Checked)>,
}

impl Session {
    /// Answers a question.
    pub fn answer(&mut self, question: Question) -> (Answer, Option<Vec<u8>>) {
        let answer = match question {
            Question::Check(program) => Answer::Checked(self.check(&program)),
            Question::Compile(program, purpose, making) => return self.compile(&program, &purpose, making),
            Question::Inside(program, view) => self.inside(&program, view),
            Question::Complete(program, at) => self.complete(&program, at),
            Question::Hover(program, at) => Answer::Hover(self.hover(&program, at)),
            Question::Definition(program, at) => Answer::Definition(self.definition(&program, at)),
            Question::Explain(code) => {
                Answer::Page(Code::find(&code).map_or_else(String::new, |code| code.page().to_owned()))
            }
            Question::Package(program, name) => return package(&mut self.compiler, &program, &name),
        };
        (answer, None)
    }

    fn check(&mut self, program: &Program) -> Report {
        match check(&mut self.compiler, program) {
            Ok(checked) => {
                let problems = problems(&checked.sources, &checked.notes);
                let facts = Some(facts(&checked));
                self.good = Some((program.clone(), checked));
                Report { problems, facts }
            }
            Err(failure) => Report { problems: problems(&failure.sources, &failure.diagnostics), facts: None },
        }
    }

    /// The program with its types, if it is right.
    fn checked(&mut self, program: &Program) -> Option<&Checked> {
        if self.good.as_ref().is_none_or(|(known, _)| known != program) {
            self.good = Some((program.clone(), check(&mut self.compiler, program).ok()?));
        }
        self.good.as_ref().map(|(_, checked)| checked)
    }

    fn hover(&mut self, program: &Program, at: u32) -> Option<Hover> {
        let checked = self.checked(program)?;
        let found = query::hover(checked, address(checked, program, at)?)?;
        let (_, from, to) = place(&checked.sources, found.span);
        Some(Hover { from, to, lines: found.lines })
    }

    fn definition(&mut self, program: &Program, at: u32) -> Option<Target> {
        let checked = self.checked(program)?;
        let (file, from, to) = place(&checked.sources, query::definition(checked, address(checked, program, at)?)?);
        Some(Target { file, from, to })
    }

    /// Text that is being written seldom makes sense, so it is asked without the word at the cursor, then without its
    /// line, and at last as it was when it was right.
    fn complete(&mut self, program: &Program, at: u32) -> Answer {
        let Some(file) = program.file() else { return Answer::Completions(at, Vec::new()) };
        let text = &file.text;
        let end = byte_offset(text, at);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let start = end - text[..end].chars().rev().take_while(|c| is_part(*c)).map(char::len_utf8).sum::<usize>();
        let from = utf16_offset(text, start);
        let line = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
        let indent = text[line..line_end].len() - text[line..line_end].trim_start().len();
        let compiler = &mut self.compiler;
        let mut with = |text: String| {
            let mut program = program.clone();
            program.files[program.main].text = text;
            check(compiler, &program).ok()
        };
        let without_line = |with: &mut dyn FnMut(String) -> Option<Checked>| {
            let before = format!("{}pass", &text[..line + indent]);
            with(format!("{before}{}", &text[line_end..])).or_else(|| with(before))
        };
        let found = if text[..start].ends_with('.') {
            let dot = start - 1;
            let receiver =
                dot - text[..dot].chars().rev().take_while(|c| is_part(*c)).map(char::len_utf8).sum::<usize>();
            let name = &text[receiver..dot];
            let members = with(format!("{}{}", &text[..dot], &text[end..]))
                .map(|checked| query::members(&checked, dot as u32))
                .filter(|members| !members.is_empty());
            members
                .or_else(|| Some(query::members_of(&without_line(&mut with)?, (line + indent) as u32, name)))
                .or_else(|| Some(query::members_of(&self.good.as_ref()?.1, line as u32, name)))
        } else {
            with(format!("{}{}", &text[..start], &text[end..]))
                .map(|checked| query::names(&checked, start as u32))
                .or_else(|| Some(query::names(&without_line(&mut with)?, (line + indent) as u32)))
                .or_else(|| Some(query::names(&self.good.as_ref()?.1, line as u32)))
        };
        let items = found.unwrap_or_default().into_iter().map(|one| Completion {
            label: one.name,
            kind: match one.kind {
                query::Kind::Variable => "variable",
                query::Kind::Function => "function",
                query::Kind::Module => "namespace",
                query::Kind::Class => "class",
                query::Kind::Constant => "constant",
                query::Kind::Property => "property",
                query::Kind::Keyword => "keyword",
            }
            .to_owned(),
            detail: one.detail,
        });
        Answer::Completions(from, items.collect())
    }

    fn compile(&mut self, program: &Program, purpose: &Purpose, making: Making) -> (Answer, Option<Vec<u8>>) {
        let (program, places, request) = prepared(program, purpose, making);
        let options = Options {
            level: if making.optimised { opt::Level::Full } else { opt::Level::None },
            request,
            emit: emit::Options { max_pages: Some(making.memory * 16), ..emit::Options::default() },
        };
        match with_input(&program, |input| self.compiler.compile(input, &options)) {
            Ok(compiled) => {
                let export = (*purpose != Purpose::Run).then(|| CALL.to_owned());
                (Answer::Compiled(export), Some(compiled.artifact.wasm))
            }
            Err(failure) => {
                let problems = problems(&failure.sources, &failure.diagnostics);
                let main = program.file().map(|file| file.name.clone()).unwrap_or_default();
                let arguments = problems.iter().map(|problem| {
                    let label = problem.place().filter(|label| label.file == main)?;
                    places.iter().position(|(from, to)| (*from..=*to).contains(&label.start.utf16))
                });
                let arguments = arguments.collect();
                (Answer::Refused(problems, arguments), None)
            }
        }
    }

    fn inside(&mut self, program: &Program, view: View) -> Answer {
        let show: fn(&str, Checked, &ssa::Module) -> Vec<Line> = match view {
            View::Hir => |main, checked, _| {
                let lines = infer::text::lines(&checked.program, &|function| !function.prelude);
                numbered(lines, &checked.sources, main)
            },
            View::Ssa => |main, checked, module| {
                let own = |function: &ssa::Function| line(&checked.sources, function.span, main).is_some();
                numbered(ssa::print::lines(module, &own), &checked.sources, main)
            },
            View::Wat => |main, checked, module| {
                let compiled = kukri_compiler::finish(checked, module, &emit::Options::default());
                wat(&compiled.artifact, &compiled.sources, main)
                    .unwrap_or_else(|error| vec![Line { text: error, python: None }])
            },
            View::Loops => return self.loops(program),
        };
        let main = program.file().map(|file| file.name.clone()).unwrap_or_default();
        match with_input(program, |input| self.compiler.compile_to_ssa(input, &Options::default())) {
            Ok((checked, module)) => Answer::Lines(show(&main, checked, &module)),
            Err(failure) => Answer::Refused(problems(&failure.sources, &failure.diagnostics), Vec::new()),
        }
    }

    fn loops(&mut self, program: &Program) -> Answer {
        match with_input(program, |input| self.compiler.explain(input, &Request::default())) {
            Ok((sources, notes)) => Answer::Loops(problems(&sources, &notes)),
            Err(failure) => Answer::Refused(problems(&failure.sources, &failure.diagnostics), Vec::new()),
        }
    }
}

/// The program that a purpose needs, and where in its main file the arguments of the call are.
fn prepared(program: &Program, purpose: &Purpose, making: Making) -> (Program, Vec<(u32, u32)>, Request) {
    let wrapping = (!making.checked).then_some(Rules::Numba(ErrorModel::Numpy));
    let mut request = Request { plain_rules: wrapping, decorated_rules: wrapping, ..Request::default() };
    let mut program = program.clone();
    let mut places = Vec::new();
    match purpose {
        Purpose::Run => request.exports_only = true,
        Purpose::Call { function, arguments } | Purpose::Arguments { function, arguments } => {
            let is_call = matches!(purpose, Purpose::Call { .. });
            request.imported = true;
            let mut types = Vec::new();
            if let Some(file) = program.files.get_mut(program.main) {
                places = append_call(&mut file.text, is_call.then_some(function), arguments, &mut types);
            }
            request.exports_only = true;
            request.exports = vec![(CALL.to_owned(), types)];
        }
    }
    (program, places, request)
}

/// Adds a function that makes the call, times it, and gives the result with its repr; without a function to call, what
/// it would be given. Arrays are its parameters.
fn append_call(
    text: &mut String,
    function: Option<&String>,
    arguments: &[Argument],
    types: &mut Vec<kukri_compiler::types::Type>,
) -> Vec<(u32, u32)> {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut params = Vec::new();
    for argument in arguments {
        if let Value::Array(ty) = &argument.value
            && let Some((_, mut ty)) = signature::exported(&format!("f({ty})"))
        {
            types.append(&mut ty);
            params.push(format!("kukri_{}", params.len()));
        }
    }
    let _ = write!(
        text,
        "def {CALL}({}):\n    import numpy as np\n    import math\n    from time import perf_counter as kukri_clock\n",
        params.join(", ")
    );
    let mut arrays = params.iter();
    let mut places = Vec::new();
    let mut passed = Vec::new();
    for (at, argument) in arguments.iter().enumerate() {
        let name = format!("kukri_argument_{at}");
        let _ = write!(text, "    {name} = (");
        let from = text.encode_utf16().count() as u32;
        match &argument.value {
            // A comment or a line break would take the bracket with it.
            Value::Expression(value) => text.push_str(&value.replace(['\n', '\r'], " ")),
            Value::Array(_) => text.push_str(arrays.next().map_or("None", String::as_str)),
        }
        text.push_str("\n    )\n");
        // What is missing is reported at the bracket that follows.
        places.push((from, text.encode_utf16().count() as u32));
        passed.push(argument.name.as_ref().map_or(name.clone(), |keyword| format!("{keyword}={name}")));
    }
    let Some(function) = function else {
        let values: String = (0..arguments.len()).map(|at| format!("kukri_argument_{at}, ")).collect();
        let _ = writeln!(text, "    return ({values})");
        return places;
    };
    let call = format!("{function}({})", passed.join(", "));
    let _ = write!(
        text,
        "    kukri_start = kukri_clock()\n    kukri_result = {call}\n    kukri_time = kukri_clock() - kukri_start\n    \
         return kukri_result, repr(kukri_result), kukri_time\n"
    );
    places
}

fn package(compiler: &mut Compiler, program: &Program, name: &str) -> (Answer, Option<Vec<u8>>) {
    match with_input(program, |input| compiler.compile(input, &Options::default())) {
        Ok(compiled) => {
            let wasm = compiled.artifact.wasm;
            let manifest = Manifest::of_module(&wasm).unwrap_or_default();
            let package = package::package(&manifest, &format!("{name}.wasm"));
            (Answer::Package(package.code, package.types), Some(wasm))
        }
        Err(failure) => (Answer::Refused(problems(&failure.sources, &failure.diagnostics), Vec::new()), None),
    }
}

/// The line of the main file that a span begins in, if it lies there.
fn line(sources: &Sources, span: Span, main: &str) -> Option<u32> {
    (sources.file(sources.file_of(span)).path == main).then(|| sources.line(span))
}

fn numbered(lines: Vec<(String, Option<Span>)>, sources: &Sources, main: &str) -> Vec<Line> {
    let numbered =
        |(text, span): (_, Option<Span>)| Line { text, python: span.and_then(|span| line(sources, span, main)) };
    lines.into_iter().map(numbered).collect()
}

/// The text of a module, with the line of Python that each instruction comes from.
fn wat(artifact: &emit::Artifact, sources: &Sources, main: &str) -> Result<Vec<Line>, String> {
    let mut storage = String::new();
    let config = wasmprinter::Config::new();
    let printed = config.offsets_and_lines(&artifact.wasm, &mut storage).map_err(|error| error.to_string())?;
    let line_of = |offset: u64| {
        let after = artifact.lines.partition_point(|(start, _)| u64::from(*start) <= offset);
        let (_, span) = artifact.lines.get(after.checked_sub(1)?)?;
        line(sources, *span, main)
    };
    let mut lines = Vec::new();
    let mut in_function = false;
    for (offset, text) in printed {
        let text = text.trim_end_matches('\n').to_owned();
        // The fields of the module are indented once.
        if text.starts_with("  (") {
            in_function = text.starts_with("  (func");
        }
        let python = offset.filter(|_| in_function).and_then(line_of);
        lines.push(Line { text, python });
    }
    Ok(lines)
}

fn with_input<R>(program: &Program, run: impl FnOnce(Input<'_>) -> R) -> R {
    let empty = crate::protocol::SourceFile::default();
    let main = program.file().unwrap_or(&empty);
    let mut modules = |name: &str| {
        let path = name.replace('.', "/");
        let candidates = [format!("{path}/__init__.py"), format!("{path}.py")];
        let found = program.files.iter().find(|file| candidates.contains(&file.name));
        found.map(|file| (file.name.clone(), file.text.clone()))
    };
    run(Input { path: &main.name, text: &main.text, modules: &mut modules })
}

fn check(compiler: &mut Compiler, program: &Program) -> Result<Checked, Failure> {
    with_input(program, |input| compiler.check(input, &Request::default()))
}

fn facts(checked: &Checked) -> Facts {
    let at = |address: u32| place(&checked.sources, Span::new(address, address)).1;
    let hints = query::hints(checked).into_iter().map(|hint| (at(hint.at), hint.text));
    let instances = query::instances(checked).into_iter().map(|found| (at(found.span.start), found.lines));
    let callables = query::callables(checked).into_iter().map(|callable| Callable {
        at: at(callable.span.start),
        name: callable.name,
        about: callable.about,
        params: callable
            .params
            .into_iter()
            .map(|param| Param {
                name: param.name,
                ty: param.annotation.or(param.ty),
                default: param.default,
                by_name: param.by_name,
            })
            .collect(),
    });
    Facts { hints: hints.collect(), instances: instances.collect(), callables: callables.collect() }
}

/// As `kukri check --format json` has them: one definition of what a diagnostic is.
fn problems(sources: &Sources, diagnostics: &[Diagnostic]) -> Vec<Problem> {
    #[derive(Deserialize)]
    struct Records {
        diagnostics: Vec<Problem>,
    }
    let records = serde_json::from_str::<Records>(&render_json_without_text(sources, diagnostics));
    records.map(|records| records.diagnostics).unwrap_or_default()
}

/// The compiler's address of an offset in the main file.
fn address(checked: &Checked, program: &Program, at: u32) -> Option<u32> {
    let main = program.file()?;
    let file = checked.sources.files().find(|file| file.path == main.name)?;
    Some(file.span().start + file.byte_offset(at))
}

/// File and offsets of a span.
fn place(sources: &Sources, span: Span) -> (String, u32, u32) {
    let file = sources.file(sources.file_of(span));
    let offset = |address: u32| file.utf16_offset(address - file.span().start);
    (file.path.clone(), offset(span.start), offset(span.end))
}

fn utf16_offset(text: &str, byte: usize) -> u32 {
    text[..text.floor_char_boundary(byte)].encode_utf16().count() as u32
}

fn byte_offset(text: &str, utf16: u32) -> usize {
    let mut left = utf16 as usize;
    for (at, c) in text.char_indices() {
        if left < c.len_utf16() {
            return at;
        }
        left -= c.len_utf16();
    }
    text.len()
}
