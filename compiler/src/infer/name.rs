//! Names. In: a name where it is read. Out: the variable, definition or builtin that it stands for.

use super::environment::Name;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::meant::Meant;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::prelude::intrinsics::Intrinsic;
use crate::resolve::{Binding, Definition, Module};
use crate::source::Span;
use crate::types::{Static, Type};
use std::sync::Arc;

impl Body<'_, '_> {
    /// A name's value.
    pub(super) fn name(&mut self, name: &Arc<str>, span: Span) -> Expr {
        if let Some(key) = self.find(name) {
            return self.variable(&key, span);
        }
        match self.binding(name) {
            Binding::Nested(id) => self.function_value(id, span),
            Binding::Imported(definition) => self.imported_value(definition, name, span),
            Binding::Module(module) => self.module_name(module, name, span),
            Binding::Builtin => self.builtin_name(name, span),
            Binding::Local | Binding::Cell | Binding::Captured | Binding::CapturedCell => {
                // Not bound on any path that was seen yet; after a loop, or in one, a later walk knows better.
                let key = self.binding_name(name);
                self.again |= self.learnt.unbound_reads.insert(key);
                let name = Expr::str(name, span);
                let function = if self.module_level.is_some() { "name_error" } else { "unbound_local_error" };
                let error = self.library_call(function, vec![name], span);
                self.raise_here(error, span)
            }
        }
    }

    pub(super) fn variable(&mut self, key: &Name, span: Span) -> Expr {
        let Some(variable) = self.env.vars.get(key).cloned() else { unreachable!("`find` saw it") };
        let ty = self.unify.shallow(&self.hir.locals[variable.local].ty);
        if ty == Type::Poison {
            if let Some((a, b)) = self.learnt.conflicts.get(key).cloned() {
                let (a, b) = (self.unify.resolve(&a), self.unify.resolve(&b));
                let text = format!("`{}` is `{a}` on one path and `{b}` on another", key.1);
                let help = if holds_itself(&a, &b) || holds_itself(&b, &a) {
                    "a container that holds containers of its own kind to any depth has no type: number the nodes, and \
                     keep their parts in lists, or in a dict with keys such as `(node, letter)`"
                } else {
                    "a variable has one type where paths join: use two names, or convert one of the values"
                };
                return self.error(Diagnostic::new(Code::TypeMismatch, span, text).help(help));
            }
            return Expr::poison(span);
        }
        // The library handles cells themselves.
        if let (Type::Cell(content), false) = (&ty, self.in_prelude()) {
            let owner = self.cell_owner(self.frames[key.0].scope, &key.1);
            let value = Expr::new(
                ExprKind::Intrinsic(Intrinsic::CellGet, vec![Expr::local(variable.local, ty.clone(), span)]),
                (**content).clone(),
                span,
            );
            // A parameter has its value from the start: where that may be `None`, it is.
            return if self.is_param(owner, &key.1) { value } else { self.assigned(value, &key.1.clone(), span) };
        }
        if ty.is_one_shot()
            && !self.in_prelude()
            && !self.is_resumable(&ty)
            && let Some(error) = self.spend(key, variable.maybe_unbound, span)
        {
            return self.error(error);
        }
        let kind = if variable.maybe_unbound {
            ExprKind::LocalChecked(variable.local)
        } else {
            ExprKind::Local(variable.local)
        };
        super::environment::narrowed_value(Expr::new(kind, ty, span), variable.narrowed)
    }

    /// Whoever reads a variable that holds an iterator may use it up, so that it counts as unbound from there on. Gives
    /// what is wrong where it was read before.
    fn spend(&mut self, key: &Name, maybe_unbound: bool, span: Span) -> Option<Diagnostic> {
        if let Some(first) = self.learnt.spent.get(key).filter(|_| maybe_unbound) {
            let name = &key.1;
            let text = format!("the iterator `{name}` was used before: it gives nothing any more");
            let error = Diagnostic::new(Code::NotIterable, span, text);
            let error = if *first == span { error } else { error.label(*first, "it is used up here") };
            return Some(
                error.help(format!("an iterator can be gone through once: make a list of it, `{name} = list(…)`")),
            );
        }
        self.learnt.spent.insert(key.clone(), span);
        if let Some(variable) = self.env.vars.get_mut(key) {
            variable.maybe_unbound = true;
        }
        None
    }

    /// The value of a variable that lives in a cell, which is empty until it is assigned.
    fn assigned(&mut self, value: Expr, name: &str, span: Span) -> Expr {
        let Type::Optional(item) = &value.ty else { return value };
        let item = (**item).clone();
        let mut out = Vec::new();
        let value = self.keep(value, &mut out);
        let text =
            format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
        let error = self.builtin_exception("NameError", vec![Expr::str(&text, span)], span);
        let test = Expr::new(ExprKind::IsSome(Box::new(value.clone())), Type::Bool, span);
        let raise = Stmt { kind: StmtKind::Raise(error), span };
        out.push(Stmt { kind: StmtKind::If { test, then: Vec::new(), otherwise: vec![raise] }, span });
        let value = Expr::new(ExprKind::Unwrap(Box::new(value)), item.clone(), span);
        Expr::new(ExprKind::Block(out, Box::new(value)), item, span)
    }

