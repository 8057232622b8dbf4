//! What instructions and terminators read and where they lead. In: `inst`. Out: operands, edges and effects.

use super::inst::{Binary, BlockCall, Effect, Inst, InstKind, Terminator, Unwind};
use super::{Block, Function, Value};
use crate::arena::Id;

impl InstKind {
    /// Calls `visit` with every value that the instruction reads, those of its unwind edge last.
    pub fn for_each_operand(&self, mut visit: impl FnMut(Id<Value>)) {
        match self {
            Self::Const(_) | Self::GlobalGet(_) | Self::MemorySize => {}
            Self::Unary(_, operand) | Self::GlobalSet(_, operand) | Self::Retain(operand) | Self::MemoryGrow(operand) => {
                visit(*operand);
            }
            Self::Binary(_, left, right) => {
                visit(*left);
                visit(*right);
            }
            Self::Select { condition, then, otherwise } => {
                visit(*condition);
                visit(*then);
                visit(*otherwise);
            }
            Self::Load { address, .. } => visit(*address),
            Self::Store { address, value, .. } => {
                visit(*address);
                visit(*value);
            }
            Self::Call { args, unwind, .. } => {
                args.iter().chain(unwind.iter().flat_map(|unwind| &unwind.args)).for_each(|arg| visit(*arg));
            }
            Self::Guard { condition, args, unwind, .. } => {
                visit(*condition);
                args.iter().chain(unwind.iter().flat_map(|unwind| &unwind.args)).for_each(|arg| visit(*arg));
            }
            Self::Release { object, .. } => visit(*object),
            Self::MemoryCopy { to, from, length } => {
                visit(*to);
                visit(*from);
                visit(*length);
            }
            Self::MemoryFill { to, byte, length } => {
                visit(*to);
                visit(*byte);
                visit(*length);
            }
        }
    }

    /// Calls `visit` with every place that holds a value the instruction reads, in the same order.
    pub fn for_each_operand_mut(&mut self, mut visit: impl FnMut(&mut Id<Value>)) {
        match self {
            Self::Const(_) | Self::GlobalGet(_) | Self::MemorySize => {}
            Self::Unary(_, operand) | Self::GlobalSet(_, operand) | Self::Retain(operand) | Self::MemoryGrow(operand) => {
                visit(operand);
            }
            Self::Binary(_, left, right) => {
                visit(left);
                visit(right);
            }
            Self::Select { condition, then, otherwise } => {
                visit(condition);
                visit(then);
                visit(otherwise);
            }
            Self::Load { address, .. } => visit(address),
            Self::Store { address, value, .. } => {
                visit(address);
                visit(value);
            }
            Self::Call { args, unwind, .. } => {
                args.iter_mut().chain(unwind.iter_mut().flat_map(|unwind| &mut unwind.args)).for_each(visit);
            }
            Self::Guard { condition, args, unwind, .. } => {
                visit(condition);
                args.iter_mut().chain(unwind.iter_mut().flat_map(|unwind| &mut unwind.args)).for_each(visit);
            }
            Self::Release { object, .. } => visit(object),
            Self::MemoryCopy { to, from, length } => {
                visit(to);
                visit(from);
                visit(length);
            }
            Self::MemoryFill { to, byte, length } => {
                visit(to);
                visit(byte);
                visit(length);
            }
        }
    }

    /// Where an exception of this instruction goes, if not out of the function.
    pub fn unwind(&self) -> Option<&Unwind> {
        match self {
            Self::Call { unwind, .. } | Self::Guard { unwind, .. } => unwind.as_ref(),
            Self::Const(_)
            | Self::Unary(..)
            | Self::Binary(..)
            | Self::Select { .. }
            | Self::Load { .. }
            | Self::Store { .. }
            | Self::GlobalGet(_)
            | Self::GlobalSet(..)
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemorySize
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => None,
        }
    }

    /// The place of the unwind edge, for instructions that may have one.
    pub fn unwind_mut(&mut self) -> Option<&mut Option<Unwind>> {
        match self {
            Self::Call { unwind, .. } | Self::Guard { unwind, .. } => Some(unwind),
            Self::Const(_)
            | Self::Unary(..)
            | Self::Binary(..)
            | Self::Select { .. }
            | Self::Load { .. }
            | Self::Store { .. }
            | Self::GlobalGet(_)
            | Self::GlobalSet(..)
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemorySize
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => None,
        }
    }

    /// Whether it can be moved, merged or dropped.
    pub fn effect(&self) -> Effect {
        match self {
            Self::Const(_) | Self::Unary(..) | Self::Binary(..) | Self::Select { .. } => Effect::Pure,
            Self::Load { .. } | Self::GlobalGet(_) | Self::MemorySize => Effect::Reads,
            Self::Store { .. }
            | Self::GlobalSet(..)
            | Self::Call { .. }
            | Self::Guard { .. }
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => Effect::Writes,
        }
    }

