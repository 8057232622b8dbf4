//! Vectors: 128 bits that hold as many values of one kind as there is room for. In: nothing. Out: `Shape`, and for each
//! operation on vectors the operation that it does in every lane.

use super::Type;
use super::operation::{Binary, Unary};

/// How a vector is divided into lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named as in Wasm")]
pub enum Shape {
    I8x16,
    I16x8,
    I32x4,
    I64x2,
    F32x4,
    F64x2,
}

impl Shape {
    /// Bits of a lane.
    pub fn bits(self) -> u32 {
        match self {
            Self::I8x16 => 8,
            Self::I16x8 => 16,
            Self::I32x4 | Self::F32x4 => 32,
            Self::I64x2 | Self::F64x2 => 64,
        }
    }

    /// The type of what a lane is made of and read as.
    pub fn scalar(self) -> Type {
        match self {
            Self::I8x16 | Self::I16x8 | Self::I32x4 => Type::I32,
            Self::I64x2 => Type::I64,
            Self::F32x4 => Type::F32,
            Self::F64x2 => Type::F64,
        }
    }

    /// Gives every lane the same value.
    pub fn splat(self) -> Unary {
        match self {
            Self::I8x16 => Unary::I8x16Splat,
            Self::I16x8 => Unary::I16x8Splat,
            Self::I32x4 => Unary::I32x4Splat,
            Self::I64x2 => Unary::I64x2Splat,
            Self::F32x4 => Unary::F32x4Splat,
            Self::F64x2 => Unary::F64x2Splat,
        }
    }

    /// Integers of so many bits.
    pub fn integers(bits: u32) -> Self {
        match bits {
            8 => Self::I8x16,
            16 => Self::I16x8,
            32 => Self::I32x4,
            64 => Self::I64x2,
            other => unreachable!("no lane has {other} bits"),
        }
    }
}

/// Declares which operation a vector's does in every lane: a line is `Variant Shape Scalar`.
macro_rules! lanes {
    ($ty:ident { $($vector:ident $shape:ident $scalar:ident;)* }) => {
        impl $ty {
            /// What this operation on vectors does in every lane; comparisons give -1 for true.
            pub fn lanes(self) -> Option<(Shape, Self)> {
                match self {
                    $(Self::$vector => Some((Shape::$shape, Self::$scalar)),)*
                    _ => None,
                }
            }

            /// The operation that does this one in every lane.
            pub fn in_lanes(self, shape: Shape) -> Option<Self> {
                match (shape, self) {
                    $((Shape::$shape, Self::$scalar) => Some(Self::$vector),)*
                    _ => None,
                }
            }
        }
    };
}

lanes! {
    Unary {
        F32x4Abs F32x4 F32Abs;
        F32x4Neg F32x4 F32Neg;
        F32x4Sqrt F32x4 F32Sqrt;
        F32x4Ceil F32x4 F32Ceil;
        F32x4Floor F32x4 F32Floor;
        F32x4Trunc F32x4 F32Trunc;
        F32x4Nearest F32x4 F32Nearest;
        F64x2Abs F64x2 F64Abs;
        F64x2Neg F64x2 F64Neg;
        F64x2Sqrt F64x2 F64Sqrt;
        F64x2Ceil F64x2 F64Ceil;
        F64x2Floor F64x2 F64Floor;
        F64x2Trunc F64x2 F64Trunc;
        F64x2Nearest F64x2 F64Nearest;
    }
}

lanes! {
    Binary {
        F32x4Add F32x4 F32Add;
        F32x4Sub F32x4 F32Sub;
        F32x4Mul F32x4 F32Mul;
        F32x4Div F32x4 F32Div;
        F32x4Min F32x4 F32Min;
        F32x4Max F32x4 F32Max;
        F32x4Eq F32x4 F32Eq;
        F32x4Ne F32x4 F32Ne;
        F32x4Lt F32x4 F32Lt;
        F32x4Gt F32x4 F32Gt;
        F32x4Le F32x4 F32Le;
        F32x4Ge F32x4 F32Ge;
        F64x2Add F64x2 F64Add;
        F64x2Sub F64x2 F64Sub;
        F64x2Mul F64x2 F64Mul;
        F64x2Div F64x2 F64Div;
        F64x2Min F64x2 F64Min;
        F64x2Max F64x2 F64Max;
        F64x2Eq F64x2 F64Eq;
        F64x2Ne F64x2 F64Ne;
        F64x2Lt F64x2 F64Lt;
        F64x2Gt F64x2 F64Gt;
        F64x2Le F64x2 F64Le;
        F64x2Ge F64x2 F64Ge;
        I8x16Add I8x16 I32Add;
        I8x16Sub I8x16 I32Sub;
        I8x16Eq I8x16 I32Eq;
        I8x16Ne I8x16 I32Ne;
        I8x16LtS I8x16 I32LtS;
        I8x16LtU I8x16 I32LtU;
        I8x16GtS I8x16 I32GtS;
        I8x16GtU I8x16 I32GtU;
        I8x16LeS I8x16 I32LeS;
        I8x16LeU I8x16 I32LeU;
        I8x16GeS I8x16 I32GeS;
        I8x16GeU I8x16 I32GeU;
        I8x16Shl I8x16 I32Shl;
        I8x16ShrS I8x16 I32ShrS;
        I8x16ShrU I8x16 I32ShrU;
        I16x8Add I16x8 I32Add;
        I16x8Sub I16x8 I32Sub;
        I16x8Mul I16x8 I32Mul;
        I16x8Eq I16x8 I32Eq;
        I16x8Ne I16x8 I32Ne;
        I16x8LtS I16x8 I32LtS;
        I16x8LtU I16x8 I32LtU;
        I16x8GtS I16x8 I32GtS;
        I16x8GtU I16x8 I32GtU;
        I16x8LeS I16x8 I32LeS;
        I16x8LeU I16x8 I32LeU;
        I16x8GeS I16x8 I32GeS;
        I16x8GeU I16x8 I32GeU;
        I16x8Shl I16x8 I32Shl;
        I16x8ShrS I16x8 I32ShrS;
        I16x8ShrU I16x8 I32ShrU;
        I32x4Add I32x4 I32Add;
        I32x4Sub I32x4 I32Sub;
        I32x4Mul I32x4 I32Mul;
        I32x4Eq I32x4 I32Eq;
        I32x4Ne I32x4 I32Ne;
        I32x4LtS I32x4 I32LtS;
        I32x4LtU I32x4 I32LtU;
        I32x4GtS I32x4 I32GtS;
        I32x4GtU I32x4 I32GtU;
        I32x4LeS I32x4 I32LeS;
        I32x4LeU I32x4 I32LeU;
        I32x4GeS I32x4 I32GeS;
        I32x4GeU I32x4 I32GeU;
        I32x4Shl I32x4 I32Shl;
        I32x4ShrS I32x4 I32ShrS;
        I32x4ShrU I32x4 I32ShrU;
        I64x2Add I64x2 I64Add;
        I64x2Sub I64x2 I64Sub;
        I64x2Mul I64x2 I64Mul;
        I64x2Eq I64x2 I64Eq;
        I64x2Ne I64x2 I64Ne;
        I64x2LtS I64x2 I64LtS;
        I64x2GtS I64x2 I64GtS;
        I64x2LeS I64x2 I64LeS;
        I64x2GeS I64x2 I64GeS;
        I64x2Shl I64x2 I64Shl;
        I64x2ShrS I64x2 I64ShrS;
        I64x2ShrU I64x2 I64ShrU;
    }
}
