//! Rust's numbers and texts across the border. In: scalars or parts. Out: the other of the two.

use super::value::lower_number;
use super::{FromKernel, Refused, ToKernel, Typed, mismatch, rust_name, unlike};
use crate::Value;
use crate::heap::{Heap, Part};
use crate::value::number;
use kukri_compiler::types::{Dtype, Type};
use num_complex::Complex;

/// A Rust number that can be an element of a NumPy array.
pub trait Element: Copy + Into<Number> {
    /// NumPy's name for it.
    const DTYPE: Dtype;

    /// The number in an element of any type, if it is one of this type.
    #[doc(hidden)]
    fn of_value(value: &Value) -> Option<Self>;

    /// Appends its little-endian bytes.
    #[doc(hidden)]
    fn write(self, out: &mut Vec<u8>);

    /// Reads its little-endian bytes.
    #[doc(hidden)]
    fn read(bytes: &[u8]) -> Self;
}

/// A number that this Rust type does not hold; or something else.
fn misfit<T: Typed>(ty: &Type, value: &Value) -> Refused {
    let integers = T::kernel_type() == Type::Int && matches!(number::inner(value), Value::Int(_));
    let floats = T::kernel_type() == Type::Scalar(Dtype::F32) && *ty == Type::Float;
    if integers || floats {
        Refused::Mismatch(format!("{}, which does not fit a Rust `{}`", number::inner(value), rust_name::<T>()))
    } else {
        unlike::<T>(ty)
    }
}

/// Any number, on its way to a [`Value`].
#[doc(hidden)]
pub struct Number(pub(crate) Value);

/// The bytes of elements.
pub(crate) fn to_bytes<'a, T: Element + 'a>(items: impl ExactSizeIterator<Item = &'a T>) -> Vec<u8> {
    let mut out = Vec::with_capacity(items.len() * T::DTYPE.size() as usize);
    items.for_each(|item| item.write(&mut out));
    out
}

/// The elements in bytes.
pub(crate) fn from_bytes<T: Element>(bytes: &[u8]) -> Vec<T> {
    bytes.chunks_exact(T::DTYPE.size() as usize).map(T::read).collect()
}

macro_rules! elements {
    ($($rust:ty, $dtype:ident, $natural:expr, |$value:ident| $to:expr, |$other:ident| $from:expr,
        |$write:ident, $out:ident| $bytes:expr, |$read:ident| $parse:expr;)*) => {$(
        impl From<$rust> for Number {
            fn from($value: $rust) -> Self {
                Self($to)
            }
        }

        impl Element for $rust {
            const DTYPE: Dtype = Dtype::$dtype;
            fn of_value($other: &Value) -> Option<Self> {
                $from
            }
            fn write(self, $out: &mut Vec<u8>) {
                let $write = self;
                $bytes
            }
            fn read($read: &[u8]) -> Self {
                $parse
            }
        }

        impl ToKernel for $rust {
            fn natural_type(&self) -> Type {
                $natural
            }
            fn lower(&self, ty: &Type, _heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
                lower_number(&Number::from(*self).0, ty, out)
            }
            fn pack(items: &[Self], dtype: Dtype) -> Option<Vec<u8>> {
                (dtype == Self::DTYPE).then(|| to_bytes(items.iter()))
            }
            fn absent_type() -> Type {
                Self::kernel_type()
            }
        }

        impl Typed for $rust {
            fn kernel_type() -> Type {
                $natural
            }
        }

        impl FromKernel for $rust {
            fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
                let value = Value::lift(ty, heap, parts)?;
                Self::of_value(&value).ok_or_else(|| misfit::<Self>(ty, &value))
            }
            fn unpack(bytes: &[u8], dtype: Dtype) -> Option<Vec<Self>> {
                (dtype == Self::DTYPE).then(|| from_bytes(bytes))
            }
        }
    )*};
}

macro_rules! integers {
    ($($rust:ty, $dtype:ident;)*) => {
        elements!($(
            $rust, $dtype, Type::Int, |value| Value::Int(value as i128),
            |value| match number::inner(value) {
                Value::Int(value) => Self::try_from(*value).ok(),
                _ => None,
            },
            |value, out| out.extend_from_slice(&value.to_le_bytes()),
            |bytes| Self::from_le_bytes(bytes.try_into().unwrap_or_default());
        )*);
    };
}

