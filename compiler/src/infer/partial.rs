//! Exports that pass fewer arguments than the function has parameters, or more: functions of their own that call it.
//! In: a function, types of arguments. Out: the function to export, in whose call defaults and `*args` are as in any.

use super::Inferer;
use crate::resolve::{Binding, Scope};
use crate::syntax::ast::{Expr, ExprKind, Function, FunctionId, Ident, Param, ParamKind, Stmt, StmtKind};
use crate::types::Type;
use std::sync::Arc;

impl Inferer<'_> {
    /// The function that takes so many positional arguments and calls `callee` with them, and the types of its
    /// parameters: those that are declared, else those that are given. `None` where `callee` is that itself.
    pub(super) fn partial(&mut self, callee: FunctionId, given: &[Type]) -> Option<(FunctionId, Vec<Type>)> {
        let node = self.tree.functions[callee].clone();
        let plain = |param: &Param| matches!(param.kind, ParamKind::Normal | ParamKind::PositionalOnly);
        let positional = node.params.iter().filter(|param| plain(param)).count();
        let all_plain = node.params.iter().all(|param| plain(param) || param.kind == ParamKind::KeywordOnly);
        if all_plain && given.len() == node.params.len() {
            return None;
        }
        let declared = self.declared_params(callee).unwrap_or_default();
        let mut types = given.to_vec();
        types.iter_mut().zip(declared).take(positional).for_each(|(ty, declared)| *ty = declared);
        let span = node.name.span;
        let expr = |kind| Expr { kind, span };
        let name = |at: usize| -> Arc<str> {
            let known = node.params.get(at).filter(|_| at < positional);
            known.map_or_else(|| format!("argument_{}", at + 1).into(), |param| param.name.text.clone())
        };
        let params = (0..types.len()).map(|at| Param {
            name: Ident { text: name(at), span },
            kind: ParamKind::Normal,
            annotation: None,
            default: None,
        });
        let call = ExprKind::Call {
            function: Box::new(expr(ExprKind::Name(node.name.text.clone()))),
            args: (0..types.len()).map(|at| expr(ExprKind::Name(name(at)))).collect(),
            keywords: Vec::new(),
        };
        let wrapper = Function {
            name: node.name.clone(),
            decorators: Vec::new(),
            params: params.collect(),
            returns: None,
            body: vec![Stmt { kind: StmtKind::Return(Some(expr(call))), span }],
            is_lambda: false,
            span,
        };
        let scope = Scope {
            module: self.names.scopes.get(callee).and_then(|scope| scope.module),
            names: (0..types.len()).map(|at| (name(at), Binding::Local)).collect(),
            ..Scope::default()
        };
        let id = self.tree.functions.push(Arc::new(wrapper));
        self.names.scopes.insert(id, scope);
        Some((id, types))
    }
}
