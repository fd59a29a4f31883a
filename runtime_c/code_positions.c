/* code_positions.c: from an instruction word to its place in the source.
 *
 * Reads MvCode.positions, the run-length list that vm/minivm/spec/codeformat.py describes. The loader has checked its
 * shape; reading stays inside position_bytes whatever it holds. Used by tracebacks, tb_lineno and the frames of the
 * host API; nothing is cached, because positions are looked up only when somebody looks at a traceback. */
#include "errors.h"

typedef struct Reader {
    const uint8_t *at, *end;
} Reader;

static uint64_t read_varint(Reader *r)
{
    uint64_t value = 0;
    for (int shift = 0; r->at < r->end && shift < 64; shift += 7) {
        uint8_t byte = *r->at++;
        value |= (uint64_t)(byte & 127) << shift;
        if (!(byte & 128))
            break;
    }
    return value;
}

static int64_t read_zigzag(Reader *r)
{
    uint64_t u = read_varint(r);
    return (int64_t)(u >> 1) ^ -(int64_t)(u & 1);
}

bool mv_code_position(const MvCode *code, int64_t word, int *line, int *end_line, int *col, int *end_col)
{
    Reader r = {code->positions, code->positions + code->position_bytes};
    int64_t start = 0, current = code->first_line;
    while (r.at < r.end) {
        int64_t count = (int64_t)read_varint(&r);
        current += read_zigzag(&r);
        int64_t lines = read_zigzag(&r), first = read_zigzag(&r), last = read_zigzag(&r);
        if (word < start + count) {
            *line = (int)current;
            *end_line = (int)(current + lines);
            *col = (int)first - 1;
            *end_col = (int)last - 1;
            return true;
        }
        start += count;
    }
    *line = *end_line = (int)code->first_line;
    *col = *end_col = -1;
    return false;
}

int mv_code_line(const MvCode *code, int64_t word)
{
    int line, end_line, col, end_col;
    mv_code_position(code, word, &line, &end_line, &col, &end_col);
    return line;
}
