//! Import statements. In: the statement and the module it stands in. Out: what it binds, which modules it runs.
//! Reports: KU2002, KU2003.

use super::{Definition, Module, Resolver, imports, scope};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::ast::{Alias, Expr, ExprKind, FunctionId, Handler, Ident, Stmt, StmtKind};
use std::sync::Arc;

type Bound = Vec<(Arc<str>, Definition)>;

impl Resolver<'_> {
    /// What an import statement binds. The modules it names are resolved first.
    pub(super) fn import(&mut self, stmt: &Stmt, module: Id<Module>) -> Bound {
        let mut runs = Vec::new();
        let bound = match &stmt.kind {
            StmtKind::Import(aliases) => {
                aliases.iter().filter_map(|alias| self.import_module(alias, &mut runs)).collect()
            }
            StmtKind::ImportFrom { module: from, names, level } => {
                self.import_from(from.as_ref(), names, *level, stmt.span, module, &mut runs)
            }
            _ => unreachable!("the caller matched an import"),
        };
        self.names.runs.insert(stmt.span, runs);
        bound
    }

    /// Imports inside of a function, and of those nested in it.
    pub(super) fn imports_inside(&mut self, function: FunctionId, module: Id<Module>) {
        let function = self.tree.functions[function].clone();
        self.imports_among(&function.body, module);
        for nested in scope::functions_of(&function.body) {
            self.imports_inside(nested, module);
        }
    }

    fn imports_among(&mut self, body: &[Stmt], module: Id<Module>) {
        for stmt in body {
            if let StmtKind::Import(_) | StmtKind::ImportFrom { .. } = stmt.kind {
                let bound = self.import(stmt, module);
                self.names.imported.insert(stmt.span, bound);
            }
            scope::for_each_body(stmt, &mut |body| self.imports_among(body, module));
        }
    }

    fn import_module(&mut self, alias: &Alias, runs: &mut Vec<Id<Module>>) -> Option<(Arc<str>, Definition)> {
        let path = &alias.name.text;
        // `import a.b` binds `a`.
        let first: Arc<str> = path.split('.').next().unwrap_or(path).into();
        if imports::is_library(path) {
            return Some(match &alias.alias {
                Some(alias) => (alias.text.clone(), Definition::Library(path.clone())),
                None => (first.clone(), Definition::Library(first)),
            });
        }
        let id = self.user_module(path, alias.name.span, runs)?;
        Some(match &alias.alias {
            Some(alias) => (alias.text.clone(), Definition::Module(id)),
            None => (first.clone(), Definition::Module(self.loaded.get(&first).copied().flatten()?)),
        })
    }

    fn import_from(
        &mut self,
        from: Option<&Ident>,
        names: &[Alias],
        level: u32,
        span: Span,
        module: Id<Module>,
        runs: &mut Vec<Id<Module>>,
    ) -> Bound {
        let written: Arc<str> = from.map_or_else(|| "".into(), |from| from.text.clone());
        if level == 0 && imports::is_library(&written) {
            return library_names(&written, names);
        }
        let at = from.map_or(span, |from| from.span);
        let Some(path) = self.absolute(&written, level, at, module) else { return Vec::new() };
        let Some(id) = self.user_module(&path, at, runs) else { return Vec::new() };
        let mut bound = Vec::new();
        for alias in names {
            if &*alias.name.text == "*" {
                bound.extend(self.all_of(id).into_iter().map(|name| (name.clone(), Definition::Member(id, name))));
                continue;
            }
            let name = alias.alias.as_ref().unwrap_or(&alias.name).text.clone();
            if let Some(definition) = self.member(id, &path, alias, runs) {
                bound.push((name, definition));
            }
        }
        bound
    }

    /// `from path import name`: a name of the module, or a module of the package.
    fn member(
        &mut self,
        id: Id<Module>,
        path: &Arc<str>,
        alias: &Alias,
        runs: &mut Vec<Id<Module>>,
    ) -> Option<Definition> {
        let name = &alias.name.text;
        match self.names.modules[id].names.get(name) {
            // Within the package itself, a member would stand for itself.
            Some(Definition::Module(inner)) => return Some(Definition::Module(*inner)),
            Some(_) => return Some(Definition::Member(id, name.clone())),
            None => {}
        }
        let inner: Arc<str> = format!("{path}.{name}").into();
        if self.names.modules[id].is_package && self.find(&inner) {
            return self.user_module(&inner, alias.name.span, runs).map(Definition::Module);
        }
        let error = if self.names.order.contains(&id) {
            let text = format!("module `{path}` has no name `{name}`");
            let error = Diagnostic::new(Code::UnknownAttribute, alias.name.span, text);
            let known: Vec<_> = self.names.modules[id].names.keys().map(|name| &**name).collect();
            match suggest::closest(name, known) {
                Some(close) => error.meant(alias.name.span, close),
                None => error,
            }
        } else {
            // `path` is still at one of its own imports, further up.
            let text = format!(
                "`{path}` and this module import each other: `{name}` does not exist yet when this import runs"
            );
            Diagnostic::new(Code::UnknownAttribute, alias.name.span, text).help(format!(
                "write `import {path}` and `{path}.{name}` where it is used, or move what both need to a third module"
            ))
        };
        self.errors.push(error);
        None
    }

    /// The dotted name that a relative import means.
    fn absolute(&mut self, written: &str, level: u32, span: Span, module: Id<Module>) -> Option<Arc<str>> {
        if level == 0 {
            return Some(written.into());
        }
        let this = &self.names.modules[module];
        let mut package: Vec<&str> = this.name.split('.').collect();
        if !this.is_package {
            package.pop();
        }
        // The first dot is the package itself.
        let kept = (package.len() + 1).checked_sub(level as usize).filter(|kept| *kept > 0);
        let Some(kept) = kept else {
            let text = if package.is_empty() {
                "a relative import, but this file is not in a package"
            } else {
                "a relative import beyond the outermost package"
            };
            let help = if written.is_empty() {
                "write `import name`".to_owned()
            } else {
                format!("write `from {written} import …`")
            };
            self.errors.push(Diagnostic::new(Code::UnknownModule, span, text).help(help));
            return None;
        };
        package.truncate(kept);
        package.extend(Some(written).filter(|written| !written.is_empty()));
        Some(package.join(".").into())
    }

    /// What `from module import *` brings: what `__all__` lists, else every name without an underscore in front.
    fn all_of(&self, id: Id<Module>) -> Vec<Arc<str>> {
        let module = &self.names.modules[id];
        let listed = module.body.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Assign { targets, value } => match (targets.as_slice(), &value.kind) {
                ([Expr { kind: ExprKind::Name(name), .. }], ExprKind::List(items) | ExprKind::Tuple(items))
                    if &**name == "__all__" =>
                {
                    Some(items)
                }
                _ => None,
            },
            _ => None,
        });
        let Some(listed) = listed else {
            return module.names.keys().filter(|name| !name.starts_with('_')).cloned().collect();
        };
        let listed = listed.iter().filter_map(|item| match &item.kind {
            ExprKind::Str(name) => Some(Arc::<str>::from(&**name)),
            _ => None,
        });
        listed.filter(|name| module.names.contains_key(name)).collect()
    }

    /// A module of the program; those it lies in are resolved, and run, before it.
    fn user_module(&mut self, path: &Arc<str>, span: Span, runs: &mut Vec<Id<Module>>) -> Option<Id<Module>> {
        let mut parent: Option<Id<Module>> = None;
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let name: Arc<str> = path[..end].into();
            if !self.find(&name) {
                self.errors.push(imports::unknown_module(path, span));
                return None;
            }
            let id = self.loaded.get(&name).copied().flatten()?;
            if let Some(parent) = parent {
                let own = name.rsplit('.').next().unwrap_or(&name);
                // Importing a module makes it a name of its package.
                self.names.modules[parent].names.entry(own.into()).or_insert(Definition::Module(id));
            }
            if !runs.contains(&id) {
                runs.push(id);
            }
            parent = Some(id);
        }
        parent
    }

    /// Whether there is such a module; resolves it when it is named for the first time.
    fn find(&mut self, name: &Arc<str>) -> bool {
        if self.loaded.contains_key(name) {
            return true;
        }
        match (self.load)(name, self.tree) {
            Some(Ok(loaded)) => {
                self.module(name.clone(), loaded);
                true
            }
            Some(Err(errors)) => {
                self.errors.extend(errors);
                self.loaded.insert(name.clone(), None);
                true
            }
            None => false,
        }
    }
}

