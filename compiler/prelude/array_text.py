# Text of NumPy's scalars and arrays, as NumPy 2 prints them.
#
# Of an array, all elements (or, beyond 1000, three at each end of each axis) are looked at first: their common style is
# a tuple of ints that `element_text` follows.


def scalar_str(x) -> str:
    if isinstance(x, np.bool_):
        return "True" if bool(x) else "False"
    elif isinstance(x, (np.uint8, np.uint16, np.uint32, np.uint64)):
        return uint_str(int(x))
    elif isinstance(x, np.integer):
        return int_str(int(x))
    elif isinstance(x, np.float32):
        return float32_str(float(x))
    elif isinstance(x, np.float64):
        return float_str(float(x))
    elif isinstance(x, np.complex64):
        return complex64_str(complex(x))
    else:
        return complex_str(complex(x))


# As `complex_str`, with the digits of binary32 parts.
def complex64_str(x: complex) -> str:
    end = float_short_text(x.imag, 0, 6) + "j"
    if i64_reinterpret_f64(x.real) == 0:
        return end
    plus = "+" if i64_reinterpret_f64(x.imag) >= 0 or x.imag != x.imag else ""
    return "(" + float_short_text(x.real, 0, 6) + plus + end + ")"


def scalar_repr(x) -> str:
    if isinstance(x, np.bool_):
        return "np." + scalar_str(x) + "_"
    elif isinstance(x, (np.complex64, np.complex128)):
        text = scalar_str(x)
        return "np." + dtype_name(x) + (text if str_code(text, 0) == 40 else "(" + text + ")")
    else:
        return "np." + dtype_name(x) + "(" + scalar_str(x) + ")"


# The name of a scalar's type.
def dtype_name(x) -> str:
    if isinstance(x, np.bool_):
        return "bool"
    elif isinstance(x, np.int8):
        return "int8"
    elif isinstance(x, np.int16):
        return "int16"
    elif isinstance(x, np.int32):
        return "int32"
    elif isinstance(x, np.int64):
        return "int64"
    elif isinstance(x, np.uint8):
        return "uint8"
    elif isinstance(x, np.uint16):
        return "uint16"
    elif isinstance(x, np.uint32):
        return "uint32"
    elif isinstance(x, np.uint64):
        return "uint64"
    elif isinstance(x, np.float32):
        return "float32"
    elif isinstance(x, np.float64):
        return "float64"
    elif isinstance(x, np.complex64):
        return "complex64"
    else:
        return "complex128"


def scalar_format(x, spec: str) -> str:
    if isinstance(x, np.bool_):
        return str_format(scalar_str(x), spec)
    elif isinstance(x, np.integer):
        return int_format(int(x), spec)
    elif isinstance(x, np.floating):
        # A float32 is formatted as the Python float that it is equal to.
        return float_str(float(x)) if spec == "" else float_format(float(x), spec)
    else:
        return complex_str(complex(x)) if spec == "" else complex_format(complex(x), spec)


def array_str(self) -> str:
    if array_shape(self):
        return array_text(self, " ", 0, 75)
    else:
        return scalar_str(element_load(self, array_data(self)))


# The dtype is named where it is not plain from the digits; large arrays show their shape.
def array_repr(self) -> str:
    size = array_get_size(self)
    text = "array(" + array_text(self, ", ", 6, 74)
    extra = ""
    if size == 0 and not (len(array_shape(self)) == 1) or size > 1000:
        extra = f"shape={array_shape(self)}"
    sample = element_load(self, array_data(self))
    implied = isinstance(sample, (np.bool_, np.int64, np.float64, np.complex128))
    if not implied or size == 0:
        extra = extra + (", " if extra != "" else "") + "dtype=" + dtype_name(sample)
    if extra == "":
        return text + ")"
    text = text + ","
    last = len(text) - (text.rfind("\n") + 1)
    gap = "\n      " if last + len(extra) + 2 > 75 else " "
    return text + gap + extra + ")"


# The elements in brackets. `indent` is what stands before the first line, `width` how long a line may be.
def array_text(a, separator: str, indent: int, width: int) -> str:
    size = array_get_size(a)
    if size == 0:
        return "[]"
    edge = size > 1000
    style = array_style(a, edge)
    return strided_text(a, array_data(a), array_shape(a), array_strides(a), style, separator, " " * (indent + 1), width, edge)


