//! Subscripts: items, slices, elements and views. In: an object and an index. Out: `hir::Expr`s and stores.

use super::function::Body;
use super::hir::{Expr, ExprKind, Stmt, StmtKind};
use super::operator::{dtype_of, scalar_type};
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Dtype, Static, Type};

/// What stands between `[` and `]`.
#[derive(Debug, Clone)]
pub enum Index {
    /// A value: an int, a key, a mask.
    One(Expr),
    /// `lower:upper:step`.
    Slice([Option<Expr>; 3], Span),
    /// `a, b, …`.
    Many(Vec<Index>, Span),
    /// `...`
    Ellipsis,
    /// `None` or `np.newaxis`.
    NewAxis,
}

impl Index {
    /// Whether it copies elements instead of viewing them: it has an array, a list or a mask in it.
    pub fn is_advanced(&self) -> bool {
        match self {
            Self::One(value) => matches!(value.ty, Type::List(_) | Type::Array { .. }),
            Self::Many(items, _) => items.iter().any(Self::is_advanced),
            Self::Slice(..) | Self::Ellipsis | Self::NewAxis => false,
        }
    }

    fn has_ellipsis(&self) -> bool {
        match self {
            Self::Ellipsis => true,
            Self::Many(items, _) => items.iter().any(Self::has_ellipsis),
            Self::One(_) | Self::Slice(..) | Self::NewAxis => false,
        }
    }
}

impl Body<'_, '_> {
    /// Evaluates an index.
    pub(super) fn index(&mut self, index: &ast::Expr) -> Index {
        match &index.kind {
            ast::ExprKind::Slice { lower, upper, step } => {
                let mut part = |part: &Option<Box<ast::Expr>>| {
                    let value = self.expr(part.as_deref()?, None);
                    // `x[None:None]` says the same as `x[:]`.
                    (value.ty != Type::None).then_some(value)
                };
                Index::Slice([part(lower), part(upper), part(step)], index.span)
            }
            ast::ExprKind::Tuple(items) => Index::Many(items.iter().map(|item| self.index(item)).collect(), index.span),
            ast::ExprKind::Ellipsis => Index::Ellipsis,
            _ => {
                let value = self.expr(index, None);
                match &value.ty {
                    Type::None => Index::NewAxis,
                    Type::Static(path) if &*path.0 == "numpy.newaxis" => Index::NewAxis,
                    _ => Index::One(value),
                }
            }
        }
    }

    /// An index that can be used twice.
    pub(super) fn keep_index(&mut self, index: Index, out: &mut Vec<Stmt>) -> Index {
        match index {
            Index::One(value) => Index::One(self.keep(value, out)),
            Index::Slice(parts, span) => Index::Slice(parts.map(|part| part.map(|part| self.keep(part, out))), span),
            Index::Many(items, span) => {
                Index::Many(items.into_iter().map(|item| self.keep_index(item, out)).collect(), span)
            }
            Index::Ellipsis | Index::NewAxis => index,
        }
    }

    /// The index of an object that is no array: a key may be a tuple.
    fn key(&mut self, index: Index, span: Span) -> Expr {
        match index {
            Index::One(value) => value,
            Index::Many(items, at) => {
                let members = items.into_iter().map(|item| self.key(item, at)).collect();
                self.tuple(members, at)
            }
            Index::NewAxis => Expr::none(span),
            Index::Slice(..) | Index::Ellipsis => {
                self.error(Diagnostic::new(Code::NotSubscriptable, span, "a slice is no key"))
            }
        }
    }

