//! The operations on integers of both widths, so that a rule is written once. In: `Binary`. Out: `Op` with a width.

use crate::ssa::{Binary, Const, Type};

/// An operation on two integers, without its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Sub,
    Mul,
    DivS,
    DivU,
    RemS,
    RemU,
    And,
    Or,
    Xor,
    Shl,
    ShrS,
    ShrU,
    Rotl,
    Compare(Compare),
}

/// A comparison of two integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Eq,
    Ne,
    LtS,
    LtU,
    GtS,
    GtU,
    LeS,
    LeU,
    GeS,
    GeU,
}

/// 32 or 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    W32,
    W64,
}

macro_rules! table {
    ($($op:pat, $make:expr => $narrow:ident $wide:ident;)*) => {
        /// Width and operation of an instruction on integers. The three `…Overflows` are none of these.
        pub(crate) fn split(op: Binary) -> Option<(Width, Op)> {
            match op {
                $(Binary::$narrow => Some((Width::W32, $make)), Binary::$wide => Some((Width::W64, $make)),)*
                _ => None,
            }
        }

        /// The instruction for an operation at a width.
        pub(crate) fn join(width: Width, op: Op) -> Binary {
            match op {
                $($op => match width { Width::W32 => Binary::$narrow, Width::W64 => Binary::$wide },)*
            }
        }
    };
}

table! {
    Op::Add, Op::Add => I32Add I64Add;
    Op::Sub, Op::Sub => I32Sub I64Sub;
    Op::Mul, Op::Mul => I32Mul I64Mul;
    Op::DivS, Op::DivS => I32DivS I64DivS;
    Op::DivU, Op::DivU => I32DivU I64DivU;
    Op::RemS, Op::RemS => I32RemS I64RemS;
    Op::RemU, Op::RemU => I32RemU I64RemU;
    Op::And, Op::And => I32And I64And;
    Op::Or, Op::Or => I32Or I64Or;
    Op::Xor, Op::Xor => I32Xor I64Xor;
    Op::Shl, Op::Shl => I32Shl I64Shl;
    Op::ShrS, Op::ShrS => I32ShrS I64ShrS;
    Op::ShrU, Op::ShrU => I32ShrU I64ShrU;
    Op::Rotl, Op::Rotl => I32Rotl I64Rotl;
    Op::Compare(Compare::Eq), Op::Compare(Compare::Eq) => I32Eq I64Eq;
    Op::Compare(Compare::Ne), Op::Compare(Compare::Ne) => I32Ne I64Ne;
    Op::Compare(Compare::LtS), Op::Compare(Compare::LtS) => I32LtS I64LtS;
    Op::Compare(Compare::LtU), Op::Compare(Compare::LtU) => I32LtU I64LtU;
    Op::Compare(Compare::GtS), Op::Compare(Compare::GtS) => I32GtS I64GtS;
    Op::Compare(Compare::GtU), Op::Compare(Compare::GtU) => I32GtU I64GtU;
    Op::Compare(Compare::LeS), Op::Compare(Compare::LeS) => I32LeS I64LeS;
    Op::Compare(Compare::LeU), Op::Compare(Compare::LeU) => I32LeU I64LeU;
    Op::Compare(Compare::GeS), Op::Compare(Compare::GeS) => I32GeS I64GeS;
    Op::Compare(Compare::GeU), Op::Compare(Compare::GeU) => I32GeU I64GeU;
}

impl Op {
    /// Whether the operands may change places.
    pub(crate) fn commutes(self) -> bool {
        match self {
            Self::Add | Self::Mul | Self::And | Self::Or | Self::Xor => true,
            Self::Compare(compare) => matches!(compare, Compare::Eq | Compare::Ne),
            Self::Sub
            | Self::DivS
            | Self::DivU
            | Self::RemS
            | Self::RemU
            | Self::Shl
            | Self::ShrS
            | Self::ShrU
            | Self::Rotl => false,
        }
    }
}

impl Compare {
    /// The comparison that holds where this one does not.
    pub(crate) fn inverse(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::LtS => Self::GeS,
            Self::LtU => Self::GeU,
            Self::GtS => Self::LeS,
            Self::GtU => Self::LeU,
            Self::LeS => Self::GtS,
            Self::LeU => Self::GtU,
            Self::GeS => Self::LtS,
            Self::GeU => Self::LtU,
        }
    }

    /// The same comparison with its operands exchanged.
    pub(crate) fn swapped(self) -> Self {
        match self {
            Self::Eq | Self::Ne => self,
            Self::LtS => Self::GtS,
            Self::LtU => Self::GtU,
            Self::GtS => Self::LtS,
            Self::GtU => Self::LtU,
            Self::LeS => Self::GeS,
            Self::LeU => Self::GeU,
            Self::GeS => Self::LeS,
            Self::GeU => Self::LeU,
        }
    }

    /// The same order of unsigned numbers.
    pub(crate) fn unsigned(self) -> Self {
        match self {
            Self::LtS => Self::LtU,
            Self::GtS => Self::GtU,
            Self::LeS => Self::LeU,
            Self::GeS => Self::GeU,
            Self::Eq | Self::Ne | Self::LtU | Self::GtU | Self::LeU | Self::GeU => self,
        }
    }

    /// The same comparison of integers with a sign.
    pub(crate) fn signed(self) -> Self {
        match self {
            Self::LtU => Self::LtS,
            Self::GtU => Self::GtS,
            Self::LeU => Self::LeS,
            Self::GeU => Self::GeS,
            Self::Eq | Self::Ne | Self::LtS | Self::GtS | Self::LeS | Self::GeS => self,
        }
    }

    /// Whether it holds for equal operands.
    pub(crate) fn holds_for_equal(self) -> bool {
        match self {
            Self::Eq | Self::LeS | Self::LeU | Self::GeS | Self::GeU => true,
            Self::Ne | Self::LtS | Self::LtU | Self::GtS | Self::GtU => false,
        }
    }
}

impl Width {
    /// Number of bits.
    pub(crate) fn bits(self) -> u32 {
        match self {
            Self::W32 => 32,
            Self::W64 => 64,
        }
    }

    /// The value type.
    pub(crate) fn ty(self) -> Type {
        match self {
            Self::W32 => Type::I32,
            Self::W64 => Type::I64,
        }
    }

    /// A constant, cut to this width.
    pub(crate) fn constant(self, value: i64) -> Const {
        match self {
            Self::W32 => Const::I32(value as i32),
            Self::W64 => Const::I64(value),
        }
    }

    /// The smallest signed number.
    pub(crate) fn min(self) -> i64 {
        match self {
            Self::W32 => i64::from(i32::MIN),
            Self::W64 => i64::MIN,
        }
    }

    /// The greatest signed number.
    pub(crate) fn max(self) -> i64 {
        match self {
            Self::W32 => i64::from(i32::MAX),
            Self::W64 => i64::MAX,
        }
    }
}

/// The number in an integer constant, sign-extended.
pub(crate) fn number(value: Const) -> Option<i64> {
    match value {
        Const::I32(value) => Some(i64::from(value)),
        Const::I64(value) => Some(value),
        Const::F32(_) | Const::F64(_) | Const::V128(_) => None,
    }
}
