# A second initialisation with wrong keywords leaves the attributes of the first one.
for e, names in ((AttributeError(name='n', obj=5), ('name', 'obj')), (NameError(name='n'), ('name',)), (ImportError('m', name='n', path='p'), ('msg', 'name', 'path'))):
    for keywords in ({'a': 1}, {'name': 2, 'a': 1}, {'a': 1, 'b': 2, 'c': 3, 'd': 4}, {'name': 7}, {}):
        try:
            e.__init__(**keywords)
        except TypeError as problem:
            print(problem)
        print(type(e).__name__, [getattr(e, name) for name in names], e.args)
