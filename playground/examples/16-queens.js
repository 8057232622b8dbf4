// `solutions` of the example beside it, as one would write it in JavaScript.

function place(row, size, queens, found) {
  if (row === size) {
    found.push(queens.slice());
    return;
  }
  for (let column = 0; column < size; column++) {
    let free = true;
    for (let other = 0; other < row; other++) {
      if (queens[other] === column || Math.abs(queens[other] - column) === row - other) {
        free = false;
        break;
      }
    }
    if (free) {
      queens.push(column);
      place(row + 1, size, queens, found);
      queens.pop();
    }
  }
}

export function solutions(size) {
  const found = [];
  place(0, Number(size), [], found);
  return found;
}
