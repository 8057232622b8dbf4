//! Writes instructions: an operand that stays on the stack is written in place, any other is read from its local.
//! In: SSA instructions. Out: Wasm instructions in `Code`.

use super::code::Code;
use super::locals::Locals;
use super::stack::{Home, Homes};
use super::symbols::{self, Symbols};
use crate::arena::Id;
use crate::ssa::{Binary, Callee, Const, InstKind, LoadKind, StoreKind, Type, Unary, Value};
use wasm_encoder::{Ieee32, Ieee64, Instruction, MemArg, MemArgTarget};

/// Writes the instructions of one function.
pub(super) struct Writer<'a> {
    pub(super) symbols: &'a Symbols,
    pub(super) homes: &'a Homes<'a>,
    pub(super) locals: &'a Locals,
    pub(super) code: Code,
}

impl Writer<'_> {
    pub(super) fn push(&mut self, instruction: Instruction<'static>) {
        self.code.push(instruction);
    }

    /// Puts a value on the stack.
    pub(super) fn value(&mut self, value: Id<Value>) {
        match self.homes.home(value) {
            Home::Constant(value) => self.push(constant(value)),
            Home::Stack(inst) => self.kind(&inst.kind),
            Home::Local => self.push(Instruction::LocalGet(self.locals.of(value))),
            Home::Nowhere => unreachable!("what is read has a home"),
        }
    }

    /// Puts values on the stack, the first lowest.
    pub(super) fn values(&mut self, values: &[Id<Value>]) {
        values.iter().for_each(|value| self.value(*value));
    }

    /// Takes a value that an instruction just gave off the stack.
    pub(super) fn set(&mut self, value: Id<Value>) {
        match self.homes.home(value) {
            Home::Local => self.push(Instruction::LocalSet(self.locals.of(value))),
            Home::Nowhere | Home::Constant(_) | Home::Stack(_) => self.push(Instruction::Drop),
        }
    }

    /// Whether a condition is a comparison of floats, which has no opposite: engines make no use of its flags behind
    /// an `eqz`.
    pub(super) fn compares_floats(&self, condition: Id<Value>) -> bool {
        let Home::Stack(inst) = self.homes.home(condition) else { return false };
        matches!(inst.kind, InstKind::Binary(op, ..)
            if op.result() == Type::I32 && matches!(op.operand(), Type::F32 | Type::F64))
    }

    /// Puts on the stack whether `condition` is 0.
    pub(super) fn inverted(&mut self, condition: Id<Value>) {
        if let Home::Stack(inst) = self.homes.home(condition) {
            match inst.kind {
                InstKind::Unary(Unary::I32Eqz, value) => return self.value(value),
                InstKind::Binary(op, left, right) => {
                    if let Some(inverse) = op.inverse() {
                        return self.kind(&InstKind::Binary(inverse, left, right));
                    }
                }
                InstKind::Const(_)
                | InstKind::Unary(..)
                | InstKind::Select { .. }
                | InstKind::Bitselect { .. }
                | InstKind::Shuffle { .. }
                | InstKind::Load { .. }
                | InstKind::Store { .. }
                | InstKind::GlobalGet(_)
                | InstKind::GlobalSet(..)
                | InstKind::Call { .. }
                | InstKind::Guard { .. }
                | InstKind::Exit { .. }
                | InstKind::Retain(_)
                | InstKind::Release { .. }
                | InstKind::MemorySize
                | InstKind::MemoryGrow(_)
                | InstKind::MemoryCopy { .. }
                | InstKind::MemoryFill { .. } => {}
            }
        }
        self.value(condition);
        self.push(Instruction::I32Eqz);
    }

    /// Puts on the stack what `left != 0` means, as a branch reads it: a comparison of an int with 0 needs no `ne`.
    pub(super) fn condition(&mut self, condition: Id<Value>) {
        if let Home::Stack(inst) = self.homes.home(condition)
            && let InstKind::Binary(Binary::I32Ne, left, right) = inst.kind
            && matches!(self.homes.home(right), Home::Constant(Const::I32(0)))
        {
            return self.value(left);
        }
        self.value(condition);
    }

    /// Writes an instruction; its results are on the stack after it. Unwind edges are not written.
    pub(super) fn kind(&mut self, kind: &InstKind) {
        match kind {
            InstKind::Const(value) => self.push(constant(*value)),
            InstKind::Unary(op, value) => {
                self.value(*value);
                self.push(unary(*op));
            }
            InstKind::Binary(op, left, right) => self.binary(*op, *left, *right),
            InstKind::Select { condition, then, otherwise } => {
                self.values(&[*then, *otherwise]);
                self.condition(*condition);
                self.push(Instruction::Select);
            }
            InstKind::Bitselect { mask, then, otherwise } => {
                self.values(&[*then, *otherwise, *mask]);
                self.push(Instruction::V128Bitselect);
            }
            InstKind::Shuffle { bytes, left, right } => {
                self.values(&[*left, *right]);
                self.push(Instruction::I8x16Shuffle(*bytes));
            }
            InstKind::Load { kind, address, offset } => {
                self.value(*address);
                self.push(load(*kind, *offset));
            }
            InstKind::Store { kind, address, offset, value } => {
                self.values(&[*address, *value]);
                self.push(store(*kind, *offset));
            }
            InstKind::GlobalGet(id) => self.push(Instruction::GlobalGet(id.index() as u32)),
            InstKind::GlobalSet(id, value) => {
                self.value(*value);
                self.push(Instruction::GlobalSet(id.index() as u32));
            }
            InstKind::Call { callee, args, unwind: _ } => {
                self.values(args);
                self.push(Instruction::Call(match callee {
                    Callee::Function(id) => self.symbols.function(*id),
                    Callee::Import(id) => self.symbols.import(*id),
                }));
            }
            InstKind::Guard { .. } | InstKind::Exit { .. } => unreachable!("structure.rs writes what leaves a block"),
            InstKind::Retain(object) => {
                self.value(*object);
                self.push(Instruction::Call(self.symbols.support(symbols::Support::Retain)));
            }
            InstKind::Release { object, drop } => {
                self.value(*object);
                self.push(Instruction::Call(self.symbols.support(symbols::Support::Release(*drop))));
            }
            InstKind::MemorySize => self.push(Instruction::MemorySize(0)),
            InstKind::MemoryGrow(pages) => {
                self.value(*pages);
                self.push(Instruction::MemoryGrow(0));
            }
            InstKind::MemoryCopy { to, from, length } => {
                self.values(&[*to, *from, *length]);
                self.push(Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 });
            }
            InstKind::MemoryFill { to, byte, length } => {
                self.values(&[*to, *byte, *length]);
                self.push(Instruction::MemoryFill(0));
            }
        }
    }

    fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) {
        let scratch = self.locals.scratch;
        match op {
            // The sum has another sign than both operands.
            Binary::I64AddOverflows => {
                self.values(&[left, right]);
                self.push(Instruction::I64Add);
                self.push(Instruction::LocalTee(scratch));
                self.value(left);
                self.push(Instruction::I64Xor);
                self.push(Instruction::LocalGet(scratch));
                self.value(right);
                self.push(Instruction::I64Xor);
                self.is_negative();
            }
            // The operands have different signs, and the difference has not that of the left.
            Binary::I64SubOverflows => {
                self.values(&[left, right]);
                self.push(Instruction::I64Xor);
                self.values(&[left, left, right]);
                self.push(Instruction::I64Sub);
                self.push(Instruction::I64Xor);
                self.is_negative();
            }
            Binary::I64MulOverflows => {
                self.values(&[left, right]);
                self.push(Instruction::Call(self.symbols.support(symbols::Support::MulOverflows)));
            }
            op => {
                self.values(&[left, right]);
                self.push(binary(op));
            }
        }
    }

    fn is_negative(&mut self) {
        self.push(Instruction::I64And);
        self.push(Instruction::I64Const(0));
        self.push(Instruction::I64LtS);
    }
}

