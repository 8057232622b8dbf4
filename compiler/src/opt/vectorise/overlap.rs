//! Whether turns of a loop may run at once: what they store must not be what another turn reads or stores. In: the
//! straight line of a loop. Out: `Tests`, what has to be tested before the loop or for every vector.
//!
//! Where there are loops in the loop, what one turn stores last comes before what another turn reads first, so that
//! places that move alike have to be apart both ways; and what an inner loop reads is taken from end to end.

use super::code::Code;
use super::linear::{Linear, Linears};
use super::straight::Straight;
use super::write::Writer;
use crate::arena::Id;
use crate::opt::counter::Counter;
use crate::opt::integer::Compare;
use crate::opt::simplify::Definition;
use crate::ssa::{Binary, InstKind, Type, Unary, Value};

/// Tests that may be made before a loop.
const MOST_TESTS: usize = 24;
/// Turns of the loop of vectors that are written one behind the other, at most.
pub(super) const MOST_COPIES: u32 = 4;

/// What has to hold before the loop, for so many turns at once.
#[derive(PartialEq)]
pub(super) enum Test {
    /// The second of two accesses of the loop's text is this far behind the first, and moves as it does: no lane of
    /// it may touch what a later lane of the first touches.
    Apart { behind: Linear, step: u32 },
    /// All turns find it in memory.
    InMemory { at: Linear, bytes: u32 },
    /// All that one accesses is apart from all that the other does.
    Disjoint { places: [Place; 2] },
}

/// What an access of the loop's text touches.
#[derive(Clone, PartialEq)]
pub(super) struct Place {
    at: Linear,
    bytes: u32,
    /// The counters of inner loops that summands of the address move with, by the summand.
    moves: Vec<(Id<Value>, usize)>,
}

/// Tests before the loop, and those of every vector: a place that stays the same and one that is stored to.
pub(super) struct Tests {
    pub(super) before: Vec<Test>,
    pub(super) each: Vec<((Linear, u32), Linear)>,
}

impl Test {
    /// Whether it is certain to fail with so many lanes.
    pub(super) fn fails(&self, lanes: u32) -> bool {
        match self {
            Self::Apart { behind, step } => {
                behind.terms.is_empty() && behind.constant > 0 && (behind.constant as u32) < lanes * step
            }
            Self::InMemory { .. } | Self::Disjoint { .. } => false,
        }
    }

    /// Writes the test before the loop.
    pub(super) fn write(&self, writer: &mut Writer, start: Id<Value>, lanes: u32) -> Id<Value> {
        let span = writer.span;
        let Counter { stop, compare, .. } = *writer.linears.given.counter;
        let definitions = writer.linears.definitions;
        let last = |writer: &mut Writer| {
            let mut code = Code { function: writer.function, insts: &mut writer.before, span };
            let stop = code.outside(stop, definitions);
            code.plus(stop, -i64::from(compare == Compare::LtS))
        };
        match self {
            Self::InMemory { at, bytes } => {
                let first = writer.sum(&Linear { step: 0, ..at.clone() });
                let last = last(writer);
                let mut code = Code { function: writer.function, insts: &mut writer.before, span };
                code.is_in_memory((first, at.step, *bytes), start, last)
            }
            Self::Apart { behind, step } => {
                let behind = writer.sum(&Linear { step: 0, ..behind.clone() });
                Code { function: writer.function, insts: &mut writer.before, span }.is_apart(behind, lanes * step)
            }
            Self::Disjoint { places } => {
                let last = last(writer);
                let ends = places.each_ref().map(|place| place.ends(writer, start, last));
                let mut code = Code { function: writer.function, insts: &mut writer.before, span };
                let before = code.compare(Compare::LeS, ends[0].1, ends[1].0);
                let behind = code.compare(Compare::LeS, ends[1].1, ends[0].0);
                code.binary(Binary::I32Or, before, behind)
            }
        }
    }
}

