//! Gives values that do not stay on the stack a Wasm local each, shared where they do not live at the same time.
//! In: a function and the homes of its values. Out: `Locals`.
//!
//! The function is in SSA form, so taking the blocks in an order in which definitions come before uses and giving
//! each value the first local that is free where it is defined uses as few locals as can be (Hack, Grund and Goos,
//! "Register Allocation for Programs in SSA-Form", 2006). Where one is free, a block parameter takes the local of
//! its argument and an argument that of its parameter, so that nothing is copied on the edge.

use super::stack::{Home, Homes};
use crate::arena::Id;
use crate::ssa::dominators::Dominators;
use crate::ssa::{Block, Function, Terminator, Type, Value};

/// The locals of one function.
pub(super) struct Locals {
    /// Index of the Wasm local of each value that has one.
    of: Vec<u32>,
    /// Types of those after the parameters, in order.
    pub(super) types: Vec<Type>,
    /// For the name section, by index: the first Python variable that lives in it.
    pub(super) names: Vec<(u32, String)>,
    /// A local for an `i64` inside of one instruction's sequence.
    pub(super) scratch: u32,
}

const NONE: u32 = u32::MAX;

impl Locals {
    /// Colours the values. `scratch` asks for one more local.
    pub(super) fn new(function: &Function, dominators: &Dominators, homes: &Homes<'_>, scratch: bool) -> Self {
        let live = live_in(function, dominators, homes);
        let mut colouring = Colouring::new(function, dominators, homes, &live);
        for block in dominators.order() {
            colouring.block(*block);
        }
        colouring.finish(scratch)
    }

    /// The local of a value whose home is one.
    pub(super) fn of(&self, value: Id<Value>) -> u32 {
        let local = self.of[value.index()];
        debug_assert_ne!(local, NONE, "v{} has no local", value.index());
        local
    }
}

/// The values of a block's parameters that an edge sets: all with a home, from `skipped` on.
pub(super) fn moves<'a>(
    function: &'a Function,
    homes: &'a Homes<'_>,
    block: Id<Block>,
    skipped: usize,
    args: &'a [Id<Value>],
) -> impl DoubleEndedIterator<Item = (Id<Value>, Id<Value>)> + use<'a> {
    let params = &function.blocks[block].params[skipped..];
    let pairs = params.iter().zip(args).map(|(param, arg)| (*param, *arg));
    pairs.filter(|(param, _)| !matches!(homes.home(*param), Home::Nowhere))
}

/// Calls `f` with each value in a local that the instruction reads where it stands, and those that `block` ends with.
fn read_by_block(function: &Function, homes: &Homes<'_>, block: Id<Block>, mut f: impl FnMut(usize, Id<Value>)) {
    let block = &function.blocks[block];
    for (at, inst) in block.insts.iter().enumerate() {
        if !homes.is_folded(inst) {
            let mut read = |value| f(at, value);
            inst.kind.for_each_operand(|operand| homes.locals_of(operand, &mut read));
        }
    }
    let mut read = |value| f(block.insts.len(), value);
    match &block.terminator {
        Terminator::Branch { condition: value, .. }
        | Terminator::Switch { index: value, .. }
        | Terminator::Throw(value) => homes.locals_of(*value, &mut read),
        Terminator::Return(values) => values.iter().for_each(|value| homes.locals_of(*value, &mut read)),
        Terminator::Jump(_) | Terminator::Unreachable => {}
    }
    for edge in block.terminator.edges() {
        moves(function, homes, edge.block, 0, &edge.args).for_each(|(_, arg)| homes.locals_of(arg, &mut read));
    }
}

