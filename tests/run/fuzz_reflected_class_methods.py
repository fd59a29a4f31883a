# A classmethod as reflected operator: each class gets its own, so that a subclass that only inherits it goes first.
class Base(int):
    pass


class Derived(Base):
    pass


class Other(Derived):
    __rmod__ = staticmethod(lambda *a: ("static", len(a)))


Base.__rmod__ = classmethod(lambda cls, *a: (cls.__name__, len(a)))
for x in Base(5), Derived(5), Other(5), 5:
    for y in Base(3), Derived(3), Other(3), 3:
        print(x % y)
Base.__rmod__ = lambda self, *a: ("function", len(a))
for x in Base(5), Derived(5), Other(5), 5:
    for y in Base(3), Derived(3), Other(3), 3:
        print(x % y)
