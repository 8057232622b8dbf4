//! The library, written in the language itself: an index of `compiler/prelude/*.py` by top-level name.
//! In: the files, built in. Out: `Prelude::function`, `Prelude::constant`, each parsed when it is first reached.

pub mod intrinsics;

use crate::arena::{Arena, Id};
use crate::source::{File, Origin, Sources, Span};
use crate::syntax;
use crate::syntax::ast::{Expr, FunctionId, StmtKind, Tree};
use std::collections::HashMap;

include!(concat!(env!("OUT_DIR"), "/prelude_files.rs"));

/// A definition of the prelude.
#[derive(Debug)]
enum Definition {
    /// Its text, not parsed yet.
    Text(Span),
    /// A function.
    Function(FunctionId),
    /// `NAME = literal`.
    Constant(Expr),
}

/// Every name the prelude defines.
#[derive(Debug)]
pub struct Prelude {
    names: HashMap<&'static str, Id<Definition>>,
    definitions: Arena<Definition>,
}

impl Prelude {
    /// Adds the prelude's files to `sources` and notes where each top-level definition starts.
    pub fn new(sources: &mut Sources) -> Self {
        let mut prelude = Self { names: HashMap::new(), definitions: Arena::default() };
        for (path, text) in FILES {
            let file = sources.add(path, text, Origin::Prelude);
            let start = sources.file(file).span().start;
            let mut open: Option<(&'static str, usize)> = None;
            let mut decorated = None;
            let mut at = 0;
            for line in text.split_inclusive('\n') {
                let top = !line.starts_with([' ', '\t', '\n', '\r', '#', ')', ']', '}']);
                if top {
                    if let Some((name, from)) = open.take() {
                        prelude.note(name, start, from, at);
                    }
                    if line.starts_with('@') {
                        decorated.get_or_insert(at);
                    } else if let Some(name) = defined_name(line) {
                        open = Some((name, decorated.take().unwrap_or(at)));
                    }
                }
                at += line.len();
            }
            if let Some((name, from)) = open {
                prelude.note(name, start, from, at);
            }
        }
        prelude
    }

    fn note(&mut self, name: &'static str, start: u32, from: usize, to: usize) {
        let span = Span::new(start + from as u32, start + to as u32);
        let id = self.definitions.push(Definition::Text(span));
        let before = self.names.insert(name, id);
        debug_assert!(before.is_none(), "the prelude defines {name} twice");
    }

    /// Whether the prelude defines `name`.
    pub fn defines(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Every name that starts with `prefix`, without it; for suggestions.
    pub fn names_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let mut names: Vec<_> = self.names.keys().filter_map(|name| name.strip_prefix(prefix)).collect();
        names.sort_unstable();
        names.into_iter()
    }

    /// The function `name`, if there is one.
    pub fn function(&mut self, name: &str, sources: &Sources, tree: &mut Tree) -> Option<FunctionId> {
        match self.definition(name, sources, tree)? {
            Definition::Function(function) => Some(*function),
            Definition::Text(_) | Definition::Constant(_) => None,
        }
    }

    /// The value of the constant `name`, if there is one.
    pub fn constant(&mut self, name: &str, sources: &Sources, tree: &mut Tree) -> Option<Expr> {
        match self.definition(name, sources, tree)? {
            Definition::Constant(value) => Some(value.clone()),
            Definition::Text(_) | Definition::Function(_) => None,
        }
    }

    fn definition(&mut self, name: &str, sources: &Sources, tree: &mut Tree) -> Option<&Definition> {
        let id = *self.names.get(name)?;
        if let Definition::Text(span) = self.definitions[id] {
            self.definitions[id] = parse(span, sources, tree);
        }
        Some(&self.definitions[id])
    }
}

/// Parses one definition. The prelude is ours, so a failure is a bug in it.
fn parse(span: Span, sources: &Sources, tree: &mut Tree) -> Definition {
    let file: Id<File> = sources.file_of(span);
    let module = match syntax::parse_range(sources, file, span, tree) {
        Ok(module) => module,
        Err(errors) => {
            unreachable!("the prelude does not parse: {}", crate::diagnostic::render_text(sources, &errors, false))
        }
    };
    match module.body.into_iter().next().map(|stmt| stmt.kind) {
        Some(StmtKind::Function(function)) => Definition::Function(function),
        Some(StmtKind::Assign { value, .. }) => Definition::Constant(value),
        other => unreachable!("the prelude has functions and constants only, not {other:?}"),
    }
}

/// The name that a top-level line defines: `def name(` or `NAME = `.
fn defined_name(line: &'static str) -> Option<&'static str> {
    let (rest, ends): (_, &[char]) = match line.strip_prefix("def ") {
        Some(rest) => (rest, &['(']),
        None => (line, &[' ', '=']),
    };
    let name = &rest[..rest.find(ends)?];
    name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()).then_some(name)
}
