//! Addresses as sums. In: a value of a loop. Out: `Linear`, what it is in terms of the loop's counter and of values
//! that stay the same, or none.

use super::nest::Nest;
use crate::arena::Id;
use crate::opt::counter::Counter;
use crate::opt::simplify::{Definition, Definitions};
use crate::ssa::{Binary, Unary, Value};
use std::cell::RefCell;

/// Instructions from an address to what it is made of.
const DEPTH: u32 = 16;
/// Summands that an address may have.
const MOST_TERMS: usize = 8;

/// `terms + counter * step + constant`, in 32 bits that wrap around as addresses do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Linear {
    /// Values that are the same on all turns that run at once (64-bit ones count with their low half) and their
    /// factors, ordered.
    pub(super) terms: Vec<(Id<Value>, i32)>,
    /// What a turn of the loop adds.
    pub(super) step: i32,
    pub(super) constant: i32,
}

impl Linear {
    pub(super) fn constant(constant: i32) -> Self {
        Self { terms: Vec::new(), step: 0, constant }
    }

    fn value(value: Id<Value>) -> Self {
        Self { terms: vec![(value, 1)], step: 0, constant: 0 }
    }

    fn plus(mut self, other: &Self, factor: i32) -> Option<Self> {
        for (value, times) in &other.terms {
            let times = times.wrapping_mul(factor);
            match self.terms.binary_search_by_key(value, |(value, _)| *value) {
                Ok(at) => {
                    self.terms[at].1 = self.terms[at].1.wrapping_add(times);
                    if self.terms[at].1 == 0 {
                        self.terms.remove(at);
                    }
                }
                Err(at) => self.terms.insert(at, (*value, times)),
            }
        }
        self.step = self.step.wrapping_add(other.step.wrapping_mul(factor));
        self.constant = self.constant.wrapping_add(other.constant.wrapping_mul(factor));
        (self.terms.len() <= MOST_TERMS).then_some(self)
    }

    /// This and a constant.
    pub(super) fn offset(mut self, by: u32) -> Self {
        self.constant = self.constant.wrapping_add(by as i32);
        self
    }

    /// How far this is behind another address.
    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        self.clone().plus(other, -1)
    }
}

/// A loop of which several turns are to run at once.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    /// Whether each value is made in the loop.
    pub(super) inside: &'a [bool],
    /// What may differ between turns that run at once. In an innermost loop, all that it makes.
    pub(super) nest: &'a Nest,
    pub(super) counter: &'a Counter,
    /// What the counter is at first.
    pub(super) start: Id<Value>,
}

/// Finds sums in one loop.
pub(super) struct Linears<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) given: Given<'a>,
    /// The other parameters of the head that every turn adds a constant to, what they are at first, and that constant.
    pub(super) moving: Vec<(Id<Value>, Id<Value>, i64)>,
    /// Strides that only run time knows, and what they are taken for: a test before the loop sees to that.
    pub(super) strides: RefCell<Vec<(Id<Value>, i32)>>,
}

