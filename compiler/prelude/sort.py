# Sorting: a stable merge sort (Knuth, TAOCP volume 3, 5.2.4) from sorted runs of 16, which insertion makes. Parts that
# are in order already are not merged, so sorted input takes one pass. Items are only ever asked `<`.

SORT_RUN = 16


# With a key, which is computed once an item, a list of indices is sorted by the keys and then followed. Reversed
# order keeps equal items in place, so the list is turned round before and after.
def list_sort(self, key=None, reverse: bool = False) -> None:
    if reverse:
        list_reverse(self)
    if key is None:
        sort_items(self, None)
    else:
        order = []
        keys = []
        for i in range(list_len(self)):
            order.append(i)
            keys.append(key(list_item(self, i)))
        sort_items(order, keys)
        # A copy that owns nothing: the items only change places.
        size = item_size(self)
        count = list_len(self) * size
        if count > 0:
            room = allocate(count)
            memory_copy(room, list_data(self), count)
            for i in range(list_len(self)):
                memory_copy(list_data(self) + i * size, room + list_item(order, i) * size, size)
            free(room)
    if reverse:
        list_reverse(self)


# Whether the item at `p` goes before the one at `q`. Without `keys`, items are compared themselves.
@inline
def sort_less(items, keys, p: ptr, q: ptr) -> bool:
    if keys is None:
        return item_load(items, p) < item_load(items, q)
    else:
        return list_item(keys, item_load(items, p)) < list_item(keys, item_load(items, q))


def sort_items(items, keys) -> None:
    size = item_size(items)
    count = list_len(items)
    if count < 2:
        return
    start = list_data(items)
    end = start + count * size
    low = start
    while low < end:
        high = low + SORT_RUN * size if end - low > SORT_RUN * size else end
        sort_insert(items, keys, low, high)
        low = high
    width = SORT_RUN * size
    if width >= end - start:
        return
    room = allocate(count * size)
    while width < end - start:
        low = start
        while end - low > width:
            middle = low + width
            high = middle + width if end - middle > width else end
            if sort_less(items, keys, middle, middle - size):
                sort_merge(items, keys, low, middle, high, room)
            low = high
        width = width * 2
    free(room)


# Sorts the items from low to high by insertion.
def sort_insert(items, keys, low: ptr, high: ptr) -> None:
    size = item_size(items)
    next_item = low + size
    while next_item < high:
        if sort_less(items, keys, next_item, next_item - size):
            at = next_item - size
            while at > low and sort_less(items, keys, next_item, at - size):
                at = at - size
            item = item_take(items, next_item)
            memory_copy(at + size, at, next_item - at)
            item_init(items, at, item)
        next_item = next_item + size


# Merges the sorted neighbours low..middle and middle..high; the left one waits in `room`.
def sort_merge(items, keys, low: ptr, middle: ptr, high: ptr, room: ptr) -> None:
    size = item_size(items)
    memory_copy(room, low, middle - low)
    left = room
    left_end = room + (middle - low)
    right = middle
    to = low
    while left < left_end and right < high:
        if sort_less(items, keys, right, left):
            item_init(items, to, item_take(items, right))
            right = right + size
        else:
            item_init(items, to, item_take(items, left))
            left = left + size
        to = to + size
    memory_copy(to, left, left_end - left)
