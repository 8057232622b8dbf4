//! Finds what integers can be, and drops the tests that always come out the same.
//!
//! ```text
//! before:                                    after:
//!   jump b1(v9)              ; v9 = 0          jump b1(v9)
//! b1(v2: i64):                               b1(v2: i64):
//!   v3 = i64.lt_s v2, v1                       v3 = i64.lt_s v2, v1
//!   branch v3, b2, b3                          branch v3, b2, b3
//! b2:                                        b2:
//!   v4 = i64.lt_u v2, v1     ; in bounds?
//!   guard v4, @index_error()
//!   v5 = i64.add v2, v8      ; v8 = 1          v5 = i64.add v2, v8
//!   jump b1(v5)                                jump b1(v5)
//! ```
//!
//! An abstract interpretation over intervals (Cousot and Cousot, 1977) with conditions taken in along the dominator
//! tree, and beside it facts about pairs of values (`facts`). Parameters of loop heads begin with what enters the
//! loop, are widened until they hold, and are narrowed again.

mod facts;
mod induction;
pub(super) mod interval;

use super::Changed;
use super::cfg::ways_in;
use super::hash::Table;
use super::integer::{Compare, Op, Width, join, number, split};
use super::simplify::{Definition, Definitions};
use crate::arena::{Id, IdMap};
use crate::ssa::dominators::Dominators;
use crate::ssa::{Binary, Block, BlockCall, Const, Function, Inst, InstKind, Terminator, Type, Unary, Value};
use facts::{Facts, Sum};
use induction::Induction;
use interval::Interval;

/// Rounds of widening before everything is taken to be possible.
const ROUNDS: u32 = 8;

pub(crate) fn run(function: &mut Function) -> Changed {
    let dominators = Dominators::new(function);
    let ways = ways_in(function, dominators.order());
    let mut walk = Walk::new(function, &dominators, ways);
    if walk.has_loops {
        walk.settle(function);
    }
    walk.rewrites = true;
    walk.go(function);
    Changed::from(walk.changed)
}

/// A change of what is known, to be taken back.
enum Change {
    Range(Id<Value>, Interval),
    Fits((Binary, Id<Value>, Id<Value>)),
}

struct Walk<'d> {
    dominators: &'d Dominators,
    ways: Vec<u32>,
    definitions: Definitions,
    /// Every sum, difference and product of 64 bits by its operands.
    sums: Table<(Binary, Id<Value>, Id<Value>), Id<Value>>,
    /// What each value can be here.
    ranges: Vec<Interval>,
    /// What each parameter gets along the edges seen in this round.
    arrived: Vec<Option<Interval>>,
    /// Parameters of loop heads: what they are taken to be.
    assumed: IdMap<Value, Interval>,
    /// Parameters of loop heads: how the loop changes them.
    inductions: IdMap<Value, Induction>,
    is_head: Vec<bool>,
    has_loops: bool,
    /// Sums that are known not to overflow here.
    fits: Table<(Binary, Id<Value>, Id<Value>), ()>,
    facts: Facts,
    log: Vec<(usize, Change)>,
    rewrites: bool,
    changed: bool,
}

impl<'d> Walk<'d> {
    fn new(function: &Function, dominators: &'d Dominators, ways: Vec<u32>) -> Self {
        let mut definitions = Definitions::new(function);
        let mut sums = Table::default();
        let mut is_head = vec![false; function.blocks.len()];
        let mut seen = vec![false; function.blocks.len()];
        for &id in dominators.order() {
            seen[id.index()] = true;
            let block = &function.blocks[id];
            block.terminator.edges().for_each(|edge| is_head[edge.block.index()] |= seen[edge.block.index()]);
            for inst in &block.insts {
                if let Some(unwind) = inst.kind.unwind() {
                    is_head[unwind.block.index()] |= seen[unwind.block.index()];
                }
                definitions.note(inst);
                if let InstKind::Binary(op @ (Binary::I64Add | Binary::I64Sub | Binary::I64Mul), left, right) =
                    inst.kind
                {
                    sums.insert((op, left, right), inst.results[0]);
                }
            }
        }
        Self {
            dominators,
            ways,
            definitions,
            sums,
            ranges: function.values.iter().map(|(_, value)| Interval::of(value.ty)).collect(),
            arrived: vec![None; function.values.len()],
            assumed: IdMap::default(),
            inductions: IdMap::default(),
            has_loops: is_head.contains(&true),
            is_head,
            fits: Table::default(),
            facts: Facts::default(),
            log: Vec::new(),
            rewrites: false,
            changed: false,
        }
    }

