# Functions of binary32, computed in binary64 (see explog.py, trig.py): the same tables, without the digits that rounding to
# binary32 drops. At most 0.51 units in the last place.


@inline
def single_exp(x: float) -> float:
    if not (f64_abs(x) < 700.0):
        return exp_edge(x, 0.0)
    return single_exp_near(x)


@inline
def single_exp_near(x: float) -> float:
    shifted = x * 184.6649652337873 + WHOLE
    n = i64_reinterpret_f64(shifted)
    r = x - (shifted - WHOLE) * 0.005415212348124573
    scale = exp_scale(n)
    return scale + scale * (r + r * r * (0.5 + r * 0.16666666666666666))


@inline
def single_log(x: float) -> float:
    if not (x >= SMALLEST_NORMAL and x < INFINITY):
        return log_edge(x)
    k, r, row = log_reduce(x)
    square = r * r
    return (whole_float(k) * 0.6931471805599453 + load_f64(row + 8)) + (
        r + square * ((-0.5 + r * 0.3333333333333333) + square * (-0.25 + r * 0.2))
    )


@inline
def single_circle(x: float, turn: int) -> float:
    shifted = x * 10.185916357881302 + WHOLE
    k = shifted - WHOLE
    n = i64_reinterpret_f64(shifted) + turn
    r = ((x - k * 0.09817477036267519) - k * 6.200585184190643e-11) - k * -3.1118726446749437e-18
    table = address(SIN_TABLE) + 16
    row = table + ((n & 63) << 4)
    quarter = table + (((n + 16) & 63) << 4)
    sine = load_f64(row) + load_f64(row + 8)
    cosine = load_f64(quarter) + load_f64(quarter + 8)
    z = r * r
    return sine + (cosine * (r + r * z * (-0.16666666666666666 + z * 0.008333333333333333)) + sine * (z * (-0.5 + z * 0.041666666666666664)))


def single_sin(x: float) -> float:
    if not (f64_abs(x) < 1000000.0):
        return sin_far(x, 0)
    return select(f64_abs(x) < 1.0e-8, x, single_circle(x, 0))


def single_cos(x: float) -> float:
    if not (f64_abs(x) < 1000000.0):
        return sin_far(x, 16)
    return single_circle(x, 16)


# The logarithm needs all digits of a float, the product no more.
def single_pow(base: float, exponent: float) -> float:
    if base >= SMALLEST_NORMAL and base < INFINITY:
        product = exponent * log_near(base, 0)
        if f64_abs(product) < 700.0:
            return select(exponent == 2.0, base * base, single_exp_near(product))
    return pow_edge(base, exponent)
