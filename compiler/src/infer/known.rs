//! What inference learnt of the library, kept from one program to the next. In: the instances of a program. Out:
//! `Known`: those that would be the same in any other.
//!
//! An instance of a prelude function whose argument types name nothing of the program depends on the compiler alone, and
//! so does all that it calls, unless it asks for something of the program. Editors check a program at every key, and most
//! of what a short program needs to be checked is the library.

use super::hir::{self, ExprKind};
use super::{Instance, Key};
use crate::arena::{Id, IdMap};
use crate::prelude::Prelude;
use crate::source::Origin;
use crate::types::Type;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// More are not kept: what a long session with many programs leaves would only take memory.
const MOST: usize = 8000;

/// Instances of library functions that are the same in every program.
#[derive(Debug, Default)]
pub struct Known {
    /// Every program begins with these.
    pub(super) functions: IdMap<hir::Function, Arc<hir::Function>>,
    pub(super) facts: IdMap<hir::Function, Arc<Facts>>,
    instances: HashMap<Key, KnownInstance>,
    /// What the last program had, to be looked through when the next begins: most processes compile only one.
    last: Option<Last>,
}

/// What the call of an instance has to know of it.
#[derive(Debug, Clone)]
pub(super) struct KnownInstance {
    pub id: Id<hir::Function>,
    /// Its result type; items may be open.
    pub returns: Type,
    /// How many levels it takes to infer it.
    pub height: u32,
}

#[derive(Debug)]
struct Last {
    functions: IdMap<hir::Function, Arc<hir::Function>>,
    instances: HashMap<Key, Instance>,
    /// Their keys in the order in which they were made.
    order: Vec<Key>,
}

/// What a function leads to.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The instances that it calls, in the order of the text.
    pub calls: Vec<Id<hir::Function>>,
    /// The types of its values.
    pub types: BTreeSet<Type>,
}

impl Facts {
    pub fn of(function: &hir::Function) -> Self {
        let mut facts = Self::default();
        let mut add = |ty: &Type| {
            if !facts.types.contains(ty) {
                facts.types.insert(ty.clone());
            }
        };
        function.locals.iter().for_each(|(_, local)| add(&local.ty));
        add(&function.returns);
        let mut called = BTreeSet::new();
        for stmt in &function.body {
            stmt.for_each_expr(&mut |expr| {
                add(&expr.ty);
                if let ExprKind::Call(callee, _) = &expr.kind
                    && called.insert(*callee)
                {
                    facts.calls.push(*callee);
                }
            });
        }
        facts
    }
}

impl Known {
    pub(super) fn instance(&self, key: &Key) -> Option<&KnownInstance> {
        self.instances.get(key)
    }

    /// Notes what a program had.
    pub(super) fn note(&mut self, program: &hir::Program, instances: HashMap<Key, Instance>, order: Vec<Key>) {
        self.last = Some(Last { functions: program.functions.clone(), instances, order });
    }

    /// Takes over what the last program had that other programs can have too.
    pub(super) fn learn(&mut self) {
        let Some(mut last) = self.last.take() else { return };
        if self.functions.len() > MOST {
            *self = Self::default();
            return;
        }
        let mut found: Vec<_> = last
            .order
            .into_iter()
            .filter_map(|key| {
                let instance = last.instances.remove(&key).filter(|instance| is_general(&key, instance))?;
                let facts = Facts::of(&last.functions[instance.id]);
                is_general_function(&last.functions[instance.id], &facts).then_some((key, instance, facts))
            })
            .collect();
        // Those that call others are general as far as these are.
        let known = self.functions.len();
        loop {
            let ids: BTreeSet<_> = found.iter().map(|(_, instance, _)| instance.id).collect();
            let before = found.len();
            found.retain(|(.., facts)| facts.calls.iter().all(|id| id.index() < known || ids.contains(id)));
            if found.len() == before {
                break;
            }
        }
        let mut places = IdMap::default();
        for (_, instance, _) in &found {
            places.insert(instance.id, self.functions.push(last.functions[instance.id].clone()));
        }
        let place = |id: Id<hir::Function>| places.get(id).copied().unwrap_or(id);
        for (key, instance, mut facts) in found {
            let id = place(instance.id);
            let function = Arc::make_mut(&mut self.functions[id]);
            for stmt in &mut function.body {
                stmt.for_each_expr_mut(&mut |expr| {
                    if let ExprKind::Call(callee, _) = &mut expr.kind {
                        *callee = place(*callee);
                    }
                });
            }
            facts.calls.iter_mut().for_each(|callee| *callee = place(*callee));
            self.facts.insert(id, Arc::new(facts));
            let known = KnownInstance { id, returns: instance.returns, height: instance.height };
            self.instances.insert(key, known);
        }
    }
}

/// Whether nothing of the program is in what an instance was made of, and nothing was wrong with it.
fn is_general(key: &Key, instance: &Instance) -> bool {
    Prelude::has(key.function)
        && key.params.iter().all(is_general_type)
        && instance.done
        && !instance.asked
        && instance.errors.is_empty()
        && instance.notes.is_empty()
        && instance.lost.is_none()
}

/// Whether nothing of the program is in a function.
fn is_general_function(function: &hir::Function, facts: &Facts) -> bool {
    let mut general = function.span.origin() == Origin::Prelude && facts.types.iter().all(is_general_type);
    for stmt in &function.body {
        stmt.for_each_expr(&mut |expr| {
            general &= !matches!(expr.kind, ExprKind::Global(_) | ExprKind::GlobalChecked(_) | ExprKind::CallHost(..));
        });
    }
    general
}

/// Whether a type means the same in every program. What a cell holds depends on all who use it.
fn is_general_type(ty: &Type) -> bool {
    match ty {
        Type::Poison | Type::Variable(_) | Type::Generator(..) | Type::Cell(_) => false,
        Type::Static(path) => !["host.", "module.", "exception."].iter().any(|own| path.0.starts_with(own)),
        Type::Function(id, items) => Prelude::has(*id) && items.iter().all(is_general_type),
        Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Optional(item) => is_general_type(item),
        Type::Dict(key, value) => is_general_type(key) && is_general_type(value),
        Type::Tuple(items) | Type::Choice(items) | Type::Iterator(_, items) => items.iter().all(is_general_type),
        Type::Never
        | Type::None
        | Type::Bool
        | Type::Int
        | Type::Unsigned
        | Type::Float
        | Type::Complex
        | Type::Scalar(_)
        | Type::Ptr
        | Type::Range
        | Type::Slice
        | Type::Str
        | Type::Bytes
        | Type::Exception
        | Type::Array { .. } => true,
    }
}
