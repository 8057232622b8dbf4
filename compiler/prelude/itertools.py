# The module `itertools`. What comes out is an iterator over a list that is made at once, or, where there may be no end,
# a `map` over the numbers of the items.

ENDLESS = 0x7FFFFFFFFFFFFFFF


def itertools_count(start: int = 0, step: int = 1):
    if step == 0:
        raise ValueError("count() with a step of 0 is not supported: use repeat()")
    return iter(range(start, ENDLESS if step > 0 else -ENDLESS, step))


def itertools_cycle(iterable):
    items = list(iterable)
    length = len(items)
    return map(lambda at: items[at % length], iter(range(ENDLESS if length > 0 else 0)))


def itertools_repeat(object, times=None):
    if times is None:
        return map(lambda at: object, iter(range(ENDLESS)))
    else:
        return map(lambda at: object, iter(range(int(times))))


def itertools_chain(*iterables):
    return iter(chained(iterables))


def chained(iterables):
    items = []
    for iterable in iterables:
        for item in iterable:
            items.append(item)
    return items


def itertools_chain_from_iterable(iterable):
    return iter(chained(iterable))


# product(a, b, …): tuples of as many items as there are iterables.
def itertools_product(*iterables):
    return iter(tuples_of(lists_of(iterables)))


def lists_of(iterables):
    if iterables:
        return (list(iterables[0]), *lists_of(iterables[1:]))
    else:
        return ()


def tuples_of(pools):
    if pools:
        result = []
        rest = tuples_of(pools[1:])
        for item in pools[0]:
            for items in rest:
                result.append((item, *items))
        return result
    else:
        return [()]


# The items at `places`: as many as `shape` has members, which is a tuple of as many zeros as the program says, or None
# where only the run time knows.
def items_of(pools, places, shape):
    if shape is None:
        return tuple([pools[i][places[i]] for i in range(len(places))])
    else:
        return items_from(pools, places, shape, 0)


def items_from(pools, places, shape, at: int):
    if shape:
        return (pools[at][places[at]], *items_from(pools, places, shape[1:], at + 1))
    else:
        return ()


# product(a, b, …, repeat=n)
def itertools_product_repeat(iterables, repeat: int, shape):
    if repeat < 0:
        raise ValueError("repeat argument cannot be negative")
    pools = []
    for i in range(repeat):
        for iterable in iterables:
            pools.append(list(iterable))
    length = len(pools)
    result = []
    places = [0 for pool in pools]
    at = 0
    for pool in pools:
        if len(pool) == 0:
            at = -1
    while at >= 0:
        result.append(items_of(pools, places, shape))
        at = length - 1
        while at >= 0 and places[at] == len(pools[at]) - 1:
            places[at] = 0
            at -= 1
        if at >= 0:
            places[at] += 1
    return iter(result)


def itertools_permutations(iterable, r=None, shape=None):
    pool = list(iterable)
    n = len(pool)
    if r is None:
        return permuted(pool, n, shape)
    else:
        return permuted(pool, int(r), shape)


# In the order of places: the least place of those that are free goes first.
def permuted(pool, r: int, shape):
    if r < 0:
        raise ValueError("r must be non-negative")
    n = len(pool)
    result = []
    pools = [pool for i in range(r)]
    places = [0 for i in range(r)]
    used = [False for item in pool]
    for i in range(r if r <= n else 0):
        places[i] = i
        used[i] = True
    at = 0 if r <= n else -1
    while at >= 0:
        result.append(items_of(pools, places, shape))
        # The last place that can go up does; those behind it take the least that are left.
        at = r - 1
        while at >= 0:
            used[places[at]] = False
            place = places[at] + 1
            while place < n and used[place]:
                place += 1
            if place < n:
                places[at] = place
                used[place] = True
                free = 0
                for i in range(at + 1, r):
                    while used[free]:
                        free += 1
                    places[i] = free
                    used[free] = True
                break
            at -= 1
    return iter(result)


def itertools_combinations(iterable, r: int, shape=None):
    return combined(list(iterable), r, 1, shape)


