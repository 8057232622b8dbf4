//! Statements. In: `ast::Stmt`. Out: `hir::Stmt`s, and the environment after them.

use super::environment::{Env, Name, Variable, is_same_value};
use super::function::{Body, Construct, Guarded, Shape, Target, TargetKind};
use super::hir::{Expr, ExprKind, Local, Stmt, StmtKind};
use super::narrow::Condition;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Binding, Definition};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;
use std::collections::BTreeMap;

impl Body<'_, '_> {
    /// A list of statements. What follows a `return` and the like is not looked at: it has no types.
    pub(super) fn statements(&mut self, body: &[ast::Stmt], out: &mut Vec<Stmt>) {
        for stmt in body {
            if self.env.dead {
                return;
            }
            if !self.enter(stmt.span) {
                return;
            }
            self.statement(stmt, out);
            self.inferer.level -= 1;
        }
    }

    fn statement(&mut self, stmt: &ast::Stmt, out: &mut Vec<Stmt>) {
        let span = stmt.span;
        match &stmt.kind {
            ast::StmtKind::Function(id) => self.nested_function(*id, span, out),
            ast::StmtKind::Expr(value) => self.expression_statement(value, span, out),
            ast::StmtKind::Assign { targets, value } => self.assignment(targets, value, span, out),
            ast::StmtKind::AugAssign { target, op, value } => self.augmented(target, *op, value, span, out),
            ast::StmtKind::AnnAssign { target, annotation, value } => {
                self.annotated(target, annotation, value.as_ref(), span, out);
            }
            ast::StmtKind::If { test, body, orelse } => self.if_statement(test, body, orelse, span, out),
            ast::StmtKind::While { test, body, orelse } => self.while_statement(test, body, orelse, span, out),
            ast::StmtKind::For { target, iter, body, orelse } => {
                self.for_statement(target, iter, body, orelse, span, out);
            }
            ast::StmtKind::Match { subject, cases } => self.match_statement(subject, cases, span, out),
            ast::StmtKind::Try { body, handlers, orelse, finalbody } => {
                self.try_statement(body, handlers, orelse, finalbody, span, out);
            }
            ast::StmtKind::Return(value) => self.return_statement(value.as_ref(), span, out),
            ast::StmtKind::Raise { exception, cause } => {
                self.raise_statement(exception.as_ref(), cause.as_ref(), span, out);
            }
            ast::StmtKind::Assert { test, message } => self.assert_statement(test, message.as_ref(), span, out),
            ast::StmtKind::Delete(targets) => targets.iter().for_each(|target| self.delete(target, out)),
            ast::StmtKind::Break => self.leave(TargetKind::Break, span, out),
            ast::StmtKind::Continue => self.leave(TargetKind::Continue, span, out),
            ast::StmtKind::Import(_) => self.run_imports(span, out),
            ast::StmtKind::ImportFrom { module, names, level } => {
                if let (Some(module), 0) = (module, level) {
                    names.iter().for_each(|alias| self.check_import(&module.text, &alias.name));
                }
                self.run_imports(span, out);
            }
            // Their names were resolved already.
            ast::StmtKind::Global(_)
            | ast::StmtKind::Nonlocal(_)
            | ast::StmtKind::ExceptionClass { .. }
            | ast::StmtKind::Pass => {}
        }
    }

    /// The first import of a module of the program runs its code; which one that is shows when the program runs.
    fn run_imports(&mut self, span: Span, out: &mut Vec<Stmt>) {
        for module in self.inferer.names.runs.get(&span).cloned().unwrap_or_default() {
            let Some(body) = self.inferer.module_bodies.get(&module).copied() else { continue };
            let ran = self.inferer.module_ran(module);
            let known = Expr::new(ExprKind::Global(ran), Type::Bool, span);
            let mark = Stmt { kind: StmtKind::AssignGlobal(ran, Expr::bool(true, span)), span };
            let run = Expr::new(ExprKind::Call(body, Vec::new()), Type::None, span);
            let otherwise = vec![mark, Stmt { kind: StmtKind::Expr(run), span }];
            out.push(Stmt { kind: StmtKind::If { test: known, then: Vec::new(), otherwise }, span });
        }
    }

