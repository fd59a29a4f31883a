def f(): pass
f.x = 1
print(type(f).__setattr__, type(f).__getattribute__, f.__getattribute__("x"), f.__setattr__("y", 2), f.y, f.__delattr__("y"), hasattr(f, "y"))
object.__setattr__(f, "z", 3)
print(f.z, object.__getattribute__(f, "z"), f.__dict__)
object.__delattr__(f, "z")
try: object.__getattribute__(f, "z")
except AttributeError as e: print(e)
s = staticmethod(f)
print(type(s).__setattr__, type(s).__getattribute__("x") if 0 else s.__getattribute__("__func__") is f)
print(bool.__bool__, bool.__getattribute__, True.__bool__(), type(None).__hash__, hash(None) == None.__hash__(), None.__getattribute__("__class__"))
print(True.__getattribute__("real"), type(NotImplemented).__getattribute__)
class S(staticmethod): pass
s = S(f)
s.q = 4
print(s.q, s.__getattribute__("q"))
try: f.__setattr__(*5)
except TypeError as e: print(e)
