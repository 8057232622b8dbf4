//! The libraries whose names Kukri knows, and the builtins. In: names. Out: whether they exist.

use crate::abi;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;

/// Modules that need no file. Which of their members work is `infer`'s question: it is the prelude that has them.
const LIBRARIES: [&str; 25] = [
    "__future__",
    "abc",
    "array",
    "bisect",
    "cmath",
    "collections",
    "collections.abc",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "heapq",
    "itertools",
    "math",
    "numba",
    "numpy",
    "numpy.typing",
    "operator",
    "random",
    "statistics",
    "string",
    "sys",
    "time",
    "typing",
    "typing_extensions",
];

/// Whether `path` is a module of a known library (`numba.typed` is one of `numba`'s).
pub fn is_library(path: &str) -> bool {
    LIBRARIES.contains(&path) || path.starts_with("numba.") || path.starts_with("numpy.")
}

/// What `from path import *` brings: for `math` alone this is used in practice.
pub fn star(path: &str) -> Vec<&'static str> {
    const MATH: &str = "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf \
        erfc exp exp2 expm1 fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan \
        isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh \
        sqrt tan tanh tau trunc ulp";
    if path == "math" { MATH.split_whitespace().collect() } else { Vec::new() }
}

/// Whether `name` is a builtin exception.
pub fn is_exception(name: &str) -> bool {
    exception_of_library(&format!("builtins.{name}")).is_some()
}

/// The name in `abi::EXCEPTIONS` of the exception class with this canonical name.
pub fn exception_of_library(path: &str) -> Option<&'static str> {
    let (module, name) = path.rsplit_once('.')?;
    let (name, home) = match name {
        "IOError" | "EnvironmentError" => ("OSError", "builtins"),
        "LinAlgError" => (name, "numpy.linalg"),
        "AxisError" => (name, "numpy.exceptions"),
        _ => (name, "builtins"),
    };
    let known = abi::EXCEPTIONS.iter().map(|(known, _)| *known).find(|known| *known == name);
    known.filter(|_| module == home)
}

/// `import path` where there is neither a library nor a file.
pub fn unknown_module(path: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownModule, span, format!("no module named `{path}`"));
    if let Some(name) = path.strip_suffix(".py") {
        let ending = Span::new(span.end.saturating_sub(3).max(span.start), span.end);
        return diagnostic.fix(format!("import `{name}`, without `.py`"), vec![(ending, String::new())]);
    }
    match suggest::closest(path, LIBRARIES.iter().copied()) {
        Some(name) => diagnostic.meant(span, name),
        None => {
            let name = path.split('.').next().unwrap_or(path);
            // Those that people reach for, of which Kukri has nothing.
            let is_library = "os re json csv pickle sqlite3 socket ssl http urllib requests subprocess threading \
                multiprocessing asyncio concurrent logging argparse pathlib shutil glob tempfile io datetime calendar \
                decimal fractions traceback inspect ctypes struct pandas scipy sklearn torch tensorflow jax matplotlib \
                seaborn sympy networkx cv2 PIL cupy dask polars pytest unittest tkinter queue signal"
                .split_whitespace()
                .any(|known| known == name);
            if is_library {
                diagnostic
                    .help("Kukri compiles what computes: `math`, `numpy`, `numba` and parts of the standard library")
            } else {
                diagnostic.help("a module of your own must lie beside the program, as `name.py` or `name/__init__.py`")
            }
        }
    }
}
