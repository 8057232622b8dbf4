//! Runs several turns of an innermost loop at once, in the lanes of vectors; the loop as it was does what is left.
//!
//! ```text
//! before:                                    after:
//!   jump b1(v0)                                v9 = i64.add v1, v8            ; v8 = -1
//! b1(v2: i64):                                 v10 = i64.lt_s v0, v9          ; and: the places are apart
//!   v3 = i64.lt_s v2, v1                       branch v10, b4(v0), b1(v0)
//!   branch v3, b2, b3                        b4(v11: i64):
//! b2:                                          v12 = i64.lt_s v11, v9
//!   v4 = f64.load v5                           branch v12, b5, b1(v11)
//!   v6 = f64.add v4, v4                      b5:
//!   f64.store v7, v6                           v13 = v128.load v14
//!   v8 = i64.add v2, 1                         v15 = f64x2.add v13, v13
//!   jump b1(v8)                                v128.store v16, v15
//!                                              v17 = i64.add v11, 2
//!                                              jump b4(v17)
//! ```
//!
//! (`v5`, `v7`, `v14` and `v16` stand for addresses that move with the counter.) What is added up stays in its order:
//! floats are added one after the other, only what is added comes from vectors. Whether a store can reach what another
//! turn reads is settled here where the addresses tell, else by a test before the loop. A place that stays the same
//! while the loop stores (`d[i, k]` in a loop over `d[i, j]`) is read anew for every vector, and the turns that
//! would overwrite it are left to the loop as it was.

mod linear;
mod straight;
mod write;

use super::Changed;
use super::counter::{Counter, step};
use super::integer::{Compare, Op, Width, join, split};
use super::range::interval::Interval;
use super::simplify::{Definition, Definitions};
use crate::arena::{Id, IdMap};
use crate::source::Span;
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Binary, Block, BlockCall, Const, Function, Inst, InstKind, Shape, Terminator, Type, Unary, Value};
use linear::{Linear, Linears};
use std::cell::RefCell;
use straight::{Straight, straighten};
use write::Writer;

/// Instructions that a loop may have.
const MOST_INSTS: usize = 300;
/// Tests that may be made before a loop.
const MOST_TESTS: usize = 24;

pub(crate) fn run(function: &mut Function) -> Changed {
    let dominators = Dominators::new(function);
    let mut loops = Loops::new(function, &dominators);
    let mut changed = Changed::No;
    let around: Vec<_> = loops.all.iter().filter_map(|(_, it)| it.parent).collect();
    for id in loops.all.ids().filter(|id| !around.contains(id)) {
        changed |= Changed::from(vectorise(function, &mut loops, id).is_some());
    }
    changed
}

/// What becomes of a parameter of the loop's head.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Carried {
    Counter,
    /// Every turn adds a constant to it.
    Moves(i64),
    /// What the counter was on the turn before, and a constant.
    Follows(i64),
    /// Every turn joins an integer to it by an operation whose order does not matter: lanes do that apart.
    Gathers(Binary, Id<Value>),
    /// Every turn joins a float to it, on its left or its right, in this order.
    Adds(Binary, Id<Value>, bool),
}

