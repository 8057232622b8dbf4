//! Types that are not known yet, and the one type of two paths that join. In: types. Out: bindings, joins.

use super::function::Construct;
use crate::arena::{Arena, Id};
use crate::types::{Dtype, Order, Rules, Type, Variable};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of a type variable.
#[derive(Debug, Default)]
struct State {
    bound: Option<Type>,
    /// The empty display it stands for; none for what another function holds.
    site: Option<Construct>,
}

/// The type variables of one instance.
#[derive(Debug, Default)]
pub struct Unifier {
    states: Arena<State>,
}

impl Unifier {
    /// A new variable for the items of the empty display at `site`.
    pub fn variable(&mut self, site: Option<Construct>) -> Type {
        let id = self.states.push(State { bound: None, site });
        Type::Variable(Id::new(id.index()))
    }

    fn state(&self, id: Id<Variable>) -> &State {
        &self.states[Id::new(id.index())]
    }

    /// The empty display a variable stands for.
    pub fn site(&self, id: Id<Variable>) -> Option<Construct> {
        self.state(id).site
    }

    /// Follows a bound variable, leaving those inside of the type as they are: they remember the displays they
    /// stand for.
    pub fn shallow(&self, ty: &Type) -> Type {
        match ty {
            Type::Variable(id) => match &self.state(*id).bound {
                Some(bound) => self.shallow(bound),
                None => ty.clone(),
            },
            _ => ty.clone(),
        }
    }

    /// Replaces bound variables by what they are bound to.
    pub fn resolve(&self, ty: &Type) -> Type {
        match ty {
            Type::Variable(id) => match &self.state(*id).bound {
                Some(bound) => self.resolve(bound),
                None => ty.clone(),
            },
            Type::List(item) => Type::List(self.shared(item)),
            Type::Sequence(item) => Type::Sequence(self.shared(item)),
            Type::Set(item) => Type::Set(self.shared(item)),
            Type::Optional(item) => Type::Optional(self.shared(item)),
            Type::Cell(item) => Type::Cell(self.shared(item)),
            Type::Dict(key, value) => Type::Dict(self.shared(key), self.shared(value)),
            Type::Tuple(items) => Type::Tuple(self.all(items)),
            Type::Function(id, items) => Type::Function(*id, self.all(items)),
            Type::Choice(items) => Type::Choice(self.all(items)),
            Type::Generator(id, items) => Type::Generator(*id, self.all(items)),
            Type::Iterator(lazy, items) => Type::Iterator(*lazy, self.all(items)),
            Type::Poison
            | Type::Never
            | Type::None
            | Type::Bool
            | Type::Int
            | Type::Unsigned
            | Type::Float
            | Type::Complex
            | Type::Scalar(_)
            | Type::Ptr
            | Type::Str
            | Type::Bytes
            | Type::Range
            | Type::Slice
            | Type::Array { .. }
            | Type::Exception
            | Type::Static(_) => ty.clone(),
        }
    }

    fn shared(&self, ty: &Arc<Type>) -> Arc<Type> {
        if contains_variable(ty) { Arc::new(self.resolve(ty)) } else { ty.clone() }
    }

    fn all(&self, types: &Arc<[Type]>) -> Arc<[Type]> {
        if types.iter().any(contains_variable) {
            types.iter().map(|ty| self.resolve(ty)).collect()
        } else {
            types.clone()
        }
    }

