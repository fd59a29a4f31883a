/* api_wire.c: values to the wire encoding (mv_api.h) and back.
 *
 * Encoding runs no Mini code, but its polls may let the host in, which may change what is being encoded: containers
 * are read anew after each poll, and one that changed its length is refused. Decoding trusts nothing: every count is
 * held against the bytes that are left before memory is asked for. It may run Mini code (hashes of handles). */
#include "api.h"
#include "containers.h"
#include "heap.h"
#include "numbers.h"

#include <stdlib.h>

enum { BULK = 16, POLL_ITEMS = 4095, FIRST_BYTES = 256 };

static MV_COLD bool fail(MvVM *vm, const char *text)
{
    mv_value_error(vm, "%s", text);
    return false;
}

static MV_COLD bool fail_depth(MvVM *vm)
{
    mv_value_error(vm, "data nested more than %d deep (or containing itself) cannot cross to the host",
                   (int64_t)MV_WIRE_DEPTH);
    return false;
}

/* ---- bytes ---- */

bool mv_bytes_reserve(MvVM *vm, MvBytes *bytes, size_t more)
{
    size_t needed;
    if (!__builtin_add_overflow(bytes->size, more, &needed)) {
        if (MV_LIKELY(needed <= bytes->capacity))
            return true;
        size_t capacity = needed < SIZE_MAX / 2 ? needed + needed / 2 : needed;
        capacity = capacity < FIRST_BYTES ? FIRST_BYTES : capacity;
        int64_t delta = (int64_t)(capacity - bytes->capacity);
        if (!bytes->counted || mv_heap_account_external(vm, delta)) {
            uint8_t *data = realloc(bytes->data, capacity);
            if (data) {
                bytes->data = data;
                bytes->capacity = capacity;
                return true;
            }
            if (bytes->counted)
                mv_heap_account_external(vm, -delta);
        }
    }
    if (bytes->counted)
        mv_memory_error(vm);
    return false;
}

bool mv_bytes_put(MvVM *vm, MvBytes *bytes, const void *data, size_t n)
{
    if (MV_UNLIKELY(bytes->capacity - bytes->size < n) && !mv_bytes_reserve(vm, bytes, n))
        return false;
    if (n)
        memcpy(bytes->data + bytes->size, data, n);
    bytes->size += n;
    return true;
}

void mv_bytes_free(MvVM *vm, MvBytes *bytes)
{
    if (bytes->counted)
        mv_heap_account_external(vm, -(int64_t)bytes->capacity);
    free(bytes->data);
    *bytes = (MvBytes){.counted = bytes->counted};
}

static bool put_tagged(MvVM *vm, MvBytes *out, int tag, const void *data, size_t n)
{
    if (MV_UNLIKELY(out->capacity - out->size < n + 1) && !mv_bytes_reserve(vm, out, n + 1))
        return false;
    out->data[out->size] = (uint8_t)tag;
    memcpy(out->data + out->size + 1, data, n);
    out->size += n + 1;
    return true;
}

static bool put_count(MvVM *vm, MvBytes *out, int tag, uint64_t count)
{
    uint32_t n = (uint32_t)count;
    return count == n ? put_tagged(vm, out, tag, &n, 4) :
                        fail(vm, "data of more than 4294967295 items or bytes cannot cross to the host");
}

/* ---- encoding: text ---- */

/* Characters [start, end) as UTF-8 into room for 4 bytes each (3 where none is beyond U+FFFF); bytes written. */
static size_t encode_chars(uint8_t *to, const MvStr *s, int64_t start, int64_t end)
{
    uint8_t *p = to;
    for (int64_t i = start; i < end; i++) {
        uint32_t c = mv_str_char(s, i);
        if (c < 0x80) {
            *p++ = (uint8_t)c;
        } else if (c < 0x800) {
            *p++ = (uint8_t)(0xC0 | c >> 6);
            *p++ = (uint8_t)(0x80 | (c & 63));
        } else if (c < 0x10000) {
            *p++ = (uint8_t)(0xE0 | c >> 12);
            *p++ = (uint8_t)(0x80 | (c >> 6 & 63));
            *p++ = (uint8_t)(0x80 | (c & 63));
        } else {
            *p++ = (uint8_t)(0xF0 | c >> 18);
            *p++ = (uint8_t)(0x80 | (c >> 12 & 63));
            *p++ = (uint8_t)(0x80 | (c >> 6 & 63));
            *p++ = (uint8_t)(0x80 | (c & 63));
        }
    }
    return (size_t)(p - to);
}

