/* Requests to the compiler and its responses.
 *
 * A request holds all that the compiler may know: bytecode, flags, exception ranges, by numbers and never by address. It is written by the mutator at
 * the moment of asking. A response is code with its entries and ways in; nothing in it is trusted: entries are checked by the code space, the digest
 * over the sealed bytes, ways in against the bytecode's length. */
#include "native_service.h"
#include "native_ops.h"
#include "msgpack_reader.h"
#include "mv_api.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MESSAGE_VERSION 2
enum { KIND_STUBS = 0, KIND_FUNCTION = 1 };

/* ---- writing ---- */

typedef struct Out {
    uint8_t *data;
    size_t used, capacity;
    bool failed;
} Out;

static uint8_t *room(Out *out, size_t n)
{
    if (out->used + n > out->capacity) {
        size_t capacity = (out->used + n) * 2;
        uint8_t *grown = out->failed ? NULL : realloc(out->data, capacity);
        if (!grown) {
            out->failed = true;
            return NULL;
        }
        out->data = grown;
        out->capacity = capacity;
    }
    out->used += n;
    return out->data + out->used - n;
}

static void put_tagged(Out *out, uint8_t tag, uint64_t number, int bytes)
{
    uint8_t *to = room(out, 1 + (size_t)bytes);
    if (!to)
        return;
    *to++ = tag;
    while (bytes)
        *to++ = (uint8_t)(number >> 8 * --bytes);
}

static void put_uint(Out *out, uint64_t number) { put_tagged(out, 0xCF, number, 8); }

static void put_bin(Out *out, const void *data, size_t n)
{
    put_tagged(out, 0xC6, n, 4);
    uint8_t *to = room(out, n);
    if (to && n)
        memcpy(to, data, n);
}

/* In UTF-8; a lone surrogate is encoded like other characters. */
static void put_name(Out *out, const MvStr *name)
{
    put_bin(out, NULL, 0);
    size_t start = out->used;
    for (int64_t i = 0; i < name->length; i++) {
        static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
        uint32_t c = mv_str_char(name, i);
        int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        uint8_t *to = room(out, 1 + (size_t)more);
        if (!to)
            return;
        *to++ = (uint8_t)(lead[more] | c >> 6 * more);
        while (more)
            *to++ = (uint8_t)(0x80 | (c >> 6 * --more & 0x3F));
    }
    for (size_t i = 0, n = out->used - start; i < 4 && !out->failed; i++)
        out->data[start - 1 - i] = (uint8_t)(n >> 8 * i);
}

static bool write_request(MvVM *vm, MvCode *code, MvRequest *request)
{
    Out out = {0};
    put_tagged(&out, 0xDD, 11, 4);
    put_uint(&out, MESSAGE_VERSION);
    put_uint(&out, KIND_FUNCTION);
    put_uint(&out, request->number);
    put_uint(&out, code->flags);
    put_uint(&out, code->register_count);
    put_uint(&out, code->simple_count);
    put_uint(&out, code->constant_count);
    put_uint(&out, code->site_count);
    size_t bytes = (size_t)code->word_count * sizeof *code->words;
    put_bin(&out, code->words, bytes);
    if (!out.failed)
        mv_native_guess(vm, code, vm->native->threshold <= 1, out.data + out.used - bytes);
    put_bin(&out, code->exceptions, (size_t)code->exception_count * sizeof *code->exceptions);
    put_name(&out, MV_CAST(MvStr, code->qualname));
    request->bytes = out.data;
    request->size = out.used;
    return !out.failed;
}

/* ---- asking ---- */

bool mv_native_ask(MvVM *vm, MvCode *code)
{
    MvNative *native = vm->native;
    MvRequest *request = calloc(1, sizeof *request);
    if (!request)
        return false;
    request->code = code;
    request->number = ++native->asked;
    if (!write_request(vm, code, request)) {
        free(request->bytes);
        free(request);
        return false;
    }
    pthread_mutex_lock(&native->lock);
    *native->end_of_requests = request;
    native->end_of_requests = &request->next;
    bool start = native->mode == MV_JIT_MODE_INLINE || !native->started;
    native->started = true;
    pthread_cond_signal(&native->wake);
    pthread_mutex_unlock(&native->lock);
    if (start && mv_host_compile(mv_native_host(vm))) {
        native->refused = true;
        strcpy(native->why, "the host has no compiler");
    }
    return !native->refused;
}

/* ---- the compiler's side ---- */

