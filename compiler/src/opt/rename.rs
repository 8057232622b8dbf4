//! Values that are found equal to others. In: pairs of values. Out: a function that reads the others instead.

use crate::arena::Id;
use crate::ssa::{Function, InstKind, Terminator, Value};

/// For some values the value to read instead.
#[derive(Debug, Default)]
pub(crate) struct Renaming {
    /// By index of the value; a value that is read itself stands for itself.
    to: Vec<Id<Value>>,
    changed: bool,
}

impl Renaming {
    /// From now on `to` is read where `from` was.
    pub(crate) fn set(&mut self, from: Id<Value>, to: Id<Value>) {
        for index in self.to.len()..=from.index() {
            self.to.push(Id::new(index));
        }
        self.to[from.index()] = to;
        self.changed = true;
    }

    /// Whether any value has another to be read instead.
    pub(crate) fn is_empty(&self) -> bool {
        !self.changed
    }

    /// The value to read instead of `value`; itself if there is none.
    pub(crate) fn get(&self, mut value: Id<Value>) -> Id<Value> {
        while let Some(&next) = self.to.get(value.index()) {
            if next == value {
                break;
            }
            value = next;
        }
        value
    }

    /// Renames what an instruction reads.
    pub(crate) fn inst(&self, kind: &mut InstKind) {
        if self.changed {
            kind.map_operands(|value| self.get(value));
        }
    }

    /// Renames what a terminator reads.
    pub(crate) fn terminator(&self, terminator: &mut Terminator) {
        if self.changed {
            terminator.map_operands(|value| self.get(value));
        }
    }

    /// Renames everything that a function reads.
    pub(crate) fn apply(&self, function: &mut Function) {
        if self.changed {
            for (_, block) in function.blocks.iter_mut() {
                block.insts.iter_mut().for_each(|inst| self.inst(&mut inst.kind));
                self.terminator(&mut block.terminator);
            }
        }
    }
}
