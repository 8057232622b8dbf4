"""The Mandelbrot set in characters, by Numba code as it stands."""

import numpy as np
from numba import njit, prange

SHADES = " .:-=+*#%@"


@njit(parallel=True)
def mandelbrot(width, height, limit):
    counts = np.zeros((height, width), dtype=np.int64)
    for row in prange(height):
        for column in range(width):
            x0 = -2.2 + 3.2 * column / width
            y0 = -1.2 + 2.4 * row / height
            x = 0.0
            y = 0.0
            n = 0
            while n < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + x0, 2.0 * x * y + y0
                n += 1
            counts[row, column] = n
    return counts


def shade(n: int, limit: int) -> str:
    if n == limit:
        return SHADES[-1]
    return SHADES[min(n, 35) * (len(SHADES) - 1) // 36]


def main() -> None:
    limit = 200
    counts = mandelbrot(78, 32, limit)
    for row in counts:
        print("".join(shade(n, limit) for n in row))
    inside = sum(1 for row in counts for n in row if n == limit)
    print(f"{inside} of {counts.size} points stay: the area is about {inside / counts.size * 3.2 * 2.4:.3f}")


if __name__ == "__main__":
    main()
