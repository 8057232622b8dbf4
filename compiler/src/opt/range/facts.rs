//! What is known of two values beside each other: that one is at most the other plus a constant.
//! In: comparisons that hold. Out: comparisons that follow.
//!
//! Facts hold in a part of the dominator tree and are taken back when the walk leaves it. The graph of differences is
//! that of Bodík, Gupta and Sarkar's "ABCD: Eliminating Array Bounds Checks on Demand" (2000), searched to a small
//! depth.

use crate::arena::{Id, IdMap};
use crate::ssa::Value;

/// A value plus a constant, computed without wrapping around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) base: Id<Value>,
    pub(super) constant: i64,
}

/// The facts at a place in the function.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// For each value what it is at most.
    at_most: IdMap<Value, Vec<Sum>>,
    log: Vec<(usize, Id<Value>)>,
}

/// Steps from fact to fact.
const DEPTH: u32 = 3;
/// Facts that are looked at for each value: the latest.
const WIDTH: usize = 8;

impl Facts {
    /// How many facts there are: to get back here by [`Self::roll_back`].
    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Takes back what came after `mark` from instructions at `index` and behind.
    pub(super) fn roll_back(&mut self, mark: usize, index: usize) {
        while self.log.len() > mark
            && let Some((_, value)) = self.log.pop_if(|(at, _)| *at >= index)
        {
            self.at_most[value].pop();
        }
    }

    /// Notes that `left <= right + more`.
    pub(super) fn add(&mut self, left: Sum, right: Sum, more: i64, index: usize) {
        if left.base == right.base {
            return;
        }
        let constant = i128::from(right.constant) + i128::from(more) - i128::from(left.constant);
        let Ok(constant) = i64::try_from(constant) else { return };
        let fact = Sum { base: right.base, constant };
        match self.at_most.get_mut(left.base) {
            Some(facts) => facts.push(fact),
            None => {
                self.at_most.insert(left.base, vec![fact]);
            }
        }
        self.log.push((index, left.base));
    }

    /// Whether `left <= right + more` follows.
    pub(super) fn implies(&self, left: Sum, right: Sum, more: i64) -> bool {
        let room = i128::from(right.constant) + i128::from(more) - i128::from(left.constant);
        self.reaches(left.base, right.base, room, DEPTH)
    }

    /// Whether `from <= to + room` follows.
    fn reaches(&self, from: Id<Value>, to: Id<Value>, room: i128, depth: u32) -> bool {
        if from == to {
            return room >= 0;
        }
        if depth == 0 {
            return false;
        }
        let Some(facts) = self.at_most.get(from) else { return false };
        facts
            .iter()
            .rev()
            .take(WIDTH)
            .any(|fact| self.reaches(fact.base, to, room - i128::from(fact.constant), depth - 1))
    }
}