    /// Finds ranges for the parameters of loop heads that hold on every turn.
    fn settle(&mut self, function: &mut Function) {
        let loops: Vec<Vec<Id<Value>>> = (self.dominators.order().iter())
            .filter(|block| self.is_head[block.index()])
            .map(|block| function.blocks[*block].params.clone())
            .collect();
        let heads: Vec<Id<Value>> = loops.iter().flatten().copied().collect();
        let mut round = 0;
        loop {
            self.go(function);
            let mut stable = true;
            for &param in &heads {
                let full = Interval::of(function.values[param].ty);
                let arrived = self.arrived[param.index()].unwrap_or(full);
                let assumed = self.assumed[param];
                if !assumed.contains(arrived) {
                    stable = false;
                    let low = match arrived.low {
                        low if low >= assumed.low => assumed.low,
                        0.. => 0,
                        _ => full.low,
                    };
                    let high = if arrived.high <= assumed.high { assumed.high } else { full.high };
                    self.assumed.insert(param, Interval::new(low, high));
                }
            }
            if stable {
                break;
            }
            round += 1;
            if round == ROUNDS {
                for &param in &heads {
                    self.assumed.insert(param, Interval::of(function.values[param].ty));
                }
                break;
            }
        }
        // What arrives under an assumption that holds is an assumption that holds.
        for _ in 0..2 {
            self.inductions = IdMap::default();
            self.go(function);
            for params in &loops {
                let induction = |param: Id<Value>| self.inductions.get(param);
                let turns = params.iter().filter_map(|&param| induction(param)?.turns(self.assumed[param])).min();
                let narrower = params.iter().map(|&param| {
                    let arrived = self.arrived[param.index()];
                    let reach = turns.and_then(|turns| induction(param)?.reach(turns));
                    arrived.into_iter().chain(reach).fold(self.assumed[param], Interval::meet)
                });
                let narrower: Vec<_> = narrower.collect();
                params.iter().zip(narrower).for_each(|(param, range)| _ = self.assumed.insert(*param, range));
            }
        }
    }

    /// One walk over the dominator tree.
    fn go(&mut self, function: &mut Function) {
        self.arrived.fill(None);
        let mut open = vec![(function.entry, 0, (0, 0))];
        self.block(function, function.entry);
        while let Some((block, next, start)) = open.last_mut() {
            let (block, start) = (*block, *start);
            let Some(&child) = self.dominators.children(block).get(*next) else {
                self.roll_back(start, 0);
                open.pop();
                continue;
            };
            *next += 1;
            let point = self.dominators.parent(child).expect("a child has a parent");
            self.roll_back(start, point.index);
            let start = self.mark();
            if self.ways[child.index()] == 1
                && let Terminator::Branch { condition, then, otherwise } = &function.blocks[block].terminator
            {
                let condition = *condition;
                if then.block == child {
                    self.learn(condition, true, 0);
                } else if otherwise.block == child {
                    self.learn(condition, false, 0);
                }
            }
            self.block(function, child);
            open.push((child, 0, start));
        }
    }

    fn mark(&self) -> (usize, usize) {
        (self.log.len(), self.facts.mark())
    }

