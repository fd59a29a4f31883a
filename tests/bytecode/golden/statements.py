def loops(n, pairs):
    total = 0
    for i in range(n):
        if i == 3:
            continue
        total += i
    else:
        total -= 1
    for k, v in pairs:
        total += v
    while total > 10:
        total //= 2
        if total == 7:
            break
    while total:
        total -= 1
    while True:
        return total


def handlers(f):
    try:
        f()
    except (ValueError, KeyError) as e:
        return e
    except OSError:
        pass
    else:
        f(1)
    finally:
        f(2)


def managed(f):
    with f() as g, g:
        return g.x


def unassigned(x):
    if x:
        y = 1
    print(y)
    del x
    return x


def checks(x):
    assert x > 1, "message"
    assert x
    raise ValueError from x
