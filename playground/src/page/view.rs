//! What the page looks like. In: the state of `App`. Out: `Html`.

use super::app::App;
use super::lane::Health;
use super::state::{Dialog, Msg, Running, Tab};
use super::{markdown, store};
use kukri_playground::protocol::{Label, Problem, Target, View};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, KeyboardEvent};
use yew::{Callback, Context, Html, html};

/// Keys and what they do, for the list of shortcuts.
const KEYS: [(&str, &str); 17] = [
    ("Ctrl Enter", "Run the program"),
    ("Shift Enter", "Call the function of the form"),
    ("Escape", "Stop what runs; close what is open"),
    ("F8 or Shift F8", "Next, previous problem"),
    ("Ctrl .", "Apply the fix"),
    ("F12 or Ctrl click", "Go to the definition"),
    ("Ctrl Space", "Complete"),
    ("Ctrl F", "Search and replace"),
    ("Ctrl D", "Select the next occurrence as well"),
    ("Alt click", "Another cursor"),
    ("Ctrl /", "Comment or uncomment"),
    ("Alt ↑ or Alt ↓", "Move the line"),
    ("Alt 1 … Alt 4", "Output, Call, Problems, Inside"),
    ("Alt L", "Show or hide notes on loops"),
    ("Alt 0", "Back to the editor"),
    ("Escape then Tab", "Leave the editor"),
    ("F1", "This list"),
];

/// A key as it looks; the words between keys are no keys.
fn key(text: &str) -> Html {
    match text {
        "or" | "then" | "…" => html! { <span>{ text.to_owned() }</span> },
        key => html! { <kbd>{ key.to_owned() }</kbd> },
    }
}

fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else {
        target.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value).unwrap_or_default()
    }
}

/// The one file that an input was given.
fn file_of(event: &Event) -> Option<web_sys::File> {
    let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let file = input.files()?.get(0);
    // The same file may be chosen again.
    input.set_value("");
    file
}

fn milliseconds(time: f64) -> String {
    match time {
        // As fine as the clock of a browser is.
        0.0 => "under 0.1 ms".to_owned(),
        time if time < 0.0095 => format!("{:.0} µs", time * 1000.0),
        time if time < 10.0 => format!("{time:.2} ms"),
        time if time < 1000.0 => format!("{time:.0} ms"),
        time => format!("{:.2} s", time / 1000.0),
    }
}

fn size(bytes: u32) -> String {
    if bytes < 1_000_000 {
        format!("{:.1} KB", f64::from(bytes) / 1000.0)
    } else {
        format!("{:.1} MB", f64::from(bytes) / 1e6)
    }
}

impl App {
    fn on<E>(&self, ctx: &Context<Self>, message: impl Fn() -> Msg + 'static) -> Callback<E> {
        ctx.link().callback(move |_| message())
    }

    pub fn page_view(&self, ctx: &Context<Self>) -> Html {
        let errors = self.problems.iter().filter(|problem| problem.severity == "error").count();
        let pane = if self.editor_shown { "editor" } else { "side" };
        // While a dialog is open, the keyboard and screen readers stay in it.
        let inert = self.dialog.is_some();
        html! {
            <div class={if self.embedded { "page embedded" } else { "page" }} data-pane={pane} data-settled={self.settled().map(|version| version.to_string())} data-ended={self.ended.to_string()}>
                { self.bar(ctx, inert) }
                <main class="split" inert={inert}>
                    <section class="edit" aria-label="Editor">
                        { self.files(ctx) }
                        <div class="editor" ref={self.editor_at.clone()}></div>
                    </section>
                    <section class="side" aria-label="What the program does">
                        { self.tabs(ctx, errors) }
                        <div class="panels">
                            { self.output(ctx) }
                            { self.call(ctx) }
                            { self.problems_panel(ctx) }
                            { self.inside(ctx) }
                        </div>
                    </section>
                </main>
                { self.status(ctx, errors, inert) }
                { self.dialogs(ctx) }
            </div>
        }
    }

