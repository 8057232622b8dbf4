//! Makes the program faster and smaller without changing what it does. In: `ssa::Module`. Out: the same, changed in
//! place. Reports: nothing.
//!
//! One file a pass; every pass is headed by an example of SSA before and after. In debug builds the module is
//! verified after every pass.

mod bump;
mod calls;
mod cfg;
mod changed;
mod copy;
mod counter;
mod dce;
mod expand;
mod explain;
pub(crate) mod fold;
mod guards;
mod gvn;
mod hash;
mod inline;
pub(crate) mod integer;
mod licm;
mod nounwind;
mod range;
mod rename;
mod scale;
mod settle;
mod share;
mod simplify;
mod speculate;
mod uncheck;
mod vectorise;
mod version;
mod wrap;

use crate::abi;
use crate::arena::{Id, IdMap};
use crate::diagnostic::Diagnostic;
use crate::source::Origin;
use crate::ssa::{Callee, Function, InstKind, Module, verify};
use calls::{AllEffects, CallGraph, Effects};
pub(crate) use changed::Changed;
use inline::{Budget, Candidates};

/// How much is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// Only what `emit` needs.
    None,
    /// Everything.
    #[default]
    Full,
    /// Everything, and no checks: what would raise does anything at all instead. For measuring what checks cost.
    Unchecked,
}

/// Optimises a module.
pub fn optimise(module: &mut Module, level: Level) {
    transform(module, level);
    let _ = expand::run(module);
    check(module, "expand");
    if level != Level::None {
        for id in module.functions.ids() {
            if pass(module, id, "wrap", wrap::run).any() {
                let _ = pass(module, id, "dce", |function| dce::run_with(function, |_| false));
            }
            let _ = pass(module, id, "scale", scale::run);
            if is_hot(&module.functions[id]) {
                let _ = pass(module, id, "settle", settle::run);
            }
            let _ = pass(module, id, "share", share::run);
        }
    }
}

/// Whether a function may become larger to be faster: the user's, and those of the library that say so.
fn is_hot(function: &Function) -> bool {
    function.span.origin() == Origin::User || function.hot
}

/// Optimises a module and says of its loops how fast they can be.
pub fn explain(module: &mut Module) -> Vec<Diagnostic> {
    transform(module, Level::Full);
    explain::run(module)
}

/// All that is done while checks are instructions of their own.
fn transform(module: &mut Module, level: Level) {
    match level {
        Level::None => {}
        Level::Full | Level::Unchecked => {
            improve(module, level);
            let mut rare = IdMap::default();
            for (id, _) in module.functions.iter().filter(|(_, function)| function.rare) {
                rare.insert(id, ());
            }
            for id in module.functions.ids() {
                make_versions(module, id, &rare);
            }
        }
    }
}

/// Callees come before their callers, so that a function is finished when others take it in.
fn improve(module: &mut Module, level: Level) {
    let graph = CallGraph::new(module);
    let callers = count_callers(module, &graph);
    let mut candidates = Candidates::default();
    let mut effects = AllEffects::default();
    let mut budget = Budget::new(module, graph.groups.iter().flatten().copied());
    for group in &graph.groups {
        for &id in group {
            // What is taken in is clean already; everything else is cleaned with it, once.
            let _ = inline::run(module, id, &candidates, &callers, &mut budget);
            check_function(module, id, "inline");
            clean(module, id, &effects, level);
        }
        calls::find_effects(module, group, &mut effects);
        if let [single] = group[..]
            && !calls::calls_itself(module, single)
        {
            candidates.add(module, single);
        }
    }
}

/// How often each function is called; being exported, raising or dropping counts as many calls.
fn count_callers(module: &Module, graph: &CallGraph) -> IdMap<Function, u32> {
    let mut callers = IdMap::default();
    let mut add = |function: Id<Function>, count: u32| {
        let before = callers.get(function).copied().unwrap_or(0);
        callers.insert(function, before + count);
    };
    for (_, function) in &module.exports {
        add(*function, 2);
    }
    for &function in graph.groups.iter().flatten() {
        for inst in module.functions[function].blocks.iter().flat_map(|(_, block)| &block.insts) {
            let count = if matches!(inst.kind, InstKind::Call { .. }) { 1 } else { 2 };
            calls::for_each_callee(inst, |callee| add(callee, count));
        }
    }
    callers
}

