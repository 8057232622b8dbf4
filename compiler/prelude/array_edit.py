# Arrays with parts added, taken out or cut off, and functions of whole vectors.


# Without an axis of length 1. Which are of length 1 is not known before the program runs, but a type says how many
# axes an array has.
def numpy_squeeze(a, axis: int):
    return array_squeeze(numpy_asarray(a), axis)


def array_squeeze(self, axis: int):
    at = axis_of(axis, array_shape(self))
    if with_axis_at(array_shape(self), at) != 1:
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return array_view(self, array_data(self), without_axis(array_shape(self), at), without_axis(array_strides(self), at))


def numpy_atleast_1d(a):
    if isinstance(a, (np.ndarray, list, tuple)):
        return numpy_asarray(a)
    else:
        return array_full((1,), a, a)


def numpy_atleast_2d(a):
    if isinstance(a, (np.ndarray, list, tuple)):
        return as_row(numpy_asarray(a))
    else:
        return array_full((1, 1), a, a)


def numpy_moveaxis(a, source: int, destination: int):
    ndim = len(array_shape(a))
    return axes_ordered(a, axes_moved(array_shape(a), axis_of(source, array_shape(a)), axis_of(destination, array_shape(a)), 0))


def axes_moved(items, source: int, destination: int, place: int):
    if items:
        if place == destination:
            axis = source
        else:
            axis = place - 1 if place > destination else place
            if axis >= source:
                axis = axis + 1
        return (axis,) + axes_moved(items[1:], source, destination, place + 1)
    else:
        return ()


def numpy_rot90(m, k: int = 1):
    turns = raw_mod(k, 4)
    if turns == 0:
        return array_copy(m)
    if turns == 2:
        return array_copy(numpy_flip(numpy_flip(m, 0), 1))
    if turns == 1:
        return array_copy(numpy_flip(array_swapaxes(m, 0, 1), 0))
    return array_copy(array_swapaxes(numpy_flip(m, 0), 0, 1))


def numpy_insert(arr, obj: int, values, axis=None):
    a = numpy_asarray(arr)
    if axis is None:
        return insert_at(array_ravel(a), obj, values, 0)
    else:
        return insert_at(a, obj, values, axis_of(int(axis), array_shape(a)))


def insert_at(a, place: int, values, at: int):
    count = with_axis_at(array_shape(a), at)
    where = place + count if place < 0 else place
    if i64_gt_u(where, count):
        raise IndexError(f"index {place} is out of bounds for axis {at} with size {count}")
    more = 1
    if isinstance(values, (list, tuple, np.ndarray)):
        items = numpy_asarray(values)
        if len(array_shape(a)) == 1:
            more = array_shape(items)[0]
        result = array_new(with_length(array_shape(a), at, count + more), a)
        array_assign_from(axis_part(result, at, where, more), items)
    else:
        result = array_new(with_length(array_shape(a), at, count + more), a)
        array_fill(axis_part(result, at, where, more), values)
    array_assign_from(axis_part(result, at, 0, where), axis_part(a, at, 0, where))
    array_assign_from(axis_part(result, at, where + more, count - where), axis_part(a, at, where, count - where))
    return result


def numpy_delete(arr, obj, axis=None):
    a = numpy_asarray(arr)
    if axis is None:
        return delete_at(array_ravel(a), obj, 0)
    else:
        return delete_at(a, obj, axis_of(int(axis), array_shape(a)))


def delete_at(a, obj, at: int):
    count = with_axis_at(array_shape(a), at)
    gone = array_zeros((count,), np.bool_)
    if isinstance(obj, (list, tuple, np.ndarray)):
        places = numpy_asarray(obj)
        for i in range(array_shape(places)[0]):
            gone[deleted_place(int(places[i]), at, count)] = True
    else:
        gone[deleted_place(int(obj), at, count)] = True
    kept = count - int(array_sum(gone))
    result = array_new(with_length(array_shape(a), at, kept), a)
    to = 0
    for i in range(count):
        if not gone[i]:
            array_assign_from(axis_part(result, at, to, 1), axis_part(a, at, i, 1))
            to = to + 1
    return result


