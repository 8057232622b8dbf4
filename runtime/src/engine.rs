//! What compiles and runs kernels: the settings, the machine code compiler, the functions of the host. In:
//! `Settings`. Out: `Engine`, which gives `Kernel`s.

use crate::compile::{self, Purpose};
use crate::console::{Console, ProcessConsole};
use crate::error::{Error, Report};
use crate::host::{HostClosure, HostFunction};
use crate::kernel::Kernel;
use crate::load::Program;
use crate::source::Source;
use crate::ticker::Ticker;
use crate::value::Value;
use kukri_compiler::diagnostic::Diagnostic;
use kukri_compiler::source::Sources;
use kukri_compiler::types::Type;
use kukri_compiler::{Checked, Compiled, Compiler, Failure, Options, emit, ssa};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wasmtime::{Config, OptLevel};

/// How kernels are compiled and what they may use.
///
/// ```
/// use kukri::{Engine, Settings};
/// use std::time::Duration;
///
/// let engine = Engine::with(Settings {
///     time_limit: Some(Duration::from_millis(200)),
///     memory_limit: 64 << 20,
///     ..Settings::default()
/// })?;
/// # Ok::<(), kukri::Error>(())
/// ```
#[derive(Clone)]
pub struct Settings {
    /// How long one call may take, module level included; exact to about two milliseconds.
    pub time_limit: Option<Duration>,
    /// How many Wasm instructions one call may execute, about. Slower than a time limit, but the same everywhere.
    pub fuel_limit: Option<u64>,
    /// Bytes of memory an instance may have; beyond, `MemoryError` is raised.
    pub memory_limit: usize,
    /// Bytes of stack that a call may use; beyond, `RecursionError` is raised. A thread that has less left makes the
    /// call on a stack of its own.
    pub stack_limit: usize,
    /// Whether the compiler optimises. Results are the same, bit for bit.
    pub optimise: bool,
    /// Whether an `int` that leaves 64 bits raises (`Some(true)`) or wraps (`Some(false)`) everywhere; otherwise each
    /// function's decorator says so.
    pub int_overflow_raises: Option<bool>,
    /// Whether machine code is kept in the user's cache folder.
    pub cache: bool,
    /// Where prints go and input comes from.
    pub console: Arc<dyn Console>,
    /// `sys.argv`.
    pub arguments: Vec<String>,
    /// Gets the compiler's warnings.
    pub warn: Option<Arc<dyn Fn(&Report) + Send + Sync>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_limit: None,
            fuel_limit: None,
            memory_limit: 4 << 30,
            stack_limit: 1 << 20,
            optimise: true,
            int_overflow_raises: None,
            cache: false,
            console: Arc::new(ProcessConsole::default()),
            arguments: Vec::new(),
            warn: None,
        }
    }
}

/// Compiles Python to kernels. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) settings: Arc<Settings>,
    pub(crate) functions: Vec<Arc<HostFunction>>,
    pub(crate) ticker: Arc<Ticker>,
    /// It knows the library better with each program.
    compiler: Arc<Mutex<Compiler>>,
}

impl Engine {
    /// An engine with default settings.
    pub fn new() -> Result<Self, Error> {
        Self::with(Settings::default())
    }

    /// An engine with these settings.
    pub fn with(settings: Settings) -> Result<Self, Error> {
        // A Python exception is an error of wasmtime's at each frame that it passes. Where the user has RUST_BACKTRACE
        // set, each would look at the whole stack, which nobody would see.
        wasmtime::error::disable_backtrace();
        let mut config = Config::new();
        config
            .max_wasm_stack(settings.stack_limit)
            .epoch_interruption(settings.time_limit.is_some())
            .consume_fuel(settings.fuel_limit.is_some())
            .cranelift_opt_level(if settings.optimise { OptLevel::Speed } else { OptLevel::None })
            // Traces are made of the sites in exceptions, not of machine frames.
            .wasm_backtrace_max_frames(None)
            .generate_address_map(false)
            .wasm_branch_hinting(true);
        // Memories are made on demand. Wasmtime's pool would make an instance in 6 µs instead of 50, and an engine in 2 ms
        // instead of 0.03; but a kernel keeps its instances, so that few are ever made.
        // With async built in, wasmtime asks for a larger stack than the Wasm stack even where none is used.
        config.async_stack_size(settings.stack_limit + (1 << 20));
        let wasmtime = wasmtime::Engine::new(&config).map_err(|error| Error::Internal(format!("{error:#}")))?;
        let ticker = Arc::new(Ticker::new(wasmtime.clone()));
        let compiler = Arc::default();
        Ok(Self { wasmtime, settings: Arc::new(settings), functions: Vec::new(), ticker, compiler })
    }

    /// Lends the compiler; a thread that finds it at work elsewhere gets a new one.
    pub(crate) fn with_compiler<R>(&self, work: impl FnOnce(&mut Compiler) -> R) -> R {
        match self.compiler.try_lock() {
            Ok(mut compiler) => work(&mut compiler),
            Err(_) => work(&mut Compiler::default()),
        }
    }

    /// Offers a Rust closure to the kernels that are compiled from now on, under a Python name. It takes the place
    /// of a Python function of that name, which may be there with `...` as its body, so that the file is whole for
    /// type checkers.
    pub fn function<Params>(&mut self, name: &str, closure: impl HostClosure<Params>) -> &mut Self {
        let (signature, body) = closure.erase(name);
        self.functions.retain(|other| other.signature.name != name);
        self.functions.push(Arc::new(HostFunction { signature, body }));
        self
    }

