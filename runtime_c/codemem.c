/* See codemem.h. */
#define _GNU_SOURCE
#include "codemem.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers that minivm is built with. */
#define MV_MFD_NOEXEC_SEAL 0x0008u /* Linux 6.3: no execve of the file; mappings may be executable all the same */
#define MV_SYS_MSEAL 462
#define PAGE 4096u

#ifdef MINIVM_ATTACK_API
unsigned mv_attack_weak;
#define IS_WEAK(what) (mv_attack_weak & MV_WEAK_##what)
#else
#define IS_WEAK(what) false
#endif

static bool fail(MvCodeMemory *memory, const char *call)
{
    memory->failed = call;
    memory->error = errno;
    return false;
}

int mv_codemem_file(MvCodeMemory *memory, const char *name, size_t size)
{
    memory->calls.memfd++;
    int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MV_MFD_NOEXEC_SEAL);
    if (file < 0 && errno == EINVAL)
        file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) {
        fail(memory, "memfd_create");
        return -1;
    }
    if (size && ftruncate(file, (off_t)size)) {
        fail(memory, "ftruncate");
        close(file);
        return -1;
    }
    return file;
}

bool mv_codemem_write(MvCodeMemory *memory, int file, const void *bytes, size_t size, uint64_t at)
{
    const char *from = bytes;
    while (size) {
        memory->calls.pwrite++;
        ssize_t wrote = pwrite(file, from, size, (off_t)at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return fail(memory, "pwrite");
        from += wrote;
        at += (uint64_t)wrote;
        size -= (size_t)wrote;
    }
    return true;
}

bool mv_codemem_seal_file(MvCodeMemory *memory, int file)
{
    if (IS_WEAK(FILE))
        return true;
    memory->calls.fcntl++;
    return fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0 ||
           fail(memory, "fcntl(F_ADD_SEALS)");
}

static int reopen_read_only(MvCodeMemory *memory, int file)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    if (reader < 0)
        fail(memory, "open(/proc/self/fd)");
    return reader;
}

static bool map_file(MvCodeMemory *memory, int file, char *at, size_t size, int protection, uint64_t offset)
{
    memory->calls.mmap++;
    return mmap(at, size, protection, MAP_SHARED | MAP_FIXED, file, (off_t)offset) != MAP_FAILED ||
           fail(memory, "mmap");
}

static bool map_anonymous(MvCodeMemory *memory, char *at, size_t size, int protection, int flags)
{
    memory->calls.mmap++;
    return mmap(at, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | flags, -1, 0) != MAP_FAILED ||
           fail(memory, "mmap");
}

bool mv_codemem_map_sealed(MvCodeMemory *memory, int file, char *at, size_t size, bool executable)
{
    int protection = PROT_READ | (executable ? PROT_EXEC : 0);
    if (IS_WEAK(FROZEN) && !executable)
        return map_anonymous(memory, at, size, PROT_READ | PROT_WRITE, 0) && pread(file, at, size, 0) == (ssize_t)size;
    if (memory->has.direct)
        return map_file(memory, file, at, size, protection, 0);
    int reader = reopen_read_only(memory, file);
    if (reader < 0)
        return false;
    bool done = map_file(memory, reader, at, size, protection, 0);
    close(reader);
    return done;
}

bool mv_codemem_map_table(MvCodeMemory *memory, int file, char *at, size_t size, uint64_t offset)
{
    if (IS_WEAK(TABLES))
        return map_file(memory, file, at, size, PROT_READ | PROT_WRITE, offset);
    int reader = reopen_read_only(memory, file);
    if (reader < 0)
        return false;
    bool done = map_file(memory, reader, at, size, PROT_READ, offset);
    close(reader);
    if (!done)
        return false;
    memory->calls.fcntl++;
    return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0 ||
           fail(memory, "fcntl(F_ADD_SEALS)");
}

bool mv_codemem_map_writable(MvCodeMemory *memory, char *at, size_t size)
{
    return map_anonymous(memory, at, size, PROT_READ | PROT_WRITE, 0);
}

void mv_codemem_copy(char *at, const void *bytes, size_t size) { memcpy(at, bytes, size); }

