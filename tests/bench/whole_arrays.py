"""Expressions of whole arrays, with a mask and sums.

tiny: 12
"""

import numpy as np
from numba import njit


def setup(n: int = 700_000):
    x = np.arange(n) * 7919 % 10007 / 10007.0
    y = np.arange(n) * 104729 % 10009 / 10009.0
    return x, y


@njit
def whole_arrays(x, y):
    z = 2.0 * x + y * y - 0.5
    z = np.where(z > 0.0, np.sqrt(np.abs(z)), -z)
    w = np.minimum(z, x) * np.maximum(z, y)
    return w / (1.0 + np.abs(z)) + 0.5