def deleted_place(place: int, axis: int, count: int) -> int:
    at = place + count if place < 0 else place
    if i64_ge_u(at, count):
        raise IndexError(f"index {place} is out of bounds for axis {axis} with size {count}")
    return at


# With a frame around it: `pad_width` is a number, a pair, or a pair for each axis.
def numpy_pad(array, pad_width, mode: str = "constant", constant_values=0):
    a = numpy_asarray(array)
    widths = pad_pairs(array_shape(a), pad_width)
    result = array_full(padded_shape(array_shape(a), widths), a, constant_values if mode == "constant" else 0)
    padded_copy(result, array_data(result), array_shape(result), array_strides(result), a, array_data(a), array_shape(a), array_strides(a), widths, pad_mode(mode))
    return result


def pad_mode(mode: str) -> int:
    if mode == "constant":
        return 0
    if mode == "edge":
        return 1
    if mode == "wrap":
        return 2
    if mode == "reflect":
        return 3
    if mode == "symmetric":
        return 4
    raise NotImplementedError(f"np.pad with mode '{mode}' is not supported by Kukri")


def pad_pairs(shape, width):
    if shape:
        if isinstance(width, tuple):
            if isinstance(width[0], tuple):
                if width[1:]:
                    return (pad_pair(width[0]),) + pad_pairs(shape[1:], width[1:])
                else:
                    return (pad_pair(width[0]),) + pad_pairs(shape[1:], width)
            else:
                return (pad_pair(width),) + pad_pairs(shape[1:], width)
        else:
            return ((int(width), int(width)),) + pad_pairs(shape[1:], width)
    else:
        return ()


def pad_pair(width):
    if width[1:]:
        pair = (int(width[0]), int(width[1]))
    else:
        pair = (int(width[0]), int(width[0]))
    if pair[0] < 0 or pair[1] < 0:
        raise ValueError("index can't contain negative values")
    return pair


def padded_shape(shape, widths):
    if shape:
        return (shape[0] + widths[0][0] + widths[0][1],) + padded_shape(shape[1:], widths[1:])
    else:
        return ()


def padded_copy(result, p: ptr, shape, strides, a, q: ptr, a_shape, a_strides, widths, mode: int) -> None:
    if shape:
        for i in range(shape[0]):
            source = padded_place(i - widths[0][0], a_shape[0], mode)
            if source >= 0:
                padded_copy(result, p + i * strides[0], shape[1:], strides[1:], a, q + source * a_strides[0], a_shape[1:], a_strides[1:], widths[1:], mode)
    else:
        element_store(result, p, element_load(a, q))


# The place that a place of the frame repeats; -1 for none.
def padded_place(i: int, count: int, mode: int) -> int:
    if 0 <= i and i < count:
        return i
    if mode == 0 or count == 0:
        return -1
    if mode == 1:
        return 0 if i < 0 else count - 1
    if mode == 2:
        return raw_mod(i, count)
    if mode == 3:
        if count == 1:
            return 0
        at = raw_mod(i, 2 * count - 2)
        return at if at < count else 2 * count - 2 - at
    at = raw_mod(i, 2 * count)
    return at if at < count else 2 * count - 1 - at


def numpy_split(ary, indices_or_sections, axis: int = 0):
    a = numpy_asarray(ary)
    if isinstance(indices_or_sections, (list, tuple, np.ndarray)):
        return split_at(a, numpy_asarray(indices_or_sections), axis_of(axis, array_shape(a)))
    else:
        at = axis_of(axis, array_shape(a))
        if raw_mod(with_axis_at(array_shape(a), at), int(indices_or_sections)) != 0:
            raise ValueError("array split does not result in an equal division")
        return split_evenly(a, int(indices_or_sections), at)


def numpy_array_split(ary, indices_or_sections, axis: int = 0):
    a = numpy_asarray(ary)
    if isinstance(indices_or_sections, (list, tuple, np.ndarray)):
        return split_at(a, numpy_asarray(indices_or_sections), axis_of(axis, array_shape(a)))
    else:
        return split_evenly(a, int(indices_or_sections), axis_of(axis, array_shape(a)))


def numpy_hsplit(ary, indices_or_sections):
    return numpy_split(ary, indices_or_sections, 1 if rank_of(numpy_asarray(ary)) > 1 else 0)


