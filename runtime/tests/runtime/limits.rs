//! Limits on time, fuel, memory and stack, each with an error of its own, after which the kernel goes on.

use crate::{compiled, kernel, message, with};
use kukri::{Engine, Error, Settings};
use std::thread;
use std::time::{Duration, Instant};

const SOURCE: &str = "
def spin(n: int) -> int:
    total = 0
    while n != 0:
        total += n
        n -= 1
    return total

def forever() -> None:
    while True:
        pass

def swallow() -> None:
    while True:
        try:
            while True:
                pass
        finally:
            continue

def hoard() -> int:
    lists = []
    while True:
        lists.append([0] * 1000)

def caught() -> int:
    try:
        return hoard()
    except MemoryError:
        return -1

def one_block(n: int) -> int:
    return len([0] * n)

def small_pieces() -> int:
    texts = []
    try:
        while True:
            texts.append(str(len(texts)))
    except MemoryError:
        return len(texts)

def deep(n: int) -> int:
    return deep(n + 1) + 1

def caught_deep() -> int:
    try:
        return deep(0)
    except RecursionError:
        return -1

def fine() -> int:
    return 7
";

const SHORT: Duration = Duration::from_millis(50);

#[test]
fn time() {
    let settings = Settings { time_limit: Some(SHORT), ..Settings::default() };
    let kernel = with(settings, SOURCE);
    for name in ["forever", "swallow"] {
        let started = Instant::now();
        let error = kernel.call::<()>(name, ()).expect_err("it never ends");
        assert!(matches!(error, Error::TimeLimit(limit) if limit == SHORT));
        assert_eq!(error.to_string(), "the time limit of 50ms is used up");
        assert!(started.elapsed() >= SHORT);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert_eq!(kernel.call::<i64>("fine", ()).expect("it goes on"), 7);
    }
    assert_eq!(kernel.call::<i64>("spin", (1000,)).expect("it is short"), 500_500);
}

#[test]
fn the_time_of_a_call_begins_with_it() {
    let settings = Settings { time_limit: Some(SHORT), ..Settings::default() };
    let engine = Engine::with(settings).expect("an engine");
    let kernel = compiled(&engine, "def length(xs: list[str]) -> int:\n    return len(xs)\n");
    let other = compiled(&engine, SOURCE);
    let xs = vec!["a".to_owned(); 1000];
    assert_eq!(kernel.call::<i64>("length", (&xs,)).expect("an int"), 1000);
    // The clock goes on while another kernel of the engine runs; this one's old deadline must not matter.
    thread::scope(|scope| {
        let running = scope.spawn(|| (0..8).filter(|_| other.call::<()>("forever", ()).is_err()).count());
        thread::sleep(SHORT * 2);
        for _ in 0..50 {
            assert_eq!(kernel.call::<i64>("length", (&xs,)).unwrap_or_else(|error| panic!("{error}")), 1000);
            thread::sleep(Duration::from_millis(2));
        }
        assert_eq!(running.join().expect("no panic"), 8);
    });
}

#[test]
fn the_module_level_counts() {
    let settings = Settings { time_limit: Some(SHORT), ..Settings::default() };
    let kernel = with(settings, "def f() -> int:\n    return 1\n\nwhile True:\n    pass\n");
    assert!(matches!(kernel.call::<i64>("f", ()), Err(Error::TimeLimit(_))));
    assert!(matches!(kernel.run(), Err(Error::TimeLimit(_))));
}

#[test]
fn fuel() {
    let settings = Settings { fuel_limit: Some(100_000), ..Settings::default() };
    let kernel = with(settings, SOURCE);
    for _ in 0..3 {
        assert_eq!(kernel.call::<i64>("spin", (100,)).expect("it is short"), 5050);
        let error = kernel.call::<i64>("spin", (-1,)).expect_err("it is long");
        assert!(matches!(error, Error::FuelLimit(100_000)));
        assert_eq!(error.to_string(), "the fuel limit of 100000 instructions is used up");
    }
    // What the host does in the kernel's memory is not the kernel's.
    let kernel = with(
        Settings { fuel_limit: Some(2000), ..Settings::default() },
        "def length(xs: list[list[str]]) -> int:\n    return len(xs)\n",
    );
    let rows = vec![vec!["word".to_owned(); 20]; 200];
    for _ in 0..3 {
        assert_eq!(kernel.call::<i64>("length", (&rows,)).unwrap_or_else(|error| panic!("{error}")), 200);
    }
}

