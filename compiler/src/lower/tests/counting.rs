//! Random functions over counted values are lowered and run on an interpreter that knows every reference: nothing
//! is used after its last release, and nothing is left at the end, whichever calls raise.

use super::{Def, assign, call, lower, opaque, program, put, returns, stmt};
use crate::arena::Id;
use crate::infer::hir::{Expr, ExprKind, Function, Label, Local, Program, Stmt, StmtKind};
use crate::source::Span;
use crate::ssa::{self, Binary, Callee, Const, InstKind, Module, Terminator, Unary, Unwind, Value};
use crate::types::Type;
use std::collections::BTreeMap;

const HERE: Span = Span { start: 0, end: 1 };

/// Marsaglia's xorshift64 ("Xorshift RNGs", 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit
    }
}

/// Writes a random function.
struct Writer {
    random: Random,
    def: Def,
    strings: Vec<Id<Local>>,
    lists: Vec<Id<Local>>,
    labels: u32,
    /// How many more statements and expressions may hold others.
    budget: usize,
    open: Vec<Label>,
    handled: Vec<Id<Local>>,
    join: Id<Function>,
    coin: Id<Function>,
    error: Id<Function>,
}

impl Writer {
    fn statements(&mut self, depth: usize) -> Vec<Stmt> {
        (0..=self.random.below(3)).map(|_| self.statement(depth)).collect()
    }

    fn spend(&mut self, depth: usize) -> bool {
        let enough = depth > 0 && self.budget > 0;
        self.budget -= usize::from(enough);
        enough
    }

    fn coin(&self) -> Expr {
        call(self.coin, Vec::new(), Type::Bool)
    }

    fn statement(&mut self, depth: usize) -> Stmt {
        let choice = if self.spend(depth) { self.random.below(13) } else { self.random.below(6) };
        let string = self.strings[self.random.below(self.strings.len())];
        match choice {
            0 | 1 => assign(string, self.string(2)),
            2 => {
                let list = self.lists[self.random.below(self.lists.len())];
                assign(list, self.list(2))
            }
            3 if self.random.below(2) == 0 => {
                // Set once, read once.
                let temporary = self.def.local("", Type::Str);
                let body = vec![assign(temporary, self.string(2)), assign(string, self.def.read(temporary))];
                stmt(StmtKind::Block { label: Label(u32::MAX), body })
            }
            3 => stmt(StmtKind::Expr(self.string(2))),
            4 => stmt(StmtKind::Unbind(string)),
            5 => match self.random.below(4) {
                0 => returns(self.string(2)),
                1 => stmt(StmtKind::Raise(call(self.error, Vec::new(), Type::Exception))),
                2 if !self.handled.is_empty() => {
                    let handled = self.handled[self.random.below(self.handled.len())];
                    stmt(StmtKind::Raise(self.def.read(handled)))
                }
                _ if !self.open.is_empty() => stmt(StmtKind::Break(self.open[self.random.below(self.open.len())])),
                _ => returns(self.def.read(string)),
            },
            6 | 7 => {
                let test = self.coin();
                stmt(StmtKind::If { test, then: self.statements(depth - 1), otherwise: self.statements(depth - 1) })
            }
            8 | 9 => {
                let label = Label(self.labels);
                self.labels += 1;
                self.open.push(label);
                let mut body = vec![stmt(StmtKind::If {
                    test: self.coin(),
                    then: vec![stmt(StmtKind::Break(label))],
                    otherwise: Vec::new(),
                })];
                body.extend(self.statements(depth - 1));
                self.open.pop();
                if choice == 8 { stmt(StmtKind::Loop { label, body }) } else { stmt(StmtKind::Block { label, body }) }
            }
            10 | 11 => {
                let exception = self.def.local("", Type::Exception);
                let body = self.statements(depth - 1);
                self.handled.push(exception);
                let handler = self.statements(depth - 1);
                self.handled.pop();
                stmt(StmtKind::Try { body, exception, handler })
            }
            _ => stmt(StmtKind::Finally { body: self.statements(depth - 1), finally: self.statements(depth - 1) }),
        }
    }

    fn string(&mut self, depth: usize) -> Expr {
        let string = self.strings[self.random.below(self.strings.len())];
        let choice = if self.spend(depth) { self.random.below(10) } else { self.random.below(3) };
        let kind = match choice {
            0 => return self.def.read(string),
            1 => return Expr::str("constant", HERE),
            2 => ExprKind::LocalChecked(string),
            3..=5 => return call(self.join, vec![self.string(depth - 1), self.string(depth - 1)], Type::Str),
            6 => ExprKind::If {
                test: Box::new(self.coin()),
                then: Box::new(self.string(depth - 1)),
                otherwise: Box::new(self.string(depth - 1)),
            },
            7 => {
                let temporary = self.def.local("", Type::Str);
                let mut body = vec![assign(temporary, self.string(depth - 1))];
                body.extend(self.statements(1));
                ExprKind::Block(body, Box::new(self.def.read(temporary)))
            }
            8 => {
                let ty = Type::tuple([Type::Str, Type::list(Type::Str), Type::Str]);
                let items = vec![self.string(depth - 1), self.list(depth - 1), self.string(depth - 1)];
                let tuple = Expr::new(ExprKind::Tuple(items), ty, HERE);
                ExprKind::Member(Box::new(tuple), [0, 2][self.random.below(2)])
            }
            _ => {
                let optional = Type::Optional(Type::Str.into());
                let some = Expr::new(ExprKind::Some(Box::new(self.string(depth - 1))), optional, HERE);
                ExprKind::Unwrap(Box::new(some))
            }
        };
        Expr::new(kind, Type::Str, HERE)
    }

