/* Memory that holds code or what decides about code: the system calls behind the code space, and what this machine
 * offers.
 *
 * Called by codespace.c and guestlist.c alone; the model checker of tests/c replaces this file by a model of memory.
 * Linux on x86-64. Nothing here is ever mapped writable and executable, and what is mapped from a memory file is mapped
 * so that mprotect cannot make it writable: either the file is sealed against writing first, or it is mapped through a
 * read-only reopen. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct MvCodeFacilities {
    bool sealing;  /* memory files with F_SEAL_WRITE can be mapped executable */
    bool flipping; /* mprotect may make a written page executable */
    bool direct; /* a sealed memory file mapped from its own descriptor cannot be made writable: no reopen is needed */
    bool mseal;  /* mappings can be made permanent */
    bool sync_core; /* membarrier(PRIVATE_EXPEDITED_SYNC_CORE) is registered */
} MvCodeFacilities;

typedef struct MvCodeCalls { /* system calls that changed mappings or files of code memory */
    uint64_t mmap, mprotect, mseal, membarrier, pwrite, memfd, fcntl;
} MvCodeCalls;

typedef struct MvCodeMemory {
    MvCodeFacilities has;
    MvCodeCalls calls;
    const char *failed; /* the system call that failed last */
    int error;          /* its errno */
} MvCodeMemory;

/* A memory file, empty, of this size; -1 on failure. */
int mv_codemem_file(MvCodeMemory *memory, const char *name, size_t size);
bool mv_codemem_write(MvCodeMemory *memory, int file, const void *bytes, size_t size, uint64_t at);
/* Seals the file for ever: no write, no change of size, no further seals. */
bool mv_codemem_seal_file(MvCodeMemory *memory, int file);
/* Maps a sealed file at `at`, readable and perhaps executable. */
bool mv_codemem_map_sealed(MvCodeMemory *memory, int file, char *at, size_t size, bool executable);
/* Maps a file that stays writable by pwrite; the mapping itself can never be made writable. The file cannot change its
 * size any more. */
bool mv_codemem_map_table(MvCodeMemory *memory, int file, char *at, size_t size, uint64_t offset);
/* Fresh zeroed pages, readable and writable. */
bool mv_codemem_map_writable(MvCodeMemory *memory, char *at, size_t size);
void mv_codemem_copy(char *at, const void *bytes, size_t size);
/* The one mprotect of a batch: from writable to executable. When it returns no core can write through an old
 * translation. */
bool mv_codemem_flip(MvCodeMemory *memory, char *at, size_t size);
/* Takes the pages away; the addresses stay reserved. */
bool mv_codemem_unmap(MvCodeMemory *memory, char *at, size_t size);
/* Makes the mappings permanent: no munmap, mprotect, mremap, MAP_FIXED or MADV_DONTNEED. Once only, where the kernel
 * has it; for ever. */
bool mv_codemem_make_permanent(MvCodeMemory *memory, char *at, size_t size);
/* After it, no core of this process executes bytes that it fetched before. */
bool mv_codemem_sync(MvCodeMemory *memory);
void mv_codemem_close(int file);

/* Reserves addresses without access, aligned to their size, at a random place; NULL on failure. */
char *mv_codemem_reserve(MvCodeMemory *memory, size_t size);
void mv_codemem_release(char *at, size_t size);
/* Finds out what the machine offers, by trying it on one page of a reserved range. */
void mv_codemem_probe(MvCodeMemory *memory, char *page);
bool mv_codemem_random(void *bytes, size_t size);
/* The process that calls; a child of fork must not touch its parent's code memory. */
int mv_codemem_process(void);
#ifdef MINIVM_ATTACK_API
/* Defences that an attack's control run goes without. A product of minivm is never built with MINIVM_ATTACK_API. */
enum { MV_WEAK_TABLES = 1, MV_WEAK_FROZEN = 2, MV_WEAK_ORDER = 4, MV_WEAK_FILE = 8 };
extern unsigned mv_attack_weak;
bool mv_codemem_map_unsafe(MvCodeMemory *memory, char *at, size_t size);
#endif
