//! Tests: truth values, and what a test shows of the variables in it. In: `ast::Expr`. Out: `Condition`.

use super::environment::{Name, Narrowed};
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt};
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::{Binary, Unary};
use crate::syntax::ast::{self, CompareOp, UnaryOp};
use crate::types::{Dtype, Type};

/// A test, and what is known of variables where it holds and where it does not. A test that types decide is a
/// constant `Bool`.
#[derive(Debug)]
pub struct Condition {
    /// Of type bool.
    pub test: Expr,
    /// Known where it is true.
    pub if_true: Vec<(Name, Narrowed)>,
    /// Known where it is false.
    pub if_false: Vec<(Name, Narrowed)>,
}

impl Condition {
    /// A test that shows nothing.
    pub fn plain(test: Expr) -> Self {
        Self { test, if_true: Vec::new(), if_false: Vec::new() }
    }
}

impl Body<'_, '_> {
    /// What stands behind `if`.
    pub(super) fn condition(&mut self, test: &ast::Expr) -> Condition {
        match &test.kind {
            ast::ExprKind::Unary { op: UnaryOp::Not, operand } => {
                let inner = self.condition(operand);
                let test = self.not(inner.test);
                Condition { test, if_true: inner.if_false, if_false: inner.if_true }
            }
            ast::ExprKind::And(items) => self.every(items, true, test.span),
            ast::ExprKind::Or(items) => self.every(items, false, test.span),
            ast::ExprKind::Compare { left, rest } => match rest.as_slice() {
                [(op @ (CompareOp::Is | CompareOp::IsNot | CompareOp::Eq | CompareOp::Ne), right)]
                    if matches!(right.kind, ast::ExprKind::None) =>
                {
                    let negated = matches!(op, CompareOp::IsNot | CompareOp::Ne);
                    self.is_none(left, negated, test.span)
                }
                _ => self.truth_condition(test),
            },
            _ => self.truth_condition(test),
        }
    }

    /// `a and b and c` (`and` true), `a or b or c` (`and` false), as tests.
    fn every(&mut self, items: &[ast::Expr], and: bool, span: Span) -> Condition {
        let Some((first, rest)) = items.split_first() else { return Condition::plain(Expr::bool(and, span)) };
        let first = self.condition(first);
        if rest.is_empty() {
            return first;
        }
        if let ExprKind::Bool(decided) = first.test.kind {
            return if decided == and { self.every(rest, and, span) } else { first };
        }
        let (go_on, stop) = if and { (first.if_true, first.if_false) } else { (first.if_false, first.if_true) };
        let mut shown = (Vec::new(), Vec::new());
        let test = self.either(first.test, span, &mut |this, is_true| {
            if is_true == and {
                this.narrow(&go_on);
                let rest = this.every(rest, and, span);
                shown = if and { (rest.if_true, rest.if_false) } else { (rest.if_false, rest.if_true) };
                rest.test
            } else {
                this.narrow(&stop);
                Expr::bool(!and, span)
            }
        });
        // All of them went the way that goes on; of the other way nothing is known.
        let mut all = go_on;
        all.append(&mut shown.0);
        if and {
            Condition { test, if_true: all, if_false: Vec::new() }
        } else {
            Condition { test, if_true: Vec::new(), if_false: all }
        }
    }

