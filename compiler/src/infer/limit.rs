//! Where inference ends although the program's types do not. In: how deep the walk is, how big a type. Reports: KU0002.

use super::function::Body;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Statements and expressions being walked, of all functions that call each other, nested deeper than this are
/// refused: each is some levels of our own recursion, which must fit into a stack of 1 MB.
const MAX_LEVEL: u32 = 300;

impl Body<'_, '_> {
    /// One level deeper; whether there is room for it. Whoever enters leaves by counting `level` down.
    pub(super) fn enter(&mut self, span: Span) -> bool {
        if self.inferer.level < MAX_LEVEL {
            self.inferer.level += 1;
            return true;
        }
        let text = "this, with the functions that are called here, is nested too deeply to find its types";
        self.error(Diagnostic::new(Code::Limit, span, text).help(
            "annotate what the functions on the way return and take, or call them with fewer different types of arguments",
        ));
        false
    }
}

/// A value whose type grows with every step: `x = (x, x)`.
pub(super) fn type_too_big(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Limit, span, "the type of this grows too big")
        .help("a value that holds values of its own kind has no type here: use a list, or indices into one")
}

/// Types that are others each time they are looked at.
pub(super) fn no_end(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::Limit, span, format!("the types of the variables in `{name}` do not settle"))
        .help("annotate the variables whose values change their type")
}
