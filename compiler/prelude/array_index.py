# Arrays as indices: masks, arrays of ints, and what finds them.


# An index of the axes of `shape` from `axis` on, as one array of wrapped and checked ints for each of them. A mask
# stands for as many axes as it has.
def index_arrays(index, shape, axis: int):
    if isinstance(index, (list, tuple)):
        return index_arrays(numpy_array(index), shape, axis)
    elif isinstance(element_load(index, array_data(index)), np.bool_):
        mask_check(array_shape(index), shape, axis)
        return numpy_nonzero(index)
    else:
        result = array_new(array_shape(index), np.int64)
        strided_index(result, array_data(result), array_shape(index), array_strides(result), index, array_data(index), array_strides(index), shape[0], axis)
        return (result,)


def strided_index(result, p: ptr, shape, strides, a, q: ptr, a_strides, size: int, axis: int) -> None:
    if shape:
        for i in range(shape[0]):
            strided_index(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], size, axis)
    else:
        element_store(result, p, view_index(int(element_load(a, q)), axis, size))


def mask_check(mask, shape, axis: int) -> None:
    if mask:
        if mask[0] != shape[0]:
            raise IndexError(f"boolean index did not match indexed array along axis {axis}; size of axis is {shape[0]} but size of corresponding boolean axis is {mask[0]}")
        mask_check(mask[1:], shape[1:], axis + 1)


# The shape of all index arrays together.
def index_shape(indices):
    rest = indices[1:]
    if rest:
        return index_broadcast(array_shape(indices[0]), index_shape(indices[1:]), indices)
    else:
        return array_shape(indices[0])


def index_broadcast(a, b, indices):
    if not broadcasts(a, b):
        raise IndexError(f"shape mismatch: indexing arrays could not be broadcast together with shapes {index_shapes(indices)}")
    return broadcast_shape(a, b)


def index_shapes(indices) -> str:
    if indices:
        return shape_text(array_shape(indices[0])) + " " + index_shapes(indices[1:])
    else:
        return ""


# The index arrays, each in the shape of all.
def index_spread(indices, shape):
    if indices:
        return (spread(indices[0], shape),) + index_spread(indices[1:], shape)
    else:
        return ()


# A view that repeats the elements to fill a shape.
def spread(a, shape):
    return array_view(a, array_data(a), shape, broadcast_strides(shape, array_shape(a), array_strides(a)))


# The first members of a tuple, as many as `like` has, and the others.
def first_of(items, like):
    if like:
        return (items[0],) + first_of(items[1:], like[1:])
    else:
        return ()


def after_first(items, like):
    if like:
        return after_first(items[1:], like[1:])
    else:
        return items


# self[indices], where the indices are of the first axes. In the result, the axes of the indices come after as many
# others as `front` has members.
def take_at(self, indices, front):
    chosen = index_shape(indices)
    rest = after_first(array_shape(self), indices)
    result = array_new(chosen + rest, self)
    strides = array_strides(result)
    choose_rows(result, array_data(result), chosen, first_of(strides, chosen), after_first(strides, chosen), self, index_spread(indices, chosen), index_starts(indices))
    if front:
        shape = array_shape(result)
        return array_view(result, array_data(result), axes_behind(shape, chosen, front), axes_behind(strides, chosen, front))
    else:
        return result


# `items` with the first ones, as many as `chosen`, behind as many others as `front`.
def axes_behind(items, chosen, front):
    others = after_first(items, chosen)
    return first_of(others, front) + first_of(items, chosen) + after_first(others, front)


# The other way round.
def axes_ahead(items, chosen, front):
    others = after_first(items, front)
    return first_of(others, chosen) + first_of(items, front) + after_first(others, chosen)


# self[indices] = value
def put_at(self, indices, front, value) -> None:
    chosen = index_shape(indices)
    rest = after_first(array_shape(self), indices)
    shape = axes_behind(chosen + rest, chosen, front)
    source = put_source(self, value)
    if not broadcasts_to(array_shape(source), shape):
        raise ValueError(f"shape mismatch: value array of shape {shape_text(array_shape(source))} could not be broadcast to indexing result of shape {shape_text(shape)}")
    strides = axes_ahead(broadcast_strides(shape, array_shape(source), array_strides(source)), chosen, front)
    choose_rows(source, array_data(source), chosen, first_of(strides, chosen), after_first(strides, chosen), self, index_spread(indices, chosen), index_starts(indices), True)


