"""Eight queens.
Backtracking over lists, with a picture of the first solution."""


def place(row: int, size: int, queens: list[int], found: list[list[int]]) -> None:
    if row == size:
        found.append(queens.copy())
        return
    for column in range(size):
        free = True
        for other in range(row):
            if queens[other] == column or abs(queens[other] - column) == row - other:
                free = False
                break
        if free:
            queens.append(column)
            place(row + 1, size, queens, found)
            queens.pop()


def solutions(size: int) -> list[list[int]]:
    found: list[list[int]] = []
    place(0, size, [], found)
    return found


# try: solutions(6)
all_of_them = solutions(8)
print(len(all_of_them), 'solutions')
for queen in all_of_them[0]:
    print(' '.join('Q' if column == queen else '.' for column in range(8)))
