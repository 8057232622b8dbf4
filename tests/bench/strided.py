"""Views with steps: every second element, columns, and a transposed matrix.

tiny: 8
"""

import numpy as np
from numba import njit


def setup(n: int = 1000):
    return ((np.arange(n * n) * 7919 % 10007 / 10007.0).reshape(n, n),)


@njit
def add_into(target, source, factor):
    for i in range(target.shape[0]):
        for j in range(target.shape[1]):
            target[i, j] += factor * source[i, j]


@njit
def strided(matrix):
    out = np.zeros_like(matrix)
    add_into(out, matrix.T, 0.5)
    add_into(out[::2, ::2], matrix[1::2, 1::2], 2.0)
    add_into(out[:, ::-1], matrix, 0.25)
    totals = np.zeros(matrix.shape[1])
    for j in range(matrix.shape[1]):
        column = out[:, j]
        for i in range(column.shape[0]):
            totals[j] += column[i]
    return totals