    /// Takes back what came after `mark` from instructions at `index` and behind.
    fn roll_back(&mut self, mark: (usize, usize), index: usize) {
        while self.log.len() > mark.0
            && let Some((_, change)) = self.log.pop_if(|(at, _)| *at >= index)
        {
            match change {
                Change::Range(value, range) => self.ranges[value.index()] = range,
                Change::Fits(key) => {
                    self.fits.remove(&key);
                }
            }
        }
        self.facts.roll_back(mark.1, index);
    }

    fn set(&mut self, value: Id<Value>, range: Interval, index: usize) {
        let before = std::mem::replace(&mut self.ranges[value.index()], range);
        if before != range {
            self.log.push((index, Change::Range(value, before)));
        }
    }

    /// What `value` can be here.
    fn range(&self, value: Id<Value>) -> Interval {
        let known = self.ranges[value.index()];
        let stored = |value: Id<Value>| self.ranges[value.index()];
        // Its operands may be known better now than where it was computed.
        match self.definitions.get(value) {
            Definition::Unary(op, operand) => match Interval::unary(op, stored(operand)) {
                Some(range) => known.meet(range),
                None => known,
            },
            Definition::Binary(op, left, right) => match split(op) {
                Some((width, op)) => known.meet(Interval::binary(width, op, stored(left), stored(right))),
                None => known,
            },
            Definition::Opaque | Definition::Const(_) | Definition::Select(..) => known,
        }
    }

    /// `value` as a base and a constant.
    fn sum(&self, value: Id<Value>) -> Sum {
        let mut sum = Sum { base: value, constant: 0 };
        for _ in 0..4 {
            match self.definitions.get(sum.base) {
                Definition::Unary(Unary::I64ExtendI32S, operand) => sum.base = operand,
                Definition::Unary(Unary::I64ExtendI32U, operand) if self.range(operand).is_natural() => {
                    sum.base = operand;
                }
                Definition::Unary(Unary::I32WrapI64, operand)
                    if Interval::full(Width::W32).contains(self.range(operand)) =>
                {
                    sum.base = operand;
                }
                Definition::Binary(op @ (Binary::I32Add | Binary::I64Add), operand, more) => {
                    let width = if op == Binary::I32Add { Width::W32 } else { Width::W64 };
                    let Some(more) = self.definitions.number(more) else { break };
                    let exact = Interval::arithmetic(width, Op::Add, self.range(operand), Interval::only(more));
                    let Some(constant) = exact.and(sum.constant.checked_add(more)) else { break };
                    sum = Sum { base: operand, constant };
                }
                // `xs[i]` reads at `i + len(xs) if i < 0 else i`: where `i < 0` is decided, at one of them.
                Definition::Select(condition, then, otherwise) => match self.range(condition) {
                    range if range == Interval::only(0) => sum.base = otherwise,
                    range if range.low > 0 || range.high < 0 => sum.base = then,
                    _ => break,
                },
                Definition::Opaque | Definition::Const(_) | Definition::Unary(..) | Definition::Binary(..) => break,
            }
        }
        sum
    }

