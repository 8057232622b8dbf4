"""Fourier transform of complex numbers, in place of a copy, with a table of roots.

tiny: 4
tolerance: 1e-12: each library's sine and cosine are within 1 ulp of the exact value, not equal
"""

import numpy as np
from numba import njit


def setup(bits: int = 17):
    n = 1 << bits
    return np.arange(n) * 7919 % 10007 / 10007.0 + 1j * (np.arange(n) * 104729 % 10009 / 10009.0), bits


@njit
def fft(signal, bits):
    x = signal.copy()
    n = x.shape[0]
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j ^= bit
        if i < j:
            x[i], x[j] = x[j], x[i]
    roots = np.exp(-2j * np.pi * np.arange(n // 2) / n)
    for level in range(1, bits + 1):
        size = 1 << level
        half = size >> 1
        step = n // size
        for start in range(0, n, size):
            for k in range(half):
                even = x[start + k]
                odd = x[start + k + half] * roots[k * step]
                x[start + k] = even + odd
                x[start + k + half] = even - odd
    return x
