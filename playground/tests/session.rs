//! What the compiler's worker answers, without a browser.

use kukri_playground::protocol::{
    Answer, Argument, Line, Making, Program, Purpose, Question, Report, SourceFile, Value, View,
};
use kukri_playground::session::Session;

const MAKING: Making = Making { optimised: true, checked: true, memory: 64 };

fn program(text: &str) -> Program {
    Program { files: vec![SourceFile { name: "main.py".into(), text: text.into() }], main: 0 }
}

fn answer(question: Question) -> (Answer, Option<Vec<u8>>) {
    // As it is sent.
    let text = serde_json::to_string(&question).expect("a question");
    Session::default().answer(serde_json::from_str(&text).expect("the same question"))
}

fn report(text: &str) -> Report {
    let (Answer::Checked(report), None) = answer(Question::Check(program(text))) else { panic!("a report") };
    report
}

fn lines(text: &str, view: View) -> Vec<Line> {
    let (Answer::Lines(lines), None) = answer(Question::Inside(program(text), view)) else { panic!("lines") };
    lines
}

fn expression(text: &str) -> Argument {
    Argument { name: None, value: Value::Expression(text.into()) }
}

fn call(text: &str, function: &str, arguments: Vec<Argument>) -> (Answer, Option<Vec<u8>>) {
    answer(Question::Compile(program(text), Purpose::Call { function: function.into(), arguments }, MAKING))
}

#[test]
fn a_report_has_problems_with_places_as_editors_count() {
    let report = report("x = '😀'; y = x + 1\n");
    assert_eq!(report.problems.len(), 1);
    let place = report.problems[0].place().expect("a place");
    assert_eq!((place.start.utf16, place.end.utf16, place.file.as_str()), (14, 19, "main.py"));
    assert_eq!(report.facts, None);
}

#[test]
fn a_report_has_types_and_what_can_be_called() {
    let facts = report("s = '😀'\ndef f(x, n=2):\n    return x * n\nprint(f(1.5), s)\n").facts.expect("it is right");
    assert_eq!(facts.hints, [(16, ": float".into()), (19, ": int".into()), (22, " -> float".into())].map(|hint| hint));
    assert_eq!(facts.callables[0].name, "f");
    assert_eq!(facts.callables[0].params[1].default.as_deref(), Some("2"));
}

#[test]
fn completion_works_in_text_that_makes_no_sense() {
    let complete = |text: &str| {
        let at = text.find('$').expect("a cursor") as u32;
        let question = Question::Complete(program(&text.replace('$', "")), at);
        let (Answer::Completions(from, items), None) = answer(question) else { panic!("completions") };
        (from, items.into_iter().map(|item| item.label).collect::<Vec<_>>())
    };
    let has = |found: &(u32, Vec<String>), wanted: &str| found.1.iter().any(|label| label == wanted);
    let found = complete("import numpy as np\nx = np.lin$\n");
    assert_eq!(found.0, 26);
    assert!(has(&found, "linspace"));
    assert!(has(&complete("words = ['a']\nif words.$\n"), "append"));
    assert!(has(&complete("alpha = 1\nprint(al$\n"), "alpha"));
    assert!(has(&complete("def f(beta):\n    x = (be$\n    return x\nf(1)\n"), "beta"));
}

#[test]
fn a_call_is_compiled_with_its_arguments() {
    let (found, module) = call("def f(x):\n    return x + x", "f", vec![expression("np.arange(3.0)  # three")]);
    assert_eq!(found, Answer::Compiled(Some("kukri_call".into())));
    assert!(module.is_some_and(|module| module.starts_with(b"\0asm")));
    let array = Argument { name: Some("x".into()), value: Value::Array("float64[:, ::1]".into()) };
    assert!(matches!(call("def f(x):\n    return x.sum()\n", "f", vec![array]).0, Answer::Compiled(_)));
}

#[test]
fn an_argument_that_is_wrong_is_named() {
    for wrong in ["1 +", "missing", "[1, 'a']", ")"] {
        let (Answer::Refused(problems, arguments), None) =
            call("def f(x: int, y: int) -> int:\n    return x + y\n", "f", vec![expression("1"), expression(wrong)])
        else {
            panic!("`{wrong}` is refused")
        };
        assert!(!problems.is_empty());
        if wrong != ")" {
            assert!(arguments.contains(&Some(1)), "`{wrong}`: {problems:?} {arguments:?}");
        }
    }
}

#[test]
fn each_stage_says_which_line_it_comes_from() {
    let text =
        "def f(n: int) -> int:\n    total = 0\n    for i in range(n):\n        total += i * 12345\n    return total\n";
    for view in [View::Hir, View::Ssa, View::Wat] {
        let lines = lines(text, view);
        let found = lines.iter().find(|line| line.text.contains("12345"));
        assert_eq!(found.and_then(|line| line.python), Some(4), "{view:?}: {lines:#?}");
    }
}

#[test]
fn the_optimiser_says_what_became_of_loops() {
    let text =
        "def f(n: int) -> int:\n    total = 0\n    for i in range(n):\n        total += i * 12345\n    return total\n";
    let (Answer::Loops(loops), None) = answer(Question::Inside(program(text), View::Loops)) else { panic!("loops") };
    let [note] = loops.as_slice() else { panic!("one loop: {loops:?}") };
    assert_eq!((note.severity.as_str(), note.place().expect("a place").start.line), ("note", 3));
    // The page shows what follows these words.
    assert!(note.message.starts_with("this loop "), "{note:?}");
    assert!(note.labels.iter().any(|label| label.text.contains("OverflowError") && label.start.line == 4), "{note:?}");
    assert!(note.help.iter().any(|help| help.starts_with("it was not vectorised, because ")), "{note:?}");
    let (Answer::Refused(problems, _), None) = answer(Question::Inside(program("x = y\n"), View::Loops)) else {
        panic!("no loops of what is wrong")
    };
    assert_eq!(problems.len(), 1);
}

#[test]
fn files_import_each_other() {
    let mut both = program("import helper\nprint(helper.f(2))\n");
    both.files.push(SourceFile { name: "helper.py".into(), text: "def f(x):\n    return 3 * x\n".into() });
    let (Answer::Checked(report), None) = answer(Question::Check(both.clone())) else { panic!("a report") };
    assert_eq!(report.problems, []);
    let (Answer::Definition(Some(target)), None) = answer(Question::Definition(both, 27)) else { panic!("a place") };
    assert_eq!((target.file.as_str(), target.from), ("helper.py", 4));
}

#[test]
fn pages_of_errors_are_there() {
    let (Answer::Page(page), None) = answer(Question::Explain("KU3001".into())) else { panic!("a page") };
    assert!(page.starts_with("# KU3001"));
}
