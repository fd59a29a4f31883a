"""Statements of the random programs about modules and large values: files, time, sys, enum, big ints, sorting, text.

`Modules` is a part of the writer in generator.py; expressions.py owns the invariants. Files lie in the working folder,
which the runner makes anew for each process; a program's files bear its number, and it writes one before it reads it
(what an earlier program of a batch left is not seen).
"""
from __future__ import annotations

from expressions import COMPARE, FLOATS, INTS, STRS, Expressions

TEXTS = ("'a\\nb\\r\\nc\\rd'", "''", "'é€\\U0001f600\\n' * 3", "'one\\ntwo\\nthree'",
    "'x' * 9000 + '\\n' + 'yé' * 40", "'\\n\\n'", "'tab\\tä\\n'", "'\\ufeffbom'",
         "'\\udc80'", "''.join(str(i) + '\\n' for i in range(2000))")
REFUSED = "'utf-8-sig'", "'utf-16'", "'cp1252'", "'iso-8859-15'"  # not in Mini: nothing behind them is compared
ENCODINGS = ("'utf-8'", "'latin-1'", "'ascii'", "None", "'UTF8'", "'no-such'") * 5 + REFUSED
HANDLERS = ("'strict'", "'replace'", "'ignore'", "'backslashreplace'", "'surrogateescape'", "'xmlcharrefreplace'",
    "'namereplace'", "'nothing'", "None", "'surrogatepass'")
FILE_STEPS = (
    "f.read()", "f.read(3)", "f.readline()", "f.readline(2)", "f.readlines()", "f.readlines(5)", "next(f)", "list(f)",
    "f.seek(0)", "f.seek(3)", "f.tell()", "f.seek(0, 2)",
    "f.seek(0, 1)", "f.seek(1, 1)", "f.write('new é\\n')", "f.write('')", "f.writelines(['p', 'q\\n'])",
    "f.truncate()", "f.truncate(2)", "f.flush()", "f.close()",
    "f.closed", "f.mode", "f.name", "f.encoding", "f.errors", "f.newlines", "f.readable()", "f.writable()",
    "f.seekable()", "f.isatty()", "f.line_buffering", "f",
    "f.read(-1)", "f.read(None)", "f.read('a')", "f.seek(-1)", "f.write(5)", "f.readline(None)", "f.__enter__() is f",
    "f.__exit__(None, None, None)", "iter(f) is f",
    "print('x', 1, sep='-', file=f)", "f.fileno() > 2", "f.reconfigure(newline='\\n')", "f.write_through",
    "f.tell() >= 0", "f.read(10000) == ''",
    "[f.readline() for _ in range(4)]", "f.writable() and f.write('z' * 9000)", "f.seek(0, 5)", "f.seek('a')",
    "f.writelines(5)", "hasattr(f, 'readinto')", "f.flush(1)",
)
FORMATS = ("'%Y-%m-%d %H:%M:%S'", "'%a %A %b %B %d %j %U %W %w %y'", "'%c'", "'%x %X %p %I'", "'%Z %%'", "'%z'",
    "'%G-%V %u'", "'%D %e %F %h %n%t%R %T'", "'plain'", "''", "'%q'",
           "'%'", "'é%Y'", "'%C %g %s'", "5", "'%5Y %-d %_d'", "'a\\0b%Y'")
