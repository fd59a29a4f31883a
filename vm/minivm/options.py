"""Every option of the command line and every tuning constant of the Python side: default, unit, reason.

Owns: the table that `cli.py` parses by and derives `--help` from, the MINIVM_* environment variables, and the numbers
that one may want to turn. Plain classes instead of dataclasses, and no imports: every start of a program loads it.
"""
from __future__ import annotations

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30

# Limits of an embedded VM: finite, because what it runs is often not trusted.
VM_MEMORY_LIMIT = 256 * MIB   # bytes
VM_TIME_LIMIT = 10.0          # seconds of wall time for one run or call
VM_OUTPUT_LIMIT = 16 * MIB    # bytes on stdout and stderr for one run or call; they are kept in memory
RECURSION_LIMIT = 1000        # CPython's

# Native code of an embedded VM.
VM_JIT = "on"
VM_COMPILE = "thread"
VM_IC = "data"
VM_CODE_LIMIT = 16 * MIB      # bytes

# Limits of the command line: a program of the user's own.
CLI_MEMORY_LIMIT = 4 * GIB
NO_LIMIT = 0

# Native code.
CODE_LIMIT = 64 * MIB         # bytes
CODE_LAYERS = ("digest", "guests", "checker", "permanent")
EMBEDDED_LAYERS = ("digest", "guests", "checker")   # a permanent region could not be given back with its VM
JIT_THRESHOLD = 2000          # calls and back edges before a function is compiled: about what compiling it costs
JIT_START = 0.08              # seconds of CPU time before a VM's compiler starts: ten times what that costs (bench/short.py)
EAGER_THRESHOLD = 0
CODE_MEMORY = "sealed"
COMPILER_PATIENCE = 30.0      # seconds until an answer of the compiler process is no longer waited for
COMPILER_FAILURES = 3         # deaths of it in a row after which it is not started again
BATCH_UNITS = 32              # functions sealed together, if so many wait: past that a seal costs little per function (docs/adr/0017)
BATCH_BYTES = 64 * KIB        # or so much code

# Exit statuses. Uncaught exception 1 and wrong usage 2 as in CPython; the others follow timeout(1) and the shells.
STATUS_EXCEPTION = 1
STATUS_REFUSED = 2
STATUS_INTERNAL = 70          # a fault of minivm itself (EX_SOFTWARE)
STATUS_TIME = 124             # time or fuel
STATUS_MEMORY = 125
STATUS_INTERRUPTED = 130      # 128 + SIGINT
STATUS_CLOSED_PIPE = 141      # 128 + SIGPIPE

CACHE_FOLDER = "__minicache__"
HISTORY_LENGTH = 1000         # lines of the REPL's history file

DUMP_STAGES = ("ast", "bytecode", "request", "asm")
TRACE_CHANNELS = ("call", "exception", "gc", "ic", "load")


