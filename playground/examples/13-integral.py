"""Functions as arguments.
A function that takes another one is compiled for exactly that one: the call costs nothing."""

import math


def integrate(f, a, b, n):
    h = (b - a) / n
    total = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        total += f(a + i * h)
    return total * h


def bell(x):
    return math.exp(-x * x)


# try: integrate(lambda x: x * x, 0.0, 3.0, 1000)
print(integrate(bell, -6.0, 6.0, 10_000), math.sqrt(math.pi))
print(integrate(lambda x: x ** 3, 0.0, 1.0, 1000))
