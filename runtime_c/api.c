/* The entry points of mv_api.h: making a VM, loading and running programs, calls, and what the host asks about values.
 *
 * Each entry is mv_entry_begin, its own work, mv_entry_end (api_entry.c), which turn MV_EXC into a status. Nothing
 * that crosses is trusted (INV-api-5). A program's modules are those of its image; loading the next one starts with
 * an empty sys.modules, while objects of the one before live on as long as something holds them. */
#define _GNU_SOURCE
#include "api.h"
#include "class.h"
#include "containers.h"
#include "errors.h"
#include "file.h"
#include "heap.h"
#include "interp.h"
#include "loader.h"
#include "native.h"
#include "siphash.h"
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>

#ifndef MV_VARIANT
#define MV_VARIANT "release"
#endif

enum { PAGE = 4096 };
#define IMAGES_KEPT ((uint64_t)8 << 20) /* bytes outside the heap since the last look, before it is worth a collection */
#define BEGIN() \
    MvEntry entry; \
    int status = mv_entry_begin(vm, &entry, reply, __builtin_frame_address(0)); \
    if (MV_UNLIKELY(status != MV_OK)) \
        return status

bool mv_vm_init(MvVM *vm);    /* vm_init.c */
void mv_vm_destroy(MvVM *vm);

const char *mv_build_variant(void)
{
    return MV_VARIANT;
}

/* ---- life ---- */

static bool set_hash_key(MvVM *vm, const MvConfig *config)
{
    MvHashKey key = mv_hash_key(config->hash_seed);
    if (config->hash_random && getrandom(&key, sizeof key, 0) != sizeof key)
        return false;
    vm->hash_k0 = key.k0;
    vm->hash_k1 = key.k1;
    return true;
}

static void free_host(MvHostState *host)
{
    if (!host)
        return;
    for (uint32_t i = 0; host->argv && i < host->argc; i++)
        free(host->argv[i]);
    free(host->argv);
    free(host->executable);
    free(host->path_entry);
    free(host->reply.data);
    free(host->error.data);
    free(host->answer.data);
    free(host->spare.data);
    free(host->generations);
    free(host->names);
    free(host->name_table);
    if (host->alive)
        munmap((void *)(uintptr_t)host->alive, PAGE);
    free(host);
}

static bool copy_string(char **to, const char *from)
{
    *to = from ? strdup(from) : NULL;
    return !from || *to;
}

static MvHostState *new_host(const MvConfig *config)
{
    MvHostState *host = calloc(1, sizeof *host);
    if (!host)
        return NULL;
    uint8_t *alive = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (alive == MAP_FAILED) {
        free(host);
        return NULL;
    }
    host->alive = alive;
    host->argv = calloc((size_t)config->argc + 1, sizeof *host->argv);
    bool good = !madvise(alive, PAGE, MADV_WIPEONFORK) && host->argv;
    *alive = 1;
    for (; good && host->argc < config->argc; host->argc++)
        good = copy_string(&host->argv[host->argc], config->argv[host->argc]);
    good = good && copy_string(&host->executable, config->executable) &&
           copy_string(&host->path_entry, config->path_entry);
    if (!good) {
        free_host(host);
        return NULL;
    }
    host->number = config->host;
    host->stdin_fd = config->stdin_fd;
    host->trace = config->trace;
    host->fuel = config->fuel;
    host->depth_limit = config->recursion_limit;
    host->reply.counted = host->answer.counted = host->spare.counted = true;
    return host;
}

/* sys.argv as the host gave it. */
static bool make_argv(MvVM *vm)
{
    const MvHostState *host = mv_host(vm);
    MvValue list = mv_list_new(vm, host->argc);
    for (uint32_t i = 0; list != MV_EXC && i < host->argc; i++) {
        MvValue text = mv_text_from_bytes(vm, host->argv[i]);
        if (text == MV_EXC || !mv_list_append(vm, MV_CAST(MvList, list), text))
            return false;
    }
    if (list != MV_EXC)
        vm->argv = list;
    return list != MV_EXC;
}