    /// Makes two types equal by binding variables; false where they cannot be.
    pub fn equate(&mut self, a: &Type, b: &Type) -> bool {
        // A variable is bound to a type as it stands: the variables in it remember their displays.
        let outer = (self.shallow(a), self.shallow(b));
        let (a, b) = (self.resolve(a), self.resolve(b));
        match (&a, &b) {
            _ if a == b => true,
            (Type::Poison | Type::Never, _) | (_, Type::Poison | Type::Never) => true,
            (Type::Variable(id), other) => self.bind(*id, other, outer.1),
            (other, Type::Variable(id)) => self.bind(*id, other, outer.0),
            (Type::List(a), Type::List(b))
            | (Type::Sequence(a), Type::Sequence(b))
            | (Type::Set(a), Type::Set(b))
            | (Type::Optional(a), Type::Optional(b))
            | (Type::Cell(a), Type::Cell(b)) => self.equate(a, b),
            (Type::Dict(k, v), Type::Dict(l, w)) => self.equate(k, l) && self.equate(v, w),
            (Type::Tuple(a), Type::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| self.equate(a, b))
            }
            (Type::Function(f, a), Type::Function(g, b)) if f == g => {
                a.iter().zip(b.iter()).all(|(a, b)| self.equate(a, b))
            }
            _ => false,
        }
    }

    /// Binds a variable to `ty`, which resolves to `resolved`.
    fn bind(&mut self, id: Id<Variable>, resolved: &Type, ty: Type) -> bool {
        let fits = !mentions(resolved, id);
        if fits {
            self.states[Id::new(id.index())].bound = Some(ty);
        }
        fits
    }

    /// The type of a container that holds what either holds.
    pub fn widen(&mut self, a: &Type, b: &Type, rules: Rules) -> Option<Type> {
        let (a, b) = (self.resolve(a), self.resolve(b));
        match (&a, &b) {
            (Type::List(a), Type::List(b)) => self.widen(a, b, rules).map(Type::list),
            (Type::Set(a), Type::Set(b)) => self.widen(a, b, rules).map(|item| Type::Set(Arc::new(item))),
            (Type::Dict(k, v), Type::Dict(l, w)) => {
                let (key, value) = (self.widen(k, l, rules)?, self.widen(v, w, rules)?);
                Some(Type::Dict(Arc::new(key), Arc::new(value)))
            }
            _ => self.join(&a, &b, rules),
        }
    }

    /// The one type of a variable that is `a` on one path and `b` on the other; none where there is none.
    pub fn join(&mut self, a: &Type, b: &Type, rules: Rules) -> Option<Type> {
        let (a, b) = (self.resolve(a), self.resolve(b));
        if a == b {
            return Some(a);
        }
        if let Some(number) = join_numbers(&a, &b, rules) {
            return Some(number);
        }
        match (&a, &b) {
            (Type::Poison, _) | (_, Type::Poison) => Some(Type::Poison),
            (Type::Never, other) | (other, Type::Never) => Some(other.clone()),
            (Type::None, Type::Optional(_)) => Some(b.clone()),
            (Type::Optional(_), Type::None) => Some(a.clone()),
            (Type::None, other) | (other, Type::None) => Some(Type::Optional(Arc::new(other.clone()))),
            (Type::Optional(item), other) | (other, Type::Optional(item)) => {
                let other = if let Type::Optional(item) = other { (**item).clone() } else { other.clone() };
                self.join(item, &other, rules).map(|item| Type::Optional(Arc::new(item)))
            }
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                let items: Option<Vec<_>> = a.iter().zip(b.iter()).map(|(a, b)| self.join(a, b, rules)).collect();
                items.map(Type::tuple)
            }
            // Tuples of different lengths have one type where all members do.
            (Type::Tuple(a), Type::Tuple(b)) => {
                let mut members = a.iter().chain(b.iter());
                let first = members.next()?.clone();
                let item = members.try_fold(first, |item, member| self.join(&item, member, rules))?;
                Some(Type::Sequence(Arc::new(item)))
            }
            (Type::Tuple(members), Type::Sequence(item)) | (Type::Sequence(item), Type::Tuple(members)) => {
                let first = (**item).clone();
                let item = members.iter().try_fold(first, |item, member| self.join(&item, member, rules))?;
                Some(Type::Sequence(Arc::new(item)))
            }
            (Type::Array { dtype: d, ndim: n, .. }, Type::Array { dtype: e, ndim: m, .. }) if d == e && n == m => {
                Some(Type::Array { dtype: *d, ndim: *n, order: Order::A })
            }
            (
                Type::Choice(_) | Type::Function(..) | Type::Static(_),
                Type::Choice(_) | Type::Function(..) | Type::Static(_),
            ) => self.choice(&a, &b),
            _ => self.equate(&a, &b).then(|| self.resolve(&a)),
        }
    }

    /// The functions of both.
    fn choice(&mut self, a: &Type, b: &Type) -> Option<Type> {
        let mut all = choices(a)?;
        for function in choices(b)? {
            let same = |other: &Type| match (other, &function) {
                (Type::Function(f, _), Type::Function(g, _)) => f == g,
                (other, function) => other == function,
            };
            match all.iter().find(|other| same(other)).cloned() {
                Some(known) => {
                    if !self.equate(&known, &function) {
                        return None;
                    }
                }
                None => all.push(function),
            }
        }
        let mut all: Vec<_> = all.iter().map(|function| self.resolve(function)).collect();
        crate::order::sort(&mut all);
        match <[Type; 1]>::try_from(all) {
            Ok([only]) => Some(only),
            Err(all) => {
                let members = all.into_iter().map(|function| Type::Optional(Arc::new(function)));
                Some(Type::Choice(std::iter::once(Type::Int).chain(members).collect()))
            }
        }
    }
}

