//! What generator expressions read when they are gone on with. In: statements, generator expressions. Out: names.

use super::scope::{Name, Turn, for_each_child, for_each_stmt, target_names};
use crate::syntax::ast::{Clause, ComprehensionKind, Expr, ExprKind, Stmt, StmtKind};
use std::collections::{BTreeMap, BTreeSet};

/// The names that generator expressions read after they got a name themselves, each with the first statement that has
/// such an expression. Those inside of other iterators that get a name count as well.
pub fn read_by_kept_generators(body: &[Stmt]) -> BTreeMap<Name, Turn> {
    let mut read = BTreeMap::new();
    for_each_stmt(body, &mut |turn, _, stmt| {
        let (StmtKind::Assign { value, .. } | StmtKind::AnnAssign { value: Some(value), .. }) = &stmt.kind else {
            return;
        };
        kept_generators_in(value, &mut |generator| {
            let ExprKind::Comprehension { element, clauses, .. } = &generator.kind else { return };
            let mut own = BTreeSet::new();
            clauses.iter().for_each(|clause| target_names(&clause.target, &mut own));
            for name in read_late(element, clauses).difference(&own) {
                read.entry(name.clone()).or_insert(turn);
            }
        });
    });
    read
}

/// Calls `visit` with the generator expressions that get a name, in the order of the text.
fn kept_generators_in(value: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match &value.kind {
        ExprKind::Comprehension { kind: ComprehensionKind::Generator, .. } => visit(value),
        ExprKind::Call { function, args, .. }
            if matches!(&function.kind, ExprKind::Name(name)
                if matches!(&**name, "map" | "filter" | "zip" | "enumerate" | "iter")) =>
        {
            args.iter().for_each(|arg| kept_generators_in(arg, visit));
        }
        _ => {}
    }
}

/// The names that a generator expression reads, but for those in what it goes through first, which is evaluated at once.
pub fn read_late(element: &Expr, clauses: &[Clause]) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    names_used(element, &mut names);
    for (at, clause) in clauses.iter().enumerate() {
        if at > 0 {
            names_used(&clause.iter, &mut names);
        }
        clause.conditions.iter().for_each(|condition| names_used(condition, &mut names));
    }
    names
}

fn names_used(expr: &Expr, names: &mut BTreeSet<Name>) {
    if let ExprKind::Name(name) = &expr.kind {
        names.insert(name.clone());
    }
    for_each_child(expr, &mut |child| names_used(child, names));
}
