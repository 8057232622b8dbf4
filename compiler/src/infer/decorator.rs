//! Numba's decorators: what their options and signatures say of a function. In: decorators. Out: `Declared`, the rules
//! that hold inside, the signature that a call chooses. Reports: KU3001, KU3004, KU3006.

use super::Inferer;
use super::annotation::Meaning;
use super::function::Body;
use super::hir::Expr as Value;
use super::operator::dtype_of;
use super::signature::{Signature, signature};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::resolve::Module;
use crate::resolve::declaration::{Decorator, decorator, is_jit};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, FunctionId, Keyword, ParamKind};
use crate::types::{Dtype, ErrorModel, Order, Rules, Sums, Type};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a function is declared to run.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// Under a Numba decorator.
    pub decorated: bool,
    /// `error_model`.
    pub error_model: ErrorModel,
    /// `fastmath`.
    pub sums: Sums,
    /// Explicit signatures.
    pub signatures: Vec<Signature>,
    /// `locals`: variables with the types they have.
    pub locals: BTreeMap<Arc<str>, Type>,
}

/// Every option of `numba.jit`. Most say how Numba goes about it and change no result: they are accepted.
const OPTIONS: [&str; 18] = [
    "nopython",
    "nogil",
    "forceobj",
    "looplift",
    "cache",
    "parallel",
    "fastmath",
    "boundscheck",
    "error_model",
    "inline",
    "forceinline",
    "locals",
    "debug",
    "no_cpython_wrapper",
    "no_cfunc_wrapper",
    "no_rewrites",
    "pipeline_class",
    "signature_or_function",
];

