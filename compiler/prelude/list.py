# list: an object of length, room, and the address of the items (see `abi.rs`), which are laid out as their type says.


# A list object with `length` items of `item_size` bytes, which the caller fills.
def list_new(item_size: int, length: int) -> ptr:
    p = allocate(16)
    store_u32(p, 1)
    store_u32(p + 4, length)
    store_u32(p + 8, length)
    store_u32(p + 12, 0)
    if length > 0:
        if length > HEAP_LIMIT:
            free(p)
            raise MemoryError()
        store_ptr(p + 12, allocate(length * item_size))
    return p


# Room for one item more, at the end of the list at `p`: half as much again.
def list_grow(p: ptr, item_size: int) -> None:
    room = load_u32(p + 8)
    list_reserve(p, item_size, room + (room >> 1) + 4)


# Room for `room` items in the list at `p`.
def list_reserve(p: ptr, item_size: int, room: int) -> None:
    if room <= load_u32(p + 8):
        return
    if room > HEAP_LIMIT:
        raise MemoryError()
    items = load_ptr(p + 12)
    if int(items) == 0:
        store_ptr(p + 12, allocate(room * item_size))
    else:
        store_ptr(p + 12, reallocate(items, room * item_size))
    store_u32(p + 8, room)


# Frees the list and what it holds.
def list_drop(self) -> None:
    if item_counted(self):
        list_drop_items(self, 0, list_len(self))
    list_drop_memory(address(self))


def list_drop_memory(p: ptr) -> None:
    items = load_ptr(p + 12)
    if int(items) != 0:
        free(items)
    free(p)


# Releases items in place.
def list_drop_items(self, start: int, stop: int) -> None:
    p = list_data(self) + start * item_size(self)
    end = list_data(self) + stop * item_size(self)
    while p < end:
        item_drop(self, p)
        p = p + item_size(self)


@inline
def list_len(self) -> int:
    return load_u32(address(self) + 4)


@inline
def list_bool(self) -> bool:
    return load_u32(address(self) + 4) != 0


@inline
def list_data(self) -> ptr:
    return load_ptr(address(self) + 12)


# The i-th item, unchecked.
@inline
def list_item(self, i: int):
    return item_load(self, load_ptr(address(self) + 12) + i * item_size(self))


@inline
def list_getitem(self, index: int):
    length = load_u32(address(self) + 4)
    at = index + length if index < 0 else index
    if i64_ge_u(at, length):
        raise IndexError("list index out of range")
    return item_load(self, load_ptr(address(self) + 12) + at * item_size(self))


@inline
def list_setitem(self, index: int, value) -> None:
    length = load_u32(address(self) + 4)
    at = index + length if index < 0 else index
    if i64_ge_u(at, length):
        raise IndexError("list assignment index out of range")
    p = load_ptr(address(self) + 12) + at * item_size(self)
    if item_counted(self):
        # The old item goes last: what its release does must not see the list half changed.
        old = item_take(self, p)
        item_init(self, p, value)
    else:
        item_init(self, p, value)


def list_delitem(self, index: int) -> None:
    length = list_len(self)
    at = index + length if index < 0 else index
    if i64_ge_u(at, length):
        raise IndexError("list assignment index out of range")
    list_cut(self, at, at + 1)


@inline
def list_append(self, value) -> None:
    length = load_u32(address(self) + 4)
    if length == load_u32(address(self) + 8):
        list_grow(address(self), item_size(self))
    item_init(self, load_ptr(address(self) + 12) + length * item_size(self), value)
    store_u32(address(self) + 4, length + 1)


# Removes the items from start to stop.
def list_cut(self, start: int, stop: int) -> None:
    if item_counted(self):
        list_drop_items(self, start, stop)
    list_move_down(address(self), item_size(self), start, stop)


