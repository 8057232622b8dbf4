# Exponentials and logarithms. `raw_…` follows IEEE: no errors, but infinities and nan.
#
# Numbers that need more than 53 bits on the way are pairs: the unrounded sum of a float and a much smaller one
# (Dekker, "A floating-point technique for extending the available precision", 1971). Reductions are by constants cut
# so short that their products are exact (Cody, Waite, "Software Manual for the Elementary Functions", 1980);
# polynomials are near-minimax. No tables and few branches, so that loops over arrays can be vectorised.

# ln 2 = LN2_HIGH + LN2_LOW; the first has 42 bits, so that k * LN2_HIGH is exact.
LN2_HIGH = 0.6931471805598903
LN2_LOW = 5.497923018708371e-14


# e ** (x + low) for |low| far below |x|.
#
# x = k ln 2 + r with |r| <= ln(2) / 2; 1 + r + r*r/2 is summed without loss, the rest is a polynomial.
def exp_pair(x: float, low: float) -> float:
    x = f64_max(f64_min(x, 746.0), -746.0)
    k = f64_nearest(x * 1.4426950408889634)
    high = x - k * LN2_HIGH
    low = low - k * LN2_LOW
    r = high + low
    low = (high - r) + low
    square = r * r
    half = 0.5 * square
    half_low = 0.5 * float_product_error(r, r, square)
    p = 0.16666666666666666 + r * (0.04166666666666667 + r * 0.008333333333333333) + square * r * (
        (0.0013888888888883748 + r * 0.00019841269841266415)
        + square * (2.4801587325547743e-05 + r * 2.7557319239957097e-06)
        + square * square * (
            (2.75572736431103e-07 + r * 2.5052078002329456e-08)
            + square * (2.0914686968086876e-09 + r * 1.6084327883952603e-10)
        )
    )
    one = 1.0 + r
    one_low = (1.0 - one) + r
    two = one + half
    two_low = (one - two) + half
    value = two + (two_low + (one_low + (square * r * p + (half_low + low * one))))
    # 2 ** k in two steps: neither is out of range on the way to a subnormal or to infinity.
    n = i64_trunc_sat_f64_s(k)
    n_half = n >> 1
    return value * f64_reinterpret_i64((n_half + 1023) << 52) * f64_reinterpret_i64((n - n_half + 1023) << 52)


def raw_exp(x: float) -> float:
    return exp_pair(x, 0.0)


# 2 ** x: the whole part is taken off exactly, the fraction is multiplied by ln 2 as a pair.
def raw_exp2(x: float) -> float:
    whole = f64_nearest(f64_max(f64_min(x, 1100.0), -1100.0))
    fraction = f64_max(f64_min(x - whole, 1.0), -1.0)
    high = fraction * 0.6931471805599453
    low = float_product_error(fraction, 0.6931471805599453, high) + fraction * 2.3190468138462996e-17
    value = exp_pair(high, low)
    n = i64_trunc_sat_f64_s(whole)
    n_half = n >> 1
    return value * f64_reinterpret_i64((n_half + 1023) << 52) * f64_reinterpret_i64((n - n_half + 1023) << 52)


# e ** x - 1. Near 0 by its own series, so that nothing cancels; else from e ** x as a pair.
def raw_expm1(x: float) -> float:
    if f64_abs(x) < 0.34:
        square = x * x
        half = 0.5 * square
        half_low = 0.5 * float_product_error(x, x, square)
        p = 0.16666666666666666 + x * (0.04166666666666667 + x * 0.008333333333333333) + square * x * (
            (0.0013888888888883748 + x * 0.00019841269841266415)
            + square * (2.4801587325547743e-05 + x * 2.7557319239957097e-06)
            + square * square * (
                (2.75572736431103e-07 + x * 2.5052078002329456e-08)
                + square * (2.0914686968086876e-09 + x * 1.6084327883952603e-10)
            )
        )
        sum_high = x + half
        sum_low = (x - sum_high) + half
        result = sum_high + (sum_low + (half_low + square * x * p))
        return x if x == 0.0 else result
    if x > 60.0:
        return exp_pair(x, 0.0)
    if x < -60.0:
        return -1.0
    high, low = exp_pair_long(x, 0.0)
    top = high - 1.0
    part = top - high
    return top + (((high - (top - part)) - (1.0 + part)) + low)


