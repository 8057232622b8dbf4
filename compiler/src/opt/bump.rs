//! Carries addresses through loops: what is a multiple of a counter and a stride goes up by the stride on every turn.
//!
//! ```text
//! before:                                    after:
//!   jump b1(v9)                                v10 = i32.wrap_i64 v9
//! b1(v2: i64):                                 v11 = i32.mul v10, v1
//!   …                                          v12 = i32.add v0, v11
//!   v3 = i32.wrap_i64 v2                       jump b1(v9, v12)
//!   v4 = i32.mul v3, v1      ; v1 = stride   b1(v2: i64, v13: i32):
//!   v5 = i32.add v0, v4                        …
//!   v6 = f64.load v5                           v6 = f64.load v13
//!   v7 = i64.add v2, v8      ; v8 = 1          v7 = i64.add v2, v8
//!   jump b1(v7)                                v14 = i32.add v13, v1
//!                                              jump b1(v7, v14)
//! ```
//!
//! Sums and products wrap around alike, so that the carried address is exact. Where the stride is a constant, engines
//! do as much within the addressing of a load; such addresses stay.

use super::Changed;
use super::counter::step;
use super::integer::{Op, split};
use super::rename::Renaming;
use super::simplify::{Definition, Definitions};
use crate::arena::{Id, IdMap};
use crate::source::Span;
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{Binary, Block, Const, Function, Inst, InstKind, Type, Unary, Value};

/// Addresses that a loop carries at most: registers are few.
const MOST: usize = 6;

pub(crate) fn run(function: &mut Function) -> Changed {
    let dominators = Dominators::new(function);
    let mut loops = Loops::new(function, &dominators);
    let predecessors = function.predecessors();
    let mut changed = Changed::No;
    for id in loops.without_inner() {
        let definitions = Definitions::all(function);
        let inside = loops.makes(function, id);
        let addresses = addresses(function, &loops.all[id], &definitions, &inside);
        if addresses.is_empty() {
            continue;
        }
        let Some(before) = loops.entrance(function, id, &predecessors) else { continue };
        let Loop { head, blocks, .. } = &loops.all[id];
        let mut code = Code { function, before, head: *head, blocks, definitions: &definitions, inside: &inside };
        let mut renaming = Renaming::default();
        for address in addresses {
            let start = code.start(address);
            let slope = code.slope(address).expect("addresses() keeps what moves");
            let param = code.function.values.push(code.function.values[address].clone());
            code.function.blocks[*head].params.push(param);
            code.function.blocks[before].terminator.edges_mut().for_each(|edge| edge.args.push(start));
            for &block in blocks {
                if code.function.blocks[block].terminator.edges().all(|edge| edge.block != *head) {
                    continue;
                }
                let next = code.emit_in(block, InstKind::Binary(Binary::I32Add, param, slope), Type::I32);
                let edges = code.function.blocks[block].terminator.edges_mut();
                edges.filter(|edge| edge.block == *head).for_each(|edge| edge.args.push(next));
            }
            renaming.set(address, param);
        }
        renaming.apply(function);
        changed = Changed::Yes;
    }
    changed
}

/// How a value moves with the loop's counters.
#[derive(Clone, Copy, PartialEq)]
enum Motion {
    /// By the same on every turn, which is a constant.
    Steady,
    /// By the same on every turn, which takes a product to compute.
    Product,
}

/// The values of a loop that are worth being carried.
fn addresses(function: &Function, it: &Loop, definitions: &Definitions, inside: &[bool]) -> Vec<Id<Value>> {
    let head = &function.blocks[it.head];
    let mut motions: IdMap<Value, Motion> = IdMap::default();
    for (at, &param) in head.params.iter().enumerate() {
        if step(function, &it.blocks, it.head, at, definitions).is_some() {
            motions.insert(param, Motion::Steady);
        }
    }
    if motions.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for block in it.blocks.iter().map(|block| &function.blocks[*block]) {
        for value in block.insts.iter().filter_map(Inst::result) {
            if let Some(motion) = motion(value, &motions, definitions, inside) {
                motions.insert(value, motion);
                if motion == Motion::Product && function.values[value].ty == Type::I32 {
                    found.push(value);
                }
            }
        }
    }
    // What only serves to compute another address goes with it.
    let mut needed: IdMap<Value, ()> = IdMap::default();
    for &id in &function.reverse_postorder() {
        let block = &function.blocks[id];
        for inst in &block.insts {
            if !inst.result().is_some_and(|result| motions.contains(result)) {
                inst.kind.for_each_operand(|operand| _ = needed.insert(operand, ()));
            }
        }
        block.terminator.for_each_operand(|operand| _ = needed.insert(operand, ()));
    }
    found.retain(|value| needed.contains(*value));
    if found.len() > MOST {
        found.clear();
    }
    found
}

