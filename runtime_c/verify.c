/* The form of code objects: everything about an instruction that does not depend on how control reached it.
 *
 * Proven here: opcodes are known and instructions whole; registers, runs, windows, constants, sites and closure
 * indices exist; constants and sites have the type that their row reads, unused fields are zero; jumps lead to
 * instruction starts and go backward only in rows that poll, and exceptions lead forward (INV-verify-2: so each loop
 * polls); control cannot run off the end; exception ranges, inlined ranges, positions and local names are
 * well-formed; flags make sense together. Table-driven: the operand kinds of MV_OPCODE_ROWS say what each field is;
 * rows with rules of their own are in check_special(). What registers hold is proven in verify_flow.c, with the
 * marks made here.
 *
 * Not proven, because the interpreter checks it when it happens: types of values in general, cells without value,
 * window callees, and what BUILD_CLASS, CALL_EX and imports are given, as far as verify_flow.c says nothing of it. */
#include "verify_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_WORDS ((uint32_t)1 << 24)
#define NO_NAME UINT32_MAX
enum {
    KNOWN_FLAGS = MV_CODE_VARARGS | MV_CODE_VARKEYWORDS | MV_CODE_GENERATOR | MV_CODE_CLASS_BODY | MV_CODE_MODULE |
                  MV_CODE_NESTED | MV_CODE_FUTURE_ANNOTATIONS | MV_CODE_METHOD | MV_CODE_LOCALS_VISIBLE,
};

const MvOpRow mv_op_rows[MV_OPCODE_COUNT] = {
#define ROW(NAME, words, a, b, c, bc, site, d, e, de, flags) {words, a, b, c, bc, site, d, e, de, flags, #NAME},
    MV_OPCODE_ROWS(ROW)
#undef ROW
};

struct MvScratch {
    struct MvScratch *next;
    uint64_t alignment;
};

void *mv_verify_scratch(MvVerifier *v, size_t bytes)
{
    bytes += sizeof(struct MvScratch);
    struct MvScratch *block = mv_heap_account_external(v->vm, (int64_t)bytes) ? calloc(1, bytes) : NULL;
    if (!block) {
        mv_memory_error(v->vm);
        return NULL;
    }
    v->scratch += bytes;
    block->next = v->blocks;
    v->blocks = block;
    return block + 1;
}