def itertools_combinations_with_replacement(iterable, r: int, shape=None):
    return combined(list(iterable), r, 0, shape)


# Places that go up by at least `gap`.
def combined(pool, r: int, gap: int, shape):
    if r < 0:
        raise ValueError("r must be non-negative")
    n = len(pool)
    result = []
    pools = [pool for i in range(r)]
    places = [i * gap for i in range(r)]
    at = 0
    if r > 0 and (r - 1) * gap + 1 > n:
        at = -1
    while at >= 0:
        result.append(items_of(pools, places, shape))
        at = r - 1
        while at >= 0 and places[at] == n - 1 - (r - 1 - at) * gap:
            at -= 1
        if at >= 0:
            place = places[at] + 1
            for i in range(at, r):
                places[i] = place + (i - at) * gap
    return iter(result)


def itertools_accumulate(iterable, func=None, initial=None):
    totals = []
    if initial is None:
        first = True
        for item in iterable:
            if first:
                total = item
                first = False
            elif func is None:
                total = total + item
            else:
                total = func(total, item)
            totals.append(total)
    else:
        total = initial
        totals.append(total)
        for item in iterable:
            if func is None:
                total = total + item
            else:
                total = func(total, item)
            totals.append(total)
    return iter(totals)


# islice(iterable, stop), islice(iterable, start, stop, step)
def itertools_islice(iterable, start, stop=ENDLESS, step=1):
    items = []
    at = 0
    first = 0 if start is None else int(start)
    stride = 1 if step is None else int(step)
    last = ENDLESS if stop is None else int(stop)
    if first < 0 or last < 0:
        raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if stride < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")
    for pair in zip(range(last), iterable):
        if pair[0] >= first and (pair[0] - first) % stride == 0:
            items.append(pair[1])
    return iter(items)


def itertools_islice_stop(iterable, stop):
    return itertools_islice(iterable, 0, stop, 1)


def itertools_takewhile(predicate, iterable):
    items = []
    for item in iterable:
        if not predicate(item):
            break
        items.append(item)
    return iter(items)


def itertools_dropwhile(predicate, iterable):
    items = []
    found = False
    for item in iterable:
        if found or not predicate(item):
            found = True
            items.append(item)
    return iter(items)


def itertools_filterfalse(function, iterable):
    if function is None:
        return filter(lambda item: not item, iterable)
    else:
        return filter(lambda item: not function(item), iterable)


def itertools_starmap(function, iterable):
    return map(lambda items: function(*items), iterable)


def itertools_compress(data, selectors):
    items = []
    for pair in zip(data, selectors):
        if pair[1]:
            items.append(pair[0])
    return iter(items)


def itertools_pairwise(iterable):
    items = list(iterable)
    return zip(items, items[1:])


def itertools_zip_longest(*iterables, fillvalue=None):
    lists = lists_of(iterables)
    return iter([items_at(lists, at, fillvalue) for at in range(longest_of(lists))])


def longest_of(lists) -> int:
    if lists:
        return max(len(lists[0]), longest_of(lists[1:]))
    else:
        return 0


def items_at(lists, at: int, fill):
    if lists:
        items = lists[0]
        return (items[at] if at < len(items) else fill, *items_at(lists[1:], at, fill))
    else:
        return ()


# groupby(iterable, key): runs of items of the same key.
def itertools_groupby(iterable, key=None):
    groups = []
    run = []
    first = True
    for item in iterable:
        if key is None:
            now = item
        else:
            now = key(item)
        if first:
            last = now
            first = False
        elif now != last:
            groups.append((last, run))
            run = []
            last = now
        run.append(item)
    if not first:
        groups.append((last, run))
    return map(lambda group: (group[0], iter(group[1])), groups)


def itertools_tee(iterable, n: int = 2):
    items = list(iterable)
    return (iter(items), iter(items))


# x in iterator: it is gone through up to there.
def iterator_contains(iterator, x) -> bool:
    for item in iterator:
        if item == x:
            return True
    return False
