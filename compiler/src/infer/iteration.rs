//! `for` over everything. In: an iterable's value. Out: loops that step through it, without iterator objects.
//!
//! Sequences are stepped through by index, and lazy iterators by the loops of what they wrap. A generator expression
//! is written out as the loops it stands for, with the body where its element is.

use super::environment::Frame;
use super::function::{Body, TargetKind};
use super::hir::{Expr, ExprKind, Label, Local, Stmt, StmtKind};
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::Binary;
use crate::syntax::ast;
use crate::types::{Lazy, Type};

/// What to do with each item.
pub(super) type Each<'f, 'i, 'a> = &'f mut dyn FnMut(&mut Body<'i, 'a>, Expr, &mut Vec<Stmt>);

/// An iterable that can be stepped through from outside, its state in temporaries.
enum Stepper {
    /// `range`: the next value, and where to stop.
    Range { next: Id<Local>, stop: Expr, step: Expr },
    /// By index; backwards if `reversed`.
    Indexed { sequence: Expr, index: Id<Local>, reversed: bool },
    /// The entries of a dict or set: keys, values, or both.
    Table { table: Expr, view: Lazy, index: Id<Local>, length: Expr },
    /// `enumerate`.
    Enumerate { inner: Box<Stepper>, count: Id<Local> },
    /// `zip`, and whether lengths must agree.
    Zip { inners: Vec<Stepper>, strict: bool },
    /// `map`.
    Map { function: Expr, inners: Vec<Stepper> },
    /// `filter`; no function keeps what is true.
    Filter { function: Option<Expr>, inner: Box<Stepper> },
    /// `iter`: a sequence and the cell with the place of the next item.
    Resumed { sequence: Expr, cell: Expr },
    /// The lines of `sys.stdin`.
    Lines,
}

impl<'i, 'a> Body<'i, 'a> {
    /// Runs `each` for every item of `source`. Afterwards the environment is the one after the last item.
    pub(super) fn for_each(&mut self, source: Expr, span: Span, out: &mut Vec<Stmt>, each: Each<'_, 'i, 'a>) {
        match source.ty.clone() {
            Type::Tuple(items) => {
                let source = self.keep(source, out);
                for at in 0..items.len() {
                    if self.env.dead {
                        return;
                    }
                    let item = self.member(&source, at);
                    each(self, item, out);
                }
            }
            Type::Generator(id, _) => self.for_each_generated(Id::new(id.index()), source, span, out, each),
            Type::Iterator(Lazy::Enumerate, items) if !steps(&items[0]) => {
                let source = self.keep(source, out);
                let start = self.member(&source, 1);
                let count = self.temporary(start, out);
                let inner = self.member(&source, 0);
                self.for_each(inner, span, out, &mut |this, item, out| {
                    let now = this.take_count(count, out, span);
                    let pair = this.tuple(vec![now, item], span);
                    each(this, pair, out);
                });
            }
            Type::Iterator(Lazy::Map, items) if items.len() == 2 && !steps(&items[1]) => {
                let source = self.keep(source, out);
                let (function, inner) = (self.member(&source, 0), self.member(&source, 1));
                self.for_each(inner, span, out, &mut |this, item, out| {
                    let value = this.call_value(function.clone(), vec![item], span);
                    let value = this.keep(value, out);
                    each(this, value, out);
                });
            }
            Type::Iterator(Lazy::Filter, items) if !steps(&items[1]) => {
                let source = self.keep(source, out);
                let (function, inner) = (self.member(&source, 0), self.member(&source, 1));
                self.for_each(inner, span, out, &mut |this, item, out| {
                    let item = this.keep(item, out);
                    let test = match function.ty {
                        Type::None => item.clone(),
                        _ => this.call_value(function.clone(), vec![item.clone()], span),
                    };
                    let test = this.truth(test);
                    this.branch(
                        super::narrow::Condition::plain(test),
                        span,
                        out,
                        &mut |this, out| each(this, item.clone(), out),
                        &mut |_, _| {},
                    );
                });
            }
            Type::Iterator(Lazy::Zip, items) if items.iter().filter(|item| !steps(item)).count() == 1 => {
                self.for_each_zipped(source, &items, span, out, each);
            }
            Type::Poison => {
                each(self, Expr::poison(span), out);
            }
            Type::Never => {
                out.push(Stmt { kind: StmtKind::Expr(source), span });
                self.env.dead = true;
            }
            _ => self.for_each_stepped(source, span, out, each),
        }
    }

