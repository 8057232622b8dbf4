//! Calls. In: a callee and arguments. Out: `hir` calls of instances.

use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::unify::contains_variable;
use super::{Inferer, Key};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::Binding;
use crate::source::Span;
use crate::syntax::ast::{self, FunctionId, ParamKind};
use crate::types::{Rules, Type};
use std::sync::Arc;

/// Arguments after evaluation.
#[derive(Debug, Default, Clone)]
pub struct Args {
    /// In order.
    pub positional: Vec<Expr>,
    /// By name, in order.
    pub keywords: Vec<(ast::Ident, Expr)>,
    /// A list or the like after a star: its length is known at run time only.
    pub star: Option<Expr>,
}

impl Args {
    /// Positional arguments only.
    pub fn positional(positional: Vec<Expr>) -> Self {
        Self { positional, ..Self::default() }
    }

    /// Takes the keyword argument `name` out.
    pub fn take(&mut self, name: &str) -> Option<Expr> {
        let at = self.keywords.iter().position(|(keyword, _)| &*keyword.text == name)?;
        Some(self.keywords.remove(at).1)
    }
}

impl Body<'_, '_> {
    /// `function(args, keywords)`.
    pub(super) fn call(
        &mut self,
        function: &ast::Expr,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        if let ast::ExprKind::Attribute { value, name } = &function.kind {
            let object = self.expr(value, None);
            if super::expression::absorbs(&object.ty) {
                return object;
            }
            let py_func = matches!(object.ty, Type::Function(..)) && &*name.text == "py_func";
            if !py_func && !matches!(object.ty, Type::Static(_)) {
                if let ast::ExprKind::Str(template) = &value.kind
                    && &*name.text == "format"
                {
                    return self.template_format(template, args, keywords, value.span, span);
                }
                let args = self.arguments(args, keywords);
                return self.method_call(object, name, args, span);
            }
            let function = self.attribute(object, name, function.span);
            return self.call_with(function, args, keywords, expected, span);
        }
        let function = self.expr(function, None);
        self.call_with(function, args, keywords, expected, span)
    }

    fn call_with(
        &mut self,
        function: Expr,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        match function.ty.clone() {
            Type::Static(path) => self.call_static(&path.0, args, keywords, expected, span),
            Type::Function(..) => {
                let args = self.arguments(args, keywords);
                self.call_function_value(function, args, span)
            }
            ty if super::expression::absorbs(&ty) => function,
            other => {
                let text = format!("`{other}` cannot be called");
                self.error(Diagnostic::new(Code::NotCallable, function.span, text))
            }
        }
    }

    /// Evaluates arguments from left to right; a starred tuple is written out.
    pub(super) fn arguments(&mut self, args: &[ast::Expr], keywords: &[ast::Keyword]) -> Args {
        let mut all = Args::default();
        for arg in args {
            if let ast::ExprKind::Starred(inner) = &arg.kind {
                let value = self.expr(inner, None);
                self.star_argument(value, &mut all);
            } else if all.star.is_some() {
                let text = "an argument after `*` of a list is not supported: its position is not known";
                self.error(Diagnostic::new(Code::UnsupportedArgument, arg.span, text));
            } else {
                let value = self.expr(arg, None);
                all.positional.push(value);
            }
        }
        for keyword in keywords {
            match &keyword.name {
                Some(name) => {
                    let value = self.expr(&keyword.value, None);
                    all.keywords.push((name.clone(), value));
                }
                None => {
                    let text = "`**` arguments are not supported yet";
                    self.error(
                        Diagnostic::new(Code::UnsupportedArgument, keyword.value.span, text)
                            .help("write the arguments by name: `name=value`"),
                    );
                }
            }
        }
        all
    }

    /// `*value`, of a tuple written out.
    pub(super) fn star_argument(&mut self, value: Expr, all: &mut Args) {
        match &value.ty {
            Type::Tuple(items) => {
                let count = items.len();
                // Evaluated once, where the first member stands.
                let mut out = Vec::new();
                let kept = self.keep(value, &mut out);
                for at in 0..count {
                    let member = self.member(&kept, at);
                    let before = std::mem::take(&mut out);
                    let ty = member.ty.clone();
                    let span = member.span;
                    all.positional.push(if before.is_empty() {
                        member
                    } else {
                        Expr::new(ExprKind::Block(before, Box::new(member)), ty, span)
                    });
                }
            }
            Type::Poison => {}
            _ => match value.kind {
                // A display has a known length.
                ExprKind::List(items) => all.positional.extend(items),
                _ => all.star = Some(value),
            },
        }
    }

