//! The typed tree: one function an instance, every expression with its type, every conversion written out.
//! In: built by `infer`. Out: read by `lower` (and by hovers).
//!
//! Python's constructs are gone where they are combinations of others: `for` is a `Loop`, `and` is an `If`,
//! a comprehension is a `Block` with a value, a method is a `Call` of a prelude function, captured variables are
//! leading parameters.

#![expect(missing_docs, reason = "fields of variants say what they are by name")]

use super::elementwise::Elementwise;
use crate::arena::{Arena, Id, IdMap};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::types::{Rules, Sums, Type};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A whole program.
#[derive(Debug, Default)]
pub struct Program {
    /// Instances, the prelude's among them. Not all are part of the program: see `order`.
    pub functions: IdMap<Function, Arc<Function>>,
    /// Those that can run, in the order in which calls lead to them. It depends on nothing else, so that the same
    /// program always becomes the same module.
    pub order: Vec<Id<Function>>,
    /// Module-level variables that functions use.
    pub globals: Arena<Global>,
    /// Functions of the host that are called.
    pub hosts: Arena<Host>,
    /// Code of the module level, to be run once before any export; prints and all.
    pub main: Option<Id<Function>>,
    /// Functions that a host may call.
    pub exports: Vec<Export>,
    /// Prelude functions that `lower` calls of itself.
    pub items: Option<Items>,
    /// For types that are one heap object (`Type::is_heap`): the prelude function that releases what the object holds
    /// and frees it. Takes the object; called with a count of 0. Types without an entry, and the blocks that own the
    /// elements of arrays, go to `Items::free`.
    pub drops: BTreeMap<Type, Id<Function>>,
}

impl Program {
    /// The functions that can run.
    pub fn reached(&self) -> impl Iterator<Item = (Id<Function>, &Function)> {
        self.order.iter().map(|id| (*id, &*self.functions[*id]))
    }
}

/// Prelude functions that `lower` calls of itself. Each is an ordinary prelude function of that name.
#[derive(Debug, Clone)]
pub struct Items {
    /// `allocate(size: int) -> ptr`: 8-aligned, not cleared; raises `MemoryError`.
    pub allocate: Id<Function>,
    /// `list_new(item_size: int, length: int) -> ptr`: a list object with room for, and the length of, `length`
    /// items that the caller fills.
    pub list_new: Id<Function>,
    /// `overflow_error() -> Exception`.
    pub overflow_error: Id<Function>,
    /// `index_error_array(index: int, axis: int, size: int) -> Exception`.
    pub index_error_array: Id<Function>,
    /// `unbound_local_error(name: str) -> Exception`.
    pub unbound_local_error: Id<Function>,
    /// `name_error(name: str) -> Exception`: of a global that is not set yet.
    pub name_error: Id<Function>,
    /// `recursion_error() -> Exception`.
    pub recursion_error: Id<Function>,
    /// `traceback_add(exception: Exception, site: int) -> None`: one more frame. Never raises.
    pub traceback_add: Id<Function>,
    /// `exception_set_context(self: Exception, context: Exception) -> None`: the implicit `__context__` of an
    /// exception that leaves a handler (or `finally`) of `context`. Does nothing where both are the same object.
    /// Never raises.
    pub exception_set_context: Id<Function>,
    /// `mul_overflows(a: int, b: int) -> bool`.
    pub mul_overflows: Id<Function>,
    /// `retain(object: ptr) -> None`.
    pub retain: Id<Function>,
    /// `release(object: ptr) -> bool`: true after the last reference, so that the caller drops it.
    pub release: Id<Function>,
    /// `free(object: ptr) -> None`: for objects without counted parts.
    pub free: Id<Function>,
}

impl Items {
    /// All of them.
    pub fn all(&self) -> [Id<Function>; 13] {
        [
            self.allocate,
            self.list_new,
            self.overflow_error,
            self.index_error_array,
            self.unbound_local_error,
            self.name_error,
            self.recursion_error,
            self.traceback_add,
            self.exception_set_context,
            self.mul_overflows,
            self.retain,
            self.release,
            self.free,
        ]
    }
}

/// A function that a host may call.
#[derive(Debug, Clone)]
pub struct Export {
    /// Its name for the host.
    pub name: String,
    /// The instance.
    pub function: Id<Function>,
    /// Parameter names, types are the function's.
    pub params: Vec<String>,
}

/// A function of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Wasm import module.
    pub module: String,
    /// Wasm import name.
    pub name: String,
    /// Parameter types; heap objects are passed by address, borrowed.
    pub params: Vec<Type>,
    /// Result type.
    pub result: Type,
}

