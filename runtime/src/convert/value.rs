//! `Value`s across the border: every type that can cross it. In: `Value` or parts. Out: the other of the two.

use super::{FromKernel, Refused, ToKernel, Update, lower, mismatch};
use crate::heap::{Heap, Part, dtype_of_items, take};
use crate::value::{Array, number};
use crate::{Error, Value};
use kukri_compiler::types::{Order, Type};
use num_complex::Complex;

impl ToKernel for Value {
    fn natural_type(&self) -> Type {
        Self::natural_type(self)
    }

    fn is_none(&self) -> bool {
        *self == Self::None
    }

    fn lower(&self, ty: &Type, heap: &mut Heap<'_>, out: &mut Vec<Part>) -> Result<(), Refused> {
        match (ty, self) {
            (Type::None, Self::None) => Ok(()),
            (Type::Bool | Type::Int | Type::Float | Type::Complex | Type::Scalar(_), value) => {
                lower_number(value, ty, out)
            }
            (Type::Str, Self::Str(text)) => {
                out.push(Part::I32(heap.new_text(text)?));
                Ok(())
            }
            (Type::Bytes, Self::Bytes(content)) => {
                out.push(Part::I32(heap.new_bytes(content)?));
                Ok(())
            }
            (Type::Range, Self::Range(start, stop, step)) => {
                out.extend([start, stop, step].map(|number| Part::I64(*number as u64)));
                Ok(())
            }
            (Type::List(item), Self::List(items)) => lower_list(items, item, heap, out),
            (Type::Tuple(types), Self::Tuple(items)) if types.len() == items.len() => {
                items.iter().zip(types.iter()).try_for_each(|(value, ty)| lower(value, ty, heap, out))
            }
            (Type::Array { dtype, ndim, order }, Self::Array(array))
                if *dtype == array.dtype() && usize::from(*ndim) == array.shape().len() =>
            {
                let fortran = *order == Order::F;
                let turned = if fortran { Some(transposed(array)) } else { None };
                let content = turned.as_deref().unwrap_or(array.bytes());
                Ok(heap.new_array(*dtype, array.shape(), fortran, content, out)?)
            }
            (Type::Set(_) | Type::Dict(..), Self::Set(_) | Self::Dict(_)) => {
                Err(Refused::Mismatch(format!("cannot be passed from the host: a `{ty}`; pass a list and convert it")))
            }
            _ => Err(mismatch(ty, self.type_name())),
        }
    }
}

/// The elements in column-major order.
fn transposed(array: &Array) -> Vec<u8> {
    let (shape, size) = (array.shape(), array.dtype().size() as usize);
    let mut out = Vec::with_capacity(array.bytes().len());
    let mut place = vec![0; shape.len()];
    for _ in 0..array.len() {
        let at = place.iter().zip(shape).fold(0, |at, (index, length)| at * length + index);
        out.extend_from_slice(&array.bytes()[at * size..(at + 1) * size]);
        for (index, length) in place.iter_mut().zip(shape) {
            *index += 1;
            if *index < *length {
                break;
            }
            *index = 0;
        }
    }
    out
}

