//! What happens on the page. In: what people do, and what the workers say. Out: the state that `view` shows.

mod files;
mod react;
mod report;
mod run;

use super::call::Form;
use super::checks::Checks;
use super::lane::{Health, Lane};
use super::parts::{self, Ask, Code, Console, Editor, OfLine, Tell};
use super::runner::Runner;
use super::state::{Bar, Dialog, Example, Msg, Running, Tab, Times};
use super::store;
use js_sys::{Array, Promise, Reflect};
use kukri_playground::protocol::{Callable, Facts, Line, Problem, Program, SourceFile, View};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, KeyboardEvent};
use yew::{Component, Context, Html, NodeRef};

#[expect(clippy::struct_excessive_bools, reason = "each is something else that is shown or not")]
pub struct App {
    pub program: Program,
    pub health: Health,
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
    /// Whether the text has the notes of the optimiser.
    pub notes: bool,
    pub notice: Option<String>,
    pub form: Form,
    pub field_errors: Vec<(Option<usize>, String)>,
    /// Which fields the arguments of the running call come from.
    passed: Vec<usize>,
    arrays: Array,
    pub input: String,
    pub view: View,
    pub lines: Vec<Line>,
    /// What the optimiser says of the loops, and the version of the text that it is about.
    pub loops: Vec<Problem>,
    pub loops_version: Option<u64>,
    pub inside_version: Option<(View, u64)>,
    pub line: u32,
    pub has_result: bool,
    /// Counts runs that came to an end.
    pub ended: u32,
    failed_lines: Vec<u32>,
    bars: Vec<Bar>,
    lane: Rc<Lane>,
    runner: Runner,
    checks: Rc<Checks>,
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
            move |health| link.send_message(Msg::Health(health))
        });
        let heard = link.callback(Msg::Heard);
        let runner = Runner::new(move |said| heard.emit(said));
        let program = store::program().unwrap_or_else(first_program);
        let reported = link.callback(Msg::Checked);
        let checks = Checks::new(lane.clone(), program.clone(), move |reply| reported.emit(reply));
        let told = link.callback(|(word, value)| Msg::Told(word, value));
        let visit = link.callback(|(file, line)| Msg::GoTo(file, line));
        let (source_of, typed, first) = (checks.clone(), checks.clone(), checks.clone());
        let over = link.callback(Msg::Over);
        let choose = link.callback(|line| Msg::GoTo(String::new(), line));
        let key = link.callback(Msg::Key);
        let keys: Closure<dyn FnMut(KeyboardEvent)> = Closure::new(move |event| key.emit(event));
        let _ = store::window().add_event_listener_with_callback("keydown", keys.as_ref().unchecked_ref());
        let theme = store::theme();
        store::apply_theme(&theme);
        files::load_linked(ctx);
        files::load_gallery(ctx);
        Self {
            program,
            health: Health::Loading,
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
            notes: store::get("notes").as_deref() != Some("off"),
            notice: None,
            form: Form::default(),
            field_errors: Vec::new(),
            passed: Vec::new(),
            arrays: Array::new(),
            input: store::get("input").unwrap_or_default(),
            view: View::Wat,
            lines: Vec::new(),
            loops: Vec::new(),
            loops_version: None,
            inside_version: None,
            line: 1,
            has_result: false,
            ended: 0,
            failed_lines: Vec::new(),
            bars: Vec::new(),
            ask: report::answers(lane.clone(), checks.clone()),
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
            main_text: Closure::new(move || first.program().file().map(|file| file.text.clone()).unwrap_or_default()),
            tell: Closure::new(move |word: String, value: JsValue| {
                if word == "text" {
                    typed.write(value.as_string().unwrap_or_default());
                }
                told.emit((word, value));
            }),
            visit: Closure::new(move |file, line| visit.emit((file, line))),
            source: Closure::new(move |file: String, line: u32| {
                let program = source_of.program();
                let file = program.files.iter().find(|known| known.name == file);
                let line = file.and_then(|file| file.text.lines().nth(line as usize - 1));
                line.unwrap_or_default().trim().to_owned()
            }),
            checks,
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

    pub fn is_ready(&self) -> bool {
        self.health == Health::Ready
    }

    /// The version of the text, if what is shown is what the compiler says of it.
    pub fn settled(&self) -> Option<u64> {
        self.checks.is_settled().then(|| self.checks.version())
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
}

fn words(error: &JsValue) -> String {
    Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string()).unwrap_or_default()
}
