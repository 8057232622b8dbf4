//! Text of values: `str`, `repr`, `format`, f-strings, `%`, `.format`, `print`. In: values and templates.
//! Out: calls of the text functions, chosen by type; templates are taken apart here.

use super::call::Args;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, Conversion, FStringPart};
use crate::types::Type;

impl Body<'_, '_> {
    /// `str(value)`, or `repr(value)`.
    pub(super) fn text(&mut self, value: Expr, repr: bool, span: Span) -> Expr {
        let ty = self.unify.shallow(&value.ty);
        match &ty {
            Type::Str if !repr => value,
            Type::None => self.after(value, Expr::str("None", span)),
            Type::Tuple(items) => {
                let count = items.len();
                self.tuple_text(value, count, span)
            }
            Type::Optional(item) => {
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let test = Expr::new(ExprKind::IsSome(Box::new(value.clone())), Type::Bool, span);
                let inner = Expr::new(ExprKind::Unwrap(Box::new(value)), (**item).clone(), span);
                let then = self.text(inner, repr, span);
                let otherwise = Box::new(Expr::str("None", span));
                let kind = ExprKind::If { test: Box::new(test), then: Box::new(then), otherwise };
                let text = Expr::new(kind, Type::Str, span);
                Expr::new(ExprKind::Block(out, Box::new(text)), Type::Str, span)
            }
            Type::Exception if repr => {
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let text = self.exception_repr(value, span);
                Expr::new(ExprKind::Block(out, Box::new(text)), Type::Str, span)
            }
            Type::Static(name) if name.0.starts_with("dtype.") => {
                let name = &name.0["dtype.".len()..];
                let text = if repr { format!("dtype('{name}')") } else { name.to_owned() };
                self.after(value, Expr::str(&text, span))
            }
            Type::Static(name) => {
                let user = self.exception_class(name).and_then(|number| {
                    let at = (number as usize).checked_sub(crate::abi::EXCEPTIONS.len())?;
                    let class = &self.inferer.names.exceptions[crate::arena::Id::new(at)];
                    Some(format!("{}.{}", class.module, class.name))
                });
                let known = || name.0.strip_prefix("builtins.").unwrap_or(&name.0).to_owned();
                let text = format!("<class '{}'>", user.unwrap_or_else(known));
                self.after(value, Expr::str(&text, span))
            }
            Type::Sequence(_) if let Some(exception) = self.exception_of_args(&value) => {
                self.library_call("exception_args_repr", vec![exception], span)
            }
            ty if super::expression::absorbs(ty) => value,
            ty => {
                let Some(kind) = super::method::library_name(ty) else {
                    let text = format!("a `{ty}` has no text");
                    return self.error(
                        Diagnostic::new(Code::UnsupportedArgument, span, text)
                            .help("make a list of it first: `list(…)`"),
                    );
                };
                let plain = format!("{kind}_str");
                let name = if repr || !self.inferer.prelude.defines(&plain) { format!("{kind}_repr") } else { plain };
                self.library_call(&name, vec![value], span)
            }
        }
    }

    /// The exception in `e.args`: whatever it was made of, the text of that is kept.
    fn exception_of_args(&mut self, value: &Expr) -> Option<Expr> {
        let ExprKind::Call(instance, args) = &value.kind else { return None };
        let is_args = self.inferer.program.functions[*instance].name == "exception_get_args";
        args.first().filter(|_| is_args).cloned()
    }

    fn exception_repr(&mut self, value: Expr, span: Span) -> Expr {
        let text = self.library_call("exception_repr", vec![value.clone()], span);
        self.by_user_class(&value.clone(), text, span, &mut |this, name| {
            this.library_call("exception_repr_as", vec![value.clone(), name], span)
        })
    }

    /// The name of an exception's class.
    pub(super) fn exception_name(&mut self, value: Expr, span: Span) -> Expr {
        let class = self.library_call("exception_class", vec![value.clone()], span);
        let name = self.library_call("exception_class_name", vec![class], span);
        self.by_user_class(&value, name, span, &mut |_, name| name)
    }

