//! Turns Python text into trees. In: a file of `Sources`. Out: `ast::Module`, functions in `ast::Tree`. Reports: `KU1xxx`.

pub mod ast;
mod character;
mod convert;
mod decode;
mod diagnose;
mod recover;
mod scan;

use crate::arena::Id;
use crate::diagnostic::Diagnostic;
use crate::source::{File, Sources, Span};
use convert::Unconverted;
pub use decode::{Undecodable, decode};

/// How deep the tree may be. Every phase recurses over it, in a browser on a stack of one megabyte.
pub const DEEPEST: u32 = 200;

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
    let scan = scan::Scan::new(text, range.start);
    if !scan.fatal.is_empty() {
        return Err(scan.fatal);
    }
    let spaced = scan.without_tabs();
    let text = spaced.as_deref().unwrap_or(text);
    match convert::module(text, range.start, tree) {
        Ok(body) => Ok(ast::Module { body, span: range }),
        Err(Unconverted::Syntax(failure)) => Err(recover::recover(text, range.start, &scan, &failure)),
        Err(Unconverted::Unsupported(errors)) => Err(errors),
    }
}

#[cfg(test)]
mod tests;
