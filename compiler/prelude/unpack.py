# Checks that lengths fit, where only the run time knows them.


# a, b = sequence
@inline
def check_unpack(length: int, wanted: int) -> None:
    if length != wanted:
        check_unpack_failed(length, wanted)


def check_unpack_failed(length: int, wanted: int) -> None:
    if length > wanted:
        raise ValueError(f"too many values to unpack (expected {wanted})")
    raise ValueError(f"not enough values to unpack (expected {wanted}, got {length})")


# a, *b = sequence
@inline
def check_unpack_star(length: int, wanted: int) -> None:
    if length < wanted:
        raise ValueError(f"not enough values to unpack (expected at least {wanted}, got {length})")


# zip(…, strict=True): how many items the first and the `number`-th argument have left where one of them is at its end.
def check_zip(first: int, other: int, number: int) -> None:
    if first != other:
        relation = "shorter" if other < first else "longer"
        before = "argument 1" if number == 2 else f"arguments 1-{number - 1}"
        raise ValueError(f"zip() argument {number} is {relation} than {before}")
