//! Runs programs unoptimised and optimised: they must do the same. In: two modules. Out: how they differ.

use crate::program::Captured;
use kukri::{Console, Engine, Error, Settings};
use std::sync::Arc;

/// About so many Wasm instructions, of the unoptimised module; then it is stopped.
const FUEL: u64 = 20_000_000;
/// Bytes of memory.
const MEMORY: usize = 64 << 20;

/// Runs modules with limits.
pub struct Levels {
    engine: Engine,
    console: Arc<Captured>,
}

impl Default for Levels {
    fn default() -> Self {
        let console = Arc::new(Captured::default());
        let settings = Settings {
            console: Arc::clone(&console) as Arc<dyn Console>,
            fuel_limit: Some(FUEL),
            memory_limit: MEMORY,
            // Machine code of unoptimised quality is there sooner; the modules differ in what Kukri optimised.
            optimise: false,
            ..Settings::default()
        };
        Self { engine: Engine::with(settings).expect("the settings are in order"), console }
    }
}

/// How a run ended.
#[derive(PartialEq, Eq)]
enum Ending {
    Well,
    Exception(String),
    /// It hit a limit, so that only what it had printed can be compared.
    Limit,
}

impl Levels {
    /// How an unoptimised and an optimised module of one program differ.
    ///
    /// # Panics
    /// If a module cannot be loaded, or ends otherwise than a Python program can.
    pub fn difference(&self, plain: &[u8], optimised: &[u8]) -> Option<String> {
        let (first, second) = (self.run(plain), self.run(optimised));
        let same = match (&first.1, &second.1) {
            (Ending::Limit, _) => second.0.starts_with(&first.0),
            (_, Ending::Limit) => first.0.starts_with(&second.0),
            _ => first == second,
        };
        let words = |(printed, ending): (String, Ending)| match ending {
            Ending::Well => printed,
            Ending::Exception(trace) => printed + &trace,
            Ending::Limit => printed + "(stopped)",
        };
        (!same).then(|| format!("unoptimised:\n{}\noptimised:\n{}\n", words(first), words(second)))
    }

    fn run(&self, wasm: &[u8]) -> (String, Ending) {
        self.console.clear();
        let kernel = self.engine.load(wasm).unwrap_or_else(|error| panic!("a valid module was not loaded: {error}"));
        let ending = match kernel.run() {
            Ok(()) => Ending::Well,
            Err(Error::FuelLimit(_) | Error::TimeLimit(_)) => Ending::Limit,
            // How deep a recursion can go, and how much memory is needed, depends on the optimisation.
            Err(Error::Exception(exception)) if matches!(&*exception.class, "RecursionError" | "MemoryError") => {
                Ending::Limit
            }
            Err(Error::Exception(exception)) => Ending::Exception(exception.to_string()),
            Err(error) => {
                panic!("the program printed\n{}and ended otherwise than Python's: {error}", self.console.text())
            }
        };
        (self.console.text(), ending)
    }
}
