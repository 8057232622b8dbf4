//! Which values of a loop around others may differ between its turns. In: the loop. Out: whether each value does.
//!
//! What an inner loop counts is the same in all lanes as long as they are in it; what it leaves is not, where lanes
//! leave it one by one.

use crate::arena::Id;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Block, Function, Terminator, Value};

/// For every value whether it may differ between turns of a loop that run at once.
pub(super) fn varying(function: &Function, loops: &Loops, id: Id<Loop>) -> Vec<bool> {
    let mut home = vec![None; function.values.len()];
    for &block in &loops.all[id].blocks {
        let results = function.blocks[block].insts.iter().flat_map(|inst| &inst.results);
        function.blocks[block].params.iter().chain(results).for_each(|value| home[value.index()] = Some(block));
    }
    let values = vec![false; function.values.len()];
    let mut varying = Varying { function, loops, id, home, values, changed: true };
    for param in &function.blocks[loops.all[id].head].params {
        varying.values[param.index()] = true;
    }
    while std::mem::take(&mut varying.changed) {
        for &block in &loops.all[id].blocks {
            varying.block(block);
        }
    }
    varying.values
}

struct Varying<'a> {
    function: &'a Function,
    loops: &'a Loops,
    id: Id<Loop>,
    /// The block of the loop that makes each value.
    home: Vec<Option<Id<Block>>>,
    values: Vec<bool>,
    changed: bool,
}

impl Varying<'_> {
    fn note(&mut self, value: Id<Value>) {
        self.changed |= !std::mem::replace(&mut self.values[value.index()], true);
    }

    fn block(&mut self, block: Id<Block>) {
        let function = self.function;
        for inst in &function.blocks[block].insts {
            let mut varies = false;
            inst.kind.for_each_operand(|operand| varies |= self.varies_for(operand, block));
            if varies {
                inst.results.iter().for_each(|result| self.note(*result));
            }
        }
        let head = self.loops.all[self.id].head;
        if block == head {
            return;
        }
        let is_inner_head = self.loops.innermost(block).is_some_and(|inner| self.loops.all[inner].head == block);
        for (at, param) in function.blocks[block].params.iter().enumerate() {
            // What an inner loop is entered with, what it goes on with, or what any other block gets.
            let (mut entering, mut going_on) = (Vec::new(), Vec::new());
            for &from in &self.loops.all[self.id].blocks {
                for edge in function.blocks[from].terminator.edges().filter(|edge| edge.block == block) {
                    let goes_on = is_inner_head
                        && self.loops.innermost(block).is_some_and(|inner| self.loops.contains(inner, from));
                    if goes_on { going_on.push(edge.args[at]) } else { entering.push(edge.args[at]) }
                }
            }
            let differs = [&entering, &going_on].iter().any(|args| args.iter().any(|arg| *arg != args[0]));
            if differs || entering.iter().chain(&going_on).any(|arg| self.varies_for(*arg, block)) {
                self.note(*param);
            }
        }
    }

    /// Whether a value varies for its reader in a block.
    fn varies_for(&self, value: Id<Value>, reader: Id<Block>) -> bool {
        let mut around = self.home[value.index()].and_then(|home| self.loops.innermost(home));
        while let Some(id) = around.filter(|id| *id != self.id && !self.loops.contains(*id, reader)) {
            if self.is_left_one_by_one(id) {
                return true;
            }
            around = self.loops.all[id].parent;
        }
        self.values[value.index()]
    }

    /// Whether lanes leave an inner loop one by one.
    fn is_left_one_by_one(&self, id: Id<Loop>) -> bool {
        let Loop { head, blocks, .. } = &self.loops.all[id];
        let leaves = |block: &Id<Block>| {
            self.function.blocks[*block].terminator.edges().any(|edge| !self.loops.contains(id, edge.block))
        };
        let ends_at_once = match self.function.blocks[*head].terminator {
            Terminator::Branch { condition, .. } => leaves(head) && !self.varies_for(condition, *head),
            _ => false,
        };
        !ends_at_once || blocks[1..].iter().any(leaves)
    }
}