impl Linears<'_> {
    /// The sum that the address of an access of `bytes` is. A stride that is not known is taken to be that.
    pub(super) fn of(&self, address: Id<Value>, bytes: u32) -> Option<Linear> {
        let sum = self.find(address, bytes, DEPTH)?;
        let mut steps = Vec::new();
        self.find_steps(address, DEPTH, &mut steps);
        // Of several strides, the last one given is that of the last dimension: it alone can be expected to be the size
        // of an item, if that is not the step of another index anyway.
        let last = steps.iter().filter_map(|(step, _)| step.err()).max();
        let is_taken = steps.iter().any(|(step, varies)| !varies && *step == Ok(i64::from(bytes)));
        let is_expected = |step: &Result<i64, Id<Value>>| step.is_ok() || !is_taken && step.err() == last;
        steps.iter().all(|(step, varies)| !varies || is_expected(step)).then_some(sum)
    }

    /// What indices that the loop makes are multiplied by in an address, a number or a stride that only run time knows;
    /// and whether the index varies.
    fn find_steps(&self, value: Id<Value>, depth: u32, steps: &mut Vec<(Result<i64, Id<Value>>, bool)>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match self.definitions.get(value) {
            Definition::Unary(_, operand) => self.find_steps(operand, depth, steps),
            Definition::Binary(op, left, right) => {
                let is_product = matches!(op, Binary::I32Mul | Binary::I64Mul);
                let is_shift = matches!(op, Binary::I32Shl | Binary::I64Shl);
                for (index, step) in [(left, right), (right, left)] {
                    self.find_steps(index, depth, steps);
                    if self.is_outside(index) || self.definitions.number(index).is_some() {
                        continue;
                    }
                    match self.definitions.number(step) {
                        Some(times) if is_product => steps.push((Ok(times), self.varies(index))),
                        Some(by @ 0..32) if is_shift && step == right => steps.push((Ok(1 << by), self.varies(index))),
                        None if is_product && self.is_outside(step) => steps.push((Err(step), self.varies(index))),
                        _ => {}
                    }
                }
            }
            Definition::Opaque | Definition::Const(_) | Definition::Select(..) => {}
        }
    }

    /// Whether a value may differ between turns that run at once.
    pub(super) fn varies(&self, value: Id<Value>) -> bool {
        self.given.nest.varies.get(value.index()).copied().unwrap_or(true)
            && !matches!(self.definitions.get(value), Definition::Const(_))
    }

    /// Whether a value is made before the loop.
    pub(super) fn is_outside(&self, value: Id<Value>) -> bool {
        !self.given.inside.get(value.index()).copied().unwrap_or(true)
    }

    /// Whether a sum has nothing that an inner loop changes.
    pub(super) fn is_steady(&self, sum: &Linear) -> bool {
        sum.terms.iter().all(|(value, _)| self.is_outside(*value))
    }

    fn find(&self, value: Id<Value>, bytes: u32, depth: u32) -> Option<Linear> {
        if value == self.given.counter.param {
            return Some(Linear { terms: Vec::new(), step: 1, constant: 0 });
        }
        if let Some((_, first, by)) = self.moving.iter().find(|(param, ..)| *param == value) {
            // It has moved as often as the counter.
            let moved = Linear { terms: vec![(self.given.start, -1)], step: 1, constant: 0 };
            return Linear::value(*first).plus(&moved, *by as i32);
        }
        let stays = || (!self.varies(value)).then(|| Linear::value(value));
        let Some(depth) = depth.checked_sub(1) else { return stays() };
        let sum = match self.definitions.get(value) {
            Definition::Const(_) => self.definitions.number(value).map(|number| Linear::constant(number as i32)),
            Definition::Unary(Unary::I32WrapI64 | Unary::I64ExtendI32S | Unary::I64ExtendI32U, operand) => {
                self.find(operand, bytes, depth)
            }
            Definition::Binary(Binary::I32Add | Binary::I64Add, left, right) => {
                (self.find(left, bytes, depth)).and_then(|left| left.plus(&self.find(right, bytes, depth)?, 1))
            }
            Definition::Binary(Binary::I32Sub | Binary::I64Sub, left, right) => {
                (self.find(left, bytes, depth)).and_then(|left| left.plus(&self.find(right, bytes, depth)?, -1))
            }
            Definition::Binary(Binary::I32Mul | Binary::I64Mul, left, right) => {
                match (self.definitions.number(left), self.definitions.number(right)) {
                    (_, Some(times)) => self.scaled(left, times as i32, bytes, depth),
                    (Some(times), None) => self.scaled(right, times as i32, bytes, depth),
                    (None, None) => self.strided(left, right, bytes, depth),
                }
            }
            Definition::Binary(Binary::I32Shl | Binary::I64Shl, left, right) => (self.definitions.number(right))
                .filter(|by| (0..32).contains(by))
                .and_then(|by| self.scaled(left, 1 << by, bytes, depth)),
            Definition::Opaque | Definition::Unary(..) | Definition::Binary(..) | Definition::Select(..) => None,
        };
        sum.or_else(stays)
    }

    fn scaled(&self, value: Id<Value>, times: i32, bytes: u32, depth: u32) -> Option<Linear> {
        Linear::constant(0).plus(&self.find(value, bytes, depth)?, times)
    }

    /// A product of something that moves with the counter and a stride.
    fn strided(&self, left: Id<Value>, right: Id<Value>, bytes: u32, depth: u32) -> Option<Linear> {
        let (moving, stride) = if self.is_outside(right) { (left, right) } else { (right, left) };
        if !self.is_outside(stride) || !self.varies(moving) {
            return None;
        }
        let mut strides = self.strides.borrow_mut();
        let known = strides.iter().find(|(value, _)| *value == stride).map(|(_, taken)| *taken);
        let taken = known.unwrap_or(bytes as i32);
        if known.is_none() {
            strides.push((stride, taken));
        }
        drop(strides);
        self.scaled(moving, taken, bytes, depth)
    }
}
