"""Numba code as found.
The decorator, `prange` and its options stay as they are. Call it to see the picture."""

import numpy as np
from numba import njit, prange


@njit(parallel=True, fastmath=False)
def mandelbrot(width, height, limit):
    counts = np.zeros((height, width), dtype=np.int64)
    for row in prange(height):
        for column in range(width):
            x0 = -2.2 + 3.2 * column / width
            y0 = -1.2 + 2.4 * row / height
            x = y = 0.0
            n = 0
            while n < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + x0, 2.0 * x * y + y0
                n += 1
            counts[row, column] = n
    return counts


# try: mandelbrot(480, 360, 80)
for row in mandelbrot(64, 20, 40):
    print(''.join(' .:-=+*%@#'[min(n // 4, 9)] for n in row))