impl Tests {
    /// What has to be tested so that lanes may run at once; none where that is certain not to hold. `counters` are those
    /// of inner loops.
    /// `scattered` is what is read at places that do not move with the counter.
    pub(super) fn new(
        straight: &Straight,
        linears: &Linears,
        counters: &Counters,
        scattered: Option<(Linear, u32)>,
    ) -> Option<Self> {
        struct Access {
            at: Linear,
            bytes: u32,
            stores: bool,
        }
        let mut accesses: Vec<Access> = Vec::new();
        for inst in straight.insts() {
            let (address, offset, bytes, stores) = match inst.kind {
                InstKind::Load { kind, address, offset } => (address, offset, kind.bytes(), false),
                InstKind::Store { kind, address, offset, .. } => (address, offset, kind.bytes(), true),
                _ => continue,
            };
            let Some(at) = linears.of(address, bytes) else { continue };
            let at = at.offset(offset);
            // Where an inner loop moves what it stores to, turns may store to the same place one after the other.
            if stores && (at.step != bytes as i32 || !linears.is_steady(&at)) {
                return None;
            }
            accesses.push(Access { at, bytes, stores });
        }
        let mut tests = Self { before: Vec::new(), each: Vec::new() };
        for store in accesses.iter().filter(|access| access.stores) {
            let places = scattered.clone().map(|place| [place, (store.at.clone(), store.bytes)]);
            let places = places.map(|places| places.map(|(at, bytes)| Place { at, bytes, moves: Vec::new() }));
            tests.before.extend(places.map(|places| Test::Disjoint { places }));
        }
        let mut apart: Vec<(Linear, u32)> = Vec::new();
        let is_nest = straight.loops().next().is_some();
        let place = |access: &Access| {
            let inside = access.at.terms.iter().filter(|(value, _)| !linears.is_outside(*value));
            let moves = inside.map(|(value, _)| Some((*value, counters.of(*value, linears)?)));
            Some(Place { at: access.at.clone(), bytes: access.bytes, moves: moves.collect::<Option<_>>()? })
        };
        for (index, second) in accesses.iter().enumerate() {
            for first in accesses[..index].iter().filter(|first| first.stores || second.stores) {
                let are_steady = linears.is_steady(&first.at) && linears.is_steady(&second.at);
                let move_alike = first.at.step == second.at.step && first.bytes == second.bytes;
                if is_nest && are_steady && move_alike {
                    for (one, other) in [(first, second), (second, first)] {
                        let behind = one.at.minus(&other.at)?;
                        if behind != Linear::default() && !apart.iter().any(|(known, _)| *known == behind) {
                            apart.push((behind, one.at.step as u32));
                        }
                    }
                } else if is_nest {
                    let test = Test::Disjoint { places: [place(first)?, place(second)?] };
                    if !tests.before.contains(&test) {
                        tests.before.push(test);
                    }
                } else if first.at.step == second.at.step && first.bytes == second.bytes {
                    let behind = second.at.minus(&first.at)?;
                    if behind.terms.is_empty() {
                        // As many turns behind as to matter for the shortest vector and the longest alike.
                        let most = 16 * first.bytes as i32 * MOST_COPIES as i32;
                        if behind.constant > 0 && behind.constant < most {
                            apart.push((behind, second.at.step as u32));
                        }
                    } else if !apart.iter().any(|(known, _)| *known == behind) {
                        apart.push((behind, second.at.step as u32));
                    }
                } else {
                    let (store, other) = if first.stores { (first, second) } else { (second, first) };
                    if other.at.step == 0 && !other.stores {
                        let pair = ((other.at.clone(), other.bytes), store.at.clone());
                        if !tests.each.contains(&pair) {
                            tests.each.push(pair);
                        }
                    } else {
                        tests.before.push(Test::Disjoint { places: [place(other)?, place(store)?] });
                    }
                }
            }
        }
        let skipped = straight.skipped.iter().cloned();
        tests.before.extend(skipped.map(|(at, bytes)| Test::InMemory { at, bytes }));
        tests.before.extend(apart.into_iter().map(|(behind, step)| Test::Apart { behind, step }));
        (tests.before.len() + tests.each.len() <= MOST_TESTS).then_some(tests)
    }
}

