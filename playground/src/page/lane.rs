//! The way to the compiler's worker. In: questions. Out: answers, each to whoever asked.
//!
//! A compiler that does not start, panicked, or takes too long is replaced; those who wait are told, and nothing on the
//! page is lost.

use super::worker::{Worker, sleep};
use js_sys::{Array, Uint8Array};
use kukri_playground::protocol::{Answer, Question};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::spawn_local;

/// What comes back.
pub struct Reply {
    pub answer: Answer,
    /// A module.
    pub bytes: Option<Uint8Array>,
    /// How long it took, in milliseconds.
    pub time: f64,
}

/// How the compiler is.
#[derive(Clone, PartialEq)]
pub enum Health {
    /// It is on its way, for the first time or after it broke down.
    Loading,
    /// It is still on its way, longer than people wait without a word.
    Slow,
    /// It can be asked.
    Ready,
    /// It could not be loaded, and why; it is tried again.
    Failed(String),
}

type Waiting = Box<dyn FnOnce(Result<Reply, String>)>;

pub struct Lane {
    worker: RefCell<Option<Worker>>,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    next: Cell<u32>,
    tell: Box<dyn Fn(Health)>,
    /// Counts workers, so that what one says or does not say is not taken for another's.
    generation: Cell<u32>,
    /// How often in a row it did not start.
    failures: Cell<u32>,
    ready: Cell<bool>,
}

/// A worker whose script was not heard of for so long is taken for lost, in milliseconds. Each failure doubles it.
const PATIENCE: i32 = 8000;
/// What takes longer to load is said to, in milliseconds.
const SLOW: i32 = 4000;
/// The longest that an answer may take, in milliseconds: a compiler that is in a loop holds everything up.
const LONGEST: i32 = 30_000;

impl Lane {
    /// `tell` hears how the compiler is.
    pub fn new(tell: impl Fn(Health) + 'static) -> Rc<Self> {
        let lane = Rc::new(Self {
            worker: RefCell::default(),
            waiting: RefCell::default(),
            next: Cell::new(1),
            tell: Box::new(tell),
            generation: Cell::new(0),
            failures: Cell::new(0),
            ready: Cell::new(false),
        });
        lane.start();
        lane
    }

    fn start(self: &Rc<Self>) {
        let generation = self.generation.get() + 1;
        self.generation.set(generation);
        let (heard, broken) = (Rc::downgrade(self), Rc::downgrade(self));
        // Browsers let a request for the same address wait for one that hangs: another try has another address.
        let file = match self.failures.get() {
            0 => "./ask.js".to_owned(),
            failures => format!("./ask.js?{failures}"),
        };
        let worker = Worker::new(
            &file,
            move |data| {
                if let Some(lane) = heard.upgrade().filter(|lane| lane.generation.get() == generation) {
                    lane.hear(data.unchecked_ref());
                }
            },
            move |why| {
                if let Some(lane) = broken.upgrade().filter(|lane| lane.generation.get() == generation) {
                    lane.restart(&why);
                }
            },
        );
        let lost = worker.is_none();
        *self.worker.borrow_mut() = worker;
        let lane = Rc::downgrade(self);
        spawn_local(async move {
            sleep(SLOW).await;
            let loading = |lane: &Rc<Self>| lane.generation.get() == generation && !lane.ready.get();
            if let Some(lane) = lane.upgrade().filter(loading) {
                (lane.tell)(Health::Slow);
            }
        });
        let lane = Rc::downgrade(self);
        let patience = if lost { 0 } else { PATIENCE << self.failures.get().min(4) };
        spawn_local(async move {
            sleep(patience).await;
            let silent = |lane: &Rc<Self>| {
                let worker = lane.worker.borrow();
                lane.generation.get() == generation && !worker.as_ref().is_some_and(Worker::was_heard)
            };
            if let Some(lane) = lane.upgrade().filter(silent) {
                lane.restart("its worker does not start");
            }
        });
    }

    /// Another compiler in the place of this one.
    fn restart(self: &Rc<Self>, why: &str) {
        // Dropping a worker ends it.
        self.worker.borrow_mut().take();
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        if self.ready.replace(false) {
            (self.tell)(Health::Loading);
            self.start();
        } else {
            // At once would be as before, most likely.
            let failures = self.failures.get() + 1;
            self.failures.set(failures);
            self.generation.set(self.generation.get() + 1);
            (self.tell)(Health::Failed(why.to_owned()));
            let lane = self.clone();
            spawn_local(async move {
                sleep(250 << failures.min(5)).await;
                lane.start();
            });
        }
        for (_, tell) in waiting {
            tell(Err(why.to_owned()));
        }
    }

    /// Asks; `then` gets the answer, or why there is none.
    pub fn ask(self: &Rc<Self>, question: &Question, then: impl FnOnce(Result<Reply, String>) + 'static) {
        let id = self.next.get();
        self.next.set(id + 1);
        {
            let worker = self.worker.borrow();
            let Some(worker) = &*worker else { return then(Err("the compiler is not there yet".to_owned())) };
            let text = serde_json::to_string(question).unwrap_or_default();
            self.waiting.borrow_mut().insert(id, Box::new(then));
            worker.post(&Array::of2(&id.into(), &text.into()));
        }
        let lane = Rc::downgrade(self);
        spawn_local(async move {
            sleep(LONGEST).await;
            if let Some(lane) = lane.upgrade().filter(|lane| lane.waiting.borrow().contains_key(&id)) {
                lane.restart("it took too long");
            }
        });
    }

    fn hear(self: &Rc<Self>, data: &Array) {
        let first = data.get(0);
        if let Some(word) = first.as_string() {
            match &*word {
                "ready" => {
                    self.failures.set(0);
                    self.ready.set(true);
                    (self.tell)(Health::Ready);
                }
                "dead" => self.restart(&data.get(1).as_string().unwrap_or_default()),
                // Its script runs; that it was heard is all there is to it.
                _ => {}
            }
            return;
        }
        let id = first.as_f64().unwrap_or_default() as u32;
        let Some(then) = self.waiting.borrow_mut().remove(&id) else { return };
        let answer = data.get(1).as_string().and_then(|text| serde_json::from_str(&text).ok());
        let bytes = Some(data.get(2)).filter(JsValue::is_object).map(JsCast::unchecked_into);
        match answer {
            Some(answer) => then(Ok(Reply { answer, bytes, time: data.get(3).as_f64().unwrap_or_default() })),
            None => then(Err(data.get(4).as_string().unwrap_or_else(|| "its answer cannot be read".to_owned()))),
        }
    }
}
