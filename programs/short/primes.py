"""Primes by a sieve, perfect numbers, Collatz lengths, digits of pi: a page of number theory."""


def primes(limit: int) -> list[int]:
    sieve = [True] * (limit + 1)
    sieve[0] = sieve[1] = False
    for i in range(2, int(limit ** 0.5) + 1):
        if sieve[i]:
            for j in range(i * i, limit + 1, i):
                sieve[j] = False
    return [i for i, prime in enumerate(sieve) if prime]


def collatz(limit: int) -> tuple[int, int]:
    lengths = {1: 1}
    for start in range(2, limit):
        n, steps = start, 0
        while n not in lengths:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        lengths[start] = steps + lengths[n]
    best = max(range(1, limit), key=lambda n: lengths[n])
    return best, lengths[best]


def pi(digits: int) -> str:
    q, r, t, k, n, l = 1, 0, 1, 1, 3, 3
    found: list[str] = []
    while len(found) < digits:
        if 4 * q + r - t < n * t:
            found.append(str(n))
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, l = q * k, (2 * q + r) * l, t * l, k + 1, (q * (7 * k + 2) + r * l) // (t * l), l + 2
    return found[0] + "." + "".join(found[1:])


found = primes(300000)
print(len(found), found[-1], sum(found))
print([n for n in range(2, 1000) if sum(d for d in range(1, n // 2 + 1) if n % d == 0) == n])
print(collatz(12000))
print(pi(500))