    /// Compiles a text. It can import nothing but what Kukri has.
    ///
    /// ```
    /// let source = "
    /// def dot(xs: list[float], ys: list[float]) -> float:
    ///     return sum(x * y for x, y in zip(xs, ys))
    /// ";
    /// let kernel = kukri::Engine::new()?.compile(source)?;
    /// let y: f64 = kernel.call("dot", ([1.0, 2.0], [3.0, 4.0]))?;
    /// assert_eq!(y, 11.0);
    /// # Ok::<(), kukri::Error>(())
    /// ```
    pub fn compile(&self, source: &str) -> Result<Kernel, Error> {
        self.compile_source(&Source::of_text(source))
    }

    /// Compiles a file and what it imports from its folder.
    pub fn compile_file(&self, path: impl AsRef<Path>) -> Result<Kernel, Error> {
        self.compile_source(&Source::of_file(path.as_ref())?)
    }

    /// Compiles a source.
    pub fn compile_source(&self, source: &Source) -> Result<Kernel, Error> {
        let program = compile::program(self, source, &Purpose::Call(Vec::new()))?;
        Kernel::new(self, program, Some(source.clone()))
    }

    /// Compiles what calls of this one function with arguments such as these need, which takes less time than all.
    /// Other functions can be called too: they are compiled when they are.
    pub fn compile_call(&self, source: &Source, name: &str, args: &[Value]) -> Result<Kernel, Error> {
        let types = args.iter().map(Value::natural_type).collect();
        let program = compile::program(self, source, &Purpose::CallOne(name.to_owned(), types))?;
        if program.manifest.exports.is_empty() {
            // There is no such function: a whole kernel knows which there are.
            return self.compile_source(source);
        }
        Kernel::new(self, program, Some(source.clone()))
    }

    /// Runs a file as a program: its module level.
    pub fn run_file(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.run_source(&Source::of_file(path.as_ref())?)
    }

    /// Runs a source as a program: its module level. As Python's, its tracebacks have the whole path of its file.
    pub fn run_source(&self, source: &Source) -> Result<(), Error> {
        let mut program = compile::program(self, source, &Purpose::Run)?;
        let whole = source.whole_path();
        program.manifest.files.iter_mut().filter(|path| **path == source.path).for_each(|path| path.clone_from(&whole));
        Kernel::new(self, program, None)?.run()
    }

    /// Finds what is wrong with a source, without compiling it.
    pub fn check(&self, source: &Source) -> Result<Checked, Failure> {
        compile::check(self, source, &compile::request(self, &Purpose::Check))
    }

    /// Says of every innermost loop what keeps it from being faster, as notes: checks that stay, calls, what was not
    /// vectorised. Also gives the files that they point into.
    pub fn explain(&self, source: &Source) -> Result<(Sources, Vec<Diagnostic>), Failure> {
        compile::explain(source, &compile::request(self, &Purpose::Check))
    }

    /// As [`explain`](Self::explain), of what a call of this function with arguments such as these runs.
    pub fn explain_call(
        &self,
        source: &Source,
        name: &str,
        args: &[Value],
    ) -> Result<(Sources, Vec<Diagnostic>), Failure> {
        let types = args.iter().map(Value::natural_type).collect();
        compile::explain(source, &compile::request(self, &Purpose::CallOne(name.to_owned(), types)))
    }

    /// Compiles a source to a module, with these functions exported (name and types of the parameters) besides those
    /// that say their types themselves.
    pub fn build(
        &self,
        source: &Source,
        exports: &[(String, Vec<Type>)],
        emit: &emit::Options,
    ) -> Result<Compiled, Failure> {
        let options = Options { emit: emit.clone(), ..self.options(exports) };
        compile::compile(self, source, &options, &mut Vec::new())
    }

    /// As [`build`](Self::build), but stops before the module is written.
    pub fn build_ssa(
        &self,
        source: &Source,
        exports: &[(String, Vec<Type>)],
    ) -> Result<(Checked, ssa::Module), Failure> {
        compile::compile_to_ssa(self, source, &self.options(exports))
    }

    fn options(&self, exports: &[(String, Vec<Type>)]) -> Options {
        let request = compile::request(self, &Purpose::Call(exports.to_vec()));
        Options { level: compile::level(&self.settings), request, ..Options::default() }
    }

    /// Loads a module that `kukri build` or [`build`](Self::build) made. The source is not needed, so that tracebacks
    /// have no lines of it, and that only the functions it exports can be called.
    ///
    /// ```
    /// use kukri::{Engine, Source};
    ///
    /// let engine = Engine::new()?;
    /// let source = Source::of_text("def twice(x: int) -> int:\n    return 2 * x\n");
    /// let wasm = engine.build(&source, &[], &Default::default()).expect("it compiles").artifact.wasm;
    /// let kernel = engine.load(&wasm)?;
    /// assert_eq!(kernel.call::<i64>("twice", (21,))?, 42);
    /// # Ok::<(), kukri::Error>(())
    /// ```
    pub fn load(&self, wasm: &[u8]) -> Result<Kernel, Error> {
        Kernel::new(self, Program::of_module(self, wasm)?, None)
    }
}