    /// `object[index]`, read.
    pub(super) fn subscript(&mut self, object: Expr, index: Index, span: Span) -> Expr {
        let ty = self.unify.shallow(&object.ty);
        let object = Expr { ty: ty.clone(), ..object };
        if let Index::One(value) = &index
            && super::expression::absorbs(&value.ty)
        {
            return value.clone();
        }
        match (&ty, index) {
            (Type::Array { .. }, index) => self.array_subscript(object, index, span),
            (Type::Tuple(items), Index::One(index)) => {
                let count = items.len();
                self.tuple_item(object, index, count, span)
            }
            (Type::Tuple(items), Index::Slice(parts, _)) => {
                let count = items.len();
                self.tuple_slice(object, &parts, count, span)
            }
            (Type::Dict(key, value), index) => {
                let (slot, value) = (key.clone(), value.clone());
                let key = self.key(index, span);
                let key = match self.looked_up(key, &slot) {
                    Ok(key) => key,
                    Err(key) => {
                        let (wanted, got) = (self.unify.resolve(&slot), self.unify.resolve(&key.ty));
                        let text = format!("the keys are `{wanted}`, this is `{got}`");
                        return self.error(Diagnostic::new(Code::TypeMismatch, key.span, text));
                    }
                };
                let item = self.library_call("dict_getitem", vec![object, key], span);
                self.slot_typed(item, &value)
            }
            (Type::List(_) | Type::Sequence(_) | Type::Str | Type::Bytes | Type::Range, Index::One(index)) => {
                self.item_of(object, index, span)
            }
            (Type::List(_) | Type::Sequence(_) | Type::Str | Type::Bytes | Type::Range, Index::Slice(parts, _)) => {
                let parts = parts.map(|part| match part {
                    Some(part) => self.as_index(part),
                    None => Expr::none(span),
                });
                let [start, stop, step] = parts;
                let name = format!("{}_getslice", super::method::library_name(&ty).unwrap_or("list"));
                let slice = self.library_call(&name, vec![object, start, stop, step], span);
                if let Type::List(_) | Type::Sequence(_) = ty { Expr { ty, ..slice } } else { slice }
            }
            (ty, _) if super::expression::absorbs(ty) => object,
            (Type::Static(Static(path)), _) if takes_no_parameters(path) => {
                let name = path.strip_prefix("builtins.").unwrap_or(path);
                let text = format!("the type `{name}` has no items");
                self.error(
                    Diagnostic::new(Code::NotSubscriptable, span, text)
                        .help(format!("`{name}(…)` makes one, with round brackets")),
                )
            }
            // `list[int]` as a value is a type, for an alias.
            (Type::Static(_), _) => object,
            (Type::Optional(_), _) => {
                let text = format!("`{ty}` may be `None`, which has no items");
                self.error(Diagnostic::new(Code::NotSubscriptable, span, text).help("test `is not None` first"))
            }
            (Type::Variable(_), _) => {
                let text = "the type of this is not known here: it comes from an empty container";
                self.error(
                    Diagnostic::new(Code::CannotInfer, span, text)
                        .help("annotate the variable: `name: list[list[int]] = []`"),
                )
            }
            (Type::List(_) | Type::Sequence(_) | Type::Str | Type::Bytes | Type::Range | Type::Tuple(_), _) => {
                let text = format!("`{}` takes one index or slice", self.unify.resolve(&ty));
                self.error(
                    Diagnostic::new(Code::NotSubscriptable, span, text).help("of a list of lists, write `x[i][j]`"),
                )
            }
            (other, _) => {
                let text = format!("`{}` has no items", self.unify.resolve(other));
                self.error(Diagnostic::new(Code::NotSubscriptable, span, text))
            }
        }
    }

    /// An item of a container, under the type its slot has here (which remembers the display it came from).
    pub(super) fn slot_typed(&mut self, item: Expr, slot: &Type) -> Expr {
        let slot = self.unify.shallow(slot);
        if super::expression::absorbs(&item.ty) {
            return item;
        }
        if let Type::Variable(_) = slot {
            self.open.push((slot.clone(), true));
        }
        Expr { ty: slot, ..item }
    }

    /// `sequence[index]` of a list, str, bytes, range or array row.
    pub(super) fn item_of(&mut self, sequence: Expr, index: Expr, span: Span) -> Expr {
        if let Type::Array { .. } = sequence.ty {
            return self.array_subscript(sequence, Index::One(index), span);
        }
        let index = self.as_index(index);
        let name = format!("{}_getitem", super::method::library_name(&sequence.ty).unwrap_or("list"));
        let slot = if let Type::List(slot) | Type::Sequence(slot) = &sequence.ty { Some(slot.clone()) } else { None };
        let item = self.library_call(&name, vec![sequence, index], span);
        match slot {
            Some(slot) => self.slot_typed(item, &slot),
            None => item,
        }
    }