/// For each block the values in locals that live where it begins, its parameters left out. Found by walking up from
/// every use to the definition, which takes time in proportion to the answer.
fn live_in(function: &Function, dominators: &Dominators, homes: &Homes<'_>) -> Vec<Vec<Id<Value>>> {
    let mut defined = vec![None; function.values.len()];
    let mut used: Vec<(Id<Value>, Id<Block>)> = Vec::new();
    for &block in dominators.order() {
        let results = function.blocks[block].insts.iter().flat_map(|inst| &inst.results);
        for value in function.blocks[block].params.iter().chain(results) {
            defined[value.index()] = Some(block);
        }
        // A definition comes before its uses in this order, so uses in the defining block are seen at once.
        read_by_block(function, homes, block, |_, value| {
            if defined[value.index()] != Some(block) && used.last() != Some(&(value, block)) {
                used.push((value, block));
            }
        });
    }
    let predecessors = function.predecessors();
    // A stable sort: all uses of a value together, so that one mark a block is enough.
    used.sort_by_key(|(value, _)| *value);
    let mut live = vec![Vec::new(); function.blocks.len()];
    let mut seen = vec![NONE; function.blocks.len()];
    let mut open = Vec::new();
    for (value, block) in used {
        open.push(block);
        while let Some(block) = open.pop() {
            if defined[value.index()] != Some(block) && seen[block.index()] != value.index() as u32 {
                seen[block.index()] = value.index() as u32;
                live[block.index()].push(value);
                open.extend(predecessors.get(block).into_iter().flatten());
            }
        }
    }
    live
}

struct Colouring<'a, 'b> {
    function: &'a Function,
    homes: &'a Homes<'b>,
    live: &'a [Vec<Id<Value>>],
    /// Every value's colour.
    colours: Vec<u32>,
    /// Every colour's type.
    types: Vec<Type>,
    /// The colours of each type, the first to be taken first.
    of_type: [Vec<u32>; 5],
    /// Whether the colour is taken where the work is.
    taken: Vec<bool>,
    /// The parameter that a value is an argument for; a loop's rather than another's.
    param_of: Vec<Option<Id<Value>>>,
    /// Pairs of a parameter and an argument for it, sorted.
    args: Vec<(Id<Value>, Id<Value>)>,
    /// Where a value is read last in the block that is worked on; `NONE` if not at all.
    last: Vec<u32>,
}

impl<'a, 'b> Colouring<'a, 'b> {
    fn new(function: &'a Function, dominators: &Dominators, homes: &'a Homes<'b>, live: &'a [Vec<Id<Value>>]) -> Self {
        let count = function.values.len();
        let mut param_of = vec![None; count];
        let mut args = Vec::new();
        for &id in dominators.order() {
            let block = &function.blocks[id];
            let sides = block.insts.iter().filter_map(|inst| inst.kind.side_edge());
            let sides = sides.flat_map(|(next, args, skipped)| moves(function, homes, next, skipped, args));
            for (param, arg) in sides {
                args.push((param, arg));
                param_of[arg.index()].get_or_insert(param);
            }
            for edge in block.terminator.edges() {
                let back = dominators.number(edge.block) <= dominators.number(id);
                for (param, arg) in moves(function, homes, edge.block, 0, &edge.args) {
                    args.push((param, arg));
                    if back {
                        param_of[arg.index()] = Some(param);
                    } else {
                        param_of[arg.index()].get_or_insert(param);
                    }
                }
            }
        }
        args.sort_unstable();
        let mut this = Self {
            function,
            homes,
            live,
            colours: vec![NONE; count],
            types: Vec::new(),
            of_type: Default::default(),
            taken: Vec::new(),
            param_of,
            args,
            last: vec![NONE; count],
        };
        for param in function.params() {
            this.colours[param.index()] = this.colour(function.values[*param].ty);
        }
        this
    }

    /// A new colour.
    fn colour(&mut self, ty: Type) -> u32 {
        let colour = self.types.len() as u32;
        self.types.push(ty);
        self.taken.push(false);
        self.of_type[ty as usize].push(colour);
        colour
    }

