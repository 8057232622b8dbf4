"""Lists that grow: primes by trial division, then their gaps in order.

tiny: 30
"""

from numba import njit


def setup(limit: int = 150_000):
    return (limit,)


@njit
def lists(limit):
    primes = [2]
    for n in range(3, limit, 2):
        is_prime = True
        for p in primes:
            if p * p > n:
                break
            if n % p == 0:
                is_prime = False
                break
        if is_prime:
            primes.append(n)
    gaps = [primes[i + 1] - primes[i] for i in range(len(primes) - 1)]
    counts = [0 for _ in range(200)]
    for gap in gaps:
        counts[gap] += 1
    total = 0
    for at in range(len(counts)):
        total = total * 3 % 1000003 + counts[at]
    return len(primes), total
