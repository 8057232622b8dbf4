//! The two tables of number typing: what an operator means for two types under Python's and under Numba's rules.
//! In: an operator, types, `Rules`. Out: `Operation`: what to convert to, what to do, what comes out.
//!
//! Sources: the Python language reference for plain functions; NEP 50 for NumPy scalars; NBEP 1 for Numba's
//! integer widening.

use super::unify::{number_rank, promote};
use crate::prelude::intrinsics::Intrinsic;
use crate::ssa::{Binary, Unary};
use crate::syntax::ast::{BinaryOp, CompareOp, UnaryOp};
use crate::types::{Dtype, ErrorModel, Rules, Type};

/// What an operator does for two types.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What both operands are converted to first (none: each stays as it is).
    pub operands: Option<Type>,
    /// What is done with them.
    pub apply: Apply,
    /// What comes out.
    pub result: Type,
}

/// How an operation is carried out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Apply {
    /// One instruction.
    Instruction(Intrinsic),
    /// One 32-bit instruction whose result is brought back into the range of a small integer type.
    Narrowed(Binary, Dtype),
    /// A function of the prelude.
    Prelude(&'static str),
    /// As the function, then converted to the result type (small NumPy integers through 64 bits).
    Through64(&'static str),
}

fn instruction(op: Binary) -> Apply {
    Apply::Instruction(Intrinsic::Binary(op))
}

/// The type of a scalar of this dtype inside a function with these rules.
pub fn scalar_type(dtype: Dtype, rules: Rules) -> Type {
    match (rules, dtype) {
        (Rules::Numba(_), Dtype::Bool) => Type::Bool,
        (Rules::Numba(_), Dtype::I64) => Type::Int,
        (Rules::Numba(_), Dtype::F64) => Type::Float,
        (Rules::Numba(_), Dtype::C128) => Type::Complex,
        _ => Type::Scalar(dtype),
    }
}

/// The dtype an array of such values has; none for what is not a number.
pub fn dtype_of(ty: &Type) -> Option<Dtype> {
    match ty {
        Type::Bool => Some(Dtype::Bool),
        Type::Int => Some(Dtype::I64),
        Type::Float => Some(Dtype::F64),
        Type::Complex => Some(Dtype::C128),
        Type::Unsigned => Some(Dtype::U64),
        Type::Scalar(dtype) => Some(*dtype),
        _ => None,
    }
}

/// NEP 50: a Python number adapts to the NumPy type it meets, as long as its kind fits.
pub fn weak_promote(dtype: Dtype, python: &Type) -> Option<Dtype> {
    Some(match python {
        Type::Bool => promote(dtype, Dtype::Bool),
        Type::Int if dtype == Dtype::Bool => Dtype::I64,
        Type::Int => dtype,
        Type::Float if dtype.is_float() || dtype.is_complex() => dtype,
        Type::Float => Dtype::F64,
        Type::Complex if matches!(dtype, Dtype::F32 | Dtype::C64) => Dtype::C64,
        Type::Complex => Dtype::C128,
        _ => return None,
    })
}

/// The common type of two numbers, as arithmetic has it.
pub fn common_type(left: &Type, right: &Type, rules: Rules) -> Option<Type> {
    if rules.is_numba() {
        return numba_common(left, right);
    }
    match (left, right) {
        (Type::Scalar(a), Type::Scalar(b)) => Some(Type::Scalar(promote(*a, *b))),
        (Type::Scalar(a), python) | (python, Type::Scalar(a)) => weak_promote(*a, python).map(Type::Scalar),
        _ => {
            let (a, b) = (number_rank(left)?, number_rank(right)?);
            Some(if a >= b { left.clone() } else { right.clone() })
        }
    }
}

/// NBEP 1: integers compute in 64 bits, unsigned only among unsigned types.
fn numba_common(left: &Type, right: &Type) -> Option<Type> {
    let (a, b) = (dtype_of(left)?, dtype_of(right)?);
    if a == Dtype::Bool && b == Dtype::Bool {
        return Some(Type::Bool);
    }
    let integer = |dtype: Dtype| dtype.is_integer() || dtype == Dtype::Bool;
    if integer(a) && integer(b) {
        // Measured with Numba 0.68.1: unsigned only among unsigned; a bool counts as int64.
        let both_unsigned = a.is_unsigned() && b.is_unsigned();
        return Some(if both_unsigned { Type::Scalar(Dtype::U64) } else { Type::Int });
    }
    // Numba converts uint16 to float32 only unsafely, so that float64 is nearer.
    let promoted = match (a, b) {
        (Dtype::U16, Dtype::F32) | (Dtype::F32, Dtype::U16) => Dtype::F64,
        _ => promote(a, b),
    };
    Some(scalar_type(promoted, Rules::NUMBA))
}

/// What `left op right` means for numbers; none where it is no operation on numbers.
pub fn binary(op: BinaryOp, left: &Type, right: &Type, rules: Rules) -> Option<Operation> {
    use BinaryOp::{Add, BitAnd, BitOr, BitXor, Div, FloorDiv, MatMul, Mod, Mul, Pow, Shl, Shr, Sub};
    if let Some(address) = address(op, left, right) {
        return Some(address);
    }
    let common =
        match (op, dtype_of(left), dtype_of(right)) {
            // A shift has the kind of what is shifted.
            (Shl | Shr, Some(shifted), Some(count)) if rules.is_numba() && count.is_integer() => {
                if shifted.is_unsigned() { Type::Scalar(Dtype::U64) } else { numba_common(left, left)? }
            }
            // `float32 ** int` stays float32.
            (Pow, Some(Dtype::F32), Some(exponent))
                if rules.is_numba() && (exponent.is_integer() || exponent == Dtype::Bool) =>
            {
                Type::Scalar(Dtype::F32)
            }
            _ => common_type(left, right, rules)?,
        };
    let bits = matches!(op, BitAnd | BitOr | BitXor);
    if op == MatMul {
        return None;
    }
    // bool op bool: `&`, `|` and `^` stay bool, everything else computes with ints.
    let common = match common {
        Type::Bool if bits => {
            let op = if op == BitAnd {
                Binary::I32And
            } else if op == BitOr {
                Binary::I32Or
            } else {
                Binary::I32Xor
            };
            return Some(Operation { operands: None, apply: instruction(op), result: Type::Bool });
        }
        Type::Bool => Type::Int,
        Type::Scalar(Dtype::Bool) => return numpy_bool(op),
        other => other,
    };
    let raises = rules == Rules::NUMBA;
    let same = |apply| Some(Operation { operands: Some(common.clone()), apply, result: common.clone() });
    match &common {
        Type::Int => int(op, rules),
        Type::Float => Some(Operation {
            operands: Some(Type::Float),
            apply: match op {
                Add => instruction(Binary::F64Add),
                Sub => instruction(Binary::F64Sub),
                Mul => instruction(Binary::F64Mul),
                Div if rules == Rules::Python || raises => Apply::Prelude("float_truediv"),
                Div => instruction(Binary::F64Div),
                FloorDiv if rules == Rules::Numba(ErrorModel::Numpy) => Apply::Prelude("raw_float_floordiv"),
                FloorDiv => Apply::Prelude("float_floordiv"),
                Mod if rules == Rules::Numba(ErrorModel::Numpy) => Apply::Prelude("numpy_float_mod"),
                Mod => Apply::Prelude("float_mod"),
                Pow => Apply::Prelude(if rules == Rules::Python { "float_pow" } else { "raw_float_pow" }),
                MatMul | BitAnd | BitOr | BitXor | Shl | Shr => return None,
            },
            result: Type::Float,
        }),
        Type::Complex => Some(Operation {
            operands: Some(Type::Complex),
            apply: Apply::Prelude(match op {
                Add => "complex_add",
                Sub => "complex_sub",
                Mul => "complex_mul",
                Div => "complex_truediv",
                Pow => "complex_pow",
                FloorDiv | Mod | MatMul | BitAnd | BitOr | BitXor | Shl | Shr => return None,
            }),
            result: Type::Complex,
        }),
        Type::Scalar(dtype) if dtype.is_integer() => numpy_int(op, *dtype, rules),
        Type::Scalar(Dtype::F64) => match op {
            Add => same(instruction(Binary::F64Add)),
            Sub => same(instruction(Binary::F64Sub)),
            Mul => same(instruction(Binary::F64Mul)),
            Div => same(instruction(Binary::F64Div)),
            FloorDiv => through(*dtype_ref(&common), "numpy_float_floordiv"),
            Mod => through(*dtype_ref(&common), "numpy_float_mod"),
            Pow => through(*dtype_ref(&common), "numpy_float_pow"),
            MatMul | BitAnd | BitOr | BitXor | Shl | Shr => None,
        },
        Type::Scalar(Dtype::F32) => match op {
            Add => same(instruction(Binary::F32Add)),
            Sub => same(instruction(Binary::F32Sub)),
            Mul => same(instruction(Binary::F32Mul)),
            Div if raises => same(Apply::Prelude("float32_truediv")),
            Div => same(instruction(Binary::F32Div)),
            FloorDiv if raises => through(Dtype::F32, "float_floordiv"),
            Mod if raises => through(Dtype::F32, "float_mod"),
            FloorDiv => through(Dtype::F32, "numpy_float_floordiv"),
            Mod => through(Dtype::F32, "numpy_float_mod"),
            Pow => through(Dtype::F32, "single_pow"),
            MatMul | BitAnd | BitOr | BitXor | Shl | Shr => None,
        },
        Type::Scalar(dtype) => through(
            *dtype,
            match op {
                Add => "complex_add",
                Sub => "complex_sub",
                Mul => "complex_mul",
                Div => "numpy_complex_truediv",
                Pow => "numpy_complex_pow",
                FloorDiv | Mod | MatMul | BitAnd | BitOr | BitXor | Shl | Shr => return None,
            },
        ),
        _ => None,
    }
}

fn dtype_ref(ty: &Type) -> &Dtype {
    match ty {
        Type::Scalar(dtype) => dtype,
        other => unreachable!("the caller matched a NumPy scalar, not {other}"),
    }
}

/// Computed on Python's number of the same kind, then rounded back.
#[expect(clippy::unnecessary_wraps, reason = "a row of the table is an Option, like every other")]
fn through(dtype: Dtype, name: &'static str) -> Option<Operation> {
    let wide = if dtype.is_float() {
        Type::Float
    } else if dtype.is_complex() {
        Type::Complex
    } else {
        Type::Int
    };
    Some(Operation { operands: Some(wide), apply: Apply::Through64(name), result: Type::Scalar(dtype) })
}

fn int(op: BinaryOp, rules: Rules) -> Option<Operation> {
    use BinaryOp::{Add, BitAnd, BitOr, BitXor, Div, FloorDiv, MatMul, Mod, Mul, Pow, Shl, Shr, Sub};
    let python = rules == Rules::Python;
    let apply = match op {
        Add if python => Apply::Instruction(Intrinsic::CheckedAdd),
        Sub if python => Apply::Instruction(Intrinsic::CheckedSub),
        Mul if python => Apply::Instruction(Intrinsic::CheckedMul),
        Add => instruction(Binary::I64Add),
        Sub => instruction(Binary::I64Sub),
        Mul => instruction(Binary::I64Mul),
        BitAnd => instruction(Binary::I64And),
        BitOr => instruction(Binary::I64Or),
        BitXor => instruction(Binary::I64Xor),
        Shl if rules == Rules::Raw => instruction(Binary::I64Shl),
        Shr if rules == Rules::Raw => instruction(Binary::I64ShrS),
        // Numba divides as floats, which rounds each operand first.
        Div if rules.is_numba() => return binary(op, &Type::Float, &Type::Float, rules),
        Div => Apply::Prelude("int_truediv"),
        FloorDiv | Mod | Pow | Shl | Shr => Apply::Prelude(match (op, rules) {
            (FloorDiv, Rules::Python) => "int_floordiv",
            (FloorDiv, Rules::Numba(ErrorModel::Python)) => "wrapping_floordiv",
            (FloorDiv, Rules::Numba(ErrorModel::Numpy)) => "numba_floordiv",
            (FloorDiv, Rules::Raw) => "raw_floordiv",
            (Mod, Rules::Python) => "int_mod",
            (Mod, Rules::Numba(ErrorModel::Python)) => "wrapping_mod",
            (Mod, Rules::Numba(ErrorModel::Numpy)) => "numpy_int_mod",
            (Mod, Rules::Raw) => "raw_mod",
            (Pow, Rules::Python) => "int_pow",
            (Pow, Rules::Numba(ErrorModel::Python)) => "wrapping_pow",
            (Pow, Rules::Numba(ErrorModel::Numpy)) => "numba_pow",
            (Pow, Rules::Raw) => "raw_pow",
            (Shl, Rules::Python) => "int_shl",
            (Shl, _) => "raw_shl",
            (Shr, Rules::Python) => "int_shr",
            _ => "raw_shr",
        }),
        MatMul => return None,
    };
    let result = if op == Div { Type::Float } else { Type::Int };
    Some(Operation { operands: Some(Type::Int), apply, result })
}

/// NumPy integers: they wrap, and dividing by zero gives 0. Numba's uint64 computes the same way, but raises.
fn numpy_int(op: BinaryOp, dtype: Dtype, rules: Rules) -> Option<Operation> {
    use BinaryOp::{Add, BitAnd, BitOr, BitXor, Div, FloorDiv, MatMul, Mod, Mul, Pow, Shl, Shr, Sub};
    let ty = Type::Scalar(dtype);
    let wide = dtype.size() == 8;
    let plain = match op {
        Add => Some((Binary::I64Add, Binary::I32Add)),
        Sub => Some((Binary::I64Sub, Binary::I32Sub)),
        Mul => Some((Binary::I64Mul, Binary::I32Mul)),
        BitAnd => Some((Binary::I64And, Binary::I32And)),
        BitOr => Some((Binary::I64Or, Binary::I32Or)),
        BitXor => Some((Binary::I64Xor, Binary::I32Xor)),
        Div | FloorDiv | Mod | Pow | Shl | Shr | MatMul => None,
    };
    if let Some((op64, op32)) = plain {
        let apply = if wide { instruction(op64) } else { Apply::Narrowed(op32, dtype) };
        return Some(Operation { operands: Some(ty.clone()), apply, result: ty });
    }
    let unsigned64 = dtype == Dtype::U64;
    let raises = rules == Rules::NUMBA;
    match op {
        Div if rules.is_numba() => binary(op, &Type::Float, &Type::Float, rules),
        Div => Some(Operation {
            operands: Some(Type::Float),
            apply: instruction(Binary::F64Div),
            result: Type::Scalar(Dtype::F64),
        }),
        FloorDiv if unsigned64 && raises => through(dtype, "unsigned_floordiv_checked"),
        Mod if unsigned64 && raises => through(dtype, "unsigned_mod_checked"),
        FloorDiv if unsigned64 => through(dtype, "unsigned_floordiv"),
        Mod if unsigned64 => through(dtype, "unsigned_mod"),
        FloorDiv => through(dtype, "numpy_int_floordiv"),
        Mod => through(dtype, "numpy_int_mod"),
        Pow if rules.is_numba() => through(dtype, "unsigned_pow"),
        Pow => through(dtype, "numpy_int_pow"),
        Shl => through(dtype, "numpy_int_shl"),
        Shr if unsigned64 => through(dtype, "unsigned_shr"),
        Shr => through(dtype, "numpy_int_shr"),
        Add | Sub | Mul | BitAnd | BitOr | BitXor | MatMul => None,
    }
}

/// `np.bool`: `+` is or, `*` is and, `-` is refused; the rest computes in int8.
fn numpy_bool(op: BinaryOp) -> Option<Operation> {
    use BinaryOp::{Add, BitAnd, BitOr, BitXor, Div, FloorDiv, MatMul, Mod, Mul, Pow, Shl, Shr, Sub};
    let bool = Type::Scalar(Dtype::Bool);
    let bitwise = |op| Some(Operation { operands: Some(bool.clone()), apply: instruction(op), result: bool.clone() });
    match op {
        Add | BitOr => bitwise(Binary::I32Or),
        Mul | BitAnd => bitwise(Binary::I32And),
        BitXor => bitwise(Binary::I32Xor),
        Div => Some(Operation {
            operands: Some(Type::Float),
            apply: instruction(Binary::F64Div),
            result: Type::Scalar(Dtype::F64),
        }),
        FloorDiv | Mod | Pow | Shl | Shr => numpy_int(op, Dtype::I8, Rules::Python),
        Sub | MatMul => None,
    }
}

/// Addresses, in the prelude.
fn address(op: BinaryOp, left: &Type, right: &Type) -> Option<Operation> {
    let (apply, result) = match (op, left, right) {
        (BinaryOp::Add, Type::Ptr, Type::Int) => (Binary::I32Add, Type::Ptr),
        (BinaryOp::Sub, Type::Ptr, Type::Int) => (Binary::I32Sub, Type::Ptr),
        (BinaryOp::Sub, Type::Ptr, Type::Ptr) => {
            return Some(Operation {
                operands: Some(Type::Int),
                apply: instruction(Binary::I64Sub),
                result: Type::Int,
            });
        }
        _ => return None,
    };
    Some(Operation { operands: Some(Type::Ptr), apply: instruction(apply), result })
}

/// What a unary operator means for a number; `Not` is not here, it is about truth.
pub fn unary(op: UnaryOp, operand: &Type, rules: Rules) -> Option<Operation> {
    let one = |operands: Type, apply: Apply, result: Type| Some(Operation { operands: Some(operands), apply, result });
    let float = |op| Apply::Instruction(Intrinsic::Unary(op));
    match (op, operand) {
        (UnaryOp::Not, _) => None,
        (UnaryOp::Neg | UnaryOp::Invert, Type::Scalar(Dtype::Bool)) if op == UnaryOp::Neg => None,
        (UnaryOp::Invert, Type::Scalar(Dtype::Bool)) => {
            one(Type::Scalar(Dtype::Bool), float(Unary::I32Eqz), Type::Scalar(Dtype::Bool))
        }
        // Numba's bool is no int here.
        (UnaryOp::Invert, Type::Bool) if rules.is_numba() => one(Type::Bool, float(Unary::I32Eqz), Type::Bool),
        (UnaryOp::Pos, Type::Scalar(_)) if rules.is_numba() => {
            let wide = widened(operand, rules);
            one(wide.clone(), Apply::Prelude("number_pos"), wide)
        }
        (UnaryOp::Pos, Type::Bool) => one(Type::Int, Apply::Prelude("number_pos"), Type::Int),
        (UnaryOp::Pos, Type::Int | Type::Float | Type::Complex | Type::Scalar(_)) => {
            one(operand.clone(), Apply::Prelude("number_pos"), operand.clone())
        }
        (UnaryOp::Neg, Type::Int | Type::Bool) => {
            let name = if rules == Rules::Python { "int_neg" } else { "raw_neg" };
            one(Type::Int, Apply::Prelude(name), Type::Int)
        }
        (UnaryOp::Neg, Type::Float) => one(Type::Float, float(Unary::F64Neg), Type::Float),
        (UnaryOp::Neg, Type::Scalar(Dtype::F64)) => one(operand.clone(), float(Unary::F64Neg), operand.clone()),
        (UnaryOp::Neg, Type::Scalar(Dtype::F32)) => one(operand.clone(), float(Unary::F32Neg), operand.clone()),
        (UnaryOp::Neg, Type::Complex) => one(Type::Complex, Apply::Prelude("complex_neg"), Type::Complex),
        (UnaryOp::Neg, Type::Scalar(dtype)) if dtype.is_complex() => {
            one(Type::Complex, Apply::Through64("complex_neg"), operand.clone())
        }
        (UnaryOp::Neg, Type::Scalar(_)) => one(Type::Int, Apply::Through64("raw_neg"), operand.clone()),
        (UnaryOp::Invert, Type::Int | Type::Bool) => one(Type::Int, Apply::Prelude("int_invert"), Type::Int),
        (UnaryOp::Invert, Type::Scalar(dtype)) if dtype.is_integer() => {
            one(Type::Int, Apply::Through64("int_invert"), operand.clone())
        }
        _ => None,
    }
}

/// Under Numba's rules the result of arithmetic on a small integer is a 64-bit one: `-np.uint8(1)` is 255, as an uint64.
pub fn widened(ty: &Type, rules: Rules) -> Type {
    if rules.is_numba() { numba_common(ty, ty).unwrap_or_else(|| ty.clone()) } else { ty.clone() }
}

/// What an ordering or equality of two numbers means; the result is a bool (NumPy's where a NumPy scalar is in it).
pub fn compare(op: CompareOp, left: &Type, right: &Type, rules: Rules) -> Option<Operation> {
    use CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
    let pick = |eq, ne, lt, le, gt, ge| match op {
        Eq => Some(eq),
        Ne => Some(ne),
        Lt => Some(lt),
        Le => Some(le),
        Gt => Some(gt),
        Ge => Some(ge),
        CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => None,
    };
    if (left, right) == (&Type::Ptr, &Type::Ptr) {
        use Binary::{I32Eq, I32GeU, I32GtU, I32LeU, I32LtU, I32Ne};
        let op = pick(I32Eq, I32Ne, I32LtU, I32LeU, I32GtU, I32GeU)?;
        return Some(Operation { operands: None, apply: instruction(op), result: Type::Bool });
    }
    // Python compares an int and a float by their exact values, also where the int has no float.
    if rules == Rules::Python
        && let (Type::Int, Type::Float) | (Type::Float, Type::Int) = (left, right)
    {
        let int_first = left == &Type::Int;
        let name = match (op, int_first) {
            (Eq, true) => "int_eq_float",
            (Ne, true) => "int_ne_float",
            (Lt, true) => "int_lt_float",
            (Le, true) => "int_le_float",
            (Gt, true) => "int_gt_float",
            (Ge, true) => "int_ge_float",
            (Eq, false) => "float_eq_int",
            (Ne, false) => "float_ne_int",
            (Lt, false) => "float_lt_int",
            (Le, false) => "float_le_int",
            (Gt, false) => "float_gt_int",
            (Ge, false) => "float_ge_int",
            (CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn, _) => return None,
        };
        return Some(Operation { operands: None, apply: Apply::Prelude(name), result: Type::Bool });
    }
    if let (Some(a), Some(b)) = (dtype_of(left), dtype_of(right))
        && let Some(exact) = compare_integers(op, a, b, numpy_result(left, right, rules))
    {
        return Some(exact);
    }
    let result = numpy_result(left, right, rules);
    let common = common_type(left, right, rules)?;
    let dtype = dtype_of(&common)?;
    let apply = if dtype.is_complex() {
        Apply::Prelude(if op == Eq {
            "complex_eq"
        } else if op == Ne {
            "complex_ne"
        } else {
            return None;
        })
    } else {
        use Binary as B;
        instruction(match dtype {
            Dtype::F64 => pick(B::F64Eq, B::F64Ne, B::F64Lt, B::F64Le, B::F64Gt, B::F64Ge)?,
            Dtype::F32 => pick(B::F32Eq, B::F32Ne, B::F32Lt, B::F32Le, B::F32Gt, B::F32Ge)?,
            Dtype::I64 => pick(B::I64Eq, B::I64Ne, B::I64LtS, B::I64LeS, B::I64GtS, B::I64GeS)?,
            Dtype::U64 => pick(B::I64Eq, B::I64Ne, B::I64LtU, B::I64LeU, B::I64GtU, B::I64GeU)?,
            Dtype::I8 | Dtype::I16 | Dtype::I32 => {
                pick(B::I32Eq, B::I32Ne, B::I32LtS, B::I32LeS, B::I32GtS, B::I32GeS)?
            }
            Dtype::Bool | Dtype::U8 | Dtype::U16 | Dtype::U32 => {
                pick(B::I32Eq, B::I32Ne, B::I32LtU, B::I32LeU, B::I32GtU, B::I32GeU)?
            }
            Dtype::C64 | Dtype::C128 => unreachable!("complex was dealt with"),
        })
    };
    let operands = if dtype.is_complex() { Type::Complex } else { common };
    Some(Operation { operands: Some(operands), apply, result })
}

/// What a comparison gives: NumPy's bool where a NumPy scalar is in it.
fn numpy_result(left: &Type, right: &Type, rules: Rules) -> Type {
    let numpy = rules == Rules::Python && (matches!(left, Type::Scalar(_)) || matches!(right, Type::Scalar(_)));
    if numpy { Type::Scalar(Dtype::Bool) } else { Type::Bool }
}

/// Integers compare by their values, whatever their types: all but uint64 fit into 64 bits with a sign.
fn compare_integers(op: CompareOp, left: Dtype, right: Dtype, result: Type) -> Option<Operation> {
    use CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
    let integer = |dtype: Dtype| dtype.is_integer() || dtype == Dtype::Bool;
    if left == right || !integer(left) || !integer(right) {
        return None;
    }
    if left != Dtype::U64 && right != Dtype::U64 {
        let op = match op {
            Eq => Binary::I64Eq,
            Ne => Binary::I64Ne,
            Lt => Binary::I64LtS,
            Le => Binary::I64LeS,
            Gt => Binary::I64GtS,
            Ge => Binary::I64GeS,
            CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => return None,
        };
        return Some(Operation { operands: Some(Type::Int), apply: instruction(op), result });
    }
    let signed = |dtype: Dtype| dtype.is_signed();
    if !signed(left) && !signed(right) {
        let op = match op {
            Eq => Binary::I64Eq,
            Ne => Binary::I64Ne,
            Lt => Binary::I64LtU,
            Le => Binary::I64LeU,
            Gt => Binary::I64GtU,
            Ge => Binary::I64GeU,
            CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn => return None,
        };
        return Some(Operation { operands: Some(Type::Scalar(Dtype::U64)), apply: instruction(op), result });
    }
    let name = match (op, left == Dtype::U64) {
        (Eq, _) => "unsigned_eq_int",
        (Ne, _) => "unsigned_ne_int",
        (Lt, true) => "unsigned_lt_int",
        (Le, true) => "unsigned_le_int",
        (Gt, true) => "unsigned_gt_int",
        (Ge, true) => "unsigned_ge_int",
        (Lt, false) => "int_lt_unsigned",
        (Le, false) => "int_le_unsigned",
        (Gt, false) => "int_gt_unsigned",
        (Ge, false) => "int_ge_unsigned",
        (CompareOp::Is | CompareOp::IsNot | CompareOp::In | CompareOp::NotIn, _) => return None,
    };
    Some(Operation { operands: Some(Type::Int), apply: Apply::Through64(name), result })
}

/// The library function that `divmod` is for these types, where it is more than `//` and `%`.
pub fn divmod(left: &Type, right: &Type, rules: Rules) -> Option<&'static str> {
    match common_type(left, right, rules)? {
        Type::Float if rules != Rules::Numba(ErrorModel::Numpy) => Some("float_divmod"),
        Type::Int if rules == Rules::Python => Some("int_divmod"),
        _ => None,
    }
}
