// `mandelbrot` of the example beside it, as one would write it in JavaScript.

export function mandelbrot(width, height, limit) {
  const [columns, rows] = [Number(width), Number(height)], counts = new BigInt64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x0 = -2.2 + (3.2 * column) / columns, y0 = -1.2 + (2.4 * row) / rows;
      let x = 0, y = 0, n = 0;
      while (n < limit && x * x + y * y <= 4) {
        [x, y] = [x * x - y * y + x0, 2 * x * y + y0];
        n += 1;
      }
      counts[row * columns + column] = BigInt(n);
    }
  }
  return { data: counts, shape: [rows, columns] };
}
