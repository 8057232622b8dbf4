//! A process of Python with Numba that runs one kernel. The other half is `oracle/bench.py`.

use super::Kernel;
use kukri::{Array, Value};
use kukri_compiler::types::Dtype;
use serde_json::{Value as Json, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A kernel under Numba.
pub struct Numba {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Seconds that importing Numba took.
    pub import: f64,
    /// Of Python, NumPy and Numba.
    pub versions: String,
}

impl Numba {
    /// Loads a kernel, whose first call compiles it. In the folder `cache` machine code is kept for other processes.
    ///
    /// # Errors
    /// Where Python does not do it.
    pub fn load(kernel: &Kernel, size: Option<i64>, cache: Option<&Path>) -> Result<Self, String> {
        let python = crate::oracle::python();
        let mut command = Command::new(&python);
        command.arg(crate::folder().join("oracle/bench.py")).env("NUMBA_NUM_THREADS", "1");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(folder) = cache {
            command.env("NUMBA_CACHE_DIR", folder);
        }
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.map_err(|error| format!("{}: {error}", python.display()))?;
        let requests = process.stdin.take().expect("stdin was piped");
        let answers = BufReader::new(process.stdout.take().expect("stdout was piped"));
        let mut this = Self { process, requests, answers, import: 0.0, versions: String::new() };
        let loaded = this.ask(&json!({ "load": kernel.path, "size": size, "cache": cache.is_some() }))?;
        this.import = loaded["import"].as_f64().unwrap_or_default();
        loaded["versions"].as_str().unwrap_or_default().clone_into(&mut this.versions);
        Ok(this)
    }

    /// Calls it; gives the seconds of CPU time.
    ///
    /// # Errors
    /// Where Python does not do it.
    pub fn call(&mut self) -> Result<f64, String> {
        let answer = self.ask(&json!({ "call": 1 }))?;
        answer["times"][0].as_f64().ok_or_else(|| format!("the oracle said {answer}"))
    }

    /// What the last call gave.
    ///
    /// # Errors
    /// Where Python does not say it.
    pub fn answer(&mut self) -> Result<Value, String> {
        let answer = self.ask(&json!({ "answer": true }))?;
        decode(&answer["answer"]).ok_or_else(|| "the oracle gave no value".to_owned())
    }

    fn ask(&mut self, request: &Json) -> Result<Json, String> {
        let lost = |error: std::io::Error| format!("the oracle is gone: {error}");
        writeln!(self.requests, "{request}").map_err(lost)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(lost)?;
        serde_json::from_str(&line).map_err(|error| format!("the oracle said `{line}`: {error}"))
    }
}

/// What `encode` of `bench.py` wrote.
fn decode(value: &Json) -> Option<Value> {
    let (kind, content) = value.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "tuple" => Value::Tuple(content.as_array()?.iter().map(decode).collect::<Option<_>>()?),
        "bool" => Value::Bool(content.as_bool()?),
        "int" => Value::Int(content.as_i64()?.into()),
        "float" => Value::Float(f64::from_le_bytes(bytes(content.as_str()?)?.try_into().ok()?)),
        "array" => {
            let name = content["dtype"].as_str()?;
            let dtype = Dtype::ALL.into_iter().find(|dtype| dtype.name() == name)?;
            let shape = content["shape"].as_array()?.iter().map(|length| Some(length.as_u64()? as usize));
            Value::Array(Array::new(dtype, shape.collect::<Option<_>>()?, bytes(content["bytes"].as_str()?)?)?)
        }
        _ => return None,
    })
}

/// The bytes that hexadecimal digits stand for.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}

impl Drop for Numba {
    fn drop(&mut self) {
        // The process would end by itself at the end of its input; waiting keeps it from outliving the measurement.
        if self.process.kill().is_ok() {
            let _ = self.process.wait();
        }
    }
}
