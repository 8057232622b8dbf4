//! Calls. In: a callee and arguments. Out: `hir` calls of instances.

use super::function::Body;
use super::hir::{Expr, ExprKind};
use super::unify::contains_variable;
use super::{Inferer, Key};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::Binding;
use crate::source::Span;
use crate::syntax::ast::{self, FunctionId};
use crate::types::{Rules, Type};

/// Arguments after evaluation.
#[derive(Debug, Default, Clone)]
pub struct Args {
    /// In order.
    pub positional: Vec<Expr>,
    /// By name, in order.
    pub keywords: Vec<(ast::Ident, Expr)>,
    /// A list or the like after a star: its length is known at run time only.
    pub star: Option<Expr>,
    /// A dict after two stars: its keys are known at run time only.
    pub named: Option<Expr>,
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
            let object = self.operand(value);
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
                if object.ty == Type::Str && &*name.text == "format" {
                    return self.variable_template(object, args, span);
                }
                return self.method_operation(object, name, args, span);
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
            Type::Choice(_) => {
                let mut out = Vec::new();
                let function = self.keep(function, &mut out);
                let args = self.arguments(args, keywords);
                let value = self.call_choice(function, args, span);
                let ty = value.ty.clone();
                Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
            }
            ty if super::expression::absorbs(&ty) => function,
            other => self.not_callable(&other, function.span),
        }
    }

    fn not_callable(&mut self, ty: &Type, span: Span) -> Expr {
        let ty = self.unify.resolve(ty);
        let name = self.inferer.sources.text(span).to_owned();
        let error = Diagnostic::new(Code::NotCallable, span, format!("`{ty}` cannot be called"));
        let error = match &ty {
            _ if self.inferer.is_builtin(&name) => error
                .help(format!("here `{name}` is a variable, which hides the builtin function: rename the variable")),
            Type::List(_) | Type::Tuple(_) | Type::Dict(..) | Type::Str | Type::Array { .. } => {
                error.help("items are taken out with square brackets: `x[i]`")
            }
            Type::Int | Type::Float => error.help("to multiply, write `*`"),
            _ => error,
        };
        self.error(error)
    }

    /// Calls a function that is a value of its own: a `def`, a lambda, a closure; or a static one.
    pub(super) fn call_value(&mut self, function: Expr, args: Vec<Expr>, span: Span) -> Expr {
        match function.ty.clone() {
            Type::Function(..) => self.call_function_value(function, Args::positional(args), span),
            Type::Choice(_) => self.call_choice(function, Args::positional(args), span),
            Type::Static(path) => self.call_library_value(&path.0, Args::positional(args), None, span),
            ty if super::expression::absorbs(&ty) => function,
            other => {
                let text = format!("`{other}` cannot be called");
                self.error(Diagnostic::new(Code::NotCallable, function.span, text))
            }
        }
    }

    /// Calls one of several functions.
    fn call_choice(&mut self, function: Expr, mut args: Args, span: Span) -> Expr {
        let mut out = Vec::new();
        let function = self.keep(function, &mut out);
        args.positional = args.positional.into_iter().map(|value| self.keep(value, &mut out)).collect();
        for (_, value) in &mut args.keywords {
            *value = self.keep(value.clone(), &mut out);
        }
        args.star = args.star.map(|value| self.keep(value, &mut out));
        args.named = args.named.map(|value| self.keep(value, &mut out));
        let count = super::unify::choices(&function.ty).map_or(0, |functions| functions.len());
        let value = self.call_choice_from(0, count, &function, &args, span);
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    fn call_choice_from(&mut self, at: usize, count: usize, function: &Expr, args: &Args, span: Span) -> Expr {
        let call = |this: &mut Self| {
            let member = this.member(function, at + 1);
            let Type::Optional(ty) = member.ty.clone() else { unreachable!("the members of a choice are optionals") };
            let chosen = Expr::new(ExprKind::Unwrap(Box::new(member)), (*ty).clone(), span);
            match &*ty {
                Type::Static(path) => this.call_library_value(&path.0.clone(), args.clone(), None, span),
                _ => this.call_function_value(chosen, args.clone(), span),
            }
        };
        if at + 1 >= count {
            return call(self);
        }
        let test = self.is_choice(function, at);
        self.either(test, span, &mut |this, is_true| {
            if is_true { call(this) } else { this.call_choice_from(at + 1, count, function, args, span) }
        })
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
        if let Some(named) = &args.named {
            let text = "`**` arguments of a library function are not supported";
            return self.error(
                Diagnostic::new(Code::UnsupportedArgument, named.span, text)
                    .help("write the arguments by name: `name=value`"),
            );
        }
        match self.inferer.prelude.function(name, self.inferer.tree) {
            Some(function) => self.call_function(function, Vec::new(), args, span),
            None => {
                let types: Vec<_> = args.positional.iter().map(|arg| self.unify.resolve(&arg.ty).to_string()).collect();
                let what = super::meant::shown(name).map_or("this".to_owned(), |name| format!("`{name}`"));
                let text = if types.is_empty() {
                    format!("{what} is not supported yet")
                } else {
                    format!("{what} is not supported yet for `{}`", types.join("`, `"))
                };
                self.error(Diagnostic::new(Code::UnsupportedType, span, text))
            }
        }
    }

    /// Calls a function: binds arguments to parameters, makes the instance.
    pub(super) fn call_function(&mut self, id: FunctionId, captures: Vec<Expr>, args: Args, span: Span) -> Expr {
        let args = self.all_made(args);
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
        let given: Vec<Type> = args
            .positional
            .iter()
            .chain(args.keywords.iter().map(|(_, value)| value))
            .map(|value| self.unify.resolve(&value.ty))
            .collect();
        let mut args = if library { self.library_arguments(&function, args) } else { args };
        if let Some(Type::Iterator(..) | Type::Generator(..) | Type::Set(_) | Type::Dict(..)) =
            args.star.as_ref().map(|star| self.unify.shallow(&star.ty))
        {
            // It is gone through before the call, and has no length before that.
            args.star = args.star.map(|star| self.list_from(star, span));
        }
        let Some(values) = self.bind(id, &function, &captures, args, span, &mut out) else {
            return Expr::poison(span);
        };
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
        let captured = captures.len();
        let mut all = captures;
        all.extend(fitted);
        for value in &mut all {
            if rules.is_numba() {
                value.ty = super::convert::cross(&self.unify.resolve(&value.ty), rules);
            }
        }
        if (!library || captured > 0) && all.iter().any(|value| contains_variable(&value.ty)) {
            if self.inferer.probing.contains(&id) {
                // A recursive call shows nothing that its first call does not; what comes after it may.
                let unknown = self.unify.variable(None);
                return Expr::new(ExprKind::Unit, unknown, span);
            }
            self.learn_from_callee(id, rules, &all);
        }
        for value in &all {
            let ty = self.unify.resolve(&value.ty);
            if contains_variable(&ty) {
                self.open.push((ty, false));
            }
        }
        let params: Vec<_> = all.iter().map(|value| super::function::close(&self.unify.resolve(&value.ty))).collect();
        if params.iter().any(Type::is_too_big) {
            return self.error(super::limit::type_too_big(span));
        }
        let key = Key { function: id, params, rules };
        let (instance, returns, has_room) = self.callee(&key);
        if library {
            self.report_library_errors(&key, &function, &given, span);
            if !has_room {
                return self.error(super::limit::nested_too_deeply(span));
            }
        }
        let returns = self.reopened_at(&returns, Some(span));
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
            let (left, right) = (self.array_like(left.clone()), self.array_like(right.clone()));
            let (left, right) = self.array_operands(left, right);
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
        Args { positional, keywords: keywords.collect(), star: args.star, named: args.named }
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
            ("dtype", kind) if !self.in_prelude() && !is_dtype(&value.ty) => {
                let ty = self.unify.resolve(&value.ty);
                if super::expression::absorbs(&ty) {
                    return Expr { kind, ..value };
                }
                let text = format!("a dtype is needed here, such as `np.float64` or `int`, not `{ty}`");
                self.error(Diagnostic::new(Code::TypeMismatch, span, text))
            }
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
    pub(super) fn report_library_errors(&mut self, key: &Key, function: &ast::Function, given: &[Type], span: Span) {
        let Some(error) = self.inferer.first_error(key) else { return };
        if self.in_prelude() {
            // It climbs from call to call until it comes to the user's.
            self.error(Diagnostic::new(error.code, span, error.message));
            return;
        }
        let types: Vec<_> = given.iter().map(ToString::to_string).collect();
        let name = super::meant::shown(&function.name.text).map_or("this".to_owned(), |name| format!("`{name}`"));
        let text = format!("{name} does not work with `{}`: {}", types.join("`, `"), error.message);
        let code = if error.code == Code::Limit { Code::Limit } else { Code::UnsupportedArgument };
        self.error(Diagnostic::new(code, span, text));
    }

    /// The value of a `def` or lambda: what it captures, as it is now.
    pub(super) fn function_value(&mut self, id: FunctionId, span: Span) -> Expr {
        let captures = match self.inferer.names.scopes.get(id) {
            Some(scope) => scope.captures.clone(),
            None => Vec::new(),
        };
        let mut members = Vec::new();
        let params = self.inferer.tree.functions[id].params.clone();
        for (name, binding) in captures {
            let default = params.iter().find(|param| crate::resolve::scope::default_capture(param) == name);
            if let Some(default) = default.and_then(|param| param.default.as_ref()) {
                let value = self.expr(default, None);
                if super::expression::absorbs(&value.ty) {
                    return value;
                }
                members.push(value);
                continue;
            }
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

impl Inferer<'_> {
    /// The first error of an instance, its own or of one it calls.
    fn first_error(&self, key: &Key) -> Option<Diagnostic> {
        self.instances.get(key)?.errors.first().cloned()
    }
}

/// Whether a value can stand for a dtype: a type, or no argument.
fn is_dtype(ty: &Type) -> bool {
    matches!(ty, Type::Static(_) | Type::None)
}