    /// The user's classes have names that the prelude does not know.
    fn by_user_class(
        &mut self,
        value: &Expr,
        builtin: Expr,
        span: Span,
        named: &mut dyn FnMut(&mut Self, Expr) -> Expr,
    ) -> Expr {
        let first = crate::abi::EXCEPTIONS.len();
        self.inferer.asked = true;
        let names: Vec<_> = self.inferer.names.exceptions.iter().map(|(_, class)| class.name.clone()).collect();
        let mut text = builtin;
        for (at, name) in names.iter().enumerate() {
            let class = self.library_call("exception_class", vec![value.clone()], span);
            let test = self.compare(ast::CompareOp::Eq, class, Expr::int((first + at) as i64, span), span);
            let named = named(self, Expr::str(name, span));
            let kind = ExprKind::If { test: Box::new(test), then: Box::new(named), otherwise: Box::new(text) };
            text = Expr::new(kind, Type::Str, span);
        }
        text
    }

    fn tuple_text(&mut self, value: Expr, count: usize, span: Span) -> Expr {
        let mut out = Vec::new();
        let value = self.keep(value, &mut out);
        let mut parts = vec![Expr::str("(", span)];
        for at in 0..count {
            if at > 0 {
                parts.push(Expr::str(", ", span));
            }
            let member = self.member(&value, at);
            parts.push(self.text(member, true, span));
        }
        parts.push(Expr::str(if count == 1 { ",)" } else { ")" }, span));
        let text = self.joined(parts, span);
        Expr::new(ExprKind::Block(out, Box::new(text)), Type::Str, span)
    }

    /// Pieces of text, one after the other.
    pub(super) fn joined(&mut self, parts: Vec<Expr>, span: Span) -> Expr {
        if let Some(bad) = parts.iter().find(|part| super::expression::absorbs(&part.ty)) {
            return bad.clone();
        }
        let mut parts = parts.into_iter();
        match (parts.next(), parts.len()) {
            (None, _) => Expr::str("", span),
            (Some(only), 0) => only,
            (Some(first), 1) => {
                let second = parts.next().unwrap_or_else(|| Expr::str("", span));
                self.library_call("str_add", vec![first, second], span)
            }
            (Some(first), _) => {
                let all = std::iter::once(first).chain(parts).collect();
                let list = Expr::new(ExprKind::List(all), Type::list(Type::Str), span);
                self.library_call("str_join_list", vec![Expr::str("", span), list], span)
            }
        }
    }

    /// `format(value, spec)`.
    pub(super) fn formatted(&mut self, value: Expr, spec: Expr, span: Span) -> Expr {
        if let ExprKind::Str(text) = &spec.kind
            && text.is_empty()
        {
            return self.text(value, false, span);
        }
        if let ExprKind::Str(text) = &spec.kind
            && let Some(Percent::Value {
                flags,
                width: Some(Count::Known(width)),
                precision: Some(Count::Known(precision)),
                kind,
            }) = plain_specification(text, &value.ty)
        {
            let (width, precision) = (Expr::int(width, span), Expr::int(precision, span));
            return self.percent_value(value, flags, width, precision, kind, span);
        }
        match value.ty.clone() {
            Type::Int | Type::Unsigned | Type::Float | Type::Str | Type::Complex => {
                let kind = super::method::library_name(&value.ty).unwrap_or("str");
                self.library_call(&format!("{kind}_format_spec"), vec![value, spec], span)
            }
            Type::Bool if !matches!(spec.kind, ExprKind::Str(_)) => {
                // It may turn out to be empty.
                self.library_call("bool_format_spec", vec![value, spec], span)
            }
            Type::Bool => {
                let value = self.convert_value(value, &Type::Int);
                self.formatted(value, spec, span)
            }
            Type::Scalar(dtype) => {
                let wide = if dtype.is_float() {
                    Type::Float
                } else if dtype.is_complex() {
                    Type::Complex
                } else {
                    Type::Int
                };
                let value = self.convert_value(value, &wide);
                self.formatted(value, spec, span)
            }
            ty if super::expression::absorbs(&ty) => value,
            other if !matches!(spec.kind, ExprKind::Str(_)) => {
                // It may turn out to be empty.
                let class = Expr::str(&super::builtin::class_name(&other), span);
                let text = self.text(value, false, span);
                self.library_call("plain_format_spec", vec![text, spec, class], span)
            }
            other => {
                let text = format!("`{other}` has no format specification");
                self.error(
                    Diagnostic::new(Code::UnsupportedArgument, value.span, text)
                        .help("convert it first: `str(…)`, or `!s`"),
                )
            }
        }
    }