impl Inferer<'_> {
    /// Which rules a function runs under when it is called from a function with rules `here`.
    pub(super) fn rules_of(&mut self, function: FunctionId, here: Rules) -> Rules {
        let node = self.tree.functions[function].clone();
        if self.is_prelude(node.span) {
            let inherit = |decorator: &Expr| matches!(&decorator.kind, ExprKind::Name(name) if &**name == "inherit");
            return if node.decorators.iter().any(inherit) { here } else { Rules::Raw };
        }
        let mut at = function;
        while let Some(parent) = self.names.scopes.get(at).and_then(|scope| scope.parent) {
            at = parent;
        }
        let declared = self.declared(at);
        if declared.decorated {
            self.request.decorated_rules.unwrap_or(Rules::Numba(declared.error_model))
        } else {
            self.request.plain_rules.unwrap_or(Rules::Python)
        }
    }

    /// What a function's decorators say.
    pub(super) fn declared(&mut self, function: FunctionId) -> Arc<Declared> {
        if let Some(known) = self.declarations.get(&function) {
            return known.clone();
        }
        let mut declared = Declared::default();
        let mut errors = Vec::new();
        if let Some(module) = self.names.scopes.get(function).and_then(|scope| scope.module) {
            let node = self.tree.functions[function].clone();
            for written in &node.decorators {
                if let Some(found) = decorator(written, module, self.names)
                    && is_jit(&found.path)
                {
                    declared.decorated = true;
                    self.read(&found, written.span, &mut declared, &mut errors);
                }
            }
        }
        self.errors.append(&mut errors);
        let declared = Arc::new(declared);
        self.declarations.insert(function, declared.clone());
        declared
    }

    fn read(&self, found: &Decorator<'_>, span: Span, declared: &mut Declared, errors: &mut Vec<Diagnostic>) {
        for (module, args, keywords) in &found.arguments {
            for arg in *args {
                self.signatures(arg, *module, &mut declared.signatures, errors);
            }
            for keyword in *keywords {
                self.option(keyword, *module, span, declared, errors);
            }
        }
    }

    fn option(
        &self,
        keyword: &Keyword,
        module: Id<Module>,
        span: Span,
        declared: &mut Declared,
        errors: &mut Vec<Diagnostic>,
    ) {
        let value = self.constant(&keyword.value, module);
        let Some(name) = &keyword.name else {
            // `**options`
            let Some(items) = entries(value) else {
                let text = "which options these are must be known when the program is compiled";
                errors.push(
                    Diagnostic::new(Code::UnsupportedArgument, keyword.value.span, text)
                        .help("write the options out, or assign the dict once, at the top of the module"),
                );
                return;
            };
            for (name, value) in items {
                self.option_value(&name, value, module, span, declared, errors);
            }
            return;
        };
        self.option_value(&name.text, value, module, name.span, declared, errors);
    }

    fn option_value(
        &self,
        name: &str,
        value: &Expr,
        module: Id<Module>,
        span: Span,
        declared: &mut Declared,
        errors: &mut Vec<Diagnostic>,
    ) {
        let value = self.constant(value, module);
        match (name, &value.kind) {
            ("error_model", ExprKind::Str(model)) => match &**model {
                "python" => declared.error_model = ErrorModel::Python,
                "numpy" => declared.error_model = ErrorModel::Numpy,
                _ => errors.push(
                    Diagnostic::new(Code::WrongArguments, value.span, format!("there is no error model `{model}`"))
                        .help("`\"python\"` raises `ZeroDivisionError`, `\"numpy\"` gives infinities and 0"),
                ),
            },
            ("error_model", _) => errors.push(Diagnostic::new(
                Code::WrongArguments,
                value.span,
                "`error_model` is `\"python\"` or `\"numpy\"`",
            )),
            ("fastmath", ExprKind::Bool(true)) => declared.sums = Sums::InAnyOrder,
            ("fastmath", ExprKind::Set(flags)) => {
                let frees =
                    |flag: &Expr| matches!(&flag.kind, ExprKind::Str(flag) if matches!(&**flag, "fast" | "reassoc"));
                if flags.iter().any(frees) {
                    declared.sums = Sums::InAnyOrder;
                }
            }
            ("inline", ExprKind::Str(when)) if !matches!(&**when, "always" | "never") => {
                let text = format!("`inline` is `\"always\"` or `\"never\"`, not `{when}`");
                errors.push(Diagnostic::new(Code::WrongArguments, value.span, text));
            }
            // Object mode is CPython.
            ("forceobj", ExprKind::Bool(true)) => declared.decorated = false,
            ("signature_or_function", _) => self.signatures(value, module, &mut declared.signatures, errors),
            ("locals", _) => {
                let Some(items) = entries(value) else {
                    let text = "`locals` takes a dict of names and types";
                    errors.push(Diagnostic::new(Code::WrongArguments, value.span, text));
                    return;
                };
                for (name, ty) in items {
                    match self.numba_type(ty, module) {
                        Some(ty) => {
                            declared.locals.insert(name.into(), ty);
                        }
                        None => errors.push(self.no_type(ty)),
                    }
                }
            }
            _ if OPTIONS.contains(&name) || name.starts_with("_dbg_") || name == "_nrt" => {}
            _ => {
                let error = Diagnostic::new(Code::WrongArguments, span, format!("Numba has no option `{name}`"));
                errors.push(match suggest::closest(name, OPTIONS) {
                    Some(close) => error.meant(span, close),
                    None => error.help("Numba refuses unknown options as well"),
                });
            }
        }
    }

    /// What a name stands for that is assigned once; anything else stands for itself.
    fn constant<'e>(&'e self, value: &'e Expr, module: Id<Module>) -> &'e Expr {
        let mut at = (module, value);
        for _ in 0..16 {
            let ExprKind::Name(name) = &at.1.kind else { break };
            let Some((owner, _)) = self.names.definition(at.0, name) else { break };
            let Some(value) = self.names.modules[owner].once.get(name) else { break };
            at = (owner, value);
        }
        at.1
    }

    fn no_type(&self, expr: &Expr) -> Diagnostic {
        let text = format!("`{}` is not a type of Numba's", self.sources.text(expr.span));
        Diagnostic::new(Code::BadAnnotation, expr.span, text)
            .help("types are `int64`, `float64[:, ::1]`, `types.unicode_type` and the like")
    }

    /// Signatures by one argument: a list of them, a string, `result(params)`, or a tuple of parameters.
    fn signatures(&self, arg: &Expr, module: Id<Module>, found: &mut Vec<Signature>, errors: &mut Vec<Diagnostic>) {
        let arg = self.constant(arg, module);
        let mut types = |items: &[Expr]| -> Option<Vec<Type>> {
            items
                .iter()
                .map(|item| {
                    let ty = self.numba_type(item, module);
                    if ty.is_none() {
                        errors.push(self.no_type(item));
                    }
                    ty
                })
                .collect()
        };
        match &arg.kind {
            ExprKind::List(items) => items.iter().for_each(|item| self.signatures(item, module, found, errors)),
            ExprKind::Tuple(items) => found.extend(types(items).map(|params| Signature { params, result: None })),
            ExprKind::Str(text) => match signature(text) {
                Some(signature) => found.push(crossed(signature)),
                None => errors.push(
                    Diagnostic::new(Code::BadAnnotation, arg.span, format!("`{text}` is not a signature")).help(
                        "a signature is `\"float64(int64, float64[:])\"`: the result, and the parameters in brackets",
                    ),
                ),
            },
            ExprKind::Call { function, args, .. } => {
                if let (Some(result), Some(params)) = (types(std::slice::from_ref(function)), types(args)) {
                    found.push(Signature { params, result: result.into_iter().next() });
                }
            }
            ExprKind::None => {}
            _ => {
                let text = format!("`{}` is not a signature", self.sources.text(arg.span));
                errors.push(
                    Diagnostic::new(Code::BadAnnotation, arg.span, text).help(
                        "a signature is `float64(int64, float64[:])`: the result, and the parameters in brackets",
                    ),
                );
            }
        }
    }

    fn numba_type(&self, expr: &Expr, module: Id<Module>) -> Option<Type> {
        match self.meaning(expr, Some(module)) {
            Meaning::Type(ty) => Some(super::convert::cross(&ty, Rules::NUMBA)),
            Meaning::Open | Meaning::Unknown => None,
        }
    }

    /// The types of all parameters, if the function declares them: by annotations or by an explicit signature.
    pub(super) fn declared_params(&mut self, function: FunctionId) -> Option<Vec<Type>> {
        let declared = self.declared(function);
        let node = &self.tree.functions[function];
        // A signature with another number of parameters is an error of each call.
        if let Some(signature) = declared.signatures.first() {
            return (signature.params.len() == node.params.len()).then(|| signature.params.clone());
        }
        let module = self.names.scopes.get(function).and_then(|scope| scope.module);
        node.params
            .iter()
            .map(|param| {
                if !matches!(param.kind, ParamKind::Normal | ParamKind::PositionalOnly | ParamKind::KeywordOnly) {
                    return None;
                }
                match self.meaning(param.annotation.as_ref()?, module) {
                    Meaning::Type(ty) if declared.decorated => Some(super::convert::cross(&ty, Rules::NUMBA)),
                    Meaning::Type(ty) => Some(ty),
                    Meaning::Open | Meaning::Unknown => None,
                }
            })
            .collect()
    }
}