# Moves the items from `stop` on to `start`, over memory that holds nothing.
def list_move_down(p: ptr, item_size: int, start: int, stop: int) -> None:
    length = load_u32(p + 4)
    items = load_ptr(p + 12)
    memory_copy(items + start * item_size, items + stop * item_size, (length - stop) * item_size)
    store_u32(p + 4, length - stop + start)


# Opens a gap of `count` items before the item `at`, for the caller to fill. Gives its address.
def list_move_up(p: ptr, item_size: int, at: int, count: int) -> ptr:
    length = load_u32(p + 4)
    if length + count > load_u32(p + 8):
        list_reserve(p, item_size, length + count + (length >> 1))
    gap = load_ptr(p + 12) + at * item_size
    memory_copy(gap + count * item_size, gap, (length - at) * item_size)
    store_u32(p + 4, length + count)
    return gap


def list_insert(self, index: int, value) -> None:
    length = list_len(self)
    at = index + length if index < 0 else index
    at = 0 if at < 0 else at
    at = length if at > length else at
    item_init(self, list_move_up(address(self), item_size(self), at, 1), value)


def list_pop(self, index: int = -1):
    length = list_len(self)
    if length == 0:
        raise IndexError("pop from empty list")
    at = index + length if index < 0 else index
    if i64_ge_u(at, length):
        raise IndexError("pop index out of range")
    item = item_take(self, list_data(self) + at * item_size(self))
    list_move_down(address(self), item_size(self), at, at + 1)
    return item


def list_remove(self, value) -> None:
    for i in range(list_len(self)):
        if list_item(self, i) == value:
            list_cut(self, i, i + 1)
            return
    raise ValueError("list.remove(x): x not in list")


def list_clear(self) -> None:
    list_cut(self, 0, list_len(self))


def list_index(self, value, start: int = 0, stop: int = 0x7FFFFFFFFFFFFFFF) -> int:
    length = list_len(self)
    at = slice_clamp(start, 1, length)
    end = slice_clamp(stop, 1, length)
    while at < end:
        if list_item(self, at) == value:
            return at
        at = at + 1
    raise ValueError(f"{value!r} is not in list")


def list_count(self, value) -> int:
    count = 0
    for i in range(list_len(self)):
        if list_item(self, i) == value:
            count = count + 1
    return count


def list_contains(self, value) -> bool:
    for i in range(list_len(self)):
        if list_item(self, i) == value:
            return True
    return False


def list_reverse(self) -> None:
    if list_len(self) == 0:
        return
    size = item_size(self)
    low = list_data(self)
    high = low + (list_len(self) - 1) * size
    while low < high:
        item = item_take(self, low)
        item_init(self, low, item_take(self, high))
        item_init(self, high, item)
        low = low + size
        high = high - size


def list_copy(self):
    result = own_like(self, list_new(item_size(self), list_len(self)))
    list_copy_items(self, list_data(result), 0, list_len(self), 1)
    return result


# Copies the `count` items start, start + step, … into memory that holds nothing.
def list_copy_items(self, to: ptr, start: int, count: int, step: int) -> None:
    size = item_size(self)
    p = list_data(self) + start * size
    if step == 1 and not item_counted(self):
        memory_copy(to, p, count * size)
    else:
        end = to + count * size
        while to < end:
            item_init(self, to, item_load(self, p))
            to = to + size
            p = p + step * size


# Adds what `iterable` gives. A list may be added to itself: its length is read first.
def list_extend(self, iterable) -> None:
    if isinstance(iterable, list):
        count = list_len(iterable)
        gap = list_move_up(address(self), item_size(self), list_len(self), count)
        if address(iterable) == address(self):
            list_copy_items(self, gap, 0, count, 1)
        else:
            p = list_data(iterable)
            for i in range(count):
                item_init(self, gap, item_load(iterable, p))
                gap = gap + item_size(self)
                p = p + item_size(iterable)
    else:
        for item in iterable:
            list_append(self, item)


@inline
def list_iadd(self, other):
    list_extend(self, other)
    return self


