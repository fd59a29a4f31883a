/* mv_api.h: the one public header of the runtime; Python (through cffi, API mode) and minivm-exec see nothing else.
 *
 * Owns the waist: entries, status codes, the configuration, and the wire encoding in which data crosses. The text
 * between the cdef markers is read by setup.py as the cffi cdef, so it must stay plain declarations: no preprocessor
 * lines, constants as enums. The text between the host markers lists what the host implements. Implemented in api.c;
 * the host's side stands in vm/minivm/runtime/bridge.py and in exec_main.c.
 *
 * INV-api-1  At most one thread is inside a VM. An entry from a second thread changes nothing and returns MV_REFUSED;
 *            an entry from a host function that the VM called, on the same thread, is allowed (mv_vm_load is not).
 * INV-api-2  In a forked child each entry returns MV_REFUSED, and mv_vm_free does not touch threads of the parent.
 * INV-api-3  What a reply's data points to belongs to the VM and stays valid until the next entry into that VM.
 * INV-api-4  Every entry that is not nested flushes stdout and stderr before it returns, and the VM can be used after
 *            every status. A flush that fails when all else went well is an uncaught OSError or BrokenPipeError.
 * INV-api-5  Nothing that crosses is trusted: images, wire data and handles are checked; damage gives MV_BAD_IMAGE or
 *            an exception, never undefined behaviour.
 *
 * The wire encoding (little-endian, no alignment): a tag byte, then
 *   NONE FALSE TRUE   nothing                  INT     i64                      FLOAT   the 8 bytes of a double
 *   BIG_POS BIG_NEG   u32 n, n bytes of magnitude, low byte first, the last one not zero
 *   STR               u32 n, n bytes of UTF-8; lone surrogates are encoded like other characters (surrogatepass)
 *   LIST TUPLE SET FROZENSET  u32 n, n values  DICT    u32 n, n times key, value, in insertion order
 *   INTS FLOATS       u32 n, n times 8 bytes: a list whose items are all int within i64, or all float (bulk form)
 *   HANDLE            u64 id: any other value. Values that the VM sends are rooted under a new id until mv_vm_release.
 * Only exact builtin types travel as data; instances of subclasses travel as handles. Both sides write the shortest
 * form of an int (INT before BIG) and may choose between LIST and INTS/FLOATS. Containers nest at most MV_WIRE_DEPTH
 * deep; a deeper or cyclic one raises ValueError in the program that sent it. Encoded data counts against the memory
 * limit.
 *
 * An argument block: u16 positional count p, u16 keyword count k, then p values, then k times STR name, value. */
#ifndef MV_API_H
#define MV_API_H

#include <stddef.h>
#include <stdint.h>

/* cdef: begin */
typedef struct MvVM MvVM;

/* What an entry returns. */
enum {
    MV_OK = 0,
    MV_EXCEPTION = 1,   /* an uncaught Mini exception: see mv_vm_last_error; detail is MV_LIMIT_MEMORY if it is the
                           MemoryError that the memory limit raised */
    MV_EXIT = 2,        /* an uncaught SystemExit: the reply holds its code (as a value) */
    MV_LIMIT = 3,       /* stopped by a limit, uncatchably: detail says which; mv_vm_last_error has the frames */
    MV_BAD_IMAGE = 4,   /* the container or the verifier refused the image: the reply holds the reason (as a STR) */
    MV_REFUSED = 5      /* the VM cannot be entered now, or the request makes no sense: the reply's TEXT says why;
                           another thread's entry (INV-api-1) leaves the reply alone */
};

enum {
    MV_LIMIT_NONE = 0,
    MV_LIMIT_TIME = 1,
    MV_LIMIT_FUEL = 2,
    MV_LIMIT_MEMORY = 3,
    MV_LIMIT_OUTPUT = 4,
    MV_LIMIT_INTERRUPT = 5  /* mv_vm_interrupt, or a host callback that asked to abort */
};

