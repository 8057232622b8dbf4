"""A sparse matrix in rows times a vector: reads from everywhere.

tiny: 10
"""

import numpy as np
from numba import njit


def setup(n: int = 40_000):
    each = 12
    starts = np.arange(n + 1) * each
    columns = (np.arange(n * each) * 7919 % n).astype(np.int32)
    values = np.arange(n * each) * 104729 % 10009 / 10009.0
    return starts, columns, values, np.arange(n) * 7919 % 10007 / 10007.0, 8


@njit
def sparse(starts, columns, values, vector, times):
    n = starts.shape[0] - 1
    x = vector.copy()
    y = np.zeros(n)
    for _ in range(times):
        for row in range(n):
            total = 0.0
            for at in range(starts[row], starts[row + 1]):
                total += values[at] * x[columns[at]]
            y[row] = 0.1 * total
        x, y = y, x
    return x
