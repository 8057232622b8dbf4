//! Assignment. In: a target and a value. Out: `hir::Stmt`s that store it.

use super::environment::{Name, Variable};
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::resolve::Binding;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp};
use crate::types::Type;
use std::sync::Arc;

impl Body<'_, '_> {
    pub(super) fn assignment(&mut self, targets: &[ast::Expr], value: &ast::Expr, span: Span, out: &mut Vec<Stmt>) {
        if self.module_level.is_some() && super::decorator::is_options(value) {
            return;
        }
        // `a, b = b, a`: values go to the targets one by one where no star is in the way.
        let expected = self.expected_of(targets);
        // What is stored into an array needs no array of its own.
        let value = match targets {
            [ast::Expr { kind: ast::ExprKind::Subscript { value: object, index }, .. }]
                if super::elementwise::is_plain(object) && super::elementwise::is_plain(index) =>
            {
                self.operand(value)
            }
            _ => self.expr(value, expected.as_ref()),
        };
        if value.ty == Type::Never {
            out.push(Stmt { kind: StmtKind::Expr(value), span });
            self.env.dead = true;
            return;
        }
        match targets {
            [target] => self.assign_target(target, value, out),
            _ => {
                let value = self.keep(value, out);
                for target in targets {
                    self.assign_target(target, value.clone(), out);
                }
            }
        }
    }

    /// The type a container display gets from the annotation of the variable it is assigned to.
    fn expected_of(&mut self, targets: &[ast::Expr]) -> Option<Type> {
        let [ast::Expr { kind: ast::ExprKind::Name(name), .. }] = targets else { return None };
        let key = self.binding_name(name);
        self.annotated.get(&key).cloned()
    }

    /// Assigns a value to whatever stands left of `=`.
    pub(super) fn assign_target(&mut self, target: &ast::Expr, value: Expr, out: &mut Vec<Stmt>) {
        let span = target.span.to(value.span);
        match &target.kind {
            ast::ExprKind::Name(name) => {
                let key = self.binding_name(name);
                let value = if value.ty.is_one_shot() && !self.in_prelude() { self.resumed(value) } else { value };
                self.assign_name(key, value, span, out);
            }
            ast::ExprKind::Tuple(items) | ast::ExprKind::List(items) => self.unpack(items, value, target.span, out),
            ast::ExprKind::Subscript { value: object, index } => self.assign_subscript(object, index, value, span, out),
            ast::ExprKind::Attribute { value: object, name } => {
                let object = self.expr(object, None);
                self.assign_attribute(object, name, value, out);
            }
            _ => unreachable!("syntax refuses other targets"),
        }
    }

    /// Assigns to a name, wherever its variable lives.
    pub(super) fn assign_name(&mut self, name: Name, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let frame = self.frames[name.0].clone();
        if frame.own.is_some() {
            self.assign(name, value, span, out);
            return;
        }
        match self.inferer.names.binding(frame.scope, frame.module, &name.1) {
            Binding::Cell | Binding::CapturedCell => self.assign_cell(&name, value, span, out),
            Binding::Module(module) if self.module_level.is_none() || self.is_shared(module, &name.1) => {
                self.assign_global((module, name.1), value, span, out);
            }
            Binding::Local
            | Binding::Captured
            | Binding::Nested(_)
            | Binding::Imported(_)
            | Binding::Module(_)
            | Binding::Builtin => {
                self.assign(name, value, span, out);
            }
        }
    }

    fn assign_cell(&mut self, name: &Name, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let Some(variable) = self.env.vars.get(name).cloned() else {
            unreachable!("cells are made at the start of the function that owns them")
        };
        let scope = self.frames[name.0].scope;
        let owner = self.cell_owner(scope, &name.1);
        self.learn_cell(owner, &name.1, &value.ty.clone(), span);
        let cell = self.local_type(variable.local);
        let Type::Cell(content) = &cell else { unreachable!("cells have cell types") };
        if value.ty == Type::Poison {
            return;
        }
        let value = self.convert_value(value, &content.clone());
        let cell = Expr::local(variable.local, cell, span);
        let set = Expr::new(ExprKind::Intrinsic(Intrinsic::CellSet, vec![cell, value]), Type::None, span);
        out.push(Stmt { kind: StmtKind::Expr(set), span });
    }

