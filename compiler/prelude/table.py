# The hash table that dict and set share. Entries lie in the order of their insertion, in the list of keys (and the list
# of values, for a dict); a table of slots finds them, after Raymond Hettinger's compact dict of CPython 3.6.
#
# The object: count at 0, address of the table at 4, the list of keys at 8, the list of values at 12 (0 for a set),
# how many entries are alive at 16, how many slots are taken at 20, how many slots there are at 24, changes at 28.
# The table: a word a slot (0 for a free one, else the number of the entry plus 1), then a word an entry: its hash, 0
# for an entry that was deleted. The key and value of a deleted entry hold nothing.
#
# Slots are never given back one by one: the slot of a deleted entry points to something that equals no key. When two
# thirds of the slots are taken, the table is made anew and the entries move together.


def dict_new() -> ptr:
    keys = list_new(4, 0)
    return table_new(keys, list_new(4, 0))


def set_new() -> ptr:
    keys = list_new(4, 0)
    return table_new(keys, ptr(0))


def table_new(keys: ptr, values: ptr) -> ptr:
    p = allocate(32)
    memory_fill(p, 0, 32)
    store_u32(p, 1)
    store_ptr(p + 8, keys)
    store_ptr(p + 12, values)
    return p


# The word that stands for a hash: spread over 32 bits (Fibonacci hashing, Knuth, TAOCP volume 3, 6.4), and not 0.
@inline
def table_mix(value: int) -> int:
    return i64_shr_u(value * -7046029254386353131, 32) | 1


@inline
def table_slots(p: ptr) -> int:
    return load_u32(p + 24)


# The address of the hash of the entry `at`.
@inline
def table_hash(p: ptr, at: int) -> ptr:
    return load_ptr(p + 4) + (load_u32(p + 24) + at) * 4


# How many entries there are, deleted ones too.
@inline
def table_entries(p: ptr) -> int:
    return load_u32(load_ptr(p + 8) + 4)


# The entry of `key`, whose mixed hash is `mixed`; -1 if there is none.
def table_find(p: ptr, keys, key, mixed: int) -> int:
    slots = load_u32(p + 24)
    if slots == 0:
        return -1
    table = load_ptr(p + 4)
    hashes = table + slots * 4 - 4
    slot = i64_shr_u(mixed * slots, 32)
    entry = load_u32(table + slot * 4)
    while entry != 0:
        if load_u32(hashes + entry * 4) == mixed and list_item(keys, entry - 1) == key:
            return entry - 1
        slot = (slot + 1) & (slots - 1)
        entry = load_u32(table + slot * 4)
    return -1


# Makes an entry: the slot and the hash; gives its number. The caller puts the key (and value) there right after.
def table_add(p: ptr, mixed: int) -> int:
    slots = load_u32(p + 24)
    at = table_entries(p)
    store_u32(load_ptr(p + 8) + 4, at + 1)
    values = load_ptr(p + 12)
    if int(values) != 0:
        store_u32(values + 4, at + 1)
    store_u32(table_hash(p, at), mixed)
    table_take_slot(load_ptr(p + 4), slots, mixed, at)
    store_u32(p + 16, load_u32(p + 16) + 1)
    store_u32(p + 20, load_u32(p + 20) + 1)
    store_u32(p + 28, load_u32(p + 28) + 1)
    return at


def table_take_slot(table: ptr, slots: int, mixed: int, at: int) -> None:
    slot = i64_shr_u(mixed * slots, 32)
    while load_u32(table + slot * 4) != 0:
        slot = (slot + 1) & (slots - 1)
    store_u32(table + slot * 4, at + 1)


# Whether one more entry needs a new table.
@inline
def table_full(p: ptr) -> bool:
    return (load_u32(p + 20) + 1) * 3 > load_u32(p + 24) * 2


# Marks the entry as deleted; the caller has taken key and value out. The last entry goes for good, and deleted ones
# before it.
def table_forget(p: ptr, at: int) -> None:
    store_u32(table_hash(p, at), 0)
    store_u32(p + 16, load_u32(p + 16) - 1)
    store_u32(p + 28, load_u32(p + 28) + 1)
    entries = table_entries(p)
    while entries > 0 and load_u32(table_hash(p, entries - 1)) == 0:
        entries = entries - 1
    store_u32(load_ptr(p + 8) + 4, entries)
    values = load_ptr(p + 12)
    if int(values) != 0:
        store_u32(values + 4, entries)


# A table with as many slots as suit the entries that are alive and `more`; the entries move together. The lists get
# room for all that fit in, so that adding an entry cannot fail half-way.
def table_rebuild(p: ptr, key_size: int, value_size: int, more: int) -> None:
    slots = 8
    while slots < (load_u32(p + 16) + more) * 2:
        slots = slots * 2
    keys = load_ptr(p + 8)
    values = load_ptr(p + 12)
    list_reserve(keys, key_size, slots * 2 // 3)
    if int(values) != 0:
        list_reserve(values, value_size, slots * 2 // 3)
    table = allocate(slots * 7)
    memory_fill(table, 0, slots * 4)
    old = load_ptr(p + 4)
    count = 0
    for at in range(load_u32(keys + 4)):
        mixed = load_u32(table_hash(p, at))
        if mixed != 0:
            if count != at:
                table_move(keys, key_size, at, count)
                if int(values) != 0:
                    table_move(values, value_size, at, count)
            store_u32(table + (slots + count) * 4, mixed)
            table_take_slot(table, slots, mixed, count)
            count = count + 1
    store_u32(keys + 4, count)
    if int(values) != 0:
        store_u32(values + 4, count)
    if int(old) != 0:
        free(old)
    store_ptr(p + 4, table)
    store_u32(p + 20, count)
    store_u32(p + 24, slots)


def table_move(items: ptr, size: int, source: int, to: int) -> None:
    data = load_ptr(items + 12)
    memory_copy(data + to * size, data + source * size, size)


# Before a walk over the entries by number: deleted ones go.
@inline
def table_compact(p: ptr, key_size: int, value_size: int) -> None:
    if load_u32(p + 16) != table_entries(p):
        table_rebuild(p, key_size, value_size, 0)


# Forgets all entries, whose keys and values were dropped.
def table_clear(p: ptr) -> None:
    if load_u32(p + 24) != 0:
        free(load_ptr(p + 4))
    store_ptr(p + 4, ptr(0))
    store_u32(p + 16, 0)
    store_u32(p + 20, 0)
    store_u32(p + 24, 0)
    store_u32(p + 28, load_u32(p + 28) + 1)
    store_u32(load_ptr(p + 8) + 4, 0)
    values = load_ptr(p + 12)
    if int(values) != 0:
        store_u32(values + 4, 0)


# Frees the object, whose keys and values were dropped.
def table_free(p: ptr) -> None:
    if load_u32(p + 24) != 0:
        free(load_ptr(p + 4))
    list_drop_memory(load_ptr(p + 8))
    values = load_ptr(p + 12)
    if int(values) != 0:
        list_drop_memory(values)
    free(p)


# A copy of the table itself, without keys and values.
def table_copy(p: ptr, to: ptr) -> None:
    slots = load_u32(p + 24)
    if slots != 0:
        table = allocate(slots * 7)
        memory_copy(table, load_ptr(p + 4), slots * 7)
        store_ptr(to + 4, table)
    store_u32(to + 16, load_u32(p + 16))
    store_u32(to + 20, load_u32(p + 20))
    store_u32(to + 24, slots)
