"""The public API for programs that embed Mini: `VM`, `Result`, `compile_program`.

Owns: defaults and checks of a VM's settings, where a program's output goes, and what `run` returns. Limits are finite
unless the caller lifts them. Everything native is `bridge`'s.

Re-entrancy: a host function may `call`, `get` and `expose` on the VM that called it, on the same thread; `run` and
`close` raise VMError there, and so does every use from a second thread while the VM runs, `interrupt` excepted. After
os.fork() the child must make VMs of its own.
"""
from __future__ import annotations

import os
import sys

from minivm import errors, options
from minivm.runtime import IMAGE_MAGIC, require_platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, Protocol

    class TextWriter(Protocol):
        def write(self, text: str, /) -> object: ...

    class TextReader(Protocol):
        def readline(self) -> str: ...

    Sink = TextWriter | Callable[[str], object] | int | None

STDOUT, STDERR = 1, 2


class Result:
    """How a run ended that raised nothing. `exit_code` is what the program gave sys.exit, or 0; `stdout` and `stderr`
    hold its output where the VM collects it."""

    __slots__ = ("exit_code", "stdout", "stderr")

    def __init__(self, exit_code: object, stdout: str, stderr: str) -> None:
        self.exit_code = exit_code
        self.stdout = stdout
        self.stderr = stderr

    def __repr__(self) -> str:
        return f"Result(exit_code={self.exit_code!r}, stdout={self.stdout!r}, stderr={self.stderr!r})"


def compile_program(source: str, filename: str = "<script>") -> bytes:
    """The image of a program, which any VM can `run` any number of times. Local modules are not looked for."""
    from minivm.bytecode import compile_source

    return compile_source(source, filename)


