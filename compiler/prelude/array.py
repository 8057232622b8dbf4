# numpy.ndarray: making arrays, and moving their elements. Functions for any number of dimensions recur over the tuples
# of lengths and strides; `if shape[1:]` is decided by types.


# The elements in an array of this shape.
def shape_size(shape) -> int:
    if shape:
        return shape[0] * shape_size(shape[1:])
    else:
        return 1


# Strides in bytes, row by row.
def shape_strides(shape, size: int):
    if shape:
        return (shape_size(shape[1:]) * size,) + shape_strides(shape[1:], size)
    else:
        return ()


# A shape as the caller wrote it: an int or a tuple.
def shape_of(shape):
    if isinstance(shape, tuple):
        return shape_ints(shape)
    else:
        return (shape_length(shape),)


def shape_ints(shape):
    if shape:
        return (shape_length(shape[0]),) + shape_ints(shape[1:])
    else:
        return ()


# `int` would take the fraction off, and read a text.
def shape_length(length):
    if isinstance(length, (float, str)):
        return shape_check(length)
    else:
        return shape_check(int(length))


def shape_check(length: int) -> int:
    if length < 0:
        raise ValueError("negative dimensions are not allowed")
    if length > 0x7FFFFFFF:
        raise MemoryError()
    return length


# The block for so many bytes of elements.
def array_allocate(bytes_needed: int) -> ptr:
    owner = allocate(16 + bytes_needed)
    store_u32(owner, 1)
    return owner


# How many elements, where their bytes are countable at all.
def shape_count(shape) -> int:
    if shape:
        return checked_mul(shape[0], shape_count(shape[1:]))
    else:
        return 1


# An array of this shape with any content. `like` has or is the element type.
def array_new(shape, like):
    owner = array_allocate(checked_mul(shape_count(shape), element_size(like)))
    return array_make(like, owner, owner + 16, shape, shape_strides(shape, element_size(like)))


def array_zeros(shape, like):
    result = array_new(shape, like)
    memory_fill(array_data(result), 0, shape_size(shape) * element_size(like))
    return result


def array_full(shape, like, value):
    result = array_new(shape, like)
    p = array_data(result)
    end = p + shape_size(shape) * element_size(like)
    while p < end:
        element_store(result, p, value)
        p = p + element_size(like)
    return result


def numpy_empty(shape, dtype=np.float64):
    return array_new(shape_of(shape), dtype)


def numpy_zeros(shape, dtype=np.float64):
    return array_zeros(shape_of(shape), dtype)


def numpy_ones(shape, dtype=np.float64):
    return array_full(shape_of(shape), dtype, 1)


def numpy_full(shape, fill_value, dtype=None):
    if dtype is None:
        return array_full(shape_of(shape), fill_value, fill_value)
    else:
        return array_full(shape_of(shape), dtype, fill_value)


def numpy_empty_like(prototype, dtype=None):
    if isinstance(prototype, (list, tuple)):
        return numpy_empty_like(numpy_array(prototype), dtype)
    elif dtype is None:
        return array_new(array_shape(prototype), prototype)
    else:
        return array_new(array_shape(prototype), dtype)


def numpy_zeros_like(a, dtype=None):
    if isinstance(a, (list, tuple)):
        return numpy_zeros_like(numpy_array(a), dtype)
    elif dtype is None:
        return array_zeros(array_shape(a), a)
    else:
        return array_zeros(array_shape(a), dtype)


def numpy_ones_like(a, dtype=None):
    if isinstance(a, (list, tuple)):
        return numpy_ones_like(numpy_array(a), dtype)
    elif dtype is None:
        return array_full(array_shape(a), a, 1)
    else:
        return array_full(array_shape(a), dtype, 1)


def numpy_full_like(a, fill_value, dtype=None):
    if isinstance(a, (list, tuple)):
        return numpy_full_like(numpy_array(a), fill_value, dtype)
    elif dtype is None:
        return array_full(array_shape(a), a, fill_value)
    else:
        return array_full(array_shape(a), dtype, fill_value)


def numpy_eye(N: int, M=None, k: int = 0, dtype=np.float64):
    if M is None:
        columns = N
    else:
        columns = int(M)
    result = array_zeros((shape_check(N), shape_check(columns)), dtype)
    for i in range(N):
        if i + k >= 0 and i + k < columns:
            element_store(result, array_data(result) + (i * columns + i + k) * element_size(dtype), 1)
    return result


def numpy_identity(n: int, dtype=np.float64):
    return numpy_eye(n, None, 0, dtype)


