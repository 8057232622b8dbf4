# Arithmetic of `int` that is not one machine instruction. `int_…` checks as Python does (a result that leaves 64 bits
# raises OverflowError); `raw_…` wraps, and leaves the test for zero to its caller.

INT_MIN = -0x8000000000000000
INT_MAX = 0x7FFFFFFFFFFFFFFF


# -7 // 2 == -4, but the machine's division truncates to -3. MIN // -1 wraps to MIN, where the machine would trap.
@inline
def raw_floordiv(a: int, b: int) -> int:
    if b == -1:
        return 0 - a
    quotient = i64_div_s(a, b)
    rest = a - quotient * b
    return quotient - 1 if rest != 0 and (rest ^ b) < 0 else quotient


@inline
def raw_mod(a: int, b: int) -> int:
    rest = i64_rem_s(a, b)
    return rest + b if rest != 0 and (rest ^ b) < 0 else rest


@inline
def int_floordiv(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    if b == -1:
        return checked_sub(0, a)
    quotient = i64_div_s(a, b)
    rest = a - quotient * b
    return quotient - 1 if rest != 0 and (rest ^ b) < 0 else quotient


@inline
def int_mod(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    rest = i64_rem_s(a, b)
    return rest + b if rest != 0 and (rest ^ b) < 0 else rest


# Numba's `//`, `%` and `**`: as Python's, but they wrap; MIN // -1 is 0.
@inline
def numba_floordiv(a: int, b: int) -> int:
    if b == -1:
        return 0 if a == INT_MIN else 0 - a
    return numpy_int_floordiv(a, b)


@inline
def wrapping_floordiv(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return numba_floordiv(a, b)


@inline
def wrapping_mod(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    return raw_mod(a, b)


def wrapping_pow(base: int, exponent: int) -> int:
    if base == 0 and exponent < 0:
        raise ZeroDivisionError("0 cannot be raised to a negative power")
    return raw_pow(base, exponent)


def numba_pow(base: int, exponent: int) -> int:
    return INT_MIN if base == 0 and exponent < 0 else raw_pow(base, exponent)


def int_divmod(a: int, b: int) -> tuple[int, int]:
    if b == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    quotient = int_floordiv(a, b)
    return quotient, a - quotient * b


# int / int, correctly rounded.
@inline
def int_truediv(a: int, b: int) -> float:
    if b == 0:
        raise ZeroDivisionError("division by zero")
    return raw_truediv(a, b)


# a / b, correctly rounded, for b != 0. Ints of up to 53 bits are floats as they are, and IEEE division rounds once.
@inline
def raw_truediv(a: int, b: int) -> float:
    if i64_lt_u(a + 0x20000000000000, 0x40000000000001) and i64_lt_u(b + 0x20000000000000, 0x40000000000001):
        return f64_convert_i64_s(a) / f64_convert_i64_s(b)
    return int_truediv_long(a, b)


# Long division for 58 bits of quotient; that it leaves a rest goes into the last, so that one conversion rounds it.
def int_truediv_long(a: int, b: int) -> float:
    if a == 0:
        return 0.0
    rest = int_magnitude(a)
    divisor = int_magnitude(b)
    exponent = i64_clz(divisor) - i64_clz(rest)
    rest = rest << i64_clz(rest)
    divisor = divisor << i64_clz(divisor)
    quotient = 0
    carry = 0
    for step in range(58):
        quotient = quotient << 1
        if carry != 0 or i64_ge_u(rest, divisor):
            quotient = quotient | 1
            rest = rest - divisor
        carry = i64_shr_u(rest, 63)
        rest = rest << 1
    if rest != 0 or carry != 0:
        quotient = quotient | 1
    value = f64_convert_i64_s(quotient) * f64_reinterpret_i64((exponent + 966) << 52)
    return 0.0 - value if (a ^ b) < 0 else value


# |a| as an unsigned number: |MIN| is 2**63.
@inline
def int_magnitude(a: int) -> int:
    return 0 - a if a < 0 else a


# The high 64 bits of the unsigned 128-bit product.
def int_mul_high(a: int, b: int) -> int:
    a_low = a & 0xFFFFFFFF
    a_high = i64_shr_u(a, 32)
    b_low = b & 0xFFFFFFFF
    b_high = i64_shr_u(b, 32)
    middle = a_high * b_low + i64_shr_u(a_low * b_low, 32)
    cross = a_low * b_high + (middle & 0xFFFFFFFF)
    return a_high * b_high + i64_shr_u(middle, 32) + i64_shr_u(cross, 32)


# (high * 2**64 + low) mod divisor, unsigned, for high < divisor: two 32-bit digits of schoolbook division
# (Knuth, TAOCP volume 2, 4.3.1, algorithm D).
def int_wide_mod(high: int, low: int, divisor: int) -> int:
    shift = i64_clz(divisor)
    d = divisor << shift
    if shift != 0:
        high = (high << shift) | i64_shr_u(low, 64 - shift)
        low = low << shift
    rest = int_wide_step(high, i64_shr_u(low, 32), d)
    rest = int_wide_step(rest, low & 0xFFFFFFFF, d)
    return i64_shr_u(rest, shift)


# The rest after one more 32-bit digit, for a divisor with its top bit set.
def int_wide_step(high: int, digit: int, d: int) -> int:
    top = i64_shr_u(d, 32)
    guess = i64_div_u(high, top)
    if i64_gt_u(guess, 0xFFFFFFFF):
        guess = 0xFFFFFFFF
    back = i64_shr_u(high, 32)
    rest = (high << 32) + digit
    product = guess * (d & 0xFFFFFFFF)
    product_low = (guess * top << 32) + product
    product_high = i64_shr_u(guess * top + i64_shr_u(product, 32), 32)
    while i64_gt_u(product_high, back) or (product_high == back and i64_gt_u(product_low, rest)):
        if i64_lt_u(product_low, d):
            product_high = product_high - 1
        product_low = product_low - d
    return rest - product_low


# base ** exponent by squaring; the last square is not taken, it might overflow for nothing.
def int_pow(base: int, exponent: int) -> int:
    if exponent < 0:
        raise ValueError("int ** int needs an exponent of at least 0; write float(base) ** exponent for a fraction")
    result = 1
    while exponent != 0:
        if exponent & 1 != 0:
            result = checked_mul(result, base)
        exponent = exponent >> 1
        if exponent != 0:
            base = checked_mul(base, base)
    return result


# base ** exponent where the exponent is known to be negative.
def int_pow_float(base: int, exponent: int) -> float:
    return float_pow(f64_convert_i64_s(base), f64_convert_i64_s(exponent))


# Wraps. A negative exponent gives what the integer inverse would be rounded to: 1, -1 or 0.
def raw_pow(base: int, exponent: int) -> int:
    if exponent < 0:
        if base == 1:
            return 1
        if base == -1:
            return 1 - 2 * (exponent & 1)
        return 0
    result = 1
    while exponent != 0:
        if exponent & 1 != 0:
            result = result * base
        base = base * base
        exponent = exponent >> 1
    return result


# pow(base, exponent, modulus)
def int_pow_mod(base: int, exponent: int, modulus: int) -> int:
    if modulus == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    m = int_magnitude(modulus)
    b = i64_rem_u(raw_mod(base, modulus) - modulus if modulus < 0 else raw_mod(base, modulus), m)
    if exponent < 0:
        b = int_inverse(b, m)
    power = int_magnitude(exponent)
    result = i64_rem_u(1, m)
    while power != 0:
        if power & 1 != 0:
            result = int_mul_mod(result, b, m)
        power = i64_shr_u(power, 1)
        if power != 0:
            b = int_mul_mod(b, b, m)
    return result + modulus if modulus < 0 and result != 0 else result


# a * b mod m for unsigned a, b < m.
def int_mul_mod(a: int, b: int, m: int) -> int:
    if i64_shr_u(m, 32) == 0:
        return i64_rem_u(a * b, m)
    return int_wide_mod(int_mul_high(a, b), a * b, m)


# The x with a * x == 1 (mod m), by Euclid.
def int_inverse(a: int, m: int) -> int:
    r = m
    next_r = a
    x = 0
    next_x = 1
    while next_r != 0:
        quotient = i64_div_u(r, next_r)
        rest = r - quotient * next_r
        r = next_r
        next_r = rest
        rest = x - quotient * next_x
        x = next_x
        next_x = rest
    if r != 1:
        raise ValueError("base is not invertible for the given modulus")
    return x + m if x < 0 else x


@inline
def int_shl(a: int, count: int) -> int:
    if i64_gt_u(count, 63):
        return int_shl_far(a, count)
    result = a << count
    if result >> count != a:
        raise overflow_error()
    return result


def int_shl_far(a: int, count: int) -> int:
    if count < 0:
        raise ValueError("negative shift count")
    if a != 0:
        raise overflow_error()
    return 0


@inline
def int_shr(a: int, count: int) -> int:
    if i64_gt_u(count, 63):
        if count < 0:
            raise ValueError("negative shift count")
        return a >> 63
    return a >> count


# The machine's shifts, for Raw and Numba rules: the count modulo 64.
@inline
def raw_shl(a: int, count: int) -> int:
    return i64_shl(a, count)


@inline
def raw_shr(a: int, count: int) -> int:
    return i64_shr_s(a, count)


@inline
def int_neg(a: int) -> int:
    return checked_sub(0, a)


@inline
def raw_neg(a: int) -> int:
    return 0 - a


@inline
def int_invert(a: int) -> int:
    return a ^ -1


@inline
def int_abs(a: int) -> int:
    return checked_sub(0, a) if a < 0 else a


@inline
def raw_abs(a: int) -> int:
    return 0 - a if a < 0 else a


# Whether the signed product leaves 64 bits: the high half must be the sign of the low one.
def mul_overflows(a: int, b: int) -> bool:
    high = int_mul_high(a, b)
    if a < 0:
        high = high - b
    if b < 0:
        high = high - a
    return high != (a * b) >> 63


@inline
def int_bool(a: int) -> bool:
    return a != 0


def int_bit_length(self: int) -> int:
    return 64 - i64_clz(int_magnitude(self))


def int_bit_count(self: int) -> int:
    return i64_popcnt(int_magnitude(self))


def int_conjugate(self: int) -> int:
    return self


def int_as_integer_ratio(self: int) -> tuple[int, int]:
    return self, 1


def int_is_integer(self: int) -> bool:
    return True


# Python's: the residue modulo the prime 2**61 - 1, with the sign of the number; -1 is not a hash.
def int_hash(x: int) -> int:
    if i64_lt_u(x + 0x1FFFFFFFFFFFFFFE, 0x3FFFFFFFFFFFFFFD):
        return -2 if x == -1 else x
    rest = i64_rem_u(int_magnitude(x), 0x1FFFFFFFFFFFFFFF)
    if x >= 0:
        return rest
    return -2 if rest == 1 else 0 - rest


@inline
def bool_hash(x: bool) -> int:
    return 1 if x else 0


# The nearest multiple of 10 ** -ndigits, ties to even.
def int_round(x: int, ndigits=None) -> int:
    if ndigits is None:
        return x
    if ndigits >= 0:
        return x
    if ndigits < -18:
        # 5 * 10**18 is not beyond the range, so the nearest multiple of 10**19 may be 10**19.
        if ndigits == -19 and i64_gt_u(int_magnitude(x), 5000000000000000000):
            raise overflow_error()
        return 0
    unit = raw_pow(10, 0 - ndigits)
    quotient = raw_floordiv(x, unit)
    rest = x - quotient * unit
    if rest * 2 > unit or (rest * 2 == unit and quotient & 1 != 0):
        quotient = quotient + 1
    return checked_mul(quotient, unit)