/* Tags of the wire encoding. ORDER wire-tags: the Python side indexes a decoder table by them. */
enum {
    MV_WIRE_NONE = 0,
    MV_WIRE_FALSE = 1,
    MV_WIRE_TRUE = 2,
    MV_WIRE_INT = 3,
    MV_WIRE_BIG_POS = 4,
    MV_WIRE_BIG_NEG = 5,
    MV_WIRE_FLOAT = 6,
    MV_WIRE_STR = 7,
    MV_WIRE_LIST = 8,
    MV_WIRE_TUPLE = 9,
    MV_WIRE_DICT = 10,
    MV_WIRE_SET = 11,
    MV_WIRE_FROZENSET = 12,
    MV_WIRE_HANDLE = 13,
    MV_WIRE_INTS = 14,
    MV_WIRE_FLOATS = 15,
    MV_WIRE_TEXT = 16,  /* only as the kind of a reply: data and size are bare UTF-8, not a value */
    MV_WIRE_DEPTH = 200
};

/* kind is the tag of the value. INT and FLOAT stand in number and real; NONE, FALSE and TRUE need nothing more; every
 * other kind stands in data and size as one whole encoded value (tag included), TEXT as bare bytes. */
typedef struct {
    uint32_t kind;
    uint32_t detail;
    int64_t number;
    double real;
    const uint8_t *data;
    uint64_t size;
} MvReply;

enum { MV_IC_ON = 0, MV_IC_OFF = 1, MV_IC_MEGAMORPHIC = 2 };

enum { MV_JIT_MODE_OFF = 0, MV_JIT_MODE_INLINE = 1, MV_JIT_MODE_THREAD = 2 };
enum { /* layers that protect code memory besides its kind; docs/security.md */
    MV_LAYER_DIGEST = 1,    /* compare the digest over the sealed bytes */
    MV_LAYER_PERMANENT = 2, /* mseal; the region stays mapped for the life of the process */
    MV_LAYER_FAULTS = 4,    /* a handler for SIGSEGV and SIGTRAP reports violations in code regions */
    MV_LAYER_GUESTS = 8     /* where C enters native code, the guest list is asked; compiled code asks it itself */
};

/* Trace channels (one line per event on stderr_fd). */
enum { MV_TRACE_CALL = 1, MV_TRACE_EXCEPTION = 2, MV_TRACE_GC = 4, MV_TRACE_IC = 8, MV_TRACE_LOAD = 16 };

/* Values of a descriptor field that are not descriptors. */
enum { MV_FD_HOST = -1, MV_FD_NONE = -2 };

/* Copied by mv_vm_new, strings included. Sizes in bytes; 0 means no limit. */
typedef struct {
    uint64_t host;            /* handed back in every mv_host_* call */
    uint64_t memory_limit;
    uint64_t output_limit;    /* bytes written to stdout and stderr together, over one entry that is not nested */
    int64_t time_limit_ns;    /* wall time of one entry that is not nested */
    int64_t fuel;             /* loop iterations and calls in one entry that is not nested, nearly */
    uint32_t recursion_limit;
    uint32_t hash_seed;       /* as PYTHONHASHSEED; 0 is the fixed seed 0 */
    uint32_t trace;           /* MV_TRACE_* bits */
    int32_t stdin_fd;         /* MV_FD_HOST: mv_host_readline; MV_FD_NONE: always at its end */
    int32_t stdout_fd;        /* MV_FD_HOST: mv_host_write; MV_FD_NONE: discarded */
    int32_t stderr_fd;
    uint32_t argc;
    const char *const *argv;  /* sys.argv, file-system bytes (surrogateescape) */
    const char *executable;   /* sys.executable, file-system bytes */
    const char *path_entry;   /* sys.path[0], file-system bytes */
    uint8_t hash_random;      /* 1: a random seed, hash_seed is ignored */
    uint8_t files_allowed;    /* open() and whatever else touches the file system */
    uint32_t gc_stress;       /* collect at every so many allocations, poison what was freed; 0: no */
    uint8_t ic_mode;          /* MV_IC_* */
    uint8_t jit;              /* MV_JIT_MODE_* */
    uint8_t code_memory;      /* 0 sealed, 1 flip */
    uint8_t code_without;     /* MV_LAYER_* that are on by default and left out */
    uint8_t code_with;        /* MV_LAYER_* that are off by default: PERMANENT, FAULTS */
    uint32_t jit_threshold;   /* calls and back edges before a function is compiled */
    uint32_t jit_stress;      /* for tests: native code is left at every so many polls, calls and steps; 0: never */
    uint32_t code_limit;      /* bytes of native code; 0: as many as the region has */
    int64_t jit_start_ns;     /* before so much CPU time of the process, from the VM's beginning, its compiler's thread does not start */
} MvConfig;