# Whole numbers stay ints where all of start, stop and step are.
def numpy_arange(start, stop=None, step=None, dtype=None):
    if stop is None:
        return numpy_arange(0 * start, start, step, dtype)
    elif step is None:
        return numpy_arange(start, stop, 1, dtype)
    elif dtype is None:
        return arange_fill(start, stop, step, start + stop + step)
    else:
        return arange_fill(start, stop, step, dtype)


# As NumPy: the first two elements, rounded to the type, give the difference of all.
def arange_fill(start, stop, step, like):
    if step == 0:
        raise ZeroDivisionError("division by zero")
    count = arange_count(start, stop, step)
    result = array_new((shape_check(count),), like)
    p = array_data(result)
    second = start + step
    if count > 0:
        element_store(result, p, start)
    if count > 1:
        element_store(result, p + element_size(like), second)
    first = element_load(result, p)
    if isinstance(first, np.floating):
        difference = element_load(result, p + element_size(like)) - first
        for i in range(2, count):
            element_store(result, p + i * element_size(like), first + as_float_of(first, f64_convert_i64_s(i)) * difference)
    else:
        for i in range(2, count):
            element_store(result, p + i * element_size(like), start + i * step)
    return result


def arange_count(start, stop, step) -> int:
    if isinstance(start + stop + step, float):
        count = f64_ceil((float(stop) - float(start)) / float(step))
        if count != count:
            raise ValueError("arange: cannot compute length")
        return i64_trunc_sat_f64_s(count) if count > 0.0 else 0
    else:
        return range_len(range(int(start), int(stop), int(step)))


def numpy_linspace(start, stop, num: int = 50, endpoint: bool = True, retstep=None, dtype=np.float64):
    result = linspace_fill(start, stop, num, endpoint, dtype)
    if retstep is None:
        return result
    else:
        return result, np.float64((float(stop) - float(start)) / f64_convert_i64_s(num - 1 if endpoint else num))


def linspace_fill(start, stop, num: int, endpoint: bool, dtype):
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    result = array_new((shape_check(num),), dtype)
    first = float(start)
    parts = num - 1 if endpoint else num
    difference = float(stop) - first
    step = difference / f64_convert_i64_s(parts)
    p = array_data(result)
    for i in range(num):
        at = f64_convert_i64_s(i)
        if parts == 0:
            value = at * difference + first
        elif step == 0.0:
            value = at / f64_convert_i64_s(parts) * difference + first
        else:
            value = at * step + first
        element_store(result, p + i * element_size(dtype), value)
    if endpoint and num > 1:
        element_store(result, p + (num - 1) * element_size(dtype), float(stop))
    return result


# np.array(object): nested lists and tuples, an array, a number.
def numpy_array(object, dtype=None, copy: bool = True):
    if isinstance(object, np.ndarray):
        if dtype is None:
            return array_copy(object)
        else:
            return array_astype(object, dtype)
    elif isinstance(object, range):
        return numpy_array(list(object), dtype)
    else:
        if dtype is None:
            return nested_array(object, nested_sample(object))
        else:
            return nested_array(object, dtype)


def numpy_asarray(a, dtype=None):
    if isinstance(a, np.ndarray):
        if dtype is None:
            return a
        else:
            return array_astype(a, dtype)
    else:
        return numpy_array(a, dtype)


def numpy_ascontiguousarray(a, dtype=None):
    return numpy_array(a, dtype)


def numpy_copy(a):
    return array_copy(a)


# Some number of the type that the array's elements will have; its value does not matter.
def nested_sample(object):
    if isinstance(object, list):
        return nested_sample(list_item(object, 0))
    elif isinstance(object, tuple):
        if object[1:]:
            return where_sample(nested_sample(object[0]), nested_sample(object[1:]))
        else:
            return nested_sample(object[0])
    elif isinstance(object, np.ndarray):
        return element_load(object, array_data(object))
    else:
        return object


def nested_shape(object):
    if isinstance(object, list):
        return (list_len(object),) + nested_shape(list_item(object, 0))
    elif isinstance(object, tuple):
        return (len(object),) + nested_shape(object[0])
    elif isinstance(object, np.ndarray):
        return array_shape(object)
    else:
        return ()


def nested_array(object, like):
    result = array_new(nested_shape(object), like)
    nested_store(result, array_data(result), array_shape(result), array_strides(result), object)
    return result


