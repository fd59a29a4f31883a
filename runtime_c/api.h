/* api.h: what the files of the public API (mv_api.h) share: the host's side of a VM, entries, wire data, handles.
 *
 * api.c has the entry points, api_entry.c what each entry begins and ends with, api_report.c turns an exception or an
 * ending into what the host is told, api_wire.c converts values, api_host.c calls the host's functions, api_signal.c
 * watches SIGINT, api_stats.c counts, api_trace.c writes what happens. */
#pragma once
#include "host.h"
#include "mv_api.h"
#include "protocol.h"

/* Bytes in malloc'ed memory. Those that are `counted` belong to the program: they count against the memory limit. */
typedef struct MvBytes {
    uint8_t *data;
    size_t size, capacity;
    bool counted;
} MvBytes;

typedef struct MvHostState {
    /* -- set by mv_vm_new -- */
    uint64_t number;             /* MvConfig.host */
    const volatile uint8_t *alive; /* a page that fork wipes: 0 in a child (INV-api-2) */
    int32_t stdin_fd;
    uint32_t trace;              /* MV_TRACE_* */
    uint32_t depth_limit;
    int64_t fuel;                /* of an entry; 0: no limit */
    char **argv;                 /* argc strings */
    uint32_t argc;
    char *executable, *path_entry;
    /* -- entries -- */
    uintptr_t owner;             /* atomic: the thread inside, 0: none */
    uint64_t external_kept;      /* heap.external_bytes when the code of old programs was last collected */
    bool main_started;
    bool watches_sigint;
    uint64_t entries, calls, callbacks; /* counters for mv_vm_stats */
    /* -- data -- */
    MvBytes reply;               /* what the last reply's data points to */
    MvBytes error;               /* mv_vm_last_error; size 0: there is none */
    MvBytes answer;              /* what mv_vm_answer brought */
    MvBytes spare;               /* for an argument block; taken while a callback runs */
    int answered;                /* MV_ANSWER_*, or one of the two below */
    /* -- handles: vm->roots[i] for i > 0, free where generations[i] is even; roots[0] is the module __main__ -- */
    uint32_t *generations;
    uint32_t handle_count;
    /* -- interned names that are targets: bit 63, and an index -- */
    MvValue *names;              /* interned, so they never die */
    uint32_t name_count, name_capacity;
    uint32_t *name_table;        /* open addressing over index + 1; a power of two, more than twice name_capacity */
} MvHostState;
enum { MV_ANSWER_NOTHING = -1, MV_ANSWER_NO_MEMORY = -2 };

#define MV_TARGET_NAME ((uint64_t)1 << 63)

MV_INLINE MvHostState *mv_host(const MvVM *vm) { return vm->host; }
MV_INLINE bool mv_is_alive(const MvVM *vm) { return *mv_host(vm)->alive; }
/* The module __main__, or UNASSIGNED. */
MV_INLINE MvValue mv_main_module(const MvVM *vm) { return vm->roots[0]; }

/* ---- api_entry.c ---- */
typedef struct MvEntry { /* on the C stack of an entry point */
    MvVM *vm;
    MvReply *reply;
    bool nested;
    bool program; /* it runs a program's text: sys.excepthook is asked */
    MvValue *base, *top;
    const MvInstruction *pc;
    MvExcState *exc_state;
    MvValue exception, callee;
    MvExcState handled; /* a level of its own for a nested entry */
    uint32_t depth;
} MvEntry;

/* MV_OK, or the status to return. frame: __builtin_frame_address(0) of the entry point: what lies below is scanned. */
int mv_entry_begin(MvVM *vm, MvEntry *entry, MvReply *reply, void *frame);
/* Describes how the entry ended (result: a value, or MV_EXC), flushes if it is not nested, leaves. The status. */
int mv_entry_end(MvEntry *entry, MvValue result);
/* Leaves with another reply than a value. */
int mv_entry_end_text(MvEntry *entry, int status, const char *text); /* static or copied text; BAD_IMAGE: as a STR */
/* For what is no entry (release, intern, last_error): false if another thread is inside, or in a forked child. */
bool mv_host_claim(MvVM *vm, bool *nested);
void mv_host_unclaim(MvVM *vm, bool nested);
void mv_reply_none(MvReply *reply);
/* Bounds of the native stack for an entry at `frame`. */
void mv_entry_set_stack(MvVM *vm, void *frame);

