"""Running sums, forwards and backwards, of integers and of floats.

tiny: 12
"""

import numpy as np
from numba import njit


def setup(n: int = 1_200_000):
    return np.arange(n) * 7919 % 10007, np.arange(n) * 104729 % 10009 / 10009.0


@njit
def scan(counts, weights):
    n = counts.shape[0]
    before = np.empty(n, dtype=np.int64)
    total = 0
    for i in range(n):
        before[i] = total
        total += counts[i]
    after = np.empty(n)
    rest = 0.0
    for i in range(n - 1, -1, -1):
        rest = 0.99 * rest + weights[i]
        after[i] = rest
    highest = np.empty(n)
    top = -np.inf
    for i in range(n):
        top = max(top, after[i])
        highest[i] = top
    return before, after, highest
