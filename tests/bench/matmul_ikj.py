"""Product of matrices, a row added to a row at a time.

tiny: 5
slow: each turn of the middle loop loads and stores a whole row of the result; vectors have 128 bits, Numba's here 512
"""

import numpy as np
from numba import njit


def setup(n: int = 360):
    a = (np.arange(n * n) * 7919 % 10007 / 10007.0).reshape(n, n)
    b = (np.arange(n * n) * 104729 % 10009 / 10009.0).reshape(n, n)
    return a, b


@njit
def matmul_ikj(a, b):
    n, m = a.shape
    p = b.shape[1]
    c = np.zeros((n, p))
    for i in range(n):
        for k in range(m):
            factor = a[i, k]
            for j in range(p):
                c[i, j] += factor * b[k, j]
    return c
