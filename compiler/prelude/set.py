# set: a table (see table.py) without values, whose slots lie as in CPython (Objects/setobject.c), so that walks go in
# its order: that of the slots. They hold the number of an entry plus 1, 0 where nothing ever was, and GONE where an item
# was taken out. The word at 20 counts the slots that are not 0; the one at 28 has the slot where `pop` goes on looking,
# and two bits: whether the entries do not lie in the order of the slots, and whether it is a frozenset.

GONE = 0xFFFFFFFF
UNSETTLED = 0x80000000
FROZEN = 0x40000000


@inline
def set_len(self) -> int:
    return load_u32(address(self) + 16)


@inline
def set_bool(self) -> bool:
    return load_u32(address(self) + 16) != 0


# The slot of `key`, whose hash is `code`; if there is none, -1 minus the slot where it belongs.
def set_probe(self, key, code: int, mixed: int) -> int:
    p = address(self)
    table = load_ptr(p + 4)
    slots = load_u32(p + 24)
    hashes = table + slots * 4 - 4
    mask = slots - 1
    start = code & mask
    perturb = code
    gone = -1
    while True:
        slot = start
        last = start + 9 if start + 9 <= mask else start
        while slot <= last:
            entry = load_u32(table + slot * 4)
            if entry == 0:
                return -1 - slot if gone < 0 else -1 - gone
            if entry == GONE:
                gone = slot
            elif load_u32(hashes + entry * 4) == mixed and list_item(dict_keys(self), entry - 1) == key:
                return slot
            slot = slot + 1
        perturb = i64_shr_u(perturb, 5)
        start = (start * 5 + 1 + perturb) & mask


def set_find(self, key) -> int:
    if load_u32(address(self) + 24) == 0:
        return -1
    code = hash(key)
    return set_probe(self, key, code, table_mix(code))


# The i-th item in the order of a walk, unchecked.
@inline
def set_item(self, i: int):
    if load_u32(address(self) + 28) >= UNSETTLED:
        set_rebuild(self, load_u32(address(self) + 24), False)
    return list_item(dict_keys(self), i)


# In a walk over what had `length` items at first.
@inline
def set_check(self, length: int) -> None:
    if set_len(self) != length:
        raise RuntimeError("Set changed size during iteration")


@inline
def set_contains(self, item) -> bool:
    return set_find(self, item) >= 0


def set_add(self, item) -> None:
    p = address(self)
    if load_u32(p + 24) == 0:
        set_rebuild(self, 8, True)
    code = hash(item)
    mixed = table_mix(code)
    slot = -1 - set_probe(self, item, code, mixed)
    if slot < 0:
        return
    if table_entries(p) == load_u32(load_ptr(p + 8) + 8):
        # What was taken out still has entries.
        set_rebuild(self, load_u32(p + 24), False)
    at = table_entries(p)
    size = item_size(dict_keys(self))
    filled = load_u32(p + 20)
    is_new = load_u32(load_ptr(p + 4) + slot * 4) == 0
    if is_new:
        filled = filled + 1
    store_u32(load_ptr(p + 8) + 4, at + 1)
    store_u32(table_hash(p, at), mixed)
    store_u32(load_ptr(p + 4) + slot * 4, at + 1)
    item_init(dict_keys(self), list_data(dict_keys(self)) + at * size, item)
    used = load_u32(p + 16) + 1
    store_u32(p + 16, used)
    store_u32(p + 20, filled)
    store_u32(p + 28, load_u32(p + 28) | UNSETTLED)
    if filled * 5 >= (load_u32(p + 24) - 1) * 3 and is_new:
        set_resize(self, set_growth(used))


@inline
def set_growth(used: int) -> int:
    return used * 2 if used > 50000 else used * 4


# A table of more than `least` slots.
def set_resize(self, least: int) -> None:
    slots = 8
    while slots <= least:
        slots = slots * 2
    set_rebuild(self, slots, True)


# Room for `more` items, as CPython makes it before it puts in what another container has.
def set_presize(self, more: int) -> None:
    p = address(self)
    slots = load_u32(p + 24)
    mask = slots - 1 if slots > 0 else 7
    if (load_u32(p + 20) + more) * 5 >= mask * 3:
        set_resize(self, (load_u32(p + 16) + more) * 2)


