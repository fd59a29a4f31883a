"""An exit with a message inside finally blocks."""
import sys


def f():
    try:
        sys.exit("the end")
    finally:
        print("finally")


try:
    f()
except Exception:
    print("never")