static void free_scratch(MvVerifier *v)
{
    for (struct MvScratch *block = v->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    mv_heap_account_external(v->vm, -(int64_t)v->scratch);
}

bool mv_verify_refuse(MvVerifier *v, const char *format, ...)
{
    char name[80], reason[160];
    const MvStr *s = MV_CAST(MvStr, v->code->qualname);
    size_t n = 0;
    for (int64_t i = 0; i < s->length && n < sizeof name - 1; i++) {
        uint32_t c = mv_str_char(s, i);
        name[n++] = c >= 32 && c < 127 ? (char)c : '?';
    }
    name[n] = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (v->word == UINT32_MAX)
        snprintf(v->error, v->error_size, "code %s: %s", name, reason);
    else
        snprintf(v->error, v->error_size, "code %s, word %u: %s", name, v->word, reason);
    return false;
}

/* ---- constants and names ---- */

/* Names are compared by identity: interning them is the last change before the arrays are sealed. */
static bool intern_constant(MvVerifier *v, const MvValue *slot, MvTuple *container)
{
    if (MV_CAST(MvStr, *slot)->h.aux & MV_STR_INTERNED)
        return true;
    MvValue name = mv_intern(v->vm, *slot);
    if (name == MV_EXC)
        return false;
    if (container)
        mv_store(v->vm, container, (MvValue *)slot, name);
    else
        *(MvValue *)slot = name;
    return true;
}

static bool check_name(MvVerifier *v, uint32_t index)
{
    const MvCode *code = v->code;
    if (index >= code->constant_count)
        return mv_verify_refuse(v, "constant %u does not exist", index);
    if (!mv_is_kind(code->constants[index], MV_KIND_STR))
        return mv_verify_refuse(v, "constant %u is not a name", index);
    return intern_constant(v, &code->constants[index], NULL);
}

/* The keyword names of a call with n arguments. */
static bool check_keyword_names(MvVerifier *v, uint32_t index, uint32_t n)
{
    const MvCode *code = v->code;
    if (index >= code->constant_count)
        return mv_verify_refuse(v, "constant %u does not exist", index);
    if (!mv_is_kind(code->constants[index], MV_KIND_TUPLE))
        return mv_verify_refuse(v, "constant %u is not a tuple of names", index);
    MvTuple *names = MV_CAST(MvTuple, code->constants[index]);
    if (names->length == 0 || names->length > n)
        return mv_verify_refuse(v, "%lld keyword names for %u arguments", (long long)names->length, n);
    for (int64_t i = 0; i < names->length; i++) {
        if (!mv_is_kind(names->items[i], MV_KIND_STR))
            return mv_verify_refuse(v, "constant %u is not a tuple of names", index);
        if (!intern_constant(v, &names->items[i], names))
            return false;
    }
    return true;
}

static bool check_constant(MvVerifier *v, const MvFields *f, uint32_t index)
{
    const MvCode *code = v->code;
    if (f->op != MV_OP_LOAD_CONST)
        return check_name(v, index);
    if (index >= code->constant_count)
        return mv_verify_refuse(v, "constant %u does not exist", index);
    if (mv_is_kind(code->constants[index], MV_KIND_CODE))
        return mv_verify_refuse(v, "constant %u is code and cannot be loaded", index);
    return true;
}

static bool check_site(MvVerifier *v, const MvFields *f, uint8_t *used)
{
    const MvCode *code = v->code;
    if (f->site >= code->site_count)
        return mv_verify_refuse(v, "site %u does not exist", f->site);
    const MvSiteInfo *site = &code->sites[f->site];
    if (site->kind != f->row->site)
        return mv_verify_refuse(v, "site %u has kind %u, not %u", f->site, site->kind, f->row->site);
    if (used[f->site])
        return mv_verify_refuse(v, "site %u is used twice", f->site);
    used[f->site] = 1;
    switch (f->row->site) {
    case MV_SITE_ATTR: case MV_SITE_STORE_ATTR: case MV_SITE_METHOD: case MV_SITE_GLOBAL: case MV_SITE_STORE_GLOBAL:
    case MV_SITE_SUPER:
        return check_name(v, site->name);
    }
    if (f->op == MV_OP_CALL_KW)
        return check_keyword_names(v, site->name, f->b);
    if (site->name != NO_NAME)
        return mv_verify_refuse(v, "site %u has a name that nothing reads", f->site);
    return true;
}

/* ---- operands ---- */

static bool check_registers(MvVerifier *v, uint32_t first, uint32_t count)
{
    if (first + count <= v->code->register_count)
        return true;
    if (count == 1)
        return mv_verify_refuse(v, "register %u does not exist", first);
    return mv_verify_refuse(v, "registers %u to %u do not exist", first, first + count - 1);
}

static bool check_jump(MvVerifier *v, const MvFields *f)
{
    int64_t target = mv_jump_target(f, v->word);
    if (target < 0 || target >= v->code->word_count || !(v->marks[target] & MV_MARK_START))
        return mv_verify_refuse(v, "jump to word %lld, where no instruction starts", (long long)target);
    if (target <= v->word && !(f->row->flags & MV_OPFLAG_POLL))
        return mv_verify_refuse(v, "%s jumps backward", f->row->name);
    v->marks[target] |= MV_MARK_LABEL;
    return true;
}

static bool check_operand(MvVerifier *v, const MvFields *f, int kind, uint32_t value)
{
    switch (kind) {
    case MV_OPERAND_UNUSED:
        return value == 0 || mv_verify_refuse(v, "an unused field of %s is not zero", f->row->name);
    case MV_OPERAND_READ_OPTIONAL:
        return value == MV_NO_REGISTER || check_registers(v, value, 1);
    case MV_OPERAND_WRITE: case MV_OPERAND_READ: case MV_OPERAND_READ_MAYBE: case MV_OPERAND_READ_WRITE:
    case MV_OPERAND_WRITE_MAYBE: case MV_OPERAND_CELL: case MV_OPERAND_MAKE_CELL:
        return check_registers(v, value, 1);
    case MV_OPERAND_WRITE_ITER: case MV_OPERAND_ITER:
        return check_registers(v, value, 3);
    case MV_OPERAND_READ_RUN: case MV_OPERAND_WRITE_RUN:
        return check_registers(v, value, mv_run_length(f));
    case MV_OPERAND_WINDOW:
        return check_registers(v, value, MV_WINDOW_ARGS);
    case MV_OPERAND_CONST:
        return check_constant(v, f, value);
    case MV_OPERAND_FREE:
        return value < v->code->free_count || mv_verify_refuse(v, "closure cell %u does not exist", value);
    case MV_OPERAND_JUMP:
        return check_jump(v, f);
    case MV_OPERAND_COUNT: case MV_OPERAND_IMM: case MV_OPERAND_FLAGS:
        return true;
    }
    return mv_verify_refuse(v, "%s has an operand of unknown kind", f->row->name);
}

static bool check_value(MvVerifier *v, const MvFields *f, const char *what, uint32_t value, uint32_t max)
{
    return value <= max || mv_verify_refuse(v, "%s has %s %u", f->row->name, what, value);
}

static bool check_count(MvVerifier *v, const MvFields *f, uint32_t value, uint32_t wanted)
{
    return value == wanted || mv_verify_refuse(v, "%s has count %u, not %u", f->row->name, value, wanted);
}

static bool check_inner_code(MvVerifier *v, const MvFields *f)
{
    const MvCode *code = v->code;
    if (f->de >= code->constant_count || !mv_is_kind(code->constants[f->de], MV_KIND_CODE))
        return mv_verify_refuse(v, "constant %u is not code", f->de);
    const MvCode *inner = MV_CAST(MvCode, code->constants[f->de]);
    if (inner->flags & MV_CODE_MODULE)
        return mv_verify_refuse(v, "constant %u is code of a module", f->de);
    for (uint32_t i = 0; i < inner->free_count; i++) {
        uint32_t source = inner->free_sources[i];
        if (source & 0x8000 ? (source & 0x7FFF) >= code->free_count : source >= code->register_count)
            return mv_verify_refuse(v, "free variable %u of the function comes from nowhere", i);
    }
    return check_value(v, f, "flags", f->c, 7);
}

/* Rules of single rows, beyond what the operand kinds say. */
static bool check_special(MvVerifier *v, const MvFields *f)
{
    const MvCode *code = v->code;
    switch (f->op) {
    case MV_OP_ADD: case MV_OP_SUB: case MV_OP_MUL: case MV_OP_TRUEDIV: case MV_OP_FLOORDIV: case MV_OP_MOD:
    case MV_OP_POW: case MV_OP_MATMUL: case MV_OP_LSHIFT: case MV_OP_RSHIFT: case MV_OP_AND: case MV_OP_OR:
    case MV_OP_XOR:
        return check_value(v, f, "flags", f->d, 1);
    case MV_OP_ADD_INT:
        return check_value(v, f, "flags", f->d, 1) && check_value(v, f, "flags", f->e, 1);
    case MV_OP_GET_ITER: case MV_OP_FOR_PREP: case MV_OP_LIST_EXTEND:
        return check_value(v, f, "flags", f->c, 1);
    case MV_OP_FOR_NEXT: case MV_OP_FOR_NEXT_PAIR:
        if ((f->a >= f->b && f->a < f->b + 3) || (f->op == MV_OP_FOR_NEXT_PAIR && f->c >= f->b && f->c < f->b + 3))
            return mv_verify_refuse(v, "%s writes into its own loop", f->row->name);
        return true;
    case MV_OP_BUILD_SLICE: case MV_OP_EXCEPTION_TRIPLE:
        return check_count(v, f, f->c, 3);
    case MV_OP_LOAD_SUPER_METHOD: case MV_OP_LOAD_SUPER_ATTR:
        return check_count(v, f, f->c, 2);
    case MV_OP_BUILD_CLASS:
        return check_count(v, f, f->c, 4);
    case MV_OP_BUILD_DICT:
        return f->c % 2 == 0 || mv_verify_refuse(v, "%s has an odd count", f->row->name);
    case MV_OP_CONVERT:
        return check_value(v, f, "conversion", f->c, 2);
    case MV_OP_MAKE_FUNCTION:
        return check_inner_code(v, f);
    case MV_OP_CALL: case MV_OP_CALL_METHOD:
        return check_registers(v, f->a, MV_WINDOW_ARGS + f->b);
    case MV_OP_CALL_KW:
        return check_registers(v, f->a, MV_WINDOW_ARGS + f->b) && check_value(v, f, "flags", f->d, 1);
    case MV_OP_CALL_EX:
        return check_registers(v, f->a, MV_WINDOW_ARGS + 2);
    case MV_OP_WITH_SETUP:
        if (f->c + 2 > f->a && f->c < f->a + MV_WINDOW_ARGS)
            return mv_verify_refuse(v, "%s writes into its own window", f->row->name);
        return check_registers(v, f->c, 2);
    case MV_OP_YIELD: case MV_OP_YIELD_FROM:
        if (!(code->flags & MV_CODE_GENERATOR))
            return mv_verify_refuse(v, "%s outside a generator", f->row->name);
        /* A frame resumed between YIELD and YIELD_FROM could not tell which of them waits. */
        if (f->op == MV_OP_YIELD && v->word + 1 < code->word_count &&
            (code->words[v->word + 1] & 0xFFFF) == MV_OP_YIELD_FROM)
            return mv_verify_refuse(v, "YIELD before YIELD_FROM");
        return true;
    case MV_OP_LOAD_NAME: case MV_OP_LOAD_NAME_FREE: case MV_OP_STORE_NAME: case MV_OP_DELETE_NAME:
        return code->flags & MV_CODE_CLASS_BODY || mv_verify_refuse(v, "%s outside a class body", f->row->name);
    case MV_OP_RETURN:
        return !(code->flags & MV_CODE_CLASS_BODY) || mv_verify_refuse(v, "a class body returns a value");
    case MV_OP_RETURN_CELL:
        return code->flags & MV_CODE_CLASS_BODY || mv_verify_refuse(v, "%s outside a class body", f->row->name);
    }
    return true;
}

static bool check_instruction(MvVerifier *v, uint8_t *sites_used)
{
    MvFields f = mv_fields(v->code, v->word);
    const MvOpRow *row = f.row;
    if (!check_operand(v, &f, row->a, f.a))
        return false;
    if (row->bc != MV_OPERAND_UNUSED) {
        if (!check_operand(v, &f, row->bc, f.bc))
            return false;
    } else if (!check_operand(v, &f, row->b, f.b) || !check_operand(v, &f, row->c, f.c))
        return false;
    if (row->words == 2) {
        if (!check_site(v, &f, sites_used))
            return false;
        if (row->de != MV_OPERAND_UNUSED) {
            if (!check_operand(v, &f, row->de, f.de))
                return false;
        } else if (!check_operand(v, &f, row->d, f.d) || !check_operand(v, &f, row->e, f.e))
            return false;
    }
    return check_special(v, &f);
}

/* ---- the instructions of a code object ---- */

static bool find_starts(MvVerifier *v)
{
    const MvCode *code = v->code;
    const MvOpRow *row = NULL;
    for (v->word = 0; v->word < code->word_count; v->word += row->words) {
        uint32_t op = code->words[v->word] & 0xFFFF;
        if (op >= MV_OPCODE_COUNT)
            return mv_verify_refuse(v, "unknown opcode %u", op);
        row = &mv_op_rows[op];
        if (code->word_count - v->word < row->words)
            return mv_verify_refuse(v, "%s lacks its second word", row->name);
        v->marks[v->word] = MV_MARK_START;
    }
    v->word = UINT32_MAX;
    if (!row || !(row->flags & MV_OPFLAG_ENDS))
        return mv_verify_refuse(v, "control runs off the end");
    return true;
}

static bool check_instructions(MvVerifier *v)
{
    MvCode *code = v->code;
    uint8_t *sites_used = mv_verify_scratch(v, code->site_count), *stored = mv_verify_scratch(v, code->constant_count);
    if (!sites_used || !stored)
        return false;
    uint32_t slots = 0;
    for (v->word = 0; v->word < code->word_count; v->word += mv_op_rows[code->words[v->word] & 0xFFFF].words) {
        if (!check_instruction(v, sites_used))
            return false;
        MvFields f = mv_fields(code, v->word);
        if (f.op == MV_OP_STORE_ATTR && f.a == 0 && code->parameter_count && !stored[code->sites[f.site].name]) {
            stored[code->sites[f.site].name] = 1;
            slots++;
        }
    }
    code->slot_hint = slots;
    v->word = UINT32_MAX;
    return true;
}

static bool is_start(const MvVerifier *v, uint32_t word)
{
    return word < v->code->word_count && v->marks[word] & MV_MARK_START;
}

static bool check_exceptions(MvVerifier *v)
{
    const MvCode *code = v->code;
    for (uint32_t i = 0; i < code->exception_count; i++) {
        const MvExceptionRange *range = &code->exceptions[i];
        if (range->start >= range->end || !is_start(v, range->start) ||
            (range->end != code->word_count && !is_start(v, range->end)))
            return mv_verify_refuse(v, "exception range %u does not begin and end between instructions", i);
        if (!is_start(v, range->handler))
            return mv_verify_refuse(v, "exception range %u has no handler", i);
        if (range->handler < range->end) /* raising would be a way back that does not poll */
            return mv_verify_refuse(v, "exception range %u does not lie before its handler", i);
        if (range->reg >= code->register_count)
            return mv_verify_refuse(v, "exception range %u writes register %u, which does not exist", i, range->reg);
        v->marks[range->handler] |= MV_MARK_LABEL;
    }
    return true;
}

/* ---- what surrounds the instructions ---- */

static bool check_flags(MvVerifier *v)
{
    const MvCode *code = v->code;
    uint32_t flags = code->flags;
    bool plain = !(flags & (MV_CODE_MODULE | MV_CODE_CLASS_BODY));
    if (flags & ~(uint32_t)KNOWN_FLAGS)
        return mv_verify_refuse(v, "unknown flags %#x", flags & ~(uint32_t)KNOWN_FLAGS);
    if (!plain) {
        if ((flags & MV_CODE_MODULE) && (flags & MV_CODE_CLASS_BODY))
            return mv_verify_refuse(v, "code of a module and of a class");
        if (code->parameter_count || flags & (MV_CODE_VARARGS | MV_CODE_VARKEYWORDS | MV_CODE_GENERATOR))
            return mv_verify_refuse(v, "code of a module or class takes parameters or generates");
        if ((flags & MV_CODE_MODULE) && code->free_count)
            return mv_verify_refuse(v, "code of a module has free variables");
    } else if (!code->constant_count || (code->constants[0] != MV_NONE && !mv_is_kind(code->constants[0], MV_KIND_STR)))
        return mv_verify_refuse(v, "a function's first constant is not its docstring or None");
    uint32_t needed = code->parameter_count + !!(flags & MV_CODE_VARARGS) + !!(flags & MV_CODE_VARKEYWORDS) +
                      !!(flags & MV_CODE_CLASS_BODY);
    if (code->register_count < needed)
        return mv_verify_refuse(v, "%u registers for %u parameters", code->register_count, needed);
    if (code->word_count == 0 || code->word_count > MAX_WORDS)
        return mv_verify_refuse(v, "%u words of instructions", code->word_count);
    return true;
}

static bool check_locals(MvVerifier *v)
{
    const MvCode *code = v->code;
    if (code->local_count && !(code->flags & MV_CODE_LOCALS_VISIBLE))
        return mv_verify_refuse(v, "local names in code that does not show them");
    for (uint32_t i = 0; i < code->local_count; i++) {
        const MvLocalName *local = &code->locals[i];
        bool is_free = local->reg & 0x8000;
        if (is_free ? (local->reg & 0x7FFF) >= code->free_count || !local->is_cell : local->reg >= code->register_count)
            return mv_verify_refuse(v, "local name %u is in register %u, which does not exist", i, local->reg);
    }
    for (uint32_t i = 0; i < code->inlined_count; i++)
        if (code->inlined[i].end > code->word_count)
            return mv_verify_refuse(v, "inlined range %u lies outside the code", i);
    return true;
}

/* A varint of at most 32 bits. */
static bool read_varint(const uint8_t **at, const uint8_t *end, uint32_t *out)
{
    uint64_t value = 0;
    for (int shift = 0; *at < end && shift < 35; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 127) << shift;
        if (!(byte & 128)) {
            *out = (uint32_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

static bool check_positions(MvVerifier *v)
{
    const MvCode *code = v->code;
    const uint8_t *at = code->positions, *end = at + code->position_bytes;
    uint64_t words = 0;
    int64_t line = code->first_line;
    while (at < end) {
        uint32_t count, delta[4];
        bool ok = read_varint(&at, end, &count) && count;
        for (int i = 0; ok && i < 4; i++)
            ok = read_varint(&at, end, &delta[i]);
        if (!ok)
            return mv_verify_refuse(v, "the positions are malformed");
        int32_t parts[4];
        for (int i = 0; i < 4; i++)
            parts[i] = (int32_t)(delta[i] >> 1) ^ -(int32_t)(delta[i] & 1);
        words += count;
        line += parts[0];
        if (words > code->word_count || line < 0 || line > INT32_MAX || line + parts[1] < 0 ||
            line + parts[1] > INT32_MAX || parts[2] < 0 || parts[3] < 0)
            return mv_verify_refuse(v, "the positions lie outside the code or the file");
    }
    return true;
}

bool mv_verify_code(MvVM *vm, MvCode *code, char *error, size_t error_size)
{
    MvVerifier v = {.vm = vm, .code = code, .error = error, .error_size = error_size, .word = UINT32_MAX};
    bool ok = check_flags(&v);
    if (ok) {
        v.marks = mv_verify_scratch(&v, (size_t)code->word_count + 1);
        ok = v.marks && find_starts(&v) && check_exceptions(&v) && check_instructions(&v) && check_locals(&v) &&
             check_positions(&v) && mv_verify_flow(&v);
    }
    free_scratch(&v);
    return ok;
}
