//! Writes what was measured. In: `Row`s. Out: Markdown.

use super::measure::{InBrowser, Row};
use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

/// A kernel that takes longer than with Numba by this factor has to say why.
const SLOW: f64 = 1.5;

pub fn markdown(rows: &[Row], chromium: Option<&str>) -> String {
    let mut text = String::from("# Results\n\n`cargo xtask bench` writes this page. ");
    text.push_str(
        "Times are in milliseconds: the median of calls that took turns, of CPU time. A ratio below 1 says that \
        Kukri is faster; the last line has the geometric mean.\n\n",
    );
    let _ = writeln!(text, "{}, {}.\n", machine(), rows.first().map_or("", |row| &row.versions));
    text.push_str(
        "## Time of a call\n\n`checks` is the time with all checks relative to the time of a build that has \
        none, `optimiser` that of a build that is not optimised relative to the usual one.\n\n",
    );
    text.push_str(&calls(rows));
    let slow = rows.iter().filter(|row| row.kukri / row.numba > SLOW);
    let reasons: Vec<_> =
        slow.map(|row| format!("- `{}`: {}", row.name, row.slow.as_deref().unwrap_or("not explained yet."))).collect();
    if !reasons.is_empty() {
        let _ = writeln!(text, "\nWhat takes more than {SLOW} times as long, and why:\n\n{}", reasons.join("\n"));
    }
    text.push_str("\n## From source to the first result\n\nThe compiler, the machine code and the first call, beside \
        Numba's import and first call, without and with its machine code on the disk; then bytes of the kernel's module.\n\n");
    text.push_str(&starts(rows));
    if let Some(version) = chromium {
        let _ = writeln!(text, "\n## In {version}\n\nThe same modules, relative to wasmtime's time when warm.\n");
        text.push_str(&browser(rows));
    }
    text
}

fn calls(rows: &[Row]) -> String {
    let mut table = table(&["kernel", "Numba", "Kukri", "ratio", "checks", "optimiser"]);
    let ratios = |row: &Row| [row.kukri / row.numba, row.kukri / row.unchecked, row.unoptimised / row.kukri];
    for row in rows {
        let [ratio, checks, optimiser] = ratios(row);
        table.add_row([
            &row.name,
            &time(row.numba),
            &time(row.kukri),
            &factor(ratio),
            &factor(checks),
            &factor(optimiser),
        ]);
    }
    let mean = |at: usize| factor(geometric_mean(rows.iter().map(|row| ratios(row)[at])));
    table.add_row(["geometric mean", "", "", &mean(0), &mean(1), &mean(2)]);
    shown(&table)
}

fn starts(rows: &[Row]) -> String {
    let mut table =
        table(&["kernel", "compiler", "machine code", "first call", "sum", "Numba", "Numba, cached", "ratio", "bytes"]);
    let sum = |row: &Row| row.compile + row.machine_code + row.first_call;
    for row in rows {
        let columns = [row.compile, row.machine_code, row.first_call, sum(row), row.numba_cold];
        let ratio = format!("1/{:.0}", row.numba_cold / sum(row));
        let cached = row.numba_cached.map_or_else(|| "crashes".to_owned(), time);
        let times = columns.map(time).into_iter().chain([cached]);
        table.add_row([row.name.clone()].into_iter().chain(times).chain([ratio, row.module_bytes.to_string()]));
    }
    let mut bytes: Vec<_> = rows.iter().map(|row| row.module_bytes).collect();
    bytes.sort_unstable();
    let ratio = geometric_mean(rows.iter().map(|row| row.numba_cold / sum(row)));
    let middle = bytes.get(bytes.len() / 2).map_or_else(String::new, |bytes| format!("median {bytes}"));
    table.add_row(["geometric mean", "", "", "", "", "", "", &format!("1/{ratio:.0}"), &middle]);
    shown(&table)
}

fn browser(rows: &[Row]) -> String {
    let mut table = table(&["kernel", "wasmtime", "first call", "ratio", "warm", "ratio"]);
    let measured = || rows.iter().filter_map(|row| Some((row, row.in_browser.as_ref()?)));
    for (row, InBrowser { first, warm }) in measured() {
        let (first_ratio, warm_ratio) = (factor(first / row.kukri), factor(warm / row.kukri));
        table.add_row([&row.name, &time(row.kukri), &time(*first), &first_ratio, &time(*warm), &warm_ratio]);
    }
    let first = factor(geometric_mean(measured().map(|(row, times)| times.first / row.kukri)));
    let warm = factor(geometric_mean(measured().map(|(row, times)| times.warm / row.kukri)));
    table.add_row(["geometric mean", "", "", &first, "", &warm]);
    shown(&table)
}

/// A table whose columns after the first are numbers.
fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(ASCII_MARKDOWN).set_header(header);
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

fn shown(table: &Table) -> String {
    format!("{}\n", table.trim_fmt())
}

fn time(milliseconds: f64) -> String {
    format!("{milliseconds:.2}")
}

fn factor(ratio: f64) -> String {
    format!("{ratio:.2}")
}

fn geometric_mean(ratios: impl Iterator<Item = f64>) -> f64 {
    let logarithms: Vec<f64> = ratios.map(f64::ln).collect();
    (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp()
}

/// The machine in a line.
fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model.trim());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let system = Command::new("uname").arg("-sr").output().ok();
    let system = system.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let system = system.filter(|text| !text.is_empty()).unwrap_or_else(|| std::env::consts::OS.to_owned());
    format!("Measured on {model}, {threads} threads, {system}; Kukri {}", env!("CARGO_PKG_VERSION"))
}
