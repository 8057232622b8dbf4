//! Compiles typed Python to WebAssembly: a pure function from text to bytes, the same in a terminal and in a browser.
//!
//! ```text
//! &str ─syntax→ ast ─resolve→ Names ─infer→ hir::Program ─lower→ ssa::Module ─opt→ ssa::Module ─emit→ Artifact
//! ```
//!
//! The whole line is [`check`] and [`compile`] below; `compiler/README.md` is the tour of its rooms.

pub mod abi;
pub mod arena;
pub mod diagnostic;
pub mod emit;
pub mod infer;
pub mod lower;
pub mod opt;
mod order;
pub mod package;
pub mod prelude;
pub mod query;
pub mod resolve;
mod shared;
pub mod source;
pub mod ssa;
pub mod syntax;
pub mod types;

use abi::{ExceptionClass, Manifest, Param, Signature};
use arena::Id;
use diagnostic::Diagnostic;
use infer::{Inferred, Request};
use resolve::{Loaded, Names};
use source::Sources;
use std::cell::OnceCell;
use syntax::ast::Tree;

/// Finds the text of an imported module: its dotted name in, its path and text out.
pub type Modules<'a> = &'a mut dyn FnMut(&str) -> Option<(String, String)>;

/// A program to compile.
pub struct Input<'a> {
    /// The main file's path, for messages and tracebacks.
    pub path: &'a str,
    /// The main file's text.
    pub text: &'a str,
    /// Where the modules it imports come from.
    pub modules: Modules<'a>,
}

/// How to compile it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How much to optimise.
    pub level: opt::Level,
    /// What to export, and what the host offers.
    pub request: Request,
    /// What the module looks like.
    pub emit: emit::Options,
}

/// A program whose types are known.
#[derive(Debug)]
pub struct Checked {
    /// The files, the library's included: diagnostics point into them.
    pub sources: Sources,
    /// The functions as they were written.
    pub tree: Tree,
    /// What every name stands for.
    pub names: Names,
    /// The typed program.
    pub program: infer::hir::Program,
    /// The user's instances that can run; `query` finds them when it is first asked.
    pub(crate) instances: OnceCell<Vec<Id<infer::hir::Function>>>,
    /// Warnings and revealed types.
    pub notes: Vec<Diagnostic>,
    /// The program's own exception classes.
    pub exceptions: Vec<ExceptionClass>,
}

/// Why there is no program.
#[derive(Debug)]
pub struct Failure {
    /// The files, as far as they were read.
    pub sources: Sources,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles one program after another. What it learns of the library is kept for the next; of programs, it keeps nothing,
/// so that each becomes exactly what it becomes alone.
#[derive(Debug, Default)]
pub struct Compiler {
    prelude: prelude::Prelude,
    known: infer::Known,
}

impl Compiler {
    /// As the function [`check`].
    ///
    /// # Errors
    /// Everything that is wrong with the program.
    pub fn check(&mut self, input: Input<'_>, request: &Request) -> Result<Checked, Failure> {
        check_with(self, input, request)
    }

    /// As the function [`compile`].
    ///
    /// # Errors
    /// Everything that is wrong with the program.
    pub fn compile(&mut self, input: Input<'_>, options: &Options) -> Result<Compiled, Failure> {
        let (checked, module) = self.compile_to_ssa(input, options)?;
        Ok(finish(checked, &module, &options.emit))
    }

    /// As the function [`compile_to_ssa`].
    ///
    /// # Errors
    /// Everything that is wrong with the program.
    pub fn compile_to_ssa(&mut self, input: Input<'_>, options: &Options) -> Result<(Checked, ssa::Module), Failure> {
        let checked = self.check(input, &options.request)?;
        let mut module = lower::lower(&checked.program);
        opt::optimise(&mut module, options.level);
        Ok((checked, module))
    }

