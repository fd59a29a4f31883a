/* What the optimizing compiler would emit again and again, as macros over the runtime's own headers.
 *
 * richards.c and nbody.c are written with these; main.c runs them. A "compiled function" is an MvEntry: its arguments
 * stand in the registers of its frame on the VM stack, its result comes back in a machine register. MVP_COMPILED
 * keeps gcc from seeing across such functions, as the compiler of one unit could not. INV-prototype-1: no Mini value
 * that a program's variable holds lives across a real call anywhere but in the frame; it is stored before and loaded
 * again after, and its shape is guarded again. Each MVP_NO_... leaves one element of the layout out, unsafely, so
 * that run.py --elements can tell what it costs. */
#pragma once
#include "alloc.h"
#include "ic.h"
#include <stdio.h>
#include <stdlib.h>

typedef MvValue (*MvEntry)(MvVM *vm, MvValue *base);
#define MVP_COMPILED __attribute__((noipa, aligned(16)))

/* A failed guard leaves for the interpreter; here it ends the process, for the programs never fail one. */
_Noreturn MV_COLD void mvp_deoptimise(const char *file, int line);
#define GUARD(condition)                                 \
    do {                                                 \
        if (MV_UNLIKELY(!(condition)))                   \
            mvp_deoptimise(__FILE__, __LINE__);          \
    } while (0)

/* Shape ids. Far apart, for a compiler may not count on ids that gcc could test as a range or a bit set. */
enum {
    SHAPE_KERNEL = 211,
    SHAPE_PACKET = 1033,
    SHAPE_STATE = 5003,
    SHAPE_IDLER = 307,
    SHAPE_WORKER = 4099,
    SHAPE_HANDLER = 2503,
    SHAPE_DEVICE = 691,
    SHAPE_BODY = 1511,
};

/* ---- fields ---- */
#define OFFSET(index) (sizeof(MvObject) + 8 * (index)) /* inline slot of an instance, as MvShape.slot_base counts */
_Static_assert(sizeof(MvObject) == 8, "the slots of an instance follow an 8-byte header");
#define FIELD(object, index) (*(MvValue *)((object) - MV_TAG_POINTER + OFFSET(index)))
#define SHAPE(object) (*(uint32_t *)((object) - MV_TAG_POINTER + offsetof(MvObject, shape)))
#ifdef MVP_NO_SHAPES
#define GUARD_SHAPE(object, id) ((void)0)
#else
#define GUARD_SHAPE(object, id) GUARD(mv_is_pointer(object) && SHAPE(object) == (id))
#endif

/* `object.field = value` for a value of unknown type; STORE_PLAIN where the compiler knows a number or a singleton. */
#ifdef MVP_NO_BARRIER
#define STORE(vm, object, index, value) (FIELD(object, index) = (value))
#else
#define STORE(vm, object, index, value) mv_store(vm, mv_object(object), &FIELD(object, index), value)
#endif
#define STORE_PLAIN(object, index, value) (FIELD(object, index) = (value))

/* ---- ints: tagged in registers, so that the overflow flag is the 62-bit check ---- */
#ifdef MVP_NO_INT_CHECKS
#define GUARD_INT(v) ((void)0)
#define mvp_add(a, b) ((a) + (b))
#else
#define GUARD_INT(v) GUARD(mv_is_int(v))
MV_INLINE MvValue mvp_add(MvValue a, MvValue b)
{
    int64_t r;
    GUARD(!__builtin_add_overflow((int64_t)a, (int64_t)b, &r));
    return (MvValue)r;
}
#endif
#define INT(i) mv_from_fixnum(i)

/* ---- lists ---- */
#define GUARD_LIST(v) GUARD_SHAPE(v, MV_CLASS_LIST)
/* The place of an item; a negative index leaves too. */
MV_INLINE MvValue *mvp_item(MvValue list, MvValue index)
{
    GUARD((uint64_t)(index >> 2) < (uint64_t)MV_CAST(MvList, list)->length && (int64_t)index >= 0);
    return &MV_CAST(MvList, list)->items[index >> 2];
}

