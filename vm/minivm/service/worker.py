"""Compiles for one VM of this process: on a thread of its own, or at once where the VM asks.

Called by the bridge. The thread waits in C without the GIL; it ends when the VM closes. An exception here is a fault of
minivm: the function stays in the interpreter, MINIVM_TRACEBACK=1 shows it.
"""
from __future__ import annotations

import os
import sys
from _thread import allocate_lock, start_new_thread

from minivm import options
from minivm.service.compiler import compile, stubs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Worker:
    """`take(wait)` gives a request or None, `give(responses)` hands a batch in; both are the bridge's, and so is the key."""

    def __init__(self, settings: str, key: bytes, take: Callable[[bool], bytes | None], give: Callable[[bytes], None]) -> None:
        self.settings = settings
        self.key = key
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
        """Compiles what there is; with `wait`, until the VM closes. Requests that wait together are sealed together."""
        batch: list[bytes] = []
        if not self.begun:
            self.begun = True
            batch.append(stubs(self.settings, self.key))
        size = 0
        while (request := self.take(wait and not batch)) is not None or batch:
            if request is not None:
                response = self.compile(request)
                if response is not None:
                    batch.append(response)
                    size += len(response)
                if size < options.BATCH_BYTES and len(batch) < options.BATCH_UNITS:
                    continue
            self.give(b"".join(batch))
            batch.clear()
            size = 0

    def compile(self, request: bytes) -> bytes | None:
        """The response, or None for a function that stays in the interpreter."""
        try:
            return compile(self.settings, request, self.key)
        except Exception as problem:
            if getattr(problem, "rule", "") == "bytes":
                return None
            if os.environ.get("MINIVM_TRACEBACK") == "1":
                raise
            sys.stderr.write(f"minivm: internal error of the compiler: {type(problem).__name__}: {problem}\n")
            return None

    def join(self) -> None:
        """Waits until the thread has ended; the VM is closing."""
        with self.running:
            pass
