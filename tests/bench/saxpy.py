"""a * x + y over vectors that stay in the first cache, many times.

tiny: 10
slow: vectors of Wasm have 128 bits, Numba's here 512; all is in the first cache, where that counts
"""

import numpy as np
from numba import njit


def setup(n: int = 1000):
    x = np.arange(n) * 7919 % 10007 / 10007.0
    y = np.arange(n) * 104729 % 10009 / 10009.0
    return 0.5, x, y, 40 * n


@njit
def saxpy(a, x, y, times):
    z = y.copy()
    for _ in range(times):
        for i in range(x.shape[0]):
            z[i] = a * x[i] + z[i]
    return z
