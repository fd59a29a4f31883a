/* suggestions.c: "Did you mean" in the report of an uncaught NameError or AttributeError, by CPython 3.11's rules.
 *
 * Candidates are compared by a weighted edit distance over UTF-8 bytes; the first of the nearest ones wins, so their
 * order matters: locals, globals, builtins (in CPython's order, those that Mini lacks included), or sorted dir().
 * Called by traceback.c only. */
#include "errors.h"

#include "builtin.h"

enum {
    MAX_CANDIDATES = 750, /* with as many or more there is no suggestion */
    MAX_LENGTH = 40,      /* bytes, once common ends are cut off */
    MOVE_COST = 2,
    CASE_COST = 1,
};

static const char *const cpython_builtins[] = {
    "__name__", "__doc__", "__package__", "__loader__", "__spec__", "__build_class__", "__import__", "abs", "all",
    "any", "ascii", "bin", "breakpoint", "callable", "chr", "compile", "delattr", "dir", "divmod", "eval", "exec",
    "format", "getattr", "globals", "hasattr", "hash", "hex", "id", "input", "isinstance", "issubclass", "iter",
    "aiter", "len", "locals", "max", "min", "next", "anext", "oct", "ord", "pow", "print", "repr", "round",
    "setattr", "sorted", "sum", "vars", "None", "Ellipsis", "NotImplemented", "False", "True", "bool", "memoryview",
    "bytearray", "bytes", "classmethod", "complex", "dict", "enumerate", "filter", "float", "frozenset", "property",
    "int", "list", "map", "object", "range", "reversed", "set", "slice", "staticmethod", "str", "super", "tuple",
    "type", "zip", "__debug__", "BaseException", "BaseExceptionGroup", "Exception", "GeneratorExit",
    "KeyboardInterrupt", "SystemExit", "ArithmeticError", "AssertionError", "AttributeError", "BufferError",
    "EOFError", "ImportError", "LookupError", "MemoryError", "NameError", "OSError", "ReferenceError",
    "RuntimeError", "StopAsyncIteration", "StopIteration", "SyntaxError", "SystemError", "TypeError", "ValueError",
    "Warning", "FloatingPointError", "OverflowError", "ZeroDivisionError", "BytesWarning", "DeprecationWarning",
    "EncodingWarning", "FutureWarning", "ImportWarning", "PendingDeprecationWarning", "ResourceWarning",
    "RuntimeWarning", "SyntaxWarning", "UnicodeWarning", "UserWarning", "BlockingIOError", "ChildProcessError",
    "ConnectionError", "FileExistsError", "FileNotFoundError", "InterruptedError", "IsADirectoryError",
    "NotADirectoryError", "PermissionError", "ProcessLookupError", "TimeoutError", "IndentationError", "IndexError",
    "KeyError", "ModuleNotFoundError", "NotImplementedError", "RecursionError", "UnboundLocalError", "UnicodeError",
    "BrokenPipeError", "ConnectionAbortedError", "ConnectionRefusedError", "ConnectionResetError", "TabError",
    "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeTranslateError", "ExceptionGroup", "EnvironmentError",
    "IOError", "open", "quit", "exit", "copyright", "credits", "license", "help",
    NULL};

typedef struct Search {
    MvVM *vm;
    const uint8_t *name;
    int64_t length;
    MvValue name_value;
    MvValue best;
    int64_t best_distance;
} Search;

static int64_t substitution_cost(uint8_t a, uint8_t b)
{
    if (a == b)
        return 0;
    bool a_letter = (uint8_t)((a | 32) - 'a') < 26, b_letter = (uint8_t)((b | 32) - 'a') < 26;
    return a_letter && b_letter && (a | 32) == (b | 32) ? CASE_COST : MOVE_COST;
}

/* The distance, or anything above `limit` if it is above that. */
static int64_t edit_distance(const uint8_t *a, int64_t a_length, const uint8_t *b, int64_t b_length, int64_t limit)
{
    for (; a_length && b_length && *a == *b; a++, b++, a_length--, b_length--)
        ;
    for (; a_length && b_length && a[a_length - 1] == b[b_length - 1]; a_length--, b_length--)
        ;
    if (!a_length || !b_length)
        return (a_length + b_length) * MOVE_COST;
    if (a_length > MAX_LENGTH || b_length > MAX_LENGTH)
        return limit + 1;
    int64_t row[MAX_LENGTH + 1]; /* row[j]: cost of turning the first i bytes of a into the first j of b */
    for (int64_t j = 0; j <= b_length; j++)
        row[j] = j * MOVE_COST;
    for (int64_t i = 1; i <= a_length; i++) {
        int64_t diagonal = row[0];
        row[0] = i * MOVE_COST;
        for (int64_t j = 1; j <= b_length; j++) {
            int64_t change = diagonal + substitution_cost(a[i - 1], b[j - 1]);
            int64_t move = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + MOVE_COST;
            diagonal = row[j];
            row[j] = change < move ? change : move;
        }
    }
    return row[b_length];
}

static void consider(Search *s, const uint8_t *text, int64_t length, MvValue candidate)
{
    int64_t limit = (s->length + length + 3) * MOVE_COST / 6;
    if (s->best_distance - 1 < limit)
        limit = s->best_distance - 1;
    int64_t distance = edit_distance(s->name, s->length, text, length, limit);
    if (distance > limit)
        return;
    s->best = candidate;
    s->best_distance = distance;
}

