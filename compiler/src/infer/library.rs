//! Names of libraries and the host. In: canonical names. Out: what they mean in a call or as a value.

use super::Inferer;
use super::annotation::dtype_named;
use super::builtin::BUILTINS;
use super::call::Args;
use super::function::Body;
use super::hir::{self, Expr, ExprKind};
use super::meant::Meant;
use crate::abi;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::resolve::Module;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Dtype, Rules, Static, Type};

/// NumPy's functions that make floats of integers.
const FLOATS: &str = "sin cos tan arcsin arccos arctan asin acos atan sinh cosh tanh arcsinh arccosh arctanh asinh acosh \
    atanh exp exp2 expm1 log log2 log10 log1p sqrt cbrt rint degrees radians deg2rad rad2deg fabs";

impl Inferer<'_> {
    /// Whether there is a builtin of this name.
    pub(super) fn is_builtin(&self, name: &str) -> bool {
        BUILTINS.split_whitespace().any(|known| known == name)
            || crate::resolve::imports::is_exception(name)
            || matches!(name, "__name__" | "__file__")
    }

    /// Every builtin, for suggestions.
    pub(super) fn builtin_names(&self) -> impl Iterator<Item = String> + use<> {
        BUILTINS.split_whitespace().chain(abi::EXCEPTIONS.iter().map(|(name, _)| *name)).map(str::to_owned)
    }

    /// The host function of this name: its types.
    pub(super) fn host(&self, name: &str) -> Option<(Vec<Type>, Type)> {
        let (_, params, result) = self.request.hosts.iter().find(|(known, ..)| known == name)?;
        Some((params.clone(), result.clone()))
    }

    /// A name that is a well-known module's usual alias was probably meant to be imported.
    pub(super) fn import_hint(&self, name: &str, error: Diagnostic) -> Diagnostic {
        let line = match name {
            "np" => "import numpy as np".to_owned(),
            "nb" => "import numba as nb".to_owned(),
            "njit" | "prange" | "jit" | "vectorize" | "guvectorize" | "stencil" => format!("from numba import {name}"),
            "jitclass" => "from numba.experimental import jitclass".to_owned(),
            "defaultdict" | "Counter" | "deque" | "namedtuple" | "OrderedDict" => {
                format!("from collections import {name}")
            }
            "dataclass" | "field" => format!("from dataclasses import {name}"),
            "Enum" | "IntEnum" => format!("from enum import {name}"),
            "Optional" | "Union" | "List" | "Dict" | "Tuple" | "Set" | "Any" | "Callable" | "Iterator" | "Iterable" => {
                format!("from typing import {name}")
            }
            _ if crate::resolve::imports::is_library(name) => format!("import {name}"),
            _ if crate::resolve::imports::star("math").contains(&name) => format!("from math import {name}"),
            _ => return error,
        };
        error.help(format!("import it first: `{line}`"))
    }
}

impl Body<'_, '_> {
    /// A library's name as a value: a constant, or something that is used by calling it.
    pub(super) fn library_value(&mut self, path: &str, span: Span) -> Expr {
        let function = path.replace('.', "_");
        if let Some(constant) = self.inferer.prelude.constant(&function, self.inferer.tree) {
            return Expr { span, ..self.expr(&constant, None) };
        }
        match path {
            "math.inf" | "cmath.inf" | "numpy.inf" | "numpy.Inf" | "numpy.infty" => Expr::float(f64::INFINITY, span),
            "math.nan" | "cmath.nan" | "numpy.nan" | "numpy.NaN" | "numpy.NAN" => Expr::float(f64::NAN, span),
            "math.pi" | "numpy.pi" => Expr::float(std::f64::consts::PI, span),
            "math.e" | "numpy.e" => Expr::float(std::f64::consts::E, span),
            "math.tau" => Expr::float(std::f64::consts::TAU, span),
            "numpy.euler_gamma" => Expr::float(0.577_215_664_901_532_9, span),
            "numpy.True_" => Expr::new(ExprKind::Bool(true), Type::Scalar(Dtype::Bool), span),
            "numpy.False_" => Expr::new(ExprKind::Bool(false), Type::Scalar(Dtype::Bool), span),
            "sys.maxsize" => Expr::int(i64::MAX, span),
            "sys.argv" => self.library_call("sys_argv", Vec::new(), span),
            _ => Expr::new(ExprKind::Unit, Type::Static(Static(path.into())), span),
        }
    }

