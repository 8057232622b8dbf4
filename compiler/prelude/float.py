# Arithmetic of `float` that is not one machine instruction, and its methods.


INFINITY = 1e999


# The one nan that results are made with, so that its bits are the same everywhere.
@inline
def float_nan() -> float:
    return f64_reinterpret_i64(0x7FF8000000000000)


# float / float: Python raises where IEEE gives an infinity or nan.
@inline
def float_truediv(a: float, b: float) -> float:
    if b == 0.0:
        raise ZeroDivisionError("float division by zero")
    return a / b


# |x| is `float_mantissa(x) * 2 ** (float_exponent(x) - 1075)`; for finite x the mantissa is below 2**53.
@inline
def float_exponent(x: float) -> int:
    field = (i64_reinterpret_f64(x) >> 52) & 0x7FF
    return 1 if field == 0 else field


@inline
def float_mantissa(x: float) -> int:
    bits = i64_reinterpret_f64(x)
    fraction = bits & 0xFFFFFFFFFFFFF
    return fraction if bits & 0x7FF0000000000000 == 0 else fraction | 0x10000000000000


# 2.0 ** n for -1074 <= n <= 1023.
@inline
def float_power_of_two(n: int) -> float:
    return f64_reinterpret_i64((n + 1023) << 52 if n > -1023 else 1 << (n + 1074))


# x * 2.0 ** n for any n, rounded once: halfway steps stay exact, as they keep clear of the subnormals.
def float_scale(x: float, n: int) -> float:
    if n > 1023:
        x = x * f64_reinterpret_i64(0x7FE0000000000000)
        n = n - 1023
        if n > 1023:
            x = x * f64_reinterpret_i64(0x7FE0000000000000)
            n = n - 1023 if n < 2047 else 1023
    elif n < -1022:
        x = x * f64_reinterpret_i64(0x0370000000000000)
        n = n + 968
        if n < -1022:
            x = x * f64_reinterpret_i64(0x0370000000000000)
            n = n + 968 if n > -1990 else -1022
    return x * f64_reinterpret_i64((n + 1023) << 52)


# The rest of a / b with the sign of a, exactly; nan where there is none. The mantissas are divided as integers, the
# difference of the exponents is worked off 11 bits at a time, which is what 64 bits leave room for.
def raw_fmod(a: float, b: float) -> float:
    x = f64_abs(a)
    y = f64_abs(b)
    if not (x < INFINITY and y > 0.0):
        return float_nan()
    if x < y:
        return a
    shift = float_exponent(x) - float_exponent(y)
    rest = float_mantissa(x)
    divisor = float_mantissa(y)
    while shift > 11:
        rest = i64_rem_u(rest << 11, divisor)
        shift = shift - 11
    rest = i64_rem_u(rest << shift, divisor)
    return f64_copysign(f64_convert_i64_s(rest) * float_power_of_two(float_exponent(y) - 1075), a)


# a % b as Python and NumPy have it, with the sign of b; nan for b == 0.
def raw_float_mod(a: float, b: float) -> float:
    rest = raw_fmod(a, b)
    if rest == 0.0:
        return f64_copysign(0.0, b)
    return rest + b if (b < 0.0) != (rest < 0.0) else rest


# a // b as Python and NumPy have it, consistent with `%`; a / b for b == 0.
def raw_float_floordiv(a: float, b: float) -> float:
    if b == 0.0:
        return a / b
    rest = raw_fmod(a, b)
    quotient = (a - rest) / b
    if rest != 0.0 and (b < 0.0) != (rest < 0.0):
        quotient = quotient - 1.0
    if quotient == 0.0:
        return f64_copysign(0.0, a / b)
    floor = f64_floor(quotient)
    return floor + 1.0 if quotient - floor > 0.5 else floor


def float_mod(a: float, b: float) -> float:
    if b == 0.0:
        raise ZeroDivisionError("float modulo")
    return raw_float_mod(a, b)


def float_floordiv(a: float, b: float) -> float:
    if b == 0.0:
        raise ZeroDivisionError("float floor division by zero")
    return raw_float_floordiv(a, b)


def float_divmod(a: float, b: float) -> tuple[float, float]:
    if b == 0.0:
        raise ZeroDivisionError("float divmod()")
    return raw_float_floordiv(a, b), raw_float_mod(a, b)


