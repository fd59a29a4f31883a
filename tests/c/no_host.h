/* The host's side of mv_api.h for drivers that give programs nothing: no host functions, no input, no compiler. */
#pragma once
#include "mv_api.h"

int64_t mv_host_call(uint64_t h, uint32_t f, const uint8_t *a, size_t n)
{
    return (void)h, (void)f, (void)a, (void)n, MV_ANSWERED;
}
int64_t mv_host_call_ints(uint64_t h, uint32_t f, uint32_t n, int64_t a, int64_t b, int64_t c, int64_t d)
{
    return (void)h, (void)f, (void)n, (void)a, (void)b, (void)c, (void)d, MV_ANSWERED;
}
int mv_host_write(uint64_t h, int fd, const uint8_t *data, size_t n)
{
    return (void)h, (void)fd, (void)data, (void)n, 0;
}
int mv_host_readline(uint64_t h) { return (void)h, MV_READLINE_EOF; }
int mv_host_poll(uint64_t h) { return (void)h, MV_POLL_CONTINUE; }
int mv_host_compile(uint64_t h) { return (void)h, -1; }
