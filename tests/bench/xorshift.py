"""An area by random points, from a xorshift generator (Marsaglia).

tiny: 20
"""

import numpy as np
from numba import njit


def setup(n: int = 2_000_000):
    return np.uint64(88172645463325252), n


@njit
def xorshift(seed, n):
    state = seed
    inside = 0
    for _ in range(n):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        x = (state >> np.uint64(11)) / 9007199254740992.0
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        y = (state >> np.uint64(11)) / 9007199254740992.0
        if x * x + y * y < 1.0:
            inside += 1
    return 4.0 * inside / n
