"""float from text and to text: repr, all forms that float() takes, hexadecimal forms, round with digits."""


def show(function, *args):
    try:
        print(repr(args), repr(function(*args)))
    except Exception as e:
        print(repr(args), type(e).__name__, e)


TEXTS = ["", " ", "1", "-1", "+1", "1.", ".5", ".", "-.5e1", "1e5", "1E+5", "1e-5", "1e", "e5", "1e+", "1.5.5", "inf",
    "-INF", "Infinity", "+infinity", "infinit", "nan", "-NaN", "nan5",
         "1_0.0_1", "1__0", "_1", "1_", "1_.0", "1._0", "1e1_0", "1_e1", "0x10", "1e400", "-1e400", "1e-400",
         "4.9e-324", "2.4e-324", "2.5e-324", "1.7976931348623157e308",
         "1.7976931348623159e308", "0.1", "0.30000000000000004", "9007199254740993", "9007199254740992.5", " 1.5 ",
         "\t1\n", "1 1", "\u0665.\u0665", "\u30001.5\u2003", "1\u00b2", "\u4e94", "1\0",
         "1e1000000000000000000000", "-0", "-0.0", "00012", "0" * 100 + "1", "1" * 50, "0." + "0" * 400 + "1",
         "123456789" * 20 + "e-100", "True", "None", "1L", "1j", "--1", "1e5.5", "\x1c1", "\ud800"]
for text in TEXTS:
    show(float, text)
for value in (None, [], {}, 10**400, -(10**400), 2**53 + 1, True, 5):
    try:
        print(float(value))
    except Exception as e:
        print(type(e).__name__, e)
show(lambda: float())
show(lambda: float(1, 2))
show(lambda: float(x=1))

seed = 12345
values = []
for i in range(300):
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    mantissa = seed >> 11
    exponent = (seed * 7919 >> 20) % 640 - 320
    values.append(mantissa * 10.0 ** (exponent - 16 if -280 < exponent < 290 else -8))
    values.append(float(mantissa % 10**7) / 10 ** (seed % 9))
for v in values:
    print(repr(v), v.hex(), float(repr(v)) == v, float.fromhex(v.hex()) == v, v.as_integer_ratio()[0] % 1000007)
for e in range(-330, 310, 13):
    v = float("1e%d" % e)
    print(v, 3 * v, v / 3)
for v in (1e15, 1e16, 123456789012345678.0, 1e17, 0.0001, 0.00001, 1e22, 1e23, 5e-324, 2.2250738585072014e-308,
        2.225073858507201e-308, 1.7976931348623157e308, 0.1, 1 / 3, 100.0, 1e100):
    print(v, str(v), f"{v}", f"{v!r}", -v, [v], (v,), {v: v})

HEX = ["0x1.8p3", "0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x1p-1080", "0x1p5000", "0x1.fffffffffffff8p1023",
    "0x1.fffffffffffff7p1023", "0X1P4", "1.8", "-0x.8p1", "0x", "", "zz", "0x1p", "0x1p+",
       "0x1.p3", " -inf ", "nan", "+NAN", "infinity", "0x1.00000000000008p0", "0x1.000000000000080001p0",
       "0x1.00000000000018p0", "1" * 60, "0x0.0000000001p0", "0x1p3 x", "0x1__0", "0x1p1000000000000000000000",
       "0x0p1000000000000000000000", "-0x0", "0x1p-1000000000000000000000", "\ud800", "é"]
for text in HEX:
    show(float.fromhex, text)
show(float.fromhex, 5)
show(float.__getformat__, "double")
show(float.__getformat__, "float")
show(float.__getformat__, "half")
show(float.__getformat__, 1)

ROUND = [0.5, 1.5, 2.5, -0.5, 2.675, 1.005, 0.125, 1.25, 1e16, 1234.5678, -1234.5678, 5e-324, 1.7976931348623157e308,
    0.0, -0.0, 1e300, 25.0, 35.0, float("inf"), float("nan"), 5e15 + 0.5, 0.49999999999999994]
for v in ROUND:
    for n in (0, 1, 2, 3, 15, 17, 20, 323, 324, 400, -1, -2, -4, -308, -309, -400, 10**30, -(10**30), True):
        show(round, v, n)
    show(round, v)
    show(round, v, None)
    show(round, v, 1.0)
for i in range(1, 200, 7):
    print(round(i / 8, 2), round(i / 16, 1), round(i * 1.1, 1), round(i * 12.35, -1), round(i / 7, 5), round(i / 2))
