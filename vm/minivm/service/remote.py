"""The compiler process as its users see it: one for each Python process, shared by its VMs, started at the first request.

Called by workers, each on its thread. A message is a number of bytes (4, little-endian) and a msgpack array:
    question  [serial, settings, key, request or nil (the stubs)]
    answer    [serial, response or nil, rule, text, emit_ns, check_ns, words]

INV-remote-1  One question at a time is under way (`_lock`); the answer to it has its serial. Whatever else comes, or nothing
              in time, ends the process: the function asked for stays in the interpreter, the next question starts another.
INV-remote-2  The process ends when its standard input does, or its parent; it holds no other descriptor of the parent's.
INV-remote-3  A forked child leaves the parent's process alone and starts its own.
"""
from __future__ import annotations

import os
import sys
from _thread import allocate_lock
from atexit import register
from select import POLLIN, POLLOUT, poll
from signal import SIGKILL
from struct import Struct
from time import monotonic

import msgpack

from minivm import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minivm.service.spent import Spent

SIZE = Struct("<I")
MOST = 64 << 20         # bytes of a message


class RemoteGone(Exception):
    """The compiler process ended, or did not answer as it should."""


class RemoteRefused(Exception):
    """The compiler process refused a function; `rule` is the checker's, or empty for a fault."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


class Remote:
    def __init__(self, command: tuple[str, ...] = ("-m", "minivm.service.process")) -> None:
        self.command = command
        self.pid = 0
        self.starts = 0
        self._serial = 0
        self._failures = 0          # in a row
        self._to = self._from = -1
        self._lock = allocate_lock()

    def compile(self, settings: str, request: bytes | None, key: bytes, spent: Spent) -> bytes:
        """Raises RemoteGone and RemoteRefused."""
        with self._lock:
            if self._failures >= options.COMPILER_FAILURES:
                raise RemoteGone("the compiler process failed too often")
            self._failures += 1
            try:
                if not self.pid:
                    self._start()
                self._serial += 1
                answer = self._ask(msgpack.packb((self._serial, settings, key, request)))
                response, rule, text = self._read(answer, spent)
            except (OSError, ValueError, TypeError) as problem:
                self._end()
                raise RemoteGone(f"the compiler process: {problem}") from None
            except RemoteGone:
                self._end()
                raise
            self._failures = 0
        if response is None:
            raise RemoteRefused(rule, text)
        return response

    def close(self) -> None:
        """Ends the process, if there is one; the next question starts another."""
        with self._lock:
            self._end()

    def _read(self, answer: bytes, spent: Spent) -> tuple[bytes | None, str, str]:
        serial, response, rule, text, emit, check, words = msgpack.unpackb(answer)
        fits = type(response) in (bytes, type(None)) and type(rule) is type(text) is str
        if serial != self._serial or not fits or not type(emit) is type(check) is type(words) is int:
            raise RemoteGone("an answer to no question")
        spent.emit_ns += emit
        spent.check_ns += check
        spent.words += words
        return response, rule, text

    def _start(self) -> None:
        """With just the folders of minivm and msgpack on its path, a process group of its own (Ctrl-C is not its), no
        output but answers."""
        folders = dict.fromkeys(os.path.dirname(os.path.dirname(os.path.abspath(str(module.__file__)))) for module in (options, msgpack))
        environment = {"PYTHONPATH": os.pathsep.join(folders), "MINIVM_PARENT": str(os.getpid())}
        read_end, to = os.pipe()
        try:
            from_, write_end = os.pipe()
        except OSError:
            os.close(read_end)
            os.close(to)
            raise
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        try:
            # What becomes 0 and 1 must not be closed by the other's turn: descriptors below 3 are moved up first.
            actions = [(os.POSIX_SPAWN_DUP2, read_end, 0), (os.POSIX_SPAWN_DUP2, write_end, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
            if min(read_end, write_end, null) < 3:
                raise OSError("standard descriptors are closed")
            self.pid = os.posix_spawn(sys.executable, [sys.executable, "-S", "-P", "-s", "-B", *self.command], environment,
                                      file_actions=actions, setpgroup=0)
        except OSError:
            os.close(to)
            os.close(from_)
            raise
        finally:
            for descriptor in (read_end, write_end, null):
                os.close(descriptor)
        self.starts += 1
        self._to, self._from = to, from_
        os.set_blocking(to, False)
        os.set_blocking(from_, False)

    def _end(self) -> None:
        pid, self.pid = self.pid, 0
        if not pid:
            return
        os.close(self._to)
        os.close(self._from)
        try:
            os.kill(pid, SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass        # somebody else waited for it

    def _ask(self, question: bytes) -> bytes:
        deadline = monotonic() + options.COMPILER_PATIENCE
        data = memoryview(SIZE.pack(len(question)) + question)
        while data:
            self._wait(self._to, POLLOUT, deadline)
            data = data[os.write(self._to, data):]
        size = SIZE.unpack(self._receive(SIZE.size, deadline))[0]
        if size > MOST:
            raise RemoteGone(f"an answer of {size} bytes")
        return self._receive(size, deadline)

    def _receive(self, size: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self._wait(self._from, POLLIN, deadline)
            part = os.read(self._from, size - len(parts))
            if not part:
                raise RemoteGone("the process ended")
            parts += part
        return bytes(parts)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        waiting = poll()
        waiting.register(descriptor, event)
        if not waiting.poll(max(0.0, deadline - monotonic()) * 1000):
            raise RemoteGone(f"no answer within {options.COMPILER_PATIENCE} s")


_shared: Remote | None = None


def shared() -> Remote:
    """The one of this Python process."""
    global _shared
    if _shared is None:
        _shared = Remote()
    return _shared


def _after_fork_in_child() -> None:
    global _shared
    old, _shared = _shared, None
    if old is not None and old.pid:
        os.close(old._to)
        os.close(old._from)
        old.pid = 0


def _at_exit() -> None:
    if _shared is not None and _shared._lock.acquire(False):
        _shared._end()


os.register_at_fork(after_in_child=_after_fork_in_child)
register(_at_exit)
