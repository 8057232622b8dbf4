# The module `math`: what Python adds to `raw_…`, mostly errors.

# The result, unless it is nan or infinite where no argument was.
@rare
def math_check(result: float, finite: bool) -> float:
    if finite and not (f64_abs(result) < INFINITY):
        if result != result:
            raise ValueError("math domain error")
        raise OverflowError("math range error")
    return result


@inline
def math_range(result: float, x: float) -> float:
    return result if f64_abs(result) < INFINITY else math_check(result, is_finite(x))


# The result, unless it is nan where the argument was not.
@inline
def math_domain(result: float, x: float) -> float:
    if result != result and x == x:
        raise ValueError("math domain error")
    return result


@inline
def is_finite(x: float) -> bool:
    return f64_abs(x) < INFINITY


@inline
def math_sqrt(x: float) -> float:
    if x < 0.0:
        raise ValueError("math domain error")
    return f64_sqrt(x)


@inline
def math_exp(x: float) -> float:
    if not (f64_abs(x) < 700.0):
        return math_range(exp_edge(x, 0.0), x)
    return exp_near(x, -0.0, 0)


@inline
def math_exp2(x: float) -> float:
    return math_range(raw_exp2(x), x)


@inline
def math_expm1(x: float) -> float:
    return math_range(raw_expm1(x), x)


def math_log(x: float, base=None) -> float:
    if base is None:
        return math_log_near(x)
    else:
        if not (x > 0.0) and x == x:
            raise ValueError("math domain error")
        return float_truediv(raw_log(x), math_log(base))


@inline
def math_log_near(x: float) -> float:
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return math_log_edge(x)
    return log_near(x, 0)


@rare
def math_log_edge(x: float) -> float:
    if not (x > 0.0) and x == x:
        raise ValueError("math domain error")
    return log_edge(x)


@inline
def math_log2(x: float) -> float:
    if not (x > 0.0) and x == x:
        raise ValueError("math domain error")
    return raw_log2(x)


@inline
def math_log10(x: float) -> float:
    if not (x > 0.0) and x == x:
        raise ValueError("math domain error")
    return raw_log10(x)


@inline
def math_log1p(x: float) -> float:
    if not (x > -1.0) and x == x:
        raise ValueError("math domain error")
    return raw_log1p(x)


@inline
def math_pow(x: float, y: float) -> float:
    result = raw_float_pow(x, y)
    return result if f64_abs(result) < INFINITY else math_pow_edge(x, y, result)


@rare
def math_pow_edge(x: float, y: float, result: float) -> float:
    if is_finite(x) and is_finite(y):
        if result != result or x == 0.0:
            raise ValueError("math domain error")
        raise OverflowError("math range error")
    return result


@inline
def math_sin(x: float) -> float:
    return math_domain(raw_sin(x), x)


@inline
def math_cos(x: float) -> float:
    return math_domain(raw_cos(x), x)


@inline
def math_tan(x: float) -> float:
    return math_domain(raw_tan(x), x)


@inline
def math_asin(x: float) -> float:
    return math_domain(raw_asin(x), x)


@inline
def math_acos(x: float) -> float:
    return math_domain(raw_acos(x), x)


@inline
def math_atan(x: float) -> float:
    return raw_atan(x)


@inline
def math_atan2(y: float, x: float) -> float:
    return raw_atan2(y, x)


@inline
def math_sinh(x: float) -> float:
    return math_range(raw_sinh(x), x)


@inline
def math_cosh(x: float) -> float:
    return math_range(raw_cosh(x), x)


@inline
def math_tanh(x: float) -> float:
    return raw_tanh(x)


@inline
def math_asinh(x: float) -> float:
    return raw_asinh(x)


@inline
def math_acosh(x: float) -> float:
    return math_domain(raw_acosh(x), x)


@inline
def math_atanh(x: float) -> float:
    if f64_abs(x) >= 1.0:
        raise ValueError("math domain error")
    return raw_atanh(x)


@inline
def math_cbrt(x: float) -> float:
    return raw_cbrt(x)


@inline
def math_fabs(x: float) -> float:
    return f64_abs(x)


@inline
def math_copysign(x: float, y: float) -> float:
    return f64_copysign(x, y)


