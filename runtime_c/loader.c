/* See loader.h. One pass over the msgpack: values go to the heap, arrays to the block.
 *
 * The block (image.c) is reserved at a size that no image of its length can exceed, used from its start, accounted
 * page by page, and cut to size at the end. Collections are off while it is filled, because nothing but the block
 * holds the constants then. What is read here is checked for its form only (types, counts, ranges that other C code
 * relies on); that the instructions are safe to run is the verifier's business (verify.h). After a failure the
 * half-made code objects are emptied, because the conservative collector may still meet them, and the block goes.
 *
 * Strings that look like identifiers are interned here; names of other forms by the verifier, which knows what is a
 * name. */
#include "containers.h"
#include "loader.h"
#include "native.h"
#include "blake2b.h"
#include "msgpack_reader.h"
#include "protocol.h"
#include "verify.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FORMAT_VERSION 1
#define MAX_IMAGE ((size_t)1 << 30)
#define MAX_DEPTH 500     /* of code objects and containers in each other: bounds the C recursion */
#define ACCOUNT_STEP ((size_t)64 << 10)

typedef struct Loader {
    MvVM *vm;
    MvReader reader;
    MvImage *image;
    uint32_t depth;
    MvModule *module; /* that the code being read belongs to */
    char *error;
    size_t error_size;
} Loader;

/* Says what is wrong, unless something was said or raised before. */
__attribute__((format(printf, 2, 3))) static bool refuse(Loader *l, const char *format, ...)
{
    if (!*l->error && !l->vm->exception && !l->vm->ending) {
        va_list args;
        va_start(args, format);
        vsnprintf(l->error, l->error_size, format, args);
        va_end(args);
    }
    return false;
}

static bool no_memory(Loader *l)
{
    mv_memory_error(l->vm);
    return false;
}

static bool damaged(Loader *l) { return refuse(l, "the image is damaged: a field is missing or malformed"); }

/* Zeroed room in the block; 8-aligned. NULL: no memory. */
static void *take(Loader *l, size_t bytes)
{
    MvImage *image = l->image;
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > image->reserved - image->used)
        return no_memory(l), NULL;
    if (image->used + bytes > image->accounted) {
        size_t more = (image->used + bytes - image->accounted + ACCOUNT_STEP - 1) & ~(ACCOUNT_STEP - 1);
        if (!mv_heap_account_external(l->vm, (int64_t)more))
            return no_memory(l), NULL;
        image->accounted += more;
    }
    void *p = image->block + image->used;
    image->used += bytes;
    return p;
}

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

static bool read_str(Loader *l, const MvToken *token, bool is_name, MvValue *out)
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
            return refuse(l, "the image holds a string that is not UTF-8");
        }
        if (s != MV_EXC && (plain || is_name))
            s = mv_intern(vm, s);
    }
    *out = s;
    return s != MV_EXC;
}

static bool read_name(Loader *l, MvValue *out)
{
    MvToken token;
    if (!mv_reader_next(&l->reader, &token) || (token.type != MV_TOKEN_STR && token.type != MV_TOKEN_BIN))
        return damaged(l);
    return read_str(l, &token, true, out);
}

static bool read_big_int(Loader *l, MvValue *out)
{
    int64_t sign;
    MvToken token;
    if (!mv_reader_int(&l->reader, -1, 1, &sign) || sign == 0 || !mv_reader_expect(&l->reader, MV_TOKEN_BIN, &token))
        return damaged(l);
    size_t count = ((size_t)token.count + 7) / 8;
    uint64_t *limbs = calloc(count + 1, sizeof *limbs);
    if (!limbs)
        return no_memory(l);
    memcpy(limbs, token.data, token.count);
    *out = mv_int_from_limbs(l->vm, sign < 0, limbs, (int64_t)count);
    free(limbs);
    return *out != MV_EXC;
}

static bool read_constant(Loader *l, bool may_be_code, MvValue *out);

static bool read_container(Loader *l, bool is_set, uint32_t count, MvValue *out)
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

