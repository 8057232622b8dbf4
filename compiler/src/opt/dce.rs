//! Removes what nothing reads: instructions without effect, and block parameters with their arguments.
//!
//! ```text
//! before:                                    after:
//!   v1 = i64.add v0, v0                        jump b1()
//!   jump b1(v0)                              b1():
//! b1(v2):            ; read by its own edge    …
//!   v3 = i64.add v2, v1
//!   branch v9, b1(v3), b2()
//! ```
//!
//! Marks from the roots (effects, conditions, results), so that circles of dead values go too.

use super::Changed;
use crate::arena::{Id, IdMap};
use crate::ssa::inst::Effect;
use crate::ssa::{Block, Function, InstKind, Terminator, Value};

#[cfg(test)]
pub(crate) fn run(function: &mut Function) -> Changed {
    run_with(function, |_| false)
}

/// As `run`; calls for which `removable` holds have no effect either.
pub(crate) fn run_with(function: &mut Function, removable: impl Fn(&InstKind) -> bool) -> Changed {
    let has_effect = |kind: &InstKind| kind.effect() == Effect::Writes && !removable(kind);
    let order = function.reverse_postorder();
    let live = mark(function, &order, has_effect);
    let mut changed = false;
    for &block in &order {
        let insts = &mut function.blocks[block].insts;
        let before = insts.len();
        insts.retain(|inst| has_effect(&inst.kind) || inst.results.iter().any(|result| live[result.index()]));
        changed |= insts.len() != before;
    }
    let mut kept: IdMap<Block, Vec<bool>> = IdMap::default();
    for &block in order.iter().filter(|block| **block != function.entry) {
        let params = &mut function.blocks[block].params;
        let keep = |param: &Id<Value>| live[param.index()];
        if !params.iter().all(keep) {
            kept.insert(block, params.iter().map(keep).collect());
            params.retain(keep);
            changed = true;
        }
    }
    for &block in &order {
        let block = &mut function.blocks[block];
        for inst in &mut block.insts {
            if let Some(Some(unwind)) = inst.kind.unwind_mut()
                && let Some(kept) = kept.get(unwind.block)
            {
                retain(&mut unwind.args, &kept[1..]);
            }
        }
        for edge in block.terminator.edges_mut() {
            if let Some(kept) = kept.get(edge.block) {
                retain(&mut edge.args, kept);
            }
        }
    }
    changed |= clear_unreachable(function, &order);
    Changed::from(changed)
}

/// Keeps the arguments whose parameters are kept.
fn retain(args: &mut Vec<Id<Value>>, kept: &[bool]) {
    let mut kept = kept.iter();
    args.retain(|_| *kept.next().expect("the verifier counts arguments and parameters"));
}

/// Empties the blocks that control never gets to, so that nothing finds uses in them.
fn clear_unreachable(function: &mut Function, order: &[Id<Block>]) -> bool {
    let mut reachable = vec![false; function.blocks.len()];
    order.iter().for_each(|block| reachable[block.index()] = true);
    let mut changed = false;
    for (id, block) in function.blocks.iter_mut() {
        let empty = block.insts.is_empty() && block.params.is_empty() && block.terminator == Terminator::Unreachable;
        if !reachable[id.index()] && !empty {
            *block = Block::default();
            changed = true;
        }
    }
    changed
}

/// Where a value comes from.
#[derive(Clone, Copy)]
enum Origin {
    Nowhere,
    Param { block: Id<Block>, at: usize },
    Inst { block: Id<Block>, at: usize },
}

/// Which values are needed, by index.
fn mark(function: &Function, order: &[Id<Block>], has_effect: impl Fn(&InstKind) -> bool) -> Vec<bool> {
    let mut origins = vec![Origin::Nowhere; function.values.len()];
    // For each block the arguments of the edges that lead to it, and whether the exception comes before them.
    let mut edges: Vec<Vec<(&[Id<Value>], usize)>> = vec![Vec::new(); function.blocks.len()];
    let mut live = vec![false; function.values.len()];
    let mut open = Vec::new();
    let mut need = |value: Id<Value>, open: &mut Vec<Id<Value>>| {
        if !std::mem::replace(&mut live[value.index()], true) {
            open.push(value);
        }
    };
    for &id in order {
        let block = &function.blocks[id];
        for (at, param) in block.params.iter().enumerate() {
            origins[param.index()] = Origin::Param { block: id, at };
        }
        for (at, inst) in block.insts.iter().enumerate() {
            inst.results.iter().for_each(|result| origins[result.index()] = Origin::Inst { block: id, at });
            if let Some(unwind) = inst.kind.unwind() {
                edges[unwind.block.index()].push((&unwind.args, 1));
                // The first parameter of a block that exceptions come to is the exception: it stays.
                need(function.blocks[unwind.block].params[0], &mut open);
            }
            if has_effect(&inst.kind) {
                for_each_operand_but_edges(&inst.kind, |value| need(value, &mut open));
            }
        }
        for edge in block.terminator.edges() {
            edges[edge.block.index()].push((&edge.args, 0));
        }
        match &block.terminator {
            Terminator::Branch { condition: value, .. }
            | Terminator::Switch { index: value, .. }
            | Terminator::Throw(value) => need(*value, &mut open),
            Terminator::Return(values) => values.iter().for_each(|value| need(*value, &mut open)),
            Terminator::Jump(_) | Terminator::Unreachable => {}
        }
    }
    while let Some(value) = open.pop() {
        match origins[value.index()] {
            Origin::Nowhere => {}
            Origin::Param { block, at } => {
                for (args, first) in &edges[block.index()] {
                    if let Some(arg) = at.checked_sub(*first).and_then(|at| args.get(at)) {
                        need(*arg, &mut open);
                    }
                }
            }
            Origin::Inst { block, at } => {
                let kind = &function.blocks[block].insts[at].kind;
                if !has_effect(kind) {
                    for_each_operand_but_edges(kind, |value| need(value, &mut open));
                }
            }
        }
    }
    live
}

/// Calls `f` with what the instruction itself reads.
fn for_each_operand_but_edges(kind: &InstKind, mut f: impl FnMut(Id<Value>)) {
    let mut left = usize::MAX;
    if let Some(unwind) = kind.unwind() {
        let mut count = 0;
        kind.for_each_operand(|_| count += 1);
        left = count - unwind.args.len();
    }
    kind.for_each_operand(|value| {
        if left > 0 {
            left -= 1;
            f(value);
        }
    });
}
