//! Expressions. In: HIR expressions. Out: operands: parts, and who owns them.
//!
//! `None` in place of an operand says that control does not get past the expression (a call that never returns).

use super::Body;
use super::ownership::{Operand, Owner};
use super::{constant, scan};
use crate::abi;
use crate::arena::Id;
use crate::infer::hir::{self, Expr, ExprKind, Global, Host, Local, Stmt};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::{self, Callee, InstKind, LoadKind, Terminator, Value};
use crate::types::Type;
use std::ops::Range;

/// Lists of so many constant numbers are copied from the data segment: smaller code than a store each.
const COPIED_FROM: usize = 8;

impl Body<'_, '_> {
    /// Evaluates an expression.
    pub fn expression(&mut self, expr: &Expr) -> Option<Operand> {
        let outer = std::mem::replace(&mut self.builder.span, expr.span);
        let operand = self.expression_kind(expr);
        self.builder.span = outer;
        if operand.is_some() && expr.ty == Type::Never {
            // It raised, or stands where nothing gets to: there is no value to go on with.
            self.builder.end(Terminator::Unreachable);
            return None;
        }
        operand
    }

    fn expression_kind(&mut self, expr: &Expr) -> Option<Operand> {
        let Expr { kind, ty, span } = expr;
        match kind {
            ExprKind::Unit | ExprKind::Nothing => Some(Operand::plain(self.zeros(ty))),
            ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Complex(..) => {
                let parts = constant::parts(expr).unwrap_or_default();
                Some(Operand::plain(parts.into_iter().map(|part| self.builder.constant(part)).collect()))
            }
            ExprKind::Str(text) => {
                let address = self.shared.constants.text(text);
                Some(Operand::plain(vec![self.builder.i32(address)]))
            }
            ExprKind::Bytes(bytes) => {
                let address = self.shared.constants.bytes(bytes);
                Some(Operand::plain(vec![self.builder.i32(address)]))
            }
            ExprKind::Local(local) => Some(self.local(*local)),
            ExprKind::LocalChecked(local) => Some(self.local_checked(*local, *span)),
            ExprKind::IsBound(local) => Some(Operand::plain(vec![self.builder.get(self.bound[*local])])),
            ExprKind::Global(global) => Some(self.global(*global, ty)),
            ExprKind::GlobalChecked(global) => Some(self.global_checked(*global, ty, *span)),
            ExprKind::Intrinsic(intrinsic, args) => self.intrinsic(*intrinsic, args, ty, *span),
            ExprKind::Call(callee, args) => self.call(*callee, args, *span),
            ExprKind::CallHost(host, args) => self.call_host(*host, args, *span),
            ExprKind::Tuple(items) => self.tuple(items),
            ExprKind::Member(tuple, index) => {
                let operand = if ty.is_counted() { self.expression(tuple)? } else { self.glance(tuple)? };
                Some(self.member(&operand, &tuple.ty, *index, ty))
            }
            ExprKind::If { test, then, otherwise } => self.conditional(test, then, otherwise, ty),
            ExprKind::Block(stmts, value) => self.block_expression(expr, stmts, value),
            ExprKind::List(items) => self.list(items, ty, *span),
            ExprKind::Some(value) => {
                let Operand { parts, owner } = self.expression(value)?;
                let some = self.builder.i32(1);
                let operand = Operand { parts: std::iter::once(some).chain(parts).collect(), owner };
                Some(operand)
            }
            ExprKind::IsSome(value) => {
                let operand = self.glance(value)?;
                self.settle(&operand);
                Some(Operand::plain(vec![operand.parts[0]]))
            }
            ExprKind::Unwrap(value) => {
                let Operand { mut parts, owner } = self.expression(value)?;
                parts.remove(0);
                Some(Operand { parts, owner })
            }
            ExprKind::Element { array, indices } => self.element(array, indices, ty, *span),
            ExprKind::Elementwise(_) => unreachable!("infer() makes the arrays"),
        }
    }

    /// Evaluates siblings from left to right. Where a later one may reassign what keeps an earlier one alive, the
    /// earlier one gets a reference of its own.
    pub fn operands(&mut self, exprs: &[Expr]) -> Option<Vec<Operand>> {
        let mut operands = Vec::new();
        for (at, expr) in exprs.iter().enumerate() {
            let mut operand = self.expression(expr)?;
            let borrowed = operand.owner == Owner::Place && expr.ty.is_counted();
            if borrowed && exprs[at + 1..].iter().any(scan::may_assign) {
                operand = self.secure(&expr.ty, operand);
            }
            operands.push(operand);
        }
        Some(operands)
    }

