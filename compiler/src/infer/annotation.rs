//! Annotations, Numba types and signatures. In: `ast::Expr`s and signature strings. Out: `Type`s, `Declared`.

use super::function::Body;
use super::{Declared, Inferer};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Definition, Module};
use crate::syntax::ast::{Expr, ExprKind, FunctionId, ParamKind};
use crate::types::{Dtype, Order, Rules, Type};
use std::sync::Arc;

/// What an annotation says.
enum Meaning {
    /// A type.
    Type(Type),
    /// Anything: `Any`, a type variable, a protocol. The argument's own type counts.
    Open,
    /// Nothing that is known.
    Unknown,
}

impl Body<'_, '_> {
    /// The type an annotation stands for; none where it leaves the type open. Reports what it cannot be.
    pub(super) fn annotation(&mut self, annotation: &Expr) -> Option<Type> {
        let frame = &self.frames[self.frame];
        match self.inferer.meaning(annotation, frame.module) {
            Meaning::Type(ty) => Some(ty),
            Meaning::Open => None,
            Meaning::Unknown => {
                let text = self.inferer.sources.text(annotation.span).to_owned();
                self.error(
                    Diagnostic::new(Code::BadAnnotation, annotation.span, format!("`{text}` is not a type"))
                        .help("types are `int`, `float`, `str`, `list[float]`, `np.ndarray` and the like"),
                );
                None
            }
        }
    }

    /// The type of an annotated parameter of `function`, read in its own module.
    pub(super) fn param_type(&mut self, function: FunctionId, annotation: &Expr) -> Option<Type> {
        let module = self.inferer.names.scopes.get(function).and_then(|scope| scope.module);
        match self.inferer.meaning(annotation, module) {
            Meaning::Type(ty) => Some(ty),
            Meaning::Open => None,
            Meaning::Unknown => {
                let text = self.inferer.sources.text(annotation.span).to_owned();
                self.error(
                    Diagnostic::new(Code::BadAnnotation, annotation.span, format!("`{text}` is not a type"))
                        .help("types are `int`, `float`, `str`, `list[float]`, `np.ndarray` and the like"),
                );
                None
            }
        }
    }

    /// The result type that a function declares: by the signature with these parameters, or by annotation.
    pub(super) fn declared_return_type(&mut self, function: FunctionId, params: &[Type]) -> Option<Type> {
        if self.module_level.is_some() {
            return None;
        }
        let signatures = self.inferer.declared(function).signatures;
        if let Some((_, Some(result))) = signatures.into_iter().find(|(types, _)| types == params) {
            return Some(result);
        }
        let annotation = self.inferer.tree.functions[function].returns.clone()?;
        self.param_type(function, &annotation)
    }
}

