"""What the command line does without running a program: `check`, `compile`, `dis` and the dumps.

Owns: their output and exit statuses. Works on every system, because only the compiler is needed. Called by `cli`, and
by `launch` for --dump; off the start-up path.
"""
from __future__ import annotations

import os
import sys

from minivm import errors, options
from minivm.runtime import IMAGE_MAGIC
from minivm.runtime.launch import Program, complain, put, show_compile_error


def check(programs: list[Program]) -> int:
    """Says everything that is not in Mini, or wrong, in each file; nothing if there is nothing to say."""
    from minivm.bytecode import check_source

    status = 0
    for program in programs:
        for problem in check_source(program.data, program.filename, search_path=program.path_entry):
            status = max(status, show_compile_error(problem, program))
    return status


def compile_file(program: Program, out: str | None, bundle: bool) -> int:
    """Writes the image of a program to `out` (default: beside it, .minic). Local imports must be asked for by --bundle:
    a .minic file always holds all that it needs."""
    from minivm.bytecode import compile_source

    used: dict[str, bytes] = {}
    try:
        image = compile_source(program.data, program.filename, search_path=program.path_entry, used=used)
    except errors.CompileError as problem:
        return show_compile_error(problem, program)
    if used and not bundle:
        names = ", ".join(sorted(map(os.path.basename, used)))
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
    from minivm.bytecode import compile_source, disassemble_image

    image = program.data
    if not image.startswith(IMAGE_MAGIC):
        try:
            image = compile_source(program.data, program.filename, search_path=program.path_entry)
        except errors.CompileError as problem:
            return show_compile_error(problem, program)
    try:
        put(1, disassemble_image(image))
    except errors.BadImage as problem:
        complain(f"{program.typed} cannot be read: {problem}")
        return options.STATUS_REFUSED
    return 0


def dump(program: Program, request: tuple[str, str]) -> None:
    """Shows a stage of a program that is about to run, on stderr; CompileError as for compiling it."""
    from minivm.bytecode import compile_source, disassemble_image

    stage, function = request
    if stage == "bytecode":
        image = program.data
        if not image.startswith(IMAGE_MAGIC):
            image = compile_source(program.data, program.filename, search_path=program.path_entry)
        put(2, disassemble_image(image, function))
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
