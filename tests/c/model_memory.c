/* The model of memory under the model checker: what codemem.h and fault.h offer, over a plain region whose pages have
 * permissions in `world`, and an arena for malloc. Each function that is a system call yields first. See
 * model_codespace.c. */
#include "fault.h"
#include "model_codespace.h"

/* ---- an arena for malloc ---- */

_Alignas(16) uint8_t model_heap[HEAP];

void *model_malloc(size_t size)
{
    size = (size + 15) / 16 * 16;
    if (world.heap_used + size > HEAP)
        abort();
    void *found = model_heap + world.heap_used;
    memset(found, 0, size);
    world.heap_used += (uint32_t)size;
    return found;
}
void *model_calloc(size_t count, size_t size) { return model_malloc(count * size); }
void *model_realloc(void *old, size_t size)
{
    void *found = model_malloc(size);
    if (old) /* reads past the old block: harmless, the arena goes on */
        memmove(found, old, size < HEAP - (size_t)((uint8_t *)old - model_heap) ? size : 0);
    return found;
}
/* The last block is taken back: scratch memory must not make states differ. */
void model_free(void *block)
{
    uint8_t *at = block;
    if (at && at >= model_heap && at < model_heap + world.heap_used &&
        world.heap_used - (uint32_t)(at - model_heap) >= MV_CODE_PAGE) {
        memset(at, 0, world.heap_used - (size_t)(at - model_heap));
        world.heap_used = (uint32_t)(at - model_heap);
    }
}

/* ---- memory, as codemem.h offers it ---- */

#define FILE_TABLES 100
#define FILE_FROZEN 101
#define FILE_CODE 102 /* and up */

Page *page_of(const char *at)
{
    size_t number = (size_t)(at - region - MV_NATIVE_CODE_START) / MV_CODE_PAGE;
    if (number >= PAGES)
        abort();
    return &world.pages[number];
}

void change(char *at, int permission)
{
    Page *page = page_of(at);
    page->permission = permission;
    if (permission != EXECUTABLE) {
        page->version++;
        page->verified = false;
    }
}

int mv_codemem_file(MvCodeMemory *memory, const char *name, size_t size)
{
    yield();
    if (!strcmp(name, "minivm-guests"))
        return FILE_TABLES;
    if (!strcmp(name, "minivm-frozen"))
        return FILE_FROZEN;
    if (world.files == FILES)
        abort();
    return FILE_CODE + world.files++;
}

bool mv_codemem_write(MvCodeMemory *memory, int file, const void *bytes, size_t size, uint64_t at)
{
    yield();
    if (file >= FILE_CODE)
        memcpy(world.file_bytes[file - FILE_CODE], bytes, HEAD);
    else if (size > 4)
        memcpy(region + at, bytes, size);
    else
        for (size_t i = 0; i < size; i++) { /* others see each byte by itself */
            if (i)
                yield();
            region[at + i] = ((const char *)bytes)[i];
        }
    return true;
}

bool mv_codemem_seal_file(MvCodeMemory *memory, int file)
{
    yield();
    return file >= 0;
}

bool mv_codemem_map_sealed(MvCodeMemory *memory, int file, char *at, size_t size, bool executable)
{
    yield();
    if (file < 0)
        return false;
    if (executable) {
        memcpy(at, world.file_bytes[file - FILE_CODE], HEAD);
        memset(at + HEAD, MV_CODE_TRAP, size - HEAD);
        page_of(at)->version++;
        page_of(at)->verified = false;
        change(at, EXECUTABLE);
    }
    return true;
}

bool mv_codemem_map_table(MvCodeMemory *memory, int file, char *at, size_t size, uint64_t offset) { return true; }

bool mv_codemem_map_writable(MvCodeMemory *memory, char *at, size_t size)
{
    yield();
    change(at, WRITABLE);
    memset(at, 0, size);
    return true;
}

void mv_codemem_copy(char *at, const void *bytes, size_t size)
{
    yield();
    if (page_of(at)->permission != WRITABLE)
        breaks("a page without the right is written");
    memcpy(at, bytes, size);
    change(at, WRITABLE);
}

bool mv_codemem_flip(MvCodeMemory *memory, char *at, size_t size)
{
    yield();
    change(at, EXECUTABLE);
    return true;
}

bool mv_codemem_unmap(MvCodeMemory *memory, char *at, size_t size)
{
    yield();
    change(at, NONE);
    return true;
}

bool mv_codemem_make_permanent(MvCodeMemory *memory, char *at, size_t size) { return true; }

bool mv_codemem_sync(MvCodeMemory *memory)
{
    yield();
    for (int i = 0; i < PAGES; i++)
        world.pages[i].fetched = 0;
    return true;
}

void mv_codemem_close(int file) {}
char *mv_codemem_reserve(MvCodeMemory *memory, size_t size) { return region; }
void mv_codemem_release(char *at, size_t size) {}
void mv_codemem_probe(MvCodeMemory *memory, char *page)
{
    memory->has = (MvCodeFacilities){.sealing = true, .flipping = true, .direct = true, .sync_core = true};
}
bool mv_codemem_random(void *bytes, size_t size) { return memset(bytes, 0, size) != NULL; }
int mv_codemem_process(void) { return 1; }
bool mv_fault_watch(const char *base) { return true; }
void mv_fault_unwatch(const char *base) {}
_Noreturn void mv_violation(const char *layer, const char *kind, const void *address, const void *site) { abort(); }
