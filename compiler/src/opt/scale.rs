//! Multiplies by 3, 5 and 9 with a shift and an addition, which one instruction of most processors does in one cycle.
//!
//! ```text
//! before:                                    after:
//!   v2 = i64.mul v0, v1        ; v1 = 3        v3 = i64 1
//!                                              v4 = i64.shl v0, v3
//!                                              v2 = i64.add v4, v0
//! ```
//!
//! Comes last: what a product can be is easier to see of a product.

use super::Changed;
use super::integer::{Op, Width, join, number, split};
use crate::ssa::{Function, Inst, InstKind};

pub(crate) fn run(function: &mut Function) -> Changed {
    let constants = function.constants();
    let mut changed = Changed::No;
    for id in function.reverse_postorder() {
        let scale = |inst: &Inst| {
            let InstKind::Binary(op, left, right) = inst.kind else { return None };
            let (width @ (Width::W32 | Width::W64), Op::Mul) = split(op)? else { return None };
            let times = |value| constants.get(value).and_then(|constant| shift(number(*constant)?));
            times(right).map(|bits| (width, left, bits)).or_else(|| times(left).map(|bits| (width, right, bits)))
        };
        let found: Vec<_> = function.blocks[id].insts.iter().map(scale).collect();
        if found.iter().all(Option::is_none) {
            continue;
        }
        changed = Changed::Yes;
        let mut out = Vec::with_capacity(found.len() + 4);
        for (mut inst, found) in std::mem::take(&mut function.blocks[id].insts).into_iter().zip(found) {
            if let Some((width, factor, bits)) = found {
                let [by, shifted] = [function.value(width.ty()), function.value(width.ty())];
                out.push(Inst::new(InstKind::Const(width.constant(bits)), vec![by], inst.span));
                out.push(Inst::new(InstKind::Binary(join(width, Op::Shl), factor, by), vec![shifted], inst.span));
                inst.kind = InstKind::Binary(join(width, Op::Add), shifted, factor);
            }
            out.push(inst);
        }
        function.blocks[id].insts = out;
    }
    changed
}

/// The `k` for which a number is 2^k + 1, where one instruction shifts so far and adds.
fn shift(number: i64) -> Option<i64> {
    match number {
        3 => Some(1),
        5 => Some(2),
        9 => Some(3),
        _ => None,
    }
}
