/* The states of registers: proves that no instruction reads a register that is not sure to hold what its row, or the
 * handler in the interpreter, takes for granted.
 *
 * A state is the set of what a register may hold, 16 bits; joining is or. S_UNDEF, all bits, means that it may hold
 * anything, stale words included: no read accepts it. Kinds of values that handlers trust without a look (the list
 * that LIST_APPEND extends, the exception that RERAISE raises, ...) are states of their own, made by the
 * instructions that make them.
 *
 * At each label (entry, jump target, handler) stands the join of the states that reach it; labels whose state grew
 * are gone through again, in the order of the code, until nothing changes: a few passes in practice, and refused
 * when the work exceeds a multiple of the code's size (INV-verify-1: time and memory stay in proportion to the
 * image; nothing here recurses). A state has an upper bound `high`: all registers from there on are S_UNDEF. What a
 * call window covers is dead after the call, so calls just lower it.
 *
 * Exceptions: an instruction in a range may raise before or after it wrote registers (INV-interp-1 says which, but
 * nothing here relies on it), so each write in a range also goes to the handler's label. FOR_PREP may leave its
 * three registers half-written. */
#include "verify_internal.h"
#include <stdlib.h>

enum {
    S_OTHER = 1, /* any value that is none of the following for sure */
    S_NONE = 2,
    S_LIST = 4,
    S_SET = 8,
    S_DICT = 16,
    S_TUPLE = 32,
    S_STR = 64,
    S_EXCEPTION = 128,
    S_ITERATOR = 256, /* YIELD_FROM_ITER's result */
    S_VALUE = 511,
    S_UNASSIGNED = 512,
    S_MAYBE = S_VALUE | S_UNASSIGNED,
    S_CELL = 1 << 10,
    S_LOOP0 = 1 << 11, /* the three words of a loop */
    S_LOOP1 = 1 << 12,
    S_LOOP2 = 1 << 13,
    S_BODY = 1 << 14,      /* the function of a class body: only BUILD_CLASS may call it */
    S_NAMESPACE = 1 << 15, /* register 0 of a class body */
    S_UNDEF = 0xFFFF,
};
typedef uint16_t State;

#define NO_RANGE UINT32_MAX
#define MAX_LABEL_BYTES ((uint64_t)512 << 20)

typedef struct Label {
    uint32_t word;
    uint32_t high;
    State *in; /* NULL: not reached yet */
} Label;

typedef struct Flow {
    MvVerifier *v;
    const MvCode *code;
    Label *labels;
    uint32_t label_count;
    uint64_t *dirty;      /* bit set of labels */
    /* for each word: the range that catches there, NO_RANGE: none; NULL: the code has no ranges */
    uint32_t *range_at;
    State *now;           /* before the instruction that is looked at */
    uint32_t high;
    uint32_t range;       /* whose handler has been told of `now` */
    Label *handler;
    uint64_t label_bytes, work, work_limit;
} Flow;

/* ---- labels ---- */

static Label *label_at(const Flow *flow, uint32_t word)
{
    uint32_t low = 0, end = flow->label_count;
    while (end - low > 1) {
        uint32_t middle = low + (end - low) / 2;
        if (flow->labels[middle].word <= word)
            low = middle;
        else
            end = middle;
    }
    return &flow->labels[low];
}

static void set_dirty(Flow *flow, const Label *label)
{
    size_t i = (size_t)(label - flow->labels);
    flow->dirty[i / 64] |= (uint64_t)1 << (i % 64);
}

