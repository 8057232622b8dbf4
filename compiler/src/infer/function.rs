//! One instance: a function's body walked until its types settle. In: `Key`. Out: `hir::Function` and its result type.

use super::decorator::Declared;
use super::environment::{Env, Frame, Name, Variable};
use super::hir::{self, Expr, ExprKind, Local, Stmt, StmtKind};
use super::unify::Unifier;
use super::{GlobalKey, Inferer, Instance, Key, MAX_DEPTH};
use crate::arena::{Arena, Id};
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::Prelude;
use crate::resolve::{self, Binding};
use crate::source::{Origin, Span};
use crate::syntax::ast::{self, FunctionId};
use crate::types::{Rules, Sums, Type};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How often a body is walked before we give up: each walk but the last learnt something.
const MAX_WALKS: usize = 24;
/// How many instances are looked at again for the sake of fewer errors: calls that call each other with ever new types
/// would double them at every step.
const MOST_FORGOTTEN: usize = 1000;

/// A construct in the text, and the how-manieth time a walk comes to it (a body inlined twice comes twice).
pub type Construct = (Span, u32);

/// A variable where paths join, as an earlier walk found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its type there.
    pub ty: Type,
    /// Whether it may not be bound there.
    pub maybe_unbound: bool,
}

/// What earlier walks learnt.
#[derive(Debug, Default)]
pub struct Learnt {
    /// Variables at the head of a loop, or where breaks arrive.
    pub shapes: HashMap<Construct, BTreeMap<Name, Shape>>,
    /// Item types of empty displays that turned out to be wider than their first item.
    pub items: HashMap<Construct, Type>,
    /// Displays of whose items nothing is known but that they are looked at: any type will do as long as it does.
    pub guessed: BTreeSet<Construct>,
    /// The result type, once all returns were seen.
    pub returns: Option<Type>,
    /// Variables that had two types where paths joined, with those types.
    pub conflicts: BTreeMap<Name, (Type, Type)>,
    /// Names read on a path where they were not bound yet.
    pub unbound_reads: BTreeSet<Name>,
    /// Variables whose iterator was read, and where: it may be used up from there on.
    pub spent: BTreeMap<Name, Span>,
}

impl Learnt {
    /// Takes the type variables of the walk that ends out of the shapes it learnt: they mean nothing to the next one.
    fn settle(&mut self, unify: &Unifier) {
        let shapes = self.shapes.values_mut().flat_map(BTreeMap::values_mut);
        shapes.for_each(|shape| shape.ty = close(&unify.resolve(&shape.ty)));
    }
}

/// What may stop anywhere: the body of a `try`. Handlers have to know then where every variable is.
#[derive(Debug)]
pub struct Guarded {
    /// The name of it.
    pub construct: Construct,
    /// The types that variables keep inside, as earlier walks learnt.
    pub kept: BTreeMap<Name, Type>,
    /// The locals that the variables set inside were in, one after the other.
    pub seen: BTreeMap<Name, Vec<Id<Local>>>,
}

/// A place to break to.
#[derive(Debug)]
pub struct Target {
    /// Its label.
    pub label: hir::Label,
    /// What breaks there.
    pub kind: TargetKind,
    /// The environments that arrived, each already in the learnt shape.
    pub arrived: Vec<Env>,
    /// What it is in the text.
    pub construct: Construct,
}

/// What breaks to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// Python's `break`.
    Break,
    /// Python's `continue`.
    Continue,
    /// Only what we write ourselves.
    Internal,
}

