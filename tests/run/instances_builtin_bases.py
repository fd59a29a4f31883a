"""Attributes of instances of classes that derive from builtin classes, for payloads of every small size."""
import enum


class Text(str):
    pass


class Whole(int):
    pass


class Real(float):
    pass


class Pair(tuple):
    pass


class Many(list):
    pass


class Map(dict):
    pass


class Bag(set):
    pass


class Frozen(frozenset):
    pass


class Failure(Exception):
    pass


class Prop(property):
    pass


class Static(staticmethod):
    pass


class Class(classmethod):
    pass


def samples():
    for alphabet in ("abcdefghij", "äöüßéèêëñç", "αβγδεζηθικ", "\U0001F600\U0001F601\U0001F602\U0001F603"):
        for length in (0, 1, 2, 3, 5, 7, 8, 9, 16, 33):
            yield Text, (alphabet * 36)[:length]
    for bits in (0, 1, 30, 62, 63, 64, 65, 127, 128, 400):
        yield Whole, 1 << bits
        yield Whole, -(1 << bits) + 1
    for length in range(6):
        yield Pair, tuple(range(length))
    yield Real, 2.5
    yield Many, [1, 2]
    yield Map, {1: 2}
    yield Bag, {1}
    yield Frozen, frozenset({1})
    yield Failure, "x"
    yield Prop, len
    yield Static, len
    yield Class, len


def value(cls, made, start):
    if cls is Failure:
        return made.args == (start,)
    if cls is Prop:
        return made.fget is start
    if cls in (Static, Class):
        return made.__func__ is start
    return made == start


def exercise(cls, start, count):
    made = cls(start)
    for i in range(count):
        setattr(made, "a%d" % i, [i])
    assert value(cls, made, start), (cls, start)
    for i in range(0, count, 3):
        delattr(made, "a%d" % i)
    for i in range(count):
        assert getattr(made, "a%d" % i, None) == ([i] if i % 3 else None), (cls, start, i)
    setattr(made, "a0", "back")
    assert value(cls, made, start) and made.a0 == "back"
    if cls in (Static, Class):
        return []
    names = [name for name in made.__dict__ if name[0] == "a"]
    assert len(names) == count - (count + 2) // 3 + 1, names
    return names


total = 0
kept = []
for cls, start in samples():
    for count in (1, 5) if len(kept) % 16 else (9, 70):
        total += len(exercise(cls, start, count))
    one = cls(start)
    one.first = (cls.__name__, start)
    kept.append(one)
print(total, len(kept))
print([one.first[0] for one in kept if one.first != (type(one).__name__, one.first[1])])
print(all(value(type(one), one, one.first[1]) for one in kept))


class Colour(str, enum.Enum):
    RED = "the colour of blood and of stop signs"
    GREEN = "grün wie das Gras im Frühling, oder noch grüner"
    BLUE = "синий"


class Weekday(enum.StrEnum):
    TUESDAY = "the second day of the week"
    FRIDAY = enum.auto()


for member in (*Colour, *Weekday):
    print(repr(member), member.name, member.value, member.upper(), len(member))
print(Colour("синий") is Colour.BLUE, Weekday("friday") is Weekday.FRIDAY)
