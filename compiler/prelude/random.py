# The modules `random` and `numpy.random`: the Mersenne Twister (Matsumoto, Nishimura, "Mersenne Twister: a
# 623-dimensionally equidistributed uniform pseudo-random number generator", 1998), with the streams of CPython and of
# NumPy's legacy functions.
#
# A generator is 624 words, the next word's number at 2496, whether a second normal number waits at 2500, and that
# number at 2504. State 3 is the address of Python's generator, state 4 that of NumPy's, 0 before the first use.


def twister_new() -> ptr:
    p = allocate(2512)
    store_u32(p + 2496, 624)
    store_u32(p + 2500, 0)
    return p


# Fills the words from one.
def twister_start(p: ptr, seed: int) -> None:
    word = seed & 0xFFFFFFFF
    store_u32(p, word)
    for i in range(1, 624):
        word = (1812433253 * (word ^ (word >> 30)) + i) & 0xFFFFFFFF
        store_u32(p + i * 4, word)
    store_u32(p + 2496, 624)
    store_u32(p + 2500, 0)


# Fills the words from the (one or two) words of an int, as `init_by_array` of the reference does.
def twister_seed(p: ptr, seed: int) -> None:
    twister_start(p, 19650218)
    size = int_magnitude(seed)
    keys = 1 if i64_shr_u(size, 32) == 0 else 2
    i = 1
    key = 0
    for step in range(624):
        before = load_u32(p + i * 4 - 4)
        word = i64_shr_u(size, 32) if key == 1 else size & 0xFFFFFFFF
        mixed = (load_u32(p + i * 4) ^ ((before ^ (before >> 30)) * 1664525)) + word + key
        store_u32(p + i * 4, mixed)
        i = i + 1
        key = key + 1 if key + 1 < keys else 0
        if i == 624:
            store_u32(p, load_u32(p + 2492))
            i = 1
    for step in range(623):
        before = load_u32(p + i * 4 - 4)
        store_u32(p + i * 4, (load_u32(p + i * 4) ^ ((before ^ (before >> 30)) * 1566083941)) - i)
        i = i + 1
        if i == 624:
            store_u32(p, load_u32(p + 2492))
            i = 1
    store_u32(p, 0x80000000)


# The next 32 bits.
def twister_next(p: ptr) -> int:
    at = load_u32(p + 2496)
    if at >= 624:
        for i in range(624):
            near = load_u32(p + (i + 1 if i < 623 else 0) * 4)
            far = load_u32(p + (i + 397 if i < 227 else i - 227) * 4)
            joined = (load_u32(p + i * 4) & 0x80000000) | (near & 0x7FFFFFFF)
            store_u32(p + i * 4, far ^ (joined >> 1) ^ (0x9908B0DF if joined & 1 != 0 else 0))
        at = 0
    y = load_u32(p + at * 4)
    store_u32(p + 2496, at + 1)
    y = y ^ (y >> 11)
    y = y ^ ((y << 7) & 0x9D2C5680)
    y = y ^ ((y << 15) & 0xEFC60000)
    return y ^ (y >> 18)


# A float in [0, 1) of 53 bits.
def twister_float(p: ptr) -> float:
    high = twister_next(p) >> 5
    low = twister_next(p) >> 6
    return f64_convert_i64_s(high * 67108864 + low) * 1.1102230246251565e-16


# Python's generator; unless `seed` was called, it starts from the time.
def random_state() -> ptr:
    if global_get_3() == 0:
        p = twister_new()
        global_set_3(int(p))
        twister_seed(p, i64_trunc_sat_f64_s(host_time() * 1000000.0))
    return ptr(global_get_3())


def random_seed(a: int) -> None:
    if global_get_3() == 0:
        global_set_3(int(twister_new()))
    twister_seed(ptr(global_get_3()), a)


def random_random() -> float:
    return twister_float(random_state())


def random_getrandbits(k: int) -> int:
    if k < 0:
        raise ValueError("number of bits must be non-negative")
    if k == 0:
        return 0
    if k > 63:
        raise overflow_error()
    if k <= 32:
        return twister_next(random_state()) >> (32 - k)
    low = twister_next(random_state())
    return ((twister_next(random_state()) >> (64 - k)) << 32) | low


