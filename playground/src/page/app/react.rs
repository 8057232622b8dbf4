//! What each message changes. In: what people do, what the workers say. Out: whether it shows.

use super::{App, words};
use crate::page::call::{Form, Upload};
use crate::page::lane::Reply;
use crate::page::parts::{self, to_js};
use crate::page::runner::Said;
use crate::page::state::{Dialog, Msg, Running, Tab};
use crate::page::store;
use js_sys::Promise;
use kukri_playground::protocol::{Answer, Line, Problem, Program, Question, SourceFile, Target, View};
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::KeyboardEvent;
use yew::Context;

impl App {
    pub(super) fn react(&mut self, ctx: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Editor(editor) => {
                editor.show_hints(self.hints);
                self.editor = Some(editor);
                self.show_report();
            }
            Msg::Health(health) => {
                self.health = health;
                self.checks.ready(self.is_ready());
                if self.is_ready() {
                    parts::keep_offline();
                    if self.tab == Tab::Inside {
                        self.look_inside(ctx);
                    }
                }
            }
            Msg::Told(word, value) => return self.told(ctx, &word, &value),
            Msg::Checked(reply) => self.take_report(ctx, reply),
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
            Msg::Heard(Said::Word(data)) => self.heard(ctx, &data),
            Msg::Heard(Said::Broken(why)) => self.runner_broke(&why),
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
                if self.open_file(&target.file)
                    && let Some(editor) = &self.editor
                {
                    editor.select(target.from, target.to);
                }
            }
            Msg::GoTo(file, line) => {
                if (file.is_empty() || self.open_file(&file))
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
            Msg::Select(at) => self.select_file(at),
            Msg::NewFile => {
                let taken = |name: &String| self.program.files.iter().any(|file| file.name == *name);
                let name = (1..=self.program.files.len() + 1)
                    .map(|number| format!("module{number}.py"))
                    .find(|name| !taken(name));
                self.program.files.push(SourceFile { name: name.unwrap_or_default(), text: String::new() });
                self.select_file(self.program.files.len() - 1);
                self.changed();
            }
            Msg::Rename(at, name) => {
                let name = name.trim().replace(' ', "_");
                let name = format!("{}.py", name.trim_end_matches(".py"));
                let taken = self.program.files.iter().enumerate().any(|(other, file)| other != at && file.name == name);
                if !taken && name.len() > 3 {
                    self.program.files[at].name = name;
                    self.changed();
                }
            }
            Msg::Remove(at) => {
                if self.program.files.len() > 1 {
                    self.program.files.remove(at);
                    let main = self.program.main.min(self.program.files.len() - 1);
                    self.program.main = if at < self.program.main { self.program.main - 1 } else { main };
                    self.open_text();
                    self.changed();
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
                self.changed();
            }
            Msg::Show(dialog) => {
                self.dialog = dialog;
                self.menu = false;
                match dialog {
                    Some(_) => self.focus_later("dialog"),
                    None => {
                        if let Some(editor) = self.editor.clone() {
                            // Behind the dialog nothing takes the focus.
                            spawn_local(async move {
                                let _ = JsFuture::from(Promise::resolve(&JsValue::NULL)).await;
                                editor.focus();
                            });
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
                    self.load(Program { files: vec![file], main: 0 });
                }
            }
            Msg::Load(program) => self.load(program),
            Msg::Theme => {
                let next = match &*self.theme {
                    "system" => "light",
                    "light" => "dark",
                    _ => "system",
                };
                next.clone_into(&mut self.theme);
                store::apply_theme(next);
                if self.has_result {
                    // Charts are drawn with the colours of the theme.
                    self.draw_again();
                }
            }
            Msg::Hints => {
                self.hints = !self.hints;
                self.menu = false;
                store::set("hints", if self.hints { "on" } else { "off" });
                if let Some(editor) = &self.editor {
                    editor.show_hints(self.hints);
                }
            }
            Msg::Notes => {
                self.notes = !self.notes;
                self.menu = false;
                store::set("notes", if self.notes { "on" } else { "off" });
                self.show_notes();
                if self.notes {
                    self.look_at_loops(ctx);
                }
            }
            Msg::Idle(version) => {
                if self.notes && version == self.checks.version() && self.running == Running::No {
                    self.look_at_loops(ctx);
                }
                return false;
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
                if let Some(callable) = self.facts.callables.iter().find(|one| one.name == self.form.function) {
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
                        self.form.touched = true;
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
            Msg::Lines(View::Loops, version, reply) => {
                // An answer about another text has places of that one.
                if version != self.checks.version() {
                    return false;
                }
                match reply {
                    Ok(Reply { answer: Answer::Loops(loops), .. }) => {
                        self.loops = loops;
                        self.loops_version = Some(version);
                        self.show_notes();
                    }
                    // The check says what is wrong.
                    Ok(_) => {}
                    Err(why) => self.problems = vec![super::report::crash(&why, &self.file_name())],
                }
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

    /// The editor tells that something was done in it.
    pub(super) fn told(&mut self, ctx: &Context<Self>, word: &str, value: &JsValue) -> bool {
        match word {
            "text" => {
                // It is checked already.
                self.program = self.checks.program().clone();
                self.notice = None;
                store::keep(&self.program);
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
            "loops" => {
                self.view = View::Loops;
                ctx.link().send_message(Msg::Open(Tab::Inside));
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

    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        let command = event.ctrl_key() || event.meta_key();
        // Where Alt writes another character, the place of the key counts.
        let key = match (event.alt_key(), &*event.code()) {
            (true, "KeyL") if !event.key().is_ascii() => "l".to_owned(),
            (true, code) if code.starts_with("Digit") => code.trim_start_matches("Digit").to_owned(),
            _ => event.key(),
        };
        match &*key {
            "Escape" if self.dialog.is_some() => ctx.link().send_message(Msg::Show(None)),
            "Escape" if self.menu => {
                self.menu = false;
                self.focus_later("more");
            }
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
            "l" | "L" if event.alt_key() && !command => {
                event.prevent_default();
                ctx.link().send_message(Msg::Notes);
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
}
