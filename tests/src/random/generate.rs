//! Writes random typed programs that end. In: `Choices`. Out: Python text.
//!
//! Only what Kukri documents as equal to CPython is written: variables keep their type, containers are homogeneous,
//! functions without correctly rounded results (`math.sin` …) are left out.

use super::choices::Choices;
use super::types::Type;
use std::fmt::Write as _;

struct Function {
    name: String,
    params: Vec<(String, Type)>,
    /// The parameters from this one on have defaults.
    defaults: usize,
    returns: Type,
}

/// A variable; loop variables are not assigned.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) fixed: bool,
}

pub(super) struct Writer<'a> {
    pub(super) choices: &'a mut Choices,
    pub(super) scope: Vec<Variable>,
    text: String,
    functions: Vec<Function>,
    names: usize,
    /// Functions, also those that are out of sight.
    made: usize,
    loops: usize,
    /// What the function that is being written returns.
    returns: Option<Type>,
    nested: bool,
}

/// A program that prints what its functions give.
pub fn program(choices: &mut Choices) -> String {
    let mut writer = Writer {
        choices,
        scope: Vec::new(),
        text: String::new(),
        functions: Vec::new(),
        names: 0,
        made: 0,
        loops: 0,
        returns: None,
        nested: false,
    };
    let count = 1 + writer.choices.below(3);
    for _ in 0..count {
        writer.scope.clear();
        writer.function(0);
        writer.text.push_str("\n\n");
    }
    writer.scope.clear();
    for _ in 0..=writer.choices.below(3) {
        for at in 0..writer.functions.len() {
            let call = writer.call_of(at, 1);
            if writer.choices.once_in(6) {
                writer.line(0, &format!("print({call})"));
            } else {
                // An exception does not hide what comes after it. The words of an overflow are Kukri's own.
                writer.line(0, "try:");
                writer.line(1, &format!("print({call})"));
                writer.line(0, "except OverflowError:");
                writer.line(1, "print('overflow')");
                writer.line(0, "except Exception as error:");
                writer.line(1, "print('raised', error)");
            }
        }
    }
    let text = writer.text;
    let mut imports = String::new();
    for (module, line) in [("math.", "import math\n"), ("np.", "import numpy as np\n")] {
        if text.contains(module) {
            imports.push_str(line);
        }
    }
    format!("{imports}{text}")
}

