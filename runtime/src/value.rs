//! Python values on the host's side. In: nothing. Out: `Value`, whose `Display` is Python's `repr`.

pub mod array;
pub(crate) mod number;
pub(crate) mod repr;

pub use array::Array;
use kukri_compiler::types::{Dtype, Order, Type};
use num_complex::Complex;
use std::fmt;

/// A Python value of any type that can cross the border of a kernel.
///
/// ```
/// use kukri::Value;
///
/// let value = Value::Tuple(vec![Value::Float(1e16), Value::Str("it's".into()), Value::None]);
/// assert_eq!(value.to_string(), r#"(1e+16, "it's", None)"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`; wider than a kernel's, so that it also holds a `uint64` and says what it was when it does not fit.
    Int(i128),
    /// `float`
    Float(f64),
    /// `complex`
    Complex(Complex<f64>),
    /// A NumPy scalar of this type; the value inside is a `Bool`, `Int`, `Float` or `Complex`.
    Scalar(Dtype, Box<Value>),
    /// `str`
    Str(String),
    /// `bytes`
    Bytes(Vec<u8>),
    /// `range`: start, stop, step.
    Range(i64, i64, i64),
    /// `list`
    List(Vec<Value>),
    /// `tuple`
    Tuple(Vec<Value>),
    /// `set`
    Set(Vec<Value>),
    /// `dict`, in order.
    Dict(Vec<(Value, Value)>),
    /// `numpy.ndarray`
    Array(Array),
}

impl Value {
    /// The kernel type that holds this value, as an un-annotated parameter gets it. An empty list is one of floats.
    pub fn natural_type(&self) -> Type {
        closed(self.open_type())
    }

    /// The type with `Never` for the items of what is empty, which joins with everything.
    fn open_type(&self) -> Type {
        let of_first = |items: &[Self]| items.iter().map(Self::open_type).reduce(joined).unwrap_or(Type::Never);
        match self {
            Self::None => Type::None,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Float(_) => Type::Float,
            Self::Complex(_) => Type::Complex,
            Self::Scalar(dtype, _) => Type::Scalar(*dtype),
            Self::Str(_) => Type::Str,
            Self::Bytes(_) => Type::Bytes,
            Self::Range(..) => Type::Range,
            Self::List(items) => Type::list(of_first(items)),
            Self::Tuple(items) => Type::tuple(items.iter().map(Self::open_type)),
            Self::Set(items) => Type::Set(of_first(items).into()),
            Self::Dict(items) => {
                let (keys, values): (Vec<_>, Vec<_>) = items.iter().cloned().unzip();
                Type::Dict(of_first(&keys).into(), of_first(&values).into())
            }
            Self::Array(array) => {
                Type::Array { dtype: array.dtype(), ndim: array.shape().len() as u8, order: Order::C }
            }
        }
    }

    /// What Python calls the type of the value.
    pub fn type_name(&self) -> String {
        match self {
            Self::None => "None".to_owned(),
            Self::Array(_)
            | Self::Scalar(..)
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Complex(_)
            | Self::Str(_)
            | Self::Bytes(_)
            | Self::Range(..)
            | Self::List(_)
            | Self::Tuple(_)
            | Self::Set(_)
            | Self::Dict(_) => self.natural_type().to_string(),
        }
    }
}

/// The type with floats for what is not known.
fn closed(ty: Type) -> Type {
    let of = |item: &Type| closed(item.clone());
    match &ty {
        Type::Never => Type::Float,
        Type::List(item) => Type::list(of(item)),
        Type::Set(item) => Type::Set(of(item).into()),
        Type::Dict(key, value) => Type::Dict(of(key).into(), of(value).into()),
        Type::Tuple(items) => Type::tuple(items.iter().map(of)),
        Type::Optional(item) => Type::Optional(of(item).into()),
        _ => ty,
    }
}

/// The type of a list that holds values of both types: ints among floats are floats.
fn joined(one: Type, other: Type) -> Type {
    let rank = |ty: &Type| [Type::Bool, Type::Int, Type::Float, Type::Complex].iter().position(|known| known == ty);
    match (&one, &other) {
        (Type::Never, _) => other,
        (_, Type::Never) => one,
        (Type::List(one), Type::List(other)) => Type::list(joined((**one).clone(), (**other).clone())),
        (Type::Tuple(ones), Type::Tuple(others)) if ones.len() == others.len() => {
            Type::tuple(ones.iter().zip(others.iter()).map(|(one, other)| joined(one.clone(), other.clone())))
        }
        (Type::None, Type::None) => one,
        (Type::None, other) | (other, Type::None) if !matches!(other, Type::Optional(_)) => {
            Type::Optional(other.clone().into())
        }
        _ if rank(&other) > rank(&one) && rank(&one).is_some() => other,
        _ => one,
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[Self]| -> fmt::Result {
            for (at, item) in items.iter().enumerate() {
                write!(f, "{}{item}", if at > 0 { ", " } else { "" })?;
            }
            Ok(())
        };
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => f.write_str(&repr::float(*value)),
            Self::Complex(value) => f.write_str(&repr::complex(value.re, value.im, repr::float)),
            Self::Scalar(dtype, value) => f.write_str(&repr::scalar(*dtype, value)),
            Self::Str(text) => f.write_str(&repr::string(text)),
            Self::Bytes(bytes) => f.write_str(&repr::bytes(bytes)),
            Self::Range(start, stop, 1) => write!(f, "range({start}, {stop})"),
            Self::Range(start, stop, step) => write!(f, "range({start}, {stop}, {step})"),
            Self::List(items) => {
                f.write_str("[")?;
                list(f, items)?;
                f.write_str("]")
            }
            Self::Tuple(items) => {
                f.write_str("(")?;
                list(f, items)?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Self::Set(items) if items.is_empty() => f.write_str("set()"),
            Self::Set(items) => {
                f.write_str("{")?;
                list(f, items)?;
                f.write_str("}")
            }
            Self::Dict(items) => {
                f.write_str("{")?;
                for (at, (key, value)) in items.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Self::Array(array) => write!(f, "{array}"),
        }
    }
}
