# Text of ints, and ints of text.


# How many decimal digits the unsigned number has.
def digit_count(n: int) -> int:
    count = 1
    while i64_ge_u(n, 10):
        n = i64_div_u(n, 10)
        count += 1
    return count


# Writes the last `count` decimal digits of the unsigned number at `to`.
def put_digits(to: ptr, n: int, count: int) -> None:
    while count > 0:
        count -= 1
        quotient = i64_div_u(n, 10)
        store_u8(to + count, 48 + n - quotient * 10)
        n = quotient


def int_str(self: int) -> str:
    # -(-2**63) wraps to itself, which is right once it is read as unsigned.
    sign = 1 if self < 0 else 0
    magnitude = -self if self < 0 else self
    count = digit_count(magnitude)
    p = str_new(sign + count, 1)
    if sign != 0:
        store_u8(p + STR_DATA, 45)
    put_digits(p + STR_DATA + sign, magnitude, count)
    return own_str(p)


@inline
def int_repr(self: int) -> str:
    return int_str(self)


# The text of an unsigned 64-bit number.
def uint_str(n: int) -> str:
    count = digit_count(n)
    p = str_new(count, 1)
    put_digits(p + STR_DATA, n, count)
    return own_str(p)


@inline
def bool_str(self: bool) -> str:
    return "True" if self else "False"


@inline
def bool_repr(self: bool) -> str:
    return "True" if self else "False"


@inline
def none_str(self) -> str:
    return "None"


@inline
def none_repr(self) -> str:
    return "None"


# The digits of an unsigned number in base 2, 8 or 16 (`bits` a digit); `ten` is the code of the digit 10.
def uint_digits(n: int, bits: int, ten: int) -> str:
    count = (63 - i64_clz(n | 1)) // bits + 1
    p = str_new(count, 1)
    to = p + STR_DATA + count
    for _ in range(count):
        to = to - 1
        digit = n & ((1 << bits) - 1)
        store_u8(to, digit + 48 if digit < 10 else digit - 10 + ten)
        n = i64_shr_u(n, bits)
    return own_str(p)


def signed_digits(n: int, bits: int, prefix: str) -> str:
    if n < 0:
        return "-" + prefix + uint_digits(-n, bits, 97)
    return prefix + uint_digits(n, bits, 97)


def builtin_bin(number: int) -> str:
    return signed_digits(number, 1, "0b")


def builtin_oct(number: int) -> str:
    return signed_digits(number, 3, "0o")


def builtin_hex(number: int) -> str:
    return signed_digits(number, 4, "0x")


# `int(text)`
def int_parse(text: str) -> int:
    return int_parse_base(text, 10)


# `int(text, base)`
def int_parse_base(text: str, base: int) -> int:
    if base != 0 and (base < 2 or base > 36):
        raise ValueError("int() base must be >= 2 and <= 36, or 0")
    start = space_end(text, 0)
    stop = space_start(text, start)
    negative = False
    at = start
    if at < stop:
        sign = str_code(text, at)
        if sign == 45 or sign == 43:
            negative = sign == 45
            at += 1
    radix = base
    underscore = False
    if at + 1 < stop and str_code(text, at) == 48:
        prefix = prefix_base(str_code(text, at + 1))
        if prefix != 0 and (base == 0 or base == prefix):
            radix = prefix
            at += 2
            # 0x_ff is an int, _ff is not.
            underscore = True
    only_zero = False
    if radix == 0:
        radix = 10
        # 00 is an int in base 0, 01 is not: in Python 2 it was octal.
        only_zero = at < stop and str_code(text, at) == 48
    limit = i64_div_u(-1, radix)
    value = 0
    digits = 0
    too_large = False
    while at < stop:
        code = str_code(text, at)
        if code == 95:
            if not underscore:
                break
            underscore = False
        else:
            digit = digit_value(code)
            if digit >= radix or only_zero and digit != 0:
                break
            if i64_gt_u(value, limit):
                too_large = True
            value *= radix
            if i64_gt_u(value, -1 - digit):
                too_large = True
            value += digit
            digits += 1
            underscore = True
        at += 1
    if at < stop or digits == 0 or not underscore:
        raise ValueError("invalid literal for int() with base " + int_str(base) + ": " + str_repr(text))
    # -2**63 is an int, 2**63 is not.
    if too_large or value < 0 and not (negative and value == -value):
        raise overflow_error()
    return -value if negative else value


# The base that 0x, 0o or 0b stands for; 0 if none.
def prefix_base(code: int) -> int:
    lower = code | 32
    if lower == 120:
        return 16
    if lower == 111:
        return 8
    return 2 if lower == 98 else 0


# What a code point counts as a digit in any base up to 36; 99 if it is none.
def digit_value(code: int) -> int:
    if code >= 48 and code <= 57:
        return code - 48
    if code >= 128:
        value = decimal_value(code)
        return value if value >= 0 else 99
    lower = code | 32
    return lower - 87 if lower >= 97 and lower <= 122 else 99
