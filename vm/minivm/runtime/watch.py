"""What is told of native code as it is made: `--dump=request`, `--dump=asm`, `--perf-map`, `--gdb`.

A watcher is made for a VM at its first request and called with each batch on the compiler's thread, after the batch was
handed in (service.worker). It may read the VM's list of units, and nothing else of the VM.
"""
from __future__ import annotations

import os

from minivm.runtime.launch import complain, put
from minivm.service.messages import read_request, read_response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from minivm.runtime.bridge import Bridge
    from minivm.service.worker import Watcher

    Batch = list[tuple[bytes | None, bytes]]


def watchers(settings: dict[str, Any]) -> tuple[Callable[[Bridge], Watcher], ...]:
    """Those that the command line's settings ask for."""
    found: list[Callable[[Bridge], Watcher]] = []
    if settings["dump"] and settings["dump"][0] in ("request", "asm"):
        stage, function = settings["dump"]
        found.append(lambda bridge: RequestDump(function) if stage == "request" else AsmDump(function))
    if settings["perf_map"]:
        found.append(PerfMap)
    if settings["gdb"]:
        found.append(GdbSymbols)
    return tuple(found)


def _asked(batch: Batch, function: str) -> Iterator[tuple[int, str, bytes, bytes]]:
    """Number, qualified name, request and response of each function called `function`, or of all."""
    for request, response in batch:
        if request is not None:
            number, name, _ = read_request(request)
            if not function or function in (name, name.rpartition(".")[2]):
                yield number, name, request, response


class RequestDump:
    """Writes each request, with its settings and its response, into a file of the current folder."""

    def __init__(self, function: str) -> None:
        self.function = function

    def __call__(self, settings: str, batch: Batch) -> None:
        from minivm.service.replay import write_dump

        for number, name, request, response in _asked(batch, self.function):
            word = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[:80]
            path = f"{number:04}-{word}.request"
            try:
                with open(path, "wb") as file:
                    file.write(write_dump(settings, request, response))
            except OSError as problem:
                complain(f"can't write {path!r}: {problem.strerror}")
                return
            put(2, f"dump: {name} -> {path}\n")


class AsmDump:
    """Shows each function's native code on stderr."""

    def __init__(self, function: str) -> None:
        self.function = function

    def __call__(self, settings: str, batch: Batch) -> None:
        from minivm.service.listing import NoDisassembler, listing

        for _, name, request, response in _asked(batch, self.function):
            try:
                put(2, listing(settings, request, title=name, code=read_response(response).code) + "\n")
            except NoDisassembler as problem:
                complain(str(problem))
                self.function = "\0"        # said once
                return


class Places:
    """Finds where the units lie that a batch brought."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.known: set[int] = set()

    def of(self, batch: Batch) -> list[tuple[str, int, int]]:
        """Name, address and size of what is there and was not before."""
        names = {number: name for number, name, _, _ in _asked(batch, "")}
        names[0] = "(stubs)"
        found = []
        for number, address, size in self.bridge.native_places():
            if number in names and number not in self.known:
                self.known.add(number)
                found.append((f"mini:{names[number]}", address, size))
        return found


class PerfMap:
    """Appends lines `START SIZE NAME` to the file that perf looks for; several VMs of a process share it."""

    def __init__(self, bridge: Bridge) -> None:
        self.places = Places(bridge)
        self.path = f"/tmp/perf-{os.getpid()}.map"

    def __call__(self, settings: str, batch: Batch) -> None:
        lines = "".join(f"{address:x} {size:x} {name}\n" for name, address, size in self.places.of(batch))
        try:
            # Neither through a link nor into a file of somebody else's: the folder is everybody's.
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(file).st_uid == os.getuid():
                    os.write(file, lines.encode("utf-8", "backslashreplace"))
            finally:
                os.close(file)
        except OSError as problem:
            complain(f"can't write {self.path!r}: {problem.strerror}")


class GdbSymbols:
    """Registers a symbol file for each unit; they go when the VM does."""

    def __init__(self, bridge: Bridge) -> None:
        from minivm.runtime.bridge import gdb_add, gdb_remove  # now: `remove` may run while Python shuts down

        self.places = Places(bridge)
        self.entries: list[Any] = []
        self.gdb_add = gdb_add
        self.gdb_remove = gdb_remove
        bridge.at_end.append(self.remove)

    def __call__(self, settings: str, batch: Batch) -> None:
        from minivm.service.elf import symbol_file

        for name, address, size in self.places.of(batch):
            self.entries.append(self.gdb_add(symbol_file(name, address, size)))

    def remove(self) -> None:
        while self.entries:
            self.gdb_remove(self.entries.pop())
