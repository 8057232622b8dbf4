//! Expressions. In: rustpython expressions. Out: `ast::Expr`. Reports: KU1001, KU1009, KU1011, KU1101, KU1103, KU1105.

use super::{Converter, Met, ScopeKind, python, span};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{BinaryOp, Clause, CompareOp, ComprehensionKind, Expr, ExprKind, Ident, Keyword, UnaryOp};

impl Converter<'_> {
    pub(super) fn expression(&mut self, expr: &python::Expr) -> Expr {
        let span = span(expr);
        if !self.descend(span) {
            return Expr { kind: ExprKind::None, span };
        }
        let kind = self.expression_kind(expr, span);
        self.rise();
        Expr { kind, span }
    }

    fn boxed(&mut self, expr: &python::Expr) -> Box<Expr> {
        Box::new(self.expression(expr))
    }

    fn optional(&mut self, expr: Option<&python::Expr>) -> Option<Box<Expr>> {
        expr.map(|expr| self.boxed(expr))
    }

    pub(super) fn expressions(&mut self, exprs: &[python::Expr]) -> Vec<Expr> {
        let mut converted = Vec::with_capacity(exprs.len());
        for expr in exprs {
            converted.push(self.expression(expr));
        }
        converted
    }

    /// Elements of a display or arguments of a call, where `*value` may stand.
    pub(super) fn elements(&mut self, exprs: &[python::Expr]) -> Vec<Expr> {
        let mut converted = Vec::with_capacity(exprs.len());
        for expr in exprs {
            converted.push(self.element(expr));
        }
        converted
    }

    fn element(&mut self, expr: &python::Expr) -> Expr {
        match expr {
            python::Expr::Starred(starred) => {
                let value = self.boxed(&starred.value);
                Expr { kind: ExprKind::Starred(value), span: span(expr) }
            }
            other => self.expression(other),
        }
    }

    fn expression_kind(&mut self, expr: &python::Expr, span: Span) -> ExprKind {
        match expr {
            python::Expr::Name(name) => self.load(name, span),
            python::Expr::Constant(constant) => self.constant(&constant.value, span),
            python::Expr::JoinedStr(string) => ExprKind::FString(self.fstring(&string.values, span)),
            python::Expr::List(list) => ExprKind::List(self.elements(&list.elts)),
            python::Expr::Tuple(tuple) => ExprKind::Tuple(self.elements(&tuple.elts)),
            python::Expr::Set(set) => ExprKind::Set(self.elements(&set.elts)),
            python::Expr::Dict(dict) => self.dict(dict),
            python::Expr::ListComp(list) => self.comprehension(ComprehensionKind::List, &list.elt, &list.generators),
            python::Expr::SetComp(set) => self.comprehension(ComprehensionKind::Set, &set.elt, &set.generators),
            python::Expr::GeneratorExp(generator) => {
                self.comprehension(ComprehensionKind::Generator, &generator.elt, &generator.generators)
            }
            python::Expr::DictComp(dict) => self.dict_comprehension(dict),
            python::Expr::UnaryOp(unary) => self.unary(unary),
            python::Expr::BinOp(binary) => self.binary(binary),
            python::Expr::BoolOp(logical) => self.logical(logical),
            python::Expr::Compare(compare) => self.compare(compare),
            python::Expr::IfExp(choice) => self.choice(choice),
            python::Expr::Call(call) => self.call(call),
            python::Expr::Attribute(attribute) => self.attribute(attribute, span),
            python::Expr::Subscript(subscript) => self.subscript(subscript),
            python::Expr::Slice(slice) => self.slice(slice),
            python::Expr::Lambda(lambda) => self.lambda(lambda, span),
            python::Expr::NamedExpr(named) => self.walrus(named),
            python::Expr::Starred(_) => self.lone_star(span),
            python::Expr::Yield(_) | python::Expr::YieldFrom(_) => self.generator(span),
            python::Expr::Await(_) => self.unsupported_await(span),
            // The parser makes these inside a `JoinedStr` alone, where `fstring` takes them.
            python::Expr::FormattedValue(_) => self.impossible(span, "a replacement field stands outside an f-string"),
        }
    }

    fn load(&mut self, name: &python::ExprName, span: Span) -> ExprKind {
        let ident = self.ident(&name.id, span);
        self.meet(&ident.text, Met::Used, span);
        ExprKind::Name(ident.text)
    }

    fn dict(&mut self, dict: &python::ExprDict) -> ExprKind {
        let mut pairs = Vec::with_capacity(dict.values.len());
        for (key, value) in dict.keys.iter().zip(&dict.values) {
            let key = key.as_ref().map(|key| self.expression(key));
            pairs.push((key, self.expression(value)));
        }
        ExprKind::Dict(pairs)
    }

    fn unary(&mut self, unary: &python::ExprUnaryOp) -> ExprKind {
        ExprKind::Unary { op: unary_op(unary.op), operand: self.boxed(&unary.operand) }
    }

    fn binary(&mut self, binary: &python::ExprBinOp) -> ExprKind {
        let (left, right) = (self.boxed(&binary.left), self.boxed(&binary.right));
        ExprKind::Binary { op: binary_op(binary.op), left, right }
    }

    fn logical(&mut self, logical: &python::ExprBoolOp) -> ExprKind {
        let values = self.expressions(&logical.values);
        match logical.op {
            python::BoolOp::And => ExprKind::And(values),
            python::BoolOp::Or => ExprKind::Or(values),
        }
    }

    fn compare(&mut self, compare: &python::ExprCompare) -> ExprKind {
        let left = self.boxed(&compare.left);
        let mut rest = Vec::with_capacity(compare.ops.len());
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            rest.push((compare_op(*op), self.expression(right)));
        }
        ExprKind::Compare { left, rest }
    }

    fn choice(&mut self, choice: &python::ExprIfExp) -> ExprKind {
        let test = self.boxed(&choice.test);
        ExprKind::If { test, body: self.boxed(&choice.body), orelse: self.boxed(&choice.orelse) }
    }

    fn attribute(&mut self, attribute: &python::ExprAttribute, span: Span) -> ExprKind {
        let value = self.boxed(&attribute.value);
        let start = span.end.saturating_sub(attribute.attr.len() as u32);
        ExprKind::Attribute { value, name: self.ident(&attribute.attr, Span::new(start, span.end)) }
    }

    fn subscript(&mut self, subscript: &python::ExprSubscript) -> ExprKind {
        let value = self.boxed(&subscript.value);
        let mut index = self.element(&subscript.slice);
        if let ExprKind::Starred(_) = index.kind {
            // `x[*a]` is `x[(*a,)]`.
            index = Expr { span: index.span, kind: ExprKind::Tuple(vec![index]) };
        }
        ExprKind::Subscript { value, index: Box::new(index) }
    }

    fn slice(&mut self, slice: &python::ExprSlice) -> ExprKind {
        ExprKind::Slice {
            lower: self.optional(slice.lower.as_deref()),
            upper: self.optional(slice.upper.as_deref()),
            step: self.optional(slice.step.as_deref()),
        }
    }

    fn lone_star(&mut self, span: Span) -> ExprKind {
        let message = "`*` cannot stand here";
        let help = "`*value` unpacks into a call, a list, a tuple or a set; with a comma it is a tuple: `*value,`";
        self.refuse(Diagnostic::new(Code::MisplacedStatement, span, message).help(help)).kind
    }

    fn unsupported_await(&mut self, span: Span) -> ExprKind {
        let at = Span::new(span.start, span.start + "await".len() as u32);
        let help = "a kernel only computes: wait outside it, and hand it the data";
        self.refuse(Diagnostic::new(Code::UnsupportedAsync, at, "`await` is not supported").help(help)).kind
    }

    /// What the parser never makes.
    fn impossible(&mut self, span: Span, message: &str) -> ExprKind {
        self.refuse(Diagnostic::new(Code::Internal, span, message)).kind
    }

    fn constant(&mut self, constant: &python::Constant, span: Span) -> ExprKind {
        match constant {
            python::Constant::None => ExprKind::None,
            python::Constant::Bool(value) => ExprKind::Bool(*value),
            python::Constant::Int(value) => match u64::try_from(value) {
                Ok(value) => ExprKind::Int(value),
                Err(_) => self.too_large(span),
            },
            python::Constant::Float(value) => ExprKind::Float(*value),
            python::Constant::Complex { imag, .. } => ExprKind::Imaginary(*imag),
            python::Constant::Str(value) => {
                self.refuse_surrogates(value, span);
                ExprKind::Str(value.as_str().into())
            }
            python::Constant::Bytes(value) => ExprKind::Bytes(value.as_slice().into()),
            python::Constant::Ellipsis => ExprKind::Ellipsis,
            // Made by the optimiser of rustpython alone, which is not used.
            python::Constant::Tuple(_) => self.impossible(span, "a tuple stands as a constant"),
        }
    }

    fn too_large(&mut self, span: Span) -> ExprKind {
        let message = "this number has more than 64 bits";
        let help = "an `int` goes up to 9223372036854775807; write a float where an approximate value is enough";
        self.refuse(Diagnostic::new(Code::LiteralRange, span, message).help(help)).kind
    }

    /// The parser makes U+FFFD of `\ud800`; that would be another string than Python's.
    pub(super) fn refuse_surrogates(&mut self, value: &str, span: Span) {
        if !value.contains('\u{fffd}') {
            return;
        }
        let text = self.source(span).to_ascii_lowercase();
        let surrogate = text.match_indices("\\u").find(|(at, _)| {
            let digits = text[at + 2..].trim_start_matches('0');
            let digits = if digits.len() < text[at + 2..].len() { digits } else { &text[at + 2..] };
            matches!(digits.as_bytes(), [b'd', b'8'..=b'9' | b'a'..=b'f', ..])
        });
        if let Some((at, _)) = surrogate {
            let start = span.start + at as u32;
            let message = "a string cannot hold half of a surrogate pair";
            let help = "write the character itself, or its code point: `\\U0001f600`";
            let place = Span::new(start, start + 6);
            self.report(Diagnostic::new(Code::UnsupportedExpression, place, message).help(help));
        }
    }

    fn call(&mut self, call: &python::ExprCall) -> ExprKind {
        let function = self.boxed(&call.func);
        let args = self.elements(&call.args);
        let mut keywords = Vec::with_capacity(call.keywords.len());
        for keyword in &call.keywords {
            let start = span(keyword).start;
            let name = keyword.arg.as_ref();
            let name = name.map(|name| self.ident(name, Span::new(start, start + name.len() as u32)));
            keywords.push(Keyword { name, value: self.expression(&keyword.value) });
        }
        self.check_generator_argument(call);
        ExprKind::Call { function, args, keywords }
    }

    /// `f(x for x in y, 1)`, which the parser takes.
    fn check_generator_argument(&mut self, call: &python::ExprCall) {
        if call.args.len() + call.keywords.len() > 1 {
            let bare = |arg: &&python::Expr| arg.is_generator_exp_expr() && !self.source(span(*arg)).starts_with('(');
            if let Some(arg) = call.args.iter().find(bare) {
                let at = span(arg);
                let message = "a generator expression beside other arguments needs parentheses of its own";
                let edits =
                    vec![(Span::new(at.start, at.start), "(".to_owned()), (Span::new(at.end, at.end), ")".to_owned())];
                self.report(Diagnostic::new(Code::InvalidSyntax, at, message).fix("put it in parentheses", edits));
            }
        }
    }

    fn walrus(&mut self, named: &python::ExprNamedExpr) -> ExprKind {
        let value = self.boxed(&named.value);
        let at = span(&*named.target);
        let text = match &*named.target {
            python::Expr::Name(name) => self.name(&name.id),
            // The grammar has a name there.
            other => return self.refuse(Diagnostic::new(Code::InvalidTarget, span(other), "not a name")).kind,
        };
        let name = Ident { text, span: at };
        let rebinds = self.scopes.iter().rev().take_while(|scope| scope.kind == ScopeKind::Comprehension);
        let rebinds = rebinds.filter_map(|scope| scope.names.get(&name.text)).find(|(met, _)| *met == Met::Assigned);
        if let Some((_, variable)) = rebinds {
            let message = format!("`:=` cannot change `{}`, the variable of the comprehension", name.text);
            let label = "the variable of the comprehension";
            let diagnostic = Diagnostic::new(Code::InvalidTarget, at, message).label(*variable, label);
            self.report(diagnostic.help("use another name"));
        }
        self.function_scope().names.entry(name.text.clone()).or_insert((Met::Assigned, at));
        ExprKind::Walrus { name, value }
    }

    fn generator(&mut self, span: Span) -> ExprKind {
        let scope = self.function_scope();
        let seen = std::mem::replace(&mut scope.yields, true);
        let diagnostic = if scope.kind == ScopeKind::Module {
            let help = "only a function can `yield`";
            Diagnostic::new(Code::MisplacedStatement, span, "`yield` outside a function").help(help)
        } else {
            let message = "generator functions are not supported";
            let help = "collect the values in a list and return it, \
                        or use a generator expression where one call consumes it";
            Diagnostic::new(Code::UnsupportedGenerator, span, message).here("this makes a generator").help(help)
        };
        if !seen {
            self.report(diagnostic);
        }
        ExprKind::None
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &python::Expr,
        generators: &[python::Comprehension],
    ) -> ExprKind {
        if let python::Expr::Starred(_) = element {
            let message = "`*` cannot unpack inside a comprehension";
            let help = "add a second `for`: `[x for row in rows for x in row]`";
            self.report(Diagnostic::new(Code::MisplacedStatement, span(element), message).help(help));
            return ExprKind::None;
        }
        let clauses = self.clauses(generators);
        let element = self.boxed(element);
        self.leave_scope();
        ExprKind::Comprehension { kind, element, clauses }
    }

    fn dict_comprehension(&mut self, dict: &python::ExprDictComp) -> ExprKind {
        let clauses = self.clauses(&dict.generators);
        let (key, value) = (self.boxed(&dict.key), self.boxed(&dict.value));
        self.leave_scope();
        ExprKind::DictComprehension { key, value, clauses }
    }

    /// Enters the scope of a comprehension and converts its clauses.
    fn clauses(&mut self, generators: &[python::Comprehension]) -> Vec<Clause> {
        // The first iterable belongs to the scope around the comprehension.
        let mut first = generators.first().map(|generator| self.expression(&generator.iter));
        self.enter_scope(ScopeKind::Comprehension);
        let mut clauses = Vec::new();
        for generator in generators {
            if generator.is_async {
                let at = span(&generator.target);
                let help = "a kernel only computes: wait outside it, and hand it the data";
                self.report(Diagnostic::new(Code::UnsupportedAsync, at, "`async for` is not supported").help(help));
            }
            let iter = match first.take() {
                Some(iter) => iter,
                None => self.expression(&generator.iter),
            };
            let target = self.target(&generator.target);
            let conditions = self.expressions(&generator.ifs);
            clauses.push(Clause { target, iter, conditions });
        }
        clauses
    }
}

