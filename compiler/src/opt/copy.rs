//! Makes a second copy of a loop. In: a function, the blocks of a loop. Out: the copy, and a function whose other
//! blocks read what comes out of whichever of the two has run.
//!
//! ```text
//! before:                       after, entered at both b1 and b5:
//! b1(v1):  ; the loop             b1(v1):                        b5(v5):
//!   branch …, b1(v2), b2            branch …, b1(v2), b2(v1)       branch …, b5(v6), b2(v5)
//! b2:                             b2(v7):
//!   return v1                       return v7
//! ```

use super::hash::Table;
use crate::arena::{Id, IdMap};
use crate::ssa::{Block, Function, Value};
use std::collections::VecDeque;

/// A copy of some blocks.
#[derive(Debug, Default)]
pub(super) struct Copy {
    /// What stands for each block in the copy.
    blocks: IdMap<Block, Id<Block>>,
    /// What stands for each value in the copy.
    values: IdMap<Value, Id<Value>>,
}

impl Copy {
    /// Copies blocks. Edges among them are edges of the copy; others go where they went.
    pub(super) fn new(function: &mut Function, blocks: &[Id<Block>]) -> Self {
        let mut this = Self::default();
        for &id in blocks {
            let copy = function.blocks.push(Block::default());
            this.blocks.insert(id, copy);
            let block = &function.blocks[id];
            let values: Vec<_> =
                block.params.iter().chain(block.insts.iter().flat_map(|inst| &inst.results)).copied().collect();
            for value in values {
                let copy = function.values.push(function.values[value].clone());
                this.values.insert(value, copy);
            }
        }
        for &id in blocks {
            let mut copy = function.blocks[id].clone();
            copy.params.iter_mut().for_each(|param| *param = this.value(*param));
            for inst in &mut copy.insts {
                inst.kind.map_operands(|value| this.value(value));
                inst.results.iter_mut().for_each(|result| *result = this.value(*result));
                if let Some((block, _)) = inst.kind.side_edge_mut() {
                    *block = this.block(*block);
                }
            }
            copy.terminator.map_operands(|value| this.value(value));
            copy.terminator.edges_mut().for_each(|edge| edge.block = this.block(edge.block));
            function.blocks[this.blocks[id]] = copy;
        }
        this
    }

    /// What stands for a block in the copy; itself if it was not copied.
    pub(super) fn block(&self, block: Id<Block>) -> Id<Block> {
        self.blocks.get(block).copied().unwrap_or(block)
    }

    /// What stands for a value in the copy; itself if it was not copied.
    fn value(&self, value: Id<Value>) -> Id<Value> {
        self.values.get(value).copied().unwrap_or(value)
    }

    /// Makes the other blocks read what comes out of the blocks or of their copy. Both are entered by now.
    pub(super) fn join(&self, function: &mut Function) {
        let order = function.reverse_postorder();
        let mut copies = IdMap::default();
        self.blocks.iter().for_each(|(_, copy)| _ = copies.insert(*copy, ()));
        let predecessors = function.predecessors();
        let mut join = Join { copy: self, copies, predecessors, known: Table::default(), open: VecDeque::new() };
        for &id in order.iter().filter(|id| !self.blocks.contains(**id)) {
            if join.copies.contains(id) {
                continue;
            }
            let mut block = std::mem::take(&mut function.blocks[id]);
            let mut read = |value| if self.values.contains(value) { join.at(function, id, value) } else { value };
            block.insts.iter_mut().for_each(|inst| inst.kind.map_operands(&mut read));
            block.terminator.map_operands(&mut read);
            // Parameters that were made meanwhile come behind its own.
            let made = std::mem::replace(&mut function.blocks[id], block).params;
            function.blocks[id].params.extend(made);
        }
        while let Some((id, value)) = join.open.pop_front() {
            let mut from = join.predecessors[id].clone();
            crate::order::sort(&mut from);
            from.dedup();
            for from in from {
                let arg = join.behind(function, from, value);
                let block = &mut function.blocks[from];
                for (_, args) in
                    block.insts.iter_mut().filter_map(|inst| inst.kind.side_edge_mut()).filter(|(to, _)| **to == id)
                {
                    args.push(arg);
                }
                block.terminator.edges_mut().filter(|edge| edge.block == id).for_each(|edge| edge.args.push(arg));
            }
        }
    }
}

/// Finds what stands for values of the copied blocks elsewhere.
struct Join<'c> {
    copy: &'c Copy,
    /// The blocks of the copy.
    copies: IdMap<Block, ()>,
    predecessors: IdMap<Block, Vec<Id<Block>>>,
    /// What stands for a value at the beginning of a block.
    known: Table<(Id<Block>, Id<Value>), Id<Value>>,
    /// Parameters that were made, in the order of their blocks', and get no arguments yet.
    open: VecDeque<(Id<Block>, Id<Value>)>,
}

impl Join<'_> {
    /// What stands for `value` at the beginning of a block.
    fn at(&mut self, function: &mut Function, block: Id<Block>, value: Id<Value>) -> Id<Value> {
        let mut path = Vec::new();
        let mut block = block;
        let found = loop {
            if let Some(&known) = self.known.get(&(block, value)) {
                break known;
            }
            if let [only] = self.predecessors[block][..] {
                path.push(block);
                if self.copy.blocks.contains(only) {
                    break value;
                }
                if self.copies.contains(only) {
                    break self.copy.value(value);
                }
                block = only;
            } else {
                let param = function.values.push(function.values[value].clone());
                function.blocks[block].params.push(param);
                self.known.insert((block, value), param);
                self.open.push_back((block, value));
                break param;
            }
        };
        path.into_iter().for_each(|block| _ = self.known.insert((block, value), found));
        found
    }

    /// What stands for `value` at the end of a block.
    fn behind(&mut self, function: &mut Function, block: Id<Block>, value: Id<Value>) -> Id<Value> {
        if self.copy.blocks.contains(block) {
            value
        } else if self.copies.contains(block) {
            self.copy.value(value)
        } else {
            self.at(function, block, value)
        }
    }
}
