//! Annotations and Numba's types. In: `ast::Expr`s. Out: `Type`s.

use super::Inferer;
use super::function::Body;
use super::meant::Meant;
use super::signature::{generic, is_generic};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::resolve::{Definition, Module};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, FunctionId};
use crate::types::{Dtype, Order, Type};
use std::sync::Arc;

/// What an annotation says.
pub(super) enum Meaning {
    /// A type.
    Type(Type),
    /// Anything: `Any`, a type variable, a protocol. The argument's own type counts.
    Open,
    /// Nothing that is known.
    Unknown,
}

fn not_a_type(text: &str, span: Span) -> Diagnostic {
    let error = Diagnostic::new(Code::BadAnnotation, span, format!("`{text}` is not a type"));
    if let Some((name, _)) = text.split_once('[')
        && let Some(builtin) = super::signature::builtin_generic(name)
    {
        return error.help(format!("import it first: `from typing import {name}`")).fix(
            format!("write `{builtin}`"),
            vec![(Span::new(span.start, span.start + name.len() as u32), builtin.to_owned())],
        );
    }
    let meant = match super::meant::name(text) {
        Some(Meant::Name(right)) if ["int", "float", "bool", "str"].contains(&right) => Some(right),
        _ if matches!(text, "array" | "ndarray" | "Array" | "matrix") => Some("np.ndarray"),
        _ if matches!(text, "char" | "text") => Some("str"),
        _ if matches!(text, "number" | "real") => Some("float"),
        _ => {
            suggest::closest(text, ["int", "float", "bool", "str", "list", "dict", "tuple", "set", "complex", "bytes"])
        }
    };
    match meant {
        Some(right) => error.meant(span, right),
        None => error.help("types are `int`, `float`, `str`, `list[float]`, `np.ndarray` and the like"),
    }
}

impl Body<'_, '_> {
    /// The type an annotation stands for; none where it leaves the type open. Reports what it cannot be.
    pub(super) fn annotation(&mut self, annotation: &Expr) -> Option<Type> {
        let module = self.frames[self.frame].module;
        match self.inferer.meaning(annotation, module) {
            Meaning::Type(ty) => Some(ty),
            Meaning::Open => None,
            Meaning::Unknown if self.inferer.postpones_annotations(module) => None,
            Meaning::Unknown => {
                let text = self.inferer.sources.text(annotation.span).to_owned();
                self.error(not_a_type(&text, annotation.span));
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
            Meaning::Unknown if self.inferer.postpones_annotations(module) => None,
            Meaning::Unknown => {
                let text = self.inferer.sources.text(annotation.span).to_owned();
                self.error(not_a_type(&text, annotation.span));
                None
            }
        }
    }

    /// The result type that a function declares: by the signature with these parameters, or by annotation.
    pub(super) fn declared_return_type(&mut self, function: FunctionId, params: &[Type]) -> Option<Type> {
        if self.module_level.is_some() {
            return None;
        }
        let declared = self.inferer.declared(function);
        if let Some(signature) = declared.signatures.iter().find(|signature| signature.params == params) {
            return signature.result.clone();
        }
        // Numba takes no notice of annotations.
        if declared.decorated {
            return None;
        }
        let annotation = self.inferer.tree.functions[function].returns.clone()?;
        self.param_type(function, &annotation)
    }
}

impl Inferer<'_> {
    /// Whether annotations are never evaluated (PEP 563), so that they may be of names that are not there.
    fn postpones_annotations(&self, module: Option<Id<Module>>) -> bool {
        module.is_some_and(|module| {
            let definition = self.names.definition(module, "annotations");
            matches!(definition, Some((_, Definition::Library(path))) if path.as_ref() == "__future__.annotations")
        })
    }