/// The walk through one body.
pub struct Body<'i, 'a> {
    pub(super) inferer: &'i mut Inferer<'a>,
    pub(super) hir: hir::Function,
    pub(super) unify: Unifier,
    pub(super) frames: Arena<Frame>,
    pub(super) frame: Id<Frame>,
    pub(super) env: Env,
    pub(super) homes: HashMap<(Name, Type), Id<Local>>,
    pub(super) targets: Vec<Target>,
    pub(super) learnt: Learnt,
    /// Whether this walk learnt something that makes another one necessary.
    pub(super) again: bool,
    pub(super) counts: HashMap<Span, u32>,
    pub(super) labels: u32,
    /// The bodies of `try` statements around, innermost last.
    pub(super) guarded: Vec<Guarded>,
    /// The types of all `return`s of this walk.
    pub(super) returned: Vec<(Type, Span)>,
    /// The annotation or signature's result type.
    pub(super) declared_returns: Option<Type>,
    /// What its decorators say.
    pub(super) declared: Arc<Declared>,
    /// The local of the exception that the innermost `except` handles.
    pub(super) handled: Vec<Id<Local>>,
    pub(super) errors: Vec<Diagnostic>,
    /// The first expression without a type: an error says why, or did so where it is called or defined.
    pub(super) lost: Option<Span>,
    pub(super) notes: Vec<Diagnostic>,
    /// Set at the level of a module: where its variables are.
    pub(super) module_level: Option<Id<resolve::Module>>,
    /// How many conditional constructs surround the current statement.
    pub(super) nesting: u32,
    /// Types whose items were not known yet when a value of them was passed on (false) or an item was read (true).
    pub(super) open: Vec<(Type, bool)>,
    /// Globals whose items were not known yet when they were read, with this body's variables for them.
    pub(super) open_globals: Vec<(GlobalKey, Type)>,
    /// What annotations say of variables.
    pub(super) annotated: HashMap<Name, Type>,
}

impl Inferer<'_> {
    /// The instance of a key, inferred if it is new: its id and its result type (so far, in a recursive call).
    pub(super) fn infer_instance(
        &mut self,
        key: &Key,
        module: Option<Id<resolve::Module>>,
    ) -> (Id<hir::Function>, Type) {
        if let Some(known) = self.known.instance(key) {
            self.peak = self.peak.max(self.level + known.height);
            return (known.id, known.returns.clone());
        }
        if let Some(instance) = self.instances.get_mut(key) {
            instance.assumed |= !instance.done;
            self.peak = self.peak.max(self.level + instance.height);
            return (instance.id, instance.returns.clone());
        }
        let function = self.tree.functions[key.function].clone();
        let name = function.name.text.to_string();
        let id = self.program.functions.push(Arc::new(unreached(name, function.span)));
        let prelude = module.is_none() && self.is_prelude(function.span);
        let mut errors = Vec::new();
        // The library's are limited by their level alone, which does not depend on who was there first.
        if self.depth >= MAX_DEPTH && !prelude {
            let text = format!("calls of `{}` nest too deeply with ever new argument types", function.name.text);
            errors.push(Diagnostic::new(Code::Limit, function.name.span, text));
        }
        let too_deep = !errors.is_empty();
        let instance = Instance {
            id,
            returns: Type::Never,
            done: too_deep,
            assumed: false,
            height: 0,
            asked: false,
            errors,
            notes: Vec::new(),
            lost: None,
        };
        self.instances.insert(key.clone(), instance);
        self.order.push(key.clone());
        if too_deep {
            return (id, Type::Poison);
        }
        if module.is_none() && self.names.scopes.get(key.function).is_none() {
            resolve::resolve_prelude(key.function, self.tree, self.names);
        }
        let created = self.order.len();
        let deeper = usize::from(!prelude);
        self.depth += deeper;
        let outer = (std::mem::replace(&mut self.peak, self.level), std::mem::take(&mut self.asked));
        for round in 0.. {
            let Walked { mut hir, returns: open, errors, notes, lost } = walk(self, key, &function, module);
            hir.prelude = prelude;
            hir.inline = prelude && is_decorated(&function, "inline");
            hir.hot = prelude && is_decorated(&function, "hot");
            hir.rare = prelude && is_decorated(&function, "rare");
            let returns = hir.returns.clone();
            let instance = self.instances.get_mut(key).unwrap_or_else(|| unreachable!("it was inserted above"));
            let agrees = !instance.assumed || close(&instance.returns) == returns;
            let settled = agrees || round >= MAX_WALKS;
            // Items that nobody put in may be put in where the function was called.
            instance.returns = open.clone();
            instance.errors = errors;
            if settled && !agrees {
                instance.errors.push(super::limit::no_end(&function.name.text, function.name.span));
            }
            instance.notes = notes;
            instance.lost = lost;
            self.program.functions[id] = Arc::new(hir);
            if settled {
                instance.done = true;
                instance.height = self.peak - self.level;
                instance.asked = self.asked;
                self.peak = self.peak.max(outer.0);
                self.asked = outer.1;
                self.depth -= deeper;
                return (id, open);
            }
            // What was inferred meanwhile relied on the old result type.
            self.forget(created);
        }
        unreachable!("the loop above ends by returning")
    }

    /// Walks a function whose parameters have open item types, to see what its body makes of them. Nothing of the walk
    /// is kept but the parameters' types.
    pub(super) fn probe(&mut self, key: Key) -> Vec<Type> {
        if self.depth >= MAX_DEPTH || self.probing.contains(&key.function) {
            return Vec::new();
        }
        self.probing.push(key.function);
        self.depth += 1;
        let function = self.tree.functions[key.function].clone();
        let created = self.order.len();
        let mut body = Body::new(self, &key, &function, None, Learnt::default());
        let mut out = Vec::new();
        let params: Vec<_> = key.params.iter().map(|ty| body.reopened(ty)).collect();
        let open = Key { params: params.clone(), ..key.clone() };
        body.parameters(&open, &function, &mut out);
        body.statements(&function.body, &mut out);
        let learnt = params.iter().map(|ty| body.unify.resolve(ty)).collect::<Vec<_>>();
        self.depth -= 1;
        self.probing.pop();
        self.forget(created);
        // What is still open means nothing to the caller, whose variables are others.
        learnt.iter().map(|ty| if super::unify::contains_variable(ty) { Type::Never } else { ty.clone() }).collect()
    }

    /// Forgets the instances made since `order` had this length.
    fn forget(&mut self, created: usize) {
        for key in self.order.split_off(created) {
            if let Some(instance) = self.instances.remove(&key) {
                let function = &mut self.program.functions[instance.id];
                *function = Arc::new(unreached(function.name.clone(), function.span));
            }
        }
    }

    /// Whether a function is library code.
    pub(super) fn is_prelude(&self, span: Span) -> bool {
        span != Span::default() && span.origin() == Origin::Prelude
    }
}

