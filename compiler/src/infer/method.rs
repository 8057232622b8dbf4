//! Attributes, methods and the parts of values. In: a value and a name. Out: `hir::Expr`.

use super::Inferer;
use super::call::Args;
use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::meant::Meant;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::prelude::Prelude;
use crate::prelude::intrinsics::Intrinsic;
use crate::resolve::{Binding, Module, Scope};
use crate::source::Span;
use crate::syntax::ast;
use crate::syntax::ast::FunctionId;
use crate::types::{Dtype, Lazy, Rules, Static, Type};
use std::sync::Arc;

/// The name under which the prelude has the functions of a type: `list_append`.
pub(crate) fn library_name(ty: &Type) -> Option<&'static str> {
    Some(match ty {
        Type::None => "none",
        Type::Bool => "bool",
        Type::Int => "int",
        Type::Unsigned => "unsigned",
        Type::Float => "float",
        Type::Complex => "complex",
        Type::Scalar(_) => "scalar",
        Type::Str => "str",
        Type::Bytes => "bytes",
        Type::Range => "range",
        Type::List(_) => "list",
        Type::Sequence(_) => "sequence",
        Type::Set(_) => "set",
        Type::Dict(..) => "dict",
        Type::Tuple(_) => "tuple",
        Type::Array { .. } => "array",
        Type::Exception => "exception",
        Type::Cell(_) => "cell",
        Type::Poison
        | Type::Never
        | Type::Variable(_)
        | Type::Ptr
        | Type::Slice
        | Type::Optional(_)
        | Type::Function(..)
        | Type::Choice(_)
        | Type::Generator(..)
        | Type::Iterator(..)
        | Type::Static(_) => return None,
    })
}

/// Names of the attributes that values of this type have, for suggestions.
pub(crate) fn attributes(ty: &Type, prelude: &Prelude) -> Vec<&'static str> {
    let Some(kind) = library_name(ty) else { return Vec::new() };
    let own = ["shape", "dtype", "ndim", "size", "real", "imag", "T"].into_iter().filter(|_| kind == "array");
    let prefix = format!("{kind}_");
    let known = prelude.names_with(&prefix).filter(|known| super::meant::is_attribute(kind, known));
    known.chain(own).collect()
}

impl Inferer<'_> {
    /// The function that calls a method of what it captured.
    fn bound_method(&mut self, name: &ast::Ident, module: Option<Id<Module>>) -> FunctionId {
        let span = name.span;
        let object = ast::Expr { kind: ast::ExprKind::Name("self".into()), span };
        let callee = ast::ExprKind::Attribute { value: Box::new(object), name: name.clone() };
        self.forwarding(name, module, ast::Expr { kind: callee, span }, &["self".into()], 0, &[])
    }

    /// The function that calls what it captured first, with as many arguments as it captured besides, those that it is
    /// given, and the named ones that it captured last.
    fn partial_function(
        &mut self,
        given: usize,
        named: &[Arc<str>],
        module: Option<Id<Module>>,
        span: Span,
    ) -> FunctionId {
        let callee = ast::Expr { kind: ast::ExprKind::Name("partial 0".into()), span };
        // No name of Python's looks like these.
        let captured: Vec<Arc<str>> = (0..=given + named.len()).map(|at| format!("partial {at}").into()).collect();
        let name = ast::Ident { text: "partial".into(), span };
        self.forwarding(&name, module, callee, &captured, given, named)
    }

    /// `lambda *args: callee(captured…, *args, name=captured, …)`
    fn forwarding(
        &mut self,
        name: &ast::Ident,
        module: Option<Id<Module>>,
        callee: ast::Expr,
        captured: &[Arc<str>],
        given: usize,
        named: &[Arc<str>],
    ) -> FunctionId {
        if let Some(known) = self.bound_methods.get(&(name.span, module, given)) {
            return *known;
        }
        let span = name.span;
        let variable = |name: &Arc<str>| ast::Expr { kind: ast::ExprKind::Name(name.clone()), span };
        let ident = |text: &Arc<str>| ast::Ident { text: text.clone(), span };
        let all: Arc<str> = "args".into();
        let rest = ast::Expr { kind: ast::ExprKind::Starred(Box::new(variable(&all))), span };
        let (first, last) = captured[1..].split_at(given);
        let keyword =
            |(name, value): (&Arc<str>, &Arc<str>)| ast::Keyword { name: Some(ident(name)), value: variable(value) };
        let call = ast::ExprKind::Call {
            function: Box::new(callee),
            args: first.iter().map(variable).chain([rest]).collect(),
            keywords: named.iter().zip(last).map(keyword).collect(),
        };
        let param = ast::Param { name: ident(&all), kind: ast::ParamKind::VarArgs, annotation: None, default: None };
        let id = self.tree.functions.push(Arc::new(ast::Function {
            name: name.clone(),
            decorators: Vec::new(),
            params: vec![param],
            returns: None,
            body: vec![ast::Stmt { kind: ast::StmtKind::Return(Some(ast::Expr { kind: call, span })), span }],
            is_lambda: true,
            span,
        }));
        let captures: Vec<_> = captured.iter().map(|name| (name.clone(), Binding::Captured)).collect();
        let names = captures.iter().cloned().chain([(all, Binding::Local)]).collect();
        self.names.scopes.insert(id, Scope { module, parent: None, names, captures });
        self.bound_methods.insert((name.span, module, given), id);
        id
    }
}