    /// Whether it may trap where nothing guards it: integer division. Such an instruction is [`Effect::Pure`], so it
    /// may be dropped or merged, but it must not run where it would not have run.
    pub fn may_trap(&self) -> bool {
        match self {
            Self::Binary(op, ..) => matches!(
                op,
                Binary::I32DivS
                    | Binary::I32DivU
                    | Binary::I32RemS
                    | Binary::I32RemU
                    | Binary::I64DivS
                    | Binary::I64DivU
                    | Binary::I64RemS
                    | Binary::I64RemU
            ),
            Self::Const(_) | Self::Unary(..) | Self::Select { .. } | Self::GlobalGet(_) | Self::MemorySize => false,
            Self::Load { .. }
            | Self::Store { .. }
            | Self::GlobalSet(..)
            | Self::Call { .. }
            | Self::Guard { .. }
            | Self::Retain(_)
            | Self::Release { .. }
            | Self::MemoryGrow(_)
            | Self::MemoryCopy { .. }
            | Self::MemoryFill { .. } => true,
        }
    }
}

impl Inst {
    /// The one value it gives; for instructions that give exactly one.
    pub fn result(&self) -> Option<Id<Value>> {
        match *self.results {
            [result] => Some(result),
            _ => None,
        }
    }
}

impl Terminator {
    /// Calls `visit` with every value that it reads, arguments of edges included.
    pub fn for_each_operand(&self, mut visit: impl FnMut(Id<Value>)) {
        match self {
            Self::Jump(_) | Self::Unreachable => {}
            Self::Branch { condition, .. } => visit(*condition),
            Self::Switch { index, .. } => visit(*index),
            Self::Return(values) => values.iter().for_each(|value| visit(*value)),
            Self::Throw(exception) => visit(*exception),
        }
        self.for_each_edge(|edge| edge.args.iter().for_each(|arg| visit(*arg)));
    }

    /// Calls `visit` with every place that holds a value it reads, in the same order.
    pub fn for_each_operand_mut(&mut self, mut visit: impl FnMut(&mut Id<Value>)) {
        match self {
            Self::Jump(_) | Self::Unreachable => {}
            Self::Branch { condition, .. } => visit(condition),
            Self::Switch { index, .. } => visit(index),
            Self::Return(values) => values.iter_mut().for_each(&mut visit),
            Self::Throw(exception) => visit(exception),
        }
        self.for_each_edge_mut(|edge| edge.args.iter_mut().for_each(&mut visit));
    }

    /// Calls `visit` with every edge: of a switch the targets in order, then the default.
    pub fn for_each_edge<'a>(&'a self, mut visit: impl FnMut(&'a BlockCall)) {
        match self {
            Self::Jump(target) => visit(target),
            Self::Branch { then, otherwise, .. } => {
                visit(then);
                visit(otherwise);
            }
            Self::Switch { targets, default, .. } => {
                targets.iter().for_each(&mut visit);
                visit(default);
            }
            Self::Return(_) | Self::Throw(_) | Self::Unreachable => {}
        }
    }

    /// Calls `visit` with every edge, in the same order.
    pub fn for_each_edge_mut(&mut self, mut visit: impl FnMut(&mut BlockCall)) {
        match self {
            Self::Jump(target) => visit(target),
            Self::Branch { then, otherwise, .. } => {
                visit(then);
                visit(otherwise);
            }
            Self::Switch { targets, default, .. } => {
                targets.iter_mut().for_each(&mut visit);
                visit(default);
            }
            Self::Return(_) | Self::Throw(_) | Self::Unreachable => {}
        }
    }
}

impl Block {
    /// Calls `visit` with every block that control may go to from here: along unwind edges first, then at the end.
    /// A block that several edges lead to comes several times.
    pub fn for_each_successor(&self, mut visit: impl FnMut(Id<Block>)) {
        for inst in &self.insts {
            if let Some(unwind) = inst.kind.unwind() {
                visit(unwind.block);
            }
        }
        self.terminator.for_each_edge(|edge| visit(edge.block));
    }
}

impl Function {
    /// The blocks that are reachable, each before those that only it leads to: reverse postorder.
    pub fn reverse_postorder(&self) -> Vec<Id<Block>> {
        // The stack holds each open block with the successors that are still to be visited.
        let mut order = Vec::with_capacity(self.blocks.len());
        let mut seen = vec![false; self.blocks.len()];
        let mut successors: Vec<Id<Block>> = Vec::new();
        let mut open: Vec<(Id<Block>, usize)> = Vec::new();
        let mut enter = |block: Id<Block>, successors: &mut Vec<Id<Block>>, open: &mut Vec<(Id<Block>, usize)>| {
            if !std::mem::replace(&mut seen[block.index()], true) {
                open.push((block, successors.len()));
                self.blocks[block].for_each_successor(|successor| successors.push(successor));
            }
        };
        enter(self.entry, &mut successors, &mut open);
        while let Some(&(block, start)) = open.last() {
            if successors.len() > start {
                if let Some(next) = successors.pop() {
                    enter(next, &mut successors, &mut open);
                }
            } else {
                order.push(block);
                open.pop();
            }
        }
        order.reverse();
        order
    }
}
