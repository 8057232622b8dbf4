"""A picture in colours to shades of grey, with more contrast: bytes in, bytes out.

tiny: 7
"""

import numpy as np
from numba import njit


def setup(n: int = 1400):
    return (np.arange(n * n * 3) * 7919 % 10007 % 256).astype(np.uint8).reshape(n, n, 3), 3


@njit
def grey_u8(picture, contrast):
    rows, columns, _ = picture.shape
    out = np.empty((rows, columns), dtype=np.uint8)
    for i in range(rows):
        for j in range(columns):
            shade = (77 * picture[i, j, 0] + 150 * picture[i, j, 1] + 29 * picture[i, j, 2]) >> 8
            shade = (shade - 128) * contrast // 2 + 128
            out[i, j] = min(255, max(0, shade))
    return out
