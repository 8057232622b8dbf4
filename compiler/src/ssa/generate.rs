//! Random programs for tests of `opt` and `emit`: well formed, they end, and do not trap. In: a seed. Out: a module.
//!
//! Structured programs are grown statement by statement, so that loops have one entry. Addresses fall into one small
//! area, so that stores meet loads.

mod kernel;

use super::verify::verify;
use super::{
    Binary, Block, BlockCall, Callee, Const, Function, Global, Import, Inst, InstKind, LoadKind, Module, StoreKind,
    Terminator, Type, Unary, Unwind, Value,
};
use crate::abi::DATA_START;
use crate::arena::Id;
use crate::source::Span;

pub(crate) use kernel::{kernel, nest};

/// What every function takes; it gives an `i64`.
pub(crate) const PARAMS: [Type; 3] = [Type::I32, Type::I64, Type::F64];

/// A module with some functions; the last one is the one to call, with [`PARAMS`].
pub(crate) fn module(seed: u64) -> Module {
    let mut module = Module::default();
    let mut random = Random::new(seed);
    module.imports.push(Import {
        module: "kukri".into(),
        name: "note".into(),
        params: vec![Type::I64],
        results: vec![Type::I32],
    });
    for at in 0..3 {
        let initial = [Const::I32(7), Const::I64(-3), Const::f64(1.5)][at];
        module.globals.push(Global { name: format!("g{at}"), initial });
    }
    // Sixteen objects with a count; those that are counted lie behind what other statements write.
    module.data = (0..=255).collect();
    for object in 0..16 {
        module.data[object * 16..object * 16 + 4].copy_from_slice(&3_i32.to_le_bytes());
    }
    let span = Span::default();
    let mut raise = Function::new("raise", vec![Type::I32], span);
    let given = raise.value(Type::I64);
    let result = raise.value(Type::I32);
    let entry = raise.entry;
    raise.blocks[entry].params.push(given);
    raise.blocks[entry].insts.push(Inst::new(InstKind::Unary(Unary::I32WrapI64, given), vec![result], span));
    raise.blocks[entry].terminator = Terminator::Return(vec![result]);
    let raise = module.functions.push(raise);
    let mut drop = Function::new("drop", Vec::new(), span);
    let object = drop.value(Type::I32);
    let entry = drop.entry;
    drop.blocks[entry].params.push(object);
    drop.blocks[entry].insts.push(Inst::new(InstKind::GlobalSet(Id::new(0), object), Vec::new(), span));
    drop.blocks[entry].terminator = Terminator::Return(Vec::new());
    let drop = module.functions.push(drop);
    for at in 0..3 {
        let function = Function::new(format!("f{at}"), vec![Type::I64], span);
        let mut grower = Grower {
            random: &mut random,
            function,
            block: Id::new(0),
            scope: Vec::new(),
            pads: Vec::new(),
            counters: Vec::new(),
            callees: at,
            raise,
            drop,
            budget: 40,
        };
        grower.grow();
        let mut function = grower.function;
        function.inline = random_bool(&mut random);
        module.functions.push(function);
    }
    let last = module.functions.ids().next_back().expect("functions were pushed");
    module.exports.push(("main".into(), last));
    if let Err(message) = verify(&module) {
        panic!("seed {seed}: {message}");
    }
    module
}

fn random_bool(random: &mut Random) -> bool {
    random.below(3) == 0
}

/// Marsaglia's xorshift.
pub(crate) struct Random(u64);

impl Random {
    /// From a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((self.next() >> 20) % bound as u64) as usize
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// A constant, interesting ones more often.
    pub(crate) fn constant(&mut self, ty: Type) -> Const {
        let small = self.below(12) as i64 - 3;
        let number = match self.below(6) {
            0 => i64::MAX - self.below(3) as i64,
            1 => i64::MIN + self.below(3) as i64,
            2 => 1 << self.below(63),
            3 => self.next() as i64,
            _ => small,
        };
        match ty {
            Type::I32 => Const::I32(if self.below(4) == 0 { (number >> 32) as i32 } else { number as i32 }),
            Type::I64 => Const::I64(number),
            Type::F32 => Const::F32((small as f32 * 0.5).to_bits()),
            Type::F64 => {
                let special = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e300, 0.1, 4.0];
                Const::f64(if self.below(3) == 0 { self.pick(&special) } else { small as f64 * 0.5 })
            }
            Type::V128 => unreachable!("no test makes vectors"),
        }
    }
}

