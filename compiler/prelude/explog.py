# Exponentials, logarithms and powers. `raw_…` follows IEEE: no errors, but infinities and nan.
#
# The argument is brought next to the argument of a row of a table, from where a short polynomial reaches the result
# (Tang, "Table-driven implementation of the exponential function in IEEE floating-point arithmetic", 1989; "… of the
# logarithm function …", 1990). Reductions are by constants cut so short that their products are exact (Cody, Waite,
# "Software Manual for the Elementary Functions", 1980). Numbers that need more than 53 bits on the way are pairs: the
# unrounded sum of a float and a much smaller one (Dekker, "A floating-point technique for extending the available
# precision", 1971). The common range is one straight line; what lies outside it is another function's, `…_edge`.

# ln 2 = LN2_HIGH + LN2_LOW; the first has 42 bits, so that k * LN2_HIGH is exact.
LN2_HIGH = 0.6931471805598903
LN2_LOW = 5.497923018708371e-14

# 1.5 * 2**52: what is added to it is rounded to a whole number, which then stands in the last bits of the sum.
WHOLE = 6755399441055744.0

SMALLEST_NORMAL = 2.2250738585072014e-308


# The first 26 bits of x: the product of two such numbers is exact.
@inline
def float_head(x: float) -> float:
    return f64_reinterpret_i64(i64_reinterpret_f64(x) & -134217728)


@inline
def exp_row(n: int):
    return address(EXP_TABLE) + 16 + ((n & 127) << 4)


# 2 ** (n / 128), but for a factor 1 + load_f64(exp_row(n)).
@inline
def exp_scale(n: int) -> float:
    return f64_reinterpret_i64(load_i64(exp_row(n) + 8) + (n << 45))


# e ** (x + low) * 2 ** up for |low| far below |x|, where that is a normal number. (To add -0.0 is to do nothing.)
#
# x = n ln(2) / 128 + r with |r| <= ln(2) / 256, and e ** x is the table's 2 ** (n / 128) times 1 + r + r*r/2 + …
@inline
def exp_near(x: float, low: float, up: int) -> float:
    n, r = exp_reduce(x, low)
    scale = exp_scale(n + (up << 7))
    return scale + scale * exp_rest(n, r)


@inline
def exp_reduce(x: float, low: float) -> tuple[int, float]:
    shifted = x * 184.6649652337873 + WHOLE
    k = shifted - WHOLE
    return i64_reinterpret_f64(shifted), (x - k * 0.0054152123482253955) + (low + k * 1.0082281460997769e-13)


# As exp_reduce, with what was rounded off r.
@inline
def exp_reduce_exactly(x: float) -> tuple[int, float, float]:
    shifted = x * 184.6649652337873 + WHOLE
    n = i64_reinterpret_f64(shifted)
    k = shifted - WHOLE
    start = x - k * 0.0054152123482253955
    r = start + k * 1.0082281460997769e-13
    r_low = (start - r) + k * 1.0082281460997769e-13
    return n, r, r_low


# What e ** x is more than the scale, relative to it.
@inline
def exp_rest(n: int, r: float) -> float:
    square = r * r
    return (load_f64(exp_row(n)) + r) + (
        square * (0.4999999999999906 + r * 0.16666666666666255) + square * square * (0.04166667687018945 + r * 0.008333335543844496)
    )


# Towards subnormal numbers and infinity the last step is by a power of two.
@rare
def exp_edge(x: float, low: float) -> float:
    if x != x:
        return x
    if x > 0.0:
        return exp_near(f64_min(x, 720.0), low, -64) * 18446744073709551616.0
    n, r = exp_reduce(f64_max(x, -750.0), low)
    return exp_small(n, exp_rest(n, r))


# 2 ** (n / 128) * (1 + rest) that may be subnormal: 2 ** 1022 times that is rounded where it ends, by adding it to 1.
def exp_small(n: int, rest: float) -> float:
    scale = exp_scale(n + 130816)
    rest = scale * rest
    value = scale + rest
    if value < 1.0:
        total = 1.0 + scale
        value = (total + (((1.0 - total) + scale) + rest)) - 1.0
    return value * SMALLEST_NORMAL


