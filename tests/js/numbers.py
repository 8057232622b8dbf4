import math

import numba as nb
import numpy as np


@nb.njit("float64[:](float64[:])")
def all_of_them(xs):
    out = np.zeros(xs.size * 8)
    for i in range(xs.size):
        x = xs[i]
        y = abs(x) + 0.5
        out[8 * i] = math.sin(x) + math.cos(x)
        out[8 * i + 1] = math.exp(-y) * math.log(y)
        out[8 * i + 2] = y ** (x / 1000.0)
        out[8 * i + 3] = math.atan2(x, y) + math.tanh(x)
        out[8 * i + 4] = math.sqrt(y) / 3.0 - x // 0.7
        out[8 * i + 5] = x % 0.3 + math.floor(x)
        out[8 * i + 6] = float(str(x)) * 0.1
        out[8 * i + 7] = math.gamma(min(y, 20.0)) + math.erf(x)
    return out
