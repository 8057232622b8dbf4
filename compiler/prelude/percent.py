# `format % values`, and format specifications that say no more. The compiler takes the format apart and calls, for
# each conversion,
#     percent_str(str(x), ...)     %s; %r with repr(x), %a with ascii(x), %c with chr(x)
#     percent_int                  %d %i %u %o %x %X, and b of format()
#     percent_fixed                %f %F
#     percent_scientific           %e %E
#     percent_general              %g %G
# with flags (1 for -, 2 for +, 4 for a space, 8 for #, 16 for 0), width (0 if not given), precision (-1 if not
# given), and kind, the code of the letter. A width from `*` may be negative, which stands for the flag -.


def percent_str(text: str, flags: int, width: int, precision: int) -> str:
    if precision >= 0 and precision < str_len(text):
        text = str_part(text, 0, precision)
    return percent_pad(0, "", text, flags & ~16, width)


def percent_int(x: int, flags: int, width: int, precision: int, kind: int) -> str:
    bits = kind_bits(kind)
    size = -x if x < 0 else x
    digits = uint_digits(size, bits, kind - 23) if bits != 0 else uint_str(size)
    digits = str_pad(digits, precision - str_len(digits), 0, 48)
    prefix = "0" + str_of_code(kind) if flags & 8 != 0 and bits != 0 else ""
    return percent_pad(sign_code(x < 0, percent_sign(flags)), prefix, digits, flags, width)


def percent_fixed(x: float, flags: int, width: int, precision: int, kind: int) -> str:
    return percent_signed(x, float_fixed_text(x, precision, kind, flags & 8 != 0), flags, width)


def percent_scientific(x: float, flags: int, width: int, precision: int, kind: int) -> str:
    return percent_signed(x, float_scientific_text(x, precision, kind, flags & 8 != 0), flags, width)


def percent_general(x: float, flags: int, width: int, precision: int, kind: int) -> str:
    return percent_signed(x, float_general_text(x, precision, kind, flags & 8 != 0), flags, width)


# The text of |x| with the sign of x, filled.
def percent_signed(x: float, text: str, flags: int, width: int) -> str:
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
    head = prefix if sign == 0 else str_of_code(sign) + prefix
    room = width - str_len(head) - str_len(body)
    if left:
        return str_pad(head + body, 0, room, 32)
    if flags & 16 != 0:
        return head + str_pad(body, room, 0, 48)
    return str_pad(head + body, room, 0, 32)