# What is put: an array that does not share memory with `self`.
def put_source(self, value):
    if isinstance(value, np.ndarray):
        if array_owner(value) == array_owner(self):
            return array_copy(value)
        return value
    elif isinstance(value, (list, tuple)):
        return numpy_array(value)
    else:
        return array_full((), self, value)


def index_starts(indices):
    if indices:
        return (array_data(indices[0]),) + index_starts(indices[1:])
    else:
        return ()


# Walks over the axes of the indices. At each place, what they choose of `self` is copied to `p`, or, putting, from it.
def choose_rows(other, p: ptr, shape, strides, rest_strides, self, indices, places, putting=None) -> None:
    if shape:
        for i in range(shape[0]):
            choose_rows(other, p + i * strides[0], shape[1:], strides[1:], rest_strides, self, indices_within(indices), places_at(indices, places, i), putting)
    else:
        rest = after_first(array_shape(self), places)
        q = array_data(self) + places_offset(places, array_strides(self))
        if putting is None:
            strided_copy(other, p, rest, rest_strides, self, q, after_first(array_strides(self), places))
        else:
            strided_copy(self, q, rest, after_first(array_strides(self), places), other, p, rest_strides)


def indices_within(indices):
    if indices:
        a = indices[0]
        return (array_view(a, array_data(a), array_shape(a)[1:], array_strides(a)[1:]),) + indices_within(indices[1:])
    else:
        return ()


def places_at(indices, places, i: int):
    if indices:
        return (places[0] + i * array_strides(indices[0])[0],) + places_at(indices[1:], places[1:], i)
    else:
        return ()


def places_offset(places, strides) -> int:
    if places:
        return load_i64(places[0]) * strides[0] + places_offset(places[1:], strides[1:])
    else:
        return 0


# Where the elements are true: for each axis the indices.
def numpy_nonzero(a):
    return array_nonzero(numpy_asarray(a))


def array_nonzero(self):
    places = numpy_flatnonzero(self)
    return nonzero_axes(places, array_shape(self))


def nonzero_axes(places, shape):
    if shape:
        behind = shape_size(shape[1:])
        result = array_new(array_shape(places), np.int64)
        for i in range(array_shape(places)[0]):
            at = load_i64(array_data(places) + i * 8)
            store_i64(array_data(result) + i * 8, raw_mod(raw_floordiv(at, behind), shape[0]))
        return (result,) + nonzero_axes(places, shape[1:])
    else:
        return ()


def numpy_flatnonzero(a):
    count = count_true(a)
    result = array_new((count,), np.int64)
    array_fold(a, (0, array_data(result)), flatnonzero_step)
    return result


def flatnonzero_step(state, x):
    if bool(x):
        store_i64(state[1], state[0])
        return state[0] + 1, state[1] + 8
    return state[0] + 1, state[1]


def numpy_argwhere(a):
    places = numpy_nonzero(a)
    result = array_new((array_shape(places[0])[0], len(places)), np.int64)
    argwhere_fill(result, places, 0)
    return result


def argwhere_fill(result, places, axis: int) -> None:
    if places:
        for i in range(array_shape(places[0])[0]):
            store_i64(array_data(result) + i * array_strides(result)[0] + axis * 8, load_i64(array_data(places[0]) + i * 8))
        argwhere_fill(result, places[1:], axis + 1)


def numpy_count_nonzero(a):
    return np.int64(count_true(a))


def count_true(a) -> int:
    return array_fold(numpy_asarray(a), 0, count_step)


def count_step(state: int, x) -> int:
    return state + 1 if bool(x) else state


# self[mask], where the mask has all axes.
def mask_take(self, mask):
    mask_check(array_shape(mask), array_shape(self), 0)
    result = array_new((count_true(mask),), self)
    strided_compress(result, array_data(result), self, array_data(self), array_shape(self), array_strides(self), mask, array_data(mask), array_strides(mask))
    return result


