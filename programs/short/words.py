"""Counts the words of a text that it makes itself, and prints the most frequent ones."""


def text(lines: int) -> list[str]:
    stems = "the quick brown fox jumps over lazy dog while seven wizards quietly mix potions behind old castle walls".split()
    seed, result = 12345, []
    for _ in range(lines):
        words = []
        for _ in range(12):
            seed = (seed * 1103515245 + 12345) % 2147483648
            words.append(stems[(seed >> 16) % len(stems) * ((seed >> 8) % 3) // 2 % len(stems)])
        result.append(" ".join(words).capitalize() + ".")
    return result


def count(lines: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in lines:
        for word in line.lower().replace(".", "").split():
            counts[word] = counts.get(word, 0) + 1
    return counts


counts = count(text(45000))
for word, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]:
    print(f"{word:10} {number:6d}")