    /// `sequence[index]` where the index is known to be inside.
    pub(super) fn unchecked_item(&mut self, sequence: Expr, index: Expr, span: Span) -> Expr {
        if let Type::Array { .. } = sequence.ty {
            return self.array_subscript(sequence, Index::One(index), span);
        }
        let name = format!("{}_item", super::method::library_name(&sequence.ty).unwrap_or("list"));
        let slot = if let Type::List(slot) | Type::Sequence(slot) = &sequence.ty { Some(slot.clone()) } else { None };
        let item = self.library_call(&name, vec![sequence, index], span);
        match slot {
            Some(slot) => self.slot_typed(item, &slot),
            None => item,
        }
    }

    /// `sequence[start:stop]`.
    pub(super) fn slice_of(&mut self, sequence: Expr, start: Expr, stop: Expr, span: Span) -> Expr {
        self.subscript(sequence, Index::Slice([Some(start), Some(stop), None], span), span)
    }

    fn tuple_item(&mut self, tuple: Expr, index: Expr, count: usize, span: Span) -> Expr {
        let index = self.as_index(index);
        let ExprKind::Int(known) = index.kind else {
            // Which member it is shows at run time: they must all be of one type.
            let mut out = Vec::new();
            let tuple = self.keep(tuple, &mut out);
            let members: Vec<_> = (0..count).map(|at| self.member(&tuple, at)).collect();
            let mixed =
                members.windows(2).any(|pair| self.unify.resolve(&pair[0].ty) != self.unify.resolve(&pair[1].ty));
            if mixed || members.is_empty() {
                let text = format!("which member of a `{}` this is must be known: they have different types", tuple.ty);
                return self.error(
                    Diagnostic::new(Code::NotSubscriptable, span, text)
                        .help("index with a constant, or iterate over it"),
                );
            }
            let list = self.list_of(members, None, span);
            let items = super::method::frozen(list);
            let item = self.library_call("sequence_getitem", vec![items, index], span);
            let ty = item.ty.clone();
            return Expr::new(ExprKind::Block(out, Box::new(item)), ty, span);
        };
        let at = if known < 0 { known + count as i64 } else { known };
        match usize::try_from(at) {
            Ok(at) if at < count => {
                let mut out = Vec::new();
                let tuple = self.keep(tuple, &mut out);
                let member = self.member(&tuple, at);
                if out.is_empty() {
                    return member;
                }
                let ty = member.ty.clone();
                Expr::new(ExprKind::Block(out, Box::new(member)), ty, span)
            }
            _ => {
                let text = format!("index {known} is outside of a tuple of {count}");
                self.error(Diagnostic::new(Code::NotSubscriptable, span, text))
            }
        }
    }

