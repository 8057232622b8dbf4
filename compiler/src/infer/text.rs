//! The typed tree as text, for people. In: `hir::Program`. Out: lines, each with the Python that it comes from.
//!
//! It reads like Python with every type and conversion written out; library functions are called by their names.

use super::hir::{Expr, ExprKind, Function, Local, Program, Stmt, StmtKind};
use crate::arena::Id;
use crate::source::Span;
use std::fmt::Write as _;

/// The functions that `shown` says, as lines.
pub fn lines(program: &Program, shown: &dyn Fn(&Function) -> bool) -> Vec<(String, Option<Span>)> {
    let mut lines = Vec::new();
    for (_, function) in program.reached().filter(|(_, function)| shown(function)) {
        let mut writer = Writer { program, function, lines: Vec::new(), depth: 0 };
        let params: Vec<_> = function.params.iter().map(|param| writer.declared(*param)).collect();
        let head = format!("def {}({}) -> {}:", function.name, params.join(", "), function.returns);
        writer.line(head, function.span);
        writer.depth = 1;
        writer.body(&function.body);
        lines.append(&mut writer.lines);
        lines.push((String::new(), None));
    }
    lines
}

struct Writer<'a> {
    program: &'a Program,
    function: &'a Function,
    lines: Vec<(String, Option<Span>)>,
    depth: usize,
}

impl Writer<'_> {
    fn line(&mut self, text: String, span: Span) {
        self.lines.push((format!("{}{text}", "    ".repeat(self.depth)), Some(span)));
    }

    /// A local by its name and number: one Python variable may be several.
    fn local(&self, id: Id<Local>) -> String {
        let name = &self.function.locals[id].name;
        if name.is_empty() { format!("t{}", id.index()) } else { name.to_string() }
    }

    fn declared(&self, id: Id<Local>) -> String {
        format!("{}: {}", self.local(id), self.function.locals[id].ty)
    }

    fn body(&mut self, body: &[Stmt]) {
        if body.is_empty() {
            self.lines.push((format!("{}pass", "    ".repeat(self.depth)), None));
        }
        body.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn nested(&mut self, body: &[Stmt]) {
        self.depth += 1;
        self.body(body);
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Expr(value) => {
                let value = self.expr(value);
                self.line(value, span);
            }
            StmtKind::Assign(local, value) => {
                let value = self.expr(value);
                self.line(format!("{} = {value}", self.declared(*local)), span);
            }
            StmtKind::Unbind(local) => self.line(format!("del {}", self.local(*local)), span),
            StmtKind::AssignGlobal(global, value) => {
                let value = self.expr(value);
                let global = &self.program.globals[*global];
                self.line(format!("global {}: {} = {value}", global.name, global.ty), span);
            }
            StmtKind::AssignElement { array, indices, value } => {
                let (array, indices, value) = (self.expr(array), self.exprs(indices), self.expr(value));
                self.line(format!("{array}[{indices}] = {value}"), span);
            }
            StmtKind::If { test, then, otherwise } => {
                let test = self.expr(test);
                self.line(format!("if {test}:"), span);
                self.nested(then);
                if !otherwise.is_empty() {
                    self.line("else:".to_owned(), span);
                    self.nested(otherwise);
                }
            }
            StmtKind::Loop { label, body } => {
                self.line(format!("loop '{}:", label.0), span);
                self.nested(body);
            }
            StmtKind::Block { label, body } => {
                self.line(format!("block '{}:", label.0), span);
                self.nested(body);
            }
            StmtKind::Break(label) => self.line(format!("break '{}", label.0), span),
            StmtKind::Return(value) => {
                let value = self.expr(value);
                self.line(format!("return {value}"), span);
            }
            StmtKind::Raise(value) => {
                let value = self.expr(value);
                self.line(format!("raise {value}"), span);
            }
            StmtKind::Try { body, exception, handler } => {
                self.line("try:".to_owned(), span);
                self.nested(body);
                self.line(format!("except as {}:", self.local(*exception)), span);
                self.nested(handler);
            }
            StmtKind::Finally { body, finally } => {
                self.line("try:".to_owned(), span);
                self.nested(body);
                self.line("finally:".to_owned(), span);
                self.nested(finally);
            }
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) -> String {
        let texts: Vec<_> = exprs.iter().map(|expr| self.expr(expr)).collect();
        texts.join(", ")
    }

    /// An expression; the statements of a block come on lines before it.
    fn expr(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Unit => expr.ty.to_string(),
            ExprKind::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::Complex(re, im) => format!("({re:?}+{im:?}j)"),
            ExprKind::Str(text) => format!("{text:?}"),
            ExprKind::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::LocalChecked(local) => format!("bound({})", self.local(*local)),
            ExprKind::IsBound(local) => format!("is_bound({})", self.local(*local)),
            ExprKind::Global(global) => self.program.globals[*global].name.to_string(),
            ExprKind::GlobalChecked(global) => format!("bound({})", self.program.globals[*global].name),
            ExprKind::Intrinsic(intrinsic, items) => {
                let mut name = String::new();
                for c in format!("{intrinsic:?}").chars() {
                    if c.is_ascii_uppercase() && !name.is_empty() && !name.ends_with(['(', '_']) {
                        name.push('_');
                    }
                    name.push(c.to_ascii_lowercase());
                }
                let mut text = format!("{name}({})", self.exprs(items));
                let _ = write!(text, ": {}", expr.ty);
                format!("({text})")
            }
            ExprKind::Call(function, items) => {
                format!("{}({})", self.program.functions[*function].name, self.exprs(items))
            }
            ExprKind::CallHost(host, items) => format!("{}({})", self.program.hosts[*host].name, self.exprs(items)),
            ExprKind::Tuple(items) => format!("({})", self.exprs(items)),
            ExprKind::Member(item, at) => format!("{}.{at}", self.expr(item)),
            ExprKind::If { test, then, otherwise } => {
                let (then, test, otherwise) = (self.expr(then), self.expr(test), self.expr(otherwise));
                format!("({then} if {test} else {otherwise})")
            }
            ExprKind::Block(body, value) => {
                body.iter().for_each(|stmt| self.stmt(stmt));
                self.expr(value)
            }
            ExprKind::List(items) => format!("[{}]", self.exprs(items)),
            ExprKind::Some(item) => format!("some({})", self.expr(item)),
            ExprKind::Nothing => "nothing".to_owned(),
            ExprKind::IsSome(item) => format!("is_some({})", self.expr(item)),
            ExprKind::Unwrap(item) => format!("unwrap({})", self.expr(item)),
            ExprKind::Element { array, indices } => format!("{}[{}]", self.expr(array), self.exprs(indices)),
            ExprKind::Elementwise(_) => unreachable!("Body::expr makes the array"),
        }
    }
}