/// Decorators as functions: `f = njit(g)`, `fast = njit(fastmath=True)`, `f.py_func`.
impl Body<'_, '_> {
    /// `njit(…)` where it is no decorator; none where something else is called.
    pub(super) fn jit_call(&mut self, call: &Expr, callee: &Expr, args: &[Expr]) -> Option<Value> {
        let module = self.frames[self.frame].module?;
        if let Some(name) = root(callee)
            && self.find(name).is_some()
            && self.module_level.is_none()
        {
            return None;
        }
        let found = decorator(callee, module, self.inferer.names)?;
        if !is_jit(&found.path) {
            return None;
        }
        // `f` of `f = njit(g)` is no decorator any more.
        if found.arguments.iter().any(|(module, args, _)| self.inferer.first_function(args, *module).is_some()) {
            return None;
        }
        let path = found.path;
        let function = self.inferer.first_function(args, module);
        let Some(function) = function else {
            let path = crate::types::Static(path.into());
            return Some(Value::new(super::hir::ExprKind::Unit, Type::Static(path), call.span));
        };
        let value = self.expr(function, None);
        let Type::Function(id, captures) = value.ty.clone() else {
            if super::expression::absorbs(&value.ty) {
                return Some(value);
            }
            let text = format!("`{}` takes a function, or signatures and options, not a `{}`", path, value.ty);
            return Some(self.error(Diagnostic::new(Code::UnsupportedArgument, function.span, text)));
        };
        let ExprKind::Call { function: callee, args, keywords } = &call.kind else {
            unreachable!("the caller matched a call")
        };
        // What is left without the function are the options.
        let kind = ExprKind::Call { function: callee.clone(), args: args[1..].to_vec(), keywords: keywords.clone() };
        let decorator = Expr { kind, span: call.span };
        match self.inferer.variant(id, vec![decorator]) {
            Some(id) => Some(Value { ty: Type::Function(id, captures), ..value }),
            None => Some(self.no_variant(call.span)),
        }
    }

