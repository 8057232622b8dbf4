//! The bottom of the prelude. In: HIR intrinsics. Out: a few instructions each.

use super::Body;
use super::array::Array;
use super::convert::dtype_of;
use super::ownership::{Operand, Owner};
use crate::abi;
use crate::arena::Id;
use crate::infer::hir::Expr;
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::{self, Binary, Callee, InstKind, LoadKind, StoreKind, Terminator, Unary, Value};
use crate::types::{Dtype, Type};

/// Where a `dict` (or `set`) keeps the list of its keys.
const DICT_KEYS: u32 = 8;
/// Where a `dict` keeps the list of its values.
const DICT_VALUES: u32 = 12;

impl Body<'_, '_> {
    /// Evaluates the arguments and does what the intrinsic says.
    pub fn intrinsic(&mut self, intrinsic: Intrinsic, args: &[Expr], ty: &Type, span: Span) -> Option<Operand> {
        let operands = self.operands(args)?;
        // The first part of each argument, which is all there is to most.
        let first: Vec<_> = operands.iter().filter_map(|operand| operand.parts.first().copied()).collect();
        let arg = |at: usize| (&args[at].ty, operands[at].parts.clone());
        let plain = |value| Operand::plain(vec![value]);
        let nothing = || Operand::plain(Vec::new());
        let result = match intrinsic {
            Intrinsic::Unary(op) => plain(self.builder.unary(op, first[0])),
            Intrinsic::Binary(op) => plain(self.builder.binary(op, first[0], first[1])),
            Intrinsic::Select => return Some(self.select(&operands, ty)),
            Intrinsic::CheckedAdd => self.checked(Binary::I64Add, Binary::I64AddOverflows, &first, span),
            Intrinsic::CheckedSub => self.checked(Binary::I64Sub, Binary::I64SubOverflows, &first, span),
            Intrinsic::CheckedMul => self.checked(Binary::I64Mul, Binary::I64MulOverflows, &first, span),

            Intrinsic::Ptr => plain(self.low(first[0])),
            Intrinsic::PtrToInt => plain(self.builder.unary(Unary::I64ExtendI32U, first[0])),
            Intrinsic::Load(dtype) => {
                let parts = self.load_element(dtype, first[0]);
                Operand::plain(self.convert(&Type::Scalar(dtype), ty, parts))
            }
            Intrinsic::LoadPtr => plain(self.builder.load(LoadKind::I32, first[0], 0)),
            Intrinsic::Store(dtype) => {
                let (from, parts) = arg(1);
                self.store_number(dtype, first[0], from, parts);
                nothing()
            }
            Intrinsic::StorePtr => {
                self.builder.store(StoreKind::I32, first[0], 0, first[1]);
                nothing()
            }
            Intrinsic::MemorySize => {
                let pages = self.builder.emit(InstKind::MemorySize, &[ssa::Type::I32])[0];
                plain(self.builder.unary(Unary::I64ExtendI32U, pages))
            }
            Intrinsic::MemoryGrow => {
                let pages = self.low(first[0]);
                let before = self.builder.emit(InstKind::MemoryGrow(pages), &[ssa::Type::I32])[0];
                plain(self.builder.unary(Unary::I64ExtendI32S, before))
            }
            Intrinsic::MemoryCopy => {
                let length = self.low(first[2]);
                self.builder.emit(InstKind::MemoryCopy { to: first[0], from: first[1], length }, &[]);
                nothing()
            }
            Intrinsic::MemoryFill => {
                let (byte, length) = (self.low(first[1]), self.low(first[2]));
                self.builder.emit(InstKind::MemoryFill { to: first[0], byte, length }, &[]);
                nothing()
            }
            Intrinsic::HeapStart => {
                let global = self.shared.heap_start();
                plain(self.builder.emit(InstKind::GlobalGet(global), &[ssa::Type::I32])[0])
            }
            Intrinsic::StateGet(number) => {
                let global = self.shared.state(number);
                plain(self.builder.emit(InstKind::GlobalGet(global), &[ssa::Type::I64])[0])
            }
            Intrinsic::StateSet(number) => {
                let global = self.shared.state(number);
                self.builder.emit(InstKind::GlobalSet(global, first[0]), &[]);
                nothing()
            }

            Intrinsic::Address => plain(first[0]),
            Intrinsic::OwnStr | Intrinsic::OwnBytes | Intrinsic::OwnException => {
                return Some(self.own(ty, vec![first[0]]));
            }
            Intrinsic::OwnLike => {
                self.settle_all(&operands);
                return Some(self.own(ty, operands[1].parts.clone()));
            }
            Intrinsic::BorrowStr | Intrinsic::BorrowException => return Some(self.copy(ty, vec![first[0]], &operands)),

            Intrinsic::ItemSize => plain(self.builder.i64(i64::from(Self::item_type(&args[0].ty).layout().size))),
            Intrinsic::ItemLoad => {
                let item = Self::item_type(&args[0].ty);
                let parts = self.load_value(&item, first[1], 0);
                return Some(self.copy(&item, parts, &operands));
            }
            Intrinsic::ItemTake => {
                let item = Self::item_type(&args[0].ty);
                let parts = self.load_value(&item, first[1], 0);
                self.settle_all(&operands);
                return Some(self.own(&item, parts));
            }
            Intrinsic::ItemInit => return Some(self.item_init(args, operands)),
            Intrinsic::ItemDrop => {
                let item = Self::item_type(&args[0].ty);
                let parts = self.load_value(&item, first[1], 0);
                self.release(&item, &parts);
                nothing()
            }
            Intrinsic::ArrayIsC => unreachable!("infer() answers it"),
            Intrinsic::ItemCounted => plain(self.builder.i32(u32::from(Self::item_type(&args[0].ty).is_counted()))),
            Intrinsic::DictKeys => return Some(self.borrow_field(first[0], DICT_KEYS, ty, &operands)),
            Intrinsic::DictValues => return Some(self.borrow_field(first[0], DICT_VALUES, ty, &operands)),
            Intrinsic::CellNew => return Some(self.cell_new(args, operands, ty, span)),
            Intrinsic::CellGet => {
                let parts = self.load_value(ty, first[0], abi::CELL_VALUE);
                return Some(self.copy(ty, parts, &operands));
            }
            Intrinsic::CellSet => return Some(self.cell_set(args, operands)),

            Intrinsic::ArrayData => plain(operands[0].parts[1]),
            Intrinsic::ArrayOwner => plain(operands[0].parts[0]),
            Intrinsic::ArrayShape => {
                let (array, parts) = arg(0);
                self.extended(Array::new(array, &parts).shape, Unary::I64ExtendI32U)
            }
            Intrinsic::ArrayStrides => {
                let (array, parts) = arg(0);
                self.extended(Array::new(array, &parts).strides, Unary::I64ExtendI32S)
            }
            Intrinsic::ArrayMake => {
                let numbers = [&operands[3].parts[..], &operands[4].parts].concat();
                let parts = self.array_parts(operands[1].parts[0], operands[2].parts[0], &numbers);
                self.settle_all(&operands);
                return Some(self.own(ty, parts));
            }
            Intrinsic::ArrayView => {
                let (array, parts) = arg(0);
                let owner = Array::new(array, &parts).owner;
                let numbers = [&operands[2].parts[..], &operands[3].parts].concat();
                let parts = self.array_parts(owner, operands[1].parts[0], &numbers);
                return Some(self.copy(ty, parts, &operands));
            }
            Intrinsic::ElementSize => plain(self.builder.i64(i64::from(element_dtype(&args[0].ty).size()))),
            Intrinsic::ElementLoad => {
                let dtype = element_dtype(&args[0].ty);
                let parts = self.load_element(dtype, operands[1].parts[0]);
                Operand::plain(self.convert(&Type::Scalar(dtype), ty, parts))
            }
            Intrinsic::ElementStore => {
                let (from, parts) = arg(2);
                self.store_number(element_dtype(&args[0].ty), operands[1].parts[0], from, parts);
                nothing()
            }

            Intrinsic::HostWrite => {
                let (fd, length) = (self.low(first[0]), self.low(first[2]));
                self.host("write", vec![fd, first[1], length], &[]);
                nothing()
            }
            Intrinsic::HostTime => Operand::plain(self.host("time", Vec::new(), &[ssa::Type::F64])),
            Intrinsic::HostArgument => {
                let (index, room) = (self.low(first[0]), self.low(first[2]));
                let length = self.host("argument", vec![index, first[1], room], &[ssa::Type::I32])[0];
                plain(self.builder.unary(Unary::I64ExtendI32S, length))
            }
            Intrinsic::HostReadLine => {
                let room = self.low(first[1]);
                let length = self.host("read_line", vec![first[0], room], &[ssa::Type::I32])[0];
                plain(self.builder.unary(Unary::I64ExtendI32S, length))
            }
            Intrinsic::Unreachable => {
                self.builder.end(Terminator::Unreachable);
                return None;
            }
        };
        self.settle_all(&operands);
        Some(result)
    }

