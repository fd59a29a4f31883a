"""What the command line does with the compilers: `check`, `compile`, `dis`, `asm`, `replay` and the dumps.

Owns: their output and exit statuses, and how a program is handed to the compiler. Works on every system, because no
runtime is needed. Called by `cli` and `launch`, off the path of a warm start.
"""
from __future__ import annotations

import os
import sys

from minivm import errors, options
from minivm.runtime import IMAGE_MAGIC, require_platform
from minivm.runtime.launch import Program, complain, put, show_compile_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def search_path(program: Program) -> list[str]:
    """Where a program's local modules lie. An empty sys.path[0] stands for the current folder."""
    return [program.path_entry or os.getcwd()]


def compiled(program: Program) -> bytes:
    """The image of a program, its local modules in it; itself if it is one. May raise CompileError."""
    if program.data.startswith(IMAGE_MAGIC):
        return program.data
    from minivm.bytecode import compile_source

    return compile_source(program.data, program.filename, search_path=search_path(program))


def local_modules(image: bytes) -> list[dict[str, Any]]:
    """The modules in an image that are neither the program itself nor minivm's own."""
    from minivm.bytecode.image import load

    body = load(image)
    return [row for at, row in enumerate(body["modules"]) if at != body["main"] and not row["builtin"]]


def inputs(image: bytes, program: Program) -> tuple[dict[str, bytes], list[str]]:
    """The texts of a new image's local modules, by path, and the folders where modules were looked for."""
    from minivm.frontend.parse import read

    sources: dict[str, bytes] = {}
    folders = search_path(program)
    for module in local_modules(image):
        path = module["file"]
        with open(path, "rb") as file:
            sources[path] = file.read()
        if read(sources[path], path).text != module["source"]:
            sources[path] = b""  # changed since it was compiled: the entry in the cache will not be valid
        if module["package"]:
            folders.append(os.path.dirname(path))
    return sources, folders


def check(programs: list[Program]) -> int:
    """Says everything that is not in Mini, or wrong, in each file; nothing if there is nothing to say."""
    from minivm.bytecode import check_source

    status = 0
    for program in programs:
        problems: Sequence[errors.CompileError]
        try:
            problems = check_source(program.data, program.filename, search_path=search_path(program))
        except errors.CompileError as only:
            problems = [only]
        for problem in problems:
            status = max(status, show_compile_error(problem, program))
    return status


def compile_file(program: Program, out: str | None, bundle: bool) -> int:
    """Writes the image of a program to `out` (default: beside it, .minic). Local imports must be asked for by --bundle:
    a .minic file always holds all that it needs."""
    if program.data.startswith(IMAGE_MAGIC):
        complain(f"{program.typed} is compiled already")
        return options.STATUS_REFUSED
    try:
        image = compiled(program)
    except errors.CompileError as problem:
        return show_compile_error(problem, program)
    modules = local_modules(image)
    if modules and not bundle:
        names = ", ".join(sorted(module["name"] for module in modules))
        complain(f"{program.typed} imports local modules ({names}): --bundle puts them into the .minic file too")
        return options.STATUS_REFUSED
    if out is None:
        if program.typed == "<stdin>":
            complain("compile: a program from standard input needs -o OUT")
            return options.STATUS_REFUSED
        out = os.path.splitext(program.typed)[0] + ".minic"
    try:
        if out == "-":
            sys.stdout.buffer.write(image)
            sys.stdout.flush()
        else:
            with open(out, "wb") as file:
                file.write(image)
    except BrokenPipeError:
        raise
    except OSError as problem:
        complain(f"can't write {out!r}: {problem.strerror}")
        return options.STATUS_EXCEPTION
    return 0


def disassemble(program: Program) -> int:
    """Prints the bytecode of a program or of an image."""
    from minivm.bytecode import dis

    try:
        put(1, dis.text(compiled(program)))
    except errors.CompileError as problem:
        return show_compile_error(problem, program)
    except (ValueError, TypeError, LookupError) as problem:
        complain(f"{program.typed} cannot be read: {problem}")
        return options.STATUS_REFUSED
    return 0


def show_asm(program: Program, function: str, ic: str) -> int:
    """Prints the native code of each function of this name, as it is compiled before it has run with `--ic`."""
    require_platform()
    from minivm.bytecode import dis, image
    from minivm.runtime.bridge import IC_MODES, compiler_settings
    from minivm.service.listing import NoDisassembler, listing, request_of

    try:
        modules = image.load(compiled(program))["modules"]
        found = [code for module in modules for code in dis.codes(module["code"]) if function in (code[dis.FIELD["name"]], code[dis.FIELD["qualname"]])]
        if not found:
            complain(f"{program.typed} has no function {function!r}")
            return options.STATUS_EXCEPTION
        settings = compiler_settings(strategy=IC_MODES[ic][1])
        put(1, "\n\n".join(listing(settings, request_of(code), function=code) for code in found) + "\n")
    except errors.CompileError as problem:
        return show_compile_error(problem, program)
    except NoDisassembler as problem:
        complain(str(problem))
        return options.STATUS_EXCEPTION
    except (ValueError, TypeError, LookupError) as problem:
        complain(f"{program.typed} cannot be read: {problem}")
        return options.STATUS_REFUSED
    return 0


def replay(names: list[str]) -> int:
    """Compiles dumped requests again: 0 if each gives the same bytes, 1 if one does not."""
    from minivm.service.replay import compare

    status = 0
    for name in names:
        try:
            with open(name, "rb") as file:
                data = file.read()
            same, text = compare(data)
        except OSError as problem:
            complain(f"can't open file {name!r}: {problem.strerror}")
            status = options.STATUS_REFUSED
            continue
        except Exception as problem:
            if os.environ.get("MINIVM_TRACEBACK") == "1":
                raise
            complain(f"{name}: {problem}")
            status = options.STATUS_REFUSED
            continue
        put(1, f"{name}: {text}\n")
        status = status if same else status or options.STATUS_EXCEPTION
    return status


def dump(program: Program, request: tuple[str, str]) -> None:
    """Shows a stage of a program that is about to run, on stderr; CompileError as for compiling it."""
    stage, function = request
    if stage in ("request", "asm"):
        return      # shown as they are made: runtime.watch
    if stage == "bytecode":
        from minivm.bytecode import dis, image

        whole = compiled(program)
        if not function:
            put(2, dis.text(whole))
            return
        for module in image.load(whole)["modules"]:
            for code in dis.codes(module["code"]):
                if function in (code[dis.FIELD["name"]], code[dis.FIELD["qualname"]]):
                    put(2, dis.function_text(code) + "\n")
        return
    if program.data.startswith(IMAGE_MAGIC):
        complain(f"{program.typed}: a compiled program has no ast to dump")
        return
    import ast

    from minivm.frontend.parse import parse, read

    tree: ast.AST = parse(read(program.data, program.filename))
    for node in ast.walk(tree) if function else (tree,):
        if not function or getattr(node, "name", None) == function:
            put(2, ast.dump(node, indent=2) + "\n")
