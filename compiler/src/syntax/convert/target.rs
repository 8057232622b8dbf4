//! What can be assigned to or deleted. In: rustpython expressions. Out: `ast::Expr`. Reports: KU1010.

use super::{Converter, Met, python, span};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Expr, ExprKind};

impl Converter<'_> {
    /// The left side of `=`, the variable of a `for`.
    pub(super) fn target(&mut self, target: &python::Expr) -> Expr {
        let at = span(target);
        if let python::Expr::Starred(_) = target {
            let message = "a starred target must be in a list or tuple";
            let help = "with a comma it is one: `*rest, = values`; to copy a list, write `rest = list(values)`";
            return self.refuse(Diagnostic::new(Code::InvalidTarget, at, message).help(help));
        }
        self.target_element(target)
    }

    /// A target that may be `*name`.
    fn target_element(&mut self, target: &python::Expr) -> Expr {
        let span = span(target);
        if !self.descend(span) {
            return Expr { kind: ExprKind::None, span };
        }
        let kind = match target {
            python::Expr::Name(_) | python::Expr::Attribute(_) | python::Expr::Subscript(_) => {
                self.single_target(target, "assign to").kind
            }
            python::Expr::Tuple(tuple) => ExprKind::Tuple(self.target_elements(&tuple.elts)),
            python::Expr::List(list) => ExprKind::List(self.target_elements(&list.elts)),
            python::Expr::Starred(starred) => ExprKind::Starred(Box::new(self.target(&starred.value))),
            other => self.not_a_target(other, "assign to").kind,
        };
        self.rise();
        Expr { kind, span }
    }

    fn target_elements(&mut self, elements: &[python::Expr]) -> Vec<Expr> {
        let mut stars = elements.iter().filter(|element| element.is_starred_expr());
        if let (Some(first), Some(second)) = (stars.next(), stars.next()) {
            let message = "two starred targets in one assignment";
            let help = "only one of them can take the rest";
            let diagnostic = Diagnostic::new(Code::InvalidTarget, span(second), message);
            self.report(diagnostic.label(span(first), "the first one").help(help));
        }
        let mut converted = Vec::with_capacity(elements.len());
        for element in elements {
            converted.push(self.target_element(element));
        }
        converted
    }

    /// A name, attribute or subscript; `action` says what was tried: "assign to", "delete".
    fn single_target(&mut self, target: &python::Expr, action: &str) -> Expr {
        match target {
            python::Expr::Name(name) => {
                let ident = self.ident(&name.id, span(target));
                self.bind(&ident);
                Expr { kind: ExprKind::Name(ident.text), span: ident.span }
            }
            python::Expr::Attribute(_) | python::Expr::Subscript(_) => self.expression(target),
            other => self.not_a_target(other, action),
        }
    }

    /// The left side of `+=`.
    pub(super) fn augmented_target(&mut self, target: &python::Expr) -> Expr {
        match target {
            python::Expr::Name(name) => {
                let text = self.name(&name.id);
                self.meet(&text, Met::Used, span(target));
                self.single_target(target, "assign to")
            }
            python::Expr::Tuple(_) | python::Expr::List(_) | python::Expr::Starred(_) => {
                let message = format!("{} cannot stand left of an augmented assignment", describe(target));
                let help = "write one statement for each: `a += 1`, `b += 2`";
                self.refuse(Diagnostic::new(Code::InvalidTarget, span(target), message).help(help))
            }
            other => self.single_target(other, "assign to"),
        }
    }

    /// The left side of `:`.
    pub(super) fn annotated_target(&mut self, target: &python::Expr) -> Expr {
        match target {
            python::Expr::Tuple(_) | python::Expr::List(_) => {
                let message = "only a single target can be annotated";
                let help = "annotate each name on a line of its own, then assign";
                self.refuse(Diagnostic::new(Code::InvalidTarget, span(target), message).help(help))
            }
            other => self.single_target(other, "annotate"),
        }
    }

    /// What stands after `del`; tuples and lists of targets are the same as their elements one by one.
    pub(super) fn deleted(&mut self, target: &python::Expr, targets: &mut Vec<Expr>) {
        if !self.descend(span(target)) {
            return;
        }
        match target {
            python::Expr::Tuple(python::ExprTuple { elts, .. }) | python::Expr::List(python::ExprList { elts, .. }) => {
                for element in elts {
                    self.deleted(element, targets);
                }
            }
            other => {
                let target = self.single_target(other, "delete");
                targets.push(target);
            }
        }
        self.rise();
    }

    fn not_a_target(&mut self, target: &python::Expr, action: &str) -> Expr {
        let message = format!("cannot {action} {}", describe(target));
        let mut diagnostic = Diagnostic::new(Code::InvalidTarget, span(target), message);
        let is_name = |part: &python::Expr| matches!(part, python::Expr::Name(_));
        match target {
            _ if action == "delete" => {
                diagnostic = diagnostic.help("`del` takes names, items and slices: `del xs[0]`");
            }
            python::Expr::BinOp(python::ExprBinOp { left, op: python::Operator::Sub, right, .. })
                if is_name(left) && is_name(right) =>
            {
                diagnostic = diagnostic.help("a name cannot hold `-`: put the words together with `_`");
            }
            _ => {
                diagnostic =
                    diagnostic.help("`=` stores the value on its right in the place on its left; `==` compares");
            }
        }
        self.refuse(diagnostic)
    }
}

/// What an expression is, in CPython's words.
pub(super) fn describe(expr: &python::Expr) -> &'static str {
    match expr {
        python::Expr::BoolOp(_) | python::Expr::BinOp(_) | python::Expr::UnaryOp(_) => "an expression",
        python::Expr::NamedExpr(_) => "a named expression",
        python::Expr::Lambda(_) => "a lambda",
        python::Expr::IfExp(_) => "a conditional expression",
        python::Expr::Dict(_) => "a dict literal",
        python::Expr::Set(_) => "a set display",
        python::Expr::ListComp(_) => "a list comprehension",
        python::Expr::SetComp(_) => "a set comprehension",
        python::Expr::DictComp(_) => "a dict comprehension",
        python::Expr::GeneratorExp(_) => "a generator expression",
        python::Expr::Await(_) => "an await expression",
        python::Expr::Yield(_) | python::Expr::YieldFrom(_) => "a yield expression",
        python::Expr::Compare(_) => "a comparison",
        python::Expr::Call(_) => "a function call",
        python::Expr::FormattedValue(_) | python::Expr::JoinedStr(_) => "an f-string",
        python::Expr::Constant(constant) => match constant.value {
            python::Constant::None => "`None`",
            python::Constant::Bool(true) => "`True`",
            python::Constant::Bool(false) => "`False`",
            python::Constant::Ellipsis => "`...`",
            python::Constant::Str(_)
            | python::Constant::Bytes(_)
            | python::Constant::Int(_)
            | python::Constant::Tuple(_)
            | python::Constant::Float(_)
            | python::Constant::Complex { .. } => "a literal",
        },
        python::Expr::Attribute(_) => "an attribute",
        python::Expr::Subscript(_) => "a subscript",
        python::Expr::Starred(_) => "a starred expression",
        python::Expr::Name(_) => "a name",
        python::Expr::List(_) => "a list",
        python::Expr::Tuple(_) => "a tuple",
        python::Expr::Slice(_) => "a slice",
    }
}
