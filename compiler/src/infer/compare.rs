//! Comparisons. In: operands with their types. Out: tests, by numbers, by members, or by the library's `T_eq` and
//! `T_lt`.

use super::expression::absorbs;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::operator;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::Binary;
use crate::syntax::ast::{self, CompareOp};
use crate::types::{Lazy, Type};

impl Body<'_, '_> {
    pub(super) fn comparison(&mut self, left: &ast::Expr, rest: &[(CompareOp, ast::Expr)], span: Span) -> Expr {
        if let [(op, right)] = rest {
            if matches!(op, CompareOp::Is | CompareOp::IsNot | CompareOp::Eq | CompareOp::Ne)
                && (matches!(right.kind, ast::ExprKind::None) || matches!(left.kind, ast::ExprKind::None))
            {
                let test = ast::Expr {
                    kind: ast::ExprKind::Compare { left: Box::new(left.clone()), rest: rest.to_vec() },
                    span,
                };
                if matches!(right.kind, ast::ExprKind::None) {
                    return self.condition(&test).test;
                }
                let mirrored =
                    ast::ExprKind::Compare { left: Box::new(right.clone()), rest: vec![(*op, left.clone())] };
                return self.condition(&ast::Expr { kind: mirrored, span }).test;
            }
            let left = self.operand(left);
            let right = self.operand(right);
            return self.relation(*op, left, right, span);
        }
        // `a < b < c`: b is evaluated once, and c only if a < b.
        let first = self.expr(left, None);
        self.compare_chain(first, rest, span)
    }

