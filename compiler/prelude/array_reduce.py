# Reductions over all elements of an array.


# The sum in NumPy's order, so that it has NumPy's bits: in blocks of at most 128 with eight running sums, the blocks
# added in pairs (Higham, "The accuracy of floating point summation", 1993). `zero` has the type of the sum. The numbers
# lie side by side.
def pairwise_sum(dtype, p: ptr, count: int, zero):
    size = element_size(dtype)
    if count < 8:
        total = zero
        for i in range(count):
            total = total + element_as(dtype, p + i * size, zero)
        return total
    if count <= 128:
        r0 = element_as(dtype, p, zero)
        r1 = element_as(dtype, p + size, zero)
        r2 = element_as(dtype, p + 2 * size, zero)
        r3 = element_as(dtype, p + 3 * size, zero)
        r4 = element_as(dtype, p + 4 * size, zero)
        r5 = element_as(dtype, p + 5 * size, zero)
        r6 = element_as(dtype, p + 6 * size, zero)
        r7 = element_as(dtype, p + 7 * size, zero)
        i = 8
        while i + 8 <= count:
            q = p + i * size
            r0 = r0 + element_as(dtype, q, zero)
            r1 = r1 + element_as(dtype, q + size, zero)
            r2 = r2 + element_as(dtype, q + 2 * size, zero)
            r3 = r3 + element_as(dtype, q + 3 * size, zero)
            r4 = r4 + element_as(dtype, q + 4 * size, zero)
            r5 = r5 + element_as(dtype, q + 5 * size, zero)
            r6 = r6 + element_as(dtype, q + 6 * size, zero)
            r7 = r7 + element_as(dtype, q + 7 * size, zero)
            i = i + 8
        total = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7))
        while i < count:
            total = total + element_as(dtype, p + i * size, zero)
            i = i + 1
        return total
    half = sum_half(count, zero)
    return pairwise_sum(dtype, p, half, zero) + pairwise_sum(dtype, p + half * size, count - half, zero)


# Complex numbers: four running sums.
def pairwise_sum_complex(dtype, p: ptr, count: int, zero):
    size = element_size(dtype)
    if count < 4:
        total = zero
        for i in range(count):
            total = total + element_as(dtype, p + i * size, zero)
        return total
    if count <= 64:
        r0 = element_as(dtype, p, zero)
        r1 = element_as(dtype, p + size, zero)
        r2 = element_as(dtype, p + 2 * size, zero)
        r3 = element_as(dtype, p + 3 * size, zero)
        i = 4
        while i + 4 <= count:
            q = p + i * size
            r0 = r0 + element_as(dtype, q, zero)
            r1 = r1 + element_as(dtype, q + size, zero)
            r2 = r2 + element_as(dtype, q + 2 * size, zero)
            r3 = r3 + element_as(dtype, q + 3 * size, zero)
            i = i + 4
        total = (r0 + r1) + (r2 + r3)
        while i < count:
            total = total + element_as(dtype, p + i * size, zero)
            i = i + 1
        return total
    half = sum_half(count, zero)
    return pairwise_sum_complex(dtype, p, half, zero) + pairwise_sum_complex(dtype, p + half * size, count - half, zero)


# How many numbers are in the first of two parts.
@inline
def sum_half(count: int, zero) -> int:
    half = count >> 1
    if isinstance(zero, (np.complex64, np.complex128)):
        return half - (half & 3)
    else:
        return half - (half & 7)


# The sum of numbers side by side, which is added to 0: that of many -0.0 is 0.0. Integers may be added up in any order.
@inline
def beside_sum(dtype, p: ptr, count: int, zero):
    if isinstance(zero, (np.int64, np.uint64)):
        return whole_sum(dtype, p, count, zero)
    elif isinstance(zero, (np.complex64, np.complex128)):
        return zero + pairwise_sum_complex(dtype, p, count, zero)
    else:
        return zero + pairwise_sum(dtype, p, count, zero)


