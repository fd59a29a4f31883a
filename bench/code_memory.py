#!/usr/bin/env python3
"""What it costs to make native code executable: by code memory, permanence and size of the batch, alone and with a
second thread of the process running; and what the guest list costs.

Compiles bench/code_memory.c with the code space and runs it; no other part of minivm is needed. Times are wall
microseconds of single steps (tens of nanoseconds to some hundred microseconds), so that the least is the cost and the
median shows the load on the machine. `--plot FILE` needs matplotlib.

    python3 bench/code_memory.py [--rounds N] [--bytes N] [--plot FILE] [--json FILE]
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["bench/code_memory.c", *(f"runtime_c/{name}.c" for name in (
    "codespace", "codenote", "codeseal", "codemem", "guestlist", "native_sign", "blake2b", "fault"))]
DIGESTS = ("sign", "verify")
LIST = (("unlist", "taking a unit off the list"), ("ask", "asking the list from C"),
        ("retire", "giving a dead batch's pages back"), ("open", "opening and freezing a space"),
        ("close", "freeing it"))
MEMORY = ("begin", "check", "accept", "place", "seal", "sync", "list")


def measure(program: Path, rounds: int, size: int, running: bool) -> list[dict]:
    command = [str(program), str(rounds), str(size), str(int(running))]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"code_memory: {done.stderr.strip()}")
    return [{**json.loads(line), "running": running} for line in done.stdout.splitlines()]


def table(rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(
        zip(row, widths))) for row in rows)


def least(row: dict, steps: tuple[str, ...]) -> float:
    return sum(row[step][0] for step in steps)


def report(rows: list[dict], size: int) -> None:
    batches = [row for row in rows if row["mode"] != "list"]
    counts = sorted({row["functions"] for row in batches})
    for running in (False, True):
        found = [row for row in batches if row["running"] is running]
        if not found:
            continue
        modes = list(dict.fromkeys(row["mode"] for row in found))
        which = "with a second thread running" if running else "alone"
        print(f"\nmicroseconds a function of {size} bytes, least (median), first call included, {which}")
        lines = [["functions", *modes]]
        for count in counts:
            cells = [str(count)]
            for mode in modes:
                (row,) = [row for row in found if row["mode"] == mode and row["functions"] == count]
                cells.append(f"{row['all'][0] / count:.2f} ({row['all'][1] / count:.2f})")
            lines.append(cells)
        print(table(lines))
        print(f"\nmicroseconds a batch by step, least, {which}: place, seal, sync, list and the rest of the memory's "
              "part | both digests | first calls")
        lines = [["functions", *modes]]
        for count in counts:
            cells = [str(count)]
            for mode in modes:
                (row,) = [row for row in found if row["mode"] == mode and row["functions"] == count]
                parts = [row[step][0] for step in ("place", "seal", "sync", "list")]
                rest = least(row, MEMORY) - sum(parts)
                cells.append(" ".join(f"{part:.1f}" for part in (*parts, rest)) +
                             f" | {least(row, DIGESTS):.1f} | {row['call'][0]:.1f}")
            lines.append(cells)
        print(table(lines))
    for row in rows:
        if row["mode"] == "list":
            which = "with a second thread running" if row["running"] else "alone"
            parts = (f"{text} {row[name][0]:.4g} ({row[name][1]:.4g}) us" for name, text in LIST)
            print(f"\n{which}, least (median): " + "; ".join(parts))


def plot(rows: list[dict], size: int, target: str) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for running, style in ((False, "-"), (True, "--")):
        for number, mode in enumerate(dict.fromkeys(row["mode"] for row in rows if row["mode"] != "list")):
            found = [row for row in rows if row["mode"] == mode and row["running"] is running]
            if found:
                label = mode + (", second thread running" if running else "")
                each = [row["all"][0] / row["functions"] for row in found]
                axes.plot([row["functions"] for row in found], each, style, color=f"C{number}", marker="o",
                          markersize=3, label=label)
    axes.set(xscale="log", yscale="log", xlabel="functions in a batch", ylabel=f"us a function of {size} bytes (least)")
    axes.set_xticks([1 << i for i in range(9)], [str(1 << i) for i in range(9)])
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(target, dpi=140)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--bytes", type=int, default=512, help="size of a function")
    parser.add_argument("--plot", metavar="FILE")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        program = Path(directory) / "code_memory"
        sources = [str(ROOT / source) for source in SOURCES]
        include = str(ROOT / "runtime_c")
        compiler = [os.environ.get("CC", "gcc"), "-std=gnu11", "-O2", "-pthread", "-I", include]
        subprocess.run([*compiler, "-o", str(program), *sources], check=True)
        rows = [row for running in (False, True) for row in measure(program, options.rounds, options.bytes, running)]
    report(rows, options.bytes)
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1))
    if options.plot:
        plot(rows, options.bytes, options.plot)


if __name__ == "__main__":
    main()
