"""`python -m minivm`: the same as the `minivm` command."""
from __future__ import annotations

import sys

from minivm.cli import main

if __name__ == "__main__":
    sys.exit(main())
