/* Attacks on the code space, each in a process of its own: `attack_codespace ATTACK MODE PIPE NONCE [+|-OPTION...]`.
 *
 * Run by tests/test_codespace_attacks.py, built with MINIVM_ATTACK_API. The attacker is this program itself: it writes
 * any writable memory (and where an attack says so, makes system calls). Success is not a crash but the payload
 * running: machine code that writes the nonce to the pipe. The program prints what the attack met, and exits 0 unless a
 * layer ended it. Options change layers: +permanent -verify -guests +watch +lazy_seal +recycle, and the weaknesses of
 * controls +tables +frozen +order +file (codemem.h). */
#define _GNU_SOURCE
#include "codenote.h"
#include "codespace.h"
#include "fault.h"
#include "timing.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CLASS MV_ENTRY_BOUND
#define BENIGN 42
#define HIJACKED 66
typedef int (*Function)(void);

static MvCodeSpaceOptions options = {.verify = true, .guests = true};
static MvCodeSpace *space;
static char *base;
static uint8_t payload[64];
static uint32_t payload_size;
/* A benign function whose second granule hides the payload, as attacker-chosen constants would. */
static uint8_t benign[128];
static const MvEntry start[] = {{0, CLASS}};

static void make_payload(int pipe_end, const char *nonce)
{
    /* mov eax, SYS_write; mov edi, pipe; lea rsi, [rip + nonce]; mov edx, 8; syscall; mov eax, HIJACKED; ret; nonce */
    static const uint8_t code[] = {0xb8, 1, 0,    0, 0, 0xbf, 0, 0,    0, 0,    0x48,     0x8d, 0x35, 13, 0,
                                   0,    0, 0xba, 8, 0, 0,    0, 0x0f, 5, 0xb8, HIJACKED, 0,    0,    0,  0xc3};
    memcpy(payload, code, sizeof code);
    memcpy(payload + 6, &pipe_end, 4);
    memcpy(payload + sizeof code, nonce, 8);
    payload_size = sizeof code + 8;
    static const uint8_t function[] = {0xb8, BENIGN, 0, 0, 0, 0xc3};
    memset(benign, 0x90, sizeof benign);
    memcpy(benign, function, sizeof function);
    memcpy(benign + 16, payload, payload_size);
}

static MvUnitPlace unit(const uint8_t *bytes, uint32_t size)
{
    MvUnitPlace place = {.bytes = bytes, .size = size, .entries = start, .entry_count = 1};
    mv_codespace_sign(space, &place, 1);
    return place;
}

/* As the trampoline of the native entry: checked, then called. */
static int enter(const void *target, uint8_t entry_class)
{
    if (!mv_codespace_is_listed(space, target, entry_class))
        mv_violation("guest-list", "unlisted", target, __builtin_return_address(0));
    return ((Function)target)();
}

static MvUnitPlace install(void)
{
    MvUnitPlace place = unit(benign, sizeof benign);
    MvCodeResult result = mv_codespace_install(space, &place, 1);
    if (result != MV_CODE_OK) {
        printf("install: %d %s\n", result, mv_codespace_why(space));
        exit(3);
    }
    return place;
}

/* Up to PLACED. */
static MvCodeBatch *place_only(MvUnitPlace *place)
{
    MvCodeBatch *batch;
    if (mv_codespace_begin(space, place, 1, &batch) || mv_codespace_check(space, batch) ||
        mv_codespace_accept(space, batch) || mv_codespace_place(space, batch)) {
        printf("place: %s\n", mv_codespace_why(space));
        exit(3);
    }
    return batch;
}

static void say(const char *what, bool done) { printf("%s: %s\n", what, done ? "done" : strerrorname_np(errno)); }

/* ---- writing code, the list, the options ---- */

static void store_to_sealed_code(void) /* T01 */
{
    MvUnitPlace place = install();
    printf("before: %d\n", enter(base + place.at, CLASS));
    memcpy(base + place.at, payload, payload_size);
    printf("after: %d\n", enter(base + place.at, CLASS));
}

static void jump_to_placed(void) /* T02: the attacker fills a page that is not sealed, and gets a jump there */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    place_only(&place);
    if (options.memory != MV_CODE_MEMORY_SEALED)
        memcpy(base + place.at, payload, payload_size);
    printf("returned: %d\n", ((Function)(base + place.at))());
}

