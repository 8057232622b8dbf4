# Exact decimal digits of floats, correctly rounded: what '%.17g' and format(x, '.3f') need.
#
# A float is a whole number times a power of two, so its decimal digits end: at most 309 before the point and 1074
# after it. They are made nine at a time and rounded half to even where they are cut.

# Room for the digits before the point, for all digits, and for the words of the number.
DIGITS_BEFORE = 320
DIGITS_ROOM = 1440
DIGITS_WORDS = 40


# The digits of a finite x >= 0, as 0.ddd * 10**point: (memory to be freed, count, point), with ASCII digits at the
# memory's start. `fixed`: with `places` digits after the point; else with `places` digits in all. Fewer digits are
# given where only zeros would follow; none for 0.
def exact_digits(x: float, places: int, fixed: bool) -> tuple[ptr, int, int]:
    memory = allocate(DIGITS_ROOM + DIGITS_WORDS * 4)
    words = memory + DIGITS_ROOM
    bits = i64_reinterpret_f64(x)
    exponent = bits >> 52
    mantissa = bits & 0xFFFFFFFFFFFFF
    if exponent == 0:
        exponent = 1
    else:
        mantissa |= 1 << 52
    exponent -= 1075
    # What is before the point.
    whole = mantissa << exponent if exponent >= 0 else mantissa >> -exponent if exponent > -53 else 0
    middle = memory + DIGITS_BEFORE
    start = middle
    if exponent > 10:
        count = big_shifted(words, mantissa, exponent)
        while count > 0:
            start = start - 9
            put_digits(start, big_divide(words, count, 1000000000), 9)
            count = big_trim(words, count)
    elif whole > 0:
        start = start - digit_count(whole)
        put_digits(start, whole, middle - start)
    while start < middle and load_u8(start) == 48:
        start = start + 1
    point = middle - start
    # What is after it.
    end = middle
    count = 0
    if exponent < 0:
        count = (31 - exponent) >> 5
        # The lowest word is filled up, so that the point is between words.
        size = big_shifted(words, mantissa - (whole << -exponent), count * 32 + exponent)
        memory_fill(words + size * 4, 0, (count - size) * 4)
        count = big_drop_zeros(words, count)
    wanted = digits_wanted(places, point, fixed)
    while count > 0 and end - start < wanted + 1:
        put_digits(end, big_multiply(words, count, 1000000000, 0), 9)
        end = end + 9
        count = big_drop_zeros(words, count)
        # Zeros behind the point are no digits.
        while point <= 0 and start < end and load_u8(start) == 48:
            start = start + 1
            point -= 1
            wanted = digits_wanted(places, point, fixed)
    length = end - start
    if length > wanted:
        length = wanted if wanted > 0 else 0
        if wanted >= 0 and rounds_up(start, wanted, end - start, count > 0):
            if digits_add_one(start, length):
                store_u8(start, 49)
                memory_fill(start + 1, 48, length)
                point += 1
                if fixed or length == 0:
                    length += 1
    memory_copy(memory, start, length)
    return memory, length, point


@inline
def digits_wanted(places: int, point: int, fixed: bool) -> int:
    return places + point if fixed else places


# Whether digits cut to the first `count` of `length` are to be rounded up. `more`: not all digits behind are zeros.
def rounds_up(digits: ptr, count: int, length: int, more: bool) -> bool:
    next = load_u8(digits + count)
    if next != 53 or more:
        return next >= 53
    for i in range(count + 1, length):
        if load_u8(digits + i) != 48:
            return True
    # Half-way: to the even digit.
    return count > 0 and load_u8(digits + count - 1) & 1 != 0


# Adds one to the last of the digits; true if it is carried out of the first.
def digits_add_one(digits: ptr, count: int) -> bool:
    while count > 0:
        count -= 1
        digit = load_u8(digits + count)
        if digit != 57:
            store_u8(digits + count, digit + 1)
            return False
        store_u8(digits + count, 48)
    return True


# Copies `count` digits from the `at`-th on, with zeros for those that are not there; gives the address after them.
def copy_digits(to: ptr, digits: ptr, length: int, at: int, count: int) -> ptr:
    if at < 0:
        # Zeros between the point and the first digit.
        zeros = -at if -at < count else count
        memory_fill(to, 48, zeros)
        to = to + zeros
        at = 0
        count -= zeros
    there = length - at if length > at else 0
    there = count if there > count else there
    memory_copy(to, digits + at, there)
    memory_fill(to + there, 48, count - there)
    return to + count


# |x| with `places` digits after the point; `point` is whether there is a point even before no digits.
def float_fixed(x: float, places: int, alternate: bool) -> str:
    digits, length, point = exact_digits(f64_abs(x), places, True)
    before = point if point > 0 else 1
    size = before + places + (1 if places > 0 or alternate else 0)
    p = str_new(size, 1)
    to = p + STR_DATA
    if point > 0:
        to = copy_digits(to, digits, length, 0, point)
    else:
        store_u8(to, 48)
        to = to + 1
    if places > 0 or alternate:
        store_u8(to, 46)
        copy_digits(to + 1, digits, length, point, places)
    free(digits)
    return own_str(p)


# |x| as d.ddde+05, with `places` digits after the point. `letter` is the code of e or E.
def float_scientific(x: float, places: int, alternate: bool, letter: int) -> str:
    digits, length, point = exact_digits(f64_abs(x), places + 1, False)
    text = scientific_text(digits, length, places, point - 1 if x != 0.0 else 0, alternate, letter)
    free(digits)
    return text


def scientific_text(digits: ptr, length: int, places: int, exponent: int, alternate: bool, letter: int) -> str:
    p = str_new(places + 8, 1)
    to = copy_digits(p + STR_DATA, digits, length, 0, 1)
    if places > 0 or alternate:
        store_u8(to, 46)
        to = copy_digits(to + 1, digits, length, 1, places)
    to = put_exponent(to, letter, exponent)
    store_u32(p + 4, to - (p + STR_DATA))
    return own_str(p)


# |x| with `precision` digits in all, as 'g' does: scientific for very large and very small numbers, without zeros at
# the end unless `alternate`.
# For format() without a type, `whole` is 1: whole numbers end in ".0", and that counts as a digit.
def float_general(x: float, precision: int, alternate: bool, letter: int, whole: int) -> str:
    places = precision if precision > 0 else 1
    digits, length, point = exact_digits(f64_abs(x), places, False)
    exponent = point - 1 if x != 0.0 else 0
    if not alternate:
        while length > 0 and load_u8(digits + length - 1) == 48:
            length -= 1
    count = places if alternate else length if length > 0 else 1
    text = ""
    if exponent < -4 or exponent >= places - whole:
        text = scientific_text(digits, length, count - 1, exponent, alternate, letter)
    else:
        behind = count - exponent - 1
        behind = behind if behind > whole else whole
        before = exponent + 1 if exponent >= 0 else 1
        p = str_new(before + behind + (1 if behind > 0 or alternate else 0), 1)
        to = copy_digits(p + STR_DATA, digits, length, exponent if exponent < 0 else 0, before)
        if behind > 0 or alternate:
            store_u8(to, 46)
            copy_digits(to + 1, digits, length, exponent + 1, behind)
        text = own_str(p)
    free(digits)
    return text
