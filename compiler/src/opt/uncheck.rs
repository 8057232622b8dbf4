//! Leaves the checks out, to measure what they cost: a program that would raise does anything at all instead.
//!
//! ```text
//! before:                                    after:
//!   v4 = i64.lt_u v2, v6
//!   guard v4, @index_error()
//!   v5: f64 = load f64 v3                      v5: f64 = load f64 v3
//! ```
//!
//! Guards whose exception is caught in the same function stay: a program may count on them.

use super::Changed;
use crate::ssa::{Function, InstKind};

pub(crate) fn run(function: &mut Function) -> Changed {
    let mut changed = Changed::No;
    for id in function.reverse_postorder() {
        let insts = &mut function.blocks[id].insts;
        let before = insts.len();
        insts.retain(|inst| !matches!(inst.kind, InstKind::Guard { unwind: None, .. }));
        changed |= Changed::from(insts.len() < before);
    }
    changed
}
