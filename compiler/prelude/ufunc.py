# NumPy's functions of numbers, and of arrays element by element: `ufunc_f` is np.f of numbers. They raise nothing: what
# has no value is nan.
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


@inline
def raw_degrees(x: float) -> float:
    return x * 57.29577951308232


@inline
def raw_radians(x: float) -> float:
    return x * 0.017453292519943295


@inline
def ufunc_sin(x):
    return float_function(x, raw_sin, single_sin)


@inline
def ufunc_cos(x):
    return float_function(x, raw_cos, single_cos)


@inline
def ufunc_tan(x):
    return as_float_of(x, raw_tan(float(x)))


@inline
def ufunc_arcsin(x):
    return as_float_of(x, raw_asin(float(x)))


@inline
def ufunc_arccos(x):
    return as_float_of(x, raw_acos(float(x)))


@inline
def ufunc_arctan(x):
    return as_float_of(x, raw_atan(float(x)))


@inline
def ufunc_sinh(x):
    return as_float_of(x, raw_sinh(float(x)))


@inline
def ufunc_cosh(x):
    return as_float_of(x, raw_cosh(float(x)))


@inline
def ufunc_tanh(x):
    return as_float_of(x, raw_tanh(float(x)))


@inline
def ufunc_arcsinh(x):
    return as_float_of(x, raw_asinh(float(x)))


@inline
def ufunc_arccosh(x):
    return as_float_of(x, raw_acosh(float(x)))


@inline
def ufunc_arctanh(x):
    return as_float_of(x, raw_atanh(float(x)))


@inline
def ufunc_exp(x):
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


@inline
def ufunc_exp2(x):
    return as_float_of(x, raw_exp2(float(x)))


@inline
def ufunc_expm1(x):
    return as_float_of(x, raw_expm1(float(x)))


@inline
def ufunc_log(x):
    return float_function(x, raw_log, single_log)


@inline
def ufunc_log2(x):
    return as_float_of(x, raw_log2(float(x)))


@inline
def ufunc_log10(x):
    return as_float_of(x, raw_log10(float(x)))


@inline
def ufunc_log1p(x):
    return as_float_of(x, raw_log1p(float(x)))


@inline
def ufunc_cbrt(x):
    return as_float_of(x, raw_cbrt(float(x)))


@inline
def ufunc_sqrt(x):
    return as_float_of(x, f64_sqrt(float(x)))


@inline
def ufunc_rint(x):
    return as_float_of(x, f64_nearest(float(x)))


@inline
def ufunc_degrees(x):
    return as_float_of(x, raw_degrees(float(x)))


@inline
def ufunc_radians(x):
    return as_float_of(x, raw_radians(float(x)))


@inline
def ufunc_floor(x):
    if isinstance(x, (np.integer, np.bool_)):
        return x
    elif isinstance(x, bool):
        return np.bool_(x)
    elif isinstance(x, int):
        return np.int64(x)
    else:
        return as_float_of(x, f64_floor(float(x)))


@inline
def ufunc_ceil(x):
    if isinstance(x, (np.integer, np.bool_)):
        return x
    elif isinstance(x, bool):
        return np.bool_(x)
    elif isinstance(x, int):
        return np.int64(x)
    else:
        return as_float_of(x, f64_ceil(float(x)))


@inline
def ufunc_trunc(x):
    if isinstance(x, (np.integer, np.bool_)):
        return x
    elif isinstance(x, bool):
        return np.bool_(x)
    elif isinstance(x, int):
        return np.int64(x)
    else:
        return as_float_of(x, f64_trunc(float(x)))


# Of a Python number too, the result is NumPy's.
@inline
def ufunc_abs(x):
    if isinstance(x, int):
        return np.int64(raw_abs(int(x)))
    elif isinstance(x, complex):
        return np.float64(abs(x))
    elif isinstance(x, float):
        return np.float64(f64_abs(float(x)))
    else:
        return abs(x)


@inline
def ufunc_fabs(x):
    return as_float_of(x, f64_abs(float(x)))


@inline
def ufunc_square(x):
    if isinstance(x, (bool, np.bool_)):
        return np.int8(x)
    else:
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


@inline
def ufunc_sign(x):
    n = numpy_number(x)
    if isinstance(n, np.float64):
        return np.float64(float_sign(float(n)))
    elif isinstance(n, np.float32):
        return np.float32(float_sign(float(n)))
    else:
        return (n * 0 + 1) if n > 0 else ((n * 0 - 1) if n < 0 else n * 0)


# Of -0.0 it is 0.0, of nan nan.
@inline
def float_sign(x: float) -> float:
    return 1.0 if x > 0.0 else (-1.0 if x < 0.0 else x + 0.0)


@inline
def ufunc_isnan(x):
    return np.bool_(float(x) != float(x))


@inline
def ufunc_isinf(x):
    return np.bool_(f64_abs(float(x)) == INFINITY)


@inline
def ufunc_isfinite(x):
    return np.bool_(f64_abs(float(x)) < INFINITY)


@inline
def ufunc_arctan2(x, y):
    return float_of_two(x, y, raw_atan2(float(x), float(y)))


# float32 only where no number needs more.
@inline
def float_of_two(x, y, value: float):
    if isinstance(as_operand(x, y) + as_operand(y, x), np.float32):
        return np.float32(value)
    else:
        return np.float64(value)


