//! What has to be known of a body before it is lowered. In: HIR. Out: which locals are assigned, asked for, moved.

use crate::arena::{Id, IdMap};
use crate::infer::hir::{Expr, ExprKind, Function, Global, Local, Program, Stmt, StmtKind};
use std::collections::{BTreeMap, BTreeSet};

/// A node of the tree.
#[derive(Clone, Copy)]
pub(super) enum Node<'h> {
    /// A statement.
    Stmt(&'h Stmt),
    /// An expression.
    Expr(&'h Expr),
    /// The end of the loop that was visited last and is still open.
    EndOfLoop,
}

/// Visits every statement and expression, outer ones first.
pub(super) fn walk<'h>(root: Node<'h>, visit: &mut impl FnMut(Node<'h>)) {
    visit(root);
    match root {
        Node::Stmt(stmt) => match &stmt.kind {
            StmtKind::Expr(value)
            | StmtKind::Assign(_, value)
            | StmtKind::AssignGlobal(_, value)
            | StmtKind::Return(value)
            | StmtKind::Raise(value) => walk(Node::Expr(value), visit),
            StmtKind::Unbind(_) | StmtKind::Break(_) => {}
            StmtKind::AssignElement { array, indices, value } => {
                walk(Node::Expr(array), visit);
                walk_expressions(indices, visit);
                walk(Node::Expr(value), visit);
            }
            StmtKind::If { test, then, otherwise } => {
                walk(Node::Expr(test), visit);
                walk_statements(then, visit);
                walk_statements(otherwise, visit);
            }
            StmtKind::Loop { label: _, body } => {
                walk_statements(body, visit);
                visit(Node::EndOfLoop);
            }
            StmtKind::Block { label: _, body } => walk_statements(body, visit),
            StmtKind::Try { body, exception: _, handler } => {
                walk_statements(body, visit);
                walk_statements(handler, visit);
            }
            StmtKind::Finally { body, finally } => {
                walk_statements(body, visit);
                walk_statements(finally, visit);
            }
        },
        Node::EndOfLoop => {}
        Node::Expr(expr) => match &expr.kind {
            ExprKind::Unit
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Complex(..)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Local(_)
            | ExprKind::LocalChecked(_)
            | ExprKind::IsBound(_)
            | ExprKind::Global(_)
            | ExprKind::GlobalChecked(_)
            | ExprKind::Nothing => {}
            ExprKind::Intrinsic(_, args)
            | ExprKind::Call(_, args)
            | ExprKind::CallHost(_, args)
            | ExprKind::Tuple(args)
            | ExprKind::List(args) => walk_expressions(args, visit),
            ExprKind::Member(value, _) | ExprKind::Some(value) | ExprKind::IsSome(value) | ExprKind::Unwrap(value) => {
                walk(Node::Expr(value), visit);
            }
            ExprKind::If { test, then, otherwise } => {
                for part in [test, then, otherwise] {
                    walk(Node::Expr(part), visit);
                }
            }
            ExprKind::Block(stmts, value) => {
                walk_statements(stmts, visit);
                walk(Node::Expr(value), visit);
            }
            ExprKind::Element { array, indices } => {
                walk(Node::Expr(array), visit);
                walk_expressions(indices, visit);
            }
            ExprKind::Elementwise(_) => unreachable!("infer() makes the arrays"),
        },
    }
}

pub(super) fn walk_statements<'h>(stmts: &'h [Stmt], visit: &mut impl FnMut(Node<'h>)) {
    stmts.iter().for_each(|stmt| walk(Node::Stmt(stmt), visit));
}

fn walk_expressions<'h>(exprs: &'h [Expr], visit: &mut impl FnMut(Node<'h>)) {
    exprs.iter().for_each(|expr| walk(Node::Expr(expr), visit));
}

/// How a function uses its locals.
#[derive(Default)]
pub(super) struct Locals {
    /// Those that are asked whether they are bound.
    pub checked: BTreeSet<Id<Local>>,
    /// Those that are set or unbound by a statement.
    pub assigned: BTreeSet<Id<Local>>,
    /// How often each is read or set.
    pub mentions: IdMap<Local, u32>,
    /// Those that are set once and read once, both in the same loop: the read can move out what they hold, since
    /// they are set again before any second read.
    pub linear: BTreeSet<Id<Local>>,
    /// Those that are another local under a second name, with that one: `b = a`, where `b` is set nowhere else, and
    /// `a` keeps its value for as long as `b` is read. Then `b` needs no reference of its own. (`c = b` makes `c`
    /// another name of `a`.)
    pub aliases: BTreeMap<Id<Local>, Id<Local>>,
}

/// Where a local is set and read: the number of the loop around each place.
#[derive(Default)]
struct Uses {
    sets: Vec<usize>,
    reads: Vec<usize>,
}

/// A statement `b = a` of two locals.
struct Copy<'h> {
    copy: Id<Local>,
    original: Id<Local>,
    rest: Rest<'h>,
}

