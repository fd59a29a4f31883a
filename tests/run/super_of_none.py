class Note(Exception):
    def __init__(self, *args, code=0):
        super().__init__(*args)
        self.code = code
for i in range(10):
    try: Note.__init__(None, 3)
    except TypeError as e: print(e)
    try: Note.__init__(5, 'a', 4)
    except TypeError as e: print(e)
    try: Note.__init__(5)
    except TypeError as e: print(e)


class Hashed:
    def __hash__(self):
        print('hashed')
        return 1


class Base: pass
class Derived(Base): pass
for bound in super(Derived, Derived()), super(Base, Derived()), super(object, 1), super(Base):
    for name in [], {}, 5, None, (1, []), Hashed(), 'no such name':
        try:
            print(super.__getattribute__(bound, name))
        except (TypeError, AttributeError) as e:
            print(type(e).__name__, e)
