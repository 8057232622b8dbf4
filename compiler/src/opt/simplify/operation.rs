//! The rules for single operations. In: an operation with simple operands. Out: a simpler form, if there is one.
//!
//! In comments `c` and `d` are constants, `b` is a truth value (0 or 1), `x`, `y`, `z` are anything.

use super::{Definition, Rewriter, Simpler};
use crate::arena::Id;
use crate::opt::integer::{Compare, Op, Width, join, split};
use crate::ssa::{Binary, Const, InstKind, Unary, Value};

impl Rewriter<'_> {
    fn is_bool(&self, value: Id<Value>) -> bool {
        self.definitions.is_bool(value)
    }

    fn number(&self, value: Id<Value>) -> Option<i64> {
        self.definitions.number(value)
    }

    pub(super) fn simplify_unary(&mut self, op: Unary, x: Id<Value>) -> Option<Simpler> {
        let definition = self.definitions.get(x);
        match (op, definition) {
            (Unary::I32Eqz, Definition::Unary(Unary::I32Eqz, y)) => Some(if self.is_bool(y) {
                Simpler::Value(y)
            } else {
                let zero = self.constant(Const::I32(0));
                Simpler::Kind(InstKind::Binary(Binary::I32Ne, y, zero))
            }),
            // not (y < z) is y >= z; of floats only == and != have an inverse, for NaN's sake.
            (Unary::I32Eqz, Definition::Binary(op, y, z)) => {
                let inverse = match op {
                    Binary::F32Eq => Binary::F32Ne,
                    Binary::F32Ne => Binary::F32Eq,
                    Binary::F64Eq => Binary::F64Ne,
                    Binary::F64Ne => Binary::F64Eq,
                    Binary::I32Xor if self.number(z) == Some(1) && self.is_bool(y) => return Some(Simpler::Value(y)),
                    op => match split(op) {
                        Some((width, Op::Compare(compare))) => join(width, Op::Compare(compare.inverse())),
                        _ => return None,
                    },
                };
                Some(Simpler::Kind(InstKind::Binary(inverse, y, z)))
            }
            (Unary::I64Eqz, Definition::Unary(Unary::I64ExtendI32S | Unary::I64ExtendI32U, y)) => {
                Some(Simpler::Kind(InstKind::Unary(Unary::I32Eqz, y)))
            }
            (Unary::I32WrapI64, Definition::Unary(Unary::I64ExtendI32S | Unary::I64ExtendI32U, y)) => {
                Some(Simpler::Value(y))
            }
            (Unary::I32WrapI64, Definition::Binary(op, y, z)) => self.narrow(op, y, z),
            (Unary::I32Extend8S, Definition::Unary(Unary::I32Extend8S, _))
            | (Unary::I32Extend16S, Definition::Unary(Unary::I32Extend8S | Unary::I32Extend16S, _))
            | (Unary::F64Abs, Definition::Unary(Unary::F64Abs, _))
            | (Unary::F32Abs, Definition::Unary(Unary::F32Abs, _)) => Some(Simpler::Value(x)),
            (Unary::F64Neg, Definition::Unary(Unary::F64Neg, y))
            | (Unary::F32Neg, Definition::Unary(Unary::F32Neg, y))
            | (Unary::I32ReinterpretF32, Definition::Unary(Unary::F32ReinterpretI32, y))
            | (Unary::F32ReinterpretI32, Definition::Unary(Unary::I32ReinterpretF32, y))
            | (Unary::I64ReinterpretF64, Definition::Unary(Unary::F64ReinterpretI64, y))
            | (Unary::F64ReinterpretI64, Definition::Unary(Unary::I64ReinterpretF64, y)) => Some(Simpler::Value(y)),
            (Unary::F64Abs, Definition::Unary(Unary::F64Neg, y))
            | (Unary::F32Abs, Definition::Unary(Unary::F32Neg, y)) => Some(Simpler::Kind(InstKind::Unary(op, y))),
            (
                Unary::F64ConvertI64S | Unary::F64ConvertI64U,
                Definition::Unary(extend @ (Unary::I64ExtendI32S | Unary::I64ExtendI32U), y),
            ) => match (op, extend) {
                (Unary::F64ConvertI64S, Unary::I64ExtendI32S) => {
                    Some(Simpler::Kind(InstKind::Unary(Unary::F64ConvertI32S, y)))
                }
                (_, Unary::I64ExtendI32U) => Some(Simpler::Kind(InstKind::Unary(Unary::F64ConvertI32U, y))),
                _ => None,
            },
            _ => None,
        }
    }

    /// The low 32 bits of an operation on 64 bits, where that needs no more than the low 32 bits of operands that
    /// are at hand.
    fn narrow(&mut self, op: Binary, y: Id<Value>, z: Id<Value>) -> Option<Simpler> {
        let Some((Width::W64, op @ (Op::Add | Op::Sub | Op::Mul | Op::And | Op::Or | Op::Xor | Op::Shl))) = split(op)
        else {
            return None;
        };
        // A count of 32 and more means something else in 32 bits.
        if op == Op::Shl && !self.number(z).is_some_and(|count| (0..32).contains(&count)) {
            return None;
        }
        if self.extended(y).is_none() && self.extended(z).is_none() {
            return None;
        }
        let y = self.low_half(y)?;
        let z = self.low_half(z)?;
        Some(Simpler::Kind(InstKind::Binary(join(Width::W32, op), y, z)))
    }

    /// The 32-bit value that was extended to `x`.
    fn extended(&self, x: Id<Value>) -> Option<(Unary, Id<Value>)> {
        match self.definitions.get(x) {
            Definition::Unary(op @ (Unary::I64ExtendI32S | Unary::I64ExtendI32U), y) => Some((op, y)),
            Definition::Opaque
            | Definition::Const(_)
            | Definition::Unary(..)
            | Definition::Binary(..)
            | Definition::Select(..) => None,
        }
    }

    /// The low 32 bits of `x`, if they are at hand.
    fn low_half(&mut self, x: Id<Value>) -> Option<Id<Value>> {
        if let Some((_, y)) = self.extended(x) {
            return Some(y);
        }
        let number = self.number(x)?;
        Some(self.constant(Const::I32(number as i32)))
    }

    pub(super) fn simplify_binary(&mut self, op: Binary, x: Id<Value>, y: Id<Value>) -> Option<Simpler> {
        match op {
            Binary::I64AddOverflows | Binary::I64SubOverflows | Binary::I64MulOverflows => self.overflows(op, x, y),
            Binary::F64Sub => {
                // x - 0.0 is x, for -0.0 too. (x + 0.0 is not: -0.0 + 0.0 is 0.0.)
                (self.definitions.constant(y) == Some(Const::F64(0))).then_some(Simpler::Value(x))
            }
            Binary::F64Add => {
                let nothing = Some(Const::f64(-0.0));
                match (self.definitions.constant(x) == nothing, self.definitions.constant(y) == nothing) {
                    (_, true) => Some(Simpler::Value(x)),
                    (true, false) => Some(Simpler::Value(y)),
                    (false, false) => None,
                }
            }
            Binary::F64Div => self.by_reciprocal(x, y),
            op => {
                let (width, op) = split(op)?;
                self.integer(width, op, x, y)
            }
        }
    }

    /// x / c is x * (1 / c) where c is a power of two and 1 / c is exact.
    fn by_reciprocal(&mut self, x: Id<Value>, y: Id<Value>) -> Option<Simpler> {
        let Some(Const::F64(bits)) = self.definitions.constant(y) else { return None };
        let divisor = f64::from_bits(bits);
        let reciprocal = 1.0 / divisor;
        if bits << 12 != 0 || !divisor.is_normal() || !reciprocal.is_normal() {
            return None;
        }
        let reciprocal = self.constant(Const::f64(reciprocal));
        Some(Simpler::Kind(InstKind::Binary(Binary::F64Mul, x, reciprocal)))
    }

    /// With one constant operand, overflow is one comparison.
    fn overflows(&mut self, op: Binary, x: Id<Value>, y: Id<Value>) -> Option<Simpler> {
        if self.number(y).is_none() && self.number(x).is_some() && op != Binary::I64SubOverflows {
            return Some(Simpler::Kind(InstKind::Binary(op, y, x)));
        }
        let c = self.number(y)?;
        let (compare, bound) = match op {
            Binary::I64AddOverflows if c > 0 => (Compare::GtS, i64::MAX - c),
            Binary::I64AddOverflows if c < 0 => (Compare::LtS, i64::MIN - c),
            Binary::I64SubOverflows if c > 0 => (Compare::LtS, i64::MIN + c),
            // x - MIN leaves 64 bits for every x >= 0: the bound is -1.
            Binary::I64SubOverflows if c < 0 => (Compare::GtS, i64::MAX.wrapping_add(c)),
            Binary::I64MulOverflows if c == -1 => (Compare::Eq, i64::MIN),
            Binary::I64MulOverflows if c != 0 && c != 1 => return None,
            _ => return Some(Simpler::Kind(InstKind::Const(Const::I32(0)))),
        };
        let bound = self.constant(Const::I64(bound));
        Some(Simpler::Kind(InstKind::Binary(join(Width::W64, Op::Compare(compare)), x, bound)))
    }

    fn integer(&mut self, width: Width, op: Op, x: Id<Value>, y: Id<Value>) -> Option<Simpler> {
        let constant = |value: i64| Some(Simpler::Kind(InstKind::Const(width.constant(value))));
        let truth = |value: bool| Some(Simpler::Kind(InstKind::Const(Const::I32(i32::from(value)))));
        if self.number(x).is_some() && self.number(y).is_none() {
            match op {
                Op::Compare(compare) => {
                    let op = join(width, Op::Compare(compare.swapped()));
                    return Some(Simpler::Kind(InstKind::Binary(op, y, x)));
                }
                op if op.commutes() => return Some(Simpler::Kind(InstKind::Binary(join(width, op), y, x))),
                _ => {}
            }
        }
        if x == y {
            match op {
                Op::Sub | Op::Xor => return constant(0),
                Op::And | Op::Or => return Some(Simpler::Value(x)),
                Op::Compare(compare) => return truth(compare.holds_for_equal()),
                Op::Add
                | Op::Mul
                | Op::DivS
                | Op::DivU
                | Op::RemS
                | Op::RemU
                | Op::Shl
                | Op::ShrS
                | Op::ShrU
                | Op::Rotl => {}
            }
        }
        let Some(c) = self.number(y) else {
            if op == Op::And
                && let Some(stronger) = self.stronger(x, y).or_else(|| self.stronger(y, x))
            {
                return Some(Simpler::Value(stronger));
            }
            if op == Op::Sub
                && let Some(rest) = self.rest_of_division(width, x, y)
            {
                return Some(rest);
            }
            return match (op, self.number(x)) {
                // 0 << y, 0 >> y and so on are 0.
                (Op::Shl | Op::ShrS | Op::ShrU | Op::Rotl, Some(0)) => Some(Simpler::Value(x)),
                (Op::Compare(compare), _) => self.narrow_comparison(width, compare, x, y),
                _ => None,
            };
        };
        let inner = self.definitions.get(x);
        let count = c & i64::from(width.bits() - 1);
        match op {
            Op::Add | Op::Sub | Op::Or | Op::Xor if c == 0 => Some(Simpler::Value(x)),
            Op::Shl | Op::ShrS | Op::ShrU | Op::Rotl if count == 0 => Some(Simpler::Value(x)),
            Op::Mul | Op::And if c == 0 => constant(0),
            Op::And if c == -1 => Some(Simpler::Value(x)),
            Op::And if c & 1 == 1 && self.is_bool(x) => Some(Simpler::Value(x)),
            Op::Or if c == -1 => constant(-1),
            Op::Mul | Op::DivS | Op::DivU if c == 1 => Some(Simpler::Value(x)),
            Op::RemS | Op::RemU if c == 1 => constant(0),
            // MIN % -1 is 0 in Wasm; the division traps, so it stays.
            Op::RemS if c == -1 => constant(0),
            // x - c is x + -c: one form for all that follows.
            Op::Sub => Some(self.with_constant(width, Op::Add, x, c.wrapping_neg())),
            Op::Xor if c == 1 && width == Width::W32 && self.is_bool(x) => {
                Some(Simpler::Kind(InstKind::Unary(Unary::I32Eqz, x)))
            }
            // (z + c) + d is z + (c + d), and so for the others.
            Op::Add | Op::And | Op::Or | Op::Xor | Op::Mul => {
                if let Definition::Binary(first, z, d) = inner
                    && first == join(width, op)
                    && let Some(d) = self.number(d)
                {
                    let both = match op {
                        Op::Add => c.wrapping_add(d),
                        Op::And => c & d,
                        Op::Or => c | d,
                        Op::Xor => c ^ d,
                        _ => c.wrapping_mul(d),
                    };
                    return Some(self.with_constant(width, op, z, both));
                }
                let unsigned = if width == Width::W32 { i64::from(c as i32 as u32) } else { c };
                if op == Op::Mul && (unsigned as u64).is_power_of_two() {
                    return Some(self.with_constant(width, Op::Shl, x, i64::from(unsigned.trailing_zeros())));
                }
                None
            }
            Op::Shl | Op::ShrS | Op::ShrU => {
                if let Definition::Binary(first, z, d) = inner
                    && first == join(width, op)
                    && let Some(d) = self.number(d)
                {
                    let both = count + (d & i64::from(width.bits() - 1));
                    if both < i64::from(width.bits()) {
                        return Some(self.with_constant(width, op, z, both));
                    }
                }
                None
            }
            Op::DivU | Op::RemU => {
                let divisor = if width == Width::W32 { u64::from(c as i32 as u32) } else { c as u64 };
                if !divisor.is_power_of_two() {
                    None
                } else if op == Op::DivU {
                    Some(self.with_constant(width, Op::ShrU, x, i64::from(divisor.trailing_zeros())))
                } else {
                    Some(self.with_constant(width, Op::And, x, c.wrapping_sub(1)))
                }
            }
            Op::DivS | Op::RemS | Op::Rotl => None,
            Op::Compare(compare) => self.compare_constant(width, compare, x, y, c),
        }
    }

    /// `x op c`
    fn with_constant(&mut self, width: Width, op: Op, x: Id<Value>, c: i64) -> Simpler {
        let c = self.constant(width.constant(c));
        Simpler::Kind(InstKind::Binary(join(width, op), x, c))
    }

    /// Of `z != 0` and `z < 0` the second says it all.
    fn stronger(&self, x: Id<Value>, y: Id<Value>) -> Option<Id<Value>> {
        let Definition::Binary(Binary::I64Ne, z, zero) = self.definitions.get(x) else { return None };
        let Definition::Binary(Binary::I64LtS, same, other) = self.definitions.get(y) else { return None };
        (z == same && self.number(zero) == Some(0) && self.number(other) == Some(0)).then_some(y)
    }

    /// x - (x / c) * c is x % c; of powers of two only, where no division is left at the end.
    fn rest_of_division(&mut self, width: Width, x: Id<Value>, y: Id<Value>) -> Option<Simpler> {
        let Definition::Binary(op, quotient, factor) = self.definitions.get(y) else { return None };
        let divisor = match split(op) {
            Some((_, Op::Shl)) => 1_i64.checked_shl(self.number(factor)? as u32)?,
            Some((_, Op::Mul)) => self.number(factor)?,
            _ => return None,
        };
        let (dividend, by) = self.signed_power(width, Op::DivS, quotient)?;
        (dividend == x && by == divisor).then(|| self.with_constant(width, Op::RemS, x, divisor))
    }

    /// The operand and the divisor of a signed division by 2^k (or its rest).
    fn signed_power(&self, width: Width, op: Op, value: Id<Value>) -> Option<(Id<Value>, i64)> {
        let Definition::Binary(found, x, c) = self.definitions.get(value) else { return None };
        let c = self.number(c)?;
        (found == join(width, op) && c > 1 && (c as u64).is_power_of_two()).then_some((x, c))
    }

    /// Python's floor division and modulo by 2^k, made of those that truncate: one more or less where the rest `r`
    /// is negative. -7 % 4 == 1 is -7 & 3, and -7 // 4 == -2 is -7 >> 2.
    fn floor(&mut self, condition: Id<Value>, then: Id<Value>, otherwise: Id<Value>) -> Option<Simpler> {
        let width = Width::W64;
        let Definition::Binary(Binary::I64LtS, rest, zero) = self.definitions.get(condition) else { return None };
        let Definition::Binary(Binary::I64Add, base, more) = self.definitions.get(then) else { return None };
        let (x, c) = self.signed_power(width, Op::RemS, rest)?;
        let more = self.number(more)?;
        if self.number(zero) != Some(0) || base != otherwise {
            return None;
        }
        if base == rest && more == c {
            return Some(self.with_constant(width, Op::And, x, c - 1));
        }
        if more == -1 && self.signed_power(width, Op::DivS, base) == Some((x, c)) {
            return Some(self.with_constant(width, Op::ShrS, x, i64::from(c.trailing_zeros())));
        }
        None
    }

    /// A comparison of values extended from 32 bits needs only those.
    fn narrow_comparison(&mut self, width: Width, compare: Compare, x: Id<Value>, y: Id<Value>) -> Option<Simpler> {
        if width == Width::W32 {
            return None;
        }
        let ((how, x), (other, y)) = (self.extended(x)?, self.extended(y)?);
        if how != other {
            return None;
        }
        // Zero-extended values are in order as unsigned ones; sign extension keeps both orders.
        let compare = if how == Unary::I64ExtendI32U { compare.unsigned() } else { compare };
        Some(Simpler::Kind(InstKind::Binary(join(Width::W32, Op::Compare(compare)), x, y)))
    }

    fn compare_constant(
        &mut self,
        width: Width,
        compare: Compare,
        x: Id<Value>,
        y: Id<Value>,
        c: i64,
    ) -> Option<Simpler> {
        let truth = |value: bool| Some(Simpler::Kind(InstKind::Const(Const::I32(i32::from(value)))));
        let with = |compare: Compare| join(width, Op::Compare(compare));
        let eqz = match width {
            Width::W32 => Unary::I32Eqz,
            Width::W64 => Unary::I64Eqz,
        };
        match (compare, c) {
            (Compare::LtU, 0) => return truth(false),
            (Compare::GeU, 0) => return truth(true),
            (Compare::Eq | Compare::LeU, 0) | (Compare::LtU, 1) => {
                return Some(Simpler::Kind(InstKind::Unary(eqz, x)));
            }
            (Compare::GtU, 0) => return Some(Simpler::Kind(InstKind::Binary(with(Compare::Ne), x, y))),
            (Compare::Ne, 0) | (Compare::Eq, 1) if width == Width::W32 && self.is_bool(x) => {
                return Some(Simpler::Value(x));
            }
            (Compare::Ne, 1) if width == Width::W32 && self.is_bool(x) => {
                return Some(Simpler::Kind(InstKind::Unary(eqz, x)));
            }
            (Compare::LtS, _) if c == width.min() => return truth(false),
            (Compare::GeS, _) if c == width.min() => return truth(true),
            (Compare::GtS, _) if c == width.max() => return truth(false),
            (Compare::LeS, _) if c == width.max() => return truth(true),
            _ => {}
        }
        if let (Compare::Eq | Compare::Ne, Definition::Binary(op, z, d)) = (compare, self.definitions.get(x))
            && op == join(width, Op::Add)
            && let Some(d) = self.number(d)
        {
            // z + d == c where z == c - d, also when it wraps.
            let c = self.constant(width.constant(c.wrapping_sub(d)));
            return Some(Simpler::Kind(InstKind::Binary(with(compare), z, c)));
        }
        // The sign of z ^ d is that of z, or the other one.
        if let (Compare::LtS | Compare::GeS, 0, Definition::Binary(op, z, d)) = (compare, c, self.definitions.get(x))
            && op == join(width, Op::Xor)
            && let Some(d) = self.number(d)
        {
            let compare = if d < 0 { compare.inverse() } else { compare };
            return Some(Simpler::Kind(InstKind::Binary(with(compare), z, y)));
        }
        if let (Width::W64, Some((how, narrow))) = (width, self.extended(x)) {
            let fits = match how {
                Unary::I64ExtendI32U => u32::try_from(c).is_ok(),
                _ => i32::try_from(c).is_ok(),
            };
            if fits {
                // As in `narrow_comparison`.
                let compare = if how == Unary::I64ExtendI32U { compare.unsigned() } else { compare };
                let c = self.constant(Const::I32(c as i32));
                return Some(Simpler::Kind(InstKind::Binary(join(Width::W32, Op::Compare(compare)), narrow, c)));
            }
        }
        None
    }

    pub(super) fn simplify_select(
        &mut self,
        condition: Id<Value>,
        then: Id<Value>,
        otherwise: Id<Value>,
    ) -> Option<Simpler> {
        if then == otherwise {
            return Some(Simpler::Value(then));
        }
        if let Some(condition) = self.number(condition) {
            return Some(Simpler::Value(if condition == 0 { otherwise } else { then }));
        }
        if let (Some(Const::I32(then)), Some(Const::I32(otherwise))) =
            (self.definitions.constant(then), self.definitions.constant(otherwise))
        {
            if then == otherwise {
                return Some(Simpler::Kind(InstKind::Const(Const::I32(then))));
            }
            if (then, otherwise) == (0, 1) {
                return Some(Simpler::Kind(InstKind::Unary(Unary::I32Eqz, condition)));
            }
            if (then, otherwise) == (1, 0) && self.is_bool(condition) {
                return Some(Simpler::Value(condition));
            }
        }
        if let Some(condition) = self.simplify_condition(condition) {
            return Some(Simpler::Kind(InstKind::Select { condition, then, otherwise }));
        }
        if let Definition::Unary(Unary::I32Eqz, condition) = self.definitions.get(condition) {
            return Some(Simpler::Kind(InstKind::Select { condition, then: otherwise, otherwise: then }));
        }
        if let Some(floor) = self.floor(condition, then, otherwise) {
            return Some(floor);
        }
        let inner = |value, condition| match self.definitions.get(value) {
            Definition::Select(same, then, otherwise) if same == condition => Some((then, otherwise)),
            Definition::Opaque
            | Definition::Const(_)
            | Definition::Unary(..)
            | Definition::Binary(..)
            | Definition::Select(..) => None,
        };
        if let Some((then, _)) = inner(then, condition) {
            return Some(Simpler::Kind(InstKind::Select { condition, then, otherwise }));
        }
        if let Some((_, otherwise)) = inner(otherwise, condition) {
            return Some(Simpler::Kind(InstKind::Select { condition, then, otherwise }));
        }
        None
    }

    /// A value that is 0 exactly where `condition` is.
    pub(super) fn simplify_condition(&mut self, condition: Id<Value>) -> Option<Id<Value>> {
        match self.definitions.get(condition) {
            Definition::Unary(Unary::I32Eqz, x) => match self.definitions.get(x) {
                Definition::Unary(Unary::I32Eqz, y) => Some(y),
                _ => None,
            },
            Definition::Binary(Binary::I32Ne, x, zero) if self.number(zero) == Some(0) => Some(x),
            Definition::Unary(Unary::I32WrapI64, x) => self.extended(x).map(|(_, y)| y),
            Definition::Opaque
            | Definition::Const(_)
            | Definition::Unary(..)
            | Definition::Binary(..)
            | Definition::Select(..) => None,
        }
    }
}