def nested_store(a, p: ptr, shape, strides, object) -> None:
    if isinstance(object, list):
        nested_check(list_len(object) == shape[0])
        for i in range(shape[0]):
            nested_store(a, p + i * strides[0], shape[1:], strides[1:], list_item(object, i))
    elif isinstance(object, tuple):
        nested_check(len(object) == shape[0])
        nested_store_members(a, p, shape[1:], strides, object)
    elif isinstance(object, np.ndarray):
        nested_check(same_lengths(array_shape(object), shape))
        strided_copy(a, p, shape, strides, object, array_data(object), array_strides(object))
    else:
        element_store(a, p, object)


def nested_store_members(a, p: ptr, shape, strides, object) -> None:
    if object:
        nested_store(a, p, shape, strides[1:], object[0])
        nested_store_members(a, p + strides[0], shape, strides, object[1:])


def nested_check(same: bool) -> None:
    if not same:
        raise ValueError("setting an array element with a sequence. The requested array has an inhomogeneous shape.")


# Copies element by element into `a` at `p`, converting; the source has the same shape with strides of its own.
def strided_copy(a, p: ptr, shape, strides, source, q: ptr, source_strides) -> None:
    rows_store(a.dtype, p, shape, strides, same_number, ((source.dtype, q),), (source_strides,))


# Whether the elements lie row by row without gaps.
def is_contiguous(shape, strides, size: int) -> bool:
    if shape:
        if shape[0] != 1 and strides[0] != shape_size(shape[1:]) * size:
            return False
        return is_contiguous(shape[1:], strides[1:], size)
    else:
        return True


def array_copy(self, order: str = "C"):
    result = array_new(array_shape(self), self)
    if is_contiguous(array_shape(self), array_strides(self), element_size(self)):
        memory_copy(array_data(result), array_data(self), shape_size(array_shape(self)) * element_size(self))
    else:
        strided_copy(result, array_data(result), array_shape(self), array_strides(result), self, array_data(self), array_strides(self))
    return result


def array_astype(self, dtype, copy: bool = True):
    return elements_array(same_number, dtype, array_shape(self), (self,))


def array_fill(self, value) -> None:
    elements_store(self, same_number, (value,))


# view[…] = value, broadcast. An array that shares memory with the view is copied first.
def array_assign(self, value) -> None:
    if isinstance(value, np.ndarray):
        if may_disturb(self, value):
            array_assign_from(self, array_copy(value))
        else:
            array_assign_from(self, value)
    else:
        array_fill(self, value)


def array_assign_from(self, value) -> None:
    shape = array_shape(self)
    if not broadcasts_to(array_shape(value), shape):
        raise ValueError(f"could not broadcast input array from shape {shape_text(array_shape(value))} into shape {shape_text(shape)}")
    elements_store(self, same_number, (value,))


# Whether an array of shape `a` can stand where the shape is `b`.
def broadcasts_to(a, b) -> bool:
    if a:
        if b:
            if a[-1] != b[-1] and a[-1] != 1:
                return False
            return broadcasts_to(a[:-1], b[:-1])
        else:
            return a[-1] == 1 and broadcasts_to(a[:-1], b)
    else:
        return True


# The shape of two arrays together: lengths of 1, and missing ones at the front, adapt.
def broadcast_shape(a, b):
    if not broadcasts(a, b):
        raise ValueError(f"operands could not be broadcast together with shapes {shape_text(a)} {shape_text(b)} ")
    return broadcast_lengths(a, b)


def broadcast_lengths(a, b):
    if a:
        if b:
            return broadcast_lengths(a[:-1], b[:-1]) + (broadcast_length(a[-1], b[-1]),)
        else:
            return a
    else:
        return b


def broadcast_length(a: int, b: int) -> int:
    return b if a == 1 else a


# Whether two shapes go together.
def broadcasts(a, b) -> bool:
    if a:
        if b:
            if a[-1] != b[-1] and a[-1] != 1 and b[-1] != 1:
                return False
            return broadcasts(a[:-1], b[:-1])
        else:
            return True
    else:
        return True


# A shape as NumPy's messages have it: (2,3).
def shape_text(shape) -> str:
    return "(" + shape_lengths(shape, ",") + ")"


def shape_lengths(shape, end: str) -> str:
    rest = shape[1:]
    if rest:
        return length_text(shape[0]) + "," + shape_lengths(shape[1:], "")
    elif shape:
        return length_text(shape[0]) + end
    else:
        return ""


def length_text(length: int) -> str:
    return "newaxis" if length < 0 else int_str(length)


