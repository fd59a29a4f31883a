import sys
def f(t, v, tb):
    print("mine", file=sys.stderr); sys.__excepthook__(t, v, tb)
    print(sys.excepthook is f)
sys.excepthook = f
def g(): raise LookupError("x")
g()
