//! Operators but for comparisons. In: operands with their types. Out: instructions and calls of the library, as the two
//! tables of number typing (`operator.rs`) have it.

use super::expression::absorbs;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::operator::{self, Apply, Operation};
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::resolve::Binding;
use crate::source::Span;
use crate::ssa::{Binary, Unary};
use crate::syntax::ast::{self, BinaryOp, UnaryOp};
use crate::types::{Dtype, Lazy, Rules, Type};
use std::sync::Arc;

impl Body<'_, '_> {
    /// `(a * b + c) & 0xFFFFFFFF` and `… % 2**32`: only low bits count, which are the same however far the numbers go,
    /// so nothing overflows on the way.
    pub(super) fn low_bits(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Expr> {
        if self.rules() != Rules::Python {
            return None;
        }
        let mask = |this: &Self, side: &ast::Expr| {
            let known = this.known_int(side)?;
            match op {
                BinaryOp::BitAnd if known >= 0 => Some(known),
                BinaryOp::Mod if known > 0 && known & (known - 1) == 0 => Some(known - 1),
                _ => None,
            }
        };
        let (value, mask) = match (mask(self, right), op) {
            (Some(mask), _) => (left, mask),
            (None, BinaryOp::BitAnd) => (right, mask(self, left)?),
            (None, _) => return None,
        };
        if !matches!(&value.kind, ast::ExprKind::Binary { op, .. } if wraps(*op)) {
            return None;
        }
        let low = self.low_value(value);
        match low.ty {
            Type::Int => Some(super::convert::int_op(Binary::I64And, low, Expr::int(mask, span), span)),
            // They are other numbers, or none.
            _ => Some(self.binary(op, low, Expr::int(if op == BinaryOp::Mod { mask + 1 } else { mask }, span), span)),
        }
    }

    /// The value of an int literal, or of a constant of the module.
    fn known_int(&self, expr: &ast::Expr) -> Option<i64> {
        if let ast::ExprKind::Name(name) = &expr.kind {
            let Binding::Module(module) = self.binding(name) else { return None };
            let value = self.inferer.names.modules[module].constants.get(name)?;
            return constant_int(value)?.try_into().ok();
        }
        constant_int(expr)?.try_into().ok()
    }

    /// An int of which only the low 64 bits count.
    fn low_value(&mut self, expr: &ast::Expr) -> Expr {
        let span = expr.span;
        let ast::ExprKind::Binary { op, left, right } = &expr.kind else { return self.expr(expr, None) };
        if !wraps(*op) || self.known_int(expr).is_some() {
            return self.expr(expr, None);
        }
        let shift = if *op == BinaryOp::Shl { self.known_int(right).filter(|by| (0..64).contains(by)) } else { None };
        if *op == BinaryOp::Shl && shift.is_none() {
            return self.expr(expr, None);
        }
        let (left, right) = (self.low_value(left), self.low_value(right));
        if !matches!((&left.ty, &right.ty), (Type::Int | Type::Bool, Type::Int | Type::Bool)) {
            return self.binary(*op, left, right, span);
        }
        let instruction = match op {
            BinaryOp::Add => Binary::I64Add,
            BinaryOp::Sub => Binary::I64Sub,
            BinaryOp::Mul => Binary::I64Mul,
            BinaryOp::BitXor => Binary::I64Xor,
            BinaryOp::BitOr => Binary::I64Or,
            BinaryOp::BitAnd => Binary::I64And,
            _ => Binary::I64Shl,
        };
        let [left, right] = [left, right].map(|side| self.convert_value(side, &Type::Int));
        super::convert::int_op(instruction, left, right, span)
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: &ast::Expr, span: Span) -> Expr {
        if op == UnaryOp::Not {
            let condition = self.condition(operand);
            return self.not(condition.test);
        }
        if op == UnaryOp::Neg
            && let ast::ExprKind::Int(value) = operand.kind
            && value <= 1 << 63
        {
            return Expr::int((value as i64).wrapping_neg(), span);
        }
        let value = self.operand(operand);
        self.unary_value(op, value, span)
    }

    /// `-value`, `+value`, `~value`.
    fn unary_value(&mut self, op: UnaryOp, value: Expr, span: Span) -> Expr {
        match (op, &value.kind, &value.ty) {
            (UnaryOp::Neg, ExprKind::Float(known), Type::Float) => {
                return Expr::new(ExprKind::Float(-known), Type::Float, span);
            }
            (UnaryOp::Pos, _, Type::Unsigned) => return value,
            _ if absorbs(&value.ty) => return Expr::new(value.kind, value.ty, span),
            _ => {}
        }
        let value = if value.ty == Type::Unsigned { self.convert_value(value, &Type::Int) } else { value };
        if let Some(operation) = operator::unary(op, &value.ty, self.rules()) {
            let value = self.apply(&operation, vec![value], span);
            let wide = match &value.ty {
                Type::Scalar(dtype) if dtype.is_integer() => operator::widened(&value.ty, self.rules()),
                _ => return value,
            };
            return self.convert_value(value, &wide);
        }
        let symbol = unary_symbol(op);
        if let Type::Array { .. } = value.ty {
            let name = match op {
                UnaryOp::Neg => "scalar_neg",
                UnaryOp::Pos => "same_number",
                UnaryOp::Invert | UnaryOp::Not => "scalar_invert",
            };
            return self.elementwise(name, vec![value], span);
        }
        let text = format!("`{symbol}` does not work on `{}`", value.ty);
        self.error(Diagnostic::new(Code::UnsupportedOperand, span, text))
    }

    /// Carries out an operation of the tables.
    pub(super) fn apply(&mut self, operation: &Operation, operands: Vec<Expr>, span: Span) -> Expr {
        let operands: Vec<Expr> = match &operation.operands {
            Some(ty) => operands.into_iter().map(|operand| self.convert_value(operand, ty)).collect(),
            None => operands,
        };
        match operation.apply {
            Apply::Instruction(op) => Expr::new(ExprKind::Intrinsic(op, operands), operation.result.clone(), span),
            Apply::Narrowed(op, dtype) => {
                let value =
                    Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(op), operands), operation.result.clone(), span);
                self.narrowed(value, dtype)
            }
            Apply::Prelude("number_pos") => operands.into_iter().next().unwrap_or_else(|| Expr::poison(span)),
            Apply::Prelude(name) => {
                let value = self.library_call(name, operands, span);
                if value.ty == operation.result { value } else { self.convert_value(value, &operation.result) }
            }
            Apply::Through64(name) => {
                let value = self.library_call(name, operands, span);
                self.convert_value(value, &operation.result)
            }
        }
    }

    /// Brings the result of 32-bit arithmetic back into the range of a small integer type.
    pub(super) fn narrowed(&mut self, value: Expr, dtype: Dtype) -> Expr {
        let (ty, span) = (value.ty.clone(), value.span);
        let unary = |op, value| ExprKind::Intrinsic(Intrinsic::Unary(op), vec![value]);
        let mask = |bits: i64, value| {
            let mask = Expr::new(ExprKind::Int(bits), Type::Scalar(dtype), span);
            ExprKind::Intrinsic(Intrinsic::Binary(Binary::I32And), vec![value, mask])
        };
        let kind = match dtype {
            Dtype::I8 => unary(Unary::I32Extend8S, value),
            Dtype::I16 => unary(Unary::I32Extend16S, value),
            Dtype::U8 => mask(0xff, value),
            Dtype::U16 => mask(0xffff, value),
            Dtype::Bool | Dtype::I32 | Dtype::U32 | Dtype::I64 | Dtype::U64 => return value,
            Dtype::F32 | Dtype::F64 | Dtype::C64 | Dtype::C128 => return value,
        };
        Expr::new(kind, ty, span)
    }

    /// `left op right`.
    pub(super) fn binary(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
        let value = self.operation(op, left, right, span);
        self.made(value)
    }

    /// The same, where an array's elements may still be to be computed: of the operands and of the result.
    pub(super) fn operation(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
        if absorbs(&left.ty) || absorbs(&right.ty) {
            return self.absorbed(left, right, span);
        }
        if let (Type::Variable(_), _) | (_, Type::Variable(_)) = (&left.ty, &right.ty) {
            return self.operands_open(left, right, span);
        }
        if let (ExprKind::Int(a), ExprKind::Int(b), Type::Int, Type::Int) =
            (&left.kind, &right.kind, &left.ty, &right.ty)
            && let Some(value) = folded(op, *a, *b)
        {
            return Expr::int(value, span);
        }
        // `2 ** -1` is a float: the sign of a constant exponent decides the type.
        if let (BinaryOp::Pow, ExprKind::Int(exponent), Type::Int) = (op, &right.kind, &right.ty)
            && self.rules().is_numba()
            && exponent.unsigned_abs() <= 0x10000
            && matches!(left.ty, Type::Float | Type::Scalar(Dtype::F32))
        {
            return self.unrolled_pow(left, *exponent, span);
        }
        // Squares are common, and far simpler than powers.
        if let (BinaryOp::Pow, Type::Float, ExprKind::Int(2), Type::Int) = (op, &left.ty, &right.kind, &right.ty)
            && self.rules() == Rules::Python
        {
            return self.library_call("float_square", vec![left], span);
        }
        if let (BinaryOp::Pow, Type::Int | Type::Bool, ExprKind::Int(exponent)) = (op, &left.ty, &right.kind)
            && *exponent < 0
            && right.ty == Type::Int
            && (!self.rules().is_numba() || matches!(left.kind, ExprKind::Int(_)))
        {
            let left = self.convert_value(left, &Type::Float);
            let right = self.convert_value(right, &Type::Float);
            return self.binary(op, left, right, span);
        }
        if let (Type::Unsigned, _) | (_, Type::Unsigned) = (&left.ty, &right.ty) {
            return self.unsigned_binary(op, left, right, span);
        }
        let (left, right) = self.weak_operands(op, left, right);
        if let Some(operation) = operator::binary(op, &left.ty, &right.ty, self.rules()) {
            return self.apply(&operation, vec![left, right], span);
        }
        let name = binary_name(op);
        if let (Type::List(_), BinaryOp::Mul, Type::Int | Type::Bool) = (&left.ty, op, &right.ty) {
            // The items stay those of the display on the left: `[0] * n` may become a list of floats.
            let ty = left.ty.clone();
            return Expr { ty, ..self.library_call("list_mul", vec![left, right], span) };
        }
        match (&left.ty, &right.ty, op) {
            (
                Type::Iterator(Lazy::Keys | Lazy::Items, _),
                other,
                BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Sub,
            )
            | (
                other,
                Type::Iterator(Lazy::Keys | Lazy::Items, _),
                BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Sub,
            ) if matches!(other, Type::Iterator(Lazy::Keys | Lazy::Items, _) | Type::Set(_)) => {
                let [left, right] = [left, right].map(|side| match side.ty {
                    Type::Set(_) => side,
                    _ => self.set_from(side, span),
                });
                self.binary(op, left, right, span)
            }
            (Type::Sequence(_), Type::Sequence(_) | Type::Tuple(_), BinaryOp::Add)
            | (Type::Tuple(_), Type::Sequence(_), BinaryOp::Add) => {
                let rules = self.rules();
                match self.unify.join(&left.ty, &right.ty, rules) {
                    Some(ty) => {
                        let operands = [left, right].map(|operand| self.convert_value(operand, &ty));
                        Expr { ty, ..self.library_call("sequence_add", operands.into(), span) }
                    }
                    None => self.no_operator(op, &left, &right, span),
                }
            }
            (Type::Tuple(a), Type::Tuple(b), BinaryOp::Add) => {
                let (n, m) = (a.len(), b.len());
                let mut out = Vec::new();
                let (left, right) = (self.keep(left, &mut out), self.keep(right, &mut out));
                let mut items: Vec<_> = (0..n).map(|at| self.member(&left, at)).collect();
                items.extend((0..m).map(|at| self.member(&right, at)));
                let sum = self.tuple(items, span);
                let ty = sum.ty.clone();
                Expr::new(ExprKind::Block(out, Box::new(sum)), ty, span)
            }
            (Type::Tuple(_), Type::Int, BinaryOp::Mul) => self.repeat_tuple(left, right, span),
            (Type::Array { .. }, _, _) | (_, Type::Array { .. }, _) => {
                let (left, right) = (self.array_like(left), self.array_like(right));
                let (left, right) = self.array_operands(left, right);
                if op == BinaryOp::MatMul {
                    return self.library_call("array_matmul", vec![left, right], span);
                }
                match fast_power(op, &left.ty, &right) {
                    Some(function) => self.elementwise(function, vec![left], span),
                    None => self.elementwise(&format!("scalar_{name}"), vec![left, right], span),
                }
            }
            (
                Type::Int | Type::Bool | Type::Scalar(_),
                Type::Str | Type::List(_) | Type::Sequence(_) | Type::Bytes | Type::Tuple(_),
                BinaryOp::Mul,
            ) => self.binary(op, right, left, span),
            _ => {
                // What the table of numbers does not have, no number has.
                let kind = super::method::library_name(&left.ty).filter(|_| operator::dtype_of(&left.ty).is_none());
                let library = kind.map(|ty| format!("{ty}_{name}"));
                match library {
                    Some(function)
                        if self.inferer.prelude.defines(&function) && self.operands_fit(op, &left.ty, &right.ty) =>
                    {
                        self.library_call(&function, vec![left, right], span)
                    }
                    _ => self.no_operator(op, &left, &right, span),
                }
            }
        }
    }

    /// `x ** n` of a constant `n`: Numba multiplies, so that the last bits may differ from `pow`'s.
    fn unrolled_pow(&mut self, base: Expr, exponent: i64, span: Span) -> Expr {
        let ty = base.ty.clone();
        let mut out = Vec::new();
        let mut left = exponent.unsigned_abs();
        let mut value = self.keep(base, &mut out);
        let mut result: Option<Expr> = None;
        while left != 0 {
            if left & 1 == 1 {
                let product = match result {
                    Some(result) => self.binary(BinaryOp::Mul, result, value.clone(), span),
                    None => value.clone(),
                };
                result = Some(self.keep(product, &mut out));
            }
            left >>= 1;
            if left != 0 {
                let square = self.binary(BinaryOp::Mul, value.clone(), value, span);
                value = self.keep(square, &mut out);
            }
        }
        let one = self.convert_value(Expr::int(1, span), &ty);
        let result = result.unwrap_or_else(|| one.clone());
        let result = if exponent < 0 { self.binary(BinaryOp::Div, one, result, span) } else { result };
        Expr::new(ExprKind::Block(out, Box::new(result)), ty, span)
    }

    /// A list or tuple beside an array is one too.
    pub(super) fn array_like(&mut self, value: Expr) -> Expr {
        match value.ty {
            Type::List(_) | Type::Tuple(_) => {
                let span = value.span;
                self.library_call("numpy_array", vec![value], span)
            }
            _ => value,
        }
    }

    /// Operands of an operation on arrays. Python numbers adapt to the elements; Numba's have types as the elements
    /// do, but for an int that meets floats.
    pub(super) fn array_operands(&mut self, left: Expr, right: Expr) -> (Expr, Expr) {
        if !self.rules().is_numba() {
            return (left, right);
        }
        let element = |ty: &Type| if let Type::Array { dtype, .. } = ty { Some(*dtype) } else { None };
        let (a, b) = (element(&left.ty), element(&right.ty));
        (self.numba_operand(left, b), self.numba_operand(right, a))
    }

    fn numba_operand(&mut self, value: Expr, other: Option<Dtype>) -> Expr {
        match (operator::dtype_of(&value.ty), other) {
            (Some(own), Some(other)) if !(own.is_integer() && (other.is_float() || other.is_complex())) => {
                self.convert_value(value, &Type::Scalar(own))
            }
            _ => value,
        }
    }

    /// Whether a library operator takes these operands: the same type, or a count for `*`.
    fn operands_fit(&mut self, op: BinaryOp, left: &Type, right: &Type) -> bool {
        match op {
            BinaryOp::Mul => matches!(right, Type::Int | Type::Bool | Type::Scalar(_)),
            BinaryOp::Mod => matches!(left, Type::Str),
            _ => {
                let rules = self.rules();
                self.unify.join(left, right, rules).is_some()
            }
        }
    }

    fn no_operator(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> Expr {
        let symbol = binary_symbol(op);
        let (a, b) = (self.unify.resolve(&left.ty), self.unify.resolve(&right.ty));
        let text = format!("`{symbol}` does not work on `{a}` and `{b}`");
        let mut error = Diagnostic::new(Code::UnsupportedOperand, span, text)
            .label(left.span, format!("this is `{a}`"))
            .label(right.span, format!("this is `{b}`"));
        let number = |ty: &Type| super::unify::number_rank(ty).is_some();
        error = match (&a, &b) {
            (Type::Str, other) if number(other) && op == BinaryOp::Add => self.number_to_text(error, left, right),
            (other, Type::Str) if number(other) && op == BinaryOp::Add && left.span != right.span => {
                self.number_to_text(error, right, left)
            }
            (Type::Str, Type::Str) if op == BinaryOp::Sub => {
                error.help("to take a part out of a text, write `s.replace(part, \"\")`")
            }
            (Type::List(_), other) if op == BinaryOp::Add && !matches!(other, Type::List(_)) => {
                error.help("`+` joins two lists; one item is added with `xs.append(item)`, or as `xs + [item]`")
            }
            (Type::List(_), other) | (other, Type::List(_)) if number(other) => {
                error.help("a list does not compute: write `[x * 2 for x in xs]`, or make it an array, `np.array(xs)`")
            }
            (Type::Tuple(_), other) if number(other) => {
                error.help("a comma makes a tuple: decimals are written with a point, thousands with `_`")
            }
            (Type::None, _) | (_, Type::None) => error.help("one side is `None`: does a function forget to `return`?"),
            (Type::Optional(_), _) | (_, Type::Optional(_)) => error.help("it may be `None`: test `is not None` first"),
            _ => error,
        };
        self.error(error)
    }

    /// An operation on an item whose type is not known in this walk: it has the type of the other operand, for the time
    /// being. A later walk knows.
    fn operands_open(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let ty = if let Type::Variable(_) = left.ty { right.ty.clone() } else { left.ty.clone() };
        let ty = if let Type::Variable(_) = ty { Type::Never } else { ty };
        Expr { ty, ..self.absorbed(left, right, span) }
    }

    /// A text and a number meet in `+`.
    fn number_to_text(&mut self, error: Diagnostic, text: &Expr, number: &Expr) -> Diagnostic {
        let words = "convert the number to text with `str(…)`, or the text to a number with `int(…)` or `float(…)`";
        let written = self.inferer.sources.text(number.span).to_owned();
        let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
        match &text.kind {
            // A text that is no number can only be meant as text.
            ExprKind::Str(known)
                if !is_number(known) && !written.contains('=') && error.span().start < error.span().end =>
            {
                let whole = self.inferer.sources.text(error.span());
                if whole.contains("+=") {
                    return error.help(words);
                }
                error.fix("convert the number to text", vec![(number.span, format!("str({written})"))])
            }
            _ => error.help(words),
        }
    }

    pub(super) fn absorbed(&mut self, left: Expr, right: Expr, span: Span) -> Expr {
        let ty = if left.ty == Type::Poison || right.ty == Type::Poison { Type::Poison } else { Type::Never };
        let mut out = Vec::new();
        for part in [left, right] {
            let part = self.made(part);
            if !part.is_simple() {
                out.push(Stmt { kind: StmtKind::Expr(part), span });
            }
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::new(ExprKind::Unit, ty.clone(), span))), ty, span)
    }

    fn repeat_tuple(&mut self, tuple: Expr, count: Expr, span: Span) -> Expr {
        let (Type::Tuple(items), ExprKind::Int(count)) = (tuple.ty.clone(), &count.kind) else {
            let text = "how often this tuple is repeated must be known: its members have different types";
            let error = Diagnostic::new(Code::UnsupportedOperand, span, text).help("use a list: `[…] * n`");
            let rules = self.rules();
            let Type::Tuple(members) = &tuple.ty else { return self.error(error) };
            let mut types = members.iter().cloned();
            let first = types.next().unwrap_or(Type::Int);
            let Some(item) = types.try_fold(first, |item, ty| self.unify.join(&item, &ty, rules)) else {
                return self.error(error);
            };
            let tuple = self.convert_value(tuple, &Type::Sequence(Arc::new(item)));
            return self.library_call("sequence_mul", vec![tuple, count], span);
        };
        let count = (*count).clamp(0, 1000) as usize;
        let mut out = Vec::new();
        let tuple = self.keep(tuple, &mut out);
        let members = (0..count).flat_map(|_| 0..items.len()).collect::<Vec<_>>();
        let members = members.into_iter().map(|at| self.member(&tuple, at)).collect();
        let all = self.tuple(members, span);
        let ty = all.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(all)), ty, span)
    }

    /// `left op= right`: lists and arrays change in place, everything else is made anew.
    pub(super) fn in_place(&mut self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
        let name = binary_name(op);
        match &left.ty {
            Type::List(_) if op == BinaryOp::Add => self.library_call("list_iadd", vec![left, right], span),
            Type::List(_) if op == BinaryOp::Mul => self.library_call("list_imul", vec![left, right], span),
            Type::Set(_) | Type::Dict(..) => {
                let ty = super::method::library_name(&left.ty).unwrap_or("set");
                let function = format!("{ty}_i{name}");
                if self.inferer.prelude.defines(&function) {
                    return self.library_call(&function, vec![left, right], span);
                }
                self.binary(op, left, right, span)
            }
            Type::Array { .. } => {
                let right = self.array_like(right);
                let (left, right) = self.weak_operands(op, left, right);
                let (left, right) = self.array_operands(left, right);
                if op == BinaryOp::MatMul {
                    return self.library_call("array_imatmul", vec![left, right], span);
                }
                self.update_elements(&format!("scalar_{name}"), left, right, span)
            }
            _ => self.binary(op, left, right, span),
        }
    }
}