/* Joins `now` into a label. */
static bool join(Flow *flow, Label *label)
{
    uint32_t registers = flow->code->register_count;
    flow->work += 1 + flow->high / 16;
    if (!label->in) {
        flow->label_bytes += registers * sizeof(State);
        if (flow->label_bytes > MAX_LABEL_BYTES)
            return mv_verify_refuse(flow->v, "too many registers and jump targets");
        label->in = mv_verify_scratch(flow->v, registers * sizeof(State) + 1);
        if (!label->in)
            return false;
        memcpy(label->in, flow->now, flow->high * sizeof(State));
        label->high = flow->high;
        set_dirty(flow, label);
        return true;
    }
    State changed = 0;
    if (label->high > flow->high) {
        label->high = flow->high;
        changed = 1;
    }
    State *in = label->in;
    const State *now = flow->now;
    for (uint32_t r = 0, n = label->high; r < n; r++) {
        changed |= now[r] & ~in[r];
        in[r] |= now[r];
    }
    if (changed)
        set_dirty(flow, label);
    return true;
}

/* `now` with register r below its bound. */
static void raise_high(Flow *flow, uint32_t r)
{
    while (flow->high <= r)
        flow->now[flow->high++] = S_UNDEF;
}

static bool join_handler(Flow *flow, uint32_t range)
{
    const MvExceptionRange *exception = &flow->code->exceptions[range];
    uint32_t high = flow->high;
    raise_high(flow, exception->reg);
    State kept = flow->now[exception->reg];
    flow->now[exception->reg] = S_EXCEPTION;
    flow->handler = label_at(flow, exception->handler);
    flow->range = range;
    bool ok = join(flow, flow->handler);
    flow->now[exception->reg] = kept;
    flow->high = high;
    return ok;
}

/* The handler around the instruction may find `state` in register r. */
static void tell_handler(Flow *flow, uint32_t r, State state)
{
    Label *label = flow->handler;
    if (flow->range == NO_RANGE || r >= label->high || r == flow->code->exceptions[flow->range].reg ||
        !(state & ~label->in[r]))
        return;
    label->in[r] |= state;
    set_dirty(flow, label);
}

/* ---- writes ---- */

static void write(Flow *flow, uint32_t r, State state)
{
    raise_high(flow, r);
    flow->now[r] = state;
    tell_handler(flow, r, state);
}

/* A call at window w: nothing from there on is left. */
static void kill_from(Flow *flow, uint32_t w)
{
    if (flow->range != NO_RANGE && flow->handler->high > w) {
        Label *label = flow->handler;
        uint32_t reg = flow->code->exceptions[flow->range].reg;
        if (reg < w) {
            label->high = w;
            set_dirty(flow, label);
        } else {
            flow->work += (label->high - w) / 4;
            for (uint32_t r = w; r < label->high; r++)
                tell_handler(flow, r, S_UNDEF);
        }
    }
    if (flow->high > w)
        flow->high = w;
}

/* ---- reads ---- */

static State state_of(const Flow *flow, uint32_t r) { return r < flow->high ? flow->now[r] : S_UNDEF; }

static const char *describe(State state)
{
    switch (state) {
    case S_LIST: return "a list for sure";
    case S_SET: return "a set for sure";
    case S_DICT: return "a dict for sure";
    case S_DICT | S_NONE: return "a dict or None for sure";
    case S_TUPLE: return "a tuple for sure";
    case S_STR: return "a str for sure";
    case S_EXCEPTION: return "an exception for sure";
    case S_EXCEPTION | S_NONE: return "an exception or None for sure";
    case S_ITERATOR: return "a checked iterator for sure";
    case S_CELL: return "a cell for sure";
    case S_LOOP0: case S_LOOP1: case S_LOOP2: return "part of a loop for sure";
    case S_BODY: return "the function of a class body for sure";
    case S_NAMESPACE: return "the namespace of a class body for sure";
    case S_MAYBE: return "a value or nothing for sure";
    default: return "a value for sure";
    }
}

static bool need(Flow *flow, uint32_t r, State allowed)
{
    if (!(state_of(flow, r) & ~allowed))
        return true;
    return mv_verify_refuse(flow->v, "register %u does not hold %s", r,
                            describe(allowed & S_VALUE && allowed & S_BODY ? S_VALUE : allowed));
}

static bool need_run(Flow *flow, uint32_t first, uint32_t count, State allowed)
{
    flow->work += count / 8;
    for (uint32_t i = 0; i < count; i++)
        if (!need(flow, first + i, allowed))
            return false;
    return true;
}