static bool init(MvVM *vm, const MvConfig *config)
{
    vm->host = new_host(config);
    if (!vm->host || !set_hash_key(vm, config))
        return false;
    vm->heap.bytes_limit = config->memory_limit;
    vm->depth_limit = config->recursion_limit;
    vm->ic_mode = config->ic_mode;
    vm->gc_stress = vm->gc_stress_left = config->gc_stress;
    vm->files_allowed = config->files_allowed;
    vm->time_limit_ns = config->time_limit_ns;
    vm->output_limit = config->output_limit;
    mv_output_init(&vm->out, config->stdout_fd, 1);
    mv_output_init(&vm->err, config->stderr_fd, 2);
    if (config->jit != MV_JIT_MODE_OFF && !mv_native_init(vm, config))
        return false;
    if (!mv_vm_init(vm) || !mv_handles_init(vm) || !make_argv(vm))
        return false;
    MvValue ending = mv_exception_new(vm, vm->classes[MV_EXC_BaseException], NULL, 0);
    if (ending == MV_EXC)
        return false;
    vm->limit_exception = ending;
    if (config->fuel)
        mv_request_poll(vm, MV_POLL_FUEL);
    if (config->jit != MV_JIT_MODE_OFF && config->jit_stress)
        mv_request_poll(vm, MV_POLL_STRESS);
    return true;
}

static void destroy(MvVM *vm)
{
    mv_limits_free(vm);
    mv_output_free(&vm->out);
    mv_output_free(&vm->err);
    mv_native_free(vm);
    mv_vm_destroy(vm);
    free_host(vm->host);
    free(vm);
}

MvVM *mv_vm_new(const MvConfig *config)
{
    MvVM *vm = calloc(1, sizeof *vm);
    if (!vm)
        return NULL;
    mv_entry_set_stack(vm, __builtin_frame_address(0));
    if (init(vm, config))
        return vm;
    destroy(vm);
    return NULL;
}

/* False: it is entered, or was when the process forked: whatever the other one was doing must stay in place. */
static bool close_files(MvVM *vm)
{
    if (!vm || mv_host(vm)->owner)
        return false;
    if (mv_host(vm)->watches_sigint)
        mv_signal_watch(vm, false);
    mv_entry_set_stack(vm, __builtin_frame_address(0));
    vm->ending = MV_END_NONE;
    vm->exception = 0;
    for (MvFileState *state = vm->watch ? vm->watch->files : NULL; state; state = state->next)
        if (!mv_is_alive(vm))
            state->out_used = 0; /* the parent writes it */
    mv_files_free(vm);
    return true;
}

void mv_vm_free(MvVM *vm)
{
    if (close_files(vm))
        destroy(vm);
}

void mv_vm_end(MvVM *vm)
{
    if (close_files(vm))
        mv_jit_stop(vm);
}

/* ---- programs ---- */

/* A standard stream that the program before closed is made anew. */
static bool reopen_streams(MvVM *vm)
{
    static const char *const keys[] = {" stdin", " stdout", " stderr"};
    for (int i = 0; i < 3; i++) {
        MvValue key = mv_intern_c(vm, keys[i]);
        MvValue file = key == MV_EXC ? MV_EXC : mv_module_get(vm, vm->builtins, key);
        if (file == MV_EXC)
            return false;
        if (file != MV_UNASSIGNED && !MV_CAST(MvFile, file)->state &&
            !mv_module_set(vm, vm->builtins, key, MV_UNASSIGNED))
            return false;
    }
    return true;
}

/* Forgets the modules of the programs before: the first `count` that are loaded. */
static bool start_afresh(MvVM *vm, uint32_t count)
{
    MvValue modules = mv_dict_new(vm);
    if (modules == MV_EXC || !make_argv(vm) || !reopen_streams(vm) ||
        !mv_dict_set(vm, MV_CAST(MvDict, modules), vm->names->n_builtins, mv_value(vm->builtins)))
        return false;
    vm->modules = MV_CAST(MvDict, modules);
    vm->image_module_count -= count;
    memmove(vm->image_modules, vm->image_modules + count, (vm->image_module_count + 1) * sizeof *vm->image_modules);
    vm->depth_limit = mv_host(vm)->depth_limit;
    vm->last_value = MV_NONE;
    return true;
}

static int refuse_image(MvEntry *entry, const char *error)
{
    return *error ? mv_entry_end_text(entry, MV_BAD_IMAGE, error) : mv_entry_end(entry, MV_EXC);
}

