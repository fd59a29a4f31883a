/* Units: from the compiler's response to entries that the mutator may use, and the way into them.
 *
 * Two threads: the mutator asks (mv_native_hot) and publishes (mv_native_publish); the compiler's thread takes requests and hands in responses
 * (native_service.c). `lock` guards the queues and the code space; what the mutator alone touches needs none. */
#include "native.h"
#include "calling.h"
#include "ic.h"
#include "native_ops.h"
#include "native_leave.h"
#include "native_service.h"
#include "codeseal.h"
#include "codespace.h"
#include "fault.h"
#include "watch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

/* Called by native code whose branch is refused, and by `enter` (branch -1): rcx holds the target. */
__attribute__((used)) void mv_native_VIOLATION(MvVM *vm, uint64_t branch, uint64_t unused, const char *target)
{
    (void)vm, (void)unused;
    mv_violation("guest-list", "unlisted", target, (const void *)(uintptr_t)branch);
}

/* ---- the way in ---- */

#define TEXT MV_TEXT
#define OUTER_SP_AT 104
_Static_assert(offsetof(MvVM, outer_sp) == OUTER_SP_AT, "displacement in the text below");

#define CHECK_TARGET                                                                                                          \
    "sub %r15, %rdx\n\t"                                                                                                      \
    "ror $4, %rdx\n\t"                                                                                                        \
    "cmp $" TEXT(MV_NATIVE_GRANULES_S) ", %rdx\n\t"                                                                           \
    "jae 1f\n\t"                                                                                                              \
    "cmp %r8b, " TEXT(MV_NATIVE_GUEST_LIST_S) "(%r15,%rdx)\n\t"                                                               \
    "jne 1f\n\t"
/* Pins the registers and calls the target, which `enter` first checks as compiled code does; moves to `stack` if that is not NULL. */
#define ENTER(name, check)                                                                                                    \
    __attribute__((naked, noinline)) static MvValue name(MvVM *vm, MvValue *base, const char *target, const char *region,     \
                                                         uint64_t entry_class, char *stack)                                   \
    {                                                                                                                         \
        __asm__("push %rbp\n\t"                                                                                               \
        "mov %rsp, %rbp\n\t"                                                                                                  \
        "push %rbx\n\t"                                                                                                       \
        "push %r12\n\t"                                                                                                       \
        "push %r13\n\t"                                                                                                       \
        "push %r14\n\t"                                                                                                       \
        "push %r15\n\t"                                                                                                       \
        "sub $8, %rsp\n\t"                                                                                                    \
        "mov %rdi, %r12\n\t"                                                                                                  \
        "mov %rsi, %rbx\n\t"                                                                                                  \
        "mov %rcx, %r15\n\t"                                                                                                  \
        "mov %rdx, %rcx\n\t"                                                                                                  \
        check                                                                                                                 \
        "test %r9, %r9\n\t"                                                                                                   \
        "je 2f\n\t"                                                                                                           \
        "mov %rsp, " TEXT(OUTER_SP_AT) "(%rdi)\n\t"                                                                           \
        "mov %r9, %rsp\n"                                                                                                     \
        "2:\n\t"                                                                                                              \
        "call *%rcx\n\t"                                                                                                      \
        "lea -40(%rbp), %rsp\n\t"                                                                                             \
        "pop %r15\n\t"                                                                                                        \
        "pop %r14\n\t"                                                                                                        \
        "pop %r13\n\t"                                                                                                        \
        "pop %r12\n\t"                                                                                                        \
        "pop %rbx\n\t"                                                                                                        \
        "pop %rbp\n\t"                                                                                                        \
        "ret\n"                                                                                                               \
        "1:\n\t"                                                                                                              \
        "mov $-1, %esi\n\t"                                                                                                   \
        "call mv_native_VIOLATION\n\t"                                                                                        \
        "ud2");                                                                                                               \
    }
ENTER(enter, CHECK_TARGET)
ENTER(enter_unchecked, "")

/* The VM's native stack: return addresses of native frames and the frames of the C functions that they call, between guard pages. Where there is no
 * room for it, native code runs on the caller's. */
#define OWN_STACK_BYTES ((size_t)8 << 20)
#define OWN_STACK_RESERVE ((size_t)256 << 10) /* for C code that does not recurse: libc, the host's callbacks */
#define GUARD_BYTES ((size_t)64 << 10)

