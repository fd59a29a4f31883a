"""The policy of ``spec/codepolicy.py`` made ready for use: patterns compiled, bounds filled in.

A Policy is immutable. What the caller knows about a unit narrows it (``for_unit``); a catalogue of the templates that the
compiler may use narrows it further (see ``Catalogue``).
"""
from __future__ import annotations

from collections import namedtuple

from minivm.spec import codepolicy
from minivm.spec.native import HELPERS, SCRATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from minivm.codecheck.chunk import Shape
    from minivm.codecheck.instances import Judgement

    # length, mask, code; states (see check.py), number of the pair, function, the shape
    Row = tuple[int, bytes, bytes, bytes, int, Judgement | None, Shape]


class HoleSpec(namedtuple("HoleSpec", "offset size scale addend signed own name", defaults=(1, 0, True, False, "",))):
    """A field of a chunk that differs from instance to instance: stored = value * scale + addend."""

    __slots__ = ()

    offset: int
    size: int
    scale: int
    addend: int
    signed: bool
    own: bool       # a branch to the other chunk of its template, `addend` bytes from its start
    name: str       # what value it holds (spec/templates.py)


# A template may have two chunks, one behind the other in the unit. Each has its role; the n-th first belongs to the n-th second.
FIRST, SECOND = 1, 2


class ChunkSpec(namedtuple("ChunkSpec", "length holes role", defaults=((), 0,))):
    """What a hint says of a chunk: never trusted, a wrong one only costs time or gets the unit refused."""

    __slots__ = ()

    length: int
    holes: tuple[HoleSpec, ...]
    role: int           # 0: the only chunk


class Hints(namedtuple("Hints", "chunks kinds")):
    """How a unit is put together: the kinds of its chunks, from offset 0 without gaps, and what the kinds are."""

    __slots__ = ()

    chunks: Sequence[int | str]
    kinds: Mapping[int | str, ChunkSpec]


class Bounds(namedtuple("Bounds", "frame constants records words", defaults=(codepolicy.WIDEST["frame"], codepolicy.WIDEST["constants"], codepolicy.WIDEST["records"], codepolicy.WIDEST["words"],))):
    """In bytes: the registers of a frame, constants, records of a unit; one more than the words of its bytecode."""

    __slots__ = ()

    frame: int
    constants: int
    records: int
    words: int


class Pattern:
    """A pattern of codepolicy. `{s}` is any scratch register, or the one given; the other names are numbers, targets or holes."""

    def __init__(self, text: str, scratch: str = "") -> None:
        self.parts = text.replace("{s}", scratch or "{s}").replace("{", "}").split("}")    # literals at even places, names at odd ones

    def match(self, text: str) -> tuple[bool, str]:
        """Does it match the whole text? And the scratch register."""
        at, found = 0, ""
        for number, part in enumerate(self.parts):
            if number % 2 == 0:
                if not text.startswith(part, at):
                    return False, ""
                at += len(part)
            elif part == "s":
                found = max((name for name in SCRATCH if text.startswith(name, at)), key=len, default="")
                if not found:
                    return False, ""
                at += len(found)
            else:
                start = at
                while at < len(text) and text[at] in _OF_NUMBERS:
                    at += 1
                if at == start and part in ("REFUSED", "TAIL"):
                    return False, ""
        return at == len(text), found


_OF_NUMBERS = frozenset("+-?@0123456789")


class Catalogue:
    """The chunks that a compiler may put together: code with the holes masked out, and where the holes are.

    Made once, before anything is compiled, from the templates of the compilers. The policy proves that a unit is harmless, the
    catalogue that it consists of templates: a mutant that turns an addition into a subtraction is harmless but not in it.
    """

    def __init__(self) -> None:
        self._known: set[tuple[bytes, tuple[HoleSpec, ...]]] = set()

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, key: object) -> bool:
        return key in self._known

    def add(self, code: bytes, holes: Iterable[HoleSpec]) -> None:
        """A chunk. What lies in the holes does not matter."""
        found = tuple(sorted(holes))
        self._known.add((masked(code, found), found))


def masked(code: bytes, holes: Iterable[HoleSpec]) -> bytes:
    """The code with zeros in the holes."""
    clean = bytearray(code)
    for hole in holes:
        clean[hole.offset:hole.offset + hole.size] = bytes(hole.size)
    return bytes(clean)


class Memo:
    """What check.py remembers of the chunks that it has judged."""

    def __init__(self) -> None:
        self.rows: dict[int | str, Row] = {}            # by kind: as they were when last needed
        self.shapes: dict[int | str, Shape] = {}        # where nothing is known of how control gets there
        self.outside: dict[int | str, Shape] = {}       # where it gets there outside the frame
        self.pairs: dict[tuple[int, int], tuple[tuple[Row, Row], Shape, Shape]] = {}     # rows of chunks that belong together, by identity
        self.singles: dict[int, tuple[Row, Shape]] = {}                                  # of those that have no other


class Policy:
    """What a unit is held against. Nobody changes one."""

    __slots__ = ("bounds", "constants_at", "records_at", "helper_count", "catalogue", "entry_classes", "memo", "base_at")

    def __init__(self, bounds: Bounds | None = None, constants_at: int | None = None, records_at: int | None = None, helper_count: int = len(HELPERS),
                 catalogue: Catalogue | None = None, entry_classes: frozenset[int] = codepolicy.ENTRY_CLASSES, memo: Memo | None = None,
                 base_at: int | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.constants_at = constants_at        # offsets in a code object of what r13 and r14 are loaded from; None: not held against
        self.records_at = records_at
        self.base_at = base_at                  # offset in the VM of the base of the frame that runs; None: not held against
        self.helper_count = helper_count
        self.catalogue = catalogue
        self.entry_classes = entry_classes
        self.memo = memo or Memo()              # shared by the policies that for_unit makes

    def replace(self, **changes: Any) -> Policy:
        """The same but for these."""
        return Policy(**{**{name: getattr(self, name) for name in Policy.__slots__}, **changes})

    def for_unit(self, registers: int, constants: int | None = None, sites: int | None = None, record_size: int = 32, words: int | None = None) -> Policy:
        """The policy for a unit of so many registers, constants, sites of inline caches, words of bytecode; None: not known."""
        widest = codepolicy.WIDEST
        bounds = Bounds(8 * registers, widest["constants"] if constants is None else 8 * constants, widest["records"] if sites is None else record_size * sites,
                        widest["words"] if words is None else words + 1)
        return Policy(bounds, self.constants_at, self.records_at, self.helper_count, self.catalogue, self.entry_classes, self.memo, self.base_at)