/* strs are immutable, so polling in between is harmless; `polls` is false where nothing may be raised. */
static bool put_str(MvVM *vm, MvBytes *out, const MvStr *s, bool polls)
{
    size_t start = out->size;
    if (mv_str_is_ascii(s))
        return put_count(vm, out, MV_WIRE_STR, (uint64_t)s->length) &&
               mv_bytes_put(vm, out, s->data, (size_t)s->length);
    if (!put_count(vm, out, MV_WIRE_STR, 0))
        return false;
    enum { CHUNK = 4096 };
    for (int64_t at = 0; at < s->length; at += CHUNK) {
        int64_t end = at + CHUNK < s->length ? at + CHUNK : s->length;
        if (!mv_bytes_reserve(vm, out, (size_t)(end - at) * 4) || (polls && mv_poll(vm)))
            return false;
        out->size += encode_chars(out->data + out->size, s, at, end);
    }
    uint64_t size = out->size - start - 5;
    uint32_t n = (uint32_t)size;
    if (n != size)
        return polls && fail(vm, "data of more than 4294967295 items or bytes cannot cross to the host");
    memcpy(out->data + start + 1, &n, 4);
    return true;
}

bool mv_wire_put_count(MvBytes *out, int tag, size_t count)
{
    uint32_t n = (uint32_t)count;
    return count == n && put_tagged(NULL, out, tag, &n, 4);
}

bool mv_wire_put_str(MvBytes *out, MvValue str)
{
    return MV_CAST(MvStr, str)->length <= UINT32_MAX / 4 && put_str(NULL, out, MV_CAST(MvStr, str), false);
}

bool mv_wire_put_c(MvBytes *out, const char *text)
{
    size_t n = strlen(text);
    return mv_wire_put_count(out, MV_WIRE_STR, n) && mv_bytes_put(NULL, out, text, n);
}

bool mv_wire_put_int(MvBytes *out, int64_t i)
{
    return put_tagged(NULL, out, MV_WIRE_INT, &i, 8);
}

/* ---- encoding: values ---- */

typedef struct Encoder {
    MvVM *vm;
    MvBytes *out;
    MvBytes handles; /* ids made for this value: released if it fails */
} Encoder;

static bool encode(Encoder *e, MvValue v, int depth);

static bool encode_handle(Encoder *e, MvValue v)
{
    if (!mv_bytes_reserve(e->vm, &e->handles, 8))
        return false;
    uint64_t id = mv_handle_new(e->vm, v);
    return id && mv_bytes_put(e->vm, &e->handles, &id, 8) && put_tagged(e->vm, e->out, MV_WIRE_HANDLE, &id, 8);
}

static bool encode_big(Encoder *e, MvValue v)
{
    int64_t small;
    if (mv_int_to_i64(v, &small))
        return put_tagged(e->vm, e->out, MV_WIRE_INT, &small, 8);
    const MvInt *n = MV_CAST(MvInt, v);
    uint64_t limbs = (uint64_t)(n->size < 0 ? -n->size : n->size);
    uint64_t size = limbs * 8 - (uint64_t)(__builtin_clzll(n->limbs[limbs - 1]) >> 3);
    return put_count(e->vm, e->out, n->size < 0 ? MV_WIRE_BIG_NEG : MV_WIRE_BIG_POS, size) &&
           mv_bytes_put(e->vm, e->out, n->limbs, size);
}

/* 1: written as packed numbers, 0: it is no such list, -1: raised. */
static int encode_bulk(Encoder *e, const MvList *list)
{
    int64_t count = list->length;
    bool ints = mv_is_int(list->items[0]), floats = mv_is_float_like(list->items[0]);
    for (int64_t i = 1; i < count && (ints || floats); i++) {
        MvValue v = list->items[i];
        ints = ints && mv_is_int(v);
        floats = floats && (mv_is_float(v) || mv_is_exactly(e->vm, v, MV_CLASS_FLOAT));
    }
    if (!ints && (!floats || !(mv_is_float(list->items[0]) || mv_is_exactly(e->vm, list->items[0], MV_CLASS_FLOAT))))
        return 0;
    if (!put_count(e->vm, e->out, ints ? MV_WIRE_INTS : MV_WIRE_FLOATS, (uint64_t)count) ||
        !mv_bytes_reserve(e->vm, e->out, (size_t)count * 8))
        return -1;
    uint8_t *to = e->out->data + e->out->size;
    for (int64_t i = 0; i < count; i++, to += 8) {
        int64_t word = ints ? mv_to_fixnum(list->items[i]) : (int64_t)mv_double_bits(mv_float_value(list->items[i]));
        memcpy(to, &word, 8);
    }
    e->out->size += (size_t)count * 8;
    return 1;
}

