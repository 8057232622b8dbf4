//! Dicts and sets across the border: results only. In: parts. Out: maps and sets of the standard library.

use super::{FromKernel, Refused, unlike};
use crate::heap::{Heap, Part};
use kukri_compiler::types::Type;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

/// The entries of a dict, in their order.
fn entries<M, K: FromKernel, V: FromKernel>(
    ty: &Type,
    heap: &Heap<'_>,
    parts: &[Part],
) -> Result<Vec<(K, V)>, Refused> {
    let (Type::Dict(key, value), [Part::I32(address)]) = (ty, parts) else { return Err(unlike::<M>(ty)) };
    let load = |(key_at, value_at)| {
        Ok((K::lift(key, heap, &heap.load(key, key_at)?)?, V::lift(value, heap, &heap.load(value, value_at)?)?))
    };
    heap.entries(*address, key, Some(value))?.into_iter().map(load).collect()
}

/// The items of a set.
fn items<S, T: FromKernel>(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Vec<T>, Refused> {
    let (Type::Set(item), [Part::I32(address)]) = (ty, parts) else { return Err(unlike::<S>(ty)) };
    let load = |(at, _)| T::lift(item, heap, &heap.load(item, at)?);
    heap.entries(*address, item, None)?.into_iter().map(load).collect()
}

impl<K: FromKernel + Ord, V: FromKernel> FromKernel for BTreeMap<K, V> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        entries::<Self, K, V>(ty, heap, parts).map(Self::from_iter)
    }
}

impl<K: FromKernel + Eq + Hash, V: FromKernel, S: BuildHasher + Default> FromKernel for HashMap<K, V, S> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        entries::<Self, K, V>(ty, heap, parts).map(Self::from_iter)
    }
}

impl<T: FromKernel + Ord> FromKernel for BTreeSet<T> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        items::<Self, T>(ty, heap, parts).map(Self::from_iter)
    }
}

impl<T: FromKernel + Eq + Hash, S: BuildHasher + Default> FromKernel for HashSet<T, S> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        items::<Self, T>(ty, heap, parts).map(Self::from_iter)
    }
}