/* What the read operands of a row have to hold, where that is more than a value. ORDER: a, b, c. */
static void special_needs(uint32_t op, State needs[3])
{
    switch (op) {
    case MV_OP_LIST_APPEND: case MV_OP_LIST_EXTEND:
        needs[0] = S_LIST;
        break;
    case MV_OP_LIST_TO_TUPLE:
        needs[1] = S_LIST;
        break;
    case MV_OP_SET_ADD: case MV_OP_SET_UPDATE:
        needs[0] = S_SET;
        break;
    case MV_OP_DICT_SET: case MV_OP_DICT_UPDATE:
        needs[0] = S_DICT;
        break;
    case MV_OP_DICT_MERGE:
        needs[0] = S_DICT;
        needs[2] = S_VALUE | S_BODY; /* only named, in a message */
        break;
    case MV_OP_BUILD_STRING:
        needs[1] = S_STR;
        break;
    case MV_OP_FORMAT:
        needs[2] = S_STR;
        break;
    case MV_OP_RERAISE:
        needs[0] = S_EXCEPTION;
        break;
    case MV_OP_ENTER_HANDLER: case MV_OP_MATCH_EXCEPTION: case MV_OP_EXCEPTION_TRIPLE:
        needs[1] = S_EXCEPTION;
        break;
    case MV_OP_LEAVE_HANDLER:
        needs[0] = S_EXCEPTION | S_NONE;
        break;
    case MV_OP_YIELD_FROM:
        needs[1] = S_ITERATOR;
        break;
    case MV_OP_LOAD_NAME: case MV_OP_LOAD_NAME_FREE: case MV_OP_STORE_NAME:
        needs[1] = S_NAMESPACE;
        break;
    case MV_OP_DELETE_NAME:
        needs[0] = S_NAMESPACE;
        break;
    }
}

static bool read_operand(Flow *flow, const MvFields *f, int kind, uint32_t r, State value)
{
    switch (kind) {
    case MV_OPERAND_READ: case MV_OPERAND_READ_WRITE:
        return need(flow, r, value);
    case MV_OPERAND_READ_OPTIONAL:
        return r == MV_NO_REGISTER || need(flow, r, value);
    case MV_OPERAND_READ_MAYBE: case MV_OPERAND_MAKE_CELL:
        return need(flow, r, S_MAYBE);
    case MV_OPERAND_CELL:
        return need(flow, r, S_CELL);
    case MV_OPERAND_ITER:
        return need(flow, r, S_LOOP0) && need(flow, r + 1, S_LOOP1) && need(flow, r + 2, S_LOOP2);
    case MV_OPERAND_READ_RUN:
        if (f->op == MV_OP_MAKE_FUNCTION || f->op == MV_OP_BUILD_CLASS)
            return true; /* by special_reads */
        return need_run(flow, r, mv_run_length(f), value);
    }
    return true;
}

static bool special_reads(Flow *flow, const MvFields *f)
{
    switch (f->op) {
    case MV_OP_MAKE_FUNCTION: {
        const MvCode *inner = MV_CAST(MvCode, flow->code->constants[f->de]);
        uint32_t r = f->b;
        if ((f->c & 1 && !need(flow, r++, S_TUPLE)) || (f->c & 2 && !need(flow, r++, S_DICT)) ||
            (f->c & 4 && !need(flow, r++, S_DICT)))
            return false;
        flow->work += inner->free_count / 4;
        for (uint32_t i = 0; i < inner->free_count; i++)
            if (!(inner->free_sources[i] & 0x8000) && !need(flow, inner->free_sources[i], S_CELL))
                return false;
        return true;
    }
    case MV_OP_BUILD_CLASS:
        return need(flow, f->b, S_BODY) && need(flow, f->b + 1, S_STR) && need(flow, f->b + 2, S_TUPLE) &&
            need(flow, f->b + 3, S_DICT | S_NONE);
    case MV_OP_CALL: case MV_OP_CALL_KW: case MV_OP_CALL_METHOD:
        if (f->op == MV_OP_CALL_METHOD || (f->op == MV_OP_CALL_KW && f->d))
            if (!need(flow, f->a + MV_WINDOW_SELF, S_MAYBE))
                return false;
        return need(flow, f->a, S_VALUE) && need_run(flow, f->a + MV_WINDOW_ARGS, f->b, S_VALUE);
    case MV_OP_CALL_EX:
        return need(flow, f->a, S_VALUE) && need(flow, f->a + MV_WINDOW_ARGS, S_VALUE) &&
            need(flow, f->a + MV_WINDOW_ARGS + 1, S_DICT | S_NONE);
    }
    return true;
}

