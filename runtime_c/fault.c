/* See fault.h. */
#include "fault.h"
#include <string.h>
#include <unistd.h>

typedef struct Line {
    char text[512];
    size_t used;
} Line;

static void put(Line *line, const char *text)
{
    for (; *text && line->used < sizeof line->text - 1; text++)
        line->text[line->used++] = *text;
}

static void put_address(Line *line, const char *name, const void *address)
{
    static const char digits[] = "0123456789abcdef";
    char text[19] = "0x0";
    uintptr_t value = (uintptr_t)address;
    int length = 1;
    while (length < 16 && value >> 4 * length)
        length++;
    for (int i = 0; i < length; i++)
        text[2 + i] = digits[value >> 4 * (length - 1 - i) & 15];
    text[2 + length] = 0;
    put(line, ",\"");
    put(line, name);
    put(line, "\":\"");
    put(line, text);
    put(line, "\"");
}

_Noreturn void mv_violation(const char *layer, const char *kind, const void *address, const void *site)
{
    Line line = {.used = 0};
    put(&line, "{\"violation\":\"");
    put(&line, kind);
    put(&line, "\",\"layer\":\"");
    put(&line, layer);
    put(&line, "\"");
    put_address(&line, "address", address);
    put_address(&line, "site", site);
    put(&line, "}\n");
    for (size_t done = 0; done < line.used;) {
        ssize_t wrote = write(STDERR_FILENO, line.text + done, line.used - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    _exit(MV_NATIVE_VIOLATION_STATUS);
}