# Strides with which an array of this shape is walked over as one of shape `wanted`.
def broadcast_strides(wanted, shape, strides):
    if wanted:
        if shape:
            step = 0 if shape[-1] == 1 and wanted[-1] != 1 else strides[-1]
            return broadcast_strides(wanted[:-1], shape[:-1], strides[:-1]) + (step,)
        else:
            return broadcast_strides(wanted[:-1], (), ()) + (0,)
    else:
        return ()


# The element of an array of one element, or at an index of all axes, or of all elements row by row.
def array_item(self, *index):
    if index:
        rest = index[1:]
        if rest:
            return python_number(element_load(self, array_data(self) + checked_offset(index, array_shape(self), array_strides(self), 0)))
        else:
            at = view_index(int(index[0]), 0, array_get_size(self))
            return python_number(element_load(self, array_data(self) + places_sum(unravelled(at, array_shape(self)), array_strides(self))))
    else:
        if shape_size(array_shape(self)) != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return python_number(element_load(self, array_data(self)))


def checked_offset(index, shape, strides, axis: int) -> int:
    if index:
        return view_index(int(index[0]), axis, shape[0]) * strides[0] + checked_offset(index[1:], shape[1:], strides[1:], axis + 1)
    else:
        return 0


# float(a), int(a) and the like: NumPy's error is about the number of dimensions.
def only_element(self):
    if shape_size(array_shape(self)) != 1:
        raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
    return element_load(self, array_data(self))


# All elements in a row: a view. (A copy would lose what is stored into it.)
def array_get_flat(self):
    if not is_contiguous(array_shape(self), array_strides(self), element_size(self)):
        raise NotImplementedError("flat of an array that is not contiguous")
    return array_ravel(self)


# The parts of complex elements, as views.
def array_get_real(self):
    sample = element_load(self, array_data(self))
    if isinstance(sample, (np.complex64, np.complex128)):
        return part_of(self, sample.real, array_data(self))
    else:
        return self


def array_get_imag(self):
    sample = element_load(self, array_data(self))
    if isinstance(sample, (np.complex64, np.complex128)):
        return part_of(self, sample.imag, array_data(self) + (element_size(self) >> 1))
    else:
        return array_zeros(array_shape(self), self)


def part_of(self, like, p: ptr):
    retain(array_owner(self))
    part = array_make(like, array_owner(self), p, array_shape(self), array_strides(self))
    # Made like this, it would pass for contiguous.
    return array_view(part, p, array_shape(self), array_strides(self))


def array_bool(self) -> bool:
    size = shape_size(array_shape(self))
    if size != 1:
        if size == 0:
            raise ValueError("The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.")
        raise ValueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
    return bool(element_load(self, array_data(self)))


@inline
def array_get_size(self) -> int:
    return shape_size(array_shape(self))


@inline
def array_get_nbytes(self) -> int:
    return shape_size(array_shape(self)) * element_size(self)


def array_get_T(self):
    return array_view(self, array_data(self), backwards(array_shape(self)), backwards(array_strides(self)))


def backwards(items):
    if items:
        return backwards(items[1:]) + (items[0],)
    else:
        return ()


# One row after the other: a view where they lie so, else a copy.
def array_ravel(self):
    if is_contiguous(array_shape(self), array_strides(self), element_size(self)):
        return row_by_row(self, (array_get_size(self),))
    else:
        return row_by_row(array_copy(self), (array_get_size(self),))


def numpy_ravel(a):
    return array_ravel(a)


def array_flatten(self):
    return row_by_row(array_copy(self), (array_get_size(self),))


# The same elements in another shape; one length may be -1.
def array_reshape(self, *shape):
    first = shape[0]
    if isinstance(first, tuple):
        return reshape_to(self, first)
    else:
        return reshape_to(self, shape)


def numpy_reshape(a, shape):
    if isinstance(shape, tuple):
        return reshape_to(a, shape)
    else:
        return reshape_to(a, (shape,))


def reshape_to(self, shape):
    size = array_get_size(self)
    wanted = shape_fill_in(shape, -1)
    known = 0 - shape_size(wanted)
    if known > 0:
        wanted = shape_fill_in(shape, raw_floordiv(size, known))
    if shape_size(wanted) != size:
        raise ValueError(f"cannot reshape array of size {size} into shape {shape_text(shape_fill_in(shape, -1))}")
    if array_is_c(self):
        return row_by_row(self, wanted)
    else:
        return strided_reshape(self, wanted)


