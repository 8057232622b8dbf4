//! The values of a turn in lanes. In: a value of the loop. Out: the vector that holds it on all turns, or none where
//! an instruction has no counterpart on vectors.
//!
//! Integers are as narrow as their use allows: all of a loop have lanes of one width, in which each is either right
//! in its low bits (which is enough for sums and for narrow stores) or right altogether (which comparisons need).

use super::Writer;
use crate::arena::Id;
use crate::opt::integer::{Op, Width, join, split};
use crate::opt::range::interval::Interval;
use crate::opt::simplify::Definition;
use crate::ssa::{Binary, Const, InstKind, Shape, Type, Unary, Value};

impl Writer<'_> {
    pub(super) fn ty(&self, value: Id<Value>) -> Type {
        self.function.values[value].ty
    }

    /// Bits of the lanes that hold a value.
    pub(super) fn bits_of(&self, value: Id<Value>) -> u32 {
        match self.ty(value) {
            Type::F32 => 32,
            Type::F64 => 64,
            Type::I32 | Type::I64 | Type::V128 => self.integers,
        }
    }

    pub(super) fn range(&self, value: Id<Value>) -> Interval {
        if let Some(number) = self.linears.definitions.number(value) {
            return Interval::only(number);
        }
        self.ranges.get(value).copied().unwrap_or(Interval::of(self.ty(value)))
    }

    /// Whether lanes of these bits hold the integer itself if they are read with a sign.
    pub(super) fn fits_signed(&self, value: Id<Value>, bits: u32) -> bool {
        bits >= width(self.ty(value)).bits() || {
            let Interval { low, high } = self.range(value);
            low >= -(1 << (bits - 1)) && high < 1 << (bits - 1)
        }
    }

    /// Whether lanes of these bits hold the integer itself if they are read without a sign.
    pub(super) fn fits_unsigned(&self, value: Id<Value>, bits: u32) -> bool {
        let Interval { low, high } = self.range(value);
        low >= 0 && (bits >= 63 || high < 1 << bits)
    }

    /// The lanes of a value that is no condition.
    pub(in crate::opt::vectorise) fn vector(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        let bits = self.bits_of(value);
        if let Some(&known) = self.known.lanes[self.copy].vectors.get(&(value, bits)) {
            return Some(known);
        }
        let vector = if self.is_uniform(value) {
            return self.splat(value, bits);
        } else if value == self.linears.given.counter.param {
            self.counters()?
        } else if self.is_condition(value) {
            let mask = self.mask(value, bits)?;
            let one = self.all(bits, 1);
            self.binary(Binary::V128And, mask, one)
        } else {
            match self.definition(value) {
                Definition::Unary(op, operand) => self.of_unary(op, operand)?,
                Definition::Binary(op, left, right) => match split(op) {
                    Some((_, op)) => self.of_integers(value, op, left, right)?,
                    None => self.of_floats(op, left, right)?,
                },
                Definition::Select(condition, then, otherwise) => self.of_select(condition, then, otherwise)?,
                Definition::Const(_) | Definition::Opaque => return None,
            }
        };
        self.known.lanes[self.copy].vectors.insert((value, bits), vector);
        Some(vector)
    }

    /// A constant of integers, or of the bits of floats, in every lane.
    pub(super) fn all(&mut self, bits: u32, value: u64) -> Id<Value> {
        let lane = u128::from(value) & ((1 << bits) - 1);
        let all = (0..128 / bits).fold(0, |all, at| all | lane << (at * bits));
        self.constant(Const::V128(all))
    }

    /// A value from before the loop, in every lane.
    pub(in crate::opt::vectorise) fn splat(&mut self, value: Id<Value>, bits: u32) -> Option<Id<Value>> {
        if let Definition::Const(constant) = self.definition(value) {
            let value = match constant {
                Const::I32(value) => i64::from(value) as u64,
                Const::I64(value) => value as u64,
                Const::F32(bits) => u64::from(bits),
                Const::F64(bits) => bits,
                Const::V128(_) => return None,
            };
            return Some(self.all(bits, value));
        }
        if !self.linears.is_outside(value) {
            if let Some(&known) = self.known.splats.get(&(value, bits)) {
                return Some(known);
            }
            let scalar = self.scalar(value);
            let splat = self.splat_here(scalar, bits);
            self.known.splats.insert((value, bits), splat);
            return Some(splat);
        }
        if let Some(&known) = self.splats.get(&(value, bits)) {
            return Some(known);
        }
        let (scalar, shape) = match (self.ty(value), bits) {
            (Type::F32, _) => (value, Shape::F32x4),
            (Type::F64, _) => (value, Shape::F64x2),
            (Type::I32, 64) => {
                (self.push_before(InstKind::Unary(Unary::I64ExtendI32S, value), Type::I64), Shape::I64x2)
            }
            (Type::I64, 8 | 16 | 32) => {
                let low = self.push_before(InstKind::Unary(Unary::I32WrapI64, value), Type::I32);
                (low, Shape::integers(bits))
            }
            (Type::I32 | Type::I64, _) => (value, Shape::integers(bits)),
            (Type::V128, _) => return None,
        };
        let splat = self.push_before(InstKind::Unary(shape.splat(), scalar), Type::V128);
        self.splats.insert((value, bits), splat);
        Some(splat)
    }

    /// The counter on each of the turns.
    pub(super) fn counters(&mut self) -> Option<Id<Value>> {
        let bits = self.integers;
        let first = if bits == 64 { self.counter } else { self.unary(Unary::I32WrapI64, self.counter) };
        let first = self.unary(Shape::integers(bits).splat(), first);
        let turn = self.turn();
        let turns = (0..self.lanes).fold(0, |all, at| all | u128::from(at + turn) << (at * bits));
        if u64::from(self.turn() + self.lanes) > (1 << (bits - 1)) {
            return None;
        }
        let turns = self.constant(Const::V128(turns));
        self.of_op(Op::Add, first, turns)
    }

    /// An operation on lanes of integers.
    pub(super) fn of_op(&mut self, op: Op, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
        let width = if self.integers == 64 { Width::W64 } else { Width::W32 };
        let op = join(width, op).in_lanes(Shape::integers(self.integers))?;
        Some(self.binary(op, left, right))
    }

    pub(super) fn of_integers(
        &mut self,
        value: Id<Value>,
        op: Op,
        left: Id<Value>,
        right: Id<Value>,
    ) -> Option<Id<Value>> {
        let own = width(self.ty(value)).bits();
        let ranges = (self.range(left), self.range(right));
        match op {
            Op::Add | Op::Sub | Op::Mul => {
                // Wider lanes do not wrap around where the program does.
                if self.integers > own {
                    Interval::arithmetic(Width::W32, op, ranges.0, ranges.1)?;
                }
                let (left, right) = (self.vector(left)?, self.vector(right)?);
                self.of_op(op, left, right)
            }
            Op::And | Op::Or | Op::Xor => {
                let (left, right) = (self.vector(left)?, self.vector(right)?);
                let op = match op {
                    Op::And => Binary::V128And,
                    Op::Or => Binary::V128Or,
                    _ => Binary::V128Xor,
                };
                Some(self.binary(op, left, right))
            }
            Op::Shl | Op::ShrS | Op::ShrU => {
                let count = self.linears.definitions.number(right)?;
                let count = u32::try_from(count).ok().filter(|count| *count < self.integers.min(own))?;
                let fits = match op {
                    Op::Shl => self.integers <= own || ranges.0.high < 1 << (31 - count) && ranges.0.is_natural(),
                    Op::ShrS => self.fits_signed(left, self.integers),
                    _ => self.integers == own || self.fits_unsigned(left, self.integers),
                };
                // Without a sign, what is natural is shifted as it is; read with a sign it would have to fit.
                let op = if op == Op::ShrS && ranges.0.is_natural() { Op::ShrU } else { op };
                let fits = fits || (op == Op::ShrU && self.fits_unsigned(left, self.integers));
                if !fits {
                    return None;
                }
                let left = self.vector(left)?;
                let count = self.constant(Const::I32(count as i32));
                self.of_op(op, left, count)
            }
            Op::DivS | Op::DivU | Op::RemS | Op::RemU | Op::Rotl | Op::Compare(_) => None,
        }
    }

    pub(super) fn of_floats(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
        let (shape, sign) = match op.operand() {
            Type::F32 => (Shape::F32x4, 1 << 31),
            Type::F64 => (Shape::F64x2, 1 << 63),
            Type::I32 | Type::I64 | Type::V128 => return None,
        };
        if matches!(op, Binary::F32Copysign | Binary::F64Copysign) {
            let (magnitude, signed) = (self.vector(left)?, self.vector(right)?);
            let mask = self.all(shape.bits(), sign);
            let kind = InstKind::Bitselect { mask, then: signed, otherwise: magnitude };
            return Some(self.push(kind, Type::V128));
        }
        let op = op.in_lanes(shape)?;
        let (left, right) = (self.vector(left)?, self.vector(right)?);
        Some(self.binary(op, left, right))
    }

    pub(super) fn of_unary(&mut self, op: Unary, operand: Id<Value>) -> Option<Id<Value>> {
        let range = self.range(operand);
        if let Some(op) = [Shape::F32x4, Shape::F64x2].into_iter().find_map(|shape| op.in_lanes(shape)) {
            let operand = self.vector(operand)?;
            return Some(self.unary(op, operand));
        }
        match op {
            // Low bits stay, and wider lanes hold the same integer.
            Unary::I64ExtendI32S => self.vector(operand),
            Unary::I64ExtendI32U if self.integers <= 32 || range.is_natural() => self.vector(operand),
            Unary::I64ExtendI32U => {
                let (operand, low) = (self.vector(operand)?, self.all(64, u64::from(u32::MAX)));
                Some(self.binary(Binary::V128And, operand, low))
            }
            Unary::I32WrapI64 if self.integers <= 32 || Interval::full(Width::W32).contains(range) => {
                self.vector(operand)
            }
            Unary::I32Extend8S | Unary::I32Extend16S => {
                let from = if op == Unary::I32Extend8S { 8 } else { 16 };
                let operand = self.vector(operand)?;
                if self.integers <= from {
                    return Some(operand);
                }
                let count = self.constant(Const::I32((self.integers - from) as i32));
                let high = self.of_op(Op::Shl, operand, count)?;
                self.of_op(Op::ShrS, high, count)
            }
            Unary::F64PromoteF32 => {
                let operand = self.vector(operand)?;
                Some(self.unary(Unary::F64x2PromoteLowF32x4, operand))
            }
            Unary::F32DemoteF64 => {
                let operand = self.vector(operand)?;
                Some(self.unary(Unary::F32x4DemoteF64x2Zero, operand))
            }
            Unary::F64ConvertI32S | Unary::F64ConvertI64S => self.to_double(operand),
            Unary::F64ConvertI32U | Unary::F64ConvertI64U if range.is_natural() => self.to_double(operand),
            Unary::F32ConvertI32S | Unary::F32ConvertI64S => self.to_single(operand),
            Unary::F32ConvertI32U | Unary::F32ConvertI64U if range.is_natural() => self.to_single(operand),
            Unary::F64ReinterpretI64 | Unary::I64ReinterpretF64 if self.integers == 64 => self.vector(operand),
            Unary::F32ReinterpretI32 | Unary::I32ReinterpretF32 if self.integers == 32 => self.vector(operand),
            _ => None,
        }
    }

    /// The integers of a vector in lanes of 32 bits, the first ones where they are fewer.
    pub(super) fn to_words(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        if !(self.integers <= 32 && self.fits_either(value) || Interval::full(Width::W32).contains(self.range(value))) {
            return None;
        }
        let vector = self.vector(value)?;
        self.resized(vector, self.integers, 32, value)
    }

    pub(super) fn fits_either(&self, value: Id<Value>) -> bool {
        self.fits_signed(value, self.integers) || self.fits_unsigned(value, self.integers)
    }

    pub(super) fn to_double(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        // 2^52 + 2^51, whose last digit is 1: to add an integer below 2^51 to its bits is to add it.
        const MAGIC: u64 = 0x4338_0000_0000_0000;
        let Interval { low, high } = self.range(value);
        if let Some(words) = self.to_words(value) {
            // Of 32 bits without a sign, only those that have one in no lane are read as they are.
            let unsigned = !Interval::full(Width::W32).contains(self.range(value));
            let op = if unsigned { Unary::F64x2ConvertLowI32x4U } else { Unary::F64x2ConvertLowI32x4S };
            return Some(self.unary(op, words));
        }
        if self.integers < 64 || self.ty(value) != Type::I64 {
            return None;
        }
        let vector = self.vector(value)?;
        if low >= -(1 << 51) && high < 1 << 51 {
            let magic = self.all(64, MAGIC);
            let sum = self.binary(Binary::I64x2Add, vector, magic);
            return Some(self.binary(Binary::F64x2Sub, sum, magic));
        }
        // The high half h as 2^84 + 2^63 + h * 2^32, the low half as 2^52 + l: what is taken from the first is exact, and
        // the sum is rounded once.
        let (low_half, low_bits) = (self.all(64, u64::from(u32::MAX)), self.all(64, 0x4330_0000_0000_0000));
        let (high_bits, both) = (self.all(64, 0x4530_0000_8000_0000), self.all(64, 0x4530_0000_8010_0000));
        let half = self.constant(Const::I32(32));
        let high = self.binary(Binary::I64x2ShrU, vector, half);
        let high = self.binary(Binary::V128Xor, high, high_bits);
        let high = self.binary(Binary::F64x2Sub, high, both);
        let low = self.binary(Binary::V128And, vector, low_half);
        let low = self.binary(Binary::V128Or, low, low_bits);
        Some(self.binary(Binary::F64x2Add, high, low))
    }

    pub(super) fn to_single(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        let words = self.to_words(value)?;
        let unsigned = !Interval::full(Width::W32).contains(self.range(value));
        Some(self.unary(if unsigned { Unary::F32x4ConvertI32x4U } else { Unary::F32x4ConvertI32x4S }, words))
    }

    pub(super) fn of_select(
        &mut self,
        condition: Id<Value>,
        then: Id<Value>,
        otherwise: Id<Value>,
    ) -> Option<Id<Value>> {
        let bits = self.bits_of(then);
        if let Definition::Binary(op, left, right) = self.definition(condition)
            && let Some(op) = picks(op, (left, right), (then, otherwise))
        {
            let (kept, other) = (self.vector(otherwise)?, self.vector(then)?);
            return Some(self.binary(op, kept, other));
        }
        // What is 0 in every bit is left out by `and`.
        let is_zero = |this: &Self, value| {
            matches!(
                this.definition(value),
                Definition::Const(Const::I32(0) | Const::I64(0) | Const::F32(0) | Const::F64(0))
            )
        };
        if is_zero(self, otherwise) {
            let (then, mask) = (self.vector(then)?, self.mask(condition, bits)?);
            return Some(self.binary(Binary::V128And, then, mask));
        }
        if is_zero(self, then) {
            let (otherwise, mask) = (self.vector(otherwise)?, self.mask(condition, bits)?);
            return Some(self.binary(Binary::V128AndNot, otherwise, mask));
        }
        let (then, otherwise) = (self.vector(then)?, self.vector(otherwise)?);
        let mask = self.mask(condition, bits)?;
        Some(self.push(InstKind::Bitselect { mask, then, otherwise }, Type::V128))
    }

    /// The lanes of the integer `value`, which they hold in their low bits, wider (then they hold all of it) or
    /// narrower.
    pub(super) fn resized(
        &mut self,
        mut vector: Id<Value>,
        mut from: u32,
        to: u32,
        value: Id<Value>,
    ) -> Option<Id<Value>> {
        if from < to {
            let signed = self.fits_signed(value, from);
            if !signed && !self.fits_unsigned(value, from) {
                return None;
            }
            while from < to {
                vector = self.unary(extend(from, signed), vector);
                from *= 2;
            }
        }
        while from > to {
            let half = from / 2;
            let op = match from {
                32 if self.fits_signed(value, half) => Some(Binary::I16x8NarrowI32x4S),
                32 if self.fits_unsigned(value, half) => Some(Binary::I16x8NarrowI32x4U),
                16 if self.fits_signed(value, half) => Some(Binary::I8x16NarrowI16x8S),
                16 if self.fits_unsigned(value, half) => Some(Binary::I8x16NarrowI16x8U),
                _ => None,
            };
            vector = match op {
                Some(op) => self.binary(op, vector, vector),
                None => self.shuffle(halves(from / 8), vector, vector),
            };
            from = half;
        }
        Some(vector)
    }

    /// A scalar of this turn in every lane.
    pub(super) fn splat_here(&mut self, scalar: Id<Value>, bits: u32) -> Id<Value> {
        let (scalar, shape) = match (self.ty(scalar), bits) {
            (Type::F32, _) => (scalar, Shape::F32x4),
            (Type::F64, _) => (scalar, Shape::F64x2),
            (Type::I32, 64) => (self.unary(Unary::I64ExtendI32S, scalar), Shape::I64x2),
            (Type::I64, 8 | 16 | 32) => (self.unary(Unary::I32WrapI64, scalar), Shape::integers(bits)),
            (Type::I32 | Type::I64 | Type::V128, _) => (scalar, Shape::integers(bits)),
        };
        self.unary(shape.splat(), scalar)
    }
}

