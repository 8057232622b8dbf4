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
use std::io;
use std::thread;

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

/// The stack that programs run on: Python programs recurse deeper than a default stack is.
const STACK: usize = 64 << 20;
/// The room that the compiler and the host have besides.
const STACK_BESIDE: usize = 16 << 20;

/// Does what the command line says.
pub(crate) fn main() -> i32 {
    let Arguments { command } = Arguments::parse();
    // The stack is memory that is only taken when it is touched.
    let thread = thread::Builder::new().stack_size(STACK + STACK_BESIDE).spawn(move || match command {
        Command::Run(run) => run.execute(),
        Command::Call(call) => call.execute(),
        Command::Check(check) => check.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Build(build) => build.execute(),
        Command::Bench(bench) => bench.execute(),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "kukri", &mut io::stdout());
            0
        }
    });
    match thread.map(thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        Ok(Err(_)) => failure::internal("a panic"),
        Err(error) => failure::internal(&format!("no thread: {error}")),
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
