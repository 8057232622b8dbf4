//! Makes two versions of a loop: one without the checks that are known to pass on every turn once a test before the
//! loop has passed, and the loop as it was, which raises where Python would.
//!
//! ```text
//! before:                                    after:
//!   jump b1(v9)                ; v9 = 0        v10 = i64.add v1, v8           ; v8 = -1: the last turn's v2
//! b1(v2: i64):                                 v11 = i64.le_u v9, v10
//!   v3 = i64.lt_s v2, v1                       v12 = i64.lt_u v10, v6
//!   branch v3, b2, b3                          v13 = i32.and v11, v12
//! b2:                                          branch v13, b1(v9), b4(v9)
//!   v4 = i64.lt_u v2, v6       ; in bounds?  b1(v2: i64):                     ; as before, but for the guard
//!   guard v4, @index_error()                   …
//!   v5 = i64.add v2, v7        ; v7 = 1      b4(v14: i64):                    ; as before
//!   jump b1(v5)                                …
//! ```
//!
//! An index that rises by the same amount on every turn is between what it is on the first turn and on the last, unless
//! it wraps around in between; then the last is below the first. The test is on those two values, computed before
//! the loop as the loop would compute them.
//!
//! Loops around others are tried first: where one test sees to all checks of the whole nest, nothing is tested inside.

use super::Changed;
use super::copy::Copy;
use super::counter::{Counter, STEEPEST, steady_counter};
use super::integer::{Compare, Op, Width, join, split};
use super::simplify::{Definition, Definitions};
use crate::arena::Id;
use crate::source::Span;
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Binary, Block, BlockCall, Const, Function, Inst, InstKind, Terminator, Type, Unary, Value};

/// Instructions that a loop may have.
const MOST_INSTS: usize = 400;
/// Comparisons that may be made before a loop.
const MOST_TESTS: usize = 32;
/// Instructions from a counter to what is tested.
const DEPTH: u32 = 8;

pub(crate) fn run(function: &mut Function) -> Changed {
    let dominators = Dominators::new(function);
    let mut loops = Loops::new(function, &dominators);
    let mut changed = Changed::No;
    // Those around others come behind them.
    let all: Vec<_> = loops.all.ids().collect();
    for id in all.into_iter().rev() {
        changed |= Changed::from(version(function, &mut loops, id).is_some());
    }
    changed
}

/// Makes two versions of a loop, if that saves a check; of one around others, if it saves all.
fn version(function: &mut Function, loops: &mut Loops, id: Id<Loop>) -> Option<()> {
    let blocks = loops.all[id].blocks.clone();
    let insts = || blocks.iter().flat_map(|block| &function.blocks[*block].insts);
    if insts().count() > MOST_INSTS || !insts().any(|inst| matches!(inst.kind, InstKind::Guard { .. })) {
        return None;
    }
    let plan = Plan::new(function, loops, id)?;
    let is_passed = |inst: &Inst| match &inst.kind {
        InstKind::Guard { condition, .. } => plan.passed.contains(condition),
        _ => true,
    };
    let saves = if plan.heads.len() == 1 { !plan.passed.is_empty() } else { insts().all(is_passed) };
    if !saves || plan.tests.len() > MOST_TESTS {
        return None;
    }
    let predecessors = function.predecessors();
    let before = loops.entrance(function, id, &predecessors)?;
    let Terminator::Jump(enter) = function.blocks[before].terminator.clone() else {
        unreachable!("entrance() gives a block that jumps to the loop");
    };
    let head = loops.all[id].head;
    let span = function.blocks[head].insts.last().map_or(function.span, |inst| inst.span);
    let mut ends: Vec<_> = plan.counters.iter().map(|(_, start)| [*start; 2]).collect();
    ends[0] = [enter.args[plan.counters[0].0.at]; 2];
    let mut code = Code { function, block: before, plan: &plan, ends, made: Vec::new(), span };
    let condition = code.condition();
    let never = code.constant(Const::I32(0));

    let copy = Copy::new(function, &blocks);
    let otherwise_head = copy.block(enter.block);
    let otherwise = BlockCall { block: otherwise_head, args: enter.args.clone() };
    function.blocks[before].terminator = Terminator::Branch { condition, then: enter, otherwise };
    for &block in blocks.iter().filter(|block| !plan.heads.contains(block)) {
        let insts = &mut function.blocks[block].insts;
        insts
            .retain(|inst| !matches!(&inst.kind, InstKind::Guard { condition, .. } if plan.passed.contains(condition)));
        for inst in insts {
            if let InstKind::Select { condition, .. } = &mut inst.kind
                && plan.natural.contains(condition)
            {
                *condition = never;
            }
        }
    }
    copy.join(function);
    function.fallbacks.push(otherwise_head);
    Some(())
}

