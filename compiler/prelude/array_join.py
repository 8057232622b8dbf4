# Arrays made of parts of others: joined, repeated, turned round.


# A view of `count` places of one axis, from `start` on.
def axis_part(a, at: int, start: int, count: int):
    return array_view(a, array_data(a) + start * with_axis_at(array_strides(a), at), with_length(array_shape(a), at, count), array_strides(a))


# A shape with another length of one axis.
def with_length(shape, at: int, length: int):
    if shape:
        return (length if at == 0 else shape[0],) + with_length(shape[1:], at - 1, length)
    else:
        return ()


def numpy_concatenate(arrays, axis: int = 0):
    if isinstance(arrays, tuple):
        parts = as_arrays(arrays)
        at = axis_of(axis, array_shape(parts[0]))
        result = array_new(with_length(array_shape(parts[0]), at, joined_length(parts, at)), joined_sample(parts))
        joined_copy(result, parts, at, 0, 0)
        return result
    else:
        if list_len(arrays) == 0:
            raise ValueError("need at least one array to concatenate")
        if isinstance(list_item(arrays, 0), (list, tuple)):
            return numpy_concatenate(list_of_arrays(arrays), axis)
        first = list_item(arrays, 0)
        at = axis_of(axis, array_shape(first))
        length = 0
        for i in range(list_len(arrays)):
            length = length + with_axis_at(array_shape(list_item(arrays, i)), at)
        result = array_new(with_length(array_shape(first), at, length), first)
        start = 0
        for i in range(list_len(arrays)):
            start = joined_one(result, list_item(arrays, i), at, start, i)
        return result


def list_of_arrays(arrays):
    parts = []
    for i in range(list_len(arrays)):
        parts.append(numpy_asarray(list_item(arrays, i)))
    return parts


def as_arrays(arrays):
    if arrays:
        return (numpy_asarray(arrays[0]),) + as_arrays(arrays[1:])
    else:
        return ()


def joined_length(arrays, at: int) -> int:
    if arrays:
        return with_axis_at(array_shape(arrays[0]), at) + joined_length(arrays[1:], at)
    else:
        return 0


def joined_sample(arrays):
    rest = arrays[1:]
    if rest:
        return where_sample(element_load(arrays[0], array_data(arrays[0])), joined_sample(arrays[1:]))
    else:
        return element_load(arrays[0], array_data(arrays[0]))


def joined_copy(result, arrays, at: int, start: int, number: int) -> None:
    if arrays:
        end = joined_one(result, arrays[0], at, start, number)
        joined_copy(result, arrays[1:], at, end, number + 1)


# Copies one array to its place. Gives where the next begins.
def joined_one(result, a, at: int, start: int, number: int) -> int:
    count = with_axis_at(array_shape(a), at)
    target = axis_part(result, at, start, count)
    joined_check(array_shape(target), array_shape(a), 0, number)
    array_assign(target, a)
    return start + count


def joined_check(wanted, shape, axis: int, number: int) -> None:
    if shape:
        if wanted[0] != shape[0]:
            raise ValueError(f"all the input array dimensions except for the concatenation axis must match exactly, but along dimension {axis}, the array at index 0 has size {wanted[0]} and the array at index {number} has size {shape[0]}")
        joined_check(wanted[1:], shape[1:], axis + 1, number)


# Each with one more axis.
def numpy_stack(arrays, axis: int = 0):
    if isinstance(arrays, tuple):
        return numpy_concatenate(expanded(arrays, axis), axis)
    else:
        parts = []
        for i in range(list_len(arrays)):
            parts.append(numpy_expand_dims(numpy_asarray(list_item(arrays, i)), axis))
        return numpy_concatenate(parts, axis)


def expanded(arrays, axis: int):
    if arrays:
        return (numpy_expand_dims(numpy_asarray(arrays[0]), axis),) + expanded(arrays[1:], axis)
    else:
        return ()


