//! Turns a branch to a block that only raises into a guard, so that the code goes on in one piece.
//!
//! ```text
//! before:                                    after:
//!   branch v1, b1, b2                          v4 = i64 7
//! b1:                                          v5 = i32.eqz v1
//!   v4 = i64 7                                 guard v5, @exception_new(v4) unwind b9(v0)
//!   v2: i32 = call @exception_new(v4) unwind b9(v0)
//!   jump b9(v2, v0)                            jump b2
//! ```

use super::Changed;
use super::cfg::ways_in;
use crate::arena::Id;
use crate::ssa::{Block, BlockCall, Callee, Function, Inst, InstKind, Terminator, Type, Unary, Unwind, Value};

pub(crate) fn run(function: &mut Function) -> Changed {
    let order = function.reverse_postorder();
    let ways = ways_in(function, &order);
    // Where exceptions arrive; any other block that a call's result is passed to is an ordinary one.
    let mut is_pad = vec![false; function.blocks.len()];
    for inst in order.iter().flat_map(|id| &function.blocks[*id].insts) {
        if let Some(unwind) = inst.kind.unwind() {
            is_pad[unwind.block.index()] = true;
        }
    }
    let mut changed = Changed::No;
    for id in order {
        while let Terminator::Branch { condition, then, otherwise } = &function.blocks[id].terminator {
            let condition = *condition;
            let raises = |edge: &BlockCall| {
                let alone = ways[edge.block.index()] == 1 && edge.args.is_empty() && edge.block != id;
                if alone { raise(function, &function.blocks[edge.block], &is_pad) } else { None }
            };
            let (guard, inverted, cold, next) = if let Some(guard) = raises(otherwise) {
                (guard, false, otherwise.block, then.clone())
            } else if let Some(guard) = raises(then) {
                (guard, true, then.block, otherwise.clone())
            } else {
                break;
            };
            let cold = std::mem::take(&mut function.blocks[cold]);
            let span = cold.insts.last().map_or(function.span, |call| call.span);
            let test = if inverted { function.value(Type::I32) } else { condition };
            let block = &mut function.blocks[id];
            block.insts.extend(cold.insts.into_iter().filter(|inst| matches!(inst.kind, InstKind::Const(_))));
            if inverted {
                block.insts.push(Inst::new(InstKind::Unary(Unary::I32Eqz, condition), vec![test], span));
            }
            let Raise { raise, args, unwind } = guard;
            block.insts.push(Inst::new(InstKind::Guard { condition: test, raise, args, unwind }, Vec::new(), span));
            block.terminator = Terminator::Jump(next);
            changed = Changed::Yes;
        }
    }
    changed
}

/// A call that makes an exception, and where that goes.
struct Raise {
    raise: Id<Function>,
    args: Vec<Id<Value>>,
    unwind: Option<Unwind>,
}

/// What a block raises that does nothing else.
fn raise(function: &Function, block: &Block, is_pad: &[bool]) -> Option<Raise> {
    let (call, constants) = block.insts.split_last()?;
    if !block.params.is_empty() || !constants.iter().all(|inst| matches!(inst.kind, InstKind::Const(_))) {
        return None;
    }
    let InstKind::Call { callee: Callee::Function(raise), args, unwind } = &call.kind else { return None };
    let [exception] = call.results[..] else { return None };
    if function.values[exception].ty != Type::I32 {
        return None;
    }
    let goes_to = match &block.terminator {
        Terminator::Throw(thrown) if *thrown == exception => None,
        Terminator::Jump(BlockCall { block, args })
            if is_pad[block.index()] && args.first() == Some(&exception) && !args[1..].contains(&exception) =>
        {
            Some(Unwind { block: *block, args: args[1..].to_vec() })
        }
        Terminator::Jump(_)
        | Terminator::Branch { .. }
        | Terminator::Switch { .. }
        | Terminator::Return(_)
        | Terminator::Throw(_)
        | Terminator::Unreachable => return None,
    };
    // What the call itself raises must go the same way.
    if unwind.is_some() && *unwind != goes_to {
        return None;
    }
    Some(Raise { raise: *raise, args: args.clone(), unwind: goes_to })
}
