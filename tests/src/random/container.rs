//! Random expressions of lists, tuples and dicts, and statements that change them. In: `Type`. Out: text.

use super::generate::Writer;
use super::types::Type;

impl Writer<'_> {
    pub(super) fn list(&mut self, item: &Type, depth: usize) -> String {
        let this = Type::List(Box::new(item.clone()));
        match self.choices.below(12) {
            0 => {
                let items: Vec<_> = (0..=self.choices.below(3)).map(|_| self.expr(item, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            1 => format!("({} + {})", self.expr(&this, depth), self.expr(&this, depth)),
            2 => format!("{}{}", self.expr(&this, depth), self.slice()),
            3 if item.is_ordered() => {
                let keyword = *self.choices.pick(&["", "", ", reverse=True"]);
                format!("sorted({}{keyword})", self.expr(&this, depth))
            }
            4 => format!("({} * {})", self.expr(&this, depth), self.choices.below(3)),
            5..=7 => {
                let from = Type::any_list(self.choices);
                let Type::List(inner) = &from else { return "[]".to_owned() };
                let list = self.expr(&from, depth);
                let known = self.scope.len();
                let name = self.declare(inner, true);
                let element = self.expr(item, depth);
                let condition = if self.choices.once_in(3) {
                    format!(" if {}", self.expr(&Type::Bool, depth.min(1)))
                } else {
                    String::new()
                };
                self.scope.truncate(known);
                format!("[{element} for {name} in ({list})[:6]{condition}]")
            }
            8 => {
                let dict = Type::Dict(Box::new(item.clone()), Box::new(Type::Int));
                match item {
                    Type::Int if self.choices.once_in(2) => {
                        format!("list(range({}, {}))", self.choices.below(4), self.choices.below(9))
                    }
                    Type::Int | Type::Str => {
                        let call = *self.choices.pick(&["list($)", "sorted($)", "list($.keys())"]);
                        call.replace('$', &self.expr(&dict, depth))
                    }
                    Type::Float => {
                        format!("[{} / 4 for v in range({})]", self.literal(&Type::Float), self.choices.below(5))
                    }
                    Type::Tuple(items) => {
                        let [one, two] = items.as_slice() else { return self.literal(&this) };
                        let (one, two) = (Type::List(Box::new(one.clone())), Type::List(Box::new(two.clone())));
                        format!("list(zip({}, {}))", self.expr(&one, depth), self.expr(&two, depth))
                    }
                    _ => format!("[{}, {}]", self.expr(item, depth), self.expr(item, depth)),
                }
            }
            9 if *item == Type::Str => {
                let call = *self.choices.pick(&["list($)", "$.split()", "$.split(',')", "$.split('a', 1)"]);
                call.replace('$', &self.expr(&Type::Str, depth))
            }
            9 if *item == Type::Int => {
                let call = *self.choices.pick(&[
                    "sorted($, key=lambda w: -(w % 7))",
                    "sorted($, key=lambda w: w % 3)",
                    "sorted(set($))",
                    "[*$, 1]",
                    "list(map(lambda w: w ^ 5, $))",
                    "list(filter(lambda w: w > 2, $))",
                ]);
                call.replace('$', &self.expr(&this, depth))
            }
            10 => format!("{}.copy()", self.expr(&this, depth)),
            _ => format!("list(reversed({}))", self.expr(&this, depth)),
        }
    }

    pub(super) fn tuple(&mut self, items: &[Type], depth: usize) -> String {
        let whole = items == [Type::Int, Type::Int];
        if whole && self.choices.once_in(4) {
            return format!("divmod({}, {})", self.expr(&Type::Int, depth), self.divisor(depth));
        }
        let items: Vec<_> = items.iter().map(|item| self.expr(item, depth)).collect();
        format!("({})", items.join(", "))
    }

    pub(super) fn dict(&mut self, key: &Type, value: &Type, depth: usize) -> String {
        let this = Type::Dict(Box::new(key.clone()), Box::new(value.clone()));
        let keys = Type::List(Box::new(key.clone()));
        match self.choices.below(6) {
            0 => {
                let items: Vec<_> = (0..=self.choices.below(3))
                    .map(|_| format!("{}: {}", self.expr(key, depth.min(1)), self.expr(value, depth)))
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
            1 => {
                let list = self.expr(&keys, depth);
                let known = self.scope.len();
                let name = self.declare(key, true);
                let element = self.expr(value, depth.min(1));
                self.scope.truncate(known);
                format!("{{{name}: {element} for {name} in ({list})[:6]}}")
            }
            2 => format!("dict({})", self.expr(&this, depth)),
            3 => format!("{{**{}, {}: {}}}", self.expr(&this, depth), self.expr(key, 0), self.expr(value, depth)),
            4 => {
                let values = Type::List(Box::new(value.clone()));
                format!("dict(zip({}, {}))", self.expr(&keys, depth), self.expr(&values, depth))
            }
            _ => format!("{}.copy()", self.expr(&this, depth)),
        }
    }

    /// A value of a type out of a container of a variable, if there is one.
    pub(super) fn element(&mut self, ty: &Type) -> Option<String> {
        let holds = |of: &Type| match of {
            Type::List(item) => **item == *ty,
            Type::Tuple(items) => items.contains(ty),
            Type::Dict(_, value) => **value == *ty,
            _ => false,
        };
        let variable = self.variable(|variable| holds(&variable.ty))?;
        let name = variable.name;
        Some(match variable.ty {
            Type::Tuple(items) => {
                let at = items.iter().position(|item| item == ty)?;
                if self.choices.once_in(2) {
                    format!("{name}[{at}]")
                } else {
                    format!("{name}[{}]", at as i64 - items.len() as i64)
                }
            }
            Type::Dict(key, value) => {
                let key = self.expr(&key, 0);
                if self.choices.once_in(3) {
                    format!("{name}[{key}]")
                } else {
                    format!("{name}.get({key}, {})", self.expr(&value, 0))
                }
            }
            _ => format!("{name}[{}]", self.expr(&Type::Int, 0)),
        })
    }

    pub(super) fn change_list(&mut self, indent: usize) -> bool {
        let is_list = |ty: &Type| matches!(ty, Type::List(_));
        let Some(variable) = self.variable(|variable| is_list(&variable.ty) && !variable.fixed) else { return false };
        let Type::List(item) = &variable.ty else { return false };
        let name = &variable.name;
        let value = self.expr(item, 2);
        let index = self.expr(&Type::Int, 1);
        let text = match self.choices.below(12) {
            0 => format!("{name}.append({value})"),
            1 => format!("if {name}: {name}[({index}) % len({name})] = {value}"),
            2 => format!("{name}.insert({index}, {value})"),
            3 => format!("if {name}: print({name}.pop())"),
            4 => format!("{name}.reverse()"),
            5 => format!("{name}[({index}) % 3:] = [{value}]"),
            6 if item.is_ordered() => format!("{name}.sort()"),
            7 => format!("{name}.extend({})", self.expr(&variable.ty, 1)),
            8 => format!("del {name}[{index}]"),
            9 => format!("{name}.remove({value})"),
            10 => format!("{name}[({index}) % 4:({index}) % 5] = {}", self.expr(&variable.ty, 1)),
            _ => format!("{name}.pop({index})"),
        };
        self.line(indent, &text);
        self.line(indent, &format!("del {name}[12:]"));
        true
    }

    pub(super) fn change_dict(&mut self, indent: usize) -> bool {
        let is_dict = |ty: &Type| matches!(ty, Type::Dict(..));
        let Some(variable) = self.variable(|variable| is_dict(&variable.ty) && !variable.fixed) else { return false };
        let Type::Dict(key, value) = &variable.ty else { return false };
        let name = &variable.name;
        let (k, v) = (self.expr(key, 1), self.expr(value, 2));
        let text = match self.choices.below(7) {
            0 | 1 => format!("{name}[{k}] = {v}"),
            2 => format!("{name}.pop({k}, {v})"),
            3 => format!("print({name}.setdefault({k}, {v}))"),
            4 => format!("{name}.update({})", self.expr(&variable.ty, 1)),
            5 => format!("del {name}[{k}]"),
            _ => format!("if len({name}) > 8: {name}.clear()"),
        };
        self.line(indent, &text);
        true
    }
}
