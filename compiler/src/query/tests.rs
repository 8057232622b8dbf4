//! What editors are told of small programs; `$` marks the cursor.

use super::{Kind, callables, definition, hints, hover, instances, members, names};
use crate::{Checked, Input, check};

fn checked(text: &str) -> Checked {
    let mut modules = |name: &str| {
        (name == "helper").then(|| ("helper.py".to_owned(), "def twice(x):\n    return 2 * x\n".to_owned()))
    };
    match check(Input { path: "a.py", text, modules: &mut modules }, &crate::infer::Request::default()) {
        Ok(checked) => checked,
        Err(failure) => panic!("{:?}", failure.diagnostics),
    }
}

fn cursor(text: &str) -> (Checked, u32) {
    let at = text.find('$').expect("a cursor");
    (checked(&text.replace('$', "")), at as u32)
}

fn hovered(text: &str) -> Vec<String> {
    let (checked, at) = cursor(text);
    hover(&checked, at).map(|hover| hover.lines).unwrap_or_default()
}

fn defined(text: &str) -> String {
    let (checked, at) = cursor(text);
    let Some(span) = definition(&checked, at) else { return String::new() };
    let file = checked.sources.file_of(span);
    let line = checked.sources.position(file, span.start).line;
    format!("{}:{line} {}", checked.sources.file(file).path, checked.sources.text(span))
}

const PROGRAM: &str = "\
import numpy as np
import helper
def mean(xs, scale=1.0):
    \"\"\"The mean.\"\"\"
    total = 0.0
    for x in xs:
        total += x * scale
    return total / len(xs)
values = np.linspace(0, 1, 5)
print(mean(values), mean([1, 2]), helper.twice(3))
";

fn at(pattern: &str) -> String {
    let place = pattern.replace('$', "");
    assert_eq!(PROGRAM.matches(&place).count(), 1, "{place} is there once");
    PROGRAM.replace(&place, pattern)
}

#[test]
fn hovers_say_types_of_every_instance() {
    assert_eq!(hovered(&at("mean(va$lues)")), ["values: float64[::1]"]);
    assert_eq!(hovered(&at("va$lues = ")), ["values: float64[::1]"]);
    let both =
        ["def mean(xs: float64[::1], scale: float) -> np.float64", "def mean(xs: list[int], scale: float) -> float"];
    assert_eq!(hovered(&at("def me$an")), both);
    assert_eq!(hovered(&at("me$an([1")), both);
    assert_eq!(hovered(&at("return to$tal")).len(), 2);
    assert_eq!(hovered(&at("np.lin$space"))[0][..20], *"def numpy.linspace(s");
    assert_eq!(hovered(&at("0.0$")), ["float"]);
    assert_eq!(hovered("x = [1]\nx.app$end(2)\n"), ["list[int].append(value)"]);
    assert_eq!(hovered("x = 3  # no$thing\n"), Vec::<String>::new());
}

#[test]
fn definitions_are_found_across_scopes_and_files() {
    assert_eq!(defined(&at("mean(va$lues)")), "a.py:9 values");
    assert_eq!(defined(&at("me$an([1")), "a.py:3 mean");
    assert_eq!(defined(&at("x * sc$ale")), "a.py:3 scale");
    assert_eq!(defined(&at("total += $x")), "a.py:6 x");
    assert_eq!(defined(&at("n$p.linspace")), "a.py:1 np");
    assert_eq!(defined(&at("helper.tw$ice")), "helper.py:1 twice");
    assert_eq!(
        defined("def f():\n    a = 1\n    def g():\n        return $a\n    return g()\nprint(f())\n"),
        "a.py:2 a"
    );
    assert_eq!(defined("pri$nt(1)\n"), "");
}

#[test]
fn hints_stand_where_no_type_is_written() {
    let text = "def f(x, n: int):\n    y = x * n\n    k = 3\n    return y\nz = f(2.0, 3)\nprint(z)\n";
    let checked = checked(text);
    let mut shown = text.to_owned();
    for hint in hints(&checked).into_iter().rev() {
        shown.insert_str(hint.at as usize, &hint.text);
    }
    let expected = "def f(x: float, n: int) -> float:\n    y: float = x * n\n    k = 3\n    return y\nz: float = f(2.0, 3)\nprint(z)\n";
    assert_eq!(shown, expected);
}

#[test]
fn several_instances_are_listed() {
    let found = instances(&checked(PROGRAM));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].lines.len(), 2);
}

#[test]
fn functions_can_be_called() {
    let found = callables(&checked(PROGRAM));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].name.as_str(), found[0].about.as_deref()), ("mean", Some("The mean.")));
    assert_eq!(found[0].params[1].default.as_deref(), Some("1.0"));
    assert_eq!(found[0].params[1].ty.as_deref(), Some("float"));
    assert_eq!(found[0].params[0].ty, None);
}

#[test]
fn names_and_members_complete() {
    let (program, place) =
        cursor("import math\ndef f(alpha):\n    beta = alpha\n    return be$ta\nprint(f(1), math.pi)\n");
    let found = names(&program, place);
    let of = |name: &str| found.iter().find(|one| one.name == name).map(|one| (one.kind, one.detail.as_str()));
    assert_eq!(of("beta"), Some((Kind::Variable, "int")));
    assert_eq!(of("alpha"), Some((Kind::Variable, "int")));
    assert_eq!(of("f"), Some((Kind::Function, "def f(alpha: int) -> int")));
    assert_eq!(of("math"), Some((Kind::Module, "math")));
    assert!(of("range").is_some() && of("while").is_some() && of("ValueError").is_some());

    let behind = |text: &str| {
        let (program, place) = cursor(text);
        members(&program, place).into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    let has = |names: &[String], wanted: &[&str]| wanted.iter().all(|name| names.iter().any(|one| one == name));
    assert!(has(&behind("import numpy as np\nnp$\nx = np.ones(3)\n"), &["linspace", "float32", "pi", "random"]));
    let array = behind("import numpy as np\nx = np.ones(3)\nx$\n");
    assert!(has(&array, &["sum", "shape", "T"]), "{array:?}");
    assert!(!has(&array, &["drop"]) && !has(&array, &["allocate"]), "{array:?}");
    assert!(has(&behind("x = 'a'\nx$\n"), &["upper", "split"]));
    assert!(has(&behind("x = [[1]]\nx[0]$\n"), &["append"]));
    assert!(has(&behind("import math\nmath$\n"), &["sin", "tau"]));
}
