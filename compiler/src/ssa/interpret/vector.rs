//! What operations on vectors give: what the operation on scalars gives in every lane.

use super::int;
use crate::ssa::{Binary, Const, LoadKind, Shape, Type, Unary};

/// The bits of a vector.
pub(super) fn bits(value: Const) -> u128 {
    match value {
        Const::V128(bits) => bits,
        other => panic!("verified SSA has a v128 here, not {other:?}"),
    }
}

/// One lane as a scalar; narrow integers with their sign or without.
fn lane(shape: Shape, bits: u128, at: u32, signed: bool) -> Const {
    let bits = (bits >> (at * shape.bits())) as u64;
    match shape {
        Shape::I8x16 => Const::I32(if signed { i32::from(bits as i8) } else { i32::from(bits as u8) }),
        Shape::I16x8 => Const::I32(if signed { i32::from(bits as i16) } else { i32::from(bits as u16) }),
        Shape::I32x4 => Const::I32(bits as i32),
        Shape::I64x2 => Const::I64(bits as i64),
        Shape::F32x4 => Const::F32(bits as u32),
        Shape::F64x2 => Const::F64(bits),
    }
}

/// Puts scalars into the lanes, the first lowest; lanes without one are 0.
fn vector(shape: Shape, lanes: impl IntoIterator<Item = Const>) -> Const {
    let mut bits = 0;
    for (at, lane) in lanes.into_iter().enumerate() {
        let lane = match lane {
            Const::I32(value) => value as u32 as u64,
            Const::I64(value) => value as u64,
            Const::F32(bits) => u64::from(bits),
            Const::F64(bits) => bits,
            Const::V128(_) => panic!("a lane is a scalar"),
        };
        bits |= (u128::from(lane) & ((1 << shape.bits()) - 1)) << (at as u32 * shape.bits());
    }
    Const::V128(bits)
}

fn count(shape: Shape) -> u32 {
    128 / shape.bits()
}

pub(super) fn shuffle(bytes: [u8; 16], left: u128, right: u128) -> Const {
    let both = [left.to_le_bytes(), right.to_le_bytes()].concat();
    Const::V128(u128::from_le_bytes(bytes.map(|byte| both[usize::from(byte)])))
}

