/* The prototype's driver: a VM with a bump-allocated heap, the units' records, the clock and the checks.
 *
 * Usage: prototype richards|nbody ITERATIONS INNER; prints each iteration's CPU time in the form that programs/ use.
 *        prototype roots COUNT; compares nbody.c's root with pow.
 * It stands for the parts of the runtime that compiled code calls only on slow paths: refilling the bump space (lines
 * zeroed in advance, charged to the program), the log of the barrier, boxes for floats, polls. Nothing is collected:
 * the space is a ring, far larger than what the programs keep alive. */
#include "emit.h"
#include <time.h>

#define RING ((size_t)8 << 20)
#define STACK_WORDS 65536

const MvSingleton mv_singletons[5] = {
    {{MV_CLASS_BOOL, MV_GC_STATIC, MV_KIND_BOOL, 1}, 0},
    {{MV_CLASS_BOOL, MV_GC_STATIC, MV_KIND_BOOL, 1}, 1},
    {{MV_CLASS_NONE, MV_GC_STATIC, MV_KIND_NONE, 1}, 0},
};
MvpUnit mvp_units[UNIT_COUNT];
static uint8_t guest_list[MVP_GUEST_MASK + 1];
const uint8_t *const mvp_guest_list = guest_list;
static char *ring, *ring_next;

void mvp_deoptimise(const char *file, int line)
{
    fprintf(stderr, "%s:%d: a guard failed\n", file, line);
    exit(1);
}

void mvp_violation(void)
{
    fprintf(stderr, "the target of a call is not in the guest list\n");
    exit(86);
}

void mvp_poll(MvVM *vm)
{
    vm->poll = 0;
}

void *mv_heap_allocate_slow(MvVM *vm, size_t size)
{
    if (ring_next + MV_BLOCK_SIZE > ring + RING)
        ring_next = ring;
    memset(ring_next, 0, MV_BLOCK_SIZE);
    vm->cursor = ring_next + size;
    vm->limit = ring_next + MV_BLOCK_SIZE;
    ring_next += MV_BLOCK_SIZE;
    return vm->cursor - size;
}

void mv_heap_log(MvVM *vm, MvObject *object)
{
    object->gc &= (uint8_t)~MV_GC_OLD_CLEAN;
    vm->heap.log_count++;
}

MvValue mvp_box(MvVM *vm, double d)
{
    MvFloat *number = mv_allocate(vm, sizeof *number, MV_CLASS_FLOAT, MV_KIND_FLOAT, 0, 0);
    number->value = d;
    return mv_value(number);
}

void mvp_box_3(MvVM *vm, MvValue object, int index, double x, double y, double z)
{
    const double fields[] = {x, y, z};
    for (int i = 0; i < 3; i++) {
        MvValue word = mv_float_word(fields[i]);
        FIELD(object, index + i) = mv_is_float(word) ? word : mvp_box(vm, fields[i]);
    }
    mv_barrier(vm, mv_object(object));
}

MvValue mvp_enter(MvVM *vm, MvValue *base, int unit)
{
    base[MV_FRAME_FUNCTION] = mv_value(&mvp_units[unit].function);
    base[MV_FRAME_CODE] = (MvValue)&mvp_units[unit].code;
    base[MV_FRAME_CALLER] = 0;
    base[MV_FRAME_MODE] = MV_MODE_ENTRY;
    vm->base = base;
    return mvp_units[unit].entry(vm, base);
}

static void make_units(void)
{
    static const MvEntry entries[UNIT_COUNT] = {mvp_schedule, mvp_run,  mvp_idler,  mvp_worker, mvp_handler,
                                                mvp_device,   mvp_send, mvp_append, mvp_advance};
    static MvInstruction words[256];
    static MvValue constants[K_UNITS + 2 * UNIT_COUNT];
    constants[K_NONE] = MV_NONE;
    constants[K_FALSE] = MV_FALSE;
    constants[K_TRUE] = MV_TRUE;
    constants[K_WORDS] = (MvValue)words;
    for (int i = 0; i < UNIT_COUNT; i++) {
        MvpUnit *unit = &mvp_units[i];
        unit->entry = entries[i];
        unit->code.words = words;
        unit->code.constants = constants;
        unit->function.code = &unit->code;
        constants[K_UNITS + 2 * i] = mv_value(&unit->function);
        constants[K_UNITS + 2 * i + 1] = (MvValue)&unit->code;
        bool one = i == UNIT_SCHEDULE || i == UNIT_RUN;
        guest_list[(uintptr_t)entries[i] >> 4 & MVP_GUEST_MASK] = one ? MVP_CLASS_CALL1 : MVP_CLASS_CALL2;
    }
}

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "roots") == 0)
        return mvp_check_roots(atoi(argv[2]));
    bool richards = argc == 4 && strcmp(argv[1], "richards") == 0;
    if (!richards && !(argc == 4 && strcmp(argv[1], "nbody") == 0)) {
        fprintf(stderr, "usage: prototype richards|nbody ITERATIONS INNER\n");
        return 2;
    }
    MvVM *vm = calloc(1, sizeof *vm);
    MvValue *stack = calloc(STACK_WORDS, sizeof *stack);
    ring = ring_next = aligned_alloc(MV_BLOCK_SIZE, RING);
    if (!vm || !stack || !ring)
        return 2;
    vm->stack = stack;
    vm->stack_end = vm->stack_limit = stack + STACK_WORDS;
    vm->depth_limit = 1000;
    make_units();
    for (int i = 0, n = atoi(argv[2]), inner = atoi(argv[3]); i < n; i++) {
        int64_t start = cpu_ns();
        (richards ? mvp_richards : mvp_nbody)(vm, stack + MV_FRAME_HEADER_WORDS, inner);
        printf("%s: iteration %d %lld ns\n", richards ? "Richards" : "NBody", i, (long long)(cpu_ns() - start));
    }
    printf("%s: ok\n", richards ? "Richards" : "NBody");
    return 0;
}
