//! Makes the body of a loop a straight line: what a branch decides becomes a select. In: a loop. Out: `Straight`, or
//! none if something may not run where the program would not have run it. Loops in it stay loops between straight
//! lines, see `inner`.
//!
//! ```text
//! the loop:                                  its straight line:
//! b2:                                          v3 = f64.load v2
//!   v3 = f64.load v2                           v4 = f64.lt v1, v3
//!   v4 = f64.lt v1, v3                         v5 = select v4, v1, v3
//!   branch v4, b3, b4                          f64.store v2, v5
//! b3:
//!   f64.store v2, v1
//!   jump b4
//! ```
//!
//! What a branch skips is computed and thrown away: it is pure, or reads a place, which does no harm if it lies in
//! memory. A store that a branch skips writes back what is there, which is right as long as nobody else writes there.
//! Places that only some turns access are told: a test before the loop sees that they lie in memory on all turns.
//!
//! Ways that lead out of the loop, to an exception, or to a call of what is rarely called are left out: a turn that would
//! go there is left to the loop as it was, with all turns of its vector. So is one on which a check fails.

use super::cold::Cold;
use super::inner::{Exit, Inner, Part};
use super::linear::{Linear, Linears};
use crate::arena::{Id, IdMap};
use crate::opt::simplify::Definition;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::{
    Binary, Block, BlockCall, Const, Function, Inst, InstKind, LoadKind, StoreKind, Terminator, Type, Unary, Value,
};

/// A condition, and whether it holds.
pub(super) type Literal = (Id<Value>, bool);

/// Conditions of branches on the way to a place: all of them have to be so.
pub(super) type Path = Vec<Literal>;

/// A turn of a loop without branches.
#[derive(Debug, Default)]
pub(super) struct Straight {
    /// In order of execution. The loop itself is not changed; these describe it.
    pub(super) parts: Vec<Part>,
    /// What each parameter of the head gets for the next turn.
    pub(super) next: Vec<Id<Value>>,
    /// Places that some turns do not access in the loop, and how many bytes there.
    pub(super) skipped: Vec<(Linear, u32)>,
    /// Parameters of inner loops, and what they leave, that are conditions.
    pub(super) conditions: Vec<Id<Value>>,
    /// Conditions on which a turn is left to the loop as it was.
    pub(super) leaves: Vec<Id<Value>>,
}

impl Straight {
    /// All instructions, those of inner loops included.
    pub(super) fn insts(&self) -> impl Iterator<Item = &Inst> {
        self.parts.iter().flat_map(Part::insts)
    }

    /// The loops in it, outer ones first.
    pub(super) fn loops(&self) -> impl Iterator<Item = &Inner> {
        self.parts.iter().flat_map(Part::loops)
    }

    pub(super) fn push(&mut self, inst: Inst) {
        if !matches!(self.parts.last(), Some(Part::Line(_))) {
            self.parts.push(Part::Line(Vec::new()));
        }
        let Some(Part::Line(line)) = self.parts.last_mut() else { unreachable!("one was pushed") };
        line.push(inst);
    }
}

/// A way into a block: what was decided, and the arguments.
pub(super) type Way = (Path, Vec<Id<Value>>);

/// Builds the straight line.
pub(super) struct Builder<'a> {
    pub(super) function: &'a mut Function,
    pub(super) loops: &'a Loops,
    /// The loop of which several turns are to run at once.
    pub(super) id: Id<Loop>,
    pub(super) linears: &'a Linears<'a>,
    cold: &'a Cold,
    /// What stands for parameters of blocks, and for what inner loops leave.
    pub(super) names: IdMap<Value, Id<Value>>,
    /// The straight line that is being written, and what came before it.
    pub(super) insts: Vec<Inst>,
    pub(super) parts: Vec<Part>,
    /// The ways into each block that has not been met yet.
    pub(super) arriving: IdMap<Block, Vec<Way>>,
    /// The ways out of each of the inner loops that are being written.
    pub(super) exits: Vec<(Id<Loop>, Vec<Exit>)>,
    /// Ways that became one with others, which does not tell any more what was decided on them.
    pub(super) joined: Vec<Path>,
    /// Conditions that were made here.
    pub(super) conditions: Vec<Id<Value>>,
    /// What is accessed on every turn, whichever way it goes.
    always: Places,
    /// How often each place is stored to in the text of the loop.
    stores: Vec<(Linear, u32)>,
    /// What was to be stored where a path was taken.
    meant: Vec<(Linear, Id<Value>)>,
    skipped: Vec<(Linear, u32)>,
    leaves: Vec<Id<Value>>,
}

