# Where numbers of two kinds meet: an int compared with a float, by their exact values.


# Below 2**53 every int is a float; beyond, a float has no fraction, so it is compared as an int.
@inline
def int_eq_float(a: int, b: float) -> bool:
    return f64_convert_i64_s(a) == b and int_compare_float(a, b) == 0


@inline
def int_ne_float(a: int, b: float) -> bool:
    return not int_eq_float(a, b)


@inline
def int_lt_float(a: int, b: float) -> bool:
    x = f64_convert_i64_s(a)
    return x < b or (x == b and int_compare_float(a, b) < 0)


@inline
def int_le_float(a: int, b: float) -> bool:
    x = f64_convert_i64_s(a)
    return x < b or (x == b and int_compare_float(a, b) <= 0)


@inline
def int_gt_float(a: int, b: float) -> bool:
    x = f64_convert_i64_s(a)
    return x > b or (x == b and int_compare_float(a, b) > 0)


@inline
def int_ge_float(a: int, b: float) -> bool:
    x = f64_convert_i64_s(a)
    return x > b or (x == b and int_compare_float(a, b) >= 0)


@inline
def float_eq_int(a: float, b: int) -> bool:
    return int_eq_float(b, a)


@inline
def float_ne_int(a: float, b: int) -> bool:
    return not int_eq_float(b, a)


@inline
def float_lt_int(a: float, b: int) -> bool:
    return int_gt_float(b, a)


@inline
def float_le_int(a: float, b: int) -> bool:
    return int_ge_float(b, a)


@inline
def float_gt_int(a: float, b: int) -> bool:
    return int_lt_float(b, a)


@inline
def float_ge_int(a: float, b: int) -> bool:
    return int_le_float(b, a)


# The sign of a - b where they are equal once `a` is rounded to a float. 2**63 is beyond every int.
@inline
def int_compare_float(a: int, b: float) -> int:
    if b == 9223372036854775808.0:
        return -1
    whole = i64_trunc_sat_f64_s(b)
    return 0 if a == whole else (-1 if a < whole else 1)