/// A constant.
pub(super) fn constant(value: Const) -> Instruction<'static> {
    match value {
        Const::I32(value) => Instruction::I32Const(value),
        Const::I64(value) => Instruction::I64Const(value),
        Const::F32(bits) => Instruction::F32Const(Ieee32::new(bits)),
        Const::F64(bits) => Instruction::F64Const(Ieee64::new(bits)),
        Const::V128(bits) => Instruction::V128Const(bits as i128),
    }
}

fn load(kind: LoadKind, offset: u32) -> Instruction<'static> {
    let at = place(kind.bytes(), offset);
    match kind {
        LoadKind::I32 => Instruction::I32Load(at),
        LoadKind::I32U8 => Instruction::I32Load8U(at),
        LoadKind::I32S8 => Instruction::I32Load8S(at),
        LoadKind::I32U16 => Instruction::I32Load16U(at),
        LoadKind::I32S16 => Instruction::I32Load16S(at),
        LoadKind::I64 => Instruction::I64Load(at),
        LoadKind::F32 => Instruction::F32Load(at),
        LoadKind::F64 => Instruction::F64Load(at),
        LoadKind::V128 => Instruction::V128Load(at),
        LoadKind::V128Low64 => Instruction::V128Load64Zero(at),
        LoadKind::V128Low32 => Instruction::V128Load32Zero(at),
        LoadKind::V128Splat8 => Instruction::V128Load8Splat(at),
        LoadKind::V128Splat16 => Instruction::V128Load16Splat(at),
        LoadKind::V128Splat32 => Instruction::V128Load32Splat(at),
        LoadKind::V128Splat64 => Instruction::V128Load64Splat(at),
        LoadKind::V128S8 => Instruction::V128Load8x8S(at),
        LoadKind::V128U8 => Instruction::V128Load8x8U(at),
        LoadKind::V128S16 => Instruction::V128Load16x4S(at),
        LoadKind::V128U16 => Instruction::V128Load16x4U(at),
        LoadKind::V128S32 => Instruction::V128Load32x2S(at),
        LoadKind::V128U32 => Instruction::V128Load32x2U(at),
    }
}

