"""Runs one program for the command line and turns its end into text on stderr and an exit status.

Owns: the way from a file, a text or an image to a running VM, and what each kind of end means. Called by `cli` and
`repl`. On the start-up path: with a warm cache it imports only `cache` and `bridge`. Writes with os.write, never
through sys.stdout, so that nothing is left to flush.
"""
from __future__ import annotations

import os
import sys

from minivm import errors, options
from minivm.runtime import IMAGE_MAGIC, require_platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from minivm.runtime.bridge import Bridge


class Program:
    """What to run. `filename` is what tracebacks show, `typed` what the user wrote; `argv` and `path_entry` are the
    program's sys.argv and sys.path[0]. `owner` is the user whose file it is, -1 where it is no file."""

    __slots__ = ("filename", "typed", "data", "argv", "path_entry", "owner")

    def __init__(
        self, filename: str, typed: str, data: bytes, argv: list[str], path_entry: str, owner: int = -1
    ) -> None:
        self.filename = filename
        self.typed = typed
        self.data = data
        self.argv = argv
        self.path_entry = path_entry
        self.owner = owner


def put(fd: int, text: str) -> None:
    """Writes text. A closed pipe on stdout raises BrokenPipeError; on stderr there is nobody to tell."""
    data = text.encode("utf-8", "backslashreplace" if fd == 2 else "surrogateescape")
    try:
        while data:
            data = data[os.write(fd, data):]
    except OSError as problem:
        if fd == 1 and isinstance(problem, BrokenPipeError):
            raise


def use_colour(fd: int) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and os.isatty(fd)


def complain(text: str) -> None:
    """A message of minivm's own on stderr."""
    head = "\x1b[1;31mminivm:\x1b[0m" if use_colour(2) else "minivm:"
    put(2, f"{head} {text}\n")


def show_compile_error(problem: errors.CompileError, program: Program | None = None) -> int:
    """Prints a refusal (with the name that the user typed) or a syntax error; the exit status."""
    text = str(problem)
    if isinstance(problem, errors.Refused):
        name = problem.filename
        if program is not None and name == program.filename:
            name = program.typed
        text = errors.refusal_text(problem.message, name, problem.lineno, problem.col, problem.source_line)
        if use_colour(2):
            place, _, rest = text.partition(f": {problem.message}")
            body, mark, _ = rest.rpartition("^")
            caret = f"{body}\x1b[1;31m^\x1b[0m" if mark else rest
            text = f"\x1b[1m{place}:\x1b[0m {problem.message}{caret}"
    put(2, text + "\n")
    return problem.exit_status


def read_program(typed: str, rest: list[str]) -> Program:
    """The program in a file; OSError if it cannot be read."""
    filename = typed if os.path.isabs(typed) else os.path.join(os.getcwd(), typed)
    with open(filename, "rb") as file:
        owner = os.fstat(file.fileno()).st_uid
        data = file.read()
    return Program(filename, typed, data, [typed, *rest], os.path.dirname(os.path.realpath(filename)), owner)


def uses_cache(program: Program, settings: dict[str, Any]) -> bool:
    return program.owner >= 0 and not settings["no_cache"] and not program.data.startswith(IMAGE_MAGIC)


def image_of(program: Program, settings: dict[str, Any], again: bool = False) -> bytes:
    """The compiled program: itself if it is an image, else from the cache, else compiled (and cached). `again`: what
    the cache has is no good. May raise CompileError."""
    if program.data.startswith(IMAGE_MAGIC):
        return program.data
    cached = uses_cache(program, settings)
    if cached:
        from minivm.runtime import cache
    if cached and not again:
        image = cache.load(program.filename, program.data, program.owner)
        if image is not None:
            return image
    from minivm.runtime import tasks

    image = tasks.compiled(program)
    if cached:
        sources = {program.filename: program.data}
        folders: list[str] = []
        if b"import" in program.data:
            more, folders = tasks.inputs(image, program)
            sources.update(more)
        cache.store(program.filename, image, sources, folders)
    return image


