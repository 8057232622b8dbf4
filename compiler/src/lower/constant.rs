//! Numbers that are known at compile time. In: HIR constants. Out: their parts, and their bytes in memory.

use super::convert::dtype_of;
use crate::infer::hir::{Expr, ExprKind};
use crate::ssa::Const;
use crate::types::{Dtype, Type};

/// The parts of a constant number, or of a tuple of such.
pub(super) fn parts(expr: &Expr) -> Option<Vec<Const>> {
    if let ExprKind::Bool(value) = expr.kind {
        Some(vec![Const::I32(i32::from(value))])
    } else if let ExprKind::Int(value) = expr.kind {
        Some(int(value, &expr.ty))
    } else if let ExprKind::Float(value) = expr.kind {
        Some(floats(&[value], &expr.ty))
    } else if let ExprKind::Complex(re, im) = expr.kind {
        Some(floats(&[re, im], &expr.ty))
    } else if let ExprKind::Tuple(items) = &expr.kind {
        let items: Option<Vec<_>> = items.iter().map(parts).collect();
        items.map(|items| items.into_iter().flatten().collect())
    } else {
        None
    }
}

fn int(value: i64, ty: &Type) -> Vec<Const> {
    let Some(dtype) = dtype_of(ty) else { return vec![Const::I32(value as i32)] };
    match dtype {
        Dtype::Bool => vec![Const::I32(i32::from(value != 0))],
        Dtype::I8 => vec![Const::I32(i32::from(value as i8))],
        Dtype::U8 => vec![Const::I32(i32::from(value as u8))],
        Dtype::I16 => vec![Const::I32(i32::from(value as i16))],
        Dtype::U16 => vec![Const::I32(i32::from(value as u16))],
        Dtype::I32 | Dtype::U32 => vec![Const::I32(value as i32)],
        Dtype::I64 | Dtype::U64 => vec![Const::I64(value)],
        Dtype::F32 | Dtype::F64 => floats(&[value as f64], ty),
        Dtype::C64 | Dtype::C128 => floats(&[value as f64, 0.0], ty),
    }
}

fn floats(values: &[f64], ty: &Type) -> Vec<Const> {
    let single = dtype_of(ty).is_some_and(|dtype| matches!(dtype, Dtype::F32 | Dtype::C64));
    let constant = |value: &f64| if single { Const::F32((*value as f32).to_bits()) } else { Const::f64(*value) };
    values.iter().map(constant).collect()
}

/// The bytes of a list's items, if all are constants that hold no references.
pub(super) fn image(items: &[Expr], ty: &Type) -> Option<Vec<u8>> {
    let layout = ty.layout();
    let mut bytes = Vec::new();
    for item in items {
        let start = bytes.len();
        bytes.resize(start + layout.size as usize, 0);
        let parts = parts(item).filter(|_| item.ty == *ty)?;
        for ((offset, _), part) in layout.parts.iter().zip(parts) {
            let at = start + *offset as usize;
            match part {
                Const::I32(value) => bytes[at..at + 4].copy_from_slice(&value.to_le_bytes()),
                Const::I64(value) => bytes[at..at + 8].copy_from_slice(&value.to_le_bytes()),
                Const::F32(bits) => bytes[at..at + 4].copy_from_slice(&bits.to_le_bytes()),
                Const::F64(bits) => bytes[at..at + 8].copy_from_slice(&bits.to_le_bytes()),
                Const::V128(bits) => bytes[at..at + 16].copy_from_slice(&bits.to_le_bytes()),
            }
        }
    }
    Some(bytes)
}