    fn expression_statement(&mut self, value: &ast::Expr, span: Span, out: &mut Vec<Stmt>) {
        // A docstring, or `...` as a body.
        if matches!(value.kind, ast::ExprKind::Str(_) | ast::ExprKind::Ellipsis) {
            return;
        }
        let value = self.expr(value, None);
        if value.ty == Type::Never {
            self.env.dead = true;
        }
        if !value.is_simple() || self.env.dead {
            out.push(Stmt { kind: StmtKind::Expr(value), span });
        }
    }

    /// A `def` inside a function is a value only where it is used: `Binding::Nested` names it statically.
    fn nested_function(&mut self, id: ast::FunctionId, span: Span, out: &mut Vec<Stmt>) {
        let name = self.inferer.tree.functions[id].name.text.clone();
        let is_static = match self.module_level {
            Some(module) => {
                matches!(self.inferer.names.definition(module, &name), Some((_, Definition::Function(last))) if last == id)
            }
            None => self.binding(&name) == Binding::Nested(id),
        };
        self.keep_defaults(id, out);
        if is_static {
            return;
        }
        let mut value = self.function_value(id, span);
        for decorator in self.inferer.tree.functions[id].decorators.clone().iter().rev() {
            value = self.decorated(decorator, value);
        }
        let target = self.binding_name(&name);
        self.assign_name(target, value, span, out);
    }

    /// What a decorator makes of a function.
    fn decorated(&mut self, decorator: &ast::Expr, function: Expr) -> Expr {
        let module = self.frames[self.frame].module;
        let callee = match &decorator.kind {
            ast::ExprKind::Call { function, .. } => function,
            _ => decorator,
        };
        let path = self.inferer.dotted(callee, module).filter(|path| !path.starts_with("builtins."));
        match path {
            Some(path) if crate::resolve::declaration::is_cache(&path) => {
                self.library_call("functools_cached", vec![function], decorator.span)
            }
            // It changes the rules, or nothing.
            Some(_) => function,
            None => {
                let decorator_value = self.expr(decorator, None);
                self.call_value(decorator_value, vec![function], decorator.span)
            }
        }
    }

    /// Defaults that can change are made once, where the `def` stands, and kept in globals of their own.
    fn keep_defaults(&mut self, id: ast::FunctionId, out: &mut Vec<Stmt>) {
        let Some(module) = self.module_level else { return };
        let function = self.inferer.tree.functions[id].clone();
        for param in &function.params {
            let Some(default) = param.default.as_ref().filter(|default| !self.is_constant(module, default)) else {
                continue;
            };
            let declared = param.annotation.as_ref().and_then(|annotation| self.param_type(id, annotation));
            let value = self.expr(default, declared.as_ref());
            let name = super::argument::default_name(&function, param);
            self.assign_global((module, name), value, default.span, out);
        }
    }

    fn return_statement(&mut self, value: Option<&ast::Expr>, span: Span, out: &mut Vec<Stmt>) {
        let expected = self.declared_returns.clone();
        let value = match value {
            Some(value) => self.expr(value, expected.as_ref()),
            None => Expr::none(span),
        };
        self.return_value(value, span, out);
    }

    /// `return value`.
    pub(super) fn return_value(&mut self, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let value = match self.declared_returns.clone() {
            Some(declared) => self.fit(value, &declared, "the result"),
            None => value,
        };
        self.returned.push((value.ty.clone(), value.span));
        let value = match self.learnt.returns.clone() {
            Some(ty) => {
                self.note_meeting("the result", &value.ty.clone(), &ty, &ty, value.span);
                self.convert_value(value, &ty)
            }
            None => value,
        };
        out.push(Stmt { kind: StmtKind::Return(value), span });
        self.env.dead = true;
    }

