//! Turns the tree of rustpython-parser into ours. In: text. Out: statements, functions in `Tree`. Reports: `KU0002`, `KU1xxx`.
//!
//! This file and its folder alone know rustpython-parser. What our tree cannot express is reported here, by name
//! and with what to write instead; conversion then goes on with a stand-in, so that one run shows every problem.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustpython's enums are not ours: expression.rs, statement.rs and pattern.rs list all of them, the rest a few"
)]

mod expression;
mod fstring;
mod function;
mod pattern;
mod statement;
mod target;

use super::ast::{Expr, ExprKind, Ident, Stmt, Tree};
use super::diagnose::{Failure, FailureKind};
use super::{DEEPEST, character};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use rustpython_parser::ast as python;
use rustpython_parser::ast::Ranged;
use rustpython_parser::lexer::LexicalErrorType;
use rustpython_parser::text_size::{TextRange, TextSize};
use rustpython_parser::{Parse, ParseError, ParseErrorType, Tok};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The statements of `text`, whose first byte has the address `start`.
pub(super) fn module(text: &str, start: u32, tree: &mut Tree) -> Result<Vec<Stmt>, Unconverted> {
    let body = python::Suite::parse_starts_at(text, "", TextSize::new(start));
    let body = body.map_err(|error| Unconverted::Syntax(failure(error)))?;
    let mut converter = Converter::new(text, start, tree);
    let body = converter.statements(&body);
    if converter.errors.is_empty() { Ok(body) } else { Err(Unconverted::Unsupported(converter.errors)) }
}

/// Why there is no tree.
pub(super) enum Unconverted {
    /// The text is not Python.
    Syntax(Failure),
    /// It is Python, but not all of it can be converted.
    Unsupported(Vec<Diagnostic>),
}

/// Only parses.
pub(super) fn syntax(text: &str, start: u32) -> Result<(), Failure> {
    python::Suite::parse_starts_at(text, "", TextSize::new(start)).map(drop).map_err(failure)
}

/// What the parser says, in our words.
fn failure(error: ParseError) -> Failure {
    let at = error.offset.to_u32();
    let kind = match error.error {
        ParseErrorType::Eof => FailureKind::End,
        ParseErrorType::UnrecognizedToken(_, Some(expected)) if expected == "Indent" => FailureKind::NeedsIndent,
        ParseErrorType::UnrecognizedToken(token, _) | ParseErrorType::ExtraToken(token) => match token {
            Tok::Newline => FailureKind::Newline,
            Tok::Indent => FailureKind::Indent,
            Tok::Dedent => FailureKind::Dedent,
            _ => FailureKind::Token,
        },
        ParseErrorType::InvalidToken => FailureKind::Token,
        ParseErrorType::Lexical(error) => match error {
            LexicalErrorType::StringError | LexicalErrorType::UnicodeError => FailureKind::Escape,
            LexicalErrorType::IndentationError => FailureKind::NeedsIndent,
            LexicalErrorType::TabError | LexicalErrorType::TabsAfterSpaces => FailureKind::Unindent,
            LexicalErrorType::DefaultArgumentError => FailureKind::ParameterOrder,
            LexicalErrorType::DuplicateArgumentError(name) => FailureKind::DuplicateParameter(name),
            LexicalErrorType::DuplicateKeywordArgumentError(name) => FailureKind::DuplicateKeyword(name),
            LexicalErrorType::PositionalArgumentError => FailureKind::PositionalAfterKeyword,
            LexicalErrorType::UnpackedArgumentError => FailureKind::UnpackAfterKeywords,
            LexicalErrorType::UnrecognizedToken { tok } => FailureKind::Character(tok),
            LexicalErrorType::FStringError(error) => FailureKind::FString(error.to_string()),
            LexicalErrorType::NestingError | LexicalErrorType::LineContinuationError => FailureKind::Token,
            LexicalErrorType::Eof => FailureKind::End,
            LexicalErrorType::OtherError(words) => FailureKind::Other(words),
        },
    };
    Failure { at, kind }
}

/// What a scope is: it decides which statements may stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    Module,
    Function,
    Comprehension,
}

/// How a name was first met in a scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Parameter,
    Used,
    Assigned,
    Global,
    Nonlocal,
}