/// The ends of what a counter can be in the body of its loop.
const LOW: usize = 0;
const HIGH: usize = 1;

/// At which end each counter is: a bit for each, set at the high end.
type Corner = u32;

/// Every counter at its low end, and every counter at its high end.
const CORNERS: [Corner; 2] = [0, Corner::MAX];

/// What is tested before the loop.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Test {
    /// This condition is the same on every turn.
    Holds(Id<Value>),
    /// `moving` compares like this with `bound` on every turn.
    Compare { compare: Compare, moving: Moving, bound: Id<Value> },
    /// Adding, subtracting or multiplying these does not overflow on any turn.
    Fits { op: Binary, left: Moving, right: Moving },
    /// A counter has fewer than 2^32 values, so that what moves by several at once does not wrap around unseen.
    Short { counter: usize },
}

/// A value that may move with counters, and where it is least and greatest unless it wraps around.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moving {
    value: Id<Value>,
    least: Corner,
    greatest: Corner,
}

/// What can be left out of a loop, and what has to be tested for that.
struct Plan {
    /// That of the loop, and those of loops in it that always count from and to the same numbers; with the first number.
    counters: Vec<(Counter, Id<Value>)>,
    /// Of the loop and all loops in it. They also run when the loop ends: what is there has a turn more.
    heads: Vec<Id<Block>>,
    definitions: Definitions,
    /// Whether each value is made in the loop.
    inside: Vec<bool>,
    /// Conditions of guards, which hold on every turn.
    passed: Vec<Id<Value>>,
    /// Conditions `x < 0` of selects, which hold on no turn: negative indices count from the end.
    natural: Vec<Id<Value>>,
    /// With the expression that is checked.
    tests: Vec<(Test, Span)>,
}

impl Plan {
    fn new(function: &Function, loops: &Loops, id: Id<Loop>) -> Option<Self> {
        let definitions = Definitions::all(function);
        let inside = loops.makes(function, id);
        let counter = Counter::new(function, loops, id, &definitions, &inside)?;
        let head = loops.all[id].head;
        // Where the loop is entered from is not known yet.
        let mut counters = vec![(counter, function.blocks[head].params[0])];
        let mut heads = vec![head];
        for inner in loops.inner(id) {
            heads.push(loops.all[inner].head);
            if counters.len() < Corner::BITS as usize {
                counters.extend(steady_counter(function, loops, inner, &definitions, &inside));
            }
        }
        let mut this = Self {
            counters,
            heads: heads.clone(),
            definitions,
            inside,
            passed: Vec::new(),
            natural: Vec::new(),
            tests: Vec::new(),
        };
        // In a nest, what some turns leave out would make the test fail for all of them.
        let is_nest = this.heads.len() > 1;
        let runs = |block: Id<Block>| !is_nest || runs_on_every_turn(function, loops, id, block);
        let body = || loops.all[id].blocks.iter().filter(|block| !heads.contains(block) && runs(**block));
        for inst in body().flat_map(|block| &function.blocks[*block].insts) {
            if let InstKind::Select { condition, .. } = inst.kind {
                this.find_natural(condition, inst.span);
            }
        }
        for inst in body().flat_map(|block| &function.blocks[*block].insts) {
            if let InstKind::Guard { condition, .. } = inst.kind
                && !this.passed.contains(&condition)
                && let Some(tests) = this.tests_of(condition, DEPTH)
            {
                this.passed.push(condition);
                tests.into_iter().for_each(|test| this.add(test, inst.span));
            }
        }
        Some(this)
    }

    fn add(&mut self, test: Test, span: Span) {
        if !self.tests.iter().any(|(known, _)| *known == test) {
            self.tests.push((test, span));
        }
    }

    /// Whether a condition is `x < 0` of an index that can be tested before the loop.
    fn find_natural(&mut self, condition: Id<Value>, span: Span) {
        let Definition::Binary(Binary::I64LtS, index, zero) = self.definitions.get(condition) else { return };
        if self.definitions.number(zero) == Some(0)
            && self.inside[condition.index()]
            && !self.natural.contains(&condition)
            && let Some(tests) = self.tests_of_comparison(Compare::GeS, index, zero)
        {
            self.natural.push(condition);
            tests.into_iter().for_each(|test| self.add(test, span));
        }
    }

