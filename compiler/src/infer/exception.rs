//! Exception classes. In: canonical names. Out: their numbers, new exceptions, tests of an exception's class.

use super::Inferer;
use super::function::Body;
use super::hir::{Expr, ExprKind, Local};
use crate::abi;
use crate::arena::Id;
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::Binary;
use crate::syntax::ast::CompareOp;
use crate::types::{Static, Type};

/// The number of `KeyError`, whose message is the repr of the key.
const KEY_ERROR: u32 = 8;

impl Inferer<'_> {
    /// The number of an exception class.
    pub(super) fn exception_number(&self, class: &str) -> Option<u32> {
        if let Some(user) = class.strip_prefix("exception.") {
            let at: usize = user.split('.').next()?.parse().ok()?;
            return Some((abi::EXCEPTIONS.len() + at) as u32);
        }
        abi::exception_number(crate::resolve::imports::exception_of_library(class)?)
    }

    /// The bases of each exception class, by number.
    fn exception_bases(&self) -> Vec<Vec<u32>> {
        let builtin = abi::EXCEPTIONS
            .iter()
            .map(|(_, bases)| bases.iter().filter_map(|base| abi::exception_number(base)).collect());
        let user = self.names.exceptions.iter().map(|(_, class)| class.base_numbers());
        builtin.chain(user).collect()
    }
}

impl Body<'_, '_> {
    /// The number of an exception class, if the static value is one.
    pub(super) fn exception_class(&self, class: &Static) -> Option<u32> {
        self.inferer.exception_number(&class.0)
    }

    /// A new exception of a builtin class.
    pub(super) fn builtin_exception(&mut self, class: &str, args: Vec<Expr>, span: Span) -> Expr {
        let class = Static(format!("builtins.{class}").into());
        let Some(number) = self.exception_class(&class) else { unreachable!("it is in abi::EXCEPTIONS") };
        self.new_exception(number, args, span)
    }

    /// `Class(args)`: the message is what `str()` of the exception gives.
    pub(super) fn new_exception(&mut self, number: u32, args: Vec<Expr>, span: Span) -> Expr {
        // Of a builtin class, the builtin ones tell.
        self.inferer.asked |= number as usize >= abi::EXCEPTIONS.len();
        let is_key_error = derives(number, KEY_ERROR, &self.inferer.exception_bases());
        let number = Expr::int(i64::from(number), span);
        match <[Expr; 1]>::try_from(args) {
            Ok([arg]) if arg.ty == Type::Str && !is_key_error => {
                self.library_call("exception_new", vec![number, arg], span)
            }
            Ok([arg]) => {
                let text = self.text(arg, true, span);
                self.library_call("exception_new_value", vec![number, text], span)
            }
            Err(args) if args.is_empty() => self.library_call("exception_new_empty", vec![number], span),
            Err(args) => {
                let text = match constant_repr(&args) {
                    Some(text) => Expr::str(&text, span),
                    None => {
                        let tuple = self.tuple(args, span);
                        self.text(tuple, true, span)
                    }
                };
                self.library_call("exception_new_tuple", vec![number, text], span)
            }
        }
    }

    /// Whether the exception in a local is of a class or one derived from it.
    pub(super) fn is_exception_of(&mut self, exception: Id<Local>, number: u32, span: Span) -> Expr {
        self.inferer.asked = true;
        let bases = self.inferer.exception_bases();
        let (inside, outside): (Vec<u32>, Vec<u32>) =
            (0..bases.len() as u32).partition(|class| derives(*class, number, &bases));
        let negated = outside.len() < inside.len();
        let value = Expr::local(exception, Type::Exception, span);
        let class = self.library_call("exception_class", vec![value], span);
        let mut out = Vec::new();
        let class = self.keep(class, &mut out);
        let mut any = Expr::bool(false, span);
        for known in if negated { outside } else { inside } {
            let same = self.compare(CompareOp::Eq, class.clone(), Expr::int(i64::from(known), span), span);
            any = match any.kind {
                ExprKind::Bool(false) => same,
                _ => {
                    Expr::new(ExprKind::Intrinsic(Intrinsic::Binary(Binary::I32Or), vec![any, same]), Type::Bool, span)
                }
            };
        }
        let value = if negated { self.not(any) } else { any };
        if let ExprKind::Bool(_) = value.kind {
            return value;
        }
        Expr::new(ExprKind::Block(out, Box::new(value)), Type::Bool, span)
    }
}

/// Whether the class is, or derives from, the one with this number. A class comes after its bases.
fn derives(class: u32, from: u32, bases: &[Vec<u32>]) -> bool {
    class == from || bases.get(class as usize).is_some_and(|own| own.iter().any(|base| derives(*base, from, bases)))
}

/// The repr of a tuple of constants, where that is plain: a program that raises `OverflowError(34, "…")` need not have
/// all that it takes to write a tuple.
fn constant_repr(items: &[Expr]) -> Option<String> {
    let plain = |text: &str| !text.contains(['\'', '\\']) && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    let item = |item: &Expr| match &item.kind {
        ExprKind::Int(value) if item.ty == Type::Int => Some(value.to_string()),
        ExprKind::Str(text) if plain(text) => Some(format!("'{text}'")),
        _ => None,
    };
    let items: Option<Vec<_>> = items.iter().map(item).collect();
    Some(format!("({})", items?.join(", ")))
}