    fn compare_chain(&mut self, left: Expr, rest: &[(CompareOp, ast::Expr)], span: Span) -> Expr {
        let Some(((op, right), rest)) = rest.split_first() else { return Expr::bool(true, span) };
        let mut out = Vec::new();
        let left = self.keep(left, &mut out);
        let right = self.expr(right, None);
        if rest.is_empty() {
            let value = self.compare(*op, left, right, span);
            let ty = value.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(value)), ty, span);
        }
        let right = self.keep(right, &mut out);
        let test = self.compare(*op, left, right.clone(), span);
        let test = self.truth(test);
        let value = self.either(test, span, &mut |this, is_true| {
            if is_true {
                let value = this.compare_chain(right.clone(), rest, span);
                this.truth(value)
            } else {
                Expr::bool(false, span)
            }
        });
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    /// `left op right`, of a comparison.
    pub(super) fn compare(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Expr {
        let value = self.relation(op, left, right, span);
        self.made(value)
    }

    /// The same, where an array's elements may still be to be computed: of the operands and of the result.
    fn relation(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Expr {
        if absorbs(&left.ty) || absorbs(&right.ty) {
            return self.absorbed(left, right, span);
        }
        if let (Type::Variable(_), _) | (_, Type::Variable(_)) = (&left.ty, &right.ty) {
            // An item whose type a later walk will know.
            return Expr { ty: Type::Bool, ..self.absorbed(left, right, span) };
        }
        let ordered =
            matches!(op, CompareOp::Eq | CompareOp::Ne | CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge);
        let (left, right) = if ordered { (left, right) } else { (self.made(left), self.made(right)) };
        match op {
            CompareOp::In => return self.contains(right, left, span),
            CompareOp::NotIn => {
                let value = self.contains(right, left, span);
                return self.not(value);
            }
            CompareOp::Is | CompareOp::IsNot => {
                let same = self.identity(left, right, span);
                return if op == CompareOp::Is { same } else { self.not(same) };
            }
            CompareOp::Eq | CompareOp::Ne | CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {}
        }
        if let (Type::Unsigned, _) | (_, Type::Unsigned) = (&left.ty, &right.ty)
            && let Some(value) = self.unsigned_compare(op, &left, &right, span)
        {
            return value;
        }
        if let Some(operation) = operator::compare(op, &left.ty, &right.ty, self.rules()) {
            return self.apply(&operation, vec![left, right], span);
        }
        if let (Type::Array { .. }, _) | (_, Type::Array { .. }) = (&left.ty, &right.ty) {
            if matches!(left.ty, Type::List(_) | Type::Tuple(_)) || matches!(right.ty, Type::List(_) | Type::Tuple(_)) {
                let (left, right) = (self.array_like(left), self.array_like(right));
                return self.relation(op, left, right, span);
            }
            return self.elementwise(&format!("scalar_{}", compare_name(op)), vec![left, right], span);
        }
        match (left.ty.clone(), right.ty.clone()) {
            (Type::Iterator(Lazy::Items, _), Type::Iterator(Lazy::Items, _))
                if matches!(op, CompareOp::Eq | CompareOp::Ne) =>
            {
                let (left, right) = (self.member(&left, 0), self.member(&right, 0));
                self.compare(op, left, right, span)
            }
            (
                Type::Iterator(Lazy::Keys | Lazy::Items, _),
                Type::Iterator(Lazy::Keys | Lazy::Items, _) | Type::Set(_),
            )
            | (Type::Set(_), Type::Iterator(Lazy::Keys | Lazy::Items, _)) => {
                let [left, right] = [left, right].map(|side| match side.ty {
                    Type::Set(_) => side,
                    _ => self.set_from(side, span),
                });
                self.compare(op, left, right, span)
            }
            (Type::Tuple(a), Type::Tuple(b)) => self.compare_tuples(op, left, right, a.len(), b.len(), span),
            (Type::Tuple(_), Type::Sequence(_)) | (Type::Sequence(_), Type::Tuple(_)) => {
                let rules = self.rules();
                match self.unify.join(&left.ty, &right.ty, rules) {
                    Some(ty) => {
                        let [left, right] = [left, right].map(|operand| self.convert_value(operand, &ty));
                        self.compare_library(op, "sequence", left, right, span)
                    }
                    None => self.unequal(left, right, op == CompareOp::Ne, span),
                }
            }
            (Type::Optional(_), _) | (_, Type::Optional(_)) if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                let same = self.compare_optional(left, right, span);
                if op == CompareOp::Eq { same } else { self.not(same) }
            }
            (Type::Static(a), b) if a.0.starts_with("dtype.") && matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                // A dtype is equal to whatever names it.
                let other = match (&right.kind, &b) {
                    (ExprKind::Str(name), _) => super::annotation::dtype_of_text(name),
                    _ => super::intrinsic::element_dtype(&b),
                };
                let same = super::intrinsic::element_dtype(&left.ty) == other;
                let test = Expr::bool(same == (op == CompareOp::Eq), span);
                self.after(left, test)
            }
            (Type::Optional(_), _) | (_, Type::Optional(_)) => self.order_optional(op, left, right, span),
            (Type::Static(a), Type::Static(b)) if matches!(op, CompareOp::Eq | CompareOp::Ne) => {
                Expr::bool((a == b) == (op == CompareOp::Eq), span)
            }
            (a, b) => {
                let rules = self.rules();
                let comparable = self.unify.join(&a, &b, rules).is_some();
                // What the table of numbers does not have, no number has.
                match super::method::library_name(&a).filter(|_| operator::dtype_of(&a).is_none()) {
                    Some(ty) if comparable => self.compare_library(op, ty, left, right, span),
                    // Values of different types are never equal.
                    _ if op == CompareOp::Eq => self.unequal(left, right, false, span),
                    _ if op == CompareOp::Ne => self.unequal(left, right, true, span),
                    _ => {
                        let text = format!("`{a}` and `{b}` cannot be ordered");
                        self.error(
                            Diagnostic::new(Code::UnsupportedOperand, span, text)
                                .label(left.span, format!("this is `{a}`"))
                                .label(right.span, format!("this is `{b}`")),
                        )
                    }
                }
            }
        }
    }

    fn unequal(&mut self, left: Expr, right: Expr, value: bool, span: Span) -> Expr {
        let both = self.after(right, Expr::bool(value, span));
        self.after(left, both)
    }

    /// The library has `T_eq` and `T_lt`; the other comparisons are made of them.
    fn compare_library(&mut self, op: CompareOp, ty: &str, left: Expr, right: Expr, span: Span) -> Expr {
        let (name, swapped, negated) = match op {
            CompareOp::Eq => ("eq", false, false),
            CompareOp::Ne => ("eq", false, true),
            CompareOp::Lt => ("lt", false, false),
            CompareOp::Gt => ("lt", true, false),
            CompareOp::Le => ("lt", true, true),
            CompareOp::Ge => ("lt", false, true),
            CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => {
                unreachable!("`compare` dealt with them")
            }
        };
        let specific = format!("{ty}_{}", compare_name(op));
        if self.inferer.prelude.defines(&specific) {
            return self.library_call(&specific, vec![left, right], span);
        }
        let function = format!("{ty}_{name}");
        if !self.inferer.prelude.defines(&function) {
            let text = format!("`{}` cannot be ordered", left.ty);
            return self.error(Diagnostic::new(Code::UnsupportedOperand, span, text));
        }
        let mut out = Vec::new();
        let (left, right) = if swapped {
            let (left, right) = (self.keep(left, &mut out), self.keep(right, &mut out));
            (right, left)
        } else {
            (left, right)
        };
        let value = self.library_call(&function, vec![left, right], span);
        let value = if negated { self.not(value) } else { value };
        Expr::new(ExprKind::Block(out, Box::new(value)), Type::Bool, span)
    }

    fn compare_tuples(&mut self, op: CompareOp, left: Expr, right: Expr, n: usize, m: usize, span: Span) -> Expr {
        let mut out = Vec::new();
        let (left, right) = (self.keep(left, &mut out), self.keep(right, &mut out));
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        let value = if equality && n != m {
            Expr::bool(op == CompareOp::Ne, span)
        } else if equality {
            let mut all = Expr::bool(true, span);
            for at in (0..n).rev() {
                let (a, b) = (self.member(&left, at), self.member(&right, at));
                let same = self.compare(CompareOp::Eq, a, b, span);
                let same = self.truth(same);
                let kind = ExprKind::If {
                    test: Box::new(same),
                    then: Box::new(all),
                    otherwise: Box::new(Expr::bool(false, span)),
                };
                all = Expr::new(kind, Type::Bool, span);
            }
            if op == CompareOp::Ne { self.not(all) } else { all }
        } else {
            // The first pair that differs decides; then the lengths do.
            let mut decided = Expr::bool(length_decides(op, n, m), span);
            let strict = if matches!(op, CompareOp::Lt | CompareOp::Le) { CompareOp::Lt } else { CompareOp::Gt };
            for at in (0..n.min(m)).rev() {
                let (a, b) = (self.member(&left, at), self.member(&right, at));
                let same = self.compare(CompareOp::Eq, a.clone(), b.clone(), span);
                let same = self.truth(same);
                let before = if has_order(&self.unify.resolve(&a.ty)) {
                    self.compare(strict, a, b, span)
                } else {
                    // Python finds out when it comes to it.
                    let symbol = if strict == CompareOp::Lt { "<" } else { ">" };
                    let names = [&a, &b].map(|side| super::builtin::class_name(&self.unify.resolve(&side.ty)));
                    let text =
                        format!("'{symbol}' not supported between instances of '{}' and '{}'", names[0], names[1]);
                    let error = self.builtin_exception("TypeError", vec![Expr::str(&text, span)], span);
                    Expr { ty: Type::Bool, ..self.raise_here(error, span) }
                };
                let before = self.truth(before);
                let kind = ExprKind::If { test: Box::new(same), then: Box::new(decided), otherwise: Box::new(before) };
                decided = Expr::new(kind, Type::Bool, span);
            }
            decided
        };
        Expr::new(ExprKind::Block(out, Box::new(value)), Type::Bool, span)
    }

    /// `==` where a side may be None.
    fn compare_optional(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let mut out = Vec::new();
        let (left, right) = (self.keep(left, &mut out), self.keep(right, &mut out));
        let is_some = |value: &Expr| match &value.ty {
            Type::Optional(_) => Expr::new(ExprKind::IsSome(Box::new(value.clone())), Type::Bool, span),
            Type::None => Expr::bool(false, span),
            _ => Expr::bool(true, span),
        };
        let unwrap = |value: &Expr| match &value.ty {
            Type::Optional(item) => Expr::new(ExprKind::Unwrap(Box::new(value.clone())), (**item).clone(), span),
            _ => value.clone(),
        };
        let (a, b) = (is_some(&left), is_some(&right));
        let inner = if left.ty == Type::None || right.ty == Type::None {
            Expr::bool(false, span)
        } else {
            let value = self.compare(CompareOp::Eq, unwrap(&left), unwrap(&right), span);
            self.truth(value)
        };
        let neither = self.not(b.clone());
        let kind = |test: Expr, then: Expr, otherwise: Expr| {
            let kind = ExprKind::If { test: Box::new(test), then: Box::new(then), otherwise: Box::new(otherwise) };
            Expr::new(kind, Type::Bool, span)
        };
        let both = kind(b, inner, Expr::bool(false, span));
        let value = kind(a, both, neither);
        Expr::new(ExprKind::Block(out, Box::new(value)), Type::Bool, span)
    }

    /// `<` and the like where a side may be None, which is an error at run time.
    fn order_optional(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Expr {
        let mut out = Vec::new();
        let sides = [left, right].map(|side| self.keep(side, &mut out));
        let names = sides.each_ref().map(|side| match self.unify.resolve(&side.ty) {
            Type::Optional(item) => super::builtin::class_name(&item),
            other => super::builtin::class_name(&other),
        });
        let symbol = match op {
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            _ => ">=",
        };
        for at in 0..2 {
            if let Type::Optional(_) = sides[at].ty {
                let mut shown = names.clone();
                "NoneType".clone_into(&mut shown[at]);
                let text = format!("'{symbol}' not supported between instances of '{}' and '{}'", shown[0], shown[1]);
                let error = self.builtin_exception("TypeError", vec![Expr::str(&text, span)], span);
                let test = Expr::new(ExprKind::IsSome(Box::new(sides[at].clone())), Type::Bool, span);
                let raise = Stmt { kind: StmtKind::Raise(error), span };
                out.push(Stmt { kind: StmtKind::If { test, then: Vec::new(), otherwise: vec![raise] }, span });
            }
        }
        let [left, right] = sides.map(|side| match side.ty.clone() {
            Type::Optional(item) => Expr::new(ExprKind::Unwrap(Box::new(side)), (*item).clone(), span),
            _ => side,
        });
        let value = self.compare(op, left, right, span);
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    /// `left is right`.
    fn identity(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        match (&left.ty, &right.ty) {
            (Type::None, Type::None) => self.unequal(left, right, true, span),
            (Type::Optional(_), _) | (_, Type::Optional(_)) => self.compare_optional(left, right, span),
            (Type::Bool, Type::Bool) => self.compare(CompareOp::Eq, left, right, span),
            (Type::Static(a), Type::Static(b)) => Expr::bool(a == b, span),
            (a, b) if a.is_heap() && a == b => {
                let args = [left, right]
                    .map(|value| Expr::new(ExprKind::Intrinsic(Intrinsic::Address, vec![value]), Type::Ptr, span));
                Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(Binary::I32Eq), args.into()), Type::Bool, span)
            }
            (a, b) if a == b && super::unify::number_rank(a).is_some() => {
                let text = format!("`is` on `{a}`: numbers have values, not identity");
                let op = self.inferer.sources.text(Span::new(left.span.end, right.span.start)).to_owned();
                let place = Span::new(left.span.end, right.span.start);
                let other = if op.contains("not") { " != " } else { " == " };
                self.error(
                    Diagnostic::new(Code::UnsupportedOperand, span, text)
                        .help("compare values with `==`")
                        .fix("compare the values", vec![(place, other.to_owned())]),
                )
            }
            _ => self.unequal(left, right, false, span),
        }
    }
}

/// Whether values of a type can be ordered at all.
fn has_order(ty: &Type) -> bool {
    !matches!(ty, Type::Dict(..) | Type::Complex | Type::None | Type::Function(..) | Type::Static(_) | Type::Range)
}

fn length_decides(op: CompareOp, n: usize, m: usize) -> bool {
    match op {
        CompareOp::Lt => n < m,
        CompareOp::Le => n <= m,
        CompareOp::Gt => n > m,
        CompareOp::Ge => n >= m,
        CompareOp::Eq | CompareOp::Ne | CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => {
            unreachable!("only orderings are decided by length")
        }
    }
}

fn compare_name(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "eq",
        CompareOp::Ne => "ne",
        CompareOp::Lt => "lt",
        CompareOp::Le => "le",
        CompareOp::Gt => "gt",
        CompareOp::Ge => "ge",
        CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => {
            unreachable!("identity and membership have functions of their own")
        }
    }
}
