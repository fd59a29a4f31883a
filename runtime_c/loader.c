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
#include "loader_internal.h"
#include "blake2b.h"
#include "native.h"
#include "verify.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FORMAT_VERSION 3
#define MAX_IMAGE ((size_t)1 << 30)
#define ACCOUNT_STEP ((size_t)64 << 10)

bool mv_loader_refuse(MvLoader *l, const char *format, ...)
{
    if (!*l->error && !l->vm->exception && !l->vm->ending) {
        va_list args;
        va_start(args, format);
        vsnprintf(l->error, l->error_size, format, args);
        va_end(args);
    }
    return false;
}

bool mv_loader_no_memory(MvLoader *l)
{
    mv_memory_error(l->vm);
    return false;
}

bool mv_loader_damaged(MvLoader *l) { return mv_loader_refuse(l, "the image is damaged: a field is missing or malformed"); }

void *mv_loader_take(MvLoader *l, size_t bytes)
{
    MvImage *image = l->image;
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > image->reserved - image->used)
        return mv_loader_no_memory(l), NULL;
    if (image->used + bytes > image->accounted) {
        size_t more = (image->used + bytes - image->accounted + ACCOUNT_STEP - 1) & ~(ACCOUNT_STEP - 1);
        if (!mv_heap_account_external(l->vm, (int64_t)more))
            return mv_loader_no_memory(l), NULL;
        image->accounted += more;
    }
    void *p = image->block + image->used;
    image->used += bytes;
    return p;
}

/* ---- modules ---- */

static bool is_key(const MvToken *token, const char *key)
{
    return token->count == strlen(key) && !memcmp(token->data, key, token->count);
}

static bool read_source(MvLoader *l, MvImageSource *source)
{
    MvToken token;
    if (!mv_reader_next(&l->reader, &token))
        return mv_loader_damaged(l);
    if (token.type == MV_TOKEN_NIL)
        return true;
    if (token.type != MV_TOKEN_STR && token.type != MV_TOKEN_BIN)
        return mv_loader_damaged(l);
    char *text = mv_loader_take(l, (size_t)token.count + 1);
    if (!text)
        return false;
    memcpy(text, token.data, token.count);
    source->text = text;
    source->size = token.count;
    return true;
}

static bool read_module(MvLoader *l, uint32_t number, MvModule **out)
{
    enum { NAME = 1, FILE_ = 2, PACKAGE = 4, BUILTIN = 8, CODE = 16, SOURCE = 32, ALL = 63 };
    MvVM *vm = l->vm;
    MvToken map, key;
    unsigned seen = 0;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_MAP, &map))
        return mv_loader_damaged(l);
    MvModule *module = mv_module_new(vm, vm->empty_str);
    if (!module)
        return false;
    *out = l->module = module;
    l->constants = mv_dict_new(vm);
    if (l->constants == MV_EXC)
        return false;
    module->index = l->image->first_index + number;
    module->state = 0;
    for (uint32_t i = 0; i < map.count; i++) {
        bool flag;
        unsigned field;
        if (!mv_reader_expect(&l->reader, MV_TOKEN_STR, &key))
            return mv_loader_damaged(l);
        if (is_key(&key, "name")) {
            field = NAME;
            if (!mv_loader_read_name(l, &module->name))
                return false;
        } else if (is_key(&key, "file")) {
            field = FILE_;
            if (!mv_loader_read_name(l, &module->file))
                return false;
        } else if (is_key(&key, "package") || is_key(&key, "builtin")) {
            field = key.data[0] == 'p' ? PACKAGE : BUILTIN;
            if (!mv_reader_bool(&l->reader, &flag))
                return mv_loader_damaged(l);
            module->pad |= flag ? (field == PACKAGE ? MV_MODULE_PACKAGE : MV_MODULE_BUILTIN) : 0;
        } else if (is_key(&key, "code")) {
            field = CODE;
            module->code = mv_loader_read_code(l);
            if (!module->code)
                return false;
        } else if (is_key(&key, "source")) {
            field = SOURCE;
            if (!read_source(l, &l->image->sources[number]))
                return false;
        } else
            return mv_loader_damaged(l);
        if (seen & field)
            return mv_loader_damaged(l);
        seen |= field;
    }
    if (seen != ALL)
        return mv_loader_refuse(l, "a module of the image lacks a field");
    if (!(module->code->flags & MV_CODE_MODULE))
        return mv_loader_refuse(l, "a module's code is not code of a module");
    mv_barrier(vm, module);
    return true;
}

