# Upper and lower case, and what kind of text a str is.


# The str of the 32-bit code points from `codes` to `end`, which is freed.
def str_of_codes(codes: ptr, end: ptr) -> str:
    text = str_from(codes, 4, (end - codes) >> 2)
    free(codes)
    return text


def str_lower(self: str) -> str:
    codes = allocate(str_len(self) * 12)
    to = codes
    for i in range(str_len(self)):
        to = put_lower_at(self, i, to)
    return str_of_codes(codes, to)


# A capital sigma at the end of a word becomes the final one.
def put_lower_at(self: str, i: int, to: ptr) -> ptr:
    code = str_code(self, i)
    if code == 0x3A3:
        store_u32(to, 0x3C2 if ends_word(self, i) else 0x3C3)
        return to + 4
    return put_lower(code, to)


# Whether a letter stands before but none after, but for marks.
def ends_word(self: str, i: int) -> bool:
    before = i - 1
    while before >= 0 and is_word_mark(str_code(self, before)):
        before -= 1
    after = i + 1
    while after < str_len(self) and is_word_mark(str_code(self, after)):
        after += 1
    if before < 0 or not is_cased(str_code(self, before)):
        return False
    return after == str_len(self) or not is_cased(str_code(self, after))


# Marks within words, the common ones of what Unicode calls case-ignorable.
def is_word_mark(code: int) -> bool:
    if code < 0x300:
        return code == 39 or code == 46 or code == 58 or code == 94 or code == 96 or code == 0xA8 or code == 0xAD or code == 0xAF or code == 0xB4 or code == 0xB7 or code == 0xB8 or code >= 0x2B0
    return code < 0x370 or code >= 0x483 and code <= 0x489 or code == 0x2019 or code >= 0x200B and code <= 0x200F


def is_cased(code: int) -> bool:
    return is_lower(code) or is_upper(code) or is_title(code)


def str_upper(self: str) -> str:
    codes = allocate(str_len(self) * 12)
    to = codes
    for i in range(str_len(self)):
        to = put_upper(str_code(self, i), to)
    return str_of_codes(codes, to)


def str_casefold(self: str) -> str:
    codes = allocate(str_len(self) * 12)
    to = codes
    for i in range(str_len(self)):
        to = put_fold(str_code(self, i), to)
    return str_of_codes(codes, to)


def str_capitalize(self: str) -> str:
    codes = allocate(str_len(self) * 12)
    to = codes
    for i in range(str_len(self)):
        to = put_lower_at(self, i, to) if i > 0 else put_title(str_code(self, i), to)
    return str_of_codes(codes, to)


def str_title(self: str) -> str:
    codes = allocate(str_len(self) * 12)
    to = codes
    inside = False
    for i in range(str_len(self)):
        code = str_code(self, i)
        to = put_lower_at(self, i, to) if inside else put_title(code, to)
        inside = is_cased(code)
    return str_of_codes(codes, to)


def str_swapcase(self: str) -> str:
    codes = allocate(str_len(self) * 12)
    to = codes
    for i in range(str_len(self)):
        code = str_code(self, i)
        if is_upper(code):
            to = put_lower_at(self, i, to)
        elif is_lower(code):
            to = put_upper(code, to)
        else:
            store_u32(to, code)
            to = to + 4
    return str_of_codes(codes, to)


def str_isalpha(self: str) -> bool:
    for i in range(str_len(self)):
        if not is_alpha(str_code(self, i)):
            return False
    return str_len(self) > 0


def str_isalnum(self: str) -> bool:
    for i in range(str_len(self)):
        if not (is_alpha(str_code(self, i)) or is_numeric(str_code(self, i))):
            return False
    return str_len(self) > 0


def str_isnumeric(self: str) -> bool:
    for i in range(str_len(self)):
        if not is_numeric(str_code(self, i)):
            return False
    return str_len(self) > 0


def str_isdigit(self: str) -> bool:
    for i in range(str_len(self)):
        if not is_digit(str_code(self, i)):
            return False
    return str_len(self) > 0


def str_isdecimal(self: str) -> bool:
    for i in range(str_len(self)):
        if decimal_value(str_code(self, i)) < 0:
            return False
    return str_len(self) > 0


def str_isspace(self: str) -> bool:
    return str_len(self) > 0 and space_end(self, 0) == str_len(self)


def str_isascii(self: str) -> bool:
    for i in range(str_len(self)):
        if str_code(self, i) > 127:
            return False
    return True


def str_isprintable(self: str) -> bool:
    for i in range(str_len(self)):
        if not is_printable(str_code(self, i)):
            return False
    return True


def str_isidentifier(self: str) -> bool:
    if str_len(self) == 0 or not is_name_start(str_code(self, 0)):
        return False
    for i in range(1, str_len(self)):
        if not is_name_part(str_code(self, i)):
            return False
    return True


def str_islower(self: str) -> bool:
    some = False
    for i in range(str_len(self)):
        code = str_code(self, i)
        if is_upper(code) or is_title(code):
            return False
        some = some or is_lower(code)
    return some


def str_isupper(self: str) -> bool:
    some = False
    for i in range(str_len(self)):
        code = str_code(self, i)
        if is_lower(code) or is_title(code):
            return False
        some = some or is_upper(code)
    return some


def str_istitle(self: str) -> bool:
    some = False
    inside = False
    for i in range(str_len(self)):
        code = str_code(self, i)
        lower = is_lower(code)
        first = not lower and (is_upper(code) or is_title(code))
        # A capital starts a word, a small letter goes on with one.
        if first and inside or lower and not inside:
            return False
        inside = lower or first
        some = some or inside
    return some
