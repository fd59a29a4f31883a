/* The format mini-language: one parser and one renderer for int, float, str, bool. The renderer also serves the %
 * operator, which has a syntax of its own (str_percent.c). */
#pragma once
#include "str.h"

typedef struct MvFormatSpec {
    uint32_t fill;
    uint32_t align;     /* '<' '>' '=' '^' */
    uint32_t sign;      /* 0, '+', '-' or ' ' */
    uint32_t thousands; /* 0, ',' or '_' */
    uint32_t type;      /* 0: none given and the type has no default */
    int group;          /* digits between separators: 3 or 4 */
    bool alternate, no_negative_zero;
    int64_t width, precision; /* -1: not given */
} MvFormatSpec;

typedef struct MvNumberText { /* a number in parts; all ASCII */
    char sign;                /* 0: none */
    const char *prefix;       /* "0x", ...; "" for none */
    const uint8_t *digits;    /* the integer digits: zeros and separators go in front of and between these */
    int64_t digit_count, leading_zeros;
    const uint8_t *rest;      /* point, fraction, exponent; or inf, nan */
    int64_t rest_count;
    int64_t zeros_at, zeros;  /* so many zeros inside rest, at this index: digits beyond what a double has */
} MvNumberText;

enum { MV_FLOAT_TEXT_MAX = 2048 };

/* Parses spec for the class of value (named in the errors); false: ValueError raised. */
bool mv_format_parse(MvVM *vm, MvValue spec, MvValue value, uint32_t default_type, uint32_t default_align,
                     MvFormatSpec *out);
MV_COLD MvValue mv_format_unknown_code(MvVM *vm, uint32_t type, MvValue value); /* ValueError: Unknown format code */
/* Renders into a builder, or as a str of its own (builder NULL): what the `into` functions return is then the str,
 * else any value but MV_EXC. */
MvValue mv_format_number_into(MvVM *vm, MvBuilder *b, const MvFormatSpec *spec, const MvNumberText *text);
MvValue mv_format_text_into(MvVM *vm, MvBuilder *b, const MvFormatSpec *spec, const MvStr *s, int64_t length);
/* The text of x, for types e E f F g G % r; r with MV_FLOAT_DOT_0 is the repr. precision -1: the default. `buffer`
 * holds the characters. false: precision too big (ValueError raised). */
bool mv_format_float_text(MvVM *vm, double x, uint32_t type, int64_t precision, bool alternate, bool dot_zero,
                          MvNumberText *out, char buffer[MV_FLOAT_TEXT_MAX]);
/* Reads decimal digits of any script from *at on; count 0: none, *number is left alone. false: too large
 * (ValueError raised). */
bool mv_format_digits(MvVM *vm, const MvStr *s, int64_t *at, int64_t end, int64_t *number, int64_t *count);

/* __format__ of int (v: int-like), float and str. An empty spec is str(v). */
MvValue mv_format_int(MvVM *vm, MvValue v, MvValue spec);
MvValue mv_format_float_object(MvVM *vm, MvValue v, MvValue spec); /* the errors name v's class */
MvValue mv_format_str(MvVM *vm, MvValue v, MvValue spec);
