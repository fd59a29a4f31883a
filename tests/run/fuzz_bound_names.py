class N(Exception):
    class L(list): pass
n, l = N(), N.L()
for f, a, k in ((n.add_note, (), {"a": 1}), (n.with_traceback, (), {}), (n.with_traceback, (1, 2), {}), (l.append, (), {"x": 1}), (l.append, (), {}), (l.clear, (1,), {}), ([].append, (), {"x": 1}), ("a".upper, (1,), {}), (dict.fromkeys, (), {"x": 1}), (N.L.clear, (l, 1), {}), (list.clear, (l, 1), {}), (list.append, (l,), {"a": 1}), (len, (), {"a": 1}), (abs, (1, 2), {}), ({}.update, (1, 2), {}), ({}.get, (), {}), ({1}.union, (), {"a": 1}), ({1}.add, (), {"a": 1}), ("".join, (1, 2), {}), ("".find, (), {"a": 1})):
    try:
        f(*a, **k)
    except TypeError as e:
        print(e)
try: l.append(x=1)
except TypeError as e: print(e)
try: l.append(1, 2)
except TypeError as e: print(e)
try: n.add_note(x=1)
except TypeError as e: print(e)
e = UnicodeTranslateError("aé", 1, 2, "why")
for name in ("start", "end"):
    for v in ("a", 2.5, 1 << 70, None):
        try: setattr(e, name, v)
        except Exception as x: print(type(x).__name__, x)
        print(getattr(e, name), e)
import sys
class S:
    def __sizeof__(self): return None
print(sys.getsizeof(S(), 9))
try: sys.getsizeof(S())
except TypeError as x: print(x)
