//! Types and signatures in text, as Numba writes them. In: `"f8(f8[:, ::1], i8)"`. Out: `Signature`, `Type`.

use super::annotation::array_type;
use crate::types::{Dtype, Type};
use std::sync::Arc;

/// The types a function is compiled for.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// Of its parameters.
    pub params: Vec<Type>,
    /// Of its result, where that is said.
    pub result: Option<Type>,
}

/// A function to export with the types of its parameters: `"f(float64[:,:], int64)"`.
pub fn exported(text: &str) -> Option<(String, Vec<Type>)> {
    let (name, params) = text.trim().split_once('(')?;
    Some((name.trim().to_owned(), signature(&format!("({params}"))?.params))
}

/// `"f8(f8[:], i8)"`, or without result `"(f8[:], i8)"`.
pub(super) fn signature(text: &str) -> Option<Signature> {
    let mut reader = Reader { rest: text.trim() };
    let result = if reader.rest.starts_with('(') { None } else { Some(reader.one()?) };
    let params = reader.several('(', ')')?;
    reader.rest.is_empty().then_some(Signature { params, result })
}

/// A type in text: `f8`, `int64[:, ::1]`, `Tuple((f8, i8))`, `list[int]`.
pub(super) fn type_in(text: &str) -> Option<Type> {
    let mut reader = Reader { rest: text.trim() };
    let ty = reader.one()?;
    reader.rest.is_empty().then_some(ty)
}

/// What is left to read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn eat(&mut self, c: char) -> bool {
        let found = self.rest.strip_prefix(c);
        self.rest = found.unwrap_or(self.rest).trim_start();
        found.is_some()
    }

    fn word(&mut self) -> String {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word.rsplit('.').next().unwrap_or(word).to_owned()
    }

    /// Types between brackets.
    fn several(&mut self, open: char, close: char) -> Option<Vec<Type>> {
        if !self.eat(open) {
            return None;
        }
        let mut types = Vec::new();
        while !self.eat(close) {
            types.push(self.one()?);
            if !self.eat(',') && !self.rest.starts_with(close) {
                return None;
            }
        }
        Some(types)
    }

    fn one(&mut self) -> Option<Type> {
        let word = self.word();
        let mut ty = if is_generic(&word) { self.generic(&word)? } else { named(&word)? };
        while self.rest.starts_with('[') {
            ty = array_type(super::operator::dtype_of(&ty)?, &self.dimensions()?);
        }
        Some(ty)
    }

    /// `[:, ::1]`: for each dimension, whether its elements lie side by side.
    fn dimensions(&mut self) -> Option<Vec<bool>> {
        let (inside, rest) = self.rest.strip_prefix('[')?.split_once(']')?;
        self.rest = rest.trim_start();
        let dimension = |text: &str| match text.trim() {
            ":" => Some(false),
            "::1" => Some(true),
            _ => None,
        };
        inside.split(',').map(dimension).collect()
    }

    /// `Tuple((f8, i8))`, `UniTuple(f8, 2)`, `ListType(f8)`, `list[int]`.
    fn generic(&mut self, word: &str) -> Option<Type> {
        if word.eq_ignore_ascii_case("unituple") {
            self.eat('(');
            let item = self.one()?;
            self.eat(',');
            let count = self.word().parse().ok()?;
            return (self.eat(')') && count <= 1000).then(|| Type::tuple(vec![item; count]));
        }
        let (open, close) = if self.rest.starts_with('[') { ('[', ']') } else { ('(', ')') };
        if word.eq_ignore_ascii_case("tuple") && self.rest.starts_with("((") {
            self.eat('(');
            let items = self.several('(', ')')?;
            return self.eat(')').then(|| Type::tuple(items));
        }
        generic(word, self.several(open, close)?)
    }
}

/// The builtin class that does what this one of `typing` does.
pub(super) fn builtin_generic(name: &str) -> Option<&'static str> {
    Some(match name {
        "List" => "list",
        "Dict" => "dict",
        "Set" => "set",
        "FrozenSet" => "frozenset",
        "Tuple" => "tuple",
        _ => return None,
    })
}

