//! The bodies of the support functions. In: `Support`. Out: signature, name and code.

use super::code::Code;
use super::inst::place;
use super::symbols::{Support, Symbols};
use crate::abi;
use crate::ssa::Type;
use wasm_encoder::{BlockType, Instruction as I, ValType};

impl Support {
    /// Parameter and result types.
    pub(super) fn signature(self) -> (Vec<Type>, Vec<Type>) {
        match self {
            Self::Retain | Self::Release(_) => (vec![Type::I32], Vec::new()),
            Self::MulOverflows => (vec![Type::I64; 2], vec![Type::I32]),
        }
    }

    /// For the name section.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Retain => "retain",
            Self::Release(_) => "release",
            Self::MulOverflows => "mul_overflows",
        }
    }

    /// The body, with its declaration of locals.
    pub(super) fn body(self, symbols: &Symbols) -> Vec<u8> {
        match self {
            Self::Retain => retain(),
            Self::Release(drop) => release(symbols.function(drop)),
            Self::MulOverflows => mul_overflows(),
        }
    }
}

/// `if p: p.count += 1`.
fn retain() -> Vec<u8> {
    let count = place(4, abi::COUNT);
    body(
        [],
        [
            I::LocalGet(0),
            I::If(BlockType::Empty),
            I::LocalGet(0),
            I::LocalGet(0),
            I::I32Load(count),
            I::I32Const(1),
            I::I32Add,
            I::I32Store(count),
            I::End,
        ],
    )
}

/// `if p: p.count -= 1; if p.count == 0: drop(p)`.
fn release(drop: u32) -> Vec<u8> {
    let count = place(4, abi::COUNT);
    body(
        [0x01, 0x01, 0x7f],
        [
            I::LocalGet(0),
            I::If(BlockType::Empty),
            I::LocalGet(0),
            I::LocalGet(0),
            I::I32Load(count),
            I::I32Const(1),
            I::I32Sub,
            I::LocalTee(1),
            I::I32Store(count),
            I::LocalGet(1),
            I::I32Eqz,
            I::If(BlockType::Empty),
            I::LocalGet(0),
            I::Call(drop),
            I::End,
            I::End,
        ],
    )
}

/// `-1 * b` overflows for the smallest `b`; for other `a` the product divided by `a` has to be `b`.
fn mul_overflows() -> Vec<u8> {
    let i32 = BlockType::Result(ValType::I32);
    body(
        [],
        [
            I::LocalGet(0),
            I::I64Const(1),
            I::I64Add,
            I::I64Const(1),
            I::I64LeU,
            I::If(i32),
            // 0 or all ones, which picks the comparison.
            I::LocalGet(0),
            I::I32WrapI64,
            I::LocalGet(1),
            I::I64Const(i64::MIN),
            I::I64Eq,
            I::I32And,
            I::Else,
            I::LocalGet(0),
            I::LocalGet(1),
            I::I64Mul,
            I::LocalGet(0),
            I::I64DivS,
            I::LocalGet(1),
            I::I64Ne,
            I::End,
        ],
    )
}

fn body<const N: usize, const L: usize>(locals: [u8; L], instructions: [I<'static>; N]) -> Vec<u8> {
    let mut code = Code::default();
    instructions.into_iter().for_each(|instruction| code.push(instruction));
    let mut body = if L == 0 { vec![0] } else { locals.to_vec() };
    body.extend(code.finish().bytes);
    body
}
