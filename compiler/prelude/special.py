# The gamma and error functions, in pairs where digits would be lost (see explog.py).


# ln gamma(x) for x > 0 as a pair: Stirling's series from 16 on, below by gamma(x) = gamma(x + n) / (x (x + 1) …).
def lgamma_pair(x: float) -> tuple[float, float]:
    y = x
    y_low = 0.0
    product = 1.0
    product_low = 0.0
    while y < 16.0:
        product, product_low = pair_product(product, product_low, y, y_low)
        y, y_low = pair_sum(1.0, 0.0, y, y_low) if y < 1.0 else pair_sum(y, y_low, 1.0, 0.0)
    high, low = log_pair(y, y_low)
    less, less_low = pair_sum(y, y_low, -0.5, 0.0)
    high, low = pair_product(less, less_low, high, low)
    high, low = pair_sum(high, low, -y, -y_low)
    z = 1.0 / y
    w = z * z
    series = z * (0.08333333333333333 - w * (0.002777777777777778 - w * (0.0007936507936507937 - w * (0.0005952380952380953 - w * (0.0008417508417508417 - w * (0.0019175269175269176 - w * 0.00641025641025641))))))
    high, low = pair_sum(high, low, 0.9189385332046728, -3.8782941580672414e-17)
    high, low = pair_sum(high, low, series, 0.0)
    if product != 1.0:
        other, other_low = log_pair(product, product_low)
        # Neither is the larger one for sure.
        total = high - other
        part = total - high
        low = ((high - (total - part)) - (other + part)) + (low - other_low)
        high = total
    return high, low


# sin(pi * x) for a finite x.
def sin_of_pi(x: float) -> float:
    whole = f64_nearest(x * 2.0)
    r, low = pair_product(x - 0.5 * whole, 0.0, 3.141592653589793, 1.2246467991473532e-16)
    k = i64_trunc_sat_f64_s(whole - 4.0 * f64_floor(whole * 0.25))
    if k & 1 == 0:
        high, tail = sin_pair(r, low)
    else:
        high, tail = cos_pair(r, low)
    return high + tail if k & 2 == 0 else -(high + tail)


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
        high, low = lgamma_pair(1.0 - x)
        return 3.141592653589793 / sin_of_pi(x) * exp_pair(-high, -low)
    if x > 180.0:
        raise OverflowError("math range error")
    high, low = lgamma_pair(x)
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


# erf(x) as a pair for 0 <= x < 3: 2 / sqrt(pi) * e**(-x*x) * (x + 2 x**3 / 3 + 4 x**5 / 15 + …), whose terms are positive.
def erf_pair(x: float) -> tuple[float, float]:
    square, square_low = pair_product(x, 0.0, x, 0.0)
    term = x
    term_low = 0.0
    total = x
    total_low = 0.0
    n = 1.0
    while term > total * 1.0e-22:
        n = n + 2.0
        term, term_low = pair_product(term, term_low, 2.0 * square, 2.0 * square_low)
        term, term_low = pair_quotient(term, term_low, n, 0.0)
        total, total_low = pair_sum(total, total_low, term, term_low) if total > term else pair_sum(term, term_low, total, total_low)
    high, low = exp_pair_long(-square, -square_low)
    total, total_low = pair_product(total, total_low, high, low)
    return pair_product(total, total_low, 1.1283791670955126, 1.533545961316588e-17)


def math_erf(x: float) -> float:
    size = f64_abs(x)
    if x != x or size < 1.0e-300:
        return x * 1.1283791670955126
    if size >= 6.0:
        return f64_copysign(1.0, x)
    if size < 3.0:
        high, low = erf_pair(size)
        return f64_copysign(high + low, x)
    return f64_copysign(1.0 - erfc_far(size), x)


def math_erfc(x: float) -> float:
    if x != x:
        return x
    if x >= 1.6:
        return erfc_far(x)
    if x <= -6.0:
        return 2.0
    if x <= -3.0:
        return 2.0 - erfc_far(-x)
    high, low = erf_pair(f64_abs(x)) if f64_abs(x) > 1.0e-300 else (0.0, 0.0)
    if x > 0.0:
        high = -high
        low = -low
    total, rest = pair_sum(1.0, 0.0, high, low)
    return total + rest


# erfc(x) from 1.6 on, by its continued fraction from the inside out.
def erfc_far(x: float) -> float:
    if x > 28.0:
        return 0.0
    fraction = x
    n = 120.0
    while n > 0.0:
        fraction = x + 0.5 * n / fraction
        n = n - 1.0
    square = x * x
    return exp_pair(-square, -float_product_error(x, x, square)) * 0.5641895835477563 / fraction
