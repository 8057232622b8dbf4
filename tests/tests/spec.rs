//! The specification: every page in `spec/`, run unoptimised and optimised, and checked by the oracle.
//!
//! Headings that do not hold yet are listed in `spec/later.txt` (page and heading, separated by `#`); one of it that
//! begins to hold must be taken off the list.
//!
//! `BLESS=1 cargo test --test spec` rewrites the errors as they are rendered; values are never rewritten.

use kukri_tests::oracle::{Answer, Oracle, Rules};
use kukri_tests::page::{self, Draft, Program, Test, comparable};
use kukri_tests::program::{self, Fixed, Found, Outcome};
use libtest_mimic::{Arguments, Failed, Trial};
use std::ops::Range;
use std::sync::Arc;

/// The specification promises at least so many checked values.
const LEAST: usize = 400;

fn main() {
    let arguments = Arguments::from_args();
    let oracle = Arc::new(Oracle::default());
    let later = std::fs::read_to_string(kukri_tests::folder().join("spec/later.txt")).expect("the list is there");
    let later: Vec<String> = later.lines().map(str::to_owned).collect();
    let mut trials = Vec::new();
    let (mut examples, mut skipped) = (0, 0);
    for path in kukri_tests::files(&kukri_tests::folder().join("spec"), "md") {
        let name = path.strip_prefix(kukri_tests::folder()).expect("the page is in the folder").display().to_string();
        let text = std::fs::read_to_string(&path).expect("a page that was listed can be read");
        match page::parse(&text) {
            Ok(tests) => {
                let page = Arc::new(Draft::new(path, text));
                for test in tests {
                    let count: usize = test.programs.iter().map(|program| program.examples).sum();
                    examples += count;
                    skipped += if test.oracle == page::Oracle::Skip { count } else { 0 };
                    let (page, oracle) = (Arc::clone(&page), Arc::clone(&oracle));
                    let later = later.contains(&format!("{name}#{}", test.name));
                    let name = format!("{name}:{} {}", test.line, test.name);
                    trials.push(Trial::test(name, move || match (check(&test, &page, &oracle), later) {
                        (Ok(()), false) | (Err(_), true) => Ok(()),
                        (Ok(()), true) => Err(Failed::from("it holds: take it off `spec/later.txt`")),
                        (Err(why), false) => Err(Failed::from(why)),
                    }));
                }
            }
            Err(error) => trials.push(Trial::test(name, move || Err(Failed::from(error)))),
        }
    }
    trials.push(Trial::test("there is a specification", move || {
        if examples < LEAST { Err(Failed::from(format!("only {examples} values are checked"))) } else { Ok(()) }
    }));
    if !arguments.list {
        println!("{examples} checked values, {skipped} of them not by the oracle");
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn check(test: &Test, page: &Draft, oracle: &Oracle) -> Result<(), String> {
    for program in &test.programs {
        let source = || numbered(&program.files["main.py"]);
        if test.oracle != page::Oracle::Skip && !program.is_refused() {
            let rules = Rules { numba: test.oracle == page::Oracle::Full, int64: false };
            let answer = oracle.ask(&program.files, rules)?;
            compare("CPython", program, &answer).map_err(|error| format!("{error}\n{}", source()))?;
        }
        for optimise in [false, true] {
            let outcome = program::run(&program.files, optimise);
            let who = if optimise { "Kukri, optimised," } else { "Kukri, unoptimised," };
            if let Some((range, rendered)) = &test.rendered {
                check_rendered(page, range, rendered, &outcome.rendered)?;
            }
            check_outcome(who, program, &outcome).map_err(|error| format!("{error}\n{}", source()))?;
            check_fixes(program, &outcome)?;
            // What is refused is not optimised.
            if program.is_refused() {
                break;
            }
        }
    }
    Ok(())
}

fn check_outcome(who: &str, program: &Program, outcome: &Outcome) -> Result<(), String> {
    for expected in &program.reports {
        let fits = outcome.reports.iter().any(|found| {
            (found.line, found.error, found.name.as_str()) == (expected.line, expected.error, expected.name.as_str())
                && found.message.contains(&expected.part)
        });
        if !fits {
            return Err(format!("{who} does not report {expected:?}; it reports\n{}", outcome.rendered));
        }
    }
    let errors = outcome.reports.iter().filter(|found| found.error).count();
    let expected = program.reports.iter().filter(|report| report.error).count();
    if program.refused && errors == 0 {
        return Err(format!("{who} does not refuse it"));
    }
    // Without comments the rendered errors say how many there are.
    if errors != expected && !(program.refused && expected == 0) {
        return Err(format!("{who} reports {errors} errors, not {expected}:\n{}", outcome.rendered));
    }
    for reveal in &program.reveals {
        if !outcome.reveals.contains(reveal) {
            return Err(format!("{who} reveals not {reveal:?} but {:?}", outcome.reveals));
        }
    }
    if program.is_refused() {
        return Ok(());
    }
    let answer = Answer { stdout: outcome.stdout.clone(), traceback: outcome.traceback.clone() };
    compare(who, program, &answer)
}

/// How many fixes one after the other may be needed until a program parses.
const FIXES: usize = 5;

/// Applies each fix: the program it makes has the error no more. If fixes are all that it needs to parse, it parses.
fn check_fixes(program: &Program, outcome: &Outcome) -> Result<(), String> {
    for fix in &outcome.fixes {
        let mut files = program.files.clone();
        let mut fixed = fix.clone();
        let all = outcome.reports.iter().filter(|found| found.syntax).count();
        let mendable = outcome.fixes.len() >= all;
        for round in 0.. {
            files.insert(fixed.file.clone(), fixed.text.clone());
            let after = program::check(&files);
            let wrong = |why: &str| {
                let Fixed { message, text, .. } = &fixed;
                Err(format!("the fix of `{message}` makes\n{text}\nwhich {why}:\n{}", after.rendered))
            };
            let stays = |found: &Found| found.message == fixed.message && (found.line, found.column) == fixed.place;
            if after.reports.iter().any(stays) {
                return wrong("still has it");
            }
            if !mendable || !after.reports.iter().any(|found| found.syntax) {
                break;
            }
            match after.fixes.first() {
                Some(next) if round < FIXES => fixed = next.clone(),
                _ => return wrong("does not parse"),
            }
        }
    }
    Ok(())
}

fn compare(who: &str, program: &Program, answer: &Answer) -> Result<(), String> {
    let expected = comparable(&program.traceback, &program.traceback);
    let found = comparable(&answer.traceback, &program.traceback);
    if program.stdout == answer.stdout && expected == found {
        return Ok(());
    }
    let lines = program.stdout.lines().zip(answer.stdout.lines());
    let first = lines.take_while(|(expected, found)| expected == found).count() + 1;
    Err(format!(
        "{who} prints\n{}{}\nand the page says\n{}{}\n(the first other line is {first})",
        answer.stdout, answer.traceback, program.stdout, program.traceback
    ))
}

fn check_rendered(page: &Draft, range: &Range<usize>, expected: &str, found: &str) -> Result<(), String> {
    if expected.trim_end() == found.trim_end() {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_none() {
        return Err(format!("rendered:\n{found}\nand the page says\n{expected}\n(BLESS=1 rewrites it)"));
    }
    page.bless(range, found)
}

fn numbered(text: &str) -> String {
    text.lines().enumerate().map(|(at, line)| format!("{:4} {line}\n", at + 1)).collect()
}
