//! Turns typed trees into SSA: values into their parts, Python's control flow into blocks, ownership into counts.
//! In: `hir::Program`. Out: `ssa::Module`, one SSA function an instance. Reports: nothing; `infer` reported it all.

mod array;
mod builder;
mod constant;
mod convert;
mod data;
mod exception;
mod export;
mod expression;
mod intrinsic;
mod memory;
mod ownership;
mod recursion;
mod scan;
mod statement;
#[cfg(test)]
mod tests;

use crate::abi;
use crate::arena::{Arena, Id, IdMap};
use crate::infer::hir::{self, Global, Items, Label, Local, Program};
use crate::source::Span;
use crate::ssa::{self, Const, Function, Import, Module, Site, Value};
use crate::types::{Sums, Type};
use builder::{Builder, Variable};
use data::Constants;
use exception::{Epilogue, Finally, Target};
use ownership::{Kind, Scope, Temporary};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Lowers a program.
pub fn lower(program: &Program) -> Module {
    let mut shared = Shared::new(program);
    for id in &program.order {
        let function = Body::new(&mut shared, *id).lower();
        let place = shared.function(*id);
        shared.module.functions[place] = function;
    }
    export::exports(&mut shared);
    shared.finish()
}

/// What the functions of a program share.
struct Shared<'p> {
    program: &'p Program,
    module: Module,
    /// The SSA function of each instance.
    functions: IdMap<hir::Function, Id<Function>>,
    constants: Constants,
    sites: HashMap<(String, Span), Id<Site>>,
    imports: HashMap<(String, String), Id<Import>>,
    /// The Wasm globals of each Python global: its parts, then whether it is set if that is ever asked.
    globals: IdMap<Global, GlobalHome>,
    /// The prelude's own state.
    states: BTreeMap<u8, Id<ssa::Global>>,
    heap_start: Option<Id<ssa::Global>>,
    /// How deep the recursion is, if any user function is recursive.
    depth: Option<Id<ssa::Global>>,
    recursive: BTreeSet<Id<hir::Function>>,
}

#[derive(Clone)]
struct GlobalHome {
    parts: Vec<Id<ssa::Global>>,
    set: Option<Id<ssa::Global>>,
}

impl<'p> Shared<'p> {
    fn new(program: &'p Program) -> Self {
        let mut module = Module::default();
        let mut functions = IdMap::default();
        for (id, function) in program.reached() {
            // Takes the place until the body is lowered.
            functions.insert(id, module.functions.push(Function::new(&function.name, Vec::new(), function.span)));
        }
        let checked = scan::checked_globals(program);
        let mut globals = IdMap::default();
        for (id, global) in program.globals.iter() {
            let mut home = GlobalHome { parts: Vec::new(), set: None };
            for ty in global.ty.flatten() {
                let initial = Const::zero(ty);
                home.parts.push(module.globals.push(ssa::Global { name: global.name.to_string(), initial }));
            }
            if checked.contains(&id) {
                let name = format!("{} is set", global.name);
                home.set = Some(module.globals.push(ssa::Global { name, initial: Const::I32(0) }));
            }
            globals.insert(id, home);
        }
        let recursive = recursion::recursive(program);
        let depth = (!recursive.is_empty())
            .then(|| module.globals.push(ssa::Global { name: "recursion depth".to_owned(), initial: Const::I32(0) }));
        Self {
            program,
            module,
            functions,
            constants: Constants::default(),
            sites: HashMap::new(),
            imports: HashMap::new(),
            globals,
            states: BTreeMap::new(),
            heap_start: None,
            depth,
            recursive,
        }
    }

    fn finish(mut self) -> Module {
        self.module.data = self.constants.bytes;
        if let Some(heap_start) = self.heap_start {
            let end = (abi::DATA_START as usize + self.module.data.len()).next_multiple_of(16);
            self.module.globals[heap_start].initial = Const::I32(end as i32);
        }
        self.module
    }

    /// The SSA function of an instance.
    fn function(&self, id: Id<hir::Function>) -> Id<Function> {
        self.functions[id]
    }

    fn items(&self) -> SsaItems {
        let items = self.program.items.as_ref().expect("infer() looks up the items of every program");
        SsaItems::new(items, &|id| self.function(id))
    }

    /// The function that is called after the last reference to an object of this type.
    fn drop_of(&self, ty: &Type) -> Id<Function> {
        self.program.drops.get(ty).map_or_else(|| self.items().free, |drop| self.function(*drop))
    }

    /// The number of a place in a function.
    fn site(&mut self, function: &str, span: Span) -> i64 {
        let sites = &mut self.module.sites;
        let id = *self
            .sites
            .entry((function.to_owned(), span))
            .or_insert_with(|| sites.push(Site { function: function.to_owned(), span }));
        id.index() as i64
    }

    /// A function of the host.
    fn import(&mut self, module: &str, name: &str, params: Vec<ssa::Type>, results: Vec<ssa::Type>) -> Id<Import> {
        let imports = &mut self.module.imports;
        *self.imports.entry((module.to_owned(), name.to_owned())).or_insert_with(|| {
            imports.push(Import { module: module.to_owned(), name: name.to_owned(), params, results })
        })
    }

    fn state(&mut self, number: u8) -> Id<ssa::Global> {
        let globals = &mut self.module.globals;
        *self
            .states
            .entry(number)
            .or_insert_with(|| globals.push(ssa::Global { name: format!("state {number}"), initial: Const::I64(0) }))
    }

    fn heap_start(&mut self) -> Id<ssa::Global> {
        let globals = &mut self.module.globals;
        *self
            .heap_start
            .get_or_insert_with(|| globals.push(ssa::Global { name: "heap start".to_owned(), initial: Const::I32(0) }))
    }
}