static bool encode_sequence(Encoder *e, MvValue v, int tag, int depth)
{
    int64_t count, length;
    mv_sequence_items(v, &count);
    if (tag == MV_WIRE_LIST && count >= BULK) {
        int bulk = encode_bulk(e, MV_CAST(MvList, v));
        if (bulk)
            return bulk > 0;
    }
    if (!put_count(e->vm, e->out, tag, (uint64_t)count))
        return false;
    for (int64_t i = 0; i < count; i++) {
        const MvValue *items = mv_sequence_items(v, &length);
        if (MV_UNLIKELY(length != count))
            return fail(e->vm, "a list changed its size while it crossed to the host");
        if (!encode(e, items[i], depth) || ((i & POLL_ITEMS) == POLL_ITEMS && mv_poll(e->vm)))
            return false;
    }
    return true;
}

static bool encode_dict(Encoder *e, const MvDict *dict, int depth)
{
    int64_t position = 0, count = dict->used, done = 0;
    MvValue key, value;
    if (!put_count(e->vm, e->out, MV_WIRE_DICT, (uint64_t)count))
        return false;
    while (mv_dict_next(dict, &position, &key, &value)) {
        if (++done > count || dict->used != count)
            break;
        if (!encode(e, key, depth) || !encode(e, value, depth) || ((done & POLL_ITEMS) == 0 && mv_poll(e->vm)))
            return false;
    }
    return done == count || fail(e->vm, "a dict changed its size while it crossed to the host");
}

static bool encode_set(Encoder *e, const MvSet *set, int tag, int depth)
{
    int64_t position = 0, count = set->used, done = 0;
    MvValue key;
    uint64_t hash;
    if (!put_count(e->vm, e->out, tag, (uint64_t)count))
        return false;
    while (mv_set_next(set, &position, &key, &hash)) {
        if (++done > count || set->used != count)
            break;
        if (!encode(e, key, depth) || ((done & POLL_ITEMS) == 0 && mv_poll(e->vm)))
            return false;
    }
    return done == count || fail(e->vm, "a set changed its size while it crossed to the host");
}

static bool encode_container(Encoder *e, MvValue v, int depth)
{
    if (depth >= MV_WIRE_DEPTH)
        return fail_depth(e->vm);
    if (mv_poll(e->vm))
        return false;
    switch (mv_object(v)->kind) {
    case MV_KIND_LIST: return encode_sequence(e, v, MV_WIRE_LIST, depth + 1);
    case MV_KIND_TUPLE: return encode_sequence(e, v, MV_WIRE_TUPLE, depth + 1);
    case MV_KIND_DICT: return encode_dict(e, MV_CAST(MvDict, v), depth + 1);
    case MV_KIND_SET: return encode_set(e, MV_CAST(MvSet, v), MV_WIRE_SET, depth + 1);
    default: return encode_set(e, MV_CAST(MvSet, v), MV_WIRE_FROZENSET, depth + 1);
    }
}

static bool encode(Encoder *e, MvValue v, int depth)
{
    MvVM *vm = e->vm;
    if (mv_is_int(v)) {
        int64_t i = mv_to_fixnum(v);
        return put_tagged(vm, e->out, MV_WIRE_INT, &i, 8);
    }
    if (mv_is_float(v) || mv_is_exactly(vm, v, MV_CLASS_FLOAT)) {
        double d = mv_float_value(v);
        return put_tagged(vm, e->out, MV_WIRE_FLOAT, &d, 8);
    }
    if (v == MV_NONE || v == MV_TRUE || v == MV_FALSE)
        return put_tagged(vm, e->out, v == MV_NONE ? MV_WIRE_NONE : v == MV_TRUE ? MV_WIRE_TRUE : MV_WIRE_FALSE, "", 0);
    if (mv_is_exact_str(vm, v))
        return put_str(vm, e->out, MV_CAST(MvStr, v), true);
    switch (mv_object(v)->shape) { /* shape ids of exact builtin classes are class ids */
    case MV_CLASS_INT: return encode_big(e, v);
    case MV_CLASS_LIST: case MV_CLASS_TUPLE: case MV_CLASS_DICT: case MV_CLASS_SET: case MV_CLASS_FROZENSET:
        return encode_container(e, v, depth);
    case MV_CLASS_NAMESPACE_DICT:
        v = mv_dict_seen(vm, v);
        return v != MV_EXC && encode_container(e, v, depth);
    default: return encode_handle(e, v);
    }
}

