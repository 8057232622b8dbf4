//! Makes random functions: structured code over a few variables, put into SSA by giving every join a parameter for
//! each variable.

use kukri_compiler::arena::Id;
use kukri_compiler::source::Span;
use kukri_compiler::ssa::{
    Binary, Block, BlockCall, Callee, Const, Function, Global, Import, Inst, InstKind, LoadKind, Module, StoreKind,
    Terminator, Type, Unary, Unwind, Value,
};

/// The variables of every function.
const SLOTS: [Type; 7] = [Type::I64, Type::I64, Type::I64, Type::I32, Type::I32, Type::I32, Type::F64];
/// Memory that loads and stores touch, and a few counted objects behind it.
const AREA: i32 = 2048;
const OBJECT: i32 = 8192;

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A module with three random functions that call each other, of about `size` statements each.
/// It exports `run(i64, i32) -> (i64, i32, i32)`; the last result is 1 if an exception got out of the others.
pub fn module(seed: u64, size: usize) -> Module {
    let mut module = Module { data: vec![7; 40], ..Module::default() };
    module.imports.push(Import {
        module: "env".into(),
        name: "tell".into(),
        params: vec![Type::I32],
        results: vec![Type::I32],
    });
    module.globals.push(Global { name: "counter".into(), initial: Const::I64(5) });
    let raise = module.functions.push(raise());
    let drop = module.functions.push(drop());
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut callees = Vec::new();
    for name in ["first", "second", "third"] {
        let function = Generator::new(name, &mut random, raise, drop, &callees).function(size);
        callees.push(module.functions.push(function));
    }
    let run = module.functions.push(run(callees[2]));
    module.exports.push(("run".into(), run));
    module
}

fn inst(function: &mut Function, block: Id<Block>, kind: InstKind, types: &[Type]) -> Vec<Id<Value>> {
    let results: Vec<_> = types.iter().map(|ty| function.value(*ty)).collect();
    function.blocks[block].insts.push(Inst { kind, results: results.clone(), span: Span::default() });
    results
}

/// `raise(i64) -> i32`: remembers its argument, and gives an address.
fn raise() -> Function {
    let mut function = Function::new("raise", vec![Type::I32], Span::default());
    let entry = function.entry;
    let param = function.value(Type::I64);
    function.blocks[entry].params.push(param);
    let address = inst(&mut function, entry, InstKind::Const(Const::I32(AREA)), &[Type::I32])[0];
    let store = InstKind::Store { kind: StoreKind::I64, address, offset: 600, value: param };
    inst(&mut function, entry, store, &[]);
    let low = inst(&mut function, entry, InstKind::Unary(Unary::I32WrapI64, param), &[Type::I32])[0];
    function.blocks[entry].terminator = Terminator::Return(vec![low]);
    function
}

/// `drop(i32)`: marks the object.
fn drop() -> Function {
    let mut function = Function::new("drop", Vec::new(), Span::default());
    let entry = function.entry;
    let param = function.value(Type::I32);
    function.blocks[entry].params.push(param);
    let store = InstKind::Store { kind: StoreKind::I32, address: param, offset: 4, value: param };
    inst(&mut function, entry, store, &[]);
    function.blocks[entry].terminator = Terminator::Return(Vec::new());
    function
}

/// Calls `callee` and catches what it raises.
fn run(callee: Id<Function>) -> Function {
    let mut function = Function::new("run", vec![Type::I64, Type::I32, Type::I32], Span::default());
    let entry = function.entry;
    let params = [function.value(Type::I64), function.value(Type::I32)];
    function.blocks[entry].params.extend(params);
    let exception = function.value(Type::I32);
    let pad = function.blocks.push(Block { params: vec![exception], ..Block::default() });
    let unwind = Some(Unwind { block: pad, args: Vec::new() });
    let call = InstKind::Call { callee: Callee::Function(callee), args: params.to_vec(), unwind };
    let mut results = inst(&mut function, entry, call, &[Type::I64, Type::I32]);
    results.extend(inst(&mut function, entry, InstKind::Const(Const::I32(0)), &[Type::I32]));
    function.blocks[entry].terminator = Terminator::Return(results);
    let global = inst(&mut function, pad, InstKind::GlobalGet(Id::new(0)), &[Type::I64])[0];
    let one = inst(&mut function, pad, InstKind::Const(Const::I32(1)), &[Type::I32])[0];
    function.blocks[pad].terminator = Terminator::Return(vec![global, exception, one]);
    function
}