    fn tuple_slice(&mut self, tuple: Expr, parts: &[Option<Expr>; 3], count: usize, span: Span) -> Expr {
        let mut known = [None; 3];
        for (at, part) in parts.iter().enumerate() {
            known[at] = match part {
                None => None,
                Some(Expr { kind: ExprKind::Int(value), .. }) => Some(*value),
                Some(_) => {
                    return self.cut_tuple(tuple, parts.clone(), count, span);
                }
            };
        }
        let members = sliced(known, count as i64);
        let mut out = Vec::new();
        let tuple = self.keep(tuple, &mut out);
        let members = members.into_iter().map(|at| self.member(&tuple, at)).collect();
        let value = self.tuple(members, span);
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(value)), ty, span)
    }

    /// A slice of a tuple whose bounds show at run time: the members must all be of one type.
    fn cut_tuple(&mut self, tuple: Expr, parts: [Option<Expr>; 3], count: usize, span: Span) -> Expr {
        let mut out = Vec::new();
        let ty = tuple.ty.clone();
        let tuple = self.keep(tuple, &mut out);
        let members: Vec<_> = (0..count).map(|at| self.member(&tuple, at)).collect();
        let rules = self.rules();
        let mut types = members.iter().map(|member| member.ty.clone());
        let first = types.next().unwrap_or(Type::Int);
        if types.try_fold(first, |item, ty| self.unify.join(&item, &ty, rules)).is_none() {
            let text = format!("what this takes of a `{ty}` must be known: its members have different types");
            return self.error(Diagnostic::new(Code::NotSubscriptable, span, text).help("slice it with constants"));
        }
        let list = self.list_of(members, None, span);
        let items = super::method::frozen(list);
        let slice = self.subscript(items, Index::Slice(parts, span), span);
        let ty = slice.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(slice)), ty, span)
    }

    /// `object[index] = value`, parsed.
    pub(super) fn assign_subscript(
        &mut self,
        object: &ast::Expr,
        index: &ast::Expr,
        value: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        // Python evaluates the value first; then the object, then the index.
        let value = self.keep_operand(value, out);
        let object = self.expr(object, None);
        self.check_writable(&object);
        let object = self.keep(object, out);
        let index = self.index(index);
        self.store_subscript(object, index, value, span, out);
    }

    /// Numba takes the arrays of a module as constants.
    pub(super) fn check_writable(&mut self, object: &Expr) {
        let global = match &object.kind {
            ExprKind::Block(_, value) => &value.kind,
            kind => kind,
        };
        if self.rules().is_numba()
            && matches!(global, ExprKind::Global(_) | ExprKind::GlobalChecked(_))
            && matches!(self.unify.shallow(&object.ty), Type::Array { .. })
        {
            let name = self.inferer.sources.text(object.span).to_owned();
            let text = format!("`{name}` is an array of the module: for Numba it is a constant that cannot be changed");
            let error = Diagnostic::new(Code::ChangingGlobal, object.span, text);
            self.error(error.help(format!("pass `{name}` as an argument")));
        }
    }

    /// `object[index] = value`.
    pub(super) fn store_subscript(&mut self, object: Expr, index: Index, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let ty = self.unify.shallow(&object.ty);
        let object = Expr { ty: ty.clone(), ..object };
        if super::expression::absorbs(&value.ty) || super::expression::absorbs(&ty) {
            return;
        }
        let value = if matches!(ty, Type::Array { .. }) { value } else { self.made(value) };
        let call = match (&ty, index) {
            (Type::Array { .. }, index) => {
                self.store_array(object, index, value, span, out);
                return;
            }
            (Type::List(_), Index::One(index)) => {
                let index = self.as_index(index);
                let value = self.item_for(value, &ty, span);
                if super::expression::absorbs(&value.ty) || super::expression::absorbs(&index.ty) {
                    return;
                }
                self.library_call("list_setitem", vec![object, index, value], span)
            }
            (Type::List(slot), Index::Slice(parts, _)) => {
                let slot = slot.clone();
                let value = match &value.ty {
                    Type::List(item) => {
                        let item = item.clone();
                        self.bind_item(&slot, (*item).clone());
                        value
                    }
                    _ => self.list_from(value, span),
                };
                let [start, stop, step] = parts.map(|part| match part {
                    Some(part) => self.as_index(part),
                    None => Expr::none(span),
                });
                self.library_call("list_setslice", vec![object, start, stop, step, value], span)
            }
            (Type::Dict(..), index) => {
                let mut inner = Vec::new();
                let key = self.key(index, span);
                let key = self.keep(key, &mut inner);
                out.append(&mut inner);
                self.store_item(object, key, value, span, out);
                return;
            }
            (Type::Str | Type::Tuple(_) | Type::Sequence(_) | Type::Bytes | Type::Range, _) => {
                let text = format!("a `{}` cannot be changed", self.unify.resolve(&ty));
                self.error(Diagnostic::new(Code::NotSubscriptable, span, text).help("make a new one, or use a list"));
                return;
            }
            (other, _) => {
                let text = format!("items of `{}` cannot be assigned", self.unify.resolve(other));
                self.error(Diagnostic::new(Code::NotSubscriptable, span, text));
                return;
            }
        };
        out.push(Stmt { kind: StmtKind::Expr(call), span });
    }

    /// `dict[key] = value`.
    pub(super) fn store_item(&mut self, dict: Expr, key: Expr, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let Type::Dict(key_slot, value_slot) = self.unify.shallow(&dict.ty) else {
            unreachable!("the caller matched a dict")
        };
        if super::expression::absorbs(&key.ty) || super::expression::absorbs(&value.ty) {
            return;
        }
        let key_type = Type::List(key_slot);
        let value_type = Type::List(value_slot);
        let key = self.item_for(key, &key_type, span);
        let value = self.item_for(value, &value_type, span);
        if super::expression::absorbs(&key.ty) || super::expression::absorbs(&value.ty) {
            return;
        }
        let call = self.library_call("dict_setitem", vec![dict, key, value], span);
        out.push(Stmt { kind: StmtKind::Expr(call), span });
    }

    pub(super) fn delete_subscript(&mut self, object: &ast::Expr, index: &ast::Expr, span: Span, out: &mut Vec<Stmt>) {
        let object = self.expr(object, None);
        let index = self.index(index);
        let ty = self.unify.shallow(&object.ty);
        let call = match (&ty, index) {
            (Type::List(_), Index::One(index)) => {
                let index = self.as_index(index);
                self.library_call("list_delitem", vec![object, index], span)
            }
            (Type::List(_), Index::Slice(parts, _)) => {
                let [start, stop, step] = parts.map(|part| match part {
                    Some(part) => self.as_index(part),
                    None => Expr::none(span),
                });
                self.library_call("list_delslice", vec![object, start, stop, step], span)
            }
            (Type::Dict(..), index) => {
                let key = self.key(index, span);
                self.library_call("dict_delitem", vec![object, key], span)
            }
            (Type::Poison, _) => return,
            (other, _) => {
                let text = format!("items of `{}` cannot be deleted", self.unify.resolve(other));
                self.error(Diagnostic::new(Code::NotSubscriptable, span, text));
                return;
            }
        };
        out.push(Stmt { kind: StmtKind::Expr(call), span });
    }
}