fn vectorise(function: &mut Function, loops: &mut Loops, id: Id<Loop>) -> Option<()> {
    let Loop { head, blocks, .. } = loops.all[id].clone();
    let insts = blocks.iter().flat_map(|block| &function.blocks[*block].insts);
    let mut count = 0;
    for inst in insts {
        count += 1;
        let fine = match &inst.kind {
            InstKind::Binary(op, ..) => !op.can_trap(),
            InstKind::Const(_) | InstKind::Unary(..) | InstKind::Select { .. } => true,
            InstKind::Load { kind, .. } => kind.ty() != Type::V128,
            InstKind::Store { kind, .. } => kind.ty() != Type::V128,
            _ => false,
        };
        if !fine || count > MOST_INSTS {
            return None;
        }
    }
    let mut definitions = Definitions::all(function);
    let inside = loops.makes(function, id);
    let counter = Counter::new(function, loops, id, &definitions, &inside)?;
    let Terminator::Branch { condition, then, otherwise } = function.blocks[head].terminator.clone() else {
        return None;
    };
    let body = if loops.contains(id, then.block) { then } else { otherwise };
    // Nothing but the counter ends the loop.
    let ends_by_counter = match definitions.get(condition) {
        Definition::Binary(op, left, right) => {
            matches!(split(op), Some((Width::W64, Op::Compare(_))))
                && [(left, right), (right, left)].contains(&(counter.param, counter.stop))
        }
        _ => false,
    };
    if !ends_by_counter
        || counter.step != 1
        || inside[counter.stop.index()] && definitions.number(counter.stop).is_none()
    {
        return None;
    }
    let predecessors = function.predecessors();
    let entered = predecessors[head].iter().filter(|from| !loops.contains(id, **from)).count();
    if entered == 0 {
        return None;
    }
    let before = loops.entrance(function, id, &predecessors)?;
    let Terminator::Jump(enter) = function.blocks[before].terminator.clone() else {
        unreachable!("entrance() gives a block that jumps to the loop");
    };
    let start = enter.args[counter.at];
    let params = function.blocks[head].params.clone();
    let moving = params
        .iter()
        .enumerate()
        .filter(|(at, param)| *at != counter.at && matches!(function.values[**param].ty, Type::I32 | Type::I64))
        .filter_map(|(at, param)| Some((*param, enter.args[at], step(function, &blocks, head, at, &definitions)?)))
        .collect();
    let strides = RefCell::default();
    let linears = Linears { definitions: &definitions, inside: &inside, counter: &counter, moving, start, strides };
    let mut straight = straighten(function, &blocks, &body, &linears)?;
    let Linears { moving, strides, .. } = linears;
    straight.insts.iter().for_each(|inst| definitions.note(inst));
    let carried = (params.iter().enumerate())
        .map(|(at, param)| carried(function, *param, at, &counter, &moving, &mut straight, &mut definitions))
        .collect::<Option<Vec<_>>>()?;
    let linears = Linears { definitions: &definitions, inside: &inside, counter: &counter, moving, start, strides };
    let plan = Plan { linears, straight, carried, enter, before, head };
    let needed = plan.needed()?;
    let ranges = plan.ranges(function, needed.counter);
    let tests = plan.tests()?;
    for integers in [8, 16, 32, 64] {
        if plan.write(function, &needed, &ranges, integers, &tests).is_some() {
            return Some(());
        }
    }
    None
}

/// What becomes of a parameter.
fn carried(
    function: &mut Function,
    param: Id<Value>,
    at: usize,
    counter: &Counter,
    moving: &[(Id<Value>, Id<Value>, i64)],
    straight: &mut Straight,
    definitions: &mut Definitions,
) -> Option<Carried> {
    if at == counter.at {
        return Some(Carried::Counter);
    }
    if let Some((.., by)) = moving.iter().find(|(moves, ..)| *moves == param) {
        return Some(Carried::Moves(*by));
    }
    let next = straight.next[at];
    if next == counter.param {
        return Some(Carried::Follows(0));
    }
    match definitions.get(next) {
        Definition::Binary(Binary::I64Add, value, by) if value == counter.param => {
            return definitions.number(by).map(Carried::Follows);
        }
        Definition::Binary(
            op @ (Binary::F64Add | Binary::F64Sub | Binary::F64Mul | Binary::F32Add | Binary::F32Sub | Binary::F32Mul),
            left,
            right,
        ) if left == param || right == param => {
            let (joined, on_right) = if left == param { (right, true) } else { (left, false) };
            return (joined != param).then_some(Carried::Adds(op, joined, on_right));
        }
        _ => {}
    }
    let op = gathers(param, next, definitions)?;
    let mut builder = Joined { function, param, op, straight, definitions };
    builder.of(next).map(|joined| Carried::Gathers(op, joined))
}

/// The operation that joins integers to a parameter.
fn gathers(param: Id<Value>, next: Id<Value>, definitions: &Definitions) -> Option<Binary> {
    match definitions.get(next) {
        Definition::Binary(
            op @ (Binary::I64Add
            | Binary::I64And
            | Binary::I64Or
            | Binary::I64Xor
            | Binary::I32Add
            | Binary::I32And
            | Binary::I32Or
            | Binary::I32Xor),
            left,
            right,
        ) if [left, right].iter().any(|side| *side == param || gathers(param, *side, definitions) == Some(op)) => {
            Some(op)
        }
        Definition::Select(_, then, otherwise) if then != param => {
            gathers(param, then, definitions).or_else(|| gathers(param, otherwise, definitions))
        }
        Definition::Select(_, _, otherwise) => gathers(param, otherwise, definitions),
        _ => None,
    }
}

/// Finds what a turn joins to a parameter.
struct Joined<'a> {
    function: &'a mut Function,
    param: Id<Value>,
    op: Binary,
    straight: &'a mut Straight,
    definitions: &'a mut Definitions,
}

