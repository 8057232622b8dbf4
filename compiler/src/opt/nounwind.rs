//! Drops the unwind edges of calls that never raise.
//!
//! ```text
//! before:                                    after:
//!   v1: i64 = call @double(v0) unwind b9       v1: i64 = call @double(v0)
//! ```

use super::Changed;
use super::calls::AllEffects;
use crate::ssa::{Callee, Function, InstKind};

pub(crate) fn run(function: &mut Function, effects: &AllEffects) -> Changed {
    let mut changed = Changed::No;
    for (_, block) in function.blocks.iter_mut() {
        for inst in &mut block.insts {
            if let InstKind::Call { callee, unwind, .. } = &mut inst.kind
                && unwind.is_some()
            {
                let raises = match callee {
                    Callee::Function(callee) => effects.get(*callee).is_none_or(|effects| effects.raises),
                    Callee::Import(_) => false,
                };
                if !raises {
                    *unwind = None;
                    changed = Changed::Yes;
                }
            }
        }
    }
    changed
}
