//! What passes have to say about a loop to those who want it fast. In: a function. Out: `Note`s, which `opt::explain`
//! reads.

use super::{Block, Function};
use crate::arena::Id;
use crate::source::Span;

/// What a pass did to a loop, or why it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The loop, as [`Function::loop_span`] has it.
    pub span: Span,
    /// What.
    pub kind: NoteKind,
}

/// See [`Note`]. Reasons complete "because …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// It takes so many turns at once.
    Vectorised(u32),
    /// It takes one turn after the other.
    NotVectorised(&'static str),
    /// No test before it can stand for its checks.
    NotVersioned(&'static str),
}

impl Function {
    /// What stands for the loop with this head in the source: the test that ends it.
    pub fn loop_span(&self, head: Id<Block>) -> Span {
        self.blocks[head].insts.last().map_or(self.span, |inst| inst.span)
    }

    /// Notes something about the loop with this head.
    pub fn note(&mut self, head: Id<Block>, kind: NoteKind) {
        let note = Note { span: self.loop_span(head), kind };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
