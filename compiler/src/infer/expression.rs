//! Expressions. In: `ast::Expr`. Out: `hir::Expr` with its type.

use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::Binding;
use crate::source::Span;
use crate::syntax::ast::{self, UnaryOp};
use crate::types::{Dtype, Rules, Static, Type};

impl Body<'_, '_> {
    /// An expression. `expected` is the type its place would like: it decides the items of `[]` and the like.
    pub(super) fn expr(&mut self, expr: &ast::Expr, expected: Option<&Type>) -> Expr {
        let value = self.expr_with(expr, expected);
        self.made(value)
    }

    /// The same, where an array's elements may still be to be computed.
    pub(super) fn expr_with(&mut self, expr: &ast::Expr, expected: Option<&Type>) -> Expr {
        if !self.enter(expr.span) {
            return Expr::poison(expr.span);
        }
        let value = self.expr_by_kind(expr, expected);
        self.inferer.level -= 1;
        if value.ty == Type::Poison {
            self.lost.get_or_insert(expr.span);
        }
        if value.ty.is_too_big() {
            return self.error(super::limit::type_too_big(expr.span));
        }
        value
    }

    fn expr_by_kind(&mut self, expr: &ast::Expr, expected: Option<&Type>) -> Expr {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Name(name) => self.name(name, span),
            ast::ExprKind::None => Expr::none(span),
            ast::ExprKind::Bool(value) => Expr::bool(*value, span),
            ast::ExprKind::Int(value) => self.int(*value, span),
            ast::ExprKind::Float(value) => Expr::new(ExprKind::Float(*value), Type::Float, span),
            ast::ExprKind::Imaginary(value) => Expr::new(ExprKind::Complex(0.0, *value), Type::Complex, span),
            ast::ExprKind::Str(value) => Expr::str(value, span),
            ast::ExprKind::Bytes(value) => Expr::new(ExprKind::Bytes(value.clone()), Type::Bytes, span),
            ast::ExprKind::Ellipsis => {
                Expr::new(ExprKind::Unit, Type::Static(Static("builtins.Ellipsis".into())), span)
            }
            ast::ExprKind::FString(parts) => self.fstring(parts, span),
            ast::ExprKind::List(items) => self.list_display(items, expected, span),
            ast::ExprKind::Tuple(items) => self.tuple_display(items, expected, span),
            ast::ExprKind::Set(items) => self.set_value(items, expected, span),
            ast::ExprKind::Dict(items) => self.dict_display(items, expected, span),
            ast::ExprKind::Comprehension { kind, element, clauses } => match kind {
                ast::ComprehensionKind::List => self.comprehension(false, element, clauses, expected, span),
                ast::ComprehensionKind::Set => self.comprehension(true, element, clauses, expected, span),
                ast::ComprehensionKind::Generator => self.generator(element, clauses, span),
            },
            ast::ExprKind::DictComprehension { key, value, clauses } => {
                self.dict_comprehension(key, value, clauses, expected, span)
            }
            ast::ExprKind::Unary { .. } | ast::ExprKind::Binary { .. }
                if let Some(value) =
                    super::arithmetic::constant_int(expr).and_then(|value| i64::try_from(value).ok()) =>
            {
                Expr::int(value, span)
            }
            ast::ExprKind::Unary { op, operand } => self.unary(*op, operand, span),
            ast::ExprKind::Binary { op, left, right } => {
                if let Some(text) = self.percent_format(*op, left, right, span) {
                    return text;
                }
                if let Some(low) = self.low_bits(*op, left, right, span) {
                    return low;
                }
                let left = self.operand(left);
                let right = self.operand(right);
                self.operation(*op, left, right, span)
            }
            ast::ExprKind::And(items) => self.value_and(items, true, span),
            ast::ExprKind::Or(items) => self.value_and(items, false, span),
            ast::ExprKind::Compare { left, rest } => self.comparison(left, rest, span),
            ast::ExprKind::If { test, body, orelse } => self.conditional(test, body, orelse, expected, span),
            ast::ExprKind::Call { function, args, keywords } => match self.jit_call(expr, function, args) {
                Some(value) => value,
                None => self.call(function, args, keywords, expected, span),
            },
            ast::ExprKind::Attribute { value, name } => {
                if let ("__name__" | "__qualname__", Some(object)) = (&*name.text, self.asked_class(value)) {
                    let object = self.expr(object, None);
                    return self.class_name_of(object, span);
                }
                let value = self.expr(value, None);
                self.attribute(value, name, span)
            }
            ast::ExprKind::Subscript { value, index } => {
                let value = self.expr(value, None);
                let index = self.index(index);
                self.subscript(value, index, span)
            }
            ast::ExprKind::Slice { .. } | ast::ExprKind::Starred(_) => {
                // `xs[*ys]` (PEP 646) and the like; elsewhere they are looked for.
                self.error(Diagnostic::new(Code::UnsupportedExpression, span, "this is not supported here"))
            }
            ast::ExprKind::Lambda(id) => self.function_value(*id, span),
            ast::ExprKind::Walrus { name, value } => self.walrus(name, value, span),
        }
    }

    /// The value in `type(value)` and `value.__class__`.
    fn asked_class<'e>(&self, expr: &'e ast::Expr) -> Option<&'e ast::Expr> {
        match &expr.kind {
            ast::ExprKind::Attribute { value, name } if &*name.text == "__class__" => Some(value),
            ast::ExprKind::Call { function, args, .. } => match (&function.kind, args.as_slice()) {
                (ast::ExprKind::Name(name), [value])
                    if &**name == "type" && self.find(name).is_none() && self.binding(name) == Binding::Builtin =>
                {
                    Some(value)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn int(&mut self, value: u64, span: Span) -> Expr {
        match i64::try_from(value) {
            Ok(value) => Expr::int(value, span),
            Err(_) if self.rules() != Rules::Python => {
                Expr::new(ExprKind::Int(value as i64), Type::Scalar(Dtype::U64), span)
            }
            Err(_) => Expr::new(ExprKind::Int(value as i64), Type::Unsigned, span),
        }
    }

    fn walrus(&mut self, name: &ast::Ident, value: &ast::Expr, span: Span) -> Expr {
        let value = self.expr(value, None);
        let mut out = Vec::new();
        let value = self.keep(value, &mut out);
        let target = self.binding_name(&name.text);
        self.assign_name(target, value.clone(), span, &mut out);
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    /// An expression that raises.
    pub(super) fn raise_here(&mut self, error: Expr, span: Span) -> Expr {
        let raise = Stmt { kind: StmtKind::Raise(error), span };
        let never = Expr::new(ExprKind::Unit, Type::Never, span);
        Expr::new(ExprKind::Block(vec![raise], Box::new(never)), Type::Never, span)
    }

    /// `a and b` and `a or b` as values: the last one that was looked at.
    fn value_and(&mut self, items: &[ast::Expr], and: bool, span: Span) -> Expr {
        let Some((first, rest)) = items.split_first() else { return Expr::bool(and, span) };
        if rest.is_empty() {
            return self.expr(first, None);
        }
        if let (false, Some(conditional)) = (and, old_conditional(items, span)) {
            return self.expr(&conditional, None);
        }
        // A test has no value to keep, and what it shows holds for the operands after it.
        if is_test(first) {
            let condition = self.condition(first);
            if let ExprKind::Bool(known) = condition.test.kind {
                return if known == and { self.value_and(rest, and, span) } else { condition.test };
            }
            let go_on = if and { condition.if_true } else { condition.if_false };
            return self.either(condition.test, span, &mut |this, is_true| {
                if is_true == and {
                    this.narrow(&go_on);
                    this.value_and(rest, and, span)
                } else {
                    Expr::bool(!and, span)
                }
            });
        }
        let value = self.expr(first, None);
        if absorbs(&value.ty) {
            return value;
        }
        let mut out = Vec::new();
        let kept = self.keep(value, &mut out);
        let test = self.truth(kept.clone());
        if let ExprKind::Bool(known) = test.kind {
            let value = if known == and { self.value_and(rest, and, span) } else { kept };
            let ty = value.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(value)), ty, span);
        }
        let unwrapped = match (&kept.ty, and) {
            // Where `x or y` takes `x`, it is not None.
            (Type::Optional(item), false) => {
                Expr::new(ExprKind::Unwrap(Box::new(kept.clone())), (**item).clone(), span)
            }
            _ => kept,
        };
        let value = self.either(test, span, &mut |this, is_true| {
            if is_true == and { this.value_and(rest, and, span) } else { unwrapped.clone() }
        });
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    fn conditional(
        &mut self,
        test: &ast::Expr,
        body: &ast::Expr,
        orelse: &ast::Expr,
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        self.branches(test, span, &mut |this, is_true| this.expr(if is_true { body } else { orelse }, expected))
    }

    /// A value by a test: `arm` is called for each value that can come to be.
    pub(super) fn branches(
        &mut self,
        test: &ast::Expr,
        span: Span,
        arm: &mut dyn FnMut(&mut Self, bool) -> Expr,
    ) -> Expr {
        let condition = self.condition(test);
        if let ExprKind::Bool(known) = condition.test.kind {
            return arm(self, known);
        }
        let (if_true, if_false) = (condition.if_true, condition.if_false);
        self.either(condition.test, span, &mut |this, is_true| {
            this.narrow(if is_true { &if_true } else { &if_false });
            arm(this, is_true)
        })
    }
}

/// Types that stand for an error or for code that is not reached: operations on them are not looked at.
pub(super) fn absorbs(ty: &Type) -> bool {
    matches!(ty, Type::Poison | Type::Never)
}

/// `test and a or b` is how `a if test else b` was written once: where the test fails, its value is not taken.
pub(super) fn old_conditional(items: &[ast::Expr], span: Span) -> Option<ast::Expr> {
    let (first, rest) = items.split_first()?;
    let ast::ExprKind::And(inner) = &first.kind else { return None };
    let (last, tests) = inner.split_last()?;
    if rest.is_empty() || is_test(last) || !tests.iter().all(is_test) {
        return None;
    }
    let one = |items: Vec<ast::Expr>| match <[ast::Expr; 1]>::try_from(items) {
        Ok([item]) => item,
        Err(items) => ast::Expr { kind: ast::ExprKind::Or(items), span },
    };
    let test = Box::new(ast::Expr { kind: ast::ExprKind::And(tests.to_vec()), span: first.span });
    let body = Box::new(one(std::iter::once(last).chain(rest).cloned().collect()));
    let orelse = Box::new(one(rest.to_vec()));
    Some(ast::Expr { kind: ast::ExprKind::If { test, body, orelse }, span })
}

/// Whether an expression is a bool by its form.
fn is_test(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Compare { .. } | ast::ExprKind::Unary { op: UnaryOp::Not, .. } | ast::ExprKind::Bool(_) => true,
        ast::ExprKind::And(items) | ast::ExprKind::Or(items) => items.iter().all(is_test),
        ast::ExprKind::Call { function, .. } => {
            matches!(&function.kind, ast::ExprKind::Name(name) if &**name == "isinstance")
        }
        _ => false,
    }
}