@hot
def whole_sum(dtype, p: ptr, count: int, zero):
    total = zero
    if element_size(dtype) <= 2:
        # So many small numbers stay below 2**31.
        for first in range(0, count, 32768):
            part = np.int32(0)
            for i in range(first, first + 32768 if count - first > 32768 else count):
                part = part + np.int32(element_load(dtype, p + i * element_size(dtype)))
            total = total + number_like(part, zero)
    else:
        for i in range(count):
            total = total + element_as(dtype, p + i * element_size(dtype), zero)
    return total


@inline
def number_like(x, zero):
    if isinstance(zero, np.uint64):
        return np.uint64(x)
    else:
        return np.int64(x)


# So many numbers are computed at a time where a sum is made of what is in no array, or not side by side.
SUM_ROOM = 512


# The sum, in the same order, of function(…) of a row of elements.
def row_sum(function, dtype, sources, steps, count: int, zero):
    room = array_new((count if count < SUM_ROOM else SUM_ROOM,), dtype)
    return room_sum(function, dtype, sources, steps, 0, count, array_data(room), zero)


def room_sum(function, dtype, sources, steps, first: int, count: int, room: ptr, zero):
    if count <= SUM_ROOM:
        row_store(dtype, room, count, element_size(dtype), function, row_at(sources, steps, first), steps)
        return beside_sum(dtype, room, count, zero)
    half = sum_half(count, zero)
    return room_sum(function, dtype, sources, steps, first, half, room, zero) + room_sum(function, dtype, sources, steps, first + half, count - half, room, zero)


# The sum of a whole expression.
def elements_sum(function, dtype, shape, operands):
    return elements_sum_as(function, dtype, shape, operands, number_zero(element_load(dtype, ptr(0))))


def elements_sum_as(function, dtype, shape, operands, zero):
    if isinstance(zero, np.int64):
        return elements_fold(function, dtype, shape, operands, zero, signed_sum_step)
    elif isinstance(zero, np.uint64):
        return elements_fold(function, dtype, shape, operands, zero, unsigned_sum_step)
    else:
        return elements_sum_in_order(function, dtype, shape, operands, zero)


def signed_sum_step(state, x):
    return state + np.int64(x)


def unsigned_sum_step(state, x):
    return state + np.uint64(x)


def elements_sum_in_order(function, dtype, shape, operands, zero):
    if shape[1:]:
        # NumPy's array would lie as its operands do, and is summed as it lies.
        if all_flat(operands, shape) or all_flat(backwards_all(operands), backwards(shape)):
            return row_sum(function, dtype, sources_of(operands), flat_steps(operands), shape_size(shape), zero)
        return sum_as(elements_array(function, dtype, shape, operands), zero)
    elif shape:
        return row_sum(function, dtype, sources_of(operands), first_steps(steps_of(operands, shape)), shape[0], zero)
    else:
        return sum_as(elements_array(function, dtype, shape, operands), zero)


def elements_mean(function, dtype, shape, operands):
    zero = mean_zero(element_load(dtype, ptr(0)))
    return mean_divide(elements_sum_as(function, dtype, shape, operands, zero), shape_size(shape))


# The element at `p` in the type of the sum: what is smaller than 64 bits is widened where the sum is.
@inline
def element_as(a, p: ptr, zero):
    if isinstance(zero, np.int64):
        return np.int64(element_load(a, p))
    elif isinstance(zero, np.uint64):
        return np.uint64(element_load(a, p))
    elif isinstance(zero, np.float64):
        return np.float64(element_load(a, p))
    else:
        return element_load(a, p)


def strided_sum(a, p: ptr, shape, strides, zero):
    rest = shape[1:]
    if rest:
        total = zero
        for i in range(shape[0]):
            total = total + strided_sum(a, p + i * strides[0], shape[1:], strides[1:], zero)
        return total
    elif shape:
        if strides[0] == element_size(a):
            return beside_sum(a.dtype, p, shape[0], zero)
        return row_sum(same_number, a.dtype, ((a.dtype, p),), (strides[0],), shape[0], zero)
    else:
        return element_as(a, p, zero)


# What lies without gaps is summed as one row.
def sum_as(a, zero):
    shape = array_shape(a)
    if is_flat(a, shape) or is_contiguous(backwards(shape), backwards(array_strides(a)), element_size(a)):
        return beside_sum(a.dtype, array_data(a), shape_size(shape), zero)
    else:
        return strided_sum(a, array_data(a), shape, array_strides(a), zero)