static void lazy_completion(void) /* T02b */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    MvCodeBatch *batch = place_only(&place);
    printf("listed before: %d\n", mv_codespace_is_listed(space, base + place.at, CLASS));
    printf("returned: %d\n", ((Function)(base + place.at))());
    printf("listed: %d\n", mv_codespace_is_listed(space, base + place.at, CLASS));
    MvCodeResult result = mv_codespace_finish(space, batch);
    printf("finish: %d, lazy seals: %d\n", result, (int)mv_codespace_stats(space).lazy_seals);
    printf("state: %s\n", mv_codespace_state_name(mv_codespace_state(space, place.unit)));
    MvUnitPlace next = unit(benign, sizeof benign); /* its note takes the place of the first one */
    batch = place_only(&next);
    result = mv_codespace_finish(space, batch);
    printf("explicit: %d, then %d\n", result, enter(base + next.at, CLASS));
}

static void tamper_under_note(void) /* T02c: a true note, but other bytes */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    place_only(&place);
    memcpy(base + place.at, payload, payload_size);
    printf("returned: %d\n", ((Function)(base + place.at))());
}

static void forge_note(void) /* T02c: a forged note, in the region's tables where they are writable, for forged code */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    place_only(&place);
    MvUnitPlace forged = unit(payload, payload_size);
    memcpy(base + place.at, payload, payload_size);
    memset(base + place.at + payload_size, MV_CODE_TRAP, MV_CODE_PAGE - payload_size);
    MvNote *note = (MvNote *)(base + MV_NATIVE_NOTES);
    note->units[0].size = payload_size;
    memcpy(note->units[0].digest, forged.digest, MV_SIGN_DIGEST);
    uint8_t *drafted = (uint8_t *)mv_guestlist_drafted(base, place.at);
    memset(drafted, 0, sizeof benign / MV_NATIVE_GRANULE);
    *drafted = CLASS;
    printf("returned: %d\n", ((Function)(base + place.at))());
}

static void enter_half_emitted(void) /* T03 */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    place_only(&place);
    if (options.memory != MV_CODE_MEMORY_SEALED)
        memcpy(base + place.at, payload, payload_size);
    printf("returned: %d\n", enter(base + place.at, CLASS));
}

static void tamper_after_signing(void) /* T05: the emitted bytes, before they are placed */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    memcpy(benign, payload, payload_size);
    mv_codespace_install(space, &place, 1);
    printf("returned: %d\n", enter(base + place.at, CLASS));
}

static void enter_gadget(void) /* T10: an address inside of a function */
{
    MvUnitPlace place = install();
    printf("returned: %d\n", enter(base + place.at + 16, CLASS));
}

static void forge_return(void) /* T31: a return to an address that is not listed, as if it had been stored over one */
{
    MvUnitPlace place = install();
    int64_t result;
    char *target = base + place.at + 16;
    __asm__ volatile("mov %%rsp, %%rbx\n\t"
                     "sub $128, %%rsp\n\t" /* below the red zone */
                     "and $-16, %%rsp\n\t"
                     "lea 1f(%%rip), %%rax\n\t"
                     "push %%rax\n\t" /* where the payload returns to */
                     "push %%rcx\n\t"
                     "ret\n"
                     "1:\n\t"
                     "mov %%rbx, %%rsp"
                     : "=a"(result), "+c"(target)
                     :
                     : "rbx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
    printf("returned: %d\n", (int)result);
}

static void enter_unaligned(void)
{
    MvUnitPlace place = install();
    printf("returned: %d\n", enter(base + place.at + 5, CLASS));
}

static void enter_outside(void) /* T11: code of another library; its address past the region is index 2^60 and more */
{
    install();
    char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(memory, payload, payload_size);
    printf("returned: %d\n", enter(memory, CLASS));
}

static void enter_wrong_class(void) /* T12 */
{
    MvUnitPlace place = unit(payload, payload_size);
    mv_codespace_install(space, &place, 1);
    printf("returned: %d\n", enter(base + place.at, CLASS + 1));
}

static void store_to_guest_list(void) /* T17 */
{
    MvUnitPlace place = install();
    base[MV_NATIVE_GUEST_LIST + place.at / MV_NATIVE_GRANULE + 1] = CLASS;
    printf("returned: %d\n", enter(base + place.at + 16, CLASS));
}

static void list_before_sealing(void) /* T18: a bug of the emitter's; then an entry is listed that is not sealed */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    MvCodeBatch *batch = place_only(&place);
    MvCodeResult result = mv_codespace_list(space, batch);
    printf("list: %d, listed: %d\n", result, mv_codespace_is_listed(space, base + place.at, CLASS));
}