/* Code of programs before does not count as garbage of the heap: after many loads it is collected all the same. */
static void collect_images(MvVM *vm)
{
    MvHostState *host = mv_host(vm);
    if (vm->heap.external_bytes > host->external_kept + IMAGES_KEPT) {
        mv_heap_collect(vm, true);
        host->external_kept = vm->heap.external_bytes;
    } else if (vm->heap.external_bytes < host->external_kept) {
        host->external_kept = vm->heap.external_bytes;
    }
}

/* Loads the image and forgets the program before. False: nothing changed; error as by mv_load_image. */
static bool load_program(MvVM *vm, const uint8_t *image, size_t size, char *error, size_t error_size)
{
    uint32_t before = vm->image_module_count;
    MvModule *main_before = vm->image_main;
    if (!mv_load_image(vm, image, size, error, error_size))
        return false;
    if (start_afresh(vm, before)) {
        vm->roots[0] = mv_value(vm->image_main);
        mv_host(vm)->main_started = false;
        collect_images(vm);
        for (uint32_t i = 0; i < vm->image_module_count && mv_traces(vm, MV_TRACE_LOAD); i++)
            mv_trace_module(vm, vm->image_modules[i]);
        return true;
    }
    vm->image_module_count = before;
    vm->image_modules[before] = NULL;
    vm->image_main = main_before;
    return false;
}

/* Zeroes the stack below the caller's frame, where the calls of runs before left words that look like references. */
__attribute__((noinline, no_sanitize("address"))) static void scrub_stack(void)
{
    char area[32 << 10];
    memset(area, 0, sizeof area);
    __asm__ volatile("" : : "r"(area) : "memory");
}

/* What filled the memory may be the program before: it goes without waiting for the next one to be there. */
static void drop_program(MvVM *vm)
{
    vm->exception = 0;
    mv_loader_forget_modules(vm);
    vm->roots[0] = MV_UNASSIGNED;
    vm->last_value = MV_NONE;
    mv_dict_clear(vm, vm->modules);
    scrub_stack();
    mv_heap_collect(vm, true);
    vm->heap.reserve_used = false;
}

int mv_vm_load(MvVM *vm, const uint8_t *image, size_t size, MvReply *reply)
{
    char error[256] = "";
    BEGIN();
    if (entry.nested)
        return mv_entry_end_text(&entry, MV_REFUSED, "the VM is running: nothing can be loaded from inside");
    bool loaded = load_program(vm, image, size, error, sizeof error);
    if (!loaded && vm->exception == vm->memory_error && vm->ending == MV_END_NONE) {
        drop_program(vm);
        loaded = load_program(vm, image, size, error, sizeof error);
    }
    return loaded ? mv_entry_end(&entry, MV_NONE) : refuse_image(&entry, error);
}

int mv_vm_run_main(MvVM *vm, MvReply *reply)
{
    BEGIN();
    entry.program = true;
    MvValue module = mv_main_module(vm);
    if (module == MV_UNASSIGNED)
        return mv_entry_end_text(&entry, MV_REFUSED, "no program is loaded");
    if (mv_host(vm)->main_started)
        return mv_entry_end_text(&entry, MV_REFUSED, "the program that is loaded has been run");
    mv_host(vm)->main_started = true;
    return mv_entry_end(&entry, mv_module_run(vm, MV_CAST(MvModule, module)) == MV_EXC ? MV_EXC : MV_NONE);
}

/* The __main__ of a session that has no program. */
static MvModule *make_main(MvVM *vm)
{
    const MvNames *n = vm->names;
    MvModule *module = mv_module_new(vm, n->n___main__);
    if (!module || !mv_module_set(vm, module, n->n___name__, module->name) ||
        !mv_module_set(vm, module, n->n___doc__, MV_NONE) || !mv_module_set(vm, module, n->n___package__, MV_NONE) ||
        !mv_module_set(vm, module, n->n___loader__, MV_NONE) || !mv_module_set(vm, module, n->n___spec__, MV_NONE) ||
        !mv_module_set(vm, module, n->n___builtins__, mv_value(vm->builtins)) ||
        !mv_dict_set(vm, vm->modules, module->name, mv_value(module)))
        return NULL;
    module->state = 2;
    vm->roots[0] = mv_value(module);
    mv_host(vm)->main_started = true;
    return module;
}

