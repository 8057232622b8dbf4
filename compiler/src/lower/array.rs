//! Elements of arrays: wrapped and checked indices, addresses. In: HIR `Element`, `AssignElement`. Out: loads and
//! stores at `data + Σ index * stride`.

use super::Body;
use super::ownership::Operand;
use super::scan;
use crate::arena::Id;
use crate::infer::hir::Expr;
use crate::source::Span;
use crate::ssa::{Binary, InstKind, Unary, Value};
use crate::types::{Dtype, Order, Type};

/// The parts of an array by name.
#[derive(Clone, Copy)]
pub(super) struct Array<'a> {
    pub dtype: Dtype,
    pub order: Order,
    pub owner: Id<Value>,
    pub data: Id<Value>,
    pub shape: &'a [Id<Value>],
    pub strides: &'a [Id<Value>],
}

impl<'a> Array<'a> {
    /// The parts of a value of this type.
    pub fn new(ty: &Type, parts: &'a [Id<Value>]) -> Self {
        let Type::Array { dtype, ndim, order } = *ty else {
            unreachable!("infer() gives arrays to what works on arrays, not {ty}")
        };
        let (shape, strides) = parts[2..].split_at(usize::from(ndim));
        Self { dtype, order, owner: parts[0], data: parts[1], shape, strides }
    }
}

impl Body<'_, '_> {
    /// `array[i, j, …]`
    pub fn element(&mut self, array: &Expr, indices: &[Expr], ty: &Type, span: Span) -> Option<Operand> {
        let (operand, indices) = self.array_and_indices(array, indices)?;
        let parts = operand.parts.clone();
        let view = Array::new(&array.ty, &parts);
        let address = self.element_address(view, &indices, span);
        let element = self.load_element(view.dtype, address);
        self.settle(&operand);
        Some(Operand::plain(self.convert(&Type::Scalar(view.dtype), ty, element)))
    }

    /// `array[i, j, …] = value`
    pub fn assign_element(&mut self, array: &Expr, indices: &[Expr], value: &Expr, span: Span) -> Option<()> {
        // Python evaluates the value first.
        let parts = self.expression(value)?.parts;
        let (operand, indices) = self.array_and_indices(array, indices)?;
        let view_parts = operand.parts.clone();
        let view = Array::new(&array.ty, &view_parts);
        let address = self.element_address(view, &indices, span);
        let parts = self.convert(&value.ty, &Type::Scalar(view.dtype), parts);
        self.store_element(view.dtype, address, &parts);
        self.settle(&operand);
        Some(())
    }

    /// The array, borrowed even from memory if nothing that could change it runs before it is used.
    fn array_and_indices(&mut self, array: &Expr, indices: &[Expr]) -> Option<(Operand, Vec<Id<Value>>)> {
        let operand = if indices.iter().all(scan::is_quiet) {
            self.glance(array)?
        } else {
            let operand = self.expression(array)?;
            if indices.iter().any(scan::may_assign) { self.secure(&array.ty, operand) } else { operand }
        };
        let mut values = Vec::new();
        for index in indices {
            values.push(self.expression(index)?.parts[0]);
        }
        Some((operand, values))
    }

    /// The address of an element; raises `IndexError`.
    fn element_address(&mut self, array: Array<'_>, indices: &[Id<Value>], span: Span) -> Id<Value> {
        let mut address = array.data;
        for (axis, index) in indices.iter().enumerate() {
            let size = self.builder.unary(Unary::I64ExtendI32U, array.shape[axis]);
            let index = self.checked_index(*index, axis, size, span);
            let low = self.builder.unary(Unary::I32WrapI64, index);
            let stride = self.stride(array, axis);
            let offset = self.builder.binary(Binary::I32Mul, low, stride);
            address = self.builder.binary(Binary::I32Add, address, offset);
        }
        address
    }

    /// `index + size` where the index is negative, checked against the size.
    fn checked_index(&mut self, index: Id<Value>, axis: usize, size: Id<Value>, span: Span) -> Id<Value> {
        let zero = self.builder.i64(0);
        let negative = self.builder.binary(Binary::I64LtS, index, zero);
        let from_end = self.builder.binary(Binary::I64Add, index, size);
        let wrapped = self.builder.select(negative, from_end, index);
        let condition = self.builder.binary(Binary::I64LtU, wrapped, size);
        let axis = self.builder.i64(axis as i64);
        let raise = self.shared.items().index_error_array;
        self.guard(condition, raise, vec![index, axis, size], span);
        wrapped
    }

    /// Bytes from one element to the next along an axis; a constant where the array is contiguous along it.
    fn stride(&mut self, array: Array<'_>, axis: usize) -> Id<Value> {
        let contiguous = match array.order {
            Order::C => axis + 1 == array.strides.len(),
            Order::F => axis == 0,
            Order::A => false,
        };
        if contiguous { self.builder.i32(array.dtype.size()) } else { array.strides[axis] }
    }

    /// Raises what `raise(args)` makes unless the condition holds.
    pub fn guard(&mut self, condition: Id<Value>, raise: Id<crate::ssa::Function>, args: Vec<Id<Value>>, span: Span) {
        let unwind = self.unwind(span);
        self.builder.emit(InstKind::Guard { condition, raise, args, unwind }, &[]);
    }
}
