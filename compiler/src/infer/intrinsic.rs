//! The types of intrinsics, and the names by which prelude code calls them. In: a name and arguments.
//! Out: `hir::ExprKind::Intrinsic`.

use super::function::Body;
use super::hir::{Expr, ExprKind};
use super::operator::dtype_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa;
use crate::types::{Dtype, Order, Static, Type};
use std::sync::Arc;

/// The intrinsic of a name, for prelude code.
pub(super) fn named(name: &str) -> Option<Intrinsic> {
    if let Some(rest) = name.strip_prefix("load_").and_then(memory_dtype) {
        return Some(Intrinsic::Load(rest));
    }
    if let Some(rest) = name.strip_prefix("store_").and_then(memory_dtype) {
        return Some(Intrinsic::Store(rest));
    }
    if let Some(rest) = name.strip_prefix("global_get_") {
        return rest.parse().ok().map(Intrinsic::StateGet);
    }
    if let Some(rest) = name.strip_prefix("global_set_") {
        return rest.parse().ok().map(Intrinsic::StateSet);
    }
    Some(match name {
        "select" => Intrinsic::Select,
        "checked_add" => Intrinsic::CheckedAdd,
        "checked_sub" => Intrinsic::CheckedSub,
        "checked_mul" => Intrinsic::CheckedMul,
        "ptr" => Intrinsic::Ptr,
        "load_ptr" => Intrinsic::LoadPtr,
        "store_ptr" => Intrinsic::StorePtr,
        "memory_size" => Intrinsic::MemorySize,
        "memory_grow" => Intrinsic::MemoryGrow,
        "memory_copy" => Intrinsic::MemoryCopy,
        "memory_fill" => Intrinsic::MemoryFill,
        "heap_start" => Intrinsic::HeapStart,
        "address" => Intrinsic::Address,
        "own_str" => Intrinsic::OwnStr,
        "own_bytes" => Intrinsic::OwnBytes,
        "own_exception" => Intrinsic::OwnException,
        "own_like" => Intrinsic::OwnLike,
        "borrow_str" => Intrinsic::BorrowStr,
        "borrow_exception" => Intrinsic::BorrowException,
        "item_size" => Intrinsic::ItemSize,
        "item_load" => Intrinsic::ItemLoad,
        "item_take" => Intrinsic::ItemTake,
        "item_init" => Intrinsic::ItemInit,
        "item_drop" => Intrinsic::ItemDrop,
        "array_is_c" => Intrinsic::ArrayIsC,
        "item_counted" => Intrinsic::ItemCounted,
        "dict_keys" => Intrinsic::DictKeys,
        "dict_values" => Intrinsic::DictValues,
        "cell_new" => Intrinsic::CellNew,
        "cell_get" => Intrinsic::CellGet,
        "cell_set" => Intrinsic::CellSet,
        "array_data" => Intrinsic::ArrayData,
        "array_owner" => Intrinsic::ArrayOwner,
        "array_shape" => Intrinsic::ArrayShape,
        "array_strides" => Intrinsic::ArrayStrides,
        "array_make" => Intrinsic::ArrayMake,
        "array_view" => Intrinsic::ArrayView,
        "element_size" => Intrinsic::ElementSize,
        "element_load" => Intrinsic::ElementLoad,
        "element_store" => Intrinsic::ElementStore,
        "host_write" => Intrinsic::HostWrite,
        "host_time" => Intrinsic::HostTime,
        "host_argument" => Intrinsic::HostArgument,
        "host_read_line" => Intrinsic::HostReadLine,
        "unreachable" => Intrinsic::Unreachable,
        _ => return machine(name),
    })
}

fn memory_dtype(name: &str) -> Option<Dtype> {
    Some(match name {
        "i8" => Dtype::I8,
        "u8" => Dtype::U8,
        "i16" => Dtype::I16,
        "u16" => Dtype::U16,
        "i32" => Dtype::I32,
        "u32" => Dtype::U32,
        "i64" => Dtype::I64,
        "u64" => Dtype::U64,
        "f32" => Dtype::F32,
        "f64" => Dtype::F64,
        _ => return None,
    })
}

