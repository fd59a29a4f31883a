/* file.h: text files. */
#pragma once
#include "output.h"
#include "watch.h"

typedef enum { MV_ENCODING_UTF8, MV_ENCODING_ASCII, MV_ENCODING_LATIN1 } MvEncoding;

typedef enum { /* what happens to text that cannot be converted */
    MV_HANDLER_STRICT,
    MV_HANDLER_IGNORE,
    MV_HANDLER_REPLACE,
    MV_HANDLER_BACKSLASH,
    MV_HANDLER_ESCAPE,  /* surrogateescape */
    MV_HANDLER_PASS,    /* surrogatepass */
    MV_HANDLER_XML,     /* xmlcharrefreplace */
    MV_HANDLER_UNKNOWN, /* LookupError when needed */
} MvHandler;

/* None '' \n \r \r\n */
typedef enum { MV_NEWLINE_UNIVERSAL, MV_NEWLINE_KEEP, MV_NEWLINE_LF, MV_NEWLINE_CR, MV_NEWLINE_CRLF } MvNewline;

/* The native side of an open file; in the VM's list (MvWatch.files) until it is closed. */
typedef struct MvFileState {
    struct MvFileState *previous, *next;
    struct MvFile *owner; /* not a root: the sweep of dropped files looks whether it is alive */
    MvOutput *output;     /* stdout and stderr write here; else NULL */
    int fd;               /* -1: stdin of the host, -2: nothing */
    bool readable, writable, close_fd, line_buffered, standard;
    bool write_through;   /* told, no more: what is written is handed on to the buffer at once anyway, as far as a program can see */
    bool pending_cr;      /* a \r at the end of what was decoded: a \n may follow */
    bool decoded;         /* CPython still holds decoded text, if only an empty one: encoding and newline stay */
    bool telling;         /* false: iterating, tell() is refused */
    bool failed;          /* the last chunk could not be decoded, but one before it: CPython tells a place in that one then */
    bool snapshot;        /* the last chunk was read while telling; else tell() knows but where the descriptor is */
    uint8_t encoding, handler, newline; /* MvEncoding, MvHandler, MvNewline */
    uint8_t seen_newlines; /* 1 \n, 2 \r, 4 \r\n: what the program sees; MV_SEEN_CR: there was a \r before that was forgotten */
    uint8_t *in;          /* input of the last decoding: bytes [0, in_used) are decoded, [in_used, in_length) are not */
    int64_t in_used, in_length, in_capacity;
    int64_t chars_used;   /* characters of MvFile.chars that were read */
    int64_t chars_before; /* characters at the front of MvFile.chars that came from earlier input */
    char *out;            /* text to be written, encoded */
    int64_t out_used, out_capacity; /* capacity: where there is a buffer, and accounted */
    double ratio;         /* bytes for a character in the last chunk, 0: none yet */
    struct MvFileBuffer *buffer; /* of files that are read and written; else NULL (file_buffer.c) */
} MvFileState;

typedef struct MvFile {
    MvObject h;
    MvValue name, mode, encoding, errors;
    MvValue chars;      /* decoded text, a str, or None */
    MvFileState *state; /* NULL: closed */
    int64_t was;        /* MV_FILE_WAS_*: once it is closed */
} MvFile;
enum { MV_SEEN_CR = 8 };
enum { MV_FILE_WAS_READABLE = 1, MV_FILE_WAS_WRITABLE = 2, MV_FILE_WAS_NEWLINES = 4, MV_FILE_WAS_DECODED = 32, /* NEWLINES times MvFileState.seen_newlines */
       MV_FILE_WAS_LINE_BUFFERED = 64, MV_FILE_WAS_THROUGH = 128 };

/* ---- file.c ---- */
/* the FILE object of stdin (0), stdout (1), stderr (2); the same one each time */
MvValue mv_file_standard(MvVM *vm, int which);
MvFileState *mv_file_state(MvVM *vm, MvValue file); /* NULL: ValueError raised, it is closed */
MvValue mv_file_unsupported(MvVM *vm, const char *message); /* raises io.UnsupportedOperation */
bool mv_file_flush(MvVM *vm, MvFileState *state);
/* before reading: hands on to the buffer what was written, which stays there */
bool mv_file_hand_on(MvVM *vm, MvFileState *state);
/* all that are open: before the VM's run ends, and before a file is opened */
bool mv_files_flush(MvVM *vm);
void mv_files_free(MvVM *vm);                   /* flushes and closes all; before mv_limits_free */
MvFile *mv_file_allocate(MvVM *vm, MvFileState *state); /* NULL: no memory (raised); links the state */
void mv_files_sweep(MvVM *vm);                  /* closes files that the program dropped */

/* ---- file_text.c ---- */
extern const char *const mv_encoding_names[];                          /* by MvEncoding, as in messages */
MvValue mv_file_unknown_handler(MvVM *vm, const MvFileState *state);   /* raises LookupError */
MvValue mv_file_read(MvVM *vm, MvFile *file, int64_t count);           /* count < 0: to the end */
MvValue mv_file_read_line(MvVM *vm, MvFile *file, int64_t limit);      /* the empty str at the end; limit < 0: none */
int64_t mv_file_tell(MvVM *vm, MvFile *file);                          /* -1: raised */
void mv_file_forget_input(MvFile *file);
MvHandler mv_handler_named(const MvStr *name);

/* ---- file_write.c ---- */
int64_t mv_file_write_text(MvVM *vm, MvFileState *state, MvValue str); /* characters, -1: raised */

/* ---- file_buffer.c: for states with a buffer ---- */
bool mv_buffer_make(MvVM *vm, MvFileState *state, int64_t size); /* size <= 1: the file system's */
void mv_buffer_free(MvVM *vm, MvFileState *state);               /* after state->out */
bool mv_buffer_append(MvVM *vm, MvFileState *state, const char *bytes, int64_t count); /* to what is to be handed on */
/* once a whole text is appended; before: bytes of earlier texts in front of it */
bool mv_buffer_settle(MvVM *vm, MvFileState *state, int64_t before);
bool mv_buffer_push(MvVM *vm, MvFileState *state);   /* hands it on */
bool mv_buffer_flush(MvVM *vm, MvFileState *state);  /* and the descriptor is where the program is */
int64_t mv_buffer_take(MvFileState *state, uint8_t *to, int64_t count); /* buffered input, 0: the descriptor is next */
void mv_buffer_moved(MvFileState *state);            /* after a seek of the descriptor */

/* ---- file_open.c ---- */
MvValue mv_file_reconfigure(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames); /* a method */