/// What comes behind a statement in the list that it stands in.
#[derive(Clone, Copy)]
struct Rest<'h> {
    stmts: &'h [Stmt],
    /// What the list is evaluated for.
    value: Option<&'h Expr>,
}

/// How a function uses its locals.
pub(super) fn locals(function: &Function) -> Locals {
    let mut locals = Locals::default();
    let mut uses: BTreeMap<Id<Local>, Uses> = BTreeMap::new();
    let mut copies = Vec::new();
    // What comes behind each copy, by its statement: lists are visited before what is in them.
    let mut rests = BTreeMap::new();
    let (mut loops, mut around) = (0, vec![0]);
    // A handler needs its exception to the end: those that are raised in it were raised while handling it.
    let mut caught = BTreeSet::new();
    note_copies(&function.body, None, &mut rests);
    walk_statements(&function.body, &mut |node| {
        for_each_list(node, &mut |stmts, value| note_copies(stmts, value, &mut rests));
        if let Node::Stmt(Stmt { kind: StmtKind::Loop { .. }, .. }) = node {
            loops += 1;
            around.push(loops);
        }
        if let Node::EndOfLoop = node {
            around.pop();
        }
        if let Node::Stmt(Stmt { kind: StmtKind::Try { exception, .. }, .. }) = node {
            caught.insert(*exception);
        }
        if let Node::Stmt(stmt @ Stmt { kind: StmtKind::Assign(copy, value), .. }) = node
            && let ExprKind::Local(original) = value.kind
            && (function.params.contains(&original) || uses.get(&original).is_some_and(|uses| !uses.sets.is_empty()))
        {
            copies.push(Copy { copy: *copy, original, rest: rests[&std::ptr::from_ref(stmt)] });
        }
        if let Some((local, sets)) = mention(node) {
            let uses = uses.entry(local).or_default();
            if sets { &mut uses.sets } else { &mut uses.reads }.extend(around.last());
        }
        if let Node::Expr(Expr { kind: ExprKind::LocalChecked(local) | ExprKind::IsBound(local), .. }) = node {
            locals.checked.insert(*local);
        }
    });
    for (local, Uses { sets, reads }) in &uses {
        let local = *local;
        if !sets.is_empty() {
            locals.assigned.insert(local);
        }
        let set_elsewhere = function.params.contains(&local) || caught.contains(&local);
        if sets.len() == 1 && sets == reads && !set_elsewhere {
            locals.linear.insert(local);
        }
        locals.mentions.insert(local, (sets.len() + reads.len()) as u32);
    }
    let is_plain = |local: Id<Local>| !caught.contains(&local) && !locals.checked.contains(&local);
    let sets = |local: Id<Local>| uses[&local].sets.len() + usize::from(function.params.contains(&local));
    for Copy { copy, original, rest } in copies {
        let ty = &function.locals[copy].ty;
        // What has no other read is moved.
        let may_alias = ty.is_counted()
            && *ty == function.locals[original].ty
            && !locals.linear.contains(&original)
            && is_plain(original)
            && is_plain(copy)
            && sets(copy) == 1;
        let original = locals.aliases.get(&original).copied().unwrap_or(original);
        // What is set once is set before, and for it to be set again, control would have to pass the copy again.
        if may_alias && (sets(original) == 1 || keeps_value(original, copy, uses[&copy].reads.len(), rest)) {
            locals.aliases.insert(copy, original);
        }
    }
    locals
}

/// Notes what comes behind the copies of locals in a list of statements.
fn note_copies<'h>(stmts: &'h [Stmt], value: Option<&'h Expr>, rests: &mut BTreeMap<*const Stmt, Rest<'h>>) {
    for (at, stmt) in stmts.iter().enumerate() {
        if matches!(&stmt.kind, StmtKind::Assign(_, Expr { kind: ExprKind::Local(_), .. })) {
            rests.insert(std::ptr::from_ref(stmt), Rest { stmts: &stmts[at + 1..], value });
        }
    }
}