/// How many axes of an array an index stands for.
fn axes_of(index: &Index) -> usize {
    match index {
        Index::One(Expr { ty: Type::Array { dtype: Dtype::Bool, ndim, .. }, .. }) => usize::from(*ndim),
        Index::One(_) | Index::Slice(..) | Index::Many(..) => 1,
        Index::Ellipsis | Index::NewAxis => 0,
    }
}

/// The members a slice with constant bounds takes of `count`.
fn sliced([start, stop, step]: [Option<i64>; 3], count: i64) -> Vec<usize> {
    let step = step.unwrap_or(1);
    let (low, high) = if step < 0 { (-1, count - 1) } else { (0, count) };
    let clamp = |at: i64| (if at < 0 { at + count } else { at }).clamp(low, high);
    let mut at = start.map_or(if step < 0 { count - 1 } else { 0 }, clamp);
    let stop = stop.map_or(if step < 0 { -1 } else { count }, clamp);
    let mut members = Vec::new();
    while step != 0 && (if step < 0 { at > stop } else { at < stop }) {
        members.push(at as usize);
        at += step;
    }
    members
}

/// Elements and views of arrays.
impl Body<'_, '_> {
    fn array_subscript(&mut self, array: Expr, index: Index, span: Span) -> Expr {
        let Type::Array { dtype, ndim, .. } = array.ty else { unreachable!("the caller matched an array") };
        // With an ellipsis it is a view, of no dimensions where all axes have an index.
        let views = index.has_ellipsis();
        let Some(indices) = self.axes(index, ndim, span) else { return Expr::poison(span) };
        if indices.iter().any(Index::is_advanced) {
            return self.advanced(array, indices, None, span);
        }
        if !views && indices.len() == usize::from(ndim) && indices.iter().all(|index| matches!(index, Index::One(_))) {
            let indices = self.int_indices(indices);
            if indices.iter().any(|index| super::expression::absorbs(&index.ty)) {
                return Expr::poison(span);
            }
            let ty = scalar_type(dtype, self.rules());
            return Expr::new(ExprKind::Element { array: Box::new(array), indices }, ty, span);
        }
        self.view(array, indices, span)
    }

    fn int_indices(&mut self, indices: Vec<Index>) -> Vec<Expr> {
        indices
            .into_iter()
            .map(|index| match index {
                Index::One(value) => self.as_index(value),
                Index::Slice(..) | Index::Many(..) | Index::Ellipsis | Index::NewAxis => {
                    unreachable!("the caller saw ints only")
                }
            })
            .collect()
    }

