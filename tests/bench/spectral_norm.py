"""The spectral norm of an infinite matrix, cut to size.

tiny: 6
"""

import math

import numpy as np
from numba import njit


def setup(n: int = 400):
    return n, 10


@njit
def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


@njit
def times(v, out):
    for i in range(v.size):
        total = 0.0
        for j in range(v.size):
            total += element(i, j) * v[j]
        out[i] = total


@njit
def times_transposed(v, out):
    for i in range(v.size):
        total = 0.0
        for j in range(v.size):
            total += element(j, i) * v[j]
        out[i] = total


@njit
def spectral_norm(n, rounds):
    u = np.ones(n)
    v = np.zeros(n)
    between = np.zeros(n)
    for _ in range(rounds):
        times(u, between)
        times_transposed(between, v)
        times(v, between)
        times_transposed(between, u)
    uv = 0.0
    vv = 0.0
    for i in range(n):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return math.sqrt(uv / vv)
