//! Builtins, library names, globals and cells. In: canonical names. Out: what they mean in a call or as a value.

use super::annotation::dtype_named;
use super::call::Args;
use super::environment::Name;
use super::function::Body;
use super::hir::{self, Expr, ExprKind, Local, Stmt, StmtKind};
use super::{GlobalKey, Inferer};
use crate::abi;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::prelude::intrinsics::Intrinsic;
use crate::resolve::{Binding, Module};
use crate::source::Span;
use crate::ssa::Binary;
use crate::syntax::ast::{self, CompareOp, FunctionId};
use crate::types::{Dtype, Lazy, Rules, Static, Type};
use std::sync::Arc;

/// Builtins that need more than a function of the prelude.
const BUILTINS: &str = "print len range int float str bool complex list tuple set dict frozenset enumerate zip map \
    filter reversed isinstance min max repr format ascii sum abs round divmod pow sorted any all ord chr bin hex oct \
    hash reveal_type slice type input object bytes";

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
            "np" => "import numpy as np",
            "nb" => "import numba as nb",
            "njit" | "prange" | "jit" => return error.help(format!("import it first: `from numba import {name}`")),
            "math" | "random" | "time" | "sys" | "numpy" | "numba" => {
                return error.help(format!("import it first: `import {name}`"));
            }
            _ => return error,
        };
        error.help(format!("import it first: `{line}`"))
    }

    /// The number of an exception class.
    fn exception_number(&self, class: &str) -> Option<u32> {
        if let Some(user) = class.strip_prefix("exception.") {
            let at = self.names.exceptions.iter().position(|(name, _)| &**name == user)?;
            return Some((abi::EXCEPTIONS.len() + at) as u32);
        }
        let name = match class.strip_prefix("builtins.") {
            Some("IOError" | "EnvironmentError") => "OSError",
            Some(name) => name,
            None if class == "numpy.linalg.LinAlgError" => "LinAlgError",
            None => return None,
        };
        abi::EXCEPTIONS.iter().position(|(known, _)| *known == name).map(|at| at as u32)
    }

    /// The number of each exception class, with its base's.
    fn exception_bases(&self) -> Vec<Option<u32>> {
        let number = |name: &str| abi::EXCEPTIONS.iter().position(|(known, _)| *known == name).map(|at| at as u32);
        let builtin = abi::EXCEPTIONS.iter().map(|(_, base)| number(base));
        let user = self
            .names
            .exceptions
            .iter()
            .map(|(_, base)| number(base).or_else(|| self.exception_number(&format!("exception.{base}"))));
        builtin.chain(user).collect()
    }
}

/// Exceptions.
impl Body<'_, '_> {
    /// The number of an exception class, if the static value is one.
    pub(super) fn exception_class(&self, class: &Static) -> Option<u32> {
        self.inferer.exception_number(&class.0)
    }

    /// A new exception of a builtin class.
    pub(super) fn builtin_exception(&mut self, class: &str, args: Vec<Expr>, span: Span) -> Expr {
        let class = Static(format!("builtins.{class}").into());
        let Some(number) = self.exception_class(&class) else { unreachable!("it is in abi::EXCEPTIONS") };
        self.new_exception(number, &class, args, span)
    }

    /// `Class(args)`: the message is what `str()` of the exception gives.
    pub(super) fn new_exception(&mut self, number: u32, class: &Static, args: Vec<Expr>, span: Span) -> Expr {
        let number = Expr::int(i64::from(number), span);
        match <[Expr; 1]>::try_from(args) {
            Ok([arg]) if arg.ty == Type::Str && &*class.0 != "builtins.KeyError" => {
                self.library_call("exception_new", vec![number, arg], span)
            }
            Ok([arg]) => {
                let text = self.text(arg, true, span);
                self.library_call("exception_new_value", vec![number, text], span)
            }
            Err(args) if args.is_empty() => self.library_call("exception_new_empty", vec![number], span),
            Err(args) => {
                let tuple = self.tuple(args, span);
                let text = self.text(tuple, true, span);
                self.library_call("exception_new_tuple", vec![number, text], span)
            }
        }
    }