def numpy_expand_dims(a, axis: int):
    at = axis + rank_of(a) + 1 if axis < 0 else axis
    return array_view(a, array_data(a), with_axis(array_shape(a), at, 1), with_axis(array_strides(a), at, 0))


def rank_of(a) -> int:
    return len(array_shape(a))


# Vectors are rows.
def numpy_vstack(tup):
    if isinstance(tup, tuple):
        return numpy_concatenate(as_rows(tup), 0)
    else:
        parts = []
        for i in range(list_len(tup)):
            parts.append(as_row(numpy_asarray(list_item(tup, i))))
        return numpy_concatenate(parts, 0)


def as_rows(arrays):
    if arrays:
        return (as_row(numpy_asarray(arrays[0])),) + as_rows(arrays[1:])
    else:
        return ()


def as_row(a):
    rest = array_shape(a)[1:]
    if rest:
        return array_view(a, array_data(a), array_shape(a), array_strides(a))
    else:
        return numpy_expand_dims(a, 0)


def numpy_hstack(tup):
    if isinstance(tup, tuple):
        return numpy_concatenate(tup, 1 if rank_of(numpy_asarray(tup[0])) > 1 else 0)
    else:
        return numpy_concatenate(tup, 1 if rank_of(numpy_asarray(list_item(tup, 0))) > 1 else 0)


# Vectors are columns.
def numpy_column_stack(tup):
    if isinstance(tup, tuple):
        return numpy_concatenate(as_columns(tup), 1)
    else:
        parts = []
        for i in range(list_len(tup)):
            parts.append(as_column(numpy_asarray(list_item(tup, i))))
        return numpy_concatenate(parts, 1)


def as_columns(arrays):
    if arrays:
        return (as_column(numpy_asarray(arrays[0])),) + as_columns(arrays[1:])
    else:
        return ()


def as_column(a):
    rest = array_shape(a)[1:]
    if rest:
        return array_view(a, array_data(a), array_shape(a), array_strides(a))
    else:
        return column(a)


def numpy_append(arr, values):
    if isinstance(values, (np.ndarray, list, tuple)):
        return numpy_concatenate((array_ravel(numpy_asarray(arr)), array_ravel(numpy_asarray(values))))
    else:
        return numpy_concatenate((array_ravel(numpy_asarray(arr)), array_ravel(array_full((1,), values, values))))


# Reversed along all axes, or one.
def numpy_flip(m, axis=None):
    if axis is None:
        return array_view(m, array_data(m) + last_offset(array_shape(m), array_strides(m)), array_shape(m), negated(array_strides(m)))
    else:
        at = axis_of(int(axis), array_shape(m))
        step = with_axis_at(array_strides(m), at)
        count = with_axis_at(array_shape(m), at)
        return array_view(m, array_data(m) + (step * (count - 1) if count > 0 else 0), array_shape(m), with_length(array_strides(m), at, 0 - step))


def last_offset(shape, strides) -> int:
    if shape:
        return ((shape[0] - 1) * strides[0] if shape[0] > 0 else 0) + last_offset(shape[1:], strides[1:])
    else:
        return 0


def negated(strides):
    if strides:
        return (0 - strides[0],) + negated(strides[1:])
    else:
        return ()


def numpy_flipud(m):
    return numpy_flip(m, 0)


def numpy_fliplr(m):
    return numpy_flip(m, 1)


# What leaves at one end comes in at the other.
def numpy_roll(a, shift: int, axis=None):
    if isinstance(a, np.ndarray):
        if axis is None:
            flat = array_ravel(a)
            return reshape_to(roll_axis(flat, shift, 0), array_shape(a))
        else:
            return roll_axis(a, shift, axis_of(int(axis), array_shape(a)))
    else:
        return numpy_roll(numpy_asarray(a), shift, axis)


def roll_axis(a, shift: int, at: int):
    result = array_new(array_shape(a), a)
    count = with_axis_at(array_shape(a), at)
    if count > 0:
        moved = raw_mod(shift, count)
        array_assign_from(axis_part(result, at, moved, count - moved), axis_part(a, at, 0, count - moved))
        array_assign_from(axis_part(result, at, 0, moved), axis_part(a, at, count - moved, moved))
    return result


