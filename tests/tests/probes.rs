//! Tiny programs, each of one feature that Numba's users asked for, with CPython's answer.
//!
//! What does not run yet is listed in `probes/later.txt`; one of it that begins to run must be taken off the list.

use kukri_tests::page::comparable;
use kukri_tests::program;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::path::Path;

fn main() {
    let arguments = Arguments::from_args();
    let folder = kukri_tests::folder().join("probes");
    let later = std::fs::read_to_string(folder.join("later.txt")).expect("the list is there");
    let later: Vec<String> = later.lines().map(str::to_owned).collect();
    let mut trials = Vec::new();
    for path in kukri_tests::files(&folder, "py") {
        let name = path.file_stem().expect("a .py file has a stem").to_string_lossy().into_owned();
        let later = later.contains(&name);
        trials.push(Trial::test(name, move || match (check(&path), later) {
            (Ok(()), false) | (Err(_), true) => Ok(()),
            (Ok(()), true) => Err(Failed::from("it runs: take it off `later.txt`")),
            (Err(why), false) => Err(Failed::from(why)),
        }));
    }
    if !arguments.list {
        println!("{} of {} probes are to run", trials.len() - later.len(), trials.len());
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn check(path: &Path) -> Result<(), String> {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let files = BTreeMap::from([("main.py".to_owned(), read(path))]);
    for optimise in [false, true] {
        let outcome = program::run(&files, optimise);
        if !outcome.errors().is_empty() {
            return Err(outcome.rendered);
        }
        let expected = (read(&path.with_extension("out")), read(&path.with_extension("err")));
        let last = comparable(&outcome.traceback, "\n...");
        if (outcome.stdout.trim_end(), last.as_str()) != (expected.0.trim_end(), expected.1.trim_end()) {
            return Err(format!(
                "it prints\n{}{}\nand not\n{}{}",
                outcome.stdout, outcome.traceback, expected.0, expected.1
            ));
        }
    }
    Ok(())
}