fn store(kind: StoreKind, offset: u32) -> Instruction<'static> {
    let at = place(kind.bytes(), offset);
    match kind {
        StoreKind::I32 => Instruction::I32Store(at),
        StoreKind::I32Low8 => Instruction::I32Store8(at),
        StoreKind::I32Low16 => Instruction::I32Store16(at),
        StoreKind::I64 => Instruction::I64Store(at),
        StoreKind::F32 => Instruction::F32Store(at),
        StoreKind::F64 => Instruction::F64Store(at),
        StoreKind::V128 => Instruction::V128Store(at),
        StoreKind::V128Low16 => Instruction::V128Store16Lane { memarg: at, lane: 0 },
        StoreKind::V128Low32 => Instruction::V128Store32Lane { memarg: at, lane: 0 },
        StoreKind::V128Low64 => Instruction::V128Store64Lane { memarg: at, lane: 0 },
    }
}

/// The hint says that places are naturally aligned, as they are but for vectors; engines read it as a hint only.
pub(super) fn place(bytes: u32, offset: u32) -> MemArg {
    MemArg { offset: offset.into(), align: bytes.trailing_zeros(), target: MemArgTarget::Memory(0), ordering: None }
}

/// Wasm's instruction of the same name.
macro_rules! same_name {
    ($op:expr, $ty:ident, [$($variant:ident),* $(,)?] $(, $other:pat => $else:expr)* $(,)?) => {
        match $op {
            $($ty::$variant => Instruction::$variant,)*
            $($other => $else,)*
        }
    };
}

fn unary(op: Unary) -> Instruction<'static> {
    same_name!(
        op,
        Unary,
        [
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
            F32x4Abs, F32x4Neg, F32x4Sqrt, F32x4Ceil, F32x4Floor, F32x4Trunc, F32x4Nearest, F64x2Abs, F64x2Neg, F64x2Sqrt, F64x2Ceil, F64x2Floor, F64x2Trunc, F64x2Nearest, I8x16Splat, I16x8Splat, I32x4Splat, I64x2Splat, F32x4Splat, F64x2Splat, I16x8ExtendLowI8x16S, I16x8ExtendLowI8x16U, I32x4ExtendLowI16x8S, I32x4ExtendLowI16x8U, I64x2ExtendLowI32x4S, I64x2ExtendLowI32x4U, F64x2PromoteLowF32x4, F32x4DemoteF64x2Zero, F64x2ConvertLowI32x4S, F64x2ConvertLowI32x4U, F32x4ConvertI32x4S, F32x4ConvertI32x4U, V128Not, V128AnyTrue
        ],
        Unary::I32x4ExtractLane0 => Instruction::I32x4ExtractLane(0),
        Unary::I32x4ExtractLane1 => Instruction::I32x4ExtractLane(1),
        Unary::I32x4ExtractLane2 => Instruction::I32x4ExtractLane(2),
        Unary::I32x4ExtractLane3 => Instruction::I32x4ExtractLane(3),
        Unary::I64x2ExtractLane0 => Instruction::I64x2ExtractLane(0),
        Unary::I64x2ExtractLane1 => Instruction::I64x2ExtractLane(1),
        Unary::F32x4ExtractLane0 => Instruction::F32x4ExtractLane(0),
        Unary::F32x4ExtractLane1 => Instruction::F32x4ExtractLane(1),
        Unary::F32x4ExtractLane2 => Instruction::F32x4ExtractLane(2),
        Unary::F32x4ExtractLane3 => Instruction::F32x4ExtractLane(3),
        Unary::F64x2ExtractLane0 => Instruction::F64x2ExtractLane(0),
        Unary::F64x2ExtractLane1 => Instruction::F64x2ExtractLane(1),
    )
}