def new_bridge(program: Program, settings: dict[str, Any], readline: Callable[[], str] | None = None) -> Bridge:
    """A VM with the command line's settings, on this process's stdin (or `readline` in its place), stdout, stderr."""
    require_platform()
    from minivm.runtime.bridge import FD_HOST, FD_NONE, IC_MODES, TRACE_CHANNELS, Bridge, hash_settings, jit_settings

    trace = 0
    for name in settings["trace"]:
        trace |= TRACE_CHANNELS[name]
    ic_mode, strategy = IC_MODES[settings["ic"]]
    native = {
        "memory_limit": settings["memory_limit"],
        "time_limit_ns": int(settings["time_limit"] * 1e9),
        "fuel": settings["fuel"],
        "recursion_limit": options.RECURSION_LIMIT,
        "trace": trace,
        "stdin_fd": FD_NONE if sys.stdin is None else FD_HOST if readline else 0,
        "stdout_fd": FD_NONE if sys.stdout is None else 1,
        "stderr_fd": FD_NONE if sys.stderr is None else 2,
        "files_allowed": not settings["no_files"],
        "gc_stress": settings["gc_stress"],
        "ic_mode": ic_mode,
        **jit_settings(settings["jit"], settings["compile"], settings["code_memory"], settings["code_limit"],
                       settings["code_layers"], settings["jit_threshold"], settings["jit_stress"]),
        **hash_settings(),
    }
    watchers: tuple[Any, ...] = ()
    if settings["dump"] or settings["perf_map"] or settings["gdb"]:
        from minivm.runtime import watch

        watchers = watch.watchers(settings)
        if watchers and settings["jit"] == "off":
            complain("native code is off: there will be none to show (--jit=on)")
    return Bridge(
        native,
        argv=tuple(map(os.fsencode, program.argv)),
        executable=os.fsencode(sys.executable or ""),
        path_entry=os.fsencode(program.path_entry),
        readline=readline or str,
        interrupts_program=True,
        code_layers=settings["code_layers"],
        remote=settings["compile"] == "process",
        watchers=watchers,
        strategy=strategy,
    )


def run(program: Program, settings: dict[str, Any], bridge: Bridge | None = None, last: bool = False) -> int:
    """Compiles and runs a program, in a VM of its own unless one is given; its exit status. `last`: the process ends then."""
    try:
        if settings["dump"]:
            from minivm.runtime import tasks

            tasks.dump(program, settings["dump"])
        image = image_of(program, settings)
    except errors.CompileError as problem:
        return show_compile_error(problem, program)
    vm = bridge or new_bridge(program, settings)
    shootdowns = tlb_shootdowns() if settings["stats"] else None
    status = execute(vm, program, settings, image)
    if settings["stats"] and bridge is None:
        show_stats(vm, shootdowns)
    if last:
        vm.end()
    return status


def execute(vm: Bridge, program: Program, settings: dict[str, Any], image: bytes) -> int:
    """Runs a compiled program in a VM; its exit status."""
    def entries() -> None:
        try:
            vm.load(image)
        except errors.BadImage:
            if not uses_cache(program, settings):
                raise
            vm.load(image_of(program, settings, again=True))  # a file with the right digest, but not of our making
        vm.run_main()

    return guarded(entries, program)


def guarded(entries: Callable[[], object], program: Program) -> int:
    """Runs entries of a VM, reports how they ended and returns the exit status for that end."""
    try:
        entries()
        return 0
    except errors.ScriptExit as problem:
        if problem.code is not None and not isinstance(problem.code, int):
            put(2, problem.message + "\n")
        return problem.exit_status
    except errors.ScriptError as problem:
        if problem.type_name == "BrokenPipeError":
            return options.STATUS_CLOSED_PIPE
        put(2, problem.traceback)
        return options.STATUS_INTERRUPTED if problem.type_name == "KeyboardInterrupt" else options.STATUS_EXCEPTION
    except errors.LimitExceeded as problem:
        put(2, problem.traceback)
        complain(str(problem))
        return {"memory": options.STATUS_MEMORY, "interrupted": options.STATUS_INTERRUPTED}.get(
            problem.kind, options.STATUS_TIME
        )
    except errors.BadImage as problem:
        complain(f"{program.typed} cannot be run: {problem}")
        return options.STATUS_REFUSED


def tlb_shootdowns() -> int | None:
    """Of the whole machine, since it was started; None where /proc does not count them."""
    try:
        with open("/proc/interrupts", encoding="ascii", errors="replace") as file:
            line = next((line for line in file if line.lstrip().startswith("TLB:")), "")
    except OSError:
        return None
    numbers = [int(word) for word in line.split() if word.isdigit()]
    return sum(numbers) if numbers else None


def show_stats(bridge: Bridge, shootdowns: int | None = None) -> None:
    """Writes the counters; `shootdowns`: what tlb_shootdowns gave when the program began."""
    counters = bridge.stats()
    now = tlb_shootdowns()
    if shootdowns is not None and now is not None:
        counters["machine.tlb_shootdowns"] = now - shootdowns
    rows = sorted(counters.items())
    width = max((len(key) for key, _ in rows), default=0)
    for key, value in rows:
        put(2, f"{key:{width}}  {value:.1f}\n" if isinstance(value, float) else f"{key:{width}}  {value}\n")
