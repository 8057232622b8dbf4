//! The clock behind time limits. In: calls that begin and end. Out: epochs of wasmtime's engine that go by.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

/// How exact time limits are.
const TICK: Duration = Duration::from_millis(1);

/// One thread an engine, which sleeps while no call has a time limit.
pub(crate) struct Ticker {
    engine: wasmtime::Engine,
    running: Arc<AtomicUsize>,
    thread: OnceLock<Thread>,
}

/// A call with a time limit; dropping it ends it.
pub(crate) struct Running(Arc<AtomicUsize>);

impl Ticker {
    pub(crate) fn new(engine: wasmtime::Engine) -> Self {
        Self { engine, running: Arc::default(), thread: OnceLock::new() }
    }

    /// Lets epochs go by until the call ends.
    pub(crate) fn start(&self) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        let thread = self.thread.get_or_init(|| {
            let (engine, running) = (self.engine.weak(), self.running.clone());
            let ticks = move || {
                loop {
                    while running.load(Ordering::SeqCst) == 0 {
                        thread::park();
                    }
                    thread::sleep(TICK);
                    // The engine is gone: nobody will call any more.
                    let Some(engine) = engine.upgrade() else { return };
                    engine.increment_epoch();
                }
            };
            thread::spawn(ticks).thread().clone()
        });
        thread.unpark();
        Running(self.running.clone())
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        // Wakes the thread up to find the engine gone.
        self.running.fetch_add(1, Ordering::SeqCst);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
