/* The blocks of images: their pages, their life, and the source lines that they keep. Filled by loader.c.
 *
 * INV-loader-1: a block's pages are writable only until mv_image_seal; nothing makes them writable again. */
#include "loader.h"
#include "heap.h"
#include <stdlib.h>
#include <sys/mman.h>

#define BLOCK_FACTOR 12 /* a byte of an image makes at most 8 bytes of the block, and alignment 4 more */
#define PAGE ((size_t)4096)

MvImage *mv_image_new(size_t body_size)
{
    MvImage *image = calloc(1, sizeof *image);
    if (!image)
        return NULL;
    image->reserved = (BLOCK_FACTOR * body_size + 2 * PAGE - 1) & ~(PAGE - 1);
    image->block = mmap(NULL, image->reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                        0);
    if (image->block == MAP_FAILED) {
        free(image);
        return NULL;
    }
    return image;
}

void mv_image_free(MvVM *vm, MvImage *image)
{
    munmap(image->block, image->reserved);
    mv_heap_account_external(vm, -(int64_t)image->accounted);
    for (uint32_t i = 0; image->sources && i < image->module_count; i++)
        free(image->sources[i].lines);
    free(image->sources);
    free(image);
}

bool mv_image_seal(MvVM *vm, MvImage *image)
{
    size_t used = (image->used + PAGE - 1) & ~(PAGE - 1);
    used = used ? used : PAGE;
    if (used < image->reserved && munmap(image->block + used, image->reserved - used) == 0)
        image->reserved = used;
    if (image->accounted > used) {
        mv_heap_account_external(vm, -(int64_t)(image->accounted - used));
        image->accounted = used;
    }
    return mprotect(image->block, image->reserved, PROT_READ) == 0;
}

void mv_loader_forget_modules(MvVM *vm)
{
    vm->image_module_count = 0;
    vm->image_main = NULL;
    if (vm->image_modules)
        vm->image_modules[0] = NULL;
}

void mv_loader_sweep(MvVM *vm)
{
    for (MvImage *image = vm->images; image; image = image->next)
        image->live = image == vm->images; /* the newest stays: module numbers continue from it */
    for (MvCode *code = vm->codes; code; code = code->next)
        ((MvImage *)code->image)->live = true;
    MvImage *kept = NULL;
    for (MvImage *image = vm->images, *next; image; image = next) {
        next = image->next;
        if (image->live) {
            if (kept)
                kept->next = image;
            kept = image;
            image->next = NULL;
        } else
            mv_image_free(vm, image);
    }
}

void mv_loader_free(MvVM *vm)
{
    for (MvImage *image = vm->images, *next; image; image = next) {
        next = image->next;
        mv_image_free(vm, image);
    }
    vm->images = NULL;
    free(vm->image_modules);
    vm->image_modules = NULL;
    vm->image_main = NULL;
    vm->image_module_count = vm->image_module_capacity = 0;
}

/* ---- source lines ---- */

static MvImageSource *source_of(MvVM *vm, const MvModule *module)
{
    for (MvImage *image = vm->images; image; image = image->next)
        if (module->index >= image->first_index && module->index - image->first_index < image->module_count)
            return &image->sources[module->index - image->first_index];
    return NULL;
}

static bool index_lines(MvImageSource *source)
{
    size_t count = 1;
    for (size_t i = 0; i < source->size; i++)
        count += source->text[i] == '\n';
    uint32_t *lines = malloc(count * sizeof *lines);
    if (!lines)
        return false;
    lines[0] = 0;
    count = 1;
    for (size_t i = 0; i < source->size; i++)
        if (source->text[i] == '\n')
            lines[count++] = (uint32_t)(i + 1);
    source->lines = lines;
    source->line_count = (uint32_t)count;
    return true;
}

const char *mv_module_source_line(MvVM *vm, MvModule *module, int line, size_t *n)
{
    MvImageSource *source = source_of(vm, module);
    if (!source || !source->text || line < 1 || (!source->lines && !index_lines(source)) ||
        (uint32_t)line > source->line_count)
        return NULL;
    uint32_t start = source->lines[line - 1];
    size_t end = (uint32_t)line < source->line_count ? source->lines[line] - 1 : source->size;
    if (start == source->size)
        return NULL;
    *n = end - start;
    return source->text + start;
}