    /// The low 32 bits of an int.
    fn low(&mut self, value: Id<Value>) -> Id<Value> {
        match self.builder.ty(value) {
            ssa::Type::I64 => self.builder.unary(Unary::I32WrapI64, value),
            ssa::Type::I32 | ssa::Type::F32 | ssa::Type::F64 | ssa::Type::V128 => value,
        }
    }

    /// A value read from somewhere that keeps its own reference; the operands are done with.
    fn copy(&mut self, ty: &Type, parts: Vec<Id<Value>>, operands: &[Operand]) -> Operand {
        self.retain(ty, &parts);
        self.settle_all(operands);
        self.own(ty, parts)
    }

    fn select(&mut self, operands: &[Operand], ty: &Type) -> Operand {
        let condition = operands[0].parts[0];
        let pairs = operands[1].parts.iter().zip(&operands[2].parts);
        let parts = pairs.map(|(then, otherwise)| self.builder.select(condition, *then, *otherwise)).collect();
        self.copy(ty, parts, operands)
    }

    fn checked(&mut self, op: Binary, overflows: Binary, args: &[Id<Value>], span: Span) -> Operand {
        let result = self.builder.binary(op, args[0], args[1]);
        let overflow = self.builder.binary(overflows, args[0], args[1]);
        let fits = self.builder.unary(Unary::I32Eqz, overflow);
        let raise = self.shared.items().overflow_error;
        self.guard(fits, raise, Vec::new(), span);
        Operand::plain(vec![result])
    }