/* A static text: "release", "debug", "asan" or "cov". */
const char *mv_build_variant(void);

/* NULL when there is no memory for a VM. At most 1 ms. Any thread. */
MvVM *mv_vm_new(const MvConfig *config);
/* Frees everything. The VM must not be entered at the time, nor afterwards. */
void mv_vm_free(MvVM *vm);
/* The same for a process that ends now: files are written and closed, and what mv_jit_stop does is done; the memory goes with the process, so
 * that a compiler's thread that is at work may finish whatever it does. */
void mv_vm_end(MvVM *vm);

/* Verifies an image and makes it the VM's program: a fresh __main__ and fresh local modules; objects of the program
 * before live on while handles or cycles hold them. Nothing runs yet. */
int mv_vm_load(MvVM *vm, const uint8_t *image, size_t size, MvReply *reply);
/* Runs the body of __main__ of the loaded image, once per load. The reply is NONE. */
int mv_vm_run_main(MvVM *vm, MvReply *reply);
/* Verifies an image and runs the body of its main module in the __main__ that exists (made when missing): the REPL. */
int mv_vm_run_chunk(MvVM *vm, const uint8_t *image, size_t size, MvReply *reply);

/* A target names what to call: the id of a handle, or an interned name, looked up as a global of __main__ (then as a
 * builtin) at each call. 0: no memory. Interning the same name twice gives the same target. */
uint64_t mv_vm_intern(MvVM *vm, const uint8_t *name, size_t size);
int mv_vm_call(MvVM *vm, uint64_t target, const uint8_t *args, size_t size, MvReply *reply);
/* The same with 0 to 4 positional ints: nothing is encoded. */
int mv_vm_call_ints(MvVM *vm, uint64_t target, uint32_t count, int64_t a, int64_t b, int64_t c, int64_t d,
                    MvReply *reply);
/* A global of __main__ (handle 0; NameError when missing) or an attribute of a value (AttributeError). */
int mv_vm_get(MvVM *vm, uint64_t handle, const uint8_t *name, size_t size, MvReply *reply);
/* Makes a host function a builtin of this name, replacing an earlier one. function is handed to mv_host_call. */
int mv_vm_expose(MvVM *vm, const uint8_t *name, size_t size, uint32_t function, MvReply *reply);

enum { MV_TEXT_TYPE = 0, MV_TEXT_STR = 1, MV_TEXT_REPR = 2 };
/* type(value).__name__, str(value) or repr(value) as a STR; the latter two may run Mini code. */
int mv_vm_text(MvVM *vm, uint64_t handle, uint32_t what, MvReply *reply);
/* Unroots handles; unknown ids are ignored. Not an entry, but INV-api-1 holds: from a second thread it does nothing. */
void mv_vm_release(MvVM *vm, const uint64_t *handles, size_t count);

/* Of the last MV_EXCEPTION, MV_EXIT or MV_LIMIT: TUPLE(type name, message, traceback text as CPython prints it with
 * its last newline, LIST of TUPLE(filename, line, function), outermost first). For a limit the type name is
 * "TimeLimit" and so on, and the traceback text ends after the frames. */
int mv_vm_last_error(MvVM *vm, MvReply *reply);
/* TEXT of lines "key=number", for example gc.pause_median_us=12.5; keys are grouped by a prefix and a dot. */
int mv_vm_stats(MvVM *vm, MvReply *reply);

/* Native code. The layout of the runtime's structures, for the compiler: lines "name=number"; their length, or -1. */
int mv_jit_layout(char *text, size_t size);
/* The key that units are signed with, 32 bytes: 0, or 1 where the VM has no code space. */
int mv_jit_key(MvVM *vm, uint8_t *key);
/* The next request of the VM's, valid until it is answered; NULL: none, or the VM closes. With `wait`, waits for one. Any thread. */
const uint8_t *mv_jit_next(MvVM *vm, int wait, uint64_t *size);
/* Hands in responses, one after the other, which are sealed together: 0, or 1 where they are refused. Any thread. */
int mv_jit_done(MvVM *vm, const uint8_t *data, uint64_t size);
/* From now on mv_jit_next returns NULL: the compiler's thread ends before mv_vm_free. */
void mv_jit_stop(MvVM *vm);

