//! Which variables are bound, and in which local each lives, at one point of a function. In: assignments and joins.
//! Out: `Env`, and the conversions that make paths agree where they join.

use super::function::Body;
use super::hir::{Expr, ExprKind, Local, Stmt, StmtKind};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve;
use crate::source::Span;
use crate::syntax::ast::FunctionId;
use crate::types::{Order, Rules, Type};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A name space: the function's own, a comprehension's, or that of a generator expression inlined into a loop.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Where a name is looked up that this frame does not have.
    pub parent: Option<Id<Frame>>,
    /// The function whose `Scope` tells what names mean.
    pub scope: Option<FunctionId>,
    /// Its module; none in the prelude.
    pub module: Option<Id<resolve::Module>>,
    /// The number rules that hold.
    pub rules: Rules,
    /// For comprehensions: the names that are their own. None: all names of the scope.
    pub own: Option<Vec<Arc<str>>>,
}

/// A variable as it stands on the current path.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Where its value is.
    pub local: Id<Local>,
    /// Whether there is a path on which it was not assigned.
    pub maybe_unbound: bool,
    /// What a test has shown an `Optional` to hold.
    pub narrowed: Option<Narrowed>,
}

/// What a test has shown of an `Optional`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrowed {
    /// `x is not None`.
    Some,
    /// `x is None`.
    None,
}

/// A variable's name in its frame.
pub type Name = (Id<Frame>, Arc<str>);

/// What is known on the current path.
#[derive(Debug, Clone, Default)]
pub struct Env {
    /// Variables that are bound, or may be.
    pub vars: BTreeMap<Name, Variable>,
    /// Whether control never gets here.
    pub dead: bool,
}

/// The value of an `Optional` variable, as far as tests have shown it.
pub fn narrowed_value(value: Expr, narrowed: Option<Narrowed>) -> Expr {
    let span = value.span;
    match (narrowed, value.ty.clone()) {
        (Some(Narrowed::Some), Type::Optional(item)) => {
            Expr::new(ExprKind::Unwrap(Box::new(value)), (*item).clone(), span)
        }
        (Some(Narrowed::None), Type::Optional(_)) => Expr::none(span),
        _ => value,
    }
}

/// Whether a value of one type stays what it is as one of the other: an array of unknown order, what may be `None`.
pub(super) fn is_same_value(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Array { dtype: d, ndim: n, .. }, Type::Array { dtype: e, ndim: m, order: Order::A }) => (d, n) == (e, m),
        (Type::None, Type::Optional(_)) => true,
        (Type::Optional(from), Type::Optional(to)) => is_same_value(from, to),
        (from, Type::Optional(to)) => is_same_value(from, to),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(from, to)| is_same_value(from, to))
        }
        _ => from == to,
    }
}

impl Body<'_, '_> {
    /// The local for a variable (or temporary, with an empty name) of a type.
    pub fn local(&mut self, name: &str, ty: Type) -> Id<Local> {
        self.hir.locals.push(Local { name: name.into(), ty })
    }

    /// The local in which variable `name` lives while it has this type.
    pub fn local_for(&mut self, name: &Name, ty: &Type) -> Id<Local> {
        let resolved = self.unify.resolve(ty);
        if let Some(local) = self.homes.get(&(name.clone(), resolved.clone())) {
            return *local;
        }
        // The local's own type remembers the displays that its items came from.
        let local = self.local(&name.1, ty.clone());
        self.homes.insert((name.clone(), resolved), local);
        local
    }

    /// The type of a local, as far as it is known.
    pub fn local_type(&self, local: Id<Local>) -> Type {
        self.unify.resolve(&self.hir.locals[local].ty)
    }

    /// Binds a variable to a value.
    pub fn assign(&mut self, name: Name, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        if self.env.dead {
            return;
        }
        let value = match self.declared.locals.get(&name.1).cloned() {
            Some(ty) if self.frames[name.0].parent.is_none() => self.as_local(value, &name.1, &ty),
            _ => value,
        };
        let value = match self.guarded.iter().rev().find_map(|guarded| guarded.kept.get(&name)).cloned() {
            Some(ty) if is_same_value(&self.unify.resolve(&value.ty), &ty) => self.convert_value(value, &ty),
            _ => value,
        };
        let local = self.local_for(&name, &value.ty.clone());
        self.see(&name, local);
        self.env.vars.insert(name, Variable { local, maybe_unbound: false, narrowed: None });
        out.push(Stmt { kind: StmtKind::Assign(local, value), span });
    }

    /// A value for a variable whose type Numba's option `locals` gives.
    fn as_local(&mut self, value: Expr, name: &str, ty: &Type) -> Expr {
        let from = self.unify.resolve(&value.ty);
        let number = |ty: &Type| super::operator::dtype_of(ty).is_some();
        if super::expression::absorbs(&from) || from == *ty || number(&from) && number(ty) {
            return self.convert_value(value, ty);
        }
        if self.unify.equate(&from, ty) {
            return value;
        }
        let text = format!("`locals` declares `{name}` as `{ty}`, but this is `{from}`");
        self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
    }