def strided_compress(result, r: ptr, a, p: ptr, shape, strides, mask, q: ptr, mask_strides) -> ptr:
    if shape:
        for i in range(shape[0]):
            r = strided_compress(result, r, a, p + i * strides[0], shape[1:], strides[1:], mask, q + i * mask_strides[0], mask_strides[1:])
        return r
    elif load_u8(q) != 0:
        element_store(result, r, element_load(a, p))
        return r + element_size(result)
    else:
        return r


# self[mask] = number
def mask_put(self, mask, value) -> None:
    mask_check(array_shape(mask), array_shape(self), 0)
    strided_mask(self, array_data(self), array_shape(self), array_strides(self), mask, array_data(mask), array_strides(mask), value)


def strided_mask(a, p: ptr, shape, strides, mask, q: ptr, mask_strides, value) -> None:
    if shape:
        for i in range(shape[0]):
            strided_mask(a, p + i * strides[0], shape[1:], strides[1:], mask, q + i * mask_strides[0], mask_strides[1:], value)
    elif load_u8(q) != 0:
        element_store(a, p, value)


# x where the condition holds, else y.
def numpy_where(condition, x=None, y=None):
    if x is None:
        return numpy_nonzero(condition)
    elif isinstance(condition, np.ndarray):
        return where_of(condition, where_operand(x), where_operand(y))
    elif isinstance(condition, (list, tuple)):
        return numpy_where(numpy_array(condition), x, y)
    else:
        return numpy_where(array_full((), np.bool_, condition), x, y)


def where_of(condition, x, y):
    sample = where_sample(sample_of(x), sample_of(y))
    shape = broadcast_shape(array_shape(condition), broadcast_shape(shape_around(x), shape_around(y)))
    return elements_array(where_number, sample, shape, (condition, x, y))


@inline
def where_number(condition, x, y):
    dtype = where_sample(x, y).dtype
    return dtype(x) if bool(condition) else dtype(y)


# The shape of an operand; a number has none.
def shape_around(x):
    if isinstance(x, np.ndarray):
        return array_shape(x)
    else:
        return ()


def sample_of(x):
    if isinstance(x, np.ndarray):
        return element_load(x, array_data(x))
    elif isinstance(x, (list, tuple)):
        return sample_of(numpy_array(x))
    else:
        return x


# A number of the common type.
@inline
def where_sample(x, y):
    if isinstance(x, (bool, np.bool_)):
        if isinstance(y, (bool, np.bool_)):
            return np.bool_(x)
        else:
            return numpy_number(y)
    elif isinstance(y, (bool, np.bool_)):
        return numpy_number(x)
    else:
        return numpy_number(x + y)


def where_operand(x):
    if isinstance(x, (list, tuple)):
        return numpy_array(x)
    else:
        return x


def numpy_take(a, indices):
    return take_at(array_ravel(a), index_arrays(indices, (array_get_size(a),), 0), ())


# The place at which a value would be put in a sorted vector.
def numpy_searchsorted(a, v, side: str = "left"):
    right = side == "right"
    if isinstance(v, np.ndarray):
        result = array_new(array_shape(v), np.int64)
        search_rows(result, array_data(result), array_shape(v), array_strides(result), v, array_data(v), array_strides(v), a, right)
        return result
    elif isinstance(v, (list, tuple)):
        return numpy_searchsorted(a, numpy_array(v), side)
    else:
        return np.int64(search_place(a, v, right))


def search_rows(result, p: ptr, shape, strides, v, q: ptr, v_strides, a, right: bool) -> None:
    if shape:
        for i in range(shape[0]):
            search_rows(result, p + i * strides[0], shape[1:], strides[1:], v, q + i * v_strides[0], v_strides[1:], a, right)
    else:
        element_store(result, p, search_place(a, element_load(v, q), right))


def search_place(a, x, right: bool) -> int:
    low = 0
    high = array_shape(a)[0]
    while low < high:
        middle = (low + high) >> 1
        item = element_load(a, array_data(a) + middle * array_strides(a)[0])
        if item < x or (right and not (x < item)):
            low = middle + 1
        else:
            high = middle
    return low
