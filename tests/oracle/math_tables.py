"""Computes the tables of the prelude's mathematics: `python math_tables.py > ../../compiler/prelude/math_tables.py`

Needs mpmath. With `--polynomials` it prints the coefficients that stand in the prelude's functions instead, each with
its greatest error. Tables are bytes, eight for each number, least significant first: constants of the data section,
which the prelude reads at an address that a mask or a bound of the argument keeps inside.
"""

import struct
import sys

import mpmath
from mpmath import mp, mpf

mp.prec = 300


def short(x, bits_after_point):
    """The nearest multiple of 2**-bits_after_point, which must be a float."""
    scaled = mpmath.nint(x * mpf(2) ** bits_after_point)
    result = float(scaled / mpf(2) ** bits_after_point)
    assert mpf(result) == scaled / mpf(2) ** bits_after_point
    return result


def leading(x, bits):
    """The nearest number of so many significant bits."""
    return 0.0 if x == 0 else short(x, bits - 1 - int(mpmath.floor(mpmath.log(abs(x), 2))))


def parts(x, ends):
    """x in parts that end at these binary places, and the float nearest to the rest."""
    result = []
    for end in ends:
        result.append(short(x, end))
        x -= result[-1]
    return [*result, float(x)]


def fit(function, low, high, count):
    """The near-minimax polynomial of `count` coefficients, lowest first, and its greatest error."""
    coefficients, error = mpmath.chebyfit(function, [low, high], count, error=True)
    return [float(c) for c in reversed(coefficients)], float(error)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


# 2 ** (j / 128) = T * (1 + tail): tail, and the bits of T less j << 45, so that (128 * k + j) << 45 makes them 2 ** k * T.
def exp_table():
    for j in range(128):
        exact = mpf(2) ** (mpf(j) / 128)
        value = float(exact)
        yield float(exact / mpf(value) - 1)
        yield (bits(value) - (j << 45)) % 2**64


# Between these lies the r of `log_table`.
LOG_REACH = mpf("-0.0059"), mpf(2) ** -7


# For the 128 stretches of z from 0.6875 to 1.375 that its bits number: a reciprocal of 8 bits after the point, for which
# r = z * reciprocal - 1 is a float, and minus its logarithm, of which the first part ends with that of ln 2.
def log_table():
    for j in range(128):
        low, high = ends = [struct.unpack("<d", struct.pack("<Q", 0x3FE6000000000000 + (at << 45)))[0] for at in (j, j + 1)]
        # A last place of z times one of the reciprocal is at most 2**-53 of the largest r, so all digits of r fit.
        last = -52 if low >= 1 else -53
        for places in (8, 7):
            reciprocal = 1.0 if j in (79, 80) else short(2 / (mpf(low) + mpf(high)), places)
            greatest = max(abs(mpf(z) * reciprocal - 1) for z in ends)
            if greatest <= mpf(2) ** (last - places + 53):
                break
        else:
            raise AssertionError(j)
        assert max(mpf(z) * reciprocal - 1 for z in ends) <= LOG_REACH[1]
        assert min(mpf(z) * reciprocal - 1 for z in ends) >= LOG_REACH[0]
        yield reciprocal
        yield from parts(-mpmath.log(reciprocal), [42])


# sin(j * pi / 32), in 27 bits and the rest. The cosine stands 16 further.
def sin_table():
    for j in range(64):
        exact = mpf(0) if j % 32 == 0 else mpmath.sin(j * mp.pi / 32)
        high = leading(exact, 27)
        yield high
        yield float(exact - high)


# Rows of twelve: f(c) as a pair, f'(c) - 1, and the coefficients of (x - c)**2 to (x - c)**10, for c from `start` by steps.
# The row of 0 has odd powers only.
def pieces(function, step, count, first=0, start=0):
    step = mpf(step)
    half = step / 2
    for j in range(count):
        c = start + j * step
        if j < first:
            row = [0.0] * 12
        elif c == 0:
            root = lambda u: (function(mpmath.sqrt(u)) / mpmath.sqrt(u) - slope) / u
            slope = mpmath.diff(function, 0)
            odd, _ = fit(root, half**2 / 2**30, half**2, 4)
            row = [0.0, 0.0, float(slope - 1), 0.0, odd[0], 0.0, odd[1], 0.0, odd[2], 0.0, odd[3], 0.0]
        else:
            value = function(c)
            high = float(value)
            rest = lambda r: (function(c + r) - value) / r - 1 if r else mpmath.diff(function, c) - 1
            coefficients, error = fit(rest, -half, half * (1 - mpf(2) ** -30), 10)
            assert error * half < value * mpf(2) ** -57, (j, error)
            row = [high, float(value - high), *coefficients]
        yield from row