/// Whether a function of the prelude says `@name`.
fn is_decorated(function: &ast::Function, name: &str) -> bool {
    let named = |decorator: &ast::Expr| matches!(&decorator.kind, ast::ExprKind::Name(known) if &**known == name);
    function.decorators.iter().any(named)
}

/// A function that nobody calls: an instance before it is inferred, or after what it relied on changed.
fn unreached(name: String, span: Span) -> hir::Function {
    hir::Function {
        name,
        prelude: true,
        inline: false,
        hot: false,
        rare: false,
        sums: Sums::InOrder,
        rules: Rules::Raw,
        params: Vec::new(),
        locals: Arena::default(),
        returns: Type::None,
        body: Vec::new(),
        span,
    }
}

/// What came of the walks through a body.
struct Walked {
    hir: hir::Function,
    /// The result type; items may still be open.
    returns: Type,
    errors: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
    /// The first expression without a type.
    lost: Option<Span>,
}

fn walk(
    inferer: &mut Inferer<'_>,
    key: &Key,
    function: &Arc<ast::Function>,
    module: Option<Id<resolve::Module>>,
) -> Walked {
    let mut learnt = Learnt::default();
    // What the last walk found wrong.
    let mut before = Vec::new();
    for walk in 0.. {
        let created = inferer.order.len();
        let mut body = Body::new(inferer, key, function, module, std::mem::take(&mut learnt));
        body.reopen_learnt();
        let mut out = Vec::new();
        body.parameters(key, function, &mut out);
        body.statements(&function.body, &mut out);
        body.finish(&mut out, function);
        if body.again && walk < MAX_WALKS {
            learnt = std::mem::take(&mut body.learnt);
            learnt.settle(&body.unify);
            if !body.errors.is_empty() {
                before = body.errors;
            }
            // What this walk called with types that were not known yet may be wrong with those alone.
            let is_wrong = |key: &Key| inferer.instances.get(key).is_some_and(|instance| !instance.errors.is_empty());
            if inferer.order[created..].iter().any(is_wrong) && inferer.forgotten < MOST_FORGOTTEN {
                // The library's may be known already, or not.
                inferer.forgotten += inferer.order[created..].iter().filter(|key| !Prelude::has(key.function)).count();
                inferer.forget(created);
            }
            continue;
        }
        if body.again {
            body.error(super::limit::no_end(&function.name.text, function.name.span));
        }
        // A walk that takes over what an error left without a type does not come to the error again.
        let poisoned = |shapes: &BTreeMap<Name, Shape>| shapes.values().any(|shape| shape.ty == Type::Poison);
        if body.errors.is_empty() && body.learnt.shapes.values().any(poisoned) {
            body.errors = before;
        }
        if !body.errors.is_empty() {
            for (span, _) in std::mem::take(&mut body.learnt.guessed) {
                let text = "what this holds is not known: nothing is put into it";
                body.error(
                    Diagnostic::new(Code::CannotInfer, span, text)
                        .help("annotate the variable: `name: list[float] = []`"),
                );
            }
        }
        body.hir.body = out;
        let (mut hir, mut unify, errors, notes, lost) = (body.hir, body.unify, body.errors, body.notes, body.lost);
        // Items that no call has shown yet may show in a recursive one.
        let returns = unify.resolve(&hir.returns);
        settle_types(&mut hir, &mut unify);
        return Walked { hir, returns, errors, notes, lost };
    }
    unreachable!("the loop above ends by returning")
}

