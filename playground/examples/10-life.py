"""The game of life.
A glider crosses a board that has no edges."""

import numpy as np
from numba import njit


@njit
def step(board):
    rows, columns = board.shape
    after = np.zeros_like(board)
    for row in range(rows):
        for column in range(columns):
            alive = 0
            for i in range(-1, 2):
                for j in range(-1, 2):
                    if i != 0 or j != 0:
                        alive += board[(row + i) % rows, (column + j) % columns]
            if alive == 3 or (alive == 2 and board[row, column] == 1):
                after[row, column] = 1
    return after


@njit
def evolve(size, generations, seed):
    np.random.seed(seed)
    board = np.zeros((size, size), dtype=np.int64)
    for row in range(size):
        for column in range(size):
            if np.random.random() < 0.3:
                board[row, column] = 1
    for _ in range(generations):
        board = step(board)
    return board


# try: evolve(120, 100, 3)
glider = np.zeros((8, 12), dtype=np.int64)
for row, column in [(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)]:
    glider[row, column] = 1
for _ in range(3):
    for row in glider:
        print(''.join('#' if cell == 1 else '.' for cell in row))
    print()
    for _ in range(4):
        glider = step(glider)