# Which elements are shown of an axis: all, or three at both ends.
@inline
def is_shown(i: int, length: int, edge: bool) -> bool:
    return not edge or length <= 6 or i < 3 or i >= length - 3


def strided_text(a, p: ptr, shape, strides, style, separator: str, indent: str, width: int, edge: bool) -> str:
    length = 0
    if shape:
        length = shape[0]
    rest = shape[1:]
    if rest:
        text = ""
        # One line end an axis further in, after the separator without its blank.
        line_end = separator.rstrip() + "\n" * (len(shape) - 1)
        for i in range(length):
            if is_shown(i, length, edge):
                text = text + (indent if i > 0 else "")
                text = text + strided_text(a, p + i * strides[0], shape[1:], strides[1:], style, separator, indent + " ", width - 1, edge)
                text = text + (line_end if i < length - 1 else "")
                if edge and length > 6 and i == 2:
                    text = text + indent + "..." + line_end
        return "[" + text + "]"
    elif shape:
        text = ""
        line = indent
        last = width - (1 if len(separator.rstrip()) < 2 else len(separator.rstrip()))
        for i in range(length):
            if is_shown(i, length, edge):
                word = element_text(element_load(a, p + i * strides[0]), style)
                if len(line) + len(word) > last and len(line) > len(indent):
                    text = text + line.rstrip() + "\n"
                    line = indent
                line = line + word
                if i < length - 1:
                    line = line + separator
                if edge and length > 6 and i == 2:
                    if len(line) + 3 > last and len(line) > len(indent):
                        text = text + line.rstrip() + "\n"
                        line = indent
                    line = line + "..." + separator
        text = text + line
        return "[" + text[len(indent):] + "]"
    else:
        return element_text(element_load(a, p), style)


# Folds `step(state, element)` over the elements that are shown.
def shown_fold(a, p: ptr, shape, strides, edge: bool, state, step):
    if shape:
        for i in range(shape[0]):
            if is_shown(i, shape[0], edge):
                state = shown_fold(a, p + i * strides[0], shape[1:], strides[1:], edge, state, step)
        return state
    else:
        return step(state, element_load(a, p))


def shown_state(a, edge: bool, state, step):
    return shown_fold(a, array_data(a), array_shape(a), array_strides(a), edge, state, step)


# For bools and ints the width; for floats what `float_style` gives; for complex numbers that of both parts.
def array_style(a, edge: bool):
    sample = element_load(a, array_data(a))
    if isinstance(sample, np.bool_):
        if array_shape(a):
            return (5,)
        else:
            return (4,)
    elif isinstance(sample, np.integer):
        return shown_state(a, edge, (0,), int_width_step)
    elif isinstance(sample, np.floating):
        return float_style(a, edge, real_range_step, real_width_step, 0)
    else:
        return float_style(a, edge, real_range_step, real_width_step, 0) + float_style(a, edge, imag_range_step, imag_width_step, 1)


def int_width_step(state, x):
    width = len(scalar_str(x))
    return (width,) if width > state[0] else state


# Part of a float or complex number, as a float.
@inline
def real_of(x) -> float:
    if isinstance(x, np.floating):
        return float(x)
    else:
        return float(x.real)


@inline
def imag_of(x) -> float:
    return float(x.imag)


# Whether a number is made of binary32.
@inline
def is_single(x) -> bool:
    return isinstance(x, (np.float32, np.complex64))


# The style of floats: whether they are written with exponents, the characters before and after the point, the digits of
# the exponent, and whether all have a sign. `range_step` and `width_step` look at the numbers.
def float_style(a, edge: bool, range_step, width_step, signed: int):
    single = 1 if is_single(element_load(a, array_data(a))) else 0
    found = shown_state(a, edge, (0.0, 0.0, 0, 0), range_step)
    largest = found[0]
    smallest = found[1]
    limit = 1000000.0 if single != 0 else 100000000.0
    scientific = 0
    if largest > 0.0 and (largest >= limit or smallest < 0.0001 or largest / smallest > 1000.0):
        scientific = 1
    widths = shown_state(a, edge, (scientific, 0, 0, 0, signed, single), width_step)
    left = widths[1]
    right = widths[2]
    # nan and infinities fill the same width.
    if found[2] != 0:
        behind = (widths[3] + 2 + right if scientific != 0 else right) + 1
        needed = 3 + (1 if found[3] != 0 or signed != 0 else 0)
        if found[2] == 1 and found[3] == 0 and signed == 0:
            needed = 3
        if needed - behind > left:
            left = needed - behind
    return (scientific, left, right, widths[3], signed, single)