impl Joined<'_> {
    fn make(&mut self, kind: InstKind) -> Id<Value> {
        let result = self.function.value(self.op.result());
        let inst = Inst::new(kind, vec![result], self.function.span);
        self.definitions.note(&inst);
        self.straight.insts.push(inst);
        result
    }

    /// What `next` joins to the parameter, if it is that and nothing else.
    fn of(&mut self, next: Id<Value>) -> Option<Id<Value>> {
        if next == self.param {
            return Some(self.make(InstKind::Const(neutral(self.op))));
        }
        match self.definitions.get(next) {
            Definition::Binary(op, left, right) if op == self.op => {
                let (inner, joined) = if left == self.param || gathers(self.param, left, self.definitions) == Some(op) {
                    (left, right)
                } else {
                    (right, left)
                };
                if inner == self.param {
                    return Some(joined);
                }
                let inner = self.of(inner)?;
                Some(self.make(InstKind::Binary(op, inner, joined)))
            }
            Definition::Select(condition, then, otherwise) => {
                let (then, otherwise) = (self.of(then)?, self.of(otherwise)?);
                Some(self.make(InstKind::Select { condition, then, otherwise }))
            }
            _ => None,
        }
    }
}

/// What changes nothing when it is joined.
fn neutral(op: Binary) -> Const {
    let all = matches!(op, Binary::I64And | Binary::I32And);
    if op.result() == Type::I64 { Const::I64(-i64::from(all)) } else { Const::I32(-i32::from(all)) }
}

/// What has to hold before the loop, for so many turns at once.
enum Test {
    /// The second of two accesses of the loop's text is this far behind the first, and moves as it does: no lane of
    /// it may touch what a later lane of the first touches.
    Apart { behind: Linear, step: u32 },
    /// All turns find it in memory.
    InMemory { at: Linear, bytes: u32 },
    /// All that one accesses is apart from all that the other does.
    Disjoint { places: [(Linear, u32); 2] },
}

/// Tests before the loop, and those of every vector: a place that stays the same and one that is stored to.
struct Tests {
    before: Vec<Test>,
    each: Vec<((Linear, u32), Linear)>,
}

/// What lanes have to hold: the values, and whether the counter is one of them.
struct Needed {
    values: IdMap<Value, ()>,
    counter: bool,
}

/// A loop that may be vectorised.
struct Plan<'a> {
    linears: Linears<'a>,
    straight: Straight,
    /// One a parameter of the head.
    carried: Vec<Carried>,
    /// How the loop is entered.
    enter: BlockCall,
    /// The block that enters it.
    before: Id<Block>,
    head: Id<Block>,
}

