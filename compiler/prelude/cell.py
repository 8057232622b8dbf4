# Cells: the boxes of variables that a nested function shares with the function around it.


# Releases the value and frees the box.
def cell_drop(self) -> None:
    item_drop(self, address(self) + CELL_VALUE)
    free(address(self))
