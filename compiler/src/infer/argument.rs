//! Arguments. In: what stands between the brackets of a call. Out: one value a parameter.

use super::call::Args;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{self, FunctionId, ParamKind};
use crate::types::Type;
use std::sync::Arc;

impl Body<'_, '_> {
    /// Evaluates arguments from left to right; a starred tuple is written out.
    pub(super) fn arguments(&mut self, args: &[ast::Expr], keywords: &[ast::Keyword]) -> Args {
        self.arguments_as(args, keywords, Self::argument)
    }

    pub(super) fn argument(&mut self, arg: &ast::Expr) -> Expr {
        self.expr(arg, None)
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
            // It raises, and so the call does: no argument comes after it.
            Type::Never => all.positional.push(value),
            _ => match value.kind {
                // A display has a known length.
                ExprKind::List(items) => all.positional.extend(items),
                _ => all.star = Some(value),
            },
        }
    }

    /// Arguments in the order of the parameters, defaults filled in.
    pub(super) fn bind(
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
    pub(super) fn fit_param(
        &mut self,
        id: FunctionId,
        function: &ast::Function,
        at: usize,
        value: Expr,
        library: bool,
    ) -> Expr {
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
}

/// The global in which a default that can change is kept; no Python name looks like it.
pub(super) fn default_name(function: &ast::Function, param: &ast::Param) -> Arc<str> {
    format!("{}.{}", function.name.text, param.name.text).into()
}