# Each element several times.
def numpy_repeat(a, repeats: int):
    flat = array_ravel(numpy_asarray(a))
    count = array_shape(flat)[0]
    result = array_new((count, repeats), flat)
    array_assign_from(result, column(flat))
    return array_ravel(result)


def numpy_tile(A, reps: int):
    if isinstance(A, np.ndarray):
        flat = array_ravel(A)
        if array_shape(A)[1:]:
            return numpy_concatenate(copies_of(A, reps), -1)
        else:
            result = array_new((reps, array_shape(flat)[0]), flat)
            array_assign_from(result, flat)
            return array_ravel(result)
    else:
        return numpy_tile(numpy_asarray(A), reps)


def copies_of(a, count: int):
    parts = [a]
    for i in range(1, count):
        parts.append(a)
    return parts


# Axes in another order; with none, in the opposite one.
def array_transpose(self, *axes):
    if axes:
        if isinstance(axes[0], tuple):
            return axes_ordered(self, axes[0])
        else:
            return axes_ordered(self, axes)
    else:
        return array_get_T(self)


def numpy_transpose(a, axes=None):
    if axes is None:
        return array_get_T(numpy_asarray(a))
    else:
        return axes_ordered(a, axes)


def axes_ordered(a, axes):
    return array_view(a, array_data(a), chosen_axes(array_shape(a), axes), chosen_axes(array_strides(a), axes))


def chosen_axes(items, axes):
    if axes:
        return (with_axis_at(items, int(axes[0]) + len(items) if axes[0] < 0 else int(axes[0])),) + chosen_axes(items, axes[1:])
    else:
        return ()


def array_swapaxes(self, axis1: int, axis2: int):
    a = axis_of(axis1, array_shape(self))
    b = axis_of(axis2, array_shape(self))
    return array_view(self, array_data(self), swapped(array_shape(self), a, b), swapped(array_strides(self), a, b))


def numpy_swapaxes(a, axis1: int, axis2: int):
    return array_swapaxes(a, axis1, axis2)


def swapped(items, a: int, b: int):
    return with_length(with_length(items, a, with_axis_at(items, b)), b, with_axis_at(items, a))


# The indices of all places, row by row.
def numpy_ndindex(*shape):
    if isinstance(shape[0], tuple):
        return index_list(shape[0])
    else:
        return index_list(shape)


def index_list(shape):
    result = []
    for n in range(shape_size(shape)):
        result.append(unravelled(n, shape))
    return result


def unravelled(n: int, shape):
    if shape:
        return (raw_mod(raw_floordiv(n, shape_size(shape[1:])), int(shape[0])),) + unravelled(n, shape[1:])
    else:
        return ()


def numpy_ndenumerate(arr):
    result = []
    for n in range(array_get_size(arr)):
        index = unravelled(n, array_shape(arr))
        result.append((index, element_load(arr, array_data(arr) + places_sum(index, array_strides(arr)))))
    return result


def places_sum(index, strides) -> int:
    if index:
        return index[0] * strides[0] + places_sum(index[1:], strides[1:])
    else:
        return 0


# Two vectors as the coordinates of a grid.
def numpy_meshgrid(x, y):
    return grid_of(numpy_asarray(x), numpy_asarray(y))


def grid_of(x, y):
    shape = (array_shape(y)[0], array_shape(x)[0])
    return array_copy(spread(x, shape)), array_copy(spread(column(y), shape))


def numpy_bincount(x):
    return counts_of(numpy_asarray(x))


def counts_of(x):
    result = array_zeros((int(array_max(x)) + 1 if array_get_size(x) > 0 else 0,), np.int64)
    for i in range(array_shape(x)[0]):
        at = int(element_load(x, array_data(x) + i * array_strides(x)[0]))
        if at < 0:
            raise ValueError("'list' argument must have no negative elements")
        p = array_data(result) + at * 8
        store_i64(p, load_i64(p) + 1)
    return result