static void flip_option(void) /* T43: switches the digest off, then tampers */
{
    MvCodeSpaceOptions *frozen = (MvCodeSpaceOptions *)(base + MV_NATIVE_OPTIONS_AT);
    frozen->verify = false;
    tamper_after_signing();
}

static bool nobody(void *context, const char *from, const char *to) { return false; }

static void use_after_retirement(void) /* T09: an entry is kept, its code retired, and new code lands there */
{
    MvUnitPlace old = unit(benign, sizeof benign), new = unit(payload, payload_size);
    mv_codespace_install(space, &old, 1);
    mv_codespace_publish(space, old.unit);
    mv_codespace_unpublished(space, old.unit);
    mv_codespace_unlist(space, old.unit);
    mv_codespace_quiesce(space, old.unit, nobody, NULL);
    mv_codespace_quarantine(space, old.unit);
    static const MvEntry other[] = {{0, CLASS + 1}};
    new.entries = other;
    mv_codespace_sign(space, &new, 1);
    mv_codespace_install(space, &new, 1);
    printf("same place: %d\n", new.at == old.at);
    printf("returned: %d\n", enter(base + old.at, CLASS));
}

/* ---- the race in the window of the flip ---- */

static volatile bool racing;
static volatile uint32_t race_at;

/* process_vm_writev obeys the permissions of pages and reports what it could not write: a blind writer that survives.
 */
static void *race_writer(void *unused)
{
    while (racing) {
        struct iovec from = {payload, payload_size}, to = {base + race_at, payload_size};
        process_vm_writev(getpid(), &from, 1, &to, 1, 0);
    }
    return NULL;
}

/* Batches of 16 pages are written, sealed and entered until 20 were tampered with, or for five seconds. */
static void race_the_seal(void) /* T04 */
{
    static uint8_t code[16 * 4096];
    int rounds = 0, tampered = 0, listed = 0, executed = 0, late = 0, devnull = open("/dev/null", O_WRONLY);
    memcpy(payload + 6, &devnull, 4);
    memset(code, 0x90, sizeof code);
    memcpy(code, benign, 6);
    pthread_t thread;
    race_at = install().at;
    racing = true;
    pthread_create(&thread, NULL, race_writer, NULL);
    for (time_t end = time(NULL) + 5; tampered < 20 && time(NULL) < end; rounds++) {
        MvUnitPlace place = unit(code, sizeof code);
        MvCodeBatch *batch;
        MvCodeResult result = mv_codespace_begin(space, &place, 1, &batch);
        race_at = place.at;
        result = result ? result : mv_codespace_check(space, batch);
        result = result ? result : mv_codespace_accept(space, batch);
        result = result ? result : mv_codespace_place(space, batch);
        result = result ? result : mv_codespace_seal(space, batch);
        bool changed = !result && memcmp(base + place.at, code, sizeof code) != 0;
        result = result ? result : mv_codespace_sync(space, batch);
        result = result ? result : mv_codespace_verify(space, batch);
        result = result ? result : mv_codespace_list(space, batch);
        tampered += changed;
        if (result == MV_CODE_OK) {
            listed++;
            executed += enter(base + place.at, CLASS) != BENIGN;
            late += !changed && memcmp(base + place.at, code, sizeof code) != 0;
            mv_codespace_unpublished(space, place.unit);
            mv_codespace_unlist(space, place.unit);
            mv_codespace_quiesce(space, place.unit, nobody, NULL);
            mv_codespace_quarantine(space, place.unit);
        } else
            mv_codespace_abandon(space, batch);
    }
    racing = false;
    pthread_join(thread, NULL);
    printf("rounds %d tampered %d listed %d executed %d late %d\n", rounds, tampered, listed, executed, late);
}

