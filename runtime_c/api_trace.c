/* --trace: one line on the VM's stderr descriptor for each event of the channels that MvConfig.trace names.
 *
 * Lines go straight to the descriptor, so that a collection can report, too; a VM whose stderr is the host's has no
 * trace. Nothing here runs Mini code, allocates from the heap or raises. */
#include "api.h"
#include "errors.h"
#include "heap.h"
#include "ic.h"
#include "interp_ops.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512 };

static const char *const site_names[MV_SITE_KIND_COUNT] = {
    [MV_SITE_NONE] = "none", [MV_SITE_BINARY] = "binary", [MV_SITE_COMPARE] = "compare", [MV_SITE_ATTR] = "attr",
    [MV_SITE_STORE_ATTR] = "store_attr", [MV_SITE_METHOD] = "method", [MV_SITE_GLOBAL] = "global",
    [MV_SITE_STORE_GLOBAL] = "store_global", [MV_SITE_CALL] = "call", [MV_SITE_INDEX] = "index",
    [MV_SITE_STORE_INDEX] = "store_index", [MV_SITE_LOOP] = "loop", [MV_SITE_SUPER] = "super",
};

__attribute__((format(printf, 2, 3))) static void put_line(const MvVM *vm, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    if (n < 0 || vm->err.fd < 0)
        return;
    size_t size = (size_t)n < sizeof line - 1 ? (size_t)n : sizeof line - 2;
    line[size++] = '\n';
    for (size_t done = 0; done < size;) {
        ssize_t written = write(vm->err.fd, line + done, size - done);
        if (written < 0 && errno != EINTR)
            return;
        done += written > 0 ? (size_t)written : 0;
    }
}

/* A str as bytes for a line: ASCII, other characters as ?. */
static const char *plain(MvValue text, char *to, size_t size)
{
    size_t n = 0;
    if (mv_is_kind(text, MV_KIND_STR)) {
        const MvStr *s = MV_CAST(MvStr, text);
        for (int64_t i = 0; i < s->length && n < size - 1; i++) {
            uint32_t c = mv_str_char(s, i);
            to[n++] = c >= 32 && c < 127 ? (char)c : '?';
        }
    }
    to[n] = 0;
    return to;
}

static MvValue file_of(const MvCode *code)
{
    return code->module ? code->module->file : MV_NONE;
}

void mv_trace_call(MvVM *vm, MvValue function)
{
    char name[128], file[192];
    const MvCode *code = MV_CAST(MvFunction, function)->code;
    put_line(vm, "trace call: %*s%s (%s:%u)", (int)(vm->depth < 40 ? vm->depth : 40), "",
             plain(code->qualname, name, sizeof name), plain(file_of(code), file, sizeof file), code->first_line);
}

void mv_trace_exception(MvVM *vm, MvValue exception, const MvCode *code, int64_t word)
{
    char type[96], name[128], file[192];
    put_line(vm, "trace exception: %s in %s (%s:%d)", plain(mv_class_of(vm, exception)->name, type, sizeof type),
             plain(code->qualname, name, sizeof name), plain(file_of(code), file, sizeof file),
             mv_code_line(code, word));
}

void mv_trace_collection(MvVM *vm, bool full, uint64_t pause_ns)
{
    put_line(vm, "trace gc: %s, %.1f us, %llu bytes live, %llu in use", full ? "full" : "young", (double)pause_ns / 1e3,
             (unsigned long long)vm->heap.old_bytes, (unsigned long long)mv_heap_bytes_used(vm));
}

void mv_trace_module(MvVM *vm, const MvModule *module)
{
    char name[128], file[192];
    put_line(vm, "trace load: %s (%s)", plain(module->name, name, sizeof name), plain(module->file, file, sizeof file));
}

void mv_trace_cache(MvVM *vm, const MvIcRecord *record, int before, const MvIcRecord *found, MvValue name)
{
    char text[96], function[96], cls[96] = "-", second[96], with[128] = "", file[160];
    const MvCode *code = (const MvCode *)vm->base[MV_FRAME_CODE];
    int64_t site = code && code->records ? record - code->records : -1;
    if (site < 0 || site >= code->site_count)
        return;
    const MvShape *shape = found->shape ? vm->shapes[found->shape] : NULL;
    if (shape && shape->cls)
        plain(shape->cls->name, cls, sizeof cls);
    unsigned use = code->sites[site].kind;
    if ((use == MV_SITE_BINARY || use == MV_SITE_COMPARE) && (found->kind == MV_IC_OPERATE || found->kind == MV_IC_HANDLER)) {
        shape = vm->shapes[found->w1 >> 2];
        snprintf(with, sizeof with, " with %s shape %u", shape && shape->cls ? plain(shape->cls->name, second, sizeof second) : "-", (unsigned)(found->w1 >> 2));
    }
    int64_t word = (const MvInstruction *)vm->base[MV_FRAME_PC] - 1 - code->words;
    put_line(vm, "trace ic: %s:%d %s site %d %s %s: %s -> %s, %s shape %u%s", plain(file_of(code), file, sizeof file), mv_code_line(code, word),
             plain(code->qualname, function, sizeof function), (int)site, site_names[use], plain(name, text, sizeof text),
             mv_ic_kind_names[before], mv_ic_kind_names[record->kind], cls, found->shape, with);
}

void mv_trace_cache_reset(MvVM *vm, bool globals)
{
    put_line(vm, "trace ic: reset of all records of %s", globals ? "globals" : "attributes");
}
