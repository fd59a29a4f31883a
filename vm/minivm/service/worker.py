"""Compiles for one VM of this process: on a thread of its own, at once where the VM asks, or through the compiler process.

Called by the bridge. The thread waits in C without the GIL; it ends when the VM closes. An exception here is a fault of
minivm: the function stays in the interpreter, MINIVM_TRACEBACK=1 shows it. The program waits while this module is loaded, so
that it is small: the thread loads the compiler.
"""
from __future__ import annotations

import os
import sys
from _thread import allocate_lock, start_new_thread

from minivm import options
from minivm.service.spent import Spent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from minivm.service.remote import Remote

    class Watcher(Protocol):
        """Is told of each batch after it was handed in (taken or not): pairs of request, None for the stubs, and response."""

        def __call__(self, settings: str, batch: list[tuple[bytes | None, bytes]], /) -> None: ...


class Worker:
    """`take(wait)` gives a request or None, `give(responses)` hands a batch in; both are the bridge's, and so is the key.
    `remote` is the compiler process, where that is to be used."""

    def __init__(self, settings: str, key: bytes, take: Callable[[bool], bytes | None], give: Callable[[bytes], object], *,
                 remote: Remote | None = None, watchers: tuple[Watcher, ...] = ()) -> None:
        self.settings = settings
        self.key = key
        self.take = take
        self.give = give
        self.remote = remote
        self.watchers = watchers
        self.running = allocate_lock()      # held by the thread
        self.begun = False
        self.loading = allocate_lock()      # held by the thread until it has compiled the stubs, and so loaded the compiler
        self.spent = Spent()
        self.compiled = 0
        self.refused: dict[str, int] = {}   # functions that stay in the interpreter, by the reason

    def start(self) -> None:
        """Compiles on a thread from now on."""
        self.running.acquire()
        if self.remote is None:
            self.loading.acquire()
        try:
            start_new_thread(self._run_thread, ())
        except RuntimeError:
            self.running.release()
            self._loaded()
            raise

    def _run_thread(self) -> None:
        try:
            self.run(True)
        finally:
            self._loaded()
            self.running.release()

    def _loaded(self) -> None:
        if self.loading.locked():
            self.loading.release()

    def run(self, wait: bool) -> None:
        """Compiles what there is; with `wait`, until the VM closes. Requests that wait together are sealed together."""
        batch: list[tuple[bytes | None, bytes]] = []
        size = 0
        while (request := self.take(wait and not batch)) is not None or batch:
            if request is not None:
                if not self.begun and (response := self.compile(None)) is not None:
                    self.begun = True
                    batch.append((None, response))
                self._loaded()
                response = self.compile(request) if self.begun else None
                if response is not None:
                    batch.append((request, response))
                    size += len(response)
                if size < options.BATCH_BYTES and len(batch) < options.BATCH_UNITS:
                    continue
            self.give(b"".join([response for _, response in batch]))
            for watcher in self.watchers:
                watcher(self.settings, batch)
            batch.clear()
            size = 0

    def compile(self, request: bytes | None) -> bytes | None:
        """The response (None: of the stubs), or None for a function that stays in the interpreter."""
        try:
            if self.remote is not None:
                response = self.remote.compile(self.settings, request, self.key, self.spent)
            else:
                from minivm.service.compiler import compile, stubs

                response = stubs(self.settings, self.key) if request is None else compile(self.settings, request, self.key, self.spent)
            self.compiled += request is not None
            return response
        except Exception as problem:
            reason = str(getattr(problem, "rule", "")) or type(problem).__name__
            self.refused[reason] = self.refused.get(reason, 0) + 1
            if reason in ("bytes", "RemoteGone"):
                return None
            if os.environ.get("MINIVM_TRACEBACK") == "1":
                raise
            sys.stderr.write(f"minivm: internal error of the compiler: {type(problem).__name__}: {problem}\n")
            return None

    def stats(self) -> dict[str, int | float | str]:
        """Rows of the VM's counters."""
        spent, words = self.spent, max(1, self.spent.words)
        rows: dict[str, int | float | str] = {
            "compile.compiled": self.compiled, "compile.refused": sum(self.refused.values()), "compile.words": spent.words,
            "compile.emit_cpu_us": spent.emit_ns / 1e3, "compile.check_cpu_us": spent.check_ns / 1e3,
            "compile.emit_us_per_word": spent.emit_ns / 1e3 / words, "compile.check_us_per_word": spent.check_ns / 1e3 / words,
        }
        rows.update((f"compile.refused.{reason}", count) for reason, count in self.refused.items())
        if self.remote is not None:
            rows["compile.process_starts"] = self.remote.starts
        return rows

    def finish_loading(self) -> None:
        """Waits until the thread has loaded the compiler: Python, ended before, would leave half a file of its cache."""
        with self.loading:
            pass

    def join(self) -> None:
        """Waits until the thread has ended; the VM is closing."""
        with self.running:
            pass