# An int in [0, n), n > 0, by throwing away what is too large.
def random_below(n: int) -> int:
    bits = 64 - i64_clz(n)
    value = random_getrandbits(bits)
    while value >= n:
        value = random_getrandbits(bits)
    return value


def random_randrange(start: int, stop=None, step: int = 1) -> int:
    if stop is None:
        if start <= 0:
            raise ValueError("empty range for randrange()")
        return random_below(start)
    else:
        if step == 0:
            raise ValueError("zero step for randrange()")
        count = range_len(range(start, int(stop), step))
        if count <= 0:
            raise ValueError(f"empty range for randrange() ({start}, {stop}, {int(stop) - start})")
        return start + step * random_below(count)


def random_randint(a: int, b: int) -> int:
    return random_randrange(a, b + 1)


def random_choice(seq):
    if len(seq) == 0:
        raise IndexError("Cannot choose from an empty sequence")
    return seq[random_below(len(seq))]


def random_choices(population, weights=None, k: int = 1):
    result = []
    count = f64_convert_i64_s(len(population))
    if weights is None:
        for i in range(k):
            result.append(population[i64_trunc_sat_f64_s(random_random() * count)])
    else:
        totals = []
        total = 0.0
        for weight in weights:
            total = total + float(weight)
            totals.append(total)
        if total <= 0.0:
            raise ValueError("Total of weights must be greater than zero")
        for i in range(k):
            goal = random_random() * total
            at = 0
            while at < len(totals) - 1 and totals[at] <= goal:
                at = at + 1
            result.append(population[at])
    return result


def random_shuffle(x) -> None:
    i = len(x) - 1
    while i > 0:
        j = random_below(i + 1)
        item = x[i]
        x[i] = x[j]
        x[j] = item
        i = i - 1


# Few of many are remembered in a set; else they are taken out of a pool.
def random_sample(population, k: int):
    n = len(population)
    if k < 0 or k > n:
        raise ValueError("Sample larger than population or is negative")
    result = []
    room = 21
    if k > 5:
        power = 4
        while power < k * 3:
            power = power * 4
        room = room + power
    if n <= room:
        pool = []
        for item in population:
            pool.append(item)
        for i in range(k):
            j = random_below(n - i)
            result.append(pool[j])
            pool[j] = pool[n - i - 1]
    else:
        chosen = set()
        for i in range(k):
            j = random_below(n)
            while j in chosen:
                j = random_below(n)
            chosen.add(j)
            result.append(population[j])
    return result


def random_uniform(a: float, b: float) -> float:
    return a + (b - a) * random_random()


def random_triangular(low: float = 0.0, high: float = 1.0, mode=None) -> float:
    u = random_random()
    if mode is None:
        c = 0.5
    else:
        if high == low:
            return low
        c = (float(mode) - low) / (high - low)
    if u > c:
        u = 1.0 - u
        c = 1.0 - c
        swap = low
        low = high
        high = swap
    return low + (high - low) * f64_sqrt(u * c)


# Two at a time (Box, Muller); the second waits.
def random_gauss(mu: float = 0.0, sigma: float = 1.0) -> float:
    p = random_state()
    if load_u32(p + 2500) != 0:
        store_u32(p + 2500, 0)
        return mu + load_f64(p + 2504) * sigma
    angle = twister_float(p) * 6.283185307179586
    radius = f64_sqrt(-2.0 * raw_log(1.0 - twister_float(p)))
    store_u32(p + 2500, 1)
    store_f64(p + 2504, raw_sin(angle) * radius)
    return mu + raw_cos(angle) * radius * sigma


# Kinderman, Monahan, "Computer generation of random variables using the ratio of uniform deviates", 1977.
def random_normalvariate(mu: float = 0.0, sigma: float = 1.0) -> float:
    while True:
        u = random_random()
        v = 1.0 - random_random()
        z = 1.7155277699214135 * (u - 0.5) / v
        if z * z / 4.0 <= -raw_log(v):
            return mu + z * sigma


