# Text of floats: the shortest digits that read back as the same float.
#
# Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020): the decimal in the rounding interval of
# a float, by three products with one power of ten of 128 bits, rounded to odd.


# 10**k in 128 bits, the top bit set, rounded up; exact where it can be. For k from -297 to 350.
def power_of_ten(k: int) -> tuple[int, int]:
    place = k // 27
    five = 1
    for _ in range(k - place * 27):
        five *= 5
    p = address(POWERS) + STR_DATA + (place + 11) * 24
    high = load_i64(p)
    middle = load_i64(p + 8)
    carried = int_mul_high(load_i64(p + 16), five)
    low = middle * five + carried
    upper = high * five
    top = int_mul_high(high, five)
    carried = int_mul_high(middle, five) + (1 if i64_lt_u(low, carried) else 0)
    upper += carried
    top += 1 if i64_lt_u(upper, carried) else 0
    if five == 1:
        top = upper
        upper = low
    shift = i64_clz(top)
    if five != 1 and shift > 0:
        top = top << shift | i64_shr_u(upper, 64 - shift)
        upper = upper << shift | i64_shr_u(low, 64 - shift)
    # 5**55 is the last that 128 bits hold.
    if k < 0 or k > 55:
        upper += 1
        if upper == 0:
            top += 1
    return top, upper


# 10**(27 * i) for i from -11 to 12: the first 192 bits, highest word first.
POWERS = b"!&\xed8#Xl\xa7N\xf2\xf6\x0a\xb8\xf2*\xaf6:2CM\x8f|ehN\x22\xe2uO>\x87\x91\xa2\x04\xe8\xa6DwZ\xd7\x96\x09\xcf\xdf\xed5\xccHh\x96\x90\xf5[\x7f\xda\x9e\x89jPu\xa49\xafb\xe64)\xcc\x94\x02\xa3\xec\x9d4\xc4,9\x80\xb0\xb3\xcf\xaa\x96My\x8d\xbd\x18D\xf6j\xc8\xa5\x13\xfe>\xf5*\x88b\x86\x93\x8e\x9c\xee\x82r{\xb4~T}H!\x14\x0e#\xb0A\xfa\x0ak\x04\xb3)X\xe6\x12Q*\x11\xa3\xa5\xb4\x0c\x96\x83 \xcb\xb1a\xb5\xa3\xeb\xdd\xe4PF\x1a\x12\xba\x13\xe4labM\xf3\x92\xd3<X\x10>\x18\xa0!U&\xba\x91\x8c\x85N\x96o\xf8\x10\xd5\xf8\x07j:\xec\xe9\xc5\xe9%/\x08\xe9\xa2\xc2A\xab\x90g\xd5\xf2\xc3\xb9?B\x99r\xe2\xfa\x01\x89\x85\xe8\xd7\xda\x956L\x1eu\xa4Z\xd0(\xc4\x86\xb8&<L\xe1\x97\xaa\xa8\xf5#S\xc9-\x84\x96H~\xe0\x91\xb7\xd1t\x9e}4U\xcfd\xa2^w\xc7\xc9 Q\xc0\xf1I\xca\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00:\x0f \xf4'\x8f\xcb\xce\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00QlN\xa6@<\x0c\xa7$\xd9g_\xb6\x90\x90\x99\x00\x00\x00\x00\x00\x00\x00\x00\xfd\xda\xe8\xb4\x99\xac\xf0\x86\xa3q\xed=\xbb(\xa0i(N\xc0'V\x91\x9f\xdf\xe9\x8dp\x1ad\xee\x01\xda\x95\x94\xcc Ho\x0e\xe8\xd3\xd8\xc1;\xd0\xaaK\xd7\xe4\xe9\x01\xb1E\xe7\x1a\xb0\x8f\x7f.\xf7\xcf]\xc0^\x1f0$\xe3\xffyL\xc0}\xc2\xeb\xfb\xe9\xadA\x8e\x07s\x84\xbe\x13\x8fX\x14\xf5\x02\xc0Y j\xbd#\x81.$*(\xef\xd3\xe5\xfa\xa5m\xa8\xc8h\x16\x8f|\xccn\x17\xf5\xcc\xb5\xf0\xe1.\xce7\x06J\xa7\xb9\x926\x17\xd7+>\x95m\xde\x8b\xc0z\x03\xb0\xef\x88\xd9\x9c\xb6\x1f\x0a=\xf8\x95\x8e\xf9d\x15\x10\xaf\xbdJG\x8e\xa9\xb3\xf7JZ\x0d\xcf\xdc\xf2<\xa7\x01J\xf2\xec\x8c<g9;c\xbc|\x916/\xcdD\x9c=\x07O\xe8\x09\x815\xb8\xc3\xc8\x00G\xec\x80/\x86\x0a7\xdc)\x10\xa0n`\x02\xa9\x1b\xe3\xb4\x92\xdb\x19\x9e\xd1F\x83j\xc2\xa2\x07l\xc2\xde\xd0,\xf5\xd9DI"


