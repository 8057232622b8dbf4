//! Builds one SSA function from assignments to variables, after Braun et al., "Simple and Efficient Construction of
//! Static Single Assignment Form" (CC 2013). In: instructions, edges, `set` and `get` of variables. Out:
//! `ssa::Function`.
//!
//! Two things differ from the paper. An unwind edge leaves from the middle of a block, so a block remembers at which
//! instruction each of its assignments happened, and an edge sees those before it. And the operands of block
//! parameters are filled in at the end, when all edges are known, by a work list instead of by recursion: Python
//! code may be thousands of `if`s in a row.
//!
//! A variable that was never assigned on some path is zero there, which is what counted locals rely on.

use crate::arena::{Arena, Id, IdMap};
use crate::source::Span;
use crate::ssa::{
    Binary, Block, BlockCall, Const, Function, Inst, InstKind, LoadKind, StoreKind, Terminator, Type, Unary, Unwind,
    Value,
};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// Something that is assigned more than once: one part of a Python variable.
#[derive(Debug)]
pub(super) struct Variable {
    ty: Type,
    name: Option<Arc<str>>,
}

/// A way into a block, as it is known before the block's parameters are.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: Id<Block>,
    place: Place,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// The unwind edge of an instruction of the block.
    Unwind(usize),
    /// One of the terminator's edges, in the order of `Terminator::edges`.
    Terminator(usize),
}

/// What is known of a block while it is built.
#[derive(Debug, Default)]
struct Progress {
    edges: Vec<Edge>,
    /// Whether all edges to it are known.
    sealed: bool,
    /// Parameters that stand for a variable.
    params: Vec<Id<Value>>,
}

/// The number of the instruction before which a variable was assigned, and the value.
type Assigned = (usize, Id<Value>);

/// Builds one function. There is a current block unless control cannot get to where code is being written; then
/// nothing may be emitted.
pub(super) struct Builder {
    function: Function,
    current: Option<Id<Block>>,
    /// The Python that instructions are made from at the moment.
    pub span: Span,
    variables: Arena<Variable>,
    blocks: IdMap<Block, Progress>,
    /// Assignments in each block: the number of the instruction before which each happened, ascending.
    assigned: HashMap<(Id<Block>, Id<Variable>), Vec<Assigned>>,
    /// Parameters that stand for a variable whose values along the edges are not looked up yet.
    unfilled: Vec<(Id<Block>, Id<Variable>, Id<Value>)>,
    zeros: HashMap<Type, Id<Value>>,
}

impl Builder {
    /// Starts a function; the current block is its entry.
    pub fn new(name: &str, params: &[Type], results: Vec<Type>, span: Span) -> Self {
        let mut function = Function::new(name, results, span);
        let entry = function.entry;
        function.blocks[entry].params = params.iter().map(|ty| function.values.push(value(*ty))).collect();
        let mut blocks = IdMap::default();
        blocks.insert(entry, Progress { sealed: true, ..Progress::default() });
        Self {
            function,
            current: Some(entry),
            span,
            variables: Arena::default(),
            blocks,
            assigned: HashMap::new(),
            unfilled: Vec::new(),
            zeros: HashMap::new(),
        }
    }

    /// The function's parameters.
    pub fn params(&self) -> Vec<Id<Value>> {
        self.function.params().to_vec()
    }

    /// Asks for fast loops at the price of room.
    pub fn hot(&mut self) {
        self.function.hot = true;
    }

    /// Says that the function is called where time does not matter.
    pub fn rare(&mut self) {
        self.function.rare = true;
    }

    /// Lets sums of floats be added up in any order.
    pub fn reassociate(&mut self) {
        self.function.reassociates = true;
    }

    /// Asks for inlining wherever the function is called.
    pub fn inline(&mut self) {
        self.function.inline = true;
    }

    // Blocks

    /// A new block without parameters.
    pub fn block(&mut self) -> Id<Block> {
        self.landing(&[]).0
    }

