//! `match`. In: patterns. Out: tests and bindings, case after case.

use super::function::{Body, TargetKind};
use super::hir::{Expr, ExprKind, Stmt};
use super::narrow::Condition;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::syntax::ast::{self, CompareOp, Pattern, PatternKind};
use crate::types::Type;

impl Body<'_, '_> {
    pub(super) fn match_statement(
        &mut self,
        subject: &ast::Expr,
        cases: &[ast::Case],
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let subject = self.expr(subject, None);
        if super::expression::absorbs(&subject.ty) {
            out.push(Stmt { kind: super::hir::StmtKind::Expr(subject), span });
            return;
        }
        let subject = self.keep(subject, out);
        // A case that was taken leaves the block; the next one stands after it.
        self.block(TargetKind::Internal, span, out, &mut |this, out| {
            let exit = this.targets.len() - 1;
            let mut bools = [false; 2];
            for case in cases {
                if this.env.dead {
                    return;
                }
                let mut bindings = Vec::new();
                let test = this.pattern(&case.pattern, &subject, &mut bindings);
                this.branch(
                    Condition::plain(test),
                    case.pattern.span,
                    out,
                    &mut |this, out| {
                        for (name, value) in &bindings {
                            let target = this.binding_name(&name.text);
                            this.assign_name(target, value.clone(), name.span, out);
                        }
                        let condition = match &case.guard {
                            Some(guard) => this.condition(guard),
                            None => Condition::plain(Expr::bool(true, span)),
                        };
                        this.branch(
                            condition,
                            span,
                            out,
                            &mut |this, out| {
                                this.statements(&case.body, out);
                                this.go(exit, span, out);
                            },
                            &mut |_, _| {},
                        );
                    },
                    &mut |_, _| {},
                );
                if let (PatternKind::Singleton(ast::Expr { kind: ast::ExprKind::Bool(value), .. }), None, Type::Bool) =
                    (&case.pattern.kind, &case.guard, &subject.ty)
                {
                    bools[usize::from(*value)] = true;
                }
                // A bool is one or the other: no third way is left.
                if bools == [true; 2] && !this.env.dead {
                    let never = ExprKind::Intrinsic(Intrinsic::Unreachable, Vec::new());
                    out.push(Stmt { kind: super::hir::StmtKind::Expr(Expr::new(never, Type::Never, span)), span });
                    this.env.dead = true;
                }
            }
        });
    }

