/* What the two halves of the loader share: loader.c (the block, modules, the whole) and loader_code.c (constants, code objects). */
#pragma once
#include "loader.h"
#include "msgpack_reader.h"
#include "protocol.h"

typedef struct MvLoader {
    MvVM *vm;
    MvReader reader;
    MvImage *image;
    uint32_t depth;
    uint32_t nans; /* that were read: each is another object */
    MvModule *module; /* that the code being read belongs to */
    MvValue constants; /* of this module: a dict, by their encoding */
    char *error;
    size_t error_size;
} MvLoader;

/* Says what is wrong, unless something was said or raised before. False, as those below. */
__attribute__((format(printf, 2, 3))) bool mv_loader_refuse(MvLoader *l, const char *format, ...);
bool mv_loader_no_memory(MvLoader *l);
bool mv_loader_damaged(MvLoader *l);
void *mv_loader_take(MvLoader *l, size_t bytes); /* zeroed room in the block; 8-aligned. NULL: no memory */
bool mv_loader_read_name(MvLoader *l, MvValue *out);
MvCode *mv_loader_read_code(MvLoader *l); /* NULL: refused or raised */
