//! What functions declare: their decorators and `nonlocal` names. In: `Names`. Reports: KU1013, KU1107.

use super::{Definition, Module, Names, scope};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind, Ident, Keyword, Stmt, StmtKind, Tree};

/// Whether a library's name is a decorator that only asks for Numba's rules.
pub fn is_jit(path: &str) -> bool {
    matches!(path, "numba.njit" | "numba.jit" | "numba.extending.register_jitable" | "numba.core.decorators.njit")
}

/// Whether a library's name is a decorator that remembers results.
pub fn is_cache(path: &str) -> bool {
    matches!(path, "functools.cache" | "functools.lru_cache")
}

/// Whether a decorator gives back the function that it was given.
fn changes_nothing(path: &str) -> bool {
    if path == "functools.wraps" {
        return true;
    }
    let (module, name) = path.rsplit_once('.').unwrap_or_default();
    matches!(module, "typing" | "typing_extensions") && matches!(name, "final" | "override" | "no_type_check")
}

/// Checks the declarations of all functions that were resolved.
pub(super) fn check(tree: &Tree, names: &Names, errors: &mut Vec<Diagnostic>) {
    for (id, scope) in names.scopes.iter() {
        let function = &tree.functions[id];
        for decorator in &function.decorators {
            errors.extend(refusal(decorator, scope.module, names));
        }
        nonlocals(&function.body, &mut |name| {
            if !scope.names.contains_key(&name.text) {
                let text = format!("no function around this one has a variable `{}`", name.text);
                let help = "`nonlocal` is for variables of an enclosing function; those of the module are `global`";
                errors.push(Diagnostic::new(Code::BadDeclaration, name.span, text).help(help));
            }
        });
    }
}

/// What a decorator is: a library's function with arguments.
#[derive(Debug)]
pub struct Decorator<'a> {
    /// Its canonical name.
    pub path: String,
    /// The arguments it was called with, and the module that they stand in.
    pub arguments: Vec<(Id<Module>, &'a [Expr], &'a [Keyword])>,
}

/// Follows a decorator to the library: `njit`, `nb.njit(cache=True)`, or a name for either (`fast = njit(cache=True)`).
pub fn decorator<'a>(expr: &'a Expr, module: Id<Module>, names: &'a Names) -> Option<Decorator<'a>> {
    let mut arguments = Vec::new();
    let mut at = (module, expr);
    // A name that stands for itself leads nowhere.
    for _ in 0..16 {
        let (module, expr) = at;
        if let ExprKind::Call { function, args, keywords } = &expr.kind {
            arguments.push((module, args.as_slice(), keywords.as_slice()));
            at = (module, function);
        } else if let Some(path) = library_path(expr, module, names) {
            return Some(Decorator { path, arguments });
        } else {
            let ExprKind::Name(name) = &expr.kind else { return None };
            let (owner, Definition::Variable) = names.definition(module, name)? else { return None };
            at = (owner, names.modules[owner].once.get(name)?);
        }
    }
    None
}

fn refusal(written: &Expr, module: Option<Id<Module>>, names: &Names) -> Option<Diagnostic> {
    // One of the program's own is called.
    let path = decorator(written, module?, names)?.path;
    if is_jit(&path) || is_cache(&path) || changes_nothing(&path) || !path.contains('.') {
        return None;
    }
    let text = format!("`@{path}` is not supported yet");
    Some(
        Diagnostic::new(Code::UnsupportedDecorator, written.span, text)
            .help("write the function without it, or under `@njit`"),
    )
}

/// Whether a decorator makes another function of the one that it is given: it is called where the `def` stands.
pub fn wraps(written: &Expr, module: Id<Module>, names: &Names) -> bool {
    match decorator(written, module, names) {
        Some(decorator) => is_cache(&decorator.path) || !decorator.path.contains('.'),
        None => true,
    }
}

/// The canonical name of a library's member; builtins have their own.
fn library_path(expr: &Expr, module: Id<Module>, names: &Names) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) if names.modules[module].names.contains_key(name) => {
            match names.definition(module, name)? {
                (_, Definition::Library(path)) => Some(path.to_string()),
                _ => None,
            }
        }
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Attribute { value, name } => Some(format!("{}.{}", library_path(value, module, names)?, name.text)),
        _ => None,
    }
}

fn nonlocals(body: &[Stmt], visit: &mut dyn FnMut(&Ident)) {
    for stmt in body {
        if let StmtKind::Nonlocal(names) = &stmt.kind {
            names.iter().for_each(&mut *visit);
        }
        scope::for_each_body(stmt, &mut |body| nonlocals(body, visit));
    }
}
