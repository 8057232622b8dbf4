//! Instructions and terminators. In: nothing. Out: the types of instructions, and what each reads, gives and does.

#![expect(missing_docs, reason = "fields of variants say what they are by name")]

use super::{Block, Function, Global, Import, Module, Type, Value};
use crate::arena::Id;
use crate::source::Span;

/// An instruction with its results.
#[derive(Debug, Clone)]
pub struct Inst {
    /// What it does.
    pub kind: InstKind,
    /// The values it gives: one for most, none for stores, any number for calls.
    pub results: Vec<Id<Value>>,
    /// The Python it came from.
    pub span: Span,
}

/// What an instruction does.
#[derive(Debug, Clone, PartialEq)]
pub enum InstKind {
    /// A constant.
    Const(Const),
    /// One operand; pure.
    Unary(Unary, Id<Value>),
    /// Two operands of one type; pure (integer division traps on zero: guard it first).
    Binary(Binary, Id<Value>, Id<Value>),
    /// `if condition then a else b`; pure.
    Select { condition: Id<Value>, then: Id<Value>, otherwise: Id<Value> },
    /// Reads memory at `address + offset`.
    Load { kind: LoadKind, address: Id<Value>, offset: u32 },
    /// Writes memory at `address + offset`.
    Store { kind: StoreKind, address: Id<Value>, offset: u32, value: Id<Value> },
    /// Reads a global.
    GlobalGet(Id<Global>),
    /// Writes a global.
    GlobalSet(Id<Global>, Id<Value>),
    /// Calls a function.
    Call { callee: Callee, args: Vec<Id<Value>>, unwind: Option<Unwind> },
    /// If `condition` is 0: calls `raise(args)`, which makes an exception and gives its address, and raises it.
    Guard { condition: Id<Value>, raise: Id<Function>, args: Vec<Id<Value>>, unwind: Option<Unwind> },
    /// Counts one more reference to the object at this address; does nothing at 0.
    Retain(Id<Value>),
    /// Counts one reference less to the object at this address and calls `drop(address)` after the last;
    /// does nothing at 0.
    Release { object: Id<Value>, drop: Id<Function> },
    /// Pages of memory.
    MemorySize,
    /// Grows memory by so many pages; gives the old size or -1.
    MemoryGrow(Id<Value>),
    /// Copies `length` bytes, as `memmove`.
    MemoryCopy { to: Id<Value>, from: Id<Value>, length: Id<Value> },
    /// Sets `length` bytes.
    MemoryFill { to: Id<Value>, byte: Id<Value>, length: Id<Value> },
}

/// Who is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A function of the module.
    Function(Id<Function>),
    /// A function of the host. It never raises a Python exception.
    Import(Id<Import>),
}

/// A constant. Floats are kept as bits, so that NaNs and signed zeros compare exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Const {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of a binary32.
    F32(u32),
    /// Bits of a binary64.
    F64(u64),
}

/// Operations on one value. Names and meaning are Wasm's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]

pub enum Unary {
    I32Eqz,
    I32Clz,
    I32Ctz,
    I32Popcnt,
    I32Extend8S,
    I32Extend16S,
    I64Eqz,
    I64Clz,
    I64Ctz,
    I64Popcnt,
    I32WrapI64,
    I64ExtendI32S,
    I64ExtendI32U,
    F32Abs,
    F32Neg,
    F32Sqrt,
    F32Ceil,
    F32Floor,
    F32Trunc,
    F32Nearest,
    F64Abs,
    F64Neg,
    F64Sqrt,
    F64Ceil,
    F64Floor,
    F64Trunc,
    F64Nearest,
    F32DemoteF64,
    F64PromoteF32,
    F32ConvertI32S,
    F32ConvertI32U,
    F32ConvertI64S,
    F32ConvertI64U,
    F64ConvertI32S,
    F64ConvertI32U,
    F64ConvertI64S,
    F64ConvertI64U,
    I32TruncSatF64S,
    I32TruncSatF64U,
    I64TruncSatF64S,
    I64TruncSatF64U,
    I32ReinterpretF32,
    I64ReinterpretF64,
    F32ReinterpretI32,
    F64ReinterpretI64,
}

/// Operations on two values. Names and meaning are Wasm's, but for the three `…Overflows`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]