    fn if_statement(
        &mut self,
        test: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let condition = self.condition(test);
        self.branch(condition, span, out, &mut |this, out| this.statements(body, out), &mut |this, out| {
            this.statements(orelse, out);
        });
    }

    /// Two ways to go on. Where the test is decided by types, only one of them exists.
    pub(super) fn branch(
        &mut self,
        condition: Condition,
        span: Span,
        out: &mut Vec<Stmt>,
        then: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
        otherwise: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
    ) {
        if let ExprKind::Bool(decided) = condition.test.kind {
            if decided {
                then(self, out);
            } else {
                otherwise(self, out);
            }
            return;
        }
        let before = self.env.clone();
        self.nesting += 1;
        self.narrow(&condition.if_true);
        let mut then_out = Vec::new();
        then(self, &mut then_out);
        let after_then = std::mem::replace(&mut self.env, before);
        self.narrow(&condition.if_false);
        let mut else_out = Vec::new();
        otherwise(self, &mut else_out);
        self.nesting -= 1;
        let after_else = std::mem::take(&mut self.env);
        self.env = self.join(after_then, &mut then_out, after_else, &mut else_out, span);
        out.push(Stmt { kind: StmtKind::If { test: condition.test, then: then_out, otherwise: else_out }, span });
    }

    fn while_statement(
        &mut self,
        test: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        self.block(TargetKind::Break, span, out, &mut |this, out| {
            let exit = this.targets.len() - 1;
            this.looping(span, out, &mut |this, out| {
                let condition = this.condition(test);
                this.branch(condition, span, out, &mut |_, _| {}, &mut |this, out| {
                    this.statements(orelse, out);
                    this.go(exit, span, out);
                });
                if !this.env.dead {
                    this.block(TargetKind::Continue, span, out, &mut |this, out| this.statements(body, out));
                }
            });
            // Only `go` leaves the loop.
            this.env.dead = true;
        });
    }

    fn for_statement(
        &mut self,
        target: &ast::Expr,
        iter: &ast::Expr,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let source = self.iterable(iter);
        self.block(TargetKind::Break, span, out, &mut |this, out| {
            this.for_each(source.clone(), iter.span, out, &mut |this, item, out| {
                this.block(TargetKind::Continue, span, out, &mut |this, out| {
                    this.assign_target(target, item.clone(), out);
                    this.statements(body, out);
                });
            });
            this.statements(orelse, out);
        });
    }

    /// Statements that can be left early: a labelled block whose ways out join.
    pub(super) fn block(
        &mut self,
        kind: TargetKind,
        span: Span,
        out: &mut Vec<Stmt>,
        fill: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
    ) {
        let construct = self.construct(span);
        let label = self.label();
        self.targets.push(Target { label, kind, arrived: Vec::new(), construct });
        let mut body = Vec::new();
        self.nesting += 1;
        fill(self, &mut body);
        self.nesting -= 1;
        let at = self.targets.len() - 1;
        if !self.env.dead {
            self.arrive(at, span, &mut body);
        }
        let Some(target) = self.targets.pop() else { unreachable!("it was pushed above, and `fill` pops its own") };
        self.env = self.settle(target.construct, target.arrived, span);
        out.push(Stmt { kind: StmtKind::Block { label, body }, span });
    }

    /// Control reaches the end of a target: its variables take the shape that earlier walks learnt.
    fn arrive(&mut self, at: usize, span: Span, out: &mut Vec<Stmt>) {
        let shape = self.learnt.shapes.get(&self.targets[at].construct).cloned().unwrap_or_default();
        let mut env = self.env.clone();
        for (name, shape) in shape {
            let local = self.local_for(&name, &shape.ty);
            self.convert_variable(&mut env, out, &name, local, span);
        }
        self.targets[at].arrived.push(env);
        self.env.dead = true;
    }

