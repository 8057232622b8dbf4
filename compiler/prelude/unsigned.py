# Ints that may be 2**63 or more, as their 64 bits: what Numba's uint64 is to Python.


@inline
def unsigned_as_int(bits: int) -> int:
    if bits < 0:
        raise overflow_error()
    return bits


def unsigned_str(self) -> str:
    return uint_str(int(np.uint64(self)))


def unsigned_repr(self) -> str:
    return uint_str(int(np.uint64(self)))


# Python's: the residue modulo the prime 2**61 - 1.
def unsigned_hash(self) -> int:
    return i64_rem_u(int(np.uint64(self)), 0x1FFFFFFFFFFFFFFF)


def unsigned_bit_length(self) -> int:
    return 64 - i64_clz(int(np.uint64(self)))


def unsigned_bit_count(self) -> int:
    return i64_popcnt(int(np.uint64(self)))


@inline
def unsigned_shr_int(bits: int, count: int) -> int:
    if count < 0:
        raise ValueError("negative shift count")
    return unsigned_shr(bits, count)


@inline
def unsigned_mod_int(bits: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    rest = i64_rem_u(bits, int_magnitude(b))
    return rest + b if rest != 0 and b < 0 else rest


@inline
def unsigned_mod_python(bits: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    return i64_rem_u(bits, b)


@inline
def unsigned_floordiv_python(bits: int, b: int) -> int:
    if b == 0:
        raise ZeroDivisionError("integer division or modulo by zero")
    return i64_div_u(bits, b)


def unsigned_format_spec(self, spec: str) -> str:
    bits = int(np.uint64(self))
    if bits >= 0:
        return int_format_spec(bits, spec)
    last = spec_code(spec, str_len(spec) - 1) if str_len(spec) > 0 else 0
    if is_float_kind(last) and last != 110 or last == 99:
        raise overflow_error()
    return magnitude_as(False, bits, spec, "int")


def unsigned_bin(self) -> str:
    return "0b" + uint_digits(int(np.uint64(self)), 1, 97)


def unsigned_oct(self) -> str:
    return "0o" + uint_digits(int(np.uint64(self)), 3, 97)


def unsigned_hex(self) -> str:
    return "0x" + uint_digits(int(np.uint64(self)), 4, 97)
