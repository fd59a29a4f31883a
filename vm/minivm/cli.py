"""The command line: reads arguments and MINIVM_* variables and hands over to `runtime.launch`, `runtime.tasks`, `repl`.

Owns: usage, its errors, and the last line of defence against exceptions. The argument loop is written by hand over the
table in options.py: argparse alone would cost more than starting Python does. On the path of `minivm FILE` nothing is
imported that a warm cache does not need.
"""
from __future__ import annotations

import os
import sys

from minivm import errors, options
from minivm.runtime import launch
from minivm.runtime.launch import Program, complain, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

SUBCOMMANDS = ("check", "compile", "dis", "asm", "replay")


class UsageError(Exception):
    """Wrong arguments: one sentence."""


class NoProgram(Exception):
    """The program cannot be read: one sentence."""


def entry() -> NoReturn:
    """The `minivm` command: ends the process. Nothing waits in Python's buffers, so Python's own clean-up is left out
    (a tenth of what its start costs), except in builds that report something at exit."""
    status = main(sys.argv[1:], last=True)
    bridge = sys.modules.get("minivm.runtime.bridge")
    if bridge is None or bridge.VARIANT == "release":
        os._exit(status)
    sys.exit(status)


def main(arguments: list[str], last: bool = False) -> int:
    """Runs the command line; the exit status. `last`: the process ends at once then."""
    try:
        return _main(arguments, last)
    except UsageError as problem:
        complain(f"{problem} (minivm -h shows the usage)")
        return options.STATUS_REFUSED
    except (NoProgram, errors.UnsupportedPlatform) as problem:
        complain(str(problem))
        return options.STATUS_REFUSED
    except KeyboardInterrupt:
        put(2, "KeyboardInterrupt\n")
        return options.STATUS_INTERRUPTED
    except BrokenPipeError:
        return options.STATUS_CLOSED_PIPE
    except MemoryError:
        complain("out of memory")
        return options.STATUS_MEMORY
    except Exception as problem:
        if os.environ.get("MINIVM_TRACEBACK") == "1":
            raise
        complain(f"internal error: {type(problem).__name__}: {problem} (MINIVM_TRACEBACK=1 shows where)")
        return options.STATUS_INTERNAL


def _main(arguments: list[str], last: bool) -> int:
    settings = _settings_from_environment()
    interactive = auditing = False
    at = 0
    while at < len(arguments):
        word = arguments[at]
        at += 1
        if word == "-" or not word.startswith("-"):
            if word == "audit" and not auditing and not interactive:
                auditing = True
                if "MINIVM_JIT" not in os.environ:
                    settings["jit"] = "on"
                continue
            if word in SUBCOMMANDS and not interactive and not auditing:
                return _subcommand(word, arguments[at:])
            program = _stdin_program(arguments[at - 1:]) if word == "-" else _file_program(word, arguments[at:])
            return _run(program, settings, interactive, auditing, last)
        if word.startswith("-c"):
            if word == "-c" and at == len(arguments):
                raise UsageError("-c needs a program text")
            code = word[2:]
            if not code:
                code = arguments[at]
                at += 1
            data = os.fsencode(code) + b"\n"
            program = Program("<string>", "<string>", data, ["-c", *arguments[at:]], "")
            return _run(program, settings, interactive, auditing, last)
        if word in ("-h", "--help"):
            put(1, options.help_text())
            return 0
        if word in ("-V", "--version"):
            put(1, _version() + "\n")
            return 0
        if word == "-i":
            interactive = True
            continue
        if word == "--":
            if at == len(arguments):
                break
            return _run(_file_program(arguments[at], arguments[at + 1:]), settings, interactive, auditing, last)
        at = _option(word, arguments, at, settings)
    if auditing:
        raise UsageError("audit needs a program")
    if interactive or (sys.stdin is not None and sys.stdin.isatty()):
        from minivm import repl

        return repl.start(settings)
    return _run(_stdin_program([""]), settings, False, False, last)


def _short(text: str) -> str:
    """What somebody wrote, fit for a message of one line."""
    line = text if text.isprintable() else repr(text)[1:-1]
    return line if len(line) <= 100 else f"{line[:100]}..."


