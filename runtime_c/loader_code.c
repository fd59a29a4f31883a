/* The loader's constants and code objects, see loader.c. */
#include "loader_internal.h"
#include "containers.h"
#include "native.h"
#include <stdlib.h>

#define MAX_DEPTH 500     /* of code objects and containers in each other: bounds the C recursion */

/* ---- values ---- */

static bool looks_like_identifier(const uint8_t *text, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static bool read_str(MvLoader *l, const MvToken *token, bool is_name, MvValue *out)
{
    MvVM *vm = l->vm;
    bool plain = looks_like_identifier(token->data, token->count);
    MvValue s;
    if (plain && token->count > 1) { /* most are interned already: ask with a str that lies on the stack */
        MvStr probe = {
            .h = {.gc = MV_GC_STATIC, .kind = MV_KIND_STR, .aux = MV_STR_ASCII},
            .length = token->count,
            .data = (void *)token->data,
        };
        s = mv_intern(vm, mv_value(&probe));
    } else {
        s = mv_str_from_utf8(vm, (const char *)token->data, token->count);
        if (s == MV_EXC && !vm->ending && !mv_exception_is(vm, MV_EXC_MemoryError)) {
            vm->exception = 0;
            return mv_loader_refuse(l, "the image holds a string that is not UTF-8");
        }
        if (s != MV_EXC && (plain || is_name))
            s = mv_intern(vm, s);
    }
    *out = s;
    return s != MV_EXC;
}

bool mv_loader_read_name(MvLoader *l, MvValue *out)
{
    MvToken token;
    if (!mv_reader_next(&l->reader, &token) || (token.type != MV_TOKEN_STR && token.type != MV_TOKEN_BIN))
        return mv_loader_damaged(l);
    return read_str(l, &token, true, out);
}

static bool read_big_int(MvLoader *l, MvValue *out)
{
    int64_t sign;
    MvToken token;
    if (!mv_reader_int(&l->reader, -1, 1, &sign) || sign == 0 || !mv_reader_expect(&l->reader, MV_TOKEN_BIN, &token))
        return mv_loader_damaged(l);
    size_t count = ((size_t)token.count + 7) / 8;
    uint64_t *limbs = calloc(count + 1, sizeof *limbs);
    if (!limbs)
        return mv_loader_no_memory(l);
    memcpy(limbs, token.data, token.count);
    *out = mv_int_from_limbs(l->vm, sign < 0, limbs, (int64_t)count);
    free(limbs);
    return *out != MV_EXC;
}

static bool read_constant(MvLoader *l, bool may_be_code, MvValue *out);

static bool read_container(MvLoader *l, bool is_set, uint32_t count, MvValue *out)
{
    MvVM *vm = l->vm;
    MvValue item;
    if (is_set) {
        *out = mv_set_new(vm, MV_CLASS_FROZENSET);
        if (*out == MV_EXC)
            return false;
        for (uint32_t i = 0; i < count; i++)
            if (!read_constant(l, false, &item) || !mv_set_add(vm, MV_CAST(MvSet, *out), item))
                return false;
        return true;
    }
    if (!count) {
        *out = vm->empty_tuple;
        return true;
    }
    MvTuple *tuple = mv_tuple_new(vm, count);
    if (!tuple)
        return false;
    *out = mv_value(tuple);
    for (uint32_t i = 0; i < count; i++) {
        if (!read_constant(l, false, &item))
            return false;
        mv_store(vm, tuple, &tuple->items[i], item);
    }
    return true;
}

/* The rest of a constant that is an array of `count` items. */
static bool read_tagged(MvLoader *l, uint32_t count, bool may_be_code, MvValue *out)
{
    MvToken tag;
    if (!count || !mv_reader_expect(&l->reader, MV_TOKEN_STR, &tag))
        return mv_loader_damaged(l);
    count--;
    if (tag.count == 3 && !memcmp(tag.data, "...", 3) && count == 0) {
        *out = MV_ELLIPSIS;
        return true;
    }
    if (tag.count != 1)
        return mv_loader_damaged(l);
    switch (tag.data[0]) {
    case 's':
        return count == 1 ? mv_loader_read_name(l, out) : mv_loader_damaged(l);
    case 'i':
        return count == 2 ? read_big_int(l, out) : mv_loader_damaged(l);
    case 't':
        return read_container(l, false, count, out);
    case 'f':
        /* CPython's compiler makes such a constant twice, the second time in the order of the first one's table: a set display shows it. */
        if (!read_container(l, true, count, out))
            return false;
        *out = mv_list_from_iterable(l->vm, *out);
        if (*out != MV_EXC)
            *out = mv_set_from(l->vm, MV_CLASS_FROZENSET, *out);
        return *out != MV_EXC;
    case 'c': {
        if (count != 1 || !may_be_code)
            return mv_loader_damaged(l);
        MvCode *code = mv_loader_read_code(l);
        *out = code ? mv_value(code) : MV_EXC;
        return code;
    }
    default:
        return mv_loader_damaged(l);
    }
}

/* Equal constants of a module are one object, those inside tuples, too, as in CPython, whose compiler keeps one table for all of a module.
 * What is encoded alike is equal and of the same types throughout. */
static bool share(MvLoader *l, const uint8_t *start, MvValue *value)
{
    MvVM *vm = l->vm;
    if (!mv_is_pointer(*value) || mv_is_kind(*value, MV_KIND_CODE) || (mv_is_kind(*value, MV_KIND_STR) && mv_object(*value)->aux & MV_STR_INTERNED))
        return true;
    int64_t size = l->reader.at - start;
    MvStr *key = mv_str_new(vm, size, 0xFF);
    if (!key)
        return false;
    memcpy(key->data, start, (size_t)size);
    MvDict *constants = MV_CAST(MvDict, l->constants);
    MvValue known = mv_dict_get(vm, constants, mv_value(key));
    if (known == MV_UNASSIGNED)
        return mv_dict_set(vm, constants, mv_value(key), *value);
    *value = known;
    return known != MV_EXC;
}

static bool read_new_constant(MvLoader *l, bool may_be_code, MvValue *out)
{
    MvToken token;
    if (!mv_reader_next(&l->reader, &token))
        return mv_loader_damaged(l);
    switch (token.type) {
    case MV_TOKEN_NIL:
        *out = MV_NONE;
        return true;
    case MV_TOKEN_BOOL:
        *out = mv_bool(token.number);
        return true;
    case MV_TOKEN_INT:
        *out = mv_int_from_i64(l->vm, token.number);
        return *out != MV_EXC;
    case MV_TOKEN_UINT:
        *out = mv_int_from_u64(l->vm, (uint64_t)token.number);
        return *out != MV_EXC;
    case MV_TOKEN_FLOAT:
        l->nans += token.real != token.real;
        *out = mv_float_new(l->vm, token.real);
        return *out != MV_EXC;
    case MV_TOKEN_STR:
        return read_str(l, &token, false, out);
    case MV_TOKEN_ARRAY: {
        if (l->depth >= MAX_DEPTH)
            return mv_loader_refuse(l, "the image nests code or constants deeper than %d levels", MAX_DEPTH);
        l->depth++;
        bool ok = read_tagged(l, token.count, may_be_code, out);
        l->depth--;
        return ok;
    }
    default:
        return mv_loader_damaged(l);
    }
}

static bool read_constant(MvLoader *l, bool may_be_code, MvValue *out)
{
    const uint8_t *start = l->reader.at;
    const uint32_t nans = l->nans;
    return read_new_constant(l, may_be_code, out) && (l->nans != nans || share(l, start, out));
}

/* ---- arrays of a code object ---- */

static bool read_names(MvLoader *l, uint32_t expected, const MvValue **out)
{
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    if (array.count != expected)
        return mv_loader_refuse(l, "code whose parameter names do not match its counts");
    MvValue *names = mv_loader_take(l, expected * sizeof *names);
    if (!names)
        return false;
    *out = names;
    for (uint32_t i = 0; i < expected; i++)
        if (!mv_loader_read_name(l, &names[i]))
            return false;
    return true;
}

static bool read_locals(MvLoader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    MvLocalName *locals = mv_loader_take(l, array.count * sizeof *locals);
    if (!locals)
        return false;
    code->locals = locals;
    for (uint32_t i = 0; i < array.count; i++) {
        int64_t reg;
        bool is_cell;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item) || item.count != 3)
            return mv_loader_damaged(l);
        if (!mv_loader_read_name(l, &locals[i].name))
            return false;
        if (!mv_reader_int(&l->reader, 0, 0xFFFF, &reg) || !mv_reader_bool(&l->reader, &is_cell))
            return mv_loader_damaged(l);
        locals[i].reg = (uint32_t)reg;
        locals[i].is_cell = is_cell;
    }
    code->local_count = array.count;
    return true;
}