bool mv_wire_put(MvVM *vm, MvBytes *out, MvValue value)
{
    Encoder e = {.vm = vm, .out = out, .handles.counted = true};
    bool good = encode(&e, value, 0);
    for (size_t i = 0; !good && i < e.handles.size; i += 8) {
        uint64_t id;
        memcpy(&id, e.handles.data + i, 8);
        mv_handle_release(vm, id);
    }
    if (e.handles.data)
        mv_bytes_free(vm, &e.handles);
    return good;
}

bool mv_wire_reply(MvVM *vm, MvBytes *out, MvReply *reply, MvValue value)
{
    int64_t number;
    if (mv_is_int(value)) {
        reply->kind = MV_WIRE_INT;
        reply->number = mv_to_fixnum(value);
    } else if (value == MV_NONE || value == MV_TRUE || value == MV_FALSE) {
        reply->kind = value == MV_NONE ? MV_WIRE_NONE : value == MV_TRUE ? MV_WIRE_TRUE : MV_WIRE_FALSE;
    } else if (mv_is_float(value) || mv_is_exactly(vm, value, MV_CLASS_FLOAT)) {
        reply->kind = MV_WIRE_FLOAT;
        reply->real = mv_float_value(value);
    } else if (mv_is_exactly(vm, value, MV_CLASS_INT) && mv_int_to_i64(value, &number)) {
        reply->kind = MV_WIRE_INT;
        reply->number = number;
    } else {
        out->size = 0;
        if (!mv_wire_put(vm, out, value))
            return false;
        reply->kind = out->data[0];
        reply->data = out->data;
        reply->size = out->size;
    }
    return true;
}

/* ---- decoding ---- */

static MV_COLD MvValue damaged(MvVM *vm)
{
    return mv_value_error(vm, "damaged data came from the host");
}

static bool take(MvWireReader *r, void *to, size_t n)
{
    if ((size_t)(r->end - r->at) < n)
        return false;
    memcpy(to, r->at, n);
    r->at += n;
    return true;
}

/* A count of items that take at least `least` bytes each. */
static bool take_count(MvWireReader *r, uint64_t least, int64_t *count)
{
    uint32_t n;
    if (!take(r, &n, 4) || n * least > (uint64_t)(r->end - r->at))
        return false;
    *count = n;
    return true;
}

static MvValue decode(MvVM *vm, MvWireReader *r, int depth);

static MvValue decode_big(MvVM *vm, MvWireReader *r, bool negative)
{
    int64_t size;
    if (!take_count(r, 1, &size) || !size || !r->at[size - 1])
        return damaged(vm);
    int64_t count = (size + 7) / 8;
    uint64_t small[8], *limbs = count <= 8 ? small : malloc((size_t)count * 8);
    if (!limbs)
        return mv_memory_error(vm);
    limbs[count - 1] = 0;
    memcpy(limbs, r->at, (size_t)size);
    r->at += size;
    MvValue v = mv_int_from_limbs(vm, negative, limbs, count);
    if (limbs != small)
        free(limbs);
    return v;
}

static MvValue decode_str(MvVM *vm, MvWireReader *r)
{
    int64_t size;
    if (!take_count(r, 1, &size))
        return damaged(vm);
    const char *text = (const char *)r->at;
    r->at += size;
    return mv_str_from_utf8(vm, text, size);
}

