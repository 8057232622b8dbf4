# Loops over the elements of several arrays at once.
#
# `operands` is a tuple of arrays, which are broadcast, and of numbers, which are the same in every place. `function`
# takes one element of each. In the loops an array is a source: its dtype and an address.


# An array of function(…) of all elements. `like` has or is the element type.
def elements_array(function, like, shape, operands):
    result = array_new(shape, like)
    elements_store(result, function, operands)
    return result


# function(…) of all elements into an array, to whose shape the operands are broadcast. Where nothing has gaps, it is all
# one row.
def elements_store(result, function, operands) -> None:
    shape = array_shape(result)
    if shape[1:]:
        if is_flat(result, shape) and all_flat(operands, shape):
            row_store(result.dtype, array_data(result), shape_size(shape), element_size(result), function, sources_of(operands), flat_steps(operands))
        else:
            rows_store(result.dtype, array_data(result), shape, array_strides(result), function, sources_of(operands), steps_of(operands, shape))
    else:
        rows_store(result.dtype, array_data(result), shape, array_strides(result), function, sources_of(operands), steps_of(operands, shape))


# view[…] = expression of this shape. What reads from what is written makes a new array first.
def elements_put(self, function, shape, operands) -> None:
    if not broadcasts_to(shape, array_shape(self)):
        raise ValueError(f"could not broadcast input array from shape {shape_text(shape)} into shape {shape_text(array_shape(self))}")
    elements_replace(self, function, operands)


# self op= expression, where this is the shape of the other operand: into the elements of `self`, whose shape and type stay.
def elements_update(self, function, shape, operands):
    own = array_shape(self)
    if not broadcasts(shape, own):
        raise ValueError(f"operands could not be broadcast together with shapes {shape_text(own)} {shape_text(shape)} {shape_text(own)} ")
    if not broadcasts_to(shape, own):
        raise ValueError(f"non-broadcastable output operand with shape {shape_text(own)} doesn't match the broadcast shape {shape_text(broadcast_shape(own, shape))}")
    elements_replace(self, function, operands)
    return self


def elements_replace(self, function, operands) -> None:
    if any_disturbed(self, operands):
        elements_store(self, same_number, (elements_array(function, self, array_shape(self), operands),))
    else:
        elements_store(self, function, operands)


def any_disturbed(a, operands) -> bool:
    if operands:
        return is_disturbed(a, operands[0]) or any_disturbed(a, operands[1:])
    else:
        return False


@inline
def is_disturbed(a, b) -> bool:
    if isinstance(b, np.ndarray):
        return may_disturb(a, b)
    else:
        return False


def rows_store(dtype, p: ptr, shape, strides, function, sources, steps) -> None:
    rest = shape[1:]
    if rest:
        for i in range(shape[0]):
            rows_store(dtype, p + i * strides[0], shape[1:], strides[1:], function, sources_at(sources, steps, i), steps_within(steps))
    elif shape:
        row_store(dtype, p, shape[0], strides[0], function, sources, first_steps(steps))
    else:
        element_store(dtype, p, function(*elements_at(sources, 0)))


# One row. Elements side by side are found by their number alone.
@hot
def row_store(dtype, p: ptr, count: int, stride: int, function, sources, steps) -> None:
    if stride == element_size(dtype) and all_beside(sources, steps):
        for i in range(count):
            element_store(dtype, p + i * element_size(dtype), function(*elements_at(sources, i)))
    else:
        for i in range(count):
            element_store(dtype, p + i * stride, function(*elements_stepped(sources, steps, i)))


@inline
def sources_of(operands):
    if operands:
        return (source_of(operands[0]),) + sources_of(operands[1:])
    else:
        return ()


@inline
def source_of(x):
    if isinstance(x, np.ndarray):
        return x.dtype, array_data(x)
    else:
        return x


# For each operand, its steps along the axes of a shape.
@inline
def steps_of(operands, shape):
    if operands:
        return (broadcast_steps(operands[0], shape),) + steps_of(operands[1:], shape)
    else:
        return ()


@inline
def broadcast_steps(x, shape):
    if isinstance(x, np.ndarray):
        return broadcast_strides(shape, array_shape(x), array_strides(x))
    else:
        return ()


# The steps of operands without gaps.
@inline
def flat_steps(operands):
    if operands:
        return (flat_step(operands[0]),) + flat_steps(operands[1:])
    else:
        return ()


@inline
def flat_step(x) -> int:
    if isinstance(x, np.ndarray):
        return element_size(x)
    else:
        return 0


# Whether every array has this shape, and its elements lie row by row without gaps.
@inline
def all_flat(operands, shape) -> bool:
    if operands:
        return is_flat(operands[0], shape) and all_flat(operands[1:], shape)
    else:
        return True