static bool read_free_variables(MvLoader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    if (array.count > 0x7FFF)
        return mv_loader_refuse(l, "code with more than 32767 free variables");
    MvValue *names = mv_loader_take(l, array.count * sizeof *names);
    uint32_t *sources = mv_loader_take(l, array.count * sizeof *sources);
    if (!names || !sources)
        return false;
    code->free_names = names;
    code->free_sources = sources;
    for (uint32_t i = 0; i < array.count; i++) {
        int64_t source;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item) || item.count != 2)
            return mv_loader_damaged(l);
        if (!mv_loader_read_name(l, &names[i]))
            return false;
        if (!mv_reader_int(&l->reader, 0, 0xFFFF, &source))
            return mv_loader_damaged(l);
        sources[i] = (uint32_t)source;
    }
    code->free_count = (uint16_t)array.count;
    return true;
}

static bool read_constants(MvLoader *l, MvCode *code)
{
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    MvValue *constants = mv_loader_take(l, array.count * sizeof *constants);
    if (!constants)
        return false;
    for (uint32_t i = 0; i < array.count; i++)
        if (!read_constant(l, true, &constants[i]))
            return false;
    code->constants = constants;
    code->constant_count = array.count;
    return true;
}

/* A byte string whose size is a multiple of `unit`, copied. */
static bool read_packed(MvLoader *l, size_t unit, const void **out, uint32_t *count)
{
    MvToken token;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_BIN, &token) || token.count % unit)
        return mv_loader_damaged(l);
    void *copy = mv_loader_take(l, token.count);
    if (!copy)
        return false;
    memcpy(copy, token.data, token.count);
    *out = copy;
    *count = (uint32_t)(token.count / unit);
    return true;
}

