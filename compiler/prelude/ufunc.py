# NumPy's functions of numbers and arrays. They raise nothing: what has no value is nan.
#
# Integers become floats; a float32 stays one (computed in float64 and rounded).


# The result of a function of floats in the type that NumPy gives it.
@inline
def as_float_of(x, value: float):
    if isinstance(x, np.float32):
        return np.float32(value)
    else:
        return np.float64(value)


# The function of numbers, over an array or of a number.
@inline
def ufunc(x, function):
    if isinstance(x, np.ndarray):
        return array_map(x, function)
    elif isinstance(x, (list, tuple)):
        return array_map(numpy_array(x), function)
    else:
        return function(x)


@inline
def ufunc2(x, y, function):
    if isinstance(x, np.ndarray):
        return array_zip(x, y, function)
    elif isinstance(y, np.ndarray):
        return array_zip(x, y, function)
    else:
        return function(x, y)


@inline
def raw_degrees(x: float) -> float:
    return x * 57.29577951308232


@inline
def raw_radians(x: float) -> float:
    return x * 0.017453292519943295


@inline
def number_sin(x):
    return as_float_of(x, raw_sin(float(x)))


def numpy_sin(x):
    return ufunc(x, number_sin)


@inline
def number_cos(x):
    return as_float_of(x, raw_cos(float(x)))


def numpy_cos(x):
    return ufunc(x, number_cos)


@inline
def number_tan(x):
    return as_float_of(x, raw_tan(float(x)))


def numpy_tan(x):
    return ufunc(x, number_tan)


@inline
def number_arcsin(x):
    return as_float_of(x, raw_asin(float(x)))


def numpy_arcsin(x):
    return ufunc(x, number_arcsin)


@inline
def number_arccos(x):
    return as_float_of(x, raw_acos(float(x)))


def numpy_arccos(x):
    return ufunc(x, number_arccos)


@inline
def number_arctan(x):
    return as_float_of(x, raw_atan(float(x)))


def numpy_arctan(x):
    return ufunc(x, number_arctan)


@inline
def number_sinh(x):
    return as_float_of(x, raw_sinh(float(x)))


def numpy_sinh(x):
    return ufunc(x, number_sinh)


@inline
def number_cosh(x):
    return as_float_of(x, raw_cosh(float(x)))


def numpy_cosh(x):
    return ufunc(x, number_cosh)


@inline
def number_tanh(x):
    return as_float_of(x, raw_tanh(float(x)))


def numpy_tanh(x):
    return ufunc(x, number_tanh)


@inline
def number_arcsinh(x):
    return as_float_of(x, raw_asinh(float(x)))


def numpy_arcsinh(x):
    return ufunc(x, number_arcsinh)


@inline
def number_arccosh(x):
    return as_float_of(x, raw_acosh(float(x)))


def numpy_arccosh(x):
    return ufunc(x, number_arccosh)


@inline
def number_arctanh(x):
    return as_float_of(x, raw_atanh(float(x)))


def numpy_arctanh(x):
    return ufunc(x, number_arctanh)


@inline
def number_exp(x):
    return as_float_of(x, raw_exp(float(x)))


def numpy_exp(x):
    return ufunc(x, number_exp)


@inline
def number_exp2(x):
    return as_float_of(x, raw_exp2(float(x)))


def numpy_exp2(x):
    return ufunc(x, number_exp2)


@inline
def number_expm1(x):
    return as_float_of(x, raw_expm1(float(x)))


def numpy_expm1(x):
    return ufunc(x, number_expm1)


@inline
def number_log(x):
    return as_float_of(x, raw_log(float(x)))


def numpy_log(x):
    return ufunc(x, number_log)


@inline
def number_log2(x):
    return as_float_of(x, raw_log2(float(x)))


def numpy_log2(x):
    return ufunc(x, number_log2)


@inline
def number_log10(x):
    return as_float_of(x, raw_log10(float(x)))


def numpy_log10(x):
    return ufunc(x, number_log10)


@inline
def number_log1p(x):
    return as_float_of(x, raw_log1p(float(x)))


def numpy_log1p(x):
    return ufunc(x, number_log1p)


@inline
def number_cbrt(x):
    return as_float_of(x, raw_cbrt(float(x)))


def numpy_cbrt(x):
    return ufunc(x, number_cbrt)


@inline
def number_sqrt(x):
    return as_float_of(x, f64_sqrt(float(x)))


def numpy_sqrt(x):
    return ufunc(x, number_sqrt)


@inline
def number_rint(x):
    return as_float_of(x, f64_nearest(float(x)))


def numpy_rint(x):
    return ufunc(x, number_rint)


@inline
def number_degrees(x):
    return as_float_of(x, raw_degrees(float(x)))


def numpy_degrees(x):
    return ufunc(x, number_degrees)


@inline
def number_radians(x):
    return as_float_of(x, raw_radians(float(x)))


def numpy_radians(x):
    return ufunc(x, number_radians)


@inline
def number_floor(x):
    if isinstance(x, np.integer):
        return x
    elif isinstance(x, int):
        return np.int64(x)
    else:
        return as_float_of(x, f64_floor(float(x)))


def numpy_floor(x):
    return ufunc(x, number_floor)


@inline
def number_ceil(x):
    if isinstance(x, np.integer):
        return x
    elif isinstance(x, int):
        return np.int64(x)
    else:
        return as_float_of(x, f64_ceil(float(x)))


def numpy_ceil(x):
    return ufunc(x, number_ceil)


