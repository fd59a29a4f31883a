# center, ljust, rjust, zfill, expandtabs, replace, removeprefix, removesuffix, translate, maketrans, join, + and *.
def attempt(label, function, *args, **kwargs):
    try:
        print(label, ascii(function(*args, **kwargs)))
    except Exception as e:
        print(label, type(e).__name__, e)


class Sub(str):
    pass


class Count:
    def __index__(self):
        return 3


for text in ("", "a", "ab", "abc", "é", "да", "😀"):
    for width in (-1, 0, 1, 2, 3, 4, 5, 6, True):
        print(ascii([text.center(width), text.center(width, "*"), text.ljust(width, "é"), text.rjust(width, "😀"),
                     text.zfill(width)]))
for text in ("+5", "-5", "+", "-", "--1", "é1", "+é", "0", ""):
    print(ascii([text.zfill(n) for n in range(6)]))
for args in ((), ("x",), (3, "ab"), (3, ""), (3, 5), (3, "a", 4), (2.5,), (10**30,), (None,)):
    attempt("center", "a".center, *args)
    attempt("ljust", "a".ljust, *args)
attempt("zfill", "a".zfill)
attempt("zfill", "a".zfill, "3")
attempt("width", "a".ljust, Count())

for text in ("", "\t", "a\tb", "ab\tc\nd\te", "\t\té\t", "abcdefgh\ti", "a\rb\tc", "😀\t|"):
    print(ascii([text.expandtabs(), text.expandtabs(4), text.expandtabs(1), text.expandtabs(0), text.expandtabs(-3),
                 text.expandtabs(tabsize=3)]))
attempt("tabs", "a\tb".expandtabs, "x")
attempt("tabs", "a\tb".expandtabs, 2**31)
attempt("tabs", "a\tb".expandtabs, 1, 2)

for text in ("", "a", "aaa", "banana", "naïve", "дада", "😀a😀", "x" * 300):
    for old, new in (("a", "b"), ("a", ""), ("", "-"), ("an", "AN!"), ("ï", "i"), ("а", "😀"), ("😀", ""), ("x", "yy"),
                     ("zz", "q"), ("", "é")):
        for limit in (-1, 0, 1, 2, 100):
            result = text.replace(old, new, limit)
            print(len(result), ascii(result[:40]))
attempt("replace", "a".replace, "a")
attempt("replace", "a".replace, "a", 5)
attempt("replace", "a".replace, 5, "a")
attempt("replace", "a".replace, "a", "b", "c")
attempt("replace", "aaa".replace, "a", "b", Count())
attempt("replace", "a".replace, "a", "b", 10**30)
print(("ab" * 1000).replace("a", "xyz").count("xyz"), len(("ab" * 1000).replace("b", "")),
      ("é" * 100).replace("é", "e") == "e" * 100)

for args in (("",), ("ab",), ("abc",), ("abcd",), ("é",), (5,), (), ("a", "b")):
    attempt("prefix", "abc".removeprefix, *args)
    attempt("suffix", "cab".removesuffix, *args)

TABLE = str.maketrans("abc", "xyz", "d")
print(TABLE, "aabbccdd!".translate(TABLE), str.maketrans({"a": "AAA", 98: None, "c": 0x20AC}),
      "abcabc".translate(str.maketrans({"a": "AAA", 98: None, "c": 0x20AC})))


class Table:
    def __getitem__(self, key):
        if key > 100:
            raise LookupError(key)
        return chr(key).upper() * 2


print("abcdefgh".translate(Table()), "abc".translate("x" * 200), "né".translate({0xE9: "e", 110: "ñ"}),
      "abc".translate([]))
for table in (5, None, {97: -1}, {97: 0x110000}, {97: 10**30}, {97: 1.5}, {97: []}, {97: True}, {98: 5}):
    attempt("translate", "a".translate, table)
for args in ((), (5,), ("a",), ("ab", "c"), ("a", 5), (5, "a"), ("a", "b", 5), ({"ab": 1},), ({1.5: 1},),
             ({True: 2, "x": 3},), (1, 2, 3, 4)):
    attempt("maketrans", str.maketrans, *args)

for separator in ("", ",", "--", "é", "😀"):
    print(ascii([separator.join([]), separator.join(["a"]), separator.join("abc"), separator.join(("x", "é")),
                 separator.join(c for c in "ab"),
                 separator.join({"k": 1}), separator.join(["a", "б", "😀"])]))
for items in (5, None, [1], ["a", None], ["a", "b", 3.5], [Sub("s")], ["a"] * 3 + [b] if (b := 0) else ["q"]):
    attempt("join", ",".join, items)
print(type(",".join([Sub("s")])), type("".join([Sub("s"), "t"])), type(Sub("a") + ""), type(Sub("a") * 1),
      type(Sub("a").lower()), type(Sub("a")[:]),
      type(Sub("ab").replace("x", "y")), type(Sub("ab").strip()), type(Sub("a").ljust(0)), type(str(Sub("a"))))
for operation in (lambda: "a" + 1, lambda: 1 + "a", lambda: "a" + None, lambda: "a" * 1.5, lambda: "a" * "b",
                  lambda: 1.5 * "a", lambda: "a" * 10**30,
                  lambda: "ab" * (2**63 - 1), lambda: "a" * None, lambda: "ab" * Count(), lambda: Count() * "ab",
                  lambda: -1 * "a", lambda: True * "é",
                  lambda: "a" - "b", lambda: "a" / 2, lambda: -"a", lambda: "a" < 1, lambda: "a" >= None,
                  lambda: "a" == 1, lambda: "a" != 1):
    attempt("operator", operation)
s = ""
saved = []
for i in range(3000):
    s += "é" if i == 2000 else "€" if i == 2500 else "ab"
    if i % 500 == 499:
        saved.append(s)
print([(len(x), hash(x) == hash("".join(x)), x[:3], x[-3:]) for x in saved],
      s == "ab" * 2000 + "é" + "ab" * 499 + "€" + "ab" * 499)
base = "q" * 2000
base += "r"
left, right = base + "L", base + "R"
print(left[-2:], right[-2:], base[-2:], len(left), left == right, left[:-1] == right[:-1], left < right)
