class Str(str): pass
x = Str('b')
for y in ('', 'ab', Str(''), Str('5')):
    for f in (lambda: format(x, y), lambda: f'{x:{y}}', lambda: x.__format__(y), lambda: '{:{}}'.format(x, y), lambda: str(x), lambda: f'{x}', lambda: f'{x!s}', lambda: '%s' % x, lambda: str.__str__(x), lambda: ''.join([x]), lambda: x[:], lambda: x.strip(), lambda: x + '', lambda: x * 1, lambda: x.replace('q', 'r'), lambda: x.ljust(0), lambda: x.lower(), lambda: x.translate({}), lambda: x.expandtabs(), lambda: x.zfill(0), lambda: x.removeprefix('z'), lambda: x.center(1), lambda: x.format(), lambda: x % (), lambda: x.partition('z')[0], lambda: x.split('z')[0], lambda: x.splitlines()[0], lambda: x.rpartition('z')[2], lambda: max(x, key=str), lambda: repr(x), lambda: ascii(x), lambda: str(object=x), lambda: print(x) or '', lambda: x.casefold(), lambda: x.encode and x.title(), lambda: x[0], lambda: x[::1], lambda: x.rsplit('q')[0], lambda: x.join(['z'])):
        try: r = f(); print(type(r).__name__, r)
        except Exception as e: print(e)
print([n for n in (Str('__name__'),) if type(getattr(Str, n)) is str])
