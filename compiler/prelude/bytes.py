# bytes: laid out as str is, with width 1.


def bytes_new(length: int) -> ptr:
    return str_new(length, 1)


@inline
def bytes_len(self: bytes) -> int:
    return load_u32(address(self) + 4)


@inline
def bytes_bool(self: bytes) -> bool:
    return load_u32(address(self) + 4) != 0


@inline
def bytes_item(self: bytes, i: int) -> int:
    return load_u8(address(self) + STR_DATA + i)


def bytes_getitem(self: bytes, index: int) -> int:
    length = bytes_len(self)
    if index < 0:
        index += length
    if index < 0 or index >= length:
        raise IndexError("index out of range")
    return bytes_item(self, index)


# `length` bytes from `start` on; both are in range.
def bytes_part(self: bytes, start: int, length: int) -> bytes:
    p = bytes_new(length)
    memory_copy(p + STR_DATA, address(self) + STR_DATA + start, length)
    return own_bytes(p)


def bytes_getslice(self: bytes, start, stop, step) -> bytes:
    length = bytes_len(self)
    stride = slice_step(step)
    first = slice_start(start, stride, length)
    count = slice_count(first, slice_stop(stop, stride, length), stride)
    if stride == 1:
        return bytes_part(self, first, count)
    p = bytes_new(count)
    for i in range(count):
        store_u8(p + STR_DATA + i, bytes_item(self, first + i * stride))
    return own_bytes(p)


def bytes_add(self: bytes, other: bytes) -> bytes:
    length = bytes_len(self)
    p = bytes_new(length + bytes_len(other))
    memory_copy(p + STR_DATA, address(self) + STR_DATA, length)
    memory_copy(p + STR_DATA + length, address(other) + STR_DATA, bytes_len(other))
    return own_bytes(p)


def bytes_mul(self: bytes, times: int) -> bytes:
    length = bytes_len(self)
    if times <= 0 or length == 0:
        return b""
    if mul_overflows(length, times):
        raise MemoryError()
    p = bytes_new(length * times)
    for i in range(times):
        memory_copy(p + STR_DATA + i * length, address(self) + STR_DATA, length)
    return own_bytes(p)


def bytes_eq(self: bytes, other: bytes) -> bool:
    length = bytes_len(self)
    return length == bytes_len(other) and memory_equal(address(self) + STR_DATA, address(other) + STR_DATA, length)


@inline
def bytes_ne(self: bytes, other: bytes) -> bool:
    return not bytes_eq(self, other)


def bytes_compare(a: bytes, b: bytes) -> int:
    length = bytes_len(a) if bytes_len(a) < bytes_len(b) else bytes_len(b)
    for i in range(length):
        difference = bytes_item(a, i) - bytes_item(b, i)
        if difference != 0:
            return difference
    return bytes_len(a) - bytes_len(b)


@inline
def bytes_lt(self: bytes, other: bytes) -> bool:
    return bytes_compare(self, other) < 0


@inline
def bytes_le(self: bytes, other: bytes) -> bool:
    return bytes_compare(self, other) <= 0


@inline
def bytes_gt(self: bytes, other: bytes) -> bool:
    return bytes_compare(self, other) > 0


@inline
def bytes_ge(self: bytes, other: bytes) -> bool:
    return bytes_compare(self, other) >= 0


def bytes_hash(self: bytes) -> int:
    return memory_hash(address(self) + STR_DATA, bytes_len(self))


# Whether `part` stands in `self` at `at`, where there is room for it.
def bytes_matches(self: bytes, part: bytes, at: int) -> bool:
    return memory_equal(address(self) + STR_DATA + at, address(part) + STR_DATA, bytes_len(part))


def bytes_search(self: bytes, part: bytes, start: int, stop: int) -> int:
    at = start
    while at <= stop - bytes_len(part):
        if bytes_matches(self, part, at):
            return at
        at += 1
    return -1