BIG = (
    "10 ** {n}", "3 ** {n}", "(1 << {n}) - 1", "-(7 ** {n})", "(1 << {n})", "12345678901234567890 ** 9",
    "(1 << {n}) + 12345", "-(1 << {n})", "5", "(1 << 64) - 1", "(1 << 62)",
    "int('9' * {d})", "int('1' + '0' * {d})", "int('-' + '123456789' * 30)", "int('f' * {d}, 16)",
    "int('zz' * 40, 36)", "int('1_0' * 20)", "0",
)
BIG_STEPS = (
    "(a * b) % 1000000007", "hash(a * b - b)", "divmod(a, b or 1)[1] % 10007", "(a // (b or 1)) % 10007",
    "a % (b or 3) % 99991", "hex(a)[:40]", "str(a)[-30:]", "len(str(b))", "a.bit_length()", "a == b",
    "a < b", "(a & b) % 10007", "(a | b) % 10007", "(a ^ b) % 10007", "(~a) % 10007", "(a >> {s}) % 10007",
    "(a << {s}) % 10007", "a ** 3 % 10007", "pow(a, 65537, 1000003)", "pow(a, abs(b) % 9999, (1 << 89) - 1)",
    "pow(a, 12345, abs(b) + 2) % 10007", "float(a)", "a / (b or 1)", "math.isqrt(abs(a)) % 10007",
    "math.gcd(a, b)% 10007", "math.lcm(a, b) % 10007", "math.log(abs(a) + 1)", "math.log2(abs(b) + 1)", "bin(a)[:50]",
    "oct(b)[-20:]",
    "a.bit_count()", "int(str(a)) == a", "int(hex(a), 16) == a", "round(a, -5) % 10007", "f'{{a:,}}'[:40]",
    "f'{{a:x}}'[-9:]", "f'{{b:_d}}'[:30]", "'%d' % a == str(a)", "a * a == a ** 2", "(a - b) + b == a",
    "(a // (b or 1)) * (b or 1) + a % (b or 1) == a", "math.comb(abs(a) % 500, abs(b) % 100) % 10007",
    "math.factorial(abs(a) % 600) % 1000003", "math.perm(abs(a) % 300, 20) % 10007", "sum([a, b, 1, a])% 10007",
    "pow(a, -1, 1000003) if a % 1000003 else 0",
    "a.as_integer_ratio()[1]", "int(float(abs(a) % (1 << 900))) % 10007", "repr(b)[:20]", "hash(a) == hash(-a)",
    "abs(a) % 10007", "math.floor(a) == a", "str(a).count('9')", "int(a / 3 if abs(a) < 1 << 900 else 1) % 10007",
)
SORTABLE = (
    "(i * 7919 + 13) % {m}", "i", "-i", "i // 3", "str(i * 31 % {m})", "(i % 5, -i)", "float(i * 13 % {m}) - 0.5",
    "(i * {m}) % 7", "'k%03d' % (i * 7 % {m})", "i * (1 << 40) % 1000003 - 500000", "(i * 37 % {m}) << 60",
    "-(i * 91 % {m})", "i if i % 9 else 2.5", "[i % 4, i % 3]", "chr(97 + i % 26) * (i % 3)", "bool(i % 2)",
    "'é%d' % (i % {m})", "i if i < {m} else i - 70", "2.0 ** (i % 50) * (-1) ** i", "frozenset([i % 3])",
    "i if i % {m} else None",
)
# hash(v or 0): the hash of None is its address, and the lists may hold it
KEYS = ("", "", "", "key=str", "key=lambda v: -v", "key=len", "reverse=True", "key=lambda v: v, reverse=True",
    "key=lambda v: (v > 5, v)", "key=abs", "key=lambda v: v[0]", "reverse=True, key=lambda v: hash(v or 0)", "key=repr")


