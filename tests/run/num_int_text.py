"""Ints from text and to text: bases, prefixes, underscores, white space, other scripts, the limit of 4300 digits."""
import sys


def show(function, *args):
    try:
        print([a if not isinstance(a, int) else a % 1000 for a in args if not isinstance(a, str) or len(a) < 100],
            repr(function(*args)))
    except Exception as e:
        print([a if not isinstance(a, int) else a % 1000 for a in args if not isinstance(a, str) or len(a) < 100],
            type(e).__name__, e)


TEXTS = ["", " ", "_", "+", "-", "+_1", "0x", "0x_", "0_x1", "0b", "0o7", "0O17", "0B11", "0X1f", "00", "0_0", "01",
    "0__0", "1_000", "1__0", "_1",
         "1_", "++1", "1 1", "0xg", "12a", "z", "-0x1F", " -12 ", "1\n", "\t\v\f\r1", "1\x1c", "\x1f1", "0x1_",
         "9" * 13, "1_2" * 5, "0" * 20,
         "-" + "0" * 20, "0" * 20 + "1", "+0", "\u0665\u0666", "\u2003\u0665\u3000", "1\u0665", "\u0be6", "\u00b2",
         "\u4e94", "5\0", "\0", "1.5", "1e5",
         "\ud800", "\U0001d7d8\U0001d7e1", "-\uff11\uff12", "0\uff581", "\u00a05\u00a0", "\u180e5", "'", "\"'",
         "x" * 250, "inf", "True"]
for text in TEXTS:
    show(int, text)
    for base in (0, 2, 8, 10, 16, 36, 7):
        show(int, text, base)
for base in (-1, 1, 37, 2**70, -(2**70), "2", 2.0, None, True):
    show(int, "1", base)
for value in (1.9, -1.9, 1e30, float("inf"), -float("inf"), float("nan"), None, [], (), {}, object, True, "1", 2**70,
        -0.0):
    if value is not object:
        show(int, value)
    show(int, value, 10) if value is not object else None
show(lambda: int())
show(lambda: int(base=10))
show(lambda: int("11", base=2))
show(lambda: int(x=1))
show(lambda: int("1", 2, 3))
show(lambda: int("1", bas=3))

for n in (0, 1, -1, 9, 10, 99, 100, -100, 255, 12345678901234567890, -(2**61), 2**61 - 1, 2**200, -(3**150)):
    print(str(n), repr(n), bin(n), oct(n), hex(n), f"{n}", f"{n:x}", f"{n:b}", f"{n:,}", "%d" % n)

LIMIT = 4300
for digits in (LIMIT - 1, LIMIT, LIMIT + 1, 10000):
    for f in (str, repr, lambda n: f"{n}", lambda n: "%d" % n, lambda n: f"{n:,}", lambda n: len(hex(n)), ascii):
        try:
            print(digits, len(str(f(10 ** (digits - 1)))))
        except Exception as e:
            print(digits, type(e).__name__, e)
    for text in ("9" * digits, "-" + "9" * digits, " " + "0" * digits, "1_0" * (digits // 2), "9" * digits + "x"):
        try:
            print(digits, int(text) % 1000007)
        except Exception as e:
            message = str(e)
            print(digits, type(e).__name__, message if len(message) < 200 else message[:60])
    print(int("f" * digits, 16).bit_length(), int("1" * digits, 32).bit_length())
    show(int, "1" * digits, 7)

print(sys.get_int_max_str_digits())
sys.set_int_max_str_digits(20000)
print(sys.get_int_max_str_digits(), len(str(10**19999)), int("7" * 20000) % 999999937)
show(str, 10**20000)
for value in (0, 640, 639, 1, -1):
    try:
        sys.set_int_max_str_digits(value)
        print(sys.get_int_max_str_digits())
    except Exception as e:
        print(type(e).__name__, e)
show(str, 10**640)
sys.set_int_max_str_digits(0)
print(len(str(3**100000)), str(3**100000)[:30], int("123456789" * 4000) % 1000000007)
