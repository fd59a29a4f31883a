"""The report of a recursion without end."""
import sys


def even(n):
    return odd(n - 1)


def odd(n):
    return even(n - 1)


def straight(n):
    return straight(n + 1)


sys.setrecursionlimit(120)
try:
    even(1)
except RecursionError as e:
    print(e)
straight(1)
