"""The longest Collatz sequence that starts below a limit.

tiny: 30
"""

from numba import njit


def setup(limit: int = 60_000):
    return (limit,)


@njit
def collatz(limit):
    longest = 0
    best = 0
    for start in range(1, limit):
        n = start
        steps = 0
        while n != 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = n * 3 + 1
            steps += 1
        if steps > longest:
            longest = steps
            best = start
    return best, longest