    /// A new block with parameters that every edge gives explicitly.
    pub fn landing(&mut self, params: &[Type]) -> (Id<Block>, Vec<Id<Value>>) {
        let params: Vec<_> = params.iter().map(|ty| self.function.values.push(value(*ty))).collect();
        let id = self.function.blocks.push(Block { params: params.clone(), ..Block::default() });
        self.blocks.insert(id, Progress::default());
        (id, params)
    }

    /// The block that is being written; none where control cannot get to.
    pub fn current(&self) -> Option<Id<Block>> {
        self.current
    }

    /// Whether control can get to where code is being written.
    pub fn reachable(&self) -> bool {
        self.current.is_some()
    }

    /// Goes on writing elsewhere.
    pub fn go_to(&mut self, block: Option<Id<Block>>) {
        self.current = block;
    }

    /// Says that all edges to the block are known now.
    pub fn seal(&mut self, block: Id<Block>) {
        self.blocks[block].sealed = true;
    }

    /// Seals a block and goes on there, if any edge leads to it.
    pub fn start(&mut self, block: Id<Block>) {
        self.seal(block);
        self.current = (!self.blocks[block].edges.is_empty()).then_some(block);
    }

    /// The type of a value.
    pub fn ty(&self, value: Id<Value>) -> Type {
        self.function.values[value].ty
    }

    // Variables

    /// A new variable, zero until it is set.
    pub fn variable(&mut self, ty: Type, name: Option<Arc<str>>) -> Id<Variable> {
        self.variables.push(Variable { ty, name })
    }

    /// Assigns.
    pub fn set(&mut self, variable: Id<Variable>, value: Id<Value>) {
        let Some(block) = self.current else { return };
        if self.function.values[value].name.is_none() {
            self.function.values[value].name.clone_from(&self.variables[variable].name);
        }
        let at = self.function.blocks[block].insts.len();
        self.assigned.entry((block, variable)).or_default().push((at, value));
    }

    /// The value of a variable here.
    pub fn get(&mut self, variable: Id<Variable>) -> Id<Value> {
        match self.current {
            Some(block) => self.value_before(variable, block, usize::MAX),
            None => self.zero(self.variables[variable].ty),
        }
    }

    /// Whether the variable has the zero it started with here, as far as is known already.
    pub fn is_zero(&self, value: Id<Value>) -> bool {
        self.zeros.get(&self.ty(value)) == Some(&value)
    }

    /// Zero, defined at the start of the function.
    pub fn zero(&mut self, ty: Type) -> Id<Value> {
        let values = &mut self.function.values;
        *self.zeros.entry(ty).or_insert_with(|| values.push(value(ty)))
    }

    /// The value of `variable` in `block` before its instruction number `before`.
    fn value_before(&mut self, variable: Id<Variable>, mut block: Id<Block>, before: usize) -> Id<Value> {
        let asked = block;
        let mut before = before;
        loop {
            let assigned = self.assigned.get(&(block, variable)).map_or(&[][..], Vec::as_slice);
            if let Some((_, value)) = assigned.iter().rev().find(|(at, _)| *at <= before) {
                let value = *value;
                if block != asked {
                    self.remember(variable, asked, value);
                }
                return value;
            }
            let progress = &self.blocks[block];
            match progress.edges[..] {
                [] if progress.sealed => {
                    let zero = self.zero(self.variables[variable].ty);
                    self.remember(variable, asked, zero);
                    return zero;
                }
                [edge] if progress.sealed => {
                    block = edge.from;
                    before = edge.before();
                }
                _ => {
                    let Variable { ty, name } = &self.variables[variable];
                    let param = self.function.values.push(Value { ty: *ty, name: name.clone() });
                    self.blocks[block].params.push(param);
                    self.unfilled.push((block, variable, param));
                    self.remember(variable, block, param);
                    self.remember(variable, asked, param);
                    return param;
                }
            }
        }
    }

    /// Keeps what a variable is at the start of a block, so that it need not be searched for again.
    fn remember(&mut self, variable: Id<Variable>, block: Id<Block>, value: Id<Value>) {
        let assigned = self.assigned.entry((block, variable)).or_default();
        if assigned.first().is_none_or(|(at, _)| *at > 0) {
            assigned.insert(0, (0, value));
        }
    }

