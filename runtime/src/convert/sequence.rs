//! Slices and vectors across the border: as lists, or as arrays of one dimension. In: items or parts. Out: the
//! other of the two.

use super::value::{lift_list, lower_list};
use super::{FromKernel, Refused, ToKernel, Typed, Update, mismatch, unlike};
use crate::heap::{Heap, Part};
use kukri_compiler::types::{Dtype, Type};

impl<T: ToKernel> ToKernel for [T] {
    /// A list of what its first item is that says so.
    fn natural_type(&self) -> Type {
        let first = self.iter().map(ToKernel::natural_type).find(|ty| *ty != Type::None);
        Type::list(first.unwrap_or_else(T::absent_type))
    }

    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        match ty {
            Type::List(item) => lower_list(self, item, heap, out),
            Type::Array { dtype, ndim: 1, .. } => {
                let content = T::pack(self, *dtype).ok_or_else(|| mismatch(ty, self.natural_type()))?;
                Ok(heap.new_array(*dtype, &[self.len()], false, &content, out)?)
            }
            Type::Bytes => {
                let content = T::pack(self, Dtype::U8).ok_or_else(|| mismatch(ty, self.natural_type()))?;
                out.push(Part::I32(heap.new_bytes(&content)?));
                Ok(())
            }
            _ => Err(mismatch(ty, self.natural_type())),
        }
    }
}

impl<T: ToKernel> ToKernel for Vec<T> {
    fn natural_type(&self) -> Type {
        self.as_slice().natural_type()
    }
    fn absent_type() -> Type {
        Type::list(T::absent_type())
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        self.as_slice().lower(ty, heap, out)
    }
}

impl<T: ToKernel, const N: usize> ToKernel for [T; N] {
    fn natural_type(&self) -> Type {
        self.as_slice().natural_type()
    }
    fn absent_type() -> Type {
        Type::list(T::absent_type())
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        self.as_slice().lower(ty, heap, out)
    }
}

impl<T: Typed> Typed for Vec<T> {
    fn kernel_type() -> Type {
        Type::list(T::kernel_type())
    }
}

impl<T: FromKernel> FromKernel for Vec<T> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        match (ty, parts) {
            (Type::List(item), [Part::I32(list)]) => lift_list(*list, item, heap),
            (Type::Array { dtype, ndim: 1, .. }, parts) => {
                let (_, bytes) = heap.array(*dtype, parts)?;
                T::unpack(&bytes, *dtype).ok_or_else(|| unlike::<Self>(ty))
            }
            (Type::Bytes, [Part::I32(address)]) => {
                T::unpack(&heap.content(*address)?, Dtype::U8).ok_or_else(|| unlike::<Self>(ty))
            }
            _ => Err(unlike::<Self>(ty)),
        }
    }
}

impl<T: ToKernel + FromKernel> Update for Vec<T> {
    fn update(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
        *self = Self::lift(ty, heap, parts)?;
        Ok(())
    }
}

impl<T: ToKernel + FromKernel> Update for [T] {
    fn update(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
        let items = Vec::lift(ty, heap, parts)?;
        if items.len() != self.len() {
            return Err(Refused::Mismatch(format!(
                "a list of {} items, and a slice of {} cannot become that: pass a `&mut Vec`",
                items.len(),
                self.len()
            )));
        }
        self.iter_mut().zip(items).for_each(|(old, new)| *old = new);
        Ok(())
    }
}

impl<T: ToKernel + FromKernel, const N: usize> Update for [T; N] {
    fn update(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
        self.as_mut_slice().update(ty, heap, parts)
    }
}
