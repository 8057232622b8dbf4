//! Computes nothing twice: an instruction whose value is at hand already gives way to that value.
//!
//! ```text
//! before:                                    after:
//!   v2 = i64.add v0, v1                        v2 = i64.add v0, v1
//!   v3 = i64.load v9+8                         v3 = i64.load v9+8
//!   guard v4, @raise(v5)                       guard v4, @raise(v5)
//!   branch v6, b1, b2                          branch v6, b1, b2
//! b1:                                        b1:
//!   v7 = i64.add v1, v0                        return v2, v3
//!   v8 = i64.load v9+8
//!   guard v4, @raise(v5)
//!   return v7, v8
//! ```
//!
//! Walks the dominator tree, so that what is at hand is what has been met above. Loads and globals count as the
//! same until something may have written to their place; conditions that a branch or a guard has tested are known.

use super::Changed;
use super::cfg::ways_in;
use super::hash::Table;
use super::integer::{Op, split};
use super::rename::Renaming;
use super::simplify::{Definition, Definitions};
use crate::arena::Id;
use crate::ssa::dominators::Dominators;
use crate::ssa::inst::Effect;
use crate::ssa::{
    Binary, Block, Callee, Const, Function, Global, InstKind, LoadKind, StoreKind, Terminator, Unary, Value,
};

#[cfg(test)]
pub(crate) fn run(function: &mut Function) -> Changed {
    run_with(function, |_| false)
}

/// As `run`; calls for which `harmless` holds write to no memory and no global.
pub(crate) fn run_with(function: &mut Function, harmless: impl Fn(Callee) -> bool) -> Changed {
    let dominators = Dominators::new(function);
    let ways = ways_in(function, dominators.order());
    let epochs = epochs(function, &dominators, &harmless);
    let mut walk = Walk {
        table: Table::default(),
        log: Vec::new(),
        renaming: Renaming::default(),
        definitions: Definitions::new(function),
        changed: Changed::No,
        harmless,
    };
    // Blocks that are open, with the next child to visit, the length of the log at their beginning, and what memory
    // holds at their end.
    let mut open: Vec<(Id<Block>, usize, usize, Vec<Entry>)> = Vec::new();
    let memory = walk.block(function, function.entry, Vec::new());
    open.push((function.entry, 0, 0, memory));
    while let Some((block, next, start, memory)) = open.last_mut() {
        let (block, start) = (*block, *start);
        let Some(&child) = dominators.children(block).get(*next) else {
            walk.roll_back(start, 0);
            open.pop();
            continue;
        };
        *next += 1;
        let point = dominators.parent(child).expect("a child has a parent");
        // Children come with falling points: what was met behind the point is forgotten for good.
        walk.roll_back(start, point.index);
        let start = walk.log.len();
        let mut known = Vec::new();
        // Where nothing was written since the end of the block above, memory holds what it held there.
        if epochs[child.index()].0 == epochs[block.index()].1 {
            known.clone_from(memory);
        }
        if ways[child.index()] == 1 {
            let terminator = &function.blocks[block].terminator;
            if let Terminator::Branch { condition, then, .. } = terminator {
                let holds = then.block == child;
                if holds || terminator.edges().any(|edge| edge.block == child) {
                    walk.learn(*condition, holds, 0);
                }
            }
        }
        let memory = walk.block(function, child, known);
        open.push((child, 0, start, memory));
    }
    walk.renaming.apply(function);
    walk.changed
}

