//! Turns Python text into trees. In: a file of `Sources`. Out: `ast::Module`, functions in `ast::Tree`. Reports: `KU1xxx`.

pub mod ast;
mod character;
mod convert;
mod decode;
mod diagnose;
mod recover;
mod scan;

use crate::diagnostic::Diagnostic;
use crate::source::File;
use convert::Unconverted;
pub use decode::{Undecodable, decode};

/// How deep the tree may be. Every phase recurses over it, in a browser on a stack of one megabyte.
pub const DEEPEST: u32 = 200;

/// Parses a file; its functions go into `tree`.
///
/// # Errors
/// Everything in the file that is not Python, or not the Python that Kukri supports.
pub fn parse(file: &File, tree: &mut ast::Tree) -> Result<ast::Module, Vec<Diagnostic>> {
    let range = file.span();
    let text: &str = &file.text;
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