    /// The environment after a target; where ways that arrive differ in shape, the next walk will know.
    fn settle(&mut self, construct: Construct, arrived: Vec<Env>, span: Span) -> Env {
        let mut ways = arrived.into_iter();
        let Some(mut all) = ways.next() else { return Env { dead: true, ..Env::default() } };
        for way in ways {
            let names: Vec<Name> =
                all.vars.keys().chain(way.vars.keys().filter(|name| !all.vars.contains_key(*name))).cloned().collect();
            for name in names {
                let variable = match (all.vars.get(&name).cloned(), way.vars.get(&name).cloned()) {
                    (Some(a), Some(b)) => {
                        let local = if a.local == b.local {
                            a.local
                        } else {
                            let (s, t) = (self.shown_type(&a), self.shown_type(&b));
                            let ty = self.join_variable(&name, &s, &t, span);
                            self.home(construct, &name, &ty)
                        };
                        Variable {
                            local,
                            maybe_unbound: a.maybe_unbound || b.maybe_unbound,
                            narrowed: a.narrowed.filter(|narrowed| a.local == b.local && b.narrowed == Some(*narrowed)),
                        }
                    }
                    (Some(one), None) | (None, Some(one)) => Variable { maybe_unbound: true, ..one },
                    (None, None) => continue,
                };
                all.vars.insert(name, variable);
            }
        }
        all
    }

    /// The local a variable has from now on at a construct. A new one means that this walk was in vain.
    fn home(&mut self, construct: Construct, name: &Name, ty: &Type) -> Id<Local> {
        let ty = self.unify.resolve(ty);
        let shapes = self.learnt.shapes.entry(construct).or_default();
        let maybe_unbound = shapes.get(name).is_some_and(|known| known.maybe_unbound);
        let shape = Shape { ty: ty.clone(), maybe_unbound };
        if shapes.get(name) != Some(&shape) {
            shapes.insert(name.clone(), shape);
            self.again = true;
        }
        self.local_for(name, &ty)
    }

    /// Leaves to target number `at`.
    pub(super) fn go(&mut self, at: usize, span: Span, out: &mut Vec<Stmt>) {
        if self.env.dead {
            return;
        }
        self.arrive(at, span, out);
        out.push(Stmt { kind: StmtKind::Break(self.targets[at].label), span });
    }

    /// `break` or `continue`: `syntax` made sure that there is a loop.
    fn leave(&mut self, kind: TargetKind, span: Span, out: &mut Vec<Stmt>) {
        match self.targets.iter().rposition(|target| target.kind == kind) {
            Some(at) => self.go(at, span, out),
            None => unreachable!("syntax refuses break and continue outside of loops"),
        }
    }

