# Slices: what `x[start:stop:step]` means for a sequence of `length` items. Each of the three is an int or None.


# The step. Kept within 32 bits, which no sequence can tell from more, so that it can be negated.
def slice_step(step) -> int:
    if step is None:
        return 1
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step < -0x7FFFFFFF:
        return -0x7FFFFFFF
    return int(step)


def slice_clamp(index: int, step: int, length: int) -> int:
    low = -1 if step < 0 else 0
    high = length + low
    if index < 0:
        index += length
        return low if index < low else index
    return high if index > high else index


# The index of the first item.
@inline
def slice_start(start, step: int, length: int) -> int:
    if start is None:
        return length - 1 if step < 0 else 0
    return slice_clamp(int(start), step, length)


# The index before which to stop: -1 for down to the first.
@inline
def slice_stop(stop, step: int, length: int) -> int:
    if stop is None:
        return -1 if step < 0 else length
    return slice_clamp(int(stop), step, length)


# How many items there are.
def slice_count(start: int, stop: int, step: int) -> int:
    if step < 0:
        return (start - stop - 1) // -step + 1 if stop < start else 0
    return (stop - start - 1) // step + 1 if start < stop else 0