# The upper 64 of the 192 bits of a product; odd if any of the other bits but the last 64 are set.
def multiply_to_odd(high: int, low: int, factor: int) -> int:
    carried = int_mul_high(low, factor)
    rest = high * factor + carried
    top = int_mul_high(high, factor)
    if i64_lt_u(rest, carried):
        top += 1
    return top | (1 if i64_gt_u(rest, 1) else 0)


# The shortest decimal (digits, exponent of ten) that is nearer to c * 2**q than to the floats beside it. `uneven` is 1
# where the float below is only half as far away as the one above, else 0.
def shortest_decimal(c: int, q: int, uneven: int) -> tuple[int, int]:
    # 1262611 / 2**22 is log10(2), 1741647 / 2**19 is log2(10), 524031 / 2**22 is log10(4/3).
    k = (q * 1262611 - uneven * 524031) >> 22
    shift = q + (-k * 1741647 >> 19) + 1
    high, low = power_of_ten(-k)
    # All in quarters of 10**k. The ends of the interval belong to it where c is even.
    lower = multiply_to_odd(high, low, (4 * c - 2 + uneven) << shift) + (c & 1)
    value = multiply_to_odd(high, low, (4 * c) << shift)
    upper = multiply_to_odd(high, low, (4 * c + 2) << shift) - (c & 1)
    digits = value >> 2
    tens = digits // 10
    if digits >= 10 and (lower <= tens * 40) != (tens * 40 + 40 <= upper):
        return strip_zeros(tens + (0 if lower <= tens * 40 else 1), k + 1)
    below = lower <= digits * 4
    above = digits * 4 + 4 <= upper
    if below != above:
        return strip_zeros(digits + (1 if above else 0), k)
    rest = value - digits * 4
    return strip_zeros(digits + (1 if rest > 2 or rest == 2 and digits & 1 != 0 else 0), k)


def strip_zeros(digits: int, exponent: int) -> tuple[int, int]:
    while digits % 10 == 0:
        digits = digits // 10
        exponent += 1
    return digits, exponent


# The shortest decimal of a finite positive float.
def float_shortest(x: float) -> tuple[int, int]:
    bits = i64_reinterpret_f64(x)
    fraction = bits & 0xFFFFFFFFFFFFF
    exponent = bits >> 52
    if exponent == 0:
        return shortest_decimal(fraction, -1074, 0)
    return shortest_decimal(fraction | 1 << 52, exponent - 1075, 1 if fraction == 0 and exponent > 1 else 0)


# The shortest decimal of a finite positive float that a binary32 holds, among the binary32.
def float32_shortest(x: float) -> tuple[int, int]:
    bits = i64_reinterpret_f64(x)
    exponent = (bits >> 52) - 1046
    digits = (bits & 0xFFFFFFFFFFFFF | 1 << 52) >> 29
    # Below 2**-126 the digits end at 2**-149.
    if exponent < -149:
        return shortest_decimal(digits >> (-149 - exponent), -149, 0)
    return shortest_decimal(digits, exponent, 1 if digits == 1 << 23 and exponent > -149 else 0)


def float_str(self: float) -> str:
    return float_short_text(self, 1, 16)