/// NumPy's short ways to powers of arrays by a constant.
fn fast_power(op: BinaryOp, base: &Type, exponent: &Expr) -> Option<&'static str> {
    let Type::Array { dtype, .. } = base else { return None };
    // Twice the exponent: the halves are no ints.
    let doubled = match exponent.kind {
        ExprKind::Int(exponent @ -1..=2) => 2 * exponent,
        ExprKind::Float(exponent) if dtype.is_float() || dtype.is_complex() => {
            [-2, 1, 2, 4].into_iter().find(|doubled| (*doubled as f64).total_cmp(&(2.0 * exponent)).is_eq())?
        }
        _ => return None,
    };
    match doubled {
        _ if op != BinaryOp::Pow => None,
        // Of integers too.
        4 => Some("ufunc_square"),
        2 if dtype.is_float() => Some("same_number"),
        1 if dtype.is_float() => Some("ufunc_sqrt"),
        -2 if dtype.is_float() => Some("ufunc_reciprocal"),
        _ => None,
    }
}

/// Operators whose low bits depend on the low bits of the operands only.
fn wraps(op: BinaryOp) -> bool {
    match op {
        BinaryOp::Add
        | BinaryOp::Sub
        | BinaryOp::Mul
        | BinaryOp::BitXor
        | BinaryOp::BitOr
        | BinaryOp::BitAnd
        | BinaryOp::Shl => true,
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::Pow | BinaryOp::MatMul | BinaryOp::Shr => false,
    }
}

