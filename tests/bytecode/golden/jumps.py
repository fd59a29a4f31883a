# Jumps to jumps go where those go, jumps to a return return, and stores in loops find their constant in a register.
def chain(a, b):
    if a:
        if b > 1:
            a = 1
        else:
            a = 2
    else:
        a = 3
    return a


def ends(a):
    if a:
        a.b()
    elif a.c:
        a.d()


def fill(a, n):
    while n:
        n -= 1
        if n & 1:
            if n > 4:
                continue
        a[n] = False
        a.last = None


def guarded(a):
    try:
        if a:
            a()
    finally:
        if a.b:
            a.c()
