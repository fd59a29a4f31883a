"""`del v[k]` where v has no item deletion: a sequence with an index "doesn't", everything else "does not" support it."""
for v in ("abc", (1, 2), 5, range(3), frozenset(), {1}, 2.5, None, iter([])):
    for k in (0, slice(1, 2), "a", True):
        try:
            del v[k]
        except TypeError as e:
            print(e)
