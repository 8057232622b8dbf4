# format() and f-strings: the format specification mini-language.
#
#     [[fill]align][sign][z][#][0][width][grouping][.precision][type]
#
# `T_format_spec(x, spec)` is format(x, spec). Where the specification is constant and simple, the compiler calls the
# functions of percent.py instead, which reach less.
#
# A parsed specification is eight ints: the codes of fill, align, sign, grouping and kind (the type), 0 where not
# given; width (0) and precision (-1); flags: 1 for #, 2 for z.


@inline
def spec_code(spec: str, at: int) -> int:
    return str_code(spec, at) if at < str_len(spec) else 0


# < = > ^
def is_align(code: int) -> bool:
    return code >= 60 and code <= 62 or code == 94


# Parses a specification for an object of the type called `name`, which is aligned as `align` (the code of < or >).
# Gives (fill, align, sign, flags, width, grouping, precision, kind).
def format_spec(spec: str, name: str, align: int) -> tuple[int, int, int, int, int, int, int, int]:
    fill = 0
    at = 0
    text = align == 60
    usual = not text
    if is_align(spec_code(spec, 1)):
        fill = spec_code(spec, 0)
        at = 1
    if is_align(spec_code(spec, at)):
        align = spec_code(spec, at)
        at += 1
        usual = False
    sign = spec_code(spec, at)
    if sign == 43 or sign == 45 or sign == 32:
        at += 1
    else:
        sign = 0
    flags = 0
    if spec_code(spec, at) == 122:
        flags = 2
        at += 1
    if spec_code(spec, at) == 35:
        flags |= 1
        at += 1
    if fill == 0 and spec_code(spec, at) == 48:
        fill = 48
        at += 1
        if usual:
            align = 61
    if fill == 0:
        fill = 32
    after = spec_digits_end(spec, at)
    width = spec_number(spec, at, after)
    at = after
    grouping = 0
    if spec_code(spec, at) == 44:
        grouping = 44
        at += 1
    if spec_code(spec, at) == 95:
        if grouping != 0:
            raise ValueError("Cannot specify both ',' and '_'.")
        grouping = 95
        at += 1
        if spec_code(spec, at) == 44:
            raise ValueError("Cannot specify both ',' and '_'.")
    precision = -1
    if spec_code(spec, at) == 46:
        after = spec_digits_end(spec, at + 1)
        if after == at + 1:
            raise ValueError("Format specifier missing precision")
        precision = spec_number(spec, at + 1, after)
        at = after
    if str_len(spec) - at > 1:
        raise ValueError("Invalid format specifier '" + spec + "' for object of type '" + name + "'")
    kind = spec_code(spec, at)
    if kind == 0 and text:
        kind = 115
    if grouping != 0 and not can_group(kind, grouping):
        raise ValueError("Cannot specify '" + str_of_code(grouping) + "' with " + kind_name(kind) + ".")
    return fill, align, sign, flags, width, grouping, precision, kind


def spec_digits_end(spec: str, at: int) -> int:
    while spec_code(spec, at) >= 48 and spec_code(spec, at) <= 57:
        at += 1
    return at


def spec_number(spec: str, start: int, stop: int) -> int:
    # CPython allows up to 2**63 - 1; 18 digits are more than fits in memory.
    if stop - start > 18:
        raise ValueError("Too many decimal digits in format string")
    number = 0
    for at in range(start, stop):
        number = number * 10 + spec_code(spec, at) - 48
    return number


# Whether , or _ goes with this type: the decimal ones; _ also with b o x X.
def can_group(kind: int, grouping: int) -> bool:
    if kind == 98 or kind == 111 or kind == 120 or kind == 88:
        return grouping == 95
    return kind == 0 or kind == 100 or is_float_kind(kind) and kind != 110


# e E f F g G n %
def is_float_kind(kind: int) -> bool:
    lower = kind | 32
    return lower >= 101 and lower <= 103 or kind == 110 or kind == 37


def kind_name(kind: int) -> str:
    if kind > 32 and kind < 128:
        return "'" + str_of_code(kind) + "'"
    return "'\\x" + uint_digits(kind, 4, 97) + "'"


def unknown_format_code(kind: int, name: str) -> Exception:
    return ValueError("Unknown format code " + kind_name(kind) + " for object of type '" + name + "'")


# Fills text up to a width. `align` is the code of < > or ^.
def format_pad(text: str, fill: int, align: int, width: int) -> str:
    room = width - str_len(text)
    if room <= 0:
        return text
    left = 0 if align == 60 else room // 2 if align == 94 else room
    return str_pad(text, left, room - left, fill)


