/* Code objects, inline-cache records, frames and generators: what the interpreter and native code share. */
#pragma once
#include "gen/opcodes.h"
#include "object.h"

typedef uint64_t MvInstruction; /* one word: u16 op, a, b, c (little-endian); see spec/opcodes.py */

typedef struct MvSiteInfo { /* read-only */
    uint32_t kind; /* MV_SITE_* */
    uint32_t name; /* constant index, 0xFFFFFFFF: none */
} MvSiteInfo;

typedef struct MvExceptionRange {
    uint32_t start, end, handler, reg;
} MvExceptionRange;

/* An inline-cache record, 32 bytes on writable data pages. Its head is emptied first and written last, by one store each: a hit in native code is one
 * load of it, a comparison of the guard and a shift by 48. */
typedef struct MvIcRecord {
    union {
        struct {
            uint32_t shape; /* guard: shape id of the receiver, MV_IC_APART in it where the kind is not what the site does in line (ic.h) */
            uint8_t kind;   /* MvIcKind */
            uint8_t site : 4;    /* MV_SITE_* of its site; 0 in entries of POLY records and in the megamorphic cache */
            uint8_t counter : 4; /* how often the site's record changed; stays at its greatest value */
            uint16_t offset; /* byte offset of the slot from the object, or entry index */
        };
        uint64_t head;
    };
    uint64_t w1;    /* new shape | cell | ... */
    uint64_t w2;    /* callee | holder */
    union {
        const char *target; /* of the site's branch in native code, where the strategy has one */
        uint64_t key; /* in the megamorphic cache: what the record answers, see ic.h */
    };
} MvIcRecord;
_Static_assert(sizeof(MvIcRecord) == 32 && offsetof(MvIcRecord, offset) == 6 && MV_SITE_KIND_COUNT <= 16, "IC record");

typedef struct MvInlined { /* word range of an inlined comprehension */
    uint32_t start, end;
    MvValue name;
    int64_t line;
} MvInlined;

typedef struct MvLocalName {
    MvValue name;
    uint32_t reg; /* 0x8000 | i: closure cell i */
    uint32_t is_cell;
} MvLocalName;

struct MvCode { /* its arrays live in pages of the loader, read-only once verified; the records in writable ones */
    MvObject h;
    const MvInstruction *words;
    const MvValue *constants;
    MvIcRecord *records;
    const MvSiteInfo *sites;
    uint32_t word_count, constant_count, site_count, register_count;
    uint32_t flags; /* MV_CODE_* */
    uint32_t parameter_count; /* positional + keyword-only, without *args and **kwargs: registers 0.. */
    uint16_t positional_only, positional, keyword_only, free_count;
    const MvExceptionRange *exceptions;
    uint32_t exception_count, local_count, inlined_count, first_line;
    const uint8_t *positions;
    uint32_t position_bytes;
    int32_t budget; /* calls and back edges until the compiler is asked, or until its code is looked for (native.h) */
    uint32_t simple_count; /* parameter_count if that many positional arguments need no binding at all, else UINT32_MAX */
    uint32_t lent; /* sum of all budgets: less what is left, the calls and back edges that the interpreter counted (calling.h) */
    MvValue name, qualname;
    const MvValue *parameter_names; /* positional, keyword-only, *args, **kwargs */
    const MvLocalName *locals;
    const uint32_t *free_sources; /* 0x8000 | i: closure cell i of the enclosing function, else its register */
    const MvValue *free_names;
    const MvInlined *inlined;
    const MvValue *variables;       /* in groups: the function's own, of co_varnames those behind the parameters; then each inlined comprehension's */
    const uint32_t *variable_ends;  /* of each group */
    uint32_t variable_groups, captured_count;
    struct MvModule *module;  /* for the file name; the globals come from the function */
    MvCode *next;             /* all code objects of the VM */
    void *image;              /* the loader's block that holds the arrays */
    const char *exact;        /* where native callers with simple_count arguments go: its unit, or a stub; NULL: no native code yet */
    struct MvUnit *unit;      /* its native code, or NULL */
    const MvValue *captured;  /* co_cellvars, captured_count of them */
    uint32_t slot_hint; /* distinct attributes that the code stores on its register 0 */
    uint32_t cold_site;       /* the place that counts for native code that is not warm yet: its words behind the code's start; 0: none yet */
};