# A view where the old strides can be split and joined into the new lengths, as NumPy does it, else a copy.
def strided_reshape(self, wanted):
    strides = reshaped_strides(array_shape(self), array_strides(self), wanted, element_size(self))
    if strides:
        return array_view(self, array_data(self), wanted, tuple_of(wanted, strides, 0))
    copy = array_copy(self)
    return array_view(copy, array_data(copy), wanted, shape_strides(wanted, element_size(self)))


# The strides with which the new lengths walk over the same elements; none where there are no such.
def reshaped_strides(shape, strides, wanted, size: int):
    found = [0]
    list_clear(found)
    if shape_size(shape) == 0:
        return found
    old_lengths = [1]
    old_strides = [size]
    list_clear(old_lengths)
    list_clear(old_strides)
    for length, stride in zip(shape, strides):
        if length != 1:
            list_append(old_lengths, length)
            list_append(old_strides, stride)
    lengths = [1]
    list_clear(lengths)
    for length in wanted:
        list_append(lengths, length)
        list_append(found, size)
    old = 0
    new = 0
    while old < list_len(old_lengths) and new < list_len(lengths):
        # The axes from `old` to `old_end` hold as many elements as those from `new` to `new_end`.
        old_end = old + 1
        new_end = new + 1
        old_count = old_lengths[old]
        new_count = lengths[new]
        while old_count != new_count:
            if new_count < old_count:
                new_count *= lengths[new_end]
                new_end += 1
            else:
                old_count *= old_lengths[old_end]
                old_end += 1
        for at in range(old, old_end - 1):
            if old_strides[at] != old_lengths[at + 1] * old_strides[at + 1]:
                list_clear(found)
                return found
        stride = old_strides[old_end - 1]
        for at in range(new_end - 1, new - 1, -1):
            found[at] = stride
            stride *= lengths[at]
        old = old_end
        new = new_end
    return found


# The items from `at` on, as many as `like` has.
def tuple_of(like, items, at: int):
    if like:
        return (items[at],) + tuple_of(like[1:], items, at + 1)
    else:
        return ()


# The elements of an array without gaps, in another shape, and known to have none.
def row_by_row(self, shape):
    retain(array_owner(self))
    return array_make(self, array_owner(self), array_data(self), shape, shape_strides(shape, element_size(self)))


def shape_fill_in(shape, missing: int):
    if shape:
        if isinstance(shape[0], (float, np.floating)):
            raise TypeError("'float' object cannot be interpreted as an integer")
        if isinstance(shape[0], str):
            raise TypeError("'str' object cannot be interpreted as an integer")
        return (missing if shape[0] == -1 else int(shape[0]),) + shape_fill_in(shape[1:], missing)
    else:
        return ()


# Nested lists of Python numbers.
def array_tolist(self):
    return strided_list(self, array_data(self), array_shape(self), array_strides(self))


def strided_list(a, p: ptr, shape, strides):
    if shape:
        result = []
        for i in range(shape[0]):
            result.append(strided_list(a, p + i * strides[0], shape[1:], strides[1:]))
        return result
    else:
        return python_number(element_load(a, p))


# The Python number of a NumPy scalar.
def python_number(x):
    if isinstance(x, np.bool_):
        return bool(x)
    elif isinstance(x, np.integer):
        return int(x)
    elif isinstance(x, np.floating):
        return float(x)
    else:
        return complex(x)


# Frees the block that holds the elements.
def array_drop(self) -> None:
    free(array_owner(self))


# An index into an axis of a view, or a slice's start: wrapped and checked.
@inline
def view_index(index: int, axis: int, size: int) -> int:
    at = index + size if index < 0 else index
    if i64_ge_u(at, size):
        raise index_error_array(index, axis, size)
    return at


# An empty slice may start past the end; the address does not.
@inline
def view_start(start: int, count: int) -> int:
    return 0 if count == 0 else start


# An array that a signature of Numba's wants in C's (Fortran's) order.
def array_lies_in_c(self, message: str):
    if not is_contiguous(array_shape(self), array_strides(self), element_size(self)):
        raise TypeError(message)
    return self


def array_lies_in_f(self, message: str):
    if not is_contiguous(backwards(array_shape(self)), backwards(array_strides(self)), element_size(self)):
        raise TypeError(message)
    return self


# Python ints that become elements of an integer type of limited range, in whatever containers.
def check_integers(object, low: int, high: int, name: str) -> None:
    if isinstance(object, (list, tuple)):
        for item in object:
            check_integers(item, low, high, name)
    elif isinstance(object, (int, float)):
        if isinstance(object, int) and not isinstance(object, bool):
            python_integer(int(object), low, high, name)
