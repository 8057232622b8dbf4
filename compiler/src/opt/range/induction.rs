//! How a loop changes the parameters of its head, and what comes of it. In: what enters the loop, what its turns add.
//! Out: bounds of the turns, and of what a parameter can be.
//!
//! ```text
//! jump b1(v8, v8)                ; v8 = 0
//! b1(v1: i64, v2: i64):          ; v1 rises by 1 and stays below 2^32: there are at most 2^32 turns,
//!   …                            ; so that v2, which rises by 1 at most, is no more than 2^32
//! ```

use super::interval::Interval;
use crate::arena::Id;
use crate::ssa::Value;

/// A parameter of a loop's head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Induction {
    /// What it can be when the loop is entered.
    entry: Interval,
    /// The one value that it begins with.
    first: Option<Id<Value>>,
    /// What a turn adds to it; none where that is not known.
    change: Option<Interval>,
    /// Whether a turn was seen.
    turned: bool,
}

impl Induction {
    /// One that begins with `value`.
    pub(super) fn new(value: Id<Value>, range: Interval) -> Self {
        Self { entry: range, first: Some(value), change: Some(Interval::only(0)), turned: false }
    }

    /// One of which nothing is known.
    pub(super) fn unknown(range: Interval) -> Self {
        Self { entry: range, first: None, change: None, turned: true }
    }

    /// Takes in another way into the loop.
    pub(super) fn enter(&mut self, value: Id<Value>, range: Interval) {
        self.entry = self.entry.join(range);
        self.first = self.first.filter(|first| *first == value);
    }

    /// Takes in a way round the loop.
    pub(super) fn turn(&mut self, change: Option<Interval>) {
        self.change = if self.turned { self.change.zip(change).map(|(a, b)| a.join(b)) } else { change };
        self.turned = true;
    }

    /// What it never gets below.
    pub(super) fn least(&self) -> Option<Id<Value>> {
        self.first.filter(|_| self.change.is_some_and(|change| change.low >= 0))
    }

    /// What it never gets above.
    pub(super) fn greatest(&self) -> Option<Id<Value>> {
        self.first.filter(|_| self.change.is_some_and(|change| change.high <= 0))
    }

    /// How many turns there are at most, where `range` is all that it can be.
    pub(super) fn turns(&self, range: Interval) -> Option<i128> {
        let change = self.change?;
        let way = |from: i64, to: i64, step: i128| (i128::from(to) - i128::from(from)).max(0) / step;
        if change.low > 0 {
            Some(way(self.entry.low, range.high, change.low.into()))
        } else if change.high < 0 {
            Some(way(range.low, self.entry.high, -i128::from(change.high)))
        } else {
            None
        }
    }

    /// What it can be after so many turns at most.
    pub(super) fn reach(&self, turns: i128) -> Option<Interval> {
        let change = self.change?;
        let low = i128::from(self.entry.low) + turns.checked_mul(i128::from(change.low.min(0)))?;
        let high = i128::from(self.entry.high) + turns.checked_mul(i128::from(change.high.max(0)))?;
        Some(Interval::new(i64::try_from(low).ok()?, i64::try_from(high).ok()?))
    }
}
