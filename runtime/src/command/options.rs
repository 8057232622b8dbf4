//! Options that several subcommands share. In: the command line. Out: `Settings`.

use super::failure;
use clap::{Args, ValueEnum};
use kukri::{Error, ProcessConsole, Settings, Source};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The program that is meant: a file, or `-` for stdin.
pub(super) fn source(path: &Path) -> Result<Source, Error> {
    if path != Path::new("-") {
        return Source::of_file(path);
    }
    let mut text = Vec::new();
    io::stdin().read_to_end(&mut text).map_err(|error| Error::File("<stdin>".into(), error))?;
    Ok(Source::of_bytes("<stdin>", text))
}

/// The stack that programs run on: Python programs recurse deeper than a default stack is.
const STACK: usize = 64 << 20;

/// How to compile.
#[derive(Args)]
pub(super) struct Compilation {
    /// What an `int` that leaves 64 bits does, instead of what the function's decorator says
    #[arg(long, value_name = "WHAT", help_heading = "Compilation")]
    int_overflow: Option<IntOverflow>,

    /// How much to optimise: 0 or 1
    #[arg(short = 'O', value_name = "LEVEL", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=1), help_heading = "Compilation")]
    level: u8,
}

#[derive(Clone, Copy, ValueEnum)]
enum IntOverflow {
    /// Raises `OverflowError`
    Raise,
    /// Wraps around
    Wrap,
}

/// What a program may use.
#[derive(Args)]
pub(super) struct Limits {
    /// Memory it may use: `512M`, `2G`
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Limits")]
    max_memory: Option<usize>,

    /// Time it may take: `1.5`, `2s`, `300ms`
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Limits")]
    time_limit: Option<Duration>,

    /// Wasm instructions it may execute, about
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    fuel: Option<u64>,

    /// Do not keep machine code for the next run
    #[arg(long)]
    no_cache: bool,
}

impl Compilation {
    /// Settings with these options.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            stack_limit: STACK,
            optimise: self.level > 0,
            int_overflow_raises: self.int_overflow.map(|what| matches!(what, IntOverflow::Raise)),
            warn: Some(Arc::new(failure::report)),
            ..Settings::default()
        }
    }
}

impl Limits {
    /// The settings with these limits, and the console of a program that runs.
    pub(super) fn settings(&self, settings: Settings, console: &Arc<ProcessConsole>) -> Settings {
        Settings {
            time_limit: self.time_limit,
            fuel_limit: self.fuel,
            memory_limit: self.max_memory.unwrap_or(settings.memory_limit),
            cache: !self.no_cache,
            console: console.clone(),
            ..settings
        }
    }
}

/// Lets Ctrl-C end the process at once, with what was printed so far.
pub(super) fn end_on_interrupt(console: &Arc<ProcessConsole>) {
    let console = console.clone();
    // Without a handler, Ctrl-C still ends the process.
    let _ = ctrlc::set_handler(move || {
        let _ = console.try_flush();
        failure::tell("KeyboardInterrupt\n");
        std::process::exit(130);
    });
}

fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        unit => return Err(format!("`{unit}` is no unit; use K, M or G")),
    };
    let number: usize = digits.trim().parse().map_err(|_| format!("`{digits}` is no number"))?;
    number.checked_mul(1 << scale).ok_or_else(|| "this is more than there is".to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "ms" => 1e-3,
        "m" | "min" => 60.0,
        unit => return Err(format!("`{unit}` is no unit; use ms, s or min")),
    };
    let number: f64 = digits.trim().parse().map_err(|_| format!("`{digits}` is no number"))?;
    Duration::try_from_secs_f64(number * scale).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times() {
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("100"), Ok(100));
        assert!(size("1T").is_err() && size("M").is_err() && size("99999999999G").is_err());
        assert_eq!(time("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(time("1.5"), Ok(Duration::from_millis(1500)));
        assert!(time("-1").is_err() && time("1h").is_err());
    }
}
