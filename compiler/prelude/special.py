# The gamma and error functions, in pairs where digits would be lost (see explog.py).


# ln gamma(x) for x >= 16 as a pair: Stirling's series.
def lgamma_far(x: float) -> tuple[float, float]:
    high, low = log_pair(x, 0.0)
    less = x - 0.5
    high, low = pair_product(less, (x - less) - 0.5, high, low)
    high, low = pair_sum(high, low, -x, 0.0)
    z = 1.0 / x
    w = z * z
    series = z * (0.08333333333333333 - w * (0.002777777777777778 - w * (0.0007936507936507937 - w * (0.0005952380952380953 - w * (0.0008417508417508417 - w * (0.0019175269175269176 - w * 0.00641025641025641))))))
    high, low = pair_sum(high, low, 0.9189385332046728, -3.8782941580672414e-17)
    return pair_sum(high, low, series, 0.0)


# gamma(x + low) as a pair for 1 <= x < 16: (x - 1) (x - 2) … gamma of what is left between 1 and 2.
def gamma_near(x: float, low: float) -> tuple[float, float]:
    product = 1.0
    product_low = 0.0
    while x >= 2.0:
        x = x - 1.0
        total = product * x
        product_low = product_low * x - product_rest(total, product, x)
        product = total
    shifted = x * 16.0 + WHOLE
    row = address(GAMMA_TABLE) + 16 + ((i64_reinterpret_f64(shifted) & 63) - 16) * 96
    high, rest = piece(row, x - (shifted - WHOLE) * 0.0625, low)
    high, rest = pair_times(high, rest, product, product_low)
    return pair_sum(high, 0.0, rest, 0.0)


# gamma(x) for 0 < x < 16.
def gamma_pair(x: float) -> tuple[float, float]:
    if x >= 1.0:
        return gamma_near(x, 0.0)
    above = x + 1.0
    high, low = gamma_near(above, (1.0 - above) + x)
    return pair_quotient(high, low, x, 0.0)


# ln gamma(x + low) as a pair for 3/4 <= x <= 5/2, where a = x + low - 1: a * (a - 1) * a function without zeros.
def lgamma_near(x: float, low: float, a: float) -> tuple[float, float]:
    shifted = x * 16.0 + WHOLE
    row = address(LGAMMA_TABLE) + 16 + ((i64_reinterpret_f64(shifted) & 63) - 12) * 96
    high, rest = piece(row, x - (shifted - WHOLE) * 0.0625, low)
    high, rest = pair_times(high, rest, a, 0.0)
    high, rest = pair_sum(high, 0.0, rest, 0.0)
    b = a - 1.0
    high, rest = pair_times(high, rest, b, a - (b + 1.0))
    return pair_sum(high, 0.0, rest, 0.0)


# ln gamma(x) for x > 0, as a pair.
def lgamma_pair(x: float) -> tuple[float, float]:
    if x < 0.75:
        above = x + 1.0
        high, low = lgamma_near(above, (1.0 - above) + x, x)
        log, log_low = log_pair(x, 0.0)
        return pair_sum(-log, -log_low, high, low)
    if x <= 2.5:
        return lgamma_near(x, 0.0, x - 1.0)
    if x < 16.0:
        high, low = gamma_near(x, 0.0)
        return log_pair(high, low)
    return lgamma_far(x)


# sin(pi * x) for a finite x.
def sin_of_pi(x: float) -> float:
    whole = f64_nearest(x * 32.0)
    r, low = pair_product(x - whole * 0.03125, 0.0, 3.141592653589793, 1.2246467991473532e-16)
    high, rest = sin_pair(i64_trunc_sat_f64_s(whole - 64.0 * f64_floor(whole * 0.015625)), r, low)
    return high + rest


def math_gamma(x: float) -> float:
    if x != x or x == INFINITY:
        return x
    if x == -INFINITY or (x <= 0.0 and f64_floor(x) == x):
        raise ValueError("math domain error")
    if f64_abs(x) < 1.0e-20:
        return math_check(1.0 / x, True)
    if x < 0.0:
        if x < -190.0:
            return 0.0 if sin_of_pi(x) > 0.0 else -0.0
        if x > -15.0:
            high, low = gamma_pair(1.0 - x)
            return 3.141592653589793 / sin_of_pi(x) / high
        high, low = lgamma_far(1.0 - x)
        return 3.141592653589793 / sin_of_pi(x) * exp_pair(-high, -low)
    if x > 180.0:
        raise OverflowError("math range error")
    if x < 16.0:
        high, low = gamma_pair(x)
        return high + low
    high, low = lgamma_far(x)
    result = exp_pair(high, low)
    # Factorials that are floats are exact.
    return math_check(f64_nearest(result) if f64_floor(x) == x and x < 24.0 else result, True)


def math_lgamma(x: float) -> float:
    if x != x:
        return x
    if f64_abs(x) == INFINITY:
        return INFINITY
    if x <= 0.0 and f64_floor(x) == x:
        raise ValueError("math domain error")
    if x == 1.0 or x == 2.0:
        return 0.0
    if f64_abs(x) < 1.0e-20:
        return -raw_log(f64_abs(x))
    if x < 0.0:
        high, low = lgamma_pair(1.0 - x)
        return raw_log(3.141592653589793 / f64_abs(sin_of_pi(x))) - (high + low)
    if x > 1.0e305:
        return math_check(x * (raw_log(x) - 1.0), True)
    high, low = lgamma_pair(x)
    return high + low


# erf(x) as a pair for 0 <= x < 6.
@inline
def erf_pair(x: float) -> tuple[float, float]:
    shifted = x * 8.0 + WHOLE
    row = address(ERF_TABLE) + 16 + (i64_reinterpret_f64(shifted) & 63) * 96
    return piece(row, x - (shifted - WHOLE) * 0.125, 0.0)


def math_erf(x: float) -> float:
    size = f64_abs(x)
    if not (size < 6.0):
        return x if x != x else f64_copysign(1.0, x)
    high, low = erf_pair(size)
    return f64_copysign(high + low, x)


def math_erfc(x: float) -> float:
    if x >= 1.0:
        return erfc_far(x)
    if not (x > -6.0):
        return x if x != x else 2.0
    high, low = erf_pair(f64_abs(x))
    total = 1.0 - f64_copysign(high, x)
    rest = (1.0 - total) - f64_copysign(high, x)
    return total + (rest - (low if x > 0.0 else -low))


# erfc(x) from 1 on: e ** (-x*x) times t = 1 / (1 + x / 2) times a function of t that is nearly straight; as pairs, and times
# 2 ** 500 to the last step.
def erfc_far(x: float) -> float:
    if x > 28.0:
        return 0.0
    below = 1.0 + 0.5 * x
    t = 1.0 / below
    t_low = (product_rest(1.0, t, below) - t * ((1.0 - below) + 0.5 * x)) * t
    shifted = t * 32.0 + WHOLE
    row = address(ERFC_TABLE) + 16 + (i64_reinterpret_f64(shifted) & 31) * 96
    high, low = piece(row, t - (shifted - WHOLE) * 0.03125, t_low)
    high, low = pair_times(high, low, t, t_low)
    square = x * x
    n, r = exp_reduce(-square, product_rest(square, x, x))
    high, low = pair_times(high, low, exp_scale(n + 64000), 0.0)
    return (high + (low + (high + low) * exp_rest(n, r))) * 3.054936363499605e-151
