//! Kukri's tests: the specification as Markdown pages, the oracle it is checked against, random programs, fuzzing.
//!
//! The pages in `spec/` are the language reference; `page` says how they are read. `cargo xtask test` runs it all.

pub mod bench;
pub mod fuzz;
pub mod oracle;
pub mod page;
pub mod program;
pub mod random;
pub mod site;

use std::path::{Path, PathBuf};

/// The folder of this crate, where pages, probes and programs are.
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below `folder` whose names end in `.extension`, sorted.
///
/// # Panics
/// If the folder cannot be read: the tests would have nothing to run.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry of a folder that can be read").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
