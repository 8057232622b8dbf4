//! Which values of a loop around others may differ between its turns. In: the loop. Out: `Nest`.
//!
//! What an inner loop counts is the same in all lanes as long as they are in it; what it leaves is not, where lanes
//! enter or leave it one by one.

use crate::arena::Id;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Block, Function, Terminator, Value};

/// What differs between turns of a loop that run at once.
#[derive(Debug)]
pub(super) struct Nest {
    /// For every value whether it may.
    pub(super) varies: Vec<bool>,
    /// The loops in the loop that all lanes enter and leave together.
    pub(super) steady: Vec<Id<Loop>>,
}

impl Nest {
    pub(super) fn new(function: &Function, loops: &Loops, id: Id<Loop>, inside: &[bool]) -> Self {
        if !loops.has_inner(id) {
            return Self { varies: inside.to_vec(), steady: Vec::new() };
        }
        let mut home = vec![None; function.values.len()];
        for &block in &loops.all[id].blocks {
            let results = function.blocks[block].insts.iter().flat_map(|inst| &inst.results);
            function.blocks[block].params.iter().chain(results).for_each(|value| home[value.index()] = Some(block));
        }
        let varies = vec![false; function.values.len()];
        let mut varying = Varying { function, loops, id, home, varies, changed: true };
        for param in &function.blocks[loops.all[id].head].params {
            varying.varies[param.index()] = true;
        }
        while std::mem::take(&mut varying.changed) {
            for &block in &loops.all[id].blocks {
                varying.block(block);
            }
        }
        let steady = loops.inner(id).into_iter().filter(|inner| varying.is_steady(*inner)).collect();
        Self { varies: varying.varies, steady }
    }
}

struct Varying<'a> {
    function: &'a Function,
    loops: &'a Loops,
    id: Id<Loop>,
    /// The block of the loop that makes each value.
    home: Vec<Option<Id<Block>>>,
    varies: Vec<bool>,
    changed: bool,
}

impl Varying<'_> {
    fn note(&mut self, value: Id<Value>) {
        self.changed |= !std::mem::replace(&mut self.varies[value.index()], true);
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
            if !self.is_steady(id) {
                return true;
            }
            around = self.loops.all[id].parent;
        }
        self.varies[value.index()]
    }

    /// Whether all lanes enter and leave an inner loop together: it runs on every turn of the loop around it, and nothing
    /// ends it but a test at its head that is the same for all.
    fn is_steady(&self, id: Id<Loop>) -> bool {
        let Loop { head, blocks, parent } = &self.loops.all[id];
        let leaves = |block: &Id<Block>| {
            self.function.blocks[*block].terminator.edges().any(|edge| !self.loops.contains(id, edge.block))
        };
        let ends_at_once = match self.function.blocks[*head].terminator {
            Terminator::Branch { condition, .. } => leaves(head) && !self.varies_for(condition, *head),
            _ => false,
        };
        let Some(parent) = parent.filter(|_| ends_at_once && !blocks[1..].iter().any(leaves)) else { return false };
        self.loops.is_on_every_turn(self.function, parent, *head) && (parent == self.id || self.is_steady(parent))
    }
}
