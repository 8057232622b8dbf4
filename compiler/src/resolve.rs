//! Gives every name its definition. In: modules of the tree. Out: `Names`. Reports: KU1013, KU1102, KU1107, `KU2xxx`.
//!
//! Python decides by function whether a name is local, so `Names` keeps one `Scope` a function and one `Module` a
//! file; looking a name up in a scope is all that later phases need.

pub mod declaration;
pub mod imports;
pub mod scope;

use crate::arena::{Arena, Id, IdMap};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Alias, Expr, ExprKind, Function, FunctionId, Ident, Stmt, StmtKind, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file after name resolution.
#[derive(Debug)]
pub struct Module {
    /// Its dotted name; `__main__` for the program.
    pub name: Arc<str>,
    /// Statements of the module level.
    pub body: Vec<Stmt>,
    /// What each module-level name stands for.
    pub names: BTreeMap<Arc<str>, Definition>,
    /// Module-level variables that functions read or write.
    pub shared: BTreeSet<Arc<str>>,
    /// Variables that are assigned once, at the top, to a literal, and never changed: functions see the literal.
    pub constants: BTreeMap<Arc<str>, Expr>,
    /// Variables that are assigned once, at the top, to what may be a type: `Matrix = list[list[float]]`.
    pub aliases: BTreeMap<Arc<str>, Expr>,
    /// Modules it imports, in order: their module level runs first.
    pub imports: Vec<Id<Module>>,
}

/// What a module-level name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// A variable.
    Variable,
    /// The one function of that name.
    Function(FunctionId),
    /// A module of the program.
    Module(Id<Module>),
    /// A name of another module of the program.
    Member(Id<Module>, Arc<str>),
    /// Something of a library: its canonical dotted name.
    Library(Arc<str>),
    /// A user's exception class.
    Exception(Arc<str>),
}

/// What a name stands for inside a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// A variable of the function itself.
    Local,
    /// A variable of the function that a nested function shares: it lives in a cell.
    Cell,
    /// A variable of a surrounding function, copied when the function value was made.
    Captured,
    /// A variable of a surrounding function, shared through its cell.
    CapturedCell,
    /// A function nested in this or a surrounding function, under its only name.
    Nested(FunctionId),
    /// A name of the module.
    Module(Id<Module>),
    /// A builtin, if there is one of that name.
    Builtin,
}

/// What is known of a function's names.
#[derive(Debug, Default)]
pub struct Scope {
    /// The module it stands in; none for the prelude.
    pub module: Option<Id<Module>>,
    /// The function it is nested in.
    pub parent: Option<FunctionId>,
    /// Names that are not looked up in the module.
    pub names: BTreeMap<Arc<str>, Binding>,
    /// Variables of surrounding functions it needs, directly or for functions it calls, in order.
    pub captures: Vec<(Arc<str>, Binding)>,
}

/// The definitions of all names.
#[derive(Debug, Default)]
pub struct Names {
    /// The program's files, imported ones before those that import them.
    pub modules: Arena<Module>,
    /// Every function that was resolved.
    pub scopes: IdMap<Arc<Function>, Scope>,
    /// User's exception classes with their base (a library name, or a user's class).
    pub exceptions: Vec<(Arc<str>, Arc<str>)>,
}

impl Names {
    /// What `name` stands for in `function`, or at the level of `module`.
    pub fn binding(&self, function: Option<FunctionId>, module: Option<Id<Module>>, name: &str) -> Binding {
        let scope = function.and_then(|id| self.scopes.get(id));
        if let Some(binding) = scope.and_then(|scope| scope.names.get(name)) {
            return binding.clone();
        }
        match module {
            Some(id) if self.modules[id].names.contains_key(name) => Binding::Module(id),
            _ => Binding::Builtin,
        }
    }

    /// Follows imports from module to module.
    pub fn definition(&self, module: Id<Module>, name: &str) -> Option<(Id<Module>, Definition)> {
        let mut at = (module, Arc::<str>::from(name));
        // A chain of re-exports is no longer than there are modules; a circle has no definition.
        for _ in 0..=self.modules.len() {
            match self.modules[at.0].names.get(&at.1)? {
                Definition::Member(next, member) => at = (*next, member.clone()),
                found => return Some((at.0, found.clone())),
            }
        }
        None
    }
}

/// Parses a module that an `import` names; `None` if there is no such file.
pub type Load<'a> = &'a mut dyn FnMut(&str, &mut Tree) -> Option<Result<Vec<Stmt>, Vec<Diagnostic>>>;

