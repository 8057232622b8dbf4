//! What is written at an address. In: `Checked`, an address. Out: `Place`.

use crate::Checked;
use crate::arena::Id;
use crate::resolve::scope::{bound_names, for_each_body, for_each_child, for_each_expr};
use crate::resolve::{Binding, Definition, Module};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, FunctionId, Ident, Pattern, PatternKind, Stmt, StmtKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is written somewhere, and in which function.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) span: Span,
    pub(super) what: What<'a>,
    pub(super) function: Option<FunctionId>,
    pub(super) module: Id<Module>,
}

#[derive(Debug)]
pub(super) enum What<'a> {
    /// The name of a `def`.
    Function(FunctionId),
    /// The name of a parameter.
    Param(Arc<str>),
    /// A name that is read.
    Name(Arc<str>),
    /// A name that is set.
    Target(Arc<str>),
    /// The name behind a dot, and what stands before it.
    Attribute(&'a Expr, &'a Ident),
    /// A library, or what is imported from it: its dotted name.
    Import(String),
    /// Anything else that has a value.
    Expression,
}

/// Editors ask with the cursor before, in or behind a word.
fn touches(span: Span, at: u32) -> bool {
    span.start <= at && at <= span.end
}

/// The smallest thing at an address that has a meaning of its own.
pub(super) fn find(checked: &Checked, at: u32) -> Option<Place<'_>> {
    for module in &checked.names.order {
        let mut finder = Finder { checked, at, module: *module, best: None };
        finder.body(&checked.names.modules[*module].body, None);
        if finder.best.is_some() {
            return finder.best;
        }
    }
    None
}

/// The function that an address lies in; with it the module.
pub(super) fn scope(checked: &Checked, at: u32) -> Option<(Id<Module>, Option<FunctionId>)> {
    let file = checked.sources.file(checked.sources.file_of(Span::new(at, at))).span();
    let module = checked.names.order.iter().copied().find(|module| {
        let body = &checked.names.modules[*module].body;
        body.first().is_some_and(|stmt| touches(file, stmt.span.start))
    })?;
    let within = checked
        .names
        .scopes
        .iter()
        .filter(|(id, scope)| scope.module == Some(module) && touches(checked.tree.functions[*id].span, at));
    // Nested functions are the smaller ones.
    let size = |id: FunctionId| checked.tree.functions[id].span.end - checked.tree.functions[id].span.start;
    Some((module, within.map(|(id, _)| id).min_by_key(|id| size(*id))))
}

struct Finder<'a> {
    checked: &'a Checked,
    at: u32,
    module: Id<Module>,
    best: Option<Place<'a>>,
}

impl<'a> Finder<'a> {
    fn offer(&mut self, span: Span, function: Option<FunctionId>, what: What<'a>) {
        let size = |span: Span| span.end - span.start;
        let better = self.best.as_ref().is_none_or(|best| size(span) < size(best.span));
        if touches(span, self.at) && better {
            self.best = Some(Place { span, what, function, module: self.module });
        }
    }

    fn body(&mut self, body: &'a [Stmt], function: Option<FunctionId>) {
        for stmt in body {
            if !touches(stmt.span, self.at) && !matches!(stmt.kind, StmtKind::Function(_)) {
                continue;
            }
            match &stmt.kind {
                StmtKind::Function(id) => self.function(*id, function),
                StmtKind::Import(names) => {
                    for alias in names {
                        self.offer(alias.name.span, function, What::Import(alias.name.text.to_string()));
                        if let Some(name) = &alias.alias {
                            self.offer(name.span, function, What::Name(name.text.clone()));
                        }
                    }
                }
                StmtKind::ImportFrom { names, .. } => {
                    for alias in names {
                        let name = alias.alias.as_ref().unwrap_or(&alias.name);
                        self.offer(alias.name.span, function, What::Name(name.text.clone()));
                        self.offer(name.span, function, What::Name(name.text.clone()));
                    }
                }
                StmtKind::Try { handlers, .. } => {
                    for name in handlers.iter().filter_map(|handler| handler.name.as_ref()) {
                        self.offer(name.span, function, What::Target(name.text.clone()));
                    }
                }
                StmtKind::Match { cases, .. } => cases.iter().for_each(|case| self.pattern(&case.pattern, function)),
                StmtKind::Assign { targets, .. } => targets.iter().for_each(|target| self.target(target, function)),
                StmtKind::AnnAssign { target, .. }
                | StmtKind::AugAssign { target, .. }
                | StmtKind::For { target, .. } => {
                    self.target(target, function);
                }
                _ => {}
            }
            for_each_expr(stmt, &mut |expr| self.expr(expr, function));
            for_each_body(stmt, &mut |body| self.body(body, function));
        }
    }

    fn function(&mut self, id: FunctionId, outer: Option<FunctionId>) {
        let function = &self.checked.tree.functions[id];
        function.decorators.iter().for_each(|decorator| self.expr(decorator, outer));
        self.offer(function.name.span, outer, What::Function(id));
        for param in &function.params {
            self.offer(param.name.span, Some(id), What::Param(param.name.text.clone()));
            param.default.iter().for_each(|default| self.expr(default, outer));
        }
        self.body(&function.body, Some(id));
    }

