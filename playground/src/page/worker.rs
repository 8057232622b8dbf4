//! A worker that is a module beside the page. In: a file, who hears what it says, who hears that it broke. Dropped, it
//! ends, whatever it does.

use js_sys::{Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, WorkerOptions, WorkerType};

pub struct Worker {
    worker: web_sys::Worker,
    heard: Rc<Cell<bool>>,
    // JavaScript calls these as long as the worker lives.
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _broken: Closure<dyn FnMut(Event)>,
}

impl Worker {
    /// None where the browser refuses. `broken` is also told that the file cannot be loaded.
    pub fn new(file: &str, hear: impl Fn(JsValue) + 'static, broken: impl Fn(String) + 'static) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(file, &options).ok()?;
        let heard = Rc::new(Cell::new(false));
        let mark = heard.clone();
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            mark.set(true);
            hear(event.data());
        });
        let broken = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            event.prevent_default();
            // A file that cannot be loaded has no message.
            let message = Reflect::get(&event, &"message".into()).ok().and_then(|message| message.as_string());
            broken(message.unwrap_or_else(|| "it could not be loaded".to_owned()));
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(broken.as_ref().unchecked_ref()));
        Some(Self { worker, heard, _hear: hear, _broken: broken })
    }

    pub fn post(&self, message: &JsValue) {
        let _ = self.worker.post_message(message);
    }

    /// Whether it said anything yet.
    pub fn was_heard(&self) -> bool {
        self.heard.get()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}

/// Waits so many milliseconds.
pub async fn sleep(time: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = super::store::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, time);
    });
    let _ = JsFuture::from(promise).await;
}
