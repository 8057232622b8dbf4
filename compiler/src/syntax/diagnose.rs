//! Says what is wrong where the parser failed. In: `Failure`, `Scan`. Out: `Diagnostic`. Reports: KU1001, KU1004, KU1005,
//! KU1008, KU1009, KU1012, KU1014, KU1016, KU1017.
//!
//! The parser tells only at which token it gave up. The words around it usually show which of the common slips it was.

mod block;
mod habit;
mod literal;

use super::character;
use super::scan::{Kind, Line, Scan, Token};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Where and how the parser gave up.
pub(super) struct Failure {
    /// The address that the parser tells.
    pub(super) at: u32,
    pub(super) kind: FailureKind,
}

/// How the parser gave up.
pub(super) enum FailureKind {
    /// The token at the address cannot follow.
    Token,
    /// The line ends too early.
    Newline,
    /// A block begins where none is expected.
    Indent,
    /// A block ends too early.
    Dedent,
    /// A block is expected.
    NeedsIndent,
    /// The text ends too early.
    End,
    /// No indentation of an open block fits.
    Unindent,
    /// An incomplete or unknown escape in a string.
    Escape,
    /// A parameter without default after one with.
    ParameterOrder,
    DuplicateParameter(String),
    DuplicateKeyword(String),
    PositionalAfterKeyword,
    UnpackAfterKeywords,
    Character(char),
    /// In an f-string, in the parser's words.
    FString(String),
    /// In the parser's words.
    Other(String),
}

const HEADERS: [&str; 11] = ["if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with"];

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// What is wrong.
pub(super) fn diagnose(scan: &Scan<'_>, failure: &Failure) -> Diagnostic {
    Place::new(scan, failure.at).diagnose(&failure.kind)
}

/// The words around a failure.
struct Place<'s, 'a> {
    scan: &'s Scan<'a>,
    at: u32,
    /// Index of the token at or after the address.
    token: usize,
    /// The line that it, or the end of which, is at the address.
    line: Line,
    /// Its index.
    number: usize,
}

fn syntax(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::InvalidSyntax, span, message)
}

fn after(span: Span) -> Span {
    Span::new(span.end, span.end)
}

impl<'s, 'a> Place<'s, 'a> {
    fn new(scan: &'s Scan<'a>, at: u32) -> Self {
        let token = scan.tokens.partition_point(|token| token.span.end <= at);
        // The last line that begins at or before the address.
        let number =
            scan.lines.partition_point(|line| scan.tokens.get(line.first).is_some_and(|token| token.span.start <= at));
        let number = number.saturating_sub(1);
        let line = scan.lines.get(number).copied().unwrap_or(Line { first: 0, end: 0, indent: 0 });
        Self { scan, at, token, line, number }
    }