fn library_names(path: &str, names: &[Alias]) -> Bound {
    let mut bound = Vec::new();
    for alias in names {
        if &*alias.name.text == "*" {
            let all = imports::star(path).into_iter();
            bound.extend(all.map(|name| (name.into(), Definition::Library(format!("{path}.{name}").into()))));
            continue;
        }
        let name = alias.alias.as_ref().unwrap_or(&alias.name).text.clone();
        bound.push((name, Definition::Library(format!("{path}.{}", alias.name.text).into())));
    }
    bound
}

/// `try: import …` with `except ImportError:`. Which way it goes is known.
impl Resolver<'_> {
    /// Leaves of such statements what runs.
    pub(super) fn settle_guards(&mut self, body: &mut [Stmt], module: Id<Module>) {
        for stmt in body {
            let StmtKind::Try { body, handlers, orelse, finalbody } = &stmt.kind else { continue };
            let Some(guard) = handlers.iter().position(catches_import) else { continue };
            if !body.iter().any(|stmt| matches!(stmt.kind, StmtKind::Import(_) | StmtKind::ImportFrom { .. })) {
                continue;
            }
            let failing = body.iter().position(|stmt| !self.can_import(stmt, module));
            let mut chosen;
            let mut others = Vec::new();
            match failing {
                Some(_) if handlers[guard].name.is_some() || guard > 0 => continue,
                Some(at) => {
                    chosen = body[..at].to_vec();
                    chosen.extend(handlers[guard].body.iter().cloned());
                }
                None => {
                    chosen = body.clone();
                    chosen.extend(orelse.iter().cloned());
                    others.extend(handlers.iter().filter(|handler| !catches_import(handler)).cloned());
                }
            }
            stmt.kind = if others.is_empty() {
                chosen.extend(finalbody.iter().cloned());
                let test = Expr { kind: ExprKind::Bool(true), span: stmt.span };
                StmtKind::If { test, body: chosen, orelse: Vec::new() }
            } else {
                let finalbody = finalbody.clone();
                StmtKind::Try { body: chosen, handlers: others, orelse: Vec::new(), finalbody }
            };
        }
    }

    /// Whether a statement is no import of what does not exist.
    fn can_import(&mut self, stmt: &Stmt, module: Id<Module>) -> bool {
        let mut exists = |path: &Arc<str>| imports::is_library(path) || self.find(path);
        match &stmt.kind {
            StmtKind::Import(aliases) => aliases.iter().all(|alias| exists(&alias.name.text)),
            StmtKind::ImportFrom { module: Some(from), level: 0, .. } => exists(&from.text),
            StmtKind::ImportFrom { module: Some(from), level, .. } => {
                let errors = self.errors.len();
                let path = self.absolute(&from.text, *level, stmt.span, module);
                self.errors.truncate(errors);
                path.is_some_and(|path| self.find(&path))
            }
            _ => true,
        }
    }
}

fn catches_import(handler: &Handler) -> bool {
    let is = |class: &Expr| matches!(&class.kind, ExprKind::Name(name) if matches!(&**name, "ImportError" | "ModuleNotFoundError"));
    match handler.class.as_ref().map(|class| &class.kind) {
        Some(ExprKind::Tuple(classes)) => classes.iter().any(is),
        Some(_) => handler.class.as_ref().is_some_and(is),
        None => false,
    }
}
