# Builtin functions over anything that can be iterated over or compared.


# Under the caller's rules: `+` is the caller's.
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
    best = default
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
    return best


# max(iterable, default=…)
def builtin_max_default(iterable, default, key=None):
    best = default
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
    return best


# min(a, b): the first of equals.
@inline
def builtin_min2(a, b):
    return b if b < a else a


@inline
def builtin_max2(a, b):
    return b if a < b else a


# min(a, b, key=key)
def builtin_min2_key(a, b, key):
    return b if key(b) < key(a) else a


def builtin_max2_key(a, b, key):
    return b if key(a) < key(b) else a


def builtin_list(iterable):
    if isinstance(iterable, list):
        return list_copy(iterable)
    else:
        result = []
        for item in iterable:
            result.append(item)
        return result


def builtin_sorted(iterable, key=None, reverse: bool = False):
    result = builtin_list(iterable)
    list_sort(result, key, reverse)
    return result


# set(iterable)
def builtin_set(iterable):
    result = set()
    for item in iterable:
        result.add(item)
    return result


# dict(pairs)
def builtin_dict(iterable):
    result = {}
    if isinstance(iterable, dict):
        dict_update(result, iterable)
    else:
        for key, value in iterable:
            result[key] = value
    return result


@inherit
def builtin_abs(x):
    return abs(x)


def builtin_round(x, ndigits=None):
    if isinstance(x, float):
        return float_round(x, ndigits)
    else:
        return int_round(int(x), ndigits)


def builtin_divmod(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return float_divmod(float(a), float(b))
    else:
        return int_divmod(int(a), int(b))


# pow(base, exponent, mod)
def builtin_pow_mod(base: int, exponent: int, mod: int) -> int:
    return int_pow_mod(base, exponent, mod)
