//! The page of each error shows a program that is wrong, which must give that error, and one that is right.

use kukri_compiler::Input;
use kukri_compiler::diagnostic::Code;
use kukri_compiler::infer::Request;
use kukri_tests::program;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;

fn main() {
    let arguments = Arguments::from_args();
    let trials = Code::ALL.iter().map(|code| {
        let name = format!("{} {}", code.number(), code.name());
        Trial::test(name, move || check(*code).map_err(Failed::from))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn check(code: Code) -> Result<(), String> {
    if code == Code::LoopNotes {
        return notes(code.page());
    }
    let (wrong, right) = (blocks(code.page(), "wrong"), blocks(code.page(), "right"));
    // What happens at run time or must never happen, and what is about a file's bytes or a request to export,
    // does not show in a text that is only checked.
    let compiles = ["KU9", "KU0001", "KU1018", "KU4"].iter().any(|number| code.number().starts_with(number));
    for text in &wrong {
        let outcome = compile(text);
        if !compiles && !outcome.reports.iter().any(|found| found.name == code.name()) && code != Code::RevealedType {
            return Err(format!("the wrong program does not give it:\n{text}\n{}", outcome.rendered));
        }
    }
    for text in &right {
        let errors = compile(text).errors();
        if !errors.is_empty() {
            return Err(format!("the right program is refused:\n{text}\n{}", errors.join("\n")));
        }
    }
    if compiles || !(wrong.is_empty() || right.is_empty()) {
        Ok(())
    } else {
        Err("the page shows no programs".to_owned())
    }
}

/// The slow program's loop makes checks, the fast one's does not.
fn notes(page: &str) -> Result<(), String> {
    for (kind, checks) in [("slow", true), ("fast", false)] {
        let text = blocks(page, kind).concat();
        let mut modules = |_: &str| None;
        let input = Input { path: "page.py", text: &text, modules: &mut modules };
        let Ok((_, notes)) = kukri_compiler::explain(input, &Request::default()) else {
            return Err(format!("the {kind} program is refused"));
        };
        let labels = notes.iter().flat_map(|note| &note.labels);
        let found = labels.filter(|label| label.text.contains("checked on every turn: IndexError")).count() > 0;
        if notes.is_empty() || found != checks {
            return Err(format!("the {kind} program: {notes:?}"));
        }
    }
    Ok(())
}

fn compile(text: &str) -> program::Outcome {
    program::check(&BTreeMap::from([("main.py".to_owned(), text.to_owned())]))
}

/// The blocks of ```` ```python KIND ````.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let start = format!("```python {kind}\n");
    page.split(start.as_str()).skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}
