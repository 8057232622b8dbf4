//! Turns resolved names into typed trees, one function an instance. In: `Tree`, `Names`. Out: `hir::Program`.
//! Reports: `KU3xxx`, KU4001, KU5001.
//!
//! An instance is a function with the types of its arguments and the number rules that hold in it. Inference walks
//! the tree once in the order of execution and writes HIR as it goes; where types of two paths that join differ, it
//! converts at the end of the paths, and where that reaches back (a loop's head, a recursive call's result, the
//! items of `[]`), it walks again with what it learnt.

pub mod annotation;
pub mod argument;
pub mod arithmetic;
pub mod builtin;
pub mod call;
pub mod compare;
pub mod comprehension;
pub mod convert;
mod decorator;
pub mod elementwise;
pub mod environment;
pub mod exception;
pub mod expression;
pub mod format;
pub mod function;
pub mod global;
pub mod hir;
pub mod intrinsic;
pub mod iteration;
mod iterator;
mod known;
pub mod library;
mod limit;
mod meant;
pub mod method;
pub mod name;
pub mod narrow;
pub mod operator;
pub mod partial;
pub mod pattern;
pub mod signature;
pub mod statement;
pub mod subscript;
pub mod target;
pub mod text;
pub mod unify;
mod unsigned;

use crate::arena::{Arena, Id, IdMap};
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::Prelude;
use crate::resolve::{self, Definition, Names};
use crate::source::{Origin, Sources, Span};
use crate::syntax::ast::{self, FunctionId, Tree};
use crate::types::{Generator, Rules, Type};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use known::Facts;
pub use known::Known;

/// What the caller of the compiler asks for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Functions to export with the types of their parameters, as annotations: `f(float64[:,:], int64)`.
    pub exports: Vec<(String, Vec<Type>)>,
    /// Whether nothing else is exported (but the module level); what they declare of their types holds then.
    pub exports_only: bool,
    /// Functions of the host, callable by name: name, parameter types, result type.
    pub hosts: Vec<(String, Vec<Type>, Type)>,
    /// Rules instead of those of plain functions.
    pub plain_rules: Option<Rules>,
    /// Rules instead of those of decorated functions.
    pub decorated_rules: Option<Rules>,
    /// Whether the program is imported rather than run: `__name__` is not `"__main__"` then.
    pub imported: bool,
    /// Whether the module level is left out (only definitions and constants count).
    pub functions_only: bool,
}

/// A program with its types, and what inference wants to say of it.
#[derive(Debug)]
pub struct Inferred {
    /// The program.
    pub program: hir::Program,
    /// Warnings and revealed types.
    pub notes: Vec<Diagnostic>,
}

/// Instances nested deeper than this are refused: each is a level of our own recursion.
const MAX_DEPTH: usize = 120;
/// How often the whole program is walked again because a global's type grew.
const MAX_ROUNDS: usize = 8;

/// Infers the types of a program. What it learns of the library is kept in `known`, and makes no difference but to time.
pub fn infer(
    sources: &Sources,
    tree: &mut Tree,
    names: &mut Names,
    prelude: &mut Prelude,
    known: &mut Known,
    request: &Request,
) -> Result<Inferred, Vec<Diagnostic>> {
    let (mut globals, mut cells) = (BTreeMap::new(), BTreeMap::new());
    for _ in 0..MAX_ROUNDS {
        known.learn();
        let mut inferer = Inferer {
            sources,
            tree,
            names,
            prelude,
            request,
            program: hir::Program { functions: known.functions.clone(), ..hir::Program::default() },
            known,
            instances: HashMap::new(),
            order: Vec::new(),
            generators: Arena::default(),
            globals: BTreeMap::new(),
            known_globals: globals,
            conditional_globals: BTreeSet::new(),
            cells,
            aliases: RefCell::default(),
            globals_grew: false,
            depth: 0,
            forgotten: 0,
            module_bodies: BTreeMap::new(),
            roots: Vec::new(),
            bound_methods: HashMap::new(),
            level: 0,
            peak: 0,
            asked: false,
            probing: Vec::new(),
            declarations: HashMap::new(),
            variants: HashMap::new(),
            formulas: HashMap::new(),
            errors: Vec::new(),
        };
        inferer.whole_program();
        if inferer.globals_grew {
            inferer.known.note(&inferer.program, inferer.instances, inferer.order);
            (globals, cells) = (inferer.known_globals, inferer.cells);
            continue;
        }
        return inferer.finish();
    }
    let main = names.order.last().map(|main| &names.modules[*main]);
    let span = main.and_then(|module| module.body.first().map(|stmt| stmt.span));
    Err(vec![Diagnostic::new(
        Code::CannotInfer,
        span.unwrap_or_default(),
        "the types of the global variables do not settle",
    )])
}

