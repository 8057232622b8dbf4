"""Factors of a matrix, lower and upper, in place of a copy of it.

tiny: 5
"""

import numpy as np
from numba import njit


def setup(n: int = 320):
    return ((np.arange(n * n) * 7919 % 10007 / 10007.0).reshape(n, n) + 4.0 * n * np.eye(n),)


@njit
def lu(matrix):
    a = matrix.copy()
    n = a.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]
    return a