bool mv_codemem_flip(MvCodeMemory *memory, char *at, size_t size)
{
    memory->calls.mprotect++;
    return mprotect(at, size, PROT_READ | PROT_EXEC) == 0 || fail(memory, "mprotect");
}

bool mv_codemem_unmap(MvCodeMemory *memory, char *at, size_t size)
{
    return map_anonymous(memory, at, size, PROT_NONE, MAP_NORESERVE);
}

bool mv_codemem_make_permanent(MvCodeMemory *memory, char *at, size_t size)
{
    if (!memory->has.mseal)
        return true;
    memory->calls.mseal++;
    return syscall(MV_SYS_MSEAL, at, size, 0ul) == 0 || fail(memory, "mseal");
}

bool mv_codemem_sync(MvCodeMemory *memory)
{
    if (!memory->has.sync_core)
        return true;
    memory->calls.membarrier++;
    return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0 || fail(memory, "membarrier");
}

void mv_codemem_close(int file)
{
    if (file >= 0)
        close(file);
}

char *mv_codemem_reserve(MvCodeMemory *memory, size_t size)
{
    /* Between the heap and the libraries of every layout, ASan's included: 19 random bits for 128 MiB. */
    const uint64_t low = 0x200000000000, high = 0x700000000000;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    for (int attempt = 0; attempt < 16; attempt++) {
        uint64_t number;
        if (!mv_codemem_random(&number, sizeof number)) {
            fail(memory, "getrandom");
            return NULL;
        }
        char *wanted = (char *)(low + number % ((high - low) / size) * size);
        memory->calls.mmap++;
        char *at = mmap(wanted, size, PROT_NONE, flags | MAP_FIXED_NOREPLACE, -1, 0);
        if (at == wanted)
            return at;
        if (at != MAP_FAILED)
            munmap(at, size); /* a kernel before 4.17 took the address as a wish */
        else if (errno != EEXIST)
            break;
    }
    fail(memory, "mmap");
    return NULL;
}

void mv_codemem_release(char *at, size_t size) { munmap(at, size); }

/* Whether a sealed file can be mapped executable; and whether its own descriptor is good enough for that. */
static void probe_sealing(MvCodeMemory *memory, char *page)
{
    static const uint8_t stop[16] = {0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc,
                                     0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc};
    int file = mv_codemem_file(memory, "minivm-probe", PAGE);
    if (file < 0)
        return;
    if (mv_codemem_write(memory, file, stop, sizeof stop, 0) && mv_codemem_seal_file(memory, file)) {
        memory->has.direct = true;
        bool direct = mv_codemem_map_sealed(memory, file, page, PAGE, true);
        /* Before Linux 6.7 the mapping is refused, or could be made writable by mprotect. */
        memory->has.direct = direct && mprotect(page, PAGE, PROT_READ | PROT_WRITE) == -1 && errno == EACCES;
        memory->has.sealing = memory->has.direct || mv_codemem_map_sealed(memory, file, page, PAGE, true);
    }
    close(file);
}

void mv_codemem_probe(MvCodeMemory *memory, char *page)
{
    memory->has = (MvCodeFacilities){.mseal = syscall(MV_SYS_MSEAL, page, 0ul, 0ul) == 0};
    if (mv_codemem_map_writable(memory, page, PAGE)) {
        *(volatile char *)page = (char)0xcc;
        memory->has.flipping = mv_codemem_flip(memory, page, PAGE);
    }
    probe_sealing(memory, page);
    int error = memory->error;
    const char *failed = memory->failed;
    mv_codemem_unmap(memory, page, PAGE);
    memory->has.sync_core = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0) == 0;
    memory->error = error;
    memory->failed = failed;
}

bool mv_codemem_random(void *bytes, size_t size) { return getrandom(bytes, size, 0) == (ssize_t)size; }

int mv_codemem_process(void) { return (int)getpid(); }

#ifdef MINIVM_ATTACK_API
bool mv_codemem_map_unsafe(MvCodeMemory *memory, char *at, size_t size)
{
    return map_anonymous(memory, at, size, PROT_READ | PROT_WRITE | PROT_EXEC, 0);
}
#endif
