# A namespace that contains itself.
class C:
    pass


C.v = vars(C)
text = repr(vars(C))
print(text.count("mappingproxy({...})"), text.startswith("mappingproxy({'__module__': '__main__'"), str(vars(C)) == text[13:-1])
o = C()
o.d = vars(o)
print(o.d, str(vars(o)), f"{vars(o)}", [o.d])
o.d = [vars(o), {"x": o.__dict__}]
print(vars(o))


class L(list):
    pass


l = L([1])
l.d = vars(l)
l.append(vars(l))
print(l, vars(l))
l.me = l
print(l, vars(l))


def f():
    pass


f.d = f.__dict__
print(f.__dict__)


def show(f, *args, **keywords):
    try:
        print(f(*args, **keywords))
    except Exception as e:
        print(type(e).__name__, e)


show(lambda: type(vars(C).__ior__).__name__)
show(lambda: vars(C).__ior__(x=10))
show(lambda: vars(C).__ior__())
show(lambda: vars(C).__ior__({}))
for name in ("pop", "update", "clear", "popitem", "setdefault", "__setitem__", "__delitem__", "get", "keys", "__ior__", "__or__"):
    print(name, hasattr(vars(C), name), hasattr(o.__dict__, name))
show(lambda: vars(C).pop("x"))
