//! What happens on the page. In: what people do, and what the workers say. Out: the state that `view` shows.

use super::call::{self, Form, Upload};
use super::lane::{Lane, Reply};
use super::parts::{self, Ask, Code, Console, Editor, OfLine, Tell, to_js};
use super::runner::{Job, Runner};
use super::store;
use js_sys::{Array, Promise, Reflect};
use kukri_playground::protocol::{
    Answer, Callable, Facts, Line, Making, Problem, Program, Purpose, Question, SourceFile, Target, View,
};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, File, HtmlElement, KeyboardEvent};
use yew::{Component, Context, Html, NodeRef};

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

/// The ways of making a module that `compare` sets beside each other.
pub const VARIANTS: [(&str, bool, bool); 3] =
    [("as it is", true, true), ("ints wrap, unchecked", true, false), ("not optimised", false, true)];

#[derive(Serialize)]
struct Bar {
    name: &'static str,
    value: f64,
}

pub enum Msg {
    /// The editor is there.
    Editor(Editor),
    /// The compiler can be asked, or cannot.
    Ready(bool),
    /// The editor tells.
    Told(String, JsValue),
    Checked(u64, Result<Reply, String>),
    Run,
    RunCall,
    Compare,
    Compiled(Result<Reply, String>),
    Heard(JsValue),
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

pub struct App {
    pub program: Program,
    /// Counts changes of the text.
    pub version: u64,
    checked: u64,
    checking: bool,
    pub ready: bool,
    pub problems: Vec<Problem>,
    pub facts: Facts,
    /// Whether the editor does not show the facts yet.
    fresh: bool,
    pub check_time: Option<f64>,
    pub running: Running,
    pub times: Times,
    pub tab: Tab,
    pub editor_shown: bool,
    pub page: Option<String>,
    pub dialog: Option<Dialog>,
    pub menu: bool,
    pub examples: Vec<Example>,
    pub theme: String,
    pub hints: bool,
    pub notice: Option<String>,
    pub form: Form,
    pub field_errors: Vec<(Option<usize>, String)>,
    /// Which fields the arguments of the running call come from.
    passed: Vec<usize>,
    arrays: Array,
    pub input: String,
    pub view: View,
    pub lines: Vec<Line>,
    pub inside_version: Option<(View, u64)>,
    pub line: u32,
    pub has_result: bool,
    /// Counts runs that came to an end.
    pub ended: u32,
    failed_lines: Vec<u32>,
    bars: Vec<Bar>,
    lane: Rc<Lane>,
    runner: Runner,
    /// The program as the editor's questions see it.
    current: Rc<RefCell<Program>>,
    editor: Option<Editor>,
    console: Option<Console>,
    code: Option<Code>,
    pub editor_at: NodeRef,
    pub console_at: NodeRef,
    pub result_at: NodeRef,
    pub bars_at: NodeRef,
    pub code_at: NodeRef,
    pub embedded: bool,
    // JavaScript calls these as long as the page lives.
    main_text: Closure<dyn FnMut() -> String>,
    tell: Tell,
    ask: Ask,
    visit: Closure<dyn FnMut(String, u32)>,
    source: Closure<dyn FnMut(String, u32) -> String>,
    over: OfLine,
    choose: OfLine,
    _keys: Closure<dyn FnMut(KeyboardEvent)>,
}

/// What greets those who come for the first time.
fn first_program() -> Program {
    let text = "\
import numpy as np
from numba import njit


@njit
def mandelbrot(width, height, limit):
    counts = np.zeros((height, width), dtype=np.int64)
    for row in range(height):
        for column in range(width):
            c = complex(-2.2 + 3.2 * column / width, -1.2 + 2.4 * row / height)
            z = 0j
            n = 0
            while n < limit and z.real * z.real + z.imag * z.imag <= 4.0:
                z = z * z + c
                n += 1
            counts[row, column] = n
    return counts


# try: mandelbrot(480, 360, 60)
picture = mandelbrot(64, 24, 40)
for row in picture:
    print(''.join(' .:-=+*%@#'[min(n // 4, 9)] for n in row))
";
    Program { files: vec![SourceFile { name: "main.py".into(), text: text.into() }], main: 0 }
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let lane = Lane::new({
            let link = link.clone();
            move |ready| link.send_message(Msg::Ready(ready))
        });
        let heard = link.callback(Msg::Heard);
        let runner = Runner::new(move |data| heard.emit(data));
        let program = store::program().unwrap_or_else(first_program);
        let current = Rc::new(RefCell::new(program.clone()));
        let told = link.callback(|(word, value)| Msg::Told(word, value));
        let visit = link.callback(|(file, line)| Msg::GoTo(file, line));
        let source_of = current.clone();
        let over = link.callback(Msg::Over);
        let choose = link.callback(|line| Msg::GoTo(String::new(), line));
        let key = link.callback(Msg::Key);
        let keys: Closure<dyn FnMut(KeyboardEvent)> = Closure::new(move |event| key.emit(event));
        let _ = store::window().add_event_listener_with_callback("keydown", keys.as_ref().unchecked_ref());
        let theme = store::theme();
        store::apply_theme(&theme);
        load_linked(ctx);
        load_gallery(ctx);
        Self {
            program,
            version: 1,
            checked: 0,
            checking: false,
            ready: false,
            problems: Vec::new(),
            facts: Facts::default(),
            fresh: false,
            check_time: None,
            running: Running::No,
            times: Times::default(),
            tab: Tab::Output,
            editor_shown: true,
            page: None,
            dialog: None,
            menu: false,
            examples: Vec::new(),
            theme,
            hints: store::get("hints").as_deref() != Some("off"),
            notice: None,
            form: Form::default(),
            field_errors: Vec::new(),
            passed: Vec::new(),
            arrays: Array::new(),
            input: store::get("input").unwrap_or_default(),
            view: View::Wat,
            lines: Vec::new(),
            inside_version: None,
            line: 1,
            has_result: false,
            ended: 0,
            failed_lines: Vec::new(),
            bars: Vec::new(),
            ask: answers(lane.clone(), current.clone()),
            lane,
            runner,
            editor: None,
            console: None,
            code: None,
            editor_at: NodeRef::default(),
            console_at: NodeRef::default(),
            result_at: NodeRef::default(),
            bars_at: NodeRef::default(),
            code_at: NodeRef::default(),
            embedded: store::is_embedded(),
            main_text: Closure::new({
                let current = current.clone();
                move || current.borrow().file().map(|file| file.text.clone()).unwrap_or_default()
            }),
            tell: Closure::new(move |word, value| told.emit((word, value))),
            visit: Closure::new(move |file, line| visit.emit((file, line))),
            source: Closure::new(move |file: String, line: u32| {
                let program: std::cell::Ref<'_, Program> = source_of.borrow();
                let file = program.files.iter().find(|known| known.name == file);
                let line = file.and_then(|file| file.text.lines().nth(line as usize - 1));
                line.unwrap_or_default().trim().to_owned()
            }),
            current,
            over: Closure::new(move |line| over.emit(line)),
            choose: Closure::new(move |line| choose.emit(line)),
            _keys: keys,
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        let element = |at: &NodeRef| at.cast::<Element>().expect("view() renders it at once");
        let editor = parts::create_editor(&element(&self.editor_at), &self.main_text, &self.tell, &self.ask);
        let link = ctx.link().clone();
        spawn_local(async move {
            if let Ok(editor) = JsFuture::from(editor).await {
                link.send_message(Msg::Editor(editor.unchecked_into()));
            }
        });
        self.console = Some(parts::create_console(&element(&self.console_at), &self.visit, &self.source));
        self.code = Some(parts::create_code(&element(&self.code_at), &self.over, &self.choose));
        if let Some(starting) = store::document().get_element_by_id("starting") {
            starting.remove();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.page_view(ctx)
    }

    fn update(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        let was = self.running;
        let shown = self.react(ctx, message);
        if was != Running::No && self.running == Running::No {
            self.ended += 1;
            if let Some(console) = &self.console {
                console.flush();
            }
        }
        shown
    }
}

impl App {
    fn react(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Editor(editor) => {
                editor.show_hints(self.hints);
                self.editor = Some(editor);
                self.show_report();
            }
            Msg::Ready(ready) => {
                self.ready = ready;
                self.checking = false;
                if ready && self.checked != self.version {
                    self.check(ctx);
                }
                if ready && self.tab == Tab::Inside {
                    self.look_inside(ctx);
                }
            }
            Msg::Told(word, value) => return self.told(ctx, &word, &value),
            Msg::Checked(version, reply) => self.take_report(ctx, version, reply),
            Msg::Run => self.start(ctx, Running::Program),
            Msg::RunCall => {
                self.tab = Tab::Call;
                self.start(ctx, Running::Call);
            }
            Msg::Compare => {
                self.bars.clear();
                self.start(ctx, Running::Compare(0));
            }
            Msg::Compiled(reply) => self.run_module(ctx, reply),
            Msg::Heard(data) => self.heard(ctx, &data),
            Msg::Stop => {
                self.runner.stop();
                self.note("Stopped.");
                self.running = Running::No;
            }
            Msg::Open(tab) => {
                self.tab = tab;
                self.page = None;
                self.editor_shown = false;
                if tab == Tab::Inside {
                    self.look_inside(ctx);
                }
            }
            Msg::ShowEditor => self.editor_shown = true,
            Msg::Visit(target) => {
                if self.open_file(ctx, &target.file)
                    && let Some(editor) = &self.editor
                {
                    editor.select(target.from, target.to);
                }
            }
            Msg::GoTo(file, line) => {
                if (file.is_empty() || self.open_file(ctx, &file))
                    && let Some(editor) = &self.editor
                {
                    self.editor_shown = true;
                    editor.go_to(line);
                }
            }
            Msg::Problem(at) => {
                if let Some(label) = self.problems.get(at).and_then(Problem::place) {
                    let target = Target {
                        file: label.file.clone(),
                        from: label.start.utf16,
                        to: label.end.utf16.max(label.start.utf16),
                    };
                    self.editor_shown = true;
                    ctx.link().send_message(Msg::Visit(target));
                }
            }
            Msg::Fix(at) => {
                let problem = self.problems.get(at);
                if let (Some(fix), Some(editor)) = (problem.and_then(|problem| problem.fix.as_ref()), &self.editor) {
                    editor.apply_fix(&to_js(fix), &self.file_name());
                }
            }
            Msg::Explain(code) => {
                self.tab = Tab::Problems;
                self.editor_shown = false;
                let link = ctx.link().clone();
                self.lane.ask(&Question::Explain(code), move |reply| {
                    if let Ok(Reply { answer: Answer::Page(page), .. }) = reply {
                        link.send_message(Msg::Page(Some(page)));
                    }
                });
            }
            Msg::Page(page) => self.page = page,
            Msg::Select(at) => self.select_file(ctx, at),
            Msg::NewFile => {
                let taken = |name: &String| self.program.files.iter().any(|file| file.name == *name);
                let name = (1..).map(|number| format!("module{number}.py")).find(|name| !taken(name));
                self.program.files.push(SourceFile { name: name.unwrap_or_default(), text: String::new() });
                self.select_file(ctx, self.program.files.len() - 1);
                self.changed(ctx);
            }
            Msg::Rename(at, name) => {
                let name = name.trim().replace(' ', "_");
                let name = if name.ends_with(".py") { name } else { format!("{name}.py") };
                let taken = self.program.files.iter().enumerate().any(|(other, file)| other != at && file.name == name);
                if !taken && name.len() > 3 {
                    self.program.files[at].name = name;
                    self.changed(ctx);
                }
            }
            Msg::Remove(at) => {
                if self.program.files.len() > 1 {
                    self.program.files.remove(at);
                    let main = self.program.main.min(self.program.files.len() - 1);
                    self.program.main = if at < self.program.main { self.program.main - 1 } else { main };
                    self.open_text();
                    self.changed(ctx);
                }
            }
            Msg::Upload(file) => {
                let link = ctx.link().clone();
                spawn_local(async move {
                    let name = file.name();
                    if let Ok(text) = JsFuture::from(file.text()).await {
                        link.send_message(Msg::Uploaded(name, text.as_string().unwrap_or_default()));
                    }
                });
            }
            Msg::Uploaded(name, text) => {
                self.menu = false;
                self.program.files.retain(|file| file.name != name);
                self.program.files.push(SourceFile { name, text });
                self.program.main = self.program.files.len() - 1;
                self.open_text();
                self.changed(ctx);
            }
            Msg::Show(dialog) => {
                self.dialog = dialog;
                self.menu = false;
                match dialog {
                    Some(_) => self.focus_later("dialog"),
                    None => {
                        if let Some(editor) = &self.editor {
                            editor.focus();
                        }
                    }
                }
            }
            Msg::Gallery(examples) => {
                self.examples = examples;
                if let Some(id) = store::fragment("example")
                    && let Some(at) = self.examples.iter().position(|example| example.id == id)
                {
                    ctx.link().send_message(Msg::Example(at));
                }
            }
            Msg::Example(at) => {
                if let Some(example) = self.examples.get(at) {
                    let file = SourceFile { name: "main.py".into(), text: example.text.clone() };
                    self.dialog = None;
                    self.load(ctx, Program { files: vec![file], main: 0 });
                }
            }
            Msg::Load(program) => self.load(ctx, program),
            Msg::Theme => {
                let next = match &*self.theme {
                    "system" => "light",
                    "light" => "dark",
                    _ => "system",
                };
                self.theme = next.to_owned();
                store::apply_theme(next);
                if self.has_result {
                    // Charts are drawn with the colours of the theme.
                    self.draw_again();
                }
            }
            Msg::Hints => {
                self.hints = !self.hints;
                store::set("hints", if self.hints { "on" } else { "off" });
                if let Some(editor) = &self.editor {
                    editor.show_hints(self.hints);
                }
            }
            Msg::Share => {
                self.menu = false;
                let text = serde_json::to_string(&self.program).unwrap_or_default();
                let link = ctx.link().clone();
                spawn_local(async move {
                    let Ok(packed) = JsFuture::from(parts::pack(&text)).await else { return };
                    let address = format!("{}#code={}", store::address(), packed.as_string().unwrap_or_default());
                    let _ = store::window()
                        .history()
                        .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
                    let copied = JsFuture::from(parts::copy_text(&address)).await.is_ok();
                    link.send_message(Msg::Shared(copied));
                });
            }
            Msg::Shared(copied) => {
                let text = if copied {
                    "The link is copied. It holds the program."
                } else {
                    "The link is in the address bar."
                };
                self.notice = Some(text.to_owned());
            }
            Msg::DownloadFile => {
                parts::download(&self.file_name(), &self.text().into(), "text/x-python");
                self.menu = false;
            }
            Msg::DownloadWasm | Msg::DownloadPackage => {
                let whole = matches!(message, Msg::DownloadPackage);
                self.menu = false;
                let question = Question::Package(self.program.clone(), self.stem());
                let link = ctx.link().clone();
                self.lane.ask(&question, move |reply| link.send_message(Msg::Made(whole, reply)));
            }
            Msg::Made(whole, reply) => match reply {
                Ok(Reply { answer: Answer::Package(code, types), bytes: Some(wasm), .. }) => {
                    let name = self.stem();
                    if whole {
                        parts::download_package(&name, &code, &types, &wasm);
                    } else {
                        parts::download(&format!("{name}.wasm"), &wasm, "application/wasm");
                    }
                }
                Ok(_) => self.tab = Tab::Problems,
                Err(why) => self.notice = Some(why),
            },
            Msg::Function(name) => {
                if let Some(callable) = self.facts.callables.iter().find(|callable| callable.name == name) {
                    self.form = Form::new(callable, &self.text());
                    self.field_errors.clear();
                }
            }
            Msg::Field(at, text) => {
                if let Some(field) = self.form.fields.get_mut(at) {
                    field.text = text;
                }
                if let Some(callable) = self.callable() {
                    self.form.keep(callable);
                }
            }
            Msg::Array(at, None) => {
                if let Some(field) = self.form.fields.get_mut(at) {
                    field.upload = None;
                }
            }
            Msg::Array(at, Some(file)) => {
                let link = ctx.link().clone();
                spawn_local(async move {
                    let read = JsFuture::from(parts::read_file(&file)).await;
                    let read = read.map(|array| Upload { name: file.name(), array }).map_err(|error| words(&error));
                    link.send_message(Msg::ArrayRead(at, read));
                });
            }
            Msg::ArrayRead(at, read) => match read {
                Ok(upload) => {
                    self.field_errors.clear();
                    if let Some(field) = self.form.fields.get_mut(at) {
                        field.upload = Some(upload);
                    }
                }
                Err(why) => self.field_errors = vec![(Some(at), why)],
            },
            Msg::Input(input) => {
                store::set("input", &input);
                self.input = input;
            }
            Msg::View(view) => {
                self.view = view;
                self.look_inside(ctx);
            }
            Msg::Lines(view, version, reply) => {
                if view != self.view {
                    return false;
                }
                self.lines = match reply {
                    Ok(Reply { answer: Answer::Lines(lines), .. }) => lines,
                    Ok(_) => Vec::new(),
                    Err(why) => vec![Line { text: why, python: None }],
                };
                self.inside_version = Some((view, version));
                if let Some(code) = &self.code {
                    code.show(&to_js(&self.lines));
                    code.mark_code(self.line, true);
                }
            }
            Msg::Over(line) => {
                self.mark(&[("cm-linked", vec![line])]);
                if let (Some(editor), true) = (&self.editor, line > 0) {
                    editor.reveal(line);
                }
                if let (Some(code), true) = (&self.code, line > 0) {
                    code.mark_code(line, false);
                }
                return false;
            }
            Msg::Key(event) => return self.key(ctx, &event),
            Msg::Menu(open) => self.menu = open,
        }
        true
    }
}

impl App {
    pub fn text(&self) -> String {
        self.program.file().map(|file| file.text.clone()).unwrap_or_default()
    }

    pub fn file_name(&self) -> String {
        self.program.file().map(|file| file.name.clone()).unwrap_or_default()
    }

    fn stem(&self) -> String {
        self.file_name().trim_end_matches(".py").replace('/', "_")
    }

    pub fn callable(&self) -> Option<&Callable> {
        self.facts.callables.iter().find(|callable| callable.name == self.form.function)
    }

    /// The version of the text, if what is shown is what the compiler says of it.
    pub fn settled(&self) -> Option<u64> {
        (self.ready && !self.checking && self.checked == self.version).then_some(self.version)
    }

    fn note(&self, text: &str) {
        if let Some(console) = &self.console {
            console.note(&format!("{text}\n"));
        }
    }

    fn focus_later(&self, id: &'static str) {
        spawn_local(async move {
            let _ = JsFuture::from(Promise::resolve(&JsValue::NULL)).await;
            store::focus(id);
        });
    }

    /// The editor tells that something was done in it.
    fn told(&mut self, ctx: &Context<Self>, word: &str, value: &JsValue) -> bool {
        match word {
            "text" => {
                if let Some(file) = self.program.files.get_mut(self.program.main) {
                    file.text = value.as_string().unwrap_or_default();
                }
                self.changed(ctx);
                if !self.failed_lines.is_empty() {
                    self.failed_lines.clear();
                    self.mark(&[]);
                }
            }
            "line" => {
                self.line = value.as_f64().unwrap_or(1.0) as u32;
                if let (Some(code), Tab::Inside) = (&self.code, self.tab) {
                    code.mark_code(self.line, true);
                }
            }
            "run" => ctx.link().send_message(Msg::Run),
            "call" => ctx.link().send_message(Msg::RunCall),
            "fix" => {
                if let Some(editor) = &self.editor {
                    editor.fix(&self.file_name());
                }
            }
            "explain" => ctx.link().send_message(Msg::Explain(value.as_string().unwrap_or_default())),
            "visit" => {
                let text = js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string());
                if let Some(target) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                    ctx.link().send_message(Msg::Visit(target));
                }
            }
            _ => return false,
        }
        true
    }

    fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        let command = event.ctrl_key() || event.meta_key();
        match &*event.key() {
            "Escape" if self.dialog.is_some() => ctx.link().send_message(Msg::Show(None)),
            "Escape" if self.menu => self.menu = false,
            "Escape" if self.running != Running::No => ctx.link().send_message(Msg::Stop),
            "Enter" if command && !event.default_prevented() => ctx.link().send_message(Msg::Run),
            "F1" => {
                event.prevent_default();
                ctx.link().send_message(Msg::Show(Some(Dialog::Keys)));
            }
            digit @ ("1" | "2" | "3" | "4") if event.alt_key() => {
                event.prevent_default();
                let at = digit.parse::<usize>().unwrap_or(1) - 1;
                ctx.link().send_message(Msg::Open(Tab::ALL[at]));
                self.focus_later(["tab-output", "tab-call", "tab-problems", "tab-inside"][at]);
            }
            "0" if event.alt_key() => {
                event.prevent_default();
                self.editor_shown = true;
                if let Some(editor) = &self.editor {
                    editor.focus();
                }
            }
            _ => return false,
        }
        true
    }

    /// The program is another: it is kept and checked.
    fn changed(&mut self, ctx: &Context<Self>) {
        self.version += 1;
        *self.current.borrow_mut() = self.program.clone();
        store::keep(&self.program);
        self.notice = None;
        self.check(ctx);
    }

    /// One check at a time: what is typed meanwhile is checked after it, at once.
    fn check(&mut self, ctx: &Context<Self>) {
        if self.checking || !self.ready {
            return;
        }
        self.checking = true;
        let (link, version) = (ctx.link().clone(), self.version);
        self.lane.ask(&Question::Check(self.program.clone()), move |reply| {
            link.send_message(Msg::Checked(version, reply));
        });
    }

    fn take_report(&mut self, ctx: &Context<Self>, version: u64, reply: Result<Reply, String>) {
        self.checking = false;
        self.checked = version;
        match reply {
            Ok(Reply { answer: Answer::Checked(report), time, .. }) => {
                self.check_time = Some(time);
                self.problems = report.problems;
                if let Some(facts) = report.facts {
                    self.facts = facts;
                    self.fresh = version == self.version;
                }
            }
            Ok(_) => {}
            Err(why) => self.problems = vec![crash(&why, &self.file_name())],
        }
        if version == self.version {
            self.show_report();
            let known = self.callable().is_some_and(|callable| self.form.fits(callable));
            if !known {
                let tried = call::tried(&self.text());
                let wanted = self.form.function.clone();
                let of = |name: &str| self.facts.callables.iter().find(|callable| callable.name == name);
                let next = of(&wanted)
                    .or_else(|| tried.iter().find_map(|(name, _)| of(name)))
                    .or_else(|| self.facts.callables.first());
                self.form = next.map(|callable| Form::new(callable, &self.text())).unwrap_or_default();
            }
            if self.tab == Tab::Inside {
                self.look_inside(ctx);
            }
        } else {
            self.check(ctx);
        }
    }

    /// Shows in the editor what is known of its text.
    fn show_report(&mut self) {
        let Some(editor) = &self.editor else { return };
        editor.problems(&to_js(&self.problems), &self.file_name());
        // What was known before something went wrong moves with the text.
        if std::mem::take(&mut self.fresh) {
            editor.facts(&to_js(&self.facts.hints), &to_js(&self.facts.instances));
        }
    }

    fn mark(&self, groups: &[(&str, Vec<u32>)]) {
        let mut all = vec![("cm-failed", self.failed_lines.clone())];
        all.extend_from_slice(groups);
        if let Some(editor) = &self.editor {
            editor.mark(&to_js(&all));
        }
    }

    // Files

    fn load(&mut self, ctx: &Context<Self>, program: Program) {
        if self.running != Running::No {
            self.runner.stop();
            self.running = Running::No;
        }
        self.program = program;
        self.form = Form::default();
        self.has_result = false;
        self.times = Times::default();
        self.failed_lines.clear();
        if let Some(console) = &self.console {
            console.clear();
        }
        for at in [&self.result_at, &self.bars_at] {
            if let Some(element) = at.cast::<Element>() {
                element.set_inner_html("");
            }
        }
        self.open_text();
        self.changed(ctx);
    }

    fn open_text(&mut self) {
        if let Some(editor) = &self.editor {
            editor.open(&self.text());
            editor.show_hints(self.hints);
        }
    }

    fn select_file(&mut self, ctx: &Context<Self>, at: usize) {
        if at < self.program.files.len() && at != self.program.main {
            self.program.main = at;
            self.version += 1;
            *self.current.borrow_mut() = self.program.clone();
            store::keep(&self.program);
            self.open_text();
            // The main file is the one in front.
            self.facts = Facts::default();
            self.problems.clear();
            self.check(ctx);
        }
    }

    fn open_file(&mut self, ctx: &Context<Self>, name: &str) -> bool {
        match self.program.files.iter().position(|file| file.name == name) {
            Some(at) => {
                self.select_file(ctx, at);
                true
            }
            None => false,
        }
    }

    // Running

    /// Compiles for what is to be run.
    fn start(&mut self, ctx: &Context<Self>, what: Running) {
        if self.running != Running::No && !matches!(what, Running::Compare(1..)) {
            self.runner.stop();
        }
        self.field_errors.clear();
        self.failed_lines.clear();
        self.mark(&[]);
        self.editor_shown = false;
        let (_, optimised, checked) = match what {
            Running::Compare(at) => VARIANTS[at],
            _ => VARIANTS[0],
        };
        let purpose = match what {
            Running::Call | Running::Compare(_) => {
                let Some(callable) = self.callable() else { return };
                let (arguments, arrays, passed) = self.form.arguments(callable);
                let purpose = Purpose::Call { function: callable.name.clone(), arguments };
                self.arrays = arrays;
                self.passed = passed;
                purpose
            }
            Running::No | Running::Program => {
                self.tab = Tab::Output;
                self.page = None;
                Purpose::Run
            }
        };
        if let (Some(console), false) = (&self.console, matches!(what, Running::Compare(_))) {
            console.clear();
        }
        self.running = what;
        let making = Making { optimised, checked, memory: 1024 };
        let link = ctx.link().clone();
        self.lane.ask(&Question::Compile(self.program.clone(), purpose, making), move |reply| {
            link.send_message(Msg::Compiled(reply));
        });
    }

    fn run_module(&mut self, _: &Context<Self>, reply: Result<Reply, String>) {
        match reply {
            Ok(Reply { answer: Answer::Compiled(export), bytes: Some(wasm), time }) => {
                if !matches!(self.running, Running::Compare(1..)) {
                    let size = Some(wasm.length());
                    self.times = Times { compile: Some(time), size, ..Times::default() };
                }
                let repeat = match self.running {
                    Running::Call => 5,
                    Running::Compare(_) => 15,
                    _ => 1,
                };
                let arrays = self.arrays.clone();
                self.runner.run(&Job { wasm, export, arrays, input: self.input.clone(), repeat });
            }
            Ok(Reply { answer: Answer::Refused(problems, arguments), .. }) => {
                self.running = Running::No;
                let own = |at: usize| arguments.get(at).copied().flatten();
                let (of_form, of_text): (Vec<_>, Vec<_>) =
                    problems.into_iter().enumerate().partition(|(at, problem)| {
                        own(*at).is_some() || problem.place().is_some_and(|label| label.start.line > self.line_count())
                    });
                self.field_errors = of_form
                    .into_iter()
                    .map(|(at, problem)| (own(at).and_then(|at| self.passed.get(at).copied()), problem.message))
                    .collect();
                if !of_text.is_empty() {
                    self.problems = of_text.into_iter().map(|(_, problem)| problem).collect();
                    self.tab = Tab::Problems;
                    if let Some(editor) = &self.editor {
                        editor.problems(&to_js(&self.problems), &self.file_name());
                    }
                }
            }
            Ok(_) => self.running = Running::No,
            Err(why) => {
                self.running = Running::No;
                self.note(&format!("The compiler stopped: {why}"));
            }
        }
    }

    fn line_count(&self) -> u32 {
        self.text().lines().count() as u32
    }

    /// The program says something.
    fn heard(&mut self, ctx: &Context<Self>, data: &JsValue) {
        let get = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let prints = get(data, "print");
        if let (Some(console), true) = (&self.console, prints.is_object()) {
            for part in Array::from(&prints).iter() {
                let part = Array::from(&part);
                console.print(&part.get(0).as_string().unwrap_or_default(), part.get(1).as_f64().unwrap_or(1.0) as u32);
            }
            return;
        }
        let (done, failed) = (get(data, "done"), get(data, "failed"));
        let end = if done.is_object() { &done } else { &failed };
        if !end.is_object() {
            return;
        }
        let times = get(end, "times");
        let mut runs: Vec<f64> = Array::from(&get(&times, "run")).iter().filter_map(|time| time.as_f64()).collect();
        runs.sort_by(f64::total_cmp);
        let run = (!runs.is_empty()).then(|| (runs[runs.len() / 2], runs.len()));
        let what = std::mem::replace(&mut self.running, Running::No);
        if let Running::Compare(at) = what {
            if let (Some((time, _)), true) = (run, done.is_object()) {
                self.bars.push(Bar { name: VARIANTS[at].0, value: time });
            }
            if at + 1 < VARIANTS.len() && done.is_object() {
                self.start(ctx, Running::Compare(at + 1));
                return;
            }
            if let (Some(element), true) = (self.bars_at.cast::<Element>(), done.is_object()) {
                let _ = parts::show_bars(&element, &to_js(&self.bars));
            }
        } else {
            self.times.instantiate = get(&times, "instantiate").as_f64();
            self.times.run = run;
        }
        if failed.is_object() {
            self.failed(&failed);
        } else if what == Running::Call {
            self.has_result = true;
            self.last_result(&done);
        }
    }

    fn failed(&mut self, failed: &JsValue) {
        let text = |name: &str| {
            Reflect::get(failed, &name.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
        };
        let exits = Reflect::get(failed, &"exit".into()).is_ok_and(|exit| exit.is_truthy());
        if exits {
            let message = text("message");
            self.note(&if message.is_empty() {
                "The program exited.".to_owned()
            } else {
                format!("The program exited: {message}")
            });
            return;
        }
        self.tab = Tab::Output;
        // The function that makes the call is none of the user's.
        let traceback = text("traceback");
        let lines = traceback.lines().filter(|line| !line.ends_with(", in kukri_call"));
        let shown = lines.clone().collect::<Vec<_>>().join("\n");
        let file = self.file_name();
        let prefix = format!("  File \"{file}\", line ");
        let numbers = lines.filter_map(|line| line.strip_prefix(&prefix)?.split(',').next()?.parse().ok());
        self.failed_lines = numbers.collect();
        self.mark(&[]);
        if let (Some(editor), Some(last)) = (&self.editor, self.failed_lines.last()) {
            editor.reveal(*last);
        }
        if let Some(console) = &self.console {
            console.traceback(&shown);
        }
    }

    fn last_result(&mut self, done: &JsValue) {
        if let Some(element) = self.result_at.cast::<Element>() {
            let _ = Reflect::set(&element, &"result".into(), done);
            let _ = parts::show_result(&element, done);
        }
    }

    fn draw_again(&self) {
        if let Some(element) = self.result_at.cast::<HtmlElement>()
            && let Ok(result) = Reflect::get(&element, &"result".into())
            && result.is_object()
        {
            let _ = parts::show_result(&element, &result);
        }
    }

    // Inside

    fn look_inside(&mut self, ctx: &Context<Self>) {
        if !self.ready || self.inside_version == Some((self.view, self.version)) {
            return;
        }
        // Where it is wrong there is nothing to see: what was stays.
        if self.problems.iter().any(|problem| problem.severity == "error") {
            return;
        }
        let (link, view, version) = (ctx.link().clone(), self.view, self.version);
        self.lane.ask(&Question::Inside(self.program.clone(), view), move |reply| {
            link.send_message(Msg::Lines(view, version, reply));
        });
    }
}

/// A compiler that broke down, as a problem like others.
fn crash(why: &str, file: &str) -> Problem {
    Problem {
        code: "KU0001".into(),
        name: "internal-error".into(),
        severity: "error".into(),
        message: format!("the compiler stopped: {why}"),
        labels: vec![kukri_playground::protocol::Label { primary: true, file: file.into(), ..Default::default() }],
        help: vec!["this is a bug of Kukri's, not of yours: please report it; your text is safe".into()],
        fix: None,
    }
}

fn words(error: &JsValue) -> String {
    Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string()).unwrap_or_default()
}

/// Answers the editor's questions about the program as it is.
fn answers(lane: Rc<Lane>, current: Rc<RefCell<Program>>) -> Ask {
    Closure::new(move |word: String, at: u32| {
        let program = current.borrow().clone();
        let question = match &*word {
            "hover" => Question::Hover(program, at),
            "complete" => Question::Complete(program, at),
            _ => Question::Definition(program, at),
        };
        let lane = lane.clone();
        Promise::new(&mut |resolve, _| {
            lane.ask(&question, move |reply| {
                let answer = match reply.map(|reply| reply.answer) {
                    Ok(Answer::Hover(Some(hover))) => to_js(&hover),
                    Ok(Answer::Definition(Some(target))) => to_js(&target),
                    Ok(Answer::Completions(from, items)) => to_js(&serde_json::json!({ "from": from, "items": items })),
                    _ => JsValue::NULL,
                };
                let _ = resolve.call1(&JsValue::NULL, &answer);
            });
        })
    })
}

/// The program that the link to the page holds.
fn load_linked(ctx: &Context<App>) {
    if let Some(code) = store::fragment("code") {
        let link = ctx.link().clone();
        spawn_local(async move {
            let text = JsFuture::from(parts::unpack(&code)).await.ok().and_then(|text| text.as_string());
            let program: Option<Program> = text.and_then(|text| serde_json::from_str(&text).ok());
            if let Some(program) = program.filter(|program| program.main < program.files.len()) {
                link.send_message(Msg::Load(program));
            }
        });
    }
}

fn load_gallery(ctx: &Context<App>) {
    let link = ctx.link().clone();
    spawn_local(async move {
        let response = JsFuture::from(store::window().fetch_with_str("./examples.json")).await.ok();
        let response = response.and_then(|response| response.dyn_into::<web_sys::Response>().ok());
        let Some(Ok(text)) = response.map(|response| response.text()) else { return };
        let text = JsFuture::from(text).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
        if let Ok(examples) = serde_json::from_str(&text) {
            link.send_message(Msg::Gallery(examples));
        }
    });
}
