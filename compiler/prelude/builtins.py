# Builtin functions over anything that can be iterated over or compared.


# Of an array: Python adds the elements one by one. Other sums are written out where they stand.
@inherit
def builtin_sum(iterable, start=0):
    total = start
    for item in iterable:
        total = total + item
    return total


def builtin_any(iterable) -> bool:
    for item in iterable:
        if item:
            return True
    return False


def builtin_all(iterable) -> bool:
    for item in iterable:
        if not item:
            return False
    return True


def builtin_min(iterable, key=None):
    if isinstance(iterable, np.ndarray):
        return array_min(iterable)
    else:
        found = False
        if key is None:
            for item in iterable:
                if not found or item < best:
                    best = item
                    found = True
        else:
            for item in iterable:
                measure = key(item)
                if not found or measure < best_measure:
                    best = item
                    best_measure = measure
                    found = True
        if not found:
            raise ValueError("min() arg is an empty sequence")
        return best


def builtin_max(iterable, key=None):
    if isinstance(iterable, np.ndarray):
        return array_max(iterable)
    else:
        found = False
        if key is None:
            for item in iterable:
                if not found or best < item:
                    best = item
                    found = True
        else:
            for item in iterable:
                measure = key(item)
                if not found or best_measure < measure:
                    best = item
                    best_measure = measure
                    found = True
        if not found:
            raise ValueError("max() arg is an empty sequence")
        return best


# min(iterable, default=…)
def builtin_min_default(iterable, default, key=None):
    found = False
    if key is None:
        for item in iterable:
            if not found or item < best:
                best = item
                found = True
    else:
        for item in iterable:
            measure = key(item)
            if not found or measure < best_measure:
                best = item
                best_measure = measure
                found = True
    if not found:
        return default
    return best


# max(iterable, default=…)
def builtin_max_default(iterable, default, key=None):
    found = False
    if key is None:
        for item in iterable:
            if not found or best < item:
                best = item
                found = True
    else:
        for item in iterable:
            measure = key(item)
            if not found or best_measure < measure:
                best = item
                best_measure = measure
                found = True
    if not found:
        return default
    return best


def builtin_list(iterable):
    if isinstance(iterable, list):
        return list_copy(iterable)
    else:
        result = []
        for item in iterable:
            result.append(item)
        return result


# pow(base, exponent, mod)
def builtin_pow_mod(base: int, exponent: int, mod: int) -> int:
    return int_pow_mod(base, exponent, mod)
