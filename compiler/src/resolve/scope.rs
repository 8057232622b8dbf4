//! What the names of one function are: local, captured, nested, or the module's. In: the tree. Out: `Scope`.

use super::{Binding, Definition, Module, Names, Scope, late};
use crate::arena::Id;
use crate::source::Span;
use crate::syntax::ast::{
    Clause, Expr, ExprKind, FStringPart, FunctionId, Param, Pattern, PatternKind, Stmt, StmtKind, Tree,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) type Name = Arc<str>;

/// Resolves a function and those nested in it.
pub fn function(
    id: FunctionId,
    module: Option<Id<Module>>,
    parent: Option<FunctionId>,
    visible: &BTreeSet<Name>,
    tree: &Tree,
    names: &mut Names,
) {
    let function = tree.functions[id].clone();
    let mut bound = BTreeSet::new();
    bound_names(&function.body, tree, &mut bound);
    let mut declared = Declared::default();
    declarations(&function.body, &mut declared);
    let mut scope = Scope { module, parent, ..Scope::default() };
    for param in &function.params {
        bound.insert(param.name.text.clone());
    }
    let counts = Assignments::of(&function, tree);
    let inner = functions_of(&function.body);
    let mut shared = captured_by(&function.body, tree);
    for (name, first) in late::read_by_kept_generators(&function.body) {
        let capture = shared.entry(name).or_insert(Capture { first, written: false });
        capture.first = capture.first.min(first);
    }
    let imported = imported(&function.body, &counts, names);
    for name in &bound {
        if declared.global.contains(name) || declared.nonlocal.contains(name) {
            continue;
        }
        let binding = match counts.only_function(name) {
            // A function with defaults or decorators is a value that is made when `def` runs.
            Some(nested) if !is_made(&tree.functions[nested], module, names) => Binding::Nested(nested),
            Some(_) if !shared.contains_key(name) => Binding::Local,
            None if imported.contains_key(name) => Binding::Imported(imported[name].clone()),
            _ if shared.contains_key(name) && counts.changes_after_capture(name, &shared[name]) => Binding::Cell,
            _ => Binding::Local,
        };
        scope.names.insert(name.clone(), binding);
    }
    names.scopes.insert(id, scope);
    // Names of surrounding functions.
    let mut wanted = BTreeSet::new();
    free_names(&function, &mut |name| {
        wanted.insert(name.clone());
    });
    wanted.extend(declared.nonlocal.iter().cloned());
    let mut captures = BTreeMap::new();
    for name in wanted {
        let own = names.scopes[id].names.contains_key(&name);
        if own || declared.global.contains(&name) {
            continue;
        }
        if let Some(binding) = surrounding(&name, names.scopes[id].parent, names) {
            match binding {
                // What that function captures is added by `close_over_siblings`, once all are resolved.
                Binding::Nested(nested) => {
                    names.scopes[id].names.insert(name, Binding::Nested(nested));
                }
                Binding::Cell | Binding::CapturedCell => {
                    captures.insert(name, Binding::CapturedCell);
                }
                Binding::Local | Binding::Captured => {
                    captures.insert(name, Binding::Captured);
                }
                Binding::Imported(_) => {
                    names.scopes[id].names.insert(name, binding);
                }
                Binding::Module(_) | Binding::Builtin => {}
            }
        }
    }
    for name in visible {
        let mut used = false;
        free_names(&function, &mut |free| used |= free == name);
        if used && !names.scopes[id].names.contains_key(name) {
            captures.insert(name.clone(), Binding::Captured);
        }
    }
    for param in function.params.iter().filter(|_| parent.is_some() || function.is_lambda) {
        if makes_default(param) {
            captures.insert(default_capture(param), Binding::Captured);
        }
    }
    for (name, binding) in &captures {
        names.scopes[id].names.insert(name.clone(), binding.clone());
    }
    names.scopes[id].captures = captures.into_iter().collect();
    let targets = comprehension_targets(&function.body);
    let none = BTreeSet::new();
    for nested in &inner {
        self::function(*nested, module, Some(id), targets.get(nested).unwrap_or(&none), tree, names);
    }
    close_over_siblings(id, &inner, names, tree);
}

