//! Loops in a loop of which several turns run at once. In: an inner loop. Out: `Inner`, one loop for all lanes.
//!
//! ```text
//! the loop:                                  all lanes as long as one goes on:
//! b1(v1, v2):                                b1(v1, v2, v8, v9):         ; v8: whether the lane is in the loop
//!   v3 = f64.lt v1, v0                         v3 = f64.lt v1, v0
//!   branch v3, b2, b3(v2)                      v4 = f64.mul v1, v1
//! b2:                                          v5 = i64.add v2, 1
//!   v4 = f64.mul v1, v1                        v10 = select v8, v2, v9   ; what it leaves with
//!   v5 = i64.add v2, 1                         v11 = i32.and v8, v3
//!   jump b1(v4, v5)                            branch any v11, b1(v4, v5, v11, v10), b3(v10)
//! ```
//!
//! Where all lanes do the same number of turns nothing of this is needed: the loop ends at its head.

use super::straight::{Builder, Literal, Path};
use crate::arena::Id;
use crate::ssa::loops::Loop;
use crate::ssa::{Binary, Block, BlockCall, Const, Inst, InstKind, Terminator, Type, Value};

/// A piece of a turn.
#[derive(Debug)]
pub(super) enum Part {
    Line(Vec<Inst>),
    Loop(Box<Inner>),
}

impl Part {
    pub(super) fn insts(&self) -> Box<dyn Iterator<Item = &Inst> + '_> {
        match self {
            Self::Line(line) => Box::new(line.iter()),
            Self::Loop(inner) => {
                let body = inner.body.iter().flat_map(Self::insts);
                Box::new(inner.head.iter().chain(body).chain(&inner.at_end))
            }
        }
    }

    pub(super) fn loops(&self) -> Box<dyn Iterator<Item = &Inner> + '_> {
        match self {
            Self::Line(_) => Box::new(std::iter::empty()),
            Self::Loop(inner) => Box::new(std::iter::once(&**inner).chain(inner.body.iter().flat_map(Self::loops))),
        }
    }
}

/// A loop in the loop. Its values are those of the program, with a few made for it.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) carried: Vec<Carry>,
    /// What its head computes.
    pub(super) head: Vec<Inst>,
    /// On what condition all lanes go on at the head.
    pub(super) test: Option<Literal>,
    pub(super) body: Vec<Part>,
    /// The lanes that are still in the loop, where they may leave it one by one.
    pub(super) active: Option<Active>,
    /// What is computed when the test ends the loop.
    pub(super) at_end: Vec<Inst>,
}

/// What an inner loop carries from turn to turn.
#[derive(Debug)]
pub(super) struct Carry {
    pub(super) param: Id<Value>,
    pub(super) first: Id<Value>,
    pub(super) next: Id<Value>,
}

/// The lanes that are in a loop.
#[derive(Debug)]
pub(super) struct Active {
    /// A condition: whether a lane goes on behind a turn.
    pub(super) next: Id<Value>,
    /// What there is behind a loop that a test may end; behind another, what was computed last counts.
    pub(super) left: Vec<Left>,
}

/// What a loop leaves.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) behind: Id<Value>,
    /// What it is when the last lane has gone.
    pub(super) next: Id<Value>,
    /// What it is when the test ends the loop.
    pub(super) last: Id<Value>,
}

/// A test at the head that is the same in all lanes.
struct Test {
    literal: Literal,
    body: BlockCall,
    exit: BlockCall,
}

/// A way out of an inner loop.
#[derive(Debug)]
pub(super) struct Exit {
    pub(super) block: Id<Block>,
    pub(super) path: Path,
    pub(super) args: Vec<Id<Value>>,
}

/// What a masked loop leaves.
struct Kept {
    value: Id<Value>,
    /// What carries it: what the lane left with, or will leave with if this turn is its last.
    param: Id<Value>,
    next: Id<Value>,
}