# An int stands for its one byte.
def bytes_contains(self: bytes, x) -> bool:
    if isinstance(x, bytes):
        return bytes_search(self, x, 0, bytes_len(self)) >= 0
    if x < 0 or x > 255:
        raise ValueError("byte must be in range(0, 256)")
    for i in range(bytes_len(self)):
        if bytes_item(self, i) == x:
            return True
    return False


def bytes_find(self: bytes, sub: bytes, start=None, end=None) -> int:
    length = bytes_len(self)
    return bytes_search(self, sub, search_start(start, length), search_stop(end, length))


def bytes_index(self: bytes, sub: bytes, start=None, end=None) -> int:
    found = bytes_find(self, sub, start, end)
    if found < 0:
        raise ValueError("subsection not found")
    return found


def bytes_count(self: bytes, sub: bytes, start=None, end=None) -> int:
    length = bytes_len(self)
    at = search_start(start, length)
    stop = search_stop(end, length)
    step = bytes_len(sub) if bytes_len(sub) > 0 else 1
    count = 0
    at = bytes_search(self, sub, at, stop)
    while at >= 0:
        count += 1
        at = bytes_search(self, sub, at + step, stop)
    return count


def bytes_startswith(self: bytes, prefix: bytes) -> bool:
    return bytes_len(prefix) <= bytes_len(self) and bytes_matches(self, prefix, 0)


def bytes_endswith(self: bytes, suffix: bytes) -> bool:
    at = bytes_len(self) - bytes_len(suffix)
    return at >= 0 and bytes_matches(self, suffix, at)


def bytes_join(self: bytes, iterable_of_bytes) -> bytes:
    items = [item for item in iterable_of_bytes]
    length = 0
    for item in items:
        length += bytes_len(item)
    if len(items) > 1:
        length += bytes_len(self) * (len(items) - 1)
    p = bytes_new(length)
    to = p + STR_DATA
    for i in range(len(items)):
        if i > 0:
            to = bytes_put(to, self)
        to = bytes_put(to, items[i])
    return own_bytes(p)


def bytes_put(to: ptr, source: bytes) -> ptr:
    memory_copy(to, address(source) + STR_DATA, bytes_len(source))
    return to + bytes_len(source)


def bytes_hex(self: bytes) -> str:
    length = bytes_len(self)
    p = str_new(length * 2, 1)
    for i in range(length):
        put_hex(p + STR_DATA + i * 2, bytes_item(self, i))
    return own_str(p)


# Two digits.
def put_hex(to: ptr, byte: int) -> None:
    high = byte >> 4
    low = byte & 15
    store_u8(to, high + 48 if high < 10 else high + 87)
    store_u8(to + 1, low + 48 if low < 10 else low + 87)


def bytes_repr(self: bytes) -> str:
    length = bytes_len(self)
    text = address(self) + STR_DATA
    quote = quote_for(text, 1, length)
    size = 3
    for i in range(length):
        size += 1 if byte_is_plain(load_u8(text + i), quote) else byte_escape_length(load_u8(text + i))
    p = str_new(size, 1)
    to = p + STR_DATA
    store_u8(to, 98)
    store_u8(to + 1, quote)
    to = to + 2
    for i in range(length):
        byte = load_u8(text + i)
        if byte_is_plain(byte, quote):
            store_u8(to, byte)
            to = to + 1
        else:
            to = put_escape(to, 1, byte)
    store_u8(to, quote)
    return own_str(p)


@inline
def bytes_str(self: bytes) -> str:
    return bytes_repr(self)


def byte_is_plain(byte: int, quote: int) -> bool:
    return byte >= 32 and byte < 127 and byte != quote and byte != 92


def byte_escape_length(byte: int) -> int:
    return 2 if escape_letter(byte) != 0 else 4