/// Where a loop goes on and where it ends; both take the variables.
#[derive(Clone, Copy)]
struct Loop {
    next: Id<Block>,
    exit: Id<Block>,
}

struct Generator<'a> {
    random: &'a mut Random,
    function: Function,
    /// Where instructions go; none after control left.
    block: Option<Id<Block>>,
    /// The variables' values.
    slots: Vec<Id<Value>>,
    loops: Vec<Loop>,
    pads: Vec<Id<Block>>,
    raise: Id<Function>,
    drop: Id<Function>,
    callees: Vec<Id<Function>>,
    budget: usize,
}

impl<'a> Generator<'a> {
    fn new(
        name: &str,
        random: &'a mut Random,
        raise: Id<Function>,
        drop: Id<Function>,
        callees: &[Id<Function>],
    ) -> Self {
        let mut function = Function::new(name, vec![Type::I64, Type::I32], Span::default());
        let params = vec![function.value(Type::I64), function.value(Type::I32)];
        let entry = function.entry;
        function.blocks[entry].params = params;
        let (block, callees) = (Some(entry), callees.to_vec());
        let (slots, loops, pads) = (Vec::new(), Vec::new(), Vec::new());
        Self { random, function, block, slots, loops, pads, raise, drop, callees, budget: 0 }
    }

    fn function(mut self, size: usize) -> Function {
        let params = self.function.params().to_vec();
        for (at, ty) in SLOTS.into_iter().enumerate() {
            let value = match at {
                0 => params[0],
                3 => params[1],
                _ => self.constant(ty),
            };
            self.slots.push(value);
        }
        self.budget = size;
        self.statements(0);
        if let Some(block) = self.block {
            self.function.blocks[block].terminator = Terminator::Return(vec![self.slots[0], self.slots[3]]);
        }
        self.function
    }

    fn inst(&mut self, kind: InstKind, types: &[Type]) -> Vec<Id<Value>> {
        let block = self.block.expect("statements are made only where control gets");
        inst(&mut self.function, block, kind, types)
    }

    fn one(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        self.inst(kind, &[ty])[0]
    }

    fn constant(&mut self, ty: Type) -> Id<Value> {
        let small = self.random.below(9) as i32 - 3;
        let value = match ty {
            Type::I32 => Const::I32(small),
            Type::I64 if self.random.below(4) == 0 => Const::I64(i64::MAX / i64::from(small.max(1))),
            Type::I64 => Const::I64(small.into()),
            Type::F64 => Const::f64(f64::from(small) / 2.0),
            Type::F32 | Type::V128 => panic!("no such variable"),
        };
        self.one(InstKind::Const(value), ty)
    }

    /// A slot of a type.
    fn slot(&mut self, ty: Type) -> usize {
        let slots: Vec<_> = (0..SLOTS.len()).filter(|at| SLOTS[*at] == ty).collect();
        self.random.of(&slots)
    }

