"""The most flips that a permutation of pancakes takes.

tiny: 5
"""

import numpy as np
from numba import njit


def setup(n: int = 9):
    return (n,)


@njit
def fannkuch(n):
    perm1 = np.arange(n)
    perm = np.zeros(n, dtype=np.int64)
    count = np.zeros(n, dtype=np.int64)
    flips_max = 0
    checksum = 0
    turn = 0
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        for i in range(n):
            perm[i] = perm1[i]
        flips = 0
        k = perm[0]
        while k != 0:
            i = 0
            j = k
            while i < j:
                perm[i], perm[j] = perm[j], perm[i]
                i += 1
                j -= 1
            flips += 1
            k = perm[0]
        flips_max = max(flips_max, flips)
        checksum += flips if turn % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, flips_max
            first = perm1[0]
            for i in range(r):
                perm1[i] = perm1[i + 1]
            perm1[r] = first
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        turn += 1
