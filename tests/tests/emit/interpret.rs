//! Runs SSA as its definition says, one instruction after the other. Knows the operations that `generate` uses.

use kukri_compiler::arena::{Id, IdMap};
use kukri_compiler::ssa::{
    Binary, Callee, Const, Function, InstKind, LoadKind, Module, StoreKind, Terminator, Unary, Value,
};

/// A value at run time. Two NaNs are equal: WebAssembly leaves their bits open.
#[derive(Debug, Clone, Copy)]
pub enum Word {
    I32(i32),
    I64(i64),
    F64(f64),
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::I32(left), Self::I32(right)) => left == right,
            (Self::I64(left), Self::I64(right)) => left == right,
            (Self::F64(left), Self::F64(right)) => {
                left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
            }
            (Self::I32(_) | Self::I64(_) | Self::F64(_), _) => false,
        }
    }
}

impl Word {
    pub fn i32(self) -> i32 {
        let Self::I32(value) = self else { panic!("{self:?} is no i32") };
        value
    }

    fn i64(self) -> i64 {
        let Self::I64(value) = self else { panic!("{self:?} is no i64") };
        value
    }

    fn f64(self) -> f64 {
        let Self::F64(value) = self else { panic!("{self:?} is no f64") };
        value
    }
}

/// How a call ends.
pub enum Outcome {
    Returned(Vec<Word>),
    Raised(i32),
    OutOfFuel,
}

/// What the host answers.
pub fn tell(value: i32) -> i32 {
    value.wrapping_mul(31).rotate_left(7) ^ 0x55
}

/// The state outside of functions.
pub struct Machine<'a> {
    module: &'a Module,
    pub memory: Vec<u8>,
    globals: Vec<Word>,
    pub told: Vec<i32>,
    fuel: u32,
}

impl<'a> Machine<'a> {
    pub fn new(module: &'a Module, memory: usize) -> Self {
        let globals = module.globals.iter().map(|(_, global)| constant(global.initial)).collect();
        let mut memory = vec![0; memory];
        memory[1024..1024 + module.data.len()].copy_from_slice(&module.data);
        Self { module, memory, globals, told: Vec::new(), fuel: 300_000 }
    }

