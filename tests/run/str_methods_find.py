# Searching: find, index, count, startswith, endswith, in, with bounds of all kinds and in all character widths.
class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


def attempt(label, function, *args):
    try:
        print(label, repr(function(*args)))
    except Exception as e:
        print(label, type(e).__name__, e)


TEXTS = ["", "a", "abcabcabc", "aaaaaaaa", "naïve café naïve", "данные и данные", "x😀y😀z😀", "a\u0100b\u0100",
         "\xff\xfe\xff"]
NEEDLES = ["", "a", "b", "abc", "ca", "aa", "ï", "naïve", "ан", "данные", "😀", "y😀z", "\u0100", "\xff", "zz", "😀😀"]
for text in TEXTS:
    for needle in NEEDLES:
        print(ascii(text), ascii(needle), text.find(needle), text.rfind(needle), text.count(needle), needle in text,
              text.startswith(needle), text.endswith(needle))

S = "hello world hello"
for start in (None, 0, 1, 6, 12, 17, 18, -5, -100, 10**30, -10**30, True, Index(3)):
    for end in (None, 0, 5, 17, 40, -1, -5, 10**30, -10**30, Index(-2)):
        print(S.find("hello", start, end), S.rfind("hello", start, end), S.count("l", start, end),
              S.startswith("hello", start, end),
              S.endswith("hello", start, end), S.find("", start, end), S.rfind("", start, end), S.count("", start, end),
              S.startswith("", start, end), S.endswith("", start, end))

for name in ("find", "rfind", "index", "rindex", "count", "startswith", "endswith"):
    method = getattr(S, name)
    attempt(name, method)
    attempt(name, method, "hello", 1, 2, 3)
    attempt(name, method, 5)
    attempt(name, method, None)
    attempt(name, method, "h", "x")
    attempt(name, method, "h", 1.5)
    attempt(name, method, "h", 0, [])
    attempt(name, method, "zzz")
attempt("tuple", S.startswith, ("x", "he"))
attempt("tuple", S.startswith, ())
attempt("tuple", S.startswith, ("x", 5))
attempt("tuple", S.startswith, ("hello", 5))
attempt("tuple", S.endswith, ("x", "llo"), 3)
attempt("tuple", S.endswith, ("x", b) if (b := None) else ("x", None))
attempt("list", S.endswith, ["llo"])
attempt("keyword", lambda: S.find(sub="h"))
attempt("in", lambda: 5 in S)
attempt("in", lambda: None in S)
attempt("contains", S.__contains__, "wor")
attempt("contains", S.__contains__, 3)

# patterns that make naive searching slow
for m in (2, 3, 33, 40, 100, 300):
    hay = "a" * 1000 + "b" + "a" * 1000
    print(hay.find("a" * m + "b"), hay.find("b" + "a" * m), hay.rfind("b" + "a" * m), hay.find("a" * m + "b" + "a" * m),
          hay.count("a" * m),
          hay.find("ab" * m), hay.rfind("a" * m + "c"), ("a" * m + "b") in hay)
hay = "abcabcabdabcabcabcabcabd" * 40 + "abcabcabe"
print(hay.find("abcabcabe"), hay.rfind("abcabcabd"), hay.count("abcabcabd"), hay.index("abcabcabd" * 1),
      hay.find("abcabcabcabcabd" * 3))
wide = "abcабв" * 300
print(wide.find("вabc"), wide.rfind("вabc"), wide.count("вa"),
      wide.find("вabcабвabcабвabcабвabcабвabcабвabcабвabcабвabcабвx"), wide.rindex("abc"))
big = "x" * 200000
needle = "x" * 100000 + "y"
print(big.find(needle), (big + "y").find(needle), ("y" + big).rfind("y" + "x" * 100000), big.count("x" * 1000),
      big.count("x"))
huge = "ab" * 3000000
print(huge.startswith(huge), huge.endswith("b" + huge[2:]), huge.startswith(huge[:-1] + "c"),
      (huge + "é").startswith(huge), ("é" + huge).endswith((huge[2:] + "ab", "x")))
