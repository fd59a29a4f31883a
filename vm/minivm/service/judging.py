"""What the checker demands of the units of a runtime: as proved when minivm was built, or now if that is for another runtime or policy."""
from __future__ import annotations

from minivm.codecheck.demands import Demands, fingerprint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from minivm.baseline.rows import Kind

_proved: dict[str, Any] = {}        # by layout, where the built one does not fit


def demands_for(layout: str, strategy: str) -> Demands:
    """For a runtime of this layout (bridge.jit_layout) and a strategy of inline caches."""
    record_size = next(int(line.partition("=")[2]) for line in layout.splitlines() if line.startswith("record.size="))
    return Demands(_module(layout), strategy, record_size)


def _module(layout: str) -> Any:
    built: Any
    try:
        from minivm.codecheck import _proved as built  # type: ignore[attr-defined,no-redef,unused-ignore]
    except ImportError:
        built = None
    if built is not None and built.LAYOUT == layout and built.FINGERPRINT == fingerprint():
        return built
    if layout not in _proved:
        from types import SimpleNamespace

        from minivm.service.proving import generate

        made: dict[str, Any] = {}
        exec(generate(layout), made)
        _proved[layout] = SimpleNamespace(**made)
    return _proved[layout]


def kinds_of(layout: str) -> Mapping[str, Kind]:
    """The kinds of chunks of a runtime of this layout: those made when minivm was built, or made now."""
    built: Any
    try:
        from minivm.baseline import _kinds as built  # type: ignore[attr-defined,no-redef,unused-ignore]
    except ImportError:
        built = None
    if built is not None and built.LAYOUT == layout:
        kinds: Mapping[str, Kind] = built.KINDS
        return kinds
    from minivm.baseline.rows import kinds as kinds_now

    return kinds_now(layout)