/// A module-level variable.
type GlobalKey = (Id<resolve::Module>, Arc<str>);

/// Which instance of which function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    function: FunctionId,
    params: Vec<Type>,
    rules: Rules,
}

/// What is known of an instance.
#[derive(Debug)]
struct Instance {
    id: Id<hir::Function>,
    /// Its result type; while it is being inferred, what is assumed of it.
    returns: Type,
    done: bool,
    /// Whether a recursive call relied on `returns` before it was done.
    assumed: bool,
    /// How many levels it takes to infer it, with all that it calls.
    height: u32,
    /// Whether it asked for something of the program that its key does not tell.
    asked: bool,
    errors: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
    /// The first expression without a type.
    lost: Option<Span>,
}

/// A generator expression and where it stands.
#[derive(Debug, Clone)]
struct GeneratorSite {
    element: Arc<ast::Expr>,
    clauses: Arc<[ast::Clause]>,
    /// The function it stands in.
    scope: Option<FunctionId>,
    module: Option<Id<resolve::Module>>,
    rules: Rules,
    /// Names of what it captured, in the order of its type's members after the first iterable.
    captures: Arc<[Arc<str>]>,
    span: Span,
}

struct Inferer<'a> {
    sources: &'a Sources,
    tree: &'a mut Tree,
    names: &'a mut Names,
    prelude: &'a mut Prelude,
    request: &'a Request,
    program: hir::Program,
    known: &'a mut Known,
    instances: HashMap<Key, Instance>,
    /// Keys in order of creation.
    order: Vec<Key>,
    generators: Arena<GeneratorSite>,
    globals: BTreeMap<GlobalKey, Id<hir::Global>>,
    /// Types of globals as far as earlier rounds know them.
    known_globals: BTreeMap<GlobalKey, Type>,
    /// Globals that may not be set where they are read.
    conditional_globals: BTreeSet<GlobalKey>,
    /// What the cells of shared variables hold, by the function that owns them.
    cells: BTreeMap<(FunctionId, Arc<str>), Type>,
    /// Names of types that are being followed, so that `T = list[T]` comes to an end.
    aliases: RefCell<Vec<GlobalKey>>,
    /// Whether a type of a global or a cell grew, so that what relied on it must be walked again.
    globals_grew: bool,
    depth: usize,
    /// How many instances were forgotten because of errors.
    forgotten: usize,
    /// The code of modules that no import statement has run yet.
    module_bodies: BTreeMap<Id<resolve::Module>, Id<hir::Function>>,
    /// Functions that stand for methods as values, by the name where they are written.
    bound_methods: HashMap<(Span, Option<Id<resolve::Module>>, usize), FunctionId>,
    /// Where running starts: the code of modules, and what hosts may call.
    roots: Vec<Id<hir::Function>>,
    /// Statements and expressions that are being walked.
    level: u32,
    /// The highest level in the instance that is being inferred.
    peak: u32,
    /// Whether the instance that is being inferred asked for something of the program.
    asked: bool,
    /// Functions that are being walked for the sake of open item types.
    probing: Vec<FunctionId>,
    /// What decorators say, as far as it was asked for.
    declarations: HashMap<FunctionId, Arc<decorator::Declared>>,
    /// Functions under other decorators than they were written with.
    variants: HashMap<(FunctionId, Option<Span>), FunctionId>,
    /// Functions that compute an element of a whole expression, by what they compute.
    formulas: HashMap<String, FunctionId>,
    /// What is wrong outside of any instance.
    errors: Vec<Diagnostic>,
}

