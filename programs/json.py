# Json: parses a document of some 30 kB character by character into a tree of values. The document, a log of drawing
# operations, is made once, always the same, before the clock runs. Strings, string building, dispatch on characters
# and small objects.
#
# Usage: json.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 100.

import sys
import time

NAME = "Json"
DEFAULT_INNER = 60

OPERATIONS = 156


class Vector:
    """A sequence that grows at its end."""

    def __init__(self, capacity=50):
        self.storage = [None] * capacity
        self.count = 0

    def append(self, item):
        if self.count == len(self.storage):
            self.storage = self.storage + [None] * self.count
        self.storage[self.count] = item
        self.count += 1

    def at(self, index):
        return self.storage[index]

    def size(self):
        return self.count


class JsonValue:
    """What all values answer; a kind of value overrides what it is."""

    def is_object(self):
        return False

    def is_array(self):
        return False

    def is_number(self):
        return False

    def is_string(self):
        return False

    def is_literal(self):
        return False


class JsonLiteral(JsonValue):
    def __init__(self, text):
        self.text = text

    def is_literal(self):
        return True


NULL = JsonLiteral("null")
TRUE = JsonLiteral("true")
FALSE = JsonLiteral("false")


class JsonNumber(JsonValue):
    """A number, kept as it was written."""

    def __init__(self, text):
        self.text = text

    def is_number(self):
        return True


class JsonString(JsonValue):
    def __init__(self, text):
        self.text = text

    def is_string(self):
        return True


class JsonArray(JsonValue):
    def __init__(self):
        self.values = Vector()

    def is_array(self):
        return True

    def add(self, value):
        self.values.append(value)

    def at(self, index):
        return self.values.at(index)

    def size(self):
        return self.values.size()


class NameTable:
    """A guess at a name's place in an object: a small table by the name's length; later names overwrite it."""

    def __init__(self):
        self.places = [0] * 32

    def slot(self, name):
        return (len(name) * 1402589) & 31

    def remember(self, name, place):
        # Zero stands for an unknown place, and one byte holds a place.
        self.places[self.slot(name)] = place + 1 if place < 255 else 0

    def recall(self, name):
        return self.places[self.slot(name)] - 1


class JsonObject(JsonValue):
    """Names and values side by side, in the order in which they were read."""

    def __init__(self):
        self.names = Vector()
        self.values = Vector()
        self.table = NameTable()

    def is_object(self):
        return True

    def add(self, name, value):
        self.table.remember(name, self.names.size())
        self.names.append(name)
        self.values.append(value)

    def get(self, name):
        place = self.place_of(name)
        if place == -1:
            return None
        return self.values.at(place)

    def size(self):
        return self.names.size()

    def place_of(self, name):
        place = self.table.recall(name)
        if place != -1 and self.names.at(place) == name:
            return place
        for place in range(self.names.size()):
            if self.names.at(place) == name:
                return place
        return -1


class ParseError(Exception):
    """What was wrong in the text, and where."""

    def __init__(self, message, offset, line, column):
        Exception.__init__(self, message + " at line " + str(line) + ", column " + str(column))
        self.offset = offset
        self.line = line
        self.column = column