    /// Whether the exception in a local is of a class or one derived from it.
    pub(super) fn is_exception_of(&mut self, exception: Id<Local>, number: u32, span: Span) -> Expr {
        let bases = self.inferer.exception_bases();
        let derives = |mut class: u32| loop {
            if class == number {
                return true;
            }
            match bases.get(class as usize).copied().flatten() {
                Some(base) => class = base,
                None => return false,
            }
        };
        let (inside, outside): (Vec<u32>, Vec<u32>) = (0..bases.len() as u32).partition(|class| derives(*class));
        let negated = outside.len() < inside.len();
        let value = Expr::local(exception, Type::Exception, span);
        let class = self.library_call("exception_class", vec![value], span);
        let mut out = Vec::new();
        let class = self.keep(class, &mut out);
        let mut any = Expr::bool(false, span);
        for known in if negated { outside } else { inside } {
            let same = self.compare(CompareOp::Eq, class.clone(), Expr::int(i64::from(known), span), span);
            any = match any.kind {
                ExprKind::Bool(false) => same,
                _ => {
                    Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(Binary::I32Or), vec![any, same]), Type::Bool, span)
                }
            };
        }
        let value = if negated { self.not(any) } else { any };
        if let ExprKind::Bool(_) = value.kind {
            return value;
        }
        Expr::new(ExprKind::Block(out, Box::new(value)), Type::Bool, span)
    }
}

/// Global variables.
impl Body<'_, '_> {
    /// Whether functions use this variable of a module.
    pub(super) fn is_shared(&self, module: Id<Module>, name: &str) -> bool {
        self.inferer.names.modules[module].shared.contains(name) || self.module_level != Some(module)
    }

    /// A module-level variable's value.
    pub(super) fn global(&mut self, module: Id<Module>, name: &Arc<str>, span: Span) -> Expr {
        let key = (module, name.clone());
        if let Some(constant) = self.inferer.names.modules[module].constants.get(name).cloned()
            && self.module_level != Some(module)
        {
            return Expr { span, ..self.expr(&constant, None) };
        }
        match self.inferer.globals.get(&key).copied() {
            Some(id) => {
                let ty = self.inferer.program.globals[id].ty.clone();
                let checked = self.inferer.conditional_globals.contains(&key);
                let kind = if checked { ExprKind::GlobalChecked(id) } else { ExprKind::Global(id) };
                Expr::new(kind, ty, span)
            }
            None => {
                let text = Expr::str(&format!("name '{name}' is not defined"), span);
                let error = self.builtin_exception("NameError", vec![text], span);
                self.raise_here(error, span)
            }
        }
    }

    /// Assigns a module-level variable.
    pub(super) fn assign_global(&mut self, key: GlobalKey, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let ty = self.unify.resolve(&value.ty);
        if super::expression::absorbs(&ty) {
            // Its error was reported; whoever reads the variable gets none of their own.
            if ty == Type::Poison && !self.inferer.globals.contains_key(&key) {
                self.declare_global(&key, Type::Poison);
            }
            return;
        }
        let ty = match &value.ty {
            Type::List(_) | Type::Dict(..) | Type::Set(_) if super::unify::contains_variable(&ty) => {
                match self.inferer.known_globals.get(&key) {
                    Some(known) => known.clone(),
                    None => {
                        let text = format!("the items of the global `{}` are not known here", key.1);
                        self.error(
                            Diagnostic::new(Code::CannotInfer, value.span, text)
                                .help(format!("annotate it: `{}: list[float] = []`", key.1)),
                        );
                        return;
                    }
                }
            }
            _ => ty,
        };
        let rules = self.rules();
        let known = self.inferer.globals.get(&key).map(|id| self.inferer.program.globals[*id].ty.clone());
        let known = known.or_else(|| self.inferer.known_globals.get(&key).cloned());
        let joined = match &known {
            None => ty.clone(),
            Some(known) => match self.unify.join(known, &ty, rules) {
                Some(joined) => joined,
                None => {
                    let text = format!("the global `{}` is `{known}` elsewhere, this is `{ty}`", key.1);
                    self.error(
                        Diagnostic::new(Code::TypeMismatch, value.span, text)
                            .help("a global variable has one type: use two names"),
                    );
                    return;
                }
            },
        };
        if let Some(known) = &known
            && *known != joined
        {
            self.note_meeting(&key.1, known, &ty, &joined, span);
            self.inferer.globals_grew = true;
        }
        self.inferer.known_globals.insert(key.clone(), joined.clone());
        let id = match self.inferer.globals.get(&key) {
            Some(id) => *id,
            None => {
                if self.nesting > 0 || self.module_level.is_none() {
                    self.inferer.conditional_globals.insert(key.clone());
                }
                self.declare_global(&key, joined.clone())
            }
        };
        let value = self.convert_value(value, &joined);
        out.push(Stmt { kind: StmtKind::AssignGlobal(id, value), span });
    }

