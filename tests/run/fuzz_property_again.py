# A property that is initialised again has forgotten its name.
def show(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class D: pass
r = property(lambda s: 1, doc='d')
r.__set_name__(D, 'n')
print(r.__doc__)
show(lambda: r.__set__(D(), 1))
show(lambda: r.__init__(None, None, None, 'e'))
show(lambda: r.__set__(D(), 1)); show(lambda: r.__get__(D(), D)); print(r.__doc__)
r.__set_name__(D, 'm')
show(lambda: r.__set__(D(), 1))
s = r.getter(lambda s: 2)
show(lambda: s.__set__(D(), 1))
show(lambda: r.__init__(1,2,3,4,5))
show(lambda: s.__set__(D(), 1)); show(lambda: r.__set__(D(), 1))