    /// `module.name` and the like.
    pub(super) fn static_attribute(&mut self, path: &str, name: &ast::Ident, span: Span) -> Expr {
        if let Some(module) = path.strip_prefix("module.").and_then(|index| index.parse::<usize>().ok()) {
            let module: Id<Module> = Id::new(module);
            return match self.inferer.names.original(module, &name.text) {
                Some((owner, name, definition)) => self.definition_value(owner, &name, definition, span),
                None => {
                    let known: Vec<_> =
                        self.inferer.names.modules[module].names.keys().map(ToString::to_string).collect();
                    let module = self.inferer.names.modules[module].name.clone();
                    self.unknown_member(&module, name, &known)
                }
            };
        }
        if let Some(value) = self.dtype_attribute(path, &name.text, span) {
            return value;
        }
        let whole = format!("{path}.{}", name.text);
        let removed = path == "numpy" && !self.in_prelude() && super::meant::is_removed(&name.text);
        if !removed && self.is_library_name(&whole) {
            return self.library_value(&whole, span);
        }
        let prefix = format!("{}_", path.replace('.', "_"));
        let known: Vec<_> = self.inferer.prelude.names_with(&prefix).map(str::to_owned).collect();
        self.unknown_member(path, name, &known)
    }

    /// Attributes of a dtype, and of what `np.iinfo` and `np.finfo` say of one.
    fn dtype_attribute(&mut self, path: &str, name: &str, span: Span) -> Option<Expr> {
        let (kind, dtype) = path.split_once('.')?;
        let dtype = dtype_named(dtype)?;
        let float = |value: f64| Expr::new(ExprKind::Float(value), Type::Scalar(dtype), span);
        let bits = dtype.size() * 8;
        Some(match (kind, name) {
            ("dtype", "name") => Expr::str(dtype.name(), span),
            ("dtype", "itemsize") => Expr::int(i64::from(dtype.size()), span),
            ("dtype", "kind") => Expr::str(
                match dtype {
                    Dtype::Bool => "b",
                    dtype if dtype.is_signed() => "i",
                    dtype if dtype.is_unsigned() => "u",
                    dtype if dtype.is_float() => "f",
                    _ => "c",
                },
                span,
            ),
            ("dtype", "type") => {
                Expr::new(ExprKind::Unit, Type::Static(Static(format!("numpy.{}", dtype.name()).into())), span)
            }
            ("iinfo" | "finfo", "bits") => Expr::int(i64::from(bits), span),
            ("iinfo", "max") if dtype.is_signed() => Expr::int(i64::MAX >> (64 - bits), span),
            ("iinfo", "max") if bits < 64 => Expr::int((1 << bits) - 1, span),
            ("iinfo", "max") => Expr::new(ExprKind::Int(-1), Type::Scalar(Dtype::U64), span),
            ("iinfo", "min") if dtype.is_signed() => Expr::int(i64::MIN >> (64 - bits), span),
            ("iinfo", "min") => Expr::int(0, span),
            ("finfo", "eps") if dtype == Dtype::F32 => float(f64::from(f32::EPSILON)),
            ("finfo", "max") if dtype == Dtype::F32 => float(f64::from(f32::MAX)),
            ("finfo", "min") if dtype == Dtype::F32 => float(f64::from(f32::MIN)),
            ("finfo", "tiny" | "smallest_normal") if dtype == Dtype::F32 => float(f64::from(f32::MIN_POSITIVE)),
            ("finfo", "eps") => float(f64::EPSILON),
            ("finfo", "max") => float(f64::MAX),
            ("finfo", "min") => float(f64::MIN),
            ("finfo", "tiny" | "smallest_normal") => float(f64::MIN_POSITIVE),
            _ => return None,
        })
    }

    /// `np.dtype(x)`, `np.iinfo(x)`, `np.finfo(x)`: something static about the dtype that `x` names or has.
    fn dtype_call(&mut self, kind: &str, args: &Args, span: Span) -> Expr {
        let dtype = match args.positional.as_slice() {
            [Expr { kind: ExprKind::Str(name), .. }] => super::annotation::dtype_of_text(name),
            [value] => super::intrinsic::element_dtype(&value.ty),
            _ => None,
        };
        match dtype {
            Some(dtype) if kind == "dtype" || (kind == "iinfo") == dtype.is_integer() => {
                Expr::new(ExprKind::Unit, Type::Static(Static(format!("{kind}.{}", dtype.name()).into())), span)
            }
            _ => {
                let text = format!("`np.{kind}` needs a dtype that is known here");
                self.error(Diagnostic::new(Code::UnsupportedArgument, span, text))
            }
        }
    }