/// What has been seen of the scope that is being converted.
struct Scope {
    kind: ScopeKind,
    /// For `global` and `nonlocal`, which must come before every other mention.
    names: HashMap<Arc<str>, (Met, Span)>,
    /// Loops around the current statement, inside this scope.
    loops: u32,
    /// Whether a `yield` of this scope was reported.
    yields: bool,
}

struct Converter<'a> {
    text: &'a str,
    start: u32,
    tree: &'a mut Tree,
    errors: Vec<Diagnostic>,
    scopes: Vec<Scope>,
    depth: u32,
    names: HashSet<Arc<str>>,
}

impl<'a> Converter<'a> {
    fn new(text: &'a str, start: u32, tree: &'a mut Tree) -> Self {
        let module = Scope { kind: ScopeKind::Module, names: HashMap::new(), loops: 0, yields: false };
        let names = HashSet::new();
        Self { text, start, tree, errors: Vec::new(), scopes: vec![module], depth: 0, names }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// Reports and gives the stand-in for the expression at `span`.
    fn refuse(&mut self, diagnostic: Diagnostic) -> Expr {
        let span = diagnostic.span();
        self.report(diagnostic);
        Expr { kind: ExprKind::None, span }
    }

    /// Goes one level down, or reports once that there are too many levels. Every `true` is followed by [`Self::rise`].
    ///
    /// This recursion must fit a stack of one megabyte unoptimised too. So it has few and small frames: no closures,
    /// and the arms of the large matches call a function each.
    fn descend(&mut self, span: Span) -> bool {
        if self.depth < DEEPEST {
            self.depth += 1;
            return true;
        }
        if !self.errors.iter().any(|error| error.code == Code::Limit) {
            let message = format!("this is nested more than {DEEPEST} levels deep");
            let help = "split it: give the inner parts names of their own, or use a loop or a list";
            self.report(Diagnostic::new(Code::Limit, span, message).help(help));
        }
        false
    }

    fn rise(&mut self) {
        self.depth -= 1;
    }

    /// The scope that is being converted.
    fn scope(&mut self) -> &mut Scope {
        self.scopes.last_mut().expect("the module's scope stays")
    }

    /// The innermost scope that is not a comprehension: where `:=` binds and `return` returns from.
    fn function_scope(&mut self) -> &mut Scope {
        let function = self.scopes.iter_mut().rfind(|scope| scope.kind != ScopeKind::Comprehension);
        function.expect("the module's scope stays")
    }

    fn enter_scope(&mut self, kind: ScopeKind) {
        self.scopes.push(Scope { kind, names: HashMap::new(), loops: 0, yields: false });
    }

    fn leave_scope(&mut self) {
        self.scopes.pop();
    }

    fn meet(&mut self, name: &Arc<str>, met: Met, span: Span) {
        self.scope().names.entry(name.clone()).or_insert((met, span));
    }

    /// Shares the text of equal names.
    fn name(&mut self, name: &str) -> Arc<str> {
        if !name.is_ascii() {
            let normal: String = name.chars().map(character::normal).collect();
            return self.share(&normal);
        }
        self.share(name)
    }

    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(name) = self.names.get(name) {
            return name.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }

    /// The text at addresses; empty where they are not in the text.
    fn source(&self, span: Span) -> &'a str {
        let (start, end) = (span.start.wrapping_sub(self.start), span.end.wrapping_sub(self.start));
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// An identifier whose place the parser does not tell: the first such word inside `within`.
    fn ident_within(&mut self, name: &str, within: Span) -> Ident {
        let text = self.source(within);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let found = text
            .match_indices(name)
            .map(|(at, _)| at)
            .find(|at| !text[..*at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word));
        let start = within.start + found.unwrap_or_default() as u32;
        self.ident(name, Span::new(start, start + name.len() as u32))
    }

    fn ident(&mut self, name: &str, span: Span) -> Ident {
        // The parser takes emoji for names; Python does not.
        if let Some(first) = name.chars().next().filter(|first| !first.is_ascii() && !first.is_alphabetic()) {
            let place = Span::new(span.start, span.start + first.len_utf8() as u32);
            self.report(character::explain(first, name, place));
        }
        Ident { text: self.name(name), span }
    }
}

fn span_of(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

fn span(node: &impl Ranged) -> Span {
    span_of(node.range())
}
