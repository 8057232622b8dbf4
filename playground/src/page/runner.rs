//! The worker that runs programs. In: a module. Out: what it says, to one listener. Stopping it ends it, whatever it does.

use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{MessageEvent, Worker};

pub struct Runner {
    worker: RefCell<Option<Worker>>,
    heard: Closure<dyn FnMut(MessageEvent)>,
}

/// What is run.
pub struct Job {
    pub wasm: Uint8Array,
    /// The function to call; none for the program.
    pub export: Option<String>,
    /// Arrays to call it with.
    pub arrays: Array,
    /// What `input()` reads.
    pub input: String,
    /// How often the call is made, at most.
    pub repeat: u32,
}

impl Runner {
    pub fn new(hear: impl Fn(JsValue) + 'static) -> Self {
        let heard = Closure::new(move |event: MessageEvent| hear(event.data()));
        let runner = Self { worker: RefCell::default(), heard };
        runner.prepare();
        runner
    }

    /// Has a worker ready before it is needed.
    fn prepare(&self) {
        let worker = super::lane::worker("./runner.js");
        if let Some(worker) = &worker {
            worker.set_onmessage(Some(self.heard.as_ref().unchecked_ref()));
        }
        *self.worker.borrow_mut() = worker;
    }

    pub fn run(&self, job: &Job) {
        let message = Object::new();
        let set = |name: &str, value: &JsValue| {
            let _ = Reflect::set(&message, &name.into(), value);
        };
        set("wasm", &job.wasm);
        set("export", &job.export.as_deref().map_or(JsValue::NULL, JsValue::from));
        set("args", &job.arrays);
        set("input", &job.input.as_str().into());
        set("repeat", &job.repeat.into());
        if let Some(worker) = &*self.worker.borrow() {
            let _ = worker.post_message(&message);
        }
    }

    pub fn stop(&self) {
        if let Some(worker) = self.worker.borrow_mut().take() {
            worker.terminate();
        }
        self.prepare();
    }
}
