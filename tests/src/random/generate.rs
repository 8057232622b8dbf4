//! Writes random typed programs that end. In: `Choices`. Out: Python text.
//!
//! Only what Kukri documents as equal to CPython is written: variables keep their type, containers are homogeneous,
//! functions without correctly rounded results (`math.sin` …) are left out.

use super::choices::Choices;
use std::fmt::Write as _;

/// The types of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Int,
    Float,
    Bool,
    Str,
    Ints,
    Floats,
    Strs,
}

const TYPES: [Type; 7] = [Type::Int, Type::Float, Type::Bool, Type::Str, Type::Ints, Type::Floats, Type::Strs];

impl Type {
    fn annotation(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Str => "str",
            Self::Ints => "list[int]",
            Self::Floats => "list[float]",
            Self::Strs => "list[str]",
        }
    }

    /// What a list of this type holds.
    fn item(self) -> Option<Self> {
        match self {
            Self::Ints => Some(Self::Int),
            Self::Floats => Some(Self::Float),
            Self::Strs => Some(Self::Str),
            Self::Int | Self::Float | Self::Bool | Self::Str => None,
        }
    }

    /// The list of this type.
    fn list(self) -> Self {
        match self {
            Self::Int | Self::Bool | Self::Ints => Self::Ints,
            Self::Float | Self::Floats => Self::Floats,
            Self::Str | Self::Strs => Self::Strs,
        }
    }
}

struct Function {
    name: String,
    params: Vec<Type>,
    returns: Type,
}

/// A variable; loop variables are not assigned.
#[derive(Clone)]
struct Variable {
    name: String,
    ty: Type,
    fixed: bool,
}

struct Writer<'a> {
    choices: &'a mut Choices,
    text: String,
    functions: Vec<Function>,
    scope: Vec<Variable>,
    names: usize,
    loops: usize,
}

/// A program that prints what its functions give.
pub fn program(choices: &mut Choices) -> String {
    let mut writer =
        Writer { choices, text: String::new(), functions: Vec::new(), scope: Vec::new(), names: 0, loops: 0 };
    let count = 1 + writer.choices.below(3);
    for _ in 0..count {
        writer.function();
    }
    writer.scope.clear();
    for _ in 0..=writer.choices.below(3) {
        for at in 0..writer.functions.len() {
            let call = writer.call_of(at, 1);
            writeln!(writer.text, "print({call})").expect("strings take any text");
        }
    }
    writer.text
}

