//! Instructions and terminators. In: nothing. Out: the types of instructions, and what each reads, gives and does.

#![expect(missing_docs, reason = "fields of variants say what they are by name")]

use super::operation::{Binary, LoadKind, StoreKind, Unary};
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
    /// In every bit of two `V128`: that of `then` where `mask` has 1, else that of `otherwise`; pure.
    Bitselect { mask: Id<Value>, then: Id<Value>, otherwise: Id<Value> },
    /// The bytes with these numbers, of both `V128` one behind the other; pure.
    Shuffle { bytes: [u8; 16], left: Id<Value>, right: Id<Value> },
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
    /// If `condition` is 0: leaves the block along this edge. Made when the rest is optimised, by `opt/share.rs`.
    Exit { condition: Id<Value>, to: BlockCall },
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
    /// Bits of a vector; the first lane is lowest.
    V128(u128),
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
            Self::V128(_) => Type::V128,
        }
    }

    /// Zero of a type, as Wasm initialises locals.
    pub fn zero(ty: Type) -> Self {
        match ty {
            Type::I32 => Self::I32(0),
            Type::I64 => Self::I64(0),
            Type::F32 => Self::F32(0),
            Type::F64 => Self::F64(0),
            Type::V128 => Self::V128(0),
        }
    }

    /// A binary64.
    pub fn f64(value: f64) -> Self {
        Self::F64(value.to_bits())
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

impl Inst {
    /// An instruction with these results.
    pub fn new(kind: InstKind, results: Vec<Id<Value>>, span: Span) -> Self {
        Self { kind, results, span }
    }

    /// The result of an instruction that gives exactly one value.
    pub fn result(&self) -> Option<Id<Value>> {
        match self.results[..] {
            [result] => Some(result),
            _ => None,
        }
    }
}

impl InstKind {
    /// Calls `f` with every value that is read, in the order of evaluation; those of the unwind edge come last.
    pub fn for_each_operand(&self, mut f: impl FnMut(Id<Value>)) {
        match self {
            Self::Const(_) | Self::GlobalGet(_) | Self::MemorySize => {}
            Self::Unary(_, value)
            | Self::GlobalSet(_, value)
            | Self::Retain(value)
            | Self::Release { object: value, drop: _ }
            | Self::MemoryGrow(value)
            | Self::Load { address: value, .. } => f(*value),
            Self::Binary(_, left, right)
            | Self::Store { address: left, value: right, .. }
            | Self::Shuffle { left, right, .. } => {
                f(*left);
                f(*right);
            }
            Self::Select { condition: a, then: b, otherwise: c }
            | Self::Bitselect { mask: a, then: b, otherwise: c }
            | Self::MemoryCopy { to: a, from: b, length: c }
            | Self::MemoryFill { to: a, byte: b, length: c } => [a, b, c].into_iter().copied().for_each(f),
            Self::Call { callee: _, args, unwind } => {
                args.iter().copied().for_each(&mut f);
                unwind.iter().flat_map(|unwind| &unwind.args).copied().for_each(f);
            }
            Self::Guard { condition, raise: _, args, unwind } => {
                f(*condition);
                args.iter().copied().for_each(&mut f);
                unwind.iter().flat_map(|unwind| &unwind.args).copied().for_each(f);
            }
            Self::Exit { condition, to } => {
                f(*condition);
                to.args.iter().copied().for_each(f);
            }
        }
    }

    /// Replaces every value that is read, those of the unwind edge too, in the order of [`Self::for_each_operand`].
    pub fn map_operands(&mut self, mut f: impl FnMut(Id<Value>) -> Id<Value>) {
        let mut set = |value: &mut Id<Value>| *value = f(*value);
        match self {
            Self::Const(_) | Self::GlobalGet(_) | Self::MemorySize => {}
            Self::Unary(_, value)
            | Self::GlobalSet(_, value)
            | Self::Retain(value)
            | Self::Release { object: value, drop: _ }
            | Self::MemoryGrow(value)
            | Self::Load { address: value, .. } => set(value),
            Self::Binary(_, left, right)
            | Self::Store { address: left, value: right, .. }
            | Self::Shuffle { left, right, .. } => {
                set(left);
                set(right);
            }
            Self::Select { condition: a, then: b, otherwise: c }
            | Self::Bitselect { mask: a, then: b, otherwise: c }
            | Self::MemoryCopy { to: a, from: b, length: c }
            | Self::MemoryFill { to: a, byte: b, length: c } => [a, b, c].into_iter().for_each(set),
            Self::Call { callee: _, args, unwind } => {
                args.iter_mut().for_each(&mut set);
                unwind.iter_mut().flat_map(|unwind| &mut unwind.args).for_each(set);
            }
            Self::Guard { condition, raise: _, args, unwind } => {
                set(condition);
                args.iter_mut().for_each(&mut set);
                unwind.iter_mut().flat_map(|unwind| &mut unwind.args).for_each(set);
            }
            Self::Exit { condition, to } => {
                set(condition);
                to.args.iter_mut().for_each(set);
            }
        }
    }

    /// The edge that leaves the block in its middle, where the instruction has one: the block, the arguments, and how
    /// many of the block's first parameters they leave out (1 for the exception of an unwind edge).
    pub fn side_edge(&self) -> Option<(Id<Block>, &[Id<Value>], usize)> {
        match self {
            Self::Exit { to, .. } => Some((to.block, &to.args, 0)),
            other => other.unwind().map(|unwind| (unwind.block, &unwind.args[..], 1)),
        }
    }

    /// As [`Self::side_edge`], to change it: where it leads, and its arguments but for what the edge itself gives.
    pub fn side_edge_mut(&mut self) -> Option<(&mut Id<Block>, &mut Vec<Id<Value>>)> {
        match self {
            Self::Exit { to, .. } => Some((&mut to.block, &mut to.args)),
            other => other.unwind_mut()?.as_mut().map(|unwind| (&mut unwind.block, &mut unwind.args)),
        }
    }

    /// The unwind edge, where the instruction has one.
    pub fn unwind(&self) -> Option<&Unwind> {
        match self {
            Self::Call { unwind, .. } | Self::Guard { unwind, .. } => unwind.as_ref(),
            Self::Const(_)
            | Self::Unary(..)
            | Self::Binary(..)
            | Self::Select { .. }
            | Self::Bitselect { .. }
            | Self::Shuffle { .. }
            | Self::Load { .. }
            | Self::Store { .. }
            | Self::GlobalGet(_)
            | Self::GlobalSet(..)
            | Self::Exit { .. }
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemorySize
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => None,
        }
    }

    /// The unwind edge of an instruction that may have one, to set or change it.
    pub fn unwind_mut(&mut self) -> Option<&mut Option<Unwind>> {
        match self {
            Self::Call { unwind, .. } | Self::Guard { unwind, .. } => Some(unwind),
            Self::Const(_)
            | Self::Unary(..)
            | Self::Binary(..)
            | Self::Select { .. }
            | Self::Bitselect { .. }
            | Self::Shuffle { .. }
            | Self::Load { .. }
            | Self::Store { .. }
            | Self::GlobalGet(_)
            | Self::GlobalSet(..)
            | Self::Exit { .. }
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemorySize
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => None,
        }
    }

    /// Whether it can be moved, merged or dropped.
    pub fn effect(&self) -> Effect {
        match self {
            Self::Const(_)
            | Self::Unary(..)
            | Self::Binary(..)
            | Self::Select { .. }
            | Self::Bitselect { .. }
            | Self::Shuffle { .. } => Effect::Pure,
            Self::Load { .. } | Self::GlobalGet(_) | Self::MemorySize => Effect::Reads,
            Self::Store { .. }
            | Self::GlobalSet(..)
            | Self::Call { .. }
            | Self::Guard { .. }
            | Self::Exit { .. }
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => Effect::Writes,
        }
    }

    /// Whether a Python exception can come out of it. `Release` runs no Python code that the user wrote.
    pub fn can_raise(&self) -> bool {
        matches!(self, Self::Guard { .. } | Self::Call { callee: Callee::Function(_), .. })
    }

    /// Whether it traps on some operands (integer division by zero, an address outside of memory): then it is not
    /// to be executed where the program would not have executed it.
    pub fn can_trap(&self) -> bool {
        match self {
            Self::Binary(op, ..) => op.can_trap(),
            Self::Load { .. }
            | Self::Store { .. }
            | Self::Call { .. }
            | Self::Guard { .. }
            | Self::Exit { .. }
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => true,
            Self::Const(_)
            | Self::Unary(..)
            | Self::Select { .. }
            | Self::Bitselect { .. }
            | Self::Shuffle { .. }
            | Self::GlobalGet(_)
            | Self::GlobalSet(..)
            | Self::MemorySize
            | Self::MemoryGrow(_) => false,
        }
    }
}

impl Terminator {
    /// Whether control raises behind it in any case, given the blocks of which that is known.
    pub(crate) fn raises(&self, is_known: impl Fn(Id<Block>) -> bool) -> bool {
        match self {
            Self::Throw(_) | Self::Unreachable => true,
            Self::Return(_) => false,
            Self::Jump(_) | Self::Branch { .. } | Self::Switch { .. } => self.edges().all(|edge| is_known(edge.block)),
        }
    }

    /// Calls `f` with every value that is read; the condition first, then the arguments of each edge.
    pub fn for_each_operand(&self, mut f: impl FnMut(Id<Value>)) {
        match self {
            Self::Branch { condition: value, .. } | Self::Switch { index: value, .. } | Self::Throw(value) => f(*value),
            Self::Return(values) => values.iter().copied().for_each(&mut f),
            Self::Jump(_) | Self::Unreachable => {}
        }
        self.edges().flat_map(|edge| &edge.args).copied().for_each(f);
    }

    /// Replaces every value that is read, in the order of [`Self::for_each_operand`].
    pub fn map_operands(&mut self, mut f: impl FnMut(Id<Value>) -> Id<Value>) {
        let mut set = |value: &mut Id<Value>| *value = f(*value);
        match self {
            Self::Branch { condition: value, .. } | Self::Switch { index: value, .. } | Self::Throw(value) => {
                set(value);
            }
            Self::Return(values) => values.iter_mut().for_each(&mut set),
            Self::Jump(_) | Self::Unreachable => {}
        }
        self.edges_mut().flat_map(|edge| &mut edge.args).for_each(set);
    }

    /// Where control may go: `then` before `otherwise`, the default last.
    pub fn edges(&self) -> impl Iterator<Item = &BlockCall> {
        let (many, last, first) = match self {
            Self::Jump(to) => (&[][..], None, Some(to)),
            Self::Branch { then, otherwise, .. } => (&[][..], Some(otherwise), Some(then)),
            Self::Switch { targets, default, .. } => (&targets[..], Some(default), None),
            Self::Return(_) | Self::Throw(_) | Self::Unreachable => (&[][..], None, None),
        };
        first.into_iter().chain(many).chain(last)
    }

    /// As [`Self::edges`], to change them.
    pub fn edges_mut(&mut self) -> impl Iterator<Item = &mut BlockCall> {
        let (many, last, first) = match self {
            Self::Jump(to) => (&mut [][..], None, Some(to)),
            Self::Branch { then, otherwise, .. } => (&mut [][..], Some(otherwise), Some(then)),
            Self::Switch { targets, default, .. } => (&mut targets[..], Some(default), None),
            Self::Return(_) | Self::Throw(_) | Self::Unreachable => (&mut [][..], None, None),
        };
        first.into_iter().chain(many).chain(last)
    }
}

/// The types of the results of an instruction.
pub fn result_types(module: &Module, function: &Function, kind: &InstKind) -> Vec<Type> {
    match kind {
        InstKind::Const(value) => vec![value.ty()],
        InstKind::Unary(op, _) => vec![op.result()],
        InstKind::Binary(op, ..) => vec![op.result()],
        InstKind::Select { then, .. } => vec![function.values[*then].ty],
        InstKind::Bitselect { .. } | InstKind::Shuffle { .. } => vec![Type::V128],
        InstKind::Load { kind, .. } => vec![kind.ty()],
        InstKind::GlobalGet(id) => vec![module.globals[*id].initial.ty()],
        InstKind::Call { callee, .. } => signature(module, *callee).1,
        InstKind::MemorySize | InstKind::MemoryGrow(_) => vec![Type::I32],
        InstKind::Store { .. }
        | InstKind::GlobalSet(..)
        | InstKind::Guard { .. }
        | InstKind::Exit { .. }
        | InstKind::Retain(_)
        | InstKind::Release { .. }
        | InstKind::MemoryCopy { .. }
        | InstKind::MemoryFill { .. } => Vec::new(),
    }
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
