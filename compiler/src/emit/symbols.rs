//! Numbers what the code refers to, and finds out what is needed at all.
//! In: `ssa::Module`. Out: `Symbols`.

use crate::arena::{Id, IdMap};
use crate::ssa::dominators::Dominators;
use crate::ssa::{Binary, Callee, Function, Import, InstKind, Module, Terminator};

/// Small functions that stand for instructions which `opt` did not expand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Support {
    /// `(address)`: counts one reference more.
    Retain,
    /// `(address)`: counts one reference less, and calls the function after the last.
    Release(Id<Function>),
    /// `(i64, i64) -> i32`: whether the product leaves 64 bits.
    MulOverflows,
}

/// Indices in the module that is written. Imports come first, then functions, then support functions.
pub(super) struct Symbols {
    /// The functions that exports reach, in the order they are written.
    pub(super) functions: Vec<(Id<Function>, Dominators)>,
    /// The imports that those call.
    pub(super) imports: Vec<Id<Import>>,
    /// The support functions that those need.
    pub(super) support: Vec<Support>,
    /// Whether any exception is thrown or caught.
    pub(super) throws: bool,
    function_index: IdMap<Function, u32>,
    import_index: IdMap<Import, u32>,
}

impl Symbols {
    /// Follows calls from the exports.
    pub(super) fn new(module: &Module) -> Self {
        let mut this = Self {
            functions: Vec::new(),
            imports: Vec::new(),
            support: Vec::new(),
            throws: false,
            function_index: IdMap::default(),
            import_index: IdMap::default(),
        };
        let mut seen = IdMap::default();
        let mut open: Vec<_> = module.exports.iter().rev().map(|(_, function)| *function).collect();
        while let Some(id) = open.pop() {
            if seen.insert(id, ()).is_none() {
                let dominators = Dominators::new(&module.functions[id]);
                this.scan(&module.functions[id], &dominators, &mut open);
                this.functions.push((id, dominators));
            }
        }
        crate::order::sort(&mut this.support);
        this.support.dedup();
        let first = this.imports.len();
        for (at, (id, _)) in this.functions.iter().enumerate() {
            this.function_index.insert(*id, (first + at) as u32);
        }
        this
    }

    fn scan(&mut self, function: &Function, dominators: &Dominators, open: &mut Vec<Id<Function>>) {
        for block in dominators.order() {
            let block = &function.blocks[*block];
            self.throws |= matches!(block.terminator, Terminator::Throw(_));
            for inst in &block.insts {
                self.throws |= inst.kind.unwind().is_some();
                match &inst.kind {
                    InstKind::Call { callee: Callee::Function(id), .. } => open.push(*id),
                    InstKind::Call { callee: Callee::Import(id), .. } => {
                        if !self.import_index.contains(*id) {
                            self.import_index.insert(*id, self.imports.len() as u32);
                            self.imports.push(*id);
                        }
                    }
                    InstKind::Guard { raise, .. } => {
                        self.throws = true;
                        open.push(*raise);
                    }
                    InstKind::Retain(_) => self.support.push(Support::Retain),
                    InstKind::Release { drop, .. } => {
                        self.support.push(Support::Release(*drop));
                        open.push(*drop);
                    }
                    InstKind::Binary(Binary::I64MulOverflows, ..) => self.support.push(Support::MulOverflows),
                    InstKind::Exit { .. }
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
                    | InstKind::MemorySize
                    | InstKind::MemoryGrow(_)
                    | InstKind::MemoryCopy { .. }
                    | InstKind::MemoryFill { .. } => {}
                }
            }
        }
    }

    /// Index of a function.
    pub(super) fn function(&self, id: Id<Function>) -> u32 {
        self.function_index[id]
    }

    /// Index of an import.
    pub(super) fn import(&self, id: Id<Import>) -> u32 {
        self.import_index[id]
    }

    /// Index of a support function.
    pub(super) fn support(&self, support: Support) -> u32 {
        let at = self.support.binary_search(&support).expect("scan() found every instruction that needs support");
        (self.imports.len() + self.functions.len() + at) as u32
    }
}
