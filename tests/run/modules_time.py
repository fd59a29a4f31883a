"""time: clocks run forward, sleep checks its argument."""
import time


def show(text, f):
    try:
        print(text, "->", f())
    except BaseException as e:
        print(text, "->", type(e).__name__, "|", e)


for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    clock, clock_ns = getattr(time, name), getattr(time, name + "_ns")
    a, b, c, d = clock(), clock_ns(), clock(), clock_ns()
    print(name, type(a).__name__, type(b).__name__, a <= c, b <= d, abs(a - b / 1e9) < 1.0)
start = time.perf_counter()
time.sleep(0.03)
passed = time.perf_counter() - start
print(0.03 <= passed < 1)
start = time.process_time()
time.sleep(0.05)
print(time.process_time() - start < 0.05)
show("zero", lambda: time.sleep(0))
show("true", lambda: time.sleep(False))
show("negative", lambda: time.sleep(-1))
show("negative float", lambda: time.sleep(-1e-9))
show("str", lambda: time.sleep("a"))
show("None", lambda: time.sleep(None))
show("nan", lambda: time.sleep(float("nan")))
show("huge", lambda: time.sleep(1e20))
show("inf", lambda: time.sleep(float("inf")))
print(time.time() > 1.6e9, time.__name__, time)
