"""Planets.
The four outer planets and the sun, and how well their energy is kept."""

import math

DAYS = 365.24
MASS = 4 * math.pi * math.pi


def bodies() -> list[list[float]]:
    return [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, MASS],
        [4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * DAYS,
         0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS, 0.000954791938424326609 * MASS],
        [8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411021 * DAYS,
         0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS, 0.000285885980666130812 * MASS],
    ]


def energy(system: list[list[float]]) -> float:
    total = 0.0
    for i in range(len(system)):
        a = system[i]
        total += 0.5 * a[6] * (a[3] ** 2 + a[4] ** 2 + a[5] ** 2)
        for j in range(i + 1, len(system)):
            b = system[j]
            total -= a[6] * b[6] / math.dist(a[:3], b[:3])
    return total


def advance(system: list[list[float]], dt: float) -> None:
    for i in range(len(system)):
        a = system[i]
        for j in range(i + 1, len(system)):
            b = system[j]
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            pull = dt / (dx * dx + dy * dy + dz * dz) ** 1.5
            a[3] -= dx * b[6] * pull
            a[4] -= dy * b[6] * pull
            a[5] -= dz * b[6] * pull
            b[3] += dx * a[6] * pull
            b[4] += dy * a[6] * pull
            b[5] += dz * a[6] * pull
    for body in system:
        for axis in range(3):
            body[axis] += dt * body[3 + axis]


def distances(years: int) -> list[float]:
    system = bodies()
    out: list[float] = []
    for _ in range(years * 10):
        for _ in range(10):
            advance(system, 0.01)
        out.append(math.dist(system[0][:3], system[1][:3]))
    return out


# try: distances(30)
system = bodies()
before = energy(system)
for _ in range(10_000):
    advance(system, 0.01)
print('energy before', before)
print('energy after ', energy(system))
