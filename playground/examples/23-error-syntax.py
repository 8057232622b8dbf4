"""Error: something is missing.
A colon here, a bracket there: each is reported, at its place."""


def area(radius: float) -> float
    return 3.14159 * radius ** 2


print(area(2.0)
