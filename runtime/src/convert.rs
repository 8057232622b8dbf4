//! Rust values to kernel values and back. In: Rust values and kernel types. Out: `ToKernel`, `FromKernel`,
//! `Arguments`; `convert/` has them for each kind of type.
//!
//! The table in `lib.rs` says which is which. Arguments are copied into the kernel's memory. What is passed by `&mut`
//! is copied back after the call.

mod array;
mod mapping;
pub(crate) mod scalar;
mod sequence;
mod value;

use crate::heap::{Heap, Part, take};
use crate::{Error, Value};
use kukri_compiler::types::{Dtype, Type};

/// A Rust value that a kernel takes as an argument.
///
/// Implemented for the types in the [table](crate#arrays); it cannot be implemented elsewhere.
pub trait ToKernel {
    /// The type that an un-annotated parameter gets from this argument.
    fn natural_type(&self) -> Type;

    /// Appends the parts of the value as one of type `ty`.
    #[doc(hidden)]
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused>;

    /// Takes over what the kernel changed in the object it was passed.
    #[doc(hidden)]
    fn read_back(&mut self, _ty: &Type, _heap: &Heap<'_>, _parts: &[Part]) -> Result<(), Refused> {
        Ok(())
    }

    /// Whether it is Python's `None`.
    #[doc(hidden)]
    fn is_none(&self) -> bool {
        false
    }

    /// The natural type where there is no value to ask: of the items of an empty list.
    #[doc(hidden)]
    fn absent_type() -> Type
    where
        Self: Sized,
    {
        Type::Float
    }

    /// The items as elements of an array of this type, if they are such in memory.
    #[doc(hidden)]
    fn pack(_items: &[Self], _dtype: Dtype) -> Option<Vec<u8>>
    where
        Self: Sized,
    {
        None
    }
}

/// A Rust value that a kernel gives as a result.
///
/// Implemented for the types in the [table](crate#arrays); it cannot be implemented elsewhere.
pub trait FromKernel: Sized {
    /// Reads the value of type `ty` that is held in `parts`.
    #[doc(hidden)]
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused>;

    /// The elements of an array of this type, if they are such in memory.
    #[doc(hidden)]
    fn unpack(_bytes: &[u8], _dtype: Dtype) -> Option<Vec<Self>> {
        None
    }
}

/// A Rust type that stands for one Python type: what a host function takes and gives.
pub trait Typed: FromKernel {
    /// The Python type.
    fn kernel_type() -> Type;
}

/// What can be changed in place by a kernel: passed as `&mut`.
pub trait Update: ToKernel {
    /// Takes over the content of the kernel's object.
    #[doc(hidden)]
    fn update(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused>;
}

/// The arguments of a call: a tuple of values, or a slice of [`Value`]s.
pub trait Arguments {
    /// How many there are.
    #[doc(hidden)]
    fn count(&self) -> usize;

    /// One type an argument.
    #[doc(hidden)]
    fn natural_types(&self) -> Vec<Type>;

