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


# x = k * pi/2 + r with |r| <= pi/4: k modulo 4, and r as a pair; x is finite. Below a million by four parts of pi/2 whose
# products with k are exact (Cody, Waite); beyond, with as many bits of 2/pi as matter.
def trig_reduce(x: float) -> tuple[int, float, float]:
    if not (f64_abs(x) < 1000000.0):
        return trig_reduce_far(x)
    k = f64_nearest(x * 0.6366197723675814)
    first = x - k * 1.5707963267341256
    part = k * 6.077100506303966e-11
    second = first - part
    back = second - first
    second_low = (first - (second - back)) - (part + back)
    part = k * 2.0222662487111665e-21
    third = second - part
    back = third - second
    third_low = (second - (third - back)) - (part + back)
    low = second_low + third_low - k * 8.4784276603689e-32
    r = third + low
    return i64_trunc_sat_f64_s(k) & 3, r, (third - r) + low


# Payne, Hanek, "Radian reduction for trigonometric functions", SIGNUM 18, 1983: of the product of x with the bits of
# 2/pi, those that stand for multiples of 4 are left out, and 128 bits from there on are enough.
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


# sin(r + low) as a sum of two, |r| <= pi/4: r - r**3/6 + …
@inline
def sin_pair(r: float, low: float) -> tuple[float, float]:
    z = r * r
    z_low = float_product_error(r, r, z)
    cube = r * z
    sixth = cube * -0.16666666666666666
    tail = z * cube * (
        0.008333333333333333
        + z * (-0.00019841269841268958 + z * 2.7557319222318445e-06)
        + z * z * z * (-2.5052107232936746e-08 + z * (1.605868368328571e-10 + z * -7.595260169253886e-13))
    )
    fine = float_product_error(r, z, cube) + r * z_low
    fine = float_product_error(cube, -0.16666666666666666, sixth) - cube * 9.25185853854297e-18 - fine * 0.16666666666666666
    total = r + sixth
    total_low = (r - total) + sixth
    return total, total_low + (tail + (fine + low * (1.0 - 0.5 * z)))


# cos(r + low) as a sum of two: 1 - r**2/2 + …
@inline
def cos_pair(r: float, low: float) -> tuple[float, float]:
    z = r * r
    z_low = float_product_error(r, r, z)
    half = 0.5 * z
    tail = z * z * (
        0.041666666666666664
        + z * (-0.0013888888888888887 + z * 2.4801587301584632e-05)
        + z * z * z * (-2.755731922139249e-07 + z * (2.0876755787492604e-09 + z * (-1.1470460319209511e-11 + z * 4.745838412531023e-14)))
    )
    total = 1.0 - half
    total_low = (1.0 - total) - half
    return total, total_low + (tail - (0.5 * z_low + r * low))


def raw_sin(x: float) -> float:
    if not (f64_abs(x) < INFINITY):
        return float_nan()
    if f64_abs(x) < 1.0e-8:
        return x
    k, r, low = trig_reduce(x)
    if k & 1 == 0:
        high, tail = sin_pair(r, low)
    else:
        high, tail = cos_pair(r, low)
    return high + tail if k & 2 == 0 else -(high + tail)


def raw_cos(x: float) -> float:
    if not (f64_abs(x) < INFINITY):
        return float_nan()
    k, r, low = trig_reduce(x)
    if k & 1 == 0:
        high, tail = cos_pair(r, low)
    else:
        high, tail = sin_pair(r, low)
    return high + tail if (k + 1) & 2 == 0 else -(high + tail)


# The quotient of both, as pairs.
def raw_tan(x: float) -> float:
    if not (f64_abs(x) < INFINITY):
        return float_nan()
    if f64_abs(x) < 1.0e-8:
        return x
    k, r, low = trig_reduce(x)
    sine, sine_low = sin_pair(r, low)
    cosine, cosine_low = cos_pair(r, low)
    sine, sine_low = pair_sum(sine, 0.0, sine_low, 0.0)
    cosine, cosine_low = pair_sum(cosine, 0.0, cosine_low, 0.0)
    if k & 1 == 0:
        quotient, rest = pair_quotient(sine, sine_low, cosine, cosine_low)
    else:
        quotient, rest = pair_quotient(-cosine, -cosine_low, sine, sine_low)
    return quotient + rest


