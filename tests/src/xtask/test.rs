//! Runs every test of the workspace and counts them: a part that ran nothing fails.

use crate::{oracle, playground};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Command;
use std::time::Instant;

/// What has to have run: a part of the name of a test binary, and what it is.
const PARTS: [(&str, &str); 15] = [
    ("kukri_compiler", "compiler, unit tests"),
    ("runtime", "library and command"),
    ("memory", "memory after many calls"),
    ("Doc-tests", "examples in the documentation"),
    ("spec", "specification"),
    ("errors", "pages of the errors"),
    ("probes", "probes"),
    ("programs", "programs"),
    ("codegen", "code generation"),
    ("bench", "kernels that are measured"),
    ("random", "random programs"),
    ("fuzz", "mutated programs"),
    ("js", "modules in JavaScript"),
    ("licences", "licences"),
    ("playground", "playground in two browsers"),
];

/// Counts of one test binary.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

/// `cargo xtask test`.
///
/// # Errors
/// Where a test fails, or a part ran nothing.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let started = Instant::now();
    oracle::install()?;
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "playground") {
        playground::install_browsers()?;
        playground::build()?;
    }
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--workspace", "--no-fail-fast"]).args(arguments);
    let (reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    command.stdout(writer.try_clone().map_err(|error| error.to_string())?).stderr(writer);
    eprintln!("> cargo test --workspace --no-fail-fast {}", arguments.join(" "));
    let mut child = command.spawn().map_err(|error| format!("cargo did not start: {error}"))?;
    // The command holds the other end of the pipe, which would never end.
    drop(command);
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut part = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = line.map_err(|error| error.to_string())?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        let line = line.trim();
        if line.starts_with("Running ") || line.starts_with("Doc-tests ") {
            line.clone_into(&mut part);
        } else if line.starts_with("test result: ") {
            let count = counts.entry(part.clone()).or_default();
            count.passed += before(line, " passed");
            count.failed += before(line, " failed");
        }
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    println!("\nTotals");
    let mut idle = Vec::new();
    for (name, what) in PARTS {
        let of_part = counts.iter().filter(|(part, _)| binary(part).contains(name)).map(|(_, count)| *count);
        let sum =
            of_part.fold(Count::default(), |a, b| Count { passed: a.passed + b.passed, failed: a.failed + b.failed });
        println!("  {what:32} {:5} passed {:5} failed", sum.passed, sum.failed);
        if sum.passed + sum.failed == 0 {
            idle.push(what);
        }
    }
    let all = counts.values().fold((0, 0), |(passed, failed), count| (passed + count.passed, failed + count.failed));
    println!("  {:32} {:5} passed {:5} failed, {} s", "all", all.0, all.1, started.elapsed().as_secs());
    if !status.success() || all.1 > 0 {
        return Err("some tests failed".to_owned());
    }
    if arguments.is_empty() && !idle.is_empty() {
        return Err(format!("ran nothing: {}", idle.join(", ")));
    }
    Ok(())
}

/// The name of the test binary in a line of cargo's: the file name in `Running tests/spec.rs (target/…/spec-0f…)`.
fn binary(part: &str) -> &str {
    part.rsplit(['/', '\\']).next().unwrap_or(part)
}

/// The number that stands before `word`.
fn before(line: &str, word: &str) -> u64 {
    let number = line.split(word).next().and_then(|left| left.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_default()
}
