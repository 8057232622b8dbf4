//! The types of values, and how a value of each is laid out in SSA values and in memory.
//! In: nothing. Out: `Type`, `Dtype`, `Rules`, `Type::flatten`, `Layout`.

use crate::arena::Id;
use crate::ssa;
use crate::syntax::ast::FunctionId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Which number rules hold inside a function. The two tables of DESIGN "Semantics" are `infer/operator.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rules {
    /// CPython's and NumPy's: an `int` raises `OverflowError`, NumPy scalars are types of their own (NEP 50).
    Python,
    /// Numba's: machine integers that wrap, small integer types widen to 64 bits, int64 is `int`.
    Numba(ErrorModel),
    /// The prelude's own: `int` wraps, division by zero and indices are not checked. For library code only.
    Raw,
}

/// In which order a function adds up floats: Numba's option `fastmath`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sums {
    /// As written.
    #[default]
    InOrder,
    /// Any.
    InAnyOrder,
}

/// What dividing by zero does in a function under Numba's decorators: its option `error_model`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum ErrorModel {
    /// It raises `ZeroDivisionError`.
    #[default]
    Python,
    /// As IEEE has it for floats; 0 for integers.
    Numpy,
}

impl Rules {
    /// Numba's rules as they are without options.
    pub const NUMBA: Self = Self::Numba(ErrorModel::Python);

    /// Whether Numba's number types hold.
    pub fn is_numba(self) -> bool {
        matches!(self, Self::Numba(_))
    }
}

/// The element type of an array, and the type of a NumPy scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// One byte, 0 or 1.
    Bool,
    /// 8-bit signed.
    I8,
    /// 16-bit signed.
    I16,
    /// 32-bit signed.
    I32,
    /// 64-bit signed.
    I64,
    /// 8-bit unsigned.
    U8,
    /// 16-bit unsigned.
    U16,
    /// 32-bit unsigned.
    U32,
    /// 64-bit unsigned.
    U64,
    /// IEEE binary32.
    F32,
    /// IEEE binary64.
    F64,
    /// Two binary32.
    C64,
    /// Two binary64.
    C128,
}

impl Dtype {
    /// Every element type, in NumPy's promotion order.
    pub const ALL: [Self; 13] = [
        Self::Bool,
        Self::I8,
        Self::U8,
        Self::I16,
        Self::U16,
        Self::I32,
        Self::U32,
        Self::I64,
        Self::U64,
        Self::F32,
        Self::F64,
        Self::C64,
        Self::C128,
    ];

    /// Bytes an element takes in an array.
    pub fn size(self) -> u32 {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 | Self::C64 => 8,
            Self::C128 => 16,
        }
    }

    /// NumPy's name: `float64`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::I8 => "int8",
            Self::I16 => "int16",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::U8 => "uint8",
            Self::U16 => "uint16",
            Self::U32 => "uint32",
            Self::U64 => "uint64",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::C64 => "complex64",
            Self::C128 => "complex128",
        }
    }

    /// Whether it is a signed integer.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64)
    }

    /// Whether it is an unsigned integer.
    pub fn is_unsigned(self) -> bool {
        matches!(self, Self::U8 | Self::U16 | Self::U32 | Self::U64)
    }

    /// Whether it is an integer (bool is not).
    pub fn is_integer(self) -> bool {
        self.is_signed() || self.is_unsigned()
    }

    /// Whether it is a real floating-point type.
    pub fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// Whether it is complex.
    pub fn is_complex(self) -> bool {
        matches!(self, Self::C64 | Self::C128)
    }

    /// The SSA types a scalar of this type is held in. Integers of up to 32 bits are kept sign- or zero-extended
    /// in an `I32`.
    pub fn flatten(self) -> &'static [ssa::Type] {
        match self {
            Self::Bool | Self::I8 | Self::I16 | Self::I32 | Self::U8 | Self::U16 | Self::U32 => &[ssa::Type::I32],
            Self::I64 | Self::U64 => &[ssa::Type::I64],
            Self::F32 => &[ssa::Type::F32],
            Self::F64 => &[ssa::Type::F64],
            Self::C64 => &[ssa::Type::F32, ssa::Type::F32],
            Self::C128 => &[ssa::Type::F64, ssa::Type::F64],
        }
    }
}

/// What is known of an array's strides, as Numba's type system has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Row-major and contiguous: the last stride is the item size.
    C,
    /// Column-major and contiguous.
    F,
    /// Any strides.
    A,
}

/// A type whose element is not known yet (`[]`); bound by `infer`'s unification, gone before SSA.
#[derive(Debug)]
pub struct Variable;

/// A generator expression; `infer/iteration.rs` knows which.
#[derive(Debug)]
pub struct Generator;

/// Types nested deeper are refused.
const MAX_TYPE_DEPTH: u32 = 32;
/// Types of more parts are refused.
const MAX_TYPE_SIZE: u32 = 2000;

/// A type of the HIR. Cheap to clone. Those that can cross the border of a module are written into its manifest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// An error was reported already: fits everywhere and causes no further error.
    #[serde(skip)]
    Poison,
    /// No value: what an expression that never returns has; joins with every type.
    #[serde(skip)]
    Never,
    /// Not known yet, see `infer/unify.rs`.
    #[serde(skip)]
    Variable(Id<Variable>),
    /// `None`.
    None,
    /// `bool`.
    Bool,
    /// `int`: 64 bits, overflow as the function's [`Rules`] have it.
    Int,
    /// `int` from 0 to 2**64 - 1: what a function under Numba's rules whose result is uint64 hands to Python. Only under
    /// [`Rules::Python`]; see `infer/unsigned.rs`.
    Unsigned,
    /// `float`.
    Float,
    /// `complex`.
    Complex,
    /// A NumPy scalar. Under [`Rules::Numba`] I64, F64, C128 and Bool never occur here: they are `Int`, `Float`,
    /// `Complex` and `Bool`.
    Scalar(Dtype),
    /// A raw address; prelude only.
    #[serde(skip)]
    Ptr,
    /// `str`.
    Str,
    /// `bytes`.
    Bytes,
    /// `range`: start, stop, step.
    Range,
    /// `slice`: three optional ints.
    #[serde(skip)]
    Slice,
    /// `list[T]`.
    List(#[serde(with = "crate::shared")] Arc<Type>),
    /// `set[T]`.
    Set(#[serde(with = "crate::shared")] Arc<Type>),
    /// `dict[K, V]`.
    Dict(#[serde(with = "crate::shared")] Arc<Type>, #[serde(with = "crate::shared")] Arc<Type>),
    /// `tuple[T, ...]`: as many as there are. Laid out as a list that does not change.
    #[serde(skip)]
    Sequence(Arc<Type>),
    /// `tuple[A, B, …]`.
    Tuple(#[serde(with = "crate::shared")] Arc<[Type]>),
    /// `T | None`.
    Optional(#[serde(with = "crate::shared")] Arc<Type>),
    /// `np.ndarray` of `ndim` dimensions.
    Array {
        /// Element type.
        dtype: Dtype,
        /// Number of dimensions; 0 is a 0-d array.
        ndim: u8,
        /// What is known of its strides.
        order: Order,
    },
    /// The box of a variable that a nested function shares with its surroundings.
    #[serde(skip)]
    Cell(Arc<Type>),
    /// An exception object; its class is known at run time.
    #[serde(skip)]
    Exception,
    /// One particular function with the types of what it captured: a value of no other function has this type, so
    /// a call needs no indirection.
    #[serde(skip)]
    Function(FunctionId, Arc<[Type]>),
    /// One particular generator expression with the types of its first iterable and of what it captured. Iterating
    /// over it inlines it.
    #[serde(skip)]
    Generator(Id<Generator>, Arc<[Type]>),
    /// One of several functions, which shows at run time: the number of the one it is (from 0), then for each of them
    /// an optional, of which that one holds a value.
    #[serde(skip)]
    Choice(Arc<[Type]>),
    /// A lazy builtin iterator (`enumerate`, `zip`, `map` …) over the types of its arguments, iterated by inlining.
    #[serde(skip)]
    Iterator(Lazy, Arc<[Type]>),
    /// Something that exists at compile time only: a module, class, builtin function or dtype. See `resolve`.
    #[serde(skip)]
    Static(Static),
}

/// The lazy builtin iterators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lazy {
    /// `enumerate(iterable, start)`
    Enumerate,
    /// `zip(a, b, …)`
    Zip,
    /// `zip(a, b, …, strict=True)`
    ZipStrict,
    /// `map(f, a, …)`
    Map,
    /// `filter(f, a)`
    Filter,
    /// `reversed(sequence)`
    Reversed,
    /// `dict.keys()`
    Keys,
    /// `dict.values()`
    Values,
    /// `dict.items()`
    Items,
    /// `iter(sequence)`: the sequence, and a cell with the place of the next item, which all who have the iterator
    /// share.
    Iter,
}

/// A value known at compile time only; it takes no room in SSA. The text is the definition's canonical dotted
/// name (`math`, `numpy.float64`, `builtins.int`, `builtins.ValueError`), which `resolve/imports.rs` gives out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Static(pub Arc<str>);

/// Where the parts of a value lie in memory: in a list's items, a cell, a result area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Offset and type of each part, in the order of [`Type::flatten`].
    pub parts: Vec<(u32, ssa::Type)>,
    /// Bytes in all, a multiple of `align` and at least 1 part.
    pub size: u32,
    /// 1, 4 or 8.
    pub align: u32,
}

impl Type {
    /// `list[item]`.
    pub fn list(item: Type) -> Self {
        Self::List(Arc::new(item))
    }

    /// `item | None`, which is `item` itself where that may be `None` already.
    pub fn optional(item: Type) -> Self {
        match item {
            Self::None | Self::Optional(_) => item,
            item => Self::Optional(Arc::new(item)),
        }
    }

    /// `tuple[items]`.
    pub fn tuple(items: impl IntoIterator<Item = Type>) -> Self {
        Self::Tuple(items.into_iter().collect())
    }

    /// A C-ordered array.
    pub fn array(dtype: Dtype, ndim: u8) -> Self {
        Self::Array { dtype, ndim, order: Order::C }
    }

    /// Whether no program means this type: it came about by wrapping a value again and again.
    pub fn is_too_big(&self) -> bool {
        !self.fits(MAX_TYPE_DEPTH, &mut { MAX_TYPE_SIZE })
    }

    /// Whether the type has at most `depth` levels and `room` parts.
    fn fits(&self, depth: u32, room: &mut u32) -> bool {
        if depth == 0 || *room == 0 {
            return false;
        }
        *room -= 1;
        match self {
            Self::List(item) | Self::Sequence(item) | Self::Set(item) | Self::Optional(item) | Self::Cell(item) => {
                item.fits(depth - 1, room)
            }
            Self::Dict(key, value) => key.fits(depth - 1, room) && value.fits(depth - 1, room),
            Self::Tuple(items)
            | Self::Function(_, items)
            | Self::Choice(items)
            | Self::Generator(_, items)
            | Self::Iterator(_, items) => items.iter().all(|item| item.fits(depth - 1, room)),
            Self::Poison
            | Self::Never
            | Self::Variable(_)
            | Self::None
            | Self::Bool
            | Self::Int
            | Self::Unsigned
            | Self::Float
            | Self::Complex
            | Self::Scalar(_)
            | Self::Ptr
            | Self::Str
            | Self::Bytes
            | Self::Range
            | Self::Slice
            | Self::Array { .. }
            | Self::Exception
            | Self::Static(_) => true,
        }
    }

    /// Whether a host can be given a value of this type, or give one.
    pub fn crosses_border(&self) -> bool {
        match self {
            Self::None
            | Self::Bool
            | Self::Int
            | Self::Unsigned
            | Self::Float
            | Self::Complex
            | Self::Scalar(_)
            | Self::Str
            | Self::Bytes
            | Self::Range
            | Self::Array { .. } => true,
            Self::List(item) | Self::Set(item) | Self::Optional(item) => item.crosses_border(),
            Self::Dict(key, value) => key.crosses_border() && value.crosses_border(),
            Self::Tuple(items) => items.iter().all(Self::crosses_border),
            Self::Poison
            | Self::Never
            | Self::Variable(_)
            | Self::Ptr
            | Self::Slice
            | Self::Sequence(_)
            | Self::Cell(_)
            | Self::Exception
            | Self::Function(..)
            | Self::Choice(_)
            | Self::Generator(..)
            | Self::Iterator(..)
            | Self::Static(_) => false,
        }
    }

    /// The type under which a host gets a value of this type: its numbers have no more than 64 bits either.
    #[must_use]
    pub fn at_border(&self) -> Self {
        match self {
            Self::Unsigned => Self::Scalar(Dtype::U64),
            Self::Tuple(items) => Self::tuple(items.iter().map(Self::at_border)),
            Self::List(item) => Self::list(item.at_border()),
            Self::Optional(item) => Self::Optional(Arc::new(item.at_border())),
            _ => self.clone(),
        }
    }

    /// The SSA types of the parts a value of this type is held in, in order.
    ///
    /// | type | parts |
    /// |---|---|
    /// | `None`, statics | none |
    /// | bool, str, list and other heap objects, ptr | one `I32` (heap objects: the address) |
    /// | int, float, complex, NumPy scalars | as [`Dtype::flatten`] |
    /// | range | start, stop, step: `I64` each |
    /// | slice | for start, stop, step: `I32` whether given, `I64` value |
    /// | tuple, function, choice, generator, iterator | the parts of each member, one after the other |
    /// | `T \| None` | `I32` whether there is one, then the parts of `T` |
    /// | array | owner (counted, may be 0), data address, `ndim` lengths, `ndim` strides in bytes: `I32` each |
    pub fn flatten(&self) -> Vec<ssa::Type> {
        let mut parts = Vec::new();
        self.flatten_into(&mut parts);
        parts
    }

    fn flatten_into(&self, parts: &mut Vec<ssa::Type>) {
        match self {
            Self::Poison | Self::Never | Self::Variable(_) | Self::None | Self::Static(_) => {}
            Self::Int | Self::Unsigned => parts.push(ssa::Type::I64),
            Self::Float => parts.push(ssa::Type::F64),
            Self::Complex => parts.extend([ssa::Type::F64; 2]),
            Self::Scalar(dtype) => parts.extend(dtype.flatten()),
            Self::Bool
            | Self::Ptr
            | Self::Str
            | Self::Bytes
            | Self::List(_)
            | Self::Sequence(_)
            | Self::Set(_)
            | Self::Dict(..)
            | Self::Cell(_)
            | Self::Exception => parts.push(ssa::Type::I32),
            Self::Range => parts.extend([ssa::Type::I64; 3]),
            Self::Slice => parts.extend([ssa::Type::I32, ssa::Type::I64].repeat(3)),
            Self::Tuple(items)
            | Self::Function(_, items)
            | Self::Choice(items)
            | Self::Generator(_, items)
            | Self::Iterator(_, items) => items.iter().for_each(|item| item.flatten_into(parts)),
            Self::Optional(item) => {
                parts.push(ssa::Type::I32);
                item.flatten_into(parts);
            }
            Self::Array { ndim, .. } => parts.extend(vec![ssa::Type::I32; 2 + 2 * usize::from(*ndim)]),
        }
    }

    /// How a value of this type lies in memory: its parts in order, each naturally aligned.
    pub fn layout(&self) -> Layout {
        let mut layout = Layout { parts: Vec::new(), size: 0, align: 1 };
        for ty in self.flatten() {
            let size = ty.size();
            let offset = layout.size.next_multiple_of(size);
            layout.parts.push((offset, ty));
            layout.size = offset + size;
            layout.align = layout.align.max(size);
        }
        layout.size = layout.size.next_multiple_of(layout.align).max(1);
        layout
    }

    /// Whether a value can be iterated over once only.
    pub fn is_one_shot(&self) -> bool {
        match self {
            Self::Generator(..) => true,
            Self::Iterator(lazy, _) => match lazy {
                Lazy::Enumerate | Lazy::Zip | Lazy::ZipStrict | Lazy::Map | Lazy::Filter | Lazy::Reversed => true,
                Lazy::Keys | Lazy::Values | Lazy::Items | Lazy::Iter => false,
            },
            _ => false,
        }
    }

    /// Whether a value is one counted heap object, held by its address.
    pub fn is_heap(&self) -> bool {
        matches!(
            self,
            Self::Str
                | Self::Bytes
                | Self::List(_)
                | Self::Sequence(_)
                | Self::Set(_)
                | Self::Dict(..)
                | Self::Cell(_)
                | Self::Exception
        )
    }

    /// Whether a value holds counted references, itself or in its parts.
    pub fn is_counted(&self) -> bool {
        match self {
            Self::Array { .. } => true,
            Self::Tuple(items)
            | Self::Function(_, items)
            | Self::Choice(items)
            | Self::Generator(_, items)
            | Self::Iterator(_, items) => items.iter().any(Self::is_counted),
            Self::Optional(item) => item.is_counted(),
            Self::Poison
            | Self::Never
            | Self::Variable(_)
            | Self::None
            | Self::Bool
            | Self::Int
            | Self::Unsigned
            | Self::Float
            | Self::Complex
            | Self::Scalar(_)
            | Self::Ptr
            | Self::Str
            | Self::Bytes
            | Self::Range
            | Self::Slice
            | Self::List(_)
            | Self::Sequence(_)
            | Self::Set(_)
            | Self::Dict(..)
            | Self::Cell(_)
            | Self::Exception
            | Self::Static(_) => self.is_heap(),
        }
    }
}

impl fmt::Display for Type {
    /// As Python writes it, for messages and hovers: `list[int]`, `float64[:, :]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Poison => f.write_str("<error>"),
            Self::Never => f.write_str("Never"),
            Self::Variable(_) => f.write_str("?"),
            Self::None => f.write_str("None"),
            Self::Bool => f.write_str("bool"),
            Self::Int | Self::Unsigned => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Complex => f.write_str("complex"),
            Self::Scalar(dtype) => write!(f, "np.{}", dtype.name()),
            Self::Ptr => f.write_str("ptr"),
            Self::Str => f.write_str("str"),
            Self::Bytes => f.write_str("bytes"),
            Self::Range => f.write_str("range"),
            Self::Slice => f.write_str("slice"),
            Self::List(item) => write!(f, "list[{item}]"),
            Self::Sequence(item) => write!(f, "tuple[{item}, ...]"),
            Self::Set(item) => write!(f, "set[{item}]"),
            Self::Dict(key, value) => write!(f, "dict[{key}, {value}]"),
            Self::Tuple(items) if items.is_empty() => f.write_str("tuple[()]"),
            Self::Tuple(items) => write!(f, "tuple[{}]", Commas(items)),
            Self::Optional(item) => write!(f, "{item} | None"),
            Self::Array { dtype, ndim, order } => {
                let dims = match (ndim, order) {
                    (0, _) => String::new(),
                    (_, Order::A) => vec![":"; usize::from(*ndim)].join(", "),
                    (_, Order::C) => [vec![":"; usize::from(*ndim) - 1], vec!["::1"]].concat().join(", "),
                    (_, Order::F) => [vec!["::1"], vec![":"; usize::from(*ndim) - 1]].concat().join(", "),
                };
                write!(f, "{}[{dims}]", dtype.name())
            }
            Self::Cell(item) => write!(f, "{item}"),
            Self::Exception => f.write_str("Exception"),
            Self::Function(..) | Self::Choice(_) => f.write_str("function"),
            Self::Generator(..) => f.write_str("generator"),
            Self::Iterator(lazy, _) => f.write_str(match lazy {
                Lazy::Enumerate => "enumerate",
                Lazy::Zip | Lazy::ZipStrict => "zip",
                Lazy::Map => "map",
                Lazy::Filter => "filter",
                Lazy::Reversed => "reversed",
                Lazy::Keys => "dict_keys",
                Lazy::Values => "dict_values",
                Lazy::Items => "dict_items",
                Lazy::Iter => "iterator",
            }),
            // Users know `len`, `np.sum`, and not where they are kept.
            Self::Static(name) => f.write_str(match name.0.split_once('.') {
                Some(("builtins", name)) => name,
                // Their numbers tell exceptions of the same name apart.
                Some(("exception", class)) => class.split_once('.').map_or(class, |(_, name)| name),
                _ => &name.0,
            }),
        }
    }
}

struct Commas<'a>(&'a [Type]);

impl fmt::Display for Commas<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, item) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}