    /// `f.py_func`: the function as it was before Numba had it.
    pub(super) fn py_func(&mut self, value: Value, id: FunctionId, captures: &Arc<[Type]>, span: Span) -> Value {
        match self.inferer.variant(id, Vec::new()) {
            Some(id) => Value { ty: Type::Function(id, captures.clone()), ..value },
            None => self.no_variant(span),
        }
    }

    fn no_variant(&mut self, span: Span) -> Value {
        let text = "a function with others inside it cannot be both plain and compiled by Numba's rules";
        self.error(
            Diagnostic::new(Code::UnsupportedDecorator, span, text)
                .help("write the decorator above the function, or move the inner functions out"),
        )
    }
}

impl Inferer<'_> {
    /// The first argument of a call of a decorator, where it is no signature: the function it is to decorate.
    fn first_function<'e>(&self, args: &'e [Expr], module: Id<Module>) -> Option<&'e Expr> {
        let first = args.first()?;
        let arg = self.constant(first, module);
        let is_signature = match &arg.kind {
            ExprKind::Call { function, .. } => self.numba_type(function, module).is_some(),
            _ => matches!(arg.kind, ExprKind::Str(_) | ExprKind::List(_) | ExprKind::Tuple(_) | ExprKind::None),
        };
        (!is_signature).then_some(first)
    }

    /// The same function under other decorators. Functions nested in it belong to one parent: then there is none.
    fn variant(&mut self, function: FunctionId, decorators: Vec<Expr>) -> Option<FunctionId> {
        let key = (function, decorators.first().map(|decorator| decorator.span));
        if let Some(known) = self.variants.get(&key) {
            return Some(*known);
        }
        let node = self.tree.functions[function].clone();
        if !crate::resolve::scope::functions_of(&node.body).is_empty() {
            return None;
        }
        let scope = self.names.scopes.get(function)?;
        let scope = crate::resolve::Scope {
            module: scope.module,
            parent: scope.parent,
            names: scope.names.clone(),
            captures: scope.captures.clone(),
        };
        let id = self.tree.functions.push(Arc::new(crate::syntax::ast::Function { decorators, ..(*node).clone() }));
        self.names.scopes.insert(id, scope);
        self.variants.insert(key, id);
        Some(id)
    }
}

/// The name that an expression of attributes and calls starts with.
fn root(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Attribute { value, .. } => root(value),
        ExprKind::Call { function, .. } => root(function),
        _ => None,
    }
}

impl Body<'_, '_> {
    /// Arguments whose arrays must lie in memory as a signature wants, which shows at run time.
    fn with_layouts(&mut self, args: Vec<Value>, types: &[Type], params: &[Type], span: Span) -> Vec<Value> {
        let names: Vec<_> = types.iter().map(numba_name).collect();
        let text = format!("No matching definition for argument type(s) {}", names.join(", "));
        let mut fitted = Vec::new();
        for ((arg, ty), param) in args.into_iter().zip(types).zip(params) {
            let arg = match param {
                Type::Array { order, .. } if lies_otherwise(ty, param) => {
                    let name = if *order == Order::C { "array_lies_in_c" } else { "array_lies_in_f" };
                    self.library_call(name, vec![arg, Value::str(&text, span)], span)
                }
                _ => arg,
            };
            fitted.push(self.convert_value(arg, param));
        }
        fitted
    }