    /// The text of the token `offset` away from the failure.
    fn word(&self, offset: isize) -> &'a str {
        self.token.checked_add_signed(offset).map_or("", |index| self.scan.word(index))
    }

    fn get(&self, offset: isize) -> Option<Token> {
        self.scan.tokens.get(self.token.checked_add_signed(offset)?).copied()
    }

    /// The token at the address, or a place for it.
    fn span(&self) -> Span {
        match self.get(0) {
            Some(token) if token.span.start <= self.at => token.span,
            _ => Span::new(self.at, self.at),
        }
    }

    /// The token before the failure, on the same line.
    fn before(&self) -> Option<Token> {
        (self.token > self.line.first).then(|| self.get(-1)).flatten()
    }

    fn first(&self) -> &'a str {
        self.scan.word(self.line.first)
    }

    fn line_tokens(&self) -> &'s [Token] {
        self.scan.tokens.get(self.line.first..self.line.end).unwrap_or_default()
    }

    /// The end of the last token of the line.
    fn line_end(&self) -> Span {
        self.line_tokens().last().map_or(Span::new(self.at, self.at), |token| after(token.span))
    }

    /// The innermost bracket that is open before the failure.
    fn bracket(&self) -> Option<(usize, &'a str)> {
        let mut open = Vec::new();
        for index in self.line.first..self.token.min(self.line.end) {
            match self.scan.tokens[index].kind {
                Kind::Open => open.push(index),
                Kind::Close => drop(open.pop()),
                Kind::Word | Kind::Number | Kind::Text | Kind::Operator | Kind::Unknown => {}
            }
        }
        open.pop().map(|index| (index, self.scan.word(index)))
    }

    /// Whether the line has a `:` outside brackets, from its token `from` on.
    fn has_colon(&self) -> bool {
        let mut depth = 0_i32;
        self.line_tokens().iter().any(|token| {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                Kind::Word | Kind::Number | Kind::Text | Kind::Operator | Kind::Unknown => {}
            }
            depth == 0 && token.kind == Kind::Operator && self.scan.text(token.span) == ":"
        })
    }

    fn diagnose(&self, kind: &FailureKind) -> Diagnostic {
        match kind {
            FailureKind::Token if self.get(0).is_some() => self.unexpected_token(),
            FailureKind::Token | FailureKind::Newline => self.unexpected_newline(),
            FailureKind::Indent => {
                let help = "a block follows a line that ends in `:`; a line that goes on stands in brackets";
                let message = "this line is indented, but no block begins here";
                let start = self.get(0).map_or(self.at, |token| token.span.start);
                Diagnostic::new(Code::BadIndentation, Span::new(self.at.min(start), start), message).help(help)
            }
            FailureKind::Dedent | FailureKind::End => self.unexpected_end(),
            FailureKind::NeedsIndent => self.needs_block(),
            FailureKind::Unindent => {
                let message = "this line is indented to no level that is open";
                let help = "give it the indentation of the line that it belongs with";
                Diagnostic::new(Code::BadIndentation, self.span(), message).help(help)
            }
            FailureKind::Escape => self.bad_escape(),
            FailureKind::ParameterOrder => {
                let message = "a parameter without a default follows one with a default";
                let help = "move it before them, or give it a default too";
                Diagnostic::new(Code::ArgumentOrder, self.span(), message).help(help)
            }
            FailureKind::DuplicateParameter(name) => {
                let message = format!("`{name}` is the name of two parameters");
                self.duplicate(name, message)
            }
            FailureKind::DuplicateKeyword(name) => {
                let message = format!("the argument `{name}` is given twice");
                self.duplicate(name, message)
            }
            FailureKind::PositionalAfterKeyword => {
                let message = "a plain argument follows `name=value`";
                let help = "put the plain arguments first, or give this one its name too";
                Diagnostic::new(Code::ArgumentOrder, self.span(), message).help(help)
            }
            FailureKind::UnpackAfterKeywords => {
                let message = "an argument follows `**values`";
                let help = "put `**values` last";
                Diagnostic::new(Code::ArgumentOrder, self.span(), message).help(help)
            }
            FailureKind::Character(c) => {
                let text = c.to_string();
                let length = c.len_utf8() as u32;
                // The parser tells the place after it.
                let start =
                    if self.text_at(self.at).starts_with(*c) { self.at } else { self.at.saturating_sub(length) };
                character::explain(*c, &text, Span::new(start, start + length))
            }
            FailureKind::FString(words) => self.bad_fstring(words),
            FailureKind::Other(words) => self.other(words),
        }
    }

    fn text_at(&self, at: u32) -> &'a str {
        self.scan.text(Span::new(at, self.scan.end()))
    }

    /// The same name twice: the earlier place is shown if it is on the line.
    fn duplicate(&self, name: &str, message: String) -> Diagnostic {
        let diagnostic = Diagnostic::new(Code::DuplicateName, self.span(), message);
        let open = self.bracket().map_or(self.line.first, |(index, _)| index);
        let mut earlier = self.scan.tokens[open.min(self.token)..self.token].iter();
        let earlier = earlier.rfind(|token| token.kind == Kind::Word && self.scan.text(token.span) == name);
        match earlier {
            Some(token) => diagnostic.label(token.span, "the first one"),
            None => diagnostic,
        }
    }

    fn unexpected_newline(&self) -> Diagnostic {
        let Some(before) = self.before() else { return syntax(self.span(), "the line is empty where it should go on") };
        let word = self.scan.text(before.span);
        if let Some(diagnostic) = self.old_statement() {
            return diagnostic;
        }
        if let Some(diagnostic) = self.increment(before) {
            return diagnostic;
        }
        if self.is_header() && !self.has_colon() {
            return self.missing_colon(before);
        }
        if let Some(diagnostic) = self.misspelt_keyword() {
            return diagnostic;
        }
        if let Some(diagnostic) = self.keyword_as_name() {
            return diagnostic;
        }
        if let Some(diagnostic) = self.late_result() {
            return diagnostic;
        }
        if word == ":" && self.first() == "lambda" {
            return syntax(before.span, "a `lambda` needs an expression after its `:`");
        }
        if let Some(diagnostic) = self.half_choice() {
            return diagnostic;
        }
        let message = match before.kind {
            Kind::Operator => format!("a value is missing after `{word}`"),
            Kind::Word if is_keyword(word) => format!("something is missing after `{word}`"),
            Kind::Word | Kind::Number | Kind::Text | Kind::Open | Kind::Close | Kind::Unknown => {
                "the line ends in the middle of a statement".to_owned()
            }
        };
        let mut diagnostic = syntax(before.span, message);
        if before.kind == Kind::Operator {
            diagnostic = diagnostic.help("an expression that goes on in the next line stands in brackets");
        }
        diagnostic
    }

    fn unexpected_token(&self) -> Diagnostic {
        let word = self.word(0);
        let span = self.span();
        let is_first = self.token == self.line.first;
        if is_first {
            return self.unexpected_first(word, span);
        }
        let specific = self
            .old_statement()
            .or_else(|| self.old_operator(word, span))
            .or_else(|| self.foreign_word())
            .or_else(|| self.misspelt_keyword())
            .or_else(|| self.then_word(word, span))
            .or_else(|| self.counting_loop(word))
            .or_else(|| self.comment(word))
            .or_else(|| self.arrow(word, span))
            .or_else(|| self.doubled_operator(word, span))
            .or_else(|| self.equals(word, span))
            .or_else(|| self.keyword_as_name())
            .or_else(|| self.else_if(word, span));
        if let Some(diagnostic) = specific {
            return diagnostic;
        }
        if word == "{" && self.is_header() && !self.has_colon() && self.bracket().is_none() {
            let help = "end the line with `:`, and indent the lines of the block below it";
            return syntax(span, "blocks do not stand in braces").help(help);
        }
        if self.is_header()
            && !self.has_colon()
            && self.bracket().is_none()
            && let Some(before) = self.before()
            && (is_keyword(word) || self.is_operand(-1))
        {
            return self.missing_colon(before);
        }
        if self.first() == "import" && word == "from" {
            let message = "`import … from …` is not Python";
            let (names, module) = (Span::new(self.scan.tokens[self.line.first].span.end, span.start), span.end);
            let rest = Span::new(module, self.line_end().end);
            let (names_text, module) = (self.scan.text(names).trim(), self.scan.text(rest).trim());
            if names_text.is_empty() || module.is_empty() || module.contains([' ', ',']) {
                return syntax(span, message).help("write `from module import name`");
            }
            let whole = self.scan.tokens[self.line.first].span.to(rest);
            let edits = vec![(whole, format!("from {module} import {names_text}"))];
            return syntax(span, message).fix("the module comes first", edits);
        }
        if word == "is" && self.word(-1) == "not" {
            let both = self.scan.tokens[self.token - 1].span.to(span);
            return syntax(both, "`not is` is written `is not`")
                .fix("write `is not`", vec![(both, "is not".to_owned())]);
        }
        if word == "return" && (self.line.first..self.token).any(|index| self.scan.word(index) == "lambda") {
            let next = self.get(1).map_or(span.end, |next| next.span.start);
            return syntax(span, "a `lambda` gives the value of its expression without `return`")
                .fix("take it away", vec![(Span::new(span.start, next), String::new())]);
        }
        if self.first() == "def" && self.token == self.line.first + 2 && word != "(" {
            let message = format!("`{word}` cannot be part of a function's name");
            return syntax(span, message).help("names are made of letters, digits and `_`; then follows `(`");
        }
        let Some(before) = self.before() else {
            return syntax(span, format!("`{}` is not expected here", shortened(word)));
        };
        if self.get(0).is_some_and(|token| token.kind == Kind::Number && token.span.start < self.at) {
            return self.bad_number(span);
        }
        if let Some(diagnostic) = self.two_operands(before, span) {
            return diagnostic;
        }
        if word == "else" && self.bracket().is_some() {
            let help = "a choice between two values stands before the `for`: `[a if test else b for x in xs]`";
            return syntax(span, "the condition of a comprehension has no `else`").help(help);
        }
        let needs_value = self.get(0).is_some_and(|token| matches!(token.kind, Kind::Close | Kind::Operator));
        let left = self.scan.text(before.span);
        let wants = matches!(before.kind, Kind::Operator | Kind::Open)
            || matches!(left, "in" | "not" | "and" | "or" | "is" | "if" | "elif" | "while" | "else" | "lambda");
        if needs_value && wants && word != "." {
            return syntax(span, format!("a value is missing between `{left}` and `{word}`"));
        }
        if is_keyword(word) {
            return syntax(span, format!("the keyword `{word}` cannot stand here"));
        }
        syntax(span, format!("`{}` is not expected here", shortened(word)))
    }

    /// Whether a value can end (or, at 0, begin) with the token there.
    fn is_operand(&self, offset: isize) -> bool {
        let Some(token) = self.get(offset) else { return false };
        match token.kind {
            Kind::Number | Kind::Text => true,
            Kind::Word => {
                let word = self.scan.text(token.span);
                !is_keyword(word) || matches!(word, "None" | "True" | "False")
            }
            Kind::Open => offset >= 0,
            Kind::Close => offset < 0,
            Kind::Operator | Kind::Unknown => false,
        }
    }

    /// Two values without anything between.
    fn two_operands(&self, before: Token, span: Span) -> Option<Diagnostic> {
        if !(self.is_operand(-1) && self.is_operand(0)) {
            return None;
        }
        let both = before.span.to(span);
        let (left, right) = (shortened(self.scan.text(before.span)), shortened(self.scan.text(span)));
        if before.kind == Kind::Text && before.span.end == span.start {
            let diagnostic = syntax(both, format!("the string ends before `{right}`"));
            let text = self.scan.text(before.span);
            let (own, other) = if text.ends_with('"') { ("\"", "'") } else { ("'", "\"") };
            return Some(diagnostic.help(format!(
                "a `{own}` inside a string in `{own}…{own}` ends it: use `{other}` for one of the two"
            )));
        }
        let begins = self.token == self.line.first + 1 || self.scan.word(self.token.wrapping_sub(2)) == "def";
        if before.kind == Kind::Number && before.span.end == span.start && begins {
            return Some(syntax(both, "a name cannot begin with a digit"));
        }
        if before.kind == Kind::Number && before.span.end == span.start {
            let times = Span::new(span.start, span.start);
            let diagnostic = syntax(both, format!("`{left}{right}` is neither a number nor a name"));
            return Some(diagnostic.fix("multiply with `*`", vec![(times, " * ".to_owned())]));
        }
        if matches!(self.scan.text(span), "then" | "do") && self.is_header() {
            let diagnostic = syntax(span, format!("Python has no `{right}`: the line ends in `:`"));
            return Some(diagnostic.fix("take it away", vec![(Span::new(before.span.end, span.end), String::new())]));
        }
        if self.first() == "for" && self.token == self.line.first + 2 && before.kind == Kind::Word {
            let diagnostic = syntax(span, "`in` is missing in this `for`");
            return Some(match right.as_str() {
                "of" | "on" | "from" | "inside" | "at" => diagnostic.fix("write `in`", vec![(span, "in".to_owned())]),
                _ => diagnostic.help("write `for x in values:`"),
            });
        }
        if self.first() == "def" && self.bracket().is_some_and(|(_, open)| open == "(") {
            let diagnostic = syntax(both, "the type of a parameter follows its name, after a `:`");
            let types = ["int", "float", "str", "bool", "list", "dict", "tuple", "set", "complex", "bytes"];
            return Some(if types.contains(&left.as_str()) {
                diagnostic.fix("write the name first", vec![(both, format!("{right}: {left}"))])
            } else {
                diagnostic.help("write `name: type`; between two parameters stands a comma")
            });
        }
        let is_assigned = self.token == self.line.first + 1 && self.word(1) == "=";
        if is_assigned && before.kind == Kind::Word && self.get(0).is_some_and(|token| token.kind == Kind::Word) {
            let help = format!("put the words together with `_`: `{left}_{right}`");
            return Some(syntax(both, "a name cannot hold a space").help(help));
        }
        if self.first() == "import" {
            let place = Span::new(before.span.end, span.start);
            let diagnostic = syntax(both, format!("`as` is missing between `{left}` and `{right}`"));
            return Some(diagnostic.fix("add `as`", vec![(place, " as ".to_owned())]));
        }
        Some(match self.bracket() {
            Some((_, "{")) => syntax(both, format!("`,` or `:` is missing between `{left}` and `{right}`")),
            Some(_) => {
                syntax(both, format!("something is missing between `{left}` and `{right}`")).help("perhaps a comma")
            }
            None => syntax(both, format!("something is missing between `{left}` and `{right}`"))
                .help("perhaps an operator, or a new line"),
        })
    }
}

/// Long strings and numbers would hide the message.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 24 && !text.contains('\n') {
        return text.to_owned();
    }
    let line = text.lines().next().unwrap_or_default();
    format!("{}…", line.chars().take(20).collect::<String>())
}