static MvCode *read_code(Loader *l);

/* The rest of a constant that is an array of `count` items. */
static bool read_tagged(Loader *l, uint32_t count, bool may_be_code, MvValue *out)
{
    MvToken tag;
    if (!count || !mv_reader_expect(&l->reader, MV_TOKEN_STR, &tag))
        return damaged(l);
    count--;
    if (tag.count == 3 && !memcmp(tag.data, "...", 3) && count == 0) {
        *out = MV_ELLIPSIS;
        return true;
    }
    if (tag.count != 1)
        return damaged(l);
    switch (tag.data[0]) {
    case 's':
        return count == 1 ? read_name(l, out) : damaged(l);
    case 'i':
        return count == 2 ? read_big_int(l, out) : damaged(l);
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
            return damaged(l);
        MvCode *code = read_code(l);
        *out = code ? mv_value(code) : MV_EXC;
        return code;
    }
    default:
        return damaged(l);
    }
}

static bool read_constant(Loader *l, bool may_be_code, MvValue *out)
{
    MvToken token;
    if (!mv_reader_next(&l->reader, &token))
        return damaged(l);
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
        *out = mv_float_new(l->vm, token.real);
        return *out != MV_EXC;
    case MV_TOKEN_STR:
        return read_str(l, &token, false, out);
    case MV_TOKEN_ARRAY: {
        if (l->depth >= MAX_DEPTH)
            return refuse(l, "the image nests code or constants deeper than %d levels", MAX_DEPTH);
        l->depth++;
        bool ok = read_tagged(l, token.count, may_be_code, out);
        l->depth--;
        return ok;
    }
    default:
        return damaged(l);
    }
}

/* ---- arrays of a code object ---- */

static bool read_names(Loader *l, uint32_t expected, const MvValue **out)
{
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return damaged(l);
    if (array.count != expected)
        return refuse(l, "code whose parameter names do not match its counts");
    MvValue *names = take(l, expected * sizeof *names);
    if (!names)
        return false;
    *out = names;
    for (uint32_t i = 0; i < expected; i++)
        if (!read_name(l, &names[i]))
            return false;
    return true;
}

static bool read_locals(Loader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return damaged(l);
    MvLocalName *locals = take(l, array.count * sizeof *locals);
    if (!locals)
        return false;
    code->locals = locals;
    for (uint32_t i = 0; i < array.count; i++) {
        int64_t reg;
        bool is_cell;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item) || item.count != 3)
            return damaged(l);
        if (!read_name(l, &locals[i].name))
            return false;
        if (!mv_reader_int(&l->reader, 0, 0xFFFF, &reg) || !mv_reader_bool(&l->reader, &is_cell))
            return damaged(l);
        locals[i].reg = (uint32_t)reg;
        locals[i].is_cell = is_cell;
    }
    code->local_count = array.count;
    return true;
}

static bool read_free_variables(Loader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return damaged(l);
    if (array.count > 0x7FFF)
        return refuse(l, "code with more than 32767 free variables");
    MvValue *names = take(l, array.count * sizeof *names);
    uint32_t *sources = take(l, array.count * sizeof *sources);
    if (!names || !sources)
        return false;
    code->free_names = names;
    code->free_sources = sources;
    for (uint32_t i = 0; i < array.count; i++) {
        int64_t source;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item) || item.count != 2)
            return damaged(l);
        if (!read_name(l, &names[i]))
            return false;
        if (!mv_reader_int(&l->reader, 0, 0xFFFF, &source))
            return damaged(l);
        sources[i] = (uint32_t)source;
    }
    code->free_count = (uint16_t)array.count;
    return true;
}

static bool read_constants(Loader *l, MvCode *code)
{
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return damaged(l);
    MvValue *constants = take(l, array.count * sizeof *constants);
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
static bool read_packed(Loader *l, size_t unit, const void **out, uint32_t *count)
{
    MvToken token;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_BIN, &token) || token.count % unit)
        return damaged(l);
    void *copy = take(l, token.count);
    if (!copy)
        return false;
    memcpy(copy, token.data, token.count);
    *out = copy;
    *count = (uint32_t)(token.count / unit);
    return true;
}