    pub fn call(&mut self, id: Id<Function>, args: &[Word]) -> Outcome {
        let function = &self.module.functions[id];
        let mut values = IdMap::default();
        let mut block = function.entry;
        let mut args = args.to_vec();
        'block: loop {
            set(&mut values, &function.blocks[block].params, &args);
            for inst in &function.blocks[block].insts {
                if self.fuel == 0 {
                    return Outcome::OutOfFuel;
                }
                self.fuel -= 1;
                let read = |value: &Id<Value>| values[*value];
                let raised = match &inst.kind {
                    InstKind::Call { callee: Callee::Import(_), args, unwind: _ } => {
                        let value = read(&args[0]).i32();
                        self.told.push(value);
                        set(&mut values, &inst.results, &[Word::I32(tell(value))]);
                        None
                    }
                    InstKind::Call { callee: Callee::Function(callee), args, unwind } => {
                        let args: Vec<_> = args.iter().map(read).collect();
                        match self.call(*callee, &args) {
                            Outcome::Returned(results) => {
                                set(&mut values, &inst.results, &results);
                                None
                            }
                            Outcome::Raised(exception) => Some((exception, unwind)),
                            Outcome::OutOfFuel => return Outcome::OutOfFuel,
                        }
                    }
                    InstKind::Guard { condition, raise, args, unwind } if read(condition).i32() == 0 => {
                        let args: Vec<_> = args.iter().map(read).collect();
                        match self.call(*raise, &args) {
                            Outcome::Returned(results) => Some((results[0].i32(), unwind)),
                            Outcome::Raised(_) => panic!("the function that raises gives the exception"),
                            Outcome::OutOfFuel => return Outcome::OutOfFuel,
                        }
                    }
                    InstKind::Guard { .. } => None,
                    InstKind::Release { object, drop } => {
                        let object = read(object).i32();
                        if object != 0
                            && self.count(object, -1) == 0
                            && !matches!(self.call(*drop, &[Word::I32(object)]), Outcome::Returned(_))
                        {
                            return Outcome::OutOfFuel;
                        }
                        None
                    }
                    kind => {
                        let results: Vec<_> = self.step(kind, &values).into_iter().collect();
                        set(&mut values, &inst.results, &results);
                        None
                    }
                };
                match raised {
                    None => {}
                    Some((exception, None)) => return Outcome::Raised(exception),
                    Some((exception, Some(unwind))) => {
                        args = std::iter::once(Word::I32(exception))
                            .chain(unwind.args.iter().map(|value| values[*value]))
                            .collect();
                        block = unwind.block;
                        continue 'block;
                    }
                }
            }
            let to = match &function.blocks[block].terminator {
                Terminator::Jump(to) => to,
                Terminator::Branch { condition, then, otherwise } => {
                    if values[*condition].i32() == 0 {
                        otherwise
                    } else {
                        then
                    }
                }
                Terminator::Switch { index, targets, default } => {
                    targets.get(values[*index].i32() as u32 as usize).unwrap_or(default)
                }
                Terminator::Return(results) => {
                    return Outcome::Returned(results.iter().map(|value| values[*value]).collect());
                }
                Terminator::Throw(exception) => return Outcome::Raised(values[*exception].i32()),
                Terminator::Unreachable => panic!("reached what cannot be reached"),
            };
            args = to.args.iter().map(|value| values[*value]).collect();
            block = to.block;
        }
    }

    fn count(&mut self, object: i32, change: i32) -> i32 {
        let count = i32::from_le_bytes(self.bytes(object, 0)).wrapping_add(change);
        self.memory[object as usize..][..4].copy_from_slice(&count.to_le_bytes());
        count
    }

    fn bytes<const N: usize>(&self, address: i32, offset: u32) -> [u8; N] {
        let at = address as u32 as usize + offset as usize;
        self.memory[at..at + N].try_into().expect("N bytes were taken")
    }

    fn step(&mut self, kind: &InstKind, values: &IdMap<Value, Word>) -> Option<Word> {
        let read = |value: &Id<Value>| values[*value];
        Some(match kind {
            InstKind::Const(value) => constant(*value),
            InstKind::Unary(op, value) => unary(*op, read(value)),
            InstKind::Binary(op, left, right) => binary(*op, read(left), read(right)),
            InstKind::Select { condition, then, otherwise } => {
                read(if read(condition).i32() == 0 { otherwise } else { then })
            }
            InstKind::Load { kind, address, offset } => {
                let address = read(address).i32();
                match kind {
                    LoadKind::I64 => Word::I64(i64::from_le_bytes(self.bytes(address, *offset))),
                    LoadKind::I32 => Word::I32(i32::from_le_bytes(self.bytes(address, *offset))),
                    LoadKind::I32U8 => Word::I32(u8::from_le_bytes(self.bytes(address, *offset)).into()),
                    LoadKind::I32S16 => Word::I32(i16::from_le_bytes(self.bytes(address, *offset)).into()),
                    other => panic!("{other:?} is not generated"),
                }
            }
            InstKind::Store { kind, address, offset, value } => {
                let at = read(address).i32() as u32 as usize + *offset as usize;
                let bytes = match (kind, read(value)) {
                    (StoreKind::I64, Word::I64(value)) => value.to_le_bytes().to_vec(),
                    (StoreKind::I32, Word::I32(value)) => value.to_le_bytes().to_vec(),
                    (StoreKind::I32Low8, Word::I32(value)) => vec![value as u8],
                    other => panic!("{other:?} is not generated"),
                };
                self.memory[at..at + bytes.len()].copy_from_slice(&bytes);
                return None;
            }
            InstKind::GlobalGet(id) => self.globals[id.index()],
            InstKind::GlobalSet(id, value) => {
                self.globals[id.index()] = read(value);
                return None;
            }
            InstKind::Retain(object) => {
                let object = read(object).i32();
                if object != 0 {
                    self.count(object, 1);
                }
                return None;
            }
            other => panic!("{other:?} is not generated"),
        })
    }
}

