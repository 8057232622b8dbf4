"""How many values fall into each of many equal bins.

tiny: 20
slow: a turn takes 30 instructions: two comparisons for the range of `int(x)`, three more that the conversion itself makes, and the test of the index
"""

import numpy as np
from numba import njit


def setup(n: int = 4_000_000):
    return np.arange(n) * 7919 % 1000003 / 1000003.0, 256


@njit
def histogram(values, bins):
    counts = np.zeros(bins, dtype=np.int64)
    for value in values:
        counts[int(value * bins)] += 1
    return counts
