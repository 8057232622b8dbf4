//! Changes a program a little. In: `Corpus`, a state. Out: bytes that are mostly still a program.
//!
//! Most mutations work on whole pieces (values, arguments, statements), so that most programs get past the parser and
//! many of them past the types. A few work on bytes.

use super::corpus::Corpus;
use super::fragments::{AROUND, BLOCKS, FUNCTIONS, KEYWORDS, NUMBERS, OPERATORS, STATEMENTS, TEXTS, TYPES, VALUES};
use super::token::{Kind, Statement, Token, items, statements, tokens, values};
use crate::random::{self, Choices, next_random};
use std::ops::Range;

/// A program grows by mutations up to this.
const LONGEST: usize = 20_000;

/// A program with some mutations.
pub fn mutate(corpus: &Corpus, state: &mut u64) -> Vec<u8> {
    let mut mutator = Mutator { corpus, state: *state, text: String::new() };
    next_random(state);
    let kind = mutator.below(40);
    // Of two programs the shorter one: more inputs in the same time, and a mutation of it matters more.
    let (one, two) = (mutator.below(corpus.programs.len()), mutator.below(corpus.programs.len()));
    let number = if corpus.programs[one].len() < corpus.programs[two].len() { one } else { two };
    mutator.text = match kind {
        0..2 => random::program(&mut Choices::new(mutator.state)),
        // Two programs together: names of one meet those of the other.
        2 => format!("{}\n{}", corpus.programs[mutator.below(corpus.programs.len())], corpus.programs[number]),
        3 | 4 => corpus.refused[mutator.below(corpus.refused.len())].clone(),
        _ => corpus.programs[number].clone(),
    };
    loop {
        mutator.step();
        if mutator.below(3) < 2 || mutator.text.len() > LONGEST {
            break;
        }
    }
    let mut bytes = std::mem::take(&mut mutator.text).into_bytes();
    if mutator.below(25) == 0 {
        mutator.change_bytes(&mut bytes);
    }
    bytes
}

struct Mutator<'a> {
    corpus: &'a Corpus,
    state: u64,
    text: String,
}

