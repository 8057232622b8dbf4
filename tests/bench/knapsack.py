"""The most valuable choice of things that a knapsack carries.

tiny: 20
"""

import numpy as np
from numba import njit


def setup(capacity: int = 20_000):
    return 5 + np.arange(300) * 7919 % 101, 1 + np.arange(300) * 104729 % 997, capacity


@njit
def knapsack(weights, values, capacity):
    best = np.zeros(capacity + 1, dtype=np.int64)
    for item in range(weights.shape[0]):
        weight = weights[item]
        value = values[item]
        for room in range(capacity, weight - 1, -1):
            best[room] = max(best[room], best[room - weight] + value)
    return best[capacity]
