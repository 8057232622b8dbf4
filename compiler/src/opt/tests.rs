//! What a pass leaves must do what it was given: random programs run before and after each.

use super::*;
use crate::ssa::generate::{self, Random};
use crate::ssa::interpret::{End, Machine};
use crate::ssa::{Const, Type};

/// Everything that can be seen of a call.
fn observe(module: &Module, args: &[Const], fuel: u64) -> (End, Vec<u8>, Vec<Const>, Vec<(usize, Vec<Const>)>) {
    let mut machine = Machine::new(module, fuel);
    let (_, main) = &module.exports[0];
    let end = machine.call(*main, args);
    (end, machine.memory, machine.globals, machine.calls)
}

/// Runs random programs before and after `pass`.
fn compare(name: &str, seeds: std::ops::Range<u64>, pass: impl Fn(&mut Module)) {
    let mut compared = 0;
    for seed in seeds {
        let before = generate::module(seed);
        let mut after = generate::module(seed);
        pass(&mut after);
        if let Err(message) = verify::verify(&after) {
            panic!("{name}, seed {seed}: {message}\nfrom {before}");
        }
        let mut random = Random::new(seed + 1000);
        for _ in 0..4 {
            let args = [Type::I32, Type::I64, Type::F64].map(|ty| random.constant(ty));
            let expected = observe(&before, &args, 20_000);
            if matches!(expected.0, End::Trapped | End::Exhausted) {
                continue;
            }
            compared += 1;
            let got = observe(&after, &args, 200_000);
            assert!(
                expected == got,
                "{name}, seed {seed}, {args:?}: {:?} became {:?}\nbefore:\n{before}\nafter:\n{after}",
                (expected.0, expected.2, expected.3),
                (got.0, got.2, got.3)
            );
        }
    }
    assert!(compared > 100, "{name}: only {compared} programs ran");
}

fn each(module: &mut Module, pass: fn(&mut Function) -> Changed) {
    for id in module.functions.ids() {
        let _ = pass(&mut module.functions[id]);
    }
}

const SEEDS: std::ops::Range<u64> = 0..400;

#[test]
fn simplify_keeps_the_meaning() {
    compare("simplify", SEEDS, |module| each(module, simplify::run));
}

#[test]
fn cfg_keeps_the_meaning() {
    compare("cfg", SEEDS, |module| each(module, cfg::run));
}

#[test]
fn dce_keeps_the_meaning() {
    compare("dce", SEEDS, |module| each(module, dce::run));
}

#[test]
fn gvn_keeps_the_meaning() {
    compare("gvn", SEEDS, |module| each(module, gvn::run));
}

#[test]
fn range_keeps_the_meaning() {
    compare("range", 0..2000, |module| each(module, range::run));
}

#[test]
fn licm_keeps_the_meaning() {
    compare("licm", SEEDS, |module| each(module, licm::run));
}

#[test]
fn guards_keep_the_meaning() {
    compare("guards", SEEDS, |module| each(module, guards::run));
}

#[test]
fn expand_keeps_the_meaning() {
    compare("expand", SEEDS, |module| {
        let _ = expand::run(module);
    });
}

#[test]
fn all_passes_keep_the_meaning() {
    compare("optimise", 400..2000, |module| optimise(module, Level::Full));
}
