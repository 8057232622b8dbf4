"""A sum of squares whose order is free.

tiny: 100
tolerance: 1e-11: fastmath lets each compiler add in an order of its own
slow: vectors of Wasm have 128 bits, Numba's here 512; all is in the second cache, where that counts
"""

import numpy as np
from numba import njit


def setup(n: int = 100_000):
    return np.arange(n) * 7919 % 10007 / 10007.0, 400


@njit(fastmath=True)
def sum_of_squares(xs, times):
    total = 0.0
    for _ in range(times):
        for i in range(xs.shape[0]):
            total += xs[i] * xs[i]
    return total