    /// `then if test else otherwise`, with values converted to their common type and environments that join. `arm` is
    /// called with `true`, then with `false`.
    pub(super) fn either(&mut self, test: Expr, span: Span, arm: &mut dyn FnMut(&mut Self, bool) -> Expr) -> Expr {
        let before = self.env.clone();
        let then = arm(self, true);
        let mut after_then = std::mem::replace(&mut self.env, before);
        let otherwise = arm(self, false);
        let mut after_else = std::mem::take(&mut self.env);
        let rules = self.rules();
        let Some(ty) = self.unify.join(&then.ty, &otherwise.ty, rules) else {
            self.env = after_then;
            let (a, b) = (self.unify.resolve(&then.ty), self.unify.resolve(&otherwise.ty));
            let text = format!("this is `{a}` or `{b}`, depending on the condition");
            return self.error(
                Diagnostic::new(Code::TypeMismatch, span, text)
                    .label(then.span, format!("`{a}`"))
                    .label(otherwise.span, format!("`{b}`"))
                    .help("both must have one type: convert one of them"),
            );
        };
        self.note_meeting("the value", &then.ty, &otherwise.ty, &ty, span);
        after_then.dead |= then.ty == Type::Never;
        after_else.dead |= otherwise.ty == Type::Never;
        let [then, otherwise] =
            [then, otherwise].map(|value| if value.ty == Type::Never { value } else { self.convert_value(value, &ty) });
        let (mut then_out, mut else_out) = (Vec::new(), Vec::new());
        self.env = self.join(after_then, &mut then_out, after_else, &mut else_out, span);
        self.env.dead = false;
        let then = self.value_then(then, then_out, span);
        let otherwise = self.value_then(otherwise, else_out, span);
        let kind = ExprKind::If { test: Box::new(test), then: Box::new(then), otherwise: Box::new(otherwise) };
        Expr::new(kind, ty, span)
    }

    /// A value, and then statements.
    fn value_then(&mut self, value: Expr, after: Vec<Stmt>, span: Span) -> Expr {
        if after.is_empty() {
            return value;
        }
        let mut body = Vec::new();
        let ty = value.ty.clone();
        let value = self.keep(value, &mut body);
        body.extend(after);
        Expr::new(ExprKind::Block(body, Box::new(value)), ty, span)
    }

    /// `value is None`.
    fn is_none(&mut self, value: &ast::Expr, negated: bool, span: Span) -> Condition {
        let name = match &value.kind {
            ast::ExprKind::Name(name) | ast::ExprKind::Walrus { name: ast::Ident { text: name, .. }, .. } => {
                Some(name.clone())
            }
            _ => None,
        };
        let value = self.expr(value, None);
        let mut condition = match &value.ty {
            Type::Optional(_) => {
                let is_some = Expr::new(ExprKind::IsSome(Box::new(value)), Type::Bool, span);
                let name = name.and_then(|name| self.find(&name));
                let shown = |narrowed| name.iter().map(|name| (name.clone(), narrowed)).collect();
                Condition { test: is_some, if_true: shown(Narrowed::Some), if_false: shown(Narrowed::None) }
            }
            Type::None => Condition::plain(self.after(value, Expr::bool(false, span))),
            Type::Never => Condition::plain(Expr::new(value.kind, Type::Never, span)),
            _ => Condition::plain(self.after(value, Expr::bool(true, span))),
        };
        if !negated {
            condition.test = self.not(condition.test);
            std::mem::swap(&mut condition.if_true, &mut condition.if_false);
        }
        condition
    }

    /// `first`, for its effect, then `second`.
    pub(super) fn after(&mut self, first: Expr, second: Expr) -> Expr {
        if first.is_simple() {
            return second;
        }
        let (ty, span) = (second.ty.clone(), first.span);
        let effect = Stmt { kind: super::hir::StmtKind::Expr(first), span };
        Expr::new(ExprKind::Block(vec![effect], Box::new(second)), ty, span)
    }

    fn truth_condition(&mut self, test: &ast::Expr) -> Condition {
        let name = match &test.kind {
            ast::ExprKind::Name(name) | ast::ExprKind::Walrus { name: ast::Ident { text: name, .. }, .. } => {
                Some(name.clone())
            }
            _ => None,
        };
        let value = self.expr(test, None);
        let optional = matches!(value.ty, Type::Optional(_));
        let test = self.truth(value);
        let shown = name.filter(|_| optional).and_then(|name| self.find(&name));
        Condition {
            test,
            if_true: shown.into_iter().map(|name| (name, Narrowed::Some)).collect(),
            if_false: Vec::new(),
        }
    }

