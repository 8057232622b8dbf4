# Arithmetic and functions element by element.
#
# The work is done by a function of scalars, whose result tells the element type of the result.


# function(x) of all elements.
def array_map(a, function):
    return elements_array(function, function(element_load(a, array_data(a))), array_shape(a), (a,))


# function(x, y) of all elements of two arrays, broadcast, or of an array and a number.
def array_zip(a, b, function):
    if isinstance(a, np.ndarray):
        if isinstance(b, np.ndarray):
            sample = function(element_load(a, array_data(a)), element_load(b, array_data(b)))
            return elements_array(function, sample, broadcast_shape(array_shape(a), array_shape(b)), (a, b))
        else:
            return elements_array(function, function(element_load(a, array_data(a)), b), array_shape(a), (a, b))
    else:
        return elements_array(function, function(a, element_load(b, array_data(b))), array_shape(b), (a, b))


# a op= b: into the elements of `a`, whose shape and type stay. An operand that shares its memory is copied first.
def array_update(a, b, function):
    if isinstance(b, np.ndarray):
        if not broadcasts(array_shape(b), array_shape(a)):
            raise ValueError(f"operands could not be broadcast together with shapes {shape_text(array_shape(a))} {shape_text(array_shape(b))} {shape_text(array_shape(a))} ")
        if not broadcasts_to(array_shape(b), array_shape(a)):
            raise ValueError(f"non-broadcastable output operand with shape {shape_text(array_shape(a))} doesn't match the broadcast shape {shape_text(broadcast_shape(array_shape(a), array_shape(b)))}")
        if may_disturb(a, b):
            elements_store(a, function, (a, array_copy(b)))
        else:
            elements_store(a, function, (a, b))
    else:
        elements_store(a, function, (a, b))
    return a


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