    /// Joins two paths: what differs is converted at the end of each. Gives the environment after both.
    pub fn join(&mut self, mut a: Env, a_out: &mut Vec<Stmt>, mut b: Env, b_out: &mut Vec<Stmt>, span: Span) -> Env {
        if a.dead {
            return b;
        }
        if b.dead {
            return a;
        }
        let names: Vec<_> =
            a.vars.keys().chain(b.vars.keys().filter(|name| !a.vars.contains_key(*name))).cloned().collect();
        for name in names {
            let ty = match (a.vars.get(&name), b.vars.get(&name)) {
                (Some(x), Some(y)) => {
                    if x == y {
                        continue;
                    }
                    let (s, t) = if x.local == y.local {
                        (self.local_type(x.local), self.local_type(y.local))
                    } else {
                        (self.shown_type(x), self.shown_type(y))
                    };
                    self.join_variable(&name, &s, &t, span)
                }
                (Some(one), None) | (None, Some(one)) => self.local_type(one.local),
                (None, None) => continue,
            };
            let unbound =
                a.vars.get(&name).is_none_or(|v| v.maybe_unbound) || b.vars.get(&name).is_none_or(|v| v.maybe_unbound);
            let narrowed = match (a.vars.get(&name), b.vars.get(&name)) {
                (Some(x), Some(y)) if x.local == y.local && x.narrowed == y.narrowed => x.narrowed,
                _ => None,
            };
            let local = self.local_for(&name, &ty);
            self.convert_variable(&mut a, a_out, &name, local, span);
            self.convert_variable(&mut b, b_out, &name, local, span);
            a.vars.insert(name, Variable { local, maybe_unbound: unbound, narrowed });
        }
        a
    }

    /// The one type of a variable on two paths, reporting where there is none.
    pub fn join_variable(&mut self, name: &Name, a: &Type, b: &Type, span: Span) -> Type {
        let rules = self.rules();
        match self.unify.join(a, b, rules) {
            Some(ty) => {
                self.note_variable_meeting(&name.1, a, b, &ty, span);
                ty
            }
            None => {
                self.conflict(name, a, b);
                Type::Poison
            }
        }
    }

    /// Notes that a variable has no type where paths join. It is an error only if it is read there; a later walk may
    /// know the variable without a type from the start, so the first two types are kept.
    pub fn conflict(&mut self, name: &Name, a: &Type, b: &Type) {
        let types = [a, b].map(|ty| super::function::close(&self.unify.resolve(ty)));
        if !types.contains(&Type::Poison) {
            let [a, b] = types;
            self.learnt.conflicts.insert(name.clone(), (a, b));
        }
    }

    /// Puts the value of a variable into `local` at the end of a path, if it is elsewhere.
    pub fn convert_variable(&mut self, env: &mut Env, out: &mut Vec<Stmt>, name: &Name, local: Id<Local>, span: Span) {
        let Some(variable) = env.vars.get(name).cloned() else { return };
        if variable.local == local {
            return;
        }
        let from = self.local_type(variable.local);
        let to = self.local_type(local);
        let value = Expr { kind: ExprKind::Local(variable.local), ty: from, span };
        let value = narrowed_value(value, variable.narrowed);
        let value = self.convert_value(value, &to);
        let copy = Stmt { kind: StmtKind::Assign(local, value), span };
        if variable.maybe_unbound {
            // An unbound variable stays unbound: only a bound one is copied.
            out.push(Stmt {
                kind: StmtKind::If {
                    test: self.is_bound(variable.local, span),
                    then: vec![copy],
                    otherwise: Vec::new(),
                },
                span,
            });
        } else {
            out.push(copy);
        }
        self.see(name, local);
        env.vars.insert(name.clone(), Variable { local, narrowed: None, ..variable });
    }

    /// Notes that a variable is in `local` from here on.
    fn see(&mut self, name: &Name, local: Id<Local>) {
        for guarded in &mut self.guarded {
            let seen = guarded.seen.entry(name.clone()).or_default();
            if !seen.contains(&local) {
                seen.push(local);
            }
        }
    }

    /// The type of a variable, as far as tests have shown it.
    pub fn shown_type(&self, variable: &Variable) -> Type {
        match (self.local_type(variable.local), variable.narrowed) {
            (Type::Optional(item), Some(Narrowed::Some)) => (*item).clone(),
            (Type::Optional(_), Some(Narrowed::None)) => Type::None,
            (ty, _) => ty,
        }
    }

    fn is_bound(&mut self, local: Id<Local>, span: Span) -> Expr {
        Expr { kind: ExprKind::IsBound(local), ty: Type::Bool, span }
    }

    /// The frame and the name by which the current frame knows a variable of its own or of a frame around it.
    pub fn find(&self, name: &str) -> Option<Name> {
        let mut at = Some(self.frame);
        while let Some(id) = at {
            let frame = &self.frames[id];
            let key: Name = (id, name.into());
            let own = frame.own.as_ref().is_none_or(|own| own.iter().any(|own| &**own == name));
            if own {
                return self.env.vars.contains_key(&key).then_some(key);
            }
            at = frame.parent;
        }
        None
    }

    /// The name under which the current frame binds `name`: comprehensions bind their targets only.
    pub fn binding_name(&self, name: &Arc<str>) -> Name {
        let mut at = self.frame;
        loop {
            let frame = &self.frames[at];
            match (&frame.own, frame.parent) {
                (Some(own), Some(parent)) if !own.contains(name) => at = parent,
                _ => return (at, name.clone()),
            }
        }
    }

    /// The number rules of the current frame.
    pub fn rules(&self) -> Rules {
        self.frames[self.frame].rules
    }
}
