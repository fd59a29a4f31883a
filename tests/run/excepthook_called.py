import sys
def f(t, v, tb):
    print("hook", t, v, tb is v.__traceback__)
sys.excepthook = f
print(sys.__excepthook__)
1 / 0
