"""Monte Carlo.
A quarter of a circle, thrown at. Compare the checked run with the unchecked one."""

import numpy as np
from numba import njit


@njit
def estimate(throws, seed):
    np.random.seed(seed)
    inside = 0
    for _ in range(throws):
        x = np.random.random()
        y = np.random.random()
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / throws


# try: estimate(1_000_000, 1)
for throws in (100, 10_000, 1_000_000):
    print(f'{throws:>9,} throws: {estimate(throws, 1):.5f}')
