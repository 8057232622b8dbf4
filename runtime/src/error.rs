//! What can go wrong between a host and its kernels. In: facts. Out: `Error`.

use crate::exception::Exception;
use kukri_compiler::diagnostic::{Diagnostic, render_json, render_text};
use kukri_compiler::source::Sources;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why a kernel was not compiled, or a call gave no result.
#[derive(Debug)]
pub enum Error {
    /// The source is not a program that Kukri compiles.
    Compile(Report),
    /// A Python exception left the kernel. Memory that runs out is a `MemoryError`, a recursion that runs too deep
    /// a `RecursionError`.
    Exception(Exception),
    /// The call took longer than [`Settings::time_limit`](crate::Settings::time_limit).
    TimeLimit(Duration),
    /// The call used more than [`Settings::fuel_limit`](crate::Settings::fuel_limit).
    FuelLimit(u64),
    /// An argument is not of its parameter's type, or there are too many or too few.
    Argument {
        /// The function that was called.
        function: String,
        /// What does not fit.
        message: String,
    },
    /// The result is not of the Rust type that was asked for.
    Result {
        /// The function that was called.
        function: String,
        /// What it gives, and what that does not fit.
        message: String,
    },
    /// The kernel has no such function.
    NoFunction {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A function of the host that the kernel needs is missing or panicked, or it called the kernel that called it.
    Host(String),
    /// The module cannot be loaded: it is none of Kukri's, or another version's, or incomplete.
    Module(String),
    /// Output was refused, or input.
    Console(io::Error),
    /// A file could not be read.
    File(PathBuf, io::Error),
    /// A mistake in Kukri itself. Please report it.
    Internal(String),
}

/// What the compiler says of a source: errors, or warnings.
#[derive(Clone, Debug)]
pub struct Report {
    /// As plain text.
    pub text: String,
    /// As text with colours for a terminal.
    pub coloured: String,
    /// As JSON: `{"diagnostics": […]}`.
    pub json: String,
    /// The codes, such as `KU3001`.
    pub codes: Vec<String>,
}

impl Report {
    /// Renders diagnostics.
    pub(crate) fn new(sources: &Sources, diagnostics: &[Diagnostic]) -> Self {
        Self {
            text: render_text(sources, diagnostics, false),
            coloured: render_text(sources, diagnostics, true),
            json: render_json(sources, diagnostics),
            codes: diagnostics.iter().map(|diagnostic| diagnostic.code.number().to_owned()).collect(),
        }
    }
}

impl Error {
    /// The Python exception, if it is one.
    pub fn exception(&self) -> Option<&Exception> {
        if let Self::Exception(exception) = self { Some(exception) } else { None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compile(error) => f.write_str(error.text.trim_end()),
            Self::Exception(exception) => f.write_str(exception.to_string().trim_end()),
            Self::TimeLimit(limit) => write!(f, "the time limit of {limit:?} is used up"),
            Self::FuelLimit(limit) => write!(f, "the fuel limit of {limit} instructions is used up"),
            Self::Argument { function, message } => write!(f, "{function}() {message}"),
            Self::Result { function, message } => write!(f, "{function}() gives {message}"),
            Self::NoFunction { name, known } if known.is_empty() => {
                write!(f, "there is no function `{name}`, and none at all that can be called")
            }
            Self::NoFunction { name, known } => {
                write!(f, "there is no function `{name}`; those that can be called are {}", known.join(", "))
            }
            Self::Host(message) => f.write_str(message),
            Self::Module(message) => write!(f, "cannot load the module: {message}"),
            Self::Console(error) => write!(f, "{error}"),
            Self::File(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            Self::Internal(message) => write!(f, "this is a mistake in Kukri, please report it: {message}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Console(error) | Self::File(_, error) => Some(error),
            Self::Compile(_)
            | Self::Exception(_)
            | Self::TimeLimit(_)
            | Self::FuelLimit(_)
            | Self::Argument { .. }
            | Self::Result { .. }
            | Self::NoFunction { .. }
            | Self::Host(_)
            | Self::Module(_)
            | Self::Internal(_) => None,
        }
    }
}