def exp_pair(x: float, low: float) -> float:
    if not (f64_abs(x) < 700.0):
        return exp_edge(x, low)
    return exp_near(x, low, 0)


@inline
def raw_exp(x: float) -> float:
    if not (f64_abs(x) < 700.0):
        return exp_edge(x, 0.0)
    return exp_near(x, -0.0, 0)


# 2 ** x: what is left when the nearest n / 128 is taken off is exact.
def raw_exp2(x: float) -> float:
    if not (f64_abs(x) < 1009.0):
        return exp2_edge(x)
    return exp2_near(x, 0)


@inline
def exp2_near(x: float, up: int) -> float:
    n, r = exp2_reduce(x)
    scale = exp_scale(n + (up << 7))
    return scale + scale * exp_rest(n, r)


@inline
def exp2_reduce(x: float) -> tuple[int, float]:
    shifted = x + 52776558133248.0
    return i64_reinterpret_f64(shifted), (x - (shifted - 52776558133248.0)) * 0.6931471805599453


@rare
def exp2_edge(x: float) -> float:
    if x != x:
        return x
    if x > 0.0:
        return exp2_near(f64_min(x, 1030.0), -64) * 18446744073709551616.0
    n, r = exp2_reduce(f64_max(x, -1080.0))
    return exp_small(n, exp_rest(n, r))


# e ** x - 1: with the scale s of the table, (s - 1) + r + (s - 1) * r + …, of which the first two are summed without
# loss; near 0, s is 1.
def raw_expm1(x: float) -> float:
    if not (f64_abs(x) < 700.0):
        return expm1_edge(x)
    n, r, r_low = exp_reduce_exactly(x)
    scale = exp_scale(n)
    above = scale - 1.0
    part = above - scale
    above_low = (scale - (above - part)) - (1.0 + part)
    high = above + r
    low = (above - high) + r
    square = r * r
    rest = load_f64(exp_row(n)) * (1.0 + r) + (
        r_low
        + (square * (0.5 + r * 0.16666666666666666) + square * square * ((0.041666666666666664 + r * 0.008333333333333333) + square * 0.001388888888888889))
    )
    result = high + (low + (above_low + (above * r + scale * rest)))
    return x if x == 0.0 else result


@rare
def expm1_edge(x: float) -> float:
    return exp_edge(x, 0.0) if not (x < 0.0) else -1.0


