//! From bytes to a validated module: whatever the bytes are, the compiler reports errors or gives a module that is
//! valid; it never panics, and it ends. In: bytes, or a number of mutations to try. The target of `fuzz/` calls the
//! same function.

mod compare;
mod corpus;
mod fragments;
mod mutate;
mod token;

use crate::program;
use compare::Levels;
pub use corpus::{Corpus, corpus};
use kukri_compiler::diagnostic::{Code, render_text};
use kukri_compiler::source::Origin;
use kukri_compiler::{Input, Options, opt, syntax};
pub use mutate::mutate;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The stack of the thread that compiles: as in the test of limits, as frames of unoptimised builds are large.
const STACK: usize = if cfg!(debug_assertions) { 4 << 20 } else { 1 << 20 };

/// A small program that takes longer is a failure: something in the compiler grows faster than its input.
const SLOW: Duration = Duration::from_secs(5);

/// After this time the process ends, as the compiler may never come back.
const ENDLESS: Duration = Duration::from_mins(5);

/// How far the compiler came with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The bytes are no text.
    Bytes,
    /// The text is no Python, or uses what the tree cannot express.
    Syntax,
    /// It has a tree; names are wrong.
    Names,
    /// It has names; types are wrong.
    Types,
    /// It was lowered, optimised and emitted.
    Module,
}

/// Compiles bytes as a file and validates the module where there is one.
///
/// # Panics
/// If the compiler panics, or the module is not valid: each is a bug of the compiler.
pub fn compile_any(bytes: &[u8]) -> Phase {
    compile(bytes, opt::Level::Full).0
}

fn compile(bytes: &[u8], level: opt::Level) -> (Phase, Option<Vec<u8>>) {
    let Ok(text) = syntax::decode(bytes) else { return (Phase::Bytes, None) };
    let mut modules = |_: &str| None;
    let input = Input { path: "main.py", text: &text, modules: &mut modules };
    match kukri_compiler::compile(input, &Options { level, ..Options::default() }) {
        Ok(compiled) => {
            program::validate(&compiled.artifact.wasm);
            (Phase::Module, Some(compiled.artifact.wasm))
        }
        Err(failure) => {
            // Rendering is part of the promise.
            let rendered = render_text(&failure.sources, &failure.diagnostics, false);
            assert!(!rendered.is_empty(), "a program is refused without a word");
            for diagnostic in &failure.diagnostics {
                assert!(diagnostic.code != Code::Internal, "{rendered}");
                let origin = diagnostic.span().origin();
                assert!(origin == Origin::User, "an error in the library: {rendered}");
            }
            let first = failure.diagnostics.iter().map(|diagnostic| diagnostic.code.number()).min().unwrap_or_default();
            let phase = match first.as_bytes()[2] {
                b'0' | b'1' => Phase::Syntax,
                b'2' => Phase::Names,
                _ => Phase::Types,
            };
            (phase, None)
        }
    }
}

/// What to try.
pub struct Run {
    /// How many inputs.
    pub count: u64,
    /// Where the mutations begin; the same inputs come from the same seed.
    pub seed: u64,
    /// Of the programs that compile, one in so many is run unoptimised and optimised.
    pub compared: u64,
    /// A folder for the inputs that fail. The input at hand is `current.py` in it, should the process die.
    pub keep: Option<PathBuf>,
}

/// How many inputs came how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub inputs: u64,
    /// Those that have a tree.
    pub parsed: u64,
    /// Those whose names are right.
    pub resolved: u64,
    /// Those that became modules.
    pub modules: u64,
    /// Those that were run both ways.
    pub compared: u64,
    /// Those that failed.
    pub failures: u64,
}

impl Counts {
    fn reached(&mut self, phase: Phase) {
        self.inputs += 1;
        self.parsed += u64::from(phase > Phase::Syntax);
        self.resolved += u64::from(phase > Phase::Names);
        self.modules += u64::from(phase == Phase::Module);
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { inputs, parsed, resolved, modules, compared, failures } = self;
        write!(
            f,
            "{inputs} inputs: {parsed} parsed, {resolved} resolved, {modules} became modules, {compared} were run both \
             ways, {failures} fail"
        )
    }
}

/// Compiles mutated programs.
///
/// # Errors
/// The first inputs on which the compiler panicked, was slow, made an invalid module, or optimised wrongly: one for
/// each place.
///
/// # Panics
/// If the folder for failures cannot be written to.
pub fn run(run: Run) -> Result<Counts, String> {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(move || run_here(&run)).map_err(|error| error.to_string())?;
    thread.join().map_err(|_| "the thread that compiles panicked outside the compiler".to_owned())?
}

