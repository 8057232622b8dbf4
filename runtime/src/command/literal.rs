//! Arguments on the command line: Python literals and `.npy` files. In: text. Out: `Value`s.

use kukri::{Array, Element, Value};
use kukri_compiler::diagnostic::Code;
use kukri_compiler::source::Sources;
use kukri_compiler::syntax;
use kukri_compiler::syntax::ast::{BinaryOp, Expr, ExprKind, StmtKind, Tree, UnaryOp};
use ndarray::ArrayD;
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement};
use num_complex::Complex;
use std::fs;

/// The value of an argument.
pub(super) fn value(argument: &str) -> Result<Value, String> {
    match argument.strip_prefix('@') {
        Some(path) => npy(path),
        None => literal(argument),
    }
}

fn literal(text: &str) -> Result<Value, String> {
    let mut sources = Sources::default();
    let file = sources.add("<argument>", text.trim());
    let module = syntax::parse(sources.file(file), &mut Tree::default());
    if let Err(errors) = &module
        && let Some(error) = errors.iter().find(|error| error.code == Code::LiteralRange)
    {
        return Err(format!("`{text}`: {}", error.message));
    }
    let body = module.map(|module| module.body).unwrap_or_default();
    let value = match body.as_slice() {
        [statement] => match &statement.kind {
            StmtKind::Expr(expression) => constant(expression),
            StmtKind::Assign { .. } => return Err(format!("`{text}`: arguments are passed by their position")),
            _ => None,
        },
        _ => None,
    };
    value.ok_or_else(|| {
        let quoted = Value::Str(text.to_owned());
        format!("`{text}` is not a Python literal (a string needs quotes of its own: \"{quoted}\")")
    })
}

/// What a literal expression stands for.
fn constant(expression: &Expr) -> Option<Value> {
    let all = |items: &[Expr]| items.iter().map(constant).collect::<Option<Vec<_>>>();
    Some(match &expression.kind {
        ExprKind::None => Value::None,
        ExprKind::Bool(value) => Value::Bool(*value),
        ExprKind::Int(value) => Value::Int((*value).into()),
        ExprKind::Float(value) => Value::Float(*value),
        ExprKind::Imaginary(value) => Value::Complex(Complex::new(0.0, *value)),
        ExprKind::Str(text) => Value::Str(text.to_string()),
        ExprKind::Bytes(content) => Value::Bytes(content.to_vec()),
        ExprKind::List(items) => Value::List(all(items)?),
        ExprKind::Tuple(items) => Value::Tuple(all(items)?),
        ExprKind::Set(items) => Value::Set(all(items)?),
        ExprKind::Dict(items) => {
            let pair = |(key, value): &(Option<Expr>, Expr)| Some((constant(key.as_ref()?)?, constant(value)?));
            Value::Dict(items.iter().map(pair).collect::<Option<_>>()?)
        }
        ExprKind::Unary { op: UnaryOp::Neg, operand } => match constant(operand)? {
            Value::Int(value) => Value::Int(-value),
            Value::Float(value) => Value::Float(-value),
            Value::Complex(value) => Value::Complex(-value),
            _ => return None,
        },
        // `1 + 2j`, as `ast.literal_eval` has it.
        ExprKind::Binary { op, left, right } => {
            let re = match constant(left)? {
                Value::Int(value) => value as f64,
                Value::Float(value) => value,
                _ => return None,
            };
            match (op, constant(right)?) {
                // Arithmetic of Python's, in which `-2-0j` is `(-2+0j)`.
                (BinaryOp::Add, Value::Complex(im)) => Value::Complex(Complex::new(re + im.re, 0.0 + im.im)),
                (BinaryOp::Sub, Value::Complex(im)) => Value::Complex(Complex::new(re - im.re, 0.0 - im.im)),
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Reads a NumPy file: any element type that kernels have, either byte order, C or Fortran order.
fn npy(path: &str) -> Result<Value, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let readers = [
        array::<bool>,
        array::<i8>,
        array::<i16>,
        array::<i32>,
        array::<i64>,
        array::<u8>,
        array::<u16>,
        array::<u32>,
        array::<u64>,
        array::<f32>,
        array::<f64>,
        array::<Complex<f32>>,
        array::<Complex<f64>>,
    ];
    for reader in readers {
        match reader(&bytes) {
            Ok(value) => return Ok(value),
            Err(ReadNpyError::WrongDescriptor(_)) => {}
            Err(error) => return Err(format!("cannot read {path}: {error}")),
        }
    }
    Err(format!("cannot read {path}: kernels have no arrays of its element type"))
}

fn array<A: Element + ReadableElement>(bytes: &[u8]) -> Result<Value, ReadNpyError> {
    let array = ArrayD::<A>::read_npy(bytes)?;
    let mut content = Vec::with_capacity(array.len() * A::DTYPE.size() as usize);
    // In C order, whatever the order in the file.
    array.iter().for_each(|element| element.write(&mut content));
    let shape = array.shape().to_vec();
    Array::new(A::DTYPE, shape, content).map(Value::Array).ok_or(ReadNpyError::LengthOverflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_those_of_python() {
        for text in ["-1.5", "[1, 2, 3]", "('a', None, True)", "{1: [2.0]}", "b'x'", "-9223372036854775808", "(1-2j)"] {
            assert_eq!(literal(text).map(|value| value.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(literal(" 0x10 ").map(|value| value.to_string()).as_deref(), Ok("16"));
        for text in ["Ada", "", "1 +", "f(x)", "[1, *y]"] {
            assert!(literal(text).is_err_and(|message| message.contains("is not a Python literal")), "{text}");
        }
        assert!(literal("x=1").is_err_and(|message| message.contains("by their position")));
        assert!(literal("99999999999999999999").is_err_and(|message| message.contains("64 bits")));
    }

    #[test]
    fn npy_files_of_either_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.npy");
        let array = ndarray::array![[1i16, 2, 3], [4, 5, -6]];
        ndarray_npy::write_npy(&path, &array.reversed_axes()).expect("it is written");
        let text = value(&format!("@{}", path.display())).map(|value| value.to_string());
        let expected = "array([[ 1,  4],\n       [ 2,  5],\n       [ 3, -6]], dtype=int16)";
        assert_eq!(text.as_deref(), Ok(expected));
        assert!(value("@nowhere.npy").is_err_and(|message| message.contains("nowhere.npy")));
    }
}
