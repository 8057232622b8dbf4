//! What a call asks of the thread it is made on: stack enough, and that the kernel is not running there already. In:
//! calls. Out: the same calls on a stack that has the room.

use crate::error::Error;
use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the compiler may use: it follows the nesting of a program, which its parser limits.
const COMPILER: usize = 16 << 20;
/// What functions of the host have where a kernel has used up all of its own stack.
const BESIDE: usize = 256 << 10;

/// Runs a kernel that may use so many bytes of stack. Where the thread has less left, it gets a stack of its own.
pub(crate) fn with_kernel_stack<R>(limit: usize, run: impl FnOnce() -> R) -> R {
    let needed = limit.saturating_add(BESIDE);
    stacker::maybe_grow(needed, needed, run)
}

/// Runs the compiler.
pub(crate) fn with_compiler_stack<R>(run: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(COMPILER, COMPILER, run)
}

thread_local! {
    /// The kernels that run on this thread, outermost first.
    static RUNNING: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Which kernel it is, among all there have been.
pub(crate) struct Identity(u64);

/// A call that is going on; dropping it ends it.
pub(crate) struct Running;

impl Identity {
    pub(crate) fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }

    /// Notes that the kernel runs here. A function of the host must not call the kernel that called it: each such call
    /// would run in an instance of its own, with other variables, and without end they would use up the stack.
    pub(crate) fn enter(&self, name: &str) -> Result<Running, Error> {
        RUNNING.with_borrow_mut(|running| {
            if running.contains(&self.0) {
                return Err(Error::Host(format!(
                    "a function of the host calls `{name}` of the kernel that called it, which is still running"
                )));
            }
            running.push(self.0);
            Ok(Running)
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Calls on one thread end in the reverse order of their beginning.
        RUNNING.with_borrow_mut(Vec::pop);
    }
}
