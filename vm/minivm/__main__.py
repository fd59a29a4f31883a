"""`python -m minivm`: the same as the `minivm` command."""
from __future__ import annotations

from minivm.cli import entry

if __name__ == "__main__":
    entry()
