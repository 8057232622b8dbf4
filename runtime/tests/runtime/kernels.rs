//! Kernels over time: several calls, threads, instances, modules that were built before.

use crate::{Paper, compiled, kernel, message, with};
use kukri::{Engine, Error, Kernel, Settings, Source, Stream, Value};
use std::sync::Arc;
use std::thread;

const COUNTER: &str = "
count = 0
names: list[str] = []

def step() -> int:
    global count
    count += 1
    names.append(str(count))
    return count

def log() -> list[str]:
    return names

def step_by(x):
    global count
    count += x
    return count
";

#[test]
fn engines_and_kernels_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Engine>();
    shared::<Kernel>();
    shared::<Error>();
}

#[test]
fn variables_of_the_module_live_as_long_as_the_kernel() {
    let kernel = kernel(COUNTER);
    assert_eq!((1..=3).map(|_| kernel.call::<i64>("step", ()).expect("an int")).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(kernel.call::<Vec<String>>("log", ()).expect("a list"), ["1", "2", "3"]);
    // Functions that are compiled for a call have variables of their own.
    assert_eq!(kernel.call::<i64>("step_by", (10,)).expect("an int"), 10);
    assert_eq!(kernel.call::<i64>("step_by", (10,)).expect("an int"), 20);
    assert_eq!(kernel.call::<i64>("step", ()).expect("an int"), 4);
}

#[test]
fn the_module_level_runs_once_an_instance() {
    let paper = Paper::new(&[]);
    let settings = Settings { console: paper.clone(), ..Settings::default() };
    let kernel = with(settings, "print('level', __name__)\ndef f() -> int:\n    return 1\n");
    assert_eq!(paper.text(Stream::Out), "");
    for _ in 0..3 {
        kernel.call::<i64>("f", ()).expect("an int");
    }
    kernel.run().expect("it has run");
    assert_eq!(paper.text(Stream::Out), "level __kernel__\n");
}

#[test]
fn a_kernel_that_is_broken_off_starts_anew() {
    let source = format!("{COUNTER}\ndef forever() -> None:\n    step()\n    while True:\n        pass\n");
    let kernel = with(Settings { fuel_limit: Some(1_000_000), ..Settings::default() }, &source);
    assert_eq!(kernel.call::<i64>("step", ()).expect("an int"), 1);
    assert!(matches!(kernel.call::<()>("forever", ()), Err(Error::FuelLimit(_))));
    assert_eq!(kernel.call::<i64>("step", ()).expect("an int"), 1);
}

#[test]
fn threads_run_in_parallel() {
    let source = "
def work(n: int) -> list[int]:
    found = []
    for i in range(n):
        found.append(i * i % 7)
    return found
def shape(x):
    return [x, x]
";
    let kernel = Arc::new(kernel(source));
    let threads: Vec<_> = (0..8i64)
        .map(|number| {
            let kernel = kernel.clone();
            thread::spawn(move || {
                for round in 0..30 {
                    let length = number * 10 + round;
                    let found: Vec<i64> = kernel.call("work", (length,)).expect("a list");
                    assert_eq!(found, (0..length).map(|i| i * i % 7).collect::<Vec<_>>());
                    if round % 10 == 0 {
                        assert_eq!(kernel.call::<Vec<i64>>("shape", (number,)).expect("a list"), [number; 2]);
                        assert_eq!(kernel.call::<Vec<f64>>("shape", (0.5,)).expect("a list"), [0.5; 2]);
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
}

#[test]
fn kernels_of_one_engine_do_not_know_each_other() {
    let engine = Engine::new().expect("an engine");
    let (one, other) = (compiled(&engine, COUNTER), compiled(&engine, COUNTER));
    assert_eq!(one.call::<i64>("step", ()).expect("an int"), 1);
    assert_eq!(one.call::<i64>("step", ()).expect("an int"), 2);
    assert_eq!(other.call::<i64>("step", ()).expect("an int"), 1);
}

#[test]
fn nothing_stays_in_the_memory_of_a_kernel() {
    let source = "
def length(words: list[list[str]]) -> int:
    if len(words) == 3:
        raise ValueError(str(words))
    return len(words)
def wide(n: int) -> tuple[WIDE]:
    return (RESULT)
";
    // A result too large for the area that small ones use.
    let source = source.replace("WIDE", &["int"; 200].join(", ")).replace("RESULT", &["n"; 200].join(", "));
    let settings = Settings { memory_limit: 1 << 20, ..Settings::default() };
    let kernel = with(settings, &source);
    for n in 0..3000 {
        let words = vec![vec!["x".repeat(100); 20]; 1 + n % 4];
        let result = kernel.call::<i64>("length", (&words,));
        match result {
            Ok(length) => assert_eq!(length, words.len() as i64),
            Err(error) => assert!(words.len() == 3 && error.to_string().contains("ValueError"), "{error}"),
        }
        let Ok(Value::Tuple(items)) = kernel.call_values("wide", &[Value::Int(n as i128)]) else { panic!("no tuple") };
        assert_eq!(items.len(), 200);
    }
}

fn wasm(source: &str) -> Vec<u8> {
    let engine = Engine::new().expect("an engine");
    let built = engine.build(&Source::of_text(source), &[], &kukri_compiler::emit::Options::default());
    built.unwrap_or_else(|failure| panic!("{:?}", failure.diagnostics)).artifact.wasm
}

#[test]
fn built_modules_are_loaded() {
    let engine = Engine::new().expect("an engine");
    let kernel = engine.load(&wasm(COUNTER)).expect("a kernel");
    let names: Vec<_> = kernel.functions().iter().map(|function| function.name.clone()).collect();
    assert_eq!(names, ["log", "step"]);
    assert_eq!(kernel.call::<i64>("step", ()).expect("an int"), 1);
    assert_eq!(kernel.call::<Vec<String>>("log", ()).expect("a list"), ["1"]);
    // Without its source, nothing can be compiled for a call.
    assert_eq!(
        message(kernel.call::<i64>("step_by", (1,))),
        "there is no function `step_by`; those that can be called are log, step"
    );
    assert_eq!(message(kernel.call::<i64>("step", (1,))), "step() takes 0 arguments (), 1 was given");
    let kernel = engine.load(&wasm("def f(x: int) -> int:\n    return 1 // x\n")).expect("a kernel");
    let text = message(kernel.call::<i64>("f", (0,)));
    assert!(text.contains("File \"<kernel>\", line 2, in f\nZeroDivisionError"), "{text}");
}

#[test]
fn other_modules_are_refused() {
    let engine = Engine::new().expect("an engine");
    let good = wasm("def f(x: int) -> int:\n    return x + 1\n");
    let refused = |bytes: &[u8]| match engine.load(bytes) {
        Ok(_) => None,
        Err(Error::Module(why)) => Some(why),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(refused(b"").as_deref(), Some("this is not WebAssembly"));
    assert_eq!(refused(b"def f(): pass").as_deref(), Some("this is not WebAssembly"));
    assert_eq!(refused(&good[..8]).as_deref(), Some("it was not made by this version of Kukri"));
    let foreign = wat::parse_str("(module (func (export \"f\") (param i32)))").expect("a module");
    assert_eq!(refused(&foreign).as_deref(), Some("it was not made by this version of Kukri"));
    for cut in [20, good.len() / 2, good.len() - 1] {
        assert!(refused(&good[..cut]).is_some(), "{cut}");
    }
    // A description that is not true.
    let lie = |json: &str| {
        let text = format!(
            "(module (memory (export \"memory\") 1) (@custom \"kukri\" {json:?}) (func (export \"f\") (param i64 i32) (result i32) i32.const 0))"
        );
        wat::parse_str(text).expect("a module")
    };
    let manifest = |params: &str| {
        format!(
            "{{\"exports\":[{{\"name\":\"f\",\"params\":[{params}],\"result\":\"none\"}}],\"imports\":[],\"exceptions\":[],\"files\":[],\"functions\":[],\"sites\":[]}}"
        )
    };
    assert_eq!(refused(&lie(&manifest("{\"name\":\"x\",\"type\":\"int\"}"))), None);
    let untrue = Some("its functions are not those that it says it has");
    assert_eq!(refused(&lie(&manifest("{\"name\":\"x\",\"type\":\"str\"}"))).as_deref(), untrue);
    assert_eq!(refused(&lie(&manifest(""))).as_deref(), untrue);
    // Any byte may be another.
    for at in (0..good.len()).step_by(17) {
        let mut changed = good.clone();
        changed[at] ^= 0x55;
        if let Ok(kernel) = engine.load(&changed) {
            let _ = kernel.call::<i64>("f", (1,));
        }
    }
}

#[test]
fn a_module_with_another_ones_memory_is_refused() {
    let engine = Engine::new().expect("an engine");
    let options = kukri_compiler::emit::Options { import_memory: true, ..Default::default() };
    let source = Source::of_text("def f(x: int) -> int:\n    return x + 1\n");
    let Ok(compiled) = engine.build(&source, &[], &options) else { panic!("it compiles") };
    let text = message(engine.load(&compiled.artifact.wasm).map(|_| ()));
    assert!(text.contains("build it without --import-memory"), "{text}");
}

#[test]
fn unoptimised_kernels_give_the_same() {
    let source = "def f(xs: list[float]) -> float:\n    total = 0.1\n    for x in xs:\n        total = total * x + 0.7\n    return total\n";
    let optimised = kernel(source);
    let plain = with(Settings { optimise: false, ..Settings::default() }, source);
    let xs: Vec<f64> = (0..100).map(|at| f64::from(at) * 0.013).collect();
    let (a, b): (f64, f64) = (optimised.call("f", (&xs,)).expect("a float"), plain.call("f", (&xs,)).expect("a float"));
    assert_eq!(a.to_bits(), b.to_bits());
}

#[test]
fn ints_wrap_where_the_host_says_so() {
    let source = "def f(x: int) -> int:\n    return x + 1\n";
    let wraps = with(Settings { int_overflow_raises: Some(false), ..Settings::default() }, source);
    assert_eq!(wraps.call::<i64>("f", (i64::MAX,)).expect("it wraps"), i64::MIN);
    assert!(message(kernel(source).call::<i64>("f", (i64::MAX,))).contains("OverflowError"));
}

#[test]
fn warnings_are_heard() {
    let heard: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    let codes = heard.clone();
    let warn = move |report: &kukri::Report| codes.lock().expect("no panic").extend(report.codes.clone());
    let settings = Settings { warn: Some(Arc::new(warn)), ..Settings::default() };
    let source =
        "def f(n: int) -> float:\n    total = 0\n    for i in range(n):\n        total += i * 0.5\n    return total\n";
    assert_eq!(with(settings, source).call::<f64>("f", (3,)).expect("a float"), 1.5);
    assert_eq!(*heard.lock().expect("no panic"), ["KU5001"]);
}
