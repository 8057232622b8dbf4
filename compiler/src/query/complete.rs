//! What could be written somewhere: names in scope, members of libraries, attributes of values. In: `Checked`, an
//! address. Out: `Completion`s.

use super::place::{self, Place};
use super::{path_of, starred, typed};
use crate::Checked;
use crate::infer::builtin::BUILTINS;
use crate::infer::method::attributes;
use crate::prelude::Prelude;
use crate::resolve::scope::bound_names;
use crate::resolve::{Definition, imports};
use crate::source::{Origin, Sources, Span};
use crate::syntax::ast::{Expr, ExprKind, Function, Ident, Tree, UnaryOp};
use crate::types::{Dtype, Type};
use std::collections::{BTreeMap, BTreeSet};

/// What a completion stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A variable or parameter.
    Variable,
    /// A function or method.
    Function,
    /// A module.
    Module,
    /// A class, or an element type.
    Class,
    /// A number that has a name.
    Constant,
    /// An attribute that is no method.
    Property,
    /// A keyword of the language.
    Keyword,
}

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is written.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its type or signature, where it is known.
    pub detail: String,
}

fn completion(name: &str, kind: Kind, detail: impl Into<String>) -> Completion {
    Completion { name: name.to_owned(), kind, detail: detail.into() }
}

const KEYWORDS: &str = "and as assert break continue def del elif else except False finally for from global if import \
    in is lambda match None nonlocal not or pass raise return True try while";

/// The names that mean something at an address: variables first, builtins and keywords last.
pub fn names(checked: &Checked, at: u32) -> Vec<Completion> {
    let Some((module, mut function)) = place::scope(checked, at) else { return builtins() };
    let mut found: BTreeMap<String, Completion> = BTreeMap::new();
    while let Some(id) = function {
        let node = &checked.tree.functions[id];
        let mut bound = BTreeSet::new();
        bound_names(&node.body, &checked.tree, &mut bound);
        bound.extend(node.params.iter().map(|param| param.name.text.clone()));
        for name in bound {
            let what = place::What::Target(name.clone());
            let place = Place { span: Span::default(), what, function: Some(id), module };
            let detail = typed::of_name(checked, &place, &name).join(" | ");
            found.entry(name.to_string()).or_insert_with(|| completion(&name, Kind::Variable, detail));
        }
        function = checked.names.scopes.get(id).and_then(|scope| scope.parent);
    }
    for (name, definition) in &checked.names.modules[module].names {
        let (kind, detail) = match definition {
            Definition::Variable => {
                let what = place::What::Target(name.clone());
                let place = Place { span: Span::default(), what, function: None, module };
                (Kind::Variable, typed::of_name(checked, &place, name).join(" | "))
            }
            Definition::Function(id) => (Kind::Function, super::signatures(checked, *id).join("\n")),
            Definition::Module(_) => (Kind::Module, String::new()),
            Definition::Member(..) => (Kind::Function, String::new()),
            Definition::Library(path) if imports::is_library(path) => (Kind::Module, path.to_string()),
            Definition::Library(path) => (Kind::Function, path.to_string()),
            Definition::Exception(_) => (Kind::Class, String::new()),
        };
        found.entry(name.to_string()).or_insert_with(|| completion(name, kind, detail));
    }
    let mut all: Vec<_> = found.into_values().collect();
    all.extend(builtins());
    all
}

fn builtins() -> Vec<Completion> {
    let builtins = BUILTINS.split_whitespace().map(|name| completion(name, Kind::Function, "builtin"));
    let errors = crate::abi::EXCEPTIONS.iter().map(|(name, _)| completion(name, Kind::Class, "exception"));
    let keywords = KEYWORDS.split_whitespace().map(|name| completion(name, Kind::Keyword, ""));
    builtins.chain(errors).chain(keywords).collect()
}

