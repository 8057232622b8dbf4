//! Where inference ends although the program's types do not. In: how deep the walk is, how big a type. Reports: KU0002.

use super::Key;
use super::function::Body;
use super::hir;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::types::Type;

/// Statements and expressions being walked, of all functions that call each other, nested deeper than this are
/// refused: each is some levels of our own recursion, which must fit into a stack of 1 MB.
const MAX_LEVEL: u32 = 300;

impl Body<'_, '_> {
    /// One level deeper; whether there is room for it. Whoever enters leaves by counting `level` down.
    pub(super) fn enter(&mut self, span: Span) -> bool {
        if self.inferer.level < MAX_LEVEL {
            self.inferer.level += 1;
            self.inferer.peak = self.inferer.peak.max(self.inferer.level);
            return true;
        }
        self.error(nested_too_deeply(span));
        false
    }

    /// The instance of what is called here, and whether there is room for all its levels, also for those that need not be
    /// walked any more: whether a program is refused does not depend on what came before it.
    pub(super) fn callee(&mut self, key: &Key) -> (Id<hir::Function>, Type, bool) {
        let above = std::mem::take(&mut self.inferer.peak);
        let (id, returns) = self.inferer.infer_instance(key, None);
        let reached = std::mem::replace(&mut self.inferer.peak, above);
        self.inferer.peak = above.max(reached.min(MAX_LEVEL));
        (id, returns, reached <= MAX_LEVEL)
    }
}

/// Statements in functions in functions.
pub(super) fn nested_too_deeply(span: Span) -> Diagnostic {
    let text = "this, with the functions that are called here, is nested too deeply to find its types";
    Diagnostic::new(Code::Limit, span, text).help(
        "annotate what the functions on the way return and take, or call them with fewer different types of arguments",
    )
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
