//! Runs several turns of a loop at once, in the lanes of vectors; the loop as it was does what is left.
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
//! floats are added one after the other, only what is added comes from vectors; under `fastmath` each lane adds up its
//! own. Whether a store can reach what another turn reads is settled here where the addresses tell, else by a test
//! before the loop. A place that stays the same while the loop stores (`d[i, k]` in a loop over `d[i, j]`) is read anew
//! for every vector, and the turns that would overwrite it are left to the loop as it was.
//!
//! Innermost loops come first. Where one adds up floats in their order, or cannot run in vectors, the loop around it may:
//! each lane then does all turns of the inner loop for its own turn of the outer one, several vectors side by side.

mod carried;
mod code;
mod cold;
mod inner;
mod linear;
mod nest;
mod overlap;
mod straight;
mod write;

use super::Changed;
use super::counter::{Counter, steady_counter, step};
use super::integer::{Compare, Op, Width, split};
use super::range::interval::Interval;
use super::simplify::{Definition, Definitions};
use crate::abi;
use crate::arena::{Id, IdMap};
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::note::NoteKind;
use crate::ssa::{Binary, Block, BlockCall, Callee, Const, Function, InstKind, Terminator, Type, Value};
use carried::{Carried, carried, extract, in_lanes, neutral};
use code::Code;
use cold::Cold;
use inner::Part;
use linear::{Given, Linear, Linears};
use nest::Nest;
use overlap::{Counters, MOST_COPIES, Tests};
use std::cell::RefCell;
use straight::{Straight, compares, straighten};
use write::{Words, Writer};

/// Loops around an innermost one that are tried in its place.
const MOST_AROUND: usize = 3;

/// Vectorises what can be of a function's loops, in a module whose constants end at `data_end`; `is_rare` tells which
/// callees take no time worth speaking of.
pub(crate) fn run(function: &mut Function, data_end: u32, is_rare: impl Fn(Callee) -> bool) -> Changed {
    let outside = Outside { data_end, is_rare: &is_rare };
    let dominators = Dominators::new(function);
    let mut loops = Loops::new(function, &dominators);
    let mut changed = Changed::No;
    // Loops around others that were vectorised.
    let mut nests = Vec::new();
    for id in loops.without_inner() {
        let head = loops.all[id].head;
        // Checks that may fail have no place in vectors: that is what the faster version is for.
        if function.fallbacks.contains(&head) {
            continue;
        }
        if nests.iter().any(|nest| loops.contains(*nest, head)) {
            continue;
        }
        let own = vectorise(function, &mut loops, id, outside, Order::Any).map(|turns| (head, turns));
        let found = own.or_else(|why| {
            (around(function, &mut loops, id, outside, &mut nests))
                .or_else(|| Some((head, vectorise(function, &mut loops, id, outside, Order::Kept).ok()?)))
                .ok_or(why)
        });
        match found {
            Ok((head, turns)) => {
                function.note(head, NoteKind::Vectorised(turns));
                changed = Changed::Yes;
            }
            Err(why) => function.note(head, NoteKind::NotVectorised(why)),
        }
    }
    changed
}

/// Whether a loop that carries vectors is in another.
#[cfg(test)]
pub(crate) fn has_nest(function: &Function) -> bool {
    let loops = Loops::new(function, &Dominators::new(function));
    loops.all.iter().any(|(_, it)| {
        let mut params = function.blocks[it.head].params.iter();
        it.parent.is_some() && params.any(|param| function.values[*param].ty == Type::V128)
    })
}

/// Vectorises a loop around an innermost one; gives its head, and how many turns run at once.
fn around(
    function: &mut Function,
    loops: &mut Loops,
    id: Id<Loop>,
    outside: Outside,
    nests: &mut Vec<Id<Loop>>,
) -> Option<(Id<Block>, u32)> {
    let mut outer = id;
    for _ in 0..MOST_AROUND {
        outer = loops.all[outer].parent?;
        if let Ok(turns) = vectorise(function, loops, outer, outside, Order::Any) {
            nests.push(outer);
            return Some((loops.all[outer].head, turns));
        }
    }
    None
}

/// What is to be known of the module.
#[derive(Clone, Copy)]
struct Outside<'a> {
    data_end: u32,
    is_rare: &'a dyn Fn(Callee) -> bool,
}

/// Whether floats may be added up one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Any,
    Kept,
}