/// Appends the parts of a number, converted as Python does it in a call: an `int` is accepted for a `float`.
pub(super) fn lower_number(value: &Value, ty: &Type, out: &mut Vec<Part>) -> Result<(), Refused> {
    let wrong = || mismatch(ty, value.type_name());
    let too_large = |value: i128| Refused::Mismatch(format!("should be `{ty}`, and {value} is outside its range"));
    match ty {
        Type::Bool => match number::inner(value) {
            Value::Bool(value) => out.push(Part::I32((*value).into())),
            _ => return Err(wrong()),
        },
        Type::Int => {
            let value = number::integer_of(value).ok_or_else(wrong)?;
            out.push(Part::I64(i64::try_from(value).map_err(|_| too_large(value))? as u64));
        }
        Type::Float | Type::Complex => {
            let complex = number::complex_of(value).ok_or_else(wrong)?;
            match ty {
                Type::Complex => out.extend([complex.re, complex.im].map(Part::F64)),
                _ if matches!(number::inner(value), Value::Complex(_)) => return Err(wrong()),
                _ => out.push(Part::F64(complex.re)),
            }
        }
        Type::Scalar(dtype) => {
            let mut bytes = Vec::new();
            if !number::to_bytes(*dtype, value, &mut bytes) {
                return Err(match number::integer_of(value) {
                    Some(value) if dtype.is_integer() => too_large(value),
                    _ => wrong(),
                });
            }
            // The bytes give the same value back in a part, where small integers are 32 bits wide.
            let value = number::from_bytes(*dtype, &bytes);
            let complex = number::complex_of(&value).unwrap_or_default();
            let integer = number::integer_of(&value).unwrap_or_default();
            out.extend(dtype.flatten().iter().enumerate().map(|(at, part)| match part {
                kukri_compiler::ssa::Type::I32 => Part::I32(integer as u32),
                kukri_compiler::ssa::Type::I64 => Part::I64(integer as u64),
                kukri_compiler::ssa::Type::F32 => Part::F32(if at == 0 { complex.re } else { complex.im } as f32),
                kukri_compiler::ssa::Type::F64 | kukri_compiler::ssa::Type::V128 => {
                    Part::F64(if at == 0 { complex.re } else { complex.im })
                }
            }));
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

/// Appends the address of a new list.
pub(super) fn lower_list<T: ToKernel>(
    items: &[T],
    item: &Type,
    heap: &mut Heap<'_>,
    out: &mut Vec<Part>,
) -> Result<(), Refused> {
    let size = item.layout().size;
    let (list, data) = heap.new_list(items.len(), size as usize)?;
    out.push(Part::I32(list));
    if let Some(bytes) = dtype_of_items(item).and_then(|dtype| T::pack(items, dtype)) {
        return Ok(heap.put(data, &bytes)?);
    }
    let mut parts = Vec::new();
    for (at, value) in items.iter().enumerate() {
        parts.clear();
        lower(value, item, heap, &mut parts)?;
        heap.store(item, data + at as u32 * size, &parts)?;
    }
    Ok(())
}

impl FromKernel for Value {
    fn lift(ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<Self, Refused> {
        let wrong = || Error::Internal(format!("the parts of a `{ty}` are {parts:?}"));
        Ok(match (ty, parts) {
            (Type::None, _) => Self::None,
            (Type::Bool, [Part::I32(value)]) => Self::Bool(*value != 0),
            (Type::Int, [Part::I64(value)]) => Self::Int((*value as i64).into()),
            (Type::Float, [Part::F64(value)]) => Self::Float(*value),
            (Type::Complex, [Part::F64(re), Part::F64(im)]) => Self::Complex(Complex::new(*re, *im)),
            (Type::Scalar(dtype), parts) => {
                let mut bytes = Vec::new();
                for part in parts {
                    match part {
                        Part::I32(value) => bytes.extend_from_slice(&value.to_le_bytes()),
                        Part::I64(value) => bytes.extend_from_slice(&value.to_le_bytes()),
                        Part::F32(value) => bytes.extend_from_slice(&value.to_le_bytes()),
                        Part::F64(value) => bytes.extend_from_slice(&value.to_le_bytes()),
                    }
                }
                if bytes.len() < dtype.size() as usize {
                    return Err(wrong().into());
                }
                Self::Scalar(*dtype, Box::new(number::from_bytes(*dtype, &bytes)))
            }
            (Type::Str, [Part::I32(address)]) => Self::Str(heap.text(*address)?),
            (Type::Bytes, [Part::I32(address)]) => Self::Bytes(heap.content(*address)?),
            (Type::Range, [Part::I64(start), Part::I64(stop), Part::I64(step)]) => {
                Self::Range(*start as i64, *stop as i64, *step as i64)
            }
            (Type::List(item), [Part::I32(address)]) => Self::List(lift_list(*address, item, heap)?),
            (Type::Set(key), [Part::I32(address)]) => {
                let load = |(at, _)| Self::lift(key, heap, &heap.load(key, at)?);
                Self::Set(heap.entries(*address, key, None)?.into_iter().map(load).collect::<Result<_, _>>()?)
            }
            (Type::Dict(key, value), [Part::I32(address)]) => {
                let load = |(key_at, value_at)| {
                    let key = Self::lift(key, heap, &heap.load(key, key_at)?)?;
                    Ok((key, Self::lift(value, heap, &heap.load(value, value_at)?)?))
                };
                let entries = heap.entries(*address, key, Some(value))?;
                Self::Dict(entries.into_iter().map(load).collect::<Result<_, Refused>>()?)
            }
            (Type::Tuple(types), parts) => {
                let mut rest = parts;
                let lift = |ty: &Type| Self::lift(ty, heap, take(&mut rest, ty)?);
                Self::Tuple(types.iter().map(lift).collect::<Result<_, _>>()?)
            }
            (Type::Optional(_), [Part::I32(0), ..]) => Self::None,
            (Type::Optional(item), [_, parts @ ..]) => Self::lift(item, heap, parts)?,
            (Type::Array { dtype, .. }, parts) => {
                let (shape, bytes) = heap.array(*dtype, parts)?;
                Self::Array(Array::new(*dtype, shape, bytes).ok_or_else(wrong)?)
            }
            _ => return Err(wrong().into()),
        })
    }
}

/// The items of a list.
pub(super) fn lift_list<T: FromKernel>(address: u32, item: &Type, heap: &Heap<'_>) -> Result<Vec<T>, Refused> {
    let (length, data) = heap.list(address)?;
    let size = item.layout().size;
    if let Some(dtype) = dtype_of_items(item) {
        let bytes = heap.bytes(data, length.saturating_mul(size as usize))?;
        if let Some(items) = T::unpack(bytes, dtype) {
            return Ok(items);
        }
    }
    (0..length as u32).map(|at| T::lift(item, heap, &heap.load(item, data + at * size)?)).collect()
}

impl Update for Value {
    fn update(&mut self, ty: &Type, heap: &Heap<'_>, parts: &[Part]) -> Result<(), Refused> {
        *self = Self::lift(ty, heap, parts)?;
        Ok(())
    }
}