    /// Arguments as the explicit signature wants them that fits them best; as they are where there is none.
    pub(super) fn by_signature(&mut self, function: FunctionId, args: Vec<Value>, span: Span) -> Option<Vec<Value>> {
        let declared = self.inferer.declared(function);
        if declared.signatures.is_empty() {
            return Some(args);
        }
        let types: Vec<_> =
            args.iter().map(|arg| super::convert::cross(&self.unify.resolve(&arg.ty), Rules::NUMBA)).collect();
        let mut rated: Vec<_> = declared
            .signatures
            .iter()
            .filter_map(|signature| Some((rating(&types, &signature.params)?, signature)))
            .collect();
        crate::order::sort_by_key(&mut rated, |(rating, _)| *rating);
        match rated.as_slice() {
            [] if let Some(signature) = by_layout(&types, &declared.signatures) => {
                let params = signature.params.clone();
                Some(self.with_layouts(args, &types, &params, span))
            }
            [] => {
                let name = self.inferer.tree.functions[function].name.text.clone();
                let types: Vec<_> = types.iter().map(ToString::to_string).collect();
                let text = format!("no signature of `{name}` takes `{}`", types.join("`, `"));
                let known: Vec<_> = declared.signatures.iter().map(|signature| shown(&signature.params)).collect();
                self.error(
                    Diagnostic::new(Code::TypeMismatch, span, text)
                        .help(format!("it is declared for {}", known.join(" and "))),
                );
                None
            }
            // Numba's compiled code takes the first of several that are as good; Python's calls of it are refused.
            [(best, one), (other, two), ..]
                if best == other && one.params != two.params && !self.rules().is_numba() =>
            {
                let name = self.inferer.tree.functions[function].name.text.clone();
                let text = format!("two signatures of `{name}` fit equally well");
                let both = format!("{} and {}", shown(&one.params), shown(&two.params));
                self.error(
                    Diagnostic::new(Code::TypeMismatch, span, text)
                        .help(format!("they are {both}: convert the arguments to the types of one of them")),
                );
                None
            }
            [(_, best), ..] => {
                let converted = args.into_iter().zip(&best.params).map(|(arg, ty)| self.convert_value(arg, ty));
                Some(converted.collect())
            }
        }
    }
}

/// The signature that would fit if the arrays lay in memory as it wants.
fn by_layout<'s>(types: &[Type], signatures: &'s [Signature]) -> Option<&'s Signature> {
    let fits = |signature: &&Signature| {
        let adapted: Vec<_> = types
            .iter()
            .zip(&signature.params)
            .map(|(ty, param)| if lies_otherwise(ty, param) { param.clone() } else { ty.clone() })
            .collect();
        adapted.len() == types.len() && rating(&adapted, &signature.params).is_some()
    };
    signatures.iter().find(fits)
}

/// Whether two types of arrays differ in nothing but what is known of the order of their elements.
fn lies_otherwise(ty: &Type, param: &Type) -> bool {
    match (ty, param) {
        (Type::Array { dtype: a, ndim: n, order: Order::A }, Type::Array { dtype: b, ndim: m, order }) => {
            a == b && n == m && *order != Order::A
        }
        _ => false,
    }
}

/// A type as Numba's messages name it.
fn numba_name(ty: &Type) -> String {
    match ty {
        Type::Array { dtype, ndim, order } => {
            let order = match order {
                Order::A => "A",
                Order::C => "C",
                Order::F => "F",
            };
            format!("array({}, {ndim}d, {order})", dtype.name())
        }
        ty => dtype_of(ty).map_or_else(|| ty.to_string(), |dtype| dtype.name().to_owned()),
    }
}

fn shown(params: &[Type]) -> String {
    let types: Vec<_> = params.iter().map(ToString::to_string).collect();
    format!("`({})`", types.join(", "))
}

fn crossed(signature: Signature) -> Signature {
    let cross = |ty: &Type| super::convert::cross(ty, Rules::NUMBA);
    Signature { params: signature.params.iter().map(cross).collect(), result: signature.result.as_ref().map(cross) }
}

/// Whether a dict is nothing but options of Numba's, of several types: no value of ours, and nobody else's business.
pub(super) fn is_options(value: &Expr) -> bool {
    let Some(items) = entries(value) else { return false };
    let mixed = items.iter().any(|(_, value)| !matches!(value.kind, ExprKind::Bool(_)));
    mixed && items.iter().all(|(name, _)| OPTIONS.contains(&name.as_str()))
}

