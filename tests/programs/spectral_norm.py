"""The spectral norm of an infinite matrix (a task of the Benchmarks Game)."""

from math import sqrt


def element(i: int, j: int) -> float:
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v: list[float]) -> list[float]:
    return [sum(element(i, j) * x for j, x in enumerate(v)) for i in range(len(v))]


def times_transposed(v: list[float]) -> list[float]:
    return [sum(element(j, i) * x for j, x in enumerate(v)) for i in range(len(v))]


def spectral_norm(n: int) -> float:
    u = [1.0] * n
    v = u
    for _ in range(10):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    vbv = sum(a * b for a, b in zip(u, v))
    vv = sum(b * b for b in v)
    return sqrt(vbv / vv)


print("%0.9f" % spectral_norm(100))
print(spectral_norm(30))