    /// Runs `fill` again and again. Afterwards the environment is the one at the head of the loop: whoever leaves
    /// the loop on a condition that stands at its head goes on from there.
    pub(super) fn looping(&mut self, span: Span, out: &mut Vec<Stmt>, fill: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>)) {
        let construct = self.construct(span);
        let shape = self.learnt.shapes.get(&construct).cloned().unwrap_or_default();
        let mut entry = std::mem::take(&mut self.env);
        for (name, shape) in &shape {
            let local = self.local_for(name, &shape.ty);
            if let Some(before) = entry.vars.get(name).map(|known| self.local_type(known.local)) {
                self.note_variable_meeting(&name.1, &before, &shape.ty, &shape.ty, span);
            }
            self.convert_variable(&mut entry, out, name, local, span);
            // A shape is learnt where the way back knows less, or other: nothing was shown of the variable there.
            let variable =
                entry.vars.entry(name.clone()).or_insert(Variable { local, maybe_unbound: true, narrowed: None });
            variable.maybe_unbound |= shape.maybe_unbound;
            variable.narrowed = None;
        }
        self.env = entry.clone();
        let label = self.label();
        let mut body = Vec::new();
        self.nesting += 1;
        fill(self, &mut body);
        self.nesting -= 1;
        let back = std::mem::take(&mut self.env);
        if !back.dead {
            let mut converted = back.clone();
            for (name, variable) in &entry.vars {
                if let Some(after) = back.vars.get(name)
                    && after.local != variable.local
                {
                    let (s, t) = (self.shown_type(variable), self.shown_type(after));
                    let ty = self.join_variable(name, &s, &t, span);
                    let local = self.home(construct, name, &ty);
                    self.convert_variable(&mut converted, &mut body, name, local, span);
                }
            }
            self.learn_head(construct, &entry, &converted);
            // What the body alone assigns may be bound afterwards.
            for (name, variable) in converted.vars {
                entry.vars.entry(name).or_insert(Variable { maybe_unbound: true, ..variable });
            }
        }
        out.push(Stmt { kind: StmtKind::Loop { label, body }, span });
        self.env = entry;
    }

    /// Notes what the way back to the head of a loop says of variables that the way in did not.
    fn learn_head(&mut self, construct: Construct, entry: &Env, back: &Env) {
        for (name, variable) in &back.vars {
            let new = match entry.vars.get(name) {
                Some(known) => {
                    let unbound = variable.maybe_unbound && !known.maybe_unbound;
                    let narrowed = known.narrowed.is_some() && variable.narrowed != known.narrowed;
                    unbound || narrowed
                }
                None => self.learnt.unbound_reads.contains(name),
            };
            if new {
                let local = entry.vars.get(name).map_or(variable.local, |known| known.local);
                let learnt = Shape { ty: self.local_type(local), maybe_unbound: variable.maybe_unbound };
                self.learnt.shapes.entry(construct).or_default().insert(name.clone(), learnt);
                self.again = true;
            }
        }
    }

    fn raise_statement(
        &mut self,
        exception: Option<&ast::Expr>,
        cause: Option<&ast::Expr>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let value = match exception {
            Some(exception) => self.exception_value(exception),
            None => match self.handled.last() {
                Some(local) => Expr::local(*local, Type::Exception, span),
                None => self.library_call("no_active_exception", Vec::new(), span),
            },
        };
        let value = match cause {
            Some(cause) => {
                let cause = match &cause.kind {
                    ast::ExprKind::None => Expr::none(cause.span),
                    _ => self.exception_value(cause),
                };
                self.library_call("exception_with_cause", vec![value, cause], span)
            }
            None => value,
        };
        out.push(Stmt { kind: StmtKind::Raise(value), span });
        self.env.dead = true;
    }

    /// What stands behind `raise`: an exception, or a class of which one is made.
    fn exception_value(&mut self, exception: &ast::Expr) -> Expr {
        let value = self.expr(exception, None);
        match &value.ty {
            Type::Exception | Type::Poison | Type::Never => value,
            Type::Static(class) => match self.exception_class(class) {
                Some(number) => self.new_exception(number, Vec::new(), exception.span),
                None => self.error(
                    Diagnostic::new(Code::TypeMismatch, exception.span, "exceptions must derive from BaseException")
                        .help("raise an exception, such as `ValueError(\"what is wrong\")`"),
                ),
            },
            other => {
                let text = format!("`{other}` is not an exception");
                self.error(
                    Diagnostic::new(Code::TypeMismatch, exception.span, text)
                        .help("raise an exception, such as `ValueError(\"what is wrong\")`"),
                )
            }
        }
    }

    fn assert_statement(&mut self, test: &ast::Expr, message: Option<&ast::Expr>, span: Span, out: &mut Vec<Stmt>) {
        let condition = self.condition(test);
        self.branch(condition, span, out, &mut |_, _| {}, &mut |this, out| {
            let args = message.map(|message| this.expr(message, None)).into_iter().collect();
            let exception = this.builtin_exception("AssertionError", args, span);
            out.push(Stmt { kind: StmtKind::Raise(exception), span });
            this.env.dead = true;
        });
    }

    fn try_statement(
        &mut self,
        body: &[ast::Stmt],
        handlers: &[ast::Handler],
        orelse: &[ast::Stmt],
        finalbody: &[ast::Stmt],
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        if finalbody.is_empty() {
            self.handlers(body, handlers, orelse, span, out);
            return;
        }
        self.begin_guarded(span, out);
        let before = self.env.clone();
        let mut inner = Vec::new();
        self.nesting += 1;
        self.handlers(body, handlers, orelse, span, &mut inner);
        let after = std::mem::take(&mut self.env);
        // `finally` also runs where the body stopped half-way.
        self.env = self.end_guarded(&before, &after);
        let mut finally = Vec::new();
        self.statements(finalbody, &mut finally);
        self.nesting -= 1;
        let dead = self.env.dead || after.dead;
        let assigned = std::mem::take(&mut self.env);
        self.env = after;
        for (name, variable) in assigned.vars {
            // What `finally` assigned is bound now; of the rest the body's end knows more.
            if self.env.vars.get(&name).is_none_or(|known| known.local != variable.local) && !variable.maybe_unbound {
                self.env.vars.insert(name, variable);
            }
        }
        self.env.dead = dead;
        out.push(Stmt { kind: StmtKind::Finally { body: inner, finally }, span });
    }

    /// Begins a body that may stop anywhere: variables that change their type inside have from the start the one that
    /// earlier walks learnt, and keep it.
    fn begin_guarded(&mut self, span: Span, out: &mut Vec<Stmt>) {
        let construct = self.construct(span);
        let shape = self.learnt.shapes.get(&construct).cloned().unwrap_or_default();
        let mut env = std::mem::take(&mut self.env);
        for (name, shape) in &shape {
            let local = self.local_for(name, &shape.ty);
            self.convert_variable(&mut env, out, name, local, span);
        }
        self.env = env;
        let kept = shape.into_iter().map(|(name, shape)| (name, shape.ty)).collect();
        self.guarded.push(Guarded { construct, kept, seen: BTreeMap::new() });
    }

    /// What is known where the body that was begun last may have stopped anywhere between two points.
    fn end_guarded(&mut self, before: &Env, after: &Env) -> Env {
        let Some(Guarded { construct, seen, .. }) = self.guarded.pop() else { unreachable!("the body was begun") };
        let mut env = before.clone();
        env.dead = false;
        for (name, variable) in &after.vars {
            match env.vars.get_mut(name) {
                None => {
                    env.vars.insert(name.clone(), Variable { maybe_unbound: true, ..variable.clone() });
                }
                Some(known) if known.local == variable.local => {
                    known.maybe_unbound |= variable.maybe_unbound;
                    known.narrowed = known.narrowed.filter(|narrowed| variable.narrowed == Some(*narrowed));
                }
                Some(known) => known.maybe_unbound |= variable.maybe_unbound,
            }
        }
        for (name, locals) in seen {
            // Variables of comprehensions inside are gone.
            if !env.vars.contains_key(&name) {
                continue;
            }
            let before = before.vars.get(&name).map(|known| known.local);
            let locals: Vec<_> =
                before.into_iter().chain(locals.into_iter().filter(|it| Some(*it) != before)).collect();
            let local = match locals[..] {
                [local] => local,
                // It changed its type inside: which one holds is not known, unless one holds for all.
                _ => self.one_home(construct, &name, &locals),
            };
            let maybe_unbound = env.vars.get(&name).is_none_or(|known| known.maybe_unbound);
            let poisoned = self.local_type(local) == Type::Poison;
            let variable = Variable { local, maybe_unbound: maybe_unbound && !poisoned, narrowed: None };
            env.vars.insert(name, variable);
        }
        env
    }

    /// Where a variable is that was in all of these locals inside of a body that may stop anywhere.
    fn one_home(&mut self, construct: Construct, name: &Name, locals: &[Id<Local>]) -> Id<Local> {
        let types: Vec<_> = locals.iter().map(|local| self.local_type(*local)).collect();
        let rules = self.rules();
        let mut all = types.iter();
        let first = all.next().cloned().unwrap_or(Type::Poison);
        let joined = all.try_fold(first, |joined, ty| self.unify.join(&joined, ty, rules));
        let known = self.learnt.shapes.get(&construct).and_then(|shape| shape.get(name));
        let is_new = |ty: &Type| known.is_none_or(|shape| shape.ty != *ty);
        match joined {
            // The next walk knows it from the start.
            Some(joined) if types.iter().all(|ty| is_same_value(ty, &joined)) && is_new(&joined) => {
                self.home(construct, name, &joined)
            }
            Some(_) | None => {
                self.conflict(name, &types[0], &types[1]);
                self.local_for(name, &Type::Poison)
            }
        }
    }

    fn handlers(
        &mut self,
        body: &[ast::Stmt],
        handlers: &[ast::Handler],
        orelse: &[ast::Stmt],
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        if handlers.is_empty() {
            self.statements(body, out);
            return;
        }
        // `else` must not be guarded by the handlers: they end by leaving this block instead.
        self.block(TargetKind::Internal, span, out, &mut |this, out| {
            let exit = this.targets.len() - 1;
            this.begin_guarded(span, out);
            let before = this.env.clone();
            let exception = this.local("", Type::Exception);
            let mut inner = Vec::new();
            this.statements(body, &mut inner);
            let after = std::mem::take(&mut this.env);
            this.env = this.end_guarded(&before, &after);
            let mut handler_out = Vec::new();
            this.handled.push(exception);
            for handler in handlers {
                this.handler(handler, exception, exit, &mut handler_out);
                if this.env.dead {
                    break;
                }
            }
            if !this.env.dead {
                let again = Expr::local(exception, Type::Exception, span);
                handler_out.push(Stmt { kind: StmtKind::Raise(again), span });
            }
            this.handled.pop();
            out.push(Stmt { kind: StmtKind::Try { body: inner, exception, handler: handler_out }, span });
            this.env = after;
            this.statements(orelse, out);
        });
    }

    fn handler(&mut self, handler: &ast::Handler, exception: Id<Local>, exit: usize, out: &mut Vec<Stmt>) {
        let span = handler.span;
        let test = match &handler.class {
            None => Expr::bool(true, span),
            Some(class) => self.matches_class(class, exception),
        };
        let condition = Condition::plain(test);
        self.branch(
            condition,
            span,
            out,
            &mut |this, out| {
                let target = handler.name.as_ref().map(|name| this.binding_name(&name.text));
                if let Some(target) = &target {
                    let value = Expr::local(exception, Type::Exception, span);
                    this.assign_name(target.clone(), value, span, out);
                }
                this.statements(&handler.body, out);
                if this.env.dead {
                    return;
                }
                if let Some(variable) = target.and_then(|target| this.env.vars.remove(&target)) {
                    out.push(Stmt { kind: StmtKind::Unbind(variable.local), span });
                }
                this.go(exit, span, out);
            },
            &mut |_, _| {},
        );
    }

    /// Whether the exception is of the class, or one of the classes, that stand behind `except`.
    fn matches_class(&mut self, class: &ast::Expr, exception: Id<Local>) -> Expr {
        let span = class.span;
        let classes = match &class.kind {
            ast::ExprKind::Tuple(classes) => classes.as_slice(),
            _ => std::slice::from_ref(class),
        };
        let mut test = Expr::bool(false, span);
        for class in classes.iter().rev() {
            let value = self.expr(class, None);
            let number = match &value.ty {
                Type::Static(name) => self.exception_class(name),
                _ => None,
            };
            let Some(number) = number else {
                if value.ty != Type::Poison {
                    let text = "catching classes that do not inherit from BaseException is not allowed";
                    self.error(Diagnostic::new(Code::TypeMismatch, class.span, text));
                }
                continue;
            };
            let first = self.is_exception_of(exception, number, class.span);
            if let ExprKind::Bool(true) = first.kind {
                return first;
            }
            test = if let ExprKind::Bool(false) = test.kind {
                first
            } else {
                let kind = ExprKind::If {
                    test: Box::new(first),
                    then: Box::new(Expr::bool(true, span)),
                    otherwise: Box::new(test),
                };
                Expr::new(kind, Type::Bool, span)
            };
        }
        test
    }
}
