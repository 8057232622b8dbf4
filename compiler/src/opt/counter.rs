//! Loops that count: which parameter of the head does, how far a turn takes it, and where it stops. In: a loop.
//! Out: `Counter`.

use super::integer::{Compare, Op, Width, split};
use super::simplify::{Definition, Definitions};
use crate::arena::Id;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Binary, Block, Function, Terminator, Value};

/// What a turn may add to an index, in steps of the counter.
pub(super) const STEEPEST: u64 = 1 << 20;

/// The parameter of a loop's head that counts its turns.
pub(super) struct Counter {
    pub(super) head: Id<Block>,
    /// Its place among the parameters.
    pub(super) at: usize,
    pub(super) param: Id<Value>,
    /// What a turn adds to it.
    pub(super) step: i64,
    /// The loop goes on while it is less, at most, greater, or at least …
    pub(super) compare: Compare,
    /// … this.
    pub(super) stop: Id<Value>,
}

impl Counter {
    /// The counter of a loop: its head goes on while the counter is on one side of a value that stays the same, and every
    /// turn adds the same number, which leads to the other side.
    pub(super) fn new(
        function: &Function,
        loops: &Loops,
        id: Id<Loop>,
        definitions: &Definitions,
        inside: &[bool],
    ) -> Option<Self> {
        let Loop { head, blocks, .. } = &loops.all[id];
        let head = *head;
        let Terminator::Branch { condition, then, otherwise } = &function.blocks[head].terminator else { return None };
        let holds = match (loops.contains(id, then.block), loops.contains(id, otherwise.block)) {
            (true, false) => true,
            (false, true) => false,
            _ => return None,
        };
        // Exceptions that are caught in the loop would get into it without the head's test.
        if function.blocks[head]
            .insts
            .iter()
            .any(|inst| inst.kind.side_edge().is_some_and(|(to, ..)| loops.contains(id, to)))
        {
            return None;
        }
        let mut conditions = vec![*condition];
        while let Some(condition) = conditions.pop() {
            let Definition::Binary(op, left, right) = definitions.get(condition) else { continue };
            if op == Binary::I32And && holds && definitions.is_bool(left) && definitions.is_bool(right) {
                conditions.extend([right, left]);
                continue;
            }
            let Some((Width::W64, Op::Compare(compare))) = split(op) else { continue };
            let compare = if holds { compare } else { compare.inverse() };
            for (param, stop, compare) in [(left, right, compare), (right, left, compare.swapped())] {
                let Some(at) = function.blocks[head].params.iter().position(|other| *other == param) else { continue };
                if inside[stop.index()] && definitions.number(stop).is_none() {
                    continue;
                }
                let Some(step) = step(function, blocks, head, at, definitions) else { continue };
                let leads_out = match compare {
                    Compare::LtS | Compare::LeS => step > 0,
                    Compare::GtS | Compare::GeS => step < 0,
                    _ => false,
                };
                if leads_out && step.unsigned_abs() <= STEEPEST {
                    return Some(Self { head, at, param, step, compare, stop });
                }
            }
        }
        None
    }
}

/// The counter of an inner loop that counts from and to the same numbers on every turn of the loop around it, which
/// makes what is `inside`, and the first of these numbers.
pub(super) fn steady_counter(
    function: &Function,
    loops: &Loops,
    inner: Id<Loop>,
    definitions: &Definitions,
    inside: &[bool],
) -> Option<(Counter, Id<Value>)> {
    let counter = Counter::new(function, loops, inner, definitions, &loops.makes(function, inner))?;
    let stays = |value: Id<Value>| !inside[value.index()] || definitions.number(value).is_some();
    let mut starts = (function.blocks.iter())
        .filter(|(block, _)| !loops.contains(inner, *block))
        .flat_map(|(_, block)| block.terminator.edges())
        .filter(|edge| edge.block == counter.head)
        .map(|edge| edge.args[counter.at]);
    let start = starts.next()?;
    (starts.next().is_none() && stays(start) && stays(counter.stop)).then_some((counter, start))
}

/// What every turn adds to a parameter of the loop's head.
pub(super) fn step(
    function: &Function,
    blocks: &[Id<Block>],
    head: Id<Block>,
    at: usize,
    definitions: &Definitions,
) -> Option<i64> {
    let param = function.blocks[head].params[at];
    let mut step = None;
    for block in blocks.iter().map(|block| &function.blocks[*block]) {
        if block.insts.iter().any(|inst| inst.kind.side_edge().is_some_and(|(to, ..)| to == head)) {
            return None;
        }
        for edge in block.terminator.edges().filter(|edge| edge.block == head) {
            let by = match definitions.get(edge.args[at]) {
                Definition::Binary(Binary::I64Add, left, right) if left == param => definitions.number(right)?,
                Definition::Binary(Binary::I64Add, left, right) if right == param => definitions.number(left)?,
                Definition::Binary(Binary::I64Sub, left, right) if left == param => {
                    definitions.number(right)?.checked_neg()?
                }
                _ => return None,
            };
            if *step.get_or_insert(by) != by {
                return None;
            }
        }
    }
    step
}