    fn expression(&mut self, ty: Type, depth: usize) -> Id<Value> {
        let choice = self.random.below(if depth > 3 { 2 } else { 9 });
        match (choice, ty) {
            (0, _) => self.constant(ty),
            (1 | 2, _) => {
                let slot = self.slot(ty);
                self.slots[slot]
            }
            (3, _) => {
                let condition = self.expression(Type::I32, depth + 1);
                let then = self.expression(ty, depth + 1);
                let otherwise = self.expression(ty, depth + 1);
                self.one(InstKind::Select { condition, then, otherwise }, ty)
            }
            (4, Type::I32) => self.compare(depth),
            (4, Type::I64) => {
                let of = self.expression(Type::I32, depth + 1);
                let op = self.random.of(&[Unary::I64ExtendI32S, Unary::I64ExtendI32U]);
                self.one(InstKind::Unary(op, of), ty)
            }
            (4, _) => {
                let of = self.expression(Type::I32, depth + 1);
                self.one(InstKind::Unary(Unary::F64ConvertI32S, of), ty)
            }
            (5, Type::I64 | Type::I32) => self.load(ty, depth),
            (6, Type::I32) => {
                let value = self.expression(Type::I32, depth + 1);
                let callee = Callee::Import(Id::new(0));
                self.one(InstKind::Call { callee, args: vec![value], unwind: None }, ty)
            }
            (6, Type::I64) => self.one(InstKind::GlobalGet(Id::new(0)), ty),
            (7, Type::I32) => {
                let op = self.random.of(&[Binary::I64AddOverflows, Binary::I64SubOverflows, Binary::I64MulOverflows]);
                let left = self.expression(Type::I64, depth + 1);
                let right = self.expression(Type::I64, depth + 1);
                self.one(InstKind::Binary(op, left, right), ty)
            }
            (7, Type::I64) => {
                let of = self.expression(Type::F64, depth + 1);
                self.one(InstKind::Unary(Unary::I64TruncSatF64S, of), ty)
            }
            _ => {
                let op = match ty {
                    Type::I32 => self.random.of(&[
                        Binary::I32Add,
                        Binary::I32Sub,
                        Binary::I32Mul,
                        Binary::I32And,
                        Binary::I32Or,
                        Binary::I32Xor,
                        Binary::I32ShrU,
                    ]),
                    Type::I64 => self.random.of(&[
                        Binary::I64Add,
                        Binary::I64Sub,
                        Binary::I64Mul,
                        Binary::I64Xor,
                        Binary::I64Shl,
                    ]),
                    Type::F64 => self.random.of(&[Binary::F64Add, Binary::F64Mul]),
                    Type::F32 | Type::V128 => panic!("no such variable"),
                };
                let left = self.expression(ty, depth + 1);
                let right = self.expression(ty, depth + 1);
                self.one(InstKind::Binary(op, left, right), ty)
            }
        }
    }

    fn compare(&mut self, depth: usize) -> Id<Value> {
        let op = self.random.of(&[
            Binary::I32Eq,
            Binary::I32Ne,
            Binary::I32LtS,
            Binary::I32GeU,
            Binary::I64LtS,
            Binary::I64LeU,
            Binary::I64Ne,
            Binary::F64Lt,
        ]);
        let left = self.expression(op.operand(), depth + 1);
        let right = self.expression(op.operand(), depth + 1);
        let value = self.one(InstKind::Binary(op, left, right), Type::I32);
        match self.random.below(3) {
            0 => self.one(InstKind::Unary(Unary::I32Eqz, value), Type::I32),
            _ => value,
        }
    }

    fn address(&mut self, depth: usize) -> Id<Value> {
        let any = self.expression(Type::I32, depth + 2);
        let mask = self.one(InstKind::Const(Const::I32(0x38)), Type::I32);
        let base = self.one(InstKind::Const(Const::I32(AREA)), Type::I32);
        let offset = self.one(InstKind::Binary(Binary::I32And, any, mask), Type::I32);
        self.one(InstKind::Binary(Binary::I32Add, base, offset), Type::I32)
    }

    fn load(&mut self, ty: Type, depth: usize) -> Id<Value> {
        let address = self.address(depth);
        let offset = self.random.below(3) as u32 * 8;
        let kind = match ty {
            Type::I64 => LoadKind::I64,
            _ => self.random.of(&[LoadKind::I32, LoadKind::I32U8, LoadKind::I32S16]),
        };
        self.one(InstKind::Load { kind, address, offset }, ty)
    }

    /// One of the objects, or 0.
    fn object(&mut self) -> Id<Value> {
        let condition = self.expression(Type::I32, 2);
        let then = self.random.below(3) as i32 * 16 + OBJECT;
        let then = self.one(InstKind::Const(Const::I32(then)), Type::I32);
        let otherwise = self.one(InstKind::Const(Const::I32(0)), Type::I32);
        self.one(InstKind::Select { condition, then, otherwise }, Type::I32)
    }

    /// A block that takes the variables, behind `extra` first parameters.
    fn join(&mut self, extra: &[Type]) -> Id<Block> {
        let params = extra.iter().chain(&SLOTS).map(|ty| self.function.value(*ty)).collect();
        self.function.blocks.push(Block { params, ..Block::default() })
    }

    /// Goes on in a block whose last parameters are the variables.
    fn enter(&mut self, block: Id<Block>) {
        let params = &self.function.blocks[block].params;
        self.slots = params[params.len() - SLOTS.len()..].to_vec();
        self.block = Some(block);
    }