/// Places in memory.
#[derive(Debug, Clone, Default, PartialEq)]
struct Places {
    /// With how many bytes, and whether they are stored to.
    all: Vec<(Linear, u32, bool)>,
}

impl Places {
    fn contains(&self, at: &Linear, bytes: u32) -> bool {
        self.all.iter().any(|(known, size, _)| known == at && *size >= bytes)
    }

    fn stores(&self, at: &Linear, bytes: u32) -> bool {
        self.all.iter().any(|(known, size, stored)| known == at && *size == bytes && *stored)
    }

    fn retain_common(&mut self, other: &Self) {
        self.all.retain(|place| other.all.contains(place));
    }
}

/// The places that an instruction accesses.
fn access(kind: &InstKind, linears: &Linears) -> Option<(Linear, u32, bool)> {
    let (address, offset, bytes, stores) = match kind {
        InstKind::Load { kind, address, offset } => (address, offset, kind.bytes(), false),
        InstKind::Store { kind, address, offset, .. } => (address, offset, kind.bytes(), true),
        _ => return None,
    };
    Some((linears.of(*address, bytes)?.offset(*offset), bytes, stores))
}

/// What every turn accesses, whichever way it goes, if it is not left to the loop as it was.
fn always(function: &Function, blocks: &[Id<Block>], body: Id<Block>, linears: &Linears, cold: &Cold) -> Places {
    let mut arriving: IdMap<Block, Places> = IdMap::default();
    arriving.insert(body, Places::default());
    for &block in &blocks[1..] {
        let Some(mut places) = arriving.get(block).cloned() else { continue };
        places.all.extend(function.blocks[block].insts.iter().filter_map(|inst| access(&inst.kind, linears)));
        for edge in function.blocks[block].terminator.edges().filter(|edge| !cold.is(edge.block)) {
            match arriving.get(edge.block) {
                Some(_) => arriving[edge.block].retain_common(&places),
                None => _ = arriving.insert(edge.block, places.clone()),
            }
        }
    }
    arriving.get(blocks[0]).cloned().unwrap_or_default()
}

/// The straight line of a loop, entered behind its head at `body`.
pub(super) fn straighten(
    function: &mut Function,
    loops: &Loops,
    id: Id<Loop>,
    body: &BlockCall,
    linears: &Linears,
    cold: &Cold,
) -> Option<Straight> {
    let Loop { head, blocks, .. } = &loops.all[id];
    let always = always(function, blocks, body.block, linears, cold);
    let mut stores: Vec<(Linear, u32)> = Vec::new();
    for inst in blocks.iter().filter(|block| !cold.is(**block)).flat_map(|block| &function.blocks[*block].insts) {
        if let Some((at, _, true)) = access(&inst.kind, linears) {
            match stores.iter_mut().find(|(known, _)| *known == at) {
                Some((_, count)) => *count += 1,
                None => stores.push((at, 1)),
            }
        }
    }
    let mut builder = Builder {
        function,
        loops,
        id,
        linears,
        cold,
        names: IdMap::default(),
        insts: Vec::new(),
        parts: Vec::new(),
        arriving: IdMap::default(),
        exits: Vec::new(),
        joined: Vec::new(),
        conditions: Vec::new(),
        always,
        stores,
        meant: Vec::new(),
        skipped: Vec::new(),
        leaves: Vec::new(),
    };
    builder.insts(*head, &Vec::new())?;
    builder.arriving.insert(body.block, vec![(Vec::new(), body.args.clone())]);
    builder.body(id)?;
    let ways = std::mem::take(builder.arriving.get_mut(*head)?);
    // Whoever leaves the loop in its middle is none of its blocks.
    if builder.arriving.iter().any(|(_, ways)| !ways.is_empty()) {
        return None;
    }
    let (_, next) = builder.merge(ways)?;
    builder.end_line();
    let Builder { parts, mut skipped, conditions, leaves, .. } = builder;
    if !leaves.is_empty() {
        // A turn that is left to the loop as it was may be the last.
        for inst in parts.iter().flat_map(Part::insts) {
            if let Some((at, bytes, false)) = access(&inst.kind, linears)
                && !skipped.contains(&(at.clone(), bytes))
            {
                skipped.push((at, bytes));
            }
        }
    }
    Some(Straight { parts, next, skipped, conditions, leaves })
}