def numpy_vsplit(ary, indices_or_sections):
    return numpy_split(ary, indices_or_sections, 0)


def split_evenly(a, sections: int, at: int):
    if sections <= 0:
        raise ValueError("number sections must be larger than 0.")
    count = with_axis_at(array_shape(a), at)
    parts = []
    start = 0
    for i in range(sections):
        length = raw_floordiv(count, sections) + (1 if i < raw_mod(count, sections) else 0)
        parts.append(axis_part(a, at, start, length))
        start = start + length
    return parts


def split_at(a, places, at: int):
    count = with_axis_at(array_shape(a), at)
    parts = []
    start = 0
    for i in range(array_shape(places)[0]):
        place = int(places[i])
        end = place + count if place < 0 else place
        end = 0 if end < 0 else (count if end > count else end)
        parts.append(axis_part(a, at, start, end - start if end > start else 0))
        start = end
    parts.append(axis_part(a, at, start, count - start))
    return parts


def numpy_kron(a, b):
    return kron_of(numpy_asarray(a), numpy_asarray(b))


def kron_of(a, b):
    rest = array_shape(a)[1:]
    if rest:
        m = array_shape(b)[0]
        n = array_shape(b)[1]
        result = array_new((array_shape(a)[0] * m, array_shape(a)[1] * n), element_load(a, array_data(a)) * element_load(b, array_data(b)))
        for i in range(array_shape(result)[0]):
            for j in range(array_shape(result)[1]):
                result[i, j] = a[raw_floordiv(i, m), raw_floordiv(j, n)] * b[raw_mod(i, m), raw_mod(j, n)]
        return result
    else:
        n = array_shape(b)[0]
        result = array_new((array_shape(a)[0] * n,), element_load(a, array_data(a)) * element_load(b, array_data(b)))
        for i in range(array_shape(result)[0]):
            result[i] = a[raw_floordiv(i, n)] * b[raw_mod(i, n)]
        return result


# Of two vectors of three numbers, or of such rows.
def numpy_cross(a, b):
    return cross_of(numpy_asarray(a), numpy_asarray(b))


def cross_of(a, b):
    if array_shape(a)[-1] != 3 or array_shape(b)[-1] != 3:
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    sample = element_load(a, array_data(a)) * element_load(b, array_data(b))
    result = array_new(broadcast_shape(array_shape(a), array_shape(b)), sample)
    if array_shape(a)[1:]:
        for i in range(array_shape(result)[0]):
            cross_row(result[i], a[i], b[i])
    else:
        cross_row(result, a, b)
    return result


def cross_row(result, a, b) -> None:
    result[0] = a[1] * b[2] - a[2] * b[1]
    result[1] = a[2] * b[0] - a[0] * b[2]
    result[2] = a[0] * b[1] - a[1] * b[0]


# How many values lie between the edges, and the edges.
def numpy_histogram(a, bins=10, range=None):
    x = array_ravel(numpy_asarray(a))
    if isinstance(bins, (list, tuple, np.ndarray)):
        given = numpy_asarray(bins)
        return histogram_counts(x, given), given
    else:
        count = int(bins)
        if count < 1:
            raise ValueError("`bins` must be positive, when an integer")
        if range is None:
            low = float(array_min(x)) if array_get_size(x) > 0 else 0.0
            high = float(array_max(x)) if array_get_size(x) > 0 else 1.0
        else:
            low = float(range[0])
            high = float(range[1])
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
        if low == high:
            low = low - 0.5
            high = high + 0.5
        edges = numpy_linspace(low, high, count + 1)
        return even_counts(x, edges, low, high, count), edges


def even_counts(x, edges, low: float, high: float, count: int):
    counts = array_zeros((count,), np.int64)
    for i in range(array_shape(x)[0]):
        value = float(x[i])
        if value >= low and value <= high:
            at = int((value - low) / (high - low) * float(count))
            if at == count:
                at = at - 1
            if value < float(edges[at]):
                at = at - 1
            elif value >= float(edges[at + 1]) and at != count - 1:
                at = at + 1
            counts[at] = int(counts[at]) + 1
    return counts


