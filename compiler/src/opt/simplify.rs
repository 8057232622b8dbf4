//! Replaces instructions by cheaper ones that give the same bits: constant folding, algebraic identities, strength
//! reduction, conditions in their simplest form.
//!
//! ```text
//! before:                                    after:
//!   v2 = i64.mul v0, 8                         v2 = i64.shl v0, 3
//!   v3 = i64.add_overflows v0, 1               v3 = i64.gt_s v0, 9223372036854775806
//!   v4 = i32.eqz v3                            v4 = i64.le_s v0, 9223372036854775806
//!   guard v4 else @overflow()                  guard v4 else @overflow()
//!   v5 = i32.add v1, 8                         v5 = i32.add v1, 8
//!   v6 = i64.load v5+8                         v6 = i64.load v1+16
//! ```
//!
//! (Constants stand in place of the values that hold them.) Instructions that lose their last reader are left to
//! `dce`. Floats are not touched where a NaN's bits or a zero's sign could change.

mod operation;

use super::rename::Renaming;
use super::{Changed, fold};
use crate::arena::{Arena, Id};
use crate::source::Span;
use crate::ssa::{Binary, BlockCall, Callee, Const, Function, Inst, InstKind, Terminator, Type, Unary, Unwind, Value};

pub(crate) fn run(function: &mut Function) -> Changed {
    let mut renaming = Renaming::default();
    let mut changed = Changed::No;
    let mut definitions = Definitions::new(function);
    for id in function.reverse_postorder() {
        let insts = std::mem::take(&mut function.blocks[id].insts);
        let mut terminator = std::mem::replace(&mut function.blocks[id].terminator, Terminator::Unreachable);
        let mut rewriter = Rewriter {
            values: &mut function.values,
            definitions: &mut definitions,
            out: Vec::with_capacity(insts.len()),
            span: function.span,
        };
        let mut cut = None;
        for mut inst in insts {
            renaming.inst(&mut inst.kind);
            rewriter.span = inst.span;
            match rewriter.inst(&mut inst) {
                Outcome::Same => rewriter.push(inst),
                Outcome::Changed => {
                    rewriter.push(inst);
                    changed = Changed::Yes;
                }
                Outcome::Is(value) => {
                    renaming.set(inst.results[0], value);
                    changed = Changed::Yes;
                }
                Outcome::Gone => changed = Changed::Yes,
                Outcome::Ends(terminator) => {
                    cut = Some(terminator);
                    changed = Changed::Yes;
                    break;
                }
            }
        }
        if let Some(cut) = cut {
            terminator = cut;
        } else {
            renaming.terminator(&mut terminator);
            changed |= rewriter.terminator(&mut terminator);
        }
        let insts = rewriter.out;
        function.blocks[id].insts = insts;
        function.blocks[id].terminator = terminator;
    }
    // Back edges and what follows a cut read values from before.
    renaming.apply(function);
    changed
}

/// What is known of the definition of each value.
#[derive(Debug)]
pub(crate) struct Definitions {
    of: Vec<Definition>,
}

/// The definition of a value, as far as rules look at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Definition {
    /// A parameter, or the result of an instruction that no rule looks at.
    Opaque,
    Const(Const),
    Unary(Unary, Id<Value>),
    Binary(Binary, Id<Value>, Id<Value>),
    Select(Id<Value>, Id<Value>, Id<Value>),
}

impl Definitions {
    /// Nothing is known yet.
    pub(crate) fn new(function: &Function) -> Self {
        Self { of: vec![Definition::Opaque; function.values.len()] }
    }

    /// Everything is known.
    pub(crate) fn all(function: &Function) -> Self {
        let mut this = Self::new(function);
        function.blocks.iter().flat_map(|(_, block)| &block.insts).for_each(|inst| this.note(inst));
        this
    }

    /// The definition of `value`.
    pub(crate) fn get(&self, value: Id<Value>) -> Definition {
        self.of.get(value.index()).copied().unwrap_or(Definition::Opaque)
    }

    /// Notes the definitions that an instruction makes.
    pub(crate) fn note(&mut self, inst: &Inst) {
        let definition = match inst.kind {
            InstKind::Const(value) => Definition::Const(value),
            InstKind::Unary(op, operand) => Definition::Unary(op, operand),
            InstKind::Binary(op, left, right) => Definition::Binary(op, left, right),
            InstKind::Select { condition, then, otherwise } => Definition::Select(condition, then, otherwise),
            InstKind::Bitselect { .. }
            | InstKind::Shuffle { .. }
            | InstKind::Load { .. }
            | InstKind::Store { .. }
            | InstKind::GlobalGet(_)
            | InstKind::GlobalSet(..)
            | InstKind::Call { .. }
            | InstKind::Guard { .. }
            | InstKind::Exit { .. }
            | InstKind::Retain(_)
            | InstKind::Release { .. }
            | InstKind::MemorySize
            | InstKind::MemoryGrow(_)
            | InstKind::MemoryCopy { .. }
            | InstKind::MemoryFill { .. } => return,
        };
        if let Some(result) = inst.result() {
            if self.of.len() <= result.index() {
                self.of.resize(result.index() + 1, Definition::Opaque);
            }
            self.of[result.index()] = definition;
        }
    }

