//! Who owns which reference at every point of a function, and what is released when an exception leaves that point.
//!
//! The discipline:
//! - A parameter is borrowed from the caller, the result of a call is owned by the caller. Locals own what they
//!   hold; they start as zero, which `Retain` and `Release` ignore, so that a local can be released whether or not it
//!   was ever assigned. (A parameter that the function assigns is retained at entry and is a local from then on.)
//! - An expression gives an [`Operand`]: its parts, and who owns them. `Owner::Place` says that a local, a
//!   parameter or a constant keeps it alive as long as that is not reassigned; it costs nothing when it is used at
//!   once. `Owner::Temporary` says that it is on the stack of temporaries: whoever uses it either `settle`s it
//!   (releases it) or `take`s it (its reference goes somewhere else).
//! - What is read out of memory (a global, a cell, an item) is retained and so a temporary, for whatever runs next
//!   may overwrite that memory.
//!
//! The stack of scopes says what has to happen when an exception leaves the current point, from the innermost out:
//! release a temporary, enter a handler, leave the function. Each scope has at most one *pad*, a block that does its
//! part and jumps to the pad of the scope around it; all instructions in the same state share it. In user functions
//! pads pass on the *site*, the place that raised or called, so that the frame is added to the traceback exactly
//! once: by the first handler, or at the bottom of the function. An exception that a handler passes on carries the
//! site [`FRAMED`] instead.

use super::Body;
use super::builder::Variable;
use super::exception::Finally;
use crate::arena::Id;
use crate::infer::hir::{Expr, ExprKind, Local};
use crate::source::Span;
use crate::ssa::{self, Block, Callee, InstKind, Terminator, Unwind, Value};
use crate::types::Type;

/// The value of an expression.
#[derive(Debug, Clone)]
#[must_use = "a temporary is settled or taken"]
pub(super) struct Operand {
    /// In the order of `Type::flatten`.
    pub parts: Vec<Id<Value>>,
    /// Who keeps it alive.
    pub owner: Owner,
}

/// Who keeps the counted parts of a value alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A local or a parameter, until it is reassigned; or a constant; or there is nothing counted in it.
    Place,
    /// The stack of temporaries.
    Temporary(Id<Temporary>),
}

/// A value on the stack of temporaries.
#[derive(Debug)]
pub(super) struct Temporary {
    parts: Vec<Id<Value>>,
    ty: Type,
}

/// What happens when an exception passes.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// The function's locals are released, and the exception leaves it.
    Function,
    /// A temporary is released.
    Temporary(Id<Temporary>),
    /// Variables that hold what a `finally` body interrupts are released.
    Pending { parts: Vec<Id<Variable>>, ty: Type },
    /// The exception becomes one that was raised while the one in this variable was handled.
    Handling(Id<Variable>),
    /// A handler takes over.
    Try,
    /// A `finally` body takes over.
    Finally(Id<Finally>),
}

/// One level of the stack of scopes.
#[derive(Debug)]
pub(super) struct Scope {
    pub kind: Kind,
    /// The scope around it; none for the function.
    pub parent: Option<Id<Scope>>,
    /// Where exceptions arrive, once one can.
    pub pad: Option<Pad>,
}

/// The block where the exceptions of a scope arrive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pad {
    pub block: Id<Block>,
    /// The exception, owned.
    pub exception: Id<Value>,
    /// The number of the site, in user functions.
    pub site: Option<Id<Value>>,
}

/// The site of an exception that passed a handler of the same function: its frame is in the traceback already.
pub(super) const FRAMED: i64 = -1;

impl Operand {
    /// A value that needs no care.
    pub fn plain(parts: Vec<Id<Value>>) -> Self {
        Self { parts, owner: Owner::Place }
    }
}

impl Body<'_, '_> {
    // Counting

    /// Every counted reference in a value of this type: the number of its part, and the function that drops the
    /// object after the last reference.
    fn references(&self, ty: &Type) -> Vec<(usize, Id<ssa::Function>)> {
        let mut found = Vec::new();
        self.references_into(ty, 0, &mut found);
        found
    }

    fn references_into(&self, ty: &Type, first: usize, found: &mut Vec<(usize, Id<ssa::Function>)>) {
        match ty {
            Type::Tuple(items)
            | Type::Function(_, items)
            | Type::Choice(items)
            | Type::Generator(_, items)
            | Type::Iterator(_, items) => {
                let mut first = first;
                for item in items.iter() {
                    self.references_into(item, first, found);
                    first += item.flatten().len();
                }
            }
            // An empty optional has zeros for its parts.
            Type::Optional(item) => self.references_into(item, first + 1, found),
            // The owner is the first part: a block of numbers, which hold no references.
            Type::Array { .. } => found.push((first, self.shared.items().free)),
            Type::Str
            | Type::Bytes
            | Type::List(_)
            | Type::Sequence(_)
            | Type::Set(_)
            | Type::Dict(..)
            | Type::Cell(_)
            | Type::Exception => found.push((first, self.shared.drop_of(ty))),
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
            | Type::Static(_) => {}
        }
    }

