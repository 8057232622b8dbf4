//! Statements: assignments, branches, loops. In: HIR statements. Out: blocks and variables.

use super::Body;
use super::exception::{Exit, Target};
use crate::arena::Id;
use crate::infer::hir::{Expr, ExprKind, Global, Label, Local, Stmt, StmtKind};
use crate::prelude::intrinsics::Intrinsic;
use crate::ssa::{self, Block, InstKind, Unary, Value};
use crate::types::Type;

impl Body<'_, '_> {
    /// Statements in order, as far as control gets.
    pub fn statements(&mut self, stmts: &[Stmt]) {
        let (scope, span) = (self.scope, self.builder.span);
        for stmt in stmts {
            if !self.builder.reachable() {
                break;
            }
            self.builder.span = stmt.span;
            // None says that control does not get past the statement, which the builder knows already.
            let _ = self.statement(stmt);
            // An expression that was left in its middle leaves its temporaries on the stack.
            self.scope = scope;
        }
        self.builder.span = span;
    }

    fn statement(&mut self, stmt: &Stmt) -> Option<()> {
        match &stmt.kind {
            StmtKind::Expr(value) => {
                let operand = self.expression(value)?;
                self.settle(&operand);
                Some(())
            }
            StmtKind::Assign(local, value) => self.assign_local(*local, value),
            StmtKind::Unbind(local) => {
                self.unbind(*local);
                Some(())
            }
            StmtKind::AssignGlobal(global, value) => self.assign_global(*global, value),
            StmtKind::AssignElement { array, indices, value } => self.assign_element(array, indices, value, stmt.span),
            StmtKind::If { test, then, otherwise } => self.if_statement(test, then, otherwise),
            StmtKind::Loop { label, body } => self.loop_statement(*label, body),
            StmtKind::Block { label, body } => self.block_statement(*label, body),
            StmtKind::Break(label) => {
                self.leave(Exit::Break(*label));
                None
            }
            StmtKind::Return(value) => self.return_statement(value),
            StmtKind::Raise(exception) => self.raise(exception, stmt.span),
            StmtKind::Try { body, exception, handler } => self.try_statement(body, *exception, handler),
            StmtKind::Finally { body, finally } => self.finally_statement(body, finally),
        }
    }

    fn assign_local(&mut self, local: Id<Local>, value: &Expr) -> Option<()> {
        if self.aliases.contains_key(&local) {
            return Some(());
        }
        let parts = self.taken(value)?;
        let parts = self.convert(&value.ty, &self.hir.locals[local].ty, parts);
        self.assign(local, &parts);
        Some(())
    }

    /// Sets a local to an owned value and releases what it held.
    pub fn assign(&mut self, local: Id<Local>, parts: &[Id<Value>]) {
        let ty = &self.hir.locals[local].ty;
        let home = self.homes[local].clone();
        let old = if ty.is_counted() { self.values(&home) } else { Vec::new() };
        self.set_all(&home, parts);
        self.bind(local, true);
        if ty.is_counted() {
            self.release(ty, &old);
        }
    }

    fn unbind(&mut self, local: Id<Local>) {
        let ty = &self.hir.locals[local].ty;
        let home = self.homes[local].clone();
        let old = self.values(&home);
        self.clear(&home, ty);
        self.bind(local, false);
        self.release(ty, &old);
    }

    /// Notes whether a local is bound, if that is ever asked.
    pub fn bind(&mut self, local: Id<Local>, bound: bool) {
        if let Some(flag) = self.bound.get(local).copied() {
            let bound = self.builder.i32(u32::from(bound));
            self.builder.set(flag, bound);
        }
    }