/// The width of a type of integers.
pub(super) fn width(ty: Type) -> Width {
    if ty == Type::I32 { Width::W32 } else { Width::W64 }
}

pub(super) fn extend(from: u32, signed: bool) -> Unary {
    match (from, signed) {
        (8, true) => Unary::I16x8ExtendLowI8x16S,
        (8, false) => Unary::I16x8ExtendLowI8x16U,
        (16, true) => Unary::I32x4ExtendLowI16x8S,
        (16, false) => Unary::I32x4ExtendLowI16x8U,
        (_, true) => Unary::I64x2ExtendLowI32x4S,
        (_, false) => Unary::I64x2ExtendLowI32x4U,
    }
}

/// The bytes of the low halves of lanes of `size` bytes, twice.
pub(super) fn halves(size: u32) -> [u8; 16] {
    let half = size / 2;
    std::array::from_fn(|at| {
        let at = at as u32 % 8;
        (at / half * size + at % half) as u8
    })
}

/// The operation that gives `then` if `left op right` holds, else `otherwise`, where these are the same two:
/// `pmin(x, y)` is `y < x ? y : x`, and `pmax(x, y)` is `x < y ? y : x`, whatever NaNs and zeros there are.
pub(super) fn picks(op: Binary, compared: (Id<Value>, Id<Value>), picked: (Id<Value>, Id<Value>)) -> Option<Binary> {
    let least = match op {
        Binary::F32Lt | Binary::F64Lt => true,
        Binary::F32Gt | Binary::F64Gt => false,
        _ => return None,
    };
    let least = match compared {
        (left, right) if (left, right) == picked => least,
        (left, right) if (right, left) == picked => !least,
        _ => return None,
    };
    Some(match (op.operand(), least) {
        (Type::F32, true) => Binary::F32x4PMin,
        (Type::F32, false) => Binary::F32x4PMax,
        (_, true) => Binary::F64x2PMin,
        (_, false) => Binary::F64x2PMax,
    })
}