    /// `from module import name` of a library: names that it does not have are wrong at once.
    pub(super) fn check_import(&mut self, module: &str, name: &ast::Ident) {
        let is_whole = matches!(module, "math" | "cmath" | "numpy" | "random" | "time");
        if is_whole && &*name.text != "*" {
            self.static_attribute(module, name, name.span);
        }
    }

    fn unknown_member(&mut self, path: &str, name: &ast::Ident, known: &[String]) -> Expr {
        let text = format!("`{path}` has no `{}` that Kukri knows", name.text);
        let error = Diagnostic::new(Code::UnknownAttribute, name.span, text);
        let old = (path == "numpy").then(|| super::meant::numpy(&name.text)).flatten();
        let error = match (old, suggest::closest(&name.text, known.iter().map(String::as_str))) {
            (Some(Meant::Name(right)), _) => error.meant(name.span, right),
            (Some(Meant::Words(words)), _) => error.help(words),
            (None, Some(close)) => error.meant(name.span, close),
            (None, None) => error,
        };
        self.error(error)
    }

    /// Whether a dotted library name means something.
    fn is_library_name(&self, path: &str) -> bool {
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        let defines = |path: &str| self.inferer.prelude.defines(&path.replace('.', "_"));
        if defines(path) || defines(library_alias(path)) || self.ufunc(path).is_some() {
            return true;
        }
        // What of NumPy is not in the prelude is listed below.
        if module != "numpy" && crate::resolve::imports::is_library(path) {
            return true;
        }
        match module {
            "builtins.str" | "builtins.bytes" | "builtins.int" | "builtins.float" | "builtins.list"
            | "builtins.dict" | "builtins.set" => {
                self.inferer.prelude.defines(&format!("{}_{name}", &module["builtins.".len()..]))
            }
            "math" | "cmath" => matches!(name, "inf" | "nan" | "pi" | "e" | "tau"),
            "numpy" => {
                dtype_named(name).is_some()
                    || matches!(
                        name,
                        "inf"
                            | "nan"
                            | "pi"
                            | "e"
                            | "newaxis"
                            | "ndarray"
                            | "True_"
                            | "False_"
                            | "euler_gamma"
                            | "Inf"
                            | "NaN"
                            | "linalg"
                            | "random"
                            | "fft"
                            | "typing"
                            | "exceptions"
                            | "dtype"
                            | "iinfo"
                            | "finfo"
                            | "integer"
                            | "floating"
                            | "number"
                            | "generic"
                    )
            }
            "sys" => matches!(name, "maxsize" | "argv" | "stdin" | "stdout" | "stderr" | "exit"),
            "typing" | "numpy.typing" | "collections.abc" | "typing_extensions" => true,
            _ => {
                module.starts_with("numba")
                    || path.starts_with("numpy.linalg.")
                    || crate::resolve::imports::exception_of_library(path).is_some()
            }
        }
    }

    /// A name of prelude code that is no definition of ours: a constant, a function, an intrinsic.
    pub(super) fn prelude_name(&mut self, name: &str, span: Span) -> Option<Expr> {
        if name == "np" {
            return Some(Expr::new(ExprKind::Unit, Type::Static(Static("numpy".into())), span));
        }
        if let Some(constant) = self.inferer.prelude.constant(name, self.inferer.tree) {
            return Some(Expr { span, ..self.expr(&constant, None) });
        }
        if let Some(value) = abi_constant(name) {
            return Some(Expr::int(i64::from(value), span));
        }
        if let Some(function) = self.inferer.prelude.function(name, self.inferer.tree) {
            return Some(self.function_value(function, span));
        }
        super::intrinsic::named(name)
            .map(|_| Expr::new(ExprKind::Unit, Type::Static(Static(format!("intrinsic.{name}").into())), span))
    }

