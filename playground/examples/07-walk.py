"""Random walks.
Several columns are several lines; the generator is NumPy's and gives NumPy's numbers."""

import numpy as np


def walks(steps: int, count: int, seed: int = 1):
    np.random.seed(seed)
    paths = np.zeros((steps, count))
    for walk in range(count):
        position = 0.0
        for step in range(steps):
            position += np.random.normal(0.0, 1.0)
            paths[step, walk] = position
    return paths


# try: walks(500, 5)
ends = walks(200, 8)[-1]
print('they end at', np.round(ends, 2))
