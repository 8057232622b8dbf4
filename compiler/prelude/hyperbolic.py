# Hyperbolic functions and their inverses; roots (see explog.py).


# sinh(c) and cosh(c) of the c = n ln(2) / 128 nearest to 0 <= x <= 708, from the table of e**c, as pairs; sinh(r) - r and
# cosh(r) - 1 of what is left; and r.
@inline
def hyperbolic_parts(x: float):
    n, r, r_low = exp_reduce_exactly(x)
    up = 0.5 * exp_scale(n)
    down = 0.5 * exp_scale(0 - n)
    up_low = up * load_f64(exp_row(n))
    down_low = down * load_f64(exp_row(0 - n))
    sine = up - down
    sine_low = ((up - sine) - down) + (up_low - down_low)
    cosine = up + down
    cosine_low = ((up - cosine) + down) + (up_low + down_low)
    square = r * r
    odd = r_low + r * square * (0.16666666666666666 + square * 0.008333333333333333)
    even = square * (0.5 + square * 0.041666666666666664)
    return sine, sine_low, cosine, cosine_low, r, odd, even


# sinh(c + r) = sinh(c) cosh(r) + cosh(c) sinh(r), as a pair: sinh(c) + r is summed without loss.
@inline
def sinh_pair(sine: float, sine_low: float, cosine: float, cosine_low: float, r: float, odd: float, even: float) -> tuple[float, float]:
    high = sine + r
    rest = sine_low + ((cosine - 1.0 + cosine_low) * r + (cosine * odd + sine * even))
    return high, ((sine - high) + r) + rest


@inline
def cosh_pair(sine: float, sine_low: float, cosine: float, cosine_low: float, r: float, odd: float, even: float) -> tuple[float, float]:
    return cosine, cosine_low + (sine * (r + odd) + cosine * even)


def raw_sinh(x: float) -> float:
    size = f64_abs(x)
    if not (size < 708.0):
        return f64_copysign(exp_half(size), x)
    sine, sine_low, cosine, cosine_low, r, odd, even = hyperbolic_parts(size)
    high, low = sinh_pair(sine, sine_low, cosine, cosine_low, r, odd, even)
    return f64_copysign(high + low, x)


def raw_cosh(x: float) -> float:
    size = f64_abs(x)
    if not (size < 708.0):
        return exp_half(size)
    sine, sine_low, cosine, cosine_low, r, odd, even = hyperbolic_parts(size)
    high, low = cosh_pair(sine, sine_low, cosine, cosine_low, r, odd, even)
    return high + low


# e**x / 2 for x >= 708, which is in range a little longer than e**x; or nan.
def exp_half(x: float) -> float:
    return exp_near(f64_min(x, 720.0), 0.0, -64) * 9223372036854775808.0


# The quotient of both; from 22 on it is 1.
def raw_tanh(x: float) -> float:
    sine, sine_low, cosine, cosine_low, r, odd, even = hyperbolic_parts(f64_min(f64_abs(x), 22.0))
    high, low = sinh_pair(sine, sine_low, cosine, cosine_low, r, odd, even)
    below, below_low = cosh_pair(sine, sine_low, cosine, cosine_low, r, odd, even)
    high, low = pair_sum(high, 0.0, low, 0.0)
    below, below_low = pair_sum(below, 0.0, below_low, 0.0)
    quotient, rest = pair_quotient(high, low, below, below_low)
    return f64_copysign(quotient + rest, x)


# ln(x + sqrt(x*x + 1)); near 0 as log1p of x + x*x / (1 + sqrt(x*x + 1)).
def raw_asinh(x: float) -> float:
    size = f64_abs(x)
    if size < 1.0e-8 or not (size < INFINITY):
        return x
    if size > 1.0e9:
        high, low = log_pair(size, 0.0)
        high, low = pair_sum(high, low, LN2_HIGH, LN2_LOW)
        return f64_copysign(high + low, x)
    square, square_low = pair_product(size, 0.0, size, 0.0)
    above, above_low = pair_sum(1.0, 0.0, square, square_low) if square < 1.0 else pair_sum(square, square_low, 1.0, 0.0)
    root, root_low = pair_sqrt(above, above_low)
    # x*x / (1 + root) + x is what 1 + … holds beyond 1.
    root, root_low = pair_sum(root, root_low, 1.0, 0.0)
    part, part_low = pair_quotient(square, square_low, root, root_low)
    part, part_low = pair_sum(size, 0.0, part, part_low) if size > part else pair_sum(part, part_low, size, 0.0)
    return f64_copysign(log1p_pair(part, part_low), x)