/// Replaces type variables by what they are bound to. What is still open holds nothing, so any type will do.
fn settle_types(hir: &mut hir::Function, unify: &mut Unifier) {
    let settle = |ty: &mut Type| {
        if super::unify::contains_variable(ty) {
            *ty = close(&unify.resolve(ty));
        }
    };
    hir.locals.iter_mut().for_each(|(_, local)| settle(&mut local.ty));
    settle(&mut hir.returns);
    hir.body.iter_mut().for_each(|stmt| stmt.for_each_expr_mut(&mut |expr| settle(&mut expr.ty)));
}

/// A type without variables: what is in no container needs no type, and takes the least room.
pub(super) fn close(ty: &Type) -> Type {
    match ty {
        Type::Variable(_) => Type::Int,
        Type::List(item) => Type::list(close(item)),
        Type::Sequence(item) => Type::Sequence(Arc::new(close(item))),
        Type::Set(item) => Type::Set(Arc::new(close(item))),
        Type::Optional(item) => Type::Optional(Arc::new(close(item))),
        Type::Cell(item) => Type::Cell(Arc::new(close(item))),
        Type::Dict(key, value) => Type::Dict(Arc::new(close(key)), Arc::new(close(value))),
        Type::Tuple(items) => Type::tuple(items.iter().map(close)),
        Type::Function(id, items) => Type::Function(*id, items.iter().map(close).collect()),
        Type::Choice(items) => Type::Choice(items.iter().map(close).collect()),
        Type::Generator(id, items) => Type::Generator(*id, items.iter().map(close).collect()),
        Type::Iterator(lazy, items) => Type::Iterator(*lazy, items.iter().map(close).collect()),
        other => other.clone(),
    }
}

