# Random operations on files: what lies between text and descriptor shows in positions, in chunks, and in what is left.
seed = 12345
def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    return (seed >> 33) % n
def wb(s):
    with open('fuzz_file_operations.txt', 'w', encoding='latin-1', newline='') as f: f.write(s)
def rb():
    with open('fuzz_file_operations.txt', encoding='latin-1', newline='') as f: return f.read()
def short(r):
    if isinstance(r, str) and len(r) > 30: return (len(r), r[:6], r[-6:])
    if isinstance(r, list): return (len(r), [short(x) for x in r[:2]])
    return r
for t in range(120):
    seed = t * 7919 + 5
    rnd(5); 
    kind = rnd(4)
    line = ['%05d\n', 'aé%d\n', 'x%d\r\n', '€%d\r'][kind]
    text = ''.join(line % i for i in range(rnd(3) and rnd(4000)))
    with open('fuzz_file_operations.txt', 'w', encoding='utf-8', newline='') as f: f.write(text)
    if rnd(4) == 0 and text:
        raw = list(rb()); raw[rnd(len(raw))] = '\xff'; wb(''.join(raw))
    mode = ['r', 'r+', 'r+', 'w+', 'a+', 'r+', 'w', 'a'][rnd(8)]
    nl = [None, None, '', '\n', '\r\n'][rnd(5)]
    f = open('fuzz_file_operations.txt', mode, encoding=['utf-8','latin-1'][rnd(3)==0], newline=nl, errors=[None,'replace'][rnd(4)==0], buffering=[-1,-1,-1,1,300][rnd(5)])
    out = []
    tells = rnd(3)
    for i in range(rnd(12)):
        k = rnd(11)
        try:
            if k < 2: r = f.read([5, 100, 8192, 9000, 20000, 0, 3][rnd(7)])
            elif k == 2: r = f.read()
            elif k < 5: r = f.readline() if rnd(3) else f.readline(4)
            elif k < 8: r = f.write([lambda: 'abc', lambda: 'é\n'*rnd(5000), lambda: 'q'*rnd(9000), lambda: 'z'*4096, lambda:'line\n', lambda: ''][rnd(6)]())
            elif k == 8:
                r = f.seek([0, 0, 10, 3][rnd(4)], [0,0,2][rnd(3)])
            elif k == 9: r = f.flush()
            else:
                r = [lambda: f.truncate(), lambda: next(f), lambda: f.readlines(50), lambda: f.truncate(rnd(9000))][rnd(4)]()
            if rnd(3) == 0 and nl != '' and kind == 0: r = (r, 'tell', f.tell())
        except Exception as e: r = repr(e)
        out.append(short(r))
    try: f.close()
    except Exception as e: out.append(repr(e))
    r = rb()
    h = 0
    for c in r: h = (h * 31 + ord(c)) % 1000003
    print(t, mode, repr(nl), out, len(r), h)
