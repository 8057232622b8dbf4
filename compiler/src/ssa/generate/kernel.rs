//! Random loops over arrays, as the vectoriser gets them: one counter, accesses that move with it, branches, sums.

use super::{PARAMS, Random};
use crate::abi::DATA_START;
use crate::arena::Id;
use crate::source::Span;
use crate::ssa::verify::verify;
use crate::ssa::{
    Binary, Block, BlockCall, Callee, Const, Function, Inst, InstKind, LoadKind, Module, StoreKind, Terminator, Type,
    Unary, Value,
};

/// A module whose only function takes [`PARAMS`] and runs a loop.
pub(crate) fn kernel(seed: u64) -> Module {
    module(seed, 0)
}

/// As [`kernel`], with loops in the loop.
pub(crate) fn nest(seed: u64) -> Module {
    module(seed, 2)
}

fn module(seed: u64, inner_loops: usize) -> Module {
    let mut random = Random::new(seed ^ 0x5eed);
    let mut module = Module { data: data(&mut random), ..Module::default() };
    let function = Function::new("main", vec![Type::I64], Span::default());
    let loads: Vec<_> = LoadKind::ALL.iter().copied().filter(|kind| kind.ty() != Type::V128).collect();
    // Few kinds of items in one loop, so that some loops have only narrow ones.
    let loads = (0..=random.below(3)).map(|_| random.pick(&loads)).collect();
    let rare = module.functions.push(rare());
    let mut grower = Grower {
        random: &mut random,
        function,
        block: Id::new(0),
        scope: Vec::new(),
        arrays: Vec::new(),
        loads,
        rare,
        out: Id::new(0),
        is_nest: inner_loops > 0,
        inner_loops,
        inner_counters: Vec::new(),
    };
    grower.grow();
    let function = module.functions.push(grower.function);
    module.exports.push(("main".into(), function));
    if let Err(message) = verify(&module) {
        panic!("seed {seed}: {message}\n{module}");
    }
    module
}

/// A function that is rarely called, and writes where the loop reads and writes.
fn rare() -> Function {
    let mut function = Function::new("rare", vec![Type::F64], Span::default());
    function.rare = true;
    let param = function.value(Type::F64);
    let address = function.value(Type::I32);
    let result = function.value(Type::F64);
    let entry = &mut function.blocks[function.entry];
    entry.params = vec![param];
    let insts = [
        (InstKind::Const(Const::I32(DATA_START as i32 + 256 + 64)), vec![address]),
        (InstKind::Store { kind: StoreKind::F64, address, offset: 0, value: param }, vec![]),
        (InstKind::Binary(Binary::F64Add, param, param), vec![result]),
    ];
    entry.insts.extend(insts.map(|(kind, results)| Inst::new(kind, results, Span::default())));
    entry.terminator = Terminator::Return(vec![result]);
    function
}

/// Small numbers of every kind, and some that are not.
fn data(random: &mut Random) -> Vec<u8> {
    let mut data = Vec::new();
    for _ in 0..512 {
        let small = random.below(9) as i64 - 4;
        data.extend(match random.below(5) {
            0 => (small as f64 * 0.75).to_bits().to_le_bytes(),
            1 => {
                let half = (small as f32 * 0.5).to_bits();
                (u64::from(half) << 32 | u64::from(half ^ 0x0040_0000)).to_le_bytes()
            }
            2 => small.to_le_bytes(),
            3 => (small as u64 & 0x0101_0101_0101_0101).to_le_bytes(),
            _ => random.next().to_le_bytes(),
        });
    }
    data
}

/// A place that moves with the counter.
#[derive(Clone, Copy)]
struct Array {
    base: Id<Value>,
    /// A stride that only run time knows.
    stride: Option<Id<Value>>,
}

struct Grower<'a> {
    random: &'a mut Random,
    function: Function,
    block: Id<Block>,
    scope: Vec<Id<Value>>,
    arrays: Vec<Array>,
    loads: Vec<LoadKind>,
    /// A function that may be called where few turns get to.
    rare: Id<Function>,
    is_nest: bool,
    /// How many loops may still be made in the loop.
    inner_loops: usize,
    /// Counters of the loops in the loop that are being made.
    inner_counters: Vec<Id<Value>>,
    /// Where the loop ends.
    out: Id<Block>,
}