# A number of sign (a code, or 0), prefix (0x), digits before the point, and the rest, filled up to a width. `=` fills
# between prefix and digits.
def format_number(
    sign: int, prefix: str, whole: str, rest: str, fill: int, align: int, width: int, grouping: int, size: int
) -> str:
    head = prefix
    if sign != 0:
        head = str_of_code(sign) + prefix
    if grouping != 0:
        least = width - str_len(head) - str_len(rest) if fill == 48 and align == 61 else 0
        whole = group_digits(whole, grouping, size, least)
    body = whole + rest
    if align == 61:
        return head + format_pad(body, fill, 62, width - str_len(head))
    return format_pad(head + body, fill, align, width)


# Digits with a separator between groups of `size`, and zeros in front to make `least` characters: one more where a
# separator would come first.
def group_digits(digits: str, separator: int, size: int, least: int) -> str:
    count = str_len(digits)
    while count + (count - 1) // size < least:
        count += 1
    length = count + (count - 1) // size
    p = str_new(length, 1)
    to = p + STR_DATA + length
    for i in range(count):
        if i > 0 and i % size == 0:
            to = to - 1
            store_u8(to, separator)
        to = to - 1
        at = str_len(digits) - 1 - i
        store_u8(to, str_code(digits, at) if at >= 0 else 48)
    return own_str(p)


# The code of what stands before a number, or 0. `sign` is what the specification has.
@inline
def sign_code(negative: bool, sign: int) -> int:
    return 45 if negative else sign if sign != 45 else 0


def str_format_spec(self: str, spec: str) -> str:
    if str_len(spec) == 0:
        return self
    fill, align, sign, flags, width, grouping, precision, kind = format_spec(spec, "str", 60)
    if kind != 115:
        raise unknown_format_code(kind, "str")
    if sign == 32:
        raise ValueError("Space not allowed in string format specifier")
    if sign != 0:
        raise ValueError("Sign not allowed in string format specifier")
    if flags & 2 != 0:
        raise ValueError("Negative zero coercion (z) not allowed in string format specifier")
    if flags != 0:
        raise ValueError("Alternate form (#) not allowed in string format specifier")
    if align == 61:
        raise ValueError("'=' alignment not allowed in string format specifier")
    text = self
    if precision >= 0 and precision < str_len(self):
        text = str_part(self, 0, precision)
    return format_pad(text, fill, align, width)


def bool_format_spec(self: bool, spec: str) -> str:
    if str_len(spec) == 0:
        return bool_str(self)
    return int_format_as(int(self), spec, "bool")


def int_format_spec(self: int, spec: str) -> str:
    return int_format_as(self, spec, "int")


def int_format_as(x: int, spec: str, name: str) -> str:
    last = spec_code(spec, str_len(spec) - 1) if str_len(spec) > 0 else 0
    if is_float_kind(last) and last != 110:
        return float_exact_as(float(x), spec, name)
    return int_digits_as(x, spec, name)


def int_digits_as(x: int, spec: str, name: str) -> str:
    return magnitude_as(x < 0, int_magnitude(x), spec, name)


# The same of the sign and the unsigned magnitude.
def magnitude_as(negative: bool, size: int, spec: str, name: str) -> str:
    fill, align, sign, flags, width, grouping, precision, kind = format_spec(spec, name, 62)
    bits = kind_bits(kind)
    if bits == 0 and kind != 0 and kind != 99 and kind != 100 and kind != 110:
        raise unknown_format_code(kind, name)
    if precision >= 0:
        raise ValueError("Precision not allowed in integer format specifier")
    if flags & 2 != 0:
        raise ValueError("Negative zero coercion (z) not allowed in integer format specifier")
    if kind == 99:
        if sign != 0:
            raise ValueError("Sign not allowed with integer format specifier 'c'")
        if flags != 0:
            raise ValueError("Alternate form (#) not allowed with integer format specifier 'c'")
        if negative or i64_gt_u(size, 0x10FFFF):
            raise OverflowError("%c arg not in range(0x110000)")
        return format_number(0, "", str_of_code(size), "", fill, align, width, 0, 3)
    prefix = "0" + str_of_code(kind) if flags != 0 and bits != 0 else ""
    digits = uint_digits(size, bits, kind - 23) if bits != 0 else uint_str(size)
    return format_number(
        sign_code(negative, sign), prefix, digits, "", fill, align, width, grouping, 3 if bits == 0 else 4
    )


