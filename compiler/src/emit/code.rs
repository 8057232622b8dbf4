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

    /// The bytes, and the span of what starts at each offset.
    pub(super) fn finish(mut self) -> (Vec<u8>, Vec<(u32, Span)>) {
        // At the end of the function the results are just left on the stack.
        self.last.take_if(|last| matches!(last, Instruction::Return));
        self.push(Instruction::End);
        self.flush();
        (self.bytes, self.lines)
    }

    fn flush(&mut self) {
        if let Some(last) = self.last.take() {
            last.encode(&mut self.bytes);
        }
    }
}
