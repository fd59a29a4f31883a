"""What the checker says of code that it refuses."""
from __future__ import annotations


class CodeRefused(Exception):  # noqa: N818 (a verdict, not an error)
    """The code breaks a rule of the policy."""

    def __init__(self, offset: int, rule: str, text: str) -> None:
        super().__init__(f"+{offset:#x}: {rule}: {text}")
        self.offset, self.rule, self.text = offset, rule, text
