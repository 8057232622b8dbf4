"""Fibonacci numbers by calling itself.

tiny: 7
slow: each call counts how deep it is in a global, as Python raises `RecursionError` at a thousand, and saves and restores five registers, because the code that passes an exception on may change all of them
"""

from numba import njit


def setup(n: int = 31):
    return (n,)


@njit
def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)