# Address 0 holds zeros: 0 in any type.
def array_sum(self, axis=None, dtype=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_sum(axes_merged(self, axis), merged_axis(self, axis), dtype), axis, keepdims)
    elif dtype is None:
        return sum_to(self, number_zero(element_load(self, array_data(self))), axis, keepdims)
    else:
        return sum_to(array_astype(self, dtype), element_load(dtype, ptr(0)), axis, keepdims)


def sum_to(a, zero, axis, keepdims):
    if axis is None:
        return reduced_all(a, sum_as(a, zero), keepdims)
    else:
        return reduced(a, sum_axis(a, axis_of(int(axis), array_shape(a)), zero), int(axis), keepdims)


def numpy_sum(a, axis=None, dtype=None, keepdims=None):
    return array_sum(numpy_asarray(a), axis, dtype, keepdims)


# 0 in the type of the sum of such numbers.
def number_zero(x):
    if isinstance(x, (np.uint8, np.uint16, np.uint32, np.uint64)):
        return np.uint64(0)
    elif isinstance(x, (np.bool_, np.integer)):
        return np.int64(0)
    elif isinstance(x, np.float32):
        return np.float32(0.0)
    elif isinstance(x, np.complex64):
        return np.complex64(complex(0.0, 0.0))
    elif isinstance(x, np.complex128):
        return np.complex128(complex(0.0, 0.0))
    else:
        return np.float64(0.0)


# A shape (or strides) without one axis; `axis` counts from 0.
def without_axis(items, axis: int):
    rest = items[1:]
    if rest:
        return (items[1] if axis == 0 else items[0],) + without_axis(items[1:], axis - 1 if axis > 0 else 0)
    else:
        return ()


def with_axis_at(items, axis: int) -> int:
    if items:
        return items[0] if axis == 0 else with_axis_at(items[1:], axis - 1)
    else:
        return 0


def axis_of(axis: int, shape) -> int:
    at = axis + len(shape) if axis < 0 else axis
    if i64_ge_u(at, len(shape)):
        raise np.exceptions.AxisError(f"axis {axis} is out of bounds for array of dimension {len(shape)}")
    return at


# Sums along one axis: what is left of the shape is walked over.
def sum_axis(a, at: int, zero):
    shape = without_axis(array_shape(a), at)
    result = array_full(shape, zero, zero)
    strides = without_axis(array_strides(a), at)
    step = with_axis_at(array_strides(a), at)
    count = with_axis_at(array_shape(a), at)
    if is_innermost(raw_abs(step), strides):
        sum_rows(result, array_data(result), shape, array_strides(result), a, array_data(a), strides, count, step, zero)
    else:
        for i in range(count):
            strided_add(result, array_data(result), shape, array_strides(result), a, array_data(a) + i * step, strides, zero)
    return result


# Whether no other axis is walked in smaller steps. NumPy goes through memory in order.
def is_innermost(step: int, strides) -> bool:
    if strides:
        return step <= raw_abs(strides[0]) and is_innermost(step, strides[1:])
    else:
        return True


# Along the axis of the smallest steps each sum is one row's.
def sum_rows(result, p: ptr, shape, strides, a, q: ptr, a_strides, count: int, step: int, zero) -> None:
    if shape:
        for i in range(shape[0]):
            sum_rows(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], count, step, zero)
    else:
        element_store(result, p, strided_sum(a, q, (count,), (step,), zero))


# Along another axis rows are added to rows.
def strided_add(result, p: ptr, shape, strides, a, q: ptr, a_strides, zero) -> None:
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            strided_add(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], zero)
    elif shape:
        row_add(result.dtype, p, shape[0], strides[0], a.dtype, q, a_strides[0], zero)
    else:
        element_store(result, p, element_load(result, p) + element_as(a, q, zero))


@hot
def row_add(to, p: ptr, count: int, stride: int, dtype, q: ptr, step: int, zero) -> None:
    if stride == element_size(to) and step == element_size(dtype):
        for i in range(count):
            at = p + i * element_size(to)
            element_store(to, at, element_load(to, at) + element_as(dtype, q + i * element_size(dtype), zero))
    else:
        for i in range(count):
            at = p + i * stride
            element_store(to, at, element_load(to, at) + element_as(dtype, q + i * step, zero))


