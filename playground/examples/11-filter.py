"""An image filter.
Upload a picture for `picture` (the File button), and find its edges."""

import numpy as np


def grey(picture):
    height, width, _ = picture.shape
    out = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            red, green, blue = picture[y, x, 0], picture[y, x, 1], picture[y, x, 2]
            out[y, x] = 0.299 * float(red) + 0.587 * float(green) + 0.114 * float(blue)
    return out


def edges(picture):
    light = grey(picture)
    height, width = light.shape
    out = np.zeros((height, width))
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            across = light[y, x + 1] - light[y, x - 1]
            down = light[y + 1, x] - light[y - 1, x]
            out[y, x] = min(255.0, (across * across + down * down) ** 0.5)
    return out


def sample(size: int):
    picture = np.zeros((size, size, 3), dtype=np.uint8)
    for y in range(size):
        for x in range(size):
            inside = (x - size / 2) ** 2 + (y - size / 2) ** 2 < (size / 3) ** 2
            picture[y, x, 0] = 220 if inside else 30
            picture[y, x, 1] = x * 255 // size
            picture[y, x, 2] = y * 255 // size
    return picture


# try: edges(sample(240))
print(edges(sample(16)).round(0)[8])