class Parser:
    """A recursive parser that looks at one character at a time; None is the end of the text."""

    def __init__(self, text):
        self.text = text
        self.index = -1
        self.line = 1
        self.column = 0
        self.current = None
        self.captured = ""
        self.capture_start = -1

    def parse(self):
        self.advance()
        self.skip_space()
        value = self.read_value()
        self.skip_space()
        if self.current is not None:
            raise self.error("a single value expected, more found")
        return value

    def read_value(self):
        c = self.current
        if c == "n":
            return self.read_literal("null", NULL)
        if c == "t":
            return self.read_literal("true", TRUE)
        if c == "f":
            return self.read_literal("false", FALSE)
        if c == '"':
            return JsonString(self.read_string())
        if c == "[":
            return self.read_array()
        if c == "{":
            return self.read_object()
        if c == "-" or self.is_digit():
            return self.read_number()
        raise self.expected("a value")

    def read_array(self):
        array = JsonArray()
        self.advance()
        self.skip_space()
        if self.accept("]"):
            return array
        while True:
            self.skip_space()
            array.add(self.read_value())
            self.skip_space()
            if not self.accept(","):
                break
        if not self.accept("]"):
            raise self.expected("',' or ']'")
        return array

    def read_object(self):
        result = JsonObject()
        self.advance()
        self.skip_space()
        if self.accept("}"):
            return result
        while True:
            self.skip_space()
            if self.current != '"':
                raise self.expected("a name")
            name = self.read_string()
            self.skip_space()
            if not self.accept(":"):
                raise self.expected("':'")
            self.skip_space()
            result.add(name, self.read_value())
            self.skip_space()
            if not self.accept(","):
                break
        if not self.accept("}"):
            raise self.expected("',' or '}'")
        return result

    def read_literal(self, word, value):
        for letter in word:
            if not self.accept(letter):
                raise self.expected("'" + letter + "'")
        return value

    def read_string(self):
        self.advance()
        self.begin_capture()
        while self.current != '"':
            if self.current == "\\":
                self.pause_capture()
                self.read_escape()
                self.begin_capture()
            elif self.current is None or self.current < " ":
                raise self.expected("a character of a string")
            else:
                self.advance()
        text = self.end_capture()
        self.advance()
        return text

    def read_escape(self):
        self.advance()
        c = self.current
        if c == '"' or c == "/" or c == "\\":
            self.captured += c
        elif c == "b":
            self.captured += "\b"
        elif c == "f":
            self.captured += "\f"
        elif c == "n":
            self.captured += "\n"
        elif c == "r":
            self.captured += "\r"
        elif c == "t":
            self.captured += "\t"
        elif c == "u":
            code = 0
            for _ in range(4):
                self.advance()
                code = code * 16 + self.hex_value()
            self.captured += chr(code)
        else:
            raise self.expected("an escape")
        self.advance()

    def read_number(self):
        self.begin_capture()
        self.accept("-")
        first = self.current
        if not self.accept_digit():
            raise self.expected("a digit")
        if first != "0":
            while self.accept_digit():
                pass
        if self.accept("."):
            if not self.accept_digit():
                raise self.expected("a digit")
            while self.accept_digit():
                pass
        if self.accept("e") or self.accept("E"):
            if not self.accept("+"):
                self.accept("-")
            if not self.accept_digit():
                raise self.expected("a digit")
            while self.accept_digit():
                pass
        return JsonNumber(self.end_capture())

    def accept(self, c):
        if self.current != c:
            return False
        self.advance()
        return True

    def accept_digit(self):
        if not self.is_digit():
            return False
        self.advance()
        return True

    def skip_space(self):
        while self.is_space():
            self.advance()

    def advance(self):
        if self.current == "\n":
            self.line += 1
            self.column = 0
        self.index += 1
        self.column += 1
        if self.index < len(self.text):
            self.current = self.text[self.index]
        else:
            self.current = None

    def begin_capture(self):
        self.capture_start = self.index

    def pause_capture(self):
        self.captured += self.text[self.capture_start:self.index]
        self.capture_start = -1

    def end_capture(self):
        text = self.text[self.capture_start:self.index]
        if self.captured != "":
            text = self.captured + text
            self.captured = ""
        self.capture_start = -1
        return text

    def is_space(self):
        c = self.current
        return c == " " or c == "\t" or c == "\n" or c == "\r"

    def is_digit(self):
        c = self.current
        return c is not None and "0" <= c and c <= "9"

    def hex_value(self):
        c = self.current
        if c is not None:
            if "0" <= c and c <= "9":
                return ord(c) - 48
            if "a" <= c and c <= "f":
                return ord(c) - 87
            if "A" <= c and c <= "F":
                return ord(c) - 55
        raise self.expected("a hexadecimal digit")

    def expected(self, what):
        if self.current is None:
            return self.error(what + " expected, the text ends")
        return self.error(what + " expected")

    def error(self, message):
        return ParseError(message, self.index, self.line, self.column)


