//! Random expressions of numbers and texts. In: `Type`. Out: text.

use super::generate::Writer;
use super::types::{Element, Type};

impl Writer<'_> {
    pub(super) fn int(&mut self, depth: usize) -> String {
        let int = &Type::Int;
        match self.choices.below(30) {
            0 => format!("({} + {})", self.expr(int, depth), self.expr(int, depth)),
            1 => format!("({} - {})", self.expr(int, depth), self.expr(int, depth)),
            2 => format!("({} * {})", self.expr(int, depth), self.expr(int, depth)),
            3 => format!("({} // {})", self.expr(int, depth), self.divisor(depth)),
            4 => format!("({} % {})", self.expr(int, depth), self.divisor(depth)),
            5 => {
                let op = *self.choices.pick(&["&", "|", "^"]);
                format!("({} {op} {})", self.expr(int, depth), self.expr(int, depth))
            }
            6 => {
                let op = *self.choices.pick(&["<<", ">>"]);
                format!("({} {op} ({} % 70))", self.expr(int, depth), self.expr(int, depth))
            }
            7 => format!("({} ** {})", self.expr(int, depth), self.choices.below(5)),
            8 => format!("(-{})", self.expr(int, depth)),
            9 => format!("(~{})", self.expr(int, depth)),
            10 => format!("abs({})", self.expr(int, depth)),
            11 => {
                let function = *self.choices.pick(&["min", "max"]);
                format!("{function}({}, {})", self.expr(int, depth), self.expr(int, depth))
            }
            12 => {
                let ty = match self.choices.below(4) {
                    0 => Type::Str,
                    1 => Type::any_dict(self.choices),
                    _ => Type::any_list(self.choices),
                };
                format!("len({})", self.expr(&ty, depth))
            }
            13 => {
                let function = *self.choices.pick(&["int", "round", "math.floor", "math.ceil"]);
                format!("{function}({})", self.expr(&Type::Float, depth))
            }
            14 => {
                let method = *self.choices.pick(&["find", "count", "rfind", "index"]);
                format!("{}.{method}({})", self.expr(&Type::Str, depth), self.expr(&Type::Str, 0))
            }
            15 => format!("int({})", self.expr(&Type::Bool, depth)),
            16 => {
                let ints = Type::List(Box::new(Type::Int));
                let method = *self.choices.pick(&["index", "count"]);
                format!("{}.{method}({})", self.expr(&ints, depth), self.expr(int, 0))
            }
            17 => {
                let ints = Type::List(Box::new(Type::Int));
                let function = *self.choices.pick(&["min", "max"]);
                format!("{function}({})", self.expr(&ints, depth))
            }
            18 => {
                let ints = Type::List(Box::new(Type::Int));
                let list = self.expr(&ints, depth);
                format!("sum(v % 1000 for v in {list})")
            }
            19 => format!("int({})", self.expr(&Type::Str, depth.min(1))),
            20 => format!("ord(({})[0])", self.expr(&Type::Str, depth)),
            21 => format!("divmod({}, {})[{}]", self.expr(int, depth), self.divisor(depth), self.choices.below(2)),
            22 => {
                format!("pow({}, {}, {})", self.expr(int, depth), self.choices.below(40), 1 + self.choices.below(1000))
            }
            23 => format!("({}).bit_length()", self.expr(int, depth)),
            24 | 25 => {
                let element =
                    *self.choices.pick(&[Element::Int64, Element::Int32, Element::Int8, Element::UInt8, Element::Bool]);
                format!("int({})", self.expr(&Type::Scalar(element), depth))
            }
            26 => {
                let element = *self.choices.pick(&[Element::Int64, Element::Int32, Element::UInt8, Element::Bool]);
                format!("int({}.sum())", self.expr(&Type::Array(element), depth))
            }
            27 => {
                let known = self.scope.len();
                let list = self.expr(&Type::List(Box::new(Type::Int)), depth);
                self.declare(&Type::Int, true);
                let name = self.scope[known].name.clone();
                let test = self.expr(&Type::Bool, depth.min(1));
                self.scope.truncate(known);
                format!("len([1 for {name} in ({list})[:6] if {test}])")
            }
            28 => {
                let known = self.scope.len();
                let argument = self.expr(int, depth);
                self.declare(&Type::Int, true);
                let name = self.scope[known].name.clone();
                let body = self.expr(int, depth);
                self.scope.truncate(known);
                format!("(lambda {name}: {body})({argument})")
            }
            _ => {
                let base = *self.choices.pick(&["2", "8", "16", "36", "0"]);
                format!("int({}, {base})", self.expr(&Type::Str, 0))
            }
        }
    }

    pub(super) fn divisor(&mut self, depth: usize) -> String {
        let value = self.expr(&Type::Int, depth);
        if self.choices.once_in(5) { value } else { format!("({value} | 1)") }
    }

    pub(super) fn float(&mut self, depth: usize) -> String {
        let float = &Type::Float;
        match self.choices.below(20) {
            0..=2 => {
                let op = *self.choices.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.expr(float, depth), self.expr(float, depth))
            }
            3 => format!("({} / {})", self.expr(float, depth), self.expr(float, depth)),
            4 => format!("({} / {})", self.expr(&Type::Int, depth), self.divisor(depth)),
            5 => {
                let op = *self.choices.pick(&["//", "%"]);
                format!("({} {op} {})", self.expr(float, depth), self.expr(float, depth))
            }
            6 => format!("(-{})", self.expr(float, depth)),
            7 => format!("abs({})", self.expr(float, depth)),
            8 => format!("float({})", self.expr(&Type::Int, depth)),
            9 => format!("round({}, {})", self.expr(float, depth), self.choices.below(5)),
            10 => {
                let op = *self.choices.pick(&["+", "*", "-"]);
                format!("({} {op} {})", self.expr(&Type::Int, depth), self.expr(float, depth))
            }
            11 | 12 => {
                let function = *self.choices.pick(&["min", "max"]);
                format!("{function}({}, {})", self.expr(float, depth), self.expr(float, depth))
            }
            13 => format!("math.sqrt(abs({}))", self.expr(float, depth)),
            14 => format!("sum({}, 0.0)", self.expr(&Type::List(Box::new(Type::Float)), depth)),
            15 => format!("float({})", self.expr(&Type::Str, depth.min(1))),
            16 => format!("math.fmod({}, 3.5)", self.expr(float, depth)),
            17 => {
                let element = Element::any(self.choices);
                format!("float({})", self.expr(&Type::Scalar(element), depth))
            }
            18 => format!("float(np.sum({}))", self.expr(&Type::Array(Element::Float64), depth)),
            _ => format!("float({}.mean())", self.expr(&Type::Array(Element::Int32), depth)),
        }
    }

    pub(super) fn bool(&mut self, depth: usize) -> String {
        let op = *self.choices.pick(&["<", "<=", "==", "!=", ">", ">="]);
        let bool = &Type::Bool;
        match self.choices.below(18) {
            0 | 1 => format!("({} {op} {})", self.expr(&Type::Int, depth), self.expr(&Type::Int, depth)),
            2 => format!("({} {op} {})", self.expr(&Type::Float, depth), self.expr(&Type::Float, depth)),
            3 => format!("({} {op} {})", self.expr(&Type::Str, depth), self.expr(&Type::Str, depth)),
            4 => {
                let ty = Type::any_list(self.choices);
                format!("({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
            5 => {
                let word = *self.choices.pick(&["and", "or"]);
                format!("({} {word} {})", self.expr(bool, depth), self.expr(bool, depth))
            }
            6 => {
                let ty = Type::any(self.choices);
                let ty = if ty.has_truth() { ty } else { Type::Int };
                format!("(not {})", self.expr(&ty, depth))
            }
            7 => format!("({} in {})", self.expr(&Type::Str, 0), self.expr(&Type::Str, depth)),
            8 => {
                let not = *self.choices.pick(&["", "not "]);
                format!("({} {not}in {})", self.expr(&Type::Int, 0), self.expr(&Type::List(Box::new(Type::Int)), depth))
            }
            9 => format!("({} {op} {})", self.expr(&Type::Int, depth), self.expr(&Type::Float, depth)),
            10 => {
                let dict = Type::any_dict(self.choices);
                let Type::Dict(key, _) = &dict else { return "True".to_owned() };
                let key = self.expr(key, 0);
                format!("({key} in {})", self.expr(&dict, depth))
            }
            11 => {
                let ty = Type::any_dict(self.choices);
                let op = *self.choices.pick(&["==", "!="]);
                format!("({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
            12 => {
                let ty = Type::Tuple(vec![Type::scalar(self.choices), Type::Int]);
                format!("({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
            13 => {
                let other = *self.choices.pick(&["<", "<=", "==", ">"]);
                format!(
                    "({} {op} {} {other} {})",
                    self.expr(&Type::Int, depth),
                    self.expr(&Type::Int, depth),
                    self.expr(&Type::Int, depth)
                )
            }
            14 => {
                let known = self.scope.len();
                let list = self.expr(&Type::List(Box::new(Type::Int)), depth);
                self.declare(&Type::Int, true);
                let name = self.scope[known].name.clone();
                let test = self.expr(bool, depth.min(1));
                self.scope.truncate(known);
                let function = *self.choices.pick(&["any", "all"]);
                format!("{function}({test} for {name} in ({list})[:6])")
            }
            15 => {
                let method = *self.choices.pick(&["isdigit", "isalpha", "isupper", "islower", "isspace", "isalnum"]);
                format!("{}.{method}()", self.expr(&Type::Str, depth))
            }
            16 => {
                let method = *self.choices.pick(&["startswith", "endswith"]);
                format!("{}.{method}({})", self.expr(&Type::Str, depth), self.expr(&Type::Str, 0))
            }
            _ => {
                let element = Element::any(self.choices);
                let ty = Type::Scalar(element);
                format!("bool({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
        }
    }

    pub(super) fn str(&mut self, depth: usize) -> String {
        let str = &Type::Str;
        match self.choices.below(18) {
            0 => format!("({} + {})", self.expr(str, depth), self.expr(str, depth)),
            1 => format!("({} * {})", self.expr(str, depth), self.choices.below(4)),
            2 | 3 => {
                let ty = Type::any(self.choices);
                let function = *self.choices.pick(&["str", "repr"]);
                format!("{function}({})", self.expr(&ty, depth))
            }
            4 => format!("{}{}", self.expr(str, depth), self.slice()),
            5 => {
                let method = *self.choices.pick(&[
                    "upper",
                    "lower",
                    "strip",
                    "title",
                    "capitalize",
                    "swapcase",
                    "lstrip",
                    "rstrip",
                    "casefold",
                ]);
                format!("{}.{method}()", self.expr(str, depth))
            }
            6 => format!("{}.replace({}, {})", self.expr(str, depth), self.expr(str, 0), self.expr(str, 0)),
            7 => format!("{}.join({})", self.expr(str, 0), self.expr(&Type::List(Box::new(Type::Str)), depth)),
            8 | 9 => {
                let spec = *self.choices.pick(&[
                    "", "5", "<6", ">6d", "^7", "+", "x", "#b", ",", "06", "_", "e", ".2f", "*^9", "X", "o", "=+8", "c",
                ]);
                let value = if spec == "c" { "65".to_owned() } else { self.quoted(&Type::Int, depth) };
                format!("f\"{{{value}:{spec}}}\"")
            }
            10 => {
                let spec = *self.choices.pick(&[
                    "", ".2f", "10.3f", "<8.1f", "e", ".3e", "g", ".4g", "+.0f", ",.2f", "%", "08.2f", ".1%", "#.3g",
                    "E", " .1f", "=12", "n",
                ]);
                format!("f\"{{{}:{spec}}}\"", self.quoted(&Type::Float, depth))
            }
            11 => {
                let spec = *self.choices.pick(&["", "6", ">6", "^5", "*<4", ".2"]);
                format!("f\"{{{}:{spec}}}|\"", self.quoted(str, depth))
            }
            12 => {
                let method = *self.choices.pick(&["ljust", "rjust", "center", "zfill"]);
                format!("{}.{method}({})", self.expr(str, depth), self.choices.below(9))
            }
            13 => {
                let spec = *self.choices.pick(&["%d", "%5d", "%x", "%-4d|", "%+d", "%s", "%05d", "%o"]);
                format!("({spec:?} % {})", self.expr(&Type::Int, depth))
            }
            14 => {
                let spec = *self.choices.pick(&["%.2f", "%g", "%e", "%8.3f", "%s", "%r", "%+.1e", "%-9.2f|"]);
                format!("({spec:?} % {})", self.expr(&Type::Float, depth))
            }
            15 => format!("{}[{}]", self.expr(str, depth), self.choices.below(6) as i64 - 2),
            16 => {
                let ty = Type::any(self.choices);
                let conversion = *self.choices.pick(&["", "!r", "!s"]);
                format!("f\"<{{{}{conversion}}}>\"", self.quoted(&ty, depth))
            }
            _ => {
                let (one, two) = (Type::any(self.choices), Type::scalar(self.choices));
                format!("'{{}} and {{}}'.format({}, {})", self.expr(&one, depth), self.expr(&two, depth))
            }
        }
    }

    /// An expression that may stand inside an f-string in double quotes (before PEP 701): no quotes, no backslashes.
    fn quoted(&mut self, ty: &Type, depth: usize) -> String {
        let value = self.expr(ty, depth.min(1));
        if value.contains(['"', '\\', '{']) { "1".to_owned() } else { format!("({value})") }
    }

    pub(super) fn slice(&mut self) -> String {
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
}
