//! Writes a turn of a loop for several values of the counter at once. In: the straight line of the loop. Out: its
//! blocks, or none where an instruction has no counterpart on vectors. Values are written by `lanes`, conditions by
//! `masks`, and accesses by `memory`.

mod lanes;
mod masks;
mod memory;

use super::inner::{Inner, Part};
use super::linear::{Linear, Linears};
use super::overlap::Counters;
use super::straight::is_condition;
use crate::arena::{Id, IdMap};
use crate::opt::hash::Table;
use crate::opt::range::interval::Interval;
use crate::opt::simplify::Definition;
use crate::source::Span;
use crate::ssa::{Binary, Block, BlockCall, Const, Function, Inst, InstKind, Terminator, Type, Unary, Value};

/// How a loop in the loop carries a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carries {
    Nothing,
    Scalar,
    Vectors,
    Masks,
}

/// Writes turns of one loop.
pub(super) struct Writer<'a> {
    pub(super) function: &'a mut Function,
    pub(super) linears: &'a Linears<'a>,
    /// What each integer of the straight line can be.
    pub(super) ranges: &'a IdMap<Value, Interval>,
    /// Bits of a lane with an integer.
    pub(super) integers: u32,
    /// Turns that a vector stands for.
    pub(super) lanes: u32,
    /// The counter in the loop of vectors: that of the first turn.
    pub(super) counter: Id<Value>,
    /// The vector of turns that is written now; all of them stand side by side in one turn of the loop of vectors.
    copy: usize,
    /// Values that lanes have to hold, and conditions that loops in the loop carry.
    needed: &'a IdMap<Value, ()>,
    conditions: &'a [Id<Value>],
    /// Those of loops in the loop.
    pub(super) counters_inside: &'a Counters,
    /// What runs once, before the loop.
    pub(super) before: Vec<Inst>,
    /// The block that is written: what runs on every turn of the loop of vectors begins with `first`.
    pub(super) body: Vec<Inst>,
    block: Id<Block>,
    pub(super) first: Id<Block>,
    /// Where the loop of vectors is left.
    pub(super) exit: Id<Block>,
    /// The least constant of the addresses that differ by a constant only.
    pub(super) least: &'a [(Linear, i32)],
    pub(super) span: Span,
    splats: Table<(Id<Value>, u32), Id<Value>>,
    sums: Vec<(Linear, Id<Value>)>,
    known: Known,
    /// See [`Self::pairs`].
    pairs: Vec<(Id<Value>, u32)>,
    /// On which lanes turns are left to the loop as it was, where that is still to be tested.
    left: Option<Id<Value>>,
}

/// What has been written where the block that is written can read it.
#[derive(Clone, Default)]
struct Known {
    /// By copy.
    lanes: Vec<Lanes>,
    /// What stands for values that are the same on all turns that run at once, and these in every lane.
    scalars: Table<Id<Value>, Id<Value>>,
    splats: Table<(Id<Value>, u32), Id<Value>>,
    pointers: Vec<(Linear, Id<Value>)>,
}

/// The lanes of values, by their bits.
#[derive(Clone, Default)]
struct Lanes {
    vectors: Table<(Id<Value>, u32), Id<Value>>,
    masks: Table<(Id<Value>, u32), Id<Value>>,
    /// The items of pairs that have been read.
    rows: Table<(Id<Value>, u32), Id<Value>>,
}