    /// Counts one more reference to everything in a value.
    pub fn retain(&mut self, ty: &Type, parts: &[Id<Value>]) {
        for (part, _) in self.references(ty) {
            if !self.builder.is_zero(parts[part]) {
                self.builder.emit(InstKind::Retain(parts[part]), &[]);
            }
        }
    }

    /// Counts one reference less to everything in a value.
    pub fn release(&mut self, ty: &Type, parts: &[Id<Value>]) {
        for (part, drop) in self.references(ty) {
            if !self.builder.is_zero(parts[part]) {
                self.builder.emit(InstKind::Release { object: parts[part], drop }, &[]);
            }
        }
    }

    // Temporaries

    /// An owned value, put on the stack of temporaries if there is anything to release in it.
    pub fn own(&mut self, ty: &Type, parts: Vec<Id<Value>>) -> Operand {
        if !ty.is_counted() {
            return Operand::plain(parts);
        }
        let temporary = self.temporaries.push(Temporary { parts: parts.clone(), ty: ty.clone() });
        self.enter(Kind::Temporary(temporary));
        Operand { parts, owner: Owner::Temporary(temporary) }
    }

    /// Makes a value that a place keeps alive outlive a change of that place.
    pub fn secure(&mut self, ty: &Type, operand: Operand) -> Operand {
        match operand.owner {
            Owner::Place => {
                self.retain(ty, &operand.parts);
                self.own(ty, operand.parts)
            }
            Owner::Temporary(_) => operand,
        }
    }

    /// The value with a reference of its own, for a place that takes it over.
    pub fn take(&mut self, ty: &Type, operand: Operand) -> Vec<Id<Value>> {
        match operand.owner {
            Owner::Place => self.retain(ty, &operand.parts),
            Owner::Temporary(temporary) => self.forget(temporary),
        }
        operand.parts
    }

    /// Evaluates an expression for a place that takes the value over. A local that is not read again is moved.
    pub fn taken(&mut self, expr: &Expr) -> Option<Vec<Id<Value>>> {
        if let ExprKind::Local(local) = expr.kind
            && self.owning.contains(&local)
            && self.linear.contains(&local)
        {
            return Some(self.moved(local));
        }
        let operand = self.expression(expr)?;
        Some(self.take(&expr.ty, operand))
    }

    /// What a local holds; it holds nothing afterwards.
    pub fn moved(&mut self, local: Id<Local>) -> Vec<Id<Value>> {
        let home = self.homes[local].clone();
        let parts = self.values(&home);
        self.clear(&home, &self.hir.locals[local].ty);
        parts
    }

    /// Ends the use of a value.
    pub fn settle(&mut self, operand: &Operand) {
        if let Owner::Temporary(temporary) = operand.owner {
            self.forget(temporary);
            self.release_temporary(temporary);
        }
    }

    /// Releases a temporary that is off the stack already, or that another way out still needs.
    pub fn release_temporary(&mut self, temporary: Id<Temporary>) {
        let Temporary { parts, ty } = &self.temporaries[temporary];
        let (parts, ty) = (parts.clone(), ty.clone());
        self.release(&ty, &parts);
    }

    /// Ends the use of several values, the last first.
    pub fn settle_all(&mut self, operands: &[Operand]) {
        operands.iter().rev().for_each(|operand| self.settle(operand));
    }

    /// Takes a temporary off the stack without releasing it. Those above it get new scopes.
    fn forget(&mut self, temporary: Id<Temporary>) {
        let mut above = Vec::new();
        loop {
            let Scope { kind, parent, .. } = &self.scopes[self.scope];
            match kind {
                Kind::Temporary(found) if *found == temporary => {
                    self.scope = parent.expect("only the function has no scope around it");
                    break;
                }
                Kind::Temporary(_) => above.push(kind.clone()),
                Kind::Function | Kind::Pending { .. } | Kind::Handling(_) | Kind::Try | Kind::Finally(_) => {
                    unreachable!("statements inside of an expression close the scopes that they open")
                }
            }
            self.scope = parent.expect("only the function has no scope around it");
        }
        above.into_iter().rev().for_each(|kind| self.enter(kind));
    }

    // Scopes

    /// Opens a scope.
    pub fn enter(&mut self, kind: Kind) {
        self.scope = self.scopes.push(Scope { kind, parent: Some(self.scope), pad: None });
    }