    fn declare_global(&mut self, key: &GlobalKey, ty: Type) -> Id<hir::Global> {
        let id = self.inferer.program.globals.push(hir::Global { name: key.1.clone(), ty });
        self.inferer.globals.insert(key.clone(), id);
        id
    }
}

/// Variables in cells.
impl Body<'_, '_> {
    /// The function whose variable it is.
    pub(super) fn cell_owner(&self, scope: Option<FunctionId>, name: &Arc<str>) -> FunctionId {
        let mut at = scope;
        while let Some(id) = at {
            let Some(scope) = self.inferer.names.scopes.get(id) else { break };
            if scope.names.get(name) == Some(&Binding::Cell) {
                return id;
            }
            at = scope.parent;
        }
        unreachable!("resolve binds captured cells to the function that owns them")
    }

    /// Notes that a cell holds values of this type too.
    pub(super) fn learn_cell(&mut self, owner: FunctionId, name: &Arc<str>, ty: &Type, span: Span) {
        let ty = self.unify.resolve(ty);
        if super::expression::absorbs(&ty) {
            return;
        }
        let key = (owner, name.clone());
        let rules = self.rules();
        let joined = match self.inferer.cells.get(&key).cloned() {
            None => Some(super::function::close(&ty)),
            Some(known) => self.unify.join(&known, &ty, rules),
        };
        match joined {
            Some(joined) => {
                if self.inferer.cells.insert(key, joined.clone()) != Some(joined) {
                    self.inferer.globals_grew = true;
                }
            }
            None => {
                let known = self.inferer.cells[&key].clone();
                let text = format!("`{name}` is `{known}` elsewhere, this is `{ty}`");
                self.error(
                    Diagnostic::new(Code::TypeMismatch, span, text)
                        .help("a variable that nested functions share has one type"),
                );
            }
        }
    }

    /// What the cell of a variable holds: its type, or nothing yet.
    pub(super) fn cell_type(&self, owner: FunctionId, name: &Arc<str>) -> Type {
        let known = self.inferer.cells.get(&(owner, name.clone())).cloned();
        let is_param = self.inferer.tree.functions[owner].params.iter().any(|param| param.name.text == *name);
        match known {
            Some(ty) if is_param => ty,
            Some(ty) => Type::Optional(Arc::new(ty)),
            None => Type::Optional(Arc::new(Type::Never)),
        }
    }
}

