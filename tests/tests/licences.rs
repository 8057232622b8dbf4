//! No dependency may bring a licence that its users would have to take over (GPL, LGPL, AGPL, MPL …).

use serde_json::Value;
use std::process::Command;

/// Licences that any program may be built with. An `OR` needs one of them, an `AND` all.
const FREE: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression can be met with the licences of `FREE`.
fn is_free(expression: &str) -> bool {
    let expression = expression.trim().replace('/', " OR ");
    if let Some((first, rest)) = split(&expression, " OR ") {
        return is_free(&first) || is_free(&rest);
    }
    if let Some((first, rest)) = split(&expression, " AND ") {
        return is_free(&first) && is_free(&rest);
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_free(inner),
        None => FREE.contains(&expression.as_str()),
    }
}

/// Splits at the first `word` outside parentheses.
fn split(expression: &str, word: &str) -> Option<(String, String)> {
    let mut depth = 0;
    for (at, c) in expression.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && expression[at..].starts_with(word) => {
                return Some((expression[..at].to_owned(), expression[at + word.len()..].to_owned()));
            }
            _ => {}
        }
    }
    None
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    assert!(is_free("MIT OR Apache-2.0") && is_free("MIT/GPL-3.0-only") && is_free("(MIT OR X) AND Unicode-3.0"));
    assert!(!is_free("LGPL-3.0-only") && !is_free("MIT AND GPL-2.0-only") && !is_free("(X OR Y) AND MIT"));
}

#[test]
fn every_dependency_is_free() {
    let root = kukri_tests::folder().join("..");
    let mut command = Command::new(env!("CARGO"));
    let output = command.args(["metadata", "--format-version=1", "--locked"]).current_dir(root).output();
    let output = output.expect("cargo runs these tests");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_free))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "not in the list of free licences:\n{}", refused.join("\n"));
}