    /// One index an axis: an ellipsis and what is missing at the end are written out as full slices.
    fn axes(&mut self, index: Index, ndim: u8, span: Span) -> Option<Vec<Index>> {
        let mut items = match index {
            Index::Many(items, _) => items,
            // A tuple value is as good as a tuple that is written out.
            Index::One(Expr { ty: Type::Tuple(types), kind, span: at }) => {
                let tuple = Expr::new(kind, Type::Tuple(types.clone()), at);
                (0..types.len()).map(|member| Index::One(self.member(&tuple, member))).collect()
            }
            one => vec![one],
        };
        let used: usize = items.iter().map(axes_of).sum();
        if used > usize::from(ndim) {
            let text = format!("too many indices: the array has {ndim} dimensions, {used} were indexed");
            let error = Diagnostic::new(Code::NotSubscriptable, span, text);
            self.error(error.help(match ndim {
                0 => "the value of a 0-d array is `a[()]`, or `a.item()`".to_owned(),
                1 => "one index for each dimension: `a[i]`".to_owned(),
                2 => "one index for each dimension: `a[i, j]`".to_owned(),
                _ => format!("one index for each of the {ndim} dimensions"),
            }));
            return None;
        }
        for item in &items {
            if let Index::Many(_, at) = item {
                let text = "a tuple of indices stands for one axis here: that is not supported";
                self.error(
                    Diagnostic::new(Code::NotSubscriptable, *at, text).help("write it as a list: `a[[0, 2], 1]`"),
                );
                return None;
            }
            if let Index::One(value) = item
                && !self.is_index(&value.ty)
            {
                let text = format!("indexing an array with a `{}` is not supported yet", value.ty);
                self.error(Diagnostic::new(Code::NotSubscriptable, value.span, text).help("loop over the indices"));
                return None;
            }
        }
        let missing = usize::from(ndim) - used;
        let full = || Index::Slice([None, None, None], span);
        match items.iter().position(|item| matches!(item, Index::Ellipsis)) {
            Some(at) => {
                items.splice(at..=at, (0..missing).map(|_| full()));
            }
            None => items.extend((0..missing).map(|_| full())),
        }
        Some(items)
    }

    /// Whether a value of this type can stand for an axis, or for several.
    fn is_index(&self, ty: &Type) -> bool {
        match ty {
            Type::Bool | Type::Tuple(_) | Type::Scalar(Dtype::Bool) => false,
            Type::Array { dtype, .. } => dtype.is_integer() || *dtype == Dtype::Bool,
            Type::List(item) => match self.unify.resolve(item) {
                Type::Bool | Type::Int => true,
                Type::Scalar(dtype) => dtype.is_integer() || dtype == Dtype::Bool,
                row @ Type::List(_) => self.is_index(&row),
                _ => false,
            },
            _ => true,
        }
    }

    /// `array[indices]`, or `array[indices] = value`, where an array, a list or a mask is among the indices. The axes
    /// of those come first in a view; where they go in the result, `front` says.
    fn advanced(&mut self, array: Expr, indices: Vec<Index>, value: Option<Expr>, span: Span) -> Expr {
        let Type::Array { ndim, .. } = array.ty else { unreachable!("the caller matched an array") };
        if let [Index::One(mask)] = indices.as_slice()
            && matches!(mask.ty, Type::Array { dtype: Dtype::Bool, ndim: all, .. } if all == ndim)
        {
            match value.clone() {
                None => return self.library_call("mask_take", vec![array, mask.clone()], span),
                Some(value) if dtype_of(&value.ty).is_some() => {
                    return self.library_call("mask_put", vec![array, mask.clone(), value], span);
                }
                Some(_) => {}
            }
        }
        let mut out = Vec::new();
        let array = self.keep(array, &mut out);
        let shape = self.shape(array.clone(), Intrinsic::ArrayShape, ndim);
        let shape = self.keep(shape, &mut out);
        let (mut basic, mut arrays, mut chosen, mut others) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // Whether each index belongs to those that choose: the ints do, too.
        let mut choosing = Vec::new();
        let (mut axis, mut place) = (0, 0);
        for index in indices {
            let count = axes_of(&index);
            choosing.push(matches!(index, Index::One(_)));
            if index.is_advanced() {
                let Index::One(value) = index else { unreachable!("`axes` wrote tuples out") };
                let sizes = (axis..axis + count).map(|axis| self.member(&shape, axis)).collect();
                let sizes = self.tuple(sizes, span);
                let found = self.library_call("index_arrays", vec![value, sizes, Expr::int(axis as i64, span)], span);
                if super::expression::absorbs(&found.ty) {
                    return found;
                }
                let found = self.keep(found, &mut out);
                for at in 0..count {
                    arrays.push(self.member(&found, at));
                    basic.push(Index::Slice([None, None, None], span));
                    chosen.push(place);
                    place += 1;
                }
            } else {
                if !matches!(index, Index::One(_)) {
                    others.push(place);
                    place += 1;
                }
                basic.push(index);
            }
            axis += count;
        }
        let first = choosing.iter().position(|chooses| *chooses).unwrap_or(0);
        let last = choosing.iter().rposition(|chooses| *chooses).unwrap_or(0);
        let together = choosing[first..=last].iter().all(|chooses| *chooses);
        let front = (0..if together { first } else { 0 }).map(|_| Expr::int(0, span)).collect();
        let front = self.tuple(front, span);
        let view = self.view(array, basic, span);
        let view = self.keep(view, &mut out);
        let view = self.axes_in_order(view, chosen.into_iter().chain(others), span);
        let arrays = self.tuple(arrays, span);
        let result = match value {
            None => self.library_call("take_at", vec![view, arrays, front], span),
            Some(value) => self.library_call("put_at", vec![view, arrays, front, value], span),
        };
        let ty = result.ty.clone();
        Expr::new(ExprKind::Block(out, Box::new(result)), ty, span)
    }

