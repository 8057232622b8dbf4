//! The playground in real browsers: `tests/e2e` drives them. In: the site that `cargo xtask playground` builds, which
//! `cargo xtask test` does first.

use kukri_tests::page::{self, Oracle};
use kukri_tests::program;
use kukri_tests::site::Site;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

fn target() -> PathBuf {
    kukri_tests::folder().join("../target/playground").canonicalize().expect("`cargo xtask test` builds the playground")
}

/// What a program prints in wasmtime; nothing where it does not compile.
fn expected(id: &str, text: &str) -> Value {
    let files = BTreeMap::from([("main.py".to_owned(), text.to_owned())]);
    json!({ "id": id, "text": text, "output": program::run(&files, true).stdout })
}

/// Every example, and a hundred programs of the specification.
fn programs() -> Vec<Value> {
    let mut found = Vec::new();
    let examples = kukri_tests::folder().join("../playground/examples");
    let mut paths: Vec<_> = fs::read_dir(examples).expect("the gallery").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "py")) {
        let text = fs::read_to_string(path).expect("a program");
        found.push(expected(&path.display().to_string(), &text));
    }
    assert!(found.len() >= 20, "only {} examples", found.len());
    let mut tests = Vec::new();
    pages(&kukri_tests::folder().join("spec"), &mut tests);
    let checked = tests.iter().filter(|test| test.oracle != Oracle::Skip);
    let programs = checked.flat_map(|test| test.programs.iter().map(move |program| (&test.name, program)));
    let plain: Vec<_> = programs
        .filter(|(_, program)| program.files.len() == 1 && !program.is_refused())
        .filter(|(_, program)| program.traceback.is_empty() && !program.stdout.is_empty())
        .collect();
    for (name, program) in plain.iter().step_by((plain.len() / 100).max(1)) {
        found.push(expected(name, &program.files["main.py"]));
    }
    assert!(found.len() >= 120, "only {} programs", found.len());
    found
}

fn pages(folder: &Path, tests: &mut Vec<page::Test>) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the specification").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            pages(&path, tests);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let text = fs::read_to_string(&path).expect("a page");
            tests.extend(page::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
    }
}

/// Programs that went wrong in every way.
fn mutants() -> Vec<String> {
    let corpus = kukri_tests::fuzz::corpus();
    let count = std::env::var("KUKRI_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(2000);
    let mut state = 9;
    let mutants = std::iter::repeat_with(|| kukri_tests::fuzz::mutate(&corpus, &mut state));
    mutants.filter_map(|bytes| String::from_utf8(bytes).ok()).take(count).collect()
}

#[test]
fn in_chromium_and_in_firefox() {
    let target = target();
    let site = Site::new(&target.join("site"), 0).expect("a free port");
    let url = site.url();
    thread::spawn(move || site.serve());
    let expected = target.join("expected.json");
    fs::write(&expected, json!(programs()).to_string()).expect("written");
    let broken = target.join("mutants.json");
    fs::write(&broken, json!(mutants()).to_string()).expect("written");
    for browser in ["chrome", "firefox"] {
        let mut command = Command::new("node");
        command.arg(kukri_tests::folder().join("e2e/run.mjs")).args([browser, &url]);
        command.env("KUKRI_NPM", target.join("npm")).env("KUKRI_PICTURES", target.join("pictures"));
        command.env("KUKRI_SITE", target.join("site"));
        let status =
            command.env("KUKRI_EXPECTED", &expected).env("KUKRI_BROKEN", &broken).status().expect("node starts");
        assert!(status.success(), "{browser}: {status}");
    }
}