def _option(word: str, arguments: list[str], at: int, settings: dict[str, Any]) -> int:
    """Sets what `--name`, `--name=value` or `--name value` means; the index of the next argument."""
    flag, equals, value = word.partition("=")
    option = options.BY_FLAG.get(flag)
    if option is None:
        raise UsageError(f"unknown option {_short(flag)}")
    if option.kind == "every" and not equals:
        settings[option.name] = 1
        return at
    if option.kind == "flag":
        if equals:
            raise UsageError(f"{flag} takes no value")
        settings[option.name] = True
        return at
    if not equals:
        if at == len(arguments):
            raise UsageError(f"{flag} needs a value")
        value = arguments[at]
        at += 1
    try:
        settings[option.name] = options.parse_value(option, value)
    except ValueError as problem:
        raise UsageError(f"{flag}={_short(value)}: {problem}") from None
    return at


def _settings_from_environment() -> dict[str, Any]:
    """The defaults, changed by the MINIVM_* variables. One that means nothing is an error: it would be overlooked."""
    settings: dict[str, Any] = {option.name: option.default for option in options.OPTIONS}
    for name, value in os.environ.items():
        if name.startswith("MINIVM_") and name not in options.ENVIRONMENT:
            option = next((row for row in options.OPTIONS if row.env == name), None)
            if option is None:
                raise UsageError(f"environment variable {_short(name)}: there is no such setting")
            try:
                if value:
                    settings[option.name] = options.parse_value(option, value)
            except ValueError as problem:
                raise UsageError(f"environment variable {name}={_short(value)}: {problem}") from None
    return settings


def _run(program: Program, settings: dict[str, Any], interactive: bool, auditing: bool, last: bool) -> int:
    if auditing:
        if interactive:
            raise UsageError("audit and -i do not go together")
        from minivm.runtime import audit

        return audit.run(program, settings)
    if interactive:
        from minivm import repl

        return repl.start(settings, program)
    return launch.run(program, settings, last=last)


def _file_program(typed: str, rest: list[str]) -> Program:
    try:
        return launch.read_program(typed, rest)
    except OSError as problem:
        path = os.path.join(os.getcwd(), typed)
        raise NoProgram(f"can't open file {path!r}: [Errno {problem.errno}] {problem.strerror}") from None


def _stdin_program(argv: list[str]) -> Program:
    if sys.stdin is None:
        raise NoProgram("standard input is closed")
    return Program("<stdin>", "<stdin>", sys.stdin.buffer.read(), argv, "")


def _subcommand(name: str, arguments: list[str]) -> int:
    from minivm.runtime import tasks

    out = None
    bundle = False
    settings = {"ic": options.BY_FLAG["--ic"].default}
    names = []
    at = 0
    while at < len(arguments):
        word = arguments[at]
        at += 1
        if word in ("-h", "--help"):
            put(1, options.help_text())
            return 0
        if name == "compile" and word == "--bundle":
            bundle = True
        elif name == "compile" and word == "-o":
            if at == len(arguments):
                raise UsageError("-o needs a file name")
            out = arguments[at]
            at += 1
        elif name == "asm" and word.partition("=")[0] == "--ic":
            at = _option(word, arguments, at, settings)
        elif word.startswith("-") and word != "-":
            raise UsageError(f"{name}: unknown option {_short(word)}")
        else:
            names.append(word)
    if name == "replay" and names:
        return tasks.replay(names)
    if name == "asm":
        if len(names) != 2:
            raise UsageError("asm needs a file and the name of a function")
        program = _stdin_program(["-"]) if names[0] == "-" else _file_program(names[0], [])
        return tasks.show_asm(program, names[1], str(settings["ic"]))
    if not names or (name != "check" and len(names) > 1):
        raise UsageError(f"{name} needs {'a file' if name in ('check', 'replay') else 'one file'}")
    programs = [_stdin_program(["-"]) if word == "-" else _file_program(word, []) for word in names]
    if name == "check":
        return tasks.check(programs)
    if name == "compile":
        return tasks.compile_file(programs[0], out, bundle)
    return tasks.disassemble(programs[0])


def _version() -> str:
    from minivm import __version__

    try:
        from minivm.runtime.bridge import VARIANT
    except ImportError:
        variant = ", without the runtime"
    else:
        variant = "" if VARIANT == "release" else f", {VARIANT}"
    return f"minivm {__version__} (Mini, a subset of Python 3.11{variant})"
