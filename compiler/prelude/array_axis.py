# Reductions along an axis, and what is made of sums: means, deviations, running sums.


# A reduction of all elements, or along one axis: `function` reduces a row. `sample` has the type of its result.
def reduce_elements(a, sample, axis, keepdims, function):
    if axis is None:
        return reduced_all(a, function(a), keepdims)
    else:
        at = axis_of(int(axis), array_shape(a))
        shape = without_axis(array_shape(a), at)
        result = array_new(shape, sample)
        count = with_axis_at(array_shape(a), at)
        step = with_axis_at(array_strides(a), at)
        reduce_rows(result, array_data(result), shape, array_strides(result), a, array_data(a), without_axis(array_strides(a), at), count, step, function)
        return reduced(a, result, int(axis), keepdims)


def reduce_rows(result, p: ptr, shape, strides, a, q: ptr, a_strides, count: int, step: int, function) -> None:
    if shape:
        for i in range(shape[0]):
            reduce_rows(result, p + i * strides[0], shape[1:], strides[1:], a, q + i * a_strides[0], a_strides[1:], count, step, function)
    else:
        element_store(result, p, function(array_view(a, q, (count,), (step,))))


# What a reduction along `axis` gives: of a vector a number, else an array. `keepdims` is None or True.
def reduced(a, result, axis: int, keepdims):
    if keepdims is None:
        if array_shape(result):
            return result
        else:
            return element_load(result, array_data(result))
    else:
        at = axis_of(axis, array_shape(a))
        return array_view(result, array_data(result), with_axis(array_shape(result), at, 1), with_axis(array_strides(result), at, 0))


def reduced_all(a, value, keepdims):
    if keepdims is None:
        return value
    else:
        return array_full(ones_of(array_shape(a)), value, value)


def ones_of(shape):
    if shape:
        return (1,) + ones_of(shape[1:])
    else:
        return ()


# A shape (or strides) with one more axis.
def with_axis(items, axis: int, value: int):
    if items:
        if axis == 0:
            return (value,) + items
        return (items[0],) + with_axis(items[1:], axis - 1, value)
    else:
        return (value,)


# The sum over the count, in floats where the elements are integers.
def array_mean(self, axis=None, dtype=None, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_mean(axes_merged(self, axis), merged_axis(self, axis), dtype), axis, keepdims)
    elif dtype is None:
        return mean_to(self, mean_zero(element_load(self, array_data(self))), axis, keepdims)
    else:
        return mean_to(array_astype(self, dtype), element_load(dtype, ptr(0)), axis, keepdims)


def mean_to(a, zero, axis, keepdims):
    count = array_get_size(a)
    if axis is None:
        return reduced_all(a, mean_divide(sum_as(a, zero), count), keepdims)
    else:
        at = axis_of(int(axis), array_shape(a))
        total = sum_axis(a, at, zero)
        elements_store(total, mean_divide, (total, with_axis_at(array_shape(a), at)))
        return reduced(a, total, int(axis), keepdims)


@inline
def mean_divide(total, count: int):
    return total / count


# 0 in the type in which a mean is summed.
def mean_zero(x):
    if isinstance(x, (np.bool_, np.integer)):
        return np.float64(0.0)
    else:
        return number_zero(x)


def numpy_mean(a, axis=None, dtype=None, keepdims=None):
    return array_mean(numpy_asarray(a), axis, dtype, keepdims)


def numpy_average(a, axis=None):
    return array_mean(numpy_asarray(a), axis)


# The mean of the squares of what is left when the mean is taken away; `ddof` is taken off the count.
def array_var(self, axis=None, ddof=0, keepdims=None):
    if isinstance(axis, tuple):
        return kept_axes(self, array_var(axes_merged(self, axis), merged_axis(self, axis), ddof), axis, keepdims)
    else:
        return variance(self, axis, ddof, keepdims)


def variance(self, axis, ddof, keepdims):
    rest = self - array_mean(self, axis, None, True)
    squares = array_map(rest, square_of)
    zero = number_zero(element_load(squares, array_data(squares)))
    if axis is None:
        count = array_get_size(self) - int(ddof)
        return reduced_all(self, mean_divide(sum_as(squares, zero), count if count > 0 else 0), keepdims)
    else:
        at = axis_of(int(axis), array_shape(self))
        count = with_axis_at(array_shape(self), at) - int(ddof)
        total = sum_axis(squares, at, zero)
        elements_store(total, mean_divide, (total, count if count > 0 else 0))
        return reduced(self, total, int(axis), keepdims)


@inline
def square_of(x):
    if isinstance(x, (np.complex64, np.complex128)):
        return x.real * x.real + x.imag * x.imag
    else:
        return x * x


def array_std(self, axis=None, ddof=0, keepdims=None):
    return np.sqrt(array_var(self, axis, ddof, keepdims))


def numpy_var(a, axis=None, ddof=0, keepdims=None):
    return array_var(numpy_asarray(a), axis, ddof, keepdims)


def numpy_std(a, axis=None, ddof=0, keepdims=None):
    return array_std(numpy_asarray(a), axis, ddof, keepdims)


def ptp_of(a, axis=None):
    return array_max(a, axis) - array_min(a, axis)