    fn for_each_stepped(&mut self, source: Expr, span: Span, out: &mut Vec<Stmt>, each: Each<'_, 'i, 'a>) {
        let Some(mut stepper) = self.stepper(source, span, out) else {
            each(self, Expr::poison(span), out);
            return;
        };
        let exhausted = self.label();
        let mut body = Vec::new();
        self.looping(span, &mut body, &mut |this, out| {
            let item = this.step(&mut stepper, exhausted, span, out);
            each(this, item, out);
        });
        out.push(Stmt { kind: StmtKind::Block { label: exhausted, body }, span });
    }

    /// `zip` with one generator among what it goes through: its loops are the loops, and the others are stepped through
    /// from inside, those before it ahead of each of its items.
    fn for_each_zipped(
        &mut self,
        source: Expr,
        types: &[Type],
        span: Span,
        out: &mut Vec<Stmt>,
        each: Each<'_, 'i, 'a>,
    ) {
        let source = self.keep(source, out);
        let Some(place) = types.iter().position(|ty| !steps(ty)) else { unreachable!("the caller counted them") };
        let (Some(mut before), Some(mut after)) =
            (self.steppers(&source, 0..place, span, out), self.steppers(&source, place + 1..types.len(), span, out))
        else {
            each(self, Expr::poison(span), out);
            return;
        };
        let exhausted = self.label();
        let mut body = Vec::new();
        let mut ahead = Vec::new();
        for stepper in &mut before {
            let item = self.step(stepper, exhausted, span, &mut body);
            ahead.push(self.temporary(item, &mut body));
        }
        let generator = self.member(&source, place);
        self.for_each(generator, span, &mut body, &mut |this, item, out| {
            let mut items: Vec<_> = ahead
                .iter()
                .map(|local| {
                    let ty = this.local_type(*local);
                    // The body may keep the item, and the place is needed for the next.
                    this.temporary_expr(Expr::local(*local, ty, span), out)
                })
                .collect();
            items.push(this.keep(item, out));
            for stepper in &mut after {
                items.push(this.step(stepper, exhausted, span, out));
            }
            let items = this.tuple(items, span);
            this.block(TargetKind::Internal, span, out, &mut |this, out| each(this, items.clone(), out));
            for (stepper, local) in before.iter_mut().zip(&ahead) {
                let item = this.step(stepper, exhausted, span, out);
                out.push(Stmt { kind: StmtKind::Assign(*local, item), span });
            }
        });
        out.push(Stmt { kind: StmtKind::Block { label: exhausted, body }, span });
    }