/* ---- system calls ---- */

static void overwrite_and_call(const MvUnitPlace *place)
{
    memcpy(base + place->at, payload, payload_size);
    printf("returned: %d\n", ((Function)(base + place->at))());
}

static void make_writable(void) /* T25 */
{
    MvUnitPlace place = install();
    bool done = mprotect(base + place.at, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
    say("mprotect", done);
    if (done)
        overwrite_and_call(&place);
}

static void map_over(void) /* T26 */
{
    MvUnitPlace place = install();
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    bool done = mmap(base + place.at, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) != MAP_FAILED;
    say("mmap", done);
    if (done)
        overwrite_and_call(&place);
    say("munmap", munmap(base + place.at, 4096) == 0);
}

static void move_over(void) /* T26: with mremap, over code and over the guest list */
{
    MvUnitPlace place = install();
    char *own = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(own, payload, payload_size);
    bool done = mremap(own, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, base + place.at) != MAP_FAILED;
    say("mremap", done);
    if (done)
        printf("returned: %d\n", ((Function)(base + place.at))());
}

static void map_over_list(void)
{
    MvUnitPlace place = install();
    char *page = base + ((MV_NATIVE_GUEST_LIST + place.at / MV_NATIVE_GRANULE) & ~4095u);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    bool done = mmap(page, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED;
    say("mmap", done);
    if (done) {
        memset(page, CLASS, 4096);
        printf("returned: %d\n", enter(base + place.at + 16, CLASS));
    }
}

static void map_over_frozen(void)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    char copy[MV_NATIVE_FROZEN_BYTES];
    memcpy(copy, base, sizeof copy);
    bool done = mmap(base, sizeof copy, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED;
    say("mmap", done);
    if (done) {
        memcpy(base, copy, sizeof copy);
        flip_option();
    }
}

static void drop_pages(void) /* T27 */
{
    MvUnitPlace place = install();
    say("madvise", madvise(base + place.at, 4096, MADV_DONTNEED) == 0);
    printf("first byte: %02x\n", (uint8_t)base[place.at]);
}

static bool write_through_proc(char *to)
{
    int memory = open("/proc/self/mem", O_RDWR);
    bool done = pwrite(memory, payload, payload_size, (off_t)(uintptr_t)to) == (ssize_t)payload_size;
    say("write", done);
    return done;
}

static void proc_self_mem(void) /* T28 */
{
    MvUnitPlace place = install();
    if (write_through_proc(base + place.at))
        printf("returned: %d\n", ((Function)(base + place.at))());
}

static void proc_self_mem_list(void)
{
    MvUnitPlace place = install();
    memset(payload, CLASS, payload_size = 16);
    if (write_through_proc(base + MV_NATIVE_GUEST_LIST + place.at / MV_NATIVE_GRANULE))
        printf("returned: %d\n", enter(base + place.at + 16, CLASS));
}

static void proc_self_mem_frozen(void)
{
    memset(payload, 0, payload_size = 1);
    char *verify = base + MV_NATIVE_OPTIONS_AT + offsetof(MvCodeSpaceOptions, verify);
    write_through_proc(verify);
    printf("verify: %d\n", *verify);
}

/* A descriptor of the file that is mapped here: what /proc offers to root, or a leaked one. */
static int open_mapped(const char *address, size_t size, int flags)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/self/map_files/%lx-%lx", (unsigned long)address,
             (unsigned long)(address + size));
    return open(path, flags);
}

static void change_file(void) /* T29, T30 */
{
    MvUnitPlace place = install();
    int file = open_mapped(base + place.at, 4096, O_RDWR);
    say("open", file >= 0);
    if (file < 0)
        return;
    say("pwrite", pwrite(file, payload, payload_size, 0) == (ssize_t)payload_size);
    say("mmap", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED);
    say("punch", fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0);
    say("ftruncate", ftruncate(file, 0) == 0);
}

