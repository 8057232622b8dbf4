//! What a loop carries from turn to turn. In: a parameter of its head. Out: `Carried`, what becomes of it.

use super::straight::Straight;
use crate::arena::Id;
use crate::opt::counter::Counter;
use crate::opt::simplify::{Definition, Definitions};
use crate::ssa::{Binary, Const, Function, Inst, InstKind, Shape, Type, Unary, Value};

/// What becomes of a parameter of the loop's head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Carried {
    Counter,
    /// Every turn adds a constant to it.
    Moves(i64),
    /// What the counter was on the turn before, and a constant.
    Follows(i64),
    /// Every turn joins something to it by an operation whose order does not matter: lanes do that apart.
    Gathers(Binary, Id<Value>),
    /// Every turn joins a float to it, on its left or its right, in this order.
    Adds(Binary, Id<Value>, bool),
}

/// What becomes of a parameter of the head; none where no rule knows.
pub(super) fn carried(
    function: &mut Function,
    param: Id<Value>,
    at: usize,
    counter: &Counter,
    moving: &[(Id<Value>, Id<Value>, i64)],
    straight: &mut Straight,
    definitions: &mut Definitions,
) -> Option<Carried> {
    if at == counter.at {
        return Some(Carried::Counter);
    }
    if let Some((.., by)) = moving.iter().find(|(moves, ..)| *moves == param) {
        return Some(Carried::Moves(*by));
    }
    let next = straight.next[at];
    if next == counter.param {
        return Some(Carried::Follows(0));
    }
    match definitions.get(next) {
        Definition::Binary(Binary::I64Add, value, by) if value == counter.param => {
            return definitions.number(by).map(Carried::Follows);
        }
        Definition::Binary(
            op @ (Binary::F64Add | Binary::F64Sub | Binary::F64Mul | Binary::F32Add | Binary::F32Sub | Binary::F32Mul),
            left,
            right,
        ) if left == param || right == param => {
            let (joined, on_right) = if left == param { (right, true) } else { (left, false) };
            if function.reassociates && is_sum(op) {
                return (joined != param).then_some(Carried::Gathers(op, joined));
            }
            return (joined != param).then_some(Carried::Adds(op, joined, on_right));
        }
        _ => {}
    }
    let op = gathers(param, next, definitions).filter(|op| function.reassociates || !is_sum(*op))?;
    let mut builder = Joined { function, param, op, straight, definitions };
    builder.of(next).map(|joined| Carried::Gathers(op, joined))
}

/// The operation that joins something to a parameter in any order.
fn gathers(param: Id<Value>, next: Id<Value>, definitions: &Definitions) -> Option<Binary> {
    match definitions.get(next) {
        Definition::Binary(
            op @ (Binary::I64Add
            | Binary::I64And
            | Binary::I64Or
            | Binary::I64Xor
            | Binary::I32Add
            | Binary::I32And
            | Binary::I32Or
            | Binary::I32Xor
            | Binary::F64Add
            | Binary::F32Add
            | Binary::F64Min
            | Binary::F64Max
            | Binary::F32Min
            | Binary::F32Max),
            left,
            right,
        ) if [left, right].iter().any(|side| *side == param || gathers(param, *side, definitions) == Some(op)) => {
            Some(op)
        }
        Definition::Select(_, then, otherwise) if then != param => {
            gathers(param, then, definitions).or_else(|| gathers(param, otherwise, definitions))
        }
        Definition::Select(_, _, otherwise) => gathers(param, otherwise, definitions),
        _ => None,
    }
}

/// Whether it adds floats, which rounds otherwise in another order.
fn is_sum(op: Binary) -> bool {
    matches!(op, Binary::F64Add | Binary::F32Add)
}

/// Finds what a turn joins to a parameter.
struct Joined<'a> {
    function: &'a mut Function,
    param: Id<Value>,
    op: Binary,
    straight: &'a mut Straight,
    definitions: &'a mut Definitions,
}

impl Joined<'_> {
    fn make(&mut self, kind: InstKind) -> Id<Value> {
        let result = self.function.value(self.op.result());
        let inst = Inst::new(kind, vec![result], self.function.span);
        self.definitions.note(&inst);
        self.straight.push(inst);
        result
    }

    /// What `next` joins to the parameter, if it is that and nothing else.
    fn of(&mut self, next: Id<Value>) -> Option<Id<Value>> {
        if next == self.param {
            return Some(self.make(InstKind::Const(neutral(self.op))));
        }
        match self.definitions.get(next) {
            Definition::Binary(op, left, right) if op == self.op => {
                let (inner, joined) = if left == self.param || gathers(self.param, left, self.definitions) == Some(op) {
                    (left, right)
                } else {
                    (right, left)
                };
                if inner == self.param {
                    return Some(joined);
                }
                let inner = self.of(inner)?;
                Some(self.make(InstKind::Binary(op, inner, joined)))
            }
            Definition::Select(condition, then, otherwise) => {
                let (then, otherwise) = (self.of(then)?, self.of(otherwise)?);
                Some(self.make(InstKind::Select { condition, then, otherwise }))
            }
            _ => None,
        }
    }
}

/// What changes nothing when it is joined.
pub(super) fn neutral(op: Binary) -> Const {
    let all = matches!(op, Binary::I64And | Binary::I32And);
    match op {
        Binary::F64Min => return Const::f64(f64::INFINITY),
        Binary::F64Max => return Const::f64(f64::NEG_INFINITY),
        Binary::F32Min => return Const::F32(f32::INFINITY.to_bits()),
        Binary::F32Max => return Const::F32(f32::NEG_INFINITY.to_bits()),
        _ => {}
    }
    match op.result() {
        Type::I64 => Const::I64(-i64::from(all)),
        // To add 0.0 would make 0.0 of -0.0.
        Type::F64 => Const::f64(-0.0),
        Type::F32 => Const::F32((-0.0_f32).to_bits()),
        Type::I32 | Type::V128 => Const::I32(-i32::from(all)),
    }
}

/// The operation on lanes that joins what two lanes have gathered.
pub(super) fn in_lanes(op: Binary) -> Option<Binary> {
    Some(match op {
        Binary::I32And | Binary::I64And => Binary::V128And,
        Binary::I32Or | Binary::I64Or => Binary::V128Or,
        Binary::I32Xor | Binary::I64Xor => Binary::V128Xor,
        op if op.result() == Type::F64 => op.in_lanes(Shape::F64x2)?,
        op if op.result() == Type::F32 => op.in_lanes(Shape::F32x4)?,
        other => other.in_lanes(Shape::integers(other.result().size() * 8))?,
    })
}

/// Takes a lane out of a vector.
pub(super) fn extract(ty: Type, lane: u32) -> Option<Unary> {
    Some(match (ty, lane) {
        (Type::F64, 0) => Unary::F64x2ExtractLane0,
        (Type::F64, 1) => Unary::F64x2ExtractLane1,
        (Type::F32, 0) => Unary::F32x4ExtractLane0,
        (Type::F32, 1) => Unary::F32x4ExtractLane1,
        (Type::F32, 2) => Unary::F32x4ExtractLane2,
        (Type::F32, 3) => Unary::F32x4ExtractLane3,
        (Type::I64, 0) => Unary::I64x2ExtractLane0,
        (Type::I64, 1) => Unary::I64x2ExtractLane1,
        (Type::I32, 0) => Unary::I32x4ExtractLane0,
        (Type::I32, 1) => Unary::I32x4ExtractLane1,
        (Type::I32, 2) => Unary::I32x4ExtractLane2,
        (Type::I32, 3) => Unary::I32x4ExtractLane3,
        _ => return None,
    })
}
