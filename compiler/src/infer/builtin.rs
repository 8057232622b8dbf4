//! Builtin functions that need more than a function of the prelude. In: their names and arguments. Out: what they
//! mean for arguments of these types.

use super::annotation::dtype_named;
use super::call::Args;
use super::environment::Name;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::ast::{self, CompareOp};
use crate::types::{Dtype, Lazy, Rules, Static, Type};
use std::sync::Arc;

/// Builtins that need more than a function of the prelude.
pub(crate) const BUILTINS: &str = "print len range int float str bool complex list tuple set dict frozenset enumerate zip map \
    filter reversed isinstance min max repr format ascii sum abs round divmod pow sorted any all ord chr bin hex oct \
    hash reveal_type slice type input object bytes iter next exit quit";

/// Builtins of Python that have no meaning here, and what to write instead.
pub(super) const UNSUPPORTED: [(&str, &str); 23] = [
    ("open", "files are the host's: pass the text in, or read it with `input()` or from `sys.stdin`"),
    ("eval", "a compiled program cannot compile more"),
    ("exec", "a compiled program cannot compile more"),
    ("compile", "a compiled program cannot compile more"),
    ("getattr", "attributes are known when the program is compiled: write `value.name`"),
    ("setattr", "attributes are known when the program is compiled: write `value.name = …`"),
    ("hasattr", "attributes are known when the program is compiled"),
    ("delattr", "attributes are known when the program is compiled"),
    ("globals", "names are known when the program is compiled: use a dict"),
    ("locals", "names are known when the program is compiled: use a dict"),
    ("vars", "names are known when the program is compiled: use a dict"),
    ("dir", "names are known when the program is compiled"),
    ("id", "values have no address here: compare with `is`"),
    ("callable", "what can be called is known when the program is compiled"),
    ("super", "classes are not supported"),
    ("property", "classes are not supported"),
    ("staticmethod", "classes are not supported"),
    ("classmethod", "classes are not supported"),
    ("issubclass", "classes are known when the program is compiled"),
    ("bytearray", "use a list of ints, and `bytes` of it"),
    ("memoryview", "use a slice"),
    ("aiter", "a kernel only computes: wait outside of it"),
    ("__import__", "write `import name` at the top"),
];

/// The keywords of the builtins that are no functions of the library, which checks its own.
fn keywords_of(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "print" => &["sep", "end", "file", "flush"],
        "enumerate" => &["start"],
        "zip" => &["strict"],
        "int" => &["base"],
        "complex" => &["real", "imag"],
        "str" => &["encoding", "errors"],
        "sorted" => &["key", "reverse"],
        "len" | "range" | "repr" | "ascii" | "format" | "exit" | "quit" | "type" | "next" | "bool" | "float"
        | "list" | "set" | "frozenset" | "tuple" | "map" | "filter" | "reversed" | "isinstance" | "reveal_type"
        | "abs" | "divmod" | "hash" | "slice" => &[],
        _ => return None,
    })
}