    /// Visits a block: its parameters have arrived.
    fn block(&mut self, function: &mut Function, id: Id<Block>) {
        for at in 0..function.blocks[id].params.len() {
            let param = function.blocks[id].params[at];
            let full = Interval::of(function.values[param].ty);
            let arrived = self.arrived[param.index()].unwrap_or(full);
            let range = if self.is_head[id.index()] {
                if !self.assumed.contains(param) {
                    self.assumed.insert(param, arrived);
                }
                self.assumed[param]
            } else {
                arrived
            };
            self.set(param, range, 0);
        }
        if self.rewrites && self.is_head[id.index()] {
            for &param in &function.blocks[id].params {
                let Some(induction) = self.inductions.get(param).copied() else { continue };
                let least = induction.least().map(|first| (first, param));
                let greatest = induction.greatest().map(|first| (param, first));
                for (from, to) in least.into_iter().chain(greatest) {
                    let (from, to) = (self.sum(from), self.sum(to));
                    self.facts.add(from, to, 0, 0);
                }
            }
        }
        let insts = std::mem::take(&mut function.blocks[id].insts);
        let mut out = Vec::with_capacity(insts.len());
        for (index, mut inst) in insts.into_iter().enumerate() {
            if self.rewrites && !self.rewrite(function, &mut inst, &mut out) {
                self.changed = true;
                continue;
            }
            self.inst(function, &inst, index);
            out.push(inst);
        }
        function.blocks[id].insts = out;
        if self.rewrites
            && let Terminator::Branch { condition, then, otherwise } = &function.blocks[id].terminator
            && let Some(holds) = self.decide(*condition, 3)
        {
            let target = if holds { then.clone() } else { otherwise.clone() };
            function.blocks[id].terminator = Terminator::Jump(target);
            self.changed = true;
        }
        let mark = self.mark();
        let end = usize::MAX;
        match &function.blocks[id].terminator {
            Terminator::Branch { condition, then, otherwise } => {
                self.learn(*condition, true, end);
                self.arrive(function, id, then);
                self.roll_back(mark, end);
                self.learn(*condition, false, end);
                self.arrive(function, id, otherwise);
                self.roll_back(mark, end);
            }
            terminator => terminator.edges().for_each(|edge| self.arrive(function, id, edge)),
        }
    }

    /// Notes what an instruction gives, and what is known behind it.
    fn inst(&mut self, function: &Function, inst: &Inst, index: usize) {
        if let Some(unwind) = inst.kind.unwind() {
            let params = &function.blocks[unwind.block].params;
            if self.is_head[unwind.block.index()] {
                let unknown = Induction::unknown(Interval::full(Width::W64));
                params.iter().for_each(|param| _ = self.inductions.insert(*param, unknown));
            }
            self.join(params[0], Interval::of(Type::I32));
            for (param, arg) in params[1..].iter().zip(&unwind.args) {
                let range = self.range(*arg);
                self.join(*param, range);
            }
        }
        match inst.kind {
            InstKind::Const(value) => {
                if let Some(number) = number(value) {
                    self.set(inst.results[0], Interval::only(number), index);
                }
            }
            InstKind::Unary(op, operand) => {
                if let Some(range) = Interval::unary(op, self.range(operand)) {
                    self.set(inst.results[0], range, index);
                }
            }
            InstKind::Binary(op, left, right) => {
                let (left_range, right_range) = (self.range(left), self.range(right));
                let range = match split(op) {
                    Some((width, plain @ (Op::Add | Op::Sub | Op::Mul)))
                        if self.fits.contains_key(&(op, left, right)) =>
                    {
                        Interval::clamped(width, plain, left_range, right_range)
                    }
                    Some((width, op)) => Some(Interval::binary(width, op, left_range, right_range)),
                    None if op.result() == Type::I32 => Some(Interval::new(0, 1)),
                    None => None,
                };
                if let Some(range) = range {
                    self.set(inst.results[0], range, index);
                }
            }
            InstKind::Select { condition, then, otherwise } => {
                let mark = self.mark();
                let end = usize::MAX;
                self.learn(condition, true, end);
                let then = self.range(then);
                self.roll_back(mark, end);
                self.learn(condition, false, end);
                let otherwise = self.range(otherwise);
                self.roll_back(mark, end);
                self.set(inst.results[0], then.join(otherwise), index);
            }
            InstKind::Load { kind, .. } => {
                if let Some(range) = Interval::load(kind) {
                    self.set(inst.results[0], range, index);
                }
            }
            // Memory has 2^16 pages at most.
            InstKind::MemorySize => self.set(inst.results[0], Interval::new(0, 1 << 16), index),
            InstKind::MemoryGrow(_) => self.set(inst.results[0], Interval::new(-1, 1 << 16), index),
            InstKind::Guard { condition, .. } | InstKind::Exit { condition, .. } => self.learn(condition, true, index),
            InstKind::Bitselect { .. }
            | InstKind::Shuffle { .. }
            | InstKind::Store { .. }
            | InstKind::GlobalGet(_)
            | InstKind::GlobalSet(..)
            | InstKind::Call { .. }
            | InstKind::Retain(_)
            | InstKind::Release { .. }
            | InstKind::MemoryCopy { .. }
            | InstKind::MemoryFill { .. } => {}
        }
    }