# The largest and smallest magnitude but 0, whether any number is not finite, and whether any is minus infinity.
def float_range(state, x: float):
    size = f64_abs(x)
    if not (size < INFINITY):
        return state[0], state[1], 1, 1 if x < 0.0 else state[3]
    if size == 0.0:
        return state
    largest = size if size > state[0] else state[0]
    smallest = size if size < state[1] or state[1] == 0.0 else state[1]
    return largest, smallest, state[2], state[3]


def real_range_step(state, x):
    return float_range(state, real_of(x))


def imag_range_step(state, x):
    return float_range(state, imag_of(x))


# The most characters before and after the point, and of the exponent.
def float_width(state, x: float):
    if not (f64_abs(x) < INFINITY):
        return state
    sign = 1 if state[4] != 0 or f64_copysign(1.0, x) < 0.0 else 0
    exponent = 0
    if state[0] != 0:
        text = float_digits_scientific(f64_abs(x), state[5])
        split = text.find("e")
        left = 1 + sign
        right = split - 2
        exponent = len(text) - split - 2
    else:
        text = float_digits_positional(f64_abs(x), state[5])
        left = text.find(".") + sign
        right = len(text) - text.find(".") - 1
    return (
        state[0],
        left if left > state[1] else state[1],
        right if right > state[2] else state[2],
        exponent if exponent > state[3] else state[3],
        state[4],
        state[5],
    )


def real_width_step(state, x):
    return float_width(state, real_of(x))


def imag_width_step(state, x):
    return float_width(state, imag_of(x))


# The shortest decimal of x >= 0: digits and the exponent of ten.
def shortest_of(x: float, single: int) -> tuple[int, int]:
    if x == 0.0:
        return 0, 0
    return float32_shortest(x) if single != 0 else float_shortest(x)


# d.ddde+05 with the shortest digits, but at most 8 after the point, where the exact value is rounded.
def float_digits_scientific(x: float, single: int) -> str:
    digits, exponent = shortest_of(x, single)
    count = digit_count(digits)
    if count <= 9:
        return float_scientific(x, count - 1, True, 101)
    text = float_scientific(x, 8, True, 101)
    end = text.find("e")
    kept = end
    while text[kept - 1] == "0":
        kept = kept - 1
    return text[:kept] + text[end:]


# ddd.ddd likewise.
def float_digits_positional(x: float, single: int) -> str:
    digits, exponent = shortest_of(x, single)
    if exponent >= 0:
        return int_str(digits) + "0" * exponent + "."
    places = 0 - exponent
    if places <= 8:
        text = int_str(digits)
        if len(text) <= places:
            text = "0" * (places + 1 - len(text)) + text
        return text[: len(text) - places] + "." + text[len(text) - places :]
    text = float_fixed(x, 8, True)
    kept = len(text)
    while text[kept - 1] == "0":
        kept = kept - 1
    return text[:kept]


# One element in the common style.
def element_text(x, style) -> str:
    if isinstance(x, (np.bool_, np.integer)):
        text = scalar_str(x)
        return " " * (style[0] - len(text)) + text
    elif isinstance(x, np.floating):
        return float_styled(float(x), style)
    else:
        real = float_styled(float(x.real), style[:6])
        imaginary = float_styled(float(x.imag), style[6:])
        end = len(imaginary)
        while imaginary[end - 1] == " ":
            end = end - 1
        return real + imaginary[:end] + "j" + imaginary[end:]


def float_styled(x: float, style) -> str:
    scientific, left, right, exponent, signed, single = style
    sign = "-" if f64_copysign(1.0, x) < 0.0 and x == x else ("+" if signed != 0 else "")
    if not (f64_abs(x) < INFINITY):
        text = sign + ("nan" if x != x else "inf")
        width = left + 1 + (exponent + 2 + right if scientific != 0 else right)
        return " " * (width - len(text)) + text
    if scientific != 0:
        text = sign + float_scientific(f64_abs(x), right, True, 101)
        digits = len(text) - text.find("e") - 2
        if digits < exponent:
            text = text[: len(text) - digits] + "0" * (exponent - digits) + text[len(text) - digits :]
        return " " * (left - (1 + len(sign))) + text
    text = sign + float_digits_positional(f64_abs(x), single)
    point = text.find(".")
    return " " * (left - point) + text + " " * (right - (len(text) - point - 1))
