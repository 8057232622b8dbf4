"""Counts the ways to set queens on a chessboard, with bits.

tiny: 5
"""

from numba import njit


def setup(n: int = 13):
    return (n,)


@njit
def place(all, columns, left, right):
    if columns == all:
        return 1
    count = 0
    free = all & ~(columns | left | right)
    while free:
        bit = free & -free
        free ^= bit
        count += place(all, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return count


@njit
def queens(n):
    return place((1 << n) - 1, 0, 0, 0)
