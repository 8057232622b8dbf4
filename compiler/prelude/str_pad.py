# Filling text up to a width.


# `left` and `right` copies of one code point around the text.
def str_pad(self: str, left: int, right: int, fill: int) -> str:
    if left <= 0 and right <= 0:
        return self
    width = 4 if fill > 255 else str_width(self)
    p = str_new(left + str_len(self) + right, width)
    to = put_fill(p + STR_DATA, width, fill, left)
    put_fill(str_put(to, width, self), width, fill, right)
    return own_str(p)


def put_fill(to: ptr, width: int, fill: int, count: int) -> ptr:
    if width == 1:
        memory_fill(to, fill, count)
        return to + count
    for i in range(count):
        store_u32(to + i * 4, fill)
    return to + count * 4


def fill_code(fillchar: str) -> int:
    if str_len(fillchar) != 1:
        raise TypeError("The fill character must be exactly one character long")
    return str_code(fillchar, 0)


def str_ljust(self: str, width: int, fillchar: str = " ") -> str:
    return str_pad(self, 0, width - str_len(self), fill_code(fillchar))


def str_rjust(self: str, width: int, fillchar: str = " ") -> str:
    return str_pad(self, width - str_len(self), 0, fill_code(fillchar))


def str_center(self: str, width: int, fillchar: str = " ") -> str:
    fill = fill_code(fillchar)
    room = width - str_len(self)
    if room <= 0:
        return self
    # The odd one goes to the left if the width is odd, else to the right.
    left = room // 2 + (room & width & 1)
    return str_pad(self, left, room - left, fill)


def str_zfill(self: str, width: int) -> str:
    room = width - str_len(self)
    if room <= 0:
        return self
    first = str_code(self, 0) if str_len(self) > 0 else 0
    if first == 43 or first == 45:
        return str_part(self, 0, 1) + str_pad(str_part(self, 1, str_len(self) - 1), room, 0, 48)
    return str_pad(self, room, 0, 48)


def str_expandtabs(self: str, tabsize: int = 8) -> str:
    pieces = []
    start = 0
    column = 0
    for at in range(str_len(self)):
        code = str_code(self, at)
        if code == 9:
            pieces.append(str_part(self, start, at - start))
            start = at + 1
            room = tabsize - column % tabsize if tabsize > 0 else 0
            pieces.append(" " * room)
            column += room
        else:
            column = 0 if code == 10 or code == 13 else column + 1
    pieces.append(str_part(self, start, str_len(self) - start))
    return str_join_list("", pieces)
