"""Masses of particles onto the nearest cells of a grid: writes to everywhere.

tiny: 12
"""

import numpy as np
from numba import njit


def setup(n: int = 1_200_000):
    x = np.arange(n) * 7919 % 1000003 / 1000003.0
    y = np.arange(n) * 104729 % 1000033 / 1000033.0
    return x, y, 1.0 + np.arange(n) % 5, 64


@njit
def scatter(x, y, mass, cells):
    grid = np.zeros((cells, cells))
    for p in range(x.shape[0]):
        px = x[p] * (cells - 1)
        py = y[p] * (cells - 1)
        i = int(px)
        j = int(py)
        fx = px - i
        fy = py - j
        grid[i, j] += mass[p] * (1.0 - fx) * (1.0 - fy)
        grid[i + 1, j] += mass[p] * fx * (1.0 - fy)
        grid[i, j + 1] += mass[p] * (1.0 - fx) * fy
        grid[i + 1, j + 1] += mass[p] * fx * fy
    return grid