# Puts the entries into the order of the slots. If `clean`, then into a table of `slots` slots, where they find their
# slots anew; else all keep them.
def set_rebuild(self, slots: int, clean: bool) -> None:
    p = address(self)
    keys = load_ptr(p + 8)
    size = item_size(dict_keys(self))
    room = slots * 2 // 3
    items = allocate(room * size)
    table = allocate(slots * 7)
    memory_fill(table, 0, slots * 4)
    old = load_ptr(p + 4)
    old_items = load_ptr(keys + 12)
    old_slots = load_u32(p + 24)
    count = 0
    for slot in range(old_slots):
        entry = load_u32(old + slot * 4)
        if entry == GONE:
            if not clean:
                store_u32(table + slot * 4, GONE)
        elif entry != 0:
            store_u32(table + (slots + count) * 4, load_u32(old + (old_slots + entry - 1) * 4))
            memory_copy(items + count * size, old_items + (entry - 1) * size, size)
            place = slot
            if clean:
                place = set_free_slot(table, slots, hash(list_item(dict_keys(self), entry - 1)))
            count = count + 1
            store_u32(table + place * 4, count)
    if int(old_items) != 0:
        free(old_items)
    if old_slots != 0:
        free(old)
    store_ptr(keys + 12, items)
    store_u32(keys + 8, room)
    store_u32(keys + 4, count)
    store_ptr(p + 4, table)
    store_u32(p + 24, slots)
    word = load_u32(p + 28) & (UNSETTLED - 1)
    if clean:
        store_u32(p + 20, count)
        word = word | UNSETTLED
    store_u32(p + 28, word)


def set_free_slot(table: ptr, slots: int, code: int) -> int:
    mask = slots - 1
    start = code & mask
    perturb = code
    while True:
        slot = start
        last = start + 9 if start + 9 <= mask else start
        while slot <= last:
            if load_u32(table + slot * 4) == 0:
                return slot
            slot = slot + 1
        perturb = i64_shr_u(perturb, 5)
        start = (start * 5 + 1 + perturb) & mask


# Takes out what is in a slot.
def set_take(self, slot: int):
    p = address(self)
    place = load_ptr(p + 4) + slot * 4
    at = load_u32(place) - 1
    item = item_take(dict_keys(self), list_data(dict_keys(self)) + at * item_size(dict_keys(self)))
    store_u32(table_hash(p, at), 0)
    store_u32(place, GONE)
    store_u32(p + 16, load_u32(p + 16) - 1)
    store_u32(p + 28, load_u32(p + 28) | UNSETTLED)
    return item


def set_discard(self, item) -> None:
    slot = set_find(self, item)
    if slot >= 0:
        set_take(self, slot)


def set_remove(self, item) -> None:
    slot = set_find(self, item)
    if slot < 0:
        raise KeyError(item)
    set_take(self, slot)


# The first item after the one that was taken last.
def set_pop(self):
    p = address(self)
    if load_u32(p + 16) == 0:
        raise KeyError("pop from an empty set")
    mask = load_u32(p + 24) - 1
    slot = load_u32(p + 28) & (FROZEN - 1) & mask
    while load_u32(load_ptr(p + 4) + slot * 4) == 0 or load_u32(load_ptr(p + 4) + slot * 4) == GONE:
        slot = (slot + 1) & mask
    item = set_take(self, slot)
    store_u32(p + 28, (load_u32(p + 28) & (UNSETTLED | FROZEN)) | (slot + 1))
    return item


def set_clear(self) -> None:
    word = load_u32(address(self) + 28)
    set_drop_items(self)
    table_clear(address(self))
    store_u32(address(self) + 28, word & (UNSETTLED - 1))


def set_drop(self) -> None:
    set_drop_items(self)
    table_free(address(self))


def set_drop_items(self) -> None:
    if item_counted(dict_keys(self)):
        for at in range(table_entries(address(self))):
            if load_u32(table_hash(address(self), at)) != 0:
                item_drop(dict_keys(self), list_data(dict_keys(self)) + at * item_size(dict_keys(self)))


def set_is_frozen(self) -> bool:
    return load_u32(address(self) + 28) & FROZEN != 0


# The set itself, which is a new one, as a frozenset.
def set_frozen(self):
    store_u32(address(self) + 28, load_u32(address(self) + 28) | FROZEN)
    return self


def set_copy(self):
    result = set_like(self)
    set_update(result, self)
    return result


# A set with the items of a set or frozenset.
def set_thawed(self):
    result = own_like(self, set_new())
    set_update(result, self)
    return result


# An empty set of the same kind.
def set_like(self):
    result = own_like(self, set_new())
    store_u32(address(result) + 28, load_u32(address(self) + 28) & FROZEN)
    return result


def set_update(self, other) -> None:
    if isinstance(other, set):
        set_merge(self, other)
    elif isinstance(other, dict):
        set_presize(self, len(other))
        for item in other:
            set_add(self, item)
    else:
        for item in other:
            set_add(self, item)