#ifdef __SANITIZE_ADDRESS__
static void make_stack(MvVM *vm) { (void)vm; } /* its shadow knows only the thread's own stack */
#else
static void make_stack(MvVM *vm)
{
    char *low = mmap(NULL, OWN_STACK_BYTES + 2 * GUARD_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (low == MAP_FAILED)
        return;
    if (mprotect(low + GUARD_BYTES, OWN_STACK_BYTES, PROT_READ | PROT_WRITE)) {
        munmap(low, OWN_STACK_BYTES + 2 * GUARD_BYTES);
        return;
    }
    vm->own_stack = low + GUARD_BYTES;
    vm->own_stack_end = vm->own_stack + OWN_STACK_BYTES;
}
#endif

static void free_stack(MvVM *vm)
{
    if (vm->own_stack)
        munmap(vm->own_stack - GUARD_BYTES, OWN_STACK_BYTES + 2 * GUARD_BYTES);
    vm->own_stack = vm->own_stack_end = NULL;
}

MV_INLINE MvValue run(MvVM *vm, MvValue *base, uint32_t at, uint8_t entry_class)
{
    MvValue *caller = (MvValue *)base[MV_FRAME_CALLER];
    char *region = vm->native->region;
    const uint32_t depth = vm->depth - 1;
    MvValue result, (*way_in)(MvVM *, MvValue *, const char *, const char *, uint64_t, char *) =
        MV_LIKELY(mv_frozen_options(region)->guests) ? enter : enter_unchecked; /* the frozen page decides */
    if (vm->outer_sp || !vm->own_stack) {
        result = way_in(vm, base, region + at, region, entry_class, NULL);
    } else {
        char *limit = vm->native_limit;
        vm->native_limit = vm->own_stack + OWN_STACK_RESERVE;
        result = way_in(vm, base, region + at, region, entry_class, vm->own_stack_end);
        vm->outer_sp = NULL;
        vm->native_limit = limit;
    }
    vm->base = caller;
    if (!vm->native->left)
        mv_levels_are_back(vm, depth);
    return result;
}

MvValue mv_native_try(MvVM *vm, MvValue *base, uint32_t at, bool resuming)
{
    const MvCode *code = (const MvCode *)base[MV_FRAME_CODE];
    return run(vm, base, at, !resuming ? MV_ENTRY_BOUND : code->flags & MV_CODE_GENERATOR ? MV_ENTRY_GENERATOR : MV_ENTRY_RESUME);
}

MvValue mv_native_call(MvVM *vm, MvValue *base, uint32_t count)
{
    const MvCode *code = (const MvCode *)base[MV_FRAME_CODE];
    const char *region = vm->native->region;
    uint8_t entry_class = (uint8_t)(MV_ENTRY_EXACT + count); /* the caller's, not what memory says */
    return MV_LIKELY(mv_frozen_options(region)->guests) ? enter(vm, base, code->exact, region, entry_class, NULL)
                                                        : enter_unchecked(vm, base, code->exact, region, entry_class, NULL);
}

MvValue mv_native_call_bound(MvVM *vm, MvValue *base, uint32_t at)
{
    char *region = vm->native->region;
    return MV_LIKELY(mv_frozen_options(region)->guests) ? enter(vm, base, region + at, region, MV_ENTRY_BOUND, NULL)
                                                        : enter_unchecked(vm, base, region + at, region, MV_ENTRY_BOUND, NULL);
}

/* The same to the end of the frame. */
MV_INLINE MvValue run_to_end(MvVM *vm, MvValue *base, uint32_t at, uint8_t entry_class)
{
    MvValue mode = base[MV_FRAME_MODE], result = run(vm, base, at, entry_class);
    if (result == MV_EXC) {
        MvValue *left = mv_native_take_left(vm, base, mode);
        if (left)
            return mv_interpret_frame(vm, left, mv_frame_pc(left), false);
    }
    return result;
}

MvValue mv_native_run(MvVM *vm, MvValue *base, uint32_t at) { return run_to_end(vm, base, at, MV_ENTRY_BOUND); }
MvValue mv_native_continue(MvVM *vm, MvValue *base, uint32_t at) { return run_to_end(vm, base, at, MV_ENTRY_GENERATOR); }

uint32_t mv_native_find_resume(MvUnit *unit, uint32_t word)
{
    uint32_t low = 0, high = unit->resume_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (unit->resumes[middle].word < word)
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= unit->resume_count || unit->resumes[low].word != word)
        return 0;
    unit->last[word % MV_UNIT_LAST] = unit->resumes[low];
    return unit->resumes[low].at;
}

/* ---- life ---- */

/* Everything that compiled code may call or load through the frozen page. */
static bool freeze(MvNative *native)
{
    const MvValue values[] = {MV_NONE, MV_FALSE, MV_TRUE};
    const MvFrozenPart parts[] = {{0, sizeof mv_native_helpers, native->stress ? mv_native_stress_helpers : mv_native_helpers},
                                  {MV_NATIVE_VALUES_AT, sizeof values, values}};
    return mv_codespace_freeze(native->space, parts, 2);
}

