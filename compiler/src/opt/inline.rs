//! Puts the bodies of small functions in place of their calls.
//!
//! ```text
//! function @checked(v0: i64) -> i64 {        function @f(v0: i64) -> i64 {
//! b0:                                        b0:
//!   guard v0, @raise(v0)                       guard v0, @raise(v0) unwind b1
//!   return v0                                  return v0
//! }                                          b1(v2: i32):
//! function @f(v0: i64) -> i64 {                …
//! b0:                                        }
//!   v1: i64 = call @checked(v0) unwind b1
//!   return v1
//! b1(v2: i32):
//!   …
//! ```
//!
//! Exceptions compose: what leaves the callee goes along the unwind edge of the call, if it has one. Callees are
//! finished before their callers, and a function that calls itself, directly or not, is never taken in; so nothing
//! is taken in twice, and growth is bounded by [`Budget`].

use super::Changed;
use super::simplify::throw;
use crate::arena::{Id, IdMap};
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::Loops;
use crate::ssa::{Block, BlockCall, Callee, Function, Inst, InstKind, Module, Terminator, Unwind, Value};

/// A body this small costs no more than the call.
const TINY: u32 = 6;
/// What is worth its room where it is called often.
const SMALL: u32 = 12;
/// The same in a loop.
const SMALL_IN_LOOP: u32 = 40;
/// The same of what only computes, as elementary functions do: the loop can run in vectors then.
const SMALL_IN_LOOP_IF_COMPUTING: u32 = 250;
/// What may be moved to its only caller.
const SINGLE: u32 = 250;
/// No function grows beyond this by what is not marked `inline`.
const MOST: u32 = 4000;
/// No function grows beyond this at all.
const LIMIT: u32 = 20_000;

/// What the inliner knows of the functions that it may take in.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    of: IdMap<Function, Candidate>,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    size: u32,
    inline: bool,
    /// Whether it has nothing that would keep a loop from running in vectors.
    computes: bool,
}

/// How much the module may still grow, in instructions, by bodies that are copied for speed.
#[derive(Debug)]
pub(crate) struct Budget {
    any: u32,
    /// For what lets a loop run in vectors.
    computing: u32,
}

impl Budget {
    /// Half of what is there, for vectors twice what is there, and something for small programs.
    pub(crate) fn new(module: &Module, functions: impl Iterator<Item = Id<Function>>) -> Self {
        let there = functions.map(|function| size(&module.functions[function])).sum::<u32>();
        Self { any: 400 + there / 2, computing: 4000 + 2 * there }
    }
}

/// About how many Wasm instructions a function becomes.
pub(crate) fn size(function: &Function) -> u32 {
    let mut size = 0;
    for block in function.reverse_postorder() {
        let block = &function.blocks[block];
        for inst in &block.insts {
            size += match &inst.kind {
                InstKind::Const(_) => 0,
                InstKind::Guard { args, .. } => 2 + args.len() as u32,
                InstKind::Exit { to, .. } => 2 + to.args.len() as u32,
                InstKind::Call { args, .. } => 2 + args.len() as u32,
                InstKind::Retain(_) | InstKind::Release { .. } => 2,
                InstKind::Unary(..)
                | InstKind::Binary(..)
                | InstKind::Select { .. }
                | InstKind::Bitselect { .. }
                | InstKind::Shuffle { .. }
                | InstKind::Load { .. }
                | InstKind::Store { .. }
                | InstKind::GlobalGet(_)
                | InstKind::GlobalSet(..)
                | InstKind::MemorySize
                | InstKind::MemoryGrow(_)
                | InstKind::MemoryCopy { .. }
                | InstKind::MemoryFill { .. } => 1,
            };
        }
        size += match &block.terminator {
            Terminator::Return(_) | Terminator::Unreachable => 0,
            Terminator::Jump(_) | Terminator::Throw(_) => 1,
            Terminator::Branch { .. } => 2,
            Terminator::Switch { targets, .. } => 2 + targets.len() as u32,
        };
    }
    size
}

impl Candidates {
    /// Notes a function that is finished and does not call itself.
    pub(crate) fn add(&mut self, module: &Module, id: Id<Function>) {
        let function = &module.functions[id];
        if !function.rare {
            let computes = only_computes(module, function);
            self.of.insert(id, Candidate { size: size(function), inline: function.inline, computes });
        }
    }
}