/// For every block the states of memory at its beginning and end: where they are equal, nothing was written between.
fn epochs(function: &Function, dominators: &Dominators, harmless: impl Fn(Callee) -> bool) -> Vec<(u32, u32)> {
    /// Not met yet: as whatever else arrives.
    const OPEN: u32 = u32::MAX;
    let mut epochs = vec![(OPEN, OPEN); function.blocks.len()];
    let mut writes = vec![false; function.blocks.len()];
    // Even numbers are states at the beginning of a block, odd ones states that a block leaves.
    let own = |block: Id<Block>| block.index() as u32 * 2;
    let mut fixed = vec![false; function.blocks.len()];
    fixed[function.entry.index()] = true;
    for &id in dominators.order() {
        for inst in &function.blocks[id].insts {
            writes[id.index()] |= match &inst.kind {
                InstKind::Call { callee, .. } => !harmless(*callee),
                InstKind::Guard { .. } => false,
                kind => kind.effect() == Effect::Writes,
            };
            // The making of an exception writes.
            if let Some(unwind) = inst.kind.unwind() {
                fixed[unwind.block.index()] = true;
            }
        }
    }
    loop {
        let mut changed = false;
        for &id in dominators.order() {
            let start = if fixed[id.index()] { own(id) } else { epochs[id.index()].0 };
            let end = if writes[id.index()] { own(id) + 1 } else { start };
            if epochs[id.index()] != (start, end) {
                epochs[id.index()] = (start, end);
                changed = true;
            }
            for edge in function.blocks[id].terminator.edges() {
                let to = edge.block.index();
                if epochs[to].0 == OPEN {
                    epochs[to].0 = end;
                    changed = true;
                } else if epochs[to].0 != end && !fixed[to] {
                    // Several states meet here.
                    fixed[to] = true;
                    epochs[to].0 = own(edge.block);
                    changed = true;
                }
            }
        }
        if !changed {
            return epochs;
        }
    }
}

/// What two instructions must have in common to give the same value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Const(Const),
    Unary(Unary, Id<Value>),
    Binary(Binary, Id<Value>, Id<Value>),
    Select(Id<Value>, Id<Value>, Id<Value>),
    Bitselect(Id<Value>, Id<Value>, Id<Value>),
    Shuffle([u8; 16], Id<Value>, Id<Value>),
    /// Whether a value is known to be 0 or not.
    Truth(Id<Value>),
}

/// What is known under a key.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    Value(Id<Value>),
    Holds(bool),
}

/// A place outside of SSA, and the value it holds.
#[derive(Clone, Copy)]
struct Entry {
    place: Place,
    value: Id<Value>,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Memory { kind: LoadKind, address: Id<Value>, offset: u32 },
    Global(Id<Global>),
    Size,
}

/// Places that are remembered at a time; more cost more than they give.
const PLACES: usize = 32;

/// A change of the table, to be taken back.
struct Change {
    /// The instruction it came from, by its place in the block before the pass.
    index: usize,
    key: Key,
    before: Option<Known>,
}

struct Walk<H> {
    table: Table<Key, Known>,
    log: Vec<Change>,
    renaming: Renaming,
    definitions: Definitions,
    changed: Changed,
    harmless: H,
}

impl<H: Fn(Callee) -> bool> Walk<H> {
    fn set(&mut self, key: Key, known: Known, index: usize) {
        let before = self.table.insert(key, known);
        self.log.push(Change { index, key, before });
    }

    /// Takes back the changes after the first `start` that come from instructions at `index` and behind.
    fn roll_back(&mut self, start: usize, index: usize) {
        while self.log.len() > start
            && let Some(change) = self.log.pop_if(|change| change.index >= index)
        {
            match change.before {
                Some(before) => self.table.insert(change.key, before),
                None => self.table.remove(&change.key),
            };
        }
    }

    /// Notes that `condition` is (not) 0.
    fn learn(&mut self, condition: Id<Value>, holds: bool, index: usize) {
        let condition = self.renaming.get(condition);
        self.set(Key::Truth(condition), Known::Holds(holds), index);
        match self.definitions.get(condition) {
            Definition::Unary(Unary::I32Eqz, operand) => {
                self.set(Key::Truth(operand), Known::Holds(!holds), index);
            }
            // If both hold, each holds.
            Definition::Binary(Binary::I32And, left, right)
                if holds && self.definitions.is_bool(left) && self.definitions.is_bool(right) =>
            {
                self.learn(left, true, index);
                self.learn(right, true, index);
            }
            Definition::Binary(Binary::I32Or, left, right) if !holds => {
                self.learn(left, false, index);
                self.learn(right, false, index);
            }
            Definition::Opaque
            | Definition::Const(_)
            | Definition::Unary(..)
            | Definition::Binary(..)
            | Definition::Select(..) => {}
        }
    }

