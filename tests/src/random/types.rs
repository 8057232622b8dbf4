//! The types of what random programs compute. In: `Choices`. Out: `Type`.

use super::choices::Choices;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Int,
    Float,
    Bool,
    Str,
    List(Box<Type>),
    Tuple(Vec<Type>),
    /// The keys are `Int` or `Str`.
    Dict(Box<Type>, Box<Type>),
    /// A NumPy scalar.
    Scalar(Element),
    /// An array of [`LENGTH`] elements.
    Array(Element),
    /// An array of [`ROWS`] × [`LENGTH`] elements.
    Matrix(Element),
}

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Int64,
    Float64,
    Int32,
    Float32,
    Int8,
    UInt8,
    UInt64,
    Bool,
}

/// How long every array is, so that operators fit; slices of them are only reduced or printed.
pub(super) const LENGTH: usize = 4;
pub(super) const ROWS: usize = 2;

const SCALARS: [Type; 4] = [Type::Int, Type::Float, Type::Bool, Type::Str];
const ELEMENTS: [Element; 8] = [
    Element::Int64,
    Element::Float64,
    Element::Int32,
    Element::Float32,
    Element::Int8,
    Element::UInt8,
    Element::UInt64,
    Element::Bool,
];

impl Element {
    pub(super) fn any(choices: &mut Choices) -> Self {
        *choices.pick(&ELEMENTS)
    }

    pub(super) fn dtype(self) -> &'static str {
        match self {
            Self::Int64 => "np.int64",
            Self::Float64 => "np.float64",
            Self::Int32 => "np.int32",
            Self::Float32 => "np.float32",
            Self::Int8 => "np.int8",
            Self::UInt8 => "np.uint8",
            Self::UInt64 => "np.uint64",
            Self::Bool => "np.bool_",
        }
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Self::Float64 | Self::Float32)
    }

    /// Literals that fit.
    pub(super) fn literals(self) -> &'static [&'static str] {
        match self {
            Self::Int64 => &["0", "1", "-1", "7", "100", "9223372036854775807", "-9223372036854775808"],
            Self::Int32 => &["0", "1", "-1", "7", "100", "2147483647", "-2147483648"],
            Self::Int8 => &["0", "1", "-1", "7", "100", "127", "-128"],
            Self::UInt8 => &["0", "1", "2", "7", "100", "128", "255"],
            Self::UInt64 => &["0", "1", "2", "7", "4294967296", "9223372036854775807"],
            Self::Float64 => &["0.0", "1.0", "0.5", "-1.5", "0.1", "1e16", "-0.0", "1e300", "np.inf", "np.nan"],
            Self::Float32 => &["0.0", "1.0", "0.5", "-1.5", "0.1", "16777216.0", "-0.0", "1e30"],
            Self::Bool => &["True", "False"],
        }
    }
}

impl Type {
    /// Any type, as a variable has it.
    pub(super) fn any(choices: &mut Choices) -> Self {
        match choices.below(16) {
            0..=7 => Self::scalar(choices),
            8 | 9 => Self::any_list(choices),
            10 => Self::Tuple((0..2 + choices.below(2)).map(|_| Self::scalar(choices)).collect()),
            11 => Self::any_dict(choices),
            12 => Self::Scalar(Element::any(choices)),
            13 | 14 => Self::Array(Element::any(choices)),
            _ => Self::Matrix(Element::any(choices)),
        }
    }

    pub(super) fn scalar(choices: &mut Choices) -> Self {
        choices.pick(&SCALARS).clone()
    }

    pub(super) fn any_list(choices: &mut Choices) -> Self {
        let item = match choices.below(8) {
            0..=2 => Self::Int,
            3 => Self::Float,
            4 | 5 => Self::Str,
            6 => Self::Tuple(vec![Self::scalar(choices), Self::scalar(choices)]),
            _ => Self::List(Box::new(Self::Int)),
        };
        Self::List(Box::new(item))
    }

    pub(super) fn any_dict(choices: &mut Choices) -> Self {
        let key = choices.pick(&[Self::Int, Self::Str]).clone();
        let value = match choices.below(5) {
            0 | 1 => Self::Int,
            2 => Self::Float,
            3 => Self::Str,
            _ => Self::List(Box::new(Self::Int)),
        };
        Self::Dict(Box::new(key), Box::new(value))
    }

    /// As it is written after a `:`; nothing for what is better left to inference.
    pub(super) fn annotation(&self) -> Option<String> {
        Some(match self {
            Self::Int => "int".to_owned(),
            Self::Float => "float".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Str => "str".to_owned(),
            Self::List(item) => format!("list[{}]", item.annotation()?),
            Self::Tuple(items) => {
                let items = items.iter().map(Self::annotation).collect::<Option<Vec<_>>>()?;
                format!("tuple[{}]", items.join(", "))
            }
            Self::Dict(key, value) => format!("dict[{}, {}]", key.annotation()?, value.annotation()?),
            Self::Scalar(element) => element.dtype().to_owned(),
            Self::Array(_) | Self::Matrix(_) => return None,
        })
    }

    /// Whether `<` orders its values. (NaN apart.)
    pub(super) fn is_ordered(&self) -> bool {
        match self {
            Self::Int | Self::Float | Self::Bool | Self::Str => true,
            Self::List(item) => item.is_ordered(),
            Self::Tuple(items) => items.iter().all(Self::is_ordered),
            Self::Dict(..) | Self::Scalar(_) | Self::Array(_) | Self::Matrix(_) => false,
        }
    }

    /// Whether `if x` asks for one truth.
    pub(super) fn has_truth(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Matrix(_))
    }
}