    fn join(&mut self, param: Id<Value>, range: Interval) {
        let arrived = &mut self.arrived[param.index()];
        *arrived = Some(arrived.map_or(range, |before| before.join(range)));
    }

    /// Notes what an edge gives to the parameters of its block.
    fn arrive(&mut self, function: &Function, from: Id<Block>, edge: &BlockCall) {
        let back = self.dominators.number(edge.block) <= self.dominators.number(from);
        for (&param, &arg) in function.blocks[edge.block].params.iter().zip(&edge.args) {
            let range = self.range(arg);
            self.join(param, range);
            if self.is_head[edge.block.index()] {
                let change = if back { self.change(param, arg, 3) } else { None };
                match self.inductions.get_mut(param) {
                    Some(induction) if back => induction.turn(change),
                    Some(induction) => induction.enter(arg, range),
                    None if back => _ = self.inductions.insert(param, Induction::unknown(range)),
                    None => _ = self.inductions.insert(param, Induction::new(arg, range)),
                }
            }
        }
    }

    /// What has been added to `param` where it has become `arg`.
    fn change(&self, param: Id<Value>, arg: Id<Value>, depth: u32) -> Option<Interval> {
        if param == arg {
            return Some(Interval::only(0));
        }
        let depth = depth.checked_sub(1)?;
        match self.definitions.get(arg) {
            Definition::Binary(op, operand, more) => {
                let (width, plain) = split(op).filter(|(_, op)| matches!(op, Op::Add | Op::Sub))?;
                let before = self.change(param, operand, depth)?;
                let by = self.range(more);
                if !self.fits.contains_key(&(op, operand, more)) {
                    Interval::arithmetic(width, plain, self.range(operand), by)?;
                }
                Interval::arithmetic(Width::W64, plain, before, by)
            }
            Definition::Select(_, then, otherwise) => {
                Some(self.change(param, then, depth)?.join(self.change(param, otherwise, depth)?))
            }
            Definition::Opaque | Definition::Const(_) | Definition::Unary(..) => None,
        }
    }

    /// Takes in that `condition` is (not) 0.
    fn learn(&mut self, condition: Id<Value>, holds: bool, index: usize) {
        let known = self.range(condition);
        if !holds {
            self.set(condition, known.meet(Interval::only(0)), index);
        } else if known.low == 0 {
            self.set(condition, known.meet(Interval::new(1, i64::MAX)), index);
        }
        match self.definitions.get(condition) {
            Definition::Unary(Unary::I32Eqz, operand) => self.learn(operand, !holds, index),
            Definition::Unary(Unary::I64Eqz, operand) => {
                let known = self.range(operand);
                if holds {
                    self.narrow(operand, known.meet(Interval::only(0)), index);
                } else if known.low == 0 {
                    self.narrow(operand, known.meet(Interval::new(1, i64::MAX)), index);
                }
            }
            Definition::Binary(Binary::I32And, left, right)
                if holds && self.definitions.is_bool(left) && self.definitions.is_bool(right) =>
            {
                self.learn(left, true, index);
                self.learn(right, true, index);
            }
            Definition::Binary(Binary::I32Or, left, right) if !holds => {
                self.learn(left, false, index);
                self.learn(right, false, index);
            }
            Definition::Binary(op, left, right) => match (op, split(op)) {
                (_, Some((_, Op::Compare(compare)))) => {
                    self.compare(if holds { compare } else { compare.inverse() }, left, right, index);
                }
                (Binary::I64AddOverflows, _) if !holds => self.fit(Binary::I64Add, Op::Add, left, right, index),
                (Binary::I64SubOverflows, _) if !holds => self.fit(Binary::I64Sub, Op::Sub, left, right, index),
                (Binary::I64MulOverflows, _) if !holds => self.fit(Binary::I64Mul, Op::Mul, left, right, index),
                _ => {}
            },
            Definition::Opaque | Definition::Const(_) | Definition::Unary(..) | Definition::Select(..) => {}
        }
    }

