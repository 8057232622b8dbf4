//! A first look at the text: tokens, lines, brackets. In: text. Out: `Scan`. Reports: KU0002, KU1002, KU1003, KU1005 to
//! KU1007, KU1009.
//!
//! The parser stops at its first error and says little about it; this reads on. It also keeps from the parser what would
//! make it (or any later phase, which all recurse over the tree) run out of stack, and judges tabs as CPython does.

mod line;
mod literal;
mod token;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The longest file. Addresses have 32 bits, and no program that is written by people comes near.
pub(super) const LONGEST: usize = 1 << 24;
/// CPython's own limit of blocks inside blocks.
const MOST_BLOCKS: usize = 100;
/// How many operators the parser is given in one expression. Its tree takes a stack frame each when it is dropped;
/// `convert` then refuses trees that are deeper than [`super::DEEPEST`].
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
    /// Where tabs indent lines, comments too; the parser is stricter about them than CPython.
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
        let before = self.scan.tokens.last().map_or("", |before| self.scan.text(before.span));
        if before == "**" && matches!(self.scan.text(token.span), ")" | "," | ":") {
            // The parser takes `def f(**)`.
            let place = self.scan.tokens[self.scan.tokens.len() - 1].span;
            let message = "a name or a value is missing after `**`";
            self.scan.fatal.push(Diagnostic::new(Code::InvalidSyntax, place, message));
        }
        self.scan.tokens.push(token);
        token
    }

    fn too_many(&mut self, place: Span, message: &str) {
        let help = "split it: give parts of it names or functions of their own";
        self.scan.fatal.push(Diagnostic::new(Code::Limit, place, message).help(help));
    }
}
