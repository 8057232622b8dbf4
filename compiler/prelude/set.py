# set: a table (see table.py) without values. Walks go in the order of insertion, as for a dict.


@inline
def set_len(self) -> int:
    return load_u32(address(self) + 16)


@inline
def set_bool(self) -> bool:
    return load_u32(address(self) + 16) != 0


@inline
def set_find(self, key) -> int:
    return table_find(address(self), dict_keys(self), key, table_mix(hash(key)))


# The i-th item, unchecked.
@inline
def set_item(self, i: int):
    table_compact(address(self), item_size(dict_keys(self)), 0)
    return list_item(dict_keys(self), i)


# In a walk over what had `length` items at first.
@inline
def set_check(self, length: int) -> None:
    if set_len(self) != length:
        raise RuntimeError("Set changed size during iteration")


def set_contains(self, item) -> bool:
    return set_find(self, item) >= 0


def set_add(self, item) -> None:
    mixed = table_mix(hash(item))
    if table_find(address(self), dict_keys(self), item, mixed) < 0:
        size = item_size(dict_keys(self))
        if table_full(address(self)):
            table_rebuild(address(self), size, 0, 1)
        at = table_add(address(self), mixed)
        item_init(dict_keys(self), list_data(dict_keys(self)) + at * size, item)


# Removes the entry; gives its item.
def set_take(self, at: int):
    item = item_take(dict_keys(self), list_data(dict_keys(self)) + at * item_size(dict_keys(self)))
    table_forget(address(self), at)
    return item


def set_discard(self, item) -> None:
    at = set_find(self, item)
    if at >= 0:
        set_take(self, at)


def set_remove(self, item) -> None:
    at = set_find(self, item)
    if at < 0:
        raise KeyError(item)
    set_take(self, at)


# Any item: the last one.
def set_pop(self):
    at = table_entries(address(self)) - 1
    if at < 0:
        raise KeyError("pop from an empty set")
    return set_take(self, at)


def set_clear(self) -> None:
    set_drop_items(self)
    table_clear(address(self))


def set_drop(self) -> None:
    set_drop_items(self)
    table_free(address(self))


def set_drop_items(self) -> None:
    if item_counted(dict_keys(self)):
        for at in range(table_entries(address(self))):
            if load_u32(table_hash(address(self), at)) != 0:
                item_drop(dict_keys(self), list_data(dict_keys(self)) + at * item_size(dict_keys(self)))


def set_copy(self):
    result = own_like(self, set_new())
    set_update(result, self)
    return result


def set_update(self, other) -> None:
    if isinstance(other, set):
        for i in range(set_len(other)):
            set_add(self, set_item(other, i))
    else:
        for item in other:
            set_add(self, item)


def set_union(self, other):
    result = set_copy(self)
    set_update(result, other)
    return result


def set_intersection(self, other):
    result = own_like(self, set_new())
    for item in other:
        if set_contains(self, item):
            set_add(result, item)
    return result


def set_difference(self, other):
    result = set_copy(self)
    set_difference_update(result, other)
    return result


def set_symmetric_difference(self, other):
    result = set_copy(self)
    set_symmetric_difference_update(result, other)
    return result


def set_intersection_update(self, other) -> None:
    kept = set_intersection(self, other)
    set_clear(self)
    set_update(self, kept)


# A set minus itself changes while it is walked over, so it is emptied instead.
def set_difference_update(self, other) -> None:
    if isinstance(other, set):
        if address(other) == address(self):
            set_clear(self)
        else:
            for i in range(set_len(other)):
                set_discard(self, set_item(other, i))
    else:
        for item in other:
            set_discard(self, item)


def set_symmetric_difference_update(self, other) -> None:
    if isinstance(other, set):
        if address(other) == address(self):
            set_clear(self)
        else:
            for i in range(set_len(other)):
                set_toggle(self, set_item(other, i))
    else:
        # Items may come twice, but count once.
        set_symmetric_difference_update(self, builtin_set(other))


def set_toggle(self, item) -> None:
    at = set_find(self, item)
    if at >= 0:
        set_take(self, at)
    else:
        set_add(self, item)


def set_issubset(self, other) -> bool:
    if isinstance(other, set):
        return set_le(self, other)
    else:
        return set_le(self, builtin_set(other))


def set_issuperset(self, other) -> bool:
    for item in other:
        if not set_contains(self, item):
            return False
    return True


def set_isdisjoint(self, other) -> bool:
    for item in other:
        if set_contains(self, item):
            return False
    return True


# self <= other
def set_le(self, other) -> bool:
    if set_len(self) > set_len(other):
        return False
    for i in range(set_len(self)):
        if not set_contains(other, set_item(self, i)):
            return False
    return True


# self < other
def set_lt(self, other) -> bool:
    return set_len(self) < set_len(other) and set_le(self, other)


def set_eq(self, other) -> bool:
    return set_len(self) == set_len(other) and set_le(self, other)


# self | other
@inline
def set_or(self, other):
    return set_union(self, other)


@inline
def set_and(self, other):
    return set_intersection(self, other)


@inline
def set_sub(self, other):
    return set_difference(self, other)


@inline
def set_xor(self, other):
    return set_symmetric_difference(self, other)


@inline
def set_ior(self, other):
    set_update(self, other)
    return self


@inline
def set_iand(self, other):
    set_intersection_update(self, other)
    return self


@inline
def set_isub(self, other):
    set_difference_update(self, other)
    return self


@inline
def set_ixor(self, other):
    set_symmetric_difference_update(self, other)
    return self