    /// Takes in that a sum does not overflow.
    fn fit(&mut self, op: Binary, plain: Op, left: Id<Value>, right: Id<Value>, index: usize) {
        if self.fits.insert((op, left, right), ()).is_none() {
            self.log.push((index, Change::Fits((op, left, right))));
        }
        if let Some(&sum) = self.sums.get(&(op, left, right))
            && let Some(range) = Interval::clamped(Width::W64, plain, self.range(left), self.range(right))
        {
            let known = self.range(sum);
            self.set(sum, known.meet(range), index);
        }
    }

    /// Takes in what `value` can be, and what that says of the value it is made from.
    fn narrow(&mut self, value: Id<Value>, range: Interval, index: usize) {
        self.set(value, range, index);
        match self.definitions.get(value) {
            Definition::Unary(Unary::I64ExtendI32S, operand) => {
                let known = self.range(operand);
                self.set(operand, known.meet(range), index);
            }
            Definition::Unary(Unary::I64ExtendI32U, operand) if range.high <= Width::W32.max() => {
                let known = self.range(operand);
                self.set(operand, known.meet(range.meet(Interval::new(0, Width::W32.max()))), index);
            }
            Definition::Binary(op @ (Binary::I32Add | Binary::I64Add), operand, more) => {
                let width = if op == Binary::I32Add { Width::W32 } else { Width::W64 };
                let known = self.range(operand);
                if let Some(more) = self.definitions.number(more)
                    && Interval::arithmetic(width, Op::Add, known, Interval::only(more)).is_some()
                    && let Some(range) = Interval::clamped(width, Op::Sub, range, Interval::only(more))
                {
                    self.set(operand, known.meet(range), index);
                }
            }
            Definition::Opaque
            | Definition::Const(_)
            | Definition::Unary(..)
            | Definition::Binary(..)
            | Definition::Select(..) => {}
        }
    }

    /// Takes in a comparison that holds.
    fn compare(&mut self, compare: Compare, left: Id<Value>, right: Id<Value>, index: usize) {
        let (left_range, right_range) = (self.range(left), self.range(right));
        match compare {
            Compare::Eq => {
                let both = left_range.meet(right_range);
                self.narrow(left, both, index);
                self.narrow(right, both, index);
                let (left, right) = (self.sum(left), self.sum(right));
                self.facts.add(left, right, 0, index);
                self.facts.add(right, left, 0, index);
            }
            Compare::Ne => {
                if right_range.low == right_range.high && left_range.low < left_range.high {
                    let Interval { low, high } = left_range;
                    let low = low + i64::from(low == right_range.low);
                    let high = high - i64::from(high == right_range.low);
                    self.narrow(left, Interval::new(low, high), index);
                }
            }
            Compare::LtS => self.less(left, right, 1, index),
            Compare::LeS => self.less(left, right, 0, index),
            Compare::GtS => self.less(right, left, 1, index),
            Compare::GeS => self.less(right, left, 0, index),
            Compare::LtU => self.less_unsigned(left, right, 1, index),
            Compare::LeU => self.less_unsigned(left, right, 0, index),
            Compare::GtU => self.less_unsigned(right, left, 1, index),
            Compare::GeU => self.less_unsigned(right, left, 0, index),
        }
    }