static bool read_inlined(MvLoader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    MvInlined *inlined = mv_loader_take(l, array.count * sizeof *inlined);
    if (!inlined)
        return false;
    code->inlined = inlined;
    for (uint32_t i = 0; i < array.count; i++) {
        int64_t start, end;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item) || item.count != 4)
            return mv_loader_damaged(l);
        if (!mv_reader_int(&l->reader, 0, UINT32_MAX, &start) || !mv_reader_int(&l->reader, start, UINT32_MAX, &end))
            return mv_loader_damaged(l);
        inlined[i].start = (uint32_t)start;
        inlined[i].end = (uint32_t)end;
        if (!mv_loader_read_name(l, &inlined[i].name))
            return false;
        if (!mv_reader_int(&l->reader, 0, INT32_MAX, &inlined[i].line))
            return mv_loader_damaged(l);
    }
    code->inlined_count = array.count;
    return true;
}

static bool read_variables(MvLoader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    if (array.count > code->inlined_count + 1)
        return mv_loader_refuse(l, "code with more groups of variables than it has scopes");
    uint32_t *ends = mv_loader_take(l, array.count * sizeof *ends);
    if (!ends)
        return false;
    code->variable_ends = ends;
    MvReader behind = l->reader;
    uint32_t count = 0; /* the names lie behind each other: counted first */
    for (uint32_t i = 0; i < array.count; i++) {
        if (!mv_reader_expect(&behind, MV_TOKEN_ARRAY, &item))
            return mv_loader_damaged(l);
        for (uint32_t k = 0; k < item.count; k++, count++) {
            MvToken name;
            if (!mv_reader_next(&behind, &name))
                return mv_loader_damaged(l);
        }
        ends[i] = count;
    }
    MvValue *names = mv_loader_take(l, count * sizeof *names);
    if (!names)
        return false;
    code->variables = names;
    for (uint32_t i = 0, at = 0; i < array.count; i++) {
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item))
            return mv_loader_damaged(l);
        for (; at < ends[i]; at++)
            if (!mv_loader_read_name(l, &names[at]))
                return false;
        code->variable_groups = i + 1; /* the collector looks at what is read */
    }
    return true;
}