    fn assign_global(&mut self, global: Id<Global>, value: &Expr) -> Option<()> {
        let ty = self.shared.program.globals[global].ty.clone();
        let parts = self.taken(value)?;
        let parts = self.convert(&value.ty, &ty, parts);
        let old = if ty.is_counted() { self.load_global(global) } else { Vec::new() };
        let home = self.shared.globals[global].clone();
        for (global, part) in home.parts.iter().zip(parts) {
            self.builder.emit(InstKind::GlobalSet(*global, part), &[]);
        }
        if let Some(set) = home.set {
            let yes = self.builder.i32(1);
            self.builder.emit(InstKind::GlobalSet(set, yes), &[]);
        }
        if ty.is_counted() {
            self.release(&ty, &old);
        }
        Some(())
    }

    /// The parts of a global, not counted.
    pub fn load_global(&mut self, global: Id<Global>) -> Vec<Id<Value>> {
        let types = self.shared.program.globals[global].ty.flatten();
        let parts = self.shared.globals[global].parts.clone();
        parts
            .into_iter()
            .zip(types)
            .flat_map(|(part, ty)| self.builder.emit(InstKind::GlobalGet(part), &[ty]))
            .collect()
    }

    fn if_statement(&mut self, test: &Expr, then: &[Stmt], otherwise: &[Stmt]) -> Option<()> {
        let (then_block, else_block) = (self.builder.block(), self.builder.block());
        self.branch_on(test, then_block, else_block);
        let after = self.builder.block();
        for (block, stmts) in [(then_block, then), (else_block, otherwise)] {
            self.builder.start(block);
            self.statements(stmts);
            self.builder.jump(after);
        }
        self.builder.start(after);
        self.builder.current().map(|_| ())
    }

    /// Goes to one of two blocks; `and`, `or` and `not` become control flow.
    pub fn branch_on(&mut self, test: &Expr, then: Id<Block>, otherwise: Id<Block>) {
        let scope = self.scope;
        match &test.kind {
            ExprKind::Bool(value) => self.builder.jump(if *value { then } else { otherwise }),
            ExprKind::If { test, then: first, otherwise: second } => {
                let (first_block, second_block) = (self.builder.block(), self.builder.block());
                self.branch_on(test, first_block, second_block);
                for (block, test) in [(first_block, first), (second_block, second)] {
                    self.builder.start(block);
                    if self.builder.reachable() {
                        self.branch_on(test, then, otherwise);
                    }
                }
            }
            ExprKind::Intrinsic(Intrinsic::Unary(Unary::I32Eqz), args) if args[0].ty == Type::Bool => {
                self.branch_on(&args[0], otherwise, then);
            }
            _ => {
                if let Some(condition) = self.expression(test) {
                    match condition.parts.first() {
                        Some(part) => self.builder.branch(*part, then, otherwise),
                        // The value of what never returns has no parts, and nobody asks for it.
                        None => self.builder.end(ssa::Terminator::Unreachable),
                    }
                }
            }
        }
        self.scope = scope;
    }

    fn loop_statement(&mut self, label: Label, body: &[Stmt]) -> Option<()> {
        let (header, after) = (self.builder.block(), self.builder.block());
        self.builder.jump(header);
        self.builder.go_to(Some(header));
        self.labels.insert(label, Target { after, scope: self.scope });
        self.statements(body);
        self.builder.jump(header);
        self.builder.seal(header);
        self.builder.start(after);
        self.builder.current().map(|_| ())
    }

    fn block_statement(&mut self, label: Label, body: &[Stmt]) -> Option<()> {
        let after = self.builder.block();
        self.labels.insert(label, Target { after, scope: self.scope });
        self.statements(body);
        self.builder.jump(after);
        self.builder.start(after);
        self.builder.current().map(|_| ())
    }

    /// Raises unless a flag is set; `name` is what the message names.
    pub fn require(&mut self, flag: Id<Value>, raise: Id<ssa::Function>, name: &str, span: crate::source::Span) {
        let address = self.shared.constants.text(name);
        let name = self.builder.i32(address);
        self.guard(flag, raise, vec![name], span);
    }
}