    /// A view of the same elements with its axes in this order.
    fn axes_in_order(&mut self, array: Expr, order: impl Iterator<Item = usize>, span: Span) -> Expr {
        let Type::Array { dtype, ndim, .. } = array.ty else { return array };
        let shape = self.shape(array.clone(), Intrinsic::ArrayShape, ndim);
        let strides = self.shape(array.clone(), Intrinsic::ArrayStrides, ndim);
        let (mut lengths, mut steps) = (Vec::new(), Vec::new());
        for axis in order {
            lengths.push(self.member(&shape, axis));
            steps.push(self.member(&strides, axis));
        }
        let data = Expr::new(ExprKind::Intrinsic(Intrinsic::ArrayData, vec![array.clone()]), Type::Ptr, span);
        let (lengths, steps) = (self.tuple(lengths, span), self.tuple(steps, span));
        let ty = Type::Array { dtype, ndim, order: crate::types::Order::A };
        Expr::new(ExprKind::Intrinsic(Intrinsic::ArrayView, vec![array, data, lengths, steps]), ty, span)
    }

    /// A view: for each axis, an index moves the start, a slice gives a length and a stride.
    fn view(&mut self, array: Expr, indices: Vec<Index>, span: Span) -> Expr {
        let Type::Array { dtype, ndim, order } = array.ty else { unreachable!("the caller matched an array") };
        // Rows of a C-ordered array are C-ordered: ints first, then whole axes.
        let leading = indices.iter().take_while(|index| matches!(index, Index::One(_))).count();
        let whole = indices[leading..].iter().all(|index| matches!(index, Index::Slice([None, None, None], _)));
        let order = if order == crate::types::Order::C && whole { order } else { crate::types::Order::A };
        let mut out = Vec::new();
        let array = self.keep(array, &mut out);
        let shape = self.shape(array.clone(), Intrinsic::ArrayShape, ndim);
        let shape = self.keep(shape, &mut out);
        let strides = self.shape(array.clone(), Intrinsic::ArrayStrides, ndim);
        let strides = self.keep(strides, &mut out);
        let mut data = Expr::new(ExprKind::Intrinsic(Intrinsic::ArrayData, vec![array.clone()]), Type::Ptr, span);
        let (mut lengths, mut steps) = (Vec::new(), Vec::new());
        let mut axis = 0;
        for index in indices {
            if let Index::NewAxis = index {
                lengths.push(Expr::int(1, span));
                steps.push(Expr::int(0, span));
                continue;
            }
            let (size, stride) = (self.member(&shape, axis), self.member(&strides, axis));
            let start = match index {
                Index::One(value) => {
                    let value = self.as_index(value);
                    self.library_call("view_index", vec![value, Expr::int(axis as i64, span), size], span)
                }
                Index::Slice([None, None, None], _) => {
                    lengths.push(size);
                    steps.push(stride);
                    axis += 1;
                    continue;
                }
                Index::Slice(parts, _) => {
                    let [start, stop, step] = parts.map(|part| match part {
                        Some(part) => self.as_index(part),
                        None => Expr::none(span),
                    });
                    let step = self.library_call("slice_step", vec![step], span);
                    let step = self.keep(step, &mut out);
                    let start = self.library_call("slice_start", vec![start, step.clone(), size.clone()], span);
                    let start = self.keep(start, &mut out);
                    let stop = self.library_call("slice_stop", vec![stop, step.clone(), size], span);
                    let count = self.library_call("slice_count", vec![start.clone(), stop, step.clone()], span);
                    let count = self.keep(count, &mut out);
                    lengths.push(count.clone());
                    let stride = super::convert::int_op(crate::ssa::Binary::I64Mul, step, stride.clone(), span);
                    steps.push(self.keep(stride, &mut out));
                    // An empty slice may start past the end: the address must not.
                    self.library_call("view_start", vec![start, count], span)
                }
                Index::Many(..) | Index::Ellipsis | Index::NewAxis => unreachable!("`axes` wrote them out"),
            };
            if super::expression::absorbs(&start.ty) {
                return start;
            }
            let stride = self.member(&strides, axis);
            let offset = super::convert::int_op(crate::ssa::Binary::I64Mul, start, stride, span);
            data = self.binary(ast::BinaryOp::Add, data, offset, span);
            axis += 1;
        }
        let rank = lengths.len() as u8;
        let data = self.keep(data, &mut out);
        let shape = self.tuple(lengths, span);
        let strides = self.tuple(steps, span);
        let ty = Type::Array { dtype, ndim: rank, order };
        let view =
            Expr::new(ExprKind::Intrinsic(Intrinsic::ArrayView, vec![array, data, shape, strides]), ty.clone(), span);
        Expr::new(ExprKind::Block(out, Box::new(view)), ty, span)
    }