/// Gives how many turns run at once, or why that cannot be; reasons complete "because …".
fn vectorise(
    function: &mut Function,
    loops: &mut Loops,
    id: Id<Loop>,
    outside: Outside,
    order: Order,
) -> Result<u32, &'static str> {
    let Loop { head, blocks, .. } = loops.all[id].clone();
    let cold = Cold::new(function, loops, id, outside.is_rare)?;
    let mut definitions = Definitions::all(function);
    let inside = loops.makes(function, id);
    let inner = loops.inner(id);
    let nest = Nest::new(function, loops, id, &inside);
    let counters =
        (inner.iter()).filter_map(|inner| steady_counter(function, loops, *inner, &definitions, &inside)).collect();
    let counters = Counters { all: counters };
    let counter = Counter::new(function, loops, id, &definitions, &inside)
        .ok_or("it does not count to a number that is known before it")?;
    let Terminator::Branch { condition, then, otherwise } = function.blocks[head].terminator.clone() else {
        return Err("it does not end at its head");
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
    if !ends_by_counter || inside[counter.stop.index()] && definitions.number(counter.stop).is_none() {
        return Err("more than its counter ends it");
    }
    if counter.step != 1 {
        return Err("its counter does not rise by 1");
    }
    let predecessors = function.predecessors();
    let entered = predecessors[head].iter().filter(|from| !loops.contains(id, **from)).count();
    if entered == 0 {
        return Err("it never runs");
    }
    let before = loops.entrance(function, id, &predecessors).ok_or("an exception leads into it")?;
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
    let given = Given { inside: &inside, nest: &nest, counter: &counter, start };
    let linears = Linears { definitions: &definitions, given, moving, strides };
    let mut straight = straighten(function, loops, id, &body, &linears, &cold)
        .ok_or("it is left in its middle, or an index does not move with its counter")?;
    let Linears { moving, strides, .. } = linears;
    straight.insts().for_each(|inst| definitions.note(inst));
    let carried = (params.iter().enumerate())
        .map(|(at, param)| carried(function, *param, at, &counter, &moving, &mut straight, &mut definitions))
        .collect::<Option<Vec<_>>>()
        .ok_or("a turn needs what the turn before it computed")?;
    let linears = Linears { definitions: &definitions, given, moving, strides };
    let plan = Plan { linears, straight, carried, enter, before, head, counters };
    let needed = plan.needed(order).ok_or("a turn needs what the turn before it computed")?;
    let ranges = plan.ranges(function, needed.counter);
    let scattered = plan.scattered(&needed, &ranges, outside.data_end)?;
    let tests = Tests::new(&plan.straight, &plan.linears, &plan.counters, scattered)
        .ok_or("what it stores does not lie side by side")?;
    let least = plan.least();
    let words = Words {
        needed: &needed.values,
        conditions: &plan.straight.conditions,
        ranges: &ranges,
        least: &least,
        counters: &plan.counters,
    };
    let blocks = function.blocks.len();
    for integers in [8, 16, 32, 64] {
        if let Some(turns) = plan.write(function, &needed, words, integers, &tests) {
            return Ok(turns);
        }
        function.blocks.truncate(blocks);
    }
    Err("something in it has no counterpart on vectors")
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
    /// Those of loops in the loop.
    counters: Counters,
}

