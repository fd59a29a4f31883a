"""Large ints: identities between operators, by checksums, and values at the borders of the machine word."""


def step(seed):
    return (seed * 6364136223846793005 + 1442695040888963407) % (1 << 64)


def number(seed, words):
    value = 0
    for _ in range(words):
        seed = step(seed)
        value = value << 64 | seed
    return value, seed


def checksum(value):
    return value % 1000000007, value.bit_length(), value & 0xFFFF


seed = 1
for words in (1, 2, 3, 5, 8, 20, 40, 70, 130, 300, 700):
    a, seed = number(seed, words)
    b, seed = number(seed, words // 2 + 1)
    c, seed = number(seed, words * 2)
    for x in (a, -a):
        for y in (b, -b):
            q, r = divmod(x, y)
            print(words, q * y + r == x, 0 <= abs(r) < abs(y), (r == 0 or (r < 0) == (y < 0)), checksum(q), checksum(r))
            print(x // y == q, x % y == r, (x + y) - y == x, (x - y) + y == x, checksum(x * y), checksum(x * x))
            print((x & y) + (x | y) == x + y, (x ^ y) == (x | y) - (x & y), ~x == -x - 1, checksum(x & y),
                checksum(x ^ y))
            print((x << 77) >> 77 == x, (x >> 13) == x // 2**13, checksum(x >> 13), (x * y).bit_count())
    print((a * b) * c == a * (b * c), (a + b) * c == a * c + b * c, checksum(a * b * c), checksum(a**3))
    print(pow(a, b, c) == pow(a % c, b, c) if words < 20 else "slow", checksum(pow(a, b % 1000, c)), a < c, a == a + 0,
        hash(a), hash(-a), hash(c))
    print(int(str(a)) == a if words < 200 else "long", int(hex(a), 16) == a, int(bin(c), 2) == c, int(oct(b), 8) == b)
    print(float(a) if words < 16 else "large", a / c, c / a if words < 15 else "large", b / a)

x = 1
for i in range(300):
    x = x * 3 + i
    if i % 20 == 0:
        print(i, x, x.bit_length())
while x > 1:
    x //= 1000
    if x.bit_length() % 3 == 0:
        print(x)

a, b = 0, 1
for _ in range(2000):
    a, b = b, a + b
print(a)
print(sum(int(d) for d in str(2**4000)))
print(2**200 - 2**200, (2**200 + 5) - 2**200, 2**200 // 2**200, 2**200 % (2**200 - 1), -(2**200) // 3, -(2**200) % 3)
print(type(2**70 - 2**70 + 5), {2**70: "big", 5: "small"}[2**70 - 2**70 + 5], 2**100 in {2**100}, 10**20 == 10.0**20)
print(0x7FFFFFFFFFFFFFFF + 1, -0x8000000000000000 - 1, 0x1FFFFFFFFFFFFFFF + 1, -0x2000000000000000 - 1,
    0xFFFFFFFFFFFFFFFF * 0xFFFFFFFFFFFFFFFF)
print([2**n + d for n in (60, 61, 62, 63, 64) for d in (-1, 0, 1)], [-(2**n) + d for n in (60, 61, 62, 63,
    64) for d in (-1, 0, 1)])
print((2**61 - 1) * -1, -(2**61) * -1, -(2**61) // -1, divmod(-(2**61), -1), abs(-(2**61)), -(-(2**61)), ~(2**61 - 1),
    ~(-(2**61)))
for big in (10**400, -(10**400)):
    for f in (float, lambda v: v * 1.0, lambda v: 1.0 + v, lambda v: v / 3, lambda v: v**-1, lambda v: 2.0**v,
            lambda v: 1.5 < v):
        try:
            print(f(big))
        except Exception as e:
            print(type(e).__name__, e)