const uint8_t *mv_jit_next(MvVM *vm, int wait, uint64_t *size)
{
    MvNative *native = vm->native;
    MvRequest *request = NULL;
    if (!native)
        return NULL;
    pthread_mutex_lock(&native->lock);
    native->inside++;
    while (!native->closing && !(request = native->requests) && wait)
        pthread_cond_wait(&native->wake, &native->lock);
    if (request && !native->closing) {
        native->requests = request->next;
        if (!native->requests)
            native->end_of_requests = &native->requests;
        request->next = native->running;
        native->running = request;
    } else
        request = NULL;
    native->inside--;
    if (native->closing)
        pthread_cond_broadcast(&native->wake);
    pthread_mutex_unlock(&native->lock);
    *size = request ? request->size : 0;
    return request ? request->bytes : NULL;
}

/* Of the running request with this number: its code, and the request is over. Under the lock. */
static MvCode *take_running(MvNative *native, uint64_t number)
{
    for (MvRequest **link = &native->running; *link; link = &(*link)->next)
        if ((*link)->number == number) {
            MvRequest *request = *link;
            MvCode *code = request->code;
            *link = request->next;
            free(request->bytes);
            free(request);
            return code;
        }
    return NULL;
}

typedef struct Response {
    int64_t kind, number, exact, bound;
    MvToken code, entries, resumes, digest;
} Response;

static bool read_response(MvReader *reader, Response *r)
{
    MvToken array;
    int64_t version;
    return mv_reader_expect(reader, MV_TOKEN_ARRAY, &array) && array.count == 9 && mv_reader_int(reader, MESSAGE_VERSION, MESSAGE_VERSION, &version) &&
           mv_reader_int(reader, KIND_STUBS, KIND_FUNCTION, &r->kind) && mv_reader_int(reader, 0, INT64_MAX, &r->number) &&
           mv_reader_expect(reader, MV_TOKEN_BIN, &r->code) && mv_reader_expect(reader, MV_TOKEN_BIN, &r->entries) && r->entries.count % 8 == 0 &&
           mv_reader_int(reader, -1, INT32_MAX, &r->exact) && mv_reader_int(reader, -1, INT32_MAX, &r->bound) &&
           mv_reader_expect(reader, MV_TOKEN_BIN, &r->resumes) && r->resumes.count % 8 == 0 &&
           mv_reader_expect(reader, MV_TOKEN_BIN, &r->digest);
}

static uint32_t number_at(const uint8_t *data, size_t index)
{
    uint32_t number;
    memcpy(&number, data + 4 * index, 4);
    return number;
}

