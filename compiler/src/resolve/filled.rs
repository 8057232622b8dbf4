//! What statements may change in place. In: statements. Out: names of what they may change the contents of.

use super::scope::{Name, for_each_body, for_each_child, for_each_expr, target_names};
use crate::syntax::ast::{Expr, ExprKind, Stmt, StmtKind};
use std::collections::BTreeSet;

/// Names of values that statements may change in place: those that are indexed on the left of an assignment, get another
/// name, are passed to a function, or have a method called that changes them.
pub fn filled(body: &[Stmt], names: &mut BTreeSet<Name>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                targets.iter().for_each(|target| filled_target(target, names));
                target_names(value, names);
            }
            StmtKind::AugAssign { target, .. } => {
                target_names(target, names);
                filled_target(target, names);
            }
            StmtKind::For { target, iter, .. } => {
                filled_target(target, names);
                // The rows of an array are views of it.
                target_names(iter, names);
            }
            _ => {}
        }
        for_each_expr(stmt, &mut |expr| filled_by(expr, names));
        for_each_body(stmt, &mut |body| filled(body, names));
    }
}

fn filled_target(target: &Expr, names: &mut BTreeSet<Name>) {
    match &target.kind {
        ExprKind::Subscript { value, .. } | ExprKind::Attribute { value, .. } => {
            target_names(value, names);
            filled_target(value, names);
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| filled_target(item, names)),
        _ => {}
    }
}

fn filled_by(expr: &Expr, names: &mut BTreeSet<Name>) {
    if let ExprKind::Call { function, args, keywords } = &expr.kind {
        let reads = match &function.kind {
            ExprKind::Name(name) => {
                matches!(&**name, "print" | "len" | "sum" | "min" | "max" | "repr" | "str" | "list" | "abs" | "sorted")
            }
            // NumPy's functions read, but for a few.
            ExprKind::Attribute { value, name } => {
                matches!(&value.kind, ExprKind::Name(base) if matches!(&**base, "np" | "numpy"))
                    && !matches!(&*name.text, "copyto" | "fill_diagonal" | "put" | "place" | "putmask" | "asarray")
            }
            _ => false,
        };
        if let ExprKind::Attribute { value, name } = &function.kind
            && matches!(&*name.text, "fill" | "sort" | "put" | "partition" | "resize" | "itemset" | "setfield")
        {
            target_names(value, names);
        }
        if !reads {
            args.iter().chain(keywords.iter().map(|keyword| &keyword.value)).for_each(|arg| target_names(arg, names));
        }
    }
    for_each_child(expr, &mut |child| filled_by(child, names));
}