class Option:
    """A row of the table. `kind`: flag, size, seconds, count, every (a count that is 1 where none is given), choice, list (of choices) or dump.
    `env` sets it too."""

    __slots__ = ("flag", "metavar", "kind", "default", "choices", "env", "help")

    def __init__(
        self,
        flag: str,
        metavar: str,
        kind: str,
        default: object,
        help: str,
        env: str,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.flag = flag
        self.metavar = metavar
        self.kind = kind
        self.default = default
        self.choices = choices
        self.env = env
        self.help = help

    @property
    def name(self) -> str:
        return self.flag.lstrip("-").replace("-", "_")


OPTIONS = (
    Option("--memory-limit", "SIZE", "size", CLI_MEMORY_LIMIT,
           "memory the program may use: bytes, or with K, M or G; 0: no limit (default 4G)", "MINIVM_MEMORY_LIMIT"),
    Option("--time-limit", "SECONDS", "seconds", 0.0,
           "wall time the program may take; 0: no limit (default)", "MINIVM_TIME_LIMIT"),
    Option("--fuel", "COUNT", "count", NO_LIMIT,
           "loop iterations and calls the program may make; 0: no limit (default)", "MINIVM_FUEL"),
    Option("--no-files", "", "flag", False, "the program may not open files", "MINIVM_NO_FILES"),
    Option("--no-cache", "", "flag", False, "neither read nor write cached bytecode", "MINIVM_NO_CACHE"),
    Option("--dump", "STAGE[:FUNCTION]", "dump", (),
           "show the program after a stage on stderr: ast, bytecode or asm (native code as it is made); request: write what the compiler is asked into files "
           "of the current folder, for `minivm replay`; for all functions, or one", "MINIVM_DUMP",
           DUMP_STAGES),
    Option("--trace", "CHANNELS", "list", (),
           "write a line per event on stderr: call, exception, gc, ic, load (several with commas)", "MINIVM_TRACE",
           TRACE_CHANNELS),
    Option("--stats", "", "flag", False, "write the VM's counters on stderr at the end", "MINIVM_STATS"),
    Option("--jit", "MODE", "choice", "on", "native code: on, off, or eager (each function at its first call)", "MINIVM_JIT",
           ("on", "off", "eager")),
    Option("--compile", "WHERE", "choice", "thread",
           "where compilers run: thread (beside the program), inline (the program waits; deterministic) or process (one of its own)", "MINIVM_COMPILE",
           ("thread", "inline", "process")),
    Option("--code-memory", "KIND", "choice", "sealed",
           "how code becomes executable: sealed (never writable by any mapping) or flip (one mprotect a batch)", "MINIVM_CODE_MEMORY",
           ("sealed", "flip")),
    Option("--code-layers", "LAYERS", "list", CODE_LAYERS,
           "what protects native code besides: digest (of sealed pages), guests (check every indirect branch), checker (of machine code), "
           "permanent (mseal), faults (report them), or none (default: all but faults)",
           "MINIVM_CODE_LAYERS", (*CODE_LAYERS, "faults", "none")),
    Option("--code-limit", "SIZE", "size", CODE_LIMIT, "native code that a VM may hold (default 64M)", "MINIVM_CODE_LIMIT"),
    Option("--perf-map", "", "flag", False, "write the names of native functions to /tmp/perf-PID.map, for `perf report`", "MINIVM_PERF_MAP"),
    Option("--gdb", "", "flag", False, "tell gdb the names of native functions (its JIT interface)", "MINIVM_GDB"),
    Option("--jit-threshold", "COUNT", "count", 0,
           "calls and back edges before a function is compiled, from the start on (for tests; default 2000, after 80 ms of CPU time)", "MINIVM_JIT_THRESHOLD"),
    Option("--jit-stress", "COUNT", "count", 0,
           "leave native code at every so many polls, calls and steps (slow; for tests)", "MINIVM_JIT_STRESS"),
    Option("--ic", "MODE", "choice", "data",
           "inline caches: data (native code compares what records say) or on, pointer (it branches where they say), off, or mega "
           "(megamorphic from the start)", "MINIVM_IC", ("data", "pointer", "off", "mega", "on")),
    Option("--gc-stress", "COUNT", "every", 0,
           "collect at every allocation, or every so many, and poison what was freed (slow; for tests)", "MINIVM_GC_STRESS"),
)
BY_FLAG = {option.flag: option for option in OPTIONS}

# Environment variables without an option of their own. The build's are allowed, because they may still be set.
ENVIRONMENT = {
    "MINIVM_CACHE_DIR": "folder for cached bytecode, in place of __minicache__ beside the program",
    "MINIVM_HISTORY": "history file of the interactive session",
    "MINIVM_TRACEBACK": "1: an internal error shows its Python traceback",
    "MINIVM_VARIANT": "",
    "MINIVM_CFLAGS": "",
}

COMMANDS = (
    ("minivm [OPTIONS] FILE [ARGS]", "run a program, or a compiled one (.minic)"),
    ("minivm [OPTIONS] -c CODE [ARGS]", "run the text CODE"),
    ("minivm [OPTIONS] - [ARGS]", "run what stands on standard input"),
    ("minivm [OPTIONS]", "an interactive session; without a terminal, as with -"),
    ("minivm check FILE...", "say what in the files is not in Mini; nothing runs"),
    ("minivm compile [--bundle] [-o OUT] FILE", "write FILE's bytecode; with --bundle also its local imports"),
    ("minivm dis FILE", "print the bytecode of a program or a .minic file"),
    ("minivm asm [--ic=MODE] FILE FUNC", "print the native code of a function, annotated (as compiled before it has run)"),
    ("minivm replay FILE...", "compile dumped requests again; do they give the same bytes?"),
    ("minivm audit [OPTIONS] FILE [ARGS]", "run a program, then say what guarded its native code, what that did and cost, and what stays open"),
)
SWITCHES = (
    ("-i", "after the program, an interactive session in its namespace"),
    ("-V, --version", "print the version"),
    ("-h, --help", "print this text"),
)
STATUSES = (
    ("0", "the program reached its end (or called sys.exit(0))"),
    ("1", "an uncaught exception, or no valid Python"),
    ("2", "wrong usage, or not in Mini"),
    (str(STATUS_TIME), "stopped by the time limit or the fuel limit"),
    (str(STATUS_MEMORY), "stopped by the memory limit"),
    (str(STATUS_INTERRUPTED), "Ctrl-C"),
    (str(STATUS_CLOSED_PIPE), "nobody reads the output any more"),
    ("n", "sys.exit(n)"),
)


def help_text() -> str:
    lines = ["usage:"]
    lines += _table(COMMANDS)
    lines += ["", "options:"]
    named = [(f"{row.flag}[={row.metavar}]" if row.kind == "every" else f"{row.flag}={row.metavar}" if row.metavar else row.flag, row.help) for row in OPTIONS]
    lines += _table([*SWITCHES, *named])
    lines += ["", "environment:"]
    rows = [(row.env, f"as {row.flag}" + ("=..." if row.metavar else "; 1 or 0")) for row in OPTIONS if row.env]
    rows += [(name, text) for name, text in ENVIRONMENT.items() if text]
    rows += [("NO_COLOR, FORCE_COLOR", "no colour, or colour without a terminal, in minivm's own messages")]
    lines += _table(rows)
    lines += ["", "exit status:"]
    lines += _table(STATUSES)
    return "\n".join(lines) + "\n"


def _table(rows: object) -> list[str]:
    """Two columns; a long left cell stands on a line of its own."""
    width = 34
    lines = []
    for left, right in rows:  # type: ignore[attr-defined]
        if len(left) > width:
            lines += [f"  {left}", f"  {'':{width}}  {right}"]
        else:
            lines.append(f"  {left:{width}}  {right}")
    return lines


def _is_count(text: str) -> bool:
    """Whether these are digits, and not so many that Python would refuse to read them."""
    return text.isascii() and text.isdigit() and len(text) <= 40


def parse_value(option: Option, text: str) -> object:
    """The value that `text` means; ValueError with a sentence if it means none."""
    if option.kind == "flag":
        if text not in ("0", "1"):
            raise ValueError("expected 0 or 1")
        return text == "1"
    if option.kind == "size":
        factor = {"K": KIB, "M": MIB, "G": GIB}.get(text[-1:].upper(), 1)
        digits = text if factor == 1 else text[:-1]
        if not _is_count(digits) or int(digits) * factor >= 1 << 63:
            raise ValueError("expected a number of bytes, such as 64M")
        return int(digits) * factor
    if option.kind == "seconds":
        try:
            seconds = float(text) if "_" not in text and text == text.strip() else -1.0
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 1e9:
            raise ValueError("expected a number of seconds")
        return seconds
    if option.kind == "count":
        if not _is_count(text) or int(text) >= 1 << 63:
            raise ValueError("expected a whole number")
        return int(text)
    if option.kind == "every":
        if not _is_count(text) or int(text) >= 1 << 32:
            raise ValueError("expected a whole number below 2**32")
        return int(text)
    if option.kind == "choice":
        if text not in option.choices:
            raise ValueError(f"expected {' or '.join(option.choices)}")
        return text
    if option.kind == "list":
        names = tuple(text.split(","))
        if any(name not in option.choices for name in names):
            raise ValueError(f"expected some of {', '.join(option.choices)}, with commas between")
        return names
    stage, _, function = text.partition(":")
    if stage not in option.choices:
        raise ValueError(f"expected {' or '.join(option.choices)}, and perhaps :FUNCTION")
    return (stage, function)