    /// What to test so that a condition holds on every turn.
    fn tests_of(&self, condition: Id<Value>, depth: u32) -> Option<Vec<Test>> {
        if !self.inside[condition.index()] {
            return Some(vec![Test::Holds(condition)]);
        }
        let depth = depth.checked_sub(1)?;
        match self.definitions.get(condition) {
            Definition::Binary(Binary::I32And, left, right)
                if self.definitions.is_bool(left) && self.definitions.is_bool(right) =>
            {
                let mut tests = self.tests_of(left, depth)?;
                tests.extend(self.tests_of(right, depth)?);
                Some(tests)
            }
            Definition::Unary(Unary::I32Eqz, overflows) => match self.definitions.get(overflows) {
                Definition::Binary(
                    op @ (Binary::I64AddOverflows | Binary::I64SubOverflows | Binary::I64MulOverflows),
                    left,
                    right,
                ) => self.tests_of_sum(op, left, right),
                _ => None,
            },
            Definition::Binary(op, left, right) => match split(op) {
                Some((Width::W64, Op::Compare(compare))) => (self.tests_of_comparison(compare, left, right))
                    .or_else(|| self.tests_of_comparison(compare.swapped(), right, left)),
                _ => None,
            },
            Definition::Opaque | Definition::Const(_) | Definition::Unary(..) | Definition::Select(..) => None,
        }
    }

    fn tests_of_comparison(&self, compare: Compare, moving: Id<Value>, bound: Id<Value>) -> Option<Vec<Test>> {
        let slope = self.slope(moving, DEPTH)?;
        if !slope.moves() || self.slope(bound, DEPTH)?.moves() || matches!(compare, Compare::Eq | Compare::Ne) {
            return None;
        }
        let mut tests = vec![Test::Compare { compare, moving: slope.of(moving), bound }];
        tests.extend(slope.shorts());
        Some(tests)
    }

    fn tests_of_sum(&self, op: Binary, left: Id<Value>, right: Id<Value>) -> Option<Vec<Test>> {
        let slopes = [self.slope(left, DEPTH)?, self.slope(right, DEPTH)?];
        let moves = slopes.each_ref().map(Slope::moves);
        // The product of two that move is at its greatest anywhere, and so is the sum of two that move with others.
        let mut counters = slopes.iter().flat_map(|slope| &slope.by).map(|(counter, _)| *counter);
        let first = counters.next()?;
        if counters.any(|counter| counter != first) || op == Binary::I64MulOverflows && moves == [true, true] {
            return None;
        }
        let mut tests = vec![Test::Fits { op, left: slopes[0].of(left), right: slopes[1].of(right) }];
        tests.extend(slopes.iter().flat_map(Slope::shorts));
        Some(tests)
    }

    /// Whether a test is about what moves with this counter.
    fn reads(&self, counter: usize) -> bool {
        let moves = |moving: Moving| (moving.least ^ moving.greatest) & 1 << counter != 0;
        self.tests.iter().any(|(test, _)| match *test {
            Test::Holds(_) => false,
            Test::Compare { moving, .. } => moves(moving),
            Test::Fits { left, right, .. } => moves(left) || moves(right),
            Test::Short { counter: short } => short == counter,
        })
    }