# Text of UTF-8. Anything else than UTF-8, ASCII and Latin-1 is refused, as is any way of handling errors but "strict".
def bytes_decode(self: bytes, encoding: str = "utf-8", errors: str = "strict") -> str:
    kind = encoding_kind(encoding)
    text = address(self) + STR_DATA
    length = bytes_len(self)
    if kind == 256:
        return str_from(text, 1, length)
    return utf8_decode(text, length, kind == 128)


# 0 for UTF-8, 128 for ASCII, 256 for Latin-1: the first code point that cannot be encoded.
def encoding_kind(encoding: str) -> int:
    if encoding_is(encoding, "utf8"):
        return 0
    if encoding_is(encoding, "ascii") or encoding_is(encoding, "usascii"):
        return 128
    if encoding_is(encoding, "latin1") or encoding_is(encoding, "iso88591"):
        return 256
    raise LookupError("unknown encoding: " + encoding)


# Whether an encoding has this name, in any case, with or without - and _.
def encoding_is(encoding: str, name: str) -> bool:
    at = 0
    for i in range(str_len(encoding)):
        code = str_code(encoding, i)
        if code != 45 and code != 95:
            if at == str_len(name) or code | 32 != str_code(name, at):
                return False
            at += 1
    return at == str_len(name)


# The str that `length` bytes of UTF-8 (or ASCII) are.
def utf8_decode(text: ptr, length: int, ascii: bool) -> str:
    codes = allocate(length * 4)
    count = 0
    at = 0
    bad = -1
    while at < length and bad < 0:
        byte = load_u8(text + at)
        size = 1 if byte < 128 else 0 if ascii else utf8_size(text + at, length - at)
        if size == 0:
            bad = at
        else:
            store_u32(codes + count * 4, utf8_code(text + at, size))
            count += 1
            at += size
    if bad >= 0:
        free(codes)
        raise decode_error(load_u8(text + bad), bad, ascii)
    result = str_from(codes, 4, count)
    free(codes)
    return result


def decode_error(byte: int, at: int, ascii: bool) -> Exception:
    place = "codec can't decode byte 0x" + uint_digits(byte + 256, 4, 97)[1:] + " in position " + int_str(at) + ": "
    if ascii:
        return UnicodeDecodeError("'ascii' " + place + "ordinal not in range(128)")
    return UnicodeDecodeError("'utf-8' " + place + "invalid start byte" if byte < 0xC2 or byte > 0xF4 else "'utf-8' " + place + "invalid continuation byte")


# How many bytes the code point takes that starts here; 0 if it is not UTF-8: too long, a surrogate, or cut off.
def utf8_size(text: ptr, room: int) -> int:
    byte = load_u8(text)
    size = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2
    if byte < 0xC2 or byte > 0xF4 or size > room:
        return 0
    for i in range(1, size):
        if load_u8(text + i) & 0xC0 != 0x80:
            return 0
    code = utf8_code(text, size)
    if size == 3 and (code < 0x800 or code >= 0xD800 and code < 0xE000) or size == 4 and (code < 0x10000 or code > 0x10FFFF):
        return 0
    return size


def utf8_code(text: ptr, size: int) -> int:
    code = load_u8(text)
    if size > 1:
        code &= 0x7F >> size
    for i in range(1, size):
        code = code << 6 | load_u8(text + i) & 63
    return code


# Bytes of text.
def str_encode(self: str, encoding: str = "utf-8", errors: str = "strict") -> bytes:
    kind = encoding_kind(encoding)
    length = str_len(self)
    for i in range(length):
        code = str_code(self, i)
        if kind != 0 and code >= kind or kind == 0 and code >= 0xD800 and code < 0xE000:
            raise encode_error(code, i, kind)
    text = address(self) + STR_DATA
    if kind != 0:
        p = bytes_new(length)
        memory_copy(p + STR_DATA, text, length)
        return own_bytes(p)
    p = bytes_new(utf8_length(self))
    utf8_encode(p + STR_DATA, text, str_width(self), length)
    return own_bytes(p)


def utf8_length(self: str) -> int:
    size = 0
    for i in range(str_len(self)):
        code = str_code(self, i)
        size += 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
    return size