impl Mutator<'_> {
    fn below(&mut self, limit: usize) -> usize {
        (next_random(&mut self.state) % limit.max(1) as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    fn one<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.below(from.len())].clone()) }
    }

    fn word(&self, token: Token) -> &str {
        &self.text[token.start..token.end]
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        self.text.replace_range(range, with);
    }

    fn step(&mut self) {
        let tokens = tokens(&self.text);
        let done = match self.below(24) {
            0 | 1 => self.change_operator(&tokens),
            2..5 => self.rename(&tokens),
            5 | 6 => self.change_type(&tokens),
            7..9 => self.replace_value(&tokens),
            9 | 10 => self.change_literal(&tokens),
            11..14 => self.wrap_value(&tokens),
            14..16 => self.change_arguments(&tokens),
            16 | 17 => self.change_function(&tokens),
            18 => self.move_statement(&tokens),
            19 => self.wrap_statement(&tokens),
            20 => self.insert_statement(&tokens),
            21 => self.remove_or_double(&tokens),
            22 => self.decorate(&tokens),
            _ => self.swap_tokens(&tokens),
        };
        if done.is_none() {
            // There was nothing of the kind.
            self.text.push_str("\nprint(1)\n");
        }
    }

    /// One of the program's values that is near, one of the corpus, or a literal.
    fn value(&mut self, near: usize) -> String {
        let kind = self.below(10);
        let known = values(&self.text, &tokens(&self.text));
        match kind {
            0..6 if !known.is_empty() => {
                // The names of the same function are the nearest.
                let at = known.partition_point(|range| range.start < near);
                let window = known.len().min(40);
                let from = at.saturating_sub(window / 2).min(known.len() - window);
                let at = from + self.below(window);
                let at = if self.below(6) == 0 { self.below(known.len()) } else { at };
                let text = &self.text[known[at].clone()];
                if text.len() > 200 { "1".to_owned() } else { text.to_owned() }
            }
            6 => self.pick(&NUMBERS).to_owned(),
            7 => self.pick(&TEXTS).to_owned(),
            8 => self.pick(&VALUES).to_owned(),
            _ => self.corpus.values[self.below(self.corpus.values.len())].clone(),
        }
    }

    fn change_operator(&mut self, tokens: &[Token]) -> Option<()> {
        let row = |word: &str| OPERATORS.iter().find(|row| row.contains(&word));
        let found: Vec<Token> = tokens.iter().filter(|token| row(self.word(**token)).is_some()).copied().collect();
        let token = self.one(&found)?;
        let row = row(self.word(token))?;
        let other = self.pick(row);
        self.replace(token.start..token.end, &format!(" {other} "));
        Some(())
    }

    /// A name becomes another name of the program, an attribute another attribute.
    fn rename(&mut self, tokens: &[Token]) -> Option<()> {
        let is_name = |index: &usize| tokens[*index].kind == Kind::Name;
        let names: Vec<usize> = (0..tokens.len()).filter(is_name).collect();
        let after_point = |index: &usize| *index > 0 && self.word(tokens[index - 1]) == ".";
        let attributes: Vec<usize> = names.iter().copied().filter(after_point).collect();
        let index = self.one(&names)?;
        let is_attribute = attributes.contains(&index);
        let with = if is_attribute && self.below(2) == 0 {
            self.one(&self.corpus.attributes)?
        } else {
            let alike: Vec<usize> = names.into_iter().filter(|n| attributes.contains(n) == is_attribute).collect();
            let at = alike.iter().position(|other| *other == index)?;
            let from = at.saturating_sub(15);
            let other = alike[from + self.below((alike.len() - from).min(30))];
            self.word(tokens[other]).to_owned()
        };
        let token = tokens[index];
        self.replace(token.start..token.end, &with);
        Some(())
    }

    fn change_type(&mut self, tokens: &[Token]) -> Option<()> {
        let mut found = Vec::new();
        for range in values(&self.text, tokens) {
            let before = self.text[..range.start].trim_end();
            let is_annotation = before.ends_with("->") || before.ends_with(':') || before.ends_with("dtype=");
            if TYPES.contains(&&self.text[range.clone()]) || is_annotation && range.len() < 30 {
                found.push(range);
            }
        }
        let range = self.one(&found)?;
        let with = self.pick(&TYPES);
        self.replace(range, with);
        Some(())
    }

    fn replace_value(&mut self, tokens: &[Token]) -> Option<()> {
        let range = self.one(&values(&self.text, tokens))?;
        let with = self.value(range.start);
        self.replace(range, &with);
        Some(())
    }

    fn change_literal(&mut self, tokens: &[Token]) -> Option<()> {
        let is_literal = |token: &&Token| matches!(token.kind, Kind::Number | Kind::Text);
        let token = self.one(&tokens.iter().filter(is_literal).copied().collect::<Vec<_>>())?;
        let same = self.below(4) > 0;
        let with = if (token.kind == Kind::Number) == same { self.pick(&NUMBERS) } else { self.pick(&TEXTS) };
        self.replace(token.start..token.end, with);
        Some(())
    }

    fn wrap_value(&mut self, tokens: &[Token]) -> Option<()> {
        let range = self.one(&values(&self.text, tokens))?;
        let other = self.value(range.start);
        let around = if self.below(3) == 0 {
            let function = self.pick(&FUNCTIONS);
            format!("{function}($)")
        } else if self.below(6) == 0 {
            let attribute = self.one(&self.corpus.attributes)?;
            let call = self.one(&["", "()", "(@)", "(@, @)"])?;
            format!("$.{attribute}{call}")
        } else {
            self.pick(&AROUND).to_owned()
        };
        let inner = self.text[range.clone()].to_owned();
        if inner.len() > 500 {
            return None;
        }
        // `@` is also an operator: only a space before it and after it makes it one.
        let with = around.replace(" @ @", " \u{1} @").replace('@', &other).replace('\u{1}', "@").replace('$', &inner);
        self.replace(range, &with);
        Some(())
    }

    fn change_arguments(&mut self, tokens: &[Token]) -> Option<()> {
        let opens: Vec<usize> = (1..tokens.len())
            .filter(|index| tokens[*index].kind == Kind::Open && tokens[*index].start == tokens[*index - 1].end)
            .collect();
        let open = self.one(&opens)?;
        let found = items(&self.text, tokens, open);
        let after = tokens[open].end;
        match self.below(6) {
            0 if !found.is_empty() => {
                let at = self.below(found.len());
                let end = found.get(at + 1).map_or(found[at].end, |next| next.start);
                self.replace(found[at].start..end, "");
            }
            1 if found.len() > 1 => {
                let (a, b) = (self.below(found.len()), self.below(found.len()));
                let (first, second) = (found[a.min(b)].clone(), found[a.max(b)].clone());
                let (left, right) = (self.text[first.clone()].to_owned(), self.text[second.clone()].to_owned());
                if first != second {
                    self.replace(second, &left);
                    self.replace(first, &right);
                }
            }
            2 if !found.is_empty() => {
                let range = self.one(&found)?;
                let with = self.value(range.start);
                self.replace(range, &with);
            }
            3 => {
                let keyword = if self.below(3) == 0 {
                    format!("{}={}", self.one(&self.corpus.keywords)?, self.value(after))
                } else {
                    self.pick(&KEYWORDS).to_owned()
                };
                let at = found.last().map_or(after, |range| range.end);
                let comma = if found.is_empty() { "" } else { ", " };
                self.text.insert_str(at, &format!("{comma}{keyword}"));
            }
            4 => {
                let star = self.one(&["", "", "", "*", "**"])?;
                let value = self.value(after);
                let comma = if found.is_empty() { "" } else { ", " };
                self.text.insert_str(after, &format!("{star}{value}{comma}"));
            }
            _ => {
                let value = self.value(after);
                let at = found.last().map_or(after, |range| range.end);
                let comma = if found.is_empty() { "" } else { ", " };
                self.text.insert_str(at, &format!("{comma}{value}"));
            }
        }
        Some(())
    }

    /// Another function is called with the same arguments.
    fn change_function(&mut self, tokens: &[Token]) -> Option<()> {
        let mut found = Vec::new();
        for index in 0..tokens.len().saturating_sub(1) {
            let is_call = tokens[index].kind == Kind::Name && self.word(tokens[index + 1]) == "(";
            let is_def = index > 0 && matches!(self.word(tokens[index - 1]), "def" | "class");
            if is_call && !is_def {
                let is_dotted = index > 1 && self.word(tokens[index - 1]) == ".";
                let is_numpy = is_dotted && matches!(self.word(tokens[index - 2]), "np" | "math");
                found.push((index, is_dotted, is_numpy));
            }
        }
        let (index, is_dotted, is_numpy) = self.one(&found)?;
        let token = tokens[index];
        if is_numpy {
            let function = self.pick(&FUNCTIONS);
            self.replace(tokens[index - 2].start..token.end, function);
        } else if is_dotted {
            let attribute = self.one(&self.corpus.attributes)?;
            self.replace(token.start..token.end, &attribute);
        } else {
            let function = self.pick(&FUNCTIONS);
            self.replace(token.start..token.end, function);
        }
        Some(())
    }

    fn lines(&self) -> Vec<String> {
        self.text.split('\n').map(str::to_owned).collect()
    }

    /// The lines of a statement, indented otherwise.
    fn block(lines: &[String], statement: &Statement, indent: usize) -> Vec<String> {
        let shifted = lines[statement.lines.clone()].iter().map(|line| match line.get(statement.indent..) {
            Some(rest) if !line.trim().is_empty() => format!("{:indent$}{rest}", ""),
            _ => line.clone(),
        });
        shifted.collect()
    }

    fn move_statement(&mut self, tokens: &[Token]) -> Option<()> {
        let known = statements(&self.text, tokens);
        let (from, to) = (self.one(&known)?, self.one(&known)?);
        let mut lines = self.lines();
        let block = Self::block(&lines, &from, to.indent);
        let copy = self.below(2) == 0;
        if to.lines.start > from.lines.start && to.lines.start < from.lines.end {
            return None;
        }
        if from.lines.start < to.lines.start {
            lines.splice(to.lines.start..to.lines.start, block);
            if !copy {
                lines.drain(from.lines);
            }
        } else {
            if !copy {
                lines.drain(from.lines);
            }
            lines.splice(to.lines.start..to.lines.start, block);
        }
        self.text = lines.join("\n");
        Some(())
    }

    fn wrap_statement(&mut self, tokens: &[Token]) -> Option<()> {
        let known = statements(&self.text, tokens);
        let at = self.below(known.len());
        let first = known.get(at)?.clone();
        // Some statements of the same block after it go in too.
        let more = self.below(3);
        let rest = known[at + 1..].iter().filter(|next| next.lines.start >= first.lines.end);
        let rest: Vec<_> = rest.take_while(|next| next.indent >= first.indent).collect();
        let siblings = rest.into_iter().filter(|next| next.indent == first.indent).take(more);
        let end = siblings.last().map_or(first.lines.end, |last| last.lines.end);
        let whole = Statement { lines: first.lines.start..end, indent: first.indent };
        let (open, close) = self.one(&BLOCKS)?;
        let mut lines = self.lines();
        // `if x:` with `else` inside another `if`: the last line of the header says how deep the block stands.
        let depth = open.rsplit('\n').next().map_or(0, |last| last.len() - last.trim_start().len());
        let depth = if open.ends_with("continue") { 0 } else { depth };
        let indent = whole.indent;
        let filled = |mutator: &mut Self, text: &str| {
            let value = mutator.value(mutator.text.len() / 2).replace('\n', " ");
            let lines = text.split('\n').filter(|line| !line.is_empty());
            lines.map(|line| format!("{:indent$}{}", "", line.replace('@', &value))).collect::<Vec<_>>()
        };
        let mut block = filled(self, open);
        block.extend(Self::block(&lines, &whole, indent + depth + 4));
        block.extend(filled(self, close));
        lines.splice(whole.lines, block);
        self.text = lines.join("\n");
        Some(())
    }

    fn insert_statement(&mut self, tokens: &[Token]) -> Option<()> {
        let known = statements(&self.text, tokens);
        let place = self.one(&known)?;
        let mut lines = self.lines();
        let new = if self.below(2) == 0 {
            self.corpus.statements[self.below(self.corpus.statements.len())].clone()
        } else {
            let mut text = self.pick(&STATEMENTS).to_owned();
            while let Some(at) = text.find('@') {
                let value = self.value(self.text.len() / 2).replace(['@', '\n'], " ");
                text.replace_range(at..=at, &value);
            }
            let names: Vec<Token> = tokens.iter().filter(|token| token.kind == Kind::Name).copied().collect();
            match self.one(&names) {
                Some(token) if text.starts_with("x ") || text.starts_with("x.") || text.starts_with("x[") => {
                    text.replacen('x', self.word(token), 1)
                }
                _ => text,
            }
        };
        let indented = new.split('\n').map(|line| format!("{:width$}{line}", "", width = place.indent));
        let at = if self.below(2) == 0 { place.lines.start } else { place.lines.end.min(lines.len()) };
        lines.splice(at..at, indented.collect::<Vec<_>>());
        self.text = lines.join("\n");
        Some(())
    }

    fn remove_or_double(&mut self, tokens: &[Token]) -> Option<()> {
        let known = statements(&self.text, tokens);
        let statement = self.one(&known)?;
        let mut lines = self.lines();
        match self.below(3) {
            0 => drop(lines.drain(statement.lines)),
            1 => {
                let pass = format!("{:width$}pass", "", width = statement.indent);
                lines.splice(statement.lines, [pass]);
            }
            _ => {
                let block = lines[statement.lines.clone()].to_vec();
                lines.splice(statement.lines.end..statement.lines.end, block);
            }
        }
        self.text = lines.join("\n");
        Some(())
    }

    fn decorate(&mut self, tokens: &[Token]) -> Option<()> {
        let known = statements(&self.text, tokens);
        let mut lines = self.lines();
        let is_def = |statement: &&Statement| lines[statement.lines.start].trim_start().starts_with("def ");
        let place = self.one(&known.iter().filter(is_def).cloned().collect::<Vec<_>>())?;
        let decorator = self.one(&[
            "njit",
            "njit()",
            "njit(fastmath=True)",
            "njit(parallel=True)",
            "njit('int64(int64)')",
            "vectorize",
            "njit(boundscheck=True)",
            "njit(error_model='numpy')",
            "njit(cache=True, nogil=True)",
        ])?;
        lines.insert(place.lines.start, format!("{:width$}@{decorator}", "", width = place.indent));
        lines.insert(0, "from numba import njit, vectorize".to_owned());
        self.text = lines.join("\n");
        Some(())
    }

    fn swap_tokens(&mut self, tokens: &[Token]) -> Option<()> {
        let (from, to) = (self.one(tokens)?, self.one(tokens)?);
        let word = self.word(from).to_owned();
        self.replace(to.start..to.end, &word);
        Some(())
    }

    fn change_bytes(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        match self.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            1 => bytes.insert(at, self.below(256) as u8),
            2 => {
                let end = (at + self.below(20)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => {
                let other = self.corpus.programs[self.below(self.corpus.programs.len())].as_bytes();
                let from = self.below(other.len());
                let to = (from + self.below(80)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            4 => {
                let odd: [&[u8]; 16] = [
                    b"\t",
                    b"\r",
                    b"\r\n",
                    b"\x0c",
                    b"\0",
                    b"\xef\xbb\xbf",
                    b"\\\n",
                    b"\xe2\x80\x9c",
                    b"(",
                    b")",
                    b":",
                    b"\n    ",
                    b"'''",
                    b"\\",
                    b"\xff",
                    b"# coding: latin-1\n",
                ];
                let piece = self.pick(&odd);
                bytes.splice(at..at, piece.iter().copied());
            }
            _ => bytes.truncate(at),
        }
    }
}