static void change_file_of_list(void)
{
    MvUnitPlace place = install();
    int file = -1;
    char target[256];
    for (int i = 3; i < 64; i++) { /* the descriptor that the process keeps */
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", i);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length > 0 && (target[length] = 0, strstr(target, "minivm-guests")))
            file = i;
    }
    say("find", file >= 0);
    say("ftruncate", ftruncate(file, 0) == 0);
    say("mmap", mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED);
    uint8_t one = CLASS;
    say("pwrite", pwrite(file, &one, 1, MV_NATIVE_GUEST_LIST + place.at / MV_NATIVE_GRANULE + 1) == 1);
    printf("returned: %d\n", enter(base + place.at + 16, CLASS));
}

static void alias_before_seal(void) /* T30: a writable mapping of the file, made between placing and sealing */
{
    MvUnitPlace place = unit(benign, sizeof benign);
    MvCodeBatch *batch = place_only(&place);
    char *alias = MAP_FAILED;
    for (int i = 3; i < 64 && alias == MAP_FAILED; i++) {
        char path[32], target[256];
        snprintf(path, sizeof path, "/proc/self/fd/%d", i);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length > 0 && (target[length] = 0, strstr(target, "minivm-code")))
            alias = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, i, 0);
    }
    say("alias", alias != MAP_FAILED);
    MvCodeResult result = mv_codespace_seal(space, batch);
    printf("seal: %d %s\n", result, result ? mv_codespace_why(space) : "");
    for (int i = 0; i < 3 && !result; i++)
        result = (MvCodeResult(*[])(MvCodeSpace *, MvCodeBatch *)){mv_codespace_sync, mv_codespace_verify,
                                                                   mv_codespace_list}[i](space, batch);
    if (result)
        return;
    memcpy(alias, payload, payload_size); /* verified and listed: now it changes */
    printf("returned: %d\n", enter(base + place.at, CLASS));
}

static void trap_between(void) /* a return into the filling of a page */
{
    MvUnitPlace place = install();
    ((Function)(base + place.at + sizeof benign))();
}

/* ---- the fault handler ---- */

static sigjmp_buf back;

static void own_handler(int signal)
{
    printf("own handler: %s\n", signal == SIGSEGV ? "segv" : "trap");
    siglongjmp(back, 1);
}

static void chain_to_handler(void)
{
    if (!sigsetjmp(back, 1))
        *(volatile char *)16 = 1;
    if (!sigsetjmp(back, 1))
        __asm__ volatile("int3");
    printf("back\n");
}

static void chain_to_default(void) { *(volatile char *)16 = 1; }
static void chain_to_default_trap(void) { __asm__ volatile("int3"); }

/* The page of this program that the registry's file is mapped over. */
static void store_to_registry(void)
{
    char line[256], *found = NULL;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        if (strstr(line, "minivm-faults"))
            found = (char *)strtoul(line, NULL, 16);
    if (found)
        memset(found, 0, 8);
    printf("%s\n", found ? "written" : "no registry");
}

