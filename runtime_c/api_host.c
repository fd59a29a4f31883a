/* From the VM to the host: functions that the host exposes, its output, its input, its polls; and what it answers.
 *
 * A callback may enter the VM again on the same thread. What it leaves behind (mv_vm_answer) is copied at once; the
 * buffers in use are taken out of the host state while a callback, or Mini code during decoding, may need others. */
#include "api.h"
#include "containers.h"
#include "errors.h"
#include "heap.h"
#include "watch.h"

enum { FAST_ARGUMENTS = 4, ROOM = 8 };

/* ---- answers ---- */

void mv_vm_answer(MvVM *vm, uint32_t what, const uint8_t *data, size_t size)
{
    MvHostState *host = mv_host(vm);
    bool nested;
    if (!mv_host_claim(vm, &nested))
        return;
    if (nested) {
        host->answer.size = 0;
        host->answered = what <= MV_ANSWER_ABORT ? (int)what : MV_ANSWER_ABORT;
        if (host->answered != MV_ANSWER_ABORT) {
            MvValue pending = vm->exception;
            if (!mv_bytes_put(vm, &host->answer, data, size)) {
                host->answered = MV_ANSWER_NO_MEMORY; /* raised when the callback has returned */
                vm->exception = pending;
            }
        }
    }
    mv_host_unclaim(vm, nested);
}

/* Before a callback. */
static void begin_callback(MvVM *vm)
{
    mv_host(vm)->answered = MV_ANSWER_NOTHING;
    mv_host(vm)->callbacks++;
}

/* After one: false if the run ends. */
static bool end_callback(MvVM *vm)
{
    if (MV_UNLIKELY(!mv_is_alive(vm)))
        mv_end(vm, MV_END_INTERRUPTED);
    return vm->ending == MV_END_NONE;
}

static MvValue exception_class(MvVM *vm, MvValue name)
{
    if (mv_str_is_c(name, "EnvironmentError") || mv_str_is_c(name, "IOError"))
        return mv_value(vm->classes[MV_EXC_OSError]);
    for (int id = MV_CLASS_FIRST_EXCEPTION; id < MV_CLASS_COUNT; id++)
        if (mv_str_equal(MV_CAST(MvStr, vm->classes[id]->name), MV_CAST(MvStr, name)))
            return mv_value(vm->classes[id]);
    return MV_UNASSIGNED;
}

/* "name: argument", or the name alone: for what no exception of Mini's can say. */
static MvValue raise_runtime_error(MvVM *vm, MvValue name, const MvTuple *parts)
{
    if (parts->length == 2)
        return mv_raise(vm, MV_EXC_RuntimeError, "%S: %S", name, parts->items[1]);
    return mv_raise(vm, MV_EXC_RuntimeError, "%S", name);
}

static MvValue raise_answer(MvVM *vm, MvValue value)
{
    const MvTuple *parts = MV_CAST(MvTuple, value);
    if (!mv_is_kind(value, MV_KIND_TUPLE) || !parts->length || !mv_is_exact_str(vm, parts->items[0]))
        return mv_raise(vm, MV_EXC_RuntimeError, "a host function raised an exception without a name");
    MvValue name = parts->items[0], cls = exception_class(vm, name);
    if (cls == MV_UNASSIGNED)
        return raise_runtime_error(vm, name, parts);
    MvValue exception = mv_exception_new(vm, MV_CAST(MvClass, cls), (MvValue *)parts->items + 1, parts->length - 1);
    if (exception != MV_EXC)
        return mv_raise_object(vm, exception);
    if (!mv_exception_is(vm, MV_EXC_TypeError))
        return MV_EXC;
    mv_exception_take(vm); /* its arguments are not those that the host could send */
    return raise_runtime_error(vm, name, parts);
}