# How many bits a digit has for b o x X; 0 for the decimal types.
def kind_bits(kind: int) -> int:
    if kind == 120 or kind == 88:
        return 4
    return 3 if kind == 111 else 1 if kind == 98 else 0


def float_format_spec(self: float, spec: str) -> str:
    fill, align, sign, flags, width, grouping, precision, kind = format_spec(spec, "float", 62)
    if kind != 0:
        return float_exact_as(self, spec, "float")
    text = float_plain_text(f64_abs(self), precision, flags & 1 != 0, 1)
    return format_float(self, text, fill, align, sign, flags, width, grouping)


# |x| as format() without a type has it: the shortest digits, or `precision` digits. `whole` as in float_short_text.
def float_plain_text(x: float, precision: int, alternate: bool, whole: int) -> str:
    if precision >= 0 and x - x == 0.0:
        return float_general(x, precision, alternate, 101, whole)
    text = float_short_text(x, whole, 16)
    if alternate and x - x == 0.0 and not str_has_code(text, 46):
        # 1.e+16
        at = digits_end(text)
        return str_part(text, 0, at) + "." + str_part(text, at, str_len(text) - at)
    return text


def float_exact_as(x: float, spec: str, name: str) -> str:
    fill, align, sign, flags, width, grouping, precision, kind = format_spec(spec, name, 62)
    if not is_float_kind(kind):
        raise unknown_format_code(kind, name)
    text = float_kind_text(x, precision, kind, flags & 1 != 0)
    return format_float(x, text, fill, align, sign, flags, width, grouping)


# |x| as the types e E f F g G n % have it.
def float_kind_text(x: float, precision: int, kind: int, alternate: bool) -> str:
    lower = kind | 32
    if kind == 37:
        return float_fixed_text(x * 100.0, precision, 102, alternate) + "%"
    if lower == 102:
        return float_fixed_text(x, precision, kind, alternate)
    if lower == 101:
        return float_scientific_text(x, precision, kind, alternate)
    return float_general_text(x, precision, kind, alternate)


# inf or nan, in capitals where `kind` is a capital.
def float_word(x: float, kind: int) -> str:
    if x != x:
        return "nan" if kind >= 97 else "NAN"
    return "inf" if kind >= 97 else "INF"


# |x| as the types f F have it. The precision is 6 where none is given.
def float_fixed_text(x: float, precision: int, kind: int, alternate: bool) -> str:
    if x - x != 0.0:
        return float_word(x, kind)
    return float_fixed(x, precision if precision >= 0 else 6, alternate)


# e E
def float_scientific_text(x: float, precision: int, kind: int, alternate: bool) -> str:
    if x - x != 0.0:
        return float_word(x, kind)
    return float_scientific(x, precision if precision >= 0 else 6, alternate, kind)


# g G n
def float_general_text(x: float, precision: int, kind: int, alternate: bool) -> str:
    if x - x != 0.0:
        return float_word(x, kind)
    return float_general(x, precision if precision >= 0 else 6, alternate, 69 if kind < 97 else 101, 0)


# Puts sign, separators and fill to the text of |x|.
def format_float(
    x: float, text: str, fill: int, align: int, sign: int, flags: int, width: int, grouping: int
) -> str:
    negative = i64_reinterpret_f64(x) < 0 and x == x
    at = digits_end(text)
    # inf and nan have no groups and keep their sign.
    if at == 0:
        grouping = 0
    elif flags & 2 != 0 and negative:
        negative = has_digits(text)
    return format_number(
        sign_code(negative, sign), "", str_part(text, 0, at), str_part(text, at, str_len(text) - at), fill, align, width, grouping, 3
    )


# Whether some digit before the exponent is not 0.
def has_digits(text: str) -> bool:
    for i in range(str_len(text)):
        code = str_code(text, i)
        if code > 48 and code <= 57:
            return True
        if code > 57:
            return False
    return False


# The first index that is no digit.
def digits_end(text: str) -> int:
    return spec_digits_end(text, 0)


