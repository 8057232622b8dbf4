//! Answers what an editor asks of a program: types, definitions, names. In: `Checked`, an address. Out: words and
//! spans. Reports: nothing.
//!
//! A room beside the line: no phase sees it. `place` finds what is written at an address, `typed` what types it has in
//! the instances of its function, `complete` what could be written there.

mod complete;
mod place;
mod typed;

pub use complete::{Completion, Kind, members, members_of, names};

use crate::Checked;
use crate::arena::Id;
use crate::infer::hir;
use crate::resolve::{Binding, Definition, Module};
use crate::source::{Origin, Span};
use crate::syntax::ast::{ExprKind, FunctionId, Param, ParamKind};
use place::{Place, What};
use std::collections::BTreeSet;

/// What is known of the text at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// Python that says it: a declaration a line, one for each instance that differs.
    pub lines: Vec<String>,
}

/// Text to be shown between the characters of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Before which address.
    pub at: u32,
    /// What: `: float`, ` -> int`.
    pub text: String,
}

/// A function that was called with several kinds of arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances {
    /// Its name, where it is defined.
    pub span: Span,
    /// A signature for each.
    pub lines: Vec<String>,
}

/// A function of the program that could be called by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callable {
    /// Its name.
    pub name: String,
    /// Where that is written.
    pub span: Span,
    /// Its parameters in order.
    pub params: Vec<CallableParam>,
    /// The first line of its docstring.
    pub about: Option<String>,
}

/// A parameter of a [`Callable`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallableParam {
    /// Its name, with the stars of `*args` and `**kwargs`.
    pub name: String,
    /// Its annotation as it is written.
    pub annotation: Option<String>,
    /// Its default as it is written.
    pub default: Option<String>,
    /// Its type, where all instances agree.
    pub ty: Option<String>,
    /// Whether it is only taken by name.
    pub by_name: bool,
}

/// What stands at an address.
pub fn hover(checked: &Checked, at: u32) -> Option<Hover> {
    let place = place::find(checked, at)?;
    let lines = match &place.what {
        What::Function(id) => signatures(checked, *id),
        What::Param(name) | What::Target(name) | What::Name(name) => match definition_of(checked, &place, name) {
            Some(Defined::Function(id)) => signatures(checked, id),
            Some(Defined::Library(path)) => complete::described(checked, &path),
            Some(Defined::Module(id)) => vec![format!("import {}", checked.names.modules[id].name)],
            Some(Defined::Exception(name)) => vec![format!("class {name}(Exception)")],
            Some(Defined::Variable) | None => {
                let types = typed::of_name(checked, &place, name);
                types.into_iter().map(|ty| format!("{name}: {ty}")).collect()
            }
        },
        What::Attribute(value, name) => match path_of(checked, &place, value) {
            Some(path) => complete::described(checked, &format!("{path}.{}", name.text)),
            None => complete::attribute(checked, &place, value, name),
        },
        What::Import(path) => complete::described(checked, path),
        What::Expression => typed::of_span(checked, place.function, place.span).into_iter().collect(),
    };
    if lines.is_empty() { None } else { Some(Hover { span: place.span, lines }) }
}

/// Where the name at an address is defined.
pub fn definition(checked: &Checked, at: u32) -> Option<Span> {
    let place = place::find(checked, at)?;
    match &place.what {
        What::Function(id) => Some(checked.tree.functions[*id].name.span),
        What::Param(..) => Some(place.span),
        What::Target(name) | What::Name(name) => place::binding_span(checked, &place, name),
        What::Attribute(value, name) => {
            // A function of another file: `helper.f`.
            let ExprKind::Name(module) = &value.kind else { return None };
            match checked.names.binding(place.function, Some(place.module), module) {
                Binding::Module(id) => match checked.names.definition(id, module)?.1 {
                    Definition::Module(id) => place::module_span(checked, id, &name.text),
                    Definition::Variable
                    | Definition::Function(_)
                    | Definition::Member(..)
                    | Definition::Library(_)
                    | Definition::Exception(_) => None,
                },
                _ => None,
            }
        }
        What::Import(_) | What::Expression => None,
    }
    .filter(|span| span.origin() == Origin::User)
}

/// Types of what has no annotation: parameters, results and variables, where all instances agree.
pub fn hints(checked: &Checked) -> Vec<Hint> {
    let mut hints = Vec::new();
    let main = checked.names.order.last().copied();
    for (id, scope) in checked.names.scopes.iter() {
        let function = &checked.tree.functions[id];
        if scope.module != main || main.is_none() || function.is_lambda || is_generated(checked, id) {
            continue;
        }
        let instances = typed::instances(checked, Some(id));
        let one = |texts: BTreeSet<String>| if texts.len() == 1 { texts.into_iter().next() } else { None };
        for param in &function.params {
            let plain = matches!(param.kind, ParamKind::PositionalOnly | ParamKind::Normal | ParamKind::KeywordOnly);
            if param.annotation.is_none()
                && plain
                && let Some(ty) = one(typed::params(&instances, &param.name.text))
            {
                hints.push(Hint { at: param.name.span.end, text: format!(": {ty}") });
            }
        }
        if function.returns.is_none()
            && let Some(ty) = one(instances.iter().map(|function| returns(function)).collect())
            && let Some(at) = place::end_of_head(checked, id)
        {
            hints.push(Hint { at, text: format!(" -> {ty}") });
        }
    }
    for target in place::first_assignments(checked) {
        let types = typed::of_name(checked, &target.place, &target.name);
        if let [ty] = &types[..]
            && !target.is_plain_literal
        {
            hints.push(Hint { at: target.place.span.end, text: format!(": {ty}") });
        }
    }
    crate::order::sort_by_key(&mut hints, |hint| hint.at);
    hints
}

