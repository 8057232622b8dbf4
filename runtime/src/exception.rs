//! Python exceptions that left a kernel. In: their objects in its memory. Out: `Exception`, shown as CPython does.

mod traceback;

use crate::heap::{Broken, Heap};
use crate::load::Program;
use kukri_compiler::abi;
use std::fmt;

/// A Python exception with all that its traceback shows. `Display` writes what CPython 3.11 writes to stderr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The class's name, with its module if it is not builtin: `ValueError`, `numpy.linalg.LinAlgError`.
    pub class: String,
    /// The classes it derives from, up to `BaseException`.
    pub bases: Vec<String>,
    /// What `str(exception)` gives.
    pub message: String,
    /// Where it passed, outermost call first.
    pub frames: Vec<Frame>,
    /// The exception that it was raised `from`.
    pub cause: Option<Box<Exception>>,
    /// The exception that was being handled when it was raised, unless `from` hides it.
    pub context: Option<Box<Exception>>,
    /// Whether the message is a text of its own, and not the repr of something else.
    is_text: bool,
}

/// One entry of a traceback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Path of the file.
    pub file: String,
    /// The Python function, or `<module>`.
    pub function: String,
    /// Line, from 1.
    pub line: u32,
    /// First column of the expression or statement, from 1, in characters.
    pub column: u32,
    /// The line where it ends.
    pub end_line: u32,
    /// One past its last column.
    pub end_column: u32,
    /// The text of the line; empty if the source is not at hand.
    pub text: String,
}

/// A chain of causes is not followed further than this (it could be a ring).
const CHAIN: u32 = 100;

impl Exception {
    /// Whether `except class:` would catch it.
    pub fn is(&self, class: &str) -> bool {
        self.class == class || self.bases.iter().any(|base| base == class)
    }

    /// An exception of a builtin class. A function of the host that gives it as its error raises it in Python.
    ///
    /// ```
    /// use kukri::{Engine, Exception};
    ///
    /// let mut engine = Engine::new()?;
    /// engine.function("price", |name: String| match name.as_str() {
    ///     "tea" => Ok(2.5),
    ///     _ => Err(Exception::new("LookupError", format!("no {name} here"))),
    /// });
    /// let source = "
    /// def cost(names: list[str]) -> float:
    ///     total = 0.0
    ///     for name in names:
    ///         try:
    ///             total += price(name)
    ///         except LookupError as error:
    ///             print(error)
    ///     return total
    /// ";
    /// let kernel = engine.compile(source)?;
    /// assert_eq!(kernel.call::<f64>("cost", (["tea", "soup"],))?, 2.5);
    /// # Ok::<(), kukri::Error>(())
    /// ```
    pub fn new(class: &str, message: impl Into<String>) -> Self {
        let builtin = abi::Manifest::default();
        let bases = abi::exception_number(class).map_or_else(Vec::new, |number| builtin.ancestors(number));
        Self {
            class: class.to_owned(),
            bases: bases.iter().map(|base| builtin.class_name(*base).to_owned()).collect(),
            message: message.into(),
            frames: Vec::new(),
            cause: None,
            context: None,
            is_text: true,
        }
    }

    /// How Python ends a program that this exception leaves: with this status, after writing this to stderr.
    ///
    /// ```
    /// let kernel = kukri::Engine::new()?.compile("import sys\nsys.exit(3)\n")?;
    /// let error = kernel.run().unwrap_err();
    /// assert_eq!(error.exception().map(|exception| exception.exit()), Some((3, String::new())));
    /// # Ok::<(), kukri::Error>(())
    /// ```
    pub fn exit(&self) -> (i32, String) {
        if !self.is("SystemExit") {
            return (1, self.to_string());
        }
        let number = match self.message.as_str() {
            "" | "None" | "False" => Some(0),
            "True" => Some(1),
            message => message.parse::<i64>().ok(),
        };
        match number.filter(|_| self.message.is_empty() || !self.is_text) {
            // A status has eight bits.
            Some(number) => ((number & 0xff) as i32, String::new()),
            None => (1, format!("{}\n", self.message)),
        }
    }

    /// Reads the exception object at `address`.
    pub(crate) fn read(heap: &Heap<'_>, program: &Program, address: u32) -> Result<Self, Broken> {
        Self::read_chain(heap, program, address, CHAIN)
    }

    fn read_chain(heap: &Heap<'_>, program: &Program, address: u32, left: u32) -> Result<Self, Broken> {
        let field = |offset| heap.u32(address + offset);
        let manifest = &program.manifest;
        let class = field(abi::EXCEPTION_CLASS)?;
        let message = match field(abi::EXCEPTION_MESSAGE)? {
            0 => String::new(),
            message => heap.text(message)?,
        };
        let mut frames = Vec::new();
        let trace = field(abi::EXCEPTION_TRACE)?;
        if trace != 0 {
            let (length, data) = (heap.u32(trace + abi::LIST_LENGTH)?, heap.u32(trace + abi::LIST_DATA)?);
            // Innermost first in the object, outermost first in a traceback.
            for at in (0..length).rev() {
                frames.extend(program.frame(heap.u32(data + 8 * at)?));
            }
        }
        let chained = |offset| match field(offset)? {
            0 => Ok(None),
            _ if left == 0 => Ok(None),
            other => Self::read_chain(heap, program, other, left - 1).map(Box::new).map(Some),
        };
        let cause = chained(abi::EXCEPTION_CAUSE)?;
        let context = chained(abi::EXCEPTION_CONTEXT)?;
        let hidden = field(abi::EXCEPTION_SUPPRESS)? != 0;
        let bases = manifest.ancestors(class).iter().map(|base| manifest.class_name(*base).to_owned()).collect();
        Ok(Self {
            class: manifest.class_name(class).to_owned(),
            bases,
            message,
            frames,
            cause,
            context: context.filter(|_| !hidden),
            is_text: field(abi::EXCEPTION_FORM)? == 0,
        })
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(cause) = &self.cause {
            write!(f, "{cause}\nThe above exception was the direct cause of the following exception:\n\n")?;
        } else if let Some(context) = &self.context {
            write!(f, "{context}\nDuring handling of the above exception, another exception occurred:\n\n")?;
        }
        if !self.frames.is_empty() {
            f.write_str("Traceback (most recent call last):\n")?;
            traceback::write(f, &self.frames)?;
        }
        match self.message.as_str() {
            "" => writeln!(f, "{}", self.class),
            message => writeln!(f, "{}: {message}", self.class),
        }
    }
}

impl std::error::Error for Exception {}
