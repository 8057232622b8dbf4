//! Whether turns of a loop may run at once: what they store must not be what another turn reads or stores. In: the
//! straight line of a loop. Out: `Tests`, what has to be tested before the loop or for every vector.

use super::code::Code;
use super::linear::{Linear, Linears};
use super::straight::Straight;
use super::write::Writer;
use crate::arena::Id;
use crate::opt::counter::Counter;
use crate::opt::integer::Compare;
use crate::ssa::{Binary, InstKind, Type, Unary, Value};

/// Tests that may be made before a loop.
const MOST_TESTS: usize = 24;
/// Turns of the loop of vectors that are written one behind the other, at most.
pub(super) const MOST_COPIES: u32 = 4;

/// What has to hold before the loop, for so many turns at once.
pub(super) enum Test {
    /// The second of two accesses of the loop's text is this far behind the first, and moves as it does: no lane of
    /// it may touch what a later lane of the first touches.
    Apart { behind: Linear, step: u32 },
    /// All turns find it in memory.
    InMemory { at: Linear, bytes: u32 },
    /// All that one accesses is apart from all that the other does.
    Disjoint { places: [(Linear, u32); 2] },
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
        let Counter { stop, compare, .. } = *writer.linears.counter;
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
                let sums = places.clone().map(|(at, bytes)| {
                    let first = Linear { step: 0, ..at.clone() };
                    (writer.sum(&first), at.step, bytes)
                });
                let last = last(writer);
                let mut code = Code { function: writer.function, insts: &mut writer.before, span };
                code.are_disjoint(sums, start, last)
            }
        }
    }
}

impl Tests {
    /// What has to be tested so that lanes may run at once; none where that is certain not to hold.
    pub(super) fn new(straight: &Straight, linears: &Linears) -> Option<Self> {
        struct Access {
            at: Linear,
            bytes: u32,
            stores: bool,
        }
        let mut accesses: Vec<Access> = Vec::new();
        for inst in &straight.insts {
            let (address, offset, bytes, stores) = match inst.kind {
                InstKind::Load { kind, address, offset } => (address, offset, kind.bytes(), false),
                InstKind::Store { kind, address, offset, .. } => (address, offset, kind.bytes(), true),
                _ => continue,
            };
            let at = linears.of(address, bytes)?.offset(offset);
            if stores && at.step != bytes as i32 {
                return None;
            }
            accesses.push(Access { at, bytes, stores });
        }
        let mut tests = Self { before: Vec::new(), each: Vec::new() };
        let mut apart: Vec<(Linear, u32)> = Vec::new();
        for (index, second) in accesses.iter().enumerate() {
            for first in accesses[..index].iter().filter(|first| first.stores || second.stores) {
                if first.at.step == second.at.step && first.bytes == second.bytes {
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
        let skipped = straight.skipped.iter().cloned();
        tests.before.extend(skipped.map(|(at, bytes)| Test::InMemory { at, bytes }));
        tests.before.extend(apart.into_iter().map(|(behind, step)| Test::Apart { behind, step }));
        (tests.before.len() + tests.each.len() <= MOST_TESTS).then_some(tests)
    }
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