static int64_t process_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* Short programs do not pay for a compiler: whether this one has not had its time yet. Wall time is asked first, because that needs no system call. */
static bool is_young(MvNative *native)
{
    if (!native->start_ns)
        return false;
    if (mv_clock_ns() < native->start_ns || process_ns() < native->start_cpu_ns)
        return true;
    native->start_ns = 0;
    return false;
}

bool mv_native_init(MvVM *vm, const MvConfig *config)
{
    MvNative *native = calloc(1, sizeof *native);
    if (!native)
        return false;
    native->mode = config->jit;
    native->memory = config->code_memory;
    native->layers = ((MV_LAYER_DIGEST | MV_LAYER_GUESTS) & ~config->code_without) | (config->code_with & (MV_LAYER_PERMANENT | MV_LAYER_FAULTS));
    native->code_limit = config->code_limit;
    native->threshold = config->jit_threshold;
    native->stress = native->stress_left = config->jit_stress;
    if (config->jit == MV_JIT_MODE_THREAD && config->jit_start_ns) {
        native->start_ns = mv_clock_ns() + config->jit_start_ns;
        native->start_cpu_ns = process_ns() + config->jit_start_ns;
    }
    pthread_mutex_init(&native->lock, NULL);
    pthread_cond_init(&native->wake, NULL);
    native->end_of_requests = &native->requests;
    vm->native = native;
    return true;
}

/* Native code reserves addresses for its region, its stack and the compiler's thread: not where the system grants few. */
static bool has_addresses(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur / 4 >= MV_NATIVE_REGION_BYTES;
}

static bool open_space(MvNative *native)
{
    if (!has_addresses()) {
        snprintf(native->why, sizeof native->why, "the system's limit of addresses is too low (ulimit -v)");
        return false;
    }
    const MvCodeSpaceOptions options = {.memory = native->memory, .permanent = native->layers & MV_LAYER_PERMANENT,
                                        .verify = native->layers & MV_LAYER_DIGEST, .guests = native->layers & MV_LAYER_GUESTS,
                                        .watch = native->layers & MV_LAYER_FAULTS, .code_limit = native->code_limit};
    native->space = mv_codespace_new(&options, native->why, sizeof native->why);
    if (native->space && !freeze(native)) {
        snprintf(native->why, sizeof native->why, "%s", mv_codespace_why(native->space));
        mv_codespace_free(native->space);
        native->space = NULL;
    }
    native->region = native->space ? mv_codespace_base(native->space) : NULL;
    return native->space != NULL;
}

void mv_native_free(MvVM *vm)
{
    MvNative *native = vm->native;
    if (!native)
        return;
    mv_native_close(native);
    while (native->units) {
        MvUnit *unit = native->units;
        native->units = unit->next;
        free(unit->resumes);
        free(unit);
    }
    if (native->space)
        mv_codespace_free(native->space);
    free_stack(vm);
    vm->ic_targets = NULL;
    free(native->targets);
    pthread_cond_destroy(&native->wake);
    pthread_mutex_destroy(&native->lock);
    free(native);
    vm->native = NULL;
}

static const char *stub_of(const MvNative *native, const MvCode *code)
{
    return native->stubs && code->simple_count < MV_NATIVE_EXACT_LIMIT
               ? mv_codespace_base(native->space) + native->stubs + MV_NATIVE_GRANULE * code->simple_count
               : NULL;
}

void mv_native_code_made(MvVM *vm, MvCode *code)
{
    MvNative *native = vm->native;
    mv_code_lend(code, MV_BUDGET_NEVER);
    if (native && native->mode != MV_JIT_MODE_OFF) {
        mv_code_lend(code, (int32_t)native->threshold);
        code->exact = stub_of(native, code);
    }
}

typedef struct Inside {
    MvVM *vm;
    const MvCode *code;
} Inside;

/* Whether a frame of the code is on the VM's stack: every call of native code has one. */
static bool is_inside(void *context, const char *start, const char *end)
{
    const Inside *asked = context;
    for (MvValue *base = asked->vm->base; base && base[MV_FRAME_CODE]; base = (MvValue *)base[MV_FRAME_CALLER])
        if ((const MvCode *)base[MV_FRAME_CODE] == asked->code)
            return true;
    return false;
}

/* Takes a unit off the list. */
static void unlist(MvVM *vm, uint32_t number)
{
    if (mv_codespace_unpublished(vm->native->space, number) == MV_CODE_OK)
        mv_codespace_unlist(vm->native->space, number);
}