    fn bar(&self, ctx: &Context<Self>, inert: bool) -> Html {
        let running = self.running != Running::No;
        let theme = format!("Theme: {}", self.theme);
        let open_menu = !self.menu;
        html! {
            <header class="bar" inert={inert}>
                <h1 class="brand"><span class="blade" aria-hidden="true"></span>{ "Kukri" }<span class="sub">{ "playground" }</span></h1>
                <div class="grow"></div>
                if self.embedded {
                    <a class="button" href={format!("{}{}", store::address(), store::window().location().hash().unwrap_or_default())}
                        target="_blank" rel="noopener">{ "Open in playground" }</a>
                } else {
                    <button type="button" class="button wide" onclick={self.on(ctx, || Msg::Show(Some(Dialog::Gallery)))}>{ "Examples" }</button>
                    <button type="button" class="button wide" onclick={self.on(ctx, || Msg::Share)}>{ "Share" }</button>
                }
                if running {
                    <button type="button" class="button stop" id="stop" onclick={self.on(ctx, || Msg::Stop)}>
                        <span class="square" aria-hidden="true"></span>{ "Stop" }
                    </button>
                } else {
                    <button type="button" class="button run" id="run" disabled={!self.is_ready()} title="Ctrl+Enter"
                        onclick={self.on(ctx, || Msg::Run)}><span class="triangle" aria-hidden="true"></span>{ "Run" }</button>
                }
                <button type="button" class="button icon" aria-label={theme.clone()} title={theme} onclick={self.on(ctx, || Msg::Theme)}>
                    <span class={format!("theme-icon {}", self.theme)} aria-hidden="true"></span>
                </button>
                <div class="menu-space">
                    if self.menu { <div class="outside" onclick={self.on(ctx, || Msg::Menu(false))}></div> }
                    <button type="button" class="button icon" id="more" aria-label="More" aria-expanded={self.menu.to_string()}
                        onclick={self.on(ctx, move || Msg::Menu(open_menu))}><span class="dots" aria-hidden="true"></span></button>
                    if self.menu { { self.menu_view(ctx) } }
                </div>
            </header>
        }
    }

    fn menu_view(&self, ctx: &Context<Self>) -> Html {
        let hints = if self.hints { "Hide types in the text" } else { "Show types in the text" };
        let notes = if self.notes { "Hide notes on loops" } else { "Show notes on loops" };
        let upload = ctx.link().batch_callback(|event: Event| file_of(&event).map(Msg::Upload));
        html! {
            <div class="menu">
                <button type="button" class="narrow" onclick={self.on(ctx, || Msg::Show(Some(Dialog::Gallery)))}>{ "Examples" }</button>
                <button type="button" class="narrow" onclick={self.on(ctx, || Msg::Share)}>{ "Copy a link to this program" }</button>
                <button type="button" onclick={self.on(ctx, || Msg::Hints)}>{ hints }</button>
                <button type="button" onclick={self.on(ctx, || Msg::Notes)}>{ notes }</button>
                <hr />
                <label class="file">{ "Open a file …" }<input type="file" accept=".py" onchange={upload} /></label>
                <button type="button" onclick={self.on(ctx, || Msg::DownloadFile)}>{ "Save as .py" }</button>
                <button type="button" onclick={self.on(ctx, || Msg::DownloadWasm)}>{ "Save as .wasm" }</button>
                <button type="button" onclick={self.on(ctx, || Msg::DownloadPackage)}>{ "Save as JavaScript package" }</button>
                <hr />
                <button type="button" onclick={self.on(ctx, || Msg::Show(Some(Dialog::Keys)))}>{ "Keyboard shortcuts" }</button>
            </div>
        }
    }

    fn files(&self, ctx: &Context<Self>) -> Html {
        let several = self.program.files.len() > 1;
        let tabs = self.program.files.iter().enumerate().map(|(at, file)| {
            let current = at == self.program.main;
            let rename = ctx.link().callback(move |event: Event| Msg::Rename(at, value_of(&event)));
            html! {
                <div class={if current { "tab file current" } else { "tab file" }} key={at}>
                    if current {
                        <input class="name" aria-label="Name of the file" value={file.name.clone()} size={file.name.len().max(6).to_string()}
                            onchange={rename} spellcheck="false" />
                    } else {
                        <button type="button" onclick={self.on(ctx, move || Msg::Select(at))}>{ &file.name }</button>
                    }
                    if several && current {
                        <button type="button" class="close" aria-label={format!("Remove {}", file.name)}
                            onclick={self.on(ctx, move || Msg::Remove(at))}>{ "×" }</button>
                    }
                </div>
            }
        });
        html! {
            <div class="strip">
                { for tabs }
                <button type="button" class="add" aria-label="New file" title="New file" onclick={self.on(ctx, || Msg::NewFile)}>{ "+" }</button>
            </div>
        }
    }