pub enum Binary {
    I32Add,
    I32Sub,
    I32Mul,
    I32DivS,
    I32DivU,
    I32RemS,
    I32RemU,
    I32And,
    I32Or,
    I32Xor,
    I32Shl,
    I32ShrS,
    I32ShrU,
    I32Rotl,
    I32Eq,
    I32Ne,
    I32LtS,
    I32LtU,
    I32GtS,
    I32GtU,
    I32LeS,
    I32LeU,
    I32GeS,
    I32GeU,
    I64Add,
    I64Sub,
    I64Mul,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
    I64And,
    I64Or,
    I64Xor,
    I64Shl,
    I64ShrS,
    I64ShrU,
    I64Rotl,
    I64Eq,
    I64Ne,
    I64LtS,
    I64LtU,
    I64GtS,
    I64GtU,
    I64LeS,
    I64LeU,
    I64GeS,
    I64GeU,
    /// Whether the signed sum leaves 64 bits: gives an `I32`. Expanded by `opt/expand.rs`, once ranges are used up.
    I64AddOverflows,
    /// Whether the signed difference leaves 64 bits.
    I64SubOverflows,
    /// Whether the signed product leaves 64 bits.
    I64MulOverflows,
    F32Add,
    F32Sub,
    F32Mul,
    F32Div,
    F32Min,
    F32Max,
    F32Copysign,
    F32Eq,
    F32Ne,
    F32Lt,
    F32Gt,
    F32Le,
    F32Ge,
    F64Add,
    F64Sub,
    F64Mul,
    F64Div,
    F64Min,
    F64Max,
    F64Copysign,
    F64Eq,
    F64Ne,
    F64Lt,
    F64Gt,
    F64Le,
    F64Ge,
}

/// What a load reads, and how it widens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]

pub enum LoadKind {
    I32,
    I32U8,
    I32S8,
    I32U16,
    I32S16,
    I64,
    F32,
    F64,
}

/// What a store writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]

pub enum StoreKind {
    I32,
    I32Low8,
    I32Low16,
    I64,
    F32,
    F64,
}

/// Where control goes, and the values for the block's parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCall {
    /// The block.
    pub block: Id<Block>,
    /// One a parameter.
    pub args: Vec<Id<Value>>,
}

/// Where an exception goes: `block`'s first parameter (an `I32`) is the exception, the others are `args`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwind {
    /// The block.
    pub block: Id<Block>,
    /// One a parameter after the first.
    pub args: Vec<Id<Value>>,
}

/// How a block ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Terminator {
    /// Goes on there.
    Jump(BlockCall),
    /// Goes to `then` if `condition` is not 0.
    Branch { condition: Id<Value>, then: BlockCall, otherwise: BlockCall },
    /// Goes to the `index`-th target, or to `default` past the last.
    Switch { index: Id<Value>, targets: Vec<BlockCall>, default: BlockCall },
    /// Gives the results.
    Return(Vec<Id<Value>>),
    /// The exception at this address leaves the function.
    Throw(Id<Value>),
    /// Control never gets here.
    Unreachable,
}

impl Const {
    /// Its type.
    pub fn ty(self) -> Type {
        match self {
            Self::I32(_) => Type::I32,
            Self::I64(_) => Type::I64,
            Self::F32(_) => Type::F32,
            Self::F64(_) => Type::F64,
        }
    }

    /// Zero of a type, as Wasm initialises locals.
    pub fn zero(ty: Type) -> Self {
        match ty {
            Type::I32 => Self::I32(0),
            Type::I64 => Self::I64(0),
            Type::F32 => Self::F32(0),
            Type::F64 => Self::F64(0),
            Type::V128 => unreachable!("no Python value is a v128; the vectoriser makes its own constants"),
        }
    }

    /// A binary64.
    pub fn f64(value: f64) -> Self {
        Self::F64(value.to_bits())
    }
}

impl LoadKind {
    /// The type of the value that is read.
    pub fn ty(self) -> Type {
        match self {
            Self::I32 | Self::I32U8 | Self::I32S8 | Self::I32U16 | Self::I32S16 => Type::I32,
            Self::I64 => Type::I64,
            Self::F32 => Type::F32,
            Self::F64 => Type::F64,
        }
    }
}

impl StoreKind {
    /// The type of the value that is written.
    pub fn ty(self) -> Type {
        match self {
            Self::I32 | Self::I32Low8 | Self::I32Low16 => Type::I32,
            Self::I64 => Type::I64,
            Self::F32 => Type::F32,
            Self::F64 => Type::F64,
        }
    }
}

/// Whether an instruction can be moved, merged or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Same operands, same result, nothing else.
    Pure,
    /// Reads what other instructions may change.
    Reads,
    /// Changes something or may raise.
    Writes,
}

/// The types of the callee's parameters and results.
pub fn signature(module: &Module, callee: Callee) -> (Vec<Type>, Vec<Type>) {
    match callee {
        Callee::Function(id) => {
            let function = &module.functions[id];
            (function.params().iter().map(|param| function.values[*param].ty).collect(), function.results.clone())
        }
        Callee::Import(id) => (module.imports[id].params.clone(), module.imports[id].results.clone()),
    }
}
