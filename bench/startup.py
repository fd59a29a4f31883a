"""Measures what an engine costs before it does anything: hello world, as CPU milliseconds and peak memory of a whole
process.

Run by hand and by releases; measure.py does the running. Each command runs once unmeasured, which warms the file
cache and any cache of compiled code; then all take turns. CPython runs without a program (`-c pass`), with hello
world, and with hello world but without `site` (-S -I). Exit status: 0; 1 when a command failed or printed something
else; 2 when nothing could be measured.
"""
from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from measure import BenchError, Progress, command_of, main_of, run, table, vm_command

HELLO = 'print("Hello, world!")\n'


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU time and memory of hello world under minivm and CPython.")
    parser.add_argument("--vm", default="minivm", metavar="CMD", help="the VM's command (default: minivm)")
    parser.add_argument("--vm-args", default="", metavar="ARGS", help="options for the VM, before the program's path")
    parser.add_argument("--python", default="python3", metavar="CMD", help="CPython's command (default: python3)")
    parser.add_argument("-n", "--runs", type=int, default=20, help="processes of each command (default: 20)")
    options = parser.parse_args()
    if options.runs < 1:
        raise BenchError("-n must be positive")
    vm = vm_command(options.vm, options.vm_args)
    python = command_of(options.python, "--python")

    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed minivm has its own modules compiled
    with tempfile.TemporaryDirectory() as directory:
        hello = Path(directory) / "hello.mini"
        hello.write_text(HELLO, encoding="utf-8")
        commands = {
            "minivm hello": (vm + [str(hello)], "Hello, world!\n"),
            "python -c pass": (python + ["-c", "pass"], ""),
            "python hello": (python + [str(hello)], "Hello, world!\n"),
            "python -S -I hello": (python + ["-S", "-I", str(hello)], "Hello, world!\n"),
        }
        progress = Progress()
        cpu: dict[str, list[float]] = {label: [] for label in commands}
        memory: dict[str, list[float]] = {label: [] for label in commands}
        failed: dict[str, str] = {}
        for number in range(options.runs + 1):
            progress.step("[startup]", f"run {number}/{options.runs}")
            for label, (command, expected) in commands.items():
                if label in failed:
                    continue
                result = run(command, timeout=60.0)
                if result.status != 0:
                    failed[label] = result.complaint()
                elif result.output != expected:
                    failed[label] = f"printed {result.output!r}"
                elif number > 0:
                    cpu[label].append(result.cpu * 1000)
                    memory[label].append(result.memory)
        progress.done()

    rows = []
    for label in commands:
        if label in failed:
            rows.append([label, "FAILED", "-", "-"])
        else:
            numbers = [statistics.median(cpu[label]), min(cpu[label]), max(memory[label])]
            rows.append([label, *(f"{number:.1f}" for number in numbers)])
    print(f"CPU time of hello world; {options.runs} runs, caches warm")
    print(table(["command", "median ms", "best ms", "peak MiB"], rows))
    for label, complaint in failed.items():
        sys.stderr.write(f"{label}: {complaint}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    main_of(main)