    fn tabs(&self, ctx: &Context<Self>, errors: usize) -> Html {
        let tabs = Tab::ALL.into_iter().enumerate().map(|(at, tab)| {
            let current = self.tab == tab;
            let name = tab.name().to_lowercase();
            let step = ctx.link().batch_callback(move |event: KeyboardEvent| {
                let next = match &*event.key() {
                    "ArrowRight" => (at + 1) % 4,
                    "ArrowLeft" => (at + 3) % 4,
                    _ => return None,
                };
                store::focus(&format!("tab-{}", Tab::ALL[next].name().to_lowercase()));
                Some(Msg::Open(Tab::ALL[next]))
            });
            html! {
                <button type="button" role="tab" class={if current { "tab current" } else { "tab" }} id={format!("tab-{name}")}
                    aria-selected={current.to_string()} aria-controls={format!("panel-{name}")} tabindex={if current { "0" } else { "-1" }}
                    onclick={self.on(ctx, move || Msg::Open(tab))} onkeydown={step}>
                    { tab.name() }
                    if tab == Tab::Problems && !self.problems.is_empty() {
                        <span class={if errors > 0 { "count error" } else { "count" }}>{ self.problems.len() }</span>
                    }
                </button>
            }
        });
        html! { <div class="strip" role="tablist" aria-label="Panels">{ for tabs }</div> }
    }

    /// The frame of a panel. All panels are there all the time: what JavaScript put in them stays.
    fn panel(&self, tab: Tab, content: Html) -> Html {
        let name = tab.name().to_lowercase();
        html! {
            <div class="panel" id={format!("panel-{name}")} role="tabpanel" aria-labelledby={format!("tab-{name}")} hidden={self.tab != tab}>
                { content }
            </div>
        }
    }

    fn output(&self, ctx: &Context<Self>) -> Html {
        let input = ctx.link().callback(|event: yew::InputEvent| Msg::Input(value_of(&event)));
        let reads = self.text().contains("input(") || self.text().contains("stdin");
        self.panel(
            Tab::Output,
            html! {
                <>
                    <div class="console" tabindex="0" role="log" aria-label="What the program prints">
                        <pre ref={self.console_at.clone()}></pre>
                    </div>
                    if reads {
                        <label class="stdin">{ "Input, a line for each input()" }
                            <textarea rows="3" value={self.input.clone()} oninput={input} spellcheck="false" />
                        </label>
                    }
                    { self.timings() }
                </>
            },
        )
    }

    fn timings(&self) -> Html {
        let Some(compile) = self.times.compile else {
            return html! { <p class="timings">{ "Press Run, or Ctrl+Enter in the editor." }</p> };
        };
        let run = self.times.run.map(|(time, count)| {
            if count > 1 {
                format!("run {} (median of {count})", milliseconds(time))
            } else {
                format!("run {}", milliseconds(time))
            }
        });
        let parts = [
            Some(format!("compile {}", milliseconds(compile))),
            self.times.instantiate.map(|time| format!("instantiate {}", milliseconds(time))),
            run,
            self.times.size.map(|bytes| format!("module {}", size(bytes))),
        ];
        html! { <p class="timings" id="timings">{ for parts.into_iter().flatten().map(|part| html! { <span>{ part }</span> }) }</p> }
    }

    fn call(&self, ctx: &Context<Self>) -> Html {
        let names = self.facts.callables.iter().map(|callable| {
            html! { <option value={callable.name.clone()} selected={callable.name == self.form.function}>{ &callable.name }</option> }
        });
        let choose = ctx.link().callback(|event: Event| Msg::Function(value_of(&event)));
        let submit = ctx.link().callback(|event: yew::SubmitEvent| {
            event.prevent_default();
            Msg::RunCall
        });
        let busy = self.running != Running::No;
        let form = match self.callable() {
            None => {
                html! { <p class="empty">{ "Define a function, and call it here: " }<code>{ "def area(radius: float): …" }</code></p> }
            }
            Some(callable) => html! {
                <form class="form" onsubmit={submit}>
                    <div class="form-head">
                        <label class="function"><span class="label">{ "Function" }</span><select onchange={choose} id="function">{ for names }</select></label>
                        <button type="submit" class="button run" id="call" disabled={busy || !self.is_ready()} title="Shift+Enter in the editor">{ "Call" }</button>
                        <button type="button" class="button" id="compare" disabled={busy || !self.is_ready()}
                            title="The same call, unoptimised and with ints that wrap" onclick={self.on(ctx, || Msg::Compare)}>{ "Compare" }</button>
                    </div>
                    if let Some(about) = &callable.about { <p class="about">{ about }</p> }
                    { for callable.params.iter().enumerate().map(|(at, param)| self.field(ctx, at, param)) }
                    { for self.field_errors.iter().filter(|(at, _)| at.is_none()).map(|(_, text)| html! { <p class="field-error" role="alert">{ markdown::inline(text) }</p> }) }
                </form>
            },
        };
        self.panel(
            Tab::Call,
            html! {
                <div class="scroll">
                    { form }
                    if matches!(self.running, Running::Compare(_)) { <p class="tip">{ "Comparing …" }</p> }
                    <div class="compared" ref={self.bars_at.clone()}></div>
                    <div class="result" ref={self.result_at.clone()} aria-live="polite"></div>
                    { self.timings() }
                </div>
            },
        )
    }

