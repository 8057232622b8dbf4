# Hashes of tuples, as CPython combines those of the members (after xxHash by Yann Collet, one lane).
# hash((a, b)) is `tuple_hash_end(tuple_hash_add(tuple_hash_add(0, hash(a)), hash(b)), 2)`: the total is kept as its
# difference from the first prime.

TUPLE_HASH_PRIME = 2870177450012600261


def tuple_hash_add(total: int, member: int) -> int:
    return (i64_rotl((total ^ TUPLE_HASH_PRIME) + member * -4417276706812531889, 31) * -7046029288634856825) ^ TUPLE_HASH_PRIME


def tuple_hash_end(total: int, length: int) -> int:
    total = (total ^ TUPLE_HASH_PRIME) + (length ^ 2870177450013471926)
    return 1546275796 if total == -1 else total


def tuple_count(self, value) -> int:
    count = 0
    for item in self:
        if item == value:
            count += 1
    return count


def tuple_index(self, value) -> int:
    at = 0
    for item in self:
        if item == value:
            return at
        at += 1
    raise ValueError("tuple.index(x): x not in tuple")
