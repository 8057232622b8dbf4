//! Comprehensions and generator expressions. In: `ast::Clause`s. Out: blocks that fill a container; generator values.

use super::environment::Frame;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::{GeneratorSite, generator_type};
use crate::arena::Id;
use crate::resolve::{Binding, late, scope};
use crate::source::Span;
use crate::syntax::ast;
use crate::types::Type;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Body<'_, '_> {
    /// `[element for …]` or `{element for …}`.
    pub(super) fn comprehension(
        &mut self,
        set: bool,
        element: &ast::Expr,
        clauses: &[ast::Clause],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let method = if set { "set_add" } else { "list_append" };
        let container = if set { self.empty_set(expected, span) } else { self.empty_list(expected, span) };
        let item_type = match &container.ty {
            Type::List(item) | Type::Set(item) => (**item).clone(),
            other => other.clone(),
        };
        self.filled(container, clauses, span, &mut |this, container, out| {
            let expected = this.unify.resolve(&item_type);
            let item = this.expr(element, Some(&expected));
            let item = this.item_for(item, &container.ty.clone(), span);
            let add = this.library_call(method, vec![container, item], span);
            out.push(Stmt { kind: StmtKind::Expr(add), span });
        })
    }

    /// `{key: value for …}`.
    pub(super) fn dict_comprehension(
        &mut self,
        key: &ast::Expr,
        value: &ast::Expr,
        clauses: &[ast::Clause],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let container = self.empty_dict(expected, span);
        self.filled(container, clauses, span, &mut |this, container, out| {
            let mut inner = Vec::new();
            let key = this.expr(key, None);
            let key = this.keep(key, &mut inner);
            let value = this.expr(value, None);
            out.append(&mut inner);
            this.store_item(container, key, value, span, out);
        })
    }

    fn filled(
        &mut self,
        container: Expr,
        clauses: &[ast::Clause],
        span: Span,
        fill: &mut dyn FnMut(&mut Self, Expr, &mut Vec<Stmt>),
    ) -> Expr {
        let mut out = Vec::new();
        let ty = container.ty.clone();
        let local = self.temporary(container, &mut out);
        let outer = self.frame;
        // The first iterable is evaluated outside: `[x for x in x]`.
        let first = match clauses.first() {
            Some(clause) => self.iterable(&clause.iter),
            None => return Expr::poison(span),
        };
        if first.ty == Type::Never {
            return first;
        }
        self.frame = self.comprehension_frame(clauses);
        self.clauses(clauses, Some(first), span, &mut out, &mut |this, out| {
            let container = Expr::local(local, ty.clone(), span);
            fill(this, container, out);
        });
        self.frame = outer;
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    /// The name space of a comprehension: its targets are its own.
    pub(super) fn comprehension_frame(&mut self, clauses: &[ast::Clause]) -> Id<Frame> {
        let mut own = BTreeSet::new();
        clauses.iter().for_each(|clause| scope::target_names(&clause.target, &mut own));
        let parent = &self.frames[self.frame];
        let frame = Frame {
            parent: Some(self.frame),
            scope: parent.scope,
            module: parent.module,
            rules: parent.rules,
            own: Some(own.into_iter().collect()),
        };
        self.frames.push(frame)
    }

    /// `(element for …)`: its first iterable, evaluated now, and the variables it uses, as they are now.
    pub(super) fn generator(&mut self, element: &ast::Expr, clauses: &[ast::Clause], span: Span) -> Expr {
        let Some(clause) = clauses.first() else { return Expr::poison(span) };
        let first = self.iterable(&clause.iter);
        if first.ty == Type::Never {
            return first;
        }
        let mut used = late::read_late(element, clauses);
        // What a nested function needs that is called in it.
        for name in used.clone() {
            if let Binding::Nested(id) = self.binding(&name)
                && let Some(scope) = self.inferer.names.scopes.get(id)
            {
                used.extend(scope.captures.iter().map(|(name, _)| name.clone()));
            }
        }
        let mut own = BTreeSet::new();
        clauses.iter().for_each(|clause| scope::target_names(&clause.target, &mut own));
        let mut captures = Vec::new();
        let mut members = vec![first];
        for name in used.into_iter().filter(|name| !own.contains(name)) {
            let Some(key) = self.find(&name) else { continue };
            let Some(variable) = self.env.vars.get(&key).cloned() else { continue };
            let ty = self.local_type(variable.local);
            if ty == Type::Poison || variable.maybe_unbound {
                continue;
            }
            captures.push(name);
            members.push(Expr::local(variable.local, ty, span));
        }
        let frame = &self.frames[self.frame];
        let site = GeneratorSite {
            element: Arc::new(element.clone()),
            clauses: clauses.into(),
            scope: frame.scope,
            module: frame.module,
            rules: frame.rules,
            captures: captures.into(),
            span,
        };
        // The same expression in the same surroundings is the same generator: instances are shared.
        let known =
            self.inferer.generators.iter().find(|(_, other)| {
                other.span == site.span && other.rules == site.rules && other.captures == site.captures
            });
        let id = match known {
            Some((id, _)) => id,
            None => self.inferer.generators.push(site),
        };
        let types = members.iter().map(|member| self.unify.resolve(&member.ty)).collect();
        Expr::new(ExprKind::Tuple(members), Type::Generator(generator_type(id), types), span)
    }
}