/* Where a unit lies: request 0 is the stubs. */
typedef struct {
    uint64_t request, address, size;
} MvJitPlace;
/* The units that are there, newest first, as far as there is room; how many there are. Any thread. */
uint64_t mv_jit_places(MvVM *vm, MvJitPlace *places, uint64_t room);
/* Nanoseconds of CPU for so many rounds of a loop with the check of an indirect branch in it, or of the same loop without. 0: there is no native
 * code. Any thread. */
uint64_t mv_jit_measure(MvVM *vm, uint64_t rounds, int checked);
/* GDB's JIT interface, which is one list a process: registers a symbol file (copied), takes one back. NULL: no memory. Any thread. */
void *mv_gdb_add(const uint8_t *file, uint64_t size);
void mv_gdb_remove(void *entry);

/* Stops the entry in progress with MV_LIMIT_INTERRUPT. Any thread, any time while the VM exists, and signal handlers;
 * no effect on a VM that is not entered. */
void mv_vm_interrupt(MvVM *vm);
/* Process-wide: from now on SIGINT also makes this VM call mv_host_poll soon, and then does what it did before.
 * Installed with the first VM that watches, taken back with the last, without SA_RESTART, on the main thread only. */
void mv_vm_watch_sigint(MvVM *vm, int on);

/* What a host callback hands back, before it returns MV_ANSWERED. Copied. */
enum {
    MV_ANSWER_VALUE = 0,  /* data: one encoded value (mv_host_readline: bare UTF-8) */
    MV_ANSWER_RAISE = 1,  /* data: TUPLE(type name, argument...); a name that is no exception of Mini's: RuntimeError */
    MV_ANSWER_ABORT = 2   /* no data: unwinds the VM uncatchably, MV_LIMIT with MV_LIMIT_INTERRUPT */
};
void mv_vm_answer(MvVM *vm, uint32_t what, const uint8_t *data, size_t size);

enum { MV_POLL_CONTINUE = 0, MV_POLL_KEYBOARD_INTERRUPT = 1, MV_POLL_ABORT = 2 };
enum { MV_READLINE_EOF = 0, MV_READLINE_ANSWERED = 1 };
/* cdef: end */

/* What mv_host_call and mv_host_call_ints return after mv_vm_answer; any other number is itself the result. A callback
 * that returns it without having answered aborts the entry. */
#define MV_ANSWERED INT64_MIN

/* The host. The cffi module defines these as extern "Python", minivm-exec in exec_main.c. The VM calls them on the
 * thread that entered it, never from inside a collection; they may enter the same VM again. Pending output for
 * MV_FD_HOST is delivered before mv_host_call. */
/* host: begin */
/* args: an argument block, valid during the call. */
int64_t mv_host_call(uint64_t host, uint32_t function, const uint8_t *args, size_t size);
/* For calls with 0 to 4 positional ints within i64 (bools not among them) and no keywords. */
int64_t mv_host_call_ints(uint64_t host, uint32_t function, uint32_t count, int64_t a, int64_t b, int64_t c, int64_t d);
/* fd 1 or 2; never splits a character. Returns 0, an errno (raised as OSError), or -1: abort, as MV_ANSWER_ABORT. */
int mv_host_write(uint64_t host, int fd, const uint8_t *data, size_t size);
/* MV_READLINE_*: the line, with its newline if it had one, was given to mv_vm_answer (or an exception, or an abort). */
int mv_host_readline(uint64_t host);
/* After a SIGINT that the VM watches, and when a blocking system call was interrupted: MV_POLL_*. */
int mv_host_poll(uint64_t host);
/* The first request is there (mode THREAD), or one is (mode INLINE): 0 when the compiler has started, or is done with it. */
int mv_host_compile(uint64_t host);
/* host: end */

#endif
