//! Writes a turn of a loop for several values of the counter at once. In: the straight line of the loop. Out: its
//! blocks, or none where an instruction has no counterpart on vectors.
//!
//! Integers are as narrow as their use allows: all of a loop have lanes of one width, in which each is either right
//! in its low bits (which is enough for sums and for narrow stores) or right altogether (which comparisons need).

use super::carried::extract;
use super::inner::{Inner, Part};
use super::linear::{Linear, Linears};
use super::overlap::Counters;
use super::straight::{compares, is_condition};
use crate::arena::{Id, IdMap};
use crate::opt::hash::Table;
use crate::opt::integer::{Compare, Op, Width, join, split};
use crate::opt::range::interval::Interval;
use crate::opt::simplify::Definition;
use crate::source::Span;
use crate::ssa::{
    Binary, Block, BlockCall, Const, Function, Inst, InstKind, LoadKind, Shape, StoreKind, Terminator, Type, Unary,
    Value,
};

/// Lanes that may be read one by one.
const MOST_GATHERED: u32 = 4;

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

    /// An address in a table without the constant in it, which goes to the offset.
    fn place(&self, address: Id<Value>, offset: u32) -> (Id<Value>, u32) {
        if let Definition::Binary(Binary::I32Add, left, right) = self.definition(address) {
            for (base, constant) in [(left, right), (right, left)] {
                let constant = self.linears.definitions.number(constant).and_then(|number| u32::try_from(number).ok());
                if let Some(all) = constant.and_then(|constant| constant.checked_add(offset))
                    && self.range(base).is_natural()
                {
                    return (base, all);
                }
            }
        }
        (address, offset)
    }

    /// Where two items of a row of a table, which are read anyway, lie side by side: the address, and the offset of the
    /// first.
    fn pairs(&self, insts: &[Inst]) -> Vec<(Id<Value>, u32)> {
        let mut items: Vec<_> = (insts.iter())
            .filter_map(|inst| match inst.kind {
                InstKind::Load { kind: kind @ (LoadKind::F64 | LoadKind::I64), address, offset }
                    if self.needed.contains(inst.results[0]) && self.linears.of(address, kind.bytes()).is_none() =>
                {
                    Some(self.place(address, offset))
                }
                _ => None,
            })
            .collect();
        crate::order::sort(&mut items);
        items.dedup();
        let mut pairs = Vec::new();
        let mut items = items.into_iter().peekable();
        while let Some((address, offset)) = items.next() {
            if items.next_if_eq(&(address, offset + 8)).is_some() {
                pairs.push((address, offset));
            }
        }
        pairs
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

    fn ty(&self, value: Id<Value>) -> Type {
        self.function.values[value].ty
    }

    /// Bits of the lanes that hold a value.
    fn bits_of(&self, value: Id<Value>) -> u32 {
        match self.ty(value) {
            Type::F32 => 32,
            Type::F64 => 64,
            Type::I32 | Type::I64 | Type::V128 => self.integers,
        }
    }

    fn range(&self, value: Id<Value>) -> Interval {
        if let Some(number) = self.linears.definitions.number(value) {
            return Interval::only(number);
        }
        self.ranges.get(value).copied().unwrap_or(Interval::of(self.ty(value)))
    }

    /// Whether lanes of these bits hold the integer itself if they are read with a sign.
    fn fits_signed(&self, value: Id<Value>, bits: u32) -> bool {
        bits >= width(self.ty(value)).bits() || {
            let Interval { low, high } = self.range(value);
            low >= -(1 << (bits - 1)) && high < 1 << (bits - 1)
        }
    }

    /// Whether lanes of these bits hold the integer itself if they are read without a sign.
    fn fits_unsigned(&self, value: Id<Value>, bits: u32) -> bool {
        let Interval { low, high } = self.range(value);
        low >= 0 && (bits >= 63 || high < 1 << bits)
    }

    /// The lanes of a value that is no condition.
    pub(super) fn vector(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        let bits = self.bits_of(value);
        if let Some(&known) = self.known.lanes[self.copy].vectors.get(&(value, bits)) {
            return Some(known);
        }
        let vector = if self.is_uniform(value) {
            return self.splat(value, bits);
        } else if value == self.linears.given.counter.param {
            self.counters()?
        } else if self.is_condition(value) {
            let mask = self.mask(value, bits)?;
            let one = self.all(bits, 1);
            self.binary(Binary::V128And, mask, one)
        } else {
            match self.definition(value) {
                Definition::Unary(op, operand) => self.of_unary(op, operand)?,
                Definition::Binary(op, left, right) => match split(op) {
                    Some((_, op)) => self.of_integers(value, op, left, right)?,
                    None => self.of_floats(op, left, right)?,
                },
                Definition::Select(condition, then, otherwise) => self.of_select(condition, then, otherwise)?,
                Definition::Const(_) | Definition::Opaque => return None,
            }
        };
        self.known.lanes[self.copy].vectors.insert((value, bits), vector);
        Some(vector)
    }

    /// A constant of integers, or of the bits of floats, in every lane.
    fn all(&mut self, bits: u32, value: u64) -> Id<Value> {
        let lane = u128::from(value) & ((1 << bits) - 1);
        let all = (0..128 / bits).fold(0, |all, at| all | lane << (at * bits));
        self.constant(Const::V128(all))
    }

    /// A value from before the loop, in every lane.
    pub(super) fn splat(&mut self, value: Id<Value>, bits: u32) -> Option<Id<Value>> {
        if let Definition::Const(constant) = self.definition(value) {
            let value = match constant {
                Const::I32(value) => i64::from(value) as u64,
                Const::I64(value) => value as u64,
                Const::F32(bits) => u64::from(bits),
                Const::F64(bits) => bits,
                Const::V128(_) => return None,
            };
            return Some(self.all(bits, value));
        }
        if !self.linears.is_outside(value) {
            if let Some(&known) = self.known.splats.get(&(value, bits)) {
                return Some(known);
            }
            let scalar = self.scalar(value);
            let splat = self.splat_here(scalar, bits);
            self.known.splats.insert((value, bits), splat);
            return Some(splat);
        }
        if let Some(&known) = self.splats.get(&(value, bits)) {
            return Some(known);
        }
        let (scalar, shape) = match (self.ty(value), bits) {
            (Type::F32, _) => (value, Shape::F32x4),
            (Type::F64, _) => (value, Shape::F64x2),
            (Type::I32, 64) => {
                (self.push_before(InstKind::Unary(Unary::I64ExtendI32S, value), Type::I64), Shape::I64x2)
            }
            (Type::I64, 8 | 16 | 32) => {
                let low = self.push_before(InstKind::Unary(Unary::I32WrapI64, value), Type::I32);
                (low, Shape::integers(bits))
            }
            (Type::I32 | Type::I64, _) => (value, Shape::integers(bits)),
            (Type::V128, _) => return None,
        };
        let splat = self.push_before(InstKind::Unary(shape.splat(), scalar), Type::V128);
        self.splats.insert((value, bits), splat);
        Some(splat)
    }

    /// The counter on each of the turns.
    fn counters(&mut self) -> Option<Id<Value>> {
        let bits = self.integers;
        let first = if bits == 64 { self.counter } else { self.unary(Unary::I32WrapI64, self.counter) };
        let first = self.unary(Shape::integers(bits).splat(), first);
        let turn = self.turn();
        let turns = (0..self.lanes).fold(0, |all, at| all | u128::from(at + turn) << (at * bits));
        if u64::from(self.turn() + self.lanes) > (1 << (bits - 1)) {
            return None;
        }
        let turns = self.constant(Const::V128(turns));
        self.of_op(Op::Add, first, turns)
    }

    /// An operation on lanes of integers.
    fn of_op(&mut self, op: Op, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
        let width = if self.integers == 64 { Width::W64 } else { Width::W32 };
        let op = join(width, op).in_lanes(Shape::integers(self.integers))?;
        Some(self.binary(op, left, right))
    }

    fn of_integers(&mut self, value: Id<Value>, op: Op, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
        let own = width(self.ty(value)).bits();
        let ranges = (self.range(left), self.range(right));
        match op {
            Op::Add | Op::Sub | Op::Mul => {
                // Wider lanes do not wrap around where the program does.
                if self.integers > own {
                    Interval::arithmetic(Width::W32, op, ranges.0, ranges.1)?;
                }
                let (left, right) = (self.vector(left)?, self.vector(right)?);
                self.of_op(op, left, right)
            }
            Op::And | Op::Or | Op::Xor => {
                let (left, right) = (self.vector(left)?, self.vector(right)?);
                let op = match op {
                    Op::And => Binary::V128And,
                    Op::Or => Binary::V128Or,
                    _ => Binary::V128Xor,
                };
                Some(self.binary(op, left, right))
            }
            Op::Shl | Op::ShrS | Op::ShrU => {
                let count = self.linears.definitions.number(right)?;
                let count = u32::try_from(count).ok().filter(|count| *count < self.integers.min(own))?;
                let fits = match op {
                    Op::Shl => self.integers <= own || ranges.0.high < 1 << (31 - count) && ranges.0.is_natural(),
                    Op::ShrS => self.fits_signed(left, self.integers),
                    _ => self.integers == own || self.fits_unsigned(left, self.integers),
                };
                // Without a sign, what is natural is shifted as it is; read with a sign it would have to fit.
                let op = if op == Op::ShrS && ranges.0.is_natural() { Op::ShrU } else { op };
                let fits = fits || (op == Op::ShrU && self.fits_unsigned(left, self.integers));
                if !fits {
                    return None;
                }
                let left = self.vector(left)?;
                let count = self.constant(Const::I32(count as i32));
                self.of_op(op, left, count)
            }
            Op::DivS | Op::DivU | Op::RemS | Op::RemU | Op::Rotl | Op::Compare(_) => None,
        }
    }

    fn of_floats(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
        let (shape, sign) = match op.operand() {
            Type::F32 => (Shape::F32x4, 1 << 31),
            Type::F64 => (Shape::F64x2, 1 << 63),
            Type::I32 | Type::I64 | Type::V128 => return None,
        };
        if matches!(op, Binary::F32Copysign | Binary::F64Copysign) {
            let (magnitude, signed) = (self.vector(left)?, self.vector(right)?);
            let mask = self.all(shape.bits(), sign);
            let kind = InstKind::Bitselect { mask, then: signed, otherwise: magnitude };
            return Some(self.push(kind, Type::V128));
        }
        let op = op.in_lanes(shape)?;
        let (left, right) = (self.vector(left)?, self.vector(right)?);
        Some(self.binary(op, left, right))
    }

    fn of_unary(&mut self, op: Unary, operand: Id<Value>) -> Option<Id<Value>> {
        let range = self.range(operand);
        if let Some(op) = [Shape::F32x4, Shape::F64x2].into_iter().find_map(|shape| op.in_lanes(shape)) {
            let operand = self.vector(operand)?;
            return Some(self.unary(op, operand));
        }
        match op {
            // Low bits stay, and wider lanes hold the same integer.
            Unary::I64ExtendI32S => self.vector(operand),
            Unary::I64ExtendI32U if self.integers <= 32 || range.is_natural() => self.vector(operand),
            Unary::I64ExtendI32U => {
                let (operand, low) = (self.vector(operand)?, self.all(64, u64::from(u32::MAX)));
                Some(self.binary(Binary::V128And, operand, low))
            }
            Unary::I32WrapI64 if self.integers <= 32 || Interval::full(Width::W32).contains(range) => {
                self.vector(operand)
            }
            Unary::I32Extend8S | Unary::I32Extend16S => {
                let from = if op == Unary::I32Extend8S { 8 } else { 16 };
                let operand = self.vector(operand)?;
                if self.integers <= from {
                    return Some(operand);
                }
                let count = self.constant(Const::I32((self.integers - from) as i32));
                let high = self.of_op(Op::Shl, operand, count)?;
                self.of_op(Op::ShrS, high, count)
            }
            Unary::F64PromoteF32 => {
                let operand = self.vector(operand)?;
                Some(self.unary(Unary::F64x2PromoteLowF32x4, operand))
            }
            Unary::F32DemoteF64 => {
                let operand = self.vector(operand)?;
                Some(self.unary(Unary::F32x4DemoteF64x2Zero, operand))
            }
            Unary::F64ConvertI32S | Unary::F64ConvertI64S => self.to_double(operand),
            Unary::F64ConvertI32U | Unary::F64ConvertI64U if range.is_natural() => self.to_double(operand),
            Unary::F32ConvertI32S | Unary::F32ConvertI64S => self.to_single(operand),
            Unary::F32ConvertI32U | Unary::F32ConvertI64U if range.is_natural() => self.to_single(operand),
            Unary::F64ReinterpretI64 | Unary::I64ReinterpretF64 if self.integers == 64 => self.vector(operand),
            Unary::F32ReinterpretI32 | Unary::I32ReinterpretF32 if self.integers == 32 => self.vector(operand),
            _ => None,
        }
    }

    /// The integers of a vector in lanes of 32 bits, the first ones where they are fewer.
    fn to_words(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        if !(self.integers <= 32 && self.fits_either(value) || Interval::full(Width::W32).contains(self.range(value))) {
            return None;
        }
        let vector = self.vector(value)?;
        self.resized(vector, self.integers, 32, value)
    }

    fn fits_either(&self, value: Id<Value>) -> bool {
        self.fits_signed(value, self.integers) || self.fits_unsigned(value, self.integers)
    }

    fn to_double(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        // 2^52 + 2^51, whose last digit is 1: to add an integer below 2^51 to its bits is to add it.
        const MAGIC: u64 = 0x4338_0000_0000_0000;
        let Interval { low, high } = self.range(value);
        if let Some(words) = self.to_words(value) {
            // Of 32 bits without a sign, only those that have one in no lane are read as they are.
            let unsigned = !Interval::full(Width::W32).contains(self.range(value));
            let op = if unsigned { Unary::F64x2ConvertLowI32x4U } else { Unary::F64x2ConvertLowI32x4S };
            return Some(self.unary(op, words));
        }
        if self.integers < 64 || self.ty(value) != Type::I64 {
            return None;
        }
        let vector = self.vector(value)?;
        if low >= -(1 << 51) && high < 1 << 51 {
            let magic = self.all(64, MAGIC);
            let sum = self.binary(Binary::I64x2Add, vector, magic);
            return Some(self.binary(Binary::F64x2Sub, sum, magic));
        }
        // The high half h as 2^84 + 2^63 + h * 2^32, the low half as 2^52 + l: what is taken from the first is exact, and
        // the sum is rounded once.
        let (low_half, low_bits) = (self.all(64, u64::from(u32::MAX)), self.all(64, 0x4330_0000_0000_0000));
        let (high_bits, both) = (self.all(64, 0x4530_0000_8000_0000), self.all(64, 0x4530_0000_8010_0000));
        let half = self.constant(Const::I32(32));
        let high = self.binary(Binary::I64x2ShrU, vector, half);
        let high = self.binary(Binary::V128Xor, high, high_bits);
        let high = self.binary(Binary::F64x2Sub, high, both);
        let low = self.binary(Binary::V128And, vector, low_half);
        let low = self.binary(Binary::V128Or, low, low_bits);
        Some(self.binary(Binary::F64x2Add, high, low))
    }

    fn to_single(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        let words = self.to_words(value)?;
        let unsigned = !Interval::full(Width::W32).contains(self.range(value));
        Some(self.unary(if unsigned { Unary::F32x4ConvertI32x4U } else { Unary::F32x4ConvertI32x4S }, words))
    }

    fn of_select(&mut self, condition: Id<Value>, then: Id<Value>, otherwise: Id<Value>) -> Option<Id<Value>> {
        let bits = self.bits_of(then);
        if let Definition::Binary(op, left, right) = self.definition(condition)
            && let Some(op) = picks(op, (left, right), (then, otherwise))
        {
            let (kept, other) = (self.vector(otherwise)?, self.vector(then)?);
            return Some(self.binary(op, kept, other));
        }
        // What is 0 in every bit is left out by `and`.
        let is_zero = |this: &Self, value| {
            matches!(
                this.definition(value),
                Definition::Const(Const::I32(0) | Const::I64(0) | Const::F32(0) | Const::F64(0))
            )
        };
        if is_zero(self, otherwise) {
            let (then, mask) = (self.vector(then)?, self.mask(condition, bits)?);
            return Some(self.binary(Binary::V128And, then, mask));
        }
        if is_zero(self, then) {
            let (otherwise, mask) = (self.vector(otherwise)?, self.mask(condition, bits)?);
            return Some(self.binary(Binary::V128AndNot, otherwise, mask));
        }
        let (then, otherwise) = (self.vector(then)?, self.vector(otherwise)?);
        let mask = self.mask(condition, bits)?;
        Some(self.push(InstKind::Bitselect { mask, then, otherwise }, Type::V128))
    }

    /// A condition: -1 in each lane of these bits where it holds, else 0.
    pub(super) fn mask(&mut self, value: Id<Value>, bits: u32) -> Option<Id<Value>> {
        if let Some(&known) = self.known.lanes[self.copy].masks.get(&(value, bits)) {
            return Some(known);
        }
        let mask = match self.definition(value) {
            Definition::Const(constant) => {
                let holds = !matches!(constant, Const::I32(0));
                self.all(bits, if holds { u64::MAX } else { 0 })
            }
            _ if self.is_uniform(value) => {
                if !self.linears.is_outside(value) {
                    let (scalar, zero) = (self.scalar(value), self.constant(Const::I32(0)));
                    let holds = self.binary(Binary::I32Ne, scalar, zero);
                    let all = self.binary(Binary::I32Sub, zero, holds);
                    return Some(self.splat_here(all, bits));
                }
                let zero = self.push_before(InstKind::Const(Const::I32(0)), Type::I32);
                let holds = self.push_before(InstKind::Binary(Binary::I32Ne, value, zero), Type::I32);
                let all = self.push_before(InstKind::Binary(Binary::I32Sub, zero, holds), Type::I32);
                self.splat_new(all, bits)
            }
            Definition::Unary(Unary::I32Eqz | Unary::I64Eqz, operand) => {
                if self.is_condition(operand) {
                    let mask = self.mask(operand, bits)?;
                    self.unary(Unary::V128Not, mask)
                } else {
                    self.compared_with_zero(operand, Compare::Eq, bits)?
                }
            }
            Definition::Binary(op, left, right) if compares(op) => {
                let (mask, from) = match split(op) {
                    Some((_, Op::Compare(compare))) => (self.compare(compare, left, right)?, self.integers),
                    _ => (self.of_floats(op, left, right)?, self.bits_of(left)),
                };
                self.mask_resized(mask, from, bits)
            }
            Definition::Binary(op @ (Binary::I32And | Binary::I32Or | Binary::I32Xor), left, right)
                if self.is_condition(value) =>
            {
                let (left, right) = (self.mask(left, bits)?, self.mask(right, bits)?);
                let op = match op {
                    Binary::I32And => Binary::V128And,
                    Binary::I32Or => Binary::V128Or,
                    _ => Binary::V128Xor,
                };
                self.binary(op, left, right)
            }
            Definition::Opaque if self.conditions.contains(&value) => {
                let wide = 128 / self.lanes;
                let mask = self.known.lanes[self.copy].masks.get(&(value, wide)).copied()?;
                self.mask_resized(mask, wide, bits)
            }
            _ => self.compared_with_zero(value, Compare::Ne, bits)?,
        };
        self.known.lanes[self.copy].masks.insert((value, bits), mask);
        Some(mask)
    }

    fn splat_new(&mut self, value: Id<Value>, bits: u32) -> Id<Value> {
        let (value, shape) = match bits {
            64 => (self.push_before(InstKind::Unary(Unary::I64ExtendI32S, value), Type::I64), Shape::I64x2),
            bits => (value, Shape::integers(bits)),
        };
        self.push_before(InstKind::Unary(shape.splat(), value), Type::V128)
    }

    fn compared_with_zero(&mut self, value: Id<Value>, compare: Compare, bits: u32) -> Option<Id<Value>> {
        if !self.fits_either(value) {
            return None;
        }
        let (vector, zero) = (self.vector(value)?, self.all(self.integers, 0));
        let mask = self.of_op(Op::Compare(compare), vector, zero)?;
        Some(self.mask_resized(mask, self.integers, bits))
    }

    fn compare(&mut self, compare: Compare, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
        let bits = self.integers;
        let signed = self.fits_signed(left, bits) && self.fits_signed(right, bits);
        let unsigned = self.fits_unsigned(left, bits) && self.fits_unsigned(right, bits);
        let natural = self.range(left).is_natural() && self.range(right).is_natural();
        let asks_sign = !matches!(compare, Compare::LtU | Compare::GtU | Compare::LeU | Compare::GeU);
        let own = width(self.ty(left)).bits();
        let compare = if matches!(compare, Compare::Eq | Compare::Ne) {
            (signed || unsigned).then_some(compare)?
        } else if signed && (asks_sign || natural) {
            compare.signed()
        } else if unsigned && bits < 64 {
            compare.unsigned()
        } else if !asks_sign && bits == own && bits < 64 {
            compare
        } else {
            return None;
        };
        let (left, right) = (self.vector(left)?, self.vector(right)?);
        self.of_op(Op::Compare(compare), left, right)
    }

    fn mask_resized(&mut self, mut mask: Id<Value>, mut from: u32, to: u32) -> Id<Value> {
        while from < to {
            let op = match from {
                8 => Unary::I16x8ExtendLowI8x16S,
                16 => Unary::I32x4ExtendLowI16x8S,
                _ => Unary::I64x2ExtendLowI32x4S,
            };
            mask = self.unary(op, mask);
            from *= 2;
        }
        while from > to {
            mask = match from {
                64 => self.shuffle(halves(8), mask, mask),
                32 => self.binary(Binary::I16x8NarrowI32x4S, mask, mask),
                _ => self.binary(Binary::I8x16NarrowI16x8S, mask, mask),
            };
            from /= 2;
        }
        mask
    }

    /// The lanes of the integer `value`, which they hold in their low bits, wider (then they hold all of it) or
    /// narrower.
    fn resized(&mut self, mut vector: Id<Value>, mut from: u32, to: u32, value: Id<Value>) -> Option<Id<Value>> {
        if from < to {
            let signed = self.fits_signed(value, from);
            if !signed && !self.fits_unsigned(value, from) {
                return None;
            }
            while from < to {
                vector = self.unary(extend(from, signed), vector);
                from *= 2;
            }
        }
        while from > to {
            let half = from / 2;
            let op = match from {
                32 if self.fits_signed(value, half) => Some(Binary::I16x8NarrowI32x4S),
                32 if self.fits_unsigned(value, half) => Some(Binary::I16x8NarrowI32x4U),
                16 if self.fits_signed(value, half) => Some(Binary::I8x16NarrowI16x8S),
                16 if self.fits_unsigned(value, half) => Some(Binary::I8x16NarrowI16x8U),
                _ => None,
            };
            vector = match op {
                Some(op) => self.binary(op, vector, vector),
                None => self.shuffle(halves(from / 8), vector, vector),
            };
            from = half;
        }
        Some(vector)
    }

    fn load(&mut self, kind: LoadKind, at: &Linear, value: Id<Value>) -> Option<Id<Value>> {
        let bytes = kind.bytes();
        let (memory, wanted) = (bytes * 8, self.bits_of(value));
        if at.step == 0 {
            // Read on every turn: another store may have changed it.
            let (address, offset) = self.address(at, 0)?;
            let scalar = self.push(InstKind::Load { kind, address, offset }, kind.ty());
            return Some(self.splat_here(scalar, wanted));
        }
        if at.step != bytes as i32 {
            return self.gather(kind, at, wanted);
        }
        let (address, offset) = self.address(at, 0)?;
        let read = |this: &mut Self, kind: LoadKind| this.push(InstKind::Load { kind, address, offset }, Type::V128);
        let signed = matches!(kind, LoadKind::I32S8 | LoadKind::I32S16 | LoadKind::I32);
        let total = self.lanes * memory;
        if wanted == 2 * memory && total == 64 {
            let kind = match (memory, signed) {
                (8, true) => LoadKind::V128S8,
                (8, false) => LoadKind::V128U8,
                (16, true) => LoadKind::V128S16,
                (16, false) => LoadKind::V128U16,
                _ => LoadKind::V128S32,
            };
            return Some(read(self, kind));
        }
        let vector = match total {
            128 => read(self, LoadKind::V128),
            64 => read(self, LoadKind::V128Low64),
            32 => read(self, LoadKind::V128Low32),
            16 => read(self, LoadKind::V128Splat16),
            _ => return None,
        };
        let mut from = memory;
        let mut vector = vector;
        while from < wanted {
            vector = self.unary(extend(from, signed), vector);
            from *= 2;
        }
        if from > wanted { self.resized(vector, from, wanted, value) } else { Some(vector) }
    }

    /// A scalar of this turn in every lane.
    fn splat_here(&mut self, scalar: Id<Value>, bits: u32) -> Id<Value> {
        let (scalar, shape) = match (self.ty(scalar), bits) {
            (Type::F32, _) => (scalar, Shape::F32x4),
            (Type::F64, _) => (scalar, Shape::F64x2),
            (Type::I32, 64) => (self.unary(Unary::I64ExtendI32S, scalar), Shape::I64x2),
            (Type::I64, 8 | 16 | 32) => (self.unary(Unary::I32WrapI64, scalar), Shape::integers(bits)),
            (Type::I32 | Type::I64 | Type::V128, _) => (scalar, Shape::integers(bits)),
        };
        self.unary(shape.splat(), scalar)
    }

    /// Reads lanes that are not side by side, one by one.
    fn gather(&mut self, kind: LoadKind, at: &Linear, bits: u32) -> Option<Id<Value>> {
        if self.lanes > MOST_GATHERED || self.lanes * bits != 128 {
            return None;
        }
        let addresses = (0..self.lanes).map(|lane| self.address(at, lane)).collect::<Option<Vec<_>>>()?;
        self.gather_from(kind, &addresses, bits)
    }

    /// Reads lanes at any places.
    fn scattered(
        &mut self,
        kind: LoadKind,
        (address, offset): (Id<Value>, u32),
        value: Id<Value>,
    ) -> Option<Id<Value>> {
        let bits = self.bits_of(value);
        if self.lanes > MOST_GATHERED || self.lanes * bits != 128 || self.integers < 32 {
            return None;
        }
        let (address, offset) = self.place(address, offset);
        let is_whole = kind.bytes() * 8 == bits;
        if let Some(&known) = self.known.lanes[self.copy].rows.get(&(address, offset)).filter(|_| is_whole) {
            return Some(known);
        }
        let vector = self.vector(address)?;
        let addresses = (0..self.lanes)
            .map(|lane| Some((self.unary(extract(Type::I32, lane * self.integers / 32)?, vector), offset)))
            .collect::<Option<Vec<_>>>()?;
        // Two items side by side are read at once.
        let least = [offset.wrapping_sub(8), offset].into_iter().find(|least| self.pairs.contains(&(address, *least)));
        if let Some(least) = least
            && kind.bytes() == 8
        {
            let mut rows = Vec::new();
            for (address, _) in addresses {
                rows.push(self.push(InstKind::Load { kind: LoadKind::V128, address, offset: least }, Type::V128));
            }
            for item in [0, 8] {
                let both = self.shuffle(interleaved(8, item), rows[0], rows[1]);
                self.known.lanes[self.copy].rows.insert((address, least + u32::from(item)), both);
            }
            return self.known.lanes[self.copy].rows.get(&(address, offset)).copied();
        }
        self.gather_from(kind, &addresses, bits)
    }

    fn gather_from(&mut self, kind: LoadKind, addresses: &[(Id<Value>, u32)], bits: u32) -> Option<Id<Value>> {
        let read = |this: &mut Self, kind| {
            let mut lanes = Vec::new();
            for &(address, offset) in addresses {
                lanes.push(this.push(InstKind::Load { kind, address, offset }, Type::V128));
            }
            lanes
        };
        if kind.bytes() * 8 == bits {
            if bits == 64 {
                let lanes = read(self, LoadKind::V128Low64);
                return Some(self.shuffle(interleaved(8, 0), lanes[0], lanes[1]));
            }
            if bits == 32 {
                let lanes = read(self, LoadKind::V128Low32);
                let low = self.shuffle(interleaved(4, 0), lanes[0], lanes[1]);
                let high = self.shuffle(interleaved(4, 0), lanes[2], lanes[3]);
                return Some(self.shuffle(interleaved(8, 0), low, high));
            }
        }
        let mut vector = None;
        for (lane, &(address, offset)) in (0..).zip(addresses) {
            let scalar = self.push(InstKind::Load { kind, address, offset }, kind.ty());
            let splat = self.splat_here(scalar, bits);
            let size = bits / 8;
            let mine = lane * size..(lane + 1) * size;
            let bytes = std::array::from_fn(|at| at as u8 + if mine.contains(&(at as u32)) { 16 } else { 0 });
            vector = Some(match vector {
                None => splat,
                Some(before) => self.shuffle(bytes, before, splat),
            });
        }
        vector
    }

    fn store(&mut self, kind: StoreKind, at: &Linear, value: Id<Value>) -> Option<()> {
        let memory = kind.bytes() * 8;
        if at.step != kind.bytes() as i32 {
            return None;
        }
        let vector = self.vector(value)?;
        let vector = match kind.ty() {
            Type::I32 | Type::I64 => self.resized(vector, self.integers, memory, value)?,
            Type::F32 | Type::F64 | Type::V128 => vector,
        };
        let kind = match self.lanes * memory {
            128 => StoreKind::V128,
            64 => StoreKind::V128Low64,
            32 => StoreKind::V128Low32,
            16 => StoreKind::V128Low16,
            _ => return None,
        };
        let (address, offset) = self.address(at, 0)?;
        self.body.push(Inst::new(InstKind::Store { kind, address, offset, value: vector }, Vec::new(), self.span));
        Some(())
    }

    /// Where a turn finds an address: a pointer that others share, and how far behind it.
    fn address(&mut self, at: &Linear, lane: u32) -> Option<(Id<Value>, u32)> {
        let group = Linear { constant: 0, ..at.clone() };
        let least = self.least.iter().find(|(other, _)| *other == group).map(|(_, least)| *least)?;
        let pointer = match self.known.pointers.iter().find(|(other, _)| *other == group) {
            Some((_, known)) => *known,
            None => {
                let sum = Linear { step: 0, constant: least, ..at.clone() };
                let base = self.sum_here(&sum);
                let pointer = match at.step {
                    0 => base,
                    step => {
                        let turn = self.unary(Unary::I32WrapI64, self.counter);
                        let step = self.constant(Const::I32(step));
                        let moved = self.binary(Binary::I32Mul, turn, step);
                        self.binary(Binary::I32Add, base, moved)
                    }
                };
                self.known.pointers.push((group, pointer));
                pointer
            }
        };
        let behind = i64::from(at.constant.wrapping_sub(least))
            + i64::from(at.step) * (i64::from(self.turn()) + i64::from(lane));
        if let Ok(offset) = u32::try_from(behind)
            && offset < 1 << 16
        {
            return Some((pointer, offset));
        }
        let behind = self.constant(Const::I32(behind as i32));
        Some((self.binary(Binary::I32Add, pointer, behind), 0))
    }

    /// A sum without the counter.
    fn sum_here(&mut self, sum: &Linear) -> Id<Value> {
        let is_outside = |(value, _): &(Id<Value>, i32)| self.linears.is_outside(*value);
        let (outside, inside): (Vec<_>, Vec<_>) = sum.terms.iter().copied().partition(is_outside);
        let mut all = self.sum(&Linear { terms: outside, ..sum.clone() });
        for (value, times) in inside {
            let mut term = self.scalar(value);
            if self.ty(term) == Type::I64 {
                term = self.unary(Unary::I32WrapI64, term);
            }
            if times != 1 {
                let times = self.constant(Const::I32(times));
                term = self.binary(Binary::I32Mul, term, times);
            }
            all = self.binary(Binary::I32Add, all, term);
        }
        all
    }

    /// A sum without the counter, computed before the loop.
    pub(super) fn sum(&mut self, sum: &Linear) -> Id<Value> {
        if let Some((_, known)) = self.sums.iter().find(|(other, _)| other == sum) {
            return *known;
        }
        let mut all = None;
        for (value, times) in &sum.terms {
            let mut term = *value;
            if self.ty(term) == Type::I64 {
                term = self.push_before(InstKind::Unary(Unary::I32WrapI64, term), Type::I32);
            }
            if *times != 1 {
                let times = self.push_before(InstKind::Const(Const::I32(*times)), Type::I32);
                term = self.push_before(InstKind::Binary(Binary::I32Mul, term, times), Type::I32);
            }
            all = Some(match all {
                None => term,
                Some(all) => self.push_before(InstKind::Binary(Binary::I32Add, all, term), Type::I32),
            });
        }
        let result = match all {
            Some(all) if sum.constant == 0 => all,
            None => self.push_before(InstKind::Const(Const::I32(sum.constant)), Type::I32),
            Some(all) => {
                let constant = self.push_before(InstKind::Const(Const::I32(sum.constant)), Type::I32);
                self.push_before(InstKind::Binary(Binary::I32Add, all, constant), Type::I32)
            }
        };
        self.sums.push((sum.clone(), result));
        result
    }
}