impl Body<'_, '_> {
    pub(super) fn call_builtin(&mut self, name: &str, mut args: Args, expected: Option<&Type>, span: Span) -> Expr {
        let count = args.positional.len();
        let takes = |least: usize, most: usize| (least..=most).contains(&count) && args.star.is_none();
        let fits = match name {
            "len" | "iter" | "repr" | "ascii" | "reversed" | "hash" | "reveal_type" | "type" => takes(1, 1),
            "exit" | "quit" => takes(0, 1),
            "next" => takes(1, 2),
            "isinstance" | "filter" => takes(2, 2),
            "range" | "slice" => takes(1, 3),
            "enumerate" | "format" => takes(1, 2),
            "bool" | "list" | "tuple" | "set" | "frozenset" | "float" | "dict" => takes(0, 1),
            "int" | "complex" | "str" => takes(0, 2),
            _ => true,
        };
        if !fits {
            let text = format!("`{name}` does not take {count} arguments");
            return self.error(Diagnostic::new(Code::WrongArguments, span, text));
        }
        if let Some(known) = keywords_of(name)
            && let Some((keyword, _)) = args.keywords.iter().find(|(keyword, _)| !known.contains(&&*keyword.text))
        {
            let text = format!("`{name}` has no parameter `{}`", keyword.text);
            let error = Diagnostic::new(Code::WrongArguments, keyword.span, text);
            return self.error(match suggest::closest(&keyword.text, known.iter().copied()) {
                Some(close) => error.meant(keyword.span, close),
                None => error,
            });
        }
        let mut positional = std::mem::take(&mut args.positional);
        match name {
            "print" => {
                args.positional = positional;
                self.print(args, span)
            }
            "len" => self.length(positional.remove(0)),
            "iter" => self.iterator(positional.remove(0), span),
            "range" => self.range(positional, span),
            "repr" => self.text(positional.remove(0), true, span),
            "ascii" => {
                let text = self.text(positional.remove(0), true, span);
                self.library_call("text_ascii", vec![text], span)
            }
            "str" => {
                if count == 2 || !args.keywords.is_empty() {
                    // Of bytes, and how they were made of text.
                    args.positional = positional;
                    return self.library_call_with("bytes_decode", args, span);
                }
                match positional.pop() {
                    None => Expr::str("", span),
                    Some(value) => self.text(value, false, span),
                }
            }
            "format" => {
                let spec = if count == 2 { positional.pop() } else { None };
                let spec = spec.unwrap_or_else(|| Expr::str("", span));
                self.formatted(positional.remove(0), spec, span)
            }
            "exit" | "quit" => {
                let error = self.builtin_exception("SystemExit", positional, span);
                self.raise_here(error, span)
            }
            "type" => {
                let value = positional.remove(0);
                self.class_of(value, span)
            }
            "next" => {
                let default = if count == 2 { positional.pop() } else { None };
                self.next_of(positional.remove(0), default, span)
            }
            "bool" => match positional.pop() {
                None => Expr::bool(false, span),
                Some(value) => self.truth(value),
            },
            "int" => {
                positional.extend(args.take("base"));
                self.to_int(positional, span)
            }
            "float" => self.to_float(positional, span),
            "complex" => {
                if let Some(imaginary) = args.take("imag") {
                    let real = args.take("real").or_else(|| positional.pop());
                    positional = vec![real.unwrap_or_else(|| Expr::int(0, span)), imaginary];
                }
                positional.extend(args.take("real"));
                self.to_complex_number(positional, span)
            }
            "list" => match positional.pop() {
                None => self.empty_list(expected, span),
                Some(value) => self.list_from(value, span),
            },
            "set" | "frozenset" => {
                let set = match positional.pop() {
                    None => self.empty_set(expected, span),
                    Some(value) => self.set_from(value, span),
                };
                if name == "set" {
                    return set;
                }
                let ty = set.ty.clone();
                Expr { ty, ..self.library_call("set_frozen", vec![set], span) }
            }
            "dict" => self.to_dict(positional.pop(), args.keywords, expected, span),
            "tuple" => match positional.pop() {
                None => self.tuple(Vec::new(), span),
                Some(value) => self.to_tuple(value, span),
            },
            "enumerate" => {
                let given = if count == 2 { positional.pop() } else { None };
                let named = args.take("start");
                if let (Some(_), Some(named)) = (&given, &named) {
                    let text = "`enumerate` got two values for `start`";
                    return self.error(Diagnostic::new(Code::WrongArguments, named.span, text));
                }
                let start = named.or(given);
                let start = match start {
                    Some(start) => self.as_index(start),
                    None => Expr::int(0, span),
                };
                positional.push(start);
                lazy(Lazy::Enumerate, positional, span)
            }
            "zip" if args.star.is_some() => self.zip_star(positional, args.star.take(), span),
            "zip" => {
                let strict = args.take("strict").is_some_and(|strict| matches!(strict.kind, ExprKind::Bool(true)));
                lazy(if strict { Lazy::ZipStrict } else { Lazy::Zip }, positional, span)
            }
            "map" => self.map(positional, span),
            "filter" => lazy(Lazy::Filter, positional, span),
            "reversed" => self.reversed(positional.remove(0), span),
            "isinstance" => {
                let class = positional.pop();
                let value = positional.remove(0);
                self.isinstance(value, class, span)
            }
            "reveal_type" => {
                let value = positional.remove(0);
                let ty = super::function::close(&self.unify.resolve(&value.ty));
                let note = Diagnostic::new(Code::RevealedType, value.span, format!("revealed type: `{ty}`"));
                self.notes.push(note);
                value
            }
            "min" | "max" => {
                args.positional = positional;
                self.extreme(name, args, span)
            }
            "sum" if count == 1 || count == 2 => {
                args.positional = positional;
                if let Some(Type::Array { .. }) = args.positional.first().map(|arg| arg.ty.clone()) {
                    return self.library_call_with("builtin_sum", args, span);
                }
                self.sum(args, span)
            }
            "abs" if count == 1 => {
                let value = positional.remove(0);
                self.absolute(value, span)
            }
            "pow" if count == 2 => {
                let (exponent, base) = (positional.pop(), positional.pop());
                match (base, exponent) {
                    (Some(base), Some(exponent)) => self.binary(ast::BinaryOp::Pow, base, exponent, span),
                    _ => unreachable!("there are two"),
                }
            }
            "pow" if count == 3 => self.library_call("builtin_pow_mod", positional, span),
            "divmod" if count == 2 => self.divmod(positional, span),
            "round" => {
                args.positional = positional;
                self.round(args, span)
            }
            "hash" => {
                let value = positional.remove(0);
                self.hash(value, span)
            }
            "sorted" => {
                let Some(source) = (!positional.is_empty()).then(|| positional.remove(0)) else {
                    return self.error(Diagnostic::new(Code::WrongArguments, span, "`sorted` takes an iterable"));
                };
                let list = self.list_from(source, span);
                let mut out = Vec::new();
                let list = self.keep(list, &mut out);
                args.positional = vec![list.clone()];
                let sort = self.library_call_with("list_sort", args, span);
                out.push(Stmt { kind: StmtKind::Expr(sort), span });
                let ty = list.ty.clone();
                Expr::new(ExprKind::Block(out, Box::new(list)), ty, span)
            }
            "ord" if matches!(positional.as_slice(), [Expr { ty: Type::Bytes, .. }]) => {
                self.library_call("bytes_ord", positional, span)
            }
            "bin" | "oct" | "hex" if matches!(positional.as_slice(), [Expr { ty: Type::Unsigned, .. }]) => {
                self.library_call(&format!("unsigned_{name}"), positional, span)
            }
            _ => {
                args.positional = positional;
                self.library_call_with(&format!("builtin_{name}"), args, span)
            }
        }
    }

