//! Straightens the control-flow graph.
//!
//! ```text
//! before:                                    after:
//!   v1 = i32 1                                 v1 = i32 1
//!   branch v1, b1(v0), b2()                    v3 = i64.add v0, v0
//! b1(v2):                                      return v3
//!   jump b3(v2)
//! b3(v4):
//!   v3 = i64.add v4, v4
//!   return v3
//! ```
//!
//! Decided branches become jumps; edges pass by empty blocks, and by blocks that only test what the edge already
//! knows; parameters that always get the same value become it; a block with one way in joins the block before.

use super::Changed;
use super::rename::Renaming;
use crate::arena::{Id, IdMap};
use crate::ssa::{Block, Inst};
use crate::ssa::{BlockCall, Const, Function, InstKind, Terminator, Type, Value};

pub(crate) fn run(function: &mut Function) -> Changed {
    const STEPS: [fn(&mut Function, &[Id<Block>]) -> Changed; 5] =
        [fold_terminators, thread_edges, drop_params, merge_blocks, select_arms];
    let mut changed = Changed::No;
    let mut order = function.reverse_postorder();
    // Each step makes work for the others; more than a few rounds never pay.
    for _ in 0..4 {
        let mut round = Changed::No;
        for step in STEPS {
            if step(function, &order).any() {
                round = Changed::Yes;
                order = function.reverse_postorder();
            }
        }
        changed |= round;
        if !round.any() {
            break;
        }
    }
    changed
}

/// The values that are integer constants.
fn constants(function: &Function, order: &[Id<Block>]) -> Vec<Option<i32>> {
    let mut constants = vec![None; function.values.len()];
    for &block in order {
        for inst in &function.blocks[block].insts {
            if let (InstKind::Const(Const::I32(value)), Some(result)) = (&inst.kind, inst.result()) {
                constants[result.index()] = Some(*value);
            }
        }
    }
    constants
}

/// Where a branch or switch goes if that is known from `known`, or does not matter.
fn decide(terminator: &Terminator, known: impl Fn(Id<Value>) -> Option<i32>) -> Option<&BlockCall> {
    match terminator {
        Terminator::Branch { condition, then, otherwise } => match known(*condition) {
            Some(0) => Some(otherwise),
            Some(_) => Some(then),
            None => (then == otherwise).then_some(then),
        },
        Terminator::Switch { index, targets, default } => match known(*index) {
            // The index is unsigned.
            Some(index) => Some(targets.get(index as u32 as usize).unwrap_or(default)),
            None => targets.iter().all(|target| target == default).then_some(default),
        },
        Terminator::Jump(_) | Terminator::Return(_) | Terminator::Throw(_) | Terminator::Unreachable => None,
    }
}

fn fold_terminators(function: &mut Function, order: &[Id<Block>]) -> Changed {
    let constants = constants(function, order);
    let mut changed = Changed::No;
    for &block in order {
        if let Some(target) = decide(&function.blocks[block].terminator, |value| constants[value.index()]) {
            function.blocks[block].terminator = Terminator::Jump(target.clone());
            changed = Changed::Yes;
        }
    }
    changed
}

/// Lets edges pass by blocks that do nothing but decide where to go on, if the edge decides it.
fn thread_edges(function: &mut Function, order: &[Id<Block>]) -> Changed {
    let constants = constants(function, order);
    // A block can be passed by if it is empty and nothing but its terminator reads its parameters. The head of a loop
    // is not passed by: the loop could get a second way in, and `emit` needs loops with one.
    let mut home: Vec<Option<Id<Block>>> = vec![None; function.values.len()];
    let mut passable = vec![false; function.blocks.len()];
    for &id in order {
        let block = &function.blocks[id];
        passable[id.index()] = block.insts.is_empty() && id != function.entry;
        block.params.iter().for_each(|param| home[param.index()] = Some(id));
    }
    let mut seen = vec![false; function.blocks.len()];
    for &id in order {
        seen[id.index()] = true;
        let block = &function.blocks[id];
        block.for_each_successor(|next| passable[next.index()] &= !seen[next.index()]);
        let mut read = |value: Id<Value>| {
            if let Some(home) = home[value.index()]
                && home != id
            {
                passable[home.index()] = false;
            }
        };
        block.insts.iter().for_each(|inst| inst.kind.for_each_operand(&mut read));
        block.terminator.for_each_operand(&mut read);
    }
    let mut changed = Changed::No;
    for &id in order {
        let mut terminator = std::mem::replace(&mut function.blocks[id].terminator, Terminator::Unreachable);
        for edge in terminator.edges_mut() {
            // A chain of passable blocks may be a circle: a loop that does nothing stays.
            for _ in 0..8 {
                if edge.block == id || !passable[edge.block.index()] {
                    break;
                }
                let Some(next) = pass_by(&function.blocks[edge.block], &edge.args, &constants) else { break };
                if next == *edge {
                    break;
                }
                *edge = next;
                changed = Changed::Yes;
            }
        }
        // A jump to a block that only throws on may as well throw. (Returns stay in one place: selects come before them.)
        if let Terminator::Jump(edge) = &terminator
            && edge.block != id
            && passable[edge.block.index()]
        {
            let target = &function.blocks[edge.block];
            if matches!(target.terminator, Terminator::Throw(_) | Terminator::Unreachable) {
                let mut copy = target.terminator.clone();
                copy.map_operands(|value| substitute(target, &edge.args, value));
                terminator = copy;
                changed = Changed::Yes;
            }
        }
        function.blocks[id].terminator = terminator;
    }
    changed | thread_unwinds(function, order, &passable)
}

