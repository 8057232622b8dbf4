//! Programs that nest deeply, or whose types grow without end: they are compiled or refused, soon, on a small stack.

use kukri_compiler::diagnostic::Code;
use kukri_compiler::{Input, Options, compile, opt};
use std::fmt::Write as _;
use std::thread;

/// The stack that a browser gives, in bytes; frames of an unoptimised build are several times as big.
const STACK: usize = if cfg!(debug_assertions) { 4 << 20 } else { 1 << 20 };

/// The codes of the errors, after compiling on a small stack; empty where there is a module.
fn codes(text: impl Into<String>) -> Vec<Code> {
    let text = text.into();
    let compile = move || {
        let mut found = Vec::new();
        for level in [opt::Level::None, opt::Level::Full] {
            let mut modules = |_: &str| None;
            let input = Input { path: "main.py", text: &text, modules: &mut modules };
            match compile(input, &Options { level, ..Options::default() }) {
                Ok(compiled) => {
                    let mut validator = wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all());
                    assert!(validator.validate_all(&compiled.artifact.wasm).is_ok(), "the module is valid");
                }
                Err(failure) => found = failure.diagnostics.iter().map(|diagnostic| diagnostic.code).collect(),
            }
        }
        found
    };
    let compiling = thread::Builder::new().stack_size(STACK).spawn(compile).expect("threads can be made");
    compiling.join().expect("the compiler does not panic")
}

/// A program of `count` lines, where each is indented by one more than the one before.
fn stairs(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        writeln!(text, "{:at$}{}", "", line(at)).expect("strings can be written to");
        text
    })
}

#[test]
fn deep_expressions_compile() {
    assert_eq!(codes(format!("x = {}1{}\nprint(x)\n", "(".repeat(190), ")".repeat(190))), []);
    assert_eq!(codes(format!("a = 1\nprint({})\n", ["a"; 190].join(" + "))), []);
    assert_eq!(codes(format!("a = 1\nprint({}a)\n", "-".repeat(190))), []);
    assert_eq!(codes(format!("def f(x):\n    return x\nprint({}1{})\n", "f(".repeat(150), ")".repeat(150))), []);
    assert_eq!(codes(format!("x = {}1{}\nprint(x)\n", "sum([".repeat(15), " for a in range(2)])".repeat(15))), []);
    let tests: String = (0..60).map(|at| format!("(1 if a > {at} else ")).collect();
    assert_eq!(codes(format!("def f(a: int):\n    return {tests}2{}\nprint(f(1))\n", ")".repeat(60))), []);
}

#[test]
fn deep_statements_compile() {
    let loops = stairs(90, |at| if at == 0 { "def f(x: int):".into() } else { format!("while x > {at}:") });
    assert_eq!(codes(format!("{loops}{:95}x = x - 1\nf(3)\n", "")), []);
    let tries = stairs(40, |at| if at == 0 { "def f(x: int):".into() } else { "try:".into() });
    let handlers: String =
        (1..40).rev().map(|at| format!("{:at$}except ValueError:\n{:at$}    x = {at}\n", "", "")).collect();
    assert_eq!(codes(format!("{tries}{:45}x = x // 0\n{handlers}f(3)\n", "")), []);
    let rest: String = (1..150).map(|at| format!("    elif x == {at}:\n        y = {at}\n")).collect();
    assert_eq!(codes(format!("def f(x: int):\n    if x == 0:\n        y = 0\n{rest}    print(y)\nf(3)\n")), []);
}

#[test]
fn chains_of_calls_compile_or_are_refused() {
    let chain = |count: usize, body: &str| {
        let functions: String =
            (0..count).map(|at| format!("def f{at}(x):\n{}", body.replace("NEXT", &format!("f{}", at + 1)))).collect();
        format!("{functions}def f{count}(x):\n    return x\nprint(f0(1))\n")
    };
    assert_eq!(codes(chain(50, "    return NEXT(x) + 1\n")), []);
    assert!(codes(chain(500, "    return NEXT(x) + 1\n")).contains(&Code::Limit));
    let body =
        "    for a in range(3):\n        if a > 1:\n            y = [NEXT(x) + b for b in [1, 2]][0]\n    return y\n";
    assert_eq!(codes(chain(10, body)), []);
    assert!(codes(chain(90, body)).contains(&Code::Limit));
}

#[test]
fn types_that_grow_are_refused() {
    let limited = |text: &str| {
        let found = codes(text);
        assert!(found.contains(&Code::Limit), "{text}{found:?}");
    };
    limited(&format!("x = (1, 2)\n{}", "x = (x, x)\n".repeat(60)));
    limited("def f(n: int, x):\n    if n == 0:\n        return 0\n    return f(n - 1, (x, x))\nprint(f(3, 1))\n");
    limited("def f(n: int, x):\n    if n == 0:\n        return 0\n    return f(n - 1, [x])\nprint(f(3, 1))\n");
    limited("def f(x):\n    return g([x])\ndef g(x):\n    return f((x, x))\nprint(f(1))\n");
}

#[test]
fn variables_of_two_types_in_a_loop_are_refused() {
    for growing in ["x = (x, x)", "x = [x]", "x = x + 'a'"] {
        let text =
            format!("def f():\n    x = (1, 2)\n    for i in range(3):\n        {growing}\n    return x\nprint(f())\n");
        assert_ne!(codes(text), [], "{growing}");
    }
    let text =
        "def f():\n    a, b, c = 1, 'x', [1]\n    for i in range(5):\n        a, b, c = b, c, a\n    return a\nf()\n";
    assert_ne!(codes(text), []);
}

#[test]
fn tests_of_what_is_never_bound_compile() {
    assert_eq!(codes("def f():\n    while (s := s + 1) < 5:\n        pass\n    s = 0\n    return s\nf()\n"), []);
    assert_ne!(codes("xs = [1]\nprint(xs[*0])\n"), []);
}

#[test]
fn a_sum_that_becomes_a_float_is_warned_of_once() {
    let text = "def f(v: list[float]) -> float:\n    s = 0\n    for x in v:\n        s = s + x\n    return s\nprint(f([1.0]))\n";
    let mut modules = |_: &str| None;
    let input = Input { path: "main.py", text, modules: &mut modules };
    let notes = compile(input, &Options::default()).expect("it compiles").notes;
    assert_eq!(notes.iter().map(|note| note.code).collect::<Vec<_>>(), [Code::IntBecomesFloat]);
}
