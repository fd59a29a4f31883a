"""Writes a nested document as JSON and reads it again."""


def write(value) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if isinstance(value, list):
        return "[" + ", ".join(write(item) for item in value) + "]"
    return "{" + ", ".join(f"{write(key)}: {write(item)}" for key, item in value.items()) + "}"


class Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def blank(self) -> None:
        while self.text[self.at] in " \n\t,:":
            self.at += 1

    def read(self):
        self.blank()
        c = self.text[self.at]
        if c == "{":
            self.at += 1
            result = {}
            self.blank()
            while self.text[self.at] != "}":
                key = self.read()
                result[key] = self.read()
                self.blank()
            self.at += 1
            return result
        if c == "[":
            self.at += 1
            items = []
            self.blank()
            while self.text[self.at] != "]":
                items.append(self.read())
                self.blank()
            self.at += 1
            return items
        if c == '"':
            return self.string()
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",]} ":
            self.at += 1
        word = self.text[start:self.at]
        if word in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[word]
        return float(word) if "." in word else int(word)

    def string(self) -> str:
        parts = []
        self.at += 1
        while True:
            c = self.text[self.at]
            self.at += 1
            if c == '"':
                return "".join(parts)
            if c == "\\":
                c = self.text[self.at]
                self.at += 1
                c = "\n" if c == "n" else c
            parts.append(c)


people = [
    {"id": i, "name": f"person {i}", "tags": ["a", "b\n", 'say "hi"'][: i % 4], "score": i / 4, "active": i % 3 == 0, "next": None}
    for i in range(2500)
]
text = write({"version": 3, "people": people})
again = Reader(text).read()
print(len(text), again == {"version": 3, "people": people}, text[:120])