    /// The constant that `value` is.
    pub(crate) fn constant(&self, value: Id<Value>) -> Option<Const> {
        match self.get(value) {
            Definition::Const(value) => Some(value),
            Definition::Opaque | Definition::Unary(..) | Definition::Binary(..) | Definition::Select(..) => None,
        }
    }

    /// The integer that `value` is, sign-extended.
    pub(crate) fn number(&self, value: Id<Value>) -> Option<i64> {
        self.constant(value).and_then(super::integer::number)
    }

    /// Whether `value` is 0 or 1.
    pub(crate) fn is_bool(&self, value: Id<Value>) -> bool {
        match self.get(value) {
            Definition::Const(value) => matches!(value, Const::I32(0 | 1)),
            Definition::Unary(op, _) => matches!(op, Unary::I32Eqz | Unary::I64Eqz),
            Definition::Binary(Binary::I32And, left, right) => {
                self.number(right) == Some(1) || (self.is_shallow_bool(left) && self.is_shallow_bool(right))
            }
            Definition::Binary(Binary::I32Or | Binary::I32Xor, left, right) => {
                self.is_shallow_bool(left) && self.is_shallow_bool(right)
            }
            Definition::Binary(op, ..) => is_test(op),
            Definition::Select(_, then, otherwise) => self.is_shallow_bool(then) && self.is_shallow_bool(otherwise),
            Definition::Opaque => false,
        }
    }

    /// As [`Self::is_bool`], without looking at operands.
    fn is_shallow_bool(&self, value: Id<Value>) -> bool {
        match self.get(value) {
            Definition::Const(value) => matches!(value, Const::I32(0 | 1)),
            Definition::Unary(op, _) => matches!(op, Unary::I32Eqz | Unary::I64Eqz),
            Definition::Binary(op, ..) => is_test(op),
            Definition::Opaque | Definition::Select(..) => false,
        }
    }
}

/// Whether an operation gives 0 or 1.
fn is_test(op: Binary) -> bool {
    let float = matches!(
        op,
        Binary::F32Eq
            | Binary::F32Ne
            | Binary::F32Lt
            | Binary::F32Gt
            | Binary::F32Le
            | Binary::F32Ge
            | Binary::F64Eq
            | Binary::F64Ne
            | Binary::F64Lt
            | Binary::F64Gt
            | Binary::F64Le
            | Binary::F64Ge
            | Binary::I64AddOverflows
            | Binary::I64SubOverflows
            | Binary::I64MulOverflows
    );
    float || matches!(super::integer::split(op), Some((_, super::integer::Op::Compare(_))))
}

/// What became of an instruction.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It stays as it is.
    Same,
    /// It stays, with another kind.
    Changed,
    /// Its result is this value.
    Is(Id<Value>),
    /// It does nothing.
    Gone,
    /// Control never gets past what was pushed for it: the block ends so.
    Ends(Terminator),
}

/// Writes the instructions of a block anew.
pub(crate) struct Rewriter<'f> {
    pub(crate) values: &'f mut Arena<Value>,
    pub(crate) definitions: &'f mut Definitions,
    pub(crate) out: Vec<Inst>,
    pub(crate) span: Span,
}

