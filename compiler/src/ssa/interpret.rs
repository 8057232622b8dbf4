//! Runs SSA, slowly and plainly: what tests of `opt` and `emit` compare with. In: a module. Out: what a call does.

mod vector;

use super::{Binary, Callee, Const, Function, InstKind, LoadKind, Module, Terminator, Type, Unary, Value};
use crate::abi;
use crate::arena::Id;
use crate::opt::fold;

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Returned(Vec<Const>),
    /// With the exception's address.
    Raised(i32),
    /// A division by zero, an address outside of memory, an `unreachable`: nothing that a compiled program does.
    Trapped,
    /// It took too many steps.
    Exhausted,
}

/// A running program.
#[derive(Debug, Clone)]
pub(crate) struct Machine<'m> {
    module: &'m Module,
    pub(crate) memory: Vec<u8>,
    pub(crate) globals: Vec<Const>,
    /// The calls of the host's functions: which, and with what.
    pub(crate) calls: Vec<(usize, Vec<Const>)>,
    /// Steps that are left.
    pub(crate) fuel: u64,
}

/// Why a call ends early.
enum Stop {
    Raise(i32),
    Trap,
    Fuel,
}

const PAGE: usize = 1 << 16;

impl<'m> Machine<'m> {
    /// A program before its first step, with one page of memory.
    pub(crate) fn new(module: &'m Module, fuel: u64) -> Self {
        let mut memory = vec![0; PAGE];
        let start = abi::DATA_START as usize;
        memory[start..start + module.data.len()].copy_from_slice(&module.data);
        let globals = module.globals.iter().map(|(_, global)| global.initial).collect();
        Self { module, memory, globals, calls: Vec::new(), fuel }
    }

    /// Calls a function.
    pub(crate) fn call(&mut self, id: Id<Function>, args: &[Const]) -> End {
        match self.function(id, args, 0) {
            Ok(results) => End::Returned(results),
            Err(Stop::Raise(exception)) => End::Raised(exception),
            Err(Stop::Trap) => End::Trapped,
            Err(Stop::Fuel) => End::Exhausted,
        }
    }

