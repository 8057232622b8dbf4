# Hashes of tuples, as CPython combines those of the members (after xxHash by Yann Collet, one lane).
# hash((a, b)) is `tuple_hash_end(tuple_hash_add(tuple_hash_add(TUPLE_HASH_START, hash(a)), hash(b)), 2)`.

TUPLE_HASH_START = 2870177450012600261


def tuple_hash_add(total: int, member: int) -> int:
    return i64_rotl(total + member * -4417276706812531889, 31) * -7046029288634856825


def tuple_hash_end(total: int, length: int) -> int:
    total = total + (length ^ 2870177450013471926)
    return 1546275796 if total == -1 else total