    fn store_number(&mut self, dtype: Dtype, address: Id<Value>, from: &Type, parts: Vec<Id<Value>>) {
        let narrow = dtype.is_integer() && dtype.size() <= 4;
        let parts = if narrow && *from == Type::Int {
            // The store takes the low bits by itself.
            vec![self.low(parts[0])]
        } else {
            self.convert(from, &Type::Scalar(dtype), parts)
        };
        self.store_element(dtype, address, &parts);
    }

    /// The item type of a list or of what is like one.
    pub fn item_type(items: &Type) -> Type {
        match items {
            Type::List(item) | Type::Sequence(item) | Type::Set(item) | Type::Cell(item) => (**item).clone(),
            Type::Dict(key, _) => (**key).clone(),
            Type::Poison
            | Type::Never
            | Type::Variable(_)
            | Type::None
            | Type::Bool
            | Type::Int
            | Type::Unsigned
            | Type::Float
            | Type::Complex
            | Type::Scalar(_)
            | Type::Ptr
            | Type::Str
            | Type::Bytes
            | Type::Range
            | Type::Slice
            | Type::Tuple(_)
            | Type::Optional(_)
            | Type::Array { .. }
            | Type::Exception
            | Type::Function(..)
            | Type::Choice(_)
            | Type::Generator(..)
            | Type::Iterator(..)
            | Type::Static(_) => unreachable!("infer() gives lists to what works on items, not {items}"),
        }
    }

