# The module `functools`.


# functools.cache(f) and lru_cache: what comes out for arguments that were there before is not computed again.
def functools_cached(f):
    results = {}

    def cached(*args):
        if args in results:
            return results[args]
        result = f(*args)
        results[args] = result
        return result

    return cached


# reduce(f, iterable)
def functools_reduce(f, iterable):
    found = False
    for item in iterable:
        if found:
            total = f(total, item)
        else:
            total = item
            found = True
    if not found:
        raise TypeError("reduce() of empty iterable with no initial value")
    return total


# reduce(f, iterable, initial)
def functools_reduce_default(f, iterable, initial):
    total = initial
    for item in iterable:
        total = f(total, item)
    return total
