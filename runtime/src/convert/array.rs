//! `ndarray` arrays and views across the border. In: arrays or parts. Out: the other of the two.

use super::scalar::{Element, from_bytes, to_bytes};
use super::{FromKernel, Refused, ToKernel, Typed, Update, mismatch, unlike};
use crate::Value;
use crate::heap::{Heap, Part};
use crate::value::Array as DynamicArray;
use kukri_compiler::types::{Order, Type};
use ndarray::{Array, ArrayBase, ArrayD, Data, DataMut, Dimension, IxDyn};

impl<A: Element, S: Data<Elem = A>, D: Dimension> ToKernel for ArrayBase<S, D> {
    fn natural_type(&self) -> Type {
        Type::Array { dtype: A::DTYPE, ndim: self.ndim() as u8, order: Order::C }
    }

    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        match ty {
            Type::Array { dtype, ndim, order } if *dtype == A::DTYPE && usize::from(*ndim) == self.ndim() => {
                let fortran = *order == Order::F;
                // The reversed axes of a column-major array run in C order.
                let content = if fortran { to_bytes(self.t().iter()) } else { to_bytes(self.iter()) };
                Ok(heap.new_array(*dtype, self.shape(), fortran, &content, out)?)
            }
            _ => Err(mismatch(ty, ToKernel::natural_type(self))),
        }
    }

    fn absent_type() -> Type {
        Type::Array { dtype: A::DTYPE, ndim: D::NDIM.unwrap_or(1) as u8, order: Order::C }
    }
}

/// One dimension, where the number of dimensions is not part of the Rust type.
impl<A: Element, D: Dimension> Typed for Array<A, D> {
    fn kernel_type() -> Type {
        Type::Array { dtype: A::DTYPE, ndim: D::NDIM.unwrap_or(1) as u8, order: Order::C }
    }
}

impl<A: Element, D: Dimension> FromKernel for Array<A, D> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        match ty {
            Type::Array { dtype, .. } if *dtype == A::DTYPE => {
                let (shape, bytes) = heap.array(*dtype, parts)?;
                let array = ArrayD::from_shape_vec(IxDyn(&shape), from_bytes(&bytes)).ok();
                let array = array.and_then(|array| array.into_dimensionality().ok());
                array.ok_or_else(|| unlike::<Self>(ty))
            }
            _ => Err(unlike::<Self>(ty)),
        }
    }
}

impl<A: Element, S: DataMut<Elem = A>, D: Dimension> Update for ArrayBase<S, D> {
    fn update(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
        // The kernel cannot change the shape of the array it was passed.
        let new: ArrayD<A> = FromKernel::lift(ty, heap, parts)?;
        self.iter_mut().zip(&new).for_each(|(old, new)| *old = *new);
        Ok(())
    }
}

impl<A: Element, S: Data<Elem = A>, D: Dimension> From<&ArrayBase<S, D>> for Value {
    fn from(array: &ArrayBase<S, D>) -> Self {
        let dynamic = DynamicArray::new(A::DTYPE, array.shape().to_vec(), to_bytes(array.iter()));
        Self::Array(dynamic.expect("an array has as many elements as its shape says"))
    }
}
