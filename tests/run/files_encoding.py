"""Text files: encodings and error handlers, both ways."""
PATH = "minivm_files_encoding.txt"
HANDLERS = ("strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass", "xmlcharrefreplace", "foo")
ENCODINGS = ("utf-8", "ascii", "latin-1", "UTF8", "latin1", "us-ascii")


def attempt(f):
    try:
        return ascii(f())
    except (UnicodeError, LookupError, TypeError) as e:
        return f"{type(e).__name__} | {e}"


def raw():
    with open(PATH, encoding="latin-1", newline="") as f:
        return ascii(f.read())


def write_raw(text):
    with open(PATH, "w", encoding="latin-1", newline="") as f:
        f.write(text)


write_raw("ok\n\xff\xe2\x82x\xed\xa0\x80\xf0\x90")
for handler in HANDLERS:
    for encoding in ENCODINGS:
        with open(PATH, errors=handler, encoding=encoding) as f:
            print(handler, encoding, f.encoding, f.errors, attempt(f.readline), attempt(f.read), f.tell())
for handler in HANDLERS:
    for encoding in ENCODINGS[:3]:
        with open(PATH, "w", errors=handler, encoding=encoding) as f:
            result = attempt(lambda: f.write("a\xe9\u20ac\U00010000\ud800\udcff"))
        print(handler, encoding, result, raw())
for bad in ("\x80", "\xc3", "\xc3x", "\xc0\x80", "\xe0\x80\x80", "\xe2\x82", "\xe2\x28\xa1", "\xed\xa0\x80", "\xf0\x90\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
            "\xf5", "ab\xe2\x82\xacc\xff", "\xf0\x9f\x98"):
    write_raw(bad)
    with open(PATH, encoding="utf-8") as f:
        print(ascii(bad), attempt(f.read))
    with open(PATH, encoding="utf-8", errors="replace") as f:
        print("   ", attempt(f.read))
text = "".join(chr(c) for c in range(32, 0x3000, 37)) + "\U0001F600" * 100 + "line\r\nend\rlast\n"
with open(PATH, "w", encoding="utf-8", newline="") as f:
    for i in range(20):
        f.write(text)
with open(PATH, encoding="utf-8") as f:
    everything = f.read()
    print(len(everything), everything == text.replace("\r\n", "\n").replace("\r", "\n") * 20, f.newlines)
with open(PATH, encoding="utf-8") as f:
    pieces = []
    while piece := f.read(1000):
        pieces.append(piece)
    print(len(pieces), "".join(pieces) == everything)
with open(PATH, encoding="utf-8") as f:
    lines = list(f)
    print(len(lines), "".join(lines) == everything)
with open(PATH, "w", encoding="utf-8") as f:
    f.write(everything)
with open(PATH, encoding="utf-8", newline="") as f:
    positions, line = [], f.readline()
    while line:
        positions.append(f.tell())
        line = f.readline()
    print(len(positions), positions[:5], positions[-1])
    f.seek(positions[2])
    print(ascii(f.readline()[:20]))
with open(PATH, "w") as f:
    f.write("one\ntwo\nthree\n")
with open(PATH) as f:
    for number, line in enumerate(f):
        print(number, line.rstrip())
    print(f.readline() == "", f.tell())