/// Names that nothing but imports of one thing bind.
fn imported(body: &[Stmt], counts: &Assignments, names: &Names) -> BTreeMap<Name, Definition> {
    let mut all = Vec::new();
    imports_among(body, names, &mut all);
    let mut found = BTreeMap::new();
    for (name, definition) in &all {
        let same = all.iter().filter(|(other, what)| other == name && what == definition).count();
        if counts.at.get(name).is_some_and(|at| at.len() == same) {
            found.insert(name.clone(), definition.clone());
        }
    }
    found
}

fn imports_among(body: &[Stmt], names: &Names, found: &mut Vec<(Name, Definition)>) {
    for stmt in body {
        found.extend(names.imported.get(&stmt.span).cloned().unwrap_or_default());
        for_each_body(stmt, &mut |body| imports_among(body, names, found));
    }
}

/// A nested function that names a sibling (or itself) needs the variables which that one needs.
fn close_over_siblings(parent: FunctionId, inner: &[FunctionId], names: &mut Names, tree: &Tree) {
    loop {
        let mut changed = false;
        for id in inner {
            let mut needed = Vec::new();
            free_names(&tree.functions[*id], &mut |name| {
                if let Some(Binding::Nested(sibling)) = names.scopes[*id].names.get(name) {
                    needed.extend(names.scopes[*sibling].captures.clone());
                }
            });
            for (name, binding) in needed {
                let scope = &mut names.scopes[*id];
                if !scope.names.contains_key(&name) {
                    scope.names.insert(name.clone(), binding.clone());
                    scope.captures.push((name, binding));
                    changed = true;
                }
            }
        }
        // What they need from further out, this function must capture as well.
        for id in inner {
            for (name, binding) in names.scopes[*id].captures.clone() {
                let scope = &mut names.scopes[parent];
                if !scope.names.contains_key(&name) && scope.parent.is_some() {
                    scope.names.insert(name.clone(), binding.clone());
                    scope.captures.push((name, binding));
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

fn surrounding(name: &Name, mut at: Option<FunctionId>, names: &Names) -> Option<Binding> {
    while let Some(id) = at {
        let scope = names.scopes.get(id)?;
        if let Some(binding) = scope.names.get(name) {
            return Some(binding.clone());
        }
        at = scope.parent;
    }
    None
}

#[derive(Default)]
struct Declared {
    global: BTreeSet<Name>,
    nonlocal: BTreeSet<Name>,
}

fn declarations(body: &[Stmt], declared: &mut Declared) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Global(names) => declared.global.extend(names.iter().map(|name| name.text.clone())),
            StmtKind::Nonlocal(names) => declared.nonlocal.extend(names.iter().map(|name| name.text.clone())),
            _ => for_each_body(stmt, &mut |body| declarations(body, declared)),
        }
    }
}

/// Adds the names that `global` declares.
pub fn declared_global(body: &[Stmt], names: &mut BTreeSet<Name>) {
    let mut declared = Declared::default();
    declarations(body, &mut declared);
    names.extend(declared.global);
}

/// Adds the names in the defaults of a function's parameters: they are read where it is called.
pub fn default_names(function: &crate::syntax::ast::Function, names: &mut BTreeSet<Name>) {
    for default in function.params.iter().filter_map(|param| param.default.as_ref()) {
        names_in(default, &mut BTreeSet::new(), &mut |name| {
            names.insert(name.clone());
        });
    }
}

/// Whether a statement at module level can run no other code of the module: what is assigned once before the first
/// that does is set wherever it is read.
fn only_defines(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Function(_)
        | StmtKind::Import(_)
        | StmtKind::ImportFrom { .. }
        | StmtKind::ExceptionClass { .. }
        | StmtKind::Pass => true,
        StmtKind::Expr(value) | StmtKind::Assign { value, .. } | StmtKind::AnnAssign { value: Some(value), .. } => {
            !has_call(value)
        }
        StmtKind::AnnAssign { value: None, .. } => true,
        _ => false,
    }
}

fn has_call(expr: &Expr) -> bool {
    let mut found = matches!(expr.kind, ExprKind::Call { .. });
    for_each_child(expr, &mut |child| found |= has_call(child));
    found
}

/// The name and the value of an assignment to one name.
fn simple_assignment(stmt: &Stmt) -> Option<(&Name, &Expr)> {
    let (target, value) = match &stmt.kind {
        StmtKind::Assign { targets, value } => match targets.as_slice() {
            [target] => (target, value),
            _ => return None,
        },
        StmtKind::AnnAssign { target, value: Some(value), .. } => (target, value),
        _ => return None,
    };
    match &target.kind {
        ExprKind::Name(name) => Some((name, value)),
        _ => None,
    }
}

/// Module-level variables that nothing but one statement at the top assigns.
pub fn assigned_once(body: &[Stmt], tree: &Tree) -> BTreeMap<Name, Expr> {
    let mut counts = BTreeMap::<Name, u32>::new();
    count_bindings(body, tree, &mut counts);
    let all = body.iter().filter_map(simple_assignment);
    all.filter(|(name, _)| counts.get(*name) == Some(&1)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Those of them that are literals, assigned before any code of the module can run that reads them.
pub fn constants(body: &[Stmt], tree: &Tree) -> BTreeMap<Name, Expr> {
    let once = assigned_once(body, tree);
    let first = body.iter().take_while(|stmt| only_defines(stmt));
    // An annotation may make a float of an int.
    let literal = |stmt: &Stmt, value: &Expr| {
        is_literal(value)
            && !(matches!(stmt.kind, StmtKind::AnnAssign { .. }) && matches!(value.kind, ExprKind::Int(_)))
    };
    let named = first.filter_map(|stmt| {
        let (name, value) = simple_assignment(stmt)?;
        (once.contains_key(name) && literal(stmt, value)).then(|| (name.clone(), value.clone()))
    });
    named.collect()
}

/// Module-level variables that are assigned again once code of the module may have run, each with the last place.
pub fn changing(body: &[Stmt], tree: &Tree) -> BTreeMap<Name, Span> {
    let mut bound = BTreeSet::new();
    let mut changing = BTreeMap::new();
    let mut runs = false;
    for stmt in body {
        changed_by(stmt, tree, runs, &mut bound, &mut changing);
        runs |= !only_defines(stmt);
    }
    changing
}

fn changed_by(stmt: &Stmt, tree: &Tree, runs: bool, bound: &mut BTreeSet<Name>, changing: &mut BTreeMap<Name, Span>) {
    let mut names = BTreeSet::new();
    bound_by(stmt, tree, &mut names);
    for name in names {
        if !bound.insert(name.clone()) && runs {
            changing.insert(name, stmt.span);
        }
    }
    let is_loop = matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
    // What a loop assigns, it assigns again.
    for _ in 0..if is_loop { 2 } else { 1 } {
        for_each_body(stmt, &mut |body| {
            body.iter().for_each(|stmt| changed_by(stmt, tree, true, bound, changing));
        });
    }
    if let (StmtKind::For { target, .. }, true) = (&stmt.kind, is_loop) {
        let mut names = BTreeSet::new();
        target_names(target, &mut names);
        changing.extend(names.into_iter().map(|name| (name, stmt.span)));
    }
}

fn count_bindings(body: &[Stmt], tree: &Tree, counts: &mut BTreeMap<Name, u32>) {
    for stmt in body {
        let mut names = BTreeSet::new();
        bound_by(stmt, tree, &mut names);
        for name in names {
            *counts.entry(name).or_default() += 1;
        }
        for_each_body(stmt, &mut |body| count_bindings(body, tree, counts));
    }
}

/// Whether an expression is made of literals.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Imaginary(_) | ExprKind::Str(_) => true,
        ExprKind::Unary { operand, .. } => is_literal(operand),
        ExprKind::Binary { left, right, .. } => is_literal(left) && is_literal(right),
        _ => false,
    }
}

/// How often, and where, the variables of a function are assigned.
struct Assignments {
    /// The statement of each assignment.
    at: BTreeMap<Name, Vec<Turn>>,
    /// Names that a `def` binds.
    functions: BTreeMap<Name, FunctionId>,
    /// Names assigned in a loop.
    in_loop: BTreeSet<Name>,
}

impl Assignments {
    fn of(function: &crate::syntax::ast::Function, tree: &Tree) -> Self {
        let mut found = Self { at: BTreeMap::new(), functions: BTreeMap::new(), in_loop: BTreeSet::new() };
        for param in &function.params {
            found.at.entry(param.name.text.clone()).or_default().push(Turn(0));
        }
        for_each_stmt(&function.body, &mut |turn, in_loop, stmt| found.add(turn, in_loop, stmt, tree));
        found
    }

    fn add(&mut self, turn: Turn, in_loop: bool, stmt: &Stmt, tree: &Tree) {
        let mut bound = BTreeSet::new();
        bound_by(stmt, tree, &mut bound);
        for name in bound {
            if let StmtKind::Function(id) = stmt.kind {
                self.functions.insert(name.clone(), id);
            }
            if in_loop || matches!(stmt.kind, StmtKind::For { .. }) {
                self.in_loop.insert(name.clone());
            }
            self.at.entry(name).or_default().push(turn);
        }
    }

    fn only_function(&self, name: &Name) -> Option<FunctionId> {
        let id = self.functions.get(name)?;
        (self.at.get(name).map_or(0, Vec::len) == 1).then_some(*id)
    }

    /// Whether a function made at one of `captures` may see the variable change later.
    fn changes_after_capture(&self, name: &Name, capture: &Capture) -> bool {
        let assigned = self.at.get(name).map_or(&[][..], Vec::as_slice);
        capture.written
            || self.in_loop.contains(name)
            || assigned.len() > 1
            || assigned.iter().any(|at| *at > capture.first)
    }
}

/// How nested functions use a variable.
struct Capture {
    /// The statement that the first function that does stands in.
    first: Turn,
    /// Whether one of them assigns it (`nonlocal`).
    written: bool,
}

/// The names that the functions nested in a body (at any depth) use and do not bind themselves.
fn captured_by(body: &[Stmt], tree: &Tree) -> BTreeMap<Name, Capture> {
    let mut captured = BTreeMap::<Name, Capture>::new();
    for_each_function(body, &mut |turn, id| {
        let function = &tree.functions[id];
        let mut bound = BTreeSet::new();
        bound_names(&function.body, tree, &mut bound);
        bound.extend(function.params.iter().map(|param| param.name.text.clone()));
        let mut declared = Declared::default();
        declarations(&function.body, &mut declared);
        let mut used = BTreeMap::<Name, bool>::new();
        free_names(function, &mut |name| {
            used.entry(name.clone()).or_default();
        });
        for (name, capture) in captured_by(&function.body, tree) {
            *used.entry(name).or_default() |= capture.written;
        }
        for name in &declared.nonlocal {
            *used.entry(name.clone()).or_default() |= bound.contains(name);
        }
        for (name, written) in used {
            if (bound.contains(&name) && !declared.nonlocal.contains(&name)) || declared.global.contains(&name) {
                continue;
            }
            let capture = captured.entry(name).or_insert(Capture { first: turn, written: false });
            capture.written |= written;
            capture.first = capture.first.min(turn);
        }
    });
    captured
}

/// Every name that statements bind in their own scope: not those of nested functions and comprehensions.
pub fn bound_names(body: &[Stmt], tree: &Tree, names: &mut BTreeSet<Name>) {
    for stmt in body {
        bound_by(stmt, tree, names);
        for_each_body(stmt, &mut |body| bound_names(body, tree, names));
    }
}

/// What one statement binds itself, without its inner blocks.
fn bound_by(stmt: &Stmt, tree: &Tree, names: &mut BTreeSet<Name>) {
    match &stmt.kind {
        StmtKind::Function(id) => {
            names.insert(tree.functions[*id].name.text.clone());
        }
        StmtKind::Assign { targets, .. } => targets.iter().for_each(|target| target_names(target, names)),
        StmtKind::AugAssign { target, .. } | StmtKind::AnnAssign { target, .. } | StmtKind::For { target, .. } => {
            target_names(target, names);
        }
        StmtKind::Delete(targets) => targets.iter().for_each(|target| target_names(target, names)),
        StmtKind::Match { cases, .. } => cases.iter().for_each(|case| pattern_names(&case.pattern, names)),
        StmtKind::Try { handlers, .. } => {
            names.extend(handlers.iter().filter_map(|handler| Some(handler.name.as_ref()?.text.clone())));
        }
        StmtKind::Import(aliases) | StmtKind::ImportFrom { names: aliases, .. } => {
            for alias in aliases {
                let whole = &alias.alias.as_ref().unwrap_or(&alias.name).text;
                names.insert(whole.split('.').next().unwrap_or(whole).into());
            }
        }
        StmtKind::ExceptionClass { name, .. } => {
            names.insert(name.text.clone());
        }
        StmtKind::Expr(_)
        | StmtKind::If { .. }
        | StmtKind::While { .. }
        | StmtKind::Return(_)
        | StmtKind::Raise { .. }
        | StmtKind::Assert { .. }
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_)
        | StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue => {}
    }
    for_each_expr(stmt, &mut |expr| walrus_names(expr, names));
}