    fn list(&mut self, depth: usize) -> Expr {
        let items = (0..self.random.below(3)).map(|_| self.string(depth)).collect();
        Expr::new(ExprKind::List(items), Type::list(Type::Str), HERE)
    }
}

fn random_program(seed: u64) -> (Program, Id<Function>) {
    let mut program = program();
    let join = opaque(&mut program, "join", &[Type::Str, Type::Str], Type::Str);
    let coin = opaque(&mut program, "coin", &[], Type::Bool);
    let error = opaque(&mut program, "error", &[], Type::Exception);
    let list_drop = opaque(&mut program, "list_drop", &[Type::list(Type::Str)], Type::None);
    program.drops.insert(Type::list(Type::Str), list_drop);
    let mut def = Def::new("random", Type::Str);
    let param = def.param("p", Type::Str);
    let kept = def.param("q", Type::Str);
    let strings = vec![param, def.local("s", Type::Str), def.local("t", Type::Str)];
    let lists = vec![def.local("xs", Type::list(Type::Str))];
    let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (labels, open, handled) = (0, Vec::new(), Vec::new());
    let budget = 30;
    let mut writer = Writer { random, def, strings, lists, labels, budget, open, handled, join, coin, error };
    let mut body = writer.statements(4);
    let kept = call(join, vec![writer.def.read(kept), writer.string(1)], Type::Str);
    body.push(returns(kept));
    let id = put(&mut program, writer.def.body(body));
    (program, id)
}

/// Runs one function; calls of others are acted.
struct Interpreter<'m> {
    module: &'m Module,
    random: Random,
    values: BTreeMap<Id<Value>, i64>,
    /// Count of references of every object.
    counts: BTreeMap<i64, i64>,
    /// What lists hold: item by address.
    memory: BTreeMap<i64, i64>,
    next: i64,
    /// How many frames were added to each exception.
    frames: BTreeMap<i64, u32>,
    fuel: u32,
}

/// Objects lie this far apart, which leaves room for their items.
const APART: i64 = 1 << 16;
/// Constants lie below the first object.
const FIRST: i64 = APART;