def encode_error(code: int, at: int, kind: int) -> Exception:
    name = "'utf-8'" if kind == 0 else "'ascii'" if kind == 128 else "'latin-1'"
    why = "surrogates not allowed" if kind == 0 else "ordinal not in range(" + int_str(kind) + ")"
    character = text_ascii(str_of_code(code))
    return UnicodeEncodeError(name + " codec can't encode character '" + character + "' in position " + int_str(at) + ": " + why)


# The characters of the same numbers: what bytes have of the methods of text, they do as ASCII text does.
def bytes_text(self: bytes) -> str:
    length = bytes_len(self)
    p = str_new(length, 1)
    memory_copy(p + STR_DATA, address(self) + STR_DATA, length)
    return own_str(p)


def text_bytes(text: str) -> bytes:
    length = str_len(text)
    p = bytes_new(length)
    for i in range(length):
        store_u8(p + STR_DATA + i, str_code(text, i))
    return own_bytes(p)


# Bytes of a letter are changed; others are as they are.
def bytes_upper(self: bytes) -> bytes:
    p = bytes_new(bytes_len(self))
    for i in range(bytes_len(self)):
        byte = bytes_item(self, i)
        store_u8(p + STR_DATA + i, byte - 32 if 97 <= byte <= 122 else byte)
    return own_bytes(p)


def bytes_lower(self: bytes) -> bytes:
    p = bytes_new(bytes_len(self))
    for i in range(bytes_len(self)):
        byte = bytes_item(self, i)
        store_u8(p + STR_DATA + i, byte + 32 if 65 <= byte <= 90 else byte)
    return own_bytes(p)


def bytes_swapcase(self: bytes) -> bytes:
    p = bytes_new(bytes_len(self))
    for i in range(bytes_len(self)):
        byte = bytes_item(self, i)
        store_u8(p + STR_DATA + i, byte ^ 32 if 97 <= byte | 32 <= 122 else byte)
    return own_bytes(p)


def bytes_title(self: bytes) -> bytes:
    p = bytes_new(bytes_len(self))
    inside = False
    for i in range(bytes_len(self)):
        byte = bytes_item(self, i)
        letter = 97 <= byte | 32 <= 122
        if letter:
            byte = byte | 32 if inside else byte & 0xDF
        inside = letter
        store_u8(p + STR_DATA + i, byte)
    return own_bytes(p)


def bytes_capitalize(self: bytes) -> bytes:
    return bytes_upper(self[:1]) + bytes_lower(self[1:])


def bytes_isdigit(self: bytes) -> bool:
    for byte in self:
        if not 48 <= byte <= 57:
            return False
    return bytes_len(self) > 0


def bytes_isalpha(self: bytes) -> bool:
    for byte in self:
        if not 97 <= byte | 32 <= 122:
            return False
    return bytes_len(self) > 0


def bytes_isalnum(self: bytes) -> bool:
    for byte in self:
        if not (97 <= byte | 32 <= 122 or 48 <= byte <= 57):
            return False
    return bytes_len(self) > 0


def bytes_isspace(self: bytes) -> bool:
    for byte in self:
        if not (byte == 32 or 9 <= byte <= 13):
            return False
    return bytes_len(self) > 0


def bytes_isupper(self: bytes) -> bool:
    return self == bytes_upper(self) and self != bytes_lower(self)


def bytes_islower(self: bytes) -> bool:
    return self == bytes_lower(self) and self != bytes_upper(self)


def bytes_isascii(self: bytes) -> bool:
    for byte in self:
        if byte > 127:
            return False
    return True


def all_bytes(texts):
    return [text_bytes(text) for text in texts]