    /// `a, *b, c = value`.
    fn unpack(&mut self, targets: &[ast::Expr], value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let star = targets.iter().position(|target| matches!(target.kind, ast::ExprKind::Starred(_)));
        match value.ty.clone() {
            Type::Tuple(items) => self.unpack_tuple(targets, star, &items, value, span, out),
            Type::Poison => {
                for target in targets {
                    self.assign_target(unstarred(target), Expr::poison(span), out);
                }
            }
            Type::List(_) | Type::Sequence(_) | Type::Str | Type::Array { .. } | Type::Range | Type::Bytes => {
                self.unpack_sequence(targets, star, value, span, out);
            }
            Type::Generator(..) | Type::Iterator(..) | Type::Dict(..) | Type::Set(_) => {
                let list = self.list_from(value, span);
                self.unpack_sequence(targets, star, list, span, out);
            }
            other => {
                let text = format!("cannot unpack `{other}`");
                self.error(Diagnostic::new(Code::NotIterable, span, text));
                for target in targets {
                    self.assign_target(unstarred(target), Expr::poison(span), out);
                }
            }
        }
    }

    fn unpack_tuple(
        &mut self,
        targets: &[ast::Expr],
        star: Option<usize>,
        items: &Arc<[Type]>,
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let fits = if star.is_some() { items.len() + 1 >= targets.len() } else { items.len() == targets.len() };
        if !fits {
            let (wanted, got) = (targets.len() - usize::from(star.is_some()), items.len());
            let text = if got > wanted {
                format!("too many values to unpack (expected {wanted}, got {got})")
            } else {
                format!("not enough values to unpack (expected {wanted}, got {got})")
            };
            self.error(Diagnostic::new(Code::TypeMismatch, span, text));
            for target in targets {
                self.assign_target(unstarred(target), Expr::poison(span), out);
            }
            return;
        }
        // Each member is evaluated before the first target is assigned: `a, b = b, a`.
        let members: Vec<Expr> = match value.kind {
            ExprKind::Tuple(members) => members.into_iter().map(|member| self.temporary_expr(member, out)).collect(),
            _ => {
                let kept = self.keep(value, out);
                (0..items.len()).map(|at| self.member(&kept, at)).collect()
            }
        };
        let mut members = members.into_iter();
        for (at, target) in targets.iter().enumerate() {
            if star == Some(at) {
                let count = items.len() + 1 - targets.len();
                let middle: Vec<_> = members.by_ref().take(count).collect();
                let list = self.list_of(middle, None, target.span);
                self.assign_target(unstarred(target), list, out);
            } else if let Some(member) = members.next() {
                self.assign_target(target, member, out);
            }
        }
    }

    fn unpack_sequence(
        &mut self,
        targets: &[ast::Expr],
        star: Option<usize>,
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let value = self.keep(value, out);
        let wanted = targets.len() - usize::from(star.is_some());
        let length = self.length(value.clone());
        let length = self.keep(length, out);
        let name = if star.is_some() { "check_unpack_star" } else { "check_unpack" };
        let check = self.library_call(name, vec![length.clone(), Expr::int(wanted as i64, span)], span);
        out.push(Stmt { kind: StmtKind::Expr(check), span });
        let mut values = Vec::new();
        for at in 0..targets.len() {
            let item = match star {
                Some(star) if at == star => {
                    let stop = self.raw(
                        Intrinsic::Binary(crate::ssa::Binary::I64Sub),
                        length.clone(),
                        (wanted - star) as i64,
                        span,
                    );
                    let middle = self.slice_of(value.clone(), Expr::int(at as i64, span), stop, span);
                    self.list_from(middle, span)
                }
                Some(star) if at > star => {
                    let back = (targets.len() - at) as i64;
                    let index = self.raw(Intrinsic::Binary(crate::ssa::Binary::I64Sub), length.clone(), back, span);
                    self.item_of(value.clone(), index, span)
                }
                _ => self.item_of(value.clone(), Expr::int(at as i64, span), span),
            };
            values.push(self.keep(item, out));
        }
        for (target, value) in targets.iter().zip(values) {
            self.assign_target(unstarred(target), value, out);
        }
    }

