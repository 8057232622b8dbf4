//! Writes programs of random loop nests over arrays: shapes, strides, aliases and indices of every kind, also such as
//! leave the array in the middle of a loop. In: `Choices`. Out: Python text.
//!
//! What is printed are the arrays afterwards, so that an index error has to leave them as in CPython.

use super::choices::Choices;
use std::fmt::Write as _;

/// Nests in a program: asking CPython takes longer than a nest does.
const NESTS: usize = 12;

const DTYPES: [&str; 5] = ["np.float64", "np.float64", "np.int64", "np.uint8", "np.float32"];
const COUNTERS: [&str; 3] = ["i", "j", "k"];

/// The arrays of a nest, with how many dimensions each has.
struct Nest<'a> {
    choices: &'a mut Choices,
    text: String,
    arrays: Vec<(&'static str, usize)>,
    float: bool,
    /// The counters of the loops around here.
    counters: Vec<&'static str>,
}

/// A program of nests, each called several times.
pub fn nests(choices: &mut Choices) -> String {
    let mut text = "import numpy as np\n".to_owned();
    for at in 0..NESTS {
        let dtype = *choices.pick(&DTYPES);
        let arrays: Vec<_> = ["a", "b", "c"].into_iter().map(|name| (name, 1 + choices.below(2))).collect();
        let mut nest = Nest {
            choices,
            text: String::new(),
            arrays: arrays.clone(),
            float: dtype.contains("float"),
            counters: Vec::new(),
        };
        let _ = write!(nest.text, "\n\ndef f{at}(a, b, c, n, m):\n    s = {}\n", if nest.float { "0.0" } else { "0" });
        nest.statements(1);
        nest.text.push_str("    return s\n\n\n");
        let Nest { text: body, .. } = nest;
        text.push_str(&body);
        for _ in 0..=choices.below(2) {
            call(choices, &mut text, at, dtype, &arrays);
        }
    }
    text
}

