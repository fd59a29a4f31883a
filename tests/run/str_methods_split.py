# split, rsplit, splitlines, partition, rpartition, strip and friends.
def attempt(label, function, *args, **kwargs):
    try:
        print(label, ascii(function(*args, **kwargs)))
    except Exception as e:
        print(label, type(e).__name__, e)


TEXTS = ["", " ", "a", " a b  c ", "\t\n a\x0bb\x0cc\r\n", "a,b,,c,", ",", "a--b----c", "один два\u2003три ",
         "x\u00a0y\x85z\x1cw\u3000v", "😀,😀", "a\x00b\x1fc"]
for text in TEXTS:
    for limit in (-1, 0, 1, 2, 5):
        print(ascii(text.split(None, limit)), ascii(text.rsplit(None, limit)))
        for separator in (",", "--", " ", "😀"):
            print(ascii(text.split(separator, limit)), ascii(text.rsplit(separator, limit)))
    for separator in (",", "--", " ", "zz", "а"):
        print(ascii(text.partition(separator)), ascii(text.rpartition(separator)))
    print(ascii(text.split()), ascii(text.rsplit()), ascii(text.splitlines()), ascii(text.splitlines(True)))
    print(ascii(text.strip()), ascii(text.lstrip()), ascii(text.rstrip()), ascii(text.strip(None)))
    print(ascii(text.strip("a ,")), ascii(text.lstrip("😀a")), ascii(text.rstrip("😀c,")), ascii(text.strip("")))

LINES = "a\nb\r\nc\rd\x0be\x0cf\x1cg\x1dh\x1ei\x85j\u2028k\u2029l\n\n\r\r\n"
print(ascii(LINES.splitlines()))
print(ascii(LINES.splitlines(keepends=True)))
print("a\n".splitlines(), "\n".splitlines(), "\r\n".splitlines(True), "ab".splitlines(0), "a\x1fb".splitlines())

attempt("split", "a".split, "")
attempt("split", "a".rsplit, "")
attempt("split", "a".split, 5)
attempt("split", "a".split, "a", "b")
attempt("split", "a".split, "a", 1.5)
attempt("split", "a".split, "a", 10**30)
attempt("split", "a b c".split, sep=" ", maxsplit=1)
attempt("split", "a b c".rsplit, maxsplit=1)
attempt("split", "a b c".split, maxsplit=True)
attempt("split", "a".split, "a", 1, 2)
attempt("split", "a".split, bad=1)
attempt("split", "a".split, "a", sep="b")
attempt("partition", "a".partition, "")
attempt("partition", "a".rpartition, "")
attempt("partition", "a".partition, None)
attempt("partition", "a".rpartition, 5)
attempt("partition", "a".partition)
attempt("strip", "a".strip, 5)
attempt("strip", "a".lstrip, 5)
attempt("strip", "a".rstrip, ["a"])
attempt("strip", "a".strip, "a", "b")
attempt("lines", "a".splitlines, "x")
attempt("lines", "a".splitlines, None)
attempt("lines", "a".splitlines, 2**40)
attempt("lines", "a".splitlines, 1, 2)

words = " ".join(str(i) for i in range(1000))
print(len(words.split()), len(words.split(" ")), words.split()[-1], len(words.rsplit(None, 10)),
      words.rsplit(" ", 3)[1:])
print(len(("ab" * 5000).split("b")), len(("é" * 5000).split("é")), len(("x\n" * 5000).splitlines()))
spaces = "".join(chr(c) for c in range(0x3100) if chr(c).isspace())
print(len(spaces), ascii(spaces), (spaces + "x" + spaces).strip(), len(("x" + spaces).split()))
for method in (str.isspace, str.isalpha, str.isdigit):
    print([sum(method(chr(c)) for c in range(block, block + 0x1000)) for block in range(0, 0x10000, 0x1000)])