/// The names that assigning to `target` binds.
pub fn target_names(target: &Expr, names: &mut BTreeSet<Name>) {
    match &target.kind {
        ExprKind::Name(name) => {
            names.insert(name.clone());
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| target_names(item, names)),
        ExprKind::Starred(item) => target_names(item, names),
        _ => {}
    }
}

fn pattern_names(pattern: &Pattern, names: &mut BTreeSet<Name>) {
    match &pattern.kind {
        PatternKind::Capture { pattern, name } => {
            names.insert(name.text.clone());
            pattern.iter().for_each(|pattern| pattern_names(pattern, names));
        }
        PatternKind::Or(patterns) | PatternKind::Sequence(patterns) | PatternKind::Class { patterns, .. } => {
            patterns.iter().for_each(|pattern| pattern_names(pattern, names));
        }
        PatternKind::Star(Some(name)) => {
            names.insert(name.text.clone());
        }
        PatternKind::Star(None) | PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Singleton(_) => {}
    }
}

fn walrus_names(expr: &Expr, names: &mut BTreeSet<Name>) {
    if let ExprKind::Walrus { name, .. } = &expr.kind {
        names.insert(name.text.clone());
    }
    for_each_child(expr, &mut |child| walrus_names(child, names));
}

/// Functions that stand directly in these statements, lambdas included, those nested in them not.
pub fn functions_of(body: &[Stmt]) -> Vec<FunctionId> {
    let mut found = Vec::new();
    for_each_function(body, &mut |_, id| found.push(id));
    found
}

