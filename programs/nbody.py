# NBody: the sun and the four gas giants attract each other for `inner` steps of a hundredth of a day (symplectic
# Euler). The result is the system's energy. Float arithmetic on attributes of objects.
#
# Roots are taken as `** 0.5`, which a C library may round differently from a square root in a few cases of ten
# thousand; so the energy is compared within 1e-12.
#
# Usage: nbody.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 250000.

import sys
import time

NAME = "NBody"
DEFAULT_INNER = 200000

# The energy after so many steps.
EXPECTED = {1: -0.16907495402506745, 200000: -0.16908371256961882, 250000: -0.1690859889909308}

PI = 3.141592653589793
SOLAR_MASS = 4.0 * PI * PI
DAYS_PER_YEAR = 365.24


class Body:
    """A mass with its place and velocity; lengths in astronomical units, times in years."""

    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx * DAYS_PER_YEAR
        self.vy = vy * DAYS_PER_YEAR
        self.vz = vz * DAYS_PER_YEAR
        self.mass = mass * SOLAR_MASS

    def balance(self, px, py, pz):
        """Give the sun the velocity that makes the whole system's momentum zero."""
        self.vx = 0.0 - px / SOLAR_MASS
        self.vy = 0.0 - py / SOLAR_MASS
        self.vz = 0.0 - pz / SOLAR_MASS


def jupiter():
    return Body(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
                1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04)


def saturn():
    return Body(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
                -2.76742510726862411e-03, 4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04)


def uranus():
    return Body(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
                2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05)


def neptune():
    return Body(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
                2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05)


def sun():
    return Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


class SolarSystem:
    def __init__(self):
        self.bodies = [sun(), jupiter(), saturn(), uranus(), neptune()]
        px = 0.0
        py = 0.0
        pz = 0.0
        for body in self.bodies:
            px += body.vx * body.mass
            py += body.vy * body.mass
            pz += body.vz * body.mass
        self.bodies[0].balance(px, py, pz)

    def advance(self, dt):
        bodies = self.bodies
        count = len(bodies)
        for i in range(count):
            a = bodies[i]
            for j in range(i + 1, count):
                b = bodies[j]
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                squared = dx * dx + dy * dy + dz * dz
                magnitude = dt / (squared * squared ** 0.5)
                a.vx -= dx * b.mass * magnitude
                a.vy -= dy * b.mass * magnitude
                a.vz -= dz * b.mass * magnitude
                b.vx += dx * a.mass * magnitude
                b.vy += dy * a.mass * magnitude
                b.vz += dz * a.mass * magnitude
        for body in bodies:
            body.x += dt * body.vx
            body.y += dt * body.vy
            body.z += dt * body.vz

    def energy(self):
        total = 0.0
        bodies = self.bodies
        count = len(bodies)
        for i in range(count):
            a = bodies[i]
            total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
            for j in range(i + 1, count):
                b = bodies[j]
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                total -= (a.mass * b.mass) / (dx * dx + dy * dy + dz * dz) ** 0.5
        return total


def run(inner):
    system = SolarSystem()
    for _ in range(inner):
        system.advance(0.01)
    energy = system.energy()
    if inner not in EXPECTED:
        print(NAME + ": size", inner, "gives", energy)
    elif abs(energy - EXPECTED[inner]) > 1e-12:
        check(energy, EXPECTED[inner])


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def main(argv):
    iterations = int(argv[1]) if len(argv) > 1 else 1
    inner = int(argv[2]) if len(argv) > 2 else DEFAULT_INNER
    steady = len(argv) > 3 and argv[3] == "steady"
    for iteration in range(iterations):
        start = time.process_time_ns() if steady else 0
        run(inner)
        if steady:
            print(NAME + ": iteration", iteration, time.process_time_ns() - start, "ns")
    print(NAME + ": ok")


if __name__ == "__main__":
    main(sys.argv)
