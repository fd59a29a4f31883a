"""Tokenises, parses and evaluates arithmetic expressions; divisions by zero are reported."""


class Number:
    def __init__(self, value: int) -> None:
        self.value = value

    def evaluate(self, names: dict[str, int]) -> int:
        return self.value


class Name:
    def __init__(self, name: str) -> None:
        self.name = name

    def evaluate(self, names: dict[str, int]) -> int:
        return names[self.name]


class Binary:
    def __init__(self, operator: str, left, right) -> None:
        self.operator = operator
        self.left = left
        self.right = right

    def evaluate(self, names: dict[str, int]) -> int:
        left = self.left.evaluate(names)
        right = self.right.evaluate(names)
        if self.operator == "+":
            return left + right
        if self.operator == "-":
            return left - right
        if self.operator == "*":
            return left * right
        return left // right


def tokens(text: str) -> list[str]:
    result, i = [], 0
    while i < len(text):
        c = text[i]
        if c.isspace():
            i += 1
            continue
        start = i
        if c.isdigit():
            while i < len(text) and text[i].isdigit():
                i += 1
        elif c.isalpha():
            while i < len(text) and text[i].isalnum():
                i += 1
        else:
            i += 1
        result.append(text[start:i])
    result.append("")
    return result


class Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self):
        left = self.product()
        while self.tokens[self.at] in ("+", "-"):
            operator = self.take()
            left = Binary(operator, left, self.product())
        return left

    def product(self):
        left = self.atom()
        while self.tokens[self.at] in ("*", "/"):
            operator = self.take()
            left = Binary(operator, left, self.atom())
        return left

    def atom(self):
        token = self.take()
        if token == "(":
            inner = self.sum()
            if self.take() != ")":
                raise SyntaxError("missing )")
            return inner
        if token.isdigit():
            return Number(int(token))
        if token.isalpha():
            return Name(token)
        raise SyntaxError(f"unexpected {token!r}")


EXPRESSIONS = ["1 + 2 * 3", "(x + 1) * (x - 1)", "a*a*a - b/(c+1)", "((1+2)*(3+4)*(5+6))/7 - x", "100/(x-3)", "(1 + ", "x * (a + b * (c - 2)) / 3"]
results: dict[str, int] = {}
for x in range(5000):
    for text in EXPRESSIONS:
        try:
            value = Parser(text).sum().evaluate({"x": x, "a": 7, "b": 30, "c": 4})
        except (ZeroDivisionError, SyntaxError) as problem:
            value = len(str(problem))
        results[text] = results.get(text, 0) + value
for text, total in results.items():
    print(f"{text:32} {total}")
