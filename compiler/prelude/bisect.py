# The module `bisect`: places in a sorted sequence.


def bisect_bisect_left(a, x, lo: int = 0, hi=None, key=None) -> int:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a)
    if hi is not None:
        end = int(hi)
    while lo < end:
        middle = (lo + end) >> 1
        if key is None:
            less = a[middle] < x
        else:
            less = key(a[middle]) < x
        if less:
            lo = middle + 1
        else:
            end = middle
    return lo


def bisect_bisect_right(a, x, lo: int = 0, hi=None, key=None) -> int:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    end = len(a)
    if hi is not None:
        end = int(hi)
    while lo < end:
        middle = (lo + end) >> 1
        if key is None:
            less = x < a[middle]
        else:
            less = x < key(a[middle])
        if less:
            end = middle
        else:
            lo = middle + 1
    return lo


def bisect_bisect(a, x, lo: int = 0, hi=None, key=None) -> int:
    return bisect_bisect_right(a, x, lo, hi, key)


def bisect_insort_left(a, x, lo: int = 0, hi=None) -> None:
    a.insert(bisect_bisect_left(a, x, lo, hi), x)


def bisect_insort_right(a, x, lo: int = 0, hi=None) -> None:
    a.insert(bisect_bisect_right(a, x, lo, hi), x)


def bisect_insort(a, x, lo: int = 0, hi=None) -> None:
    a.insert(bisect_bisect_right(a, x, lo, hi), x)
