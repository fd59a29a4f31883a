"""Compiles for one VM of this process: on a thread of its own, or at once where the VM asks.

Called by the bridge. The thread waits in C without the GIL; it ends when the VM closes. An exception here is a fault of
minivm: the function stays in the interpreter, MINIVM_TRACEBACK=1 shows it.
"""
from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from minivm.service.compiler import compile, stubs

if TYPE_CHECKING:
    from collections.abc import Callable


class Worker:
    """`take(wait)` gives a request or None, `give(response)` hands one in; both are the bridge's."""

    def __init__(self, settings: str, take: Callable[[bool], bytes | None], give: Callable[[bytes], None]) -> None:
        self.settings = settings
        self.take = take
        self.give = give
        self.thread: threading.Thread | None = None
        self.begun = False

    def start(self) -> None:
        """Compiles on a thread from now on."""
        self.thread = threading.Thread(target=self.run, args=(True,), name="minivm compiler", daemon=True)
        self.thread.start()

    def run(self, wait: bool) -> None:
        """Compiles what there is; with `wait`, until the VM closes."""
        if not self.begun:
            self.begun = True
            self.give(stubs(self.settings))
        while (request := self.take(wait)) is not None:
            try:
                response = compile(self.settings, request)
            except Exception as problem:
                if os.environ.get("MINIVM_TRACEBACK") == "1":
                    raise
                sys.stderr.write(f"minivm: internal error of the compiler: {type(problem).__name__}: {problem}\n")
                continue
            self.give(response)

    def join(self) -> None:
        if self.thread is not None and self.thread is not threading.current_thread():
            self.thread.join()