def set_merge(self, other) -> None:
    p = address(self)
    q = address(other)
    count = load_u32(q + 16)
    if p == q or count == 0:
        return
    set_presize(self, count)
    if load_u32(p + 24) == 0:
        set_rebuild(self, 8, True)
    same = load_u32(p + 24) == load_u32(q + 24) and load_u32(q + 20) == count
    if load_u32(p + 20) == 0 and same:
        # The items come in the order of the slots, and keep them.
        slot = 0
        for i in range(count):
            item = set_item(other, i)
            at = load_u32(load_ptr(q + 4) + slot * 4)
            while at == 0:
                slot = slot + 1
                at = load_u32(load_ptr(q + 4) + slot * 4)
            store_u32(table_hash(p, i), load_u32(table_hash(q, i)))
            store_u32(load_ptr(p + 4) + slot * 4, i + 1)
            slot = slot + 1
            store_u32(load_ptr(p + 8) + 4, i + 1)
            item_init(dict_keys(self), list_data(dict_keys(self)) + i * item_size(dict_keys(self)), item)
            store_u32(p + 16, i + 1)
            store_u32(p + 20, i + 1)
    else:
        for i in range(count):
            set_add(self, set_item(other, i))


# What CPython makes of a display of constants: a frozenset, that of its items, and the set of these.
def set_of_constants(self):
    return set_copy(set_again(self))


def set_again(self):
    result = set_like(self)
    for i in range(set_len(self)):
        set_add(result, set_item(self, i))
    return result


def set_union(self, other):
    result = set_copy(self)
    set_update(result, other)
    return result


def set_intersection(self, other):
    result = set_like(self)
    if isinstance(other, set):
        if set_len(other) > set_len(self):
            set_add_common(result, self, other)
        else:
            set_add_common(result, other, self)
    else:
        for item in other:
            if set_contains(self, item):
                set_add(result, item)
    return result


# Adds the items of `walked` that are in `other`.
def set_add_common(self, walked, other) -> None:
    for i in range(set_len(walked)):
        if set_contains(other, set_item(walked, i)):
            set_add(self, set_item(walked, i))


def set_difference(self, other):
    if isinstance(other, set):
        if set_len(self) >> 2 <= set_len(other):
            result = set_like(self)
            for i in range(set_len(self)):
                if not set_contains(other, set_item(self, i)):
                    set_add(result, set_item(self, i))
            return result
    result = set_copy(self)
    set_difference_update(result, other)
    return result


def set_symmetric_difference(self, other):
    result = set_like(self)
    set_update(result, other)
    set_symmetric_difference_update(result, self)
    return result


# The bodies change places.
def set_intersection_update(self, other) -> None:
    kept = set_intersection(self, other)
    p = address(self)
    q = address(kept)
    for offset in range(4, 28, 4):
        word = load_u32(p + offset)
        store_u32(p + offset, load_u32(q + offset))
        store_u32(q + offset, word)
    store_u32(p + 28, (load_u32(p + 28) & (UNSETTLED - 1)) | (load_u32(q + 28) & UNSETTLED))


# A set minus itself changes while it is walked over, so it is emptied instead.
def set_difference_update(self, other) -> None:
    if isinstance(other, set):
        if address(other) == address(self):
            set_clear(self)
        elif set_len(other) >> 3 > set_len(self):
            set_discard_all(self, set_intersection(self, other))
        else:
            set_discard_all(self, other)
    else:
        for item in other:
            set_discard(self, item)
    p = address(self)
    slots = load_u32(p + 24)
    if load_u32(p + 20) - load_u32(p + 16) > (slots - 1) // 4 and slots > 0:
        set_resize(self, set_growth(load_u32(p + 16)))


def set_discard_all(self, other) -> None:
    for i in range(set_len(other)):
        set_discard(self, set_item(other, i))


def set_symmetric_difference_update(self, other) -> None:
    if isinstance(other, set):
        if address(other) == address(self):
            set_clear(self)
        else:
            for i in range(set_len(other)):
                set_toggle(self, set_item(other, i))
    else:
        # Items may come twice, but count once.
        set_symmetric_difference_update(self, set(other))


def set_toggle(self, item) -> None:
    slot = set_find(self, item)
    if slot >= 0:
        set_take(self, slot)
    else:
        set_add(self, item)


def set_issubset(self, other) -> bool:
    if isinstance(other, set):
        return set_le(self, other)
    else:
        return set_le(self, set(other))


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
