//! Words, operators and brackets. Reports: KU0002, KU1001, KU1002, KU1003, KU1006.

use super::{Kind, MOST_OPERATORS, Scanner, Token};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::{DEEPEST, character};

/// What is said of `{` at the end of a line that opens a block.
const BRACES: &str = "blocks do not stand in braces";

impl Scanner<'_> {
    pub(super) fn token(&mut self) {
        let start = self.at;
        let Some(first) = self.scan.text[start..].chars().next() else { return };
        match first {
            '0'..='9' => self.number(start),
            '.' if self.byte(1).is_ascii_digit() => self.number(start),
            '"' | '\'' => self.string(start),
            '(' | '[' | '{' => {
                self.at += 1;
                let token = self.push(Kind::Open, start);
                self.brackets.push(token);
                self.operators.push(0);
                if self.brackets.len() > DEEPEST as usize {
                    self.too_many(token.span, "too many brackets inside each other");
                }
            }
            ')' | ']' | '}' => self.close(start),
            '\0' => {
                self.at += 1;
                let message = "the file holds a null byte, so it is not a text";
                self.scan.fatal.push(Diagnostic::new(Code::InvalidCharacter, self.span(start), message));
            }
            _ if character::starts_name(first) => self.word(start),
            _ if first.is_ascii() && self.operator(start) => {}
            _ => self.unknown(start, first),
        }
    }

    pub(super) fn word(&mut self, start: usize) {
        for c in self.scan.text[start..].chars() {
            if !character::continues_name(c) {
                break;
            }
            self.at += c.len_utf8();
        }
        let word = &self.scan.text[start..self.at];
        let is_prefix = word.len() <= 2 && word.chars().all(|c| "rRbBfFuU".contains(c));
        if is_prefix && matches!(self.byte(0), b'"' | b'\'') {
            self.string(start);
            return;
        }
        if matches!(word, "not" | "if" | "else" | "lambda" | "await" | "yield" | "and" | "or") {
            self.count_operator();
        }
        self.push(Kind::Word, start);
    }

    pub(super) fn operator(&mut self, start: usize) -> bool {
        const LONG: [&str; 22] = [
            "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=",
            "/=", "%=", "&=", "|=", "^=",
        ];
        let rest = &self.scan.text[start..];
        let length = if let Some(operator) = LONG.iter().find(|operator| rest.starts_with(**operator)) {
            operator.len()
        } else if rest.starts_with("@=") || rest.starts_with(":=") {
            2
        } else if rest
            .starts_with(['+', '-', '*', '/', '%', '@', '&', '|', '^', '~', '<', '>', '.', ',', ':', ';', '='])
        {
            1
        } else {
            return false;
        };
        self.at += length;
        match rest.as_bytes()[0] {
            b',' | b';' => {
                if let Some(operators) = self.operators.last_mut() {
                    *operators = 0;
                }
            }
            b':' | b'=' => {}
            _ => self.count_operator(),
        }
        self.push(Kind::Operator, start);
        true
    }

    pub(super) fn count_operator(&mut self) {
        if let Some(operators) = self.operators.last_mut() {
            *operators += 1;
            // The sum is only looked at where it can have become too much.
            if (*operators).is_multiple_of(16) && self.operators.iter().sum::<u32>() > MOST_OPERATORS {
                let place = Span::new(self.scan.start + self.at as u32, self.scan.start + self.at as u32);
                self.too_many(place, "this expression has too many operators");
            }
        }
    }

    pub(super) fn close(&mut self, start: usize) {
        self.at += 1;
        let token = self.push(Kind::Close, start);
        let close = self.scan.text(token.span);
        let expected = |open: &str| match open {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        match self.brackets.pop() {
            None => {
                if close == "}" && self.scan.problems.iter().any(|problem| problem.message == BRACES) {
                    return;
                }
                let message = format!("`{close}` closes no bracket");
                let diagnostic = Diagnostic::new(Code::UnmatchedBracket, token.span, message);
                let help = "take it away, or open a bracket before it";
                self.scan.problems.push(diagnostic.help(help));
            }
            Some(open) => {
                self.operators.pop();
                // `f()()()` is one level a call.
                self.count_operator();
                let text = self.scan.text(open.span);
                if expected(text) != close {
                    let message = format!("`{close}` cannot close `{text}`");
                    let diagnostic = Diagnostic::new(Code::UnmatchedBracket, token.span, message);
                    let diagnostic = diagnostic.label(open.span, format!("this bracket needs `{}`", expected(text)));
                    self.scan.problems.push(diagnostic);
                }
            }
        }
    }

    pub(super) fn unclosed(&mut self, open: Token) {
        let text = self.scan.text(open.span);
        let line = self.scan.text[..(open.span.start - self.scan.start) as usize].lines().last().unwrap_or_default();
        let word = line.trim_start().split(|c: char| !character::continues_name(c)).next().unwrap_or_default();
        let rest = self.scan.text[(open.span.end - self.scan.start) as usize..].lines().next().unwrap_or_default();
        let opens = [
            "if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "function", "func", "fn",
        ];
        if text == "{" && rest.trim().is_empty() && opens.contains(&word) {
            let help = "end the line with `:`, and indent the lines of the block below it";
            self.scan.problems.push(Diagnostic::new(Code::InvalidSyntax, open.span, BRACES).help(help));
            return;
        }
        let message = format!("`{text}` is never closed");
        let diagnostic = Diagnostic::new(Code::UnclosedBracket, open.span, message).here("this bracket stays open");
        self.scan.problems.push(diagnostic);
    }

    /// At a line inside brackets that begins like a statement: the brackets were forgotten, and what follows can be
    /// read as if they were not there.
    pub(super) fn give_up_bracket(&mut self) {
        let line = self.scan.text[self.at..].trim_start_matches([' ', '\t', '\x0c']);
        let word = line.split(|c: char| !character::continues_name(c)).next().unwrap_or_default();
        let is_statement = matches!(
            word,
            "def"
                | "class"
                | "return"
                | "while"
                | "import"
                | "try"
                | "with"
                | "raise"
                | "pass"
                | "break"
                | "continue"
                | "global"
                | "nonlocal"
                | "del"
                | "assert"
                | "elif"
                | "except"
                | "finally"
        );
        // `f(import=1)` is wrong too, but in another way.
        let follows = line[word.len()..].trim_start_matches(' ');
        if is_statement && !(follows.starts_with('=') || follows.starts_with(',') || follows.starts_with(')')) {
            while let Some(open) = self.brackets.pop() {
                self.unclosed(open);
            }
            self.operators.truncate(1);
        }
    }

    pub(super) fn unknown(&mut self, start: usize, first: char) {
        self.at += first.len_utf8();
        if let Some(closing) = character::closing_quote(first) {
            // The words between typographic quotes are a text: one report for all of it.
            let line = self.scan.text[self.at..].lines().next().unwrap_or_default();
            if let Some((at, close)) = line.char_indices().find(|(_, c)| closing.contains(*c)) {
                self.at += at + close.len_utf8();
            }
        }
        let operand = self.scan.tokens.last().is_some_and(|token| {
            let word = self.scan.text(token.span);
            match token.kind {
                Kind::Number | Kind::Text | Kind::Close => true,
                Kind::Word => !matches!(word, "if" | "elif" | "while" | "and" | "or" | "not" | "return" | "assert"),
                Kind::Operator | Kind::Open | Kind::Unknown => false,
            }
        });
        let token = self.push(Kind::Unknown, start);
        if first == '!' {
            let rest = &self.scan.text[self.at..];
            let (message, text) = if operand && rest.starts_with("in ") {
                ("`!in` is written `not in`", "not ")
            } else if !operand && rest.starts_with(|c: char| c == '(' || character::starts_name(c)) {
                ("`!` is written `not`", "not ")
            } else {
                ("", "")
            };
            if !message.is_empty() {
                let diagnostic = Diagnostic::new(Code::InvalidCharacter, token.span, message);
                self.scan.problems.push(diagnostic.fix("write `not`", vec![(token.span, text.to_owned())]));
                return;
            }
        }
        let diagnostic = character::explain(first, self.scan.text(token.span), token.span);
        self.scan.problems.push(diagnostic);
    }
}
