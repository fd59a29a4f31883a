"""The compiler as a pure function of messages: the same request gives the same bytes, anywhere.

`settings` are what a VM fixes once: the strategy of inline caches on the first line, then the layout of the runtime's
structures (`name=number`). Called by worker (in the process of the VM) and by `minivm replay`.
"""
from __future__ import annotations

from minivm.baseline.unit import Compiler
from minivm.service.messages import FUNCTION, STUBS, read_request, write_response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_compilers: dict[str, Compiler] = {}


def _rows(layout: str) -> Any:
    """The rows made when minivm was built, or made now if those are for another runtime."""
    try:
        from minivm.baseline import _rows as built
    except ImportError:
        built = None
    from_build = built is not None and built.LAYOUT == layout
    if from_build:
        return built
    from types import SimpleNamespace

    from minivm.baseline.rows import generate

    made: dict[str, Any] = {}
    exec(generate(layout), made)
    return SimpleNamespace(**made)


def compiler_for(settings: str) -> Compiler:
    """The compiler of these settings; raises KeyError or ValueError where they are incomplete."""
    compiler = _compilers.get(settings)
    if compiler is None:
        strategy, _, layout = settings.partition("\n")
        compiler = _compilers[settings] = Compiler(_rows(layout), strategy.removeprefix("ic="))
    return compiler


def compile(settings: str, request: bytes) -> bytes:
    """The response to a request. Raises messages.BadMessage."""
    number, _, task = read_request(request)
    return write_response(FUNCTION, number, compiler_for(settings).compile(task))


def stubs(settings: str) -> bytes:
    """The unit that every VM installs first."""
    return write_response(STUBS, 0, compiler_for(settings).stubs())