impl Body<'_, '_> {
    /// `(a, b, …)`.
    pub(super) fn tuple(&mut self, members: Vec<Expr>, span: Span) -> Expr {
        let ty = Type::tuple(members.iter().map(|member| member.ty.clone()));
        Expr::new(ExprKind::Tuple(members), ty, span)
    }

    /// A member of a tuple, or of whatever has members.
    pub(super) fn member(&mut self, value: &Expr, at: usize) -> Expr {
        let ty = match &value.ty {
            Type::Tuple(items)
            | Type::Function(_, items)
            | Type::Choice(items)
            | Type::Generator(_, items)
            | Type::Iterator(_, items) => self.unify.shallow(&items[at]),
            Type::Range => Type::Int,
            Type::Complex => Type::Float,
            Type::Scalar(Dtype::C64) => Type::Scalar(Dtype::F32),
            Type::Scalar(Dtype::C128) => Type::Scalar(Dtype::F64),
            other => unreachable!("`{other}` has no members"),
        };
        if let ExprKind::Tuple(members) = &value.kind
            && value.is_simple()
        {
            return members[at].clone();
        }
        Expr::new(ExprKind::Member(Box::new(value.clone()), at as u32), ty, value.span)
    }

    /// `len(value)`.
    pub(super) fn length(&mut self, value: Expr) -> Expr {
        let span = value.span;
        match &value.ty {
            Type::Tuple(items) => {
                let count = items.len() as i64;
                self.after(value, Expr::int(count, span))
            }
            Type::Array { ndim: 0, .. } => {
                self.error(Diagnostic::new(Code::TypeMismatch, span, "a 0-d array has no length"))
            }
            Type::Array { ndim, .. } => {
                let shape = self.shape(value.clone(), Intrinsic::ArrayShape, *ndim);
                Expr::new(ExprKind::Member(Box::new(shape), 0), Type::Int, span)
            }
            Type::Iterator(Lazy::Keys | Lazy::Values | Lazy::Items, _) => {
                let dict = self.member(&value, 0);
                self.length(dict)
            }
            Type::Str
            | Type::Bytes
            | Type::List(_)
            | Type::Sequence(_)
            | Type::Set(_)
            | Type::Dict(..)
            | Type::Range => {
                let name = format!("{}_len", library_name(&value.ty).unwrap_or("list"));
                self.library_call(&name, vec![value], span)
            }
            ty if super::expression::absorbs(ty) => value,
            other => {
                let text = format!("`{other}` has no length");
                self.error(Diagnostic::new(Code::TypeMismatch, span, text))
            }
        }
    }

    /// Shape or strides, as a tuple of ints.
    pub(super) fn shape(&mut self, array: Expr, which: Intrinsic, ndim: u8) -> Expr {
        let span = array.span;
        let ty = Type::tuple(vec![Type::Int; usize::from(ndim)]);
        Expr::new(ExprKind::Intrinsic(which, vec![array]), ty, span)
    }

    /// `value.name`, not called.
    pub(super) fn attribute(&mut self, value: Expr, name: &ast::Ident, span: Span) -> Expr {
        match (value.ty.clone(), &*name.text) {
            (Type::Static(path), _) => self.static_attribute(&path.0, name, span),
            (Type::Poison | Type::Never, _) => value,
            (Type::Function(id, captures), "py_func") => self.py_func(value, id, &captures, span),
            (Type::Complex | Type::Scalar(Dtype::C64 | Dtype::C128), "real" | "imag") => {
                let at = usize::from(&*name.text == "imag");
                self.member(&value, at)
            }
            (Type::Int | Type::Float | Type::Bool | Type::Scalar(_), "real") => value,
            (Type::Int | Type::Bool, "imag") => self.after(value, Expr::int(0, span)),
            (Type::Float, "imag") => self.after(value, Expr::new(ExprKind::Float(0.0), Type::Float, span)),
            (Type::Choice(items), "__name__") => {
                let mut out = Vec::new();
                let value = self.keep(value, &mut out);
                let mut text = Expr::str("", span);
                for at in (1..items.len()).rev() {
                    let member = self.member(&value, at);
                    let Type::Optional(ty) = member.ty.clone() else {
                        unreachable!("members of a choice are optional")
                    };
                    let function = Expr::new(ExprKind::Unwrap(Box::new(member)), (*ty).clone(), span);
                    let name = self.attribute(function, name, span);
                    if super::expression::absorbs(&name.ty) {
                        return name;
                    }
                    let test = Box::new(self.is_choice(&value, at - 1));
                    let kind = ExprKind::If { test, then: Box::new(name), otherwise: Box::new(text) };
                    text = Expr::new(kind, Type::Str, span);
                }
                Expr::new(ExprKind::Block(out, Box::new(text)), Type::Str, span)
            }
            (Type::Function(id, _), "__name__" | "__qualname__") => {
                let name = self.inferer.tree.functions[id].name.text.clone();
                self.after(value, Expr::str(&name, span))
            }
            (Type::Int, "numerator") => value,
            (Type::Int, "denominator") => self.after(value, Expr::int(1, span)),
            (Type::Scalar(dtype) | Type::Array { dtype, .. }, "dtype") => {
                let fixed = Type::Static(Static(format!("dtype.{}", dtype.name()).into()));
                self.after(value, Expr::new(ExprKind::Unit, fixed, span))
            }
            (Type::Scalar(dtype) | Type::Array { dtype, .. }, "itemsize") => {
                self.after(value, Expr::int(i64::from(dtype.size()), span))
            }
            (Type::Array { ndim, .. }, "shape") => self.shape(value, Intrinsic::ArrayShape, ndim),
            (Type::Array { ndim, .. }, "strides") => self.shape(value, Intrinsic::ArrayStrides, ndim),
            (Type::Array { ndim, .. }, "ndim") => self.after(value, Expr::int(i64::from(ndim), span)),
            (Type::Range, "start" | "stop" | "step") => {
                let at = ["start", "stop", "step"].iter().position(|part| *part == &*name.text).unwrap_or(0);
                self.member(&value, at)
            }
            (ty, _) => {
                let Some(kind) = library_name(&ty) else { return self.no_attribute(&ty, name) };
                let property = format!("{kind}_get_{}", name.text);
                if !self.in_prelude() && !super::meant::is_attribute(kind, &name.text) {
                    return self.no_attribute(&ty, name);
                }
                if self.inferer.prelude.defines(&property) {
                    return self.library_call(&property, vec![value], span);
                }
                let lazy = matches!((&ty, &*name.text), (Type::Dict(..), "keys" | "values" | "items"));
                if lazy || self.inferer.prelude.defines(&format!("{kind}_{}", name.text)) {
                    return self.bound_method(value, name, span);
                }
                self.no_attribute(&ty, name)
            }
        }
    }

