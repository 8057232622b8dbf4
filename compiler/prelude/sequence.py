# tuple[T, ...]: a tuple whose length shows at run time. The object is a list's, and nothing changes it.


@inline
def sequence_len(self) -> int:
    return load_u32(address(self) + 4)


@inline
def sequence_item(self, i: int):
    return item_load(self, load_ptr(address(self) + 12) + i * item_size(self))


@inline
def sequence_getitem(self, index: int):
    length = load_u32(address(self) + 4)
    at = index + length if index < 0 else index
    if i64_ge_u(at, length):
        raise IndexError("tuple index out of range")
    return item_load(self, load_ptr(address(self) + 12) + at * item_size(self))


def sequence_drop(self) -> None:
    list_drop(self)


def sequence_getslice(self, start, stop, step):
    return list_getslice(self, start, stop, step)


def sequence_add(self, other):
    return list_add(self, other)


def sequence_mul(self, times: int):
    return list_mul(self, times)


def sequence_contains(self, value) -> bool:
    return list_contains(self, value)


def sequence_count(self, value) -> int:
    return list_count(self, value)


def sequence_index(self, value, start: int = 0, stop: int = 0x7FFFFFFFFFFFFFFF) -> int:
    length = list_len(self)
    at = slice_clamp(start, 1, length)
    end = slice_clamp(stop, 1, length)
    while at < end:
        if list_item(self, at) == value:
            return at
        at = at + 1
    raise ValueError("tuple.index(x): x not in tuple")


def sequence_eq(self, other) -> bool:
    return list_eq(self, other)


def sequence_lt(self, other) -> bool:
    return list_lt(self, other)


def sequence_le(self, other) -> bool:
    return list_le(self, other)


def sequence_hash(self) -> int:
    total = 0
    for i in range(list_len(self)):
        total = tuple_hash_add(total, hash(list_item(self, i)))
    return tuple_hash_end(total, list_len(self))


def sequence_repr(self) -> str:
    if list_len(self) == 1:
        return "(" + repr(list_item(self, 0)) + ",)"
    return "(" + str_join_list(", ", [repr(x) for x in self]) + ")"


# zip(*rows): the columns, as many as the shortest row has items.
def zip_star(rows):
    columns = []
    if len(rows) > 0:
        count = len(rows[0])
        for row in rows:
            if len(row) < count:
                count = len(row)
        for i in range(count):
            column = []
            for row in rows:
                column.append(row[i])
            columns.append(tuple(column))
    return columns
