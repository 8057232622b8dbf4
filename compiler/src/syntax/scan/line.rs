//! Logical lines and the blocks that their indentation makes. Reports: KU0002, KU1005, KU1006.

use super::{Indent, Line, MOST_BLOCKS, MOST_OPERATORS, Scanner};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

impl Scanner<'_> {
    pub(super) fn run(&mut self) {
        while self.at < self.scan.text.len() && self.scan.fatal.is_empty() {
            self.line();
        }
        while let Some(open) = self.brackets.pop() {
            self.unclosed(open);
        }
    }

    /// One logical line, or several where a bracket stays open.
    pub(super) fn line(&mut self) {
        let Some((column, characters)) = self.indentation() else { return };
        let first = self.scan.tokens.len();
        let start = self.at;
        self.operators.truncate(1);
        self.operators[0] = 0;
        loop {
            match self.byte(0) {
                _ if self.at >= self.scan.text.len() => break,
                b'\n' | b'\r' => {
                    self.at += 1;
                    if self.brackets.is_empty() {
                        break;
                    }
                    self.give_up_bracket();
                    if self.brackets.is_empty() {
                        break;
                    }
                }
                b' ' | b'\t' | 0x0c => self.at += 1,
                b'#' => self.skip_comment(),
                b'\\' => self.continuation(),
                _ => self.token(),
            }
            if !self.scan.fatal.is_empty() {
                return;
            }
        }
        let end = self.scan.tokens.len();
        if end > first {
            self.scan.lines.push(Line { first, end, indent: characters });
            let word = self.scan.word(first);
            self.block(column, characters, word, start);
        }
    }

    /// Skips empty lines and reads the indentation of the next line that is not: `None` at the end of the text.
    pub(super) fn indentation(&mut self) -> Option<(u32, u32)> {
        let (mut column, mut characters) = (0, 0);
        while self.at < self.scan.text.len() {
            match self.byte(0) {
                b' ' => (column, characters) = (column + 1, characters + 1),
                b'\t' => {
                    self.scan.tabs.push(self.at);
                    // To the next multiple of eight, as in CPython's tokenizer.
                    (column, characters) = ((column / 8 + 1) * 8, characters + 1);
                }
                0x0c | b'\n' | b'\r' => (column, characters) = (0, 0),
                b'#' => {
                    self.skip_comment();
                    continue;
                }
                _ => return Some((column, characters)),
            }
            self.at += 1;
        }
        None
    }

    /// Opens and closes blocks before a line that starts with `word`.
    pub(super) fn block(&mut self, column: u32, characters: u32, word: &str, start: usize) {
        let place = Span::new(self.scan.start + start as u32 - characters, self.scan.start + start as u32);
        let mut closed = false;
        loop {
            let Some(indent) = self.indents.last_mut() else { return };
            let (by_column, by_characters) = (column.cmp(&indent.column), characters.cmp(&indent.characters));
            if by_column != by_characters {
                let message = "tabs and spaces are mixed so that the indentation depends on the width of a tab";
                let help = "indent with spaces only, four a level";
                self.scan.fatal.push(Diagnostic::new(Code::BadIndentation, place, message).help(help));
                return;
            }
            match by_column {
                std::cmp::Ordering::Equal => {
                    match word {
                        "elif" => indent.branches += 1,
                        "else" => {}
                        _ => indent.branches = 0,
                    }
                    if indent.branches > MOST_OPERATORS {
                        self.too_many(place, "this `if` has too many `elif`");
                    }
                    return;
                }
                std::cmp::Ordering::Greater if closed => {
                    let message = "this line is indented to no level that is open";
                    let help = "give it the indentation of the line that it belongs with";
                    self.scan.problems.push(Diagnostic::new(Code::BadIndentation, place, message).help(help));
                    return;
                }
                std::cmp::Ordering::Greater => {
                    self.indents.push(Indent { column, characters, branches: 0 });
                    if self.indents.len() > MOST_BLOCKS {
                        self.too_many(place, "too many blocks inside each other");
                    }
                    return;
                }
                std::cmp::Ordering::Less => {
                    self.indents.pop();
                    closed = true;
                }
            }
        }
    }

    pub(super) fn skip_comment(&mut self) {
        while self.at < self.scan.text.len() && !matches!(self.byte(0), b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// `\` at the end of a line.
    pub(super) fn continuation(&mut self) {
        let start = self.at;
        self.at += 1;
        match self.byte(0) {
            b'\r' if self.byte(1) == b'\n' => self.at += 2,
            b'\n' | b'\r' => self.at += 1,
            _ => {
                let blank = self.scan.text[self.at..].lines().next().unwrap_or_default();
                let message = "only the end of the line may follow `\\`";
                let mut diagnostic = Diagnostic::new(Code::InvalidCharacter, self.span(start), message);
                if !blank.is_empty() && blank.trim().is_empty() {
                    let end = self.scan.start + (self.at + blank.len()) as u32;
                    let spaces = Span::new(self.scan.start + self.at as u32, end);
                    diagnostic = diagnostic.fix("take the spaces off", vec![(spaces, String::new())]);
                }
                self.scan.problems.push(diagnostic);
            }
        }
        self.at = self.at.min(self.scan.text.len());
    }
}
