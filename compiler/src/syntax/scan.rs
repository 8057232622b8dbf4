//! A first look at the text: tokens, lines, brackets. In: text. Out: `Scan`. Reports: KU0002, KU1002, KU1003, KU1005 to
//! KU1007, KU1009.
//!
//! The parser stops at its first error and says little about it; this reads on. It also keeps from the parser what would
//! make it (or any later phase, which all recurse over the tree) run out of stack, and judges tabs as CPython does.

use super::{DEEPEST, character};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The longest file. Addresses have 32 bits, and no program that is written by people comes near.
pub(super) const LONGEST: usize = 1 << 24;
/// CPython's own limit of blocks inside blocks.
const MOST_BLOCKS: usize = 100;
/// How many operators the parser is given in one expression. Its tree takes a stack frame each when it is dropped;
/// `convert` then refuses trees that are deeper than [`DEEPEST`].
const MOST_OPERATORS: u32 = 1000;
/// CPython's own limit of digits.
const MOST_DIGITS: usize = 4300;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word,
    Number,
    Text,
    /// An operator or delimiter that is not a bracket.
    Operator,
    Open,
    Close,
    /// A character that Python does not know.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// A logical line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Index of its first token.
    pub(super) first: usize,
    /// Index after its last token.
    pub(super) end: usize,
    /// How many characters it is indented by.
    pub(super) indent: u32,
}

/// What the first look found.
pub(super) struct Scan<'a> {
    text: &'a str,
    start: u32,
    pub(super) tokens: Vec<Token>,
    pub(super) lines: Vec<Line>,
    /// What the parser must not see: it would run out of stack or of time, or judge it otherwise than CPython.
    pub(super) fatal: Vec<Diagnostic>,
    /// What explains that the parser fails.
    pub(super) problems: Vec<Diagnostic>,
    /// Where tabs indent lines; the parser is stricter about them than CPython.
    tabs: Vec<usize>,
}

impl<'a> Scan<'a> {
    /// Looks through `text`, whose first byte has the address `start`.
    pub(super) fn new(text: &'a str, start: u32) -> Self {
        let scan = Scan {
            text,
            start,
            tokens: Vec::with_capacity(text.len() / 4),
            lines: Vec::new(),
            fatal: Vec::new(),
            problems: Vec::new(),
            tabs: Vec::new(),
        };
        if text.len() > LONGEST {
            let mut scan = scan;
            let message = format!("this file is longer than {} megabytes", LONGEST >> 20);
            scan.fatal.push(Diagnostic::new(Code::Limit, Span::new(start, start), message));
            return scan;
        }
        let mut scanner = Scanner {
            scan,
            at: 0,
            brackets: Vec::new(),
            operators: vec![0],
            indents: vec![Indent { column: 0, characters: 0, branches: 0 }],
        };
        scanner.run();
        scanner.scan
    }

    /// The text with every tab that indents a line as a space. That changes no offset, and no block either: lines
    /// whose order depended on the width of a tab were refused.
    pub(super) fn without_tabs(&self) -> Option<String> {
        if self.tabs.is_empty() {
            return None;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for tab in &self.tabs {
            text.push_str(&self.text[from..*tab]);
            text.push(' ');
            from = tab + 1;
        }
        text.push_str(&self.text[from..]);
        Some(text)
    }

    /// The text at addresses.
    pub(super) fn text(&self, span: Span) -> &'a str {
        let (start, end) = (span.start.wrapping_sub(self.start), span.end.wrapping_sub(self.start));
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The address after the last byte.
    pub(super) fn end(&self) -> u32 {
        self.start + self.text.len() as u32
    }

    /// The text of a token; empty where there is none.
    pub(super) fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| self.text(token.span))
    }
}

/// An open block.
struct Indent {
    /// With tabs up to the next multiple of eight.
    column: u32,
    /// With tabs as one.
    characters: u32,
    /// How many `elif` the `if` at this indentation has so far: each is a level of the tree.
    branches: u32,
}

