"""The cffi module that setup.py builds from runtime_c; `minivm.runtime.bridge` is its only importer."""
from collections.abc import Callable
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])

class _FFI:
    def def_extern(self, *, error: int, onerror: Callable[..., int]) -> Callable[[_F], _F]: ...
    def __getattr__(self, name: str) -> Any: ...

lib: Any
ffi: _FFI
