"""`minivm audit FILE`: runs a program while a thread looks at the process's mappings, then says on stderr what guarded the
native code, what each layer did and cost here, and what stays open.

Owns: the sampler and the report. Everything in it is measured or counted in this run, but for the last part, which says
what no layer stops; docs/security.md has the reasons. Called by `cli`.
"""
from __future__ import annotations

from _thread import allocate_lock, start_new_thread
from time import sleep

from minivm import errors
from minivm.runtime import launch, require_platform
from minivm.runtime.launch import Program, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PAUSE = 0.004       # seconds between samples


class Sampler:
    """Reads /proc/self/maps over and over, from `start` to `stop`. `unsafe`: lines writable and executable at once."""

    def __init__(self) -> None:
        self.samples = 0
        self.unsafe: set[str] = set()
        self.most_executable = self.most_native = 0
        self._stopping = False
        self._running = allocate_lock()

    def start(self) -> None:
        self.sample()
        self._running.acquire()
        start_new_thread(self._run, ())

    def stop(self) -> None:
        self._stopping = True
        with self._running:
            self.sample()

    def sample(self) -> None:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        executable = [line for line in lines if line.split(maxsplit=2)[1][2] == "x"]
        self.unsafe.update(line for line in executable if line.split(maxsplit=2)[1][1] == "w")
        self.most_executable = max(self.most_executable, len(executable))
        self.most_native = max(self.most_native, sum("minivm" in line.rpartition("/memfd:")[2] for line in executable if "/memfd:" in line))
        self.samples += 1

    def _run(self) -> None:
        try:
            while not self._stopping:
                sleep(PAUSE)
                self.sample()
        finally:
            self._running.release()


def run(program: Program, settings: dict[str, Any]) -> int:
    """The program's exit status; 1 where it ended well but a mapping was writable and executable."""
    require_platform()
    try:
        image = launch.image_of(program, settings)
    except errors.CompileError as problem:
        return launch.show_compile_error(problem, program)
    sampler = Sampler()
    shootdowns = launch.tlb_shootdowns()
    sampler.start()
    vm = launch.new_bridge(program, settings)
    try:
        status = launch.execute(vm, program, settings, image)
    finally:
        sampler.stop()
    stats = vm.stats()
    now = launch.tlb_shootdowns()
    if shootdowns is not None and now is not None:
        stats["machine.tlb_shootdowns"] = now - shootdowns
    put(2, report(program.typed, settings, sampler, stats, vm.check_cost_ns()))
    return status or (1 if sampler.unsafe else 0)


def report(name: str, settings: dict[str, Any], sampler: Sampler, stats: dict[str, Any], check_ns: float | None) -> str:
    lines = [f"minivm audit: {name}", "", "mappings"]
    lines.append(f"  {sampler.samples} samples of /proc/self/maps while the program ran; executable mappings: at most {sampler.most_executable}, "
                 f"{sampler.most_native} of them native code's")
    lines.append(f"  writable and executable at once: {len(sampler.unsafe) or 'never'}")
    lines += [f"    SEEN {line}" for line in sorted(sampler.unsafe)]
    lines += ["", "layers"]
    lines += _table(_layers(settings, stats, check_ns))
    lines += ["", "kernel and processor"]
    lines += _table(_machine(stats))
    lines += ["", "what stays open (RESIDUAL)"]
    lines += [f"  - {text}" for text in _residual(settings)]
    return "\n".join(lines) + "\n"


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths)).rstrip() for row in rows]


