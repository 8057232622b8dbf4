//! Finds the blocks that are hardly ever entered: those from which every way raises, and those that say so. In: a
//! function. Out: [`Rare`].
//!
//! ```text
//! b0:
//!   branch v0, b1, b2        ; b1 is rare: the branch is expected to go to b2
//! b1:
//!   v1: i32 = call @error()
//!   jump b3(v1)              ; and so is b3
//! b2:
//!   return
//! b3(v2: i32):
//!   throw v2
//! ```
//!
//! Engines that read the hint keep such blocks away from the code that runs, and the values of a loop in registers, as
//! if the calls in them were not there.
//!
//! Source: WebAssembly's custom section `metadata.code.branch_hint`.

use crate::arena::{Id, IdMap};
use crate::ssa::{Block, Function};

/// The rare blocks of a function.
pub(super) struct Rare {
    blocks: IdMap<Block, ()>,
}

impl Rare {
    /// Follows the ways of `order`, which holds the reachable blocks in reverse postorder, back from where they raise.
    pub(super) fn new(function: &Function, order: &[Id<Block>]) -> Self {
        let mut blocks = IdMap::default();
        // One walk finds all but what leads nowhere else than to itself; a loop without an end is not rare.
        for &id in order.iter().rev() {
            let block = &function.blocks[id];
            if block.rare || block.terminator.raises(|to| blocks.contains(to)) {
                blocks.insert(id, ());
            }
        }
        Self { blocks }
    }

    /// Whether a block is rare.
    pub(super) fn contains(&self, block: Id<Block>) -> bool {
        self.blocks.contains(block)
    }

    /// Whether a branch to `then` is expected where `otherwise` is where control goes without it; none if neither is.
    pub(super) fn expects(&self, then: Id<Block>, otherwise: Id<Block>) -> Option<bool> {
        match (self.blocks.contains(then), self.blocks.contains(otherwise)) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            (true, true) | (false, false) => None,
        }
    }
}
