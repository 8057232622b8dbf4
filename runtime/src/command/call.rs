//! `kukri call`: calls one function. In: a file, a name, arguments. Out: the `repr` of the result.

use super::failure;
use super::literal;
use super::options::{Compilation, Limits, end_on_interrupt, source};
use clap::Args;
use kukri::{Console as _, Engine, Error, ProcessConsole, Stream};
use std::path::PathBuf;
use std::sync::Arc;

/// Calls one function and prints the repr of its result
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Call {
    #[command(flatten)]
    compilation: Compilation,

    #[command(flatten)]
    limits: Limits,

    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
Examples:
  kukri call prog.py f 3 -1.5 \"'text'\" '[1, 2]' '(1+2j)' None
  kukri call prog.py shortest @roads.npy";

/// A function and what it is called with.
#[derive(Args)]
pub(super) struct Target {
    /// The program; `-` for stdin
    pub(super) file: PathBuf,

    /// The function
    pub(super) function: String,

    /// Python literals, or `@file.npy` for an array
    pub(super) arguments: Vec<String>,
}

impl Target {
    /// The values of the arguments; a message if one is none.
    pub(super) fn values(&self) -> Result<Vec<kukri::Value>, String> {
        self.arguments.iter().map(|argument| literal::value(argument)).collect()
    }
}

impl Call {
    pub(super) fn execute(self) -> i32 {
        let values = match self.target.values() {
            Ok(values) => values,
            Err(message) => {
                failure::tell(&format!("kukri: {message}\n"));
                return 2;
            }
        };
        let console = Arc::new(ProcessConsole::default());
        end_on_interrupt(&console);
        let settings = self.limits.settings(self.compilation.settings(), &console);
        let result = Engine::with(settings)
            .and_then(|engine| engine.compile_call(&source(&self.target.file)?, &self.target.function, &values))
            .and_then(|kernel| kernel.call_values(&self.target.function, &values));
        let shown = result
            .and_then(|value| console.write(Stream::Out, format!("{value}\n").as_bytes()).map_err(Error::Console));
        let flushed = console.flush().map_err(Error::Console);
        match shown.and(flushed) {
            Ok(()) => 0,
            Err(error) => failure::status(&error),
        }
    }
}