/// Library names.
impl Body<'_, '_> {
    /// A library's name as a value: a constant, or something that is used by calling it.
    pub(super) fn library_value(&mut self, path: &str, span: Span) -> Expr {
        let function = path.replace('.', "_");
        if let Some(constant) = self.inferer.prelude.constant(&function, self.inferer.sources, self.inferer.tree) {
            return Expr { span, ..self.expr(&constant, None) };
        }
        match path {
            "math.inf" | "numpy.inf" | "numpy.Inf" | "numpy.infty" => float(f64::INFINITY, span),
            "math.nan" | "numpy.nan" | "numpy.NaN" | "numpy.NAN" => float(f64::NAN, span),
            "math.pi" | "numpy.pi" => float(std::f64::consts::PI, span),
            "math.e" | "numpy.e" => float(std::f64::consts::E, span),
            "math.tau" => float(std::f64::consts::TAU, span),
            "numpy.euler_gamma" => float(0.577_215_664_901_532_9, span),
            "numpy.True_" => Expr::new(ExprKind::Bool(true), Type::Scalar(Dtype::Bool), span),
            "numpy.False_" => Expr::new(ExprKind::Bool(false), Type::Scalar(Dtype::Bool), span),
            "sys.maxsize" => Expr::int(i64::MAX, span),
            // An imported main file: its name is not known, but it is not this.
            "builtins.__name__" => {
                Expr::str(if self.inferer.request.imported { "__kernel__" } else { "__main__" }, span)
            }
            _ => Expr::new(ExprKind::Unit, Type::Static(Static(path.into())), span),
        }
    }

    /// `module.name` and the like.
    pub(super) fn static_attribute(&mut self, path: &str, name: &ast::Ident, span: Span) -> Expr {
        if let Some(module) = path.strip_prefix("module.").and_then(|index| index.parse::<usize>().ok()) {
            let module: Id<Module> = Id::new(module);
            return match self.inferer.names.definition(module, &name.text) {
                Some((owner, definition)) => self.definition_value(owner, &name.text.clone(), definition, span),
                None => {
                    let known: Vec<_> =
                        self.inferer.names.modules[module].names.keys().map(ToString::to_string).collect();
                    let module = self.inferer.names.modules[module].name.clone();
                    self.unknown_member(&module, name, &known)
                }
            };
        }
        let whole = format!("{path}.{}", name.text);
        if self.is_library_name(&whole) {
            return self.library_value(&whole, span);
        }
        let prefix = format!("{}_", path.replace('.', "_"));
        let known: Vec<_> = self.inferer.prelude.names_with(&prefix).map(str::to_owned).collect();
        self.unknown_member(path, name, &known)
    }

    fn unknown_member(&mut self, path: &str, name: &ast::Ident, known: &[String]) -> Expr {
        let text = format!("`{path}` has no `{}` that Kukri knows", name.text);
        let error = Diagnostic::new(Code::UnknownAttribute, name.span, text);
        let error = match suggest::closest(&name.text, known.iter().map(String::as_str)) {
            Some(close) => error
                .help(format!("did you mean `{close}`?"))
                .fix(format!("write `{close}`"), vec![(name.span, close.to_owned())]),
            None => error,
        };
        self.error(error)
    }

