//! `try`, `finally`, `raise`, and every way out of a block of statements. In: HIR statements. Out: blocks where
//! exceptions arrive (see `ownership.rs`) and go on.
//!
//! A `finally` body is lowered once. Whoever enters it says in a variable how it was entered, and after the body a
//! switch on that variable goes on: to the end of the statement, with the exception, or further out to the target
//! of a `break` or `return`.

use super::Body;
use super::builder::Variable;
use super::ownership::{FRAMED, Kind, Pad, Scope};
use crate::arena::Id;
use crate::infer::hir::{Expr, ExprKind, Label, Local, Stmt};
use crate::source::Span;
use crate::ssa::{self, Binary, Block, BlockCall, Callee, InstKind, Terminator, Value};
use crate::types::Type;
use std::sync::Arc;

/// A way out of statements that runs the `finally` bodies in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Exit {
    /// To the end of the loop or block with this label.
    Break(Label),
    /// Out of the function, with these parts of its result, which are owned.
    Return(Vec<Id<Value>>),
}

/// Where a label is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// What follows the labelled statement.
    pub after: Id<Block>,
    /// The scope the labelled statement stands in.
    pub scope: Id<Scope>,
}

/// A `finally` statement whose protected part is being lowered.
#[derive(Debug)]
pub(super) struct Finally {
    /// The body.
    block: Id<Block>,
    /// How the body was entered: `NORMALLY`, `RAISING`, or `FIRST_EXIT` and more.
    way: Id<Variable>,
    /// The exception that waits while the body runs; 0 for none.
    exception: Id<Variable>,
    /// Its site.
    site: Id<Variable>,
    /// The function's result that waits while the body runs. (Of its own, since a `finally` in the body may be left
    /// with another.)
    result: Arc<[Id<Variable>]>,
    /// The exits that were taken; the values of a `Return` lie in `result` meanwhile.
    exits: Vec<Exit>,
}

/// Where all returns of a function meet that has something to release.
#[derive(Debug, Clone)]
pub(super) struct Epilogue {
    block: Id<Block>,
    result: Arc<[Id<Variable>]>,
}

/// What waits while a `finally` body runs; owned.
enum Waiting {
    Nothing,
    Exception(Pad),
    Result(Vec<Id<Value>>),
}

const NORMALLY: u32 = 0;
const RAISING: u32 = 1;
const FIRST_EXIT: u32 = 2;

impl Body<'_, '_> {
    /// `raise`: the exception object's reference is taken over.
    pub fn raise(&mut self, exception: &Expr, span: Span) -> Option<()> {
        let passes_on = self.passes_on(exception);
        let exception = self.taken(exception)?[0];
        // Tracebacks show no frames of the library.
        let site = if self.hir.prelude {
            None
        } else if passes_on {
            self.framed = true;
            Some(self.builder.i64(FRAMED))
        } else {
            Some(self.site(span))
        };
        self.throw(exception, site);
        None
    }

    /// Whether a `raise` passes on the very exception that a handler around it caught.
    fn passes_on(&self, exception: &Expr) -> bool {
        let ExprKind::Local(local) = exception.kind else { return false };
        let mut scope = Some(self.scope);
        while let Some(Scope { kind, parent, .. }) = scope.map(|scope| &self.scopes[scope]) {
            if matches!(kind, Kind::Handling(handled) if self.homes[local][..] == [*handled]) {
                return true;
            }
            scope = *parent;
        }
        false
    }

    /// `try` with one handler for everything.
    pub fn try_statement(&mut self, body: &[Stmt], exception: Id<Local>, handler: &[Stmt]) -> Option<()> {
        let outer = self.scope;
        self.enter(Kind::Try);
        let protected = self.scope;
        self.statements(body);
        self.scope = outer;
        let after = self.builder.block();
        self.builder.jump(after);
        if let Some(pad) = self.scopes[protected].pad {
            self.builder.start(pad.block);
            self.add_frame(pad);
            self.assign(exception, &[pad.exception]);
            let home = self.homes[exception][0];
            self.enter(Kind::Handling(home));
            self.statements(handler);
            self.scope = outer;
            self.builder.jump(after);
        }
        self.builder.start(after);
        self.builder.current().map(|_| ())
    }

