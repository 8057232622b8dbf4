"""A histogram.
Ten thousand sums of dice: the table, the plot and the histogram of one result."""

import numpy as np


def dice(throws: int, each: int, seed: int = 7):
    np.random.seed(seed)
    sums = np.zeros(throws, dtype=np.int64)
    for throw in range(throws):
        for _ in range(each):
            sums[throw] += np.random.randint(1, 7)
    return sums


# try: dice(10_000, 4)
sums = dice(2000, 4)
print('mean', sums.mean(), 'expected', 4 * 3.5)
