# Descriptors of builtin class methods, __new__ of classes that make nothing in Mini, views of dicts, and type.__init__.
def show(f, *args, **keywords):
    try:
        print(f(*args, **keywords))
    except Exception as e:
        print(type(e).__name__, e)


class D(dict):
    pass


fromkeys = vars(dict)["fromkeys"]
for args in ((), (5,), (int,), (D, "ab"), (dict, "ab", 1), (dict,), (D, "a", 1, 2)):
    show(fromkeys, *args)
for args in ((5,), ({},), (D(),), (None,), (None, dict), (None, int), (5, D), (5, 5), (D(), None)):
    show(lambda: fromkeys.__get__(*args)("xy"))
show(lambda: type(fromkeys.__get__(None, D)("xy")))


def f():
    pass


for cls in (type(f), type(vars(D)), type({}.keys()), int):
    print(cls.__new__.__self__)
    show(cls.__new__)
    show(cls.__new__, 5)
    show(cls.__new__, str)
show(lambda: type(vars(D))[int])
print({1: 2}.keys().mapping, {1: 2}.values().mapping, str({1: 2}.items().mapping))
show(lambda: {}.keys().mapping.pop)
show(lambda: {1: 2}.keys().mapping | {3: 4})
show(type.__init__, int)
show(type.__init__, int, 1)
show(type.__init__, int, 1, x=2)
show(type.__init__, int, 1, 2)
show(property().__set_name__, x=1)
show(property().__set_name__, 1)
