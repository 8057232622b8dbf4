//! The operations on values and the accesses to memory, each with its name and types in one table.
//! In: nothing. Out: `Unary`, `Binary`, `LoadKind`, `StoreKind`.

#![expect(missing_docs, reason = "the operations are Wasm's, and named as there")]

use super::Type;

/// Declares an enum of operations: a line is `Variant "text" Operand -> Result`.
macro_rules! operations {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident $text:literal $operand:ident -> $result:ident;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$note])* $variant,)*
        }

        impl $name {
            /// Every operation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in the text of SSA; Wasm's where Wasm has it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The type of what it takes.
            pub fn operand(self) -> Type {
                match self {
                    $(Self::$variant => Type::$operand,)*
                }
            }

            /// The type of what it gives.
            pub fn result(self) -> Type {
                match self {
                    $(Self::$variant => Type::$result,)*
                }
            }
        }
    };
}

operations! {
    /// Operations on one value. Names and meaning are Wasm's.
    Unary {
        I32Eqz "i32.eqz" I32 -> I32;
        I32Clz "i32.clz" I32 -> I32;
        I32Ctz "i32.ctz" I32 -> I32;
        I32Popcnt "i32.popcnt" I32 -> I32;
        I32Extend8S "i32.extend8_s" I32 -> I32;
        I32Extend16S "i32.extend16_s" I32 -> I32;
        I64Eqz "i64.eqz" I64 -> I32;
        I64Clz "i64.clz" I64 -> I64;
        I64Ctz "i64.ctz" I64 -> I64;
        I64Popcnt "i64.popcnt" I64 -> I64;
        I32WrapI64 "i32.wrap_i64" I64 -> I32;
        I64ExtendI32S "i64.extend_i32_s" I32 -> I64;
        I64ExtendI32U "i64.extend_i32_u" I32 -> I64;
        F32Abs "f32.abs" F32 -> F32;
        F32Neg "f32.neg" F32 -> F32;
        F32Sqrt "f32.sqrt" F32 -> F32;
        F32Ceil "f32.ceil" F32 -> F32;
        F32Floor "f32.floor" F32 -> F32;
        F32Trunc "f32.trunc" F32 -> F32;
        F32Nearest "f32.nearest" F32 -> F32;
        F64Abs "f64.abs" F64 -> F64;
        F64Neg "f64.neg" F64 -> F64;
        F64Sqrt "f64.sqrt" F64 -> F64;
        F64Ceil "f64.ceil" F64 -> F64;
        F64Floor "f64.floor" F64 -> F64;
        F64Trunc "f64.trunc" F64 -> F64;
        F64Nearest "f64.nearest" F64 -> F64;
        F32DemoteF64 "f32.demote_f64" F64 -> F32;
        F64PromoteF32 "f64.promote_f32" F32 -> F64;
        F32ConvertI32S "f32.convert_i32_s" I32 -> F32;
        F32ConvertI32U "f32.convert_i32_u" I32 -> F32;
        F32ConvertI64S "f32.convert_i64_s" I64 -> F32;
        F32ConvertI64U "f32.convert_i64_u" I64 -> F32;
        F64ConvertI32S "f64.convert_i32_s" I32 -> F64;
        F64ConvertI32U "f64.convert_i32_u" I32 -> F64;
        F64ConvertI64S "f64.convert_i64_s" I64 -> F64;
        F64ConvertI64U "f64.convert_i64_u" I64 -> F64;
        I32TruncSatF64S "i32.trunc_sat_f64_s" F64 -> I32;
        I32TruncSatF64U "i32.trunc_sat_f64_u" F64 -> I32;
        I64TruncSatF64S "i64.trunc_sat_f64_s" F64 -> I64;
        I64TruncSatF64U "i64.trunc_sat_f64_u" F64 -> I64;
        I32ReinterpretF32 "i32.reinterpret_f32" F32 -> I32;
        I64ReinterpretF64 "i64.reinterpret_f64" F64 -> I64;
        F32ReinterpretI32 "f32.reinterpret_i32" I32 -> F32;
        F64ReinterpretI64 "f64.reinterpret_i64" I64 -> F64;
        F32x4Abs "f32x4.abs" V128 -> V128;
        F32x4Neg "f32x4.neg" V128 -> V128;
        F32x4Sqrt "f32x4.sqrt" V128 -> V128;
        F32x4Ceil "f32x4.ceil" V128 -> V128;
        F32x4Floor "f32x4.floor" V128 -> V128;
        F32x4Trunc "f32x4.trunc" V128 -> V128;
        F32x4Nearest "f32x4.nearest" V128 -> V128;
        F64x2Abs "f64x2.abs" V128 -> V128;
        F64x2Neg "f64x2.neg" V128 -> V128;
        F64x2Sqrt "f64x2.sqrt" V128 -> V128;
        F64x2Ceil "f64x2.ceil" V128 -> V128;
        F64x2Floor "f64x2.floor" V128 -> V128;
        F64x2Trunc "f64x2.trunc" V128 -> V128;
        F64x2Nearest "f64x2.nearest" V128 -> V128;
        I8x16Splat "i8x16.splat" I32 -> V128;
        I16x8Splat "i16x8.splat" I32 -> V128;
        I32x4Splat "i32x4.splat" I32 -> V128;
        I64x2Splat "i64x2.splat" I64 -> V128;
        F32x4Splat "f32x4.splat" F32 -> V128;
        F64x2Splat "f64x2.splat" F64 -> V128;
        I32x4ExtractLane0 "i32x4.extract_lane_0" V128 -> I32;
        I32x4ExtractLane1 "i32x4.extract_lane_1" V128 -> I32;
        I32x4ExtractLane2 "i32x4.extract_lane_2" V128 -> I32;
        I32x4ExtractLane3 "i32x4.extract_lane_3" V128 -> I32;
        I64x2ExtractLane0 "i64x2.extract_lane_0" V128 -> I64;
        I64x2ExtractLane1 "i64x2.extract_lane_1" V128 -> I64;
        F32x4ExtractLane0 "f32x4.extract_lane_0" V128 -> F32;
        F32x4ExtractLane1 "f32x4.extract_lane_1" V128 -> F32;
        F32x4ExtractLane2 "f32x4.extract_lane_2" V128 -> F32;
        F32x4ExtractLane3 "f32x4.extract_lane_3" V128 -> F32;
        F64x2ExtractLane0 "f64x2.extract_lane_0" V128 -> F64;
        F64x2ExtractLane1 "f64x2.extract_lane_1" V128 -> F64;
        I16x8ExtendLowI8x16S "i16x8.extend_low_i8x16_s" V128 -> V128;
        I16x8ExtendLowI8x16U "i16x8.extend_low_i8x16_u" V128 -> V128;
        I32x4ExtendLowI16x8S "i32x4.extend_low_i16x8_s" V128 -> V128;
        I32x4ExtendLowI16x8U "i32x4.extend_low_i16x8_u" V128 -> V128;
        I64x2ExtendLowI32x4S "i64x2.extend_low_i32x4_s" V128 -> V128;
        I64x2ExtendLowI32x4U "i64x2.extend_low_i32x4_u" V128 -> V128;
        F64x2PromoteLowF32x4 "f64x2.promote_low_f32x4" V128 -> V128;
        F32x4DemoteF64x2Zero "f32x4.demote_f64x2_zero" V128 -> V128;
        F64x2ConvertLowI32x4S "f64x2.convert_low_i32x4_s" V128 -> V128;
        F64x2ConvertLowI32x4U "f64x2.convert_low_i32x4_u" V128 -> V128;
        F32x4ConvertI32x4S "f32x4.convert_i32x4_s" V128 -> V128;
        F32x4ConvertI32x4U "f32x4.convert_i32x4_u" V128 -> V128;
        V128Not "v128.not" V128 -> V128;
        V128AnyTrue "v128.any_true" V128 -> I32;
    }
}

