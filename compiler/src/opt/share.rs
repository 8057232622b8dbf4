//! Lets checks that fail in the same way share the code that raises: the module is smaller, and the code that runs is
//! closer together.
//!
//! ```text
//! before:                                    after:
//!   guard v1, @error(v8, v2) unwind b9(v3)     exit v1, b5(v2, v3)
//!   guard v4, @error(v8, v5) unwind b9(v6)     exit v4, b5(v5, v6)
//!                                            b5(v10: i64, v11: i32):
//!                                              v12: i32 = call @error(v8, v10)
//!                                              jump b9(v12, v11)
//! ```
//!
//! Comes last: the other passes know more of a guard than of an edge.

use super::Changed;
use crate::arena::{Id, IdMap};
use crate::ssa::{Block, BlockCall, Callee, Const, Function, Inst, InstKind, Terminator, Type, Value};
use std::collections::HashMap;

/// What guards have in common that share. Each place has a number of its own to pass on, and where a variable holds
/// nothing yet, a 0; constants of the first kind are passed along the edge, the others tell ways apart.
#[derive(PartialEq, Eq, Hash)]
struct Way {
    raise: Id<Function>,
    /// The block that the exception goes to.
    pad: Option<Id<Block>>,
    /// The constants that `raise` is called with, by position.
    args: Vec<Option<Const>>,
    /// Which of the values along the unwind edge are 0.
    nothing: Vec<bool>,
}

/// Where a guard stands.
#[derive(Clone, Copy)]
struct Place {
    block: Id<Block>,
    at: usize,
}

pub(crate) fn run(function: &mut Function) -> Changed {
    let constants = function.constants();
    let mut ways: HashMap<Way, usize> = HashMap::new();
    let mut shared: Vec<Vec<Place>> = Vec::new();
    for block in function.reverse_postorder() {
        for (at, inst) in function.blocks[block].insts.iter().enumerate() {
            if let InstKind::Guard { condition: _, raise, args, unwind } = &inst.kind {
                let is_nothing = |value: &Id<Value>| constants.get(*value) == Some(&Const::I32(0));
                let way = Way {
                    raise: *raise,
                    pad: unwind.as_ref().map(|unwind| unwind.block),
                    args: args.iter().map(|arg| constants.get(*arg).copied()).collect(),
                    nothing: unwind.iter().flat_map(|unwind| &unwind.args).map(is_nothing).collect(),
                };
                let number = *ways.entry(way).or_insert(shared.len());
                if number == shared.len() {
                    shared.push(Vec::new());
                }
                shared[number].push(Place { block, at });
            }
        }
    }
    let mut changed = Changed::No;
    for places in shared.iter().filter(|places| places.len() > 1) {
        share(function, places, &constants);
        changed = Changed::Yes;
    }
    changed
}

/// What a guard passes on: to the function that raises, then along the unwind edge.
fn passed(function: &Function, place: Place) -> Vec<Id<Value>> {
    match &function.blocks[place.block].insts[place.at].kind {
        InstKind::Guard { args, unwind, .. } => {
            args.iter().chain(unwind.iter().flat_map(|unwind| &unwind.args)).copied().collect()
        }
        other => unreachable!("run() found a guard here, not {other:?}"),
    }
}

fn share(function: &mut Function, places: &[Place], constants: &IdMap<Value, Const>) {
    let first = &function.blocks[places[0].block].insts[places[0].at];
    let InstKind::Guard { condition: _, raise, args, unwind } = &first.kind else { unreachable!("run() found guards") };
    let (span, raise, args, pad) = (first.span, *raise, args.len(), unwind.as_ref().map(|unwind| unwind.block));
    let rows: Vec<_> = places.iter().map(|place| passed(function, *place)).collect();
    let mut block = Block::default();
    let mut differing = Vec::new();
    let mut values = Vec::new();
    for (column, &value) in rows[0].iter().enumerate() {
        let constant = constants.get(value);
        // A value that all pass dominates all of them, and with them the block where they meet.
        values.push(if rows.iter().all(|row| row[column] == value) && constant.is_none() {
            value
        } else if let Some(constant) =
            constant.filter(|it| rows.iter().all(|row| constants.get(row[column]) == Some(it)))
        {
            let result = function.value(constant.ty());
            block.insts.push(Inst::new(InstKind::Const(*constant), vec![result], span));
            result
        } else {
            differing.push(column);
            let param = function.values.push(function.values[value].clone());
            block.params.push(param);
            param
        });
    }
    let exception = function.value(Type::I32);
    let (args, passed) = values.split_at(args);
    block.terminator = match pad {
        None => Terminator::Throw(exception),
        Some(block) => Terminator::Jump(BlockCall { block, args: [&[exception], passed].concat() }),
    };
    let call = InstKind::Call { callee: Callee::Function(raise), args: args.to_vec(), unwind: None };
    block.insts.push(Inst::new(call, vec![exception], span));
    let shared = function.blocks.push(block);
    for (place, row) in places.iter().zip(rows) {
        let kind = &mut function.blocks[place.block].insts[place.at].kind;
        let InstKind::Guard { condition, .. } = *kind else { unreachable!("run() found guards") };
        let args = differing.iter().map(|column| row[*column]).collect();
        *kind = InstKind::Exit { condition, to: BlockCall { block: shared, args } };
    }
}
