//! Numbers that are known at compile time. In: HIR constants. Out: their parts, and their bytes in memory.

use crate::infer::hir::{Expr, ExprKind};
use crate::ssa::Const;
use crate::types::{Dtype, Type};

/// The parts of a constant number, or of a tuple of such.
pub(super) fn parts(expr: &Expr) -> Option<Vec<Const>> {
    match &expr.kind {
        ExprKind::Bool(value) => Some(vec![Const::I32(i32::from(*value))]),
        ExprKind::Int(value) => Some(int(*value, &expr.ty)),
        ExprKind::Float(value) => Some(vec![float(*value, &expr.ty)]),
        ExprKind::Complex(re, im) => Some(vec![float(*re, &expr.ty), float(*im, &expr.ty)]),
        ExprKind::Tuple(items) => {
            items.iter().map(parts).collect::<Option<Vec<_>>>().map(|items| items.into_iter().flatten().collect())
        }
        _ => None,
    }
}

fn int(value: i64, ty: &Type) -> Vec<Const> {
    let constant = match ty {
        Type::Ptr => Const::I32(value as i32),
        Type::Bool | Type::Scalar(Dtype::Bool) => Const::I32(i32::from(value != 0)),
        Type::Scalar(Dtype::I8) => Const::I32(i32::from(value as i8)),
        Type::Scalar(Dtype::U8) => Const::I32(i32::from(value as u8)),
        Type::Scalar(Dtype::I16) => Const::I32(i32::from(value as i16)),
        Type::Scalar(Dtype::U16) => Const::I32(i32::from(value as u16)),
        Type::Scalar(Dtype::I32 | Dtype::U32) => Const::I32(value as i32),
        Type::Float | Type::Scalar(Dtype::F32 | Dtype::F64) => float(value as f64, ty),
        Type::Complex | Type::Scalar(Dtype::C64 | Dtype::C128) => {
            return vec![float(value as f64, ty), float(0.0, ty)];
        }
        _ => Const::I64(value),
    };
    vec![constant]
}

fn float(value: f64, ty: &Type) -> Const {
    match ty {
        Type::Scalar(Dtype::F32 | Dtype::C64) => Const::F32((value as f32).to_bits()),
        _ => Const::f64(value),
    }
}

/// The bytes of a list's items, if all are constants that hold no references.
pub(super) fn image(items: &[Expr], ty: &Type) -> Option<Vec<u8>> {
    let layout = ty.layout();
    let mut bytes = Vec::new();
    for item in items.iter() {
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
            }
        }
    }
    Some(bytes)
}