/// Calls `visit` with each of them, and the statement that it stands in.
fn for_each_function(body: &[Stmt], visit: &mut dyn FnMut(Turn, FunctionId)) {
    fn of_expr(expr: &Expr, visit: &mut dyn FnMut(FunctionId)) {
        if let ExprKind::Lambda(id) = &expr.kind {
            visit(*id);
        }
        for_each_child(expr, &mut |child| of_expr(child, visit));
    }
    for_each_stmt(body, &mut |turn, _, stmt| {
        if let StmtKind::Function(id) = &stmt.kind {
            visit(turn, *id);
        }
        for_each_expr(stmt, &mut |expr| of_expr(expr, &mut |id| visit(turn, id)));
    });
}

/// A statement of a function, by its number in the order of the text, from 1: the parameters come before them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn(u32);

/// Calls `visit` with every statement of a function in the order of the text, those of inner blocks included, and with
/// whether it stands in a loop.
pub fn for_each_stmt<'a>(body: &'a [Stmt], visit: &mut dyn FnMut(Turn, bool, &'a Stmt)) {
    fn each<'a>(body: &'a [Stmt], in_loop: bool, count: &mut u32, visit: &mut dyn FnMut(Turn, bool, &'a Stmt)) {
        for stmt in body {
            *count += 1;
            visit(Turn(*count), in_loop, stmt);
            let in_loop = in_loop || matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
            for_each_body(stmt, &mut |body| each(body, in_loop, count, visit));
        }
    }
    each(body, false, &mut 0, visit);
}

