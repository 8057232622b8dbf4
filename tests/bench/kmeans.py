"""Groups points around centres (Lloyd).

tiny: 12
"""

import numpy as np
from numba import njit


def setup(n: int = 20_000):
    points = (np.arange(3 * n) * 7919 % 10007 / 10007.0).reshape(n, 3)
    return points, 8, 6


@njit
def kmeans(points, k, rounds):
    n, dims = points.shape
    centres = points[:k].copy()
    groups = np.zeros(n, dtype=np.int32)
    for _ in range(rounds):
        for i in range(n):
            best = -1
            nearest = np.inf
            for c in range(k):
                distance = 0.0
                for d in range(dims):
                    difference = points[i, d] - centres[c, d]
                    distance += difference * difference
                if distance < nearest:
                    nearest = distance
                    best = c
            groups[i] = best
        sums = np.zeros((k, dims))
        counts = np.zeros(k)
        for i in range(n):
            counts[groups[i]] += 1
            for d in range(dims):
                sums[groups[i], d] += points[i, d]
        for c in range(k):
            if counts[c] > 0:
                for d in range(dims):
                    centres[c, d] = sums[c, d] / counts[c]
    return groups, centres
