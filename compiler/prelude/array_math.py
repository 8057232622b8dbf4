# Arithmetic and functions element by element.
#
# The work is done by a function of scalars, whose result tells the element type of the result.


# function(x) of all elements.
def array_map(a, function):
    result = array_new(array_shape(a), function(element_load(a, array_data(a))))
    strided_map(result, array_data(result), array_shape(a), array_strides(result), a, array_data(a), array_strides(a), function)
    return result


def strided_map(result, p: ptr, shape, strides, a, q: ptr, a_strides, function) -> None:
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            strided_map(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], function)
    elif shape:
        for i in range(shape[0]):
            element_store(result, p + i * strides[0], function(element_load(a, q + i * a_strides[0])))
    else:
        element_store(result, p, function(element_load(a, q)))


# function(x, y) of all elements of two arrays, broadcast, or of an array and a number.
def array_zip(a, b, function):
    if isinstance(a, np.ndarray):
        if isinstance(b, np.ndarray):
            sample = function(element_load(a, array_data(a)), element_load(b, array_data(b)))
            result = array_new(broadcast_shape(array_shape(a), array_shape(b)), sample)
            array_zip_into(result, a, b, function)
            return result
        else:
            result = array_new(array_shape(a), function(element_load(a, array_data(a)), b))
            array_zip_into(result, a, b, function)
            return result
    else:
        result = array_new(array_shape(b), function(a, element_load(b, array_data(b))))
        array_zip_into(result, a, b, function)
        return result


def array_zip_into(result, a, b, function) -> None:
    shape = array_shape(result)
    p = array_data(result)
    strides = array_strides(result)
    if isinstance(a, np.ndarray):
        a_strides = broadcast_strides(shape, array_shape(a), array_strides(a))
        if isinstance(b, np.ndarray):
            b_strides = broadcast_strides(shape, array_shape(b), array_strides(b))
            strided_zip(result, p, shape, strides, a, array_data(a), a_strides, b, array_data(b), b_strides, function)
        else:
            strided_zip_right(result, p, shape, strides, a, array_data(a), a_strides, b, function)
    else:
        b_strides = broadcast_strides(shape, array_shape(b), array_strides(b))
        strided_zip_left(result, p, shape, strides, a, b, array_data(b), b_strides, function)


def strided_zip(result, p: ptr, shape, strides, a, q: ptr, a_strides, b, r: ptr, b_strides, function) -> None:
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            strided_zip(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], b, r + i * b_strides[0], b_strides[1:], function)
    elif shape:
        for i in range(shape[0]):
            element_store(result, p + i * strides[0], function(element_load(a, q + i * a_strides[0]), element_load(b, r + i * b_strides[0])))
    else:
        element_store(result, p, function(element_load(a, q), element_load(b, r)))


def strided_zip_right(result, p: ptr, shape, strides, a, q: ptr, a_strides, b, function) -> None:
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            strided_zip_right(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], b, function)
    elif shape:
        for i in range(shape[0]):
            element_store(result, p + i * strides[0], function(element_load(a, q + i * a_strides[0]), b))
    else:
        element_store(result, p, function(element_load(a, q), b))


def strided_zip_left(result, p: ptr, shape, strides, a, b, r: ptr, b_strides, function) -> None:
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            strided_zip_left(result, p + i * strides[0], shape[1:], strides[1:], a, b, r + i * b_strides[0], b_strides[1:], function)
    elif shape:
        for i in range(shape[0]):
            element_store(result, p + i * strides[0], function(a, element_load(b, r + i * b_strides[0])))
    else:
        element_store(result, p, function(a, element_load(b, r)))


# a op= b: into the elements of `a`, whose shape and type stay. An operand that shares its memory is copied first.
def array_update(a, b, function):
    if isinstance(b, np.ndarray):
        if not broadcasts(array_shape(b), array_shape(a)):
            raise ValueError(f"operands could not be broadcast together with shapes {shape_text(array_shape(a))} {shape_text(array_shape(b))} {shape_text(array_shape(a))} ")
        if not broadcasts_to(array_shape(b), array_shape(a)):
            raise ValueError(f"non-broadcastable output operand with shape {shape_text(array_shape(a))} doesn't match the broadcast shape {shape_text(broadcast_shape(array_shape(a), array_shape(b)))}")
        if array_owner(b) == array_owner(a) and not is_same_walk(a, b):
            array_zip_into(a, a, array_copy(b), function)
        else:
            array_zip_into(a, a, b, function)
    else:
        array_zip_into(a, a, b, function)
    return a


