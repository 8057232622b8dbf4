//! What `kukri` can be told to do: one file a subcommand. In: arguments. Out: an exit status.

mod bench;
mod build;
mod call;
mod check;
mod explain;
mod failure;
mod literal;
mod options;
mod run;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::panic::catch_unwind;

/// Compiles typed Python to WebAssembly, and runs it
#[derive(Parser)]
#[command(name = "kukri", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Run),
    Call(call::Call),
    Check(check::Check),
    Explain(explain::Explain),
    Build(build::Build),
    Bench(bench::Bench),
    /// Writes the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Does what the command line says.
pub(crate) fn main() -> i32 {
    let Arguments { command } = Arguments::parse_from(env::args_os().map(shielded));
    let done = catch_unwind(|| match command {
        Command::Run(run) => run.execute(),
        Command::Call(call) => call.execute(),
        Command::Check(check) => check.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Build(build) => build.execute(),
        Command::Bench(bench) => bench.execute(),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "kukri", &mut script);
            failure::shown(io::stdout().write_all(&script))
        }
    });
    done.unwrap_or_else(|_| failure::internal("a panic"))
}

/// A negative number in parentheses, where it is the same literal but no option.
fn shielded(argument: OsString) -> OsString {
    let number = |text: &str| text.starts_with('-') && text[1..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
    match argument.to_str() {
        Some(text) if number(text) => format!("({text})").into(),
        _ => argument,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