# (a + a_low) + (b + b_low) for |a| >= |b|.
@inline
def pair_sum(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    total = a + b
    rest = ((a - total) + b) + (a_low + b_low)
    high = total + rest
    return high, (total - high) + rest


# (a + a_low) * (b + b_low)
@inline
def pair_product(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    product = a * b
    rest = float_product_error(a, b, product) + (a * b_low + a_low * b)
    high = product + rest
    return high, (product - high) + rest


# a - b * c, which is far smaller than a.
@inline
def product_rest(a: float, b: float, c: float) -> float:
    b_head = float_head(b)
    b_tail = b - b_head
    c_head = float_head(c)
    c_tail = c - c_head
    return ((a - b_head * c_head) - b_head * c_tail - b_tail * c_head) - b_tail * c_tail


# (a + a_low) / (b + b_low)
@inline
def pair_quotient(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    inverse = 1.0 / b
    quotient = a * inverse
    rest = (product_rest(a, quotient, b) + (a_low - quotient * b_low)) * inverse
    high = quotient + rest
    return high, (quotient - high) + rest


# The square root of a + a_low > 0.
@inline
def pair_sqrt(a: float, a_low: float) -> tuple[float, float]:
    root = f64_sqrt(a)
    rest = (product_rest(a, root, root) + a_low) / (2.0 * root)
    high = root + rest
    return high, (root - high) + rest


# x = 2**k * z for a normal x > 0, z from 0.6875 to 1.375: of z's row in the table, the reciprocal c of 8 bits is such that
# r = z * c - 1 is exact. Gives k, r, and the row: c, and -ln c in two parts.
@inline
def log_reduce(x: float):
    bits = i64_reinterpret_f64(x)
    # The exponent of x / 0.6875, and 1024 more; without a sign, as vectors have no other shift to the right.
    place = bits + 0x001A000000000000
    n = i64_shr_u(place, 45) & 127
    row = address(LOG_TABLE) + 16 + ((n << 4) + (n << 3))
    z_bits = bits + (0x4000000000000000 - (place & -4503599627370496))
    z = f64_reinterpret_i64(z_bits)
    head = f64_reinterpret_i64(z_bits & -134217728)
    reciprocal = load_f64(row)
    return i64_shr_u(place, 52) - 1024, (head * reciprocal - 1.0) + (z - head) * reciprocal, row


# A whole number below 2**51 as a float.
@inline
def whole_float(n: int) -> float:
    return f64_reinterpret_i64(0x4338000000000000 + n) - WHOLE


# ln x is k ln 2 - ln c + r - r*r/2 + …, of which the first three are summed without loss.
@inline
def raw_log(x: float) -> float:
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return log_edge(x)
    return log_near(x, 0)


# ln x + up * ln 2
@inline
def log_near(x: float, up: int) -> float:
    shift, r, row = log_reduce(x)
    k = whole_float(shift + up)
    start = k * LN2_HIGH + load_f64(row + 8)
    high = start + r
    low = ((start - high) + r) + (k * LN2_LOW + load_f64(row + 16))
    square = r * r
    p = (-0.5 + r * 0.33333333333333404) + square * (
        (-0.24999999999946557 + r * 0.19999999986580919) + square * ((-0.16666670660905958 + r * 0.14286414404805883) + square * -0.1242669664430603)
    )
    return high + (low + square * p)


@rare
def log_edge(x: float) -> float:
    if x > 0.0 and x < INFINITY:
        return log_near(x * 18014398509481984.0, -54)
    return log_special(x)


# Of what has no logarithm, and of infinity.
@rare
def log_special(x: float) -> float:
    if x == 0.0:
        return -INFINITY
    return x if x == INFINITY else float_nan()


# ln(x + low) + up * ln 2 as a pair, for normal x > 0.
@inline
def log_pair_near(x: float, low: float, up: int) -> tuple[float, float]:
    shift, r, row = log_reduce(x)
    r_low = low * f64_reinterpret_i64((1024 - shift) << 52) * (0.5 * load_f64(row))
    return log_pair_finish(whole_float(shift + up), r, r_low * (1.0 - r), row)


# k ln 2 - ln c + ln(1 + r) + low as a pair: r*r/2 is exact as well.
@inline
def log_pair_finish(k: float, r: float, low: float, row) -> tuple[float, float]:
    start = k * LN2_HIGH + load_f64(row + 8)
    head = float_head(r)
    half = -0.5 * head * head
    half_low = -0.5 * (r - head) * (r + head)
    first = start + r
    second = first + half
    square = r * r
    p = (0.3333333333333333 + r * -0.2500000000000006) + square * (
        (0.19999999999951906 + r * -0.16666666654589776) + square * ((0.14285717880205223 + r * -0.12500630102260804) + square * 0.11045147780358533)
    )
    return second, (((start - first) + r) + ((first - second) + half)) + ((k * LN2_LOW + load_f64(row + 16)) + (square * r * p + half_low) + low)


def log_pair(x: float, low: float) -> tuple[float, float]:
    high, low = log_pair_near(x, low, 0)
    return pair_sum(high, 0.0, low, 0.0)


# ln(1 + x)
def raw_log1p(x: float) -> float:
    if not (x > -1.0 and x < INFINITY):
        return -INFINITY if x == -1.0 else (x if x == INFINITY else float_nan())
    total = 1.0 + x
    # The larger one first, so that what is lost is known exactly.
    low = (x - total) + 1.0 if x > 1.0 else (1.0 - total) + x
    high, tail = log_pair_near(total, low, 0)
    return x if f64_abs(x) < 1.0e-300 else high + tail


# (high + low) * (factor + factor_low): the heads' product is exact.
@inline
def pair_times(high: float, low: float, factor: float, factor_low: float) -> tuple[float, float]:
    head = float_head(high)
    factor_head = float_head(factor)
    return head * factor_head, head * ((factor - factor_head) + factor_low) + ((high - head) + low) * factor


# The logarithm to another base: ln x times 1 / ln base, as pairs. Powers of the base come out whole.
@inline
def log10_near(x: float, up: int) -> float:
    shift, r, row = log_reduce(x)
    high, low = log_pair_finish(whole_float(shift + up), r, 0.0, row)
    high, low = pair_times(high, low, 0.4342944819032518, 1.098319650216765e-17)
    return high + low


def raw_log10(x: float) -> float:
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return log10_edge(x)
    return log10_near(x, 0)


@rare
def log10_edge(x: float) -> float:
    return log10_near(x * 18014398509481984.0, -54) if x > 0.0 and x < INFINITY else log_special(x)


# The exponent is added at the end, exactly.
@inline
def log2_near(x: float, up: int) -> float:
    shift, r, row = log_reduce(x)
    high, low = log_pair_finish(0.0, r, 0.0, row)
    high, low = pair_times(high, low, 1.4426950408889634, 2.0355273740931033e-17)
    k = whole_float(shift + up)
    total = k + high
    return total + (((k - total) + high) + low)


def raw_log2(x: float) -> float:
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return log2_edge(x)
    return log2_near(x, 0)


@rare
def log2_edge(x: float) -> float:
    return log2_near(x * 18014398509481984.0, -54) if x > 0.0 and x < INFINITY else log_special(x)


# base ** exponent: e ** (exponent * ln base), the logarithm and the product as pairs.
def raw_float_pow(base: float, exponent: float) -> float:
    if base >= SMALLEST_NORMAL and base < INFINITY:
        product, low = pow_product(base, exponent, 0)
        if f64_abs(product) < 700.0:
            return select(exponent == 2.0, base * base, exp_near(product, low, 0))
    return pow_edge(base, exponent)


# exponent * (ln base + up * ln 2), the first part exact.
@inline
def pow_product(base: float, exponent: float, up: int) -> tuple[float, float]:
    shift, r, row = log_reduce(base)
    high, low = log_pair_finish(whole_float(shift + up), r, 0.0, row)
    return pair_times(high, low, exponent, 0.0)


# What overflows or underflows nearly, or where an argument is special, subnormal or negative.
@rare
def pow_edge(base: float, exponent: float) -> float:
    if exponent == 0.0 or base == 1.0:
        return 1.0
    if exponent == 1.0:
        return base
    if exponent == 2.0:
        return base * base
    size = f64_abs(base)
    if not (size > 0.0 and size < INFINITY and f64_abs(exponent) < INFINITY):
        return pow_special(base, exponent)
    negative = False
    if base < 0.0:
        if f64_trunc(exponent) != exponent:
            return float_nan()
        negative = is_odd(exponent)
    up = 0
    if size < SMALLEST_NORMAL:
        size = size * 18014398509481984.0
        up = -54
    product, low = pow_product(size, exponent, up)
    if f64_abs(product) < 700.0:
        result = exp_near(product, low, 0)
    elif f64_abs(product) < 800.0:
        result = exp_edge(product, low)
    else:
        result = INFINITY if product > 0.0 else 0.0
    return -result if negative else result


# Whether a whole float is odd. From 2**53 on all are even.
@inline
def is_odd(x: float) -> bool:
    return f64_abs(x) < 9007199254740992.0 and i64_trunc_sat_f64_s(x) & 1 != 0


# Powers of 0, infinity and nan, and to the power of infinity and nan, as IEEE 754 has them.
@rare
def pow_special(base: float, exponent: float) -> float:
    if base != base or exponent != exponent:
        return float_nan()
    size = f64_abs(base)
    if f64_abs(exponent) == INFINITY:
        if size == 1.0:
            return 1.0
        return INFINITY if (size > 1.0) == (exponent > 0.0) else 0.0
    result = 0.0 if (size == 0.0) == (exponent > 0.0) else INFINITY
    if f64_copysign(1.0, base) < 0.0 and f64_trunc(exponent) == exponent and is_odd(exponent):
        return -result
    return result
