//! `kukri build`: writes the module, or what it is made of. In: a file. Out: a file.

use super::failure;
use super::options::{Compilation, source};
use clap::{Args, ValueEnum};
use kukri::{Engine, Error};
use kukri_compiler::abi::Manifest;
use kukri_compiler::infer::signature::exported;
use kukri_compiler::types::Type;
use kukri_compiler::{Compiled, Failure, emit, package};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Compiles to a WebAssembly module
#[derive(Args)]
#[command(after_help = "\
Examples:
  kukri build prog.py                                  writes prog.wasm
  kukri build prog.py --export 'f(float64[:,:], int64)'
  kukri build prog.py --emit js                        writes prog.js, prog.d.ts and prog.wasm
  kukri build prog.py --emit wat -o -")]
pub(super) struct Build {
    /// Where to write it; `-` for stdout [default: the program's name with another ending, here]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// What to write
    #[arg(long, default_value = "wasm")]
    emit: Emit,

    /// A function to export with the types of its parameters, such as `f(float64[:,:], int64)`; annotated functions
    /// are exported in any case
    #[arg(long, value_name = "SIGNATURE", value_parser = signature)]
    export: Vec<(String, Vec<Type>)>,

    /// Import the memory as `env.memory` from the host, instead of owning and exporting it
    #[arg(long)]
    import_memory: bool,

    #[command(flatten)]
    compilation: Compilation,

    /// The program; `-` for stdin
    file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Emit {
    /// The module
    Wasm,
    /// The module as text
    Wat,
    /// The optimised program before it is Wasm
    Ssa,
    /// The program with its types
    Hir,
    /// The module with a JavaScript module and its types, for bundlers
    Js,
}

impl Emit {
    fn extension(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::Wat => "wat",
            Self::Ssa => "ssa",
            Self::Hir => "hir",
            Self::Js => "js",
        }
    }
}

impl Build {
    pub(super) fn execute(self) -> i32 {
        match self.build() {
            Ok(status) => status,
            Err(error) => failure::status(&error),
        }
    }

    fn build(&self) -> Result<i32, Error> {
        let engine = Engine::with(self.compilation.settings())?;
        let source = source(&self.file)?;
        let options = emit::Options { import_memory: self.import_memory, ..emit::Options::default() };
        let compiled = match engine.build(&source, &self.export, &options) {
            Ok(compiled) => compiled,
            Err(failure) => return Ok(failure::refused(&failure)),
        };
        let manifest = Manifest::of_module(&compiled.artifact.wasm);
        let manifest = manifest.ok_or_else(|| Error::Internal("the module has no manifest".into()))?;
        let known: Vec<_> = manifest.exports.iter().map(|export| export.name.as_str()).collect();
        if let Some((name, _)) = self.export.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(Error::NoFunction {
                name: name.clone(),
                known: known.into_iter().map(str::to_owned).collect(),
            });
        }
        let output = self.output.clone().unwrap_or_else(|| {
            let name = self.file.file_stem().filter(|name| *name != "-");
            let name = name.map_or_else(|| PathBuf::from("kernel"), PathBuf::from);
            name.with_extension(self.emit.extension())
        });
        let wasm = &compiled.artifact.wasm;
        match self.emit {
            Emit::Wasm => write(&output, wasm)?,
            Emit::Wat => {
                let text = wasmprinter::print_bytes(wasm).map_err(|error| Error::Internal(error.to_string()))?;
                write(&output, text.as_bytes())?;
            }
            Emit::Ssa | Emit::Hir => match engine.build_ssa(&source, &self.export) {
                Ok((_, module)) if self.emit == Emit::Ssa => write(&output, module.to_string().as_bytes())?,
                Ok((checked, _)) => {
                    let own = checked.program.reached().filter(|(_, function)| !function.prelude);
                    let text: String = own.map(|(_, function)| format!("{function:#?}\n")).collect();
                    write(&output, text.as_bytes())?;
                }
                Err(failure) => return Ok(failure::refused(&failure)),
            },
            Emit::Js => {
                let types = match output.extension().and_then(OsStr::to_str) {
                    Some("js") => "d.ts",
                    Some("mjs") => "d.mts",
                    _ => {
                        failure::tell("kukri: --emit js writes three files: give -o a name that ends in .js or .mjs\n");
                        return Ok(2);
                    }
                };
                let file = output.with_extension("wasm");
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let package = package::package(&manifest, &name);
                write(&file, wasm)?;
                write(&output.with_extension(types), package.types.as_bytes())?;
                write(&output, package.code.as_bytes())?;
            }
        }
        warn(compiled);
        if manifest.exports.is_empty() {
            let text = "annotate its parameters, or say their types: --export 'f(int64)'";
            failure::tell(&format!("kukri: the module exports no function; to have one, {text}\n"));
        }
        Ok(0)
    }
}

/// Shows warnings.
fn warn(compiled: Compiled) {
    let Compiled { sources, notes: diagnostics, .. } = compiled;
    failure::refused(&Failure { sources, diagnostics });
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if path == Path::new("-") {
        return io::stdout().write_all(bytes).map_err(Error::Console);
    }
    let told = |error: io::Error| io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()));
    fs::write(path, bytes).map_err(|error| Error::Console(told(error)))
}

fn signature(text: &str) -> Result<(String, Vec<Type>), String> {
    exported(text).ok_or_else(|| "should be like `f(float64[:,:], int64)`".to_owned())
}