impl Plan<'_> {
    /// What lanes have to hold; none where they are not worth it.
    fn needed(&self) -> Option<Needed> {
        let mut needed = IdMap::default();
        let mut reads_counter = false;
        let mut open: Vec<Id<Value>> = Vec::new();
        let mut made: IdMap<Value, &Inst> = IdMap::default();
        for inst in &self.straight.insts {
            if let Some(result) = inst.result() {
                made.insert(result, inst);
            }
            if let InstKind::Store { value, .. } = inst.kind {
                open.push(value);
            }
        }
        let mut work = 0;
        let mut ordered = false;
        for carried in &self.carried {
            match carried {
                Carried::Gathers(_, joined) => open.push(*joined),
                Carried::Adds(_, joined, _) => {
                    ordered = true;
                    open.push(*joined);
                }
                Carried::Counter | Carried::Moves(_) | Carried::Follows(_) => {}
            }
        }
        if open.is_empty() {
            return None;
        }
        while let Some(value) = open.pop() {
            if value == self.linears.counter.param {
                reads_counter = true;
                continue;
            }
            let stays = matches!(self.linears.definitions.get(value), Definition::Const(_))
                || !self.linears.inside.get(value.index()).copied().unwrap_or(true);
            if stays || needed.contains(value) {
                continue;
            }
            needed.insert(value, ());
            // Parameters of the head are carried from turn to turn: no lane has them.
            let inst = made.get(value)?;
            match inst.kind {
                InstKind::Load { .. } => {}
                _ => {
                    work += 1;
                    inst.kind.for_each_operand(|operand| open.push(operand));
                }
            }
        }
        // One addition after the other takes its time, whatever there is to add.
        (!ordered || work >= 1).then_some(Needed { values: needed, counter: reads_counter })
    }

    /// What integers of the straight line can be.
    fn ranges(&self, function: &Function, reads_counter: bool) -> IdMap<Value, Interval> {
        let mut ranges: IdMap<Value, Interval> = IdMap::default();
        if reads_counter {
            // A test before the loop sees to that.
            ranges.insert(self.linears.counter.param, Interval::full(Width::W32));
        }
        for inst in &self.straight.insts {
            let Some(result) = inst.result() else { continue };
            let ty = function.values[result].ty;
            if !matches!(ty, Type::I32 | Type::I64) {
                continue;
            }
            let of = |value: Id<Value>| {
                (self.linears.definitions.number(value).map(Interval::only))
                    .or_else(|| ranges.get(value).copied())
                    .unwrap_or(Interval::of(function.values[value].ty))
            };
            let range = match inst.kind {
                InstKind::Unary(op, operand) => Interval::unary(op, of(operand)),
                InstKind::Binary(op, left, right) => match split(op) {
                    Some((width, op)) => Some(Interval::binary(width, op, of(left), of(right))),
                    None => Some(Interval::new(0, 1)),
                },
                InstKind::Select { then, otherwise, .. } => Some(of(then).join(of(otherwise))),
                InstKind::Load { kind, .. } => Interval::load(kind),
                _ => None,
            };
            if let Some(range) = range {
                ranges.insert(result, range);
            }
        }
        ranges
    }

    /// What has to be tested so that lanes may run at once; none where that is certain not to hold.
    fn tests(&self) -> Option<Tests> {
        struct Access {
            at: Linear,
            bytes: u32,
            stores: bool,
        }
        let mut accesses: Vec<Access> = Vec::new();
        for inst in &self.straight.insts {
            let (address, offset, bytes, stores) = match inst.kind {
                InstKind::Load { kind, address, offset } => (address, offset, kind.bytes(), false),
                InstKind::Store { kind, address, offset, .. } => (address, offset, kind.bytes(), true),
                _ => continue,
            };
            let at = self.linears.of(address, bytes)?.offset(offset);
            if stores && at.step != bytes as i32 {
                return None;
            }
            accesses.push(Access { at, bytes, stores });
        }
        let mut tests = Tests { before: Vec::new(), each: Vec::new() };
        let mut apart: Vec<(Linear, u32)> = Vec::new();
        for (index, second) in accesses.iter().enumerate() {
            for first in accesses[..index].iter().filter(|first| first.stores || second.stores) {
                if first.at.step == second.at.step && first.bytes == second.bytes {
                    let behind = second.at.minus(&first.at)?;
                    if behind.terms.is_empty() {
                        // As many turns behind as to matter for the shortest vector and the longest alike.
                        let most = 16 * first.bytes as i32 * MOST_TURNS as i32;
                        if behind.constant > 0 && behind.constant < most {
                            apart.push((behind, second.at.step as u32));
                        }
                    } else if !apart.iter().any(|(known, _)| *known == behind) {
                        apart.push((behind, second.at.step as u32));
                    }
                } else {
                    let (store, other) = if first.stores { (first, second) } else { (second, first) };
                    let places = [(other.at.clone(), other.bytes), (store.at.clone(), store.bytes)];
                    if other.at.step == 0 && !other.stores {
                        if !tests.each.iter().any(|known| known.0 == places[0] && known.1 == places[1].0) {
                            let [place, store] = places;
                            tests.each.push((place, store.0));
                        }
                    } else {
                        tests.before.push(Test::Disjoint { places });
                    }
                }
            }
        }
        let skipped = self.straight.skipped.iter().cloned();
        tests.before.extend(skipped.map(|(at, bytes)| Test::InMemory { at, bytes }));
        tests.before.extend(apart.into_iter().map(|(behind, step)| Test::Apart { behind, step }));
        (tests.before.len() + tests.each.len() <= MOST_TESTS).then_some(tests)
    }

    /// Writes the loop of vectors with integers of so many bits, if it can be written.
    fn write(
        &self,
        function: &mut Function,
        needed: &Needed,
        ranges: &IdMap<Value, Interval>,
        integers: u32,
        tests: &Tests,
    ) -> Option<()> {
        let lanes = 128 / self.widest(function, needed, integers)?;
        if lanes < 2 || (integers < 64 && lanes * integers < 64) {
            return None;
        }
        let work = needed.values.iter().count() as u32;
        let copies = match work {
            0..=8 if tests.each.is_empty() => 4,
            0..=20 => 2,
            _ => 1,
        };
        let turns = lanes * copies;
        // Places that are certain to be too near.
        if tests.before.iter().any(|test| match test {
            Test::Apart { behind, step } => {
                behind.terms.is_empty() && behind.constant > 0 && (behind.constant as u32) < lanes * step
            }
            Test::InMemory { .. } | Test::Disjoint { .. } => false,
        }) {
            return None;
        }
        let gathers = self.carried.iter().any(|carried| matches!(carried, Carried::Gathers(..)));
        if gathers && !tests.each.is_empty() {
            return None;
        }
        let least = self.least()?;
        let span = self.straight.insts.first().map_or(function.span, |inst| inst.span);
        let types: Vec<_> = self.enter.args.iter().map(|arg| function.values[*arg].ty).collect();
        let params: Vec<_> = types.iter().map(|ty| function.value(*ty)).collect();
        let counter = params[self.linears.counter.at];
        let mut writer = Writer::new(function, &self.linears, ranges, &least, (integers, lanes), (counter, span));

        // The parameters of the loop of vectors behind those of the loop: one with lanes for each that gathers.
        let mut gathered: Vec<(Id<Value>, Id<Value>, Binary)> = Vec::new();
        let mut next = params.clone();
        let mut sums = Vec::new();
        for carried in &self.carried {
            if let Carried::Gathers(op, _) = carried {
                let lane = writer.function.value(Type::V128);
                let neutral = if neutral(*op) == neutral(Binary::I64And) || neutral(*op) == neutral(Binary::I32And) {
                    u128::MAX
                } else {
                    0
                };
                let first = writer.push_before(InstKind::Const(Const::V128(neutral)), Type::V128);
                gathered.push((lane, first, *op));
                sums.push(lane);
            }
        }
        for copy in 0..copies {
            writer.turns(copy * lanes, &self.straight.insts, |value| needed.values.contains(value))?;
            let mut at_gathered = 0;
            for (at, carried) in self.carried.iter().enumerate() {
                match *carried {
                    Carried::Gathers(op, joined) => {
                        if integers != op.result().size() * 8 {
                            return None;
                        }
                        let vector = writer.vector(joined)?;
                        let op = in_lanes(op)?;
                        sums[at_gathered] = writer.binary(op, sums[at_gathered], vector);
                        at_gathered += 1;
                    }
                    Carried::Adds(op, joined, on_right) => {
                        let vector = writer.vector(joined)?;
                        for lane in 0..lanes {
                            let one = writer.unary(extract(op.operand(), lane)?, vector);
                            let (left, right) = if on_right { (next[at], one) } else { (one, next[at]) };
                            next[at] = writer.binary(op, left, right);
                        }
                    }
                    Carried::Counter | Carried::Moves(_) | Carried::Follows(_) => {}
                }
            }
        }
        for (at, carried) in self.carried.iter().enumerate() {
            let (value, by) = match carried {
                Carried::Counter => (counter, i64::from(turns)),
                Carried::Moves(by) => (params[at], by.wrapping_mul(i64::from(turns))),
                Carried::Follows(by) => (counter, i64::from(turns - 1).wrapping_add(*by)),
                Carried::Gathers(..) | Carried::Adds(..) => continue,
            };
            next[at] = Code { function: writer.function, insts: &mut writer.body, span }.plus(value, by);
        }

        // Before the loop.
        let stop = self.linears.counter.stop;
        let strict = self.linears.counter.compare == Compare::LtS;
        let mut all = Vec::new();
        for test in &tests.before {
            all.push(match test {
                Test::InMemory { at, bytes } => {
                    let first = writer.sum(&Linear { step: 0, ..at.clone() });
                    let mut code = Code { function: writer.function, insts: &mut writer.before, span };
                    let stop = code.outside(stop, self.linears.definitions);
                    let last = code.plus(stop, -i64::from(strict));
                    code.is_in_memory((first, at.step, *bytes), self.linears.start, last)
                }
                Test::Apart { behind, step } => {
                    let behind = Linear { step: 0, ..behind.clone() };
                    let behind = writer.sum(&behind);
                    Code { function: writer.function, insts: &mut writer.before, span }.is_apart(behind, lanes * step)
                }
                Test::Disjoint { places } => {
                    let sums = places.clone().map(|(at, bytes)| {
                        let first = Linear { step: 0, ..at.clone() };
                        (writer.sum(&first), at.step, bytes)
                    });
                    let start = self.linears.start;
                    let mut code = Code { function: writer.function, insts: &mut writer.before, span };
                    let stop = code.outside(stop, self.linears.definitions);
                    let last = code.plus(stop, -i64::from(strict));
                    code.are_disjoint(sums, start, last)
                }
            });
        }
        let mut each = Vec::new();
        for ((place, bytes), store) in &tests.each {
            let place = writer.sum(&Linear { step: 0, ..place.clone() });
            let first = writer.sum(&Linear { step: 0, ..store.clone() });
            each.push((place, *bytes, first, store.step));
        }
        let mut made = std::mem::take(&mut writer.before);
        let body_insts = std::mem::take(&mut writer.body);
        let mut code = Code { function, insts: &mut made, span };
        let stop = code.outside(stop, self.linears.definitions);
        let Counter { compare, .. } = *self.linears.counter;
        let limit = code.plus(stop, 1 - i64::from(turns));
        all.push(code.compare(Compare::LtS, limit, stop));
        all.push(code.compare(compare, self.linears.start, limit));
        if needed.counter {
            let least = code.number(i64::from(i32::MIN));
            let most = code.number(i64::from(i32::MAX));
            all.push(code.compare(Compare::GeS, self.linears.start, least));
            all.push(code.compare(Compare::LeS, stop, most));
        }
        for (stride, taken) in &*self.linears.strides.borrow() {
            let wide = code.function.values[*stride].ty == Type::I64;
            let taken = if wide { code.number(i64::from(*taken)) } else { code.word(*taken as u32) };
            all.push(code.binary(if wide { Binary::I64Eq } else { Binary::I32Eq }, *stride, taken));
        }
        let goes = all.into_iter().reduce(|left, right| code.binary(Binary::I32And, left, right))?;
        let mut firsts = self.enter.args.clone();
        firsts.extend(gathered.iter().map(|(_, first, _)| *first));

        let mut head_params = params.clone();
        head_params.extend(gathered.iter().map(|(lane, ..)| *lane));
        next.extend(&sums);
        let limit = if tests.each.is_empty() {
            limit
        } else {
            // The loop as it was comes back after each turn: where it alone may run, no vector gets that far.
            let never = code.number(i64::MIN);
            code.push(InstKind::Select { condition: goes, then: limit, otherwise: never }, Type::I64)
        };
        let mut head_insts = Vec::new();
        let mut code = Code { function, insts: &mut head_insts, span };
        let mut goes_on = code.compare(compare, counter, limit);
        for (place, bytes, first, step) in each {
            let apart = code.misses(place, bytes, (first, counter), step as u32, turns);
            goes_on = code.binary(Binary::I32And, goes_on, apart);
        }
        // What the lanes have gathered is joined when the loop of vectors ends.
        let mut exit_insts = Vec::new();
        let mut code = Code { function, insts: &mut exit_insts, span };
        let mut left = params.clone();
        let mut lanes_of = gathered.iter();
        for (at, carried) in self.carried.iter().enumerate() {
            if let Carried::Gathers(op, _) = carried {
                let (vector, ..) = lanes_of.next().expect("each has one");
                let mut all = params[at];
                for lane in 0..lanes {
                    let one = code.push(InstKind::Unary(extract(op.operand(), lane)?, *vector), op.result());
                    all = code.binary(*op, all, one);
                }
                left[at] = all;
            }
        }
        let vector_head = function.blocks.push(Block { params: head_params, insts: head_insts, ..Block::default() });
        let vector_body = function.blocks.push(Block {
            params: Vec::new(),
            insts: body_insts,
            terminator: Terminator::Jump(BlockCall { block: vector_head, args: next }),
        });
        let exit = function.blocks.push(Block {
            params: Vec::new(),
            insts: exit_insts,
            terminator: Terminator::Jump(BlockCall { block: self.head, args: left }),
        });
        function.blocks[vector_head].terminator = Terminator::Branch {
            condition: goes_on,
            then: BlockCall { block: vector_body, args: Vec::new() },
            otherwise: BlockCall { block: exit, args: Vec::new() },
        };
        let begin = BlockCall { block: vector_head, args: firsts };
        if tests.each.is_empty() {
            function.blocks[self.before].terminator =
                Terminator::Branch { condition: goes, then: begin, otherwise: self.enter.clone() };
        } else {
            function.blocks[self.before].terminator = Terminator::Jump(begin);
            let own = [self.before, exit];
            for block in function.blocks.ids().filter(|block| !own.contains(block)) {
                let edges = function.blocks[block].terminator.edges_mut();
                edges.filter(|edge| edge.block == self.head).for_each(|edge| edge.block = vector_head);
            }
        }
        function.blocks[self.before].insts.append(&mut made);
        Some(())
    }

    /// The bits of the widest lane; none where nothing is in lanes.
    fn widest(&self, function: &Function, needed: &Needed, integers: u32) -> Option<u32> {
        let bits = |ty: Type| match ty {
            Type::F32 => 32,
            Type::F64 => 64,
            Type::I32 | Type::I64 | Type::V128 => integers,
        };
        let values = needed.values.iter().map(|(value, ())| match self.linears.definitions.get(value) {
            // A condition has the lanes of what it compares.
            Definition::Binary(op, ..) if straight::compares(op) => bits(op.operand()),
            _ => bits(function.values[value].ty),
        });
        let stores = self.straight.insts.iter().filter_map(|inst| match inst.kind {
            InstKind::Store { kind, .. } => Some(bits(kind.ty())),
            _ => None,
        });
        let gathers = self.carried.iter().any(|carried| matches!(carried, Carried::Gathers(..)));
        let others = (gathers || needed.counter).then_some(integers);
        values.chain(stores).chain(others).max()
    }

    /// For addresses that differ by a constant the least constant.
    fn least(&self) -> Option<Vec<(Linear, i32)>> {
        let mut least: Vec<(Linear, i32)> = Vec::new();
        for inst in &self.straight.insts {
            let (address, offset, bytes) = match inst.kind {
                InstKind::Load { kind, address, offset } => (address, offset, kind.bytes()),
                InstKind::Store { kind, address, offset, .. } => (address, offset, kind.bytes()),
                _ => continue,
            };
            let at = self.linears.of(address, bytes)?.offset(offset);
            let group = Linear { constant: 0, ..at.clone() };
            match least.iter_mut().find(|(known, _)| *known == group) {
                Some((_, least)) => *least = (*least).min(at.constant),
                None => least.push((group, at.constant)),
            }
        }
        Some(least)
    }
}