    fn raw(&mut self, op: Intrinsic, left: Expr, right: i64, span: Span) -> Expr {
        Expr::new(ExprKind::Intrinsic(op, vec![left, Expr::int(right, span)]), Type::Int, span)
    }

    pub(super) fn augmented(
        &mut self,
        target: &ast::Expr,
        op: BinaryOp,
        value: &ast::Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        match &target.kind {
            ast::ExprKind::Name(name) => {
                let left = self.expr(target, None);
                let right = self.expr_with(value, Some(&left.ty.clone()));
                let value = self.in_place(op, left, right, span);
                let key = self.binding_name(name);
                self.assign_name(key, value, span, out);
            }
            ast::ExprKind::Subscript { value: object, index } => {
                // Object and index are evaluated once.
                let object = self.expr(object, None);
                self.check_writable(&object);
                let object = self.keep(object, out);
                let index = self.index(index);
                let index = self.keep_index(index, out);
                let left = self.subscript(object.clone(), index.clone(), target.span);
                let left = self.keep(left, out);
                let right = self.operand(value);
                let view = is_view(&object.ty, &left.ty, &index);
                let value = self.in_place(op, left, right, span);
                if view {
                    // The view was changed: there is nothing to store.
                    out.push(Stmt { kind: StmtKind::Expr(value), span });
                    return;
                }
                self.store_subscript(object, index, value, span, out);
            }
            ast::ExprKind::Attribute { value: object, name } => {
                let object = self.expr(object, None);
                let object = self.keep(object, out);
                let left = self.attribute(object.clone(), name, target.span);
                let right = self.expr(value, None);
                let value = self.in_place(op, left, right, span);
                self.assign_attribute(object, name, value, out);
            }
            _ => unreachable!("syntax refuses other targets of augmented assignment"),
        }
    }

    pub(super) fn annotated(
        &mut self,
        target: &ast::Expr,
        annotation: &ast::Expr,
        value: Option<&ast::Expr>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let declared = self.annotation(annotation);
        if let (ast::ExprKind::Name(name), Some(declared)) = (&target.kind, &declared) {
            let key = self.binding_name(name);
            self.annotated.insert(key, declared.clone());
        }
        let Some(value) = value else { return };
        let value = self.expr(value, declared.as_ref());
        let value = match &declared {
            // Numba takes no notice of annotations.
            Some(declared) if !self.rules().is_numba() || self.in_prelude() => {
                self.fit(value, declared, "the variable")
            }
            _ => value,
        };
        let _ = span;
        self.assign_target(target, value, out);
    }

    pub(super) fn delete(&mut self, target: &ast::Expr, out: &mut Vec<Stmt>) {
        match &target.kind {
            ast::ExprKind::Name(name) => {
                let key = self.binding_name(name);
                match self.env.vars.get(&key).cloned() {
                    Some(variable) => {
                        // Reading it first raises where it is not bound.
                        let value = self.expr(target, None);
                        if !value.is_simple() {
                            out.push(Stmt { kind: StmtKind::Expr(value), span: target.span });
                        }
                        out.push(Stmt { kind: StmtKind::Unbind(variable.local), span: target.span });
                        self.env.vars.insert(key, Variable { maybe_unbound: true, narrowed: None, ..variable });
                    }
                    None => {
                        self.error(
                            Diagnostic::new(Code::UnboundName, target.span, format!("`{name}` is not bound here"))
                                .help("only variables of the function itself can be deleted"),
                        );
                    }
                }
            }
            ast::ExprKind::Subscript { value, index } => self.delete_subscript(value, index, target.span, out),
            ast::ExprKind::Tuple(items) | ast::ExprKind::List(items) => {
                items.iter().for_each(|item| self.delete(item, out));
            }
            _ => {
                let text = "attributes cannot be deleted: an object's fields are fixed";
                self.error(Diagnostic::new(Code::UnsupportedStatement, target.span, text));
            }
        }
    }
}

fn unstarred(target: &ast::Expr) -> &ast::Expr {
    match &target.kind {
        ast::ExprKind::Starred(inner) => inner,
        _ => target,
    }
}

/// Whether what was read at this index shares the memory of the array.
fn is_view(object: &Type, part: &Type, index: &super::subscript::Index) -> bool {
    matches!((object, part), (Type::Array { .. }, Type::Array { .. })) && !index.is_advanced()
}
