//! The program as SSA: a control-flow graph of blocks with parameters over Wasm's own value types.
//! In: built by `lower`. Out: read and changed by `opt`, read by `emit`.
//!
//! Types are gone: a Python value is one SSA value a part (`types::Type::flatten`). What can raise does so in the
//! middle of a block, along an *unwind edge*: the edge passes the exception's address as the first argument, then
//! the arguments written at the instruction. Without an unwind edge the exception leaves the function.

pub mod dominators;
#[cfg(test)]
pub(crate) mod generate;
pub mod inst;
#[cfg(test)]
pub(crate) mod interpret;
pub mod loops;
pub mod note;
pub mod operation;
pub mod parse;
pub mod print;
pub mod vector;
pub mod verify;

use crate::arena::{Arena, Id, IdMap};
use crate::source::Span;
pub use inst::{BlockCall, Callee, Const, Effect, Inst, InstKind, Terminator, Unwind};
pub use operation::{Binary, LoadKind, StoreKind, Unary};
pub use vector::Shape;

/// A value type of Wasm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// 32-bit integer: bool, small integers, addresses.
    I32,
    /// 64-bit integer.
    I64,
    /// IEEE binary32.
    F32,
    /// IEEE binary64.
    F64,
    /// 128 bits of SIMD.
    V128,
}

impl Type {
    /// Every type.
    pub const ALL: [Self; 5] = [Self::I32, Self::I64, Self::F32, Self::F64, Self::V128];

    /// Its name, as in Wasm.
    pub fn name(self) -> &'static str {
        match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
        }
    }

    /// Bytes in memory.
    pub fn size(self) -> u32 {
        match self {
            Self::I32 | Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
            Self::V128 => 16,
        }
    }
}

/// A whole program.
#[derive(Debug, Default)]
pub struct Module {
    /// Functions; the emitter writes only those that exports reach.
    pub functions: Arena<Function>,
    /// Functions of the host.
    pub imports: Arena<Import>,
    /// Wasm globals.
    pub globals: Arena<Global>,
    /// Constant objects, placed from [`crate::abi::DATA_START`] on.
    pub data: Vec<u8>,
    /// Functions that a host may call.
    pub exports: Vec<(String, Id<Function>)>,
    /// Places that can raise or call; tracebacks name them by number.
    pub sites: Arena<Site>,
}

/// A function of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Module part of the import's name.
    pub module: String,
    /// Field part of the import's name.
    pub name: String,
    /// Parameter types.
    pub params: Vec<Type>,
    /// Result types.
    pub results: Vec<Type>,
}

/// A mutable Wasm global.
#[derive(Debug, Clone)]
pub struct Global {
    /// For the name section.
    pub name: String,
    /// What it holds.
    pub initial: Const,
}

/// A place in the source as a traceback shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Site {
    /// The Python function's name, or `<module>`.
    pub function: String,
    /// The expression or statement.
    pub span: Span,
}

/// A function.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is what a decorator says, apart from the others")]
pub struct Function {
    /// For the name section: the Python name, and the argument types where there are several instances.
    pub name: String,
    /// Result types. Parameters are the entry block's.
    pub results: Vec<Type>,
    /// Blocks; those that are not reachable are ignored by all.
    pub blocks: Arena<Block>,
    /// Where execution starts. It has no predecessors.
    pub entry: Id<Block>,
    /// Every value's type, and its Python variable where it has one.
    pub values: Arena<Value>,
    /// The `def`.
    pub span: Span,
    /// Whether callers should take its body in wherever it is called (small prelude functions).
    pub inline: bool,
    /// Whether its loops are worth room though it is library code, or has taken in such loops.
    pub hot: bool,
    /// Whether it is called where time does not matter: by few turns of a loop, if any.
    pub rare: bool,
    /// Whether sums of floats in its loops may be added up in any order.
    pub reassociates: bool,
    /// Heads of loops that run only where a test before a faster version has failed.
    pub fallbacks: Vec<Id<Block>>,
    /// What passes say about its loops.
    pub notes: Vec<note::Note>,
}