/// What a parameter of the loop does.
#[derive(Clone, Copy)]
enum Carried {
    Gathers(Binary),
    Adds(Binary),
    Moves(i64),
    Follows,
}

impl Grower<'_> {
    fn make(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.function.blocks[self.block].insts.push(Inst::new(kind, vec![result], Span::default()));
        result
    }

    fn number(&mut self, number: i64) -> Id<Value> {
        self.make(InstKind::Const(Const::I64(number)), Type::I64)
    }

    fn word(&mut self, number: i32) -> Id<Value> {
        self.make(InstKind::Const(Const::I32(number)), Type::I32)
    }

    fn binary(&mut self, op: Binary, left: Id<Value>, right: Id<Value>) -> Id<Value> {
        self.make(InstKind::Binary(op, left, right), op.result())
    }

    fn grow(&mut self) {
        self.block = self.function.entry;
        let params: Vec<_> = PARAMS.iter().map(|ty| self.function.value(*ty)).collect();
        self.function.blocks[self.block].params.clone_from(&params);
        self.scope.extend(&params);
        for _ in 0..2 + self.random.below(2) {
            let near = self.random.below(6) as i32 * self.random.pick(&[1, 4, 8, 40]);
            let mut base = self.word(DATA_START as i32 + 256 + near);
            if self.random.below(2) == 0 {
                let mask = self.word(0x78);
                let more = self.binary(Binary::I32And, params[0], mask);
                base = self.binary(Binary::I32Add, base, more);
            }
            let mut stride = None;
            if self.random.below(3) == 0 {
                let mask = {
                    let mask = self.random.pick(&[0, 0, 8, 15]);
                    self.word(mask)
                };
                let some = {
                    let some = self.random.pick(&[1, 4, 8, 8]);
                    self.word(some)
                };
                let masked = self.binary(Binary::I32And, params[0], mask);
                stride = Some(self.binary(Binary::I32Or, masked, some));
            }
            self.arrays.push(Array { base, stride });
        }
        let start = self.bound(3, params[1]);
        let stop = self.bound(40, params[1]);
        let carried: Vec<_> = (0..self.random.below(3)).map(|_| self.carried()).collect();
        let firsts: Vec<_> = carried.iter().map(|carried| self.first(*carried)).collect();
        let mut types = vec![Type::I64];
        types.extend(firsts.iter().map(|first| self.function.values[*first].ty));
        let head_params: Vec<_> = types.iter().map(|ty| self.function.value(*ty)).collect();
        let head = self.function.blocks.push(Block { params: head_params.clone(), ..Block::default() });
        let body = self.function.blocks.push(Block::default());
        let next = self.function.blocks.push(Block::default());
        self.out = next;
        let mut args = vec![start];
        args.extend(&firsts);
        self.function.blocks[self.block].terminator = Terminator::Jump(BlockCall { block: head, args });
        self.block = head;
        let counter = head_params[0];
        let op = self.random.pick(&[Binary::I64LtS, Binary::I64LtS, Binary::I64LeS]);
        let condition = self.binary(op, counter, stop);
        self.function.blocks[head].terminator = Terminator::Branch {
            condition,
            then: BlockCall { block: body, args: Vec::new() },
            otherwise: BlockCall { block: next, args: Vec::new() },
        };
        self.block = body;
        if self.random.below(3) == 0 {
            self.scope.push(counter);
        }
        self.statements(counter, 0);
        let mut args = Vec::new();
        for (at, carried) in carried.iter().enumerate() {
            let param = head_params[at + 1];
            args.push(match *carried {
                Carried::Moves(by) => {
                    let by = self.number(by);
                    self.binary(Binary::I64Add, param, by)
                }
                Carried::Follows => counter,
                Carried::Gathers(op) | Carried::Adds(op) => {
                    let value = self.value(op.operand());
                    let joined = self.binary(op, param, value);
                    if matches!(carried, Carried::Gathers(_)) && self.random.below(2) == 0 {
                        let condition = self.condition();
                        let kind = InstKind::Select { condition, then: joined, otherwise: param };
                        self.make(kind, op.result())
                    } else {
                        joined
                    }
                }
            });
        }
        let one = self.number(1);
        let counted = self.binary(Binary::I64Add, counter, one);
        args.insert(0, counted);
        self.function.blocks[self.block].terminator = Terminator::Jump(BlockCall { block: head, args });
        self.block = next;
        // Everything that the loop has carried is seen.
        let end = self.word(DATA_START as i32);
        for (at, param) in head_params.iter().enumerate() {
            let kind = match self.function.values[*param].ty {
                Type::I32 => StoreKind::I32,
                Type::I64 => StoreKind::I64,
                Type::F32 => StoreKind::F32,
                _ => StoreKind::F64,
            };
            let store = InstKind::Store { kind, address: end, offset: 8 * at as u32, value: *param };
            self.function.blocks[next].insts.push(Inst::new(store, Vec::new(), Span::default()));
        }
        self.function.blocks[next].terminator = Terminator::Return(vec![counter]);
    }

    fn bound(&mut self, most: usize, param: Id<Value>) -> Id<Value> {
        let constant = self.random.below(most) as i64;
        let constant = self.number(constant);
        if self.random.below(2) == 0 {
            return constant;
        }
        let mask = self.number(7);
        let some = self.binary(Binary::I64And, param, mask);
        self.binary(Binary::I64Add, constant, some)
    }

    fn carried(&mut self) -> Carried {
        match self.random.below(6) {
            0 => Carried::Moves(self.random.below(5) as i64 - 2),
            1 => Carried::Follows,
            2 => Carried::Adds(self.random.pick(&[Binary::F64Add, Binary::F64Sub, Binary::F32Add, Binary::F64Mul])),
            _ => Carried::Gathers(self.random.pick(&[
                Binary::I64Add,
                Binary::I64Add,
                Binary::I64Xor,
                Binary::I64And,
                Binary::I32Or,
                Binary::I32Add,
                Binary::F64Min,
                Binary::F32Max,
            ])),
        }
    }

    fn first(&mut self, carried: Carried) -> Id<Value> {
        match carried {
            Carried::Moves(_) | Carried::Follows => self.number(5),
            Carried::Gathers(op) | Carried::Adds(op) => self.value(op.operand()),
        }
    }

    fn value(&mut self, ty: Type) -> Id<Value> {
        for _ in 0..6 {
            let value = self.random.pick(&self.scope.clone());
            if self.function.values[value].ty == ty {
                return value;
            }
        }
        let constant = self.random.constant(ty);
        self.make(InstKind::Const(constant), ty)
    }

    fn condition(&mut self) -> Id<Value> {
        let compares: Vec<_> = Binary::ALL
            .iter()
            .copied()
            .filter(|op| op.result() == Type::I32 && op.operand() != Type::V128 && !op.name().contains("overflows"))
            .filter(|op| {
                op.operand() != Type::I32
                    || [".eq", ".ne", ".lt", ".gt", ".le", ".ge"].iter().any(|name| op.name().contains(name))
            })
            .collect();
        let op = self.random.pick(&compares);
        let (left, right) = (self.value(op.operand()), self.value(op.operand()));
        let condition = self.binary(op, left, right);
        match self.random.below(6) {
            0 => self.make(InstKind::Unary(Unary::I32Eqz, condition), Type::I32),
            1 => {
                let other = self.condition();
                let op = self.random.pick(&[Binary::I32And, Binary::I32Or, Binary::I32Xor]);
                self.binary(op, condition, other)
            }
            _ => condition,
        }
    }

    /// An address that moves with the counter, or stays.
    fn address(&mut self, counter: Id<Value>, bytes: u32) -> Id<Value> {
        let Array { base, stride } = self.random.pick(&self.arrays.clone());
        if self.random.below(12) == 0 {
            return base;
        }
        let by = self.random.below(5) as i64 - 2;
        let index = if by == 0 {
            counter
        } else {
            let by = self.number(by);
            self.binary(Binary::I64Add, counter, by)
        };
        let index = self.make(InstKind::Unary(Unary::I32WrapI64, index), Type::I32);
        let base = match self.inner_counters.last() {
            Some(&inner) if self.random.below(3) != 0 => {
                let inner = self.make(InstKind::Unary(Unary::I32WrapI64, inner), Type::I32);
                let by = self.random.pick(&[1, 8, 40, 160]) * self.random.pick(&[1, bytes as i32]);
                let by = self.word(by);
                let moved = self.binary(Binary::I32Mul, inner, by);
                self.binary(Binary::I32Add, base, moved)
            }
            _ => base,
        };
        let moved = match stride {
            Some(stride) => self.binary(Binary::I32Mul, index, stride),
            None if self.random.below(10) == 0 => {
                let twice = self.word(2 * bytes as i32);
                self.binary(Binary::I32Mul, index, twice)
            }
            None => {
                let shift = self.word(bytes.trailing_zeros() as i32);
                self.binary(Binary::I32Shl, index, shift)
            }
        };
        self.binary(Binary::I32Add, base, moved)
    }

    fn statements(&mut self, counter: Id<Value>, depth: u32) {
        for _ in 0..2 + self.random.below(5) {
            self.statement(counter, depth);
        }
    }

    fn statement(&mut self, counter: Id<Value>, depth: u32) {
        if self.inner_loops > 0 && self.random.below(3) == 0 {
            self.inner_loops -= 1;
            return self.inner(counter, depth);
        }
        let made = match self.random.below(if depth < 2 { 16 } else { 12 }) {
            // A nest with this stays as it is.
            11..=13 if self.is_nest => self.condition(),
            0..=2 => {
                let kind = self.random.pick(&self.loads.clone());
                let address = self.address(counter, kind.bytes());
                let offset = self.random.pick(&[0, 0, 0, kind.bytes(), 3]);
                self.make(InstKind::Load { kind, address, offset }, kind.ty())
            }
            3 | 4 => {
                let kind = self.random.pick(&self.loads.clone());
                let kind = match kind {
                    LoadKind::I32U8 | LoadKind::I32S8 => StoreKind::I32Low8,
                    LoadKind::I32U16 | LoadKind::I32S16 => StoreKind::I32Low16,
                    LoadKind::I64 => StoreKind::I64,
                    LoadKind::F32 => StoreKind::F32,
                    LoadKind::F64 => StoreKind::F64,
                    _ => StoreKind::I32,
                };
                let address = self.address(counter, kind.bytes());
                let value = self.value(kind.ty());
                let store = InstKind::Store { kind, address, offset: 0, value };
                self.function.blocks[self.block].insts.push(Inst::new(store, Vec::new(), Span::default()));
                return;
            }
            5..=7 => {
                let ops: Vec<_> = Binary::ALL
                    .iter()
                    .copied()
                    .filter(|op| op.operand() != Type::V128 && !op.can_trap() && !op.name().contains("overflows"))
                    .filter(|op| op.result() == op.operand())
                    .collect();
                let op = self.random.pick(&ops);
                let left = self.value(op.operand());
                let is_shift = [".sh", ".rot"].iter().any(|name| op.name().contains(name));
                let right = if is_shift {
                    let count = 1 + self.random.below(9) as i64;
                    if op.operand() == Type::I32 { self.word(count as i32) } else { self.number(count) }
                } else {
                    self.value(op.operand())
                };
                self.binary(op, left, right)
            }
            8 => {
                let ops: Vec<_> = Unary::ALL
                    .iter()
                    .copied()
                    .filter(|op| op.operand() != Type::V128 && op.result() != Type::V128)
                    .collect();
                let op = self.random.pick(&ops);
                let operand = self.value(op.operand());
                self.make(InstKind::Unary(op, operand), op.result())
            }
            9 => self.condition(),
            10 => {
                let ty = self.random.pick(&[Type::I32, Type::I64, Type::F64, Type::F32]);
                let (condition, then, otherwise) = (self.condition(), self.value(ty), self.value(ty));
                self.make(InstKind::Select { condition, then, otherwise }, ty)
            }
            11 => {
                // A row of a table.
                let mask = self.number(3);
                let row = self.value(Type::I64);
                let row = self.binary(Binary::I64And, row, mask);
                let row = self.make(InstKind::Unary(Unary::I32WrapI64, row), Type::I32);
                let shift = self.word(3);
                let moved = self.binary(Binary::I32Shl, row, shift);
                let table = self.word(DATA_START as i32 + 256);
                let address = self.binary(Binary::I32Add, table, moved);
                let kind = self.random.pick(&self.loads.clone());
                self.make(InstKind::Load { kind, address, offset: 0 }, kind.ty())
            }
            12 | 13 => return self.leave(counter),
            _ => return self.branch(counter, depth),
        };
        self.scope.push(made);
    }

    /// What few turns do: they end the loop, or call a function.
    fn leave(&mut self, counter: Id<Value>) {
        let which = self.random.below(40) as i64;
        let which = self.number(which);
        let is_this = self.binary(Binary::I64Eq, counter, which);
        let other = self.condition();
        let condition = match self.random.below(4) {
            0 | 1 => is_this,
            2 => self.binary(Binary::I32And, is_this, other),
            _ => self.condition(),
        };
        let param = self.function.value(Type::F64);
        let next = self.function.blocks.push(Block { params: vec![param], ..Block::default() });
        let usual = self.value(Type::F64);
        let usual = BlockCall { block: next, args: vec![usual] };
        let then = if self.random.below(2) == 0 {
            BlockCall { block: self.out, args: Vec::new() }
        } else {
            let block = self.function.blocks.push(Block::default());
            let arg = self.value(Type::F64);
            let given = self.function.value(Type::F64);
            let call = InstKind::Call { callee: Callee::Function(self.rare), args: vec![arg], unwind: None };
            self.function.blocks[block].insts.push(Inst::new(call, vec![given], Span::default()));
            self.function.blocks[block].terminator = Terminator::Jump(BlockCall { block: next, args: vec![given] });
            BlockCall { block, args: Vec::new() }
        };
        self.function.blocks[self.block].terminator = Terminator::Branch { condition, then, otherwise: usual };
        self.block = next;
        self.scope.push(param);
    }

    /// A loop in the loop: one that counts, and may end for other reasons too.
    fn inner(&mut self, counter: Id<Value>, depth: u32) {
        let (start, stop) = (self.random.below(2) as i64, self.random.below(7) as i64);
        let mut bounds = [start, stop].map(|bound| self.number(bound));
        if self.random.below(3) == 0 {
            // It ends somewhere else on every turn.
            let mask = self.number(3);
            bounds[1] = self.binary(Binary::I64And, counter, mask);
        }
        let types: Vec<_> = (0..=self.random.below(3))
            .map(|_| self.random.pick(&[Type::I64, Type::F64, Type::F64, Type::F32, Type::I32]))
            .collect();
        let firsts: Vec<_> = types.iter().map(|ty| self.value(*ty)).collect();
        let inner = self.function.value(Type::I64);
        let carried: Vec<_> = types.iter().map(|ty| self.function.value(*ty)).collect();
        let mut params = vec![inner];
        params.extend(&carried);
        let head = self.function.blocks.push(Block { params, ..Block::default() });
        let body = self.function.blocks.push(Block::default());
        let result = self.function.value(types[0]);
        let exit = self.function.blocks.push(Block { params: vec![result], ..Block::default() });
        let mut args = vec![bounds[0]];
        args.extend(firsts);
        self.function.blocks[self.block].terminator = Terminator::Jump(BlockCall { block: head, args });
        let known = self.scope.len();
        self.scope.extend(&carried);
        self.block = head;
        let mut condition = self.binary(Binary::I64LtS, inner, bounds[1]);
        if self.random.below(3) == 0 {
            let other = self.condition();
            condition = self.binary(Binary::I32And, condition, other);
        }
        self.function.blocks[head].terminator = Terminator::Branch {
            condition,
            then: BlockCall { block: body, args: Vec::new() },
            otherwise: BlockCall { block: exit, args: vec![carried[0]] },
        };
        self.block = body;
        // Where lanes leave one by one nothing may be read or written: such loops are worth making.
        let reads = self.random.below(2) == 0;
        self.inner_counters.push(inner);
        for _ in 0..=self.random.below(3) {
            if reads {
                self.statement(counter, depth + 1);
            } else {
                let op = self.random.pick(&[Binary::F64Add, Binary::F64Mul, Binary::I64Add, Binary::I64Xor]);
                let (left, right) = (self.value(op.operand()), self.value(op.operand()));
                let made = self.binary(op, left, right);
                self.scope.push(made);
            }
        }
        self.inner_counters.pop();
        if self.random.below(3) == 0 {
            let condition = self.condition();
            let left = self.value(types[0]);
            let goes_on = self.function.blocks.push(Block::default());
            let mut edges =
                [BlockCall { block: exit, args: vec![left] }, BlockCall { block: goes_on, args: Vec::new() }];
            if self.random.below(2) == 0 {
                edges.reverse();
            }
            let [then, otherwise] = edges;
            self.function.blocks[self.block].terminator = Terminator::Branch { condition, then, otherwise };
            self.block = goes_on;
        }
        let one = self.number(1);
        let mut args = vec![self.binary(Binary::I64Add, inner, one)];
        for (param, ty) in carried.iter().zip(&types) {
            let value = self.value(*ty);
            let sums: Vec<_> =
                [Binary::F64Add, Binary::F64Mul, Binary::I64Add, Binary::I32Add, Binary::F32Add, Binary::F32Mul]
                    .into_iter()
                    .filter(|op| op.operand() == *ty)
                    .collect();
            args.push(if self.random.below(3) == 0 {
                value
            } else {
                let op = self.random.pick(&sums);
                self.binary(op, *param, value)
            });
        }
        self.function.blocks[self.block].terminator = Terminator::Jump(BlockCall { block: head, args });
        self.block = exit;
        // The head has always run.
        self.scope.truncate(known);
        self.scope.extend(&carried);
        self.scope.push(inner);
        self.scope.push(result);
    }

    fn branch(&mut self, counter: Id<Value>, depth: u32) {
        let condition = self.condition();
        let ty = self.random.pick(&[Type::I32, Type::I64, Type::F64, Type::F32]);
        let param = self.function.value(ty);
        let next = self.function.blocks.push(Block { params: vec![param], ..Block::default() });
        let other = self.value(ty);
        let alone = self.random.below(2) == 0;
        let arms: Vec<_> = (0..2 - usize::from(alone)).map(|_| self.function.blocks.push(Block::default())).collect();
        let call = |block: Id<Block>| BlockCall { block, args: Vec::new() };
        let otherwise = arms.get(1).map_or(BlockCall { block: next, args: vec![other] }, |arm| call(*arm));
        self.function.blocks[self.block].terminator =
            Terminator::Branch { condition, then: call(arms[0]), otherwise: otherwise.clone() };
        let known = self.scope.len();
        for (at, arm) in arms.iter().enumerate() {
            self.block = *arm;
            // A second test that leads where the first leads: `a or b`, `a and b`.
            if at == 0 && self.random.below(3) == 0 {
                let condition = self.condition();
                let inner = self.function.blocks.push(Block::default());
                let mut edges = [call(inner), otherwise.clone()];
                if self.random.below(2) == 0 {
                    edges.reverse();
                }
                let [then, otherwise] = edges;
                // The edge to the other arm is one more way into it.
                self.function.blocks[self.block].terminator = Terminator::Branch { condition, then, otherwise };
                self.block = inner;
                self.scope.truncate(known);
            }
            self.statements(counter, depth + 1);
            let value = self.value(ty);
            self.function.blocks[self.block].terminator =
                Terminator::Jump(BlockCall { block: next, args: vec![value] });
            self.scope.truncate(known);
        }
        self.block = next;
        self.scope.push(param);
    }
}