integers! {
    i8, I8;
    i16, I16;
    i32, I32;
    i64, I64;
    u8, U8;
    u16, U16;
    u32, U32;
    u64, U64;
}

/// Pairs of floats lie one after the other.
fn half(bytes: &[u8], second: bool) -> &[u8] {
    let (first, last) = bytes.split_at(bytes.len() / 2);
    if second { last } else { first }
}

elements! {
    bool, Bool, Type::Bool, |value| Value::Bool(value),
    |value| if let Value::Bool(value) = number::inner(value) { Some(*value) } else { None },
    |value, out| out.push(value.into()),
    |bytes| bytes.first() == Some(&1);

    f64, F64, Type::Float, |value| Value::Float(value),
    |value| if let Value::Float(value) = number::inner(value) { Some(*value) } else { None },
    |value, out| out.extend_from_slice(&value.to_le_bytes()),
    |bytes| Self::from_le_bytes(bytes.try_into().unwrap_or_default());

    f32, F32, Type::Scalar(Dtype::F32), |value| Value::Float(value.into()),
    |value| match number::inner(value) {
        Value::Float(value) if f64::from(*value as Self).to_bits() == value.to_bits() => Some(*value as Self),
        _ => None,
    },
    |value, out| out.extend_from_slice(&value.to_le_bytes()),
    |bytes| Self::from_le_bytes(bytes.try_into().unwrap_or_default());

    Complex<f64>, C128, Type::Complex, |value| Value::Complex(value),
    |value| if let Value::Complex(value) = number::inner(value) { Some(*value) } else { None },
    |value, out| [value.re, value.im].iter().for_each(|part| part.write(out)),
    |bytes| Self::new(f64::read(half(bytes, false)), f64::read(half(bytes, true)));

    Complex<f32>, C64, Type::Scalar(Dtype::C64),
    |value| Value::Complex(Complex::new(value.re.into(), value.im.into())),
    |value| match number::inner(value) {
        Value::Complex(value) => {
            let part = |value| f32::of_value(&Value::Float(value));
            Some(Self::new(part(value.re)?, part(value.im)?))
        }
        _ => None,
    },
    |value, out| [value.re, value.im].iter().for_each(|part| part.write(out)),
    |bytes| Self::new(f32::read(half(bytes, false)), f32::read(half(bytes, true)));
}

/// `isize` and `usize` are as wide as the host has them, so they are no array elements.
macro_rules! sizes {
    ($($rust:ty)*) => {$(
        impl ToKernel for $rust {
            fn natural_type(&self) -> Type {
                Type::Int
            }
            fn lower(&self, ty: &Type, _heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
                lower_number(&Value::Int(*self as i128), ty, out)
            }
            fn absent_type() -> Type {
                Type::Int
            }
        }

        impl Typed for $rust {
            fn kernel_type() -> Type {
                Type::Int
            }
        }

        impl FromKernel for $rust {
            fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
                let value = Value::lift(ty, heap, parts)?;
                let fitting = match number::inner(&value) {
                    Value::Int(value) => Self::try_from(*value).ok(),
                    _ => None,
                };
                fitting.ok_or_else(|| misfit::<Self>(ty, &value))
            }
        }
    )*};
}

sizes!(isize usize);

impl ToKernel for str {
    fn natural_type(&self) -> Type {
        Type::Str
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        if *ty != Type::Str {
            return Err(mismatch(ty, "str"));
        }
        out.push(Part::I32(heap.new_text(self)?));
        Ok(())
    }
}

impl ToKernel for String {
    fn natural_type(&self) -> Type {
        Type::Str
    }
    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        self.as_str().lower(ty, heap, out)
    }
    fn absent_type() -> Type {
        Type::Str
    }
}

impl Typed for String {
    fn kernel_type() -> Type {
        Type::Str
    }
}

impl FromKernel for String {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        match Value::lift(ty, heap, parts)? {
            Value::Str(text) => Ok(text),
            _ => Err(unlike::<Self>(ty)),
        }
    }
}