    /// Sets up the state of an iterable; reports what cannot be iterated over.
    fn stepper(&mut self, source: Expr, span: Span, out: &mut Vec<Stmt>) -> Option<Stepper> {
        match source.ty.clone() {
            Type::Range => {
                let source = self.keep(source, out);
                let next = self.member(&source, 0);
                let next = self.temporary(next, out);
                let (stop, step) = (self.member(&source, 1), self.member(&source, 2));
                Some(Stepper::Range { next, stop, step })
            }
            Type::Iterator(Lazy::Enumerate, _) => {
                let source = self.keep(source, out);
                let (inner, start) = (self.member(&source, 0), self.member(&source, 1));
                let count = self.temporary(start, out);
                Some(Stepper::Enumerate { inner: Box::new(self.stepper(inner, span, out)?), count })
            }
            Type::Iterator(lazy @ (Lazy::Zip | Lazy::ZipStrict), items) => {
                let source = self.keep(source, out);
                let inners = self.steppers(&source, 0..items.len(), span, out)?;
                Some(Stepper::Zip { inners, strict: lazy == Lazy::ZipStrict })
            }
            Type::Iterator(Lazy::Map, items) => {
                let source = self.keep(source, out);
                let function = self.member(&source, 0);
                let inners = self.steppers(&source, 1..items.len(), span, out)?;
                Some(Stepper::Map { function, inners })
            }
            Type::Iterator(Lazy::Filter, items) => {
                let source = self.keep(source, out);
                let function = (items[0] != Type::None).then(|| self.member(&source, 0));
                let inner = self.member(&source, 1);
                Some(Stepper::Filter { function, inner: Box::new(self.stepper(inner, span, out)?) })
            }
            Type::Iterator(Lazy::Reversed, _) => {
                let source = self.keep(source, out);
                let sequence = self.member(&source, 0);
                self.indexed(sequence, true, span, out)
            }
            Type::Iterator(view @ (Lazy::Keys | Lazy::Values | Lazy::Items), _) => {
                let source = self.keep(source, out);
                let dict = self.member(&source, 0);
                Some(self.table(dict, view, span, out))
            }
            Type::Iterator(Lazy::Iter, _) => {
                let source = self.keep(source, out);
                let (sequence, cell) = (self.member(&source, 0), self.member(&source, 1));
                let sequence = self.temporary_expr(sequence, out);
                Some(Stepper::Resumed { sequence, cell: self.temporary_expr(cell, out) })
            }
            Type::Dict(..) | Type::Set(_) => Some(self.table(source, Lazy::Keys, span, out)),
            Type::Generator(..) => {
                let list = self.list_from(source, span);
                self.indexed(list, false, span, out)
            }
            Type::Tuple(items) => {
                // From outside, a tuple is stepped through as a list of its items.
                let source = self.keep(source, out);
                let members = (0..items.len()).map(|at| self.member(&source, at)).collect();
                let list = self.list_of(members, None, span);
                self.indexed(list, false, span, out)
            }
            Type::List(_) | Type::Sequence(_) | Type::Str | Type::Bytes => self.indexed(source, false, span, out),
            Type::Array { ndim, .. } if ndim > 0 => self.indexed(source, false, span, out),
            Type::Static(path) if &*path.0 == "sys.stdin" => Some(Stepper::Lines),
            Type::Poison => None,
            other => {
                let text = format!("`{other}` is not iterable");
                let place = if self.inferer.is_prelude(source.span) { span } else { source.span };
                let error = Diagnostic::new(Code::NotIterable, place, text);
                let text = self.inferer.sources.text(place).to_owned();
                // In a `for` the number itself is what is iterated over.
                let error = match &other {
                    Type::Int if place == span && !self.in_prelude() => error
                        .fix("to count up to a number, iterate over a range", vec![(place, format!("range({text})"))]),
                    Type::Int => error.help("give it a list, a range or the like"),
                    Type::None => error.help("a function without `return` gives `None`"),
                    _ => error,
                };
                self.error(error);
                None
            }
        }
    }

    fn table(&mut self, table: Expr, view: Lazy, span: Span, out: &mut Vec<Stmt>) -> Stepper {
        let table = self.temporary_expr(table, out);
        let length = self.length(table.clone());
        let length = self.temporary_expr(length, out);
        let index = self.temporary(Expr::int(0, span), out);
        Stepper::Table { table, view, index, length }
    }