    pub(super) fn fstring(&mut self, parts: &[FStringPart], span: Span) -> Expr {
        let mut pieces = Vec::new();
        for part in parts {
            pieces.push(match part {
                FStringPart::Text(text) => Expr::str(text, span),
                FStringPart::Value { value, conversion, spec } => self.fstring_value(value, *conversion, spec),
            });
        }
        self.joined(pieces, span)
    }

    fn fstring_value(&mut self, value: &ast::Expr, conversion: Conversion, spec: &[FStringPart]) -> Expr {
        let at = value.span;
        if let ast::ExprKind::If { test, body, orelse } = &value.kind {
            return self.branches(test, at, &mut |this, is_true| {
                this.fstring_value(if is_true { body } else { orelse }, conversion, spec)
            });
        }
        let value = self.expr(value, None);
        let value = self.converted(value, conversion, at);
        let spec = self.fstring(spec, at);
        self.formatted(value, spec, at)
    }

    /// The text of each value of a conditional expression: they may have different types.
    pub(super) fn text_of(&mut self, value: &ast::Expr) -> Expr {
        if let ast::ExprKind::If { test, body, orelse } = &value.kind {
            return self.branches(test, value.span, &mut |this, is_true| {
                let branch = this.text_of(if is_true { body } else { orelse });
                if branch.ty == Type::Str { branch } else { this.text(branch, false, value.span) }
            });
        }
        if let ast::ExprKind::Or(items) = &value.kind
            && let Some(conditional) = super::expression::old_conditional(items, value.span)
        {
            return self.text_of(&conditional);
        }
        if let ast::ExprKind::Or(items) = &value.kind
            && let [first, second] = items.as_slice()
        {
            let span = value.span;
            let first = self.expr(first, None);
            if super::expression::absorbs(&first.ty) {
                return first;
            }
            let mut out = Vec::new();
            let first = self.keep(first, &mut out);
            let test = self.truth(first.clone());
            let text = self.either(test, span, &mut |this, is_true| {
                let part = if is_true { first.clone() } else { this.text_of(second) };
                if part.ty == Type::Str { part } else { this.text(part, false, span) }
            });
            let ty = text.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(text)), ty, span);
        }
        self.expr(value, None)
    }

    fn converted(&mut self, value: Expr, conversion: Conversion, span: Span) -> Expr {
        match conversion {
            Conversion::None => value,
            Conversion::Str => self.text(value, false, span),
            Conversion::Repr => self.text(value, true, span),
            Conversion::Ascii => {
                let text = self.text(value, true, span);
                self.library_call("text_ascii", vec![text], span)
            }
        }
    }

    /// `print(…)`: all arguments are evaluated before the first is written.
    pub(super) fn print(&mut self, mut args: Args, span: Span) -> Expr {
        let mut out = Vec::new();
        let (sep, end) = (args.take("sep"), args.take("end"));
        let file = args.take("file");
        let flush = args.take("flush").map(|flush| self.keep(flush, &mut out));
        let fd = match file.as_ref().map(|file| (&file.ty, file.span)) {
            None | Some((Type::None, _)) => 1,
            Some((Type::Static(path), _)) if &*path.0 == "sys.stdout" => 1,
            Some((Type::Static(path), _)) if &*path.0 == "sys.stderr" => 2,
            Some((ty, _)) if super::expression::absorbs(ty) => 1,
            Some((ty, place)) => {
                let text =
                    format!("`print` writes to `sys.stdout` or `sys.stderr`, not to `{}`", self.unify.resolve(ty));
                let error = Diagnostic::new(Code::UnsupportedArgument, place, text);
                return self.error(error.help("files are the host's: collect the text, and print it"));
            }
        };
        let values = args.positional.into_iter().map(|value| match self.exception_of_args(&value) {
            Some(_) => self.text(value, false, span),
            None => value,
        });
        let values: Vec<_> = values.collect();
        let values: Vec<_> = values.into_iter().map(|value| self.keep(value, &mut out)).collect();
        let star = args.star.map(|star| self.keep(star, &mut out));
        let mut separator = |this: &mut Self, given: Option<Expr>, default: &str| match given {
            Some(given) if given.ty != Type::None => this.keep(given, &mut out),
            _ => Expr::str(default, span),
        };
        let sep = separator(self, sep, " ");
        let end = separator(self, end, "\n");
        let empty = |piece: &Expr| matches!(&piece.kind, ExprKind::Str(text) if text.is_empty());
        let count = values.len();
        // Texts first: an error in one of them must not leave half a line.
        let mut pieces = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            let text = self.text(value, false, span);
            if text.ty == Type::Poison {
                return text;
            }
            if at > 0 {
                pieces.push(sep.clone());
            }
            pieces.push(text);
        }
        for piece in pieces.into_iter().filter(|piece| !empty(piece)) {
            let write = self.library_call("print_piece", vec![piece], span);
            out.push(Stmt { kind: StmtKind::Expr(write), span });
        }
        if let Some(star) = star {
            let list = self.list_from(star, span);
            let Type::List(_) = list.ty else { return list };
            let texts = self.texts_of(list, span, &mut out);
            let mut joined = self.library_call("str_join_list", vec![sep.clone(), texts], span);
            if count > 0 {
                let piece = self.library_call("print_piece", vec![sep], span);
                out.push(Stmt { kind: StmtKind::Expr(piece), span });
            }
            joined = self.library_call("print_piece", vec![joined], span);
            out.push(Stmt { kind: StmtKind::Expr(joined), span });
        }
        let write = self.library_call("print_end", vec![end, Expr::int(fd, span)], span);
        out.push(Stmt { kind: StmtKind::Expr(write), span });
        if let Some(flush) = flush {
            let test = self.truth(flush);
            let shown = self.library_call("print_flush", vec![Expr::int(fd, span)], span);
            let then = vec![Stmt { kind: StmtKind::Expr(shown), span }];
            out.push(Stmt { kind: StmtKind::If { test, then, otherwise: Vec::new() }, span });
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::none(span))), Type::None, span)
    }

    fn texts_of(&mut self, list: Expr, span: Span, out: &mut Vec<Stmt>) -> Expr {
        let texts = Expr::new(ExprKind::List(Vec::new()), Type::list(Type::Str), span);
        let local = self.temporary(texts, out);
        let texts = Expr::local(local, Type::list(Type::Str), span);
        self.for_each(list, span, out, &mut |this, item, out| {
            let text = this.text(item, false, span);
            let append = this.library_call("list_append", vec![texts.clone(), text], span);
            out.push(Stmt { kind: StmtKind::Expr(append), span });
        });
        texts
    }

    /// `"…" % values`, where the left side is a constant: taken apart here. Anything else is left to `%`.
    pub(super) fn percent_format(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let (BinaryOp::Mod, ast::ExprKind::Str(template)) = (op, &left.kind) else { return None };
        let parts = percent_parts(template);
        let mut out = Vec::new();
        let mut members = if parts.iter().any(|part| matches!(part, Ok(Percent::Name(_)))) {
            self.named_values(&parts, right, &mut out)
        } else {
            let values = self.expr(right, None);
            if super::expression::absorbs(&values.ty) {
                return Some(values);
            }
            let values = self.keep(values, &mut out);
            match &values.ty {
                Type::Tuple(items) => (0..items.len()).map(|at| self.member(&values, at)).collect(),
                _ => vec![values.clone()],
            }
        };
        members.reverse();
        let mut pieces = Vec::new();
        for part in parts {
            let piece = match part {
                Ok(Percent::Text(text)) => Expr::str(&text, span),
                // Its value is the next one already.
                Ok(Percent::Name(_)) => continue,
                Ok(Percent::Value { kind: 'b', .. }) => {
                    let text = "unsupported format character `b`";
                    return Some(self.error(Diagnostic::new(Code::InvalidString, left.span, text)));
                }
                Ok(Percent::Value { flags, width, precision, kind }) => {
                    let mut next = |this: &mut Self| match members.pop() {
                        Some(value) => value,
                        None => this.error(Diagnostic::new(
                            Code::WrongArguments,
                            span,
                            "not enough arguments for format string",
                        )),
                    };
                    let width = match width {
                        Some(Count::Given) => next(self),
                        Some(Count::Known(known)) => Expr::int(known, span),
                        None => Expr::int(0, span),
                    };
                    let precision = match precision {
                        Some(Count::Given) => next(self),
                        Some(Count::Known(known)) => Expr::int(known, span),
                        None => Expr::int(-1, span),
                    };
                    let value = next(self);
                    self.percent_value(value, flags, width, precision, kind, span)
                }
                Err(text) => return Some(self.error(Diagnostic::new(Code::InvalidString, left.span, text))),
            };
            pieces.push(piece);
        }
        if !members.is_empty() {
            let text = "not all arguments converted during string formatting";
            return Some(self.error(Diagnostic::new(Code::WrongArguments, right.span, text)));
        }
        let text = self.joined(pieces, span);
        let ty = text.ty.clone();
        Some(Expr::new(ExprKind::Block(out, Box::new(text)), ty, span))
    }

    /// The values that `%(name)s` and the like take from a dict, in order.
    fn named_values(&mut self, parts: &[Result<Percent, String>], dict: &ast::Expr, out: &mut Vec<Stmt>) -> Vec<Expr> {
        let span = dict.span;
        let names = parts.iter().filter_map(|part| if let Ok(Percent::Name(name)) = part { Some(name) } else { None });
        // The values of a display that is written here may have different types.
        if let ast::ExprKind::Dict(items) = &dict.kind
            && items.iter().all(|(key, _)| matches!(key, Some(ast::Expr { kind: ast::ExprKind::Str(_), .. })))
        {
            let mut known = Vec::new();
            for (key, value) in items {
                let value = self.expr(value, None);
                let value = self.keep(value, out);
                if let Some(ast::Expr { kind: ast::ExprKind::Str(key), .. }) = key {
                    known.push((key.clone(), value));
                }
            }
            let found = names.map(|name| match known.iter().rev().find(|(key, _)| **key == **name) {
                Some((_, value)) => value.clone(),
                None => {
                    let text = format!("the dict has no `{name}`");
                    self.error(Diagnostic::new(Code::WrongArguments, span, text))
                }
            });
            return found.collect();
        }
        let value = self.expr(dict, None);
        let value = self.keep(value, out);
        let names: Vec<_> = names.map(|name| Expr::str(name, span)).collect();
        names.into_iter().map(|key| self.subscript(value.clone(), super::subscript::Index::One(key), span)).collect()
    }

    fn percent_value(&mut self, value: Expr, flags: i64, width: Expr, precision: Expr, kind: char, span: Span) -> Expr {
        if super::expression::absorbs(&value.ty) {
            return value;
        }
        let flags = Expr::int(flags, span);
        let letter = Expr::int(i64::from(u32::from(kind)), span);
        match kind {
            's' | 'r' | 'a' => {
                let text = self.text(value, kind != 's', span);
                let text = if kind == 'a' { self.library_call("text_ascii", vec![text], span) } else { text };
                self.library_call("percent_str", vec![text, flags, width, precision], span)
            }
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'b' => {
                let whole = matches!(kind, 'd' | 'i' | 'u') && matches!(super::unify::number_rank(&value.ty), Some(2));
                let value = if whole { self.call_value_int(value, span) } else { self.as_index(value) };
                self.library_call("percent_int", vec![value, flags, width, precision, letter], span)
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => match super::unify::number_rank(&value.ty) {
                Some(0..=2) => {
                    let value = self.convert_value(value, &Type::Float);
                    let name = match kind {
                        'f' | 'F' => "percent_fixed",
                        'e' | 'E' => "percent_scientific",
                        _ => "percent_general",
                    };
                    self.library_call(name, vec![value, flags, width, precision, letter], span)
                }
                _ => {
                    let text = format!("`%{kind}` needs a number, not a `{}`", value.ty);
                    self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
                }
            },
            'c' => {
                let text =
                    if value.ty == Type::Str { value } else { self.library_call("builtin_chr", vec![value], span) };
                self.library_call("percent_str", vec![text, flags, width, precision], span)
            }
            other => {
                let text = format!("unsupported format character `{other}`");
                self.error(Diagnostic::new(Code::InvalidString, span, text))
            }
        }
    }

    fn call_value_int(&mut self, value: Expr, span: Span) -> Expr {
        let value = self.convert_value(value, &Type::Float);
        self.library_call("float_int", vec![value], span)
    }

    /// `"…".format(args)` of a constant template: taken apart here.
    pub(super) fn template_format(
        &mut self,
        template: &str,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        at: Span,
        span: Span,
    ) -> Expr {
        let mut args = self.arguments(args, keywords);
        let mut out = Vec::new();
        args.positional = args.positional.into_iter().map(|value| self.keep(value, &mut out)).collect();
        for (_, value) in &mut args.keywords {
            let kept = self.keep(value.clone(), &mut out);
            *value = kept;
        }
        let mut automatic = 0;
        let pieces = match self.template_pieces(template, &args, &mut automatic, at, span) {
            Ok(pieces) => pieces,
            Err(text) => return self.error(Diagnostic::new(Code::InvalidString, at, text)),
        };
        let text = self.joined(pieces, span);
        let ty = text.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(text)), ty, span)
    }

    fn template_pieces(
        &mut self,
        template: &str,
        args: &Args,
        automatic: &mut usize,
        at: Span,
        span: Span,
    ) -> Result<Vec<Expr>, String> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut chars = template.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' if chars.peek() == Some(&'{') => {
                    chars.next();
                    text.push('{');
                }
                '}' if chars.peek() == Some(&'}') => {
                    chars.next();
                    text.push('}');
                }
                '}' => return Err("a single `}` in a format string; write `}}`".to_owned()),
                '{' => {
                    let mut field = String::new();
                    let mut depth = 1;
                    for c in chars.by_ref() {
                        match c {
                            '{' => depth += 1,
                            '}' => depth -= 1,
                            _ => {}
                        }
                        if depth == 0 {
                            break;
                        }
                        field.push(c);
                    }
                    if depth > 0 {
                        return Err("a `{` that is not closed in a format string".to_owned());
                    }
                    if !text.is_empty() {
                        pieces.push(Expr::str(&std::mem::take(&mut text), span));
                    }
                    pieces.push(self.template_field(&field, args, automatic, at, span)?);
                }
                _ => text.push(c),
            }
        }
        if !text.is_empty() {
            pieces.push(Expr::str(&text, span));
        }
        Ok(pieces)
    }

    /// `template.format(…)` of a template that only the run time knows.
    pub(super) fn variable_template(&mut self, template: Expr, args: Args, span: Span) -> Expr {
        let names = args.keywords.iter().map(|(name, _)| Expr::str(&name.text, name.span)).collect();
        let values = args.keywords.into_iter().map(|(_, value)| value).collect();
        let [places, names, values] = [args.positional, names, values].map(|members| self.tuple(members, span));
        self.library_call("str_template", vec![template, places, names, values], span)
    }

    /// `name!conversion:spec`.
    fn template_field(
        &mut self,
        field: &str,
        args: &Args,
        automatic: &mut usize,
        at: Span,
        span: Span,
    ) -> Result<Expr, String> {
        let (head, spec) = match field.find(':') {
            Some(colon) => (&field[..colon], &field[colon + 1..]),
            None => (field, ""),
        };
        let (name, conversion) = match head.split_once('!') {
            Some((name, "r")) => (name, Conversion::Repr),
            Some((name, "s")) => (name, Conversion::Str),
            Some((name, "a")) => (name, Conversion::Ascii),
            Some((_, other)) => return Err(format!("unknown conversion `!{other}`")),
            None => (head, Conversion::None),
        };
        let split = name.find(['.', '[']).unwrap_or(name.len());
        let (first, rest) = name.split_at(split);
        let value = if first.is_empty() {
            *automatic += 1;
            args.positional.get(*automatic - 1).cloned()
        } else if let Ok(index) = first.parse::<usize>() {
            args.positional.get(index).cloned()
        } else {
            args.keywords.iter().find(|(keyword, _)| &*keyword.text == first).map(|(_, value)| value.clone())
        };
        let Some(mut value) = value else { return Err(format!("no argument for `{{{field}}}`")) };
        let mut rest = rest;
        while let Some(index) = rest.strip_prefix('[') {
            let Some((key, after)) = index.split_once(']') else { return Err("a `[` that is not closed".to_owned()) };
            let key = match key.parse::<i64>() {
                Ok(number) => Expr::int(number, span),
                Err(_) => Expr::str(key, span),
            };
            value = self.subscript(value, super::subscript::Index::One(key), span);
            rest = after;
        }
        if let Some(attribute) = rest.strip_prefix('.') {
            let ident = ast::Ident { text: attribute.into(), span: at };
            value = self.attribute(value, &ident, span);
        }
        let spec = self.template_pieces(spec, args, automatic, at, span)?;
        let spec = self.joined(spec, span);
        let value = self.converted(value, conversion, span);
        Ok(self.formatted(value, spec, span))
    }
}

