//! Iterators that are gone on with: `iter`, `next`, and what has a name. In: iterables. Out: iterators whose place all who
//! have them share, in a cell.

use super::call::Args;
use super::function::{Body, TargetKind};
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Lazy, Type};

impl Body<'_, '_> {
    /// Whether an iterator knows by itself where it is, so that it can be gone on with.
    pub(super) fn is_resumable(&self, ty: &Type) -> bool {
        match self.unify.shallow(ty) {
            Type::Iterator(Lazy::Iter, _) => true,
            Type::Iterator(Lazy::Map, items) => items[1..].iter().all(|item| self.is_resumable(item)),
            Type::Iterator(Lazy::Filter, items) => self.is_resumable(&items[1]),
            Type::Iterator(Lazy::Zip | Lazy::ZipStrict, items) => items.iter().all(|item| self.is_resumable(item)),
            // The places of inner loops would have to be kept as well.
            Type::Generator(id, items) => {
                let site = &self.inferer.generators[Id::new(id.index())];
                site.clauses.len() == 1 && self.is_resumable(&items[0])
            }
            _ => false,
        }
    }

    /// An iterator that gets a name: what it goes through remembers its place, where that is possible.
    pub(super) fn resumed(&mut self, value: Expr) -> Expr {
        let ty = self.unify.shallow(&value.ty);
        if self.is_resumable(&ty) {
            return value;
        }
        let span = value.span;
        let (Type::Iterator(_, types) | Type::Generator(_, types)) = &ty else { return value };
        if !matches!(value.kind, ExprKind::Tuple(_)) {
            let mut out = Vec::new();
            let kept = self.keep(value.clone(), &mut out);
            let members = (0..types.len()).map(|at| self.member(&kept, at)).collect();
            let resumed = self.resumed(Expr::new(ExprKind::Tuple(members), ty, span));
            if !self.is_resumable(&resumed.ty) {
                return value;
            }
            let ty = resumed.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(resumed)), ty, span);
        }
        let ExprKind::Tuple(mut members) = value.kind.clone() else { return value };
        let inner = match &ty {
            Type::Iterator(Lazy::Map, items) => 1..items.len(),
            Type::Iterator(Lazy::Filter, _) => 1..2,
            Type::Iterator(Lazy::Zip | Lazy::ZipStrict, items) => 0..items.len(),
            Type::Iterator(Lazy::Enumerate, _) => 0..1,
            Type::Generator(id, _) if self.inferer.generators[Id::new(id.index())].clauses.len() == 1 => 0..1,
            _ => return value,
        };
        let can = |this: &Self, ty: &Type| match this.unify.shallow(ty) {
            Type::Range | Type::List(_) | Type::Sequence(_) | Type::Str | Type::Bytes => true,
            Type::Array { ndim, .. } => ndim > 0,
            ty @ (Type::Iterator(..) | Type::Generator(..)) => this.is_resumable(&ty),
            _ => false,
        };
        for at in inner {
            let member = self.resumed(members[at].clone());
            if !can(self, &member.ty) {
                return value;
            }
            members[at] = self.iterator(member, span);
        }
        if let Type::Iterator(Lazy::Enumerate, _) = ty {
            // `enumerate(x, n)` is `zip(count(n), x)`.
            let start = members.pop().unwrap_or_else(|| Expr::int(0, span));
            let counts = vec![start, Expr::int(i64::MAX, span), Expr::int(1, span)];
            let counts = Expr::new(ExprKind::Tuple(counts), Type::Range, span);
            let counts = self.iterator(counts, span);
            members.insert(0, counts);
            let types = members.iter().map(|member| member.ty.clone()).collect();
            return Expr::new(ExprKind::Tuple(members), Type::Iterator(Lazy::Zip, types), span);
        }
        let types = members.iter().zip(types.iter()).map(|(member, _)| member.ty.clone()).collect();
        let ty = match ty {
            Type::Iterator(lazy, _) => Type::Iterator(lazy, types),
            Type::Generator(id, _) => Type::Generator(id, types),
            other => other,
        };
        Expr::new(ExprKind::Tuple(members), ty, span)
    }

    /// `iter(source)`: what can be gone on with later.
    pub(super) fn iterator(&mut self, source: Expr, span: Span) -> Expr {
        let ty = self.unify.shallow(&source.ty);
        let sequence = match &ty {
            ty if super::expression::absorbs(ty) => return source,
            ty if self.is_resumable(ty) => return source,
            Type::Iterator(Lazy::Map | Lazy::Filter, _) | Type::Generator(..) => {
                let resumed = self.resumed(source);
                if self.is_resumable(&resumed.ty) {
                    return resumed;
                }
                let text = format!("`iter` of a `{ty}` is not supported: its items would have to be computed at once");
                let error = Diagnostic::new(Code::UnsupportedArgument, resumed.span, text);
                return self.error(error.help("loop over it with `for`, or make a list of it first: `iter(list(…))`"));
            }
            Type::Range | Type::List(_) | Type::Sequence(_) | Type::Str | Type::Bytes => source,
            Type::Array { ndim, .. } if *ndim > 0 => source,
            _ => self.list_from(source, span),
        };
        if super::expression::absorbs(&sequence.ty) {
            return sequence;
        }
        let cell = Type::Cell(Type::Int.into());
        let kind = ExprKind::Intrinsic(Intrinsic::CellNew, vec![Expr::int(0, span)]);
        let cell = Expr::new(kind, cell, span);
        let types = [sequence.ty.clone(), cell.ty.clone()].into();
        Expr::new(ExprKind::Tuple(vec![sequence, cell]), Type::Iterator(Lazy::Iter, types), span)
    }

    /// `next(iterator, default)` of an iterator that nobody else has: the first item.
    pub(super) fn next_of(&mut self, source: Expr, default: Option<Expr>, span: Span) -> Expr {
        let mut out = Vec::new();
        let default = default.map(|default| self.keep(default, &mut out));
        let name = self.own_name("next");
        self.block(TargetKind::Internal, span, &mut out, &mut |this, out| {
            let exit = this.targets.len() - 1;
            this.for_each(source.clone(), span, out, &mut |this, item, out| {
                this.assign(name.clone(), item, span, out);
                this.go(exit, span, out);
            });
            if this.env.dead {
                return;
            }
            match &default {
                Some(default) => this.assign(name.clone(), default.clone(), span, out),
                None => {
                    let error = this.builtin_exception("StopIteration", Vec::new(), span);
                    out.push(Stmt { kind: StmtKind::Raise(error), span });
                    this.env.dead = true;
                }
            }
        });
        self.env.dead = false;
        let Some(variable) = self.env.vars.remove(&name) else {
            let never = Expr::new(ExprKind::Unit, Type::Never, span);
            return Expr::new(ExprKind::Block(out, Box::new(never)), Type::Never, span);
        };
        let ty = self.local_type(variable.local);
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(variable.local, ty.clone(), span))), ty, span)
    }

    /// `next(iter(x))` starts anew and may have any iterable; an iterator that has a name may have been used before.
    pub(super) fn next_arguments(&mut self, first: &ast::Expr, rest: &[ast::Expr]) -> Args {
        let source = match &first.kind {
            ast::ExprKind::Call { function, args, .. }
                if matches!(&function.kind, ast::ExprKind::Name(name) if &**name == "iter") && args.len() == 1 =>
            {
                self.expr(&args[0], None)
            }
            ast::ExprKind::Name(_) | ast::ExprKind::Attribute { .. } | ast::ExprKind::Subscript { .. } => {
                let value = self.expr(first, None);
                match self.unify.shallow(&value.ty) {
                    ty if self.is_resumable(&ty) => value,
                    ty if super::expression::absorbs(&ty) => value,
                    ty if ty.is_one_shot() => {
                        let text = format!(
                            "`next` of a `{ty}` that has a name is not supported: it may have been used before"
                        );
                        let error = Diagnostic::new(Code::UnsupportedArgument, first.span, text);
                        self.error(error.help("make a list of it first: `items = iter(list(…))`"))
                    }
                    ty => {
                        let text = format!("a `{ty}` is not an iterator");
                        let source = self.inferer.sources.text(first.span).to_owned();
                        let error = Diagnostic::new(Code::UnsupportedArgument, first.span, text);
                        self.error(error.help(format!("make one, and keep it: `items = iter({source})`")))
                    }
                }
            }
            _ => self.expr(first, None),
        };
        let mut args = Args::positional(vec![source]);
        args.positional.extend(rest.iter().map(|arg| self.expr(arg, None)));
        args
    }
}