/// Machine instructions that prelude code uses.
fn machine(name: &str) -> Option<Intrinsic> {
    use ssa::{Binary as B, Unary as U};
    let unary = |op| Some(Intrinsic::Unary(op));
    let binary = |op| Some(Intrinsic::Binary(op));
    match name {
        "i64_eqz" => unary(U::I64Eqz),
        "i64_clz" => unary(U::I64Clz),
        "i64_ctz" => unary(U::I64Ctz),
        "i64_popcnt" => unary(U::I64Popcnt),
        "f64_abs" => unary(U::F64Abs),
        "f64_neg" => unary(U::F64Neg),
        "f64_sqrt" => unary(U::F64Sqrt),
        "f64_ceil" => unary(U::F64Ceil),
        "f64_floor" => unary(U::F64Floor),
        "f64_trunc" => unary(U::F64Trunc),
        "f64_nearest" => unary(U::F64Nearest),
        "f32_abs" => unary(U::F32Abs),
        "f32_neg" => unary(U::F32Neg),
        "f32_sqrt" => unary(U::F32Sqrt),
        "f32_demote_f64" => unary(U::F32DemoteF64),
        "f64_promote_f32" => unary(U::F64PromoteF32),
        "f64_convert_i64_s" => unary(U::F64ConvertI64S),
        "f64_convert_i64_u" => unary(U::F64ConvertI64U),
        "f32_convert_i64_s" => unary(U::F32ConvertI64S),
        "f32_convert_i64_u" => unary(U::F32ConvertI64U),
        "i64_trunc_sat_f64_s" => unary(U::I64TruncSatF64S),
        "i64_trunc_sat_f64_u" => unary(U::I64TruncSatF64U),
        "i64_reinterpret_f64" => unary(U::I64ReinterpretF64),
        "f64_reinterpret_i64" => unary(U::F64ReinterpretI64),
        "i64_add" => binary(B::I64Add),
        "i64_sub" => binary(B::I64Sub),
        "i64_mul" => binary(B::I64Mul),
        "i64_div_s" => binary(B::I64DivS),
        "i64_div_u" => binary(B::I64DivU),
        "i64_rem_s" => binary(B::I64RemS),
        "i64_rem_u" => binary(B::I64RemU),
        "i64_and" => binary(B::I64And),
        "i64_or" => binary(B::I64Or),
        "i64_xor" => binary(B::I64Xor),
        "i64_shl" => binary(B::I64Shl),
        "i64_shr_s" => binary(B::I64ShrS),
        "i64_shr_u" => binary(B::I64ShrU),
        "i64_rotl" => binary(B::I64Rotl),
        "i64_lt_u" => binary(B::I64LtU),
        "i64_gt_u" => binary(B::I64GtU),
        "i64_le_u" => binary(B::I64LeU),
        "i64_ge_u" => binary(B::I64GeU),
        "i64_add_overflows" => binary(B::I64AddOverflows),
        "i64_sub_overflows" => binary(B::I64SubOverflows),
        "i64_mul_overflows" => binary(B::I64MulOverflows),
        "f64_add" => binary(B::F64Add),
        "f64_sub" => binary(B::F64Sub),
        "f64_mul" => binary(B::F64Mul),
        "f64_div" => binary(B::F64Div),
        "f64_min" => binary(B::F64Min),
        "f64_max" => binary(B::F64Max),
        "f64_copysign" => binary(B::F64Copysign),
        "f32_copysign" => binary(B::F32Copysign),
        "f32_min" => binary(B::F32Min),
        "f32_max" => binary(B::F32Max),
        _ => None,
    }
}

/// The type prelude code knows an SSA type by; comparisons are bools.
fn machine_type(ty: ssa::Type, name_is_test: bool) -> Type {
    match ty {
        ssa::Type::I32 if name_is_test => Type::Bool,
        ssa::Type::I32 => Type::Scalar(Dtype::U32),
        ssa::Type::I64 => Type::Int,
        ssa::Type::F32 => Type::Scalar(Dtype::F32),
        ssa::Type::F64 => Type::Float,
        ssa::Type::V128 => unreachable!("no Python value is a v128"),
    }
}