/// A width or precision.
enum Count {
    /// Written in the template.
    Known(i64),
    /// `*`: an argument.
    Given,
}

/// A part of a `%` template.
enum Percent {
    Text(String),
    /// `%(name)`: the value after it comes from a dict.
    Name(String),
    Value {
        flags: i64,
        width: Option<Count>,
        precision: Option<Count>,
        kind: char,
    },
}

/// A format specification that says no more than a `%` conversion can: neither fill nor centring nor separators. Most
/// do, and the program then needs no parser of specifications.
fn plain_specification(spec: &str, ty: &Type) -> Option<Percent> {
    let text = *ty == Type::Str;
    let mut rest = spec;
    let mut take = |mark: char| rest.strip_prefix(mark).map(|after| rest = after).is_some();
    let (left, right) = (take('<'), take('>'));
    let mut flags = i64::from(left || text && !right);
    let signed = take('-');
    for (mark, flag) in [('+', 2), (' ', 4), ('#', 8), ('0', 16)] {
        if take(mark) {
            let sign = flag < 8;
            if text || sign && (signed || flags & 6 != 0) || mark == '0' && (left || right) {
                return None;
            }
            flags |= flag;
        }
    }
    if text && signed {
        return None;
    }
    let number = |rest: &mut &str| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        *rest = after;
        if number.is_empty() { Some(-1) } else { number.parse::<u32>().ok().map(i64::from) }
    };
    let width = number(&mut rest)?.max(0);
    let precision = match rest.strip_prefix('.') {
        Some(after) => {
            rest = after;
            Some(number(&mut rest)?).filter(|given| *given >= 0 && *ty != Type::Int)?
        }
        None => -1,
    };
    let kind = match (ty, rest) {
        (Type::Int, "" | "d") => 'd',
        (Type::Int, "b" | "o" | "x" | "X") | (Type::Float, "e" | "E" | "f" | "F" | "g" | "G") => rest.chars().next()?,
        (Type::Str, "" | "s") => 's',
        _ => return None,
    };
    Some(Percent::Value { flags, width: Some(Count::Known(width)), precision: Some(Count::Known(precision)), kind })
}