/* Mini code that runs now may ask for locals(), which reads the registers that local_names lists, or a class body's
 * namespace. */
static bool check_locals(Flow *flow)
{
    const MvCode *code = flow->code;
    if (code->flags & MV_CODE_CLASS_BODY && !need(flow, 0, S_NAMESPACE))
        return false;
    flow->work += code->local_count / 4;
    for (uint32_t i = 0; i < code->local_count; i++) {
        const MvLocalName *local = &code->locals[i];
        if (!(local->reg & 0x8000) && !need(flow, local->reg, local->is_cell ? S_CELL : S_MAYBE))
            return false;
    }
    return true;
}

/* ---- one instruction ---- */

static State constant_state(MvValue v)
{
    if (!mv_is_pointer(v))
        return S_OTHER;
    switch (mv_object(v)->kind) {
    case MV_KIND_NONE: return S_NONE;
    case MV_KIND_STR: return S_STR;
    case MV_KIND_TUPLE: return S_TUPLE;
    default: return S_OTHER;
    }
}

/* What the row's written value operand holds afterwards. */
static State result_state(const Flow *flow, const MvFields *f)
{
    switch (f->op) {
    case MV_OP_MOVE: case MV_OP_MOVE_MAYBE: return state_of(flow, f->b);
    case MV_OP_LOAD_CONST: return constant_state(flow->code->constants[f->bc]);
    case MV_OP_LOAD_NONE: return S_NONE;
    case MV_OP_LOAD_UNASSIGNED: return S_UNASSIGNED;
    case MV_OP_BUILD_LIST: return S_LIST;
    case MV_OP_BUILD_SET: return S_SET;
    case MV_OP_BUILD_DICT: return S_DICT;
    case MV_OP_BUILD_TUPLE: case MV_OP_LIST_TO_TUPLE: return S_TUPLE;
    case MV_OP_BUILD_STRING: case MV_OP_FORMAT: case MV_OP_CONVERT: return S_STR;
    case MV_OP_YIELD_FROM_ITER: return S_ITERATOR;
    case MV_OP_ENTER_HANDLER: return S_EXCEPTION | S_NONE;
    case MV_OP_MAKE_FUNCTION:
        return MV_CAST(MvCode, flow->code->constants[f->de])->flags & MV_CODE_CLASS_BODY ? S_BODY : S_OTHER;
    default: return S_OTHER;
    }
}

static void write_operand(Flow *flow, const MvFields *f, int kind, uint32_t r, State result)
{
    switch (kind) {
    case MV_OPERAND_WRITE: case MV_OPERAND_WRITE_MAYBE: case MV_OPERAND_READ_WRITE:
        write(flow, r, kind == MV_OPERAND_READ_WRITE ? S_OTHER : result);
        break;
    case MV_OPERAND_MAKE_CELL:
        write(flow, r, S_CELL);
        break;
    case MV_OPERAND_WRITE_ITER:
        for (int i = 0; i < 3; i++)
            tell_handler(flow, r + i, S_UNDEF);
        write(flow, r, S_LOOP0);
        write(flow, r + 1, S_LOOP1);
        write(flow, r + 2, S_LOOP2);
        break;
    case MV_OPERAND_WRITE_RUN:
        flow->work += mv_run_length(f) / 8;
        for (uint32_t i = 0; i < mv_run_length(f); i++)
            write(flow, r + i, f->op == MV_OP_EXCEPTION_TRIPLE && i == 1 ? S_EXCEPTION : S_OTHER);
        break;
    }
}