/* A forked child makes a space of its own; the parent's registry must not notice. */
static void watch_in_child(void)
{
    pid_t child = fork();
    if (!child) {
        char why[200];
        MvCodeSpace *own = mv_codespace_new(&options, why, sizeof why);
        bool done = own && mv_codespace_freeze(own, NULL, 0);
        mv_codespace_free(space);
        space = own;
        MvUnitPlace place = unit(benign, sizeof benign);
        done = done && mv_codespace_install(own, &place, 1) == MV_CODE_OK;
        printf("child: %s\n", done && ((Function)(mv_codespace_base(own) + place.at))() == BENIGN ? "ours" : "failed");
        mv_codespace_free(own);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    printf("child status %d\n", status);
    child = fork(); /* the parent's own handler, seen from a copy of it that has not touched the registry */
    if (!child) {
        close(2);
        ((Function)(base + MV_NATIVE_REGION_BYTES - 4096))();
        _exit(0);
    }
    waitpid(child, &status, 0);
    printf("code-memory fetch is reported by parent: %d\n", WEXITSTATUS(status));
}

/* ---- the guest list's arithmetic, and the time of the comparison ---- */

static void any_target(void) /* T14: no address but the entries is listed, whatever its distance */
{
    MvUnitPlace place = install();
    uint64_t state = 88172645463325252u;
    int64_t listed = 0, tried = 0;
    for (uint32_t i = 0; i < 2000000; i++, tried++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        uint64_t distance = i % 4 == 0   ? state
                            : i % 4 == 1 ? state % (2 * MV_NATIVE_REGION_BYTES)
                            : i % 4 == 2 ? place.at + state % 4096 - 2048
                                         : -(state % (2 * MV_NATIVE_REGION_BYTES));
        listed += distance != place.at && mv_codespace_is_listed(space, (void *)((uintptr_t)base + distance), CLASS);
    }
    printf("tried %ld listed %ld entry %d\n", tried, listed, mv_codespace_is_listed(space, base + place.at, CLASS));
}

__attribute__((noinline)) static bool early_exit(const uint8_t *a, const uint8_t *b)
{
    for (int i = 0; i < MV_SIGN_DIGEST; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static void compare_times(void) /* T38 */
{
    for (int i = 0; i < 5; i++)
        printf("equal %.2f control %.2f\n", timing(mv_native_digest_equal), timing(early_exit));
}

typedef struct Attack {
    const char *name;
    void (*run)(void);
} Attack;

#define ATTACK(name) {#name, name}
static const Attack attacks[] = {
    ATTACK(store_to_sealed_code), ATTACK(jump_to_placed), ATTACK(lazy_completion), ATTACK(tamper_under_note),
    ATTACK(forge_note), ATTACK(enter_half_emitted), ATTACK(tamper_after_signing), ATTACK(enter_gadget),
    ATTACK(enter_unaligned), ATTACK(forge_return), ATTACK(enter_outside), ATTACK(enter_wrong_class),
    ATTACK(store_to_guest_list), ATTACK(list_before_sealing), ATTACK(flip_option), ATTACK(use_after_retirement),
    ATTACK(race_the_seal), ATTACK(make_writable), ATTACK(map_over), ATTACK(move_over), ATTACK(map_over_list),
    ATTACK(map_over_frozen), ATTACK(drop_pages), ATTACK(proc_self_mem), ATTACK(proc_self_mem_list),
    ATTACK(proc_self_mem_frozen), ATTACK(change_file), ATTACK(change_file_of_list), ATTACK(alias_before_seal),
    ATTACK(trap_between), ATTACK(chain_to_handler), ATTACK(chain_to_default), ATTACK(chain_to_default_trap),
    ATTACK(store_to_registry), ATTACK(watch_in_child), ATTACK(any_target), ATTACK(compare_times),
};

static bool set_option(const char *name, bool on)
{
    struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"permanent", &options.permanent}, {"verify", &options.verify},       {"guests", &options.guests},
        {"watch", &options.watch},         {"lazy_seal", &options.lazy_seal}, {"recycle", &options.recycle},
    };
    struct {
        const char *name;
        unsigned bit;
    } weak[] = {
        {"tables", MV_WEAK_TABLES},
        {"frozen", MV_WEAK_FROZEN},
        {"order", MV_WEAK_ORDER},
        {"file", MV_WEAK_FILE},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (!strcmp(flags[i].name, name))
            return *flags[i].flag = on, true;
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++)
        if (!strcmp(weak[i].name, name))
            return mv_attack_weak |= on ? weak[i].bit : 0, true;
    return false;
}

int main(int count, char **arguments)
{
    static const char *const modes[] = {"sealed", "flip", "rwx"};
    setvbuf(stdout, NULL, _IONBF, 0);
    if (count < 5)
        return 2;
    for (int i = 0; i < 3; i++)
        if (!strcmp(arguments[2], modes[i]))
            options.memory = (uint8_t)i;
    for (int i = 5; i < count; i++)
        if (!set_option(arguments[i] + 1, arguments[i][0] == '+'))
            return 2;
    make_payload(atoi(arguments[3]), arguments[4]);
    if (!strcmp(arguments[1], "chain_to_handler")) {
        signal(SIGSEGV, own_handler);
        signal(SIGTRAP, own_handler);
    }
    char why[200];
    space = mv_codespace_new(&options, why, sizeof why);
    if (!space) {
        printf("no code space: %s\n", why);
        return 4;
    }
    base = mv_codespace_base(space);
    if (!mv_codespace_freeze(space, NULL, 0)) {
        printf("not frozen: %s\n", mv_codespace_why(space));
        return 4;
    }
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
        if (!strcmp(attacks[i].name, arguments[1])) {
            attacks[i].run();
            return 0;
        }
    return 2;
}