impl Interpreter<'_> {
    fn object(&mut self) -> i64 {
        self.next += APART;
        self.counts.insert(self.next, 1);
        self.next
    }

    fn count(&mut self, object: i64) -> &mut i64 {
        let count = self.counts.get_mut(&object).expect("a counted object");
        assert!(*count > 0, "used after its last release");
        count
    }

    fn alive(&mut self, object: i64) {
        if object >= FIRST {
            self.count(object);
        }
    }

    fn retain(&mut self, object: i64) {
        if object >= FIRST {
            *self.count(object) += 1;
        }
    }

    fn release(&mut self, object: i64) {
        if object < FIRST {
            return;
        }
        *self.count(object) -= 1;
        if self.counts[&object] == 0 {
            let items: Vec<_> = self.memory.range(object..object + APART).map(|(_, item)| *item).collect();
            items.into_iter().for_each(|item| self.release(item));
        }
    }

    /// What a call gives: its results, or an exception.
    fn act(&mut self, callee: &str, args: &[i64]) -> Result<Vec<i64>, i64> {
        if ["join", "error", "coin", "list_new"].contains(&callee) && self.random.below(6) == 0 {
            return Err(self.object());
        }
        self.fuel = self.fuel.saturating_sub(1);
        match callee {
            "join" => {
                args.iter().for_each(|arg| self.alive(*arg));
                if self.random.below(3) == 0 {
                    self.retain(args[0]);
                    return Ok(vec![args[0]]);
                }
                Ok(vec![self.object()])
            }
            "coin" if self.fuel == 0 => Ok(vec![1]),
            "coin" => Ok(vec![self.random.below(2) as i64]),
            "error" | "list_new" | "unbound_local_error" => Ok(vec![self.object()]),
            "traceback_add" => {
                self.alive(args[0]);
                assert!(args[1] >= 0, "a frame of no place");
                *self.frames.entry(args[0]).or_default() += 1;
                Ok(Vec::new())
            }
            "exception_set_context" => {
                args.iter().for_each(|arg| self.alive(*arg));
                assert!(args[0] >= FIRST && args[1] >= FIRST);
                Ok(Vec::new())
            }
            other => unreachable!("{other} is not called"),
        }
    }

    fn get(&self, value: Id<Value>) -> i64 {
        self.values[&value]
    }

    fn all(&self, values: &[Id<Value>]) -> Vec<i64> {
        values.iter().map(|value| self.get(*value)).collect()
    }

    /// Runs to the end: the result, or the exception.
    fn run(&mut self, function: &ssa::Function, args: &[i64]) -> Result<i64, i64> {
        let mut block = function.entry;
        let mut args = args.to_vec();
        'blocks: loop {
            let ssa::Block { params, insts, terminator, rare: _ } = &function.blocks[block];
            self.values.extend(params.iter().copied().zip(args));
            for inst in insts {
                match self.inst(&inst.kind) {
                    Ok(results) => self.values.extend(inst.results.iter().copied().zip(results)),
                    Err((exception, None)) => return Err(exception),
                    Err((exception, Some(Unwind { block: pad, args: passed }))) => {
                        args = std::iter::once(exception).chain(self.all(&passed)).collect();
                        block = pad;
                        continue 'blocks;
                    }
                }
            }
            let to = match terminator {
                Terminator::Jump(to) => to,
                Terminator::Branch { condition, then, otherwise } => {
                    if self.get(*condition) == 0 {
                        otherwise
                    } else {
                        then
                    }
                }
                Terminator::Switch { index, targets, default } => {
                    targets.get(self.get(*index) as usize).unwrap_or(default)
                }
                Terminator::Return(values) => return Ok(self.get(values[0])),
                Terminator::Throw(exception) => return Err(self.get(*exception)),
                Terminator::Unreachable => unreachable!("control got to an end that is none"),
            };
            args = self.all(&to.args);
            block = to.block;
        }
    }

    fn inst(&mut self, kind: &InstKind) -> Result<Vec<i64>, (i64, Option<Unwind>)> {
        let result = match kind {
            InstKind::Const(Const::I32(value)) => i64::from(*value),
            InstKind::Const(Const::I64(value)) => *value,
            InstKind::Unary(Unary::I32Eqz, value) => i64::from(self.get(*value) == 0),
            InstKind::Binary(Binary::I64Ne, a, b) => i64::from(self.get(*a) != self.get(*b)),
            InstKind::Select { condition, then, otherwise } => {
                self.get(if self.get(*condition) == 0 { *otherwise } else { *then })
            }
            // The only load is of a list's data, which lies in the list here.
            InstKind::Load { address, .. } => self.get(*address) + 64,
            InstKind::Store { address, offset, value, .. } => {
                self.memory.insert(self.get(*address) + i64::from(*offset), self.get(*value));
                return Ok(Vec::new());
            }
            InstKind::Retain(object) => {
                self.retain(self.get(*object));
                return Ok(Vec::new());
            }
            InstKind::Release { object, .. } => {
                self.release(self.get(*object));
                return Ok(Vec::new());
            }
            InstKind::Call { callee: Callee::Function(callee), args, unwind } => {
                let name = self.module.functions[*callee].name.clone();
                return self.act(&name, &self.all(args)).map_err(|exception| (exception, unwind.clone()));
            }
            InstKind::Guard { condition, raise, args, unwind } => {
                if self.get(*condition) != 0 {
                    return Ok(Vec::new());
                }
                let name = self.module.functions[*raise].name.clone();
                let made = self.act(&name, &self.all(args));
                return Err((made.map_or_else(|raised| raised, |made| made[0]), unwind.clone()));
            }
            other => unreachable!("{other:?} is not lowered from these functions"),
        };
        Ok(vec![result])
    }
}

#[test]
fn every_reference_is_released_exactly_once() {
    let (mut returned, mut raised) = (0, 0);
    for seed in 0..500 {
        let (program, id) = random_program(seed);
        let module = lower(&program);
        let function = &module.functions[Id::new(id.index())];
        for run in 0..4 {
            let mut interpreter = Interpreter {
                module: &module,
                random: Random(seed * 4 + run + 1),
                values: BTreeMap::new(),
                counts: BTreeMap::new(),
                memory: BTreeMap::new(),
                next: FIRST,
                frames: BTreeMap::new(),
                fuel: 200,
            };
            let params = [interpreter.object(), interpreter.object()];
            let result = interpreter.run(function, &params);
            match result {
                Ok(_) => returned += 1,
                Err(exception) => {
                    raised += 1;
                    assert_eq!(interpreter.frames.get(&exception), Some(&1), "frames of seed {seed}");
                }
            }
            let (Ok(result) | Err(result)) = result;
            interpreter.release(result);
            params.into_iter().for_each(|param| interpreter.release(param));
            let left: Vec<_> = interpreter.counts.iter().filter(|(_, count)| **count != 0).collect();
            assert!(left.is_empty(), "seed {seed}, run {run}: {left:?} left\n{module}");
        }
    }
    assert!(returned > 200 && raised > 200, "{returned} returned, {raised} raised");
}