    /// Calls something static: a class, a builtin, a library function.
    pub(super) fn call_static(
        &mut self,
        path: &str,
        args: &[ast::Expr],
        keywords: &[ast::Keyword],
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        // The one place for an int above 2**63.
        if let (Some("uint64" | "uint" | "uintp"), [arg]) =
            (path.strip_prefix("numpy.").or_else(|| path.strip_prefix("numba.")), args)
            && let Some(value) = super::arithmetic::constant_int(arg).and_then(|value| u64::try_from(value).ok())
        {
            return Expr::new(ExprKind::Int(value as i64), Type::Scalar(Dtype::U64), span);
        }
        if let Some(empty) = self.empty_typed(path, args, keywords, span) {
            return empty;
        }
        let args = match (path, args) {
            // The container display in `np.array([…])` and the like is nothing special.
            ("builtins.list" | "builtins.set" | "builtins.dict", []) if keywords.is_empty() => Args::default(),
            ("builtins.next", [first, rest @ ..]) if keywords.is_empty() => self.next_arguments(first, rest),
            ("builtins.print" | "builtins.str", _) => self.arguments_as(args, keywords, Self::text_of),
            ("builtins.abs", _) => self.arguments_as(args, keywords, Self::operand),
            _ => {
                let known = self.notes.len();
                let is_numpy = path.starts_with("numpy.");
                let args = self.arguments_as(args, keywords, if is_numpy { Self::operand } else { Self::argument });
                if is_numpy {
                    // An array of ints and floats is one of floats for NumPy, too.
                    let mut new = self.notes.split_off(known);
                    new.retain(|note| note.code != Code::IntBecomesFloat);
                    self.notes.extend(new);
                }
                args
            }
        };
        self.library_operation(path, args, expected, span)
    }

    /// `List.empty_list(int64)` and `Dict.empty(unicode_type, float64)` of `numba.typed`: types are no values.
    fn empty_typed(&mut self, path: &str, args: &[ast::Expr], keywords: &[ast::Keyword], span: Span) -> Option<Expr> {
        let is_list = match path.strip_prefix("numba.typed.")? {
            "List.empty_list" | "typedlist.List.empty_list" => true,
            "Dict.empty" | "typeddict.Dict.empty" => false,
            _ => return None,
        };
        let named = |name: &str| {
            let keyword =
                keywords.iter().find(|keyword| keyword.name.as_ref().is_some_and(|known| &*known.text == name));
            keyword.map(|keyword| &keyword.value)
        };
        let module = self.frames[self.frame].module;
        let mut ty = |at: usize, name: &str| {
            let written = args.get(at).or_else(|| named(name))?;
            let ty = self.inferer.type_of(written, module);
            if ty.is_none() {
                let text = format!("`{}` is not a type of Numba's", self.inferer.sources.text(written.span));
                self.error(Diagnostic::new(Code::BadAnnotation, written.span, text));
            }
            ty
        };
        let types = if is_list {
            ty(0, "item_type").map(|item| (item, Type::None))
        } else {
            ty(0, "key_type").zip(ty(1, "value_type"))
        };
        let Some((first, second)) = types else {
            let text = "the types of the items must be given";
            return Some(if self.errors.is_empty() {
                self.error(Diagnostic::new(Code::WrongArguments, span, text))
            } else {
                Expr::poison(span)
            });
        };
        let rules = self.rules();
        let [first, second] = [first, second].map(|ty| super::convert::cross(&ty, rules));
        Some(if is_list {
            self.empty_list(Some(&Type::list(first)), span)
        } else {
            self.empty_dict(Some(&Type::Dict(first.into(), second.into())), span)
        })
    }

    /// Calls something static with arguments that are there already.
    pub(super) fn call_library_value(&mut self, path: &str, args: Args, expected: Option<&Type>, span: Span) -> Expr {
        let value = self.library_operation(path, args, expected, span);
        self.made(value)
    }