struct Scanner<'a> {
    scan: Scan<'a>,
    /// Offset of the next byte.
    at: usize,
    /// The open brackets.
    brackets: Vec<Token>,
    /// Operators since the last comma, one number for each open bracket and one for the line.
    operators: Vec<u32>,
    indents: Vec<Indent>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while self.at < self.scan.text.len() && self.scan.fatal.is_empty() {
            self.line();
        }
        while let Some(open) = self.brackets.pop() {
            self.unclosed(open);
        }
    }

    fn bytes(&self) -> &[u8] {
        self.scan.text.as_bytes()
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.bytes().get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.scan.start + start as u32, self.scan.start + self.at as u32)
    }

    fn push(&mut self, kind: Kind, start: usize) -> Token {
        let token = Token { kind, span: self.span(start) };
        self.scan.tokens.push(token);
        token
    }

    /// One logical line, or several where a bracket stays open.
    fn line(&mut self) {
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
    fn indentation(&mut self) -> Option<(u32, u32)> {
        let mut tabs = Vec::new();
        let (mut column, mut characters) = (0, 0);
        while self.at < self.scan.text.len() {
            match self.byte(0) {
                b' ' => (column, characters) = (column + 1, characters + 1),
                b'\t' => {
                    tabs.push(self.at);
                    // To the next multiple of eight, as in CPython's tokenizer.
                    (column, characters) = ((column / 8 + 1) * 8, characters + 1);
                }
                0x0c => (column, characters) = (0, 0),
                b'\n' | b'\r' => {
                    tabs.clear();
                    (column, characters) = (0, 0);
                }
                b'#' => {
                    self.skip_comment();
                    continue;
                }
                _ => {
                    self.scan.tabs.append(&mut tabs);
                    return Some((column, characters));
                }
            }
            self.at += 1;
        }
        None
    }

    /// Opens and closes blocks before a line that starts with `word`.
    fn block(&mut self, column: u32, characters: u32, word: &str, start: usize) {
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

    fn too_many(&mut self, place: Span, message: &str) {
        let help = "split it: give parts of it names or functions of their own";
        self.scan.fatal.push(Diagnostic::new(Code::Limit, place, message).help(help));
    }

    fn skip_comment(&mut self) {
        while self.at < self.scan.text.len() && !matches!(self.byte(0), b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// `\` at the end of a line.
    fn continuation(&mut self) {
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

    fn token(&mut self) {
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

    fn word(&mut self, start: usize) {
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

    fn number(&mut self, start: usize) {
        let mut last = 0;
        loop {
            let byte = self.byte(0);
            let signs_exponent = matches!(byte, b'+' | b'-')
                && matches!(last, b'e' | b'E')
                && !matches!(self.bytes().get(start + 1), Some(b'x' | b'X'))
                && self.byte(1).is_ascii_digit();
            if !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || signs_exponent) {
                break;
            }
            last = byte;
            self.at += 1;
        }
        // `1if x` is `1 if x`: what cannot belong to a number is the next word.
        let text = &self.scan.text[start..self.at];
        let is_radix = text.starts_with('0') && text.len() > 1 && text.as_bytes()[1].is_ascii_alphabetic();
        if !is_radix {
            let tail = text.char_indices().find(|(at, c)| {
                let exponent = matches!(c, 'e' | 'E')
                    && text[at + 1..].trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
                c.is_ascii_alphabetic() && !exponent && !(matches!(c, 'j' | 'J') && at + 1 == text.len())
            });
            if let Some((at, _)) = tail {
                self.at = start + at;
            }
        }
        let token = self.push(Kind::Number, start);
        if self.at - start > MOST_DIGITS {
            let message = "this number has too many digits";
            let help = "an `int` has 64 bits: it goes up to 9223372036854775807";
            self.scan.fatal.push(Diagnostic::new(Code::LiteralRange, token.span, message).help(help));
        }
    }

    /// A string; the text from `start` up to here is its prefix.
    fn string(&mut self, start: usize) {
        let formatted = self.scan.text[start..self.at].contains(['f', 'F']);
        let opening = self.at;
        let quote = self.byte(0);
        let triple = self.bytes().get(self.at..self.at + 3) == Some(&[quote; 3][..]);
        self.at += if triple { 3 } else { 1 };
        // Depth of braces and how much has been seen of the replacement field that is open.
        let (mut braces, mut field) = (0_u32, 0_u32);
        loop {
            let byte = self.byte(0);
            if self.at >= self.scan.text.len() || (!triple && matches!(byte, b'\n' | b'\r')) {
                let opening = Span::new(self.scan.start + opening as u32, self.span(start).end);
                let quotes = self.scan.text[start..].chars().filter(|c| matches!(c, '"' | '\'')).take(if triple {
                    3
                } else {
                    1
                });
                let message = format!("this string is not closed by `{}`", quotes.collect::<String>());
                let mut diagnostic = Diagnostic::new(Code::UnterminatedString, opening, message).here("it starts here");
                if !triple {
                    diagnostic =
                        diagnostic.help("a string ends on its line; a text of several lines stands in `\"\"\"`");
                }
                self.scan.problems.push(diagnostic);
                break;
            }
            self.at += 1;
            match byte {
                b'\\' => self.at += usize::from(self.at < self.scan.text.len()),
                _ if byte == quote => {
                    if !triple {
                        break;
                    }
                    if self.bytes().get(self.at..self.at + 2) == Some(&[quote; 2][..]) {
                        self.at += 2;
                        break;
                    }
                }
                b'{' => braces += 1,
                b'}' => braces = braces.saturating_sub(1),
                _ => {}
            }
            // What is no letter or digit may be an operator, and an operator is a level of the tree.
            field = if braces == 0 { 0 } else { field + u32::from(!byte.is_ascii_alphanumeric()) };
            if formatted && field > MOST_OPERATORS {
                self.too_many(self.span(start), "this replacement field is too long");
                return;
            }
        }
        // An escape may have stepped into a character of several bytes.
        while !self.scan.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.push(Kind::Text, start);
    }

    fn operator(&mut self, start: usize) -> bool {
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

    fn count_operator(&mut self) {
        if let Some(operators) = self.operators.last_mut() {
            *operators += 1;
            // The sum is only looked at where it can have become too much.
            if (*operators).is_multiple_of(16) && self.operators.iter().sum::<u32>() > MOST_OPERATORS {
                let place = Span::new(self.scan.start + self.at as u32, self.scan.start + self.at as u32);
                self.too_many(place, "this expression has too many operators");
            }
        }
    }

    fn close(&mut self, start: usize) {
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

    fn unclosed(&mut self, open: Token) {
        let text = self.scan.text(open.span);
        let message = format!("`{text}` is never closed");
        let diagnostic = Diagnostic::new(Code::UnclosedBracket, open.span, message).here("this bracket stays open");
        self.scan.problems.push(diagnostic);
    }

    /// At a line inside brackets that begins like a statement: the brackets were forgotten, and what follows can be
    /// read as if they were not there.
    fn give_up_bracket(&mut self) {
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

    fn unknown(&mut self, start: usize, first: char) {
        self.at += first.len_utf8();
        if let Some(closing) = character::closing_quote(first) {
            // The words between typographic quotes are a text: one report for all of it.
            let line = self.scan.text[self.at..].lines().next().unwrap_or_default();
            if let Some((at, close)) = line.char_indices().find(|(_, c)| closing.contains(*c)) {
                self.at += at + close.len_utf8();
            }
        }
        let token = self.push(Kind::Unknown, start);
        let diagnostic = character::explain(first, self.scan.text(token.span), token.span);
        self.scan.problems.push(diagnostic);
    }
}
