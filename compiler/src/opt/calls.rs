//! Who calls whom, and what comes of it. In: a module. Out: `CallGraph`, and `Effects` of every function.

use crate::arena::{Id, IdMap};
use crate::ssa::{Callee, Function, Inst, InstKind, Module, Terminator};

/// The functions that exports reach, callees first.
#[derive(Debug)]
pub(crate) struct CallGraph {
    /// Groups of functions that call each other, each group after those it calls.
    pub(crate) groups: Vec<Vec<Id<Function>>>,
}

/// Calls `visit` with every function that an instruction calls or may call.
pub(crate) fn for_each_callee(inst: &Inst, mut visit: impl FnMut(Id<Function>)) {
    match &inst.kind {
        InstKind::Call { callee: Callee::Function(function), .. }
        | InstKind::Guard { raise: function, .. }
        | InstKind::Release { drop: function, .. } => visit(*function),
        InstKind::Call { callee: Callee::Import(_), .. }
        | InstKind::Const(_)
        | InstKind::Unary(..)
        | InstKind::Binary(..)
        | InstKind::Select { .. }
        | InstKind::Bitselect { .. }
        | InstKind::Shuffle { .. }
        | InstKind::Load { .. }
        | InstKind::Store { .. }
        | InstKind::GlobalGet(_)
        | InstKind::GlobalSet(..)
        | InstKind::Exit { .. }
        | InstKind::Retain(_)
        | InstKind::MemorySize
        | InstKind::MemoryGrow(_)
        | InstKind::MemoryCopy { .. }
        | InstKind::MemoryFill { .. } => {}
    }
}

/// Whether a function has a call of itself.
pub(crate) fn calls_itself(module: &Module, id: Id<Function>) -> bool {
    let mut found = false;
    for inst in module.functions[id].blocks.iter().flat_map(|(_, block)| &block.insts) {
        for_each_callee(inst, |callee| found |= callee == id);
    }
    found
}

impl CallGraph {
    /// The call graph of `module`, by Tarjan's algorithm (Depth-First Search and Linear Graph Algorithms, 1972).
    pub(crate) fn new(module: &Module) -> Self {
        let mut search = Search {
            module,
            number: vec![0; module.functions.len()],
            low: vec![0; module.functions.len()],
            on_stack: vec![false; module.functions.len()],
            stack: Vec::new(),
            clock: 0,
            groups: Vec::new(),
        };
        for (_, root) in &module.exports {
            search.from(*root);
        }
        Self { groups: search.groups }
    }
}

struct Search<'m> {
    module: &'m Module,
    /// When a function was met, from 1 on.
    number: Vec<u32>,
    /// The earliest function on the stack that is reached from it.
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<Id<Function>>,
    clock: u32,
    groups: Vec<Vec<Id<Function>>>,
}

impl Search<'_> {
    fn enter(&mut self, function: Id<Function>) -> (Id<Function>, Vec<Id<Function>>) {
        self.clock += 1;
        self.number[function.index()] = self.clock;
        self.low[function.index()] = self.clock;
        self.on_stack[function.index()] = true;
        self.stack.push(function);
        let mut callees = Vec::new();
        for (_, block) in self.module.functions[function].blocks.iter() {
            block.insts.iter().for_each(|inst| for_each_callee(inst, |callee| callees.push(callee)));
        }
        crate::order::sort(&mut callees);
        callees.dedup();
        (function, callees)
    }

    fn from(&mut self, root: Id<Function>) {
        if self.number[root.index()] != 0 {
            return;
        }
        let mut open = vec![self.enter(root)];
        while let Some((function, callees)) = open.last_mut() {
            let function = *function;
            if let Some(callee) = callees.pop() {
                if self.number[callee.index()] == 0 {
                    open.push(self.enter(callee));
                } else if self.on_stack[callee.index()] {
                    self.low[function.index()] = self.low[function.index()].min(self.number[callee.index()]);
                }
                continue;
            }
            open.pop();
            let low = self.low[function.index()];
            if let Some((caller, _)) = open.last() {
                self.low[caller.index()] = self.low[caller.index()].min(low);
            }
            if low == self.number[function.index()] {
                let mut group = Vec::new();
                while let Some(member) = self.stack.pop() {
                    self.on_stack[member.index()] = false;
                    group.push(member);
                    if member == function {
                        break;
                    }
                }
                self.groups.push(group);
            }
        }
    }
}

