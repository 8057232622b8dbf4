"""The shortest ways between all towns, given the direct ones as a matrix.

    kukri call floyd_warshall.py shortest @distances.npy
"""

import numpy as np
from numba import njit


@njit
def shortest(distances):
    n = distances.shape[0]
    ways = distances.copy()
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = ways[i, k] + ways[k, j]
                if through < ways[i, j]:
                    ways[i, j] = through
    return ways


def total(distances: np.ndarray) -> float:
    ways = shortest(distances)
    result = 0.0
    for row in ways:
        for way in row:
            result += way
    return result
