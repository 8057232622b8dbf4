//! Gives every name its definition. In: modules of the tree. Out: `Names`. Reports: KU1013, KU1102, KU1107, `KU2xxx`.
//!
//! Python decides by function whether a name is local, so `Names` keeps one `Scope` a function and one `Module` a
//! file; looking a name up in a scope is all that later phases need.

pub mod declaration;
mod filled;
mod import;
pub mod imports;
pub mod late;
pub mod scope;

use crate::abi;
use crate::arena::{Arena, Id, IdMap};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Function, FunctionId, Ident, Stmt, StmtKind, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file after name resolution.
#[derive(Debug)]
pub struct Module {
    /// Its dotted name; `__main__` for the program.
    pub name: Arc<str>,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
    /// Statements of the module level.
    pub body: Vec<Stmt>,
    /// What each module-level name stands for.
    pub names: BTreeMap<Arc<str>, Definition>,
    /// Module-level variables that functions read or write.
    pub shared: BTreeSet<Arc<str>>,
    /// Variables that are assigned once, at the top, to a literal, and never changed: functions see the literal.
    pub constants: BTreeMap<Arc<str>, Expr>,
    /// Variables that are assigned once, at the top, whatever to: types, decorators and their options may be among
    /// them.
    pub once: BTreeMap<Arc<str>, Expr>,
    /// Variables that are assigned again when functions may have run, with the last place; none for one in a function.
    pub changing: BTreeMap<Arc<str>, Option<Span>>,
    /// Variables whose contents code without a decorator may change in place.
    pub filled: BTreeSet<Arc<str>>,
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
    Exception(Id<ExceptionClass>),
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
    /// A name that an import inside of a function binds.
    Imported(Definition),
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
    /// The program's files.
    pub modules: Arena<Module>,
    /// Its modules, imported ones before those that import them, as far as there is no circle: the program is the last.
    pub order: Vec<Id<Module>>,
    /// The modules that an import statement runs, if nothing has run them yet: packages before what is in them.
    pub runs: BTreeMap<Span, Vec<Id<Module>>>,
    /// What import statements inside functions bind.
    pub imported: BTreeMap<Span, Vec<(Arc<str>, Definition)>>,
    /// Every function that was resolved.
    pub scopes: IdMap<Arc<Function>, Scope>,
    /// The user's exception classes.
    pub exceptions: Arena<ExceptionClass>,
}

/// An exception class of the program. Two modules may have classes of the same name.
#[derive(Debug)]
pub struct ExceptionClass {
    /// Its name.
    pub name: Arc<str>,
    /// The module that it stands in.
    pub module: Arc<str>,
    /// What it derives from.
    pub bases: Vec<ExceptionBase>,
}

impl ExceptionClass {
    /// The numbers of its bases, in `abi::EXCEPTIONS` and after them.
    pub fn base_numbers(&self) -> Vec<u32> {
        let number = |base: &ExceptionBase| match base {
            ExceptionBase::Library(name) => abi::exception_number(name),
            ExceptionBase::User(class) => Some((abi::EXCEPTIONS.len() + class.index()) as u32),
        };
        self.bases.iter().filter_map(number).collect()
    }

    /// Its name as the last line of a traceback has it.
    pub fn full_name(&self) -> String {
        match &*self.module {
            "__main__" => self.name.to_string(),
            module => format!("{module}.{}", self.name),
        }
    }
}

/// A base of an exception class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExceptionBase {
    /// A builtin class, or one of a library: its name in `abi::EXCEPTIONS`.
    Library(Arc<str>),
    /// Another class of the program.
    User(Id<ExceptionClass>),
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

    /// Follows imports from module to module: the module a name is defined in, and as what.
    pub fn definition(&self, module: Id<Module>, name: &str) -> Option<(Id<Module>, Definition)> {
        let (owner, _, definition) = self.original(module, name)?;
        Some((owner, definition))
    }

    /// The same with the name that it has there.
    pub fn original(&self, module: Id<Module>, name: &str) -> Option<(Id<Module>, Arc<str>, Definition)> {
        let mut at = (module, Arc::<str>::from(name));
        // A chain of re-exports is no longer than there are modules; a circle has no definition.
        for _ in 0..=self.modules.len() {
            match self.modules[at.0].names.get(&at.1)? {
                Definition::Member(next, member) => at = (*next, member.clone()),
                found => return Some((at.0, at.1, found.clone())),
            }
        }
        None
    }
}

/// A module that was found and parsed.
#[derive(Debug)]
pub struct Loaded {
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Whether it is the `__init__.py` of a package.
    pub is_package: bool,
}

