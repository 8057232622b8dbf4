"""Heat spreading over a plate: Jacobi's method on the inner points of a grid.

    kukri call jacobi.py relax @plate.npy 100
"""

import numpy as np
from numba import njit


@njit
def sweep(old, new):
    rows, columns = old.shape
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            new[i, j] = 0.25 * (old[i - 1, j] + old[i + 1, j] + old[i, j - 1] + old[i, j + 1])


@njit
def relax(plate, sweeps):
    a = plate.copy()
    b = plate.copy()
    for _ in range(sweeps):
        sweep(a, b)
        a, b = b, a
    return a


def warmth(plate: np.ndarray, sweeps: int) -> float:
    total = 0.0
    for row in relax(plate, sweeps):
        for x in row:
            total += x
    return total
