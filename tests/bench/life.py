"""Conway's Game of Life on bytes.

tiny: 8
"""

import numpy as np
from numba import njit


def setup(n: int = 512):
    return (np.arange(n * n) * 7919 % 10007 % 3 == 0).astype(np.uint8).reshape(n, n), 20


@njit
def life(cells, generations):
    now = cells.copy()
    then = np.zeros_like(cells)
    rows, columns = cells.shape
    for _ in range(generations):
        for i in range(1, rows - 1):
            for j in range(1, columns - 1):
                around = (
                    now[i - 1, j - 1] + now[i - 1, j] + now[i - 1, j + 1]
                    + now[i, j - 1] + now[i, j + 1]
                    + now[i + 1, j - 1] + now[i + 1, j] + now[i + 1, j + 1]
                )
                if around == 3 or (around == 2 and now[i, j] == 1):
                    then[i, j] = 1
                else:
                    then[i, j] = 0
        now, then = then, now
    return now