def random_expovariate(lambd: float = 1.0) -> float:
    return -raw_log(1.0 - random_random()) / lambd


def random_lognormvariate(mu: float, sigma: float) -> float:
    return raw_exp(random_normalvariate(mu, sigma))


# NumPy's generator.
def numpy_random_state() -> ptr:
    if global_get_4() == 0:
        p = twister_new()
        global_set_4(int(p))
        twister_seed(p, i64_trunc_sat_f64_s(host_time() * 1000000.0))
    return ptr(global_get_4())


def numpy_random_seed(seed: int) -> None:
    if seed < 0 or seed > 0xFFFFFFFF:
        raise ValueError("Seed must be between 0 and 2**32 - 1")
    if global_get_4() == 0:
        global_set_4(int(twister_new()))
    twister_start(ptr(global_get_4()), seed)


# A number, or an array of as many as `size` says.
def numpy_random_random(size=None):
    if size is None:
        return twister_float(numpy_random_state())
    else:
        result = array_new(shape_of(size), np.float64)
        for i in range(array_get_size(result)):
            element_store(result, array_data(result) + i * 8, twister_float(numpy_random_state()))
        return result


def numpy_random_random_sample(size=None):
    return numpy_random_random(size)


def numpy_random_rand(*d):
    if d:
        return numpy_random_random(d)
    else:
        return numpy_random_random()


def numpy_random_uniform(low: float = 0.0, high: float = 1.0, size=None):
    if size is None:
        return low + (high - low) * twister_float(numpy_random_state())
    else:
        result = array_new(shape_of(size), np.float64)
        for i in range(array_get_size(result)):
            element_store(result, array_data(result) + i * 8, low + (high - low) * twister_float(numpy_random_state()))
        return result


# Two at a time by the polar method (Marsaglia); the second waits.
def numpy_gauss() -> float:
    p = numpy_random_state()
    if load_u32(p + 2500) != 0:
        store_u32(p + 2500, 0)
        return load_f64(p + 2504)
    x = 0.0
    y = 0.0
    square = 0.0
    while square >= 1.0 or square == 0.0:
        x = 2.0 * twister_float(p) - 1.0
        y = 2.0 * twister_float(p) - 1.0
        square = x * x + y * y
    scale = f64_sqrt(-2.0 * raw_log(square) / square)
    store_u32(p + 2500, 1)
    store_f64(p + 2504, scale * x)
    return scale * y


def numpy_random_normal(loc: float = 0.0, scale: float = 1.0, size=None):
    if size is None:
        return loc + scale * numpy_gauss()
    else:
        result = array_new(shape_of(size), np.float64)
        for i in range(array_get_size(result)):
            element_store(result, array_data(result) + i * 8, loc + scale * numpy_gauss())
        return result


def numpy_random_standard_normal(size=None):
    return numpy_random_normal(0.0, 1.0, size)


def numpy_random_randn(*d):
    if d:
        return numpy_random_normal(0.0, 1.0, d)
    else:
        return numpy_random_normal()


def numpy_random_randint(low: int, high=None, size=None):
    if high is None:
        return random_ints(0, low, size)
    else:
        return random_ints(low, int(high), size)


def random_ints(low: int, high: int, size):
    if low >= high:
        raise ValueError("low >= high")
    if size is None:
        return low + numpy_below(high - 1 - low)
    else:
        result = array_new(shape_of(size), np.int64)
        for i in range(array_get_size(result)):
            element_store(result, array_data(result) + i * 8, low + numpy_below(high - 1 - low))
        return result


# An int from 0 to `most`, unsigned, by masking and throwing away.
def numpy_below(most: int) -> int:
    if most == 0:
        return 0
    p = numpy_random_state()
    mask = i64_shr_u(-1, i64_clz(most))
    value = most
    first = True
    while first or i64_gt_u(value, most):
        first = False
        if i64_shr_u(most, 32) == 0:
            value = twister_next(p) & mask
        else:
            high = twister_next(p) << 32
            value = (high | twister_next(p)) & mask
    return value


def numpy_random_permutation(x):
    if isinstance(x, int):
        result = np.arange(x)
        numpy_random_shuffle(result)
        return result
    else:
        result = np.array(x)
        numpy_random_shuffle(result)
        return result