static bool read_inlined(Loader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return damaged(l);
    MvInlined *inlined = take(l, array.count * sizeof *inlined);
    if (!inlined)
        return false;
    code->inlined = inlined;
    for (uint32_t i = 0; i < array.count; i++) {
        int64_t start, end;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item) || item.count != 4)
            return damaged(l);
        if (!mv_reader_int(&l->reader, 0, UINT32_MAX, &start) || !mv_reader_int(&l->reader, start, UINT32_MAX, &end))
            return damaged(l);
        inlined[i].start = (uint32_t)start;
        inlined[i].end = (uint32_t)end;
        if (!read_name(l, &inlined[i].name))
            return false;
        if (!mv_reader_int(&l->reader, 0, INT32_MAX, &inlined[i].line))
            return damaged(l);
    }
    code->inlined_count = array.count;
    return true;
}

static bool read_variables(Loader *l, MvCode *code)
{
    MvToken array, item;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array))
        return damaged(l);
    if (array.count > code->inlined_count + 1)
        return refuse(l, "code with more groups of variables than it has scopes");
    uint32_t *ends = take(l, array.count * sizeof *ends);
    if (!ends)
        return false;
    code->variable_ends = ends;
    MvReader behind = l->reader;
    uint32_t count = 0; /* the names lie behind each other: counted first */
    for (uint32_t i = 0; i < array.count; i++) {
        if (!mv_reader_expect(&behind, MV_TOKEN_ARRAY, &item))
            return damaged(l);
        for (uint32_t k = 0; k < item.count; k++, count++) {
            MvToken name;
            if (!mv_reader_next(&behind, &name))
                return damaged(l);
        }
        ends[i] = count;
    }
    MvValue *names = take(l, count * sizeof *names);
    if (!names)
        return false;
    code->variables = names;
    for (uint32_t i = 0, at = 0; i < array.count; i++) {
        if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &item))
            return damaged(l);
        for (; at < ends[i]; at++)
            if (!read_name(l, &names[at]))
                return false;
        code->variable_groups = i + 1; /* the collector looks at what is read */
    }
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

static bool read_code_fields(Loader *l, MvCode *code)
{
    MvReader *r = &l->reader;
    int64_t first_line, flags, positional_only, positional, keyword_only, registers;
    const void *data;
    if (!read_name(l, &code->name) || !read_name(l, &code->qualname))
        return false;
    if (!mv_reader_int(r, 0, INT32_MAX, &first_line) || !mv_reader_int(r, 0, UINT32_MAX, &flags) ||
        !mv_reader_int(r, 0, 0xFFFF, &positional_only) ||
        !mv_reader_int(r, positional_only, 0xFFFF, &positional) || !mv_reader_int(r, 0, 0xFFFF, &keyword_only) ||
        !mv_reader_int(r, 0, 0xFFFF, &registers))
        return damaged(l);
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
    if (!read_inlined(l, code) || !read_variables(l, code))
        return false;
    if (code->local_count)
        code->flags |= MV_CODE_LOCALS_VISIBLE;
    code->simple_count = simple_count(code);
    return true;
}

/* NULL: refused or raised. */
static MvCode *read_code(Loader *l)
{
    MvVM *vm = l->vm;
    MvToken array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array) || array.count != 18)
        return damaged(l), NULL;
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

/* ---- modules ---- */

static bool is_key(const MvToken *token, const char *key)
{
    return token->count == strlen(key) && !memcmp(token->data, key, token->count);
}

static bool read_source(Loader *l, MvImageSource *source)
{
    MvToken token;
    if (!mv_reader_next(&l->reader, &token))
        return damaged(l);
    if (token.type == MV_TOKEN_NIL)
        return true;
    if (token.type != MV_TOKEN_STR && token.type != MV_TOKEN_BIN)
        return damaged(l);
    char *text = take(l, (size_t)token.count + 1);
    if (!text)
        return false;
    memcpy(text, token.data, token.count);
    source->text = text;
    source->size = token.count;
    return true;
}