@inline
def float_pow(base: float, exponent: float) -> float:
    result = raw_float_pow(base, exponent)
    if base > 0.0 and f64_abs(result) < INFINITY:
        return result
    return float_pow_edge(base, exponent, result)


@rare
def float_pow_edge(base: float, exponent: float, result: float) -> float:
    if base == 0.0 and exponent < 0.0:
        raise ZeroDivisionError("0.0 cannot be raised to a negative power")
    if base < 0.0 and f64_abs(base) != INFINITY and f64_abs(exponent) != INFINITY and f64_floor(exponent) < exponent:
        raise ValueError("a negative number raised to a fractional power is complex; write complex(x) ** y")
    if f64_abs(result) == INFINITY and f64_abs(base) != INFINITY and f64_abs(exponent) != INFINITY:
        raise OverflowError(34, "Numerical result out of range")
    return result


@inline
def float_square(x: float) -> float:
    result = x * x
    return result if f64_abs(result) < INFINITY else float_square_edge(x, result)


@rare
def float_square_edge(x: float, result: float) -> float:
    if result == INFINITY and f64_abs(x) != INFINITY:
        raise OverflowError(34, "Numerical result out of range")
    return result


@inline
def float_bool(x: float) -> bool:
    return x != 0.0


@inline
def float_abs(x: float) -> float:
    return f64_abs(x)


# int(x): towards zero.
@inline
def float_int(x: float) -> int:
    if not -9223372036854775808.0 <= x:
        raise float_int_error(x)
    if not x < 9223372036854775808.0:
        raise float_int_error(x)
    return i64_trunc_sat_f64_s(x)


def float_int_error(x: float) -> Exception:
    if x != x:
        return ValueError("cannot convert float NaN to integer")
    if f64_abs(x) == INFINITY:
        return OverflowError("cannot convert float infinity to integer")
    return overflow_error()


# round(x) is an int, round(x, ndigits) a float; ties go to the even digit, of the exact decimal value.
def float_round(x: float, ndigits=None):
    if ndigits is None:
        return float_int(f64_nearest(x))
    else:
        return float_round_digits(x, ndigits)


# x * 10**ndigits is hi + lo exactly (Dekker's product), so it is rounded to an integer as the exact value would be;
# one correctly rounded division gives the nearest float to that decimal. Only numbers below 1e-6 need more digits.
def float_round_digits(x: float, ndigits: int) -> float:
    if x == 0.0 or not (f64_abs(x) < INFINITY):
        return x
    if ndigits < 0:
        return float_round_tens(x, 0 - ndigits)
    if ndigits > 22:
        if f64_abs(x) > 0.00001 or ndigits > 323:
            return x
        return float(f"{x:.{ndigits}f}")
    unit = float_ten_to(ndigits)
    hi = x * unit
    if not (f64_abs(hi) < 18014398509481984.0):
        return x
    lo = float_product_error(x, unit, hi)
    whole = f64_nearest(hi)
    rest = hi - whole
    if rest == 0.5 and lo > 0.0:
        whole = whole + 1.0
    elif rest == -0.5 and lo < 0.0:
        whole = whole - 1.0
    # From 2**52 on, what is lost in hi can be more than half: then it is whole itself.
    digits = i64_trunc_sat_f64_s(whole)
    if rest == 0.0 and f64_abs(hi) >= 4503599627370496.0:
        digits = float_round_sticky(digits, lo)
    if digits == 0:
        return f64_copysign(0.0, x)
    if ndigits <= 18:
        return raw_truediv(digits, raw_pow(10, ndigits))
    return f64_convert_i64_s(digits) / unit


# Numba's round(x, ndigits): scaled, rounded to even and scaled back, so that 2.675 becomes 2.68.
def numba_round(x: float, ndigits: int) -> float:
    if not (f64_abs(x) < INFINITY):
        return x
    count = ndigits if ndigits >= 0 else 0 - ndigits
    unit = float_ten_to(count) if count <= 22 else raw_float_pow(10.0, f64_convert_i64_s(count))
    if ndigits < 0:
        return f64_nearest(x / unit) * unit
    if ndigits <= 22:
        scaled = x * unit
        return x if f64_abs(scaled) == INFINITY else f64_nearest(scaled) / unit
    # Beyond 10**22 in two steps, which overflow later.
    unit = raw_float_pow(10.0, f64_convert_i64_s(ndigits - 22))
    scaled = (x * unit) * 10000000000000000000000.0
    return x if f64_abs(scaled) == INFINITY else (f64_nearest(scaled) / 10000000000000000000000.0) / unit