/// A module-level variable that functions use, or that is assigned in several types.
#[derive(Debug, Clone)]
pub struct Global {
    /// Its Python name.
    pub name: Arc<str>,
    /// Its one type.
    pub ty: Type,
}

/// An instance of a function: its parameter types are known.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is what a decorator says, apart from the others")]
pub struct Function {
    /// The Python name as tracebacks show it (`<module>`, `<lambda>`).
    pub name: String,
    /// Whether it is library code: no frame in tracebacks, and small ones are inlined.
    pub prelude: bool,
    /// Whether every call is to be replaced by the body: `@inline` in the prelude.
    pub inline: bool,
    /// Whether its loops are worth room, as the user's are: `@hot` in the prelude.
    pub hot: bool,
    /// Whether it is called where time does not matter: `@rare` in the prelude.
    pub rare: bool,
    /// In which order floats are added up.
    pub sums: Sums,
    /// Which number rules held; `Binary` operations already say which they are.
    pub rules: Rules,
    /// Parameters, captured variables first. All are borrowed from the caller.
    pub params: Vec<Id<Local>>,
    /// Variables and temporaries.
    pub locals: Arena<Local>,
    /// Result type; the result is owned by the caller.
    pub returns: Type,
    /// What it does. Falling off the end returns `None` (then `returns` is `None`).
    pub body: Vec<Stmt>,
    /// The `def`.
    pub span: Span,
}

/// A variable of an instance. A Python variable that has several types one after the other is several locals.
#[derive(Debug, Clone)]
pub struct Local {
    /// The Python name; empty for temporaries.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
}

/// A place to break to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub u32);

/// A statement.
#[derive(Debug, Clone)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// The Python it came from.
    pub span: Span,
}

/// What a statement does.
#[derive(Debug, Clone)]
pub enum StmtKind {
    /// Evaluates and drops.
    Expr(Expr),
    /// Sets a local; the old value is released after the new one is there.
    Assign(Id<Local>, Expr),
    /// Makes a local unbound (`del x`, end of `except … as x`) and releases it.
    Unbind(Id<Local>),
    /// Sets a global.
    AssignGlobal(Id<Global>, Expr),
    /// Sets an array's element at indices as in [`ExprKind::Element`]; the value has the element's type already.
    AssignElement { array: Expr, indices: Vec<Expr>, value: Expr },
    /// `if`; `test` is a bool.
    If { test: Expr, then: Vec<Stmt>, otherwise: Vec<Stmt> },
    /// Runs `body` for ever, until a `Break` to `label` or further out.
    Loop { label: Label, body: Vec<Stmt> },
    /// Runs `body` once; a `Break` to `label` ends it early.
    Block { label: Label, body: Vec<Stmt> },
    /// Ends the loop or block with this label. Runs the `finally` bodies in between.
    Break(Label),
    /// Returns from the function. Runs the `finally` bodies in between.
    Return(Expr),
    /// Raises an exception object; takes ownership.
    Raise(Expr),
    /// Runs `body`; an exception that leaves it is stored in `exception` (a local of type `Exception`) and
    /// `handler` runs. Handlers that match no clause end in `Raise` of the same local.
    Try { body: Vec<Stmt>, exception: Id<Local>, handler: Vec<Stmt> },
    /// Runs `body`, then `finally`, however `body` was left.
    Finally { body: Vec<Stmt>, finally: Vec<Stmt> },
}

/// An expression with its type.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Its type, without variables once `infer` is done.
    pub ty: Type,
    /// The Python it came from.
    pub span: Span,
}