static void special_writes(Flow *flow, const MvFields *f)
{
    switch (f->op) {
    case MV_OP_CHECK_LOCAL: {
        State state = state_of(flow, f->a) & S_VALUE;
        flow->now[f->a] = state ? state : S_OTHER;
        break;
    }
    case MV_OP_LOAD_METHOD: case MV_OP_LOAD_SUPER_METHOD:
        write(flow, f->a, S_OTHER);
        write(flow, f->a + MV_WINDOW_SELF, S_OTHER | S_UNASSIGNED);
        break;
    case MV_OP_WITH_SETUP:
        write(flow, f->a, S_OTHER);
        write(flow, f->a + MV_WINDOW_SELF, S_OTHER | S_UNASSIGNED);
        write(flow, f->c + 1, S_OTHER | S_UNASSIGNED);
        break;
    case MV_OP_CALL: case MV_OP_CALL_METHOD: case MV_OP_CALL_KW: case MV_OP_CALL_EX:
        kill_from(flow, f->a);
        break;
    }
}

static bool step(Flow *flow, const MvFields *f)
{
    const MvOpRow *row = f->row;
    State needs[3] = {S_VALUE, S_VALUE, S_VALUE};
    special_needs(f->op, needs);
    if (!read_operand(flow, f, row->a, f->a, needs[0]))
        return false;
    if (row->bc == MV_OPERAND_UNUSED &&
        (!read_operand(flow, f, row->b, f->b, needs[1]) || !read_operand(flow, f, row->c, f->c, needs[2])))
        return false;
    if (!special_reads(flow, f))
        return false;
    if (row->flags & MV_OPFLAG_CALLS && !check_locals(flow))
        return false;
    if (f->op == MV_OP_FOR_NEXT || f->op == MV_OP_FOR_NEXT_PAIR)
        return true; /* they write only where they jump */
    State result = result_state(flow, f);
    special_writes(flow, f);
    write_operand(flow, f, row->a, f->a, result);
    if (row->bc == MV_OPERAND_UNUSED) {
        write_operand(flow, f, row->b, f->b, result);
        write_operand(flow, f, row->c, f->c, result);
    }
    return true;
}

/* The jump edge. FOR_NEXT's item is there on it and nowhere else. */
static bool take_jump(Flow *flow, const MvFields *f, uint32_t word)
{
    Label *label = label_at(flow, (uint32_t)mv_jump_target(f, word));
    if (f->op != MV_OP_FOR_NEXT && f->op != MV_OP_FOR_NEXT_PAIR)
        return join(flow, label);
    uint32_t second = f->op == MV_OP_FOR_NEXT_PAIR ? f->c : f->a, high = flow->high;
    raise_high(flow, f->a > second ? f->a : second);
    State kept_a = flow->now[f->a], kept_second = flow->now[second];
    flow->now[f->a] = flow->now[second] = S_OTHER;
    tell_handler(flow, f->a, S_OTHER);
    tell_handler(flow, second, S_OTHER);
    bool ok = join(flow, label);
    flow->now[f->a] = kept_a;
    flow->now[second] = kept_second;
    flow->high = high;
    return ok;
}

/* From a label to the next end of control or the next label. */
static bool run_block(Flow *flow, Label *label)
{
    MvVerifier *v = flow->v;
    const MvCode *code = flow->code;
    uint32_t word = label->word;
    memcpy(flow->now, label->in, label->high * sizeof(State));
    flow->high = label->high;
    flow->range = NO_RANGE;
    flow->work += 1 + label->high / 16;
    for (;;) {
        v->word = word;
        MvFields f = mv_fields(code, word);
        if (++flow->work > flow->work_limit)
            return mv_verify_refuse(v, "the code is too tangled to be verified");
        if (flow->range_at && flow->range_at[word] != flow->range) {
            flow->range = NO_RANGE;
            if (flow->range_at[word] != NO_RANGE && !join_handler(flow, flow->range_at[word]))
                return false;
        }
        if (!step(flow, &f) || (mv_has_jump(f.row) && !take_jump(flow, &f, word)))
            return false;
        if (f.row->flags & MV_OPFLAG_ENDS)
            return true;
        word += f.row->words;
        if (v->marks[word] & MV_MARK_LABEL)
            return join(flow, label_at(flow, word));
    }
}

