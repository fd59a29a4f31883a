/* How a run ended, in the host's words: what mv_vm_last_error replies, and the detail of the status.
 *
 * Describing an exception runs the program's code (its __str__) under the limits of the entry; if those end the run
 * meanwhile, that ending is what is reported. An ending is described with the limits lifted: no code of the program
 * runs then, and the frames were kept when it happened. */
#include "api.h"
#include "native.h"
#include "containers.h"
#include "errors.h"
#include "heap.h"
#include "interp_ops.h"
#include "watch.h"

#include <stdio.h>

enum { MOST_FRAMES = 10000 };              /* of LIST frames: the innermost ones */
#define DESCRIPTION_BYTES ((uint64_t)4 << 20) /* beyond the memory limit, while an ending or MemoryError is described */

static const struct { uint32_t detail; const char *type, *message; } limits[MV_END_KIND_COUNT] = {
    [MV_END_TIME] = {MV_LIMIT_TIME, "TimeLimit", "the program ran longer than its time limit"},
    [MV_END_FUEL] = {MV_LIMIT_FUEL, "FuelLimit", "the program used up its fuel"},
    [MV_END_MEMORY] = {MV_LIMIT_MEMORY, "MemoryLimit", "the program needs more memory than its limit"},
    [MV_END_OUTPUT] = {MV_LIMIT_OUTPUT, "OutputLimit", "the program wrote more than its output limit"},
    [MV_END_INTERRUPTED] = {MV_LIMIT_INTERRUPT, "Interrupted", "the program was interrupted"},
};

/* ---- when it ends ---- */

static void add_frame(MvVM *vm, const MvValue *base, MvCode *code)
{
    const MvInstruction *pc = mv_frame_pc(base);
    int64_t word = pc > code->words && pc <= code->words + code->word_count ? pc - 1 - code->words : 0;
    mv_traceback_add(vm, vm->limit_exception, code, word);
}

void mv_report_ending(MvVM *vm)
{
    if (!mv_is_kind(vm->limit_exception, MV_KIND_EXCEPTION))
        return;
    MvHeap *heap = &vm->heap;
    uint64_t limit = heap->bytes_limit;
    bool no_collect = heap->no_collect;
    MvValue exception = vm->exception;
    heap->bytes_limit = limit ? limit + DESCRIPTION_BYTES : 0;
    heap->no_collect = true;
    MV_CAST(MvException, vm->limit_exception)->traceback = MV_NONE;
    uint32_t count = 0;
    for (MvValue *base = vm->base; base && base[MV_FRAME_CODE] && count < MOST_FRAMES; count++) {
        add_frame(vm, base, (MvCode *)base[MV_FRAME_CODE]);
        base = (MvValue *)base[MV_FRAME_CALLER];
    }
    heap->no_collect = no_collect;
    heap->bytes_limit = limit;
    vm->exception = exception;
}

/* ---- afterwards ---- */

static int64_t count_frames(MvValue entry)
{
    int64_t count = 0;
    MvShownFrame frame;
    for (; mv_is_kind(entry, MV_KIND_TRACEBACK); entry = MV_CAST(MvTraceback, entry)->next)
        for (int level = 0; level == 0 || mv_traceback_frame(MV_CAST(MvTraceback, entry), level, &frame); level++)
            count++;
    return count;
}

static bool put_frame(MvBytes *out, const MvShownFrame *frame)
{
    MvValue file = frame->code->module ? frame->code->module->file : MV_NONE;
    return mv_wire_put_count(out, MV_WIRE_TUPLE, 3) &&
           (mv_is_kind(file, MV_KIND_STR) ? mv_wire_put_str(out, file) : mv_wire_put_c(out, "<unknown>")) &&
           mv_wire_put_int(out, frame->line) && mv_wire_put_str(out, frame->name);
}

static bool put_frames(MvBytes *out, MvValue entry)
{
    int64_t count = count_frames(entry), skip = count > MOST_FRAMES ? count - MOST_FRAMES : 0;
    if (!mv_wire_put_count(out, MV_WIRE_LIST, (size_t)(count - skip)))
        return false;
    for (; mv_is_kind(entry, MV_KIND_TRACEBACK); entry = MV_CAST(MvTraceback, entry)->next) {
        MvShownFrame frame;
        for (int level = 0; mv_traceback_frame(MV_CAST(MvTraceback, entry), level, &frame); level++)
            if (--skip < 0 && !put_frame(out, &frame))
                return false;
    }
    return true;
}