/// The operations that are not the same one in every lane.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others are none of these")]
pub(super) fn unary(op: Unary, operand: Const) -> Option<Const> {
    if op.operand() != Type::V128 {
        let shape = [Shape::I8x16, Shape::I16x8, Shape::I32x4, Shape::I64x2, Shape::F32x4, Shape::F64x2]
            .into_iter()
            .find(|shape| shape.splat() == op)?;
        return Some(vector(shape, (0..count(shape)).map(|_| operand)));
    }
    let bits = bits(operand);
    if let Some((shape, scalar)) = op.lanes() {
        return Some(vector(shape, (0..count(shape)).map(|at| super::unary(scalar, lane(shape, bits, at, false)))));
    }
    let convert = |from: Shape, signed: bool, to: Shape, scalar: Option<Unary>| {
        let lanes = (0..count(from).min(count(to))).map(|at| {
            let lane = lane(from, bits, at, signed);
            scalar.map_or(lane, |scalar| super::unary(scalar, lane))
        });
        Some(vector(to, lanes))
    };
    let extract = |shape: Shape, at: u32| Some(lane(shape, bits, at, false));
    match op {
        Unary::V128Not => Some(Const::V128(!bits)),
        Unary::V128AnyTrue => Some(Const::I32(i32::from(bits != 0))),
        Unary::I16x8ExtendLowI8x16S => convert(Shape::I8x16, true, Shape::I16x8, None),
        Unary::I16x8ExtendLowI8x16U => convert(Shape::I8x16, false, Shape::I16x8, None),
        Unary::I32x4ExtendLowI16x8S => convert(Shape::I16x8, true, Shape::I32x4, None),
        Unary::I32x4ExtendLowI16x8U => convert(Shape::I16x8, false, Shape::I32x4, None),
        Unary::I64x2ExtendLowI32x4S => convert(Shape::I32x4, true, Shape::I64x2, Some(Unary::I64ExtendI32S)),
        Unary::I64x2ExtendLowI32x4U => convert(Shape::I32x4, false, Shape::I64x2, Some(Unary::I64ExtendI32U)),
        Unary::F64x2PromoteLowF32x4 => convert(Shape::F32x4, false, Shape::F64x2, Some(Unary::F64PromoteF32)),
        Unary::F32x4DemoteF64x2Zero => convert(Shape::F64x2, false, Shape::F32x4, Some(Unary::F32DemoteF64)),
        Unary::F64x2ConvertLowI32x4S => convert(Shape::I32x4, true, Shape::F64x2, Some(Unary::F64ConvertI32S)),
        Unary::F64x2ConvertLowI32x4U => convert(Shape::I32x4, false, Shape::F64x2, Some(Unary::F64ConvertI32U)),
        Unary::F32x4ConvertI32x4S => convert(Shape::I32x4, true, Shape::F32x4, Some(Unary::F32ConvertI32S)),
        Unary::F32x4ConvertI32x4U => convert(Shape::I32x4, false, Shape::F32x4, Some(Unary::F32ConvertI32U)),
        Unary::I32x4ExtractLane0 => extract(Shape::I32x4, 0),
        Unary::I32x4ExtractLane1 => extract(Shape::I32x4, 1),
        Unary::I32x4ExtractLane2 => extract(Shape::I32x4, 2),
        Unary::I32x4ExtractLane3 => extract(Shape::I32x4, 3),
        Unary::I64x2ExtractLane0 => extract(Shape::I64x2, 0),
        Unary::I64x2ExtractLane1 => extract(Shape::I64x2, 1),
        Unary::F32x4ExtractLane0 => extract(Shape::F32x4, 0),
        Unary::F32x4ExtractLane1 => extract(Shape::F32x4, 1),
        Unary::F32x4ExtractLane2 => extract(Shape::F32x4, 2),
        Unary::F32x4ExtractLane3 => extract(Shape::F32x4, 3),
        Unary::F64x2ExtractLane0 => extract(Shape::F64x2, 0),
        Unary::F64x2ExtractLane1 => extract(Shape::F64x2, 1),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are none of these")]
pub(super) fn binary(op: Binary, left: Const, right: Const) -> Option<Const> {
    if op.operand() != Type::V128 {
        return None;
    }
    let a = bits(left);
    if let Some((shape, scalar)) = op.lanes() {
        let signed = !matches!(
            scalar,
            Binary::I32LtU | Binary::I32GtU | Binary::I32LeU | Binary::I32GeU | Binary::I32ShrU | Binary::I64ShrU
        );
        let compares = scalar.result() == Type::I32 && (scalar.operand() != Type::I32 || is_comparison(scalar));
        let lanes = (0..count(shape)).map(|at| {
            let first = lane(shape, a, at, signed);
            let second = match right {
                Const::V128(b) => lane(shape, b, at, signed),
                // The count of a shift, modulo the width of a lane.
                other => {
                    let by = int(other) as u32 % shape.bits();
                    if shape == Shape::I64x2 { Const::I64(i64::from(by)) } else { Const::I32(by as i32) }
                }
            };
            let result = super::binary(scalar, first, second).expect("no operation on lanes traps");
            match result {
                Const::I32(0) if compares => Const::I64(0),
                _ if compares => Const::I64(-1),
                other => other,
            }
        });
        return Some(vector(shape, lanes));
    }
    let b = bits(right);
    let pick = |shape: Shape, less: Binary, swapped: bool| {
        let lanes = (0..count(shape)).map(|at| {
            let [x, y] = [a, b].map(|bits| lane(shape, bits, at, false));
            // pmin(x, y) is y < x ? y : x, and pmax(x, y) is x < y ? y : x.
            let (first, second) = if swapped { (x, y) } else { (y, x) };
            if super::binary(less, first, second) == Some(Const::I32(1)) { y } else { x }
        });
        Some(vector(shape, lanes))
    };
    let narrow = |from: Shape, to: Shape, low: i32, high: i32| {
        let lanes = [a, b].into_iter().flat_map(|bits| {
            (0..count(from)).map(move |at| Const::I32(int(lane(from, bits, at, true)).clamp(low, high)))
        });
        Some(vector(to, lanes))
    };
    match op {
        Binary::V128And => Some(Const::V128(a & b)),
        Binary::V128Or => Some(Const::V128(a | b)),
        Binary::V128Xor => Some(Const::V128(a ^ b)),
        Binary::V128AndNot => Some(Const::V128(a & !b)),
        Binary::F32x4PMin => pick(Shape::F32x4, Binary::F32Lt, false),
        Binary::F64x2PMin => pick(Shape::F64x2, Binary::F64Lt, false),
        Binary::F32x4PMax => pick(Shape::F32x4, Binary::F32Lt, true),
        Binary::F64x2PMax => pick(Shape::F64x2, Binary::F64Lt, true),
        Binary::I8x16NarrowI16x8S => narrow(Shape::I16x8, Shape::I8x16, -128, 127),
        Binary::I8x16NarrowI16x8U => narrow(Shape::I16x8, Shape::I8x16, 0, 255),
        Binary::I16x8NarrowI32x4S => narrow(Shape::I32x4, Shape::I16x8, -32768, 32767),
        Binary::I16x8NarrowI32x4U => narrow(Shape::I32x4, Shape::I16x8, 0, 65535),
        _ => None,
    }
}

fn is_comparison(op: Binary) -> bool {
    matches!(crate::opt::integer::split(op), Some((_, crate::opt::integer::Op::Compare(_))))
}

/// What a load of a vector gives, of the bytes that it reads.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others load scalars")]
pub(super) fn load(kind: LoadKind, bytes: &[u8]) -> Const {
    let mut all = [0; 16];
    all[..bytes.len()].copy_from_slice(bytes);
    let bits = u128::from_le_bytes(all);
    let widened = |op: Unary| super::unary(op, Const::V128(bits));
    let repeated = |shape: Shape| vector(shape, (0..count(shape)).map(|_| lane(shape, bits, 0, false)));
    match kind {
        LoadKind::V128 | LoadKind::V128Low64 | LoadKind::V128Low32 => Const::V128(bits),
        LoadKind::V128Splat8 => repeated(Shape::I8x16),
        LoadKind::V128Splat16 => repeated(Shape::I16x8),
        LoadKind::V128Splat32 => repeated(Shape::I32x4),
        LoadKind::V128Splat64 => repeated(Shape::I64x2),
        LoadKind::V128S8 => widened(Unary::I16x8ExtendLowI8x16S),
        LoadKind::V128U8 => widened(Unary::I16x8ExtendLowI8x16U),
        LoadKind::V128S16 => widened(Unary::I32x4ExtendLowI16x8S),
        LoadKind::V128U16 => widened(Unary::I32x4ExtendLowI16x8U),
        LoadKind::V128S32 => widened(Unary::I64x2ExtendLowI32x4S),
        LoadKind::V128U32 => widened(Unary::I64x2ExtendLowI32x4U),
        other => panic!("{} loads no vector", other.name()),
    }
}
