//! Random functions over SSA, run by an interpreter and, as WebAssembly, by wasmtime: both have to agree on results,
//! memory, the order of calls into the host, and exceptions.

#[path = "emit/generate.rs"]
mod generate;
#[path = "emit/interpret.rs"]
mod interpret;

use interpret::{Machine, Outcome, Word};
use kukri_compiler::emit::{Options, emit};
use kukri_compiler::ssa;
use wasmtime::{Caller, Engine, Extern, Linker, Module, Store, Val};

/// Results, memory, and what the host was told.
#[derive(Debug, PartialEq)]
struct Observed {
    results: Vec<Word>,
    memory: Vec<u8>,
    told: Vec<i32>,
}

const PAGE: usize = 1 << 16;

fn interpreted(module: &ssa::Module, args: &[Word]) -> Option<Observed> {
    let mut machine = Machine::new(module, PAGE);
    match machine.call(module.exports[0].1, args) {
        Outcome::Returned(results) => Some(Observed { results, memory: machine.memory, told: machine.told }),
        Outcome::Raised(_) => panic!("the exported function catches everything"),
        Outcome::OutOfFuel => None,
    }
}

fn executed(engine: &Engine, wasm: &[u8], args: &[Word]) -> wasmtime::Result<Observed> {
    let module = Module::new(engine, wasm)?;
    let mut linker = Linker::new(engine);
    linker.func_wrap("env", "tell", |mut caller: Caller<'_, Vec<i32>>, value: i32| {
        caller.data_mut().push(value);
        interpret::tell(value)
    })?;
    let mut store = Store::new(engine, Vec::new());
    let instance = linker.instantiate(&mut store, &module)?;
    let function = instance.get_func(&mut store, "run").expect("the module exports run");
    let args: Vec<_> = args
        .iter()
        .map(|word| match *word {
            Word::I32(value) => Val::I32(value),
            Word::I64(value) => Val::I64(value),
            Word::F64(value) => Val::F64(value.to_bits()),
        })
        .collect();
    let mut results = vec![Val::I32(0); function.ty(&store).results().len()];
    function.call(&mut store, &args, &mut results)?;
    let results = results
        .iter()
        .map(|value| match value {
            Val::I32(value) => Word::I32(*value),
            Val::I64(value) => Word::I64(*value),
            Val::F64(bits) => Word::F64(f64::from_bits(*bits)),
            other => panic!("{other:?} is no result of the test's functions"),
        })
        .collect();
    let Some(Extern::Memory(memory)) = instance.get_export(&mut store, "memory") else { panic!("memory is exported") };
    let memory = memory.data(&store)[..PAGE].to_vec();
    Ok(Observed { results, memory, told: store.into_data() })
}

#[test]
fn random_functions_behave_as_their_ssa() {
    let engine = Engine::default();
    let (mut ran, mut raised) = (0, 0);
    let count = std::env::var("KUKRI_EMIT_TESTS").ok().and_then(|count| count.parse().ok()).unwrap_or(150);
    for seed in 0..count {
        let module = generate::module(seed, 4 + seed as usize % 40);
        ssa::verify::verify(&module).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let wasm = emit(&module, &[], &Options::default()).wasm;
        let features = wasmparser::WasmFeatures::default() | wasmparser::WasmFeatures::EXCEPTIONS;
        let valid = wasmparser::Validator::new_with_features(features).validate_all(&wasm);
        valid.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{module}"));
        for args in [[Word::I64(0), Word::I32(0)], [Word::I64(-7), Word::I32(3)], [Word::I64(i64::MAX), Word::I32(-1)]]
        {
            let Some(expected) = interpreted(&module, &args) else { continue };
            let got =
                executed(&engine, &wasm, &args).unwrap_or_else(|error| panic!("seed {seed}: {error:?}\n{module}"));
            assert_eq!(got.results, expected.results, "seed {seed}, results of {args:?}\n{module}");
            assert_eq!(got.told, expected.told, "seed {seed}, calls of {args:?}\n{module}");
            assert!(got.memory == expected.memory, "seed {seed}, memory after {args:?}\n{module}");
            ran += 1;
            raised += u32::from(expected.results[2] == Word::I32(1));
        }
    }
    // A generator that went wrong would make every program run out of fuel, or none raise.
    assert!(ran > count * 2 && raised > ran as u32 / 50, "{ran} ran, {raised} of them raised, of {count} programs");
}
