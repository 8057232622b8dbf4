//! Lists the prelude's files, so that a new one is part of the library by being there.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=prelude");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("prelude");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("compiler/prelude is part of the package")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();
    let mut list =
        String::from("/// Path for messages, and text, of every prelude file.\nconst FILES: &[(&str, &str)] = &[\n");
    for path in paths {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        writeln!(list, "    (\"prelude/{name}\", include_str!(\"{}\")),", path.display())
            .expect("a String can be written");
    }
    list.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("prelude_files.rs"), list)
        .expect("OUT_DIR can be written");
}