/// The functions that a value of a type may be; none where it is none.
pub fn choices(ty: &Type) -> Option<Vec<Type>> {
    match ty {
        Type::Choice(items) => {
            let functions = items.iter().filter_map(|item| match item {
                Type::Optional(function) => Some((**function).clone()),
                _ => None,
            });
            Some(functions.collect())
        }
        Type::Function(..) => Some(vec![ty.clone()]),
        // Modules and dtypes are no functions.
        Type::Static(name) if !name.0.starts_with("module.") && !name.0.starts_with("dtype.") => Some(vec![ty.clone()]),
        _ => None,
    }
}

/// int and float that meet become float, as in Numba; a NumPy scalar wins over a Python number of its kind.
fn join_numbers(a: &Type, b: &Type, rules: Rules) -> Option<Type> {
    let (rank, _) = (number_rank(a)?, number_rank(b)?);
    if rules.is_numba() {
        let (d, e) = (super::operator::dtype_of(a)?, super::operator::dtype_of(b)?);
        return Some(super::operator::scalar_type(promote(d, e), rules));
    }
    match (a, b) {
        (Type::Unsigned, python) | (python, Type::Unsigned) if !matches!(python, Type::Scalar(_)) => {
            join_numbers(&Type::Int, python, rules)
        }
        (Type::Scalar(d), Type::Scalar(e)) => Some(super::operator::scalar_type(promote(*d, *e), rules)),
        (Type::Scalar(d), python) | (python, Type::Scalar(d)) => {
            let weak = super::operator::weak_promote(*d, python)?;
            Some(super::operator::scalar_type(weak, rules))
        }
        _ => Some(if rank >= number_rank(b)? { a.clone() } else { b.clone() }),
    }
}

/// Place in the tower bool < int < float < complex; none for what is not a number.
pub fn number_rank(ty: &Type) -> Option<u8> {
    match ty {
        Type::Bool | Type::Scalar(Dtype::Bool) => Some(0),
        Type::Int | Type::Unsigned => Some(1),
        Type::Float => Some(2),
        Type::Complex => Some(3),
        Type::Scalar(dtype) => Some(if dtype.is_integer() {
            1
        } else if dtype.is_float() {
            2
        } else {
            3
        }),
        _ => None,
    }
}