/* What a callback answered, as a value or as bare UTF-8. */
static MvValue take_answer(MvVM *vm, bool text)
{
    MvHostState *host = mv_host(vm);
    int answered = host->answered;
    MvBytes bytes = host->answer;
    host->answered = MV_ANSWER_NOTHING;
    if (answered == MV_ANSWER_NO_MEMORY)
        return mv_memory_error(vm);
    if (answered != MV_ANSWER_VALUE && answered != MV_ANSWER_RAISE) {
        mv_end(vm, MV_END_INTERRUPTED);
        return MV_EXC;
    }
    host->answer = (MvBytes){.counted = true};
    MvValue value;
    if (text && answered == MV_ANSWER_VALUE) {
        value = mv_str_from_utf8(vm, (const char *)bytes.data, (int64_t)bytes.size);
    } else {
        MvWireReader reader = {bytes.data, bytes.data + bytes.size};
        value = mv_wire_get(vm, &reader);
    }
    if (!host->answer.data && bytes.capacity <= 4096)
        host->answer = bytes;
    else
        mv_bytes_free(vm, &bytes);
    return value == MV_EXC || answered == MV_ANSWER_VALUE ? value : raise_answer(vm, value);
}

/* ---- host functions ---- */

/* What print() left for the host comes before what the function does. */
static bool deliver_output(MvVM *vm)
{
    return (!vm->out.used || vm->out.fd != MV_FD_HOST || mv_flush(vm, &vm->out)) &&
           (!vm->err.used || vm->err.fd != MV_FD_HOST || mv_flush(vm, &vm->err));
}

static bool is_small_int(MvVM *vm, MvValue v, int64_t *out)
{
    if (MV_LIKELY(mv_is_int(v))) {
        *out = mv_to_fixnum(v);
        return true;
    }
    return mv_is_exactly(vm, v, MV_CLASS_INT) && mv_int_to_i64(v, out);
}

static bool put_arguments(MvVM *vm, MvBytes *out, const MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvTuple *names = kwnames ? MV_CAST(MvTuple, kwnames) : NULL;
    int64_t keywords = names ? names->length : 0;
    if (nargs > UINT16_MAX || keywords > UINT16_MAX) {
        mv_type_error(vm, "a host function takes at most 65535 arguments");
        return false;
    }
    uint16_t counts[2] = {(uint16_t)nargs, (uint16_t)keywords};
    if (!mv_bytes_put(vm, out, counts, sizeof counts))
        return false;
    for (int64_t i = 0; i < nargs; i++)
        if (!mv_wire_put(vm, out, args[i]))
            return false;
    for (int64_t i = 0; i < keywords; i++)
        if (!mv_wire_put(vm, out, names->items[i]) || !mv_wire_put(vm, out, args[nargs + i]))
            return false;
    return true;
}

/* false: raised. */
static bool call_with_block(MvVM *vm, const MvHandle *function, const MvValue *args, int64_t nargs, MvValue kwnames,
                            int64_t *answer)
{
    MvHostState *host = mv_host(vm);
    MvBytes block = host->spare;
    host->spare = (MvBytes){.counted = true};
    block.size = 0;
    bool good = put_arguments(vm, &block, args, nargs, kwnames);
    if (good) {
        begin_callback(vm);
        *answer = mv_host_call(host->number, (uint32_t)function->number, block.data, block.size);
    }
    if (!host->spare.data && block.capacity <= 4096)
        host->spare = block;
    else
        mv_bytes_free(vm, &block);
    return good;
}