/// The functions of the main file of which there are several instances.
pub fn instances(checked: &Checked) -> Vec<Instances> {
    let main = checked.names.order.last().copied();
    let mut found = Vec::new();
    for (id, scope) in checked.names.scopes.iter() {
        let function = &checked.tree.functions[id];
        if scope.module == main && !function.is_lambda && !is_generated(checked, id) {
            let lines = signatures(checked, id);
            if lines.len() > 1 {
                found.push(Instances { span: function.name.span, lines });
            }
        }
    }
    crate::order::sort_by_key(&mut found, |instances| instances.span);
    found
}

/// The functions at the level of the main file.
pub fn callables(checked: &Checked) -> Vec<Callable> {
    let Some(main) = checked.names.order.last() else { return Vec::new() };
    let mut found = Vec::new();
    for (name, definition) in &checked.names.modules[*main].names {
        let Definition::Function(id) = definition else { continue };
        let function = &checked.tree.functions[*id];
        let instances = typed::instances(checked, Some(*id));
        let params = function.params.iter().map(|param| {
            let types = typed::params(&instances, &param.name.text);
            CallableParam {
                name: starred(param),
                annotation: param.annotation.as_ref().map(|expr| checked.sources.text(expr.span).to_owned()),
                default: param.default.as_ref().map(|expr| checked.sources.text(expr.span).to_owned()),
                ty: if types.len() == 1 { types.into_iter().next() } else { None },
                by_name: param.kind == ParamKind::KeywordOnly,
            }
        });
        found.push(Callable {
            name: name.to_string(),
            span: function.name.span,
            params: params.collect(),
            about: place::docstring(&function.body),
        });
    }
    crate::order::sort_by_key(&mut found, |callable| callable.span);
    found
}

fn starred(param: &Param) -> String {
    let stars = match param.kind {
        ParamKind::VarArgs => "*",
        ParamKind::KwArgs => "**",
        ParamKind::PositionalOnly | ParamKind::Normal | ParamKind::KeywordOnly => "",
    };
    format!("{stars}{}", param.name.text)
}

/// What a name stands for, as far as it has one meaning.
enum Defined {
    Variable,
    Function(FunctionId),
    Library(String),
    Module(Id<Module>),
    Exception(String),
}

fn definition_of(checked: &Checked, place: &Place<'_>, name: &str) -> Option<Defined> {
    let of = |module: Id<Module>, name: &str| match checked.names.definition(module, name)?.1 {
        Definition::Variable => Some(Defined::Variable),
        Definition::Function(id) => Some(Defined::Function(id)),
        Definition::Module(id) => Some(Defined::Module(id)),
        Definition::Library(path) => Some(Defined::Library(path.to_string())),
        Definition::Exception(class) => Some(Defined::Exception(checked.names.exceptions[class].name.to_string())),
        Definition::Member(..) => None,
    };
    match checked.names.binding(place.function, Some(place.module), name) {
        Binding::Local | Binding::Cell | Binding::Captured | Binding::CapturedCell => Some(Defined::Variable),
        Binding::Nested(id) => Some(Defined::Function(id)),
        Binding::Imported(Definition::Library(path)) => Some(Defined::Library(path.to_string())),
        Binding::Imported(Definition::Member(module, name)) => of(module, &name),
        Binding::Imported(Definition::Module(id)) => Some(Defined::Module(id)),
        Binding::Imported(_) => None,
        Binding::Module(module) => of(module, name),
        Binding::Builtin => Some(Defined::Library(format!("builtins.{name}"))),
    }
}

/// The dotted name in a library that an expression is: `np.random`.
fn path_of(checked: &Checked, place: &Place<'_>, expr: &crate::syntax::ast::Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => match definition_of(checked, place, name)? {
            Defined::Library(path) if !path.starts_with("builtins.") => Some(path),
            _ => None,
        },
        ExprKind::Attribute { value, name } => Some(format!("{}.{}", path_of(checked, place, value)?, name.text)),
        _ => None,
    }
}

/// Functions that inference makes have no text of their own.
fn is_generated(checked: &Checked, id: FunctionId) -> bool {
    let function = &checked.tree.functions[id];
    function.span.origin() == Origin::Prelude
        || checked.sources.text(function.name.span) != &*function.name.text
        || function.span == function.name.span
}

/// `def name(a: int) -> float` for each instance; as it is written where there is none.
fn signatures(checked: &Checked, id: FunctionId) -> Vec<String> {
    let node = &checked.tree.functions[id];
    let instances = typed::instances(checked, Some(id));
    let line = |function: &hir::Function| {
        let params = node.params.iter().map(|param| {
            let ty = typed::param(function, &param.name.text);
            let name = starred(param);
            ty.map_or_else(|| name.clone(), |ty| format!("{name}: {ty}"))
        });
        let params: Vec<_> = params.collect();
        format!("def {}({}) -> {}", node.name.text, params.join(", "), returns(function))
    };
    let lines: BTreeSet<_> = instances.iter().map(|function| line(function)).collect();
    if !lines.is_empty() {
        return lines.into_iter().collect();
    }
    vec![complete::written(checked, &format!("def {}", node.name.text), node)]
}

fn returns(function: &hir::Function) -> String {
    function.returns.to_string()
}

#[cfg(test)]
mod tests;