/// Values in the words of the loop: what lanes have to hold, and what is a condition.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) needed: &'a IdMap<Value, ()>,
    pub(super) conditions: &'a [Id<Value>],
    pub(super) ranges: &'a IdMap<Value, Interval>,
    pub(super) least: &'a [(Linear, i32)],
    pub(super) counters: &'a Counters,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        function: &'a mut Function,
        linears: &'a Linears<'a>,
        words: Words<'a>,
        (integers, lanes, copies): (u32, u32, u32),
        (counter, span): (Id<Value>, Span),
    ) -> Self {
        let Words { needed, conditions, ranges, least, counters } = words;
        let [first, exit] = [(); 2].map(|()| function.blocks.push(Block::default()));
        let known = Known { lanes: vec![Lanes::default(); copies as usize], ..Known::default() };
        Self {
            function,
            linears,
            ranges,
            integers,
            lanes,
            counter,
            copy: 0,
            needed,
            conditions,
            counters_inside: counters,
            before: Vec::new(),
            body: Vec::new(),
            block: first,
            first,
            exit,
            least,
            span,
            splats: Table::default(),
            sums: Vec::new(),
            known,
            pairs: Vec::new(),
            left: None,
        }
    }

    /// Goes on with what is written for a vector of turns.
    pub(super) fn select(&mut self, copy: u32) {
        self.copy = copy as usize;
    }

    /// Turns of the loop before those that are written now, counted from the counter.
    fn turn(&self) -> u32 {
        self.copy as u32 * self.lanes
    }

    /// Writes the turns of the selected copy: what is read and written, in its order; the rest comes where it is needed.
    /// They are left to the loop as it was if one of the conditions `leaves` holds on one of them, which is tested before
    /// anything is stored; if nothing is, see [`Self::leave`].
    pub(super) fn line(&mut self, insts: &[Inst], leaves: &[Id<Value>]) -> Option<()> {
        self.pairs = self.pairs(insts);
        let mut leaves = leaves;
        for inst in insts {
            self.span = inst.span;
            match inst.kind {
                InstKind::Load { kind, address, offset } if self.needed.contains(inst.results[0]) => {
                    let vector = match self.linears.of(address, kind.bytes()) {
                        Some(at) => self.load(kind, &at.offset(offset), inst.results[0])?,
                        None => self.scattered(kind, (address, offset), inst.results[0])?,
                    };
                    let bits = self.bits_of(inst.results[0]);
                    self.known.lanes[self.copy].vectors.insert((inst.results[0], bits), vector);
                }
                InstKind::Store { kind, address, offset, value } => {
                    let at = self.linears.of(address, kind.bytes())?.offset(offset);
                    self.note_left(std::mem::take(&mut leaves))?;
                    self.leave();
                    self.store(kind, &at, value)?;
                }
                _ => {}
            }
        }
        self.note_left(leaves)
    }

    fn note_left(&mut self, leaves: &[Id<Value>]) -> Option<()> {
        for condition in leaves {
            let mask = self.mask(*condition, 128 / self.lanes)?;
            self.left = Some(self.left.map_or(mask, |left| self.binary(Binary::V128Or, left, mask)));
        }
        Some(())
    }

    /// Leaves the loop of vectors before these turns where that was noted for any lane.
    pub(super) fn leave(&mut self) {
        if let Some(any) = self.left.take() {
            let condition = self.unary(Unary::V128AnyTrue, any);
            let next = self.function.blocks.push(Block::default());
            let [then, otherwise] = [self.exit, next].map(|block| BlockCall { block, args: Vec::new() });
            self.end_block(Terminator::Branch { condition, then, otherwise }, next);
        }
    }

    /// Writes all copies of a turn with loops in it: everything where it stands, since what is computed in a loop is not
    /// there behind it.
    pub(super) fn parts(&mut self, parts: &[Part]) -> Option<()> {
        for part in parts {
            match part {
                Part::Line(insts) => self.eager_line(insts)?,
                Part::Loop(inner) => self.inner(inner)?,
            }
        }
        Some(())
    }

    fn eager_line(&mut self, insts: &[Inst]) -> Option<()> {
        for copy in 0..self.known.lanes.len() {
            self.copy = copy;
            for inst in insts {
                self.span = inst.span;
                match inst.result() {
                    Some(result) if !self.linears.varies(result) => {
                        if copy == 0 && !matches!(inst.kind, InstKind::Const(_)) {
                            self.scalar_inst(inst, result);
                        }
                    }
                    Some(result) if !matches!(inst.kind, InstKind::Load { .. }) => {
                        if self.needed.contains(result) && !self.is_condition(result) {
                            self.vector(result)?;
                        }
                    }
                    _ => self.line(std::slice::from_ref(inst), &[])?,
                }
            }
        }
        Some(())
    }

    /// Computes what is the same on all turns.
    fn scalar_inst(&mut self, inst: &Inst, result: Id<Value>) {
        let mut kind = inst.kind.clone();
        kind.map_operands(|operand| self.scalar(operand));
        let copy = self.push(kind, self.ty(result));
        self.known.scalars.insert(result, copy);
    }

    /// What stands for a value that is the same on all turns that run at once.
    fn scalar(&mut self, value: Id<Value>) -> Id<Value> {
        match self.definition(value) {
            Definition::Const(constant) => self.constant(constant),
            _ => self.known.scalars.get(&value).copied().unwrap_or(value),
        }
    }

    /// Ends the block that is written; another one follows.
    fn end_block(&mut self, terminator: Terminator, next: Id<Block>) {
        let block = &mut self.function.blocks[self.block];
        block.insts = std::mem::take(&mut self.body);
        block.terminator = terminator;
        self.block = next;
    }

    /// Ends the turn.
    pub(super) fn end(&mut self, jump: BlockCall) {
        self.end_block(Terminator::Jump(jump), self.first);
    }

    /// How a loop carries or leaves a value: one scalar, or vectors; nothing where nobody needs it.
    fn carries(&self, value: Id<Value>) -> Carries {
        if !self.linears.varies(value) {
            Carries::Scalar
        } else if self.conditions.contains(&value) {
            Carries::Masks
        } else if self.needed.contains(value) {
            Carries::Vectors
        } else {
            Carries::Nothing
        }
    }

    /// What is passed on for a value that is carried as `carries` says.
    fn passed(&mut self, carries: Carries, value: Id<Value>) -> Option<Vec<Id<Value>>> {
        let copies = 0..self.known.lanes.len();
        Some(match carries {
            Carries::Nothing => Vec::new(),
            Carries::Scalar => vec![self.scalar(value)],
            Carries::Vectors | Carries::Masks => {
                let mut all = Vec::new();
                for copy in copies {
                    self.copy = copy;
                    all.push(match carries {
                        Carries::Masks => self.mask(value, 128 / self.lanes)?,
                        _ => self.vector(value)?,
                    });
                }
                all
            }
        })
    }

    /// Parameters of a block for a value.
    fn params(&mut self, carries: Carries, value: Id<Value>) -> Vec<Id<Value>> {
        match carries {
            Carries::Nothing => Vec::new(),
            Carries::Scalar => {
                let param = self.function.value(self.ty(value));
                self.known.scalars.insert(value, param);
                vec![param]
            }
            Carries::Vectors | Carries::Masks => {
                let bits = if carries == Carries::Masks { 128 / self.lanes } else { self.bits_of(value) };
                let mut all = Vec::new();
                for copy in 0..self.known.lanes.len() {
                    let param = self.function.value(Type::V128);
                    let Lanes { vectors, masks, .. } = &mut self.known.lanes[copy];
                    let known = if carries == Carries::Masks { masks } else { vectors };
                    known.insert((value, bits), param);
                    all.push(param);
                }
                all
            }
        }
    }

    /// Writes a loop for all copies.
    fn inner(&mut self, inner: &Inner) -> Option<()> {
        let [head, behind] = [(); 2].map(|()| self.function.blocks.push(Block::default()));
        let mut args = Vec::new();
        let carried: Vec<_> = inner.carried.iter().map(|carry| (self.carries(carry.param), carry)).collect();
        for (carries, carry) in &carried {
            args.extend(self.passed(*carries, carry.first)?);
        }
        self.end_block(Terminator::Jump(BlockCall { block: head, args }), head);
        let before = self.known.clone();
        let mut params = Vec::new();
        for (carries, carry) in &carried {
            params.extend(self.params(*carries, carry.param));
        }
        self.function.blocks[head].params = params;
        self.eager_line(&inner.head)?;
        let at_head = self.known.clone();
        let left = inner.active.as_ref().map_or(&[][..], |active| &active.left);
        let left: Vec<_> = left.iter().map(|left| (self.carries(left.behind), left)).collect();
        if let Some((condition, holds)) = inner.test {
            let condition = self.scalar(condition);
            let [body, end] = [(); 2].map(|()| self.function.blocks.push(Block::default()));
            let [then, otherwise] =
                if holds { [body, end] } else { [end, body] }.map(|block| BlockCall { block, args: Vec::new() });
            self.end_block(Terminator::Branch { condition, then, otherwise }, end);
            self.eager_line(&inner.at_end)?;
            let mut args = Vec::new();
            for (carries, left) in &left {
                args.extend(self.passed(*carries, left.last)?);
            }
            self.end_block(Terminator::Jump(BlockCall { block: behind, args }), body);
            self.known = at_head.clone();
        }
        self.parts(&inner.body)?;
        let mut args = Vec::new();
        for (carries, carry) in &carried {
            args.extend(self.passed(*carries, carry.next)?);
        }
        let again = BlockCall { block: head, args };
        let Some(active) = &inner.active else {
            self.end_block(Terminator::Jump(again), behind);
            // Values of the head are those of the last time.
            self.known = at_head;
            return Some(());
        };
        let masks = self.passed(Carries::Masks, active.next)?;
        let any = masks.into_iter().reduce(|one, other| self.binary(Binary::V128Or, one, other))?;
        let condition = self.unary(Unary::V128AnyTrue, any);
        let mut args = Vec::new();
        for (carries, left) in &left {
            args.extend(self.passed(*carries, left.next)?);
        }
        let otherwise = BlockCall { block: behind, args };
        self.end_block(Terminator::Branch { condition, then: again, otherwise }, behind);
        if inner.test.is_some() {
            self.known = before;
            let mut params = Vec::new();
            for (carries, left) in &left {
                params.extend(self.params(*carries, left.behind));
            }
            self.function.blocks[behind].params = params;
        }
        Some(())
    }

    fn push(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.body.push(Inst::new(kind, vec![result], self.span));
        result
    }

    pub(super) fn push_before(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.before.push(Inst::new(kind, vec![result], self.span));
        result
    }

    pub(super) fn unary(&mut self, op: Unary, value: Id<Value>) -> Id<Value> {
        self.push(InstKind::Unary(op, value), op.result())
    }

    pub(super) fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.push(InstKind::Binary(op, left, right), op.result())
    }

    fn constant(&mut self, value: Const) -> Id<Value> {
        self.push(InstKind::Const(value), value.ty())
    }

    fn shuffle(&mut self, bytes: [u8; 16], left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.push(InstKind::Shuffle { bytes, left, right }, Type::V128)
    }

    fn definition(&self, value: Id<Value>) -> Definition {
        self.linears.definitions.get(value)
    }

    pub(super) fn is_condition(&self, value: Id<Value>) -> bool {
        self.conditions.contains(&value) || is_condition(self.definition(value), |value| self.is_condition(value))
    }

    /// Whether a value is the same on every turn.
    pub(super) fn is_uniform(&self, value: Id<Value>) -> bool {
        !self.linears.varies(value)
    }
}
