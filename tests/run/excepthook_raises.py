import sys
def f(t, v, tb):
    [][1]
sys.excepthook = f
1 / 0