/// What may stand behind a dot after the expression that ends at an address.
pub fn members(checked: &Checked, end: u32) -> Vec<Completion> {
    let Some(place) = place::find(checked, end) else { return Vec::new() };
    let path = match &place.what {
        place::What::Name(name) => match super::definition_of(checked, &place, name) {
            Some(super::Defined::Library(path)) => Some(path),
            Some(super::Defined::Module(id)) => {
                let names = &checked.names.modules[id].names;
                let kind = |definition: &Definition| match definition {
                    Definition::Function(_) => Kind::Function,
                    _ => Kind::Variable,
                };
                return names.iter().map(|(name, definition)| completion(name, kind(definition), "")).collect();
            }
            _ => None,
        },
        place::What::Attribute(value, name) => {
            path_of(checked, &place, value).map(|path| format!("{path}.{}", name.text))
        }
        _ => None,
    };
    if let Some(path) = path.filter(|path| imports::is_library(path)) {
        return of_library(&path);
    }
    let types = match &place.what {
        place::What::Name(name) | place::What::Target(name) | place::What::Param(name) => {
            types_of_name(checked, &place, name)
        }
        place::What::Attribute(value, name) => {
            typed::types_at(checked, place.function, Span::new(value.span.start, name.span.end))
        }
        _ => typed::types_at(checked, place.function, place.span),
    };
    types.first().map(of_type).unwrap_or_default()
}

/// What may stand behind a dot after a variable, in a program that does not say more than its name: the line that is
/// being written need not make sense.
pub fn members_of(checked: &Checked, at: u32, name: &str) -> Vec<Completion> {
    let Some((module, function)) = place::scope(checked, at) else { return Vec::new() };
    let what = place::What::Name(name.into());
    let place = Place { span: Span::default(), what, function, module };
    match super::definition_of(checked, &place, name) {
        Some(super::Defined::Library(path)) if imports::is_library(&path) => of_library(&path),
        _ => types_of_name(checked, &place, name).first().map(of_type).unwrap_or_default(),
    }
}

/// Types of a variable anywhere in its function.
fn types_of_name(checked: &Checked, place: &Place<'_>, name: &str) -> Vec<Type> {
    let mut found = Vec::new();
    for function in typed::instances(checked, place.function) {
        found.extend(
            function.locals.iter().filter(|(_, local)| &*local.name == name).map(|(_, local)| local.ty.clone()),
        );
    }
    let globals = checked.program.globals.iter().filter(|(_, global)| &*global.name == name);
    found.extend(globals.map(|(_, global)| global.ty.clone()));
    if found.is_empty() && place.function.is_some() {
        let outer = Place { span: place.span, what: place::What::Expression, function: None, module: place.module };
        return types_of_name(checked, &outer, name);
    }
    found
}

/// The attributes of values of a type.
fn of_type(ty: &Type) -> Vec<Completion> {
    let ty = match ty {
        Type::Optional(item) | Type::Cell(item) => item,
        other => other,
    };
    let mut library = Library::new();
    let names: BTreeSet<_> = attributes(ty, &library.prelude).into_iter().collect();
    let kind = crate::infer::method::library_name(ty).unwrap_or_default();
    let of = |name: &'static str| match library.function(&format!("{kind}_{name}")) {
        Some(function) => completion(name, Kind::Function, head(&library.sources, name, &function)),
        None => completion(name, Kind::Property, ""),
    };
    names.into_iter().map(of).collect()
}

/// Parts of functions of NumPy's that only the library itself calls.
const PARTS: &str = "below gauss number random_state complex_pow complex_truediv float_floordiv float_mod float_pow \
    int_floordiv int_mod int_pow int_shl int_shr";