    /// Calls a function that is a value of its own: a `def`, a lambda, a closure; or a static one.
    pub(super) fn call_value(&mut self, function: Expr, args: Vec<Expr>, span: Span) -> Expr {
        match function.ty.clone() {
            Type::Function(..) => self.call_function_value(function, Args::positional(args), span),
            Type::Static(path) => self.call_library_value(&path.0, Args::positional(args), None, span),
            ty if super::expression::absorbs(&ty) => function,
            other => {
                let text = format!("`{other}` cannot be called");
                self.error(Diagnostic::new(Code::NotCallable, function.span, text))
            }
        }
    }

    fn call_function_value(&mut self, function: Expr, args: Args, span: Span) -> Expr {
        let Type::Function(id, captures) = function.ty.clone() else { unreachable!("the caller matched a function") };
        let mut out = Vec::new();
        let mut values = Vec::new();
        if !captures.is_empty() {
            let kept = self.keep(function, &mut out);
            values = (0..captures.len()).map(|at| self.member(&kept, at)).collect();
        }
        let value = self.call_function(id, values, args, span);
        if out.is_empty() {
            return value;
        }
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    /// Calls a function of the prelude with positional arguments.
    pub(super) fn library_call(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        self.library_call_with(name, Args::positional(args), span)
    }

    /// Calls a function of the prelude.
    pub(super) fn library_call_with(&mut self, name: &str, args: Args, span: Span) -> Expr {
        if let Some(poison) = args.positional.iter().find(|arg| super::expression::absorbs(&arg.ty)) {
            return poison.clone();
        }
        match self.inferer.prelude.function(name, self.inferer.tree) {
            Some(function) => self.call_function(function, Vec::new(), args, span),
            None => {
                let types: Vec<_> = args.positional.iter().map(|arg| self.unify.resolve(&arg.ty).to_string()).collect();
                let text = format!("this operation is not supported yet for `{}` (`{name}`)", types.join("`, `"));
                self.error(Diagnostic::new(Code::UnsupportedType, span, text))
            }
        }
    }

    /// Calls a function: binds arguments to parameters, makes the instance.
    pub(super) fn call_function(&mut self, id: FunctionId, captures: Vec<Expr>, args: Args, span: Span) -> Expr {
        let function = self.inferer.tree.functions[id].clone();
        let library = self.inferer.is_prelude(function.span);
        if let Some(poison) = args
            .positional
            .iter()
            .chain(args.keywords.iter().map(|(_, value)| value))
            .find(|arg| arg.ty == Type::Poison)
        {
            // Its error was reported. The call is not looked at, so that it causes no other.
            return poison.clone();
        }
        let rules = self.callee_rules(id);
        if rules.is_numba() && !library && !self.rules().is_numba() {
            let is_unsigned = |value: &Expr| value.ty == Type::Unsigned;
            if args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value)).any(is_unsigned) {
                return self.call_by_size(id, captures, args, span);
            }
        }
        let mut out = Vec::new();
        let args = if library { self.library_arguments(&function, args) } else { args };
        let Some(values) = self.bind(id, &function, args, span, &mut out) else { return Expr::poison(span) };
        let mut fitted = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            // Numba takes no notice of annotations.
            let value =
                if rules.is_numba() && !library { value } else { self.fit_param(id, &function, at, value, library) };
            if value.ty == Type::Poison {
                return value;
            }
            fitted.push(value);
        }
        if let Some(never) = captures.iter().chain(&fitted).find(|value| value.ty == Type::Never) {
            return never.clone();
        }
        let Some(fitted) = self.by_signature(id, fitted, span) else { return Expr::poison(span) };
        let mut all = captures;
        all.extend(fitted);
        for value in &mut all {
            if rules.is_numba() {
                value.ty = super::convert::cross(&self.unify.resolve(&value.ty), rules);
            }
        }
        if !library && all.iter().any(|value| contains_variable(&value.ty)) {
            self.learn_from_callee(id, rules, &all);
        }
        let params: Vec<_> = all.iter().map(|value| super::function::close(&self.unify.resolve(&value.ty))).collect();
        if params.iter().any(Type::is_too_big) {
            return self.error(super::limit::type_too_big(span));
        }
        let key = Key { function: id, params, rules };
        let (instance, returns) = self.inferer.infer_instance(&key, None);
        if library {
            self.report_library_errors(&key, &function, span);
        }
        let ty = self.crossed(&returns, rules);
        let call = Expr::new(ExprKind::Call(instance, all), returns, span);
        let call = self.convert_value(call, &ty);
        if out.is_empty() { call } else { Expr::new(ExprKind::Block(out, Box::new(call)), ty, span) }
    }

    /// Arguments whose form decides a type: a dtype as a string, a shape as a list display, and a literal `False` for
    /// a parameter whose default is `None` (`keepdims`, `retstep`), which it stands for.
    fn library_arguments(&mut self, function: &ast::Function, mut args: Args) -> Args {
        // NumPy names the operands of its functions of two numbers so.
        let names = function.params.iter().map(|param| &*param.name.text);
        if let (true, [left, right]) = (names.eq(["x1", "x2"]), args.positional.as_slice()) {
            let (left, right) = self.array_operands(left.clone(), right.clone());
            args.positional = vec![left, right];
        }
        let positional = args.positional.into_iter().enumerate().map(|(at, value)| {
            let at = at.min(function.params.len().saturating_sub(1));
            match function.params.get(at) {
                Some(param) => self.library_argument(param, value),
                None => value,
            }
        });
        let positional = positional.collect();
        let keywords = args.keywords.into_iter().map(|(name, value)| {
            match function.params.iter().find(|param| param.name.text == name.text) {
                Some(param) => (name, self.library_argument(param, value)),
                None => (name, value),
            }
        });
        Args { positional, keywords: keywords.collect(), star: args.star }
    }

    fn library_argument(&mut self, param: &ast::Param, value: Expr) -> Expr {
        let flag = matches!(&param.default, Some(ast::Expr { kind: ast::ExprKind::None, .. }));
        let span = value.span;
        match (&*param.name.text, value.kind) {
            ("dtype", ExprKind::Str(name)) => match super::annotation::dtype_of_text(&name) {
                Some(dtype) => self.dtype_value(dtype, span),
                None => {
                    let text = format!("`{name}` is no dtype that Kukri knows");
                    self.error(Diagnostic::new(Code::UnknownAttribute, span, text))
                }
            },
            ("shape", ExprKind::List(items)) => self.tuple(items, span),
            (_, ExprKind::Bool(false)) if flag && value.ty == Type::Bool => Expr::none(span),
            (_, kind) => Expr { kind, ..value },
        }
    }

    /// What goes into an empty container may show in the function it is passed to.
    fn learn_from_callee(&mut self, function: FunctionId, rules: Rules, args: &[Expr]) {
        let params = args.iter().map(|arg| self.unify.resolve(&arg.ty)).collect();
        for (arg, learnt) in args.iter().zip(self.inferer.probe(Key { function, params, rules })) {
            self.unify.equate(&arg.ty, &learnt);
        }
    }

    /// An error inside the library is about the types it was called with: it is reported at the user's call.
    fn report_library_errors(&mut self, key: &Key, function: &ast::Function, span: Span) {
        let Some(error) = self.inferer.first_error(key) else { return };
        if self.in_prelude() {
            // It climbs from call to call until it comes to the user's.
            self.error(Diagnostic::new(error.code, span, error.message));
            return;
        }
        let types: Vec<_> = key.params.iter().map(ToString::to_string).collect();
        let name = function.name.text.replacen("builtin_", "", 1);
        let text = format!("`{name}` does not work with `{}`: {}", types.join("`, `"), error.message);
        let code = if error.code == Code::Limit { Code::Limit } else { Code::UnsupportedArgument };
        self.error(Diagnostic::new(code, span, text));
    }

    /// Arguments in the order of the parameters, defaults filled in.
    fn bind(
        &mut self,
        id: FunctionId,
        function: &Arc<ast::Function>,
        mut args: Args,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Option<Vec<Expr>> {
        if let Some(star) = args.star.take() {
            self.spread(function, star, &mut args, span, out);
        }
        // Keywords may come in another order than the parameters; then values are computed before, in their own.
        if !args.keywords.is_empty() {
            args.positional = args.positional.into_iter().map(|value| self.keep(value, out)).collect();
            for (_, value) in &mut args.keywords {
                let kept = self.keep(value.clone(), out);
                *value = kept;
            }
        }
        let mut positional = std::mem::take(&mut args.positional).into_iter();
        let mut keywords = std::mem::take(&mut args.keywords);
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for (at, param) in function.params.iter().enumerate() {
            let by_position = matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal);
            if param.kind == ParamKind::VarArgs {
                let rest: Vec<_> = positional.by_ref().collect();
                values.push(match args.star.take() {
                    Some(star) => self.list_from(star, span),
                    None => self.tuple(rest, span),
                });
                continue;
            }
            if param.kind == ParamKind::KwArgs {
                let text = "`**kwargs` parameters are not supported yet";
                self.error(
                    Diagnostic::new(Code::UnsupportedArgument, param.name.span, text)
                        .help("name the parameters, with defaults"),
                );
                return None;
            }
            let keyword = keywords.iter().position(|(name, _)| name.text == param.name.text);
            let keyword = keyword.filter(|_| param.kind != ParamKind::PositionalOnly);
            let value = if by_position { positional.next() } else { None };
            match (value, keyword) {
                (Some(value), None) => values.push(value),
                (Some(_), Some(twice)) => {
                    let (name, _) = &keywords[twice];
                    let text = format!("`{}` gets two values", name.text);
                    let at = name.span;
                    self.error(Diagnostic::new(Code::WrongArguments, at, text));
                    return None;
                }
                (None, Some(at)) => values.push(keywords.remove(at).1),
                (None, None) => match &param.default {
                    Some(_) => {
                        let value = self.default_value(id, function, at, span);
                        values.push(value);
                    }
                    None => missing.push(param.name.text.clone()),
                },
            }
        }
        let extra: Vec<_> = positional.collect();
        let name = &function.name.text;
        if !missing.is_empty() {
            let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let text = format!("`{name}` is called without {names}");
            self.error(
                Diagnostic::new(Code::WrongArguments, span, text).label(function.name.span, "it is defined here"),
            );
            return None;
        }
        if let Some(first) = extra.first() {
            let text = format!(
                "`{name}` takes {} arguments, {} were given",
                function.params.len(),
                function.params.len() + extra.len()
            );
            self.error(
                Diagnostic::new(Code::WrongArguments, first.span, text).label(function.name.span, "it is defined here"),
            );
            return None;
        }
        if let Some((keyword, _)) = keywords.first() {
            let known = function.params.iter().map(|param| &*param.name.text);
            let text = format!("`{name}` has no parameter `{}`", keyword.text);
            let error = Diagnostic::new(Code::WrongArguments, keyword.span, text);
            let error = match crate::diagnostic::suggest::closest(&keyword.text, known) {
                Some(close) => error
                    .help(format!("did you mean `{close}`?"))
                    .fix(format!("write `{close}`"), vec![(keyword.span, close.to_owned())]),
                None => error,
            };
            self.error(error);
            return None;
        }
        Some(values)
    }

    /// `f(*values)` of a list: as many items as parameters without default are left, checked at run time.
    fn spread(&mut self, function: &ast::Function, star: Expr, args: &mut Args, span: Span, out: &mut Vec<Stmt>) {
        let wanted = function
            .params
            .iter()
            .skip(args.positional.len())
            .filter(|param| matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal))
            .filter(|param| !args.keywords.iter().any(|(name, _)| name.text == param.name.text))
            .count();
        if function.params.iter().any(|param| param.kind == ParamKind::VarArgs) {
            // `*args` gets a list then, as long as nothing else goes into it.
            if wanted > 0 {
                let text =
                    format!("`*` of a `{}` both fills parameters and `*` parameters: its length is not known", star.ty);
                self.error(Diagnostic::new(Code::UnsupportedArgument, star.span, text).help("pass the list itself"));
                return;
            }
            args.star = Some(star);
            return;
        }
        let star = self.keep(star, out);
        let length = self.length(star.clone());
        let check = self.library_call("check_unpack", vec![length, Expr::int(wanted as i64, span)], span);
        out.push(Stmt { kind: StmtKind::Expr(check), span });
        for at in 0..wanted {
            let item = self.item_of(star.clone(), Expr::int(at as i64, span), span);
            args.positional.push(item);
        }
    }

    /// The value of a parameter's default, evaluated where the function stands.
    fn default_value(&mut self, id: FunctionId, function: &ast::Function, at: usize, span: Span) -> Expr {
        let Some(default) = function.params[at].default.clone() else { unreachable!("the caller saw a default") };
        let scope = self.inferer.names.scopes.get(id);
        if let (false, Some(module), None) =
            (is_constant(&default), scope.and_then(|scope| scope.module), scope.and_then(|scope| scope.parent))
        {
            return self.global(module, &default_name(function, &function.params[at]), span);
        }
        if !is_constant(&default) {
            let text = format!(
                "the default of `{}` is made once, when `def` runs, and shared by all calls",
                function.params[at].name.text
            );
            return self.error(
                Diagnostic::new(Code::UnsupportedExpression, default.span, text)
                    .help("defaults of nested functions must be constants: use `None`, and make the value inside"),
            );
        }
        let scope = self.inferer.names.scopes.get(id);
        let (module, parent) = scope.map_or((None, None), |scope| (scope.module, scope.parent));
        let frame = self.frames.push(super::environment::Frame {
            parent: None,
            scope: parent,
            module,
            rules: self.rules(),
            own: None,
        });
        let there = if parent.is_some() { self.frame } else { frame };
        let here = std::mem::replace(&mut self.frame, there);
        let value = self.expr(&default, None);
        self.frame = here;
        Expr { span, ..value }
    }

    /// Makes an argument fit its parameter's annotation.
    fn fit_param(&mut self, id: FunctionId, function: &ast::Function, at: usize, value: Expr, library: bool) -> Expr {
        let Some(annotation) = function.params[at].annotation.clone() else { return value };
        if function.params[at].kind == ParamKind::VarArgs {
            return value;
        }
        let Some(declared) = self.param_type(id, &annotation) else { return value };
        if library {
            return self.fit_library(value, &declared);
        }
        let what = format!("parameter `{}`", function.params[at].name.text);
        self.fit(value, &declared, &what)
    }

    /// What an annotated library function gets: any number that fits, silently.
    fn fit_library(&mut self, value: Expr, declared: &Type) -> Expr {
        let from = self.unify.resolve(&value.ty);
        let rank = super::unify::number_rank;
        match (rank(&from), rank(declared)) {
            (Some(a), Some(b)) if a <= b => self.convert_value(value, declared),
            // Numba truncates a float argument of an integer parameter; Python refuses it.
            (Some(_), Some(_)) => {
                let text = format!("a `{declared}` is needed here, not a `{from}`");
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
            _ if from == *declared || from == Type::Never => value,
            _ if self.unify.equate(&from, declared) => value,
            _ => {
                let text = format!("a `{declared}` is needed here, not a `{from}`");
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
        }
    }

    /// The value of a `def` or lambda: what it captures, as it is now.
    pub(super) fn function_value(&mut self, id: FunctionId, span: Span) -> Expr {
        let captures = match self.inferer.names.scopes.get(id) {
            Some(scope) => scope.captures.clone(),
            None => Vec::new(),
        };
        let mut members = Vec::new();
        for (name, binding) in captures {
            let member = match (binding, self.find(&name).and_then(|key| self.env.vars.get(&key).cloned())) {
                (Binding::CapturedCell, Some(variable)) if matches!(self.local_type(variable.local), Type::Cell(_)) => {
                    Expr::local(variable.local, self.local_type(variable.local), span)
                }
                _ => self.name(&name, span),
            };
            if super::expression::absorbs(&member.ty) {
                return member;
            }
            members.push(member);
        }
        let types = members.iter().map(|member| self.unify.resolve(&member.ty)).collect();
        Expr::new(ExprKind::Tuple(members), Type::Function(id, types), span)
    }
}

/// The global in which a default that can change is kept; no Python name looks like it.
pub(super) fn default_name(function: &ast::Function, param: &ast::Param) -> Arc<str> {
    format!("{}.{}", function.name.text, param.name.text).into()
}

/// Whether a default can be written out at each call: its value cannot change.
pub(super) fn is_constant(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::None
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Imaginary(_)
        | ast::ExprKind::Str(_)
        | ast::ExprKind::Bytes(_)
        | ast::ExprKind::Name(_)
        | ast::ExprKind::Lambda(_) => true,
        ast::ExprKind::Unary { operand, .. } => is_constant(operand),
        ast::ExprKind::Binary { left, right, .. } => is_constant(left) && is_constant(right),
        ast::ExprKind::Tuple(items) => items.iter().all(is_constant),
        ast::ExprKind::Attribute { value, .. } => is_constant(value),
        ast::ExprKind::Call { function, args, .. } => {
            matches!(&function.kind, ast::ExprKind::Name(name) if matches!(&**name, "float" | "int"))
                && args.iter().all(is_constant)
        }
        _ => false,
    }
}

impl Inferer<'_> {
    /// The first error of an instance, its own or of one it calls.
    fn first_error(&self, key: &Key) -> Option<Diagnostic> {
        self.instances.get(key)?.errors.first().cloned()
    }
}