    /// Whether `subject` matches, and what is bound if it does.
    fn pattern(&mut self, pattern: &Pattern, subject: &Expr, bindings: &mut Vec<(ast::Ident, Expr)>) -> Expr {
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Star(None) => Expr::bool(true, span),
            PatternKind::Value(value) => {
                let value = self.expr(value, None);
                let test = self.compare(CompareOp::Eq, subject.clone(), value, span);
                self.truth(test)
            }
            PatternKind::Singleton(value) => match (&subject.ty, &value.kind) {
                (Type::Optional(_), ast::ExprKind::None) => {
                    let some = Expr::new(ExprKind::IsSome(Box::new(subject.clone())), Type::Bool, span);
                    self.not(some)
                }
                (Type::None, ast::ExprKind::None) => Expr::bool(true, span),
                (Type::Bool, ast::ExprKind::Bool(wanted)) => {
                    if *wanted {
                        subject.clone()
                    } else {
                        self.not(subject.clone())
                    }
                }
                _ => Expr::bool(false, span),
            },
            PatternKind::Capture { pattern: inner, name } => {
                let test = match inner {
                    Some(inner) => self.pattern(inner, subject, bindings),
                    None => Expr::bool(true, span),
                };
                bindings.push((name.clone(), subject.clone()));
                test
            }
            PatternKind::Star(Some(_)) => unreachable!("syntax has stars in sequence patterns only"),
            PatternKind::Or(patterns) => {
                let mut any = Expr::bool(false, span);
                for pattern in patterns.iter().rev() {
                    let before = bindings.len();
                    let test = self.pattern(pattern, subject, bindings);
                    if bindings.len() != before {
                        let text = "alternatives that bind names are not supported yet";
                        return self.error(
                            Diagnostic::new(Code::UnsupportedPattern, span, text).help("write a case for each"),
                        );
                    }
                    any = self.if_else(test, Expr::bool(true, span), any, span);
                }
                any
            }
            PatternKind::Sequence(patterns) => self.sequence_pattern(patterns, subject, bindings, span),
            PatternKind::Class { class, patterns } => {
                let class = self.expr(class, None);
                let test = self.isinstance(subject.clone(), Some(class), span);
                match patterns.as_slice() {
                    [] => test,
                    [only] => {
                        let inner = self.pattern(only, subject, bindings);
                        self.if_else(test, inner, Expr::bool(false, span), span)
                    }
                    [_, second, ..] => {
                        let text = "classes with several positional patterns are not supported yet";
                        self.error(Diagnostic::new(Code::UnsupportedPattern, second.span, text))
                    }
                }
            }
        }
    }

    /// `test and then` and the like, of tests; constants are folded.
    fn if_else(&mut self, test: Expr, then: Expr, otherwise: Expr, span: Span) -> Expr {
        match (&test.kind, &then.kind, &otherwise.kind) {
            (ExprKind::Bool(true), ..) => then,
            (ExprKind::Bool(false), ..) => otherwise,
            (_, ExprKind::Bool(true), ExprKind::Bool(false)) => test,
            _ => {
                let kind = ExprKind::If { test: Box::new(test), then: Box::new(then), otherwise: Box::new(otherwise) };
                Expr::new(kind, Type::Bool, span)
            }
        }
    }

    fn sequence_pattern(
        &mut self,
        patterns: &[Pattern],
        subject: &Expr,
        bindings: &mut Vec<(ast::Ident, Expr)>,
        span: Span,
    ) -> Expr {
        let star = patterns.iter().position(|pattern| matches!(pattern.kind, PatternKind::Star(_)));
        let fixed = patterns.len() - usize::from(star.is_some());
        let mut tests = Vec::new();
        match subject.ty.clone() {
            Type::Tuple(items) => {
                let fits = if star.is_some() { items.len() >= fixed } else { items.len() == fixed };
                if !fits {
                    return Expr::bool(false, span);
                }
                for (at, pattern) in patterns.iter().enumerate() {
                    let skip = items.len() - fixed;
                    match (&pattern.kind, star) {
                        (PatternKind::Star(name), _) => {
                            let Some(name) = name else { continue };
                            let middle = (at..at + skip).map(|at| self.member(subject, at)).collect();
                            let list = self.list_of(middle, None, span);
                            bindings.push((name.clone(), list));
                        }
                        (_, Some(star)) if at > star => {
                            let member = self.member(subject, at - 1 + skip);
                            tests.push(self.pattern(pattern, &member, bindings));
                        }
                        _ => {
                            let member = self.member(subject, at);
                            tests.push(self.pattern(pattern, &member, bindings));
                        }
                    }
                }
            }
            Type::List(_) => {
                let length = self.length(subject.clone());
                let op = if star.is_some() { CompareOp::Ge } else { CompareOp::Eq };
                tests.push(self.compare(op, length, Expr::int(fixed as i64, span), span));
                for (at, pattern) in patterns.iter().enumerate() {
                    match (&pattern.kind, star) {
                        (PatternKind::Star(name), _) => {
                            let Some(name) = name else { continue };
                            let after = (patterns.len() - 1 - at) as i64;
                            let stop = (after > 0).then(|| Expr::int(-after, span));
                            let start = Some(Expr::int(at as i64, span));
                            let middle = super::subscript::Index::Slice([start, stop, None], span);
                            let middle = self.subscript(subject.clone(), middle, span);
                            bindings.push((name.clone(), middle));
                        }
                        (_, Some(star)) if at > star => {
                            let index = Expr::int(at as i64 - patterns.len() as i64, span);
                            let item = self.item_of(subject.clone(), index, span);
                            tests.push(self.pattern(pattern, &item, bindings));
                        }
                        _ => {
                            let item = self.item_of(subject.clone(), Expr::int(at as i64, span), span);
                            tests.push(self.pattern(pattern, &item, bindings));
                        }
                    }
                }
            }
            _ => return Expr::bool(false, span),
        }
        let mut all = Expr::bool(true, span);
        for test in tests.into_iter().rev() {
            all = self.if_else(test, all, Expr::bool(false, span), span);
        }
        all
    }
}