# Of t = 1 / (1 + x / 2): e ** (x*x) * erfc(x) / t.
def scaled_erfc(t):
    x = 2 / t - 2
    return mpmath.exp(x * x) * mpmath.erfc(x) / t


# ln gamma(x) without its zeros.
def scaled_lgamma(x):
    if x == 1:
        return mp.euler
    if x == 2:
        return 1 - mp.euler
    return mpmath.log(mpmath.gamma(x)) / ((x - 1) * (x - 2))


TABLES = {
    "EXP_TABLE": ("2 ** (j / 128), j from 0 to 127: relative rest, and bits less j << 45.", exp_table()),
    "LOG_TABLE": ("Short reciprocals of the stretches of [0.6875, 1.375), and minus their logarithms in two parts.", log_table()),
    "SIN_TABLE": ("sin(j * pi / 32), j from 0 to 63: 27 bits, and the rest.", sin_table()),
    "ATAN_TABLE": ("atan around 0, 1/16 … 1: see `piece`.", pieces(mpmath.atan, 1 / 16, 17)),
    "ASIN_TABLE": ("asin around 0, 1/32 … 1/2: see `piece`.", pieces(mpmath.asin, 1 / 32, 17)),
    "ERF_TABLE": ("erf around 0, 1/8 … 6: see `piece`.", pieces(mpmath.erf, 1 / 8, 49)),
    "ERFC_TABLE": (
        "e ** (x*x) * erfc(x) / t by t = 1 / (1 + x / 2), around 1/16, 3/32 … 11/16; two rows are empty.",
        pieces(scaled_erfc, 1 / 32, 23, 2),
    ),
    "GAMMA_TABLE": ("gamma around 1, 17/16 … 2: see `piece`.", pieces(mpmath.gamma, 1 / 16, 17, start=1)),
    "LGAMMA_TABLE": (
        "ln gamma(x) / ((x - 1) * (x - 2)) around 3/4, 13/16 … 5/2: see `piece`.",
        pieces(scaled_lgamma, 1 / 16, 29, start=3 / 4),
    ),
}


def main():
    print("# Tables of the elementary functions, written by tests/oracle/math_tables.py, which says what they hold.")
    for name, (comment, numbers) in TABLES.items():
        data = b"".join(struct.pack("<Q", n) if isinstance(n, int) else struct.pack("<d", n) for n in numbers)
        print(f"\n# {comment}\n{name} = (")
        for at in range(0, len(data), 24):
            print('    b"' + "".join(f"\\x{byte:02x}" for byte in data[at : at + 24]) + '"')
        print(")")


def polynomials():
    ln2 = mpmath.log(2)
    print("128 / ln 2", float(128 / ln2), "ln 2 / 128", parts(ln2 / 128, [42]), "ln 2", parts(ln2, [42]))
    print("32 / pi", float(32 / mp.pi), "pi / 32", parts(mp.pi / 32, [32, 57, 85]))
    reach = ln2 / 256 * mpf("1.001")
    print("(e**r - 1 - r) / r**2", fit(lambda r: (mpmath.exp(r) - 1 - r) / r**2, -reach, reach * 1.0001, 4))
    low, high = LOG_REACH
    print("(log(1 + r) - r) / r**2", fit(lambda r: (mpmath.log1p(r) - r) / r**2, low, high, 7))
    print("(log(1 + r) - r + r**2 / 2) / r**3", fit(lambda r: (mpmath.log1p(r) - r + r**2 / 2) / r**3, low, high, 7))
    reach = (mp.pi / 64 * mpf("1.001")) ** 2
    root = mpmath.sqrt
    print("(sin r - r) / r**3 in r**2", fit(lambda u: (mpmath.sin(root(u)) - root(u)) / root(u) ** 3, reach / 2**40, reach, 4))
    print("(cos r - 1) / r**2 in r**2", fit(lambda u: (mpmath.cos(root(u)) - 1) / u, reach / 2**40, reach, 4))


    low, high = mpf("-0.0951"), mpf("0.0945")
    print("((1 + e) ** (-1 / 3) - 1) / e", fit(lambda e: (mpmath.cbrt(1 / (1 + e)) - 1) / e, low, high, 5))


if __name__ == "__main__":
    polynomials() if "--polynomials" in sys.argv else main()
