# Arithmetic of `complex`, as CPython 3.11 computes it.


@inline
def complex_add(a: complex, b: complex) -> complex:
    return complex(a.real + b.real, a.imag + b.imag)


@inline
def complex_sub(a: complex, b: complex) -> complex:
    return complex(a.real - b.real, a.imag - b.imag)


@inline
def complex_neg(a: complex) -> complex:
    return complex(-a.real, -a.imag)


@inline
def complex_mul(a: complex, b: complex) -> complex:
    return complex(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real)


@inline
def complex_eq(a: complex, b: complex) -> bool:
    return a.real == b.real and a.imag == b.imag


@inline
def complex_ne(a: complex, b: complex) -> bool:
    return a.real != b.real or a.imag != b.imag


@inline
def complex_bool(a: complex) -> bool:
    return a.real != 0.0 or a.imag != 0.0


def complex_truediv(a: complex, b: complex) -> complex:
    if b.real == 0.0 and b.imag == 0.0:
        raise ZeroDivisionError("complex division by zero")
    return raw_complex_truediv(a, b)


# By the larger part of the divisor, so that nothing overflows on the way (Smith, CACM 5, 1962). The nan parts of a
# division by zero are NumPy's.
def raw_complex_truediv(a: complex, b: complex) -> complex:
    real = f64_abs(b.real)
    imag = f64_abs(b.imag)
    if real >= imag:
        if real == 0.0:
            return complex(a.real / real, a.imag / real)
        ratio = b.imag / b.real
        divisor = b.real + b.imag * ratio
        return complex((a.real + a.imag * ratio) / divisor, (a.imag - a.real * ratio) / divisor)
    if imag >= real:
        ratio = b.real / b.imag
        divisor = b.real * ratio + b.imag
        return complex((a.real * ratio + a.imag) / divisor, (a.imag * ratio - a.real) / divisor)
    return complex(float_nan(), float_nan())


# Small integer exponents by squaring, all others in polar form.
def complex_pow(a: complex, b: complex) -> complex:
    if b.imag == 0.0 and b.real == f64_floor(b.real) and f64_abs(b.real) <= 100.0:
        n = i64_trunc_sat_f64_s(b.real)
        result = complex_pow_unsigned(a, 0 - n if n < 0 else n)
        if n <= 0:
            if result.real == 0.0 and result.imag == 0.0:
                raise ZeroDivisionError("0.0 to a negative or complex power")
            result = raw_complex_truediv(complex(1.0, 0.0), result)
    else:
        if a.real == 0.0 and a.imag == 0.0 and (b.imag != 0.0 or b.real < 0.0):
            raise ZeroDivisionError("0.0 to a negative or complex power")
        result = raw_complex_pow(a, b)
    if f64_abs(result.real) == INFINITY or f64_abs(result.imag) == INFINITY:
        raise OverflowError("complex exponentiation")
    return result


def complex_pow_unsigned(a: complex, n: int) -> complex:
    result = complex(1.0, 0.0)
    while n > 0:
        if n & 1 != 0:
            result = complex_mul(result, a)
        n = n >> 1
        if n > 0:
            a = complex_mul(a, a)
    return result


def raw_complex_pow(a: complex, b: complex) -> complex:
    if b.real == 0.0 and b.imag == 0.0:
        return complex(1.0, 0.0)
    if a.real == 0.0 and a.imag == 0.0:
        return complex(0.0, 0.0)
    radius = raw_hypot(a.real, a.imag)
    size = raw_float_pow(radius, b.real)
    angle = raw_atan2(a.imag, a.real)
    phase = angle * b.real
    if b.imag != 0.0:
        size = size / raw_exp(angle * b.imag)
        phase = phase + b.imag * raw_log(radius)
    return complex(size * raw_cos(phase), size * raw_sin(phase))


def complex_abs(a: complex) -> float:
    result = raw_hypot(a.real, a.imag)
    if result == INFINITY and f64_abs(a.real) < INFINITY and f64_abs(a.imag) < INFINITY:
        raise OverflowError("absolute value too large")
    return result


@inline
def complex_conjugate(self: complex) -> complex:
    return complex(self.real, -self.imag)


def complex_hash(x: complex) -> int:
    value = float_hash(x.real) + 1000003 * float_hash(x.imag)
    return -2 if value == -1 else value