static bool append_modules(MvLoader *l, MvModule *const *modules, uint32_t count)
{
    MvVM *vm = l->vm;
    uint64_t wanted = (uint64_t)vm->image_module_count + count + 1;
    if (wanted > vm->image_module_capacity) {
        uint64_t capacity = wanted * 2;
        MvModule **larger = realloc(vm->image_modules, capacity * sizeof *larger);
        if (!larger)
            return mv_loader_no_memory(l);
        vm->image_modules = larger;
        vm->image_module_capacity = (uint32_t)capacity;
    }
    memcpy(vm->image_modules + vm->image_module_count, modules, count * sizeof *modules);
    vm->image_module_count += count;
    vm->image_modules[vm->image_module_count] = NULL;
    return true;
}

/* The body: {"modules": [...], "main": index}. */
static bool read_body(MvLoader *l, MvModule ***modules, uint32_t *count, int64_t *main_index)
{
    MvToken map, key, array;
    if (!mv_reader_expect(&l->reader, MV_TOKEN_MAP, &map) || map.count != 2)
        return mv_loader_damaged(l);
    *main_index = -1;
    for (int i = 0; i < 2; i++) {
        if (!mv_reader_expect(&l->reader, MV_TOKEN_STR, &key))
            return mv_loader_damaged(l);
        if (is_key(&key, "main") && *main_index < 0) {
            if (!mv_reader_int(&l->reader, 0, UINT32_MAX, main_index))
                return mv_loader_damaged(l);
            continue;
        }
        if (!is_key(&key, "modules") || *modules || !mv_reader_expect(&l->reader, MV_TOKEN_ARRAY, &array) ||
            !array.count)
            return mv_loader_damaged(l);
        *modules = calloc(array.count, sizeof **modules);
        l->image->sources = calloc(array.count, sizeof *l->image->sources);
        if (!*modules || !l->image->sources)
            return mv_loader_no_memory(l);
        l->image->module_count = array.count;
        for (; *count < array.count; (*count)++)
            if (!read_module(l, *count, &(*modules)[*count]))
                return false;
    }
    if (*main_index >= *count)
        return mv_loader_refuse(l, "the image names a main module that it does not hold");
    return l->reader.at == l->reader.end || mv_loader_damaged(l);
}

/* [magic, version, digest, body]: sets the reader to the body. */
static bool open_container(MvLoader *l, const uint8_t *bytes, size_t n)
{
    MvReader outer = {bytes, bytes + n, false};
    MvToken array, magic, version, digest, body;
    uint8_t actual[32];
    if (n > MAX_IMAGE)
        return mv_loader_refuse(l, "the image is larger than %zu bytes", MAX_IMAGE);
    if (!mv_reader_expect(&outer, MV_TOKEN_ARRAY, &array) || array.count != 4 ||
        !mv_reader_expect(&outer, MV_TOKEN_STR, &magic) ||
        magic.count != 5 || memcmp(magic.data, "minic", 5) || !mv_reader_expect(&outer, MV_TOKEN_INT, &version))
        return mv_loader_refuse(l, "this is not an image of minivm");
    if (version.number != FORMAT_VERSION)
        return mv_loader_refuse(l, "the image has format %lld, this minivm reads format %d", (long long)version.number,
                      FORMAT_VERSION);
    if (!mv_reader_expect(&outer, MV_TOKEN_BIN, &digest) || digest.count != sizeof actual ||
        !mv_reader_expect(&outer, MV_TOKEN_BIN, &body) ||
        outer.at != outer.end)
        return mv_loader_refuse(l, "the image is damaged");
    mv_blake2b(actual, sizeof actual, body.data, body.count);
    if (memcmp(actual, digest.data, sizeof actual))
        return mv_loader_refuse(l, "the image is damaged: its digest differs");
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

static bool verify(MvLoader *l, MvCode *before)
{
    for (MvCode *code = l->vm->codes; code != before; code = code->next)
        if (!mv_verify_code(l->vm, code, l->error, l->error_size))
            return false;
    return true;
}

static bool seal(MvLoader *l) { return mv_image_seal(l->vm, l->image) || mv_loader_no_memory(l); }

static bool load(MvLoader *l, const uint8_t *bytes, size_t n)
{
    MvVM *vm = l->vm;
    if (!open_container(l, bytes, n))
        return false;
    l->image = mv_image_new((size_t)(l->reader.end - l->reader.at));
    if (!l->image)
        return mv_loader_no_memory(l);
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
    MvLoader l = {.vm = vm, .error = error, .error_size = error_size};
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
