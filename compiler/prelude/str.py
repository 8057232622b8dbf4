# str objects: making them, and what Python's operators do to them.
# In: `str` values. Out: new `str` values, always of the narrowest width (see `abi.rs`), so that equal text is equal bytes.

STR_DATA = 16


# A str object for `length` code points, which the caller fills. Some code point must need `width` (1 or 4) bytes.
def str_new(length: int, width: int) -> ptr:
    p = allocate(STR_DATA + length * width)
    store_u32(p, 1)
    store_u32(p + 4, length)
    store_u32(p + 8, width)
    store_u32(p + 12, 0)
    return p


@inline
def str_len(self: str) -> int:
    return load_u32(address(self) + 4)


@inline
def str_width(self: str) -> int:
    return load_u32(address(self) + 8)


@inline
def str_bool(self: str) -> bool:
    return load_u32(address(self) + 4) != 0


@inline
def str_str(self: str) -> str:
    return self


# The i-th code point of the text at `text`, each `width` bytes.
@inline
def code_at(text: ptr, width: int, i: int) -> int:
    if width == 1:
        return load_u8(text + i)
    return load_u32(text + i * 4)


# The i-th code point; i is not checked.
@inline
def str_code(self: str, i: int) -> int:
    return code_at(address(self) + STR_DATA, str_width(self), i)


# The str of one code point: chr() without the check.
def str_of_code(code: int) -> str:
    if code < 256:
        p = str_new(1, 1)
        store_u8(p + STR_DATA, code)
        return own_str(p)
    p = str_new(1, 4)
    store_u32(p + STR_DATA, code)
    return own_str(p)


def str_item(self: str, i: int) -> str:
    return str_of_code(str_code(self, i))


def str_getitem(self: str, index: int) -> str:
    length = str_len(self)
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise IndexError("string index out of range")
    return str_item(self, index)


# Whether all code points of the wide text are below 256, so that it can be stored in bytes.
def codes_are_narrow(text: ptr, length: int) -> bool:
    for i in range(length):
        if load_u32(text + i * 4) > 255:
            return False
    return True


# A str of the `length` code points at `text`, each `width` bytes.
def str_from(text: ptr, width: int, length: int) -> str:
    if width == 4 and codes_are_narrow(text, length):
        p = str_new(length, 1)
        for i in range(length):
            store_u8(p + STR_DATA + i, load_u32(text + i * 4))
        return own_str(p)
    p = str_new(length, width)
    memory_copy(p + STR_DATA, text, length * width)
    return own_str(p)


# `length` code points from `start` on; both are in range.
def str_part(self: str, start: int, length: int) -> str:
    width = str_width(self)
    if length == str_len(self):
        return self
    return str_from(address(self) + STR_DATA + start * width, width, length)


def str_getslice(self: str, start, stop, step) -> str:
    length = str_len(self)
    stride = slice_step(step)
    first = slice_start(start, stride, length)
    count = slice_count(first, slice_stop(stop, stride, length), stride)
    if stride == 1:
        return str_part(self, first, count)
    # In full width first: only what was picked says how narrow the result is.
    picked = allocate(count * 4)
    for i in range(count):
        store_u32(picked + i * 4, str_code(self, first + i * stride))
    result = str_from(picked, 4, count)
    free(picked)
    return result


# Copies the text of a str to `to`, in code points of `width` bytes, which must be enough. Gives the address after it.
def str_put(to: ptr, width: int, source: str) -> ptr:
    length = str_len(source)
    text = address(source) + STR_DATA
    if width == str_width(source):
        memory_copy(to, text, length * width)
    else:
        for i in range(length):
            store_u32(to + i * 4, load_u8(text + i))
    return to + length * width


def str_add(self: str, other: str) -> str:
    width = str_width(self) if str_width(self) > str_width(other) else str_width(other)
    p = str_new(str_len(self) + str_len(other), width)
    str_put(str_put(p + STR_DATA, width, self), width, other)
    return own_str(p)


