# Arithmetic of NumPy's scalars that is not one machine instruction. It is done in 64 bits and rounded back to the type:
# integers wrap, and dividing by zero gives 0 (NumPy only warns); floats give infinities and nan.


@inline
def numpy_int_floordiv(a: int, b: int) -> int:
    return 0 if b == 0 else raw_floordiv(a, b)


@inline
def numpy_int_mod(a: int, b: int) -> int:
    return 0 if b == 0 else raw_mod(a, b)


@inline
def unsigned_floordiv(a: int, b: int) -> int:
    return 0 if b == 0 else i64_div_u(a, b)


@inline
def unsigned_mod(a: int, b: int) -> int:
    return 0 if b == 0 else i64_rem_u(a, b)


# Numba's uint64 raises, as its ints do.
@inline
def unsigned_floordiv_checked(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return i64_div_u(a, b)


@inline
def unsigned_mod_checked(a: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    return i64_rem_u(a, b)


@inline
def unsigned_shr(a: int, count: int) -> int:
    return 0 if i64_gt_u(count, 63) else i64_shr_u(a, count)


def numpy_int_pow(base: int, exponent: int) -> int:
    if exponent < 0:
        raise ValueError("Integers to negative integer powers are not allowed.")
    return raw_pow(base, exponent)


# base ** exponent of Numba's uint64, whose exponent has no sign either.
def unsigned_pow(base: int, exponent: int) -> int:
    result = 1
    while exponent != 0:
        if exponent & 1 != 0:
            result = result * base
        base = base * base
        exponent = i64_shr_u(exponent, 1)
    return result


# Counts as large as the type give 0 (-1 for a negative number shifted right).
@inline
def numpy_int_shl(a: int, count: int) -> int:
    return 0 if i64_gt_u(count, 63) else i64_shl(a, count)


@inline
def numpy_int_shr(a: int, count: int) -> int:
    return a >> 63 if i64_gt_u(count, 63) else a >> count


@inline
def numpy_float_floordiv(a: float, b: float) -> float:
    return raw_float_floordiv(a, b)


# NumPy's rest of a division by zero is nan, as is `raw_fmod`'s.
@inline
def numpy_float_mod(a: float, b: float) -> float:
    return float_nan() if b == 0.0 else raw_float_mod(a, b)


@inline
def numpy_float_pow(a: float, b: float) -> float:
    return raw_float_pow(a, b)


@inline
def numpy_complex_truediv(a: complex, b: complex) -> complex:
    return raw_complex_truediv(a, b)


def numpy_complex_pow(a: complex, b: complex) -> complex:
    if b.imag == 0.0 and b.real == f64_floor(b.real) and f64_abs(b.real) <= 100.0 and b.real > 0.0:
        return complex_pow_unsigned(a, i64_trunc_sat_f64_s(b.real))
    return raw_complex_pow(a, b)


@inline
def float32_truediv(a: np.float32, b: np.float32) -> np.float32:
    if b == 0.0:
        raise ZeroDivisionError("float division by zero")
    return a / b


# Conversions of floats to integers, as NumPy's `astype` does on its commonest machines: what does not fit is -2**63.
@inline
def float_to_int64(x: float) -> int:
    return i64_trunc_sat_f64_s(x) if f64_abs(x) < 9223372036854775808.0 else -0x8000000000000000


# Types of up to 32 bits take the low bits of this.
@inline
def float_to_int32(x: float) -> int:
    return i64_trunc_sat_f64_s(x) if f64_abs(x) < 2147483648.0 else -0x80000000


# From 2**63 on, the upper half of the unsigned range.
@inline
def float_to_uint64(x: float) -> int:
    return float_to_int64(x) if x < 9223372036854775808.0 else float_to_int64(x - 9223372036854775808.0) ^ -0x8000000000000000


# A Python int where NumPy has an integer type of limited range.
@inline
def python_integer(x: int, low: int, high: int, name: str) -> int:
    if x < low or x > high:
        raise out_of_bounds(x, name)
    return x


def out_of_bounds(x: int, name: str):
    return OverflowError(f"Python integer {x} out of bounds for {name}")


# A Python float where NumPy has an integer type: `int(x)`, which must be a C long.
def python_float_integer(x: float) -> int:
    if f64_abs(x) < INFINITY and not (f64_abs(x) < 9223372036854775808.0) and x != -9223372036854775808.0:
        raise OverflowError("Python int too large to convert to C long")
    return float_int(x)


# The same for uint64, by its bits.
def python_float_unsigned(x: float) -> int:
    if x != x or f64_abs(x) == INFINITY:
        return float_int(x)
    if x <= -1.0:
        raise out_of_bounds(float_int(x), "uint64")
    if not (x < 18446744073709551616.0):
        raise OverflowError("Python int too large to convert to C long")
    return float_to_uint64(x)


# A uint64 as a number of a signed type.
def unsigned_integer(bits: int) -> int:
    if bits < 0:
        raise OverflowError("Python int too large to convert to C long")
    return bits


# uint64, by its bits, compared with int64.
@inline
def unsigned_eq_int(a: int, b: int) -> bool:
    return a == b and b >= 0


@inline
def unsigned_ne_int(a: int, b: int) -> bool:
    return a != b or b < 0


@inline
def unsigned_lt_int(a: int, b: int) -> bool:
    return b >= 0 and i64_lt_u(a, b)


@inline
def unsigned_le_int(a: int, b: int) -> bool:
    return b >= 0 and i64_le_u(a, b)


@inline
def unsigned_gt_int(a: int, b: int) -> bool:
    return b < 0 or i64_gt_u(a, b)


@inline
def unsigned_ge_int(a: int, b: int) -> bool:
    return b < 0 or i64_ge_u(a, b)


@inline
def int_lt_unsigned(a: int, b: int) -> bool:
    return unsigned_gt_int(b, a)


@inline
def int_le_unsigned(a: int, b: int) -> bool:
    return unsigned_ge_int(b, a)


@inline
def int_gt_unsigned(a: int, b: int) -> bool:
    return unsigned_lt_int(b, a)


@inline
def int_ge_unsigned(a: int, b: int) -> bool:
    return unsigned_le_int(b, a)


# What NumPy's scalars have besides arithmetic.


def scalar_item(self):
    return python_number(self)


def scalar_tolist(self):
    return python_number(self)


def scalar_astype(self, dtype):
    single = array_full((), dtype, self)
    return element_load(single, array_data(single))


def scalar_get_ndim(self) -> int:
    return 0


def scalar_get_size(self) -> int:
    return 1


def scalar_get_shape(self):
    return ()


def scalar_get_nbytes(self) -> int:
    return element_size(self)


def scalar_get_imag(self):
    return zero_like(self)


def scalar_get_T(self):
    return self


def scalar_conjugate(self):
    return ufunc_conj(self)


def scalar_conj(self):
    return ufunc_conj(self)


def scalar_is_integer(self) -> bool:
    return f64_floor(float(self)) == float(self)


def scalar_bit_length(self) -> int:
    return 64 - i64_clz(raw_abs(int(self)))


def scalar_sum(self):
    return self


def scalar_max(self):
    return self


def scalar_min(self):
    return self


def scalar_copy(self):
    return self


def scalar_round(self, decimals: int = 0):
    return number_round(self, decimals)