/// Calls `use_name` with each name a function reads or writes in its own code, bound or not: its defaults and
/// annotations belong to the scope around it, the bodies of nested functions to theirs.
pub fn free_names(function: &crate::syntax::ast::Function, use_name: &mut dyn FnMut(&Name)) {
    names_of(&function.body, &mut BTreeSet::new(), use_name);
}

fn names_of(body: &[Stmt], hidden: &mut BTreeSet<Name>, use_name: &mut dyn FnMut(&Name)) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Global(names) | StmtKind::Nonlocal(names) => names.iter().for_each(|name| use_name(&name.text)),
            _ => {}
        }
        for_each_expr(stmt, &mut |expr| names_in(expr, hidden, use_name));
        for_each_body(stmt, &mut |body| names_of(body, hidden, use_name));
    }
}

fn names_in(expr: &Expr, hidden: &mut BTreeSet<Name>, use_name: &mut dyn FnMut(&Name)) {
    if let ExprKind::Name(name) = &expr.kind
        && !hidden.contains(name)
    {
        use_name(name);
    }
    let clauses: &[Clause] = match &expr.kind {
        ExprKind::Comprehension { clauses, .. } | ExprKind::DictComprehension { clauses, .. } => clauses,
        _ => &[],
    };
    let mut targets = BTreeSet::new();
    clauses.iter().for_each(|clause| target_names(&clause.target, &mut targets));
    targets.retain(|name| hidden.insert(name.clone()));
    for_each_child(expr, &mut |child| names_in(child, hidden, use_name));
    for name in &targets {
        hidden.remove(name);
    }
}