/* The unit of a response, not yet installed; NULL: no memory, or no valid response. */
static MvUnit *unit_of(const Response *r, MvUnitPlace *place)
{
    size_t count = r->entries.count / 8;
    MvEntry *entries = calloc(count + 1, sizeof *entries);
    MvUnit *unit = calloc(1, sizeof *unit);
    if (unit)
        unit->resumes = calloc(r->resumes.count / 8 + 1, sizeof *unit->resumes);
    if (!entries || !unit || !unit->resumes || r->digest.count != sizeof place->digest) {
        free(entries);
        if (unit)
            free(unit->resumes);
        free(unit);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        entries[i] = (MvEntry){number_at(r->entries.data, 2 * i), (uint8_t)number_at(r->entries.data, 2 * i + 1)};
    *place = (MvUnitPlace){.bytes = r->code.data, .size = r->code.count, .entries = entries, .entry_count = (uint32_t)count};
    memcpy(place->digest, r->digest.data, sizeof place->digest);
    unit->resume_count = r->resumes.count / 8;
    for (uint32_t i = 0; i < unit->resume_count; i++)
        unit->resumes[i] = (MvResume){number_at(r->resumes.data, 2 * i), number_at(r->resumes.data, 2 * i + 1)};
    return unit;
}

static void free_unit(MvUnit *unit)
{
    if (unit)
        free(unit->resumes);
    free(unit);
}

/* The unit lies in the region now: offsets count from its start. */
static void settle(MvUnit *unit, const MvUnitPlace *place, const Response *r)
{
    unit->number = place->unit;
    unit->at = place->at;
    unit->size = place->size;
    unit->bound = r->bound < 0 ? 0 : place->at + (uint32_t)r->bound;
    unit->exact = r->exact < 0 ? 0 : place->at + (uint32_t)r->exact;
    for (uint32_t i = 0; i < unit->resume_count; i++)
        unit->resumes[i].at += place->at;
}

static int64_t thread_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* The table of inline-cache stubs: `word` tells site and kind of the record. What has no stub goes to the site's stub for kind 0, which misses. */
static bool aim_at_stubs(MvNative *native, const MvUnit *unit)
{
    if (!unit->resume_count || native->targets)
        return true;
    const char *region = mv_codespace_base(native->space);
    native->targets = calloc(256, sizeof *native->targets);
    if (!native->targets)
        return false;
    for (uint32_t i = 0; i < unit->resume_count; i++)
        native->targets[unit->resumes[i].word & 255] = region + unit->resumes[i].at;
    for (uint32_t number = 0; number < 256; number++)
        if (!native->targets[number])
            native->targets[number] = native->targets[number & ~15u];
    return true;
}

#define BATCH_MOST 256 /* responses handed in together */

int mv_jit_done(MvVM *vm, const uint8_t *data, uint64_t size)
{
    MvNative *native = vm->native;
    Response *responses = calloc(BATCH_MOST, sizeof *responses);
    MvUnitPlace *places = calloc(BATCH_MOST, sizeof *places);
    MvUnit **units = calloc(BATCH_MOST, sizeof *units);
    size_t count = 0, used = 0;
    int status = !native || !responses || !places || !units;
    MvReader reader = {data, data + size, false};
    while (!status && reader.at < reader.end && count < BATCH_MOST)
        status = !read_response(&reader, &responses[count++]);
    status |= reader.at != reader.end;
    if (native)
        pthread_mutex_lock(&native->lock);
    status |= !native || native->closing || !native->space;
    for (size_t i = 0; !status && i < count; i++) {
        MvCode *code = responses[i].kind == KIND_FUNCTION ? take_running(native, (uint64_t)responses[i].number) : NULL;
        if (responses[i].kind == KIND_FUNCTION && !code)
            continue; /* died meanwhile */
        responses[used] = responses[i];
        units[used] = unit_of(&responses[used], &places[used]);
        if (!units[used]) {
            status = 1;
            break;
        }
        units[used++]->code = code;
    }
    if (native && status && !native->closing)
        native->rejected++; /* what was handed in is no response, or one of them is not */
    int64_t before = thread_ns();
    if (!status && used) {
        MvCodeResult result = mv_codespace_install(native->space, places, used);
        status = result != MV_CODE_OK;
        if (result == MV_CODE_FULL)
            __atomic_store_n(&native->full, true, __ATOMIC_RELAXED);
    }
    if (native)
        native->install_ns += (uint64_t)(thread_ns() - before);
    for (size_t i = 0; i < used; i++) {
        MvUnit *unit = units[i];
        free((void *)places[i].entries);
        if (status) {
            native->rejected++;
            free_unit(unit);
            continue;
        }
        settle(unit, &places[i], &responses[i]);
        if (responses[i].kind == KIND_STUBS) {
            native->new_stubs = unit->at;
            native->stubs_size = unit->size;
            status |= !aim_at_stubs(native, unit);
            free_unit(unit);
            continue;
        }
        unit->request = (uint64_t)responses[i].number;
        unit->next = native->ready;
        native->ready = unit;
        native->code_bytes += unit->size;
        native->meta_bytes += sizeof *unit + unit->resume_count * sizeof *unit->resumes + 2 * ((unit->size + MV_NATIVE_GRANULE - 1) / MV_NATIVE_GRANULE);
        native->word_bytes += (uint64_t)unit->code->word_count * 8;
    }
    if (!status && native->mode == MV_JIT_MODE_THREAD)
        mv_request_poll(vm, MV_POLL_CODE); /* under the lock: what the counters call listed is published at the next poll */
    if (native)
        pthread_mutex_unlock(&native->lock);
    free(responses);
    free(places);
    free(units);
    return status;
}

int mv_jit_key(MvVM *vm, uint8_t *key)
{
    if (!vm->native || !vm->native->space)
        return 1;
    memcpy(key, mv_codespace_options(vm->native->space)->key, MV_SIGN_KEY);
    return 0;
}

void mv_jit_stop(MvVM *vm)
{
    if (!vm->native)
        return;
    pthread_mutex_lock(&vm->native->lock);
    vm->native->closing = true;
    pthread_cond_broadcast(&vm->native->wake);
    pthread_mutex_unlock(&vm->native->lock);
}

void mv_native_close(MvNative *native)
{
    pthread_mutex_lock(&native->lock);
    native->closing = true;
    pthread_cond_broadcast(&native->wake);
    while (native->inside)
        pthread_cond_wait(&native->wake, &native->lock);
    pthread_mutex_unlock(&native->lock);
    for (int queue = 0; queue < 2; queue++)
        for (MvRequest *request = queue ? native->running : native->requests, *next; request; request = next) {
            next = request->next;
            free(request->bytes);
            free(request);
        }
    for (MvUnit *unit = native->ready, *next; unit; unit = next) {
        next = unit->next;
        free_unit(unit);
    }
}
