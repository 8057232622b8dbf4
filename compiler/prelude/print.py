# print(). `print(a, b, sep=s, end=e)` becomes
#     print_piece(str(a)); print_piece(s); print_piece(str(b)); print_end(e, 1)
# and `file=sys.stderr` makes the last argument 2. The pieces gather as UTF-8 in one buffer that the module keeps (its
# address is in state 6: room, bytes used, bytes), so that one print is one call of the host.

PRINT_DATA = 8


# Adds text to the line.
def print_piece(text: str) -> None:
    source = address(text) + STR_DATA
    length = str_len(text)
    width = str_width(text)
    # A code point takes up to 2 bytes in UTF-8 if it is below 256, else up to 4.
    buffer = print_room(length * (2 if width == 1 else 4))
    used = load_u32(buffer + 4)
    end = utf8_encode(buffer + PRINT_DATA + used, source, width, length)
    store_u32(buffer + 4, end - (buffer + PRINT_DATA))


# Adds the end and hands the line to the host.
def print_end(end: str, fd: int) -> None:
    print_piece(end)
    buffer = ptr(global_get_6())
    size = load_u32(buffer + 4)
    store_u32(buffer + 4, 0)
    if size > 0:
        host_write(fd, buffer + PRINT_DATA, size)


# Asks the host to show what was written so far.
def print_flush(fd: int) -> None:
    host_write(fd, ptr(0), 0)


# The buffer, with room for `size` more bytes.
def print_room(size: int) -> ptr:
    buffer = ptr(global_get_6())
    if int(buffer) == 0:
        buffer = allocate(PRINT_DATA + 120)
        store_u32(buffer, 120)
        store_u32(buffer + 4, 0)
        global_set_6(int(buffer))
    room = load_u32(buffer + 4) + size
    if room > load_u32(buffer):
        room += room >> 1
        buffer = reallocate(buffer, PRINT_DATA + room)
        store_u32(buffer, room)
        global_set_6(int(buffer))
    return buffer


# Writes code points in UTF-8 at `to`; gives the address after them. Surrogates are written as they are (three bytes);
# a host shows them as replacement characters.
def utf8_encode(to: ptr, text: ptr, width: int, length: int) -> ptr:
    for i in range(length):
        code = code_at(text, width, i)
        if code < 0x80:
            store_u8(to, code)
            to = to + 1
        else:
            to = utf8_put(to, code)
    return to


def utf8_put(to: ptr, code: int) -> ptr:
    if code < 0x800:
        store_u8(to, 0xC0 | code >> 6)
        store_u8(to + 1, 0x80 | code & 63)
        return to + 2
    if code < 0x10000:
        store_u8(to, 0xE0 | code >> 12)
        store_u8(to + 1, 0x80 | code >> 6 & 63)
        store_u8(to + 2, 0x80 | code & 63)
        return to + 3
    store_u8(to, 0xF0 | code >> 18)
    store_u8(to + 1, 0x80 | code >> 12 & 63)
    store_u8(to + 2, 0x80 | code >> 6 & 63)
    store_u8(to + 3, 0x80 | code & 63)
    return to + 4
