//! Conversions between number types where a value goes into memory of another type. In: parts of one type. Out:
//! parts of the other.
//!
//! Each number is first brought to one of four wide forms (signed or unsigned 64 bits, binary64, two binary64), then
//! narrowed as `NumPy`'s assignment does: integers wrap, floats are cut towards zero, complex numbers lose their
//! imaginary part.

use super::Body;
use crate::arena::Id;
use crate::ssa::{Binary, Unary, Value};
use crate::types::{Dtype, Type};

/// A number in a wide form.
#[derive(Clone, Copy)]
enum Wide {
    Signed(Id<Value>),
    Unsigned(Id<Value>),
    Float(Id<Value>),
    Complex(Id<Value>, Id<Value>),
}

/// The dtype that a number type has as an array element.
pub(super) fn dtype_of(ty: &Type) -> Option<Dtype> {
    match ty {
        Type::Bool => Some(Dtype::Bool),
        Type::Int => Some(Dtype::I64),
        Type::Float => Some(Dtype::F64),
        Type::Complex => Some(Dtype::C128),
        Type::Unsigned => Some(Dtype::U64),
        Type::Scalar(dtype) => Some(*dtype),
        Type::Poison
        | Type::Never
        | Type::Variable(_)
        | Type::None
        | Type::Ptr
        | Type::Str
        | Type::Bytes
        | Type::Range
        | Type::Slice
        | Type::List(_)
        | Type::Sequence(_)
        | Type::Set(_)
        | Type::Dict(..)
        | Type::Tuple(_)
        | Type::Optional(_)
        | Type::Array { .. }
        | Type::Cell(_)
        | Type::Exception
        | Type::Function(..)
        | Type::Choice(_)
        | Type::Generator(..)
        | Type::Iterator(..)
        | Type::Static(_) => None,
    }
}

impl Body<'_, '_> {
    /// The parts of a value of type `from` as a value of type `to`: number types into each other, anything into
    /// its `Optional`. Other types are the same type by another name.
    pub fn convert(&mut self, from: &Type, to: &Type, parts: Vec<Id<Value>>) -> Vec<Id<Value>> {
        if from == to {
            return parts;
        }
        match (to, dtype_of(from), dtype_of(to)) {
            (_, Some(from), Some(to)) => self.convert_number(from, to, &parts),
            (Type::Optional(item), ..) if !matches!(from, Type::Optional(_)) => {
                if *from == Type::None {
                    return self.zeros(to);
                }
                let some = self.builder.i32(1);
                let parts = self.convert(from, item, parts);
                std::iter::once(some).chain(parts).collect()
            }
            _ => parts,
        }
    }

    /// A zero for every part of a type.
    pub fn zeros(&mut self, ty: &Type) -> Vec<Id<Value>> {
        ty.flatten().into_iter().map(|ty| self.builder.zero(ty)).collect()
    }

    fn convert_number(&mut self, from: Dtype, to: Dtype, parts: &[Id<Value>]) -> Vec<Id<Value>> {
        if from == to {
            return parts.to_vec();
        }
        let wide = self.widen(from, parts);
        self.narrow(to, wide)
    }

    fn widen(&mut self, from: Dtype, parts: &[Id<Value>]) -> Wide {
        match from {
            Dtype::Bool | Dtype::U8 | Dtype::U16 | Dtype::U32 => {
                Wide::Signed(self.builder.unary(Unary::I64ExtendI32U, parts[0]))
            }
            Dtype::I8 | Dtype::I16 | Dtype::I32 => Wide::Signed(self.builder.unary(Unary::I64ExtendI32S, parts[0])),
            Dtype::I64 => Wide::Signed(parts[0]),
            Dtype::U64 => Wide::Unsigned(parts[0]),
            Dtype::F32 => Wide::Float(self.builder.unary(Unary::F64PromoteF32, parts[0])),
            Dtype::F64 => Wide::Float(parts[0]),
            Dtype::C64 => {
                let re = self.builder.unary(Unary::F64PromoteF32, parts[0]);
                let im = self.builder.unary(Unary::F64PromoteF32, parts[1]);
                Wide::Complex(re, im)
            }
            Dtype::C128 => Wide::Complex(parts[0], parts[1]),
        }
    }