/// Turns of a loop that are written one behind the other, at most.
const MOST_TURNS: u32 = 4;

/// The operation on lanes that joins what two lanes have gathered.
fn in_lanes(op: Binary) -> Option<Binary> {
    Some(match op {
        Binary::I32And | Binary::I64And => Binary::V128And,
        Binary::I32Or | Binary::I64Or => Binary::V128Or,
        Binary::I32Xor | Binary::I64Xor => Binary::V128Xor,
        other => other.in_lanes(Shape::integers(other.result().size() * 8))?,
    })
}

fn extract(ty: Type, lane: u32) -> Option<Unary> {
    Some(match (ty, lane) {
        (Type::F64, 0) => Unary::F64x2ExtractLane0,
        (Type::F64, 1) => Unary::F64x2ExtractLane1,
        (Type::F32, 0) => Unary::F32x4ExtractLane0,
        (Type::F32, 1) => Unary::F32x4ExtractLane1,
        (Type::F32, 2) => Unary::F32x4ExtractLane2,
        (Type::F32, 3) => Unary::F32x4ExtractLane3,
        (Type::I64, 0) => Unary::I64x2ExtractLane0,
        (Type::I64, 1) => Unary::I64x2ExtractLane1,
        (Type::I32, 0) => Unary::I32x4ExtractLane0,
        (Type::I32, 1) => Unary::I32x4ExtractLane1,
        (Type::I32, 2) => Unary::I32x4ExtractLane2,
        (Type::I32, 3) => Unary::I32x4ExtractLane3,
        _ => return None,
    })
}

