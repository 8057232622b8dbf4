//! Gives a nest of loops that calls nothing copies of its own of the integers that it only reads, so that engines keep
//! them in registers.
//!
//! ```text
//! before:                                    after:
//!   v1: i32 = call @allocate(v9)               v1: i32 = call @allocate(v9)
//!   jump b1(v9)                                v5 = memory.size
//! b1(v2: i64):                                 v6 = i32 17
//!   …                                          v7 = i32.shr_u v5, v6      ; 0: there are 2^16 pages at most
//!   v3 = f64.load v0                           v8 = i32.xor v0, v7
//!   …                                          jump b1(v9)
//!                                            b1(v2: i64):
//!                                              …
//!                                              v3 = f64.load v8
//!                                              …
//! ```
//!
//! Cranelift keeps on the stack what lives across a call, and then up to where it is next read: that is inside of the
//! loop, on every turn, where a value that goes from turn to turn takes the time of a store and a load to get there.
//! A plain copy it would see through, and an addition it would make part of an address, therefore the difference in
//! bits to a 0 that it cannot know. Comes last, for the same
//! reason.

use super::Changed;
use crate::arena::{Id, IdMap};
use crate::source::Span;
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Binary, Block, Const, Function, Inst, InstKind, Terminator, Type, Unary, Value};

/// One more than the bits that the number of pages can have.
const PAGE_BITS: i32 = 17;

/// Copies at most: more than there are registers would only be put back on the stack.
const MOST: usize = 13;

pub(crate) fn run(function: &mut Function) -> Changed {
    let dominators = Dominators::new(function);
    let mut loops = Loops::new(function, &dominators);
    let is_quiet = |id: Id<Loop>| !loops.all[id].blocks.iter().any(|block| calls(&function.blocks[*block].insts));
    let within_quiet = |id: Id<Loop>| loops.all[id].parent.is_some_and(is_quiet);
    let after_call = |id: Id<Loop>| {
        let above = std::iter::successors(dominators.parent(loops.all[id].head), |at| dominators.parent(at.block));
        above.into_iter().any(|at| calls(&function.blocks[at.block].insts[..at.index]))
    };
    let nests: Vec<_> = loops.all.ids().filter(|id| is_quiet(*id) && !within_quiet(*id) && after_call(*id)).collect();
    if nests.is_empty() {
        return Changed::No;
    }
    let predecessors = function.predecessors();
    let constants = function.constants();
    let mut changed = Changed::No;
    for id in nests {
        let Some(before) = loops.entrance(function, id, &predecessors) else { continue };
        let mut kept = loops.makes(function, id);
        kept.resize(function.values.len(), false);
        for (value, data) in function.values.iter() {
            kept[value.index()] |= constants.contains(value) || !matches!(data.ty, Type::I32 | Type::I64);
        }
        let mut read = Vec::new();
        map_reads(function, &loops, id, before, |value| {
            if !std::mem::replace(&mut kept[value.index()], true) {
                read.push(value);
            }
            value
        });
        if read.is_empty() || read.len() > MOST {
            continue;
        }
        let copies = copy(function, before, &read);
        map_reads(function, &loops, id, before, |value| copies.get(value).copied().unwrap_or(value));
        changed = Changed::Yes;
    }
    changed
}

/// Whether instructions call anything and go on after the call.
fn calls(insts: &[Inst]) -> bool {
    insts.iter().any(|inst| {
        matches!(
            inst.kind,
            InstKind::Call { .. }
                | InstKind::Retain(_)
                | InstKind::Release { .. }
                | InstKind::MemoryGrow(_)
                | InstKind::MemoryCopy { .. }
                | InstKind::MemoryFill { .. }
        )
    })
}

/// Changes what a loop reads, but for what it only reads on a way out.
fn map_reads(
    function: &mut Function,
    loops: &Loops,
    id: Id<Loop>,
    before: Id<Block>,
    mut f: impl FnMut(Id<Value>) -> Id<Value>,
) {
    for block in &loops.all[id].blocks {
        let block = &mut function.blocks[*block];
        for inst in &mut block.insts {
            match &mut inst.kind {
                InstKind::Guard { condition, .. } | InstKind::Exit { condition, .. } => *condition = f(*condition),
                kind => kind.map_operands(&mut f),
            }
        }
        if let Terminator::Branch { condition: value, .. } | Terminator::Switch { index: value, .. } =
            &mut block.terminator
        {
            *value = f(*value);
        }
        for edge in block.terminator.edges_mut().filter(|edge| loops.contains(id, edge.block)) {
            edge.args.iter_mut().for_each(|arg| *arg = f(*arg));
        }
    }
    // Where what goes from turn to turn begins.
    function.blocks[before].terminator.map_operands(f);
}

/// Copies values at the end of a block.
fn copy(function: &mut Function, block: Id<Block>, values: &[Id<Value>]) -> IdMap<Value, Id<Value>> {
    let emit = |function: &mut Function, kind, ty| {
        let result = function.value(ty);
        function.blocks[block].insts.push(Inst::new(kind, vec![result], Span::default()));
        result
    };
    let pages = emit(function, InstKind::MemorySize, Type::I32);
    let bits = emit(function, InstKind::Const(Const::I32(PAGE_BITS)), Type::I32);
    let zero = emit(function, InstKind::Binary(Binary::I32ShrU, pages, bits), Type::I32);
    let mut wide_zero = None;
    let mut copies = IdMap::default();
    for &value in values {
        let kind = if function.values[value].ty == Type::I32 {
            InstKind::Binary(Binary::I32Xor, value, zero)
        } else {
            let kind = InstKind::Unary(Unary::I64ExtendI32U, zero);
            let wide = *wide_zero.get_or_insert_with(|| emit(function, kind, Type::I64));
            InstKind::Binary(Binary::I64Xor, value, wide)
        };
        let copy = function.values.push(function.values[value].clone());
        function.blocks[block].insts.push(Inst::new(kind, vec![copy], Span::default()));
        copies.insert(value, copy);
    }
    copies
}