# From the last place down, each with one before it or itself; of an array of more axes, rows.
def numpy_random_shuffle(x) -> None:
    i = len(x) - 1
    while i > 0:
        j = numpy_below(i)
        if i != j:
            if isinstance(x, np.ndarray):
                if array_shape(x)[1:]:
                    row = x[i].copy()
                    x[i] = x[j]
                    x[j] = row
                else:
                    item = x[i]
                    x[i] = x[j]
                    x[j] = item
            else:
                item = x[i]
                x[i] = x[j]
                x[j] = item
        i -= 1


def numpy_random_choice(a, size=None, replace: bool = True, p=None):
    if isinstance(a, int):
        if a <= 0:
            raise ValueError("a must be greater than 0 unless no samples are taken")
        return chosen_places(a, size, replace, p)
    else:
        items = numpy_asarray(a)
        if len(items) == 0:
            raise ValueError("'a' cannot be empty unless no samples are taken")
        if size is None:
            return items[chosen_places(len(items), size, replace, p)]
        else:
            return np.take(items, chosen_places(len(items), size, replace, p))


def chosen_places(count: int, size, replace: bool, p):
    if p is None:
        if size is None:
            return random_ints(0, count, size)
        elif replace:
            return random_ints(0, count, size)
        else:
            return first_places(numpy_random_permutation(count), shape_of(size))
    else:
        weights = numpy_asarray(p).astype(np.float64)
        if len(weights) != count:
            raise ValueError("'a' and 'p' must have same size")
        for weight in weights:
            if not weight >= 0.0:
                raise ValueError("probabilities are not non-negative")
        if abs(np.sum(weights) - 1.0) > 1.4901161193847656e-08:
            raise ValueError("probabilities do not sum to 1")
        edges = np.cumsum(weights)
        if size is None:
            edges /= edges[-1]
            return int(np.searchsorted(edges, twister_float(numpy_random_state()), "right"))
        elif replace:
            edges /= edges[-1]
            return searched(edges, numpy_random_random(size))
        else:
            return first_places(unlike_places(weights, np.prod(np.array(shape_of(size)))), shape_of(size))


def searched(edges, goals):
    result = array_new(array_shape(goals), np.int64)
    for i in range(array_get_size(goals)):
        goal = element_load(goals, array_data(goals) + i * 8)
        element_store(result, array_data(result) + i * 8, int(np.searchsorted(edges, goal, "right")))
    return result


def first_places(places, shape):
    result = array_new(shape, np.int64)
    count = array_get_size(result)
    if count > len(places):
        raise ValueError("Cannot take a larger sample than population when replace is False")
    for i in range(count):
        element_store(result, array_data(result) + i * 8, places[i])
    return result


# So many different places by weight: what was found is left out of the next draw.
def unlike_places(weights, count: int):
    places = np.zeros(count, dtype=np.int64)
    left = weights.copy()
    positive = 0
    for weight in weights:
        if weight > 0.0:
            positive += 1
    if count > len(weights):
        raise ValueError("Cannot take a larger sample than population when replace is False")
    if positive < count:
        raise ValueError("Fewer non-zero entries in p than size")
    found = 0
    while found < count:
        goals = numpy_random_random(count - found)
        for i in range(found):
            left[places[i]] = 0.0
        edges = np.cumsum(left)
        edges /= edges[-1]
        drawn = searched(edges, goals)
        start = found
        for place in drawn:
            known = False
            for i in range(start, found):
                if places[i] == place:
                    known = True
            if not known:
                places[found] = place
                found += 1
    return places


def numpy_random_exponential(scale: float = 1.0, size=None):
    if size is None:
        return scale * -raw_log1p(-twister_float(numpy_random_state()))
    else:
        result = array_new(shape_of(size), np.float64)
        for i in range(array_get_size(result)):
            value = scale * -raw_log1p(-twister_float(numpy_random_state()))
            element_store(result, array_data(result) + i * 8, value)
        return result


def numpy_random_ranf(size=None):
    return numpy_random_random(size)


def numpy_random_sample(size=None):
    return numpy_random_random(size)