/* ---- api_report.c ---- */
typedef struct MvOutcome {
    bool program;     /* as in MvEntry */
    int status;       /* MV_EXCEPTION, MV_EXIT or MV_LIMIT */
    uint32_t detail;
    MvValue code;     /* of MV_EXIT */
    MvBytes error;    /* what mv_vm_last_error replies */
} MvOutcome;
/* Takes what is pending (an exception or an ending) and describes it; may run Mini code, which may end the run. A
 * nested entry's ending stays pending. */
void mv_report(MvVM *vm, MvOutcome *outcome);
/* Keeps the frames that run as the traceback of vm->limit_exception; called by mv_end (limits.c). */
MV_COLD void mv_report_ending(MvVM *vm);

/* ---- api_wire.c ---- */
bool mv_bytes_reserve(MvVM *vm, MvBytes *bytes, size_t more); /* false: no memory; raised if counted */
bool mv_bytes_put(MvVM *vm, MvBytes *bytes, const void *data, size_t n);
void mv_bytes_free(MvVM *vm, MvBytes *bytes);
/* Appends a value. On failure (raised) the handles that it made are released again. */
bool mv_wire_put(MvVM *vm, MvBytes *out, MvValue value);
/* For data that describes errors, not counted: false without raising. */
bool mv_wire_put_count(MvBytes *out, int tag, size_t count);
bool mv_wire_put_str(MvBytes *out, MvValue str);
bool mv_wire_put_c(MvBytes *out, const char *text);
bool mv_wire_put_int(MvBytes *out, int64_t i);
typedef struct MvWireReader {
    const uint8_t *at, *end;
} MvWireReader;
MvValue mv_wire_get(MvVM *vm, MvWireReader *reader);
/* Positional values, then the values of the keywords; *kwnames 0: none. args has room for `room`, more go to a tuple
 * whose items are returned. NULL: raised. */
MvValue *mv_wire_get_arguments(MvVM *vm, MvWireReader *reader, MvValue *args, int64_t room, int64_t *nargs,
                               MvValue *kwnames);
/* A value of the reply: kind and number, or encoded. */
bool mv_wire_reply(MvVM *vm, MvBytes *out, MvReply *reply, MvValue value);
/* File-system bytes: UTF-8, what is none as lone surrogates. */
MvValue mv_text_from_bytes(MvVM *vm, const char *bytes);

/* ---- api_handle.c ---- */
uint64_t mv_handle_new(MvVM *vm, MvValue value); /* 0: no memory (raised) */
MvValue mv_handle_value(const MvVM *vm, uint64_t id); /* UNASSIGNED: there is no such handle */
void mv_handle_release(MvVM *vm, uint64_t id);
bool mv_handles_init(MvVM *vm);
void mv_host_mark_names(MvVM *vm); /* the collector: with the roots */
uint64_t mv_target_intern(MvVM *vm, MvValue name); /* 0: no memory (nothing raised) */
MvValue mv_target_name(const MvVM *vm, uint64_t target); /* UNASSIGNED: there is no such target */

/* ---- api_signal.c ---- */
void mv_signal_watch(MvVM *vm, bool on);

/* ---- api_trace.c: each where mv_traces() says so ---- */
MV_INLINE bool mv_traces(const MvVM *vm, uint32_t channel) { return MV_UNLIKELY(mv_host(vm)->trace & channel); }
MV_COLD void mv_trace_call(MvVM *vm, MvValue function); /* a FUNCTION is about to run */
MV_COLD void mv_trace_exception(MvVM *vm, MvValue exception, const MvCode *code, int64_t word);
MV_COLD void mv_trace_collection(MvVM *vm, bool full, uint64_t pause_ns);
MV_COLD void mv_trace_module(MvVM *vm, const MvModule *module);
MV_COLD void mv_trace_cache(MvVM *vm, const MvIcRecord *record, int before, const MvIcRecord *found, MvValue name); /* a record of the running code changed */
MV_COLD void mv_trace_cache_reset(MvVM *vm, bool globals);

/* ---- api_stats.c ---- */
bool mv_stats_put(MvVM *vm, MvBytes *out);
