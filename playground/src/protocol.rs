//! What the page and the compiler's worker say to each other, as JSON. Offsets count UTF-16 code units, as editors do.

use serde::{Deserialize, Serialize};

/// Stands for "no character has this name": a character that has none itself.
pub const NO_CHARACTER: char = '\u{10ffff}';

/// One file of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name, such as `main.py`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A program: its files, of which one is run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// All files.
    pub files: Vec<SourceFile>,
    /// Which of them is meant.
    pub main: usize,
}

impl Program {
    /// The file that is run.
    pub fn file(&self) -> Option<&SourceFile> {
        self.files.get(self.main)
    }
}

/// What a module is made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// To be run from the top.
    Run,
    /// To have a function called with these arguments.
    Call {
        /// Its name.
        function: String,
        /// Its arguments in order.
        arguments: Vec<Argument>,
    },
    /// To give these arguments of a function, as a tuple.
    Arguments {
        /// Its name.
        function: String,
        /// Its arguments in order.
        arguments: Vec<Argument>,
    },
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// The parameter's name, if it is passed by name.
    pub name: Option<String>,
    /// The value.
    pub value: Value,
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A Python expression.
    Expression(String),
    /// An array that the page has; its type, such as `float64[:, ::1]`.
    Array(String),
}

/// How a module is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    /// Whether it is optimised.
    pub optimised: bool,
    /// Whether leaving the range of an int and dividing it by zero raise. (Indices are checked in any case.)
    pub checked: bool,
    /// The most memory it may have, in MiB.
    pub memory: u32,
}

/// What can be seen of a program on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// With its types.
    Hir,
    /// Before it is Wasm.
    Ssa,
    /// As Wasm.
    Wat,
    /// What the optimiser says of its loops.
    Loops,
}

/// A question to the compiler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// What is wrong, and of what types things are.
    Check(Program),
    /// A module.
    Compile(Program, Purpose, Making),
    /// The steps to it.
    Inside(Program, View),
    /// What could be written at an offset.
    Complete(Program, u32),
    /// What stands at an offset.
    Hover(Program, u32),
    /// Where what stands at an offset is defined.
    Definition(Program, u32),
    /// The page of an error.
    Explain(String),
    /// A module with JavaScript that loads it.
    Package(Program, String),
}

/// An answer; what it comes with besides (a module) is bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To `Check`.
    Checked(Report),
    /// To `Compile`, with the module: the exported function that makes the call.
    Compiled(Option<String>),
    /// To `Compile` and `Package`: it is wrong. For each problem, which argument of the call it is about.
    Refused(Vec<Problem>, Vec<Option<usize>>),
    /// To `Inside`.
    Lines(Vec<Line>),
    /// To `Inside`, of the loops: a note on each.
    Loops(Vec<Problem>),
    /// To `Complete`: the offset that is completed from.
    Completions(u32, Vec<Completion>),
    /// To `Hover`.
    Hover(Option<Hover>),
    /// To `Definition`.
    Definition(Option<Target>),
    /// To `Explain`.
    Page(String),
    /// To `Package`, with the module: JavaScript and its types.
    Package(String, String),
}

/// What is known of a program after each pause in typing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What is known where nothing is wrong.
    pub facts: Option<Facts>,
}

/// What is known of a program that can run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Types to be shown between the characters: offset and text.
    pub hints: Vec<(u32, String)>,
    /// Functions of which there are several instances: offset of the name, signatures.
    pub instances: Vec<(u32, Vec<String>)>,
    /// Functions that can be called.
    pub callables: Vec<Callable>,
}

/// A function that can be called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callable {
    /// Its name.
    pub name: String,
    /// Offset of the name.
    pub at: u32,
    /// Its parameters.
    pub params: Vec<Param>,
    /// The first line of its docstring.
    pub about: Option<String>,
}

/// A parameter of a [`Callable`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type, as it is annotated or else known.
    pub ty: Option<String>,
    /// Its default.
    pub default: Option<String>,
    /// Whether it is only taken by name.
    pub by_name: bool,
}

/// Something that is wrong, or a note, as `kukri check --format json` has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `KU3001`.
    pub code: String,
    /// `type-mismatch`.
    pub name: String,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// One sentence.
    pub message: String,
    /// Where; the first is the place itself.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

impl Problem {
    /// Where it is.
    pub fn place(&self) -> Option<&Label> {
        self.labels.first()
    }
}

/// Words at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Whether it is the place of the problem itself.
    pub primary: bool,
    /// The words; may be none.
    pub text: String,
    /// The file.
    pub file: String,
    /// First place.
    pub start: Point,
    /// One past the last.
    pub end: Point,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// In UTF-16 code units from the start of the file.
    pub utf16: u32,
}

/// A change that mends a problem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// Its parts.
    pub edits: Vec<Edit>,
}

/// A replacement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The new text.
    pub text: String,
    /// The file.
    pub file: String,
    /// Where the old one starts.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// A line of a [`View`] and the lines of Python that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// The line of Python, from 1.
    pub python: Option<u32>,
}

/// Something that could be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What is written.
    pub label: String,
    /// `variable`, `function` …, as the editor calls them.
    pub kind: String,
    /// Its type or signature.
    pub detail: String,
}

/// What is known of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hover {
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Python that says it.
    pub lines: Vec<String>,
}

/// A place to go to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The file.
    pub file: String,
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
}
