"""Scalar product of two vectors, in order.

tiny: 10
"""

import numpy as np
from numba import njit


def setup(n: int = 50_000):
    x = np.arange(n) * 7919 % 10007 / 10007.0
    y = np.arange(n) * 104729 % 10009 / 10009.0
    return x, y, 100


@njit
def dot(x, y, times):
    total = 0.0
    for _ in range(times):
        for i in range(len(x)):
            total += x[i] * y[i]
    return total