/// Parses the module of this dotted name; `None` if there is no such file.
pub type Load<'a> = &'a mut dyn FnMut(&str, &mut Tree) -> Option<Result<Loaded, Vec<Diagnostic>>>;

/// Resolves a program. `load` parses the modules it imports.
pub fn resolve(body: Vec<Stmt>, tree: &mut Tree, load: Load<'_>) -> Result<Names, Vec<Diagnostic>> {
    let mut resolver = Resolver { names: Names::default(), tree, load, loaded: BTreeMap::new(), errors: Vec::new() };
    resolver.module("__main__".into(), Loaded { body, is_package: false });
    // What an import that failed would have brought is no second error.
    if resolver.errors.is_empty() {
        declaration::check(resolver.tree, &resolver.names, &mut resolver.errors);
    }
    if resolver.errors.is_empty() { Ok(resolver.names) } else { Err(resolver.errors) }
}

/// Resolves a function of the prelude, which stands in no module.
pub fn resolve_prelude(function: FunctionId, tree: &Tree, names: &mut Names) {
    scope::function(function, None, None, &BTreeSet::new(), tree, names);
}

struct Resolver<'a> {
    names: Names,
    tree: &'a mut Tree,
    load: Load<'a>,
    /// Modules by dotted name, also those that are still being resolved; `None` where that failed.
    loaded: BTreeMap<Arc<str>, Option<Id<Module>>>,
    errors: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn module(&mut self, name: Arc<str>, loaded: Loaded) -> Id<Module> {
        let module = Module {
            name: name.clone(),
            is_package: loaded.is_package,
            body: Vec::new(),
            names: BTreeMap::new(),
            shared: BTreeSet::new(),
            constants: BTreeMap::new(),
            once: BTreeMap::new(),
            changing: BTreeMap::new(),
            filled: BTreeSet::new(),
        };
        let id = self.names.modules.push(module);
        self.loaded.insert(name, Some(id));
        let mut body = loaded.body;
        self.settle_guards(&mut body, id);
        self.collect(&body, id);
        let functions = scope::functions_of(&body);
        self.names.modules[id].body = body;
        for function in &functions {
            self.imports_inside(*function, id);
        }
        self.settle_decorated(id);
        let targets = scope::comprehension_targets(&self.names.modules[id].body);
        let none = BTreeSet::new();
        for function in functions {
            let visible = targets.get(&function).unwrap_or(&none);
            scope::function(function, Some(id), None, visible, self.tree, &mut self.names);
        }
        self.share(id);
        self.names.order.push(id);
        id
    }

    /// What a decorator of the program makes of a function is a variable's value.
    fn settle_decorated(&mut self, id: Id<Module>) {
        let module = &mut self.names.modules[id];
        module.once = scope::assigned_once(&module.body, self.tree);
        let wrapped = |definition: &Definition| match definition {
            Definition::Function(function) => {
                let decorators = &self.tree.functions[*function].decorators;
                decorators.iter().any(|decorator| declaration::wraps(decorator, id, &self.names))
            }
            _ => false,
        };
        let module = &self.names.modules[id];
        let found: Vec<_> =
            module.names.iter().filter(|(_, definition)| wrapped(definition)).map(|(name, _)| name.clone()).collect();
        for name in found {
            self.names.modules[id].names.insert(name, Definition::Variable);
        }
    }

    /// Notes which module-level variables functions use, or generators that are gone on with later, and which of them are
    /// constants.
    fn share(&mut self, id: Id<Module>) {
        let mut shared = BTreeSet::new();
        let mut written = BTreeSet::new();
        let mut written_undecorated = BTreeSet::new();
        let mut filled = BTreeSet::new();
        filled::filled(&self.names.modules[id].body, &mut filled);
        for (function, scope) in self.names.scopes.iter() {
            if scope.module == Some(id) {
                let function = &self.tree.functions[function];
                scope::free_names(function, &mut |name| {
                    if !scope.names.contains_key(name) {
                        shared.insert(name.clone());
                    }
                });
                scope::declared_global(&function.body, &mut written);
                // Numba refuses those that assign variables of the module: there is no answer of its own to keep to.
                if function.decorators.is_empty() {
                    scope::declared_global(&function.body, &mut written_undecorated);
                    filled::filled(&function.body, &mut filled);
                }
                scope::default_names(function, &mut shared);
            }
        }
        let module = &mut self.names.modules[id];
        shared.extend(late::read_by_kept_generators(&module.body).into_keys());
        if &*module.name != "__main__" {
            // Whoever imports it may read them.
            shared.extend(module.names.keys().cloned());
        }
        shared.retain(|name| module.names.get(name) == Some(&Definition::Variable));
        module.constants = scope::constants(&module.body, self.tree);
        module.once = scope::assigned_once(&module.body, self.tree);
        module.once.retain(|name, _| !written.contains(name));
        module.constants.retain(|name, _| !written.contains(name));
        shared.retain(|name| !module.constants.contains_key(name));
        let changing = scope::changing(&module.body, self.tree);
        module.changing = changing.into_iter().map(|(name, at)| (name, Some(at))).collect();
        module.changing.extend(written_undecorated.into_iter().map(|name| (name, None)));
        filled.retain(|name| shared.contains(name));
        module.filled = filled;
        module.shared = shared;
    }

    /// Collects the definitions of statements at module level, however deep they stand in `if` and the like.
    fn collect(&mut self, body: &[Stmt], module: Id<Module>) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Function(id) => {
                    let name = self.tree.functions[*id].name.text.clone();
                    self.define(module, name, Definition::Function(*id));
                }
                StmtKind::Import(_) | StmtKind::ImportFrom { .. } => {
                    for (name, definition) in self.import(stmt, module) {
                        self.define(module, name, definition);
                    }
                }
                StmtKind::ExceptionClass { name, bases } => self.exception(name, bases, module),
                _ => {
                    let mut names = BTreeSet::new();
                    scope::bound_names(std::slice::from_ref(stmt), self.tree, &mut names);
                    for name in names {
                        // Definitions nested in this statement come below; they are bound by it as well.
                        let known = self.names.modules[module].names.get(&name);
                        if !matches!(known, Some(Definition::Function(_) | Definition::Library(_))) {
                            self.define(module, name, Definition::Variable);
                        }
                    }
                    scope::for_each_body(stmt, &mut |body| self.collect(body, module));
                }
            }
        }
    }

    /// A second definition makes a name a variable.
    fn define(&mut self, module: Id<Module>, name: Arc<str>, definition: Definition) {
        let names = &mut self.names.modules[module].names;
        let definition = match (names.get(&name), definition) {
            (Some(Definition::Variable | Definition::Function(_)), Definition::Function(_)) => Definition::Variable,
            (_, definition) => definition,
        };
        names.insert(name, definition);
    }

    fn exception(&mut self, name: &Ident, bases: &[Expr], module: Id<Module>) {
        let mut found = Vec::new();
        for base in bases {
            let Some(base) = self.exception_base(base, module) else {
                let text = format!("class `{}` is not an exception", name.text);
                self.errors.push(
                    Diagnostic::new(Code::UnsupportedClass, name.span, text)
                        .help("classes are not supported yet, except exceptions: `class Name(ValueError): pass`"),
                );
                return;
            };
            found.push(base);
        }
        let class =
            ExceptionClass { name: name.text.clone(), module: self.names.modules[module].name.clone(), bases: found };
        let class = self.names.exceptions.push(class);
        if let Some(Definition::Exception(_)) = self.names.modules[module].names.get(&name.text) {
            let text = format!("a second class `{}`", name.text);
            let help = "a class is known when the program is compiled: give it another name";
            self.errors.push(Diagnostic::new(Code::UnsupportedClass, name.span, text).help(help));
        }
        self.define(module, name.text.clone(), Definition::Exception(class));
    }

    /// What a class is derived from, if that is an exception.
    fn exception_base(&self, base: &Expr, module: Id<Module>) -> Option<ExceptionBase> {
        let builtin = |name: &str| imports::exception_of_library(name).map(|name| ExceptionBase::Library(name.into()));
        match &base.kind {
            ExprKind::Name(name) => match self.names.definition(module, name) {
                Some((_, Definition::Exception(class))) => Some(ExceptionBase::User(class)),
                Some((_, Definition::Library(path))) => builtin(&path),
                Some(_) => None,
                None => builtin(&format!("builtins.{name}")),
            },
            ExprKind::Attribute { value, name } => {
                let mut path = vec![&*name.text];
                let mut value = &**value;
                while let ExprKind::Attribute { value: inner, name } = &value.kind {
                    path.push(&name.text);
                    value = inner;
                }
                let ExprKind::Name(first) = &value.kind else { return None };
                path.reverse();
                match self.names.definition(module, first)? {
                    (_, Definition::Library(library)) => builtin(&format!("{library}.{}", path.join("."))),
                    (_, Definition::Module(mut inner)) => {
                        let (last, between) = path.split_last()?;
                        for name in between {
                            let (_, Definition::Module(next)) = self.names.definition(inner, name)? else {
                                return None;
                            };
                            inner = next;
                        }
                        match self.names.definition(inner, last)? {
                            (_, Definition::Exception(class)) => Some(ExceptionBase::User(class)),
                            _ => None,
                        }
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
