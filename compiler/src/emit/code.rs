//! The bytes of one function body, and the places in it that Python lines came from.
//! In: instructions in order. Out: `Code`.

use crate::source::Span;
use wasm_encoder::{Encode, Instruction};

/// The instructions of a function. The last one is kept back, because what follows may change it.
#[derive(Default)]
pub(super) struct Code {
    bytes: Vec<u8>,
    last: Option<Instruction<'static>>,
    lines: Vec<(u32, Span)>,
    mark: Option<Span>,
    hints: Vec<(u32, bool)>,
}

/// What became of a function's instructions. Offsets count from its first one.
pub(super) struct Finished {
    pub(super) bytes: Vec<u8>,
    /// What Python the instructions from an offset on come from.
    pub(super) lines: Vec<(u32, Span)>,
    /// Branches that are nearly always or hardly ever taken.
    pub(super) hints: Vec<(u32, bool)>,
}

impl Code {
    /// Adds an instruction.
    pub(super) fn push(&mut self, instruction: Instruction<'static>) {
        if let (Instruction::LocalGet(read), Some(Instruction::LocalSet(written))) = (&instruction, &self.last)
            && read == written
        {
            self.last = Some(Instruction::LocalTee(*read));
            return;
        }
        if matches!((&instruction, &self.last), (Instruction::End, Some(Instruction::Else))) {
            self.last = Some(instruction);
            return;
        }
        self.flush();
        if let Some(span) = self.mark.take() {
            self.lines.push((self.bytes.len() as u32, span));
        }
        self.last = Some(instruction);
    }

    /// Adds an `if` or a `br_if` of which is known whether it is taken, as a rule.
    pub(super) fn push_branch(&mut self, branch: Instruction<'static>, expected: Option<bool>) {
        self.push(branch);
        self.hints.extend(expected.map(|taken| (self.bytes.len() as u32, taken)));
    }

    /// Says that the instructions that follow come from `span`.
    pub(super) fn mark(&mut self, span: Span) {
        // Prelude glue has no place of its own and belongs to what stands before it.
        if span != Span::default() && self.lines.last().is_none_or(|(_, last)| *last != span) {
            self.mark = Some(span);
        }
    }

    /// Whether control cannot get past the last instruction.
    pub(super) fn is_ended(&self) -> bool {
        matches!(
            self.last,
            Some(
                Instruction::Br(_)
                    | Instruction::BrTable(..)
                    | Instruction::Return
                    | Instruction::Throw(_)
                    | Instruction::Unreachable
            )
        )
    }

    /// Ends the function.
    pub(super) fn finish(mut self) -> Finished {
        // At the end of the function the results are just left on the stack.
        self.last.take_if(|last| matches!(last, Instruction::Return));
        self.push(Instruction::End);
        self.flush();
        Finished { bytes: self.bytes, lines: self.lines, hints: self.hints }
    }

    fn flush(&mut self) {
        if let Some(last) = self.last.take() {
            last.encode(&mut self.bytes);
        }
    }
}