def _layers(settings: dict[str, Any], stats: dict[str, Any], check_ns: float | None) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("layer", "state", "did", "cost")]
    def count(key: str) -> int:
        return int(stats.get(key, 0))

    if settings["jit"] == "off":
        return [*rows, ("native code", "off (--jit=off)", "nothing: the interpreter ran all", "")]
    if "code.disabled" in stats:
        return [*rows, ("native code", "refused", "nothing: the interpreter ran all", f"({stats['code.disabled']})")]
    if not count("code.units.listed"):
        return [*rows, ("native code", "on", "nothing: no function was called often enough", "")]
    batches = max(1, count("code.batches"))
    memory = settings["code_memory"]
    sealing = {"sealed": "memory file sealed before it is mapped r-x", "flip": "one mprotect from rw- to r-x a batch"}[memory]
    calls = sum(count(f"code.calls.{name}") for name in ("mmap", "mprotect", "memfd", "fcntl", "pwrite", "membarrier", "mseal"))
    rows += [
        ("code pages", f"{memory}: {sealing}", f"{count('code.units.sealed')} units in {batches} batches, {count('code.page_bytes') // 1024} KiB",
         f"{count('code.install_us') / batches:.1f} us a batch, verified and listed; {calls} system calls"),
        ("guest list", "table mapped read-only, written by pwrite", f"{count('code.units.listed')} units listed, {count('code.units.unlisted')} taken back",
         f"{check_ns:.2f} ns a checked branch" if check_ns is not None else ""),
        ("digest", "keyed BLAKE2b over the sealed bytes", f"{count('code.units.verified')} units verified, none wrong (a wrong one ends the process)",
         "in the batch's") if "digest" in settings["code_layers"] else ("digest", "off (--code-layers)", "", ""),
        ("permanence", "mseal of what never changes", f"{count('code.calls.mseal')} calls", "in the batch's")
        if "permanent" in settings["code_layers"] and count("code.has.mseal") else ("permanence", "off", "", ""),
        ("checker", "every byte decoded against the policy", f"{stats.get('compile.compiled', 0)} units, {stats.get('compile.refused', 0)} refused",
         f"{stats.get('compile.check_us_per_word', 0.0):.2f} us a word of bytecode (emitting: {stats.get('compile.emit_us_per_word', 0.0):.2f})"),
        ("options", "frozen on a read-only page before the first unit", "1 page", ""),
        ("order", "sealed, synchronised, verified, listed, published", "each step refuses to run before the one ahead of it", ""),
        ("compiler", {"process": "a process of its own", "inline": "this thread", "thread": "a thread of this process"}[settings["compile"]],
         f"{stats.get('compile.compiled', 0)} functions, {stats.get('compile.words', 0)} words", ""),
        ("inline caches", "data pages; no code changes", f"{count('ic.transitions')} transitions without a system call of their own", ""),
    ]
    if stats.get("code.full"):
        rows.append(("code limit", "reached", f"{count('code.full')} batches stayed in the interpreter", ""))
    return rows


def _flags() -> set[str]:
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            return set(next((line for line in file if line.startswith("flags")), "").split())
    except OSError:
        return set()


def _status(field: str) -> str:
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            return next((line.partition(":")[2].strip() for line in file if line.startswith(field + ":")), "")
    except OSError:
        return ""


def _machine(stats: dict[str, Any]) -> list[tuple[str, ...]]:
    flags = _flags()

    def has(name: str) -> str:
        return "yes" if stats.get(f"code.has.{name}") else "no" if f"code.has.{name}" in stats else "not asked"

    shadow = "in use" if "shstk" in _status("x86_Thread_features") else "the processor has it, not in use" if "user_shstk" in flags else "no"
    filters = {"0": "none", "1": "strict", "2": "a filter"}.get(_status("Seccomp"), "unknown")
    return [
        ("sealed memory files can be mapped r-x", has("sealing")),
        ("a written page can be made executable", has("flipping")),
        ("mseal", has("mseal") + (f", used {stats['code.calls.mseal']} times" if stats.get("code.calls.mseal") else "")),
        ("membarrier, synchronising cores", has("sync_core")),
        ("shadow stack (CET)", shadow),
        ("branch tracking (IBT)", "the processor has it, Linux gives it to the kernel alone" if "ibt" in flags else "no"),
        ("protection keys", "yes, not used" if "ospke" in flags else "no"),
        ("seccomp of this process", filters),
        ("TLB shootdowns meanwhile, whole machine", str(stats.get("machine.tlb_shootdowns", "not counted here"))),
    ]


def _residual(settings: dict[str, Any]) -> list[str]:
    rows = ["CPython and its libraries have writable code pointers of their own: who writes this process's memory needs no native code of minivm's."]
    if settings["jit"] == "off":
        return rows
    compiler = "the checker stops what breaks its policy" if settings["compile"] == "process" else \
        "the compiler and the checker lie there too (--compile=process takes them away)"
    rows += [f"The key of the digests can be read in this process: they find races and faults, they are no signature; {compiler}.",
             "Return addresses, and pinned registers while C runs, lie on the stack: only a shadow stack (above) would check them.",
             "Who calls pwrite or mmap with arguments of his choice lists what he wants: a seccomp filter is the host's to set.",
             "Speculative execution is not addressed."]
    if settings["code_memory"] == "flip":
        rows.append("flip: until its mprotect a batch is writable; only the digest finds a change.")
    if "permanent" not in settings["code_layers"]:
        rows.append("Without `permanent` who calls munmap or mmap with arguments of his choice replaces code and guest list.")
    return [*rows, "docs/security.md says more."]
