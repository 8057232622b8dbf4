//! The programs that mutations start from, and the pieces they are made of. In: the specification, the probes, the
//! shipped programs, the library. Out: `Corpus`.

use super::token::{Kind, statements, tokens, values};
use crate::page;
use std::collections::BTreeSet;

/// Longer values are left out: they make programs large, not different.
const LONGEST_VALUE: usize = 60;
/// Longer statements are left out.
const LONGEST_STATEMENT: usize = 300;

/// Programs and pieces of them.
pub struct Corpus {
    /// Whole programs that compile.
    pub programs: Vec<String>,
    /// Whole programs that are refused.
    pub refused: Vec<String>,
    /// Values, each once.
    pub values: Vec<String>,
    /// Statements without their indentation, each once.
    pub statements: Vec<String>,
    /// Names that follow a `.`.
    pub attributes: Vec<String>,
    /// Names of keyword arguments.
    pub keywords: Vec<String>,
}

/// Reads them.
///
/// # Panics
/// If they cannot be read.
pub fn corpus() -> Corpus {
    let (mut programs, mut refused) = (Vec::new(), Vec::new());
    for path in crate::files(&crate::folder().join("spec"), "md") {
        let text = std::fs::read_to_string(&path).expect("pages can be read");
        let tests = page::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for program in tests.into_iter().flat_map(|test| test.programs) {
            let kind = if program.is_refused() { &mut refused } else { &mut programs };
            kind.extend(program.files.into_values());
        }
    }
    for folder in ["probes", "programs"] {
        for path in crate::files(&crate::folder().join(folder), "py") {
            programs.push(std::fs::read_to_string(path).expect("programs can be read"));
        }
    }
    Corpus::new(programs, refused)
}

impl Corpus {
    fn new(programs: Vec<String>, refused: Vec<String>) -> Self {
        let (mut all_values, mut all_statements) = (BTreeSet::new(), BTreeSet::new());
        let (mut attributes, mut keywords) = (BTreeSet::new(), BTreeSet::new());
        for text in &programs {
            let tokens = tokens(text);
            let short = values(text, &tokens).into_iter().filter(|range| range.len() <= LONGEST_VALUE);
            all_values.extend(short.map(|range| text[range].to_owned()));
            let lines: Vec<&str> = text.split('\n').collect();
            for statement in statements(text, &tokens) {
                let taken = lines[statement.lines].iter().map(|line| line.get(statement.indent..).unwrap_or(line));
                let block = taken.collect::<Vec<_>>().join("\n");
                if block.len() <= LONGEST_STATEMENT {
                    all_statements.insert(block.trim_end().to_owned());
                }
            }
            let word = |index: usize| tokens.get(index).map_or("", |token| &text[token.start..token.end]);
            for (index, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Name) {
                let name = &text[token.start..token.end];
                let before = index.checked_sub(1).map_or("", word);
                if before == "." {
                    attributes.insert(name.to_owned());
                } else if matches!(before, "(" | ",") && word(index + 1) == "=" {
                    keywords.insert(name.to_owned());
                }
            }
        }
        Self {
            programs,
            refused,
            values: all_values.into_iter().collect(),
            statements: all_statements.into_iter().collect(),
            attributes: attributes.into_iter().collect(),
            keywords: keywords.into_iter().collect(),
        }
    }
}
