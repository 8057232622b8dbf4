# Trigonometric functions and their inverses. As in explog.py: `raw_…` raises nothing, pairs are unrounded sums.

HALF_PI = 1.5707963267948966
HALF_PI_LOW = 6.123233995736766e-17

# 2/pi in binary, least significant byte first, after 32 bits of zeros at the other end.
TWO_OVER_PI = (
    b"\xbc\xcf\xf0\xab\x6b\x7b\xfc\x46\x30\x03\x56\x08\x5d\x8d\x1f\xb1\x5f\xfb\x6b\xea"
    b"\x92\x52\x8a\xf7\x39\x07\x3d\x7b\xf1\xe5\xeb\xc7\xba\x27\x75\x2d\xea\x5f\x9e\x66"
    b"\x3f\x46\x4f\xb7\x09\xcb\x27\xcf\x7e\x36\x6d\x1f\x6d\x0a\x5a\x8b\x11\x2f\xef\x0f"
    b"\x98\x05\xde\xff\x97\xf8\x1f\x3b\x28\xf9\xbd\x8b\x5f\x84\x9c\xf4\x39\x53\x83\x39"
    b"\xd6\x91\x39\x41\x7e\x5f\xb4\x26\x70\x9c\xe9\x84\x44\xbb\x2e\xf5\x35\x82\xe8\x3e"
    b"\xa7\x29\xb1\x1c\xeb\x1d\xfe\x1c\x92\xd1\x09\xea\x2e\x49\x06\xe0\xd2\x4d\x42\x3a"
    b"\x6e\x24\xb7\x61\xc5\xbb\xde\xab\x63\x51\xfe\x41\x90\x43\x3c\x99\x95\x62\xdb\xc0"
    b"\xdd\x34\xf5\xd1\x57\x27\xfc\x29\x15\x44\x4e\x6e\x83\xf9\xa2\x00\x00\x00\x00"
)


# x = n * pi/32 + r with |r| <= pi/64: n, and r as a pair; |x| is below a million. By four parts of pi/32: the products of
# the first three with n are exact, and so are the first two differences, which end above 2**-57.
@inline
def trig_reduce(x: float, low: float) -> tuple[int, float, float]:
    shifted = x * 10.185916357881302 + WHOLE
    n = shifted - WHOLE
    start = (x - n * 0.09817477036267519) - n * 6.200585184190643e-11
    part = n * -3.1118726446749437e-18
    r = start - part
    return i64_reinterpret_f64(shifted), r, ((start - r) - part) + (low + n * 1.1896806012620791e-26)


# x = k * pi/2 + r with |r| <= pi/4: k modulo 4, and r as a pair; x is finite. Payne, Hanek, "Radian reduction for trigonometric functions", SIGNUM 18, 1983: of the product of x with the bits of
# 2/pi, those that stand for multiples of 4 are left out, and 128 bits from there on are enough.
@rare
def trig_reduce_far(x: float) -> tuple[int, float, float]:
    mantissa = float_mantissa(x)
    place = float_exponent(x) - 1075 + 30
    p = address(TWO_OVER_PI) + 16 + (159 - 8 - (place >> 3))
    shift = place & 7
    a = load_i64(p)
    b = load_i64(p - 8)
    c = load_i64(p - 16)
    a = (a << shift) | i64_shr_u(i64_shr_u(b, 1), 63 - shift)
    b = (b << shift) | i64_shr_u(i64_shr_u(c, 1), 63 - shift)
    c = (c << shift) | i64_shr_u(load_u8(p - 17), 8 - shift)
    low = mantissa * b
    carry = low + int_mul_high(mantissa, c)
    high = mantissa * a + int_mul_high(mantissa, b)
    if i64_lt_u(carry, low):
        high = high + 1
    low = carry
    k = i64_shr_u(high, 62)
    high = (high << 2) | i64_shr_u(low, 62)
    low = low << 2
    negative = high < 0
    if negative:
        k = k + 1
        high = (high ^ -1) + (1 if low == 0 else 0)
        low = 0 - low
    shift = i64_clz(high) & 63
    high = (high << shift) | i64_shr_u(i64_shr_u(low, 1), 63 - shift)
    low = low << shift
    top = f64_convert_i64_s(i64_shr_u(high, 11)) * float_power_of_two(-53 - shift)
    rest = f64_convert_i64_s(((high & 0x7FF) << 52) | i64_shr_u(low, 12)) * float_power_of_two(-116 - shift)
    r, r_low = pair_product(top, rest, HALF_PI, HALF_PI_LOW)
    if negative != (x < 0.0):
        r = -r
        r_low = -r_low
    return (0 - k if x < 0.0 else k) & 3, r, r_low


