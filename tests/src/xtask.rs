//! `cargo xtask`: the workspace's tasks. In: a task's name. Out: exit status 0 where it went well.

use kukri_tests::oracle::Oracle;
use std::panic::catch_unwind;
use std::process::{Command, ExitCode, Stdio};

#[path = "xtask/bench.rs"]
mod bench;
#[path = "xtask/oracle.rs"]
mod oracle;
#[path = "xtask/playground.rs"]
mod playground;
#[path = "xtask/test.rs"]
mod test;
#[path = "xtask/wasm32.rs"]
mod wasm32;

// As the command has it: compiling makes many small objects.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
cargo xtask TASK

  test [NAME]                 installs what the tests need and runs them all (or those whose name contains NAME)
  random [--nests] [--count N] [--seed S]
                              random programs, or loop nests over arrays (12 a program), compared with CPython
  mutate [--count N] [--seed S] [--compare N]
                              mutated programs through the compiler: no panic, no invalid module, and one of N that
                              compile does the same unoptimised and optimised; failures are kept in target/mutants
  compare FILE…               runs programs through Kukri, unoptimised and optimised, and CPython
  bench [FILTER] [--rounds N] [--no-browser]
                              kernels in Kukri, in Numba and in Chromium: times, sizes; writes tests/bench/RESULTS.md
  wasm32                      builds the compiler for wasm32
  playground [--port N] [--build-only]
                              builds the playground with all that it needs, and serves it
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("test") => test::run(&arguments[1..]),
        Some("random") => number("--count", &arguments, 1000).and_then(|count| {
            let nests = arguments.iter().any(|argument| argument == "--nests");
            let generate = if nests { kukri_tests::random::nests } else { kukri_tests::random::program };
            kukri_tests::random::run(generate, count, number("--seed", &arguments, 0)?)
        }),
        Some("mutate") => number("--count", &arguments, 1_000_000).and_then(|count| {
            let (seed, compared) = (number("--seed", &arguments, 0)?, number("--compare", &arguments, 50)?);
            let keep = Some(kukri_tests::folder().join("../target/mutants"));
            println!("{}", kukri_tests::fuzz::run(kukri_tests::fuzz::Run { count, seed, compared, keep })?);
            Ok(())
        }),
        Some("compare") => compare(&arguments[1..]),
        Some("bench") => bench::run(&arguments[1..]),
        Some("wasm32") => wasm32::run(),
        Some("playground") => playground::run(&arguments[1..]),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Says for each program whether Kukri and CPython agree on it.
fn compare(paths: &[String]) -> Result<(), String> {
    let oracle = Oracle::default();
    let mut others = 0;
    for path in paths {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let compared = catch_unwind(|| kukri_tests::random::difference(&oracle, &text));
        let words = match compared {
            Ok(difference) => match difference? {
                None => "agree".to_owned(),
                Some(difference) => difference.text,
            },
            Err(_) => "panicked".to_owned(),
        };
        others += usize::from(words != "agree");
        println!("{path}: {words}");
    }
    if others == 0 { Ok(()) } else { Err(format!("{others} of {} programs differ", paths.len())) }
}

/// The number after the option `name`.
fn number(name: &str, arguments: &[String], default: u64) -> Result<u64, String> {
    let Some(at) = arguments.iter().position(|argument| argument == name) else { return Ok(default) };
    let text = arguments.get(at + 1).map_or("", String::as_str);
    text.replace('_', "").parse().map_err(|_| format!("{name} wants a number, not `{text}`"))
}

/// Says what is run, and runs it.
fn run(command: &mut Command) -> Result<(), String> {
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    let line = format!("{} {}", command.get_program().to_string_lossy(), words.join(" "));
    eprintln!("> {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed: {status}")),
        Err(error) => Err(format!("`{line}` did not start: {error}")),
    }
}

/// Whether a command is there and goes well.
fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
