"""Rays from an eye to spheres: vectors are tuples of three numbers, through small functions.

tiny: 6
"""

import math

import numpy as np
from numba import njit


def setup(n: int = 500):
    return np.array([[0.0, 0.0, 5.0, 1.0], [1.5, 0.5, 6.0, 1.2], [-1.8, -0.4, 4.0, 0.7], [0.2, 1.6, 7.0, 1.5]]), n


@njit
def subtract(a, b):
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@njit
def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit
def scaled(a, factor):
    return a[0] * factor, a[1] * factor, a[2] * factor


@njit
def normalised(a):
    return scaled(a, 1.0 / math.sqrt(dot(a, a)))


@njit
def hit(origin, direction, centre, radius):
    towards = subtract(centre, origin)
    along = dot(towards, direction)
    square = dot(towards, towards) - along * along
    if along < 0.0 or square > radius * radius:
        return -1.0
    return along - math.sqrt(radius * radius - square)


@njit
def ray_spheres(spheres, n):
    picture = np.zeros((n, n))
    light = normalised((1.0, 1.0, -1.0))
    eye = (0.0, 0.0, 0.0)
    for i in range(n):
        for j in range(n):
            direction = normalised((2.0 * j / n - 1.0, 1.0 - 2.0 * i / n, 1.5))
            nearest = 1e30
            shade = 0.0
            for s in range(spheres.shape[0]):
                centre = (spheres[s, 0], spheres[s, 1], spheres[s, 2])
                distance = hit(eye, direction, centre, spheres[s, 3])
                if 0.0 < distance < nearest:
                    nearest = distance
                    normal = normalised(subtract(scaled(direction, distance), centre))
                    shade = max(0.0, dot(normal, light))
            picture[i, j] = shade
    return picture