    /// Where an exception of the next instruction goes. None: it leaves the function, which owns nothing.
    pub fn unwind(&mut self, span: Span) -> Option<Unwind> {
        let pad = self.pad(self.scope)?;
        let args = pad.site.map(|_| self.site(span)).into_iter().collect();
        Some(Unwind { block: pad.block, args })
    }

    /// Raises an exception that is owned here. `site` is a constant, or what the pad of a `finally` was given.
    pub fn throw(&mut self, exception: Id<Value>, site: Option<Id<Value>>) {
        match self.pad(self.scope) {
            Some(pad) => {
                let args = std::iter::once(exception).chain(pad.site.and(site)).collect();
                self.builder.jump_with(pad.block, args);
            }
            None => self.builder.end(Terminator::Throw(exception)),
        }
    }

    /// The number of the place that `span` is, as a value.
    pub fn site(&mut self, span: Span) -> Id<Value> {
        let number = self.shared.site(&self.hir.name, span);
        self.builder.i64(number)
    }

    /// The pad of a scope, made if it is the first time.
    fn pad(&mut self, id: Id<Scope>) -> Option<Pad> {
        let Scope { kind, parent, pad } = &self.scopes[id];
        if pad.is_some() {
            return *pad;
        }
        let (kind, parent) = (kind.clone(), *parent);
        match kind {
            Kind::Function if self.leaves_as_it_is() => None,
            // What these do is lowered by `exception.rs` once all exceptions that arrive are known.
            Kind::Function | Kind::Try | Kind::Finally(_) => Some(self.new_pad(id)),
            Kind::Temporary(_) | Kind::Pending { .. } | Kind::Handling(_) => {
                let after = self.pad(parent.expect("only the function has no scope around it"));
                let pad = self.new_pad(id);
                let back = self.builder.current();
                self.builder.go_to(Some(pad.block));
                match kind {
                    Kind::Temporary(temporary) => self.release_temporary(temporary),
                    Kind::Pending { parts, ty } => self.release_variables(&ty, &parts),
                    Kind::Handling(handled) => {
                        // Zero where nothing is handled: then the exception stands for it, which changes nothing.
                        let handled = self.builder.get(handled);
                        let handled = self.builder.select(handled, handled, pad.exception);
                        let callee = Callee::Function(self.shared.items().exception_set_context);
                        let args = vec![pad.exception, handled];
                        self.builder.emit(InstKind::Call { callee, args, unwind: None }, &[]);
                    }
                    Kind::Function | Kind::Try | Kind::Finally(_) => unreachable!("matched above"),
                }
                match after {
                    Some(after) => {
                        let args = std::iter::once(pad.exception).chain(pad.site).collect();
                        self.builder.jump_with(after.block, args);
                    }
                    None => self.builder.end(Terminator::Throw(pad.exception)),
                }
                self.builder.go_to(back);
                Some(pad)
            }
        }
    }

    fn new_pad(&mut self, scope: Id<Scope>) -> Pad {
        let params = if self.hir.prelude { &[ssa::Type::I32][..] } else { &[ssa::Type::I32, ssa::Type::I64] };
        let (block, params) = self.builder.landing(params);
        let pad = Pad { block, exception: params[0], site: params.get(1).copied() };
        self.scopes[scope].pad = Some(pad);
        pad
    }

    /// Whether an exception passes the function without anything to do: library code that owns nothing.
    fn leaves_as_it_is(&self) -> bool {
        self.hir.prelude && self.owning.is_empty() && self.depth.is_none()
    }

    /// The values of variables.
    pub fn values(&mut self, variables: &[Id<Variable>]) -> Vec<Id<Value>> {
        variables.iter().map(|variable| self.builder.get(*variable)).collect()
    }

    /// Sets variables to values.
    pub fn set_all(&mut self, variables: &[Id<Variable>], values: &[Id<Value>]) {
        for (variable, value) in variables.iter().zip(values) {
            self.builder.set(*variable, *value);
        }
    }

    /// Sets variables to zero.
    pub fn clear(&mut self, variables: &[Id<Variable>], ty: &Type) {
        for (variable, ty) in variables.iter().zip(ty.flatten()) {
            let zero = self.builder.zero(ty);
            self.builder.set(*variable, zero);
        }
    }

    /// Releases what variables hold.
    pub fn release_variables(&mut self, ty: &Type, variables: &[Id<Variable>]) {
        let values = self.values(variables);
        self.release(ty, &values);
    }

    /// Releases what the function's locals hold, on every way out.
    pub fn release_locals(&mut self) {
        for local in self.owning.clone() {
            let ty = &self.hir.locals[local].ty;
            let home = self.homes[local].clone();
            self.release_variables(ty, &home);
        }
    }
}