/// Calls the nest with new arrays, and prints them afterwards.
fn call(choices: &mut Choices, text: &mut String, at: usize, dtype: &str, arrays: &[(&'static str, usize)]) {
    for (number, (name, rank)) in arrays.iter().enumerate() {
        let alias = arrays[..number].iter().find(|(_, other)| other == rank).map(|(name, _)| *name);
        let (rows, mut columns) = (choices.below(7), 1 + choices.below(6));
        // Long enough for several vectors.
        if choices.once_in(3) {
            columns += 12;
        }
        let array = match (rank, alias) {
            (_, Some(other)) if choices.once_in(5) => other.to_owned(),
            (1, Some(other)) if choices.once_in(6) => format!("{other}[1:]"),
            (2, Some(other)) if choices.once_in(6) => format!("{other}.T"),
            (1, _) => {
                let view = *choices.pick(&["", "", "[::2]", "[::-1]", "[2:]", "[1:-1]"]);
                format!("(np.arange({}) % 5 + {number}).astype({dtype}){view}", rows + columns)
            }
            _ => {
                let view = *choices.pick(&["", "", ".T", "[::-1]", "[:, ::2]", "[1:, 1:]", ".T[::2]"]);
                format!(
                    "(np.arange({}) % 7 + {number}).astype({dtype}).reshape({rows}, {columns}){view}",
                    rows * columns
                )
            }
        };
        let _ = writeln!(text, "{name} = {array}");
    }
    let (n, m) = (choices.below(7), choices.below(7));
    let _ = write!(
        text,
        "try:\n    print(f{at}(a, b, c, {n}, {m}))\nexcept IndexError as error:\n    print('index', error)\n\
         except ZeroDivisionError:\n    print('zero')\nprint(a, b, c)\n"
    );
}

impl Nest<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{}{text}", "    ".repeat(indent));
    }

    fn statements(&mut self, indent: usize) {
        for _ in 0..=self.choices.below(2) {
            if self.counters.is_empty() || (self.counters.len() < COUNTERS.len() && self.choices.once_in(3)) {
                self.looped(indent);
            } else {
                self.statement(indent);
            }
        }
    }

    fn looped(&mut self, indent: usize) {
        self.loop_head(indent);
        self.statements(indent + 1);
        self.counters.pop();
    }

    /// Begins a loop, whose counter is one of those around from here on.
    fn loop_head(&mut self, indent: usize) {
        let counter = COUNTERS[self.counters.len()];
        let (start, stop) = (self.start(), self.stop());
        match self.choices.below(9) {
            0 => self.line(indent, &format!("for {counter} in range({stop} - 1, {start} - 1, -1):")),
            1 => {
                let step = 2 + self.choices.below(2);
                self.line(indent, &format!("for {counter} in range({start}, {stop}, {step}):"));
            }
            2 => self.line(indent, &format!("for {counter} in range({stop}, {start}, -2):")),
            3 => {
                let test = *self.choices.pick(&["<", "<=", "<"]);
                self.line(indent, &format!("{counter} = {start} - 1"));
                self.line(indent, &format!("while {counter} {test} {stop} - 1:"));
                self.line(indent + 1, &format!("{counter} += 1"));
            }
            4 | 5 if start == "0" => self.line(indent, &format!("for {counter} in range({stop}):")),
            _ => self.line(indent, &format!("for {counter} in range({start}, {stop}):")),
        }
        self.counters.push(counter);
    }

    fn start(&mut self) -> String {
        if let Some(around) = self.counters.last()
            && self.choices.once_in(4)
        {
            return format!("{around} + {}", self.choices.below(2));
        }
        (*self.choices.pick(&["0", "0", "0", "1", "1", "2", "-1"])).to_owned()
    }

    fn stop(&mut self) -> String {
        if let Some(around) = self.counters.last()
            && self.choices.once_in(6)
        {
            return format!("{around} + 1");
        }
        let (name, rank) = *self.choices.pick(&self.arrays.clone());
        match self.choices.below(8) {
            0 => "n".to_owned(),
            1 => "m".to_owned(),
            2 => "n - 1".to_owned(),
            3 => format!("{name}.shape[{}] - 1", self.choices.below(rank)),
            4 => format!("min(n, len({name}))"),
            _ => format!("{name}.shape[{}]", self.choices.below(rank)),
        }
    }

    /// A loop that computes something for one element: a sum, or what it takes until a test fails.
    fn gathered(&mut self, indent: usize) {
        let first =
            if self.choices.once_in(2) { self.value(0) } else { (if self.float { "0.0" } else { "0" }).to_owned() };
        let target = self.element();
        self.line(indent, &format!("t = {first} + {}", if self.float { "0.0" } else { "0" }));
        if self.choices.once_in(3) {
            let (counter, by) = (COUNTERS[self.counters.len()], self.value(0));
            let test = *self.choices.pick(&["t < 40", "t * t < 300", "t != 7", "not t > 20"]);
            self.line(indent, &format!("{counter} = 0"));
            self.line(indent, &format!("while {test} and {counter} < 9:"));
            self.line(indent + 1, &format!("t += t + {by}"));
            self.line(indent + 1, &format!("{counter} += 1"));
            self.line(indent, &format!("{target} = t * 3 - {counter}"));
            return;
        }
        self.loop_head(indent);
        let (op, value) = (*self.choices.pick(&["+", "+", "-", "*"]), self.value(1));
        if self.choices.once_in(4) {
            let other = self.value(0);
            self.line(indent + 1, &format!("if t > {other}:"));
            let word = *self.choices.pick(&["break", "t -= 2"]);
            self.line(indent + 2, word);
        }
        self.line(indent + 1, &format!("t {op}= {value}"));
        if self.choices.once_in(4) {
            let test = *self.choices.pick(&["t > 9", "t == 3", "t < -20"]);
            self.line(indent + 1, &format!("if {test}:"));
            self.line(indent + 2, "break");
        }
        self.counters.pop();
        self.line(indent, &format!("{target} = t"));
    }

    fn statement(&mut self, indent: usize) {
        if self.counters.len() < COUNTERS.len() && self.choices.once_in(3) {
            return self.gathered(indent);
        }
        let (target, value) = (self.element(), self.value(2));
        match self.choices.below(10) {
            0..=2 => self.line(indent, &format!("s += {target}")),
            3 => {
                let op = *self.choices.pick(&["+", "-", "*"]);
                self.line(indent, &format!("{target} {op}= {value}"));
            }
            4 => {
                let other = self.value(1);
                self.line(indent, &format!("if {target} < {other}:"));
                self.line(indent + 1, &format!("{target} = {value}"));
            }
            5 => {
                let counter = self.counters[self.counters.len() - 1];
                let test = *self.choices.pick(&["> 3", "== 2", "% 2 == 0", "< 1"]);
                self.line(indent, &format!("if {counter} {test}:"));
                let word = *self.choices.pick(&["break", "s += 1", "pass"]);
                self.line(indent + 1, word);
                self.line(indent, &format!("{target} = {value}"));
            }
            _ => self.line(indent, &format!("{target} = {value}")),
        }
    }

    fn value(&mut self, depth: usize) -> String {
        match self.choices.below(6) {
            0 => (*self.choices.pick(if self.float { &["1.5", "0.5", "2.0"] } else { &["1", "2", "3"] })).to_owned(),
            1 | 2 if depth > 0 => {
                let op = *self.choices.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.value(depth - 1), self.value(depth - 1))
            }
            _ => self.element(),
        }
    }

    fn element(&mut self) -> String {
        let (name, rank) = *self.choices.pick(&self.arrays.clone());
        let mut indices: Vec<_> = (0..rank).map(|_| self.index()).collect();
        if self.choices.once_in(3) {
            // One that mostly fits: each counter for a dimension.
            let counters = self.counters.clone();
            indices = (0..rank).map(|at| counters[at % counters.len()].to_owned()).collect();
        }
        format!("{name}[{}]", indices.join(", "))
    }

    fn index(&mut self) -> String {
        let counter = *self.choices.pick(&self.counters.clone());
        match self.choices.below(14) {
            0 => format!("{counter} + 1"),
            1 => format!("{counter} - 1"),
            2 => format!("{counter} + 2"),
            3 => format!("2 * {counter}"),
            4 => format!("n - 1 - {counter}"),
            5 => format!("{counter} + {}", self.choices.pick(&self.counters.clone())),
            6 => format!("{counter} * 2 + {}", self.choices.pick(&self.counters.clone())),
            7 => format!("-{counter}"),
            8 => format!("{}", self.choices.below(3)),
            9 => format!("{counter} - n"),
            _ => counter.to_owned(),
        }
    }
}
