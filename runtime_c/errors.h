/* errors.h: what error.c, exceptions*.c, traceback*.c, suggestions.c and code_positions.c offer beyond protocol.h. */
#pragma once
#include "checked.h"
#include "protocol.h"
#include <stdarg.h>

/* ---- error.c ---- */
void mv_format_into(MvBuilder *b, const char *format, va_list *args); /* the format of mv_raise */
/* NameError or UnboundLocalError with its `name`; AttributeError with `name` and `obj` (what the suggestions of the
 * report start from). */
MV_COLD MvValue mv_raise_name_error(MvVM *vm, int class_id, MvValue name, const char *format, ...);
MV_COLD MvValue mv_raise_attribute_error(MvVM *vm, MvValue object, MvValue name, const char *format, ...);
/* Gives the pending exception, if it is an AttributeError without `name` and `obj`, these: called where attribute
 * access fails. */
MV_COLD void mv_attribute_error_context(MvVM *vm, MvValue object, MvValue name);
MV_COLD MvValue mv_raise_encode_error(MvVM *vm, const char *encoding, MvValue object, int64_t start, int64_t end,
                                      const char *reason);
/* The offending bytes are kept as a str of the characters U+0000 to U+00FF: bytes are not in Mini. */
MV_COLD MvValue mv_raise_decode_error(MvVM *vm, const char *encoding, const uint8_t *bytes, int64_t count,
                                      int64_t start, int64_t end,
                                      const char *reason);
/* Name of the class as CPython's messages show it (a str): `_io.TextIOWrapper` where the class is TextIOWrapper. */
MvValue mv_message_type_name(MvVM *vm, const MvClass *cls);

/* ---- exceptions.c, exceptions_extra.c: ORDER of MvException.extra by family ---- */
typedef enum {
    MV_FAMILY_BASE,
    MV_FAMILY_STOP,      /* value */
    MV_FAMILY_EXIT,      /* code */
    MV_FAMILY_KEY,
    MV_FAMILY_OS,        /* errno, strerror, filename, filename2, characters_written */
    MV_FAMILY_IMPORT,    /* msg, name, path */
    MV_FAMILY_NAME,      /* name */
    MV_FAMILY_ATTRIBUTE, /* name, obj */
    MV_FAMILY_SYNTAX,    /* msg, list of filename, lineno, offset, text, end_lineno, end_offset, print_file_and_line */
    MV_FAMILY_DECODE,    /* encoding, object, start, end, reason; likewise the next two */
    MV_FAMILY_ENCODE,
    MV_FAMILY_TRANSLATE, /* encoding stays UNASSIGNED */
} MvFamily;
enum { MV_OS_ERRNO, MV_OS_STRERROR, MV_OS_FILENAME, MV_OS_FILENAME2, MV_OS_WRITTEN };
enum { MV_UNICODE_ENCODING, MV_UNICODE_OBJECT, MV_UNICODE_START, MV_UNICODE_END, MV_UNICODE_REASON };
enum { MV_SYNTAX_MSG, MV_SYNTAX_INFO };
enum { MV_SYNTAX_FILENAME, MV_SYNTAX_LINENO, MV_SYNTAX_OFFSET, MV_SYNTAX_TEXT, MV_SYNTAX_END_LINENO,
      MV_SYNTAX_END_OFFSET, MV_SYNTAX_PRINT,
       MV_SYNTAX_INFO_COUNT };
MvFamily mv_exception_family(const MvClass *cls);
/* The builtin exception class nearest in the MRO. */
const MvClass *mv_exception_builtin_class(const MvClass *cls);
MV_INLINE bool mv_is_exception(MvValue v) { return mv_has_kind(v, MV_KIND_EXCEPTION); }
/* What the class of this id has of its own; NULL: nothing. mv_type_EXCEPTION lists what BaseException has. */
const MvGetSetDef *mv_exception_getsets(int class_id);
/* What the __init__ and the __str__ of the builtin exception class `as` do with an instance, whatever its own class is. */
bool mv_exception_init_as(MvVM *vm, MvValue self, const MvClass *as, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_exception_str_as(MvVM *vm, MvValue self, const MvClass *as);
/* exceptions_extra.c, called by mv_type_EXCEPTION's init and str */
bool mv_exception_init_extra(MvVM *vm, MvException *e, MvFamily family, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_exception_str_extra(MvVM *vm, MvException *e, MvFamily family); /* UNASSIGNED: as BaseException does */
MvClass *mv_os_error_class(MvVM *vm, MvClass *cls, int64_t error_number);
bool mv_os_error_fill(MvVM *vm, MvException *e, MvValue *args, int64_t nargs);
bool mv_os_error_in_init(MvVM *vm, MvClass *cls);

/* ---- code_positions.c ---- */
/* Position of the instruction word, columns in UTF-8 bytes from 0; -1 where there is none. false: no position at
 * all. */
bool mv_code_position(const MvCode *code, int64_t word, int *line, int *end_line, int *col, int *end_col);
int mv_code_line(const MvCode *code, int64_t word);

/* ---- module.c ---- */
/* NULL: not known; without the newline */
const char *mv_module_source_line(MvVM *vm, MvModule *module, int line, size_t *n);

/* ---- traceback_anchors.c ---- */
/* Where a segment of source is one binary operation or subscript: the characters that a report marks with ^ inside
 * ~. */
bool mv_traceback_anchors(const MvStr *line, int64_t start, int64_t end, int64_t *left, int64_t *right);

/* ---- suggestions.c ---- */
/* "Did you mean": the best candidate for a NameError or AttributeError, or UNASSIGNED; MV_EXC only while the run is
 * ending. */
MvValue mv_suggestion(MvVM *vm, MvValue exception);

/* ---- traceback.c ---- */
/* What a traceback entry shows: level 0 is the function, the levels above it the inlined comprehensions that the
 * instruction is in. */
typedef struct MvShownFrame {
    MvCode *code;
    MvValue name;
    int line, end_line, col, end_col; /* as mv_code_position */
} MvShownFrame;
bool mv_traceback_frame(const MvTraceback *entry, int level, MvShownFrame *frame); /* false: no such level */
/* mv_traceback_text, calling str() on the exception only once. *text: UNASSIGNED, and then what str(exception) was (it
 * stays UNASSIGNED where that is not shown); or a str that is shown in its place, without the causes and contexts,
 * which could run Mini code. */
MvValue mv_traceback_report(MvVM *vm, MvValue exception, MvValue *text);