impl Builder<'_> {
    pub(super) fn name(&self, value: Id<Value>) -> Id<Value> {
        self.names.get(value).copied().unwrap_or(value)
    }

    /// Ends the straight line; another one begins.
    pub(super) fn end_line(&mut self) {
        let line = std::mem::take(&mut self.insts);
        if !line.is_empty() {
            self.parts.push(Part::Line(line));
        }
    }

    /// Takes in the blocks of a loop behind its head.
    pub(super) fn body(&mut self, id: Id<Loop>) -> Option<()> {
        for &block in self.loops.all[id].blocks[1..].iter().filter(|block| !self.cold.is(**block)) {
            let around = self.loops.innermost(block)?;
            if around != id {
                if self.loops.all[around].head == block && self.loops.all[around].parent == Some(id) {
                    self.inner(around)?;
                }
                continue;
            }
            let ways = std::mem::take(self.arriving.get_mut(block)?);
            let (path, args) = self.merge(ways)?;
            let params = self.function.blocks[block].params.clone();
            for (param, arg) in params.into_iter().zip(args) {
                self.names.insert(param, arg);
            }
            self.insts(block, &path)?;
            match self.function.blocks[block].terminator.clone() {
                Terminator::Jump(edge) => self.leave(&edge, path),
                Terminator::Branch { condition, then, otherwise } => {
                    let condition = self.name(condition);
                    let [then_cold, otherwise_cold] = [&then, &otherwise].map(|edge| self.cold.leaves(edge.block));
                    if then_cold != otherwise_cold {
                        self.leave_behind(&path, (condition, then_cold));
                        self.leave(if then_cold { &otherwise } else { &then }, path);
                        continue;
                    }
                    for (edge, holds) in [(then, true), (otherwise, false)] {
                        let mut path = path.clone();
                        path.push((condition, holds));
                        self.leave(&edge, path);
                    }
                }
                Terminator::Switch { .. } | Terminator::Return(_) | Terminator::Throw(_) | Terminator::Unreachable => {
                    return None;
                }
            }
        }
        Some(())
    }

    /// Leaves turns that go on from a path like this to the loop as it was.
    fn leave_behind(&mut self, path: &Path, literal: Literal) {
        let mut path = path.clone();
        path.push(literal);
        let leaves = self.all_of(&path);
        self.leaves.push(leaves);
    }

    /// Goes along an edge with what its arguments are by now.
    pub(super) fn leave(&mut self, edge: &BlockCall, path: Path) {
        let args = edge.args.iter().map(|arg| self.name(*arg)).collect();
        self.arrive(edge.block, path, args);
    }

    pub(super) fn arrive(&mut self, block: Id<Block>, path: Path, args: Vec<Id<Value>>) {
        if let Some((id, exits)) = self.exits.last_mut()
            && !self.loops.contains(*id, block)
        {
            exits.push(Exit { block, path, args });
            return;
        }
        if !self.arriving.contains(block) {
            self.arriving.insert(block, Vec::new());
        }
        self.arriving[block].push((path, args));
    }

    pub(super) fn push(&mut self, kind: InstKind, ty: Type) -> Id<Value> {
        let result = self.function.value(ty);
        self.insts.push(Inst::new(kind, vec![result], self.function.span));
        result
    }

    /// One path and the arguments for it, of all ways into a block.
    pub(super) fn merge(&mut self, mut ways: Vec<Way>) -> Option<Way> {
        // First those that differ by how a branch went.
        while ways.len() > 1 {
            let pairs = || (0..ways.len()).flat_map(|right| (0..right).map(move |left| (left, right)));
            let opposite = |(left, right): &(usize, usize)| are_opposite(&ways[*left].0, &ways[*right].0);
            let Some((left, right)) = pairs().find(opposite) else { break };
            let (_, second) = ways.remove(right);
            let (mut path, first) = std::mem::take(&mut ways[left]);
            let literal = path.pop().expect("opposite paths are not empty");
            ways[left] = (path, self.select(&[literal], first, second));
        }
        let (mut path, mut args) = ways.pop()?;
        if ways.is_empty() {
            return Some((path, args));
        }
        // What was decided before the ways parted.
        let common = |path: &Path, other: &Path| path.iter().zip(other).take_while(|(one, other)| one == other).count();
        let shared = ways.iter().map(|(other, _)| common(&path, other)).min().unwrap_or(0);
        let parts_here = |other: &Path| common(&path, other) >= shared;
        let exits = self.exits.last().map_or(&[][..], |(_, exits)| exits);
        let goes_elsewhere = self.joined.iter().any(parts_here)
            || exits.iter().any(|exit| parts_here(&exit.path))
            || self.arriving.iter().any(|(_, ways)| ways.iter().any(|(other, _)| parts_here(other)));
        if goes_elsewhere {
            self.joined.extend(ways.iter().map(|(other, _)| other.clone()).chain([path.clone()]));
        }
        let mut any = self.all_of(&path[shared..]);
        for (other, others) in ways.into_iter().rev() {
            any = {
                let this = self.all_of(&other[shared..]);
                self.condition(InstKind::Binary(Binary::I32Or, this, any))
            };
            args = self.select(&other[shared..], others, args);
        }
        path.truncate(shared);
        if goes_elsewhere {
            path.push((any, true));
        }
        Some((path, args))
    }

    /// The first values where all of this was decided so, else the second.
    fn select(&mut self, literals: &[Literal], first: Vec<Id<Value>>, second: Vec<Id<Value>>) -> Vec<Id<Value>> {
        let mut values = second;
        for (value, first) in values.iter_mut().zip(first) {
            if *value != first {
                *value = self.choose(literals, first, *value);
            }
        }
        values
    }

    pub(super) fn choose(&mut self, literals: &[Literal], value: Id<Value>, other: Id<Value>) -> Id<Value> {
        let ty = self.function.values[value].ty;
        match literals {
            [] => value,
            [(condition, holds)] => {
                let (then, otherwise) = if *holds { (value, other) } else { (other, value) };
                self.push(InstKind::Select { condition: *condition, then, otherwise }, ty)
            }
            several => {
                let condition = self.all_of(several);
                self.push(InstKind::Select { condition, then: value, otherwise: other }, ty)
            }
        }
    }

    pub(super) fn condition(&mut self, kind: InstKind) -> Id<Value> {
        let condition = self.push(kind, Type::I32);
        self.conditions.push(condition);
        condition
    }

    /// Whether everything was decided so.
    pub(super) fn all_of(&mut self, literals: &[Literal]) -> Id<Value> {
        let mut all = None;
        for &(condition, holds) in literals {
            let this = match (holds, self.is_condition(condition)) {
                (true, true) => condition,
                (true, false) => {
                    let zero = self.push(InstKind::Const(Const::I32(0)), Type::I32);
                    self.condition(InstKind::Binary(Binary::I32Ne, condition, zero))
                }
                (false, _) => self.condition(InstKind::Unary(Unary::I32Eqz, condition)),
            };
            all = Some(match all {
                None => this,
                Some(all) => self.condition(InstKind::Binary(Binary::I32And, all, this)),
            });
        }
        match all {
            Some(all) => all,
            None => {
                let always = self.push(InstKind::Const(Const::I32(1)), Type::I32);
                self.conditions.push(always);
                always
            }
        }
    }

    fn is_condition(&self, value: Id<Value>) -> bool {
        self.conditions.contains(&value)
            || is_condition(self.linears.definitions.get(value), |value| self.is_condition(value))
    }

    /// Takes in the instructions of a block.
    pub(super) fn insts(&mut self, block: Id<Block>, path: &Path) -> Option<()> {
        for mut inst in self.function.blocks[block].insts.clone() {
            inst.kind.map_operands(|value| self.name(value));
            match inst.kind {
                InstKind::Const(_) | InstKind::Unary(..) | InstKind::Select { .. } => {}
                InstKind::Binary(op, ..) if !op.can_trap() => {}
                InstKind::Load { .. } => self.note_skipped(&inst.kind, path)?,
                InstKind::Guard { condition, .. } => {
                    self.leave_behind(path, (condition, false));
                    continue;
                }
                InstKind::Store { kind, address, offset, value } => {
                    self.note_skipped(&inst.kind, path)?;
                    if !path.is_empty() {
                        let value = self.or_what_is_there(kind, (address, offset), path, value)?;
                        inst.kind = InstKind::Store { kind, address, offset, value };
                    }
                }
                _ => return None,
            }
            self.insts.push(inst);
        }
        Some(())
    }

    /// Notes a place that some turns do not access.
    fn note_skipped(&mut self, kind: &InstKind, path: &Path) -> Option<()> {
        let Some((at, bytes, _)) = access(kind, self.linears) else {
            // What is read anywhere is looked at later.
            return matches!(kind, InstKind::Load { .. }).then_some(());
        };
        // An inner loop, or what it has counted, says where; that cannot be tested before the loop, and need not be where
        // every turn accesses it.
        if !self.exits.is_empty() || !self.linears.is_steady(&at) {
            return path.is_empty().then_some(());
        }
        if !self.always.contains(&at, bytes) && !self.skipped.contains(&(at.clone(), bytes)) {
            self.skipped.push((at, bytes));
        }
        Some(())
    }

    /// `value` where the path was taken, else what the place holds already.
    fn or_what_is_there(
        &mut self,
        kind: StoreKind,
        (address, offset): (Id<Value>, u32),
        path: &Path,
        value: Id<Value>,
    ) -> Option<Id<Value>> {
        let load = match kind {
            StoreKind::I32 => LoadKind::I32,
            StoreKind::I32Low8 => LoadKind::I32U8,
            StoreKind::I32Low16 => LoadKind::I32U16,
            StoreKind::I64 => LoadKind::I64,
            StoreKind::F32 => LoadKind::F32,
            StoreKind::F64 => LoadKind::F64,
            StoreKind::V128 | StoreKind::V128Low16 | StoreKind::V128Low32 | StoreKind::V128Low64 => return None,
        };
        let at = self.linears.of(address, kind.bytes())?.offset(offset);
        let stored = self.stores.iter().find(|(known, _)| *known == at).map_or(0, |(_, count)| *count);
        let there = match self.held(kind, &at) {
            Some((value, writer)) => {
                let mut value = value;
                // What is stored now takes the place of what was stored there.
                if let Some(writer) = writer {
                    self.insts.remove(writer);
                    // Every turn makes one of the two stores, or both: what was there before them is in none.
                    if stored == 2
                        && self.exits.is_empty()
                        && self.always.stores(&at, kind.bytes())
                        && let Some((_, meant)) = self.meant.iter().find(|(known, _)| *known == at)
                    {
                        value = *meant;
                    }
                }
                value
            }
            None => self.push(InstKind::Load { kind: load, address, offset }, kind.ty()),
        };
        self.meant.push((at, value));
        if value == there { Some(value) } else { Some(self.choose(path, value, there)) }
    }

    /// What a place is known to hold, and the store that wrote it if nothing reads in between.
    fn held(&self, kind: StoreKind, at: &Linear) -> Option<(Id<Value>, Option<usize>)> {
        let mut read = false;
        for (index, inst) in self.insts.iter().enumerate().rev() {
            match inst.kind {
                InstKind::Load { kind: load, address, offset } => {
                    let here = self.linears.of(address, load.bytes()).map(|here| here.offset(offset));
                    if here.as_ref() == Some(at) && load.ty() == kind.ty() && load.bytes() == kind.bytes() {
                        return Some((inst.results[0], None));
                    }
                    read = true;
                }
                InstKind::Store { kind: store, address, offset, value } => {
                    let here = self.linears.of(address, store.bytes())?.offset(offset);
                    return (here == *at && store == kind).then_some((value, (!read).then_some(index)));
                }
                _ => {}
            }
        }
        None
    }
}