    fn item_init(&mut self, args: &[Expr], mut operands: Vec<Operand>) -> Operand {
        let item = Self::item_type(&args[0].ty);
        let value = operands.remove(2);
        let parts = self.take(&args[2].ty, value);
        let parts = self.convert(&args[2].ty, &item, parts);
        self.store_value(&item, operands[1].parts[0], 0, &parts);
        self.settle_all(&operands);
        Operand::plain(Vec::new())
    }

    /// A heap object in a field of another, which keeps it alive.
    fn borrow_field(&mut self, object: Id<Value>, offset: u32, ty: &Type, operands: &[Operand]) -> Operand {
        let field = self.builder.load(LoadKind::I32, object, offset);
        match operands[0].owner {
            Owner::Place => Operand::plain(vec![field]),
            Owner::Temporary(_) => self.copy(ty, vec![field], operands),
        }
    }

    fn cell_new(&mut self, args: &[Expr], mut operands: Vec<Operand>, ty: &Type, span: Span) -> Operand {
        let content = Self::item_type(ty);
        let size = self.builder.i64(i64::from(abi::CELL_VALUE + content.layout().size));
        let callee = Callee::Function(self.shared.items().allocate);
        let cell = self.call_function(callee, vec![size], &Type::Ptr, span)[0];
        let one = self.builder.i32(1);
        self.builder.store(StoreKind::I32, cell, abi::COUNT, one);
        let parts = match operands.pop() {
            Some(value) => {
                let parts = self.take(&args[0].ty, value);
                self.convert(&args[0].ty, &content, parts)
            }
            None => self.zeros(&content),
        };
        self.store_value(&content, cell, abi::CELL_VALUE, &parts);
        self.own(ty, vec![cell])
    }

    fn cell_set(&mut self, args: &[Expr], mut operands: Vec<Operand>) -> Operand {
        let content = Self::item_type(&args[0].ty);
        let cell = operands[0].parts[0];
        let value = operands.remove(1);
        let parts = self.take(&args[1].ty, value);
        let parts = self.convert(&args[1].ty, &content, parts);
        let old = self.load_value(&content, cell, abi::CELL_VALUE);
        self.store_value(&content, cell, abi::CELL_VALUE, &parts);
        self.release(&content, &old);
        self.settle_all(&operands);
        Operand::plain(Vec::new())
    }

    fn extended(&mut self, parts: &[Id<Value>], extend: Unary) -> Operand {
        Operand::plain(parts.iter().map(|part| self.builder.unary(extend, *part)).collect())
    }

    /// The parts of an array from its owner, data, and lengths and strides as ints.
    fn array_parts(&mut self, owner: Id<Value>, data: Id<Value>, numbers: &[Id<Value>]) -> Vec<Id<Value>> {
        let numbers = numbers.iter().map(|number| self.low(*number));
        [owner, data].into_iter().chain(numbers).collect()
    }

    fn host(&mut self, name: &str, args: Vec<Id<Value>>, results: &[ssa::Type]) -> Vec<Id<Value>> {
        let params = args.iter().map(|arg| self.builder.ty(*arg)).collect();
        let callee = Callee::Import(self.shared.import(abi::SYSTEM_MODULE, name, params, results.to_vec()));
        self.builder.emit(InstKind::Call { callee, args, unwind: None }, results)
    }
}

/// The dtype that is meant by an array, a scalar, or a `NumPy` type itself.
fn element_dtype(ty: &Type) -> Dtype {
    let named = |name: &str| match name {
        "builtins.bool" => Some(Dtype::Bool),
        "builtins.int" => Some(Dtype::I64),
        "builtins.float" => Some(Dtype::F64),
        "builtins.complex" => Some(Dtype::C128),
        _ => Dtype::ALL.into_iter().find(|dtype| name.strip_prefix("numpy.") == Some(dtype.name())),
    };
    let dtype = if let Type::Array { dtype, .. } = ty {
        Some(*dtype)
    } else if let Type::Static(name) = ty {
        named(&name.0)
    } else {
        dtype_of(ty)
    };
    dtype.unwrap_or_else(|| unreachable!("infer() gives element types to what works on elements, not {ty}"))
}
