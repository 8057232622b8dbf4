"""The orbits of the giant planets, by a symplectic integrator (the n-body task of the Benchmarks Game)."""

from math import pi, sqrt

SOLAR_MASS = 4 * pi * pi
DAYS = 365.24


def bodies() -> list[list[float]]:
    """Sun, Jupiter, Saturn, Uranus, Neptune: x y z vx vy vz mass."""
    return [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR_MASS],
        [4.84143144246472090e00, -1.16032004402742839e00, -1.03622044471123109e-01,
         1.66007664274403694e-03 * DAYS, 7.69901118419740425e-03 * DAYS, -6.90460016972063023e-05 * DAYS,
         9.54791938424326609e-04 * SOLAR_MASS],
        [8.34336671824457987e00, 4.12479856412430479e00, -4.03523417114321381e-01,
         -2.76742510726411513e-03 * DAYS, 4.99852801234917238e-03 * DAYS, 2.30417297573763929e-05 * DAYS,
         2.85885980666130812e-04 * SOLAR_MASS],
        [1.28943695621391310e01, -1.51111514016986312e01, -2.23307578892655734e-01,
         2.96460137564761618e-03 * DAYS, 2.37847173959480950e-03 * DAYS, -2.96589568540237556e-05 * DAYS,
         4.36624404335156298e-05 * SOLAR_MASS],
        [1.53796971148509165e01, -2.59193146099879641e01, 1.79258772950371181e-01,
         2.68067772490389322e-03 * DAYS, 1.62824170038242295e-03 * DAYS, -9.51592254519715870e-05 * DAYS,
         5.15138902046611451e-05 * SOLAR_MASS],
    ]


def offset_momentum(system: list[list[float]]) -> None:
    sun = system[0]
    for axis in range(3):
        momentum = 0.0
        for body in system:
            momentum += body[3 + axis] * body[6]
        sun[3 + axis] = -momentum / SOLAR_MASS


def energy(system: list[list[float]]) -> float:
    total = 0.0
    for i, a in enumerate(system):
        total += 0.5 * a[6] * (a[3] ** 2 + a[4] ** 2 + a[5] ** 2)
        for b in system[i + 1:]:
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            total -= a[6] * b[6] / sqrt(dx * dx + dy * dy + dz * dz)
    return total


def advance(system: list[list[float]], dt: float) -> None:
    for i in range(len(system)):
        a = system[i]
        for j in range(i + 1, len(system)):
            b = system[j]
            dx = a[0] - b[0]
            dy = a[1] - b[1]
            dz = a[2] - b[2]
            squared = dx * dx + dy * dy + dz * dz
            magnitude = dt / (squared * sqrt(squared))
            a[3] -= dx * b[6] * magnitude
            a[4] -= dy * b[6] * magnitude
            a[5] -= dz * b[6] * magnitude
            b[3] += dx * a[6] * magnitude
            b[4] += dy * a[6] * magnitude
            b[5] += dz * a[6] * magnitude
    for body in system:
        body[0] += dt * body[3]
        body[1] += dt * body[4]
        body[2] += dt * body[5]


def simulate(steps: int) -> float:
    system = bodies()
    offset_momentum(system)
    print(f"{energy(system):.9f}")
    for _ in range(steps):
        advance(system, 0.01)
    return energy(system)


print(f"{simulate(10000):.9f}")
print(repr(simulate(1000)))
