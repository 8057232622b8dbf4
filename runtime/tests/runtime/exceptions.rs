//! Python exceptions that leave a kernel.

use crate::{Paper, compiled, kernel, message, with};
use kukri::{Engine, Error, Exception, Settings, Stream, Value};
use std::fs;

fn raised<T: std::fmt::Debug>(result: Result<T, Error>) -> Exception {
    match result {
        Err(Error::Exception(exception)) => exception,
        other => panic!("{other:?}"),
    }
}

const SOURCE: &str = "
class Refused(ValueError):
    pass

class VeryRefused(Refused):
    pass

def inner(x: int) -> int:
    return 10 // x

def outer(x: int) -> int:
    return inner(x) + 1

def custom(n: int) -> None:
    if n == 0:
        raise Refused('no')
    raise VeryRefused

def chained() -> None:
    try:
        inner(0)
    except ZeroDivisionError as error:
        raise RuntimeError('because') from error

def during() -> None:
    try:
        inner(0)
    except ZeroDivisionError:
        raise KeyError('x')

def hidden() -> None:
    try:
        inner(0)
    except ZeroDivisionError:
        raise ValueError('alone') from None

def leave(status: int) -> None:
    raise SystemExit(status)
";

#[test]
fn class_message_and_frames() {
    let kernel = kernel(SOURCE);
    let exception = raised(kernel.call::<i64>("outer", (0,)));
    assert_eq!(exception.class, "ZeroDivisionError");
    assert_eq!(exception.message, "integer division or modulo by zero");
    assert_eq!(exception.bases, ["ArithmeticError", "Exception", "BaseException"]);
    assert!(exception.is("ArithmeticError") && exception.is("ZeroDivisionError") && !exception.is("ValueError"));
    let frames: Vec<_> = exception.frames.iter().map(|frame| (frame.function.as_str(), frame.line)).collect();
    assert_eq!(frames, [("outer", 12), ("inner", 9)]);
    let last = &exception.frames[1];
    assert_eq!((last.column, last.end_line, last.end_column), (12, 9, 19));
    assert_eq!((last.text.as_str(), last.file.as_str()), ("    return 10 // x", "<kernel>"));
    assert_eq!(
        exception.to_string(),
        "Traceback (most recent call last):\n  File \"<kernel>\", line 12, in outer\n    return inner(x) + 1\n           \
         ^^^^^^^^\n  File \"<kernel>\", line 9, in inner\n    return 10 // x\n           ~~~^^~~\n\
         ZeroDivisionError: integer division or modulo by zero\n"
    );
    // The kernel goes on.
    assert_eq!(kernel.call::<i64>("outer", (5,)).expect("an int"), 3);
}

#[test]
fn classes_of_the_program() {
    let kernel = kernel(SOURCE);
    let exception = raised(kernel.call::<()>("custom", (0,)));
    assert_eq!((exception.class.as_str(), exception.message.as_str()), ("Refused", "no"));
    assert_eq!(exception.bases, ["ValueError", "Exception", "BaseException"]);
    let exception = raised(kernel.call::<()>("custom", (1,)));
    assert_eq!((exception.class.as_str(), exception.message.as_str()), ("VeryRefused", ""));
    assert!(exception.is("Refused") && exception.is("ValueError"));
    assert!(exception.to_string().ends_with("\nVeryRefused\n"));
}

#[test]
fn chains() {
    let kernel = kernel(SOURCE);
    let exception = raised(kernel.call::<()>("chained", ()));
    let cause = exception.cause.as_deref().expect("a cause");
    assert_eq!((exception.message.as_str(), cause.class.as_str()), ("because", "ZeroDivisionError"));
    let text = exception.to_string();
    assert!(text.contains("\nThe above exception was the direct cause of the following exception:\n"), "{text}");
    let exception = raised(kernel.call::<()>("during", ()));
    assert!(exception.cause.is_none());
    assert_eq!(exception.context.as_deref().expect("a context").class, "ZeroDivisionError");
    assert_eq!(exception.message, "'x'");
    let text = exception.to_string();
    assert!(text.contains("\nDuring handling of the above exception, another exception occurred:\n"), "{text}");
    let exception = raised(kernel.call::<()>("hidden", ()));
    assert!(exception.cause.is_none() && exception.context.is_none());
}

