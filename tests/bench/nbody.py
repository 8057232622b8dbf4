"""The sun and four planets under their gravity.

tiny: 10
"""

import math

import numpy as np
from numba import njit


def setup(steps: int = 50_000):
    positions = np.array([
        [0.0, 0.0, 0.0],
        [4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
        [8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
        [12.8943695621391310, -15.1111514016986312, -0.223307578892655734],
        [15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
    ])
    speeds = np.array([
        [0.0, 0.0, 0.0],
        [0.606326392995832, 2.81198684491626, -0.02521836165988763],
        [-1.0107743461787924, 1.8256623712304119, 0.008415761376584154],
        [1.0827910064415354, 0.8687130181696082, -0.010832637401363636],
        [0.979090732243898, 0.5946989986476762, -0.034755955504078104],
    ])
    masses = np.array([39.47841760435743, 0.03769367487038949, 0.011286326131968767, 0.0017237240570597112, 0.0020336868699246304])
    return positions, speeds, masses, steps


@njit
def nbody(positions, speeds, masses, steps):
    x = positions.copy()
    v = speeds.copy()
    n = masses.shape[0]
    dt = 0.01
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                dx = x[i, 0] - x[j, 0]
                dy = x[i, 1] - x[j, 1]
                dz = x[i, 2] - x[j, 2]
                square = dx * dx + dy * dy + dz * dz
                strength = dt / (square * math.sqrt(square))
                v[i, 0] -= dx * masses[j] * strength
                v[i, 1] -= dy * masses[j] * strength
                v[i, 2] -= dz * masses[j] * strength
                v[j, 0] += dx * masses[i] * strength
                v[j, 1] += dy * masses[i] * strength
                v[j, 2] += dz * masses[i] * strength
        for i in range(n):
            x[i, 0] += dt * v[i, 0]
            x[i, 1] += dt * v[i, 1]
            x[i, 2] += dt * v[i, 2]
    return x