/// NumPy's `promote_types`.
pub fn promote(a: Dtype, b: Dtype) -> Dtype {
    use Dtype::{Bool, C64, C128, F32, F64, I8, I16, I32, I64, U8, U16, U32};
    if a == b {
        return a;
    }
    let (a, b) = if rank(a) <= rank(b) { (a, b) } else { (b, a) };
    match (a, b) {
        (Bool, other) => other,
        (_, C128) => C128,
        (I8 | U8 | I16 | U16 | F32, C64) => C64,
        (_, C64) => C128,
        (_, F64) => F64,
        (I8 | U8 | I16 | U16, F32) => F32,
        (_, F32) => F64,
        // Both are integers from here on.
        _ if a.is_signed() == b.is_signed() => {
            if a.size() >= b.size() {
                a
            } else {
                b
            }
        }
        _ => {
            let (signed, unsigned) = if a.is_signed() { (a, b) } else { (b, a) };
            match (signed, unsigned) {
                _ if signed.size() > unsigned.size() => signed,
                (_, U8) => I16,
                (_, U16) => I32,
                (_, U32) => I64,
                (I64 | I32 | I16 | I8, _) => F64,
                _ => unreachable!("the first is signed"),
            }
        }
    }
}

fn rank(dtype: Dtype) -> usize {
    Dtype::ALL.iter().position(|other| *other == dtype).expect("ALL has every dtype")
}

/// Whether a type has variables in it.
pub fn contains_variable(ty: &Type) -> bool {
    match ty {
        Type::Variable(_) => true,
        Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Optional(item) | Type::Cell(item) => {
            contains_variable(item)
        }
        Type::Dict(key, value) => contains_variable(key) || contains_variable(value),
        Type::Tuple(items)
        | Type::Function(_, items)
        | Type::Choice(items)
        | Type::Generator(_, items)
        | Type::Iterator(_, items) => items.iter().any(contains_variable),
        _ => false,
    }
}

/// The type with other types in place of its variables.
pub fn replaced(ty: &Type, with: &BTreeMap<Id<Variable>, Type>) -> Type {
    let shared = |item: &Arc<Type>| Arc::new(replaced(item, with));
    let all = |items: &Arc<[Type]>| items.iter().map(|item| replaced(item, with)).collect();
    match ty {
        Type::Variable(id) => with.get(id).unwrap_or(ty).clone(),
        Type::List(item) => Type::List(shared(item)),
        Type::Sequence(item) => Type::Sequence(shared(item)),
        Type::Set(item) => Type::Set(shared(item)),
        Type::Optional(item) => Type::Optional(shared(item)),
        Type::Cell(item) => Type::Cell(shared(item)),
        Type::Dict(key, value) => Type::Dict(shared(key), shared(value)),
        Type::Tuple(items) => Type::Tuple(all(items)),
        Type::Function(id, items) => Type::Function(*id, all(items)),
        Type::Choice(items) => Type::Choice(all(items)),
        Type::Generator(id, items) => Type::Generator(*id, all(items)),
        Type::Iterator(lazy, items) => Type::Iterator(*lazy, all(items)),
        other => other.clone(),
    }
}

/// Calls `visit` with each variable in a type.
pub fn for_each_variable(ty: &Type, visit: &mut dyn FnMut(Id<Variable>)) {
    match ty {
        Type::Variable(id) => visit(*id),
        Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Optional(item) | Type::Cell(item) => {
            for_each_variable(item, visit);
        }
        Type::Dict(key, value) => {
            for_each_variable(key, visit);
            for_each_variable(value, visit);
        }
        Type::Tuple(items)
        | Type::Function(_, items)
        | Type::Choice(items)
        | Type::Generator(_, items)
        | Type::Iterator(_, items) => {
            items.iter().for_each(|item| for_each_variable(item, visit));
        }
        _ => {}
    }
}

fn mentions(ty: &Type, id: Id<Variable>) -> bool {
    match ty {
        Type::Variable(other) => *other == id,
        Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Optional(item) | Type::Cell(item) => {
            mentions(item, id)
        }
        Type::Dict(key, value) => mentions(key, id) || mentions(value, id),
        Type::Tuple(items)
        | Type::Function(_, items)
        | Type::Choice(items)
        | Type::Generator(_, items)
        | Type::Iterator(_, items) => items.iter().any(|item| mentions(item, id)),
        _ => false,
    }
}
