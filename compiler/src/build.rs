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
mod order;
mod prelude {
    pub mod stored;
}
mod shared;
mod source;
mod syntax;

use prelude::stored::{Definition, Stored};
use source::{File, Sources, Span, places_in, take_spans};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};
use syntax::ast::{Module, Stmt, StmtKind, Tree};

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

    // Nobody who compiles Python needs the text of the library, and browsers would load it.
    let has_text = env::var_os("CARGO_FEATURE_LIBRARY_TEXT").is_some();
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    let write = |name: &str, content: &[u8]| {
        let path = out.join(name);
        fs::write(&path, content).expect("OUT_DIR can be written");
        path.display().to_string()
    };
    let mut sources = Sources::default();
    let mut tree = Tree::default();
    let mut files = String::new();
    let mut trees = Vec::new();
    let mut places = BTreeMap::new();
    let mut spans = 0;
    for path in paths {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let path = format!("prelude/{name}");
        let text = fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let built_in = write(&name, if has_text { text.as_bytes() } else { b"" });
        let file = sources.add_library(path.clone().leak(), text.leak());
        let first = tree.functions.len();
        let module = syntax::parse(sources.file(file), &mut tree)
            .unwrap_or_else(|errors| panic!("{}", diagnostic::render_text(&sources, &errors, false)));
        let file = sources.file(file);
        let mut found = Vec::new();
        for (name, stored) in definitions(&module, file, &tree, first) {
            let number = spans + found.len() as u32;
            let before = places.insert(name.clone(), trees.len());
            assert!(before.is_none(), "{path}: the prelude defines `{name}` twice");
            trees.extend(stored.to_bytes(number));
            found.extend(take_spans());
        }
        spans += found.len() as u32;
        let table = if has_text {
            postcard::to_allocvec(&places_in(file, &found)).expect("it can be written")
        } else {
            Vec::new()
        };
        let table = write(&format!("{name}.places"), &table);
        let count = found.len();
        writeln!(files, "    ({path:?}, include_str!({built_in:?}), {count}, include_bytes!({table:?})),")
            .expect("a String can be written");
    }

    let index: String = places.iter().map(|(name, place)| format!("    ({name:?}, {place}),\n")).collect();
    let trees = write("prelude.bin", &trees);
    let text = format!(
        "/// Path for messages, text, how many spans the trees have, and where these lie, of every file.\n\
        #[allow(clippy::unreadable_literal, reason = \"nobody reads them\")]\n\
        const FILES: &[(&str, &str, u32, &[u8])] = &[\n{files}];\n\
        /// How many functions there are, nested ones included.\nconst FUNCTIONS: usize = {};\n\
        /// Every definition by name, sorted, and where its tree starts in `TREES`.\n\
        #[allow(clippy::unreadable_literal, reason = \"nobody reads them\")]\n\
        const INDEX: &[(&str, u32)] = &[\n{index}];\n\
        /// The trees, one behind the other.\nconst TREES: &[u8] = include_bytes!({trees:?});\n",
        tree.functions.len(),
    );
    write("prelude.rs", text.as_bytes());
}

/// The definitions of a file, each with the functions that stand in it: those from `first` on are the file's.
fn definitions(module: &Module, file: &File, tree: &Tree, first: usize) -> Vec<(String, Stored)> {
    let definition = |stmt: &Stmt| {
        let (name, definition) = match &stmt.kind {
            StmtKind::Function(id) => (tree.functions[*id].name.text.to_string(), Definition::Function(*id)),
            StmtKind::Assign { targets, value } => {
                let name = &file.text[file.offset(targets[0].span.start) as usize..];
                let name = &name[..name.find([' ', '=']).expect("a name stands before `=`")];
                (name.to_owned(), Definition::Constant(value.clone()))
            }
            other => panic!("{}: the prelude has functions and constants only, not {other:?}", file.path),
        };
        let inside = |span: Span| stmt.span.start <= span.start && span.end <= stmt.span.end;
        let functions = tree.functions.iter().skip(first).filter(|(_, function)| inside(function.span));
        let functions = functions.map(|(id, function)| (id, (**function).clone())).collect();
        (name, Stored { definition, functions })
    };
    module.body.iter().map(definition).collect()
}
