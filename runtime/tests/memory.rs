//! What calls leave behind in their host, measured in a process of its own: other tests need memory too.

use kukri::{Engine, Value};
use ndarray::Array1;
use std::fs;

/// Bytes of memory that the process holds.
fn resident() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

#[test]
fn ten_thousand_calls_take_no_memory() {
    let source = "
import numpy as np
def texts(words: list[str], n: int) -> dict[str, list[str]]:
    found = {word: [word] * n for word in words}
    if n == 3:
        raise ValueError(words[0] * 2)
    return found
def arrays(a, b):
    return a, b[::2]
def wide(n: int) -> tuple[tuple[int, int, int, int], tuple[str, str]]:
    return (n, n, n, n), (str(n), 'x' * n)
";
    let kernel = Engine::new().and_then(|engine| engine.compile(source)).expect("it compiles");
    let words = vec!["one".to_owned(), "två".to_owned(), "日本".to_owned()];
    let array = Array1::from_iter((0..1000).map(f64::from));
    let round = |n: i64| {
        let result = kernel.call_values("texts", &[words_value(&words), Value::Int(i128::from(n % 5))]);
        assert_eq!(result.is_err(), n % 5 == 3);
        let (a, b): (Array1<f64>, Vec<f64>) = kernel.call("arrays", (&array, &array)).expect("two arrays");
        assert_eq!((a.len(), b.len()), (1000, 500));
        kernel.call::<((i64, i64, i64, i64), (String, String))>("wide", (n % 50,)).expect("a tuple");
        // A refused argument leaves nothing behind either.
        assert!(kernel.call::<Value>("texts", (&words, "three")).is_err());
    };
    (0..500).for_each(round);
    let before = resident();
    (0..10_000).for_each(round);
    let grown = resident().saturating_sub(before);
    // A leak of one word a call would be 160 kB in the kernel, and of one array 80 MB.
    assert!(grown < 4 << 20, "{grown} bytes");
}

fn words_value(words: &[String]) -> Value {
    Value::List(words.iter().cloned().map(Value::Str).collect())
}