class Random:
    """A 16-bit linear congruential generator: the same numbers in every language."""

    def __init__(self):
        self.seed = 74755

    def next(self):
        self.seed = (self.seed * 1309 + 13849) & 65535
        return self.seed

    def pick(self, choices):
        return choices[self.next() % len(choices)]


SHAPES = ["canvas.shapes.Rectangle", "canvas.shapes.Ellipse", "canvas.shapes.TextBox", "canvas.shapes.Polygon",
          "canvas.Layer"]
STYLES = ["SOLID", "DASHED", "SHADOWED", "NO_FILL", "ROUNDED"]
LABELS = ["North wing", "Entrance \\u2192 hall", "Say \\\"hello\\\"", "first line\\nsecond line",
          "Platz f\\u00fcr alle", "C:\\\\plans\\\\new"]
EVENTS = ["pressed", "released", "moved", "resized", "focusGained", "focusLost"]


def rectangle(random):
    sides = []
    for _ in range(4):
        sides.append(str(random.next() % 1200))
    return "[" + ", ".join(sides) + "]"


def decimal(random):
    return str(random.next() % 100) + "." + str(random.next() % 900 + 100) + random.pick(["", "e-3", "E+2"])


def make_operation(random, number):
    """One of the kinds of operation that the drawing program logs, on a shape made before."""
    target = '"s' + str(random.next() % number + 1) + '"'
    kind = random.next() % 8
    if kind < 4:
        return ('["create", "s' + str(number + 1) + '", "' + random.pick(SHAPES) + '", {"parent": ' + target
                + ', "style": ["' + random.pick(STYLES) + '", "' + random.pick(STYLES)
                + '"], "bounds": ' + rectangle(random) + ', "zIndex": ' + str(random.next() % 40 - 1)
                + ', "opacity": ' + decimal(random)
                + ', "visible": ' + random.pick(["true", "false"]) + ', "label": "' + random.pick(LABELS) + '"}]')
    if kind < 6:
        return ('["set", ' + target + ', {"bounds": ' + rectangle(random) + ', "tooltip": '
                + random.pick(["null", '"' + random.pick(LABELS) + '"']) + ', "foreground": '
                + rectangle(random) + '}]')
    if kind == 6:
        return '["listen", ' + target + ', {"' + random.pick(EVENTS) + '": true, "' + random.pick(EVENTS) + '": false}]'
    return '["destroy", ' + target + ', {}]'


def make_document():
    random = Random()
    operations = []
    for number in range(1, OPERATIONS + 1):
        operations.append(make_operation(random, number))
    return '{"head": {"requestCounter": 4, "scale": -1.5},\n"operations": [\n  ' + ",\n  ".join(operations) + "]}\n"


DOCUMENT = make_document()


def count_values(value):
    """The values in a tree, and the characters in its strings, names and numbers."""
    values = 1
    characters = 0
    if value.is_array():
        for i in range(value.size()):
            inside = count_values(value.at(i))
            values += inside[0]
            characters += inside[1]
    elif value.is_object():
        for i in range(value.size()):
            inside = count_values(value.values.at(i))
            values += inside[0]
            characters += inside[1] + len(value.names.at(i))
    else:
        characters += len(value.text)
    return (values, characters)


def run(inner):
    tree = None
    for _ in range(inner):
        tree = Parser(DOCUMENT).parse()
        check(tree.is_object(), True)
        check(tree.get("head").is_object(), True)
        check(tree.get("operations").is_array(), True)
        check(tree.get("operations").size(), OPERATIONS)
    if tree is not None:
        check(count_values(tree), (2720, 17840))


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def main(argv):
    iterations = int(argv[1]) if len(argv) > 1 else 1
    inner = int(argv[2]) if len(argv) > 2 else DEFAULT_INNER
    steady = len(argv) > 3 and argv[3] == "steady"
    for iteration in range(iterations):
        start = time.process_time_ns() if steady else 0
        run(inner)
        if steady:
            print(NAME + ": iteration", iteration, time.process_time_ns() - start, "ns")
    print(NAME + ": ok")


if __name__ == "__main__":
    main(sys.argv)