static bool put_text(MvBytes *out, MvValue text, const char *otherwise)
{
    return text != MV_EXC && text != MV_UNASSIGNED ? mv_wire_put_str(out, text) : mv_wire_put_c(out, otherwise);
}

/* Everything about an exception; each text may be EXC or UNASSIGNED. Leaves error empty if there is no memory. */
static void put_error(MvVM *vm, MvBytes *error, MvValue type, const char *type_text, MvValue message,
                      const char *message_text, MvValue report, const char *report_text, MvValue frames)
{
    *error = (MvBytes){0};
    if (!mv_wire_put_count(error, MV_WIRE_TUPLE, 4) || !put_text(error, type, type_text) ||
        !put_text(error, message, message_text) || !put_text(error, report, report_text) || !put_frames(error, frames))
        mv_bytes_free(vm, error);
}

/* The head and the frames of a report, without the line that names the exception. */
static MvValue cut_last_line(MvVM *vm, MvValue text)
{
    if (text == MV_EXC)
        return text;
    const MvStr *s = MV_CAST(MvStr, text);
    int64_t end = s->length - 1;
    while (end > 0 && mv_str_char(s, end - 1) != '\n')
        end--;
    return mv_str_substring(vm, s, 0, end > 0 ? end : 0);
}

static void report_ending(MvVM *vm, MvOutcome *outcome)
{
    MvEnd ending = vm->ending;
    MvValue exception = vm->limit_exception, text = MV_EXC, frames = MV_NONE;
    uint64_t limit = vm->heap.bytes_limit;
    mv_limits_disarm(vm);
    uint32_t kept = __atomic_exchange_n(&vm->poll, 0, __ATOMIC_SEQ_CST) & (MV_POLL_KEPT | MV_POLL_CODE);
    vm->ending = MV_END_NONE;
    vm->exception = 0;
    vm->heap.bytes_limit = limit ? limit + DESCRIPTION_BYTES : 0;
    if (ending == MV_END_MEMORY)
        mv_heap_collect(vm, true); /* what the frames held */
    if (mv_is_kind(exception, MV_KIND_EXCEPTION)) {
        frames = MV_CAST(MvException, exception)->traceback;
        text = cut_last_line(vm, mv_traceback_text(vm, exception));
    }
    put_error(vm, &outcome->error, MV_EXC, limits[ending].type, MV_EXC, limits[ending].message, text,
              "", frames);
    vm->heap.bytes_limit = limit;
    vm->ending = ending;
    vm->exception = 0;
    if (kept)
        mv_request_poll(vm, kept);
    outcome->status = MV_LIMIT;
    outcome->detail = limits[ending].detail;
}

/* What CPython prints for a SystemExit, and the status it gives: the attribute `code`, or the exception itself. */
static MvValue exit_code(MvVM *vm, MvValue exception)
{
    MvValue code = mv_get_attr(vm, exception, vm->names->n_code);
    if (code == MV_EXC) {
        if (vm->ending == MV_END_NONE)
            mv_exception_take(vm);
        return exception;
    }
    if (code == MV_TRUE || code == MV_FALSE || !mv_is_int_like(code))
        return code;
    MvValue plain = mv_int_exact(vm, code);
    if (plain == MV_EXC && vm->ending == MV_END_NONE)
        mv_exception_take(vm);
    return plain == MV_EXC ? code : plain;
}

static bool is_exit(MvVM *vm, MvValue exception)
{
    return mv_is_subclass(mv_class_of(vm, exception), vm->classes[MV_EXC_SystemExit]);
}

/* str(v); empty where it raises. MV_EXC: the run is ending. */
static MvValue plain_str(MvVM *vm, MvValue v)
{
    MvValue text = mv_str(vm, v);
    if (text != MV_EXC || vm->ending != MV_END_NONE)
        return text;
    mv_exception_take(vm);
    return vm->empty_str;
}

