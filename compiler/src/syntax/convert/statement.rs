//! Statements. In: rustpython statements. Out: `ast::Stmt`. Reports: KU1011, KU1013, KU1100 to KU1105, KU1108.

use super::{Converter, Met, ScopeKind, python, span};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Alias, Handler, Ident, Stmt, StmtKind};
use rustpython_parser::ast::Ranged;

impl Converter<'_> {
    pub(super) fn statements(&mut self, body: &[python::Stmt]) -> Vec<Stmt> {
        let mut statements = Vec::with_capacity(body.len());
        for statement in body {
            statements.push(self.statement(statement));
        }
        statements
    }

    /// The body of a loop.
    fn repeated(&mut self, body: &[python::Stmt]) -> Vec<Stmt> {
        self.scope().loops += 1;
        let body = self.statements(body);
        self.scope().loops -= 1;
        body
    }

    fn statement(&mut self, statement: &python::Stmt) -> Stmt {
        let span = span(statement);
        if !self.descend(span) {
            return Stmt { kind: StmtKind::Pass, span };
        }
        let kind = self.statement_kind(statement, span);
        self.rise();
        Stmt { kind, span }
    }

    /// What was reported becomes `pass`.
    fn statement_kind(&mut self, statement: &python::Stmt, span: Span) -> StmtKind {
        match statement {
            python::Stmt::FunctionDef(function) => self.definition(function, span),
            python::Stmt::Expr(expr) => StmtKind::Expr(self.expression(&expr.value)),
            python::Stmt::Assign(assign) => self.assign(assign),
            python::Stmt::AugAssign(assign) => self.augmented(assign),
            python::Stmt::AnnAssign(assign) => self.annotated(assign),
            python::Stmt::If(branch) => self.branch(branch),
            python::Stmt::While(repeat) => self.while_loop(repeat),
            python::Stmt::For(repeat) => self.for_loop(repeat),
            python::Stmt::Match(choice) => self.match_statement(choice),
            python::Stmt::Try(attempt) => self.attempt(attempt),
            python::Stmt::Return(result) => self.result(result, span),
            python::Stmt::Raise(raise) => self.raise(raise),
            python::Stmt::Assert(assert) => self.assert(assert),
            python::Stmt::Delete(delete) => self.delete(delete),
            python::Stmt::Global(names) => StmtKind::Global(self.declared("global", &names.names, span)),
            python::Stmt::Nonlocal(names) => self.nonlocal(names, span),
            python::Stmt::Import(import) => self.import(import),
            python::Stmt::ImportFrom(import) => self.import_from(import, span),
            python::Stmt::ClassDef(class) => self.class(class, span),
            python::Stmt::Pass(_) => StmtKind::Pass,
            python::Stmt::Break(_) => self.inside_loop(StmtKind::Break, "break", span),
            python::Stmt::Continue(_) => self.inside_loop(StmtKind::Continue, "continue", span),
            python::Stmt::With(with) => self.unsupported_with(with, span),
            python::Stmt::AsyncFunctionDef(_) => self.unsupported_async("async def", span),
            python::Stmt::AsyncFor(_) => self.unsupported_async("async for", span),
            python::Stmt::AsyncWith(_) => self.unsupported_async("async with", span),
            python::Stmt::TryStar(attempt) => self.unsupported_try_star(attempt, span),
            python::Stmt::TypeAlias(alias) => self.unsupported_type_alias(alias, span),
        }
    }

    fn assign(&mut self, assign: &python::StmtAssign) -> StmtKind {
        let value = self.expression(&assign.value);
        let targets = assign.targets.iter().map(|target| self.target(target)).collect();
        StmtKind::Assign { targets, value }
    }

    fn augmented(&mut self, assign: &python::StmtAugAssign) -> StmtKind {
        let target = self.augmented_target(&assign.target);
        StmtKind::AugAssign {
            target,
            op: super::expression::binary_op(assign.op),
            value: self.expression(&assign.value),
        }
    }

    fn annotated(&mut self, assign: &python::StmtAnnAssign) -> StmtKind {
        let value = assign.value.as_ref().map(|value| self.expression(value));
        let annotation = self.expression(&assign.annotation);
        StmtKind::AnnAssign { target: self.annotated_target(&assign.target), annotation, value }
    }

    fn branch(&mut self, branch: &python::StmtIf) -> StmtKind {
        let test = self.expression(&branch.test);
        let body = self.statements(&branch.body);
        StmtKind::If { test, body, orelse: self.statements(&branch.orelse) }
    }

    fn while_loop(&mut self, repeat: &python::StmtWhile) -> StmtKind {
        let test = self.expression(&repeat.test);
        let body = self.repeated(&repeat.body);
        StmtKind::While { test, body, orelse: self.statements(&repeat.orelse) }
    }

    fn for_loop(&mut self, repeat: &python::StmtFor) -> StmtKind {
        let iter = self.expression(&repeat.iter);
        let target = self.target(&repeat.target);
        let body = self.repeated(&repeat.body);
        StmtKind::For { target, iter, body, orelse: self.statements(&repeat.orelse) }
    }

    fn match_statement(&mut self, choice: &python::StmtMatch) -> StmtKind {
        let subject = self.expression(&choice.subject);
        StmtKind::Match { subject, cases: self.cases(&choice.cases) }
    }

    fn result(&mut self, result: &python::StmtReturn, span: Span) -> StmtKind {
        if self.function_scope().kind == ScopeKind::Module {
            let message = "`return` outside a function";
            let help = "only a function can return; the module level ends at the end of the file";
            self.report(Diagnostic::new(Code::MisplacedStatement, span, message).help(help));
        }
        StmtKind::Return(result.value.as_ref().map(|value| self.expression(value)))
    }

    fn raise(&mut self, raise: &python::StmtRaise) -> StmtKind {
        let exception = raise.exc.as_ref().map(|exception| self.expression(exception));
        StmtKind::Raise { exception, cause: raise.cause.as_ref().map(|cause| self.expression(cause)) }
    }

    fn assert(&mut self, assert: &python::StmtAssert) -> StmtKind {
        let test = self.expression(&assert.test);
        StmtKind::Assert { test, message: assert.msg.as_ref().map(|message| self.expression(message)) }
    }

    fn delete(&mut self, delete: &python::StmtDelete) -> StmtKind {
        let mut targets = Vec::new();
        for target in &delete.targets {
            self.deleted(target, &mut targets);
        }
        StmtKind::Delete(targets)
    }

    fn nonlocal(&mut self, names: &python::StmtNonlocal, span: Span) -> StmtKind {
        if self.function_scope().kind == ScopeKind::Module {
            let message = "`nonlocal` at module level";
            let help = "`nonlocal` names a variable of an enclosing function, and here is none";
            self.report(Diagnostic::new(Code::BadDeclaration, span, message).help(help));
            return StmtKind::Pass;
        }
        StmtKind::Nonlocal(self.declared("nonlocal", &names.names, span))
    }

    fn import(&mut self, import: &python::StmtImport) -> StmtKind {
        StmtKind::Import(import.names.iter().map(|alias| self.alias(alias, false)).collect())
    }

    fn unsupported_with(&mut self, with: &python::StmtWith, span: Span) -> StmtKind {
        let head = Span::new(span.start, span.start + "with".len() as u32);
        let mut diagnostic = Diagnostic::new(Code::UnsupportedWith, head, "`with` is not supported")
            .help("write the steps out; what must happen at the end goes into `try: … finally: …`");
        if let Some(item) = with.items.first() {
            diagnostic = diagnostic.label(super::span(&item.context_expr), "this would be entered and left");
        }
        self.report(diagnostic);
        StmtKind::Pass
    }

    fn unsupported_try_star(&mut self, attempt: &python::StmtTryStar, span: Span) -> StmtKind {
        let first = attempt.handlers.first().map_or(span, super::span);
        let at = Span::new(first.start, first.start + "except*".len() as u32);
        let help = "exception groups cannot be made here; use `except`";
        self.report(Diagnostic::new(Code::UnsupportedStatement, at, "`except*` is not supported").help(help));
        StmtKind::Pass
    }

    fn unsupported_type_alias(&mut self, alias: &python::StmtTypeAlias, span: Span) -> StmtKind {
        let message = "the `type` statement is not supported";
        let (name, value) = (self.source(super::span(&*alias.name)), self.source(super::span(&*alias.value)));
        let help = format!("Python 3.11 has no `type` statement either; write `{name} = {value}`");
        self.report(Diagnostic::new(Code::UnsupportedStatement, span, message).help(help));
        StmtKind::Pass
    }

    fn unsupported_async(&mut self, what: &str, span: Span) -> StmtKind {
        let at = Span::new(span.start, span.start + "async".len() as u32);
        let help = "a kernel only computes: wait outside it, and hand it the data";
        let message = format!("`{what}` is not supported");
        self.report(Diagnostic::new(Code::UnsupportedAsync, at, message).help(help));
        StmtKind::Pass
    }

    /// Gives `kind`, a `break` or `continue`.
    fn inside_loop(&mut self, kind: StmtKind, word: &str, span: Span) -> StmtKind {
        if self.scope().loops == 0 {
            let message = format!("`{word}` outside a loop");
            let help = format!("`{word}` belongs inside the body of a `for` or `while` of the same function");
            self.report(Diagnostic::new(Code::MisplacedStatement, span, message).help(help));
        }
        kind
    }

    fn attempt(&mut self, attempt: &python::StmtTry) -> StmtKind {
        let body = self.statements(&attempt.body);
        let last = attempt.handlers.len().saturating_sub(1);
        let mut handlers = Vec::new();
        for (index, python::ExceptHandler::ExceptHandler(handler)) in attempt.handlers.iter().enumerate() {
            let span = span(handler);
            if handler.type_.is_none() && index != last {
                let at = Span::new(span.start, span.start + "except".len() as u32);
                let message = "a bare `except:` must come last";
                let help = "it catches everything, so the clauses after it could never run";
                self.report(Diagnostic::new(Code::InvalidSyntax, at, message).help(help));
            }
            let class = handler.type_.as_ref().map(|class| self.expression(class));
            let name = handler.name.as_ref().map(|name| {
                let after = handler.type_.as_ref().map_or(span.start, |class| class.end().to_u32());
                let ident = self.ident_within(name, Span::new(after, span.end));
                self.bind(&ident);
                ident
            });
            handlers.push(Handler { class, name, body: self.statements(&handler.body), span });
        }
        let orelse = self.statements(&attempt.orelse);
        let finalbody = self.statements(&attempt.finalbody);
        StmtKind::Try { body, handlers, orelse, finalbody }
    }

    /// Notes that `ident` is assigned in the current scope.
    pub(super) fn bind(&mut self, ident: &Ident) {
        if &*ident.text == "__debug__" {
            self.report(Diagnostic::new(Code::InvalidTarget, ident.span, "cannot assign to `__debug__`"));
        }
        self.meet(&ident.text, Met::Assigned, ident.span);
    }

    /// The names of a `global` or `nonlocal`, which no other mention may precede.
    fn declared(&mut self, word: &str, names: &[python::Identifier], span: Span) -> Vec<Ident> {
        let mut from = span.start + word.len() as u32;
        let declaration = if word == "global" { Met::Global } else { Met::Nonlocal };
        let mut idents = Vec::new();
        for name in names {
            let ident = self.ident_within(name, Span::new(from, span.end));
            from = ident.span.end;
            let earlier = self.scope().names.get(&ident.text).copied();
            let problem = match earlier {
                None => None,
                Some((Met::Parameter, _)) => Some(("is a parameter", "the parameter")),
                Some((Met::Used, _)) => Some(("is used before this declaration", "used here")),
                Some((Met::Assigned, _)) => Some(("is assigned before this declaration", "assigned here")),
                Some((met, _)) if met == declaration => None,
                Some((_, _)) => Some(("is declared both `global` and `nonlocal`", "declared here")),
            };
            if let (Some((problem, label)), Some((_, place))) = (problem, earlier) {
                let message = format!("`{name}` {problem}, so it cannot be `{word}`");
                let help = "put the declaration first in the function, or use another name";
                let diagnostic = Diagnostic::new(Code::BadDeclaration, ident.span, message);
                self.report(diagnostic.label(place, label).help(help));
            }
            self.meet(&ident.text, declaration, ident.span);
            idents.push(ident);
        }
        idents
    }

    fn alias(&mut self, alias: &python::Alias, from: bool) -> Alias {
        let span = span(alias);
        let name = self.ident(&alias.name, Span::new(span.start, span.start + alias.name.len() as u32));
        let alias = alias
            .asname
            .as_ref()
            .map(|asname| self.ident(asname, Span::new(span.end.saturating_sub(asname.len() as u32), span.end)));
        if let Some(alias) = &alias {
            self.bind(alias);
        } else if &*name.text != "*" {
            // `import a.b` binds `a`.
            let bound = if from { &*name.text } else { name.text.split('.').next().unwrap_or_default() };
            let bound = self.name(bound);
            self.meet(&bound, Met::Assigned, name.span);
        }
        Alias { name, alias }
    }

    fn import_from(&mut self, import: &python::StmtImportFrom, span: Span) -> StmtKind {
        let after_from = span.start + "from".len() as u32;
        let module = import.module.as_ref().map(|module| self.ident_within(module, Span::new(after_from, span.end)));
        if import.names.iter().any(|alias| &*alias.name == "*") && self.function_scope().kind != ScopeKind::Module {
            let message = "`import *` inside a function";
            let name = import.module.as_ref().map_or("", |module| module.as_str());
            let help = format!("import the names that are used: `from {name} import …`");
            self.report(Diagnostic::new(Code::UnsupportedImport, span, message).help(help));
        }
        let names = import.names.iter().map(|alias| self.alias(alias, true)).collect();
        StmtKind::ImportFrom { module, names, level: import.level.map_or(0, |level| level.to_u32()) }
    }

    fn class(&mut self, class: &python::StmtClassDef, span: Span) -> StmtKind {
        let name = self.ident_within(&class.name, Span::new(span.start + "class".len() as u32, span.end));
        let says_nothing = |statement: &python::Stmt| match statement {
            python::Stmt::Pass(_) => true,
            python::Stmt::Expr(expr) => expr.value.as_constant_expr().is_some_and(|constant| {
                matches!(constant.value, python::Constant::Str(_) | python::Constant::Ellipsis)
            }),
            _ => false,
        };
        let problem = if !class.type_params.is_empty() {
            Some("has type parameters")
        } else if !class.decorator_list.is_empty() {
            Some("has a decorator")
        } else if !class.keywords.is_empty() {
            Some("has keywords")
        } else if !class.body.iter().all(says_nothing) {
            Some("has a body")
        } else if class.bases.is_empty() {
            Some("is not an exception")
        } else if !class.bases.iter().all(is_dotted_name) {
            Some("has a base that is not a name")
        } else {
            None
        };
        if let Some(problem) = problem {
            let message = format!("class `{}` is not supported, because it {problem}", name.text);
            let help = "only exceptions can be classes: `class BadValue(ValueError): pass`; \
                        keep other values together in a tuple, or use one list or array a field";
            self.report(Diagnostic::new(Code::UnsupportedClass, name.span, message).help(help));
            return StmtKind::Pass;
        }
        let bases = class.bases.iter().map(|base| self.expression(base)).collect();
        self.bind(&name);
        StmtKind::ExceptionClass { name, bases }
    }
}

fn is_dotted_name(expr: &python::Expr) -> bool {
    match expr {
        python::Expr::Name(_) => true,
        python::Expr::Attribute(attribute) => is_dotted_name(&attribute.value),
        _ => false,
    }
}
