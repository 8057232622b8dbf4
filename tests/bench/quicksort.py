"""Sorts by parts around a pivot, small parts by insertion.

tiny: 40
"""

import numpy as np
from numba import njit


def setup(n: int = 100_000):
    return (np.arange(n) * 1103515245 % 2147483648 / 1000.0,)


@njit
def quicksort(values):
    a = values.copy()
    stack = [(0, len(a) - 1)]
    while len(stack) > 0:
        low, high = stack.pop()
        while high - low > 16:
            pivot = a[(low + high) // 2]
            i = low
            j = high
            while i <= j:
                while a[i] < pivot:
                    i += 1
                while a[j] > pivot:
                    j -= 1
                if i <= j:
                    a[i], a[j] = a[j], a[i]
                    i += 1
                    j -= 1
            if j - low < high - i:
                stack.append((i, high))
                high = j
            else:
                stack.append((low, j))
                low = i
        for i in range(low + 1, high + 1):
            value = a[i]
            j = i - 1
            while j >= low and a[j] > value:
                a[j + 1] = a[j]
                j -= 1
            a[j + 1] = value
    return a
