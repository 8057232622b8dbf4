//! Compares random programs with CPython. In: a number of programs and a seed. Out: the smallest that differs.

mod array;
mod choices;
mod container;
mod generate;
mod nest;
mod types;
mod value;

use crate::oracle::{Oracle, Rules};
use crate::program;
pub use choices::{Choices, next_random, shrink};
pub use generate::program;
pub use nest::nests;
use std::collections::BTreeMap;

/// Evaluations that shrinking one program may take.
const SHRINKING: usize = 200;

/// What makes a program of choices.
pub type Generator = fn(&mut Choices) -> String;

/// Compares `count` programs made from `seed`; prints how it goes.
///
/// # Errors
/// The smallest program that differs, and how.
pub fn run(generate: Generator, count: u64, seed: u64) -> Result<(), String> {
    let oracle = Oracle::default();
    let mut failures = Vec::new();
    for number in 0..count {
        let mut choices = Choices::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let text = generate(&mut choices);
        if difference(&oracle, &text)?.is_some() {
            failures.push(report(generate, &oracle, choices.made(), seed, number)?);
            eprintln!("{}", failures[failures.len() - 1]);
        }
        if number % 100 == 99 {
            eprintln!("{} programs, {} differ", number + 1, failures.len());
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(format!("{} of {count} programs differ", failures.len())) }
}

/// Makes a program that differs smaller, and says how it differs.
fn report(generate: Generator, oracle: &Oracle, made: &[u64], seed: u64, number: u64) -> Result<String, String> {
    let mut kind = None;
    let small = shrink(made, SHRINKING, |made| {
        let text = generate(&mut Choices::replay(made.to_vec()));
        let Ok(Some(found)) = difference(oracle, &text) else { return false };
        // What was found first must stay: a compile error is not made of a wrong number.
        *kind.get_or_insert(found.refused) == found.refused
    });
    let text = generate(&mut Choices::replay(small));
    let found = difference(oracle, &text)?;
    let how = found.map_or_else(|| "it does not differ when run again".to_owned(), |found| found.text);
    Ok(format!("program {number} of seed {seed}, made smaller:\n\n{text}\n{how}"))
}

/// How an answer differs from CPython's.
pub struct Difference {
    /// The compiler refused it.
    pub refused: bool,
    /// In words.
    pub text: String,
}

/// Runs a program both ways through Kukri and through CPython.
///
/// # Errors
/// Where the oracle cannot be asked.
pub fn difference(oracle: &Oracle, text: &str) -> Result<Option<Difference>, String> {
    let files = BTreeMap::from([("main.py".to_owned(), text.to_owned())]);
    let expected = oracle.ask(&files, Rules { numba: true, int64: true })?;
    for optimise in [false, true] {
        let outcome = program::run(&files, optimise);
        let mode = if optimise { "optimised" } else { "unoptimised" };
        if !outcome.errors().is_empty() {
            let text = format!("refused\n{}", outcome.rendered);
            return Ok(Some(Difference { refused: true, text }));
        }
        if outcome.stdout != expected.stdout || ending(&outcome.traceback) != ending(&expected.traceback) {
            let text = format!(
                "{mode}, Kukri prints\n{}{}\nCPython prints\n{}{}\n",
                outcome.stdout, outcome.traceback, expected.stdout, expected.traceback
            );
            return Ok(Some(Difference { refused: false, text }));
        }
    }
    Ok(None)
}

/// The last line of a traceback; of an overflow only its type, as the 64-bit int is Kukri's own.
fn ending(traceback: &str) -> &str {
    let last = traceback.trim_end().lines().last().unwrap_or_default();
    if last.starts_with("OverflowError") { "OverflowError" } else { last }
}