class VM:
    """A virtual machine for Mini programs, with limits.

    memory_limit    bytes; None: no limit
    time_limit      seconds of wall time for one `run` or `call`; None: no limit
    fuel            loop iterations and calls for one `run` or `call`; None: no limit
    recursion_limit as sys.setrecursionlimit
    output_limit    bytes written in one `run` or `call`; None: no limit
    stdout, stderr  None: collected (see `Result`, `take_output`); or a file, a function that takes text, a descriptor
    stdin           None: empty; or a file that `input()` reads
    files           whether the program may open files
    jit             native code: "on", "off", or "eager" (each function at its first call)
    compile         where the compiler runs: "thread", "process" (one for all VMs of this Python process) or "inline"
    ic              inline caches: "data", "pointer", "off" or "mega", as `--ic`; results are the same
    code_limit      bytes of native code; None: no limit but the region's (about 110 MiB)
    """

    def __init__(
        self,
        *,
        memory_limit: int | None = options.VM_MEMORY_LIMIT,
        time_limit: float | None = options.VM_TIME_LIMIT,
        fuel: int | None = None,
        recursion_limit: int = options.RECURSION_LIMIT,
        output_limit: int | None = options.VM_OUTPUT_LIMIT,
        stdout: Sink = None,
        stderr: Sink = None,
        stdin: TextReader | None = None,
        files: bool = False,
        jit: str = options.VM_JIT,
        compile: str = options.VM_COMPILE,
        ic: str = options.VM_IC,
        code_limit: int | None = options.VM_CODE_LIMIT,
    ) -> None:
        require_platform()
        from minivm.runtime.bridge import FD_HOST, FD_NONE, IC_MODES, Bridge, hash_settings, jit_settings

        depth = _limit("recursion_limit", recursion_limit, most=(1 << 31) - 1)
        ic_mode, strategy = IC_MODES[_choice("ic", ic)]
        settings = {
            "memory_limit": _limit("memory_limit", memory_limit),
            "time_limit_ns": _nanoseconds(time_limit),
            "fuel": _limit("fuel", fuel),
            "output_limit": _limit("output_limit", output_limit),
            "recursion_limit": depth or options.RECURSION_LIMIT,
            "stdin_fd": FD_NONE if stdin is None else FD_HOST,
            "stdout_fd": stdout if isinstance(stdout, int) else FD_HOST,
            "stderr_fd": stderr if isinstance(stderr, int) else FD_HOST,
            "files_allowed": bool(files),
            "ic_mode": ic_mode,
            **jit_settings(_choice("jit", jit), _choice("compile", compile), options.CODE_MEMORY, _limit("code_limit", code_limit)),
            **hash_settings(),
        }
        self._output = _Output(stdout, stderr, settings["output_limit"])
        self._bridge = Bridge(
            settings,
            executable=os.fsencode(sys.executable or ""),
            write=self._output.write,
            readline=str if stdin is None else stdin.readline,
            remote=compile == "process",
            strategy=strategy,
        )

    def run(self, source: str | bytes, filename: str = "<script>") -> Result:
        """Runs a program (its text, or the image that `compile_program` made) as a fresh `__main__`.

        Raises CompileError before anything runs, ScriptError for an uncaught exception, LimitExceeded for a limit. What
        the program defined can be used afterwards by `call` and `get`, until the next run.
        """
        image = source if isinstance(source, bytes) else compile_program(source, filename)
        if not image.startswith(IMAGE_MAGIC):
            raise errors.BadImage("these bytes are no compiled program")
        bridge, output = self._bridge, self._output
        exit_code: object = 0
        try:
            bridge.load(image)
            bridge.run_main()
        except errors.ScriptExit as problem:
            exit_code = 0 if problem.code is None else problem.code
        except errors.StoppedError as problem:
            output.attach(problem)
            raise
        return Result(exit_code, output.take(STDOUT), output.take(STDERR))

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Calls the function that the program has under this global name (or exposed function, or builtin).

        None, bool, int, float, str, list, tuple, dict, set and frozenset are copied both ways; any other value of the
        program's arrives as a Handle, and a Handle can be passed back.
        """
        try:
            return self._bridge.call_global(name, args, kwargs)
        except errors.StoppedError as problem:
            self._output.attach(problem)
            raise

    def get(self, name: str) -> Any:
        """The value of a global of the program's, converted as by `call`."""
        return self._bridge.get(0, name)

    def expose(self, name: str, function: Callable[..., Any]) -> None:
        """Gives programs a builtin function of this name. An exception in it is raised in the program."""
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no name that a program could use")
        if not callable(function):
            raise TypeError(f"expose() needs a function, not {type(function).__name__}")
        self._bridge.expose(name, function)

    def take_output(self, stream: str = "stdout") -> str:
        """What was written and collected since the last run or take."""
        return self._output.take({"stdout": STDOUT, "stderr": STDERR}[stream])

    def interrupt(self) -> None:
        """Stops what runs now with `Interrupted`. From any thread; nothing happens to a VM that is idle."""
        self._bridge.interrupt()

    def stats(self) -> dict[str, int | float | str]:
        """The VM's counters, for example `gc.pause_median_us`."""
        return self._bridge.stats()

    def close(self) -> None:
        """Frees the VM and all that lives in it; its handles are dead then. Closing twice is allowed."""
        if self._bridge.native is not None:
            self._bridge.close()

    def __enter__(self) -> VM:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Output:
    """Where a VM's stdout and stderr go. What is collected is bounded by the output limit, over several calls too."""

    def __init__(self, stdout: Sink, stderr: Sink, limit: int) -> None:
        self.parts: dict[int, list[bytes]] = {STDOUT: [], STDERR: []}
        self.room = self.limit = limit or 1 << 62
        self.writers: dict[int, Callable[[str], object]] = {}
        for fd, name, sink in ((STDOUT, "stdout", stdout), (STDERR, "stderr", stderr)):
            if sink is not None and not isinstance(sink, int):
                writer = getattr(sink, "write", sink)
                if not callable(writer):
                    kind = type(sink).__name__
                    raise TypeError(f"{name} must be None, a file, a function or a descriptor, not {kind}")
                self.writers[fd] = writer

    def write(self, fd: int, data: bytes) -> None:
        writer = self.writers.get(fd)
        if writer is not None:
            writer(data.decode("utf-8", "replace"))
            return
        self.room -= len(data)
        if self.room < 0:
            raise errors.OutputLimit("more output was collected than the output limit allows; see take_output")
        self.parts[fd].append(data)

    def take(self, fd: int) -> str:
        data = b"".join(self.parts[fd])
        self.parts[fd].clear()
        self.room = self.limit - sum(map(len, self.parts[STDOUT] + self.parts[STDERR]))
        return data.decode("utf-8", "replace")

    def attach(self, problem: errors.StoppedError) -> None:
        problem.stdout = self.take(STDOUT)
        problem.stderr = self.take(STDERR)


def _limit(name: str, value: int | None, most: int = (1 << 63) - 1) -> int:
    """A limit for the native configuration, where 0 is none."""
    if value is None:
        return 0
    if not isinstance(value, int):
        raise TypeError(f"{name} must be an int or None, not {type(value).__name__}")
    if not 0 < value <= most:
        raise ValueError(f"{name} must lie between 1 and {most}, or be None")
    return value


def _choice(name: str, value: str) -> str:
    choices = options.BY_FLAG[f"--{name}"].choices
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _nanoseconds(seconds: float | None) -> int:
    if seconds is None:
        return 0
    if not isinstance(seconds, (int, float)):
        raise TypeError(f"time_limit must be a number of seconds or None, not {type(seconds).__name__}")
    if not 0 < seconds <= 1e9:
        raise ValueError("time_limit must be more than 0 and at most 1e9 seconds, or None")
    return max(1, int(seconds * 1e9))