/// Names and values of a dict: `{"a": x}` or `dict(a=x)`.
fn entries<'e>(value: &'e Expr) -> Option<Vec<(String, &'e Expr)>> {
    match &value.kind {
        ExprKind::Dict(items) => items
            .iter()
            .map(|(key, value)| match key.as_ref().map(|key| &key.kind) {
                Some(ExprKind::Str(name)) => Some((name.to_string(), value)),
                _ => None,
            })
            .collect(),
        ExprKind::Call { function, args, keywords } if args.is_empty() => {
            let is_dict = matches!(&function.kind, ExprKind::Name(name) if &**name == "dict");
            let entry = |keyword: &'e Keyword| {
                let Keyword { name, value } = keyword;
                Some((name.as_ref()?.text.to_string(), value))
            };
            if is_dict { keywords.iter().map(entry).collect() } else { None }
        }
        _ => None,
    }
}

/// How good a conversion is, from best to worst: Numba's `typeconv/rules.py` has the same four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Conversion {
    Exact,
    Promote,
    Safe,
    Unsafe,
}

/// How well arguments fit parameters, the less the better: the numbers of unsafe, safe and promoting conversions.
fn rating(args: &[Type], params: &[Type]) -> Option<(usize, usize, usize)> {
    if args.len() != params.len() {
        return None;
    }
    let all: Option<Vec<_>> = args.iter().zip(params).map(|(arg, param)| conversion(arg, param)).collect();
    let all = all?;
    let count = |wanted| all.iter().filter(|conversion| **conversion == wanted).count();
    Some((count(Conversion::Unsafe), count(Conversion::Safe), count(Conversion::Promote)))
}

fn conversion(from: &Type, to: &Type) -> Option<Conversion> {
    if from == to {
        return Some(Conversion::Exact);
    }
    match (from, to) {
        (Type::Array { dtype: d, ndim: n, order: from }, Type::Array { dtype: e, ndim: m, order: to }) => {
            // Rows of a one-dimensional array are its columns.
            let fits = d == e && n == m && (*to == Order::A || *n == 1 && *from != Order::A);
            fits.then_some(if from == to || *n == 1 && *to != Order::A { Conversion::Exact } else { Conversion::Safe })
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            let all: Option<Vec<_>> = a.iter().zip(b.iter()).map(|(a, b)| conversion(a, b)).collect();
            all.map(|all| all.into_iter().max().unwrap_or(Conversion::Exact))
        }
        (Type::None, Type::Optional(_)) => Some(Conversion::Promote),
        (_, Type::Optional(item)) => conversion(from, item).map(|inner| inner.max(Conversion::Promote)),
        (Type::List(_), Type::List(_)) | (Type::Set(_), Type::Set(_)) | (Type::Dict(..), Type::Dict(..)) => {
            // The items of an empty one may still become these.
            super::unify::contains_variable(from).then_some(Conversion::Exact)
        }
        _ => Some(number_conversion(dtype_of(from)?, dtype_of(to)?)),
    }
}

fn number_conversion(from: Dtype, to: Dtype) -> Conversion {
    use Dtype::{Bool, C64, C128, F32, F64, I8, I16, I32, I64, U64};
    if from == to {
        return Conversion::Exact;
    }
    let widens = from.size() < to.size();
    match (from, to) {
        (Bool, _) => Conversion::Safe,
        _ if from.is_signed() && to.is_signed() || from.is_unsigned() && to.is_unsigned() => {
            if widens {
                Conversion::Promote
            } else {
                Conversion::Unsafe
            }
        }
        _ if from.is_unsigned() && to.is_signed() && widens => Conversion::Safe,
        (F32, F64) | (C64, C128) => Conversion::Promote,
        (F32, C64 | C128) | (F64, C128) => Conversion::Safe,
        (I8 | I16, F32 | C64) => Conversion::Safe,
        (_, F32 | C64) if from.is_unsigned() && from.size() == 1 => Conversion::Safe,
        (U64, F64 | C128) => Conversion::Unsafe,
        (I8 | I16 | I32 | I64, F64 | C128) => Conversion::Safe,
        (_, F64 | C128) if from.is_unsigned() => Conversion::Safe,
        _ => Conversion::Unsafe,
    }
}
