"""Which words of a dictionary are nearest to misspelt ones, by the Levenshtein distance."""


def distance(a: str, b: str) -> int:
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y)))
        previous = current
    return previous[-1]


WORDS = """about above accept account across action address afternoon again against agree allow almost already although answer
arrive attack bank beauty because before begin behind believe bicycle bottle bridge brother building business calendar captain
careful carry center century certain chance change chapter children choose circle clothes collect common company complete
condition consider""".split()
for wrong in "acount bussiness calender begining beleive comon buter carfull accros agian brige childern completly adress".split():
    nearest = sorted(WORDS, key=lambda word: (distance(wrong, word), word))[:3]
    print(f"{wrong}: {', '.join(nearest)}")
pairs = [(distance(a, b), a, b) for i, a in enumerate(WORDS) for b in WORDS[:i] if a[0] == b[0] or a[-1] == b[-1]]
for length, a, b in sorted(pairs)[:5]:
    print(length, a, b)
