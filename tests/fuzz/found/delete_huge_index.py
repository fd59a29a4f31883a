"""Deleting an item at an index beyond every size."""
for v in ("abc", (1, 2), range(3)):
    try:
        del v[2 ** 70]
    except Exception as e:
        print(type(e).__name__, e)