fn run_here(run: &Run) -> Result<Counts, String> {
    let corpus = corpus();
    let panics = Panics::listen();
    let clock = Clock::start();
    let mut counts = Counts::default();
    let mut failures: BTreeMap<String, String> = BTreeMap::new();
    let mut levels = Levels::default();
    let mut state = run.seed;
    if let Some(folder) = &run.keep {
        std::fs::create_dir_all(folder).expect("a folder for failures can be made");
    }
    for number in 0..run.count {
        let input = catch_unwind(AssertUnwindSafe(|| mutate(&corpus, &mut state)));
        let input = input.map_err(|_| format!("the mutator itself: {}", panics.last()))?;
        if let Some(folder) = &run.keep {
            std::fs::write(folder.join("current.py"), &input).expect("the folder for failures can be written to");
        }
        clock.begin();
        let compiled = catch_unwind(|| compile(&input, opt::Level::Full));
        let took = clock.end();
        let failure = match compiled {
            Err(_) => Some(panics.last()),
            Ok((phase, _)) if took > SLOW => {
                counts.reached(phase);
                Some(format!("slow: {} s, as far as {phase:?}", took.as_secs()))
            }
            Ok((phase, module)) => {
                counts.reached(phase);
                match module {
                    Some(module) if counts.modules.is_multiple_of(run.compared.max(1)) && run.compared > 0 => {
                        counts.compared += 1;
                        let compared = catch_unwind(AssertUnwindSafe(|| {
                            let (_, plain) = compile(&input, opt::Level::None);
                            plain.map_or_else(
                                || Some("it compiles only optimised".to_owned()),
                                |plain| levels.difference(&plain, &module),
                            )
                        }));
                        // Machine code of dropped modules stays mapped until the engine is dropped.
                        if counts.compared.is_multiple_of(1000) {
                            levels = Levels::default();
                        }
                        compared.unwrap_or_else(|_| Some(panics.last())).map(|how| format!("differs: {how}"))
                    }
                    _ => None,
                }
            }
        };
        if let Some(how) = failure {
            counts.failures += 1;
            if !how.starts_with("slow") && !how.starts_with("differs") {
                counts.inputs += 1;
            }
            let text = String::from_utf8_lossy(&input);
            if let Some(folder) = &run.keep {
                let name = format!("{}-{number}", run.seed);
                std::fs::write(folder.join(format!("{name}.py")), &input).expect("the folder can be written to");
                std::fs::write(folder.join(format!("{name}.txt")), &how).expect("the folder can be written to");
                eprintln!("{name}: {}", how.lines().next().unwrap_or_default());
            }
            let place = how.lines().next().unwrap_or_default().to_owned();
            failures.entry(place).or_insert_with(|| format!("input {number} of seed {}:\n{text}\n{how}\n", run.seed));
        }
        if number % 10_000 == 9_999 {
            eprintln!("{counts}");
        }
    }
    let failures: Vec<String> = failures.into_values().take(20).collect();
    if failures.is_empty() { Ok(counts) } else { Err(format!("{}\n{counts}", failures.join("\n"))) }
}

/// Remembers what the last panic said, instead of printing it.
struct Panics(Arc<Mutex<String>>);

impl Panics {
    fn listen() -> Self {
        let last = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&last);
        let before = std::panic::take_hook();
        let compiling = std::thread::current().id();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == compiling {
                let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                let said = info.payload_as_str().unwrap_or_default();
                *told = format!("panic at {place}: {said}");
            } else {
                before(info);
            }
        }));
        Self(last)
    }

    fn last(&self) -> String {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// Ends the process when an input takes too long. Milliseconds since the start, or 0 between inputs.
struct Clock {
    start: Instant,
    begun: Arc<AtomicU64>,
    worked: Cell<Option<Duration>>,
}

impl Clock {
    fn start() -> Self {
        let begun = Arc::new(AtomicU64::new(0));
        let (start, watched) = (Instant::now(), Arc::downgrade(&begun));
        std::thread::spawn(move || {
            while let Some(begun) = watched.upgrade() {
                let begun = begun.load(Ordering::Relaxed);
                if begun > 0 && start.elapsed().saturating_sub(Duration::from_millis(begun)) > ENDLESS {
                    eprintln!("an input took more than {} s", ENDLESS.as_secs());
                    std::process::exit(1);
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        Self { start, begun, worked: Cell::new(None) }
    }

    fn now(&self) -> u64 {
        self.start.elapsed().as_millis() as u64 + 1
    }

    fn begin(&self) {
        self.begun.store(self.now(), Ordering::Relaxed);
        self.worked.set(worked());
    }

    /// How long this thread has worked since.
    fn end(&self) -> Duration {
        let waited = Duration::from_millis(self.now() - self.begun.swap(0, Ordering::Relaxed));
        match (worked(), self.worked.get()) {
            (Some(now), Some(before)) => now.saturating_sub(before),
            _ => waited,
        }
    }
}

/// How long this thread has had a processor, where the system tells: on a busy machine the clock says nothing.
fn worked() -> Option<Duration> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(times.split_whitespace().next()?.parse().ok()?))
}
