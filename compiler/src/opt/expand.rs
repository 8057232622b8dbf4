//! Turns what Wasm has no instruction for into what it has: overflow tests and reference counts.
//!
//! ```text
//! before:                                    after:
//!   v2 = i64.add v0, v1                        v2 = i64.add v0, v1
//!   v3 = i64.add_overflows v0, v1              v4 = i64.xor v2, v0
//!                                              v5 = i64.xor v2, v1
//!                                              v6 = i64.and v4, v5
//!                                              v7 = i64 0
//!                                              v3 = i64.lt_s v6, v7
//!   release v8, @drop                          call @release#drop(v8)
//! ```
//!
//! Comes last: the other passes know more of an overflow test than of the instructions it becomes.

use super::Changed;
use super::integer::{Compare, Op, Width, join};
use super::rename::Renaming;
use crate::arena::{Id, IdMap};
use crate::source::Span;
use crate::ssa::{
    Binary, Block, BlockCall, Callee, Const, Function, Inst, InstKind, Module, Terminator, Type, Value, parse,
};
use std::collections::HashMap;

pub(crate) fn run(module: &mut Module) -> Changed {
    let mut library = Library::default();
    let mut changed = Changed::No;
    for id in module.functions.ids() {
        let needs =
            module.functions[id].blocks.iter().any(|(_, block)| block.insts.iter().any(|inst| is_expanded(&inst.kind)));
        if needs {
            let mut function =
                std::mem::replace(&mut module.functions[id], Function::new("", Vec::new(), Span::default()));
            Expander { module, library: &mut library, function: &mut function }.run();
            module.functions[id] = function;
            changed = Changed::Yes;
        }
    }
    changed
}

fn is_expanded(kind: &InstKind) -> bool {
    matches!(
        kind,
        InstKind::Binary(
            Binary::I64AddOverflows
                | Binary::I64SubOverflows
                | Binary::I64MulOverflows
                | Binary::I64DivS
                | Binary::I64RemS,
            ..
        ) | InstKind::Retain(_)
            | InstKind::Release { .. }
    )
}

/// The functions that instructions become calls of; each is added to the module when it is first needed.
#[derive(Default)]
struct Library {
    mul_overflows: Option<Id<Function>>,
    retain: Option<Id<Function>>,
    /// For each function that drops an object the one that counts one reference less.
    release: IdMap<Function, Id<Function>>,
}

/// The product fits where dividing it gives the factor again (Warren, Hacker's Delight, 2-13).
const MUL_OVERFLOWS: &str = "
function @mul_overflows(v0: i64, v1: i64) -> i32 {
b0:
  v2 = i64.eqz v0
  branch v2, b1, b2
b1:
  v3 = i32 0
  return v3
b2:
  v4 = i64 -1
  v5 = i64.eq v0, v4
  branch v5, b3, b4
b3:
  v6 = i64 -9223372036854775808
  v7 = i64.eq v1, v6
  return v7
b4:
  v8 = i64.mul v0, v1
  v9 = i64.div_s v8, v0
  v10 = i64.ne v9, v1
  return v10
}
";

const RETAIN: &str = "
function @retain(v0: i32) {
b0:
  branch v0, b1, b2
b1:
  v1 = i32.load v0
  v2 = i32 1
  v3 = i32.add v1, v2
  i32.store v0, v3
  return
b2:
  return
}
";

const RELEASE: &str = "
function @release(v0: i32) {
b0:
  branch v0, b1, b3
b1:
  v1 = i32.load v0
  v2 = i32 1
  v3 = i32.sub v1, v2
  i32.store v0, v3
  branch v3, b3, b2
b2:
  call @release(v0)
  return
b3:
  return
}
";

/// The function that `text` defines.
fn read(text: &str) -> Function {
    let module = parse::parse(text).expect("the text stands in this file and is right");
    let (_, function) = module.functions.iter().next().expect("the text defines a function");
    let mut function = function.clone();
    // No Python stands behind it.
    function.span = Span::default();
    for (_, block) in function.blocks.iter_mut() {
        block.insts.iter_mut().for_each(|inst| inst.span = Span::default());
    }
    function
}

impl Library {
    fn mul_overflows(&mut self, module: &mut Module) -> Id<Function> {
        *self.mul_overflows.get_or_insert_with(|| module.functions.push(read(MUL_OVERFLOWS)))
    }

    fn retain(&mut self, module: &mut Module) -> Id<Function> {
        *self.retain.get_or_insert_with(|| module.functions.push(read(RETAIN)))
    }

