# A comparison whose number as an inline-cache site is the number of any opcode, before an empty body: its second word
# must not be taken for that instruction.
class A:
    def __init__(self):
        self.x = 1

    def __lt__(self, other):
        return True


def sites_55(a, b):
    a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x
    if a < b: pass
    if a < b:
        return 1
    elif b < a:
        return 2
    return a.x


def sites_56(a, b):
    a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x
    if a < b: pass
    if a < b:
        return 1
    elif b < a:
        return 2
    return a.x


def sites_57(a, b):
    a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x
    if a < b: pass
    if a < b:
        return 1
    elif b < a:
        return 2
    return a.x


def sites_58(a, b):
    a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x
    if a < b: pass
    if a < b:
        return 1
    elif b < a:
        return 2
    return a.x


def sites_59(a, b):
    a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x; a.x
    if a < b: pass
    if a < b:
        return 1
    elif b < a:
        return 2
    return a.x


print(sites_55(A(), A()))
print(sites_56(A(), A()))
print(sites_57(A(), A()))
print(sites_58(A(), A()))
print(sites_59(A(), A()))
