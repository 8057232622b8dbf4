//! What a pass leaves must do what it was given: random programs run before and after each.

use super::*;
use crate::ssa::generate::{self, Random};
use crate::ssa::interpret::{End, Machine};
use crate::ssa::{Const, Inst, Type, Unary};

/// Everything that can be seen of a call.
fn observe(module: &Module, args: &[Const], fuel: u64) -> (End, Vec<u8>, Vec<Const>, Vec<(usize, Vec<Const>)>) {
    let mut machine = Machine::new(module, fuel);
    let (_, main) = &module.exports[0];
    let end = machine.call(*main, args);
    (end, machine.memory, machine.globals, machine.calls)
}

/// Runs random programs before and after `pass`.
fn compare(name: &str, seeds: std::ops::Range<u64>, pass: impl Fn(&mut Module)) {
    compare_all(name, seeds, generate::module, pass);
}

/// Runs the programs of a generator before and after `pass`.
fn compare_all(name: &str, seeds: std::ops::Range<u64>, generate: fn(u64) -> Module, pass: impl Fn(&mut Module)) {
    let mut compared = 0;
    for seed in seeds {
        let before = generate(seed);
        let mut after = generate(seed);
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
fn share_keeps_the_meaning() {
    compare("share", SEEDS, |module| each(module, share::run));
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
fn version_keeps_the_meaning() {
    let versions = std::cell::Cell::new(0);
    compare("version", 0..4000, |module| {
        // Conditions are where `version` finds them: before the loop, if they are the same on every turn.
        each(module, licm::run);
        for id in module.functions.ids() {
            versions.set(versions.get() + u32::from(version::run(&mut module.functions[id]).any()));
        }
    });
    assert!(versions.get() > 100, "only {} functions had a loop in two versions", versions.get());
}

#[test]
fn vectorise_keeps_the_meaning() {
    let vectors = std::cell::Cell::new(0);
    let left = std::cell::Cell::new(0);
    compare_all("vectorise", 0..6000, generate::kernel, |module| {
        each(module, licm::run);
        let data_end = abi::DATA_START + module.data.len() as u32;
        let is_rare = |callee| callee == Callee::Function(Id::new(0));
        for id in module.functions.ids() {
            vectors.set(vectors.get() + u32::from(vectorise::run(&mut module.functions[id], data_end, is_rare).any()));
            let insts = module.functions[id].blocks.iter().flat_map(|(_, block)| &block.insts);
            let leaves = |inst: &Inst| matches!(inst.kind, InstKind::Unary(Unary::V128AnyTrue, _));
            left.set(left.get() + u32::from(insts.into_iter().any(leaves)));
        }
    });
    assert!(left.get() > 100, "only {} loops of vectors can be left in their middle", left.get());
    assert!(vectors.get() > 500, "only {} functions had a loop of vectors", vectors.get());
}

#[test]
fn vectorise_keeps_the_meaning_of_nests() {
    let nests = std::cell::Cell::new(0);
    compare_all("vectorise", 0..4000, generate::nest, |module| {
        each(module, licm::run);
        let data_end = abi::DATA_START + module.data.len() as u32;
        for id in module.functions.ids() {
            let function = &mut module.functions[id];
            let _ = vectorise::run(function, data_end, |_| false);
            nests.set(nests.get() + u32::from(vectorise::has_nest(function)));
        }
    });
    assert!(nests.get() > 300, "only {} functions had a nest in vectors", nests.get());
}

#[test]
fn all_passes_keep_the_meaning_of_kernels() {
    compare_all("optimise", 0..1000, generate::kernel, |module| optimise(module, Level::Full));
    compare_all("optimise", 0..1000, generate::nest, |module| optimise(module, Level::Full));
}

#[test]
fn speculate_keeps_the_meaning() {
    compare("speculate", SEEDS, |module| each(module, speculate::run));
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

/// Python's `//` and `%` by 2^k, as the library writes them for any divisor, become a shift and a mask.
#[test]
fn floor_division_by_a_power_of_two_is_a_shift() {
    let text = "export \"main\" = @main

function @main(v0: i32, v1: i64, v2: f64) -> i64, i64 {
b0:
  v3 = i64 8
  v4 = i64 0
  v5 = i64 -1
  v6 = i64.div_s v1, v3
  v7 = i64.mul v6, v3
  v8 = i64.sub v1, v7
  v9 = i64.ne v8, v4
  branch v9, b1, b3(v6)
b1:
  v10 = i64.xor v8, v3
  v11 = i64.lt_s v10, v4
  branch v11, b2, b3(v6)
b2:
  v12 = i64.add v6, v5
  jump b3(v12)
b3(v13: i64):
  v14 = i64.rem_s v1, v3
  v15 = i64.ne v14, v4
  branch v15, b4, b6(v14)
b4:
  v16 = i64.xor v14, v3
  v17 = i64.lt_s v16, v4
  branch v17, b5, b6(v14)
b5:
  v18 = i64.add v14, v3
  jump b6(v18)
b6(v19: i64):
  return v13, v19
}
";
    let before = crate::ssa::parse::parse(text).expect("the text is right");
    let mut after = crate::ssa::parse::parse(text).expect("the text is right");
    optimise(&mut after, Level::Full);
    let shown = after.to_string();
    assert!(shown.contains("i64.shr_s v1") && shown.contains("i64.and v1") && !shown.contains("branch"), "{shown}");
    for number in [0, 1, 7, 8, 9, -1, -7, -8, -9, i64::MAX, i64::MIN] {
        let args = [Const::I32(0), Const::I64(number), Const::f64(0.0)];
        assert_eq!(observe(&before, &args, 100).0, observe(&after, &args, 100).0);
        assert_eq!(
            observe(&after, &args, 100).0,
            End::Returned(vec![Const::I64(number.div_euclid(8)), Const::I64(number.rem_euclid(8))])
        );
    }
}

#[test]
fn a_counter_stays_below_the_turns() {
    let text = "function @error() -> i32 {\nb0:\n  unreachable\n}\n\nfunction @f(v0: i32) -> i64 {\nb0:\n  v1 = i64 0\n  v2 = i64 1\n  \
        v3 = i64.extend_i32_u v0\n  jump b1(v1, v1)\nb1(v4: i64, v5: i64):\n  v6 = i64.lt_s v4, v3\n  branch v6, b2, b4\nb2:\n  \
        v7 = i64.add v4, v2\n  branch v0, b3, b1(v7, v5)\nb3:\n  v8 = i64.add v5, v2\n  v9 = i64.add_overflows v5, v2\n  \
        v10 = i32.eqz v9\n  guard v10, @error()\n  jump b1(v7, v8)\nb4:\n  return v5\n}\n";
    let mut module = crate::ssa::parse::parse(text).expect("this is SSA");
    each(&mut module, range::run);
    let after = module.to_string();
    assert!(!after.contains("guard"), "{after}");
}
