# The format mini-language on int, bool, float and str; format(), f-strings and __format__.
class MyInt(int):
    def __str__(self):
        return "MYINT"


class MyFloat(float):
    pass


class MyStr(str):
    def __str__(self):
        return "MYSTR"


def attempt(value, spec):
    try:
        print(ascii(spec), ascii(format(value, spec)))
    except Exception as e:
        print(ascii(spec), type(e).__name__, e)


INTS = [0, 1, -1, 5, 65, 255, -255, 1234, -1234567, 10**20, -(2**70), 2**61, True, False, MyInt(42), 0x1F600]
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 1234.5, -1234567.891, 1e16, 1e-5, 123456789.0, 1e22, 1e100, float("inf"),
          float("-inf"), float("nan"), MyFloat(2.5), 0.5, 99.995]
STRS = ["", "a", "abc", "naïve", "да", "😀x", MyStr("abc")]
TYPES = ["", "d", "b", "o", "x", "X", "c", "n", "e", "E", "f", "F", "g", "G", "%", "s", "r", "q", "é", "\x01", "{",
         "\U0001F600"]
HEADS = ["", "<10", ">10", "^11", "=10", "*<10", "é^10", "😀=12", "010", "+", "-", " ", "+012", " =9", "#", "+#14", "z",
         "<08", "^09", "x<04", "00", "00007", "1", "0"]
TAILS = ["", ",", "_", ".0", ".3", ",.2", "_.4", ".12"]
count = 0
for head in HEADS:
    for tail in TAILS:
        for code in TYPES:
            spec = head + tail + code
            count += 1
            attempt(INTS[count % len(INTS)], spec)
            attempt(FLOATS[count % len(FLOATS)], spec)
            if count % 3 == 0:
                attempt(STRS[count // 3 % len(STRS)], spec)
for value in INTS + FLOATS + STRS:
    for spec in ("", "5", "20", "<20", "^20", "020", "s", ".2", ",", "_", "c", "x", "#x", ".3e"):
        attempt(value, spec)
for width in range(0, 24):
    for spec in ("0{},", "0{}_", "0{},.2f", "+0{},", "0{}_b", "#0{}_x", "0={},", "*={},", "0<{},", "0{},%"):
        attempt(1234567, spec.format(width))
        attempt(-5, spec.format(width))
for spec in (",_", "_,", ",,", "__", ".", "5.", "xx", "5xx", "<5<", "s5", "-5", "99999999999999999999",
             ".99999999999999999999", ".2147483648f", "1$", "٥", "0٥", ".٣f",
             "<<5", ">>", "^", "=", "==", "z=+#010", "z.1f", "+z", "#z", "zz", "+-", "# ", "5,3", ",.", "_.2", ".2,"):
    for value in (7, 7.25, -0.01, "text", True):
        attempt(value, spec)
for value in (None, [], (), {}, object, len, 1 .__class__):
    attempt(value, "5")
    attempt(value, "")
attempt(10**400, "f")
attempt(10**400, ".2e")
attempt(10**30, "c")
attempt(-1, "c")
attempt(2**5000, "x")
attempt(2**20000, "d")
attempt(2**20000, ",")
attempt(2**200, "_b")
for call in (lambda: format(1, 5), lambda: format(1, None), lambda: "a".__format__(5), lambda: (1).__format__(2),
             lambda: (1.5).__format__([]), lambda: (1).__format__(),
             lambda: format(), lambda: format(1, "d", 3), lambda: "a".__format__("5"), lambda: (5).__format__("x"),
             lambda: (1.5).__format__(".3f"), lambda: True.__format__("d")):
    try:
        print(ascii(call()))
    except Exception as e:
        print(type(e).__name__, e)
x, w, p = 3.14159, 10, 2
print(f"{x:{w}.{p}f}|{x:<{w}}|{x!r:>{w}}|{'s':^{w}}|{x:e}|{-5:+05d}|{True:5}|{True}|{None}|"
      f"{'é':*^5}|{255:#06x}|{1e6:,.0f}|{0.25:.1%}")
print(f"{MyInt(3)} {MyInt(3):d} {MyStr('q')} {MyStr('q'):3}| {MyFloat(1.5)} {MyFloat(1.5):.3f}")
print(len(format(1, "100000")), len(format("x", "é^100001")), len(format(1, "0100000,")), len(format(1.5, ".5000f")),
      len(format(2.5, ".100000e")), format(1, "0100000,")[:20])
