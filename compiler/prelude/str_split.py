# Taking text apart: split, partition, strip, lines.


# Whether a code point is white space for str.split, str.strip and str.isspace.
def is_space(code: int) -> bool:
    if code < 128:
        return code == 32 or code >= 9 and code <= 13 or code >= 28 and code <= 31
    if code < 0x2000:
        return code == 0x85 or code == 0xA0 or code == 0x1680
    return code <= 0x200A or code == 0x2028 or code == 0x2029 or code == 0x202F or code == 0x205F or code == 0x3000


# The first index from `at` on that is not white space.
def space_end(self: str, at: int) -> int:
    while at < str_len(self) and is_space(str_code(self, at)):
        at += 1
    return at


# The first index from `at` on that is white space.
def word_end(self: str, at: int) -> int:
    while at < str_len(self) and not is_space(str_code(self, at)):
        at += 1
    return at


# The index after the last code point, not below `least`, that is not white space.
def space_start(self: str, least: int) -> int:
    at = str_len(self)
    while at > least and is_space(str_code(self, at - 1)):
        at -= 1
    return at


def str_split(self: str, sep=None, maxsplit: int = -1):
    if sep is None:
        return str_split_words(self, maxsplit)
    return str_split_at(self, sep, maxsplit)


def str_split_words(self: str, limit: int):
    pieces = []
    at = space_end(self, 0)
    while at < str_len(self):
        # The rest keeps the space at its end.
        stop = word_end(self, at) if limit != 0 else str_len(self)
        limit -= 1
        pieces.append(str_part(self, at, stop - at))
        at = space_end(self, stop)
    return pieces


def str_split_at(self: str, separator: str, limit: int):
    if str_len(separator) == 0:
        raise ValueError("empty separator")
    pieces = []
    start = 0
    while limit != 0:
        found = str_search(self, separator, start, str_len(self))
        if found < 0:
            break
        pieces.append(str_part(self, start, found - start))
        start = found + str_len(separator)
        limit -= 1
    pieces.append(str_part(self, start, str_len(self) - start))
    return pieces


def str_rsplit(self: str, sep=None, maxsplit: int = -1):
    if sep is None:
        return str_rsplit_words(self, maxsplit)
    return str_rsplit_at(self, sep, maxsplit)


def str_rsplit_words(self: str, limit: int):
    pieces = []
    stop = space_start(self, 0)
    while stop > 0:
        at = stop
        while at > 0 and not is_space(str_code(self, at - 1)):
            at -= 1
        if limit == 0:
            at = 0
        limit -= 1
        pieces.append(str_part(self, at, stop - at))
        stop = at
        while stop > 0 and is_space(str_code(self, stop - 1)):
            stop -= 1
    pieces.reverse()
    return pieces


def str_rsplit_at(self: str, separator: str, limit: int):
    if str_len(separator) == 0:
        raise ValueError("empty separator")
    pieces = []
    stop = str_len(self)
    while limit != 0:
        found = str_search_back(self, separator, 0, stop)
        if found < 0:
            break
        start = found + str_len(separator)
        pieces.append(str_part(self, start, stop - start))
        stop = found
        limit -= 1
    pieces.append(str_part(self, 0, stop))
    pieces.reverse()
    return pieces


def str_splitlines(self: str, keepends: bool = False):
    pieces = []
    length = str_len(self)
    start = 0
    while start < length:
        stop = start
        while stop < length and not is_line_end(str_code(self, stop)):
            stop += 1
        after = stop + 1 if stop < length else length
        # \r\n ends one line.
        if after < length and str_code(self, stop) == 13 and str_code(self, after) == 10:
            after += 1
        pieces.append(str_part(self, start, (after if keepends else stop) - start))
        start = after
    return pieces


def is_line_end(code: int) -> bool:
    if code < 128:
        return code >= 10 and code <= 13 or code >= 28 and code <= 30
    return code == 0x85 or code == 0x2028 or code == 0x2029


def str_partition(self: str, sep: str):
    if str_len(sep) == 0:
        raise ValueError("empty separator")
    found = str_search(self, sep, 0, str_len(self))
    if found < 0:
        return self, "", ""
    after = found + str_len(sep)
    return str_part(self, 0, found), sep, str_part(self, after, str_len(self) - after)


def str_rpartition(self: str, sep: str):
    if str_len(sep) == 0:
        raise ValueError("empty separator")
    found = str_search_back(self, sep, 0, str_len(self))
    if found < 0:
        return "", "", self
    after = found + str_len(sep)
    return str_part(self, 0, found), sep, str_part(self, after, str_len(self) - after)


def str_strip(self: str, chars=None) -> str:
    start = strip_start(self, chars)
    return str_part(self, start, strip_stop(self, chars, start) - start)


def str_lstrip(self: str, chars=None) -> str:
    start = strip_start(self, chars)
    return str_part(self, start, str_len(self) - start)


def str_rstrip(self: str, chars=None) -> str:
    return str_part(self, 0, strip_stop(self, chars, 0))


# The first index whose code point is not stripped.
def strip_start(self: str, chars) -> int:
    if chars is None:
        return space_end(self, 0)
    at = 0
    while at < str_len(self) and str_has_code(chars, str_code(self, at)):
        at += 1
    return at


# The index, not below `least`, after the last code point that is not stripped.
def strip_stop(self: str, chars, least: int) -> int:
    if chars is None:
        return space_start(self, least)
    at = str_len(self)
    while at > least and str_has_code(chars, str_code(self, at - 1)):
        at -= 1
    return at


def str_has_code(self: str, code: int) -> bool:
    for i in range(str_len(self)):
        if str_code(self, i) == code:
            return True
    return False
