# Floats and complex numbers of text, correctly rounded for every input.


# `float(text)`
def float_parse(text: str) -> float:
    start = space_end(text, 0)
    stop = space_start(text, start)
    if float_end(text, start, stop) != stop or start == stop:
        raise ValueError("could not convert string to float: " + str_repr(text))
    return float_between(text, start, stop)


# The index after the longest float that starts at `at`; `at` if there is none.
def float_end(text: str, at: int, stop: int) -> int:
    start = at
    if at < stop and (str_code(text, at) == 43 or str_code(text, at) == 45):
        at += 1
    word = word_length(text, at, stop)
    if word > 0:
        return at + word
    before = digits_stop(text, at, stop)
    after = before
    if before < stop and str_code(text, before) == 46:
        after = digits_stop(text, before + 1, stop)
        if after == before + 1 and before == at:
            return start
    elif before == at:
        return start
    if after < stop and str_code(text, after) | 32 == 101:
        sign = after + 1
        if sign < stop and (str_code(text, sign) == 43 or str_code(text, sign) == 45):
            sign += 1
        end = digits_stop(text, sign, stop)
        if end > sign:
            return end
    return after


# The index after the digits from `at` on; single underscores may stand between them.
def digits_stop(text: str, at: int, stop: int) -> int:
    start = at
    while at < stop:
        code = str_code(text, at)
        if code < 48 or code > 57:
            between = code == 95 and at > start and at + 1 < stop
            if not between or str_code(text, at + 1) < 48 or str_code(text, at + 1) > 57:
                break
        at += 1
    return at


# How many code points of "infinity", "inf" or "nan", in any case, stand at `at`; 0 for none.
def word_length(text: str, at: int, stop: int) -> int:
    if at + 8 <= stop and word_matches(text, at, "infinity"):
        return 8
    if at + 3 <= stop and (word_matches(text, at, "inf") or word_matches(text, at, "nan")):
        return 3
    return 0


def word_matches(text: str, at: int, word: str) -> bool:
    for i in range(str_len(word)):
        if str_code(text, at + i) | 32 != str_code(word, i) or str_code(text, at + i) > 127:
            return False
    return True


# The float that start..stop is, as float_end() found it.
def float_between(text: str, start: int, stop: int) -> float:
    at = start
    negative = str_code(text, at) == 45
    if negative or str_code(text, at) == 43:
        at += 1
    first = str_code(text, at) | 32
    size = 0.0
    if first == 110:
        size = f64_reinterpret_i64(0x7FF8000000000000)
    elif first == 105:
        size = f64_reinterpret_i64(0x7FF0000000000000)
    else:
        digits = allocate(stop - at)
        size = decimal_between(text, at, stop, digits)
        free(digits)
    return -size if negative else size


# `digits` is room for the digits without point, underscores, and zeros in front.
def decimal_between(text: str, at: int, stop: int, digits: ptr) -> float:
    count = 0
    exponent = 0
    behind = 0
    while at < stop and str_code(text, at) | 32 != 101:
        code = str_code(text, at)
        if code == 46:
            behind = 1
        elif code != 95:
            exponent -= behind
            if count > 0 or code != 48:
                store_u8(digits + count, code)
                count += 1
        at += 1
    if at < stop:
        exponent += exponent_between(text, at + 1, stop)
    while count > 0 and load_u8(digits + count - 1) == 48:
        count -= 1
        exponent += 1
    return decimal_float(digits, count, exponent)


# The number after e. Past a million it makes no difference any more, as long as no text has a million digits ...
def exponent_between(text: str, at: int, stop: int) -> int:
    negative = str_code(text, at) == 45
    number = 0
    while at < stop:
        digit = str_code(text, at) - 48
        # ... and a text never has more than 2**32.
        if digit >= 0 and digit <= 9 and number < 0x1000000000:
            number = number * 10 + digit
        at += 1
    return -number if negative else number


# The float nearest to the whole number of `count` ASCII digits (neither the first nor the last is 0) times
# 10**exponent.
def decimal_float(digits: ptr, count: int, exponent: int) -> float:
    if count == 0 or count + exponent < -330:
        return 0.0
    if count + exponent > 310:
        return f64_reinterpret_i64(0x7FF0000000000000)
    if count <= 15 and exponent >= -22 and exponent <= 22:
        # Both factors are exact floats, so there is one rounding only (W. D. Clinger, "How to read floating point
        # numbers accurately", 1990).
        number = 0
        for i in range(count):
            number = number * 10 + load_u8(digits + i) - 48
        scale = 1.0
        for _ in range(exponent if exponent > 0 else -exponent):
            scale *= 10.0
        return float(number) / scale if exponent < 0 else float(number) * scale
    # 767 digits tell every float from the middle between two; of more, it only matters that they are not 0.
    if count > 800:
        exponent += count - 800
        store_u8(digits + 799, 49)
        count = 800
    return decimal_float_exact(digits, count, exponent)