/// The argument for a parameter of `block`, or the value itself.
fn substitute(block: &Block, args: &[Id<Value>], value: Id<Value>) -> Id<Value> {
    block.params.iter().position(|param| *param == value).map_or(value, |at| args[at])
}

/// Where an edge with these arguments goes on to from an empty block.
fn pass_by(block: &Block, args: &[Id<Value>], constants: &[Option<i32>]) -> Option<BlockCall> {
    let next = match &block.terminator {
        Terminator::Jump(next) => next,
        terminator => decide(terminator, |value| constants[substitute(block, args, value).index()])?,
    };
    let args = next.args.iter().map(|arg| substitute(block, args, *arg)).collect();
    Some(BlockCall { block: next.block, args })
}

/// The same for unwind edges: they can pass by blocks that hand the exception on in the first place.
fn thread_unwinds(function: &mut Function, order: &[Id<Block>], passable: &[bool]) -> Changed {
    let mut changed = Changed::No;
    for &id in order {
        for at in 0..function.blocks[id].insts.len() {
            let Some(unwind) = function.blocks[id].insts[at].kind.unwind() else { continue };
            let pad = &function.blocks[unwind.block];
            if !passable[unwind.block.index()] {
                continue;
            }
            match &pad.terminator {
                Terminator::Jump(next)
                    if next.block != unwind.block
                        && next.args.first() == pad.params.first()
                        && !next.args[1..].contains(&pad.params[0]) =>
                {
                    let substituted = |value: Id<Value>| {
                        let at = pad.params.iter().position(|param| *param == value);
                        at.and_then(|at| at.checked_sub(1)).map_or(value, |at| unwind.args[at])
                    };
                    let args = next.args[1..].iter().map(|arg| substituted(*arg)).collect();
                    let next = next.block;
                    if let Some(Some(unwind)) = function.blocks[id].insts[at].kind.unwind_mut() {
                        unwind.block = next;
                        unwind.args = args;
                    }
                    changed = Changed::Yes;
                }
                // Throwing on at once is what happens without the edge.
                Terminator::Throw(exception) if Some(exception) == pad.params.first() => {
                    if let Some(unwind) = function.blocks[id].insts[at].kind.unwind_mut() {
                        *unwind = None;
                    }
                    changed = Changed::Yes;
                }
                Terminator::Jump(_)
                | Terminator::Branch { .. }
                | Terminator::Switch { .. }
                | Terminator::Return(_)
                | Terminator::Throw(_)
                | Terminator::Unreachable => {}
            }
        }
    }
    changed
}