@inline
def ufunc_hypot(x, y):
    return float_of_two(x, y, raw_hypot(float(x), float(y)))


@inline
def ufunc_copysign(x, y):
    return float_of_two(x, y, f64_copysign(float(x), float(y)))


@inline
def ufunc_power(x, y):
    return as_operand(x, y) ** as_operand(y, x)


# A nan wins.
@inline
def ufunc_minimum(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    least = a if a < b else b
    return least if a == a else a


@inline
def ufunc_maximum(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    greatest = a if a > b else b
    return greatest if a == a else a


@inline
def ufunc_mod(x, y):
    return as_operand(x, y) % as_operand(y, x)


@inline
def ufunc_floor_divide(x, y):
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


@inline
def ufunc_add(x, y):
    return as_operand(x, y) + as_operand(y, x)


@inline
def ufunc_subtract(x, y):
    return as_operand(x, y) - as_operand(y, x)


@inline
def ufunc_multiply(x, y):
    return as_operand(x, y) * as_operand(y, x)


@inline
def ufunc_divide(x, y):
    return as_operand(x, y) / as_operand(y, x)


@inline
def ufunc_bitwise_and(x, y):
    return as_operand(x, y) & as_operand(y, x)


@inline
def ufunc_bitwise_or(x, y):
    return as_operand(x, y) | as_operand(y, x)


@inline
def ufunc_bitwise_xor(x, y):
    return as_operand(x, y) ^ as_operand(y, x)


@inline
def ufunc_left_shift(x, y):
    return as_operand(x, y) << as_operand(y, x)


@inline
def ufunc_right_shift(x, y):
    return as_operand(x, y) >> as_operand(y, x)


@inline
def ufunc_equal(x, y):
    return as_operand(x, y) == as_operand(y, x)


@inline
def ufunc_not_equal(x, y):
    return as_operand(x, y) != as_operand(y, x)


@inline
def ufunc_less(x, y):
    return as_operand(x, y) < as_operand(y, x)


@inline
def ufunc_less_equal(x, y):
    return as_operand(x, y) <= as_operand(y, x)


@inline
def ufunc_greater(x, y):
    return as_operand(x, y) > as_operand(y, x)


@inline
def ufunc_greater_equal(x, y):
    return as_operand(x, y) >= as_operand(y, x)


@inline
def ufunc_logical_and(x, y):
    return np.bool_(bool(x) and bool(y))


@inline
def ufunc_logical_or(x, y):
    return np.bool_(bool(x) or bool(y))


@inline
def ufunc_logical_xor(x, y):
    return np.bool_(bool(x) != bool(y))


@inline
def ufunc_logical_not(x):
    return np.bool_(not bool(x))


@inline
def ufunc_negative(x):
    return -numpy_number(x)


@inline
def ufunc_positive(x):
    return numpy_number(x)


@inline
def ufunc_invert(x):
    return ~numpy_number(x)


@inline
def ufunc_reciprocal(x):
    n = numpy_number(x)
    if isinstance(n, np.integer):
        return (n * 0 + 1) // n
    else:
        return (n * 0 + 1) / n


@inline
def ufunc_signbit(x):
    return np.bool_(f64_copysign(1.0, float(x)) < 0.0)


# As `maximum` and `minimum`, but a nan loses.
@inline
def ufunc_fmax(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    return a if a >= b or b != b else b


@inline
def ufunc_fmin(x, y):
    a = as_operand(x, y)
    b = as_operand(y, x)
    return a if a <= b or b != b else b


# Between two bounds, either of which may be None.
def numpy_clip(a, a_min=None, a_max=None):
    if a_min is None:
        if a_max is None:
            return a
        else:
            return np.minimum(a, a_max)
    elif a_max is None:
        return np.maximum(a, a_min)
    else:
        return np.minimum(np.maximum(a, a_min), a_max)


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


def array_conj(self):
    return array_map(self, ufunc_conj)


def array_conjugate(self):
    return array_map(self, ufunc_conj)


@inline
def ufunc_conj(x):
    if isinstance(x, np.complex64):
        return np.complex64(complex(float(x.real), -float(x.imag)))
    elif isinstance(x, (np.complex128, complex)):
        return np.complex128(complex(x.real, -x.imag))
    else:
        return numpy_number(x)


@inline
def ufunc_angle(x):
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
        return bool(all_of(a == b))
    return False


def numpy_isclose(a, b, rtol: float = 1e-05, atol: float = 1e-08):
    if isinstance(a, (list, tuple)):
        return numpy_isclose(numpy_array(a), b, rtol, atol)
    elif isinstance(b, (list, tuple)):
        return numpy_isclose(a, numpy_array(b), rtol, atol)
    elif isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return array_zip(a, b, lambda x, y: number_isclose(x, y, rtol, atol))
    else:
        return number_isclose(a, b, rtol, atol)


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
    return array_fold(numpy_asarray(a), sample_of(numpy_asarray(a)), ufunc_fmax)


def numpy_nanmin(a):
    return array_fold(numpy_asarray(a), sample_of(numpy_asarray(a)), ufunc_fmin)


def numpy_nanmean(a):
    present = count_true(a == a)
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
