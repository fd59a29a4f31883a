"""The compiler process: answers questions (service.remote has their form) on standard output until standard input ends.

Started as `python -m minivm.service.process` by remote, never by people. Holds the compiler and the checker; knows no VM,
no native library, no file. MINIVM_PARENT is the process that it ends with, even where a child of that one keeps the pipe.
"""
from __future__ import annotations

import os
from select import POLLIN, poll

import msgpack

from minivm.service.compiler import compile, stubs
from minivm.service.remote import MOST, SIZE
from minivm.service.spent import Spent

LOOK_FOR_PARENT = 1000      # milliseconds


def answer_to(message: bytes) -> bytes:
    """The answer to a question. Raises for what is no question."""
    serial, settings, key, request = msgpack.unpackb(message)
    spent = Spent()
    response, rule, text = None, "", ""
    try:
        response = stubs(settings, key) if request is None else compile(settings, request, key, spent)
    except Exception as problem:
        rule, text = str(getattr(problem, "rule", "")), f"{type(problem).__name__}: {problem}"
    answer: bytes = msgpack.packb((serial, response, rule, text, spent.emit_ns, spent.check_ns, spent.words))
    return answer


def receive(size: int, parent: int) -> bytes | None:
    """So many bytes of standard input; None at its end, or when the parent is gone."""
    parts = bytearray()
    waiting = poll()
    waiting.register(0, POLLIN)
    while len(parts) < size:
        if not waiting.poll(LOOK_FOR_PARENT):
            if os.getppid() != parent:
                return None
            continue
        part = os.read(0, size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)


def main() -> None:
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    parent = int(os.environ["MINIVM_PARENT"])
    while (head := receive(SIZE.size, parent)) is not None:
        size = SIZE.unpack(head)[0]
        message = receive(size, parent) if size <= MOST else None
        if message is None:
            break
        answer = answer_to(message)
        data = memoryview(SIZE.pack(len(answer)) + answer)
        while data:
            data = data[os.write(1, data):]


if __name__ == "__main__":
    main()
