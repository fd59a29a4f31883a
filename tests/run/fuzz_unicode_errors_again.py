for e, bad in ((UnicodeEncodeError('ascii','aé',1,2,'why'), (1,)), (UnicodeEncodeError('ascii','aé',1,2,'why'), (['a'], 'real')), (UnicodeTranslateError('abc', 0, 3, 'why'), (1 << 64,)), (UnicodeTranslateError('abc', 0, 3, 'why'), (5, 0, 3, 'why')), (UnicodeEncodeError('ascii','aé',1,2,'why'), ('ascii', 5, 1, 2, 'x'))):
    try: e.__init__(*bad)
    except Exception as x: print(x)
    print(str(e), e.start, e.end, e.args)
    for n in ('object', 'reason', 'encoding'):
        try: print(getattr(e, n))
        except Exception as x: print(x)