    /// Whether a condition is known to hold.
    fn holds(&self, condition: Id<Value>) -> Option<bool> {
        if let Some(Known::Holds(holds)) = self.table.get(&Key::Truth(condition)) {
            return Some(*holds);
        }
        match self.definitions.get(condition) {
            Definition::Unary(Unary::I32Eqz, operand) => match self.table.get(&Key::Truth(operand)) {
                Some(Known::Holds(holds)) => Some(!holds),
                Some(Known::Value(_)) | None => None,
            },
            // The opposite comparison may have been tested.
            Definition::Binary(op, left, right) => {
                let Some((width, Op::Compare(compare))) = split(op) else { return None };
                let inverse = super::integer::join(width, Op::Compare(compare.inverse()));
                let Some(Known::Value(inverse)) = self.table.get(&key(inverse, left, right)) else { return None };
                match self.table.get(&Key::Truth(*inverse)) {
                    Some(Known::Holds(holds)) => Some(!holds),
                    Some(Known::Value(_)) | None => None,
                }
            }
            Definition::Opaque | Definition::Const(_) | Definition::Unary(..) | Definition::Select(..) => None,
        }
    }

    /// Visits a block where `memory` is known; gives what is known at its end.
    fn block(&mut self, function: &mut Function, id: Id<Block>, mut memory: Vec<Entry>) -> Vec<Entry> {
        let insts = std::mem::take(&mut function.blocks[id].insts);
        let mut out = Vec::with_capacity(insts.len());
        for (index, mut inst) in insts.into_iter().enumerate() {
            self.renaming.inst(&mut inst.kind);
            if let InstKind::Select { condition, then, otherwise } = inst.kind
                && let Some(holds) = self.holds(condition)
            {
                self.renaming.set(inst.results[0], if holds { then } else { otherwise });
                self.changed = Changed::Yes;
                continue;
            }
            if let Some(key) = pure_key(&inst.kind) {
                if let Some(Known::Value(known)) = self.table.get(&key) {
                    self.renaming.set(inst.results[0], *known);
                    self.changed = Changed::Yes;
                    continue;
                }
                self.set(key, Known::Value(inst.results[0]), index);
                self.definitions.note(&inst);
                out.push(inst);
                continue;
            }
            if let Some(place) = read_place(&inst.kind) {
                if let Some(entry) = memory.iter().find(|entry| entry.place == place) {
                    self.renaming.set(inst.results[0], entry.value);
                    self.changed = Changed::Yes;
                    continue;
                }
                remember(&mut memory, place, inst.results[0]);
                out.push(inst);
                continue;
            }
            match &inst.kind {
                InstKind::Guard { condition, .. } | InstKind::Exit { condition, .. } => {
                    if self.holds(*condition) == Some(true) {
                        self.changed = Changed::Yes;
                        continue;
                    }
                    self.learn(*condition, true, index);
                }
                InstKind::Store { kind, address, offset, value } => {
                    let (start, end) = (*offset, offset + kind.bytes());
                    memory.retain(|entry| !may_overlap(entry.place, *address, start, end));
                    if let Some(kind) = full(*kind) {
                        let place = Place::Memory { kind, address: *address, offset: *offset };
                        remember(&mut memory, place, *value);
                    }
                }
                InstKind::GlobalSet(global, value) => {
                    memory.retain(|entry| entry.place != Place::Global(*global));
                    remember(&mut memory, Place::Global(*global), *value);
                }
                InstKind::Call { callee, .. } => {
                    if !(self.harmless)(*callee) {
                        memory.clear();
                    }
                }
                // Writes the count only, which nothing but code about counts reads.
                InstKind::Retain(_) => memory.retain(|entry| match entry.place {
                    Place::Memory { kind, offset, .. } => kind != LoadKind::I32 || offset != crate::abi::COUNT,
                    Place::Global(_) | Place::Size => true,
                }),
                InstKind::Release { .. } => memory.clear(),
                InstKind::MemoryGrow(_) => memory.retain(|entry| entry.place != Place::Size),
                InstKind::MemoryCopy { .. } | InstKind::MemoryFill { .. } => {
                    memory.retain(|entry| !matches!(entry.place, Place::Memory { .. }));
                }
                InstKind::Const(_)
                | InstKind::Unary(..)
                | InstKind::Binary(..)
                | InstKind::Select { .. }
                | InstKind::Bitselect { .. }
                | InstKind::Shuffle { .. }
                | InstKind::Load { .. }
                | InstKind::GlobalGet(_)
                | InstKind::MemorySize => {}
            }
            out.push(inst);
        }
        function.blocks[id].insts = out;
        let mut terminator = std::mem::replace(&mut function.blocks[id].terminator, Terminator::Unreachable);
        self.renaming.terminator(&mut terminator);
        if let Terminator::Branch { condition, then, otherwise } = &terminator
            && let Some(holds) = self.holds(*condition)
        {
            terminator = Terminator::Jump(if holds { then.clone() } else { otherwise.clone() });
            self.changed = Changed::Yes;
        }
        function.blocks[id].terminator = terminator;
        memory
    }
}