    /// Evaluates an expression whose value is used before anything else runs: what lies in memory is borrowed
    /// from there without counting.
    pub fn glance(&mut self, expr: &Expr) -> Option<Operand> {
        if let ExprKind::Global(global) = expr.kind {
            return Some(Operand::plain(self.load_global(global)));
        }
        if let ExprKind::Intrinsic(Intrinsic::CellGet, args) = &expr.kind
            && let ExprKind::Local(cell) = args[0].kind
        {
            let cell = self.local(cell).parts[0];
            return Some(Operand::plain(self.load_value(&expr.ty, cell, abi::CELL_VALUE)));
        }
        if let ExprKind::Member(tuple, index) = &expr.kind {
            let operand = self.glance(tuple)?;
            return Some(self.member(&operand, &tuple.ty, *index, &expr.ty));
        }
        self.expression(expr)
    }

    // Variables

    fn local(&mut self, local: Id<Local>) -> Operand {
        let home = self.homes[local].clone();
        Operand::plain(self.values(&home))
    }

    fn local_checked(&mut self, local: Id<Local>, span: Span) -> Operand {
        let flag = self.builder.get(self.bound[local]);
        let items = self.shared.items();
        let raise = if self.hir.name == "<module>" { items.name_error } else { items.unbound_local_error };
        let name = self.hir.locals[local].name.clone();
        self.require(flag, raise, &name, span);
        self.local(local)
    }

    fn global(&mut self, global: Id<Global>, ty: &Type) -> Operand {
        let parts = self.load_global(global);
        self.secure(ty, Operand::plain(parts))
    }

    fn global_checked(&mut self, global: Id<Global>, ty: &Type, span: Span) -> Operand {
        if let Some(set) = self.shared.globals[global].set {
            let flag = self.builder.emit(InstKind::GlobalGet(set), &[ssa::Type::I32])[0];
            let raise = self.shared.items().name_error;
            let name = self.shared.program.globals[global].name.clone();
            self.require(flag, raise, &name, span);
        }
        self.global(global, ty)
    }

    // Calls

    fn call(&mut self, callee: Id<hir::Function>, args: &[Expr], span: Span) -> Option<Operand> {
        let operands = self.operands(args)?;
        let returns = &self.shared.program.functions[callee].returns;
        let parts = operands.iter().flat_map(|operand| operand.parts.iter().copied()).collect();
        let results = self.call_function(Callee::Function(self.shared.function(callee)), parts, returns, span);
        self.settle_all(&operands);
        Some(self.own(returns, results))
    }

    /// A call with an unwind edge; the parts of the result are owned.
    pub fn call_function(
        &mut self,
        callee: Callee,
        args: Vec<Id<Value>>,
        returns: &Type,
        span: Span,
    ) -> Vec<Id<Value>> {
        let unwind = self.unwind(span);
        self.builder.emit(InstKind::Call { callee, args, unwind }, &returns.flatten())
    }

    /// Calls a function of the host, which gives the address of an exception (0 for none) before its result.
    fn call_host(&mut self, host: Id<Host>, args: &[Expr], span: Span) -> Option<Operand> {
        let Host { module, name, params, result } = &self.shared.program.hosts[host];
        let params = params.iter().flat_map(Type::flatten).collect();
        let types: Vec<_> = std::iter::once(ssa::Type::I32).chain(result.flatten()).collect();
        let callee = Callee::Import(self.shared.import(module, name, params, types.clone()));
        let operands = self.operands(args)?;
        let args = operands.iter().flat_map(|operand| operand.parts.iter().copied()).collect();
        let mut results = self.builder.emit(InstKind::Call { callee, args, unwind: None }, &types);
        let exception = results.remove(0);
        let (raised, returned) = (self.builder.block(), self.builder.block());
        self.builder.branch(exception, raised, returned);
        self.builder.start(raised);
        let site = self.site(span);
        self.throw(exception, Some(site));
        self.builder.start(returned);
        self.settle_all(&operands);
        Some(self.own(result, results))
    }

    // Structure

    fn tuple(&mut self, items: &[Expr]) -> Option<Operand> {
        let mut operands = self.operands(items)?;
        let owned = operands.iter().any(|operand| operand.owner != Owner::Place);
        if !owned {
            return Some(Operand::plain(operands.into_iter().flat_map(|operand| operand.parts).collect()));
        }
        // One temporary for all: the members pass their references to it.
        let mut parts = Vec::new();
        while let Some(operand) = operands.pop() {
            parts.push(self.take(&items[operands.len()].ty, operand));
        }
        let parts = parts.into_iter().rev().flatten().collect();
        Some(self.own(&Type::tuple(items.iter().map(|item| item.ty.clone())), parts))
    }

    /// A member of a tuple; a temporary passes the member's reference on and releases the others.
    fn member(&mut self, tuple: &Operand, tuple_ty: &Type, index: u32, ty: &Type) -> Operand {
        let range = member_range(tuple_ty, index);
        let parts = tuple.parts[range.clone()].to_vec();
        match tuple.owner {
            Owner::Place => Operand::plain(parts),
            Owner::Temporary(_) => {
                self.retain(ty, &parts);
                self.settle(tuple);
                self.own(ty, parts)
            }
        }
    }