/// Replaces parameters that get the same value along every edge.
fn drop_params(function: &mut Function, order: &[Id<Block>]) -> Changed {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Nothing,
        Only(Id<Value>),
        Several,
    }
    let mut renaming = Renaming::default();
    let mut dropped: IdMap<Block, Vec<bool>> = IdMap::default();
    loop {
        let mut seen: Vec<Vec<Seen>> =
            function.blocks.iter().map(|(_, block)| vec![Seen::Nothing; block.params.len()]).collect();
        let mut note = |block: Id<Block>, first: usize, args: &[Id<Value>]| {
            let params = &function.blocks[block].params;
            if first == 1 {
                seen[block.index()][0] = Seen::Several;
            }
            for (at, arg) in args.iter().enumerate() {
                let (arg, param) = (renaming.get(*arg), params[at + first]);
                let seen = &mut seen[block.index()][at + first];
                if arg != param && arg != renaming.get(param) {
                    *seen = match *seen {
                        Seen::Nothing => Seen::Only(arg),
                        Seen::Only(other) if other == arg => Seen::Only(arg),
                        Seen::Only(_) | Seen::Several => Seen::Several,
                    };
                }
            }
        };
        for &id in order {
            let block = &function.blocks[id];
            for unwind in block.insts.iter().filter_map(|inst| inst.kind.unwind()) {
                note(unwind.block, 1, &unwind.args);
            }
            block.terminator.edges().for_each(|edge| note(edge.block, 0, &edge.args));
        }
        let mut found = false;
        for &id in order.iter().filter(|id| **id != function.entry) {
            for (at, &param) in function.blocks[id].params.iter().enumerate() {
                if let Seen::Only(value) = seen[id.index()][at]
                    && renaming.get(param) == param
                    && renaming.get(value) != param
                {
                    renaming.set(param, renaming.get(value));
                    let count = function.blocks[id].params.len();
                    if !dropped.contains(id) {
                        dropped.insert(id, vec![false; count]);
                    }
                    dropped[id][at] = true;
                    found = true;
                }
            }
        }
        if !found {
            break;
        }
    }
    if renaming.is_empty() {
        return Changed::No;
    }
    let keep = |args: &mut Vec<Id<Value>>, dropped: &[bool]| {
        let mut dropped = dropped.iter();
        args.retain(|_| !dropped.next().expect("the verifier counts arguments and parameters"));
    };
    for &id in order {
        let block = &mut function.blocks[id];
        if let Some(dropped) = dropped.get(id) {
            keep(&mut block.params, dropped);
        }
        for inst in &mut block.insts {
            if let Some(Some(unwind)) = inst.kind.unwind_mut()
                && let Some(dropped) = dropped.get(unwind.block)
            {
                keep(&mut unwind.args, &dropped[1..]);
            }
        }
        for edge in block.terminator.edges_mut() {
            if let Some(dropped) = dropped.get(edge.block) {
                keep(&mut edge.args, dropped);
            }
        }
    }
    renaming.apply(function);
    Changed::Yes
}

/// How many edges lead to each block.
pub(super) fn ways_in(function: &Function, order: &[Id<Block>]) -> Vec<u32> {
    let mut ways = vec![0; function.blocks.len()];
    for &id in order {
        let block = &function.blocks[id];
        for unwind in block.insts.iter().filter_map(|inst| inst.kind.unwind()) {
            ways[unwind.block.index()] += 1;
        }
        block.terminator.edges().for_each(|edge| ways[edge.block.index()] += 1);
    }
    ways
}

/// Joins each block that is only jumped to from one place with that place.
fn merge_blocks(function: &mut Function, order: &[Id<Block>]) -> Changed {
    let ways = ways_in(function, order);
    let mut renaming = Renaming::default();
    let mut merged = vec![false; function.blocks.len()];
    let mut changed = Changed::No;
    for &id in order {
        if merged[id.index()] {
            continue;
        }
        while let Terminator::Jump(edge) = &function.blocks[id].terminator
            && ways[edge.block.index()] == 1
            && edge.block != id
        {
            let edge = edge.clone();
            let next = std::mem::take(&mut function.blocks[edge.block]);
            merged[edge.block.index()] = true;
            next.params.iter().zip(&edge.args).for_each(|(param, arg)| renaming.set(*param, renaming.get(*arg)));
            let block = &mut function.blocks[id];
            block.insts.extend(next.insts);
            block.terminator = next.terminator;
            changed = Changed::Yes;
        }
    }
    renaming.apply(function);
    changed
}

/// Turns `branch c, b1(x), b1(y)` into a select, so that the machine need not guess.
fn select_arms(function: &mut Function, order: &[Id<Block>]) -> Changed {
    /// Values to choose between in one go; each costs an instruction.
    const MOST: usize = 2;
    let mut changed = Changed::No;
    for &id in order {
        let Terminator::Branch { condition, then, otherwise } = &function.blocks[id].terminator else { continue };
        if then.block != otherwise.block {
            continue;
        }
        let differing = then.args.iter().zip(&otherwise.args).filter(|(left, right)| left != right);
        let types = differing.clone().map(|(value, _)| function.values[*value].ty);
        if differing.count() > MOST || types.into_iter().any(|ty| ty == Type::V128) {
            continue;
        }
        let (condition, then, otherwise) = (*condition, then.clone(), otherwise.clone());
        let mut args = Vec::with_capacity(then.args.len());
        for (&left, &right) in then.args.iter().zip(&otherwise.args) {
            if left == right {
                args.push(left);
                continue;
            }
            let result = function.value(function.values[left].ty);
            let span = function.blocks[id].insts.last().map_or(function.span, |inst| inst.span);
            let kind = InstKind::Select { condition, then: left, otherwise: right };
            function.blocks[id].insts.push(Inst::new(kind, vec![result], span));
            args.push(result);
        }
        function.blocks[id].terminator = Terminator::Jump(BlockCall { block: then.block, args });
        changed = Changed::Yes;
    }
    changed
}
