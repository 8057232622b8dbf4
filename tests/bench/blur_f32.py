"""A picture of 32-bit floats, smoothed along rows, then along columns, again and again.

tiny: 9
slow: vectors of Wasm have 128 bits, Numba's here 512: 4 floats at once instead of 16
"""

import numpy as np
from numba import njit


def setup(n: int = 800):
    return (np.arange(n * n) * 7919 % 10007 / 10007.0).astype(np.float32).reshape(n, n), 30


@njit
def blur_f32(picture, times):
    rows, columns = picture.shape
    half = np.zeros_like(picture)
    out = picture.copy()
    quarter = np.float32(0.25)
    middle = np.float32(0.5)
    for _ in range(times):
        for i in range(rows):
            for j in range(1, columns - 1):
                half[i, j] = quarter * out[i, j - 1] + middle * out[i, j] + quarter * out[i, j + 1]
        for i in range(1, rows - 1):
            for j in range(columns):
                out[i, j] = quarter * half[i - 1, j] + middle * half[i, j] + quarter * half[i + 1, j]
    return out
