//! Computes cheap values before a branch instead of behind it, so that the branch becomes a select.
//!
//! ```text
//! before:                                    after:
//!   branch v1, b1, b3(v0)                      v2 = i64.add v0, v9
//! b1:                                          branch v1, b3(v2), b3(v0)    ; `cfg` makes it a select
//!   v2 = i64.add v0, v9
//!   jump b3(v2)
//! ```
//!
//! Likewise `branch v1, b1, b3` with nothing in `b1` but `branch v2, b2, b3` becomes one branch on both conditions.

use super::Changed;
use super::cfg::ways_in;
use super::integer::{Op, split};
use crate::arena::Id;
use crate::ssa::inst::Effect;
use crate::ssa::{Binary, Block, BlockCall, Function, Inst, InstKind, Terminator, Type, Unary, Value};

/// Instructions that may run for nothing.
const MOST: usize = 2;

pub(crate) fn run(function: &mut Function) -> Changed {
    let order = function.reverse_postorder();
    let ways = ways_in(function, &order);
    let mut tests = tests(function, &order);
    let mut changed = Changed::No;
    for &id in &order {
        while step(function, id, &ways, &mut tests) {
            changed = Changed::Yes;
        }
    }
    changed
}

/// Takes in what is behind the branch that ends a block, if it is little.
fn step(function: &mut Function, id: Id<Block>, ways: &[u32], tests: &mut Vec<bool>) -> bool {
    let Terminator::Branch { condition, then, otherwise } = &function.blocks[id].terminator else { return false };
    let (condition, then, otherwise) = (*condition, then.clone(), otherwise.clone());
    let cheap = |edge: &BlockCall| ways[edge.block.index()] == 1 && is_cheap(&function.blocks[edge.block]);
    let jump = |edge: &BlockCall| match &function.blocks[edge.block].terminator {
        Terminator::Jump(next) if cheap(edge) => Some(next.clone()),
        _ => None,
    };
    let (left, right) = (jump(&then), jump(&otherwise));
    let arms = match (left, right) {
        (Some(left), Some(right)) if left.block == right.block => {
            Some((left, right, vec![then.block, otherwise.block]))
        }
        (Some(left), _) if left.block == otherwise.block => Some((left, otherwise.clone(), vec![then.block])),
        (_, Some(right)) if right.block == then.block => Some((then.clone(), right, vec![otherwise.block])),
        _ => None,
    };
    if let Some((left, right, blocks)) = arms {
        let differing = left.args.iter().zip(&right.args).filter(|(left, right)| left != right).count();
        if differing <= MOST && left.block != id {
            for block in blocks {
                let insts = std::mem::take(&mut function.blocks[block]).insts;
                function.blocks[id].insts.extend(insts);
            }
            function.blocks[id].terminator = Terminator::Branch { condition, then: left, otherwise: right };
            return true;
        }
        return false;
    }
    // Two tests, one after the other, for the same way out.
    let is_test = |value: Id<Value>| tests[value.index()];
    let second = |edge: &BlockCall| match &function.blocks[edge.block].terminator {
        Terminator::Branch { condition, then, otherwise } if cheap(edge) => {
            Some((*condition, then.clone(), otherwise.clone()))
        }
        _ => None,
    };
    let both = if let Some((inner, left, right)) = second(&then)
        && right == otherwise
        && is_test(condition)
        && is_test(inner)
    {
        Some((then.block, Binary::I32And, inner, left, right))
    } else if let Some((inner, left, right)) = second(&otherwise)
        && left == then
        && is_test(condition)
        && is_test(inner)
    {
        Some((otherwise.block, Binary::I32Or, inner, left, right))
    } else {
        None
    };
    if let Some((block, op, inner, then, otherwise)) = both {
        let insts = std::mem::take(&mut function.blocks[block]).insts;
        let span = insts.last().map_or(function.span, |inst| inst.span);
        let condition_of_both = function.value(Type::I32);
        let kind = InstKind::Binary(op, condition, inner);
        let block = &mut function.blocks[id];
        block.insts.extend(insts);
        block.insts.push(Inst::new(kind, vec![condition_of_both], span));
        block.terminator = Terminator::Branch { condition: condition_of_both, then, otherwise };
        tests.resize(function.values.len(), true);
        return true;
    }
    false
}

/// Whether a block has nothing but a few cheap instructions.
#[expect(clippy::wildcard_enum_match_arm, reason = "everything else is decided by its effect")]
fn is_cheap(block: &Block) -> bool {
    let costs = |inst: &&Inst| !matches!(inst.kind, InstKind::Const(_));
    block.params.is_empty()
        && block.insts.iter().filter(costs).count() <= MOST
        && block.insts.iter().all(|inst| match inst.kind {
            InstKind::Binary(op, ..) => {
                !op.can_trap() && !matches!(op, Binary::F32Div | Binary::F64Div | Binary::I64MulOverflows)
            }
            InstKind::Unary(op, _) => !matches!(op, Unary::F32Sqrt | Unary::F64Sqrt),
            _ => inst.kind.effect() == Effect::Pure,
        })
}

/// The values that are 0 or 1.
#[expect(clippy::wildcard_enum_match_arm, reason = "everything else is no test")]
fn tests(function: &Function, order: &[Id<Block>]) -> Vec<bool> {
    let mut tests = vec![false; function.values.len()];
    for inst in order.iter().flat_map(|block| &function.blocks[*block].insts) {
        let is_test = match inst.kind {
            InstKind::Unary(op, _) => matches!(op, Unary::I32Eqz | Unary::I64Eqz),
            InstKind::Binary(op, ..) => {
                matches!(split(op), Some((_, Op::Compare(_)))) || (split(op).is_none() && op.result() != op.operand())
            }
            _ => false,
        };
        if let (true, Some(result)) = (is_test, inst.result()) {
            tests[result.index()] = true;
        }
    }
    tests
}
