"""Jacobi relaxation: the average of the four neighbours, sweep after sweep.

tiny: 8
"""

import numpy as np
from numba import njit


def setup(n: int = 400):
    return (np.arange(n * n) * 7919 % 10007 / 10007.0).reshape(n, n), 50


@njit
def jacobi(plate, sweeps):
    old = plate.copy()
    new = plate.copy()
    rows, columns = plate.shape
    for _ in range(sweeps):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])
        old, new = new, old
    return old