/// What a call of a function may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Effects {
    /// An exception may come out.
    pub(crate) raises: bool,
    /// Memory or globals may change, or the host hear of it.
    pub(crate) writes: bool,
    /// It may not come back: loops, recursion, traps.
    pub(crate) stays: bool,
}

impl Effects {
    /// Whether a call whose results are not read can go.
    pub(crate) fn removable(self) -> bool {
        !self.raises && !self.writes && !self.stays
    }
}

/// What every function may do; those that are not known are left out.
pub(crate) type AllEffects = IdMap<Function, Effects>;

/// Finds what the functions of a group may do, when that of all they call is known.
pub(crate) fn find_effects(module: &Module, group: &[Id<Function>], known: &mut AllEffects) {
    let recursive = group.len() > 1;
    for &function in group {
        known.insert(function, Effects { stays: recursive, ..Effects::default() });
    }
    // Members of a group are taken to do nothing at first, until something is found.
    loop {
        let mut changed = false;
        for &id in group {
            let found = own_effects(&module.functions[id], id, known);
            let found = Effects { stays: found.stays || recursive, ..found };
            changed |= known.insert(id, found) != Some(found);
        }
        if !changed {
            break;
        }
    }
}

fn own_effects(function: &Function, id: Id<Function>, known: &AllEffects) -> Effects {
    let unknown = Effects { raises: true, writes: true, stays: true };
    let of = |callee: Id<Function>| known.get(callee).copied().unwrap_or(unknown);
    let mut effects = Effects::default();
    let mut seen = vec![false; function.blocks.len()];
    for block_id in function.reverse_postorder() {
        seen[block_id.index()] = true;
        let block = &function.blocks[block_id];
        block.for_each_successor(|next| effects.stays |= seen[next.index()]);
        for inst in &block.insts {
            match &inst.kind {
                InstKind::Call { callee: Callee::Function(callee), unwind, .. } => {
                    let callee_effects = of(*callee);
                    effects.raises |= callee_effects.raises && unwind.is_none();
                    effects.writes |= callee_effects.writes;
                    effects.stays |= callee_effects.stays || *callee == id;
                }
                // An exception is an object that is made.
                InstKind::Guard { unwind, .. } => {
                    effects.raises |= unwind.is_none();
                    effects.writes = true;
                }
                InstKind::Call { callee: Callee::Import(_), .. }
                | InstKind::Store { .. }
                | InstKind::GlobalSet(..)
                | InstKind::Retain(_)
                | InstKind::Release { .. }
                | InstKind::MemoryGrow(_)
                | InstKind::MemoryCopy { .. }
                | InstKind::MemoryFill { .. } => effects.writes = true,
                // Its edge is one of the block's.
                InstKind::Exit { .. }
                | InstKind::Const(_)
                | InstKind::Unary(..)
                | InstKind::Binary(..)
                | InstKind::Select { .. }
                | InstKind::Bitselect { .. }
                | InstKind::Shuffle { .. }
                | InstKind::Load { .. }
                | InstKind::GlobalGet(_)
                | InstKind::MemorySize => {}
            }
        }
        match block.terminator {
            Terminator::Throw(_) => effects.raises = true,
            Terminator::Unreachable => effects.stays = true,
            Terminator::Jump(_) | Terminator::Branch { .. } | Terminator::Switch { .. } | Terminator::Return(_) => {}
        }
    }
    effects
}