impl Body<'_, '_> {
    /// A call of an intrinsic by prelude code.
    pub(super) fn intrinsic(&mut self, name: &str, mut args: Vec<Expr>, span: Span) -> Expr {
        let Some(intrinsic) = named(name) else { unreachable!("`prelude_name` looked it up") };
        if let (Intrinsic::ElementLoad | Intrinsic::ElementStore, Some(Expr { ty: ty @ Type::Static(_), .. })) =
            (intrinsic, args.first_mut())
            && let Some(dtype) = element_dtype(ty)
        {
            // A dtype has many names.
            *ty = Type::Static(Static(format!("numpy.{}", dtype.name()).into()));
        }
        let first = args.first().map(|arg| self.unify.shallow(&arg.ty));
        let item = match &first {
            Some(Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Cell(item)) => {
                Some(self.unify.shallow(item))
            }
            _ => None,
        };
        let (params, result): (Vec<Type>, Type) = match intrinsic {
            Intrinsic::ArrayIsC => {
                return Expr::bool(matches!(first, Some(Type::Array { order: Order::C, .. })), span);
            }
            Intrinsic::Unary(op) => (vec![machine_type(op.operand(), true)], machine_type(op.result(), true)),
            Intrinsic::Binary(op) => (vec![machine_type(op.operand(), true); 2], machine_type(op.result(), true)),
            Intrinsic::Select => {
                let ty = args.get(1).map_or(Type::Int, |arg| arg.ty.clone());
                (vec![Type::Bool, ty.clone(), ty.clone()], ty)
            }
            Intrinsic::CheckedAdd | Intrinsic::CheckedSub | Intrinsic::CheckedMul => {
                (vec![Type::Int, Type::Int], Type::Int)
            }
            Intrinsic::Ptr => {
                if first == Some(Type::Ptr) {
                    return args.into_iter().next().unwrap_or_else(|| Expr::poison(span));
                }
                (vec![Type::Int], Type::Ptr)
            }
            Intrinsic::PtrToInt => (vec![Type::Ptr], Type::Int),
            Intrinsic::Load(dtype) => (vec![Type::Ptr], memory_type(dtype)),
            Intrinsic::LoadPtr => (vec![Type::Ptr], Type::Ptr),
            Intrinsic::Store(dtype) => (vec![Type::Ptr, memory_type(dtype)], Type::None),
            Intrinsic::StorePtr => (vec![Type::Ptr, Type::Ptr], Type::None),
            Intrinsic::MemorySize => (Vec::new(), Type::Int),
            Intrinsic::MemoryGrow => (vec![Type::Int], Type::Int),
            Intrinsic::MemoryCopy => (vec![Type::Ptr, Type::Ptr, Type::Int], Type::None),
            Intrinsic::MemoryFill => (vec![Type::Ptr, Type::Int, Type::Int], Type::None),
            Intrinsic::HeapStart => (Vec::new(), Type::Ptr),
            Intrinsic::StateGet(_) => (Vec::new(), Type::Int),
            Intrinsic::StateSet(_) => (vec![Type::Int], Type::None),
            Intrinsic::Address | Intrinsic::ArrayData | Intrinsic::ArrayOwner => {
                // A raw address is its own.
                if first == Some(Type::Ptr) {
                    return args.into_iter().next().unwrap_or_else(|| Expr::poison(span));
                }
                if intrinsic != Intrinsic::Address && !matches!(first, Some(Type::Array { .. })) {
                    return self.no_array(first, span);
                }
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), Type::Ptr, span);
            }
            Intrinsic::OwnStr | Intrinsic::BorrowStr => (vec![Type::Ptr], Type::Str),
            Intrinsic::OwnBytes => (vec![Type::Ptr], Type::Bytes),
            Intrinsic::OwnException | Intrinsic::BorrowException => (vec![Type::Ptr], Type::Exception),
            Intrinsic::OwnLike => {
                // The first argument is there for its type only.
                let ty = first.unwrap_or(Type::Poison);
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), ty, span);
            }
            Intrinsic::ItemSize => return self.item_constant(item, span, |ty| i64::from(ty.layout().size)),
            Intrinsic::ItemCounted => {
                let counted = item.is_some_and(|item| self.unify.resolve(&item).is_counted());
                return Expr::bool(counted, span);
            }
            Intrinsic::ItemLoad | Intrinsic::ItemTake | Intrinsic::ItemInit | Intrinsic::ItemDrop => {
                return self.item_access(intrinsic, args, item, span);
            }
            Intrinsic::DictKeys | Intrinsic::DictValues => {
                let item = match (&first, intrinsic) {
                    (Some(Type::Dict(key, _)), Intrinsic::DictKeys) => key.clone(),
                    (Some(Type::Dict(_, value)), _) => value.clone(),
                    (Some(Type::Set(item)), _) => item.clone(),
                    _ => Arc::new(Type::Poison),
                };
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), Type::List(item), span);
            }
            Intrinsic::CellNew => {
                let ty = Type::Cell(Arc::new(first.unwrap_or(Type::Poison)));
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), ty, span);
            }
            Intrinsic::CellGet | Intrinsic::CellSet => {
                let Some(Type::Cell(content)) = &first else { return self.no_array(first, span) };
                let ty = if intrinsic == Intrinsic::CellGet { (**content).clone() } else { Type::None };
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), ty, span);
            }
            Intrinsic::ArrayShape | Intrinsic::ArrayStrides => {
                let Some(Type::Array { ndim, .. }) = first else { return self.no_array(first, span) };
                let ty = Type::tuple(vec![Type::Int; usize::from(ndim)]);
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), ty, span);
            }
            Intrinsic::ArrayMake | Intrinsic::ArrayView => return self.array_value(intrinsic, args, span),
            Intrinsic::ElementSize => {
                let size = first.and_then(|ty| element_dtype(&ty)).map_or(0, Dtype::size);
                return Expr::int(i64::from(size), span);
            }
            Intrinsic::ElementLoad => {
                let Some(dtype) = first.as_ref().and_then(element_dtype) else { return self.no_array(first, span) };
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), Type::Scalar(dtype), span);
            }
            Intrinsic::ElementStore => {
                let Some(dtype) = first.as_ref().and_then(element_dtype) else { return self.no_array(first, span) };
                let mut args = args;
                let Some(value) = args.pop() else { return Expr::poison(span) };
                if dtype_of(&value.ty).is_none() {
                    let text = format!("an element is `{}`, but this is `{}`", dtype.name(), value.ty);
                    return self.error(Diagnostic::new(Code::TypeMismatch, span, text));
                }
                args.push(self.convert_value(value, &Type::Scalar(dtype)));
                return Expr::new(ExprKind::Intrinsic(intrinsic, args), Type::None, span);
            }
            Intrinsic::HostWrite => (vec![Type::Int, Type::Ptr, Type::Int], Type::None),
            Intrinsic::HostTime => (Vec::new(), Type::Float),
            Intrinsic::HostArgument => (vec![Type::Int, Type::Ptr, Type::Int], Type::Int),
            Intrinsic::HostReadLine => (vec![Type::Ptr, Type::Int], Type::Int),
            Intrinsic::Unreachable => (Vec::new(), Type::Never),
        };
        if params.len() != args.len() {
            let text = format!("`{name}` takes {} arguments", params.len());
            return self.error(Diagnostic::new(Code::WrongArguments, span, text));
        }
        let args = args.into_iter().zip(&params).map(|(arg, param)| self.convert_value(arg, param)).collect();
        Expr::new(ExprKind::Intrinsic(intrinsic, args), result, span)
    }

    /// A library function of arrays was given something else.
    fn no_array(&mut self, found: Option<Type>, span: Span) -> Expr {
        match found {
            Some(found) if super::expression::absorbs(&found) => Expr::new(ExprKind::Unit, found, span),
            found => {
                let found = found.map_or_else(String::new, |found| format!(", not a `{}`", self.unify.resolve(&found)));
                self.error(Diagnostic::new(Code::TypeMismatch, span, format!("an array is needed here{found}")))
            }
        }
    }

    fn item_constant(&mut self, item: Option<Type>, span: Span, measure: impl Fn(&Type) -> i64) -> Expr {
        match item {
            Some(item) => Expr::int(measure(&super::function::close(&self.unify.resolve(&item))), span),
            None => self.error(Diagnostic::new(Code::TypeMismatch, span, "not a list")),
        }
    }

    fn item_access(&mut self, intrinsic: Intrinsic, mut args: Vec<Expr>, item: Option<Type>, span: Span) -> Expr {
        let Some(item) = item else {
            return self.error(Diagnostic::new(Code::TypeMismatch, span, "not a list"));
        };
        let result = match intrinsic {
            Intrinsic::ItemLoad | Intrinsic::ItemTake => item,
            Intrinsic::ItemInit => {
                let Some(value) = args.pop() else { return Expr::poison(span) };
                let value = self.item_for(value, &Type::list(item), span);
                args.push(value);
                Type::None
            }
            _ => Type::None,
        };
        Expr::new(ExprKind::Intrinsic(intrinsic, args), result, span)
    }

    /// `array_make(dtype, owner, data, shape, strides)` and `array_view(a, data, shape, strides)`.
    fn array_value(&mut self, intrinsic: Intrinsic, args: Vec<Expr>, span: Span) -> Expr {
        let dtype = args.first().and_then(|like| element_dtype(&self.unify.shallow(&like.ty)));
        let shape = args.get(args.len().wrapping_sub(2)).map(|shape| self.unify.shallow(&shape.ty));
        let (Some(dtype), Some(Type::Tuple(shape))) = (dtype, shape) else {
            return match args.first().map(|like| self.unify.resolve(&like.ty)) {
                Some(like) if element_dtype(&like).is_none() => {
                    let text = format!("an array holds numbers, and `{like}` is none");
                    self.error(Diagnostic::new(Code::TypeMismatch, span, text))
                }
                _ => self.error(Diagnostic::new(Code::TypeMismatch, span, "an array needs a shape")),
            };
        };
        let strides = args.last().map(|strides| self.unify.shallow(&strides.ty));
        let strides = match &strides {
            Some(Type::Tuple(strides)) => strides.iter(),
            _ => [].iter(),
        };
        if let Some(other) = shape.iter().chain(strides).find(|length| **length != Type::Int) {
            let text = format!("a shape is made of ints, and `{other}` is none");
            return self.error(Diagnostic::new(Code::TypeMismatch, span, text));
        }
        let order = if intrinsic == Intrinsic::ArrayMake { Order::C } else { Order::A };
        let ty = Type::Array { dtype, ndim: shape.len() as u8, order };
        Expr::new(ExprKind::Intrinsic(intrinsic, args), ty, span)
    }
}

/// What a load gives prelude code: small integers widened.
fn memory_type(dtype: Dtype) -> Type {
    match dtype {
        Dtype::F64 => Type::Float,
        Dtype::F32 => Type::Scalar(Dtype::F32),
        _ => Type::Int,
    }
}

/// The element type of an array, or the dtype that a static value names.
pub(super) fn element_dtype(ty: &Type) -> Option<Dtype> {
    match ty {
        Type::Array { dtype, .. } => Some(*dtype),
        Type::Static(name) => {
            let (module, short) = name.0.rsplit_once('.')?;
            match module {
                "builtins" => match short {
                    "int" => Some(Dtype::I64),
                    "float" => Some(Dtype::F64),
                    "bool" => Some(Dtype::Bool),
                    "complex" => Some(Dtype::C128),
                    _ => None,
                },
                "numpy" | "dtype" | "numba" | "numba.types" => super::annotation::dtype_named(short),
                _ => None,
            }
        }
        other => dtype_of(other),
    }
}