    /// `not value`, of a bool.
    pub(super) fn not(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match value.kind {
            ExprKind::Bool(known) => Expr::bool(!known, span),
            _ => Expr::new(ExprKind::Intrinsic(Intrinsic::Unary(Unary::I32Eqz), vec![value]), Type::Bool, span),
        }
    }

    /// `bool(value)`.
    pub(super) fn truth(&mut self, value: Expr) -> Expr {
        let span = value.span;
        let nonzero = |op, value: Expr, zero: Expr| {
            Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(op), vec![value, zero]), Type::Bool, span)
        };
        match value.ty.clone() {
            Type::Bool | Type::Never => value,
            Type::Poison => Expr::new(value.kind, Type::Poison, span),
            Type::None => self.after(value, Expr::bool(false, span)),
            Type::Int | Type::Unsigned => match value.kind {
                ExprKind::Int(known) => Expr::bool(known != 0, span),
                _ => nonzero(Binary::I64Ne, value, Expr::int(0, span)),
            },
            Type::Float => {
                let zero = Expr::new(ExprKind::Float(0.0), Type::Float, span);
                nonzero(Binary::F64Ne, value, zero)
            }
            Type::Scalar(Dtype::Bool) => Expr::new(value.kind, Type::Bool, span),
            Type::Scalar(dtype) if !dtype.is_complex() => {
                let zero = self.convert_value(Expr::int(0, span), &value.ty);
                let op = match dtype {
                    Dtype::F64 => Binary::F64Ne,
                    Dtype::F32 => Binary::F32Ne,
                    Dtype::I64 | Dtype::U64 => Binary::I64Ne,
                    _ => Binary::I32Ne,
                };
                nonzero(op, value, zero)
            }
            Type::Scalar(_) | Type::Complex => {
                let value = self.convert_value(value, &Type::Complex);
                self.library_call("complex_bool", vec![value], span)
            }
            // The library asks for the length of a shape without making it.
            Type::Tuple(items) if self.in_prelude() => Expr::bool(!items.is_empty(), span),
            Type::Tuple(items) => self.after(value, Expr::bool(!items.is_empty(), span)),
            Type::Optional(item) => {
                let item = (*item).clone();
                let mut body = Vec::new();
                let kept = self.keep(value, &mut body);
                let is_some = Expr::new(ExprKind::IsSome(Box::new(kept.clone())), Type::Bool, span);
                let inner = Expr::new(ExprKind::Unwrap(Box::new(kept)), item, span);
                let inner = self.truth(inner);
                let kind = ExprKind::If {
                    test: Box::new(is_some),
                    then: Box::new(inner),
                    otherwise: Box::new(Expr::bool(false, span)),
                };
                let test = Expr::new(kind, Type::Bool, span);
                Expr::new(ExprKind::Block(body, Box::new(test)), Type::Bool, span)
            }
            Type::Str
            | Type::Bytes
            | Type::List(_)
            | Type::Sequence(_)
            | Type::Set(_)
            | Type::Dict(..)
            | Type::Range => {
                let length = self.length(value);
                nonzero(Binary::I64Ne, length, Expr::int(0, span))
            }
            Type::Array { .. } => self.library_call("array_bool", vec![value], span),
            Type::Function(..)
            | Type::Choice(_)
            | Type::Generator(..)
            | Type::Iterator(..)
            | Type::Exception
            | Type::Static(_)
            | Type::Slice => self.after(value, Expr::bool(true, span)),
            Type::Ptr => nonzero(Binary::I32Ne, value, Expr::new(ExprKind::Int(0), Type::Ptr, span)),
            Type::Variable(_) | Type::Cell(_) => {
                let text = format!("the truth of `{}` is not known here", value.ty);
                self.error(Diagnostic::new(Code::CannotInfer, span, text))
            }
        }
    }

    /// Notes what a test has shown.
    pub(super) fn narrow(&mut self, shown: &[(Name, Narrowed)]) {
        for (name, narrowed) in shown {
            if let Some(variable) = self.env.vars.get_mut(name) {
                variable.narrowed = Some(*narrowed);
            }
        }
    }
}