    /// The variables, sometimes two of a type exchanged.
    fn args(&mut self) -> Vec<Id<Value>> {
        let mut args = self.slots.clone();
        if self.random.below(3) == 0 {
            let ty = self.random.of(&[Type::I64, Type::I32]);
            let (left, right) = (self.slot(ty), self.slot(ty));
            args.swap(left, right);
        }
        args
    }

    fn to(&mut self, block: Id<Block>) -> BlockCall {
        BlockCall { block, args: self.args() }
    }

    fn end(&mut self, terminator: Terminator) {
        if let Some(block) = self.block.take() {
            self.function.blocks[block].terminator = terminator;
        }
    }

    fn jump(&mut self, block: Id<Block>) {
        let to = self.to(block);
        self.end(Terminator::Jump(to));
    }

    fn unwind(&mut self) -> Option<Unwind> {
        let block = *self.pads.last()?;
        Some(Unwind { block, args: self.args() })
    }

    fn statements(&mut self, depth: usize) {
        for _ in 0..=self.random.below(6) {
            while self.budget > 0 && self.block.is_some() {
                self.budget -= 1;
                self.statement(depth);
                if self.random.below(if depth == 0 { 40 } else { 4 }) == 0 {
                    break;
                }
            }
        }
    }

    fn statement(&mut self, depth: usize) {
        let deep = depth >= 4;
        match self.random.below(16) {
            0 | 1 if !deep => self.if_else(depth),
            2 | 3 if !deep => self.loop_(depth),
            4 if !deep => self.switch(depth),
            5 | 6 if !deep => self.try_(depth),
            7 => {
                let condition = self.compare(1);
                let args = vec![self.expression(Type::I64, 1)];
                let unwind = self.unwind();
                self.inst(InstKind::Guard { condition, raise: self.raise, args, unwind }, &[]);
            }
            8 if !self.callees.is_empty() => {
                let callee = Callee::Function(self.random.of(&self.callees.clone()));
                let args = vec![self.expression(Type::I64, 1), self.expression(Type::I32, 1)];
                let unwind = if self.random.below(4) == 0 { None } else { self.unwind() };
                let results = self.inst(InstKind::Call { callee, args, unwind }, &[Type::I64, Type::I32]);
                let slot = self.slot(Type::I64);
                self.slots[slot] = results[0];
                if self.random.below(2) == 0 {
                    let slot = self.slot(Type::I32);
                    self.slots[slot] = results[1];
                }
            }
            9 => {
                let object = self.object();
                match self.random.below(2) {
                    0 => self.inst(InstKind::Retain(object), &[]),
                    _ => self.inst(InstKind::Release { object, drop: self.drop }, &[]),
                };
            }
            10 => {
                let value = self.expression(Type::I64, 0);
                self.inst(InstKind::GlobalSet(Id::new(0), value), &[]);
            }
            11 => {
                let ty = self.random.of(&[Type::I32, Type::I64]);
                let address = self.address(0);
                let value = self.expression(ty, 0);
                let kind = match ty {
                    Type::I64 => StoreKind::I64,
                    _ => self.random.of(&[StoreKind::I32, StoreKind::I32Low8]),
                };
                let offset = self.random.below(3) as u32 * 8;
                self.inst(InstKind::Store { kind, address, offset, value }, &[]);
            }
            12 if depth > 0 => match (self.loops.last().copied(), self.random.below(4)) {
                (Some(Loop { next, .. }), 0) => self.jump(next),
                (Some(Loop { exit, .. }), 1) => self.jump(exit),
                (_, 2) => {
                    let values = vec![self.slots[1], self.slots[4]];
                    self.end(Terminator::Return(values));
                }
                (_, _) if depth > 1 => {
                    let value = self.slots[5];
                    self.end(Terminator::Throw(value));
                }
                (_, _) => {}
            },
            _ => {
                let slot = self.random.below(SLOTS.len());
                self.slots[slot] = self.expression(SLOTS[slot], 0);
            }
        }
    }