# Folds `step(state, element)` over all elements, row by row.
def strided_fold(a, p: ptr, shape, strides, state, step):
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            state = strided_fold(a, p + i * strides[0], shape[1:], strides[1:], state, step)
        return state
    elif shape:
        for i in range(shape[0]):
            state = step(state, element_load(a, p + i * strides[0]))
        return state
    else:
        return step(state, element_load(a, p))


@hot
def array_fold(a, state, step):
    if is_flat(a, array_shape(a)):
        p = array_data(a)
        for i in range(array_get_size(a)):
            state = step(state, element_load(a, p + i * element_size(a)))
        return state
    return strided_fold(a, array_data(a), array_shape(a), array_strides(a), state, step)


# The same over the elements of a whole expression.
@hot
def elements_fold(function, dtype, shape, operands, state, step):
    if all_flat(operands, shape):
        sources = sources_of(operands)
        for i in range(shape_size(shape)):
            state = step(state, function(*elements_at(sources, i)))
        return state
    else:
        return array_fold(elements_array(function, dtype, shape, operands), state, step)


# A nan is the least and the greatest of all. Of floats -0.0 is less than 0.0 here: that makes the order irrelevant.
def least_step(state, x):
    if isinstance(x, np.float64):
        return np.float64(f64_min(float(state), float(x)))
    elif isinstance(x, np.float32):
        return f32_min(state, x)
    else:
        return x if x < state or x != x else state


def greatest_step(state, x):
    if isinstance(x, np.float64):
        return np.float64(f64_max(float(state), float(x)))
    elif isinstance(x, np.float32):
        return f32_max(state, x)
    else:
        return x if x > state or x != x else state


def least_of(a):
    if array_get_size(a) == 0:
        raise ValueError("zero-size array to reduction operation minimum which has no identity")
    return first_zero_for(array_fold(a, element_load(a, array_data(a)), least_step), same_number, a.dtype, array_shape(a), (a,))


def greatest_of(a):
    if array_get_size(a) == 0:
        raise ValueError("zero-size array to reduction operation maximum which has no identity")
    return first_zero_for(array_fold(a, element_load(a, array_data(a)), greatest_step), same_number, a.dtype, array_shape(a), (a,))


# The least or greatest element; of zeros, the first one.
@inline
def first_zero_for(found, function, dtype, shape, operands):
    if isinstance(found, (np.float64, np.float32)):
        return first_zero(function, dtype, shape, operands) if found == 0 else found
    else:
        return found


@hot
def first_zero(function, dtype, shape, operands):
    if all_flat(operands, shape):
        sources = sources_of(operands)
        for i in range(shape_size(shape)):
            x = dtype(function(*elements_at(sources, i)))
            if x == 0:
                return x
        return dtype(0.0)
    else:
        a = elements_array(function, dtype, shape, operands)
        return first_zero(same_number, a.dtype, array_shape(a), (a,))


def elements_min(function, dtype, shape, operands):
    if shape_size(shape) == 0:
        raise ValueError("zero-size array to reduction operation minimum which has no identity")
    first = dtype(function(*elements_at(sources_of(operands), 0)))
    return first_zero_for(elements_fold(function, dtype, shape, operands, first, least_step), function, dtype, shape, operands)


def elements_max(function, dtype, shape, operands):
    if shape_size(shape) == 0:
        raise ValueError("zero-size array to reduction operation maximum which has no identity")
    first = dtype(function(*elements_at(sources_of(operands), 0)))
    return first_zero_for(elements_fold(function, dtype, shape, operands, first, greatest_step), function, dtype, shape, operands)


def array_min(self, axis=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_min(axes_merged(self, axis), merged_axis(self, axis)), axis, keepdims)
    else:
        return reduce_elements(self, element_load(self, array_data(self)), axis, keepdims, least_of)


def array_max(self, axis=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_max(axes_merged(self, axis), merged_axis(self, axis)), axis, keepdims)
    else:
        return reduce_elements(self, element_load(self, array_data(self)), axis, keepdims, greatest_of)


