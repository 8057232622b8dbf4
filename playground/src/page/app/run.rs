//! Runs, calls and comparisons. In: the form, modules, what the program says. Out: prints, results, times.

use super::App;
use crate::page::lane::Reply;
use crate::page::parts::{self, to_js};
use crate::page::runner::Job;
use crate::page::state::{Bar, Msg, Running, Tab, Times, Variant};
use js_sys::{Array, Reflect};
use kukri_playground::protocol::{Answer, Making, Purpose, Question};
use wasm_bindgen::prelude::JsValue;
use web_sys::{Element, HtmlElement};
use yew::Context;

impl App {
    /// Compiles for what is to be run.
    pub(super) fn start(&mut self, ctx: &Context<Self>, what: Running) {
        if self.running != Running::No && !matches!(what, Running::Compare(1..)) {
            self.runner.stop();
        }
        self.field_errors.clear();
        self.failed_lines.clear();
        self.mark(&[]);
        self.editor_shown = false;
        let variant = match what {
            Running::Compare(at) => Variant::ALL[at],
            Running::No | Running::Program | Running::Call => Variant::AsItIs,
        };
        let purpose = match what {
            Running::Call | Running::Compare(_) => {
                let Some(callable) = self.callable() else { return };
                let (arguments, arrays, passed) = self.form.arguments(callable);
                let function = callable.name.clone();
                let purpose = match variant {
                    Variant::JavaScript => Purpose::Arguments { function, arguments },
                    Variant::AsItIs | Variant::Unchecked | Variant::Unoptimised => {
                        Purpose::Call { function, arguments }
                    }
                };
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
        let making =
            Making { optimised: variant != Variant::Unoptimised, checked: variant != Variant::Unchecked, memory: 1024 };
        let link = ctx.link().clone();
        self.lane.ask(&Question::Compile(self.program.clone(), purpose, making), move |reply| {
            link.send_message(Msg::Compiled(reply));
        });
    }

    pub(super) fn run_module(&mut self, _: &Context<Self>, reply: Result<Reply, String>) {
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
                let twin = match self.running {
                    Running::Compare(at) if Variant::ALL[at] == Variant::JavaScript => {
                        self.twin().map(|file| (file, self.form.function.clone()))
                    }
                    _ => None,
                };
                self.runner.run(&Job { wasm, export, arrays, input: self.input.clone(), repeat, twin });
            }
            Ok(Reply { answer: Answer::Refused(problems, arguments), .. }) => {
                if std::mem::replace(&mut self.running, Running::No) == Running::Call {
                    self.clear_result();
                }
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
                    self.show_report();
                }
            }
            Ok(_) => self.running = Running::No,
            Err(why) => {
                self.running = Running::No;
                self.note(&format!("The compiler stopped: {why}"));
            }
        }
    }

    /// The JavaScript that does the same as the function of the form, where the program is an example that has it.
    pub(super) fn twin(&self) -> Option<String> {
        let text = self.text();
        let example = self.examples.iter().find(|example| example.text == text)?;
        let twin = example.twin.as_ref()?;
        (twin.function == self.form.function).then(|| twin.file.clone())
    }

    pub(super) fn line_count(&self) -> u32 {
        self.text().lines().count() as u32
    }

    /// The worker of the program is no more.
    pub(super) fn runner_broke(&mut self, why: &str) {
        if self.running != Running::No {
            self.running = Running::No;
            self.tab = Tab::Output;
            self.note(&format!("The program could not be run: {why}."));
        }
    }

    /// The program says something.
    pub(super) fn heard(&mut self, ctx: &Context<Self>, data: &JsValue) {
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
                self.bars.push(Bar { name: Variant::ALL[at].name(), value: time });
            }
            let has_next = match Variant::ALL.get(at + 1) {
                Some(Variant::JavaScript) => self.twin().is_some(),
                next => next.is_some(),
            };
            if has_next && done.is_object() {
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
            if what == Running::Call {
                self.clear_result();
            }
            self.failed(&failed);
        } else if what == Running::Call {
            self.has_result = true;
            self.last_result(&done);
        }
    }

    pub(super) fn failed(&mut self, failed: &JsValue) {
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

    pub(super) fn last_result(&mut self, done: &JsValue) {
        if let Some(element) = self.result_at.cast::<Element>() {
            let _ = Reflect::set(&element, &"result".into(), done);
            let _ = parts::show_result(&element, done);
        }
    }

    /// The call that was tried last has no result.
    fn clear_result(&mut self) {
        self.has_result = false;
        if let Some(element) = self.result_at.cast::<Element>() {
            element.set_inner_html("");
        }
    }

    pub(super) fn draw_again(&self) {
        if let Some(element) = self.result_at.cast::<HtmlElement>()
            && let Ok(result) = Reflect::get(&element, &"result".into())
            && result.is_object()
        {
            let _ = parts::show_result(&element, &result);
        }
    }
}
