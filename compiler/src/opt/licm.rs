//! Computes before a loop what is the same on every turn.
//!
//! ```text
//! before:                                    after:
//!   jump b1(v9)                                v3 = i64.extend_i32_u v1
//! b1(v2: i64):                                 jump b1(v9)
//!   v3 = i64.extend_i32_u v1                 b1(v2: i64):
//!   v4 = i64.lt_s v2, v3                       v4 = i64.lt_s v2, v3
//!   branch v4, b2, b3                          branch v4, b2, b3
//! ```
//!
//! Pure instructions that never trap move in any case. A load moves if nothing in the loop writes, and if it cannot
//! trap where it would not have run: it reads near an address that was given, not computed, so there is an object.

use super::Changed;
use crate::arena::Id;
use crate::ssa::dominators::Dominators;
use crate::ssa::inst::Effect;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Block, Callee, Function, Inst, InstKind, Value};

/// Objects begin with fields up to here.
const FIELDS: u32 = 32;

#[cfg(test)]
pub(crate) fn run(function: &mut Function) -> Changed {
    run_with(function, |_| false)
}

/// As `run`; calls for which `harmless` holds write to no memory and no global.
pub(crate) fn run_with(function: &mut Function, harmless: impl Fn(Callee) -> bool) -> Changed {
    let dominators = Dominators::new(function);
    let mut loops = Loops::new(function, &dominators);
    if loops.all.is_empty() {
        return Changed::No;
    }
    let predecessors = function.predecessors();
    let mut home = homes(function, dominators.order());
    let mut changed = Changed::No;
    for id in loops.all.ids() {
        let writes = loops.all[id].blocks.iter().any(|block| {
            function.blocks[*block].insts.iter().any(|inst| match &inst.kind {
                InstKind::Call { callee, .. } => !harmless(*callee),
                // Where the loop goes on after the exception, its making may have written anything.
                InstKind::Guard { unwind, .. } => {
                    unwind.as_ref().is_some_and(|unwind| loops.contains(id, unwind.block))
                }
                kind => kind.effect() == Effect::Writes,
            })
        });
        let mut moved: Vec<Inst> = Vec::new();
        let blocks = loops.all[id].blocks.clone();
        let mut chosen: Vec<(Id<Block>, usize)> = Vec::new();
        for &block in &blocks {
            for (at, inst) in function.blocks[block].insts.iter().enumerate() {
                if is_movable(inst, writes, &home) && are_outside(inst, id, &loops, &home) {
                    inst.results.iter().for_each(|result| home[result.index()].block = None);
                    chosen.push((block, at));
                }
            }
        }
        // Constants are written where they are read; they alone are not worth a move.
        let is_const =
            |(block, at): &(Id<Block>, usize)| matches!(function.blocks[*block].insts[*at].kind, InstKind::Const(_));
        let before = if chosen.iter().all(is_const) { None } else { loops.entrance(function, id, &predecessors) };
        let Some(before) = before else {
            for (block, at) in chosen {
                for result in &function.blocks[block].insts[at].results {
                    home[result.index()].block = Some(block);
                }
            }
            continue;
        };
        let mut chosen = chosen.into_iter().peekable();
        for &block in &blocks {
            let insts = std::mem::take(&mut function.blocks[block].insts);
            let mut stay = Vec::with_capacity(insts.len());
            for (at, inst) in insts.into_iter().enumerate() {
                if chosen.next_if_eq(&(block, at)).is_some() {
                    inst.results.iter().for_each(|result| home[result.index()].block = Some(before));
                    moved.push(inst);
                } else {
                    stay.push(inst);
                }
            }
            function.blocks[block].insts = stay;
        }
        function.blocks[before].insts.append(&mut moved);
        changed = Changed::Yes;
    }
    changed
}

/// Where a value is made.
#[derive(Clone, Copy)]
struct Home {
    /// None for values that are just being moved.
    block: Option<Id<Block>>,
    /// Whether it is a parameter, or comes from memory or a call: an address, if it is used as one.
    is_given: bool,
}

fn homes(function: &Function, order: &[Id<Block>]) -> Vec<Home> {
    let mut homes = vec![Home { block: None, is_given: false }; function.values.len()];
    for &id in order {
        let block = &function.blocks[id];
        for param in &block.params {
            // Parameters of other blocks may be computed.
            homes[param.index()] = Home { block: Some(id), is_given: id == function.entry };
        }
        for inst in &block.insts {
            let is_given = matches!(inst.kind, InstKind::Load { .. } | InstKind::Call { .. });
            for result in &inst.results {
                homes[result.index()] = Home { block: Some(id), is_given };
            }
        }
    }
    homes
}

fn is_movable(inst: &Inst, writes: bool, home: &[Home]) -> bool {
    match &inst.kind {
        InstKind::Load { address, offset, .. } => !writes && *offset <= FIELDS && home[address.index()].is_given,
        InstKind::GlobalGet(_) | InstKind::MemorySize => !writes,
        kind => kind.effect() == Effect::Pure && !kind.can_trap(),
    }
}

fn are_outside(inst: &Inst, id: Id<Loop>, loops: &Loops, home: &[Home]) -> bool {
    let mut outside = true;
    inst.kind.for_each_operand(|operand: Id<Value>| {
        outside &= home[operand.index()].block.is_none_or(|block| !loops.contains(id, block));
    });
    outside
}
