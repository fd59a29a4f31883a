S = slice(1); R = range(3); f = lambda: 1; p = property(); sm = staticmethod(f); g = (i for i in ''); su = super(Exception, ValueError()); e = ValueError(); m = e.with_traceback; oe = OSError(2, 'x')
class C:
    __slots__ = 'a'
    def z(self): pass
c = C()
def t(n, o, v):
    try: setattr(o, n, v); print(n, 'set', getattr(o, n))
    except Exception as x: print(n, type(x).__name__, x)
    try: delattr(o, n); print(n, 'deleted')
    except Exception as x: print(n, type(x).__name__, x)
for o, n in ((S, 'start'), (R, 'stop'), (f, '__closure__'), (f, '__globals__'), (p, 'fget'), (sm, '__func__'), (sm, '__wrapped__'), (su, '__self__'), (e, '__suppress_context__'), (oe, 'errno'), (oe, 'filename'), (oe, 'characters_written'), (c.z, '__func__'), (c.z, '__self__'), (len, '__name__'), (len, '__self__'), (5, 'real'), (g, 'gi_running'), (str.upper, '__name__'), (str.upper, '__objclass__'), (int.__add__, '__name__'), (int, '__base__'), (C, '__mro__'), (f.__code__, 'co_name'), (c, 'a')):
    t(n, o, 3)
    print(type(o).__dict__.get(n, 0), getattr(type(o), n, 0))
for q in (StopIteration, SystemExit, OSError, ImportError, NameError, AttributeError, SyntaxError, UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError):
    for k, v in sorted(q.__dict__.items()):
        if k[0] != '_': print(v, type(v).__name__)
print(type(StopIteration.value) is type(C.a), StopIteration.value.__name__, StopIteration.value.__objclass__, StopIteration.value.__get__(StopIteration(4)))
try: StopIteration.value.__get__(5)
except TypeError as x: print(x)
try: StopIteration.value()
except TypeError as x: print(x)
try: StopIteration.value.__set__(5, 5)
except TypeError as x: print(x)
try: C.__bases__ = 3
except TypeError as x: print(x)
try: del C.__bases__
except TypeError as x: print(x)
try: int.__bases__ = ()
except TypeError as x: print(x)
