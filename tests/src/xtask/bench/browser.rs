//! Runs the same modules in Chromium. In: `Row`s. Out: their times there, and the browser's version.

use super::measure::{InBrowser, Row, median};
use kukri_tests::site::Site;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, thread};

/// Measures all; the packages of `npm` drive the browser. Gives its version.
pub fn measure(rows: &mut [Row], npm: &Path) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let write = |name: &str, content: &[u8]| {
        fs::write(folder.path().join(name), content).map_err(|error| format!("{name}: {error}"))
    };
    write("index.html", b"<!doctype html><title>Kernels</title>")?;
    write("kernel.js", kukri_compiler::package::loader("kernel.wasm").as_bytes())?;
    for row in &*rows {
        write(&format!("{}.wasm", row.name), &row.program)?;
    }
    let site = Site::new(folder.path(), 0)?;
    let url = site.url();
    thread::spawn(move || site.serve());
    let mut command = Command::new("node");
    command.arg(kukri_tests::folder().join("e2e/bench.mjs")).arg(url).args(rows.iter().map(|row| &row.name));
    let output = command.env("KUKRI_NPM", npm).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("node did not start: {error}"))?;
    let said: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("in Chromium: {error}"))?;
    for row in rows {
        let times = &said["kernels"][&row.name];
        let warm = times["warm"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let first = times["first"].as_f64().ok_or_else(|| format!("{} has no time in Chromium", row.name))?;
        row.in_browser = Some(InBrowser { first, warm: median(warm) });
    }
    Ok(said["version"].as_str().unwrap_or_default().to_owned())
}