static MvValue function_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvHandle *function = MV_CAST(MvHandle, self);
    MvHostState *host = mv_host(vm);
    int64_t ints[FAST_ARGUMENTS] = {0}, count = 0, answer;
    if (MV_UNLIKELY(vm->out.used | vm->err.used) && !deliver_output(vm))
        return MV_EXC;
    if (MV_UNLIKELY(!mv_enter(vm, "")))
        return MV_EXC;
    if (nargs <= FAST_ARGUMENTS && !kwnames)
        while (count < nargs && is_small_int(vm, args[count], &ints[count]))
            count++;
    if (count == nargs && !kwnames) {
        begin_callback(vm);
        answer = mv_host_call_ints(host->number, (uint32_t)function->number, (uint32_t)count, ints[0], ints[1], ints[2],
                                   ints[3]);
    } else if (!call_with_block(vm, function, args, nargs, kwnames, &answer)) {
        mv_leave(vm);
        return MV_EXC;
    }
    mv_leave(vm);
    if (!end_callback(vm))
        return MV_EXC;
    return MV_LIKELY(answer != MV_ANSWERED) ? mv_int_from_i64(vm, answer) : take_answer(vm, false);
}

static MvValue function_repr(MvVM *vm, MvValue self)
{
    return mv_format_message(vm, "<host function %S>", MV_CAST(MvHandle, self)->name);
}

static MvValue function_name(MvVM *vm, MvValue self)
{
    (void)vm;
    return MV_CAST(MvHandle, self)->name;
}

static const MvGetSetDef function_getsets[] = {
    {"__name__", function_name, NULL},
    {"__qualname__", function_name, NULL},
    {0},
};

const MvTypeDef mv_type_HOSTFUNCTION = {
    .kind = MV_KIND_HOSTFUNCTION,
    .size = sizeof(MvHandle),
    .repr = function_repr,
    .call = function_call,
    .getsets = function_getsets
};

static MvValue handle_repr(MvVM *vm, MvValue self)
{
    return mv_format_message(vm, "<host object %d>", (int64_t)MV_CAST(MvHandle, self)->number);
}

const MvTypeDef mv_type_HANDLE = {
    .kind = MV_KIND_HANDLE,
    .size = sizeof(MvHandle),
    .repr = handle_repr
};

int mv_vm_expose(MvVM *vm, const uint8_t *name, size_t size, uint32_t function, MvReply *reply)
{
    MvEntry entry;
    int status = mv_entry_begin(vm, &entry, reply, __builtin_frame_address(0));
    if (status != MV_OK)
        return status;
    MvValue result = MV_EXC, text = mv_str_from_utf8(vm, (const char *)name, (int64_t)size);
    MvHandle *handle = NULL;
    if (text != MV_EXC && (text = mv_intern(vm, text)) != MV_EXC)
        handle = mv_new(vm, sizeof(MvHandle), MV_CLASS_HOSTFUNCTION, MV_KIND_HOSTFUNCTION);
    if (handle) {
        handle->number = function;
        handle->name = text;
        if (mv_module_set(vm, vm->builtins, text, mv_value(handle)))
            result = MV_NONE;
    }
    return mv_entry_end(&entry, result);
}

/* ---- what the rest of the runtime asks of the host (host.h) ---- */

int mv_host_deliver(MvVM *vm, int which, const char *bytes, int64_t count)
{
    begin_callback(vm);
    int error = mv_host_write(mv_host(vm)->number, which, (const uint8_t *)bytes, (size_t)count);
    if (!end_callback(vm))
        return 0;
    if (error < 0) {
        mv_end(vm, MV_END_INTERRUPTED);
        return 0;
    }
    return error;
}

int mv_host_stdin(MvVM *vm)
{
    return mv_host(vm)->stdin_fd;
}

MvValue mv_host_line(MvVM *vm)
{
    begin_callback(vm);
    int answer = mv_host_readline(mv_host(vm)->number);
    if (!end_callback(vm))
        return MV_EXC;
    return answer == MV_READLINE_EOF ? MV_UNASSIGNED : take_answer(vm, true);
}

int mv_host_signal(MvVM *vm)
{
    begin_callback(vm);
    int answer = mv_host_poll(mv_host(vm)->number);
    if (!end_callback(vm))
        return MV_POLL_ABORT;
    return answer;
}

const char *mv_host_executable(MvVM *vm)
{
    return mv_host(vm)->executable;
}

const char *mv_host_path_entry(MvVM *vm)
{
    return mv_host(vm)->path_entry;
}
