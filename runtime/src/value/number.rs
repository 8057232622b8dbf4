//! Numbers as bytes of an array's elements. In: `Dtype` and bytes, or numbers. Out: the other of the two.

use super::Value;
use kukri_compiler::types::Dtype;
use num_complex::Complex;

/// The element of this type in the first bytes of `bytes`, as a `Bool`, `Int`, `Float` or `Complex`.
pub(crate) fn from_bytes(dtype: Dtype, bytes: &[u8]) -> Value {
    let mut wide = [0; 16];
    wide[..dtype.size() as usize].copy_from_slice(&bytes[..dtype.size() as usize]);
    let low = i128::from_le_bytes(wide);
    let f32_at = |at: usize| f64::from(f32::from_bits((low >> (8 * at)) as u32));
    let f64_at = |at: usize| f64::from_bits((low >> (8 * at)) as u64);
    match dtype {
        Dtype::Bool => Value::Bool(low != 0),
        Dtype::I8 => Value::Int((low as i8).into()),
        Dtype::I16 => Value::Int((low as i16).into()),
        Dtype::I32 => Value::Int((low as i32).into()),
        Dtype::I64 => Value::Int((low as i64).into()),
        Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => Value::Int(low),
        Dtype::F32 => Value::Float(f32_at(0)),
        Dtype::F64 => Value::Float(f64_at(0)),
        Dtype::C64 => Value::Complex(Complex::new(f32_at(0), f32_at(4))),
        Dtype::C128 => Value::Complex(Complex::new(f64_at(0), f64_at(8))),
    }
}

/// Appends a number as an element of this type; false if the number does not fit it.
pub(crate) fn to_bytes(dtype: Dtype, value: &Value, out: &mut Vec<u8>) -> bool {
    let Some(number) = complex_of(value) else { return false };
    match dtype {
        Dtype::Bool => match value {
            Value::Bool(value) => out.push((*value).into()),
            _ => return false,
        },
        Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 | Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => {
            match integer_of(value) {
                Some(value) if fits(dtype, value) => {
                    out.extend_from_slice(&value.to_le_bytes()[..dtype.size() as usize]);
                }
                _ => return false,
            }
        }
        Dtype::F32 | Dtype::F64 if matches!(inner(value), Value::Complex(_)) => return false,
        Dtype::F32 => out.extend_from_slice(&(number.re as f32).to_le_bytes()),
        Dtype::F64 => out.extend_from_slice(&number.re.to_le_bytes()),
        Dtype::C64 => {
            out.extend_from_slice(&(number.re as f32).to_le_bytes());
            out.extend_from_slice(&(number.im as f32).to_le_bytes());
        }
        Dtype::C128 => {
            out.extend_from_slice(&number.re.to_le_bytes());
            out.extend_from_slice(&number.im.to_le_bytes());
        }
    }
    true
}

/// The number inside a NumPy scalar, or the value itself.
pub(crate) fn inner(value: &Value) -> &Value {
    if let Value::Scalar(_, value) = value { value } else { value }
}

/// An `int` or `bool`.
pub(crate) fn integer_of(value: &Value) -> Option<i128> {
    match inner(value) {
        Value::Int(value) => Some(*value),
        Value::Bool(value) => Some((*value).into()),
        _ => None,
    }
}

/// Any number.
pub(crate) fn complex_of(value: &Value) -> Option<Complex<f64>> {
    match inner(value) {
        Value::Complex(value) => Some(*value),
        Value::Float(value) => Some(Complex::new(*value, 0.0)),
        other => integer_of(other).map(|value| Complex::new(value as f64, 0.0)),
    }
}

/// Whether an integer type holds this value.
pub(crate) fn fits(dtype: Dtype, value: i128) -> bool {
    let bits = 8 * dtype.size();
    if dtype.is_signed() {
        value >= -(1 << (bits - 1)) && value < 1 << (bits - 1)
    } else {
        (0..1 << bits).contains(&value)
    }
}
