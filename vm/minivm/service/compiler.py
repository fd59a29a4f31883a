"""The compiler as a pure function of messages: the same request gives the same bytes, anywhere.

`settings` are what a VM fixes once: on the first line options as words (`ic=STRATEGY checker=on|off guests=on|off`), then the layout of the
runtime's structures (`name=number`). Called by worker (in the process of the VM) and by `minivm replay`.
"""
from __future__ import annotations

from time import thread_time_ns

from minivm.baseline.unit import Compiler
from minivm.service.messages import FUNCTION, STUBS, read_request, write_response
from minivm.service.signing import KEY_BYTES, digest_of
from minivm.service.spent import Spent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from minivm.baseline.unit import Request, Unit
    from minivm.codecheck.demands import Demands

SWITCH = {"on": True, "off": False}
TRIES = 8       # with displacements moved, before a unit with forbidden bytes is given up

_services: dict[str, Service] = {}


class Service:
    """The compiler and the checker of one kind of VM; raises ValueError where settings are incomplete."""

    def __init__(self, settings: str) -> None:
        words, _, self.layout = settings.partition("\n")
        try:
            options = dict(word.split("=", 1) for word in words.split())
            guests = SWITCH[options["guests"]]
            self.strategy = options["ic"]
            self.compiler = Compiler(_rows(self.layout, guests), self.strategy)
            self.checks = SWITCH[options["checker"]] and guests     # whose policy knows no unchecked branch
        except (KeyError, ValueError) as problem:
            raise ValueError(f"settings of the compiler: {problem}") from None
        self._demands: Demands | None = None

    def check(self, unit: Unit, task: Request | None) -> None:
        """Raises CodeRefused unless the unit is what its bytecode demands and keeps to the policy, where checking is on. Without a task: the
        unit of stubs."""
        if self.checks:
            if self._demands is None:
                from minivm.service.judging import demands_for

                self._demands = demands_for(self.layout, self.strategy)
            if task is None:
                self._demands.check_stubs(unit)
            else:
                self._demands.check(unit, task)


def _rows(layout: str, guests: bool) -> Any:
    """The rows made when minivm was built, or made now if those are for another runtime, or without checks."""
    try:
        from minivm.baseline import _rows as built
    except ImportError:
        built = None  # type: ignore[assignment]
    if guests and built is not None and built.LAYOUT == layout:
        return built
    from types import SimpleNamespace

    from minivm.baseline.rows import generate

    made: dict[str, Any] = {}
    exec(generate(layout, guests), made)
    return SimpleNamespace(**made)


def service_for(settings: str) -> Service:
    service = _services.get(settings)
    if service is None:
        service = _services[settings] = Service(settings)
    return service


def compile(settings: str, request: bytes, key: bytes, spent: Spent | None = None) -> bytes:
    """The response to a request, signed with the key. Raises messages.BadMessage, and codecheck.CodeRefused for a fault of the
    compiler's. What it cost is added to `spent`; nothing else depends on it."""
    service = service_for(settings)
    number, _, task = read_request(request)
    unit, digest = _compile(service, task, key, spent or Spent())
    return write_response(FUNCTION, number, unit, digest)


def unit_for(settings: str, request: bytes) -> Unit:
    """What a response is written from: for tools."""
    return _compile(service_for(settings), read_request(request)[2], bytes(KEY_BYTES), Spent())[0]


def _compile(service: Service, task: Request, key: bytes, spent: Spent) -> tuple[Unit, bytes]:
    began = thread_time_ns()
    spent.words += len(task.words)
    for slack in range(TRIES):
        unit = service.compiler.compile(task, slack)
        emitted = thread_time_ns()
        spent.emit_ns += emitted - began
        try:
            digest = digest_of(key, unit.code, unit.entries)
            service.check(unit, task)
            return unit, digest
        except Exception as problem:
            if getattr(problem, "rule", "") != "bytes" or slack == TRIES - 1:
                raise
        finally:
            began = thread_time_ns()
            spent.check_ns += began - emitted
    raise AssertionError("unreachable")


def stubs(settings: str, key: bytes) -> bytes:
    """The unit that every VM installs first."""
    service = service_for(settings)
    unit = service.compiler.stubs()
    digest = digest_of(key, unit.code, unit.entries)
    service.check(unit, None)
    return write_response(STUBS, 0, unit, digest)