    /// Takes in that `left + by <= right`, exactly.
    fn less(&mut self, left: Id<Value>, right: Id<Value>, by: i64, index: usize) {
        let (left_range, right_range) = (self.range(left), self.range(right));
        let below = Interval::new(i64::MIN, right_range.high.saturating_sub(by));
        let above = Interval::new(left_range.low.saturating_add(by), i64::MAX);
        self.narrow(left, left_range.meet(below), index);
        self.narrow(right, right_range.meet(above), index);
        let (left, right) = (self.sum(left), self.sum(right));
        self.facts.add(left, right, -by, index);
    }

    /// The same of unsigned numbers: below a natural number they are natural themselves.
    fn less_unsigned(&mut self, left: Id<Value>, right: Id<Value>, by: i64, index: usize) {
        if self.range(right).is_natural() {
            let natural = self.range(left).meet(Interval::new(0, i64::MAX));
            self.narrow(left, natural, index);
            if natural.is_natural() {
                self.less(left, right, by, index);
            }
        }
    }

    /// Whether a condition holds, if that is certain.
    fn decide(&self, condition: Id<Value>, depth: u32) -> Option<bool> {
        let range = self.range(condition);
        if range == Interval::only(0) {
            return Some(false);
        }
        if range.low > 0 || range.high < 0 {
            return Some(true);
        }
        if depth == 0 {
            return None;
        }
        match self.definitions.get(condition) {
            Definition::Unary(Unary::I32Eqz, operand) => self.decide(operand, depth - 1).map(|holds| !holds),
            Definition::Binary(op, left, right) => self.decide_binary(op, left, right, depth),
            Definition::Opaque | Definition::Const(_) | Definition::Unary(..) | Definition::Select(..) => None,
        }
    }

    fn decide_binary(&self, op: Binary, left: Id<Value>, right: Id<Value>, depth: u32) -> Option<bool> {
        let never_overflows = |plain: Binary, op: Op| {
            let exact = Interval::arithmetic(Width::W64, op, self.range(left), self.range(right)).is_some();
            (exact || self.fits.contains_key(&(plain, left, right))).then_some(false)
        };
        match op {
            Binary::I64AddOverflows => never_overflows(Binary::I64Add, Op::Add),
            Binary::I64SubOverflows => never_overflows(Binary::I64Sub, Op::Sub),
            Binary::I64MulOverflows => never_overflows(Binary::I64Mul, Op::Mul),
            Binary::I32And if self.definitions.is_bool(left) && self.definitions.is_bool(right) => {
                match (self.decide(left, depth - 1), self.decide(right, depth - 1)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    (Some(true) | None, _) => None,
                }
            }
            Binary::I32Or => match (self.decide(left, depth - 1), self.decide(right, depth - 1)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                (Some(false) | None, _) => None,
            },
            op => match split(op) {
                Some((_, Op::Compare(compare))) => self.decide_comparison(compare, left, right),
                Some(_) | None => None,
            },
        }
    }

    fn decide_comparison(&self, compare: Compare, left: Id<Value>, right: Id<Value>) -> Option<bool> {
        let (left_range, right_range) = (self.range(left), self.range(right));
        if let Some(holds) = Interval::decide(compare, left_range, right_range) {
            return Some(holds);
        }
        let (left, right) = (self.sum(left), self.sum(right));
        let less = |left: Sum, right: Sum, by: i64| self.facts.implies(left, right, -by);
        let signed = !matches!(compare, Compare::LtU | Compare::LeU | Compare::GtU | Compare::GeU);
        let both_natural = left_range.is_natural() && right_range.is_natural();
        if !signed && !both_natural {
            return None;
        }
        let (always, never) = match compare {
            Compare::Eq => (false, less(left, right, 1) || less(right, left, 1)),
            Compare::Ne => (less(left, right, 1) || less(right, left, 1), false),
            Compare::LtS | Compare::LtU => (less(left, right, 1), less(right, left, 0)),
            Compare::LeS | Compare::LeU => (less(left, right, 0), less(right, left, 1)),
            Compare::GtS | Compare::GtU => (less(right, left, 1), less(left, right, 0)),
            Compare::GeS | Compare::GeU => (less(right, left, 0), less(left, right, 1)),
        };
        always.then_some(true).or(never.then_some(false))
    }