/// Whether a function has neither loops nor anything that changes memory, but for what is rare.
fn only_computes(module: &Module, function: &Function) -> bool {
    let computes = |inst: &Inst| match inst.kind {
        InstKind::Const(_)
        | InstKind::Unary(..)
        | InstKind::Binary(..)
        | InstKind::Select { .. }
        | InstKind::Load { .. }
        | InstKind::Guard { .. } => true,
        InstKind::Call { callee: Callee::Function(callee), .. } => module.functions[callee].rare,
        _ => false,
    };
    function.reverse_postorder().iter().all(|block| function.blocks[*block].insts.iter().all(computes))
        && Loops::new(function, &Dominators::new(function)).all.is_empty()
}

/// Takes callees into the function `id`. `callers` counts the calls of each function in the whole module.
pub(crate) fn run(
    module: &mut Module,
    id: Id<Function>,
    candidates: &Candidates,
    callers: &IdMap<Function, u32>,
    budget: &mut Budget,
) -> Changed {
    let mut own_size = size(&module.functions[id]);
    let heat = heat(&module.functions[id]);
    let mut changed = Changed::No;
    let mut open: Vec<_> = module.functions[id].reverse_postorder();
    open.reverse();
    while let Some(block) = open.pop() {
        // What a small function has left as a call, because it does not know of the loop, is looked at again there.
        let is_taken_in = block.index() >= heat.len();
        let heat = if is_taken_in { Heat::Loop } else { heat[block.index()] };
        let mut block = block;
        let mut at = 0;
        while at < module.functions[id].blocks[block].insts.len() {
            let function = &module.functions[id];
            let InstKind::Call { callee: Callee::Function(callee), .. } = &function.blocks[block].insts[at].kind else {
                at += 1;
                continue;
            };
            let Some(candidate) = candidates.of.get(*callee).copied() else {
                at += 1;
                continue;
            };
            if is_taken_in && !candidate.computes {
                at += 1;
                continue;
            }
            let single = callers.get(*callee) == Some(&1);
            let small = match heat {
                Heat::Cold => candidate.size <= TINY,
                Heat::Plain => candidate.size <= SMALL || (single && candidate.size <= SINGLE),
                Heat::Loop if candidate.computes => candidate.size <= SMALL_IN_LOOP_IF_COMPUTING,
                Heat::Loop => candidate.size <= SMALL_IN_LOOP || (single && candidate.size <= SINGLE),
            };
            let grown = own_size + candidate.size;
            let left = if heat == Heat::Loop && candidate.computes { &mut budget.computing } else { &mut budget.any };
            let fits = candidate.size <= TINY || single || candidate.size <= *left;
            if !((candidate.inline && grown <= LIMIT) || (small && fits && grown <= MOST)) {
                at += 1;
                continue;
            }
            if !candidate.inline && !single && candidate.size > TINY {
                *left -= candidate.size;
            }
            own_size = grown;
            let (callee, span) = (*callee, function.span);
            // A function does not call itself here, so the callee is another one.
            let body = std::mem::replace(&mut module.functions[callee], Function::new("", Vec::new(), span));
            module.functions[id].hot |= body.hot;
            // The order of a sum that was taken in is that of the function that it comes from.
            let keeps_order = !body.reassociates && !Loops::new(&body, &Dominators::new(&body)).all.is_empty();
            module.functions[id].reassociates &= !keeps_order;
            let known = module.functions[id].blocks.len();
            block = take_in(&mut module.functions[id], block, at, &body);
            if heat == Heat::Loop {
                let taken_in = module.functions[id].blocks.ids().skip(known);
                open.extend(taken_in.filter(|taken_in| *taken_in != block));
            }
            module.functions[callee] = body;
            at = 0;
            changed = Changed::Yes;
        }
    }
    changed
}

/// How often a block runs, as far as its place tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heat {
    /// Only after an exception, or before one.
    Cold,
    Plain,
    Loop,
}

