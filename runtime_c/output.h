/* output.h: the two output streams of a VM. */
#pragma once
#include "checked.h"
#include "protocol.h"

typedef enum { MV_ERRORS_STRICT, MV_ERRORS_BACKSLASH } MvOutputErrors;

/* fd: a descriptor, or MV_FD_HOST (-1), or MV_FD_NONE (-2). Looks whether it is a terminal. */
void mv_output_init(MvOutput *output, int fd, int which);
void mv_output_free(MvOutput *output);
/* Text as UTF-8; lone surrogates raise UnicodeEncodeError before anything is written, or are written as \udcxx. */
bool mv_write_str(MvVM *vm, MvOutput *output, MvValue str, MvOutputErrors errors);
/* Writes to a descriptor in a way that limits can end; bytes written, or -1 with errno set, or -2: MV_EXC is set. */
int64_t mv_fd_write(MvVM *vm, int fd, const char *bytes, int64_t count);
/* The index of the first lone surrogate at or after start, -1: none; *end is behind the run of them. */
int64_t mv_find_surrogates(const MvStr *s, int64_t start, int64_t *end);
