//! Tests an index of a loop once where it is not negative, as it hardly ever is.
//!
//! ```text
//! before:                                    after:
//!   v4 = i64.lt_s v0, v9       ; v9 = 0        v8 = i64.lt_u v0, v1
//!   v5 = i64.add v0, v1        ; v1 = length   branch v8, b2(v0), b1
//!   v6: i64 = select v4, v5, v0              b1 rare:
//!   v7 = i64.lt_u v6, v1                       v5 = i64.add v0, v1
//!   guard v7, @error(v0, v1)                   v10 = i64.lt_u v5, v1
//!   …v6…                                       guard v10, @error(v0, v1)
//!                                              jump b2(v5)
//!                                            b2(v11: i64):
//!                                              …v11…
//! ```
//!
//! What is too great for a length is still too great where the length is added: lengths are below 2^32, and if the sum
//! wraps around, it is negative, which is the greatest without a sign. Comes late: others see more in one block than in
//! three.

use super::Changed;
use super::rename::Renaming;
use super::simplify::{Definition, Definitions};
use crate::arena::Id;
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::Loops;
use crate::ssa::{Binary, Block, BlockCall, Function, Inst, InstKind, Terminator, Type, Value};

pub(crate) fn run(function: &mut Function) -> Changed {
    let dominators = Dominators::new(function);
    let loops = Loops::new(function, &dominators);
    let definitions = Definitions::all(function);
    let mut uses = vec![0_u32; function.values.len()];
    for block in dominators.order().iter().map(|block| &function.blocks[*block]) {
        block.insts.iter().for_each(|inst| inst.kind.for_each_operand(|value| uses[value.index()] += 1));
        block.terminator.for_each_operand(|value| uses[value.index()] += 1);
    }
    let mut renaming = Renaming::default();
    for &id in dominators.order().iter().filter(|block| loops.innermost(**block).is_some()) {
        let mut block = id;
        let mut from = 0;
        while let Some((at, index)) = find(&function.blocks[block], from, &definitions, &uses) {
            block = split(function, block, at, &index, &mut renaming);
            from = 0;
        }
    }
    if renaming.is_empty() {
        return Changed::No;
    }
    renaming.apply(function);
    Changed::Yes
}

/// An index as it is written, and as it is once the length has been added to a negative one.
struct Index {
    given: Id<Value>,
    wrapped: Id<Value>,
    length: Id<Value>,
}

/// The first guard of an index in a block, from an instruction on.
fn find(block: &Block, from: usize, definitions: &Definitions, uses: &[u32]) -> Option<(usize, Index)> {
    block.insts.iter().enumerate().skip(from).find_map(|(at, inst)| {
        let InstKind::Guard { condition, .. } = inst.kind else { return None };
        let Definition::Binary(Binary::I64LtU, wrapped, length) = definitions.get(condition) else { return None };
        let Definition::Select(negative, sum, given) = definitions.get(wrapped) else { return None };
        let Definition::Binary(Binary::I64LtS, tested, zero) = definitions.get(negative) else { return None };
        let Definition::Binary(Binary::I64Add, left, right) = definitions.get(sum) else { return None };
        let is_sum = (left, right) == (given, length) || (right, left) == (given, length);
        if tested != given || definitions.number(zero) != Some(0) || !is_sum || uses[condition.index()] != 1 {
            return None;
        }
        // Up to the guard only the guard may read what is made in the rare block.
        let made = block.insts[..at].iter().position(|inst| inst.result() == Some(wrapped))?;
        let between = &block.insts[made + 1..=at];
        let is_read = between.iter().any(|inst| {
            let mut reads = false;
            inst.kind.for_each_operand(|operand| reads |= operand == wrapped);
            reads && inst.result() != Some(condition)
        });
        let leaves = between[..between.len() - 1].iter().any(|inst| inst.kind.side_edge().is_some());
        (!is_read && !leaves).then_some((at, Index { given, wrapped, length }))
    })
}

/// Splits a block at the guard of an index; gives the block with what comes after it.
fn split(function: &mut Function, id: Id<Block>, at: usize, index: &Index, renaming: &mut Renaming) -> Id<Block> {
    let Index { given, wrapped, length } = *index;
    let mut rest = function.blocks[id].insts.split_off(at);
    let mut guard = rest.remove(0);
    let span = guard.span;
    let [in_range, sum, wrapped_in_range] = [Type::I32, Type::I64, Type::I32].map(|ty| function.value(ty));
    let settled = function.values.push(function.values[wrapped].clone());
    if let InstKind::Guard { condition, .. } = &mut guard.kind {
        let tested = std::mem::replace(condition, wrapped_in_range);
        function.blocks[id].insts.retain(|inst| inst.result() != Some(tested));
    }
    let terminator = std::mem::replace(&mut function.blocks[id].terminator, Terminator::Unreachable);
    let rare = function.blocks[id].rare;
    let next = function.blocks.push(Block { params: vec![settled], insts: rest, terminator, rare });
    let to_next = |arg| BlockCall { block: next, args: vec![arg] };
    let binary = |op, left, right, result| Inst::new(InstKind::Binary(op, left, right), vec![result], span);
    let insts =
        vec![binary(Binary::I64Add, given, length, sum), binary(Binary::I64LtU, sum, length, wrapped_in_range), guard];
    let wraps = function.blocks.push(Block {
        params: Vec::new(),
        insts,
        terminator: Terminator::Jump(to_next(sum)),
        rare: true,
    });
    let block = &mut function.blocks[id];
    block.insts.push(binary(Binary::I64LtU, given, length, in_range));
    let otherwise = BlockCall { block: wraps, args: Vec::new() };
    block.terminator = Terminator::Branch { condition: in_range, then: to_next(given), otherwise };
    renaming.set(wrapped, settled);
    next
}
