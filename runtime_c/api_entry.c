/* What every entry into a VM begins and ends with: who may come in, the state that a run needs, and the way out.
 *
 * Ownership: host->owner is the thread inside, taken by compare-and-swap; the same thread may come in again from a
 * callback. A page that fork wipes tells the child (INV-api-2) without a system call at each entry.
 * INV-entry-1  vm->native_stack_end lies above everything that an entry has on the native stack, so that the
 *              conservative scan sees it; entries nest on one stack.
 * INV-entry-2  An ending stays set from where it happened until the outermost entry has returned. */
#define _GNU_SOURCE
#include "api.h"
#include "containers.h"
#include "file.h"
#include "heap.h"
#include "interp.h"
#include "watch.h"

#include <pthread.h>

/* Of the native stack. The reserve is for C code that does not recurse: libc, the host's callbacks. */
#define STACK_RESERVE ((size_t)256 << 10)
#define STACK_MOST ((size_t)64 << 20)
#define STACK_UNKNOWN ((size_t)128 << 10) /* below an entry on a stack that pthreads knows nothing of */
#define BUFFER_KEPT ((size_t)64 << 10)

/* ---- the native stack ---- */

void mv_entry_set_stack(MvVM *vm, void *frame)
{
    static __thread char *low, *high; /* this thread's stack: asking for it costs the main thread 50 us and more */
    char *here = frame;
    if (MV_UNLIKELY(here < low || here >= high)) {
        pthread_attr_t attributes;
        void *address = NULL;
        size_t size = 0;
        if (!pthread_getattr_np(pthread_self(), &attributes)) {
            pthread_attr_getstack(&attributes, &address, &size);
            pthread_attr_destroy(&attributes);
        }
        low = address;
        high = low + size;
    }
    vm->native_stack_end = (char *)(((uintptr_t)here + 16) & ~(uintptr_t)15);
    if (here < low || here >= high) {
        vm->native_limit = here - STACK_UNKNOWN;
        return;
    }
    size_t room = (size_t)(here - low);
    size_t reserve = room / 2 < STACK_RESERVE ? room / 2 : STACK_RESERVE;
    vm->native_limit = room - reserve > STACK_MOST ? here - STACK_MOST : low + reserve;
}

/* ---- who is inside ---- */

static uintptr_t this_thread(void) { return (uintptr_t)pthread_self(); }

bool mv_host_claim(MvVM *vm, bool *nested)
{
    MvHostState *host = mv_host(vm);
    uintptr_t self = this_thread(), nobody = 0;
    *nested = __atomic_load_n(&host->owner, __ATOMIC_RELAXED) == self;
    if (!mv_is_alive(vm))
        return false;
    return *nested || __atomic_compare_exchange_n(&host->owner, &nobody, self, false, __ATOMIC_ACQUIRE,
                                                  __ATOMIC_RELAXED);
}

void mv_host_unclaim(MvVM *vm, bool nested)
{
    if (!nested)
        __atomic_store_n(&mv_host(vm)->owner, 0, __ATOMIC_RELEASE);
}

/* ---- replies ---- */

void mv_reply_none(MvReply *reply)
{
    *reply = (MvReply){.kind = MV_WIRE_NONE};
}

static void reply_static(MvReply *reply, const char *text)
{
    *reply = (MvReply){.kind = MV_WIRE_TEXT, .data = (const uint8_t *)text, .size = strlen(text)};
}

static int refuse_child(MvReply *reply)
{
    reply_static(reply, "the VM belongs to the parent process: a forked child must make its own");
    return MV_REFUSED;
}

/* ---- the way in ---- */

/* What an earlier run may have left: an ending in the middle of anything. */
static void reset(MvVM *vm)
{
    const MvHostState *host = mv_host(vm);
    vm->ending = MV_END_NONE;
    vm->exception = 0;
    vm->exc_state = &vm->exc_bottom;
    vm->exc_bottom.exception = MV_NONE;
    vm->base = vm->top = vm->stack + 8; /* the bottom frame */
    vm->depth = 0;
    vm->fuel = host->fuel;
    vm->output_bytes = 0;
    if (mv_is_kind(vm->repr_stack, MV_KIND_LIST) && MV_CAST(MvList, vm->repr_stack)->length)
        mv_list_clear(vm, MV_CAST(MvList, vm->repr_stack));
    MvException *limit = MV_CAST(MvException, vm->limit_exception), *memory = MV_CAST(MvException, vm->memory_error);
    limit->traceback = memory->traceback = memory->context = memory->cause = MV_NONE; /* they hold whole programs */
    mv_limits_arm(vm);
    if (mv_traces(vm, MV_TRACE_CALL)) /* calls then go the way that looks (mv_check_stack) */
        vm->stack_limit = vm->stack;
    if (MV_UNLIKELY(vm->heap.reserve_used)) {
        mv_heap_collect(vm, true);
        vm->heap.reserve_used = false; /* this entry gets its own MemoryError before it is ended */
    }
}

