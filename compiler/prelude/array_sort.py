# Sorting arrays along an axis; a nan goes to the end. Equal elements keep their order.


def sort_row(a, p: ptr, count: int, step: int) -> None:
    items = []
    for i in range(count):
        x = element_load(a, p + i * step)
        if x == x:
            items.append(x)
    sort_items(items, None)
    known = list_len(items)
    for i in range(known):
        element_store(a, p + i * step, list_item(items, i))
    for i in range(known, count):
        element_store(a, p + i * step, float_nan())


def sort_rows(a, p: ptr, shape, strides, count: int, step: int) -> None:
    if shape:
        for i in range(shape[0]):
            sort_rows(a, p + i * strides[0], shape[1:], strides[1:], count, step)
    else:
        sort_row(a, p, count, step)


def array_sort(self, axis: int = -1) -> None:
    at = axis_of(axis, array_shape(self))
    shape = array_shape(self)
    strides = array_strides(self)
    sort_rows(self, array_data(self), without_axis(shape, at), without_axis(strides, at), with_axis_at(shape, at), with_axis_at(strides, at))


def numpy_sort(a, axis: int = -1):
    result = array_copy(numpy_asarray(a))
    array_sort(result, axis)
    return result


def order_row(result, p: ptr, p_step: int, a, q: ptr, count: int, step: int) -> None:
    keys = []
    order = []
    for i in range(count):
        x = element_load(a, q + i * step)
        keys.append(x)
        if x == x:
            order.append(i)
    sort_items(order, keys)
    for i in range(count):
        if not (list_item(keys, i) == list_item(keys, i)):
            order.append(i)
    for i in range(count):
        store_i64(p + i * p_step, list_item(order, i))


def order_rows(result, p: ptr, shape, strides, p_step: int, a, q: ptr, a_strides, count: int, step: int) -> None:
    if shape:
        for i in range(shape[0]):
            order_rows(result, p + i * strides[0], shape[1:], strides[1:], p_step, a, q + i * a_strides[0], a_strides[1:], count, step)
    else:
        order_row(result, p, p_step, a, q, count, step)


# The indices that would sort.
def array_argsort(self, axis: int = -1):
    at = axis_of(axis, array_shape(self))
    result = array_new(array_shape(self), np.int64)
    shape = without_axis(array_shape(self), at)
    strides = array_strides(result)
    order_rows(result, array_data(result), shape, without_axis(strides, at), with_axis_at(strides, at), self, array_data(self), without_axis(array_strides(self), at), with_axis_at(array_shape(self), at), with_axis_at(array_strides(self), at))
    return result


def numpy_argsort(a, axis: int = -1):
    return array_argsort(numpy_asarray(a), axis)


# Each value once, sorted.
def numpy_unique(ar, return_counts=None):
    if return_counts is None:
        return unique_of(ar)
    else:
        values = unique_of(ar)
        counts = array_zeros(array_shape(values), np.int64)
        flat = array_flatten(numpy_asarray(ar))
        array_sort(flat)
        at = 0
        for i in range(array_shape(flat)[0]):
            if flat[i] != values[at] and at + 1 < array_shape(values)[0]:
                at = at + 1
            counts[at] = int(counts[at]) + 1
        return values, counts


def unique_of(ar):
    flat = array_flatten(numpy_asarray(ar))
    array_sort(flat)
    count = array_shape(flat)[0]
    size = element_size(flat)
    kept = 0
    for i in range(count):
        p = array_data(flat) + i * size
        if i == 0 or element_load(flat, p) != element_load(flat, p - size):
            element_store(flat, array_data(flat) + kept * size, element_load(flat, p))
            kept = kept + 1
    return array_copy(array_view(flat, array_data(flat), (kept,), (size,)))


def numpy_median(a):
    flat = array_flatten(numpy_asarray(a))
    array_sort(flat)
    count = array_shape(flat)[0]
    if count == 0:
        return np.float64(float_nan())
    size = element_size(flat)
    low = float(element_load(flat, array_data(flat) + ((count - 1) >> 1) * size))
    high = float(element_load(flat, array_data(flat) + (count >> 1) * size))
    last = float(element_load(flat, array_data(flat) + (count - 1) * size))
    if last != last:
        return np.float64(last)
    return np.float64((low + high) / 2.0 if count & 1 == 0 else low)
