"""What all tests share: the installed commands, a clean environment, and CPython as the oracle.

The tests run what `pip install` put beside this interpreter, through real processes. Nothing is skipped: a command that
is missing is a failure.
"""
from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
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
    parser.addoption("--reports", metavar="FOLDER", type=Path,
                     help="where ASan and UBSan shall write their reports; a test that causes one fails (tests/sanitize.py)")


@pytest.fixture(scope="session", autouse=True)
def watched_maps(request: pytest.FixtureRequest) -> Iterator[None]:
    """In each process that runs tests: the descendants of all of them are all that the tests start."""
    config = request.config
    if not config.getoption("--watch-maps"):
        yield
        return
    with maps_sampler.FamilySampler() as sampler:
        yield
    watched(config, len(sampler.processes), sampler.samples)
    assert not sampler.found, "writable and executable:\n" + "\n".join(sorted(sampler.found))


WATCHED = pytest.StashKey[list[int]]()


def watched(config: pytest.Config, processes: int, samples: int) -> None:
    """Adds to what the summary says; from a worker it goes there by way of what pytest-xdist hands over."""
    if hasattr(config, "workeroutput"):
        config.workeroutput["watched"] = [processes, samples]
    else:
        total = config.stash.setdefault(WATCHED, [0, 0])
        total[:] = total[0] + processes, total[1] + samples


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    if "watched" in getattr(node, "workeroutput", {}):
        watched(node.config, *node.workeroutput["watched"])  # type: ignore[attr-defined]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--watch-maps"):
        processes, samples = config.stash.get(WATCHED, [0, 0])
        terminalreporter.write_line(f"mappings of {processes} processes of minivm, {samples} samples")


# Reports of ASan and UBSan lie in files of the test that caused them, whatever it thinks of its processes' ends.
SANITIZERS = ("ASAN_OPTIONS", "UBSAN_OPTIONS")


@contextmanager
def reporting_to(path: Path) -> Iterator[None]:
    """For processes started within."""
    before = {name: os.environ.get(name, "") for name in SANITIZERS}
    os.environ.update((name, f"{options}:log_path={path}") for name, options in before.items())
    yield
    os.environ.update(before)


def without_handlers() -> dict[str, str]:
    """The environment for a process that shall die of a fault: ASan leaves it to the system."""
    off = ":".join(f"handle_{name}=0" for name in ("segv", "sigbus", "sigill", "sigfpe"))
    return {**os.environ, "ASAN_OPTIONS": f"{os.environ.get('ASAN_OPTIONS', '')}:{off}"}


def reports_path(item: pytest.Item) -> Path:
    return item.config.getoption("--reports").absolute() / re.sub(r"[^\w.-]", "_", item.nodeid, flags=re.ASCII)[:200]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    if item.config.getoption("--reports") is None:
        return (yield)
    try:
        return (yield)
    finally:
        path = reports_path(item)
        reports = sorted(path.parent.glob(f"{path.name}.*"))
        assert not reports, "\n".join(report.read_text(errors="replace") for report in reports)


# With several workers (`pytest -n`), a test marked `alone` runs while no other worker runs a test. Each test holds the lock
# of a file in this folder while it runs, shared or, for such a test, exclusive. Who wants it waits at a second file, the
# door, so that others do not pass one who waits for it alone.
TURNS = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    folder = node.config.stash.setdefault(TURNS, None) or tempfile.TemporaryDirectory()  # type: ignore[attr-defined]
    node.config.stash[TURNS] = folder                                                    # type: ignore[attr-defined]
    node.workerinput["turns"] = folder.name                                              # type: ignore[attr-defined]


@contextmanager
def held(path: Path, alone: bool) -> Iterator[None]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)    # a child that the test has forked may have the descriptor, too
        os.close(file)


@contextmanager
def turn(folder: Path, alone: bool) -> Iterator[None]:
    with ExitStack() as stack:
        with held(folder / "door", alone):
            stack.enter_context(held(folder / "room", alone))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    folder = getattr(item.config, "workerinput", {}).get("turns")
    with ExitStack() as stack:
        if folder is not None:
            stack.enter_context(turn(Path(folder), item.get_closest_marker("alone") is not None))
        if item.config.getoption("--reports") is not None:
            stack.enter_context(reporting_to(reports_path(item)))
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that run alone come last, so that workers wait for each other once."""
    items.sort(key=lambda item: item.get_closest_marker("alone") is not None)
