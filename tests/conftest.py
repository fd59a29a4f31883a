"""What all tests share: the installed commands, a clean environment, and CPython as the oracle.

The tests run what `pip install` put beside this interpreter, through real processes. Nothing is skipped: a command that
is missing is a failure.
"""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import maps_sampler

Run = Callable[..., "subprocess.CompletedProcess[str]"]

BIN = Path(sys.executable).parent
MINIVM = str(BIN / "minivm")
MINIVM_EXEC = str(BIN / "minivm-exec")
PYTHON = sys.executable


def clean_environment() -> dict[str, str]:
    """The environment without what changes minivm's or CPython's behaviour."""
    kept = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("MINIVM_", "PYTHON", "XDG_")) and name not in ("NO_COLOR", "FORCE_COLOR")
    }
    return {**kept, "PYTHONHASHSEED": "0", "TERM": "xterm", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A clean environment whose user folders are empty."""
    home = tmp_path_factory.mktemp("home")
    return {**clean_environment(), "HOME": str(home)}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Runs a command in an empty folder: run(*words, input=, env=, timeout=). Texts are UTF-8, status is returncode."""

    def start(
        *words: str, input: str = "", env: dict[str, str] | None = None, timeout: float = 60.0, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, input=input, capture_output=True, encoding="utf-8", errors="surrogateescape", timeout=timeout,
            cwd=cwd or tmp_path, env={**environment, **(env or {})},
        )

    return start


@pytest.fixture
def minivm(run: Run) -> Run:
    """Runs `minivm` with the given arguments."""
    return lambda *words, **more: run(MINIVM, *words, **more)


@pytest.fixture
def cpython(run: Run) -> Run:
    """Runs CPython with the given arguments."""
    return lambda *words, **more: run(PYTHON, *words, **more)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--watch-maps", action="store_true",
                     help="read the mappings of every minivm that the tests start; none may be writable and executable")


@pytest.fixture(scope="session", autouse=True)
def watched_maps(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.config.getoption("--watch-maps"):
        yield
        return
    with maps_sampler.FamilySampler() as sampler:
        yield
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\nmappings of {len(sampler.processes)} processes of minivm, {sampler.samples} samples")
    assert not sampler.found, "writable and executable:\n" + "\n".join(sorted(sampler.found))