impl Inferer<'_> {
    /// The canonical dotted name that an expression of names and attributes stands for.
    pub(super) fn dotted(&self, expr: &Expr, module: Option<Id<Module>>) -> Option<String> {
        match &expr.kind {
            ExprKind::Name(name) => match module {
                Some(id) if self.names.modules[id].names.contains_key(name) => match self.names.definition(id, name)? {
                    (_, Definition::Library(path)) => Some(path.to_string()),
                    _ => None,
                },
                _ => Some(format!("builtins.{name}")),
            },
            ExprKind::Attribute { value, name } => Some(format!("{}.{}", self.dotted(value, module)?, name.text)),
            _ => None,
        }
    }

    /// The type that an annotation says; none if it leaves it open.
    pub(super) fn type_of(&self, annotation: &Expr, module: Option<Id<Module>>) -> Option<Type> {
        match self.meaning(annotation, module) {
            Meaning::Type(ty) => Some(ty),
            Meaning::Open | Meaning::Unknown => None,
        }
    }

    fn meaning(&self, annotation: &Expr, module: Option<Id<Module>>) -> Meaning {
        match &annotation.kind {
            ExprKind::None => Meaning::Type(Type::None),
            // A string is an annotation for later: `"list[int]"`.
            ExprKind::Str(text) => self.string_meaning(text),
            ExprKind::Binary { op: crate::syntax::ast::BinaryOp::BitOr, left, right } => {
                match (self.meaning(left, module), self.meaning(right, module)) {
                    (Meaning::Type(Type::None), Meaning::Type(ty)) | (Meaning::Type(ty), Meaning::Type(Type::None)) => {
                        Meaning::Type(Type::Optional(Arc::new(ty)))
                    }
                    (Meaning::Unknown, _) | (_, Meaning::Unknown) => Meaning::Unknown,
                    // `int | float` takes either: the argument's own type counts.
                    _ => Meaning::Open,
                }
            }
            ExprKind::Name(_) | ExprKind::Attribute { .. } => match self.dotted(annotation, module) {
                Some(path) => named(&path),
                // A user's alias, or a type variable.
                None => self.alias(annotation, module),
            },
            ExprKind::Subscript { value, index } => {
                let Some(path) = self.dotted(value, module) else { return Meaning::Open };
                self.generic(&path, index, module)
            }
            ExprKind::Call { function, args, .. } => match self.dotted(function, module) {
                // numba.types.Array and friends are rare in annotations; what they say is checked by use.
                Some(path) if path.starts_with("numba.") && !args.is_empty() => Meaning::Open,
                _ => Meaning::Unknown,
            },
            _ => Meaning::Unknown,
        }
    }

    /// What a module-level name stands for that is assigned once: `Matrix = list[list[float]]`.
    fn alias(&self, name: &Expr, module: Option<Id<Module>>) -> Meaning {
        let (ExprKind::Name(name), Some(module)) = (&name.kind, module) else { return Meaning::Open };
        let Some((owner, Definition::Variable)) = self.names.definition(module, name) else { return Meaning::Open };
        match self.names.modules[owner].aliases.get(name) {
            Some(value) => self.meaning(value, Some(owner)),
            None => Meaning::Open,
        }
    }

    fn string_meaning(&self, text: &str) -> Meaning {
        match signature_type(text.trim()) {
            Some(ty) => Meaning::Type(ty),
            None => match named(&format!("builtins.{}", text.trim())) {
                Meaning::Type(ty) => Meaning::Type(ty),
                Meaning::Open | Meaning::Unknown => Meaning::Open,
            },
        }
    }

    fn generic(&self, path: &str, index: &Expr, module: Option<Id<Module>>) -> Meaning {
        let items: &[Expr] = match &index.kind {
            ExprKind::Tuple(items) => items,
            _ => std::slice::from_ref(index),
        };
        let types = || -> Option<Vec<Type>> {
            items
                .iter()
                .map(|item| match self.meaning(item, module) {
                    Meaning::Type(ty) => Some(ty),
                    Meaning::Open | Meaning::Unknown => None,
                })
                .collect()
        };
        let short = path.rsplit('.').next().unwrap_or(path);
        match short {
            "list" | "List" | "set" | "Set" | "frozenset" | "FrozenSet" => match types().as_deref() {
                Some([item]) if short.eq_ignore_ascii_case("list") => Meaning::Type(Type::list(item.clone())),
                Some([item]) => Meaning::Type(Type::Set(Arc::new(item.clone()))),
                _ => Meaning::Open,
            },
            "dict" | "Dict" | "DictType" => match types().as_deref() {
                Some([key, value]) => Meaning::Type(Type::Dict(Arc::new(key.clone()), Arc::new(value.clone()))),
                _ => Meaning::Open,
            },
            "tuple" | "Tuple" => {
                // `tuple[int, ...]` has no known length.
                if items.iter().any(|item| matches!(item.kind, ExprKind::Ellipsis)) {
                    return Meaning::Open;
                }
                if let [ExprKind::Tuple(inner)] = [&index.kind]
                    && inner.is_empty()
                {
                    return Meaning::Type(Type::tuple([]));
                }
                types().map_or(Meaning::Open, |items| Meaning::Type(Type::tuple(items)))
            }
            "Optional" => match types().as_deref() {
                Some([item]) => Meaning::Type(Type::Optional(Arc::new(item.clone()))),
                _ => Meaning::Open,
            },
            "Final" | "Annotated" | "ClassVar" => {
                items.first().map_or(Meaning::Open, |item| self.meaning(item, module))
            }
            _ => match named(path) {
                // `float64[:, ::1]`.
                Meaning::Type(ty) if path.starts_with("numba.") => match array_of(&ty, items) {
                    Some(array) => Meaning::Type(array),
                    None => Meaning::Unknown,
                },
                Meaning::Type(_) | Meaning::Open | Meaning::Unknown => Meaning::Open,
            },
        }
    }

    /// Which rules a function runs under when it is called from a function with rules `here`.
    pub(super) fn rules_of(&mut self, function: FunctionId, here: Rules) -> Rules {
        let node = self.tree.functions[function].clone();
        if self.is_prelude(node.span) {
            let inherits = node.decorators.iter().any(|decorator| is_name(decorator, "inherit"));
            return if inherits { here } else { Rules::Raw };
        }
        let mut at = function;
        while let Some(parent) = self.names.scopes.get(at).and_then(|scope| scope.parent) {
            at = parent;
        }
        if self.declared(at).decorated {
            self.request.decorated_rules.unwrap_or(Rules::Numba)
        } else {
            self.request.plain_rules.unwrap_or(Rules::Python)
        }
    }

    /// What a function's decorators say.
    pub(super) fn declared(&self, function: FunctionId) -> Declared {
        let module = self.names.scopes.get(function).and_then(|scope| scope.module);
        let mut declared = Declared::default();
        for decorator in &self.tree.functions[function].decorators {
            let (path, args) = match &decorator.kind {
                ExprKind::Call { function, args, .. } => (self.dotted(function, module), args.as_slice()),
                _ => (self.dotted(decorator, module), &[][..]),
            };
            let Some(path) = path else { continue };
            if crate::resolve::declaration::is_jit(&path) {
                declared.decorated = true;
                for arg in args {
                    self.signatures(arg, module, &mut declared.signatures);
                }
            }
        }
        declared
    }

    fn signatures(&self, arg: &Expr, module: Option<Id<Module>>, found: &mut Vec<(Vec<Type>, Option<Type>)>) {
        match &arg.kind {
            ExprKind::List(items) | ExprKind::Tuple(items) if matches!(arg.kind, ExprKind::List(_)) => {
                items.iter().for_each(|item| self.signatures(item, module, found));
            }
            ExprKind::Tuple(items) => {
                let types: Option<Vec<_>> = items.iter().map(|item| self.numba_type(item, module)).collect();
                found.extend(types.map(|types| (types, None)));
            }
            ExprKind::Str(text) => found.extend(signature(text)),
            ExprKind::Call { function, args, .. } => {
                let result = self.numba_type(function, module);
                let types: Option<Vec<_>> = args.iter().map(|item| self.numba_type(item, module)).collect();
                found.extend(types.map(|types| (types, result)));
            }
            _ => {}
        }
    }

    fn numba_type(&self, expr: &Expr, module: Option<Id<Module>>) -> Option<Type> {
        match self.meaning(expr, module) {
            Meaning::Type(ty) => Some(super::convert::cross(&ty, Rules::Numba)),
            Meaning::Open | Meaning::Unknown => None,
        }
    }

    /// The parameter types of the explicit signature that arguments of these types choose: the one they have exactly,
    /// else the first of their number.
    pub(super) fn signature_for(&self, function: FunctionId, args: &[super::hir::Expr]) -> Option<Vec<Type>> {
        let signatures = self.declared(function).signatures;
        let fitting = || signatures.iter().map(|(params, _)| params).filter(|params| params.len() == args.len());
        let exact = fitting().find(|params| params.iter().zip(args).all(|(ty, arg)| *ty == arg.ty));
        let numbers = |ty: &Type| super::operator::dtype_of(ty).is_some();
        let first = || {
            fitting().find(|params| {
                params.iter().zip(args).all(|(ty, arg)| *ty == arg.ty || numbers(ty) && numbers(&arg.ty))
            })
        };
        exact.or_else(first).cloned()
    }

    /// The types of all parameters, if the function declares them: by annotations or by an explicit signature.
    pub(super) fn declared_params(&self, function: FunctionId) -> Option<Vec<Type>> {
        let declared = self.declared(function);
        if let Some((types, _)) = declared.signatures.first() {
            return Some(types.clone());
        }
        let node = &self.tree.functions[function];
        let module = self.names.scopes.get(function).and_then(|scope| scope.module);
        node.params
            .iter()
            .map(|param| {
                if !matches!(param.kind, ParamKind::Normal | ParamKind::PositionalOnly | ParamKind::KeywordOnly) {
                    return None;
                }
                match self.meaning(param.annotation.as_ref()?, module) {
                    Meaning::Type(ty) if declared.decorated => Some(super::convert::cross(&ty, Rules::Numba)),
                    Meaning::Type(ty) => Some(ty),
                    Meaning::Open | Meaning::Unknown => None,
                }
            })
            .collect()
    }
}

