"""The compiler as a pure function of messages: the same request gives the same bytes, anywhere.

`settings` are what a VM fixes once: the layout of the runtime's structures and the strategy of inline caches, as text lines
`name=value`. Called by worker (in the process of the VM) and by `minivm replay`.
"""
from __future__ import annotations

from functools import lru_cache

from minivm.baseline.unit import Compiler
from minivm.service.messages import FUNCTION, STUBS, read_request, write_response


@lru_cache(maxsize=4)
def compiler_for(settings: str) -> Compiler:
    """The compiler of these settings; raises KeyError or ValueError where they are incomplete."""
    pairs = dict(line.split("=", 1) for line in settings.splitlines())
    strategy = pairs.pop("ic", "data")
    return Compiler({name: int(value) for name, value in pairs.items()}, strategy)


def compile(settings: str, request: bytes) -> bytes:
    """The response to a request. Raises messages.BadMessage."""
    task = read_request(request)
    unit = compiler_for(settings).compile(task.request)
    return write_response(FUNCTION, task.number, unit)


def stubs(settings: str) -> bytes:
    """The unit that every VM installs first."""
    return write_response(STUBS, 0, compiler_for(settings).stubs())