    fn field(&self, ctx: &Context<Self>, at: usize, param: &kukri_playground::protocol::Param) -> Html {
        let Some(field) = self.form.fields.get(at) else { return Html::default() };
        let id = format!("field-{}", param.name.trim_start_matches('*'));
        let error = self.field_errors.iter().find(|(of, _)| *of == Some(at)).map(|(_, text)| text.clone());
        let typed = ctx.link().callback(move |event: yew::InputEvent| Msg::Field(at, value_of(&event)));
        let chosen = ctx.link().callback(move |event: Event| Msg::Field(at, value_of(&event)));
        let file =
            ctx.link().batch_callback(move |event: Event| file_of(&event).map(|file| Msg::Array(at, Some(file))));
        // Where the type is known, and is none of an array's, a file is no use.
        let takes_file =
            param.ty.as_deref().is_none_or(|ty| ty.contains("ndarray") || (ty.contains('[') && ty.contains(':')));
        let is_bool = param.ty.as_deref() == Some("bool") && matches!(&*field.text, "True" | "False");
        html! {
            <div class="field">
                <label for={id.clone()}>
                    <span class="param">{ &param.name }</span>
                    if let Some(ty) = &param.ty { <span class="type">{ ty }</span> }
                </label>
                if let Some(upload) = &field.upload {
                    <div class="upload" id={id}>
                        <span>{ format!("{} · {} {}", upload.name, upload.shape(), upload.ty()) }</span>
                        <button type="button" class="quiet" aria-label="Remove the file" onclick={self.on(ctx, move || Msg::Array(at, None))}>{ "×" }</button>
                    </div>
                } else if is_bool {
                    <select id={id} onchange={chosen}>
                        { for ["True", "False"].map(|word| html! { <option value={word} selected={field.text == word}>{ word }</option> }) }
                    </select>
                } else {
                    <input type="text" id={id} value={field.text.clone()} oninput={typed} spellcheck="false" autocomplete="off"
                        placeholder={param.default.clone().unwrap_or_else(|| "a Python expression".to_owned())}
                        aria-invalid={error.is_some().to_string()} />
                }
                if takes_file {
                    <label class="quiet pick" title="An array from a .npy, .csv or picture file">{ "File" }
                        <input type="file" accept=".npy,.csv,.txt,image/*" onchange={file} aria-label={format!("File for {}", param.name)} />
                    </label>
                }
                if let Some(error) = error { <p class="field-error" role="alert">{ markdown::inline(&error) }</p> }
            </div>
        }
    }

    fn problems_panel(&self, ctx: &Context<Self>) -> Html {
        // What nobody sees need not be kept up at every key.
        let is_shown = self.tab == Tab::Problems;
        let content = match &self.page {
            _ if !is_shown => Html::default(),
            Some(page) => html! {
                <article class="explain">
                    <button type="button" class="button" onclick={self.on(ctx, || Msg::Page(None))}>{ "← Problems" }</button>
                    { markdown::page(page) }
                </article>
            },
            None if self.problems.is_empty() => html! { <p class="empty">{ "No problems." }</p> },
            None => {
                html! { <ul class="problems">{ for self.problems.iter().enumerate().map(|(at, problem)| self.problem(ctx, at, problem)) }</ul> }
            }
        };
        self.panel(
            Tab::Problems,
            html! { <div class="scroll" tabindex="0" role="region" aria-label="Problems">{ content }</div> },
        )
    }