operations! {
    /// Operations on two values of one type, but for shifts of lanes, whose count is an `I32`. Names and meaning are
    /// Wasm's, but for the three `…Overflows`.
    Binary {
        I32Add "i32.add" I32 -> I32;
        I32Sub "i32.sub" I32 -> I32;
        I32Mul "i32.mul" I32 -> I32;
        I32DivS "i32.div_s" I32 -> I32;
        I32DivU "i32.div_u" I32 -> I32;
        I32RemS "i32.rem_s" I32 -> I32;
        I32RemU "i32.rem_u" I32 -> I32;
        I32And "i32.and" I32 -> I32;
        I32Or "i32.or" I32 -> I32;
        I32Xor "i32.xor" I32 -> I32;
        I32Shl "i32.shl" I32 -> I32;
        I32ShrS "i32.shr_s" I32 -> I32;
        I32ShrU "i32.shr_u" I32 -> I32;
        I32Rotl "i32.rotl" I32 -> I32;
        I32Eq "i32.eq" I32 -> I32;
        I32Ne "i32.ne" I32 -> I32;
        I32LtS "i32.lt_s" I32 -> I32;
        I32LtU "i32.lt_u" I32 -> I32;
        I32GtS "i32.gt_s" I32 -> I32;
        I32GtU "i32.gt_u" I32 -> I32;
        I32LeS "i32.le_s" I32 -> I32;
        I32LeU "i32.le_u" I32 -> I32;
        I32GeS "i32.ge_s" I32 -> I32;
        I32GeU "i32.ge_u" I32 -> I32;
        I64Add "i64.add" I64 -> I64;
        I64Sub "i64.sub" I64 -> I64;
        I64Mul "i64.mul" I64 -> I64;
        I64DivS "i64.div_s" I64 -> I64;
        I64DivU "i64.div_u" I64 -> I64;
        I64RemS "i64.rem_s" I64 -> I64;
        I64RemU "i64.rem_u" I64 -> I64;
        I64And "i64.and" I64 -> I64;
        I64Or "i64.or" I64 -> I64;
        I64Xor "i64.xor" I64 -> I64;
        I64Shl "i64.shl" I64 -> I64;
        I64ShrS "i64.shr_s" I64 -> I64;
        I64ShrU "i64.shr_u" I64 -> I64;
        I64Rotl "i64.rotl" I64 -> I64;
        I64Eq "i64.eq" I64 -> I32;
        I64Ne "i64.ne" I64 -> I32;
        I64LtS "i64.lt_s" I64 -> I32;
        I64LtU "i64.lt_u" I64 -> I32;
        I64GtS "i64.gt_s" I64 -> I32;
        I64GtU "i64.gt_u" I64 -> I32;
        I64LeS "i64.le_s" I64 -> I32;
        I64LeU "i64.le_u" I64 -> I32;
        I64GeS "i64.ge_s" I64 -> I32;
        I64GeU "i64.ge_u" I64 -> I32;
        /// Whether the signed sum leaves 64 bits: gives an `I32`. Expanded by `opt/expand.rs`, once ranges are used up.
        I64AddOverflows "i64.add_overflows" I64 -> I32;
        /// Whether the signed difference leaves 64 bits.
        I64SubOverflows "i64.sub_overflows" I64 -> I32;
        /// Whether the signed product leaves 64 bits.
        I64MulOverflows "i64.mul_overflows" I64 -> I32;
        F32Add "f32.add" F32 -> F32;
        F32Sub "f32.sub" F32 -> F32;
        F32Mul "f32.mul" F32 -> F32;
        F32Div "f32.div" F32 -> F32;
        F32Min "f32.min" F32 -> F32;
        F32Max "f32.max" F32 -> F32;
        F32Copysign "f32.copysign" F32 -> F32;
        F32Eq "f32.eq" F32 -> I32;
        F32Ne "f32.ne" F32 -> I32;
        F32Lt "f32.lt" F32 -> I32;
        F32Gt "f32.gt" F32 -> I32;
        F32Le "f32.le" F32 -> I32;
        F32Ge "f32.ge" F32 -> I32;
        F64Add "f64.add" F64 -> F64;
        F64Sub "f64.sub" F64 -> F64;
        F64Mul "f64.mul" F64 -> F64;
        F64Div "f64.div" F64 -> F64;
        F64Min "f64.min" F64 -> F64;
        F64Max "f64.max" F64 -> F64;
        F64Copysign "f64.copysign" F64 -> F64;
        F64Eq "f64.eq" F64 -> I32;
        F64Ne "f64.ne" F64 -> I32;
        F64Lt "f64.lt" F64 -> I32;
        F64Gt "f64.gt" F64 -> I32;
        F64Le "f64.le" F64 -> I32;
        F64Ge "f64.ge" F64 -> I32;
        F32x4Add "f32x4.add" V128 -> V128;
        F32x4Sub "f32x4.sub" V128 -> V128;
        F32x4Mul "f32x4.mul" V128 -> V128;
        F32x4Div "f32x4.div" V128 -> V128;
        F32x4Min "f32x4.min" V128 -> V128;
        F32x4Max "f32x4.max" V128 -> V128;
        F32x4Eq "f32x4.eq" V128 -> V128;
        F32x4Ne "f32x4.ne" V128 -> V128;
        F32x4Lt "f32x4.lt" V128 -> V128;
        F32x4Gt "f32x4.gt" V128 -> V128;
        F32x4Le "f32x4.le" V128 -> V128;
        F32x4Ge "f32x4.ge" V128 -> V128;
        F32x4PMin "f32x4.pmin" V128 -> V128;
        F32x4PMax "f32x4.pmax" V128 -> V128;
        F64x2Add "f64x2.add" V128 -> V128;
        F64x2Sub "f64x2.sub" V128 -> V128;
        F64x2Mul "f64x2.mul" V128 -> V128;
        F64x2Div "f64x2.div" V128 -> V128;
        F64x2Min "f64x2.min" V128 -> V128;
        F64x2Max "f64x2.max" V128 -> V128;
        F64x2Eq "f64x2.eq" V128 -> V128;
        F64x2Ne "f64x2.ne" V128 -> V128;
        F64x2Lt "f64x2.lt" V128 -> V128;
        F64x2Gt "f64x2.gt" V128 -> V128;
        F64x2Le "f64x2.le" V128 -> V128;
        F64x2Ge "f64x2.ge" V128 -> V128;
        F64x2PMin "f64x2.pmin" V128 -> V128;
        F64x2PMax "f64x2.pmax" V128 -> V128;
        I8x16Add "i8x16.add" V128 -> V128;
        I8x16Sub "i8x16.sub" V128 -> V128;
        I8x16Eq "i8x16.eq" V128 -> V128;
        I8x16Ne "i8x16.ne" V128 -> V128;
        I8x16LtS "i8x16.lt_s" V128 -> V128;
        I8x16LtU "i8x16.lt_u" V128 -> V128;
        I8x16GtS "i8x16.gt_s" V128 -> V128;
        I8x16GtU "i8x16.gt_u" V128 -> V128;
        I8x16LeS "i8x16.le_s" V128 -> V128;
        I8x16LeU "i8x16.le_u" V128 -> V128;
        I8x16GeS "i8x16.ge_s" V128 -> V128;
        I8x16GeU "i8x16.ge_u" V128 -> V128;
        I8x16Shl "i8x16.shl" V128 -> V128;
        I8x16ShrS "i8x16.shr_s" V128 -> V128;
        I8x16ShrU "i8x16.shr_u" V128 -> V128;
        I16x8Add "i16x8.add" V128 -> V128;
        I16x8Sub "i16x8.sub" V128 -> V128;
        I16x8Mul "i16x8.mul" V128 -> V128;
        I16x8Eq "i16x8.eq" V128 -> V128;
        I16x8Ne "i16x8.ne" V128 -> V128;
        I16x8LtS "i16x8.lt_s" V128 -> V128;
        I16x8LtU "i16x8.lt_u" V128 -> V128;
        I16x8GtS "i16x8.gt_s" V128 -> V128;
        I16x8GtU "i16x8.gt_u" V128 -> V128;
        I16x8LeS "i16x8.le_s" V128 -> V128;
        I16x8LeU "i16x8.le_u" V128 -> V128;
        I16x8GeS "i16x8.ge_s" V128 -> V128;
        I16x8GeU "i16x8.ge_u" V128 -> V128;
        I16x8Shl "i16x8.shl" V128 -> V128;
        I16x8ShrS "i16x8.shr_s" V128 -> V128;
        I16x8ShrU "i16x8.shr_u" V128 -> V128;
        I32x4Add "i32x4.add" V128 -> V128;
        I32x4Sub "i32x4.sub" V128 -> V128;
        I32x4Mul "i32x4.mul" V128 -> V128;
        I32x4Eq "i32x4.eq" V128 -> V128;
        I32x4Ne "i32x4.ne" V128 -> V128;
        I32x4LtS "i32x4.lt_s" V128 -> V128;
        I32x4LtU "i32x4.lt_u" V128 -> V128;
        I32x4GtS "i32x4.gt_s" V128 -> V128;
        I32x4GtU "i32x4.gt_u" V128 -> V128;
        I32x4LeS "i32x4.le_s" V128 -> V128;
        I32x4LeU "i32x4.le_u" V128 -> V128;
        I32x4GeS "i32x4.ge_s" V128 -> V128;
        I32x4GeU "i32x4.ge_u" V128 -> V128;
        I32x4Shl "i32x4.shl" V128 -> V128;
        I32x4ShrS "i32x4.shr_s" V128 -> V128;
        I32x4ShrU "i32x4.shr_u" V128 -> V128;
        I64x2Add "i64x2.add" V128 -> V128;
        I64x2Sub "i64x2.sub" V128 -> V128;
        I64x2Mul "i64x2.mul" V128 -> V128;
        I64x2Eq "i64x2.eq" V128 -> V128;
        I64x2Ne "i64x2.ne" V128 -> V128;
        I64x2LtS "i64x2.lt_s" V128 -> V128;
        I64x2GtS "i64x2.gt_s" V128 -> V128;
        I64x2LeS "i64x2.le_s" V128 -> V128;
        I64x2GeS "i64x2.ge_s" V128 -> V128;
        I64x2Shl "i64x2.shl" V128 -> V128;
        I64x2ShrS "i64x2.shr_s" V128 -> V128;
        I64x2ShrU "i64x2.shr_u" V128 -> V128;
        I8x16NarrowI16x8S "i8x16.narrow_i16x8_s" V128 -> V128;
        I8x16NarrowI16x8U "i8x16.narrow_i16x8_u" V128 -> V128;
        I16x8NarrowI32x4S "i16x8.narrow_i32x4_s" V128 -> V128;
        I16x8NarrowI32x4U "i16x8.narrow_i32x4_u" V128 -> V128;
        V128And "v128.and" V128 -> V128;
        V128Or "v128.or" V128 -> V128;
        V128Xor "v128.xor" V128 -> V128;
        V128AndNot "v128.andnot" V128 -> V128;
    }
}