static MvValue decode_list(MvVM *vm, MvWireReader *r, int depth)
{
    int64_t count;
    if (!take_count(r, 1, &count))
        return damaged(vm);
    MvValue list = mv_list_new(vm, count);
    for (int64_t i = 0; list != MV_EXC && i < count; i++) {
        MvValue item = decode(vm, r, depth);
        if (item == MV_EXC || !mv_list_push(vm, MV_CAST(MvList, list), item) ||
            ((i & POLL_ITEMS) == POLL_ITEMS && mv_poll(vm)))
            return MV_EXC;
    }
    return list;
}

static MvValue decode_tuple(MvVM *vm, MvWireReader *r, int depth)
{
    int64_t count;
    if (!take_count(r, 1, &count))
        return damaged(vm);
    if (!count)
        return vm->empty_tuple;
    MvTuple *tuple = mv_tuple_new(vm, count);
    if (!tuple)
        return MV_EXC;
    for (int64_t i = 0; i < count; i++) {
        MvValue item = decode(vm, r, depth);
        if (item == MV_EXC || ((i & POLL_ITEMS) == POLL_ITEMS && mv_poll(vm)))
            return MV_EXC;
        mv_store(vm, tuple, &tuple->items[i], item);
    }
    return mv_value(tuple);
}

static MvValue decode_dict(MvVM *vm, MvWireReader *r, int depth)
{
    int64_t count;
    if (!take_count(r, 2, &count))
        return damaged(vm);
    MvValue dict = mv_dict_new(vm);
    for (int64_t i = 0; dict != MV_EXC && i < count; i++) {
        MvValue key = decode(vm, r, depth);
        MvValue value = key == MV_EXC ? MV_EXC : decode(vm, r, depth);
        if (value == MV_EXC || !mv_dict_set(vm, MV_CAST(MvDict, dict), key, value) ||
            ((i & POLL_ITEMS) == POLL_ITEMS && mv_poll(vm)))
            return MV_EXC;
    }
    return dict;
}

static MvValue decode_set(MvVM *vm, MvWireReader *r, int class_id, int depth)
{
    int64_t count;
    if (!take_count(r, 1, &count))
        return damaged(vm);
    if (!count && class_id == MV_CLASS_FROZENSET)
        return vm->empty_frozenset;
    MvValue set = mv_set_new(vm, class_id);
    for (int64_t i = 0; set != MV_EXC && i < count; i++) {
        MvValue key = decode(vm, r, depth);
        if (key == MV_EXC || !mv_set_add(vm, MV_CAST(MvSet, set), key) ||
            ((i & POLL_ITEMS) == POLL_ITEMS && mv_poll(vm)))
            return MV_EXC;
    }
    return set;
}

static MvValue decode_numbers(MvVM *vm, MvWireReader *r, bool floats)
{
    int64_t count;
    if (!take_count(r, 8, &count))
        return damaged(vm);
    MvValue list = mv_list_new(vm, count);
    for (int64_t i = 0; list != MV_EXC && i < count; i++) {
        uint64_t word = 0;
        take(r, &word, 8);
        MvValue item = floats ? mv_float_new(vm, mv_bits_double(word)) : mv_int_from_i64(vm, (int64_t)word);
        if (item == MV_EXC || !mv_list_push(vm, MV_CAST(MvList, list), item) ||
            ((i & POLL_ITEMS) == POLL_ITEMS && mv_poll(vm)))
            return MV_EXC;
    }
    return list;
}

static MvValue decode_handle(MvVM *vm, MvWireReader *r)
{
    uint64_t id;
    if (!take(r, &id, 8))
        return damaged(vm);
    MvValue v = mv_handle_value(vm, id);
    return v == MV_UNASSIGNED ? mv_value_error(vm, "a handle came from the host that is not in use") : v;
}

