//! Conversions between types, and what fits where. In: a value and a type. Out: the value in that type.

use super::function::Body;
use super::hir::{Expr, ExprKind};
use super::operator::{dtype_of, scalar_type};
use super::unify::number_rank;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::{Binary, Unary};
use crate::syntax::ast::BinaryOp;
use crate::types::{Dtype, Rules, Type};
use std::sync::Arc;

impl Body<'_, '_> {
    /// The value as `to`. Callers have made sure that there is a conversion: a join, or a table entry.
    pub(super) fn convert_value(&mut self, value: Expr, to: &Type) -> Expr {
        let (from, to) = (self.unify.resolve(&value.ty), self.unify.resolve(to));
        let span = value.span;
        if from == to || from == Type::Poison || from == Type::Never {
            return Expr { ty: if from == Type::Poison { to } else { value.ty.clone() }, ..value };
        }
        if to == Type::Poison {
            return Expr::poison(span);
        }
        match (&from, &to) {
            (Type::Unsigned, Type::Int) => return self.unsigned_as_int(value),
            (Type::Int | Type::Bool, Type::Unsigned) => return self.int_as_unsigned(value),
            _ => {}
        }
        if let (Some(a), Some(b)) = (dtype_of(&from), dtype_of(&to)) {
            return self.convert_number(value, a, b, &to);
        }
        match (&from, &to) {
            (Type::None, Type::Optional(_)) => Expr::new(ExprKind::Nothing, to, span),
            (Type::Optional(_), Type::Optional(item)) => self.convert_optional(value, item, span),
            (_, Type::Optional(item)) => {
                let value = self.convert_value(value, item);
                Expr::new(ExprKind::Some(Box::new(value)), to, span)
            }
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                let mut out = Vec::new();
                let kept = self.keep(value, &mut out);
                let members = (0..a.len())
                    .map(|at| {
                        let member = self.member(&kept, at);
                        self.convert_value(member, &b[at])
                    })
                    .collect();
                let tuple = Expr::new(ExprKind::Tuple(members), to.clone(), span);
                Expr::new(ExprKind::Block(out, Box::new(tuple)), to, span)
            }
            (Type::Function(..) | Type::Static(_) | Type::Choice(_), Type::Choice(items)) => {
                let items = items.clone();
                self.convert_choice(value, &items)
            }
            (Type::Tuple(members), Type::Sequence(item)) => {
                let mut out = Vec::new();
                let kept = self.keep(value, &mut out);
                let members = (0..members.len())
                    .map(|at| {
                        let member = self.member(&kept, at);
                        self.convert_value(member, item)
                    })
                    .collect();
                let items = Expr::new(ExprKind::List(members), to.clone(), span);
                Expr::new(ExprKind::Block(out, Box::new(items)), to, span)
            }
            // The same parts, seen as another type.
            (Type::Array { .. }, Type::Array { .. }) => Expr { ty: to, ..value },
            (Type::Int, Type::Ptr) => Expr::new(ExprKind::Intrinsic(Intrinsic::Ptr, vec![value]), Type::Ptr, span),
            (Type::Ptr, Type::Int) => Expr::new(ExprKind::Intrinsic(Intrinsic::PtrToInt, vec![value]), Type::Int, span),
            _ => {
                if self.unify.equate(&from, &to) {
                    return value;
                }
                let text = format!("`{from}` cannot be used as `{to}` here");
                self.error(Diagnostic::new(Code::TypeMismatch, span, text))
            }
        }
    }

    /// A function as one of several.
    fn convert_choice(&mut self, value: Expr, items: &Arc<[Type]>) -> Expr {
        let (ty, span) = (Type::Choice(items.clone()), value.span);
        let from = super::unify::choices(&self.unify.resolve(&value.ty)).unwrap_or_default();
        let to = super::unify::choices(&ty).unwrap_or_default();
        let place = |function: &Type| to.iter().position(|other| other == function);
        let mut out = Vec::new();
        let value = self.keep(value, &mut out);
        let single = !matches!(value.ty, Type::Choice(_));
        let number = |at: usize| Expr::int(from.get(at).and_then(place).unwrap_or_default() as i64, span);
        let mut which = number(from.len().saturating_sub(1));
        for at in (0..from.len().saturating_sub(1)).rev() {
            let test = self.is_choice(&value, at);
            let kind = ExprKind::If { test: Box::new(test), then: Box::new(number(at)), otherwise: Box::new(which) };
            which = Expr::new(kind, Type::Int, span);
        }
        let mut members = vec![which];
        for function in &to {
            let optional = Type::Optional(Arc::new(function.clone()));
            members.push(match from.iter().position(|other| other == function) {
                Some(_) if single => Expr::new(ExprKind::Some(Box::new(value.clone())), optional, span),
                Some(at) => self.member(&value, at + 1),
                None => Expr::new(ExprKind::Nothing, optional, span),
            });
        }
        let choice = Expr::new(ExprKind::Tuple(members), ty.clone(), span);
        Expr::new(ExprKind::Block(out, Box::new(choice)), ty, span)
    }

    /// Whether a choice is its function number `at`.
    pub(super) fn is_choice(&mut self, choice: &Expr, at: usize) -> Expr {
        let which = self.member(choice, 0);
        let number = Expr::int(at as i64, choice.span);
        Expr { ty: Type::Bool, ..int_op(Binary::I64Eq, which, number, choice.span) }
    }

    fn convert_optional(&mut self, value: Expr, item: &Arc<Type>, span: Span) -> Expr {
        let Type::Optional(from) = self.unify.resolve(&value.ty) else { unreachable!("the caller matched it") };
        let to = Type::Optional(item.clone());
        if from == *item {
            return Expr { ty: to, ..value };
        }
        let mut out = Vec::new();
        let kept = self.keep(value, &mut out);
        let inner = Expr::new(ExprKind::Unwrap(Box::new(kept.clone())), (*from).clone(), span);
        let inner = self.convert_value(inner, item);
        let kind = ExprKind::If {
            test: Box::new(Expr::new(ExprKind::IsSome(Box::new(kept)), Type::Bool, span)),
            then: Box::new(Expr::new(ExprKind::Some(Box::new(inner)), to.clone(), span)),
            otherwise: Box::new(Expr::new(ExprKind::Nothing, to.clone(), span)),
        };
        let value = Expr::new(kind, to.clone(), span);
        Expr::new(ExprKind::Block(out, Box::new(value)), to, span)
    }

    /// Between numbers, as NumPy's `astype` converts; `int(x)` of a float is checked by its caller.
    fn convert_number(&mut self, value: Expr, from: Dtype, to: Dtype, ty: &Type) -> Expr {
        let span = value.span;
        if let ExprKind::Int(known) = value.kind {
            match to {
                Dtype::F64 | Dtype::F32 if from != Dtype::U64 => {
                    return Expr::new(ExprKind::Float(known as f64), ty.clone(), span);
                }
                Dtype::I64 | Dtype::U64 => return Expr::new(ExprKind::Int(known), ty.clone(), span),
                _ => {}
            }
        }
        if let (ExprKind::Float(known), Dtype::F64 | Dtype::F32) = (&value.kind, to) {
            return Expr::new(ExprKind::Float(*known), ty.clone(), span);
        }
        if to.is_complex() {
            return self.to_complex(value, from, to, ty);
        }
        if from.is_complex() {
            let part = if from == Dtype::C64 { Dtype::F32 } else { Dtype::F64 };
            let real = Expr::new(ExprKind::Member(Box::new(value), 0), Type::Scalar(part), span);
            return self.convert_number(real, part, to, ty);
        }
        if to == Dtype::Bool {
            let truth = self.truth(value);
            return Expr { ty: ty.clone(), ..truth };
        }
        let unary =
            |op, value: Expr, ty: Type| Expr::new(ExprKind::Intrinsic(Intrinsic::Unary(op), vec![value]), ty, span);
        let small = |dtype: Dtype| dtype.size() < 8 && !dtype.is_float();
        let value = match (from, to) {
            _ if from == to => return Expr { ty: ty.clone(), ..value },
            // Among 64-bit integers only the name changes.
            (Dtype::I64, Dtype::U64) | (Dtype::U64, Dtype::I64) => return Expr { ty: ty.clone(), ..value },
            (Dtype::F32, Dtype::F64) => return unary(Unary::F64PromoteF32, value, ty.clone()),
            (Dtype::F64, Dtype::F32) => return unary(Unary::F32DemoteF64, value, ty.clone()),
            (Dtype::U64, Dtype::F64) => return unary(Unary::F64ConvertI64U, value, ty.clone()),
            (Dtype::U64, Dtype::F32) => return unary(Unary::F32ConvertI64U, value, ty.clone()),
            (Dtype::I64, Dtype::F64) => return unary(Unary::F64ConvertI64S, value, ty.clone()),
            (Dtype::I64, Dtype::F32) => return unary(Unary::F32ConvertI64S, value, ty.clone()),
            (_, Dtype::F64) if from == Dtype::U32 => return unary(Unary::F64ConvertI32U, value, ty.clone()),
            (_, Dtype::F32) if from == Dtype::U32 => return unary(Unary::F32ConvertI32U, value, ty.clone()),
            (_, Dtype::F64) => return unary(Unary::F64ConvertI32S, value, ty.clone()),
            (_, Dtype::F32) => return unary(Unary::F32ConvertI32S, value, ty.clone()),
            (Dtype::F32 | Dtype::F64, _) => {
                let wide = if from == Dtype::F32 { unary(Unary::F64PromoteF32, value, Type::Float) } else { value };
                let op = match to {
                    Dtype::U64 => "float_to_uint64",
                    Dtype::I64 | Dtype::U32 => "float_to_int64",
                    _ => "float_to_int32",
                };
                let wide = Expr { ty: Type::Float, ..wide };
                let wide = self.library_call(op, vec![wide], span);
                if to.size() == 8 {
                    return Expr { ty: ty.clone(), ..wide };
                }
                unary(Unary::I32WrapI64, wide, ty.clone())
            }
            _ if small(from) && to.size() == 8 => {
                let op = if from.is_signed() { Unary::I64ExtendI32S } else { Unary::I64ExtendI32U };
                return unary(op, value, ty.clone());
            }
            _ if small(from) => Expr { ty: ty.clone(), ..value },
            _ => unary(Unary::I32WrapI64, value, ty.clone()),
        };
        self.narrowed(value, to)
    }

    fn to_complex(&mut self, value: Expr, from: Dtype, to: Dtype, ty: &Type) -> Expr {
        let span = value.span;
        let part = if to == Dtype::C64 { Dtype::F32 } else { Dtype::F64 };
        let part_type = Type::Scalar(part);
        if from == to {
            return Expr { ty: ty.clone(), ..value };
        }
        let mut out = Vec::new();
        let (real, imaginary) = if from.is_complex() {
            let kept = self.keep(value, &mut out);
            let other = if from == Dtype::C64 { Dtype::F32 } else { Dtype::F64 };
            let [real, imaginary] =
                [0, 1].map(|at| Expr::new(ExprKind::Member(Box::new(kept.clone()), at), Type::Scalar(other), span));
            (
                self.convert_number(real, other, part, &part_type),
                self.convert_number(imaginary, other, part, &part_type),
            )
        } else {
            (
                self.convert_number(value, from, part, &part_type),
                Expr::new(ExprKind::Float(0.0), part_type.clone(), span),
            )
        };
        let pair = Expr::new(ExprKind::Tuple(vec![real, imaginary]), ty.clone(), span);
        Expr::new(ExprKind::Block(out, Box::new(pair)), ty.clone(), span)
    }

    /// Operands of arithmetic under Python's rules: a Python int beside a NumPy integer must be one of its type (NEP 50).
    pub(super) fn weak_operands(&mut self, op: BinaryOp, left: Expr, right: Expr) -> (Expr, Expr) {
        if self.rules() != Rules::Python || op == BinaryOp::Div {
            return (left, right);
        }
        match (&left.ty, &right.ty) {
            (Type::Scalar(dtype) | Type::Array { dtype, .. }, Type::Int) if dtype.is_integer() => {
                let right = self.python_integer(right, *dtype);
                (left, right)
            }
            (Type::Int, Type::Scalar(dtype) | Type::Array { dtype, .. }) if dtype.is_integer() => {
                let left = self.python_integer(left, *dtype);
                (left, right)
            }
            _ => (left, right),
        }
    }

    /// A Python int as a NumPy integer: raises where it is out of its range.
    fn python_integer(&mut self, value: Expr, dtype: Dtype) -> Expr {
        let span = value.span;
        let ty = Type::Scalar(dtype);
        let (low, high) = integer_range(dtype);
        let known = matches!(value.kind, ExprKind::Int(known) if (low..=high).contains(&known));
        if known || dtype == Dtype::I64 {
            return self.convert_value(value, &ty);
        }
        let args = vec![value, Expr::int(low, span), Expr::int(high, span), Expr::str(dtype.name(), span)];
        let value = self.library_call("python_integer", args, span);
        self.convert_value(value, &ty)
    }

    /// What NumPy makes of a number that becomes an integer of its own: `np.int8(x)`, and, where it is `stored`,
    /// `a[0] = x`. Python's numbers must be in range; so must NumPy's that are stored into a signed type.
    pub(super) fn numpy_number(&mut self, value: Expr, dtype: Dtype, stored: bool) -> Expr {
        let span = value.span;
        let from = self.unify.resolve(&value.ty);
        if self.rules() != Rules::Python || !dtype.is_integer() {
            return self.convert_value(value, &Type::Scalar(dtype));
        }
        let as_python = match &from {
            Type::Scalar(own) => {
                let widens = own.is_signed() == dtype.is_signed() && own.size() <= dtype.size();
                let fits = own.is_integer() && (widens || own.is_unsigned() && own.size() < dtype.size());
                stored && dtype.is_signed() && !fits && *own != Dtype::Bool && !own.is_complex()
            }
            Type::Unsigned if dtype == Dtype::U64 => return Expr { ty: Type::Scalar(dtype), ..value },
            Type::Unsigned => {
                let value = self.convert_value(value, &Type::Int);
                return self.python_integer(value, dtype);
            }
            _ => true,
        };
        match (&from, dtype_of(&from)) {
            (Type::Complex, _) => {
                let text = "a complex number cannot become an int";
                self.error(Diagnostic::new(Code::TypeMismatch, span, text).help("take its `.real`"))
            }
            (_, Some(own)) if as_python && own.is_float() => {
                let value = self.convert_value(value, &Type::Float);
                if dtype == Dtype::U64 {
                    // Up to 2**64 it is one.
                    let value = self.library_call("python_float_unsigned", vec![value], span);
                    return Expr { ty: Type::Scalar(dtype), ..value };
                }
                let value = self.library_call("python_float_integer", vec![value], span);
                self.python_integer(value, dtype)
            }
            (_, Some(Dtype::U64)) if as_python => {
                let value = self.convert_value(value, &Type::Int);
                let value = self.library_call("unsigned_integer", vec![value], span);
                self.python_integer(value, dtype)
            }
            (_, Some(own)) if as_python && own.is_integer() => {
                let value = self.convert_value(value, &Type::Int);
                self.python_integer(value, dtype)
            }
            _ => self.convert_value(value, &Type::Scalar(dtype)),
        }
    }

    /// A value where an annotation or signature wants `to`: an int becomes a float, with a warning; what is more
    /// special than the annotation (a `bool` where `int` stands, `np.float64` where `float` does) stays as it is.
    pub(super) fn fit(&mut self, value: Expr, to: &Type, what: &str) -> Expr {
        let from = self.unify.resolve(&value.ty);
        let span = value.span;
        if super::expression::absorbs(&from) || from == *to {
            return value;
        }
        if let Type::Variable(_) = from {
            // An item whose type a later walk will know.
            return Expr { ty: to.clone(), ..value };
        }
        match (&from, to) {
            // Python's annotations convert nothing, and an int is as good as a float (PEP 484).
            (Type::Bool | Type::Int | Type::Unsigned, Type::Int | Type::Float | Type::Complex)
            | (Type::Float | Type::Scalar(Dtype::C128), Type::Complex)
            | (Type::Scalar(Dtype::F64), Type::Float)
                if self.rules() == Rules::Python =>
            {
                value
            }
            (Type::Scalar(Dtype::Bool), Type::Bool) if self.rules() == Rules::Python => value,
            (Type::Scalar(dtype), Type::Int) if dtype.is_integer() && self.rules() == Rules::Python => value,
            (a, b) if number_rank(a).is_some() && number_rank(b).is_some() => {
                if number_rank(a) > number_rank(b) && self.rules() == Rules::Python {
                    return self.mismatch(value, to, what);
                }
                self.note_meeting(what, a, b, to, span);
                self.convert_value(value, to)
            }
            (Type::Array { dtype: d, ndim: n, .. }, Type::Array { dtype: e, ndim: m, .. }) if d == e && n == m => value,
            (Type::List(_), Type::List(_)) | (Type::Set(_), Type::Set(_)) | (Type::Dict(..), Type::Dict(..)) => {
                if self.unify.equate(&from, to) { value } else { self.mismatch(value, to, what) }
            }
            (Type::None, Type::Optional(_)) => self.convert_value(value, to),
            (_, Type::Optional(item)) if !matches!(from, Type::Optional(_)) => {
                let inner = self.fit(value, item, what);
                if inner.ty == Type::Poison { inner } else { self.convert_value(inner, to) }
            }
            (Type::Tuple(_), Type::Sequence(item)) => {
                let rules = self.rules();
                match self.unify.join(&from, to, rules) {
                    Some(Type::Sequence(joined)) if joined == *item => self.convert_value(value, to),
                    _ => self.mismatch(value, to, what),
                }
            }
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                let mut out = Vec::new();
                let kept = self.keep(value, &mut out);
                let members: Vec<_> = (0..a.len())
                    .map(|at| {
                        let member = self.member(&kept, at);
                        self.fit(member, &b[at], what)
                    })
                    .collect();
                let tuple = self.tuple(members, span);
                let ty = tuple.ty.clone();
                Expr::new(ExprKind::Block(out, Box::new(tuple)), ty, span)
            }
            _ if self.unify.equate(&from, to) => value,
            _ => self.mismatch(value, to, what),
        }
    }

    fn mismatch(&mut self, value: Expr, to: &Type, what: &str) -> Expr {
        let from = self.unify.resolve(&value.ty);
        let error =
            Diagnostic::new(Code::TypeMismatch, value.span, format!("{what} is declared `{to}`, but this is `{from}`"));
        let error = match (&from, to) {
            (Type::Float | Type::Scalar(_), Type::Int) => {
                error.help("convert with `int(…)`, which drops the fraction, or with `round(…)`")
            }
            (Type::Str, Type::Int | Type::Float) => error.help(format!("convert the text with `{to}(…)`")),
            (Type::Optional(_), _) => error.help("it may be `None`: test `is not None` first"),
            (Type::None, _) => error.help(format!("declare `{to} | None` if it may be missing")),
            _ => error,
        };
        self.error(error)
    }

    /// Warns where an int becomes a float because the two meet in one place.
    pub(super) fn note_meeting(&mut self, what: &str, a: &Type, b: &Type, joined: &Type, span: Span) {
        let (a, b) = (self.unify.resolve(a), self.unify.resolve(b));
        let silent = self.rules() != Rules::Python || self.in_prelude();
        if silent || *joined != Type::Float || !(a == Type::Int || b == Type::Int) {
            return;
        }
        let note = Diagnostic::new(
            Code::IntBecomesFloat,
            span,
            format!("{what} is `int` on one path and `float` on another: it is a `float` on both"),
        )
        .help("write the int as a float (`0.0` for `0`) to say that it is meant");
        if !self.notes.iter().any(|known| known.message == note.message) {
            self.notes.push(note);
        }
    }

    /// The same of a variable, unless it is one of ours: that the sum of floats starts as the int 0 is nobody's doing.
    pub(super) fn note_variable_meeting(&mut self, name: &str, a: &Type, b: &Type, joined: &Type, span: Span) {
        if !name.contains(' ') {
            self.note_meeting(&format!("`{name}`"), a, b, joined, span);
        }
    }

    /// The value as an `int`, for an index or a count; reports what is none.
    pub(super) fn as_index(&mut self, value: Expr) -> Expr {
        let ty = self.unify.resolve(&value.ty);
        match &ty {
            Type::Int | Type::Poison | Type::Never => value,
            Type::Bool | Type::Unsigned => self.convert_value(value, &Type::Int),
            Type::Scalar(dtype) if dtype.is_integer() => self.convert_value(value, &Type::Int),
            other => {
                let text = format!("an index must be an int, not `{other}`");
                let error = Diagnostic::new(Code::TypeMismatch, value.span, text);
                let source = self.inferer.sources.text(value.span).to_owned();
                let error = if matches!(other, Type::Float | Type::Scalar(_)) {
                    error
                        .help("`/` gives a float even for ints: divide with `//`, or convert with `int(…)`")
                        .fix("convert to int", vec![(value.span, format!("int({source})"))])
                } else {
                    error
                };
                self.error(error)
            }
        }
    }

    /// What a value is called after it crossed from a function with other rules into this one.
    pub(super) fn crossed(&self, ty: &Type, from: Rules) -> Type {
        let to = self.rules();
        if from == to || from == Rules::Raw && to == Rules::Python {
            return ty.clone();
        }
        cross(ty, to)
    }
}

