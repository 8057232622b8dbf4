//! Measures one kernel, in this process and in one of Python's that takes turns with it. In: `Kernel`. Out: `Row`.

use cpu_time::{ProcessTime, ThreadTime};
use kukri::{Console, Engine, Settings, Stream};
use kukri_compiler::opt::Level;
use kukri_tests::bench::{self, Kernel, Numba};
use std::sync::Arc;

/// What was measured of a kernel. Times are in milliseconds of CPU.
pub struct Row {
    pub name: String,
    /// Why it is slow, as its file says.
    pub slow: Option<String>,
    /// Medians of calls when all is warm.
    pub numba: f64,
    pub kukri: f64,
    /// Without checks.
    pub unchecked: f64,
    /// Without the optimiser.
    pub unoptimised: f64,
    /// From source to Wasm, and from there to machine code, of all threads together.
    pub compile: f64,
    pub machine_code: f64,
    pub first_call: f64,
    /// Importing Numba and the first call; then again with the machine code on the disk, where Numba can do that.
    /// (Version 0.68 crashes on what it kept of some functions that call themselves.)
    pub numba_cold: f64,
    pub numba_cached: Option<f64>,
    /// Of the kernel alone.
    pub module_bytes: usize,
    /// What browsers run.
    pub program: Vec<u8>,
    pub in_browser: Option<InBrowser>,
    pub versions: String,
}

/// Times in a browser, by its clock.
pub struct InBrowser {
    pub first: f64,
    pub warm: f64,
}

/// How often a kernel is compiled; the median counts.
const COMPILATIONS: usize = 9;
/// How often the unoptimised module is called.
const FEW: usize = 3;

struct Silent;

impl Console for Silent {
    fn write(&self, _: Stream, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

pub fn measure(kernel: &Kernel, rounds: u64) -> Result<Row, String> {
    let words = |error: kukri::Error| format!("{}: {error}", kernel.name);
    let engine = Engine::with(Settings { console: Arc::new(Silent), ..Settings::default() }).map_err(words)?;
    let mut programs = Vec::new();
    for level in [Level::Full, Level::Unchecked, Level::None] {
        let wasm = kernel.compile(None, level)?.artifact.wasm;
        let program = engine.load(&wasm).map_err(words)?;
        program.run().map_err(words)?;
        programs.push((program, wasm));
    }
    let mut numba = Numba::load(kernel, None, None)?;
    let numba_cold = (numba.import + numba.call()?) * 1e3;
    let numba_cached = cached(kernel).map(|seconds| seconds * 1e3);

    let once = |at: usize| {
        let start = ThreadTime::now();
        programs[at].0.call_values("once", &[]).map_err(words)?;
        Ok::<f64, String>(start.elapsed().as_secs_f64() * 1e3)
    };
    let first_call = once(0)?;
    let mut times = [const { Vec::new() }; 4];
    for round in 0..=rounds as usize {
        let turn = [numba.call()? * 1e3, once(0)?, once(1)?];
        // The first turn warms the caches.
        if round > 0 {
            times.iter_mut().zip(turn).for_each(|(times, time)| times.push(time));
        }
        if round < FEW {
            times[3].push(once(2)?);
        }
    }
    let expected = numba.answer()?;
    let tolerance = kernel.tolerance.as_ref().map_or(0.0, |(most, _)| *most);
    for (program, _) in &programs {
        let found = program.call_values("answer", &[]).map_err(words)?;
        if let Some(difference) = bench::difference(&found, &expected, tolerance) {
            return Err(format!("{}: {difference}", kernel.name));
        }
    }

    let types = kernel.types()?;
    let (mut compile, mut machine_code, mut module_bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..COMPILATIONS {
        let start = ProcessTime::now();
        let wasm = kernel.compile_alone(&types, Level::Full)?.artifact.wasm;
        compile.push(start.elapsed().as_secs_f64() * 1e3);
        let start = ProcessTime::now();
        engine.load(&wasm).map_err(words)?;
        machine_code.push(start.elapsed().as_secs_f64() * 1e3);
        module_bytes = wasm.len();
    }
    let [numba_times, kukri, unchecked, unoptimised] = times.map(median);
    Ok(Row {
        name: kernel.name.clone(),
        slow: kernel.slow.clone(),
        numba: numba_times,
        kukri,
        unchecked,
        unoptimised,
        compile: median(compile),
        machine_code: median(machine_code),
        first_call,
        numba_cold,
        numba_cached,
        module_bytes,
        program: programs.swap_remove(0).1,
        in_browser: None,
        versions: numba.versions.clone(),
    })
}

/// Seconds that Numba needs for the first call where the machine code is on the disk.
fn cached(kernel: &Kernel) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    Numba::load(kernel, None, Some(folder.path())).ok()?.call().ok()?;
    let mut again = Numba::load(kernel, None, Some(folder.path())).ok()?;
    Some(again.import + again.call().ok()?)
}

/// The middle one.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