@inline
def float_repr(self: float) -> str:
    return float_str(self)


# The text of a binary32, widened, as NumPy shows it.
def float32_str(self: float) -> str:
    return float_short_text(self, 1, 6)


# The shortest text. `whole` is 1 if a whole number ends in ".0". Up to `most` digits stand before the point: 16, or 6
# for a binary32.
def float_short_text(x: float, whole: int, most: int) -> str:
    if x != x:
        return "nan"
    size = f64_abs(x)
    if i64_reinterpret_f64(size) >= 0x7FF0000000000000:
        return "inf" if x > 0.0 else "-inf"
    p = str_new(32, 1)
    to = p + STR_DATA
    if i64_reinterpret_f64(x) < 0:
        store_u8(to, 45)
        to = to + 1
    digits = 0
    exponent = 0
    if size > 0.0:
        if most == 16:
            digits, exponent = float_shortest(size)
        else:
            digits, exponent = float32_shortest(size)
            # NumPy looks at the value: the binary32 nearest to 0.0001 is below it.
            most = -9 if size < 0.0001 else most
    to = put_decimal(to, digits, exponent, whole, most)
    store_u32(p + 4, to - (p + STR_DATA))
    return own_str(p)


# Writes digits * 10**exponent as repr() does; gives the address after it.
def put_decimal(to: ptr, digits: int, exponent: int, whole: int, most: int) -> ptr:
    count = digit_count(digits)
    point = count + exponent
    if point > most or point < -3:
        return put_exponent(put_pointed(to, digits, count, 1), 101, point - 1)
    if point <= 0:
        # 0.00ddd
        memory_fill(to, 48, 2 - point)
        store_u8(to + 1, 46)
        to = to + (2 - point)
        put_digits(to, digits, count)
        return to + count
    if point < count:
        return put_pointed(to, digits, count, point)
    # ddd00.0
    put_digits(to, digits, count)
    memory_fill(to + count, 48, exponent + 2)
    to = to + point
    if whole == 0:
        return to
    store_u8(to, 46)
    return to + 2


# Writes digits with a point after `before` of them; without a point if no digit follows.
def put_pointed(to: ptr, digits: int, count: int, before: int) -> ptr:
    put_digits(to + 1, digits, count)
    memory_copy(to, to + 1, before)
    if before == count:
        return to + count
    store_u8(to + before, 46)
    return to + count + 1


# Writes e+05. `letter` is the code of e or E.
def put_exponent(to: ptr, letter: int, exponent: int) -> ptr:
    store_u8(to, letter)
    store_u8(to + 1, 45 if exponent < 0 else 43)
    size = -exponent if exponent < 0 else exponent
    count = 3 if size > 99 else 2
    put_digits(to + 2, size, count)
    return to + 2 + count


# 0x1.8000000000000p+1: all 52 bits behind the point, and the power of two.
def float_hex(self: float) -> str:
    if self - self != 0.0:
        return float_str(self)
    bits = i64_reinterpret_f64(self)
    head = "-0x" if bits < 0 else "0x"
    if self == 0.0:
        return head + "0.0p+0"
    fraction = bits & 0xFFFFFFFFFFFFF
    exponent = bits >> 52 & 0x7FF
    power = exponent - 1023 if exponent > 0 else -1022
    digits = uint_digits(fraction | 1 << 52, 4, 97)
    return head + ("1." if exponent > 0 else "0.") + str_part(digits, 1, 13) + ("p+" if power >= 0 else "p") + int_str(power)


# (1+2j); 2j if the real part is +0.0.
def complex_str(self: complex) -> str:
    real = self.real
    imaginary = self.imag
    end = float_short_text(imaginary, 0, 16) + "j"
    if i64_reinterpret_f64(real) == 0:
        return end
    # inf and nan have no sign of their own.
    plus = "+" if i64_reinterpret_f64(imaginary) >= 0 or imaginary != imaginary else ""
    return "(" + float_short_text(real, 0, 16) + plus + end + ")"


@inline
def complex_repr(self: complex) -> str:
    return complex_str(self)