/// The variables of comprehensions that lambdas in them can see. A lambda that is an argument is called at once, while
/// they are what they were when it was made; one that is kept would see their last values, so it sees none.
pub fn comprehension_targets(body: &[Stmt]) -> BTreeMap<FunctionId, BTreeSet<Name>> {
    fn of_expr(expr: &Expr, argument: bool, hidden: &BTreeSet<Name>, found: &mut BTreeMap<FunctionId, BTreeSet<Name>>) {
        if let (ExprKind::Lambda(id), true) = (&expr.kind, argument) {
            found.insert(*id, hidden.clone());
        }
        let mut all = hidden.clone();
        if let ExprKind::Comprehension { clauses, .. } | ExprKind::DictComprehension { clauses, .. } = &expr.kind {
            clauses.iter().for_each(|clause| target_names(&clause.target, &mut all));
        }
        let is_call = matches!(expr.kind, ExprKind::Call { .. });
        for_each_child(expr, &mut |child| of_expr(child, is_call, &all, found));
    }
    let mut found = BTreeMap::new();
    for stmt in body {
        for_each_expr(stmt, &mut |expr| of_expr(expr, false, &BTreeSet::new(), &mut found));
        for_each_body(stmt, &mut |body| found.extend(comprehension_targets(body)));
    }
    found.retain(|_, names| !names.is_empty());
    found
}

