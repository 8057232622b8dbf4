# Finding text in text.


# The first index a search looks at; past `length` where nothing can be found.
@inline
def search_start(start, length: int) -> int:
    if start is None:
        return 0
    index = int(start)
    if index < 0:
        index += length
    return 0 if index < 0 else index if index <= length else length + 1


# The index at which a search ends.
@inline
def search_stop(end, length: int) -> int:
    if end is None:
        return length
    index = int(end)
    if index < 0:
        index += length
    return 0 if index < 0 else length if index > length else index


# Whether `part` stands in `self` at `at`, where there is room for it.
def str_matches(self: str, part: str, at: int) -> bool:
    length = str_len(part)
    width = str_width(self)
    if width == str_width(part):
        return memory_equal(address(self) + STR_DATA + at * width, address(part) + STR_DATA, length * width)
    for i in range(length):
        if str_code(self, at + i) != str_code(part, i):
            return False
    return True


# The least index in start..stop at which `part` stands; -1 if there is none.
def str_search(self: str, part: str, start: int, stop: int) -> int:
    last = stop - str_len(part)
    if str_len(part) == 0:
        return start if start <= last else -1
    first = str_code(part, 0)
    at = start
    while at <= last:
        if str_code(self, at) == first and str_matches(self, part, at):
            return at
        at += 1
    return -1


# The greatest such index.
def str_search_back(self: str, part: str, start: int, stop: int) -> int:
    at = stop - str_len(part)
    while at >= start:
        if str_matches(self, part, at):
            return at
        at -= 1
    return -1


def str_contains(self: str, x: str) -> bool:
    return str_search(self, x, 0, str_len(self)) >= 0


def str_find(self: str, sub: str, start=None, end=None) -> int:
    length = str_len(self)
    return str_search(self, sub, search_start(start, length), search_stop(end, length))


def str_rfind(self: str, sub: str, start=None, end=None) -> int:
    length = str_len(self)
    return str_search_back(self, sub, search_start(start, length), search_stop(end, length))


def str_index(self: str, sub: str, start=None, end=None) -> int:
    found = str_find(self, sub, start, end)
    if found < 0:
        raise ValueError("substring not found")
    return found


def str_rindex(self: str, sub: str, start=None, end=None) -> int:
    found = str_rfind(self, sub, start, end)
    if found < 0:
        raise ValueError("substring not found")
    return found


def str_count(self: str, sub: str, start=None, end=None) -> int:
    length = str_len(self)
    at = search_start(start, length)
    stop = search_stop(end, length)
    step = str_len(sub)
    count = 0
    at = str_search(self, sub, at, stop)
    while at >= 0:
        count += 1
        # The empty str stands before and after each code point.
        at = str_search(self, sub, at + (step if step > 0 else 1), stop)
    return count


# `prefix` is a str or a tuple of them.
def str_startswith(self: str, prefix, start=None, end=None) -> bool:
    length = str_len(self)
    first = search_start(start, length)
    stop = search_stop(end, length)
    if isinstance(prefix, str):
        return str_stands(self, prefix, first, first + str_len(prefix), stop)
    for item in prefix:
        if str_stands(self, item, first, first + str_len(item), stop):
            return True
    return False


def str_endswith(self: str, suffix, start=None, end=None) -> bool:
    length = str_len(self)
    first = search_start(start, length)
    stop = search_stop(end, length)
    if isinstance(suffix, str):
        at = stop - str_len(suffix)
        return at >= first and str_stands(self, suffix, at, stop, stop)
    for item in suffix:
        at = stop - str_len(item)
        if at >= first and str_stands(self, item, at, stop, stop):
            return True
    return False


# Whether `part` fills at..end, which must not reach beyond stop.
def str_stands(self: str, part: str, at: int, end: int, stop: int) -> bool:
    return end <= stop and str_matches(self, part, at)


def str_removeprefix(self: str, prefix: str) -> str:
    length = str_len(prefix)
    if str_stands(self, prefix, 0, length, str_len(self)):
        return str_part(self, length, str_len(self) - length)
    return self


def str_removesuffix(self: str, suffix: str) -> str:
    at = str_len(self) - str_len(suffix)
    if at >= 0 and str_matches(self, suffix, at):
        return str_part(self, 0, at)
    return self


def str_replace(self: str, old: str, new: str, count: int = -1) -> str:
    if str_len(old) > 0:
        return str_join_list(new, str_split_at(self, old, count))
    pieces = [""] if count != 0 else [self]
    length = str_len(self)
    at = 0
    while count != 0 and at < length:
        count -= 1
        # The last piece that may be taken is the whole rest.
        size = length - at if count == 0 else 1
        pieces.append(str_part(self, at, size))
        at += size
    if count != 0 and length >= 0:
        pieces.append("")
    return str_join_list(new, pieces)
