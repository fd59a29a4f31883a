"""Items set and deleted where there are none, at indices of all kinds: the index is converted before it is refused."""
class I:
    def __index__(self): print("index"); return 2 ** 70
class J:
    def __index__(self): return "x"
class K:
    def __index__(self): raise KeyError(3)
class Plain: pass
class S(str): pass
def f(): pass
for v in ("abc", (1, 2), range(3), frozenset(), {1}, 2.5, 5, True, None, Plain(), S("a"), {}.keys(), {1:2}.values(), {}.items(), f, iter([1]), (i for i in ()), int, slice(1), property(), reversed([1]), enumerate([]), zip(), vars(int), NotImplemented, ..., KeyError(3), print, "".join, super(S, S("a")), staticmethod(f)):
    for k in (2 ** 70, -2 ** 70, I(), J(), K(), 3):
        try:
            del v[k]
        except Exception as e:
            print(type(v).__name__, type(e).__name__, e)
        try:
            v[k] = 1
        except Exception as e:
            print(type(v).__name__, type(e).__name__, e)