# e ** (x + low) as a pair, for |x| <= 708.
def exp_pair_long(x: float, low: float) -> tuple[float, float]:
    k = f64_nearest(x * 1.4426950408889634)
    high = x - k * LN2_HIGH
    low = low - k * LN2_LOW
    r = high + low
    low = (high - r) + low
    # e**r as (e**(r/8))**8 - 1 would lose; instead the series is summed from its small end, the first terms as pairs.
    square = r * r
    square_low = float_product_error(r, r, square) + 2.0 * r * low
    cube = square * r
    cube_low = float_product_error(square, r, cube) + (square_low * r + square * low)
    p = 0.04166666666666667 + r * 0.008333333333333333 + square * (
        (0.0013888888888883748 + r * 0.00019841269841266415)
        + square * (2.4801587325547743e-05 + r * 2.7557319239957097e-06)
        + square * square * (
            (2.75572736431103e-07 + r * 2.5052078002329456e-08)
            + square * (2.0914686968086876e-09 + r * 1.6084327883952603e-10)
        )
    )
    sixth = cube * 0.16666666666666666
    sixth_low = float_product_error(cube, 0.16666666666666666, sixth) + cube * 9.25185853854297e-18 + cube_low * 0.16666666666666666
    tail_high, tail_low = pair_sum(sixth, sixth_low, square * square * p, 0.0)
    tail_high, tail_low = pair_sum(0.5 * square, 0.5 * square_low, tail_high, tail_low)
    tail_high, tail_low = pair_sum(r, low, tail_high, tail_low)
    tail_high, tail_low = pair_sum(1.0, 0.0, tail_high, tail_low)
    scale = f64_reinterpret_i64((i64_trunc_sat_f64_s(k) + 1023) << 52)
    return tail_high * scale, tail_low * scale


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


# (a + a_low) / (b + b_low)
@inline
def pair_quotient(a: float, a_low: float, b: float, b_low: float) -> tuple[float, float]:
    quotient = a / b
    product = quotient * b
    rest = ((a - product) - float_product_error(quotient, b, product) + a_low - quotient * b_low) / b
    high = quotient + rest
    return high, (quotient - high) + rest


# The square root of a + a_low > 0.
@inline
def pair_sqrt(a: float, a_low: float) -> tuple[float, float]:
    root = f64_sqrt(a)
    square = root * root
    rest = ((a - square) - float_product_error(root, root, square) + a_low) / (2.0 * root)
    high = root + rest
    return high, (root - high) + rest


# ln x. x = 2**k * m with m from sqrt(1/2) to sqrt(2), f = m - 1, s = f / (2 + f); then ln m is
# f - f*f/2 + s * (f*f/2 + s*s * (2/3 + …)), of which all but the last term is summed without loss.
def raw_log(x: float) -> float:
    if not (x > 0.0 and x < INFINITY):
        return log_special(x)
    k = 0
    if x < 2.2250738585072014e-308:
        x = x * 18014398509481984.0
        k = -54
    bits = i64_reinterpret_f64(x)
    shift = (bits - 0x3FE6A09E667F3BCD) >> 52
    f = f64_reinterpret_i64(bits - (shift << 52)) - 1.0
    n = f64_convert_i64_s(k + shift)
    s = f / (2.0 + f)
    z = s * s
    r = z * (
        (0.6666666666666666 + z * 0.40000000000000885)
        + z * z * ((0.28571428570799784 + z * 0.22222222392581045) + z * z * (0.18181795547521137 + z * 0.15386244737621665))
        + z * z * z * z * z * z * (0.13268638369266825 + z * 0.13088034850927555)
    )
    square = f * f
    half = 0.5 * square
    half_low = 0.5 * float_product_error(f, f, square)
    start = n * LN2_HIGH
    first = start + f
    first_low = (start - first) + f
    second = first - half
    second_low = (first - second) - half
    return second + (((first_low + second_low) - half_low + n * LN2_LOW) + s * (half + r))


# Of what has no logarithm, and of infinity.
def log_special(x: float) -> float:
    if x == 0.0:
        return -INFINITY
    return x if x == INFINITY else float_nan()