    fn block(&mut self, id: Id<Block>) {
        let function = self.function;
        let block = &function.blocks[id];
        let end = block.insts.len();
        let mut touched = Vec::new();
        let mut touch = |last: &mut Vec<u32>, at: usize, value: Id<Value>| {
            let last = &mut last[value.index()];
            if *last == NONE {
                touched.push(value);
                *last = at as u32;
            }
            *last = (*last).max(at as u32);
        };
        read_by_block(function, self.homes, id, |at, value| touch(&mut self.last, at, value));
        for (at, inst) in block.insts.iter().enumerate() {
            if let Some((next, ..)) = inst.kind.side_edge() {
                self.live[next.index()].iter().for_each(|value| touch(&mut self.last, at, *value));
            }
        }
        for edge in block.terminator.edges() {
            self.live[edge.block.index()].iter().for_each(|value| touch(&mut self.last, end + 1, *value));
        }

        self.taken.fill(false);
        for value in &self.live[id.index()] {
            self.taken[self.colours[value.index()] as usize] = true;
        }
        for param in &block.params {
            if matches!(self.homes.home(*param), Home::Local) {
                self.give(*param);
            }
        }
        let mut dying: Vec<_> = touched.iter().map(|value| (self.last[value.index()], *value)).collect();
        dying.sort_unstable();
        let mut dying = dying.into_iter().peekable();
        for (at, inst) in block.insts.iter().enumerate() {
            while let Some((_, value)) = dying.next_if(|(last, _)| *last <= at as u32) {
                self.taken[self.colours[value.index()] as usize] = false;
            }
            for result in &inst.results {
                if matches!(self.homes.home(*result), Home::Local) {
                    self.give(*result);
                }
            }
        }
        touched.iter().for_each(|value| self.last[value.index()] = NONE);
    }

    /// Gives a value a colour that is free here, the best one for its moves, and takes it.
    fn give(&mut self, value: Id<Value>) {
        let ty = self.function.values[value].ty;
        if self.colours[value.index()] == NONE {
            let wished = self.wish(value);
            let free = |colour: &u32| !self.taken[*colour as usize];
            let colour = wished.filter(free).or_else(|| self.of_type[ty as usize].iter().copied().find(free));
            self.colours[value.index()] = colour.unwrap_or_else(|| self.colour(ty));
        }
        self.taken[self.colours[value.index()] as usize] = true;
    }

    /// The colour of a parameter that the value is passed to, or of an argument that is passed to it.
    fn wish(&self, value: Id<Value>) -> Option<u32> {
        let known = |value: Id<Value>| Some(self.colours[value.index()]).filter(|colour| *colour != NONE);
        let first = self.args.partition_point(|(param, _)| *param < value);
        let args = self.args[first..].iter().take_while(|(param, _)| *param == value);
        let mut param = self.param_of[value.index()];
        // A value often passes through a few joins to the loop's own parameter.
        for _ in 0..4 {
            match param {
                Some(found) if known(found).is_some() => return known(found),
                Some(found) => param = self.param_of[found.index()],
                None => break,
            }
        }
        // The colour that saves the most copies; the first of those that save as many.
        let mut counts: Vec<(u32, u32)> = Vec::new();
        for colour in args.filter_map(|(_, arg)| known(*arg)).filter(|colour| !self.taken[*colour as usize]) {
            match counts.iter_mut().find(|(known, _)| *known == colour) {
                Some((_, count)) => *count += 1,
                None => counts.push((colour, 1)),
            }
        }
        counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(colour, _)| colour)
    }

    fn finish(self, scratch: bool) -> Locals {
        // Wasm declares locals in runs of one type.
        let params = self.function.params().len();
        let mut order: Vec<_> = (params..self.types.len()).collect();
        crate::order::sort_by_key(&mut order, |colour| self.types[*colour]);
        let mut index: Vec<_> = (0..self.types.len() as u32).collect();
        for (at, colour) in order.iter().enumerate() {
            index[*colour] = (params + at) as u32;
        }
        let mut types: Vec<_> = order.iter().map(|colour| self.types[*colour]).collect();
        let mut of = self.colours;
        of.iter_mut().filter(|colour| **colour != NONE).for_each(|colour| *colour = index[*colour as usize]);
        let mut names: Vec<_> = self
            .function
            .values
            .iter()
            .filter_map(|(id, value)| {
                let name = value.name.as_ref()?;
                Some((of[id.index()], name.to_string())).filter(|(local, _)| *local != NONE)
            })
            .collect();
        crate::order::sort_by_key(&mut names, |(local, _)| *local);
        names.dedup_by_key(|(local, _)| *local);
        let scratch_local = (params + types.len()) as u32;
        if scratch {
            types.push(Type::I64);
        }
        Locals { of, types, names, scratch: scratch_local }
    }
}