fn binary(op: Binary) -> Instruction<'static> {
    same_name!(
           op,
           Binary,
           [
               I32Add, I32Sub, I32Mul, I32DivS, I32DivU, I32RemS, I32RemU, I32And, I32Or, I32Xor, I32Shl, I32ShrS,
               I32ShrU, I32Rotl, I32Eq, I32Ne, I32LtS, I32LtU, I32GtS, I32GtU, I32LeS, I32LeU, I32GeS, I32GeU, I64Add,
               I64Sub, I64Mul, I64DivS, I64DivU, I64RemS, I64RemU, I64And, I64Or, I64Xor, I64Shl, I64ShrS, I64ShrU,
               I64Rotl, I64Eq, I64Ne, I64LtS, I64LtU, I64GtS, I64GtU, I64LeS, I64LeU, I64GeS, I64GeU, F32Add, F32Sub,
               F32Mul, F32Div, F32Min, F32Max, F32Copysign, F32Eq, F32Ne, F32Lt, F32Gt, F32Le, F32Ge, F64Add, F64Sub,
               F64Mul, F64Div, F64Min, F64Max, F64Copysign, F64Eq, F64Ne, F64Lt, F64Gt, F64Le, F64Ge,
    F32x4Add, F32x4Sub, F32x4Mul, F32x4Div, F32x4Min, F32x4Max, F32x4Eq, F32x4Ne, F32x4Lt, F32x4Gt, F32x4Le, F32x4Ge, F32x4PMin, F32x4PMax, F64x2Add, F64x2Sub, F64x2Mul, F64x2Div, F64x2Min, F64x2Max, F64x2Eq, F64x2Ne, F64x2Lt, F64x2Gt, F64x2Le, F64x2Ge, F64x2PMin, F64x2PMax, I8x16Add, I8x16Sub, I8x16Eq, I8x16Ne, I8x16LtS, I8x16LtU, I8x16GtS, I8x16GtU, I8x16LeS, I8x16LeU, I8x16GeS, I8x16GeU, I8x16Shl, I8x16ShrS, I8x16ShrU, I16x8Add, I16x8Sub, I16x8Mul, I16x8Eq, I16x8Ne, I16x8LtS, I16x8LtU, I16x8GtS, I16x8GtU, I16x8LeS, I16x8LeU, I16x8GeS, I16x8GeU, I16x8Shl, I16x8ShrS, I16x8ShrU, I32x4Add, I32x4Sub, I32x4Mul, I32x4Eq, I32x4Ne, I32x4LtS, I32x4LtU, I32x4GtS, I32x4GtU, I32x4LeS, I32x4LeU, I32x4GeS, I32x4GeU, I32x4Shl, I32x4ShrS, I32x4ShrU, I64x2Add, I64x2Sub, I64x2Mul, I64x2Eq, I64x2Ne, I64x2LtS, I64x2GtS, I64x2LeS, I64x2GeS, I64x2Shl, I64x2ShrS, I64x2ShrU, I8x16NarrowI16x8S, I8x16NarrowI16x8U, I16x8NarrowI32x4S, I16x8NarrowI32x4U, V128And, V128Or, V128Xor, V128AndNot
           ],
           Binary::I64AddOverflows | Binary::I64SubOverflows | Binary::I64MulOverflows => {
               unreachable!("binary() of the writer writes the tests of overflow")
           }
       )
}
