//! From source to a program that can run, phase by phase: `cargo bench -p kukri-tests --bench latency [PROGRAM…]`.
//! In: `tests/programs`. Out: a table of medians in milliseconds, and the size of each module.

use kukri::{Engine, Settings};
use kukri_compiler::infer::Request;
use kukri_compiler::{Input, Options, lower, opt};
use std::time::Instant;

// As the command has it: compiling makes many small objects.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each program is compiled; the median counts.
const ROUNDS: usize = 15;

/// A program, and what is asked of it: to run, or to have a function called.
const PROGRAMS: [(&str, Option<&str>); 6] = [
    ("fannkuch.py", None),
    ("mandelbrot.py", None),
    ("nbody.py", None),
    ("spectral_norm.py", None),
    ("floyd_warshall.py", Some("shortest(float64[:,:])")),
    ("jacobi.py", Some("relax(float64[:,:], int64)")),
];

/// Median times in milliseconds.
const PHASES: [&str; 6] = ["check", "lower", "opt", "emit", "machine code", "all"];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    print!("{:20}", "");
    PHASES.iter().for_each(|phase| print!("{phase:>13}"));
    println!("{:>10}", "bytes");
    for (name, export) in PROGRAMS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| name.starts_with(wanted)) {
            continue;
        }
        let text = std::fs::read_to_string(kukri_tests::folder().join("programs").join(name))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let request = match export {
            None => Request { exports_only: true, ..Request::default() },
            Some(export) => {
                let export = kukri_compiler::infer::signature::exported(export);
                Request { exports: export.into_iter().collect(), imported: true, ..Request::default() }
            }
        };
        let options = Options { request, ..Options::default() };
        let engine = Engine::with(Settings::default()).expect("the default settings are fine");
        let mut times = [const { Vec::new() }; PHASES.len()];
        let mut bytes = 0;
        for _ in 0..ROUNDS {
            let (phases, size) = round(&engine, name, &text, &options);
            times.iter_mut().zip(phases).for_each(|(times, time)| times.push(time));
            bytes = size;
        }
        print!("{name:20}");
        for times in &mut times {
            times.sort_by(f64::total_cmp);
            print!("{:13.2}", times[ROUNDS / 2]);
        }
        println!("{bytes:10}");
    }
}

/// Compiles a program once: the time of each phase, and the size of the module.
fn round(engine: &Engine, name: &str, text: &str, options: &Options) -> ([f64; PHASES.len()], usize) {
    let mut modules = |_: &str| None;
    let input = Input { path: name, text, modules: &mut modules };
    let mut marks = vec![Instant::now()];
    let checked = kukri_compiler::check(input, &options.request).unwrap_or_else(|_| panic!("{name} has no errors"));
    marks.push(Instant::now());
    let mut module = lower::lower(&checked.program);
    marks.push(Instant::now());
    opt::optimise(&mut module, options.level);
    marks.push(Instant::now());
    let compiled = kukri_compiler::finish(checked, &module, &options.emit);
    marks.push(Instant::now());
    let _kernel = engine.load(&compiled.artifact.wasm).expect("the module is valid");
    marks.push(Instant::now());
    let mut times = [0.0; PHASES.len()];
    for (time, pair) in times.iter_mut().zip(marks.windows(2)) {
        *time = (pair[1] - pair[0]).as_secs_f64() * 1e3;
    }
    times[PHASES.len() - 1] = (marks[marks.len() - 1] - marks[0]).as_secs_f64() * 1e3;
    (times, compiled.artifact.wasm.len())
}