/// The heat of every block.
fn heat(function: &Function) -> Vec<Heat> {
    let order = function.reverse_postorder();
    let mut heat = vec![Heat::Cold; function.blocks.len()];
    let mut number = vec![usize::MAX; function.blocks.len()];
    order.iter().enumerate().for_each(|(at, block)| number[block.index()] = at);
    // Blocks that are reached without an exception, in an order where predecessors come first.
    heat[function.entry.index()] = Heat::Plain;
    for &block in &order {
        if heat[block.index()] != Heat::Cold {
            for edge in function.blocks[block].terminator.edges() {
                heat[edge.block.index()] = Heat::Plain;
            }
        }
    }
    // Blocks from which a throw follows in any case are as cold.
    for &block in order.iter().rev() {
        if function.blocks[block].terminator.raises(|to| heat[to.index()] == Heat::Cold) {
            heat[block.index()] = Heat::Cold;
        }
    }
    // A loop reaches from its head to the last block that goes back to it, in this order; that is near enough.
    let mut depth = vec![0_i32; order.len() + 1];
    for (at, &block) in order.iter().enumerate() {
        for edge in function.blocks[block].terminator.edges() {
            let head = number[edge.block.index()];
            if head <= at {
                depth[head] += 1;
                depth[at + 1] -= 1;
            }
        }
    }
    let mut loops = 0;
    for (at, &block) in order.iter().enumerate() {
        loops += depth[at];
        if loops > 0 && heat[block.index()] == Heat::Plain {
            heat[block.index()] = Heat::Loop;
        }
    }
    heat
}

/// Puts `body` in place of the call at `at` in `block`; gives the block where the caller goes on.
fn take_in(caller: &mut Function, block: Id<Block>, at: usize, body: &Function) -> Id<Block> {
    let rest = caller.blocks[block].insts.split_off(at + 1);
    let call = caller.blocks[block].insts.pop().expect("the call is at this place");
    let InstKind::Call { args, unwind, .. } = call.kind else { unreachable!("run() found a call here") };
    let terminator = std::mem::replace(&mut caller.blocks[block].terminator, Terminator::Unreachable);
    let rare = caller.blocks[block].rare;
    // The results of the call are the parameters of the block that goes on.
    let next = caller.blocks.push(Block { params: call.results, insts: rest, terminator, rare });

    let order = body.reverse_postorder();
    let mut values: Vec<Option<Id<Value>>> = vec![None; body.values.len()];
    let mut blocks: Vec<Option<Id<Block>>> = vec![None; body.blocks.len()];
    for (param, arg) in body.params().iter().zip(&args) {
        values[param.index()] = Some(*arg);
    }
    for &id in &order {
        let source = &body.blocks[id];
        blocks[id.index()] = Some(caller.blocks.push(Block::default()));
        let params = if id == body.entry { &[][..] } else { &source.params };
        for value in params.iter().chain(source.insts.iter().flat_map(|inst| &inst.results)) {
            values[value.index()] = Some(caller.values.push(body.values[*value].clone()));
        }
    }
    let value = |value: Id<Value>| values[value.index()].expect("every value of the body was given a copy");
    let target = |block: Id<Block>| blocks[block.index()].expect("every reachable block was given a copy");
    for &id in &order {
        let source = &body.blocks[id];
        let mut copy = Block::default();
        if id != body.entry {
            copy.params = source.params.iter().map(|param| value(*param)).collect();
        }
        copy.insts.reserve(source.insts.len());
        for inst in &source.insts {
            let mut inst = inst.clone();
            inst.kind.map_operands(value);
            inst.results.iter_mut().for_each(|result| *result = value(*result));
            let raises = inst.kind.can_raise();
            match inst.kind.unwind_mut() {
                Some(Some(Unwind { block, .. })) => *block = target(*block),
                Some(nowhere @ None) if raises => nowhere.clone_from(&unwind),
                Some(None) | None => {}
            }
            copy.insts.push(inst);
        }
        let mut terminator = source.terminator.clone();
        terminator.map_operands(value);
        terminator.edges_mut().for_each(|edge| edge.block = target(edge.block));
        copy.terminator = match terminator {
            Terminator::Return(results) => Terminator::Jump(BlockCall { block: next, args: results }),
            Terminator::Throw(exception) => throw(exception, unwind.clone()),
            Terminator::Jump(_) | Terminator::Branch { .. } | Terminator::Switch { .. } | Terminator::Unreachable => {
                terminator
            }
        };
        caller.blocks[target(id)] = copy;
    }
    caller.blocks[block].terminator = Terminator::Jump(BlockCall { block: target(body.entry), args: Vec::new() });
    next
}