# ln(x + low) as a pair, for normal x > 0: the same with the first terms of the series in pairs.
def log_pair(x: float, low: float) -> tuple[float, float]:
    bits = i64_reinterpret_f64(x)
    shift = (bits - 0x3FE6A09E667F3BCD) >> 52
    scale = float_power_of_two(0 - shift)
    m = x * scale
    f = m - 1.0
    f, f_low = pair_sum(f, 0.0, low * scale, 0.0) if f64_abs(f) >= f64_abs(low * scale) else pair_sum(low * scale, 0.0, f, 0.0)
    n = f64_convert_i64_s(shift)
    divisor = 2.0 + f
    s, s_low = pair_quotient(f, f_low, divisor, ((2.0 - divisor) + f) + f_low)
    z, z_low = pair_product(s, s_low, s, s_low)
    u = z * (
        0.2857142857142857
        + z * (
            (0.22222222222222215 + z * 0.18181818181823933)
            + z * z * ((0.15384615382614494 + z * 0.13333333681627674) + z * z * (0.11764671876824287 + z * 0.1052826122626766))
            + z * z * z * z * z * z * (0.09459258405549681 + z * 0.09836818483019942)
        )
    )
    a, a_low = pair_sum(0.4, -2.2204460492503132e-17, u, 0.0)
    a, a_low = pair_product(a, a_low, z, z_low)
    a, a_low = pair_sum(0.6666666666666666, 3.700743415417188e-17, a, a_low)
    a, a_low = pair_product(a, a_low, z, z_low)
    a, a_low = pair_sum(2.0, 0.0, a, a_low)
    a, a_low = pair_product(a, a_low, s, s_low)
    return pair_sum(n * LN2_HIGH, n * LN2_LOW, a, a_low) if shift != 0 else (a, a_low)


# ln(1 + x)
def raw_log1p(x: float) -> float:
    if not (x > -1.0 and x < INFINITY):
        return -INFINITY if x == -1.0 else (x if x == INFINITY else float_nan())
    if f64_abs(x) < 1.0e-300:
        return x
    total = 1.0 + x
    # The larger one first, so that what is lost is known exactly.
    low = (x - total) + 1.0 if x > 1.0 else (1.0 - total) + x
    high, tail = log_pair(total, low)
    return high + tail


# The logarithm to another base: ln x times 1 / ln base, as pairs. Powers of the base come out whole.
@inline
def log_to(x: float, factor: float, factor_low: float) -> float:
    if not (x > 0.0 and x < INFINITY):
        return log_special(x)
    scale = 0.0
    if x < 2.2250738585072014e-308:
        x = x * 18014398509481984.0
        scale = -54.0
    high, low = log_pair(x, 0.0)
    if scale != 0.0:
        high, low = pair_sum(high, low, scale * LN2_HIGH, scale * LN2_LOW)
    high, low = pair_product(high, low, factor, factor_low)
    return high + low


def raw_log10(x: float) -> float:
    return log_to(x, 0.4342944819032518, 1.098319650216765e-17)


# The exponent is added at the end, exactly.
def raw_log2(x: float) -> float:
    if not (x > 0.0 and x < INFINITY):
        return log_special(x)
    k = 0
    if x < 2.2250738585072014e-308:
        x = x * 18014398509481984.0
        k = -54
    bits = i64_reinterpret_f64(x)
    shift = (bits - 0x3FE6A09E667F3BCD) >> 52
    high, low = log_pair(f64_reinterpret_i64(bits - (shift << 52)), 0.0)
    high, low = pair_product(high, low, 1.4426950408889634, 2.0355273740931033e-17)
    n = f64_convert_i64_s(k + shift)
    if n == 0.0:
        return high + low
    total = n + high
    return total + (((n - total) + high) + low)


# base ** exponent: e ** (exponent * ln base), the logarithm and the product as pairs.
def raw_float_pow(base: float, exponent: float) -> float:
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
    k = 0.0
    if size < 2.2250738585072014e-308:
        size = size * 18014398509481984.0
        k = -54.0
    high, low = log_pair(size, 0.0)
    if k != 0.0:
        high, low = pair_sum(high, low, k * LN2_HIGH, k * LN2_LOW)
    product = high * exponent
    if f64_abs(product) > 800.0:
        result = INFINITY if product > 0.0 else 0.0
    else:
        result = exp_pair(product, float_product_error(high, exponent, product) + low * exponent)
    return -result if negative else result


# Whether a whole float is odd. From 2**53 on all are even.
@inline
def is_odd(x: float) -> bool:
    return f64_abs(x) < 9007199254740992.0 and i64_trunc_sat_f64_s(x) & 1 != 0


# Powers of 0, infinity and nan, and to the power of infinity and nan, as IEEE 754 has them.
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
