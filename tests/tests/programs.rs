//! Whole programs through the `kukri` command, compared with CPython to the last digit.

use std::path::Path;
use std::process::{Command, Output};

/// What a command wrote, where it went well.
fn stdout(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("the command starts");
    assert!(status.success(), "{command:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).expect("programs write UTF-8")
}

fn program(name: &str) -> String {
    kukri_tests::folder().join("programs").join(name).display().to_string()
}

fn kukri(arguments: &[&str]) -> String {
    let mut command = kukri_tests::program::command();
    stdout(command.args(arguments))
}

fn python(arguments: &[&str]) -> String {
    stdout(Command::new(kukri_tests::oracle::python()).args(arguments))
}

/// Writes a matrix with NumPy.
fn npy(folder: &Path, expression: &str) -> String {
    let path = folder.join("matrix.npy").display().to_string();
    let source = format!("import numpy as np; np.save({path:?}, {expression})");
    python(&["-c", &source]);
    path
}

/// Calls a function with a matrix from a file, both ways.
fn same_call(name: &str, function: &str, expression: &str, others: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let path = npy(folder.path(), expression);
    let file = program(name);
    let argument = format!("@{path}");
    let found = kukri(&[&["call", &file, function, &argument], others].concat());
    let source = format!(
        "import runpy, numpy as np; f = runpy.run_path({file:?})[{function:?}]; print(repr(f(np.load({path:?}){}{})))",
        if others.is_empty() { "" } else { ", " },
        others.join(", ")
    );
    assert_eq!(found, python(&["-c", &source]));
    assert!(!found.is_empty());
}

fn same_run(name: &str) {
    let file = program(name);
    let found = kukri(&["run", &file]);
    assert_eq!(found, python(&[&file]));
    assert!(!found.is_empty());
}

#[test]
fn mandelbrot() {
    same_run("mandelbrot.py");
}

#[test]
fn nbody() {
    same_run("nbody.py");
}

#[test]
fn spectral_norm() {
    same_run("spectral_norm.py");
}

#[test]
fn fannkuch() {
    same_run("fannkuch.py");
}

const DISTANCES: &str = "np.random.default_rng(7).uniform(1.0, 100.0, (60, 60)) * (1 - np.eye(60))";
const PLATE: &str = "np.random.default_rng(8).uniform(-1.0, 1.0, (512, 512))";

#[test]
fn floyd_warshall_on_a_matrix_from_a_file() {
    same_call("floyd_warshall.py", "shortest", DISTANCES, &[]);
    same_call("floyd_warshall.py", "total", DISTANCES, &[]);
}

#[test]
fn jacobi_on_a_matrix_from_a_file() {
    same_call("jacobi.py", "relax", PLATE, &["20"]);
    same_call("jacobi.py", "warmth", PLATE, &["100"]);
}

#[test]
fn modules_are_small() {
    let programs = ["mandelbrot.py", "nbody.py", "spectral_norm.py", "fannkuch.py", "floyd_warshall.py", "jacobi.py"];
    for name in programs {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let out = folder.path().join("out.wasm").display().to_string();
        let export = match name {
            "floyd_warshall.py" => vec!["--export", "shortest(float64[:,:])"],
            "jacobi.py" => vec!["--export", "relax(float64[:,:], int64)"],
            _ => Vec::new(),
        };
        kukri(&[&["build", &program(name), "-o", &out], export.as_slice()].concat());
        let bytes = std::fs::metadata(&out).expect("the module was written").len();
        assert!(bytes <= 16 * 1024, "{name}: {bytes} bytes");
    }
}
