//! Conditions in lanes: -1 where one holds, else 0. In: a condition of the loop. Out: its mask.

use super::super::straight::compares;
use super::Writer;
use super::lanes::{halves, width};
use crate::arena::Id;
use crate::opt::integer::{Compare, Op, split};
use crate::opt::simplify::Definition;
use crate::ssa::{Binary, Const, InstKind, Shape, Type, Unary, Value};

impl Writer<'_> {
    /// A condition: -1 in each lane of these bits where it holds, else 0.
    pub(in crate::opt::vectorise) fn mask(&mut self, value: Id<Value>, bits: u32) -> Option<Id<Value>> {
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

    pub(super) fn splat_new(&mut self, value: Id<Value>, bits: u32) -> Id<Value> {
        let (value, shape) = match bits {
            64 => (self.push_before(InstKind::Unary(Unary::I64ExtendI32S, value), Type::I64), Shape::I64x2),
            bits => (value, Shape::integers(bits)),
        };
        self.push_before(InstKind::Unary(shape.splat(), value), Type::V128)
    }

    pub(super) fn compared_with_zero(&mut self, value: Id<Value>, compare: Compare, bits: u32) -> Option<Id<Value>> {
        if !self.fits_either(value) {
            return None;
        }
        let (vector, zero) = (self.vector(value)?, self.all(self.integers, 0));
        let mask = self.of_op(Op::Compare(compare), vector, zero)?;
        Some(self.mask_resized(mask, self.integers, bits))
    }

    pub(super) fn compare(&mut self, compare: Compare, left: Id<Value>, right: Id<Value>) -> Option<Id<Value>> {
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

    pub(super) fn mask_resized(&mut self, mut mask: Id<Value>, mut from: u32, to: u32) -> Id<Value> {
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
}