/// The width of a type of integers.
fn width(ty: Type) -> Width {
    if ty == Type::I32 { Width::W32 } else { Width::W64 }
}

fn extend(from: u32, signed: bool) -> Unary {
    match (from, signed) {
        (8, true) => Unary::I16x8ExtendLowI8x16S,
        (8, false) => Unary::I16x8ExtendLowI8x16U,
        (16, true) => Unary::I32x4ExtendLowI16x8S,
        (16, false) => Unary::I32x4ExtendLowI16x8U,
        (_, true) => Unary::I64x2ExtendLowI32x4S,
        (_, false) => Unary::I64x2ExtendLowI32x4U,
    }
}

/// The bytes of the items of `size` bytes from byte `first` on, of one vector and the other by turns.
fn interleaved(size: u8, first: u8) -> [u8; 16] {
    std::array::from_fn(|at| {
        let at = at as u8;
        let (item, byte) = (at / size, at % size);
        first + item / 2 * size + byte + 16 * (item % 2)
    })
}

/// The bytes of the low halves of lanes of `size` bytes, twice.
fn halves(size: u32) -> [u8; 16] {
    let half = size / 2;
    std::array::from_fn(|at| {
        let at = at as u32 % 8;
        (at / half * size + at % half) as u8
    })
}

/// The operation that gives `then` if `left op right` holds, else `otherwise`, where these are the same two:
/// `pmin(x, y)` is `y < x ? y : x`, and `pmax(x, y)` is `x < y ? y : x`, whatever NaNs and zeros there are.
fn picks(op: Binary, compared: (Id<Value>, Id<Value>), picked: (Id<Value>, Id<Value>)) -> Option<Binary> {
    let least = match op {
        Binary::F32Lt | Binary::F64Lt => true,
        Binary::F32Gt | Binary::F64Gt => false,
        _ => return None,
    };
    let least = match compared {
        (left, right) if (left, right) == picked => least,
        (left, right) if (right, left) == picked => !least,
        _ => return None,
    };
    Some(match (op.operand(), least) {
        (Type::F32, true) => Binary::F32x4PMin,
        (Type::F32, false) => Binary::F32x4PMax,
        (_, true) => Binary::F64x2PMin,
        (_, false) => Binary::F64x2PMax,
    })
}