/// Flags as the prelude takes them: `-` 1, `+` 2, space 4, `#` 8, `0` 16.
fn percent_parts(template: &str) -> Vec<Result<Percent, String>> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            text.push('%');
            continue;
        }
        if chars.peek() == Some(&'(') {
            if !text.is_empty() {
                parts.push(Ok(Percent::Text(std::mem::take(&mut text))));
            }
            chars.next();
            let mut name = String::new();
            loop {
                match chars.next() {
                    Some(')') => break,
                    Some(c) => name.push(c),
                    None => {
                        parts.push(Err("incomplete format key".to_owned()));
                        return parts;
                    }
                }
            }
            parts.push(Ok(Percent::Name(name)));
        }
        if !text.is_empty() {
            parts.push(Ok(Percent::Text(std::mem::take(&mut text))));
        }
        let mut flags = 0;
        while let Some(at) = chars.peek().and_then(|c| "-+ #0".find(*c)) {
            flags |= 1 << at;
            chars.next();
        }
        let mut count = || {
            if chars.peek() == Some(&'*') {
                chars.next();
                return Some(Count::Given);
            }
            let mut number = None;
            while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                number = Some((number.unwrap_or(0i64) * 10 + i64::from(digit)).min(1 << 31));
                chars.next();
            }
            number.map(Count::Known)
        };
        let width = count();
        let precision = if chars.peek() == Some(&'.') {
            chars.next();
            let mut number = None;
            if chars.peek() == Some(&'*') {
                chars.next();
                number = Some(Count::Given);
            } else {
                let mut known = 0i64;
                while let Some(digit) = chars.peek().and_then(|c| c.to_digit(10)) {
                    known = (known * 10 + i64::from(digit)).min(1 << 31);
                    chars.next();
                }
                number = number.or(Some(Count::Known(known)));
            }
            number
        } else {
            None
        };
        // C's length letters mean nothing.
        while chars.peek().is_some_and(|c| "hlL".contains(*c)) {
            chars.next();
        }
        match chars.next() {
            Some(kind) => parts.push(Ok(Percent::Value { flags, width, precision, kind })),
            None => parts.push(Err("incomplete format".to_owned())),
        }
    }
    if !text.is_empty() {
        parts.push(Ok(Percent::Text(text)));
    }
    parts
}
