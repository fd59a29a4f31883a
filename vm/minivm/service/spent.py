"""What compiling cost: a module of its own, so that who only counts need not load the compiler."""
from __future__ import annotations


class Spent:
    """CPU time of the compiler's thread and what it did in it: assembling, signing and checking, words of bytecode."""

    __slots__ = ("emit_ns", "check_ns", "words")

    def __init__(self) -> None:
        self.emit_ns = self.check_ns = self.words = 0