impl<'i, 'a> Body<'i, 'a> {
    fn new(
        inferer: &'i mut Inferer<'a>,
        key: &Key,
        function: &Arc<ast::Function>,
        module: Option<Id<resolve::Module>>,
        learnt: Learnt,
    ) -> Self {
        let scope = module.is_none().then_some(key.function);
        let home = module.or_else(|| inferer.names.scopes.get(key.function).and_then(|scope| scope.module));
        let declared = inferer.declared(key.function);
        // A nested function is compiled with the one around it.
        let mut outermost = key.function;
        while let Some(parent) = inferer.names.scopes.get(outermost).and_then(|scope| scope.parent) {
            outermost = parent;
        }
        let sums = if key.rules.is_numba() { inferer.declared(outermost).sums } else { Sums::InOrder };
        let mut frames = Arena::default();
        let frame = frames.push(Frame { parent: None, scope, module: home, rules: key.rules, own: None });
        Self {
            hir: hir::Function {
                name: function.name.text.to_string(),
                prelude: false,
                inline: false,
                hot: false,
                rare: false,
                sums,
                rules: key.rules,
                params: Vec::new(),
                locals: Arena::default(),
                returns: Type::Never,
                body: Vec::new(),
                span: function.span,
            },
            inferer,
            unify: Unifier::default(),
            frames,
            frame,
            env: Env::default(),
            homes: HashMap::new(),
            targets: Vec::new(),
            learnt,
            again: false,
            counts: HashMap::new(),
            labels: 0,
            returned: Vec::new(),
            declared_returns: None,
            declared,
            guarded: Vec::new(),
            handled: Vec::new(),
            errors: Vec::new(),
            lost: None,
            notes: Vec::new(),
            module_level: module,
            nesting: 0,
            open: Vec::new(),
            open_globals: Vec::new(),
            annotated: HashMap::new(),
        }
    }

    /// The type with variables of this body in place of another's.
    pub(super) fn reopened(&mut self, ty: &Type) -> Type {
        self.reopened_at(ty, None)
    }

    /// The same of what comes from the place `site`, which remembers what its items turn out to be.
    pub(super) fn reopened_at(&mut self, ty: &Type, site: Option<Span>) -> Type {
        if !super::unify::contains_variable(ty) {
            return ty.clone();
        }
        let mut fresh = BTreeMap::new();
        let mut variables = Vec::new();
        super::unify::for_each_variable(ty, &mut |id| variables.push(id));
        for id in variables {
            if let Entry::Vacant(entry) = fresh.entry(id) {
                entry.insert(match site {
                    Some(span) => self.slot(None, span),
                    None => self.unify.variable(None),
                });
            }
        }
        super::unify::replaced(ty, &fresh)
    }

    /// What an earlier walk learnt may have items that are open still: in this walk's variables.
    fn reopen_learnt(&mut self) {
        let mut shapes = std::mem::take(&mut self.learnt.shapes);
        for shape in shapes.values_mut().flat_map(BTreeMap::values_mut) {
            if super::unify::contains_variable(&shape.ty) {
                shape.ty = self.reopened(&shape.ty);
            }
        }
        self.learnt.shapes = shapes;
        let mut items = std::mem::take(&mut self.learnt.items);
        #[expect(clippy::iter_over_hash_type, reason = "fresh variables are alike in any order")]
        for item in items.values_mut() {
            *item = self.reopened(item);
        }
        self.learnt.items = items;
        if let Some(ty) = self.learnt.returns.take() {
            self.learnt.returns = Some(self.reopened(&ty));
        }
    }

    /// Makes the parameters: what was captured first, then Python's own.
    fn parameters(&mut self, key: &Key, function: &Arc<ast::Function>, out: &mut Vec<Stmt>) {
        self.declared_returns = self.declared_return_type(key.function, &key.params);
        let captures: Vec<_> = match self.inferer.names.scopes.get(key.function) {
            Some(scope) if self.module_level.is_none() => scope.captures.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        };
        let names = captures.into_iter().chain(function.params.iter().map(|param| param.name.text.clone()));
        for (name, ty) in names.zip(&key.params) {
            let local = self.local(&name, ty.clone());
            self.hir.params.push(local);
            let key = (self.frame, name.clone());
            self.homes.insert((key.clone(), ty.clone()), local);
            self.env.vars.insert(key, Variable { local, maybe_unbound: false, narrowed: None });
        }
        self.make_cells(key.function, function, out);
    }