/// Calls `visit` with the statement lists inside a statement (not those of functions).
pub fn for_each_body<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(&'a [Stmt])) {
    match &stmt.kind {
        StmtKind::If { body, orelse, .. }
        | StmtKind::While { body, orelse, .. }
        | StmtKind::For { body, orelse, .. } => {
            visit(body);
            visit(orelse);
        }
        StmtKind::Match { cases, .. } => cases.iter().for_each(|case| visit(&case.body)),
        StmtKind::Try { body, handlers, orelse, finalbody } => {
            visit(body);
            handlers.iter().for_each(|handler| visit(&handler.body));
            visit(orelse);
            visit(finalbody);
        }
        _ => {}
    }
}

/// Calls `visit` with the expressions of a statement itself, not those of its inner blocks.
pub fn for_each_expr<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(&'a Expr)) {
    match &stmt.kind {
        StmtKind::Expr(value) => visit(value),
        StmtKind::Assign { targets, value } => {
            visit(value);
            targets.iter().for_each(visit);
        }
        StmtKind::AugAssign { target, value, .. } => {
            visit(target);
            visit(value);
        }
        StmtKind::AnnAssign { target, value, .. } => {
            visit(target);
            value.iter().for_each(visit);
        }
        StmtKind::If { test, .. } | StmtKind::While { test, .. } => visit(test),
        StmtKind::For { target, iter, .. } => {
            visit(target);
            visit(iter);
        }
        StmtKind::Match { subject, cases } => {
            visit(subject);
            for case in cases {
                for_each_pattern_expr(&case.pattern, visit);
                case.guard.iter().for_each(&mut *visit);
            }
        }
        StmtKind::Try { handlers, .. } => handlers.iter().filter_map(|handler| handler.class.as_ref()).for_each(visit),
        StmtKind::Return(value) => value.iter().for_each(visit),
        StmtKind::Raise { exception, cause } => exception.iter().chain(cause).for_each(visit),
        StmtKind::Assert { test, message } => {
            visit(test);
            message.iter().for_each(visit);
        }
        StmtKind::Delete(targets) => targets.iter().for_each(visit),
        StmtKind::Function(_)
        | StmtKind::Global(_)
        | StmtKind::Nonlocal(_)
        | StmtKind::Import(_)
        | StmtKind::ImportFrom { .. }
        | StmtKind::ExceptionClass { .. }
        | StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue => {}
    }
}

fn for_each_pattern_expr<'a>(pattern: &'a Pattern, visit: &mut dyn FnMut(&'a Expr)) {
    match &pattern.kind {
        PatternKind::Value(value) | PatternKind::Singleton(value) => visit(value),
        PatternKind::Capture { pattern, .. } => {
            if let Some(pattern) = pattern {
                for_each_pattern_expr(pattern, visit);
            }
        }
        PatternKind::Or(patterns) | PatternKind::Sequence(patterns) => {
            patterns.iter().for_each(|pattern| for_each_pattern_expr(pattern, visit));
        }
        PatternKind::Class { class, patterns } => {
            visit(class);
            patterns.iter().for_each(|pattern| for_each_pattern_expr(pattern, visit));
        }
        PatternKind::Star(_) | PatternKind::Wildcard => {}
    }
}

