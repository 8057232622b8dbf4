//! Runs a program through Kukri. In: files. Out: `Outcome`, what `kukri run` would show.

use kukri::{Console, Engine, Error, Settings, Stream};
use kukri_compiler::diagnostic::code::Severity;
use kukri_compiler::diagnostic::{Code, Diagnostic, render_text};
use kukri_compiler::source::Sources;
use kukri_compiler::{Compiled, Input, Options, opt};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A program that runs longer is stopped: the tests' own are short.
const SECONDS: u64 = 60;

/// What became of a program.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Errors and warnings of the compiler.
    pub reports: Vec<Found>,
    /// The types that were asked for, with their lines in `main.py`.
    pub reveals: Vec<(u32, String)>,
    /// The diagnostics as text.
    pub rendered: String,
    /// What the fixes that are offered make, each by itself.
    pub fixes: Vec<Fixed>,
    /// What it printed.
    pub stdout: String,
    /// The traceback it ended with; empty where it ended well.
    pub traceback: String,
}

/// One diagnostic.
#[derive(Clone, Debug)]
pub struct Found {
    /// Line in its file, from 1.
    pub line: u32,
    /// Whether it is an error; else a warning.
    pub error: bool,
    /// The name of its code.
    pub name: String,
    /// Column, from 1.
    pub column: u32,
    /// The message.
    pub message: String,
    /// The text is no Python there.
    pub syntax: bool,
}

/// A file after a fix.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The message of the error.
    pub message: String,
    /// Its line and column.
    pub place: (u32, u32),
    /// The name of the file.
    pub file: String,
    /// Its text, mended.
    pub text: String,
}

impl Outcome {
    /// The errors in words; none where the program was compiled.
    pub fn errors(&self) -> Vec<String> {
        self.reports
            .iter()
            .filter(|found| found.error)
            .map(|found| format!("line {}: [{}] {}", found.line, found.name, found.message))
            .collect()
    }

    fn report(&mut self, sources: &Sources, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            let place = sources.position(sources.file_of(diagnostic.span()), diagnostic.span().start);
            let (line, column) = (place.line, place.column);
            match diagnostic.message.strip_prefix("revealed type: ") {
                Some(ty) if diagnostic.code == Code::RevealedType => {
                    self.reveals.push((line, ty.trim_matches('`').to_owned()));
                }
                _ => self.reports.push(Found {
                    line,
                    column,
                    error: diagnostic.code.severity() == Severity::Error,
                    name: diagnostic.code.name().to_owned(),
                    message: diagnostic.message.clone(),
                    syntax: diagnostic.code.number() < Code::UnsupportedStatement.number(),
                }),
            }
            self.fixes.extend(fixed(sources, diagnostic));
        }
        self.rendered = render_text(sources, diagnostics, false);
    }
}

/// The file of a diagnostic after its fix.
fn fixed(sources: &Sources, diagnostic: &Diagnostic) -> Option<Fixed> {
    let file = sources.file(sources.file_of(diagnostic.span()));
    let mut edits = diagnostic.fix.clone()?.edits;
    edits.sort();
    let mut text = file.text.clone().into_owned();
    for (span, new) in edits.iter().rev() {
        let start = file.span().start;
        text.replace_range((span.start - start) as usize..(span.end - start) as usize, new);
    }
    let place = sources.position(sources.file_of(diagnostic.span()), diagnostic.span().start);
    let place = (place.line, place.column);
    Some(Fixed { message: diagnostic.message.clone(), place, file: file.path.clone(), text })
}

/// Compiles a program: files by name, of which `main.py` is the main one.
fn compile(files: &BTreeMap<String, String>, optimise: bool) -> (Outcome, Option<Compiled>) {
    let mut modules = |name: &str| {
        let stem = name.replace('.', "/");
        let package = format!("{stem}/__init__.py");
        let paths = [package.clone(), format!("{stem}.py")];
        let found = paths.into_iter().find_map(|path| Some((path.clone(), files.get(&path)?.clone())));
        let is_folder = || files.keys().any(|path| path.starts_with(&format!("{stem}/")));
        found.or_else(|| is_folder().then(|| (package, String::new())))
    };
    let input = Input { path: "main.py", text: &files["main.py"], modules: &mut modules };
    let level = if optimise { opt::Level::Full } else { opt::Level::None };
    let mut outcome = Outcome::default();
    match kukri_compiler::compile(input, &Options { level, ..Options::default() }) {
        Ok(compiled) => {
            outcome.report(&compiled.sources, &compiled.notes);
            (outcome, Some(compiled))
        }
        Err(failure) => {
            outcome.report(&failure.sources, &failure.diagnostics);
            (outcome, None)
        }
    }
}

/// Compiles and runs a program. The module is validated first.
///
/// # Panics
/// If the module is not valid, or the host cannot load it: that is a bug of the compiler.
pub fn run(files: &BTreeMap<String, String>, optimise: bool) -> Outcome {
    let (mut outcome, compiled) = compile(files, optimise);
    let Some(compiled) = compiled else { return outcome };
    validate(&compiled.artifact.wasm);
    let console = Arc::new(Captured::default());
    let settings = Settings {
        console: Arc::clone(&console) as Arc<dyn Console>,
        time_limit: Some(Duration::from_secs(SECONDS)),
        optimise,
        ..Settings::default()
    };
    let kernel = Engine::with(settings).and_then(|engine| engine.load(&compiled.artifact.wasm));
    let ended = kernel.unwrap_or_else(|error| panic!("a valid module was not loaded: {error}")).run();
    outcome.stdout = console.text();
    outcome.traceback = match ended {
        Ok(()) => String::new(),
        Err(Error::Exception(exception)) => exception.to_string(),
        Err(error) => {
            panic!("the program printed\n{}and ended otherwise than a Python program can: {error}", outcome.stdout)
        }
    };
    outcome
}

/// Compiles a program without running it.
pub fn check(files: &BTreeMap<String, String>) -> Outcome {
    compile(files, true).0
}

/// Whether a module is valid.
///
/// # Panics
/// If it is not.
pub fn validate(wasm: &[u8]) {
    let features = wasmparser::WasmFeatures::all();
    if let Err(why) = wasmparser::Validator::new_with_features(features).validate_all(wasm) {
        panic!("the module is not valid: {why}");
    }
}

/// The `kukri` command of this workspace, built if it is not.
///
/// # Panics
/// If it cannot be built.
pub fn command() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["build", "--quiet", "--package", "kukri", "--bin", "kukri", "--message-format=json"];
    let output = Command::new(cargo).args(arguments).current_dir(crate::folder()).output().expect("cargo starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut path = text.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(str::to_owned)
    });
    Command::new(path.next_back().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr))))
}

/// Keeps what a program prints.
#[derive(Default)]
pub(crate) struct Captured(Mutex<Vec<u8>>);

impl Captured {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("writing does not panic")).into_owned()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().expect("writing does not panic").clear();
    }
}

impl Console for Captured {
    fn write(&self, stream: Stream, bytes: &[u8]) -> std::io::Result<()> {
        if stream == Stream::Out {
            self.0.lock().expect("writing does not panic").extend_from_slice(bytes);
        }
        Ok(())
    }
}