@inline
def is_flat(x, shape) -> bool:
    if isinstance(x, np.ndarray):
        return same_lengths(array_shape(x), shape) and (array_is_c(x) or is_contiguous(array_shape(x), array_strides(x), element_size(x)))
    else:
        return True


# Arrays with their axes in the other order.
@inline
def backwards_all(operands):
    if operands:
        return (backwards_of(operands[0]),) + backwards_all(operands[1:])
    else:
        return ()


@inline
def backwards_of(x):
    if isinstance(x, np.ndarray):
        return array_get_T(x)
    else:
        return x


# The sources, so many steps further along the first axis.
@inline
def sources_at(sources, steps, i: int):
    if sources:
        return (source_at(sources[0], steps[0], i),) + sources_at(sources[1:], steps[1:], i)
    else:
        return ()


@inline
def source_at(source, steps, i: int):
    if isinstance(source, tuple):
        return source[0], source[1] + i * steps[0]
    else:
        return source


# The same of a row, which has one step.
@inline
def row_at(sources, steps, i: int):
    if sources:
        return (row_source_at(sources[0], steps[0], i),) + row_at(sources[1:], steps[1:], i)
    else:
        return ()


@inline
def row_source_at(source, step: int, i: int):
    if isinstance(source, tuple):
        return source[0], source[1] + i * step
    else:
        return source


@inline
def steps_within(steps):
    if steps:
        return (steps[0][1:],) + steps_within(steps[1:])
    else:
        return ()


@inline
def first_steps(steps):
    if steps:
        return (first_step(steps[0]),) + first_steps(steps[1:])
    else:
        return ()


@inline
def first_step(steps) -> int:
    if steps:
        return steps[0]
    else:
        return 0


# Whether every step leads to the element next to the last.
@inline
def all_beside(sources, steps) -> bool:
    if sources:
        return is_beside(sources[0], steps[0]) and all_beside(sources[1:], steps[1:])
    else:
        return True


@inline
def is_beside(source, step: int) -> bool:
    if isinstance(source, tuple):
        return step == element_size(source[0])
    else:
        return True


@inline
def elements_at(sources, i: int):
    if sources:
        return (element_at(sources[0], i),) + elements_at(sources[1:], i)
    else:
        return ()


@inline
def element_at(source, i: int):
    if isinstance(source, tuple):
        return element_load(source[0], source[1] + i * element_size(source[0]))
    else:
        return source


@inline
def elements_stepped(sources, steps, i: int):
    if sources:
        return (element_stepped(sources[0], steps[0], i),) + elements_stepped(sources[1:], steps[1:], i)
    else:
        return ()


@inline
def element_stepped(source, step: int, i: int):
    if isinstance(source, tuple):
        return element_load(source[0], source[1] + i * step)
    else:
        return source


@inline
def same_number(x):
    return x


@inline
def as_dtype(x, dtype):
    return dtype(x)


# Whether what is stored into `a` may change what is read from `b` later. Where both are walked over in the same way, each
# element is read before it is written.
def may_disturb(a, b) -> bool:
    return shares_memory(a, b) and not is_same_walk(a, b)


# Whether the memory from the first element to the last of either overlaps.
def shares_memory(a, b) -> bool:
    low_a = lowest_address(array_data(a), array_shape(a), array_strides(a))
    low_b = lowest_address(array_data(b), array_shape(b), array_strides(b))
    high_a = highest_address(array_data(a), array_shape(a), array_strides(a)) + element_size(a)
    high_b = highest_address(array_data(b), array_shape(b), array_strides(b)) + element_size(b)
    return low_a < high_b and low_b < high_a


def lowest_address(p: ptr, shape, strides) -> int:
    if shape:
        return lowest_address(p, shape[1:], strides[1:]) + ((shape[0] - 1) * strides[0] if strides[0] < 0 else 0)
    else:
        return int(p)


def highest_address(p: ptr, shape, strides) -> int:
    if shape:
        return highest_address(p, shape[1:], strides[1:]) + ((shape[0] - 1) * strides[0] if strides[0] > 0 else 0)
    else:
        return int(p)


# Whether both are the same elements in the same order.
def is_same_walk(a, b) -> bool:
    return array_data(b) == array_data(a) and same_lengths(array_shape(a), array_shape(b)) and same_lengths(array_strides(a), array_strides(b))


def same_lengths(a, b) -> bool:
    if a:
        if b:
            return a[0] == b[0] and same_lengths(a[1:], b[1:])
        else:
            return False
    elif b:
        return False
    else:
        return True