    fn problem(&self, ctx: &Context<Self>, at: usize, problem: &Problem) -> Html {
        let line = problem.place().map(|label| label.start.line).unwrap_or_default();
        let place = problem.place().map(|label| format!("{}:{line}", label.file)).unwrap_or_default();
        let code = problem.code.clone();
        let others = problem.labels.iter().skip(1).filter(|label| !label.text.is_empty());
        html! {
            <li class={format!("problem {}", problem.severity)} key={at}>
                <button type="button" class="jump" onclick={self.on(ctx, move || Msg::Problem(at))}>
                    <span class="dot" aria-label={problem.severity.clone()}></span>
                    <span class="message">{ markdown::inline(&problem.message) }</span>
                    <span class="place">{ place }</span>
                </button>
                <div class="more">
                    if let Some(label) = problem.place().filter(|label| !label.text.is_empty()) { <p>{ markdown::inline(&label.text) }</p> }
                    { for others.map(|label| html! { <p><span class="place">{ format!("line {}: ", label.start.line) }</span>{ markdown::inline(&label.text) }</p> }) }
                    { for problem.help.iter().map(|help| html! { <p class="help">{ markdown::inline(help) }</p> }) }
                    <div class="actions">
                        if let Some(fix) = &problem.fix {
                            <button type="button" class="button fix" onclick={self.on(ctx, move || Msg::Fix(at))}>{ markdown::inline(&fix.title) }</button>
                        }
                        <button type="button" class="quiet code" onclick={self.on(ctx, move || Msg::Explain(code.clone()))}>
                            { format!("{} {}", problem.code, problem.name) }
                        </button>
                    </div>
                </div>
            </li>
        }
    }

    fn inside(&self, ctx: &Context<Self>) -> Html {
        let views = [
            (View::Wat, "Wasm", "As the engine gets it"),
            (View::Ssa, "SSA", "After the optimiser"),
            (View::Hir, "Types", "With types, conversions and the library's calls"),
            (View::Loops, "Loops", "What the optimiser made of them"),
        ];
        let choices = views.map(|(view, name, title)| {
            let pressed = (self.view == view).to_string();
            html! { <button type="button" class="choice" {title} aria-pressed={pressed} onclick={self.on(ctx, move || Msg::View(view))}>{ name }</button> }
        });
        let is_loops = self.view == View::Loops;
        let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let shape = if is_loops { count(self.loops.len(), "loop") } else { count(self.lines.len(), "line") };
        let wrong = self.problems.iter().any(|problem| problem.severity == "error");
        self.panel(Tab::Inside, html! {
            <>
                <div class="views" role="group" aria-label="Stages">
                    { for choices }
                    <span class="shape">{ if wrong { "as it was before the errors".to_owned() } else { shape } }</span>
                </div>
                if is_loops { { self.loops_view(ctx) } }
                <div class="generated" hidden={is_loops} ref={self.code_at.clone()} role="region" aria-label="Generated code; arrows move, Enter goes to the Python"></div>
            </>
        })
    }

