//! From bytes to a validated module: whatever the bytes are, the compiler reports errors or gives a module that is
//! valid; it never panics. In: bytes, or a number of mutations to try. The target of `fuzz/` calls the same function.

use crate::page;
use crate::program;
use crate::random::next_random;
use std::panic::catch_unwind;

/// Compiles bytes as a file and validates the module where there is one.
///
/// # Panics
/// If the compiler panics, or the module is not valid: each is a bug of the compiler.
pub fn compile_any(bytes: &[u8]) {
    if let Some(module) = program::compile_bytes(bytes) {
        program::validate(&module);
    }
}

/// The programs that mutations start from: those of the specification, the probes and the shipped ones.
///
/// # Panics
/// If they cannot be read.
pub fn corpus() -> Vec<Vec<u8>> {
    let mut corpus = Vec::new();
    for path in crate::files(&crate::folder().join("spec"), "md") {
        let text = std::fs::read_to_string(&path).expect("pages can be read");
        let tests = page::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for program in tests.into_iter().flat_map(|test| test.programs) {
            corpus.extend(program.files.into_values().map(String::into_bytes));
        }
    }
    for folder in ["probes", "programs"] {
        for path in crate::files(&crate::folder().join(folder), "py") {
            corpus.push(std::fs::read(path).expect("programs can be read"));
        }
    }
    corpus
}

/// Compiles `count` mutated programs.
///
/// # Errors
/// The first inputs on which the compiler panicked or made an invalid module.
pub fn run(count: u64, seed: u64) -> Result<(), String> {
    let corpus = corpus();
    let mut failures: Vec<String> = Vec::new();
    let mut state = seed;
    for number in 0..count {
        let input = mutate(&corpus, &mut state);
        if catch_unwind(|| compile_any(&input)).is_err() {
            failures.push(format!("input {number} of seed {seed}:\n{}\n", String::from_utf8_lossy(&input)));
            if failures.len() == 10 {
                break;
            }
        }
        if number % 10_000 == 9_999 {
            eprintln!("{} inputs, {} fail", number + 1, failures.len());
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// A program with some mutations.
fn mutate(corpus: &[Vec<u8>], state: &mut u64) -> Vec<u8> {
    let mut below = |limit: usize| (next_random(state) % limit.max(1) as u64) as usize;
    let mut text = corpus[below(corpus.len())].clone();
    for _ in 0..=below(4) {
        let at = below(text.len());
        match below(8) {
            0 if !text.is_empty() => text[at] ^= 1 << below(8),
            1 => text.insert(at, below(256) as u8),
            2 => {
                let end = (at + below(20)).min(text.len());
                text.drain(at..end);
            }
            3 => {
                let other = &corpus[below(corpus.len())];
                let from = below(other.len());
                let to = (from + below(80)).min(other.len());
                text.splice(at..at, other[from..to].iter().copied());
            }
            // Tokens instead of bytes: more of these get past the parser.
            4 | 5 => swap_tokens(&mut text, &mut below),
            6 => {
                let words: [&[u8]; 24] = [
                    b"if", b"else", b"for", b"in", b"def", b"return", b"None", b"1", b"0.5", b"'s'", b"[", b"]", b"(",
                    b")", b"\n", b"    ", b"lambda", b"not", b"*", b"**", b":", b":=", b"x", b"np",
                ];
                let word = words[below(words.len())];
                text.splice(at..at, word.iter().copied());
            }
            _ => {
                let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
                let (from, to) = (below(lines.len()), below(lines.len()));
                let mut lines: Vec<Vec<u8>> = lines.into_iter().map(<[u8]>::to_vec).collect();
                lines.swap(from, to);
                text = lines.join(&b'\n');
            }
        }
    }
    text
}

/// Replaces one token by another of the same text.
fn swap_tokens(text: &mut Vec<u8>, below: &mut impl FnMut(usize) -> usize) {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return;
    }
    let from = tokens[below(tokens.len())].clone();
    let to = tokens[below(tokens.len())].clone();
    let word = text[from].to_vec();
    text.splice(to, word);
}

/// Names and numbers, and every other byte that is no space.
fn tokens(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut tokens: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        let word = byte.is_ascii_alphanumeric() || *byte == b'_';
        match tokens.last_mut() {
            Some(last) if word && last.end == at && text[last.start].is_ascii_alphanumeric() => last.end += 1,
            _ if byte.is_ascii_whitespace() => {}
            _ => tokens.push(at..at + 1),
        }
    }
    tokens
}
