//! The files of the program: which is in front, where they come from. In: names, links. Out: the editor's text.

use super::App;
use crate::page::call::Form;
use crate::page::state::{Msg, Running, Times};
use crate::page::{parts, store};
use kukri_playground::protocol::{Facts, Program};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;
use yew::Context;

impl App {
    pub(super) fn load(&mut self, program: Program) {
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
        self.changed();
    }

    pub(super) fn open_text(&mut self) {
        self.loops.clear();
        self.loops_version = None;
        if let Some(editor) = &self.editor {
            editor.open(&self.text());
            editor.show_hints(self.hints);
        }
    }

    pub(super) fn select_file(&mut self, at: usize) {
        if at < self.program.files.len() && at != self.program.main {
            self.program.main = at;
            self.open_text();
            // The main file is the one in front.
            self.facts = Facts::default();
            self.problems.clear();
            self.changed();
        }
    }

    pub(super) fn open_file(&mut self, name: &str) -> bool {
        match self.program.files.iter().position(|file| file.name == name) {
            Some(at) => {
                self.select_file(at);
                true
            }
            None => false,
        }
    }
}

/// The program that the link to the page holds.
pub(super) fn load_linked(ctx: &Context<App>) {
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

pub(super) fn load_gallery(ctx: &Context<App>) {
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