    /// The same, where an array's elements may still be to be computed: of the arguments and of the result.
    fn library_operation(&mut self, path: &str, args: Args, expected: Option<&Type>, span: Span) -> Expr {
        let bad = args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value));
        if let Some(bad) = bad.into_iter().find(|arg| super::expression::absorbs(&arg.ty)) {
            return bad.clone();
        }
        let mut args = args;
        if let Some(value) = self.numpy_operation(path, &mut args, span) {
            return value;
        }
        args = self.all_made(args);
        if let Some(number) = self.inferer.exception_number(path) {
            return self.new_exception(number, args.positional, span);
        }
        if let Some(name) = path.strip_prefix("intrinsic.") {
            return self.intrinsic(name, args.positional, span);
        }
        if let Some(name) = path.strip_prefix("host.") {
            return self.call_host(name, args.positional, span);
        }
        if let Some(name) = path.strip_prefix("builtins.") {
            return match name.split_once('.') {
                Some(("dict", "fromkeys")) if matches!(args.positional.len(), 1 | 2) => {
                    let value = if args.positional.len() == 2 { args.positional.pop() } else { None };
                    let keys = args.positional.pop().unwrap_or_else(|| Expr::poison(span));
                    self.dict_from_keys(keys, value.unwrap_or_else(|| Expr::none(span)), span)
                }
                Some(("bytes", "fromhex")) => self.library_call_with("bytes_fromhex", args, span),
                Some(("str", "maketrans")) => self.library_call_with("str_maketrans", args, span),
                // `str.lower(s)`: a method as a function of its object.
                Some((_, method)) if !args.positional.is_empty() => {
                    let object = args.positional.remove(0);
                    let method = ast::Ident { text: method.into(), span };
                    self.method_call(object, &method, args, span)
                }
                _ => self.call_builtin(name, args, expected, span),
            };
        }
        if path.starts_with("typing.") {
            return Expr::new(ExprKind::Unit, Type::Static(Static(path.into())), span);
        }
        if let Some(name) = path
            .strip_prefix("numpy.")
            .or_else(|| path.strip_prefix("dtype."))
            .or_else(|| path.strip_prefix("numba.types."))
            .or_else(|| path.strip_prefix("numba."))
            && let Some(dtype) = dtype_named(name)
            && args.positional.len() <= 1
        {
            return self.call_dtype(dtype, args, span);
        }
        match path {
            "numpy.dtype" | "numpy.iinfo" | "numpy.finfo" => self.dtype_call(&path["numpy.".len()..], &args, span),
            // Numba computes with float64 where NumPy keeps a float32: the other bounds are int64.
            "numpy.arange" if self.rules().is_numba() && args.positional.iter().any(|arg| is_small(&arg.ty)) => {
                for value in &mut args.positional {
                    if is_small(&value.ty) {
                        let wide = if value.ty == Type::Scalar(Dtype::F32) { Type::Float } else { Type::Int };
                        *value = self.convert_value(value.clone(), &wide);
                    }
                }
                self.library_call_with("numpy_arange", args, span)
            }
            "numpy.full" | "numpy.full_like" | "numpy.array" | "numpy.asarray"
                if self.rules() == Rules::Python && self.inferer.prelude.defines(&path.replace('.', "_")) =>
            {
                let args = self.elements_in_range(path, args);
                self.library_call_with(&path.replace('.', "_"), args, span)
            }
            "numba.prange" => self.call_builtin("range", args, expected, span),
            "numba.typed.List" | "numba.typed.typedlist.List" => self.call_builtin("list", args, expected, span),
            "numba.typed.Dict" => self.call_builtin("dict", args, expected, span),
            "math.hypot" | "math.gcd" | "math.lcm" if args.positional.len() != 2 => self.folded_call(path, args, span),
            "itertools.islice" if args.positional.len() == 2 => {
                self.library_call("itertools_islice_stop", args.positional, span)
            }
            "itertools.product" if args.keywords.len() == 1 => match args.take("repeat") {
                Some(repeat) => {
                    let shape = self.known_shape(&repeat, args.positional.len(), span);
                    let iterables = self.tuple(args.positional, span);
                    self.library_call("itertools_product_repeat", vec![iterables, repeat, shape], span)
                }
                None => self.library_call_with("itertools_product", args, span),
            },
            "itertools.permutations" | "itertools.combinations" | "itertools.combinations_with_replacement"
                if args.positional.len() == 2 && args.keywords.is_empty() =>
            {
                let shape = self.known_shape(&args.positional[1], 1, span);
                args.positional.push(shape);
                self.library_call_with(&path.replace('.', "_"), args, span)
            }
            // What is put in says what the items are.
            "heapq.heappush"
            | "heapq.heappushpop"
            | "heapq.heapreplace"
            | "bisect.insort"
            | "bisect.insort_left"
            | "bisect.insort_right"
                if args.positional.len() >= 2 && matches!(args.positional[0].ty, Type::List(_)) =>
            {
                let list = args.positional[0].ty.clone();
                args.positional[1] = self.item_for(args.positional[1].clone(), &list, span);
                self.library_call_with(&path.replace('.', "_"), args, span)
            }
            "functools.partial" => self.partial_call(args, span),
            "functools.reduce" if args.positional.len() == 3 => {
                self.library_call("functools_reduce_default", args.positional, span)
            }
            "sys.exit" => {
                let error = self.builtin_exception("SystemExit", args.positional, span);
                self.raise_here(error, span)
            }
            _ => {
                if let Some(error) = self.half_precision(path, &args) {
                    return self.error(error);
                }
                if let Some(function) = self.ufunc(path) {
                    return self.library_call_with(&function, args, span);
                }
                let function = path.replace('.', "_");
                for alias in [function.clone(), library_alias(path).replace('.', "_")] {
                    if self.inferer.prelude.defines(&alias) {
                        return self.library_call_with(&alias, args, span);
                    }
                }
                args.positional.clear();
                if crate::resolve::imports::is_library(path)
                    && !path.starts_with("numpy.")
                    && !path.starts_with("numba.")
                    || path.starts_with("module.")
                {
                    let text = "a module cannot be called";
                    let help = "call one of its functions: `module.name(…)`";
                    return self.error(Diagnostic::new(Code::NotCallable, span, text).help(help));
                }
                let text = format!("`{path}` is not supported yet");
                let prefix = function.rsplit_once('_').map_or("", |(prefix, _)| prefix).to_owned() + "_";
                let name = path.rsplit('.').next().unwrap_or(path);
                let known: Vec<_> = self.inferer.prelude.names_with(&prefix).collect();
                let error = Diagnostic::new(Code::UnknownAttribute, span, text);
                // The name stands before the bracket of the call.
                let call = self.inferer.sources.text(span);
                let written = call.find('(').filter(|at| call[..*at].ends_with(name));
                let end = written.map(|at| span.start + at as u32);
                let place = end.map(|end| Span::new(end - name.len() as u32, end));
                let old = path.strip_prefix("numpy.").and_then(super::meant::numpy);
                let close = suggest::closest(name, known.iter().copied());
                let error = match (old, close, place) {
                    (Some(Meant::Name(right)), _, Some(place)) => error.meant(place, right),
                    (Some(Meant::Words(words)), ..) => error.help(words),
                    (_, Some(close), Some(place)) => error.meant(place, close),
                    (_, Some(close), None) => error.help(format!("did you mean `{close}`?")),
                    _ if let Some(words) = super::meant::library(path) => error.help(words),
                    _ if path.starts_with("numpy.") => error.help("write it as a loop over the elements"),
                    _ => error,
                };
                self.error(error)
            }
        }
    }

    /// A call of NumPy's that computes element by element, or reduces such an expression.
    fn numpy_operation(&mut self, path: &str, args: &mut Args, span: Span) -> Option<Expr> {
        let is_array = |arg: &Expr| matches!(arg.ty, Type::Array { .. });
        if path == "builtins.abs" && matches!(args.positional.as_slice(), [one] if is_array(one)) {
            return Some(self.elementwise("scalar_abs", std::mem::take(&mut args.positional), span));
        }
        let name = path.strip_prefix("numpy.")?;
        if !args.keywords.is_empty() || args.star.is_some() || args.named.is_some() {
            return None;
        }
        if let Some(function) = self.ufunc(path)
            && args.positional.iter().any(|arg| matches!(arg.ty, Type::Array { .. } | Type::List(_) | Type::Tuple(_)))
            && self.half_precision(path, args).is_none()
        {
            let operands = std::mem::take(&mut args.positional);
            let mut operands: Vec<_> = operands.into_iter().map(|operand| self.array_like(operand)).collect();
            if operands.len() != self.parameters_of(&function) {
                args.positional = operands;
                return None;
            }
            if let [left, right] = operands.as_slice() {
                let (left, right) = self.array_operands(left.clone(), right.clone());
                operands = vec![left, right];
            }
            return Some(self.elementwise(&function, operands, span));
        }
        let [one] = args.positional.as_mut_slice() else { return None };
        if !is_array(one) {
            return None;
        }
        let name = library_alias(path).strip_prefix("numpy.").unwrap_or(name);
        let value = std::mem::replace(one, Expr::none(span));
        match self.reduced_elements(name, value, span) {
            Ok(value) => Some(value),
            Err(value) => {
                *one = value;
                None
            }
        }
    }

    /// The prelude's function of numbers that a function of NumPy's applies to elements.
    fn ufunc(&self, path: &str) -> Option<String> {
        let name = library_alias(path).strip_prefix("numpy.")?;
        let function = format!("ufunc_{name}");
        self.inferer.prelude.defines(&function).then_some(function)
    }

    fn parameters_of(&mut self, function: &str) -> usize {
        let id = self.inferer.prelude.function(function, self.inferer.tree);
        id.map_or(0, |id| self.inferer.tree.functions[id].params.len())
    }

    /// A tuple of `times * each` zeros where `times` is a small number that is written out; else `None`.
    fn known_shape(&mut self, times: &Expr, each: usize, span: Span) -> Expr {
        match &times.kind {
            ExprKind::Int(count @ 0..=16) if *count as usize * each <= 16 => {
                self.tuple(vec![Expr::int(0, span); *count as usize * each], span)
            }
            _ => Expr::none(span),
        }
    }

    /// Arguments of a function that makes an array of given elements: Python's ints must be in the range of its dtype.
    fn elements_in_range(&mut self, path: &str, mut args: Args) -> Args {
        let place = if matches!(path, "numpy.full" | "numpy.full_like") { 2 } else { 1 };
        let named = args.keywords.iter().find(|(name, _)| &*name.text == "dtype").map(|(_, value)| value);
        let dtype = match (args.positional.get(place).or(named), args.positional.first()) {
            (Some(Expr { kind: ExprKind::Str(name), .. }), _) => super::annotation::dtype_of_text(name),
            (Some(value), _) if value.ty != Type::None => super::intrinsic::element_dtype(&value.ty),
            (_, Some(Expr { ty: Type::Array { dtype, .. }, .. })) if path == "numpy.full_like" => Some(*dtype),
            _ => None,
        };
        let Some(dtype) = dtype.filter(|dtype| dtype.is_integer() && *dtype != Dtype::I64) else { return args };
        if place == 2 {
            let named = args.keywords.iter_mut().find(|(name, _)| &*name.text == "fill_value").map(|(_, value)| value);
            if let Some(value) = args.positional.get_mut(1).or(named)
                && value.ty == Type::Int
            {
                *value = self.numpy_number(value.clone(), dtype, true);
            }
        } else if let Some(object) = args.positional.first_mut()
            && matches!(object.ty, Type::List(_) | Type::Tuple(_))
        {
            let mut out = Vec::new();
            let kept = self.keep(object.clone(), &mut out);
            let (low, high) = super::convert::integer_range(dtype);
            let span = kept.span;
            let limits = [Expr::int(low, span), Expr::int(high, span), Expr::str(dtype.name(), span)];
            let all = std::iter::once(kept.clone()).chain(limits).collect();
            let check = self.library_call("check_integers", all, span);
            out.push(hir::Stmt { kind: hir::StmtKind::Expr(check), span });
            let ty = kept.ty.clone();
            *object = Expr::new(ExprKind::Block(out, Box::new(kept)), ty, span);
        }
        args
    }

    /// What is wrong where NumPy would give a float16: floats of integers of 8 bits. (Numba gives a float32.)
    fn half_precision(&mut self, path: &str, args: &Args) -> Option<Diagnostic> {
        let name = path.strip_prefix("numpy.").filter(|name| FLOATS.split_whitespace().any(|known| known == *name))?;
        let value = args.positional.first().filter(|_| self.rules() == Rules::Python)?;
        let (Type::Array { dtype: dtype @ (Dtype::Bool | Dtype::I8 | Dtype::U8), .. }
        | Type::Scalar(dtype @ (Dtype::Bool | Dtype::I8 | Dtype::U8))) = value.ty
        else {
            return None;
        };
        let text = format!("`np.{name}` of `{}` gives `float16`, which Kukri does not have", dtype.name());
        let source = self.inferer.sources.text(value.span);
        let is_name = source.chars().all(|c| c == '_' || c.is_alphanumeric());
        let source = if is_name { source.to_owned() } else { format!("({source})") };
        let error = Diagnostic::new(Code::UnsupportedType, value.span, text).help("convert the values first");
        let fixed = match value.ty {
            Type::Array { .. } => format!("{source}.astype(np.float32)"),
            _ => format!("np.float32({source})"),
        };
        Some(error.fix("compute with float32", vec![(value.span, fixed)]))
    }

    /// A function of two arguments over any number of them, from left to right.
    fn folded_call(&mut self, path: &str, args: Args, span: Span) -> Expr {
        let function = path.replace('.', "_");
        let empty = format!("{function}_none");
        let mut values = args.positional.into_iter();
        let Some(mut total) = values.next() else { return self.library_call(&empty, Vec::new(), span) };
        let rest: Vec<_> = values.collect();
        if rest.is_empty() {
            let one = format!("{function}_one");
            return self.library_call(&one, vec![total], span);
        }
        for value in rest {
            total = self.library_call(&function, vec![total, value], span);
        }
        total
    }

    /// `np.float64(x)`: the value as a NumPy scalar.
    fn call_dtype(&mut self, dtype: Dtype, args: Args, span: Span) -> Expr {
        let ty = super::operator::scalar_type(dtype, self.rules());
        let Some(value) = args.positional.into_iter().next() else {
            let zero = Expr::int(0, span);
            return self.convert_value(zero, &ty);
        };
        match &value.ty {
            Type::Array { .. } => {
                let fixed = self.dtype_value(dtype, span);
                self.library_call("array_astype", vec![value, fixed], span)
            }
            Type::Str => {
                let value = self.call_builtin("float", Args::positional(vec![value]), None, span);
                self.convert_value(value, &ty)
            }
            other if super::operator::dtype_of(other).is_some() => {
                let value = self.numpy_number(value, dtype, false);
                self.convert_value(value, &ty)
            }
            other => {
                let text = format!("a `{other}` cannot become `{}`", dtype.name());
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
            }
        }
    }

    pub(super) fn dtype_value(&mut self, dtype: Dtype, span: Span) -> Expr {
        Expr::new(ExprKind::Unit, Type::Static(Static(format!("dtype.{}", dtype.name()).into())), span)
    }

    fn call_host(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        let Some((params, result)) = self.inferer.host(name) else { unreachable!("`name` found it") };
        if params.len() != args.len() {
            let text = format!("`{name}` takes {} arguments, {} were given", params.len(), args.len());
            return self.error(Diagnostic::new(Code::WrongArguments, span, text));
        }
        let args: Vec<_> = args
            .into_iter()
            .zip(&params)
            .map(|(arg, param)| match self.fit(arg, param, "the argument") {
                arg if arg.ty == *param || matches!(param, Type::Array { .. }) => arg,
                arg if super::expression::absorbs(&arg.ty) => arg,
                // The host has the type that it declared, and no other.
                arg => self.convert_value(arg, param),
            })
            .collect();
        let host =
            hir::Host { module: abi::HOST_MODULE.to_owned(), name: name.to_owned(), params, result: result.clone() };
        let known = self.inferer.program.hosts.iter().find(|(_, known)| **known == host).map(|(id, _)| id);
        let id = known.unwrap_or_else(|| self.inferer.program.hosts.push(host));
        Expr::new(ExprKind::CallHost(id, args), result, span)
    }
}