# Whether both are the same elements in the same order, so that each is read before it is written.
def is_same_walk(a, b) -> bool:
    return array_data(b) == array_data(a) and same_lengths(array_shape(a), array_shape(b)) and same_lengths(array_strides(a), array_strides(b))


def same_lengths(a, b) -> bool:
    if a:
        if b:
            return a[0] == b[0] and same_lengths(a[1:], b[1:])
        else:
            return False
    elif b:
        return False
    else:
        return True


# The operators.


@inline
def scalar_add(x, y):
    return x + y


def array_add(a, b):
    return array_zip(a, b, scalar_add)


@inline
def scalar_sub(x, y):
    return x - y


def array_sub(a, b):
    return array_zip(a, b, scalar_sub)


@inline
def scalar_mul(x, y):
    return x * y


def array_mul(a, b):
    return array_zip(a, b, scalar_mul)


@inline
def scalar_truediv(x, y):
    return x / y


def array_truediv(a, b):
    return array_zip(a, b, scalar_truediv)


@inline
def scalar_floordiv(x, y):
    return x // y


def array_floordiv(a, b):
    return array_zip(a, b, scalar_floordiv)


@inline
def scalar_mod(x, y):
    return x % y


def array_mod(a, b):
    return array_zip(a, b, scalar_mod)


@inline
def scalar_pow(x, y):
    return x ** y


def array_pow(a, b):
    return array_zip(a, b, scalar_pow)


@inline
def scalar_and(x, y):
    return x & y


def array_and(a, b):
    return array_zip(a, b, scalar_and)


@inline
def scalar_or(x, y):
    return x | y


def array_or(a, b):
    return array_zip(a, b, scalar_or)


@inline
def scalar_xor(x, y):
    return x ^ y


def array_xor(a, b):
    return array_zip(a, b, scalar_xor)


@inline
def scalar_shl(x, y):
    return x << y


def array_shl(a, b):
    return array_zip(a, b, scalar_shl)


@inline
def scalar_shr(x, y):
    return x >> y


def array_shr(a, b):
    return array_zip(a, b, scalar_shr)


@inline
def scalar_eq(x, y):
    return x == y


def array_eq(a, b):
    return array_zip(a, b, scalar_eq)


@inline
def scalar_ne(x, y):
    return x != y


def array_ne(a, b):
    return array_zip(a, b, scalar_ne)


@inline
def scalar_lt(x, y):
    return x < y


def array_lt(a, b):
    return array_zip(a, b, scalar_lt)


@inline
def scalar_le(x, y):
    return x <= y


def array_le(a, b):
    return array_zip(a, b, scalar_le)


@inline
def scalar_gt(x, y):
    return x > y


def array_gt(a, b):
    return array_zip(a, b, scalar_gt)


@inline
def scalar_ge(x, y):
    return x >= y


def array_ge(a, b):
    return array_zip(a, b, scalar_ge)


def array_iadd(a, b):
    return array_update(a, b, scalar_add)


def array_isub(a, b):
    return array_update(a, b, scalar_sub)


def array_imul(a, b):
    return array_update(a, b, scalar_mul)


def array_itruediv(a, b):
    return array_update(a, b, scalar_truediv)


def array_ifloordiv(a, b):
    return array_update(a, b, scalar_floordiv)


def array_imod(a, b):
    return array_update(a, b, scalar_mod)


def array_ipow(a, b):
    return array_update(a, b, scalar_pow)


def array_iand(a, b):
    return array_update(a, b, scalar_and)


def array_ior(a, b):
    return array_update(a, b, scalar_or)


def array_ixor(a, b):
    return array_update(a, b, scalar_xor)


def array_ishl(a, b):
    return array_update(a, b, scalar_shl)


def array_ishr(a, b):
    return array_update(a, b, scalar_shr)


@inline
def scalar_neg(x):
    return -x


def array_neg(a):
    return array_map(a, scalar_neg)


@inline
def scalar_invert(x):
    return ~x


def array_invert(a):
    return array_map(a, scalar_invert)


@inline
def scalar_abs(x):
    return abs(x)


def array_abs(a):
    return array_map(a, scalar_abs)


# sum() of arrays: it starts with 0 as Python's does, which the first array takes up.
def sum_of_arrays(iterable):
    total = None
    for item in iterable:
        if total is None:
            total = item + 0
        else:
            total = total + item
    if total is None:
        raise TypeError("the sum of no arrays would be the int 0")
    return total