    /// What `value` rises by when a counter rises by 1, in 64 bits that wrap around; none where it is not a sum of
    /// multiples of counters and something that stays the same.
    fn slope(&self, value: Id<Value>, depth: u32) -> Option<Slope> {
        if let Some(counter) = self.counters.iter().position(|(counter, _)| counter.param == value) {
            return Some(Slope { by: vec![(counter, 1)] });
        }
        if !self.inside[value.index()] {
            return Some(Slope::default());
        }
        let depth = depth.checked_sub(1)?;
        let slope = match self.definitions.get(value) {
            Definition::Const(_) => Slope::default(),
            Definition::Binary(Binary::I64Add, left, right) => {
                self.slope(left, depth)?.plus(self.slope(right, depth)?, 1)?
            }
            Definition::Binary(Binary::I64Sub, left, right) => {
                self.slope(left, depth)?.plus(self.slope(right, depth)?, -1)?
            }
            Definition::Binary(Binary::I64Mul, left, right) => {
                let (times, more) = match (self.definitions.number(left), self.definitions.number(right)) {
                    (_, Some(times)) => (times, left),
                    (Some(times), None) => (times, right),
                    (None, None) => return None,
                };
                self.slope(more, depth)?.times(times)?
            }
            Definition::Binary(Binary::I64Shl, left, right) => {
                let times =
                    self.definitions.number(right).filter(|bits| (0..20).contains(bits)).map(|bits| 1 << bits)?;
                self.slope(left, depth)?.times(times)?
            }
            Definition::Select(condition, _, otherwise) if self.natural.contains(&condition) => {
                self.slope(otherwise, depth)?
            }
            Definition::Opaque | Definition::Unary(..) | Definition::Binary(..) | Definition::Select(..) => {
                return None;
            }
        };
        slope.by.iter().all(|(_, by)| by.unsigned_abs() <= STEEPEST).then_some(slope)
    }
}

/// What a value rises by when a counter rises by 1, for each that it moves with, in their order.
#[derive(Debug, Clone, Default)]
struct Slope {
    by: Vec<(usize, i64)>,
}

impl Slope {
    fn moves(&self) -> bool {
        !self.by.is_empty()
    }

    fn plus(mut self, other: Self, factor: i64) -> Option<Self> {
        for (counter, by) in other.times(factor)?.by {
            match self.by.binary_search_by_key(&counter, |(counter, _)| *counter) {
                Ok(at) => {
                    self.by[at].1 = self.by[at].1.checked_add(by)?;
                    if self.by[at].1 == 0 {
                        self.by.remove(at);
                    }
                }
                Err(at) => self.by.insert(at, (counter, by)),
            }
        }
        Some(self)
    }

    fn times(mut self, factor: i64) -> Option<Self> {
        for (_, by) in &mut self.by {
            *by = by.checked_mul(factor)?;
        }
        self.by.retain(|(_, by)| *by != 0);
        Some(self)
    }

    /// A value with this slope.
    fn of(&self, value: Id<Value>) -> Moving {
        let corner = |rises: bool| {
            let high = self.by.iter().filter(|(_, by)| (*by > 0) == rises);
            high.fold(0, |corner, (counter, _)| corner | 1 << counter)
        };
        Moving { value, least: corner(false), greatest: corner(true) }
    }

    /// What a value moves by in all has to be less than what would wrap around unseen.
    fn shorts(&self) -> impl Iterator<Item = Test> {
        let is_sum = self.by.len() > 1;
        let by = self.by.iter().filter(move |(_, by)| is_sum || by.abs() > 1);
        by.map(|(counter, _)| Test::Short { counter: *counter })
    }
}

/// Whether a block runs on every turn of the loop that it is in, which runs on every turn of the one around it, up to
/// `outer`.
fn runs_on_every_turn(function: &Function, loops: &Loops, outer: Id<Loop>, block: Id<Block>) -> bool {
    let mut block = block;
    let mut around = loops.innermost(block);
    while let Some(id) = around.filter(|id| loops.is_on_every_turn(function, *id, block)) {
        if id == outer {
            return true;
        }
        block = loops.all[id].head;
        around = loops.all[id].parent;
    }
    false
}

/// Writes the tests before the loop.
struct Code<'f, 'p> {
    function: &'f mut Function,
    /// The block that jumps to the loop.
    block: Id<Block>,
    plan: &'p Plan,
    /// The least and the greatest that each counter can be in the body of its loop.
    ends: Vec<[Id<Value>; 2]>,
    /// What was made at corners.
    made: Vec<(Id<Value>, Corner, Id<Value>)>,
    /// What the code is for.
    span: Span,
}

