"""Waves in a medium (FDTD).
Maxwell's equations on two interleaved grids: a pulse meets a denser medium and a wall."""

import numpy as np
from numba import njit


@njit
def fdtd(size, steps):
    electric = np.zeros((size, size))
    across = np.zeros((size, size))
    down = np.zeros((size, size))
    speed = np.full((size, size), 0.5)
    speed[:, size * 2 // 3:] = 0.25
    for step in range(steps):
        for i in range(size - 1):
            for j in range(size - 1):
                across[i, j] -= 0.5 * (electric[i, j + 1] - electric[i, j])
                down[i, j] += 0.5 * (electric[i + 1, j] - electric[i, j])
        for i in range(1, size - 1):
            for j in range(1, size - 1):
                curl = (down[i, j] - down[i - 1, j]) - (across[i, j] - across[i, j - 1])
                electric[i, j] += speed[i, j] * curl
        electric[size // 2, size // 3] += np.exp(-(((step - 30) / 8.0) ** 2))
    return electric


# try: fdtd(200, 220)
field = fdtd(60, 70)
print('strongest', field.max(), 'weakest', field.min())