impl Writer<'_> {
    fn function(&mut self, indent: usize) {
        let name = format!("f{}", self.made);
        self.made += 1;
        let params: Vec<Type> = (0..self.choices.below(4)).map(|_| Type::any(self.choices)).collect();
        let returns = Type::any(self.choices);
        let defaults = if self.choices.once_in(3) { self.choices.below(params.len() + 1) } else { params.len() };
        let (known, calls) = (self.scope.len(), self.functions.len());
        let mut list = Vec::new();
        let mut named = Vec::new();
        for (at, ty) in params.iter().enumerate() {
            let annotation = if self.choices.once_in(5) { None } else { ty.annotation() };
            let annotation = annotation.map_or(String::new(), |text| format!(": {text}"));
            let default = if at >= defaults { format!(" = {}", self.literal(ty)) } else { String::new() };
            let name = self.declare(ty, false);
            list.push(format!("{name}{annotation}{default}"));
            named.push((name, ty.clone()));
        }
        let arrow = if self.choices.once_in(4) { None } else { returns.annotation() };
        let arrow = arrow.map_or(String::new(), |text| format!(" -> {text}"));
        self.line(indent, &format!("def {name}({}){arrow}:", list.join(", ")));
        let outer = (self.returns.replace(returns.clone()), self.loops, self.nested);
        self.loops = 0;
        // What belongs to the function around it is only read.
        let around = self.scope.iter().map(|variable| variable.fixed).collect::<Vec<_>>();
        self.scope[..known].iter_mut().for_each(|variable| variable.fixed = true);
        if self.choices.once_in(6)
            && let Some((counter, _)) = named.iter().find(|(_, ty)| *ty == Type::Int).cloned()
            && indent == 0
            && defaults == params.len()
        {
            self.recursion(&name, &counter, &named, &returns);
        }
        self.block(indent + 1, 2);
        let value = self.expr(&returns, 3);
        self.line(indent + 1, &format!("return {value}"));
        self.scope.truncate(known);
        self.scope.iter_mut().zip(around).for_each(|(variable, fixed)| variable.fixed = fixed);
        self.functions.truncate(calls);
        (self.returns, self.loops, self.nested) = outer;
        self.functions.push(Function { name, params: named, defaults, returns });
    }

    /// The function calls itself with a smaller number.
    fn recursion(&mut self, name: &str, counter: &str, params: &[(String, Type)], returns: &Type) {
        self.line(1, &format!("if 0 < {counter} < 20:"));
        let arguments: Vec<_> =
            params
                .iter()
                .map(|(param, _)| {
                    if param == counter { format!("{counter} - {}", 1 + self.choices.below(3)) } else { param.clone() }
                })
                .collect();
        let call = format!("{name}({})", arguments.join(", "));
        let value = match returns {
            Type::Int => format!("({call} % 1000 + {counter})"),
            Type::Str => format!("({call} + '.')[-9:]"),
            _ => call,
        };
        self.line(2, &format!("return {value}"));
    }

    pub(super) fn declare(&mut self, ty: &Type, fixed: bool) -> String {
        let name = format!("v{}", self.names);
        self.names += 1;
        self.scope.push(Variable { name: name.clone(), ty: ty.clone(), fixed });
        name
    }

    pub(super) fn line(&mut self, indent: usize, text: &str) {
        writeln!(self.text, "{}{text}", "    ".repeat(indent)).expect("strings take any text");
    }

    /// Statements; what they declare is gone after them.
    fn block(&mut self, indent: usize, depth: usize) {
        for _ in 0..=self.choices.below(4) {
            self.statement(indent, depth);
        }
    }

    fn inner(&mut self, indent: usize, depth: usize) {
        let (known, calls) = (self.scope.len(), self.functions.len());
        self.block(indent, depth);
        self.scope.truncate(known);
        self.functions.truncate(calls);
    }

    fn statement(&mut self, indent: usize, depth: usize) {
        let kinds = if depth == 0 { 8 } else { 17 };
        match self.choices.below(kinds) {
            0 => {
                let ty = Type::any(self.choices);
                let value = self.expr(&ty, 3);
                let name = self.declare(&ty, false);
                let annotation = match &ty {
                    Type::List(_) | Type::Dict(..) => ty.annotation(),
                    _ => None,
                };
                let annotation = annotation.map_or(String::new(), |text| format!(": {text}"));
                self.line(indent, &format!("{name}{annotation} = {value}"));
            }
            1 | 2 => self.print(indent),
            3 => self.assign(indent),
            4 => self.augment(indent),
            5 => {
                if !self.change_list(indent) && !self.change_dict(indent) && !self.change_array(indent) {
                    self.print(indent);
                }
            }
            6 => {
                if !self.change_array(indent) && !self.change_dict(indent) {
                    self.print(indent);
                }
            }
            7 => self.unpack(indent),
            8 => {
                let test = self.condition();
                self.line(indent, &format!("if {test}:"));
                self.inner(indent + 1, depth - 1);
                if self.choices.once_in(3) {
                    let test = self.condition();
                    self.line(indent, &format!("elif {test}:"));
                    self.inner(indent + 1, depth - 1);
                }
                if self.choices.once_in(2) {
                    self.line(indent, "else:");
                    self.inner(indent + 1, depth - 1);
                }
            }
            9 => {
                let range = match self.choices.below(3) {
                    0 => format!("{}", self.choices.below(6)),
                    1 => format!("{}, {}", self.choices.below(3), self.choices.below(9)),
                    _ => {
                        format!("{}, {}, -{}", self.choices.below(9), self.choices.below(3), 1 + self.choices.below(3))
                    }
                };
                let known = self.scope.len();
                let name = self.declare(&Type::Int, true);
                self.line(indent, &format!("for {name} in range({range}):"));
                self.looped(indent, depth, known);
            }
            10 | 11 => self.for_each(indent, depth),
            12 => {
                let known = self.scope.len();
                let name = self.declare(&Type::Int, true);
                let start = self.choices.below(5);
                self.line(indent, &format!("{name} = {start}"));
                self.line(indent, &format!("while {name} > 0:"));
                // It counts down first, so that `continue` cannot make it endless.
                self.line(indent + 1, &format!("{name} -= 1"));
                self.looped(indent, depth, known);
            }
            13 | 14 => self.attempt(indent, depth),
            15 => self.choose(indent, depth),
            _ => {
                if self.nested || self.loops > 0 || indent != 1 {
                    let test = self.condition();
                    self.line(indent, &format!("if {test}:"));
                    if let Some(returns) = self.returns.clone()
                        && self.choices.once_in(2)
                    {
                        let value = self.expr(&returns, 2);
                        self.line(indent + 1, &format!("return {value}"));
                    } else {
                        let class = *self.choices.pick(&["ValueError", "KeyError", "TypeError", "RuntimeError"]);
                        let value = self.expr(&Type::Str, 2);
                        self.line(indent + 1, &format!("raise {class}({value})"));
                    }
                } else {
                    let calls = self.functions.len();
                    self.nested = true;
                    self.function(indent);
                    self.nested = false;
                    debug_assert_eq!(self.functions.len(), calls + 1);
                }
            }
        }
    }

    fn print(&mut self, indent: usize) {
        let mut values = Vec::new();
        for _ in 0..=self.choices.below(2) {
            if self.choices.once_in(5) {
                values.push(self.printed_array(2));
            } else {
                let ty = Type::any(self.choices);
                values.push(self.expr(&ty, 2));
            }
        }
        let keyword = if self.choices.once_in(12) { ", sep='|'" } else { "" };
        self.line(indent, &format!("print({}{keyword})", values.join(", ")));
    }

    /// A test, of any type that has a truth.
    fn condition(&mut self) -> String {
        let ty = if self.choices.once_in(4) { Type::any(self.choices) } else { Type::Bool };
        let ty = if ty.has_truth() { ty } else { Type::Bool };
        self.expr(&ty, 2)
    }

    fn for_each(&mut self, indent: usize, depth: usize) {
        let known = self.scope.len();
        let header = match self.choices.below(6) {
            0 => {
                let dict = Type::any_dict(self.choices);
                let Type::Dict(key, value) = &dict else { return };
                let text = self.expr(&dict, 2);
                let (k, v) = (self.declare(key, true), self.declare(value, true));
                format!("for {k}, {v} in list(({text}).items())[:6]:")
            }
            1 => {
                let (one, two) = (Type::any_list(self.choices), Type::any_list(self.choices));
                let (Type::List(first), Type::List(second)) = (&one, &two) else { return };
                let (a, b) = (self.expr(&one, 2), self.expr(&two, 2));
                let (x, y) = (self.declare(first, true), self.declare(second, true));
                format!("for {x}, {y} in zip(({a})[:6], {b}):")
            }
            2 => {
                let text = self.expr(&Type::Str, 2);
                let name = self.declare(&Type::Str, true);
                format!("for {name} in ({text})[:6]:")
            }
            kind => {
                let list = Type::any_list(self.choices);
                let Type::List(item) = &list else { return };
                let text = self.expr(&list, 2);
                if kind == 3 {
                    let (index, name) = (self.declare(&Type::Int, true), self.declare(item, true));
                    format!("for {index}, {name} in enumerate(({text})[:6]):")
                } else {
                    let name = self.declare(item, true);
                    let around = if kind == 4 { "reversed" } else { "" };
                    format!("for {name} in {around}(({text})[:6]):")
                }
            }
        };
        self.line(indent, &header);
        self.looped(indent, depth, known);
    }

    fn looped(&mut self, indent: usize, depth: usize, known: usize) {
        let calls = self.functions.len();
        self.loops += 1;
        self.block(indent + 1, depth - 1);
        if self.choices.once_in(4) {
            let test = self.condition();
            let word = *self.choices.pick(&["break", "continue"]);
            self.line(indent + 1, &format!("if {test}:"));
            self.line(indent + 2, word);
            self.block(indent + 1, 0);
        }
        self.loops -= 1;
        self.scope.truncate(known);
        self.functions.truncate(calls);
        if self.choices.once_in(6) {
            self.line(indent, "else:");
            self.inner(indent + 1, 0);
        }
    }

    /// `try` with what it takes.
    fn attempt(&mut self, indent: usize, depth: usize) {
        self.line(indent, "try:");
        self.inner(indent + 1, depth - 1);
        let only_finally = self.choices.once_in(8);
        if !only_finally {
            let (header, prints) = *self.choices.pick(&[
                ("except (IndexError, KeyError) as error:", "print('caught', error)"),
                ("except ZeroDivisionError as error:", "print('caught', error)"),
                ("except ValueError as error:", "print('caught', error)"),
                ("except OverflowError:", "print('overflow')"),
                ("except ArithmeticError:", "print('arithmetic')"),
                ("except LookupError as error:", "print('caught', repr(error))"),
                ("except Exception:", "print('some exception')"),
                ("except:", "print('anything')"),
            ]);
            self.line(indent, header);
            self.line(indent + 1, prints);
            if self.choices.once_in(2) {
                self.inner(indent + 1, 0);
            }
            if self.choices.once_in(8) {
                self.line(indent + 1, "raise");
            }
            if self.choices.once_in(4) {
                self.line(indent, "else:");
                self.inner(indent + 1, 0);
            }
        }
        if only_finally || self.choices.once_in(4) {
            self.line(indent, "finally:");
            self.inner(indent + 1, 0);
        }
    }

    /// `match`.
    fn choose(&mut self, indent: usize, depth: usize) {
        let ty = match self.choices.below(3) {
            0 => Type::Int,
            1 => Type::Str,
            _ => Type::Tuple(vec![Type::Int, Type::Str]),
        };
        let subject = self.expr(&ty, 2);
        self.line(indent, &format!("match {subject}:"));
        for _ in 0..=self.choices.below(2) {
            let known = self.scope.len();
            let pattern = if let Type::Tuple(_) = ty {
                let (number, text) = (self.choices.below(4), self.literal(&Type::Str));
                match self.choices.below(3) {
                    0 => format!("({number}, {text})"),
                    1 => format!("(_, {text})"),
                    _ => {
                        let name = self.declare(&Type::Str, true);
                        format!("({number}, {name})")
                    }
                }
            } else {
                let (one, two) = (self.literal(&ty), self.literal(&ty));
                if self.choices.once_in(3) { format!("{one} | {two}") } else { one }
            };
            let guard =
                if self.choices.once_in(4) { format!(" if {}", self.expr(&Type::Bool, 1)) } else { String::new() };
            self.line(indent + 1, &format!("case {pattern}{guard}:"));
            self.inner(indent + 2, depth - 1);
            self.scope.truncate(known);
        }
        if self.choices.once_in(2) {
            self.line(indent + 1, "case _:");
            self.inner(indent + 2, 0);
        }
    }

    fn unpack(&mut self, indent: usize) {
        let items = vec![Type::scalar(self.choices), Type::scalar(self.choices)];
        match self.choices.below(3) {
            0 => {
                let value = self.expr(&Type::Tuple(items.clone()), 2);
                let names: Vec<_> = items.iter().map(|ty| self.declare(ty, false)).collect();
                self.line(indent, &format!("{} = {value}", names.join(", ")));
            }
            1 => {
                let ty = Type::any_list(self.choices);
                let Type::List(item) = &ty else { return };
                let value = self.expr(&ty, 2);
                let (first, rest) = (self.declare(item, false), self.declare(&ty, false));
                self.line(indent, &format!("{first}, *{rest} = {value}"));
            }
            _ => {
                // Two variables change places.
                let Some(one) = self.variable(|variable| !variable.fixed) else { return self.print(indent) };
                let Some(two) = self.variable(|variable| !variable.fixed && variable.ty == one.ty) else { return };
                self.line(indent, &format!("{0}, {1} = {1}, {0}", one.name, two.name));
            }
        }
    }

    pub(super) fn variable(&mut self, fits: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let fitting: Vec<_> = self.scope.iter().filter(|variable| fits(variable)).cloned().collect();
        if fitting.is_empty() { None } else { Some(self.choices.pick(&fitting).clone()) }
    }

    fn assign(&mut self, indent: usize) {
        let Some(variable) = self.variable(|variable| !variable.fixed) else { return self.print(indent) };
        let value = self.expr(&variable.ty, 3);
        self.line(indent, &format!("{} = {value}", variable.name));
    }

    fn augment(&mut self, indent: usize) {
        let Some(variable) = self.variable(|variable| !variable.fixed) else { return self.print(indent) };
        let op = match variable.ty {
            Type::Int => *self.choices.pick(&["+", "-", "*", "//", "%", "&", "|", "^"]),
            Type::Float => *self.choices.pick(&["+", "-", "*", "/"]),
            Type::Bool => *self.choices.pick(&["&", "|", "^"]),
            Type::Str | Type::List(_) => "+",
            Type::Tuple(_) | Type::Dict(..) | Type::Scalar(_) | Type::Array(_) | Type::Matrix(_) => {
                return self.assign(indent);
            }
        };
        let value = self.expr(&variable.ty, 2);
        self.line(indent, &format!("{} {op}= {value}", variable.name));
        // What grows in a loop is cut, so that it does not double for ever.
        if matches!(variable.ty, Type::Str | Type::List(_)) {
            self.line(indent, &format!("{0} = {0}[:12]", variable.name));
        }
    }

    fn call_of(&mut self, at: usize, depth: usize) -> String {
        let params = self.functions[at].params.clone();
        let defaults = self.functions[at].defaults;
        let mut arguments = Vec::new();
        let mut named = false;
        for (index, (name, ty)) in params.iter().enumerate() {
            if index >= defaults && self.choices.once_in(2) {
                // What follows must say its name.
                named = true;
                continue;
            }
            let value = self.expr(ty, depth);
            named |= self.choices.once_in(8);
            arguments.push(if named { format!("{name}={value}") } else { value });
        }
        format!("{}({})", self.functions[at].name, arguments.join(", "))
    }

    /// An expression of a type; deeper ones are made of simpler ones.
    pub(super) fn expr(&mut self, ty: &Type, depth: usize) -> String {
        let leaf = depth == 0 || self.choices.once_in(4);
        if leaf {
            if self.choices.below(3) > 0
                && let Some(variable) = self.variable(|variable| variable.ty == *ty)
            {
                return variable.name;
            }
            return self.literal(ty);
        }
        let depth = depth - 1;
        // Calls inside loops inside calls take too long.
        if self.loops == 0 && self.choices.once_in(8) {
            let fitting: Vec<_> = (0..self.functions.len()).filter(|at| self.functions[*at].returns == *ty).collect();
            if !fitting.is_empty() {
                let at = *self.choices.pick(&fitting);
                return self.call_of(at, depth);
            }
        }
        if self.choices.once_in(9) {
            let (test, yes, no) = (self.expr(&Type::Bool, depth), self.expr(ty, depth), self.expr(ty, depth));
            return format!("({yes} if {test} else {no})");
        }
        if self.choices.once_in(7)
            && let Some(element) = self.element(ty)
        {
            return element;
        }
        match ty {
            Type::Int => self.int(depth),
            Type::Float => self.float(depth),
            Type::Bool => self.bool(depth),
            Type::Str => self.str(depth),
            Type::List(item) => self.list(item, depth),
            Type::Tuple(items) => self.tuple(items, depth),
            Type::Dict(key, value) => self.dict(key, value, depth),
            Type::Scalar(element) => self.scalar(*element, depth),
            Type::Array(element) => self.array(*element, depth),
            Type::Matrix(element) => self.matrix(*element, depth),
        }
    }

    pub(super) fn literal(&mut self, ty: &Type) -> String {
        match ty {
            Type::Int => (*self.choices.pick(&[
                "0",
                "1",
                "2",
                "3",
                "-1",
                "7",
                "10",
                "-5",
                "100",
                "255",
                "-128",
                "12345",
                "4294967296",
                "-1000003",
                "9223372036854775807",
                "(-9223372036854775808)",
                "4611686018427387904",
                "3037000500",
            ]))
            .to_owned(),
            Type::Float => (*self.choices.pick(&[
                "0.0",
                "1.0",
                "0.5",
                "-1.5",
                "2.25",
                "0.1",
                "-0.0",
                "3.141592653589793",
                "1e10",
                "1e-7",
                "100.0",
                "1e22",
                "123456.789",
                "1e300",
                "5e-324",
                "-2.5",
                "1e16",
            ]))
            .to_owned(),
            Type::Bool => (*self.choices.pick(&["True", "False"])).to_owned(),
            Type::Str => (*self.choices.pick(&[
                "''",
                "'a'",
                "'abc'",
                "'Hello World'",
                "' x '",
                "'é'",
                "'日本'",
                "'a,b,c'",
                "'12'",
                "'aaa'",
                "'\\n'",
                "\"it's\"",
                "'😀z'",
            ]))
            .to_owned(),
            Type::List(item) => {
                let items: Vec<_> = (0..self.choices.below(4)).map(|_| self.literal(item)).collect();
                // An empty display has no type of its own where it stands alone.
                if items.is_empty() {
                    format!("[{}][:0]", self.literal(item))
                } else {
                    format!("[{}]", items.join(", "))
                }
            }
            Type::Tuple(items) => {
                let items: Vec<_> = items.iter().map(|item| self.literal(item)).collect();
                format!("({})", items.join(", "))
            }
            Type::Dict(key, value) => {
                let items: Vec<_> = (0..=self.choices.below(3))
                    .map(|_| format!("{}: {}", self.literal(key), self.literal(value)))
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
            Type::Scalar(element) => {
                format!("{}({})", element.dtype(), self.choices.pick(element.literals()))
            }
            Type::Array(element) => self.array_literal(*element),
            Type::Matrix(element) => self.matrix_literal(*element),
        }
    }
}
