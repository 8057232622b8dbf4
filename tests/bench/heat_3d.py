"""Heat that spreads in a block: seven points of three dimensions.

tiny: 5
"""

import numpy as np
from numba import njit


def setup(n: int = 80):
    return (np.arange(n * n * n) * 7919 % 10007 / 10007.0).reshape(n, n, n), 0.1, 12


@njit
def heat_3d(block, rate, steps):
    u = block.copy()
    v = block.copy()
    nx, ny, nz = u.shape
    for _ in range(steps):
        for i in range(1, nx - 1):
            for j in range(1, ny - 1):
                for k in range(1, nz - 1):
                    v[i, j, k] = u[i, j, k] + rate * (
                        u[i - 1, j, k] + u[i + 1, j, k] + u[i, j - 1, k] + u[i, j + 1, k]
                        + u[i, j, k - 1] + u[i, j, k + 1] - 6.0 * u[i, j, k]
                    )
        u, v = v, u
    return u
