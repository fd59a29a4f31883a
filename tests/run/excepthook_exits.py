import sys
def f(t, v, tb):
    sys.exit(7)
sys.excepthook = f
1 / 0
