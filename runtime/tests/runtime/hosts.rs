//! Functions of the host that Python calls.

use crate::{compiled, message};
use kukri::{Engine, Error, Exception, Kernel, Value};
use ndarray::{Array1, Array2, array};
use num_complex::Complex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

fn engine() -> Engine {
    Engine::new().expect("an engine")
}

#[test]
fn every_type_passes_in_both_directions() {
    let mut engine = engine();
    engine
        .function("h_int", |x: i64| x + 1)
        .function("h_small", |x: u8| x)
        .function("h_float", |x: f64| x * 2.0)
        .function("h_single", |x: f32| x)
        .function("h_bool", |x: bool| !x)
        .function("h_complex", |x: Complex<f64>| x.conj())
        .function("h_str", |x: String| x.to_uppercase())
        .function("h_list", |x: Vec<i64>| x.into_iter().rev().collect::<Vec<_>>())
        .function("h_nested", |x: Vec<Vec<String>>| x.concat())
        .function("h_tuple", |x: (i64, String)| (x.1, x.0))
        .function("h_option", |x: Option<f64>| x.map(|x| x as i64))
        .function("h_array", |x: Array2<f64>| x.t().to_owned())
        .function("h_vector", |x: Array1<u8>| x.mapv(|x| x / 2))
        .function("h_none", || ())
        .function("h_six", |a: i64, b: i64, c: i64, d: i64, e: i64, f: f64| (a + b + c + d + e) as f64 + f);
    let source = "
import numpy as np
def main() -> None:
    assert h_int(41) == 42
    assert h_small(255) == 255
    assert h_float(1.25) == 2.5
    assert h_float(3) == 6.0
    assert h_single(np.float32(0.5)) == 0.5
    assert h_bool(False) is True
    assert h_complex(1 + 2j) == 1 - 2j
    assert h_str('é😀') == 'É😀'
    assert h_list([1, 2, 3]) == [3, 2, 1]
    assert h_list([]) == []
    assert h_nested([['a'], ['b', 'c']]) == ['a', 'b', 'c']
    assert h_tuple((1, 'x')) == ('x', 1)
    assert h_option(None) is None
    assert h_option(2.5) == 2
    a = h_array(np.array([[1.0, 2.0, 3.0]]))
    assert a.shape == (3, 1) and a[2, 0] == 3.0
    assert h_vector(np.array([10, 255], dtype=np.uint8))[1] == 127
    assert h_none() is None
    assert h_six(1, 2, 3, 4, 5, 0.5) == 15.5
";
    let kernel = compiled(&engine, source);
    // Twice: what the first call allocated is freed.
    for _ in 0..2 {
        kernel.call::<()>("main", ()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_placeholder_stands_in_the_file() {
    let mut engine = engine();
    engine.function("clock", || 12.5);
    let source = "
def clock() -> float: ...

def twice() -> float:
    return clock() * 2
";
    assert_eq!(compiled(&engine, source).call::<f64>("twice", ()).expect("a float"), 25.0);
    // A closure of the same name takes the place of the one before.
    engine.function("clock", || 1.0);
    assert_eq!(compiled(&engine, source).call::<f64>("twice", ()).expect("a float"), 2.0);
}

#[test]
fn wrong_calls_are_errors_of_the_compiler() {
    let mut engine = engine();
    engine.function("half", |x: i64| x / 2);
    for (source, code) in [
        ("def f() -> int:\n    return half('a')\n", "KU3001"),
        ("def f() -> int:\n    return half()\n", "KU3004"),
        ("def f() -> str:\n    return half(4) + 'a'\n", "KU3002"),
        ("def f() -> int:\n    return halve(4)\n", "KU2001"),
    ] {
        match engine.compile(source) {
            Err(Error::Compile(report)) => assert_eq!(report.codes, [code], "{}", report.text),
            Ok(_) => panic!("{source} compiles"),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn errors_are_raised_in_python() {
    let mut engine = engine();
    engine
        .function("fail", |text: String| if text.is_empty() { Ok(1) } else { Err(text) })
        .function("parse", |text: String| text.parse::<i64>())
        .function("find", |key: String| Err::<i64, _>(Exception::new("KeyError", key)))
        .function("boxed", || -> Result<String, Box<dyn std::error::Error>> {
            Err(Exception::new("PermissionError", "not you").into())
        })
        .function("odd", || Err::<(), _>(Exception::new("my.Error", "strange")));
    let source = "
def caught() -> list[str]:
    found = []
    for text in ['', 'bad', 'worse']:
        try:
            found.append(str(fail(text)))
        except RuntimeError as error:
            found.append(str(error))
    try:
        parse('x')
    except RuntimeError as error:
        found.append(str(error))
    try:
        find('k')
    except LookupError as error:
        found.append(str(error))
    try:
        boxed()
    except OSError as error:
        found.append(str(error))
    finally:
        found.append('finally')
    try:
        odd()
    except RuntimeError as error:
        found.append(repr(error))
    return found

def thrown(text: str) -> int:
    kept = [text] * 3
    return fail(text) + len(kept)
";
    let kernel = compiled(&engine, source);
    assert_eq!(
        kernel.call::<Vec<String>>("caught", ()).unwrap_or_else(|error| panic!("{error}")),
        [
            "1",
            "bad",
            "worse",
            "invalid digit found in string",
            "'k'",
            "not you",
            "finally",
            "RuntimeError('my.Error: strange')"
        ]
    );
    assert_eq!(kernel.call::<i64>("thrown", ("",)).expect("an int"), 4);
    let error = kernel.call::<i64>("thrown", ("oh",)).expect_err("it raises");
    let exception = error.exception().expect("an exception");
    assert_eq!((exception.class.as_str(), exception.message.as_str()), ("RuntimeError", "oh"));
    let frames: Vec<_> = exception.frames.iter().map(|frame| (frame.function.as_str(), frame.line)).collect();
    assert_eq!(frames, [("thrown", 31)]);
}

#[test]
fn values_out_of_range_are_python_errors() {
    let mut engine = engine();
    engine.function("narrow", |x: u8| x).function("wide", || u64::MAX);
    let source = "
def f(x: int) -> int:
    return narrow(x)
def g() -> int:
    return wide()
";
    let kernel = compiled(&engine, source);
    assert_eq!(kernel.call::<i64>("f", (255,)).expect("it fits"), 255);
    assert_eq!(
        message(kernel.call::<i64>("f", (-1,))).lines().last(),
        Some("OverflowError: narrow() was given -1, which does not fit a Rust `u8`")
    );
    assert!(message(kernel.call::<i64>("g", ())).contains("\nOverflowError: the result of wide() should be `int`"));
}

#[test]
fn a_panic_ends_the_call_alone() {
    let mut engine = engine();
    engine.function("explode", |x: i64| {
        assert!(x < 10, "x is {x}");
        x
    });
    let source = "
def f(x: int) -> int:
    try:
        return explode(x)
    except Exception:
        return -1
";
    let kernel = compiled(&engine, source);
    assert_eq!(kernel.call::<i64>("f", (3,)).expect("an int"), 3);
    let error = kernel.call::<i64>("f", (10,)).expect_err("it panics");
    assert!(matches!(error, Error::Host(_)));
    assert_eq!(error.to_string(), "the function `explode` of the host panicked: x is 10");
    assert_eq!(kernel.call::<i64>("f", (4,)).expect("an int"), 4);
}

#[test]
fn a_kernel_does_not_call_itself_through_the_host() {
    let own: Arc<OnceLock<Kernel>> = Arc::default();
    let mut engine = engine();
    let seen = own.clone();
    engine.function("again", move |n: i64| match seen.get() {
        Some(kernel) => kernel.call::<i64>("f", (n,)),
        None => Ok(0),
    });
    let source = "def f(n: int) -> int:\n    return again(n + 1)\n\ndef g() -> int:\n    return 7\n";
    let kernel = own.get_or_init(|| compiled(&engine, source));
    let text = message(kernel.call::<i64>("f", (0,)));
    assert!(text.contains("a function of the host calls `f` of the kernel that called it"), "{text}");
    assert_eq!(kernel.call::<i64>("g", ()).expect("it goes on"), 7);
}

#[test]
fn a_host_function_may_call_another_kernel() {
    let helper = compiled(&engine(), "def square(x: int) -> int:\n    assert x < 100, 'large'\n    return x * x\n");
    let mut engine = engine();
    engine.function("square", move |x: i64| helper.call::<i64>("square", (x,)));
    let source = "
def total(n: int) -> int:
    return sum(square(i) for i in range(n))
";
    let kernel = compiled(&engine, source);
    assert_eq!(kernel.call::<i64>("total", (5,)).expect("an int"), 30);
    // Its exceptions pass through.
    let text = message(kernel.call::<i64>("total", (200,)));
    assert_eq!(text.lines().last(), Some("AssertionError: large"));
}

#[test]
fn closures_keep_state_and_are_shared() {
    static CALLS: AtomicI64 = AtomicI64::new(0);
    let mut engine = engine();
    engine.function("count", || CALLS.fetch_add(1, Ordering::SeqCst));
    let source = "from numba import njit\n\n@njit\ndef f(n: int) -> int:\n    for _ in range(n):\n        count()\n    return count()\n";
    let kernel = compiled(&engine, source);
    assert_eq!(kernel.call::<i64>("f", (9,)).expect("an int"), 9);
    assert_eq!(CALLS.load(Ordering::SeqCst), 10);
}

#[test]
fn a_module_says_which_functions_it_needs() {
    let mut engine = engine();
    engine.function("price", |_: String| 1.5);
    let source = "def cost() -> float:\n    return price('tea')\n";
    let source = kukri::Source::of_text(source);
    let wasm =
        engine.build(&source, &[], &kukri_compiler::emit::Options::default()).expect("it compiles").artifact.wasm;
    assert_eq!(engine.load(&wasm).expect("it loads").call::<f64>("cost", ()).expect("a float"), 1.5);
    let text = message(Engine::new().expect("an engine").load(&wasm).map(|_| ()));
    assert_eq!(text, "the kernel calls `price`, which no `Engine::function` offers");
    let mut other = Engine::new().expect("an engine");
    other.function("price", |_: i64| 1.5);
    assert!(other.load(&wasm).is_err());
}

#[test]
fn arrays_are_copied_not_shared() {
    let mut engine = engine();
    engine.function("first", |a: Array1<f64>| a[0]);
    let source = "
import numpy as np
def f() -> float:
    a = np.arange(6.0).reshape(2, 3)
    return first(a[1]) + first(a[:, 2]) + first(a[::-1, 0])
";
    let kernel = compiled(&engine, source);
    assert_eq!(kernel.call::<f64>("f", ()).expect("a float"), 3.0 + 2.0 + 3.0);
    assert_eq!(kernel.call_values("f", &[]).expect("a float"), Value::Float(8.0));
    let _ = array![1.0];
}
