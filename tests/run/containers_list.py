# Lists: methods, subscripts, slices, operators and their messages.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


a = [3, 1, 2]
a.append(5)
a.insert(0, 9)
a.insert(100, 8)
a.insert(-1, 7)
print(a, len(a))
print(a.pop(), a.pop(0), a.pop(-2), a)
a.extend(range(3))
a.extend("xy")
a.extend(a)
a.extend({1: 2}.items())
a.extend(x for x in (1, 2))
a += (4, 5)
print(a, a.count(1), a.index(1), a.index(1, 2), a.index(1, -5), a.index(2, 1, 100))
a.remove(1)
a.reverse()
print(a, a.copy() == a, a.copy() is a)
a.clear()
print(a)

b = list(range(10))
print(b[2:5], b[:], b[::-1], b[::3], b[8:2:-2], b[-3:], b[:-3], b[5:2], b[100:], b[-100:3], b[Index(2):Index(4)])
print(b[Index(-1)], b[True], b[-10])
b[2:4] = "abc"
print(b)
b[5:5] = [0, 0]
print(b)
b[::2] = [None] * len(b[::2])
print(b)
b[1:3] = []
print(b)
b[3:1] = [77]
print(b)
b[:] = b
b[2:2] = b
print(b)
del b[::2]
print(b)
del b[-1], b[0]
print(b)
del b[3:]
del b[::-1]
print(b)
c = list(range(20))
del c[2:15:3]
print(c)
del c[10:2:-2]
print(c)
del c[5:2]
print(c)
c[::-1] = c
print(c)
c[2:5] = iter([1])
print(c)
c[1:1] = {9: 1}
print(c)

print([1, 2] + [3], [1, 2] * 3, 2 * [0], [1] * 0, [1] * -5, [[]] * 2, [1, 2] * True, [1] * Index(3), Index(2) * [4])
d = [1, 2]
e = d
d *= 3
print(d, d is e)
d *= 0
print(d, d is e)
d += "ab"
print(d, d is e)
print([1, 2] < [1, 3], [1, 2] < [1, 2, 0], [1, 2] == [1, 2.0], [1] != [1], [] < [1], [2] > [1, 5], [1, 2] >= [1, 2], [] <= [])
print(2 in [1, 2], 2.0 in [1, 2], "a" in [1], [] in [[]], None in [0])
nan = float("nan")
print([nan] == [nan], nan in [nan], [nan].index(nan), [nan].count(nan))
print(list(), list("ab"), list((1, 2)), list({3: 4}), list({5}), list(range(3)), list([1]), list(zip("ab", [1, 2])))
print([1, [2, [3]], "a", None, 1.5])
f = [1]
f.append(f)
print(f, f == f, [f])

check(lambda: [1].pop(2**70))
check(lambda: [1].pop("a"))
check(lambda: [1].pop(5))
check(lambda: [].pop())
check(lambda: [1].insert(2**70, 1))
check(lambda: [1].insert("a", 1))
check(lambda: [1].insert(1))
check(lambda: [1][2**70])
check(lambda: [1]["a"])
check(lambda: [1][1.0])
check(lambda: [1][5])
check(lambda: [1][-2])
check(lambda: [1][::0])
check(lambda: [1]["a":])
check(lambda: [1].__setitem__("a", 1))
check(lambda: [1].__setitem__(5, 1))
check(lambda: [1].__delitem__(5))
check(lambda: [1].__delitem__(None))
check(lambda: [1].__setitem__(slice(0, 1), 5))
check(lambda: [1].__setitem__(slice(0, 1, 2), 5))
check(lambda: [1].__setitem__(slice(0, 1, 2), [1, 2]))
check(lambda: [1].__setitem__(slice(0, 1, 0), [1, 2]))
check(lambda: [1].index(5))
check(lambda: [1, 1].index(1, 2))
check(lambda: [1].index(1, "a"))
check(lambda: [1].index(1, 2**70))
check(lambda: [1].index())
check(lambda: [1].remove(4))
check(lambda: [1].extend(5))
check(lambda: [1].append(1, 2))
check(lambda: [1].append(a=1))
check(lambda: [1].clear(1))
check(lambda: [1] + 5)
check(lambda: [1] + (5,))
check(lambda: [1] * "a")
check(lambda: [1] * 2.0)
check(lambda: "a" * [1])
check(lambda: [1] * [1])
check(lambda: [1] * 2**70)
check(lambda: [1] * 2**62)
check(lambda: [1] < 5)
check(lambda: [1] < (1,))
check(lambda: [1, "a"] < [1, 2])
check(lambda: list(5))
check(lambda: list(1, 2))
check(lambda: list(a=1))
check(lambda: hash([]))
check(lambda: [].__init__(1, 2))
