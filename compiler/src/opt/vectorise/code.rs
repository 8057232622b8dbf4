//! Writes scalar instructions: what runs before the loop of vectors, at its head and behind it.

use super::linear::Linears;
use crate::arena::Id;
use crate::opt::integer::{Compare, Op, Width, join};
use crate::opt::simplify::{Definition, Definitions};
use crate::source::Span;
use crate::ssa::{Binary, Const, Function, Inst, InstKind, Type, Value};

/// Writes scalar instructions.
pub(super) struct Code<'a> {
    pub(super) function: &'a mut Function,
    pub(super) insts: &'a mut Vec<Inst>,
    pub(super) span: Span,
}

impl Code<'_> {
    pub(super) fn push(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.insts.push(Inst::new(kind, vec![result], self.span));
        result
    }

    pub(super) fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.push(InstKind::Binary(op, left, right), op.result())
    }

    pub(super) fn number(&mut self, number: i64) -> Id<Value> {
        self.push(InstKind::Const(Const::I64(number)), Type::I64)
    }

    pub(super) fn word(&mut self, number: u32) -> Id<Value> {
        self.push(InstKind::Const(Const::I32(number as i32)), Type::I32)
    }

    pub(super) fn compare(&mut self, compare: Compare, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.binary(join(Width::W64, Op::Compare(compare)), left, right)
    }

    pub(super) fn plus(&mut self, value: Id<Value>, by: i64) -> Id<Value> {
        if by == 0 {
            return value;
        }
        if self.function.values[value].ty == Type::I32 {
            let by = self.word(by as u32);
            return self.binary(Binary::I32Add, value, by);
        }
        let by = self.number(by);
        self.binary(Binary::I64Add, value, by)
    }

    /// A constant of the loop, or a value from before it.
    pub(super) fn outside(&mut self, value: Id<Value>, definitions: &Definitions) -> Id<Value> {
        match definitions.get(value) {
            Definition::Const(constant) => self.push(InstKind::Const(constant), constant.ty()),
            _ => value,
        }
    }

    /// Computes a summand of the loop for another value of a counter.
    pub(super) fn copy(
        &mut self,
        value: Id<Value>,
        (param, at): (Id<Value>, Id<Value>),
        linears: &Linears,
    ) -> Id<Value> {
        if value == param {
            return at;
        }
        if linears.is_outside(value) {
            return value;
        }
        match linears.definitions.get(value) {
            Definition::Const(constant) => self.push(InstKind::Const(constant), constant.ty()),
            Definition::Unary(op, operand) => {
                let operand = self.copy(operand, (param, at), linears);
                self.push(InstKind::Unary(op, operand), op.result())
            }
            Definition::Binary(op, left, right) => {
                let [left, right] = [left, right].map(|operand| self.copy(operand, (param, at), linears));
                self.binary(op, left, right)
            }
            Definition::Opaque | Definition::Select(..) => unreachable!("Counters::of() knows what summands are"),
        }
    }
}