#[test]
fn memory() {
    let settings = Settings { memory_limit: 8 << 20, ..Settings::default() };
    let kernel = with(settings, SOURCE);
    for _ in 0..3 {
        let error = kernel.call::<i64>("hoard", ()).expect_err("it needs more");
        let exception = error.exception().unwrap_or_else(|| panic!("{error}"));
        assert_eq!(exception.class, "MemoryError");
        assert_eq!(kernel.call::<i64>("caught", ()).expect("it is caught"), -1);
        assert!(message(kernel.call::<i64>("one_block", (100_000_000,))).ends_with("MemoryError"));
        assert!(message(kernel.call::<i64>("one_block", (1i64 << 40,))).ends_with("MemoryError"));
        assert_eq!(kernel.call::<i64>("one_block", (100_000,)).expect("it fits"), 100_000);
        assert!(kernel.call::<i64>("small_pieces", ()).unwrap_or_else(|error| panic!("{error}")) > 10_000);
        assert_eq!(kernel.call::<i64>("fine", ()).expect("it goes on"), 7);
    }
}

#[test]
fn arguments_need_memory_too() {
    let settings = Settings { memory_limit: 4 << 20, ..Settings::default() };
    let kernel = with(settings, "def length(xs: list[int]) -> int:\n    return len(xs)\n");
    assert_eq!(kernel.call::<i64>("length", (vec![0; 1000],)).expect("it fits"), 1000);
    for _ in 0..3 {
        let error = kernel.call::<i64>("length", (vec![0; 1_000_000],)).expect_err("it does not fit");
        assert_eq!(error.exception().unwrap_or_else(|| panic!("{error}")).class, "MemoryError");
        assert_eq!(kernel.call::<i64>("length", (vec![0; 100_000],)).expect("it fits"), 100_000);
    }
}

#[test]
fn too_little_memory_for_a_start() {
    let settings = Settings { memory_limit: 1000, ..Settings::default() };
    let error = with(settings, SOURCE).call::<i64>("fine", ()).expect_err("there is none");
    assert_eq!(error.exception().unwrap_or_else(|| panic!("{error}")).class, "MemoryError");
}

#[test]
fn stack_on_any_thread() {
    let kernel = kernel(SOURCE);
    let deep = || {
        for _ in 0..3 {
            let error = kernel.call::<i64>("deep", (0,)).expect_err("it has no bottom");
            let exception = error.exception().unwrap_or_else(|| panic!("{error}"));
            assert_eq!(exception.class, "RecursionError");
            assert_eq!(exception.message, "maximum recursion depth exceeded");
            assert_eq!(kernel.call::<i64>("caught_deep", ()).expect("it is caught"), -1);
            assert_eq!(kernel.call::<i64>("fine", ()).expect("it goes on"), 7);
        }
    };
    deep();
    thread::scope(|scope| {
        for size in [64 << 10, 256 << 10, 2 << 20, 64 << 20] {
            let thread = thread::Builder::new().stack_size(size).spawn_scoped(scope, deep).expect("a thread");
            thread.join().expect("no panic");
        }
    });
}

#[test]
fn frames_that_fill_the_stack_before_the_recursion_is_counted() {
    // Hundreds of variables that live across the call.
    let names: Vec<_> = (0..400).map(|at| format!("x{at}")).collect();
    let set: String = names.iter().map(|name| format!("    {name} = n * 1.5 + {}\n", &name[1..])).collect();
    let source = format!(
        "def deep(n: int) -> float:\n{set}    if n == 0:\n        return 0.0\n    below = deep(n - 1)\n{}    return below\n",
        names.iter().map(|name| format!("    below = below * 0.5 + {name}\n")).collect::<String>()
    );
    let kernel = with(Settings { stack_limit: 64 << 10, ..Settings::default() }, &source);
    assert!(kernel.call::<f64>("deep", (3,)).is_ok());
    let error = kernel.call::<f64>("deep", (900,)).expect_err("the stack is small");
    assert_eq!(error.exception().unwrap_or_else(|| panic!("{error}")).class, "RecursionError");
    assert!(kernel.call::<f64>("deep", (3,)).is_ok());
}

#[test]
fn programs_compile_on_small_stacks() {
    let nested = format!("def f() -> int:\n    return {}1{}\n", "(1 + ".repeat(60), ")".repeat(60));
    let kernel = thread::Builder::new().stack_size(64 << 10).spawn(move || kernel(&nested)).expect("a thread");
    assert_eq!(kernel.join().expect("no panic").call::<i64>("f", ()).expect("an int"), 61);
}
