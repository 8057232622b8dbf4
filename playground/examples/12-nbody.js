// `distances` of the example beside it, as one would write it in JavaScript.

const DAYS = 365.24, MASS = 4 * Math.PI * Math.PI;

const bodies = () => [
  [0, 0, 0, 0, 0, 0, MASS],
  [4.8414314424647209, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * DAYS,
    0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS, 0.000954791938424326609 * MASS],
  [8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411021 * DAYS,
    0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS, 0.000285885980666130812 * MASS],
];

function advance(system, dt) {
  for (let i = 0; i < system.length; i++) {
    const a = system[i];
    for (let j = i + 1; j < system.length; j++) {
      const b = system[j], dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
      const pull = dt / (dx * dx + dy * dy + dz * dz) ** 1.5;
      a[3] -= dx * b[6] * pull;
      a[4] -= dy * b[6] * pull;
      a[5] -= dz * b[6] * pull;
      b[3] += dx * a[6] * pull;
      b[4] += dy * a[6] * pull;
      b[5] += dz * a[6] * pull;
    }
  }
  for (const body of system) for (let axis = 0; axis < 3; axis++) body[axis] += dt * body[3 + axis];
}

export function distances(years) {
  const system = bodies(), out = [];
  for (let step = 0; step < Number(years) * 10; step++) {
    for (let part = 0; part < 10; part++) advance(system, 0.01);
    const [a, b] = system;
    out.push(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  }
  return out;
}
