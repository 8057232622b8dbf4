# range: start, stop and step, three values.


# The difference is taken unsigned: from -2**63 to 2**63 - 1 there are more numbers than an int counts.
def range_len(self) -> int:
    if self.step > 0:
        if self.start >= self.stop:
            return 0
        return i64_div_u(self.stop - self.start - 1, self.step) + 1
    if self.stop >= self.start:
        return 0
    return i64_div_u(self.start - self.stop - 1, 0 - self.step) + 1


@inline
def range_bool(self) -> bool:
    return self.start < self.stop if self.step > 0 else self.stop < self.start


# The i-th number, unchecked.
@inline
def range_item(self, i: int) -> int:
    return self.start + i * self.step


def range_getitem(self, index: int) -> int:
    length = range_len(self)
    at = index + length if index < 0 else index
    if i64_ge_u(at, length):
        raise IndexError("range object index out of range")
    return self.start + at * self.step


def range_getslice(self, start, stop, step):
    by = slice_step(step)
    length = range_len(self)
    first = slice_start(start, by, length)
    last = slice_stop(stop, by, length)
    return range(self.start + first * self.step, self.start + last * self.step, self.step * by)


def range_contains(self, x: int) -> bool:
    if self.step > 0:
        return x >= self.start and x < self.stop and i64_rem_u(x - self.start, self.step) == 0
    return x <= self.start and x > self.stop and i64_rem_u(self.start - x, 0 - self.step) == 0


def range_index(self, value: int) -> int:
    if not range_contains(self, value):
        raise ValueError(f"{value} is not in range")
    if self.step > 0:
        return i64_div_u(value - self.start, self.step)
    return i64_div_u(self.start - value, 0 - self.step)


def range_count(self, value: int) -> int:
    return 1 if range_contains(self, value) else 0


# Equal as sequences.
def range_eq(self, other) -> bool:
    length = range_len(self)
    if length != range_len(other):
        return False
    if length == 0:
        return True
    return self.start == other.start and (length == 1 or self.step == other.step)


# What `range(start, stop, step)` checks.
@inline
def range_check_step(step: int) -> int:
    if step == 0:
        raise ValueError("range() arg 3 must not be zero")
    return step


# The same numbers from the last to the first.
def range_reversed(self) -> range:
    last = range_item(self, range_len(self) - 1)
    return range(last, self.start - self.step, -self.step)