# sin(n * pi/32 + r + low) as a sum of two, |r| <= pi/64: with sine S and cosine C from the table, S + C * r + …, of which
# these two are exact when r is cut to 26 bits, as C has 27 (Gal, "Computing elementary functions: a new approach for
# achieving high accuracy and good performance", 1986).
@inline
def sin_pair(n: int, r: float, low: float) -> tuple[float, float]:
    table = address(SIN_TABLE) + 16
    row = table + ((n & 63) << 4)
    quarter = table + (((n + 16) & 63) << 4)
    sine = load_f64(row)
    sine_low = load_f64(row + 8)
    cosine = load_f64(quarter)
    cosine_low = load_f64(quarter + 8)
    z = r * r
    fourth = z * z
    odd = (-0.16666666666666666 + z * 0.008333333333333245) + fourth * (-0.0001984126982301584 + z * 2.7556109537057057e-06)
    even = (-0.5 + z * 0.0416666666666657) + fourth * (-0.0013888888868809589 + z * 2.4800256651114155e-05)
    head = float_head(r)
    start = cosine * head
    high = sine + start
    curve = (cosine + cosine_low) * (r * z * odd) + (sine + sine_low) * (z * even)
    rest = (sine_low + cosine_low * r) + (cosine * ((r - head) + low) + curve)
    return high, ((sine - high) + start) + rest


# The cosine is the sine a quarter of a turn further.
def raw_sin(x: float) -> float:
    if not (f64_abs(x) < 1000000.0):
        return sin_far(x, 0)
    n, r, low = trig_reduce(x, 0.0)
    high, rest = sin_pair(n, r, low)
    return select(f64_abs(x) < 1.0e-8, x, high + rest)


def raw_cos(x: float) -> float:
    if not (f64_abs(x) < 1000000.0):
        return sin_far(x, 16)
    n, r, low = trig_reduce(x, 0.0)
    high, rest = sin_pair(n + 16, r, low)
    return high + rest


# sin(x + turn * pi/32)
@rare
def sin_far(x: float, turn: int) -> float:
    if not (f64_abs(x) < INFINITY):
        return float_nan()
    k, r, low = trig_reduce_far(x)
    n, r, low = trig_reduce(r, low)
    high, rest = sin_pair(n + k * 16 + turn, r, low)
    return high + rest


# The quotient of both, as pairs.
def raw_tan(x: float) -> float:
    if not (f64_abs(x) < 1000000.0):
        return tan_far(x)
    n, r, low = trig_reduce(x, 0.0)
    return select(f64_abs(x) < 1.0e-8, x, tan_near(n, r, low))


@inline
def tan_near(n: int, r: float, low: float) -> float:
    sine, sine_low = sin_pair(n, r, low)
    cosine, cosine_low = sin_pair(n + 16, r, low)
    sine, sine_low = pair_sum(sine, 0.0, sine_low, 0.0)
    cosine, cosine_low = pair_sum(cosine, 0.0, cosine_low, 0.0)
    quotient, rest = pair_quotient(sine, sine_low, cosine, cosine_low)
    return quotient + rest


@rare
def tan_far(x: float) -> float:
    if not (f64_abs(x) < INFINITY):
        return float_nan()
    k, r, low = trig_reduce_far(x)
    n, r, low = trig_reduce(r, low)
    return tan_near(n + k * 16, r, low)


# f(c + r + low) as a pair, from the row of a table for c: f(c) in two parts, f'(c) - 1, and the further coefficients. f(c)
# is not below |r|, or 0.
@inline
def piece(row, r: float, low: float) -> tuple[float, float]:
    value = load_f64(row)
    high = value + r
    slope = load_f64(row + 16)
    square = r * r
    fourth = square * square
    p = (
        (slope + r * load_f64(row + 24))
        + square * (load_f64(row + 32) + r * load_f64(row + 40))
        + fourth * ((load_f64(row + 48) + r * load_f64(row + 56)) + square * (load_f64(row + 64) + r * load_f64(row + 72)))
        + fourth * fourth * (load_f64(row + 80) + r * load_f64(row + 88))
    )
    return high, ((value - high) + r) + (load_f64(row + 8) + (low * (1.0 + slope) + r * p))


# atan(t + low) as a pair for 0 <= t <= 1.
@inline
def atan_pair(t: float, low: float) -> tuple[float, float]:
    shifted = t * 16.0 + WHOLE
    n = i64_reinterpret_f64(shifted) & 31
    row = address(ATAN_TABLE) + 16 + ((n << 6) + (n << 5))
    return piece(row, t - (shifted - WHOLE) * 0.0625, low)


# asin(t + low) as a pair for 0 <= t <= 1/2.
@inline
def asin_pair(t: float, low: float) -> tuple[float, float]:
    shifted = t * 32.0 + WHOLE
    n = i64_reinterpret_f64(shifted) & 31
    row = address(ASIN_TABLE) + 16 + ((n << 6) + (n << 5))
    return piece(row, t - (shifted - WHOLE) * 0.03125, low)