static bool read_module(Loader *l, uint32_t number, MvModule **out)
{
    enum { NAME = 1, FILE_ = 2, PACKAGE = 4, BUILTIN = 8, CODE = 16, SOURCE = 32, ALL = 63 };
    MvVM *vm = l->vm;
    MvToken map, key;
    unsigned seen = 0;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_MAP, &map))
        return damaged(l);
    MvModule *module = mv_module_new(vm, vm->empty_str);
    if (!module)
        return false;
    *out = l->module = module;
    module->index = l->image->first_index + number;
    module->state = 0;
    for (uint32_t i = 0; i < map.count; i++) {
        bool flag;
        unsigned field;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_STR, &key))
            return damaged(l);
        if (is_key(&key, "name")) {
            field = NAME;
            if (!read_name(l, &module->name))
                return false;
        } else if (is_key(&key, "file")) {
            field = FILE_;
            if (!read_name(l, &module->file))
                return false;
        } else if (is_key(&key, "package") || is_key(&key, "builtin")) {
            field = key.data[0] == 'p' ? PACKAGE : BUILTIN;
            if (!mv_reader_bool(&l->reader, &flag))
                return damaged(l);
            module->pad |= flag ? (field == PACKAGE ? MV_MODULE_PACKAGE : MV_MODULE_BUILTIN) : 0;
        } else if (is_key(&key, "code")) {
            field = CODE;
            module->code = read_code(l);
            if (!module->code)
                return false;
        } else if (is_key(&key, "source")) {
            field = SOURCE;
            if (!read_source(l, &l->image->sources[number]))
                return false;
        } else
            return damaged(l);
        if (seen & field)
            return damaged(l);
        seen |= field;
    }
    if (seen != ALL)
        return refuse(l, "a module of the image lacks a field");
    if (!(module->code->flags & MV_CODE_MODULE))
        return refuse(l, "a module's code is not code of a module");
    mv_barrier(vm, module);
    return true;
}

static bool append_modules(Loader *l, MvModule *const *modules, uint32_t count)
{
    MvVM *vm = l->vm;
    uint64_t wanted = (uint64_t)vm->image_module_count + count + 1;
    if (wanted > vm->image_module_capacity) {
        uint64_t capacity = wanted * 2;
        MvModule **larger = realloc(vm->image_modules, capacity * sizeof *larger);
        if (!larger)
            return no_memory(l);
        vm->image_modules = larger;
        vm->image_module_capacity = (uint32_t)capacity;
    }
    memcpy(vm->image_modules + vm->image_module_count, modules, count * sizeof *modules);
    vm->image_module_count += count;
    vm->image_modules[vm->image_module_count] = NULL;
    return true;
}

/* The body: {"modules": [...], "main": index}. */
static bool read_body(Loader *l, MvModule ***modules, uint32_t *count, int64_t *main_index)
{
    MvToken map, key, array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_MAP, &map) || map.count != 2)
        return damaged(l);
    *main_index = -1;
    for (int i = 0; i < 2; i++) {
        if (!mv_reader_expect(&l->reader, MV_TOKEN_STR, &key))
            return damaged(l);
        if (is_key(&key, "main") && *main_index < 0) {
            if (!mv_reader_int(&l->reader, 0, UINT32_MAX, main_index))
                return damaged(l);
            continue;
        }
        if (!is_key(&key, "modules") || *modules || !mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array) ||
            !array.count)
            return damaged(l);
        *modules = calloc(array.count, sizeof **modules);
        l->image->sources = calloc(array.count, sizeof *l->image->sources);
        if (!*modules || !l->image->sources)
            return no_memory(l);
        l->image->module_count = array.count;
        for (; *count < array.count; (*count)++)
            if (!read_module(l, *count, &(*modules)[*count]))
                return false;
    }
    if (*main_index >= *count)
        return refuse(l, "the image names a main module that it does not hold");
    return l->reader.at == l->reader.end || damaged(l);
}