def math_floor(x) -> int:
    if isinstance(x, int):
        return x
    else:
        return float_int(f64_floor(x))


def math_ceil(x) -> int:
    if isinstance(x, int):
        return x
    else:
        return float_int(f64_ceil(x))


def math_trunc(x) -> int:
    if isinstance(x, int):
        return x
    else:
        return float_int(x)


def math_fmod(x: float, y: float) -> float:
    if (f64_abs(x) == INFINITY or y == 0.0) and x == x and y == y:
        raise ValueError("math domain error")
    return raw_fmod(x, y)


# x - n * y for the whole n nearest to x / y, ties to even.
def math_remainder(x: float, y: float) -> float:
    if (f64_abs(x) == INFINITY or y == 0.0) and x == x and y == y:
        raise ValueError("math domain error")
    if x != x or y != y:
        return x + y
    size = f64_abs(y)
    if size == INFINITY:
        return x
    rest = raw_fmod(f64_abs(x), size)
    other = size - rest
    if rest > other:
        rest = -other
    elif rest == other:
        # Half-way: of the two, the one with an even quotient.
        rest = rest - 2.0 * raw_fmod(0.5 * (f64_abs(x) - rest), size)
    return f64_copysign(1.0, x) * rest


def math_modf(x: float) -> tuple[float, float]:
    if f64_abs(x) == INFINITY:
        return f64_copysign(0.0, x), x
    whole = f64_trunc(x)
    return f64_copysign(x - whole, x), whole


def math_frexp(x: float) -> tuple[float, int]:
    if x == 0.0 or not (f64_abs(x) < INFINITY):
        return x, 0
    shift = i64_clz(float_mantissa(x)) - 11
    mantissa = (float_mantissa(x) << shift) & 0xFFFFFFFFFFFFF
    fraction = f64_reinterpret_i64(mantissa | 0x3FE0000000000000)
    return f64_copysign(fraction, x), float_exponent(x) - 1022 - shift


def math_ldexp(x: float, i: int) -> float:
    result = float_scale(x, i)
    if f64_abs(result) == INFINITY and is_finite(x):
        raise OverflowError("math range error")
    return result


@inline
def math_isnan(x: float) -> bool:
    return x != x


@inline
def math_isinf(x: float) -> bool:
    return f64_abs(x) == INFINITY


@inline
def math_isfinite(x: float) -> bool:
    return f64_abs(x) < INFINITY


