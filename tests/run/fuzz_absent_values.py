# What takes a dict, given none.
import time
print(time.struct_time((2005, 9, 29, 6, 44, 45, 0, 167, 0)))
def f(a, *, b=1): return a
del f.__kwdefaults__
print(f.__kwdefaults__)
del f.__annotations__
print(f.__annotations__)
