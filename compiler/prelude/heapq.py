# The module `heapq`: a list in which no item is greater than those at twice its place and one or two more. Items move as
# CPython moves them, so that the list looks the same afterwards.


def heapq_heappush(heap, item) -> None:
    heap.append(item)
    heap_down(heap, 0, len(heap) - 1)


def heapq_heappop(heap):
    if len(heap) == 0:
        raise IndexError("index out of range")
    last = heap.pop()
    if len(heap) > 0:
        least = heap[0]
        heap[0] = last
        heap_up(heap, 0)
        return least
    return last


def heapq_heapreplace(heap, item):
    if len(heap) == 0:
        raise IndexError("index out of range")
    least = heap[0]
    heap[0] = item
    heap_up(heap, 0)
    return least


def heapq_heappushpop(heap, item):
    if len(heap) > 0:
        if heap[0] < item:
            least = heap[0]
            heap[0] = item
            heap_up(heap, 0)
            return least
    return item


def heapq_heapify(x) -> None:
    for at in range(len(x) // 2 - 1, -1, -1):
        heap_up(x, at)


# The item at `at` goes towards the start, as far as `start`.
def heap_down(heap, start: int, at: int) -> None:
    item = heap[at]
    while at > start:
        parent = (at - 1) >> 1
        if not item < heap[parent]:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


# The item at `at` makes room for the lesser ones behind it, down to the end, and then goes back to its place.
def heap_up(heap, at: int) -> None:
    start = at
    end = len(heap)
    item = heap[at]
    child = 2 * at + 1
    while child < end:
        if child + 1 < end and not heap[child] < heap[child + 1]:
            child += 1
        heap[at] = heap[child]
        at = child
        child = 2 * at + 1
    heap[at] = item
    heap_down(heap, start, at)


def heapq_nsmallest(n: int, iterable, key=None):
    items = list(iterable)
    items.sort(key=key)
    return items[: n if n > 0 else 0]


def heapq_nlargest(n: int, iterable, key=None):
    items = list(iterable)
    items.sort(key=key, reverse=True)
    return items[: n if n > 0 else 0]


def heapq_merge(*iterables):
    items = []
    for iterable in iterables:
        for item in iterable:
            items.append(item)
    items.sort()
    return iter(items)