# The integer nearest to digits + lo, |lo| <= 1, ties to even.
def float_round_sticky(digits: int, lo: float) -> int:
    size = f64_abs(lo)
    if size > 0.5 or (size == 0.5 and digits & 1 != 0):
        return digits + 1 if lo > 0.0 else digits - 1
    return digits


# 10.0 ** n, exactly, for 0 <= n <= 22.
def float_ten_to(n: int) -> float:
    unit = f64_convert_i64_s(raw_pow(10, n if n < 19 else 18))
    return unit * f64_convert_i64_s(raw_pow(10, n - 18)) if n > 18 else unit


# Nearest multiple of 10**digits, digits > 0.
def float_round_tens(x: float, digits: int) -> float:
    if digits > 308:
        return f64_copysign(0.0, x)
    size = f64_abs(x)
    if digits > 18 or size >= 4503599627370496.0:
        return float_round_long(x, digits)
    whole = i64_trunc_sat_f64_s(size)
    fraction = size - f64_trunc(size)
    unit = raw_pow(10, digits)
    quotient = i64_div_u(whole, unit)
    rest = whole - quotient * unit
    half = unit >> 1
    if rest > half or (rest == half and (fraction > 0.0 or quotient & 1 != 0)):
        quotient = quotient + 1
    return f64_copysign(f64_convert_i64_s(quotient * unit), x)


# The same for the largest numbers, by their decimal text: `keep` digits stay.
def float_round_long(x: float, digits: int) -> float:
    text = f"{f64_abs(x):.0f}"
    keep = len(text) - digits
    if keep > 0:
        result = float(f"{x:.{keep - 1}e}")
    elif keep == 0 and text > "5" + "0" * (digits - 1):
        result = f64_copysign(float(f"1e{digits}"), x)
    else:
        result = f64_copysign(0.0, x)
    if f64_abs(result) == INFINITY:
        raise OverflowError("rounded value too large to represent")
    return result


# The error of the rounded product p = a * b (Dekker, "A floating-point technique for extending the available
# precision", 1971): each factor is split into halves whose products are exact.
@inline
def float_product_error(a: float, b: float, p: float) -> float:
    c = a * 134217729.0
    a_high = c - (c - a)
    a_low = a - a_high
    d = b * 134217729.0
    b_high = d - (d - b)
    b_low = b - b_high
    return ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def float_is_integer(self: float) -> bool:
    return f64_abs(self) < INFINITY and f64_trunc(self) == self


def float_conjugate(self: float) -> float:
    return self


def float_as_integer_ratio(self: float) -> tuple[int, int]:
    if self != self:
        raise ValueError("cannot convert NaN to integer ratio")
    if f64_abs(self) == INFINITY:
        raise OverflowError("cannot convert Infinity to integer ratio")
    if self == 0.0:
        return 0, 1
    mantissa = float_mantissa(self)
    exponent = float_exponent(self) - 1075
    zeros = i64_ctz(mantissa)
    mantissa = mantissa >> zeros
    exponent = exponent + zeros
    if (exponent > i64_clz(mantissa) - 1 and self != -9223372036854775808.0) or exponent < -62:
        raise overflow_error()
    if self < 0.0:
        mantissa = 0 - mantissa
    if exponent >= 0:
        return mantissa << exponent, 1
    return mantissa, 1 << (0 - exponent)


# Python's: the value modulo the prime 2**61 - 1, so that equal numbers have equal hashes. A power of two is a
# rotation of 61 bits.
def float_hash(x: float) -> int:
    if x != x:
        return 0
    if f64_abs(x) == INFINITY:
        return 314159 if x > 0.0 else -314159
    turn = raw_mod(float_exponent(x) - 1075, 61)
    mantissa = float_mantissa(x)
    rest = ((mantissa << turn) & 0x1FFFFFFFFFFFFFFF) | i64_shr_u(mantissa, 61 - turn)
    if x >= 0.0:
        return rest
    return -2 if rest == 1 else 0 - rest
