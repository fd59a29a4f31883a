"""Calls of classes with wrong arguments."""
for t in (type(...), type(None), type(NotImplemented)):
    for a in ((1,), ()):
        try: print(t(*a))
        except TypeError as e: print(e)
for t in (type((i for i in "")), type(len), type(str.upper), type({}.keys()), type(iter([])), type((5).__add__), type(type.__dict__["__name__"])):
    try: print(t(1, 2, 3))
    except TypeError as e: print(e)
for a in ((1, 2, 3), (1,), (int, 2)):
    try: print(super(*a))
    except TypeError as e: print(e)
    try: print(super(int, None).__init__(*a))
    except TypeError as e: print(e)