def str_mul(self: str, times: int) -> str:
    length = str_len(self)
    if times <= 0 or length == 0:
        return ""
    if mul_overflows(length * 4, times):
        raise MemoryError()
    width = str_width(self)
    size = length * width
    p = str_new(length * times, width)
    to = p + STR_DATA
    text = address(self) + STR_DATA
    if size == 1:
        memory_fill(to, load_u8(text), times)
        return own_str(p)
    for _ in range(times):
        memory_copy(to, text, size)
        to = to + size
    return own_str(p)


# Whether two stretches of memory hold the same bytes.
def memory_equal(a: ptr, b: ptr, size: int) -> bool:
    i = 0
    while i + 8 <= size:
        if load_i64(a + i) != load_i64(b + i):
            return False
        i += 8
    while i < size:
        if load_u8(a + i) != load_u8(b + i):
            return False
        i += 1
    return True


def str_eq(self: str, other: str) -> bool:
    a = address(self)
    b = address(other)
    if a == b:
        return True
    # Length and width are neighbours.
    if load_i64(a + 4) != load_i64(b + 4):
        return False
    return memory_equal(a + STR_DATA, b + STR_DATA, str_len(self) * str_width(self))


# Negative, 0 or positive as `a` is below, the same as or above `b` in the order of code points.
def str_compare(a: str, b: str) -> int:
    length = str_len(a) if str_len(a) < str_len(b) else str_len(b)
    for i in range(length):
        difference = str_code(a, i) - str_code(b, i)
        if difference != 0:
            return difference
    return str_len(a) - str_len(b)


@inline
def str_ne(self: str, other: str) -> bool:
    return not str_eq(self, other)


@inline
def str_lt(self: str, other: str) -> bool:
    return str_compare(self, other) < 0


@inline
def str_le(self: str, other: str) -> bool:
    return str_compare(self, other) <= 0


@inline
def str_gt(self: str, other: str) -> bool:
    return str_compare(self, other) > 0


@inline
def str_ge(self: str, other: str) -> bool:
    return str_compare(self, other) >= 0


# Spreads `size` bytes over 32 bits; never 0.
def memory_hash(text: ptr, size: int) -> int:
    state = size
    i = 0
    while i + 8 <= size:
        state = (state ^ load_i64(text + i)) * -7046029254386353131
        state ^= i64_shr_u(state, 32)
        i += 8
    while i < size:
        state = (state ^ load_u8(text + i)) * -7046029254386353131
        state ^= i64_shr_u(state, 32)
        i += 1
    state &= 0xFFFFFFFF
    return state if state != 0 else 1


def str_hash(self: str) -> int:
    p = address(self)
    known = load_u32(p + 12)
    if known != 0:
        return known
    found = memory_hash(p + STR_DATA, str_len(self) * str_width(self))
    store_u32(p + 12, found)
    return found


def str_join(self: str, iterable) -> str:
    if isinstance(iterable, list):
        return str_join_list(self, iterable)
    return str_join_list(self, [item for item in iterable])


def str_join_list(separator: str, items) -> str:
    count = len(items)
    if count == 0:
        return ""
    length = str_len(separator) * (count - 1)
    width = str_width(separator) if count > 1 else 1
    for item in items:
        length += str_len(item)
        width = str_width(item) if str_width(item) > width else width
    p = str_new(length, width)
    to = p + STR_DATA
    for i in range(count):
        if i > 0:
            to = str_put(to, width, separator)
        to = str_put(to, width, items[i])
    return own_str(p)


def builtin_chr(i: int) -> str:
    if i < 0 or i > 0x10FFFF:
        raise ValueError("chr() arg not in range(0x110000)")
    return str_of_code(i)


def builtin_ord(c: str) -> int:
    if len(c) != 1:
        raise TypeError("ord() expected a character, but string of length " + int_str(len(c)) + " found")
    return str_code(c, 0)


def bytes_ord(c: bytes) -> int:
    if len(c) != 1:
        raise TypeError("ord() expected a character, but string of length " + int_str(len(c)) + " found")
    return load_u8(address(c) + STR_DATA)