impl Binary {
    /// The comparison that is true where this one is false. Comparisons of floats have none, because of NaN.
    pub fn inverse(self) -> Option<Self> {
        const PAIRS: [(Binary, Binary); 10] = [
            (Binary::I32Eq, Binary::I32Ne),
            (Binary::I32LtS, Binary::I32GeS),
            (Binary::I32LtU, Binary::I32GeU),
            (Binary::I32GtS, Binary::I32LeS),
            (Binary::I32GtU, Binary::I32LeU),
            (Binary::I64Eq, Binary::I64Ne),
            (Binary::I64LtS, Binary::I64GeS),
            (Binary::I64LtU, Binary::I64GeU),
            (Binary::I64GtS, Binary::I64LeS),
            (Binary::I64GtU, Binary::I64LeU),
        ];
        PAIRS.iter().find_map(|(left, right)| match self {
            op if op == *left => Some(*right),
            op if op == *right => Some(*left),
            _ => None,
        })
    }

    /// The type of the second operand: that of the first, but for the count of a shift of lanes.
    pub fn right(self) -> Type {
        match self.lanes() {
            Some((_, Self::I32Shl | Self::I32ShrS | Self::I32ShrU | Self::I64Shl | Self::I64ShrS | Self::I64ShrU)) => {
                Type::I32
            }
            Some(_) | None => self.operand(),
        }
    }

