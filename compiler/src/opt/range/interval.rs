//! Sets of integers from a least to a greatest, and what operations make of them. In: operations. Out: `Interval`.

use crate::opt::integer::{Compare, Op, Width};
use crate::ssa::{LoadKind, Type, Unary};

/// The integers from `low` to `high`, both signed and included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::opt) struct Interval {
    pub(in crate::opt) low: i64,
    pub(in crate::opt) high: i64,
}

impl Interval {
    pub(in crate::opt) fn new(low: i64, high: i64) -> Self {
        Self { low, high }
    }

    /// Everything that fits.
    pub(in crate::opt) fn full(width: Width) -> Self {
        Self { low: width.min(), high: width.max() }
    }

    /// Everything a value of this type may be; floats are not looked at.
    pub(in crate::opt) fn of(ty: Type) -> Self {
        Self::full(if ty == Type::I32 { Width::W32 } else { Width::W64 })
    }

    pub(in crate::opt) fn only(value: i64) -> Self {
        Self { low: value, high: value }
    }

    pub(in crate::opt) fn is_natural(self) -> bool {
        self.low >= 0
    }

    /// What is in either, and what lies between.
    pub(in crate::opt) fn join(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// What is in both; where nothing is, control does not get here, and anything is right.
    pub(in crate::opt) fn meet(self, other: Self) -> Self {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        if both.low <= both.high { both } else { self }
    }

    pub(in crate::opt) fn contains(self, other: Self) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// The interval between two exact bounds, and whether it fits the width.
    fn exact(width: Width, low: i128, high: i128) -> Option<Self> {
        (low >= i128::from(width.min()) && high <= i128::from(width.max()))
            .then_some(Self { low: low as i64, high: high as i64 })
    }

    /// The exact sums, differences or products, if all of them fit.
    pub(in crate::opt) fn arithmetic(width: Width, op: Op, left: Self, right: Self) -> Option<Self> {
        let (low, high) = Self::bounds(op, left, right)?;
        Self::exact(width, low, high)
    }

    /// As [`Self::arithmetic`], of those that fit.
    pub(in crate::opt) fn clamped(width: Width, op: Op, left: Self, right: Self) -> Option<Self> {
        let (low, high) = Self::bounds(op, left, right)?;
        let (least, greatest) = (i128::from(width.min()), i128::from(width.max()));
        Self::exact(width, low.clamp(least, greatest), high.clamp(least, greatest))
    }

    fn bounds(op: Op, left: Self, right: Self) -> Option<(i128, i128)> {
        let wide = |interval: Self| (i128::from(interval.low), i128::from(interval.high));
        let ((a, b), (c, d)) = (wide(left), wide(right));
        match op {
            Op::Add => Some((a + c, b + d)),
            Op::Sub => Some((a - d, b - c)),
            Op::Mul => {
                let corners = [a * c, a * d, b * c, b * d];
                Some((corners.into_iter().min()?, corners.into_iter().max()?))
            }
            Op::DivS
            | Op::DivU
            | Op::RemS
            | Op::RemU
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Shl
            | Op::ShrS
            | Op::ShrU
            | Op::Rotl
            | Op::Compare(_) => None,
        }
    }

    /// What an operation gives.
    pub(in crate::opt) fn binary(width: Width, op: Op, left: Self, right: Self) -> Self {
        let full = Self::full(width);
        let constant = (right.low == right.high).then_some(right.low);
        let count = constant.map(|count| (count & i64::from(width.bits() - 1)) as u32);
        match op {
            Op::Add | Op::Sub | Op::Mul => Self::arithmetic(width, op, left, right).unwrap_or(full),
            Op::And => match (left.is_natural(), right.is_natural()) {
                (true, true) => Self::new(0, left.high.min(right.high)),
                (true, false) => Self::new(0, left.high),
                (false, true) => Self::new(0, right.high),
                (false, false) => full,
            },
            Op::Or | Op::Xor if left.is_natural() && right.is_natural() => {
                // No bit above the highest of either.
                let bits = 64 - (left.high | right.high).leading_zeros();
                Self::new(0, ((1_i128 << bits) - 1) as i64)
            }
            Op::Shl => match count {
                Some(count) if count < width.bits() - 1 => {
                    Self::arithmetic(width, Op::Mul, left, Self::only(1 << count)).unwrap_or(full)
                }
                Some(_) | None => full,
            },
            Op::ShrS => match count {
                Some(count) => Self::new(left.low >> count, left.high >> count),
                None if left.is_natural() => Self::new(0, left.high),
                None => full,
            },
            Op::ShrU => match count {
                Some(0) => left,
                Some(count) if left.is_natural() => Self::new(left.low >> count, left.high >> count),
                Some(count) => Self::new(0, (u64::MAX >> (64 - width.bits()) >> count) as i64),
                None if left.is_natural() => Self::new(0, left.high),
                None => full,
            },
            // The result has the sign of the left operand and is smaller than the right one.
            Op::RemS => match constant {
                Some(divisor) if divisor != 0 && divisor != i64::MIN => {
                    let most = divisor.abs() - 1;
                    let low = if left.is_natural() { 0 } else { left.low.max(-most) };
                    let high = if left.high <= 0 { 0 } else { left.high.min(most) };
                    Self::new(low, high)
                }
                _ if left.is_natural() && right.low > 0 => Self::new(0, left.high.min(right.high - 1)),
                _ if left.is_natural() => Self::new(0, left.high),
                _ => full,
            },
            Op::RemU if left.is_natural() && right.low > 0 => Self::new(0, left.high.min(right.high - 1)),
            Op::RemU if right.low > 0 => Self::new(0, right.high - 1),
            Op::DivS => match constant {
                Some(divisor) if divisor > 0 => Self::new(left.low / divisor, left.high / divisor),
                _ if left.is_natural() && right.low > 0 => Self::new(0, left.high / right.low),
                _ => full,
            },
            Op::DivU if left.is_natural() && right.low > 0 => Self::new(0, left.high / right.low),
            Op::Or | Op::Xor | Op::RemU | Op::DivU | Op::Rotl => full,
            Op::Compare(compare) => match Self::decide(compare, left, right) {
                Some(holds) => Self::only(i64::from(holds)),
                None => Self::new(0, 1),
            },
        }
    }

    /// What an operation on one value gives, if that is an integer of which something is known.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others give no integer, or any")]
    pub(in crate::opt) fn unary(op: Unary, operand: Self) -> Option<Self> {
        let narrow = Self::full(Width::W32);
        Some(match op {
            Unary::I32Eqz | Unary::I64Eqz => {
                if operand.low > 0 || operand.high < 0 {
                    Self::only(0)
                } else if operand == Self::only(0) {
                    Self::only(1)
                } else {
                    Self::new(0, 1)
                }
            }
            Unary::I32Clz | Unary::I32Ctz | Unary::I32Popcnt => Self::new(0, 32),
            Unary::I64Clz | Unary::I64Ctz | Unary::I64Popcnt => Self::new(0, 64),
            Unary::I32Extend8S if Self::new(-128, 127).contains(operand) => operand,
            Unary::I32Extend8S => Self::new(-128, 127),
            Unary::I32Extend16S if Self::new(-32768, 32767).contains(operand) => operand,
            Unary::I32Extend16S => Self::new(-32768, 32767),
            Unary::I32WrapI64 if narrow.contains(operand) => operand,
            Unary::I64ExtendI32S => operand,
            Unary::I64ExtendI32U if operand.is_natural() => operand,
            Unary::I64ExtendI32U => Self::new(0, i64::from(u32::MAX)),
            _ => return None,
        })
    }

    /// What a load gives.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others fill their type, or are no integers")]
    pub(in crate::opt) fn load(kind: LoadKind) -> Option<Self> {
        match kind {
            LoadKind::I32U8 => Some(Self::new(0, 255)),
            LoadKind::I32S8 => Some(Self::new(-128, 127)),
            LoadKind::I32U16 => Some(Self::new(0, 65535)),
            LoadKind::I32S16 => Some(Self::new(-32768, 32767)),
            _ => None,
        }
    }

    /// Whether a comparison holds for all or for no pair.
    pub(in crate::opt) fn decide(compare: Compare, left: Self, right: Self) -> Option<bool> {
        let compare = match compare {
            Compare::LtU | Compare::GtU | Compare::LeU | Compare::GeU => {
                if !(left.is_natural() && right.is_natural()) {
                    return None;
                }
                match compare {
                    Compare::LtU => Compare::LtS,
                    Compare::GtU => Compare::GtS,
                    Compare::LeU => Compare::LeS,
                    _ => Compare::GeS,
                }
            }
            Compare::Eq | Compare::Ne | Compare::LtS | Compare::GtS | Compare::LeS | Compare::GeS => compare,
        };
        let one = left.low == left.high && left == right;
        let apart = left.high < right.low || right.high < left.low;
        let decided = |always: bool, never: bool| always.then_some(true).or(never.then_some(false));
        match compare {
            Compare::Eq => decided(one, apart),
            Compare::Ne => decided(apart, one),
            Compare::LtS | Compare::LtU => decided(left.high < right.low, left.low >= right.high),
            Compare::LeS | Compare::LeU => decided(left.high <= right.low, left.low > right.high),
            Compare::GtS | Compare::GtU => decided(left.low > right.high, left.high <= right.low),
            Compare::GeS | Compare::GeU => decided(left.low >= right.high, left.high < right.low),
        }
    }
}
