# NumPy's functions of numbers and arrays. They raise nothing: what has no value is nan.
#
# Integers become floats; a float32 stays one (computed in float64 and rounded).


# The result of a function of floats in the type that NumPy gives it.
@inline
def as_float_of(x, value: float):
    if isinstance(x, (np.float32, np.int16, np.uint16, np.int8, np.uint8, np.bool_)):
        return np.float32(value)
    else:
        return np.float64(value)


# The same of a function that has a shorter form for binary32.
@inline
def float_function(x, function, single):
    if isinstance(x, (np.float32, np.int16, np.uint16, np.int8, np.uint8, np.bool_)):
        return np.float32(single(float(x)))
    else:
        return np.float64(function(float(x)))


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
        if isinstance(y, (list, tuple)):
            return array_zip(x, numpy_array(y), function)
        else:
            return array_zip(x, y, function)
    elif isinstance(x, (list, tuple)):
        return array_zip(numpy_array(x), y, function)
    elif isinstance(y, np.ndarray):
        return array_zip(x, y, function)
    elif isinstance(y, (list, tuple)):
        return array_zip(x, numpy_array(y), function)
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
    return float_function(x, raw_sin, single_sin)


def numpy_sin(x):
    return ufunc(x, number_sin)


@inline
def number_cos(x):
    return float_function(x, raw_cos, single_cos)


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
    if isinstance(x, (complex, np.complex128)):
        return np.complex128(raw_complex_exp(x.real, x.imag))
    elif isinstance(x, np.complex64):
        return np.complex64(raw_complex_exp(float(x.real), float(x.imag)))
    else:
        return number_exp_real(x)


def raw_complex_exp(x: float, y: float) -> complex:
    size = raw_exp(x)
    return complex(size, y) if y == 0.0 else complex(size * raw_cos(y), size * raw_sin(y))


@inline
def number_exp_real(x):
    return float_function(x, raw_exp, single_exp)


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
    return float_function(x, raw_log, single_log)


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


# An operand beside another: a Python number adapts to a NumPy number, two Python numbers become NumPy's.
@inline
def as_operand(x, other):
    if isinstance(other, np.generic):
        return x
    else:
        return numpy_number(x)


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
    if isinstance(as_operand(x, y) + as_operand(y, x), np.float32):
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
    return as_operand(x, y) ** as_operand(y, x)


# A nan wins.
def numpy_minimum(x1, x2):
    return ufunc2(x1, x2, number_minimum)


