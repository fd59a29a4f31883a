# Loops over namespaces while names come, go and change.
import sys

name = value = key = seen = values = total = order = it = names = None


class Thing:
    pass


def names_of(mapping):
    return [name for name in mapping if len(name) == 2 and name[0] == "g"]


g1 = 1
g2 = 2
g3 = 3
g4 = 4
print(names_of(globals()))

seen = []
for name, value in globals().items():
    if name == "g1":
        g2 = "changed"
        g3 += 10
    if name[0] == "g" and len(name) == 2:
        seen.append((name, value))
print(seen)


def grow(name):
    globals_now = globals()
    for key in globals_now:
        if key == "g2":
            setattr(sys.modules[__name__], name, 1)


try:
    grow("g5")
except RuntimeError as e:
    print("RuntimeError", e)
grow("g5")

try:
    for key in globals().keys():
        if key == "g2":
            del g3
except RuntimeError as e:
    print("RuntimeError", e)
except NameError as e:
    print(e)
print(names_of(globals()))
g3 = 33
print(names_of(globals()))

# as many as before, in another order
key = None
order = []
it = iter(globals())
try:
    for key in it:
        order.append(key)
        if key == "g1":
            del g1
            g1 = "again"
        if len(order) > 200:
            break
except RuntimeError as e:
    print("RuntimeError", e)
print([k for k in order if k[0] == "g" and len(k) == 2])

values = []
for value in globals().values():
    if value == "again":
        g1 = "last"
    if isinstance(value, str) and len(value) < 8:
        values.append(value)
print(values[-3:])

# an object with more attributes than slots
big = Thing()
for i in range(300):
    setattr(big, "a%d" % i, i)
total = 0
for name, value in vars(big).items():
    total += value
    if name == "a7":
        big.a9 = 1000
        big.a3 = -5
print(total)
for name in vars(big):
    if name == "a5":
        big.a5 = 7
try:
    for name in vars(big):
        if name == "a6":
            del big.a8
except RuntimeError as e:
    print("RuntimeError", e)
try:
    for name in big.__dict__:
        if name == "a10":
            big.other = 1
except RuntimeError as e:
    print("RuntimeError", e)
it = iter(vars(big))
print(next(it), next(it), it.__length_hint__())
del big.a50
try:
    next(it)
except RuntimeError as e:
    print("RuntimeError", e)
it = iter(vars(big))
next(it)
del big.a51
big.a51 = 51
print(len(list(it)))


class Many:
    x = 1
    y = 2
    z = 3


for name in vars(Many):
    if name == "x":
        Many.y = 5
for name, value in vars(Many).items():
    if name == "x":
        Many.z = 6
    if len(name) == 1:
        print(name, value)
try:
    for name in vars(Many):
        if name == "y":
            Many.w = 5
except RuntimeError as e:
    print("RuntimeError", e)
names = 0
for name in vars(sys.modules["__main__"]):
    names += 1
print(names == len(globals()))
