/* What the files of helpers (native_ops.c, native_calls.c) are written in: operands of the instruction, the ways to return.
 *
 * Convention: helper(vm, base, next), next being the index of the word behind the instruction. The helper saves it in the frame, reads the operands
 * from the instruction, writes the registers itself and returns a word of MvStep; helpers that return a value say so. The handlers of interp*.c
 * are the other side of the same semantics: tests run both in lockstep. */
#pragma once
#include "ic.h"
#include "native_leave.h"
#include "native_ops.h"

#define A ((uint16_t)(insn >> 16))
#define B ((uint16_t)(insn >> 32))
#define C ((uint16_t)(insn >> 48))
#define BC ((uint32_t)(insn >> 32))
#define IMM_B ((int16_t)(insn >> 32))
#define IMM_C ((int16_t)(insn >> 48))
#define RA base[A]
#define RB base[B]
#define RC base[C]
#define SITE ((uint32_t)ext)
#define FLAG_D ((uint16_t)(ext >> 32))
#define FLAG_E ((uint16_t)(ext >> 48))
#define OPCODE ((uint16_t)insn)
#define CONSTANTS code->constants
#define RECORD (&code->records[SITE])
#define SITE_NAME code->constants[code->sites[SITE].name]

#define HELPER(name, ...)                                                                                                     \
    uint64_t mv_native_##name(MvVM *vm, MvValue *base, uint64_t next)                                                         \
    {                                                                                                                         \
        MvCode *code = (MvCode *)base[MV_FRAME_CODE];                                                                         \
        const MvInstruction *pc = code->words + next;                                                                         \
        base[MV_FRAME_PC] = (MvValue)pc;                                                                                      \
        __VA_ARGS__                                                                                                           \
    }
#define OP(name, ...)                                                                                                         \
    HELPER(name, {                                                                                                            \
        const uint64_t insn = pc[-1];                                                                                         \
        (void)insn;                                                                                                           \
        __VA_ARGS__                                                                                                           \
    })
#define OP2(name, ...)                                                                                                        \
    HELPER(name, {                                                                                                            \
        const uint64_t insn = pc[-2], ext = pc[-1];                                                                           \
        (void)insn, (void)ext;                                                                                                \
        __VA_ARGS__                                                                                                           \
    })
/* Where the function takes the operands (three words, of which `count` are some) as they are, its call does the instruction (native_operate.c); else
 * goes on. */
#define OPERATE(mode, function, count, first, second, third)                                                                  \
    do {                                                                                                                      \
        uint64_t operated = mv_native_operate(vm, base, function, mode, count, first, second, third);                         \
        if (MV_LIKELY(operated != MV_STEP_OTHER))                                                                             \
            return operated;                                                                                                  \
    } while (0)
/* May the value's class be one of the program's? */
#define OF_PROGRAM(value) (mv_is_pointer(value) && mv_object(value)->shape >= MV_CLASS_COUNT)
#define SET_A(expression)                                                                                                     \
    do {                                                                                                                      \
        MvValue set_a = (expression);                                                                                         \
        if (MV_UNLIKELY(set_a == MV_EXC))                                                                                     \
            return MV_STEP_RAISED;                                                                                            \
        RA = set_a;                                                                                                           \
        return MV_STEP_DONE;                                                                                                  \
    } while (0)
/* Before what may run Mini code by recursion in C: where the native stack is used up, the interpreter does the instruction, which needs none. */
#define NEEDS_ROOM(words)                                                                                                     \
    if (MV_UNLIKELY(!mv_native_has_room(vm)))                                                                                 \
        return mv_native_leave(vm, base, pc - (words));
#define CHECKED(condition) return (condition) ? MV_STEP_DONE : MV_STEP_RAISED