/// Whether a number has fewer than 64 bits.
fn is_small(ty: &Type) -> bool {
    matches!(ty, Type::Scalar(dtype) if dtype.size() < 8 && !dtype.is_complex() && *dtype != Dtype::Bool)
}

/// Other names of the same function.
fn library_alias(path: &str) -> &str {
    match path {
        "numpy.amax" => "numpy.max",
        "numpy.amin" => "numpy.min",
        "numpy.absolute" => "numpy.abs",
        "numpy.round_" => "numpy.round",
        "numpy.deg2rad" => "numpy.radians",
        "numpy.rad2deg" => "numpy.degrees",
        "numpy.remainder" => "numpy.mod",
        "numpy.true_divide" => "numpy.divide",
        "numpy.bitwise_not" => "numpy.invert",
        "numpy.conjugate" => "numpy.conj",
        "numpy.acos" => "numpy.arccos",
        "numpy.asin" => "numpy.arcsin",
        "numpy.atan" => "numpy.arctan",
        "numpy.atan2" => "numpy.arctan2",
        "numpy.pow" => "numpy.power",
        "numpy.in1d" => "numpy.isin",
        "numpy.add.reduce" => "numpy.sum",
        "numpy.multiply.reduce" => "numpy.prod",
        "numpy.maximum.reduce" => "numpy.max",
        "numpy.minimum.reduce" => "numpy.min",
        "numpy.add.accumulate" => "numpy.cumsum",
        "numpy.multiply.accumulate" => "numpy.cumprod",
        _ => path,
    }
}