    fn pattern(&mut self, pattern: &'a Pattern, function: Option<FunctionId>) {
        match &pattern.kind {
            PatternKind::Capture { pattern, name } => {
                self.offer(name.span, function, What::Target(name.text.clone()));
                pattern.iter().for_each(|pattern| self.pattern(pattern, function));
            }
            PatternKind::Or(patterns) | PatternKind::Sequence(patterns) | PatternKind::Class { patterns, .. } => {
                patterns.iter().for_each(|pattern| self.pattern(pattern, function));
            }
            PatternKind::Star(Some(name)) => self.offer(name.span, function, What::Target(name.text.clone())),
            PatternKind::Star(None) | PatternKind::Wildcard | PatternKind::Value(_) | PatternKind::Singleton(_) => {}
        }
    }

    /// The names that an assignment sets, before they are looked at as expressions.
    fn target(&mut self, target: &'a Expr, function: Option<FunctionId>) {
        match &target.kind {
            ExprKind::Name(name) => self.offer(target.span, function, What::Target(name.clone())),
            ExprKind::Tuple(items) | ExprKind::List(items) => {
                items.iter().for_each(|item| self.target(item, function));
            }
            ExprKind::Starred(item) => self.target(item, function),
            _ => {}
        }
    }

    fn expr(&mut self, expr: &'a Expr, function: Option<FunctionId>) {
        if let ExprKind::Lambda(id) = &expr.kind {
            return self.function(*id, function);
        }
        if touches(expr.span, self.at) {
            match &expr.kind {
                ExprKind::Name(name) => self.offer(expr.span, function, What::Name(name.clone())),
                ExprKind::Attribute { value, name } => self.offer(name.span, function, What::Attribute(value, name)),
                ExprKind::Walrus { name, .. } => self.offer(name.span, function, What::Target(name.text.clone())),
                _ => self.offer(expr.span, function, What::Expression),
            }
            let clauses = match &expr.kind {
                ExprKind::Comprehension { clauses, .. } | ExprKind::DictComprehension { clauses, .. } => &clauses[..],
                _ => &[],
            };
            clauses.iter().for_each(|clause| self.target(&clause.target, function));
        }
        for_each_child(expr, &mut |child| self.expr(child, function));
    }
}

/// Where a name is first bound, as Python finds it from the place where it is used.
pub(super) fn binding_span(checked: &Checked, place: &Place<'_>, name: &str) -> Option<Span> {
    let mut function = place.function;
    while let Some(id) = function {
        match checked.names.scopes.get(id).and_then(|scope| scope.names.get(name)) {
            Some(Binding::Local | Binding::Cell) => return first_binding(checked, id, name),
            Some(Binding::Nested(nested)) => return Some(checked.tree.functions[*nested].name.span),
            Some(Binding::Imported(Definition::Member(module, name))) => return module_span(checked, *module, name),
            Some(Binding::Imported(_)) => return first_binding(checked, id, name),
            Some(Binding::Module(module)) => return module_span(checked, *module, name),
            Some(Binding::Captured | Binding::CapturedCell | Binding::Builtin) | None => {}
        }
        function = checked.names.scopes.get(id).and_then(|scope| scope.parent);
    }
    module_span(checked, place.module, name)
}

/// Where a module defines a name, imports followed.
pub(super) fn module_span(checked: &Checked, module: Id<Module>, name: &str) -> Option<Span> {
    let (owner, name, definition) = checked.names.original(module, name)?;
    match definition {
        Definition::Function(id) => Some(checked.tree.functions[id].name.span),
        Definition::Module(id) => checked.names.modules[id].body.first().map(|stmt| stmt.span),
        Definition::Variable | Definition::Library(_) | Definition::Exception(_) | Definition::Member(..) => {
            first_in(checked, &checked.names.modules[owner].body, &name)
        }
    }
}

fn first_binding(checked: &Checked, id: FunctionId, name: &str) -> Option<Span> {
    let function = &checked.tree.functions[id];
    let param = function.params.iter().find(|param| &*param.name.text == name);
    param.map(|param| param.name.span).or_else(|| first_in(checked, &function.body, name))
}

/// The first place in these statements that binds a name.
fn first_in(checked: &Checked, body: &[Stmt], name: &str) -> Option<Span> {
    for stmt in body {
        let mut bound = BTreeSet::new();
        bound_names(std::slice::from_ref(stmt), &checked.tree, &mut bound);
        let import = match &stmt.kind {
            StmtKind::Import(names) | StmtKind::ImportFrom { names, .. } => names.iter().find_map(|alias| {
                let bound = alias.alias.as_ref().unwrap_or(&alias.name);
                let first = bound.text.split('.').next().unwrap_or(&bound.text);
                (first == name).then_some(bound.span)
            }),
            StmtKind::ExceptionClass { name: class, .. } if &*class.text == name => Some(class.span),
            StmtKind::Function(id) if &*checked.tree.functions[*id].name.text == name => {
                Some(checked.tree.functions[*id].name.span)
            }
            StmtKind::Try { handlers, .. } => {
                let names = handlers.iter().filter_map(|handler| handler.name.as_ref());
                names.into_iter().find(|bound| &*bound.text == name).map(|bound| bound.span)
            }
            _ => None,
        };
        if import.is_some() {
            return import;
        }
        if !bound.iter().any(|bound| &**bound == name) {
            continue;
        }
        let mut found = None;
        for_each_expr(stmt, &mut |expr| {
            names_written(expr, &mut |written, span| {
                // The value of an assignment is visited before its targets; the target is written first.
                if written == name && found.is_none_or(|before: Span| span.start < before.start) {
                    found = Some(span);
                }
            });
        });
        for_each_body(stmt, &mut |body| found = found.or_else(|| first_in(checked, body, name)));
        if found.is_some() {
            return found;
        }
        return Some(stmt.span);
    }
    None
}