/// The key of an operation: the same for `a + b` and `b + a`, and for `a < b` and `b > a`.
fn key(op: Binary, left: Id<Value>, right: Id<Value>) -> Key {
    if left > right {
        match split(op) {
            Some((width, Op::Compare(compare))) => {
                return Key::Binary(super::integer::join(width, Op::Compare(compare.swapped())), right, left);
            }
            Some((_, op_without_width)) if op_without_width.commutes() => return Key::Binary(op, right, left),
            Some(_) => {}
            None if matches!(op, Binary::I64AddOverflows | Binary::I64MulOverflows) => {
                return Key::Binary(op, right, left);
            }
            None => {}
        }
    }
    Key::Binary(op, left, right)
}

fn pure_key(kind: &InstKind) -> Option<Key> {
    match *kind {
        InstKind::Const(value) => Some(Key::Const(value)),
        InstKind::Unary(op, operand) => Some(Key::Unary(op, operand)),
        InstKind::Binary(op, left, right) => Some(key(op, left, right)),
        InstKind::Select { condition, then, otherwise } => Some(Key::Select(condition, then, otherwise)),
        InstKind::Bitselect { mask, then, otherwise } => Some(Key::Bitselect(mask, then, otherwise)),
        InstKind::Shuffle { bytes, left, right } => Some(Key::Shuffle(bytes, left, right)),
        InstKind::Load { .. }
        | InstKind::Store { .. }
        | InstKind::GlobalGet(_)
        | InstKind::GlobalSet(..)
        | InstKind::Call { .. }
        | InstKind::Guard { .. }
        | InstKind::Exit { .. }
        | InstKind::Retain(_)
        | InstKind::Release { .. }
        | InstKind::MemorySize
        | InstKind::MemoryGrow(_)
        | InstKind::MemoryCopy { .. }
        | InstKind::MemoryFill { .. } => None,
    }
}

/// The place that an instruction reads.
fn read_place(kind: &InstKind) -> Option<Place> {
    match *kind {
        InstKind::Load { kind, address, offset } => Some(Place::Memory { kind, address, offset }),
        InstKind::GlobalGet(global) => Some(Place::Global(global)),
        InstKind::MemorySize => Some(Place::Size),
        InstKind::Const(_)
        | InstKind::Unary(..)
        | InstKind::Binary(..)
        | InstKind::Select { .. }
        | InstKind::Bitselect { .. }
        | InstKind::Shuffle { .. }
        | InstKind::Store { .. }
        | InstKind::GlobalSet(..)
        | InstKind::Call { .. }
        | InstKind::Guard { .. }
        | InstKind::Exit { .. }
        | InstKind::Retain(_)
        | InstKind::Release { .. }
        | InstKind::MemoryGrow(_)
        | InstKind::MemoryCopy { .. }
        | InstKind::MemoryFill { .. } => None,
    }
}

fn remember(memory: &mut Vec<Entry>, place: Place, value: Id<Value>) {
    if memory.len() == PLACES {
        memory.remove(0);
    }
    memory.push(Entry { place, value });
}

/// Whether a write to `start..end` at `address` may change a place.
fn may_overlap(place: Place, written: Id<Value>, start: u32, end: u32) -> bool {
    match place {
        // Of two addresses nothing is known; from the same address on, offsets tell.
        Place::Memory { kind, address, offset } => {
            address != written || (offset < end && start < offset + kind.bytes())
        }
        Place::Global(_) | Place::Size => false,
    }
}

/// The load that gives back what a store wrote.
fn full(kind: StoreKind) -> Option<LoadKind> {
    match kind {
        StoreKind::I32 => Some(LoadKind::I32),
        StoreKind::I64 => Some(LoadKind::I64),
        StoreKind::F32 => Some(LoadKind::F32),
        StoreKind::F64 => Some(LoadKind::F64),
        StoreKind::V128 => Some(LoadKind::V128),
        StoreKind::I32Low8
        | StoreKind::I32Low16
        | StoreKind::V128Low16
        | StoreKind::V128Low32
        | StoreKind::V128Low64 => None,
    }
}