/// The value of an int expression of literals: `2**63 - 1` is an int of ours, though `2**63` is not.
pub(super) fn constant_int(expr: &ast::Expr) -> Option<i128> {
    match &expr.kind {
        ast::ExprKind::Int(value) => Some(i128::from(*value)),
        ast::ExprKind::Unary { op, operand } => {
            let value = constant_int(operand)?;
            match op {
                UnaryOp::Neg => value.checked_neg(),
                UnaryOp::Pos => Some(value),
                UnaryOp::Invert => Some(!value),
                UnaryOp::Not => None,
            }
        }
        ast::ExprKind::Binary { op, left, right } => {
            let (a, b) = (constant_int(left)?, constant_int(right)?);
            match op {
                BinaryOp::Add => a.checked_add(b),
                BinaryOp::Sub => a.checked_sub(b),
                BinaryOp::Mul => a.checked_mul(b),
                BinaryOp::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
                BinaryOp::Shl => (0..100).contains(&b).then(|| a.checked_mul(1 << b)).flatten(),
                BinaryOp::Shr => (0..127).contains(&b).then(|| a >> b),
                BinaryOp::BitAnd => Some(a & b),
                BinaryOp::BitOr => Some(a | b),
                BinaryOp::BitXor => Some(a ^ b),
                BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::MatMul => None,
            }
        }
        _ => None,
    }
}

/// Arithmetic on constants that stays in range, so that `2 ** 10` and `60 * 60` are constants.
fn folded(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        BinaryOp::Shl => (0..63).contains(&b).then(|| a.checked_mul(1 << b)).flatten(),
        BinaryOp::BitAnd => Some(a & b),
        BinaryOp::BitOr => Some(a | b),
        BinaryOp::BitXor => Some(a ^ b),
        BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::MatMul | BinaryOp::Shr => None,
    }
}

fn unary_symbol(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Neg => "-",
        UnaryOp::Pos => "+",
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not",
    }
}

/// The operator as it is written.
fn binary_symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::MatMul => "@",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::Shl => "<<",
        BinaryOp::Shr => ">>",
    }
}

/// The operator as prelude functions are named after it.
fn binary_name(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::Div => "truediv",
        BinaryOp::FloorDiv => "floordiv",
        BinaryOp::Mod => "mod",
        BinaryOp::Pow => "pow",
        BinaryOp::MatMul => "matmul",
        BinaryOp::BitAnd => "and",
        BinaryOp::BitOr => "or",
        BinaryOp::BitXor => "xor",
        BinaryOp::Shl => "shl",
        BinaryOp::Shr => "shr",
    }
}
