/* Native code of the VM: units, the way in, what the interpreter asks. Layout and conventions: vm/minivm/spec/native.py.
 *
 * A unit is the code of one function. It lies in the code space (codespace.h) and becomes reachable by two stores of the mutator, at a poll:
 * code->exact (what native callers jump to) and code->unit (what C enters). INV-native-1: both only ever hold listed entries; whoever branches
 * there checks the guest list all the same, because they lie in writable memory.
 * INV-native-2: frames that run in native code have mode ENTRY or GENERATOR_ENTRY, the instance that is made or CALLED, or (native_operate.c) OPERATOR or
 * COMPARE, or (native_generate.c) GENERATOR or DELEGATE: what they return goes to native code or to C. */
#pragma once
#include "gen/native.h"
#include "interp.h"
#include "mv_api.h"

typedef struct MvResume { /* where a frame can be continued: word index -> offset in the region */
    uint32_t word, at;
} MvResume;

enum { MV_UNIT_LAST = 4 }; /* generators have several yields, resumed in turn */

typedef struct MvUnit {
    struct MvUnit *next;
    MvCode *code;       /* NULL: its code object died, or the unit was taken back */
    const MvCode *leaving; /* of a unit that was taken back while frames are inside; they leave at their next poll */
    uint32_t number;    /* of the code space */
    uint64_t request;   /* its request's number */
    uint32_t at, size;  /* in the region */
    uint32_t bound, exact; /* entries */
    uint32_t resume_count;
    MvResume *resumes;  /* by word, ascending */
    MvResume last[MV_UNIT_LAST]; /* what mv_native_resume_at gave last, by the low bits of the word; only the mutator asks */
} MvUnit;

struct MvNative;

/* Tier-up by counting: calls and back edges count code->budget down; at 0 the slow path below decides. */
#define MV_BUDGET_NEVER INT32_MAX

bool mv_native_init(MvVM *vm, const MvConfig *config);
void mv_native_free(MvVM *vm);
/* A new code object: its budget, and where native callers go meanwhile. */
void mv_native_code_made(MvVM *vm, MvCode *code);
/* A code object is about to be swept. */
void mv_native_code_died(MvVM *vm, MvCode *code);
/* The code has no unit any more; frames that are inside leave at their next poll. Native callers go to the stub. */
void mv_native_take_back(MvVM *vm, MvCode *code);
/* The budget of the code is used up: asks for its compilation, once. */
MV_COLD void mv_native_hot(MvVM *vm, MvCode *code);
/* At a poll of the mutator: publishes what was compiled meanwhile. */
MV_COLD void mv_native_publish(MvVM *vm);

/* Starts the frame at base, whose header is complete and whose depth is counted, at its unit's bound entry. The result as of mv_interpret_frame. */
MvValue mv_native_run(MvVM *vm, MvValue *base, uint32_t at);
/* The same for the interpreter, which takes over what is left (native_leave.h), or continuing it at a way in; base's mode is ENTRY or GENERATOR_ENTRY. */
MvValue mv_native_try(MvVM *vm, MvValue *base, uint32_t at, bool resuming);
/* For helpers, which native code called: calls the frame as native code calls, by its code's exact entry. The header is written, the depth is not counted,
 * its code takes `count` arguments as they are. EXC: an exception, or the frames are being left (native_leave.h). */
MvValue mv_native_call(MvVM *vm, MvValue *base, uint32_t count);
/* The same by its unit's bound entry, for a frame that is complete and counted. */
MvValue mv_native_call_bound(MvVM *vm, MvValue *base, uint32_t at);
/* Continues a generator's frame at a way in of its unit. */
MvValue mv_native_continue(MvVM *vm, MvValue *base, uint32_t at);
/* The entry for continuing at `word`, or 0. */
uint32_t mv_native_find_resume(MvUnit *unit, uint32_t word);
MV_INLINE uint32_t mv_native_resume_at(MvUnit *unit, uint32_t word)
{
    const MvResume *last = &unit->last[word % MV_UNIT_LAST];
    return MV_LIKELY(last->word == word && last->at) ? last->at : mv_native_find_resume(unit, word);
}

/* Counters as lines of mv_vm_stats; their length. */
size_t mv_native_stats(MvVM *vm, char *text, size_t size);

/* The program counter that a frame saved: a pointer, or (by native callers) a word index. */
MV_INLINE const MvInstruction *mv_frame_pc(const MvValue *base)
{
    MvValue pc = base[MV_FRAME_PC];
    return pc <= UINT32_MAX ? ((const MvCode *)base[MV_FRAME_CODE])->words + pc : (const MvInstruction *)pc;
}
