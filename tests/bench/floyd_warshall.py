"""Shortest paths between all pairs of nodes (Floyd and Warshall).

tiny: 6
"""

import numpy as np
from numba import njit


def setup(n: int = 240):
    return ((np.arange(n * n) * 7919 % 10007 + 1.0).reshape(n, n),)


@njit
def floyd_warshall(lengths):
    d = lengths.copy()
    n = d.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = d[i, k] + d[k, j]
                if through < d[i, j]:
                    d[i, j] = through
    return d
