"""A strange attractor.
Lorenz's three equations, with Runge and Kutta; x grows along the first column."""

import numpy as np


def slope(x, y, z):
    return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z


def lorenz(steps: int, dt: float = 0.01):
    path = np.zeros((steps, 3))
    x, y, z = 1.0, 1.0, 1.0
    for step in range(steps):
        ax, ay, az = slope(x, y, z)
        bx, by, bz = slope(x + dt / 2 * ax, y + dt / 2 * ay, z + dt / 2 * az)
        cx, cy, cz = slope(x + dt / 2 * bx, y + dt / 2 * by, z + dt / 2 * bz)
        dx, dy, dz = slope(x + dt * cx, y + dt * cy, z + dt * cz)
        x += dt / 6 * (ax + 2 * bx + 2 * cx + dx)
        y += dt / 6 * (ay + 2 * by + 2 * cy + dy)
        z += dt / 6 * (az + 2 * bz + 2 * cz + dz)
        path[step] = np.array([x, y, z])
    return path


# try: lorenz(3000)
print(lorenz(1000)[-1])