    /// `try` … `finally`.
    pub fn finally_statement(&mut self, body: &[Stmt], finally: &[Stmt]) -> Option<()> {
        let outer = self.scope;
        let block = self.builder.block();
        let way = self.builder.variable(ssa::Type::I32, None);
        let exception = self.builder.variable(ssa::Type::I32, None);
        let site = self.builder.variable(ssa::Type::I64, None);
        let result = self.result_variables();
        let exits = Vec::new();
        let this = self.finallies.push(Finally { block, way, exception, site, result: result.clone(), exits });
        self.enter(Kind::Finally(this));
        let protected = self.scope;
        self.statements(body);
        self.scope = outer;
        let normally = self.builder.reachable();
        if normally {
            self.enter_finally(this, NORMALLY, Waiting::Nothing);
        }
        let pad = self.scopes[protected].pad;
        if let Some(pad) = pad {
            self.builder.start(pad.block);
            self.enter_finally(this, RAISING, Waiting::Exception(pad));
        }

        self.builder.start(block);
        let waiting = Type::tuple([Type::Exception, self.hir.returns.clone()]);
        let parts = std::iter::once(exception).chain(result.iter().copied()).collect();
        self.enter(Kind::Pending { parts, ty: waiting });
        self.enter(Kind::Handling(exception));
        self.statements(finally);
        self.scope = outer;
        if !self.builder.reachable() {
            return None;
        }

        let exits = std::mem::take(&mut self.finallies[this].exits);
        let after = self.builder.block();
        let onward = self.builder.block();
        let exit_blocks: Vec<_> = exits.iter().map(|_| self.builder.block()).collect();
        let to = |block| BlockCall { block, args: Vec::new() };
        let index = self.builder.get(way);
        match (normally, pad.is_some(), &exit_blocks[..]) {
            (_, false, []) => self.builder.jump(after),
            (false, true, []) => self.builder.jump(onward),
            (true, true, []) => self.builder.branch(index, onward, after),
            (_, _, exits) => {
                let mut targets: Vec<_> = [after, onward].into_iter().chain(exits.iter().copied()).map(to).collect();
                // Ways that are never taken go where one that is taken goes, so that their blocks stay unreachable.
                let taken = targets[FIRST_EXIT as usize].clone();
                if !normally {
                    targets[NORMALLY as usize] = taken.clone();
                }
                if pad.is_none() {
                    targets[RAISING as usize] = taken;
                }
                let default = targets.pop().expect("there are two ways at least");
                self.builder.end(Terminator::Switch { index, targets, default });
            }
        }
        self.builder.start(onward);
        if self.builder.reachable() {
            let exception = self.builder.get(exception);
            let site = self.builder.get(site);
            self.throw(exception, Some(site));
        }
        for (exit, block) in exits.into_iter().zip(exit_blocks) {
            self.builder.start(block);
            let exit = match exit {
                Exit::Break(label) => Exit::Break(label),
                Exit::Return(_) => Exit::Return(self.values(&result)),
            };
            self.leave(exit);
        }
        self.builder.start(after);
        self.builder.current().map(|_| ())
    }

    /// Goes to the body of a `finally`, with what waits for its end.
    fn enter_finally(&mut self, finally: Id<Finally>, way: u32, waiting: Waiting) {
        let Finally { block, way: way_variable, exception, site, .. } = self.finallies[finally];
        let result = self.finallies[finally].result.clone();
        let way = self.builder.i32(way);
        self.builder.set(way_variable, way);
        self.clear(&[exception], &Type::Exception);
        self.clear(&result, &self.hir.returns);
        match waiting {
            Waiting::Nothing => {}
            Waiting::Exception(pad) => {
                self.builder.set(exception, pad.exception);
                pad.site.into_iter().for_each(|value| self.builder.set(site, value));
            }
            Waiting::Result(parts) => self.set_all(&result, &parts),
        }
        self.builder.jump(block);
    }