    /// Whether it traps on some operands.
    pub fn can_trap(self) -> bool {
        use Binary::{I32DivS, I32DivU, I32RemS, I32RemU, I64DivS, I64DivU, I64RemS, I64RemU};
        matches!(self, I32DivS | I32DivU | I32RemS | I32RemU | I64DivS | I64DivU | I64RemS | I64RemU)
    }
}

/// Declares the ways to access memory: a line is `Variant "text" Type bytes`.
macro_rules! accesses {
    ($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $variant:ident $text:literal $ty:ident $bytes:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$note])* $variant,)*
        }

        impl $name {
            /// Every access.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name, as in Wasm.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The type of the value that is read or written.
            pub fn ty(self) -> Type {
                match self {
                    $(Self::$variant => Type::$ty,)*
                }
            }

            /// How many bytes of memory are touched.
            pub fn bytes(self) -> u32 {
                match self {
                    $(Self::$variant => $bytes,)*
                }
            }
        }
    };
}

accesses! {
    /// What a load reads, and how it widens it.
    LoadKind {
        I32 "i32.load" I32 4;
        I32U8 "i32.load8_u" I32 1;
        I32S8 "i32.load8_s" I32 1;
        I32U16 "i32.load16_u" I32 2;
        I32S16 "i32.load16_s" I32 2;
        I64 "i64.load" I64 8;
        F32 "f32.load" F32 4;
        F64 "f64.load" F64 8;
        V128 "v128.load" V128 16;
        /// The low half; the other is 0.
        V128Low64 "v128.load64_zero" V128 8;
        V128Low32 "v128.load32_zero" V128 4;
        V128Splat8 "v128.load8_splat" V128 1;
        V128Splat16 "v128.load16_splat" V128 2;
        V128Splat32 "v128.load32_splat" V128 4;
        V128Splat64 "v128.load64_splat" V128 8;
        V128S8 "v128.load8x8_s" V128 8;
        V128U8 "v128.load8x8_u" V128 8;
        V128S16 "v128.load16x4_s" V128 8;
        V128U16 "v128.load16x4_u" V128 8;
        V128S32 "v128.load32x2_s" V128 8;
        V128U32 "v128.load32x2_u" V128 8;
    }
}

accesses! {
    /// What a store writes.
    StoreKind {
        I32 "i32.store" I32 4;
        I32Low8 "i32.store8" I32 1;
        I32Low16 "i32.store16" I32 2;
        I64 "i64.store" I64 8;
        F32 "f32.store" F32 4;
        F64 "f64.store" F64 8;
        V128 "v128.store" V128 16;
        V128Low16 "v128.store16_lane" V128 2;
        V128Low32 "v128.store32_lane" V128 4;
        V128Low64 "v128.store64_lane" V128 8;
    }
}