static MvValue decode(MvVM *vm, MvWireReader *r, int depth)
{
    uint64_t word;
    if (r->at >= r->end)
        return damaged(vm);
    uint8_t tag = *r->at++;
    if (tag >= MV_WIRE_LIST && tag <= MV_WIRE_FROZENSET) {
        if (depth >= MV_WIRE_DEPTH)
            return mv_value_error(vm, "data from the host is nested more than %d deep", (int64_t)MV_WIRE_DEPTH);
        depth++;
    }
    switch (tag) {
    case MV_WIRE_NONE: return MV_NONE;
    case MV_WIRE_FALSE: return MV_FALSE;
    case MV_WIRE_TRUE: return MV_TRUE;
    case MV_WIRE_INT: return take(r, &word, 8) ? mv_int_from_i64(vm, (int64_t)word) : damaged(vm);
    case MV_WIRE_BIG_POS: case MV_WIRE_BIG_NEG: return decode_big(vm, r, tag == MV_WIRE_BIG_NEG);
    case MV_WIRE_FLOAT: return take(r, &word, 8) ? mv_float_new(vm, mv_bits_double(word)) : damaged(vm);
    case MV_WIRE_STR: return decode_str(vm, r);
    case MV_WIRE_LIST: return decode_list(vm, r, depth);
    case MV_WIRE_TUPLE: return decode_tuple(vm, r, depth);
    case MV_WIRE_DICT: return decode_dict(vm, r, depth);
    case MV_WIRE_SET: return decode_set(vm, r, MV_CLASS_SET, depth);
    case MV_WIRE_FROZENSET: return decode_set(vm, r, MV_CLASS_FROZENSET, depth);
    case MV_WIRE_HANDLE: return decode_handle(vm, r);
    case MV_WIRE_INTS: return decode_numbers(vm, r, false);
    case MV_WIRE_FLOATS: return decode_numbers(vm, r, true);
    default: return damaged(vm);
    }
}

MvValue mv_wire_get(MvVM *vm, MvWireReader *reader)
{
    MvValue v = decode(vm, reader, 0);
    return v != MV_EXC && reader->at != reader->end ? damaged(vm) : v;
}

MvValue *mv_wire_get_arguments(MvVM *vm, MvWireReader *reader, MvValue *args, int64_t room, int64_t *nargs,
                               MvValue *kwnames)
{
    uint16_t positional, keywords;
    *kwnames = 0;
    if (!take(reader, &positional, 2) || !take(reader, &keywords, 2) ||
        positional + 2 * (uint64_t)keywords > (uint64_t)(reader->end - reader->at)) {
        damaged(vm);
        return NULL;
    }
    MvTuple *tuple = NULL, *names = NULL;
    int64_t total = (int64_t)positional + keywords;
    if (total > room && !(tuple = mv_tuple_new(vm, total)))
        return NULL;
    if (keywords && !(names = mv_tuple_new(vm, keywords)))
        return NULL;
    for (int64_t i = 0; i < total; i++) {
        if (i >= positional) {
            if (reader->at == reader->end || *reader->at != MV_WIRE_STR) {
                damaged(vm);
                return NULL;
            }
            MvValue name = decode(vm, reader, 0);
            if (name == MV_EXC || (name = mv_intern(vm, name)) == MV_EXC)
                return NULL;
            mv_store(vm, names, &names->items[i - positional], name);
        }
        MvValue v = decode(vm, reader, 0);
        if (v == MV_EXC)
            return NULL;
        if (tuple)
            mv_store(vm, tuple, &tuple->items[i], v);
        else
            args[i] = v;
    }
    if (reader->at != reader->end) {
        damaged(vm);
        return NULL;
    }
    for (int64_t i = 0; i < keywords; i++)
        for (int64_t k = 0; k < i; k++)
            if (names->items[i] == names->items[k] || ((k & POLL_ITEMS) == POLL_ITEMS && mv_poll(vm))) {
                if (!vm->ending)
                    damaged(vm);
                return NULL;
            }
    *nargs = positional;
    *kwnames = names ? mv_value(names) : 0;
    return tuple ? tuple->items : args;
}

/* ---- file-system bytes ---- */

/* Length of the valid UTF-8 character (no surrogates) at p, 0: there is none. */
static int utf8_length(const uint8_t *p, uint32_t *c)
{
    int n = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    *c = n < 2 ? p[0] : p[0] & (0xFFu >> (n + 1));
    for (int i = 1; i < n; i++) { /* a NUL byte ends it */
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        *c = *c << 6 | (p[i] & 0x3F);
    }
    bool overlong = (n == 3 && *c < 0x800) || (n == 4 && *c < 0x10000);
    return overlong || *c - 0xD800 < 0x800 || *c > 0x10FFFF ? 0 : n;
}

MvValue mv_text_from_bytes(MvVM *vm, const char *bytes)
{
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (const uint8_t *p = (const uint8_t *)bytes; *p;) {
        uint32_t c;
        int n = utf8_length(p, &c);
        mv_builder_char(&b, n ? c : 0xDC00u + *p);
        p += n ? n : 1;
    }
    return mv_builder_end(&b);
}
