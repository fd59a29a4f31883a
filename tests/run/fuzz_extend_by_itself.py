# A subclass of list with an __iter__ of its own, extended by others and by itself.
class I(list):
    def __iter__(self): return iter([10, 2])
class T(tuple):
    def __iter__(self): return iter([10, 2])
for C in I, T:
    x = C(); x2 = C([5, 6]); 
    print(list(x), list(x2), [*x2], tuple(x2), sorted(x2), set(x2), len(x2), *x2)
    a = [1]; a += x2; print(a)
    a = [1]; a.extend(x2); print(a)
    a = [1]; a[1:] = x2; print(a)
    a = [1]; a[:0] = x2; print(a)
    print([1] + x2 if C is I else 0, (1,) + x2 if C is T else 0)
    y = C([7]); 
    try: y += x2; print(list.__repr__(y) if C is I else tuple.__repr__(y))
    except Exception as e: print(e)
    y = C([7])
    try: y += y; print(list.__repr__(y) if C is I else tuple.__repr__(y))
    except Exception as e: print(e)
    y = C([7])
    if C is I: y.extend(y); print(list.__repr__(y)); y.extend(x2); print(list.__repr__(y)); y[1:2] = x2;  print(list.__repr__(y)); y[1:2] = y; print(list.__repr__(y)); y.__init__(x2); print(list.__repr__(y)); y.__init__(y); print(list.__repr__(y))
    if C is I: y = I([7]); y.__iadd__(x2); print(list.__repr__(y)); y *= 2; print(list.__repr__(y)); y = I([7]); y[::2] = x2[:1]; print(list.__repr__(y)); y[0:1:1] = x2; print(list.__repr__(y)); 
    a, b = x2; print(a, b)
    print(max(x2), sum(x2), ",".join(map(str, x2)), dict(zip(x2, x2)), list(enumerate(x2)), list(map(str, x2)), 5 in x2, 10 in x2, x2 == [5, 6], C(x2) == x2, list(reversed(x2)))
    try: print("".join(C(["a", "b"])))
    except Exception as e: print(e)
    print("%s %s" % x2 if C is T else 0, dict.fromkeys(x2), frozenset(x2), any(x2), min(x2), {1, 2}.union(x2), [1].__add__(x2) if C is I else 0)
    def f(*a): return a
    print(f(*x2), f(0, *x2), f(*x2, *x2))
    for v in x2: print(v)