    /// A method as a value: the function `lambda *args: self.name(*args)` that captured its object.
    fn bound_method(&mut self, object: Expr, name: &ast::Ident, span: Span) -> Expr {
        let module = self.frames[self.frame].module;
        let id = self.inferer.bound_method(name, module);
        let types = [self.unify.resolve(&object.ty)].into();
        Expr::new(ExprKind::Tuple(vec![object]), Type::Function(id, types), span)
    }

    /// `functools.partial(f, a, …, name=b)`: the function `lambda *args: f(a, …, *args, name=b)` that captured its values.
    pub(super) fn partial_call(&mut self, args: Args, span: Span) -> Expr {
        if args.positional.is_empty() {
            let text = "`functools.partial` takes a function, and its first arguments";
            return self.error(Diagnostic::new(Code::WrongArguments, span, text));
        }
        let module = self.frames[self.frame].module;
        let named: Vec<_> = args.keywords.iter().map(|(name, _)| name.text.clone()).collect();
        let id = self.inferer.partial_function(args.positional.len() - 1, &named, module, span);
        let members: Vec<_> = args.positional.into_iter().chain(args.keywords.into_iter().map(|(_, v)| v)).collect();
        let types = members.iter().map(|member| self.unify.resolve(&member.ty)).collect();
        Expr::new(ExprKind::Tuple(members), Type::Function(id, types), span)
    }

    fn no_attribute(&mut self, ty: &Type, name: &ast::Ident) -> Expr {
        let ty = self.unify.resolve(ty);
        let text = format!("`{ty}` has no attribute `{}`", name.text);
        let mut error = Diagnostic::new(Code::UnknownAttribute, name.span, text);
        if let Some(kind) = library_name(&ty) {
            let close = suggest::closest(&name.text, attributes(&ty, self.inferer.prelude));
            let is_property = kind == "array" && super::meant::is_attribute(kind, &name.text);
            error = match (super::meant::attribute(kind, &name.text), close) {
                (Some(Meant::Name(right)), _) => error.meant(name.span, right),
                (Some(Meant::Words(words)), _) => error.help(words),
                (None, Some(close)) if close != &*name.text => error.meant(name.span, close),
                (None, _) if is_property => error.help("if it is no method, it is read without brackets"),
                (None, _) => error,
            };
        }
        if let Type::Dict(key, _) = &ty
            && **key == Type::Str
            && error.help.is_empty()
        {
            error = error.help(format!("keys of a dict are read with brackets: `d[\"{}\"]`", name.text));
        }
        if let Type::Optional(_) = ty {
            error = error.help("it may be `None`: test `is not None` first");
        }
        self.error(error)
    }

    pub(super) fn assign_attribute(&mut self, object: Expr, name: &ast::Ident, value: Expr, out: &mut Vec<Stmt>) {
        if super::expression::absorbs(&object.ty) || super::expression::absorbs(&value.ty) {
            return;
        }
        if let Type::Static(path) = &object.ty
            && let Some(index) = path.0.strip_prefix("module.")
            && let Ok(index) = index.parse::<usize>()
        {
            let span = name.span;
            self.assign_global((Id::new(index), name.text.clone()), value, span, out);
            return;
        }
        if let (Type::Array { dtype, .. }, "real" | "imag") = (&object.ty, &*name.text)
            && dtype.is_complex()
        {
            let span = name.span;
            let part = self.library_call(&format!("array_get_{}", name.text), vec![object], span);
            let assign = self.library_call("array_assign", vec![part, value], span);
            out.push(Stmt { kind: StmtKind::Expr(assign), span });
            return;
        }
        let text = format!("`{}` of `{}` cannot be assigned", name.text, object.ty);
        self.error(Diagnostic::new(Code::UnsupportedStatement, name.span, text));
    }

    /// `object.name(args)`.
    pub(super) fn method_call(&mut self, object: Expr, name: &ast::Ident, args: Args, span: Span) -> Expr {
        let value = self.method_operation(object, name, args, span);
        self.made(value)
    }

