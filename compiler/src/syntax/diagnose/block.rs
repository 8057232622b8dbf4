//! Lines that open blocks, and blocks. In: `Place`. Out: `Diagnostic`. Reports: KU1001, KU1004, KU1005.

use super::{HEADERS, Place, after, shortened, syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::scan::{Kind, Line, Token};

impl Place<'_, '_> {
    /// Whether the line begins like one that opens a block.
    pub(super) fn is_header(&self) -> bool {
        let first = self.first();
        if matches!(first, "match" | "case") {
            let second = self.line_tokens().get(1);
            return second.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Text));
        }
        HEADERS.contains(&first) || (first == "async" && HEADERS.contains(&self.scan.word(self.line.first + 1)))
    }

    pub(super) fn missing_colon(&self, before: Token) -> Diagnostic {
        // `match x` without a colon is two names for the parser.
        let is_soft = matches!(self.first(), "match" | "case");
        let place = if is_soft { self.line_end() } else { after(before.span) };
        let message = format!("`:` is missing at the end of the `{}` line", self.first());
        Diagnostic::new(Code::MissingColon, place, message).fix("add the colon", vec![(place, ":".to_owned())])
    }

    pub(super) fn needs_block(&self) -> Diagnostic {
        // The failure is on the line after the one that ends in a colon, or at the end of the text.
        let ends_in_colon = |line: &Line| self.scan.word(line.end.wrapping_sub(1)) == ":";
        let before = &self.scan.lines[..self.scan.lines.len().min(self.number + 1)];
        let header = before.iter().rfind(|line| ends_in_colon(line));
        // Empty lines and comments before it are no part of a block.
        let place = self.get(0).map_or(Span::new(self.at, self.at), |token| token.span);
        let Some(header) = header else {
            return Diagnostic::new(Code::BadIndentation, place, "an indented block is missing here");
        };
        let word = self.scan.word(header.first);
        let colon = self.scan.tokens[header.end - 1].span;
        let message = format!("the `{word}` line needs an indented block after it");
        let help = "indent the lines that belong to it; `pass` does nothing";
        // At the end of the text there is nothing to point at.
        if self.get(0).is_none() {
            return Diagnostic::new(Code::BadIndentation, colon, message).help(help);
        }
        Diagnostic::new(Code::BadIndentation, place, message)
            .here("this is not indented")
            .label(self.scan.tokens[header.first].span.to(colon), "this opens a block")
            .help(help)
    }

    /// A block, or the text, ends too early: a `try` without `except`, a decorator without `def`.
    pub(super) fn unexpected_end(&self) -> Diagnostic {
        if let Some(diagnostic) = self.lone_try().or_else(|| self.lone_decorator()) {
            return diagnostic;
        }
        let place = match self.scan.tokens.get(self.token.wrapping_sub(1)) {
            Some(token) => token.span,
            None => Span::new(self.at, self.at),
        };
        syntax(place, "the statement is not complete where it ends")
    }

    /// The nearest line above that is not further in, if it is a `try:`.
    pub(super) fn lone_try(&self) -> Option<Diagnostic> {
        let at_end = self.token >= self.scan.tokens.len();
        let indent = if at_end { u32::MAX } else { self.line.indent };
        let above = if at_end { self.scan.lines.len() } else { self.number };
        let mut above = self.scan.lines[..above].iter().rev();
        let header = if at_end {
            above.find(|line| self.scan.word(line.first) == "try")?
        } else {
            above.find(|line| line.indent <= indent)?
        };
        if self.scan.word(header.first) != "try" {
            return None;
        }
        let place = self.scan.tokens[header.first].span;
        let help = "add what happens on an error: `except ValueError:`, or what happens in any case: `finally:`";
        Some(syntax(place, "this `try` has neither `except` nor `finally`").help(help))
    }

    pub(super) fn lone_decorator(&self) -> Option<Diagnostic> {
        let at_end = self.token >= self.scan.tokens.len();
        let above = if at_end { self.scan.lines.len() } else { self.number };
        let above = self.scan.lines[..above].last()?;
        if self.scan.word(above.first) != "@" {
            return None;
        }
        let place = self.scan.tokens[above.first].span.to(self.scan.tokens[above.end - 1].span);
        Some(syntax(place, "a decorator must stand directly above a `def`"))
    }

    /// A token that begins a line.
    pub(super) fn unexpected_first(&self, word: &str, span: Span) -> Diagnostic {
        match word {
            "else" | "elif" | "except" | "finally" => {
                let belongs = match word {
                    "else" => "an `if`, `for`, `while` or `try`",
                    "elif" => "an `if`",
                    _ => "a `try`",
                };
                let message = format!("this `{word}` belongs to nothing");
                let help = format!("it must be indented exactly as {belongs} above it");
                Diagnostic::new(Code::InvalidSyntax, span, message).help(help)
            }
            _ => {
                if let Some(diagnostic) = self.lone_try().or_else(|| self.lone_decorator()) {
                    return diagnostic;
                }
                if self.number > 0 && self.scan.word(self.scan.lines[self.number - 1].first) == "match" {
                    return syntax(span, "a `match` holds `case` blocks only");
                }
                if word == "case" {
                    return syntax(span, "this `case` belongs to no `match`");
                }
                if word == "//" {
                    let diagnostic = syntax(span, "a comment begins with `#`");
                    return diagnostic.fix("write `#`", vec![(span, "#".to_owned())]);
                }
                if word == "/" && self.word(1).starts_with('*') {
                    let help = "a text of several lines that does nothing may stand in `\"\"\"`";
                    return syntax(span, "a comment begins with `#`, on each of its lines").help(help);
                }
                syntax(span, format!("`{}` cannot begin a statement", shortened(word)))
            }
        }
    }

    pub(super) fn else_if(&self, word: &str, span: Span) -> Option<Diagnostic> {
        if word != "if" || self.first() != "else" || self.token != self.line.first + 1 {
            return None;
        }
        let both = self.scan.tokens[self.line.first].span.to(span);
        Some(syntax(both, "`else if` is written `elif`").fix("write `elif`", vec![(both, "elif".to_owned())]))
    }

    /// `x if test` without `else`.
    pub(super) fn half_choice(&self) -> Option<Diagnostic> {
        let tokens = self.line.first + 1..self.token.min(self.line.end);
        let choice = tokens.clone().rfind(|index| self.scan.word(*index) == "if")?;
        let is_complete = (choice..tokens.end).any(|index| self.scan.word(index) == "else");
        let help = "write `a if test else b`; to do nothing otherwise, write the statement under an `if` of its own";
        let diagnostic = syntax(self.scan.tokens[choice].span, "an `if` inside an expression needs an `else`");
        (!is_complete && !self.is_header()).then(|| diagnostic.help(help))
    }
}
