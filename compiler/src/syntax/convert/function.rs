//! `def` and `lambda`. In: rustpython functions. Out: `ast::Function` in `Tree`. Reports: KU1100.

use super::{Converter, Met, ScopeKind, python, span};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{ExprKind, Function, Param, ParamKind, Stmt, StmtKind};
use std::sync::Arc;

impl Converter<'_> {
    /// A `def`. Decorators, defaults and annotations belong to the scope around it.
    pub(super) fn definition(&mut self, function: &python::StmtFunctionDef, at: Span) -> StmtKind {
        let name = self.ident_within(&function.name, Span::new(at.start + "def".len() as u32, at.end));
        if let Some(first) = function.type_params.first() {
            let message = "type parameters are not supported";
            let help = "leave the annotation out: a function without annotations takes any type";
            self.report(Diagnostic::new(Code::UnsupportedStatement, span(first), message).help(help));
        }
        let decorators = function.decorator_list.iter().map(|decorator| self.expression(decorator)).collect();
        let params = self.parameters(&function.args);
        let returns = function.returns.as_ref().map(|returns| self.expression(returns));
        self.bind(&name);
        self.enter_scope(ScopeKind::Function);
        self.meet_parameters(&params);
        let body = self.statements(&function.body);
        self.leave_scope();
        let function = Function { name, decorators, params, returns, body, is_lambda: false, span: at };
        StmtKind::Function(self.tree.functions.push(Arc::new(function)))
    }

    pub(super) fn lambda(&mut self, lambda: &python::ExprLambda, at: Span) -> ExprKind {
        let name = self.ident("<lambda>", Span::new(at.start, at.start + "lambda".len() as u32));
        let params = self.parameters(&lambda.args);
        self.enter_scope(ScopeKind::Function);
        self.meet_parameters(&params);
        let value = self.expression(&lambda.body);
        self.leave_scope();
        let body = vec![Stmt { span: value.span, kind: StmtKind::Return(Some(value)) }];
        let function =
            Function { name, decorators: Vec::new(), params, returns: None, body, is_lambda: true, span: at };
        ExprKind::Lambda(self.tree.functions.push(Arc::new(function)))
    }

    fn meet_parameters(&mut self, params: &[Param]) {
        for param in params {
            self.meet(&param.name.text, Met::Parameter, param.name.span);
        }
    }

    fn parameters(&mut self, arguments: &python::Arguments) -> Vec<Param> {
        let mut params = Vec::new();
        let mut add = |this: &mut Self, arg: &python::Arg, default: Option<&python::Expr>, kind| {
            let start = span(arg).start;
            let name = this.ident(&arg.arg, Span::new(start, start + arg.arg.len() as u32));
            let annotation = arg.annotation.as_ref().map(|annotation| this.expression(annotation));
            let default = default.map(|default| this.expression(default));
            params.push(Param { name, kind, annotation, default });
        };
        for arg in &arguments.posonlyargs {
            add(self, &arg.def, arg.default.as_deref(), ParamKind::PositionalOnly);
        }
        for arg in &arguments.args {
            add(self, &arg.def, arg.default.as_deref(), ParamKind::Normal);
        }
        if let Some(arg) = &arguments.vararg {
            add(self, arg, None, ParamKind::VarArgs);
        }
        for arg in &arguments.kwonlyargs {
            add(self, &arg.def, arg.default.as_deref(), ParamKind::KeywordOnly);
        }
        if let Some(arg) = &arguments.kwarg {
            add(self, arg, None, ParamKind::KwArgs);
        }
        params
    }
}