@inline
def number_minimum(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    return a if a < b or a != a else b


def numpy_maximum(x1, x2):
    return ufunc2(x1, x2, number_maximum)


@inline
def number_maximum(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    return a if a > b or a != a else b


def numpy_mod(x1, x2):
    return ufunc2(x1, x2, number_mod)


def numpy_remainder(x1, x2):
    return ufunc2(x1, x2, number_mod)


@inline
def number_mod(x, y):
    return as_operand(x, y) % as_operand(y, x)


def numpy_floor_divide(x1, x2):
    return ufunc2(x1, x2, number_floor_divide)


@inline
def number_floor_divide(x, y):
    return as_operand(x, y) // as_operand(y, x)


def numpy_round(a, decimals: int = 0):
    if isinstance(a, np.ndarray):
        return array_round(a, decimals)
    else:
        return number_round(numpy_number(a), decimals)


def array_round(self, decimals: int = 0):
    return elements_array(number_round, self, array_shape(self), (self, decimals))


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


# Operators as functions.


def numpy_add(x1, x2):
    return ufunc2(x1, x2, number_add)


@inline
def number_add(x, y):
    return as_operand(x, y) + as_operand(y, x)


def numpy_subtract(x1, x2):
    return ufunc2(x1, x2, number_subtract)


@inline
def number_subtract(x, y):
    return as_operand(x, y) - as_operand(y, x)


def numpy_multiply(x1, x2):
    return ufunc2(x1, x2, number_multiply)


@inline
def number_multiply(x, y):
    return as_operand(x, y) * as_operand(y, x)


def numpy_divide(x1, x2):
    return ufunc2(x1, x2, number_divide)


@inline
def number_divide(x, y):
    return as_operand(x, y) / as_operand(y, x)


def numpy_true_divide(x1, x2):
    return ufunc2(x1, x2, number_true_divide)


@inline
def number_true_divide(x, y):
    return as_operand(x, y) / as_operand(y, x)


def numpy_bitwise_and(x1, x2):
    return ufunc2(x1, x2, number_bitwise_and)


@inline
def number_bitwise_and(x, y):
    return as_operand(x, y) & as_operand(y, x)


def numpy_bitwise_or(x1, x2):
    return ufunc2(x1, x2, number_bitwise_or)


@inline
def number_bitwise_or(x, y):
    return as_operand(x, y) | as_operand(y, x)


def numpy_bitwise_xor(x1, x2):
    return ufunc2(x1, x2, number_bitwise_xor)


@inline
def number_bitwise_xor(x, y):
    return as_operand(x, y) ^ as_operand(y, x)


def numpy_left_shift(x1, x2):
    return ufunc2(x1, x2, number_left_shift)


@inline
def number_left_shift(x, y):
    return as_operand(x, y) << as_operand(y, x)


def numpy_right_shift(x1, x2):
    return ufunc2(x1, x2, number_right_shift)


@inline
def number_right_shift(x, y):
    return as_operand(x, y) >> as_operand(y, x)


def numpy_equal(x1, x2):
    return ufunc2(x1, x2, number_equal)


@inline
def number_equal(x, y):
    return as_operand(x, y) == as_operand(y, x)


def numpy_not_equal(x1, x2):
    return ufunc2(x1, x2, number_not_equal)


@inline
def number_not_equal(x, y):
    return as_operand(x, y) != as_operand(y, x)


def numpy_less(x1, x2):
    return ufunc2(x1, x2, number_less)


@inline
def number_less(x, y):
    return as_operand(x, y) < as_operand(y, x)


def numpy_less_equal(x1, x2):
    return ufunc2(x1, x2, number_less_equal)


@inline
def number_less_equal(x, y):
    return as_operand(x, y) <= as_operand(y, x)


def numpy_greater(x1, x2):
    return ufunc2(x1, x2, number_greater)


@inline
def number_greater(x, y):
    return as_operand(x, y) > as_operand(y, x)


def numpy_greater_equal(x1, x2):
    return ufunc2(x1, x2, number_greater_equal)


@inline
def number_greater_equal(x, y):
    return as_operand(x, y) >= as_operand(y, x)


def numpy_logical_and(x1, x2):
    return ufunc2(x1, x2, number_logical_and)


@inline
def number_logical_and(x, y):
    return np.bool_(bool(x) and bool(y))


def numpy_logical_or(x1, x2):
    return ufunc2(x1, x2, number_logical_or)


@inline
def number_logical_or(x, y):
    return np.bool_(bool(x) or bool(y))


def numpy_logical_xor(x1, x2):
    return ufunc2(x1, x2, number_logical_xor)


@inline
def number_logical_xor(x, y):
    return np.bool_(bool(x) != bool(y))


def numpy_logical_not(x):
    return ufunc(x, number_logical_not)


@inline
def number_logical_not(x):
    return np.bool_(not bool(x))


def numpy_negative(x):
    return ufunc(x, number_negative)


@inline
def number_negative(x):
    return -numpy_number(x)


def numpy_invert(x):
    return ufunc(x, number_invert)


def numpy_bitwise_not(x):
    return ufunc(x, number_invert)


@inline
def number_invert(x):
    return ~numpy_number(x)


def numpy_reciprocal(x):
    return ufunc(x, number_reciprocal)


@inline
def number_reciprocal(x):
    n = numpy_number(x)
    if isinstance(n, np.integer):
        return (n * 0 + 1) // n
    else:
        return (n * 0 + 1) / n


def numpy_signbit(x):
    return ufunc(x, number_signbit)


@inline
def number_signbit(x):
    return np.bool_(f64_copysign(1.0, float(x)) < 0.0)


# As `maximum` and `minimum`, but a nan loses.
def numpy_fmax(x1, x2):
    return ufunc2(x1, x2, number_fmax)


@inline
def number_fmax(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    return a if a >= b or b != b else b


def numpy_fmin(x1, x2):
    return ufunc2(x1, x2, number_fmin)


@inline
def number_fmin(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    return a if a <= b or b != b else b


# Between two bounds, either of which may be None.
def numpy_clip(a, a_min=None, a_max=None):
    if a_min is None:
        if a_max is None:
            return a
        else:
            return numpy_minimum(a, a_max)
    elif a_max is None:
        return numpy_maximum(a, a_min)
    else:
        return numpy_minimum(numpy_maximum(a, a_min), a_max)


def array_clip(self, min=None, max=None):
    return numpy_clip(self, min, max)


# Parts of complex numbers.
def numpy_real(val):
    if isinstance(val, np.ndarray):
        return array_get_real(val)
    else:
        return numpy_number(val).real


def numpy_imag(val):
    if isinstance(val, np.ndarray):
        return array_get_imag(val)
    else:
        return numpy_number(val).imag


def numpy_conj(x):
    return ufunc(x, number_conj)


def numpy_conjugate(x):
    return ufunc(x, number_conj)


def array_conj(self):
    return array_map(self, number_conj)


def array_conjugate(self):
    return array_map(self, number_conj)


@inline
def number_conj(x):
    if isinstance(x, np.complex64):
        return np.complex64(complex(float(x.real), -float(x.imag)))
    elif isinstance(x, (np.complex128, complex)):
        return np.complex128(complex(x.real, -x.imag))
    else:
        return numpy_number(x)


def numpy_angle(z):
    return ufunc(z, number_angle)


@inline
def number_angle(x):
    if isinstance(x, np.complex64):
        return np.float32(raw_atan2(float(x.imag), float(x.real)))
    elif isinstance(x, (np.complex128, complex)):
        return np.float64(raw_atan2(x.imag, x.real))
    else:
        return np.float64(raw_atan2(0.0, float(x)))


def numpy_array_equal(a1, a2) -> bool:
    return arrays_equal(numpy_asarray(a1), numpy_asarray(a2))


def arrays_equal(a, b) -> bool:
    if same_lengths(array_shape(a), array_shape(b)):
        return bool(all_of(array_eq(a, b)))
    return False


def numpy_isclose(a, b, rtol: float = 1e-05, atol: float = 1e-08):
    return ufunc2(a, b, lambda x, y: number_isclose(x, y, rtol, atol))


@inline
def number_isclose(x, y, rtol: float, atol: float):
    return np.bool_(float(x) == float(y) or (f64_abs(float(x) - float(y)) <= atol + rtol * f64_abs(float(y)) and f64_abs(float(y)) < INFINITY))


def numpy_allclose(a, b, rtol: float = 1e-05, atol: float = 1e-08) -> bool:
    return bool(all_of(numpy_asarray(numpy_isclose(a, b, rtol, atol))))


# Sums and extremes that leave out nans.
def numpy_nansum(a):
    return array_sum(array_map(numpy_asarray(a), nan_to_zero))


@inline
def nan_to_zero(x):
    return x if x == x else zero_like(x)


def numpy_nanmax(a):
    return array_fold(numpy_asarray(a), sample_of(numpy_asarray(a)), number_fmax)


def numpy_nanmin(a):
    return array_fold(numpy_asarray(a), sample_of(numpy_asarray(a)), number_fmin)


def numpy_nanmean(a):
    present = count_true(array_eq(a, a))
    return mean_divide(numpy_nansum(a), present)


# Linear interpolation between points.
def numpy_interp(x, xp, fp):
    places = numpy_asarray(xp)
    values = numpy_asarray(fp)
    if isinstance(x, (np.ndarray, list, tuple)):
        return array_map(numpy_asarray(x), lambda v: interpolated(float(v), places, values))
    else:
        return interpolated(float(x), places, values)


def interpolated(x: float, xp, fp):
    last = array_shape(xp)[0] - 1
    place = search_place(xp, x, True) - 1
    if place < 0:
        return np.float64(float(vector_item(fp, 0)))
    if place >= last:
        return np.float64(float(vector_item(fp, last)))
    low = float(vector_item(xp, place))
    slope = (float(vector_item(fp, place + 1)) - float(vector_item(fp, place))) / (float(vector_item(xp, place + 1)) - low)
    return np.float64(slope * (x - low) + float(vector_item(fp, place)))


@inline
def vector_item(a, at: int):
    return element_load(a, array_data(a) + at * array_strides(a)[0])