/// Whether two paths differ only by how the last branch went.
fn are_opposite(left: &Path, right: &Path) -> bool {
    match (left.split_last(), right.split_last()) {
        (Some((&(one, taken), before)), Some((&(other, too), as_before))) => {
            one == other && taken != too && before == as_before
        }
        _ => false,
    }
}

/// Whether a value is a condition: 0 or 1, as comparisons give it.
pub(super) fn is_condition(definition: Definition, is: impl Fn(Id<Value>) -> bool) -> bool {
    match definition {
        Definition::Unary(op, _) => matches!(op, Unary::I32Eqz | Unary::I64Eqz),
        Definition::Binary(Binary::I32And | Binary::I32Or | Binary::I32Xor, left, right) => is(left) && is(right),
        Definition::Binary(op, ..) => op.result() == Type::I32 && compares(op),
        Definition::Const(value) => matches!(value, Const::I32(0 | 1)),
        Definition::Opaque | Definition::Select(..) => false,
    }
}

/// Whether an operation compares its operands.
pub(super) fn compares(op: Binary) -> bool {
    use crate::opt::integer::{Op, split};
    match split(op) {
        Some((_, Op::Compare(_))) => true,
        Some(_) => false,
        None => op.result() == Type::I32 && matches!(op.operand(), Type::F32 | Type::F64),
    }
}
