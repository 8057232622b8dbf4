"""Counts primes (Eratosthenes).

tiny: 50
slow: the loop that crosses out tests the sign of its step, the end and the index on every turn; the count widens each byte to 64 bits in three steps
"""

import numpy as np
from numba import njit


def setup(n: int = 2_000_000):
    return (n,)


@njit
def sieve(n):
    is_prime = np.ones(n, dtype=np.bool_)
    is_prime[:2] = False
    i = 2
    while i * i < n:
        if is_prime[i]:
            for j in range(i * i, n, i):
                is_prime[j] = False
        i += 1
    count = 0
    for i in range(n):
        if is_prime[i]:
            count += 1
    return count