# ln(x + sqrt(x*x - 1)), likewise: with t = x - 1, log1p of t + sqrt(2t + t*t).
def raw_acosh(x: float) -> float:
    if not (x >= 1.0):
        return float_nan()
    if x == INFINITY:
        return x
    if x > 1.0e9:
        high, low = log_pair(x, 0.0)
        high, low = pair_sum(high, low, LN2_HIGH, LN2_LOW)
        return high + low
    t = x - 1.0
    if t == 0.0:
        return 0.0
    # x*x - 1 = t * (x + 1)
    above = x + 1.0
    square, square_low = pair_product(t, 0.0, above, (x - above) + 1.0)
    root, root_low = pair_sqrt(square, square_low)
    part, part_low = pair_sum(root, root_low, t, 0.0)
    return log1p_pair(part, part_low)


# ln((1 + x) / (1 - x)) / 2, as log1p of 2x / (1 - x).
def raw_atanh(x: float) -> float:
    size = f64_abs(x)
    if not (size < 1.0):
        return f64_copysign(INFINITY, x) if size == 1.0 else float_nan()
    if size < 1.0e-8:
        return x
    below = 1.0 - size
    part, part_low = pair_quotient(2.0 * size, 0.0, below, (1.0 - below) - size)
    return f64_copysign(0.5 * log1p_pair(part, part_low), x)


# ln(1 + (x + low)) for x > 0
def log1p_pair(x: float, low: float) -> float:
    total, rest = pair_sum(1.0, 0.0, x, low) if x < 1.0 else pair_sum(x, low, 1.0, 0.0)
    high, tail = log_pair(total, rest)
    return high + tail


# sqrt(x*x + y*y): the root of the rounded sum, and what is missing from its square.
def raw_hypot(x: float, y: float) -> float:
    a = f64_max(f64_abs(x), f64_abs(y))
    b = f64_min(f64_abs(x), f64_abs(y))
    if not (b > 1.0e-130 and a < 1.0e150):
        return hypot_edge(x, y)
    return hypot_near(a, b)


# a >= b. With d = root - a, which is exact, a*a + b*b - root*root = b*b - d * (root + a).
@inline
def hypot_near(a: float, b: float) -> float:
    root = f64_sqrt(a * a + b * b)
    d = root - a
    above = root + a
    above_low = (root - above) + a
    head = float_head(b)
    d_head = float_head(d)
    above_head = float_head(above)
    rest = (head * head - d_head * above_head) + ((b - head) * (b + head) - (d_head * (above - above_head) + (d - d_head) * above)) - d * above_low
    return root + rest * 0.5 / root


# Out of the way of overflow and underflow by a power of two.
@rare
def hypot_edge(x: float, y: float) -> float:
    if f64_abs(x) == INFINITY or f64_abs(y) == INFINITY:
        return INFINITY
    a = f64_max(f64_abs(x), f64_abs(y))
    b = f64_min(f64_abs(x), f64_abs(y))
    if not (b >= a * 1.0e-20) or a == 0.0:
        return a
    if a > 1.0e100:
        return hypot_near(a * 7.458340731200207e-155, b * 7.458340731200207e-155) * 1.3407807929942597e154
    if a < 1.0e-200:
        a = a * 1.3407807929942597e154
        b = b * 1.3407807929942597e154
        return hypot_near(a * 1.3407807929942597e154, b * 1.3407807929942597e154) * 7.458340731200207e-155 * 7.458340731200207e-155
    if a < 1.0e-100:
        return hypot_near(a * 1.3407807929942597e154, b * 1.3407807929942597e154) * 7.458340731200207e-155
    return hypot_near(a, b)


# A third of the bits is a first guess y, to 4 %; with e = y**3 / x - 1, y * (1 + e) ** (-1/3) is right to 22 bits, and when
# they are cut to 26, one step of Newton's method with an exact square is right to the last.
def raw_cbrt(x: float) -> float:
    size = f64_abs(x)
    if not (size >= SMALLEST_NORMAL and size < INFINITY):
        return cbrt_edge(x)
    return f64_copysign(cbrt_near(size), x)


@rare
def cbrt_edge(x: float) -> float:
    size = f64_abs(x)
    if not (size > 0.0 and size < INFINITY):
        return x
    return f64_copysign(cbrt_near(size * 18014398509481984.0) * 3.814697265625e-06, x)


@inline
def cbrt_near(x: float) -> float:
    # Of the upper half of the bits, a third: vectors multiply, but do not divide.
    third = i64_shr_u(i64_shr_u(i64_reinterpret_f64(x), 32) * 1431655766, 32)
    y = f64_reinterpret_i64((third << 32) + 3071297319879720305)
    e = y * y * (y / x) - 1.0
    y = y + y * e * (-0.3333333341825126 + e * (0.2222193926199975 + e * (-0.17283581157288744 + e * (0.14528935497015527 + e * -0.12613374241218772))))
    y = float_head(y)
    square = y * y
    quotient = x / square
    return y + y * ((quotient - y) / (y + y + quotient))