    /// The same, where an array's elements may still be to be computed: of the object and of the result.
    pub(super) fn method_operation(&mut self, object: Expr, name: &ast::Ident, mut args: Args, span: Span) -> Expr {
        if let Some(poison) = args.positional.iter().find(|arg| arg.ty == Type::Poison) {
            return poison.clone();
        }
        let ty = self.unify.shallow(&object.ty);
        let mut object = Expr { ty: ty.clone(), ..object };
        if let Type::Array { .. } = ty {
            if let Some(dtype) = self.astype_argument(&name.text, &args) {
                let dtype = self.dtype_value(dtype, span);
                return self.elementwise("as_dtype", vec![object, dtype], span);
            }
            if args.positional.is_empty() && args.keywords.is_empty() {
                object = match self.reduced_elements(&name.text, object, span) {
                    Ok(value) => return value,
                    Err(object) => object,
                };
            }
            object = self.made(object);
        }
        match (&ty, &*name.text) {
            (Type::Dict(..), "keys" | "values" | "items") => {
                let lazy = match &*name.text {
                    "keys" => Lazy::Keys,
                    "values" => Lazy::Values,
                    _ => Lazy::Items,
                };
                let types: Arc<[Type]> = [ty.clone()].into();
                return Expr::new(ExprKind::Tuple(vec![object]), Type::Iterator(lazy, types), span);
            }
            (Type::List(_), "append" | "insert" | "remove" | "index" | "count") => {
                if let Some(item) = args.positional.pop() {
                    let item =
                        if matches!(&*name.text, "append" | "insert") { self.item_for(item, &ty, span) } else { item };
                    args.positional.push(item);
                }
            }
            (Type::Tuple(items), "count" | "index") if args.positional.len() == 1 => {
                let (items, item) = (items.clone(), args.positional.remove(0));
                return self.find_in_tuple(object, item, items.len(), &name.text, span);
            }
            (Type::Dict(..), "update") if !args.keywords.is_empty() => {
                return self.update_by_name(object, args, span);
            }
            (Type::Dict(key, value), "update") => {
                if let Some(Type::Dict(k, v)) = args.positional.first().map(|other| self.unify.shallow(&other.ty)) {
                    let (key, value) = (key.clone(), value.clone());
                    self.bind_item(&key, (*k).clone());
                    self.bind_item(&value, (*v).clone());
                }
            }
            (Type::Set(slot), "update" | "union" | "intersection" | "difference" | "symmetric_difference") => {
                let slot = slot.clone();
                if let Some(Type::Set(item) | Type::List(item)) =
                    args.positional.first().map(|other| self.unify.shallow(&other.ty))
                {
                    self.bind_item(&slot, (*item).clone());
                }
            }
            (Type::Set(_), "add" | "discard" | "remove") => {
                if let Some(item) = args.positional.pop() {
                    let item = self.item_for(item, &ty, span);
                    args.positional.push(item);
                }
            }
            (Type::Str, "join") => {
                if let Some(Type::Tuple(items)) = args.positional.first().map(|parts| parts.ty.clone()) {
                    let parts = args.positional.remove(0);
                    let members = (0..items.len()).map(|at| self.member(&parts, at)).collect();
                    args.positional.push(self.list_of(members, Some(&Type::list(Type::Str)), span));
                }
                if let Some(Type::Generator(..) | Type::Iterator(..)) = args.positional.first().map(|parts| &parts.ty) {
                    let parts = args.positional.remove(0);
                    args.positional.push(self.list_from(parts, span));
                }
                if let Some(Type::List(item)) = args.positional.first().map(|parts| self.unify.shallow(&parts.ty)) {
                    self.unify.equate(&item, &Type::Str);
                }
            }
            (Type::Array { dtype, .. }, "fill") if dtype.is_integer() && self.rules() == Rules::Python => {
                if let [value @ Expr { ty: Type::Int, .. }] = args.positional.as_mut_slice() {
                    *value = self.numpy_number(value.clone(), *dtype, true);
                }
            }
            (Type::List(item), "extend") => {
                if let [other] = args.positional.as_slice() {
                    self.extend_items(&item.clone(), &other.ty.clone());
                }
            }
            (Type::Dict(key, value), "setdefault" | "get" | "pop") => {
                let (key, value) = (key.clone(), value.clone());
                return self.dict_lookup(object, [&key, &value], name, args, span);
            }
            (Type::Unsigned, _) if self.inferer.prelude.defines(&format!("unsigned_{}", name.text)) => {}
            (Type::Int | Type::Unsigned | Type::Bool, _)
                if !self.inferer.prelude.defines(&format!("bool_{}", name.text)) =>
            {
                let object = self.convert_value(object, &Type::Int);
                args.positional.insert(0, object);
                return self.library_method("int", &ty, name, args, span);
            }
            (ty, _) if super::expression::absorbs(ty) => return object,
            _ => {}
        }
        let Some(kind) = library_name(&ty) else { return self.no_attribute(&ty, name) };
        args.positional.insert(0, object);
        let value = self.library_method(kind, &ty, name, args, span);
        // What comes from a container has the container's own types, which remember the displays they came from.
        match (&ty, &*name.text) {
            (Type::List(slot) | Type::Set(slot), "pop") => self.slot_typed(value, &slot.clone()),
            (Type::Dict(key, slot), "popitem") => {
                let pair = Type::tuple([(**key).clone(), (**slot).clone()]);
                self.slot_typed(value, &pair)
            }
            (Type::List(_) | Type::Set(_) | Type::Dict(..), "copy")
            | (Type::Set(_), "union" | "intersection" | "difference" | "symmetric_difference") => {
                self.slot_typed(value, &ty)
            }
            _ => value,
        }
    }

