"""The opcode numbers as names: ``from .ops import ADD``. Derived from the table in spec; nothing is declared here."""

from __future__ import annotations

from minivm.spec.opcodes import IC_SITE_KINDS, NUMBER

globals().update(NUMBER)
globals().update({f"SITE_{kind.upper()}": number for number, kind in enumerate(IC_SITE_KINDS)})


def __getattr__(name: str) -> int:  # for type checkers only: every name stands in the module's dict
    raise AttributeError(name)
