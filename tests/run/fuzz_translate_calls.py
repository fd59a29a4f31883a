# str.translate(): how often it asks the table for a character.
class Table:
    def __init__(self, values, error=LookupError):
        self.values = values
        self.error = error

    def __getitem__(self, key):
        print("asked", key, end=" ")
        if key not in self.values:
            raise self.error
        return self.values[key]


class Dict(dict):
    def __missing__(self, key):
        print("missing", key, end=" ")
        return key + 1


for text in ("", "abcab", "aabbccaabb", "abé", "éaéa", "日a日b", "a" * 5):
    for values in ({}, {97: True}, {97: None, 98: "x"}, {97: "é"}, {98: 233, 97: 98}, {97: "xy"}, {97: None, 98: None, 233: None}, {97: 2.5}, {97: -1},
                   {97: 0x110000}, {98: ""}, {233: 97, 97: None}):
        for error in (LookupError, KeyError, IndexError, ValueError):
            try:
                print(repr(text.translate(Table(values, error))))
            except Exception as e:
                print(type(e).__name__, e)
        try:
            print(repr(text.translate(values)), repr(text.translate(Dict(values))))
        except Exception as e:
            print(type(e).__name__, e)
for table in ([None] * 98, "x" * 200, ["q"] * 98, 5, None):
    try:
        print(repr("abc\x00".translate(table)))
    except Exception as e:
        print(type(e).__name__, e)