/// What an expression computes. Operands are evaluated from left to right.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `None`, or a value of a type without parts.
    Unit,
    /// A bool.
    Bool(bool),
    /// Of type `Int`, `Ptr` or an integer `Scalar`: the low bits count.
    Int(i64),
    /// Of type `Float` or a float `Scalar` (then rounded to it).
    Float(f64),
    /// Of type `Complex` or a complex `Scalar`.
    Complex(f64, f64),
    /// A constant string.
    Str(Arc<str>),
    /// Constant bytes.
    Bytes(Arc<[u8]>),
    /// A local that is bound.
    Local(Id<Local>),
    /// A local that may be unbound: raises `UnboundLocalError`.
    LocalChecked(Id<Local>),
    /// Whether a local is bound.
    IsBound(Id<Local>),
    /// A global.
    Global(Id<Global>),
    /// A global that may not be set yet: raises `NameError`.
    GlobalChecked(Id<Global>),
    /// An instruction of the machine, or of the prelude's bottom; see [`Intrinsic`].
    Intrinsic(Intrinsic, Vec<Expr>),
    /// An instance called.
    Call(Id<Function>, Vec<Expr>),
    /// A host function called.
    CallHost(Id<Host>, Vec<Expr>),
    /// A tuple (also a closure's captures, a lazy iterator's arguments, a range, a slice, a complex from its
    /// parts): the parts of the members one after the other.
    Tuple(Vec<Expr>),
    /// A member of a tuple (or of whatever `Tuple` makes).
    Member(Box<Expr>, u32),
    /// `a if test else b`; also `and`, `or`.
    If { test: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    /// Runs statements, then gives the value.
    Block(Vec<Stmt>, Box<Expr>),
    /// A list of these items.
    List(Vec<Expr>),
    /// An `Optional` that holds this value.
    Some(Box<Expr>),
    /// An empty `Optional`.
    Nothing,
    /// Whether an `Optional` holds a value.
    IsSome(Box<Expr>),
    /// The value of an `Optional` known to hold one.
    Unwrap(Box<Expr>),
    /// An array's element at constant-rank indices (`Int` each): wraps negative ones, checks bounds.
    Element { array: Box<Expr>, indices: Vec<Expr> },
    /// An array whose elements are still to be computed. Only while `infer` is at work: `Body::expr` makes the array.
    Elementwise(Box<Elementwise>),
}

impl Expr {
    /// A new expression.
    pub fn new(kind: ExprKind, ty: Type, span: Span) -> Self {
        Self { kind, ty, span }
    }

    /// `None`.
    pub fn none(span: Span) -> Self {
        Self::new(ExprKind::Unit, Type::None, span)
    }

    /// An expression about which an error was reported.
    pub fn poison(span: Span) -> Self {
        Self::new(ExprKind::Unit, Type::Poison, span)
    }

    /// A constant of type `int`.
    pub fn int(value: i64, span: Span) -> Self {
        Self::new(ExprKind::Int(value), Type::Int, span)
    }

    /// A constant of type `float`.
    pub fn float(value: f64, span: Span) -> Self {
        Self::new(ExprKind::Float(value), Type::Float, span)
    }

    /// A constant of type `bool`.
    pub fn bool(value: bool, span: Span) -> Self {
        Self::new(ExprKind::Bool(value), Type::Bool, span)
    }

    /// A constant of type `str`.
    pub fn str(value: &str, span: Span) -> Self {
        Self::new(ExprKind::Str(value.into()), Type::Str, span)
    }

    /// A local that is bound.
    pub fn local(local: Id<Local>, ty: Type, span: Span) -> Self {
        Self::new(ExprKind::Local(local), ty, span)
    }

    /// Whether evaluating it again is free and always gives the same: constants and locals.
    pub fn is_simple(&self) -> bool {
        match &self.kind {
            ExprKind::Unit
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Complex(..)
            | ExprKind::Str(_)
            | ExprKind::Local(_) => true,
            ExprKind::Tuple(items) => items.iter().all(Self::is_simple),
            ExprKind::Member(tuple, _) | ExprKind::Unwrap(tuple) => tuple.is_simple(),
            _ => false,
        }
    }

    /// Calls `visit` with this expression and every one inside.
    pub fn for_each(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        match &self.kind {
            ExprKind::Unit
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Complex(..)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Local(_)
            | ExprKind::LocalChecked(_)
            | ExprKind::IsBound(_)
            | ExprKind::Global(_)
            | ExprKind::GlobalChecked(_)
            | ExprKind::Nothing => {}
            ExprKind::Intrinsic(_, items)
            | ExprKind::Call(_, items)
            | ExprKind::CallHost(_, items)
            | ExprKind::Tuple(items)
            | ExprKind::List(items) => items.iter().for_each(|item| item.for_each(visit)),
            ExprKind::Member(item, _) | ExprKind::Some(item) | ExprKind::IsSome(item) | ExprKind::Unwrap(item) => {
                item.for_each(visit);
            }
            ExprKind::If { test, then, otherwise } => {
                [test, then, otherwise].into_iter().for_each(|part| part.for_each(visit));
            }
            ExprKind::Block(body, value) => {
                body.iter().for_each(|stmt| stmt.for_each_expr(visit));
                value.for_each(visit);
            }
            ExprKind::Element { array, indices } => {
                array.for_each(visit);
                indices.iter().for_each(|index| index.for_each(visit));
            }
            ExprKind::Elementwise(inner) => {
                inner.setup.iter().for_each(|stmt| stmt.for_each_expr(visit));
                inner.operands.iter().for_each(|operand| operand.for_each(visit));
                inner.shape.for_each(visit);
            }
        }
    }

