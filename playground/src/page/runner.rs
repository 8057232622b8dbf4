//! The worker that runs programs. In: a module. Out: what it says, to one listener. Stopping it ends it, whatever it does.

use super::worker::Worker;
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::JsValue;

pub struct Runner {
    worker: Rc<RefCell<Option<Worker>>>,
    hear: Rc<dyn Fn(Said)>,
    /// Counts workers, so that one that broke is not taken for its successor.
    generation: Rc<Cell<u32>>,
}

/// What is heard of a run.
pub enum Said {
    /// Prints, a result, an exception.
    Word(JsValue),
    /// The worker is no more, and why.
    Broken(String),
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
    /// A function in JavaScript that is called with what the module's function gives: its file and its name.
    pub twin: Option<(String, String)>,
}

impl Runner {
    pub fn new(hear: impl Fn(Said) + 'static) -> Self {
        let runner = Self { worker: Rc::default(), hear: Rc::new(hear), generation: Rc::default() };
        runner.prepare();
        runner
    }

    /// Has a worker ready before it is needed.
    fn prepare(&self) {
        let generation = self.generation.get() + 1;
        self.generation.set(generation);
        let (hear, tell, latest) = (self.hear.clone(), self.hear.clone(), self.generation.clone());
        let place = Rc::downgrade(&self.worker);
        let worker = Worker::new(
            "./runner.js",
            move |data| hear(Said::Word(data)),
            move |why| {
                if latest.get() == generation
                    && let Some(place) = place.upgrade()
                {
                    // The next run gets another.
                    place.borrow_mut().take();
                    tell(Said::Broken(why));
                }
            },
        );
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
        let twin = job.twin.as_ref().map(|(file, name)| Array::of2(&file.as_str().into(), &name.as_str().into()));
        set("twin", &twin.map_or(JsValue::NULL, JsValue::from));
        if self.worker.borrow().is_none() {
            self.prepare();
        }
        match &*self.worker.borrow() {
            Some(worker) => worker.post(&message),
            None => (self.hear)(Said::Broken("the browser refuses a worker".to_owned())),
        }
    }

    pub fn stop(&self) {
        self.worker.borrow_mut().take();
        self.prepare();
    }
}