int mv_entry_begin(MvVM *vm, MvEntry *entry, MvReply *reply, void *frame)
{
    MvHostState *host = mv_host(vm);
    if (MV_UNLIKELY(!mv_host_claim(vm, &entry->nested)))
        return mv_is_alive(vm) ? MV_REFUSED : refuse_child(reply);
    mv_reply_none(reply);
    host->entries++;
    if (MV_UNLIKELY(host->reply.capacity > BUFFER_KEPT))
        mv_bytes_free(vm, &host->reply);
    entry->vm = vm;
    entry->program = false;
    entry->reply = reply;
    if (entry->nested) {
        if (vm->outer_sp ? (char *)frame < vm->own_stack || (char *)frame >= vm->own_stack_end : (char *)frame > vm->native_stack_end) {
            reply_static(reply, "the VM was entered again from another stack");
            return MV_REFUSED;
        }
        entry->handled = (MvExcState){MV_NONE, vm->exc_state};
        entry->exc_state = vm->exc_state;
        entry->exception = vm->exception;
        entry->callee = vm->callee;
        entry->base = vm->base;
        entry->top = vm->top;
        entry->pc = vm->pc;
        entry->depth = vm->depth;
        vm->exc_state = &entry->handled;
        vm->exception = 0;
        vm->native_depth++;
        /* An ending means that the entry around this one is over, too. */
        if (vm->ending != MV_END_NONE || !mv_enter(vm, ""))
            return mv_entry_end(entry, MV_EXC);
        return MV_OK;
    }
    mv_entry_set_stack(vm, frame);
    reset(vm);
    return MV_OK;
}

/* ---- the way out ---- */

/* All that waits goes out; false: it did not, and an exception or an ending is pending (the first one). */
static bool flush(MvVM *vm)
{
    bool had_ended = vm->ending != MV_END_NONE;
    MvValue first = 0;
    for (int i = 0; i < 3; i++) {
        bool good = i == 0 ? mv_files_flush(vm) : mv_flush(vm, i == 1 ? &vm->out : &vm->err);
        if (good || vm->ending != MV_END_NONE)
            continue;
        if (!first)
            first = vm->exception;
        vm->exception = 0;
    }
    vm->exception = first;
    return !first && (had_ended || vm->ending == MV_END_NONE);
}

static void leave(MvEntry *entry)
{
    MvVM *vm = entry->vm;
    if (entry->nested) {
        vm->exc_state = entry->exc_state;
        vm->exception = entry->exception;
        vm->callee = entry->callee;
        vm->base = entry->base;
        vm->top = entry->top;
        vm->pc = entry->pc;
        vm->depth = entry->depth;
        vm->native_depth--;
        return;
    }
    mv_limits_disarm(vm);
    mv_host_unclaim(vm, false);
}

static void install(MvVM *vm, MvBytes *to, MvBytes *from)
{
    if (to->data)
        mv_bytes_free(vm, to);
    *to = *from;
}

int mv_entry_end(MvEntry *entry, MvValue result)
{
    MvVM *vm = entry->vm;
    MvHostState *host = mv_host(vm);
    MvReply *reply = entry->reply;
    MvOutcome outcome = {.status = MV_OK, .program = entry->program};
    if (MV_UNLIKELY(!mv_is_alive(vm))) { /* a callback forked: its child comes out here */
        leave(entry);
        return refuse_child(reply);
    }
    if (MV_UNLIKELY(result == MV_EXC))
        mv_report(vm, &outcome);
    if (!entry->nested && MV_UNLIKELY(vm->out.used | vm->err.used | (vm->watch && vm->watch->files))) {
        bool good = flush(vm);
        if (!mv_is_alive(vm)) {
            leave(entry);
            return refuse_child(reply);
        }
        if (!good && outcome.status == MV_OK)
            mv_report(vm, &outcome);
        else
            vm->exception = 0;
    }
    MvBytes data = {.counted = true};
    mv_reply_none(reply);
    if (outcome.status == MV_OK && MV_UNLIKELY(!mv_wire_reply(vm, &data, reply, result))) {
        mv_reply_none(reply);
        mv_report(vm, &outcome);
    }
    if (MV_UNLIKELY(outcome.status != MV_OK)) {
        MvValue code = outcome.code;
        if (outcome.status == MV_EXIT && !mv_wire_reply(vm, &data, reply, code)) { /* it is printed all the same */
            vm->exception = 0;
            mv_reply_none(reply);
            reply->kind = MV_WIRE_STR;
            reply->data = (const uint8_t *)"\x07\0\0\0\0";
            reply->size = 5;
        }
        reply->detail = outcome.detail;
        install(vm, &host->error, &outcome.error);
    }
    if (data.data)
        install(vm, &host->reply, &data);
    leave(entry);
    return outcome.status;
}

int mv_entry_end_text(MvEntry *entry, int status, const char *text)
{
    MvVM *vm = entry->vm;
    MvHostState *host = mv_host(vm);
    size_t n = strlen(text);
    MvBytes data = {0};
    bool good = status == MV_BAD_IMAGE ? mv_wire_put_c(&data, text) : mv_bytes_put(vm, &data, text, n);
    mv_reply_none(entry->reply);
    if (good) {
        entry->reply->kind = status == MV_BAD_IMAGE ? MV_WIRE_STR : MV_WIRE_TEXT;
        entry->reply->data = data.data;
        entry->reply->size = data.size;
        install(vm, &host->reply, &data);
    } else {
        reply_static(entry->reply, "no memory");
    }
    leave(entry);
    return status;
}