fn set(values: &mut IdMap<Value, Word>, ids: &[Id<Value>], words: &[Word]) {
    assert_eq!(ids.len(), words.len());
    ids.iter().zip(words).for_each(|(id, word)| _ = values.insert(*id, *word));
}

fn constant(value: Const) -> Word {
    match value {
        Const::I32(value) => Word::I32(value),
        Const::I64(value) => Word::I64(value),
        Const::F64(bits) => Word::F64(f64::from_bits(bits)),
        Const::F32(_) => panic!("no f32 is generated"),
        Const::V128(_) => panic!("no v128 is generated"),
    }
}

fn unary(op: Unary, value: Word) -> Word {
    match op {
        Unary::I32Eqz => Word::I32((value.i32() == 0).into()),
        Unary::I64Eqz => Word::I32((value.i64() == 0).into()),
        Unary::I32WrapI64 => Word::I32(value.i64() as i32),
        Unary::I64ExtendI32S => Word::I64(value.i32().into()),
        Unary::I64ExtendI32U => Word::I64((value.i32() as u32).into()),
        Unary::F64ConvertI32S => Word::F64(value.i32().into()),
        Unary::I64TruncSatF64S => Word::I64(value.f64() as i64),
        Unary::I32Clz => Word::I32(value.i32().leading_zeros() as i32),
        other => panic!("{other:?} is not generated"),
    }
}

fn binary(op: Binary, left: Word, right: Word) -> Word {
    match (left, right) {
        (Word::I32(left), Word::I32(right)) => Word::I32(match op {
            Binary::I32Add => left.wrapping_add(right),
            Binary::I32Sub => left.wrapping_sub(right),
            Binary::I32Mul => left.wrapping_mul(right),
            Binary::I32And => left & right,
            Binary::I32Or => left | right,
            Binary::I32Xor => left ^ right,
            Binary::I32ShrU => ((left as u32) >> (right & 31)) as i32,
            Binary::I32Eq => (left == right).into(),
            Binary::I32Ne => (left != right).into(),
            Binary::I32LtS => (left < right).into(),
            Binary::I32GeU => (left as u32 >= right as u32).into(),
            other => panic!("{other:?} is not generated"),
        }),
        (Word::I64(left), Word::I64(right)) => match op {
            Binary::I64Add => Word::I64(left.wrapping_add(right)),
            Binary::I64Sub => Word::I64(left.wrapping_sub(right)),
            Binary::I64Mul => Word::I64(left.wrapping_mul(right)),
            Binary::I64Xor => Word::I64(left ^ right),
            Binary::I64Shl => Word::I64(left.wrapping_shl(right as u32)),
            Binary::I64LtS => Word::I32((left < right).into()),
            Binary::I64LeU => Word::I32((left as u64 <= right as u64).into()),
            Binary::I64Ne => Word::I32((left != right).into()),
            Binary::I64AddOverflows => Word::I32(left.checked_add(right).is_none().into()),
            Binary::I64SubOverflows => Word::I32(left.checked_sub(right).is_none().into()),
            Binary::I64MulOverflows => Word::I32(left.checked_mul(right).is_none().into()),
            other => panic!("{other:?} is not generated"),
        },
        (Word::F64(left), Word::F64(right)) => match op {
            Binary::F64Add => Word::F64(left + right),
            Binary::F64Mul => Word::F64(left * right),
            Binary::F64Lt => Word::I32((left < right).into()),
            other => panic!("{other:?} is not generated"),
        },
        other => panic!("{op:?} of {other:?}"),
    }
}