def numpy_min(a, axis=None, keepdims=None):
    return array_min(numpy_asarray(a), axis, keepdims)


def numpy_max(a, axis=None, keepdims=None):
    return array_max(numpy_asarray(a), axis, keepdims)


def product_step(state, x):
    return state * x


def product_of(a):
    return array_fold(a, number_zero(element_load(a, array_data(a))) + 1, product_step)


def array_prod(self, axis=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_prod(axes_merged(self, axis), merged_axis(self, axis)), axis, keepdims)
    else:
        wide = array_of_sums(self)
        return reduce_elements(wide, element_load(wide, array_data(wide)), axis, keepdims, product_of)


def numpy_prod(a, axis=None, keepdims=None):
    return array_prod(numpy_asarray(a), axis, keepdims)


# The array itself, widened as its sum is.
def array_of_sums(a):
    zero = number_zero(element_load(a, array_data(a)))
    return elements_array(same_number, zero, array_shape(a), (a,))


def any_of(a):
    return np.bool_(elements_have(same_number, a.dtype, array_shape(a), (a,), True))


def all_of(a):
    return np.bool_(not elements_have(same_number, a.dtype, array_shape(a), (a,), False))


def elements_any(function, dtype, shape, operands):
    return np.bool_(elements_have(function, dtype, shape, operands, True))


def elements_all(function, dtype, shape, operands):
    return np.bool_(not elements_have(function, dtype, shape, operands, False))


# Whether one element is true, or false.
@hot
def elements_have(function, dtype, shape, operands, wanted: bool) -> bool:
    if all_flat(operands, shape):
        sources = sources_of(operands)
        for i in range(shape_size(shape)):
            if bool(function(*elements_at(sources, i))) == wanted:
                return True
        return False
    else:
        a = elements_array(function, dtype, shape, operands)
        return elements_have(same_number, a.dtype, array_shape(a), (a,), wanted)


def elements_count_nonzero(function, dtype, shape, operands):
    return np.int64(elements_fold(function, dtype, shape, operands, 0, count_step))


def array_any(self, axis=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_any(axes_merged(self, axis), merged_axis(self, axis)), axis, keepdims)
    else:
        return reduce_elements(self, np.bool_(False), axis, keepdims, any_of)


def array_all(self, axis=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_all(axes_merged(self, axis), merged_axis(self, axis)), axis, keepdims)
    else:
        return reduce_elements(self, np.bool_(False), axis, keepdims, all_of)


def numpy_any(a, axis=None, keepdims=None):
    return array_any(numpy_asarray(a), axis, keepdims)


def numpy_all(a, axis=None, keepdims=None):
    return array_all(numpy_asarray(a), axis, keepdims)


# The first place, row by row, of the least (greatest) element; of the first nan if there is one.
def argmin_of(a):
    if array_get_size(a) == 0:
        raise ValueError("attempt to get argmin of an empty sequence")
    return place_of(a, least_of(a))


def argmax_of(a):
    if array_get_size(a) == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    return place_of(a, greatest_of(a))


# The first place of an element that is there; row by row, as copies lie.
@hot
def place_of(a, wanted):
    if is_flat(a, array_shape(a)):
        p = array_data(a)
        if wanted == wanted:
            for i in range(array_get_size(a)):
                if element_load(a, p + i * element_size(a)) == wanted:
                    return np.int64(i)
        else:
            for i in range(array_get_size(a)):
                x = element_load(a, p + i * element_size(a))
                if x != x:
                    return np.int64(i)
        return np.int64(0)
    else:
        return place_of(array_copy(a), wanted)


def array_argmin(self, axis=None):
    return reduce_elements(self, np.int64(0), axis, None, argmin_of)


def array_argmax(self, axis=None):
    return reduce_elements(self, np.int64(0), axis, None, argmax_of)


def numpy_argmin(a, axis=None):
    return array_argmin(numpy_asarray(a), axis)


def numpy_argmax(a, axis=None):
    return array_argmax(numpy_asarray(a), axis)


def array_contains(self, item) -> bool:
    return array_fold(self, (False, item), contains_step)[0]


def contains_step(state, x):
    return state[0] or x == state[1], state[1]
