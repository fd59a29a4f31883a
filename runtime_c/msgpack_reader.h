/* A pull reader for msgpack: one token at a time, no allocation, never past the end.
 *
 * Called by loader.c. The caller walks the structure; the reader only knows where the next token begins. After the
 * first damage every call fails, so a caller may check once behind several reads. Extension types do not occur in
 * images: damage. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    MV_TOKEN_NIL, MV_TOKEN_BOOL, MV_TOKEN_INT, MV_TOKEN_UINT, /* UINT: above INT64_MAX only */
    MV_TOKEN_FLOAT, MV_TOKEN_STR, MV_TOKEN_BIN, MV_TOKEN_ARRAY, MV_TOKEN_MAP,
} MvTokenType;

typedef struct MvToken {
    MvTokenType type;
    uint32_t count;      /* STR, BIN: bytes; ARRAY: items; MAP: pairs. Each fits in what is left */
    int64_t number;      /* INT; BOOL: 0 or 1; UINT: the bits */
    double real;
    const uint8_t *data; /* STR, BIN: into the input */
} MvToken;

typedef struct MvReader {
    const uint8_t *at, *end;
    bool failed;
} MvReader;

/* False at damage, which includes a count that the rest of the input cannot hold. */
bool mv_reader_next(MvReader *reader, MvToken *token);
/* The next token if it has this type; else damage. */
bool mv_reader_expect(MvReader *reader, MvTokenType type, MvToken *token);
/* An int between low and high, both included; else damage. */
bool mv_reader_int(MvReader *reader, int64_t low, int64_t high, int64_t *out);
bool mv_reader_bool(MvReader *reader, bool *out);