def list_add(self, other):
    count = list_len(self)
    result = own_like(self, list_new(item_size(self), count + list_len(other)))
    list_copy_items(self, list_data(result), 0, count, 1)
    list_copy_items(other, list_data(result) + count * item_size(self), 0, list_len(other), 1)
    return result


def list_mul(self, times: int):
    count = list_len(self)
    if times < 0 or count == 0:
        times = 0
    if times > HEAP_LIMIT:
        raise MemoryError()
    result = own_like(self, list_new(item_size(self), count * times))
    to = list_data(result)
    if count == 1 and times > 0:
        # [x] * n: the item is read once.
        item = list_item(self, 0)
        end = to + times * item_size(self)
        while to < end:
            item_init(self, to, item)
            to = to + item_size(self)
    else:
        for i in range(times):
            list_copy_items(self, to, 0, count, 1)
            to = to + count * item_size(self)
    return result


def list_imul(self, times: int):
    count = list_len(self)
    if times <= 0:
        list_clear(self)
    elif count > 0:
        if times > HEAP_LIMIT:
            raise MemoryError()
        gap = list_move_up(address(self), item_size(self), count, count * (times - 1))
        for i in range(times - 1):
            list_copy_items(self, gap, 0, count, 1)
            gap = gap + count * item_size(self)
    return self


def list_eq(self, other) -> bool:
    count = list_len(self)
    if count != list_len(other):
        return False
    for i in range(count):
        if not (list_item(self, i) == list_item(other, i)):
            return False
    return True


# The first place where the two differ decides, else the length.
def list_lt(self, other) -> bool:
    count = list_len(self)
    if list_len(other) < count:
        count = list_len(other)
    for i in range(count):
        if not (list_item(self, i) == list_item(other, i)):
            return list_item(self, i) < list_item(other, i)
    return list_len(self) < list_len(other)


def list_le(self, other) -> bool:
    count = list_len(self)
    if list_len(other) < count:
        count = list_len(other)
    for i in range(count):
        if not (list_item(self, i) == list_item(other, i)):
            return list_item(self, i) <= list_item(other, i)
    return list_len(self) <= list_len(other)


def list_getslice(self, start, stop, step):
    by = slice_step(step)
    length = list_len(self)
    first = slice_start(start, by, length)
    count = slice_count(first, slice_stop(stop, by, length), by)
    result = own_like(self, list_new(item_size(self), count))
    list_copy_items(self, list_data(result), first, count, by)
    return result


def list_setslice(self, start, stop, step, value) -> None:
    by = slice_step(step)
    items = builtin_list(value)
    length = list_len(self)
    first = slice_start(start, by, length)
    last = slice_stop(stop, by, length)
    if by == 1:
        last = first if last < first else last
        if item_counted(self):
            list_drop_items(self, first, last)
        list_move_down(address(self), item_size(self), first, last)
        gap = list_move_up(address(self), item_size(self), first, list_len(items))
        for i in range(list_len(items)):
            item_init(self, gap, list_item(items, i))
            gap = gap + item_size(self)
    else:
        count = slice_count(first, last, by)
        if count != list_len(items):
            raise ValueError(f"attempt to assign sequence of size {list_len(items)} to extended slice of size {count}")
        for i in range(count):
            list_setitem(self, first + i * by, list_item(items, i))


def list_delslice(self, start, stop, step) -> None:
    by = slice_step(step)
    length = list_len(self)
    first = slice_start(start, by, length)
    count = slice_count(first, slice_stop(stop, by, length), by)
    if count == 0:
        return
    if by < 0:
        first = first + (count - 1) * by
        by = 0 - by
    # Items between two that go are moved down over the gap so far.
    for i in range(count):
        at = first + i * by
        if item_counted(self):
            list_drop_items(self, at, at + 1)
        stop_at = length if i == count - 1 else at + by
        to = list_data(self) + (at - i) * item_size(self)
        memory_copy(to, list_data(self) + (at + 1) * item_size(self), (stop_at - at - 1) * item_size(self))
    store_u32(address(self) + 4, length - count)
