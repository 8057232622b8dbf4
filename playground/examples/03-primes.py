"""A sieve.
Loops over arrays, with every index checked, and no cost for it where it cannot fail."""

import numpy as np


def sieve(limit: int):
    is_prime = np.ones(limit + 1, dtype=np.bool_)
    is_prime[:2] = False
    n = 2
    while n * n <= limit:
        if is_prime[n]:
            for multiple in range(n * n, limit + 1, n):
                is_prime[multiple] = False
        n += 1
    return np.flatnonzero(is_prime)


def gaps(limit: int):
    return np.diff(sieve(limit))


# try: gaps(2000)
primes = sieve(100)
print(primes)
print(len(sieve(1_000_000)), 'primes below a million')
