"""What `newlines` says after tell(), which decodes from the start of the input again."""
NAME = "minivm_files_newlines.txt"
with open(NAME, "w", newline="") as f:
    f.write("one\ntwo\nthree")
for size in (1, 3, 4, 5, 8, 13):
    with open(NAME) as f:
        f.read(size)
        before = f.newlines
        print(size, repr(before), f.tell(), repr(f.newlines), [(line, f.newlines) for line in f], repr(f.newlines))
with open(NAME) as f:
    print(f.readline(), f.newlines, f.tell(), f.newlines, f.read(), f.newlines, f.tell(), f.newlines)
with open(NAME, "w", newline="") as f:
    f.write("a\n" * 9000)
with open(NAME) as f:
    f.read(9000)
    print(f.newlines, f.tell(), f.newlines, f.seek(0), f.newlines)