impl Inferer<'_> {
    fn whole_program(&mut self) {
        // Also of functions that nobody calls.
        let functions: Vec<_> = self.names.scopes.iter().map(|(id, _)| id).collect();
        for id in functions {
            self.declared(id);
        }
        let modules = self.names.order.clone();
        let mut bodies = Vec::new();
        for module in modules {
            let body = self.module_level(module);
            self.module_bodies.insert(module, body);
            bodies.push(body);
        }
        self.roots.clone_from(&bodies);
        self.export_functions();
        self.close_globals();
        if self.globals_grew {
            return;
        }
        // Items and drops come last: drops are needed for every type that occurs.
        let items = self.items();
        self.program.items = Some(items);
        self.reach();
        self.program.main = bodies.last().copied();
    }

    /// A global container that nobody was seen to fill holds nothing, so any type will do.
    fn close_globals(&mut self) {
        if self.globals_grew {
            return;
        }
        for (key, id) in &self.globals {
            let ty = &self.program.globals[*id].ty;
            if unify::contains_variable(ty) {
                self.known_globals.insert(key.clone(), function::close(ty));
                self.globals_grew = true;
            }
        }
    }

    /// Finds the functions that can run, and the drop function of every type with counted parts that occurs in them.
    /// Others were looked at with types that turned out otherwise.
    fn reach(&mut self) {
        let mut open: Vec<_> = self.program.items.iter().flat_map(hir::Items::all).collect();
        open.extend(&self.roots);
        open.reverse();
        let mut reached = IdMap::default();
        let (mut types, mut heap, mut done) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        self.program.globals.iter().for_each(|(_, global)| heap_types(&global.ty, &mut heap));
        loop {
            while let Some(id) = open.pop() {
                if reached.insert(id, ()).is_some() {
                    continue;
                }
                self.program.order.push(id);
                let known = self.known.facts.get(id).cloned();
                let facts = known.unwrap_or_else(|| Arc::new(Facts::of(&self.program.functions[id])));
                open.extend(facts.calls.iter().rev());
                for ty in &facts.types {
                    if !types.contains(ty) {
                        heap_types(ty, &mut heap);
                        types.insert(ty.clone());
                    }
                }
            }
            let new: Vec<_> = heap.iter().filter(|ty| !done.contains(*ty)).cloned().collect();
            if new.is_empty() {
                return;
            }
            for ty in new {
                // What has no drop of its own holds nothing and is freed.
                if let Some(kind) = method::library_name(&ty)
                    && self.prelude.defines(&format!("{kind}_drop"))
                {
                    let id = self.prelude_instance(&format!("{kind}_drop"), std::slice::from_ref(&ty));
                    self.program.drops.insert(ty.clone(), id);
                    open.push(id);
                }
                done.insert(ty);
            }
        }
    }

    fn finish(mut self) -> Result<Inferred, Vec<Diagnostic>> {
        let reached: BTreeSet<_> = self.program.order.iter().copied().collect();
        let mut errors = self.errors;
        // Errors of what nothing calls: it was looked at with types that turned out otherwise.
        let mut idle = Vec::new();
        let mut notes = Vec::new();
        let mut lost = None;
        let mut seen = BTreeSet::new();
        for key in &self.order {
            let Some(instance) = self.instances.get(key) else { continue };
            if !reached.contains(&instance.id) {
                idle.extend(instance.errors.iter().cloned());
                continue;
            }
            lost = lost.or(instance.lost);
            let all = instance.errors.iter().map(|error| (true, error));
            for (is_error, diagnostic) in all.chain(instance.notes.iter().map(|note| (false, note))) {
                if seen.insert((diagnostic.span(), diagnostic.message.clone())) {
                    if is_error { &mut errors } else { &mut notes }.push(diagnostic.clone());
                }
            }
        }
        self.known.note(&self.program, std::mem::take(&mut self.instances), std::mem::take(&mut self.order));
        // Without a type there is no code: then what is left out must be an error's doing.
        if errors.is_empty()
            && let Some(span) = lost
        {
            errors = idle;
            if errors.is_empty() {
                let help = "write it in simpler steps, and annotate the variables";
                errors
                    .push(Diagnostic::new(Code::CannotInfer, span, "the type of this cannot be found out").help(help));
            }
        }
        // An error in the prelude was reported at the user's call as well, which is what a user can act on.
        let (library, mut users): (Vec<_>, Vec<_>) =
            errors.into_iter().partition(|error| error.span().origin() == Origin::Prelude);
        if users.is_empty() {
            users = library;
        }
        if users.is_empty() {
            crate::order::sort_by_key(&mut notes, Diagnostic::span);
            Ok(Inferred { program: self.program, notes })
        } else {
            crate::order::sort_by_key(&mut users, Diagnostic::span);
            Err(users)
        }
    }

    /// One instance for the module level of each module.
    fn module_level(&mut self, module: Id<resolve::Module>) -> Id<hir::Function> {
        let body = self.names.modules[module].body.clone();
        let span = body.first().map_or(Span::default(), |first| first.span);
        let name = "<module>";
        let function = ast::Function {
            name: ast::Ident { text: name.into(), span },
            decorators: Vec::new(),
            params: Vec::new(),
            returns: None,
            body,
            is_lambda: false,
            span,
        };
        let id = self.tree.functions.push(Arc::new(function));
        let key = Key { function: id, params: Vec::new(), rules: self.request.plain_rules.unwrap_or(Rules::Python) };
        self.infer_instance(&key, Some(module)).0
    }

    /// Functions a host may call: those asked for, annotated ones, and those with explicit Numba signatures.
    fn export_functions(&mut self) {
        let mut wanted: BTreeMap<String, (FunctionId, Vec<Type>)> = BTreeMap::new();
        let modules: Vec<_> = self.names.modules.ids().collect();
        for module in modules {
            let is_main = &*self.names.modules[module].name == "__main__";
            let functions: Vec<_> = self.names.modules[module]
                .names
                .iter()
                .filter_map(|(name, definition)| match definition {
                    Definition::Function(id) => Some((name.to_string(), *id)),
                    _ => None,
                })
                .collect();
            for (name, id) in functions {
                if !is_main || self.host(&name).is_some() {
                    continue;
                }
                let explicit = self.request.exports.iter().find(|(wanted, _)| *wanted == name);
                let only = self.request.exports_only;
                let declared = self.declared_params(id);
                let params = match explicit.map(|(_, params)| params.clone()) {
                    Some(params) if only => Some(declared.filter(|one| one.len() == params.len()).unwrap_or(params)),
                    Some(params) => Some(params),
                    None => declared.filter(|_| !only),
                };
                if let Some(params) = params {
                    wanted.insert(name, (id, params));
                }
            }
        }
        for (name, (function, params)) in wanted {
            let rules = self.rules_of(function, Rules::Python);
            let partial = self.partial(function, &params);
            let is_partial = partial.is_some();
            let (function, params) = partial.unwrap_or((function, params));
            let key = Key { function, params, rules };
            let (id, returns) = self.infer_instance(&key, None);
            let returns = function::close(&returns);
            // It is not in the source, and so not in tracebacks.
            Arc::make_mut(&mut self.program.functions[id]).prelude |= is_partial;
            self.roots.push(id);
            if returns == Type::Never {
                // It only raises: for a host, that is a function without result.
                Arc::make_mut(&mut self.program.functions[id]).returns = Type::None;
            }
            let mut types = key.params.iter().chain(Some(&returns).filter(|ty| **ty != Type::Never));
            if let Some(ty) = types.find(|ty| !ty.crosses_border()) {
                // Who did not ask for the export does not miss it.
                if self.request.exports.iter().any(|(wanted, _)| *wanted == name) && *ty != Type::Poison {
                    let text = format!("`{name}` cannot be exported: a `{ty}` cannot pass to or from the host");
                    let error =
                        Diagnostic::new(Code::UnsupportedAtBoundary, self.tree.functions[function].name.span, text);
                    self.instances.entry(key).and_modify(|instance| instance.errors.push(error));
                }
                continue;
            }
            let names = self.tree.functions[function].params.iter().map(|param| param.name.text.to_string()).collect();
            self.program.exports.push(hir::Export { name, function: id, params: names });
        }
    }

    /// The prelude functions that `lower` calls of itself.
    fn items(&mut self) -> hir::Items {
        let mut item = |name: &str, params: &[Type]| self.prelude_instance(name, params);
        hir::Items {
            allocate: item("allocate", &[Type::Int]),
            list_new: item("list_new", &[Type::Int, Type::Int]),
            overflow_error: item("overflow_error", &[]),
            index_error_array: item("index_error_array", &[Type::Int, Type::Int, Type::Int]),
            unbound_local_error: item("unbound_local_error", &[Type::Str]),
            name_error: item("name_error", &[Type::Str]),
            recursion_error: item("recursion_error", &[]),
            traceback_add: item("traceback_add", &[Type::Exception, Type::Int]),
            exception_set_context: item("exception_set_context", &[Type::Exception, Type::Exception]),
            mul_overflows: item("mul_overflows", &[Type::Int, Type::Int]),
            retain: item("retain", &[Type::Ptr]),
            release: item("release", &[Type::Ptr]),
            free: item("free", &[Type::Ptr]),
        }
    }

    fn prelude_instance(&mut self, name: &str, params: &[Type]) -> Id<hir::Function> {
        let Some(function) = self.prelude.function(name, self.tree) else {
            unreachable!("the prelude has `{name}`");
        };
        // An annotated parameter is taken as annotated: drop functions see the bare address of the object.
        let node = self.tree.functions[function].clone();
        let params = node.params.iter().zip(params).map(|(param, ty)| {
            let declared = param.annotation.as_ref().and_then(|annotation| self.type_of(annotation, None));
            declared.unwrap_or_else(|| ty.clone())
        });
        let key = Key { function, params: params.collect(), rules: Rules::Raw };
        self.infer_instance(&key, None).0
    }
}

