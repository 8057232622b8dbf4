# `format % values`. The compiler takes the format apart and calls, for each conversion,
#     percent_str(str(x), …)       %s; %r with repr(x), %a with ascii(x)
#     percent_int(int(x), …)       %d %i %u %o %x %X
#     percent_float(float(x), …)   %e %E %f %F %g %G
#     percent_char(x, …)           %c of an int or a str
# with flags (1 for -, 2 for +, 4 for a space, 8 for #, 16 for 0), width (0 if not given), precision (-1 if not
# given), and kind, the code of the letter. A width from `*` may be negative, which stands for the flag -.


def percent_str(text: str, flags: int, width: int, precision: int) -> str:
    if precision >= 0 and precision < str_len(text):
        text = str_part(text, 0, precision)
    return percent_pad(0, "", text, flags & ~16, width)


def percent_char(c, flags: int, width: int) -> str:
    if isinstance(c, str):
        if str_len(c) != 1:
            raise TypeError("%c requires int or char")
        return percent_pad(0, "", c, flags & ~16, width)
    if c < 0 or c > 0x10FFFF:
        raise OverflowError("%c arg not in range(0x110000)")
    return percent_pad(0, "", str_of_code(int(c)), flags & ~16, width)


def percent_int(x: int, flags: int, width: int, precision: int, kind: int) -> str:
    bits = kind_bits(kind)
    size = -x if x < 0 else x
    digits = uint_digits(size, bits, kind - 23) if bits != 0 else uint_str(size)
    digits = str_pad(digits, precision - str_len(digits), 0, 48)
    prefix = "0" + str_of_code(kind) if flags & 8 != 0 and bits != 0 else ""
    return percent_pad(sign_code(x < 0, percent_sign(flags)), prefix, digits, flags, width)


def percent_float(x: float, flags: int, width: int, precision: int, kind: int) -> str:
    text = float_kind_text(x, precision, kind, flags & 8 != 0)
    negative = i64_reinterpret_f64(x) < 0 and x == x
    return percent_pad(sign_code(negative, percent_sign(flags)), "", text, flags, width)


# The sign of numbers that are not negative, as in a format specification.
@inline
def percent_sign(flags: int) -> int:
    return 43 if flags & 2 != 0 else 32 if flags & 4 != 0 else 0


def percent_pad(sign: int, prefix: str, body: str, flags: int, width: int) -> str:
    left = flags & 1 != 0
    if width < 0:
        width = -width
        left = True
    fill = 48 if flags & 16 != 0 and not left else 32
    return format_number(sign, prefix, body, "", fill, 60 if left else 61 if fill == 48 else 62, width, 0, 3)
