/* host.h: what api.c offers to output.c, file.c and limits.c: the way to the callbacks of the host (mv_api.h). */
#pragma once
#include "protocol.h"

/* Delivers output to the host (which: 1 stdout, 2 stderr); never splits a character. 0, or an errno. */
int mv_host_deliver(MvVM *vm, int which, const char *bytes, int64_t count);
/* The descriptor of stdin, or MV_FD_HOST (-1) or MV_FD_NONE (-2). */
int mv_host_stdin(MvVM *vm);
/* The next line of stdin from the host, with its newline: a str; UNASSIGNED: the end; MV_EXC. */
MvValue mv_host_line(MvVM *vm);
/* After a SIGINT: MV_POLL_CONTINUE (0), MV_POLL_KEYBOARD_INTERRUPT (1) or MV_POLL_ABORT (2). */
int mv_host_signal(MvVM *vm);
/* sys.executable and sys.path[0], file-system bytes; NULL: not known. */
const char *mv_host_executable(MvVM *vm);
const char *mv_host_path_entry(MvVM *vm);