/// Whether a type of this name takes others.
pub(super) fn is_generic(name: &str) -> bool {
    matches!(
        name,
        "list"
            | "List"
            | "ListType"
            | "set"
            | "Set"
            | "frozenset"
            | "FrozenSet"
            | "dict"
            | "Dict"
            | "DictType"
            | "tuple"
            | "Tuple"
            | "BaseTuple"
            | "UniTuple"
            | "Optional"
            | "optional"
    )
}

/// A type that is made of others; none where their number does not fit.
pub(super) fn generic(name: &str, items: Vec<Type>) -> Option<Type> {
    Some(match (name, items.as_slice()) {
        ("list" | "List" | "ListType", [item]) => Type::list(item.clone()),
        ("set" | "Set" | "frozenset" | "FrozenSet", [item]) => Type::Set(Arc::new(item.clone())),
        ("dict" | "Dict" | "DictType", [key, value]) => Type::Dict(Arc::new(key.clone()), Arc::new(value.clone())),
        ("tuple" | "Tuple" | "BaseTuple", _) => Type::tuple(items),
        ("Optional" | "optional", [item]) => Type::optional(item.clone()),
        _ => return None,
    })
}

/// A type without parts by the name that Numba has for it.
pub(super) fn named(name: &str) -> Option<Type> {
    Some(match name {
        "void" | "none" | "None" => Type::None,
        "boolean" | "bool_" | "b1" | "bool" => Type::Bool,
        "int64" | "i8" | "intp" | "int_" | "long_" | "longlong" | "int" | "ssize_t" => Type::Int,
        "float64" | "f8" | "double" | "float_" | "float" => Type::Float,
        "complex128" | "c16" | "complex" => Type::Complex,
        "unicode_type" | "string" | "str" => Type::Str,
        "char" | "int8" | "i1" => Type::Scalar(Dtype::I8),
        "short" | "int16" | "i2" => Type::Scalar(Dtype::I16),
        "intc" | "int32" | "i4" => Type::Scalar(Dtype::I32),
        "uchar" | "uint8" | "u1" | "byte" => Type::Scalar(Dtype::U8),
        "ushort" | "uint16" | "u2" => Type::Scalar(Dtype::U16),
        "uintc" | "uint32" | "u4" => Type::Scalar(Dtype::U32),
        "uint64" | "u8" | "uintp" | "ulong" | "ulonglong" | "size_t" | "uint" => Type::Scalar(Dtype::U64),
        "float32" | "f4" => Type::Scalar(Dtype::F32),
        "complex64" | "c8" => Type::Scalar(Dtype::C64),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{signature, type_in};

    fn shown(text: &str) -> String {
        match signature(text) {
            Some(signature) => {
                let params: Vec<_> = signature.params.iter().map(ToString::to_string).collect();
                let result = signature.result.map_or("?".to_owned(), |ty| ty.to_string());
                format!("({}) -> {result}", params.join(", "))
            }
            None => "none".to_owned(),
        }
    }

    #[test]
    fn signatures_in_numbas_spellings() {
        assert_eq!(shown("f8(f8[:, ::1], i8)"), "(float64[:, ::1], int) -> float");
        assert_eq!(shown(" void( ) "), "() -> None");
        assert_eq!(shown("(uint8,)"), "(np.uint8) -> ?");
        assert_eq!(shown("Tuple((float64, int64))(types.float64)"), "(float) -> tuple[float, int]");
        assert_eq!(shown("UniTuple(int64, 2)(int64[::1])"), "(int64[::1]) -> tuple[int, int]");
        assert_eq!(shown("ListType(f8)(DictType(unicode_type, i8))"), "(dict[str, int]) -> list[float]");
        assert_eq!(shown("optional(f8)(f8)"), "(float) -> float | None");
        for wrong in ["", "f8", "f8(", "f8(f8))", "nothing(f8)", "f8(f8 i8)", "f8[1](f8)"] {
            assert_eq!(shown(wrong), "none", "{wrong}");
        }
        assert_eq!(type_in("list[list[int]]").map(|ty| ty.to_string()), Some("list[list[int]]".to_owned()));
    }
}
