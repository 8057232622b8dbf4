"""Escape times of a Julia set, with complex numbers.

tiny: 8
"""

import numpy as np
from numba import njit


def setup(n: int = 200):
    return n, -0.8 + 0.156j, 150


@njit
def julia_complex(n, c, limit):
    counts = np.zeros((n, n), dtype=np.int32)
    for i in range(n):
        for j in range(n):
            z = complex(3.0 * j / n - 1.5, 3.0 * i / n - 1.5)
            count = 0
            while z.real * z.real + z.imag * z.imag < 4.0 and count < limit:
                z = z * z + c
                count += 1
            counts[i, j] = count
    return counts
