# Strings that share buffers: texts extend each other in random order, in all widths; each keeps its characters.
state = 12345


def rand(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % n


PIECES = ["", "a", "bc" * 5, "é" * 3, "€uro", "😀", "x" * 700, "ÿ" * 600, "Ж" * 400, "z" * 1500]


def model_of(text):
    return list(text)


pool = [(p, model_of(p)) for p in PIECES]
checks = 0
for step in range(1500):
    kind = rand(10)
    i = rand(len(pool))
    text, model = pool[i]
    if kind < 5:
        piece = PIECES[rand(6 if len(text) > 3000 else len(PIECES))]
        grown = text + piece
        pool.append((grown, model + list(piece)))
    elif kind == 5:
        a, b = rand(len(text) + 1), rand(len(text) + 1)
        pool.append((text[a:b], model[a:b]))
    elif kind == 6:
        other, other_model = pool[rand(len(pool))]
        if len(text) + len(other) < 20000:
            pool.append((other + text, other_model + model))
    elif kind == 7:
        if len(text) < 3000:
            pool.append((text * 3, model * 3))
    elif kind == 8:
        pool.append((text.replace("a", "€"), ["€" if c == "a" else c for c in model]))
    else:
        accumulated = text
        model = list(model)
        for k in range(rand(30)):
            piece = PIECES[rand(5)]
            accumulated += piece
            model.extend(piece)
        pool.append((accumulated, model))
    if len(pool) > 60:
        gone = rand(len(pool))
        text, model = pool.pop(gone)
        joined = "".join(model)
        assert text == joined and hash(text) == hash(joined) and len(text) == len(model), (step, len(text))
        assert text.find(joined[-5:]) == joined.find(joined[-5:]) and repr(text) == repr(joined) and not text < joined
        checks += 1
        if checks % 100 == 0:
            print(step, checks, len(text), max(map(ord, text), default=0), sum(map(ord, text)))
for text, model in pool:
    assert text == "".join(model)
    assert all(c == d for c, d in zip(text, model))
print(checks, sum(len(t) for t, _ in pool))

s = ""
snapshots = []
for i in range(6000):
    s += chr(97 + i % 26) if i != 4500 else "Ω"
    if i % 500 == 0:
        snapshots.append(s)
        branch = s + "!"
        branch += "?"
        snapshots.append(branch)
print(len(s), [len(x) for x in snapshots][-4:], all(s.startswith(x.rstrip("!?")) for x in snapshots), s[4498:4503],
      s[-3:])
t = s
t += s
s += "end"
print(len(t), len(s), t[-3:], s[-3:], t[6000:6003], t == t[:6000] * 2)
