//! `cargo xtask bench`: the kernels of `tests/bench` in Kukri and in Numba, side by side. In: kernels. Out: tables, and
//! `tests/bench/RESULTS.md` where all were measured.

#[path = "bench/browser.rs"]
mod browser;
#[path = "bench/measure.rs"]
mod measure;
#[path = "bench/report.rs"]
mod report;

use crate::{oracle, playground, run as execute};
use indicatif::{ProgressBar, ProgressStyle};
use kukri_tests::bench::kernels;
use std::fs;
use std::process::Command;

/// `cargo xtask bench [FILTER] [--rounds N] [--no-browser]`.
///
/// # Errors
/// Where a kernel gives another result than Numba, or cannot be measured.
pub fn run(arguments: &[String]) -> Result<(), String> {
    if cfg!(debug_assertions) {
        // The compiler's own time counts too.
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--release", "--package", "kukri-tests", "--bin", "xtask", "--", "bench"]);
        return execute(command.args(arguments));
    }
    oracle::install()?;
    let rounds = crate::number("--rounds", arguments, 15)?.max(1);
    let in_browser = !arguments.iter().any(|argument| argument == "--no-browser");
    let filter = arguments.first().filter(|argument| !argument.starts_with("--")).map_or("", String::as_str);
    let kernels = kernels(filter);
    if kernels.is_empty() {
        return Err(format!("no kernel's name contains `{filter}`"));
    }
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg:20} {eta}");
    let bar = ProgressBar::new(kernels.len() as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut rows = Vec::new();
    for kernel in &kernels {
        bar.set_message(kernel.name.clone());
        rows.push(measure::measure(kernel, rounds)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let chromium = if in_browser {
        playground::install_browsers()?;
        Some(browser::measure(&mut rows, &playground::packages()?)?)
    } else {
        None
    };
    let text = report::markdown(&rows, chromium.as_deref());
    println!("{text}");
    if filter.is_empty() && in_browser {
        let path = kukri_tests::folder().join("bench/RESULTS.md");
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("written to {}", path.display());
    }
    Ok(())
}