def math_isclose(a: float, b: float, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if f64_abs(a) == INFINITY or f64_abs(b) == INFINITY:
        return False
    difference = f64_abs(b - a)
    return difference <= f64_abs(rel_tol * b) or difference <= f64_abs(rel_tol * a) or difference <= abs_tol


@inline
def math_degrees(x: float) -> float:
    return x * 57.29577951308232


@inline
def math_radians(x: float) -> float:
    return x * 0.017453292519943295


def math_nextafter(x: float, y: float) -> float:
    if x != x or y != y:
        return x + y
    if x == y:
        return y
    if x == 0.0:
        return f64_copysign(5e-324, y)
    bits = i64_reinterpret_f64(x)
    return f64_reinterpret_i64(bits + 1 if (y > x) == (x > 0.0) else bits - 1)


def math_ulp(x: float) -> float:
    if not (f64_abs(x) < INFINITY):
        return f64_abs(x)
    return float_power_of_two(float_exponent(x) - 1075)


def math_factorial(x: int) -> int:
    if x < 0:
        raise ValueError("factorial() not defined for negative values")
    if x > 20:
        raise overflow_error()
    result = 1
    for i in range(2, x + 1):
        result = result * i
    return result


# Euclid's, on magnitudes; gcd(0, -2**63) has no int.
def math_gcd(a: int, b: int) -> int:
    x = int_magnitude(a)
    y = int_magnitude(b)
    while y != 0:
        rest = i64_rem_u(x, y)
        x = y
        y = rest
    if x < 0:
        raise overflow_error()
    return x


# gcd(), gcd(a); more than two are folded from the left.
@inline
def math_gcd_none() -> int:
    return 0


@inline
def math_gcd_one(a: int) -> int:
    return int_abs(a)


@inline
def math_lcm_none() -> int:
    return 1


@inline
def math_lcm_one(a: int) -> int:
    return int_abs(a)


def math_lcm(a: int, b: int) -> int:
    if a == 0 or b == 0:
        return 0
    return int_abs(checked_mul(i64_div_s(a, math_gcd(a, b)), b))


def math_comb(n: int, k: int) -> int:
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    if k > n:
        return 0
    if k > n - k:
        k = n - k
    result = 1
    for i in range(k):
        # result * (n - i) / (i + 1), divided first, so that only what does not fit overflows.
        common = math_gcd(result, i + 1)
        result = checked_mul(i64_div_s(result, common), i64_div_s(n - i, i64_div_s(i + 1, common)))
    return result


def math_perm(n: int, k=None) -> int:
    if k is None:
        return math_factorial(n)
    else:
        if n < 0:
            raise ValueError("n must be a non-negative integer")
        if k < 0:
            raise ValueError("k must be a non-negative integer")
        if k > n:
            return 0
        result = 1
        for i in range(k):
            result = checked_mul(result, n - i)
        return result


# The square root as a float is within 1 of the whole one.
def math_isqrt(n: int) -> int:
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = i64_trunc_sat_f64_s(f64_sqrt(f64_convert_i64_s(n)))
    if root > 3037000499:
        root = 3037000499
    if root * root > n:
        return root - 1
    return root + 1 if root < 3037000499 and (root + 1) * (root + 1) <= n else root


@inherit
def math_prod(iterable, start=1):
    total = start
    for item in iterable:
        total = total * item
    return total


@inline
def math_hypot(x: float, y: float) -> float:
    return raw_hypot(x, y)


@inline
def math_hypot_none() -> float:
    return 0.0


@inline
def math_hypot_one(x: float) -> float:
    return f64_abs(x)


# The distance of two points: squares are summed as pairs, scaled by the power of two of the largest part.
def math_dist(p, q) -> float:
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    largest = 0.0
    for x, y in zip(p, q):
        size = f64_abs(float(x) - float(y))
        if not (size <= largest):
            largest = size
    if not (largest < INFINITY) or largest == 0.0:
        return largest
    scale = hypot_scale(largest)
    high = 0.0
    low = 0.0
    for x, y in zip(p, q):
        high, low = hypot_add(high, low, (float(x) - float(y)) * scale * scale)
    root, rest = pair_sqrt(high, low)
    return (root + rest) / scale / scale


# A power of two whose square brings a number of this size near 1.
def hypot_scale(largest: float) -> float:
    return float_power_of_two(0 - ((float_exponent(largest) - 1023) >> 1))


# The sum of squares high + low, and the square of x.
def hypot_add(high: float, low: float, x: float) -> tuple[float, float]:
    square = x * x
    square_low = float_product_error(x, x, square)
    total = high + square
    part = total - high
    return total, low + (((high - (total - part)) + (square - part)) + square_low)


# The exact sum, rounded once: a list of floats that do not overlap holds it (Shewchuk, "Adaptive precision
# floating-point arithmetic", 1997).
def math_fsum(seq) -> float:
    partials = []
    partials.append(0.0)
    special = 0.0
    for item in seq:
        x = float(item)
        if not (f64_abs(x) < INFINITY):
            special = special + x
            if special != special and x == x:
                raise ValueError("-inf + inf in fsum")
        count = 0
        for i in range(len(partials)):
            y = partials[i]
            total = x + y
            part = total - x
            rest = (x - (total - part)) + (y - part)
            if rest != 0.0:
                partials[count] = rest
                count = count + 1
            x = total
        if special == 0.0 and f64_abs(x) == INFINITY:
            raise OverflowError("intermediate overflow in fsum")
        if special == 0.0:
            while len(partials) > count:
                partials.pop()
            partials.append(x)
    if special != 0.0:
        return special
    # From the largest down; what is left decides a tie.
    at = len(partials) - 1
    high = partials[at]
    rest = 0.0
    while at > 0 and rest == 0.0:
        at = at - 1
        y = partials[at]
        total = high + y
        rest = y - (total - high)
        high = total
    if at > 0 and ((rest < 0.0 and partials[at - 1] < 0.0) or (rest > 0.0 and partials[at - 1] > 0.0)):
        y = rest * 2.0
        total = high + y
        if total - high == y:
            high = total
    return high