/// The passes that prepare a function for others, and clean up after them.
fn clean(module: &mut Module, id: Id<Function>, effects: &AllEffects, level: Level) {
    let of = |callee: Callee| match callee {
        Callee::Function(callee) => effects.get(callee).copied(),
        Callee::Import(_) => None,
    };
    let harmless = |callee: Callee| of(callee).is_some_and(|effects| !effects.writes);
    let removable = |kind: &InstKind| match kind {
        InstKind::Call { callee, .. } => of(*callee).is_some_and(Effects::removable),
        _ => false,
    };
    let _ = pass(module, id, "nounwind", |function| nounwind::run(function, effects));
    let _ = pass(module, id, "simplify", simplify::run);
    let _ = pass(module, id, "cfg", cfg::run);
    if pass(module, id, "guards", guards::run).any() {
        let _ = pass(module, id, "cfg", cfg::run);
    }
    if level == Level::Unchecked {
        let _ = pass(module, id, "uncheck", uncheck::run);
    }
    let _ = pass(module, id, "speculate", speculate::run) | pass(module, id, "cfg", cfg::run);
    let _ = pass(module, id, "gvn", |function| gvn::run_with(function, harmless));
    let _ = pass(module, id, "licm", |function| licm::run_with(function, harmless));
    let _ = pass(module, id, "range", range::run);
    let _ = pass(module, id, "simplify", simplify::run);
    let _ = pass(module, id, "cfg", cfg::run);
    let _ = pass(module, id, "dce", |function| dce::run_with(function, removable));
}

/// Makes loops of the user's functions, and those of the library that say so, run without their checks and in vectors.
/// Comes when all is inlined: it makes functions larger.
fn make_versions(module: &mut Module, id: Id<Function>, rare: &IdMap<Function, ()>) {
    if !is_hot(&module.functions[id]) {
        return;
    }
    // Quotients that have become shifts are cheap enough by now to be computed for nothing.
    let _ = pass(module, id, "speculate", speculate::run) | pass(module, id, "cfg", cfg::run);
    if pass(module, id, "version", version::run).any() {
        let _ = pass(module, id, "range", range::run);
        let _ = pass(module, id, "simplify", simplify::run);
        let _ = pass(module, id, "cfg", cfg::run);
        let _ = pass(module, id, "dce", |function| dce::run_with(function, |_| false));
    }
    // What is computed twice, in both arms of a branch say, is not known to be the same address.
    let _ = pass(module, id, "gvn", |function| gvn::run_with(function, |_| false));
    let data_end = abi::DATA_START + module.data.len() as u32;
    let is_rare = |callee: Callee| matches!(callee, Callee::Function(callee) if rare.contains(callee));
    if pass(module, id, "vectorise", |function| vectorise::run(function, data_end, is_rare)).any() {
        let _ = pass(module, id, "gvn", |function| gvn::run_with(function, |_| false));
        let _ = pass(module, id, "licm", |function| licm::run_with(function, |_| false));
        let _ = pass(module, id, "simplify", simplify::run);
        let _ = pass(module, id, "cfg", cfg::run);
        let _ = pass(module, id, "dce", |function| dce::run_with(function, |_| false));
    }
    if pass(module, id, "bump", bump::run).any() {
        let _ = pass(module, id, "simplify", simplify::run);
        let _ = pass(module, id, "gvn", |function| gvn::run_with(function, |_| false));
        let _ = pass(module, id, "dce", |function| dce::run_with(function, |_| false));
    }
}

fn pass(module: &mut Module, id: Id<Function>, name: &str, run: impl Fn(&mut Function) -> Changed) -> Changed {
    let changed = run(&mut module.functions[id]);
    if changed.any() {
        check_function(module, id, name);
    }
    changed
}

/// In debug builds, verifies the module after a pass.
fn check(module: &Module, pass: &str) {
    if cfg!(debug_assertions)
        && let Err(message) = verify::verify(module)
    {
        unreachable!("opt/{pass} keeps SSA well formed: {message}");
    }
}

/// In debug builds, verifies a function after a pass.
fn check_function(module: &Module, id: Id<Function>, pass: &str) {
    if cfg!(debug_assertions)
        && let Err(message) = verify::verify_function(module, id)
    {
        unreachable!("opt/{pass} keeps SSA well formed: {message}");
    }
}

#[cfg(test)]
mod tests;