static bool read_captured(MvLoader *l, MvCode *code)
{
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return mv_loader_damaged(l);
    MvValue *names = mv_loader_take(l, array.count * sizeof *names);
    if (!names)
        return false;
    code->captured = names;
    for (; code->captured_count < array.count; code->captured_count++)
        if (!mv_loader_read_name(l, &names[code->captured_count]))
            return false;
    return true;
}

/* How many positional arguments fill the registers of a call without any binding. */
static uint32_t simple_count(const MvCode *code)
{
    if (code->flags & MV_CODE_CLASS_BODY)
        return 1; /* the namespace */
    if (code->flags & (MV_CODE_LOCALS_VISIBLE | MV_CODE_VARARGS | MV_CODE_VARKEYWORDS | MV_CODE_GENERATOR) || code->keyword_only)
        return UINT32_MAX;
    return code->parameter_count;
}

static bool read_code_fields(MvLoader *l, MvCode *code)
{
    MvReader *r = &l->reader;
    int64_t first_line, flags, positional_only, positional, keyword_only, registers;
    const void *data;
    if (!mv_loader_read_name(l, &code->name) || !mv_loader_read_name(l, &code->qualname))
        return false;
    if (!mv_reader_int(r, 0, INT32_MAX, &first_line) || !mv_reader_int(r, 0, UINT32_MAX, &flags) ||
        !mv_reader_int(r, 0, 0xFFFF, &positional_only) ||
        !mv_reader_int(r, positional_only, 0xFFFF, &positional) || !mv_reader_int(r, 0, 0xFFFF, &keyword_only) ||
        !mv_reader_int(r, 0, 0xFFFF, &registers))
        return mv_loader_damaged(l);
    code->first_line = (uint32_t)first_line;
    code->flags = (uint32_t)flags;
    code->positional_only = (uint16_t)positional_only;
    code->positional = (uint16_t)positional;
    code->keyword_only = (uint16_t)keyword_only;
    code->register_count = (uint32_t)registers;
    uint32_t parameters = (uint32_t)(positional + keyword_only);
    uint32_t all = parameters + !!(flags & MV_CODE_VARARGS) + !!(flags & MV_CODE_VARKEYWORDS);
    if (!read_names(l, all, &code->parameter_names))
        return false;
    code->parameter_count = parameters;
    if (!read_locals(l, code) || !read_free_variables(l, code))
        return false;
    if (!read_packed(l, sizeof(MvInstruction), &data, &code->word_count))
        return false;
    code->words = data;
    if (!read_constants(l, code) || !read_packed(l, sizeof(MvSiteInfo), &data, &code->site_count))
        return false;
    code->sites = data;
    if (!read_packed(l, sizeof(MvExceptionRange), &data, &code->exception_count))
        return false;
    code->exceptions = data;
    if (!read_packed(l, 1, &data, &code->position_bytes))
        return false;
    code->positions = data;
    if (!read_inlined(l, code) || !read_variables(l, code) || !read_captured(l, code))
        return false;
    if (code->local_count)
        code->flags |= MV_CODE_LOCALS_VISIBLE;
    code->simple_count = simple_count(code);
    return true;
}

MvCode *mv_loader_read_code(MvLoader *l)
{
    MvVM *vm = l->vm;
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array) || array.count != 19)
        return mv_loader_damaged(l), NULL;
    MvCode *code = mv_new(vm, sizeof(MvCode), MV_CLASS_CODE, MV_KIND_CODE);
    if (!code)
        return NULL;
    code->name = code->qualname = vm->empty_str;
    code->module = l->module;
    code->image = l->image;
    code->next = vm->codes;
    vm->codes = code;
    if (!read_code_fields(l, code))
        return NULL;
    mv_native_code_made(vm, code);
    return code;
}
