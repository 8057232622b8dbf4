//! Makes the program faster and smaller without changing what it does. In: `ssa::Module`. Out: the same, changed in
//! place. Reports: nothing.
//!
//! One file a pass; every pass is headed by an example of SSA before and after. In debug builds the module is
//! verified after every pass.

mod cfg;
mod changed;
mod dce;
mod expand;
pub(crate) mod fold;
mod gvn;
mod hash;
mod integer;
mod rename;
mod simplify;

use crate::arena::Id;
use crate::ssa::{Function, Module, verify};
pub(crate) use changed::Changed;

/// How much is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// Only what `emit` needs.
    None,
    /// Everything.
    #[default]
    Full,
}

/// Optimises a module.
pub fn optimise(module: &mut Module, level: Level) {
    match level {
        Level::None => {}
        Level::Full => improve(module),
    }
    let _ = expand::run(module);
    check(module, "expand");
}

fn improve(module: &mut Module) {
    for id in module.functions.ids() {
        clean(module, id);
    }
}

/// The passes that prepare a function for others, and clean up after them.
fn clean(module: &mut Module, id: Id<Function>) {
    let passes: [(&str, fn(&mut Function) -> Changed); 6] = [
        ("simplify", simplify::run),
        ("cfg", cfg::run),
        ("gvn", gvn::run),
        ("simplify", simplify::run),
        ("cfg", cfg::run),
        ("dce", dce::run),
    ];
    for (name, pass) in passes {
        let _ = pass(&mut module.functions[id]);
        check_function(module, id, name);
    }
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