/* ---- floats: a field's word to a double and back ---- */
/* The slow paths: heap floats where words do not hold the values. */
MV_COLD MvValue mvp_box(MvVM *vm, double d);
MV_COLD void mvp_box_3(MvVM *vm, MvValue object, int index, double x, double y, double z);
#ifdef MVP_NO_FLOAT_WORDS /* fields hold bare doubles */
#define WORD mv_double_bits
#define FLOAT_BIAS() ((void)0)
#define mvp_double mv_bits_double
#define mvp_store_double(vm, object, index, d) (FIELD(object, index) = mv_double_bits(d))
#define GUARD_FLOATS(words) ((void)0)
#define mvp_bare mv_bits_double
#define mvp_store_3_doubles(vm, object, index, x, y, z)              \
    (mvp_store_double(vm, object, index, x), mvp_store_double(vm, object, (index) + 1, y), \
     mvp_store_double(vm, object, (index) + 2, z))
#else
#define WORD mv_float_word
/* mv_word_double and mv_float_word with the bias in a register for both directions; gcc would load two constants. */
#define FLOAT_BIAS() uint64_t bias = (uint64_t)3 << 60; __asm__("" : "+r"(bias))
MV_INLINE double mvp_decode(uint64_t bias, MvValue v)
{
    GUARD(mv_is_float(v)); /* a heap float leaves for a slow path */
    return mv_bits_double((v >> 3 | v << 61) - bias);
}
#define mvp_double(v) mvp_decode(bias, v)
MV_INLINE void mvp_encode(uint64_t bias, MvVM *vm, MvValue object, int index, double d)
{
    uint64_t u = mv_double_bits(d) + bias;
    MvValue word = u << 3 | u >> 61;
    if (MV_UNLIKELY(!mv_is_float(word))) { /* before the store: the collector must not meet such a word */
        word = mvp_box(vm, d);
        mv_barrier(vm, mv_object(object));
    }
    FIELD(object, index) = word;
}
#define mvp_store_double(vm, object, index, d) mvp_encode(bias, vm, object, index, d)
/* The tests of several fields as one, by the conjunction of their words. */
#define GUARD_FLOATS(words) GUARD(mv_is_float(words))
#define mvp_bare(v) mv_bits_double(((v) >> 3 | (v) << 61) - bias)
MV_INLINE void mvp_encode_3(uint64_t bias, MvVM *vm, MvValue object, int index, double x, double y, double z)
{
    uint64_t ux = mv_double_bits(x) + bias, uy = mv_double_bits(y) + bias, uz = mv_double_bits(z) + bias;
    MvValue wx = ux << 3 | ux >> 61, wy = uy << 3 | uy >> 61, wz = uz << 3 | uz >> 61;
    if (MV_UNLIKELY(!mv_is_float(wx & wy & wz))) {
        mvp_box_3(vm, object, index, x, y, z);
        return;
    }
    FIELD(object, index) = wx;
    FIELD(object, index + 1) = wy;
    FIELD(object, index + 2) = wz;
}
#define mvp_store_3_doubles(vm, object, index, x, y, z) mvp_encode_3(bias, vm, object, index, x, y, z)
#endif

/* ---- polls, units ---- */
MV_COLD void mvp_poll(MvVM *vm);
#ifdef MVP_NO_POLLS
#define POLL(vm) ((void)0)
#else
#define POLL(vm)                         \
    do {                                 \
        if (MV_UNLIKELY((vm)->poll))     \
            mvp_poll(vm);                \
    } while (0)
#endif

/* What stands behind a code object once it is compiled: data pages that native code reads. */
typedef struct MvpUnit {
    volatile uint8_t invalid; /* set when an assumption breaks: tested after calls and at polls */
    MvEntry volatile entry;   /* loaded at each call, as a call of another unit must */
    MvCode code;
    MvFunction function;
} MvpUnit;
extern MvpUnit mvp_units[];
#define GUARD_VALID(unit) GUARD(!mvp_units[unit].invalid)

