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


# The operators of elements.


@inline
def scalar_add(x, y):
    return x + y


@inline
def scalar_sub(x, y):
    return x - y


@inline
def scalar_mul(x, y):
    return x * y


@inline
def scalar_truediv(x, y):
    return x / y


@inline
def scalar_floordiv(x, y):
    return x // y


@inline
def scalar_mod(x, y):
    return x % y


@inline
def scalar_pow(x, y):
    return x ** y


@inline
def scalar_and(x, y):
    return x & y


@inline
def scalar_or(x, y):
    return x | y


@inline
def scalar_xor(x, y):
    return x ^ y


@inline
def scalar_shl(x, y):
    return x << y


@inline
def scalar_shr(x, y):
    return x >> y


@inline
def scalar_eq(x, y):
    return x == y


@inline
def scalar_ne(x, y):
    return x != y


@inline
def scalar_lt(x, y):
    return x < y


@inline
def scalar_le(x, y):
    return x <= y


@inline
def scalar_gt(x, y):
    return x > y


@inline
def scalar_ge(x, y):
    return x >= y


@inline
def scalar_neg(x):
    return -x


@inline
def scalar_invert(x):
    return ~x


@inline
def scalar_abs(x):
    return abs(x)


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
