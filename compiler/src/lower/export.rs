//! What a host calls: a wrapper for each export that takes flattened arguments and the address of a result area, and
//! gives 0 or the address of an exception. In: HIR exports. Out: SSA functions, `Module::exports`.

use super::Shared;
use super::builder::Builder;
use crate::abi;
use crate::arena::Id;
use crate::infer::hir;
use crate::ssa::{Callee, Const, Function, InstKind, StoreKind, Terminator, Type, Unwind};

/// Adds the wrappers of all exports and of the module level, and the heap's functions where a host needs them.
pub(super) fn exports(shared: &mut Shared<'_>) {
    let program = shared.program;
    if let Some(main) = program.main {
        add(shared, abi::MAIN, main, false);
    }
    for export in &program.exports {
        add(shared, &export.name, export.function, true);
    }
    // Functions of the host make results and exceptions in the module's memory.
    if !program.exports.is_empty() || !program.hosts.is_empty() {
        let items = shared.items();
        let heap = [(abi::ALLOCATE, items.allocate), (abi::FREE, items.free)];
        shared.module.exports.extend(heap.map(|(name, function)| (name.to_owned(), function)));
    }
}

fn add(shared: &mut Shared<'_>, name: &str, callee: Id<hir::Function>, has_result_area: bool) {
    let wrapper = wrapper(shared, name, callee, has_result_area);
    let wrapper = shared.module.functions.push(wrapper);
    shared.module.exports.push((name.to_owned(), wrapper));
}

fn wrapper(shared: &Shared<'_>, name: &str, callee: Id<hir::Function>, has_result_area: bool) -> Function {
    let hir::Function { params, locals, returns, span, .. } = &*shared.program.functions[callee];
    let mut types: Vec<_> = params.iter().flat_map(|param| locals[*param].ty.flatten()).collect();
    if has_result_area {
        types.push(Type::I32);
    }
    let mut builder = Builder::new(&format!("export {name}"), &types, vec![Type::I32], *span);
    let mut args = builder.params();
    let area = if has_result_area { args.pop() } else { None };
    let (failed, exception) = builder.landing(&[Type::I32]);
    let unwind = Some(Unwind { block: failed, args: Vec::new() });
    let callee = Callee::Function(shared.function(callee));
    let results = builder.emit(InstKind::Call { callee, args, unwind }, &returns.flatten());
    if let Some(area) = area {
        for ((offset, ty), part) in returns.layout().parts.into_iter().zip(results) {
            let kind = match ty {
                Type::I32 => StoreKind::I32,
                Type::I64 => StoreKind::I64,
                Type::F32 => StoreKind::F32,
                Type::F64 => StoreKind::F64,
                Type::V128 => unreachable!("no Python value has a part of type v128"),
            };
            builder.store(kind, area, offset, part);
        }
    }
    let done = builder.constant(Const::I32(0));
    builder.end(Terminator::Return(vec![done]));
    builder.start(failed);
    builder.end(Terminator::Return(exception));
    builder.finish()
}