    /// Calls `change` with this expression and every one inside.
    pub fn for_each_mut(&mut self, change: &mut dyn FnMut(&mut Self)) {
        change(self);
        match &mut self.kind {
            ExprKind::Unit
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Complex(..)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Local(_)
            | ExprKind::LocalChecked(_)
            | ExprKind::IsBound(_)
            | ExprKind::Global(_)
            | ExprKind::GlobalChecked(_)
            | ExprKind::Nothing => {}
            ExprKind::Intrinsic(_, items)
            | ExprKind::Call(_, items)
            | ExprKind::CallHost(_, items)
            | ExprKind::Tuple(items)
            | ExprKind::List(items) => items.iter_mut().for_each(|item| item.for_each_mut(change)),
            ExprKind::Member(item, _) | ExprKind::Some(item) | ExprKind::IsSome(item) | ExprKind::Unwrap(item) => {
                item.for_each_mut(change);
            }
            ExprKind::If { test, then, otherwise } => {
                [test, then, otherwise].into_iter().for_each(|part| part.for_each_mut(change));
            }
            ExprKind::Block(body, value) => {
                body.iter_mut().for_each(|stmt| stmt.for_each_expr_mut(change));
                value.for_each_mut(change);
            }
            ExprKind::Element { array, indices } => {
                array.for_each_mut(change);
                indices.iter_mut().for_each(|index| index.for_each_mut(change));
            }
            ExprKind::Elementwise(_) => unreachable!("Body::expr makes the array"),
        }
    }
}

impl Stmt {
    /// Calls `visit` with every expression inside.
    pub fn for_each_expr(&self, visit: &mut dyn FnMut(&Expr)) {
        match &self.kind {
            StmtKind::Expr(value)
            | StmtKind::Assign(_, value)
            | StmtKind::AssignGlobal(_, value)
            | StmtKind::Return(value)
            | StmtKind::Raise(value) => value.for_each(visit),
            StmtKind::Unbind(_) | StmtKind::Break(_) => {}
            StmtKind::AssignElement { array, indices, value } => {
                array.for_each(visit);
                indices.iter().chain([value]).for_each(|part| part.for_each(visit));
            }
            StmtKind::If { test, then, otherwise } => {
                test.for_each(visit);
                then.iter().chain(otherwise).for_each(|stmt| stmt.for_each_expr(visit));
            }
            StmtKind::Loop { body, .. } | StmtKind::Block { body, .. } => {
                body.iter().for_each(|stmt| stmt.for_each_expr(visit));
            }
            StmtKind::Try { body, handler, .. } => {
                body.iter().chain(handler).for_each(|stmt| stmt.for_each_expr(visit));
            }
            StmtKind::Finally { body, finally } => {
                body.iter().chain(finally).for_each(|stmt| stmt.for_each_expr(visit));
            }
        }
    }

    /// Calls `change` with every expression inside.
    pub fn for_each_expr_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        match &mut self.kind {
            StmtKind::Expr(value)
            | StmtKind::Assign(_, value)
            | StmtKind::AssignGlobal(_, value)
            | StmtKind::Return(value)
            | StmtKind::Raise(value) => value.for_each_mut(change),
            StmtKind::Unbind(_) | StmtKind::Break(_) => {}
            StmtKind::AssignElement { array, indices, value } => {
                array.for_each_mut(change);
                indices.iter_mut().chain([value]).for_each(|part| part.for_each_mut(change));
            }
            StmtKind::If { test, then, otherwise } => {
                test.for_each_mut(change);
                then.iter_mut().chain(otherwise).for_each(|stmt| stmt.for_each_expr_mut(change));
            }
            StmtKind::Loop { body, .. } | StmtKind::Block { body, .. } => {
                body.iter_mut().for_each(|stmt| stmt.for_each_expr_mut(change));
            }
            StmtKind::Try { body, handler, .. } => {
                body.iter_mut().chain(handler).for_each(|stmt| stmt.for_each_expr_mut(change));
            }
            StmtKind::Finally { body, finally } => {
                body.iter_mut().chain(finally).for_each(|stmt| stmt.for_each_expr_mut(change));
            }
        }
    }
}