    /// Whether a dotted library name means something.
    fn is_library_name(&self, path: &str) -> bool {
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        if self.inferer.prelude.defines(&path.replace('.', "_")) || crate::resolve::imports::is_library(path) {
            return true;
        }
        match module {
            "builtins.str" | "builtins.int" | "builtins.float" | "builtins.list" | "builtins.dict" | "builtins.set" => {
                self.inferer.prelude.defines(&format!("{}_{name}", &module["builtins.".len()..]))
            }
            "math" => matches!(name, "inf" | "nan" | "pi" | "e" | "tau"),
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
                            | "dtype"
                            | "integer"
                            | "floating"
                            | "number"
                            | "generic"
                    )
            }
            "sys" => matches!(name, "maxsize" | "stderr" | "stdout"),
            "typing" | "numpy.typing" | "collections.abc" | "typing_extensions" => true,
            _ => module.starts_with("numba") || path.starts_with("numpy.linalg."),
        }
    }

    /// A name of prelude code that is no definition of ours: a constant, a function, an intrinsic.
    pub(super) fn prelude_name(&mut self, name: &str, span: Span) -> Option<Expr> {
        if name == "np" {
            return Some(Expr::new(ExprKind::Unit, Type::Static(Static("numpy".into())), span));
        }
        if let Some(constant) = self.inferer.prelude.constant(name, self.inferer.sources, self.inferer.tree) {
            return Some(Expr { span, ..self.expr(&constant, None) });
        }
        if let Some(value) = abi_constant(name) {
            return Some(Expr::int(i64::from(value), span));
        }
        if let Some(function) = self.inferer.prelude.function(name, self.inferer.sources, self.inferer.tree) {
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
        if let (Some("uint64" | "uint" | "uintp"), [ast::Expr { kind: ast::ExprKind::Int(value), .. }]) =
            (path.strip_prefix("numpy.").or_else(|| path.strip_prefix("numba.")), args)
        {
            return Expr::new(ExprKind::Int(*value as i64), Type::Scalar(Dtype::U64), span);
        }
        let args = match (path, args) {
            // The container display in `np.array([…])` and the like is nothing special.
            ("builtins.list" | "builtins.set" | "builtins.dict", []) if keywords.is_empty() => Args::default(),
            _ => self.arguments(args, keywords),
        };
        self.call_library_value(path, args, expected, span)
    }

    /// Calls something static with arguments that are there already.
    pub(super) fn call_library_value(
        &mut self,
        path: &str,
        mut args: Args,
        expected: Option<&Type>,
        span: Span,
    ) -> Expr {
        let bad = args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value));
        if let Some(bad) = bad.into_iter().find(|arg| super::expression::absorbs(&arg.ty)) {
            return bad.clone();
        }
        if let Some(number) = self.inferer.exception_number(path) {
            return self.new_exception(number, &Static(path.into()), args.positional, span);
        }
        if let Some(name) = path.strip_prefix("intrinsic.") {
            return self.intrinsic(name, args.positional, span);
        }
        if let Some(name) = path.strip_prefix("host.") {
            return self.call_host(name, args.positional, span);
        }
        if let Some(name) = path.strip_prefix("builtins.") {
            return match name.split_once('.') {
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
            "numba.prange" => self.call_builtin("range", args, expected, span),
            "numba.typed.List" | "numba.typed.typedlist.List" => self.call_builtin("list", args, expected, span),
            "numba.typed.Dict" => self.call_builtin("dict", args, expected, span),
            "math.hypot" | "math.gcd" | "math.lcm" if args.positional.len() != 2 => self.folded_call(path, args, span),
            "sys.exit" => {
                let error = self.builtin_exception("SystemExit", args.positional, span);
                self.raise_here(error, span)
            }
            _ => {
                let function = path.replace('.', "_");
                for alias in [function.clone(), library_alias(path).replace('.', "_")] {
                    if self.inferer.prelude.defines(&alias) {
                        return self.library_call_with(&alias, args, span);
                    }
                }
                args.positional.clear();
                let text = format!("`{path}` is not supported yet");
                let prefix = function.rsplit_once('_').map_or("", |(prefix, _)| prefix).to_owned() + "_";
                let name = path.rsplit('.').next().unwrap_or(path);
                let known: Vec<_> = self.inferer.prelude.names_with(&prefix).collect();
                let error = Diagnostic::new(Code::UnknownAttribute, span, text);
                let error = match suggest::closest(name, known.iter().copied()) {
                    Some(close) => error.help(format!("did you mean `{close}`?")),
                    None => error.help("write it as a loop over the elements"),
                };
                self.error(error)
            }
        }
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
            other if super::operator::dtype_of(other).is_some() => self.convert_value(value, &ty),
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
        let args: Vec<_> =
            args.into_iter().zip(&params).map(|(arg, param)| self.fit(arg, param, "the argument")).collect();
        let host =
            hir::Host { module: abi::HOST_MODULE.to_owned(), name: name.to_owned(), params, result: result.clone() };
        let known = self.inferer.program.hosts.iter().find(|(_, known)| **known == host).map(|(id, _)| id);
        let id = known.unwrap_or_else(|| self.inferer.program.hosts.push(host));
        Expr::new(ExprKind::CallHost(id, args), result, span)
    }

    fn call_builtin(&mut self, name: &str, mut args: Args, expected: Option<&Type>, span: Span) -> Expr {
        let count = args.positional.len();
        let takes = |least: usize, most: usize| (least..=most).contains(&count) && args.star.is_none();
        let fits = match name {
            "len" | "repr" | "ascii" | "reversed" | "hash" | "reveal_type" | "type" => takes(1, 1),
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
        let mut positional = std::mem::take(&mut args.positional);
        match name {
            "print" => {
                args.positional = positional;
                self.print(args, span)
            }
            "len" => self.length(positional.remove(0)),
            "range" => self.range(positional, span),
            "repr" => self.text(positional.remove(0), true, span),
            "ascii" => {
                let text = self.text(positional.remove(0), true, span);
                self.library_call("text_ascii", vec![text], span)
            }
            "str" => match positional.pop() {
                None => Expr::str("", span),
                Some(value) => self.text(value, false, span),
            },
            "format" => {
                let spec = if count == 2 { positional.pop() } else { None };
                let spec = spec.unwrap_or_else(|| Expr::str("", span));
                self.formatted(positional.remove(0), spec, span)
            }
            "bool" => match positional.pop() {
                None => Expr::bool(false, span),
                Some(value) => self.truth(value),
            },
            "int" => self.to_int(positional, span),
            "float" => self.to_float(positional, span),
            "complex" => self.to_complex_number(positional, span),
            "list" => match positional.pop() {
                None => self.empty_list(expected, span),
                Some(value) => self.list_from(value, span),
            },
            "set" | "frozenset" => match positional.pop() {
                None => self.empty_set(expected, span),
                Some(value) => self.set_from(value, span),
            },
            "dict" => self.to_dict(positional.pop(), args.keywords, expected, span),
            "tuple" => match positional.pop() {
                None => self.tuple(Vec::new(), span),
                Some(value) => self.to_tuple(value, span),
            },
            "enumerate" => {
                let start = args.take("start").or_else(|| if count == 2 { positional.pop() } else { None });
                let start = match start {
                    Some(start) => self.as_index(start),
                    None => Expr::int(0, span),
                };
                positional.push(start);
                lazy(Lazy::Enumerate, positional, span)
            }
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

    fn set_from(&mut self, source: Expr, span: Span) -> Expr {
        let set = self.empty_set(None, span);
        let ty = set.ty.clone();
        let mut out = Vec::new();
        let local = self.temporary(set, &mut out);
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

    fn to_tuple(&mut self, value: Expr, span: Span) -> Expr {
        if let Type::Tuple(_) = value.ty {
            return value;
        }
        let text = format!("`tuple` of a `{}`: its length is not known", value.ty);
        self.error(
            Diagnostic::new(Code::UnsupportedArgument, span, text)
                .help("the length of a tuple is part of its type: use a list, or unpack the items you need"),
        )
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
            Type::Scalar(dtype) if dtype.is_float() && self.rules() == Rules::Python => {
                let value = self.convert_value(value, &Type::Float);
                self.library_call("float_int", vec![value], span)
            }
            Type::Ptr => self.convert_value(value, &Type::Int),
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
        let Some(value) = args.pop() else { return float(0.0, span) };
        match &value.ty {
            Type::Str => {
                if let ExprKind::Str(text) = &value.kind {
                    match &*text.trim().to_ascii_lowercase() {
                        "inf" | "+inf" | "infinity" | "+infinity" => return float(f64::INFINITY, span),
                        "-inf" | "-infinity" => return float(f64::NEG_INFINITY, span),
                        "nan" => return float(f64::NAN, span),
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
        let start = start.unwrap_or_else(|| Expr::int(0, span));
        let name: Name = (self.frame, Arc::from(format!("sum at {}", span.start)));
        self.assign(name.clone(), start, span, &mut out);
        self.for_each(source, span, &mut out, &mut |this, item, out| {
            let Some(variable) = this.env.vars.get(&name).cloned() else { return };
            let total = Expr::local(variable.local, this.local_type(variable.local), span);
            let total = this.binary(ast::BinaryOp::Add, total, item, span);
            // The sum of floats is a float, also where the start is the int 0: that meeting is not worth a warning.
            this.assign(name.clone(), total, span, out);
        });
        let Some(variable) = self.env.vars.remove(&name) else { return Expr::poison(span) };
        let ty = self.local_type(variable.local);
        Expr::new(ExprKind::Block(out, Box::new(Expr::local(variable.local, ty.clone(), span))), ty, span)
    }

    fn absolute(&mut self, value: Expr, span: Span) -> Expr {
        let ty = value.ty.clone();
        let function = match &ty {
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
            Type::Scalar(dtype) if dtype.is_unsigned() || *dtype == Dtype::Bool => return value,
            Type::Scalar(_) => {
                let wide = self.convert_value(value, &Type::Int);
                let value = self.library_call("raw_abs", vec![wide], span);
                return self.convert_value(value, &ty);
            }
            Type::Array { .. } => "array_abs",
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
        match value.ty.clone() {
            Type::Int | Type::Bool => {
                let value = self.convert_value(value, &Type::Int);
                self.library_call("int_round", vec![value, digits], span)
            }
            Type::Float => self.library_call("float_round", vec![value, digits], span),
            Type::Scalar(dtype) if dtype.is_float() => {
                let no_digits = digits.ty == Type::None;
                let wide = self.convert_value(value, &Type::Float);
                let rounded = self.library_call("float_round", vec![wide, digits], span);
                if no_digits { rounded } else { self.convert_value(rounded, &Type::Scalar(dtype)) }
            }
            Type::Scalar(dtype) if dtype.is_integer() => value,
            Type::Array { .. } => self.library_call("array_round", vec![value, digits], span),
            other => {
                let text = format!("a `{other}` cannot be rounded");
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text))
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
            ty @ (Type::Int | Type::Float | Type::Bool | Type::Complex | Type::Str | Type::Bytes) => {
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
        self.after(value, Expr::bool(holds, span))
    }
}

/// Whether every value of a type is an instance of a class.
fn is_instance(ty: &Type, class: &str) -> bool {
    let name = class.rsplit('.').next().unwrap_or(class);
    let numpy = class.starts_with("numpy.");
    match (ty, name) {
        (_, "object") => true,
        (Type::Bool, "bool" | "int") | (Type::Int, "int") | (Type::Float, "float") | (Type::Complex, "complex") => {
            !numpy
        }
        (Type::Int | Type::Bool, "Integral" | "Rational" | "Real" | "Number" | "Complex") => true,
        (Type::Float, "Real" | "Number" | "Complex") | (Type::Complex, "Number" | "Complex") => true,
        (Type::Str, "str") | (Type::Bytes, "bytes") | (Type::Range, "range") => true,
        (Type::List(_), "list") | (Type::Set(_), "set") | (Type::Dict(..), "dict") | (Type::Tuple(_), "tuple") => true,
        (Type::Array { .. }, "ndarray") => true,
        (Type::Scalar(Dtype::F64), "float") | (Type::Scalar(Dtype::C128), "complex") => true,
        (Type::Scalar(dtype), "integer") => dtype.is_integer(),
        (Type::Scalar(dtype), "floating") => dtype.is_float(),
        (Type::Scalar(_), "number" | "generic") => true,
        (Type::Scalar(dtype), _) if numpy => dtype_named(name) == Some(*dtype),
        _ => false,
    }
}

/// A lazy iterator of these arguments.
fn lazy(kind: Lazy, args: Vec<Expr>, span: Span) -> Expr {
    let types = args.iter().map(|arg| arg.ty.clone()).collect();
    Expr::new(ExprKind::Tuple(args), Type::Iterator(kind, types), span)
}

fn float(value: f64, span: Span) -> Expr {
    Expr::new(ExprKind::Float(value), Type::Float, span)
}

/// Other names of the same function.
fn library_alias(path: &str) -> &str {
    match path {
        "numpy.amax" => "numpy.max",
        "numpy.amin" => "numpy.min",
        "numpy.absolute" => "numpy.abs",
        "numpy.round_" => "numpy.round",
        "numpy.acos" => "numpy.arccos",
        "numpy.asin" => "numpy.arcsin",
        "numpy.atan" => "numpy.arctan",
        "numpy.atan2" => "numpy.arctan2",
        "numpy.pow" => "numpy.power",
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
