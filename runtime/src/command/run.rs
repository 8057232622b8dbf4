//! `kukri run`: runs a program as `python` would. In: a file and its arguments. Out: what it prints.

use super::failure;
use super::options::{Compilation, Limits, end_on_interrupt, source};
use clap::Args;
use kukri::{Engine, Error, ProcessConsole, Settings};
use std::path::PathBuf;
use std::sync::Arc;

/// Runs a program as `python` would
#[derive(Args)]
pub(super) struct Run {
    #[command(flatten)]
    compilation: Compilation,

    #[command(flatten)]
    limits: Limits,

    /// The program (`-` for stdin), and its arguments: `sys.argv`
    #[arg(required = true, trailing_var_arg = true, value_names = ["FILE", "ARGUMENTS"])]
    program: Vec<String>,
}

impl Run {
    pub(super) fn execute(self) -> i32 {
        let console = Arc::new(ProcessConsole::default());
        end_on_interrupt(&console);
        let file = PathBuf::from(&self.program[0]);
        let settings = self.limits.settings(self.compilation.settings(), &console);
        let settings = Settings { arguments: self.program, ..settings };
        let ended = Engine::with(settings).and_then(|engine| engine.run_source(&source(&file)?));
        // What was printed comes before the traceback.
        let flushed = console.flush().map_err(Error::Console);
        match ended.and(flushed) {
            Ok(()) => 0,
            Err(error) => failure::status(&error),
        }
    }
}
