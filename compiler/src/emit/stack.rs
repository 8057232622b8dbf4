//! Decides which values stay on Wasm's stack, between the instruction that gives them and the one that takes them.
//! In: a function. Out: for every value its [`Home`].
//!
//! ```text
//! v2 = f64.load v0          f64.store (local 1), (f64.mul (f64.load (local 0)), (f64.const 2))
//! v3 = f64 2
//! v4 = f64.mul v2, v3
//! f64.store v1, v4
//! ```
//!
//! A value that is used once, in its own block, moves down to its use, if nothing that stays in between could tell
//! the difference. Blocks are walked from their end, and operands from the last to the first, so that every move is
//! decided when all that comes after it is known.

use crate::arena::Id;
use crate::ssa::{Binary, Block, Callee, Const, Effect, Function, Inst, InstKind, Terminator, Value};

/// Where a value is when it is used.
#[derive(Clone, Copy)]
pub(super) enum Home<'a> {
    /// Nobody uses it.
    Nowhere,
    /// It is written again wherever it is used.
    Constant(Const),
    /// It is computed right where it is used, once.
    Stack(&'a Inst),
    /// In a local.
    Local,
}

/// The homes of all values of a function.
pub(super) struct Homes<'a> {
    homes: Vec<Home<'a>>,
}

/// How deep an expression may get: emission recurses into it.
const DEPTH: u32 = 64;

impl<'a> Homes<'a> {
    /// Decides for the reachable blocks, which are `order`.
    pub(super) fn new(function: &'a Function, order: &[Id<Block>]) -> Self {
        let uses = uses(function, order);
        let mut homes: Vec<_> = uses.iter().map(|uses| if *uses == 0 { Home::Nowhere } else { Home::Local }).collect();
        let mut position = vec![0; function.values.len()];
        for id in order {
            let block = &function.blocks[*id];
            for inst in &block.insts {
                if let (InstKind::Const(value), Some(result)) = (&inst.kind, inst.result())
                    && uses[result.index()] > 0
                {
                    homes[result.index()] = Home::Constant(*value);
                }
            }
            Stacker::new(block, &uses, &mut homes, &mut position).run();
        }
        Self { homes }
    }

    /// Where `value` is.
    pub(super) fn home(&self, value: Id<Value>) -> Home<'a> {
        self.homes[value.index()]
    }

    /// Whether the instruction has no place of its own: it is done where its result is used, or not at all.
    pub(super) fn is_folded(&self, inst: &Inst) -> bool {
        match inst.result().map(|result| self.home(result)) {
            Some(Home::Stack(_) | Home::Constant(_)) => true,
            Some(Home::Nowhere) => inst.kind.effect() != Effect::Writes,
            Some(Home::Local) | None => false,
        }
    }

    /// Calls `f` with the values in locals that computing `value` reads.
    pub(super) fn locals_of(&self, value: Id<Value>, f: &mut impl FnMut(Id<Value>)) {
        match self.home(value) {
            Home::Local => f(value),
            Home::Stack(inst) => inst.kind.for_each_operand(|operand| self.locals_of(operand, f)),
            Home::Constant(_) | Home::Nowhere => {}
        }
    }
}

/// How often each value is used by what is left when nothing is computed or passed that nobody uses.
fn uses(function: &Function, order: &[Id<Block>]) -> Vec<u32> {
    let mut uses = vec![0_u32; function.values.len()];
    let mut definitions: Vec<Option<&Inst>> = vec![None; function.values.len()];
    // Pairs of a parameter and an argument for it.
    let mut passed = Vec::new();
    for id in order {
        let block = &function.blocks[*id];
        for inst in &block.insts {
            inst.kind.for_each_operand(|value| uses[value.index()] += 1);
            if let Some((next, args, skipped)) = inst.kind.side_edge() {
                let params = function.blocks[next].params.iter().skip(skipped).copied();
                passed.extend(params.zip(args.iter().copied()));
            }
            inst.results.iter().for_each(|result| definitions[result.index()] = Some(inst));
        }
        block.terminator.for_each_operand(|value| uses[value.index()] += 1);
        for edge in block.terminator.edges() {
            let params = function.blocks[edge.block].params.iter().copied();
            passed.extend(params.zip(edge.args.iter().copied()));
        }
    }
    crate::order::sort(&mut passed);

    let mut unused: Vec<_> = function.values.ids().filter(|value| uses[value.index()] == 0).collect();
    let mut operands = Vec::new();
    while let Some(value) = unused.pop() {
        match definitions[value.index()] {
            Some(inst) if inst.results.len() == 1 && inst.kind.effect() != Effect::Writes => {
                inst.kind.for_each_operand(|operand| operands.push(operand));
            }
            Some(_) => {}
            None => {
                let first = passed.partition_point(|(param, _)| *param < value);
                let args = passed[first..].iter().take_while(|(param, _)| *param == value);
                operands.extend(args.map(|(_, arg)| *arg));
            }
        }
        for operand in operands.drain(..) {
            uses[operand.index()] -= 1;
            if uses[operand.index()] == 0 {
                unused.push(operand);
            }
        }
    }
    uses
}

