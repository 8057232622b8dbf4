//! Makes the program faster and smaller without changing what it does. In: `ssa::Module`. Out: the same, changed in
//! place. Reports: nothing.
//!
//! One file a pass; every pass is headed by an example of SSA before and after. In debug builds the module is
//! verified after every pass.

mod cfg;
mod changed;
mod dce;
mod fold;
mod integer;
mod rename;
mod simplify;

use crate::ssa::{Function, Module};
pub(crate) use changed::Changed;

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Only what `emit` needs.
    None,
    /// Everything.
    Full,
}

/// Optimises a module.
pub fn optimise(module: &mut Module, level: Level) {
    if level == Level::None {
        return;
    }
    for id in module.functions.ids() {
        clean(&mut module.functions[id]);
    }
}

/// The passes that prepare a function for others, and clean up after them.
fn clean(function: &mut Function) {
    let _ = simplify::run(function) | cfg::run(function) | dce::run(function);
}