    fn conditional(&mut self, test: &Expr, then: &Expr, otherwise: &Expr, ty: &Type) -> Option<Operand> {
        let blocks = [self.builder.block(), self.builder.block()];
        self.branch_on(test, blocks[0], blocks[1]);
        let scope = self.scope;
        let mut arms = Vec::new();
        for (block, expr) in blocks.into_iter().zip([then, otherwise]) {
            self.builder.start(block);
            let operand = if self.builder.reachable() { self.expression(expr) } else { None };
            if let Some(operand) = operand {
                let parts = self.convert(&expr.ty, ty, operand.parts);
                arms.push((self.builder.current(), parts, operand.owner));
            }
            // The arm's temporary lives on in the joined value.
            self.scope = scope;
        }
        let owned = arms.iter().any(|(_, _, owner)| *owner != Owner::Place);
        let variables: Vec<_> = ty.flatten().into_iter().map(|ty| self.builder.variable(ty, None)).collect();
        let after = self.builder.block();
        for (end, parts, owner) in arms {
            self.builder.go_to(end);
            if owned && owner == Owner::Place {
                self.retain(ty, &parts);
            }
            self.set_all(&variables, &parts);
            self.builder.jump(after);
        }
        self.builder.start(after);
        self.builder.current()?;
        let parts = self.values(&variables);
        Some(if owned { self.own(ty, parts) } else { Operand::plain(parts) })
    }

    fn block_expression(&mut self, expr: &Expr, stmts: &[Stmt], value: &Expr) -> Option<Operand> {
        self.statements(stmts);
        self.builder.current()?;
        if let ExprKind::Local(local) = value.kind
            && self.owning.contains(&local)
            && !self.aliases.values().any(|original| *original == local)
            && self.mentions.get(local).copied() == Some(scan::mentions_in(expr, local))
        {
            // A temporary of the block itself, such as the list of a comprehension, ends here: it is moved.
            let parts = self.moved(local);
            return Some(self.own(&value.ty, parts));
        }
        self.expression(value)
    }

    fn list(&mut self, items: &[Expr], ty: &Type, span: Span) -> Option<Operand> {
        let item = Self::item_type(ty);
        let layout = item.layout();
        let image = if items.len() < COPIED_FROM { None } else { constant::image(items, &item) };
        let mut operands = if image.is_some() { Vec::new() } else { self.operands(items)? };
        let size = self.builder.i64(i64::from(layout.size));
        let length = self.builder.i64(items.len() as i64);
        let callee = Callee::Function(self.shared.items().list_new);
        let list = self.call_function(callee, vec![size, length], &Type::Ptr, span);
        if !items.is_empty() {
            let data = self.builder.load(LoadKind::I32, list[0], abi::LIST_DATA);
            if let Some(image) = image {
                let length = self.builder.i32(image.len() as u32);
                let address = self.shared.constants.numbers(image);
                let from = self.builder.i32(address);
                self.builder.emit(InstKind::MemoryCopy { to: data, from, length }, &[]);
            }
            // From the last, so that temporaries leave their stack from its top.
            while let Some(operand) = operands.pop() {
                let at = operands.len();
                let parts = self.take(&items[at].ty, operand);
                let parts = self.convert(&items[at].ty, &item, parts);
                self.store_value(&item, data, layout.size * at as u32, &parts);
            }
        }
        Some(self.own(ty, list))
    }
}

/// Which parts of a tuple (or of whatever `ExprKind::Tuple` makes) a member takes.
fn member_range(tuple: &Type, index: u32) -> Range<usize> {
    let index = index as usize;
    let each = |size: usize| index * size..(index + 1) * size;
    match tuple {
        Type::Tuple(items)
        | Type::Function(_, items)
        | Type::Choice(items)
        | Type::Generator(_, items)
        | Type::Iterator(_, items) => {
            let before: usize = items[..index].iter().map(|item| item.flatten().len()).sum();
            before..before + items[index].flatten().len()
        }
        Type::Slice => each(2),
        Type::Range | Type::Complex | Type::Scalar(_) => each(1),
        Type::Poison
        | Type::Never
        | Type::Variable(_)
        | Type::None
        | Type::Bool
        | Type::Int
        | Type::Unsigned
        | Type::Float
        | Type::Ptr
        | Type::Str
        | Type::Bytes
        | Type::List(_)
        | Type::Sequence(_)
        | Type::Set(_)
        | Type::Dict(..)
        | Type::Optional(_)
        | Type::Array { .. }
        | Type::Cell(_)
        | Type::Exception
        | Type::Static(_) => unreachable!("infer() takes members of tuples, not of {tuple}"),
    }
}