/// Writes scalar instructions.
struct Code<'a> {
    function: &'a mut Function,
    insts: &'a mut Vec<Inst>,
    span: Span,
}

impl Code<'_> {
    fn push(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.insts.push(Inst::new(kind, vec![result], self.span));
        result
    }

    fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.push(InstKind::Binary(op, left, right), op.result())
    }

    fn number(&mut self, number: i64) -> Id<Value> {
        self.push(InstKind::Const(Const::I64(number)), Type::I64)
    }

    fn word(&mut self, number: u32) -> Id<Value> {
        self.push(InstKind::Const(Const::I32(number as i32)), Type::I32)
    }

    fn compare(&mut self, compare: Compare, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.binary(join(Width::W64, Op::Compare(compare)), left, right)
    }

    fn plus(&mut self, value: Id<Value>, by: i64) -> Id<Value> {
        if by == 0 {
            return value;
        }
        if self.function.values[value].ty == Type::I32 {
            let by = self.word(by as u32);
            return self.binary(Binary::I32Add, value, by);
        }
        let by = self.number(by);
        self.binary(Binary::I64Add, value, by)
    }

    /// A constant of the loop, or a value from before it.
    fn outside(&mut self, value: Id<Value>, definitions: &Definitions) -> Id<Value> {
        match definitions.get(value) {
            Definition::Const(constant) => self.push(InstKind::Const(constant), constant.ty()),
            _ => value,
        }
    }

    /// Whether the second of two places is not between the first and `length` bytes behind it, but may be the first.
    fn is_apart(&mut self, behind: Id<Value>, length: u32) -> Id<Value> {
        let one = self.word(1);
        let less = self.binary(Binary::I32Sub, behind, one);
        let least = self.word(length - 1);
        self.binary(Binary::I32GeU, less, least)
    }

    /// Whether all of one place is before all of the other, while the counter goes from `start` to `last`. Each is what
    /// the counter adds to, what a turn adds, and the bytes of an access.
    fn are_disjoint(&mut self, places: [(Id<Value>, i32, u32); 2], start: Id<Value>, last: Id<Value>) -> Id<Value> {
        let mut ends = Vec::new();
        for (base, step, bytes) in places {
            let factor = self.number(i64::from(step));
            let wide = |this: &mut Self, at: Id<Value>| {
                let moved = this.binary(Binary::I64Mul, at, factor);
                let moved = this.push(InstKind::Unary(Unary::I32WrapI64, moved), Type::I32);
                let address = this.binary(Binary::I32Add, base, moved);
                this.push(InstKind::Unary(Unary::I64ExtendI32U, address), Type::I64)
            };
            let (first, last) = (wide(self, start), wide(self, last));
            let (low, high) = if step < 0 { (last, first) } else { (first, last) };
            let high = self.plus(high, i64::from(bytes));
            ends.push((low, high));
        }
        let before = self.compare(Compare::LeU, ends[0].1, ends[1].0);
        let behind = self.compare(Compare::LeU, ends[1].1, ends[0].0);
        self.binary(Binary::I32Or, before, behind)
    }

    /// Whether a place is in memory while the counter goes from `start` to `last`.
    fn is_in_memory(
        &mut self,
        (base, step, bytes): (Id<Value>, i32, u32),
        start: Id<Value>,
        last: Id<Value>,
    ) -> Id<Value> {
        let step = self.number(i64::from(step));
        let moved = self.binary(Binary::I64Mul, start, step);
        let moved = self.push(InstKind::Unary(Unary::I32WrapI64, moved), Type::I32);
        let address = self.binary(Binary::I32Add, base, moved);
        let address = self.push(InstKind::Unary(Unary::I64ExtendI32U, address), Type::I64);
        let length = self.binary(Binary::I64Sub, last, start);
        // Fewer turns than memory has bytes: then nothing wraps around.
        let most = self.number(1 << 32);
        let is_short = self.compare(Compare::LtU, length, most);
        let way = self.binary(Binary::I64Mul, length, step);
        let end = self.binary(Binary::I64Add, address, way);
        let pages = self.push(InstKind::MemorySize, Type::I32);
        let pages = self.push(InstKind::Unary(Unary::I64ExtendI32U, pages), Type::I64);
        let page = self.number(1 << 16);
        let size = self.binary(Binary::I64Mul, pages, page);
        let first_end = self.plus(address, i64::from(bytes));
        let last_end = self.plus(end, i64::from(bytes));
        // An end below 0 is a large one without a sign.
        let tests = [(first_end, size), (last_end, size), (address, size), (end, size)]
            .map(|(address, size)| self.compare(Compare::LeU, address, size));
        tests.into_iter().fold(is_short, |all, test| self.binary(Binary::I32And, all, test))
    }

    /// Whether the next turns store beside a place.
    fn misses(
        &mut self,
        place: Id<Value>,
        bytes: u32,
        (first, counter): (Id<Value>, Id<Value>),
        step: u32,
        turns: u32,
    ) -> Id<Value> {
        let turn = self.push(InstKind::Unary(Unary::I32WrapI64, counter), Type::I32);
        let step_value = self.word(step);
        let moved = self.binary(Binary::I32Mul, turn, step_value);
        let stored = self.binary(Binary::I32Add, first, moved);
        // The last byte of the place, counted from the first that is stored.
        let behind = self.binary(Binary::I32Sub, place, stored);
        let more = self.word(bytes - 1);
        let behind = self.binary(Binary::I32Add, behind, more);
        let length = self.word(turns * step + bytes - 1);
        self.binary(Binary::I32GeU, behind, length)
    }
}