/// The members of a library.
fn of_library(path: &str) -> Vec<Completion> {
    let mut library = Library::new();
    let prefix = format!("{}_", path.replace('.', "_"));
    let inner = |name: &str| {
        let submodule = name.split('_').next().unwrap_or_default();
        PARTS.split_whitespace().any(|part| part == name)
            || (path == "numpy" && matches!(submodule, "random" | "linalg") && name != submodule)
    };
    let names: Vec<_> = library.prelude.names_with(&prefix).filter(|name| !inner(name)).collect();
    let mut found: Vec<_> = names
        .into_iter()
        .map(|name| match library.function(&format!("{prefix}{name}")) {
            Some(function) => completion(name, Kind::Function, head(&library.sources, name, &function)),
            None => completion(name, Kind::Constant, ""),
        })
        .collect();
    let mut constants = |names: &str| {
        found.extend(names.split_whitespace().map(|name| completion(name, Kind::Constant, "float")));
    };
    match path {
        "numpy" => {
            constants("pi e inf nan");
            found.extend(Dtype::ALL.iter().map(|dtype| completion(dtype.name(), Kind::Class, "dtype")));
            found.push(completion("ndarray", Kind::Class, ""));
            found.extend(["random", "linalg"].map(|name| completion(name, Kind::Module, "")));
        }
        "math" => constants("pi e tau inf nan"),
        "numba" => {
            let names = "njit jit prange int64 int32 float64 float32 boolean complex128";
            found.extend(names.split_whitespace().map(|name| completion(name, Kind::Function, "")));
        }
        _ => {}
    }
    found
}

/// The library alone, to look things up in.
struct Library {
    sources: Sources,
    tree: Tree,
    prelude: Prelude,
}

impl Library {
    fn new() -> Self {
        let (mut sources, mut tree) = (Sources::default(), Tree::default());
        let prelude = Prelude::default();
        prelude.begin(&mut sources, &mut tree);
        Self { sources, tree, prelude }
    }

    fn function(&mut self, name: &str) -> Option<std::sync::Arc<Function>> {
        let id = self.prelude.function(name, &mut self.tree)?;
        Some(self.tree.functions[id].clone())
    }
}

/// `name(a, b=1)`: the head of a function as its users see it.
fn head(sources: &Sources, name: &str, function: &Function) -> String {
    let shown = function.params.iter().filter(|param| &*param.name.text != "self" && !param.name.text.starts_with('_'));
    let params = shown.map(|param| {
        let default = param.default.as_ref().map(|default| format!("={}", default_text(sources, default)));
        format!("{}{}", starred(param), default.unwrap_or_default())
    });
    format!("{name}({})", params.collect::<Vec<_>>().join(", "))
}

/// A default as it is written; that of a library function as it could be: its text may not be there.
fn default_text(sources: &Sources, default: &Expr) -> String {
    match &default.kind {
        _ if default.span.origin() == Origin::User => sources.text(default.span).to_owned(),
        ExprKind::None => "None".to_owned(),
        ExprKind::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Str(text) => format!("{text:?}"),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Attribute { value, name } => format!("{}.{}", default_text(sources, value), name.text),
        ExprKind::Unary { op: UnaryOp::Neg, operand } => format!("-{}", default_text(sources, operand)),
        ExprKind::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        _ => "…".to_owned(),
    }
}

/// The head of a function as it is written.
pub(super) fn written(checked: &Checked, name: &str, function: &Function) -> String {
    head(&checked.sources, name, function)
}

/// What a member of a library is.
pub(super) fn described(checked: &Checked, path: &str) -> Vec<String> {
    let shown = path.strip_prefix("builtins.").unwrap_or(path);
    let mut library = Library::new();
    match library.function(&path.replace('.', "_")) {
        Some(function) => vec![format!("def {}", head(&library.sources, shown, &function))],
        None if imports::is_library(path) => vec![format!("import {path}")],
        // A class or builtin that the compiler knows itself; an error is shown where it is none.
        None if checked.sources.files().next().is_some() => vec![shown.to_owned()],
        None => Vec::new(),
    }
}

/// What an attribute of a value is.
pub(super) fn attribute(checked: &Checked, place: &Place<'_>, value: &Expr, name: &Ident) -> Vec<String> {
    let whole = Span::new(value.span.start, name.span.end);
    let types = typed::types_at(checked, place.function, whole);
    if !types.is_empty() {
        return types.iter().map(|ty| format!("{}: {ty}", name.text)).collect();
    }
    let Some(ty) = typed::types_at(checked, place.function, value.span).into_iter().next() else { return Vec::new() };
    let found = of_type(&ty).into_iter().find(|completion| completion.name == *name.text);
    found
        .map(|completion| {
            vec![format!("{ty}.{}", if completion.detail.is_empty() { completion.name } else { completion.detail })]
        })
        .unwrap_or_default()
}
