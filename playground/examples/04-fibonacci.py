"""Ints that do not overflow silently.
An `int` has 64 bits, and leaving them raises instead of giving a wrong number."""


def fibonacci(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def digits_of_golden_ratio(n: int) -> list[float]:
    return [fibonacci(k + 1) / fibonacci(k) for k in range(1, n)]


# try: digits_of_golden_ratio(12)
for n in (10, 50, 90):
    print(n, fibonacci(n))
try:
    print(fibonacci(100))
except OverflowError as error:
    print('n = 100:', error)
