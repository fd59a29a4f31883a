"""The interactive session: `minivm` on a terminal, and `minivm -i`.

Owns: prompts, reading whole statements, history, and what Ctrl-C and Ctrl-D mean. Each statement is compiled by
`bytecode.compile_interactive` and runs as a chunk in one VM's `__main__`; printing values and setting `_` is the
program's part. The state survives whatever a statement does, limits and Ctrl-C included.
"""
from __future__ import annotations

import os
import sys

from minivm import __version__, errors, options
from minivm.runtime import launch
from minivm.runtime.launch import Program, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from minivm.runtime.bridge import Bridge

LEAVE = ("exit", "quit", "exit()", "quit()")
BANNER = f"minivm {__version__}: Mini, a subset of Python 3.11. Ctrl-D leaves."


def start(settings: dict[str, Any], program: Program | None = None) -> int:
    """Runs `program` if there is one, then statements from standard input until its end; the exit status."""
    if sys.stdin is None:
        return 0
    terminal = sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty()
    before = program or Program("<stdin>", "<stdin>", b"", [""], "")
    bridge = launch.new_bridge(before, settings, readline=sys.stdin.readline)
    if program is not None:
        launch.run(program, settings, bridge)
    else:
        put(2, BANNER + "\n")
    if terminal:
        history = _open_history()
    try:
        return _Session(bridge, before, terminal).loop()
    finally:
        if terminal:
            _save_history(history)
        if settings["stats"]:
            launch.show_stats(bridge)


class _Session:
    def __init__(self, bridge: Bridge, program: Program, terminal: bool) -> None:
        from minivm.bytecode import Session
        from minivm.runtime.tasks import search_path

        self.bridge = bridge
        self.program = Program("<stdin>", "<stdin>", b"", program.argv, program.path_entry)
        self.terminal = terminal
        self.names = Session(search_path=search_path(program))
        self.status: int | None = None  # set: the session ends with it

    def loop(self) -> int:
        while self.status is None:
            try:
                source = self.read_statement()
            except KeyboardInterrupt:
                put(2, "\nKeyboardInterrupt\n")
                continue
            if source is None:
                put(2, "\n" if self.terminal else "")
                return 0
            if source.strip() in LEAVE:
                return 0
            try:
                self.execute(source)
            except KeyboardInterrupt:
                put(2, "\nKeyboardInterrupt\n")
        return self.status

    def read_line(self, prompt: str) -> str | None:
        """A line without its newline; None at the end of the input."""
        if self.terminal:
            try:
                return input(prompt)
            except EOFError:
                return None
        put(2, prompt)
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None

    def read_statement(self) -> str | None:
        """The next whole statement; None at the end of the input."""
        from codeop import compile_command

        lines: list[str] = []
        while True:
            line = self.read_line("... " if lines else ">>> ")
            if line is None:
                if not lines:
                    return None
                return "\n".join(lines) + "\n"
            lines.append(line)
            source = "\n".join(lines)
            try:
                if compile_command(source, "<stdin>", "single") is not None:
                    return source + "\n"
            except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
                return source + "\n"  # the compiler has the words for it

    def execute(self, source: str) -> None:
        from minivm.bytecode import compile_interactive

        try:
            image = compile_interactive(source, "<stdin>", self.names)
        except errors.CompileError as problem:
            launch.show_compile_error(problem)
            return

        def entries() -> None:
            try:
                self.bridge.run_chunk(image)
            except errors.ScriptExit as problem:
                self.status = problem.exit_status
                raise

        status = launch.guarded(entries, self.program)
        if status == options.STATUS_CLOSED_PIPE:
            self.status = status


def _history_path() -> str:
    path = os.environ.get("MINIVM_HISTORY")
    if path:
        return path
    base = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(base, "minivm", "history")


def _open_history() -> str:
    """Turns line editing on where Python has it; where the history lies, or nothing."""
    try:
        import readline
    except ImportError:
        return ""
    readline.parse_and_bind("tab: self-insert")
    path = _history_path()
    try:
        readline.read_history_file(path)
    except OSError:
        pass
    return path


def _save_history(path: str) -> None:
    if not path:
        return
    import readline

    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        readline.set_history_length(options.HISTORY_LENGTH)
        readline.write_history_file(path)
    except OSError:
        pass
