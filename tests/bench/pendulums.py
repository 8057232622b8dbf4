"""Many pendulums, each with a sine at every step (Euler and Cromer).

tiny: 5
tolerance: 1e-10: each library's sine is within 1 ulp of the exact value, not equal
"""

import math

import numpy as np
from numba import njit


def setup(n: int = 1000):
    return np.arange(n) * 7919 % 10007 / 5000.0 - 1.0, 500, 0.01


@njit
def pendulums(angles, steps, dt):
    ends = np.empty_like(angles)
    for p in range(angles.shape[0]):
        angle = angles[p]
        speed = 0.0
        for _ in range(steps):
            speed -= dt * 9.81 * math.sin(angle)
            angle += dt * speed
        ends[p] = angle
    return ends