    // Instructions

    /// Emits an instruction with these result types.
    pub fn emit(&mut self, kind: InstKind, results: &[Type]) -> Vec<Id<Value>> {
        let results: Vec<_> = results.iter().map(|ty| self.function.values.push(value(*ty))).collect();
        let block = self.current.expect("lowering stops where control cannot get to");
        if let Some(unwind) = kind.unwind() {
            let place = Place::Unwind(self.function.blocks[block].insts.len());
            self.blocks[unwind.block].edges.push(Edge { from: block, place });
        }
        self.function.blocks[block].insts.push(Inst { kind, results: results.clone(), span: self.span });
        results
    }

    fn emit_one(&mut self, kind: InstKind, result: Type) -> Id<Value> {
        self.emit(kind, &[result])[0]
    }

    /// A constant.
    pub fn constant(&mut self, value: Const) -> Id<Value> {
        self.emit_one(InstKind::Const(value), value.ty())
    }

    /// A 32-bit constant.
    pub fn i32(&mut self, value: u32) -> Id<Value> {
        self.constant(Const::I32(value as i32))
    }

    /// A 64-bit constant.
    pub fn i64(&mut self, value: i64) -> Id<Value> {
        self.constant(Const::I64(value))
    }

    /// An operation on one value.
    pub fn unary(&mut self, op: Unary, a: Id<Value>) -> Id<Value> {
        self.emit_one(InstKind::Unary(op, a), op.result())
    }

    /// An operation on two values.
    pub fn binary(&mut self, op: Binary, a: Id<Value>, b: Id<Value>) -> Id<Value> {
        self.emit_one(InstKind::Binary(op, a, b), op.result())
    }

    /// `then if condition else otherwise`, both computed already.
    pub fn select(&mut self, condition: Id<Value>, then: Id<Value>, otherwise: Id<Value>) -> Id<Value> {
        let ty = self.ty(then);
        self.emit_one(InstKind::Select { condition, then, otherwise }, ty)
    }

    /// Reads memory.
    pub fn load(&mut self, kind: LoadKind, address: Id<Value>, offset: u32) -> Id<Value> {
        self.emit_one(InstKind::Load { kind, address, offset }, kind.ty())
    }

    /// Writes memory.
    pub fn store(&mut self, kind: StoreKind, address: Id<Value>, offset: u32, value: Id<Value>) {
        self.emit(InstKind::Store { kind, address, offset, value }, &[]);
    }

    // Ends of blocks

    /// Ends the block; nothing is current afterwards.
    pub fn end(&mut self, terminator: Terminator) {
        let Some(block) = self.current.take() else { return };
        for (at, edge) in terminator.edges().enumerate() {
            self.blocks[edge.block].edges.push(Edge { from: block, place: Place::Terminator(at) });
        }
        self.function.blocks[block].terminator = terminator;
    }

    /// Goes on in another block.
    pub fn jump(&mut self, block: Id<Block>) {
        self.jump_with(block, Vec::new());
    }

    /// Goes on in another block with these values for its explicit parameters.
    pub fn jump_with(&mut self, block: Id<Block>, args: Vec<Id<Value>>) {
        self.end(Terminator::Jump(BlockCall { block, args }));
    }

    /// Goes to one of two blocks.
    pub fn branch(&mut self, condition: Id<Value>, then: Id<Block>, otherwise: Id<Block>) {
        let to = |block| BlockCall { block, args: Vec::new() };
        self.end(Terminator::Branch { condition, then: to(then), otherwise: to(otherwise) });
    }

    // The end

