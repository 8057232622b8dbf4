"""Error: wrong arguments.
Calls are checked against the definition: how many, by which names, of which types."""


def box(width: float, height: float, depth: float = 1.0) -> float:
    return width * height * depth


print(box(2.0))
print(box(2.0, 3.0, weight=4.0))
print(box(2.0, 'tall'))
