//! What operations give on constants: exactly what Wasm would compute. In: an operation and constants. Out: a constant.
//!
//! Nothing is folded that traps, or whose result is a NaN made by arithmetic: Wasm leaves the bits of those open,
//! and a program can see them.

use crate::ssa::{Binary, Const, Unary};

/// A constant of 32 bits of truth.
pub(crate) fn truth(value: bool) -> Const {
    Const::I32(i32::from(value))
}

/// The result of `op` on `value`, if it is certain.
pub(crate) fn unary(op: Unary, value: Const) -> Option<Const> {
    match value {
        Const::I32(value) => unary_i32(op, value),
        Const::I64(value) => unary_i64(op, value),
        Const::F32(bits) => unary_f32(op, bits),
        Const::F64(bits) => unary_f64(op, bits),
        Const::V128(_) => None,
    }
}

fn float32(value: f32) -> Option<Const> {
    (!value.is_nan()).then_some(Const::F32(value.to_bits()))
}

fn float64(value: f64) -> Option<Const> {
    (!value.is_nan()).then_some(Const::F64(value.to_bits()))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
fn unary_i32(op: Unary, value: i32) -> Option<Const> {
    Some(match op {
        Unary::I32Eqz => truth(value == 0),
        Unary::I32Clz => Const::I32(value.leading_zeros() as i32),
        Unary::I32Ctz => Const::I32(value.trailing_zeros() as i32),
        Unary::I32Popcnt => Const::I32(value.count_ones() as i32),
        Unary::I32Extend8S => Const::I32(i32::from(value as i8)),
        Unary::I32Extend16S => Const::I32(i32::from(value as i16)),
        Unary::I64ExtendI32S => Const::I64(i64::from(value)),
        Unary::I64ExtendI32U => Const::I64(i64::from(value as u32)),
        Unary::F32ConvertI32S => Const::F32((value as f32).to_bits()),
        Unary::F32ConvertI32U => Const::F32((value as u32 as f32).to_bits()),
        Unary::F64ConvertI32S => Const::f64(f64::from(value)),
        Unary::F64ConvertI32U => Const::f64(f64::from(value as u32)),
        Unary::F32ReinterpretI32 => Const::F32(value as u32),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
fn unary_i64(op: Unary, value: i64) -> Option<Const> {
    Some(match op {
        Unary::I64Eqz => truth(value == 0),
        Unary::I64Clz => Const::I64(i64::from(value.leading_zeros())),
        Unary::I64Ctz => Const::I64(i64::from(value.trailing_zeros())),
        Unary::I64Popcnt => Const::I64(i64::from(value.count_ones())),
        Unary::I32WrapI64 => Const::I32(value as i32),
        Unary::F32ConvertI64S => Const::F32((value as f32).to_bits()),
        Unary::F32ConvertI64U => Const::F32((value as u64 as f32).to_bits()),
        Unary::F64ConvertI64S => Const::f64(value as f64),
        Unary::F64ConvertI64U => Const::f64(value as u64 as f64),
        Unary::F64ReinterpretI64 => Const::F64(value as u64),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
fn unary_f32(op: Unary, bits: u32) -> Option<Const> {
    let value = f32::from_bits(bits);
    match op {
        Unary::F32Abs => Some(Const::F32(bits & !(1 << 31))),
        Unary::F32Neg => Some(Const::F32(bits ^ (1 << 31))),
        Unary::F32Sqrt => float32(value.sqrt()),
        Unary::F32Ceil => float32(value.ceil()),
        Unary::F32Floor => float32(value.floor()),
        Unary::F32Trunc => float32(value.trunc()),
        Unary::F32Nearest => float32(value.round_ties_even()),
        Unary::F64PromoteF32 => float64(f64::from(value)),
        Unary::I32ReinterpretF32 => Some(Const::I32(bits as i32)),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
fn unary_f64(op: Unary, bits: u64) -> Option<Const> {
    let value = f64::from_bits(bits);
    match op {
        Unary::F64Abs => Some(Const::F64(bits & !(1 << 63))),
        Unary::F64Neg => Some(Const::F64(bits ^ (1 << 63))),
        Unary::F64Sqrt => float64(value.sqrt()),
        Unary::F64Ceil => float64(value.ceil()),
        Unary::F64Floor => float64(value.floor()),
        Unary::F64Trunc => float64(value.trunc()),
        Unary::F64Nearest => float64(value.round_ties_even()),
        Unary::F32DemoteF64 => float32(value as f32),
        // Rust's `as` saturates and takes NaN to 0, as Wasm's `trunc_sat` does.
        Unary::I32TruncSatF64S => Some(Const::I32(value as i32)),
        Unary::I32TruncSatF64U => Some(Const::I32(value as u32 as i32)),
        Unary::I64TruncSatF64S => Some(Const::I64(value as i64)),
        Unary::I64TruncSatF64U => Some(Const::I64(value as u64 as i64)),
        Unary::I64ReinterpretF64 => Some(Const::I64(bits as i64)),
        _ => None,
    }
}

/// The result of `op` on `left` and `right`, if it is certain.
pub(crate) fn binary(op: Binary, left: Const, right: Const) -> Option<Const> {
    match (left, right) {
        (Const::I32(left), Const::I32(right)) => binary_i32(op, left, right),
        (Const::I64(left), Const::I64(right)) => binary_i64(op, left, right),
        (Const::F32(left), Const::F32(right)) => binary_f32(op, f32::from_bits(left), f32::from_bits(right)),
        (Const::F64(left), Const::F64(right)) => binary_f64(op, f64::from_bits(left), f64::from_bits(right)),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
fn binary_i32(op: Binary, left: i32, right: i32) -> Option<Const> {
    let (unsigned_left, unsigned_right) = (left as u32, right as u32);
    Some(Const::I32(match op {
        Binary::I32Add => left.wrapping_add(right),
        Binary::I32Sub => left.wrapping_sub(right),
        Binary::I32Mul => left.wrapping_mul(right),
        Binary::I32DivS => left.checked_div(right)?,
        Binary::I32DivU => unsigned_left.checked_div(unsigned_right)? as i32,
        Binary::I32RemS if right != 0 => left.wrapping_rem(right),
        Binary::I32RemU => unsigned_left.checked_rem(unsigned_right)? as i32,
        Binary::I32And => left & right,
        Binary::I32Or => left | right,
        Binary::I32Xor => left ^ right,
        Binary::I32Shl => left.wrapping_shl(unsigned_right),
        Binary::I32ShrS => left.wrapping_shr(unsigned_right),
        Binary::I32ShrU => unsigned_left.wrapping_shr(unsigned_right) as i32,
        Binary::I32Rotl => left.rotate_left(unsigned_right % 32),
        Binary::I32Eq => i32::from(left == right),
        Binary::I32Ne => i32::from(left != right),
        Binary::I32LtS => i32::from(left < right),
        Binary::I32LtU => i32::from(unsigned_left < unsigned_right),
        Binary::I32GtS => i32::from(left > right),
        Binary::I32GtU => i32::from(unsigned_left > unsigned_right),
        Binary::I32LeS => i32::from(left <= right),
        Binary::I32LeU => i32::from(unsigned_left <= unsigned_right),
        Binary::I32GeS => i32::from(left >= right),
        Binary::I32GeU => i32::from(unsigned_left >= unsigned_right),
        _ => return None,
    }))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
fn binary_i64(op: Binary, left: i64, right: i64) -> Option<Const> {
    let (unsigned_left, unsigned_right) = (left as u64, right as u64);
    // Wasm takes the count modulo 64, so its low 32 bits are enough.
    let count = right as u32;
    Some(match op {
        Binary::I64Add => Const::I64(left.wrapping_add(right)),
        Binary::I64Sub => Const::I64(left.wrapping_sub(right)),
        Binary::I64Mul => Const::I64(left.wrapping_mul(right)),
        Binary::I64DivS => Const::I64(left.checked_div(right)?),
        Binary::I64DivU => Const::I64(unsigned_left.checked_div(unsigned_right)? as i64),
        Binary::I64RemS if right != 0 => Const::I64(left.wrapping_rem(right)),
        Binary::I64RemU => Const::I64(unsigned_left.checked_rem(unsigned_right)? as i64),
        Binary::I64And => Const::I64(left & right),
        Binary::I64Or => Const::I64(left | right),
        Binary::I64Xor => Const::I64(left ^ right),
        Binary::I64Shl => Const::I64(left.wrapping_shl(count)),
        Binary::I64ShrS => Const::I64(left.wrapping_shr(count)),
        Binary::I64ShrU => Const::I64(unsigned_left.wrapping_shr(count) as i64),
        Binary::I64Rotl => Const::I64(left.rotate_left(count % 64)),
        Binary::I64Eq => truth(left == right),
        Binary::I64Ne => truth(left != right),
        Binary::I64LtS => truth(left < right),
        Binary::I64LtU => truth(unsigned_left < unsigned_right),
        Binary::I64GtS => truth(left > right),
        Binary::I64GtU => truth(unsigned_left > unsigned_right),
        Binary::I64LeS => truth(left <= right),
        Binary::I64LeU => truth(unsigned_left <= unsigned_right),
        Binary::I64GeS => truth(left >= right),
        Binary::I64GeU => truth(unsigned_left >= unsigned_right),
        Binary::I64AddOverflows => truth(left.checked_add(right).is_none()),
        Binary::I64SubOverflows => truth(left.checked_sub(right).is_none()),
        Binary::I64MulOverflows => truth(left.checked_mul(right).is_none()),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
#[expect(clippy::float_cmp, reason = "this is what the program compares")]
fn binary_f32(op: Binary, left: f32, right: f32) -> Option<Const> {
    match op {
        Binary::F32Add => float32(left + right),
        Binary::F32Sub => float32(left - right),
        Binary::F32Mul => float32(left * right),
        Binary::F32Div => float32(left / right),
        Binary::F32Min if !left.is_nan() && !right.is_nan() => {
            // min(-0, 0) is -0.
            Some(Const::F32(
                if left < right || (left == right && left.is_sign_negative()) { left } else { right }.to_bits(),
            ))
        }
        Binary::F32Max if !left.is_nan() && !right.is_nan() => Some(Const::F32(
            if left > right || (left == right && left.is_sign_positive()) { left } else { right }.to_bits(),
        )),
        Binary::F32Copysign => Some(Const::F32(left.copysign(right).to_bits())),
        Binary::F32Eq => Some(truth(left == right)),
        Binary::F32Ne => Some(truth(left != right)),
        Binary::F32Lt => Some(truth(left < right)),
        Binary::F32Gt => Some(truth(left > right)),
        Binary::F32Le => Some(truth(left <= right)),
        Binary::F32Ge => Some(truth(left >= right)),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "operations on other types; the verifier keeps them away")]
#[expect(clippy::float_cmp, reason = "this is what the program compares")]
fn binary_f64(op: Binary, left: f64, right: f64) -> Option<Const> {
    match op {
        Binary::F64Add => float64(left + right),
        Binary::F64Sub => float64(left - right),
        Binary::F64Mul => float64(left * right),
        Binary::F64Div => float64(left / right),
        Binary::F64Min if !left.is_nan() && !right.is_nan() => {
            // min(-0, 0) is -0.
            Some(Const::f64(if left < right || (left == right && left.is_sign_negative()) { left } else { right }))
        }
        Binary::F64Max if !left.is_nan() && !right.is_nan() => {
            Some(Const::f64(if left > right || (left == right && left.is_sign_positive()) { left } else { right }))
        }
        Binary::F64Copysign => Some(Const::f64(left.copysign(right))),
        Binary::F64Eq => Some(truth(left == right)),
        Binary::F64Ne => Some(truth(left != right)),
        Binary::F64Lt => Some(truth(left < right)),
        Binary::F64Gt => Some(truth(left > right)),
        Binary::F64Le => Some(truth(left <= right)),
        Binary::F64Ge => Some(truth(left >= right)),
        _ => None,
    }
}
