# cmath: functions of complex numbers, after Kahan ("Branch cuts for complex elementary functions", 1987) as far as cuts go.

cmath_pi = 3.141592653589793
cmath_e = 2.718281828459045
cmath_tau = 6.283185307179586


def cmath_phase(z: complex) -> float:
    return raw_atan2(z.imag, z.real)


def cmath_polar(z: complex) -> tuple[float, float]:
    return complex_abs(z), cmath_phase(z)


def cmath_rect(r: float, phi: float) -> complex:
    if phi == 0.0:
        return complex(r, r * phi)
    return complex(r * raw_cos(phi), r * raw_sin(phi))


def cmath_sqrt(z: complex) -> complex:
    if z.real == 0.0 and z.imag == 0.0:
        return complex(0.0, z.imag)
    ax = f64_abs(z.real) / 8.0
    s = 2.0 * f64_sqrt(ax + raw_hypot(ax, f64_abs(z.imag) / 8.0))
    d = f64_abs(z.imag) / (2.0 * s)
    if z.real >= 0.0:
        return complex(s, f64_copysign(d, z.imag))
    return complex(d, f64_copysign(s, z.imag))


def cmath_exp(z: complex) -> complex:
    size = raw_exp(z.real)
    if size == INFINITY and f64_abs(z.real) < INFINITY:
        raise OverflowError("math range error")
    return complex(size * raw_cos(z.imag), size * raw_sin(z.imag))


def cmath_log(z: complex, base=None) -> complex:
    if z.real == 0.0 and z.imag == 0.0:
        raise ValueError("math domain error")
    result = complex(cmath_log_abs(z), raw_atan2(z.imag, z.real))
    if base is None:
        return result
    else:
        return complex_truediv(result, cmath_log(base))


def cmath_log_abs(z: complex) -> float:
    ax = f64_abs(z.real)
    ay = f64_abs(z.imag)
    h = raw_hypot(ax, ay)
    if 0.71 <= h and h <= 1.73:
        am = ax if ax > ay else ay
        an = ay if ax > ay else ax
        return raw_log1p((am - 1.0) * (am + 1.0) + an * an) / 2.0
    return raw_log(h)


def cmath_log10(z: complex) -> complex:
    result = cmath_log(z)
    return complex(result.real / 2.302585092994046, result.imag / 2.302585092994046)


def cmath_cosh(z: complex) -> complex:
    return complex(raw_cos(z.imag) * math_cosh(z.real), raw_sin(z.imag) * math_sinh(z.real))


def cmath_sinh(z: complex) -> complex:
    return complex(raw_cos(z.imag) * math_sinh(z.real), raw_sin(z.imag) * math_cosh(z.real))


def cmath_cos(z: complex) -> complex:
    return cmath_cosh(complex(-z.imag, z.real))


def cmath_sin(z: complex) -> complex:
    s = cmath_sinh(complex(-z.imag, z.real))
    return complex(s.imag, -s.real)


def cmath_tanh(z: complex) -> complex:
    tx = math_tanh(z.real)
    ty = raw_tan(z.imag)
    cx = 1.0 / math_cosh(z.real)
    txty = tx * ty
    denom = 1.0 + txty * txty
    return complex(tx * (1.0 + ty * ty) / denom, ((ty / denom) * cx) * cx)


def cmath_tan(z: complex) -> complex:
    s = cmath_tanh(complex(-z.imag, z.real))
    return complex(s.imag, -s.real)


def cmath_isnan(z: complex) -> bool:
    return z.real != z.real or z.imag != z.imag


def cmath_isinf(z: complex) -> bool:
    return f64_abs(z.real) == INFINITY or f64_abs(z.imag) == INFINITY


def cmath_isfinite(z: complex) -> bool:
    return f64_abs(z.real) < INFINITY and f64_abs(z.imag) < INFINITY


def cmath_isclose(a: complex, b: complex, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a.real == b.real and a.imag == b.imag:
        return True
    if cmath_isinf(a) or cmath_isinf(b):
        return False
    diff = complex_abs(complex_sub(a, b))
    return diff <= rel_tol * complex_abs(b) or diff <= rel_tol * complex_abs(a) or diff <= abs_tol