impl Rewriter<'_> {
    /// Writes an instruction.
    pub(crate) fn push(&mut self, inst: Inst) {
        self.definitions.note(&inst);
        self.out.push(inst);
    }

    /// Writes an instruction with one new result.
    pub(crate) fn make(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.values.push(Value { ty, name: None });
        self.push(Inst::new(kind, vec![result], self.span));
        result
    }

    /// A constant.
    pub(crate) fn constant(&mut self, value: Const) -> Id<Value> {
        self.make(InstKind::Const(value), value.ty())
    }

    /// Simplifies an instruction whose operands are simple already.
    pub(crate) fn inst(&mut self, inst: &mut Inst) -> Outcome {
        let mut outcome = Outcome::Same;
        // A rule's result may be the beginning of another rule; every rule makes things simpler, but a bound is cheap.
        for _ in 0..8 {
            match self.step(&mut inst.kind) {
                Outcome::Same => break,
                Outcome::Changed => outcome = Outcome::Changed,
                done @ (Outcome::Is(_) | Outcome::Gone | Outcome::Ends(_)) => return done,
            }
        }
        outcome
    }

    fn step(&mut self, kind: &mut InstKind) -> Outcome {
        match kind {
            InstKind::Unary(op, operand) => {
                let (op, operand) = (*op, *operand);
                if let Some(value) = self.definitions.constant(operand).and_then(|value| fold::unary(op, value)) {
                    *kind = InstKind::Const(value);
                    return Outcome::Changed;
                }
                Self::settle(kind, self.simplify_unary(op, operand))
            }
            InstKind::Binary(op, left, right) => {
                let (op, left, right) = (*op, *left, *right);
                let constants = (self.definitions.constant(left), self.definitions.constant(right));
                if let (Some(left), Some(right)) = constants
                    && let Some(value) = fold::binary(op, left, right)
                {
                    *kind = InstKind::Const(value);
                    return Outcome::Changed;
                }
                Self::settle(kind, self.simplify_binary(op, left, right))
            }
            InstKind::Select { condition, then, otherwise } => {
                let (condition, then, otherwise) = (*condition, *then, *otherwise);
                Self::settle(kind, self.simplify_select(condition, then, otherwise))
            }
            InstKind::Load { address, offset, .. } | InstKind::Store { address, offset, .. } => {
                match self.shift_address(*address, *offset) {
                    Some((base, sum)) => {
                        (*address, *offset) = (base, sum);
                        Outcome::Changed
                    }
                    None => Outcome::Same,
                }
            }
            InstKind::Guard { condition, raise, args, unwind } => {
                match self.definitions.number(*condition) {
                    Some(0) => {
                        let exception = self.values.push(Value { ty: Type::I32, name: None });
                        let callee = Callee::Function(*raise);
                        let call = InstKind::Call { callee, args: std::mem::take(args), unwind: unwind.clone() };
                        self.push(Inst::new(call, vec![exception], self.span));
                        return Outcome::Ends(throw(exception, unwind.take()));
                    }
                    Some(_) => return Outcome::Gone,
                    None => {}
                }
                match self.simplify_condition(*condition) {
                    Some(simpler) => {
                        *condition = simpler;
                        Outcome::Changed
                    }
                    None => Outcome::Same,
                }
            }
            // Nothing is counted at address 0.
            InstKind::Retain(object) | InstKind::Release { object, .. } => match self.definitions.number(*object) {
                Some(0) => Outcome::Gone,
                Some(_) | None => Outcome::Same,
            },
            InstKind::MemoryCopy { length, .. } | InstKind::MemoryFill { length, .. } => {
                // A length of 0 still traps outside of memory, where no object is.
                if self.definitions.number(*length) == Some(0) { Outcome::Gone } else { Outcome::Same }
            }
            InstKind::Const(_)
            | InstKind::Bitselect { .. }
            | InstKind::Shuffle { .. }
            | InstKind::GlobalGet(_)
            | InstKind::GlobalSet(..)
            | InstKind::Call { .. }
            | InstKind::Exit { .. }
            | InstKind::MemorySize
            | InstKind::MemoryGrow(_) => Outcome::Same,
        }
    }

    /// Puts a simpler form in place of an instruction.
    fn settle(kind: &mut InstKind, simpler: Option<Simpler>) -> Outcome {
        match simpler {
            None => Outcome::Same,
            Some(Simpler::Value(value)) => Outcome::Is(value),
            Some(Simpler::Kind(simpler)) => {
                *kind = simpler;
                Outcome::Changed
            }
        }
    }

    /// Takes a constant out of an address into the offset.
    fn shift_address(&self, address: Id<Value>, offset: u32) -> Option<(Id<Value>, u32)> {
        let Definition::Binary(Binary::I32Add, base, addend) = self.definitions.get(address) else { return None };
        let sum = i64::from(offset) + self.definitions.number(addend)?;
        // Offsets do not wrap around at 2^32 as the addition does. Up to this bound that cannot be told: an address
        // that wrapped would be one below the first object, where nothing is read.
        (0..=i64::from(crate::abi::DATA_START)).contains(&sum).then_some((base, sum as u32))
    }

    fn terminator(&mut self, terminator: &mut Terminator) -> Changed {
        let mut changed = Changed::No;
        if let Terminator::Branch { condition, then, otherwise } = terminator {
            while let Some(simpler) = self.simplify_condition(*condition) {
                *condition = simpler;
                changed = Changed::Yes;
            }
            // A test for 0 is a branch the other way round.
            if let Definition::Unary(Unary::I32Eqz, operand) = self.definitions.get(*condition) {
                *condition = operand;
                std::mem::swap(then, otherwise);
                changed = Changed::Yes;
                while let Some(simpler) = self.simplify_condition(*condition) {
                    *condition = simpler;
                }
            }
        }
        changed
    }
}

/// Where control goes with an exception in hand.
pub(crate) fn throw(exception: Id<Value>, unwind: Option<Unwind>) -> Terminator {
    match unwind {
        None => Terminator::Throw(exception),
        Some(Unwind { block, args }) => {
            Terminator::Jump(BlockCall { block, args: std::iter::once(exception).chain(args).collect() })
        }
    }
}

/// A simpler form of an instruction: a value that exists already, or another instruction.
pub(crate) enum Simpler {
    Value(Id<Value>),
    Kind(InstKind),
}
