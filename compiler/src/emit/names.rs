//! The name section: functions, locals and globals as Python calls them. In: what was written. Out: the section.

use super::Body;
use super::symbols::Symbols;
use crate::source::Origin;
use crate::ssa::Module;
use wasm_encoder::{IndirectNameMap, NameMap, NameSection};

/// Names of all that has one. Subsections stand in the order that the standard asks for.
pub(super) fn names(module: &Module, symbols: &Symbols, bodies: &[Body]) -> NameSection {
    let mut functions = NameMap::new();
    let mut locals = IndirectNameMap::new();
    for id in &symbols.imports {
        functions.append(symbols.import(*id), &module.imports[*id].name);
    }
    for ((id, _), body) in symbols.functions.iter().zip(bodies) {
        let index = symbols.function(*id);
        functions.append(index, &module.functions[*id].name);
        // Nobody looks for a variable of the library.
        if !body.names.is_empty() && module.functions[*id].span.origin() == Origin::User {
            let mut names = NameMap::new();
            body.names.iter().for_each(|(local, name)| names.append(*local, name));
            locals.append(index, &names);
        }
    }
    for support in &symbols.support {
        functions.append(symbols.support(*support), support.name());
    }
    let mut globals = NameMap::new();
    for (id, global) in module.globals.iter() {
        globals.append(id.index() as u32, &global.name);
    }
    let mut section = NameSection::new();
    section.functions(&functions);
    section.locals(&locals);
    section.globals(&globals);
    if symbols.throws {
        let mut tags = NameMap::new();
        tags.append(0, "exception");
        section.tag(&tags);
    }
    section
}
