//! Turns Python text into trees. In: a file of `Sources`. Out: `ast::Module`, functions in `ast::Tree`. Reports: KU1xxx.

pub mod ast;
mod convert;

use crate::arena::Id;
use crate::diagnostic::Diagnostic;
use crate::source::{File, Sources, Span};

/// Parses a whole file; its functions go into `tree`.
///
/// # Errors
/// Everything in the file that is not Python, or not the Python that Kukri supports.
pub fn parse(sources: &Sources, file: Id<File>, tree: &mut ast::Tree) -> Result<ast::Module, Vec<Diagnostic>> {
    parse_range(sources, file, sources.file(file).span(), tree)
}

/// Parses the whole lines of `file` that `range` covers, as if they were a file; spans are those of the file.
///
/// # Errors
/// As [`parse`].
pub fn parse_range(
    sources: &Sources,
    file: Id<File>,
    range: Span,
    tree: &mut ast::Tree,
) -> Result<ast::Module, Vec<Diagnostic>> {
    let whole = sources.file(file);
    let start = range.start - whole.span().start;
    let text = whole.text.get(start as usize..(range.end - whole.span().start) as usize).unwrap_or_default();
    let body = convert::module(text, range.start, tree)?;
    Ok(ast::Module { body, span: range })
}

#[cfg(test)]
mod tests {
    use super::{ast, parse, parse_range};
    use crate::source::{Origin, Sources, Span};

    #[test]
    fn spans_are_addresses_in_sources() {
        let mut sources = Sources::default();
        sources.add("first.py", "x = 1\n", Origin::User);
        let file = sources.add("second.py", "def f(a, *b):\n    return a + 1\n\ny = f(2)\n", Origin::User);
        let mut tree = ast::Tree::default();
        let module = parse(&sources, file, &mut tree).expect("this is Python");
        assert_eq!(module.body.len(), 2);
        assert_eq!(sources.text(module.body[1].span), "y = f(2)");
        let (_, function) = tree.functions.iter().next().expect("one function");
        assert_eq!(sources.text(function.name.span), "f");
        assert_eq!(sources.text(function.params[1].name.span), "b");
    }

    #[test]
    fn a_range_has_the_spans_of_its_file() {
        let mut sources = Sources::default();
        sources.add("first.py", "x = 1\n", Origin::User);
        let text = "A = 1\n\ndef f(a):\n    return a\n\ndef g(b):\n    return b\n";
        let file = sources.add("second.py", text, Origin::Prelude);
        let start = sources.file(file).span().start + text.find("def g").expect("it is there") as u32;
        let mut tree = ast::Tree::default();
        let range = Span::new(start, sources.file(file).span().end);
        let module = parse_range(&sources, file, range, &mut tree).expect("this is Python");
        assert_eq!(module.body.len(), 1);
        let (_, function) = tree.functions.iter().next().expect("one function");
        assert_eq!(sources.text(function.name.span), "g");
        assert_eq!(sources.text(function.span), "def g(b):\n    return b");
    }
}
