//! How the command ends when something went wrong. In: errors. Out: text on stderr, an exit status.

use kukri::{Error, Report};
use kukri_compiler::Failure;
use kukri_compiler::diagnostic::{Code, render_text};
use std::env;
use std::io::{self, IsTerminal, Write as _};

/// What a shell reports for a program that SIGPIPE ended: its reader went away, and that is no news.
const BROKEN_PIPE: i32 = 141;

/// Whether diagnostics are coloured that go to this stream: on a terminal, unless the user asked for none.
pub(super) fn colours(stream: &impl IsTerminal) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Writes to stderr. If that fails, there is nobody to tell.
pub(super) fn tell(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Shows errors or warnings of the compiler.
pub(super) fn report(report: &Report) {
    tell(if colours(&io::stderr()) { &report.coloured } else { &report.text });
}

/// A source that was refused.
pub(super) fn refused(failure: &Failure) -> i32 {
    tell(&render_text(&failure.sources, &failure.diagnostics, colours(&io::stderr())));
    1
}

/// The status after something was written to stdout.
pub(super) fn shown(written: io::Result<()>) -> i32 {
    written.map_or_else(|error| status(&Error::Console(error)), |()| 0)
}

/// Shows why something failed, and gives the status to exit with.
pub(super) fn status(error: &Error) -> i32 {
    match error {
        Error::Compile(errors) => report(errors),
        Error::Exception(exception) => {
            let (status, text) = exception.exit();
            tell(&text);
            return status;
        }
        Error::Console(error) if error.kind() == io::ErrorKind::BrokenPipe => return BROKEN_PIPE,
        Error::TimeLimit(_) => coded(Code::TimeLimit, error),
        Error::FuelLimit(_) => coded(Code::OutOfFuel, error),
        Error::Internal(message) => return internal(message),
        Error::File(..) | Error::Console(_) => {
            tell(&format!("kukri: {error}\n"));
            return 2;
        }
        Error::Argument { .. }
        | Error::Result { .. }
        | Error::NoFunction { .. }
        | Error::Host(_)
        | Error::Module(_) => tell(&format!("kukri: {error}\n")),
    }
    1
}

fn coded(code: Code, error: &Error) {
    tell(&format!("error[{code}]: {error}\n"));
}

/// A mistake of Kukri's own.
pub(super) fn internal(message: &str) -> i32 {
    tell(&format!(
        "error[{}]: this is a mistake in Kukri, not in your program: {message}\nhelp: please report it, with the program\n",
        Code::Internal
    ));
    1
}
