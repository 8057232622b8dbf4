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


# zip(*rows) of rows of `wanted` different types: without rows there are no columns.
def check_unpack_rows(length: int, wanted: int) -> None:
    if length == 0:
        check_unpack_failed(0, wanted)


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


# f(*items): `names` are the parameters without default that are still to be filled, of `wanted` in all; the function has
# `most` parameters by position, of which `given` were filled before, and takes any more if `rest`.
def check_star(length: int, names, given: int, wanted: int, most: int, rest: bool, function: str) -> None:
    if length < len(names):
        missing = [repr(name) for name in names[length:]]
        text = missing[0]
        if len(missing) == 2:
            text = missing[0] + " and " + missing[1]
        if len(missing) > 2:
            text = ", ".join(missing[:-1]) + ", and " + missing[-1]
        raise TypeError(f"{function}() missing {len(missing)} required positional argument{'s' if len(missing) > 1 else ''}: {text}")
    if length > wanted and not rest:
        least = most - wanted + len(names)
        takes = f"from {least} to {most}" if least < most else f"{most}"
        verb = "was" if given + length == 1 else "were"
        raise TypeError(f"{function}() takes {takes} positional argument{'s' if most != 1 else ''} but {given + length} {verb} given")


# f(**named), of a function that takes `names` and no others.
def check_keywords(named, names, function: str) -> None:
    for name in named:
        if name not in names:
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")


# The argument `name` of f(**named).
def keyword_required(named, name: str, function: str):
    at = dict_find(named, name)
    if at < 0:
        raise TypeError(f"{function}() missing 1 required positional argument: '{name}'")
    return list_item(dict_values(named), at)


# What `named` has for a `**` parameter: all but `taken`.
def keywords_update(self, named, taken) -> None:
    for name in named:
        if name not in taken:
            dict_setitem(self, name, dict_getitem(named, name))
