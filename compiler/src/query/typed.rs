//! Types of what is written, over all instances of its function. In: `Checked`, `Place`. Out: types as text.

use super::place::Place;
use crate::Checked;
use crate::arena::Id;
use crate::infer::hir::{Expr, ExprKind, Function, Stmt, StmtKind};
use crate::source::Span;
use crate::syntax::ast::FunctionId;
use crate::types::Type;
use std::collections::BTreeSet;

/// The instances of a function (or of the module level) that can run.
pub(super) fn instances(checked: &Checked, function: Option<FunctionId>) -> Vec<&Function> {
    let own = |candidate: &Function| match function {
        Some(id) => {
            let node = &checked.tree.functions[id];
            candidate.span == node.span && *candidate.name == *node.name.text
        }
        None => candidate.name == "<module>",
    };
    let all = checked.instances.get_or_init(|| reached(checked));
    all.iter().map(|id| &*checked.program.functions[*id]).filter(|candidate| own(candidate)).collect()
}

/// What calls lead to from where running starts, of the user's. Others were looked at with types that turned out
/// otherwise.
fn reached(checked: &Checked) -> Vec<Id<Function>> {
    let program = &checked.program;
    let mut open: Vec<_> =
        program.main.into_iter().chain(program.exports.iter().map(|export| export.function)).collect();
    open.extend(program.reached().filter(|(_, function)| function.name == "<module>").map(|(id, _)| id));
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        // The library calls back what it was given.
        if reached.insert(id) {
            for stmt in &program.functions[id].body {
                stmt.for_each_expr(&mut |expr| {
                    if let ExprKind::Call(callee, _) = &expr.kind {
                        open.push(*callee);
                    }
                });
            }
        }
    }
    reached.into_iter().filter(|id| !program.functions[*id].prelude).collect()
}

/// The type of a parameter of an instance.
pub(super) fn param(function: &Function, name: &str) -> Option<String> {
    let mut params = function.params.iter().map(|local| &function.locals[*local]);
    params.find(|local| &*local.name == name).map(|local| local.ty.to_string())
}

/// The types of a parameter in all instances.
pub(super) fn params(instances: &[&Function], name: &str) -> BTreeSet<String> {
    instances.iter().filter_map(|function| param(function, name)).collect()
}

/// Types of a variable, where it is written or, failing that, anywhere in its function.
pub(super) fn of_name(checked: &Checked, place: &Place<'_>, name: &str) -> Vec<String> {
    let mut here = BTreeSet::new();
    let mut anywhere = BTreeSet::new();
    for function in instances(checked, place.function) {
        let mut add = |span: Span, ty: &Type| {
            if span.start <= place.span.start && place.span.end <= span.end {
                here.insert(ty.to_string());
            }
        };
        for_each_stmt(&function.body, &mut |stmt| {
            match &stmt.kind {
                StmtKind::Assign(local, _) if &*function.locals[*local].name == name => {
                    add(stmt.span, &function.locals[*local].ty);
                }
                StmtKind::AssignGlobal(global, _) if &*checked.program.globals[*global].name == name => {
                    add(stmt.span, &checked.program.globals[*global].ty);
                }
                _ => {}
            }
            exprs_of(stmt, &mut |expr| {
                expr.for_each(&mut |expr| {
                    let read = match &expr.kind {
                        ExprKind::Local(local) | ExprKind::LocalChecked(local) => &*function.locals[*local].name,
                        ExprKind::Global(global) | ExprKind::GlobalChecked(global) => {
                            &*checked.program.globals[*global].name
                        }
                        _ => return,
                    };
                    if read == name && expr.span == place.span {
                        add(expr.span, &expr.ty);
                    }
                });
            });
        });
        let locals = function.locals.iter().filter(|(_, local)| &*local.name == name);
        anywhere.extend(locals.map(|(_, local)| local.ty.to_string()));
        let globals = checked.program.globals.iter().filter(|(_, global)| &*global.name == name);
        anywhere.extend(globals.map(|(_, global)| global.ty.to_string()));
    }
    let mut found = if here.is_empty() { anywhere } else { here };
    // What is not settled says nothing.
    found.retain(|text| !text.contains('?') && text != "<error>");
    found.into_iter().collect()
}

/// Types of the expression at exactly this span.
pub(super) fn of_span(checked: &Checked, function: Option<FunctionId>, span: Span) -> BTreeSet<String> {
    types_at(checked, function, span).into_iter().map(|ty| ty.to_string()).collect()
}

/// The same as types.
pub(super) fn types_at(checked: &Checked, function: Option<FunctionId>, span: Span) -> Vec<Type> {
    let mut found: Vec<Type> = Vec::new();
    for function in instances(checked, function) {
        let mut first: Option<Type> = None;
        for stmt in &function.body {
            stmt.for_each_expr(&mut |expr: &Expr| {
                let is_value = !matches!(expr.ty, Type::Poison | Type::Never | Type::Ptr | Type::Static(_));
                // The outermost comes first: what is inside are the steps to it.
                if expr.span == span && is_value && first.is_none() {
                    first = Some(expr.ty.clone());
                }
            });
        }
        found.extend(first);
    }
    found.dedup();
    found
}

fn for_each_stmt<'a>(body: &'a [Stmt], visit: &mut dyn FnMut(&'a Stmt)) {
    for stmt in body {
        visit(stmt);
        match &stmt.kind {
            StmtKind::If { then, otherwise, .. } => {
                for_each_stmt(then, visit);
                for_each_stmt(otherwise, visit);
            }
            StmtKind::Loop { body, .. } | StmtKind::Block { body, .. } => for_each_stmt(body, visit),
            StmtKind::Try { body, handler, .. } => {
                for_each_stmt(body, visit);
                for_each_stmt(handler, visit);
            }
            StmtKind::Finally { body, finally } => {
                for_each_stmt(body, visit);
                for_each_stmt(finally, visit);
            }
            StmtKind::Expr(_)
            | StmtKind::Assign(..)
            | StmtKind::Unbind(_)
            | StmtKind::AssignGlobal(..)
            | StmtKind::AssignElement { .. }
            | StmtKind::Break(_)
            | StmtKind::Return(_)
            | StmtKind::Raise(_) => {}
        }
    }
}

/// The expressions of a statement itself.
fn exprs_of<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(&'a Expr)) {
    match &stmt.kind {
        StmtKind::Expr(value)
        | StmtKind::Assign(_, value)
        | StmtKind::AssignGlobal(_, value)
        | StmtKind::Return(value)
        | StmtKind::Raise(value)
        | StmtKind::If { test: value, .. } => visit(value),
        StmtKind::AssignElement { array, indices, value } => {
            visit(array);
            indices.iter().chain([value]).for_each(visit);
        }
        StmtKind::Unbind(_)
        | StmtKind::Break(_)
        | StmtKind::Loop { .. }
        | StmtKind::Block { .. }
        | StmtKind::Try { .. }
        | StmtKind::Finally { .. } => {}
    }
}