    fn steppers(
        &mut self,
        source: &Expr,
        members: std::ops::Range<usize>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Option<Vec<Stepper>> {
        members
            .map(|at| {
                let inner = self.member(source, at);
                self.stepper(inner, span, out)
            })
            .collect()
    }

    fn indexed(&mut self, sequence: Expr, reversed: bool, span: Span, out: &mut Vec<Stmt>) -> Option<Stepper> {
        if sequence.ty == Type::Poison {
            return None;
        }
        let sequence = match sequence.ty {
            Type::Tuple(_) | Type::Generator(..) | Type::Dict(..) | Type::Iterator(..) => {
                self.list_from(sequence, span)
            }
            _ => sequence,
        };
        // The loop keeps its own reference: the variable it came from may be assigned meanwhile.
        let sequence = {
            let local = self.temporary(sequence.clone(), out);
            Expr::local(local, sequence.ty, span)
        };
        let start = if reversed { self.length(sequence.clone()) } else { Expr::int(0, span) };
        let index = self.temporary(start, out);
        Some(Stepper::Indexed { sequence, index, reversed })
    }

    /// The next item; leaves to `exhausted` where there is none.
    fn step(&mut self, stepper: &mut Stepper, exhausted: Label, span: Span, out: &mut Vec<Stmt>) -> Expr {
        match stepper {
            Stepper::Range { next, stop, step } => {
                let now = Expr::local(*next, Type::Int, span);
                let more = self.range_continues(now.clone(), stop.clone(), step.clone(), span);
                self.leave_unless(more, exhausted, span, out);
                let item = self.temporary(now.clone(), out);
                let after = raw(Binary::I64Add, now, step.clone(), span);
                out.push(Stmt { kind: StmtKind::Assign(*next, after), span });
                Expr::local(item, Type::Int, span)
            }
            Stepper::Indexed { sequence, index, reversed } => {
                let now = Expr::local(*index, Type::Int, span);
                let one = Expr::int(1, span);
                if *reversed {
                    let more = compare(Binary::I64GtS, now.clone(), Expr::int(0, span), span);
                    self.leave_unless(more, exhausted, span, out);
                    let back = raw(Binary::I64Sub, now, one, span);
                    out.push(Stmt { kind: StmtKind::Assign(*index, back), span });
                    let at = Expr::local(*index, Type::Int, span);
                    let item = self.unchecked_item(sequence.clone(), at, span);
                    let item = self.temporary_expr(item, out);
                    return item;
                }
                let length = self.length(sequence.clone());
                let more = compare(Binary::I64LtS, now.clone(), length, span);
                self.leave_unless(more, exhausted, span, out);
                let item = self.unchecked_item(sequence.clone(), now.clone(), span);
                let item = self.temporary_expr(item, out);
                let after = raw(Binary::I64Add, now, one, span);
                out.push(Stmt { kind: StmtKind::Assign(*index, after), span });
                item
            }
            Stepper::Resumed { sequence, cell } => {
                let get = ExprKind::Intrinsic(Intrinsic::CellGet, vec![cell.clone()]);
                let now = self.temporary_expr(Expr::new(get, Type::Int, span), out);
                let set = |value: Expr| {
                    let kind = ExprKind::Intrinsic(Intrinsic::CellSet, vec![cell.clone(), value]);
                    Stmt { kind: StmtKind::Expr(Expr::new(kind, Type::None, span)), span }
                };
                let length = self.length(sequence.clone());
                let more = compare(Binary::I64LtS, now.clone(), length, span);
                let more = self.temporary_expr(more, out);
                // What is at its end stays there, also when the list grows.
                let end = vec![set(Expr::int(i64::MAX, span))];
                out.push(Stmt { kind: StmtKind::If { test: more.clone(), then: Vec::new(), otherwise: end }, span });
                self.leave_unless(more, exhausted, span, out);
                let item = match sequence.ty {
                    Type::Range => {
                        let (start, step) = (self.member(sequence, 0), self.member(sequence, 2));
                        raw(Binary::I64Add, start, raw(Binary::I64Mul, now.clone(), step, span), span)
                    }
                    _ => self.unchecked_item(sequence.clone(), now.clone(), span),
                };
                let item = self.temporary_expr(item, out);
                out.push(set(raw(Binary::I64Add, now, Expr::int(1, span), span)));
                item
            }
            Stepper::Table { table, view, index, length } => {
                let kind = super::method::library_name(&table.ty).unwrap_or("dict");
                let check = self.library_call(&format!("{kind}_check"), vec![table.clone(), length.clone()], span);
                out.push(Stmt { kind: StmtKind::Expr(check), span });
                let now = Expr::local(*index, Type::Int, span);
                let more = compare(Binary::I64LtS, now.clone(), length.clone(), span);
                self.leave_unless(more, exhausted, span, out);
                let mut entry = |this: &mut Self, name: &str, slot: Option<&Type>| {
                    let part = this.library_call(name, vec![table.clone(), now.clone()], span);
                    let part = match slot {
                        Some(slot) => this.slot_typed(part, slot),
                        None => part,
                    };
                    this.temporary_expr(part, out)
                };
                let (key, value) = match &table.ty {
                    Type::Dict(key, value) => (Some(&**key), Some(&**value)),
                    Type::Set(item) => (Some(&**item), None),
                    _ => (None, None),
                };
                let item = match view {
                    Lazy::Values => entry(self, "dict_value", value),
                    Lazy::Items => {
                        let pair = vec![entry(self, "dict_item", key), entry(self, "dict_value", value)];
                        self.tuple(pair, span)
                    }
                    _ => entry(self, &format!("{kind}_item"), key),
                };
                let after = raw(Binary::I64Add, now, Expr::int(1, span), span);
                out.push(Stmt { kind: StmtKind::Assign(*index, after), span });
                item
            }
            Stepper::Enumerate { inner, count } => {
                let item = self.step(inner, exhausted, span, out);
                let now = self.take_count(*count, out, span);
                self.tuple(vec![now, item], span)
            }
            Stepper::Zip { inners, strict } => {
                if *strict {
                    self.check_lengths(inners, span, out);
                }
                let items = inners.iter_mut().map(|inner| self.step(inner, exhausted, span, out)).collect();
                self.tuple(items, span)
            }
            Stepper::Map { function, inners } => {
                let items = inners.iter_mut().map(|inner| self.step(inner, exhausted, span, out)).collect();
                let value = self.call_value(function.clone(), items, span);
                self.keep(value, out)
            }
            Stepper::Filter { function, inner } => {
                let (again, found) = (self.label(), self.label());
                let mut body = Vec::new();
                let item = self.step(inner, exhausted, span, &mut body);
                let item = self.keep(item, &mut body);
                let test = match function {
                    Some(function) => self.call_value(function.clone(), vec![item.clone()], span),
                    None => item.clone(),
                };
                let test = self.truth(test);
                let leave = Stmt { kind: StmtKind::Break(found), span };
                body.push(Stmt { kind: StmtKind::If { test, then: vec![leave], otherwise: Vec::new() }, span });
                let forever = Stmt { kind: StmtKind::Loop { label: again, body }, span };
                out.push(Stmt { kind: StmtKind::Block { label: found, body: vec![forever] }, span });
                item
            }
            Stepper::Lines => {
                let line = self.library_call("sys_stdin_readline", Vec::new(), span);
                let line = self.temporary_expr(line, out);
                let more = self.truth(line.clone());
                self.leave_unless(more, exhausted, span, out);
                line
            }
        }
    }

    /// `zip(strict=True)`: where one iterable is at its end, all must be.
    fn check_lengths(&mut self, inners: &[Stepper], span: Span, out: &mut Vec<Stmt>) {
        let mut lefts = Vec::new();
        for inner in inners {
            let left = match inner {
                Stepper::Indexed { sequence, index, reversed: false } => {
                    let length = self.length(sequence.clone());
                    raw(Binary::I64Sub, length, Expr::local(*index, Type::Int, span), span)
                }
                Stepper::Indexed { index, reversed: true, .. } => Expr::local(*index, Type::Int, span),
                Stepper::Range { next, stop, step } => {
                    let next = Expr::local(*next, Type::Int, span);
                    self.library_call("range_count", vec![next, stop.clone(), step.clone()], span)
                }
                Stepper::Table { index, length, .. } => {
                    raw(Binary::I64Sub, length.clone(), Expr::local(*index, Type::Int, span), span)
                }
                Stepper::Enumerate { .. }
                | Stepper::Zip { .. }
                | Stepper::Map { .. }
                | Stepper::Filter { .. }
                | Stepper::Resumed { .. }
                | Stepper::Lines => continue,
            };
            lefts.push(self.keep(left, out));
        }
        let Some((first, rest)) = lefts.split_first() else { return };
        for (at, left) in rest.iter().enumerate() {
            let number = Expr::int(at as i64 + 2, span);
            let check = self.library_call("check_zip", vec![first.clone(), left.clone(), number], span);
            out.push(Stmt { kind: StmtKind::Expr(check), span });
        }
    }

    /// The count of `enumerate`, which goes up by one.
    fn take_count(&mut self, count: Id<Local>, out: &mut Vec<Stmt>, span: Span) -> Expr {
        let now = Expr::local(count, Type::Int, span);
        let item = self.temporary(now.clone(), out);
        let after = raw(Binary::I64Add, now, Expr::int(1, span), span);
        out.push(Stmt { kind: StmtKind::Assign(count, after), span });
        Expr::local(item, Type::Int, span)
    }

    /// Whether `next` is still inside a range; the sign of a constant step decides at once.
    fn range_continues(&mut self, next: Expr, stop: Expr, step: Expr, span: Span) -> Expr {
        match step.kind {
            ExprKind::Int(known) if known > 0 => compare(Binary::I64LtS, next, stop, span),
            ExprKind::Int(known) if known < 0 => compare(Binary::I64GtS, next, stop, span),
            _ => {
                let up = compare(Binary::I64GtS, step, Expr::int(0, span), span);
                let kind = ExprKind::If {
                    test: Box::new(up),
                    then: Box::new(compare(Binary::I64LtS, next.clone(), stop.clone(), span)),
                    otherwise: Box::new(compare(Binary::I64GtS, next, stop, span)),
                };
                Expr::new(kind, Type::Bool, span)
            }
        }
    }

    fn leave_unless(&mut self, test: Expr, label: Label, span: Span, out: &mut Vec<Stmt>) {
        let leave = Stmt { kind: StmtKind::Break(label), span };
        out.push(Stmt { kind: StmtKind::If { test, then: Vec::new(), otherwise: vec![leave] }, span });
    }

    /// A new temporary with this value, of which the statement is the only writer but its user.
    pub(super) fn temporary(&mut self, value: Expr, out: &mut Vec<Stmt>) -> Id<Local> {
        let local = self.local("", value.ty.clone());
        let span = value.span;
        out.push(Stmt { kind: StmtKind::Assign(local, value), span });
        local
    }

    /// The value in a new temporary: as `keep`, but a local is copied too, which may be assigned before the value is used.
    pub(super) fn temporary_expr(&mut self, value: Expr, out: &mut Vec<Stmt>) -> Expr {
        let (ty, span) = (value.ty.clone(), value.span);
        Expr::local(self.temporary(value, out), ty, span)
    }

    /// Writes out a generator expression as its loops.
    fn for_each_generated(
        &mut self,
        id: Id<super::GeneratorSite>,
        source: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
        each: Each<'_, 'i, 'a>,
    ) {
        let site = self.inferer.generators[id].clone();
        let source = self.keep(source, out);
        let consumer = self.frame;
        let base = self.frames.push(Frame {
            parent: None,
            scope: site.scope,
            module: site.module,
            rules: site.rules,
            own: None,
        });
        for (at, name) in site.captures.iter().enumerate() {
            let value = self.member(&source, at + 1);
            let value = self.keep(value, out);
            if let ExprKind::Local(local) = value.kind {
                let variable = super::environment::Variable { local, maybe_unbound: false, narrowed: None };
                self.env.vars.insert((base, name.clone()), variable);
            } else {
                let local = self.temporary(value, out);
                let variable = super::environment::Variable { local, maybe_unbound: false, narrowed: None };
                self.env.vars.insert((base, name.clone()), variable);
            }
        }
        let first = self.member(&source, 0);
        self.frame = base;
        let frame = self.comprehension_frame(&site.clauses);
        self.frame = frame;
        let element = site.element.clone();
        self.clauses(&site.clauses, Some(first), span, out, &mut |this, out| {
            let item = this.expr(&element, None);
            let item = this.keep(item, out);
            let inside = std::mem::replace(&mut this.frame, consumer);
            // `continue` in the consumer's body ends this item only.
            this.block(TargetKind::Internal, span, out, &mut |this, out| each(this, item.clone(), out));
            this.frame = inside;
        });
        self.frame = consumer;
    }

    /// The loops and conditions of a comprehension around `inner`. `first` is the first iterable, if it was
    /// evaluated already.
    pub(super) fn clauses(
        &mut self,
        clauses: &[ast::Clause],
        first: Option<Expr>,
        span: Span,
        out: &mut Vec<Stmt>,
        inner: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
    ) {
        let Some((clause, rest)) = clauses.split_first() else {
            inner(self, out);
            return;
        };
        let source = match first {
            Some(first) => first,
            None => self.iterable(&clause.iter),
        };
        self.for_each(source, clause.iter.span, out, &mut |this, item, out| {
            this.assign_target(&clause.target, item, out);
            this.conditions(&clause.conditions, span, out, &mut |this, out| {
                this.clauses(rest, None, span, out, inner);
            });
        });
    }

    fn conditions(
        &mut self,
        conditions: &[ast::Expr],
        span: Span,
        out: &mut Vec<Stmt>,
        inner: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
    ) {
        let Some((test, rest)) = conditions.split_first() else {
            inner(self, out);
            return;
        };
        let condition = self.condition(test);
        if let (ExprKind::Bool(false), false) = (&condition.test.kind, self.in_prelude()) {
            // Nothing comes of it, but what would come of it says what the items are.
            let before = self.env.clone();
            self.conditions(rest, span, &mut Vec::new(), inner);
            self.env = before;
            return;
        }
        self.branch(condition, span, out, &mut |this, out| this.conditions(rest, span, out, inner), &mut |_, _| {});
    }
}

/// Whether an iterable can be stepped through from outside.
fn steps(ty: &Type) -> bool {
    match ty {
        Type::Generator(..) => false,
        Type::Iterator(Lazy::Enumerate, items) => steps(&items[0]),
        Type::Iterator(Lazy::Map, items) => items.len() > 2 || steps(&items[1]),
        Type::Iterator(Lazy::Filter, items) => steps(&items[1]),
        _ => true,
    }
}

fn raw(op: Binary, left: Expr, right: Expr, span: Span) -> Expr {
    Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(op), vec![left, right]), Type::Int, span)
}

fn compare(op: Binary, left: Expr, right: Expr, span: Span) -> Expr {
    Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(op), vec![left, right]), Type::Bool, span)
}