/* Of the modules loaded since `before`, keeps those whose names are new. The chunk's own code is held by its run. */
static void merge_modules(MvVM *vm, uint32_t before)
{
    uint32_t kept = before;
    for (uint32_t i = before; i < vm->image_module_count; i++) {
        MvModule *module = vm->image_modules[i];
        bool known = module == vm->image_main;
        for (uint32_t k = 0; k < before && !known; k++)
            known = mv_str_equal(MV_CAST(MvStr, vm->image_modules[k]->name), MV_CAST(MvStr, module->name));
        if (!known)
            vm->image_modules[kept++] = module;
    }
    vm->image_module_count = kept;
    vm->image_modules[kept] = NULL;
}

int mv_vm_run_chunk(MvVM *vm, const uint8_t *image, size_t size, MvReply *reply)
{
    char error[256] = "";
    BEGIN();
    entry.program = true;
    uint32_t before = vm->image_module_count;
    MvModule *main_before = vm->image_main;
    if (!mv_load_image(vm, image, size, error, sizeof error))
        return refuse_image(&entry, error);
    MvModule *chunk = vm->image_main;
    merge_modules(vm, before);
    vm->image_main = main_before;
    MvModule *module = mv_main_module(vm) == MV_UNASSIGNED ? make_main(vm) : MV_CAST(MvModule, mv_main_module(vm));
    MvValue function = module ? mv_function_new(vm, chunk->code, module, chunk->code->qualname) : MV_EXC;
    MvValue result = function == MV_EXC ? MV_EXC : mv_interpret(vm, function, NULL, 0, 0);
    return mv_entry_end(&entry, result == MV_EXC ? MV_EXC : MV_NONE);
}

/* ---- calls ---- */

uint64_t mv_vm_intern(MvVM *vm, const uint8_t *name, size_t size)
{
    MvReply reply;
    MvEntry entry;
    if (mv_entry_begin(vm, &entry, &reply, __builtin_frame_address(0)) != MV_OK)
        return 0;
    MvValue text = mv_str_from_utf8(vm, (const char *)name, (int64_t)size);
    if (text != MV_EXC)
        text = mv_intern(vm, text);
    uint64_t target = text == MV_EXC ? 0 : mv_target_intern(vm, text);
    mv_entry_end(&entry, text == MV_EXC ? MV_EXC : MV_NONE);
    return target;
}

static MvValue find_global(MvVM *vm, MvValue name, bool builtins)
{
    MvValue value = mv_main_module(vm);
    if (value != MV_UNASSIGNED)
        value = mv_module_get(vm, MV_CAST(MvModule, value), name);
    if (value == MV_UNASSIGNED && builtins)
        value = mv_module_get(vm, vm->builtins, name);
    if (MV_LIKELY(value != MV_UNASSIGNED))
        return value;
    return mv_raise_name_error(vm, MV_EXC_NameError, name, "name '%S' is not defined", name);
}

/* UNASSIGNED: no such target; MV_EXC: a name that is not defined. */
static MvValue find_target(MvVM *vm, uint64_t target)
{
    if (!(target & MV_TARGET_NAME))
        return mv_handle_value(vm, target);
    MvValue name = mv_target_name(vm, target);
    return name == MV_UNASSIGNED ? name : find_global(vm, name, true);
}

static const char no_target[] = "there is no such target or handle";

int mv_vm_call(MvVM *vm, uint64_t target, const uint8_t *args, size_t size, MvReply *reply)
{
    MvValue room[8], kwnames;
    int64_t nargs;
    BEGIN();
    MvValue callee = find_target(vm, target);
    if (callee == MV_UNASSIGNED)
        return mv_entry_end_text(&entry, MV_REFUSED, no_target);
    mv_host(vm)->calls++;
    MvWireReader reader = {args, args + size};
    MvValue *values = callee == MV_EXC ? NULL : mv_wire_get_arguments(vm, &reader, room, 8, &nargs, &kwnames);
    return mv_entry_end(&entry, values ? mv_call(vm, callee, values, nargs, kwnames) : MV_EXC);
}

