"""The only importer of the native module: one `Bridge` for each native VM.

Owns: the life of the native VM, the lock that keeps a second thread out, the table of host functions, conversion of
status codes to exceptions, and the callbacks that the runtime makes. `embed.VM`, the command line and the REPL stand on
it.

INV-bridge-1  The re-entrant lock `_inside` is held from before an entry until its reply has been read: another thread
              would overwrite the reply. The same thread may enter again, from a host function.
INV-bridge-2  `native` is None once the VM is closed, and in a forked child (where the native VM is left alone).
INV-bridge-3  The registry of callbacks refers to bridges weakly: a VM that nobody holds is freed. Handles hold theirs.
INV-bridge-4  Handles are released only on the thread that enters: `Handle.__del__` just queues its id.
"""
from __future__ import annotations

import os
from _thread import RLock, allocate_lock, get_native_id
from _weakref import ref
from itertools import count

from minivm import errors, options
from minivm._native import ffi, lib
from minivm.runtime import wire
from minivm.runtime.wire import INT_MAX, INT_MIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from minivm.service.worker import Watcher, Worker

ANSWERED = INT_MIN  # MV_ANSWERED

OK, EXCEPTION, EXIT, LIMIT, BAD_IMAGE, REFUSED = (
    lib.MV_OK, lib.MV_EXCEPTION, lib.MV_EXIT, lib.MV_LIMIT, lib.MV_BAD_IMAGE, lib.MV_REFUSED,
)
LIMITS: dict[int, type[errors.LimitExceeded]] = {
    lib.MV_LIMIT_TIME: errors.TimeLimit,
    lib.MV_LIMIT_FUEL: errors.FuelLimit,
    lib.MV_LIMIT_MEMORY: errors.MemoryLimit,
    lib.MV_LIMIT_OUTPUT: errors.OutputLimit,
    lib.MV_LIMIT_INTERRUPT: errors.Interrupted,
}
LIMIT_TEXTS = {
    "time": "the program ran longer than its time limit",
    "fuel": "the program used up its fuel",
    "memory": "the program needs more memory than its limit",
    "output": "the program wrote more than its output limit",
    "interrupted": "the program was interrupted",
}
# What `--ic` says: of the runtime, and the strategy of native code.
IC_MODES = {"data": (lib.MV_IC_ON, "data"), "on": (lib.MV_IC_ON, "data"), "pointer": (lib.MV_IC_ON, "pointer"), "off": (lib.MV_IC_OFF, "data"),
            "mega": (lib.MV_IC_MEGAMORPHIC, "data")}
TRACE_CHANNELS = {
    "call": lib.MV_TRACE_CALL,
    "exception": lib.MV_TRACE_EXCEPTION,
    "gc": lib.MV_TRACE_GC,
    "ic": lib.MV_TRACE_IC,
    "load": lib.MV_TRACE_LOAD,
}
CODE_LIMIT_MOST = (1 << 32) - 1     # more than a region has
FD_HOST: int = lib.MV_FD_HOST
FD_NONE: int = lib.MV_FD_NONE
POLL_CONTINUE: int = lib.MV_POLL_CONTINUE
POLL_KEYBOARD_INTERRUPT: int = lib.MV_POLL_KEYBOARD_INTERRUPT
POLL_ABORT: int = lib.MV_POLL_ABORT
READLINE_EOF: int = lib.MV_READLINE_EOF
READLINE_ANSWERED: int = lib.MV_READLINE_ANSWERED
VARIANT: str = ffi.string(lib.mv_build_variant()).decode()

_HOSTS: dict[int, Callable[[], Any]] = {}  # weak references to bridges
_host_ids = count(1)


class Handle:
    """A value that lives in a VM and is no plain data: a function, a class, an instance. This object keeps it alive. It
    can be called, and passed back to the VM it came from."""

    __slots__ = ("_bridge", "_id", "__weakref__")

    def __init__(self, bridge: Bridge, number: int) -> None:
        self._bridge = bridge
        self._id = number

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        return self._bridge.call(self._id, args, kwargs)

    def get(self, name: str) -> Any:
        """The attribute `name` of the value."""
        return self._bridge.get(self._id, name)

    @property
    def type_name(self) -> str:
        return self._bridge.text(self._id, lib.MV_TEXT_TYPE)

    def __str__(self) -> str:
        """`str(value)`, which may run the program's code."""
        return self._bridge.text(self._id, lib.MV_TEXT_STR)

    def __repr__(self) -> str:
        try:
            return f"<minivm.Handle of {self.type_name}>"
        except errors.VMError:
            return "<minivm.Handle>"

    def __del__(self) -> None:
        self._bridge.released.append(self._id)