impl Code<'_, '_> {
    /// The condition on which the loop runs without its checks.
    fn condition(&mut self) -> Id<Value> {
        let mut all = Vec::new();
        for at in (0..self.plan.counters.len()).filter(|at| self.plan.reads(*at)) {
            self.find_ends(at, &mut all);
        }
        for (test, span) in &self.plan.tests {
            self.span = *span;
            match *test {
                Test::Holds(condition) => all.push(condition),
                Test::Compare { compare, moving, bound } => {
                    let bound = self.value(bound, 0);
                    let [least, greatest] = [moving.least, moving.greatest].map(|at| self.value(moving.value, at));
                    let (order, extreme) = match compare {
                        Compare::LtU | Compare::LeU => (Compare::LeU, greatest),
                        Compare::GtU | Compare::GeU => (Compare::LeU, least),
                        Compare::LtS | Compare::LeS => (Compare::LeS, greatest),
                        _ => (Compare::LeS, least),
                    };
                    all.push(self.compare(order, least, greatest));
                    all.push(self.compare(compare, extreme, bound));
                }
                Test::Fits { op, left, right } => {
                    for moving in [left, right].into_iter().filter(|moving| moving.least != moving.greatest) {
                        let [least, greatest] =
                            [moving.least, moving.greatest].map(|corner| self.value(moving.value, corner));
                        all.push(self.compare(Compare::LeS, least, greatest));
                    }
                    for corner in CORNERS {
                        let [left, right] = [left, right].map(|moving| self.value(moving.value, corner));
                        let overflows = self.binary(op, left, right);
                        all.push(self.emit(InstKind::Unary(Unary::I32Eqz, overflows), Type::I32));
                    }
                }
                Test::Short { counter } => {
                    let [low, high] = self.ends[counter];
                    let length = self.binary(Binary::I64Sub, high, low);
                    let most = self.constant(Const::I64(1 << 32));
                    all.push(self.compare(Compare::LtU, length, most));
                }
            }
        }
        let one = self.constant(Const::I32(1));
        all.into_iter().reduce(|left, right| self.binary(Binary::I32And, left, right)).unwrap_or(one)
    }

    /// Computes between what a counter is in the body of its loop, and what has to hold so that it does not wrap around.
    fn find_ends(&mut self, at: usize, all: &mut Vec<Id<Value>>) {
        let (Counter { step, compare, stop, .. }, _) = self.plan.counters[at];
        let [stop, start] = [stop, self.ends[at][0]].map(|value| self.outside(value));
        // The counter must not wrap around where it passes the last value.
        let (end, furthest, past) = match compare {
            Compare::LtS | Compare::LeS => (HIGH, i64::MAX - step, Compare::LeS),
            _ => (LOW, i64::MIN - step, Compare::GeS),
        };
        let strict = matches!(compare, Compare::LtS | Compare::GtS);
        let by = self.constant(Const::I64(if strict { -step.signum() } else { 0 }));
        self.ends[at] = [start; 2];
        self.ends[at][end] = self.binary(Binary::I64Add, stop, by);
        if !strict || step.abs() > 1 {
            let furthest = self.constant(Const::I64(furthest + if strict { step.signum() } else { 0 }));
            all.push(self.compare(past, stop, furthest));
        }
    }

    /// A constant of the loop, or a value from before it.
    fn outside(&mut self, value: Id<Value>) -> Id<Value> {
        match self.plan.definitions.get(value) {
            Definition::Const(constant) if self.plan.inside[value.index()] => self.constant(constant),
            _ => value,
        }
    }

    /// What `value` is at a corner.
    fn value(&mut self, value: Id<Value>, corner: Corner) -> Id<Value> {
        if let Some(at) = self.plan.counters.iter().position(|(counter, _)| counter.param == value) {
            return self.ends[at][if corner & 1 << at == 0 { LOW } else { HIGH }];
        }
        if !self.plan.inside[value.index()] {
            return value;
        }
        if let Some((.., made)) = self.made.iter().find(|(of, at, _)| (*of, *at) == (value, corner)) {
            return *made;
        }
        let made = match self.plan.definitions.get(value) {
            Definition::Const(constant) => self.constant(constant),
            Definition::Binary(op, left, right) => {
                let (left, right) = (self.value(left, corner), self.value(right, corner));
                self.binary(op, left, right)
            }
            Definition::Select(_, _, otherwise) => self.value(otherwise, corner),
            Definition::Opaque | Definition::Unary(..) => unreachable!("slope() knows what the loop computes"),
        };
        self.made.push((value, corner, made));
        made
    }

    fn compare(&mut self, compare: Compare, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.binary(join(Width::W64, Op::Compare(compare)), left, right)
    }

    fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.emit(InstKind::Binary(op, left, right), op.result())
    }

    fn constant(&mut self, constant: Const) -> Id<Value> {
        self.emit(InstKind::Const(constant), constant.ty())
    }

    fn emit(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.function.blocks[self.block].insts.push(Inst::new(kind, vec![result], self.span));
        result
    }
}
