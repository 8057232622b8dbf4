# repr of text: quotes and escapes.


# Text with every code point beyond ASCII escaped.
def text_ascii(text: str) -> str:
    length = 0
    for i in range(str_len(text)):
        code = str_code(text, i)
        length += 1 if code < 128 else escape_length(code)
    p = str_new(length, 1)
    to = p + STR_DATA
    for i in range(str_len(text)):
        code = str_code(text, i)
        if code < 128:
            store_u8(to, code)
            to = to + 1
        else:
            to = put_escape(to, 1, code)
    return own_str(p)


# Single quotes, unless that needs escapes that double quotes don't.
def quote_for(text: ptr, width: int, length: int) -> int:
    quote = 39
    for i in range(length):
        code = code_at(text, width, i)
        if code == 34:
            return 39
        if code == 39:
            quote = 34
    return quote


def str_repr(self: str) -> str:
    length = str_len(self)
    quote = quote_for(address(self) + STR_DATA, str_width(self), length)
    size = 2
    width = 1
    for i in range(length):
        code = str_code(self, i)
        if is_plain(code, quote):
            size += 1
            width = 4 if code > 255 else width
        else:
            size += escape_length(code)
    p = str_new(size, width)
    to = put_code(p + STR_DATA, width, quote)
    for i in range(length):
        code = str_code(self, i)
        if is_plain(code, quote):
            to = put_code(to, width, code)
        else:
            to = put_escape(to, width, code)
    put_code(to, width, quote)
    return own_str(p)


# Whether repr shows the code point as it is.
def is_plain(code: int, quote: int) -> bool:
    if code < 127:
        return code >= 32 and code != quote and code != 92
    return is_printable(code)


@inline
def put_code(to: ptr, width: int, code: int) -> ptr:
    if width == 1:
        store_u8(to, code)
    else:
        store_u32(to, code)
    return to + width


# The letter after the backslash for what has a short escape; 0 for the rest.
def escape_letter(code: int) -> int:
    if code == 10:
        return 110
    if code == 13:
        return 114
    if code == 9:
        return 116
    return code if code == 39 or code == 34 or code == 92 else 0


def escape_length(code: int) -> int:
    if escape_letter(code) != 0:
        return 2
    return 4 if code < 256 else 6 if code < 0x10000 else 10


def put_escape(to: ptr, width: int, code: int) -> ptr:
    to = put_code(to, width, 92)
    letter = escape_letter(code)
    if letter != 0:
        return put_code(to, width, letter)
    to = put_code(to, width, 120 if code < 256 else 117 if code < 0x10000 else 85)
    digits = escape_length(code) - 2
    while digits > 0:
        digits -= 1
        digit = code >> (digits * 4) & 15
        to = put_code(to, width, digit + 48 if digit < 10 else digit + 87)
    return to