# The angle of the point (b, a), 0 <= a <= b, both far from the ends of the exponents; or what makes it that of another
# octant: base -/+ it.
@inline
def octant(a: float, b: float, base: float, base_low: float, negative: bool) -> float:
    inverse = 1.0 / b
    t = a * inverse
    high, low = atan_pair(t, product_rest(a, t, b) * inverse)
    high = select(negative, -high, high)
    low = select(negative, -low, low)
    total = base + high
    return total + (((base - total) + high) + (base_low + low))


def raw_atan(x: float) -> float:
    size = f64_abs(x)
    if not (size < 1.0e17):
        return x if x != x else f64_copysign(HALF_PI, x)
    steep = size > 1.0
    result = octant(
        f64_min(size, 1.0), f64_max(size, 1.0), select(steep, HALF_PI, 0.0), select(steep, HALF_PI_LOW, 0.0), steep
    )
    return select(size < 1.0e-8, x, f64_copysign(result, x))


# The angle of the point (x, y): the smaller of both over the larger one, then the octant.
def raw_atan2(y: float, x: float) -> float:
    width = f64_abs(x)
    height = f64_abs(y)
    a = f64_min(width, height)
    b = f64_max(width, height)
    if not (a > 1.0e-130 and b < 1.0e150):
        return atan2_edge(y, x)
    return atan2_near(y, x, a, b)


@inline
def atan2_near(y: float, x: float, a: float, b: float) -> float:
    steep = f64_abs(y) > f64_abs(x)
    left = x < 0.0
    base = select(steep, HALF_PI, select(left, 3.141592653589793, 0.0))
    base_low = select(steep, HALF_PI_LOW, select(left, 1.2246467991473532e-16, 0.0))
    return f64_copysign(octant(a, b, base, base_low, steep != left), y)


# Points on the axes, at infinity, and far out or in.
@rare
def atan2_edge(y: float, x: float) -> float:
    if x != x or y != y:
        return float_nan()
    if y == 0.0:
        return y if f64_copysign(1.0, x) > 0.0 else f64_copysign(3.141592653589793, y)
    width = f64_abs(x)
    height = f64_abs(y)
    if width == INFINITY and height == INFINITY:
        width = 1.0
        height = 1.0
    elif width == INFINITY:
        height = 0.0
        width = 1.0
    elif height == INFINITY:
        width = 0.0
        height = 1.0
    else:
        b = f64_max(width, height)
        if b > 1.0e100:
            width = width * 7.458340731200207e-155
            height = height * 7.458340731200207e-155
        elif b < 1.0e-100:
            width = width * 1.3407807929942597e154 * 1.3407807929942597e154
            height = height * 1.3407807929942597e154 * 1.3407807929942597e154
    a = f64_min(width, height)
    b = f64_max(width, height)
    if a < b * 1.0e-20:
        if height < width and x > 0.0:
            return y / x
        base = HALF_PI if height > width else 3.141592653589793
        return f64_copysign(base, y)
    return f64_copysign(atan2_near(height, f64_copysign(width, x), a, b), y)


# asin(x) from 1/2 on is pi/2 - 2 asin(sqrt((1 - x) / 2)): the argument of either as a pair.
@inline
def asin_argument(size: float) -> tuple[float, float]:
    rest = (1.0 - size) * 0.5
    root = f64_sqrt(rest)
    root_low = product_rest(rest, root, root) / (root + root + 1.0e-300)
    large = size > 0.5
    return select(large, root, size), select(large, root_low, 0.0)


def raw_asin(x: float) -> float:
    size = f64_abs(x)
    if not (size <= 1.0):
        return float_nan()
    t, low = asin_argument(size)
    high, low = asin_pair(t, low)
    total = HALF_PI - 2.0 * high
    mirrored = total + (((HALF_PI - total) - 2.0 * high) + (HALF_PI_LOW - 2.0 * low))
    return select(size < 1.0e-8, x, f64_copysign(select(size > 0.5, mirrored, high + low), x))


# pi/2 - asin(x), which from 1/2 on is 2 asin(sqrt((1 - x) / 2)), and below -1/2 pi less that of -x.
def raw_acos(x: float) -> float:
    size = f64_abs(x)
    if not (size <= 1.0):
        return float_nan()
    t, low = asin_argument(size)
    high, low = asin_pair(t, low)
    large = size > 0.5
    high = select(large, 2.0 * high, f64_copysign(high, x))
    low = select(large, 2.0 * low, select(x < 0.0, -low, low))
    base = select(large, 3.141592653589793, HALF_PI)
    total = base - high
    mirrored = total + (((base - total) - high) + (select(large, 1.2246467991473532e-16, HALF_PI_LOW) - low))
    return select(large and x > 0.0, high + low, mirrored)
