//! Which blocks of a loop no vector runs. In: an innermost loop. Out: `Cold`, or why the loop has to stay as it is.
//!
//! A block is cold if the way from it leads out of the loop or to an exception, or if it calls what is rarely called:
//! the edge of a function's domain, say. Turns that get there are left to the loop as it was, as are those on which a
//! check fails.

use crate::arena::{Id, IdMap};
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Block, Callee, Function, Inst, InstKind, Terminator, Type};

/// Instructions that the other blocks may have.
const MOST_INSTS: usize = 300;

/// The blocks of a loop that are left to the loop as it was, and those outside.
pub(super) struct Cold {
    warm: IdMap<Block, ()>,
    /// Loops in a loop may be left to others of its blocks.
    is_nest: bool,
}

impl Cold {
    pub(super) fn is(&self, block: Id<Block>) -> bool {
        !self.warm.contains(block)
    }

    /// Those of a loop; reasons complete "because …".
    pub(super) fn new(
        function: &Function,
        loops: &Loops,
        id: Id<Loop>,
        is_rare: impl Fn(Callee) -> bool,
    ) -> Result<Self, &'static str> {
        let Loop { head, blocks, .. } = &loops.all[id];
        if !loops.inner(id).is_empty() {
            return Self::nest(function, blocks);
        }
        let mut leads_on: IdMap<Block, ()> = IdMap::default();
        leads_on.insert(*head, ());
        let calls_rare = |inst: &Inst| matches!(inst.kind, InstKind::Call { callee, .. } if is_rare(callee));
        for &block in blocks[1..].iter().rev() {
            let Block { insts, terminator, .. } = &function.blocks[block];
            if terminator.edges().any(|edge| leads_on.contains(edge.block)) && !insts.iter().any(calls_rare) {
                leads_on.insert(block, ());
            }
        }
        // What only cold blocks lead to is as cold.
        let mut warm = IdMap::default();
        warm.insert(*head, ());
        let mut count = 0;
        for &block in blocks {
            if !warm.contains(block) {
                continue;
            }
            let Block { insts, terminator, .. } = &function.blocks[block];
            count += insts.len();
            if let Some(why) = insts.iter().find_map(stays_scalar) {
                return Err(why);
            }
            match terminator {
                Terminator::Jump(_) | Terminator::Branch { .. } => {}
                Terminator::Switch { .. } => return Err("it has more than two ways at one place"),
                Terminator::Return(_) | Terminator::Throw(_) | Terminator::Unreachable => {
                    unreachable!("they lead out of the loop")
                }
            }
            for edge in terminator.edges().filter(|edge| leads_on.contains(edge.block)) {
                warm.insert(edge.block, ());
            }
        }
        if count > MOST_INSTS {
            return Err("it is too long");
        }
        Ok(Self { warm, is_nest: false })
    }

    /// A loop with others in it has no cold blocks.
    fn nest(function: &Function, blocks: &[Id<Block>]) -> Result<Self, &'static str> {
        let mut warm = IdMap::default();
        let mut count = 0;
        for &block in blocks {
            warm.insert(block, ());
            let insts = &function.blocks[block].insts;
            count += insts.len();
            if insts.iter().any(|inst| matches!(inst.kind, InstKind::Guard { .. })) {
                return Err("checks stay in it");
            }
            if let Some(why) = insts.iter().find_map(stays_scalar) {
                return Err(why);
            }
        }
        if count > MOST_INSTS { Err("it is too long") } else { Ok(Self { warm, is_nest: true }) }
    }

    /// Whether an edge leads to a block that no vector runs.
    pub(super) fn leaves(&self, block: Id<Block>) -> bool {
        !self.is_nest && self.is(block)
    }
}

/// Why an instruction has no counterpart on vectors.
fn stays_scalar(inst: &Inst) -> Option<&'static str> {
    match &inst.kind {
        InstKind::Const(_) | InstKind::Unary(..) | InstKind::Select { .. } => None,
        InstKind::Binary(op, ..) => op.can_trap().then_some("it divides integers"),
        InstKind::Load { kind, .. } if kind.ty() != Type::V128 => None,
        InstKind::Store { kind, .. } if kind.ty() != Type::V128 => None,
        InstKind::Guard { .. } => None,
        InstKind::Exit { .. } => unreachable!("`share` comes later"),
        InstKind::Call { .. } => Some("it calls a function"),
        InstKind::Retain(_) | InstKind::Release { .. } => Some("it counts references"),
        _ => Some("it does more than compute, read and write"),
    }
}