    fn narrow(&mut self, to: Dtype, wide: Wide) -> Vec<Id<Value>> {
        match to {
            Dtype::Bool => vec![self.truth(wide)],
            Dtype::I64 => vec![self.integer(wide, true)],
            Dtype::U64 => vec![self.integer(wide, false)],
            Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::U8 | Dtype::U16 | Dtype::U32 => {
                let integer = self.integer(wide, true);
                let low = self.builder.unary(Unary::I32WrapI64, integer);
                vec![self.wrap(to, low)]
            }
            Dtype::F32 => match wide {
                // Straight from the integer: by way of binary64 it would be rounded twice.
                Wide::Signed(value) => vec![self.builder.unary(Unary::F32ConvertI64S, value)],
                Wide::Unsigned(value) => vec![self.builder.unary(Unary::F32ConvertI64U, value)],
                Wide::Float(value) | Wide::Complex(value, _) => {
                    vec![self.builder.unary(Unary::F32DemoteF64, value)]
                }
            },
            Dtype::F64 => vec![self.float(wide)],
            Dtype::C64 => {
                let [re, im] = self.complex(wide);
                vec![self.builder.unary(Unary::F32DemoteF64, re), self.builder.unary(Unary::F32DemoteF64, im)]
            }
            Dtype::C128 => self.complex(wide).to_vec(),
        }
    }

    /// Keeps the low bits of an `I32`, extended as the type's scalars are.
    pub fn wrap(&mut self, dtype: Dtype, low: Id<Value>) -> Id<Value> {
        let mut mask = |bits: u32| {
            let mask = self.builder.i32(bits);
            self.builder.binary(Binary::I32And, low, mask)
        };
        match dtype {
            Dtype::U8 => mask(0xff),
            Dtype::U16 => mask(0xffff),
            Dtype::I8 => self.builder.unary(Unary::I32Extend8S, low),
            Dtype::I16 => self.builder.unary(Unary::I32Extend16S, low),
            Dtype::Bool
            | Dtype::I32
            | Dtype::U32
            | Dtype::I64
            | Dtype::U64
            | Dtype::F32
            | Dtype::F64
            | Dtype::C64
            | Dtype::C128 => low,
        }
    }

    fn truth(&mut self, wide: Wide) -> Id<Value> {
        match wide {
            Wide::Signed(value) | Wide::Unsigned(value) => {
                let zero = self.builder.i64(0);
                self.builder.binary(Binary::I64Ne, value, zero)
            }
            Wide::Float(value) => {
                let zero = self.builder.zero(crate::ssa::Type::F64);
                self.builder.binary(Binary::F64Ne, value, zero)
            }
            Wide::Complex(re, im) => {
                let (re, im) = (self.truth(Wide::Float(re)), self.truth(Wide::Float(im)));
                self.builder.binary(Binary::I32Or, re, im)
            }
        }
    }

    fn integer(&mut self, wide: Wide, signed: bool) -> Id<Value> {
        match wide {
            Wide::Signed(value) | Wide::Unsigned(value) => value,
            Wide::Float(value) | Wide::Complex(value, _) => {
                let truncate = if signed { Unary::I64TruncSatF64S } else { Unary::I64TruncSatF64U };
                self.builder.unary(truncate, value)
            }
        }
    }

    fn float(&mut self, wide: Wide) -> Id<Value> {
        match wide {
            Wide::Signed(value) => self.builder.unary(Unary::F64ConvertI64S, value),
            Wide::Unsigned(value) => self.builder.unary(Unary::F64ConvertI64U, value),
            Wide::Float(value) | Wide::Complex(value, _) => value,
        }
    }

    fn complex(&mut self, wide: Wide) -> [Id<Value>; 2] {
        match wide {
            Wide::Complex(re, im) => [re, im],
            Wide::Signed(_) | Wide::Unsigned(_) | Wide::Float(_) => {
                [self.float(wide), self.builder.zero(crate::ssa::Type::F64)]
            }
        }
    }
}