class Modules(Expressions):
    """Statements about modules, files and large values."""

    def each(self, lines: list[str]) -> None:
        """Each line is an expression that is printed, guarded."""
        for line in lines:
            self.put("try:")
            self.put(f"    print({line})")
            self.put("except Exception as e:")
            self.put(f"    fail({self.tag()}, e)")

    def files(self) -> None:
        path = f"'f{self.number}{self.pick('ab')}.txt'"
        self.put("try:")
        encoding, handler = self.pick(("'utf-8'", "'utf-8'", *ENCODINGS)), self.pick(("None", "None", *HANDLERS))
        self.put(
            f"    with open({path}, {self.pick(('mode=', ''))}'w', encoding={encoding}, errors={handler}, "
            f"newline={self.pick(('None', repr(''), repr(chr(10))))}) as f:")
        self.put(f"        print(f.write({self.pick(TEXTS)}))")
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e)")
        mode = self.pick(("'r'", "'r'", "'r'", "'r+'", "'a'", "'a+'", "'w+'", "'w'", "'x'", "'rt'", "'q'", "'rw'",
            "''", "'r+t'", "5"))
        more = []
        if self.chance(0.5):
            more.append(f"encoding={self.pick(('repr', *ENCODINGS)).replace('repr', repr('utf-8'))}")
        if self.chance(0.3):
            more.append(f"errors={self.pick(HANDLERS)}")
        if self.chance(0.4):
            newlines = ("''", "None", "'\\n'", "'\\r'", "'\\r\\n'", "'x'", "5")
            more.append(f"newline={self.pick(newlines)}")
        if self.chance(0.1):
            more.append(self.pick(("buffering=1", "buffering=0", "buffering=-1", "buffering=64", "closefd=True",
                "closefd=False", "opener=None", "foo=1")))
        name = path if self.chance(0.93) else self.pick(("'missing/no.txt'", "'.'", "''", "5.5", "None", "'a\\0b'",
            "'missing.txt'", "-1"))
        self.put("try:")
        self.put(f"    f = open({', '.join([name, mode, *more])})")
        self.indent += 1
        self.put(f"print({self.pick(('f.name', 'f.mode, f.encoding', 'f', 'f.newlines'))})")
        steps = [self.pick(FILE_STEPS) for _ in range(self.rng.randint(2, 8))]
        if "+" in mode:  # reading on after writing is open (found/README.md)
            steps = [step for first in steps for step in ((first, "f.seek(0)") if "write" in first or "print" in first
                                                          else (first,))]
        self.each(steps)
        if self.chance(0.4):
            self.put("for line in f:")
            self.put("    print(len(line), repr(line[:20]), f.newlines)")
        self.put("f.close()")
        if self.chance(0.3):
            self.each([self.pick(FILE_STEPS) for _ in range(2)])
        if self.chance(0.5):
            self.put(f"print(open({path}, newline='', encoding='latin-1').read()[:60].__repr__())")
        self.indent -= 1
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e)")
        self.put(
            f"    print(getattr(e, 'errno', 0), getattr(e, 'filename', 0), getattr(e, 'reason', 0), getattr(e, "
            f"'strerror', 0))")
        self.put("    try:")    # when the text of an open file reaches the disk is the VM's choice (docs/language.md: Reclaiming)
        self.put("        f.close()")
        self.put("    except Exception:")
        self.put("        pass")

    def seconds(self) -> str:
        return self.pick((str(self.rng.randint(-10 ** 9, 4 * 10 ** 9)), "0", "1e9", "1.5", "-1", "86399.9", "1 << 40",
            "1 << 62", "'a'", "float('inf')", "float('nan')", "951782400", "1e20"))  # type: ignore[no-any-return]

    def fields(self) -> str:
        if self.chance(0.5):
            return f"time.gmtime({self.rng.randint(0, 2 * 10 ** 9)})"
        numbers = [self.rng.randint(1900, 2100), self.rng.randint(0, 13), self.rng.randint(0, 32), self.rng.randint(0,
            24), self.rng.randint(0, 61), self.rng.randint(0, 62),
                   self.rng.randint(-1, 7), self.rng.randint(0, 367), self.rng.randint(-1, 1)]
        if self.chance(0.1):
            numbers[self.rng.randint(0, 8)] = self.pick((1 << 40, -5, 99999))
        return f"({', '.join(map(str, numbers[:9 if self.chance(0.9) else 5]))})"

    def times(self) -> None:
        self.put("import time")
        self.each([self.pick((
            f"time.gmtime({self.seconds()})", f"time.localtime({self.seconds()})", f"time.asctime({self.fields()})",
            f"time.ctime({self.seconds()})", f"time.strftime({self.pick(FORMATS)}, {self.fields()})",
            f"time.mktime({self.fields()})", f"time.struct_time({self.fields()})",
            f"time.gmtime({self.seconds()}).tm_"
            f"{self.pick(('year', 'mon', 'mday', 'hour', 'zone', 'gmtoff', 'wday', 'yday', 'isdst', 'nothing'))}",
            f"time.gmtime(0) {self.pick(COMPARE)} time.gmtime({self.seconds()})",
            f"time.gmtime(5)[{self.rng.randint(-12, 12)}]", f"time.gmtime(7)[{self.slice()}]",
            "time.timezone, time.altzone, time.daylight, time.tzname",
            "time.monotonic() <= time.monotonic()",
            f"time.sleep({self.pick(('0', '0.0', '-1', 'None', '1e-9', repr('a'), 'True'))})", "time.time() > 1e9",
            "type(time.time_ns()), type(time.perf_counter())", "len(time.gmtime(1)), time.gmtime(1).n_fields",
            f"hash(time.gmtime(9)) == hash(tuple(time.gmtime(9)))", f"time.struct_time({self.leaf('L')})",
            "time.gmtime(3) + (1,)", f"{self.leaf('I')} in time.gmtime(60)",
            "repr(time.gmtime(1)), str(time.gmtime(2))", "time.process_time() >= 0, time.thread_time_ns() >= 0",
            f"time.strftime({self.pick(FORMATS)}, time.gmtime({self.seconds()}))",
            "time.gmtime(1) == tuple(time.gmtime(1))", "time.gmtime(*[1, 2])",
            "time.struct_time(range(9), {'tm_zone': 'X'})", "[*time.gmtime(4)].count(0)",
            "time.gmtime(1).__class__, time.gmtime.__name__", "time.gmtime(1).__match_args__",
            "setattr(time.gmtime(1), 'tm_year', 3)", "time.perf_counter_ns() > 0, time.monotonic_ns() > 0",
        )) for _ in range(self.rng.randint(2, 6))])

    def system(self) -> None:
        self.put("import sys")
        self.each([self.pick((
            "sys.maxsize, sys.byteorder, sys.platform", "sys.getrecursionlimit()",
            f"sys.setrecursionlimit({self.pick(('1000', '-1', repr('a'), '1', '0', '1000'))})", "sys.exc_info()",
            "sys.version_info[:2], sys.version_info >= (3, 8)", "sys.float_info.max, sys.float_info.epsilon",
            "sys.float_info", "sys.int_info", "sys.hash_info", f"sys.intern({self.leaf('S')})",
            f"sys.intern({self.any(0)})",
            f"sys.set_int_max_str_digits({self.pick(('4300', '-5', '1', repr('a'), '4300'))})",
            "sys.get_int_max_str_digits()", "sys.flags.optimize, len(sys.flags)",
            "type(sys.flags), type(sys.version_info)", "sys.version_info.major, sys.version_info.releaselevel",
            f"sys.displayhook({self.leaf('I')})", "sys.displayhook(None)",
            "sys.getdefaultencoding(), sys.getfilesystemencoding()", "sys.stdout.write('text\\n')",
            "sys.stdout.writable(), sys.stdin.readable()",
            "sys.stdout.encoding, sys.stdout.name, sys.stdin.name", "sys.stdout.flush()", "sys.stdin.read()",
            "sys.stdin.readline()", "input()", f"input({self.leaf('S')})", "sys.argv[1:]",
            "'sys' in sys.modules, sys.modules['sys'] is sys", "sys.hexversion >> 24",
            "sys.stdout.isatty()", "sys.stdout is sys.__stdout__", "sys.exit.__name__, sys.exc_info.__name__",
            "sys.maxunicode", f"print({self.any(0)}, file=sys.stdout, end='|\\n', flush=True)",
            "print('é', file=sys.stderr)", "sys.stdout.writelines(['a', 'b\\n'])",
            "sys.version_info == (3, 11)", "sys.version_info[5]", f"print(*{self.leaf('L')}, sep={self.leaf('S')})",
            "sys.float_repr_style", "str(10 ** 5000)", "int('1' * 5000)", "len(str(10 ** 4299))",
            "sys.float_info[2], len(sys.float_info)",
            "[line for line in sys.stdin]", "sys.hash_info.width, sys.int_info.bits_per_digit",
            "sys.float_info.nothing", "sys.stdout.write(5)", "sys.stdin.write('a')", "sys.stdout.read()",
            "sys.stdin.fileno(), sys.stderr.fileno()", "sys.stdin.closed, sys.stdin.mode",
        )) for _ in range(self.rng.randint(2, 6))])
        roll = self.rng.random()
        if roll < 0.4:
            self.put("try:")
            self.put(f"    sys.exit({self.pick(('', '3', 'None', repr('text'), '(1, 2)', '2.5', 'True', '1, 2'))})")
            self.put("except BaseException as e:")
            self.put(
                "    print('exit', type(e).__name__, e, repr(e), e.args, getattr(e, 'code', 'no code'), "
                "sys.exc_info()[:2])")
        elif roll < 0.6:
            self.put("try: raise ValueError(1)")
            self.put("except ValueError as e:")
            self.put(
                "    t = e.__traceback__; print(type(t).__name__, t.tb_lineno > 0, t.tb_next, sys.exc_info()[2] "
                "is t, e.with_traceback(None) is e, e.__traceback__)")

    def big(self) -> None:
        """Ints of many sizes."""
        self.put("import math")
        n, d, s = self.pick((80, 200, 700, 2500, 9000)), self.pick((5, 19, 40, 300, 1500, 4000)), self.pick((1, 30,
            62, 64, 100, 500))
        self.put("try:")
        self.put(
            f"    a, b = {self.pick(BIG).format(n=n, d=d)}, "
            f"{self.pick(BIG).format(n=self.pick((90, 300, 1200, 4000)), d=d)}")
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e); a, b = 1 << 99, 7 ** 55")
        self.each([self.pick(BIG_STEPS).format(s=s) for _ in range(self.rng.randint(3, 8))])

    def signs(self) -> None:
        """One operator on ints of all sizes and signs, with each other."""
        values = [
            f"{self.pick(('', '-'))}"
            f"{self.pick(('1', '5', '(1 << 46)', '(1 << 47)', '(1 << 61)', '(1 << 62)', '(1 << 64)', '(1 << 100)', '(10 ** 30 + 7)', '(1 << 61) - 1', '3 ** 50', '2.5', '7.0'))}" for
            _ in range(5)]
        text = self.pick(("x + y", "x - y", "x * y", "x // y", "x % y", "x // y", "divmod(x, y)", "x & y", "x | y",
            "x ^ y", "x >> 3", "x < y, x == y, x >= y", "x / y", "-x, ~x if x == int(x) else 0, abs(y)",
            "hash(x), hash(y)"))
        self.put(f"for x in ({', '.join(values)}):")
        self.put(f"    for y in ({', '.join(values)}, 3, -2):")
        self.put(f"        try: print({text})")
        self.put("        except Exception as e: print(type(e).__name__, e)")

    def sorting(self) -> None:
        name, m = self.fresh("s"), self.pick((7, 50, 101, 1009, 100003))
        count = self.pick((0, 1, 2, 5, 20, 63, 64, 65, 130, 500, 1500))
        parts = [f"[{self.pick(SORTABLE).format(m=m)} for i in range({count})]" for _ in range(self.pick((1, 1, 2)))]
        self.put("try:")
        self.put(f"    {name} = {' + '.join(parts)}")
        if self.chance(0.2):
            self.put(f"    {name} = {name}[::-1] + {name}[:50]")
        if self.chance(0.1):
            self.put(f"    {name}.append({self.any(0)})")
        key = self.pick(KEYS)
        roll = self.rng.random()
        if roll < 0.5:
            self.put(f"    {name}.sort({key})")
        elif roll < 0.8:
            self.put(f"    {name} = sorted({name}{', ' + key if key else ''})")
        elif roll < 0.9:
            self.put(f"    {name}.sort(key=lambda v: {name}.append(1) or v)")
        else:
            self.put("    class Q:")
            self.put("        def __init__(self, v): self.v = v")
            self.put(
                f"        def __lt__(self, o): return "
                f"{self.pick(('self.v < o.v', 'o.v < self.v', '1 // (self.v - 3)', 'False', 'NotImplemented', 'self.v'))}")
            self.put(f"    {name} = [q.v for q in sorted(map(Q, {name}))]")
        self.put(f"    print(len({name}), {name}[:8], {name}[-4:], hash(str({name})))")
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e); print(len({name}))")
        if self.chance(0.3):
            self.each([f"min({name}), max({name})", f"min({name}, key=str)",
                f"sum({name}) if {name} and isinstance({name}[0], int) else 0"])

    def enumeration(self) -> None:
        name = self.fresh("E")
        base = self.pick(("Enum", "Enum", "IntEnum"))
        self.put(f"from enum import Enum, IntEnum, auto, unique")
        self.put("try:")
        if self.chance(0.2):
            self.put("    @unique")
        self.put(f"    class {name}({base}):")
        for index, member in enumerate("ABCD"[: self.rng.randint(1, 4)]):
            self.put(
                f"        {member} = "
                f"{self.pick((str(index), 'auto()', str(self.rng.randint(0, 2)))) if base == 'IntEnum' or self.chance(0.7) else self.atom_leaf('S')}")
        if self.chance(0.4):
            self.put(f"        def twice(self): return self.value, self.name")
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e)")
        self.each([self.pick((
            f"list({name})", f"{name}.A, repr({name}.A), {name}.A.value, {name}.A.name", f"{name}(1)", f"{name}['B']",
            f"{name}['zz']", f"{name}(99)", f"len({name}), {name}.A in {name}", f"{name}.A is {name}({name}.A.value)",
            f"{name}.A == 0, {name}.A != {name}.A", f"{name}.A < {name}.B", f"{name}.__members__",
            f"[m.value for m in reversed({name})]", f"{name}.A.twice()", f"setattr({name}, 'A', 3)",
            f"delattr({name}, 'A')", f"f'{{{name}.A}} {{{name}.A!r:>20}}'",
            f"{{{name}.A: 1}}[{name}.A]", f"isinstance({name}.A, {name}), isinstance({name}.A, int)",
            f"{name}.missing", f"{name}.A.name.lower()", f"hash({name}.A) == hash({name}.A)", f"{name}.A + 1",
            f"type({name}.A), {name}.__name__", f"{name}(value={self.leaf('I')})",
        )) for _ in range(self.rng.randint(2, 5))])

    def texts(self) -> None:
        """Long texts: searching, splitting, replacing, building, in one, two and four bytes a character."""
        name = self.fresh("t")
        unit = self.pick(("'abc'", "'aab'", "'é'", "'x€y'", "'\\U0001f600a'", "'a b\\n'", "'ab' * 7 + 'c'", "'Ab1 '"))
        self.put(f"{name} = {unit} * {self.pick((1, 10, 60, 400, 3000))} + {self.pick(STRS)}")
        needle = self.pick(("'c'", "'ab'", "'bca'", "'aabaab' * 3", "'é'", "'\\U0001f600'", "'yx€'", "'zq'", "''",
            "'a' * 20 + 'b'", "'ab' * 30 + 'c'", "' '", "'\\n'"))
        self.each([self.pick((
            f"{name}.find({needle}), {name}.rfind({needle})", f"{name}.count({needle})",
            f"len({name}.replace({needle}, {self.pick(STRS)}))", f"len({name}.split({needle}))",
            f"{name}.rsplit({needle}, 2)[-1][:20]", f"{needle} in {name}",
            f"{name}.index({needle}, {self.rng.randint(-50, 50)})",
            f"hash({name}) == hash({name} + '')", f"{name}[{self.slice()}][:40]",
            f"{name}.upper()[:30], {name}.title()[-30:]", f"{name}.partition({needle})[2][:20]",
            f"len({name}.splitlines())", f"{name}.startswith({needle}), {name}.endswith({needle})",
            f"{name}[::-1][:25]",
            f"len({name}.join(['a', 'b', {needle}]))", f"len({name} * 3)",
            f"{name} {self.pick(COMPARE)} {name} + {needle}", f"sorted(set({name}))", f"max({name}), min({name})",
            f"{name}.translate({{97: None, 98: 'ZZ', 233: 8364}})[:40]", f"len({name}.expandtabs(3))",
            f"{name}.casefold().count('a')",
            f"repr({name})[:60], ascii({name})[-40:]", f"{name}.strip({needle})[:30]",
            f"{name}.center(len({name}) + 9, '*')[:12]", f"{name}.isascii(), {name}.isalnum(), {name}.islower()",
            f"list({name})[:5], tuple({name})[-3:]", f"f'{{{name}:.10}}|{{{name}:>5.3}}'",
            f"'%.5s|%r' % ({name}, {name}[:9])",
            f"{name}.zfill(len({name}) + 3)[:9]", f"{name}.encode", f"str.maketrans('ab', 'xy', 'c')",
            f"{name}.swapcase()[:20]", f"{name}.rindex({needle})", f"{name}.removesuffix({needle})[-9:]",
            f"[len(w) for w in {name}.split()][:6]",
        )) for _ in range(self.rng.randint(3, 7))])
        if self.chance(0.3):
            self.put(
                f"for i9 in range({self.pick((3, 50, 400))}): {name} += "
                f"{self.pick(('str(i9)', repr('x'), repr('é'), repr('€')))}")
            self.put(f"print(len({name}), {name}[-10:])")

    def numerals(self) -> None:
        """Texts to numbers and back."""
        numerals = ("'1e5'", "' 12 '", "'0x1f'", "'1_000'", "'1__0'", "'٣٤'", "'+5'", "'--5'", "'1.5e-300'", "'inf'",
            "'-Infinity'", "'nan'", "'1e400'", "'.5'", "'5.'", "'.'", "''", "'0b101'", "'0o17'", "'１２'", "'12a'",
            "'1e'", "'4.9e-324'", "'2.47e-324'", "'1.7976931348623159e308'",
                    "'123456789012345678901234567890'", "'0.1' * 2", "'9' * 30 + '.' + '9' * 30",
                    "'0' * 50 + '1e-45'", "'1' + '0' * 400", "'8.5' + '0' * 900 + '1'", "'9007199254740993'",
                    "'1\\n'", "'\\x00'", "'1e1_0'", "'0_0'", "'-0'", "'0x_f'", "'z'")
        specs = ("'.3f'", "'e'", "'.0e'", "'g'", "'.20g'", "'%'", "',.2f'", "'+.1f'", "'010.3'", "'_>12.4g'",
            "'.17g'", "'.60f'", "'#.0f'", "'n'", "'G'", "'z.1f'", "' .2e'", "'x'", "''", "'.1'", "'08.3f'", "'=+10'",
            "'<<8'", "'é^9'", "'.400f'", "'1000.3f'")
        value = self.pick((self.leaf("F"), self.leaf("I"), self.pick(FLOATS), self.pick(INTS), str(self.rng.random() * 10 ** self.rng.randint(
            -20, 20)), str(self.rng.getrandbits(64) / 3),
            f"{self.rng.getrandbits(60)} * 2.0 ** {self.rng.randint(-1070, 960)}"))
        self.each([self.pick((
            f"float({self.pick(numerals)})", f"int({self.pick(numerals)})",
            f"int({self.pick(numerals)}, {self.pick(('0', '2', '8', '16', '36', '10', '37', '-1', 'None'))})",
            f"format({value}, {self.pick(specs)})", f"repr({value}), str({value})",
            f"({value}).hex() if isinstance({value}, float) else hex({value})",
            f"float.fromhex("
            f"{self.pick((repr('0x1.8p3'), repr('1.fp-5'), repr('-0X.8'), repr('0x1p-1080'), repr('0x1.fffffffffffff8p+1023'), self.pick(numerals)))}"
            f")", f"({value}).as_integer_ratio()", f"round({value}, {self.rng.randint(-5, 20)})", f"round({value})",
            f"divmod({value}, {self.leaf('F')})",
            f"'%"
            f"{self.pick(('d', 'e', 'f', 'g', 'x', 'o', 'i', 'u', 'c', 's', 'r', '.3f', '+d', ' 5d', '-8.2f|', '#x', '#o', '05d', '.0f', '%', '.50g', '*d', 'z', '5', '(a)s', '.3d', '#.3g', 'X', 'E', 'G', 'F', 'ld'))}"
            f"' % {self.pick((value, value, f'({value}, 3)', repr('a'), '()', repr({'a': 1})))}",
            f"'{{:{self.pick(specs)[1:-1]}}}'.format({value})", f"'{{0:{{1}}}}'.format({value}, {self.pick(specs)})",
            f"int({value})", f"({value}).is_integer()", f"hash({value})", f"{value} == int({value})",
            f"math.floor({value}) if abs({value}) < 1e300 else 0", f"float({value}) * 3",
            f"'{self.pick(('{', '}', '{0', '{!x}', '{0!r:>9}', '{a.b}', '{0[x]}', '{:{}}', '{0.real}', '{}{1}', '{{}}', '{:{:{}}}', '{0[0]}', '{!s}', '{a}', '{ }', '{-1}', '{0.__class__}', '{:d}'))}'.format({value}, 5, a={self.any(0)})",
        )) for _ in range(self.rng.randint(3, 7))])

    def reflection(self) -> None:
        """Functions, classes and objects seen from outside."""
        function = self.pick([name for name, _, _ in self.functions] or ["clip"])
        thing = self.pick(self.known("O") or ["Note(1)"])
        cls = self.pick(self.classes or ["Note"])
        self.each([self.pick((
            f"{function}.__name__, {function}.__qualname__, {function}.__module__",
            f"{function}.__defaults__, {function}.__kwdefaults__", f"{function}.__annotations__, {function}.__doc__",
            f"setattr({function}, 'x', 5), {function}.x, {function}.__dict__",
            f"setattr({function}, '__name__', {self.pick((repr('new'), '5'))}), {function}",
            f"{function}.__get__({thing}) is not None", f"callable({function}), callable({thing})",
            f"type({thing}).__name__, type({thing}).__mro__[-1]",
            f"{cls}.__name__, {cls}.__qualname__, {cls}.__module__, {cls}.__bases__, {cls}.__doc__", f"{cls}.__mro__",
            f"issubclass({cls}, (int, {self.pick(self.classes or ['Note'])}))",
            f"hasattr({thing}, '__len__'), hasattr({thing}, 'v')",
            f"getattr({thing}, {self.pick((repr('v'), repr('zz'), '5'))}{self.pick(('', ', None'))})",
            f"vars({thing})",
            f"isinstance({thing}, {self.pick((cls, '5', '(int, str)', '()', '(int, (str, object))'))})", f"{cls}.m0",
            f"{thing}.m0.__self__ is {thing}", f"{thing}.m0.__func__.__name__",
            f"super({cls}, {thing}).__init__", f"object.__repr__({thing})[:9]", f"{cls}.__subclasses__ is None",
            f"{thing}.__class__.__name__", f"{cls}.__dict__.get('kind')",
            f"sorted(k for k in {cls}.__dict__ if k[0] != '_')",
            f"delattr({cls}, {self.pick((repr('kind'), repr('nothing'), repr('m1')))})",
            f"setattr({cls}, 'm0', {function})",
            f"object.__getattribute__({thing}, 'v')", f"object.__setattr__({thing}, 'v', 3), {thing}.v",
            f"type.__call__({cls}, 1)", f"{cls}.__new__({cls}) is None", f"{cls}.__init__({thing}, 3)",
            f"{thing}.__eq__({thing}), {thing}.__ne__(3), {thing}.__lt__(4)",
            f"{function}("
            f"{self.pick(('', '1', '1, 2', 'x=1', '*[1], **dict(p0=2)', 'p0=1, p1=2', '*5', '**5', '**{5: 1}'))})",
            f"property.fget.__name__", f"{cls}.half.fget({thing})", f"{cls}.half.__get__({thing})",
            f"{cls}.half.setter({function}) is None",
            f"(lambda a, /, b, *, c=1: (a, b, c))("
            f"{self.pick(('1, 2', '1, b=2', 'a=1, b=2', '1, 2, 3', '1, 2, c=3', '1, 2, d=4', '', '*(1, 2), **dict(c=5)', '1, **dict(b=2, c=3)', '1, 2, b=3'))}"
            f")", f"{thing} is {thing}",
            f"dir({thing})[:2] is not None", f"repr({function})[:10], repr({cls})", f"locals() is not None",
            f"sorted(k for k in globals() if k in ('clip', 'fail', 'Note'))", f"globals()['clip'] is clip",
            f"type(clip)(1)" if False else f"type({thing})({self.leaf('I')})",
        )) for _ in range(self.rng.randint(2, 6))])
        if self.chance(0.35):
            self.iterators()

    def iterators(self) -> None:
        """Iterators over what changes, iterators taken apart."""
        kind = self.pick("LDES")
        name, it = self.fresh("c"), self.fresh("it")
        self.put(f"{name} = {self.leaf_new(kind)}")
        self.put(
            f"{it} = "
            f"{self.pick((f'iter({name})', f'reversed({name})', f'enumerate({name})', f'zip({name}, {name})', f'map(str, {name})', f'filter(None, {name})', f'iter({name}.items())' if kind == 'D' else f'iter({name})', f'(u for u in {name})'))}"
                 if kind in "LDS" else f"{it} = iter({name})")
        change = {"L": (f"{name}.append(1)", f"{name}.pop()", f"{name}.clear()", f"{name}.insert(0, 5)"), "D": (
            f"{name}.update(z=1)", f"{name}.popitem()", f"{name}.clear()", f"{name}.setdefault('q', 1)"),
                  "E": (f"{name}.add(99)", f"{name}.pop()", f"{name}.clear()", f"{name}.discard(1)"), "S": (
                  f"len({name})",)}[kind]
        for _ in range(self.rng.randint(2, 6)):
            self.each([self.pick((f"next({it})", f"next({it}, 'end')", f"list({it})", f"{self.pick(change)}",
                f"{it}.__length_hint__()" if kind == "L" else f"next({it}, None)", f"{it}.__next__()",
                f"iter({it}) is {it}", f"len({name})"))])


    def leaf_new(self, kind: str) -> str:
        """A new container with some items."""
        items = [str(self.rng.randint(0, 40)) for _ in range(self.rng.randint(0, 9))]
        return {"L": f"[{', '.join(items)}]", "D": "{" + ", ".join(f"{i}: {i}" for i in items) + "}", "E": f"set([{', '.join(items)}])",
            "S": f"'{''.join(items)}'"}[kind]