/// What may move to a place.
#[derive(Clone, Copy, PartialEq)]
enum Allowed {
    /// The place is reached whenever the block's end is, in order.
    All,
    /// In front of a call whose exceptions are caught, which must not catch those of another.
    Quiet,
    /// The place is reached on some paths only.
    Reads,
    /// The place is behind the root's own effects.
    Pure,
}

/// Work on one block.
struct Stacker<'a, 'b> {
    block: &'a Block,
    uses: &'b [u32],
    homes: &'b mut [Home<'a>],
    /// For every value of the block that an instruction gives alone, the number of the instruction after it.
    position: &'b mut [u32],
    /// How many of the first instructions write; guards, which read and write nothing where they pass, left out.
    writes: Vec<u32>,
    /// How many of the first instructions are not pure.
    effects: Vec<u32>,
    tree: Tree,
}

/// The expression that is being gathered.
#[derive(Default)]
struct Tree {
    /// The number of the instruction that takes the whole.
    root: u32,
    /// Of what was moved to the root so far: how many are not pure, and the first of them.
    effects: u32,
    first_effect: u32,
    /// The same of those that write.
    writes: u32,
    first_write: u32,
}

impl<'a, 'b> Stacker<'a, 'b> {
    fn new(block: &'a Block, uses: &'b [u32], homes: &'b mut [Home<'a>], position: &'b mut [u32]) -> Self {
        let mut effects = vec![0];
        let mut writes = vec![0];
        let (mut effect, mut write) = (0, 0);
        for (at, inst) in block.insts.iter().enumerate() {
            match inst.kind.effect() {
                Effect::Pure => {}
                Effect::Reads => effect += 1,
                Effect::Writes => {
                    effect += 1;
                    write += u32::from(!matches!(inst.kind, InstKind::Guard { .. } | InstKind::Exit { .. }));
                }
            }
            effects.push(effect);
            writes.push(write);
            if let Some(result) = inst.result() {
                position[result.index()] = at as u32 + 1;
            }
        }
        Self { block, uses, homes, position, writes, effects, tree: Tree::default() }
    }

    fn run(mut self) {
        self.root(self.block.insts.len());
        match &self.block.terminator {
            Terminator::Jump(to) => self.move_all(&to.args, Allowed::All, 0),
            Terminator::Branch { condition, then, otherwise } => {
                self.move_all(&otherwise.args, Allowed::Reads, 0);
                self.move_all(&then.args, Allowed::Reads, 0);
                self.move_down(*condition, Allowed::All, 0);
            }
            Terminator::Switch { index, targets, default } => {
                for to in std::iter::once(default).chain(targets.iter().rev()) {
                    self.move_all(&to.args, Allowed::Reads, 0);
                }
                self.move_down(*index, Allowed::All, 0);
            }
            Terminator::Return(values) => self.move_all(values, Allowed::All, 0),
            Terminator::Throw(value) => self.move_down(*value, Allowed::All, 0),
            Terminator::Unreachable => {}
        }
        for (at, inst) in self.block.insts.iter().enumerate().rev() {
            let folded = match inst.result().map(|result| self.homes[result.index()]) {
                Some(Home::Stack(_) | Home::Constant(_)) => true,
                Some(Home::Nowhere) => inst.kind.effect() != Effect::Writes,
                Some(Home::Local) | None => false,
            };
            if !folded {
                self.root(at);
                self.operands(inst, Allowed::All, 0);
            }
        }
    }

    fn root(&mut self, at: usize) {
        let root = at as u32;
        self.tree = Tree { root, effects: 0, first_effect: root, writes: 0, first_write: root };
    }

    /// Moves the operands of an instruction, in the reverse of the order in which they are evaluated.
    fn operands(&mut self, inst: &'a Inst, allowed: Allowed, depth: u32) {
        match &inst.kind {
            // These read their operands more than once.
            InstKind::Binary(Binary::I64AddOverflows | Binary::I64SubOverflows, ..) => {}
            InstKind::Select { condition, then, otherwise }
            | InstKind::Bitselect { mask: condition, then, otherwise } => {
                self.move_down(*condition, allowed, depth);
                self.move_down(*otherwise, allowed, depth);
                self.move_down(*then, allowed, depth);
            }
            InstKind::Call { callee: _, args, unwind: Some(unwind) } => {
                self.move_all(&unwind.args, Allowed::Pure, depth);
                self.move_all(args, Allowed::Quiet, depth);
            }
            InstKind::Guard { condition, raise: _, args, unwind } => {
                if let Some(unwind) = unwind {
                    self.move_all(&unwind.args, Allowed::Pure, depth);
                }
                self.move_all(args, Allowed::Reads, depth);
                self.move_down(*condition, allowed, depth);
            }
            InstKind::Exit { condition, to } => {
                self.move_all(&to.args, Allowed::Reads, depth);
                self.move_down(*condition, allowed, depth);
            }
            InstKind::Const(_)
            | InstKind::Unary(..)
            | InstKind::Binary(..)
            | InstKind::Shuffle { .. }
            | InstKind::Load { .. }
            | InstKind::Store { .. }
            | InstKind::GlobalGet(_)
            | InstKind::GlobalSet(..)
            | InstKind::Call { unwind: None, .. }
            | InstKind::Retain(_)
            | InstKind::Release { .. }
            | InstKind::MemorySize
            | InstKind::MemoryGrow(_)
            | InstKind::MemoryCopy { .. }
            | InstKind::MemoryFill { .. } => {
                let mut operands = Vec::new();
                inst.kind.for_each_operand(|operand| operands.push(operand));
                self.move_all(&operands, allowed, depth);
            }
        }
    }

    fn move_all(&mut self, values: &[Id<Value>], allowed: Allowed, depth: u32) {
        values.iter().rev().for_each(|value| self.move_down(*value, allowed, depth));
    }

    /// Moves the computation of `value` down to the root's operands, if that changes nothing.
    fn move_down(&mut self, value: Id<Value>, allowed: Allowed, depth: u32) {
        if self.uses[value.index()] != 1 || depth == DEPTH || !matches!(self.homes[value.index()], Home::Local) {
            return;
        }
        // The table is shared by all blocks; what another block left there is told by the instruction's result.
        let Some(at) = self.position[value.index()].checked_sub(1) else { return };
        let Some(inst) = self.block.insts.get(at as usize).filter(|inst| inst.result() == Some(value)) else { return };
        if at >= self.tree.root || !self.is_movable(at, &inst.kind, allowed) {
            return;
        }
        let tree = &mut self.tree;
        match inst.kind.effect() {
            Effect::Pure => {}
            Effect::Reads => {
                tree.effects += 1;
                tree.first_effect = tree.first_effect.min(at);
            }
            Effect::Writes => {
                tree.effects += 1;
                tree.first_effect = tree.first_effect.min(at);
                tree.writes += 1;
                tree.first_write = tree.first_write.min(at);
            }
        }
        self.homes[value.index()] = Home::Stack(inst);
        self.operands(inst, allowed, depth + 1);
    }

    fn is_movable(&self, at: u32, kind: &InstKind, allowed: Allowed) -> bool {
        let (from, to) = (at as usize + 1, self.tree.root as usize);
        match kind.effect() {
            Effect::Pure => true,
            // All that write after it have to be in the tree already, so that they still come after it.
            Effect::Reads => {
                allowed != Allowed::Pure
                    && at < self.tree.first_write
                    && self.writes[to] - self.writes[from] == self.tree.writes
            }
            Effect::Writes => {
                let allowed = match allowed {
                    Allowed::All => true,
                    Allowed::Quiet => {
                        matches!(kind, InstKind::MemoryGrow(_))
                            || matches!(kind, InstKind::Call { callee: Callee::Import(_), .. })
                    }
                    Allowed::Reads | Allowed::Pure => false,
                };
                allowed
                    && kind.unwind().is_none()
                    && at < self.tree.first_effect
                    && self.effects[to] - self.effects[from] == self.tree.effects
            }
        }
    }
}