def histogram_counts(x, edges):
    count = array_shape(edges)[0] - 1
    counts = array_zeros((count if count > 0 else 0,), np.int64)
    for i in range(array_shape(x)[0]):
        at = search_place(edges, x[i], True) - 1
        if at == count and x[i] == edges[count]:
            at = at - 1
        if at >= 0 and at < count:
            counts[at] = int(counts[at]) + 1
    return counts


def numpy_digitize(x, bins, right: bool = False):
    edges = numpy_asarray(bins)
    if isinstance(x, (list, tuple, np.ndarray)):
        return numpy_searchsorted(edges, numpy_asarray(x), "left" if right else "right")
    else:
        return numpy_searchsorted(edges, x, "left" if right else "right")


# Linear interpolation between the values in order.
def numpy_percentile(a, q):
    if isinstance(q, (list, tuple, np.ndarray)):
        return quantiles_of(a, numpy_asarray(q) / 100.0)
    else:
        return quantile_of(sorted_floats(a), float(q) / 100.0)


def numpy_quantile(a, q):
    if isinstance(q, (list, tuple, np.ndarray)):
        return quantiles_of(a, array_astype(numpy_asarray(q), np.float64))
    else:
        return quantile_of(sorted_floats(a), float(q))


def sorted_floats(a):
    flat = array_flatten(array_astype(numpy_asarray(a), np.float64))
    array_sort(flat)
    return flat


def quantiles_of(a, places):
    items = sorted_floats(a)
    result = array_new(array_shape(places), np.float64)
    for i in range(array_shape(places)[0]):
        result[i] = quantile_of(items, float(places[i]))
    return result


def quantile_of(items, q: float):
    if not (q >= 0.0 and q <= 1.0):
        raise ValueError("Quantiles must be in the range [0, 1]")
    count = array_shape(items)[0]
    if count == 0:
        return np.float64(float_nan())
    place = float(count - 1) * q
    low = int(f64_floor(place))
    high = low + 1 if low + 1 < count else low
    part = place - f64_floor(place)
    a = float(items[low])
    b = float(items[high])
    last = float(items[count - 1])
    if last != last:
        return np.float64(last)
    difference = b - a
    if part >= 0.5:
        return np.float64(b - difference * (1.0 - part))
    return np.float64(a + difference * part)


def numpy_convolve(a, v, mode: str = "full"):
    return convolved(numpy_asarray(a), numpy_asarray(v), mode)


def convolved(a, v, mode: str):
    n = array_shape(a)[0]
    m = array_shape(v)[0]
    if n == 0:
        raise ValueError("a cannot be empty")
    if m == 0:
        raise ValueError("v cannot be empty")
    sample = element_load(a, array_data(a)) * element_load(v, array_data(v))
    full = array_new((n + m - 1,), sample)
    for k in range(n + m - 1):
        first = k - m + 1 if k >= m else 0
        last = k if k < n else n - 1
        total = sample - sample
        for i in range(first, last + 1):
            total = total + a[i] * v[k - i]
        full[k] = total
    if mode == "full":
        return full
    shorter = m if m < n else n
    longer = n if m < n else m
    if mode == "same":
        return array_copy(axis_part(full, 0, (shorter - 1) >> 1, longer))
    return array_copy(axis_part(full, 0, shorter - 1, longer - shorter + 1))


def numpy_trapezoid(y, x=None, dx: float = 1.0):
    heights = numpy_asarray(y)
    total = 0.0
    count = array_shape(heights)[0]
    if x is None:
        parts = array_new((count - 1 if count > 0 else 0,), np.float64)
        for i in range(1, count):
            parts[i - 1] = dx * (float(heights[i]) + float(heights[i - 1])) / 2.0
        return array_sum(parts)
    else:
        places = numpy_asarray(x)
        parts = array_new((count - 1 if count > 0 else 0,), np.float64)
        for i in range(1, count):
            parts[i - 1] = (float(places[i]) - float(places[i - 1])) * (float(heights[i]) + float(heights[i - 1])) / 2.0
        return array_sum(parts)


def numpy_isin(element, test_elements):
    wanted = array_ravel(numpy_asarray(test_elements))
    return array_map(numpy_asarray(element), lambda x: np.bool_(array_contains(wanted, x)))


