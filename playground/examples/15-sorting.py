"""Sorting by hand.
Quicksort on a list, in place, beside the built-in sort."""

import random


def quicksort(items: list[int], low: int, high: int) -> None:
    while low < high:
        pivot = items[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        quicksort(items, low, j)
        low = i


def ordered(items: list[int]) -> list[int]:
    copy = items.copy()
    quicksort(copy, 0, len(copy) - 1)
    return copy


# try: ordered([31, 4, 15, 9, 2, 6, 53, 5])
random.seed(5)
items = [random.randint(0, 999) for _ in range(2000)]
print(ordered(items)[:10])
print(ordered(items) == sorted(items))
