# The module `bisect`: places in a sorted sequence.


# Where the search ends that begins at lo.
def insertion_end(a, lo: int, hi) -> int:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    if hi is None:
        return len(a)
    return int(hi)


def bisect_bisect_left(a, x, lo: int = 0, hi=None, key=None) -> int:
    end = insertion_end(a, lo, hi)
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
    end = insertion_end(a, lo, hi)
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
