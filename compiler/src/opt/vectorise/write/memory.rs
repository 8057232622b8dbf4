//! What turns read and write. In: places of the loop. Out: loads and stores of vectors, or of lanes one by one, at
//! pointers that turns share.

use super::super::carried::extract;
use super::super::linear::Linear;
use super::Writer;
use super::lanes::extend;
use crate::arena::Id;
use crate::opt::simplify::Definition;
use crate::ssa::{Binary, Const, Inst, InstKind, LoadKind, StoreKind, Type, Unary, Value};

/// Lanes that may be read one by one.
const MOST_GATHERED: u32 = 4;

impl Writer<'_> {
    /// An address in a table without the constant in it, which goes to the offset.
    pub(super) fn place(&self, address: Id<Value>, offset: u32) -> (Id<Value>, u32) {
        if let Definition::Binary(Binary::I32Add, left, right) = self.definition(address) {
            for (base, constant) in [(left, right), (right, left)] {
                let constant = self.linears.definitions.number(constant).and_then(|number| u32::try_from(number).ok());
                if let Some(all) = constant.and_then(|constant| constant.checked_add(offset))
                    && self.range(base).is_natural()
                {
                    return (base, all);
                }
            }
        }
        (address, offset)
    }

    /// Where two items of a row of a table, which are read anyway, lie side by side: the address, and the offset of the
    /// first.
    pub(super) fn pairs(&self, insts: &[Inst]) -> Vec<(Id<Value>, u32)> {
        let mut items: Vec<_> = (insts.iter())
            .filter_map(|inst| match inst.kind {
                InstKind::Load { kind: kind @ (LoadKind::F64 | LoadKind::I64), address, offset }
                    if self.needed.contains(inst.results[0]) && self.linears.of(address, kind.bytes()).is_none() =>
                {
                    Some(self.place(address, offset))
                }
                _ => None,
            })
            .collect();
        crate::order::sort(&mut items);
        items.dedup();
        let mut pairs = Vec::new();
        let mut items = items.into_iter().peekable();
        while let Some((address, offset)) = items.next() {
            if items.next_if_eq(&(address, offset + 8)).is_some() {
                pairs.push((address, offset));
            }
        }
        pairs
    }

    pub(super) fn load(&mut self, kind: LoadKind, at: &Linear, value: Id<Value>) -> Option<Id<Value>> {
        let bytes = kind.bytes();
        let (memory, wanted) = (bytes * 8, self.bits_of(value));
        if at.step == 0 {
            // Read on every turn: another store may have changed it.
            let (address, offset) = self.address(at, 0)?;
            let scalar = self.push(InstKind::Load { kind, address, offset }, kind.ty());
            return Some(self.splat_here(scalar, wanted));
        }
        if at.step != bytes as i32 {
            return self.gather(kind, at, wanted);
        }
        let (address, offset) = self.address(at, 0)?;
        let read = |this: &mut Self, kind: LoadKind| this.push(InstKind::Load { kind, address, offset }, Type::V128);
        let signed = matches!(kind, LoadKind::I32S8 | LoadKind::I32S16 | LoadKind::I32);
        let total = self.lanes * memory;
        if wanted == 2 * memory && total == 64 {
            let kind = match (memory, signed) {
                (8, true) => LoadKind::V128S8,
                (8, false) => LoadKind::V128U8,
                (16, true) => LoadKind::V128S16,
                (16, false) => LoadKind::V128U16,
                _ => LoadKind::V128S32,
            };
            return Some(read(self, kind));
        }
        let vector = match total {
            128 => read(self, LoadKind::V128),
            64 => read(self, LoadKind::V128Low64),
            32 => read(self, LoadKind::V128Low32),
            16 => read(self, LoadKind::V128Splat16),
            _ => return None,
        };
        let mut from = memory;
        let mut vector = vector;
        while from < wanted {
            vector = self.unary(extend(from, signed), vector);
            from *= 2;
        }
        if from > wanted { self.resized(vector, from, wanted, value) } else { Some(vector) }
    }

    /// Reads lanes that are not side by side, one by one.
    pub(super) fn gather(&mut self, kind: LoadKind, at: &Linear, bits: u32) -> Option<Id<Value>> {
        if self.lanes > MOST_GATHERED || self.lanes * bits != 128 {
            return None;
        }
        let addresses = (0..self.lanes).map(|lane| self.address(at, lane)).collect::<Option<Vec<_>>>()?;
        self.gather_from(kind, &addresses, bits)
    }

    /// Reads lanes at any places.
    pub(super) fn scattered(
        &mut self,
        kind: LoadKind,
        (address, offset): (Id<Value>, u32),
        value: Id<Value>,
    ) -> Option<Id<Value>> {
        let bits = self.bits_of(value);
        if self.lanes > MOST_GATHERED || self.lanes * bits != 128 || self.integers < 32 {
            return None;
        }
        let (address, offset) = self.place(address, offset);
        let is_whole = kind.bytes() * 8 == bits;
        if let Some(&known) = self.known.lanes[self.copy].rows.get(&(address, offset)).filter(|_| is_whole) {
            return Some(known);
        }
        let vector = self.vector(address)?;
        let addresses = (0..self.lanes)
            .map(|lane| Some((self.unary(extract(Type::I32, lane * self.integers / 32)?, vector), offset)))
            .collect::<Option<Vec<_>>>()?;
        // Two items side by side are read at once.
        let least = [offset.wrapping_sub(8), offset].into_iter().find(|least| self.pairs.contains(&(address, *least)));
        if let Some(least) = least
            && kind.bytes() == 8
        {
            let mut rows = Vec::new();
            for (address, _) in addresses {
                rows.push(self.push(InstKind::Load { kind: LoadKind::V128, address, offset: least }, Type::V128));
            }
            for item in [0, 8] {
                let both = self.shuffle(interleaved(8, item), rows[0], rows[1]);
                self.known.lanes[self.copy].rows.insert((address, least + u32::from(item)), both);
            }
            return self.known.lanes[self.copy].rows.get(&(address, offset)).copied();
        }
        self.gather_from(kind, &addresses, bits)
    }

    pub(super) fn gather_from(
        &mut self,
        kind: LoadKind,
        addresses: &[(Id<Value>, u32)],
        bits: u32,
    ) -> Option<Id<Value>> {
        let read = |this: &mut Self, kind| {
            let mut lanes = Vec::new();
            for &(address, offset) in addresses {
                lanes.push(this.push(InstKind::Load { kind, address, offset }, Type::V128));
            }
            lanes
        };
        if kind.bytes() * 8 == bits {
            if bits == 64 {
                let lanes = read(self, LoadKind::V128Low64);
                return Some(self.shuffle(interleaved(8, 0), lanes[0], lanes[1]));
            }
            if bits == 32 {
                let lanes = read(self, LoadKind::V128Low32);
                let low = self.shuffle(interleaved(4, 0), lanes[0], lanes[1]);
                let high = self.shuffle(interleaved(4, 0), lanes[2], lanes[3]);
                return Some(self.shuffle(interleaved(8, 0), low, high));
            }
        }
        let mut vector = None;
        for (lane, &(address, offset)) in (0..).zip(addresses) {
            let scalar = self.push(InstKind::Load { kind, address, offset }, kind.ty());
            let splat = self.splat_here(scalar, bits);
            let size = bits / 8;
            let mine = lane * size..(lane + 1) * size;
            let bytes = std::array::from_fn(|at| at as u8 + if mine.contains(&(at as u32)) { 16 } else { 0 });
            vector = Some(match vector {
                None => splat,
                Some(before) => self.shuffle(bytes, before, splat),
            });
        }
        vector
    }

    pub(super) fn store(&mut self, kind: StoreKind, at: &Linear, value: Id<Value>) -> Option<()> {
        let memory = kind.bytes() * 8;
        if at.step != kind.bytes() as i32 {
            return None;
        }
        let vector = self.vector(value)?;
        let vector = match kind.ty() {
            Type::I32 | Type::I64 => self.resized(vector, self.integers, memory, value)?,
            Type::F32 | Type::F64 | Type::V128 => vector,
        };
        let kind = match self.lanes * memory {
            128 => StoreKind::V128,
            64 => StoreKind::V128Low64,
            32 => StoreKind::V128Low32,
            16 => StoreKind::V128Low16,
            _ => return None,
        };
        let (address, offset) = self.address(at, 0)?;
        self.body.push(Inst::new(InstKind::Store { kind, address, offset, value: vector }, Vec::new(), self.span));
        Some(())
    }

    /// Where a turn finds an address: a pointer that others share, and how far behind it.
    pub(super) fn address(&mut self, at: &Linear, lane: u32) -> Option<(Id<Value>, u32)> {
        let group = Linear { constant: 0, ..at.clone() };
        let least = self.least.iter().find(|(other, _)| *other == group).map(|(_, least)| *least)?;
        let pointer = match self.known.pointers.iter().find(|(other, _)| *other == group) {
            Some((_, known)) => *known,
            None => {
                let sum = Linear { step: 0, constant: least, ..at.clone() };
                let base = self.sum_here(&sum);
                let pointer = match at.step {
                    0 => base,
                    step => {
                        let turn = self.unary(Unary::I32WrapI64, self.counter);
                        let step = self.constant(Const::I32(step));
                        let moved = self.binary(Binary::I32Mul, turn, step);
                        self.binary(Binary::I32Add, base, moved)
                    }
                };
                self.known.pointers.push((group, pointer));
                pointer
            }
        };
        let behind = i64::from(at.constant.wrapping_sub(least))
            + i64::from(at.step) * (i64::from(self.turn()) + i64::from(lane));
        if let Ok(offset) = u32::try_from(behind)
            && offset < 1 << 16
        {
            return Some((pointer, offset));
        }
        let behind = self.constant(Const::I32(behind as i32));
        Some((self.binary(Binary::I32Add, pointer, behind), 0))
    }

    /// A sum without the counter.
    pub(super) fn sum_here(&mut self, sum: &Linear) -> Id<Value> {
        let is_outside = |(value, _): &(Id<Value>, i32)| self.linears.is_outside(*value);
        let (outside, inside): (Vec<_>, Vec<_>) = sum.terms.iter().copied().partition(is_outside);
        let mut all = self.sum(&Linear { terms: outside, ..sum.clone() });
        for (value, times) in inside {
            let mut term = self.scalar(value);
            if self.ty(term) == Type::I64 {
                term = self.unary(Unary::I32WrapI64, term);
            }
            if times != 1 {
                let times = self.constant(Const::I32(times));
                term = self.binary(Binary::I32Mul, term, times);
            }
            all = self.binary(Binary::I32Add, all, term);
        }
        all
    }

    /// A sum without the counter, computed before the loop.
    pub(in crate::opt::vectorise) fn sum(&mut self, sum: &Linear) -> Id<Value> {
        if let Some((_, known)) = self.sums.iter().find(|(other, _)| other == sum) {
            return *known;
        }
        let mut all = None;
        for (value, times) in &sum.terms {
            let mut term = *value;
            if self.ty(term) == Type::I64 {
                term = self.push_before(InstKind::Unary(Unary::I32WrapI64, term), Type::I32);
            }
            if *times != 1 {
                let times = self.push_before(InstKind::Const(Const::I32(*times)), Type::I32);
                term = self.push_before(InstKind::Binary(Binary::I32Mul, term, times), Type::I32);
            }
            all = Some(match all {
                None => term,
                Some(all) => self.push_before(InstKind::Binary(Binary::I32Add, all, term), Type::I32),
            });
        }
        let result = match all {
            Some(all) if sum.constant == 0 => all,
            None => self.push_before(InstKind::Const(Const::I32(sum.constant)), Type::I32),
            Some(all) => {
                let constant = self.push_before(InstKind::Const(Const::I32(sum.constant)), Type::I32);
                self.push_before(InstKind::Binary(Binary::I32Add, all, constant), Type::I32)
            }
        };
        self.sums.push((sum.clone(), result));
        result
    }
}

/// The bytes of the items of `size` bytes from byte `first` on, of one vector and the other by turns.
pub(super) fn interleaved(size: u8, first: u8) -> [u8; 16] {
    std::array::from_fn(|at| {
        let at = at as u8;
        let (item, byte) = (at / size, at % size);
        first + item / 2 * size + byte + 16 * (item % 2)
    })
}