    fn if_else(&mut self, depth: usize) {
        let condition = self.compare(0);
        let join = self.join(&[]);
        let then = self.join(&[]);
        let then_call = self.to(then);
        // Half of the ifs have no else: the edge goes to the join, with the variables.
        let otherwise = if self.random.below(2) == 0 { join } else { self.join(&[]) };
        let otherwise_call = self.to(otherwise);
        let (condition, then_call, otherwise_call) = match self.random.below(2) {
            0 => (condition, then_call, otherwise_call),
            _ => (condition, otherwise_call, then_call),
        };
        self.end(Terminator::Branch { condition, then: then_call, otherwise: otherwise_call });
        self.enter(then);
        self.statements(depth + 1);
        if self.block.is_some() {
            self.jump(join);
        }
        if otherwise != join {
            self.enter(otherwise);
            self.statements(depth + 1);
            if self.block.is_some() {
                self.jump(join);
            }
        }
        self.enter_if_used(join);
    }

    /// Goes on in `block`, if anything leads there.
    fn enter_if_used(&mut self, block: Id<Block>) {
        let mut used = false;
        for (_, from) in self.function.blocks.iter() {
            from.for_each_successor(|to| used |= to == block);
        }
        self.block = None;
        if used {
            self.enter(block);
        }
    }

    /// `for _ in range(k)`, with the test at the top or at the bottom.
    fn loop_(&mut self, depth: usize) {
        let rounds = 1 + self.random.below(4) as i32;
        let counter = self.one(InstKind::Const(Const::I32(rounds)), Type::I32);
        let header = self.join(&[Type::I32]);
        let exit = self.join(&[]);
        let next = self.join(&[]);
        let with = |counter, call: BlockCall| BlockCall {
            block: call.block,
            args: std::iter::once(counter).chain(call.args).collect(),
        };
        let to = with(counter, self.to(header));
        self.end(Terminator::Jump(to));
        self.enter(header);
        let counter = self.function.blocks[header].params[0];
        if self.random.below(2) == 0 {
            let body = self.join(&[]);
            let (then, otherwise) = (self.to(body), self.to(exit));
            self.end(Terminator::Branch { condition: counter, then, otherwise });
            self.enter(body);
        }
        self.loops.push(Loop { next, exit });
        self.statements(depth + 1);
        self.loops.pop();
        if self.block.is_some() {
            self.jump(next);
        }
        self.enter_if_used(next);
        if self.block.is_some() {
            let one = self.one(InstKind::Const(Const::I32(1)), Type::I32);
            let left = self.one(InstKind::Binary(Binary::I32Sub, counter, one), Type::I32);
            let zero = self.one(InstKind::Const(Const::I32(0)), Type::I32);
            let condition = self.one(InstKind::Binary(Binary::I32LtS, zero, left), Type::I32);
            let (then, otherwise) = (with(left, self.to(header)), self.to(exit));
            self.end(Terminator::Branch { condition, then, otherwise });
        }
        self.enter_if_used(exit);
    }

    fn switch(&mut self, depth: usize) {
        let any = self.expression(Type::I32, 1);
        let mask = self.one(InstKind::Const(Const::I32(3)), Type::I32);
        let index = self.one(InstKind::Binary(Binary::I32And, any, mask), Type::I32);
        let join = self.join(&[]);
        let arms: Vec<_> = (0..=self.random.below(3)).map(|_| self.join(&[])).collect();
        let mut targets: Vec<_> = arms.iter().map(|arm| self.to(*arm)).collect();
        for _ in 0..self.random.below(3) {
            let again = self.random.of(&arms);
            let block = self.random.of(&[join, again]);
            let to = self.to(block);
            targets.push(to);
        }
        let default = self.to(join);
        self.end(Terminator::Switch { index, targets, default });
        for arm in arms {
            self.enter(arm);
            self.statements(depth + 1);
            if self.block.is_some() {
                self.jump(join);
            }
        }
        self.enter(join);
    }

    fn try_(&mut self, depth: usize) {
        let pad = self.join(&[Type::I32]);
        let join = self.join(&[]);
        self.pads.push(pad);
        self.statements(depth + 1);
        self.pads.pop();
        if self.block.is_some() {
            self.jump(join);
        }
        self.enter_if_used(pad);
        if self.block.is_some() {
            self.slots[3] = self.function.blocks[pad].params[0];
            self.statements(depth + 1);
            if self.block.is_some() {
                self.jump(join);
            }
        }
        self.enter_if_used(join);
    }
}
