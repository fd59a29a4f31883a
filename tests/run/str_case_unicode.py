# Case mappings and character tests over all of Unicode, condensed to sums; final sigma; repr and ascii.
def fingerprint(values):
    total = 0
    for v in values:
        for c in v:
            total = (total * 1000003 + ord(c) + 1) % 2305843009213693951
        total = (total * 31 + 7) % 2305843009213693951
    return total


METHODS = (str.lower, str.upper, str.title, str.swapcase, str.casefold, str.capitalize)
TESTS = (str.isalnum, str.isalpha, str.isascii, str.isdecimal, str.isdigit, str.isidentifier, str.islower,
         str.isnumeric, str.isprintable,
         str.isspace, str.istitle, str.isupper)
STEP = 0x800
for block in range(0, 0x20000, STEP):
    chars = [chr(c) for c in range(block, block + STEP)]
    print(hex(block), [fingerprint(map(method, chars)) for method in METHODS],
          [sum(map(test, chars)) for test in TESTS],
          fingerprint(map(repr, chars)), fingerprint(map(ascii, chars)), sum(("a" + c).isidentifier() for c in chars))
for c in (0x2FA1D, 0xE0001, 0xE0100, 0xF0000, 0x10FFFF):
    print([test(chr(c)) for test in TESTS], ascii(repr(chr(c))), ascii(chr(c)))

TEXTS = ["", "a", "HELLO world", "ΟΔΥΣΣΕΥΣ", "ΑΣ ΒΣ. Σ ΣΑ", "Σ", "ΑΣ'Α", "ΑΣ'", "'ΣΑ", "ΑΣ\u0345\u0300Β", "ΑΣ\u0345",
         "straße", "ŉǰΐ", "ﬁne ﬂat", "ǆ ǅ Ǆ",
         "don't stop 3rd", "x😀y", "İi", "ıI", "ﬀ ß ẞ", "\u1e9e", "ᾳᾼ", "ꭰᏸ", "1a 2B", "a\u00adb", "_a"]
for text in TEXTS:
    print(ascii(text), [ascii(method(text)) for method in METHODS], [test(text) for test in TESTS])

for text in ("", "'", '"', "'\"", "\\", "\n\r\t\x00\x1f\x7f", "é\x80\xa0\xad", "€\u2028\ud800", "😀\U000e0001", "it's",
             'say "hi"', "a'b\"c"):
    print(ascii(repr(text)), ascii(text), ascii(str(text)), len(repr(text)))
print("abc".isidentifier(), "1a".isidentifier(), "".isidentifier(), "é1".isidentifier(), "a b".isidentifier(),
      "class".isidentifier())
print("".isprintable(), "a b".isprintable(), "a\n".isprintable(), "".isascii(), "é".isascii(), "".islower(),
      "a1".islower(), "1".islower(), "A1".isupper())
print("Hello World".istitle(), "Hello world".istitle(), "HEllo".istitle(), "1A".istitle(), "A1a".istitle(),
      "".istitle(), "ǅa".istitle())
long = ("Straße ΣΑΣ don't " * 500)
print(fingerprint([method(long) for method in METHODS]), [test(long) for test in TESTS], len(long.upper()),
      len(long.casefold()))
ascii_long = "The Quick brown FOX " * 5000
print(fingerprint([method(ascii_long) for method in METHODS]), [test(ascii_long) for test in TESTS])
for name in ("lower", "isalpha", "title", "isprintable"):
    for args, kwargs in (((1,), {}), ((), {"x": 1})):
        try:
            print(getattr("a", name)(*args, **kwargs))
        except TypeError as e:
            print(e)
print(("é1" * 50000).isidentifier(), ("1é" * 50000).isidentifier(), ("ab" * 50000 + " ").isidentifier(),
      ("_" * 100000).isidentifier())
