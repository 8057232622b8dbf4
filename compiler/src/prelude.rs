//! The library, written in the language itself (`compiler/prelude/*.py`), by top-level name. In: its trees, parsed
//! when the compiler was built (`build.rs`). Out: `Prelude::function`, `Prelude::constant`, each when it is reached.

pub mod intrinsics;
pub mod stored;

use crate::arena::{Arena, Id, IdMap};
use crate::source::{Sources, Span};
use crate::syntax::ast::{Expr, Function, FunctionId, Ident, Tree};
use std::sync::Arc;
use stored::{Definition, Stored};

include!(concat!(env!("OUT_DIR"), "/prelude.rs"));

/// A name of the prelude: its place in `INDEX`.
#[derive(Debug)]
struct Name;

/// The definitions that compilations have reached.
#[derive(Debug)]
pub struct Prelude {
    reached: IdMap<Name, Definition>,
    /// The prelude's functions, as far as they were reached: every tree begins with them.
    functions: Arena<Arc<Function>>,
}

impl Default for Prelude {
    fn default() -> Self {
        let absent = Arc::new(Function {
            name: Ident { text: "".into(), span: Span::default() },
            decorators: Vec::new(),
            params: Vec::new(),
            returns: None,
            body: Vec::new(),
            is_lambda: false,
            span: Span::default(),
        });
        Self { reached: IdMap::default(), functions: std::iter::repeat_n(absent, FUNCTIONS).collect() }
    }
}

impl Prelude {
    /// Adds the prelude's files to `sources`, and its functions to `tree`, which is empty: those that are reached later
    /// have their places there, by which they know each other.
    pub fn begin(&self, sources: &mut Sources, tree: &mut Tree) {
        for (path, text, spans, places) in FILES {
            sources.add_built_in(path, text, *spans, places);
        }
        assert!(tree.functions.is_empty(), "the prelude's functions come first");
        tree.functions = self.functions.clone();
    }

    /// Whether a function is one of the prelude, as it is written there.
    pub fn has(function: FunctionId) -> bool {
        function.index() < FUNCTIONS
    }

    /// Whether the prelude defines `name`.
    pub fn defines(&self, name: &str) -> bool {
        place(name).is_some()
    }

    /// Every name that starts with `prefix`, without it; for suggestions.
    pub fn names_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let first = INDEX.partition_point(|(name, _)| *name < prefix);
        INDEX[first..].iter().map_while(move |(name, _)| name.strip_prefix(prefix))
    }

    /// The function `name`, if there is one.
    pub fn function(&mut self, name: &str, tree: &mut Tree) -> Option<FunctionId> {
        match self.definition(name, tree)? {
            Definition::Function(function) => Some(*function),
            Definition::Constant(_) => None,
        }
    }

    /// The value of the constant `name`, if there is one.
    pub fn constant(&mut self, name: &str, tree: &mut Tree) -> Option<Expr> {
        match self.definition(name, tree)? {
            Definition::Constant(value) => Some(value.clone()),
            Definition::Function(_) => None,
        }
    }

    fn definition(&mut self, name: &str, tree: &mut Tree) -> Option<&Definition> {
        let place = place(name)?;
        if !self.reached.contains(place) {
            let Stored { definition, functions } = Stored::from_bytes(&TREES[INDEX[place.index()].1 as usize..]);
            for (id, function) in functions {
                self.functions[id] = Arc::new(function);
                tree.functions[id] = self.functions[id].clone();
            }
            self.reached.insert(place, definition);
        }
        self.reached.get(place)
    }
}

/// The place of a name in the index.
fn place(name: &str) -> Option<Id<Name>> {
    INDEX.binary_search_by_key(&name, |(name, _)| name).ok().map(Id::new)
}

#[cfg(all(test, feature = "library-text"))]
mod tests {
    use super::*;

    #[test]
    fn every_definition_lies_where_its_name_stands() {
        let (mut sources, mut tree, mut prelude) = (Sources::default(), Tree::default(), Prelude::default());
        prelude.begin(&mut sources, &mut tree);
        for (name, _) in INDEX {
            let Some(function) = prelude.function(name, &mut tree) else { continue };
            let function = &tree.functions[function];
            assert_eq!(sources.text(function.name.span), *name);
            let text = sources.text(function.span);
            assert!(text.starts_with("def ") || text.starts_with('@'), "{name}: {text}");
            let last = function.body.last().expect("a function has a body").span;
            assert!(text.ends_with(sources.text(last)), "{name}: {text}");
        }
    }
}
