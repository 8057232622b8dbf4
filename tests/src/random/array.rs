//! Random NumPy expressions. In: `Element`. Out: text.

use super::generate::Writer;
use super::types::{Element, LENGTH, ROWS, Type};

impl Writer<'_> {
    pub(super) fn array_literal(&mut self, element: Element) -> String {
        let dtype = element.dtype();
        match self.choices.below(5) {
            0 => format!("np.zeros({LENGTH}, dtype={dtype})"),
            1 => format!("np.arange({LENGTH}).astype({dtype})"),
            2 => format!("np.ones({LENGTH}, {dtype})"),
            _ => format!("np.array({}, dtype={dtype})", self.row(element)),
        }
    }

    pub(super) fn matrix_literal(&mut self, element: Element) -> String {
        let dtype = element.dtype();
        match self.choices.below(4) {
            0 => format!("np.zeros(({ROWS}, {LENGTH}), dtype={dtype})"),
            1 => format!("np.arange({}).reshape({ROWS}, {LENGTH}).astype({dtype})", ROWS * LENGTH),
            _ => {
                let rows: Vec<_> = (0..ROWS).map(|_| self.row(element)).collect();
                format!("np.array([{}], dtype={dtype})", rows.join(", "))
            }
        }
    }

    fn row(&mut self, element: Element) -> String {
        let items: Vec<_> = (0..LENGTH).map(|_| *self.choices.pick(element.literals())).collect();
        format!("[{}]", items.join(", "))
    }

    fn operator(&mut self, element: Element) -> &'static str {
        match element {
            Element::Float64 | Element::Float32 => self.choices.pick::<&str>(&["+", "-", "*", "/", "//", "%"]),
            Element::Bool => self.choices.pick::<&str>(&["&", "|", "^"]),
            Element::Int64 | Element::Int32 | Element::Int8 | Element::UInt8 | Element::UInt64 => {
                self.choices.pick::<&str>(&["+", "-", "*", "&", "|", "^", "//", "%"])
            }
        }
    }

    /// An int that fits every integer type, so that it keeps the array's type (NEP 50).
    fn small(&mut self, element: Element) -> &'static str {
        if element.is_float() {
            self.choices.pick::<&str>(&["2", "0.5", "3", "1.5", "0", "-1"])
        } else {
            self.choices.pick::<&str>(&["1", "2", "3", "7", "0", "100"])
        }
    }

    pub(super) fn scalar(&mut self, element: Element, depth: usize) -> String {
        let index = self.choices.below(LENGTH + 1) as i64 - 1;
        match self.choices.below(7) {
            0 => format!(
                "({} {} {})",
                self.expr(&Type::Scalar(element), depth),
                self.operator(element),
                self.expr(&Type::Scalar(element), depth)
            ),
            1 if element != Element::Bool => {
                format!(
                    "({} {} {})",
                    self.expr(&Type::Scalar(element), depth),
                    self.operator(element),
                    self.small(element)
                )
            }
            2 => format!("{}[{}, {index}]", self.expr(&Type::Matrix(element), depth), index % 2),
            3 if element != Element::Bool => {
                let function = *self.choices.pick(&["min", "max"]);
                format!("{}.{function}()", self.expr(&Type::Array(element), depth))
            }
            4 if element.is_float() => {
                let function = *self.choices.pick(&["sum", "mean", "prod"]);
                format!("{}.{function}()", self.expr(&Type::Array(element), depth))
            }
            _ => format!("{}[{index}]", self.expr(&Type::Array(element), depth)),
        }
    }

    pub(super) fn array(&mut self, element: Element, depth: usize) -> String {
        let this = Type::Array(element);
        let dtype = element.dtype();
        match self.choices.below(15) {
            0 | 1 => {
                let op = self.operator(element);
                format!("({} {op} {})", self.expr(&this, depth), self.expr(&this, depth))
            }
            2 if element != Element::Bool => {
                let op = self.operator(element);
                format!("({} {op} {})", self.expr(&this, depth), self.small(element))
            }
            3 => format!("{}[::-1]", self.expr(&this, depth)),
            4 => format!("{}.copy()", self.expr(&this, depth)),
            5 if element == Element::Bool => {
                let other = Element::any(self.choices);
                let op = *self.choices.pick(&["<", "<=", "==", "!=", ">", ">="]);
                let other = Type::Array(other);
                format!("({} {op} {})", self.expr(&other, depth), self.expr(&other, depth))
            }
            6 => {
                let function = *self.choices.pick(&["np.minimum", "np.maximum"]);
                format!("{function}({}, {})", self.expr(&this, depth), self.expr(&this, depth))
            }
            10 => format!("{}[{}]", self.expr(&Type::Matrix(element), depth), self.choices.below(ROWS)),
            11 if !element.is_float() => {
                // From another integer type: what does not fit wraps.
                let other = *self.choices.pick(&[Element::Int64, Element::Int32, Element::UInt8, Element::Bool]);
                format!("{}.astype({dtype})", self.expr(&Type::Array(other), depth))
            }
            11 => {
                let other = *self.choices.pick(&[Element::Int32, Element::Float64, Element::UInt8, Element::Bool]);
                format!("{}.astype({dtype})", self.expr(&Type::Array(other), depth))
            }
            12 => {
                let (one, two) = (Element::any(self.choices), Element::any(self.choices));
                // Mixed types, with whatever they give together; float to int would be undefined.
                let op = *self.choices.pick(&["+", "*", "-"]);
                let both_whole = !one.is_float() && !two.is_float() && one != Element::UInt64 && two != Element::UInt64;
                if (both_whole || element.is_float()) && !(op == "-" && one == Element::Bool) {
                    format!(
                        "({} {op} {}).astype({dtype})",
                        self.expr(&Type::Array(one), depth),
                        self.expr(&Type::Array(two), depth)
                    )
                } else {
                    self.expr(&this, depth)
                }
            }
            13 if element.is_float() => format!("np.sqrt(np.abs({}))", self.expr(&this, depth)),
            _ if element == Element::Bool => format!("(~{})", self.expr(&this, depth)),
            _ => format!("np.abs({})", self.expr(&this, depth)),
        }
    }

    pub(super) fn matrix(&mut self, element: Element, depth: usize) -> String {
        let this = Type::Matrix(element);
        match self.choices.below(8) {
            0 | 1 => {
                let op = self.operator(element);
                format!("({} {op} {})", self.expr(&this, depth), self.expr(&this, depth))
            }
            // Broadcasting.
            2 => {
                let op = self.operator(element);
                format!("({} {op} {})", self.expr(&this, depth), self.expr(&Type::Array(element), depth))
            }
            3 => format!("{}[::-1]", self.expr(&this, depth)),
            4 => format!("{}[:, ::-1]", self.expr(&this, depth)),
            5 => format!("{}.T.copy().T", self.expr(&this, depth)),
            _ => format!("{}.reshape({LENGTH}, {ROWS}).reshape({ROWS}, {LENGTH})", self.expr(&this, depth)),
        }
    }

    /// What is only printed, as its shape is not that of the others.
    pub(super) fn printed_array(&mut self, depth: usize) -> String {
        let element = Element::any(self.choices);
        let slice = self.slice();
        match self.choices.below(10) {
            0 => format!("{}{slice}", self.expr(&Type::Array(element), depth)),
            1 => format!("{}.T", self.expr(&Type::Matrix(element), depth)),
            2 => {
                let function = *self.choices.pick(&["sum", "min", "max", "any", "all", "argmax", "argmin"]);
                let axis = *self.choices.pick(&["axis=0", "axis=1", "axis=-1", ""]);
                let axis = if function == "sum" { axis } else { "" };
                format!("{}.{function}({axis})", self.expr(&Type::Matrix(element), depth))
            }
            4 => format!("{}{slice}.shape", self.expr(&Type::Matrix(element), depth)),
            5 => format!("{}.tolist()", self.expr(&Type::Matrix(element), depth)),
            6 => format!("{}.dtype", self.expr(&Type::Array(element), depth)),
            8 => format!("{}[:, 1:3]", self.expr(&Type::Matrix(element), depth)),
            _ => format!("repr({})", self.expr(&Type::Array(element), depth)),
        }
    }

    /// A statement that changes an array, if there is one.
    pub(super) fn change_array(&mut self, indent: usize) -> bool {
        let is_array = |ty: &Type| matches!(ty, Type::Array(_) | Type::Matrix(_));
        let Some(variable) = self.variable(|variable| is_array(&variable.ty)) else { return false };
        let name = variable.name;
        let (Type::Array(element) | Type::Matrix(element)) = variable.ty else { return false };
        let is_matrix = matches!(variable.ty, Type::Matrix(_));
        let op = self.operator(element);
        // `/=` on the arrays of floats alone, and `//` by what may be 0 is NumPy's warning.
        let index = self.choices.below(LENGTH + 1);
        let text = match (self.choices.below(6), is_matrix) {
            (0, false) => format!("{name}[{index}] = {}", self.expr(&Type::Scalar(element), 1)),
            (0, true) => format!("{name}[{}, {index}] = {}", index % ROWS, self.expr(&Type::Scalar(element), 1)),
            (1, false) => format!("{name}[{index}] {op}= {}", self.expr(&Type::Scalar(element), 1)),
            (1, true) => format!("{name}[{}] = {}", index % ROWS, self.expr(&Type::Array(element), 1)),
            (2, _) => format!("{name} {op}= {}", self.expr(&Type::Array(element), 1)),
            (3, false) => format!("{name}[{}:] = {}", index % LENGTH, self.choices.pick(element.literals())),
            (3, true) => format!("{name}[:, {}] = {}", index % LENGTH, self.choices.pick(element.literals())),
            (4, true) => format!("{name}[1:] = {}", self.expr(&Type::Array(element), 1)),
            (_, false) => format!("{name}[:] = {}", self.expr(&Type::Array(element), 2)),
            (_, true) => format!("{name}[...] = {}", self.expr(&Type::Matrix(element), 2)),
        };
        self.line(indent, &text);
        true
    }
}