@inline
def number_trunc(x):
    if isinstance(x, np.integer):
        return x
    elif isinstance(x, int):
        return np.int64(x)
    else:
        return as_float_of(x, f64_trunc(float(x)))


def numpy_trunc(x):
    return ufunc(x, number_trunc)


def numpy_abs(x):
    return ufunc(x, number_abs)


# Of a Python number too, the result is NumPy's.
@inline
def number_abs(x):
    if isinstance(x, int):
        return np.int64(raw_abs(int(x)))
    elif isinstance(x, complex):
        return np.float64(abs(x))
    elif isinstance(x, float):
        return np.float64(f64_abs(float(x)))
    else:
        return abs(x)


def numpy_fabs(x):
    return ufunc(x, number_fabs)


@inline
def number_fabs(x):
    return as_float_of(x, f64_abs(float(x)))


def numpy_square(x):
    return ufunc(x, number_square)


@inline
def number_square(x):
    return numpy_number(x) * numpy_number(x)


# A Python number as NumPy's.
@inline
def numpy_number(x):
    if isinstance(x, np.generic):
        return x
    elif isinstance(x, bool):
        return np.bool_(x)
    elif isinstance(x, int):
        return np.int64(x)
    elif isinstance(x, float):
        return np.float64(x)
    else:
        return np.complex128(x)


def numpy_sign(x):
    return ufunc(x, number_sign)


@inline
def number_sign(x):
    n = numpy_number(x)
    return (n * 0 + 1) if n > 0 else ((n * 0 - 1) if n < 0 else n * 0)


def numpy_isnan(x):
    return ufunc(x, number_isnan)


@inline
def number_isnan(x):
    return np.bool_(float(x) != float(x))


def numpy_isinf(x):
    return ufunc(x, number_isinf)


@inline
def number_isinf(x):
    return np.bool_(f64_abs(float(x)) == INFINITY)


def numpy_isfinite(x):
    return ufunc(x, number_isfinite)


@inline
def number_isfinite(x):
    return np.bool_(f64_abs(float(x)) < INFINITY)


def numpy_arctan2(x1, x2):
    return ufunc2(x1, x2, number_arctan2)


@inline
def number_arctan2(x, y):
    return float_of_two(x, y, raw_atan2(float(x), float(y)))


# float32 only where no number needs more.
@inline
def float_of_two(x, y, value: float):
    if isinstance(numpy_number(x) + y, np.float32):
        return np.float32(value)
    else:
        return np.float64(value)


def numpy_hypot(x1, x2):
    return ufunc2(x1, x2, number_hypot)


@inline
def number_hypot(x, y):
    return float_of_two(x, y, raw_hypot(float(x), float(y)))


def numpy_copysign(x1, x2):
    return ufunc2(x1, x2, number_copysign)


@inline
def number_copysign(x, y):
    return float_of_two(x, y, f64_copysign(float(x), float(y)))


def numpy_power(x1, x2):
    return ufunc2(x1, x2, number_power)


@inline
def number_power(x, y):
    return numpy_number(x) ** numpy_number(y)


# A nan wins.
def numpy_minimum(x1, x2):
    return ufunc2(x1, x2, number_minimum)


@inline
def number_minimum(x, y):
    a = numpy_number(x)
    b = numpy_number(y)
    return a if a < b or a != a else b


def numpy_maximum(x1, x2):
    return ufunc2(x1, x2, number_maximum)


@inline
def number_maximum(x, y):
    a = numpy_number(x)
    b = numpy_number(y)
    return a if a > b or a != a else b


def numpy_mod(x1, x2):
    return ufunc2(x1, x2, number_mod)


def numpy_remainder(x1, x2):
    return ufunc2(x1, x2, number_mod)


@inline
def number_mod(x, y):
    return numpy_number(x) % numpy_number(y)


def numpy_floor_divide(x1, x2):
    return ufunc2(x1, x2, number_floor_divide)


@inline
def number_floor_divide(x, y):
    return numpy_number(x) // numpy_number(y)


def numpy_round(a, decimals: int = 0):
    if isinstance(a, np.ndarray):
        return array_round(a, decimals)
    else:
        return number_round(numpy_number(a), decimals)


def array_round(self, decimals: int = 0):
    result = array_new(array_shape(self), self)
    strided_zip_right(result, array_data(result), array_shape(self), array_strides(result), self, array_data(self), array_strides(self), decimals, number_round)
    return result


# As NumPy: scaled by a power of ten, rounded to even, and scaled back.
@inline
def number_round(x, decimals: int):
    if isinstance(x, np.floating):
        if decimals == 0:
            return as_float_of(x, f64_nearest(float(x)))
        unit = float_ten_to(raw_abs(decimals) if raw_abs(decimals) < 22 else 22)
        if decimals > 0:
            return as_float_of(x, f64_nearest(float(x) * unit) / unit)
        return as_float_of(x, f64_nearest(float(x) / unit) * unit)
    else:
        return x


# np.dot(a, b) of vectors.
def numpy_dot(a, b):
    total = element_load(a, array_data(a)) * element_load(b, array_data(b)) * 0
    if array_shape(a)[0] != array_shape(b)[0]:
        raise ValueError(f"shapes {array_shape(a)} and {array_shape(b)} not aligned")
    p = array_data(a)
    q = array_data(b)
    for i in range(array_shape(a)[0]):
        total = total + element_load(a, p) * element_load(b, q)
        p = p + array_strides(a)[0]
        q = q + array_strides(b)[0]
    return total
