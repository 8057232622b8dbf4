"""Heat.
A hot edge warms a plate: Jacobi's iteration over a 2-D array, shown as a heat map."""

import numpy as np
from numba import njit


@njit
def plate(size, rounds):
    heat = np.zeros((size, size))
    heat[0, :] = 100.0
    for _ in range(rounds):
        after = heat.copy()
        for row in range(1, size - 1):
            for column in range(1, size - 1):
                after[row, column] = 0.25 * (
                    heat[row - 1, column] + heat[row + 1, column] + heat[row, column - 1] + heat[row, column + 1]
                )
        heat = after
    return heat


# try: plate(120, 1500)
print(np.round(plate(12, 200)[:, 6], 2))