impl Writer<'_> {
    fn function(&mut self) {
        let name = format!("f{}", self.functions.len());
        let params: Vec<Type> = (0..self.choices.below(4)).map(|_| *self.choices.pick(&TYPES)).collect();
        let returns = *self.choices.pick(&TYPES);
        self.scope.clear();
        self.names = 0;
        let mut list = Vec::new();
        for ty in &params {
            let name = self.declare(*ty, false);
            list.push(format!("{name}: {}", ty.annotation()));
        }
        writeln!(self.text, "def {name}({}) -> {}:", list.join(", "), returns.annotation())
            .expect("strings take any text");
        self.block(1, 2);
        let value = self.expr(returns, 3);
        writeln!(self.text, "    return {value}\n\n").expect("strings take any text");
        self.functions.push(Function { name, params, returns });
    }

    fn declare(&mut self, ty: Type, fixed: bool) -> String {
        let name = format!("v{}", self.names);
        self.names += 1;
        self.scope.push(Variable { name: name.clone(), ty, fixed });
        name
    }

    fn line(&mut self, indent: usize, text: &str) {
        writeln!(self.text, "{}{text}", "    ".repeat(indent)).expect("strings take any text");
    }

    /// Statements; what they declare is gone after them.
    fn block(&mut self, indent: usize, depth: usize) {
        for _ in 0..=self.choices.below(4) {
            self.statement(indent, depth);
        }
    }

    fn inner(&mut self, indent: usize, depth: usize) {
        let known = self.scope.len();
        self.block(indent, depth);
        self.scope.truncate(known);
    }

    fn statement(&mut self, indent: usize, depth: usize) {
        let kinds = if depth == 0 { 5 } else { 9 };
        match self.choices.below(kinds) {
            0 => {
                let ty = *self.choices.pick(&TYPES);
                let value = self.expr(ty, 3);
                let name = self.declare(ty, false);
                let annotation = if ty.item().is_some() { format!(": {}", ty.annotation()) } else { String::new() };
                self.line(indent, &format!("{name}{annotation} = {value}"));
            }
            1 => {
                let values: Vec<_> = (0..=self.choices.below(2)).map(|_| *self.choices.pick(&TYPES)).collect();
                let values: Vec<_> = values.into_iter().map(|ty| self.expr(ty, 2)).collect();
                self.line(indent, &format!("print({})", values.join(", ")));
            }
            2 => self.assign(indent),
            3 => self.augment(indent),
            4 => self.change_list(indent),
            5 => {
                let test = self.expr(Type::Bool, 2);
                self.line(indent, &format!("if {test}:"));
                self.inner(indent + 1, depth - 1);
                if self.choices.once_in(2) {
                    self.line(indent, "else:");
                    self.inner(indent + 1, depth - 1);
                }
            }
            6 => {
                let range = match self.choices.below(3) {
                    0 => format!("{}", self.choices.below(6)),
                    1 => format!("{}, {}", self.choices.below(3), self.choices.below(9)),
                    _ => {
                        format!("{}, {}, -{}", self.choices.below(9), self.choices.below(3), 1 + self.choices.below(3))
                    }
                };
                let known = self.scope.len();
                let name = self.declare(Type::Int, true);
                self.line(indent, &format!("for {name} in range({range}):"));
                self.looped(indent, depth, known);
            }
            7 => {
                let ty = *self.choices.pick(&[Type::Ints, Type::Floats, Type::Strs]);
                let list = self.expr(ty, 2);
                let known = self.scope.len();
                let index = self.choices.once_in(3).then(|| self.declare(Type::Int, true));
                let name = self.declare(ty.item().expect("a list has items"), true);
                let header = match index {
                    Some(index) => format!("for {index}, {name} in enumerate(({list})[:6]):"),
                    None => format!("for {name} in ({list})[:6]:"),
                };
                self.line(indent, &header);
                self.looped(indent, depth, known);
            }
            _ => {
                let known = self.scope.len();
                let name = self.declare(Type::Int, true);
                let start = self.choices.below(5);
                self.line(indent, &format!("{name} = {start}"));
                self.line(indent, &format!("while {name} > 0:"));
                // It counts down first, so that `continue` cannot make it endless.
                self.line(indent + 1, &format!("{name} -= 1"));
                self.looped(indent, depth, known);
            }
        }
    }

    fn looped(&mut self, indent: usize, depth: usize, known: usize) {
        self.loops += 1;
        self.block(indent + 1, depth - 1);
        if self.choices.once_in(4) {
            let test = self.expr(Type::Bool, 2);
            let word = *self.choices.pick(&["break", "continue"]);
            self.line(indent + 1, &format!("if {test}:"));
            self.line(indent + 2, word);
            self.block(indent + 1, 0);
        }
        self.loops -= 1;
        self.scope.truncate(known);
    }

    fn variable(&mut self, fits: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let fitting: Vec<_> = self.scope.iter().filter(|variable| fits(variable)).cloned().collect();
        if fitting.is_empty() { None } else { Some(self.choices.pick(&fitting).clone()) }
    }

    fn assign(&mut self, indent: usize) {
        let Some(variable) = self.variable(|variable| !variable.fixed) else { return self.line(indent, "pass") };
        let value = self.expr(variable.ty, 3);
        self.line(indent, &format!("{} = {value}", variable.name));
    }

    fn augment(&mut self, indent: usize) {
        let Some(variable) = self.variable(|variable| !variable.fixed) else { return self.line(indent, "pass") };
        let op = match variable.ty {
            Type::Int => *self.choices.pick(&["+", "-", "*", "//", "%", "&", "|", "^"]),
            Type::Float => *self.choices.pick(&["+", "-", "*", "/"]),
            Type::Bool => *self.choices.pick(&["&", "|", "^"]),
            Type::Str | Type::Ints | Type::Floats | Type::Strs => "+",
        };
        let value = self.expr(variable.ty, 2);
        self.line(indent, &format!("{} {op}= {value}", variable.name));
        // What grows in a loop is cut, so that it does not double for ever.
        if op == "+" && matches!(variable.ty, Type::Str | Type::Ints | Type::Floats | Type::Strs) {
            self.line(indent, &format!("{0} = {0}[:12]", variable.name));
        }
    }

    fn change_list(&mut self, indent: usize) {
        let Some(variable) = self.variable(|variable| variable.ty.item().is_some()) else {
            return self.line(indent, "pass");
        };
        let name = &variable.name;
        let item = self.expr(variable.ty.item().expect("a list was asked for"), 2);
        let index = self.expr(Type::Int, 1);
        let text = match self.choices.below(7) {
            0 => format!("{name}.append({item})"),
            1 => format!("if {name}: {name}[({index}) % len({name})] = {item}"),
            2 => format!("{name}.insert({index}, {item})"),
            3 => format!("if {name}: print({name}.pop())"),
            4 => format!("{name}.reverse()"),
            5 => format!("{name}[({index}) % 3:] = [{item}]"),
            _ => format!("{name}.sort()"),
        };
        self.line(indent, &text);
        self.line(indent, &format!("del {name}[12:]"));
    }

    fn call_of(&mut self, at: usize, depth: usize) -> String {
        let params = self.functions[at].params.clone();
        let arguments: Vec<_> = params.into_iter().map(|ty| self.expr(ty, depth)).collect();
        format!("{}({})", self.functions[at].name, arguments.join(", "))
    }

    /// An expression of a type; deeper ones are made of simpler ones.
    fn expr(&mut self, ty: Type, depth: usize) -> String {
        let leaf = depth == 0 || self.choices.once_in(4);
        if leaf {
            if self.choices.below(3) > 0
                && let Some(variable) = self.variable(|variable| variable.ty == ty)
            {
                return variable.name;
            }
            return self.literal(ty);
        }
        let depth = depth - 1;
        // Calls inside loops inside calls take too long.
        if self.loops == 0 && self.choices.once_in(8) {
            let fitting: Vec<_> = (0..self.functions.len()).filter(|at| self.functions[*at].returns == ty).collect();
            if !fitting.is_empty() {
                let at = *self.choices.pick(&fitting);
                return self.call_of(at, depth);
            }
        }
        if self.choices.once_in(9) {
            let (test, yes, no) = (self.expr(Type::Bool, depth), self.expr(ty, depth), self.expr(ty, depth));
            return format!("({yes} if {test} else {no})");
        }
        match ty {
            Type::Int => self.int(depth),
            Type::Float => self.float(depth),
            Type::Bool => self.bool(depth),
            Type::Str => self.str(depth),
            Type::Ints | Type::Floats | Type::Strs => self.list(ty, depth),
        }
    }

    fn literal(&mut self, ty: Type) -> String {
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
                "-9223372036854775808",
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
            Type::Ints | Type::Floats | Type::Strs => {
                let item = ty.item().expect("a list has items");
                let items: Vec<_> = (0..self.choices.below(4)).map(|_| self.literal(item)).collect();
                // An empty display has no type of its own where it stands alone.
                if items.is_empty() {
                    format!("[{}][:0]", self.literal(item))
                } else {
                    format!("[{}]", items.join(", "))
                }
            }
        }
    }

    fn int(&mut self, depth: usize) -> String {
        match self.choices.below(17) {
            0 => format!("({} + {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            1 => format!("({} - {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            2 => format!("({} * {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            3 => format!("({} // {})", self.expr(Type::Int, depth), self.divisor(depth)),
            4 => format!("({} % {})", self.expr(Type::Int, depth), self.divisor(depth)),
            5 => {
                let op = *self.choices.pick(&["&", "|", "^"]);
                format!("({} {op} {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth))
            }
            6 => {
                let op = *self.choices.pick(&["<<", ">>"]);
                format!("({} {op} ({} % 70))", self.expr(Type::Int, depth), self.expr(Type::Int, depth))
            }
            7 => format!("({} ** {})", self.expr(Type::Int, depth), self.choices.below(5)),
            8 => format!("(-{})", self.expr(Type::Int, depth)),
            9 => format!("(~{})", self.expr(Type::Int, depth)),
            10 => format!("abs({})", self.expr(Type::Int, depth)),
            11 => {
                let function = *self.choices.pick(&["min", "max"]);
                format!("{function}({}, {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth))
            }
            12 => {
                let ty = *self.choices.pick(&[Type::Str, Type::Ints, Type::Floats, Type::Strs]);
                format!("len({})", self.expr(ty, depth))
            }
            13 => {
                let function = *self.choices.pick(&["int", "round"]);
                format!("{function}({})", self.expr(Type::Float, depth))
            }
            14 => format!("{}[{}]", self.expr(Type::Ints, depth), self.expr(Type::Int, 0)),
            15 => {
                let method = *self.choices.pick(&["find", "count", "rfind"]);
                format!("{}.{method}({})", self.expr(Type::Str, depth), self.expr(Type::Str, 0))
            }
            _ => format!("int({})", self.expr(Type::Bool, depth)),
        }
    }

    fn divisor(&mut self, depth: usize) -> String {
        let value = self.expr(Type::Int, depth);
        if self.choices.once_in(5) { value } else { format!("({value} | 1)") }
    }

    fn float(&mut self, depth: usize) -> String {
        match self.choices.below(13) {
            0..=2 => {
                let op = *self.choices.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.expr(Type::Float, depth), self.expr(Type::Float, depth))
            }
            3 => format!("({} / {})", self.expr(Type::Float, depth), self.expr(Type::Float, depth)),
            4 => format!("({} / {})", self.expr(Type::Int, depth), self.divisor(depth)),
            5 => {
                let op = *self.choices.pick(&["//", "%"]);
                format!("({} {op} {})", self.expr(Type::Float, depth), self.expr(Type::Float, depth))
            }
            6 => format!("(-{})", self.expr(Type::Float, depth)),
            7 => format!("abs({})", self.expr(Type::Float, depth)),
            8 => format!("float({})", self.expr(Type::Int, depth)),
            9 => format!("round({}, {})", self.expr(Type::Float, depth), self.choices.below(5)),
            10 => {
                let op = *self.choices.pick(&["+", "*", "-"]);
                format!("({} {op} {})", self.expr(Type::Int, depth), self.expr(Type::Float, depth))
            }
            11 => format!("{}[{}]", self.expr(Type::Floats, depth), self.expr(Type::Int, 0)),
            _ => {
                let function = *self.choices.pick(&["min", "max"]);
                format!("{function}({}, {})", self.expr(Type::Float, depth), self.expr(Type::Float, depth))
            }
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        let op = *self.choices.pick(&["<", "<=", "==", "!=", ">", ">="]);
        match self.choices.below(10) {
            0 | 1 => format!("({} {op} {})", self.expr(Type::Int, depth), self.expr(Type::Int, depth)),
            2 => format!("({} {op} {})", self.expr(Type::Float, depth), self.expr(Type::Float, depth)),
            3 => format!("({} {op} {})", self.expr(Type::Str, depth), self.expr(Type::Str, depth)),
            4 => {
                let ty = *self.choices.pick(&[Type::Ints, Type::Floats, Type::Strs]);
                format!("({} {op} {})", self.expr(ty, depth), self.expr(ty, depth))
            }
            5 => {
                let word = *self.choices.pick(&["and", "or"]);
                format!("({} {word} {})", self.expr(Type::Bool, depth), self.expr(Type::Bool, depth))
            }
            6 => {
                let ty = *self.choices.pick(&TYPES);
                format!("(not {})", self.expr(ty, depth))
            }
            7 => format!("({} in {})", self.expr(Type::Str, 0), self.expr(Type::Str, depth)),
            8 => format!("({} in {})", self.expr(Type::Int, 0), self.expr(Type::Ints, depth)),
            _ => {
                format!("({} {op} {})", self.expr(Type::Int, depth), self.expr(Type::Float, depth))
            }
        }
    }

    fn str(&mut self, depth: usize) -> String {
        match self.choices.below(13) {
            0 => format!("({} + {})", self.expr(Type::Str, depth), self.expr(Type::Str, depth)),
            1 => format!("({} * {})", self.expr(Type::Str, depth), self.choices.below(4)),
            2 => {
                let ty = *self.choices.pick(&TYPES);
                let function = *self.choices.pick(&["str", "repr"]);
                format!("{function}({})", self.expr(ty, depth))
            }
            3 => format!("{}{}", self.expr(Type::Str, depth), self.slice()),
            4 => {
                let method = *self.choices.pick(&["upper", "lower", "strip", "title", "capitalize", "swapcase"]);
                format!("{}.{method}()", self.expr(Type::Str, depth))
            }
            5 => format!(
                "{}.replace({}, {})",
                self.expr(Type::Str, depth),
                self.expr(Type::Str, 0),
                self.expr(Type::Str, 0)
            ),
            6 => format!("','.join({})", self.expr(Type::Strs, depth)),
            7 => {
                let spec =
                    *self.choices.pick(&["", "5", "<6", ">6d", "^7", "+", "x", "#b", ",", "06", "_", "e", ".2f"]);
                format!("f\"{{{}:{spec}}}\"", self.quoted(Type::Int, depth))
            }
            8 => {
                let spec = *self
                    .choices
                    .pick(&["", ".2f", "10.3f", "<8.1f", "e", ".3e", "g", ".4g", "+.0f", ",.2f", "%", "08.2f"]);
                format!("f\"{{{}:{spec}}}\"", self.quoted(Type::Float, depth))
            }
            9 => {
                let spec = *self.choices.pick(&["", "6", ">6", "^5", "*<4", ".2"]);
                format!("f\"{{{}:{spec}}}|\"", self.quoted(Type::Str, depth))
            }
            10 => {
                let method = *self.choices.pick(&["ljust", "rjust", "center", "zfill"]);
                format!("{}.{method}({})", self.expr(Type::Str, depth), self.choices.below(9))
            }
            11 => {
                let spec = *self.choices.pick(&["%d", "%5d", "%x", "%-4d|", "%+d"]);
                format!("({spec:?} % {})", self.expr(Type::Int, depth))
            }
            _ => {
                let spec = *self.choices.pick(&["%.2f", "%g", "%e", "%8.3f", "%s", "%r"]);
                format!("({spec:?} % {})", self.expr(Type::Float, depth))
            }
        }
    }

    /// An expression that may stand inside an f-string in double quotes (before PEP 701): no quotes, no backslashes.
    fn quoted(&mut self, ty: Type, depth: usize) -> String {
        let value = self.expr(ty, depth.min(1));
        if value.contains(['"', '\\']) { "1".to_owned() } else { format!("({value})") }
    }

    fn slice(&mut self) -> String {
        let (a, b, c) = (self.choices.below(12), self.choices.below(12), self.choices.below(3));
        let (a, b) = (a as i64 - 4, b as i64 - 4);
        match self.choices.below(6) {
            0 => format!("[{a}:]"),
            1 => format!("[:{b}]"),
            2 => format!("[{a}:{b}]"),
            3 => "[::-1]".to_owned(),
            4 => format!("[{a}:{b}:{}]", c + 1),
            _ => format!("[{a}:{b}:-{}]", c + 1),
        }
    }

    fn list(&mut self, ty: Type, depth: usize) -> String {
        let item = ty.item().expect("a list has items");
        match self.choices.below(9) {
            0 => {
                let items: Vec<_> = (0..=self.choices.below(3)).map(|_| self.expr(item, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            1 => format!("({} + {})", self.expr(ty, depth), self.expr(ty, depth)),
            2 => format!("{}{}", self.expr(ty, depth), self.slice()),
            3 => format!("sorted({})", self.expr(ty, depth)),
            4 => format!("({} * {})", self.expr(ty, depth), self.choices.below(3)),
            5 | 6 => {
                let from = *self.choices.pick(&[Type::Ints, Type::Floats, Type::Strs]);
                let list = self.expr(from, depth);
                let known = self.scope.len();
                let name = self.declare(from.item().expect("a list has items"), true);
                let element = self.expr(item, depth);
                let condition = if self.choices.once_in(3) {
                    format!(" if {}", self.expr(Type::Bool, depth.min(1)))
                } else {
                    String::new()
                };
                self.scope.truncate(known);
                format!("[{element} for {name} in ({list})[:6]{condition}]")
            }
            7 => match item {
                Type::Int => format!("list(range({}))", self.choices.below(6)),
                Type::Str => format!("{}.split()", self.expr(Type::Str, depth)),
                Type::Float | Type::Bool | Type::Ints | Type::Floats | Type::Strs => {
                    format!("[{} / 4 for v in range({})]", self.literal(Type::Float), self.choices.below(5))
                }
            },
            _ => match item {
                Type::Str => format!("list({})", self.expr(Type::Str, depth)),
                Type::Int | Type::Float | Type::Bool | Type::Ints | Type::Floats | Type::Strs => {
                    format!("list(reversed({}))", self.expr(item.list(), depth))
                }
            },
        }
    }
}
