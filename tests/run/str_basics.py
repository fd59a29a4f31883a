# Construction, indexing, slices, comparison, hashing, iteration and subclasses of str.
class Sub(str):
    extra = 1

    def shout(self):
        return self.upper() + "!"


class Slotted(str):
    def __new__(cls, value, tag):
        self = str.__new__(cls, value)
        self.tag = tag
        return self

    def __len__(self):
        return 99


class Weird:
    def __str__(self):
        return Sub("weird")

    def __repr__(self):
        return "Weird()"


class NotText:
    def __str__(self):
        return 5


class Index:
    def __index__(self):
        return 1


def attempt(function, *args, **kwargs):
    try:
        print(ascii(function(*args, **kwargs)))
    except Exception as e:
        print(type(e).__name__, e)


for args in ((), (5,), ("a",), (None,), ([1, "a"],), (Weird(),), (NotText(),), (1, 2), ("a", "b"), (1, "utf-8"),
             (1, "a", "b"), (1, 2, 3, 4), (Sub("x"),), (1, "a", 5)):
    attempt(str, *args)
attempt(str, object=5)
attempt(str, encoding="a")
attempt(str, object="a", errors="b")
attempt(str, bad=1)
attempt(str, "a", object="b")
print(type(str(Weird())).__name__, type(str(Sub("x"))).__name__, str(Sub("x")) == "x", Sub("x") == "x",
      hash(Sub("x")) == hash("x"), {"x": 1}[Sub("x")])
s = Sub("naïve")
s.attribute = [1]
print(s, repr(s), s.extra, s.shout(), s.attribute, len(s), s[1:3], type(s[1:3]).__name__, type(s + "a").__name__,
      s.__class__.__name__, isinstance(s, str))
t = Slotted("hello", "T")
print(t, t.tag, len(t), t[0], t.upper(), bool(t), t.__dict__, list(t), t == "hello", "ell" in t, str.__len__(t), t * 2)
print(Sub(), Sub(5), Sub(Sub("z")), repr(Sub("q'")), str.__new__(Sub, "n"), type(str.__new__(Sub, "n")).__name__)
attempt(str.__new__)
attempt(str.__new__, 5)
attempt(str.__new__, int)
attempt(str.__new__, str, 1, 2, 3, 4)
for text in ("", "a", "abcdef", "naïve", "да нет", "a😀b😀c", "\x00\xff"):
    print(ascii([text[i] for i in range(len(text))]), ascii([text[-i - 1] for i in range(len(text))]),
          ascii(list(text)), ascii([c for c in text]), len(text))
    for start in (None, 0, 1, -2, 10, -10):
        for stop in (None, 0, 3, -1, 10**30):
            print(ascii([text[start:stop], text[start:stop:2], text[start:stop:-1], text[start:stop:-3],
                         text[start:stop:10**20]]))
    for key in (10, -10, 10**30, 1.5, "a", None, [], slice("a"), slice(None, None, 0), Index(), True,
                slice(Index(), None)):
        attempt(text.__getitem__, key)
ORDER = ["", "a", "ab", "abc", "b", "B", "é", "e", "z", "Ω", "я", "\uffff", "😀", "a\x00", "\xff", "\u0100", "ab" * 10,
         "ab" * 10 + "é"]
print([ascii(x) for x in sorted(ORDER)], [ascii(x) for x in sorted(ORDER, reverse=True)])
print([sum(1 << i for i, y in enumerate(ORDER) if x < y) for x in ORDER],
      [sum(1 << i for i, y in enumerate(ORDER) if x >= y) for x in ORDER])
print([x == y for x in ORDER for y in ORDER[:5]].count(True), [x != x for x in ORDER], "a" == Sub("a"), Sub("a") < "b",
      "a" == 5, "a" != None)
print([hash(x) for x in ORDER] == [hash("".join(list(x))) for x in ORDER], hash("") == 0, len({x for x in ORDER}),
      hash("a" * 1000) == hash("a" * 500 + "a" * 500))
print(list(iter("añ")), "".join(reversed("abc€")), list(enumerate("xy")), max("hello"), min("hello"), sorted("hello"),
      tuple("ab"), set("aaa"), dict(zip("ab", "cd")))
print(type(iter("a")).__name__, type(iter("é")).__name__, "a" in "abc", "" in "", "abc" in "ab")
a, b, *c = "a€cd"
print(a, ascii(b), c, "abc".__len__(), "a".__add__("b"), "a".__mul__(3), "a".__rmul__(2), "%s".__mod__(4),
      "x".__contains__("x"), "ab".__getitem__(0), "a".__eq__("a"), "a".__lt__(5))
print("é".__getnewargs__(), Sub("e").__getnewargs__(), "a".__sizeof__(), "é".__sizeof__(), "Ā".__sizeof__(),
      "😀😀".__sizeof__(), "".__sizeof__(), "a".__hash__() == hash("a"))
for operation in (lambda: "a".__add__(1), lambda: "a".__mul__(1.5), lambda: "a".__mul__("b"), lambda: "a".__rmod__(5),
                  lambda: "a".__rmod__("%s"), lambda: "a".__iter__(1),
                  lambda: len("a", "b"), lambda: str.upper(5), lambda: str.join(5, []), lambda: str.lower(),
                  lambda: "a".nope, lambda: setattr("a", "x", 1),
                  lambda: "a".__setitem__(0, "b"), lambda: text[0](), lambda: "abc".__getitem__(),
                  lambda: "a".upper.__self__, lambda: "a".join.__name__,
                  lambda: str.join.__qualname__, lambda: ord(""), lambda: ord("ab"), lambda: chr(-1),
                  lambda: chr(0x110000), lambda: ascii(chr(0x1F600)) + chr(233)):
    attempt(operation)
text = "abc"
def assign_name():
    text[0] = "x"
def delete_name():
    del text[0]
attempt(assign_name)
attempt(delete_name)