    fn release(&mut self, module: &mut Module, drop: Id<Function>, name: &str) -> Id<Function> {
        if let Some(known) = self.release.get(drop) {
            return *known;
        }
        let mut function = read(RELEASE);
        function.name = format!("release {name}");
        for (_, block) in function.blocks.iter_mut() {
            for inst in &mut block.insts {
                // The text calls itself where the function to drop with belongs.
                if let InstKind::Call { callee, .. } = &mut inst.kind {
                    *callee = Callee::Function(drop);
                }
            }
        }
        let id = module.functions.push(function);
        self.release.insert(drop, id);
        id
    }
}

struct Expander<'a> {
    module: &'a mut Module,
    library: &'a mut Library,
    function: &'a mut Function,
}

impl Expander<'_> {
    fn run(&mut self) {
        let mut renaming = Renaming::default();
        let constants = self.function.constants();
        for id in self.function.reverse_postorder() {
            let mut writer = Writer {
                block: id,
                out: Vec::new(),
                known: HashMap::new(),
                constants: &constants,
                span: self.function.span,
                function: self.function,
            };
            let insts = std::mem::take(&mut writer.function.blocks[id].insts);
            let terminator = std::mem::replace(&mut writer.function.blocks[id].terminator, Terminator::Unreachable);
            for mut inst in insts {
                writer.span = inst.span;
                match inst.kind {
                    InstKind::Binary(op @ (Binary::I64AddOverflows | Binary::I64SubOverflows), left, right) => {
                        let kind = writer.sum_overflows(op, left, right);
                        writer.out.push(Inst { kind, ..inst });
                    }
                    InstKind::Binary(Binary::I64MulOverflows, left, right) => {
                        if let Some(kind) = writer.multiple_overflows(left, right) {
                            writer.out.push(Inst { kind, ..inst });
                        } else {
                            let slow = self.library.mul_overflows(self.module);
                            writer.product_overflows(left, right, inst.results[0], slow);
                        }
                    }
                    InstKind::Retain(object) => {
                        let callee = Callee::Function(self.library.retain(self.module));
                        inst.kind = InstKind::Call { callee, args: vec![object], unwind: None };
                        writer.out.push(inst);
                    }
                    InstKind::Release { object, drop } => {
                        let name = self.module.functions[drop].name.clone();
                        let callee = Callee::Function(self.library.release(self.module, drop, &name));
                        inst.kind = InstKind::Call { callee, args: vec![object], unwind: None };
                        writer.out.push(inst);
                    }
                    InstKind::Binary(op @ (Binary::I64DivS | Binary::I64RemS), dividend, divisor) => {
                        let kind = writer.signed_power(op, dividend, divisor).unwrap_or(inst.kind);
                        writer.out.push(Inst { kind, ..inst });
                    }
                    // The sum may be there already, made for the test whether it overflows.
                    InstKind::Binary(op @ (Binary::I64Add | Binary::I64Sub), left, right) => {
                        if let Some(known) = writer.known.get(&(op, left, right)) {
                            renaming.set(inst.results[0], *known);
                        } else {
                            writer.known.insert((op, left, right), inst.results[0]);
                            writer.out.push(inst);
                        }
                    }
                    InstKind::Const(_)
                    | InstKind::Unary(..)
                    | InstKind::Binary(..)
                    | InstKind::Select { .. }
                    | InstKind::Bitselect { .. }
                    | InstKind::Shuffle { .. }
                    | InstKind::Load { .. }
                    | InstKind::Store { .. }
                    | InstKind::GlobalGet(_)
                    | InstKind::GlobalSet(..)
                    | InstKind::Call { .. }
                    | InstKind::Guard { .. }
                    | InstKind::Exit { .. }
                    | InstKind::MemorySize
                    | InstKind::MemoryGrow(_)
                    | InstKind::MemoryCopy { .. }
                    | InstKind::MemoryFill { .. } => writer.out.push(inst),
                }
            }
            let (last, out) = (writer.block, writer.out);
            self.function.blocks[last].insts = out;
            self.function.blocks[last].terminator = terminator;
        }
        renaming.apply(self.function);
    }
}

/// Writes the instructions of a block anew.
struct Writer<'a> {
    function: &'a mut Function,
    /// The block that is written to: another one after a product was tested.
    block: Id<Block>,
    out: Vec<Inst>,
    /// The sums and differences in this block.
    known: HashMap<(Binary, Id<Value>, Id<Value>), Id<Value>>,
    constants: &'a IdMap<Value, Const>,
    span: Span,
}