    /// The canonical dotted name that an expression of names and attributes stands for.
    pub(super) fn dotted(&self, expr: &Expr, module: Option<Id<Module>>) -> Option<String> {
        match &expr.kind {
            ExprKind::Name(name) => match module {
                Some(id) if self.names.modules[id].names.contains_key(name) => match self.names.definition(id, name)? {
                    (_, Definition::Library(path)) => Some(path.to_string()),
                    _ => None,
                },
                // The prelude imports nothing.
                None if &**name == "np" => Some("numpy".to_owned()),
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

    pub(super) fn meaning(&self, annotation: &Expr, module: Option<Id<Module>>) -> Meaning {
        match &annotation.kind {
            ExprKind::None => Meaning::Type(Type::None),
            // A string is an annotation for later: `"list[int]"`.
            ExprKind::Str(text) => self.string_meaning(text),
            ExprKind::Binary { op: crate::syntax::ast::BinaryOp::BitOr, left, right } => {
                match (self.meaning(left, module), self.meaning(right, module)) {
                    (Meaning::Type(Type::None), Meaning::Type(ty)) | (Meaning::Type(ty), Meaning::Type(Type::None)) => {
                        Meaning::Type(Type::optional(ty))
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
                Some(path) if path.starts_with("numba.") => self.numba_constructor(&path, args, module),
                _ => Meaning::Unknown,
            },
            _ => Meaning::Unknown,
        }
    }

    /// `types.Tuple((float64, int64))`, `types.UniTuple(f8, 2)`, `types.Array(f8, 2, "C")`, `types.ListType(f8)`.
    fn numba_constructor(&self, path: &str, args: &[Expr], module: Option<Id<Module>>) -> Meaning {
        let types =
            |items: &[Expr]| -> Option<Vec<Type>> { items.iter().map(|item| self.type_of(item, module)).collect() };
        let short = path.rsplit('.').next().unwrap_or(path);
        let ty = match (short, args) {
            ("Tuple", [Expr { kind: ExprKind::Tuple(items) | ExprKind::List(items), .. }]) => {
                types(items).map(Type::tuple)
            }
            ("UniTuple", [item, Expr { kind: ExprKind::Int(count @ 0..=1000), .. }]) => {
                self.type_of(item, module).map(|item| Type::tuple(vec![item; *count as usize]))
            }
            (
                "Array",
                [dtype, Expr { kind: ExprKind::Int(ndim @ 1..=32), .. }, Expr { kind: ExprKind::Str(order), .. }],
            ) => {
                let order = match &**order {
                    "C" => Order::C,
                    "F" => Order::F,
                    _ => Order::A,
                };
                let dtype = self.type_of(dtype, module).and_then(|ty| super::operator::dtype_of(&ty));
                dtype.map(|dtype| Type::Array { dtype, ndim: *ndim as u8, order })
            }
            _ if is_generic(short) => types(args).and_then(|types| generic(short, types)),
            _ => None,
        };
        ty.map_or(Meaning::Open, Meaning::Type)
    }

    /// What a module-level name stands for that is assigned once: `Matrix = list[list[float]]`.
    fn alias(&self, name: &Expr, module: Option<Id<Module>>) -> Meaning {
        let (ExprKind::Name(name), Some(module)) = (&name.kind, module) else { return Meaning::Open };
        let Some((owner, Definition::Variable)) = self.names.definition(module, name) else { return Meaning::Open };
        let key = (owner, name.clone());
        match self.names.modules[owner].once.get(name) {
            // A name that stands for itself, `int = int` say, says nothing.
            Some(value) if is_type(value) && !self.aliases.borrow().contains(&key) => {
                self.aliases.borrow_mut().push(key);
                let meaning = self.meaning(value, Some(owner));
                self.aliases.borrow_mut().pop();
                meaning
            }
            // `T = TypeVar("T")`, and what is no type at all, leave it open.
            _ => Meaning::Open,
        }
    }

    fn string_meaning(&self, text: &str) -> Meaning {
        match super::signature::type_in(text) {
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
        if module.is_some() && path.starts_with("builtins.") && super::signature::builtin_generic(short).is_some() {
            // Nobody imported it.
            return Meaning::Unknown;
        }
        match short {
            "tuple" | "Tuple" => {
                // `tuple[int, ...]` has no known length.
                if let [item, Expr { kind: ExprKind::Ellipsis, .. }] = items {
                    return match self.meaning(item, module) {
                        Meaning::Type(item) => Meaning::Type(Type::Sequence(Arc::new(item))),
                        other => other,
                    };
                }
                if let [ExprKind::Tuple(inner)] = [&index.kind]
                    && inner.is_empty()
                {
                    return Meaning::Type(Type::tuple([]));
                }
                types().map_or(Meaning::Open, |items| Meaning::Type(Type::tuple(items)))
            }
            "Final" | "Annotated" | "ClassVar" => {
                items.first().map_or(Meaning::Open, |item| self.meaning(item, module))
            }
            _ if is_generic(short) => {
                types().and_then(|types| generic(short, types)).map_or(Meaning::Open, Meaning::Type)
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
}

/// Whether an expression has the form of a type.
fn is_type(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::None => true,
        ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } => is_type(value),
        ExprKind::Binary { op: crate::syntax::ast::BinaryOp::BitOr, left, right } => is_type(left) && is_type(right),
        ExprKind::Call { function, .. } => matches!(function.kind, ExprKind::Attribute { .. }) && is_type(function),
        _ => false,
    }
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
        return match super::signature::named(name) {
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

/// A dtype as a string has it: `"float32"`, `"<f8"`.
pub(super) fn dtype_of_text(text: &str) -> Option<Dtype> {
    dtype_named(text.strip_prefix(['<', '=', '|']).unwrap_or(text))
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

pub(super) fn array_type(dtype: Dtype, steps: &[bool]) -> Type {
    let order = match steps {
        [.., true] => Order::C,
        [true, ..] => Order::F,
        _ => Order::A,
    };
    Type::Array { dtype, ndim: steps.len() as u8, order }
}