    fn module_name(&mut self, module: Id<Module>, name: &Arc<str>, span: Span) -> Expr {
        match self.inferer.names.original(module, name) {
            Some((owner, name, definition)) => self.definition_value(owner, &name, definition, span),
            None => {
                let text = format!("`{name}` is imported in a circle");
                self.error(Diagnostic::new(Code::UndefinedName, span, text))
            }
        }
    }

    /// What an import inside of a function brought.
    fn imported_value(&mut self, definition: Definition, name: &Arc<str>, span: Span) -> Expr {
        match definition {
            Definition::Member(module, name) => self.module_name(module, &name, span),
            Definition::Module(module) => self.definition_value(module, name, definition, span),
            Definition::Library(path) => self.library_value(&path, span),
            Definition::Variable | Definition::Function(_) | Definition::Exception(_) => {
                unreachable!("an import binds modules, members and libraries")
            }
        }
    }

    /// The value of a module-level definition.
    pub(super) fn definition_value(
        &mut self,
        owner: Id<Module>,
        name: &Arc<str>,
        definition: Definition,
        span: Span,
    ) -> Expr {
        let fixed = |path: String| Expr::new(ExprKind::Unit, Type::Static(Static(path.into())), span);
        match definition {
            Definition::Variable => self.global(owner, name, span),
            // What stands in the file is for other readers of it.
            Definition::Function(_) if self.inferer.host(name).is_some() => fixed(format!("host.{name}")),
            Definition::Function(id) => self.function_value(id, span),
            Definition::Module(id) => fixed(format!("module.{}", id.index())),
            Definition::Library(path) => self.library_value(&path, span),
            Definition::Exception(class) => {
                let name = &self.inferer.names.exceptions[class].name;
                fixed(format!("exception.{}.{name}", class.index()))
            }
            Definition::Member(..) => unreachable!("`Names::definition` follows members"),
        }
    }

    fn builtin_name(&mut self, name: &Arc<str>, span: Span) -> Expr {
        if self.in_prelude()
            && let Some(value) = self.prelude_name(name, span)
        {
            return value;
        }
        if &**name == "__name__" {
            let module = self.frames[self.frame].module;
            let name = module.map_or("__main__".into(), |module| self.inferer.names.modules[module].name.clone());
            // A main file that is imported: its name is not known, but it is not this.
            let imported = self.inferer.request.imported && &*name == "__main__";
            return Expr::str(if imported { "__kernel__" } else { &name }, span);
        }
        // What the host offers is for the program: the library means its own.
        if !self.in_prelude() && self.inferer.host(name).is_some() {
            return Expr::new(ExprKind::Unit, Type::Static(Static(format!("host.{name}").into())), span);
        }
        if self.inferer.is_builtin(name) {
            return Expr::new(ExprKind::Unit, Type::Static(Static(format!("builtins.{name}").into())), span);
        }
        let mut known: Vec<String> = self.env.vars.keys().map(|key| key.1.to_string()).collect();
        if let Some(module) = self.frames[self.frame].module {
            known.extend(self.inferer.names.modules[module].names.keys().map(ToString::to_string));
        }
        known.extend(self.inferer.builtin_names());
        if let Some((_, instead)) = super::builtin::UNSUPPORTED.iter().find(|(known, _)| *known == &**name) {
            let text = format!("`{name}` is not supported");
            return self.error(Diagnostic::new(Code::UnsupportedExpression, span, text).help(*instead));
        }
        let error = Diagnostic::new(Code::UndefinedName, span, format!("name `{name}` is not defined"));
        if let Some(words) = super::meant::absent_builtin(name) {
            let text = format!("`{name}` is not supported");
            return self.error(Diagnostic::new(Code::UnsupportedExpression, span, text).help(words));
        }
        let error = match super::meant::name(name) {
            Some(Meant::Name(right)) => error.meant(span, right),
            Some(Meant::Words(words)) => error.help(words),
            None => {
                let hinted = self.inferer.import_hint(name, error);
                match suggest::closest(name, known.iter().filter(|other| *other != &**name).map(String::as_str)) {
                    Some(close) if hinted.help.is_empty() => hinted.meant(span, close),
                    _ => hinted,
                }
            }
        };
        self.error(error)
    }
}

/// Whether the items of a container are, once more, containers such as the one that it is to be: `tree = tree["left"]`.
fn holds_itself(outer: &Type, inner: &Type) -> bool {
    match (outer, inner) {
        (Type::Dict(_, item), Type::Dict(..)) => matches!(&**item, Type::Dict(..)),
        (Type::List(item), Type::List(_)) => matches!(&**item, Type::List(_)),
        _ => false,
    }
}
