"""Product of matrices, a sum of products for each element.

tiny: 5
"""

import numpy as np
from numba import njit


def setup(n: int = 300):
    a = (np.arange(n * n) * 7919 % 10007 / 10007.0).reshape(n, n)
    b = (np.arange(n * n) * 104729 % 10009 / 10009.0).reshape(n, n)
    return a, b


@njit
def matmul_ijk(a, b):
    n, m = a.shape
    p = b.shape[1]
    c = np.zeros((n, p))
    for i in range(n):
        for j in range(p):
            total = 0.0
            for k in range(m):
                total += a[i, k] * b[k, j]
            c[i, j] = total
    return c
