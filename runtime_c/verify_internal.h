/* What the two halves of the verifier share: verify.c (form of each instruction) and verify_flow.c (state of each
 * register). */
#pragma once
#include "protocol.h"
#include "verify.h"

typedef struct MvOpRow { /* operand kinds MV_OPERAND_*, flags MV_OPFLAG_* */
    uint8_t words, a, b, c, bc, site, d, e, de, flags;
    const char *name;
} MvOpRow;
extern const MvOpRow mv_op_rows[MV_OPCODE_COUNT];

typedef struct MvVerifier {
    MvVM *vm;
    MvCode *code;
    char *error;
    size_t error_size;
    uint8_t *marks;       /* for each word: MV_MARK_* */
    uint32_t word;        /* of the instruction being looked at; UINT32_MAX: none */
    uint64_t scratch;     /* bytes accounted */
    struct MvScratch *blocks;
} MvVerifier;
enum {
    MV_MARK_START = 1, /* an instruction begins here */
    MV_MARK_LABEL = 2, /* and control may come from elsewhere than the instruction before it */
};

/* Fields of an instruction. */
typedef struct MvFields {
    const MvOpRow *row;
    uint32_t op, a, b, c, bc;
    uint32_t site, d, e, de; /* 0 in one-word instructions */
} MvFields;

MV_INLINE MvFields mv_fields(const MvCode *code, uint32_t word)
{
    MvInstruction first = code->words[word];
    MvFields f = {.op = first & 0xFFFF, .a = (first >> 16) & 0xFFFF, .b = (first >> 32) & 0xFFFF,
                  .c = (uint32_t)(first >> 48), .bc = (uint32_t)(first >> 32)};
    f.row = &mv_op_rows[f.op];
    if (f.row->words == 2) {
        MvInstruction second = code->words[word + 1];
        f.site = (uint32_t)second;
        f.d = (second >> 32) & 0xFFFF;
        f.e = (uint32_t)(second >> 48);
        f.de = (uint32_t)(second >> 32);
    }
    return f;
}

/* Target of the jump, which has one. */
MV_INLINE int64_t mv_jump_target(const MvFields *f, uint32_t word)
{
    return (int64_t)word + f->row->words + (int32_t)(f->row->bc == MV_OPERAND_JUMP ? f->bc : f->de);
}
MV_INLINE bool mv_has_jump(const MvOpRow *row) { return row->bc == MV_OPERAND_JUMP || row->de == MV_OPERAND_JUMP; }

/* Registers in the run that starts at operand a (UNPACK, ...) or b; MAKE_FUNCTION's without its cells. */
MV_INLINE uint32_t mv_run_length(const MvFields *f)
{
    if (f->op == MV_OP_UNPACK_STAR)
        return (f->c & 255) + 1 + (f->c >> 8);
    if (f->op == MV_OP_MAKE_FUNCTION)
        return (uint32_t)__builtin_popcount(f->c & 7);
    return f->c;
}

__attribute__((format(printf, 2, 3))) bool mv_verify_refuse(MvVerifier *v, const char *format, ...); /* always false */
/* Zeroed scratch memory that counts against the limit and goes when the code object is done; NULL: raised. */
void *mv_verify_scratch(MvVerifier *v, size_t bytes);
bool mv_verify_flow(MvVerifier *v);
