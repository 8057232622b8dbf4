//! A compiler that has compiled other programs before gives exactly what a new one gives: the same module, byte for byte,
//! or the same report. Every program of the specification is compiled by a new one and by one that goes through all of
//! them, there and back.

use kukri_compiler::diagnostic::render_json;
use kukri_compiler::{Compiler, Failure, Input, Options, opt};
use kukri_tests::page;
use std::collections::BTreeMap;
use std::thread;

type Files = BTreeMap<String, String>;

fn programs() -> Vec<(String, Files)> {
    let mut programs = Vec::new();
    for path in kukri_tests::files(&kukri_tests::folder().join("spec"), "md") {
        let text = std::fs::read_to_string(&path).expect("a page that was listed can be read");
        for test in page::parse(&text).expect("the page is well formed") {
            let name = format!("{}: {}", path.display(), test.name);
            programs.extend(test.programs.into_iter().map(|program| (name.clone(), program.files)));
        }
    }
    programs
}

/// The module and the notes, or the errors.
fn compiled(compiler: &mut Compiler, files: &Files) -> (Vec<u8>, String) {
    let mut modules = |name: &str| {
        let path = name.replace('.', "/");
        let candidates = [format!("{path}/__init__.py"), format!("{path}.py")];
        candidates.into_iter().find_map(|path| Some((path.clone(), files.get(&path)?.clone())))
    };
    let input = Input { path: "main.py", text: &files["main.py"], modules: &mut modules };
    // What the optimiser makes depends on what it gets alone.
    let options = Options { level: opt::Level::None, ..Options::default() };
    match compiler.compile(input, &options) {
        Ok(compiled) => (compiled.artifact.wasm, render_json(&compiled.sources, &compiled.notes)),
        Err(Failure { sources, diagnostics }) => (Vec::new(), render_json(&sources, &diagnostics)),
    }
}

#[test]
fn what_was_compiled_before_makes_no_difference() {
    let programs = programs();
    assert!(programs.len() > 600, "only {} programs", programs.len());
    let modules: usize = thread::scope(|scope| {
        let parts: Vec<_> = programs.chunks(programs.len().div_ceil(2)).collect();
        let workers = parts.into_iter().map(|part| {
            let work = move || there_and_back(part);
            thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work).expect("a thread can be started")
        });
        let workers: Vec<_> = workers.collect();
        workers.into_iter().map(|worker| worker.join().expect("it says what is another")).sum()
    });
    assert!(modules > 400, "only {modules} modules");
}

/// Compares every program twice; how many become modules.
fn there_and_back(programs: &[(String, Files)]) -> usize {
    let mut warm = Compiler::default();
    let there = programs.iter().map(|(name, files)| {
        let cold = compiled(&mut Compiler::default(), files);
        assert!(compiled(&mut warm, files) == cold, "{name} is another after other programs");
        cold
    });
    let cold: Vec<_> = there.collect();
    for ((name, files), cold) in programs.iter().zip(&cold).rev() {
        assert!(compiled(&mut warm, files) == *cold, "{name} is another when all of it is known");
    }
    cold.iter().filter(|(module, _)| !module.is_empty()).count()
}
