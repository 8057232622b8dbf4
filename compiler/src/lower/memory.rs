//! Values in memory: items of lists, contents of cells, elements of arrays. In: addresses. Out: parts, and back.

use super::Body;
use crate::arena::Id;
use crate::ssa::{self, LoadKind, StoreKind, Value};
use crate::types::{Dtype, Type};

/// How a part lies in memory as it is.
fn load_kind(ty: ssa::Type) -> LoadKind {
    match ty {
        ssa::Type::I32 => LoadKind::I32,
        ssa::Type::I64 => LoadKind::I64,
        ssa::Type::F32 => LoadKind::F32,
        ssa::Type::F64 => LoadKind::F64,
        ssa::Type::V128 => unreachable!("no Python value has a part of type v128"),
    }
}

fn store_kind(ty: ssa::Type) -> StoreKind {
    match ty {
        ssa::Type::I32 => StoreKind::I32,
        ssa::Type::I64 => StoreKind::I64,
        ssa::Type::F32 => StoreKind::F32,
        ssa::Type::F64 => StoreKind::F64,
        ssa::Type::V128 => unreachable!("no Python value has a part of type v128"),
    }
}

/// How the parts of an array element lie in memory: widened as `Dtype::flatten` says.
fn element_kinds(dtype: Dtype) -> &'static [(LoadKind, StoreKind)] {
    match dtype {
        Dtype::Bool | Dtype::U8 => &[(LoadKind::I32U8, StoreKind::I32Low8)],
        Dtype::I8 => &[(LoadKind::I32S8, StoreKind::I32Low8)],
        Dtype::U16 => &[(LoadKind::I32U16, StoreKind::I32Low16)],
        Dtype::I16 => &[(LoadKind::I32S16, StoreKind::I32Low16)],
        Dtype::I32 | Dtype::U32 => &[(LoadKind::I32, StoreKind::I32)],
        Dtype::I64 | Dtype::U64 => &[(LoadKind::I64, StoreKind::I64)],
        Dtype::F32 => &[(LoadKind::F32, StoreKind::F32)],
        Dtype::F64 => &[(LoadKind::F64, StoreKind::F64)],
        Dtype::C64 => &[(LoadKind::F32, StoreKind::F32); 2],
        Dtype::C128 => &[(LoadKind::F64, StoreKind::F64); 2],
    }
}

impl Body<'_, '_> {
    /// Reads a value laid out as `Type::layout` says; nothing is counted.
    pub fn load_value(&mut self, ty: &Type, address: Id<Value>, offset: u32) -> Vec<Id<Value>> {
        let parts = ty.layout().parts;
        parts.into_iter().map(|(at, ty)| self.builder.load(load_kind(ty), address, offset + at)).collect()
    }

    /// Writes a value laid out as `Type::layout` says; nothing is counted.
    pub fn store_value(&mut self, ty: &Type, address: Id<Value>, offset: u32, parts: &[Id<Value>]) {
        for ((at, ty), part) in ty.layout().parts.into_iter().zip(parts) {
            self.builder.store(store_kind(ty), address, offset + at, *part);
        }
    }

    /// Reads an array element as a scalar of its dtype.
    pub fn load_element(&mut self, dtype: Dtype, address: Id<Value>) -> Vec<Id<Value>> {
        let kinds = element_kinds(dtype);
        let step = dtype.size() / kinds.len() as u32;
        kinds.iter().zip(0..).map(|((kind, _), at)| self.builder.load(*kind, address, at * step)).collect()
    }

    /// Writes a scalar of the dtype as an array element.
    pub fn store_element(&mut self, dtype: Dtype, address: Id<Value>, parts: &[Id<Value>]) {
        let kinds = element_kinds(dtype);
        let step = dtype.size() / kinds.len() as u32;
        for (((_, kind), part), at) in kinds.iter().zip(parts).zip(0..) {
            self.builder.store(*kind, address, at * step, *part);
        }
    }
}
