"""A picture under a small filter of weights.

tiny: 7
"""

import numpy as np
from numba import njit


def setup(n: int = 500):
    picture = (np.arange(n * n) * 7919 % 10007 / 10007.0).reshape(n, n)
    weights = (np.arange(25) * 11 % 7 / 70.0).reshape(5, 5)
    return picture, weights


@njit
def convolution(picture, weights):
    rows, columns = picture.shape
    height, width = weights.shape
    out = np.zeros((rows - height + 1, columns - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            total = 0.0
            for di in range(height):
                for dj in range(width):
                    total += picture[i + di, j + dj] * weights[di, dj]
            out[i, j] = total
    return out
