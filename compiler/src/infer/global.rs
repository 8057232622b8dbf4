//! Variables that live outside of a function's frame: a module's, and those that nested functions share. In: names.
//! Out: reads and writes of them, and their types as far as they are known.

use super::function::Body;
use super::hir::{self, Expr, ExprKind, Stmt, StmtKind};
use super::{GlobalKey, Inferer};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Binding, Module};
use crate::source::Span;
use crate::syntax::ast::FunctionId;
use crate::types::Type;
use std::sync::Arc;

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
        if self.rules().is_numba()
            && let Some(place) = self.inferer.names.modules[module].changing.get(name).copied()
            && place.is_none_or(|place| place.start > self.hir.span.start)
        {
            return self.changing_global(name, place, span);
        }
        match self.inferer.globals.get(&key).copied() {
            Some(id) => {
                let mut ty = self.inferer.program.globals[id].ty.clone();
                if super::unify::contains_variable(&ty) {
                    ty = self.reopened(&ty);
                    self.open_globals.push((key.clone(), ty.clone()));
                }
                let checked = self.inferer.conditional_globals.contains(&key);
                let kind = if checked { ExprKind::GlobalChecked(id) } else { ExprKind::Global(id) };
                let is_filled = self.inferer.names.modules[module].filled.contains(name);
                let value = Expr::new(kind, ty, span);
                match &value.ty {
                    Type::Array { .. } if is_filled && self.rules().is_numba() => self.frozen(key, value),
                    _ => value,
                }
            }
            None => {
                let text = Expr::str(&format!("name '{name}' is not defined"), span);
                let error = self.builtin_exception("NameError", vec![text], span);
                self.raise_here(error, span)
            }
        }
    }

    /// An array of the module that code without a decorator changes: Numba has it as it was when the function was called
    /// first, with arguments of these types.
    fn frozen(&mut self, (module, name): GlobalKey, value: Expr) -> Expr {
        let span = value.span;
        let params: Vec<_> = self.hir.params.iter().map(|param| self.hir.locals[*param].ty.to_string()).collect();
        let place = format!("{name} of {} with ({})", self.hir.span.start, params.join(", "));
        let copy = self.library_call("array_copy", vec![value], span);
        let ty = self.unify.resolve(&copy.ty);
        // No Python name looks like these.
        let mut hidden = |name: String, ty: Type| {
            let key = (module, Arc::from(name));
            match self.inferer.globals.get(&key) {
                Some(known) => {
                    self.inferer.program.globals[*known].ty = ty;
                    *known
                }
                None => {
                    let id = self.inferer.program.globals.push(hir::Global { name: key.1.clone(), ty });
                    self.inferer.globals.insert(key, id);
                    id
                }
            }
        };
        let (kept, is_kept) = (hidden(place.clone(), ty.clone()), hidden(format!("{place} is kept"), Type::Bool));
        let set = |id, value| Stmt { kind: StmtKind::AssignGlobal(id, value), span };
        let keep = vec![set(kept, copy), set(is_kept, Expr::bool(true, span))];
        let test = Expr::new(ExprKind::Global(is_kept), Type::Bool, span);
        let first = Stmt { kind: StmtKind::If { test, then: Vec::new(), otherwise: keep }, span };
        let kept = Expr::new(ExprKind::Global(kept), ty.clone(), span);
        Expr::new(ExprKind::Block(vec![first], Box::new(kept)), ty, span)
    }

    /// Numba takes the module's variables as they are at the first call of a function.
    fn changing_global(&mut self, name: &str, place: Option<Span>, span: Span) -> Expr {
        let text = format!("`{name}` changes while the program runs: Numba would keep the value of the first call");
        let error = Diagnostic::new(Code::ChangingGlobal, span, text).help(format!("pass `{name}` as an argument"));
        self.error(match place {
            Some(place) => error.label(place, "it is assigned again here"),
            None => error,
        })
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
        let rules = self.rules();
        let known = self.inferer.known_globals.get(&key).cloned();
        let known = known.or_else(|| Some(self.inferer.program.globals[*self.inferer.globals.get(&key)?].ty.clone()));
        let known = known.map(|known| self.reopened(&known));
        let joined = match &known {
            None => ty.clone(),
            Some(known) => match self.unify.widen(known, &ty, rules) {
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
        if let Some(known) = &known {
            self.note_variable_meeting(&key.1, known, &ty, &joined, span);
        }
        if !super::unify::contains_variable(&joined) {
            self.learn_global(key.clone(), &joined);
        }
        let id = match self.inferer.globals.get(&key) {
            Some(id) => *id,
            None => {
                if self.nesting > 0 || self.module_level.is_none() {
                    self.inferer.conditional_globals.insert(key.clone());
                }
                self.declare_global(&key, joined.clone())
            }
        };
        self.widen_items(&value.ty.clone(), &joined);
        if self.again && self.unify.resolve(&value.ty) != joined {
            // The display will be of the wider type in the next walk.
            return;
        }
        let value = self.convert_value(value, &joined);
        out.push(Stmt { kind: StmtKind::AssignGlobal(id, value), span });
    }

    /// Makes the containers of a display hold what `to` says.
    fn widen_items(&mut self, ty: &Type, to: &Type) {
        match (self.unify.shallow(ty), to) {
            (Type::List(slot), Type::List(item)) | (Type::Set(slot), Type::Set(item)) => {
                self.widen_items(&slot, item);
                self.bind_item(&slot, (**item).clone());
            }
            (Type::Dict(k, v), Type::Dict(key, value)) => {
                for (slot, item) in [(k, key), (v, value)] {
                    self.widen_items(&slot, item);
                    self.bind_item(&slot, (**item).clone());
                }
            }
            _ => {}
        }
    }

    /// Notes that a global holds values of this type too.
    pub(super) fn learn_global(&mut self, key: GlobalKey, ty: &Type) {
        let rules = self.rules();
        let known = match self.inferer.known_globals.get(&key).cloned() {
            Some(known) => known,
            None => match self.inferer.globals.get(&key) {
                Some(id) => self.inferer.program.globals[*id].ty.clone(),
                None => {
                    self.inferer.known_globals.insert(key, ty.clone());
                    return;
                }
            },
        };
        if known == *ty {
            self.inferer.known_globals.insert(key, known);
            return;
        }
        let reopened = self.reopened(&known);
        if let Some(joined) = self.unify.widen(&reopened, ty, rules)
            && joined != known
        {
            self.inferer.known_globals.insert(key, joined);
            self.inferer.globals_grew = true;
        }
    }

    fn declare_global(&mut self, key: &GlobalKey, ty: Type) -> Id<hir::Global> {
        let id = self.inferer.program.globals.push(hir::Global { name: key.1.clone(), ty });
        self.inferer.globals.insert(key.clone(), id);
        id
    }
}

impl Inferer<'_> {
    /// The variable that tells whether the code of a module was run; no Python name looks like it.
    pub(super) fn module_ran(&mut self, module: Id<Module>) -> Id<hir::Global> {
        let key = (module, Arc::from("module ran"));
        if let Some(known) = self.globals.get(&key) {
            return *known;
        }
        let id = self.program.globals.push(hir::Global { name: key.1.clone(), ty: Type::Bool });
        self.globals.insert(key, id);
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
            // Variables are of one instance, the cell is of them all.
            Some(known) => self.unify.join(&known, &ty, rules).map(|ty| super::function::close(&ty)),
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

    /// Whether a variable of a function is one of its parameters.
    pub(super) fn is_param(&self, owner: FunctionId, name: &Arc<str>) -> bool {
        self.inferer.tree.functions[owner].params.iter().any(|param| param.name.text == *name)
    }

    /// What the cell of a variable holds: its type, or nothing yet.
    pub(super) fn cell_type(&self, owner: FunctionId, name: &Arc<str>) -> Type {
        let known = self.inferer.cells.get(&(owner, name.clone())).cloned();
        match known {
            Some(ty) if self.is_param(owner, name) => ty,
            Some(ty) => Type::Optional(Arc::new(ty)),
            None => Type::Optional(Arc::new(Type::Never)),
        }
    }
}
