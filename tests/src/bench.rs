//! The kernels that are measured: `tests/bench/*.py`, and how each of both worlds calls them. In: files. Out: `Kernel`s,
//! `Numba`, and the comparison of what they give.
//!
//! A kernel is a function in the file of its name, which runs under CPython, Numba and Kukri as it stands. `setup(size)`
//! gives its arguments, where `size` has a default that suits a measurement. The file's docstring ends in lines of
//! its properties:
//!
//! - `tiny: N`: a size at which it only takes a moment.
//! - `tolerance: X: REASON`: how much a result may differ from Numba's, relative to it, and why it does.
//! - `slow: REASON`: why it takes more than one and a half times as long as with Numba.

mod answer;
mod numba;

pub use answer::difference;
pub use numba::Numba;

use kukri_compiler::infer::Request;
use kukri_compiler::types::Type;
use kukri_compiler::{Compiled, Input, Options, opt};
use std::fs;
use std::path::PathBuf;

/// A program that is measured.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// Its name: the file's and the function's.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// A size at which it only takes a moment.
    pub tiny: i64,
    /// What a result may differ by, relative to it, and why.
    pub tolerance: Option<(f64, String)>,
    /// Why it is slow.
    pub slow: Option<String>,
}

/// The kernels whose names contain `filter`, in the order of their names.
///
/// # Panics
/// Where the docstring of one does not say what it has to.
pub fn kernels(filter: &str) -> Vec<Kernel> {
    let files = crate::files(&crate::folder().join("bench"), "py").into_iter();
    files.map(Kernel::read).filter(|kernel| kernel.name.contains(filter)).collect()
}

impl Kernel {
    fn read(path: PathBuf) -> Self {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let property = |key: &str| {
            let docstring = text.split("\"\"\"").nth(1).unwrap_or_default();
            let mut lines = docstring.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
            lines.next().map(str::to_owned)
        };
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{name}: `{text}` is no number"));
        let tolerance = property("tolerance").map(|text| match text.split_once(": ") {
            Some((most, reason)) => (number(most), reason.to_owned()),
            None => panic!("{name}: the tolerance has no reason"),
        });
        let tiny = property("tiny").unwrap_or_else(|| panic!("{name}: the docstring has no line `tiny: N`"));
        let (tiny, slow) = (number(&tiny) as i64, property("slow"));
        Self { name, path, text, tiny, tolerance, slow }
    }

    /// A program that has the kernel called by `once()`, with arguments that are in its memory already; `answer()` gives
    /// what it gave. At its start the program calls the kernel itself, at a tiny size.
    pub fn program(&self, size: Option<i64>) -> String {
        let Self { name, tiny, .. } = self;
        let size = size.map(|size| size.to_string()).unwrap_or_default();
        format!(
            "from {name} import {name}, setup

arguments = setup({size})
result = {name}(*setup({tiny}))


def once() -> None:
    global result
    result = {name}(*arguments)


def answer():
    return result
"
        )
    }

    /// Compiles [`program`](Self::program).
    ///
    /// # Errors
    /// Those of the compiler, in words.
    pub fn compile(&self, size: Option<i64>, level: opt::Level) -> Result<Compiled, String> {
        let exports = ["once", "answer"].map(|name| (name.to_owned(), Vec::new())).to_vec();
        let request = Request { exports, exports_only: true, ..Request::default() };
        self.compile_text("program.py", &self.program(size), request, level)
    }

    /// Compiles the kernel alone, for the types that `setup` gives.
    ///
    /// # Errors
    /// Those of the compiler, in words.
    pub fn compile_alone(&self, types: &[Type], level: opt::Level) -> Result<Compiled, String> {
        let exports = vec![(self.name.clone(), types.to_vec())];
        let request = Request { exports, exports_only: true, imported: true, ..Request::default() };
        self.compile_text(&format!("{}.py", self.name), &self.text, request, level)
    }

    /// The types that `setup` gives.
    ///
    /// # Errors
    /// Those of the compiler, in words.
    pub fn types(&self) -> Result<Vec<Type>, String> {
        let exports = vec![("setup".to_owned(), vec![Type::Int])];
        let request = Request { exports, exports_only: true, imported: true, ..Request::default() };
        let compiled = self.compile_text(&format!("{}.py", self.name), &self.text, request, opt::Level::None)?;
        let manifest = kukri_compiler::abi::Manifest::of_module(&compiled.artifact.wasm);
        let result = manifest.and_then(|manifest| Some(manifest.exports.first()?.result.clone()));
        match result {
            Some(Type::Tuple(items)) => Ok(items.to_vec()),
            other => Err(format!("{}: `setup` gives {other:?}, not a tuple", self.name)),
        }
    }

    fn compile_text(&self, path: &str, text: &str, request: Request, level: opt::Level) -> Result<Compiled, String> {
        let own = (format!("{}.py", self.name), self.text.clone());
        let mut modules = |name: &str| (name == self.name).then(|| own.clone());
        let input = Input { path, text, modules: &mut modules };
        kukri_compiler::compile(input, &Options { level, request, ..Options::default() })
            .map_err(|failure| kukri_compiler::diagnostic::render_text(&failure.sources, &failure.diagnostics, false))
    }
}