    fn function(&mut self, id: Id<Function>, args: &[Const], depth: u32) -> Result<Vec<Const>, Stop> {
        if depth > 100 {
            return Err(Stop::Fuel);
        }
        let function = &self.module.functions[id];
        let mut values: Vec<Option<Const>> = vec![None; function.values.len()];
        let mut block = function.entry;
        let mut args = args.to_vec();
        'blocks: loop {
            for (param, arg) in function.blocks[block].params.iter().zip(&args) {
                values[param.index()] = Some(*arg);
            }
            let get = |values: &[Option<Const>], value: Id<Value>| values[value.index()].expect("verified SSA");
            for inst in &function.blocks[block].insts {
                self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Fuel)?;
                if let InstKind::Exit { condition, to } = &inst.kind
                    && get(&values, *condition) == Const::I32(0)
                {
                    args = to.args.iter().map(|arg| get(&values, *arg)).collect();
                    block = to.block;
                    continue 'blocks;
                }
                match self.inst(&inst.kind, &values, depth) {
                    Ok(results) => {
                        for (result, value) in inst.results.iter().zip(results) {
                            values[result.index()] = Some(value);
                        }
                    }
                    Err(Stop::Raise(exception)) => match inst.kind.unwind() {
                        None => return Err(Stop::Raise(exception)),
                        Some(unwind) => {
                            args = vec![Const::I32(exception)];
                            args.extend(unwind.args.iter().map(|arg| get(&values, *arg)));
                            block = unwind.block;
                            continue 'blocks;
                        }
                    },
                    Err(stop) => return Err(stop),
                }
            }
            self.fuel = self.fuel.checked_sub(1).ok_or(Stop::Fuel)?;
            let edge = match &function.blocks[block].terminator {
                Terminator::Jump(edge) => edge,
                Terminator::Branch { condition, then, otherwise } => {
                    if get(&values, *condition) == Const::I32(0) {
                        otherwise
                    } else {
                        then
                    }
                }
                Terminator::Switch { index, targets, default } => {
                    targets.get(int(get(&values, *index)) as u32 as usize).unwrap_or(default)
                }
                Terminator::Return(results) => return Ok(results.iter().map(|value| get(&values, *value)).collect()),
                Terminator::Throw(exception) => return Err(Stop::Raise(int(get(&values, *exception)))),
                Terminator::Unreachable => return Err(Stop::Trap),
            };
            args = edge.args.iter().map(|arg| get(&values, *arg)).collect();
            block = edge.block;
        }
    }

    fn inst(&mut self, kind: &InstKind, values: &[Option<Const>], depth: u32) -> Result<Vec<Const>, Stop> {
        let get = |value: &Id<Value>| values[value.index()].expect("verified SSA");
        Ok(match kind {
            InstKind::Const(value) => vec![*value],
            InstKind::Unary(op, operand) => vec![unary(*op, get(operand))],
            InstKind::Binary(op, left, right) => vec![binary(*op, get(left), get(right)).ok_or(Stop::Trap)?],
            InstKind::Bitselect { mask, then, otherwise } => {
                let [mask, then, otherwise] = [mask, then, otherwise].map(|value| vector::bits(get(value)));
                vec![Const::V128((then & mask) | (otherwise & !mask))]
            }
            InstKind::Shuffle { bytes, left, right } => {
                vec![vector::shuffle(*bytes, vector::bits(get(left)), vector::bits(get(right)))]
            }
            InstKind::Select { condition, then, otherwise } => {
                vec![get(if get(condition) == Const::I32(0) { otherwise } else { then })]
            }
            InstKind::Load { kind, address, offset } => {
                let bytes = self.place(get(address), *offset, kind.bytes())?;
                let low = || u16::from_le_bytes([bytes[0], bytes[1]]);
                let word = || u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
                let long = || u64::from_le_bytes([0, 1, 2, 3, 4, 5, 6, 7].map(|at| bytes[at]));
                #[expect(clippy::wildcard_enum_match_arm, reason = "all others load vectors")]
                let value = match kind {
                    LoadKind::I32 => Const::I32(word() as i32),
                    LoadKind::I32U8 => Const::I32(i32::from(bytes[0])),
                    LoadKind::I32S8 => Const::I32(i32::from(bytes[0] as i8)),
                    LoadKind::I32U16 => Const::I32(i32::from(low())),
                    LoadKind::I32S16 => Const::I32(i32::from(low() as i16)),
                    LoadKind::I64 => Const::I64(long() as i64),
                    LoadKind::F32 => Const::F32(word()),
                    LoadKind::F64 => Const::F64(long()),
                    other => vector::load(*other, bytes),
                };
                vec![value]
            }
            InstKind::Store { kind, address, offset, value } => {
                let bytes = match get(value) {
                    Const::I32(value) => u128::from(value as u32),
                    Const::I64(value) => u128::from(value as u64),
                    Const::F32(bits) => u128::from(bits),
                    Const::F64(bits) => u128::from(bits),
                    Const::V128(bits) => bits,
                };
                let size = kind.bytes();
                self.place(get(address), *offset, size)?.copy_from_slice(&bytes.to_le_bytes()[..size as usize]);
                Vec::new()
            }
            InstKind::GlobalGet(global) => vec![self.globals[global.index()]],
            InstKind::GlobalSet(global, value) => {
                self.globals[global.index()] = get(value);
                Vec::new()
            }
            InstKind::Call { callee: Callee::Function(callee), args, .. } => {
                let args: Vec<_> = args.iter().map(get).collect();
                self.function(*callee, &args, depth + 1)?
            }
            InstKind::Call { callee: Callee::Import(import), args, .. } => {
                self.calls.push((import.index(), args.iter().map(get).collect()));
                self.module.imports[*import].results.iter().map(|ty| Const::zero(*ty)).collect()
            }
            InstKind::Guard { condition, raise, args, .. } => {
                if get(condition) == Const::I32(0) {
                    let args: Vec<_> = args.iter().map(get).collect();
                    let exception = self.function(*raise, &args, depth + 1)?;
                    return Err(Stop::Raise(int(exception[0])));
                }
                Vec::new()
            }
            // Those that leave were taken where the blocks are.
            InstKind::Exit { .. } => Vec::new(),
            InstKind::Retain(object) => {
                self.count(get(object), 1)?;
                Vec::new()
            }
            InstKind::Release { object, drop } => {
                if self.count(get(object), -1)? == Some(0) {
                    self.function(*drop, &[get(object)], depth + 1)?;
                }
                Vec::new()
            }
            InstKind::MemorySize => vec![Const::I32((self.memory.len() / PAGE) as i32)],
            InstKind::MemoryGrow(pages) => {
                let (before, more) = (self.memory.len() / PAGE, int(get(pages)) as u32 as usize);
                vec![Const::I32(if before + more <= 4 {
                    self.memory.resize((before + more) * PAGE, 0);
                    before as i32
                } else {
                    -1
                })]
            }
            InstKind::MemoryCopy { to, from, length } => {
                let length = int(get(length)) as u32;
                let bytes = self.place(get(from), 0, length)?.to_vec();
                self.place(get(to), 0, length)?.copy_from_slice(&bytes);
                Vec::new()
            }
            InstKind::MemoryFill { to, byte, length } => {
                let length = int(get(length)) as u32;
                self.place(get(to), 0, length)?.fill(int(get(byte)) as u8);
                Vec::new()
            }
        })
    }

    fn place(&mut self, address: Const, offset: u32, size: u32) -> Result<&mut [u8], Stop> {
        let start = int(address) as u32 as usize + offset as usize;
        self.memory.get_mut(start..start + size as usize).ok_or(Stop::Trap)
    }

    /// The new count, if there is an object.
    fn count(&mut self, object: Const, change: i32) -> Result<Option<i32>, Stop> {
        if object == Const::I32(0) {
            return Ok(None);
        }
        let place = self.place(object, abi::COUNT, 4)?;
        let count = i32::from_le_bytes([place[0], place[1], place[2], place[3]]).wrapping_add(change);
        place.copy_from_slice(&count.to_le_bytes());
        Ok(Some(count))
    }
}

fn unary(op: Unary, operand: Const) -> Const {
    let folded = fold::unary(op, operand).or_else(|| vector::unary(op, operand));
    folded.unwrap_or_else(|| nan(op.result()))
}

/// None where it traps.
fn binary(op: Binary, left: Const, right: Const) -> Option<Const> {
    let folded = fold::binary(op, left, right).or_else(|| vector::binary(op, left, right));
    folded.or_else(|| (!op.can_trap()).then(|| nan(op.result())))
}

fn int(value: Const) -> i32 {
    match value {
        Const::I32(value) => value,
        other => panic!("verified SSA has an i32 here, not {other:?}"),
    }
}

/// What arithmetic gives where it gives a NaN: always the same one.
fn nan(ty: Type) -> Const {
    match ty {
        Type::F32 => Const::F32(f32::NAN.to_bits()),
        Type::F64 => Const::F64(f64::NAN.to_bits()),
        other => panic!("no NaN is an {other:?}"),
    }
}