#[test]
fn system_exit_is_an_exception_for_a_host() {
    let exception = raised(kernel(SOURCE).call::<()>("leave", (3,)));
    assert_eq!((exception.class.as_str(), exception.message.as_str()), ("SystemExit", "3"));
    assert!(!exception.is("Exception"));
}

#[test]
fn the_module_level_may_raise() {
    let kernel = kernel("def f() -> int:\n    return 1\n\nprint(1 // (f() - 1))\n");
    let exception = raised(kernel.call::<i64>("f", ()));
    assert_eq!(exception.frames[0].function, "<module>");
    assert_eq!(raised(kernel.run()).class, "ZeroDivisionError");
    // Each call tries again.
    assert_eq!(raised(kernel.call::<i64>("f", ())).frames[0].line, 4);
}

#[test]
fn deep_tracebacks_are_short_to_read() {
    let source = "
def down(n: int) -> int:
    if n == 0:
        raise ValueError('bottom')
    return down(n - 1)
";
    let exception = raised(kernel(source).call::<i64>("down", (500,)));
    assert_eq!(exception.frames.len(), 501);
    let text = exception.to_string();
    assert!(text.contains("[Previous line repeated 497 more times]"), "{text}");
}

#[test]
fn frames_name_the_files_they_are_in() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("helper.py"), "def check(x):\n    assert x > 0, 'small'\n    return x\n")
        .expect("written");
    let main = folder.path().join("main.py");
    fs::write(&main, "import helper\n\ndef f(x: int) -> int:\n    return helper.check(x)\n").expect("written");
    let kernel = Engine::new().expect("an engine").compile_file(&main).expect("it compiles");
    let exception = raised(kernel.call::<i64>("f", (0,)));
    assert_eq!(exception.to_string().lines().last(), Some("AssertionError: small"));
    let files: Vec<_> = exception.frames.iter().map(|frame| frame.file.clone()).collect();
    assert!(files[0].ends_with("main.py") && files[1].ends_with("helper.py"), "{files:?}");
    assert_eq!(exception.frames[1].text, "    assert x > 0, 'small'");
}

#[test]
fn errors_show_as_python_does_and_in_one_line_for_the_rest() {
    let text = message(kernel(SOURCE).call::<i64>("inner", (0,)));
    assert!(text.starts_with("Traceback (most recent call last):\n"));
    assert!(!text.ends_with('\n'));
    let error = Engine::new().expect("an engine").compile("x = 1 +\n").err().expect("an error");
    let Error::Compile(report) = &error else { panic!("{error}") };
    assert!(report.text.contains("error[KU1001 invalid-syntax]") && report.json.contains("\"KU1001\""));
    assert!(report.coloured.contains('\u{1b}') && !report.text.contains('\u{1b}'));
    assert!(error.to_string().starts_with("error[KU1001"));
}

#[test]
fn prints_and_input_go_through_the_console() {
    let paper = Paper::new(&["Ada\n", "rest"]);
    let settings =
        Settings { console: paper.clone(), arguments: vec!["prog".into(), "é".into()], ..Settings::default() };
    let source = "
import sys
def f() -> list[str]:
    name = input('name? ')
    print('hello', name, file=sys.stderr)
    return [name, sys.stdin.read(), sys.stdin.readline()]
def arguments() -> list[str]:
    sys.argv.append('kept')
    return sys.argv
print('ready')
";
    let kernel = with(settings, source);
    assert_eq!(paper.text(Stream::Out), "");
    assert_eq!(kernel.call::<Vec<String>>("f", ()).expect("a list"), ["Ada", "rest", ""]);
    assert_eq!(paper.text(Stream::Out), "ready\nname? ");
    assert_eq!(paper.text(Stream::Err), "hello Ada\n");
    assert_eq!(
        raised(kernel.call::<Vec<String>>("f", ())).to_string().lines().last(),
        Some("EOFError: EOF when reading a line")
    );
    assert_eq!(kernel.call::<Vec<String>>("arguments", ()).expect("a list"), ["prog", "é", "kept"]);
    assert_eq!(kernel.call::<Vec<String>>("arguments", ()).expect("a list"), ["prog", "é", "kept", "kept"]);
    // A program without a name has an empty one, as in Python.
    let kernel = compiled(&Engine::new().expect("an engine"), source);
    assert_eq!(
        kernel.call_values("arguments", &[]).expect("a list"),
        Value::List(vec!["".into_value(), "kept".into_value()])
    );
}

trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::Str(self.to_owned())
    }
}