    /// Variables that nested functions share live in cells, made when the function starts.
    fn make_cells(&mut self, id: FunctionId, function: &Arc<ast::Function>, out: &mut Vec<Stmt>) {
        let Some(scope) = self.inferer.names.scopes.get(id).filter(|_| self.module_level.is_none()) else { return };
        let names: Vec<_> = scope
            .names
            .iter()
            .filter(|(_, binding)| **binding == Binding::Cell)
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let key = (self.frame, name.clone());
            let param = self.env.vars.get(&key).cloned();
            if let Some(variable) = &param {
                let ty = self.local_type(variable.local);
                self.learn_cell(id, &name, &ty, function.span);
            }
            let content = self.cell_type(id, &name);
            let ty = Type::Cell(Arc::new(content.clone()));
            let span = function.name.span;
            let initial = match param {
                Some(variable) => {
                    let value = Expr::local(variable.local, self.local_type(variable.local), span);
                    self.convert_value(value, &content)
                }
                None => Expr::new(ExprKind::Nothing, content, span),
            };
            let cell = Expr::new(
                ExprKind::Intrinsic(crate::prelude::intrinsics::Intrinsic::CellNew, vec![initial]),
                ty.clone(),
                span,
            );
            let local = self.local(&name, ty);
            out.push(Stmt { kind: StmtKind::Assign(local, cell), span });
            self.env.vars.insert(key, Variable { local, maybe_unbound: false, narrowed: None });
        }
    }

    /// The end of the body can be reached, and the function is declared to give something.
    fn missing_return(&mut self, declared: &Type, function: &ast::Function) {
        let place = function.returns.as_ref().map_or(function.name.span, |returns| returns.span);
        let name = &function.name.text;
        let text = format!("`{name}` is declared to give `{declared}`, but can end without a `return`");
        let mut error = Diagnostic::new(Code::TypeMismatch, place, text).here("it then gives `None`");
        if let Some(last) = function.body.last() {
            error = match &last.kind {
                // The value is there, and nothing else can be meant with it.
                ast::StmtKind::Expr(value)
                    if !matches!(value.kind, ast::ExprKind::Call { .. } | ast::ExprKind::Str(_)) =>
                {
                    let start = Span::new(last.span.start, last.span.start);
                    error.fix("return the value", vec![(start, "return ".to_owned())])
                }
                _ => error.help("end every path with `return` or `raise`"),
            };
        }
        self.error(error);
    }

    /// The end of the body: what is returned by falling off it, and the one type of all returns.
    fn finish(&mut self, out: &mut Vec<Stmt>, function: &ast::Function) {
        let span = function.span;
        match self.declared_returns.clone() {
            _ if self.env.dead => {}
            Some(declared) if !matches!(declared, Type::None | Type::Optional(_) | Type::Poison | Type::Never) => {
                self.missing_return(&declared, function);
                self.env.dead = true;
            }
            _ => self.return_value(Expr::none(span), span, out),
        }
        let returned = std::mem::take(&mut self.returned);
        let mut ty = Type::Never;
        let mut first: Option<Span> = None;
        for (other, at) in &returned {
            if *other != Type::Never {
                first.get_or_insert(*at);
            }
            let rules = self.rules();
            if let Some(joined) = self.unify.join(&ty, other, rules) {
                ty = joined;
                continue;
            }
            let (a, b) = (self.unify.resolve(&ty), self.unify.resolve(other));
            let text = format!("this returns `{b}`, an earlier `return` gives `{a}`");
            let error = Diagnostic::new(Code::TypeMismatch, *at, text)
                .help("a function gives values of one type: return the same type everywhere, or `None` beside it");
            self.error(match first {
                Some(first) if first != *at => error.label(first, format!("this gives `{a}`")),
                _ => error,
            });
            ty = Type::Poison;
        }
        let mut ty = self.unify.resolve(&ty);
        if let (Type::Never, Some(declared)) = (&ty, &self.declared_returns) {
            // It never returns, or a recursive call is not known yet: the declaration says what callers get.
            ty = declared.clone();
        }
        let mixed = returned.iter().any(|(other, _)| self.unify.resolve(other) != ty);
        if mixed && self.learnt.returns.as_ref() != Some(&ty) {
            self.learnt.returns = Some(ty.clone());
            self.again = true;
        }
        self.hir.returns = ty;
        self.learn_open();
    }

    /// Calls and reads that met a container before its items were known took them for another type: now they are known.
    fn learn_open(&mut self) {
        for (ty, read) in std::mem::take(&mut self.open) {
            let mut variables = Vec::new();
            super::unify::for_each_variable(&ty, &mut |id| variables.push(id));
            for id in variables {
                let found = self.unify.resolve(&Type::Variable(id));
                // What is in no container has any type. Only who looks at an item must know which.
                let still_open = matches!(found, Type::Variable(_));
                if let (Some(site), true) = (self.unify.site(id), read || !still_open)
                    && !self.learnt.items.contains_key(&site)
                {
                    if still_open {
                        self.learnt.guessed.insert(site);
                    }
                    self.learn_items(site, close(&found));
                }
            }
        }
        for (key, ty) in std::mem::take(&mut self.open_globals) {
            let found = self.unify.resolve(&ty);
            if !super::unify::contains_variable(&found) {
                self.learn_global(key, &found);
            }
        }
    }

    /// Notes the type of the items of a display. What was learnt with another type in mind is forgotten.
    pub(super) fn learn_items(&mut self, site: Construct, ty: Type) {
        self.learnt.items.insert(site, ty);
        self.learnt.shapes.clear();
        self.learnt.conflicts.clear();
        self.learnt.returns = None;
        self.again = true;
    }

    /// A label that no other statement of this function has.
    pub(super) fn label(&mut self) -> hir::Label {
        self.labels += 1;
        hir::Label(self.labels)
    }

    /// Names a construct for `Learnt`.
    pub(super) fn construct(&mut self, span: Span) -> Construct {
        let count = self.counts.entry(span).or_default();
        *count += 1;
        (span, *count)
    }

    /// Reports an error, once a place.
    pub(super) fn error(&mut self, diagnostic: Diagnostic) -> Expr {
        let span = diagnostic.span();
        if !self.errors.iter().any(|error| error.span() == span && error.message == diagnostic.message) {
            self.errors.push(diagnostic);
        }
        Expr::poison(span)
    }

    /// A temporary that holds a value, unless the value is as good as one already.
    pub(super) fn keep(&mut self, value: Expr, out: &mut Vec<Stmt>) -> Expr {
        // Members are kept one by one: what is constant of a tuple stays so, and no member is a variable that may change.
        if let ExprKind::Tuple(members) = value.kind {
            let members = members.into_iter().map(|member| self.keep(member, out)).collect();
            return Expr { kind: ExprKind::Tuple(members), ..value };
        }
        if value.is_simple() && !matches!(value.kind, ExprKind::Local(_)) {
            return value;
        }
        let (ty, span) = (value.ty.clone(), value.span);
        let local = self.local("", ty.clone());
        out.push(Stmt { kind: StmtKind::Assign(local, value), span });
        Expr::local(local, ty, span)
    }

    /// Whether the current function is library code.
    pub(super) fn in_prelude(&self) -> bool {
        self.frames[self.frame].module.is_none()
    }

    /// What a name means in the current frame's scope.
    pub(super) fn binding(&self, name: &str) -> Binding {
        let frame = &self.frames[self.frame];
        self.inferer.names.binding(frame.scope, frame.module, name)
    }

    /// Rules that a called user function runs under.
    pub(super) fn callee_rules(&mut self, function: FunctionId) -> Rules {
        let here = self.rules();
        self.inferer.rules_of(function, here)
    }
}