fn unary_op(op: python::UnaryOp) -> UnaryOp {
    match op {
        python::UnaryOp::Invert => UnaryOp::Invert,
        python::UnaryOp::Not => UnaryOp::Not,
        python::UnaryOp::UAdd => UnaryOp::Pos,
        python::UnaryOp::USub => UnaryOp::Neg,
    }
}

pub(super) fn binary_op(op: python::Operator) -> BinaryOp {
    match op {
        python::Operator::Add => BinaryOp::Add,
        python::Operator::Sub => BinaryOp::Sub,
        python::Operator::Mult => BinaryOp::Mul,
        python::Operator::MatMult => BinaryOp::MatMul,
        python::Operator::Div => BinaryOp::Div,
        python::Operator::Mod => BinaryOp::Mod,
        python::Operator::Pow => BinaryOp::Pow,
        python::Operator::LShift => BinaryOp::Shl,
        python::Operator::RShift => BinaryOp::Shr,
        python::Operator::BitOr => BinaryOp::BitOr,
        python::Operator::BitXor => BinaryOp::BitXor,
        python::Operator::BitAnd => BinaryOp::BitAnd,
        python::Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn compare_op(op: python::CmpOp) -> CompareOp {
    match op {
        python::CmpOp::Eq => CompareOp::Eq,
        python::CmpOp::NotEq => CompareOp::Ne,
        python::CmpOp::Lt => CompareOp::Lt,
        python::CmpOp::LtE => CompareOp::Le,
        python::CmpOp::Gt => CompareOp::Gt,
        python::CmpOp::GtE => CompareOp::Ge,
        python::CmpOp::Is => CompareOp::Is,
        python::CmpOp::IsNot => CompareOp::IsNot,
        python::CmpOp::In => CompareOp::In,
        python::CmpOp::NotIn => CompareOp::NotIn,
    }
}