    fn range(&mut self, args: Vec<Expr>, span: Span) -> Expr {
        let mut args = args.into_iter().map(|arg| self.as_index(arg)).collect::<Vec<_>>();
        if let Some(bad) = args.iter().find(|arg| super::expression::absorbs(&arg.ty)) {
            return bad.clone();
        }
        if args.len() == 1 {
            args.insert(0, Expr::int(0, span));
        }
        match args.get(2).map(|step| &step.kind) {
            None => args.push(Expr::int(1, span)),
            Some(ExprKind::Int(step)) if *step != 0 => {}
            Some(_) => {
                let step = args.remove(2);
                let step = self.library_call("range_check_step", vec![step], span);
                args.push(step);
            }
        }
        Expr::new(ExprKind::Tuple(args), Type::Range, span)
    }

    /// `zip(*rows)`: the columns.
    fn zip_star(&mut self, before: Vec<Expr>, star: Option<Expr>, span: Span) -> Expr {
        let Some(rows) = star.filter(|_| before.is_empty()) else {
            let text = "`zip` takes one `*` argument, or arguments one by one";
            return self.error(Diagnostic::new(Code::UnsupportedArgument, span, text));
        };
        let mut out = Vec::new();
        let rows = self.list_from(rows, span);
        let rows = self.keep(rows, &mut out);
        let item = match &rows.ty {
            Type::List(item) => self.unify.resolve(item),
            other => other.clone(),
        };
        let value = match item {
            // Columns of different types: as many as a row has members.
            Type::Tuple(members) if members.windows(2).any(|pair| pair[0] != pair[1]) => {
                let columns = (0..members.len())
                    .map(|at| {
                        let list = self.empty_list(None, span);
                        let ty = list.ty.clone();
                        let local = self.temporary(list, &mut out);
                        let list = Expr::local(local, ty, span);
                        self.for_each(rows.clone(), span, &mut out, &mut |this, row, out| {
                            let item = this.member(&row, at);
                            let item = this.item_for(item, &list.ty.clone(), span);
                            let append = this.library_call("list_append", vec![list.clone(), item], span);
                            out.push(Stmt { kind: StmtKind::Expr(append), span });
                        });
                        super::method::frozen(list)
                    })
                    .collect();
                let length = self.length(rows);
                let wanted = Expr::int(members.len() as i64, span);
                let check = self.library_call("check_unpack_rows", vec![length, wanted], span);
                out.push(Stmt { kind: StmtKind::Expr(check), span });
                self.tuple(columns, span)
            }
            _ => self.library_call("zip_star", vec![rows], span),
        };
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    fn map(&mut self, args: Vec<Expr>, span: Span) -> Expr {
        if args.len() < 2 {
            return self.error(Diagnostic::new(Code::WrongArguments, span, "`map` takes a function and iterables"));
        }
        lazy(Lazy::Map, args, span)
    }

    fn reversed(&mut self, value: Expr, span: Span) -> Expr {
        match &value.ty {
            Type::Range => self.library_call("range_reversed", vec![value], span),
            Type::Tuple(items) => {
                let count = items.len();
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let members = (0..count).rev().map(|at| self.member(&value, at)).collect();
                let value = self.tuple(members, span);
                let ty = value.ty.clone();
                Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
            }
            _ => lazy(Lazy::Reversed, vec![value], span),
        }
    }

    pub(super) fn set_from(&mut self, source: Expr, span: Span) -> Expr {
        if let Type::Set(_) = self.unify.shallow(&source.ty) {
            let ty = source.ty.clone();
            return Expr { ty, ..self.library_call("set_thawed", vec![source], span) };
        }
        let set = self.empty_set(None, span);
        let ty = set.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(set, &mut out);
        let source = self.keep(source, &mut out);
        if let Type::Dict(..) = self.unify.shallow(&source.ty) {
            let length = self.length(source.clone());
            let room = Expr::local(local, ty.clone(), span);
            let presize = self.library_call("set_presize", vec![room, length], span);
            out.push(Stmt { kind: StmtKind::Expr(presize), span });
        }
        self.for_each(source, span, &mut out, &mut |this, item, out| {
            let item = this.item_for(item, &ty, span);
            let add = this.library_call("set_add", vec![Expr::local(local, ty.clone(), span), item], span);
            out.push(Stmt { kind: StmtKind::Expr(add), span });
        });
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    fn to_dict(
        &mut self,
        source: Option<Expr>,
        keywords: Vec<(ast::Ident, Expr)>,
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        if let Some(Expr { ty: Type::Dict(..), .. }) = &source
            && keywords.is_empty()
        {
            return self.library_call("dict_copy", source.into_iter().collect(), span);
        }
        let dict = self.empty_dict(expected, span);
        let ty = dict.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(dict, &mut out);
        if let Some(source) = source {
            self.for_each(source, span, &mut out, &mut |this, pair, out| {
                let pair = this.keep(pair, out);
                if super::expression::absorbs(&pair.ty) {
                    return;
                }
                let (Type::Tuple(_), true) = (&pair.ty, matches!(&pair.ty, Type::Tuple(items) if items.len() == 2))
                else {
                    let text = format!("`dict` takes pairs of key and value, not `{}`", pair.ty);
                    this.error(Diagnostic::new(Code::UnsupportedArgument, span, text));
                    return;
                };
                let (key, value) = (this.member(&pair, 0), this.member(&pair, 1));
                this.store_item(Expr::local(local, ty.clone(), span), key, value, span, out);
            });
        }
        for (name, value) in keywords {
            let key = Expr::str(&name.text, span);
            self.store_item(Expr::local(local, ty.clone(), span), key, value, span, &mut out);
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    /// `dict.fromkeys(keys, value)`.
    pub(super) fn dict_from_keys(&mut self, keys: Expr, value: Expr, span: Span) -> Expr {
        let dict = self.empty_dict(None, span);
        let ty = dict.ty.clone();
        let mut out = Vec::new();
        let value = self.keep(value, &mut out);
        let local = self.temporary(dict, &mut out);
        self.for_each(keys, span, &mut out, &mut |this, key, out| {
            this.store_item(Expr::local(local, ty.clone(), span), key, value.clone(), span, out);
        });
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    fn to_tuple(&mut self, value: Expr, span: Span) -> Expr {
        match value.kind {
            _ if matches!(value.ty, Type::Tuple(_) | Type::Sequence(_)) => value,
            // A display has a known length.
            ExprKind::List(members) if !members.is_empty() => self.tuple(members, span),
            _ => {
                let list = self.list_from(value, span);
                super::method::frozen(list)
            }
        }
    }

    fn to_int(&mut self, mut args: Vec<Expr>, span: Span) -> Expr {
        if args.len() == 2 {
            return self.library_call("int_parse_base", args, span);
        }
        let Some(value) = args.pop() else { return Expr::int(0, span) };
        match &value.ty {
            Type::Str => self.library_call("int_parse", vec![value], span),
            Type::Float if self.rules() == Rules::Raw => self.convert_value(value, &Type::Int),
            Type::Float => self.library_call("float_int", vec![value], span),
            Type::Scalar(dtype) if dtype.is_float() && self.rules() != Rules::Raw => {
                let value = self.convert_value(value, &Type::Float);
                self.library_call("float_int", vec![value], span)
            }
            // Numba's small integers stay what they are; a NumPy uint64 may be more than an int of ours.
            Type::Scalar(dtype) if dtype.is_integer() && self.rules().is_numba() => value,
            Type::Scalar(Dtype::U64) if self.rules() == Rules::Python => Expr { ty: Type::Unsigned, ..value },
            Type::Ptr => self.convert_value(value, &Type::Int),
            // An int already.
            Type::Unsigned => value,
            Type::Complex => {
                self.error(Diagnostic::new(Code::TypeMismatch, span, "a complex number cannot become an int"))
            }
            Type::Array { ndim: 0, .. } => {
                let item = self.library_call("array_item", vec![value], span);
                self.to_int(vec![item], span)
            }
            other if super::unify::number_rank(other).is_some() => self.convert_value(value, &Type::Int),
            other => {
                let text = format!("a `{other}` cannot become an int");
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
        }
    }

    fn to_float(&mut self, mut args: Vec<Expr>, span: Span) -> Expr {
        let Some(value) = args.pop() else { return Expr::float(0.0, span) };
        match &value.ty {
            Type::Str => {
                if let ExprKind::Str(text) = &value.kind {
                    match &*text.trim().to_ascii_lowercase() {
                        "inf" | "+inf" | "infinity" | "+infinity" => return Expr::float(f64::INFINITY, span),
                        "-inf" | "-infinity" => return Expr::float(f64::NEG_INFINITY, span),
                        "nan" => return Expr::float(f64::NAN, span),
                        _ => {}
                    }
                }
                self.library_call("float_parse", vec![value], span)
            }
            Type::Array { ndim: 0, .. } => {
                let item = self.library_call("array_item", vec![value], span);
                self.to_float(vec![item], span)
            }
            Type::Complex => {
                self.error(Diagnostic::new(Code::TypeMismatch, span, "a complex number cannot become a float"))
            }
            Type::Scalar(Dtype::F32) if self.rules().is_numba() => value,
            other if super::unify::number_rank(other).is_some() => self.convert_value(value, &Type::Float),
            other => {
                let text = format!("a `{other}` cannot become a float");
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
        }
    }

    fn to_complex_number(&mut self, args: Vec<Expr>, span: Span) -> Expr {
        let mut args = args.into_iter();
        match (args.next(), args.next()) {
            (None, _) => Expr::new(ExprKind::Complex(0.0, 0.0), Type::Complex, span),
            (Some(value), None) if value.ty == Type::Str => self.library_call("complex_parse", vec![value], span),
            (Some(value), None) if super::unify::number_rank(&value.ty).is_some() => {
                self.convert_value(value, &Type::Complex)
            }
            (Some(real), Some(imaginary))
                if super::unify::number_rank(&real.ty).is_some_and(|rank| rank < 3)
                    && super::unify::number_rank(&imaginary.ty).is_some_and(|rank| rank < 3) =>
            {
                let parts = [real, imaginary].map(|part| self.convert_value(part, &Type::Float));
                Expr::new(ExprKind::Tuple(parts.into()), Type::Complex, span)
            }
            (Some(value), _) => {
                let text = format!("a `{}` cannot become a complex number", value.ty);
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
        }
    }

    /// `min` and `max`.
    fn extreme(&mut self, name: &str, mut args: Args, span: Span) -> Expr {
        let key = args.take("key");
        let default = args.take("default");
        if args.star.is_some() || args.positional.len() == 1 {
            let source = args.star.take().or_else(|| args.positional.pop());
            let Some(source) = source else { unreachable!("one of them is there") };
            if let (Type::Array { .. }, None, None) = (&source.ty, &key, &default) {
                return self.library_call(&format!("builtin_{name}"), vec![source], span);
            }
            if let Type::Tuple(items) = &source.ty {
                let mut out = Vec::new();
                let count = items.len();
                let source = self.keep(source, &mut out);
                let positional = (0..count).map(|at| self.member(&source, at)).collect();
                let value = self.extreme_of(name, positional, key, span);
                let ty = value.ty.clone();
                return Expr::new(ExprKind::Block(out, Box::new(value)), ty, span);
            }
            let mut all = vec![source];
            let function = match default {
                Some(default) => {
                    all.push(default);
                    format!("builtin_{name}_default")
                }
                None => format!("builtin_{name}"),
            };
            all.extend(key);
            return self.library_call(&function, all, span);
        }
        self.extreme_of(name, args.positional, key, span)
    }

    fn extreme_of(&mut self, name: &str, values: Vec<Expr>, key: Option<Expr>, span: Span) -> Expr {
        let mut out = Vec::new();
        // All are computed before any is compared.
        let values: Vec<_> = values.into_iter().map(|value| self.keep(value, &mut out)).collect();
        let mut values = values.into_iter();
        let Some(mut best) = values.next() else {
            let text = format!("`{name}` of nothing");
            return self.error(Diagnostic::new(Code::WrongArguments, span, text));
        };
        let key = key.map(|key| self.keep(key, &mut out));
        for value in values {
            let (a, b) = match &key {
                Some(key) => (
                    self.call_value(key.clone(), vec![value.clone()], span),
                    self.call_value(key.clone(), vec![best.clone()], span),
                ),
                None => (value.clone(), best.clone()),
            };
            let op = if name == "min" { CompareOp::Lt } else { CompareOp::Gt };
            let better = self.compare(op, a, b, span);
            let better = self.truth(better);
            let (old, new) = (best, value);
            let chosen = self.either(better, span, &mut |_, is_true| if is_true { new.clone() } else { old.clone() });
            if super::expression::absorbs(&chosen.ty) {
                return chosen;
            }
            best = self.keep(chosen, &mut out);
        }
        let ty = best.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(best)), ty, span)
    }

    /// `sum(iterable, start)`: under the rules of this function.
    fn sum(&mut self, mut args: Args, span: Span) -> Expr {
        let start =
            args.take("start").or_else(|| if args.positional.len() == 2 { args.positional.pop() } else { None });
        let Some(source) = args.positional.pop() else { unreachable!("the caller saw it") };
        let mut out = Vec::new();
        let plain = start.is_none();
        let start = start.unwrap_or_else(|| Expr::int(0, span));
        let mut arrays = false;
        let name = self.own_name("sum");
        self.assign(name.clone(), start, span, &mut out);
        self.for_each(source.clone(), span, &mut out, &mut |this, item, out| {
            if plain && matches!(this.unify.resolve(&item.ty), Type::Array { .. }) {
                arrays = true;
                return;
            }
            let Some(variable) = this.env.vars.get(&name).cloned() else { return };
            let total = Expr::local(variable.local, this.local_type(variable.local), span);
            let total = this.binary(ast::BinaryOp::Add, total, item, span);
            // The sum of floats is a float, also where the start is the int 0: that meeting is not worth a warning.
            this.assign(name.clone(), total, span, out);
        });
        let variable = self.env.vars.remove(&name);
        if arrays {
            // What was written so far is left: an int does not become an array on the way.
            return self.library_call("sum_of_arrays", vec![source], span);
        }
        let Some(variable) = variable else { return Expr::poison(span) };
        let ty = self.local_type(variable.local);
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(variable.local, ty.clone(), span))), ty, span)
    }

    /// A variable of ours, of a name that no other has on this path: in `sum(map(sum, rows))` there are two at once.
    pub(super) fn own_name(&self, what: &str) -> Name {
        let name = |depth: usize| -> Name { (self.frame, Arc::from(format!("{what} {depth}"))) };
        let mut depth = 0;
        while self.env.vars.contains_key(&name(depth)) {
            depth += 1;
        }
        name(depth)
    }

    fn absolute(&mut self, value: Expr, span: Span) -> Expr {
        let ty = value.ty.clone();
        let function = match &ty {
            Type::Scalar(Dtype::Bool) if self.rules() == Rules::Python => return value,
            Type::Int | Type::Bool if self.rules() == Rules::Python => "int_abs",
            Type::Int | Type::Bool => "raw_abs",
            Type::Float => "float_abs",
            Type::Complex => "complex_abs",
            Type::Scalar(dtype) if dtype.is_float() => {
                let wide = self.convert_value(value, &Type::Float);
                let value = self.library_call("float_abs", vec![wide], span);
                return self.convert_value(value, &ty);
            }
            Type::Scalar(dtype) if dtype.is_complex() => {
                let part = if *dtype == Dtype::C64 { Dtype::F32 } else { Dtype::F64 };
                let wide = self.convert_value(value, &Type::Complex);
                let value = self.library_call("complex_abs", vec![wide], span);
                return self.convert_value(value, &Type::Scalar(part));
            }
            Type::Unsigned => return value,
            Type::Scalar(dtype) if dtype.is_unsigned() || *dtype == Dtype::Bool => return value,
            Type::Scalar(_) => {
                let wide = self.convert_value(value, &Type::Int);
                let value = self.library_call("raw_abs", vec![wide], span);
                return self.convert_value(value, &ty);
            }
            Type::Array { .. } => return self.elementwise("scalar_abs", vec![value], span),
            other => {
                let text = format!("a `{other}` has no absolute value");
                return self.error(Diagnostic::new(Code::TypeMismatch, value.span, text));
            }
        };
        let value = if ty == Type::Bool { self.convert_value(value, &Type::Int) } else { value };
        self.library_call(function, vec![value], span)
    }

    fn divmod(&mut self, args: Vec<Expr>, span: Span) -> Expr {
        let mut out = Vec::new();
        let args: Vec<_> = args.into_iter().map(|arg| self.keep(arg, &mut out)).collect();
        if let Some(name) = super::operator::divmod(&args[0].ty, &args[1].ty, self.rules()) {
            let pair = self.library_call(name, args, span);
            let ty = pair.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(pair)), ty, span);
        }
        // Numba has no `divmod` of a signed and an unsigned integer: they become floats.
        let is_unsigned = |ty: &Type| super::operator::dtype_of(ty).map(Dtype::is_unsigned);
        let sides = (is_unsigned(&args[0].ty), is_unsigned(&args[1].ty));
        let u64 = |ty: &Type| *ty == Type::Scalar(Dtype::U64);
        if self.rules().is_numba()
            && matches!(sides, (Some(true), Some(false)) | (Some(false), Some(true)))
            && (u64(&args[0].ty) || u64(&args[1].ty))
        {
            let args = args.into_iter().map(|arg| self.convert_value(arg, &Type::Float)).collect();
            let pair = self.divmod(args, span);
            let ty = pair.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(pair)), ty, span);
        }
        let quotient = self.binary(ast::BinaryOp::FloorDiv, args[0].clone(), args[1].clone(), span);
        let remainder = self.binary(ast::BinaryOp::Mod, args[0].clone(), args[1].clone(), span);
        if let Some(bad) = [&quotient, &remainder].into_iter().find(|part| super::expression::absorbs(&part.ty)) {
            return bad.clone();
        }
        let pair = self.tuple(vec![quotient, remainder], span);
        let ty = pair.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(pair)), ty, span)
    }

    fn round(&mut self, mut args: Args, span: Span) -> Expr {
        let digits =
            args.take("ndigits").or_else(|| if args.positional.len() == 2 { args.positional.pop() } else { None });
        let (Some(value), true) = (args.positional.pop(), args.positional.is_empty()) else {
            return self.error(Diagnostic::new(
                Code::WrongArguments,
                span,
                "`round` takes a number and a count of digits",
            ));
        };
        let digits = digits.unwrap_or_else(|| Expr::none(span));
        if self.rules().is_numba() && super::operator::dtype_of(&value.ty).is_some_and(|dtype| !dtype.is_complex()) {
            return self.numba_round(value, digits, span);
        }
        match value.ty.clone() {
            Type::Int | Type::Bool => {
                let value = self.convert_value(value, &Type::Int);
                self.library_call("int_round", vec![value, digits], span)
            }
            Type::Float => self.library_call("float_round", vec![value, digits], span),
            Type::Scalar(dtype) if dtype.is_float() => {
                let no_digits = digits.ty == Type::None;
                let wide = self.convert_value(value, &Type::Float);
                if no_digits {
                    return self.library_call("float_round", vec![wide, digits], span);
                }
                let value = self.convert_value(wide, &Type::Scalar(dtype));
                self.library_call("number_round", vec![value, digits], span)
            }
            Type::Unsigned if digits.ty == Type::None => value,
            Type::Scalar(dtype) if dtype.is_integer() && digits.ty == Type::None => self.to_int(vec![value], span),
            Type::Scalar(dtype) if dtype.is_integer() => {
                let value = self.convert_value(value, &Type::Int);
                let value = self.library_call("int_round", vec![value, digits], span);
                self.convert_value(value, &Type::Scalar(dtype))
            }
            Type::Array { .. } => self.library_call("array_round", vec![value, digits], span),
            other => {
                let text = format!("a `{other}` cannot be rounded");
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
        }
    }

    /// Numba's `round`: an int without digits, a float with them, also of ints.
    fn numba_round(&mut self, value: Expr, digits: Expr, span: Span) -> Expr {
        let dtype = super::operator::dtype_of(&value.ty);
        if digits.ty == Type::None {
            return match dtype {
                Some(dtype) if dtype.is_float() => {
                    let value = self.convert_value(value, &Type::Float);
                    self.library_call("float_round", vec![value, digits], span)
                }
                _ => self.convert_value(value, &Type::Int),
            };
        }
        let single = matches!(dtype, Some(Dtype::Bool | Dtype::I8 | Dtype::I16 | Dtype::U8 | Dtype::F32));
        let value = self.convert_value(value, &Type::Float);
        let rounded = self.library_call("numba_round", vec![value, digits], span);
        if single { self.convert_value(rounded, &Type::Scalar(Dtype::F32)) } else { rounded }
    }

    /// `type(value)`: a class is known when the program is compiled, but for exceptions and what may be `None`.
    fn class_of(&mut self, value: Expr, span: Span) -> Expr {
        let ty = self.unify.resolve(&value.ty);
        match &ty {
            Type::Exception | Type::Optional(_) => {
                let text = format!("the class of a `{ty}` shows at run time only");
                self.error(
                    Diagnostic::new(Code::UnsupportedExpression, span, text)
                        .help("its name is `type(value).__name__`; test it with `isinstance(value, …)`"),
                )
            }
            _ => {
                let module = if let Type::Scalar(_) = ty { "numpy" } else { "builtins" };
                let class = Static(format!("{module}.{}", class_name(&ty)).into());
                self.after(value, Expr::new(ExprKind::Unit, Type::Static(class), span))
            }
        }
    }

    /// `type(value).__name__`.
    pub(super) fn class_name_of(&mut self, value: Expr, span: Span) -> Expr {
        match value.ty.clone() {
            Type::Exception => {
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let name = self.exception_name(value, span);
                Expr::new(ExprKind::Block(out, Box::new(name)), Type::Str, span)
            }
            Type::Optional(item) => {
                let test = Expr::new(ExprKind::IsSome(Box::new(value)), Type::Bool, span);
                let then = Box::new(Expr::str(&class_name(&self.unify.resolve(&item)), span));
                let otherwise = Box::new(Expr::str("NoneType", span));
                Expr::new(ExprKind::If { test: Box::new(test), then, otherwise }, Type::Str, span)
            }
            ty => {
                let name = class_name(&self.unify.resolve(&ty));
                self.after(value, Expr::str(&name, span))
            }
        }
    }

    /// `hash(value)`, of anything that can be a key.
    fn hash(&mut self, value: Expr, span: Span) -> Expr {
        match value.ty.clone() {
            Type::Tuple(items) => {
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let mut total = Expr::int(0, span);
                for at in 0..items.len() {
                    let member = self.member(&value, at);
                    let hash = self.hash(member, span);
                    total = self.library_call("tuple_hash_add", vec![total, hash], span);
                }
                total = self.library_call("tuple_hash_end", vec![total, Expr::int(items.len() as i64, span)], span);
                Expr::new(ExprKind::Block(out, Box::new(total)), Type::Int, span)
            }
            Type::None => self.after(value, Expr::int(0, span)),
            Type::Scalar(dtype) => {
                let wide = if dtype.is_float() {
                    Type::Float
                } else if dtype.is_complex() {
                    Type::Complex
                } else {
                    Type::Int
                };
                let value = self.convert_value(value, &wide);
                self.hash(value, span)
            }
            Type::Optional(item) => {
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let test = Expr::new(ExprKind::IsSome(Box::new(value.clone())), Type::Bool, span);
                let inner = Expr::new(ExprKind::Unwrap(Box::new(value)), (*item).clone(), span);
                let then = self.hash(inner, span);
                let otherwise = Box::new(Expr::int(0, span));
                let kind = ExprKind::If { test: Box::new(test), then: Box::new(then), otherwise };
                let value = Expr::new(kind, Type::Int, span);
                Expr::new(ExprKind::Block(out, Box::new(value)), Type::Int, span)
            }
            Type::Sequence(_) => self.library_call("sequence_hash", vec![value], span),
            ty @ (Type::Int | Type::Unsigned | Type::Float | Type::Bool | Type::Complex | Type::Str | Type::Bytes) => {
                let name = super::method::library_name(&ty).unwrap_or("int");
                self.library_call(&format!("{name}_hash"), vec![value], span)
            }
            other => {
                let text = format!("a `{other}` cannot be a key: it can change");
                self.error(Diagnostic::new(Code::TypeMismatch, span, text).help("use a tuple of its items"))
            }
        }
    }

    /// `isinstance(value, class)`: decided here, except for what may be None.
    pub(super) fn isinstance(&mut self, value: Expr, class: Option<Expr>, span: Span) -> Expr {
        let Some(class) = class else { return Expr::poison(span) };
        let classes: Vec<Type> = match &class.ty {
            Type::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        let ty = self.unify.resolve(&value.ty);
        let mut holds = false;
        for class in &classes {
            let Type::Static(name) = class else {
                let text = "the second argument of `isinstance` must be a type or a tuple of types";
                return self.error(Diagnostic::new(Code::TypeMismatch, span, text));
            };
            if let (Type::Exception, Some(number)) = (&ty, self.exception_class(name)) {
                let mut out = Vec::new();
                let local = self.temporary(value.clone(), &mut out);
                let test = self.is_exception_of(local, number, span);
                if let ExprKind::Bool(known) = test.kind {
                    holds |= known;
                    continue;
                }
                return Expr::new(ExprKind::Block(out, Box::new(test)), Type::Bool, span);
            }
            holds |= is_instance(&ty, &name.0);
        }
        // The library asks for types without making values.
        if self.in_prelude() {
            return Expr::bool(holds, span);
        }
        self.after(value, Expr::bool(holds, span))
    }
}

/// Whether every value of a type is an instance of a class.
fn is_instance(ty: &Type, class: &str) -> bool {
    let name = class.rsplit('.').next().unwrap_or(class);
    let numpy = class.starts_with("numpy.");
    match (ty, name) {
        (_, "object") => true,
        (Type::Bool, "bool" | "int")
        | (Type::Int | Type::Unsigned, "int")
        | (Type::Float, "float")
        | (Type::Complex, "complex") => !numpy,
        (Type::Int | Type::Unsigned | Type::Bool, "Integral" | "Rational" | "Real" | "Number" | "Complex") => true,
        (Type::Float, "Real" | "Number" | "Complex") | (Type::Complex, "Number" | "Complex") => true,
        (Type::Str, "str") | (Type::Bytes, "bytes") | (Type::Range, "range") => true,
        (Type::List(_), "list") | (Type::Set(_), "set") | (Type::Dict(..), "dict") => true,
        (Type::Tuple(_) | Type::Sequence(_), "tuple") => true,
        (Type::Array { .. }, "ndarray") => true,
        (Type::Scalar(Dtype::F64), "float") | (Type::Scalar(Dtype::C128), "complex") => true,
        (Type::Scalar(dtype), "integer") => dtype.is_integer(),
        (Type::Scalar(dtype), "floating") => dtype.is_float(),
        (Type::Scalar(_), "number" | "generic") => true,
        (Type::Scalar(dtype), _) if numpy => dtype_named(name) == Some(*dtype),
        _ => false,
    }
}

/// The name of a type's class, as Python's messages have it.
pub(super) fn class_name(ty: &Type) -> String {
    match ty {
        Type::None => "NoneType".to_owned(),
        Type::Sequence(_) => "tuple".to_owned(),
        Type::Function(..) => "function".to_owned(),
        Type::Scalar(dtype) => dtype.name().to_owned(),
        Type::Array { .. } => "numpy.ndarray".to_owned(),
        other => match super::method::library_name(other) {
            Some(name) => name.to_owned(),
            None => other.to_string(),
        },
    }
}

/// A lazy iterator of these arguments.
fn lazy(kind: Lazy, args: Vec<Expr>, span: Span) -> Expr {
    let types = args.iter().map(|arg| arg.ty.clone()).collect();
    Expr::new(ExprKind::Tuple(args), Type::Iterator(kind, types), span)
}
