"""The classes of the random programs, and the statements that use them: `Classes` stands between Expressions and Writer.

expressions.py owns the invariants. Of its own: instances hash without addresses, and what operators return is clipped.
"""
from __future__ import annotations

from expressions import ARITHMETIC, ORDER, Expressions

TRUTHS = ("bool({0})", "'yes' if {0} else 'no'", "not {0}", "({0} and 1) == 1", "[1 for _ in 'ab' if {0}]", "any([{0}])")


class Classes(Expressions):
    """Writes class definitions, and loops that change classes while they are used."""

    def show(self) -> None:
        raise NotImplementedError

    def sweep(self) -> None:
        raise NotImplementedError

    def define_class(self) -> None:
        name = self.fresh("C")
        bases = []
        if self.classes and self.chance(0.6):
            bases.append(self.pick(self.classes))
            if len(self.classes) > 1 and self.chance(0.3):
                bases += [other for other in self.classes if other not in bases][:1]
                bases.sort(reverse=True)
        self.put(f"class {name}({', '.join(bases)}):" if bases else f"class {name}:")
        self.indent += 1
        if not bases and self.chance(0.2):
            self.put("__slots__ = ('v', 'w')")
            slots = True
        else:
            slots = False
        if self.chance(0.6) or not bases:
            self.put(f"kind = {self.leaf(self.pick('IIS'))}" if not slots else f"kind = {self.leaf('I')}")
        if not bases or self.chance(0.3):
            self.put("def __init__(self, v=0, w=1):")
            if bases:
                self.put("    super().__init__(v)")
            self.put("    self.v = v")
            if self.chance(0.6):
                self.put("    self.w = w")
        if not bases or self.chance(0.3):
            self.put("def __repr__(self):")
            self.put(f"    return {name!r} + f'({{self.v!r}})'")
        if not bases:
            self.put("def __hash__(self):")
            self.put("    return hash(self.kind)")
        # Values of objects stay small: results of operators are clipped.
        for op in self.rng.sample(tuple(ARITHMETIC), self.rng.randint(1, 6)):
            prefix = self.pick(("", "", "r", "i"))
            method = f"__{prefix}{ARITHMETIC[op]}__"
            self.put(f"def {method}(self, o):")
            if self.chance(0.25):
                self.put(f"    print({method!r}, o)")
            safe = op if op not in ("@", "**", "<<") else "+"
            number = "(o.v if hasattr(o, 'v') else o)"
            self.put("    " + self.pick((
                "return NotImplemented", f"return type(self)(clip(self.v {safe} {number}))",
                f"return type(self)(clip({number} {safe} self.v))", f"return {self.leaf('I')}", "return self",
                f"return ({op!r}, self.v)",
                f"return super().{method}(o)",
            )))
        for op in self.rng.sample(tuple(ORDER), self.rng.randint(0, 3)):
            self.put(f"def __{ORDER[op]}__(self, o):")
            if self.chance(0.3):
                self.put(f"    print('{name}.{ORDER[op]}', self.v)")
            self.put("    " + self.pick((f"return self.v {op} (o.v if hasattr(o, 'v') else o)",
                "return NotImplemented", f"return {self.leaf('I')}", "return ''")))
        extras = {
            "__eq__(self, o)": ("return hasattr(o, 'v') and self.v == o.v", "return NotImplemented", "return 5"),
            "__len__(self)": ("return 3", "return self.v", "return -1", "return 'a'", "return 2 ** 70"),
            "__bool__(self)": ("return self.v == 1", "return True", "return 2"),
            "__getitem__(self, i)": ("return (self.v, i)", "return [10, 20, 30][i]", "raise IndexError(str(i))"),
            "__contains__(self, o)": ("return o == self.v", "return 'x'", "raise KeyError(o)"),
            "__iter__(self)": ("return iter([self.v, 1])", "yield self.v", "return self", "return 3"),
            "__call__(self, *a)": ("return (self.v, a)", "return a"),
            "__enter__(self)": ("print('enter', self.v); return self",),
            "__exit__(self, *a)": ("print('exit', a[0] and a[0].__name__, a[1]); return self.v == 1", "return True",
            "print('left')"),
            "__getattr__(self, name)": (
            "if name.startswith('_') or name == 'v': raise AttributeError(name)\n        return name",),
            "__neg__(self)": ("return type(self)(-self.v)", "return NotImplemented"), "__invert__(self)": (
            "return ~self.v",),
            "__abs__(self)": ("return abs(self.v)",), "__index__(self)": ("return self.v", "return 'no'", "return 1"),
            "__int__(self)": ("return self.v", "return 2.5"), "__float__(self)": ("return float(self.v)", "return 1"),
            "__str__(self)": ("return f'<{self.v}>'", "return 3", "return repr(self)"),
            "__format__(self, spec)": ("return f'[{spec}]'",), "__setitem__(self, i, x)": ("print('set', i, x)",),
            "__delitem__(self, i)": ("print('del', i)",), "__reversed__(self)": ("return [3, 2]",),
            "__next__(self)": (
            "raise StopIteration",
            "self.v -= 1\n        if self.v < 0 or self.v > 9: raise StopIteration(3)\n        return self.v"),
        }
        wanted = self.rng.sample(tuple(extras), self.rng.randint(1, 7))
        if self.chance(0.5):
            wanted += [key for key in ("__enter__(self)", "__exit__(self, *a)") if key not in wanted]
        for head in wanted:
            self.put(f"def {head}:")
            self.put(f"    {self.pick(extras[head])}".replace("\n        ", "\n" + "    " * (self.indent + 1)))
            if head.startswith("__eq__"):
                self.put("__hash__ = None" if self.chance(0.2) else "def __hash__(self): return 7")
        for index in range(self.rng.randint(1, 2)):
            if self.chance(0.25):
                self.put(self.pick(("@staticmethod", "@classmethod")))
                self.put(f"def m{index}(x=1, *y):")
                self.put(f"    return {self.pick(('x if isinstance(x, int) else x.__name__', 'y', '(y, len(y))'))}")
            else:
                self.put(f"def m{index}(self, x=1):")
                self.put("    return " + self.pick((f"clip(self.v {self.pick('+-&|')} x)", "(self.kind, x)",
                    f"{self.expr('I', 1)}", "self.v", f"super().m{index}(x)")))
        if self.chance(0.4):
            self.put("@property")
            self.put("def half(self):")
            self.put(f"    return {self.pick(('self.v / 2', 'self.w', 'self.missing', 'self.kind'))}")
            if self.chance(0.4):
                self.put("@half.setter")
                self.put("def half(self, x):")
                self.put("    self.v = x")
        self.indent -= 1
        self.classes.append(name)
        variable = self.fresh()
        self.guarded(lambda: self.put(f"{variable} = {name}({self.leaf(self.pick('IIIFS'))})"))
        self.bind(variable, "O")
        if self.chance(0.35):  # what its methods say of truth
            self.guarded(lambda: self.put(f"print({self.pick(TRUTHS).format(variable)})"))

    def change_class(self) -> None:
        """A loop over objects that uses a class, and changes it on the way."""
        objects = self.known("O")
        if not objects or not self.classes or self.loops >= 2:
            self.sweep()
            return
        item, thing = self.fresh("i"), self.fresh("o")
        name = self.pick(self.classes)
        self.put(f"for {item} in range({self.rng.randint(3, 7)}):")
        self.put(f"    for {thing} in ({', '.join(self.pick(objects) for _ in range(self.rng.randint(1, 3)))},):")
        self.indent += 2
        what = self.pick((f"{thing}.m0({item})", f"{thing}.kind", f"{thing}.v", f"{thing}.half", f"{thing}.m1()",
            f"{thing} + {item}",
                          f"{thing} < {item}", f"{thing}({item})", f"{thing}[{item}]", f"{thing} == {thing}",
                          f"{name}.kind", f"len({thing})",
                          f"bool({thing})", f"{thing}.extra", f"-{thing}", f"{item} in {thing}", f"{item} - {thing}",
                          f"str({thing})"))
        matched = self.pick((
            (f"{thing}.m0({item})", f"{name}.m0 = lambda self, *a: ('new', a)"), (
            f"{thing}.kind", f"{name}.kind = 'new'"),
            (f"{thing}.m0()", f"{thing}.m0 = lambda *a: ('own', a)"), (f"{name}.kind", f"{name}.kind = {item}"),
            (f"{thing} + {item}", f"{name}.__add__ = lambda a, b: 'added'"), (
            f"{thing}.v", f"{name}.v = property(lambda s: 'p')"),
            (f"{thing}.extra", f"{name}.extra = property(lambda s: s.kind)"), (f"{thing}.m0({item})", f"del {name}.m0"),
            (f"{thing}.kind", f"del {name}.kind"), (f"bool({thing})", f"{name}.__bool__ = lambda s: False"),
        ))
        both = self.chance(0.6)
        if both:
            what = matched[0]
        self.guarded(lambda: self.put(f"print({what})"))
        change = self.pick((
            f"{name}.kind = {item}", f"{name}.m0 = lambda self, *a: ('new', a)", f"{thing}.m0 = lambda *a: ('own', a)",
            f"{thing}.kind = 'own'", f"del {name}.kind", f"del {thing}.v", f"{thing}.v = {self.leaf('I')}",
            f"{name}.__add__ = lambda a, b: 'added'",
            f"{name}.__lt__ = lambda a, b: {item}", f"{name}.__len__ = lambda a: {item}", f"{name}.half = {item}",
            f"del {name}.m0",
            f"{thing}.extra = {item}", f"{name}.extra = property(lambda s: s.v)",
            f"{name}.__getitem__ = lambda s, i: i", f"{name}.__bool__ = lambda s: False",
            f"{name}.__eq__ = lambda a, b: 'eq'", f"{name}.v = 'class'",
            f"{name}.__getattr__ = lambda s, n: n.upper()", f"{thing}.half = {item}",
            f"{thing}.__class__ = {self.pick(self.classes)}", f"{name}.__call__ = lambda *a: len(a)",
            f"{name}.__rsub__ = lambda a, b: b",
        ))
        if both:
            change = matched[1]
        self.put(f"if {item} == {self.rng.randint(0, 3)}:")
        self.indent += 1
        self.guarded(lambda: self.put(change))
        self.indent -= 3

    def attribute(self) -> None:
        objects = self.known("O")
        if not objects or not self.classes:
            self.show()
            return
        name = self.pick(objects)
        self.put(self.pick((
            f"{name}.v = {self.expr('I', 1)}", f"print({name}.v, {name}.kind)", f"print({name}.m0({self.any(1)}))",
            f"del {name}.v",
            f"{name}.extra = {self.any(1)}", f"print({name}.extra)", f"print({name}.missing)", f"print({name}.half)",
            f"{name}.half = {self.leaf('I')}",
            f"print(sorted(vars({name})))", f"print(getattr({name}, 'w', None), hasattr({name}, 'kind'))",
            f"setattr({name}, 'w', {self.any(1)})",
            f"print({name}[{self.slice()}])", f"{name}[{self.leaf('I')}] = {self.any(1)}", f"print(list({name}))",
            f"print(f'{{{name}:>8}}', str({name}))",
            f"print({self.leaf('I')} in {name})", f"print(int({name}), float({name}))", f"print([1, 2, 3][{name}])",
            f"a, *b = {name}; print(a, b)",
            f"print({name}({self.leaf('I')}))", f"print(len({name}), bool({name}))",
            f"print(isinstance({name}, {self.pick(self.classes)}))",
            f"print(sorted([{name}, {self.pick(objects)}, {self.pick(objects)}]))",
            f"print({{{name}: 1, {self.pick(objects)}: 2}})", f"print(hash({name}))",
            f"print(list(reversed({name})), type({name}).__name__)",
            f"print(type({name}).__mro__ == {self.pick(self.classes)}.__mro__)",
            f"print({name}.m0.__name__, {self.pick(self.classes)}.m0({name}))",
            f"print(round({name}), divmod({name}, 2))",
        )))