/// The ints of ours that an integer type has.
pub(super) fn integer_range(dtype: Dtype) -> (i64, i64) {
    let bits = dtype.size() * 8;
    match dtype {
        Dtype::U64 => (0, i64::MAX),
        _ if dtype.is_unsigned() => (0, (1 << bits) - 1),
        Dtype::I64 => (i64::MIN, i64::MAX),
        _ => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
    }
}

/// The type by which a function with rules `to` knows a value of type `ty`.
pub(super) fn cross(ty: &Type, to: Rules) -> Type {
    match (ty, to) {
        (Type::Scalar(dtype), Rules::Numba(_)) => scalar_type(*dtype, Rules::NUMBA),
        // Numba hands Python its own numbers: an int32 comes back as int.
        (Type::Scalar(dtype), Rules::Python) => match dtype {
            Dtype::Bool => Type::Bool,
            Dtype::F32 | Dtype::F64 => Type::Float,
            Dtype::C64 | Dtype::C128 => Type::Complex,
            Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 | Dtype::U8 | Dtype::U16 | Dtype::U32 => Type::Int,
            Dtype::U64 => Type::Unsigned,
        },
        (Type::Unsigned, Rules::Numba(_)) => Type::Scalar(Dtype::U64),
        (Type::Tuple(items), _) => Type::tuple(items.iter().map(|item| cross(item, to))),
        (Type::Optional(item), _) => Type::Optional(Arc::new(cross(item, to))),
        _ => ty.clone(),
    }
}

/// `a op b`, for instructions that stay in 64 bits.
pub(super) fn int_op(op: Binary, a: Expr, b: Expr, span: Span) -> Expr {
    Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(op), vec![a, b]), Type::Int, span)
}
