# The module `operator`.


def operator_add(a, b):
    return a + b


def operator_sub(a, b):
    return a - b


def operator_mul(a, b):
    return a * b


def operator_truediv(a, b):
    return a / b


def operator_floordiv(a, b):
    return a // b


def operator_mod(a, b):
    return a % b


def operator_pow(a, b):
    return a**b


def operator_neg(a):
    return -a


def operator_and_(a, b):
    return a & b


def operator_or_(a, b):
    return a | b


def operator_xor(a, b):
    return a ^ b


def operator_not_(a) -> bool:
    return not a


def operator_lt(a, b):
    return a < b


def operator_le(a, b):
    return a <= b


def operator_eq(a, b):
    return a == b


def operator_ne(a, b):
    return a != b


def operator_gt(a, b):
    return a > b


def operator_ge(a, b):
    return a >= b


def operator_contains(a, b) -> bool:
    return b in a


def operator_getitem(a, b):
    return a[b]


def operator_concat(a, b):
    return a + b
