import sys
import numba as nb
import numpy as np


class Refused(ValueError):
    pass


calls = 0


def add(a: int, b: int) -> int:
    return a + b


def f_float(x: float) -> float:
    return x * 0.1 + 0.7


def text(s: str) -> str:
    return s + "!" + str(len(s))


def texts(xs: list[str]) -> list[list[str]]:
    return [[x, x * 2] for x in xs]


def flag(x: bool) -> bool:
    return not x


def cplx(z: complex) -> complex:
    return z * 1j


def maybe(x: int | None) -> str | None:
    if x is None:
        return None
    return str(x)


def pair(p: tuple[int, str, float]) -> tuple[float, str, int]:
    return p[2], p[1], p[0]


def byte(b: bytes) -> bytes:
    return b + b"\xff"


def table(n: int) -> dict[str, list[int]]:
    return {str(i): [i] * i for i in range(n)}


def uniq(xs: list[int]) -> set[int]:
    return set(xs)


def steps(n: int) -> range:
    return range(n)


def grow(xs: list[int]) -> int:
    xs.append(len(xs))
    return len(xs)


def fails(x: int) -> int:
    print("failing", x)
    try:
        return 10 // x
    except ZeroDivisionError as error:
        raise Refused("no é") from error


def index(xs: list[float]) -> float:
    return xs[5]


def deep(n: int) -> int:
    return deep(n + 1) + 1


def count() -> int:
    global calls
    calls += 1
    return calls


def say(name: str) -> None:
    print("hello", name, end="")
    print("!", file=sys.stderr)
    print()


def ask() -> list[str]:
    return [input("? "), sys.stdin.readline()] + sys.argv


def wide(n: int) -> tuple[tuple[str, str], int]:
    return (str(n), "x" * n), n


@nb.njit("float64(float64[:], float64[:])")
def dot(a, b):
    t = 0.0
    for i in range(a.size):
        t += a[i] * b[i]
    return t


@nb.njit("void(float64[:, :], float64)")
def scale(a, k):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] *= k


@nb.njit("float64[:, :](float64[::1, :])")
def turn(a):
    return a.T


@nb.njit("int64[:](int64)")
def numbers(n):
    return np.arange(n)[::-1]


@nb.njit("uint8[:](uint8[:])")
def brighter(a):
    for i in range(a.size):
        a[i] = a[i] + 1
    return a[::2]


@nb.njit("complex128[:](complex128[:])")
def conj(a):
    return a


def new(default: int, function: int) -> int:
    return default - function


print("ready")