/// [`Items`] as SSA functions.
#[derive(Clone, Copy)]
struct SsaItems {
    allocate: Id<Function>,
    list_new: Id<Function>,
    overflow_error: Id<Function>,
    index_error_array: Id<Function>,
    unbound_local_error: Id<Function>,
    name_error: Id<Function>,
    recursion_error: Id<Function>,
    traceback_add: Id<Function>,
    exception_set_context: Id<Function>,
    free: Id<Function>,
}

impl SsaItems {
    fn new(items: &Items, ssa_function: &dyn Fn(Id<hir::Function>) -> Id<Function>) -> Self {
        Self {
            allocate: ssa_function(items.allocate),
            list_new: ssa_function(items.list_new),
            overflow_error: ssa_function(items.overflow_error),
            index_error_array: ssa_function(items.index_error_array),
            unbound_local_error: ssa_function(items.unbound_local_error),
            name_error: ssa_function(items.name_error),
            recursion_error: ssa_function(items.recursion_error),
            traceback_add: ssa_function(items.traceback_add),
            exception_set_context: ssa_function(items.exception_set_context),
            free: ssa_function(items.free),
        }
    }
}

/// One function on its way to SSA.
struct Body<'l, 'p> {
    shared: &'l mut Shared<'p>,
    hir: &'p hir::Function,
    builder: Builder,
    /// The variables of each local, one a part.
    homes: IdMap<Local, Arc<[Id<Variable>]>>,
    /// Whether a local is bound, for those where it is ever asked.
    bound: IdMap<Local, Id<Variable>>,
    /// Locals that hold references of their own.
    owning: Vec<Id<Local>>,
    labels: BTreeMap<Label, Target>,
    temporaries: Arena<Temporary>,
    finallies: Arena<Finally>,
    scopes: Arena<Scope>,
    /// The innermost scope.
    scope: Id<Scope>,
    function_scope: Id<Scope>,
    /// Where all returns meet, if there is anything to do there.
    epilogue: Option<Epilogue>,
    /// How deep the recursion was at entry, in recursive functions.
    depth: Option<Id<Value>>,
    /// Whether any handler passes its exception on.
    framed: bool,
    /// How often each local is read or set.
    mentions: IdMap<Local, u32>,
    /// Locals whose one read moves out what they hold.
    linear: BTreeSet<Id<Local>>,
    /// Locals that are others under a second name.
    aliases: BTreeMap<Id<Local>, Id<Local>>,
}

impl<'l, 'p> Body<'l, 'p> {
    fn new(shared: &'l mut Shared<'p>, id: Id<hir::Function>) -> Self {
        let hir = &*shared.program.functions[id];
        let facts = scan::locals(hir);
        let params: Vec<_> = hir.params.iter().flat_map(|param| hir.locals[*param].ty.flatten()).collect();
        let mut builder = Builder::new(&hir.name, &params, hir.returns.flatten(), hir.span);
        let mut homes = IdMap::default();
        let mut bound = IdMap::default();
        let mut owning = Vec::new();
        for (id, local) in hir.locals.iter().filter(|(id, _)| !facts.aliases.contains_key(id)) {
            let name = (!local.name.is_empty()).then(|| local.name.clone());
            let parts = local.ty.flatten();
            homes.insert(id, parts.into_iter().map(|ty| builder.variable(ty, name.clone())).collect());
            if facts.checked.contains(&id) {
                bound.insert(id, builder.variable(ssa::Type::I32, None));
            }
            if local.ty.is_counted() && facts.assigned.contains(&id) {
                owning.push(id);
            }
        }
        for (alias, original) in &facts.aliases {
            let home = Arc::clone(&homes[*original]);
            homes.insert(*alias, home);
        }
        let mut scopes = Arena::default();
        let scope = scopes.push(Scope { kind: Kind::Function, parent: None, pad: None });
        Self {
            hir,
            builder,
            homes,
            bound,
            owning,
            labels: BTreeMap::new(),
            temporaries: Arena::default(),
            finallies: Arena::default(),
            scopes,
            scope,
            function_scope: scope,
            epilogue: None,
            depth: None,
            framed: false,
            mentions: facts.mentions,
            linear: facts.linear,
            aliases: facts.aliases,
            shared,
        }
        .with_entry(id)
    }

    /// Gives the parameters to their locals.
    fn with_entry(mut self, id: Id<hir::Function>) -> Self {
        let values = self.builder.params();
        let mut values = values.into_iter();
        for param in &self.hir.params {
            let home = self.homes[*param].clone();
            let parts: Vec<_> = values.by_ref().take(home.len()).collect();
            self.set_all(&home, &parts);
            self.bind(*param, true);
        }
        if self.shared.recursive.contains(&id) {
            self.count_depth();
        }
        for param in &self.hir.params {
            if self.owning.contains(param) {
                let parts = self.values(&self.homes[*param].clone());
                self.retain(&self.hir.locals[*param].ty, &parts);
            }
        }
        self
    }

    fn lower(mut self) -> Function {
        if self.hir.inline || (self.hir.prelude && scan::is_small(self.hir)) {
            self.builder.inline();
        }
        if self.hir.hot {
            self.builder.hot();
        }
        if self.hir.rare {
            self.builder.rare();
        }
        if self.hir.sums == Sums::InAnyOrder {
            self.builder.reassociate();
        }
        self.statements(&self.hir.body);
        if self.builder.reachable() {
            if self.hir.returns.flatten().is_empty() {
                // Falling off the end returns None, which has no parts.
                self.leave(exception::Exit::Return(Vec::new()));
            } else {
                // infer() knows that control does not get here, as after a `match` of both bools.
                self.builder.end(ssa::Terminator::Unreachable);
            }
        }
        self.ends();
        self.builder.finish()
    }
}