/* Once no frame is inside, the unit is done with, and its batch's pages go away when all of it is. */
static bool bury(MvVM *vm, uint32_t number, const MvCode *code)
{
    Inside asked = {vm, code};
    return mv_codespace_quiesce(vm->native->space, number, is_inside, &asked) == MV_CODE_OK &&
           mv_codespace_quarantine(vm->native->space, number) == MV_CODE_OK;
}

/* Buries the units of the code that were taken back (NULL: of any code) where no frame is inside any more. */
static void bury_leaving(MvVM *vm, const MvCode *code)
{
    MvNative *native = vm->native;
    for (MvUnit *unit = native->units; native->leaving && unit; unit = unit->next)
        if (unit->leaving && (!code || unit->leaving == code) && bury(vm, unit->number, unit->leaving)) {
            unit->leaving = NULL;
            native->leaving--;
        }
}

/* What is left of a unit stays for the lists of what there was, bounded by the code limit. */
static void forget(MvUnit *unit)
{
    unit->code = NULL;
    free(unit->resumes);
    unit->resumes = NULL;
    unit->resume_count = 0;
    memset(unit->last, 0, sizeof unit->last);
}

void mv_native_take_back(MvVM *vm, MvCode *code)
{
    MvNative *native = vm->native;
    MvUnit *unit = code->unit;
    pthread_mutex_lock(&native->lock);
    code->unit = NULL;
    code->exact = stub_of(native, code);
    mv_code_lend(code, (int32_t)native->threshold);
    forget(unit);
    unlist(vm, unit->number);
    unit->leaving = code;
    native->leaving++;
    native->taken_back++;
    bury_leaving(vm, NULL);
    pthread_mutex_unlock(&native->lock);
}

void mv_native_code_died(MvVM *vm, MvCode *code)
{
    MvNative *native = vm->native;
    if (!native)
        return;
    pthread_mutex_lock(&native->lock);
    for (MvRequest *request = native->requests; request; request = request->next)
        if (request->code == code)
            request->code = NULL;
    for (MvRequest *request = native->running; request; request = request->next)
        if (request->code == code)
            request->code = NULL;
    for (MvUnit *unit = native->ready; unit; unit = unit->next)
        if (unit->code == code)
            unit->code = NULL;
    bury_leaving(vm, code);
    if (code->unit) {
        code->exact = NULL;
        forget(code->unit);
        unlist(vm, code->unit->number);
        bury(vm, code->unit->number, code);
        code->unit = NULL;
    }
    pthread_mutex_unlock(&native->lock);
}

/* ---- tiering up ---- */

void mv_native_hot(MvVM *vm, MvCode *code)
{
    MvNative *native = vm->native;
    mv_code_lend(code, code->unit ? 0 : MV_BUDGET_NEVER);
    if (!native || native->mode == MV_JIT_MODE_OFF || native->refused || __atomic_load_n(&native->full, __ATOMIC_RELAXED) || code->unit)
        return;
    if (MV_UNLIKELY(native->start_ns) && is_young(native)) {
        mv_code_lend(code, (int32_t)native->threshold);
        return;
    }
    if (!native->space && !open_space(native)) {
        native->refused = true;
        return;
    }
    if (!vm->own_stack)
        make_stack(vm);
    if (!mv_native_ask(vm, code))
        return;
    if (native->mode == MV_JIT_MODE_INLINE) {
        mv_native_publish(vm);
        if (code->unit)
            mv_code_lend(code, 0); /* the next back edge looks for the way in */
    }
}

void mv_native_publish(MvVM *vm)
{
    MvNative *native = vm->native;
    pthread_mutex_lock(&native->lock);
    MvUnit *unit = native->ready;
    native->ready = NULL;
    if (native->new_stubs) {
        native->stubs = native->new_stubs;
        native->new_stubs = 0;
        vm->ic_targets = native->targets;
        for (MvCode *code = vm->codes; code; code = code->next) {
            code->exact = stub_of(native, code);
            for (uint32_t s = 0; code->records && s < code->site_count; s++)
                mv_ic_aim(vm, &code->records[s]);
        }
    }
    char *region = native->space ? mv_codespace_base(native->space) : NULL;
    while (unit) {
        MvUnit *next = unit->next;
        MvCode *code = unit->code;
        unit->next = native->units;
        native->units = unit;
        if (code && mv_codespace_publish(native->space, unit->number) == MV_CODE_OK) {
            code->unit = unit;
            if (unit->exact)
                __atomic_store_n(&code->exact, region + unit->exact, __ATOMIC_RELEASE);
            mv_code_lend(code, 0);
            native->published++;
        } else { /* its code died before */
            unlist(vm, unit->number);
            bury(vm, unit->number, NULL);
        }
        unit = next;
    }
    bury_leaving(vm, NULL);
    pthread_mutex_unlock(&native->lock);
}