/// Offsets of `abi`, by which the prelude reads its objects.
fn abi_constant(name: &str) -> Option<u32> {
    Some(match name {
        "COUNT" => abi::COUNT,
        "STR_LENGTH" => abi::STR_LENGTH,
        "STR_WIDTH" => abi::STR_WIDTH,
        "STR_HASH" => abi::STR_HASH,
        "STR_DATA" => abi::STR_DATA,
        "LIST_LENGTH" => abi::LIST_LENGTH,
        "LIST_CAPACITY" => abi::LIST_CAPACITY,
        "LIST_DATA" => abi::LIST_DATA,
        "ARRAY_DATA" => abi::ARRAY_DATA,
        "CELL_VALUE" => abi::CELL_VALUE,
        "EXCEPTION_CLASS" => abi::EXCEPTION_CLASS,
        "EXCEPTION_MESSAGE" => abi::EXCEPTION_MESSAGE,
        "EXCEPTION_TRACE" => abi::EXCEPTION_TRACE,
        "EXCEPTION_CAUSE" => abi::EXCEPTION_CAUSE,
        "EXCEPTION_CONTEXT" => abi::EXCEPTION_CONTEXT,
        "EXCEPTION_SUPPRESS" => abi::EXCEPTION_SUPPRESS,
        "EXCEPTION_SIZE" => abi::EXCEPTION_SIZE,
        _ => return None,
    })
}
