//! What the compiler says of the program, shown: problems, types, generated code. In: answers. Out: the editor's marks.

use super::App;
use crate::page::call::{self, Form};
use crate::page::checks::Checks;
use crate::page::lane::{Lane, Reply};
use crate::page::parts::{Ask, to_js};
use crate::page::state::{Msg, Tab};
use crate::page::store;
use crate::page::worker::sleep;
use js_sys::Promise;
use kukri_playground::protocol::{Answer, Label, Problem, Question, View};
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::Context;

/// How long nothing is typed before the loops are looked at, in milliseconds.
const PAUSE: i32 = 500;

impl App {
    /// The program is another: it is checked and kept.
    pub(super) fn changed(&mut self) {
        self.checks.replace(self.program.clone());
        self.notice = None;
        store::keep(&self.program);
    }

    pub(super) fn take_report(&mut self, ctx: &Context<Self>, reply: Result<Reply, String>) {
        let is_settled = self.checks.is_settled();
        match reply {
            Ok(Reply { answer: Answer::Checked(report), time, .. }) => {
                self.check_time = Some(time);
                self.problems = report.problems;
                if let Some(facts) = report.facts {
                    self.facts = facts;
                    self.fresh = is_settled;
                }
            }
            Ok(_) => {}
            Err(why) => self.problems = vec![crash(&why, &self.file_name())],
        }
        if is_settled {
            self.show_report();
            let known = self.callable().is_some_and(|callable| self.form.fits(callable, &self.text()));
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
            // Optimising takes longer than checking: the next key does not wait for it.
            let (link, version) = (ctx.link().clone(), self.checks.version());
            spawn_local(async move {
                sleep(PAUSE).await;
                link.send_message(Msg::Idle(version));
            });
        }
    }

    /// Shows in the editor what is known of its text.
    pub(super) fn show_report(&mut self) {
        let Some(editor) = &self.editor else { return };
        // What was known before something went wrong moves with the text.
        let facts = std::mem::take(&mut self.fresh).then(|| to_js(&(&self.facts.hints, &self.facts.instances)));
        editor.report(&to_js(&self.problems), &self.file_name(), &facts.unwrap_or(JsValue::NULL));
    }

    pub(super) fn mark(&self, groups: &[(&str, Vec<u32>)]) {
        let mut all = vec![("cm-failed", self.failed_lines.clone())];
        all.extend_from_slice(groups);
        if let Some(editor) = &self.editor {
            editor.mark(&to_js(&all));
        }
    }

    /// Shows in the editor what the optimiser says of its loops, or takes it away.
    pub(super) fn show_notes(&self) {
        let Some(editor) = &self.editor else { return };
        let shown: &[Problem] = if self.notes { &self.loops } else { &[] };
        editor.show_notes(&to_js(&shown), &self.file_name());
    }

    pub(super) fn look_inside(&mut self, ctx: &Context<Self>) {
        if self.view == View::Loops {
            self.look_at_loops(ctx);
        } else if self.inside_version != Some((self.view, self.checks.version())) {
            self.ask_inside(ctx, self.view);
        }
    }

    pub(super) fn look_at_loops(&mut self, ctx: &Context<Self>) {
        if self.loops_version != Some(self.checks.version()) {
            self.ask_inside(ctx, View::Loops);
        }
    }

    fn ask_inside(&self, ctx: &Context<Self>, view: View) {
        // Where it is wrong there is nothing to see: what was stays.
        if !self.is_ready() || self.problems.iter().any(|problem| problem.severity == "error") {
            return;
        }
        let (link, version) = (ctx.link().clone(), self.checks.version());
        self.lane.ask(&Question::Inside(self.program.clone(), view), move |reply| {
            link.send_message(Msg::Lines(view, version, reply));
        });
    }
}

/// A compiler that broke down, as a problem like others.
pub(super) fn crash(why: &str, file: &str) -> Problem {
    Problem {
        code: "KU0001".into(),
        name: "internal-error".into(),
        severity: "error".into(),
        message: format!("the compiler stopped: {why}"),
        labels: vec![Label { primary: true, file: file.into(), ..Default::default() }],
        help: vec!["this is a bug of Kukri's, not of yours: please report it; your text is safe".into()],
        fix: None,
    }
}

/// Answers the editor's questions about the program as it is.
pub(super) fn answers(lane: Rc<Lane>, checks: Rc<Checks>) -> Ask {
    Closure::new(move |word: String, at: u32| {
        let program = checks.program().clone();
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
