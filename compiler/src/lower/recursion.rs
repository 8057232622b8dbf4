//! Recursion: which functions can call themselves, and the count that ends it before the host's stack does.
//! In: HIR. Out: `recursive`, code at entry and exit.

use super::Body;
use super::scan::{self, Node};
use crate::arena::{Id, IdMap};
use crate::infer::hir::{Expr, ExprKind, Function, Program};
use crate::ssa::{Binary, InstKind, Type};
use std::collections::BTreeSet;

/// How many calls of recursive functions may be open at once: CPython's default of 1000 frames, one of which is the
/// module's, so that a program that ends there with `RecursionError` does so here.
const LIMIT: u32 = 999;

/// The user's functions on cycles of the call graph.
pub(super) fn recursive(program: &Program) -> BTreeSet<Id<Function>> {
    let mut places = IdMap::default();
    for (place, id) in program.order.iter().enumerate() {
        places.insert(*id, place);
    }
    let calls: Vec<Vec<usize>> = program.reached().map(|(_, function)| calls(function, &places)).collect();
    let mut recursive = BTreeSet::new();
    for component in components(&calls) {
        let [first, ..] = component[..] else { continue };
        if component.len() > 1 || calls[first].contains(&first) {
            let ids = component.into_iter().map(|place| program.order[place]);
            recursive.extend(ids.filter(|id| !program.functions[*id].prelude));
        }
    }
    recursive
}

/// What a function calls, by its place in the program's order.
fn calls(function: &Function, places: &IdMap<Function, usize>) -> Vec<usize> {
    let mut calls = Vec::new();
    scan::walk_statements(&function.body, &mut |node| {
        if let Node::Expr(Expr { kind: ExprKind::Call(callee, _), .. }) = node {
            calls.push(places[*callee]);
        }
    });
    crate::order::sort(&mut calls);
    calls.dedup();
    calls
}

/// Strongly connected components, after Tarjan ("Depth-first search and linear graph algorithms", 1972), with the
/// path on a stack of our own: chains of calls may be long.
fn components(calls: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, Default)]
    struct Mark {
        /// Order of discovery from 1; 0 is not discovered.
        number: usize,
        lowest: usize,
        open: bool,
    }
    let mut marks = vec![Mark::default(); calls.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut numbers = 0;
    for root in 0..calls.len() {
        let mut path = vec![(root, 0)];
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            if *next == 0 {
                if marks[at].number != 0 {
                    path.pop();
                    continue;
                }
                numbers += 1;
                marks[at] = Mark { number: numbers, lowest: numbers, open: true };
                open.push(at);
            } else {
                // Back from the callee before.
                let callee = calls[at][*next - 1];
                if marks[callee].open {
                    marks[at].lowest = marks[at].lowest.min(marks[callee].lowest);
                }
            }
            *next += 1;
            if let Some(callee) = calls[at].get(*next - 1) {
                if marks[*callee].number == 0 {
                    path.push((*callee, 0));
                }
                continue;
            }
            path.pop();
            if marks[at].lowest == marks[at].number {
                let from = open.iter().rposition(|member| *member == at).expect("a root is open until it is closed");
                let component: Vec<_> = open.split_off(from);
                for member in &component {
                    marks[*member].open = false;
                }
                found.push(component);
            }
        }
    }
    found
}

impl Body<'_, '_> {
    /// Counts the call, and raises `RecursionError` where there are too many. As in CPython, the frame that is not
    /// entered is not in the traceback.
    pub fn count_depth(&mut self) {
        let Some(global) = self.shared.depth else { return };
        let depth = self.builder.emit(InstKind::GlobalGet(global), &[Type::I32])[0];
        let limit = self.builder.i32(LIMIT);
        let condition = self.builder.binary(Binary::I32LtU, depth, limit);
        let raise = self.shared.items().recursion_error;
        self.builder.emit(InstKind::Guard { condition, raise, args: Vec::new(), unwind: None }, &[]);
        let one = self.builder.i32(1);
        let deeper = self.builder.binary(Binary::I32Add, depth, one);
        self.builder.emit(InstKind::GlobalSet(global, deeper), &[]);
        self.depth = Some(depth);
    }

    /// Sets the count back to what it was at entry.
    pub fn restore_depth(&mut self) {
        if let (Some(global), Some(depth)) = (self.shared.depth, self.depth) {
            self.builder.emit(InstKind::GlobalSet(global, depth), &[]);
        }
    }
}