    /// Leaves all scopes up to the target of an exit, or up to the first `finally` on the way, which then goes on.
    pub fn leave(&mut self, exit: Exit) {
        let from = self.scope;
        let until = match &exit {
            Exit::Break(label) => self.labels[label].scope,
            Exit::Return(_) => self.function_scope,
        };
        while self.scope != until {
            let Scope { kind, parent, .. } = &self.scopes[self.scope];
            let (kind, parent) = (kind.clone(), parent.expect("the target of an exit is around it"));
            self.scope = parent;
            match kind {
                Kind::Temporary(temporary) => self.release_temporary(temporary),
                Kind::Pending { parts, ty } => self.release_variables(&ty, &parts),
                Kind::Handling(_) | Kind::Try => {}
                Kind::Finally(finally) => {
                    self.leave_through(finally, exit);
                    self.scope = from;
                    return;
                }
                Kind::Function => unreachable!("the function's scope is the outermost target"),
            }
        }
        match exit {
            Exit::Break(label) => self.builder.jump(self.labels[&label].after),
            Exit::Return(parts) => self.return_parts(parts),
        }
        self.scope = from;
    }

    fn leave_through(&mut self, finally: Id<Finally>, exit: Exit) {
        let exits = &mut self.finallies[finally].exits;
        let same = |other: &Exit| match (other, &exit) {
            (Exit::Break(a), Exit::Break(b)) => a == b,
            (Exit::Return(_), Exit::Return(_)) => true,
            (Exit::Break(_), Exit::Return(_)) | (Exit::Return(_), Exit::Break(_)) => false,
        };
        let number = exits.iter().position(same).unwrap_or_else(|| {
            exits.push(exit.clone());
            exits.len() - 1
        });
        let waiting = match exit {
            Exit::Return(parts) => Waiting::Result(parts),
            Exit::Break(_) => Waiting::Nothing,
        };
        self.enter_finally(finally, FIRST_EXIT + number as u32, waiting);
    }

    /// Leaves the function with its result; locals are released on the way.
    fn return_parts(&mut self, parts: Vec<Id<Value>>) {
        if self.owning.is_empty() && self.depth.is_none() {
            self.builder.end(Terminator::Return(parts));
            return;
        }
        if self.epilogue.is_none() {
            self.epilogue = Some(Epilogue { block: self.builder.block(), result: self.result_variables() });
        }
        let Some(Epilogue { block, result }) = self.epilogue.clone() else { return };
        self.set_all(&result, &parts);
        self.builder.jump(block);
    }

    /// `return`. The value is evaluated before the `finally` bodies run.
    pub fn return_statement(&mut self, value: &Expr) -> Option<()> {
        let parts = if let ExprKind::Local(local) = value.kind
            && self.owning.contains(&local)
            && !self.inside_finally()
        {
            // The local ends here.
            self.moved(local)
        } else {
            self.taken(value)?
        };
        self.leave(Exit::Return(parts));
        None
    }

    fn inside_finally(&self) -> bool {
        let mut scope = Some(self.scope);
        while let Some(Scope { kind, parent, .. }) = scope.map(|scope| &self.scopes[scope]) {
            if matches!(kind, Kind::Finally(_)) {
                return true;
            }
            scope = *parent;
        }
        false
    }

    fn result_variables(&mut self) -> Arc<[Id<Variable>]> {
        let types = self.hir.returns.flatten();
        types.into_iter().map(|ty| self.builder.variable(ty, None)).collect()
    }

    /// The common ends of the function: of all returns, and of all exceptions that leave it.
    pub fn ends(&mut self) {
        self.scope = self.function_scope;
        if let Some(Epilogue { block, result }) = self.epilogue.clone() {
            self.builder.start(block);
            self.release_locals();
            self.restore_depth();
            let parts = self.values(&result);
            self.builder.end(Terminator::Return(parts));
        }
        if let Some(pad) = self.scopes[self.function_scope].pad {
            self.builder.start(pad.block);
            self.add_frame(pad);
            self.release_locals();
            self.restore_depth();
            self.builder.end(Terminator::Throw(pad.exception));
        }
    }

    /// Notes in the traceback that the exception came to this function, unless that was done before.
    fn add_frame(&mut self, pad: Pad) {
        let Some(site) = pad.site else { return };
        let callee = Callee::Function(self.shared.items().traceback_add);
        let call = InstKind::Call { callee, args: vec![pad.exception, site], unwind: None };
        if !self.framed {
            self.builder.emit(call, &[]);
            return;
        }
        let framed = self.builder.i64(FRAMED);
        let fresh = self.builder.binary(Binary::I64Ne, site, framed);
        let (add, after) = (self.builder.block(), self.builder.block());
        self.builder.branch(fresh, add, after);
        self.builder.start(add);
        self.builder.emit(call, &[]);
        self.builder.jump(after);
        self.builder.start(after);
    }
}