impl Builder<'_> {
    /// Takes in an inner loop.
    pub(super) fn inner(&mut self, id: Id<Loop>) -> Option<()> {
        let head = self.loops.all[id].head;
        let ways = std::mem::take(self.arriving.get_mut(head)?);
        let (path, firsts) = self.merge(ways)?;
        let Terminator::Branch { condition, then, otherwise } = self.function.blocks[head].terminator.clone() else {
            return None;
        };
        let is_in = |block: Id<Block>| self.loops.contains(id, block);
        let test = match (is_in(then.block), is_in(otherwise.block)) {
            _ if self.linears.varies(condition) => None,
            (true, false) => Some(Test { literal: (condition, true), body: then, exit: otherwise }),
            (false, true) => Some(Test { literal: (condition, false), body: otherwise, exit: then }),
            _ => None,
        };
        let is_steady = self.linears.given.nest.steady.contains(&id);
        let params = self.function.blocks[head].params.clone();
        let carried = params.into_iter().zip(firsts).collect();
        // What was decided in the loop has nothing to do with what was decided before it.
        let (arriving, joined) = (std::mem::take(&mut self.arriving), std::mem::take(&mut self.joined));
        let exits = match test {
            Some(test) if is_steady && path.is_empty() => self.steady(id, test, carried)?,
            // It was taken for granted that lanes enter it together.
            _ if is_steady => return None,
            test => self.masked(id, &path, test, carried)?,
        };
        if self.arriving.iter().any(|(_, ways)| !ways.is_empty()) {
            return None;
        }
        (self.arriving, self.joined) = (arriving, joined);
        for exit in exits {
            let path = path.iter().copied().chain(exit.path).collect();
            self.arrive(exit.block, path, exit.args);
        }
        Some(())
    }

    /// A loop that takes the same number of turns in all lanes.
    fn steady(&mut self, id: Id<Loop>, test: Test, carried: Vec<(Id<Value>, Id<Value>)>) -> Option<Vec<Exit>> {
        let Test { literal, body, exit } = test;
        let head = self.loops.all[id].head;
        self.end_line();
        let outer = std::mem::take(&mut self.parts);
        self.exits.push((id, Vec::new()));
        self.insts(head, &Vec::new())?;
        let head_line = std::mem::take(&mut self.insts);
        self.leave(&body, Vec::new());
        self.body(id)?;
        let ways = std::mem::take(self.arriving.get_mut(head)?);
        let (_, nexts) = self.merge(ways)?;
        self.end_line();
        self.exits.pop();
        let body = std::mem::replace(&mut self.parts, outer);
        let carried = (carried.into_iter().zip(nexts)).map(|((param, first), next)| Carry { param, first, next });
        let carried = carried.collect();
        let (test, at_end) = (Some(literal), Vec::new());
        self.parts.push(Part::Loop(Box::new(Inner { carried, head: head_line, test, body, active: None, at_end })));
        let args = exit.args.iter().map(|arg| self.name(*arg)).collect();
        Some(vec![Exit { block: exit.block, path: Vec::new(), args }])
    }

    /// A loop that lanes leave one by one.
    fn masked(
        &mut self,
        id: Id<Loop>,
        path: &Path,
        test: Option<Test>,
        carried: Vec<(Id<Value>, Id<Value>)>,
    ) -> Option<Vec<Exit>> {
        let Loop { head, blocks, .. } = &self.loops.all[id];
        // Lanes that have left would read and write where the program does not.
        let touches = |inst: &Inst| matches!(inst.kind, InstKind::Load { .. } | InstKind::Store { .. });
        if blocks.iter().any(|block| self.function.blocks[*block].insts.iter().any(touches)) {
            return None;
        }
        let makes = self.loops.makes(self.function, id);
        let first = self.all_of(path);
        self.end_line();
        let outer = std::mem::take(&mut self.parts);
        let own = self.function.values.len();
        let is_made_here =
            |value: Id<Value>| value.index() >= own || makes.get(value.index()).copied().unwrap_or(false);
        let active = self.parameter(Type::I32, true);

        self.exits.push((id, Vec::new()));
        self.insts(*head, &Vec::new())?;
        match &test {
            Some(test) => self.leave(&test.body, Vec::new()),
            None => {
                let terminator = self.function.blocks[*head].terminator.clone();
                let Terminator::Branch { condition, then, otherwise } = terminator else { return None };
                let condition = self.name(condition);
                self.leave(&then, vec![(condition, true)]);
                self.leave(&otherwise, vec![(condition, false)]);
            }
        }
        let head_line = std::mem::take(&mut self.insts);
        self.body(id)?;
        let ways = std::mem::take(self.arriving.get_mut(*head)?);
        let (path, nexts) = self.merge(ways)?;
        let goes_on = self.all_of(&path);
        let next_active = self.condition(InstKind::Binary(Binary::I32And, active, goes_on));
        let (_, mut exits) = self.exits.pop().expect("it was pushed");
        if let Some(Test { exit, .. }) = &test {
            let args = exit.args.iter().map(|arg| self.name(*arg)).collect();
            exits.push(Exit { block: exit.block, path: Vec::new(), args });
        }

        let used = self.used_behind(id, &makes);
        let mut wanted: Vec<_> = exits.iter().flat_map(|exit| exit.args.clone()).collect();
        wanted.extend(used.iter().map(|value| self.name(*value)));
        wanted.retain(|value| is_made_here(*value));
        crate::order::sort(&mut wanted);
        wanted.dedup();
        let mut kept = Vec::new();
        for value in wanted {
            let ty = self.function.values[value].ty;
            let param = self.parameter(ty, false);
            let next = self.push(InstKind::Select { condition: active, then: value, otherwise: param }, ty);
            kept.push(Kept { value, param, next });
        }
        // Which way each lane took: that of the test, or the last one, if it is none of the others.
        let mut took = Vec::new();
        for exit in &exits[..exits.len() - 1] {
            let param = self.parameter(Type::I32, true);
            let takes = self.all_of(&exit.path);
            let takes = self.condition(InstKind::Binary(Binary::I32And, active, takes));
            let next = self.condition(InstKind::Binary(Binary::I32Or, param, takes));
            took.push((param, next));
        }
        self.end_line();
        let body = std::mem::replace(&mut self.parts, outer);

        let mut carried: Vec<_> =
            (carried.into_iter().zip(nexts)).map(|((param, first), next)| Carry { param, first, next }).collect();
        carried.push(Carry { param: active, first, next: next_active });
        // The lanes that are in the loop when the test ends it leave with what there is at the head.
        let (mut left, mut at_end, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for Kept { value, param, next } in kept {
            let ty = self.function.values[value].ty;
            let first = self.push(InstKind::Const(Const::zero(ty)), ty);
            let is_at_head = carried.iter().any(|carry| carry.param == value)
                || head_line.iter().any(|inst| inst.results.contains(&value));
            carried.push(Carry { param, first, next });
            if test.is_none() {
                names.push((value, next));
                continue;
            }
            let mut last = param;
            if is_at_head {
                last = self.function.value(ty);
                let kind = InstKind::Select { condition: active, then: value, otherwise: param };
                at_end.push(Inst::new(kind, vec![last], self.function.span));
            }
            let behind = self.parameter(ty, false);
            left.push(Left { behind, next, last });
            names.push((value, behind));
        }
        let mut ways = Vec::new();
        for (param, next) in took {
            let first = self.push(InstKind::Const(Const::I32(0)), Type::I32);
            carried.push(Carry { param, first, next });
            if test.is_none() {
                ways.push(next);
                continue;
            }
            let behind = self.parameter(Type::I32, true);
            left.push(Left { behind, next, last: param });
            ways.push(behind);
        }
        self.end_line();
        let active = Some(Active { next: next_active, left });
        let test = test.map(|test| test.literal);
        self.parts.push(Part::Loop(Box::new(Inner { carried, head: head_line, test, body, active, at_end })));

        let name = |value| names.iter().find(|(known, _)| *known == value).map_or(value, |(_, behind)| *behind);
        for value in used {
            let behind = name(self.name(value));
            self.names.insert(value, behind);
        }
        for (at, exit) in exits.iter_mut().enumerate() {
            exit.path = ways[..at].iter().map(|way| (*way, false)).collect();
            exit.path.extend(ways.get(at).map(|way| (*way, true)));
            exit.args.iter_mut().for_each(|arg| *arg = name(*arg));
        }
        Some(exits)
    }

    /// A value that a loop carries or leaves.
    fn parameter(&mut self, ty: Type, is_condition: bool) -> Id<Value> {
        let param = self.function.value(ty);
        if is_condition {
            self.conditions.push(param);
        }
        param
    }

    /// What is made in an inner loop and used in the loop around it.
    fn used_behind(&self, id: Id<Loop>, makes: &[bool]) -> Vec<Id<Value>> {
        let mut used = Vec::new();
        let mut note = |value: Id<Value>| {
            if makes.get(value.index()).copied().unwrap_or(false) {
                used.push(value);
            }
        };
        for block in self.loops.all[self.id].blocks.iter().filter(|block| !self.loops.contains(id, **block)) {
            let block = &self.function.blocks[*block];
            block.insts.iter().for_each(|inst| inst.kind.for_each_operand(&mut note));
            block.terminator.for_each_operand(&mut note);
        }
        crate::order::sort(&mut used);
        used.dedup();
        used
    }
}
