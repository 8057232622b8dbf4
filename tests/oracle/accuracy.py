"""Compares the mathematics of a `kukri` with mpmath: `python accuracy.py ../../target/debug/kukri [POINTS] [FUNCTION…]`

Needs mpmath. For each function it prints the greatest error in units in the last place over so many points (a million
unless told) and at special ones, and fails where it is beyond the function's limit. Points are spread over the range
where the function does something, evenly and by exponents, and over all floats.

`python accuracy.py --reference > accuracy.txt` writes the points of the short test, `tests/tests/accuracy.rs`: for each
function a line with its expression and limit, then the bits of arguments and of the float nearest to the exact result.
"""

import math
import os
import struct
import subprocess
import sys
import tempfile

import mpmath
import numpy as np
from mpmath import mp, mpf

mp.prec = 160

# Name: the expression in Kukri, mpmath's function, the range, the limit.
FUNCTIONS = {
    "exp": ("np.exp(x)", mpmath.exp, (-746.0, 710.0), 0.52),
    "exp2": ("np.exp2(x)", lambda x: mpf(2) ** x, (-1075.0, 1024.0), 0.52),
    "expm1": ("np.expm1(x)", mpmath.expm1, (-40.0, 710.0), 1.0),
    "log": ("np.log(x)", mpmath.log, (0.0, 10.0), 0.52),
    "log2": ("np.log2(x)", lambda x: mpmath.log(x) / mpmath.log(2), (0.0, 10.0), 1.0),
    "log10": ("np.log10(x)", mpmath.log10, (0.0, 10.0), 1.0),
    "log1p": ("np.log1p(x)", mpmath.log1p, (-1.0, 10.0), 1.0),
    "sin": ("np.sin(x)", mpmath.sin, (-1e6, 1e6), 0.52),
    "cos": ("np.cos(x)", mpmath.cos, (-1e6, 1e6), 0.52),
    "tan": ("np.tan(x)", mpmath.tan, (-1e6, 1e6), 1.0),
    "asin": ("np.arcsin(x)", mpmath.asin, (-1.0, 1.0), 1.0),
    "acos": ("np.arccos(x)", mpmath.acos, (-1.0, 1.0), 1.0),
    "atan": ("np.arctan(x)", mpmath.atan, (-20.0, 20.0), 1.0),
    "sinh": ("np.sinh(x)", mpmath.sinh, (-711.0, 711.0), 1.0),
    "cosh": ("np.cosh(x)", mpmath.cosh, (-711.0, 711.0), 1.0),
    "tanh": ("np.tanh(x)", mpmath.tanh, (-20.0, 20.0), 1.0),
    "asinh": ("np.arcsinh(x)", mpmath.asinh, (-20.0, 20.0), 1.0),
    "acosh": ("np.arccosh(x)", mpmath.acosh, (1.0, 20.0), 1.0),
    "atanh": ("np.arctanh(x)", mpmath.atanh, (-1.0, 1.0), 1.0),
    "cbrt": ("np.cbrt(x)", lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), (-20.0, 20.0), 1.0),
    "erf": ("math.erf(x)", lambda x: mpmath.erf(x), (-6.0, 6.0), 1.0),
    "erfc": ("math.erfc(x)", mpmath.erfc, (-6.0, 27.0), 1.0),
    "gamma": ("math.gamma(x)", mpmath.gamma, (0.0, 171.0), 1.0),
    "lgamma": ("math.lgamma(x)", lambda x: mpmath.loggamma(x), (0.0, 200.0), 1.0),
    "pow": ("x**y", lambda x, y: x**y, (0.0, 10.0), 0.52),
    "atan2": ("np.arctan2(x, y)", mpmath.atan2, (-10.0, 10.0), 1.0),
    "hypot": ("np.hypot(x, y)", lambda x, y: mpmath.sqrt(x * x + y * y), (-10.0, 10.0), 1.0),
}
# Those are asked as `math` has them, which raises where there is no value.
RAISES = {"gamma", "lgamma"}


def points(rng, count, low, high):
    """A third evenly, a third by exponents, a third over all floats."""
    count = count // 3
    even = rng.uniform(low, high, count)
    largest = math.log2(max(abs(low), abs(high)))
    scaled = rng.choice([-1.0, 1.0], count) * 2.0 ** rng.uniform(largest - 60, largest, count)
    scaled = scaled[(scaled >= low) & (scaled <= high)]
    every = rng.integers(0, 2**64, count, dtype=np.uint64).view(np.float64)
    return np.concatenate([even, scaled, every])


SPECIAL = np.array(
    [0.0, 1.0, 0.5, 2.0, 3.0, 10.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, np.inf, np.nan, 1e22, 2.0**-27,
     math.pi, math.pi / 2, math.pi / 4, 1.0 - 2.0**-53, 1.0 + 2.0**-52, 709.782712893384, 745.1332191019411, 6381956970095103.0 * 2.0**797]
)  # fmt: skip


