"""How many edits lead from one text to another: dynamic programming over two rows.

tiny: 9
"""

import numpy as np
from numba import njit


def setup(n: int = 2000):
    return np.arange(n) * 7919 % 10007 % 4, np.arange(n) * 104729 % 10009 % 4


@njit
def edit_distance(a, b):
    m = len(b)
    before = np.arange(m + 1)
    now = np.zeros(m + 1, dtype=np.int64)
    for i in range(len(a)):
        now[0] = i + 1
        for j in range(m):
            cost = 0 if a[i] == b[j] else 1
            now[j + 1] = min(before[j + 1] + 1, now[j] + 1, before[j] + cost)
        before, now = now, before
    return before[m]
