# Where errors of loops over pairs are shown: of the iterator the whole statement, of unpacking the target.

def gen(n):
    for i in range(n):
        yield i, i
    raise ValueError(n)


class Bad:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise KeyError("next")
        return self.n, self.n


class Uneven:
    def __iter__(self):
        yield 1
        raise LookupError("uneven")


def loop_generator(n):
    for a, b in gen(n):
        pass


def loop_multiline(n):
    for (
        a,
        b,
    ) in gen(
        n
    ):
        pass


def loop_class(n):
    for a, b in Bad(n):
        pass


def loop_enumerate(n):
    for i, (a, b) in enumerate(gen(n)):
        pass


def loop_enumerate_plain(n):
    for i, a in enumerate(Bad(n)): pass


def loop_list(n):
    for a, b in [(1, 2)] * n + [5]: pass


def loop_uneven(n):
    for a, b in [(1, 2)] * n + [Uneven()]: pass


def loop_three(n):
    for a, b in [(1, 2)] * n + [(1, 2, 3)]:
        pass


def loop_zip(n):
    for a, b in zip(range(n + 1), gen(n)):
        pass


def loop_dict(n):
    d = {i: i for i in range(n + 1)}
    for k, v in d.items():
        d[k + 1000] = 1


def comprehension(n):
    return [a for a, b in gen(n)]


def comprehension_unpacking(n):
    return [a for a, b in [(1, 2)] * n + [7]]


def generator_expression(n):
    return list(a for a, b in gen(n))


def comprehension_dict(n):
    return {a: b for a, b in Bad(n)}


def nested(n):
    return [a for x in range(3) for a, b in gen(n)]


def caught(n):
    try:
        for a, b in gen(n):
            pass
    except ValueError as e:
        raise RuntimeError("again") from e


def attribute_targets(n):
    class O:
        pass
    o = O()
    for o.a, o.b in gen(n):
        pass


FUNCTIONS = [loop_generator, loop_multiline, loop_class, loop_enumerate, loop_enumerate_plain, loop_list, loop_uneven, loop_three, loop_zip,
             loop_dict, comprehension, comprehension_unpacking, generator_expression, comprehension_dict, nested, caught, attribute_targets]


def all_of(first):
    function = FUNCTIONS[first]
    try:
        function(3)
    finally:
        if first + 1 < len(FUNCTIONS):
            all_of(first + 1)


for function in FUNCTIONS:
    for n in (0, 1, 4, 30):
        try:
            function(n)
        except Exception as e:
            print(function.__name__, n, type(e).__name__, e)
all_of(0)