    /// What the optimiser says of each loop, and where.
    fn loops_view(&self, ctx: &Context<Self>) -> Html {
        let jump = |label: &Label, class: &'static str, content: Html| {
            let target = Target { file: label.file.clone(), from: label.start.utf16, to: label.end.utf16 };
            html! {
                <button type="button" {class} onclick={self.on(ctx, move || Msg::Visit(target.clone()))}>{ content }</button>
            }
        };
        let notes = self.loops.iter().filter_map(|note| {
            let place = note.place()?;
            let head = html! {
                <>
                    <span class="dot" aria-hidden="true"></span>
                    <span class="message">{ markdown::inline(&note.message) }</span>
                    <span class="place">{ format!("{}:{}", place.file, place.start.line) }</span>
                </>
            };
            let is_fast = note.labels.len() == 1;
            let others = note.labels.iter().skip(1).filter(|label| !label.text.is_empty()).map(|label| {
                let words = html! { <><span class="place">{ format!("line {}: ", label.start.line) }</span>{ markdown::inline(&label.text) }</> };
                html! { <p>{ jump(label, "quiet at", words) }</p> }
            });
            Some(html! {
                <li class={if is_fast { "problem loop fast" } else { "problem loop" }}>
                    { jump(place, "jump", head) }
                    <div class="more">{ for others }{ for note.help.iter().map(|help| html! { <p>{ markdown::inline(help) }</p> }) }</div>
                </li>
            })
        });
        let shown = self.notes.to_string();
        html! {
            <div class="scroll" tabindex="0" role="region" aria-label="What the optimiser made of the loops">
                <p class="loops-head">
                    <button type="button" class="choice" id="notes" aria-pressed={shown} title="Alt+L" onclick={self.on(ctx, || Msg::Notes)}>{ "Notes in the text" }</button>
                    <button type="button" class="quiet" onclick={self.on(ctx, || Msg::Explain("KU6001".to_owned()))}>{ "What they mean" }</button>
                </p>
                if self.loops.is_empty() { <p class="empty">{ "There are no loops." }</p> }
                <ul class="problems">{ for notes }</ul>
            </div>
        }
    }

    fn status(&self, ctx: &Context<Self>, errors: usize, inert: bool) -> Html {
        let warnings = self.problems.len() - errors;
        let (class, words) = if let Health::Failed(why) = &self.health {
            ("failed", format!("The compiler did not load ({why}); trying again …"))
        } else if self.health == Health::Slow {
            ("busy", "The compiler is slow to arrive; you can write meanwhile …".to_owned())
        } else if !self.is_ready() {
            ("busy", "Loading the compiler …".to_owned())
        } else if errors > 0 {
            ("bad", if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") })
        } else if warnings > 0 {
            ("warn", if warnings == 1 { "1 warning".to_owned() } else { format!("{warnings} warnings") })
        } else {
            ("good", "No problems".to_owned())
        };
        let pane = |shown: bool, name: &'static str, message: fn() -> Msg| {
            html! { <button type="button" class="pane" aria-pressed={shown.to_string()} onclick={self.on(ctx, message)}>{ name }</button> }
        };
        html! {
            <footer class="status" inert={inert}>
                <button type="button" class={format!("state {class}")} id="state" onclick={self.on(ctx, || Msg::Open(Tab::Problems))}>
                    <span class="dot" aria-hidden="true"></span><span role="status">{ words }</span>
                </button>
                if let Some(time) = self.check_time { <span class="time" id="check-time">{ format!("checked in {}", milliseconds(time)) }</span> }
                if let Some(notice) = &self.notice { <span class="notice" role="status">{ notice }</span> }
                <div class="grow"></div>
                <div class="panes">{ pane(self.editor_shown, "Editor", || Msg::ShowEditor) }{ pane(!self.editor_shown, "Panels", || Msg::Open(Tab::Output)) }</div>
                <span class="time line">{ format!("line {}", self.line) }</span>
            </footer>
        }
    }

    fn dialogs(&self, ctx: &Context<Self>) -> Html {
        let Some(dialog) = self.dialog else { return Html::default() };
        let (title, content) = match dialog {
            Dialog::Gallery => ("Examples", self.gallery(ctx)),
            Dialog::Keys => (
                "Keyboard shortcuts",
                html! {
                    <dl class="keys">{ for KEYS.iter().map(|(keys, what)| html! { <><dt>{ for keys.split(' ').map(key) }</dt><dd>{ *what }</dd></> }) }</dl>
                },
            ),
        };
        html! {
            <div class="veil" onclick={self.on(ctx, || Msg::Show(None))}>
                <div class="dialog" id="dialog" role="dialog" aria-modal="true" aria-label={title} tabindex="-1"
                    onclick={Callback::from(|event: yew::MouseEvent| event.stop_propagation())}>
                    <div class="dialog-head"><h2>{ title }</h2>
                        <button type="button" class="button icon" aria-label="Close" onclick={self.on(ctx, || Msg::Show(None))}>{ "×" }</button></div>
                    { content }
                </div>
            </div>
        }
    }

    fn gallery(&self, ctx: &Context<Self>) -> Html {
        let cards = self.examples.iter().enumerate().map(|(at, example)| {
            html! {
                <li key={example.id.clone()}>
                    <button type="button" class="example" onclick={self.on(ctx, move || Msg::Example(at))}>
                        <span class="picture">
                            if let Some(picture) = &example.picture { <img src={picture.clone()} alt="" width="320" height="200" loading="lazy" /> }
                        </span>
                        <span class="title">{ format!("{}. {}", at + 1, example.title) }</span>
                        <span class="about">{ markdown::inline(&example.about) }</span>
                    </button>
                </li>
            }
        });
        html! { <ul class="gallery">{ for cards }</ul> }
    }
}
