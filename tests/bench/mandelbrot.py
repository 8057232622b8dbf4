"""Escape times of the Mandelbrot set.

tiny: 9
"""

import numpy as np
from numba import njit


def setup(n: int = 200):
    return n, n, 200


@njit
def mandelbrot(width, height, limit):
    counts = np.zeros((height, width), dtype=np.int64)
    for row in range(height):
        for column in range(width):
            x0 = 3.0 * column / width - 2.0
            y0 = 2.0 * row / height - 1.0
            x = 0.0
            y = 0.0
            count = 0
            while x * x + y * y <= 4.0 and count < limit:
                x, y = x * x - y * y + x0, 2.0 * x * y + y0
                count += 1
            counts[row, column] = count
    return counts
