"""Compiles for one VM of this process: on a thread of its own, or at once where the VM asks.

Called by the bridge. The thread waits in C without the GIL; it ends when the VM closes. An exception here is a fault of
minivm: the function stays in the interpreter, MINIVM_TRACEBACK=1 shows it.
"""
from __future__ import annotations

import os
import sys
from _thread import allocate_lock, start_new_thread

from minivm.service.compiler import compile, stubs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Worker:
    """`take(wait)` gives a request or None, `give(response)` hands one in; both are the bridge's."""

    def __init__(self, settings: str, take: Callable[[bool], bytes | None], give: Callable[[bytes], None]) -> None:
        self.settings = settings
        self.take = take
        self.give = give
        self.running = allocate_lock()      # held by the thread
        self.begun = False

    def start(self) -> None:
        """Compiles on a thread from now on."""
        self.running.acquire()
        try:
            start_new_thread(self._run_thread, ())
        except RuntimeError:
            self.running.release()
            raise

    def _run_thread(self) -> None:
        try:
            self.run(True)
        finally:
            self.running.release()

    def run(self, wait: bool) -> None:
        """Compiles what there is; with `wait`, until the VM closes."""
        if not self.begun:
            self.begun = True
            self.give(stubs(self.settings))
        while (request := self.take(wait)) is not None:
            try:
                response = compile(self.settings, request)
            except Exception as problem:
                if getattr(problem, "rule", "") == "bytes":
                    continue            # stays in the interpreter
                if os.environ.get("MINIVM_TRACEBACK") == "1":
                    raise
                sys.stderr.write(f"minivm: internal error of the compiler: {type(problem).__name__}: {problem}\n")
                continue
            self.give(response)

    def join(self) -> None:
        """Waits until the thread has ended; the VM is closing."""
        with self.running:
            pass