/* false: not all text, so there is no suggestion from this group (the error is swallowed) */
static bool consider_value(Search *s, MvValue candidate)
{
    if (!mv_has_kind(candidate, MV_KIND_STR))
        return false;
    if (mv_str_equal(MV_CAST(MvStr, candidate), MV_CAST(MvStr, s->name_value)))
        return true;
    MvRaw *raw = mv_str_to_utf8(s->vm, candidate, 0);
    if (!raw) {
        mv_exception_take(s->vm);
        s->best = MV_UNASSIGNED;
        return false;
    }
    consider(s, raw->data, raw->used, candidate);
    return true;
}

static bool begin(MvVM *vm, Search *s, MvValue name)
{
    MvRaw *raw = mv_str_to_utf8(vm, name, 0);
    if (!raw) {
        mv_exception_take(vm);
        return false;
    }
    *s = (Search){vm, raw->data, raw->used, name, MV_UNASSIGNED, INT64_MAX};
    return true;
}

/* ---- NameError ---- */

/* What CPython calls co_varnames: parameters and locals, without cells; in an inlined comprehension its own. */
static void search_locals(Search *s, const MvTraceback *entry)
{
    const MvCode *code = entry->code;
    uint32_t group = 0;
    for (uint32_t i = 0; i < code->inlined_count; i++) {
        const MvInlined *range = &code->inlined[i];
        if (entry->word >= range->start && entry->word < range->end && (!group || range->start > code->inlined[group - 1].start))
            group = i + 1;
    }
    int64_t parameters = group ? 0 : code->parameter_count + !!(code->flags & MV_CODE_VARARGS) + !!(code->flags & MV_CODE_VARKEYWORDS);
    uint32_t start = 0, end = 0;
    if (group < code->variable_groups) {
        start = group ? code->variable_ends[group - 1] : 0;
        end = code->variable_ends[group];
    }
    if (parameters + (end - start) >= MAX_CANDIDATES)
        return;
    for (int64_t i = 0; i < parameters; i++)
        if (!consider_value(s, code->parameter_names[i]))
            return;
    for (; start < end; start++)
        if (!consider_value(s, code->variables[start]))
            return;
}

/* dunders: consider `__names__` too */
static void search_module(Search *s, MvDict *names, bool dunders)
{
    if (names->used >= MAX_CANDIDATES)
        return;
    int64_t position = 0;
    MvValue name, cell;
    while (mv_dict_next(names, &position, &name, &cell)) {
        bool hidden = !dunders && MV_CAST(MvStr, name)->length > 1 && mv_str_char(MV_CAST(MvStr, name), 1) == '_';
        if (!hidden && MV_CAST(MvNameCell, cell)->value != MV_UNASSIGNED && !consider_value(s, name))
            return;
    }
}

static MvValue suggest_name(MvVM *vm, const MvException *e)
{
    MvValue name = e->extra[0], traceback = e->traceback;
    Search s;
    if (!mv_has_kind(name, MV_KIND_STR) || !mv_is_exact(vm, name, MV_CLASS_STR) || !mv_has_kind(traceback, MV_KIND_TRACEBACK) || !begin(vm, &s, name))
        return MV_UNASSIGNED;
    while (mv_has_kind(MV_CAST(MvTraceback, traceback)->next, MV_KIND_TRACEBACK))
        traceback = MV_CAST(MvTraceback, traceback)->next;
    const MvCode *code = MV_CAST(MvTraceback, traceback)->code;
    search_locals(&s, MV_CAST(MvTraceback, traceback));
    if (s.best == MV_UNASSIGNED && code->module)
        search_module(&s, code->module->names, true);
    if (s.best != MV_UNASSIGNED)
        return s.best;
    const char *best = NULL;
    for (int i = 0; cpython_builtins[i]; i++) {
        int64_t length = (int64_t)strlen(cpython_builtins[i]);
        if (mv_str_is_c(name, cpython_builtins[i]))
            continue;
        consider(&s, (const uint8_t *)cpython_builtins[i], length, MV_NONE);
        if (s.best == MV_NONE)
            best = cpython_builtins[i];
        s.best = MV_UNASSIGNED;
    }
    search_module(&s, vm->builtins->names, false); /* what the host exposed */
    if (s.best != MV_UNASSIGNED || !best)
        return s.best;
    return mv_str_from_c(vm, best);
}

/* ---- AttributeError ---- */

static MvValue suggest_attribute(MvVM *vm, const MvException *e)
{
    MvValue name = e->extra[0], object = e->extra[1];
    Search s;
    if (object == MV_UNASSIGNED || !mv_has_kind(name, MV_KIND_STR) || !mv_is_exact(vm, name, MV_CLASS_STR) || !begin(vm, &s, name))
        return MV_UNASSIGNED;
    MvValue names = mv_dir(vm, object);
    if (names == MV_EXC) {
        if (vm->ending != MV_END_NONE)
            return MV_EXC;
        mv_exception_take(vm);
        return MV_UNASSIGNED;
    }
    const MvList *list = MV_CAST(MvList, names);
    if (list->length >= MAX_CANDIDATES)
        return MV_UNASSIGNED;
    for (int64_t i = 0; i < list->length; i++) {
        if (!consider_value(&s, list->items[i]))
            return MV_UNASSIGNED;
    }
    return s.best;
}

MvValue mv_suggestion(MvVM *vm, MvValue exception)
{
    const MvException *e = MV_CAST(MvException, exception);
    uint32_t id = mv_class_of(vm, exception)->id;
    return id == MV_EXC_NameError ? suggest_name(vm, e) : id == MV_EXC_AttributeError ? suggest_attribute(vm, e)
        : MV_UNASSIGNED;
}
