//! The library and the command as their users see them.

#![expect(clippy::float_cmp, reason = "kernels give the bits that Python gives")]

mod arrays;
mod cache;
mod command;
mod exceptions;
mod hosts;
mod kernels;
mod limits;
mod values;

use kukri::{Console, Engine, Error, Kernel, Settings, Stream};
use std::io;
use std::sync::{Arc, Mutex};

/// A kernel of an engine with default settings.
fn kernel(source: &str) -> Kernel {
    with(Settings::default(), source)
}

/// A kernel of an engine with these settings.
fn with(settings: Settings, source: &str) -> Kernel {
    compiled(&Engine::with(settings).expect("an engine"), source)
}

/// A kernel of this engine.
fn compiled(engine: &Engine, source: &str) -> Kernel {
    engine.compile(source).unwrap_or_else(|error| panic!("{error}"))
}

/// The text of an error.
fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.expect_err("an error").to_string()
}

/// Keeps what is printed, and has lines to be read.
#[derive(Default)]
struct Paper {
    written: Mutex<Vec<(Stream, Vec<u8>)>>,
    lines: Mutex<Vec<String>>,
}

impl Paper {
    fn new(lines: &[&str]) -> Arc<Self> {
        let lines = lines.iter().rev().map(|line| (*line).to_owned()).collect();
        Arc::new(Self { lines: Mutex::new(lines), ..Self::default() })
    }

    /// What was written to one stream.
    fn text(&self, stream: Stream) -> String {
        let written = self.written.lock().expect("no panic");
        let bytes = written.iter().filter(|(to, _)| *to == stream).flat_map(|(_, bytes)| bytes.clone());
        String::from_utf8(bytes.collect()).expect("UTF-8")
    }
}

impl Console for Paper {
    fn write(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        self.written.lock().expect("no panic").push((stream, bytes.to_vec()));
        Ok(())
    }

    fn read_line(&self) -> io::Result<Option<String>> {
        Ok(self.lines.lock().expect("no panic").pop())
    }
}