def ulps(result, exact):
    """The error in units in the last place of the exact result, or infinity where they are of different kinds."""
    if isinstance(exact, mpmath.mpc):
        exact = mpf("nan")
    if mpmath.isnan(exact):
        return 0.0 if math.isnan(result) else math.inf
    nearest = float(exact)
    if math.isnan(result):
        return math.inf
    if math.isinf(result) or math.isinf(nearest):
        return 0.0 if result == nearest or abs(exact) > mpf(2) ** 1024 * (1 - mpf(2) ** -53) else math.inf
    return float(abs(mpf(result) - exact) / mpf(math.ulp(nearest)))


def arguments_of(name, count):
    """Columns of arguments at which the function has a value, or nan."""
    _, _, (low, high), _ = FUNCTIONS[name]
    rng = np.random.default_rng(1)
    arity = 2 if name in ("pow", "atan2", "hypot") else 1
    columns = [points(rng, count, low, high) for _ in range(arity)]
    length = min(len(column) for column in columns)
    columns = [column[:length] if arity == 1 else rng.permutation(column)[:length] for column in columns]
    special = np.concatenate([SPECIAL, -SPECIAL])
    columns = [np.concatenate([c, s]) for c, s in zip(columns, [special, rng.permutation(special)])]
    if name in RAISES:
        keep = (columns[0] > 1e-300) & (columns[0] < (171.6 if name == "gamma" else 1e300))
        columns = [columns[0][keep]]
    return columns


def run(kukri, name, count):
    expression, exact, _, limit = FUNCTIONS[name]
    columns = arguments_of(name, count)
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "f.py")
        with open(program, "w") as file:
            pairs = "x in xs" if len(columns) == 1 else "x, y in zip(xs, ys)"
            names = ["xs", "ys"][: len(columns)]
            file.write(f"import math\nimport numpy as np\ndef f({', '.join(names)}):\n    return [float({expression}) for {pairs}]\n")
        arguments = []
        for variable, column in zip(names, columns):
            np.save(os.path.join(folder, f"{variable}.npy"), column)
            arguments.append("@" + os.path.join(folder, f"{variable}.npy"))
        output = subprocess.run([kukri, "call", program, "f", *arguments], capture_output=True, text=True)
        assert output.returncode == 0, output.stderr[:2000]
        results = [float(part) for part in output.stdout.strip()[1:-1].split(",")]
    assert len(results) == len(columns[0]) > 0
    worst, at, wrong = 0.0, None, 0
    for result, *arguments in zip(results, *(column.tolist() for column in columns)):
        try:
            value = exact_value(name, exact, *arguments)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if value is None:
            continue
        error = ulps(result, value)
        wrong += error > 0.5
        if error > worst:
            worst, at = error, (*arguments, result)
    verdict = "" if worst <= limit else "   ABOVE THE LIMIT"
    print(f"{name:8} {len(results):8} points  {worst:8.4f} ulp  not nearest {100 * wrong / len(results):6.3f} %  at {at}{verdict}", flush=True)
    return worst <= limit


def exact_value(name, exact, *arguments):
    """mpmath's value, or None where it takes no such argument."""
    if any(math.isnan(a) or math.isinf(a) for a in arguments):
        return None
    x = mpf(arguments[0])
    if name in ("exp", "expm1", "sinh", "cosh", "exp2", "tanh") and abs(x) > 2000:
        return None
    if name in ("log", "log2", "log10") and x <= 0 or name == "log1p" and x <= -1:
        return None
    if name in ("erf", "erfc") and abs(x) > 60:
        return None
    if name == "atan2" and (0.0 in arguments or abs(x) * 2.0**-1000 > abs(arguments[1])):
        return None
    if name == "pow" and (x <= 0 or abs(mpmath.log(x) * mpf(arguments[1])) > 2000):
        return None
    if name in ("sin", "cos", "tan"):
        with mp.workprec(1300):
            return +exact(x)
    with mp.workprec(160 if abs(x) > 1e-30 else 1300):
        return exact(*map(mpf, arguments))


def reference():
    print("# Exact values of functions, written by accuracy.py; accuracy.rs says what they are for.")
    for name, (expression, exact, _, limit) in FUNCTIONS.items():
        print(f"{expression}, {limit}")
        for arguments in zip(*(column.tolist() for column in arguments_of(name, 90))):
            try:
                value = exact_value(name, exact, *arguments)
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
            if value is not None and not isinstance(value, mpmath.mpc):
                print(*(struct.pack(">d", number).hex() for number in (*arguments, float(value))))


def main():
    if sys.argv[1:] == ["--reference"]:
        return reference()
    kukri, *rest = sys.argv[1:]
    count = int(rest.pop(0)) if rest and rest[0].isdigit() else 1_000_000
    return 0 if all([run(kukri, name, count) for name in rest or FUNCTIONS]) else 1


if __name__ == "__main__":
    sys.exit(main())
