//! From source to a program that can run: through the compiler and Cranelift, or from the cache. In: `Source`. Out:
//! `Program`.

use crate::cache::Entry;
use crate::engine::{Engine, Settings};
use crate::error::{Error, Report};
use crate::load::Program;
use crate::source::Source;
use crate::thread::with_compiler_stack;
use kukri_compiler::abi::Manifest;
use kukri_compiler::diagnostic::Diagnostic;
use kukri_compiler::infer::Request;
use kukri_compiler::source::Sources;
use kukri_compiler::types::{Rules, Type};
use kukri_compiler::{Checked, Compiled, Failure, Input, Options, opt, ssa, syntax};
use wasmtime::Module;

/// What a program is compiled for.
#[derive(Debug)]
pub(crate) enum Purpose {
    /// To be run: its module level alone.
    Run,
    /// To be looked at: all there is.
    Check,
    /// To have functions called: these for arguments of these types, besides those that say their types themselves.
    Call(Vec<(String, Vec<Type>)>),
    /// To have this one function called with arguments of these types.
    CallOne(String, Vec<Type>),
}

/// Compiles a program for this engine.
pub(crate) fn program(engine: &Engine, source: &Source, purpose: &Purpose) -> Result<Program, Error> {
    let request = request(engine, purpose);
    let entry = Entry::new(engine, source, &request);
    if let Some(program) = entry.as_ref().and_then(|entry| entry.load(engine, source)) {
        return Ok(program);
    }
    let mut modules = Vec::new();
    let options = Options { level: level(&engine.settings), request, ..Options::default() };
    let compiled = compile(engine, source, &options, &mut modules)
        .map_err(|failure| Error::Compile(Report::new(&failure.sources, &failure.diagnostics)))?;
    let program = machine_code(engine, &compiled)?;
    if compiled.notes.is_empty() {
        if let Some(entry) = entry {
            entry.store(&program, &modules);
        }
    } else if let Some(warn) = &engine.settings.warn {
        // Programs with warnings are not kept, so that each run warns.
        warn(&Report::new(&compiled.sources, &compiled.notes));
    }
    Ok(program)
}

/// Machine code for a compiled program.
fn machine_code(engine: &Engine, compiled: &Compiled) -> Result<Program, Error> {
    let wasm = &compiled.artifact.wasm;
    let manifest = Manifest::of_module(wasm).ok_or_else(|| Error::Internal("the module has no manifest".into()))?;
    let module = with_compiler_stack(|| Module::from_binary(&engine.wasmtime, wasm));
    let module = module.map_err(|error| Error::Internal(format!("{error:#}")))?;
    let files: Vec<_> = compiled.sources.files().collect();
    let text = |path: &String| files.iter().find(|file| file.path == *path).map(|file| file.text.to_string());
    let texts = manifest.files.iter().map(|path| text(path).unwrap_or_default()).collect();
    Ok(Program { module, manifest, module_bytes: wasm.len(), texts })
}

/// What the engine's settings and functions ask of the compiler.
pub(crate) fn request(engine: &Engine, purpose: &Purpose) -> Request {
    let hosts = engine.functions.iter().map(|function| {
        let signature = &function.signature;
        let params = signature.params.iter().map(|param| param.ty.clone()).collect();
        (signature.name.clone(), params, signature.result.clone())
    });
    let rules = engine.settings.int_overflow_raises.map(|raises| if raises { Rules::Python } else { Rules::NUMBA });
    let exports = match purpose {
        Purpose::Run | Purpose::Check => Vec::new(),
        Purpose::Call(exports) => exports.clone(),
        Purpose::CallOne(name, types) => vec![(name.clone(), types.clone())],
    };
    Request {
        exports,
        exports_only: matches!(purpose, Purpose::Run | Purpose::CallOne(..)),
        imported: matches!(purpose, Purpose::Call(_) | Purpose::CallOne(..)),
        hosts: hosts.collect(),
        plain_rules: rules,
        decorated_rules: rules,
        ..Request::default()
    }
}

pub(crate) fn level(settings: &Settings) -> opt::Level {
    if settings.optimise { opt::Level::Full } else { opt::Level::None }
}

/// Compiles a program to Wasm.
pub(crate) fn compile(
    engine: &Engine,
    source: &Source,
    options: &Options,
    modules: &mut Vec<(String, Option<Vec<u8>>)>,
) -> Result<Compiled, Failure> {
    with_input(source, modules, |input| engine.with_compiler(|compiler| compiler.compile(input, options)))
}

/// Compiles a program to SSA.
pub(crate) fn compile_to_ssa(
    engine: &Engine,
    source: &Source,
    options: &Options,
) -> Result<(Checked, ssa::Module), Failure> {
    with_input(source, &mut Vec::new(), |input| {
        engine.with_compiler(|compiler| compiler.compile_to_ssa(input, options))
    })
}

/// Says of the loops of a program how fast they can be.
pub(crate) fn explain(source: &Source, request: &Request) -> Result<(Sources, Vec<Diagnostic>), Failure> {
    with_input(source, &mut Vec::new(), |input| kukri_compiler::explain(input, request))
}

/// Infers the types of a program.
pub(crate) fn check(engine: &Engine, source: &Source, request: &Request) -> Result<Checked, Failure> {
    with_input(source, &mut Vec::new(), |input| engine.with_compiler(|compiler| compiler.check(input, request)))
}

/// Reads the files of a program for the compiler. `modules` gets the content of every module that was looked for.
fn with_input<R>(
    source: &Source,
    modules: &mut Vec<(String, Option<Vec<u8>>)>,
    compile: impl FnOnce(Input<'_>) -> Result<R, Failure>,
) -> Result<R, Failure> {
    let text = decoded(&source.path, &source.bytes)?;
    let mut unreadable = None;
    let mut load = |name: &str| {
        let found = source.module(name);
        modules.push((name.to_owned(), found.as_ref().map(|(_, bytes)| bytes.clone())));
        let (path, bytes) = found?;
        match decoded(&path, &bytes) {
            Ok(text) => Some((path, text)),
            Err(failure) => {
                unreadable = Some(failure);
                None
            }
        }
    };
    let input = Input { path: &source.path, text: &text, modules: &mut load };
    let result = with_compiler_stack(|| compile(input));
    // A module that cannot be read is the cause of whatever else is wrong.
    unreadable.map_or(result, Err)
}

/// The text of a file.
fn decoded(path: &str, bytes: &[u8]) -> Result<String, Failure> {
    syntax::decode(bytes).map_err(|undecodable| {
        let mut sources = Sources::default();
        let file = sources.add(path, &undecodable.text);
        let diagnostics = vec![undecodable.diagnostic(sources.file(file))];
        Failure { sources, diagnostics }
    })
}
