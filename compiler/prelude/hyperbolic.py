# Hyperbolic functions and their inverses, from exponentials and logarithms in pairs (see explog.py).


# (e**x - e**-x) / 2; by its series near 0, where the two cancel.
def raw_sinh(x: float) -> float:
    size = f64_abs(x)
    if size < 0.3:
        z = x * x
        cube = z * x
        tail = z * cube * (0.008333333333333333 + z * (0.0001984126984126984 + z * (2.7557319223985893e-06 + z * (2.505210838544172e-08 + z * 1.6059043836821613e-10))))
        return x + (cube * 0.16666666666666666 + tail)
    if not (size < 40.0):
        return f64_copysign(exp_half(size), x)
    high, low = exp_pair_long(size, 0.0)
    other, other_low = pair_quotient(1.0, 0.0, high, low)
    high, low = pair_sum(high, low, -other, -other_low)
    return f64_copysign(0.5 * (high + low), x)


def raw_cosh(x: float) -> float:
    size = f64_abs(x)
    if not (size < 40.0):
        return exp_half(size)
    high, low = exp_pair_long(size, 0.0)
    other, other_low = pair_quotient(1.0, 0.0, high, low)
    high, low = pair_sum(high, low, other, other_low)
    return 0.5 * (high + low)


# e**x / 2, which is in range a little longer than e**x.
def exp_half(x: float) -> float:
    if x < 709.0:
        return 0.5 * exp_pair(x, 0.0)
    return exp_pair(x - 0.5 * LN2_HIGH - 0.5 * LN2_HIGH, -LN2_LOW) if x < 720.0 else x * INFINITY


# 1 - 2 / (e**2x + 1)
def raw_tanh(x: float) -> float:
    size = f64_abs(x)
    if size < 1.0e-8 or x != x:
        return x
    if size > 20.0:
        return f64_copysign(1.0, x)
    if size < 0.17:
        # e**2x - 1 as a pair, by its series.
        t = 2.0 * size
        square = t * t
        p = 0.16666666666666666 + t * (0.041666666666666664 + t * (0.008333333333333333 + t * (0.001388888888888889 + t * (0.0001984126984126984 + t * (2.48015873015873e-05 + t * (2.7557319223985893e-06 + t * (2.755731922398589e-07 + t * (2.505210838544172e-08 + t * (2.08767569878681e-09 + t * (1.6059043836821613e-10 + t * 1.1470745597729725e-11))))))))))
        high, low = pair_sum(0.5 * square, 0.5 * float_product_error(t, t, square), square * t * p, 0.0)
        high, low = pair_sum(t, 0.0, high, low)
    else:
        high, low = exp_pair_long(2.0 * size, 0.0)
        if high >= 1.0:
            high, low = pair_sum(high, low, -1.0, 0.0)
    above, above_low = pair_sum(2.0, 0.0, high, low) if high < 2.0 else pair_sum(high, low, 2.0, 0.0)
    quotient, rest = pair_quotient(high, low, above, above_low)
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


# sqrt(x*x + y*y), out of the way of overflow and underflow by a power of two.
def raw_hypot(x: float, y: float) -> float:
    a = f64_abs(x)
    b = f64_abs(y)
    if a == INFINITY or b == INFINITY:
        return INFINITY
    large = f64_max(a, b)
    small = f64_min(a, b)
    if not (large > 0.0) or small == 0.0:
        return large
    scale = 1.0
    if large > 1.0e150:
        scale = 1.3407807929942597e154
    elif large < 1.0e-150:
        scale = 7.458340731200207e-155
        if large < 1.0e-300:
            large = large * 1.3407807929942597e154
            small = small * 1.3407807929942597e154
            return hypot_pair(large * 1.3407807929942597e154, small * 1.3407807929942597e154) * 7.458340731200207e-155 * 7.458340731200207e-155
    if small < large * 1.0e-20:
        return large
    return hypot_pair(large / scale, small / scale) * scale


def hypot_pair(a: float, b: float) -> float:
    high, low = pair_product(a, 0.0, a, 0.0)
    other, other_low = pair_product(b, 0.0, b, 0.0)
    high, low = pair_sum(high, low, other, other_low)
    root, rest = pair_sqrt(high, low)
    return root + rest


# The third of the logarithm: exact cubes have exact roots, as the result is right to more digits than it has.
def raw_cbrt(x: float) -> float:
    size = f64_abs(x)
    if not (size > 0.0 and size < INFINITY):
        return x
    scale = 1.0
    if size < 2.2250738585072014e-308:
        size = size * 18014398509481984.0
        scale = 3.814697265625e-06
    high, low = log_pair(size, 0.0)
    high, low = pair_product(high, low, 0.3333333333333333, 1.850371707708594e-17)
    return f64_copysign(exp_pair(high, low) * scale, x)