/// A value: a block parameter or a result of an instruction.
#[derive(Debug, Clone)]
pub struct Value {
    /// Its type.
    pub ty: Type,
    /// The Python variable it is the value of; for the printer, the name section and debuggers.
    pub name: Option<std::sync::Arc<str>>,
}

/// A basic block: straight-line code whose instructions may leave it along unwind edges.
#[derive(Debug, Clone)]
pub struct Block {
    /// Values that every edge to this block gives.
    pub params: Vec<Id<Value>>,
    /// In order of execution.
    pub insts: Vec<Inst>,
    /// How it ends.
    pub terminator: Terminator,
    /// It is hardly ever entered, as the pass that made it knows.
    pub rare: bool,
}

impl Function {
    /// A function without code: one entry block that ends in `Unreachable`.
    pub fn new(name: impl Into<String>, results: Vec<Type>, span: Span) -> Self {
        let mut blocks = Arena::default();
        let entry = blocks.push(Block::default());
        Self {
            name: name.into(),
            results,
            blocks,
            entry,
            values: Arena::default(),
            span,
            inline: false,
            hot: false,
            rare: false,
            reassociates: false,
            fallbacks: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Parameters of the function.
    pub fn params(&self) -> &[Id<Value>] {
        &self.blocks[self.entry].params
    }

    /// A new value.
    pub fn value(&mut self, ty: Type) -> Id<Value> {
        self.values.push(Value { ty, name: None })
    }

    /// The values that are constants.
    pub fn constants(&self) -> IdMap<Value, Const> {
        let mut constants = IdMap::default();
        for inst in self.blocks.iter().flat_map(|(_, block)| &block.insts) {
            if let (InstKind::Const(value), Some(result)) = (&inst.kind, inst.result()) {
                constants.insert(result, *value);
            }
        }
        constants
    }

    /// The reachable blocks, each before those that it alone leads to: the entry is first, and a block comes before
    /// its successors, but for the back edges of loops.
    pub fn reverse_postorder(&self) -> Vec<Id<Block>> {
        let mut seen = vec![false; self.blocks.len()];
        let mut order = Vec::with_capacity(self.blocks.len());
        // The blocks on the way here, each with where its successors begin among those that are still to be looked at.
        let mut path = vec![(self.entry, 0)];
        let mut pending = Vec::new();
        self.blocks[self.entry].for_each_successor(|next| pending.push(next));
        seen[self.entry.index()] = true;
        while let Some((block, first)) = path.last().copied() {
            if pending.len() == first {
                order.push(block);
                path.pop();
                continue;
            }
            // Successors are taken from the last to the first, so that the first comes next in the final order.
            let next = pending.pop().expect("there are more than `first`");
            if !std::mem::replace(&mut seen[next.index()], true) {
                path.push((next, pending.len()));
                self.blocks[next].for_each_successor(|next| {
                    if !seen[next.index()] {
                        pending.push(next);
                    }
                });
            }
        }
        order.reverse();
        order
    }

    /// For every reachable block the reachable blocks it is entered from, one for each edge.
    pub fn predecessors(&self) -> IdMap<Block, Vec<Id<Block>>> {
        let order = self.reverse_postorder();
        let mut predecessors = IdMap::default();
        for block in &order {
            predecessors.insert(*block, Vec::new());
        }
        for block in order {
            self.blocks[block].for_each_successor(|next| predecessors[next].push(block));
        }
        predecessors
    }
}

impl Block {
    /// Calls `visit` with the block of every edge that leaves, one for each edge: those in the middle first.
    pub fn for_each_successor(&self, mut visit: impl FnMut(Id<Block>)) {
        self.insts.iter().filter_map(|inst| inst.kind.side_edge()).for_each(|(block, ..)| visit(block));
        self.terminator.edges().for_each(|edge| visit(edge.block));
    }
}

impl Default for Block {
    fn default() -> Self {
        Self { params: Vec::new(), insts: Vec::new(), terminator: Terminator::Unreachable, rare: false }
    }
}