fn is_name(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(known) if &**known == name)
}

/// A type by its canonical name.
fn named(path: &str) -> Meaning {
    let open = |ok: bool| if ok { Meaning::Open } else { Meaning::Unknown };
    if let Some(name) = path.strip_prefix("builtins.") {
        return match name {
            "int" => Meaning::Type(Type::Int),
            "float" => Meaning::Type(Type::Float),
            "bool" => Meaning::Type(Type::Bool),
            "complex" => Meaning::Type(Type::Complex),
            "str" => Meaning::Type(Type::Str),
            "bytes" => Meaning::Type(Type::Bytes),
            "range" => Meaning::Type(Type::Range),
            "None" => Meaning::Type(Type::None),
            "ptr" => Meaning::Type(Type::Ptr),
            "Exception" => Meaning::Type(Type::Exception),
            _ => open(matches!(name, "list" | "dict" | "set" | "tuple" | "object" | "type" | "frozenset")),
        };
    }
    if let Some(name) = path.strip_prefix("numpy.") {
        return match dtype_named(name) {
            Some(dtype) => Meaning::Type(Type::Scalar(dtype)),
            None => Meaning::Open,
        };
    }
    if let Some(name) = path.strip_prefix("numba.") {
        let name = name.strip_prefix("types.").or_else(|| name.strip_prefix("core.types.")).unwrap_or(name);
        return match signature_type(name) {
            Some(ty) => Meaning::Type(ty),
            None => Meaning::Open,
        };
    }
    Meaning::Open
}