    fn store_array(&mut self, array: Expr, index: Index, value: Expr, span: Span, out: &mut Vec<Stmt>) {
        let Type::Array { dtype, ndim, .. } = array.ty else { unreachable!("the caller matched an array") };
        let Some(indices) = self.axes(index, ndim, span) else { return };
        let value = if dtype_of(&value.ty).is_some() { self.numpy_number(value, dtype, true) } else { value };
        if indices.iter().any(Index::is_advanced) {
            let value = self.made(value);
            let put = self.advanced(array, indices, Some(value), span);
            out.push(Stmt { kind: StmtKind::Expr(put), span });
            return;
        }
        if indices.len() == usize::from(ndim) && indices.iter().all(|index| matches!(index, Index::One(_))) {
            let indices = self.int_indices(indices);
            if indices.iter().any(|index| super::expression::absorbs(&index.ty)) {
                return;
            }
            if dtype_of(&value.ty).is_none() {
                let text = format!("an element is `{}`, but this is `{}`", dtype.name(), self.unify.resolve(&value.ty));
                self.error(Diagnostic::new(Code::TypeMismatch, value.span, text));
                return;
            }
            out.push(Stmt { kind: StmtKind::AssignElement { array, indices, value }, span });
            return;
        }
        let view = self.view(array, indices, span);
        if let ExprKind::Elementwise(value) = value.kind {
            let put = self.put_elements(view, *value, span);
            out.push(Stmt { kind: StmtKind::Expr(put), span });
            return;
        }
        let value = match &value.ty {
            Type::List(_) | Type::Tuple(_) => {
                let dtype =
                    Expr::new(ExprKind::Unit, Type::Static(Static(format!("dtype.{}", dtype.name()).into())), span);
                self.library_call("numpy_array", vec![value, dtype], span)
            }
            _ => value,
        };
        let assign = self.library_call("array_assign", vec![view, value], span);
        out.push(Stmt { kind: StmtKind::Expr(assign), span });
    }
}

/// Whether a type is complete: `int[…]` means nothing.
fn takes_no_parameters(path: &str) -> bool {
    ["int", "float", "complex", "bool", "str", "bytes", "range"]
        .iter()
        .any(|name| path.strip_prefix("builtins.") == Some(name))
}