/// Calls `visit` with the lists of statements that a node itself has.
fn for_each_list<'h>(node: Node<'h>, visit: &mut impl FnMut(&'h [Stmt], Option<&'h Expr>)) {
    match node {
        Node::Stmt(stmt) => match &stmt.kind {
            StmtKind::If { test: _, then: first, otherwise: second }
            | StmtKind::Try { body: first, exception: _, handler: second }
            | StmtKind::Finally { body: first, finally: second } => {
                visit(first, None);
                visit(second, None);
            }
            StmtKind::Loop { label: _, body } | StmtKind::Block { label: _, body } => visit(body, None),
            StmtKind::Expr(_)
            | StmtKind::Assign(..)
            | StmtKind::AssignGlobal(..)
            | StmtKind::Return(_)
            | StmtKind::Raise(_)
            | StmtKind::Unbind(_)
            | StmtKind::Break(_)
            | StmtKind::AssignElement { .. } => {}
        },
        Node::Expr(Expr { kind: ExprKind::Block(stmts, value), .. }) => visit(stmts, Some(value)),
        Node::Expr(_) | Node::EndOfLoop => {}
    }
}

/// Whether all reads of a copy stand in the rest of its list, up to the last of which the original is not set.
fn keeps_value(original: Id<Local>, copy: Id<Local>, mut reads: usize, rest: Rest<'_>) -> bool {
    let nodes = rest.stmts.iter().map(Node::Stmt).chain(rest.value.map(Node::Expr));
    for node in nodes {
        let mut is_set = false;
        walk(node, &mut |node| match mention(node) {
            Some((local, true)) if local == original => is_set = true,
            Some((local, false)) if local == copy => reads -= 1,
            Some(_) | None => {}
        });
        if is_set || reads == 0 {
            return !is_set;
        }
    }
    false
}

/// The local that a node itself reads or sets, and whether it sets it.
fn mention(node: Node<'_>) -> Option<(Id<Local>, bool)> {
    match node {
        Node::Stmt(Stmt { kind: StmtKind::Assign(local, _) | StmtKind::Unbind(local), .. }) => Some((*local, true)),
        Node::Stmt(Stmt { kind: StmtKind::Try { exception, .. }, .. }) => Some((*exception, true)),
        Node::Expr(Expr {
            kind: ExprKind::Local(local) | ExprKind::LocalChecked(local) | ExprKind::IsBound(local),
            ..
        }) => Some((*local, false)),
        Node::Stmt(_) | Node::Expr(_) | Node::EndOfLoop => None,
    }
}

/// How often an expression reads or sets a local.
pub(super) fn mentions_in(expr: &Expr, local: Id<Local>) -> u32 {
    let mut mentions = 0;
    walk(Node::Expr(expr), &mut |node| {
        if mention(node).is_some_and(|(found, _)| found == local) {
            mentions += 1;
        }
    });
    mentions
}

/// Whether evaluating an expression may assign a local of this function.
pub(super) fn may_assign(expr: &Expr) -> bool {
    let mut found = false;
    walk(Node::Expr(expr), &mut |node| {
        found |= matches!(node, Node::Expr(Expr { kind: ExprKind::Block(..), .. }));
    });
    found
}

/// Whether evaluating an expression runs no code that could change memory: no call, no assignment.
pub(super) fn is_quiet(expr: &Expr) -> bool {
    let mut quiet = true;
    walk(Node::Expr(expr), &mut |node| {
        quiet &= !matches!(
            node,
            Node::Stmt(_)
                | Node::Expr(Expr {
                    kind: ExprKind::Call(..) | ExprKind::CallHost(..) | ExprKind::List(_) | ExprKind::Block(..),
                    ..
                })
        );
    });
    quiet
}

/// Globals that are asked whether they are set.
pub(super) fn checked_globals(program: &Program) -> BTreeSet<Id<Global>> {
    let mut checked = BTreeSet::new();
    for (_, function) in program.reached() {
        walk_statements(&function.body, &mut |node| {
            if let Node::Expr(Expr { kind: ExprKind::GlobalChecked(global), .. }) = node {
                checked.insert(*global);
            }
        });
    }
    checked
}

/// Whether a library function is so small that calling it costs more than its body.
pub(super) fn is_small(function: &Function) -> bool {
    let mut nodes = 0;
    let mut loops = false;
    walk_statements(&function.body, &mut |node| {
        nodes += 1;
        loops |= matches!(node, Node::Stmt(Stmt { kind: StmtKind::Loop { .. } | StmtKind::Try { .. }, .. }));
    });
    nodes <= 12 && !loops
}