    /// Makes an instruction simpler by what is known; gives whether it stays.
    fn rewrite(&mut self, function: &mut Function, inst: &mut Inst, out: &mut Vec<Inst>) -> bool {
        match inst.kind {
            InstKind::Guard { condition, .. } | InstKind::Exit { condition, .. } => {
                self.decide(condition, 3) != Some(true)
            }
            InstKind::Unary(Unary::I32Eqz | Unary::I64Eqz, _) => {
                let holds = self.decide_unary(&inst.kind);
                self.settle_condition(inst, holds);
                true
            }
            InstKind::Unary(Unary::F64ConvertI64U, operand) if self.range(operand).is_natural() => {
                inst.kind = InstKind::Unary(Unary::F64ConvertI64S, operand);
                self.changed = true;
                true
            }
            InstKind::Binary(op, left, right) => {
                match split(op) {
                    None if op.operand() == Type::I64 => {
                        let holds = self.decide_binary(op, left, right, 3);
                        self.settle_condition(inst, holds);
                    }
                    Some((_, Op::Compare(_))) => {
                        let holds = self.decide_binary(op, left, right, 3);
                        self.settle_condition(inst, holds);
                    }
                    // Of natural numbers, division by 2^k is a shift and its rest is a mask.
                    Some((width, op @ (Op::DivS | Op::RemS))) if self.range(left).is_natural() => {
                        if let Some(divisor) = self.definitions.number(right)
                            && divisor > 1
                            && (divisor as u64).is_power_of_two()
                        {
                            let (op, number) = if op == Op::DivS {
                                (Op::ShrU, i64::from(divisor.trailing_zeros()))
                            } else {
                                (Op::And, divisor - 1)
                            };
                            let constant = function.value(width.ty());
                            let number = Inst::new(InstKind::Const(width.constant(number)), vec![constant], inst.span);
                            self.definitions.note(&number);
                            self.ranges.resize(function.values.len(), Interval::full(width));
                            self.arrived.resize(function.values.len(), None);
                            out.push(number);
                            inst.kind = InstKind::Binary(join(width, op), left, constant);
                            self.definitions.note(inst);
                            self.changed = true;
                        }
                    }
                    Some(_) | None => {}
                }
                true
            }
            InstKind::Const(_)
            | InstKind::Unary(..)
            | InstKind::Select { .. }
            | InstKind::Bitselect { .. }
            | InstKind::Shuffle { .. }
            | InstKind::Load { .. }
            | InstKind::Store { .. }
            | InstKind::GlobalGet(_)
            | InstKind::GlobalSet(..)
            | InstKind::Call { .. }
            | InstKind::Retain(_)
            | InstKind::Release { .. }
            | InstKind::MemorySize
            | InstKind::MemoryGrow(_)
            | InstKind::MemoryCopy { .. }
            | InstKind::MemoryFill { .. } => true,
        }
    }

    fn decide_unary(&self, kind: &InstKind) -> Option<bool> {
        let InstKind::Unary(op, operand) = *kind else { return None };
        let range = Interval::unary(op, self.range(operand))?;
        if range.low == range.high {
            return Some(range.low != 0);
        }
        if op == Unary::I32Eqz { self.decide(operand, 3).map(|holds| !holds) } else { None }
    }

    /// Puts a constant in place of a condition that is decided.
    fn settle_condition(&mut self, inst: &mut Inst, holds: Option<bool>) {
        if let Some(holds) = holds {
            inst.kind = InstKind::Const(Const::I32(i32::from(holds)));
            self.definitions.note(inst);
            self.changed = true;
        }
    }
}
