//! `kukri bench`: how long a function takes to compile and to run. In: a function and arguments. Out: times.

use super::call::Target;
use super::failure;
use super::options::{Compilation, source};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use kukri::{Console, Engine, Error, ProcessConsole, Settings, Stream, Value};
use kukri_compiler::diagnostic::render_text;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Measures compile time, run time and module size of a function
#[derive(Args)]
pub(super) struct Bench {
    /// How to write the times
    #[arg(long, default_value = "text")]
    format: Format,

    /// Say of every loop what keeps it from being faster
    #[arg(long)]
    explain: bool,

    /// How often to call it [default: for a second, three times at least]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    runs: Option<u64>,

    #[command(flatten)]
    compilation: Compilation,

    #[command(flatten)]
    target: Target,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object
    Json,
}

/// How long runs are repeated where their number is not given.
const MEASURED: Duration = Duration::from_secs(1);
/// A benchmark that takes longer shows a progress bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the compiler is timed; the median counts.
const COMPILATIONS: usize = 5;

/// What was measured; times in milliseconds.
struct Measured {
    compile: f64,
    /// Sorted.
    runs: Vec<f64>,
    module_bytes: usize,
    result: Value,
}

impl Bench {
    pub(super) fn execute(self) -> i32 {
        let values = match self.target.values() {
            Ok(values) => values,
            Err(message) => {
                failure::tell(&format!("kukri: {message}\n"));
                return 2;
            }
        };
        if self.explain
            && let Err(error) = self.tell(&values)
        {
            return failure::status(&error);
        }
        let shown = self.measure(&values).and_then(|measured| {
            let text = match self.format {
                Format::Text => text(&measured),
                Format::Json => json(&measured),
            };
            io::stdout().write_all(text.as_bytes()).map_err(Error::Console)
        });
        match shown {
            Ok(()) => 0,
            Err(error) => failure::status(&error),
        }
    }

    /// Shows the notes, on stderr: the times alone are what was asked for.
    fn tell(&self, values: &[Value]) -> Result<(), Error> {
        let engine = Engine::with(self.compilation.settings())?;
        let source = source(&self.target.file)?;
        if let Ok((sources, notes)) = engine.explain_call(&source, &self.target.function, values) {
            failure::tell(&render_text(&sources, &notes, failure::colours(&io::stderr())));
        }
        Ok(())
    }

    fn measure(&self, values: &[Value]) -> Result<Measured, Error> {
        super::options::end_on_interrupt(&Arc::new(ProcessConsole::default()));
        let settings = Settings { console: Arc::new(Nowhere), ..self.compilation.settings() };
        let source = source(&self.target.file)?;
        let name = &self.target.function;
        let warned = Engine::with(settings.clone())?;
        let kernel = warned.compile_call(&source, name, values)?;
        let engine = Engine::with(Settings { warn: None, ..settings })?;
        let mut compile = Vec::new();
        let mut module_bytes = 0;
        for _ in 0..COMPILATIONS {
            let start = Instant::now();
            let kernel = engine.compile_call(&source, name, values)?;
            module_bytes = kernel.prepare(name, values)?;
            compile.push(milliseconds(start));
        }
        compile.sort_by(f64::total_cmp);

        let started = Instant::now();
        let mut result = kernel.call_values(name, values)?; // The first call makes the instance.
        let first = started.elapsed();
        let total =
            self.runs.unwrap_or_else(|| (MEASURED.as_nanos() / first.as_nanos().max(1)).clamp(3, 100_000) as u64);
        let bar = if first.saturating_mul(total as u32) > PATIENCE { bar(total) } else { ProgressBar::hidden() };
        let mut runs = Vec::new();
        while (runs.len() as u64) < total {
            let start = Instant::now();
            result = kernel.call_values(name, values)?;
            runs.push(milliseconds(start));
            bar.inc(1);
            let enough = self.runs.is_none() && runs.len() >= 3 && started.elapsed() > MEASURED;
            if enough {
                break;
            }
        }
        bar.finish_and_clear();
        runs.sort_by(f64::total_cmp);
        Ok(Measured { compile: compile[COMPILATIONS / 2], runs, module_bytes, result })
    }
}

/// What the function prints is not what is asked for.
struct Nowhere;

impl Console for Nowhere {
    fn write(&self, _stream: Stream, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// A progress bar on stderr; none where that is not a terminal.
fn bar(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}");
    ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

impl Measured {
    fn median(&self) -> f64 {
        self.runs[self.runs.len() / 2]
    }

    fn min(&self) -> f64 {
        self.runs[0]
    }

    fn max(&self) -> f64 {
        self.runs[self.runs.len() - 1]
    }
}

fn text(measured: &Measured) -> String {
    format!(
        "compile  {:.3} ms\nrun      {:.3} ms ({:.3} to {:.3}, {} runs)\nmodule   {} bytes\nresult   {}\n",
        measured.compile,
        measured.median(),
        measured.min(),
        measured.max(),
        measured.runs.len(),
        measured.module_bytes,
        measured.result,
    )
}

fn json(measured: &Measured) -> String {
    let object = serde_json::json!({
        "compile_ms": measured.compile,
        "run_ms": { "min": measured.min(), "median": measured.median(), "max": measured.max() },
        "runs": measured.runs.len(),
        "module_bytes": measured.module_bytes,
        "result": measured.result.to_string(),
    });
    format!("{object}\n")
}