/// Resolves a program. `load` parses the modules it imports.
pub fn resolve(body: Vec<Stmt>, tree: &mut Tree, load: Load<'_>) -> Result<Names, Vec<Diagnostic>> {
    let mut resolver = Resolver { names: Names::default(), tree, load, loaded: BTreeMap::new(), errors: Vec::new() };
    resolver.module("__main__".into(), body);
    // What an import that failed would have brought is no second error.
    if resolver.errors.is_empty() {
        declaration::check(resolver.tree, &resolver.names, &mut resolver.errors);
    }
    if resolver.errors.is_empty() { Ok(resolver.names) } else { Err(resolver.errors) }
}

/// Resolves a function of the prelude, which stands in no module.
pub fn resolve_prelude(function: FunctionId, tree: &Tree, names: &mut Names) {
    scope::function(function, None, None, tree, names);
}

struct Resolver<'a> {
    names: Names,
    tree: &'a mut Tree,
    load: Load<'a>,
    /// Modules by dotted name; `None` while they are being loaded.
    loaded: BTreeMap<Arc<str>, Option<Id<Module>>>,
    errors: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn module(&mut self, name: Arc<str>, body: Vec<Stmt>) -> Id<Module> {
        self.loaded.insert(name.clone(), None);
        let mut module = Module {
            name: name.clone(),
            body: Vec::new(),
            names: BTreeMap::new(),
            shared: BTreeSet::new(),
            constants: BTreeMap::new(),
            aliases: BTreeMap::new(),
            imports: Vec::new(),
        };
        self.collect(&body, &mut module);
        module.body = body;
        let id = self.names.modules.push(module);
        self.loaded.insert(name, Some(id));
        let functions = scope::functions_of(&self.names.modules[id].body);
        for function in functions {
            scope::function(function, Some(id), None, self.tree, &mut self.names);
        }
        self.share(id);
        id
    }

    /// Notes which module-level variables functions use, and which of them are constants.
    fn share(&mut self, id: Id<Module>) {
        let mut shared = BTreeSet::new();
        let mut written = BTreeSet::new();
        for (function, scope) in self.names.scopes.iter() {
            if scope.module == Some(id) {
                let function = &self.tree.functions[function];
                scope::free_names(function, &mut |name| {
                    if !scope.names.contains_key(name) {
                        shared.insert(name.clone());
                    }
                });
                scope::declared_global(&function.body, &mut written);
                scope::default_names(function, &mut shared);
            }
        }
        let module = &mut self.names.modules[id];
        shared.retain(|name| module.names.get(name) == Some(&Definition::Variable));
        module.constants = scope::assigned_once(&module.body, self.tree, scope::is_literal);
        module.aliases = scope::assigned_once(&module.body, self.tree, scope::is_type);
        module.constants.retain(|name, _| !written.contains(name));
        shared.retain(|name| !module.constants.contains_key(name));
        module.shared = shared;
    }

    /// Collects the definitions of statements at module level, however deep they stand in `if` and the like.
    fn collect(&mut self, body: &[Stmt], module: &mut Module) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Function(id) => {
                    let name = self.tree.functions[*id].name.text.clone();
                    self.define(module, name, Definition::Function(*id));
                }
                StmtKind::Import(aliases) => self.import(aliases, module),
                StmtKind::ImportFrom { module: from, names, level } => {
                    self.import_from(from.as_ref(), names, *level, stmt.span, module);
                }
                StmtKind::ExceptionClass { name, bases } => self.exception(name, bases, module),
                _ => {
                    let mut names = BTreeSet::new();
                    scope::bound_names(std::slice::from_ref(stmt), self.tree, &mut names);
                    for name in names {
                        // Definitions nested in this statement come below; they are bound by it as well.
                        if !matches!(module.names.get(&name), Some(Definition::Function(_) | Definition::Library(_))) {
                            self.define(module, name, Definition::Variable);
                        }
                    }
                    scope::for_each_body(stmt, &mut |body| self.collect(body, module));
                }
            }
        }
    }

    /// A second definition makes a name a variable, unless it is a function again: then the last one counts.
    fn define(&mut self, module: &mut Module, name: Arc<str>, definition: Definition) {
        let definition = match (module.names.get(&name), definition) {
            (Some(Definition::Variable), Definition::Function(_)) => Definition::Variable,
            (_, definition) => definition,
        };
        module.names.insert(name, definition);
    }

    fn import(&mut self, aliases: &[Alias], module: &mut Module) {
        for alias in aliases {
            let path = &alias.name.text;
            let bound: Arc<str> = match &alias.alias {
                Some(alias) => alias.text.clone(),
                // `import a.b` binds `a`.
                None => path.split('.').next().unwrap_or(path).into(),
            };
            let whole: Arc<str> = if alias.alias.is_some() { path.clone() } else { bound.clone() };
            if imports::is_library(path) {
                self.define(module, bound, Definition::Library(whole));
            } else if let Some(id) = self.user_module(path, alias.name.span, module) {
                self.define(module, bound, Definition::Module(id));
            }
        }
    }

    fn import_from(&mut self, from: Option<&Ident>, names: &[Alias], level: u32, span: Span, module: &mut Module) {
        let path: Arc<str> = from.map_or_else(|| "".into(), |from| from.text.clone());
        if level == 0 && imports::is_library(&path) {
            for alias in names {
                if &*alias.name.text == "*" {
                    for name in imports::star(&path) {
                        self.define(module, name.into(), Definition::Library(format!("{path}.{name}").into()));
                    }
                    continue;
                }
                let bound = alias.alias.as_ref().unwrap_or(&alias.name).text.clone();
                let whole: Arc<str> = format!("{path}.{}", alias.name.text).into();
                self.define(module, bound, Definition::Library(whole));
            }
            return;
        }
        if path.is_empty() {
            // `from . import helper`: each name is a module.
            for alias in names {
                if let Some(id) = self.user_module(&alias.name.text, alias.name.span, module) {
                    let bound = alias.alias.as_ref().unwrap_or(&alias.name).text.clone();
                    self.define(module, bound, Definition::Module(id));
                }
            }
            return;
        }
        let Some(id) = self.user_module(&path, from.map_or(span, |from| from.span), module) else { return };
        for alias in names {
            if &*alias.name.text == "*" {
                let all: Vec<_> = self.names.modules[id].names.keys().cloned().collect();
                for name in all.into_iter().filter(|name| !name.starts_with('_')) {
                    self.define(module, name.clone(), Definition::Member(id, name));
                }
                continue;
            }
            if !self.names.modules[id].names.contains_key(&alias.name.text) {
                let text = format!("module `{path}` has no name `{}`", alias.name.text);
                self.errors.push(Diagnostic::new(Code::UnknownAttribute, alias.name.span, text));
                continue;
            }
            let bound = alias.alias.as_ref().unwrap_or(&alias.name).text.clone();
            self.define(module, bound, Definition::Member(id, alias.name.text.clone()));
        }
    }

    fn user_module(&mut self, path: &Arc<str>, span: Span, importer: &mut Module) -> Option<Id<Module>> {
        let id = match self.loaded.get(path) {
            Some(Some(id)) => *id,
            Some(None) => {
                let text = format!("module `{path}` imports itself in a circle");
                self.errors.push(Diagnostic::new(Code::UnknownModule, span, text));
                return None;
            }
            None => match (self.load)(path, self.tree) {
                Some(Ok(body)) => self.module(path.clone(), body),
                Some(Err(errors)) => {
                    self.errors.extend(errors);
                    self.loaded.insert(path.clone(), None);
                    return None;
                }
                None => {
                    self.errors.push(imports::unknown_module(path, span));
                    return None;
                }
            },
        };
        if !importer.imports.contains(&id) {
            importer.imports.push(id);
        }
        Some(id)
    }

    fn exception(&mut self, name: &Ident, bases: &[Expr], module: &mut Module) {
        let base = bases.first().and_then(|base| match &base.kind {
            ExprKind::Name(base) => match module.names.get(base) {
                Some(Definition::Exception(class)) => Some(class.clone()),
                Some(_) => None,
                None => imports::is_exception(base).then(|| base.clone()),
            },
            _ => None,
        });
        let Some(base) = base else {
            let text = format!("class `{}` is not an exception", name.text);
            self.errors.push(
                Diagnostic::new(Code::UnsupportedClass, name.span, text)
                    .help("classes are not supported yet, except exceptions: `class Name(ValueError): pass`"),
            );
            return;
        };
        self.names.exceptions.push((name.text.clone(), base));
        self.define(module, name.text.clone(), Definition::Exception(name.text.clone()));
    }
}