# The items of one set that are in the other, or those that are not.
def array_select(ar1, ar2, shared: bool):
    a = numpy_unique(ar1)
    b = numpy_unique(ar2)
    result = array_new(array_shape(a), a)
    count = 0
    for i in range(array_shape(a)[0]):
        if array_contains(b, a[i]) == shared:
            result[count] = a[i]
            count = count + 1
    return array_copy(axis_part(result, 0, 0, count))


def numpy_intersect1d(ar1, ar2):
    return array_select(ar1, ar2, True)


def numpy_setdiff1d(ar1, ar2):
    return array_select(ar1, ar2, False)


def numpy_union1d(ar1, ar2):
    return numpy_unique(numpy_concatenate((array_ravel(numpy_asarray(ar1)), array_ravel(numpy_asarray(ar2)))))


def numpy_fill_diagonal(a, val) -> None:
    rows = array_shape(a)[0]
    columns = array_shape(a)[1]
    for i in range(rows if rows < columns else columns):
        a[i, i] = val


def numpy_tri(N: int, M=None, k: int = 0, dtype=np.float64):
    if M is None:
        columns = N
    else:
        columns = int(M)
    result = array_zeros((shape_check(N), shape_check(columns)), dtype)
    for i in range(N):
        for j in range(columns):
            if j <= i + k:
                result[i, j] = 1
    return result


def numpy_logspace(start: float, stop: float, num: int = 50, endpoint: bool = True, base: float = 10.0):
    powers = numpy_linspace(start, stop, num, endpoint)
    return array_map(powers, lambda x: np.float64(raw_float_pow(base, float(x))))


# Coefficients from the highest power down.
def numpy_polyval(p, x):
    factors = numpy_asarray(p)
    if isinstance(x, (np.ndarray, list, tuple)):
        return array_map(numpy_asarray(x), lambda v: horner(factors, v))
    else:
        return horner(factors, x)


def horner(factors, x):
    total = element_load(factors, array_data(factors)) * x * 0
    for i in range(array_shape(factors)[0]):
        total = total * x + factors[i]
    return total


# Finite numbers only.
def numpy_nan_to_num(x, nan: float = 0.0):
    if isinstance(x, (np.ndarray, list, tuple)):
        return array_map(numpy_asarray(x), lambda v: finite_number(v, nan))
    else:
        return finite_number(np.float64(x), nan)


def finite_number(x, nan: float):
    if isinstance(x, np.float32):
        return np.float32(finite_float(float(x), nan, 3.4028234663852886e38))
    elif isinstance(x, np.float64):
        return np.float64(finite_float(float(x), nan, 1.7976931348623157e308))
    else:
        return x


def finite_float(x: float, nan: float, largest: float) -> float:
    if x != x:
        return nan
    if f64_abs(x) == INFINITY:
        return f64_copysign(largest, x)
    return x


# Running extremes.
def numpy_maximum_accumulate(array):
    result = array_copy(numpy_asarray(array))
    for i in range(1, array_shape(result)[0]):
        if not (result[i] > result[i - 1] or result[i] != result[i]):
            result[i] = result[i - 1]
    return result


def numpy_minimum_accumulate(array):
    result = array_copy(numpy_asarray(array))
    for i in range(1, array_shape(result)[0]):
        if not (result[i] < result[i - 1] or result[i] != result[i]):
            result[i] = result[i - 1]
    return result


# Middle differences, and those at the ends.
def numpy_gradient(f, spacing: float = 1.0):
    values = numpy_asarray(f)
    if array_shape(values)[1:]:
        raise NotImplementedError("np.gradient of an array of more than one dimension")
    else:
        n = len(values)
        if n < 2:
            raise ValueError("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.")
        result = array_new((n,), np.float64)
        result[0] = (values[1] - values[0]) / spacing
        for i in range(1, n - 1):
            result[i] = (values[i + 1] - values[i - 1]) / (2.0 * spacing)
        result[n - 1] = (values[n - 1] - values[n - 2]) / spacing
        return result


def numpy_correlate(a, v, mode: str = "valid"):
    values = numpy_asarray(a)
    others = numpy_asarray(v)
    return convolved(values, others[::-1], mode)


def numpy_diagflat(v):
    return numpy_diag(np.ravel(numpy_asarray(v)))
