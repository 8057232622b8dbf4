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

    /// Evaluates arguments from left to right; a starred tuple is written out.
    pub(super) fn arguments(&mut self, args: &[ast::Expr], keywords: &[ast::Keyword]) -> Args {
        self.arguments_as(args, keywords, |this, arg| this.expr(arg, None))
    }

    /// The same, with `positional` for the arguments that are none of the rest.
    pub(super) fn arguments_as(
        &mut self,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        positional: fn(&mut Self, &ast::Expr) -> Expr,
    ) -> Args {
        let mut all = Args::default();
        for arg in args {
            if let ast::ExprKind::Starred(inner) = &arg.kind {
                let value = self.expr(inner, None);
                self.star_argument(value, &mut all);
            } else if all.star.is_some() {
                let text = "an argument after `*` of a list is not supported: its position is not known";
                self.error(Diagnostic::new(Code::UnsupportedArgument, arg.span, text));
            } else {
                let value = positional(self, arg);
                all.positional.push(value);
            }
        }
        for keyword in keywords {
            let value = self.expr(&keyword.value, None);
            match &keyword.name {
                Some(name) => all.keywords.push((name.clone(), value)),
                None if all.named.is_none() && matches!(value.ty, Type::Dict(..) | Type::Poison) => {
                    all.named = Some(value);
                }
                None => {
                    let text = format!("`**` takes one dict of arguments, not a `{}`", self.unify.resolve(&value.ty));
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
        let args = if library { self.library_arguments(&function, args) } else { args };
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
                // A recursive call shows nothing that its first call does not.
                return Expr::new(ExprKind::Unit, Type::Never, span);
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
        let (instance, returns) = self.inferer.infer_instance(&key, None);
        if library {
            self.report_library_errors(&key, &function, &given, span);
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
    fn report_library_errors(&mut self, key: &Key, function: &ast::Function, given: &[Type], span: Span) {
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

    /// Arguments in the order of the parameters, defaults filled in.
    fn bind(
        &mut self,
        id: FunctionId,
        function: &Arc<ast::Function>,
        captures: &[Expr],
        mut args: Args,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Option<Vec<Expr>> {
        self.spread(id, function, captures, &mut args, span, out);
        // Keywords may come in another order than the parameters; then values are computed before, in their own.
        if !args.keywords.is_empty() || args.named.is_some() {
            args.positional = args.positional.into_iter().map(|value| self.keep(value, out)).collect();
            for (_, value) in &mut args.keywords {
                let kept = self.keep(value.clone(), out);
                *value = kept;
            }
        }
        let named = args.named.take().map(|named| self.keep(named, out));
        let mut by_name = Vec::new();
        let mut positional = std::mem::take(&mut args.positional).into_iter();
        let mut keywords = std::mem::take(&mut args.keywords);
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for (at, param) in function.params.iter().enumerate() {
            let by_position = matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal);
            if param.kind == ParamKind::VarArgs {
                let rest: Vec<_> = positional.by_ref().collect();
                values.push(match args.star.take() {
                    Some(star) => {
                        let list = self.list_from(star, span);
                        super::method::frozen(list)
                    }
                    None => self.tuple(rest, span),
                });
                continue;
            }
            if param.kind == ParamKind::KwArgs {
                let value = self.keyword_dict(id, param, std::mem::take(&mut keywords), span);
                let value = match &named {
                    Some(named) => self.rest_of_named(value, named.clone(), &by_name, span, out),
                    None => value,
                };
                values.push(value);
                by_name.clear();
                continue;
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
                (None, None) if named.is_some() && param.kind != ParamKind::PositionalOnly => {
                    let Some(named) = named.clone() else { unreachable!("the guard saw it") };
                    by_name.push(param.name.text.clone());
                    let value = self.named_argument(id, function, captures, at, named, span);
                    values.push(value);
                }
                (None, None) => match &param.default {
                    Some(_) => {
                        let value = self.default_value(id, function, captures, at, span);
                        values.push(value);
                    }
                    None => missing.push(param.name.text.clone()),
                },
            }
        }
        let extra: Vec<_> = positional.collect();
        let library = self.inferer.is_prelude(function.span);
        let name = match &*function.name.text {
            "<lambda>" => "this lambda".to_owned(),
            name if library => super::meant::shown(name).map_or("this".to_owned(), |name| format!("`{name}`")),
            name => format!("`{name}`"),
        };
        let defined = |error: Diagnostic| {
            if library { error } else { error.label(function.name.span, "it is defined here") }
        };
        // A name that is wrong explains that the right one is missing.
        if !missing.is_empty() && keywords.is_empty() {
            let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let text = format!("{name} is called without {names}");
            self.error(defined(Diagnostic::new(Code::WrongArguments, span, text)));
            return None;
        }
        if let Some(first) = extra.first() {
            // The object of a method is no argument that was written.
            let own = usize::from(library && function.params.first().is_some_and(|param| &*param.name.text == "self"));
            let takes = match function.params.len() - own {
                0 => "no arguments".to_owned(),
                1 => "1 argument".to_owned(),
                count => format!("{count} arguments"),
            };
            let given = function.params.len() - own + extra.len();
            let were = if given == 1 { "was" } else { "were" };
            let text = format!("{name} takes {takes}, {given} {were} given");
            self.error(defined(Diagnostic::new(Code::WrongArguments, first.span, text)));
            return None;
        }
        let takes_all = function.params.iter().any(|param| param.kind == ParamKind::KwArgs);
        if let Some(named) = named.filter(|_| !takes_all) {
            let names = by_name.iter().map(|name| Expr::str(name, span)).collect();
            let names = self.list_of(names, Some(&Type::list(Type::Str)), span);
            let check =
                self.library_call("check_keywords", vec![named, names, Expr::str(&function.name.text, span)], span);
            out.push(Stmt { kind: StmtKind::Expr(check), span });
        }
        if let Some((keyword, _)) = keywords.first() {
            let known = function.params.iter().map(|param| &*param.name.text);
            let text = format!("{name} has no parameter `{}`", keyword.text);
            let error = defined(Diagnostic::new(Code::WrongArguments, keyword.span, text));
            let error = match crate::diagnostic::suggest::closest(&keyword.text, known) {
                Some(close) => error.meant(keyword.span, close),
                None => error,
            };
            self.error(error);
            return None;
        }
        Some(values)
    }

    /// The dict of a `**` parameter.
    fn keyword_dict(
        &mut self,
        id: FunctionId,
        param: &ast::Param,
        keywords: Vec<(ast::Ident, Expr)>,
        span: Span,
    ) -> Expr {
        let declared = param.annotation.clone().and_then(|annotation| self.param_type(id, &annotation));
        let expected = declared.map(|value| Type::Dict(Arc::new(Type::Str), Arc::new(value)));
        let dict = self.empty_dict(expected.as_ref(), span);
        let ty = dict.ty.clone();
        if let Type::Dict(key, _) = &ty {
            self.unify.equate(key, &Type::Str);
        }
        let mut out = Vec::new();
        let local = self.temporary(dict, &mut out);
        for (name, value) in keywords {
            let key = Expr::str(&name.text, span);
            self.store_item(Expr::local(local, ty.clone(), span), key, value, span, &mut out);
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    /// `dict` with what `named` has for no parameter of its own.
    fn rest_of_named(&mut self, dict: Expr, named: Expr, taken: &[Arc<str>], span: Span, out: &mut Vec<Stmt>) -> Expr {
        if let (Type::Dict(_, value), Type::Dict(_, other)) = (dict.ty.clone(), named.ty.clone()) {
            self.bind_item(&value, (*other).clone());
        }
        let dict = self.keep(dict, out);
        let names = taken.iter().map(|name| Expr::str(name, span)).collect();
        let names = self.list_of(names, Some(&Type::list(Type::Str)), span);
        let update = self.library_call("keywords_update", vec![dict.clone(), named, names], span);
        out.push(Stmt { kind: StmtKind::Expr(update), span });
        dict
    }

    /// The argument for a parameter that may be in the dict after `**`.
    fn named_argument(
        &mut self,
        id: FunctionId,
        function: &ast::Function,
        captures: &[Expr],
        at: usize,
        named: Expr,
        span: Span,
    ) -> Expr {
        let name = Expr::str(&function.params[at].name.text, span);
        let value = match named.ty.clone() {
            Type::Dict(_, value) => (*value).clone(),
            other => other,
        };
        if function.params[at].default.is_none() {
            let what = Expr::str(&function.name.text, span);
            let item = self.library_call("keyword_required", vec![named, name, what], span);
            return self.slot_typed(item, &value);
        }
        let test = self.contains(named.clone(), name.clone(), span);
        self.either(test, span, &mut |this, is_true| {
            if is_true {
                this.subscript(named.clone(), super::subscript::Index::One(name.clone()), span)
            } else {
                this.default_value(id, function, captures, at, span)
            }
        })
    }

    /// `f(*values)` of a list: how many items there are shows at run time. What parameters do not take is left in
    /// `args.star` for the `*` parameter.
    fn spread(
        &mut self,
        id: FunctionId,
        function: &ast::Function,
        captures: &[Expr],
        args: &mut Args,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let Some(star) = args.star.take() else { return };
        let by_position = |param: &ast::Param| matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal);
        let most = function.params.iter().filter(|param| by_position(param)).count();
        let given = args.positional.len();
        let takes_rest = function.params.iter().any(|param| param.kind == ParamKind::VarArgs);
        if takes_rest && given > most {
            // `f(1, 2, *rest)`: all of one type.
            let first = args.positional.split_off(most);
            let first = self.list_of(first, None, span);
            let rest = self.list_from(star, span);
            args.star = Some(self.binary(ast::BinaryOp::Add, first, rest, span));
            return;
        }
        let open = |param: &ast::Param| !args.keywords.iter().any(|(name, _)| name.text == param.name.text);
        let wanted: Vec<usize> =
            (given..most).filter(|at| by_position(&function.params[*at]) && open(&function.params[*at])).collect();
        let star = self.keep(star, out);
        let length = self.length(star.clone());
        let length = self.keep(length, out);
        let required = wanted.iter().filter(|at| function.params[**at].default.is_none());
        let names = required.map(|at| Expr::str(&function.params[*at].name.text, span)).collect();
        let names = self.list_of(names, Some(&Type::list(Type::Str)), span);
        let numbers = [given, wanted.len(), most].map(|number| Expr::int(number as i64, span));
        let mut all = vec![length.clone(), names];
        all.extend(numbers);
        all.extend([Expr::bool(takes_rest, span), Expr::str(&function.name.text, span)]);
        let check = self.library_call("check_star", all, span);
        out.push(Stmt { kind: StmtKind::Expr(check), span });
        for (index, at) in wanted.iter().enumerate() {
            let place = Expr::int(index as i64, span);
            let item = if function.params[*at].default.is_none() {
                self.item_of(star.clone(), place, span)
            } else {
                let there = self.compare(ast::CompareOp::Lt, place.clone(), length.clone(), span);
                let value = self.either(there, span, &mut |this, is_true| {
                    if is_true {
                        this.item_of(star.clone(), place.clone(), span)
                    } else {
                        this.default_value(id, function, captures, *at, span)
                    }
                });
                self.keep(value, out)
            };
            args.positional.push(item);
        }
        if takes_rest {
            let start = Some(Expr::int(wanted.len() as i64, span));
            let rest = super::subscript::Index::Slice([start, None, None], span);
            args.star = Some(if wanted.is_empty() { star } else { self.subscript(star, rest, span) });
        }
    }

    /// The value of a parameter's default, made when `def` ran: a nested function captured it, a global holds that of a
    /// function of the module.
    fn default_value(
        &mut self,
        id: FunctionId,
        function: &ast::Function,
        captures: &[Expr],
        at: usize,
        span: Span,
    ) -> Expr {
        let param = &function.params[at];
        let Some(default) = param.default.clone() else { unreachable!("the caller saw a default") };
        let (module, parent, captured) = match self.inferer.names.scopes.get(id) {
            Some(scope) => {
                let name = crate::resolve::scope::default_capture(param);
                let at = scope.captures.iter().position(|(known, _)| *known == name);
                (scope.module, scope.parent, at)
            }
            None => (None, None, None),
        };
        if let Some(value) = captured.and_then(|at| captures.get(at)) {
            return Expr { span, ..value.clone() };
        }
        if let (Some(module), None) = (module, parent)
            && !self.is_constant(module, &default)
        {
            return self.global(module, &default_name(function, param), span);
        }
        let frame = self.frames.push(super::environment::Frame {
            parent: None,
            scope: parent,
            module,
            rules: self.rules(),
            own: None,
        });
        let here = std::mem::replace(&mut self.frame, frame);
        let value = self.expr(&default, None);
        self.frame = here;
        Expr { span, ..value }
    }

    /// Whether a default of a function of `module` can be written out at each call: its value cannot change.
    pub(super) fn is_constant(&self, module: crate::arena::Id<crate::resolve::Module>, default: &ast::Expr) -> bool {
        let names = &self.inferer.names;
        crate::resolve::scope::is_constant(default, &|name| match names.definition(module, name) {
            Some((owner, crate::resolve::Definition::Variable)) => names.modules[owner].constants.contains_key(name),
            _ => true,
        })
    }

    /// Makes an argument fit its parameter's annotation.
    fn fit_param(&mut self, id: FunctionId, function: &ast::Function, at: usize, value: Expr, library: bool) -> Expr {
        let Some(annotation) = function.params[at].annotation.clone() else { return value };
        if matches!(function.params[at].kind, ParamKind::VarArgs | ParamKind::KwArgs) {
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
        if let Type::Variable(_) = from {
            // An item whose type a later walk will know.
            return Expr { ty: declared.clone(), ..value };
        }
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

/// The global in which a default that can change is kept; no Python name looks like it.
pub(super) fn default_name(function: &ast::Function, param: &ast::Param) -> Arc<str> {
    format!("{}.{}", function.name.text, param.name.text).into()
}

impl Inferer<'_> {
    /// The first error of an instance, its own or of one it calls.
    fn first_error(&self, key: &Key) -> Option<Diagnostic> {
        self.instances.get(key)?.errors.first().cloned()
    }
}
