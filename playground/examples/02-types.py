"""Types without annotations.
Types come from the calls: `scale` is compiled once for each kind of argument."""

import numpy as np


def scale(values, factor):
    return [value * factor for value in values]


def mean(xs):
    total = 0.0
    for x in xs:
        total += x
    return total / len(xs)


# try: mean([1, 2, 3.5])
print(scale([1, 2, 3], 2))
print(scale([0.5, 1.5], 3))
print(scale(['ab', 'c'], 2))
print(mean([1, 2, 3]), mean(np.linspace(0, 1, 5)))
