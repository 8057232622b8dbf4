//! Parses the prelude, so that a compilation starts from trees: the phase `syntax` runs here over `prelude/*.py`, and
//! what it makes is built in (`prelude.rs` reads it back). A new file is part of the library by being there.
//!
//! The script lies among the phases because that is where it finds them: a build script has modules as any program.

#![allow(
    dead_code,
    unused_imports,
    missing_docs,
    unfulfilled_lint_expectations,
    reason = "only a part of these modules is used here, and none of it is public"
)]

mod arena;
mod diagnostic;
mod prelude {
    pub mod stored;
}
mod shared;
mod source;
mod syntax;

use prelude::stored::{Definition, Stored};
use source::{File, Sources};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};
use syntax::ast::{Module, StmtKind, Tree};

fn main() {
    println!("cargo::rerun-if-changed=prelude");
    println!("cargo::rerun-if-changed=src");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("prelude");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("compiler/prelude is part of the package")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();

    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let mut sources = Sources::default();
    let mut tree = Tree::default();
    let mut files = String::new();
    let mut definitions = BTreeMap::new();
    for path in paths {
        let name = format!("prelude/{}", path.file_name().expect("a file has a name").to_string_lossy());
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = without_comments(&text);
        let built_in = out.join(path.file_name().expect("a file has a name"));
        fs::write(&built_in, &text).expect("OUT_DIR can be written");
        writeln!(files, "    ({name:?}, include_str!({:?})),", built_in.display().to_string())
            .expect("a String can be written");
        let file = sources.add_library(name.leak(), text.leak());
        let first = tree.functions.len();
        let module = syntax::parse(sources.file(file), &mut tree)
            .unwrap_or_else(|errors| panic!("{}", diagnostic::render_text(&sources, &errors, false)));
        define(&module, sources.file(file), &tree, first, &mut definitions);
    }

    let mut bytes = Vec::new();
    let mut index = String::new();
    for (name, stored) in definitions {
        writeln!(index, "    ({name:?}, {}),", bytes.len()).expect("a String can be written");
        bytes.extend(stored.to_bytes());
    }
    let trees = out.join("prelude.bin");
    fs::write(&trees, bytes).expect("OUT_DIR can be written");
    let trees = trees.display().to_string();
    let text = format!(
        "/// Path for messages, and text, of every file.\nconst FILES: &[(&str, &str)] = &[\n{files}];\n\
        /// How many functions there are, nested ones included.\nconst FUNCTIONS: usize = {};\n\
        /// Every definition by name, sorted, and where its tree starts in `TREES`.\n\
        #[allow(clippy::unreadable_literal, reason = \"nobody reads them\")]\n\
        const INDEX: &[(&str, u32)] = &[\n{index}];\n\
        /// The trees, one behind the other.\nconst TREES: &[u8] = include_bytes!({trees:?});\n",
        tree.functions.len(),
    );
    fs::write(out.join("prelude.rs"), text).expect("OUT_DIR can be written");
}

/// The text with the same lines, where lines that are comments are empty: every browser loads what is built in. (No
/// string of the prelude goes over several lines.)
fn without_comments(text: &str) -> String {
    assert!(!text.contains("\"\"\"") && !text.contains("'''"), "a string of several lines may hold a `#`");
    let line = |line: &str| if line.trim_start().starts_with('#') { String::new() } else { line.to_owned() };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// Adds the definitions of a file, each with the functions that stand in it: those from `first` on are the file's.
fn define(module: &Module, file: &File, tree: &Tree, first: usize, definitions: &mut BTreeMap<String, Stored>) {
    for stmt in &module.body {
        let (name, definition) = match &stmt.kind {
            StmtKind::Function(id) => (tree.functions[*id].name.text.to_string(), Definition::Function(*id)),
            StmtKind::Assign { targets, value } => {
                let name = &file.text[(targets[0].span.start - file.span().start) as usize..];
                let name = &name[..name.find([' ', '=']).expect("a name stands before `=`")];
                (name.to_owned(), Definition::Constant(value.clone()))
            }
            other => panic!("{}: the prelude has functions and constants only, not {other:?}", file.path),
        };
        let inside = |span: source::Span| stmt.span.start <= span.start && span.end <= stmt.span.end;
        let functions = tree.functions.iter().skip(first).filter(|(_, function)| inside(function.span));
        let functions = functions.map(|(id, function)| (id, (**function).clone())).collect();
        let before = definitions.insert(name.clone(), Stored { definition, functions });
        assert!(before.is_none(), "{}: the prelude defines `{name}` twice", file.path);
    }
}