/// How a value moves, where the values before it move as `motions` says.
fn motion(
    value: Id<Value>,
    motions: &IdMap<Value, Motion>,
    definitions: &Definitions,
    inside: &[bool],
) -> Option<Motion> {
    let stays = |value: Id<Value>| !inside[value.index()] || definitions.number(value).is_some();
    let of = |value: Id<Value>| motions.get(value).copied();
    match definitions.get(value) {
        Definition::Unary(Unary::I32WrapI64, value) => of(value),
        Definition::Binary(op, left, right) => match (split(op)?.1, of(left), of(right)) {
            (Op::Add | Op::Sub, Some(left), Some(right)) => Some(if left == Motion::Steady { right } else { left }),
            (Op::Add | Op::Sub, Some(motion), None) if stays(right) => Some(motion),
            (Op::Add, None, Some(motion)) if stays(left) => Some(motion),
            (Op::Mul, Some(motion), None) if definitions.number(right).is_some() => Some(motion),
            (Op::Mul, Some(_), None) if stays(right) => Some(Motion::Product),
            (Op::Mul, None, Some(_)) if stays(left) => Some(Motion::Product),
            (Op::Shl, Some(motion), None) if definitions.number(right).is_some() => Some(motion),
            _ => None,
        },
        Definition::Opaque | Definition::Const(_) | Definition::Unary(..) | Definition::Select(..) => None,
    }
}

/// Writes what a carried address needs before the loop.
struct Code<'f> {
    function: &'f mut Function,
    /// The block that jumps to the loop.
    before: Id<Block>,
    head: Id<Block>,
    blocks: &'f [Id<Block>],
    definitions: &'f Definitions,
    inside: &'f [bool],
}

impl Code<'_> {
    /// What a value is on the first turn.
    fn start(&mut self, value: Id<Value>) -> Id<Value> {
        if !self.inside.get(value.index()).is_some_and(|inside| *inside) {
            return value;
        }
        if let Some(at) = self.function.blocks[self.head].params.iter().position(|param| *param == value) {
            let edge = self.function.blocks[self.before].terminator.edges().next();
            return edge.expect("entrance() gives a block that jumps to the head").args[at];
        }
        let ty = self.function.values[value].ty;
        let kind = match self.definitions.get(value) {
            Definition::Const(constant) => InstKind::Const(constant),
            Definition::Unary(op, operand) => InstKind::Unary(op, self.start(operand)),
            Definition::Binary(op, left, right) => InstKind::Binary(op, self.start(left), self.start(right)),
            Definition::Opaque | Definition::Select(..) => unreachable!("motion() knows what moves"),
        };
        self.emit(kind, ty)
    }

    /// What a value rises by on each turn; none where it stays.
    fn slope(&mut self, value: Id<Value>) -> Option<Id<Value>> {
        if !self.inside.get(value.index()).is_some_and(|inside| *inside) {
            return None;
        }
        let ty = self.function.values[value].ty;
        if let Some(at) = self.function.blocks[self.head].params.iter().position(|param| *param == value) {
            return Some(self.step(at));
        }
        match self.definitions.get(value) {
            Definition::Const(_) => None,
            Definition::Unary(op, operand) => {
                let slope = self.slope(operand)?;
                Some(self.emit(InstKind::Unary(op, slope), ty))
            }
            Definition::Binary(op, left, right) => {
                let (width, kind) = split(op).expect("motion() knows what moves");
                let slopes = (self.slope(left), self.slope(right));
                match (kind, slopes) {
                    (_, (None, None)) => None,
                    (Op::Mul | Op::Shl, (Some(slope), None)) => {
                        let right = self.start(right);
                        Some(self.emit(InstKind::Binary(op, slope, right), ty))
                    }
                    (Op::Mul, (None, Some(slope))) => {
                        let left = self.start(left);
                        Some(self.emit(InstKind::Binary(op, slope, left), ty))
                    }
                    (Op::Add, (Some(slope), None) | (None, Some(slope))) | (Op::Sub, (Some(slope), None)) => {
                        Some(slope)
                    }
                    (Op::Sub, (None, Some(slope))) => {
                        let zero = self.emit(InstKind::Const(width.constant(0)), width.ty());
                        Some(self.emit(InstKind::Binary(op, zero, slope), ty))
                    }
                    (_, (Some(left), Some(right))) => Some(self.emit(InstKind::Binary(op, left, right), ty)),
                    (_, _) => unreachable!("motion() knows what moves"),
                }
            }
            Definition::Opaque | Definition::Select(..) => unreachable!("motion() knows what moves"),
        }
    }

    /// The step of the counter at this place among the head's parameters.
    fn step(&mut self, at: usize) -> Id<Value> {
        let step = step(self.function, self.blocks, self.head, at, self.definitions);
        let step = step.expect("motion() begins with counters");
        self.emit(InstKind::Const(Const::I64(step)), Type::I64)
    }

    fn emit(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        self.emit_in(self.before, kind, ty)
    }

    fn emit_in(&mut self, block: Id<Block>, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.function.blocks[block].insts.push(Inst::new(kind, vec![result], Span::default()));
        result
    }
}