    /// The dtype in `a.astype(dtype)`.
    fn astype_argument(&self, method: &str, args: &Args) -> Option<Dtype> {
        let [dtype] = args.positional.as_slice() else { return None };
        match &dtype.kind {
            _ if method != "astype" || !args.keywords.is_empty() => None,
            ExprKind::Str(name) => super::annotation::dtype_of_text(name),
            _ if matches!(dtype.ty, Type::Static(_)) => super::intrinsic::element_dtype(&dtype.ty),
            _ => None,
        }
    }

    /// `dict.update(other, name=value)`.
    fn update_by_name(&mut self, dict: Expr, mut args: Args, span: Span) -> Expr {
        let mut out = Vec::new();
        let dict = self.keep(dict, &mut out);
        if let Some(other) = args.positional.pop() {
            let update = self.library_call("dict_update", vec![dict.clone(), other], span);
            out.push(Stmt { kind: StmtKind::Expr(update), span });
        }
        for (name, value) in args.keywords {
            self.store_item(dict.clone(), Expr::str(&name.text, span), value, span, &mut out);
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::none(span))), Type::None, span)
    }

    /// `tuple.count` and `tuple.index`: members may have different types.
    fn find_in_tuple(&mut self, tuple: Expr, item: Expr, count: usize, method: &str, span: Span) -> Expr {
        let mut out = Vec::new();
        let (tuple, item) = (self.keep(tuple, &mut out), self.keep(item, &mut out));
        let mut total = if method == "count" {
            Expr::int(0, span)
        } else {
            let text = Expr::str("tuple.index(x): x not in tuple", span);
            let error = self.builtin_exception("ValueError", vec![text], span);
            self.raise_here(error, span)
        };
        for at in (0..count).rev() {
            let member = self.member(&tuple, at);
            let same = self.compare(ast::CompareOp::Eq, member, item.clone(), span);
            let same = self.truth(same);
            let choose = |then: Expr, otherwise: Expr| {
                let kind = ExprKind::If { test: Box::new(same), then: Box::new(then), otherwise: Box::new(otherwise) };
                Expr::new(kind, Type::Int, span)
            };
            total = if method == "count" {
                let one = choose(Expr::int(1, span), Expr::int(0, span));
                super::convert::int_op(crate::ssa::Binary::I64Add, one, total, span)
            } else {
                choose(Expr::int(at as i64, span), total)
            };
        }
        Expr::new(ExprKind::Block(out, Box::new(total)), Type::Int, span)
    }

    /// `dict.get`, `setdefault` and `pop`: what they give are values of the dict, or the default.
    fn dict_lookup(
        &mut self,
        dict: Expr,
        [key, value]: [&Type; 2],
        name: &ast::Ident,
        mut args: Args,
        span: Span,
    ) -> Expr {
        let ty = dict.ty.clone();
        if let Some(first) = args.positional.first_mut() {
            let wanted = std::mem::replace(first, Expr::none(span));
            *first = if &*name.text == "setdefault" {
                self.item_for(wanted, &Type::list(key.clone()), span)
            } else {
                // What can never be a key is looked for all the same.
                self.looked_up(wanted, key).unwrap_or_else(|other| other)
            };
        }
        let mut result = value.clone();
        if let Some(default) = args.positional.get_mut(1) {
            let given = std::mem::replace(default, Expr::none(span));
            *default = if &*name.text == "setdefault" {
                self.item_for(given, &Type::list(value.clone()), span)
            } else {
                let rules = self.rules();
                match self.unify.join(value, &given.ty, rules) {
                    Some(joined) if joined == self.unify.resolve(value) => self.convert_value(given, &joined),
                    Some(joined) => {
                        result = joined;
                        given
                    }
                    None => given,
                }
            };
        } else if &*name.text == "get" {
            result = Type::optional(self.unify.resolve(value));
        } else if &*name.text == "setdefault" {
            let rules = self.rules();
            self.unify.join(value, &Type::None, rules);
        }
        args.positional.insert(0, dict);
        let found = self.library_method("dict", &ty, name, args, span);
        self.slot_typed(found, &result)
    }

    fn library_method(&mut self, kind: &str, ty: &Type, name: &ast::Ident, args: Args, span: Span) -> Expr {
        let function = format!("{kind}_{}", name.text);
        if !self.in_prelude() && !super::meant::is_attribute(kind, &name.text) {
            return self.no_attribute(ty, name);
        }
        // `list.pop()` and `dict.pop(k, d)` have library functions by the number of arguments.
        let by_default = format!("{function}_default");
        if args.positional.len() == 3 && self.inferer.prelude.defines(&by_default) {
            return self.library_call_with(&by_default, args, span);
        }
        if !self.inferer.prelude.defines(&function) {
            return self.no_attribute(ty, name);
        }
        self.library_call_with(&function, args, span)
    }

    /// An item on its way into a container: it takes the items' type, or widens it.
    pub(super) fn item_for(&mut self, item: Expr, container: &Type, span: Span) -> Expr {
        let (Type::List(slot) | Type::Set(slot)) = self.unify.shallow(container) else { return item };
        if super::expression::absorbs(&item.ty) {
            return item;
        }
        match self.bind_item(&slot, item.ty.clone()) {
            Some(joined) => {
                self.note_meeting("an item", &item.ty.clone(), &self.unify.resolve(&slot), &joined, item.span);
                self.convert_value(item, &joined)
            }
            None => {
                let (wanted, got) = (self.unify.resolve(&slot), self.unify.resolve(&item.ty));
                let text = format!("the other items are `{wanted}`, but this is `{got}`");
                let _ = span;
                self.error(
                    Diagnostic::new(Code::TypeMismatch, item.span, text)
                        .help("all items of a container have one type: convert it, or use a tuple"),
                )
            }
        }
    }

    /// Makes the items of a container hold values of type `ty` too. Gives their type; none where it cannot be.
    pub(super) fn bind_item(&mut self, slot: &Type, ty: Type) -> Option<Type> {
        let known = self.unify.shallow(slot);
        if let Type::Variable(_) = known {
            return self.unify.equate(&known, &ty).then_some(ty);
        }
        let rules = self.rules();
        let Some(joined) = self.unify.join(&known, &ty, rules) else { return self.bind_nested(&known, &ty) };
        if self.unify.resolve(&known) == joined {
            return Some(joined);
        }
        // The items must be wider than was thought: the display they come from is made so in the next walk.
        let Type::Variable(id) = slot else { return None };
        let site = self.unify.site(*id)?;
        self.learn_items(site, joined.clone());
        Some(joined)
    }

    /// Lists in a list, of ints here and of floats there: the displays they come from are all made wider in the next
    /// walk.
    fn bind_nested(&mut self, known: &Type, ty: &Type) -> Option<Type> {
        let ty = self.unify.shallow(ty);
        let (Type::List(a), Type::List(b)) = (known, &ty) else { return None };
        let (a, b) = (a.clone(), b.clone());
        let (here, there) = (self.unify.resolve(&a), self.unify.resolve(&b));
        let wider = self.bind_item(&a, there)?;
        self.bind_item(&b, here)?;
        // This walk is not the last: its types need not fit.
        self.again.then(|| Type::list(wider))
    }

    fn extend_items(&mut self, slot: &Type, other: &Type) {
        let item = match self.unify.shallow(other) {
            Type::List(item) | Type::Set(item) => (*item).clone(),
            Type::Str => Type::Str,
            Type::Range => Type::Int,
            Type::Sequence(item) => (*item).clone(),
            Type::Tuple(items) if !items.is_empty() => items[0].clone(),
            Type::Dict(key, _) => (*key).clone(),
            // A generator's or a lazy iterator's items are appended one by one; the first decides.
            _ => return,
        };
        self.bind_item(slot, item);
    }

    /// The type variable for the items of a display at `span`, or what they were found to be.
    pub(super) fn slot(&mut self, expected: Option<&Type>, span: Span) -> Type {
        let site = self.construct(span);
        let slot = self.unify.variable(Some(site));
        let known = self.learnt.items.get(&site).cloned().or_else(|| {
            let expected = self.unify.shallow(expected?);
            (!matches!(expected, Type::Variable(_) | Type::Poison)).then_some(expected)
        });
        if let Some(known) = known {
            self.unify.equate(&slot, &known);
        }
        slot
    }

    /// `[]`.
    pub(super) fn empty_list(&mut self, expected: Option<&Type>, span: Span) -> Expr {
        let item = match expected.map(|ty| self.unify.shallow(ty)) {
            Some(Type::List(item)) => Some((*item).clone()),
            _ => None,
        };
        let slot = self.slot(item.as_ref(), span);
        Expr::new(ExprKind::List(Vec::new()), Type::list(slot), span)
    }

    /// A list of these values.
    pub(super) fn list_of(&mut self, values: Vec<Expr>, expected: Option<&Type>, span: Span) -> Expr {
        let list = self.empty_list(expected, span);
        let ty = list.ty.clone();
        for value in &values {
            if let (Type::List(slot), false) = (&ty, super::expression::absorbs(&value.ty)) {
                let slot = slot.clone();
                let fresh = matches!(self.unify.shallow(&slot), Type::Variable(_));
                if fresh {
                    self.unify.equate(&slot, &value.ty);
                } else {
                    // What later items need, earlier ones must have: a mixed display is walked again.
                    self.bind_item(&slot, value.ty.clone());
                }
            }
        }
        let items = values.into_iter().map(|value| self.item_for(value, &ty, span)).collect::<Vec<_>>();
        if let Some(poison) = items.iter().find(|item| super::expression::absorbs(&item.ty)) {
            return poison.clone();
        }
        Expr::new(ExprKind::List(items), ty, span)
    }

    pub(super) fn list_display(&mut self, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let item = match expected.map(|ty| self.unify.shallow(ty)) {
            Some(Type::List(item)) => Some(self.unify.shallow(&item)),
            _ => None,
        };
        if items.iter().any(|item| matches!(item.kind, ast::ExprKind::Starred(_))) {
            return self.starred_list(items, expected, span);
        }
        let values = items.iter().map(|value| self.expr(value, item.as_ref())).collect();
        self.list_of(values, expected, span)
    }

    /// `[a, *b, c]`.
    fn starred_list(&mut self, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let list = self.empty_list(expected, span);
        let ty = list.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(list, &mut out);
        for item in items {
            let list = Expr::local(local, ty.clone(), span);
            match &item.kind {
                ast::ExprKind::Starred(inner) => {
                    let source = self.expr(inner, None);
                    self.for_each(source, inner.span, &mut out, &mut |this, item, out| {
                        let item = this.item_for(item, &ty, span);
                        let append = this.library_call("list_append", vec![list.clone(), item], span);
                        out.push(Stmt { kind: StmtKind::Expr(append), span });
                    });
                }
                _ => {
                    let value = self.expr(item, None);
                    let value = self.item_for(value, &ty, span);
                    let append = self.library_call("list_append", vec![list, value], span);
                    out.push(Stmt { kind: StmtKind::Expr(append), span });
                }
            }
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    /// A new list of the items of an iterable.
    pub(super) fn list_from(&mut self, source: Expr, span: Span) -> Expr {
        if super::expression::absorbs(&source.ty) {
            return source;
        }
        if let Type::List(_) = source.ty {
            let ty = source.ty.clone();
            return Expr { ty, ..self.library_call("list_copy", vec![source], span) };
        }
        let list = self.empty_list(None, span);
        let ty = list.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(list, &mut out);
        self.for_each(source, span, &mut out, &mut |this, item, out| {
            let item = this.item_for(item, &ty, span);
            let list = Expr::local(local, ty.clone(), span);
            let append = this.library_call("list_append", vec![list, item], span);
            out.push(Stmt { kind: StmtKind::Expr(append), span });
        });
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    pub(super) fn tuple_display(&mut self, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let wanted = match expected {
            Some(Type::Tuple(wanted)) if wanted.len() == items.len() => Some(wanted.clone()),
            _ => None,
        };
        let mut args = Args::default();
        for (at, item) in items.iter().enumerate() {
            match &item.kind {
                ast::ExprKind::Starred(inner) => {
                    let value = self.expr(inner, None);
                    let known = matches!(value.ty, Type::Tuple(_) | Type::Poison);
                    if !known {
                        // `(*a, *b)`: as many as there are.
                        let list = self.starred_list(items, None, span);
                        return frozen(list);
                    }
                    self.star_argument(value, &mut args);
                }
                _ => {
                    let value = self.expr(item, wanted.as_ref().map(|wanted| &wanted[at]));
                    args.positional.push(value);
                }
            }
        }
        if let Some(bad) = args.positional.iter().find(|item| super::expression::absorbs(&item.ty)) {
            return bad.clone();
        }
        self.tuple(args.positional, span)
    }

    fn empty_table(&mut self, function: &str, ty: Type, span: Span) -> Expr {
        let new = self.library_call(function, Vec::new(), span);
        // The type says what it is; there is no value to be like.
        Expr::new(ExprKind::Intrinsic(Intrinsic::OwnLike, vec![Expr::none(span), new]), ty, span)
    }

    /// `{}`.
    pub(super) fn empty_dict(&mut self, expected: Option<&Type>, span: Span) -> Expr {
        let (key, value) = match expected.map(|ty| self.unify.shallow(ty)) {
            Some(Type::Dict(key, value)) => (Some((*key).clone()), Some((*value).clone())),
            _ => (None, None),
        };
        let key = self.slot(key.as_ref(), Span::new(span.start, span.start));
        let value = self.slot(value.as_ref(), Span::new(span.end, span.end));
        self.empty_table("dict_new", Type::Dict(Arc::new(key), Arc::new(value)), span)
    }

    /// `set()`.
    pub(super) fn empty_set(&mut self, expected: Option<&Type>, span: Span) -> Expr {
        let item = match expected.map(|ty| self.unify.shallow(ty)) {
            Some(Type::Set(item)) => Some((*item).clone()),
            _ => None,
        };
        let item = self.slot(item.as_ref(), span);
        self.empty_table("set_new", Type::Set(Arc::new(item)), span)
    }

    fn set_display(&mut self, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let set = self.empty_set(expected, span);
        let ty = set.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(set, &mut out);
        let add = |this: &mut Self, item, out: &mut Vec<Stmt>| {
            let value = this.item_for(item, &ty, span);
            let add = this.library_call("set_add", vec![Expr::local(local, ty.clone(), span), value], span);
            out.push(Stmt { kind: StmtKind::Expr(add), span });
        };
        for item in items {
            if let ast::ExprKind::Starred(inner) = &item.kind {
                let source = self.expr(inner, None);
                self.for_each(source, inner.span, &mut out, &mut |this, item, out| add(this, item, out));
            } else {
                let value = self.expr(item, None);
                add(self, value, &mut out);
            }
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    /// `{1, 2, 3}`. CPython makes a frozenset of a display of constants first, which shows in the order.
    pub(super) fn set_value(&mut self, items: &[ast::Expr], expected: Option<&Type>, span: Span) -> Expr {
        let set = self.set_display(items, expected, span);
        self.folded_set(set, items, "set_of_constants")
    }

    /// What a loop goes over: there it is the frozenset itself.
    pub(super) fn iterable(&mut self, iter: &ast::Expr) -> Expr {
        let ast::ExprKind::Set(items) = &iter.kind else { return self.expr(iter, None) };
        let set = self.set_display(items, None, iter.span);
        self.folded_set(set, items, "set_again")
    }

    fn folded_set(&mut self, set: Expr, items: &[ast::Expr], function: &str) -> Expr {
        // The order of texts is random in CPython: only that of numbers is worth the work.
        let item = if let Type::Set(item) = &set.ty { self.unify.shallow(item) } else { Type::Str };
        if items.len() < 3 || matches!(item, Type::Str | Type::Variable(_)) || !items.iter().all(is_constant) {
            return set;
        }
        let (ty, span) = (set.ty.clone(), set.span);
        Expr { ty, ..self.library_call(function, vec![set], span) }
    }

    pub(super) fn dict_display(
        &mut self,
        items: &[(Option<ast::Expr>, ast::Expr)],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let dict = self.empty_dict(expected, span);
        let ty = dict.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(dict, &mut out);
        for (key, value) in items {
            let dict = Expr::local(local, ty.clone(), span);
            match key {
                Some(key) => {
                    let key = self.expr(key, None);
                    let key = self.keep(key, &mut out);
                    let expected = if let Type::Dict(_, value) = &ty { Some(self.unify.shallow(value)) } else { None };
                    let value = self.expr(value, expected.as_ref());
                    self.store_item(dict, key, value, span, &mut out);
                }
                None => {
                    let other = self.expr(value, None);
                    if let (Type::Dict(k, v), Type::Dict(l, w)) = (&ty, &other.ty) {
                        self.unify.equate(k, l);
                        self.unify.equate(v, w);
                    }
                    let update = self.library_call("dict_update", vec![dict, other], span);
                    out.push(Stmt { kind: StmtKind::Expr(update), span });
                }
            }
        }
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(local, ty.clone(), span))), ty, span)
    }

    /// `item in container`.
    pub(super) fn contains(&mut self, container: Expr, item: Expr, span: Span) -> Expr {
        match container.ty.clone() {
            Type::Tuple(items) => {
                let mut out = Vec::new();
                let (item, container) = (self.keep(item, &mut out), self.keep(container, &mut out));
                let mut any = Expr::bool(false, span);
                for at in (0..items.len()).rev() {
                    let member = self.member(&container, at);
                    let same = self.compare(ast::CompareOp::Eq, item.clone(), member, span);
                    let same = self.truth(same);
                    let kind = ExprKind::If {
                        test: Box::new(same),
                        then: Box::new(Expr::bool(true, span)),
                        otherwise: Box::new(any),
                    };
                    any = Expr::new(kind, Type::Bool, span);
                }
                Expr::new(ExprKind::Block(out, Box::new(any)), Type::Bool, span)
            }
            Type::List(slot) | Type::Sequence(slot) | Type::Set(slot) => {
                let name = format!("{}_contains", library_name(&container.ty).unwrap_or("list"));
                let item = self.looked_up(item, &slot);
                match item {
                    Ok(item) => self.library_call(&name, vec![container, item], span),
                    Err(item) => self.after(item, Expr::bool(false, span)),
                }
            }
            Type::Dict(key, _) => match self.looked_up(item, &key) {
                Ok(item) => self.library_call("dict_contains", vec![container, item], span),
                Err(item) => self.after(item, Expr::bool(false, span)),
            },
            Type::Iterator(Lazy::Keys, _) => {
                let dict = self.member(&container, 0);
                self.contains(dict, item, span)
            }
            // What comes after the item is still there for the next who asks.
            ty if self.is_resumable(&ty) => self.library_call("iterator_contains", vec![container, item], span),
            Type::Range => match &item.ty {
                Type::Int | Type::Bool => {
                    let item = self.convert_value(item, &Type::Int);
                    self.library_call("range_contains", vec![container, item], span)
                }
                _ => {
                    let list = self.list_from(container, span);
                    self.contains(list, item, span)
                }
            },
            Type::Str if item.ty != Type::Str => {
                let text = format!("`in` a str looks for a str, not for a `{}`", item.ty);
                self.error(Diagnostic::new(Code::UnsupportedOperand, span, text))
            }
            Type::Str | Type::Bytes | Type::Array { .. } => {
                let name = format!("{}_contains", library_name(&container.ty).unwrap_or("str"));
                self.library_call(&name, vec![container, item], span)
            }
            Type::Generator(..) | Type::Iterator(..) => {
                let list = self.list_from(container, span);
                self.contains(list, item, span)
            }
            other => {
                let text = format!("`{other}` is no container");
                self.error(Diagnostic::new(Code::UnsupportedOperand, span, text))
            }
        }
    }

    /// A key or item to look for, in the container's type; `Err` where it can never be equal to one.
    pub(super) fn looked_up(&mut self, item: Expr, slot: &Type) -> Result<Expr, Expr> {
        let slot = self.unify.shallow(slot);
        if let Type::Variable(_) = slot {
            self.unify.equate(&slot, &item.ty);
            return Ok(item);
        }
        let rules = self.rules();
        match self.unify.join(&slot, &item.ty, rules) {
            Some(joined) if joined == self.unify.resolve(&slot) => Ok(self.convert_value(item, &joined)),
            // A float in a list of ints: compared as Python compares them.
            Some(_) if super::unify::number_rank(&slot).is_some() => Ok(item),
            _ => Err(item),
        }
    }
}

/// The tuple of a new list's items.
pub(super) fn frozen(list: Expr) -> Expr {
    let (Type::List(item), span) = (list.ty.clone(), list.span) else { return list };
    let ty = Type::Sequence(item);
    match list.kind {
        ExprKind::Block(out, value) => Expr::new(ExprKind::Block(out, Box::new(frozen(*value))), ty, span),
        kind => Expr::new(kind, ty, span),
    }
}

/// Whether CPython's compiler knows the value.
fn is_constant(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::None
        | ast::ExprKind::Bool(_)
        | ast::ExprKind::Int(_)
        | ast::ExprKind::Float(_)
        | ast::ExprKind::Imaginary(_)
        | ast::ExprKind::Str(_)
        | ast::ExprKind::Bytes(_) => true,
        ast::ExprKind::Unary { operand, .. } => is_constant(operand),
        ast::ExprKind::Binary { left, right, .. } => is_constant(left) && is_constant(right),
        ast::ExprKind::Tuple(items) => items.iter().all(is_constant),
        _ => false,
    }
}
