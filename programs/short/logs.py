"""Reads lines of a log by generators that feed one another, and sums up what was slow and what failed."""


def lines(count: int):
    paths = ["/", "/login", "/search", "/item", "/cart", "/api/v1/items", "/static/app.js"]
    for i in range(count):
        status = 500 if i % 97 == 0 else 404 if i % 23 == 0 else 200
        yield f"10.0.{i % 4}.{i % 250} - [{i // 3600:02}:{i // 60 % 60:02}:{i % 60:02}] GET {paths[i * 11 % 7]} {status} {i * 37 % 900}ms"


def records(source):
    for line in source:
        address, _, stamp, method, path, status, time = line.split(" ")
        yield address, stamp[1:-1], path, int(status), int(time.removesuffix("ms"))


def slow(source, least: int):
    return (record for record in source if record[4] >= least)


by_path: dict[str, list[int]] = {}
failed: dict[str, set[str]] = {}
for address, stamp, path, status, time in records(lines(30000)):
    by_path.setdefault(path, []).append(time)
    if status >= 400:
        failed.setdefault(path, set()).add(address)
for path in sorted(by_path):
    times = sorted(by_path[path])
    print(f"{path:16} {len(times):5} median {times[len(times) // 2]:4} 95% {times[len(times) * 95 // 100]:4} failed from {len(failed[path])}")
print(sum(1 for _ in slow(records(lines(4000)), 850)))