struct Grower<'a> {
    random: &'a mut Random,
    function: Function,
    block: Id<Block>,
    /// The values that can be read here.
    scope: Vec<Id<Value>>,
    /// The blocks for exceptions around here, each with the types of its arguments.
    pads: Vec<(Id<Block>, Vec<Type>)>,
    /// The counters of the loops around here.
    counters: Vec<Id<Value>>,
    /// The first so many functions can be called.
    callees: usize,
    raise: Id<Function>,
    drop: Id<Function>,
    /// Statements that are left.
    budget: u32,
}

impl Grower<'_> {
    fn grow(&mut self) {
        self.block = self.function.entry;
        for ty in PARAMS {
            let param = self.function.value(ty);
            self.function.blocks[self.block].params.push(param);
            self.scope.push(param);
        }
        self.statements(0);
        let result = self.value(Type::I64);
        self.function.blocks[self.block].terminator = Terminator::Return(vec![result]);
    }

    fn make(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.push(kind, vec![result]);
        self.scope.push(result);
        result
    }

    fn push(&mut self, kind: InstKind, results: Vec<Id<Value>>) {
        self.function.blocks[self.block].insts.push(Inst::new(kind, results, Span::default()));
    }

    /// Some value of a type: a recent one, or a constant.
    fn value(&mut self, ty: Type) -> Id<Value> {
        if self.random.below(4) > 0 {
            for _ in 0..6 {
                let value = self.random.pick(&self.scope.clone());
                if self.function.values[value].ty == ty {
                    return value;
                }
            }
        }
        let constant = self.random.constant(ty);
        self.make(InstKind::Const(constant), ty)
    }

    fn ty(&mut self) -> Type {
        self.random.pick(&[Type::I32, Type::I64, Type::I64, Type::F64, Type::F32])
    }

    /// An address in the area, 8 bytes at least before its end, and an offset.
    fn address(&mut self) -> Id<Value> {
        let any = self.value(Type::I32);
        let mask = self.make(InstKind::Const(Const::I32(0x78)), Type::I32);
        let masked = self.make(InstKind::Binary(Binary::I32And, any, mask), Type::I32);
        let base = self.make(InstKind::Const(Const::I32(DATA_START as i32)), Type::I32);
        let address = self.make(InstKind::Binary(Binary::I32Add, masked, base), Type::I32);
        let more = 8 * self.random.below(3) as i32;
        let more = self.make(InstKind::Const(Const::I32(more)), Type::I32);
        self.make(InstKind::Binary(Binary::I32Add, address, more), Type::I32)
    }

    /// One of the objects, or 0.
    fn object(&mut self) -> Id<Value> {
        let at = self.random.below(5) as i32;
        let address = if at == 0 { 0 } else { DATA_START as i32 + 256 - 16 * at };
        let one = self.make(InstKind::Const(Const::I32(address)), Type::I32);
        let condition = self.value(Type::I32);
        let other = self.make(InstKind::Const(Const::I32(DATA_START as i32 + 256 - 16)), Type::I32);
        self.make(InstKind::Select { condition, then: one, otherwise: other }, Type::I32)
    }

    fn unwind(&mut self) -> Option<Unwind> {
        let (block, types) = self.pads.last().cloned()?;
        let args = types.into_iter().map(|ty| self.value(ty)).collect();
        Some(Unwind { block, args })
    }

    fn statements(&mut self, depth: u32) {
        for _ in 0..2 + self.random.below(7) {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement(depth);
        }
    }

    /// One of those that have nothing to do with vectors, which are `opt`'s own.
    fn scalar<T: Copy>(&mut self, all: &[T], ty: impl Fn(T) -> Type) -> T {
        loop {
            let one = self.random.pick(all);
            if ty(one) != Type::V128 {
                return one;
            }
        }
    }

    fn statement(&mut self, depth: u32) {
        match self.random.below(if depth < 3 { 24 } else { 19 }) {
            _ if !self.counters.is_empty() && self.random.below(4) == 0 => self.check(),
            0..=6 => {
                let op = self.scalar(Binary::ALL, Binary::operand);
                let (left, mut right) = (self.value(op.operand()), self.value(op.operand()));
                if op.can_trap() {
                    // A divisor from 1 to 15.
                    let ty = op.operand();
                    let wide = ty == Type::I64;
                    let constant = |value: i64| if wide { Const::I64(value) } else { Const::I32(value as i32) };
                    let mask = self.make(InstKind::Const(constant(15)), ty);
                    let one = self.make(InstKind::Const(constant(1)), ty);
                    let and = if wide { Binary::I64And } else { Binary::I32And };
                    let or = if wide { Binary::I64Or } else { Binary::I32Or };
                    right = self.make(InstKind::Binary(and, right, mask), ty);
                    right = self.make(InstKind::Binary(or, right, one), ty);
                    if self.random.below(2) == 0 {
                        let power = constant(1 << self.random.below(6));
                        right = self.make(InstKind::Const(power), ty);
                    }
                }
                self.make(InstKind::Binary(op, left, right), op.result());
            }
            7..=9 => {
                let op =
                    self.scalar(Unary::ALL, |op| if op.result() == Type::V128 { Type::V128 } else { op.operand() });
                let operand = self.value(op.operand());
                self.make(InstKind::Unary(op, operand), op.result());
            }
            10 => {
                let ty = self.ty();
                let (condition, then, otherwise) = (self.value(Type::I32), self.value(ty), self.value(ty));
                self.make(InstKind::Select { condition, then, otherwise }, ty);
            }
            11 | 12 => {
                let kind = self.scalar(LoadKind::ALL, LoadKind::ty);
                let address = self.address();
                let offset = 4 * self.random.below(3) as u32;
                self.make(InstKind::Load { kind, address, offset }, kind.ty());
            }
            13 | 14 => {
                let kind = self.scalar(StoreKind::ALL, StoreKind::ty);
                let address = self.address();
                let value = self.value(kind.ty());
                let offset = 4 * self.random.below(3) as u32;
                self.push(InstKind::Store { kind, address, offset, value }, Vec::new());
            }
            15 => {
                let global = self.random.below(3);
                let ty = PARAMS[global];
                if self.random.below(2) == 0 {
                    self.make(InstKind::GlobalGet(Id::new(global)), ty);
                } else {
                    let value = self.value(ty);
                    self.push(InstKind::GlobalSet(Id::new(global), value), Vec::new());
                }
            }
            16 => {
                let condition = self.value(Type::I32);
                let arg = self.value(Type::I64);
                let unwind = self.unwind();
                self.push(InstKind::Guard { condition, raise: self.raise, args: vec![arg], unwind }, Vec::new());
            }
            17 => {
                let object = self.object();
                match self.random.below(3) {
                    0 => self.push(InstKind::Retain(object), Vec::new()),
                    1 => self.push(InstKind::Release { object, drop: self.drop }, Vec::new()),
                    _ => {
                        self.push(InstKind::Retain(object), Vec::new());
                        self.push(InstKind::Release { object, drop: self.drop }, Vec::new());
                    }
                }
            }
            18 => {
                let result = self.random.below(self.callees + 1);
                if result == self.callees {
                    let arg = self.value(Type::I64);
                    let kind = InstKind::Call { callee: Callee::Import(Id::new(0)), args: vec![arg], unwind: None };
                    self.make(kind, Type::I32);
                } else {
                    let args = PARAMS.iter().map(|ty| self.value(*ty)).collect();
                    let unwind = self.unwind();
                    let callee = Callee::Function(Id::new(2 + result));
                    self.make(InstKind::Call { callee, args, unwind }, Type::I64);
                }
            }
            19 | 20 => self.branch(depth),
            21 => self.repeat(depth),
            22 => self.attempt(depth),
            _ => self.choose(depth),
        }
    }

    /// A block with parameters of these types.
    fn new_block(&mut self, types: &[Type]) -> Id<Block> {
        let params = types.iter().map(|ty| self.function.value(*ty)).collect();
        self.function.blocks.push(Block { params, ..Block::default() })
    }

    fn some_types(&mut self) -> Vec<Type> {
        (0..self.random.below(4)).map(|_| self.ty()).collect()
    }

    fn edge(&mut self, block: Id<Block>) -> BlockCall {
        let types: Vec<_> =
            self.function.blocks[block].params.iter().map(|param| self.function.values[*param].ty).collect();
        BlockCall { block, args: types.into_iter().map(|ty| self.value(ty)).collect() }
    }

    fn enter(&mut self, block: Id<Block>) {
        self.block = block;
        self.scope.extend(self.function.blocks[block].params.clone());
    }

    /// Statements in a block, which then goes on to `next`; or now and then ends the function.
    fn arm(&mut self, block: Id<Block>, next: Id<Block>, depth: u32) {
        let known = self.scope.len();
        self.enter(block);
        if self.random.below(3) > 0 {
            self.statements(depth + 1);
        }
        let terminator = match self.random.below(12) {
            0 => Terminator::Return(vec![self.value(Type::I64)]),
            1 => {
                let exception = self.value(Type::I32);
                match self.unwind() {
                    None => Terminator::Throw(exception),
                    Some(Unwind { block, mut args }) => {
                        args.insert(0, exception);
                        Terminator::Jump(BlockCall { block, args })
                    }
                }
            }
            _ => Terminator::Jump(self.edge(next)),
        };
        self.function.blocks[self.block].terminator = terminator;
        self.scope.truncate(known);
    }

    fn branch(&mut self, depth: u32) {
        let types = self.some_types();
        let next = self.new_block(&types);
        let then = self.new_block(&[]);
        let condition = self.value(Type::I32);
        let then_edge = self.edge(then);
        let alone = self.random.below(3) == 0;
        let otherwise = if alone { next } else { self.new_block(&[]) };
        let otherwise_edge = self.edge(otherwise);
        self.function.blocks[self.block].terminator =
            Terminator::Branch { condition, then: then_edge, otherwise: otherwise_edge };
        self.arm(then, next, depth);
        if !alone {
            self.arm(otherwise, next, depth);
        }
        self.enter(next);
    }

    fn choose(&mut self, depth: u32) {
        let types = self.some_types();
        let next = self.new_block(&types);
        let arms: Vec<_> = (0..=self.random.below(3)).map(|_| self.new_block(&[])).collect();
        let index = self.value(Type::I32);
        let targets = arms.iter().map(|arm| self.edge(*arm)).collect();
        let default = self.edge(next);
        self.function.blocks[self.block].terminator = Terminator::Switch { index, targets, default };
        for arm in arms {
            self.arm(arm, next, depth);
        }
        self.enter(next);
    }

    /// A small number, a constant or not.
    fn small(&mut self) -> Id<Value> {
        if self.random.below(2) == 0 {
            let constant = self.random.below(10) as i64 - 3;
            return self.make(InstKind::Const(Const::I64(constant)), Type::I64);
        }
        let any = self.value(Type::I64);
        let mask = self.make(InstKind::Const(Const::I64(7)), Type::I64);
        self.make(InstKind::Binary(Binary::I64And, any, mask), Type::I64)
    }

    /// A loop that counts to a number, mostly a small one.
    fn repeat(&mut self, depth: u32) {
        let mut types = vec![Type::I64];
        types.extend(self.some_types());
        let head = self.new_block(&types);
        let body = self.new_block(&[]);
        let next = self.new_block(&[]);
        let step_block = self.new_block(&types[1..]);
        let rises = self.random.below(3) > 0;
        let step = if self.random.below(2) == 0 { 1 } else { 1 + self.random.below(3) as i64 };
        let step = if rises { step } else { -step };
        let (start, bound) = match self.random.below(8) {
            0 => {
                let far = self.random.below(12) as i64;
                let near = self.random.below(3) as i64;
                let [far, near] = [far, near].map(|by| if rises { i64::MAX - by } else { i64::MIN + by });
                [far, near].map(|number| self.make(InstKind::Const(Const::I64(number)), Type::I64)).into()
            }
            _ => (self.small(), self.small()),
        };
        let mut edge = self.edge(head);
        edge.args[0] = start;
        self.function.blocks[self.block].terminator = Terminator::Jump(edge);
        self.enter(head);
        let counter = self.function.blocks[head].params[0];
        let strict = self.random.below(4) > 0;
        let (op, swapped) = match (rises, strict) {
            (true, true) => (Binary::I64LtS, Binary::I64GtS),
            (true, false) => (Binary::I64LeS, Binary::I64GeS),
            (false, true) => (Binary::I64GtS, Binary::I64LtS),
            (false, false) => (Binary::I64GeS, Binary::I64LeS),
        };
        let kind = if self.random.below(3) == 0 {
            InstKind::Binary(swapped, bound, counter)
        } else {
            InstKind::Binary(op, counter, bound)
        };
        let goes_on = self.make(kind, Type::I32);
        self.function.blocks[self.block].terminator = Terminator::Branch {
            condition: goes_on,
            then: BlockCall { block: body, args: Vec::new() },
            otherwise: BlockCall { block: next, args: Vec::new() },
        };
        self.counters.push(counter);
        self.arm(body, step_block, depth);
        self.counters.pop();
        let known = self.scope.len();
        self.enter(step_block);
        let by = self.make(InstKind::Const(Const::I64(step)), Type::I64);
        if self.random.below(2) == 0 {
            let overflows = self.make(InstKind::Binary(Binary::I64AddOverflows, counter, by), Type::I32);
            let fine = self.make(InstKind::Unary(Unary::I32Eqz, overflows), Type::I32);
            let raise = self.raise;
            let unwind = self.unwind();
            self.push(InstKind::Guard { condition: fine, raise, args: vec![by], unwind }, Vec::new());
        }
        let counted = self.make(InstKind::Binary(Binary::I64Add, counter, by), Type::I64);
        let mut args = vec![counted];
        args.extend(self.function.blocks[step_block].params.clone());
        self.function.blocks[self.block].terminator = Terminator::Jump(BlockCall { block: head, args });
        self.scope.truncate(known);
        self.enter(next);
    }

    /// A check of something that moves with the counter of a loop: an index, or a sum.
    fn check(&mut self) {
        let counters = self.counters.clone();
        let mut moving = self.random.pick(&counters);
        for _ in 0..self.random.below(3) {
            let other = if self.random.below(4) == 0 { self.value(Type::I64) } else { self.small() };
            let op =
                self.random.pick(&[Binary::I64Add, Binary::I64Add, Binary::I64Sub, Binary::I64Mul, Binary::I64Shl]);
            let (left, right) = if self.random.below(3) == 0 { (other, moving) } else { (moving, other) };
            if self.random.below(4) == 0 && op != Binary::I64Shl {
                let test = match op {
                    Binary::I64Add => Binary::I64AddOverflows,
                    Binary::I64Sub => Binary::I64SubOverflows,
                    _ => Binary::I64MulOverflows,
                };
                let overflows = self.make(InstKind::Binary(test, left, right), Type::I32);
                let condition = self.make(InstKind::Unary(Unary::I32Eqz, overflows), Type::I32);
                let unwind = self.unwind();
                self.push(InstKind::Guard { condition, raise: self.raise, args: vec![left], unwind }, Vec::new());
            }
            moving = self.make(InstKind::Binary(op, left, right), Type::I64);
        }
        let bound = self.small();
        if self.random.below(3) == 0 {
            let zero = self.make(InstKind::Const(Const::I64(0)), Type::I64);
            let condition = self.make(InstKind::Binary(Binary::I64LtS, moving, zero), Type::I32);
            let wrapped = self.make(InstKind::Binary(Binary::I64Add, moving, bound), Type::I64);
            let kind = InstKind::Select { condition, then: wrapped, otherwise: moving };
            moving = self.make(kind, Type::I64);
        }
        let op = self.random.pick(&[
            Binary::I64LtU,
            Binary::I64LtU,
            Binary::I64LeU,
            Binary::I64GtU,
            Binary::I64GeU,
            Binary::I64LtS,
            Binary::I64LeS,
            Binary::I64GtS,
            Binary::I64GeS,
        ]);
        let kind = if self.random.below(4) == 0 {
            InstKind::Binary(op, bound, moving)
        } else {
            InstKind::Binary(op, moving, bound)
        };
        let mut condition = self.make(kind, Type::I32);
        if self.random.below(6) == 0 {
            let other = self.make(InstKind::Binary(Binary::I64GeS, moving, bound), Type::I32);
            condition = self.make(InstKind::Binary(Binary::I32And, condition, other), Type::I32);
        }
        let unwind = self.unwind();
        self.push(InstKind::Guard { condition, raise: self.raise, args: vec![moving], unwind }, Vec::new());
    }

    /// Statements whose exceptions are caught.
    fn attempt(&mut self, depth: u32) {
        let types = self.some_types();
        let next = self.new_block(&types);
        let given = self.some_types();
        let mut all = vec![Type::I32];
        all.extend(&given);
        let pad = self.new_block(&all);
        let body = self.new_block(&[]);
        let edge = self.edge(body);
        self.function.blocks[self.block].terminator = Terminator::Jump(edge);
        self.pads.push((pad, given));
        self.arm(body, next, depth);
        self.pads.pop();
        self.arm(pad, next, depth);
        self.enter(next);
    }
}