/* What the program put in the place of sys.excepthook: UNASSIGNED if nothing, MV_EXC if it deleted it. */
static MvValue own_hook(MvVM *vm)
{
    MvValue module = mv_dict_get(vm, vm->modules, mv_intern_c(vm, "sys"));
    if (!mv_is_kind(module, MV_KIND_MODULE))
        return MV_UNASSIGNED;
    MvValue hook = mv_module_get(vm, MV_CAST(MvModule, module), mv_intern_c(vm, "excepthook"));
    if (hook == MV_UNASSIGNED)
        return MV_EXC;
    return hook == mv_module_get(vm, MV_CAST(MvModule, module), mv_intern_c(vm, "__excepthook__"))
        ? MV_UNASSIGNED : hook;
}

/* The report of an uncaught exception: none if a hook of the program's (own_hook) wrote it. A hook that ends in SystemExit puts that
   in the place of *exception. MV_EXC: no memory, or the run is ending. */
static MvValue report_text(MvVM *vm, MvValue hook, MvValue *exception, MvValue *message)
{
    if (hook == MV_UNASSIGNED || hook == MV_EXC) {
        MvValue text = mv_traceback_report(vm, *exception, message);
        return hook == MV_UNASSIGNED || text == MV_EXC ? text : mv_format_message(vm, "sys.excepthook is missing\n%S", text);
    }
    MvValue args[3] = {mv_value(mv_class_of(vm, *exception)), *exception, MV_CAST(MvException, *exception)->traceback};
    if (mv_call(vm, hook, args, 3, 0) != MV_EXC)
        return vm->empty_str;
    if (vm->ending != MV_END_NONE)
        return MV_EXC;
    MvValue problem = mv_exception_take(vm);
    if (is_exit(vm, problem)) {
        *exception = problem;
        return vm->empty_str;
    }
    MvValue why = mv_traceback_report(vm, problem, NULL);
    MvValue text = why == MV_EXC ? MV_EXC : mv_traceback_report(vm, *exception, message);
    return text == MV_EXC ? MV_EXC : mv_format_message(vm, "Error in sys.excepthook:\n%S\nOriginal exception was:\n%S", why, text);
}

void mv_report(MvVM *vm, MvOutcome *outcome)
{
    if (vm->ending != MV_END_NONE) {
        report_ending(vm, outcome);
        return;
    }
    if (!mv_is_exception(vm->exception))
        mv_raise(vm, MV_EXC_SystemError, "error return without exception set");
    MvValue exception = vm->exception;
    vm->exception = 0;
    uint64_t limit = vm->heap.bytes_limit;
    bool memory = exception == vm->memory_error; /* of the runtime's: the program's own are other objects */
    if (memory) {
        mv_heap_collect(vm, true);
        vm->heap.bytes_limit = limit ? limit + DESCRIPTION_BYTES : 0;
    }
    MvValue message = MV_UNASSIGNED, text = MV_EXC;
    outcome->status = MV_EXCEPTION;
    outcome->detail = memory ? MV_LIMIT_MEMORY : MV_LIMIT_NONE;
    outcome->code = MV_NONE;
    if (!is_exit(vm, exception))
        text = report_text(vm, outcome->program ? own_hook(vm) : MV_UNASSIGNED, &exception, &message);
    if (vm->ending == MV_END_NONE && is_exit(vm, exception)) {
        outcome->status = MV_EXIT;
        outcome->code = exit_code(vm, exception);
        message = outcome->code == MV_NONE ? vm->empty_str : plain_str(vm, outcome->code);
    }
    if (vm->ending == MV_END_NONE && outcome->status == MV_EXIT)
        text = mv_traceback_report(vm, exception, &message);
    vm->heap.bytes_limit = limit;
    if (vm->ending != MV_END_NONE) {
        report_ending(vm, outcome);
        return;
    }
    vm->exception = 0;
    MvClass *cls = mv_class_of(vm, exception);
    if (message == MV_UNASSIGNED) /* the report of a syntax error shows it in parts, a hook wrote its own */
        message = plain_str(vm, exception);
    char bare[128] = "Exception\n"; /* the report where there was no memory for one */
    const MvStr *name = MV_CAST(MvStr, cls->name);
    if (mv_str_is_ascii(name))
        snprintf(bare, sizeof bare, "%.*s\n", (int)(name->length < 100 ? name->length : 100), (const char *)name->data);
    put_error(vm, &outcome->error, cls->name, "", message, "", text, bare, MV_CAST(MvException, exception)->traceback);
}