    /// Appends the parts of argument `at`.
    #[doc(hidden)]
    fn lower(&self, at: usize, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused>;

    /// Takes over what the kernel changed in argument `at`.
    #[doc(hidden)]
    fn read_back(&mut self, at: usize, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused>;
}

/// Why a value does not cross the border.
#[derive(Debug)]
#[doc(hidden)]
pub enum Refused {
    /// It is of another type.
    Mismatch(String),
    /// Something else went wrong.
    Failed(Error),
}

impl<T: Into<Error>> From<T> for Refused {
    fn from(error: T) -> Self {
        Self::Failed(error.into())
    }
}

/// A value of the host's is not one of type `ty`.
pub(crate) fn mismatch(ty: &Type, found: impl std::fmt::Display) -> Refused {
    Refused::Mismatch(format!("should be `{ty}`, not `{found}`"))
}

/// A value of the kernel's, of type `ty`, is not a `T` of Rust.
pub(crate) fn unlike<T: ?Sized>(ty: &Type) -> Refused {
    Refused::Mismatch(format!("`{ty}`, which is not a Rust `{}`", rust_name::<T>()))
}

/// The name of a Rust type without the modules it is in.
pub(crate) fn rust_name<T: ?Sized>() -> String {
    let words = std::any::type_name::<T>().split_inclusive(|c: char| !(c.is_alphanumeric() || "_:".contains(c)));
    words.map(|word| word.rsplit("::").next().unwrap_or(word)).collect()
}

/// Appends the parts of a value; also of one that is given where it or `None` is expected.
pub(crate) fn lower(
    value: &(impl ToKernel + ?Sized),
    ty: &Type,
    heap: &mut Heap<'_>,
    out: &mut Vec<Part>,
) -> Result<(), Refused> {
    let Type::Optional(item) = ty else { return value.lower(ty, heap, out) };
    if value.is_none() {
        for part in ty.flatten() {
            out.push(Part::zero(part)?);
        }
        return Ok(());
    }
    out.push(Part::I32(1));
    lower(value, item, heap, out)
}

impl<T: ToKernel + ?Sized> ToKernel for &T {
    fn natural_type(&self) -> Type {
        (**self).natural_type()
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        (**self).lower(ty, heap, out)
    }
    fn is_none(&self) -> bool {
        (**self).is_none()
    }
}

impl<T: Update + ?Sized> ToKernel for &mut T {
    fn natural_type(&self) -> Type {
        (**self).natural_type()
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        (**self).lower(ty, heap, out)
    }
    fn read_back(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
        match (ty, parts) {
            (Type::Optional(item), [_, parts @ ..]) => (**self).update(item, heap, parts),
            _ => (**self).update(ty, heap, parts),
        }
    }
    fn is_none(&self) -> bool {
        (**self).is_none()
    }
}

impl<T: ToKernel> ToKernel for Option<T> {
    fn natural_type(&self) -> Type {
        self.as_ref().map_or(Type::None, |value| Type::Optional(value.natural_type().into()))
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        match self {
            Some(value) => lower(value, ty, heap, out),
            None => ToKernel::lower(&(), ty, heap, out),
        }
    }
    fn is_none(&self) -> bool {
        self.as_ref().is_none_or(ToKernel::is_none)
    }
    fn absent_type() -> Type {
        Type::Optional(T::absent_type().into())
    }
}

impl<T: Typed> Typed for Option<T> {
    fn kernel_type() -> Type {
        Type::Optional(T::kernel_type().into())
    }
}

impl<T: FromKernel> FromKernel for Option<T> {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        match (ty, parts) {
            (Type::None, _) | (Type::Optional(_), [Part::I32(0), ..]) => Ok(None),
            (Type::Optional(item), [_, parts @ ..]) => T::lift(item, heap, parts).map(Some),
            _ => T::lift(ty, heap, parts).map(Some),
        }
    }
}

impl ToKernel for () {
    fn natural_type(&self) -> Type {
        Type::None
    }
    fn lower(&self, ty: &Type, _heap: &mut Heap<'_>, _out: &mut Vec<Part>) -> Result<(), Refused> {
        if *ty == Type::None { Ok(()) } else { Err(mismatch(ty, "None")) }
    }
    fn is_none(&self) -> bool {
        true
    }
}

impl Typed for () {
    fn kernel_type() -> Type {
        Type::None
    }
}

impl FromKernel for () {
    fn lift(ty: &Type, _heap: &Heap<'_>, _parts: &[Part]) -> Result<Self, Refused> {
        if *ty == Type::None { Ok(()) } else { Err(unlike::<Self>(ty)) }
    }
}

impl Arguments for () {
    fn count(&self) -> usize {
        0
    }
    fn natural_types(&self) -> Vec<Type> {
        Vec::new()
    }
    fn lower(&self, _at: usize, ty: &Type, _heap: &mut Heap<'_>, _out: &mut Vec<Part>) -> Result<(), Refused> {
        Err(mismatch(ty, "nothing"))
    }
    fn read_back(&mut self, _at: usize, _ty: &Type, _heap: &Heap<'_>, _parts: &[Part]) -> Result<(), Refused> {
        Ok(())
    }
}

impl Arguments for &[Value] {
    fn count(&self) -> usize {
        self.len()
    }
    fn natural_types(&self) -> Vec<Type> {
        self.iter().map(Value::natural_type).collect()
    }
    fn lower(&self, at: usize, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        lower(&self[at], ty, heap, out)
    }
    fn read_back(&mut self, _at: usize, _ty: &Type, _heap: &Heap<'_>, _parts: &[Part]) -> Result<(), Refused> {
        Ok(())
    }
}

/// Tuples: as arguments, as values, as results.
macro_rules! tuples {
    ($($name:ident $at:tt),+) => {
        impl<$($name: ToKernel),+> Arguments for ($($name,)+) {
            fn count(&self) -> usize {
                [$($at),+].len()
            }
            fn natural_types(&self) -> Vec<Type> {
                vec![$(self.$at.natural_type()),+]
            }
            fn lower(&self, at: usize, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
                match at {
                    $($at => lower(&self.$at, ty, heap, out),)+
                    _ => Err(mismatch(ty, "nothing")),
                }
            }
            fn read_back(&mut self, at: usize, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
                match at {
                    $($at => self.$at.read_back(ty, heap, parts),)+
                    _ => Ok(()),
                }
            }
        }

        impl<$($name: ToKernel),+> ToKernel for ($($name,)+) {
            fn natural_type(&self) -> Type {
                Type::tuple([$(self.$at.natural_type()),+])
            }
            fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
                match ty {
                    Type::Tuple(items) if items.len() == [$($at),+].len() => {
                        $(lower(&self.$at, &items[$at], heap, out)?;)+
                        Ok(())
                    }
                    _ => Err(mismatch(ty, ToKernel::natural_type(self))),
                }
            }
            fn absent_type() -> Type {
                Type::tuple([$($name::absent_type()),+])
            }
        }

        impl<$($name: Typed),+> Typed for ($($name,)+) {
            fn kernel_type() -> Type {
                Type::tuple([$($name::kernel_type()),+])
            }
        }

        impl<$($name: FromKernel),+> FromKernel for ($($name,)+) {
            fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
                match ty {
                    Type::Tuple(items) if items.len() == [$($at),+].len() => {
                        let mut rest = parts;
                        Ok(($($name::lift(&items[$at], heap, take(&mut rest, &items[$at])?)?,)+))
                    }
                    _ => Err(unlike::<Self>(ty)),
                }
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
