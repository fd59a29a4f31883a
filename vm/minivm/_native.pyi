"""The cffi module that setup.py builds from runtime_c; `minivm.runtime.bridge` is its only importer."""
from typing import Any

lib: Any
ffi: Any
