//! `int`s that may be 2**63 or more. In: operands of type `Type::Unsigned`. Out: Python's answer, or `OverflowError`.
//!
//! Numba hands its uint64 to Python as an `int`. Beyond the 64 bits of ours it can be shown, compared, hashed, and taken
//! apart by `&`, `|`, `^`, `>>`, `%` and `//`; for everything else it becomes an `int` first, which raises where it
//! does not fit.

use super::call::Args;
use super::expression::absorbs;
use super::function::Body;
use super::hir::{Expr, ExprKind};
use super::operator;
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::Binary;
use crate::syntax::ast::{BinaryOp, CompareOp, FunctionId};
use crate::types::{Dtype, Rules, Type};

impl Body<'_, '_> {
    /// As an `int`; raises from 2**63 on.
    pub(super) fn unsigned_as_int(&mut self, value: Expr) -> Expr {
        let span = value.span;
        let bits = Expr { ty: Type::Int, ..value };
        self.library_call("unsigned_as_int", vec![bits], span)
    }

    /// An `int` as an unsigned one; raises below 0.
    pub(super) fn int_as_unsigned(&mut self, value: Expr) -> Expr {
        let span = value.span;
        let value = self.convert_value(value, &Type::Int);
        let bits = self.library_call("unsigned_as_int", vec![value], span);
        Expr { ty: Type::Unsigned, ..bits }
    }

    /// `left op right`, where at least one is unsigned.
    pub(super) fn unsigned_binary(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
        let bits = |value: Expr| Expr { ty: Type::Int, ..value };
        let is_small = |value: &Expr| matches!(value.kind, ExprKind::Int(known) if known >= 0);
        let natural = |value: &Expr| value.ty == Type::Unsigned || is_small(value);
        let (named, result) = match (op, &left.ty, &right.ty) {
            // With NumPy's uint64 it is one; other types have no room for what is beyond an int.
            (_, Type::Unsigned, Type::Scalar(Dtype::U64)) | (_, Type::Scalar(Dtype::U64), Type::Unsigned) => {
                let [left, right] = [left, right].map(|side| Expr { ty: Type::Scalar(Dtype::U64), ..side });
                return self.binary(op, left, right, span);
            }
            (BinaryOp::BitAnd, Type::Int | Type::Unsigned, Type::Int | Type::Unsigned) => {
                let small = is_small(&left) || is_small(&right);
                let op = Intrinsic::Binary(Binary::I64And);
                let result = if small { Type::Int } else { Type::Unsigned };
                return Expr::new(ExprKind::Intrinsic(op, vec![bits(left), bits(right)]), result, span);
            }
            (BinaryOp::BitOr | BinaryOp::BitXor, ..) if natural(&left) && natural(&right) => {
                let op = if op == BinaryOp::BitOr { Binary::I64Or } else { Binary::I64Xor };
                let args = vec![bits(left), bits(right)];
                return Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(op), args), Type::Unsigned, span);
            }
            (BinaryOp::Shr, Type::Unsigned, Type::Int) => ("unsigned_shr_int", Type::Unsigned),
            (BinaryOp::Mod, Type::Unsigned, Type::Int) => ("unsigned_mod_int", Type::Int),
            (BinaryOp::Mod, Type::Unsigned, Type::Unsigned) => ("unsigned_mod_python", Type::Unsigned),
            (BinaryOp::FloorDiv, Type::Unsigned, _) if natural(&right) => ("unsigned_floordiv_python", Type::Unsigned),
            _ => {
                let [left, right] = [left, right].map(|side| match (&side.ty, op) {
                    (Type::Unsigned, _) => self.convert_value(side, &Type::Int),
                    _ => side,
                });
                return self.binary(op, left, right, span);
            }
        };
        let value = self.library_call(named, vec![bits(left), bits(right)], span);
        Expr { ty: result, ..value }
    }

    /// `left op right` of a comparison; none where an unsigned operand is no more than any `int`.
    pub(super) fn unsigned_compare(&mut self, op: CompareOp, left: &Expr, right: &Expr, span: Span) -> Option<Expr> {
        let u64 = Type::Scalar(Dtype::U64);
        let retyped = |value: &Expr| match value.ty {
            Type::Unsigned => Some(Expr { ty: u64.clone(), ..value.clone() }),
            Type::Int | Type::Bool | Type::Scalar(_) => Some(value.clone()),
            _ => None,
        };
        let as_int = |value: &Expr| value.ty == Type::Unsigned;
        match (retyped(left), retyped(right)) {
            (Some(a), Some(b)) => {
                let rules = if matches!(left.ty, Type::Scalar(_)) || matches!(right.ty, Type::Scalar(_)) {
                    self.rules()
                } else {
                    Rules::NUMBA
                };
                let operation = operator::compare(op, &a.ty, &b.ty, rules)?;
                Some(self.apply(&operation, vec![a, b], span))
            }
            _ => {
                let number = |value: &Expr| super::unify::number_rank(&value.ty).is_some();
                if !number(left) || !number(right) {
                    return None;
                }
                let [left, right] = [left, right]
                    .map(|side| if as_int(side) { self.convert_value(side.clone(), &Type::Int) } else { side.clone() });
                Some(self.compare(op, left, right, span))
            }
        }
    }

    /// Calls a function under Numba's rules with a number that may be 2**63 or more: then Numba takes it as uint64, else
    /// as int64.
    pub(super) fn call_by_size(&mut self, id: FunctionId, captures: Vec<Expr>, mut args: Args, span: Span) -> Expr {
        let mut out = Vec::new();
        args.positional = args.positional.into_iter().map(|value| self.keep(value, &mut out)).collect();
        for (_, value) in &mut args.keywords {
            *value = self.keep(value.clone(), &mut out);
        }
        let is_unsigned = |value: &Expr| value.ty == Type::Unsigned;
        let first = |args: &mut Args, ty: &Type| {
            let all = args.positional.iter_mut().chain(args.keywords.iter_mut().map(|(_, value)| value));
            all.into_iter().find(|value| is_unsigned(value)).map(|value| std::mem::replace(&mut value.ty, ty.clone()));
        };
        let mut as_int = args.clone();
        first(&mut as_int, &Type::Int);
        let mut as_unsigned = args.clone();
        first(&mut as_unsigned, &Type::Scalar(Dtype::U64));
        let mut all = args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value));
        let Some(value) = all.find(|value| is_unsigned(value)) else { unreachable!("the caller saw one") };
        let sign = vec![Expr { ty: Type::Int, ..value.clone() }, Expr::int(0, span)];
        let fits = Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(Binary::I64GeS), sign), Type::Bool, span);
        let value = self.either(fits, span, &mut |this, fits| {
            let args = if fits { as_int.clone() } else { as_unsigned.clone() };
            this.call_function(id, captures.clone(), args, span)
        });
        if absorbs(&value.ty) {
            return value;
        }
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }
}