    /// As the function [`explain`].
    ///
    /// # Errors
    /// Everything that is wrong with the program.
    pub fn explain(&mut self, input: Input<'_>, request: &Request) -> Result<(Sources, Vec<Diagnostic>), Failure> {
        let checked = self.check(input, request)?;
        let notes = opt::explain(&mut lower::lower(&checked.program));
        Ok((checked.sources, notes))
    }
}

/// Parses a program, resolves its names and infers its types.
///
/// # Errors
/// Everything that is wrong with the program.
pub fn check(input: Input<'_>, request: &Request) -> Result<Checked, Failure> {
    Compiler::default().check(input, request)
}

fn check_with(compiler: &mut Compiler, input: Input<'_>, request: &Request) -> Result<Checked, Failure> {
    let Compiler { prelude, known } = compiler;
    let mut sources = Sources::default();
    let mut tree = Tree::default();
    prelude.begin(&mut sources, &mut tree);
    let main = sources.add(input.path, input.text);
    let result = syntax::parse(sources.file(main), &mut tree).and_then(|module| {
        let modules = input.modules;
        let mut load = |name: &str, tree: &mut Tree| {
            let (path, text) = modules(name)?;
            let is_package = path.rsplit(['/', '\\']).next() == Some("__init__.py");
            let file = sources.add(&path, &text);
            Some(syntax::parse(sources.file(file), tree).map(|module| Loaded { body: module.body, is_package }))
        };
        resolve::resolve(module.body, &mut tree, &mut load)
    });
    let result = result.and_then(|mut names: Names| {
        let inferred = infer::infer(&sources, &mut tree, &mut names, prelude, known, request)?;
        let classes = names.exceptions.iter();
        let classes =
            classes.map(|(_, class)| ExceptionClass { name: class.full_name(), bases: class.base_numbers() }).collect();
        Ok((inferred, classes, names))
    });
    match result {
        Ok((Inferred { program, notes }, exceptions, names)) => {
            Ok(Checked { sources, tree, names, program, instances: OnceCell::new(), notes, exceptions })
        }
        Err(diagnostics) => Err(Failure { sources, diagnostics }),
    }
}

/// A compiled program.
#[derive(Debug)]
pub struct Compiled {
    /// The module, and which Python its instructions come from.
    pub artifact: emit::Artifact,
    /// The files, the library's included: notes and lines point into them.
    pub sources: Sources,
    /// Warnings and revealed types.
    pub notes: Vec<Diagnostic>,
}

/// Compiles a program to WebAssembly.
///
/// # Errors
/// Everything that is wrong with the program.
pub fn compile(input: Input<'_>, options: &Options) -> Result<Compiled, Failure> {
    Compiler::default().compile(input, options)
}

/// Writes a program, whose SSA this is, as WebAssembly.
pub fn finish(checked: Checked, module: &ssa::Module, options: &emit::Options) -> Compiled {
    let manifest = manifest(&checked, module).to_json();
    let artifact = emit::emit(module, manifest.as_bytes(), options);
    Compiled { artifact, sources: checked.sources, notes: checked.notes }
}

/// Compiles a program to SSA, optimised as the options say.
///
/// # Errors
/// Everything that is wrong with the program.
pub fn compile_to_ssa(input: Input<'_>, options: &Options) -> Result<(Checked, ssa::Module), Failure> {
    Compiler::default().compile_to_ssa(input, options)
}

/// Says of every loop of a program how fast it can be, as notes; also gives the files that they point into.
///
/// # Errors
/// Everything that is wrong with the program.
pub fn explain(input: Input<'_>, request: &Request) -> Result<(Sources, Vec<Diagnostic>), Failure> {
    Compiler::default().explain(input, request)
}

/// What a host must know of the module.
fn manifest(checked: &Checked, module: &ssa::Module) -> Manifest {
    let program = &checked.program;
    let exports = program.exports.iter().map(|export| {
        let function = &program.functions[export.function];
        let types = function.params.iter().map(|local| function.locals[*local].ty.clone());
        let params = export.params.iter().zip(types).map(|(name, ty)| Param { name: name.clone(), ty });
        // A function that always raises gives nothing.
        let result =
            if function.returns == types::Type::Never { types::Type::None } else { function.returns.at_border() };
        Signature { name: export.name.clone(), params: params.collect(), result }
    });
    let imports = program.hosts.iter().map(|(_, host)| {
        let params = host.params.iter().enumerate().map(|(at, ty)| Param { name: format!("arg{at}"), ty: ty.clone() });
        Signature { name: host.name.clone(), params: params.collect(), result: host.result.clone() }
    });
    let mut manifest = Manifest {
        exports: exports.collect(),
        imports: imports.collect(),
        exceptions: checked.exceptions.clone(),
        ..Manifest::default()
    };
    for (_, site) in module.sites.iter() {
        manifest.add_site(&checked.sources, &site.function, site.span);
    }
    manifest
}