/// A NumPy dtype by its name in the `numpy` module, or as a string.
pub(super) fn dtype_named(name: &str) -> Option<Dtype> {
    Some(match name {
        "bool_" | "bool" | "bool8" | "?" => Dtype::Bool,
        "int8" | "byte" | "i1" | "b" => Dtype::I8,
        "int16" | "short" | "i2" | "h" => Dtype::I16,
        "int32" | "intc" | "i4" | "i" => Dtype::I32,
        "int64" | "int_" | "intp" | "longlong" | "long" | "int" | "i8" | "l" | "q" | "p" => Dtype::I64,
        "uint8" | "ubyte" | "u1" | "B" => Dtype::U8,
        "uint16" | "ushort" | "u2" | "H" => Dtype::U16,
        "uint32" | "uintc" | "u4" | "I" => Dtype::U32,
        "uint64" | "uint" | "uintp" | "ulonglong" | "ulong" | "u8" | "L" | "Q" => Dtype::U64,
        "float32" | "single" | "f4" | "f" => Dtype::F32,
        "float64" | "double" | "float_" | "float" | "f8" | "d" => Dtype::F64,
        "complex64" | "csingle" | "c8" | "F" => Dtype::C64,
        "complex128" | "cdouble" | "complex_" | "complex" | "c16" | "D" => Dtype::C128,
        _ => return None,
    })
}

