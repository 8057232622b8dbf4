# Whole numbers of any size in raw memory: 32-bit words, lowest first. Only what exact decimal text of floats needs.


# Writes n * 2**shift at `to`; gives the number of words, the top one not 0 (n is positive, below 2**63).
def big_shifted(to: ptr, n: int, shift: int) -> int:
    words = shift >> 5
    rest = shift & 31
    memory_fill(to, 0, words * 4)
    store_u32(to + words * 4, n << rest)
    store_u32(to + words * 4 + 4, i64_shr_u(n, 32 - rest))
    store_u32(to + words * 4 + 8, i64_shr_u(i64_shr_u(n, 32), 32 - rest))
    return big_trim(to, words + 3)


# The number of words without zeros at the top.
def big_trim(p: ptr, words: int) -> int:
    while words > 0 and load_u32(p + words * 4 - 4) == 0:
        words -= 1
    return words


# Takes the words that are 0 away at the bottom; gives the number of those that are left, 0 if there are none.
def big_drop_zeros(p: ptr, words: int) -> int:
    zeros = 0
    while zeros < words and load_u32(p + zeros * 4) == 0:
        zeros += 1
    memory_copy(p, p + zeros * 4, (words - zeros) * 4)
    return words - zeros


# Multiplies by `factor` (below 2**32) and adds `carry`, in place; gives what does not fit in the words.
def big_multiply(p: ptr, words: int, factor: int, carry: int) -> int:
    for i in range(words):
        carry += load_u32(p + i * 4) * factor
        store_u32(p + i * 4, carry)
        carry = i64_shr_u(carry, 32)
    return carry


# Divides by `divisor` (below 2**32), in place; gives the remainder.
def big_divide(p: ptr, words: int, divisor: int) -> int:
    rest = 0
    while words > 0:
        words -= 1
        rest = rest << 32 | load_u32(p + words * 4)
        quotient = i64_div_u(rest, divisor)
        store_u32(p + words * 4, quotient)
        rest -= quotient * divisor
    return rest


# Multiplies by 10**count; gives the new number of words.
def big_scale(p: ptr, words: int, count: int) -> int:
    while count > 0:
        factor = 1000000000 if count >= 9 else small_power_of_ten(count)
        carry = big_multiply(p, words, factor, 0)
        if carry != 0:
            store_u32(p + words * 4, carry)
            words += 1
        count -= 9
    return words


def small_power_of_ten(count: int) -> int:
    power = 1
    for _ in range(count):
        power *= 10
    return power