impl Plan<'_> {
    /// Whether there are loops in the loop.
    fn is_nest(&self) -> bool {
        self.straight.loops().next().is_some()
    }

    fn stores(&self) -> bool {
        self.straight.insts().any(|inst| matches!(inst.kind, InstKind::Store { .. }))
    }

    /// What lanes have to hold; none where they are not worth it.
    fn needed(&self, order: Order) -> Option<Needed> {
        let mut needed = IdMap::default();
        let mut reads_counter = false;
        let mut open: Vec<Id<Value>> = Vec::new();
        // What each value is made of.
        let mut made: IdMap<Value, Vec<Id<Value>>> = IdMap::default();
        for inst in self.straight.insts() {
            if let Some(result) = inst.result() {
                let mut operands = Vec::new();
                let is_steady = |kind: &InstKind| match kind {
                    InstKind::Load { kind, address, .. } => self.linears.of(*address, kind.bytes()).is_some(),
                    _ => false,
                };
                if !is_steady(&inst.kind) {
                    inst.kind.for_each_operand(|operand| operands.push(operand));
                }
                made.insert(result, operands);
            }
            if let InstKind::Store { value, .. } = inst.kind {
                open.push(value);
            }
        }
        for inner in self.straight.loops() {
            for carry in &inner.carried {
                made.insert(carry.param, vec![carry.first, carry.next]);
            }
            if let Some(active) = &inner.active {
                open.push(active.next);
                for left in &active.left {
                    made.insert(left.behind, vec![left.next, left.last]);
                }
            }
        }
        open.extend(&self.straight.leaves);
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
            if value == self.linears.given.counter.param {
                reads_counter = true;
                continue;
            }
            if !self.linears.varies(value) || needed.contains(value) {
                continue;
            }
            needed.insert(value, ());
            // Parameters of the head are carried from turn to turn: no lane has them.
            let operands = made.get(value)?;
            work += u32::from(!operands.is_empty());
            open.extend(operands);
        }
        // One addition after the other takes its time, whatever there is to add.
        let is_worth_it = !ordered || self.is_nest() || order == Order::Kept && work >= 1;
        is_worth_it.then_some(Needed { values: needed, counter: reads_counter })
    }

    /// What integers of the straight line can be.
    fn ranges(&self, function: &Function, reads_counter: bool) -> IdMap<Value, Interval> {
        let mut ranges: IdMap<Value, Interval> = IdMap::default();
        if reads_counter {
            // A test before the loop sees to that.
            ranges.insert(self.linears.given.counter.param, Interval::full(Width::W32));
        }
        for inst in self.straight.insts() {
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

    /// The constants of the module that are read at places which do not move with the counter; none if other memory is.
    /// An address that begins in a constant and is read behind them all is that of a lane that nobody looks at.
    fn scattered(
        &self,
        needed: &Needed,
        ranges: &IdMap<Value, Interval>,
        data_end: u32,
    ) -> Result<Option<(Linear, u32)>, &'static str> {
        const ELSEWHERE: &str = "it reads at places that do not move with its counter";
        let mut all: Option<Interval> = None;
        for inst in self.straight.insts() {
            let InstKind::Load { kind, address, offset } = inst.kind else { continue };
            if !needed.values.contains(inst.results[0]) || self.linears.of(address, kind.bytes()).is_some() {
                continue;
            }
            let range = ranges.get(address).filter(|_| !self.is_nest()).ok_or(ELSEWHERE)?;
            let Interval { low, high } = *range;
            let (first, end) = (low + i64::from(offset), high + i64::from(offset + kind.bytes()));
            let data = i64::from(abi::DATA_START)..i64::from(data_end);
            if !data.contains(&first) || end > i64::from(data_end + abi::PAGE) {
                return Err(ELSEWHERE);
            }
            let place = Interval::new(first, end.min(data.end));
            all = Some(all.map_or(place, |all| all.join(place)));
        }
        Ok(all.map(|Interval { low, high }| (Linear::constant(low as i32), (high - low) as u32)))
    }

    /// Writes the loop of vectors with integers of so many bits, if it can be written; gives how many turns run at once.
    fn write(
        &self,
        function: &mut Function,
        needed: &Needed,
        words: Words,
        integers: u32,
        tests: &Tests,
    ) -> Option<u32> {
        let lanes = 128 / self.widest(function, needed, integers)?;
        if lanes < 2 || (integers < 64 && lanes * integers < 64) {
            return None;
        }
        let work = needed.values.iter().count() as u32;
        let copies = match work {
            // Nothing may be stored before it is known whether a turn is left to the loop as it was.
            _ if !self.straight.leaves.is_empty() && self.stores() => 1,
            0..=8 if tests.each.is_empty() => MOST_COPIES,
            0..=20 => 2,
            21..=40 if self.is_nest() => 2,
            _ => 1,
        };
        let turns = lanes * copies;
        // Loops in the loop run for all copies side by side.
        let at_once = if self.is_nest() { turns } else { lanes };
        if tests.before.iter().any(|test| test.fails(at_once)) {
            return None;
        }
        // The loop as it was comes back after each turn.
        let comes_back = !tests.each.is_empty() || !self.straight.leaves.is_empty();
        let span = self.straight.insts().next().map_or(function.span, |inst| inst.span);
        let types: Vec<_> = self.enter.args.iter().map(|arg| function.values[*arg].ty).collect();
        let params: Vec<_> = types.iter().map(|ty| function.value(*ty)).collect();
        let Given { counter: &Counter { at, compare, stop, .. }, start, .. } = self.linears.given;
        let counter = params[at];
        let mut writer = Writer::new(function, &self.linears, words, (integers, lanes, copies), (counter, span));
        let vector_head = writer.function.blocks.push(Block::default());

        // The parameters of the loop of vectors behind those of the loop: for each that gathers one with lanes a copy, so
        // that no copy waits for another.
        let mut gathered: Vec<(Id<Value>, Id<Value>)> = Vec::new();
        let mut next = params.clone();
        for carried in &self.carried {
            if let Carried::Gathers(op, _) = carried {
                let kind = InstKind::Const(repeated(neutral(*op)));
                let first = writer.push_before(kind, Type::V128);
                gathered.extend((0..copies).map(|_| (writer.function.value(Type::V128), first)));
            }
        }
        let mut sums: Vec<_> = gathered.iter().map(|(lanes, _)| *lanes).collect();
        if self.is_nest() {
            writer.parts(&self.straight.parts)?;
        }
        for copy in 0..copies {
            writer.select(copy);
            if let [Part::Line(line)] = &self.straight.parts[..] {
                writer.line(line, &self.straight.leaves)?;
            }
            let mut at_gathered = copy as usize;
            for (at, carried) in self.carried.iter().enumerate() {
                match *carried {
                    Carried::Gathers(op, joined) => {
                        if matches!(op.result(), Type::I32 | Type::I64) && integers != op.result().size() * 8 {
                            return None;
                        }
                        let vector = writer.vector(joined)?;
                        let op = in_lanes(op)?;
                        sums[at_gathered] = writer.binary(op, sums[at_gathered], vector);
                        at_gathered += copies as usize;
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
        writer.leave();
        for (at, carried) in self.carried.iter().enumerate() {
            let (value, by) = match carried {
                Carried::Counter => (counter, i64::from(turns)),
                Carried::Moves(by) => (params[at], by.wrapping_mul(i64::from(turns))),
                Carried::Follows(by) => (counter, i64::from(turns - 1).wrapping_add(*by)),
                Carried::Gathers(..) | Carried::Adds(..) => continue,
            };
            next[at] = Code { function: writer.function, insts: &mut writer.body, span }.plus(value, by);
        }
        next.extend(&sums);
        writer.end(BlockCall { block: vector_head, args: next });

        // Before the loop.
        let mut all: Vec<_> = tests.before.iter().map(|test| test.write(&mut writer, start, at_once)).collect();
        let mut each = Vec::new();
        for ((place, bytes), store) in &tests.each {
            let place = writer.sum(&Linear { step: 0, ..place.clone() });
            let first = writer.sum(&Linear { step: 0, ..store.clone() });
            each.push((place, *bytes, first, store.step));
        }
        let mut made = std::mem::take(&mut writer.before);
        let (vector_body, exit) = (writer.first, writer.exit);
        let mut code = Code { function, insts: &mut made, span };
        let stop = code.outside(stop, self.linears.definitions);
        let limit = code.plus(stop, 1 - i64::from(turns));
        all.push(code.compare(Compare::LtS, limit, stop));
        all.push(code.compare(compare, start, limit));
        if needed.counter {
            let least = code.number(i64::from(i32::MIN));
            let most = code.number(i64::from(i32::MAX));
            all.push(code.compare(Compare::GeS, start, least));
            all.push(code.compare(Compare::LeS, stop, most));
        }
        for (stride, taken) in &*self.linears.strides.borrow() {
            let wide = code.function.values[*stride].ty == Type::I64;
            let taken = if wide { code.number(i64::from(*taken)) } else { code.word(*taken as u32) };
            all.push(code.binary(if wide { Binary::I64Eq } else { Binary::I32Eq }, *stride, taken));
        }
        let goes = all.into_iter().reduce(|left, right| code.binary(Binary::I32And, left, right))?;
        let mut firsts = self.enter.args.clone();
        firsts.extend(gathered.iter().map(|(_, first)| *first));

        let mut head_params = params.clone();
        head_params.extend(gathered.iter().map(|(lanes, _)| *lanes));
        let limit = if comes_back {
            // Where the loop as it was alone may run, no vector gets that far.
            let never = code.number(i64::MIN);
            code.push(InstKind::Select { condition: goes, then: limit, otherwise: never }, Type::I64)
        } else {
            limit
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
        let mut copies_of = gathered.chunks(copies as usize);
        for (at, carried) in self.carried.iter().enumerate() {
            if let Carried::Gathers(op, _) = *carried {
                let mut vectors = copies_of.next().expect("each has one a copy").iter().map(|(lanes, _)| *lanes);
                let mut vector = vectors.next().expect("there is a copy");
                for other in vectors {
                    vector = code.binary(in_lanes(op)?, vector, other);
                }
                let mut all = params[at];
                for lane in 0..lanes {
                    let one = code.push(InstKind::Unary(extract(op.operand(), lane)?, vector), op.result());
                    all = code.binary(op, all, one);
                }
                left[at] = all;
            }
        }
        function.blocks[exit] = Block {
            params: Vec::new(),
            insts: exit_insts,
            terminator: Terminator::Jump(BlockCall { block: self.head, args: left }),
            rare: false,
        };
        let terminator = Terminator::Branch {
            condition: goes_on,
            then: BlockCall { block: vector_body, args: Vec::new() },
            otherwise: BlockCall { block: exit, args: Vec::new() },
        };
        function.blocks[vector_head] = Block { params: head_params, insts: head_insts, terminator, rare: false };
        let begin = BlockCall { block: vector_head, args: firsts };
        if comes_back {
            function.blocks[self.before].terminator = Terminator::Jump(begin);
            let own = [self.before, exit];
            for block in function.blocks.ids().filter(|block| !own.contains(block)) {
                let edges = function.blocks[block].terminator.edges_mut();
                for edge in edges.filter(|edge| edge.block == self.head) {
                    edge.block = vector_head;
                    edge.args.extend(gathered.iter().map(|(_, first)| *first));
                }
            }
        } else {
            function.blocks[self.before].terminator =
                Terminator::Branch { condition: goes, then: begin, otherwise: self.enter.clone() };
        }
        function.blocks[self.before].insts.append(&mut made);
        Some(turns)
    }

    /// The bits of the widest lane; none where nothing is in lanes.
    fn widest(&self, function: &Function, needed: &Needed, integers: u32) -> Option<u32> {
        let bits = |ty: Type| match ty {
            Type::F32 => 32,
            Type::F64 => 64,
            Type::I32 | Type::I64 | Type::V128 => integers,
        };
        let lanes = needed.values.iter().filter(|(value, ())| !self.straight.conditions.contains(value));
        let values = lanes.map(|(value, ())| match self.linears.definitions.get(value) {
            // A condition has the lanes of what it compares.
            Definition::Binary(op, ..) if compares(op) => bits(op.operand()),
            _ => bits(function.values[value].ty),
        });
        let stores = self.straight.insts().filter_map(|inst| match inst.kind {
            InstKind::Store { kind, .. } => Some(bits(kind.ty())),
            _ => None,
        });
        let gathered = self.carried.iter().filter_map(|carried| match carried {
            Carried::Gathers(op, _) => Some(bits(op.result())),
            _ => None,
        });
        values.chain(stores).chain(gathered).chain(needed.counter.then_some(integers)).max()
    }

    /// For addresses that differ by a constant the least constant.
    fn least(&self) -> Vec<(Linear, i32)> {
        let mut least: Vec<(Linear, i32)> = Vec::new();
        for inst in self.straight.insts() {
            let (address, offset, bytes) = match inst.kind {
                InstKind::Load { kind, address, offset } => (address, offset, kind.bytes()),
                InstKind::Store { kind, address, offset, .. } => (address, offset, kind.bytes()),
                _ => continue,
            };
            let Some(at) = self.linears.of(address, bytes) else { continue };
            let at = at.offset(offset);
            let group = Linear { constant: 0, ..at.clone() };
            match least.iter_mut().find(|(known, _)| *known == group) {
                Some((_, least)) => *least = (*least).min(at.constant),
                None => least.push((group, at.constant)),
            }
        }
        least
    }
}

/// A scalar in every lane.
fn repeated(value: Const) -> Const {
    let (bits, width) = match value {
        Const::I32(value) => (u128::from(value as u32), 32),
        Const::I64(value) => (u128::from(value as u64), 64),
        Const::F32(bits) => (u128::from(bits), 32),
        Const::F64(bits) => (u128::from(bits), 64),
        Const::V128(bits) => return Const::V128(bits),
    };
    Const::V128((0..128 / width).fold(0, |all, at| all | bits << (at * width)))
}