/// `ty[:, ::1]`.
fn array_of(ty: &Type, items: &[Expr]) -> Option<Type> {
    let dtype = super::operator::dtype_of(ty)?;
    let step = |item: &Expr| match &item.kind {
        ExprKind::Slice { step, .. } => Some(step.is_some()),
        _ => None,
    };
    let steps: Option<Vec<bool>> = items.iter().map(step).collect();
    Some(array_type(dtype, &steps?))
}

fn array_type(dtype: Dtype, steps: &[bool]) -> Type {
    let order = match steps {
        [.., true] => Order::C,
        [true, ..] => Order::F,
        _ => Order::A,
    };
    Type::Array { dtype, ndim: steps.len() as u8, order }
}

/// A type as Numba's signature strings write it: `f8`, `int64[:, ::1]`, `void`.
pub(super) fn signature_type(text: &str) -> Option<Type> {
    let text = text.trim();
    if let Some((base, dims)) = text.split_once('[') {
        if let ("list" | "List", Some(item)) = (base, dims.strip_suffix(']')) {
            return Some(Type::list(signature_type(item)?));
        }
        let dtype = super::operator::dtype_of(&signature_type(base)?)?;
        let dims = dims.strip_suffix(']')?;
        let steps: Option<Vec<bool>> = dims
            .split(',')
            .map(|dim| match dim.trim() {
                ":" => Some(false),
                "::1" => Some(true),
                _ => None,
            })
            .collect();
        return Some(array_type(dtype, &steps?));
    }
    Some(match text {
        "void" | "none" | "None" => Type::None,
        "boolean" | "bool_" | "b1" | "bool" => Type::Bool,
        "int64" | "i8" | "intp" | "int_" | "long_" | "longlong" | "int" | "ssize_t" => Type::Int,
        "float64" | "f8" | "double" | "float_" | "float" => Type::Float,
        "complex128" | "c16" | "complex" => Type::Complex,
        "unicode_type" | "string" | "str" => Type::Str,
        "char" | "int8" | "i1" => Type::Scalar(Dtype::I8),
        "short" | "int16" | "i2" => Type::Scalar(Dtype::I16),
        "intc" | "int32" | "i4" => Type::Scalar(Dtype::I32),
        "uchar" | "uint8" | "u1" | "byte" => Type::Scalar(Dtype::U8),
        "ushort" | "uint16" | "u2" => Type::Scalar(Dtype::U16),
        "uintc" | "uint32" | "u4" => Type::Scalar(Dtype::U32),
        "uint64" | "u8" | "uintp" | "ulong" | "ulonglong" | "size_t" | "uint" => Type::Scalar(Dtype::U64),
        "float32" | "f4" => Type::Scalar(Dtype::F32),
        "complex64" | "c8" => Type::Scalar(Dtype::C64),
        _ => return None,
    })
}

/// A function to export with the types of its parameters: `"f(float64[:,:], int64)"`.
pub fn exported(text: &str) -> Option<(String, Vec<Type>)> {
    let (name, params) = text.trim().split_once('(')?;
    Some((name.trim().to_owned(), signature(&format!("({params}"))?.0))
}

/// `"f8(f8[:], i8)"`, or without result `"(f8[:], i8)"`.
pub(super) fn signature(text: &str) -> Option<(Vec<Type>, Option<Type>)> {
    let (result, rest) = text.trim().split_once('(')?;
    let params = rest.trim_end().strip_suffix(')')?;
    let mut types = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in params.char_indices().chain([(params.len(), ',')]) {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                let part = params[start..at].trim();
                if !part.is_empty() {
                    types.push(signature_type(part)?);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    let result = if result.trim().is_empty() { None } else { Some(signature_type(result)?) };
    Some((types, result))
}