impl Writer<'_> {
    /// The number that a value is, if it is a 64-bit constant.
    fn number(&self, value: Id<Value>) -> Option<i64> {
        match self.constants.get(value)? {
            Const::I64(number) => Some(*number),
            Const::I32(_) | Const::F32(_) | Const::F64(_) | Const::V128(_) => None,
        }
    }

    fn make(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.out.push(Inst::new(kind, vec![result], self.span));
        result
    }

    fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.make(InstKind::Binary(op, left, right), op.result())
    }

    fn constant(&mut self, value: Const) -> Id<Value> {
        self.make(InstKind::Const(value), value.ty())
    }

    /// A sum overflows where its sign differs from both operands'; a difference where its sign and the right
    /// operand's differ from the left one's.
    fn sum_overflows(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> InstKind {
        let plain = if op == Binary::I64AddOverflows { Binary::I64Add } else { Binary::I64Sub };
        let result = match self.known.get(&(plain, left, right)) {
            Some(known) => *known,
            None => {
                let result = self.binary(plain, left, right);
                self.known.insert((plain, left, right), result);
                result
            }
        };
        let one = self.binary(Binary::I64Xor, result, left);
        let other = match plain {
            Binary::I64Add => self.binary(Binary::I64Xor, result, right),
            _ => self.binary(Binary::I64Xor, left, right),
        };
        let both = self.binary(Binary::I64And, one, other);
        let zero = self.constant(Const::I64(0));
        InstKind::Binary(Binary::I64LtS, both, zero)
    }

    /// Division by 2^k that truncates: a shift after 2^k - 1 was added to negative numbers.
    fn signed_power(&mut self, op: Binary, x: Id<Value>, divisor: Id<Value>) -> Option<InstKind> {
        let divisor = self.number(divisor)?;
        if divisor <= 1 || !(divisor as u64).is_power_of_two() {
            return None;
        }
        let power = i64::from(divisor.trailing_zeros());
        let all = self.constant(Const::I64(63));
        let sign = self.binary(Binary::I64ShrS, x, all);
        let rest = self.constant(Const::I64(64 - power));
        let bias = self.binary(Binary::I64ShrU, sign, rest);
        let biased = self.binary(Binary::I64Add, x, bias);
        if op == Binary::I64DivS {
            let power = self.constant(Const::I64(power));
            return Some(InstKind::Binary(Binary::I64ShrS, biased, power));
        }
        let mask = self.constant(Const::I64(-divisor));
        let multiple = self.binary(Binary::I64And, biased, mask);
        Some(InstKind::Binary(Binary::I64Sub, x, multiple))
    }

    /// A multiple of a constant overflows outside of one range, which is one unsigned test.
    fn multiple_overflows(&mut self, left: Id<Value>, right: Id<Value>) -> Option<InstKind> {
        let (x, factor) = match (self.number(left), self.number(right)) {
            (_, Some(factor)) => (left, factor),
            (Some(factor), None) => (right, factor),
            (None, None) => return None,
        };
        let (low, high) = match factor {
            0 | 1 => return Some(InstKind::Const(Const::I32(0))),
            -1 => (i64::MIN + 1, i64::MAX),
            // Rust's division truncates: it rounds the negative bound up and the positive one down.
            factor if factor > 0 => (i64::MIN / factor, i64::MAX / factor),
            factor => (i64::MAX / factor, i64::MIN / factor),
        };
        let low_value = self.constant(Const::I64(low));
        let shifted = self.binary(Binary::I64Sub, x, low_value);
        let room = self.constant(Const::I64(high.wrapping_sub(low)));
        Some(InstKind::Binary(join(Width::W64, Op::Compare(Compare::GtU)), shifted, room))
    }

    /// Factors of 32 bits never overflow; others are tested by division, out of the way.
    fn product_overflows(&mut self, left: Id<Value>, right: Id<Value>, result: Id<Value>, slow: Id<Function>) {
        let half = self.constant(Const::I64(1 << 31));
        let left_shifted = self.binary(Binary::I64Add, left, half);
        let right_shifted = self.binary(Binary::I64Add, right, half);
        let either = self.binary(Binary::I64Or, left_shifted, right_shifted);
        let room = self.constant(Const::I64(1 << 32));
        let small = self.binary(Binary::I64LtU, either, room);
        let no = self.constant(Const::I32(0));
        let overflows = self.function.value(Type::I32);
        let call = InstKind::Call { callee: Callee::Function(slow), args: vec![left, right], unwind: None };
        let next = self.function.blocks.push(Block { params: vec![result], ..Block::default() });
        let test = self.function.blocks.push(Block {
            params: Vec::new(),
            insts: vec![Inst::new(call, vec![overflows], self.span)],
            terminator: Terminator::Jump(BlockCall { block: next, args: vec![overflows] }),
            rare: true,
        });
        self.function.blocks[self.block].insts = std::mem::take(&mut self.out);
        self.function.blocks[self.block].terminator = Terminator::Branch {
            condition: small,
            then: BlockCall { block: next, args: vec![no] },
            otherwise: BlockCall { block: test, args: Vec::new() },
        };
        self.block = next;
    }
}