class Bridge:
    """A native VM. `settings` are fields of MvConfig; descriptors that are FD_HOST need `write` and `readline`. Ctrl-C
    becomes a KeyboardInterrupt in the program if `interrupts_program`, else it ends the entry and is the caller's. `remote`:
    the compiler process compiles; `watchers` make what is told of native code (runtime.watch)."""

    def __init__(
        self,
        settings: dict[str, int],
        *,
        argv: tuple[bytes, ...] = (b"",),
        executable: bytes = b"",
        path_entry: bytes = b"",
        write: Callable[[int, bytes], Any] = lambda fd, data: None,
        readline: Callable[[], str] = str,
        interrupts_program: bool = False,
        code_layers: Sequence[str] = options.EMBEDDED_LAYERS,
        remote: bool = False,
        watchers: tuple[Callable[[Bridge], Watcher], ...] = (),
        strategy: str = "data",
    ) -> None:
        self.native: Any = None
        self._code_layers = tuple(code_layers)
        self.why_gone = "the VM is closed"
        self.released: list[int] = []
        self.functions: list[Callable[..., Any]] = []
        self.write = write
        self.readline = readline
        self.interrupts_program = interrupts_program
        self.pending: BaseException | None = None  # what an aborting callback raised, until the entry returns
        self.raised: BaseException | None = None   # the last exception of a host function that the program was given
        self.depth = 0
        self._targets: dict[str, int] = {}
        self._inside = RLock()
        self._life = allocate_lock()
        self._host = next(_host_ids)
        self._worker: Worker | None = None
        self._remote = remote
        self._watchers = watchers
        self.at_end: list[Callable[[], object]] = []  # once the native VM is gone
        self.strategy = strategy                   # of inline caches in native code
        texts = [ffi.new("char[]", text) for text in argv]
        vector = ffi.new("char *[]", texts)
        words = [ffi.new("char[]", executable), ffi.new("char[]", path_entry)]
        config = ffi.new("MvConfig *", settings)
        config.host = self._host
        self.compiles_on_thread = config.jit == lib.MV_JIT_MODE_THREAD
        config.argc = len(texts)
        config.argv = vector
        config.executable, config.path_entry = words
        self.reply = ffi.new("MvReply *")
        self.native = lib.mv_vm_new(config) or None
        if self.native is None:
            self.why_gone = "the VM could not be made"
            raise MemoryError("no memory for a VM")
        _HOSTS[self._host] = ref(self)
        self.watching = watches_interrupts()
        if self.watching:
            lib.mv_vm_watch_sigint(self.native, 1)

    # Life

    def close(self) -> None:
        """Frees the native VM; later uses raise VMError. Not while it is entered."""
        self._enter()
        try:
            if self.depth > 1:
                raise errors.VMError("the VM is running: it cannot be closed from inside")
            self._free()
        finally:
            self._leave()

    def _free(self) -> None:
        with self._life:
            native, self.native = self.native, None
        _HOSTS.pop(self._host, None)
        if native is not None:
            if self._worker is not None:
                lib.mv_jit_stop(native)
                self._worker.join()
            if self.watching:
                lib.mv_vm_watch_sigint(native, 0)
            lib.mv_vm_free(native)
            for action in self.at_end:
                action()

    def end(self) -> None:
        """Closes the VM of a process that is about to end: files are written; memory and the compiler's thread go with the
        process, which waits for what that is compiling only if somebody watches. Builds that look for leaks see a real end."""
        if VARIANT != "release" or self.native is None:
            self.close()
            return
        if self._watchers:
            self.stop_compiler()
        native, self.native = self.native, None
        lib.mv_vm_end(native)
        if self._worker is not None:
            self._worker.finish_loading()

    def stop_compiler(self) -> None:
        """The compiler's thread ends; nothing more is compiled for this VM."""
        if self.native is not None and self._worker is not None:
            lib.mv_jit_stop(self.native)
            self._worker.join()

    def __del__(self) -> None:
        if self.native is not None:
            self._free()

    def interrupt(self) -> None:
        """Stops the entry in progress; any thread. Nothing happens to an idle or a closed VM."""
        with self._life:
            if self.native is not None:
                lib.mv_vm_interrupt(self.native)

    def _enter(self) -> None:
        if self.native is None:
            raise errors.VMError(self.why_gone)
        if not self._inside.acquire(False):
            raise errors.VMError("the VM is running in another thread")
        if self.depth:
            try:
                _need_frames(20)
            except RecursionError:
                self._inside.release()
                raise
        self.depth += 1
        if self.released:
            self._flush_released()

    def _leave(self) -> None:
        self.depth -= 1
        self._inside.release()

    def _flush_released(self) -> None:
        numbers, self.released = self.released, []
        lib.mv_vm_release(self.native, numbers, len(numbers))

    # Entries

    def load(self, image: bytes) -> None:
        self._enter()
        try:
            if self.depth > 1:
                raise errors.VMError("run() inside a host function: the program that called it is still running")
            self._targets.clear()
            self._finish(lib.mv_vm_load(self.native, image, len(image), self.reply))
        finally:
            self._leave()

    def run_main(self) -> None:
        self._enter()
        try:
            self._finish(lib.mv_vm_run_main(self.native, self.reply))
        finally:
            self._leave()

    def run_chunk(self, image: bytes) -> None:
        self._enter()
        try:
            self._finish(lib.mv_vm_run_chunk(self.native, image, len(image), self.reply))
        finally:
            self._leave()

    def call_global(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> Any:
        target = self._targets.get(name)
        if target is None:
            self._enter()
            try:
                data = name.encode("utf-8", "surrogatepass")
                target = lib.mv_vm_intern(self.native, data, len(data))
            finally:
                self._leave()
            if not target:
                raise MemoryError(f"no memory for the name {name[:40]!r}")
            self._targets[name] = target
        return self.call(target, args, kwargs)

    def call(self, target: int, args: tuple[Any, ...], kwargs: dict[str, Any] | None) -> Any:
        """Calls a handle or an interned name."""
        self._enter()
        try:
            given = len(args)
            if given <= 4 and not kwargs:
                for value in args:
                    if type(value) is not int or not INT_MIN <= value <= INT_MAX:
                        break
                else:
                    a, b, c, d = args if given == 4 else args + (0, 0, 0, 0)[given:]
                    return self._finish(lib.mv_vm_call_ints(self.native, target, given, a, b, c, d, self.reply))
            data = wire.encode_arguments(args, kwargs, self.handle_id)
            return self._finish(lib.mv_vm_call(self.native, target, data, len(data), self.reply))
        finally:
            self._leave()

    def get(self, owner: int, name: str) -> Any:
        self._enter()
        try:
            data = name.encode("utf-8", "surrogatepass")
            return self._finish(lib.mv_vm_get(self.native, owner, data, len(data), self.reply))
        finally:
            self._leave()

    def text(self, number: int, what: int) -> str:
        self._enter()
        try:
            text: str = self._finish(lib.mv_vm_text(self.native, number, what, self.reply))
            return text
        finally:
            self._leave()

    def expose(self, name: str, function: Callable[..., Any]) -> None:
        self._enter()
        try:
            data = name.encode("utf-8")
            self.functions.append(function)
            number = len(self.functions) - 1
            self._finish(lib.mv_vm_expose(self.native, data, len(data), number, self.reply))
        finally:
            self._leave()

    def stats(self) -> dict[str, int | float | str]:
        self._enter()
        try:
            self._finish(lib.mv_vm_stats(self.native, self.reply), keep=True)
            text = self._reply_bytes().decode()
        finally:
            self._leave()
        pairs = (line.split("=", 1) for line in text.splitlines())
        rows = {key: text if not text[0].isdigit() else float(text) if "." in text else int(text) for key, text in pairs}
        if self._worker is not None:
            rows.update(self._worker.stats())
        return rows

    # Replies

    def _finish(self, status: int, keep: bool = False) -> Any:
        """The value in the reply, or the exception that the status stands for."""
        reply = self.reply
        if status == OK:
            kind = reply.kind
            if kind == 3:  # INT, first because it is the fast lane's
                return reply.number
            if kind == 0 or keep:
                return None
            return self._reply_value()
        self._fail(status)

    def _reply_bytes(self) -> bytes:
        reply = self.reply
        data: bytes = ffi.buffer(reply.data, reply.size)[:]
        return data

    def _reply_value(self) -> Any:
        kind = self.reply.kind
        if kind == wire.NONE:
            return None
        if kind == wire.INT:
            return self.reply.number
        if kind == wire.FLOAT:
            return self.reply.real
        if kind in (wire.FALSE, wire.TRUE):
            return kind == wire.TRUE
        data = self._reply_bytes()
        return data.decode("utf-8", "replace") if kind == wire.TEXT else wire.decode(data, self.make_handle)

    def _fail(self, status: int) -> NoReturn:
        pending, self.pending = self.pending, None
        raised, self.raised = self.raised, None
        if pending is not None and status == LIMIT:
            raise pending
        if status == REFUSED:
            raise errors.VMError(str(self._reply_value()))
        if status == BAD_IMAGE:
            raise errors.BadImage(str(self._reply_value()))
        detail = self.reply.detail
        code = self._reply_value() if status == EXIT else None
        type_name, message, traceback, frames = self._last_error()
        if status == EXIT:
            raise errors.ScriptExit(code, message, frames, traceback)
        if status == LIMIT or detail == lib.MV_LIMIT_MEMORY:
            kind = LIMITS[detail]
            raise kind(LIMIT_TEXTS[kind.kind], frames, traceback)
        problem = errors.ScriptError(type_name, message, frames, traceback)
        if raised is not None and type_name in (type(raised).__name__, "RuntimeError"):
            raise problem from raised
        raise problem

    def _last_error(self) -> tuple[str, str, str, list[errors.Frame]]:
        if lib.mv_vm_last_error(self.native, self.reply) != OK:
            return "Exception", "", "", []
        type_name, message, traceback, frames = self._reply_value()
        return type_name, message, traceback, [errors.Frame(*frame) for frame in frames]

    # Values that are no plain data

    def make_handle(self, number: int) -> Handle:
        return Handle(self, number)

    def handle_id(self, value: Any) -> int:
        if not isinstance(value, Handle):
            raise TypeError(f"a value of type {type(value).__name__!r} cannot cross into a VM")
        if value._bridge is not self:
            raise TypeError("a handle belongs to the VM it came from")
        return value._id

    # Native code

    def compile(self) -> None:
        """The VM has a request: compiles it, or starts the thread that does."""
        if self._worker is None:
            from minivm.service.worker import Worker

            remote = None
            if self._remote:
                from minivm.service.remote import shared

                remote = shared()
            settings = compiler_settings(self._code_layers, self.strategy)
            self._worker = Worker(settings, _jit_key(self.native), _taker(self.native), _giver(self.native),
                                  remote=remote, watchers=tuple(make(self) for make in self._watchers))
            if self.compiles_on_thread:
                _stop_compilers_at_exit()
                self._worker.start()
                return
        self._worker.run(False)

    def native_places(self) -> list[tuple[int, int, int]]:
        """Of the units that are there: number of the request (0: the stubs), address, size. For watchers: any thread, while
        the VM lives."""
        room = 64
        while True:
            places = ffi.new("MvJitPlace[]", room)
            count = lib.mv_jit_places(self.native, places, room)
            if count <= room:
                return [(place.request, place.address, place.size) for place in places[0:count]]
            room = count + 64

    def check_cost_ns(self, rounds: int = 2_000_000) -> float | None:
        """What the check of an indirect branch costs, in nanoseconds: the least of five runs; None without native code."""
        with_check = min(lib.mv_jit_measure(self.native, rounds, 1) for _ in range(5))
        without = min(lib.mv_jit_measure(self.native, rounds, 0) for _ in range(5))
        return (with_check - without) / rounds if with_check and without else None

    # Answers of callbacks

    def answer(self, value: Any) -> int:
        """Hands the result of a host function to the VM."""
        if type(value) is int and INT_MIN < value <= INT_MAX:
            return value
        data = wire.encode(value, self.handle_id)
        lib.mv_vm_answer(self.native, lib.MV_ANSWER_VALUE, data, len(data))
        return ANSWERED

    def answer_exception(self, problem: BaseException) -> int:
        """Raises `problem` in the program. What is no Exception, and a limit, unwinds the whole entry instead, which
        then raises it."""
        if not isinstance(problem, Exception) or isinstance(problem, errors.LimitExceeded):
            self.pending = problem
            lib.mv_vm_answer(self.native, lib.MV_ANSWER_ABORT, ffi.NULL, 0)
            return ANSWERED
        self.raised = problem
        try:
            data = wire.encode(exception_parts(problem), self.handle_id)
        except (TypeError, ValueError):
            data = wire.encode((type(problem).__name__, str(problem)), self.handle_id)
        lib.mv_vm_answer(self.native, lib.MV_ANSWER_RAISE, data, len(data))
        return ANSWERED


def exception_parts(problem: Exception) -> tuple[Any, ...]:
    """The name of a builtin exception type and its arguments; other types become a RuntimeError that names them."""
    if isinstance(problem, errors.ScriptExit):
        return problem.type_name, problem.code
    if isinstance(problem, errors.ScriptError):
        return problem.type_name, problem.message
    kind = type(problem)
    if kind.__module__ == "builtins":
        return kind.__name__, *problem.args
    return "RuntimeError", f"{kind.__name__}: {problem}"


def _need_frames(count: int) -> None:
    """Raises RecursionError unless so many more Python frames fit: a nested entry that gets into the VM must find room
    for the callbacks that it causes, since a RecursionError at their first line would find no handler."""
    if count:
        _need_frames(count - 1)


def watches_interrupts() -> bool:
    """Whether Ctrl-C is Python's to raise as KeyboardInterrupt, and this is the thread where Python does so."""
    import _signal  # type: ignore[import-not-found]  # `signal` without its enums, which take long to make

    return get_native_id() == os.getpid() and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler


def hash_settings() -> dict[str, int]:
    """The seed of str hashes, by CPython's rule for PYTHONHASHSEED."""
    text = os.environ.get("PYTHONHASHSEED", "random")
    if text.isascii() and text.isdigit() and int(text) < 1 << 32:
        return {"hash_random": 0, "hash_seed": int(text)}
    return {"hash_random": 1}


_stops_compilers = False


def _stop_compilers_at_exit() -> None:
    """A thread that Python's end finds in C never comes back from there: whoever waited for it, to free its VM, would wait
    for ever. So compilers end before Python does."""
    global _stops_compilers
    if not _stops_compilers:
        from atexit import register

        _stops_compilers = True
        register(_stop_compilers)


def _stop_compilers() -> None:
    for reference in list(_HOSTS.values()):
        bridge = reference()
        if bridge is not None:
            bridge.stop_compiler()


def _after_fork_in_child() -> None:
    for reference in list(_HOSTS.values()):
        bridge = reference()
        if bridge is not None:
            bridge.native = None
            bridge.why_gone = "the VM belongs to the parent process: a forked child must make its own"
    _HOSTS.clear()


os.register_at_fork(after_in_child=_after_fork_in_child)


# What the runtime calls (mv_api.h, host). An exception, even a KeyboardInterrupt at any point of one, ends in its
# `onerror` hook: nothing propagates into C.

def _failed_bridge(traceback: Any) -> Bridge:
    """The bridge of a callback that raised: its own frame is the first of the traceback."""
    bridge: Bridge = _HOSTS[traceback.tb_frame.f_locals["host"]]()
    return bridge


def _call_failed(kind: type[BaseException], problem: BaseException, traceback: Any) -> int:
    return _failed_bridge(traceback).answer_exception(problem)


def _write_failed(kind: type[BaseException], problem: BaseException, traceback: Any) -> int:
    if isinstance(problem, OSError) and problem.errno:
        return problem.errno
    _failed_bridge(traceback).pending = problem
    return -1


def _readline_failed(kind: type[BaseException], problem: BaseException, traceback: Any) -> int:
    _failed_bridge(traceback).answer_exception(problem)
    return READLINE_ANSWERED


def _poll_failed(kind: type[BaseException], problem: BaseException, traceback: Any) -> int:
    bridge = _failed_bridge(traceback)
    if bridge.interrupts_program and kind is KeyboardInterrupt:
        return POLL_KEYBOARD_INTERRUPT
    bridge.pending = problem
    return POLL_ABORT


@ffi.def_extern(error=ANSWERED, onerror=_call_failed)
def mv_host_call(host: int, function: int, args: Any, size: int) -> int:
    bridge: Bridge = _HOSTS[host]()
    positional, keywords = wire.decode_arguments(ffi.buffer(args, size)[:], bridge.make_handle)
    return bridge.answer(bridge.functions[function](*positional, **keywords))


@ffi.def_extern(error=ANSWERED, onerror=_call_failed)
def mv_host_call_ints(host: int, function: int, given: int, a: int, b: int, c: int, d: int) -> int:
    bridge: Bridge = _HOSTS[host]()
    return bridge.answer(bridge.functions[function](*(a, b, c, d)[:given]))


@ffi.def_extern(error=-1, onerror=_write_failed)
def mv_host_write(host: int, fd: int, data: Any, size: int) -> int:
    _HOSTS[host]().write(fd, ffi.buffer(data, size)[:])
    return 0


@ffi.def_extern(error=0, onerror=_readline_failed)
def mv_host_readline(host: int) -> int:
    bridge: Bridge = _HOSTS[host]()
    line = bridge.readline()
    if not line:
        return READLINE_EOF
    data = line.encode("utf-8", "surrogatepass")
    lib.mv_vm_answer(bridge.native, lib.MV_ANSWER_VALUE, data, len(data))
    return READLINE_ANSWERED


def jit_settings(jit: str, where: str, memory: str, limit: int, layers: Sequence[str] = options.EMBEDDED_LAYERS,
                 threshold: int = 0, stress: int = 0) -> dict[str, int]:
    """Fields of MvConfig for native code, from the options of these names. With a threshold, the compiler starts at once."""
    bits = {"digest": lib.MV_LAYER_DIGEST, "guests": lib.MV_LAYER_GUESTS, "permanent": lib.MV_LAYER_PERMANENT, "faults": lib.MV_LAYER_FAULTS}
    always = lib.MV_LAYER_DIGEST | lib.MV_LAYER_GUESTS      # unless they are left out
    chosen = sum(bits[layer] for layer in {*layers} - {"none", "checker"})
    mode = lib.MV_JIT_MODE_OFF if jit == "off" else lib.MV_JIT_MODE_INLINE if where == "inline" else lib.MV_JIT_MODE_THREAD
    waits = jit == "on" and not threshold
    return {"jit": mode, "jit_start_ns": int(options.JIT_START * 1e9) if waits else 0, "jit_stress": stress,
            "code_memory": ("sealed", "flip").index(memory), "code_limit": min(limit, CODE_LIMIT_MOST),
            "code_without": always & ~chosen, "code_with": chosen & ~always,
            "jit_threshold": options.EAGER_THRESHOLD if jit == "eager" else threshold or options.JIT_THRESHOLD}


def compiler_settings(layers: Sequence[str] = options.EMBEDDED_LAYERS, strategy: str = "data") -> str:
    """What a VM of this runtime with these layers and this strategy of inline caches tells its compiler once (service.compiler)."""
    switches = (f"{layer}={'on' if layer in layers else 'off'}" for layer in ("guests", "checker"))
    return " ".join((f"ic={strategy}", *switches)) + "\n" + jit_layout()


def gdb_add(file: bytes) -> Any:
    """Registers a symbol file with GDB; what gdb_remove takes."""
    return lib.mv_gdb_add(file, len(file))


def gdb_remove(entry: Any) -> None:
    lib.mv_gdb_remove(entry)


def jit_layout() -> str:
    """Names and numbers of the runtime's structures, for the compiler: lines `name=number`."""
    text = ffi.new("char[]", 1 << 14)
    size = lib.mv_jit_layout(text, len(text))
    if size < 0:
        raise AssertionError("the layout does not fit its buffer")
    data: bytes = ffi.buffer(text, size)[:]
    return data.decode()


def _jit_key(native: Any) -> bytes:
    key = ffi.new("uint8_t[]", 32)
    if lib.mv_jit_key(native, key):
        raise AssertionError("the VM has no code space")
    data: bytes = ffi.buffer(key)[:]
    return data


def _taker(native: Any) -> Callable[[bool], bytes | None]:
    size = ffi.new("uint64_t *")

    def take(wait: bool) -> bytes | None:
        request = lib.mv_jit_next(native, wait, size)
        return ffi.buffer(request, size[0])[:] if request else None

    return take


def _giver(native: Any) -> Callable[[bytes], None]:
    return lambda response: lib.mv_jit_done(native, response, len(response))


def _compile_failed(kind: Any, problem: BaseException, trace: Any) -> int:
    """Without a compiler the program goes on in the interpreter."""
    return 1


@ffi.def_extern(error=1, onerror=_compile_failed)
def mv_host_compile(host: int) -> int:
    _HOSTS[host]().compile()
    return 0


@ffi.def_extern(error=0, onerror=_poll_failed)
def mv_host_poll(host: int) -> int:
    """Entering any Python function on the main thread runs the signal handlers that wait: nothing else is needed."""
    return POLL_CONTINUE