/// Calls `visit` with the direct parts of an expression.
pub fn for_each_child<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::Name(_)
        | ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Imaginary(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_)
        | ExprKind::Ellipsis
        | ExprKind::Lambda(_) => {}
        ExprKind::FString(parts) => fstring_children(parts, visit),
        ExprKind::List(items)
        | ExprKind::Tuple(items)
        | ExprKind::Set(items)
        | ExprKind::And(items)
        | ExprKind::Or(items) => {
            items.iter().for_each(visit);
        }
        ExprKind::Dict(items) => {
            for (key, value) in items {
                key.iter().for_each(&mut *visit);
                visit(value);
            }
        }
        ExprKind::Comprehension { element, clauses, .. } => {
            clause_children(clauses, visit);
            visit(element);
        }
        ExprKind::DictComprehension { key, value, clauses } => {
            clause_children(clauses, visit);
            visit(key);
            visit(value);
        }
        ExprKind::Unary { operand, .. } => visit(operand),
        ExprKind::Binary { left, right, .. } => {
            visit(left);
            visit(right);
        }
        ExprKind::Compare { left, rest } => {
            visit(left);
            rest.iter().for_each(|(_, right)| visit(right));
        }
        ExprKind::If { test, body, orelse } => {
            visit(test);
            visit(body);
            visit(orelse);
        }
        ExprKind::Call { function, args, keywords } => {
            visit(function);
            args.iter().for_each(&mut *visit);
            keywords.iter().for_each(|keyword| visit(&keyword.value));
        }
        ExprKind::Attribute { value, .. } => visit(value),
        ExprKind::Subscript { value, index } => {
            visit(value);
            visit(index);
        }
        ExprKind::Slice { lower, upper, step } => {
            [lower, upper, step].into_iter().flatten().for_each(|part| visit(part));
        }
        ExprKind::Starred(value) | ExprKind::Walrus { value, .. } => visit(value),
    }
}

fn clause_children<'a>(clauses: &'a [Clause], visit: &mut dyn FnMut(&'a Expr)) {
    for clause in clauses {
        visit(&clause.iter);
        visit(&clause.target);
        clause.conditions.iter().for_each(&mut *visit);
    }
}

fn fstring_children<'a>(parts: &'a [FStringPart], visit: &mut dyn FnMut(&'a Expr)) {
    for part in parts {
        match part {
            FStringPart::Text(_) => {}
            FStringPart::Value { value, spec, .. } => {
                visit(value);
                fstring_children(spec, visit);
            }
        }
    }
}

/// Whether a default can be written out at each call: its value cannot change. `fixed` knows the names that cannot.
pub fn is_constant(expr: &Expr, fixed: &dyn Fn(&Name) -> bool) -> bool {
    let all = |items: &[Expr]| items.iter().all(|item| is_constant(item, fixed));
    match &expr.kind {
        ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Imaginary(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_)
        | ExprKind::Lambda(_) => true,
        ExprKind::Name(name) => fixed(name),
        ExprKind::Unary { operand, .. } => is_constant(operand, fixed),
        ExprKind::Binary { left, right, .. } => is_constant(left, fixed) && is_constant(right, fixed),
        ExprKind::Tuple(items) => all(items),
        ExprKind::Attribute { value, .. } => is_constant(value, fixed),
        ExprKind::Call { function, args, .. } => {
            matches!(&function.kind, ExprKind::Name(name) if matches!(&**name, "float" | "int")) && all(args)
        }
        _ => false,
    }
}

/// Whether the default of a parameter is made when `def` runs.
fn makes_default(param: &Param) -> bool {
    param.default.as_ref().is_some_and(|default| !is_constant(default, &|_| false))
}

/// Whether the value of a nested function is made when `def` runs.
fn is_made(function: &crate::syntax::ast::Function, module: Option<Id<Module>>, names: &Names) -> bool {
    function.params.iter().any(makes_default)
        || function
            .decorators
            .iter()
            .any(|decorator| module.is_some_and(|module| super::declaration::wraps(decorator, module, names)))
}

/// The name under which a nested function captures the default of a parameter; no Python name looks like it.
pub fn default_capture(param: &Param) -> Name {
    format!("{}=", param.name.text).into()
}
