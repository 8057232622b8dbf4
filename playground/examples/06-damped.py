"""A plot.
Call `damped` in the panel on the right: a 1-D array is drawn as a line. Drag to zoom."""

import numpy as np


def damped(frequency: float, decay: float, n: int = 400):
    t = np.linspace(0, 10, n)
    return np.exp(-decay * t) * np.cos(2 * np.pi * frequency * t)


# try: damped(0.8, 0.35)
wave = damped(0.8, 0.35)
print('from', wave.max(), 'down to', wave.min())
