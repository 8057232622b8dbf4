//! Asks CPython, NumPy and Numba what a program prints. In: files. Out: `Answer`. The other half is `oracle.py`.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What it printed.
    pub stdout: String,
    /// The traceback it ended with; empty where it ended well.
    pub traceback: String,
}

/// How the oracle runs a program.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Numba's decorators compile; else they do nothing.
    pub numba: bool,
    /// An int beyond 64 bits raises `OverflowError`.
    pub int64: bool,
}

/// A pool of Python processes: each asker takes a free one, or starts one.
#[derive(Default)]
pub struct Oracle {
    idle: Mutex<Vec<Worker>>,
}

struct Worker {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// The Python with NumPy and Numba: `$KUKRI_ORACLE`, or the one that `cargo xtask test` installs.
pub fn python() -> PathBuf {
    let installed = || crate::folder().join("../target/oracle/bin/python");
    std::env::var_os("KUKRI_ORACLE").map_or_else(installed, PathBuf::from)
}

impl Oracle {
    /// Runs a program. Its `main.py` is the main file.
    ///
    /// # Errors
    /// Where the oracle cannot be asked, with what to do about it.
    pub fn ask(&self, files: &BTreeMap<String, String>, rules: Rules) -> Result<Answer, String> {
        let idle = self.idle.lock().expect("no thread panics while it holds the pool").pop();
        let mut worker = match idle {
            Some(worker) => worker,
            None => Worker::start()?,
        };
        let answer = worker.ask(&json!({"files": files, "numba": rules.numba, "int64": rules.int64}))?;
        self.idle.lock().expect("no thread panics while it holds the pool").push(worker);
        Ok(answer)
    }
}

impl Worker {
    fn start() -> Result<Self, String> {
        let python = python();
        let mut command = Command::new(&python);
        command.arg(crate::folder().join("oracle/oracle.py")).env("NUMBA_NUM_THREADS", "1");
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.map_err(|error| {
            format!("the oracle did not start ({}: {error}): `cargo xtask test` installs it", python.display())
        })?;
        let requests = process.stdin.take().expect("stdin was piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout was piped"));
        Ok(Self { process, requests, answers })
    }

    fn ask(&mut self, request: &Value) -> Result<Answer, String> {
        let lost = |error: std::io::Error| format!("the oracle is gone: {error}");
        writeln!(self.requests, "{request}").map_err(lost)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(lost)?;
        let answer: Value =
            serde_json::from_str(&line).map_err(|error| format!("the oracle said `{line}`: {error}"))?;
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Ok(Answer { stdout: text("stdout"), traceback: text("traceback") })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The process would end by itself at the end of its input; waiting keeps it from outliving the tests.
        if self.process.kill().is_ok() {
            let _ = self.process.wait();
        }
    }
}
