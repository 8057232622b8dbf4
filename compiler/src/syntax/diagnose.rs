//! Says what is wrong where the parser failed. In: `Failure`, `Scan`. Out: `Diagnostic`. Reports: KU1001, KU1004, KU1005,
//! KU1008, KU1009, KU1012, KU1014, KU1016, KU1017.
//!
//! The parser tells only at which token it gave up. The words around it usually show which of the common slips it was.

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
            FailureKind::Token => self.unexpected_newline(),
            FailureKind::Newline => self.unexpected_newline(),
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
        let earlier = self.scan.tokens[open.min(self.token)..self.token].iter();
        let earlier = earlier.filter(|token| token.kind == Kind::Word && self.scan.text(token.span) == name);
        match earlier.last() {
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
        if let Some(diagnostic) = self.keyword_as_name() {
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

    /// `x++` and `x--`.
    fn increment(&self, before: Token) -> Option<Diagnostic> {
        let sign = self.scan.text(before.span);
        let earlier = self.get(-2)?;
        let is_double =
            matches!(sign, "+" | "-") && self.scan.text(earlier.span) == sign && earlier.span.end == before.span.start;
        if !is_double {
            return None;
        }
        let both = earlier.span.to(before.span);
        let diagnostic = syntax(both, format!("Python has no `{sign}{sign}`"));
        let is_whole = self.token == self.line.first + 3 && self.token == self.line.end;
        if is_whole {
            return Some(diagnostic.fix("add one with an assignment", vec![(both, format!(" {sign}= 1"))]));
        }
        Some(diagnostic.help(format!("write `x {sign}= 1` as a statement of its own")))
    }

    /// `x if test` without `else`.
    fn half_choice(&self) -> Option<Diagnostic> {
        let tokens = self.line.first + 1..self.token.min(self.line.end);
        let choice = tokens.clone().rfind(|index| self.scan.word(*index) == "if")?;
        let is_complete = (choice..tokens.end).any(|index| self.scan.word(index) == "else");
        let help = "write `a if test else b`; to do nothing otherwise, write the statement under an `if` of its own";
        let diagnostic = syntax(self.scan.tokens[choice].span, "an `if` inside an expression needs an `else`");
        (!is_complete && !self.is_header()).then(|| diagnostic.help(help))
    }

    /// Whether the line begins like one that opens a block.
    fn is_header(&self) -> bool {
        let first = self.first();
        if matches!(first, "match" | "case") {
            let second = self.line_tokens().get(1);
            return second.is_some_and(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Text));
        }
        HEADERS.contains(&first) || (first == "async" && HEADERS.contains(&self.scan.word(self.line.first + 1)))
    }

    fn missing_colon(&self, before: Token) -> Diagnostic {
        // `match x` without a colon is two names for the parser.
        let is_soft = matches!(self.first(), "match" | "case");
        let place = if is_soft { self.line_end() } else { after(before.span) };
        let message = format!("`:` is missing at the end of the `{}` line", self.first());
        Diagnostic::new(Code::MissingColon, place, message).fix("add the colon", vec![(place, ":".to_owned())])
    }

    fn needs_block(&self) -> Diagnostic {
        // The failure is on the line after the one that ends in a colon, or at the end of the text.
        let ends_in_colon = |line: &Line| self.scan.word(line.end.wrapping_sub(1)) == ":";
        let before = self.scan.lines[..self.scan.lines.len().min(self.number + 1)].iter().rev();
        let header = before.filter(|line| ends_in_colon(line)).next();
        let place = match self.get(0) {
            Some(token) if token.span.start == self.at => token.span,
            _ => Span::new(self.at, self.at),
        };
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
    fn unexpected_end(&self) -> Diagnostic {
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
    fn lone_try(&self) -> Option<Diagnostic> {
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

    fn lone_decorator(&self) -> Option<Diagnostic> {
        let at_end = self.token >= self.scan.tokens.len();
        let above = if at_end { self.scan.lines.len() } else { self.number };
        let above = self.scan.lines[..above].last()?;
        if self.scan.word(above.first) != "@" {
            return None;
        }
        let place = self.scan.tokens[above.first].span.to(self.scan.tokens[above.end - 1].span);
        Some(syntax(place, "a decorator must stand directly above a `def`"))
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
            .or_else(|| self.doubled_operator(word, span))
            .or_else(|| self.equals(word, span))
            .or_else(|| self.keyword_as_name())
            .or_else(|| self.else_if(word, span));
        if let Some(diagnostic) = specific {
            return diagnostic;
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
            let help = "write `from module import name`";
            return syntax(span, "`import … from …` is not Python").help(help);
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
        if needs_value && matches!(before.kind, Kind::Operator | Kind::Open) && word != "." {
            let left = self.scan.text(before.span);
            return syntax(span, format!("a value is missing between `{left}` and `{word}`"));
        }
        if is_keyword(word) {
            return syntax(span, format!("the keyword `{word}` cannot stand here"));
        }
        syntax(span, format!("`{}` is not expected here", shortened(word)))
    }

    /// A token that begins a line.
    fn unexpected_first(&self, word: &str, span: Span) -> Diagnostic {
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
                syntax(span, format!("`{}` cannot begin a statement", shortened(word)))
            }
        }
    }

    /// `print x`, `except E, e:`, `raise E, x`.
    fn old_statement(&self) -> Option<Diagnostic> {
        let first = self.first();
        let head = self.scan.tokens.get(self.line.first)?.span;
        let second = self.scan.tokens.get(self.line.first + 1)?;
        let word = self.word(0);
        match first {
            "print" | "exec" if self.token <= self.line.first + 2 && second.kind != Kind::Open => {
                let is_value =
                    matches!(second.kind, Kind::Word | Kind::Number | Kind::Text) && second.span.start > head.end;
                if !is_value {
                    return None;
                }
                let message = format!("`{first}` is a function: its arguments stand in brackets");
                let diagnostic = Diagnostic::new(Code::OldPython, head, message);
                let last = self.scan.word(self.line.end.wrapping_sub(1));
                if first == "exec" || last == "," {
                    return Some(diagnostic.help("write `print(…)`, with `end=\"\"` to stay on the line"));
                }
                let edits =
                    vec![(Span::new(head.end, second.span.start), "(".to_owned()), (self.line_end(), ")".to_owned())];
                Some(diagnostic.fix("add the brackets", edits))
            }
            "except" if word == "," => {
                let comma = self.span();
                let message = "several exceptions stand in brackets, and a name for the exception follows `as`";
                let diagnostic = Diagnostic::new(Code::OldPython, comma, message);
                let next = self.get(1)?;
                if self.token == self.line.first + 2 && self.scan.word(self.token + 2) == ":" {
                    let is_class = self.scan.text(next.span).starts_with(char::is_uppercase);
                    if !is_class {
                        let edits = vec![(Span::new(comma.start, next.span.start), " as ".to_owned())];
                        return Some(diagnostic.fix("name the exception with `as`", edits));
                    }
                }
                Some(diagnostic.help("write `except (KeyError, ValueError):` or `except ValueError as error:`"))
            }
            "raise" if word == "," => {
                let message = "the message of an exception is its argument";
                let help = "write `raise ValueError(\"…\")`";
                Some(Diagnostic::new(Code::OldPython, self.span(), message).help(help))
            }
            _ => None,
        }
    }

    /// `<>`.
    fn old_operator(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let before = self.before()?;
        if word == ">" && self.scan.text(before.span) == "<" && before.span.end == span.start {
            let both = before.span.to(span);
            let diagnostic = Diagnostic::new(Code::OldPython, both, "`<>` is written `!=`");
            return Some(diagnostic.fix("write `!=`", vec![(both, "!=".to_owned())]));
        }
        None
    }

    /// A line that begins with a word of another language.
    fn foreign_word(&self) -> Option<Diagnostic> {
        let (meaning, replacement) = match self.first() {
            "function" | "func" | "fn" | "fun" | "sub" => ("a function begins with `def`", "def"),
            "elseif" | "elsif" => ("`else if` is written `elif`", "elif"),
            "let" | "var" | "const" | "int" | "float" | "double" | "auto" | "string" => {
                ("a variable is made by assigning to it: `x = 1`, or `x: int = 1` to say its type", "")
            }
            "switch" => ("to choose between values, use `match`", "match"),
            "foreach" => ("a loop over values is written `for x in values:`", "for"),
            "until" | "do" | "unless" | "end" | "then" | "begin" => ("Python has no such keyword", ""),
            _ => return None,
        };
        // Only a word that is followed by another one begins such a statement.
        let second = self.scan.tokens.get(self.line.first + 1)?;
        if self.token != self.line.first + 1 || !matches!(second.kind, Kind::Word | Kind::Open) {
            return None;
        }
        let head = self.scan.tokens[self.line.first].span;
        let diagnostic = syntax(head, meaning);
        Some(match replacement {
            "" => diagnostic,
            _ => diagnostic.fix(format!("write `{replacement}`"), vec![(head, replacement.to_owned())]),
        })
    }

    /// `&&`, `||`, `=<`, `=>`, `===`, `!==`.
    fn doubled_operator(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let before = self.before()?;
        if before.span.end != span.start {
            return None;
        }
        let left = self.scan.text(before.span);
        let replacement = match (left, word) {
            ("&", "&") => "and",
            ("|", "|") => "or",
            ("=", "<") => "<=",
            ("=", ">") => ">=",
            ("==", "=") => "==",
            ("!=", "=") => "!=",
            _ => return None,
        };
        let both = before.span.to(span);
        // `a&&b` needs spaces around the word.
        let is_word = matches!(replacement, "and" | "or");
        let left_space =
            if is_word && self.get(-2).is_some_and(|token| token.span.end == both.start) { " " } else { "" };
        let right_space =
            if is_word && self.get(1).is_some_and(|token| token.span.start == both.end) { " " } else { "" };
        let text = format!("{left_space}{replacement}{right_space}");
        let message = format!("`{left}{word}` is written `{replacement}`");
        Some(syntax(both, message).fix(format!("write `{replacement}`"), vec![(both, text)]))
    }

    /// `=` and `:=` where they cannot stand.
    fn equals(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let first = self.first();
        let bracket = self.bracket();
        if word == ":=" {
            if bracket.is_none() && self.token == self.line.first + 1 {
                let message = "`:=` stands inside an expression; a statement assigns with `=`";
                let diagnostic = Diagnostic::new(Code::AssignmentInExpression, span, message);
                return Some(diagnostic.fix("write `=`", vec![(span, "=".to_owned())]));
            }
            let message = "`:=` cannot stand here";
            let help = "put it in brackets, with a plain name on its left: `(n := len(x))`";
            return Some(Diagnostic::new(Code::AssignmentInExpression, span, message).help(help));
        }
        if word != "=" {
            return None;
        }
        // `f(lambda=1)` is about the keyword.
        if self.before().is_some_and(|token| is_keyword(self.scan.text(token.span))) {
            return None;
        }
        if matches!(first, "if" | "elif" | "while" | "assert" | "return") || (bracket.is_some() && !self.in_call()) {
            let message = "`=` assigns and cannot stand inside an expression; `==` compares";
            let diagnostic = Diagnostic::new(Code::AssignmentInExpression, span, message);
            if let Some((_, "{")) = bracket {
                return Some(diagnostic.help("in a dict, a key and its value are written `key: value`"));
            }
            return Some(diagnostic.fix("compare with `==`", vec![(span, "==".to_owned())]));
        }
        if bracket.is_some() {
            let message = "the left side of `=` in a call must be the name of a parameter";
            let help = "to compare, write `==`";
            return Some(Diagnostic::new(Code::AssignmentInExpression, span, message).help(help));
        }
        None
    }

    /// Whether the innermost bracket is that of a call: it follows a name or a closing bracket directly.
    fn in_call(&self) -> bool {
        let Some((index, "(")) = self.bracket() else { return false };
        let Some(before) = index.checked_sub(1).filter(|before| *before >= self.line.first) else { return false };
        let token = self.scan.tokens[before];
        match token.kind {
            Kind::Close => true,
            Kind::Word => !is_keyword(self.scan.text(token.span)),
            Kind::Number | Kind::Text | Kind::Operator | Kind::Open | Kind::Unknown => false,
        }
    }

    /// `lambda = 550e-9`, `def from(x):`, `f(lambda=1)`.
    fn keyword_as_name(&self) -> Option<Diagnostic> {
        let is_assigned = |index: usize| {
            let next = self.scan.word(index + 1);
            is_keyword(self.scan.word(index)) && matches!(next, "=" | "+=" | "-=" | "*=" | "/=")
        };
        let before = self.token.checked_sub(1).filter(|before| *before >= self.line.first);
        let index = if is_assigned(self.line.first) {
            self.line.first
        } else if let Some(before) = before.filter(|before| is_assigned(*before)) {
            before
        } else if is_keyword(self.word(0))
            && (is_assigned(self.token)
                || before.is_some_and(|at| matches!(self.scan.word(at), "def" | "class" | "." | "as" | "global"))
                || (self.first() == "def" && self.bracket().is_some()))
        {
            self.token
        } else {
            return None;
        };
        let word = self.scan.word(index);
        if matches!(word, "None" | "True" | "False") {
            return None;
        }
        let message = format!("`{word}` is a keyword and cannot be a name");
        Some(syntax(self.scan.tokens[index].span, message).help(format!("use another name, by custom `{word}_`")))
    }

    fn else_if(&self, word: &str, span: Span) -> Option<Diagnostic> {
        if word != "if" || self.first() != "else" || self.token != self.line.first + 1 {
            return None;
        }
        let both = self.scan.tokens[self.line.first].span.to(span);
        Some(syntax(both, "`else if` is written `elif`").fix("write `elif`", vec![(both, "elif".to_owned())]))
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
        if before.kind == Kind::Number && before.span.end == span.start {
            let times = Span::new(span.start, span.start);
            let diagnostic = syntax(both, format!("`{left}{right}` is neither a number nor a name"));
            return Some(diagnostic.fix("multiply with `*`", vec![(times, " * ".to_owned())]));
        }
        if matches!(self.scan.text(span), "then" | "do") && self.is_header() {
            let diagnostic = syntax(span, format!("Python has no `{right}`: the line ends in `:`"));
            return Some(diagnostic.fix("take it away", vec![(Span::new(before.span.end, span.end), String::new())]));
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
                .help("perhaps an operator, or one of the two is too many"),
        })
    }

    /// The string around the failure; the parser tells a place inside it or just past it.
    fn string(&self) -> Option<Token> {
        let covers =
            |token: &&Token| token.kind == Kind::Text && token.span.start <= self.at && self.at <= token.span.end;
        let near = self.token.saturating_sub(1)..(self.token + 1).min(self.scan.tokens.len());
        self.scan.tokens[near].iter().find(covers).copied()
    }

    fn bad_escape(&self) -> Diagnostic {
        let Some(string) = self.string() else {
            return Diagnostic::new(Code::InvalidString, self.span(), "this escape is not complete");
        };
        // The last backslash before the place is that of the escape.
        let head = self.scan.text(Span::new(string.span.start, self.at.max(string.span.start)));
        let text = self.scan.text(string.span);
        let (start, kind) = match head.rfind('\\') {
            Some(at) => (string.span.start + at as u32, text[at + 1..].chars().next().unwrap_or('\\')),
            None => (string.span.start, '\\'),
        };
        let needs = match kind {
            'x' => "`\\x` needs two hexadecimal digits",
            'u' => "`\\u` needs four hexadecimal digits",
            'U' => "`\\U` needs eight hexadecimal digits, at most `0010ffff`",
            'N' => "`\\N{…}` needs the Unicode name of a character",
            _ => "this escape is not complete",
        };
        let length = if start == string.span.start { text.len() as u32 } else { 2 };
        let diagnostic = Diagnostic::new(Code::InvalidString, Span::new(start, start + length), needs);
        if text.starts_with(['"', '\'']) {
            let place = Span::new(string.span.start, string.span.start);
            return diagnostic
                .fix("make it a raw string, where `\\` is an ordinary character", vec![(place, "r".to_owned())]);
        }
        diagnostic.help("double the backslash to write one")
    }

    fn bad_fstring(&self, words: &str) -> Diagnostic {
        let place = self.string().map_or_else(|| self.span(), |token| token.span);
        let text = self.scan.text(place);
        let diagnostic = |message: &str| Diagnostic::new(Code::InvalidString, place, message);
        if words.contains("single '}'") {
            return diagnostic("a `}` closes no `{` in this f-string").help("to write a brace, double it: `}}`");
        }
        if words.contains("empty expression") {
            return diagnostic("a replacement field of this f-string is empty")
                .help("to write braces, double them: `{{}}`");
        }
        if words.contains("expecting '}'") || words.contains("unclosed") {
            return diagnostic("a `{` of this f-string is not closed, or its expression is not one Python reads")
                .help("to write a brace, double it: `{{`");
        }
        if words.contains("too deeply") {
            return diagnostic("replacement fields are nested too deeply in this f-string");
        }
        if words.contains("conversion") {
            return diagnostic("after `!` in a replacement field stands `r`, `s` or `a`");
        }
        if text.contains('\\') && words.contains("unterminated") {
            return diagnostic(
                "a replacement field of this f-string holds a backslash, or a string that is not closed",
            )
            .help("Python 3.11 allows no backslash there: give the expression a name first");
        }
        diagnostic("a replacement field of this f-string is no expression").help(
            "between `{` and `}` (or `!` or `:`) stands what could stand in brackets; to write a brace, double it",
        )
    }

    fn other(&self, words: &str) -> Diagnostic {
        let number = self.token.checked_sub(1).and_then(|index| self.scan.tokens.get(index)).copied();
        let number = [self.get(0), number]
            .into_iter()
            .flatten()
            .find(|token| token.kind == Kind::Number && token.span.start <= self.at && self.at <= token.span.end);
        if let Some(number) = number {
            return self.bad_number(number.span);
        }
        if words.contains("bytes") {
            let place = self.string().map_or_else(|| self.span(), |token| token.span);
            let message = if words.contains("mix") {
                "strings and bytes cannot be joined"
            } else {
                "bytes hold ASCII characters only"
            };
            let help = "write other bytes as `\\xff`, or encode a string: `\"…\".encode()`";
            return Diagnostic::new(Code::InvalidString, place, message).help(help);
        }
        if words.contains("bare *") {
            return Diagnostic::new(Code::ArgumentOrder, self.span(), "parameters must follow a bare `*`")
                .help("those after it can only be given by name");
        }
        if words.contains("starred expression") {
            let help =
                "`*value` unpacks into a call, a list, a tuple or a set; with a comma it is a tuple: `(*value,)`";
            return Diagnostic::new(Code::MisplacedStatement, self.span(), "`*` cannot stand here").help(help);
        }
        if words.contains("'_' as a target") {
            let message = "`_` takes no value in a pattern";
            return Diagnostic::new(Code::InvalidPattern, self.span(), message).help("use another name after `as`");
        }
        syntax(self.span(), words.to_owned())
    }

    fn bad_number(&self, span: Span) -> Diagnostic {
        let text = self.scan.text(span);
        let digits = text.trim_start_matches('0');
        let is_decimal = text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit());
        if is_decimal && digits.chars().all(|c| c < '8') {
            let diagnostic = Diagnostic::new(Code::OldPython, span, "octal numbers begin with `0o`");
            return diagnostic.fix("write it as octal", vec![(span, format!("0o{digits}"))]);
        }
        if is_decimal {
            let diagnostic = Diagnostic::new(Code::OldPython, span, "a decimal number cannot begin with `0`");
            return diagnostic.fix("take the zeros off", vec![(span, digits.to_owned())]);
        }
        syntax(span, format!("`{}` is not a number", shortened(text)))
            .help("`_` may stand between two digits, and `0x`, `0o`, `0b` need digits of their kind")
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
