//! The words for what the page is in: tabs, runs, times, and the messages that change them.

use super::call::Upload;
use super::lane::{Health, Reply};
use super::parts::Editor;
use super::runner::Said;
use kukri_playground::protocol::{Program, Target, View};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::JsValue;
use web_sys::{File, KeyboardEvent};

/// What the right side shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tab {
    Output,
    Call,
    Problems,
    Inside,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Output, Self::Call, Self::Problems, Self::Inside];

    pub fn name(self) -> &'static str {
        match self {
            Self::Output => "Output",
            Self::Call => "Call",
            Self::Problems => "Problems",
            Self::Inside => "Inside",
        }
    }
}

/// What lies over the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    Gallery,
    Keys,
}

/// Where a run is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Running {
    No,
    Program,
    Call,
    /// A comparison, and which of its variants.
    Compare(usize),
}

/// A program of the gallery.
#[derive(Clone, Deserialize, PartialEq)]
pub struct Example {
    pub id: String,
    pub title: String,
    pub about: String,
    pub picture: Option<String>,
    pub text: String,
    /// A function of it in JavaScript.
    pub twin: Option<Twin>,
}

/// JavaScript that does the same as a function of an example.
#[derive(Clone, Deserialize, PartialEq)]
pub struct Twin {
    pub file: String,
    pub function: String,
}

/// How long things took, in milliseconds.
#[derive(Clone, Default, PartialEq)]
pub struct Times {
    pub compile: Option<f64>,
    pub instantiate: Option<f64>,
    /// The median, and of how many.
    pub run: Option<(f64, usize)>,
    pub size: Option<u32>,
}

/// What `compare` sets beside each other: ways of making a module, and a function of JavaScript.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    AsItIs,
    Unchecked,
    Unoptimised,
    JavaScript,
}

impl Variant {
    pub const ALL: [Self; 4] = [Self::AsItIs, Self::Unchecked, Self::Unoptimised, Self::JavaScript];

    pub fn name(self) -> &'static str {
        match self {
            Self::AsItIs => "as it is",
            Self::Unchecked => "without checks of ints",
            Self::Unoptimised => "not optimised",
            Self::JavaScript => "JavaScript by hand",
        }
    }
}

#[derive(Serialize)]
pub struct Bar {
    pub name: &'static str,
    pub value: f64,
}

pub enum Msg {
    /// The editor is there.
    Editor(Editor),
    /// How the compiler is.
    Health(Health),
    /// The editor tells.
    Told(String, JsValue),
    Checked(Result<Reply, String>),
    Run,
    RunCall,
    Compare,
    Compiled(Result<Reply, String>),
    Heard(Said),
    Stop,
    Open(Tab),
    /// On narrow screens: the editor instead of a tab.
    ShowEditor,
    Visit(Target),
    GoTo(String, u32),
    Problem(usize),
    Fix(usize),
    Explain(String),
    Page(Option<String>),
    Select(usize),
    NewFile,
    Rename(usize, String),
    Remove(usize),
    Upload(File),
    Uploaded(String, String),
    Show(Option<Dialog>),
    Gallery(Vec<Example>),
    Example(usize),
    Theme,
    Hints,
    /// Notes of the optimiser in the text, or not.
    Notes,
    /// Nothing was typed for a while since the report of this version.
    Idle(u64),
    Share,
    Shared(bool),
    Load(Program),
    DownloadFile,
    DownloadWasm,
    DownloadPackage,
    Made(bool, Result<Reply, String>),
    Function(String),
    Field(usize, String),
    Array(usize, Option<File>),
    ArrayRead(usize, Result<Upload, String>),
    Input(String),
    View(View),
    Lines(View, u64, Result<Reply, String>),
    /// The mouse is over code of this line.
    Over(u32),
    Key(KeyboardEvent),
    Menu(bool),
}