# The same by whole numbers of any size: the decimal as m * 2**e with at least 64 bits in m.
def decimal_float_exact(digits: ptr, count: int, exponent: int) -> float:
    # Up to 2700 bits of digits, up to 3800 for the power of ten.
    words = allocate(1024)
    length = 0
    at = 0
    while at < count:
        size = count - at if count - at < 9 else 9
        chunk = 0
        for i in range(size):
            chunk = chunk * 10 + load_u8(digits + at + i) - 48
        carry = big_multiply(words, length, small_power_of_ten(size), chunk)
        if carry != 0:
            store_u32(words + length * 4, carry)
            length += 1
        at += size
    shift = 0
    if exponent >= 0:
        length = big_scale(words, length, exponent)
    else:
        # 3402 / 1024 is a little more than log2(10). Three words more than the divisor has give the bits needed.
        shift = ((-exponent * 3402 >> 10) >> 5) + 3
        memory_copy(words + shift * 4, words, length * 4)
        memory_fill(words, 0, shift * 4)
        length += shift
    more = False
    while exponent < 0:
        chunk = small_power_of_ten(-exponent if exponent > -9 else 9)
        more = big_divide(words, length, chunk) != 0 or more
        length = big_trim(words, length)
        exponent += 9
    value = big_float(words, length, shift * 32, more)
    free(words)
    return value


# The float nearest to n / 2**shift, where n has `length` words; `more` if there is something behind the last bit.
def big_float(words: ptr, length: int, shift: int, more: bool) -> float:
    while length < 3:
        # Digits of a small whole number: zeros at the bottom.
        memory_copy(words + 4, words, length * 4)
        store_u32(words, 0)
        length += 1
        shift += 32
    top = words + length * 4
    high = load_u32(top - 4)
    zeros = i64_clz(high) - 32
    # The first 64 bits, and whether there are more.
    bits = (high << 32 | load_u32(top - 8)) << zeros | i64_shr_u(load_u32(top - 12), 32 - zeros)
    more = more or load_u32(top - 12) << (zeros + 32) != 0 or big_drop_zeros(words, length - 3) != 0
    # The value is bits / 2**64 * 2**power.
    power = length * 32 - zeros - shift
    keep = 53 if power > -1022 else power + 1074
    if keep < 0:
        return 0.0
    mantissa = i64_shr_u(bits, 64 - keep) if keep > 0 else 0
    rest = bits << keep
    # Half to even; the top bit of `rest` is the half.
    if rest < 0 and (more or rest << 1 != 0 or mantissa & 1 != 0):
        mantissa += 1
    if keep == 53:
        # The first bit is implied: it adds one to the exponent.
        mantissa += (power + 1021) << 52
    if mantissa > 0x7FF0000000000000:
        mantissa = 0x7FF0000000000000
    return f64_reinterpret_i64(mantissa)


# `complex(text)`: a float, a float and j, or both, perhaps in parentheses.
def complex_parse(text: str) -> complex:
    start = space_end(text, 0)
    stop = space_start(text, start)
    if stop - start >= 2 and str_code(text, start) == 40 and str_code(text, stop - 1) == 41:
        start = space_end(text, start + 1)
        stop -= 1
        while stop > start and is_space(str_code(text, stop - 1)):
            stop -= 1
    real = 0.0
    imaginary = 0.0
    at = float_end(text, start, stop)
    if at > start and at == stop:
        return complex(float_between(text, start, at), 0.0)
    last = stop - 1
    if at > start and at < last and str_code(text, at) | 32 != 106:
        real = float_between(text, start, at)
        sign = str_code(text, at)
        start = at
        at = float_end(text, start, stop)
        if sign != 43 and sign != 45:
            raise ValueError("complex() arg is a malformed string")
    if at == start and last >= start:
        # A sign alone, or nothing, before j.
        sign = str_code(text, start)
        imaginary = -1.0 if sign == 45 else 1.0
        if sign == 43 or sign == 45:
            at += 1
    elif at > start:
        imaginary = float_between(text, start, at)
    if at != last or str_code(text, last) | 32 != 106:
        raise ValueError("complex() arg is a malformed string")
    return complex(real, imaginary)