int mv_vm_call_ints(MvVM *vm, uint64_t target, uint32_t count, int64_t a, int64_t b, int64_t c, int64_t d,
                    MvReply *reply)
{
    BEGIN();
    MvValue callee = find_target(vm, target);
    if (MV_UNLIKELY(callee == MV_UNASSIGNED || count > 4))
        return mv_entry_end_text(&entry, MV_REFUSED, count > 4 ? "too many arguments for this entry" : no_target);
    if (MV_UNLIKELY(callee == MV_EXC))
        return mv_entry_end(&entry, MV_EXC);
    mv_host(vm)->calls++;
    int64_t ints[4] = {a, b, c, d};
    MvValue args[4];
    for (uint32_t i = 0; i < count; i++) {
        args[i] = MV_LIKELY(mv_fits_fixnum(ints[i])) ? mv_from_fixnum(ints[i]) : mv_int_from_i64(vm, ints[i]);
        if (MV_UNLIKELY(args[i] == MV_EXC))
            return mv_entry_end(&entry, MV_EXC);
    }
    return mv_entry_end(&entry, mv_call(vm, callee, args, count, 0));
}

/* ---- values ---- */

int mv_vm_get(MvVM *vm, uint64_t handle, const uint8_t *name, size_t size, MvReply *reply)
{
    BEGIN();
    MvValue owner = handle ? mv_handle_value(vm, handle) : MV_NONE;
    if (owner == MV_UNASSIGNED)
        return mv_entry_end_text(&entry, MV_REFUSED, no_target);
    MvValue text = mv_str_from_utf8(vm, (const char *)name, (int64_t)size);
    if (text != MV_EXC)
        text = mv_intern(vm, text);
    if (text == MV_EXC)
        return mv_entry_end(&entry, MV_EXC);
    return mv_entry_end(&entry, handle ? mv_get_attr(vm, owner, text) : find_global(vm, text, false));
}

int mv_vm_text(MvVM *vm, uint64_t handle, uint32_t what, MvReply *reply)
{
    BEGIN();
    MvValue value = mv_handle_value(vm, handle);
    if (value == MV_UNASSIGNED)
        return mv_entry_end_text(&entry, MV_REFUSED, no_target);
    if (what == MV_TEXT_TYPE)
        return mv_entry_end(&entry, mv_class_of(vm, value)->name);
    MvValue text = what == MV_TEXT_STR ? mv_str(vm, value) : mv_repr(vm, value);
    return mv_entry_end(&entry, text == MV_EXC ? text : mv_str_exact(vm, text));
}

void mv_vm_release(MvVM *vm, const uint64_t *handles, size_t count)
{
    bool nested;
    if (!mv_host_claim(vm, &nested))
        return;
    for (size_t i = 0; i < count; i++)
        mv_handle_release(vm, handles[i]);
    mv_host_unclaim(vm, nested);
}

/* ---- about the VM ---- */

int mv_vm_last_error(MvVM *vm, MvReply *reply)
{
    bool nested;
    if (!mv_host_claim(vm, &nested))
        return MV_REFUSED;
    const MvBytes *error = &mv_host(vm)->error;
    mv_reply_none(reply);
    reply->kind = error->size ? MV_WIRE_TUPLE : MV_WIRE_TEXT;
    reply->data = error->size ? error->data : (const uint8_t *)"there was no error";
    reply->size = error->size ? error->size : 18;
    mv_host_unclaim(vm, nested);
    return error->size ? MV_OK : MV_REFUSED;
}

int mv_vm_stats(MvVM *vm, MvReply *reply)
{
    bool nested;
    if (!mv_host_claim(vm, &nested))
        return MV_REFUSED;
    MvHostState *host = mv_host(vm);
    MvBytes text = {0};
    mv_reply_none(reply);
    bool good = mv_stats_put(vm, &text);
    if (good) {
        mv_bytes_free(vm, &host->reply);
        host->reply = text;
        reply->data = text.data;
        reply->size = text.size;
    } else {
        mv_bytes_free(vm, &text);
        reply->data = (const uint8_t *)"no memory";
        reply->size = 9;
    }
    reply->kind = MV_WIRE_TEXT;
    mv_host_unclaim(vm, nested);
    return good ? MV_OK : MV_REFUSED;
}

void mv_vm_interrupt(MvVM *vm)
{
    mv_limits_interrupt(vm);
}