/// Adds the heap types in `ty`, and those that their items need.
fn heap_types(ty: &Type, found: &mut BTreeSet<Type>) {
    match ty {
        Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Cell(item) => {
            if found.insert(ty.clone()) {
                heap_types(item, found);
                if let Type::Set(_) = ty {
                    heap_types(&Type::List(item.clone()), found);
                }
            }
        }
        Type::Dict(key, value) => {
            if found.insert(ty.clone()) {
                heap_types(&Type::List(key.clone()), found);
                heap_types(&Type::List(value.clone()), found);
            }
        }
        Type::Str | Type::Bytes | Type::Exception => {
            found.insert(ty.clone());
        }
        Type::Optional(item) => heap_types(item, found),
        Type::Tuple(items)
        | Type::Function(_, items)
        | Type::Choice(items)
        | Type::Generator(_, items)
        | Type::Iterator(_, items) => {
            items.iter().for_each(|item| heap_types(item, found));
        }
        Type::Poison
        | Type::Never
        | Type::Variable(_)
        | Type::None
        | Type::Bool
        | Type::Int
        | Type::Unsigned
        | Type::Float
        | Type::Complex
        | Type::Scalar(_)
        | Type::Ptr
        | Type::Range
        | Type::Slice
        | Type::Array { .. }
        | Type::Static(_) => {}
    }
}

/// The id of a generator expression as types carry it.
fn generator_type(id: Id<GeneratorSite>) -> Id<Generator> {
    Id::new(id.index())
}