# Words are parted by ASCII's white space alone: 28 to 31 and 133 are none for bytes.
def bytes_split(self: bytes, sep=None, maxsplit: int = -1):
    if sep is None:
        items = []
        at = byte_word(self, 0)
        while at < bytes_len(self):
            end = at
            while end < bytes_len(self) and not is_byte_space(bytes_item(self, end)):
                end += 1
            if maxsplit >= 0 and len(items) == maxsplit:
                end = bytes_len(self)
                while is_byte_space(bytes_item(self, end - 1)):
                    end -= 1
            items.append(bytes_part(self, at, end - at))
            at = byte_word(self, end)
        return items
    else:
        return all_bytes(bytes_text(self).split(bytes_text(sep), maxsplit))


def is_byte_space(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13


def byte_word(self: bytes, at: int) -> int:
    while at < bytes_len(self) and is_byte_space(bytes_item(self, at)):
        at += 1
    return at


def bytes_rsplit(self: bytes, sep: bytes, maxsplit: int = -1):
    return all_bytes(bytes_text(self).rsplit(bytes_text(sep), maxsplit))


def bytes_partition(self: bytes, sep: bytes):
    before, found, after = bytes_text(self).partition(bytes_text(sep))
    return (text_bytes(before), text_bytes(found), text_bytes(after))


def bytes_rpartition(self: bytes, sep: bytes):
    before, found, after = bytes_text(self).rpartition(bytes_text(sep))
    return (text_bytes(before), text_bytes(found), text_bytes(after))


def bytes_replace(self: bytes, old: bytes, new: bytes, count: int = -1) -> bytes:
    return text_bytes(bytes_text(self).replace(bytes_text(old), bytes_text(new), count))


def bytes_strip(self: bytes, bytes=b" \t\n\r\x0b\f") -> bytes:
    return text_bytes(bytes_text(self).strip(bytes_text(bytes)))


def bytes_lstrip(self: bytes, bytes=b" \t\n\r\x0b\f") -> bytes:
    return text_bytes(bytes_text(self).lstrip(bytes_text(bytes)))


def bytes_rstrip(self: bytes, bytes=b" \t\n\r\x0b\f") -> bytes:
    return text_bytes(bytes_text(self).rstrip(bytes_text(bytes)))


def bytes_rfind(self: bytes, sub: bytes, start=None, end=None) -> int:
    return bytes_text(self).rfind(bytes_text(sub), start, end)


def bytes_center(self: bytes, width: int, fillchar: bytes = b" ") -> bytes:
    return text_bytes(bytes_text(self).center(width, bytes_text(fillchar)))


def bytes_ljust(self: bytes, width: int, fillchar: bytes = b" ") -> bytes:
    return text_bytes(bytes_text(self).ljust(width, bytes_text(fillchar)))


def bytes_rjust(self: bytes, width: int, fillchar: bytes = b" ") -> bytes:
    return text_bytes(bytes_text(self).rjust(width, bytes_text(fillchar)))


def bytes_zfill(self: bytes, width: int) -> bytes:
    return text_bytes(bytes_text(self).zfill(width))


def bytes_removeprefix(self: bytes, prefix: bytes) -> bytes:
    return text_bytes(bytes_text(self).removeprefix(bytes_text(prefix)))


def bytes_removesuffix(self: bytes, suffix: bytes) -> bytes:
    return text_bytes(bytes_text(self).removesuffix(bytes_text(suffix)))


def bytes_fromhex(string: str) -> bytes:
    p = bytes_new(str_len(string))
    count = 0
    at = 0
    while at < str_len(string):
        if is_byte_space(str_code(string, at)):
            at += 1
        else:
            high = hex_digit(string, at)
            store_u8(p + STR_DATA + count, high * 16 + hex_digit(string, at + 1))
            count += 1
            at += 2
    whole = own_bytes(p)
    return bytes_part(whole, 0, count)


def hex_digit(text: str, at: int) -> int:
    code = str_code(text, at) if at < str_len(text) else 0
    if 48 <= code <= 57:
        return code - 48
    if 97 <= code | 32 <= 102:
        return (code | 32) - 87
    raise ValueError(f"non-hexadecimal number found in fromhex() arg at position {at}")