impl Place {
    /// From where and up to where it is accessed while the counter goes from `start` to `last`.
    fn ends(&self, writer: &mut Writer, start: Id<Value>, last: Id<Value>) -> (Id<Value>, Id<Value>) {
        let Self { at, bytes, moves } = self;
        let linears = writer.linears;
        let (inside, outside) = at.terms.iter().partition(|(value, _)| moves.iter().any(|(moves, _)| moves == value));
        let base = writer.sum(&Linear { terms: outside, step: 0, constant: at.constant });
        let span = writer.span;
        let counters = writer.counters_inside;
        let mut code = Code { function: writer.function, insts: &mut writer.before, span };
        let inside: Vec<(Id<Value>, i32)> = inside;
        let (mut base, mut ways) = (base, Vec::new());
        for ((value, times), (_, counter)) in inside.into_iter().zip(moves) {
            // What it is at first, and what it gains when the counter rises by 1.
            let (first, length) = counters.ends(*counter, &mut code, linears);
            let param = counters.all[*counter].0.param;
            let second = code.plus(first, 1);
            let times = code.word(times as u32);
            let [first, second] = [first, second].map(|at| {
                let mut summand = code.copy(value, (param, at), linears);
                if code.function.values[summand].ty == Type::I64 {
                    summand = code.push(InstKind::Unary(Unary::I32WrapI64, summand), Type::I32);
                }
                code.binary(Binary::I32Mul, summand, times)
            });
            base = code.binary(Binary::I32Add, base, first);
            let gain = code.binary(Binary::I32Sub, second, first);
            let gain = code.push(InstKind::Unary(Unary::I64ExtendI32S, gain), Type::I64);
            ways.push(code.binary(Binary::I64Mul, gain, length));
        }
        let factor = code.number(i64::from(at.step));
        let [first, last] = [start, last].map(|at| {
            let moved = code.binary(Binary::I64Mul, at, factor);
            let moved = code.push(InstKind::Unary(Unary::I32WrapI64, moved), Type::I32);
            let address = code.binary(Binary::I32Add, base, moved);
            code.push(InstKind::Unary(Unary::I64ExtendI32U, address), Type::I64)
        });
        let (mut low, mut high) = if at.step < 0 { (last, first) } else { (first, last) };
        high = code.plus(high, i64::from(*bytes));
        for way in ways {
            let zero = code.number(0);
            let falls = code.compare(Compare::LtS, way, zero);
            let down = code.push(InstKind::Select { condition: falls, then: way, otherwise: zero }, Type::I64);
            let up = code.push(InstKind::Select { condition: falls, then: zero, otherwise: way }, Type::I64);
            low = code.binary(Binary::I64Add, low, down);
            high = code.binary(Binary::I64Add, high, up);
        }
        (low, high)
    }
}

/// The counters of inner loops that always count from and to the same numbers, with the first number.
pub(super) struct Counters {
    pub(super) all: Vec<(Counter, Id<Value>)>,
}

impl Counters {
    /// The one counter that a summand moves with in even steps; any, if it stays the same.
    fn of(&self, value: Id<Value>, linears: &Linears) -> Option<usize> {
        let at = match self.motion(value, linears)? {
            Motion::None => 0,
            Motion::With(at) => at,
        };
        (at < self.all.len()).then_some(at)
    }

    fn motion(&self, value: Id<Value>, linears: &Linears) -> Option<Motion> {
        if let Some(at) = self.all.iter().position(|(counter, _)| counter.param == value) {
            return Some(Motion::With(at));
        }
        if linears.is_outside(value) {
            return Some(Motion::None);
        }
        match linears.definitions.get(value) {
            Definition::Const(_) => Some(Motion::None),
            Definition::Unary(Unary::I32WrapI64 | Unary::I64ExtendI32S | Unary::I64ExtendI32U, operand) => {
                self.motion(operand, linears)
            }
            Definition::Binary(op, left, right) => {
                let motions = (self.motion(left, linears)?, self.motion(right, linears)?);
                match (op, motions) {
                    (Binary::I32Add | Binary::I64Add | Binary::I32Sub | Binary::I64Sub, (left, right))
                        if left == right =>
                    {
                        Some(left)
                    }
                    (Binary::I32Shl | Binary::I64Shl, (left, Motion::None)) => Some(left),
                    (
                        Binary::I32Add
                        | Binary::I64Add
                        | Binary::I32Sub
                        | Binary::I64Sub
                        | Binary::I32Mul
                        | Binary::I64Mul,
                        (Motion::None, one) | (one, Motion::None),
                    ) => Some(one),
                    (_, (Motion::None, Motion::None)) => Some(Motion::None),
                    _ => None,
                }
            }
            Definition::Opaque | Definition::Unary(..) | Definition::Select(..) => None,
        }
    }

    /// Where a counter begins, and how far it is from there to where it ends.
    fn ends(&self, counter: usize, code: &mut Code, linears: &Linears) -> (Id<Value>, Id<Value>) {
        let (Counter { compare, stop, .. }, start) = &self.all[counter];
        let [start, stop] = [*start, *stop].map(|value| code.outside(value, linears.definitions));
        let last = code.plus(
            stop,
            match compare {
                Compare::LtS => -1,
                Compare::GtS => 1,
                _ => 0,
            },
        );
        (start, code.binary(Binary::I64Sub, last, start))
    }
}

/// What a summand moves with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Motion {
    None,
    /// This counter of an inner loop.
    With(usize),
}

/// The tests themselves.
impl Code<'_> {
    /// Whether the second of two places is not between the first and `length` bytes behind it, but may be the first.
    fn is_apart(&mut self, behind: Id<Value>, length: u32) -> Id<Value> {
        let one = self.word(1);
        let less = self.binary(Binary::I32Sub, behind, one);
        let least = self.word(length - 1);
        self.binary(Binary::I32GeU, less, least)
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
    pub(super) fn misses(
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