MV_INLINE void mv_code_lend(MvCode *code, int32_t budget)
{
    code->lent += (uint32_t)budget - (uint32_t)code->budget;
    code->budget = budget;
}

/* Frame header words, below base. */
enum {
    MV_FRAME_FUNCTION = -5, /* MvValue: the callee (for native callers and tracebacks) */
    MV_FRAME_CODE = -4,     /* raw MvCode * */
    MV_FRAME_CALLER = -3,   /* raw MvValue *: base of the caller's frame; NULL: entered from C */
    MV_FRAME_PC = -2,       /* raw const MvInstruction *: where this frame resumes, saved when it calls */
    MV_FRAME_MODE = -1,     /* MvFrameMode as a small int, or the instance under construction (pointer-tagged) */
};
_Static_assert(MV_FRAME_HEADER_WORDS == 5, "frame header");
typedef enum {
    MV_MODE_CALL = 0,            /* result goes to the register that the caller's call instruction names */
    MV_MODE_ENTRY = 4,           /* result goes back to C */
    MV_MODE_GENERATOR = 8,       /* the frame of a running generator, resumed by FOR_NEXT of the caller; its FUNCTION word is the generator */
    MV_MODE_GENERATOR_ENTRY = 12, /* the same, resumed from C */
    MV_MODE_OPERATOR = 16,       /* of a method that does the caller's instruction, whose opcode tells what becomes of the result (operate.c) */
    MV_MODE_COMPARE = 20,        /* the same for comparisons, which count the depth once more: while this frame is there, as its caller's level */
    MV_MODE_REFLECTED = 24,      /* as OPERATOR; the right operand's method, after the left one had none or declined: the operands are swapped */
    MV_MODE_INPLACE = 28,        /* as OPERATOR; the method of an augmented assignment (__iadd__) */
    MV_MODE_DELEGATE = 32,       /* as GENERATOR, resumed by YIELD_FROM of a generator of native code: what it yields the caller yields. Whoever pops
                                    the frame for good clears the caller's delegate */
    MV_MODE_CALLED = 36          /* as CALL, of __call__ of the instance that is called */
} MvFrameMode;
/* Does the frame's method do an instruction of its caller? */
#define MV_MODE_OPERATES(mode) ((MvValue)(mode) - MV_MODE_OPERATOR <= MV_MODE_INPLACE - MV_MODE_OPERATOR)
/* Does the call of a class or of an instance, by which the frame is there, have a level beside the frame's? INV-frame-1: both are in vm->depth as long as
 * the frame is there. Whoever pops it for the interpreter takes both away, in native code the frame its own and its caller the call's. */
#define MV_MODE_IS_CALLED(mode) (mv_is_pointer(mode) || (mode) == MV_MODE_CALLED)

typedef struct MvExcState { /* a level of "the exception being handled": the VM's bottom one, then one for each running generator */
    MvValue exception; /* or None */
    struct MvExcState *previous;
} MvExcState;

struct MvGenerator {
    MvObject h;
    MvFunction *function;
    MvCode *code;
    MvStore *registers; /* while suspended: the frame's registers */
    const MvInstruction *pc;
    MvValue *base;      /* while running */
    MvExcState exc;     /* MvExcState.exception: what it is handling */
    MvValue name, qualname;
    MvValue delegate;   /* the iterator of a pending yield from, or None */
    uint32_t state;     /* MvGeneratorState */
    uint32_t pad;
};
enum { MV_GEN_CREATED, MV_GEN_SUSPENDED, MV_GEN_RUNNING, MV_GEN_DONE }; /* MvGeneratorState */
