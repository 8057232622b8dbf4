# dict: a table (see table.py) whose entries have values.
#
# A walk is `for i in range(dict_len(d))` with `dict_item(d, i)` (the key) and `dict_value(d, i)`; `dict_check` before each
# item raises if the dict has changed its size. `i` stays below the number of live entries, also where entries moved.


@inline
def dict_len(self) -> int:
    return load_u32(address(self) + 16)


@inline
def dict_bool(self) -> bool:
    return load_u32(address(self) + 16) != 0


# The entry of the key, or -1.
@inline
def dict_find(self, key) -> int:
    return table_find(address(self), dict_keys(self), key, table_mix(hash(key)))


# The i-th key, unchecked.
@inline
def dict_item(self, i: int):
    table_compact(address(self), item_size(dict_keys(self)), item_size(dict_values(self)))
    return list_item(dict_keys(self), i)


# The i-th value, unchecked.
@inline
def dict_value(self, i: int):
    table_compact(address(self), item_size(dict_keys(self)), item_size(dict_values(self)))
    return list_item(dict_values(self), i)


# In a walk over what had `length` entries at first.
@inline
def dict_check(self, length: int) -> None:
    if dict_len(self) != length:
        raise RuntimeError("dictionary changed size during iteration")


def dict_getitem(self, key):
    at = dict_find(self, key)
    if at < 0:
        raise KeyError(key)
    return list_item(dict_values(self), at)


def dict_setitem(self, key, value) -> None:
    mixed = table_mix(hash(key))
    at = table_find(address(self), dict_keys(self), key, mixed)
    if at >= 0:
        list_setitem(dict_values(self), at, value)
    else:
        dict_add(self, key, mixed, value)


# A new entry.
def dict_add(self, key, mixed: int, value) -> None:
    key_size = item_size(dict_keys(self))
    value_size = item_size(dict_values(self))
    if table_full(address(self)):
        table_rebuild(address(self), key_size, value_size, 1)
    at = table_add(address(self), mixed)
    item_init(dict_keys(self), list_data(dict_keys(self)) + at * key_size, key)
    item_init(dict_values(self), list_data(dict_values(self)) + at * value_size, value)


def dict_delitem(self, key) -> None:
    at = dict_find(self, key)
    if at < 0:
        raise KeyError(key)
    dict_remove(self, at)


# Removes the entry; gives its value.
def dict_remove(self, at: int):
    key = item_take(dict_keys(self), list_data(dict_keys(self)) + at * item_size(dict_keys(self)))
    value = item_take(dict_values(self), list_data(dict_values(self)) + at * item_size(dict_values(self)))
    table_forget(address(self), at)
    return value


def dict_contains(self, key) -> bool:
    return dict_find(self, key) >= 0


def dict_get(self, key, default=None):
    at = dict_find(self, key)
    if at < 0:
        return default
    return list_item(dict_values(self), at)


def dict_setdefault(self, key, default=None):
    mixed = table_mix(hash(key))
    at = table_find(address(self), dict_keys(self), key, mixed)
    if at < 0:
        dict_add(self, key, mixed, default)
        at = table_entries(address(self)) - 1
    return list_item(dict_values(self), at)


def dict_pop(self, key):
    at = dict_find(self, key)
    if at < 0:
        raise KeyError(key)
    return dict_remove(self, at)


# pop(key, default)
def dict_pop_default(self, key, default):
    at = dict_find(self, key)
    if at < 0:
        return default
    return dict_remove(self, at)


# The last entry.
def dict_popitem(self):
    at = table_entries(address(self)) - 1
    if at < 0:
        raise KeyError("popitem(): dictionary is empty")
    key = list_item(dict_keys(self), at)
    return key, dict_remove(self, at)


def dict_clear(self) -> None:
    dict_drop_entries(self)
    table_clear(address(self))


def dict_drop(self) -> None:
    dict_drop_entries(self)
    table_free(address(self))


def dict_drop_entries(self) -> None:
    if item_counted(dict_keys(self)) or item_counted(dict_values(self)):
        for at in range(table_entries(address(self))):
            if load_u32(table_hash(address(self), at)) != 0:
                if item_counted(dict_keys(self)):
                    item_drop(dict_keys(self), list_data(dict_keys(self)) + at * item_size(dict_keys(self)))
                if item_counted(dict_values(self)):
                    item_drop(dict_values(self), list_data(dict_values(self)) + at * item_size(dict_values(self)))


def dict_copy(self):
    result = own_like(self, dict_new())
    dict_update(result, self)
    return result


# Another dict's entries, or pairs.
def dict_update(self, other) -> None:
    if isinstance(other, dict):
        for i in range(dict_len(other)):
            dict_setitem(self, dict_item(other, i), dict_value(other, i))
    else:
        for key, value in other:
            dict_setitem(self, key, value)


# a | b
def dict_or(self, other):
    result = dict_copy(self)
    dict_update(result, other)
    return result


# a |= b
@inline
def dict_ior(self, other):
    dict_update(self, other)
    return self


def dict_eq(self, other) -> bool:
    if dict_len(self) != dict_len(other):
        return False
    for i in range(dict_len(self)):
        at = dict_find(other, dict_item(self, i))
        if at < 0:
            return False
        if not (list_item(dict_values(other), at) == dict_value(self, i)):
            return False
    return True


# dict.fromkeys(keys, value)
def dict_fromkeys(iterable, value=None):
    result = {}
    for key in iterable:
        result[key] = value
    return result
