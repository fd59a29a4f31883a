/* Images (.minic): from bytes to verified code objects and modules. The layout stands in
 * vm/minivm/spec/codeformat.py.
 *
 * Called by api.c. The arrays of all code objects of an image lie in one block of pages, read-only once the verifier
 * has accepted them (INV-loader-1); only the MvCode objects themselves, the inline-cache records and the heap are
 * writable. A block lives as long as a code object of it. Heap objects that a block refers to are reached through
 * its code objects. */
#pragma once
#include "frame.h"
#include "vm.h"

enum { /* MvModule.pad of modules that come from an image */
    MV_MODULE_PACKAGE = 1,
    MV_MODULE_BUILTIN = 2, /* a module of ours, written in Mini */
};

typedef struct MvImageSource { /* of the module with this number */
    const char *text;    /* NULL: none */
    size_t size;
    uint32_t *lines;     /* offsets of the line starts, made at the first look; malloc'ed */
    uint32_t line_count;
} MvImageSource;

typedef struct MvImage { /* malloc'ed; listed in vm->images, MvCode.image points to it */
    struct MvImage *next;
    uint8_t *block;
    size_t reserved, used, accounted;
    uint32_t first_index, module_count; /* MvModule.index of its modules: first_index .. */
    MvImageSource *sources;
    bool live; /* scratch of mv_loader_sweep */
} MvImage;

/* Loads and verifies an image: appends its modules to vm->image_modules and sets vm->image_main. False: nothing
 * changed, and either an exception is set (no memory; error is "" then) or error says in one line what is wrong with
 * the image. Runs no Mini code. */
bool mv_load_image(MvVM *vm, const uint8_t *bytes, size_t n, char *error, size_t error_size);
/* Empties vm->image_modules: the modules live on while something else holds them. */
void mv_loader_forget_modules(MvVM *vm);
/* Gives back the blocks that no code object in vm->codes belongs to. For the collector, after it has swept
 * vm->codes. */
void mv_loader_sweep(MvVM *vm);
void mv_loader_free(MvVM *vm);
/* The text of line `line` (from 1) without its newline, *n bytes of UTF-8, or NULL if it is not known. */
const char *mv_module_source_line(MvVM *vm, MvModule *module, int line, size_t *n);

/* ---- image.c, for loader.c ---- */
MvImage *mv_image_new(size_t body_size); /* NULL: no memory (nothing raised) */
/* Cuts the block to what is used and makes it read-only; false: the system refused. */
bool mv_image_seal(MvVM *vm, MvImage *image);
void mv_image_free(MvVM *vm, MvImage *image);
