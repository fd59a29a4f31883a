/* See msgpack_reader.h. The formats are those of the msgpack specification of 2013, without extension types. */
#include "msgpack_reader.h"
#include <string.h>

static bool fail(MvReader *reader)
{
    reader->failed = true;
    reader->at = reader->end;
    return false;
}

/* A big-endian number of `bytes` bytes. */
static bool read_number(MvReader *reader, int bytes, uint64_t *out)
{
    if (reader->end - reader->at < bytes)
        return fail(reader);
    uint64_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | *reader->at++;
    *out = n;
    return true;
}

static bool read_bytes(MvReader *reader, MvToken *token, MvTokenType type, uint64_t count)
{
    if ((uint64_t)(reader->end - reader->at) < count)
        return fail(reader);
    token->type = type;
    token->count = (uint32_t)count;
    token->data = reader->at;
    reader->at += count;
    return true;
}

static bool read_items(MvReader *reader, MvToken *token, MvTokenType type, uint64_t count)
{
    /* an item has at least one byte */
    if ((uint64_t)(reader->end - reader->at) < count * (type == MV_TOKEN_MAP ? 2 : 1))
        return fail(reader);
    token->type = type;
    token->count = (uint32_t)count;
    return true;
}

static bool read_int(MvReader *reader, MvToken *token, int bytes, bool is_signed)
{
    uint64_t n;
    if (!read_number(reader, bytes, &n))
        return false;
    token->type = !is_signed && n > INT64_MAX ? MV_TOKEN_UINT : MV_TOKEN_INT;
    int unused = 64 - 8 * bytes;
    token->number = is_signed ? (int64_t)(n << unused) >> unused : (int64_t)n;
    return true;
}

static bool read_float(MvReader *reader, MvToken *token, int bytes)
{
    uint64_t bits;
    if (!read_number(reader, bytes, &bits))
        return false;
    token->type = MV_TOKEN_FLOAT;
    if (bytes == 8)
        memcpy(&token->real, &bits, 8);
    else {
        float narrow;
        uint32_t half = (uint32_t)bits;
        memcpy(&narrow, &half, 4);
        token->real = narrow;
    }
    return true;
}

bool mv_reader_next(MvReader *reader, MvToken *token)
{
    if (reader->at == reader->end)
        return fail(reader);
    uint64_t count;
    uint8_t head = *reader->at++;
    if (head < 0x80 || head >= 0xE0) {
        token->type = MV_TOKEN_INT;
        token->number = (int8_t)head;
        return true;
    }
    if (head < 0x90)
        return read_items(reader, token, MV_TOKEN_MAP, head & 15);
    if (head < 0xA0)
        return read_items(reader, token, MV_TOKEN_ARRAY, head & 15);
    if (head < 0xC0)
        return read_bytes(reader, token, MV_TOKEN_STR, head & 31);
    switch (head) {
    case 0xC0:
        token->type = MV_TOKEN_NIL;
        return true;
    case 0xC2: case 0xC3:
        token->type = MV_TOKEN_BOOL;
        token->number = head & 1;
        return true;
    case 0xC4: case 0xC5: case 0xC6:
        return read_number(reader, 1 << (head - 0xC4), &count) && read_bytes(reader, token, MV_TOKEN_BIN, count);
    case 0xCA: case 0xCB:
        return read_float(reader, token, head == 0xCA ? 4 : 8);
    case 0xCC: case 0xCD: case 0xCE: case 0xCF:
        return read_int(reader, token, 1 << (head - 0xCC), false);
    case 0xD0: case 0xD1: case 0xD2: case 0xD3:
        return read_int(reader, token, 1 << (head - 0xD0), true);
    case 0xD9: case 0xDA: case 0xDB:
        return read_number(reader, 1 << (head - 0xD9), &count) && read_bytes(reader, token, MV_TOKEN_STR, count);
    case 0xDC: case 0xDD:
        return read_number(reader, head == 0xDC ? 2 : 4, &count) && read_items(reader, token, MV_TOKEN_ARRAY, count);
    case 0xDE: case 0xDF:
        return read_number(reader, head == 0xDE ? 2 : 4, &count) && read_items(reader, token, MV_TOKEN_MAP, count);
    default:
        return fail(reader);
    }
}

bool mv_reader_expect(MvReader *reader, MvTokenType type, MvToken *token)
{
    return mv_reader_next(reader, token) && (token->type == type || fail(reader));
}

bool mv_reader_int(MvReader *reader, int64_t low, int64_t high, int64_t *out)
{
    MvToken token;
    if (!mv_reader_expect(reader, MV_TOKEN_INT, &token))
        return false;
    if (token.number < low || token.number > high)
        return fail(reader);
    *out = token.number;
    return true;
}

bool mv_reader_bool(MvReader *reader, bool *out)
{
    MvToken token;
    if (!mv_reader_expect(reader, MV_TOKEN_BOOL, &token))
        return false;
    *out = token.number != 0;
    return true;
}