/* [magic, version, digest, body]: sets the reader to the body. */
static bool open_container(Loader *l, const uint8_t *bytes, size_t n)
{
    MvReader outer = {bytes, bytes + n, false};
    MvToken array, magic, version, digest, body;
    uint8_t actual[32];
    if (n > MAX_IMAGE)
        return refuse(l, "the image is larger than %zu bytes", MAX_IMAGE);
    if (!mv_reader_expect(&outer, MV_TOKEN_ARRAY, &array) || array.count != 4 ||
        !mv_reader_expect(&outer, MV_TOKEN_STR, &magic) ||
        magic.count != 5 || memcmp(magic.data, "minic", 5) || !mv_reader_expect(&outer, MV_TOKEN_INT, &version))
        return refuse(l, "this is not an image of minivm");
    if (version.number != FORMAT_VERSION)
        return refuse(l, "the image has format %lld, this minivm reads format %d", (long long)version.number,
                      FORMAT_VERSION);
    if (!mv_reader_expect(&outer, MV_TOKEN_BIN, &digest) || digest.count != sizeof actual ||
        !mv_reader_expect(&outer, MV_TOKEN_BIN, &body) ||
        outer.at != outer.end)
        return refuse(l, "the image is damaged");
    mv_blake2b(actual, sizeof actual, body.data, body.count);
    if (memcmp(actual, digest.data, sizeof actual))
        return refuse(l, "the image is damaged: its digest differs");
    l->reader = (MvReader){body.data, body.data + body.count, false};
    return true;
}

/* ---- the whole ---- */

/* Code objects of a block that goes: nothing may follow their pointers any more. */
static void empty_codes(MvVM *vm, MvCode *before)
{
    while (vm->codes != before) {
        MvCode *code = vm->codes;
        MvObject header = code->h;
        vm->codes = code->next;
        memset(code, 0, sizeof *code);
        code->h = header;
        code->name = code->qualname = vm->empty_str;
    }
}

static bool verify(Loader *l, MvCode *before)
{
    for (MvCode *code = l->vm->codes; code != before; code = code->next)
        if (!mv_verify_code(l->vm, code, l->error, l->error_size))
            return false;
    return true;
}

static bool seal(Loader *l) { return mv_image_seal(l->vm, l->image) || no_memory(l); }

static bool load(Loader *l, const uint8_t *bytes, size_t n)
{
    MvVM *vm = l->vm;
    if (!open_container(l, bytes, n))
        return false;
    l->image = mv_image_new((size_t)(l->reader.end - l->reader.at));
    if (!l->image)
        return no_memory(l);
    const MvImage *newest = vm->images;
    l->image->first_index = newest ? newest->first_index + newest->module_count : 1;
    MvCode *before = vm->codes;
    MvModule **modules = NULL;
    uint32_t count = 0;
    int64_t main_index;
    bool ok = read_body(l, &modules, &count, &main_index) && verify(l, before) && seal(l) &&
              append_modules(l, modules, count);
    if (ok) {
        vm->image_main = modules[main_index];
        l->image->next = vm->images;
        vm->images = l->image;
        for (MvCode *code = vm->codes; code != before; code = code->next)
            vm->stats.codes++;
    } else {
        empty_codes(vm, before);
        mv_image_free(vm, l->image);
    }
    free(modules);
    return ok;
}

bool mv_load_image(MvVM *vm, const uint8_t *bytes, size_t n, char *error, size_t error_size)
{
    Loader l = {.vm = vm, .error = error, .error_size = error_size};
    bool collections_off = vm->heap.no_collect;
    *error = 0;
    if (vm->heap.bytes_limit && mv_heap_bytes_used(vm) + 8 * n > vm->heap.bytes_limit)
        mv_heap_collect(vm, true); /* none can happen later */
    vm->heap.no_collect = true;
    bool ok = load(&l, bytes, n);
    vm->heap.no_collect = collections_off;
    if (!ok && (vm->exception || vm->ending))
        *error = 0;
    return ok;
}