def complex_format_spec(self: complex, spec: str) -> str:
    fill, align, sign, flags, width, grouping, precision, kind = format_spec(spec, "complex", 62)
    if kind != 0 and (not is_float_kind(kind) or kind == 37):
        raise unknown_format_code(kind, "complex")
    if fill == 48:
        raise ValueError("Zero padding is not allowed in complex format specifier")
    if align == 61:
        raise ValueError("'=' alignment flag is not allowed in complex format specifier")
    imaginary = complex_part(self.imag, precision, kind, flags, 43, grouping) + "j"
    if kind == 0 and i64_reinterpret_f64(self.real) == 0:
        return format_pad(complex_part(self.imag, precision, kind, flags, sign, grouping) + "j", fill, align, width)
    text = complex_part(self.real, precision, kind, flags, sign, grouping) + imaginary
    if kind == 0:
        text = "(" + text + ")"
    return format_pad(text, fill, align, width)


def complex_part(x: float, precision: int, kind: int, flags: int, sign: int, grouping: int) -> str:
    alternate = flags & 1 != 0
    if kind == 0:
        return format_float(x, float_plain_text(f64_abs(x), precision, alternate, 0), 32, 62, sign, flags, 0, grouping)
    return format_float(x, float_kind_text(f64_abs(x), precision, kind, alternate), 32, 62, sign, flags, 0, grouping)


# template.format(*args, **named) of a template that only the run time knows; `names` are those of `values`.
def str_template(template: str, args, names, values) -> str:
    return template_text(template, args, names, values, [0, 0], 2)


# `state` has the number of the next field without a name, and whether fields have been numbered by hand.
def template_text(template: str, args, names, values, state, depth: int) -> str:
    if depth == 0:
        raise ValueError("Max string recursion exceeded")
    pieces = []
    length = len(template)
    at = 0
    start = 0
    while at < length:
        letter = template[at]
        if letter != "{" and letter != "}":
            at += 1
        elif at + 1 < length and template[at + 1] == letter:
            pieces.append(template[start : at + 1])
            at += 2
            start = at
        elif letter == "}":
            raise ValueError("Single '}' encountered in format string")
        else:
            pieces.append(template[start:at])
            end = field_end(template, at + 1)
            pieces.append(field_text(template[at + 1 : end], args, names, values, state, depth))
            at = end + 1
            start = at
    pieces.append(template[start:])
    return "".join(pieces)


# Where the field ends that starts at `at`.
def field_end(template: str, at: int) -> int:
    if at == len(template):
        raise ValueError("Single '{' encountered in format string")
    depth = 1
    while at < len(template):
        if template[at] == "{":
            depth += 1
        elif template[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise ValueError("expected '}' before end of string")


# `name!conversion:spec`
def field_text(field: str, args, names, values, state, depth: int) -> str:
    head, _, spec = field.partition(":")
    name, mark, conversion = head.partition("!")
    if mark != "" and conversion not in ("r", "s", "a"):
        raise ValueError("unknown conversion in format string")
    if "." in name or "[" in name:
        raise NotImplementedError("parts of values in a template that is not constant")
    if name == "" or name.isdigit():
        style = 1 if name == "" else 2
        if state[1] != 0 and state[1] != style:
            manual = "manual field specification"
            automatic = "automatic field numbering"
            raise ValueError(f"cannot switch from {manual if style == 1 else automatic} to {automatic if style == 1 else manual}")
        state[1] = style
        place = state[0]
        if name == "":
            state[0] += 1
        else:
            place = int(name)
        full = template_text(spec, args, names, values, state, depth - 1) if "{" in spec else spec
        return placed_text(args, place, place, conversion, full)
    full = template_text(spec, args, names, values, state, depth - 1) if "{" in spec else spec
    return named_text(names, values, name, conversion, full)


def placed_text(args, left: int, place: int, conversion: str, spec: str) -> str:
    if args:
        if left == 0:
            return value_text(args[0], conversion, spec)
        return placed_text(args[1:], left - 1, place, conversion, spec)
    else:
        raise IndexError(f"Replacement index {place} out of range for positional args tuple")


def named_text(names, values, name: str, conversion: str, spec: str) -> str:
    if names:
        if names[0] == name:
            return value_text(values[0], conversion, spec)
        return named_text(names[1:], values[1:], name, conversion, spec)
    else:
        raise KeyError(name)


def value_text(value, conversion: str, spec: str) -> str:
    if conversion == "r":
        return format(repr(value), spec)
    if conversion == "a":
        return format(ascii(value), spec)
    if conversion == "s":
        return format(str(value), spec)
    return format(value, spec)


# format(value, spec) of a value without specifications.
def plain_format_spec(text: str, spec: str, name: str) -> str:
    if spec != "":
        raise TypeError(f"unsupported format string passed to {name}.__format__")
    return text