/* Constants of the function that runs; singletons are constants too, for compiled code holds no addresses. */
#define CONSTANTS() (((const MvCode *)base[MV_FRAME_CODE])->constants)
enum { /* the constants that every prototype function has; two for each unit it may call follow */
    K_NONE,
    K_FALSE,
    K_TRUE,
    K_WORDS, /* of its own bytecode, for the PC word */
    K_UNITS, /* pairs {function, code} by unit */
};
#define NONE k[K_NONE]
#define FALSE k[K_FALSE]
#define TRUE k[K_TRUE]
#define TRUTH(v) ({ MvValue truth = (v); GUARD(truth == TRUE || truth == FALSE); truth == TRUE; })

/* The guest list: class id per 16-byte granule of code. */
#define MVP_GUEST_MASK 0x3FFFF
extern const uint8_t *const mvp_guest_list;
enum { MVP_CLASS_CALL1 = 7, MVP_CLASS_CALL2 };
_Noreturn MV_COLD void mvp_violation(void);

/* A real call: arguments are in newbase[0..]; writes the header, checks both limits and the target, and tests the
 * result. */
MV_INLINE MvValue mvp_call(MvVM *vm, MvValue *base, MvValue *newbase, const MvValue *k, int caller, int callee,
                           int class, int register_count, int word)
{
#ifndef MVP_NO_LIMITS
    GUARD(newbase + register_count < vm->stack_limit);
    GUARD(vm->depth < vm->depth_limit);
    vm->depth++;
#endif
#ifndef MVP_NO_HEADERS
    base[MV_FRAME_PC] = k[K_WORDS] + (MvValue)word * sizeof(MvInstruction);
    newbase[MV_FRAME_FUNCTION] = k[K_UNITS + 2 * callee];
    newbase[MV_FRAME_CALLER] = (MvValue)base;
    newbase[MV_FRAME_MODE] = MV_MODE_CALL;
    vm->base = newbase;
#endif
    newbase[MV_FRAME_CODE] = k[K_UNITS + 2 * callee + 1]; /* where the callee finds its constants */
    MvEntry entry = mvp_units[callee].entry;
#ifndef MVP_NO_GUEST_LIST
    uintptr_t at = (uintptr_t)entry;
    if (MV_UNLIKELY((at & 15) || mvp_guest_list[at >> 4 & MVP_GUEST_MASK] != class))
        mvp_violation();
#endif
    MvValue result = entry(vm, newbase);
#ifndef MVP_NO_HEADERS
    vm->base = base;
#endif
#ifndef MVP_NO_LIMITS
    vm->depth--;
#endif
    GUARD(result != MV_EXC);
    GUARD_VALID(caller);
    return result;
}
/* First argument of a call whose window starts at register w: behind callee, header (and slot for self). */
#define WINDOW(w) (base + (w) + MV_WINDOW_SELF)

enum {
    UNIT_SCHEDULE,
    UNIT_RUN,
    UNIT_IDLER,
    UNIT_WORKER,
    UNIT_HANDLER,
    UNIT_DEVICE,
    UNIT_SEND,
    UNIT_APPEND,
    UNIT_ADVANCE,
    UNIT_COUNT
};
MvValue mvp_schedule(MvVM *vm, MvValue *base);
MvValue mvp_run(MvVM *vm, MvValue *base);
MvValue mvp_idler(MvVM *vm, MvValue *base);
MvValue mvp_worker(MvVM *vm, MvValue *base);
MvValue mvp_handler(MvVM *vm, MvValue *base);
MvValue mvp_device(MvVM *vm, MvValue *base);
MvValue mvp_send(MvVM *vm, MvValue *base);
MvValue mvp_append(MvVM *vm, MvValue *base);
MvValue mvp_advance(MvVM *vm, MvValue *base);

/* Called by main.c: runs the program `inner` times or steps and checks the result. */
void mvp_richards(MvVM *vm, MvValue *base, int inner);
void mvp_nbody(MvVM *vm, MvValue *base, int inner);
int mvp_check_roots(int count); /* status of the process */
/* Calls a compiled function from C. */
MvValue mvp_enter(MvVM *vm, MvValue *base, int unit);
