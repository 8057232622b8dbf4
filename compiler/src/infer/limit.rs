//! Where inference ends although the program's types do not. In: how deep the walk is, how big a type. Reports: KU0002.

use super::Key;
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
            self.inferer.peak = self.inferer.peak.max(self.inferer.level);
            return true;
        }
        self.error(nested_too_deeply(span));
        false
    }

    /// Whether there is room for all levels of a library function, also where it need not be walked any more: whether a
    /// program is refused does not depend on what came before it.
    pub(super) fn has_room(&self, key: &Key) -> bool {
        let known = self.inferer.known.instance(key).map(|known| known.height);
        let own = || self.inferer.instances.get(key).map(|instance| instance.height);
        self.inferer.level + known.or_else(own).unwrap_or(0) <= MAX_LEVEL
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