# atan(t + low) as a pair for |t| <= 1: around c = 0, 1/4, 1/2, 3/4 or 1, whichever is nearest, of
# (t - c) / (1 + t * c), which is at most 1/8.
def atan_pair(t: float, low: float) -> tuple[float, float]:
    size = f64_abs(t)
    low = f64_copysign(1.0, t) * low
    c = f64_nearest(size * 4.0) * 0.25
    known = 0.7853981633974483
    known_low = 3.061616997868383e-17
    if c < 0.9:
        known = 0.6435011087932844
        known_low = 1.5834785051444286e-17
    if c < 0.7:
        known = 0.4636476090008061
        known_low = 2.2698777452961687e-17
    if c < 0.4:
        known = 0.24497866312686414
        known_low = 1.0698755618734451e-17
    if c < 0.2:
        known = 0.0
        known_low = 0.0
    top = size - c
    product = size * c
    divisor = 1.0 + product
    divisor_low = (1.0 - divisor) + product + low * c
    u, u_low = pair_quotient(top, low, divisor, divisor_low)
    z = u * u
    z_low = float_product_error(u, u, z) + 2.0 * u * u_low
    cube, cube_low = pair_product(z, z_low, u, u_low)
    third, third_low = pair_product(cube, cube_low, -0.3333333333333333, -1.850371707708594e-17)
    tail = cube * z * (
        (0.2 + z * -0.14285714285714282)
        + z * z * ((0.11111111111105065 + z * -0.0909090908787097) + z * z * (0.07692306942002458 + z * -0.06666565920023704))
        + z * z * z * z * z * z * (0.058748410736374025 + z * -0.049698010336577676)
    )
    high, rest = pair_sum(third, third_low, tail, 0.0)
    high, rest = pair_sum(u, u_low, high, rest)
    if c > 0.0:
        high, rest = pair_sum(known, known_low, high, rest)
    if t < 0.0:
        return -high, -rest
    return high, rest


def raw_atan(x: float) -> float:
    if x != x or x == 0.0:
        return x
    if f64_abs(x) <= 1.0:
        if f64_abs(x) < 1.0e-8:
            return x
        high, low = atan_pair(x, 0.0)
    else:
        if f64_abs(x) > 1.0e17:
            return f64_copysign(HALF_PI, x)
        t, t_low = pair_quotient(-1.0, 0.0, x, 0.0)
        high, low = atan_pair(t, t_low)
        sign = f64_copysign(1.0, x)
        high, low = pair_sum(sign * HALF_PI, sign * HALF_PI_LOW, high, low)
    return high + low


# The angle of the point (x, y): the smaller of both over the larger one, then the octant.
def raw_atan2(y: float, x: float) -> float:
    if x != x or y != y:
        return float_nan()
    if y == 0.0:
        return y if f64_copysign(1.0, x) > 0.0 else f64_copysign(3.141592653589793, y)
    width = f64_abs(x)
    height = f64_abs(y)
    if width == INFINITY and height == INFINITY:
        width = 1.0
        height = 1.0
    steep = height > width
    a = width if steep else height
    b = height if steep else width
    if b == INFINITY:
        a = 0.0
    elif b < 1.0e-200:
        a = a * 1.3407807929942597e154
        b = b * 1.3407807929942597e154
    if a < b * 1.0e-20:
        high = a / b
        low = 0.0
    else:
        if b > 1.0e200:
            a = a * 7.458340731200207e-155
            b = b * 7.458340731200207e-155
        t, t_low = pair_quotient(a, 0.0, b, 0.0)
        high, low = atan_pair(t, t_low)
    if steep:
        high, low = pair_sum(HALF_PI, HALF_PI_LOW, -high, -low)
    if f64_copysign(1.0, x) < 0.0:
        high, low = pair_sum(3.141592653589793, 1.2246467991473532e-16, -high, -low)
    return f64_copysign(high + low, y)


# asin(x) is the angle of (sqrt(1 - x*x), x), acos(x) that of (x, sqrt(1 - x*x)); 1 - x*x = (1 - x) * (1 + x) as a pair.
def raw_asin(x: float) -> float:
    if not (f64_abs(x) <= 1.0):
        return float_nan()
    if f64_abs(x) < 1.0e-8:
        return x
    size = f64_abs(x)
    root, root_low = one_minus_square_root(size)
    if size <= root:
        t, t_low = pair_quotient(size, 0.0, root, root_low)
        high, low = atan_pair(t, t_low)
    else:
        t, t_low = pair_quotient(root, root_low, size, 0.0)
        high, low = atan_pair(t, t_low)
        high, low = pair_sum(HALF_PI, HALF_PI_LOW, -high, -low)
    return f64_copysign(high + low, x)


def raw_acos(x: float) -> float:
    if not (f64_abs(x) <= 1.0):
        return float_nan()
    if x == 1.0:
        return 0.0
    size = f64_abs(x)
    root, root_low = one_minus_square_root(size)
    if size <= root:
        t, t_low = pair_quotient(x, 0.0, root, root_low)
        high, low = atan_pair(t, t_low)
        high, low = pair_sum(HALF_PI, HALF_PI_LOW, -high, -low)
    else:
        t, t_low = pair_quotient(root, root_low, size, 0.0)
        high, low = atan_pair(t, t_low)
        if x < 0.0:
            high, low = pair_sum(3.141592653589793, 1.2246467991473532e-16, -high, -low)
    return high + low


# sqrt(1 - x*x), 0 <= x <= 1
def one_minus_square_root(x: float) -> tuple[float, float]:
    if x == 1.0:
        return 0.0, 0.0
    below = 1.0 - x
    above = 1.0 + x
    high, low = pair_product(below, (1.0 - below) - x, above, (1.0 - above) + x)
    return pair_sqrt(high, low)