def numpy_ptp(a, axis=None):
    return ptp_of(numpy_asarray(a), axis)


# Running sums and products, in the type of a sum.
def array_cumsum(self, axis=None):
    return scan_elements(self, axis, scalar_add)


def array_cumprod(self, axis=None):
    return scan_elements(self, axis, scalar_mul)


def numpy_cumsum(a, axis=None):
    return scan_elements(numpy_asarray(a), axis, scalar_add)


def numpy_cumprod(a, axis=None):
    return scan_elements(numpy_asarray(a), axis, scalar_mul)


def scan_elements(a, axis, function):
    if axis is None:
        wide = array_of_sums(a)
        result = array_view(wide, array_data(wide), (array_get_size(wide),), (element_size(wide),))
        scan_rows(result, array_data(result), (), (), array_get_size(wide), element_size(wide), function)
        return result
    else:
        at = axis_of(int(axis), array_shape(a))
        result = array_of_sums(a)
        shape = array_shape(result)
        strides = array_strides(result)
        scan_rows(result, array_data(result), without_axis(shape, at), without_axis(strides, at), with_axis_at(shape, at), with_axis_at(strides, at), function)
        return result


def scan_rows(a, p: ptr, shape, strides, count: int, step: int, function) -> None:
    if shape:
        for i in range(shape[0]):
            scan_rows(a, p + i * strides[0], shape[1:], strides[1:], count, step, function)
    else:
        scan_row(a.dtype, p, count, step, function)


@hot
def scan_row(dtype, p: ptr, count: int, step: int, function) -> None:
    if count > 0:
        state = element_load(dtype, p)
        for i in range(1, count):
            state = function(state, element_load(dtype, p + i * step))
            element_store(dtype, p + i * step, state)


# Differences of neighbours along the last axis.
def numpy_diff(a, n: int = 1):
    return diff_of(numpy_asarray(a), n)


def diff_of(a, n: int):
    result = a
    for i in range(n):
        result = neighbours_apart(result)
    return result


def neighbours_apart(a):
    length = array_shape(a)[-1]
    step = array_strides(a)[-1]
    shape = array_shape(a)[:-1] + (length - 1 if length > 0 else 0,)
    low = array_view(a, array_data(a), shape, array_strides(a))
    high = array_view(a, array_data(a) + (step if length > 0 else 0), shape, array_strides(a))
    if isinstance(element_load(a, array_data(a)), np.bool_):
        return high != low
    else:
        return high - low


# Reductions along several axes: the axes are made one, the last or, where they are the first ones, the first, as NumPy
# walks them.
def axes_merged(a, axes):
    ndim = len(array_shape(a))
    leading = axes_lead(axes, ndim)
    order = axes_order(array_shape(a), axes, leading, 0, ndim)
    moved = axes_ordered(a, order)
    if leading:
        return reshape_to(moved, merged_first(array_shape(moved), axes))
    return reshape_to(moved, merged_last(array_shape(moved), axes))


def merged_axis(a, axes) -> int:
    return 0 if axes_lead(axes, len(array_shape(a))) else -1


# Whether they are the first axes, and not all.
def axes_lead(axes, ndim: int) -> bool:
    if len(axes) == ndim:
        return False
    for axis in range(len(axes)):
        if not among_axes(axes, axis, ndim):
            return False
    return True


def among_axes(axes, axis: int, ndim: int) -> bool:
    if axes:
        own = int(axes[0])
        if own < -ndim or own >= ndim:
            raise np.exceptions.AxisError(f"axis {own} is out of bounds for array of dimension {ndim}")
        return (own + ndim if own < 0 else own) == axis or among_axes(axes[1:], axis, ndim)
    else:
        return False


# The axes in the new order: `items` has as many items as it has.
def axes_order(items, axes, leading: bool, place: int, ndim: int):
    if items:
        return (axis_in_place(axes, leading, place, ndim),) + axes_order(items[1:], axes, leading, place + 1, ndim)
    else:
        return ()


def axis_in_place(axes, leading: bool, place: int, ndim: int) -> int:
    seen = 0
    for turn in range(2):
        for axis in range(ndim):
            if among_axes(axes, axis, ndim) == (leading == (turn == 0)):
                if seen == place:
                    return axis
                seen = seen + 1
    raise ValueError("duplicate value in 'axis'")


def merged_first(shape, axes):
    if axes[1:]:
        return merged_first((shape[0] * shape[1],) + shape[2:], axes[1:])
    else:
        return shape


def merged_last(shape, axes):
    if axes[1:]:
        return merged_last(shape[:-2] + (shape[-2] * shape[-1],), axes[1:])
    else:
        return shape


def kept_axes(a, result, axes, keepdims):
    if keepdims is None:
        return result
    elif isinstance(result, np.ndarray):
        return reshape_to(result, ones_among(array_shape(a), axes, 0, len(array_shape(a))))
    else:
        return array_full(ones_of(array_shape(a)), result, result)


def ones_among(shape, axes, axis: int, ndim: int):
    if shape:
        return (1 if among_axes(axes, axis, ndim) else shape[0],) + ones_among(shape[1:], axes, axis + 1, ndim)
    else:
        return ()
