//! The way to the compiler's worker. In: questions. Out: answers, each to whoever asked.
//!
//! A compiler that panicked or takes too long is replaced; those who wait are told, and nothing on the page is lost.

use js_sys::{Array, Uint8Array};
use kukri_playground::protocol::{Answer, Question};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes back.
pub struct Reply {
    pub answer: Answer,
    /// A module.
    pub bytes: Option<Uint8Array>,
    /// How long it took, in milliseconds.
    pub time: f64,
}

type Waiting = Box<dyn FnOnce(Result<Reply, String>)>;

pub struct Lane {
    worker: RefCell<Option<Worker>>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    next: Cell<u32>,
    heard: RefCell<Option<Closure<dyn FnMut(MessageEvent)>>>,
    ready: Box<dyn Fn(bool)>,
    deaths: Cell<u32>,
}

/// A worker that is a module beside the page.
pub fn worker(file: &str) -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(file, &options).ok()
}

impl Lane {
    /// `ready` hears when the compiler can be asked, and when it cannot any more.
    pub fn new(ready: impl Fn(bool) + 'static) -> Rc<Self> {
        let lane = Rc::new(Self {
            worker: RefCell::default(),
            waiting: RefCell::default(),
            next: Cell::new(1),
            heard: RefCell::default(),
            ready: Box::new(ready),
            deaths: Cell::new(0),
        });
        let weak = Rc::downgrade(&lane);
        let heard = Closure::new(move |event: MessageEvent| {
            if let Some(lane) = weak.upgrade() {
                lane.hear(event.data().unchecked_ref());
            }
        });
        *lane.heard.borrow_mut() = Some(heard);
        lane.start();
        lane
    }

    fn start(&self) {
        let Some(worker) = worker("./ask.js") else { return };
        if let Some(heard) = &*self.heard.borrow() {
            worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        *self.worker.borrow_mut() = Some(worker);
    }

    /// Another compiler in the place of this one.
    pub fn restart(&self, why: &str) {
        if let Some(worker) = self.worker.borrow_mut().take() {
            worker.terminate();
        }
        (self.ready)(false);
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        self.deaths.set(self.deaths.get() + 1);
        self.start();
        for (_, tell) in waiting {
            tell(Err(why.to_owned()));
        }
    }

    /// Asks; `then` gets the answer, or why there is none.
    pub fn ask(&self, question: &Question, then: impl FnOnce(Result<Reply, String>) + 'static) {
        let id = self.next.get();
        self.next.set(id + 1);
        let worker = self.worker.borrow();
        let Some(worker) = &*worker else { return then(Err("this browser cannot start the compiler".to_owned())) };
        let text = serde_json::to_string(question).unwrap_or_default();
        self.waiting.borrow_mut().insert(id, Box::new(then));
        let _ = worker.post_message(&Array::of2(&id.into(), &text.into()));
    }

    fn hear(&self, data: &Array) {
        let first = data.get(0);
        if let Some(word) = first.as_string() {
            if word == "ready" {
                (self.ready)(true);
            } else {
                // "dead": its words.
                self.restart(&data.get(1).as_string().unwrap_or_default());
            }
            return;
        }
        let id = first.as_f64().unwrap_or_default() as u32;
        let Some(then) = self.waiting.borrow_mut().remove(&id) else { return };
        let answer = data.get(1).as_string().and_then(|text| serde_json::from_str(&text).ok());
        let bytes = Some(data.get(2)).filter(JsValue::is_object).map(JsCast::unchecked_into);
        match answer {
            Some(answer) => then(Ok(Reply { answer, bytes, time: data.get(3).as_f64().unwrap_or_default() })),
            None => then(Err("the compiler's answer cannot be read".to_owned())),
        }
    }
}