    /// The finished function.
    pub fn finish(mut self) -> Function {
        for block in self.function.blocks.ids() {
            self.seal(block);
        }
        let operands = self.fill_params();
        let aliases = Self::trivial_params(&operands);
        let resolve = |mut value: Id<Value>| {
            while let Some(alias) = aliases.get(value) {
                value = *alias;
            }
            value
        };
        for block in self.function.blocks.ids() {
            for param in std::mem::take(&mut self.blocks[block].params) {
                if aliases.contains(param) {
                    continue;
                }
                self.function.blocks[block].params.push(param);
                for (edge, operand) in self.blocks[block].edges.iter().zip(&operands[param]) {
                    edge.args(&mut self.function).push(*operand);
                }
            }
        }
        for (_, block) in self.function.blocks.iter_mut() {
            for inst in &mut block.insts {
                inst.kind.map_operands(resolve);
            }
            block.terminator.map_operands(resolve);
        }
        let zeros: BTreeSet<_> = self.zeros.values().copied().collect();
        for (_, block) in self.function.blocks.iter_mut() {
            // Counting ignores zero, so locals that were never assigned yet need none.
            block.insts.retain(|inst| {
                !matches!(inst.kind, InstKind::Retain(object) | InstKind::Release { object, .. } if zeros.contains(&object))
            });
        }
        let mut zeros: Vec<_> = self.zeros.iter().collect();
        crate::order::sort(&mut zeros);
        let zeros = zeros.into_iter().map(|(ty, result)| Inst {
            kind: InstKind::Const(Const::zero(*ty)),
            results: vec![*result],
            span: self.function.span,
        });
        let entry = self.function.entry;
        self.function.blocks[entry].insts.splice(0..0, zeros);
        self.function
    }

    /// What each edge gives for each parameter that stands for a variable.
    fn fill_params(&mut self) -> IdMap<Value, Vec<Id<Value>>> {
        let mut operands = IdMap::default();
        while let Some((block, variable, param)) = self.unfilled.pop() {
            let edges = self.blocks[block].edges.clone();
            let values = edges.iter().map(|edge| self.value_before(variable, edge.from, edge.before())).collect();
            operands.insert(param, values);
        }
        operands
    }

    /// Parameters that get one and the same value along every edge (or themselves, round a loop), with that value.
    fn trivial_params(operands: &IdMap<Value, Vec<Id<Value>>>) -> IdMap<Value, Id<Value>> {
        let mut aliases: IdMap<Value, Id<Value>> = IdMap::default();
        let mut users: HashMap<Id<Value>, Vec<Id<Value>>> = HashMap::new();
        for (param, values) in operands.iter() {
            for value in values {
                users.entry(*value).or_default().push(param);
            }
        }
        let mut pending: VecDeque<_> = operands.iter().map(|(param, _)| param).collect();
        while let Some(param) = pending.pop_front() {
            if aliases.contains(param) {
                continue;
            }
            let mut one = None;
            let trivial = operands[param].iter().all(|value| {
                let mut value = *value;
                while let Some(alias) = aliases.get(value) {
                    value = *alias;
                }
                value == param || *one.get_or_insert(value) == value
            });
            let Some(one) = one.filter(|_| trivial) else { continue };
            aliases.insert(param, one);
            let affected = users.remove(&param).unwrap_or_default();
            pending.extend(&affected);
            users.entry(one).or_default().extend(affected);
        }
        aliases
    }
}

impl Edge {
    /// The number of the instruction at which the edge leaves its block.
    fn before(self) -> usize {
        match self.place {
            Place::Unwind(at) => at,
            Place::Terminator(_) => usize::MAX,
        }
    }

    /// The arguments that are written at the edge.
    fn args(self, function: &mut Function) -> &mut Vec<Id<Value>> {
        let block = &mut function.blocks[self.from];
        match self.place {
            Place::Unwind(at) => {
                let unwind: Option<&mut Unwind> = block.insts[at].kind.unwind_mut().and_then(Option::as_mut);
                &mut unwind.expect("only instructions with an unwind edge were noted as edges").args
            }
            Place::Terminator(at) => {
                let edge = block.terminator.edges_mut().nth(at);
                &mut edge.expect("a terminator keeps the edges it was made with").args
            }
        }
    }
}

fn value(ty: Type) -> Value {
    Value { ty, name: None }
}