/* ---- set-up ---- */

/* range_at: the first range in the list that covers a word is the one that catches. Each word is painted once:
 * `next` leads over those that are. */
static bool paint_ranges(Flow *flow)
{
    const MvCode *code = flow->code;
    if (!code->exception_count)
        return true;
    flow->range_at = mv_verify_scratch(flow->v, (size_t)code->word_count * sizeof *flow->range_at);
    uint32_t *next = mv_verify_scratch(flow->v, ((size_t)code->word_count + 1) * sizeof *next);
    if (!flow->range_at || !next)
        return false;
    for (uint32_t w = 0; w < code->word_count; w++) {
        flow->range_at[w] = NO_RANGE;
        next[w] = w;
    }
    next[code->word_count] = code->word_count;
    for (uint32_t i = 0; i < code->exception_count; i++) {
        uint32_t w = code->exceptions[i].start;
        for (;;) {
            while (next[w] != w) {
                next[w] = next[next[w]];
                w = next[w];
            }
            if (w >= code->exceptions[i].end)
                break;
            flow->range_at[w] = i;
            next[w] = w + 1;
        }
    }
    return true;
}

static bool make_labels(Flow *flow)
{
    const MvCode *code = flow->code;
    uint8_t *marks = flow->v->marks;
    marks[0] |= MV_MARK_LABEL;
    for (uint32_t w = 0; w < code->word_count; w++)
        flow->label_count += (marks[w] & MV_MARK_LABEL) != 0;
    flow->labels = mv_verify_scratch(flow->v, flow->label_count * sizeof *flow->labels);
    flow->dirty = mv_verify_scratch(flow->v, (flow->label_count / 64 + 1) * sizeof *flow->dirty);
    flow->now = mv_verify_scratch(flow->v, ((size_t)code->register_count + 1) * sizeof *flow->now);
    if (!flow->labels || !flow->dirty || !flow->now)
        return false;
    for (uint32_t w = 0, i = 0; w < code->word_count; w++)
        if (marks[w] & MV_MARK_LABEL)
            flow->labels[i++].word = w;
    return true;
}

static bool enter(Flow *flow)
{
    const MvCode *code = flow->code;
    flow->range = NO_RANGE;
    if (code->flags & MV_CODE_CLASS_BODY)
        write(flow, 0, S_NAMESPACE);
    for (uint32_t r = 0; r < code->parameter_count; r++)
        write(flow, r, S_OTHER);
    if (code->flags & MV_CODE_VARARGS)
        write(flow, flow->high, S_TUPLE);
    if (code->flags & MV_CODE_VARKEYWORDS)
        write(flow, flow->high, S_DICT);
    return join(flow, &flow->labels[0]);
}

bool mv_verify_flow(MvVerifier *v)
{
    Flow flow = {.v = v, .code = v->code};
    flow.work_limit = 10000000 + 1000 * (uint64_t)v->code->word_count;
    if (!make_labels(&flow) || !paint_ranges(&flow) || !enter(&flow))
        return false;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t group = 0; group <= flow.label_count / 64; group++) {
            for (uint64_t bits; (bits = flow.dirty[group]) != 0;) {
                int bit = __builtin_ctzll(bits);
                flow.dirty[group] &= ~((uint64_t)1 << bit);
                if (!run_block(&flow, &flow.labels[(size_t)group * 64 + (uint32_t)bit]))
                    return false;
                again = true;
            }
        }
    }
    v->word = UINT32_MAX;
    return true;
}