fn names_written(expr: &Expr, visit: &mut dyn FnMut(&str, Span)) {
    match &expr.kind {
        ExprKind::Name(name) => visit(name, expr.span),
        ExprKind::Walrus { name, .. } => visit(&name.text, name.span),
        _ => {}
    }
    for_each_child(expr, &mut |child| names_written(child, visit));
}

/// An assignment that is the first to its variable.
pub(super) struct First<'a> {
    pub(super) place: Place<'a>,
    pub(super) name: Arc<str>,
    /// Whether the type can be read off: a number, a text, `[]` cannot.
    pub(super) is_plain_literal: bool,
}

/// The first assignment to each variable of the main file whose type is not written there.
pub(super) fn first_assignments(checked: &Checked) -> Vec<First<'_>> {
    let Some(main) = checked.names.order.last().copied() else { return Vec::new() };
    let mut found = Vec::new();
    first_in_body(main, &checked.names.modules[main].body, None, &mut BTreeSet::new(), &mut found);
    for (id, scope) in checked.names.scopes.iter() {
        if scope.module == Some(main) && !super::is_generated(checked, id) {
            let function = &checked.tree.functions[id];
            let mut seen: BTreeSet<_> = function.params.iter().map(|param| param.name.text.clone()).collect();
            first_in_body(main, &function.body, Some(id), &mut seen, &mut found);
        }
    }
    found
}

fn first_in_body<'a>(
    module: Id<Module>,
    body: &'a [Stmt],
    function: Option<FunctionId>,
    seen: &mut BTreeSet<Arc<str>>,
    found: &mut Vec<First<'a>>,
) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                let is_plain_literal = is_literal(value);
                for target in targets {
                    first_in_target(target, module, function, is_plain_literal, seen, found);
                }
            }
            StmtKind::For { target, .. } => first_in_target(target, module, function, false, seen, found),
            StmtKind::AnnAssign { target, .. } => {
                if let ExprKind::Name(name) = &target.kind {
                    seen.insert(name.clone());
                }
            }
            _ => {}
        }
        for_each_body(stmt, &mut |body| first_in_body(module, body, function, seen, found));
    }
}

fn first_in_target<'a>(
    target: &'a Expr,
    module: Id<Module>,
    function: Option<FunctionId>,
    is_plain_literal: bool,
    seen: &mut BTreeSet<Arc<str>>,
    found: &mut Vec<First<'a>>,
) {
    match &target.kind {
        ExprKind::Name(name) if seen.insert(name.clone()) => {
            let place = Place { span: target.span, what: What::Target(name.clone()), function, module };
            found.push(First { place, name: name.clone(), is_plain_literal });
        }
        ExprKind::Tuple(items) | ExprKind::List(items) => {
            items.iter().for_each(|item| first_in_target(item, module, function, false, seen, found));
        }
        ExprKind::Starred(item) => first_in_target(item, module, function, false, seen, found),
        _ => {}
    }
}

/// Whether everybody sees what type it has.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Imaginary(_)
        | ExprKind::Str(_)
        | ExprKind::Bytes(_)
        | ExprKind::FString(_)
        | ExprKind::Lambda(_)
        | ExprKind::None => true,
        ExprKind::Unary { operand, .. } => is_literal(operand),
        _ => false,
    }
}

/// The address of the colon that ends the head of a `def`.
pub(super) fn end_of_head(checked: &Checked, id: FunctionId) -> Option<u32> {
    let function = &checked.tree.functions[id];
    let first = function.body.first()?;
    let head = checked.sources.text(Span::new(function.name.span.end, first.span.start));
    // Comments may hold brackets and colons; what is left out of the count is no worse than no hint.
    let mut depth = 0;
    for (at, c) in head.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 && c == ')' {
                    return Some(function.name.span.end + at as u32 + 1);
                }
            }
            '#' | '"' | '\'' => return None,
            _ => {}
        }
    }
    None
}

/// The first line of a docstring.
pub(super) fn docstring(body: &[Stmt]) -> Option<String> {
    match &body.first()?.kind {
        StmtKind::Expr(Expr { kind: ExprKind::Str(text), .. }) => {
            Some(text.trim().lines().next().unwrap_or_default().trim().to_owned())
        }
        _ => None,
    }
}
