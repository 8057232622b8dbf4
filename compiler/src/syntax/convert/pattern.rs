//! `match` patterns. In: rustpython patterns. Out: `ast::Pattern`. Reports: KU1015, KU1106.

use super::{Converter, python, span};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Case, Expr, ExprKind, Ident, Pattern, PatternKind};
use std::sync::Arc;

impl Converter<'_> {
    pub(super) fn cases(&mut self, cases: &[python::MatchCase]) -> Vec<Case> {
        let last = cases.len().saturating_sub(1);
        let mut converted = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            if index != last && case.guard.is_none() {
                self.refuse_catch_all(&case.pattern, "the cases after it");
            }
            let mut names = Vec::new();
            let pattern = self.pattern(&case.pattern, &mut names);
            for name in &names {
                self.bind(name);
            }
            let guard = case.guard.as_ref().map(|guard| self.expression(guard));
            converted.push(Case { pattern, guard, body: self.statements(&case.body) });
        }
        converted
    }

    /// A pattern that always matches must be the last.
    fn refuse_catch_all(&mut self, pattern: &python::Pattern, hidden: &str) {
        let python::Pattern::MatchAs(capture) = pattern else { return };
        if capture.pattern.is_some() {
            return;
        }
        let message = match &capture.name {
            Some(name) => format!("`{name}` matches everything, so {hidden} can never match"),
            None => format!("`_` matches everything, so {hidden} can never match"),
        };
        let help = "to compare with a constant, write the literal or a dotted name; to match the rest, put it last";
        self.report(Diagnostic::new(Code::InvalidPattern, span(pattern), message).help(help));
    }

    /// Converts and adds the names that it binds to `names`.
    fn pattern(&mut self, pattern: &python::Pattern, names: &mut Vec<Ident>) -> Pattern {
        let span = span(pattern);
        if !self.descend(span) {
            return Pattern { kind: PatternKind::Wildcard, span };
        }
        let kind = self.pattern_kind(pattern, span, names);
        self.rise();
        Pattern { kind, span }
    }

    fn pattern_kind(&mut self, pattern: &python::Pattern, at: Span, names: &mut Vec<Ident>) -> PatternKind {
        match pattern {
            python::Pattern::MatchValue(value) => PatternKind::Value(self.pattern_value(&value.value)),
            python::Pattern::MatchSingleton(singleton) => {
                let kind = match singleton.value {
                    python::Constant::Bool(value) => ExprKind::Bool(value),
                    _ => ExprKind::None,
                };
                PatternKind::Singleton(Expr { kind, span: at })
            }
            python::Pattern::MatchSequence(sequence) => {
                let mut stars = sequence.patterns.iter().filter(|pattern| pattern.is_match_star());
                if let (Some(first), Some(second)) = (stars.next(), stars.next()) {
                    let message = "two starred names in one sequence pattern";
                    let diagnostic = Diagnostic::new(Code::InvalidPattern, span(second), message);
                    self.report(diagnostic.label(span(first), "the first one").help("only one can take the rest"));
                }
                let patterns = sequence.patterns.iter();
                PatternKind::Sequence(patterns.map(|pattern| self.sequence_element(pattern, names)).collect())
            }
            python::Pattern::MatchStar(_) => {
                let message = "a starred name can stand in a sequence pattern only";
                let help = "write `[*rest]` to match a whole sequence";
                self.report(Diagnostic::new(Code::InvalidPattern, at, message).help(help));
                PatternKind::Wildcard
            }
            python::Pattern::MatchAs(capture) => {
                let Some(name) = &capture.name else { return PatternKind::Wildcard };
                let inner = capture.pattern.as_ref().map(|inner| Box::new(self.pattern(inner, names)));
                let name = self.ident(name, Span::new(at.end.saturating_sub(name.len() as u32), at.end));
                self.capture(name.clone(), names);
                PatternKind::Capture { pattern: inner, name }
            }
            python::Pattern::MatchOr(or) => self.alternatives(&or.patterns, at, names),
            python::Pattern::MatchClass(class) => {
                if !class.kwd_patterns.is_empty() || class.patterns.len() > 1 {
                    let message = "a class pattern can hold one sub-pattern at most, without a name";
                    let help = "write `case int(n):`, or test the fields with `if`";
                    self.report(Diagnostic::new(Code::UnsupportedPattern, at, message).help(help));
                    return PatternKind::Wildcard;
                }
                let patterns = class.patterns.iter().map(|pattern| self.pattern(pattern, names)).collect();
                PatternKind::Class { class: self.expression(&class.cls), patterns }
            }
            python::Pattern::MatchMapping(_) => {
                let message = "mapping patterns are not supported";
                let help = "test with `if key in mapping:` and read `mapping[key]`";
                self.report(Diagnostic::new(Code::UnsupportedPattern, at, message).help(help));
                PatternKind::Wildcard
            }
        }
    }

    fn sequence_element(&mut self, pattern: &python::Pattern, names: &mut Vec<Ident>) -> Pattern {
        let python::Pattern::MatchStar(star) = pattern else { return self.pattern(pattern, names) };
        let at = span(pattern);
        let name = star.name.as_ref().map(|name| {
            let ident = self.ident(name, Span::new(at.end.saturating_sub(name.len() as u32), at.end));
            self.capture(ident.clone(), names);
            ident
        });
        Pattern { kind: PatternKind::Star(name), span: at }
    }

    fn capture(&mut self, name: Ident, names: &mut Vec<Ident>) {
        if let Some(earlier) = names.iter().find(|earlier| earlier.text == name.text) {
            let message = format!("`{}` is bound twice in one pattern", name.text);
            let help = "use two names and compare them: `case [a, b] if a == b:`";
            let diagnostic = Diagnostic::new(Code::InvalidPattern, name.span, message);
            let place = earlier.span;
            self.report(diagnostic.label(place, "bound here already").help(help));
        }
        names.push(name);
    }

    fn alternatives(&mut self, patterns: &[python::Pattern], at: Span, names: &mut Vec<Ident>) -> PatternKind {
        let Some((last, others)) = patterns.split_last() else { return PatternKind::Wildcard };
        let mut converted = Vec::new();
        let mut bound: Option<Vec<Arc<str>>> = None;
        let mut differs = false;
        for pattern in others {
            self.refuse_catch_all(pattern, "the alternatives after it");
        }
        for pattern in others.iter().chain([last]) {
            let mut inner = Vec::new();
            converted.push(self.pattern(pattern, &mut inner));
            let mut texts: Vec<Arc<str>> = inner.iter().map(|name| name.text.clone()).collect();
            crate::order::sort(&mut texts);
            match &bound {
                None => {
                    for name in inner {
                        self.capture(name, names);
                    }
                    bound = Some(texts);
                }
                Some(first) => differs |= *first != texts,
            }
        }
        if differs {
            let message = "the alternatives of `|` bind different names";
            let help = "each alternative must bind the same names, or none";
            self.report(Diagnostic::new(Code::InvalidPattern, at, message).help(help));
        }
        PatternKind::Or(converted)
    }

    /// A literal, a signed or complex number, or a dotted name.
    fn pattern_value(&mut self, value: &python::Expr) -> Expr {
        let at = span(value);
        let problem = match value {
            python::Expr::JoinedStr(_) => Some("an f-string cannot be a pattern"),
            python::Expr::BinOp(number) => {
                let is_complex =
                    |expr: &python::Expr| expr.as_constant_expr().is_some_and(|constant| constant.value.is_complex());
                let real = match &*number.left {
                    python::Expr::UnaryOp(unary) => &unary.operand,
                    other => other,
                };
                if is_complex(real) || !is_complex(&number.right) {
                    Some("a sum in a pattern must be a complex number: real part, then imaginary part")
                } else {
                    None
                }
            }
            _ => None,
        };
        if let Some(problem) = problem {
            return self.refuse(Diagnostic::new(Code::InvalidPattern, at, problem));
        }
        self.expression(value)
    }
}
